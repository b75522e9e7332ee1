"""The requests that send messages: placements, signatures, credentials, and what is never shown."""

from __future__ import annotations

import copy
import pickle
import traceback
from base64 import b64decode
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import RequestError
from smscodec.vonage.http import HttpRequest, HttpResponse
from smscodec.vonage.request import TextMessage, build_request
from smscodec.vonage.signature import SignatureMethod, verify

TO, SENDER = "447700900000", "AcmeInc"
PLAIN = Credentials("abcd1234", "abcdef0123456789")
SIGNING = Credentials(
    "abcd1234", "abcdef0123456789", signature_secret="signing-secret", signature_method=SignatureMethod.SHA256_HMAC
)
HELLO = TextMessage(TO, SENDER, "Hello & Привет")


def form(request: HttpRequest) -> dict[str, str]:
    """The parameters in the body."""
    return _single(request.body.decode("ascii"))


def query(request: HttpRequest) -> dict[str, str]:
    """The parameters in the query."""
    return _single(urlsplit(request.url).query)


def _single(encoded: str) -> dict[str, str]:
    parsed = parse_qs(encoded, keep_blank_values=True)
    assert all(len(values) == 1 for values in parsed.values())
    return {name: value for name, (value,) in parsed.items()}


def refused(field: str, make: Any, *arguments: Any, **options: Any) -> RequestError:
    """The RequestError that names the field."""
    with pytest.raises(RequestError) as caught:
        make(*arguments, **options)
    assert caught.value.field == field
    assert caught.value.__context__ is None
    return caught.value


# Requests -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["json", "xml"])
@pytest.mark.parametrize("placement", AuthPlacement)
def test_request_line_and_body(format_: Any, placement: AuthPlacement) -> None:
    """POST to /sms/json or /sms/xml with the message in a form of UTF-8, whatever the placement."""
    request = build_request(HELLO, PLAIN, format=format_, placement=placement)
    parts = urlsplit(request.url)
    assert (request.method, parts.scheme, parts.netloc, parts.path) == (
        "POST",
        "https",
        "rest.nexmo.com",
        f"/sms/{format_}",
    )
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert HELLO.params().items() <= form(request).items()


def test_secret_in_the_header() -> None:
    """By default key and secret go as Basic authentication and nowhere else."""
    request = build_request(HELLO, PLAIN)
    scheme, _, pair = request.headers["Authorization"].partition(" ")
    assert (scheme, b64decode(pair)) == ("Basic", b"abcd1234:abcdef0123456789")
    assert form(request) == HELLO.params()
    assert query(request) == {}


def test_secret_in_the_body() -> None:
    """With BODY both are parameters of the form, and there is no Authorization."""
    request = build_request(HELLO, PLAIN, placement=AuthPlacement.BODY)
    assert form(request) == {"api_key": "abcd1234", "api_secret": "abcdef0123456789", **HELLO.params()}
    assert query(request) == {}
    assert "Authorization" not in request.headers


def test_secret_in_the_query() -> None:
    """With QUERY both are in the query, as specification 1.0.0 prints it, and not in the form."""
    request = build_request(HELLO, PLAIN, placement=AuthPlacement.QUERY)
    assert query(request) == {"api_key": "abcd1234", "api_secret": "abcdef0123456789"}
    assert form(request) == HELLO.params()
    assert "Authorization" not in request.headers


@pytest.mark.parametrize("placement", AuthPlacement)
@pytest.mark.parametrize("method", SignatureMethod)
def test_signed_request(placement: AuthPlacement, method: SignatureMethod) -> None:
    """A signed request verifies, and carries neither an Authorization nor the api_secret."""
    credentials = Credentials("abcd1234", "abcdef0123456789", signature_secret="signing", signature_method=method)
    request = build_request(HELLO, credentials, placement=placement, timestamp=1_461_605_396)
    sent = {**query(request), **form(request)}
    verify(sent, "signing", method, now=1_461_605_396)
    assert {**HELLO.params(), "api_key": "abcd1234", "timestamp": "1461605396"}.items() <= sent.items()
    assert "Authorization" not in request.headers
    assert "api_secret" not in sent
    assert set(query(request)) == ({"api_key", "sig"} if placement is AuthPlacement.QUERY else set())


def test_signing_needs_a_time() -> None:
    """A request is not signed without a timestamp."""
    refused("timestamp", build_request, HELLO, SIGNING)


