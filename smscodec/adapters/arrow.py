"""Arrow columns of text to Arrow columns of what the text costs and of its octets, and back; extra ``arrow``.

Knows the layouts of Arrow's strings and of the results; texts are counted and written where they lie by ``batch``.
Anything with the Arrow PyCapsule interface is taken: pyarrow's own arrays, a Polars or a pandas Series, a DuckDB
result of one column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, Literal

from smscodec.batch import (
    BatchMeasurement,
    DecodedBatch,
    EncodedBatch,
    decode_many,
    encode_utf8,
    measure_utf8,
)
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, MissingExtraError, UndecodableError
from smscodec.tables import Languages, permitted_languages
from smscodec.udh import EMPTY, UserDataHeader

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError as error:
    raise MissingExtraError("arrow", "smscodec.adapters.arrow") from error

__all__ = ["DECODED", "ENCODED", "RESULT", "checked", "decode", "encode", "measure"]

_ALPHABETS: Final = pa.array([Alphabet.GSM_7BIT.name, Alphabet.UCS2.name])
_INDEX: Final = bytes.maketrans(bytes([Alphabet.GSM_7BIT, Alphabet.UCS2]), bytes([0, 1]))

RESULT: Final = pa.struct(
    [("alphabet", pa.dictionary(pa.int8(), pa.string())), ("units", pa.uint32()), ("segments", pa.uint32())]
)
"""The type of the result: what ``batch.Count`` holds, under the same names."""

ENCODED: Final = pa.list_(pa.struct([("tp_udl", pa.uint8()), ("tp_ud", pa.binary())]))
"""The type of encoded messages: their segments, with TP-UDL and the octets of TP-UD."""

DECODED: Final = pa.struct(
    [
        ("text", pa.string()),
        ("reference", pa.uint16()),
        ("total", pa.uint8()),
        ("sequence", pa.uint8()),
        ("wide", pa.bool_()),
    ]
)
"""The type of decoded segments: text, and the fields of the concatenation element, nulls without one."""


def measure(column: Any, *, languages: Languages = ()) -> Any:
    """Count alphabet, units and segments of every text in an Arrow column.

    ``column`` is an Arrow array or stream of string, large_string, string_view or dictionary of these; a table of one
    column counts as that column. Returns a StructArray for an array, a ChunkedArray for a chunked one, under the names
    of ``batch.Count``; a null gives a null. Strings are counted where they lie, slices too; views are copied first, and
    a dictionary is counted once for each of its values. The numbers are those of ``measure`` with the same
    ``languages``, under an 8-bit reference.

    Raises ``TypeError`` for anything but an Arrow column of text, ``UndecodableError`` for invalid UTF-8 and
    ``FieldError`` for offsets, indices or views out of bounds, as columns from elsewhere may have them. These name the
    message by its row in the whole column, whatever its chunks; a value of a dictionary by the first row that uses it,
    and an invalid value that no row uses is not an error.

    >>> import pyarrow as pa
    >>> from smscodec.adapters import arrow
    >>> arrow.measure(pa.array(["hello", None, "привет"])).to_pylist()[1:]
    [None, {'alphabet': 'UCS2', 'units': 6, 'segments': 1}]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    permitted = permitted_languages(languages)
    return _by_chunks(_imported(column), lambda part, first: _measured(part, first, permitted), RESULT)


def _by_chunks(array: Any, work: Callable[[Any, int], Any], kind: Any) -> Any:
    """The result of ``work`` for an array, or for each chunk of a chunked one with the number of its first row."""
    try:
        if not isinstance(array, pa.ChunkedArray):
            return work(_safe(array), 0)
        parts, first = [], 0
        for part in array.chunks:
            parts.append(work(_safe(part), first))
            first += len(part)
        return pa.chunked_array(parts, type=kind)
    except (pa.ArrowException, MemoryError) as error:
        raise FieldError("column", str(error).partition("\n")[0] or "not enough memory for it") from None


def _safe(array: Any) -> Any:
    """The array, after the checks that the kernels do not make: they check the offsets of plain strings themselves."""
    plain = pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    return checked(array, full=not plain)


def checked(array: Any, *, full: bool = True) -> Any:
    """``array``, if its offsets, views and indices are within its buffers; raises ``FieldError`` otherwise.

    Arrow trusts the buffers of another program, and reads past the end of one if an offset says so. Whether
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


def _measured(array: Any, first: int, languages: Languages) -> Any:
    """The counts of an array whose message 0 is number ``first`` of the column."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _measured_by_values(array, first, languages)
    if pa.types.is_null(kind):
        return pa.nulls(len(array), RESULT)
    plain = _plain(array)
    return _struct(plain, _over(plain, first, partial(measure_utf8, languages=languages)))


