"""Excel workbooks (.xlsx): a message in a column of a sheet, under the names in its first row; extra ``excel``.

Rows are read one after the other. What a workbook holds in memory beside them, its table of strings, is limited, and so
is what a few octets of the file may unpack to. Formulas count as the values that Excel last saved for them.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from typing import Any, BinaryIO, Final, TypeAlias

from smscodec.cli.files.blocks import Block, Key, Reading, TextBlock, check_text, key_of
from smscodec.cli.files.columns import chosen_column, chosen_columns, listed, refuse_twins
from smscodec.cli.files.octets import seekable
from smscodec.cli.reading import InputRefusedError, did_you_mean
from smscodec.errors import MissingExtraError

try:
    from openpyxl import load_workbook
    from openpyxl.cell.cell import ERROR_CODES
    from openpyxl.utils import column_index_from_string, get_column_letter
except ImportError as error:
    raise MissingExtraError("excel", "smscodec bulk of .xlsx files") from error

__all__ = ["Row", "blocks", "rows_of_first_sheet"]

_ROWS_A_BLOCK: Final = 1_024
_MOST_ROWS: Final = 1 << 20
_SHEETS: Final = "xl/worksheets/"
_MOST_OCTETS_OF_A_SHEET: Final = 1 << 30
_MOST_OCTETS_OF_A_PART: Final = 1 << 28
_PIECE: Final = 1 << 16
_OVERLAP: Final = 1 << 8
"""Octets of a piece that are looked at again with the next one; no tag that is sought is longer."""
_CONTROL: Final = re.compile(r"_x(00[01][0-9A-Fa-f]|005F)_")
"""How a workbook spells a control character, and a line that would begin such a spelling."""
_UNSAVED: Final = re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
"""The end of a cell with a formula and no value: who wrote it did not calculate."""
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
"""Merged cells: the column and the row of the first, and of the last."""

Row: TypeAlias = tuple[Any, ...]


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a sheet of a workbook."""
    reading.marked = True
    with seekable(reading) as file, _readable(reading), closing(_opened(file, reading)) as workbook:
        sheet = _sheet(workbook, reading)
        _refuse_unsaved(workbook, sheet, reading)
        table = _Table(_rows(sheet, reading), reading)
        table.merged = _merged(workbook, sheet, table.by)
        yield from table.blocks()


def rows_of_first_sheet(reading: Reading) -> Iterator[Row]:
    """The rows that hold something, each while ``reading`` has its number."""
    with seekable(reading) as file, _readable(reading), closing(_opened(file, reading)) as workbook:
        yield from _rows(_sheet(workbook, reading), reading)


