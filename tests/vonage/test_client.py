"""Client: what is repeated and what never is, what it raises, and what it never prints."""

from __future__ import annotations

import asyncio
import logging
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.vonage.client import Client, Retry
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import (
    ConnectFailed,
    HttpError,
    MalformedResponse,
    OutcomeUnknown,
    RequestError,
    VonageError,
)
from smscodec.vonage.http import HttpRequest, HttpResponse
from smscodec.vonage.request import TextMessage
from smscodec.vonage.response import PartialFailure, SendError, Throttled
from smscodec.vonage.signature import SignatureMethod, verify
from tests.rows import each_row
from tests.vonage.line import (
    CREDENTIALS,
    KEY,
    MESSAGE,
    NEVER_CONNECTED,
    OK,
    SIGNATURE_SECRET,
    SIGNING,
    Line,
    Step,
    json_reply,
)

NOT_ACCEPTED = [
    pytest.param(NEVER_CONNECTED, ConnectFailed, id="connection never made"),
    pytest.param(json_reply(1), Throttled, id="status 1"),
    pytest.param(json_reply(10), SendError, id="status 10"),
    pytest.param(json_reply(1, 10, 1), Throttled, id="statuses 1 and 10"),
    pytest.param(json_reply(0, http_status=429), HttpError, id="HTTP 429"),
]
PERHAPS_ACCEPTED = [
    pytest.param(OutcomeUnknown("no usable answer came"), OutcomeUnknown, id="no answer"),
    pytest.param(json_reply(1, http_status=500), OutcomeUnknown, id="HTTP 500"),
    pytest.param(json_reply(1, http_status=502), OutcomeUnknown, id="HTTP 502"),
    pytest.param(json_reply(1, http_status=503, Retry_After="1"), OutcomeUnknown, id="HTTP 503"),
    pytest.param(json_reply(0, 1), PartialFailure, id="part accepted, part throttled"),
    pytest.param(json_reply(1, 0), PartialFailure, id="part throttled, part accepted"),
    pytest.param(json_reply(1, 2), Throttled, id="a part refused for good"),
    pytest.param(json_reply(5), SendError, id="status 5"),
    pytest.param(json_reply(4), SendError, id="status 4"),
    pytest.param(json_reply(4711), SendError, id="a status that is not listed"),
    pytest.param(json_reply(0, http_status=307), HttpError, id="a redirect"),
    pytest.param(json_reply(1, http_status=400), HttpError, id="HTTP 400"),
    pytest.param(HttpResponse(200, {}, b""), MalformedResponse, id="an empty reply"),
    pytest.param(HttpResponse(200, {}, b"<html></html>"), MalformedResponse, id="a page"),
    pytest.param(HttpResponse(204, {}, b""), MalformedResponse, id="HTTP 204"),
    pytest.param(OSError("of another transport"), OSError, id="an error that is not ours"),
]


@pytest.mark.parametrize(("step", "error"), NOT_ACCEPTED)
def test_what_was_not_accepted_is_repeated(step: Step, error: type[Exception]) -> None:
    """A send that certainly failed is tried again, and the success of the second attempt is the result."""
    line = Line([step, OK])
    assert line.client(Retry(2, 60)).send(MESSAGE).accepted
    assert len(line.requests) == 2
    with pytest.raises(error):
        Line([step, step, step, OK]).client(Retry(3, 60)).send(MESSAGE)


@pytest.mark.parametrize(("step", "error"), PERHAPS_ACCEPTED)
def test_everything_else_is_never_repeated(step: Step, error: type[Exception]) -> None:
    """One request and the error, however many attempts were allowed."""
    line = Line([step, OK])
    with pytest.raises(error):
        line.client(Retry(10, 60)).send(MESSAGE)
    assert (len(line.requests), line.slept) == (1, [])


@each_row(("step", "error"), [*NOT_ACCEPTED, *PERHAPS_ACCEPTED])
def test_without_retry_nothing_is_repeated(step: Step, error: type[Exception]) -> None:
    """A client that was not given a Retry sends once."""
    line = Line([step, OK])
    with pytest.raises(error):
        line.client().send(MESSAGE)
    assert len(line.requests) == 1


def test_an_unknown_outcome_ends_attempts_that_had_begun() -> None:
    """After a throttled attempt a dropped one is final."""
    line = Line([json_reply(1), OutcomeUnknown("no usable answer came"), OK])
    with pytest.raises(OutcomeUnknown):
        line.client(Retry(9, 60)).send(MESSAGE)
    assert len(line.requests) == 2


def test_status_5_only_if_the_caller_says_so() -> None:
    """An internal error of the service is repeated by choice alone, and then with all that is repeated without it."""
    for status in (1, 5, 10):
        line = Line([json_reply(status), OK])
        assert line.client(Retry(2, 60, internal_errors=True)).send(MESSAGE).accepted
    with pytest.raises(SendError):
        Line([json_reply(5), OK]).client(Retry(2, 60)).send(MESSAGE)