def _plain(array: Any) -> Any:
    """The column as strings one after the other, views and dictionaries copied; ``TypeError`` for anything but text."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return array
    if pa.types.is_string_view(kind) or (pa.types.is_dictionary(kind) and _is_text(kind.value_type)):
        return array.cast(pa.large_string())
    raise TypeError(f"expected a column of text, got {kind}")


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _measured_by_values(array: Any, first: int, languages: Languages) -> Any:
    """The counts of a dictionary array, each value counted once."""
    values = array.dictionary
    try:
        counted = _measured(values, 0, languages)
    except (UndecodableError, FieldError):
        invalid = [index for index in range(len(values)) if not _countable(values.slice(index, 1))]
        used = pc.is_in(array.indices, value_set=pa.array(invalid, array.indices.type))
        row = pc.index(used, True).as_py()
        if row >= 0:
            _measured(values.slice(array.indices[row].as_py(), 1), first + row, ())  # raises, and names the row
        without = set(invalid)
        valid = [None if index in without else index for index in range(len(values))]
        counted = _measured(values.take(pa.array(valid, pa.int64())), 0, languages)
    return counted.take(array.indices)


def _countable(value: Any) -> bool:
    try:
        _measured(value, 0, ())
    except (UndecodableError, FieldError):
        return False
    return True


def _over(array: Any, first: int, function: Callable[..., Any]) -> Any:
    """What a function of ``batch`` makes of strings or binaries; a slice is a window on the offsets of the whole."""
    validity, offsets, data = array.buffers()
    width: Literal[4, 8] = 8 if array.type in (pa.large_string(), pa.large_binary()) else 4
    if not len(array):
        return function(b"", b"")
    return function(
        data or b"",
        memoryview(offsets).cast("B")[width * array.offset : width * (array.offset + len(array) + 1)],
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


def encode(
    column: Any,
    references: Any = None,
    *,
    alphabet: Alphabet | str | None = None,
    languages: Languages = (),
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
    form: Literal["tp-ud", "smpp"] = "tp-ud",
    errors: Literal["strict", "null"] = "strict",
) -> Any:
    """Write the segments of every text in an Arrow column: TP-UDL and the octets of TP-UD, a list of structs a message.

    ``column`` is what ``measure`` takes, and ``references`` one for all, or an Arrow column or other numbers, one a
    message and null where there is none. The other arguments, and the errors, are those of ``batch.encode_utf8``. A
    null gives a null. Strings are read where they lie, and the result is the kernel's own buffers.

    Raises ``FieldError("column")`` for an array of which the octets pass 2 GiB; in a chunked one, a chunk may have as
    many.

    >>> import pyarrow as pa
    >>> from smscodec.adapters import arrow
    >>> arrow.encode(pa.array(["hi", None])).to_pylist()
    [[{'tp_udl': 2, 'tp_ud': b'\xe84'}], None]

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
    """
    array = _imported(column)
    parts = _Parts("references", references, len(array))
    options: dict[str, Any] = {
        "alphabet": alphabet,
        "languages": permitted_languages(languages),
        "wide_reference": wide_reference,
        "header": header,
        "form": form,
        "errors": errors,
    }

    def encoded(part: Any, first: int) -> Any:
        if pa.types.is_null(part.type):
            return pa.nulls(len(part), ENCODED)
        given = parts.numbers(first, len(part))
        return _lists(_over(_plain(part), first, partial(encode_utf8, references=given, **options)))

    return _by_chunks(array, encoded, ENCODED)


class _Parts:
    """An argument that is one value for all rows, or a column of them, of which each chunk takes its part."""

    def __init__(self, name: str, values: Any, rows: int) -> None:
        self._name = name
        self._column = pa.chunked_array(values) if hasattr(values, "__arrow_c_stream__") else values
        if isinstance(values, pa.Array) or hasattr(values, "__arrow_c_array__"):
            self._column = pa.chunked_array([pa.array(values)])
        if isinstance(self._column, Iterator):
            self._column = list(self._column)
        if hasattr(self._column, "__len__") and len(self._column) != rows:
            raise FieldError(name, f"expected {rows}, one a row, got {len(self._column)}")

    def numbers(self, first: int, rows: int) -> Any:
        """Those of some rows as Python has them."""
        if isinstance(self._column, pa.ChunkedArray):
            return self._column.slice(first, rows).to_pylist()
        return self._column[first : first + rows] if hasattr(self._column, "__len__") else self._column

    def octets(self, first: int, rows: int) -> Any:
        """Those of some rows as octets, 0 for a null."""
        if not isinstance(self._column, pa.ChunkedArray):
            return self.numbers(first, rows)
        try:
            numbers = pc.fill_null(self._column.slice(first, rows).cast(pa.uint8()), 0)
        except pa.ArrowException as error:
            raise FieldError(self._name, f"expected whole numbers of 0–255: {error}") from None
        return b"".join(map(_octets, filter(len, numbers.chunks)))  # one without a row may have no buffer


def _octets(array: Any) -> memoryview:
    return memoryview(array.buffers()[1])[array.offset : array.offset + len(array)]


def _lists(batch: EncodedBatch) -> Any:
    """The columns of a batch as lists of structs, without a copy."""
    if batch.offsets.itemsize != 4:
        raise FieldError("column", "the octets of one array pass 2 GiB: pass a chunked array, or slices")
    segments, rows = len(batch.tp_udl), len(batch)
    tp_udl = pa.Array.from_buffers(pa.uint8(), segments, [None, pa.py_buffer(batch.tp_udl)])
    offsets, data = pa.py_buffer(batch.offsets), pa.py_buffer(batch.data)
    tp_ud = pa.Array.from_buffers(pa.binary(), segments, [None, offsets, data])
    structs = pa.StructArray.from_arrays([tp_udl, tp_ud], fields=list(ENCODED.value_type))
    validity = batch.measured.validity
    bits = None if validity is None else pa.py_buffer(validity)
    return pa.Array.from_buffers(ENCODED, rows, [bits, pa.py_buffer(batch.first)], children=[structs])


def decode(
    column: Any,
    *,
    tp_udl: Any = None,
    alphabets: Any = Alphabet.GSM_7BIT,
    has_header: Any = False,
    strict: bool = False,
) -> Any:
    """Read TP-UD in an Arrow column to structs of text, reference, total, sequence and width of the reference.

    ``column`` holds binaries, with ``tp_udl`` beside it, or structs of ``tp_udl`` and ``tp_ud``, as ``encode`` writes
    them into its lists. ``alphabets`` and ``has_header`` are one for all or a column. Everything else is as in
    ``batch.decode_many``: a null, and a row whose alphabet holds no text, gives a null text; ``strict`` raises.

    >>> import pyarrow as pa
    >>> from smscodec.adapters import arrow
    >>> segments = arrow.encode(pa.array(["hi"])).flatten()
    >>> arrow.decode(segments).field("text").to_pylist()
    ['hi']

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24
    """
    array = _imported(column) if not isinstance(column, pa.Array | pa.ChunkedArray) else column
    lengths, numbers, headed = (
        None if values is None else _Parts(name, values, len(array))
        for name, values in (("tp_udl", tp_udl), ("alphabets", alphabets), ("has_header", has_header))
    )
    if lengths is None and not pa.types.is_struct(array.type):
        raise FieldError("tp_udl", "expected one a row, or a column of structs of tp_udl and tp_ud")

    def decoded(part: Any, first: int) -> Any:
        rows = len(part)
        if pa.types.is_struct(part.type):
            flat = dict(zip((field.name for field in part.type), part.flatten(), strict=True))
            if not {"tp_udl", "tp_ud"} <= flat.keys():
                raise TypeError(f"expected structs of tp_udl and tp_ud, got {part.type}")
            part, own = flat["tp_ud"], _Parts("tp_udl", flat["tp_udl"], rows)
            given = own.octets(0, rows)
        else:
            given = lengths.octets(first, rows) if lengths else None
        if part.type in (pa.binary_view(),) or pa.types.is_fixed_size_binary(part.type):
            part = part.cast(pa.large_binary())
        if part.type not in (pa.binary(), pa.large_binary()):
            raise TypeError(f"expected a column of binaries, got {part.type}")
        options = {
            "tp_udl": given,
            "alphabets": numbers.octets(first, rows) if numbers else 0,
            "has_header": headed.octets(first, rows) if headed else False,
        }
        return _texts(_over(part, first, partial(decode_many, strict=strict, **options)))

    return _by_chunks(array, decoded, DECODED)


def _texts(batch: DecodedBatch) -> Any:
    """The columns of a batch as structs; the text without a copy."""
    if batch.offsets.itemsize != 4:
        raise FieldError("column", "the text of one array passes 2 GiB: pass a chunked array, or slices")
    rows = len(batch)
    bits = None if batch.validity is None else pa.py_buffer(batch.validity)
    text = pa.Array.from_buffers(pa.string(), rows, [bits, pa.py_buffer(batch.offsets), pa.py_buffer(batch.data)])
    total = pa.Array.from_buffers(pa.uint8(), rows, [None, pa.py_buffer(batch.total)])
    concatenated = pc.greater(total, 0)
    columns = [
        pa.Array.from_buffers(kind, rows, [None, pa.py_buffer(buffer)])
        for kind, buffer in ((pa.uint16(), batch.reference), (pa.uint8(), batch.total), (pa.uint8(), batch.sequence))
    ]
    wide = pa.Array.from_buffers(pa.uint8(), rows, [None, pa.py_buffer(batch.wide)]).cast(pa.bool_())
    known = [pc.if_else(concatenated, each, None) for each in (*columns, wide)]
    return pa.StructArray.from_arrays([text, *known], fields=list(DECODED))
