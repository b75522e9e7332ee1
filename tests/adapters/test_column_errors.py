"""A message that cannot be counted is named by its row in the whole column, whatever the layout of that column.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import array
from collections.abc import Sequence
from typing import Any

import pytest

from smscodec import Alphabet, FieldError, UndecodableError, UnencodableError
from smscodec.batch import Count, measure_utf8

pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")

from smscodec.adapters import arrow  # noqa: E402 - only where pyarrow is


def invalid(*octets: bytes | None, kind: Any = None) -> Any:
    """An array that says it is text and may hold anything."""
    column = pa.array(octets, pa.large_binary() if kind == pa.large_string() else pa.binary())
    return pa.Array.from_buffers(kind or pa.string(), len(column), column.buffers(), null_count=column.null_count)


def views(*octets: bytes) -> Any:
    """The same as string views, each short enough to lie in its own header."""
    assert all(len(text) <= 12 for text in octets)
    headers = b"".join(len(text).to_bytes(4, "little") + text.ljust(12, b"\0") for text in octets)
    return pa.Array.from_buffers(pa.string_view(), len(octets), [None, pa.py_buffer(headers)])


def dictionary(values: Any, indices: Sequence[int | None]) -> Any:
    """A dictionary array that nobody checked."""
    return pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), values, safe=False)


BAD = invalid(b"ok", None, b"ab\xff")
COLUMNS = {
    "string": (BAD, 2),
    "large_string": (invalid(b"ok", b"\xff", kind=pa.large_string()), 1),
    "string_view": (views(b"a", b"b", b"\xff"), 2),
    "slice": (invalid(b"\xff", b"a", b"b", b"\xff")[1:], 2),
    "chunks": (pa.chunked_array([pa.array(["a", "b"]), pa.array([], pa.string()), BAD]), 4),
    "chunks of slices": (pa.chunked_array([pa.array(["a", "b"])[1:], invalid(b"\xff", b"a", b"\xff")[1:]]), 2),
    "chunks of views": (pa.chunked_array([views(b"a"), views(b"b", b"\xfe")]), 2),
    "dictionary": (dictionary(BAD, [0, None, 1, 0, 2, 2]), 4),
    "dictionary in another order": (dictionary(invalid(b"\xff", b"\xfe", b"a"), [2, None, 1, 0]), 2),
    "dictionary whose first row is wrong": (dictionary(BAD, [2, 0, 2]), 0),
    "dictionary of views": (dictionary(views(b"\xff", b"a"), [1, 1, 0]), 2),
    "slice of a dictionary": (dictionary(BAD, [2, 0, 2])[1:], 1),
    "chunks of dictionaries": (
        pa.chunked_array([dictionary(pa.array(["a", "b"]), [0, 1, 0]), dictionary(BAD, [0, 2])]),
        4,
    ),
    "far down a dictionary": (dictionary(BAD, [0] * 70_000 + [2]), 70_000),
}


@pytest.mark.parametrize(("column", "row"), COLUMNS.values(), ids=COLUMNS)
def test_invalid_utf8_is_named_by_its_row(column: Any, row: int) -> None:
    """Invalid UTF-8 is an UndecodableError over the octet, by the row in the whole column."""
    with pytest.raises(UndecodableError, match=f"message {row}: invalid start byte") as caught:
        arrow.measure(column)
    assert caught.value.object[caught.value.start] >= 0xFE


def test_values_that_no_row_uses_do_not_matter() -> None:
    """An invalid value of a dictionary is not an error if no row uses it."""
    column = dictionary(BAD, [0, None, 1, 0])
    assert [row and row["units"] for row in arrow.measure(column).to_pylist()] == [2, None, None, 2]
    assert len(arrow.measure(dictionary(BAD, []))) == 0


def test_impossible_offsets_and_indices_are_refused() -> None:
    """Offsets and dictionary indices out of bounds are FieldErrors, never a read out of bounds."""
    offsets = pa.py_buffer(array.array("i", [0, 9, 2]).tobytes())
    column = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"abc")])
    with pytest.raises(FieldError, match="offsets: message 1 runs backwards or past the data: from octet 0 to 9 of 3"):
        arrow.measure(pa.chunked_array([pa.array(["a"]), column]))
    for index in (5, -1):
        with pytest.raises(FieldError, match=r"column: not a valid Arrow column: .*out of bounds"):
            arrow.measure(dictionary(pa.array(["a"]), [0, index]))


def lying_views() -> Any:
    """String views that point past their buffer."""
    header = (40).to_bytes(4, "little") + b"abcd" + bytes(4) + (1 << 30).to_bytes(4, "little")
    return pa.Array.from_buffers(pa.string_view(), 1, [None, pa.py_buffer(header), pa.py_buffer(b"abcd" * 10)])


def lying_strings() -> Any:
    """Offsets that run backwards."""
    offsets = pa.py_buffer(array.array("i", [5, 0, 5]).tobytes())
    return pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"hello")])


LIES = {
    "views": lying_views(),
    "dictionary of views": dictionary(lying_views(), [0, 0]),
    "dictionary of strings": dictionary(lying_strings(), [0, 1, 0, 1]),
    "dictionary far out of bounds": dictionary(pa.array(["a"]), [1 << 30]),
    "strings": lying_strings(),
    "chunks": pa.chunked_array([pa.array(["a"]).dictionary_encode(), dictionary(lying_strings(), [0, 1])]),
}


@pytest.mark.parametrize("column", LIES.values(), ids=LIES)
def test_columns_that_lie_are_refused(column: Any) -> None:
    """Views, offsets and indices that point out of their buffers are FieldErrors, and no memory is read there."""
    with pytest.raises(FieldError):
        arrow.measure(column)


class Broken:
    """What has the interface, and nothing of text behind it."""

    def __arrow_array__(self, type: Any = None) -> Any:
        """Fail as a library's conversion may."""
        raise pa.ArrowInvalid("mixed objects")


