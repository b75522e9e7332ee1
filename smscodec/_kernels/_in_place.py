"""The kernels in C that read str where they lie, through ``_inplace``: CPython alone, built for its very version.

An address is the ``id()`` of an object that is held until C has answered, and no number from outside comes this way: C
looks at the type first, and anything but an exact str goes to the portable kernels or to the reference. What has no
text in it is taken from the portable kernels as it is.

A local does not hold an object: while C works without the GIL, another thread may replace it through the ``f_locals``
of the frame (CPython 3.13, PEP 667). So each call of C stands beside the object that it
reads in one assignment of two values: the first value waits on the stack, which no frame shows, for the second.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

if sys.implementation.name != "cpython":  # PyPy builds the module too, but its id() is not an address
    raise ImportError(f"{sys.implementation.name} has no str to read in place")

from smscodec._kernels import _c, _python, _python_octets
from smscodec._kernels._c import (
    CUTS,
    MOST_CUTS,
    PATH,
    UNITS,
    count_utf8,
    name,
    pack,
    unpack,
    unpacked,
)
from smscodec._kernels._c_buffers import fresh, rows_of
from smscodec._kernels._c_national import choose_many, choose_utf8
from smscodec._kernels._c_octets import Writer, compiled, decode, encode_utf8, free_slots, from_slots
from smscodec._kernels._inplace import ffi, lib
from smscodec._kernels.columns import Counts, Rooms
from smscodec._kernels.octets import Orders, Segments, Style, Written
from smscodec.tables import DEFAULT_TABLES, ShiftTables

__all__ = [
    "choose_many", "choose_utf8", "count_many", "count_segments", "count_utf8", "cuts", "decode", "detail", "encode",
    "encode_many", "encode_utf8", "name", "pack", "scan", "unpack", "waste",
]  # fmt: skip

detail: Final = f"{_c.detail}, str read in place"

_TEXTS_ASIDE: Final = 512
"""Texts that take the portable way together, from one on that cannot be read where it lies."""

_scan_str = lib.smscodec_scan_str
_count_str = lib.smscodec_count_str
_waste_str = lib.smscodec_waste_str
_cuts_str = lib.smscodec_cuts_str
_encode_str = lib.smscodec_encode_str


def scan(text: str) -> tuple[int, int, int]:
    """Alphabet, units and how many characters take two of them."""
    _, packed = text, _scan_str(id(text))  # text stays on the stack
    if 0 <= packed <= UNITS:
        return 0, packed, 0
    return unpacked(text, packed)


def waste(text: str, alphabet: int, limit: int) -> int:
    """Units that stay empty before cuts where segments of ``limit`` units hold a scanned text."""
    _, units = text, _waste_str(id(text), alphabet, limit)  # text stays on the stack
    return units if units >= 0 else _python.waste(text, alphabet, limit)


def cuts(text: str, alphabet: int, limit: int, tables: ShiftTables) -> Sequence[int]:
    """The characters that begin the second and later segments, each filled greedily with ``limit`` units."""
    if tables is not DEFAULT_TABLES:
        return _python.cuts(text, alphabet, limit, tables)
    found = fresh(CUTS)
    _, count = text, _cuts_str(id(text), alphabet, limit, found, MOST_CUTS)  # text stays on the stack
    return ffi.unpack(found, count)


def encode(text: str, bounds: Sequence[int], style: Style, reference: int) -> Segments:
    """TP-UDL and octets of every segment of one message, which is cut at these bounds."""
    segments, slots = len(bounds) - 1, free_slots()
    # text stays on the stack
    _, code = text, _encode_str(id(text), compiled(style), bounds, segments, reference, slots[0])
    return _python.encode(text, bounds, style, reference) if code else from_slots(slots, segments)


def count_segments(text: str) -> int:
    """Segments of ``text`` in the default alphabet or UCS-2, with the 8-bit reference."""
    _, segments = text, _count_str(id(text))  # text stays on the stack
    return segments if segments > 0 else _python.count_segments(text)


def count_many(texts: Sequence[Any], first: int, rooms: Rooms, counts: Counts) -> int:
    """Count texts into the rows from number ``first`` on, and tell how many were before one that cannot be."""
    own = tuple(texts)  # it cannot change, and holds the texts; a tuple is taken as it is
    counted = 0
    with rows_of(counts, first) as rows:
        columns = ffi.new("smscodec_columns *", rows)
        while counted < len(own):
            _, result = own, lib.smscodec_count_tuple(PATH, id(own), counted, rooms, columns)  # own stays on the stack
            counted = result.row
            if result.code:
                others = own[counted : counted + _TEXTS_ASIDE]
                here = _c.count_many(others, first + counted, rooms, counts)
                counted += here
                if here < len(others):
                    break
    return counted


def encode_many(texts: Sequence[Any], orders: Orders, written: Written) -> int:
    """Write texts that were counted, and tell how many were before one that cannot be."""
    own = tuple(texts)  # it cannot change, and holds the texts; a tuple is taken as it is
    writer, done = Writer(ffi, orders, written), 0

    def step(row: int, orders: Any, output: Any) -> Any:
        _, result = own, lib.smscodec_encode_tuple(PATH, id(own), done, row, len(own) - done, orders, output)
        return result

    while done < len(own):
        done += writer.write(done, len(own) - done, step)
        # What C cannot do alone is written in Python, or not at all.
        if done < len(own) and not _python_octets.encode_many([own[done]], orders.of(done), written):
            break
        done = min(done + 1, len(own))
    return done
