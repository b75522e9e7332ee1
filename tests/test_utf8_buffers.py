"""What ``measure_utf8`` takes as data, offsets and validity, and that it takes nothing for what it is not."""

from __future__ import annotations

import array
import ctypes
import mmap
import sys
from typing import Any, Literal

import pytest

from smscodec import Alphabet, FieldError, UndecodableError
from smscodec.batch import Count, measure_utf8

EXPECTED = [Count(Alphabet.GSM_7BIT, 1, 1), Count(Alphabet.UCS2, 1, 1)]
DATA = "aж".encode()
OFFSETS = [0, 1, 3]
SWAPPED: Any = (ctypes.c_int32.__ctype_be__ if sys.byteorder == "little" else ctypes.c_int32.__ctype_le__) * 3
WIDTHS: list[tuple[Literal[4, 8], str]] = [(4, "i"), (8, "q")]


@pytest.mark.parametrize(("width", "code"), WIDTHS)
def test_offsets_of_every_right_kind(width: Literal[4, 8], code: str) -> None:
    """Native signed integers of the width, under whatever name, and raw octets are all the same offsets."""
    numbers = array.array(code, OFFSETS)
    ctype = ctypes.c_int32 if width == 4 else ctypes.c_int64
    others: list[Any] = [numbers, numbers.tobytes(), bytearray(numbers.tobytes()), (ctype * 3)(*OFFSETS)]
    others += [memoryview(numbers), memoryview(numbers).cast("B").cast("b"), memoryview(numbers).cast("B").cast("c")]
    others += [array.array("l", OFFSETS)] if array.array("l").itemsize == width else []
    for offsets in others:
        assert list(measure_utf8(DATA, offsets, offset_width=width)) == EXPECTED, memoryview(offsets).format


@pytest.mark.parametrize("code", ["h", "H", "I", "L", "Q", "f", "d", "B?"])
@pytest.mark.parametrize(("width", "right"), WIDTHS)
def test_offsets_of_other_items_are_refused(width: Literal[4, 8], right: str, code: str) -> None:
    """Items of another width or kind are refused by the name of the argument, never read as what they are not."""
    octets = array.array(right, OFFSETS).tobytes()
    with pytest.raises(FieldError, match=r"must hold signed native integers of \d octets, not items") as caught:
        measure_utf8(DATA, memoryview(octets + octets).cast("B").cast(code[-1:]), offset_width=width)  # type: ignore[call-overload]
    assert caught.value.field == "offsets"


def test_offsets_of_the_other_width_or_order_are_refused() -> None:
    """32-bit offsets are refused as 64-bit ones, and the reverse, and so is the other order of octets."""
    wrong: list[tuple[Any, Literal[4, 8]]] = [
        (array.array("i", [*OFFSETS, 3]), 8),
        (array.array("q", OFFSETS), 4),
        (SWAPPED(*OFFSETS), 4),
    ]
    for offsets, width in wrong:
        with pytest.raises(FieldError, match="offsets: must hold signed native integers"):
            measure_utf8(DATA, offsets, offset_width=width)


def test_octets_in_any_wrapping() -> None:
    """Data and validity may be any contiguous buffer of octets."""
    offsets = array.array("i", OFFSETS)
    mapped: Any = mmap.mmap(-1, len(DATA))
    with mapped:
        mapped[:] = DATA
        assert list(measure_utf8(mapped, offsets)) == EXPECTED
    view = memoryview(DATA)
    wrapped: list[Any] = [bytearray(DATA), view.cast("b"), view.cast("c"), array.array("B", DATA)]
    wrapped += [(ctypes.c_ubyte * len(DATA)).from_buffer_copy(DATA), (ctypes.c_char * len(DATA)).from_buffer_copy(DATA)]
    bits: Any = array.array("b", [3])
    for data in wrapped:
        assert list(measure_utf8(data, offsets, validity=bits)) == EXPECTED


def test_data_and_validity_of_other_items_are_refused() -> None:
    """Items wider than an octet are refused as data and as a bitmap."""
    offsets = array.array("i", OFFSETS)
    wrong: list[tuple[str, Any]] = [("data", array.array("i", [1])), ("validity", array.array("h", [3]))]
    for field, buffer in wrong:
        with pytest.raises(FieldError, match=f"{field}: must hold octets, not items of format") as caught:
            measure_utf8(**{"data": DATA, "offsets": offsets, field: buffer})
        assert field == caught.value.field


def test_impossible_columns_are_refused() -> None:
    """Other widths, fractions of an offset, short bitmaps and odd numbers are refused by the name of the argument."""
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("offset_width", {"offset_width": 2}),
        ("offset_width", {"offset_width": "4"}),
        ("offset_width", {"offset_width": []}),
        ("offset_width", {"offset_width": 4.0}),
        ("offsets", {"offset_width": 8}),
        ("offsets", {"offsets": bytes(7)}),
        ("validity", {"validity": b""}),
        ("validity", {"validity": b"\xff", "validity_offset": 7}),
        ("validity", {"validity": b"\xff", "validity_offset": 2**70}),
        ("validity_offset", {"validity": b"\xff", "validity_offset": -1}),
        ("validity_offset", {"validity_offset": -1}),
        ("validity_offset", {"validity": b"\xff", "validity_offset": 1.0}),
        ("first_index", {"first_index": -1}),
    ]
    for field, options in wrong:
        with pytest.raises(FieldError) as caught:
            measure_utf8(**{"data": b"abc", "offsets": array.array("i", [0, 1, 3]), **options})
        assert field == caught.value.field
    assert len(measure_utf8(b"abc", array.array("i", [0, 1, 3]), validity_offset=2**70)) == 2


@pytest.mark.parametrize("field", ["data", "offsets", "validity"])
@pytest.mark.parametrize("wrong", ["text", 7, [0, 1], object()], ids=type)
def test_what_is_no_buffer_is_a_type_error(field: str, wrong: Any) -> None:
    """Lists, numbers and texts are a TypeError that names the argument."""
    with pytest.raises(TypeError, match=f"{field} must be a buffer, not {type(wrong).__name__}"):
        measure_utf8(**{"data": b"ab", "offsets": array.array("i", [0, 1]), field: wrong})


def test_released_and_scattered_buffers_are_refused() -> None:
    """A memoryview that was released, or that takes every second octet, is a FieldError of its argument."""
    released = memoryview(b"abc")
    released.release()
    with pytest.raises(FieldError, match="data: operation forbidden on released memoryview"):
        measure_utf8(released, bytes(8))
    with pytest.raises(FieldError, match="data: must be contiguous"):
        measure_utf8(memoryview(b"abcdef")[::2], bytes(8))


def test_errors_count_from_the_first_index() -> None:
    """Who measures a part of a column hears of a message by its place in the whole."""
    with pytest.raises(UndecodableError, match="message 1001: invalid start byte"):
        measure_utf8(b"a\xff", array.array("i", [0, 1, 2]), first_index=1_000)
    with pytest.raises(FieldError, match="offsets: message 1000 runs backwards"):
        measure_utf8(b"a\xff", array.array("i", [1, 0]), first_index=1_000)