@pytest.mark.parametrize(
    ("step", "wait"),
    [
        (json_reply(1, text="Throughput Rate Exceeded - please wait [ 702 ] and retry"), 0.702),
        (json_reply(1, text="INTERVAL [ 1000 ] and TIME_SINCE_LAST_INTERVAL_START [ 529 ]"), 0.471),
        (json_reply(1, text="slow down"), 1.0),
        (json_reply(1, http_status=429, **{"Retry-After": "7"}), 7.0),
        (json_reply(1, http_status=429, **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 1.0),
        (json_reply(1, http_status=429, **{"Retry-After": "9" * 400}), 1.0),
        (json_reply(10), 1.0),
        (json_reply(10, http_status=200, **{"Retry-After": "7"}), 7.0),
        (json_reply(1, text="slow down", http_status=200, **{"Retry-After": "7"}), 7.0),
        (json_reply(1, text="please wait [ 702 ]", http_status=200, **{"Retry-After": "7"}), 0.702),
        (NEVER_CONNECTED, 1.0),
    ],
)
def test_waits_as_long_as_the_service_says(step: Step, wait: float) -> None:
    """The stated time is slept, and a second where none is stated."""
    line = Line([step, OK])
    line.client(Retry(2, 60)).send(MESSAGE)
    assert line.slept == pytest.approx([wait])


def test_unstated_waits_double_up_to_the_longest() -> None:
    """Without a stated time the wait grows with each attempt, and stops at max_wait."""
    line = Line([NEVER_CONNECTED] * 6)
    with pytest.raises(ConnectFailed):
        line.client(Retry(6, 5)).send(MESSAGE)
    assert line.slept == [1, 2, 4, 5, 5]


def test_a_stated_wait_that_is_too_long_ends_the_attempts() -> None:
    """Trying earlier than the service asked would be throttled again, so the error is raised at once, with its wait."""
    line = Line([json_reply(1, text="please wait [ 5001 ]"), OK])
    with pytest.raises(Throttled) as caught:
        line.client(Retry(3, 5)).send(MESSAGE)
    assert (caught.value.wait, line.slept) == (5.001, [])


@pytest.mark.parametrize("step", [json_reply(1, text="slow down"), json_reply(10), json_reply(1, http_status=429)])
def test_refusals_without_a_wait_double_too(step: Step) -> None:
    """A throttling that states no time is waited for like any other refusal, twice as long each time."""
    line = Line([step] * 4 + [OK])
    line.client(Retry(5, 60)).send(MESSAGE)
    assert line.slept == [1, 2, 4, 8]


@pytest.mark.parametrize(
    ("attempts", "max_wait", "field"),
    [
        (0, 1, "attempts"),
        (-1, 1, "attempts"),
        ("1", 1, "attempts"),
        (1.5, 1, "attempts"),
        (True, 1, "attempts"),
        (1, -1, "max_wait"),
        (1, float("inf"), "max_wait"),
        (1, float("nan"), "max_wait"),
        (1, "x", "max_wait"),
        (1, None, "max_wait"),
        (1, True, "max_wait"),
        (1, 10**400, "max_wait"),
    ],
)
def test_retries_that_make_no_sense(attempts: Any, max_wait: Any, field: str) -> None:
    """No attempt at all, a wait without an end and what is no number are refused by name."""
    with pytest.raises(RequestError) as caught:
        Retry(attempts, max_wait)
    assert caught.value.field == field


def test_every_attempt_is_signed_at_its_own_time() -> None:
    """A repeated request carries a new timestamp and signature, and both hold."""
    line = Line([json_reply(1, text="please wait [ 30000 ]"), OK])
    line.client(Retry(2, 60), SIGNING).send(MESSAGE)
    forms = [dict(one_each(request.body.decode())) for request in line.requests]
    assert [form["timestamp"] for form in forms] == ["1000", "1030"]
    for form in forms:
        verify(form, SIGNATURE_SECRET, SignatureMethod.SHA256_HMAC, now=1000, tolerance=30)


def one_each(form: str) -> Iterable[tuple[str, str]]:
    """The fields of a form, each of which must be there once."""
    for name, values in parse_qs(form, strict_parsing=True).items():
        (value,) = values
        yield name, value


def test_nothing_is_sent_when_a_field_is_wrong() -> None:
    """A message that cannot be made, or a request that cannot be built, leaves no trace at the service."""
    line = Line([])
    with pytest.raises(RequestError) as caught:
        line.client().send(TextMessage("447700900000", "AcmeInc", "a" * 161, max_segments=1))
    assert caught.value.field == "text"
    assert line.requests == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "http://rest.nexmo.com"),
        ("base_url", "ftp://127.0.0.1"),
        ("base_url", "https://"),
        ("base_url", "rest.nexmo.com"),
        ("base_url", "https://rest.nexmo.com?"),
        ("placement", "query"),
        ("placement", "nonsense"),
        ("format", "yaml"),
        ("format", None),
    ],
)
def test_clients_that_are_refused(field: str, value: Any) -> None:
    """A client that could build no request, or none that may go out, cannot be made."""
    arguments: dict[str, Any] = {field: value}
    with pytest.raises(RequestError) as caught:
        Client(CREDENTIALS, **arguments)
    assert caught.value.field == field


