"""Service Indication: the value, and its binary XML both ways.

Knows the vocabulary of Service Indication, which is what the numbers of its WBXML mean, and nothing of WSP or ports.

Reference: WAP-167-ServiceInd, 5, 6 and 9
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from typing import Any, Final

from smscodec import _values
from smscodec.errors import DecodeError, FieldError, UnencodableError
from smscodec.wap._wbxml import END, INLINE_STRING, OPAQUE, Attribute, Element, Opaque, Reader, Value

__all__ = ["Action", "ServiceIndication", "read_document", "utf_8"]


class Action(IntEnum):
    """What the handset does with an indication; the values are the attribute start codes.

    >>> ServiceIndication(text="News", action=Action.SIGNAL_HIGH).as_dict()["action"]
    'SIGNAL_HIGH'

    Reference: WAP-167-ServiceInd, 5.2.1
    """

    SIGNAL_NONE = 0x05
    SIGNAL_LOW = 0x06
    SIGNAL_MEDIUM = 0x07
    SIGNAL_HIGH = 0x08
    DELETE = 0x09


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceIndication(_values.Value):
    """A message that points to a resource: ``text`` for the user, ``href`` for the handset.

    ``si_id`` tells indications apart where one replaces or deletes another; ``created`` and ``expires`` are aware
    times, whole seconds; ``information`` are the class and the text of each extra item. Raises ``FieldError`` for a
    time without a zone, an unknown action, items that are not pairs and a NUL in a text, ``UnencodableError`` at a lone
    surrogate, and ``TypeError`` for a text that is not a str.

    >>> ServiceIndication(text="News", href="http://a.example/").identity
    'http://a.example/'

    Reference: WAP-167-ServiceInd, 5.2
    """

    text: str
    href: str | None = None
    action: Action = Action.SIGNAL_MEDIUM
    si_id: str | None = None
    created: datetime | None = None
    expires: datetime | None = None
    information: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.action not in tuple(Action):
            raise FieldError("action", f"expected an Action, got {self.action!r}")
        object.__setattr__(self, "action", Action(self.action))
        object.__setattr__(self, "information", _pairs(self.information))
        for name in ("created", "expires"):
            object.__setattr__(self, name, _whole_seconds(name, getattr(self, name)))
        optional = [(name, text) for name in ("href", "si_id") if (text := getattr(self, name)) is not None]
        items = [("information", text) for item in self.information for text in item]
        for name, text in [("text", self.text), *optional, *items]:
            _check_text(name, text)

    @property
    def identity(self) -> str | None:
        """What tells this indication from others: ``si_id``, or ``href`` in its stead."""
        return self.href if self.si_id is None else self.si_id

    def to_wbxml(self) -> bytes:
        """The indication as binary XML: WBXML 1.2, SI 1.0, UTF-8, no string table.

        Reference: WAP-167-ServiceInd, 9
        """
        return b"".join(_document(self))


_SI_1_0: Final = 0x05
_UNKNOWN_PUBLIC_ID: Final = (0x00, 0x01)  # in the string table; unknown or missing
_VERSIONS: Final = frozenset({0x01, 0x02, 0x03})

_SI, _INDICATION, _INFO, _ITEM = 0x05, 0x06, 0x07, 0x08
_CREATED, _HREF, _SI_EXPIRES, _SI_ID, _CLASS = 0x0A, 0x0B, 0x10, 0x11, 0x12
# Longer beginnings first, so that the longest that fits is taken.
_HREF_STARTS: Final = {0x0F: "https://www.", 0x0D: "http://www.", 0x0E: "https://", 0x0C: "http://", _HREF: ""}
_HREF_PARTS: Final = {0x85: ".com/", 0x86: ".edu/", 0x87: ".net/", 0x88: ".org/"}
_HREF_PART_CODES: Final = {part: code for code, part in _HREF_PARTS.items()}
_ATTRIBUTES: Final[dict[int, str]] = {
    **dict.fromkeys(_HREF_STARTS, "href"),
    _SI_ID: "si_id",
    _CREATED: "created",
    _SI_EXPIRES: "expires",
    _CLASS: "class",
    **dict.fromkeys(Action, "action"),
}


def _whole_seconds(name: str, moment: object) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        raise FieldError(name, f"expected a datetime, got {moment!r}")
    if moment.utcoffset() is None:
        raise FieldError(name, "the datetime has no time zone: give it a tzinfo")
    try:
        return _in_utc(moment).replace(microsecond=0)
    except OverflowError:
        raise FieldError(name, "in UTC the year is outside 1–9999") from None


def _in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, which a moment without a zone is taken to be in already; never the machine's zone."""
    offset = moment.utcoffset() or timedelta(0)
    return (moment.replace(tzinfo=None) - offset).replace(tzinfo=UTC)


