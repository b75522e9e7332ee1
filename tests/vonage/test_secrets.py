"""Crash reporters show the local variables of every frame that an error passes through: no secret is in one of ours."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from types import TracebackType
from typing import Any

import pytest

from smscodec import simulator, vonage
from smscodec.vonage import (
    AuthPlacement,
    Client,
    ConnectFailed,
    Credentials,
    HttpError,
    HttpRequest,
    HttpResponse,
    MalformedResponse,
    OutcomeUnknown,
    RequestError,
    SendError,
    SignatureError,
    SignatureMethod,
    TextMessage,
    UrllibTransport,
    VonageError,
    sign,
    signed,
    verify,
)
from tests.rows import each_row
from tests.vonage.line import Line, json_reply
from tests.vonage.sockets import Served, closed_port, serving

SECRET = "s3cr3t-of-the-account"
SHA256 = SignatureMethod.SHA256_HMAC
MESSAGE = TextMessage("447700900000", "AcmeInc", "Hello")
METHODS = pytest.mark.parametrize("placement", AuthPlacement)


def shown(error: BaseException) -> str:
    """What a crash report shows of an error: itself, and the locals of all frames below the test, contexts included."""
    texts: list[str] = []
    seen: set[int] = set()
    errors: list[BaseException | None] = [error]
    while errors:
        each = errors.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        errors += [each.__context__, each.__cause__]
        texts += [str(each), repr(each), repr(each.args)]
        trace: TracebackType | None = each.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename != __file__:
                texts += [repr(value) for value in trace.tb_frame.f_locals.values()]
            trace = trace.tb_next
    return "\n".join(texts)


def fails(act: Callable[[], object], error: type[VonageError]) -> None:
    """The act raises the error, and nothing that a report shows of it holds the secret."""
    with pytest.raises(error) as caught:
        act()
    assert SECRET not in shown(caught.value)


GOOD = {"text": "Hello", "timestamp": "1000"}
WIRE = signed(GOOD, SECRET, SHA256, timestamp=1000)
MANY: list[Any] = [
    {"text": 1.5, "timestamp": 1, "sig": "a"},
    {"a&b": "1", "timestamp": 1, "sig": "a"},
    {"text": "\ud800", "timestamp": 1, "sig": "a"},
    {"text": 2**70, "timestamp": 1, "sig": "a"},
]


@each_row("method", SignatureMethod)
@each_row("params", MANY)
def test_signing_what_cannot_be_signed(params: Any, method: SignatureMethod) -> None:
    """Neither sign, signed nor verify has the secret in a frame when a parameter is refused."""
    fails(lambda: sign(params, SECRET, method), SignatureError)
    fails(lambda: signed(params, SECRET, method, timestamp=1), SignatureError)
    fails(lambda: verify(params, SECRET, method, now=1), SignatureError)
    fails(lambda: verify(params, secret=SECRET, method=method, now=1), SignatureError)


@pytest.mark.parametrize("secret", [SECRET + "\ud800", [SECRET], SECRET.encode()], ids=["surrogate", "list", "octets"])
def test_secrets_that_cannot_be_one(secret: Any) -> None:
    """A secret of another type, or one that UTF-8 does not hold, is refused without being shown."""
    fails(lambda: sign(GOOD, secret, SHA256), SignatureError)
    fails(lambda: signed(GOOD, secret, SHA256, timestamp=1), SignatureError)
    fails(lambda: verify(WIRE, secret, SHA256, now=1000), SignatureError)


@pytest.mark.parametrize(
    "params",
    [{}, {"sig": "a"}, {**WIRE, "sig": "é"}, {**WIRE, "sig": "0" * 64}, {**WIRE, "timestamp": "x"}, WIRE, None],
    ids=["nothing", "no timestamp", "not ASCII", "mismatch", "malformed", "stale", "no mapping"],
)
def test_verifying_what_does_not_hold(params: Any) -> None:
    """Whatever the reason, the secret is in no frame, and neither is the signature that would have been right."""
    with pytest.raises(SignatureError) as caught:
        verify(params, SECRET, SHA256, now=9_999)
    report = shown(caught.value)
    assert SECRET not in report
    if params and params.get("sig") == "0" * 64:
        assert WIRE["sig"] not in report


def test_a_method_or_time_that_is_none() -> None:
    """Slips in the program are refused without showing the secret."""
    method: Any = "sha256"
    fails(lambda: sign(GOOD, SECRET, method), RequestError)
    fails(lambda: signed(GOOD, SECRET, method, timestamp=1), RequestError)
    fails(lambda: verify(WIRE, SECRET, method), RequestError)
    fails(lambda: signed(GOOD, SECRET, SHA256, timestamp=-1), SignatureError)


@pytest.mark.parametrize(
    "arguments",
    [
        {"api_key": "k", "api_secret": SECRET + "\n"},
        {"api_key": "k:", "api_secret": SECRET},
        {"api_key": "", "api_secret": SECRET},
        {"api_key": "k", "api_secret": SECRET, "signature_secret": ""},
        {"api_key": "k", "signature_secret": SECRET + " x"},
        {"api_key": "k", "signature_secret": SECRET, "signature_method": "md5"},
        {"api_key": "k", "api_secret": SECRET, "signature_method": SHA256},
    ],
    ids=range(7),
)
def test_credentials_that_are_refused(arguments: dict[str, Any]) -> None:
    """Credentials that cannot be are refused without showing any of them."""
    fails(lambda: Credentials(**arguments), RequestError)


def test_environments_that_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So are those of the environment."""
    monkeypatch.setenv("VONAGE_API_KEY", "abcd1234")
    monkeypatch.setenv("VONAGE_API_SECRET", f"{SECRET} x")
    fails(Credentials.from_environment, RequestError)
    monkeypatch.setenv("VONAGE_SIGNATURE_SECRET", SECRET)
    monkeypatch.setenv("VONAGE_SIGNATURE_METHOD", "sha3")
    fails(Credentials.from_environment, RequestError)
    monkeypatch.delenv("VONAGE_API_KEY")
    fails(Credentials.from_environment, RequestError)


