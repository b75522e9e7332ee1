"""Binary XML as far as small fixed vocabularies need it: a document's octets to elements of numbered tags.

Knows the tokens of WBXML and not what the numbers mean, which the vocabulary knows. Literal names, extensions and
processing instructions, which a fixed vocabulary has no use for, are refused.

Reference: WAP-192-WBXML, 5 and 7
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from smscodec.errors import DecodeError

__all__ = ["END", "INLINE_STRING", "OPAQUE", "Attribute", "Document", "Element", "Opaque", "Reader", "Value"]

END: Final = 0x01
INLINE_STRING: Final = 0x03
OPAQUE: Final = 0xC3
_SWITCH_PAGE: Final = 0x00
_ENTITY: Final = 0x02
_STRING_REFERENCE: Final = 0x83
_HAS_CONTENT: Final = 0x40
_HAS_ATTRIBUTES: Final = 0x80

_DEEPEST: Final = 8
"""Levels of elements: more than any vocabulary here has, and few enough for the interpreter's stack."""

_MOST_REFERRED: Final = 0x10000
"""Octets that a document may draw from its string table: two octets refer to a whole string, time and again."""

# The numbers that IANA gave to character sets; 0 says that the document does not tell.
_CODECS: Final = {0: "utf-8", 3: "ascii", 4: "latin-1", 106: "utf-8"}


@dataclass(frozen=True, slots=True)
class Opaque:
    """Octets that only the vocabulary can read; ``offset`` is where they stand."""

    octets: bytes
    offset: int


