"""Octets of many messages through csrc/encode.c and csrc/decode.c.

C writes into a buffer of a megabyte, which no message can leave, and what is there is appended to the result: memory is
that of the result, nothing is guessed, and Ctrl-C works between two such pieces.

Reference: 3GPP TS 23.038, 6.1.2.1, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from smscodec._kernels._c_buffers import Piece, fresh, piece_of
from smscodec._kernels._ffi import ffi, lib
from smscodec._kernels.columns import Utf8Column
from smscodec._kernels.octets import MOST_SEGMENTS, Orders, Segments, Style, Texts, UserDataColumn, Written
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, VARIANTS, NationalLanguage, ShiftTables

__all__ = ["Writer", "compiled", "decode", "encode_many", "encode_utf8", "free_slots", "from_slots"]

PATH: Final = lib.smscodec_best_path()

FULL: Final = 7
"""What C says where its buffers may not hold the next message."""

OCTETS_A_CALL: Final = 1 << 20
SEGMENTS_A_CALL: Final = 1 << 14

NO_CODE: Final = 0xFFFF
NOT_PLAIN: Final = 0x80
"""In the tables of codes and of plain septets: none."""


SLOT: Final = 256
"""Octets in which C writes one segment of a message: TP-UDL, how many octets it has, and those."""

OCTETS: Final = ffi.typeof("uint8_t[]")


def free_slots() -> tuple[Any, Any]:
    """Slots for the segments of one message, and a view of them: to make them anew takes as long as to fill them."""
    try:
        return _free.pop()
    except IndexError:
        slots = fresh(OCTETS, SLOT * MOST_SEGMENTS)
        return slots, ffi.buffer(slots)


_free: Final[list[tuple[Any, Any]]] = []
"""Those that no thread is using."""


def from_slots(slots: tuple[Any, Any], segments: int) -> Segments:
    """TP-UDL and octets of each segment; the slots are free again."""
    both = _layout(segments).unpack_from(slots[1])
    _free.append(slots)
    return both[::2], both[1::2]


@cache
def _layout(segments: int) -> struct.Struct:
    return struct.Struct(f"B{SLOT - 1}p" * segments)


def compiled(style: Style) -> Any:
    """A style as C takes it, made once; should threads make two, what C reads is held by the style and by the pages."""
    try:
        return style.compiled[0]
    except AttributeError:
        fields, held = _style(style, ffi)
        style.compiled = ffi.new("smscodec_style *", fields), held
        return style.compiled[0]


class Writer:
    """A block of messages on its way through C: the orders, and the buffers that it writes to again and again."""

    def __init__(self, ffi: Any, orders: Orders, written: Written) -> None:
        fresh = ffi.new_allocator(should_clear_after_alloc=False)
        self._ffi, self._written = ffi, written
        self._octets, self._tp_udl = fresh("uint8_t[]", OCTETS_A_CALL), fresh("uint8_t[]", SEGMENTS_A_CALL)
        self._ends, self._firsts = fresh("int64_t[]", SEGMENTS_A_CALL), fresh("int32_t[]", len(orders.style_of))
        styles = [_style(style, ffi) for style in orders.styles]
        self._held = [held for _, held in styles]
        self._styles = ffi.new("smscodec_style[]", [style for style, _ in styles])
        self._style_of = ffi.from_buffer("uint8_t[]", orders.style_of)
        self._segments = ffi.from_buffer("uint32_t[]", orders.segments)
        self._references = ffi.from_buffer("int32_t[]", orders.references)
        self._orders, self._output = ffi.new("smscodec_orders *"), ffi.new("smscodec_output *")

    def write(self, first: int, rows: int, step: Callable[[int, Any, Any], Any]) -> int:
        """Have C write so many messages of the block from one on, by a function of row, orders and output.

        Gives how many it did before one that it could not.
        """
        many, orders = int(len(self._references) > 1), self._orders
        orders.styles, orders.style_of, orders.segments = self._styles, self._style_of + first, self._segments + first
        orders.references, orders.reference_step = self._references + many * first, many
        done = 0
        while True:
            self._begin()
            result = step(done, orders, self._output)
            row: int = result.row
            self._take(row - done)
            done = row
            if result.code != FULL:
                return done

    def _begin(self) -> None:
        written, output = self._written, self._output
        written.widen(OCTETS_A_CALL)
        output.octets, output.octet_capacity, output.octet_count = self._octets, OCTETS_A_CALL, 0
        output.tp_udl, output.segment_capacity, output.segment_count = self._tp_udl, SEGMENTS_A_CALL, 0
        output.ends, output.end_width, output.firsts = self._ends, written.offsets.itemsize, self._firsts
        output.first_octet, output.first_segment = len(written.data), len(written.tp_udl)

    def _take(self, rows: int) -> None:
        written, segments, buffer = self._written, self._output.segment_count, self._ffi.buffer
        written.data += buffer(self._octets, self._output.octet_count)
        written.tp_udl += buffer(self._tp_udl, segments)
        written.offsets.frombytes(buffer(self._ends, segments * written.offsets.itemsize))
        written.first.frombytes(buffer(self._firsts, 4 * rows))


def _style(style: Style, ffi: Any) -> tuple[dict[str, Any], Any]:
    """A style as C takes it, and the buffers that must live as long."""
    pages = pages_of(style.tables, style.codes)
    headers = [ffi.from_buffer("uint8_t[]", header) for header in style.headers]
    plain, page_of = ffi.from_buffer("uint8_t[]", pages.plain), ffi.from_buffer("uint8_t[]", pages.page_of)
    codes = ffi.from_buffer("uint16_t[]", pages.codes)
    fields = {
        "alphabet": style.alphabet,
        "unpacked": style.unpacked,
        "wide": style.wide,
        "rooms": style.rooms,
        "header_lengths": [len(header) for header in style.headers],
        "headers": headers,
        "plain": plain,
        "pages": page_of,
        "codes": codes,
    }
    return fields, (headers, plain, page_of, codes)


class _Pages(NamedTuple):
    """The codes of a pair of tables: of ASCII that takes one septet, and of all code points by pages of 256."""

    plain: bytes
    page_of: bytes
    codes: array[int]


_known: Final[dict[ShiftTables, _Pages]] = {}


def pages_of(tables: ShiftTables, codes: Mapping[int, bytes]) -> _Pages:
    """The codes of a pair of tables by pages, made once; page 0 is of the code points that have none."""
    if tables not in _known:
        _known.setdefault(tables, _pages(codes))  # never others in their place, which C reads in another thread
    return _known[tables]


def _pages(known: Mapping[int, bytes]) -> _Pages:
    numbers = {page: number for number, page in enumerate(sorted({point >> 8 for point in known}), 1)}
    codes = array("H", [NO_CODE]) * (256 * (len(numbers) + 1))
    for point, septets in known.items():
        codes[256 * numbers[point >> 8] + (point & 0xFF)] = int.from_bytes(septets)
    plain = bytes(known[point][0] if len(known.get(point, b"")) == 1 else NOT_PLAIN for point in range(0x80))
    return _Pages(plain, bytes(numbers.get(page, 0) for page in range(256)), codes)


def encode_utf8(column: Utf8Column, first: int, rows: int, orders: Orders, written: Written) -> int:
    """Write ``rows`` messages of a column from one on, and tell how many were before one that cannot be."""
    data, offsets = ffi.from_buffer("uint8_t[]", column.data), ffi.from_buffer("uint8_t[]", column.offsets[first:])
    length, width = len(column.data), column.offset_width

    def step(row: int, orders: Any, output: Any) -> Any:
        return lib.smscodec_encode(PATH, 0, data, length, offsets, width, row, rows, orders, output)

    return Writer(ffi, orders, written).write(0, rows, step)


def encode_many(texts: Sequence[Any], orders: Orders, written: Written) -> int:
    """Write texts that were counted, and tell how many were before one that cannot be. They cross as code points."""
    writer, done = Writer(ffi, orders, written), 0
    while done < len(texts):
        piece = piece_of(texts, done)
        if piece.rows == 1 and orders.segments[done] > MOST_SEGMENTS:  # before it is copied
            return done
        here = writer.write(done, piece.rows, _step(piece))
        done += here
        if here < piece.rows:
            break
    return done


def _step(piece: Piece) -> Callable[[int, Any, Any], Any]:
    lent = piece.lent()

    def step(row: int, orders: Any, output: Any) -> Any:
        return lib.smscodec_encode(PATH, 4, *lent, row, piece.rows, orders, output)

    return step


def decode(column: UserDataColumn, first: int, rows: int, texts: Texts) -> int:
    """Read ``rows`` rows from number ``first`` on, and tell how many were before one whose offsets lie."""
    reader, done = _Reader(column, first, rows, texts), 0
    while True:
        done, code = reader.read(done)
        if code != FULL:
            return done


class _Reader:
    """Rows on their way through C, and the buffers that it writes to again and again."""

    def __init__(self, column: UserDataColumn, first: int, rows: int, texts: Texts) -> None:
        octets, self._texts, self._rows = column.octets, texts, rows
        self._alphabets, self._held = _alphabets()
        buffers = (octets.data, octets.offsets[first:], column.tp_udl[first:], column.alphabets[first:])
        data, offsets, tp_udl, alphabets = (ffi.from_buffer("uint8_t[]", buffer) for buffer in buffers)
        headed = ffi.from_buffer("uint8_t[]", column.headed[first:])
        validity = ffi.NULL if octets.validity is None else ffi.from_buffer("uint8_t[]", octets.validity)
        self._column = ffi.new(
            "smscodec_user_data *",
            [
                data, len(octets.data), offsets, octets.offset_width, validity, octets.validity_offset + first, tp_udl,
                alphabets, headed, column.marks,
            ],
        )  # fmt: skip
        self._lent = (data, offsets, tp_udl, alphabets, headed, validity)
        self._octets, self._ends = fresh("uint8_t[]", OCTETS_A_CALL), fresh("int64_t[]", rows)
        self._fields = fresh("uint16_t[]", rows), *(fresh("uint8_t[]", rows) for _ in range(4))
        self._output = ffi.new("smscodec_texts *")

    def read(self, row: int) -> tuple[int, int]:
        """Have C read from a row on, take what it gives, and tell the row where it stopped and its code."""
        texts, output = self._texts, self._output
        texts.widen(OCTETS_A_CALL)
        output.octets, output.octet_capacity, output.octet_count = self._octets, OCTETS_A_CALL, 0
        output.ends, output.end_width, output.first_octet = self._ends, texts.offsets.itemsize, len(texts.data)
        output.references, output.totals, output.sequences, output.wide, output.states = self._fields
        result = lib.smscodec_decode(PATH, self._column, row, self._rows, self._alphabets, output)
        rows, buffer = result.row - row, ffi.buffer
        texts.data += buffer(self._octets, output.octet_count)
        texts.offsets.frombytes(buffer(self._ends, rows * texts.offsets.itemsize))
        references, *others = self._fields
        texts.references.frombytes(buffer(references, 2 * rows))
        for octets, field in zip((texts.totals, texts.sequences, texts.wide, texts.states), others, strict=True):
            octets.extend(buffer(field, rows)[:])
        return result.row, result.code


@cache
def _alphabets() -> tuple[Any, Any]:
    """The tables of all languages as C takes them, and the buffers that must live as long."""
    main, single, field, plain = cells()
    units = [ffi.new("uint16_t[]", points) for points in (main, single, field)]
    octets = ffi.from_buffer("uint8_t[]", plain)
    bits = [sum(1 << language for language in tables) for tables in (LOCKING_SHIFT, SINGLE_SHIFT)]
    return ffi.new("smscodec_alphabets *", [*units, octets, *bits]), (units, octets)


def cells() -> tuple[list[int], list[int], list[int], bytes]:
    """The code points of main and single tables, those that receivers add to single ones; the ASCII of main ones."""
    none = 128 * UNDEFINED
    main, single = (
        "".join(tables.get(language, none) for language in NationalLanguage) for tables in (LOCKING_SHIFT, SINGLE_SHIFT)
    )
    field = list(len(NationalLanguage) * none)
    for variant in VARIANTS:
        if variant.lenient and variant.table == "single":
            field[128 * variant.language + variant.septet] = variant.in_the_field
    plain = bytes(ord(cell) if cell.isascii() else NOT_PLAIN for cell in main)
    return [*map(ord, main)], [*map(ord, single)], [*map(ord, field)], plain
