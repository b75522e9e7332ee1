"""Series in pandas whose layout came from elsewhere.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

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