@contextmanager
def _readable(reading: Reading) -> Iterator[None]:
    """Name what openpyxl cannot read, for which it raises errors of every kind, and keep its warnings from users."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except InputRefusedError:
            raise
        except Exception as error:
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise reading.damaged(f"not a readable .xlsx workbook: {reason}") from None


def _opened(file: BinaryIO, reading: Reading) -> Any:
    magic = file.read(4)
    if magic == b"\xd0\xcf\x11\xe0":
        raise reading.damaged("a workbook with a password, or an old .xls; save it as .xlsx without a password")
    if magic != b"PK\x03\x04":
        raise reading.damaged("not an .xlsx workbook; if it is text, add --format csv (or txt, or jsonl)")
    with zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            most = _MOST_OCTETS_OF_A_SHEET if part.filename.startswith(_SHEETS) else _MOST_OCTETS_OF_A_PART
            if part.file_size > most:
                raise reading.damaged(
                    f"{part.filename} takes {part.file_size:,} octets, and at most {most:,} are read; save it as CSV"
                )
    return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _sheet(workbook: Any, reading: Reading) -> Any:
    """The sheet of the name that was asked for, or the first one that is not hidden."""
    names = [sheet.title for sheet in workbook.worksheets]
    wanted = reading.options.sheet
    if wanted is not None:
        if wanted not in names:
            guess = did_you_mean(wanted, names)
            raise reading.damaged(f"no sheet {wanted!r}; {f'{guess} ' if guess else ''}there are {listed(names)}")
        return workbook[wanted]
    seen = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"] or workbook.worksheets
    if not seen:
        raise reading.damaged("a workbook without a sheet")
    if len(names) > 1:
        reading.note(f"sheet {seen[0].title!r} is read, the first of {len(names)}; --sheet names another one")
    return seen[0]


def _refuse_unsaved(workbook: Any, sheet: Any, reading: Reading) -> None:
    """Refuse a sheet with formulas that no program has calculated: they would count as empty cells."""
    if any(map(_UNSAVED.search, _overlapping(workbook, sheet))):
        raise reading.damaged(
            f"sheet {sheet.title!r} has formulas without values; open it in Excel or LibreOffice, save it, and try "
            "again"
        )


def _merged(workbook: Any, sheet: Any, columns: Sequence[int]) -> list[_Merged]:
    """The merged cells in these columns that span several rows, which come behind all rows of the file."""
    found = [_Merged(column) for column in columns]
    for octets in _overlapping(workbook, sheet) if columns else ():
        for first, top, last, bottom in _MERGED.findall(octets):
            source, end = column_index_from_string(first.decode()) - 1, column_index_from_string(last.decode()) - 1
            for merged in found:
                if source <= merged.column <= end and int(top) < int(bottom):
                    merged.begin[int(top)] = int(bottom), source
    return found


def _overlapping(workbook: Any, sheet: Any) -> Iterator[bytes]:
    """The octets of a sheet in pieces, each with the end of the one before it: what is sought is whole in one."""
    with workbook._archive.open(sheet._worksheet_path) as part:
        before = b""
        while octets := part.read(_PIECE):
            yield before + octets
            before = octets[-_OVERLAP:]


class _Merged:
    """A column in which cells are merged: a workbook keeps the value in the first of them, and the others empty."""

    def __init__(self, column: int) -> None:
        self.column = column
        self.begin: dict[int, tuple[int, int]] = {}
        """By the row where they begin: the row where they end, and the column of the value."""
        self._end, self._value = 0, None

    def value(self, number: int, row: Row) -> Any:
        """What stands in this column of a row, each row being asked about in its turn."""
        if number in self.begin:
            self._end, source = self.begin[number]
            self._value = _cell(row, source)
        return self._value if number <= self._end else _cell(row, self.column)


def _cell(row: Row, column: int) -> Any:
    return row[column] if column < len(row) else None


def _rows(sheet: Any, reading: Reading) -> Iterator[Row]:
    """The rows of a sheet, each under its number; those that hold nothing are passed over."""
    sheet.reset_dimensions()  # which some programs write wrong
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_row=_MOST_ROWS + 1), 1):
        reading.row = number
        if number > _MOST_ROWS:
            raise reading.damaged(f"more than {_MOST_ROWS:,} rows, which Excel does not have")
        filled = _without_end(row)
        if filled:
            yield tuple(map(_value, filled))


def _without_end(row: Row) -> Row:
    """The cells of a row up to the last that holds something."""
    end = len(row)
    while end and (row[end - 1] is None or row[end - 1] == ""):
        end -= 1
    return row[:end]


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub(lambda found: chr(int(found[1], 16)), value) if "_x00" in value else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Table:
    """Rows under the names in the first of them."""

    def __init__(self, rows: Iterator[Row], reading: Reading) -> None:
        self._rows = rows
        self._reading = reading
        self._pending: list[tuple[int, Row]] = []
        self.by: Sequence[int] = ()
        self.merged: Sequence[_Merged] = ()
        first = next(rows, ())
        if reading.options.header:
            self._names = [_name(value, index) for index, value in enumerate(first, 1)]
        else:
            self._names = [str(number) for number, _ in enumerate(first, 1)]
            self._pending = [(reading.row, first)]
        self._empty = not first
        if first:
            self._choose()

    def _choose(self) -> None:
        try:
            self._column = chosen_column(self._names, self._reading.options.column)
            self.by = chosen_columns(self._names, self._reading.options.by)
            if self._reading.options.keep:
                refuse_twins(self._names)
        except InputRefusedError as error:
            raise self._reading.damaged(error) from None

    def blocks(self) -> Iterator[Block]:
        """The rows in blocks, each with the messages in it."""
        if self._empty:
            return
        good: list[Row] = []
        keys: list[Key] = []
        for number, row in chain(self._pending, ((self._reading.row, row) for row in self._rows)):
            key = key_of(merged.value(number, row) for merged in self.merged)  # a bad row may begin merged cells
            if self._is_good(row):
                good.append(row)
                keys.append(key)
            if len(good) == _ROWS_A_BLOCK:
                yield self._block(good, keys)
                good, keys = [], []
        if good:
            yield self._block(good, keys)

    def _is_good(self, row: Row) -> bool:
        if len(row) > len(self._names):
            self._reading.refuse(f"column {get_column_letter(len(row))} has a value, and no name in the first row")
            return False
        try:
            check_text(_text(row[self._column] if self._column < len(row) else None), self._reading.options.max_octets)
        except InputRefusedError as error:
            self._reading.refuse(error)
            return False
        return True

    def _block(self, rows: Sequence[Row], keys: Sequence[Key]) -> TextBlock:
        width = len(self._names)
        whole = [row + (None,) * (width - len(row)) for row in rows]
        texts: list[str | None] = [_text(row[self._column]) for row in whole]
        if self._reading.options.empty_as_null:
            texts = [text or None for text in texts]
        records = [dict(zip(self._names, row, strict=True)) for row in whole] if self._reading.options.keep else []
        return TextBlock(texts, records, keys)


def _name(value: Any, column: int) -> str:
    return f"column {get_column_letter(column)}" if value is None or value == "" else str(value)


def _text(value: Any) -> str:
    """A cell as a message: text, or a whole number, as a code may be kept."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value in ERROR_CODES:
            raise InputRefusedError(f"the cell of the message holds the error {value}")
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    kind = {bool: "a truth value", float: "a number with decimals"}.get(type(value), "a date or time")
    raise InputRefusedError(f"expected text in the cell of the message, got {kind}; format the column as text")
