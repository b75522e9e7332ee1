"""Text ⇄ unpacked septets under a pair of shift tables.

The common case goes through the standard library's charmap codec in both directions. That codec maps a character to one
octet, so an escaped character gets its code with bit 7 set and is expanded to two septets afterwards. A text with a
character outside the tables is encoded through a mapping to one or two septets, so that every error handler of Python
works. Septets with an unusual escape or an undefined code are decoded one by one, because lenient reading has rules of
its own for them. This module knows nothing of headers, packing or segments.

Reference: 3GPP TS 23.038, 6.2.1, 6.2.1.1, 6.2.1.2 and annex A
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from smscodec._checks import Octets, as_text, ask
from smscodec._values import keep
from smscodec.errors import FieldError, UndecodableError, UnencodableError
from smscodec.tables import (
    DEFAULT_TABLES,
    ESC,
    LOCKING_SHIFT,
    SINGLE_SHIFT,
    UNDEFINED,
    VARIANTS,
    NationalLanguage,
    ShiftTables,
)

__all__ = ["ENCODING", "codes", "decode", "doubles", "encode", "is_encodable", "septet_length", "unencodable"]

ENCODING = "gsm0338"
"""The name of the encoding in errors and in the codecs."""


class _Tables(NamedTuple):
    """The lookup tables for encoding and decoding, made once for each pair of shift tables."""

    codes: dict[int, bytes]
    """Code point to one or two septets: the main table first, then the lowest code (decision D25)."""
    octets: Any
    """The same for the charmap encoder, one octet per character; see ``_octet_map``."""
    latin_1: bytes
    doubles: str
    """The characters of two septets."""
    cells: str
    """The characters of the main table, followed by those of escaped codes."""
    cells_lenient: str
    """The same as a receiver shows them: an undefined code falls through to the main table (decisions D3, D4, D8)."""


def encode(text: str, tables: ShiftTables = DEFAULT_TABLES, *, errors: str = "strict") -> bytes:
    """Encode text to septets, an octet each; an escaped character gives two.

    ``errors`` is any error handler of Python, including registered ones; the replacement that it returns is encoded in
    turn. Only ``surrogateescape`` may yield octets above 0x7F. Raises ``UnencodableError`` at the first character that
    the tables lack; U+001B is a control code and never encodable (decision D6).

    >>> encode("5 €").hex(" ")
    '35 20 1b 65'
    >>> encode("5 ₽", errors="replace")
    b'5 ?'

    Reference: 3GPP TS 23.038, 6.2.1
    """
    if type(text) is not str:
        text = as_text(text)
    compiled = _tables(tables)
    octets = _octets(text, compiled)
    if octets is not None and _NUL not in octets:
        return _spread(octets)
    try:
        septets, _ = codecs.charmap_encode(text, errors, compiled.codes)
    except UnicodeEncodeError as error:
        raise _unencodable(error) from None
    if errors != "surrogateescape" and not septets.isascii():
        raise FieldError(
            "errors", f"expected septets (0x00–0x7F) from the handler {errors!r}, got 0x{max(septets):02X}"
        )
    return septets


def _octets(text: str, tables: _Tables) -> bytes | None:
    """An octet for each character, by the maps below; None, or a NUL in it, if one has no code."""
    try:
        octets = text.replace(_EURO, _LIKE_EURO).encode("latin-1").translate(tables.latin_1)
        if _LIKE_EURO not in text:
            return octets
    except UnicodeEncodeError:
        pass  # the charmap encoder below takes ten times as long
    try:
        return codecs.charmap_encode(text, "strict", tables.octets)[0]
    except UnicodeEncodeError:
        return None


_EURO = "\N{EURO SIGN}"
_LIKE_EURO = "\x80"
"""What stands for the euro in Latin-1: a control character that is in no table."""

_NUL = b"\0"
_ESCAPE = bytes([ESC])
_SEPTETS = bytes(range(0x80))
_SET = tuple(bytes([0x80 | code]) for code in range(0x80))
_PAIRS = tuple((bytes([0x80 | code]), bytes([ESC, code])) for code in range(0x80))
"""For each code, the octet that stands for it when escaped, and its two septets."""


def _octet_map(codes: dict[int, bytes]) -> Any:
    """A map for the charmap encoder that gives each character an octet: its code, with bit 7 set if it is escaped.

    The encoder is fast only with a table in which octet 0 stands for U+0000, so the character of code 0 gets the octet
    of the escape, which stands for no character. A NUL in the result therefore means a U+0000 in the text.
    """
    cells = ["\0", *[UNDEFINED] * 0xFF]
    for point, septets in codes.items():
        cells[septets[-1] | 0x80 * (len(septets) - 1) or ESC] = chr(point)
    built = codecs.charmap_build("".join(cells))
    if isinstance(built, dict):  # PyPy's holds the mark of an empty cell too, as if it were a character
        built.pop(ord(UNDEFINED), None)
    return built


def _latin_1_map(codes: dict[int, bytes]) -> bytes:
    """The same for ``bytes.translate`` and text in Latin-1, several times faster; NUL where there is no code."""
    octets = bytearray(0x100)
    for point, septets in codes.items():
        place = ord(_LIKE_EURO) if point == ord(_EURO) else point
        if place < 0x100:
            octets[place] = septets[-1] | 0x80 * (len(septets) - 1) or ESC
    return bytes(octets)


def _spread(octets: bytes) -> bytes:
    """The septets that the octets of these maps stand for."""
    septets = octets.replace(_ESCAPE, _NUL)
    if septets.isascii():
        return septets
    for octet in set(octets.translate(None, _SEPTETS)):
        septets = septets.replace(*_PAIRS[octet & 0x7F])
    return septets


def decode(septets: Octets, tables: ShiftTables = DEFAULT_TABLES, *, errors: str = "strict") -> str:
    """Decode septets, an octet each, to text.

    ``errors="strict"`` raises ``UndecodableError`` for octets that have no reading: both of an undefined escape
    sequence, a lone escape at the end, an undefined cell of a national table, an octet above 0x7F.
    ``errors="replace"`` reads leniently, as a receiver does: an undefined escaped code shows the character of the main
    table, a doubled or final escape a space, and a code without a character in either table U+FFFD. Any other handler
    gets the whole range.

    >>> decode(b"5 \\x1be")
    '5 €'
    >>> decode(b"Hi\\x1b", errors="replace")
    'Hi '

    Reference: 3GPP TS 23.038, 6.2.1.1 and 6.2.1.2 (decisions D3–D8)
    """
    octets = septets if type(septets) is bytes else memoryview(septets).tobytes()
    compiled = _tables(tables)
    joined = _joined(octets)
    if joined is not None:
        cells = compiled.cells_lenient if errors == "replace" else compiled.cells
        text = codecs.charmap_decode(joined, "replace", cells)[0]
        if "\ufffd" not in text:
            return text
    return _decode_codes(octets, compiled, errors)


def _joined(septets: bytes) -> bytes | None:
    """The octets with each escape pair joined into one; None if they have to be read code by code."""
    if not septets.isascii():
        return None
    if ESC not in septets:
        return septets
    first, *escaped = septets.split(_ESCAPE)
    if b"" in escaped:  # an escape doubled or at the end
        return None
    return first + b"".join([_SET[piece[0]] + piece[1:] for piece in escaped])


def septet_length(text: str, tables: ShiftTables = DEFAULT_TABLES) -> int:
    """Septets that ``text`` takes, two for an escaped character.

    Raises ``UnencodableError`` at the first character that the tables lack.

    >>> septet_length("5 €")
    4
    """
    text = as_text(text)
    offender = _foreign(tables).search(text)
    if offender:
        start = offender.start()
        raise UnencodableError(ENCODING, text, start, start + 1, _NO_CODE)
    return len(text) + sum(map(text.count, set(text).intersection(doubles(tables))))


def is_encodable(text: str, tables: ShiftTables = DEFAULT_TABLES) -> bool:
    """Whether the tables hold every character of ``text``.

    >>> is_encodable("Grüße"), is_encodable("Привет")
    (True, False)
    """
    return _foreign(tables).search(text) is None


def unencodable(text: str, tables: ShiftTables = DEFAULT_TABLES) -> Iterator[int]:
    """Yield the index of each character that the tables lack, in order.

    >>> list(unencodable("It’s 5 ₽"))
    [2, 7]
    """
    return (offender.start() for offender in _foreign(tables).finditer(text))


def doubles(tables: ShiftTables = DEFAULT_TABLES) -> str:
    """The characters that take two septets under these tables.

    >>> [character in doubles() for character in "€[@"]
    [True, True, False]
    """
    return _tables(tables).doubles


def codes(tables: ShiftTables = DEFAULT_TABLES) -> Mapping[int, bytes]:
    """For each code point in these tables its septet, or ESC and its septet.

    >>> [codes()[ord(character)].hex() for character in "@€"]
    ['00', '1b65']
    """
    return MappingProxyType(_tables(tables).codes)


_NO_CODE = "character has no code in these tables"


def _unencodable(error: UnicodeEncodeError) -> UnencodableError:
    return UnencodableError.over_first(error, ENCODING, _NO_CODE)


def _tables(tables: ShiftTables) -> _Tables:
    """The lookup tables, kept on the pair itself: to find them in a dict takes as long as to decode a short text."""
    try:
        return tables.compiled  # type: ignore[no-any-return]  # tables know nothing of it
    except AttributeError:
        compiled = _compiled(tables.locking, tables.single)
        keep(tables, "compiled", compiled)
        return compiled


@cache
def _compiled(locking: NationalLanguage, single: NationalLanguage) -> _Tables:
    main, escaped = LOCKING_SHIFT[locking], SINGLE_SHIFT[single]
    codes: dict[int, bytes] = {}
    for prefix, cells in ((b"", main), (bytes([ESC]), escaped)):
        for code, character in enumerate(cells):
            if character != UNDEFINED:
                codes.setdefault(ord(character), prefix + bytes([code]))
    return _Tables(
        codes=codes,
        octets=_octet_map(codes),
        latin_1=_latin_1_map(codes),
        doubles="".join(chr(point) for point, septets in codes.items() if len(septets) == 2),
        cells=main + escaped,
        cells_lenient=main + _fall_through(single, main, escaped),
    )


@cache
def _foreign(tables: ShiftTables) -> re.Pattern[str]:
    """Matches a character that neither table holds. Made apart from the rest because it takes longest to make."""
    return re.compile(f"[^{re.escape(''.join(map(chr, _tables(tables).codes)))}]")


def _fall_through(single: NationalLanguage, main: str, escaped: str) -> str:
    cells = [main[code] if character == UNDEFINED else character for code, character in enumerate(escaped)]
    cells[ESC] = " "
    for variant in VARIANTS:
        if variant.lenient and (variant.table, variant.language) == ("single", single):
            cells[variant.septet] = variant.in_the_field
    return "".join(cells)


def _decode_codes(octets: bytes, tables: _Tables, errors: str) -> str:
    """Read code by code; ``errors`` is consulted where a code has no character."""
    lenient = errors == "replace"
    cells = tables.cells_lenient if lenient else tables.cells
    parts: list[str] = []
    position = 0
    while position < len(octets):
        offset, width = 0, 1
        if octets[position] == ESC:
            if position + 1 == len(octets) and lenient:
                parts.append(" ")
                break
            offset, width = 0x80, 2
        code = octets[position + width - 1 : position + width]
        character = cells[offset + code[0]] if code and code.isascii() else UNDEFINED
        if character != UNDEFINED:
            parts.append(character)
            position += width
        elif lenient:
            parts.append("\ufffd")
            position += width
        else:
            end = min(position + width, len(octets))
            error = UndecodableError(ENCODING, octets, position, end, "no character has this code")
            replacement, position = ask(errors, error)
            if isinstance(replacement, bytes):
                raise TypeError(f"error handler {errors!r} must give text on decoding, not bytes")
            parts.append(replacement)
    return "".join(parts)
