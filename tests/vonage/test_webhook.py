"""Webhooks in all three forms, their typed fields, and every request that cannot be read."""

from __future__ import annotations

import io
import traceback
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.vonage.errors import MalformedWebhook, SignatureError
from smscodec.vonage.signature import SignatureMethod, signed, verify
from smscodec.vonage.web import from_asgi, from_wsgi
from smscodec.vonage.webhook import DeliveryReceipt, EmptyWebhook, InboundMessage, UnknownWebhook, parse_webhook
from tests.vonage.webhooks import FORM, INBOUND, JSON, RECEIPT, every_form, inbound, post, post_json, receipt

# What can be read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", every_form(RECEIPT))
def test_delivery_receipt(request_: tuple[str, str, str, bytes]) -> None:
    """A delivery receipt reads the same by GET, as a form and as JSON, with every field in its type."""
    webhook = parse_webhook(*request_)
    assert webhook == DeliveryReceipt(
        msisdn="447700900000",
        to="AcmeInc",
        network_code="12345",
        message_id="0A0000001234567B",
        price=Decimal("0.0333"),
        status="delivered",
        scts=datetime(2020, 1, 1, 14, 0),
        err_code=0,
        message_timestamp=datetime(2020, 1, 1, 12, tzinfo=UTC),
        api_key="abcd1234",
        client_ref="my-personal-reference",
        timestamp=1_577_880_000,
        nonce="aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
        sig="",
        params=RECEIPT,
        raw=request_[3] or request_[1].encode(),
    )


@pytest.mark.parametrize("request_", every_form(INBOUND))
def test_inbound_message(request_: tuple[str, str, str, bytes]) -> None:
    """An inbound message reads the same by GET, as a form and as JSON, with every field in its type."""
    webhook = parse_webhook(*request_)
    assert webhook == InboundMessage(
        msisdn="447700900001",
        to="447700900000",
        message_id="0A0000000123ABCD1",
        text="Hello & = % + Привет 😀",
        type="unicode",
        keyword="HELLO",
        message_timestamp=datetime(2020, 1, 1, 12, tzinfo=UTC),
        timestamp=1_577_880_000,
        nonce="bbbbbbbb-bbbb-cccc-dddd-0123456789ab",
        concat=False,
        concat_ref="",
        concat_total=None,
        concat_part=None,
        data=None,
        udh=None,
        api_key="abcd1234",
        sig="",
        params=INBOUND,
        raw=request_[3] or request_[1].encode(),
    )


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=20), min_size=1, max_size=9))
def test_parameters_come_back_as_they_were_sent(params: dict[str, str]) -> None:
    """Whatever the parameters, the mapping for ``verify`` is what was sent, in every form."""
    well_formed = {
        name.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace").decode()
        for name, value in params.items()
    }
    for request in every_form(well_formed):
        assert parse_webhook(*request).params == well_formed


@pytest.mark.parametrize("method", SignatureMethod)
@pytest.mark.parametrize("params", [RECEIPT, INBOUND], ids=["receipt", "inbound"])
def test_signed_webhooks_verify(params: dict[str, str], method: SignatureMethod) -> None:
    """A signed webhook verifies in every form, in the upper case of the service too, and not once it is changed."""
    wire = signed(params, "secret", method, timestamp=1_577_880_000)
    wire["sig"] = wire["sig"].upper()
    for request in every_form(wire):
        webhook = parse_webhook(*request)
        assert isinstance(webhook, DeliveryReceipt | InboundMessage)
        assert webhook.sig == wire["sig"]
        verify(webhook.params, "secret", method, now=1_577_880_000)
        with pytest.raises(SignatureError):
            verify({**webhook.params, "msisdn": "1"}, "secret", method, now=1_577_880_000)


def test_values_of_json() -> None:
    """Numbers of JSON keep their text, true and false are words, and null is no parameter."""
    webhook = parse_webhook(
        "POST", "", JSON, b'{"messageId":"A","status":"failed","err-code":6,"price":0.10,"a":true,"b":false,"c":null}'
    )
    assert isinstance(webhook, DeliveryReceipt)
    assert webhook.params == {
        "messageId": "A",
        "status": "failed",
        "err-code": "6",
        "price": "0.10",
        "a": "true",
        "b": "false",
    }
    assert (webhook.err_code, webhook.price) == (6, Decimal("0.10"))


