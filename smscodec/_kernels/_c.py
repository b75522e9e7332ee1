"""The kernels in C through the portable module ``_ffi``: any Python with cffi, PyPy among them.

A text is passed in UTF-8 where Python already stores it so: ASCII, and all text in PyPy. CPython copies other text as
code points several times faster than it encodes it. This file knows lengths, buffers and codes. A text that C refuses
goes to the reference in ``_python``, which raises the right error. So does short ASCII, which Python counts in less
time than a call to C takes.

Every call releases the GIL while C runs; C keeps nothing between calls.

Reference: 3GPP TS 23.038, 6.1.2.1, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final, Literal

from smscodec._checks import as_text
from smscodec._kernels import _python
from smscodec._kernels._c_buffers import fresh, rows_of
from smscodec._kernels._c_national import choose_many, choose_utf8
from smscodec._kernels._c_octets import (
    OCTETS,
    compiled,
    decode,
    encode_many,
    encode_utf8,
    free_slots,
    from_slots,
)
from smscodec._kernels._ffi import ffi, lib
from smscodec._kernels._python import COSTS
from smscodec._kernels.columns import Counts, Rooms, Utf8Column
from smscodec._kernels.octets import MOST_SEGMENTS, Segments, Style
from smscodec.tables import DEFAULT_TABLES, ShiftTables

__all__ = [
    "choose_many", "choose_utf8", "count_many", "count_segments", "count_utf8", "cuts", "decode", "detail", "encode",
    "encode_many", "encode_utf8", "name", "pack", "scan", "unpack", "waste",
]  # fmt: skip

name: Final[Literal["python", "c"]] = "c"

PATHS: Final = ("scalar", "SSE4.1", "AVX2", "NEON")
"""The paths through the kernels, by their numbers in csrc/smscodec.h."""

PATH: Final = lib.smscodec_best_path()
"""The one that suits this processor best."""

detail: Final = PATHS[PATH]

UNITS: Final = (1 << 30) - 1
"""The lowest bits of a scan's answer, which hold the units."""

_new = ffi.new
_buffer = ffi.buffer
_scan_octets = lib.smscodec_scan_octets
_count_octets = lib.smscodec_count_octets
_scan_characters = lib.smscodec_scan_characters
_count_characters = lib.smscodec_count_characters

KEEPS_UTF_8: Final = sys.implementation.name == "pypy"
"""Whether a str is kept in UTF-8, so that encoding it costs nothing."""


def scan(text: str) -> tuple[int, int, int]:
    """Alphabet, units and how many characters take two of them."""
    if not KEEPS_UTF_8:
        if not text.isascii():
            return unpacked(text, _scan_characters(text, len(text)))
        if len(text) <= 160:  # Python is done before a call to C would be
            return _python.scan(text)
    octets = _encoded(text)
    return _python.scan(text) if octets is None else unpacked(text, _scan_octets(octets, len(octets)))