def client(placement: AuthPlacement, url: str, **options: Any) -> Client:
    """A client whose secret must not be seen."""
    return Client(Credentials("abcd1234", SECRET), base_url=url, placement=placement, **options)


@METHODS
def test_no_connection(placement: AuthPlacement) -> None:
    """A connection that is refused."""
    fails(lambda: client(placement, f"http://127.0.0.1:{closed_port()}").send(MESSAGE), ConnectFailed)


ANSWERS = [
    pytest.param(b"", OutcomeUnknown, id="dropped"),
    pytest.param(b"no HTTP\r\n\r\n", OutcomeUnknown, id="no HTTP"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{", MalformedResponse, id="no reply"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", OutcomeUnknown, id="cut"),
    pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 3000, OutcomeUnknown, id="too long"),
    pytest.param(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", HttpError, id="refused"),
]


@METHODS
@pytest.mark.parametrize(("answer", "error"), ANSWERS)
def test_answers_that_cannot_be_used(placement: AuthPlacement, answer: bytes, error: type[VonageError]) -> None:
    """Whatever goes wrong once the request is out."""

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(answer)

    with serving(talk) as served:
        transport = UrllibTransport(timeout=5, max_response=1000)
        fails(lambda: client(placement, served.url, transport=transport).send(MESSAGE), error)


@METHODS
def test_refusals_of_the_service(placement: AuthPlacement) -> None:
    """A reply that refuses the message, over any transport."""
    line = Line([json_reply(4)])
    fails(lambda: client(placement, "https://example.com", transport=line).send(MESSAGE), SendError)


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("POST", f"http://example.com/?api_secret={SECRET}", {}, b""),
        HttpRequest("POST", f"https://example.com/#api_secret={SECRET}", {}, b""),
        HttpRequest("POST", "https://example.com/", {"Authorization": f"Basic {SECRET}\r\nX: y"}, b""),
        HttpRequest("P T", f"https://example.com/?api_secret={SECRET}", {}, SECRET.encode()),
    ],
    ids=["plain http", "fragment", "header", "method"],
)
def test_requests_that_are_not_sent(request_: HttpRequest) -> None:
    """A request that the transport refuses is not shown with its query and headers."""
    fails(lambda: UrllibTransport()(request_), RequestError)


