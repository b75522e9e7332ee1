"""Webhook requests to test with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from smscodec.vonage.webhook import DeliveryReceipt, InboundMessage, parse_webhook

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
RECEIPT = {
    "msisdn": "447700900000",
    "to": "AcmeInc",
    "network-code": "12345",
    "messageId": "0A0000001234567B",
    "price": "0.03330000",
    "status": "delivered",
    "scts": "2001011400",
    "err-code": "0",
    "api-key": "abcd1234",
    "client-ref": "my-personal-reference",
    "message-timestamp": "2020-01-01 12:00:00",
    "timestamp": "1577880000",
    "nonce": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
}
INBOUND = {
    "api-key": "abcd1234",
    "msisdn": "447700900001",
    "to": "447700900000",
    "messageId": "0A0000000123ABCD1",
    "text": "Hello & = % + Привет 😀",
    "type": "unicode",
    "keyword": "HELLO",
    "message-timestamp": "2020-01-01 12:00:00",
    "timestamp": "1577880000",
    "nonce": "bbbbbbbb-bbbb-cccc-dddd-0123456789ab",
}


def post(params: Mapping[str, object]) -> tuple[str, str, str, bytes]:
    """The arguments for a form."""
    return "POST", "", FORM, urlencode(params).encode()


def post_json(document: object) -> tuple[str, str, str, bytes]:
    """The arguments for JSON."""
    return "POST", "", JSON, json.dumps(document).encode()


def every_form(params: Mapping[str, object]) -> list[tuple[str, str, str, bytes]]:
    """The same parameters as a query, a form and JSON, escaped and not."""
    return [
        ("GET", urlencode(params), "", b""),
        post(params),
        ("post", "", FORM + "; charset=UTF-8", urlencode(params).encode()),
        post_json(params),
        ("POST", "", "Application/JSON; charset=utf-8", json.dumps(params, ensure_ascii=False).encode()),
    ]


def inbound(**changes: str | None) -> InboundMessage:
    """An inbound message with parameters changed, added or (None) left out."""
    params = {**INBOUND, **{name.replace("_", "-"): value for name, value in changes.items()}}
    webhook = parse_webhook(*post({name: value for name, value in params.items() if value is not None}))
    assert isinstance(webhook, InboundMessage)
    return webhook


def receipt(**changes: str | None) -> DeliveryReceipt:
    """A delivery receipt with parameters changed, added or (None) left out."""
    params = {**RECEIPT, **{name.replace("_", "-"): value for name, value in changes.items()}}
    webhook = parse_webhook(*post({name: value for name, value in params.items() if value is not None}))
    assert isinstance(webhook, DeliveryReceipt)
    return webhook