def test_plus_and_percent() -> None:
    """A plus is a blank and a percent escape an octet of UTF-8; empty pieces between ampersands are nothing."""
    webhook = parse_webhook("GET", "&text=a+b%2B%D0%B6&&messageId=1&msisdn=2&", "", b"")
    assert isinstance(webhook, InboundMessage)
    assert webhook.text == "a b+ж"


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"messageId": "1", "status": "delivered"}, DeliveryReceipt),
        ({"messageId": "1", "msisdn": "2", "text": ""}, InboundMessage),
        ({"messageId": "1", "msisdn": "2", "type": "binary", "data": "00"}, InboundMessage),
        ({"messageId": "1", "msisdn": "2"}, UnknownWebhook),
        ({"status": "delivered"}, UnknownWebhook),
        ({"message_uuid": "1", "text": "x"}, UnknownWebhook),
    ],
    ids=str,
)
def test_kinds(params: dict[str, str], kind: type[object]) -> None:
    """Receipts have an id and a status, messages an id, a number and content; all else is kept as unknown."""
    webhook = parse_webhook(*post(params))
    assert type(webhook) is kind
    assert webhook.params == params
    assert webhook.raw == urlencode(params).encode()


# What cannot be read --------------------------------------------------------------------------------------------------

SECRET = "never-shown"
BIG = b"text=" + b"a" * (1 << 18)
MALFORMED: dict[str, tuple[str, str, str, bytes]] = {
    "GET with both": ("GET", "a=b", FORM, b"a=b"),
    "GET with a body": ("GET", "", FORM, b"a=b"),
    "other method": ("PUT", "", FORM, b"a=b"),
    "no method": ("", "a=b", "", b""),
    "repeated in the query": ("GET", f"text={SECRET}&text=2", "", b""),
    "repeated in the form": ("POST", "", FORM, b"a=1&b=2&a=1"),
    "repeated in other escapes": ("GET", "a=1&%61=2", "", b""),
    "repeated in JSON": ("POST", "", JSON, b'{"a":"1","a":"2"}'),
    "broken escape": ("GET", f"text={SECRET}%", "", b""),
    "broken escape of one digit": ("POST", "", FORM, b"text=%e"),
    "broken escape of no digits": ("POST", "", FORM, b"text=%zz"),
    "invalid UTF-8 in the query": ("GET", f"text={SECRET}%ff", "", b""),
    "invalid UTF-8 in the form": ("POST", "", FORM, b"text=\xff"),
    "invalid UTF-8 escaped in a name": ("POST", "", FORM, b"%c3%28=1"),
    "surrogate in UTF-8": ("POST", "", FORM, b"text=%ed%a0%bd"),
    "invalid UTF-8 in JSON": ("POST", "", JSON, b'{"text":"\xff"}'),
    "raw letters in the query": ("GET", "text=ж", "", b""),
    "no equals sign": ("GET", "text", "", b""),
    "array": post_json([RECEIPT]),
    "string": post_json(SECRET),
    "nested object": post_json({"text": {"a": SECRET}}),
    "nested list": post_json({"text": [SECRET]}),
    "truncated JSON": ("POST", "", JSON, f'{{"text":"{SECRET}'.encode()),
    "NaN": ("POST", "", JSON, b'{"price":NaN}'),
    "huge number": ("POST", "", JSON, b'{"price":' + b"9" * 5000 + b"}"),
    "deep nesting": ("POST", "", JSON, b'{"a":' * 10_000),
    "form under JSON": ("POST", "", JSON, b"a=b"),
    "JSON under a form": ("POST", "", FORM, b' {"a":"b=c"}'),
    "no content type": ("POST", "", "", b"a=b"),
    "XML": ("POST", "", "text/xml", b"<a/>"),
    "multipart": ("POST", "", "multipart/form-data; boundary=x", b"--x--"),
    "other encoding": ("POST", "", FORM + "; charset=utf-16", b"a=b"),
    "huge form": ("POST", "", FORM, BIG),
    "huge query": ("GET", BIG.decode(), "", b""),
    "huge JSON": ("POST", "", JSON, b'{"text":"' + BIG + b'"}'),
    "many parameters": ("GET", "&".join(f"a{number}=1" for number in range(101)), "", b""),
    "many members": post_json({f"a{number}": 1 for number in range(101)}),
}


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED)
def test_malformed(request_: tuple[str, str, str, bytes]) -> None:
    """Whatever is not one set of parameters, each there once, is one error, which shows nothing of it."""
    with pytest.raises(MalformedWebhook) as caught:
        parse_webhook(*request_)
    error = caught.value
    assert error.__context__ is None
    assert SECRET not in repr(error) + repr(error.args) + "".join(traceback.format_exception_only(error))


def test_largest_webhook() -> None:
    """262,144 octets and 100 parameters are read."""
    webhook = parse_webhook("POST", "", FORM, b"text=" + b"a" * ((1 << 18) - 5))
    assert len(webhook.params["text"]) == (1 << 18) - 5
    assert len(parse_webhook("GET", "&".join(f"a{number}=1" for number in range(100)), "", b"").params) == 100


