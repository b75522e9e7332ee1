"""The service's reply to a request: JSON or XML octets to a ``SendResult``, and the errors it raises for refusals.

A function of its input. The content says whether it is JSON or XML. Everything that is not one complete reply of
the service is one error, ``MalformedResponse``; a status that is not listed is not an error.
"""

# ruff: noqa: N818  # the contract names the errors

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Final
from xml.etree import ElementTree

from smscodec._checks import Octets, octets
from smscodec._strict_json import StrictJsonError, read_json
from smscodec._values import Value, plain
from smscodec.vonage.errors import MalformedResponse, VonageError
from smscodec.vonage.statuses import STATUSES, StatusInfo
from smscodec.vonage.wire import plain_decimal, whole_number

__all__ = [
    "MAX_RESPONSE", "PartialFailure", "SendError", "SendResult", "SentPart", "Throttled", "parse_response",
    "throttle_wait",
]  # fmt: skip

MAX_RESPONSE: Final = 1 << 20
"""Octets of the longest reply that is read; the longest message gets some 20 KiB."""

_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


@dataclass(frozen=True, slots=True)
class SentPart(Value):
    """One segment of the message in the reply.

    ``status`` is 0 where it was accepted. What the reply did not say is None, or an empty text; ``error_text`` is in
    the service's own words, which may quote the request. ``other`` holds further fields by their names, and the text
    of a price or balance that is not a number, which is None then.

    >>> SentPart(2).info.name
    'Missing Parameters'
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
class SendResult(Value):
    """The reply: a part for each segment.

    >>> result = parse_response(b'{"message-count": "1", "messages": [{"status": "0", "message-price": "0.03"}]}')
    >>> len(result.accepted), result.total_price
    (1, Decimal('0.03'))
    """

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

    def as_dict(self) -> dict[str, Any]:
        """The ``parts`` and the ``total_price`` in types that ``json.dumps`` takes."""
        return {"parts": plain(self.parts), "total_price": plain(self.total_price)}

    def raise_for_status(self) -> None:
        """Return if every part was accepted.

        Raises ``PartialFailure`` if some were, else ``SendError``, or ``Throttled``, for the first part's status.
        """
        if not self.rejected:
            return
        if self.accepted:
            raise PartialFailure(self)
        raise (Throttled if self.parts[0].status == 1 else SendError)(self)


class SendError(VonageError):
    """The service refused the message.

    ``status`` is its number and ``name`` the name of that status; ``meaning`` and ``resolution`` say what it is and
    what to do about it (all three are empty for a status that is not listed). ``text`` is in the service's own words,
    which may quote the request and so are not printed; ``result`` is the whole SendResult.

    >>> error = SendError(SendResult((SentPart(9),)))
    >>> print(error)
    status 9, Partner Quota Violation: The account's credit does not cover the message. Add credit, then send again.
    """

    def __init__(self, result: SendResult) -> None:
        part = result.rejected[0]
        info = part.info or StatusInfo("", "")
        described = f"{info.name}: {info.description} {info.resolution}" if part.info else "a status that is not listed"
        super().__init__(f"status {part.status}, {described}")
        self.status = part.status
        self.name = info.name
        self.meaning = info.description
        self.resolution = info.resolution
        self.text = part.error_text
        self.result = result


class Throttled(SendError):
    """Status 1: sent faster than the account may. ``wait`` is the time to wait in seconds, 1 where none was stated.

    >>> text = "Throughput Rate Exceeded - please wait [ 702 ] and retry"
    >>> Throttled(SendResult((SentPart(1, error_text=text),))).wait
    0.702
    """

    def __init__(self, result: SendResult) -> None:
        super().__init__(result)
        stated = throttle_wait(self.text)
        self.wait = 1.0 if stated is None else stated


class PartialFailure(VonageError):
    """Some segments of one message were accepted and others were not; the client never repeats such a message.

    ``accepted`` and ``rejected`` are the parts of the reply, ``result`` the whole SendResult.

    >>> SendResult((SentPart(0), SentPart(9))).raise_for_status()
    Traceback (most recent call last):
        ...
    smscodec.vonage.response.PartialFailure: 1 of 2 segments were accepted
    """

    def __init__(self, result: SendResult) -> None:
        super().__init__(f"{len(result.accepted)} of {len(result.parts)} segments were accepted")
        self.result = result
        self.accepted = result.accepted
        self.rejected = result.rejected


_MILLISECONDS: Final = r"\[\s*([0-9]{1,9})\s*\]"
_PLEASE_WAIT: Final = re.compile(rf"wait\s*{_MILLISECONDS}", re.ASCII | re.IGNORECASE)
_INTERVAL: Final = re.compile(
    rf"INTERVAL\s*{_MILLISECONDS}.{{0,200}}?TIME_SINCE_LAST_INTERVAL_START\s*{_MILLISECONDS}", re.ASCII | re.DOTALL
)


def throttle_wait(text: str) -> float | None:
    """The seconds to wait after status 1, which stand in the reply's text alone, or None where it states none."""
    if wait := _PLEASE_WAIT.search(text):
        return int(wait[1]) / 1000
    if interval := _INTERVAL.search(text):
        return max(0, int(interval[1]) - int(interval[2])) / 1000
    return None


# Reading --------------------------------------------------------------------------------------------------------------


