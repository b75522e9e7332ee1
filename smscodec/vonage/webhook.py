"""What the service calls back with: delivery receipts and inbound messages, from the parts of an HTTP request.

Functions of their input, for any web framework. A single field that makes no sense is None, and its text stays in
``params``. Nothing here checks a signature: ``verify(webhook.params, …)`` does, and should before anything is believed.
The service repeats what got no answer, so the same webhook may come many times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, Self

from smscodec import ucs2
from smscodec.udh import UserDataHeader
from smscodec.vonage.checks import SURROGATE
from smscodec.vonage.errors import MalformedWebhook
from smscodec.vonage.numerals import plain_decimal, whole_number
from smscodec.vonage.statuses import DELIVERY_ERRORS, DeliveryErrorInfo
from smscodec.vonage.webhook_params import MAX_WEBHOOK, read_params

__all__ = [
    "DeliveryReceipt",
    "InboundConcatenation",
    "InboundMessage",
    "UnknownWebhook",
    "Webhook",
    "from_asgi",
    "from_wsgi",
    "parse_webhook",
]

_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)
_MINUTES: Final = re.compile(r"[0-9]{10}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII
)
_FINAL: Final = {
    "accepted": False,
    "buffered": False,
    "delivered": True,
    "expired": True,
    "failed": True,
    "rejected": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """What became of a message that was sent.

    ``to`` is the sender you gave and ``msisdn`` the recipient. ``status`` is the service's word. ``scts`` is the time
    of the network in a zone that nobody states, so it is naive; ``message_timestamp`` is in UTC. A text that did not
    come is empty, any other field None. ``params`` is what ``verify`` takes; ``raw`` the octets it was read from.
    """

    msisdn: str = field(repr=False)
    to: str = field(repr=False)
    network_code: str
    message_id: str
    price: Decimal | None
    status: str
    scts: datetime | None
    err_code: int | None
    message_timestamp: datetime | None
    api_key: str
    client_ref: str = field(repr=False)
    timestamp: int | None
    nonce: str = field(repr=False)
    sig: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False, hash=False)
    raw: bytes = field(repr=False)

    @property
    def is_final(self) -> bool | None:
        """Whether no other receipt is to follow; None for ``unknown`` and words that are not listed."""
        return _FINAL.get(self.status)

    @property
    def error(self) -> DeliveryErrorInfo | None:
        """What ``err_code`` means, or None for one that is missing or not listed."""
        return None if self.err_code is None else DELIVERY_ERRORS.get(self.err_code)

    @classmethod
    def from_params(cls, params: Mapping[str, str], *, raw: bytes = b"") -> Self:
        """The receipt that decoded parameters tell of."""
        return cls(
            **_shared(params, raw),
            network_code=_text(params, "network-code"),
            price=plain_decimal(params.get("price", "")),
            status=_text(params, "status"),
            scts=_minutes(params.get("scts", "")),
            err_code=whole_number(params.get("err-code", "")),
            client_ref=_text(params, "client-ref"),
        )


class InboundConcatenation(NamedTuple):
    """The place of an inbound message in a longer one: part ``part`` of ``total``, under the sender's ``reference``."""

    reference: str
    total: int
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """A message that somebody sent to one of your numbers, or one part of it.

    ``msisdn`` sent it and ``to`` is your number. ``type`` is text, unicode or binary; a binary message has ``data``
    and may have ``udh``. ``text`` has U+FFFD where the sender cut a surrogate pair. ``parts`` are the messages that an
    ``InboundAssembler`` made this one of, and the other fields then those of the first part. A text that did not come
    is empty, any other field None. ``params`` is what ``verify`` takes; ``raw`` the octets it was read from.
    """

    msisdn: str = field(repr=False)
    to: str = field(repr=False)
    message_id: str
    text: str = field(repr=False)
    type: str
    keyword: str = field(repr=False)
    message_timestamp: datetime | None
    timestamp: int | None
    nonce: str = field(repr=False)
    concat: bool
    concat_ref: str
    concat_total: int | None
    concat_part: int | None
    data: bytes | None = field(repr=False)
    udh: bytes | None = field(repr=False)
    api_key: str
    sig: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False, hash=False)
    raw: bytes = field(repr=False)
    parts: tuple[InboundMessage, ...] = ()

    @property
    def concatenation(self) -> InboundConcatenation | None:
        """The message's place in a longer one, or None if it is whole.

        The concat fields tell it, or without them a concatenation element in ``udh``. Numbers that cannot be are as
        none at all.
        """
        if self.parts:
            return None
        return concat_fields(self) or _header_concatenation(self.udh)

    @classmethod
    def from_params(cls, params: Mapping[str, str], *, raw: bytes = b"") -> Self:
        """The message that decoded parameters tell of."""
        return cls(
            **_shared(params, raw),
            text=_text(params, "text"),
            type=_text(params, "type"),
            keyword=_text(params, "keyword"),
            concat=params.get("concat", "").strip().lower() == "true",
            concat_ref=_text(params, "concat-ref"),
            concat_total=whole_number(params.get("concat-total", "")),
            concat_part=whole_number(params.get("concat-part", "")),
            data=_octets(params, "data"),
            udh=_octets(params, "udh"),
        )


