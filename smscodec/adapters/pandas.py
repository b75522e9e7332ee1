"""pandas: a Series of texts to a DataFrame of what they cost; extra ``pandas``.

Knows pandas' types; ``adapters.arrow`` does the rest.
"""

from __future__ import annotations

from typing import Any

from smscodec.batch import measure_many
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, MissingExtraError
from smscodec.tables import Languages

try:
    import pandas as pd
    import pyarrow as pa

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("pandas", "smscodec.adapters.pandas") from error

__all__ = ["SmsAccessor", "encode", "measure"]


def measure(series: Any, *, languages: Languages = ()) -> Any:
    """A DataFrame of alphabet (categorical), units and segments (nullable integers), with the index of the Series.

    ``series`` holds texts as any of pandas' string types or as objects; a missing value gives a row of missing values,
    and so does a Series of nothing else, whatever its type: pandas reads a column of empty fields as numbers.

    Raises ``TypeError`` for anything but a Series of text and ``UnencodableError`` at a lone surrogate; among objects,
    both name the row, counted from 0 whatever the index.

    >>> import pandas as pd
    >>> from smscodec.adapters.pandas import measure
    >>> measure(pd.Series(["hi", "x" * 161]))["segments"].tolist()
    [1, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    measured = arrow.measure(_column(series), languages=languages)
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


def encode(series: Any, references: Any = None, **options: Any) -> Any:
    """A Series of lists of structs of TP-UDL and octets, an Arrow type of pandas, with the index of the Series of
    texts.

    ``references`` is one for all, or a Series or other numbers, one a message; the options are those of
    ``arrow.encode``. A missing value gives a missing value.

    >>> import pandas as pd
    >>> from smscodec.adapters.pandas import encode
    >>> encode(pd.Series(["hi"]))[0]
    [{'tp_udl': 2, 'tp_ud': b'\xe84'}]

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
    """
    given = _numbers(references) if isinstance(references, pd.Series) else references
    encoded = arrow.encode(_column(series), given, **options)
    return pd.Series(pd.arrays.ArrowExtensionArray(encoded), index=series.index, name=series.name)


def _numbers(references: Any) -> Any:
    """References in Arrow's types; pandas turns whole numbers into floats if one is missing."""
    try:
        return pa.array(references, from_pandas=True).cast(pa.int64())
    except pa.ArrowException as error:
        raise FieldError("references", f"expected whole numbers: {error}") from None


@pd.api.extensions.register_series_accessor("sms")
class SmsAccessor:
    """What texts cost and their octets, as ``series.sms``, there once this module is imported.

    >>> import pandas as pd
    >>> import smscodec.adapters.pandas
    >>> pd.Series(["hi", "x" * 161]).sms.segments().tolist()
    [1, 2]
    """

    def __init__(self, series: Any) -> None:
        self._series = series

    def measure(self, *, languages: Languages = ()) -> Any:
        """A DataFrame of alphabet, units and segments."""
        return measure(self._series, languages=languages)

    def alphabet(self, *, languages: Languages = ()) -> Any:
        """``GSM_7BIT`` or ``UCS2``, categorical."""
        return self.measure(languages=languages)["alphabet"]

    def units(self, *, languages: Languages = ()) -> Any:
        """Septets or UTF-16 code units."""
        return self.measure(languages=languages)["units"]

    def segments(self, *, languages: Languages = ()) -> Any:
        """Segments of the message."""
        return self.measure(languages=languages)["segments"]

    def encode(self, references: Any = None, **options: Any) -> Any:
        """Lists of structs of TP-UDL and TP-UD."""
        return encode(self._series, references, **options)


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
