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
    import pyarrow.compute as pc
except ImportError as error:
    raise MissingExtraError("arrow", "smscodec.adapters.arrow") from error

__all__ = ["RESULT", "checked", "measure"]

_ALPHABETS: Final = pa.array([Alphabet.GSM_7BIT.name, Alphabet.UCS2.name])
_INDEX: Final = bytes.maketrans(bytes([Alphabet.GSM_7BIT, Alphabet.UCS2]), bytes([0, 1]))

RESULT: Final = pa.struct(
    [("alphabet", pa.dictionary(pa.int8(), pa.string())), ("units", pa.uint32()), ("segments", pa.uint32())]
)
"""The type of the result: what ``batch.Count`` holds, under the same names."""


def measure(column: Any) -> Any:
    """Count alphabet, units and segments of every text in an Arrow column.

    ``column`` is an Arrow array or stream of string, large_string, string_view or dictionary of these; a table of one
    column counts as that column. Returns a StructArray for an array, a ChunkedArray for a chunked one, under the names
    of ``batch.Count``; a null gives a null. Strings are counted where they lie, slices too; views are copied first, and
    a dictionary is counted once for each of its values. The numbers are those of ``count_segments``: default alphabet
    or UCS-2, 8-bit reference.

    Raises ``TypeError`` for anything but an Arrow column of text, ``UndecodableError`` for invalid UTF-8 and
    ``FieldError`` for offsets, indices or views out of bounds, as columns from elsewhere may have them. These name the
    message by its row in the whole column, whatever its chunks; a value of a dictionary by the first row that uses it,
    and an invalid value that no row uses is no error.

    >>> import pyarrow as pa
    >>> from smscodec.adapters import arrow
    >>> arrow.measure(pa.array(["hello", None, "привет"])).field("segments").to_pylist()
    [1, None, 1]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    array = _imported(column)
    try:
        if not isinstance(array, pa.ChunkedArray):
            return _measured(_safe(array), 0)
        parts, first = [], 0
        for part in array.chunks:
            parts.append(_measured(_safe(part), first))
            first += len(part)
        return pa.chunked_array(parts, type=RESULT)
    except (pa.ArrowException, MemoryError) as error:
        raise FieldError("column", str(error).partition("\n")[0] or "not enough memory to count it") from None


def _safe(array: Any) -> Any:
    """The array, checked as far as the kernels do not: they see to the offsets of plain strings themselves."""
    plain = pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    return checked(array, full=not plain)


def checked(array: Any, *, full: bool = True) -> Any:
    """``array``, once its offsets, views and indices are seen to lie within its buffers; else ``FieldError``.

    Arrow takes what another program hands over as it is, and reads past the end of a buffer if it is told to. Whether
    the octets are UTF-8, the kernels see.
    """
    try:
        array.validate()
        if full:
            _as_octets(array).validate(full=True)
    except (pa.ArrowException, ValueError, MemoryError) as error:
        raise FieldError("column", f"not a valid Arrow column: {str(error).partition(chr(10))[0]}") from None
    return array


def _as_octets(array: Any) -> Any:
    """The same column with octets in place of text, so that Arrow does not look for UTF-8."""
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, _as_octets(array.dictionary), safe=False)
    kind = _OCTETS.get(array.type)
    return array if kind is None else array.view(kind)


_OCTETS: Final = {
    pa.string(): pa.binary(),
    pa.large_string(): pa.large_binary(),
    pa.string_view(): pa.binary_view(),
}


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
        raise TypeError(f"expected a column of text, got {type(column).__name__}: {error}") from None
    raise TypeError(f"expected a column with the Arrow PyCapsule interface, got {type(column).__name__}")


def _one_column(array: Any) -> Any:
    """A stream of rows of one column as that column."""
    if not pa.types.is_struct(array.type):
        return array
    if array.type.num_fields != 1:
        raise FieldError("column", f"expected one column, got {array.type.num_fields}; pass the one with the texts")
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
    raise TypeError(f"expected a column of text, got {kind}")


def _measured_by_values(array: Any, first: int) -> Any:
    """The counts of a dictionary array, each value counted once."""
    values = array.dictionary
    try:
        counted = _measured(values, 0)
    except (UndecodableError, FieldError):
        invalid = [index for index in range(len(values)) if not _countable(values.slice(index, 1))]
        used = pc.is_in(array.indices, value_set=pa.array(invalid, array.indices.type))
        row = pc.index(used, True).as_py()
        if row >= 0:
            _measured(values.slice(array.indices[row].as_py(), 1), first + row)  # raises, and names the row
        without = set(invalid)
        valid = [None if index in without else index for index in range(len(values))]
        counted = _measured(values.take(pa.array(valid, pa.int64())), 0)
    return counted.take(array.indices)


def _countable(value: Any) -> bool:
    try:
        _measured(value, 0)
    except (UndecodableError, FieldError):
        return False
    return True


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
