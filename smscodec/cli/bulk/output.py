"""What each message costs, a row a message beside the columns of the input, in the format that a name ends in.

Everything goes to a file of another name in the same folder, which takes the final name when all is written: under that
name there is the old file or the whole new one, and never half of it. Knows rows and formats, and nothing of how
messages are read or counted.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import stat
import tempfile
from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self, cast

from smscodec import Alphabet
from smscodec.cli.bulk.writers import CsvWriter, JsonWriter
from smscodec.cli.files import format_of
from smscodec.cli.files.blocks import Block, Measured
from smscodec.cli.reading import InputRefusedError, UsageError

__all__ = ["RESULTS", "Output", "writer_for"]

RESULTS: Final = ("alphabet", "units", "segments")
"""The columns of results; beside them ``transliterated`` where messages were mended."""

_TRANSLITERATED: Final = "transliterated"


class Writer(Protocol):
    """One format."""

    @property
    def takes_tables(self) -> bool:
        """Whether rows that are an Arrow batch are wanted as it."""

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], table: Any) -> None:
        """Write rows, or a batch of them, each with its results."""

    def close(self) -> None:
        """Write what comes last."""

    def abandon(self) -> None:
        """Write no more: the file is given up."""


def writer_for(name: str) -> Callable[[BinaryIO], Writer]:
    """What writes the format that the name ends in; a ``UsageError`` where that is none."""
    form = None if name == "-" else format_of(name)
    if form == "csv":
        return CsvWriter if not name.lower().removesuffix(".gz").endswith(".tsv") else CsvWriter.with_tabs
    if form == "jsonl":
        return JsonWriter
    if form in {"parquet", "arrow"}:
        from smscodec.cli.bulk.arrow_writers import ArrowWriter, ParquetWriter  # noqa: PLC0415  # an extra

        return ParquetWriter if form == "parquet" else ArrowWriter
    raise UsageError(f"--output {name} ends in none of .csv, .tsv and .jsonl, nor .gz of these, .parquet and .arrow")


class Output:
    """The file of results while it is written; leaving the context with an error leaves nothing behind."""

    def __init__(
        self, name: str, make: Callable[[BinaryIO], Writer], *, inputs: Sequence[str], prefix: str, mended: bool
    ) -> None:
        self._path = Path(os.path.realpath(name))  # a link stays a link
        self._refuse_target(name, inputs)
        self._names = [f"{prefix}{column}" for column in (*RESULTS, *[_TRANSLITERATED] * mended)]
        self._mode = _mode(self._path)
        try:
            handle, part = tempfile.mkstemp(prefix=f".{self._path.name}.", suffix=".part", dir=self._path.parent)
        except OSError as error:
            error.filename = name  # nobody knows the other one
            raise
        self._part = Path(part)
        self._file = os.fdopen(handle, "wb")
        self._zip = gzip.GzipFile(fileobj=self._file, mode="wb", mtime=0) if name.lower().endswith(".gz") else None
        self._writer = make(cast("BinaryIO", self._zip or self._file))

    def _refuse_target(self, name: str, inputs: Sequence[str]) -> None:
        if not self._path.exists():
            return
        if not self._path.is_file():
            raise InputRefusedError(f"--output {name} is no regular file")
        for given in inputs:
            if given != "-" and Path(given).exists() and self._path.samefile(given):
                raise InputRefusedError(f"--output {name} is one of the files to read")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._writer.abandon()
            with contextlib.suppress(OSError, ValueError):  # a full disk, said once already
                self._file.close()
            self._part.unlink(missing_ok=True)

    def _finish(self) -> None:
        self._writer.close()
        if self._zip:
            self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.chmod(self._mode)
        self._part.replace(self._path)

    def write(self, block: Block, measured: Measured, mended: Sequence[str | None] | None = None) -> None:
        """Write the rows of a block; ``mended`` are the texts that were measured, where others were."""
        results = list(self._results(measured, mended))
        if block.table is not None:
            self._refuse_clash(block.table.schema.names)
        if block.table is not None and self._writer.takes_tables:
            self._writer.write((), results, block.table)
            return
        records = block.records()
        if block.table is None:
            for record in records:
                self._refuse_clash(record)
        self._writer.write(records, results, None)

    def _refuse_clash(self, names: Container[str]) -> None:
        for name in self._names:
            if name in names:
                raise InputRefusedError(f"the input has a column {name!r} already: name the results with --prefix")

    def _results(self, measured: Measured, mended: Sequence[str | None] | None) -> Iterator[dict[str, Any]]:
        names = (Alphabet.GSM_7BIT.name, Alphabet.UCS2.name)
        for row, segments in enumerate(measured.segments):
            values: list[Any] = [None, None, None]
            if segments:
                values = [names[measured.alphabets[row] != 0], measured.units[row], segments]
            yield dict(zip(self._names, values if mended is None else [*values, mended[row]], strict=True))


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new one."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
