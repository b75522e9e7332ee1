"""Many messages at once: lists of text and columns of UTF-8, counted by the kernels a block at a time.

The numbers are those of ``measure``, message by message, and so are the errors, which also name the message. Nothing is
kept but the counts: nine octets a message. What a text costs is decided below; this file feeds blocks and collects.

Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.2
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, islice
from typing import Any, Final, Literal, NamedTuple, Self, TypeVar, overload

from smscodec import _kernels
from smscodec._kernels import PLAIN_ROOMS, Counted, Counts, Rooms, Utf8Column
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, SegmentationError, SmsCodecError, UndecodableError, UnencodableError
from smscodec.octets import Octets
from smscodec.planning import MINIMUM_ROOM, Frame
from smscodec.segmentation import Measurement, SegmentedMessage, measure, segment
from smscodec.tables import NationalLanguage
from smscodec.udh import EMPTY, UserDataHeader

__all__ = ["BatchMeasurement", "Count", "measure_many", "measure_utf8", "segment_many"]

_Answer = TypeVar("_Answer")

_TEXTS_A_BLOCK: Final = 1_024
"""Few enough to stay in the processor's cache between Python's look at them and the kernel's."""

_ROWS_A_BLOCK: Final = 65_536
"""Rows of a column counted in one call, so that Ctrl-C works."""


class Count(NamedTuple):
    """What one message costs: the first three fields of its ``Measurement``."""

    alphabet: Alphabet
    units: int
    segments: int


class BatchMeasurement(Sequence[Count | None]):
    """What many messages cost, as three columns and as a sequence of ``Count`` (None for a null).

    ``alphabets`` holds an octet a message (the numbers of ``Alphabet``), ``units`` and ``segments`` 32-bit unsigned
    integers: read-only buffers that numpy and Arrow take without a copy. A null is 0, 0, 0 in them.
    """

    __slots__ = ("_valid", "alphabets", "segments", "units")

    alphabets: memoryview
    units: memoryview
    segments: memoryview

    def __init__(self, alphabets: Octets, units: Octets, segments: Octets, valid: bytes = b"") -> None:
        self.alphabets = memoryview(alphabets).toreadonly()
        self.units = memoryview(units).toreadonly().cast("B").cast("I")
        self.segments = memoryview(segments).toreadonly().cast("B").cast("I")
        self._valid = valid  # a bit a message, least significant first; empty where there is no null

    def __len__(self) -> int:
        return len(self.alphabets)

    @overload
    def __getitem__(self, index: int) -> Count | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[Count | None]: ...
    def __getitem__(self, index: int | slice) -> Count | list[Count | None] | None:
        if isinstance(index, slice):
            return [self._count(row) for row in range(len(self))[index]]
        return self._count(range(len(self))[index])

    def __iter__(self) -> Iterator[Count | None]:
        return map(self._count, range(len(self)))

    def _count(self, row: int) -> Count | None:
        if self._valid and not self._valid[row >> 3] >> (row & 7) & 1:
            return None
        return Count(_ALPHABETS[self.alphabets[row]], self.units[row], self.segments[row])

    @property
    def total_segments(self) -> int:
        """Segments of all messages together."""
        return sum(self.segments)

    def histogram(self) -> dict[Alphabet, dict[int, int]]:
        """Of each alphabet, how many messages take how many segments, in ascending order; nulls are in none.

        Both alphabets are there, also where one has no message.
        """
        ucs2 = Counter(compress(self.segments, self.alphabets))  # GSM 7-bit is number 0, and so is a null
        gsm = Counter(self.segments)
        gsm.subtract(ucs2)
        del gsm[0]  # a null has no segment, and every message at least one
        sides = ((Alphabet.GSM_7BIT, gsm), (Alphabet.UCS2, ucs2))
        return {alphabet: {key: counts[key] for key in sorted(counts) if counts[key]} for alphabet, counts in sides}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BatchMeasurement):
            return NotImplemented
        return self._contents() == other._contents()

    def __hash__(self) -> int:
        return hash(self._contents())

    def _contents(self) -> tuple[bytes, bytes, bytes, bytes]:
        return bytes(self.alphabets), bytes(self.units), bytes(self.segments), self._valid

    def __reduce__(self) -> tuple[type[Self], tuple[bytes, bytes, bytes, bytes]]:
        return type(self), self._contents()

    def __repr__(self) -> str:
        return f"<BatchMeasurement: {len(self)} messages, {self.total_segments} segments>"

    def _repr_html_(self) -> str:
        """Messages and segments of each alphabet, and a histogram of segments a message, as a notebook shows them."""
        from smscodec import display_html, display_svg  # noqa: PLC0415  # only notebooks need them

        histogram = self.histogram()
        messages = {alphabet: sum(counts.values()) for alphabet, counts in histogram.items()}
        known = sum(messages.values())
        rows = [
            (alphabet.name, f"{count:,}", f"{count / max(known, 1):.1%}", f"{_segments(histogram[alphabet]):,}")
            for alphabet, count in messages.items()
        ]
        rows += [("null", f"{len(self) - known:,}", "", "")] if known < len(self) else []
        heading = f"{len(self):,} messages, {self.total_segments:,} segments"
        columns = ("alphabet", "messages", "share", "segments")
        named = {alphabet.name: counts for alphabet, counts in histogram.items()}
        return display_html.stacked_html(
            display_html.table_html(heading, columns, rows, right=(1, 2, 3)),
            display_svg.histogram_svg("Messages by number of segments", "segments a message", named),
        )


