"""Parquet and Arrow files (IPC files and streams) by batches of rows; extra ``arrow``.

Columns are measured where they lie by ``adapters.arrow``, one batch while the next is being read. Of a Parquet file
without ``--output`` only the column of the messages is read. Such files may lie: every column is checked before it is
looked into, and a value that stands there once for a million rows is written out for a few rows at a time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, BinaryIO, Final

from smscodec import FieldError, UndecodableError
from smscodec.cli.files.blocks import Block, Key, Measured, Reading, TextBlock, key_of, too_long
from smscodec.cli.files.columns import chosen_column, chosen_columns, refuse_twins
from smscodec.cli.files.octets import seekable
from smscodec.cli.reading import InputRefusedError, decoded
from smscodec.errors import MissingExtraError
from smscodec.tables import PermittedLanguages

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("arrow", "smscodec bulk of Parquet and Arrow files") from error

__all__ = ["blocks"]

_ROWS_A_BLOCK: Final = 1 << 14
_OCTETS_A_BLOCK: Final = 1 << 23
_WORDS_A_VIEW: Final = 4
"""Of 32 bits, the first of which is the length of the string."""
_BUFFER: Final = 1 << 20
_PARQUET: Final = b"PAR1"
_TEXT: Final = (pa.string(), pa.large_string(), pa.string_view(), pa.null())
_VIEWS: Final = (pa.string_view(), pa.binary_view())
_OF_OCTETS: Final = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), *_VIEWS)
_IPC_FILE: Final = b"ARROW1"


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a Parquet or Arrow file, whichever it is."""
    with seekable(reading) as file:
        magic = file.read(len(_IPC_FILE))
        file.seek(0)
        read = _parquet if magic.startswith(_PARQUET) else _ipc_file if magic == _IPC_FILE else _ipc_stream
        try:
            with closing(_one_ahead(read(file, reading))) as batches:
                for batch, column in batches:
                    yield from _blocks(batch, column, reading)
        except (pa.ArrowException, FieldError, OSError, UnicodeDecodeError, OverflowError, MemoryError) as error:
            # Also from a damaged Parquet file, whose thrift may announce any size.
            form = {_parquet: "Parquet", _ipc_file: "Arrow"}.get(read, "Parquet or Arrow")
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise reading.damaged(f"not a readable {form} file: {reason}") from None


def _blocks(batch: Any, column: int, reading: Reading) -> Iterator[Block]:
    """The rows of a batch in blocks of bounded size."""
    arrow.checked(batch.column(column))
    if reading.options.keep:
        for other in batch.columns:
            _check_kept(other)
    else:
        names = [batch.schema.names[column], *reading.options.by]
        columns = [batch.column(column), *(batch.column(batch.schema.names.index(name)) for name in names[1:])]
        for other in columns[1:]:
            _check_kept(other)
        batch, column = pa.RecordBatch.from_arrays(columns, names), 0
    for start in range(0, len(batch), _ROWS_A_BLOCK):
        part, first = batch.slice(start, _ROWS_A_BLOCK), reading.row + 1
        reading.row += len(part)
        numbers: Sequence[int] = range(first, first + len(part))
        lengths = _lengths(part.column(column))
        if (pc.max(lengths).as_py() or 0) > reading.options.max_octets:
            part, numbers = _without_long(part, lengths, numbers, reading)
        for small, of_small in _small_parts(part, numbers, reading):
            yield _ColumnBlock(small, column, of_small, reading)


def _check_kept(column: Any) -> None:
    """Refuse a damaged column, or one whose values cannot be bounded before they are written out."""
    if pa.types.is_nested(column.type) and _holds_views(column.type):
        raise FieldError("column", f"{column.type} cannot be kept by --output; leave the column out")
    arrow.checked(column)


def _holds_views(kind: Any) -> bool:
    """Whether values of this type may share octets, so that they take more room written out."""
    inner = [kind.field(index).type for index in range(kind.num_fields)]
    shares = ("dictionary", "view", "run_end")
    return any(word in str(kind) for word in shares) or any(map(_holds_views, inner))


def _lengths(column: Any) -> Any:
    """Octets of each value of a column of text; 0 for a null."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return pc.fill_null(_lengths(column.dictionary).take(column.indices), 0)
    if pa.types.is_null(kind):
        return pa.repeat(pa.scalar(0, pa.int64()), len(column))
    if kind in _VIEWS:
        views = memoryview(column.buffers()[1] or b"").cast("B").cast("i")[::_WORDS_A_VIEW]
        lengths = pa.array(views[column.offset : column.offset + len(column)].tolist(), pa.int64())
        return pc.if_else(column.is_valid(), lengths, 0)
    if kind in {pa.string(), pa.large_string()}:
        column = column.view(pa.binary() if kind == pa.string() else pa.large_binary())
    return pc.fill_null(pc.binary_length(column).cast(pa.int64()), 0)


def _without_long(part: Any, lengths: Any, numbers: Sequence[int], reading: Reading) -> tuple[Any, Sequence[int]]:
    """The rows whose message is short enough, and their numbers; the others are refused."""
    good = []
    for index, octets in enumerate(lengths.to_pylist()):
        if octets <= reading.options.max_octets:
            good.append(index)
        else:
            reading.refuse(too_long(reading.options.max_octets), numbers[index])
    return _rows(part, good), [numbers[index] for index in good]


def _rows(table: Any, indices: Sequence[int]) -> Any:
    """Some rows of a batch, in slices: pyarrow cannot take single rows of every type."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][1] == index:
            runs[-1][1] = index + 1
        else:
            runs.append([index, index + 1])
    slices = [table.slice(start, end - start) for start, end in runs]
    return pa.concat_batches(slices) if slices else table.slice(0, 0)


