"""pandas: a Series of texts to a DataFrame of what they cost; extra ``pandas``.

Knows pandas' types; ``adapters.arrow`` does the rest.
"""

from __future__ import annotations

from typing import Any

from smscodec.batch import measure_many
from smscodec.dcs import Alphabet
from smscodec.errors import MissingExtraError

try:
    import pandas as pd
    import pyarrow as pa

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("pandas", "smscodec.adapters.pandas") from error

__all__ = ["measure"]


def measure(series: Any) -> Any:
    """A DataFrame of alphabet (categorical), units and segments (nullable integers), with the index of the Series.

    ``series`` holds texts as any of pandas' string types or as objects; a missing value gives a row of missing values,
    and so does a Series of nothing else, whatever its type: pandas reads a column of empty fields as numbers.

    Raises ``TypeError`` for anything but a Series of text and ``UnencodableError`` at a lone surrogate; among objects,
    both name the row, counted from 0 whatever the index.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    measured = arrow.measure(_column(series))
    parts = measured.chunks if isinstance(measured, pa.ChunkedArray) else [measured]
    alphabet, units, segments = (
        pa.chunked_array([part.flatten()[index] for part in parts], type=field.type)
        for index, field in enumerate(arrow.RESULT)
    )
    names = [Alphabet.GSM_7BIT.name, Alphabet.UCS2.name]
    columns = {
        "alphabet": pd.Categorical(alphabet.cast(pa.string()).to_pandas(), categories=names),
        "units": units.to_pandas(types_mapper={pa.uint32(): pd.UInt32Dtype()}.get).array,
        "segments": segments.to_pandas(types_mapper={pa.uint32(): pd.UInt32Dtype()}.get).array,
    }
    return pd.DataFrame(columns, index=series.index)


def _column(series: Any) -> Any:
    if not isinstance(series, pd.Series):
        raise TypeError(f"expected a pandas Series, got {type(series).__name__}")
    try:
        column = pa.array(series, from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError) as error:
        _name_offender(series)
        raise TypeError(f"expected a Series of text: {error}") from None
    if series.dtype == object and not pa.types.is_null(column.type) and not pa.types.is_string(column.type):
        _name_offender(series)
    return pa.nulls(len(column), pa.string()) if column.null_count == len(column) else column


def _name_offender(series: Any) -> None:
    """Raise over the first element that is neither text nor missing, or that holds a lone surrogate."""
    measure_many("" if missing else value for value, missing in zip(series, series.isna(), strict=True))
