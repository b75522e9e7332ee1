"""The checks of arguments, each by itself: what it takes, what it refuses, and in which words."""

from __future__ import annotations

import array
import codecs
import ctypes
import sys
from collections.abc import Callable
from typing import Any

import pytest

from smscodec._checks import ask, check_whole, integers, number, octets
from smscodec.errors import FieldError, UndecodableError, UnencodableError
from tests.rows import each_row

SIGNED = "bhilq"
FORMATS = "bBhHiIlLqQfd"
FOREIGN = "__ctype_be__" if sys.byteorder == "little" else "__ctype_le__"
NATIVE = "__ctype_le__" if sys.byteorder == "little" else "__ctype_be__"


class Three(int):
    """A whole number of a class of its own."""


class Foreign:
    """A whole number of another library."""

    def __index__(self) -> int:
        """Its value."""
        return 3

    def __repr__(self) -> str:
        """As it is shown."""
        return "Foreign(3)"


@pytest.mark.parametrize(
    ("value", "low", "high", "refusal"),
    [
        (3, 3, 3, None),
        (Three(3), 3, 3, None),
        (10**30, 0, None, None),
        (2, 3, None, "expected a whole number of at least 3, got 2"),
        (Three(2), 3, 4, "expected a whole number of 3–4, got 2"),
        (5, 3, 4, "expected a whole number of 3–4, got 5"),
        (True, 0, 1, "expected a whole number of 0–1, got True"),
        (1.0, 0, 1, "expected a whole number of 0–1, got 1.0"),
        ("1", 0, 1, "expected a whole number of 0–1, got '1'"),
        (None, 0, None, "expected a whole number of at least 0, got None"),
        (Foreign(), 0, 9, "expected a whole number of 0–9, got Foreign(3); convert this Foreign with int()"),
    ],
)
def test_whole_numbers(value: object, low: int, high: int | None, refusal: str | None) -> None:
    """Whole numbers within the limits, which are in it, are taken; True, fractions and other libraries' are not."""
    if refusal is None:
        check_whole("name", value, low, high)
        check_whole("name", 0)
        return
    with pytest.raises(FieldError) as caught:
        check_whole("name", value, low, high)
    assert (caught.value.field, caught.value.message) == ("name", refusal)


@pytest.mark.parametrize(("value", "low"), [(1, 1), (-1e300, float("-inf")), (float("inf"), 0), (0.5, 0.5)])
def test_numbers(value: float, low: float) -> None:
    """Numbers from the limit on come back as they are."""
    assert number("name", value, low) is value


@pytest.mark.parametrize("value", ["1", None, float("nan"), 1j])
def test_what_is_no_number(value: Any) -> None:
    """What is not a number is refused, with the limit where there is one."""
    for limit, said in ((float("-inf"), ""), (2.5, " of at least 2.5")):
        with pytest.raises(FieldError) as caught:
            number("name", value, limit)
        assert (caught.value.field, caught.value.message) == ("name", f"expected a number{said}, got {value!r}")


@each_row("width", [4, 8])
@each_row("form", FORMATS)
def test_integers_are_taken_by_kind_and_width(form: str, width: int) -> None:
    """Signed integers of the width, and octets, become a view of integers; all else is refused by format."""
    buffer = array.array(form, [1, 2, 3, 4, 5, 6, 7, 8])
    raw = buffer.tobytes()
    if form in "bB" or (form in SIGNED and buffer.itemsize == width):
        view = integers(buffer, "name", width)
        assert (view.itemsize, view.nbytes, view.tobytes()) == (width, len(raw), raw)
        assert list(view) == [
            int.from_bytes(raw[place : place + width], sys.byteorder, signed=True)
            for place in range(0, len(raw), width)
        ]
        return
    with pytest.raises(FieldError) as caught:
        integers(buffer, "name", width)
    assert caught.value.field == "name"
    assert caught.value.message == (
        f"must hold signed native integers of {width} octets, not items of format {form!r} and {buffer.itemsize} octets"
    )