Value = str | int | Opaque
"""A piece of an attribute's value or of an element's content: text, a value token, or opaque octets."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute start token, what follows it, and where it stands."""

    start: int
    values: tuple[Value, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Element:
    """An element: the tag without its two flag bits, attributes, content in order, and where it stands."""

    tag: int
    attributes: tuple[Attribute, ...]
    content: tuple[Element | Value, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document: the version octet and the root element."""

    version: int
    root: Element


class Reader:
    """Takes octets from ``position`` on; missing octets raise ``DecodeError`` at the end of the octets.

    Lenient reading shows U+FFFD for octets that are not text.
    """

    def __init__(self, octets: bytes, *, strict: bool) -> None:
        self.octets = octets
        self.position = 0
        self.strict = strict
        self._codec = "utf-8"
        self._strings = range(0)
        self._referable = _MOST_REFERRED

    def octet(self, field: str) -> int:
        """The next octet."""
        return self.take(1, field)[0]

    def peek(self, field: str) -> int:
        """The next octet, left in place."""
        octet = self.octet(field)
        self.position -= 1
        return octet

    def _next(self) -> int:
        """The next octet, which is there: ``peek`` has shown it."""
        self.position += 1
        return self.octets[self.position - 1]

    def take(self, count: int, field: str) -> bytes:
        """The next ``count`` octets."""
        end = self.position + count
        if end > len(self.octets):
            raise DecodeError(field, len(self.octets), "the octets end too soon")
        taken = self.octets[self.position : end]
        self.position = end
        return taken

    def uintvar(self, field: str) -> int:
        """An unsigned integer of at most five octets, seven bits in each, the high bit set in all but the last."""
        start, value = self.position, 0
        for _ in range(5):
            octet = self.octet(field)
            value = value << 7 | octet & 0x7F
            if octet < 0x80:
                return value
        raise DecodeError(field, start, "the number has more than five octets")

    def terminated(self, field: str) -> bytes:
        """Octets up to a NUL, which is taken too."""
        end = self.octets.find(0, self.position)
        if end < 0:
            raise DecodeError(field, len(self.octets), "the string has no end")
        taken = self.octets[self.position : end]
        self.position = end + 1
        return taken

    def document(self, public_ids: Container[int]) -> Document:
        """A whole document of one of these public identifiers.

        Raises ``DecodeError`` for another, and for what a fixed vocabulary has no use for, in either reading.
        """
        version = self.octet("wbxml.version")
        offset = self.position
        public_id = self.uintvar("wbxml.public_id")
        if public_id not in public_ids:
            raise DecodeError("wbxml.public_id", offset, f"0x{public_id:02X} is not that of Service Indication")
        if public_id == 0:
            self.uintvar("wbxml.public_id")  # its place in the string table
        offset = self.position
        number = self.uintvar("wbxml.charset")
        if number not in _CODECS:
            raise DecodeError("wbxml.charset", offset, f"character set {number} is not supported")
        self._codec = _CODECS[number]
        length = self.uintvar("wbxml.string_table")
        self._strings = range(self.position, self.position + length)
        self.take(length, "wbxml.string_table")
        return Document(version, self._element(1))

    def _element(self, depth: int) -> Element:
        if depth > _DEEPEST:
            raise DecodeError("wbxml.tag", self.position, f"elements nest deeper than {_DEEPEST}")
        self._skip_page()
        offset = self.position
        tag = self._next()
        if tag & 0x3F < 0x05:
            raise DecodeError("wbxml.tag", offset, f"expected a tag, found 0x{tag:02X}")
        attributes = self._attributes() if tag & _HAS_ATTRIBUTES else ()
        content = self._content(depth) if tag & _HAS_CONTENT else ()
        return Element(tag & 0x3F, attributes, content, offset)

    def _content(self, depth: int) -> tuple[Element | Value, ...]:
        content: list[Element | Value] = []
        while self.peek("wbxml.content") != END:
            value = self._value("wbxml.content")
            content.append(self._element(depth + 1) if value is None else value)
        self._next()
        return tuple(content)

    def _attributes(self) -> tuple[Attribute, ...]:
        attributes = []
        while self.peek("wbxml.attribute") != END:
            self._skip_page()
            offset = self.position
            start = self._next()
            if start >= 0x80 or start & 0x3F < 0x05:
                raise DecodeError("wbxml.attribute", offset, f"expected the start of an attribute, found 0x{start:02X}")
            attributes.append(Attribute(start, self._attribute_values(), offset))
        self._next()
        return tuple(attributes)

    def _attribute_values(self) -> tuple[Value, ...]:
        values: list[Value] = []
        while True:
            offset = self.position
            value: Value | None = self._value("wbxml.attribute")
            if value is None:
                if self.peek("wbxml.attribute") < 0x80:
                    return tuple(values)
                value = token = self._next()
                if token & 0x3F < 0x05:
                    raise DecodeError("wbxml.attribute", offset, f"expected a value, found 0x{token:02X}")
            values.append(value)

    def _value(self, field: str) -> str | Opaque | None:
        """A string, a character or opaque octets; None, and nothing taken, where something else stands."""
        token = self.peek(field)
        if token not in (INLINE_STRING, _STRING_REFERENCE, _ENTITY, OPAQUE):
            return None
        offset = self.position
        self._next()
        if token == INLINE_STRING:
            return self.text(self.terminated(field), offset + 1, field)
        if token == OPAQUE:
            length = self.uintvar(field)
            return Opaque(self.take(length, field), self.position - length)
        number = self.uintvar(field)
        return self._character(number, offset) if token == _ENTITY else self._referred(number, offset, field)

    def text(self, octets: bytes, offset: int, field: str) -> str:
        """Octets that stand at ``offset`` as text in the document's character set."""
        try:
            return octets.decode(self._codec)
        except UnicodeDecodeError as error:
            if self.strict:
                raise DecodeError(field, offset + error.start, f"the octets are not {self._codec}") from None
            return octets.decode(self._codec, "replace")

    def _character(self, number: int, offset: int) -> str:
        if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
            return chr(number)
        if self.strict:
            raise DecodeError("wbxml.entity", offset, f"{number} is not the number of a character")
        return "\ufffd"

    def _referred(self, number: int, offset: int, field: str) -> str:
        if number >= len(self._strings):
            raise DecodeError("wbxml.string_table", offset, f"{number} is outside the string table")
        start = self._strings[number]
        end = self.octets.find(0, start, self._strings.stop)
        octets = self.octets[start : end if end >= 0 else self._strings.stop]
        self._referable -= len(octets)
        if self._referable < 0:
            raise DecodeError("wbxml.string_table", offset, f"more than {_MOST_REFERRED} octets are taken from it")
        return self.text(octets, start, field)

    def _skip_page(self) -> None:
        while self.peek("wbxml.page") == _SWITCH_PAGE:
            if self.take(2, "wbxml.page")[1]:
                raise DecodeError("wbxml.page", self.position - 1, "only code page 0 is supported")
