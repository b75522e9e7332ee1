"""Webhooks in all three forms, their typed fields, and every request that cannot be read."""

from __future__ import annotations

import json
import traceback
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.vonage.errors import MalformedWebhook, SignatureError
from smscodec.vonage.signature import SignatureMethod, signed, verify
from smscodec.vonage.webhook import DeliveryReceipt, EmptyWebhook, InboundMessage, UnknownWebhook, parse_webhook
from tests.rows import each_row
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


@each_row("request_", MALFORMED.values())
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


@pytest.mark.parametrize("charset", ["utf-8", "utf8", "us-ascii", "ascii"])
@pytest.mark.parametrize("make", [post, post_json])
def test_every_name_of_utf8_and_of_what_it_contains_is_read(make: Any, charset: str) -> None:
    """A body reads the same whichever charset its content type states of those that UTF-8 contains, however written."""
    method, query, content_type, body = make(INBOUND)
    expected = parse_webhook(method, query, content_type, body)
    for parameter in (f"charset={charset}", f"Charset = {charset.upper()}", f'charset="{charset}"; x=y'):
        assert parse_webhook(method, query, f"{content_type}; {parameter}", body) == expected


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


# The receiver's own query, checks, and what else comes ----------------------------------------------------------------


@each_row("query", ["key=abc", "a=b&a=c", "flag", "text=other", "%zz", "é"])
@each_row("params", [RECEIPT, INBOUND])
@each_row("make", [post, post_json])
def test_with_a_body_the_query_is_the_receivers_own(make: Any, params: dict[str, str], query: str) -> None:
    """Whatever the query of a POST holds, the webhook is that of its body, and a signed one verifies."""
    wire = signed(params, "secret", SignatureMethod.SHA256_HMAC, timestamp=1_577_880_000)
    method, _, content_type, body = make(wire)
    webhook = parse_webhook(method, query, content_type, body)
    assert webhook == parse_webhook(method, "", content_type, body)
    verify(webhook.params, "secret", SignatureMethod.SHA256_HMAC, now=1_577_880_000)


@pytest.mark.parametrize("own", ["key=abc", "key", "key=a&key=b", "k%65y=a+b", "key=%C3%A9&"])
def test_own_parameters_of_a_get(own: str) -> None:
    """What ``own`` names is left out of a GET, repeated or without a value, and a signed one verifies."""
    wire = signed(INBOUND, "secret", SignatureMethod.SHA256_HMAC, timestamp=1_577_880_000)
    expected = parse_webhook("GET", urlencode(wire), None, b"").params
    for query in (f"{own}&{urlencode(wire)}", f"{urlencode(wire)}&{own}"):
        for names in (["key"], "key", {"key", "other"}):
            webhook = parse_webhook("GET", query, None, b"", own=names)
            assert isinstance(webhook, InboundMessage)
            assert webhook.params == expected
            verify(webhook.params, "secret", SignatureMethod.SHA256_HMAC, now=1_577_880_000)


@pytest.mark.parametrize(
    "request_",
    [
        ("GET", "", None, b""),
        ("GET", None, None, b""),
        ("GET", "&&", "", b""),
        ("GET", "key=abc&key", "", b""),
        ("POST", "", FORM, b""),
        ("POST", "key=abc", JSON, b""),
        ("POST", None, None, b""),
        ("POST", "", JSON, b"{}"),
        ("POST", "", JSON, b'{"a": null}'),
    ],
    ids=str,
)
def test_a_check_without_parameters(request_: Any) -> None:
    """A request without parameters, by the service or by a person, is a value of its own."""
    webhook = parse_webhook(*request_, own=["key"])
    assert isinstance(webhook, EmptyWebhook)
    assert webhook.params == {}
    assert webhook.as_dict()["type"] == "EmptyWebhook"


NESTED: list[Any] = [{"price": "0.01"}, [1], {}, [], [{"a": [None]}]]


@pytest.mark.parametrize("nested", NESTED, ids=str)
@pytest.mark.parametrize("params", [RECEIPT, INBOUND], ids=["receipt", "inbound"])
def test_unknown_nested_fields_are_passed_over(params: dict[str, str], nested: Any) -> None:
    """A list or an object under a name we do not know is no parameter, stays in raw, and does not unsettle verify."""
    wire = signed(params, "secret", SignatureMethod.SHA1_HMAC, timestamp=1_577_880_000)
    request = post_json({**wire, "usage": nested})
    webhook = parse_webhook(*request)
    assert type(webhook) is type(parse_webhook(*post_json(wire)))
    assert (webhook.params, webhook.raw) == (wire, request[3])
    verify(webhook.params, "secret", SignatureMethod.SHA1_HMAC, now=1_577_880_000)