@dataclass(frozen=True, slots=True)
class UnknownWebhook:
    """A request that can be read and is neither a delivery receipt nor an inbound message."""

    params: Mapping[str, str] = field(repr=False, hash=False)
    raw: bytes = field(repr=False)


Webhook = DeliveryReceipt | InboundMessage | UnknownWebhook
"""Any webhook that can be read."""

_INBOUND_NAMES: Final = frozenset({"text", "type", "keyword", "data"})


def parse_webhook(method: str, query: str | None, content_type: str | None, body: bytes) -> Webhook:
    """Read a webhook: GET with a ``query``, or POST with a form or JSON in ``body``.

    ``query`` is the part of the URL after the question mark, still escaped; None for it or for ``content_type`` is as
    an empty text. What has ``messageId`` and ``status`` is a delivery receipt; what has ``messageId``, ``msisdn`` and
    one of text, type, keyword and data is an inbound message.
    Raises ``MalformedWebhook`` for a query and a body together, another method or content type, a repeated parameter,
    a broken percent escape, anything that is not UTF-8, JSON that is no object of plain values, no parameters at all,
    more than 100 of them, and more than 262,144 octets.
    """
    params, raw = read_params(method, query or "", content_type or "", bytes(body))
    if "messageId" in params and "status" in params:
        return DeliveryReceipt.from_params(params, raw=raw)
    if {"messageId", "msisdn"} <= params.keys() and _INBOUND_NAMES & params.keys():
        return InboundMessage.from_params(params, raw=raw)
    return UnknownWebhook(params, raw)


def from_wsgi(environ: Mapping[str, Any]) -> Webhook:
    """Read a webhook from a WSGI environment, and from its input no more than it says. Errors as ``parse_webhook``."""
    stated = environ.get("CONTENT_LENGTH") or "0"
    length = whole_number(stated)
    if length is None or length > MAX_WEBHOOK:
        raise MalformedWebhook("the stated length of the body is none, or too much")
    body = environ["wsgi.input"].read(length) if length else b""
    if len(body) != length:
        raise MalformedWebhook("the body is shorter than stated")
    return parse_webhook(environ["REQUEST_METHOD"], environ.get("QUERY_STRING"), environ.get("CONTENT_TYPE"), body)


def from_asgi(scope: Mapping[str, Any], body: bytes) -> Webhook:
    """Read a webhook from an ASGI scope and the body received. Errors as ``parse_webhook``, and for no HTTP scope."""
    if scope.get("type", "http") != "http" or "method" not in scope:
        raise MalformedWebhook("the ASGI scope is not one of HTTP")
    types = (value for name, value in scope.get("headers", ()) if bytes(name).lower() == b"content-type")
    content_type = bytes(next(types, b"")).decode("latin-1")
    query = bytes(scope.get("query_string") or b"").decode("latin-1")
    return parse_webhook(scope["method"], query, content_type, body)


def _shared(params: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    """The fields that receipts and inbound messages both have, by their names."""
    return {
        "msisdn": _text(params, "msisdn"),
        "to": _text(params, "to"),
        "message_id": _text(params, "messageId"),
        "message_timestamp": _instant(params.get("message-timestamp", "")),
        "api_key": _text(params, "api-key"),
        "timestamp": whole_number(params.get("timestamp", "")),
        "nonce": _text(params, "nonce"),
        "sig": _text(params, "sig"),
        "params": params,
        "raw": raw,
    }


def concat_fields(message: InboundMessage) -> InboundConcatenation | None:
    """What the concat fields of a message tell of its place, or None."""
    total, part = message.concat_total or 0, message.concat_part or 0
    if not message.concat or not 1 <= part <= total <= 255:
        return None
    return InboundConcatenation(message.concat_ref, total, part)


def _text(params: Mapping[str, str], name: str) -> str:
    """A text that can be stored and printed: JSON can bring lone surrogates, and the sender may have cut a pair."""
    text = params.get(name, "")
    if SURROGATE.search(text):
        return ucs2.decode(ucs2.encode(text, errors="surrogatepass"), errors="replace")
    return text


def _octets(params: Mapping[str, str], name: str) -> bytes | None:
    text = params.get(name)
    return bytes.fromhex(text) if text is not None and _HEX.fullmatch(text) else None


def _minutes(text: str) -> datetime | None:
    """``YYMMDDHHMM`` in no stated zone."""
    if not _MINUTES.fullmatch(text):
        return None
    try:
        year, month, day, hour, minute = (int(text[place : place + 2]) for place in range(0, 10, 2))
        return datetime(2000 + year, month, day, hour, minute)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    """``YYYY-MM-DD HH:MM:SS`` in UTC, or ISO 8601 with or without an offset."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _header_concatenation(udh: bytes | None) -> InboundConcatenation | None:
    concatenation = UserDataHeader.from_bytes(udh or b"").concatenation
    if concatenation is None:
        return None
    width = 16 if concatenation.wide else 8
    reference = f"{concatenation.reference} of {width} bits"
    return InboundConcatenation(reference, concatenation.total, concatenation.sequence)
