"""National tables for many messages through csrc/national.c.

Reference: 3GPP TS 23.038, 6.2.1.2
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

from smscodec._kernels._c_buffers import piece_of, rows_of
from smscodec._kernels._ffi import ffi, lib
from smscodec._kernels.columns import Counts, Utf8Column
from smscodec._kernels.national import NationalTables, holders

__all__ = ["choose_many", "choose_utf8", "classes_of_characters"]


def choose_utf8(column: Utf8Column, first: int, rows: int, national: NationalTables, counts: Counts) -> bytes:
    """Choose tables for ``rows`` counted messages of a column from number ``first`` on; returns the pair of each."""
    data, offsets = ffi.from_buffer("uint8_t[]", column.data), ffi.from_buffer("uint8_t[]", column.offsets[first:])
    pairs, (languages, _held) = ffi.new("uint8_t[]", rows), _languages(national)
    with rows_of(counts, first) as written:
        columns = ffi.new("smscodec_columns *", written)
        lib.smscodec_choose(0, data, len(column.data), offsets, column.offset_width, rows, languages, columns, pairs)
    return ffi.buffer(pairs)[:]


def choose_many(texts: Sequence[Any], first: int, national: NationalTables, counts: Counts) -> bytes:
    """The same for texts that were counted into the rows from number ``first`` on. They cross as code points."""
    pairs, (languages, _held), done = ffi.new("uint8_t[]", len(texts)), _languages(national), 0
    # What takes one segment has nothing to gain and crosses as an empty text.
    kept = [text if segments > 1 else "" for text, segments in zip(texts, counts.segments[first:], strict=True)]
    while done < len(texts):
        piece = piece_of(kept, done)
        with rows_of(counts, first + done) as written:
            columns = ffi.new("smscodec_columns *", written)
            lib.smscodec_choose(4, *piece.lent(), piece.rows, languages, columns, pairs + done)
        done += piece.rows
    return ffi.buffer(pairs)[:]


def _languages(national: NationalTables) -> tuple[Any, Any]:
    """What is permitted as C takes it, and the buffers that must live as long: a thread that looked into the cache when
    it was empty puts others in their place.
    """
    lent = _lent()
    return ffi.new("smscodec_languages *", [*lent, national.mains, national.singles, national.rooms]), lent


@cache
def _lent() -> tuple[Any, Any, Any]:
    page_of, classes, tables = classes_of_characters()
    octets = (ffi.from_buffer("uint8_t[]", buffer) for buffer in (page_of, classes))
    return *octets, ffi.from_buffer("uint32_t[]", tables)


def classes_of_characters() -> tuple[bytes, bytes, array[int]]:
    """The pages and the classes of the characters of all tables, and which tables hold each class."""
    known = {ord(character): tables for character, tables in holders().items()}
    kinds = [0, *sorted(set(known.values()))]
    pages = {page: number for number, page in enumerate(sorted({point >> 8 for point in known}), 1)}
    classes = bytearray(256 * (len(pages) + 1))
    for point, tables in known.items():
        classes[256 * pages[point >> 8] + (point & 0xFF)] = kinds.index(tables)
    return bytes(pages.get(page, 0) for page in range(256)), bytes(classes), array("I", kinds)