@each_row("name", [*RECEIPT, *INBOUND, "sig", "concat", "concat-ref", "data", "udh"])
def test_known_fields_are_not_nested(name: str) -> None:
    """A list or an object under a name that we read is malformed, and the error names the field."""
    for nested in NESTED:
        with pytest.raises(MalformedWebhook, match=f"^{name} is a list or an object$"):
            parse_webhook(*post_json({**RECEIPT, **INBOUND, name: nested}))


OF_MESSAGES_API: list[dict[str, Any]] = [
    {"channel": "sms", "message_uuid": "aaaa", "to": "447700900000", "from": "447700900001", "text": "Hello"},
    {"message_uuid": "aaaa", "to": {"type": "sms", "number": "1"}, "from": {"type": "sms"}, "message": {"content": {}}},
    {"message_uuid": "aaaa", "status": "delivered", "messageId": "1", "usage": {"price": "0.03", "currency": "EUR"}},
    {"message_uuid": "aaaa", "timestamp": {"at": 1}, "status": "submitted"},
]


@pytest.mark.parametrize("document", OF_MESSAGES_API, ids=range(len(OF_MESSAGES_API)))
def test_webhooks_of_the_messages_api(document: dict[str, Any]) -> None:
    """A webhook of the Messages API is unknown, and says what it is."""
    webhook = parse_webhook(*post_json(document))
    assert isinstance(webhook, UnknownWebhook)
    assert "Messages API" in webhook.reason
    assert webhook.params["message_uuid"] == "aaaa"


def test_other_unknown_webhooks_say_why() -> None:
    """What is neither a receipt nor a message says which fields either would have."""
    webhook = parse_webhook(*post({"a": "b"}))
    assert isinstance(webhook, UnknownWebhook)
    assert "messageId and status" in webhook.reason


@pytest.mark.parametrize("kind", [str.encode, lambda query: bytearray(query.encode())])
def test_a_query_in_octets(kind: Any) -> None:
    """Flask and ASGI hand over the query in octets, which read as the text would."""
    query = urlencode(INBOUND)
    assert parse_webhook("GET", kind(query), None, b"") == parse_webhook("GET", query, None, b"")
    assert isinstance(parse_webhook("POST", b"\xff=1", *post(INBOUND)[2:]), InboundMessage)
    with pytest.raises(MalformedWebhook):
        parse_webhook("GET", b"\xff=1", None, b"")


@pytest.mark.parametrize("request_", every_form(INBOUND))
def test_texts_and_octets_read_alike(request_: tuple[str, str, str, bytes]) -> None:
    """Query and body may each be a text or octets of any kind, or None where there is nothing."""
    method, query, content_type, body = request_
    expected = parse_webhook(*request_)
    for as_body in (body, bytearray(body), memoryview(body), body.decode(), body or None):
        for as_query in (query, query.encode(), query or None):
            assert parse_webhook(method, as_query, content_type or None, as_body) == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("GET", "a=\ud800", None, None), "the query holds characters that are not ASCII"),
        (("POST", "", FORM, "a=\ud800"), "the body is not UTF-8"),
        (("POST", "", JSON, '{"a": "\ud800"}'), "the body cannot be read: it is not UTF-8"),
    ],
)
def test_half_a_surrogate_pair_in_a_text_is_malformed(arguments: Any, words: str) -> None:
    """A framework that decodes loosely hands over what no request holds; it is refused where UTF-8 is read."""
    with pytest.raises(MalformedWebhook, match=f"^{words}$"):
        parse_webhook(*arguments)


@pytest.mark.parametrize("arguments", [("GET", 5, None, b""), ("POST", "", FORM, 5), ("POST", "", FORM, {"a": "b"})])
def test_arguments_of_another_type(arguments: Any) -> None:
    """A query or a body of another type is a TypeError that says what is needed."""
    with pytest.raises(TypeError, match="must be"):
        parse_webhook(*arguments)


@pytest.mark.parametrize(
    "webhook",
    [
        receipt(),
        receipt(scts="", price="x", err_code=None),
        inbound(data="00ff", udh="050003010201", type="binary"),
        parse_webhook(*post({"a": "b"})),
        parse_webhook("GET", "", None, b""),
    ],
)
def test_webhooks_as_plain_types(webhook: Any) -> None:
    """``as_dict`` has every field under its name, begins with the class, and JSON takes it."""
    plain = webhook.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["type"] == type(webhook).__name__
    names = {field.name for field in fields(webhook)}
    assert names - {"type"} <= plain.keys()
    assert plain["params"] == webhook.params
    assert plain["raw"] == webhook.raw.hex()
    if isinstance(webhook, InboundMessage):
        assert (plain["message_type"], plain["data"]) == ("binary", "00ff")
