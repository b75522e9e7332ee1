"""The service's reply to a request: JSON or XML octets to a ``SendResult``.

A function of its input. Whether it is JSON or XML is told by the content. Everything that is not one complete reply of
the service is one error, ``MalformedResponse``; a status that nobody has listed is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from smscodec._strict_json import StrictJsonError, read_json
from smscodec.vonage.errors import SEND_ERRORS, MalformedResponse, PartialFailure, SendError, Throttled
from smscodec.vonage.numerals import plain_decimal, whole_number
from smscodec.vonage.reply_xml import read_reply_xml
from smscodec.vonage.statuses import STATUSES, StatusInfo, throttle_wait

__all__ = ["MAX_RESPONSE", "SendResult", "SentPart", "parse_response"]

MAX_RESPONSE: Final = 1 << 20
"""Octets of the longest reply that is read; the longest message gets some 20 KiB."""

_UNSTATED_WAIT: Final = 1.0
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


@dataclass(frozen=True, slots=True)
class SentPart:
    """One segment of the message, as the reply tells of it.

    ``status`` is 0 where it was accepted. What the reply did not say is None, or an empty text;
    ``error_text`` is the service's own and may quote the request. ``other`` holds further fields by their names, and
    the text of a price or balance that is no number, which is None then.
    """

    status: int
    message_id: str = ""
    to: str = field(default="", repr=False)
    network: str = ""
    remaining_balance: Decimal | None = None
    message_price: Decimal | None = None
    error_text: str = field(default="", repr=False)
    client_ref: str = field(default="", repr=False)
    account_ref: str = field(default="", repr=False)
    other: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def info(self) -> StatusInfo | None:
        """What the status means, or None for one that is not listed."""
        return STATUSES.get(self.status)


@dataclass(frozen=True, slots=True)
class SendResult:
    """The reply: a part for each segment."""

    parts: tuple[SentPart, ...]

    @property
    def accepted(self) -> tuple[SentPart, ...]:
        """The parts with status 0."""
        return tuple(part for part in self.parts if part.status == 0)

    @property
    def rejected(self) -> tuple[SentPart, ...]:
        """The parts with any other status."""
        return tuple(part for part in self.parts if part.status != 0)

    @property
    def total_price(self) -> Decimal | None:
        """The sum of the prices that the reply states, or None where it states none."""
        prices = [part.message_price for part in self.parts if part.message_price is not None]
        return sum(prices, Decimal(0)) if prices else None

    def raise_for_status(self) -> None:
        """Return if every part was accepted.

        Raises ``PartialFailure`` if some were, else the ``SendError`` of the first part's status.
        """
        rejected = self.rejected
        if not rejected:
            return
        if len(rejected) < len(self.parts):
            raise PartialFailure(self)
        raise _send_error(self, rejected[0])


def parse_response(body: bytes, *, content_type: str | None = None) -> SendResult:
    """Read a reply.

    ``content_type`` is the header's value, if there was one: it only tells an HTML page from a broken reply. Raises
    ``MalformedResponse`` for everything that is not one complete reply: an empty body, HTML, another JSON document,
    a value of the wrong type, a part without status, a number of messages that contradicts the parts, XML with a
    DOCTYPE, more than ``MAX_RESPONSE`` octets.
    """
    octets = bytes(body)
    try:
        return _result(*_read(octets, content_type or ""))
    except (_RefusedError, StrictJsonError) as error:
        reason = str(error)
    # raised out here, so that no inner error hangs on it as its context
    raise MalformedResponse(f"the response is no reply of the SMS API: {reason}", body=octets)


class _RefusedError(ValueError):
    """Why a response is malformed; never quotes it."""


def _read(octets: bytes, content_type: str) -> tuple[str | None, list[Mapping[str, str]]]:
    """The number of messages, if stated, and the fields of each message."""
    if len(octets) > MAX_RESPONSE:
        raise _RefusedError(f"it has more than {MAX_RESPONSE} octets")
    start = octets.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not start:
        raise _RefusedError("it is empty")
    if start.startswith(b"<") or start.startswith(_UTF16_MARKS):
        reply = read_reply_xml(octets)
        if reply is None:
            raise _RefusedError("it is HTML" if "html" in content_type.lower() else "it is not the XML of a reply")
        return reply
    return _from_json(read_json(octets))


def _result(count: str | None, messages: list[Mapping[str, str]]) -> SendResult:
    if not messages:
        raise _RefusedError("it tells of no message")
    if count is not None and _whole_number(count, "the number of messages") != len(messages):
        raise _RefusedError("it holds another number of messages than it says")
    return SendResult(tuple(_part(message) for message in messages))


def _from_json(document: object) -> tuple[str | None, list[Mapping[str, str]]]:
    if not isinstance(document, dict):
        raise _RefusedError("it is no JSON object")
    messages = document.get("messages")
    if not isinstance(messages, list):
        raise _RefusedError("it has no list of messages")
    return _scalar(document.get("message-count")), [_fields(message) for message in messages]


def _fields(message: object) -> dict[str, str]:
    if not isinstance(message, dict):
        raise _RefusedError("a message is no JSON object")
    texts = {name: _scalar(value) for name, value in message.items() if name in _NAMES or isinstance(value, str)}
    return {name: text for name, text in texts.items() if text is not None}


def _scalar(value: object) -> str | None:
    # numbers come as their text; true and false are no value that any field has
    if value is not None and not isinstance(value, str):
        raise _RefusedError("a value is of the wrong type")
    return value


_NAMES: Final = {
    "status": "status",
    "message-id": "message_id",
    "to": "to",
    "network": "network",
    "remaining-balance": "remaining_balance",
    "message-price": "message_price",
    "error-text": "error_text",
    "client-ref": "client_ref",
    "account-ref": "account_ref",
}


def _part(message: Mapping[str, str]) -> SentPart:
    known = {field_name: message.get(name, "") for name, field_name in _NAMES.items()}
    if not known["status"]:
        raise _RefusedError("a message has no status")
    return SentPart(
        status=_whole_number(known["status"], "a status"),
        message_id=known["message_id"],
        to=known["to"],
        network=known["network"],
        remaining_balance=plain_decimal(known["remaining_balance"]),
        message_price=plain_decimal(known["message_price"]),
        error_text=known["error_text"],
        client_ref=known["client_ref"],
        account_ref=known["account_ref"],
        other={name: text for name, text in message.items() if name not in _NAMES or _is_no_price(name, text)},
    )


def _whole_number(text: str, what: str) -> int:
    number = whole_number(text)
    if number is None:
        raise _RefusedError(f"{what} is no whole number")
    return number


def _is_no_price(name: str, text: str) -> bool:
    """Whether it should be a price and is none. The message was accepted or refused all the same, under its id."""
    return name in {"message-price", "remaining-balance"} and bool(text.strip()) and plain_decimal(text) is None


def _send_error(result: SendResult, part: SentPart) -> SendError:
    info = part.info
    name = info.name if info else ""
    described = f"{name}: {info.description} {info.resolution}" if info else "a status that is not listed"
    message = f"status {part.status}, {described}"
    if part.status == 1:
        stated = throttle_wait(part.error_text)
        wait = _UNSTATED_WAIT if stated is None else stated
        return Throttled(message, status=1, name=name, text=part.error_text, result=result, wait=wait)
    error = SEND_ERRORS.get(part.status, SendError)
    return error(message, status=part.status, name=name, text=part.error_text, result=result)