def test_clock_is_asked_for_signatures_only() -> None:
    """A request that is not signed needs no time, and a time that cannot be signed is refused by name."""

    def clock() -> float:
        raise AssertionError("nobody needs to know")

    assert Client(CREDENTIALS, clock=clock).build(MESSAGE).method == "POST"


@pytest.mark.parametrize("moment", [-5.0, 1e12, float("nan"), float("inf")])
def test_clock_that_cannot_be(moment: float) -> None:
    """A time that no timestamp can say is refused by name."""
    with pytest.raises(RequestError) as caught:
        Client(SIGNING, clock=lambda: moment).build(MESSAGE)
    assert caught.value.field == "timestamp"


def test_build_and_parse_serve_another_http_stack() -> None:
    """What send does can be done in two steps with any transport between them; parsing raises for no status."""
    client = Client(CREDENTIALS)
    request = client.build(MESSAGE)
    assert (request.method, *urlsplit(request.url)[:3]) == ("POST", "https", "rest.nexmo.com", "/sms/json")
    assert [part.status for part in client.parse(json_reply(0, 9)).parts] == [0, 9]
    with pytest.raises(OutcomeUnknown) as caught:
        client.parse(json_reply(0, http_status=503))
    assert caught.value.status == 503


def test_cancelling_asend_does_not_unsend() -> None:
    """A cancelled task stops waiting; the request that had begun is counted once."""
    go_on = threading.Event()
    requests: list[HttpRequest] = []

    def transport(request: HttpRequest) -> HttpResponse:
        go_on.wait(10)
        requests.append(request)
        return OK

    async def main() -> None:
        task = asyncio.create_task(Client(CREDENTIALS, transport=transport).asend(MESSAGE))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()

    asyncio.run(main())
    assert len(requests) == 1


SECRETS = st.text(st.sampled_from("abcdefghjkmnpqrstuvwxyz23456789"), min_size=12, max_size=20)
FAILURES: list[Callable[[], Step]] = [
    lambda: json_reply(0),
    lambda: json_reply(1),
    lambda: json_reply(2),
    lambda: json_reply(0, 1),
    lambda: HttpResponse(200, {}, b"<html>"),
    lambda: HttpResponse(400, {}, b"no"),
    lambda: HttpResponse(500, {}, b"no"),
    lambda: ConnectFailed("no connection was made"),
    lambda: OutcomeUnknown("no usable answer came"),
]


class Hidden(NamedTuple):
    """What must not be printed."""

    secret: str
    text: str
    number: str


HIDDEN = st.builds(Hidden, SECRETS, SECRETS, st.text(st.sampled_from("123456789"), min_size=12, max_size=15))


@given(HIDDEN, st.booleans(), st.sampled_from(AuthPlacement), st.sampled_from(FAILURES), st.booleans())
def test_secrets_numbers_and_texts_are_never_printed(
    hidden: Hidden, signs: bool, placement: AuthPlacement, failure: Callable[[], Step], echo: bool
) -> None:
    """Whatever happens, neither reprs nor errors with their tracebacks nor logs show a secret, a number or a text."""
    secret, text, number = hidden
    credentials = Credentials(KEY, signature_secret=secret) if signs else Credentials(KEY, secret)
    message = TextMessage(number, "AcmeInc", text, client_ref=text)
    step = failure()
    if echo and isinstance(step, HttpResponse):
        # A service, or a proxy before it, may quote the request.
        step = HttpResponse(step.status, step.headers, step.body.replace(b"why", f"{text} {number}".encode()))
    line = Line([step])
    client = Client(credentials, transport=line, placement=placement, clock=lambda: 1000)
    printed = [repr(credentials), repr(message), repr(client), str(client)]
    with captured_logs() as logs:
        try:
            result = client.send(message)
            printed += [repr(result), str(result)]
        except VonageError as error:
            printed += [str(error), repr(error), repr(error.args), *traceback.format_exception(error)]
    printed += [repr(line.requests), *logs]
    assert not [shown for shown in printed if any(part in shown for part in hidden)]


class Keep(logging.Handler):
    """Keeps what is logged, as it would be printed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(self.format(record))


@contextmanager
def captured_logs() -> Iterator[list[str]]:
    """Every line that is logged inside, whatever its level."""
    lines: list[str] = []
    handler, root = Keep(lines), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
