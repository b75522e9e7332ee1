"""Arguments of the wrong type: refused at the door by their names, before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from smscodec.vonage import (
    Client,
    Credentials,
    HttpRequest,
    HttpResponse,
    InboundAssembler,
    MalformedWebhook,
    RequestError,
    Retry,
    SignatureError,
    SignatureMethod,
    TextMessage,
    UrllibTransport,
    WapPushMessage,
    base_string,
    from_wsgi,
    parse_response,
    parse_webhook,
    sign,
    signed,
    verify,
)
from smscodec.vonage.parameters import PARAMETERS, Parameter
from smscodec.vonage.wire import wire_text
from tests.rows import each_row
from tests.vonage.line import Line, json_reply
from tests.vonage.sockets import closed_port

ACCOUNT = Credentials("abcd1234", "abcdef0123456789")
MESSAGE = TextMessage("447700900000", "AcmeInc", "Hello")
METHOD = SignatureMethod.SHA256_HMAC


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("credentials", None),
        ("credentials", {"api_key": "abcd1234"}),
        ("retry", 3),
        ("transport", "https"),
        ("placement", "query"),
    ],
)
def test_a_client_is_refused_when_it_is_made(field: str, wrong: Any) -> None:
    """What would fail only once the message is out, a ``retry`` that is a number for one, is refused before."""
    arguments: dict[str, Any] = {"credentials": ACCOUNT, "transport": Line([json_reply(4)]), field: wrong}
    with pytest.raises(RequestError) as caught:
        Client(arguments.pop("credentials"), **arguments)
    assert caught.value.field == field


@pytest.mark.parametrize("wrong", ["Hello", None, {"to": "447700900000"}])
def test_only_messages_are_sent(wrong: Any) -> None:
    """Anything but one of the messages is refused by the names of the classes."""
    with pytest.raises(RequestError, match=r"^message: must be of type TextMessage or .*, not "):
        Client(ACCOUNT, transport=Line([])).send(wrong)


@pytest.mark.parametrize("wrong", ["no", 1, None])
def test_switches_are_booleans(wrong: Any) -> None:
    """A word such as "no", which counts as true, turns nothing on: least of all a second send."""
    with pytest.raises(RequestError, match=r"^internal_errors: must be of type bool, not "):
        Retry(2, 1, internal_errors=wrong)
    with pytest.raises(RequestError, match=r"^strip_plus: must be of type bool, not "):
        TextMessage("447700900000", "AcmeInc", "Hello", strip_plus=wrong)


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), 1_000_001, "1", None, True])
def test_the_error_says_which_seconds_can_be_waited(wrong: Any) -> None:
    """A wait may be nothing and a time limit may not, and each error says so."""
    for value in (wrong, 0):
        with pytest.raises(RequestError, match=r"^timeout: must be a number of seconds, more than 0 to 1000000$"):
            UrllibTransport(timeout=value)
        with pytest.raises(RequestError, match=r"^deadline: must be a number of seconds, more than 0 to 1000000$"):
            UrllibTransport(deadline=value)
    with pytest.raises(RequestError, match=r"^max_wait: must be a number of seconds, 0 to 1000000$"):
        Retry(2, wrong)


def test_a_transport_reads_from_one_octet_to_a_gibibyte() -> None:
    """Both limits of the longest reply are taken, and what is beyond them is refused."""
    for octets in (1, 1 << 30):
        UrllibTransport(max_response=octets)
    for octets in (0, (1 << 30) + 1):
        with pytest.raises(RequestError, match=r"^max_response: must be a whole number from 1 to 1073741824$"):
            UrllibTransport(max_response=octets)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, None])
def test_a_send_is_tried_once_at_least(wrong: Any) -> None:
    """Attempts are counted from one on, and so are segments."""
    assert Retry(1, 1_000_000).attempts == 1
    with pytest.raises(RequestError, match=r"^attempts: must be a whole number from 1 on$"):
        Retry(wrong, 1)


@pytest.mark.parametrize("number", [2**64 - 1, 1 - 2**64])
def test_a_number_has_64_bits_at_most(number: int) -> None:
    """One that has is written in digits, signed or not, and the next beyond it is refused."""
    assert TextMessage("447700900000", "AcmeInc", "a", extra={"n": number}).params()["n"] == str(number)
    assert base_string({"n": number}) == f"&n={number}"
    beyond = number + (1 if number > 0 else -1)
    with pytest.raises(RequestError, match=r"^extra: a value is of type int, or too long a number$"):
        TextMessage("447700900000", "AcmeInc", "a", extra={"n": beyond})
    with pytest.raises(SignatureError, match=r"^a number is too long$"):
        base_string({"n": beyond})


@pytest.mark.parametrize("time", [None, "now", float("nan"), float("inf")])
def test_a_clock_gives_a_number(time: Any) -> None:
    """A clock that does not is named, and nothing is sent."""
    account = Credentials("abcd1234", signature_secret="secret")
    with pytest.raises(RequestError, match=r"^timestamp: the clock"):
        Client(account, transport=Line([]), clock=lambda: time).send(MESSAGE)


@pytest.mark.parametrize("body", ["{}", None, 5, [1, 2]])
def test_a_reply_is_octets(body: Any) -> None:
    """A number is not so many zero octets, and a text is not read as if it were octets."""
    with pytest.raises(TypeError, match=r"^body must be "):
        parse_response(body)
    with pytest.raises(TypeError, match=r"^body must be "):
        Client(ACCOUNT).parse(HttpResponse(200, {}, body))


@pytest.mark.parametrize(
    ("name", "arguments", "own"),
    [
        ("method", (None, "", None, b""), ()),
        ("method", (b"GET", "", None, b""), ()),
        ("content_type", ("POST", "", b"application/json", b"{}"), ()),
        ("query", ("GET", ["a"], None, b""), ()),
        ("body", ("POST", "", "application/json", {"messageId": "1"}), ()),
        ("own", ("GET", "hook=1", None, b""), b"hook"),
        ("own", ("GET", "hook=1", None, b""), [b"hook"]),
    ],
)
def test_parts_of_a_webhook_are_texts_or_octets(name: str, arguments: Any, own: Any) -> None:
    """A part of another type is named; a receiver's own parameter in octets does not quietly fail to match."""
    with pytest.raises(TypeError, match=f"^{name} must be "):
        parse_webhook(*arguments, own=own)