@pytest.mark.parametrize("placement", AuthPlacement)
def test_requests_as_plain_types_hide_the_secret(placement: AuthPlacement) -> None:
    """``as_dict`` of a request is what is sent, with HIDDEN for the secret; credentials do not show theirs."""
    request = client(placement, "https://example.com").build(MESSAGE)
    assert SECRET not in repr(request.as_dict())
    assert SECRET not in repr(Credentials("abcd1234", SECRET, SECRET).as_dict())
    plain = request.as_dict()
    assert plain["body"].replace("HIDDEN", SECRET) == request.body.decode()
    assert plain["url"].replace("HIDDEN", SECRET) == request.url
    assert plain["method"] == request.method
    hidden = {"Authorization": "Basic HIDDEN"} if "Authorization" in request.headers else {}
    assert plain["headers"] == {**request.headers, **hidden}


def test_requests_and_responses_in_plain_types() -> None:
    """The secret is hidden wherever it stands, as is a user in the URL, and octets that are no text are escaped."""
    form = b"a=1&api_secret=s&b=\xff&my_api_secret=2"
    request = HttpRequest(
        "POST", "https://u:p@host:1/x?api_secret=s&c=d#e", {"AUTHORIZATION": "Basic x", "A": "b c"}, form
    )
    assert repr(request) == "HttpRequest(POST https://host:1/x, 36 octets)"
    assert request.as_dict() == {
        "method": "POST",
        "url": "https://u:p@host:1/x?api_secret=HIDDEN&c=d#e",
        "headers": {"AUTHORIZATION": "Basic HIDDEN", "A": "b c"},
        "body": "a=1&api_secret=HIDDEN&b=\\xff&my_api_secret=2",
    }
    response = HttpResponse(200, {"A-b": "c"}, b"12")
    assert repr(response) == "HttpResponse(200, 2 octets)"
    assert (response.header("a-B"), response.header("a")) == ("c", None)


SHOWN = {
    "Credentials": "api_key signature_method",
    "Retry": "attempts max_wait internal_errors",
    "SendResult": "parts",
    "SentPart": "status message_id network remaining_balance message_price",
    "StatusInfo": "name description resolution retryable",
    "DeliveryReceipt": "network_code message_id price status scts err_code message_timestamp api_key timestamp",
    "InboundMessage": "message_id type message_timestamp timestamp concat concat_ref concat_total concat_part api_key "
    "parts",
    "IncompleteInbound": "missing reason",
    "EmptyWebhook": "",
    "UnknownWebhook": "reason",
    "Accept": "delivery_error receipt_first earlier last_error second_error",
    "Refuse": "status text",
    "PartlyRefuse": "status",
    "Drop": "",
    "HttpFault": "http_status content_type retry_after",
    "RecordedRequest": "at method path http_status statuses",
    "RecordedMessage": "at type segments message_ids",
    "RecordedCallback": "kind method attempts state",
    "Attempt": "at http_status",
}


def test_what_a_value_shows_of_itself() -> None:
    """A repr has these fields alone; messages, requests and responses say in one of their own what they are."""
    found, own = {}, set()
    for name, value in (pair for module in (vonage, simulator) for pair in vars(module).items()):
        if is_dataclass(value) and name in {*vonage.__all__, *simulator.__all__}:
            if vars(value)["__dataclass_params__"].repr:
                found[name] = " ".join(each.name for each in fields(value) if each.repr)
            else:
                own.add(name)
    assert found == SHOWN
    assert own == {
        *("TextMessage", "BinaryMessage", "WapPushMessage", "VCardMessage", "VCalendarMessage"),
        *("HttpRequest", "HttpResponse"),
    }
