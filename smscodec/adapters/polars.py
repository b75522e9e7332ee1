"""Polars: the namespace ``sms`` of expressions and of Series, there once this module is imported; extra ``polars``.

    import smscodec.adapters.polars
    frame.with_columns(segments=pl.col("text").sms.segments())

Knows Polars' names and types; ``adapters.arrow`` does the rest.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from smscodec.dcs import Alphabet
from smscodec.errors import MissingExtraError
from smscodec.tables import Languages

try:
    import polars as pl

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("polars", "smscodec.adapters.polars") from error

__all__ = ["ENCODED", "RESULT", "SmsExpressions", "SmsSeries", "encode", "measure"]

RESULT: Final = pl.Struct(
    {
        "alphabet": pl.Enum([Alphabet.GSM_7BIT.name, Alphabet.UCS2.name]),
        "units": pl.UInt32(),
        "segments": pl.UInt32(),
    }
)
"""The type of the result: a struct of the fields of ``batch.Count``."""

ENCODED: Final = pl.List(pl.Struct({"tp_udl": pl.UInt8(), "tp_ud": pl.Binary()}))
"""The type of encoded messages: their segments, with TP-UDL and the octets of TP-UD."""


def measure(series: pl.Series, *, languages: Languages = ()) -> pl.Series:
    """Alphabet, units and segments of every text of a Series of strings; a null gives a null.

    ``languages`` are the national languages that you permit, as in ``smscodec.measure``.

    Raises ``TypeError`` for anything but a Series of text.

    >>> import polars as pl
    >>> from smscodec.adapters.polars import measure
    >>> measure(pl.Series(["hi", "x" * 161])).struct.field("segments").to_list()
    [1, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if not isinstance(series, pl.Series):
        raise TypeError(f"expected a Polars Series, got {type(series).__name__}")
    measured = pl.Series(series.name, arrow.measure(series.to_arrow(), languages=languages))
    return measured.cast(RESULT)


def encode(series: pl.Series, references: Any = None, **options: Any) -> pl.Series:
    """Segments of every text of a Series of strings, a list of structs of TP-UDL and octets; a null gives a null.

    ``references`` is one for all, a Series or other numbers, one a message; the options are those of ``arrow.encode``.

    >>> import polars as pl
    >>> from smscodec.adapters.polars import encode
    >>> encode(pl.Series(["hi"]))[0][0]["tp_ud"]
    b'\xe84'

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
    """
    if not isinstance(series, pl.Series):
        raise TypeError(f"expected a Polars Series, got {type(series).__name__}")
    given = references.to_arrow() if isinstance(references, pl.Series) else references
    return pl.Series(series.name, arrow.encode(series.to_arrow(), given, **options)).cast(ENCODED)


@pl.api.register_expr_namespace("sms")
class SmsExpressions:
    """What a text costs, as expressions over a column of String, Categorical or Enum; nulls stay nulls.

    As in Polars' own namespaces the result keeps the name of the column. All are elementwise, so that they run in the
    streaming engine and filters are pushed past them. If you need several of them, unnest ``measure``, which counts
    once. A column of another type is a ``TypeError`` as soon as it is collected; Polars adds the expression, and
    early versions make it a ``ComputeError`` with our words in it.

    >>> import polars as pl
    >>> import smscodec.adapters.polars
    >>> frame = pl.DataFrame({"text": ["hi", None, "x" * 161]})
    >>> frame.select(pl.col("text").sms.segments()).to_series().to_list()
    [1, None, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    def __init__(self, expression: pl.Expr) -> None:
        self._expression = expression

    def measure(self, *, languages: Languages = ()) -> pl.Expr:
        """A struct of alphabet, units and segments."""
        function = partial(measure, languages=languages)
        return self._expression.map_batches(function, return_dtype=RESULT, is_elementwise=True)

    def encode(self, references: Any = None, **options: Any) -> pl.Expr:
        """A list of structs of TP-UDL and TP-UD; ``references`` is a number, an expression or a column's name."""
        if references is None or isinstance(references, int):
            function = partial(encode, references=references, **options)
            return self._expression.map_batches(function, return_dtype=ENCODED, is_elementwise=True)
        of = pl.col(references) if isinstance(references, str) else references
        both = pl.struct(self._expression.alias("text"), of.alias("reference"))
        encoded = both.map_batches(partial(_encode_both, **options), return_dtype=ENCODED, is_elementwise=True)
        return encoded.alias(self._expression.meta.output_name())

    def alphabet(self, *, languages: Languages = ()) -> pl.Expr:
        """``GSM_7BIT`` or ``UCS2``, an Enum."""
        return self._field("alphabet", languages)

    def units(self, *, languages: Languages = ()) -> pl.Expr:
        """Septets or UTF-16 code units."""
        return self._field("units", languages)

    def segments(self, *, languages: Languages = ()) -> pl.Expr:
        """Segments of the message."""
        return self._field("segments", languages)

    def _field(self, name: str, languages: Languages) -> pl.Expr:
        type_ = {field.name: field.dtype for field in RESULT.fields}[name]
        return self._expression.map_batches(partial(_field, name, languages), return_dtype=type_, is_elementwise=True)


@pl.api.register_series_namespace("sms")
class SmsSeries:
    """What a text costs, as Series under the name of the Series of texts; nulls stay nulls.

    A Series of another type is a ``TypeError``.

    >>> import polars as pl
    >>> import smscodec.adapters.polars
    >>> pl.Series(["hi", None, "x" * 161]).sms.units().to_list()
    [2, None, 161]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def measure(self, *, languages: Languages = ()) -> pl.Series:
        """A struct of alphabet, units and segments."""
        return measure(self._series, languages=languages)

    def encode(self, references: Any = None, **options: Any) -> pl.Series:
        """A list of structs of TP-UDL and TP-UD; ``references`` is a number for all, or a Series."""
        return encode(self._series, references, **options)

    def alphabet(self, *, languages: Languages = ()) -> pl.Series:
        """``GSM_7BIT`` or ``UCS2``, an Enum."""
        return _field("alphabet", languages, self._series)

    def units(self, *, languages: Languages = ()) -> pl.Series:
        """Septets or UTF-16 code units."""
        return _field("units", languages, self._series)

    def segments(self, *, languages: Languages = ()) -> pl.Series:
        """Segments of the message."""
        return _field("segments", languages, self._series)


def _field(name: str, languages: Languages, series: pl.Series) -> pl.Series:
    return measure(series, languages=languages).struct.field(name).alias(series.name)


def _encode_both(series: pl.Series, **options: Any) -> pl.Series:
    return encode(series.struct.field("text"), series.struct.field("reference"), **options)
