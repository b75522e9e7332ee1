"""pandas: a Series of texts to a DataFrame of what they cost; extra ``pandas``.

Knows pandas' types; ``adapters.arrow`` does the rest.
"""

from __future__ import annotations

from typing import Any

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

    ``series`` holds texts as any of pandas' string types or as objects; a missing value gives a row of missing values.
    Raises ``TypeError`` for a Series that holds anything else.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    column = pa.array(series, from_pandas=True)
    if pa.types.is_null(column.type):
        column = column.cast(pa.string())
    measured = arrow.measure(column)
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
