"""Rows of results as CSV and as JSON lines."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from typing import Any, BinaryIO

from smscodec.cli.reading import InputRefusedError

__all__ = ["CsvWriter", "JsonWriter"]


def _joined(rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, **result} for row, result in zip(rows, results, strict=True)]


class CsvWriter:
    """CSV under a header, in UTF-8, rows ended by CRLF; values that are no text as JSON, nulls as empty fields.

    The columns are those of the first row, and later rows have the same.
    """

    takes_tables = False

    def __init__(self, file: BinaryIO, delimiter: str = ",") -> None:
        self._file = file
        self._delimiter = delimiter
        self._columns: list[str] | None = None

    @classmethod
    def with_tabs(cls, file: BinaryIO) -> CsvWriter:
        """Tabs between the fields."""
        return cls(file, "\t")

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], _: Any) -> None:
        """Write rows with their results."""
        rows = _joined(rows, results)
        lines = StringIO(newline="")
        writer = csv.writer(lines, delimiter=self._delimiter)
        if self._columns is None and rows:
            self._columns = list(rows[0])
            writer.writerow(self._columns)
        for row in rows:
            if row.keys() != set(self._columns or ()):
                raise InputRefusedError(f"--output: {_difference(row, self._columns or [])}")
            writer.writerow([_field(row[column]) for column in self._columns or ()])
        try:
            self._file.write(lines.getvalue().encode())
        except UnicodeEncodeError:
            raise InputRefusedError("--output: a lone surrogate in a column is no text that CSV can hold") from None

    def close(self) -> None:
        """Nothing comes last."""

    def abandon(self) -> None:
        """Nothing is held back."""


def _difference(row: dict[str, Any], columns: Sequence[str]) -> str:
    odd = [name for name in (*row, *columns) if (name in row) != (name in columns)]
    return f"not all rows have the same columns, as {odd[0]!r}; .jsonl can hold such rows"


def _field(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value)


class JsonWriter:
    """JSON lines: an object a row."""

    takes_tables = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], _: Any) -> None:
        """Write rows with their results."""
        rows = _joined(rows, results)
        try:
            octets = self._lines(rows, ascii_only=False).encode()
        except UnicodeEncodeError:  # a lone surrogate, which JSON can spell as an escape only
            octets = self._lines(rows, ascii_only=True).encode()
        self._file.write(octets)

    def _lines(self, rows: Sequence[dict[str, Any]], *, ascii_only: bool) -> str:
        return "".join([json.dumps(row, ensure_ascii=ascii_only, default=_plain) + "\n" for row in rows])

    def close(self) -> None:
        """Nothing comes last."""

    def abandon(self) -> None:
        """Nothing is held back."""


def _plain(value: Any) -> Any:
    """A value of Arrow that JSON has no form for: times as ISO 8601, decimals in digits, octets in hexadecimal."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