def parse_response(body: Octets, *, content_type: str | None = None) -> SendResult:
    """Read a reply.

    ``content_type`` is the header's value, if there was one: it only tells an HTML page from a broken reply. Raises
    ``MalformedResponse`` for everything that is not one complete reply: an empty body, HTML, another JSON document,
    a value of the wrong type, a part without status, a number of messages that contradicts the parts, XML with a
    DOCTYPE, more than ``MAX_RESPONSE`` octets. ``TypeError`` for a body that is not octets.

    >>> parse_response(b'{"messages": [{"status": 4, "error-text": "Bad Credentials"}]}').rejected[0].status
    4
    """
    body = bytes(octets(body, "body"))
    try:
        return _result(*_read(body, content_type or ""))
    except (_RefusedError, StrictJsonError) as error:
        reason = str(error)
    # raised out here, so that no inner error hangs on it as its context
    raise MalformedResponse(f"the response is not a reply of the SMS API: {reason}", body=body)


class _RefusedError(ValueError):
    """Why a response is malformed; never quotes it."""


def _read(body: bytes, content_type: str) -> tuple[str | None, list[dict[str, str]]]:
    """The number of messages, if stated, and the fields of each message by their JSON names."""
    if len(body) > MAX_RESPONSE:
        raise _RefusedError(f"it has more than {MAX_RESPONSE} octets")
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not start:
        raise _RefusedError("it is empty")
    if start.startswith(b"<") or start.startswith(_UTF16_MARKS):
        return _from_xml(body, content_type)
    return _from_json(read_json(body))


def _result(count: str | None, messages: list[dict[str, str]]) -> SendResult:
    if not messages:
        raise _RefusedError("it has no message")
    if count is not None and whole_number(count) != len(messages):
        raise _RefusedError("the number of messages that it states is not the number it has")
    return SendResult(tuple(_part(message) for message in messages))


def _from_json(document: object) -> tuple[str | None, list[dict[str, str]]]:
    if not isinstance(document, dict):
        raise _RefusedError("it is not a JSON object")
    messages = document.get("messages")
    if not isinstance(messages, list):
        raise _RefusedError("it has no list of messages")
    return _scalar(document.get("message-count")), [_fields(message) for message in messages]


def _fields(message: object) -> dict[str, str]:
    if not isinstance(message, dict):
        raise _RefusedError("a message is not a JSON object")
    texts = {name: _scalar(value) for name, value in message.items() if name in _NAMES or isinstance(value, str)}
    return {name: text for name, text in texts.items() if text is not None}


def _scalar(value: object) -> str | None:
    # numbers come as their text; no field is true or false
    if value is not None and not isinstance(value, str):
        raise _RefusedError("a value is of the wrong type")
    return value


_NAMES: Final = frozenset(each.name.replace("_", "-") for each in fields(SentPart)) - {"other"}
_PRICES: Final = ("remaining-balance", "message-price")


def _part(message: Mapping[str, str]) -> SentPart:
    known: dict[str, Any] = {name: text for name, text in message.items() if name in _NAMES}
    other = {name: text for name, text in message.items() if name not in _NAMES}
    known["status"] = whole_number(message.get("status"))
    if known["status"] is None:
        raise _RefusedError("the status of a message is missing, or not a whole number")
    for name in _PRICES:
        known[name] = plain_decimal(message.get(name))
        # A price that is not a number is kept as text: the message was accepted or refused all the same, under its id.
        if known[name] is None and message.get(name, "").strip():
            other[name] = message[name]
    return SentPart(**{name.replace("-", "_"): value for name, value in known.items()}, other=other)


# XML ------------------------------------------------------------------------------------------------------------------


class _Builder(ElementTree.TreeBuilder):
    """Accepts no document type, in whatever encoding, so there are no entities to expand."""

    def doctype(self, *_: object) -> None:
        """Called by the parser where it begins."""
        raise _RefusedError


def _from_xml(octets: bytes, content_type: str) -> tuple[str | None, list[dict[str, str]]]:
    try:
        root = ElementTree.fromstring(octets, ElementTree.XMLParser(target=_Builder()))
        return _from_tree(root)
    except (_RefusedError, ElementTree.ParseError, LookupError, ValueError):
        # LookupError is what an unknown encoding raises, ValueError an unusable one, or not exactly one list
        kind = "HTML" if "html" in content_type.lower() else "XML of another kind"
        raise _RefusedError(f"it is {kind}") from None


def _from_tree(root: ElementTree.Element) -> tuple[str | None, list[dict[str, str]]]:
    (messages,) = root.findall("{*}messages")
    if root.tag.rpartition("}")[2] != "mt-submission-response":
        raise _RefusedError
    return messages.get("count"), [_xml_fields(message) for message in messages.findall("{*}message")]


def _xml_fields(message: ElementTree.Element) -> dict[str, str]:
    texts: dict[str, str] = {}
    for element in message:
        name = _json_name(element.tag.rpartition("}")[2])
        if name in texts or (name in _NAMES and len(element)):
            raise _RefusedError  # twice there, or with an element inside of a text
        texts[name] = (element.text or "").strip()
    return texts


def _json_name(element: str) -> str:
    """The JSON form of an element's name: both ``messageId`` and ``message-id`` are seen in XML."""
    hyphenated = re.sub(r"(?<=[a-z])[A-Z]", lambda letter: f"-{letter[0].lower()}", element)
    return hyphenated if hyphenated in _NAMES else element