def test_an_environment_without_a_method_is_refused() -> None:
    """What is not a WSGI environment is the documented error, which says what to call."""
    with pytest.raises(MalformedWebhook, match=r"no REQUEST_METHOD: call parse_webhook"):
        from_wsgi({})


@pytest.mark.parametrize("query", ["", "messageId=1&status=delivered", "a=b"])
def test_only_inbound_messages_are_assembled(query: str) -> None:
    """Every other webhook that ``parse_webhook`` gives is named by its class."""
    webhook: Any = parse_webhook("GET", query, None, b"")
    with pytest.raises(TypeError, match=f"^message must be an InboundMessage, not {type(webhook).__name__}"):
        InboundAssembler(max_age=1, max_pending=1).add(webhook, now=0)


@pytest.mark.parametrize("wrong", [None, "a=b", [("a", "b")], parse_webhook("GET", "a=b", None, b"")])
def test_what_is_signed_is_a_mapping(wrong: Any) -> None:
    """Everything else is malformed, in every function alike; a webhook is refused in favour of its ``params``."""
    calls = (
        lambda: base_string(wrong),
        lambda: sign(wrong, "secret", METHOD),
        lambda: signed(wrong, "secret", METHOD, timestamp=1),
        lambda: verify(wrong, "secret", METHOD, now=1),
    )
    for call in calls:
        with pytest.raises(SignatureError, match=r"mapping, such as webhook\.params") as caught:
            call()
        assert caught.value.reason == "malformed"


@pytest.mark.parametrize(
    ("field", "headers", "body"),
    [
        ("headers", {"A": 1}, b""),
        ("headers", {1: "a"}, b""),
        ("headers", {"": "a"}, b""),
        ("body", {}, "text"),
        ("body", {}, None),
    ],
)
def test_a_request_is_made_of_texts_and_octets(field: str, headers: Any, body: Any) -> None:
    """The transport refuses other types before it connects, by the name of the field."""
    with pytest.raises(RequestError) as caught:
        UrllibTransport()(HttpRequest("POST", f"http://127.0.0.1:{closed_port()}/", headers, body))
    assert caught.value.field == field


def test_a_tls_context_is_one() -> None:
    """Anything else would fail only at the first https request."""
    wrong: Any = "context"
    with pytest.raises(RequestError, match=r"^context: must be of type SSLContext"):
        UrllibTransport(context=wrong)


@pytest.mark.parametrize("wrong", ["-1", "1e3", "٣", " 5", "9" * 30, 1.5, True])
def test_the_error_says_that_digits_will_do(wrong: Any) -> None:
    """Validity may be digits, so a text that is not is refused for what it holds and not for being a text."""
    with pytest.raises(RequestError, match=r"^validity: must be an int from 0 to 9223372036854775807, or its digits"):
        WapPushMessage("447700900000", "AcmeInc", "Welcome", "https://example.com", wrong)


def field_refused(parameter: Parameter, value: object, *, unchecked: bool) -> str | None:
    """The field that is named when the value is refused, or None when it is written."""
    try:
        assert wire_text(parameter, value, unchecked=unchecked).encode()
    except RequestError as error:
        return error.field
    return None


@each_row("parameter", PARAMETERS.values())
def test_every_parameter_gives_a_text_or_its_error(parameter: Parameter) -> None:
    """Each parameter of the table writes a value or refuses it by its field; what has no text, checked or not."""
    writable: list[object] = [True, 1, -1, 1.5, b"\xff", "a"]
    unwritable: list[object] = ["", "a\ud800", 2**70, None, object(), ["a"]]
    for unchecked in (False, True):
        assert {field_refused(parameter, value, unchecked=unchecked) for value in writable} <= {None, parameter.field}
        assert {field_refused(parameter, value, unchecked=unchecked) for value in unwritable} == {parameter.field}
