"""CSV: a message in a column of its own, fields quoted where they need it, in any of the usual dialects.

A blank row holds nothing; an empty field is an empty message. A row has as many fields as the first one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from itertools import chain, islice
from typing import Any, Final

from smscodec.cli.files.blocks import Block, Reading, TextBlock, check_text, key_of
from smscodec.cli.files.columns import chosen_column, chosen_columns, refuse_twins
from smscodec.cli.files.octets import octets_of, pieces
from smscodec.cli.reading import InputRefusedError

__all__ = ["blocks"]

_DELIMITERS: Final = ",;\t|"
_DECLARATION: Final = re.compile(r"sep=([,;\t|])[\r\n]*")
"""A line that some programs write above the header, for Excel."""
_ROWS_A_BLOCK: Final = 1_024
_ROWS_AT_ONCE: Final = 16
_OCTETS_A_BLOCK: Final = 1 << 22
"""A block of long rows ends before it has its number of them."""
_OTHER_FIELDS: Final = 1 << 20
"""Octets that a row may hold beside its message, in which each quotation mark may be written twice."""
_SHORTEST_LIMIT: Final = 1 << 12
_OCTETS_A_CHARACTER: Final = 4


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a CSV file."""
    with octets_of(reading) as stream, _field_limit(_longest(reading)):
        lines = _Lines(pieces(stream, reading), reading)
        iterator = iter(lines)
        first = next(iterator, None)
        while first is not None and not first.strip("\r\n"):
            reading.row += 1
            first = next(iterator, None)
        if first is None:
            return
        declared = _DECLARATION.fullmatch(first) if reading.options.header else None
        if declared:
            reading.row += 1
            first = next(iterator, "")
        reading.delimiter = reading.options.delimiter or (declared and declared[1]) or _delimiter(first, reading)
        rows = csv.reader(lines.row_by_row(chain([first], iterator)), delimiter=reading.delimiter, strict=True)
        yield from _Table(map(lines.end_row, rows), lines, reading).blocks()


def _longest(reading: Reading) -> int:
    """The longest field; columns beside the message may be longer than a small limit for messages."""
    return max(reading.options.max_octets, _SHORTEST_LIMIT)


@contextmanager
def _field_limit(characters: int) -> Iterator[None]:
    """Let fields be as long as messages and no longer, so that an unclosed quotation mark takes bounded memory."""
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _delimiter(first: str, reading: Reading) -> str:
    """The delimiter under which the first row has the column, or else the most fields."""
    if reading.name.lower().removesuffix(".gz").endswith(".tsv"):
        return "\t"
    fields = {delimiter: _fields(first, delimiter) for delimiter in _DELIMITERS}
    if reading.options.header:
        for delimiter, names in fields.items():
            if reading.options.column in names:
                return delimiter
    return max(_DELIMITERS, key=lambda delimiter: len(fields[delimiter]))


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Lines:
    """The lines of a file with their ends, which are LF, CRLF or CR.

    Octets that are not UTF-8 come as escapes U+DC80 to U+DCFF, so that the error can name the row; ``odd`` once there
    were any, or a NUL.
    """

    def __init__(self, octets: Iterator[bytes], reading: Reading) -> None:
        self._octets = octets
        self._reading = reading
        self._longest = 2 * _longest(reading) + _OTHER_FIELDS
        self._row = 0
        self.odd = False
        self.taken = 0
        """Octets that were handed on."""

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(StringIO(text, newline="") for text in self._texts())

    def row_by_row(self, lines: Iterator[str]) -> Iterator[str]:
        """The lines, unless one row takes too many: in quotation marks it has no end before the last of them."""
        for line in lines:
            self._row += len(line)
            if self._row > self._longest:
                raise self._too_long("row")
            yield line

    def end_row(self, row: list[str]) -> list[str]:
        """Start counting lines anew after a whole row."""
        self._row = 0
        return row

    def _too_long(self, what: str) -> InputRefusedError:
        return self._reading.damaged(
            f"a {what} of more than {self._longest:,} octets: a quotation mark that is not closed? See --max-message"
        )

    def _texts(self) -> Iterator[str]:
        carried = b""
        for piece in self._octets:
            # A CR at the very end may be half of a CRLF, as the next octet shows; a piece of half a character has none.
            if carried.endswith(b"\r") and piece[:1] not in {b"", b"\n"}:
                yield self._text(carried)
                carried = b""
            cut = max(piece.rfind(b"\n"), piece.rfind(b"\r", 0, -1)) + 1
            if cut:
                yield self._text(carried + piece[:cut])
                carried = piece[cut:]
            else:
                carried += piece
            if len(carried) > self._longest:
                raise self._too_long("line")
        yield self._text(carried)

    def _text(self, octets: bytes) -> str:
        self.taken += len(octets)
        self.odd |= b"\0" in octets
        try:
            return octets.decode()
        except UnicodeDecodeError:
            self.odd = True
            return octets.decode(errors="surrogateescape")


