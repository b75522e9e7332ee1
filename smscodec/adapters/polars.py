"""Polars: the namespace ``sms`` of expressions and of Series, there once this module is imported; extra ``polars``.

    import smscodec.adapters.polars
    frame.with_columns(segments=pl.col("text").sms.segments())

Knows Polars' names and types; ``adapters.arrow`` does the rest.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from smscodec.dcs import Alphabet
from smscodec.errors import MissingExtraError

try:
    import polars as pl

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("polars", "smscodec.adapters.polars") from error

__all__ = ["RESULT", "SmsExpressions", "SmsSeries", "measure"]

RESULT: Final = pl.Struct(
    {
        "alphabet": pl.Enum([Alphabet.GSM_7BIT.name, Alphabet.UCS2.name]),
        "units": pl.UInt32(),
        "segments": pl.UInt32(),
    }
)
"""The type of the result: a struct of the fields of ``batch.Count``."""


def measure(series: pl.Series) -> pl.Series:
    """Alphabet, units and segments of every text of a Series of strings; a null gives a null.

    Raises ``TypeError`` for anything but a Series of text.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if not isinstance(series, pl.Series):
        raise TypeError(f"expected a Polars Series, got {type(series).__name__}")
    measured = pl.Series(series.name, arrow.measure(series.to_arrow()))
    return measured.cast(RESULT)


@pl.api.register_expr_namespace("sms")
class SmsExpressions:
    """What a text costs, as expressions over a column of String, Categorical or Enum; nulls stay nulls.

    As in Polars' own namespaces the result keeps the name of the column. All are elementwise, so that they run in the
    streaming engine and filters pass by them. Who wants several of them asks for ``measure`` and unnests it, which
    counts once. A column of another type is a ``TypeError`` as soon as it is collected; Polars adds the expression, and
    early versions make it a ``ComputeError`` with our words in it.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    def __init__(self, expression: pl.Expr) -> None:
        self._expression = expression

    def measure(self) -> pl.Expr:
        """A struct of alphabet, units and segments."""
        return self._expression.map_batches(measure, return_dtype=RESULT, is_elementwise=True)

    def alphabet(self) -> pl.Expr:
        """``GSM_7BIT`` or ``UCS2``, an Enum."""
        return self._field("alphabet")

    def units(self) -> pl.Expr:
        """Septets or UTF-16 code units."""
        return self._field("units")

    def segments(self) -> pl.Expr:
        """Segments of the message."""
        return self._field("segments")

    def _field(self, name: str) -> pl.Expr:
        type_ = {field.name: field.dtype for field in RESULT.fields}[name]
        return self._expression.map_batches(partial(_field, name), return_dtype=type_, is_elementwise=True)


@pl.api.register_series_namespace("sms")
class SmsSeries:
    """What a text costs, as Series under the name of the Series of texts; nulls stay nulls.

    A Series of another type is a ``TypeError``.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def measure(self) -> pl.Series:
        """A struct of alphabet, units and segments."""
        return measure(self._series)

    def alphabet(self) -> pl.Series:
        """``GSM_7BIT`` or ``UCS2``, an Enum."""
        return _field("alphabet", self._series)

    def units(self) -> pl.Series:
        """Septets or UTF-16 code units."""
        return _field("units", self._series)

    def segments(self) -> pl.Series:
        """Segments of the message."""
        return _field("segments", self._series)


def _field(name: str, series: pl.Series) -> pl.Series:
    return measure(series).struct.field(name).alias(series.name)
