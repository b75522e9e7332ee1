"""The kernels in pure Python: the readable reference, made fast with the vectorised calls of the standard library.

Counting encodes the text to Latin-1 and looks up the cost of every character in one ``bytes.translate``. For most texts
that changes nothing, which means a septet each. Segments are computed from sums where the sums decide, and by walking
the cuts only where a two-unit character might straddle one.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, Literal

from smscodec._boundaries import Units, code_units, septets
from smscodec._checks import as_text
from smscodec._kernels._python_national import choose_many, choose_utf8
from smscodec._kernels._python_octets import decode, encode, encode_many, encode_utf8
from smscodec._kernels._python_septets import pack, unpack
from smscodec._kernels.columns import GSM_7BIT, UCS2, Counts, Rooms, Utf8Column
from smscodec.errors import UnencodableError
from smscodec.tables import DEFAULT_TABLES, ESC, LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage, ShiftTables

__all__ = [
    "choose_many", "choose_utf8", "count_many", "count_segments", "count_utf8", "cuts", "decode", "detail", "encode",
    "encode_many", "encode_utf8", "name", "pack", "scan", "unpack", "waste",
]  # fmt: skip

name: Final[Literal["python", "c"]] = "python"
detail: Final = ""

_MAIN: Final = LOCKING_SHIFT[NationalLanguage.DEFAULT].replace(UNDEFINED, "")
ESCAPED: Final = SINGLE_SHIFT[NationalLanguage.DEFAULT].replace(UNDEFINED, "")
"""The characters of two septets in the default alphabet."""

_ALL: Final = frozenset(_MAIN + ESCAPED)

# An octet outside the alphabet must not stay as it is, and its stand-in must not stand for anything else: an escaped
# character, which itself becomes ESC, does both.
_FOREIGN_COST: Final = ord("{")
COSTS: Final = bytes(
    ord(character) if character in _MAIN else ESC if character in ESCAPED else _FOREIGN_COST
    for character in map(chr, range(0x100))
)
"""For each octet of Latin-1 itself, ESC if it takes two septets, or ``_FOREIGN_COST`` outside the default alphabet."""

_ESCAPE: Final = bytes([ESC])
_ESCAPE_AND_CODE: Final = _ESCAPE + b"e"

# The default alphabet goes beyond Latin-1 with the euro, which is escaped as a brace is, and with Greek capitals.
(_EURO,) = (character for character in ESCAPED if character > "\xff")
_LIKE_EURO: Final = "{"
_GREEK: Final = 0x03
"""In UTF-16 an octet of each Greek capital."""


def scan(text: str) -> tuple[int, int, int]:
    """Alphabet, units and how many characters take two of them.

    Raises ``UnencodableError`` at a lone surrogate.
    """
    if text.isascii():
        octets = text.encode()
    # Most texts in another script show it at either end: a look there first saves the work for the default alphabet.
    elif text[0] not in _ALL or text[-1] not in _ALL:
        return _in_ucs2(text, _utf16(text))
    else:
        octets = text.replace(_EURO, _LIKE_EURO).encode("latin-1", "ignore")
        if len(octets) != len(text):
            return _beyond_latin_1(text, octets)
    costs = octets.translate(COSTS)
    if costs is octets:  # CPython returns the same object if nothing changed; elsewhere the next lines find that
        return GSM_7BIT, len(octets), 0
    if _FOREIGN_COST in costs:
        return UCS2, len(text), 0
    septets = len(costs.replace(_ESCAPE, _ESCAPE_AND_CODE))
    return GSM_7BIT, septets, septets - len(text)


def _beyond_latin_1(text: str, octets: bytes) -> tuple[int, int, int]:
    """The answer of ``scan`` for a text with characters beyond Latin-1; ``octets`` are those within it."""
    utf16 = _utf16(text)
    if _GREEK in utf16 and not _foreign()(text):
        doubled = octets.translate(COSTS).count(_ESCAPE)
        return GSM_7BIT, len(text) + doubled, doubled
    return _in_ucs2(text, utf16)


@cache
def _foreign() -> Callable[[str], object]:
    """Finds a character outside the default alphabet; made when first wanted, because it takes long to make."""
    return re.compile(f"[^{re.escape(_MAIN + ESCAPED)}]").search


def _in_ucs2(text: str, utf16: bytes) -> tuple[int, int, int]:
    units = len(utf16) // 2 - 1
    return UCS2, units, units - len(text)


def waste(text: str, alphabet: int, limit: int) -> int:
    """Units that stay empty before cuts where segments of ``limit`` units hold a scanned text."""
    return (code_units(text) if alphabet == UCS2 else _septets(text)).waste(limit)


def cuts(text: str, alphabet: int, limit: int, tables: ShiftTables) -> Sequence[int]:
    """The characters that begin the second and later segments, each filled greedily with ``limit`` units."""
    default = tables is DEFAULT_TABLES
    units = code_units(text) if alphabet == UCS2 else _septets(text) if default else septets(text, tables)
    return units.characters(units.ends(limit))


def _septets(text: str) -> Units:
    """The septets of a text in the default alphabet; only the escapes have true codes, and only they matter."""
    octets = text.replace(_EURO, _LIKE_EURO).encode("latin-1", "replace")
    return Units(octets.translate(COSTS).replace(_ESCAPE, _ESCAPE_AND_CODE), _ESCAPE)


def _utf16(text: str) -> bytes:
    try:
        # With a byte order mark: CPython encodes to its own byte order three times faster than to a named one.
        return text.encode("utf-16")
    except UnicodeEncodeError as error:
        raise UnencodableError.over_first(error, "utf-16-be", "surrogates not allowed") from None


def count_segments(text: str) -> int:
    """Segments of ``text`` in the default alphabet or UCS-2, with the 8-bit reference."""
    # The same as scan, written out for the common kinds of text: the call and its tuple would take half of the time.
    if type(text) is not str:
        text = as_text(text)
    if text.isascii():
        octets = text.encode()
    elif text[0] not in _ALL or text[-1] not in _ALL:
        return _ucs2_segments(text, len(_utf16(text)) // 2 - 1)
    else:
        octets = text.replace(_EURO, _LIKE_EURO).encode("latin-1", "ignore")
        if len(octets) != len(text):
            alphabet, units, doubled = _beyond_latin_1(text, octets)
            return _ucs2_segments(text, units) if alphabet == UCS2 else _gsm_segments(text, units, doubled)
    costs = octets.translate(COSTS)
    if costs is octets:
        return 1 if len(octets) <= 160 else -(-len(octets) // 153)
    if _FOREIGN_COST in costs:
        return _ucs2_segments(text, len(text))
    septets = len(costs.replace(_ESCAPE, _ESCAPE_AND_CODE))
    return _gsm_segments(text, septets, septets - len(text))


def _gsm_segments(text: str, septets: int, doubled: int) -> int:
    return _by_sums(septets, doubled, 160, 153) or _by_cuts(text, GSM_7BIT, septets, 153)


def _ucs2_segments(text: str, units: int) -> int:
    if units == len(text):
        return 1 if units <= 70 else -(-units // 67)
    return _by_sums(units, units - len(text), 70, 67) or _by_cuts(text, UCS2, units, 67)


def _by_cuts(text: str, alphabet: int, units: int, limit: int) -> int:
    return -(-(units + waste(text, alphabet, limit)) // limit)


def count_many(texts: Sequence[Any], first: int, rooms: Rooms, counts: Counts) -> int:
    """Count texts into the rows from number ``first`` on; returns how many came before one that cannot be counted."""
    return _count_rows(map(as_text, texts), first, rooms, counts)


def count_utf8(column: Utf8Column, first: int, rows: int, rooms: Rooms, counts: Counts) -> int:
    """Count ``rows`` messages of a column from number ``first`` on, nulls as 0, 0, 0; returns how many it counted."""
    counted = _count_rows(_decoded(column, range(first, first + rows)), first, rooms, counts)
    for row in range(first, first + counted) if column.validity else ():
        if column.is_null(row):
            counts.put(row, 0, 0, 0)
    return counted


def _decoded(column: Utf8Column, rows: Iterable[int]) -> Iterator[str]:
    """The messages, empty for a null, up to the first with invalid offsets or invalid UTF-8."""
    for row in rows:
        bounds = column.bounds(row)
        if bounds is None:
            return
        try:
            yield "" if column.is_null(row) else str(column.data[slice(*bounds)], "utf-8")
        except UnicodeDecodeError:
            return


def _count_rows(texts: Iterable[str], first: int, rooms: Rooms, counts: Counts) -> int:
    row = first
    alphabets, all_units, all_segments = counts
    try:
        for text in texts:
            alphabet, units, doubled = scan(text)
            single, limit = rooms[alphabet : alphabet + 2]
            alphabets[row], all_units[row] = alphabet, units
            all_segments[row] = _by_sums(units, doubled, single, limit) or _by_cuts(text, alphabet, units, limit)
            row += 1
    except (TypeError, ValueError, OverflowError):
        pass  # not text, a lone surrogate, or more units than 32 bits hold: the caller finds out which
    return row - first


def _by_sums(units: int, doubled: int, single: int, limit: int) -> int:
    """Segments of ``units`` units; 0 if it takes the cuts to tell, because pairs may waste room before them."""
    if units <= single:
        return 1
    segments = -(-units // limit)
    spare = segments * limit - units
    return segments if doubled <= spare or segments - 1 <= spare else 0
