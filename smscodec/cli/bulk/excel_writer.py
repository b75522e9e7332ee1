"""Rows of results as an Excel workbook; extra ``excel``. Text stays text, so that no cell is run as a formula."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO, Final

from smscodec.cli.bulk.writers import difference, field, joined
from smscodec.cli.reading import InputRefusedError
from smscodec.errors import MissingExtraError

try:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
except ImportError as error:
    raise MissingExtraError("excel", "smscodec bulk --output of .xlsx files") from error

__all__ = ["ExcelWriter"]

_MOST_ROWS: Final = 1 << 20
_MOST_CHARACTERS: Final = 32_767
"""In a cell, in UTF-16 code units."""
_LARGEST: Final = 10**15
"""Excel keeps fifteen digits of a number."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|\r|_(?=x[0-9A-Fa-f]{4}_)")
"""What a workbook has to spell: control characters, and what would be read as one that is spelt."""
_IMPOSSIBLE: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


class ExcelWriter:
    """One sheet, whose first row names the columns; numbers, dates and truth values stay what they are."""

    takes_tables = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._workbook = Workbook(write_only=True)
        self._sheet = self._workbook.create_sheet("messages")
        self._sheet.freeze_panes = "A2"
        self._saved = False
        self._columns: list[str] | None = None
        self._rows = 0

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], _: Any) -> None:
        """Write rows with their results."""
        for row in joined(rows, results):
            if self._columns is None:
                self._columns = list(row)
                self._append(self._columns)
            elif row.keys() != set(self._columns):
                raise InputRefusedError(f"--output: {difference(row, self._columns)}")
            self._append([row[column] for column in self._columns])

    def _append(self, values: Sequence[Any]) -> None:
        self._rows += 1
        if self._rows > _MOST_ROWS:
            raise InputRefusedError(f"--output: an .xlsx sheet holds {_MOST_ROWS:,} rows; .csv and .parquet hold more")
        self._sheet.append([self._cell(value) for value in values])

    def _cell(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int | Decimal) and -_LARGEST < value < _LARGEST:
            return value
        if isinstance(value, datetime.datetime | datetime.time) and value.tzinfo is None:
            return value
        if isinstance(value, datetime.date | datetime.timedelta) and not isinstance(value, datetime.datetime):
            return value
        text = str(field(value))
        if len(text.encode("utf-16-le", "surrogatepass")) > 2 * _MOST_CHARACTERS:
            raise InputRefusedError(
                f"--output: an .xlsx cell holds {_MOST_CHARACTERS:,} characters, got {len(text):,}; .csv holds more"
            )
        if found := _IMPOSSIBLE.search(text):
            raise InputRefusedError(f"--output: .xlsx cannot hold U+{ord(found[0]):04X}; .jsonl can")
        cell = WriteOnlyCell(self._sheet)
        # Not through value, for which a text that begins with = is a formula, and a control character an error.
        cell._value = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
        cell.data_type = "s"
        return cell

    def close(self) -> None:
        """Write the workbook."""
        self._saved = True
        self._workbook.save(self._file)

    def abandon(self) -> None:
        """Remove what openpyxl keeps of the sheet in a file of its own."""
        if not self._saved:
            self._sheet.close()
            self._sheet._writer.cleanup()
