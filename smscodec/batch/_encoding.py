"""Texts to the octets of their segments, many messages at once.

A block of messages is counted as ``measure_many`` counts, national tables are chosen where they save a segment, and
then the kernel writes what the counts say. Nothing is kept but the counts and the octets.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import compress, pairwise
from typing import Any, Final, Literal, Protocol, overload

from smscodec import _kernels
from smscodec._checks import Octets, check_whole
from smscodec._kernels import Counts, NationalTables, Rooms, Utf8Column
from smscodec._kernels.octets import MOST_SEGMENTS, Orders, Written
from smscodec._national import national_tables, pair_of
from smscodec.batch._measuring import (
    BatchMeasurement,
    batch_of,
    blocks,
    check,
    column_of,
    named,
    own_bits,
    rooms_of,
    several,
    text_of,
    too_long,
)
from smscodec.batch._orders import References, Styles
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, SegmentationError, SmsCodecError, UndecodableError
from smscodec.message import MINIMUM_ROOM, Measurement
from smscodec.segmentation import measure, segment
from smscodec.tables import DEFAULT_TABLES, Languages, ShiftTables, permitted_languages
from smscodec.udh import EMPTY, UserDataHeader

__all__ = ["EncodedBatch", "encode_many", "encode_utf8"]

Form = Literal["tp-ud", "smpp"]
Errors = Literal["strict", "null"]

_ROWS_A_BLOCK: Final = 16_384
"""Messages that are counted and then written while their texts are still in the cache."""


class EncodedBatch(Sequence[tuple[bytes, ...] | None]):
    """The segments of many messages, as columns and as a sequence of tuples of octets (None for a null).

    ``measured`` is what the messages cost. The segments of all messages are numbered consecutively from 0: message i
    has the numbers ``first[i]`` to ``first[i + 1] - 1``. Segment n has its TP-UDL in ``tp_udl[n]`` and its octets in
    ``data[offsets[n]:offsets[n + 1]]``. ``first`` are 32-bit signed integers, and so are ``offsets`` unless there are 2
    GiB of data or more, which take 64: read-only buffers that numpy and Arrow (list, and binary or large_binary) take
    without a copy. ``refused`` counts, by reason, the messages that became a null because they cannot be encoded.

    >>> batch = encode_many(["hello", "a" * 161], references=7)
    >>> [len(octets) for octets in batch[1]], list(batch.tp_udl), list(batch.first)
    ([140, 14], [5, 160, 15], [0, 1, 3])
    """

    __slots__ = ("_headed", "data", "first", "measured", "offsets", "refused", "tp_udl")

    measured: BatchMeasurement
    first: memoryview
    tp_udl: memoryview
    offsets: memoryview
    data: memoryview
    refused: dict[str, int]

    def __init__(self, measured: BatchMeasurement, written: Written, headed: Octets, refused: dict[str, int]) -> None:
        self.measured = measured
        self.first = memoryview(written.first).toreadonly()
        self.tp_udl = memoryview(written.tp_udl).toreadonly()
        self.offsets = memoryview(written.offsets).toreadonly()
        self.data = memoryview(written.data).toreadonly()
        self.refused = refused
        self._headed = memoryview(headed).toreadonly()

    @property
    def has_header(self) -> bytes:
        """An octet a message: 1 where its segments begin with a user data header (TP-UDHI, bit 6 of SMPP's
        esm_class).
        """
        pairs = zip(self._headed, self.measured.segments, strict=True)
        return bytes(segments > 1 or (segments and headed) for headed, segments in pairs)

    def __len__(self) -> int:
        return len(self.measured)

    @overload
    def __getitem__(self, index: int) -> tuple[bytes, ...] | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[bytes, ...] | None]: ...
    def __getitem__(self, index: int | slice) -> tuple[bytes, ...] | list[tuple[bytes, ...] | None] | None:
        if isinstance(index, slice):
            return [self._message(row) for row in range(len(self))[index]]
        return self._message(range(len(self))[index])

    def __iter__(self) -> Iterator[tuple[bytes, ...] | None]:
        return map(self._message, range(len(self)))

    def _message(self, row: int) -> tuple[bytes, ...] | None:
        start, end = self.first[row], self.first[row + 1]
        if start == end:
            return None
        bounds = self.offsets[start : end + 1].tolist()
        return tuple(bytes(self.data[a:b]) for a, b in pairwise(bounds))

    def __repr__(self) -> str:
        return f"<EncodedBatch: {len(self)} messages, {len(self.tp_udl)} segments, {len(self.data)} octets>"


def encode_many(
    texts: Iterable[str],
    *,
    references: int | Iterable[int | None] | None = None,
    alphabet: Alphabet | str | None = None,
    languages: Languages = (),
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
    form: Form = "tp-ud",
    errors: Errors = "strict",
) -> EncodedBatch:
    """Octets and TP-UDL of every segment of every text: what ``segment`` makes of them one by one, as columns.

    ``references`` is one for all messages, or one per message (None for no reference); a message of several segments
    must have one, of 0–255, or 0–65535 with ``wide_reference``. The other arguments are those of ``measure``.
    ``form`` is ``"tp-ud"``, or ``"smpp"`` for a short_message: header and septets an octet each, as
    ``short_messages`` gives them; TP-UDL is the same in both.

    Raises what ``measure_many`` raises, ``FieldError("references")`` for a reference that is missing or does not fit,
    and for references of another number than texts, ``SegmentationError`` above 255 segments; an error over a message
    names its index. With ``errors="null"`` a message that cannot be written becomes a null, counted by its reason in
    ``refused``.

    Memory is bounded by the result and a block of texts.

    >>> encode_many(["hi", "ж" * 71], references=[None, 7])[1][1].hex()
    '0500030702020436043604360436'

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
    """
    options = {"alphabet": alphabet, "languages": languages, "wide_reference": wide_reference, "header": header}
    encoder = _Encoder(options, references, form, errors)
    if isinstance(texts, Sized):
        encoder.expect(len(texts))
    for block in blocks(several(texts)):
        for start in range(0, len(block), _ROWS_A_BLOCK):
            encoder.add(_Listed(block[start : start + _ROWS_A_BLOCK]))
    return encoder.batch()


def encode_utf8(
    data: Octets,
    offsets: Any,
    *,
    references: int | Iterable[int | None] | None = None,
    alphabet: Alphabet | str | None = None,
    languages: Languages = (),
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
    form: Form = "tp-ud",
    errors: Errors = "strict",
    offset_width: Literal[4, 8] = 4,
    validity: Octets | None = None,
    validity_offset: int = 0,
    first_index: int = 0,
) -> EncodedBatch:
    """Octets and TP-UDL of every segment of messages in UTF-8 that lie one after the other, as Arrow lays columns out.

    Data, offsets and validity are those of ``measure_utf8``, the rest is as in ``encode_many``; a null stays a null,
    and has a reference in the column of references like any other message.

    >>> from array import array
    >>> [octets.hex() for octets in encode_utf8("hi€".encode(), array("i", [0, 2, 5]))[1]]
    ['9b32']

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
    """
    check_whole("first_index", first_index, 0)
    column = column_of(data, offsets, offset_width, validity, validity_offset)
    options = {"alphabet": alphabet, "languages": languages, "wide_reference": wide_reference, "header": header}
    encoder = _Encoder(options, references, form, errors, first_index=first_index)
    encoder.expect(column.rows)
    for first in range(0, column.rows, _ROWS_A_BLOCK):
        encoder.add(_Rows(column, first, min(_ROWS_A_BLOCK, column.rows - first)))
    return encoder.batch(own_bits(column, column.rows))


class _Block(Protocol):
    """Some messages as they come: texts of a list, or rows of a column."""

    def __len__(self) -> int:
        """How many there are."""

    def count(self, row: int, rooms: Rooms, counts: Counts, to: int) -> int:
        """Have the kernel count the messages from a row on into the counts; returns how many it could count."""

    def text(self, row: int, name: str) -> str | None:
        """The message in a row, None for a null; an error names the message."""

    def choose(self, national: NationalTables, counts: Counts, to: int) -> bytes:
        """Have the kernel choose national tables for the counted messages; returns the pair of each."""

    def encode(self, orders: Orders, written: Written) -> int:
        """Have the kernel write the messages; returns how many came before one that it cannot write."""


class _Listed:
    def __init__(self, texts: tuple[Any, ...]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def count(self, row: int, rooms: Rooms, counts: Counts, to: int) -> int:
        return _kernels.active.count_many(self._texts[row:], to, rooms, counts)

    def text(self, row: int, name: str) -> str:
        text: str | None = self._texts[row]
        if text is None:  # which stands for a null in a column alone; whatever else it is, measure looks at it
            raise TypeError(f"{name}: text must be str, not NoneType")
        return text

    def choose(self, national: NationalTables, counts: Counts, to: int) -> bytes:
        return _kernels.active.choose_many(self._texts, to, national, counts)

    def encode(self, orders: Orders, written: Written) -> int:
        return _kernels.active.encode_many(self._texts, orders, written)


class _Rows:
    def __init__(self, column: Utf8Column, first: int, rows: int) -> None:
        self._column, self._first, self._rows = column, first, rows

    def __len__(self) -> int:
        return self._rows

    def count(self, row: int, rooms: Rooms, counts: Counts, to: int) -> int:
        return _kernels.active.count_utf8(self._column, to, self._rows - row, rooms, counts)

    def text(self, row: int, name: str) -> str | None:
        return text_of(self._column, self._first + row, name)

    def choose(self, national: NationalTables, counts: Counts, to: int) -> bytes:
        assert to == self._first
        return _kernels.active.choose_utf8(self._column, to, self._rows, national, counts)

    def encode(self, orders: Orders, written: Written) -> int:
        return _kernels.active.encode_utf8(self._column, self._first, self._rows, orders, written)


class _Encoder:
    """Counts and writes blocks of messages under the same options, and collects the results."""

    def __init__(
        self, options: dict[str, Any], references: Any, form: Form, errors: Errors, *, first_index: int = 0
    ) -> None:
        if form not in ("tp-ud", "smpp"):
            raise FieldError("form", f"expected 'tp-ud' or 'smpp', got {form!r}")
        if errors not in ("strict", "null"):
            raise FieldError("errors", f"expected 'strict' or 'null', got {errors!r}")
        self._options = options | {"languages": permitted_languages(options["languages"])}
        check(measure, self._options)
        self._nullify, self._first_index = errors == "null", first_index
        self._rooms = rooms_of(options["header"], options["wide_reference"])
        self._by_kernel = options["alphabet"] is None and min(self._rooms) >= MINIMUM_ROOM
        self._styles = Styles(options["header"], wide=bool(options["wide_reference"]), unpacked=form == "smpp")
        self._national = national_tables(self._options["languages"], self._styles.frame)
        self._references = References(references, wide=bool(options["wide_reference"]))
        self._counts, self._written, self._headed = Counts.of(0), Written(), bytearray()
        self._nulls: list[int] = []
        self._refused: Counter[str] = Counter()

    def expect(self, messages: int) -> None:
        """Check that there are as many references as messages, where that can be known beforehand."""
        self._references.expect(messages)

    def add(self, block: _Block) -> None:
        """Count and write a block."""
        base = len(self._counts.alphabets)
        self._counts.grow(len(block))
        tables = self._count(block, base)
        references = self._references.take(len(block), self._first_index + base)
        style_of = self._counts.alphabets[base:]  # the base plans have the numbers of their alphabets
        for row, pair in tables.items():
            style_of[row] = self._styles.number(pair)
        segments = self._counts.segments[base:]
        orders = Orders(self._styles.styles, memoryview(style_of), memoryview(segments), references, self._write_one)
        for row in self._counts.several(base) if self._nullify else ():
            if not orders.can_write(row - base):
                self._make_null(row, self._why_not(orders, row - base, row))
                segments[row - base] = 0
        done = block.encode(orders, self._written)
        if done < len(block):
            raise self._why_not(orders, done, base + done)
        self._headed += style_of.translate(self._styles.headed)

    def _count(self, block: _Block, base: int) -> dict[int, ShiftTables]:
        """Count a block; returns the tables of the messages that take national ones, by row."""
        tables: dict[int, ShiftTables] = {}
        row, rows = 0, len(block)
        while self._by_kernel:
            row += block.count(row, self._rooms, self._counts, base + row)
            if row == rows:
                break
            self._measure(block, row, base, tables)
            row += 1
        if not self._by_kernel:
            for row in range(rows):
                self._measure(block, row, base, tables)
        elif self._options["languages"]:
            pairs = block.choose(self._national, self._counts, base)
            tables |= {row: pair_of(pairs[row]) for row in compress(range(rows), pairs)}
        return tables

    def _measure(self, block: _Block, row: int, base: int, tables: dict[int, ShiftTables]) -> None:
        """Count one message with all options; one that cannot be counted becomes a null under ``errors="null"``."""
        name = self._name(base + row)
        try:
            text = block.text(row, name)
            if text is None:
                return
            measured = named(self._first_index + base + row, measure, text, self._options)
            self._put(base + row, measured, name)
        except SmsCodecError as error:
            if not self._nullify:
                raise
            self._make_null(base + row, error)
        else:
            if measured.tables != DEFAULT_TABLES:
                tables[row] = measured.tables

    def _put(self, row: int, measured: Measurement, name: str) -> None:
        try:
            self._counts.put(row, *measured[:3])
        except OverflowError:
            raise too_long(name) from None

    def _name(self, row: int) -> str:
        return f"message {self._first_index + row}"

    def _make_null(self, row: int, error: SmsCodecError) -> None:
        self._counts.put(row, 0, 0, 0)
        self._nulls.append(row)
        self._refused[_reason(error)] += 1

    def _why_not(self, orders: Orders, row: int, number: int) -> SmsCodecError:
        """Why the kernel has not written the message in a row of the block."""
        segments, name = orders.segments[row], self._name(number)
        if segments > MOST_SEGMENTS:
            return SegmentationError(f"{name}: {segments} segments; a message has at most {MOST_SEGMENTS}", segments)
        if not orders.can_write(row):
            return FieldError("references", f"{name} takes {segments} segments and needs one: see ReferenceCounter")
        return FieldError("data", f"{name} has changed while it was read")

    def _write_one(self, text: str, reference: int | None) -> Iterable[tuple[int, bytes]]:
        message = segment(text, **self._options, reference=reference)
        return zip(*message.written(message.style(self._styles.unpacked)), strict=True)

    def batch(self, valid: bytes = b"") -> EncodedBatch:
        """What has been written, with the nulls of a column and of messages that were refused."""
        self._references.finish()
        rows = len(self._counts.alphabets)
        if self._nulls:
            bits = bytearray(valid or b"\xff" * ((rows + 7) // 8))
            for row in self._nulls:
                bits[row >> 3] &= ~(1 << (row & 7))
            valid = bytes(bits)
        return EncodedBatch(batch_of(self._counts, valid), self._written, self._headed, dict(self._refused))


def _reason(error: SmsCodecError) -> str:
    match error:
        case FieldError():
            return error.field
        case SegmentationError():
            return "segments"
        case UndecodableError():
            return "invalid UTF-8"
        case _:
            return "unencodable"
