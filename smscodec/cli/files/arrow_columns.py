"""Parquet and Arrow files (IPC files and streams) by batches of rows; extra ``arrow``.

Columns are measured where they lie by ``adapters.arrow``, one batch while the next is being read. Of a Parquet file
without ``--output`` only the column of the messages is read. What such a file cannot be read for, pyarrow says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, Final, Literal, cast

from smscodec import NationalLanguage, UndecodableError
from smscodec._kernels import Utf8Column
from smscodec.cli.files.blocks import Block, Measured, Reading, TextBlock, check_text
from smscodec.cli.files.columns import chosen_column, refuse_twins
from smscodec.cli.reading import InputRefusedError, decoded, standard_input
from smscodec.errors import MissingExtraError

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("arrow", "smscodec bulk of Parquet and Arrow files") from error

__all__ = ["blocks"]

_ROWS_A_BLOCK: Final = 1 << 14
_BUFFER: Final = 1 << 20
_PARQUET: Final = b"PAR1"
_TEXT: Final = (pa.string(), pa.large_string(), pa.string_view(), pa.null())
_IPC_FILE: Final = b"ARROW1"


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a Parquet or Arrow file, whichever it is."""
    with _seekable(reading) as file:
        magic = file.read(len(_IPC_FILE))
        file.seek(0)
        size = file.seek(0, 2)
        file.seek(0)
        reading.position = lambda: 0 if file.closed else min(file.tell(), size)
        read = _parquet if magic.startswith(_PARQUET) else _ipc_file if magic == _IPC_FILE else _ipc_stream
        try:
            with closing(_one_ahead(read(file, reading))) as batches:
                for batch, column in batches:
                    for start in range(0, len(batch), _ROWS_A_BLOCK):
                        yield _ColumnBlock(batch.slice(start, _ROWS_A_BLOCK), column, reading)
        except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, MemoryError) as error:
            # Also of a damaged Parquet file, whose thrift may announce whatever sizes.
            if isinstance(error, OSError) and error.filename is not None:
                raise
            form = {_parquet: "Parquet", _ipc_file: "Arrow"}.get(read, "Parquet or Arrow")
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise reading.damaged(f"no {form} file that can be read: {reason}") from None


@contextmanager
def _seekable(reading: Reading) -> Iterator[BinaryIO]:
    """The file; what comes through a pipe is put down first, because these formats are read from their ends."""
    with ExitStack() as opened:
        file = standard_input() if reading.name == "-" else opened.enter_context(Path(reading.name).open("rb"))
        if not file.seekable():
            copy = opened.enter_context(tempfile.TemporaryFile())
            copyfileobj(file, copy)
            copy.seek(0)
            file = cast("BinaryIO", copy)
        yield file


_Batches = Iterator[tuple[Any, int]]