def test_signature_method_defaults_to_the_accounts() -> None:
    """Without a method the signature is md5hash, which an account has until it is changed."""
    request = build_request(HELLO, Credentials("abcd1234", signature_secret="s"), timestamp=5)
    verify(form(request), "s", SignatureMethod.MD5_HASH, now=5)


def test_headers_are_fresh() -> None:
    """Two requests share no headers."""
    first, second = build_request(HELLO, PLAIN), build_request(HELLO, PLAIN)
    assert first.headers == second.headers
    assert first.headers is not second.headers


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://rest.nexmo.com/", "https://rest.nexmo.com/sms/json"),
        ("https://example.com/proxy", "https://example.com/proxy/sms/json"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/sms/json"),
        ("http://localhost:1", "http://localhost:1/sms/json"),
        ("http://[::1]:80", "http://[::1]:80/sms/json"),
    ],
)
def test_base_url(base_url: str, url: str) -> None:
    """The base may have a path, and may be plain http on this machine."""
    assert build_request(HELLO, PLAIN, base_url=base_url).url == url


@pytest.mark.parametrize(
    "base_url",
    [
        "http://rest.nexmo.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://rest.nexmo.com",
        "rest.nexmo.com",
        "https://user:secret@rest.nexmo.com",
        "https://rest.nexmo.com/?a=b",
        "https://rest.nexmo.com?",
        "https://rest.nexmo.com/?",
        "https://rest.nexmo.com/#a",
        "https://rest.nexmo.com#",
        "https://rest.nexmo.com/\r\nX: y",
        "",
        5,
    ],
)
def test_base_url_is_refused(base_url: Any) -> None:
    """Plain http elsewhere, users, queries, fragments and line ends are refused."""
    refused("base_url", build_request, HELLO, PLAIN, base_url=base_url)


@pytest.mark.parametrize("format_", ["html", "", "JSON", None])
def test_format_is_json_or_xml(format_: Any) -> None:
    """No other format is asked for."""
    refused("format", build_request, HELLO, PLAIN, format=format_)


@pytest.mark.parametrize("placement", ["query", "header", "nonsense", "", None])
@pytest.mark.parametrize("credentials", [PLAIN, SIGNING], ids=["plain", "signing"])
def test_placement_is_an_auth_placement(placement: Any, credentials: Credentials) -> None:
    """A word in place of an AuthPlacement is refused, so that no secret goes where it was not meant to."""
    refused("placement", build_request, HELLO, credentials, placement=placement, timestamp=1)


@pytest.mark.parametrize("timestamp", [None, 1.5, True, "1", -5, 10**12])
def test_timestamp_is_whole_seconds(timestamp: Any) -> None:
    """A time that the service could not read is refused by name."""
    refused("timestamp", build_request, HELLO, SIGNING, timestamp=timestamp)


# Credentials ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("api_key", {"api_key": ""}),
        ("api_key", {"api_key": "a:b"}),
        ("api_key", {"api_key": 5}),
        ("api_key", {"api_key": "abcd1234\n"}),
        ("api_secret", {"api_secret": ""}),
        ("api_secret", {"api_secret": "s\n"}),
        ("api_secret", {"api_secret": "a b"}),
        ("api_secret", {"api_secret": None}),
        ("signature_secret", {"signature_secret": ""}),
        ("signature_secret", {"signature_secret": "s\r\n"}),
        ("signature_method", {"signature_method": SignatureMethod.MD5_HASH}),
        ("signature_method", {"signature_secret": "s", "signature_method": "md5"}),
    ],
    ids=str,
)
def test_credentials_refuse(field: str, arguments: dict[str, Any]) -> None:
    """Blank, broken and contradictory credentials are refused when they are made."""
    refused(field, Credentials, **{"api_key": "abcd1234", "api_secret": "s", **arguments})


def test_credentials_in_order() -> None:
    """The four values may be given by their order."""
    given = Credentials("abcd1234", None, "secret", SignatureMethod.SHA1_HMAC)
    assert given == Credentials("abcd1234", signature_secret="secret", signature_method=SignatureMethod.SHA1_HMAC)


# What is never shown --------------------------------------------------------------------------------------------------

HIDDEN = "never-shown"
hidden_texts = st.text(st.characters(categories=["L"]), max_size=5).map(lambda text: HIDDEN + text)