@pytest.mark.parametrize("kind", [ctypes.c_int32, ctypes.c_int64])
def test_integers_are_taken_by_order(kind: Any) -> None:
    """Integers whose format names the order of this machine are taken, those of the other order refused."""
    width = ctypes.sizeof(kind)
    marked = memoryview(bytes(2 * width)).cast("@i" if width == 4 else "@q")
    assert list(integers(marked, "name", width)) == [0, 0]
    assert list(integers((getattr(kind, NATIVE) * 3)(1, -2, 3), "name", width)) == [1, -2, 3]
    with pytest.raises(FieldError, match="must hold signed native integers"):
        integers((getattr(kind, FOREIGN) * 3)(1, -2, 3), "name", width)


@each_row("length", range(17))
def test_raw_octets_are_whole_integers(length: int) -> None:
    """Octets are read as integers where they divide evenly."""
    for width in (4, 8):
        if length % width == 0:
            assert len(integers(bytes(length), "name", width)) == length // width
        else:
            with pytest.raises(FieldError, match=f"expected integers of {width} octets each, got {length} octets"):
                integers(bytes(length), "name", width)


@each_row("form", FORMATS)
def test_octets_are_taken_by_kind(form: str) -> None:
    """Items that are octets are taken, signed or not; no others, whatever their width."""
    buffer = array.array(form, [1, 2, 3])
    if buffer.itemsize == 1:
        assert octets(buffer, "name").tolist() == [1, 2, 3]
    else:
        with pytest.raises(FieldError, match=f"must hold octets, not items of format '{form}'"):
            octets(buffer, "name")


@pytest.mark.parametrize(
    "check", [octets, lambda buffer, field: integers(buffer, field, 4)], ids=["octets", "integers"]
)
def test_buffers_are_whole(check: Callable[[Any, str], memoryview]) -> None:
    """A buffer of any shape is read in order; what is none, was released or has gaps is refused by name."""
    square = (ctypes.c_int8 * 4 * 2).from_buffer_copy(bytes(range(1, 9)))
    assert check(square, "name").tobytes() == bytes(range(1, 9))
    assert check((ctypes.c_int8 * 4 * 0)(), "name").tobytes() == b""
    for wrong in ("text", 7, None):
        with pytest.raises(TypeError, match=f"name must be a buffer, not {type(wrong).__name__}"):
            check(wrong, "name")
    released = memoryview(b"1234")
    released.release()
    for refused, reason in ((released, "released"), (memoryview(b"12345678")[::2], "must be contiguous")):
        with pytest.raises(FieldError, match=reason) as caught:
            check(refused, "name")
        assert caught.value.field == "name"


@each_row("position", range(-5, 6))
def test_an_error_handler_continues_where_python_lets_it(position: int) -> None:
    """A position counts from the end where it is negative, and is an ``IndexError`` outside of the object."""
    codecs.register_error("smscodec-test-checks", lambda error: ("x", position))
    try:
        for error in (
            UnencodableError("gsm0338", "жabж", 0, 1, "no code"),
            UndecodableError("gsm0338", b"\xffab\xff", 0, 1, "no character"),
        ):
            if -4 <= position <= 4:
                assert ask("smscodec-test-checks", error) == ("x", position if position >= 0 else 4 + position)
            else:
                with pytest.raises(IndexError, match=f"'smscodec-test-checks' continues at {position}, outside"):
                    ask("smscodec-test-checks", error)
    finally:
        codecs.register_error("smscodec-test-checks", codecs.strict_errors)


@pytest.mark.parametrize("answer", [None, "x", ("x",), ("x", "1"), (1, 1), ("x", 1, 1), ["x", 1.0]])
def test_an_error_handler_gives_text_and_a_position(answer: Any) -> None:
    """Any other answer is a ``TypeError`` that shows it."""
    codecs.register_error("smscodec-test-checks", lambda error: answer)
    try:
        with pytest.raises(TypeError, match="must give text and a position, not ") as caught:
            ask("smscodec-test-checks", UnencodableError("gsm0338", "ж", 0, 1, "no code"))
        assert repr(answer) in str(caught.value)
    finally:
        codecs.register_error("smscodec-test-checks", codecs.strict_errors)
