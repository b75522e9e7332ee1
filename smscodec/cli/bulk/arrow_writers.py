"""Rows of results as Parquet and as Arrow IPC files; extra ``arrow``.

Columns of Arrow and Parquet files keep their types. Those of text formats have the types of the first rows, and later
rows must fit them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from smscodec.cli.reading import InputRefusedError
from smscodec.errors import MissingExtraError

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as error:
    raise MissingExtraError("arrow", "smscodec bulk --output of Parquet and Arrow files") from error

__all__ = ["ArrowWriter", "ParquetWriter"]

_TYPES: Final = {
    "alphabet": pa.string(),
    "units": pa.uint32(),
    "segments": pa.uint32(),
    "octets": pa.list_(pa.struct([("tp_udl", pa.uint8()), ("tp_ud", pa.binary())])),
    "transliterated": pa.string(),
}
"""Of the results, by their names without the prefix."""

_DIGITS: Final = 38
"""Of a decimal number of 128 bits."""
_ROWS_A_GROUP: Final = 1 << 16
_OCTETS_A_GROUP: Final = 1 << 25


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Say in one line why rows are refused."""
    try:
        yield
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise InputRefusedError(f"--output: a row does not fit the columns of the first ones: {reason}") from None


class _TableWriter:
    """The part that both formats share: one schema, which comes from the first rows."""

    takes_tables: Final = True

    def __init__(self, file: BinaryIO, places: int) -> None:
        self._file = file
        self._types = {**_TYPES, "cost": pa.decimal128(_DIGITS, min(places, _DIGITS))}
        self._given: Any = None
        self._results: Any = pa.schema([])
        self._writer: Any = None

    def write(self, rows: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]], table: Any) -> None:
        """Write results beside rows, or beside a table where there is one."""
        if not results:
            return
        with _clear_errors():
            given = _table(rows, self._given) if table is None else table
            if self._writer is None:
                self._given = given.schema
                prefix = next(iter(results[0])).removesuffix("alphabet")
                self._results = pa.schema([(name, self._types[name.removeprefix(prefix)]) for name in results[0]])
                self._open()
            elif not given.schema.equals(self._given):
                raise InputRefusedError("--output: not all files have the same columns")
            counts = pa.RecordBatch.from_pylist(list(results), schema=self._results)
            self._write(pa.RecordBatch.from_arrays([*given.columns, *counts.columns], schema=self._schema))

    @property
    def _schema(self) -> Any:
        given = self._given or pa.schema([])
        return pa.schema([*given, *self._results], given.metadata)

    def _open(self) -> None:
        self._writer = self._opened(self._schema)

    def close(self) -> None:
        """Write the footer, also of a file without rows."""
        if self._writer is None:
            self._open()
        self._writer.close()

    def abandon(self) -> None:
        """Nothing is written by itself."""

    def _opened(self, schema: Any) -> Any:
        raise NotImplementedError

    def _write(self, batch: Any) -> None:
        self._writer.write_batch(batch)


class ParquetWriter(_TableWriter):
    """Parquet, in row groups of several blocks: the footer lists each group, and readers want them large."""

    def __init__(self, file: BinaryIO, places: int) -> None:
        super().__init__(file, places)
        self._held: list[Any] = []

    def close(self) -> None:
        """Write the last row group, and the footer."""
        if self._held:
            with _clear_errors():
                self._write_row_group()
        super().close()

    def _opened(self, schema: Any) -> Any:
        return pq.ParquetWriter(self._file, schema)

    def _write(self, batch: Any) -> None:
        self._held.append(batch)
        if sum(map(len, self._held)) >= _ROWS_A_GROUP or sum(held.nbytes for held in self._held) >= _OCTETS_A_GROUP:
            self._write_row_group()

    def _write_row_group(self) -> None:
        held, self._held = self._held, []
        self._writer.write_table(pa.Table.from_batches(held))

    def abandon(self) -> None:
        """Keep pyarrow from writing a footer when it drops the writer, and from a traceback if that fails."""
        if self._writer is not None:
            self._writer.is_open = False


class ArrowWriter(_TableWriter):
    """An Arrow IPC file; it holds one dictionary a column, so columns of several have their values written out."""

    def _opened(self, schema: Any) -> Any:
        kinds = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in schema.types]
        fields = [field.with_type(kind) for field, kind in zip(schema, kinds, strict=True)]
        return pa.ipc.new_file(self._file, pa.schema(fields, schema.metadata))

    def _write(self, batch: Any) -> None:
        columns = [
            column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in batch.columns
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, batch.schema.names))


def _table(rows: Sequence[dict[str, Any]], schema: Any) -> Any:
    """Rows as columns of the schema, or of what these rows hold; a column of nulls only is taken to be text."""
    if schema is None:
        found = pa.Table.from_pylist(list(rows)).schema
        kinds = [(field.name, pa.string() if pa.types.is_null(field.type) else field.type) for field in found]
        schema = pa.schema(kinds)
    for row in rows:
        if row.keys() != set(schema.names):
            odd = row.keys() ^ set(schema.names)
            raise ValueError(f"not all rows have the column {min(odd)!r}")
    return pa.RecordBatch.from_pylist(list(rows), schema=schema)
