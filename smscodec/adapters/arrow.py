"""Arrow columns of text to Arrow columns of what the text costs; extra ``arrow``.

Knows the layouts of Arrow's strings and of the result; the octets are counted where they lie by ``batch``. Anything
with the Arrow PyCapsule interface is taken: pyarrow's own arrays, a Polars or a pandas Series, a DuckDB result of one
column.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from smscodec.batch import BatchMeasurement, measure_utf8
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, MissingExtraError, UndecodableError

try:
    import pyarrow as pa
except ImportError as error:
    raise MissingExtraError("arrow", "smscodec.adapters.arrow") from error

__all__ = ["RESULT", "measure"]

_ALPHABETS: Final = pa.array([Alphabet.GSM_7BIT.name, Alphabet.UCS2.name])
_INDEX: Final = bytes.maketrans(bytes([Alphabet.GSM_7BIT, Alphabet.UCS2]), bytes([0, 1]))

_ROWS_OF_VALUES: Final = 65_536
"""Rows of a dictionary column written out at a time, where its values cannot be counted on their own."""

RESULT: Final = pa.struct(
    [("alphabet", pa.dictionary(pa.int8(), pa.string())), ("units", pa.uint32()), ("segments", pa.uint32())]
)
"""The type of the result: what ``batch.Count`` holds, under the same names."""


def measure(column: Any) -> Any:
    """Alphabet, units and segments of every text: a StructArray for an array, a ChunkedArray for a chunked one.

    ``column`` is an Arrow array or stream of string, large_string, string_view or dictionary of these; a table of one
    column counts as that column. A null gives a null. Strings are counted where they lie, slices too; views are copied
    first, and a dictionary is counted once for each of its values. The numbers are those of ``count_segments``: default
    alphabet or UCS-2, 8-bit reference.

    Raises ``TypeError`` for what is no Arrow column of text, ``UndecodableError`` for invalid UTF-8 and ``FieldError``
    for offsets or indices out of bounds, as columns from elsewhere may have them. These name the message by its row in
    the whole column, whatever its chunks; a value of a dictionary by the first row that uses it, and not at all where
    none does.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    array = _imported(column)
    if not isinstance(array, pa.ChunkedArray):
        return _measured(array, 0)
    parts, first = [], 0
    for part in array.chunks:
        parts.append(_measured(part, first))
        first += len(part)
    return pa.chunked_array(parts, type=RESULT)


def _imported(column: Any) -> Any:
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return column
    try:
        if isinstance(column, pa.RecordBatch):
            return _one_column(pa.array(column))
        if isinstance(column, pa.Table) or hasattr(column, "__arrow_c_stream__"):
            return _one_column(pa.chunked_array(column))
        if hasattr(column, "__arrow_c_array__") or hasattr(column, "__arrow_array__"):
            return pa.array(column)
    except pa.ArrowException as error:
        raise TypeError(f"column must hold text, and {type(column).__name__} gave none: {error}") from None
    raise TypeError(f"column must have the Arrow PyCapsule interface, which {type(column).__name__} has not")


def _one_column(array: Any) -> Any:
    """A stream of rows of one column as that column."""
    if not pa.types.is_struct(array.type):
        return array
    if array.type.num_fields != 1:
        raise FieldError("column", f"a table of {array.type.num_fields} columns: pass the one that holds the texts")
    parts = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    return pa.chunked_array([part.field(0) for part in parts], type=array.type.field(0).type)


def _measured(array: Any, first: int) -> Any:
    """The counts of an array whose message 0 is number ``first`` of the column."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _measured_by_values(array, first)
    if pa.types.is_string(kind):
        return _struct(array, _counted(array, 4, first))
    if pa.types.is_large_string(kind):
        return _struct(array, _counted(array, 8, first))
    if pa.types.is_string_view(kind):
        return _measured(array.cast(pa.large_string()), first)
    if pa.types.is_null(kind):
        return pa.nulls(len(array), RESULT)
    raise TypeError(f"column must hold text, not {kind}")


def _measured_by_values(array: Any, first: int) -> Any:
    """The counts of a dictionary array, each value counted once; row by row where one of them cannot be."""
    try:
        try:
            return _measured(array.dictionary, first).take(array.indices)
        except (UndecodableError, FieldError):
            return _measured_by_rows(array, first)
    except pa.ArrowIndexError as error:
        raise FieldError("column", f"message {first} or one after it: {error}") from None


def _measured_by_rows(array: Any, first: int) -> Any:
    values, rows = array.dictionary.cast(pa.large_string()), range(0, max(len(array), 1), _ROWS_OF_VALUES)
    blocks = [_measured(values.take(array.indices.slice(row, _ROWS_OF_VALUES)), first + row) for row in rows]
    return pa.concat_arrays(blocks)


def _counted(array: Any, width: Literal[4, 8], first: int) -> BatchMeasurement:
    """The counts of a string array, whose slice is a window on the offsets and the validity of the whole."""
    validity, offsets, data = array.buffers()
    if not len(array):
        return measure_utf8(b"", b"")
    window = memoryview(offsets).cast("B")[width * array.offset : width * (array.offset + len(array) + 1)]
    return measure_utf8(
        data or b"",
        window,
        offset_width=width,
        validity=validity if array.null_count else None,
        validity_offset=array.offset,
        first_index=first,
    )


def _struct(array: Any, batch: BatchMeasurement) -> Any:
    indices = pa.py_buffer(bytes(batch.alphabets).translate(_INDEX))
    children = [
        pa.DictionaryArray.from_arrays(pa.Array.from_buffers(pa.int8(), len(batch), [None, indices]), _ALPHABETS),
        pa.Array.from_buffers(pa.uint32(), len(batch), [None, pa.py_buffer(batch.units)]),
        pa.Array.from_buffers(pa.uint32(), len(batch), [None, pa.py_buffer(batch.segments)]),
    ]
    return pa.StructArray.from_arrays(children, fields=list(RESULT), mask=array.is_null() if array.null_count else None)