def _segments(counts: Mapping[int, int]) -> int:
    return sum(segments * messages for segments, messages in counts.items())


_ALPHABETS: Final = {alphabet.value: alphabet for alphabet in Alphabet}


class _Columns:
    """The counts of a batch while they are collected."""

    def __init__(self) -> None:
        self.alphabets = bytearray()
        self.units = bytearray()
        self.segments = bytearray()

    def __len__(self) -> int:
        return len(self.alphabets)

    def add(self, counted: Counted) -> None:
        self.alphabets += counted.alphabets
        self.units += counted.units
        self.segments += counted.segments


def measure_many(
    texts: Iterable[str],
    *,
    alphabet: Alphabet | None = None,
    languages: Iterable[NationalLanguage] = (),
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> BatchMeasurement:
    """Alphabet, units and segments of every text, of any length, with the arguments of ``measure``.

    Raises what ``measure`` raises; an error over a text names its index: ``UnencodableError`` at a lone surrogate (its
    ``start`` is the position in that text), ``TypeError`` for an element that is no str.

    Memory is bounded by the result: the texts may come from a generator. Threads may call this at the same time, each
    with texts of its own or all with the same list, so long as none changes it meanwhile; the compiled kernels release
    the GIL while they count a block, so that threads with many texts run side by side.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    permitted = tuple(languages)
    options: dict[str, Any] = {"alphabet": alphabet, "languages": permitted}
    options |= {"wide_reference": wide_reference, "header": header}
    plain = alphabet is None and header is EMPTY and not wide_reference and not permitted
    if not plain:
        measure("", **options)  # what is wrong with the arguments is no single text's fault
    rooms = PLAIN_ROOMS if plain else _rooms(header, wide_reference)
    by_kernel = alphabet is None and min(rooms) >= MINIMUM_ROOM
    columns = _Columns()
    iterator = iter(texts)
    while block := tuple(islice(iterator, _TEXTS_A_BLOCK)):
        if by_kernel:
            counted = _kernels.active.count_many(block, rooms)
            if counted.rows < len(block):
                _raise_over(block[counted.rows], len(columns) + counted.rows, options)
            if permitted:
                counted = _with_languages(block, counted, len(columns), options)
        else:
            counted = _one_by_one(block, len(columns), options)
        columns.add(counted)
    return BatchMeasurement(columns.alphabets, columns.units, columns.segments)


def _rooms(header: UserDataHeader, wide: bool) -> Rooms:
    frame = Frame(header.octet_length, wide)
    return Rooms(*frame.rooms(Alphabet.GSM_7BIT), *frame.rooms(Alphabet.UCS2))


def _raise_over(text: Any, index: int, options: dict[str, Any]) -> None:
    _named(index, measure, text, options)
    raise SegmentationError(f"message {index}: more units than 32 bits hold")


def _named(index: int, function: Callable[..., _Answer], text: Any, options: dict[str, Any]) -> _Answer:
    """What the function answers for a text; an error over it names the message."""
    try:
        return function(text, **options)
    except UnencodableError as error:
        reason = f"message {index}: {error.reason}"
        raise UnencodableError(error.encoding, error.object, error.start, error.end, reason) from None
    except SegmentationError as error:
        raise SegmentationError(f"message {index}: {error}", error.segments) from None
    except TypeError as error:
        raise TypeError(f"message {index}: {error}") from None


def _with_languages(texts: Sequence[str], counted: Counted, first: int, options: dict[str, Any]) -> Counted:
    """The counts with a national plan for each text of several segments that one saves a segment."""
    several = [row for row, segments in enumerate(memoryview(counted.segments).cast("I")) if segments > 1]
    changed = {row: _named(first + row, measure, texts[row], options) for row in several}
    return _merged(counted, changed)


def _one_by_one(texts: Sequence[str], first: int, options: dict[str, Any]) -> Counted:
    rows = len(texts)
    blank = Counted(rows, bytes(rows), bytes(4 * rows), bytes(4 * rows))
    return _merged(blank, {row: _named(first + row, measure, text, options) for row, text in enumerate(texts)})


def _merged(counted: Counted, changed: dict[int, Measurement]) -> Counted:
    alphabets, units, segments = map(bytearray, counted[1:])
    with memoryview(units).cast("I") as units_of, memoryview(segments).cast("I") as segments_of:
        for row, measurement in changed.items():
            alphabets[row], units_of[row], segments_of[row] = measurement[:3]
    return Counted(counted.rows, bytes(alphabets), bytes(units), bytes(segments))


def measure_utf8(
    data: Octets,
    offsets: Any,
    *,
    offset_width: Literal[4, 8] = 4,
    validity: Octets | None = None,
    validity_offset: int = 0,
) -> BatchMeasurement:
    """Alphabet, units and segments of messages in UTF-8 that lie one after the other, as Arrow lays columns out.

    ``offsets`` is a buffer of n + 1 signed native-endian integers of 4 or 8 octets: message i is
    ``data[offsets[i]:offsets[i + 1]]``. A clear bit in ``validity`` (least significant first, as in Arrow; bit
    ``validity_offset`` is that of message 0) is a null: 0, 0, 0 in the buffers and None as an element. Nothing is
    copied. The numbers are those of ``count_segments``: default alphabet or UCS-2, 8-bit reference.

    Raises ``UndecodableError`` for invalid UTF-8 (an encoded surrogate included), naming the message, with ``start``
    the octet in it, and ``FieldError`` for offsets that run backwards or past the data, for an offset width other than
    4 and 8, and for a validity bitmap that is too short.

    The buffers must not change meanwhile. Threads may share them: the compiled kernels release the GIL while they count
    a block, and keep nothing between calls.

    Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2
    """
    column = Utf8Column(
        _octets(data, "data"), _integers(offsets, offset_width), offset_width, _bits(validity), validity_offset
    )
    rows = len(column)
    _check_validity(column, rows)
    counts = Counts.of(rows)
    for first in range(0, rows, _ROWS_A_BLOCK):
        wanted = min(_ROWS_A_BLOCK, rows - first)
        counted = _kernels.active.count_utf8(column, first, wanted, PLAIN_ROOMS, counts)
        if counted < wanted:
            raise _refused(column, first + counted)
    return BatchMeasurement(*counts, _own_bits(column, rows))


def _octets(buffer: Any, field: str) -> memoryview:
    view = memoryview(buffer)
    if not view.c_contiguous:
        raise FieldError(field, "must be contiguous")
    return view.cast("B") if view.nbytes else memoryview(b"")  # an empty view of several dimensions casts to nothing


def _integers(offsets: Any, width: int) -> memoryview:
    if width not in {4, 8}:
        raise FieldError("offset_width", f"{width} is neither 4 nor 8")
    view = _octets(offsets, "offsets")
    if view.nbytes % width:
        raise FieldError("offsets", f"{view.nbytes} octets are no integers of {width}")
    return view.cast("i" if width == 4 else "q")


def _bits(validity: Octets | None) -> memoryview | None:
    return None if validity is None else _octets(validity, "validity")


def _check_validity(column: Utf8Column, rows: int) -> None:
    if column.validity_offset < 0:
        raise FieldError("validity_offset", f"{column.validity_offset} is negative")
    if column.validity is not None and 8 * len(column.validity) < column.validity_offset + rows:
        raise FieldError("validity", f"{len(column.validity)} octets hold no bits for {rows} messages")


def _own_bits(column: Utf8Column, rows: int) -> bytes:
    """The validity of the messages in a bitmap of our own that begins with bit 0; empty where none is a null."""
    if column.validity is None:
        return b""
    first, last = column.validity_offset >> 3, (column.validity_offset + rows + 7) >> 3
    bits = int.from_bytes(column.validity[first:last], "little") >> (column.validity_offset & 7)
    bits &= (1 << rows) - 1
    return b"" if bits == (1 << rows) - 1 else bits.to_bytes((rows + 7) // 8, "little")


def _refused(column: Utf8Column, row: int) -> SmsCodecError:
    """Why the kernel stopped at this message."""
    bounds = column.bounds(row)
    if bounds is None:
        start, end = column.offsets[row], column.offsets[row + 1]
        where = f"from octet {start} to {end} of {len(column.data)}"
        return FieldError("offsets", f"message {row} runs backwards or past the data: {where}")
    octets = bytes(column.data[slice(*bounds)])
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        return UndecodableError("utf-8", octets, error.start, error.end, f"message {row}: {error.reason}")
    return SegmentationError(f"message {row}: more units than 32 bits hold")


def segment_many(texts: Iterable[str], **options: Any) -> Iterator[SegmentedMessage]:
    """Cut every text with the arguments of ``segment``, one as it is asked for.

    Raises what ``segment`` raises, when its turn comes; an error over a text names its index.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if "languages" in options:
        options["languages"] = tuple(options["languages"])
    for index, text in enumerate(texts):
        yield _named(index, segment, text, options)
