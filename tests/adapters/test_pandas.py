"""Series in pandas whose layout came from elsewhere.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.adapters.needing import library

pd, pa = library("pandas"), library("pyarrow")

from smscodec.adapters import pandas  # noqa: E402 - only where pandas is


@pytest.mark.parametrize("chunks", [[], [[]], [["a"], []]], ids=repr)
def test_series_of_no_and_of_empty_chunks(chunks: list[list[str]]) -> None:
    """A Series over an Arrow column of no chunk, as Dask's and Parquet's empty ones are, has the types of any other."""
    chunked = pa.chunked_array(chunks, pa.string())
    series = pd.Series(pd.arrays.ArrowExtensionArray(chunked), name="text")
    frame = pandas.measure(series)
    assert len(frame) == len(series)
    assert [str(kind) for kind in frame.dtypes] == ["category", "UInt32", "UInt32"]


MISSING = {
    "float64": ([float("nan")] * 2, "float64"),
    "Int64": ([None, None], "Int64"),
    "datetime64": ([None, None], "datetime64[ns]"),
    "object": ([None, float("nan"), pd.NA, pd.NaT], "object"),
    "category": ([None, None], "category"),
    "nothing at all": ([], "float64"),
}


@pytest.mark.parametrize(("values", "dtype"), MISSING.values(), ids=MISSING)
def test_series_of_missing_values_alone(values: list[Any], dtype: str) -> None:
    """A Series that holds no value costs nothing in every row, whatever type pandas has given it."""
    frame = pandas.measure(pd.Series(values, dtype=dtype))
    assert len(frame) == len(values)
    assert frame.isna().all(axis=None)
    assert [str(kind) for kind in frame.dtypes] == ["category", "UInt32", "UInt32"]


def test_an_empty_column_of_a_csv_file(tmp_path: Path) -> None:
    """A file read in parts costs the same though one part has no text, which pandas then takes for numbers."""
    path = tmp_path / "messages.csv"
    path.write_text("row,text\n0,\n1,\n2,Hello\n", encoding="utf-8")
    parts = pd.read_csv(path, chunksize=2)
    assert [pandas.measure(part["text"])["segments"].sum() for part in parts] == [0, 1]