def _small_parts(part: Any, numbers: Sequence[int], reading: Reading) -> Iterator[tuple[Any, Sequence[int]]]:
    """The rows in parts that take a bounded number of octets once they are written out."""
    octets = sum(_octets(column) for column in part.columns)
    if octets <= _OCTETS_A_BLOCK:
        yield part, numbers
    elif len(part) > 1:
        half = len(part) // 2
        yield from _small_parts(part.slice(0, half), numbers[:half], reading)
        yield from _small_parts(part.slice(half), numbers[half:], reading)
    elif octets <= _OCTETS_A_BLOCK + reading.options.max_octets:
        yield part, numbers
    else:
        reading.refuse(f"a row of {octets:,} octets", numbers[0])


def _octets(column: Any) -> int:
    """Octets of the values of a column, each of them counted as often as it is used."""
    kind = column.type
    while pa.types.is_dictionary(kind):
        kind = kind.value_type
    return int(pc.sum(_lengths(column)).as_py() or 0) if kind in _OF_OCTETS else int(column.nbytes)


_Batches = Iterator[tuple[Any, int]]


def _one_ahead(batches: _Batches) -> Generator[tuple[Any, int], None, None]:
    """The same batches, each read ahead in a thread: neither pyarrow nor the kernels hold the GIL."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _parquet(file: BinaryIO, reading: Reading) -> _Batches:
    with pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False) as parquet:
        schema = parquet.schema_arrow
        column = _column(schema, reading)
    wanted = None if reading.options.keep else list(dict.fromkeys([schema.names[column], *reading.options.by]))
    texts = [name for name, kind in zip(schema.names, schema.types, strict=True) if kind in _OF_OCTETS]
    # A value that the file holds once stays so in memory: written out, a few octets of Parquet may be gigabytes.
    with pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False, read_dictionary=texts) as parquet:
        for batch in parquet.iter_batches(_ROWS_A_BLOCK, columns=wanted):
            yield batch, batch.schema.names.index(schema.names[column])


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
        chosen_columns(schema.names, reading.options.by)
        if reading.options.keep:
            refuse_twins(schema.names)
    except InputRefusedError as error:
        raise reading.damaged(error) from None
    if not _is_text(schema.types[column]):
        name, kind = schema.names[column], schema.types[column]
        raise reading.damaged(f"expected text in column {name!r}, got {kind}")
    return column


def _only_text(schema: Any) -> str | None:
    """The name of the only column of text; None unless there is exactly one."""
    names: list[str] = [name for name, kind in zip(schema.names, schema.types, strict=True) if _is_text(kind)]
    return names[0] if len(names) == 1 else None


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return kind in _TEXT


def _plain(column: Any) -> Any:
    """The column as strings one after the other."""
    if pa.types.is_dictionary(column.type):
        return _plain(column.dictionary_decode())
    plain = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return column if plain else column.cast(pa.large_string())


class _ColumnBlock:
    """Some rows of a batch, one column of which holds the messages; ``numbers`` are those of the rows in the file."""

    def __init__(self, table: Any, column: int, numbers: Sequence[int], reading: Reading) -> None:
        self.table = table
        self._column = column
        self._numbers = numbers
        self._reading = reading
        self._texts = self._texts_of(table)

    def _texts_of(self, table: Any) -> Any:
        texts = _plain(table.column(self._column))
        if self._reading.options.empty_as_null:
            texts = pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, texts.type), texts)
        return texts

    def __len__(self) -> int:
        return len(self._texts)

    def measured(self, languages: PermittedLanguages) -> Measured:
        """What each message costs, counted in place; with languages, text by text."""
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

    def text(self, row: int) -> str:
        """The message in a row that holds one."""
        return str(self._texts[row].as_py())

    def texts(self) -> list[str | None]:
        """All texts."""
        try:
            texts: list[str | None] = self._texts.to_pylist()
        except UnicodeDecodeError:
            self._refuse_bad_rows()
            texts = self._texts.to_pylist()
        return texts

    def keys(self) -> Sequence[Key]:
        """The group of each message."""
        by = self._reading.options.by
        columns = [self._values(self.table.column(self.table.schema.names.index(name))) for name in by]
        return [key_of(values) for values in zip(*columns, strict=True)]

    def records(self) -> Sequence[dict[str, Any]]:
        """The rows by the names of their columns."""
        records: list[dict[str, Any]] = self._values(self.table)
        return records

    def _values(self, table: Any) -> Any:
        try:
            return table.to_pylist()
        except (ValueError, OverflowError, pa.ArrowException) as error:  # not UTF-8, or times before the year 1
            raise self._reading.damaged(f"a value that Python cannot represent: {error}") from None

    def _refuse_bad_rows(self) -> None:
        """Refuse the rows that are not UTF-8, and keep the others."""
        good = []
        octets = self._texts.view(pa.large_binary() if pa.types.is_large_string(self._texts.type) else pa.binary())
        for index, value in enumerate(octets.to_pylist()):
            try:
                if value is not None:
                    decoded(value)
                good.append(index)
            except InputRefusedError as error:
                self._reading.refuse(error, self._numbers[index])
        self._numbers = [self._numbers[index] for index in good]
        self.table = _rows(self.table, good)
        self._texts = self._texts_of(self.table)