def _one_ahead(batches: _Batches) -> Generator[tuple[Any, int], None, None]:
    """The same batches, the next being read in a thread of its own: neither pyarrow nor the kernels hold the GIL."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _parquet(file: BinaryIO, reading: Reading) -> _Batches:
    with pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False) as parquet:
        schema = parquet.schema_arrow
        column = _column(schema, reading)
        wanted = None if reading.options.keep else [schema.names[column]]
        for batch in parquet.iter_batches(_ROWS_A_BLOCK, columns=wanted):
            yield batch, column if wanted is None else 0


def _ipc_file(file: BinaryIO, reading: Reading) -> _Batches:
    with pa.ipc.open_file(file) as batches:
        column = _column(batches.schema, reading)
        for index in range(batches.num_record_batches):
            yield batches.get_batch(index), column


def _ipc_stream(file: BinaryIO, reading: Reading) -> _Batches:
    with pa.ipc.open_stream(file) as batches:
        column = _column(batches.schema, reading)
        for batch in batches:
            yield batch, column


def _column(schema: Any, reading: Reading) -> int:
    try:
        column = chosen_column(schema.names, reading.options.column or _only_text(schema))
        if reading.options.keep:
            refuse_twins(schema.names)
    except InputRefusedError as error:
        raise reading.damaged(error) from None
    if not _is_text(schema.types[column]):
        name, kind = schema.names[column], schema.types[column]
        raise reading.damaged(f"column {name!r} holds {kind}, where text should be")
    return column


def _only_text(schema: Any) -> str | None:
    """The name of the only column of text; None where there are several, or none."""
    names: list[str] = [name for name, kind in zip(schema.names, schema.types, strict=True) if _is_text(kind)]
    return names[0] if len(names) == 1 else None


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return kind in _TEXT


def _check(column: Any) -> None:
    """Refuse what a damaged file may hold, such as offsets past the data: pyarrow takes them as they are.

    Whether strings are UTF-8 the kernels see.
    """
    octets = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}.get(column.type)
    (column if octets is None else column.view(octets)).validate(full=True)


def _plain(column: Any) -> Any:
    """The column as strings one after the other."""
    if pa.types.is_dictionary(column.type):
        return _plain(column.dictionary_decode())
    plain = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return column if plain else column.cast(pa.large_string())


class _ColumnBlock:
    """A batch of rows, one column of which holds the messages."""

    def __init__(self, table: Any, column: int, reading: Reading) -> None:
        self.table = table
        self._column = column
        self._reading = reading
        _check(table.column(column))
        if reading.options.keep:
            for other in table.columns:
                _check(other)
        self._texts = self._texts_of(table)
        self._first_row = reading.row + 1
        reading.row += len(table)
        longest = pc.max(pc.binary_length(self._texts)).as_py()
        if longest is not None and longest > reading.options.max_octets:
            self._refuse_bad_rows()

    def _texts_of(self, table: Any) -> Any:
        texts = _plain(table.column(self._column))
        if self._reading.options.empty_as_null:
            texts = pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, texts.type), texts)
        return texts

    def __len__(self) -> int:
        return len(self._texts)

    def measured(self, languages: Collection[NationalLanguage] = ()) -> Measured:
        """What each message costs, counted where it lies; with languages each as a text of its own."""
        if languages:
            return TextBlock(self.texts()).measured(languages)
        try:
            costs = arrow.measure(self._texts)
        except UndecodableError:
            self._refuse_bad_rows()
            costs = arrow.measure(self._texts)
        alphabet, units, segments = (costs.field(index) for index in range(3))
        return Measured(
            memoryview(alphabet.indices.buffers()[1] or b""),
            memoryview(units.buffers()[1] or b"").cast("B").cast("I"),
            memoryview(segments.buffers()[1] or b"").cast("B").cast("I"),
            self._texts.null_count,
        )

    def column(self, rows: bytes) -> Utf8Column:
        """The messages where they lie, whatever the rows."""
        texts = self._texts
        _, offsets, data = texts.buffers()
        width: Literal[4, 8] = 4 if pa.types.is_string(texts.type) else 8
        ends = memoryview(offsets).cast("B")[width * texts.offset : width * (texts.offset + len(rows) + 1)]
        return Utf8Column(memoryview(data or b"").cast("B"), ends.cast("i" if width == 4 else "q"), width, None, 0)

    def texts(self) -> list[str | None]:
        """All texts."""
        try:
            texts: list[str | None] = self._texts.to_pylist()
        except UnicodeDecodeError:
            self._refuse_bad_rows()
            texts = self._texts.to_pylist()
        return texts

    def records(self) -> Sequence[dict[str, Any]]:
        """The rows by the names of their columns."""
        try:
            records: list[dict[str, Any]] = self.table.to_pylist()
        except (ValueError, OverflowError) as error:  # no UTF-8, or times before the year 1
            raise self._reading.damaged(f"a row beyond what Python's values hold: {error}") from None
        return records

    def _refuse_bad_rows(self) -> None:
        """Refuse the rows that hold no text, or too much of it, and keep the others."""
        good = []
        octets = self._texts.cast(pa.large_binary() if pa.types.is_large_string(self._texts.type) else pa.binary())
        for index, value in enumerate(octets.to_pylist()):
            try:
                if value is not None:
                    check_text(decoded(value), self._reading.options.max_octets)
                good.append(index)
            except InputRefusedError as error:
                self._reading.refuse(error, self._first_row + index)
        self.table = self.table.take(pa.array(good, pa.int64()))
        self._texts = self._texts_of(self.table)
