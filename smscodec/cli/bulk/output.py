"""What each message costs, a row a message beside the columns of the input, in the format that a name ends in.

Knows rows and formats, and nothing of how messages are read or counted.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self, cast

from smscodec import Alphabet
from smscodec.batch import encode_many
from smscodec.cli.bulk.prices import NO_PRICES, Prices
from smscodec.cli.bulk.whole_file import WholeFile
from smscodec.cli.bulk.writers import CsvWriter, JsonWriter
from smscodec.cli.files import format_of
from smscodec.cli.files.blocks import Block, Measured, Reading
from smscodec.cli.reading import InputRefusedError, UsageError
from smscodec.tables import PermittedLanguages

__all__ = ["RESULTS", "Octets", "Output", "writer_for"]

RESULTS: Final = ("alphabet", "units", "segments")
"""The columns of results; beside them ``cost`` with a price, ``octets`` and ``transliterated`` where asked for."""

_COST: Final = "cost"
_OCTETS: Final = "octets"
_TRANSLITERATED: Final = "transliterated"


class Writer(Protocol):
    """One format."""

    @property
    def takes_tables(self) -> bool:
        """Whether it wants rows of Arrow files as Arrow batches."""

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], table: Any) -> None:
        """Write rows, or a batch of them, each with its results."""

    def close(self) -> None:
        """Write the end of the file."""

    def abandon(self) -> None:
        """Write nothing more: the file is abandoned."""


def writer_for(name: str, *, safe_cells: bool, places: int) -> Callable[[BinaryIO], Writer]:
    """The writer for the format that the name ends in; raises ``UsageError`` for another ending.

    ``places`` are the decimal places of costs.
    """
    form = None if name == "-" else format_of(name)
    if form == "csv":
        tabs = name.lower().removesuffix(".gz").endswith(".tsv")
        return partial(CsvWriter, delimiter="\t" if tabs else None, safe_cells=safe_cells)
    if form == "jsonl":
        return JsonWriter
    if form in {"parquet", "arrow"}:
        from smscodec.cli.bulk.arrow_writers import ArrowWriter, ParquetWriter  # noqa: PLC0415  # an extra

        return partial(ParquetWriter if form == "parquet" else ArrowWriter, places=places)
    if form == "xlsx":
        from smscodec.cli.bulk.excel_writer import ExcelWriter  # noqa: PLC0415  # an extra

        return ExcelWriter
    raise UsageError(f"--output {name} must end in .csv, .tsv or .jsonl (or .gz of these), .xlsx, .parquet or .arrow")


class Octets:
    """The segments of messages, with references that count from 0 to 255 and start over.

    A null has no segments, and neither does a message of more than 255, which cannot be sent.
    """

    def __init__(self, languages: PermittedLanguages) -> None:
        self._languages = languages
        self._messages = 0

    def of(self, texts: Sequence[str | None]) -> list[list[dict[str, Any]] | None]:
        """TP-UDL and TP-UD of each segment of each of the next messages."""
        references = [(self._messages + row) % 256 for row in range(len(texts))]
        self._messages += len(texts)
        known = [text or "" for text in texts]
        batch = encode_many(known, references=references, languages=self._languages, errors="null")
        lengths, written = iter(batch.tp_udl), list[list[dict[str, Any]] | None]()
        for text, message in zip(texts, batch, strict=True):
            segments = [{"tp_udl": next(lengths), "tp_ud": octets} for octets in message or ()]
            written.append(None if text is None or message is None else segments)
        return written


class Output:
    """The rows of results while they are written to a file, whose end is written when the context is left."""

    def __init__(
        self,
        whole: WholeFile,
        make: Callable[[BinaryIO], Writer],
        *,
        prefix: str,
        transliterated: bool,
        prices: Prices = NO_PRICES,
        octets: Octets | None = None,
    ) -> None:
        self._prices = prices
        self._octets = octets
        more = [_OCTETS] * (octets is not None) + [_TRANSLITERATED] * transliterated
        self._names = [f"{prefix}{column}" for column in (*RESULTS, *[_COST] * bool(prices), *more)]
        self._whole = whole
        zipped = whole.name.lower().endswith(".gz")
        self._zip = gzip.GzipFile(fileobj=whole.file, mode="wb", mtime=0) if zipped else None
        self._writer = make(cast("BinaryIO", self._zip or whole.file))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with self._whole.named_errors():
                    self._writer.close()
                    if self._zip:
                        self._zip.close()
        finally:
            self._writer.abandon()

    def follow(self, reading: Reading) -> None:
        """Write CSV as the first file is written: its delimiter, and a byte order mark where a spreadsheet needs it."""
        if isinstance(self._writer, CsvWriter):
            self._writer.follow(reading.delimiter if reading.delimiter in {";", "|"} else None, marked=reading.marked)

    def write(self, block: Block, measured: Measured, changed: Sequence[str | None] | None = None) -> None:
        """Write the rows of a block; ``changed`` are the texts that were measured, if not those of the block."""
        results = list(self._results(measured, self._more(block, measured, changed)))
        if block.table is not None:
            self._refuse_clash(block.table.schema.names)
        if block.table is not None and self._writer.takes_tables:
            with self._whole.named_errors():
                self._writer.write((), results, block.table)
            return
        records = block.records()
        if block.table is None:
            for record in records:
                self._refuse_clash(record)
        with self._whole.named_errors():
            self._writer.write(records, results, None)

    def _refuse_clash(self, names: Container[str]) -> None:
        for name in self._names:
            if name in names:
                raise InputRefusedError(f"the input already has a column {name!r}; rename the new ones with --prefix")

    def _more(self, block: Block, measured: Measured, changed: Sequence[str | None] | None) -> list[Sequence[Any]]:
        """The columns beside those of every file of results."""
        columns: list[Sequence[Any]] = []
        if self._prices:
            costs = self._prices.costs(block.keys(), measured.segments)
            as_digits = isinstance(self._writer, CsvWriter)
            columns.append(
                [self._prices.style.plain(cost) if as_digits and cost is not None else cost for cost in costs]
            )
        if self._octets:
            columns.append(self._octets.of(block.texts() if changed is None else changed))
        return columns if changed is None else [*columns, changed]

    def _results(self, measured: Measured, more: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
        names = (Alphabet.GSM_7BIT.name, Alphabet.UCS2.name)
        for row, segments in enumerate(measured.segments):
            values: list[Any] = [None, None, None]
            if segments:
                values = [names[measured.alphabets[row] != 0], measured.units[row], segments]
            yield dict(zip(self._names, [*values, *(column[row] for column in more)], strict=True))
