"""What the service calls back with: delivery receipts and inbound messages, from the parts of an HTTP request.

Functions of their input, for any web framework. A single field that makes no sense is None, and its text stays in
``params``. Nothing here checks a signature: ``verify(webhook.params, …)`` does, and should before anything is believed.
The service repeats a webhook that got no answer, so the same one may come many times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, Self

from smscodec import ucs2
from smscodec._checks import Octets
from smscodec._values import TypedValue
from smscodec.udh import UserDataHeader
from smscodec.vonage.statuses import DELIVERY_ERRORS, StatusInfo
from smscodec.vonage.webhook_params import MESSAGES_API, read_params
from smscodec.vonage.wire import SURROGATE, plain_decimal, whole_number

__all__ = [
    "DeliveryReceipt", "EmptyWebhook", "InboundConcatenation", "InboundMessage", "UnknownWebhook", "Webhook",
    "parse_webhook",
]  # fmt: skip

_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)
_MINUTES: Final = re.compile(r"[0-9]{10}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII
)
_FINAL: Final = {
    "accepted": False, "buffered": False, "delivered": True, "expired": True, "failed": True, "rejected": True,
}  # fmt: skip


class _Webhook(TypedValue):
    """A dataclass whose fields are read from parameters, each by the reader of its name."""

    __slots__ = ()

    @classmethod
    def from_params(cls, params: Mapping[str, str], *, raw: bytes = b"") -> Self:
        """The webhook that decoded parameters make; ``raw`` is what they were read from."""
        names = [each.name for each in fields(cls) if each.name not in _NO_PARAMETERS]  # type: ignore[arg-type]  # dataclasses
        wire = {name: params.get(_WIRE_NAMES.get(name, name.replace("_", "-"))) for name in names}
        values: dict[str, Any] = {name: _READERS.get(name, _text)(text) for name, text in wire.items()}
        return cls(**values, **{"params": params, "raw": raw})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt(_Webhook):
    """What became of a message that was sent.

    ``to`` is the sender you gave and ``msisdn`` the recipient. ``status`` is the service's word. ``scts`` is the time
    of the network, naive because its zone is not stated; ``message_timestamp`` is in UTC. A text that did not come is
    empty, any other field None. ``params`` is what ``verify`` takes; ``raw`` the octets it was read from.

    >>> receipt = parse_webhook("GET", "messageId=0A01&status=rejected&err-code=6", None, b"")
    >>> receipt.is_final, receipt.error.name
    (True, 'Anti-Spam Rejection')
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
        """Whether this is the last receipt; None for ``unknown`` and words that are not listed."""
        return _FINAL.get(self.status)

    @property
    def error(self) -> StatusInfo | None:
        """What ``err_code`` means, or None for one that is missing or not listed."""
        return None if self.err_code is None else DELIVERY_ERRORS.get(self.err_code)