@given(
    st.sampled_from(["GET", "POST"]),
    st.text("a=&%+1\xe9", max_size=12),
    st.sampled_from([FORM, JSON, "", "application/json; charset=x"]),
    st.binary(max_size=30),
)
def test_any_request_gives_a_webhook_or_the_error(method: str, query: str, content_type: str, body: bytes) -> None:
    """Any request gives a webhook or MalformedWebhook and nothing else."""
    try:
        webhook = parse_webhook(method, query, content_type, body)
    except MalformedWebhook:
        return
    assert isinstance(webhook, EmptyWebhook) == (not webhook.params)


@pytest.mark.parametrize("webhook", [receipt(), inbound(data="00", udh="00"), parse_webhook(*post({"text": "Hello"}))])
def test_webhooks_show_no_number_or_text(webhook: object) -> None:
    """A webhook that is printed shows neither numbers nor texts."""
    shown = repr(webhook) + str(webhook)
    assert [hidden for hidden in ("4477009", "Hello", "HELLO", "my-personal", "b'") if hidden in shown] == []


# Web servers ----------------------------------------------------------------------------------------------------------


def environ(method: str, query: str, content_type: str, body: bytes, **changes: Any) -> dict[str, Any]:
    """A WSGI environment."""
    return {
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": io.BytesIO(body),
        **changes,
    }


@pytest.mark.parametrize("request_", every_form(INBOUND))
def test_wsgi_and_asgi(request_: tuple[str, str, str, bytes]) -> None:
    """A WSGI environment and an ASGI scope give what their parts give."""
    method, query, content_type, body = request_
    expected = parse_webhook(*request_)
    scope = {
        "type": "http",
        "method": method,
        "query_string": query.encode(),
        "headers": [(b"host", b"example.com"), (b"content-type", content_type.encode())],
    }
    assert from_wsgi(environ(*request_)) == expected
    assert from_asgi(scope, body) == expected


def test_wsgi_needs_few_keys() -> None:
    """A GET without content type and length is read without touching the input."""
    assert from_wsgi({"REQUEST_METHOD": "GET", "QUERY_STRING": "a=b"}).params == {"a": "b"}
    assert from_asgi({"method": "GET", "query_string": b"a=b"}, b"").params == {"a": "b"}


def test_wsgi_reads_no_more_than_stated() -> None:
    """Of the input no more is read than the length says, because more would wait for the next request."""
    stream = io.BytesIO(b"a=bc=d")
    assert from_wsgi(environ("POST", "", FORM, b"a=b", **{"wsgi.input": stream})).params == {"a": "b"}
    assert stream.tell() == 3


@pytest.mark.parametrize("length", ["-1", "many", "1.5", str((1 << 18) + 1), "9" * 5000, "4"])
def test_wsgi_length_that_cannot_be(length: str) -> None:
    """A length that is none, is too much, or is more than what comes is malformed."""
    with pytest.raises(MalformedWebhook):
        from_wsgi(environ("POST", "", FORM, b"a=b", CONTENT_LENGTH=length))


def test_headers_of_asgi_are_any_pairs() -> None:
    """Headers may be an iterator, names in any case, and the first of two content types counts, as does none at all."""
    body = b"messageId=1&msisdn=2&text=a"
    pairs = [(b"Host", b"x"), (b"Content-Type", FORM.encode()), (b"content-type", b"text/plain")]
    webhook = from_asgi({"type": "http", "method": "POST", "headers": iter(pairs)}, body)
    assert isinstance(webhook, InboundMessage)
    query = {"method": "GET", "query_string": body, "headers": []}
    assert isinstance(from_asgi(query, b""), InboundMessage)


@pytest.mark.parametrize("scope", [{"type": "lifespan"}, {"type": "websocket", "method": "GET"}, {}])
def test_scopes_that_are_no_requests(scope: dict[str, Any]) -> None:
    """What an ASGI server asks besides requests is refused by the one error."""
    with pytest.raises(MalformedWebhook):
        from_asgi(scope, b"")


def test_query_and_content_type_may_be_none() -> None:
    """Servers and frameworks that have no query or content type say None, which is as good as an empty text."""
    body = b"messageId=1&msisdn=2&text=a"
    environ = {"REQUEST_METHOD": "GET", "QUERY_STRING": body.decode(), "CONTENT_TYPE": None, "CONTENT_LENGTH": None}
    assert isinstance(from_wsgi(environ), InboundMessage)
    assert isinstance(parse_webhook("GET", body.decode(), None, b""), InboundMessage)
    assert isinstance(parse_webhook("POST", None, FORM, body), InboundMessage)
    with pytest.raises(MalformedWebhook):
        parse_webhook("POST", None, None, body)
    post_environ = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": None,
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": f"{len(body)}",
    }
    assert isinstance(from_wsgi({**post_environ, "wsgi.input": io.BytesIO(body)}), InboundMessage)