class _Table:
    """Rows under the names of the first of them."""

    def __init__(self, rows: Iterator[list[str]], lines: _Lines, reading: Reading) -> None:
        self._rows = rows
        self._lines = lines
        self._reading = reading
        self._pending: list[list[str]] = []
        self._names = self._header()
        try:
            self._column = chosen_column(self._names, reading.options.column)
            self._by = chosen_columns(self._names, reading.options.by)
            if reading.options.keep:
                refuse_twins(self._names)
        except InputRefusedError as error:
            raise reading.damaged(error) from None

    def _header(self) -> Sequence[str]:
        try:
            first = next(self._rows, [])
        except csv.Error as error:
            raise self._reading.damaged(_words(error)) from None
        if not self._reading.options.header:
            self._pending = [first]
            return [str(number) for number, _ in enumerate(first, 1)]
        self._reading.row += 1
        if self._lines.odd:
            try:
                _check_fields(first)
            except InputRefusedError as error:
                raise self._reading.damaged(error) from None
        return first

    def blocks(self) -> Iterator[Block]:
        """The rows in blocks, each with the messages in it."""
        while True:
            rows, self._pending = self._pending, []
            wrong: csv.Error | None = None
            try:
                self._read(rows)
            except csv.Error as error:
                wrong = error
            if not rows and wrong is None:
                return
            yield self._block(rows if self._plain(rows) else self._one_by_one(rows))
            if wrong is not None:
                self._lines.end_row([])
                self._reading.row += 1
                self._reading.refuse(_words(wrong))

    def _read(self, rows: list[list[str]]) -> None:
        """Add the rows of a block."""
        most = self._lines.taken + _OCTETS_A_BLOCK
        while len(rows) < _ROWS_A_BLOCK and self._lines.taken < most:
            before = len(rows)
            rows.extend(islice(self._rows, _ROWS_AT_ONCE))
            if len(rows) == before:
                return

    def _plain(self, rows: list[list[str]]) -> bool:
        """Whether a quick check finds all rows good; if so, they are counted."""
        most = self._reading.options.max_octets
        if self._lines.odd or not {len(self._names)}.issuperset(map(len, rows)):
            return False
        if max((len(row[self._column]) for row in rows), default=0) * _OCTETS_A_CHARACTER > most:
            return False
        self._reading.row += len(rows)
        return True

    def _one_by_one(self, rows: list[list[str]]) -> list[list[str]]:
        return [row for row in rows if self._is_good(row)]

    def _is_good(self, row: list[str]) -> bool:
        self._reading.row += 1
        if not row:
            return False
        if len(row) != len(self._names):
            self._reading.refuse(f"expected {len(self._names)} fields as in the first row, got {len(row)}")
            return False
        try:
            if self._lines.odd:
                _check_fields(row)
            check_text(row[self._column], self._reading.options.max_octets)
        except InputRefusedError as error:
            self._reading.refuse(error)
            return False
        return True

    def _block(self, rows: list[list[str]]) -> TextBlock:
        texts: list[str | None] = [row[self._column] for row in rows]
        if self._reading.options.empty_as_null:
            texts = [text or None for text in texts]
        records: list[dict[str, Any]] = []
        if self._reading.options.keep:
            records = [dict(zip(self._names, row, strict=True)) for row in rows]
        keys = [key_of(row[column] for column in self._by) for row in rows] if self._by else ()
        return TextBlock(texts, records, keys)


def _check_fields(row: Sequence[str]) -> None:
    """Refuse a row for what made its lines odd."""
    for number, value in enumerate(row, 1):
        if "\0" in value:
            raise InputRefusedError(f"NUL in field {number}: not a text file, or one in UTF-16; see --encoding")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            octet = ord(value[error.start]) - 0xDC00
            raise InputRefusedError(
                f"not UTF-8: octet 0x{octet:02X} at index {error.start} of field {number}; see --encoding"
            ) from None


def _words(error: csv.Error) -> str:
    """What the csv module says, in clearer words."""
    said = str(error)
    if said.startswith("field larger"):
        most = csv.field_size_limit()
        return f"a field of more than {most:,} characters: a quotation mark that is not closed? See --max-message"
    return "a quotation mark is opened and not closed" if said == "unexpected end of data" else f"not CSV: {said}"