@given(hidden_texts, st.sampled_from(["text", "unicode"]), st.sampled_from(list(AuthPlacement)), st.booleans())
def test_values_show_no_secret_number_or_text(text: str, type_: Any, placement: AuthPlacement, signing: bool) -> None:
    """Neither messages, credentials nor requests show a secret, a number or a text when printed."""
    credentials = Credentials("abcd1234", f"{HIDDEN}-1", signature_secret=f"{HIDDEN}-2" if signing else None)
    message = (
        TextMessage(
            "447700900123",
            "447700900456",
            text,
            client_ref=HIDDEN,
            callback=f"https://{HIDDEN}.example",
            extra={"x": HIDDEN},
        )
        if type_ == "unicode" or gsm7.is_encodable(text)
        else HELLO
    )
    request = build_request(message, credentials, placement=placement, timestamp=5)
    response = HttpResponse(200, {"X": HIDDEN}, text.encode())
    shown = " ".join(f"{value!r} {value} {[value]}" for value in (credentials, message, request, response))
    for hidden in (HIDDEN, "447700900123", "447700900456", "Basic"):
        assert hidden not in shown


BAD_FIELDS: list[tuple[str, Any]] = [
    ("to", "4477009001234567"),
    ("sender", HIDDEN + "-and-too-long"),
    ("text", HIDDEN + "\ud800"),
    ("text", HIDDEN * 400),
    ("callback", HIDDEN),
    ("client_ref", HIDDEN * 20),
    ("extra", {"x": [HIDDEN]}),
    ("extra", {"text": HIDDEN}),
    ("type", HIDDEN),
]


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_errors_show_no_value(field: str, value: Any) -> None:
    """A RequestError shows the field and the rule, and never the value, in any form."""
    options = {"to": TO, "sender": SENDER, "text": HIDDEN, field: value}
    error = refused(field, TextMessage, **options)
    shown = str(error) + repr(error) + repr(error.args) + "".join(traceback.format_exception_only(error))
    assert HIDDEN not in shown
    assert "4477009001234567" not in shown


def test_header_is_found_in_any_case() -> None:
    """The headers of a response are looked up without regard to case."""
    response = HttpResponse(200, {"Content-TYPE": "text/xml"}, b"")
    assert (response.header("content-type"), response.header("Retry-After")) == ("text/xml", None)


# The environment ------------------------------------------------------------------------------------------------------

NAMES = ("VONAGE_API_KEY", "VONAGE_API_SECRET", "VONAGE_SIGNATURE_SECRET", "VONAGE_SIGNATURE_METHOD")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("k", "s", None, None), Credentials("k", "s")),
        (("k", "s", "", ""), Credentials("k", "s")),
        (("k", None, "x", None), Credentials("k", signature_secret="x")),
        (("k", "s", "x", "SHA512"), Credentials("k", "s", "x", SignatureMethod.SHA512_HMAC)),
        (("k", "", "x", "md5hash"), Credentials("k", None, "x", SignatureMethod.MD5_HASH)),
        (("k", "s", None, "sha256"), Credentials("k", "s")),
    ],
    ids=range(6),
)
def test_credentials_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, values: tuple[str | None, ...], expected: Credentials
) -> None:
    """The four variables are the four fields; empty ones count as not set."""
    for name, value in zip(NAMES, values, strict=True):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert Credentials.from_environment() == expected


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((None, "s", None, None), "VONAGE_API_KEY"),
        (("k", None, None, None), "VONAGE_API_SECRET nor VONAGE_SIGNATURE_SECRET"),
        (("k", "", "", None), "VONAGE_API_SECRET nor VONAGE_SIGNATURE_SECRET"),
        (("k", None, "x", "sha3"), "VONAGE_SIGNATURE_METHOD"),
    ],
    ids=range(4),
)
def test_environments_without_an_account(
    monkeypatch: pytest.MonkeyPatch, values: tuple[str | None, ...], named: str
) -> None:
    """What is missing or wrong is named by its variable."""
    for name, value in zip(NAMES, values, strict=True):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    with pytest.raises(RequestError, match=named) as caught:
        Credentials.from_environment()
    field = named.partition(" ")[0].removeprefix("VONAGE_").lower()
    assert caught.value.field == field


def test_credentials_are_a_value() -> None:
    """Credentials compare, hash, copy and pickle by their fields, and as plain types they hold no secret."""
    made = Credentials("k", "s3cr3t", "s1gn", SignatureMethod.SHA1_HMAC)
    assert {made, copy.deepcopy(made), pickle.loads(pickle.dumps(made)), replace(made)} == {made}
    assert made != replace(made, api_secret="other")
    assert made.as_dict() == {
        "api_key": "k",
        "has_api_secret": True,
        "has_signature_secret": True,
        "signature_method": "SHA1_HMAC",
    }