def _encoded(text: str) -> bytes | None:
    """The text in UTF-8; None if it has a lone surrogate."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def unpacked(text: str, packed: int) -> tuple[int, int, int]:
    """Unpack the one integer of a scan (csrc/single.h); if it is negative, the reference scans."""
    if packed < 0:
        return _python.scan(text)
    return packed >> 60 << 1, packed & UNITS, packed >> 30 & UNITS


def waste(text: str, alphabet: int, limit: int) -> int:
    """Units that stay empty before cuts where segments of ``limit`` units hold a scanned text."""
    if text.isascii():
        return lib.smscodec_waste(alphabet, limit, 1, text.encode(), len(text))
    return lib.smscodec_waste(alphabet, limit, 4, fresh("char32_t[]", text), len(text))


def _characters(text: str) -> tuple[int, Any]:
    """The text as C reads it, and octets a character."""
    return (1, text.encode()) if text.isascii() else (4, fresh("char32_t[]", text))


MOST_CUTS: Final = MOST_SEGMENTS - 1
CUTS: Final = ffi.typeof(f"uint32_t[{MOST_CUTS}]")


def cuts(text: str, alphabet: int, limit: int, tables: ShiftTables) -> Sequence[int]:
    """The characters that begin the second and later segments, each filled greedily with ``limit`` units."""
    if tables is not DEFAULT_TABLES:
        return _python.cuts(text, alphabet, limit, tables)
    kind, characters = _characters(text)
    found = fresh(CUTS)
    return ffi.unpack(found, lib.smscodec_cuts(alphabet, limit, kind, characters, len(text), found, MOST_CUTS))


def encode(text: str, bounds: Sequence[int], style: Style, reference: int) -> Segments:
    """TP-UDL and octets of every segment of one message, which is cut at these bounds."""
    kind, characters = _characters(text)
    segments, slots = len(bounds) - 1, free_slots()
    code = lib.smscodec_encode_one(kind, characters, len(text), compiled(style), bounds, segments, reference, slots[0])
    return _python.encode(text, bounds, style, reference) if code else from_slots(slots, segments)


def count_by_characters(text: str) -> int:
    """Segments of ``text`` in the default alphabet or UCS-2, with the 8-bit reference."""
    if type(text) is not str:
        text = as_text(text)
    if text.isascii():
        octets = text.encode()
        if len(octets) <= 160 and octets.translate(COSTS) is octets:  # done before a call to C would be
            return 1
        segments = _count_octets(octets, len(octets))
    else:
        segments = _count_characters(text, len(text))
    return segments if segments > 0 else _python.count_segments(text)


def count_by_octets(text: str) -> int:
    """The same where all text is kept in UTF-8."""
    octets = _encoded(as_text(text))
    segments = 0 if octets is None else _count_octets(octets, len(octets))
    return segments if segments > 0 else _python.count_segments(text)


count_segments = count_by_octets if KEEPS_UTF_8 else count_by_characters

_TEXTS_A_CALL: Final = 512
"""Texts joined at a time: many more would not fit the cache."""

_CHARACTERS_A_CALL: Final = 1 << 16
"""Characters to aim for: after long texts fewer are joined, which takes less memory and lets Ctrl-C through sooner."""

_TOO_MANY: Final = 16 * _CHARACTERS_A_CALL
"""Characters above which texts are counted one by one."""


def count_many(texts: Sequence[Any], first: int, rooms: Rooms, counts: Counts) -> int:
    """Count texts into the rows from number ``first`` on; returns how many came before one that cannot be counted.

    The texts are passed in pieces, joined with NUL. A piece in which a text holds a NUL or a lone surrogate, or is not
    text at all, goes to the reference.
    """
    counted, wanted = 0, _TEXTS_A_CALL // 16
    with rows_of(counts, first) as rows:
        columns = _new("smscodec_columns *", rows)
        while counted < len(texts):
            piece = texts[counted : counted + wanted]
            joined = _joined(piece)
            if joined is not None:
                wanted = min(max(_CHARACTERS_A_CALL * len(piece) // max(len(joined), 1), 1), _TEXTS_A_CALL)
            # Long texts after short ones go one by one: C takes four octets for each character.
            alone = joined is not None and len(joined) > _TOO_MANY
            for part in zip(piece, strict=True) if alone else [piece]:
                text = as_text(part[0]) if alone else joined
                if text is None or not _count_joined(text, counted, len(part), rooms, columns):
                    here = _python.count_many(part, first + counted, rooms, counts)
                    if here < len(part):
                        return counted + here
                counted += len(part)
    return counted


def _joins_anything() -> bool:
    """Whether ``str.join`` accepts things other than text, as PyPy's accepts a bytearray."""
    others: list[Any] = ["", bytearray()]
    try:
        "".join(others)
    except TypeError:
        return False
    return True


_JOINS_ANYTHING: Final = _joins_anything()


def _joined(texts: Sequence[Any]) -> str | None:
    """The texts joined with NUL; None if one of them is not text."""
    if _JOINS_ANYTHING and set(map(type, texts)) != {str}:
        return None
    try:
        return "\0".join(texts)
    except TypeError:
        return None


def _count_joined(joined: str, row: int, rows: int, rooms: Rooms, columns: Any) -> bool:
    """Count ``rows`` joined texts into the columns from ``row`` on; returns whether C has counted them all."""
    if KEEPS_UTF_8:
        octets = _encoded(joined)
        if octets is None:
            return False
        result = lib.smscodec_count_joined_utf8(PATH, octets, len(octets), row, rows, rooms, columns)
    else:
        characters = fresh("char32_t[]", joined)
        result = lib.smscodec_count_joined(PATH, characters, len(joined), row, rows, rooms, columns)
    return not result.code


def count_utf8(column: Utf8Column, first: int, rows: int, rooms: Rooms, counts: Counts) -> int:
    """Count ``rows`` messages of a column from number ``first`` on, nulls as 0, 0, 0; returns how many it counted."""
    with rows_of(counts, first) as written:
        result = lib.smscodec_count_utf8(
            PATH,
            ffi.from_buffer("uint8_t[]", column.data),
            len(column.data),
            ffi.from_buffer("uint8_t[]", column.offsets[first:]),
            column.offset_width,
            rows,
            ffi.NULL if column.validity is None else ffi.from_buffer("uint8_t[]", column.validity),
            column.validity_offset + first,
            rooms,
            _new("smscodec_columns *", written),
        )
    return result.row


def pack(septets: bytes, fill_bits: int) -> bytes:
    """Pack septets, each at most 0x7F, into octets after ``fill_bits`` zero bits."""
    octets = fresh(OCTETS, (fill_bits + 7 * len(septets) + 7) // 8)
    lib.smscodec_pack(septets, len(septets), fill_bits, octets)
    return _buffer(octets)[:]


def unpack(octets: bytes, septet_count: int, fill_bits: int) -> bytes:
    """Take ``septet_count`` septets out of as many octets as they need, after ``fill_bits`` bits."""
    if septet_count and len(octets) < (fill_bits + 7 * septet_count + 7) // 8:
        raise ValueError(f"expected octets for {septet_count} septets, got {len(octets)}")
    septets = fresh(OCTETS, septet_count)
    lib.smscodec_unpack(octets, septet_count, fill_bits, septets)
    return _buffer(septets)[:]
