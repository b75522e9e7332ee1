"""Columns of Arrow, Polars and pandas cost what their texts cost, in each library's own types.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, FieldError, UndecodableError, measure
from smscodec.testing import strategies

pa = pytest.importorskip("pyarrow", reason="the extra arrow is not installed")

from smscodec.adapters import arrow  # noqa: E402 - only where pyarrow is

TEXTS = ["abc", None, "ж" * 80, "€", "", "x" * 200, "a longer text than fits a view", None, "😀" * 36]
TYPES = [
    *(pa.string(), pa.large_string(), pa.string_view()),
    *(pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int32(), pa.large_string())),
]
columns = st.lists(st.none() | strategies.texts(), max_size=20)


def counts(texts: list[str | None]) -> list[dict[str, Any] | None]:
    """What ``measure`` says of each text, under the names of the result."""
    names = ("alphabet", "units", "segments")
    measured = [None if text is None else measure(text) for text in texts]
    return [m and dict(zip(names, (m.alphabet.name, m.units, m.segments), strict=True)) for m in measured]


@pytest.mark.parametrize("kind", TYPES, ids=str)
@given(columns, st.integers(0, 5), st.integers(0, 20))
def test_arrays_and_slices_of_every_layout(kind: Any, texts: list[str | None], start: int, length: int) -> None:
    """An array and a slice of it cost what their texts cost, nulls staying nulls, whatever the layout."""
    array = pa.array(texts, kind)
    measured = arrow.measure(array)
    measured.validate(full=True)
    assert measured.type == arrow.RESULT
    assert counts(texts) == measured.to_pylist()
    assert counts(texts[start : start + length]) == arrow.measure(array[start : start + length]).to_pylist()


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_chunked_arrays_stay_chunked(kind: Any) -> None:
    """A ChunkedArray gives one of as many parts; none at all gives an empty one of the right type."""
    array = pa.array(TEXTS, kind)
    measured = arrow.measure(pa.chunked_array([array, array[:0], array[2:5]]))
    assert counts(TEXTS + TEXTS[2:5]) == measured.to_pylist()
    assert [len(part) for part in measured.chunks] == [9, 0, 3]
    assert arrow.measure(pa.chunked_array([], kind)).type == arrow.RESULT


def test_tables_of_one_column_count_as_it() -> None:
    """A table, a record batch and a stream of one column are that column; of two they are refused."""
    for table in (pa.table({"text": TEXTS}), pa.record_batch({"text": TEXTS})):
        assert counts(TEXTS) == arrow.measure(table).to_pylist()
    with pytest.raises(FieldError, match=r"^column: expected one column, got 2"):
        arrow.measure(pa.table({"a": TEXTS, "b": TEXTS}))


def test_nulls_alone_and_nothing() -> None:
    """A column of nothing but nulls is nulls, an empty one is empty."""
    assert arrow.measure(pa.nulls(2)).to_pylist() == [None, None]
    assert arrow.measure(pa.array([], pa.string())).to_pylist() == []


@pytest.mark.parametrize("column", [["a"], "a", 3, pa.array([1]), pa.array([b"a"])], ids=type)
def test_what_is_no_column_of_text_is_refused(column: Any) -> None:
    """Lists, numbers and binary columns are a TypeError."""
    with pytest.raises(TypeError, match="expected a column"):
        arrow.measure(column)


def test_invalid_utf8_in_a_column_is_refused() -> None:
    """A string array that holds invalid UTF-8, as others may build it, is an error that names the row."""
    offsets = pa.array(["ab", "c"]).buffers()[1]
    array = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab\xff")])
    with pytest.raises(UndecodableError, match="message 1"):
        arrow.measure(array)


def test_strings_are_counted_where_they_lie() -> None:
    """Counting a column of strings allocates a fraction of its data: the data are not copied."""
    array = pa.array(["x" * 100_000] * 100)
    before = pa.total_allocated_bytes()
    arrow.measure(array)
    assert pa.total_allocated_bytes() - before < 100_000


def test_polars_series_and_expressions() -> None:
    """A Series, and the expressions of the namespace in eager and lazy frames, give structs and fields of counts."""
    pl = pytest.importorskip("polars", reason="the extra polars is not installed")
    from smscodec.adapters import polars

    series = pl.Series("text", TEXTS)
    assert counts(TEXTS) == arrow.measure(series).to_pylist()
    assert counts(TEXTS) == polars.measure(series).to_list()
    assert polars.measure(series).dtype == polars.RESULT
    text = pl.col("text").sms
    wanted = {"m": text.measure(), "a": text.alphabet(), "u": text.units(), "s": text.segments()}
    for frame in (pl.DataFrame(series), pl.LazyFrame(series)):
        found = frame.lazy().select(**wanted).collect()
        assert counts(TEXTS) == found["m"].to_list()
        assert [row and row["alphabet"] for row in counts(TEXTS)] == found["a"].to_list()
        assert [row and row["units"] for row in counts(TEXTS)] == found["u"].to_list()
        assert [row and row["segments"] for row in counts(TEXTS)] == found["s"].to_list()


@pytest.mark.parametrize("kind", [None, "string", "object", "category", "string[pyarrow]"])
def test_pandas_series(kind: str | None) -> None:
    """A Series of any string type gives a DataFrame under its index, with missing values where it has them."""
    pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
    from smscodec.adapters import pandas

    series = pd.Series(TEXTS, index=range(10, 19), dtype=kind)
    frame = pandas.measure(series)
    assert list(range(10, 19)) == list(frame.index)
    rows = [None if pd.isna(row["units"]) else dict(row) for _, row in frame.iterrows()]
    assert counts(TEXTS) == rows
    assert [Alphabet.GSM_7BIT.name, Alphabet.UCS2.name] == list(frame["alphabet"].cat.categories)
    assert list(pandas.measure(series[:0]).index) == []
    with pytest.raises(TypeError):
        pandas.measure(pd.Series([1, 2]))
