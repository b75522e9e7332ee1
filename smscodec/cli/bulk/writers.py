"""Rows of results as CSV and as JSON lines."""

from __future__ import annotations

import csv
import datetime
import json
import math
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from typing import Any, BinaryIO, Final

from smscodec.cli.files.blocks import SourceRow
from smscodec.cli.reading import InputRefusedError

__all__ = ["CsvWriter", "JsonWriter", "difference", "field", "joined"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""The first characters of cells that a spreadsheet runs."""


def joined(rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with their results behind them."""
    return [{**row, **result} for row, result in zip(rows, results, strict=True)]


class CsvWriter:
    """CSV under a header, in UTF-8, rows ended by CRLF; values other than text as JSON, nulls as empty fields.

    The columns are those of the first row, and later rows have the same. With ``safe_cells`` a value that a spreadsheet
    would run as a formula begins with an apostrophe.
    """

    takes_tables = False

    def __init__(self, file: BinaryIO, *, delimiter: str | None = None, safe_cells: bool = False) -> None:
        self._file = file
        self._delimiter = delimiter
        self._marked = False
        self._cell = _safe_cell if safe_cells else field
        self._columns: list[str] | None = None

    def follow(self, delimiter: str | None, *, marked: bool) -> None:
        """Write as another file is written: its delimiter, and a mark, without which Excel does not read UTF-8."""
        if self._columns is None:
            self._delimiter = self._delimiter or delimiter
            self._marked = self._marked or marked

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], _: Any) -> None:
        """Write rows with their results."""
        rows = joined(rows, results)
        lines = StringIO(newline="")
        writer = csv.writer(lines, delimiter=self._delimiter or ",")
        if self._columns is None and rows:
            self._columns = list(rows[0])
            lines.write("\ufeff" * self._marked)
            writer.writerow(map(self._cell, self._columns))
        for row in rows:
            if row.keys() != set(self._columns or ()):
                raise InputRefusedError(f"--output: {difference(row, self._columns or [])}")
            writer.writerow([self._cell(row[column]) for column in self._columns or ()])
        try:
            self._file.write(lines.getvalue().encode())
        except UnicodeEncodeError:
            raise InputRefusedError("--output: a lone surrogate in a column; CSV cannot hold it, .jsonl can") from None

    def close(self) -> None:
        """Nothing comes last."""

    def abandon(self) -> None:
        """Nothing is held back."""


def difference(row: dict[str, Any], columns: Sequence[str]) -> str:
    """Why a row does not fit the columns of the first one."""
    odd = [name for name in (*row, *columns) if (name in row) != (name in columns)]
    return f"not all rows have the same columns, as {odd[0]!r}; .jsonl can hold such rows"


def _safe_cell(value: Any) -> Any:
    text = field(value)
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) and value is text else text


def field(value: Any) -> Any:
    """A value for a cell of text: text or None as it is, anything else in words, as JSON where that has a form."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value)


class JsonWriter:
    """JSON lines: an object a row. A row that was JSON is copied as it was, so that no number is rounded."""

    takes_tables = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], _: Any) -> None:
        """Write rows with their results."""
        try:
            octets = self._lines(rows, results, ascii_only=False).encode()
        except UnicodeEncodeError:  # a lone surrogate, which JSON can spell as an escape only
            octets = self._lines(rows, results, ascii_only=True).encode()
        self._file.write(octets)

    def _lines(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], *, ascii_only: bool) -> str:
        return "".join([self._line(row, result, ascii_only) + "\n" for row, result in zip(rows, results, strict=True)])

    def _line(self, row: dict[str, Any], result: dict[str, Any], ascii_only: bool) -> str:
        if isinstance(row, SourceRow):
            added = json.dumps(result, ensure_ascii=ascii_only, default=_plain)
            return f"{row.source.strip().removesuffix('}').rstrip()}, {added.removeprefix('{')}"
        try:
            return json.dumps({**row, **result}, ensure_ascii=ascii_only, default=_plain, allow_nan=False)
        except ValueError:  # NaN or an infinity, which JSON lacks
            return json.dumps(_finite({**row, **result}), ensure_ascii=ascii_only, default=_plain)

    def close(self) -> None:
        """Nothing comes last."""

    def abandon(self) -> None:
        """Nothing is held back."""


def _finite(value: Any) -> Any:
    """The value with null for infinities and NaN, which JSON lacks."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """A value of Arrow that JSON has no form for: times as ISO 8601, decimals in digits, octets in hexadecimal."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