def _pairs(information: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    items = tuple(information)
    pairs = tuple(map(tuple, items))
    if any(isinstance(item, str) or len(pair) != 2 for item, pair in zip(items, pairs, strict=True)):
        raise FieldError("information", "expected pairs of a class and a text")
    return pairs


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{name} must be str, not {type(text).__name__}")
    if "\0" in text:
        raise FieldError(name, "must not contain NUL, which would end the text")
    utf_8(text)


def utf_8(text: str) -> bytes:
    """Text as UTF-8; raises ``UnencodableError`` at a lone surrogate."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnencodableError.over_first(error, "utf-8", "surrogates not allowed") from None


# Writing


def _document(indication: ServiceIndication) -> Iterator[bytes]:
    """The pieces of the document in their order."""
    yield bytes([0x02, _SI_1_0, 0x6A, 0x00, _SI | 0x40, _INDICATION | 0xC0])
    yield from _attributes(indication)
    yield bytes([END])
    yield from _inline(indication.text)
    yield bytes([END])
    if indication.information:
        yield bytes([_INFO | 0x40])
        for kind, text in indication.information:
            yield bytes([_ITEM | 0xC0, _CLASS])
            yield from _inline(kind)
            yield bytes([END])
            yield from _inline(text)
            yield bytes([END])
        yield bytes([END])
    yield bytes([END])


def _attributes(indication: ServiceIndication) -> Iterator[bytes]:
    if indication.href is not None:
        start, beginning = next((code, text) for code, text in _HREF_STARTS.items() if indication.href.startswith(text))
        yield bytes([start])
        for part in re.split(r"(\.com/|\.edu/|\.net/|\.org/)", indication.href[len(beginning) :]):
            code = _HREF_PART_CODES.get(part)
            yield from _inline(part) if code is None else [bytes([code])]
    if indication.si_id is not None:
        yield bytes([_SI_ID])
        yield from _inline(indication.si_id)
    for start, moment in ((_CREATED, indication.created), (_SI_EXPIRES, indication.expires)):
        if moment is not None:
            digits = bytes.fromhex(f"{moment.year:04}{moment:%m%d%H%M%S}").rstrip(b"\0")
            yield bytes([start, OPAQUE, len(digits)]) + digits
    if indication.action is not Action.SIGNAL_MEDIUM:  # which is the default
        yield bytes([indication.action])


def _inline(text: str) -> Iterator[bytes]:
    if text:
        yield bytes([INLINE_STRING]) + utf_8(text) + b"\0"


# Reading


def read_document(reader: Reader) -> ServiceIndication:
    """Read the document that ``reader`` stands before; what follows it is left.

    Of attributes and elements that repeat, the first counts. ``reader.strict`` raises ``DecodeError`` for these, for
    attributes, elements, text and pieces of a value where the vocabulary has none, for a time that cannot be read, and
    for a WBXML version above 1.3. Another document raises it in either reading.
    """
    start = reader.position
    document = reader.document((_SI_1_0, *_UNKNOWN_PUBLIC_ID))
    if reader.strict and document.version not in _VERSIONS:
        raise DecodeError("wbxml.version", start, f"expected WBXML 1.1 to 1.3, found 0x{document.version:02X}")
    return _Vocabulary(reader).read(document.root)


class _Vocabulary:
    """Reads elements by what their numbers mean."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, root: Element) -> ServiceIndication:
        if root.tag != _SI:
            raise DecodeError("si", root.offset, f"expected an si element, found 0x{root.tag:02X}")
        found: dict[int, Element] = {}
        for element in self._children(root, {_INDICATION, _INFO}):
            if found.setdefault(element.tag, element) is not element:
                self._refuse("si.element", element.offset, f"a second element 0x{element.tag:02X}")
        if _INDICATION not in found:
            raise DecodeError("si", root.offset, "the indication is missing")
        items = self._children(found[_INFO], {_ITEM}) if _INFO in found else []
        indication = found[_INDICATION]
        fields = self._attributes(indication, {"href", "si_id", "created", "expires", "action"})
        information = tuple((self._class(item), self._content(item)) for item in items)
        return ServiceIndication(text=self._content(indication), information=information, **fields)

    def _attributes(self, element: Element, known: AbstractSet[str]) -> dict[str, Any]:
        """The attributes of these names, the first of each."""
        found: dict[str, Any] = {}
        for attribute in element.attributes:
            name = _ATTRIBUTES.get(attribute.start, "")
            if name not in known:
                self._refuse("si.attribute", attribute.offset, f"0x{attribute.start:02X} does not belong here")
            elif name in found:
                self._refuse("si.attribute", attribute.offset, f"a second {name}")
            else:
                found[name] = self._attribute(name, attribute)
        return found

    def _attribute(self, name: str, attribute: Attribute) -> str | Action | datetime | None:
        field, values, offset = f"si.{name}", attribute.values, attribute.offset
        if name == "action":
            if values:
                self._refuse(field, offset, "the action has a value, and takes none")
            return Action(attribute.start)
        if name in ("created", "expires"):
            return self._time(values, field, offset)
        return _HREF_STARTS.get(attribute.start, "") + self._text(values, field, offset)

    def _class(self, item: Element) -> str:
        attributes = self._attributes(item, {"class"})
        if not attributes:
            self._refuse("si.class", item.offset, "the class is missing")
        return str(attributes.get("class", ""))

    def _children(self, parent: Element, known: AbstractSet[int]) -> list[Element]:
        """The elements of these tags in an element that holds nothing else."""
        self._attributes(parent, set())
        children, text = self._parted(parent)
        if text.strip():
            self._refuse("si.text", parent.offset, "text where only elements belong")
        return self._known(children, known)

    def _known(self, children: Sequence[Element], known: AbstractSet[int]) -> list[Element]:
        for child in children:
            if child.tag not in known:
                self._refuse("si.element", child.offset, f"element 0x{child.tag:02X} does not belong here")
        return [child for child in children if child.tag in known]

    def _content(self, element: Element) -> str:
        children, text = self._parted(element)
        self._known(children, set())
        return text

    def _parted(self, element: Element) -> tuple[list[Element], str]:
        """The elements in an element, and the text between them."""
        values = [value for value in element.content if not isinstance(value, Element)]
        children = [child for child in element.content if isinstance(child, Element)]
        return children, self._text(values, "si.text", element.offset)

    def _text(self, values: Sequence[Value], field: str, offset: int) -> str:
        text = ""
        for value in values:
            if isinstance(value, Opaque):
                text += self._reader.text(value.octets, value.offset, field)
            elif isinstance(value, str):
                text += value
            elif value in _HREF_PARTS:
                text += _HREF_PARTS[value]
            else:
                self._refuse(field, offset, f"0x{value:02X} is not defined as part of a value")
        if "\0" in text:
            self._refuse(field, offset, "a NUL in the text")
        return text.replace("\0", "\ufffd")

    def _time(self, values: Sequence[Value], field: str, offset: int) -> datetime | None:
        moment = None
        if len(values) == 1 and isinstance(values[0], Opaque):
            moment = self._moment(values[0], field)
        elif all(isinstance(value, str) for value in values) and not self._reader.strict:
            moment = _in_words("".join(map(str, values)))
        if moment is None:
            self._refuse(field, offset, "not a time")
        return moment

    def _moment(self, value: Opaque, field: str) -> datetime | None:
        """A time of up to seven octets of decimal digits; a digit above nine counts as zero, as in time stamps."""
        digits = value.octets.hex()
        if len(digits) > 14 or not digits.isdecimal():
            self._refuse(field, value.offset, f"not a time: {value.octets.hex(' ') or 'empty'}")
        decimal = "".join(digit if digit.isdecimal() else "0" for digit in digits[:14]).ljust(14, "0")
        year, month, day, hour, minute, second = (int(decimal[a:b]) for a, b in pairwise((0, 4, 6, 8, 10, 12, 14)))
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return None

    def _refuse(self, field: str, offset: int, why: str) -> None:
        """Raise in strict reading what lenient reading passes over."""
        if self._reader.strict:
            raise DecodeError(field, offset, why)


def _in_words(text: str) -> datetime | None:
    """A time as textual XML has it, which senders put into binary XML too."""
    try:
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
