"""Polars: the expression namespace ``sms``, there once this module is imported; extra ``polars``.

    import smscodec.adapters.polars
    frame.with_columns(pl.col("text").sms.measure())

Knows Polars' names and types; ``adapters.arrow`` does the rest.
"""

from __future__ import annotations

from typing import Any, Final

from smscodec.dcs import Alphabet
from smscodec.errors import MissingExtraError

try:
    import polars as pl

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("polars", "smscodec.adapters.polars") from error

__all__ = ["RESULT", "SmsExpressions", "measure"]

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

    Raises ``TypeError`` for a Series of another type, or what is none.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if not isinstance(series, pl.Series):
        raise TypeError(f"series must be a Polars Series, not {type(series).__name__}")
    measured = pl.Series(series.name, arrow.measure(series.to_arrow()))
    return measured.cast(RESULT)


@pl.api.register_expr_namespace("sms")
class SmsExpressions:
    """What a text costs, as expressions over a column of strings; nulls stay nulls.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    def __init__(self, expression: pl.Expr) -> None:
        self._expression = expression

    def measure(self) -> pl.Expr:
        """A struct of alphabet, units and segments."""
        return self._expression.map_batches(measure, return_dtype=RESULT, is_elementwise=True)

    def alphabet(self) -> pl.Expr:
        """``GSM_7BIT`` or ``UCS2``."""
        return self._field("alphabet")

    def units(self) -> pl.Expr:
        """Septets or UTF-16 code units."""
        return self._field("units")

    def segments(self) -> pl.Expr:
        """Segments of the message."""
        return self._field("segments")

    def _field(self, name: str) -> Any:
        return self.measure().struct.field(name)
