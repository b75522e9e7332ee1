"""Delivery receipts and inbound messages as the service sends them to webhooks: values in, parameters and octets out.

It knows the fields of both kinds, how they are signed, and the three forms in which a webhook is called; it must not
know how callbacks are delivered or repeated. Inbound text is cut by smscodec's core.
Reference: SMS API 1.0.0 and 1.5.1, DeliveryReceipt and InboundMessage.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

from smscodec import gsm7
from smscodec.segmentation import segment, segment_data
from smscodec.simulator.checks import Account
from smscodec.simulator.outcomes import DELIVERED, Accept
from smscodec.simulator.records import CallbackKind, CallbackMethod, RecordedMessage
from smscodec.vonage.signature import SignatureMethod, signed

__all__ = [
    "Callback",
    "CallbackForm",
    "Signer",
    "form_of",
    "inbound_data",
    "inbound_fields",
    "inbound_text",
    "receipts",
]

DELIVERY_STATUSES: dict[int, str] = {0: "delivered", 1: "unknown", 2: "expired", 12: "expired"}
REJECTING_ERRORS = frozenset({4, 6, 7, 9, 10, 11, 13, 14, 15, 16, 50, 51, 52, 53, 54})


@dataclass(frozen=True, slots=True)
class Callback:
    """One call of a webhook: what it tells, how, where, and with which parameters."""

    kind: CallbackKind
    method: CallbackMethod
    url: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)


class CallbackForm(NamedTuple):
    """A callback as octets: method, target with its query, content type (None without a body) and body."""

    method: str
    target: str
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """Adds timestamp, nonce and sig, as the service does for accounts that asked for signed webhooks."""

    secret: str = field(repr=False)
    method: SignatureMethod
    nonce: Callable[[], str] = lambda: str(uuid.uuid4())

    def sign(self, params: Mapping[str, str], *, now: float) -> dict[str, str]:
        """A signed copy of ``params``, an HMAC in upper case and md5hash in lower, as the service has them."""
        complete = signed({**params, "nonce": self.nonce()}, self.secret, self.method, timestamp=int(now))
        if self.method is not SignatureMethod.MD5_HASH:
            complete["sig"] = complete["sig"].upper()
        return complete


def receipts(
    message: RecordedMessage,
    account: Account,
    *,
    now: float,
    price: Decimal,
    network: str,
    outcome: Accept = DELIVERED,
) -> list[dict[str, str]]:
    """The parameters of the delivery receipts of a message, in their order, for each accepted part; unsigned.

    ``now`` is the time of delivery in Unix seconds; ``outcome`` says which receipts there are. An err-code also chooses
    the status.
    """
    shared = {
        "msisdn": message.to,
        "to": message.sender,
        "network-code": network,
        "price": str(price),
        "scts": _moment(now).strftime("%y%m%d%H%M"),
        "api-key": account.api_key,
        "message-timestamp": _message_timestamp(now),
    }
    if "client-ref" in message.params:
        shared["client-ref"] = message.params["client-ref"]
    ids = message.message_ids
    errors = [outcome.delivery_error] * len(ids)
    if outcome.last_error is not None:
        errors[-1:] = [outcome.last_error]
    all_receipts = [(message_id, status, 0) for status in outcome.earlier for message_id in ids]
    all_receipts += [
        (message_id, _delivery_status(error), error) for message_id, error in zip(ids, errors, strict=True)
    ]
    if outcome.second_error is not None:
        all_receipts += [
            (message_id, _delivery_status(outcome.second_error), outcome.second_error) for message_id in ids[:1]
        ]
    return [
        {**shared, "messageId": message_id, "status": status, "err-code": str(error)}
        for message_id, status, error in all_receipts
    ]


def inbound_text(text: str, fields: Mapping[str, str], *, reference: int) -> list[dict[str, str]]:
    """The parameters of the parts of an inbound text, in order, unsigned; ``fields`` are those that all parts share."""
    parts = segment(text, reference=reference)
    shared = {
        **fields,
        "type": "text" if gsm7.is_encodable(text) else "unicode",
        "keyword": next(iter(text.split()), "").upper(),
    }
    return [
        {**shared, "text": part.text, **_concatenation(reference, len(parts), number)}
        for number, part in enumerate(parts, start=1)
    ]


def inbound_data(data: bytes, fields: Mapping[str, str], *, reference: int) -> list[dict[str, str]]:
    """The same for binary content: hexadecimal ``data``; ``udh`` alone says which part is which, without concat."""
    calls = []
    for part in segment_data(data, reference=reference):
        user_data = part.user_data
        call = {**fields, "type": "binary", "data": user_data.payload.hex().upper(), "text": "", "keyword": ""}
        header = user_data.header.to_bytes()
        calls.append({**call, "udh": header.hex().upper()} if header else call)
    return calls


def inbound_fields(account: Account, *, msisdn: str, to: str, now: float) -> dict[str, str]:
    """The fields that all parts of an inbound message share."""
    return {
        "msisdn": msisdn,
        "to": to,
        "api-key": account.api_key,
        "message-timestamp": _message_timestamp(now),
    }


def form_of(callback: Callback) -> CallbackForm:
    """The octets of a callback: GET with a query, POST with a form, or POST with JSON, UTF-8 in each."""
    parts = urlsplit(callback.url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    match callback.method:
        case CallbackMethod.GET:
            query = "&".join(filter(None, (parts.query, urlencode(callback.params))))
            return CallbackForm("GET", urlunsplit(("", "", parts.path or "/", query, "")), None, b"")
        case CallbackMethod.POST:
            body = urlencode(callback.params).encode("ascii")
            return CallbackForm("POST", target, "application/x-www-form-urlencoded", body)
        case CallbackMethod.POST_JSON:
            return CallbackForm("POST", target, "application/json", json.dumps(callback.params).encode("ascii"))


def _concatenation(reference: int, total: int, number: int) -> dict[str, str]:
    if total == 1:
        return {}
    return {
        "concat": "true",
        "concat-ref": str(reference),
        "concat-total": str(total),
        "concat-part": str(number),
    }


def _delivery_status(delivery_error: int) -> str:
    if delivery_error in REJECTING_ERRORS:
        return "rejected"
    return DELIVERY_STATUSES.get(delivery_error, "failed")


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


def _message_timestamp(now: float) -> str:
    return _moment(now).strftime("%Y-%m-%d %H:%M:%S")
