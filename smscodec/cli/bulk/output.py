"""What each message costs, a row a message beside the columns of the input, in the format that a name ends in.

Everything goes to a file of another name in the same folder, which takes the final name once all is written: under that
name there is the old file or the whole new one, and never half of it. Knows rows and formats, and nothing of how
messages are read or counted.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import tempfile
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self, cast

from smscodec import Alphabet
from smscodec.batch import encode_many
from smscodec.cli.bulk.writers import CsvWriter, JsonWriter
from smscodec.cli.files import format_of
from smscodec.cli.files.blocks import Block, Measured
from smscodec.cli.reading import InputRefusedError, UsageError, standard_input
from smscodec.tables import PermittedLanguages

__all__ = ["RESULTS", "Octets", "Output", "writer_for"]

RESULTS: Final = ("alphabet", "units", "segments")
"""The columns of results, and beside them ``octets`` with --octets and ``transliterated`` with --transliterate."""

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


def writer_for(name: str, *, safe_cells: bool = False) -> Callable[[BinaryIO], Writer]:
    """The writer for the format that the name ends in; raises ``UsageError`` for another ending."""
    form = None if name == "-" else format_of(name)
    if form == "csv":
        delimiter = "\t" if name.lower().removesuffix(".gz").endswith(".tsv") else ","
        return partial(CsvWriter, delimiter=delimiter, safe_cells=safe_cells)
    if form == "jsonl":
        return JsonWriter
    if form in {"parquet", "arrow"}:
        from smscodec.cli.bulk.arrow_writers import ArrowWriter, ParquetWriter  # noqa: PLC0415  # an extra

        return ParquetWriter if form == "parquet" else ArrowWriter
    raise UsageError(f"--output {name} must end in .csv, .tsv or .jsonl (or .gz of these), .parquet or .arrow")


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
    """The file of results while it is written; leaving the context with an error leaves nothing behind."""

    def __init__(
        self,
        name: str,
        make: Callable[[BinaryIO], Writer],
        *,
        inputs: Sequence[str],
        prefix: str,
        transliterated: bool,
        octets: Octets | None = None,
    ) -> None:
        self._name = name
        self._path = Path(os.path.realpath(name))  # a link stays a link
        self._refuse_target(inputs)
        more = [_OCTETS] * (octets is not None) + [_TRANSLITERATED] * transliterated
        self._names = [f"{prefix}{column}" for column in (*RESULTS, *more)]
        self._octets = octets
        self._mode = _mode(self._path)
        with self._named_errors():
            handle, part = tempfile.mkstemp(prefix=".smscodec-", suffix=".part", dir=self._path.parent)
        self._part = Path(part)
        self._file = os.fdopen(handle, "wb")
        self._zip = gzip.GzipFile(fileobj=self._file, mode="wb", mtime=0) if name.lower().endswith(".gz") else None
        self._writer = make(cast("BinaryIO", self._zip or self._file))

    def _refuse_target(self, inputs: Sequence[str]) -> None:
        if not self._path.exists():
            return
        if not self._path.is_file():
            raise InputRefusedError(f"--output {self._name} is not a regular file")
        target = self._path.stat()
        for given in inputs:
            read = _status(given)
            if read and os.path.samestat(read, target):
                raise InputRefusedError(f"--output {self._name} is one of the files to read; write to another one")

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Make system errors name the file as the user gave it."""
        try:
            yield
        except OSError as error:
            error.filename = self._name
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with self._named_errors():
                    self._finish()
        finally:
            self._writer.abandon()
            with contextlib.suppress(OSError, ValueError):  # a full disk, reported already
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

    def write(self, block: Block, measured: Measured, changed: Sequence[str | None] | None = None) -> None:
        """Write the rows of a block; ``changed`` are the texts that were measured, if not those of the block."""
        results = list(self._results(measured, self._more(block, changed)))
        if block.table is not None:
            self._refuse_clash(block.table.schema.names)
        if block.table is not None and self._writer.takes_tables:
            with self._named_errors():
                self._writer.write((), results, block.table)
            return
        records = block.records()
        if block.table is None:
            for record in records:
                self._refuse_clash(record)
        with self._named_errors():
            self._writer.write(records, results, None)

    def _refuse_clash(self, names: Container[str]) -> None:
        for name in self._names:
            if name in names:
                raise InputRefusedError(f"the input already has a column {name!r}; rename the new ones with --prefix")

    def _more(self, block: Block, changed: Sequence[str | None] | None) -> list[Sequence[Any]]:
        """The columns beside those of every file of results."""
        columns: list[Sequence[Any]] = []
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


def _status(name: str) -> os.stat_result | None:
    """The status of a file to read, standard input included; None if there is no such file."""
    try:
        return os.fstat(standard_input().fileno()) if name == "-" else Path(name).stat()
    except OSError:  # also io.UnsupportedOperation: input that is not a system file
        return None


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, if it is our own, or else those of any new one."""
    if path.exists():
        status = path.stat()
        if not hasattr(os, "geteuid") or status.st_uid == os.geteuid():
            return status.st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