class InboundConcatenation(NamedTuple):
    """The place of an inbound message in a longer one: part ``part`` of ``total``, under the sender's ``reference``."""

    reference: str
    total: int
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage(_Webhook):
    """A message that was sent to one of your numbers, or one part of it.

    ``msisdn`` is the sender and ``to`` your number. ``type`` is text, unicode or binary; a binary message has ``data``
    and may have ``udh``. ``text`` has U+FFFD where the sender cut a surrogate pair. ``parts`` are the messages of which
    an ``InboundAssembler`` made this one, and the other fields are then those of the first part. A text that did not
    come is empty, any other field None. ``params`` is what ``verify`` takes; ``raw`` the octets it was read from.

    >>> parse_webhook("GET", "messageId=0B01&msisdn=447700900001&to=447700900000&text=Hello", "", b"").text
    'Hello'
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

        It is read from the concat fields, or without them from a concatenation element in ``udh``. Impossible numbers
        count as absent.
        """
        if self.parts:
            return None
        return concat_fields(self) or _header_concatenation(self.udh)

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes; ``type`` is the class and ``message_type`` the field."""
        return {**TypedValue.as_dict(self), "type": type(self).__name__, "message_type": self.type}


@dataclass(frozen=True, slots=True)
class EmptyWebhook(TypedValue):
    """A request without parameters: the service, or a person, checks that the URL answers. Answer it with 200.

    >>> parse_webhook("GET", "", None, b"")
    EmptyWebhook()
    """

    params: Mapping[str, str] = field(repr=False, hash=False)
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnknownWebhook(TypedValue):
    """A request that can be read and is neither a delivery receipt nor an inbound message; ``reason`` says why.

    >>> print(parse_webhook("POST", "", "application/json", b'{"message_uuid": "1", "status": "delivered"}').reason)
    a webhook of the Messages API (it has message_uuid); for the SMS API, choose it in the account's settings
    """

    reason: str
    params: Mapping[str, str] = field(repr=False, hash=False)
    raw: bytes = field(repr=False)


Webhook = DeliveryReceipt | InboundMessage | EmptyWebhook | UnknownWebhook
"""Any webhook that can be read."""

_INBOUND_NAMES: Final = frozenset({"text", "type", "keyword", "data"})
_OF_MESSAGES_API: Final = (
    "a webhook of the Messages API (it has message_uuid); for the SMS API, choose it in the account's settings"
)
_NEITHER: Final = (
    "neither a delivery receipt (messageId and status) nor an inbound message (messageId, msisdn and text, type, "
    "keyword or data)"
)


def parse_webhook(
    method: str,
    query: str | bytes | None,
    content_type: str | None,
    body: Octets | str | None,
    *,
    own: Iterable[str] = (),
) -> Webhook:
    """Read a webhook: GET with a ``query``, or POST with a form or JSON in ``body``.

    ``query`` is the part of the URL after the question mark, still escaped; query and body may be texts or octets, and
    None for any of them or for ``content_type`` counts as empty. With POST the query is the receiver's own and is not
    read; with GET, ``own`` names the receiver's own parameters, which are left out of ``params``.

    A request with ``messageId`` and ``status`` is a ``DeliveryReceipt``; one with ``messageId``, ``msisdn`` and one of
    text, type, keyword and data is an ``InboundMessage``; one without parameters is an ``EmptyWebhook``, and any other
    an ``UnknownWebhook``. Lists and objects in JSON under names that are not known are passed over and stay in ``raw``.

    Raises ``MalformedWebhook`` for another method or content type, a GET with a body, a repeated parameter, a broken
    percent escape, octets that are not UTF-8, JSON that is not an object, a known field that is a list or an object,
    more than 100 parameters, and more than 262,144 octets; ``TypeError`` for arguments of another type.

    >>> receipt = parse_webhook("GET", "hook=7&messageId=0A01&status=delivered", None, b"", own=["hook"])
    >>> receipt.status, receipt.params
    ('delivered', {'messageId': '0A01', 'status': 'delivered'})
    """
    names = frozenset((own,) if isinstance(own, str) else own)
    content_type = content_type or ""
    for name, text in [("method", method), ("content_type", content_type), *(("own", each) for each in names)]:
        if not isinstance(text, str):
            raise TypeError(f"{name} must be str, not {type(text).__name__}")
    params, raw = read_params(method, _octets("query", query), content_type, _octets("body", body), names)
    if not params:
        return EmptyWebhook(params, raw)
    if MESSAGES_API in params:
        return UnknownWebhook(_OF_MESSAGES_API, params, raw)
    if "messageId" in params and "status" in params:
        return DeliveryReceipt.from_params(params, raw=raw)
    if {"messageId", "msisdn"} <= params.keys() and _INBOUND_NAMES & params.keys():
        return InboundMessage.from_params(params, raw=raw)
    return UnknownWebhook(_NEITHER, params, raw)


def _octets(name: str, given: object) -> bytes:
    """The octets of a query or body: frameworks hand over octets, text, or nothing."""
    if isinstance(given, str):
        return given.encode("utf-8", "surrogatepass")  # half a pair is refused where UTF-8 is read
    if given is not None and not isinstance(given, bytes | bytearray | memoryview):
        raise TypeError(f"{name} must be bytes, str or None, not {type(given).__name__}")
    return bytes(given or b"")


# Fields ---------------------------------------------------------------------------------------------------------------


def concat_fields(message: InboundMessage) -> InboundConcatenation | None:
    """The place of a message by its concat fields, or None."""
    total, part = message.concat_total or 0, message.concat_part or 0
    if not message.concat or not 1 <= part <= total <= 255:
        return None
    return InboundConcatenation(message.concat_ref, total, part)


def _header_concatenation(udh: bytes | None) -> InboundConcatenation | None:
    concatenation = UserDataHeader.from_bytes(udh or b"").concatenation
    if concatenation is None:
        return None
    width = 16 if concatenation.wide else 8
    reference = f"{concatenation.reference} of {width} bits"
    return InboundConcatenation(reference, concatenation.total, concatenation.sequence)


def _text(text: str | None) -> str:
    """A text that can be stored and printed: JSON can hold lone surrogates, where the sender cut a pair."""
    if text and SURROGATE.search(text):
        return ucs2.decode(ucs2.encode(text, errors="surrogatepass"), errors="replace")
    return text or ""


def _flag(text: str | None) -> bool:
    return (text or "").strip().lower() == "true"


def _octets_of(digits: str | None) -> bytes | None:
    return bytes.fromhex(digits) if digits is not None and _HEX.fullmatch(digits) else None


def _minutes(text: str | None) -> datetime | None:
    """``YYMMDDHHMM`` in no stated zone."""
    if not text or not _MINUTES.fullmatch(text):
        return None
    try:
        year, month, day, hour, minute = (int(text[place : place + 2]) for place in range(0, 10, 2))
        return datetime(2000 + year, month, day, hour, minute)
    except ValueError:
        return None


def _instant(text: str | None) -> datetime | None:
    """``YYYY-MM-DD HH:MM:SS`` in UTC, or ISO 8601 with or without an offset."""
    if not text or not _INSTANT.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_NO_PARAMETERS: Final = frozenset({"params", "raw", "parts"})
_WIRE_NAMES: Final = {"message_id": "messageId"}
"""The names of parameters that are not those of their fields with hyphens."""
_READERS: Final[Mapping[str, Callable[[str | None], object]]] = {
    "price": plain_decimal,
    "scts": _minutes,
    "err_code": whole_number,
    "message_timestamp": _instant,
    "timestamp": whole_number,
    "concat": _flag,
    "concat_total": whole_number,
    "concat_part": whole_number,
    "data": _octets_of,
    "udh": _octets_of,
}
"""How fields are read that are not texts."""