def test_columns_that_cannot_be_converted_are_type_errors() -> None:
    """What another library cannot give as an Arrow column is a TypeError that says why."""
    with pytest.raises(TypeError, match="expected a column of text, got Broken: mixed objects"):
        arrow.measure(Broken())


@pytest.mark.parametrize("wrong", [7, 1.5, b"octets", ["a"], object(), True], ids=type)
@pytest.mark.parametrize("before", [["a"], ["ж", None, float("nan")], []])
def test_pandas_names_what_is_no_text(before: list[Any], wrong: Any) -> None:
    """Among objects, the first that is neither text nor missing is a TypeError that names its row and its type."""
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    from smscodec.adapters import pandas

    series = pd.Series([*before, wrong, "b"], dtype=object, index=range(7, 9 + len(before)))
    with pytest.raises(TypeError, match=f"message {len(before)}: text must be str, not {type(wrong).__name__}"):
        pandas.measure(series)


def test_pandas_names_a_lone_surrogate() -> None:
    """A lone surrogate is an UnencodableError by row and position."""
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    from smscodec.adapters import pandas

    with pytest.raises(UnencodableError, match="message 2: ") as caught:
        pandas.measure(pd.Series(["a", None, "bc\ud800"], dtype=object))
    assert caught.value.start == 2


def test_pandas_refuses_what_is_no_series_of_text() -> None:
    """Lists, frames, numbers and categories of numbers are TypeErrors."""
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    from smscodec.adapters import pandas

    for wrong in (["a"], pd.DataFrame({"a": ["b"]}), "a", None):
        with pytest.raises(TypeError, match=f"expected a pandas Series, got {type(wrong).__name__}"):
            pandas.measure(wrong)
    for numbers in (pd.Series([1]), pd.Series([1.5, None]), pd.Series([1, 2], dtype="category"), pd.Series([True])):
        with pytest.raises(TypeError, match="expected a column of text, got "):
            pandas.measure(numbers)


def test_polars_refuses_what_is_no_series_of_text() -> None:
    """Lists, frames and numbers are TypeErrors."""
    pl = pytest.importorskip("polars", reason="the extra polars is not installed")
    from smscodec.adapters import polars

    for wrong in (["a"], pl.DataFrame({"a": ["b"]}), "a", None):
        with pytest.raises(TypeError, match=f"expected a Polars Series, got {type(wrong).__name__}"):
            polars.measure(wrong)
    with pytest.raises(TypeError, match="expected a column of text, got int64"):
        polars.measure(pl.Series([1]))


def test_arrays_of_numpy() -> None:
    """numpy's arrays count by their dtype: int32 and int64 are offsets, octets are data, and nothing else is."""
    np = pytest.importorskip("numpy", reason="numpy is not installed")
    expected = [Count(Alphabet.GSM_7BIT, 1, 1), Count(Alphabet.UCS2, 1, 1)]
    data, offsets = np.frombuffer("aж".encode(), "u1"), [0, 1, 3]
    assert list(measure_utf8(data, np.array(offsets, "i4"), validity=np.array([3], "u1"))) == expected
    assert list(measure_utf8(data, np.array(offsets, "i8"), offset_width=8)) == expected
    wrong: Any = [("f8", 8), ("f4", 4), ("u2", 4), ("u4", 4), (">i4", 4), (">i8", 8), ("i4", 8), ("i8", 4)]
    for dtype, width in wrong:
        with pytest.raises(FieldError, match="offsets: "):
            measure_utf8(data, np.array([*offsets, 3], dtype), offset_width=width)
    with pytest.raises(FieldError, match="data: must hold octets, not items of format 'i'"):
        measure_utf8(np.array([1], "i4"), np.array([0, 1], "i4"))
    with pytest.raises(FieldError, match="offsets: must be contiguous"):
        measure_utf8(data, np.array([0, 9, 1, 9, 3, 9], "i4")[::2])
