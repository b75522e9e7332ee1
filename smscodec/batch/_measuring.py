"""Many messages at once: lists of text and columns of UTF-8, counted by the kernels a block at a time.

Numbers and errors are those of ``measure``, message by message; an error also names the message. Only the counts are
kept: nine octets per message. The kernels and ``measure`` decide what a text costs; this file feeds them blocks and
collects the counts.

Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.2
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import Any, Final, Literal, NamedTuple, Self, TypeVar, overload

from smscodec import _kernels
from smscodec._checks import Octets, check_whole, integers, octets
from smscodec._kernels import PLAIN_ROOMS, Counts, Rooms, Utf8Column
from smscodec._national import national_tables
from smscodec._values import plain
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, SegmentationError, UndecodableError, UnencodableError
from smscodec.message import MINIMUM_ROOM, SegmentedMessage, frame_of
from smscodec.segmentation import measure, segment
from smscodec.tables import Languages, permitted_languages
from smscodec.udh import EMPTY, UserDataHeader

__all__ = ["BatchMeasurement", "Count", "measure_many", "measure_utf8", "segment_many"]

_Answer = TypeVar("_Answer")

_TEXTS_A_BLOCK: Final = 1_024
"""Texts taken from an iterator at a time, into a tuple that no other code holds while they are counted."""

_ROWS_A_BLOCK: Final = 65_536
"""Rows of a column counted in one call, so that Ctrl-C works."""


class Count(NamedTuple):
    """What one message costs: the first three fields of its ``Measurement``.

    >>> measure_many(["привет"])[0]
    Count(alphabet=<Alphabet.UCS2: 2>, units=6, segments=1)
    """

    alphabet: Alphabet
    units: int
    segments: int

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes: the alphabet by name."""
        return {name: plain(value) for name, value in zip(self._fields, self, strict=True)}


class BatchMeasurement(Sequence[Count | None]):
    """What many messages cost, as three columns and as a sequence of ``Count`` (None for a null).

    ``alphabets`` holds an octet per message (the numbers of ``Alphabet``), ``units`` and ``segments`` 32-bit unsigned
    integers: read-only buffers that numpy and Arrow take without a copy. A null is 0, 0, 0 in them.

    >>> batch = measure_many(["Hello", "ж" * 100])
    >>> list(batch.segments), batch.total_segments, batch[0].units
    ([1, 2], 3, 5)
    """

    __slots__ = ("_valid", "alphabets", "segments", "units")

    alphabets: memoryview
    units: memoryview
    segments: memoryview

    def __init__(self, alphabets: Octets, units: Octets, segments: Octets, valid: bytes = b"") -> None:
        self.alphabets = memoryview(alphabets).toreadonly()
        self.units = memoryview(units).toreadonly().cast("B").cast("I")
        self.segments = memoryview(segments).toreadonly().cast("B").cast("I")
        self._valid = valid  # a bit per message, least significant first; empty without nulls

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
    def validity(self) -> bytes | None:
        """A bit per message, least significant first as in Arrow, clear for a null; None if there are no nulls."""
        return self._valid or None

    @property
    def total_segments(self) -> int:
        """Segments of all messages together."""
        return sum(self.segments)

    def histogram(self) -> dict[Alphabet, dict[int, int]]:
        """For each alphabet, how many messages take how many segments, in ascending order; nulls are left out.

        Both alphabets are always present, even if one has no messages.
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

    def as_dict(self) -> dict[str, Any]:
        """``total_segments``, and ``messages``: the ``as_dict`` of each ``Count``, None for a null."""
        return {"total_segments": self.total_segments, "messages": [plain(count) for count in self]}

    def _repr_html_(self) -> str:
        """Messages and segments of each alphabet, and a histogram of segments per message, as a notebook shows them."""
        from smscodec.display import html as display_html  # noqa: PLC0415  # only notebooks need it

        named = {alphabet.name: counts for alphabet, counts in self.histogram().items()}
        return display_html.histogram_html(len(self), named)


def batch_of(counts: Counts, valid: bytes = b"") -> BatchMeasurement:
    return BatchMeasurement(counts.alphabets, memoryview(counts.units), memoryview(counts.segments), valid)


_ALPHABETS: Final = {alphabet.value: alphabet for alphabet in Alphabet}


def measure_many(
    texts: Iterable[str],
    *,
    alphabet: Alphabet | str | None = None,
    languages: Languages = (),
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> BatchMeasurement:
    """Alphabet, units and segments of every text, of any length, with the arguments of ``measure``.

    Raises what ``measure`` raises; an error over a text names its index: ``UnencodableError`` at a lone surrogate (its
    ``start`` is the position in that text), ``TypeError`` for an element that is not a str or for one str in place of
    many.

    Memory is bounded by the result and a block of texts: an iterator is read 1,024 texts at a time, and a list is
    copied to a tuple, eight octets per text. Threads may call this at the same time, each with its own texts or all
    with the same list, which is counted as it was when the call began. The compiled kernels release the GIL while they
    count a block, so that threads with lists of many texts run side by side.

    >>> list(measure_many(["Hello", "ж" * 100, "a" * 161]).segments)
    [1, 2, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    permitted = permitted_languages(languages)
    options: dict[str, Any] = {"alphabet": alphabet, "languages": permitted}
    options |= {"wide_reference": wide_reference, "header": header}
    check(measure, options)
    rooms = rooms_of(header, wide_reference)
    by_kernel = alphabet is None and min(rooms) >= MINIMUM_ROOM
    national = national_tables(permitted, frame_of(header, wide_reference))
    counts, first = Counts.of(0), 0
    for block in blocks(several(texts)):
        counts.grow(len(block))
        if by_kernel:
            counted = _kernels.active.count_many(block, first, rooms, counts)
            if counted < len(block):
                _raise_over(block[counted], first + counted, options)
            if permitted:
                _kernels.active.choose_many(block, first, national, counts)
        else:
            for row, text in enumerate(block, first):
                _put(counts, row, text, options)
        first += len(block)
    return batch_of(counts)


def several(texts: Iterable[str]) -> Iterable[str]:
    """The texts; refuses a single str, whose characters would be counted as messages."""
    if isinstance(texts, str):
        raise TypeError("expected several texts, got one str: put it into a list")
    return texts


def blocks(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The texts in tuples of our own, which no other code can change while a kernel reads them.

    A list becomes a single tuple: to cut it into blocks would copy each text twice, and the kernels react to Ctrl-C and
    prefetch anyway.
    """
    if type(texts) is list or type(texts) is tuple:  # a subclass may iterate in a way of its own
        yield tuple(texts)
        return
    iterator = iter(texts)
    while block := tuple(islice(iterator, _TEXTS_A_BLOCK)):
        yield block


def rooms_of(header: UserDataHeader, wide: bool) -> Rooms:
    gsm, _, ucs2 = frame_of(header, wide).rooms
    return Rooms(gsm.single, gsm.limit, ucs2.single, ucs2.limit)


def check(function: Callable[..., object], options: dict[str, Any]) -> None:
    """Raise errors of the arguments before the first text is read, so that they do not name a message."""
    function("", **options)


def _raise_over(text: Any, index: int, options: dict[str, Any]) -> None:
    named(index, measure, text, options)
    raise too_long(f"message {index}")


def _put(counts: Counts, row: int, text: str, options: dict[str, Any]) -> None:
    measured = named(row, measure, text, options)
    try:
        counts.put(row, *measured[:3])
    except OverflowError:
        raise too_long(f"message {row}") from None


def too_long(name: str) -> SegmentationError:
    return SegmentationError(f"{name}: more units than 32 bits hold")


def named(index: int, function: Callable[..., _Answer], text: Any, options: dict[str, Any]) -> _Answer:
    """The function's answer for a text; an error names the message."""
    try:
        return function(text, **options)
    except UnencodableError as error:
        reason = f"message {index}: {error.reason}"
        raise UnencodableError(error.encoding, error.object, error.start, error.end, reason) from None
    except SegmentationError as error:
        raise SegmentationError(f"message {index}: {error}", error.segments) from None
    except TypeError as error:
        raise TypeError(f"message {index}: {error}") from None


def measure_utf8(
    data: Octets,
    offsets: Any,
    *,
    offset_width: Literal[4, 8] = 4,
    validity: Octets | None = None,
    validity_offset: int = 0,
    first_index: int = 0,
    languages: Languages = (),
) -> BatchMeasurement:
    """Alphabet, units and segments of messages in UTF-8 that lie one after the other, as Arrow lays columns out.

    ``offsets`` is a buffer of n + 1 signed native-endian integers of 4 or 8 octets: message i is
    ``data[offsets[i]:offsets[i + 1]]``. A clear bit in ``validity`` (least significant first, as in Arrow; bit
    ``validity_offset`` is that of message 0) is a null: 0, 0, 0 in the buffers and None as an element. The numbers are
    those of ``measure``: default alphabet or UCS-2, or a national table of the permitted ``languages`` where it saves a
    segment; 8-bit reference.

    The items of ``data`` and ``validity`` must be octets, those of ``offsets`` integers of that width in native order,
    or octets again. Nothing is copied, except ctypes arrays, whose views Python cannot cast.

    Raises ``UndecodableError`` for invalid UTF-8 (an encoded surrogate included), with ``start`` the octet in the
    message; ``FieldError`` for a buffer of other items, for offsets that run backwards or past the data, for a width
    other than 4 and 8, and for a validity bitmap that is too short; ``TypeError`` for anything but a buffer. An
    error in a message names its index, counted from ``first_index``: if you measure a part of a column, say where it
    begins.

    The buffers must not change during the call. Threads may share them, or take a part of the column each: the compiled
    kernels release the GIL while they count 65,536 messages, and keep nothing between calls.

    >>> from array import array
    >>> list(measure_utf8("Helloпривет".encode(), array("i", [0, 5, 17])).units)
    [5, 6]

    Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2
    """
    check_whole("first_index", first_index, 0)
    column = column_of(data, offsets, offset_width, validity, validity_offset)
    permitted = permitted_languages(languages)
    national = national_tables(permitted, frame_of(EMPTY, wide_reference=False))
    rows = column.rows
    counts = Counts.of(rows)
    for first in range(0, rows, _ROWS_A_BLOCK):
        wanted = min(_ROWS_A_BLOCK, rows - first)
        counted = _kernels.active.count_utf8(column, first, wanted, PLAIN_ROOMS, counts)
        if counted < wanted:
            name = f"message {first_index + first + counted}"
            text_of(column, first + counted, name)  # raises any error but that of its length
            raise too_long(name)
        if permitted:
            _kernels.active.choose_utf8(column, first, wanted, national, counts)
    return batch_of(counts, own_bits(column, rows))


def column_of(data: Any, offsets: Any, width: Any, validity: Any, validity_offset: int) -> Utf8Column:
    whole = isinstance(width, int)  # 4.0 equals 4, but C needs an integer
    if not whole or width not in (4, 8):
        raise FieldError("offset_width", f"expected 4 or 8, got {width!r}")
    check_whole("validity_offset", validity_offset, 0)
    ends = integers(offsets, "offsets", width)
    if validity is None:
        return Utf8Column(octets(data, "data"), ends, width, None, 0)
    bits = octets(validity, "validity")
    column = Utf8Column(octets(data, "data"), ends, width, bits, validity_offset)
    if 8 * len(bits) < validity_offset + column.rows:
        raise FieldError("validity", f"expected a bit for each of {column.rows} messages, got {len(bits)} octets")
    return column


def own_bits(column: Utf8Column, rows: int) -> bytes:
    """The validity of the messages in a bitmap of our own that begins at bit 0; empty without nulls."""
    if column.validity is None:
        return b""
    first, last = column.validity_offset >> 3, (column.validity_offset + rows + 7) >> 3
    bits = int.from_bytes(column.validity[first:last], "little") >> (column.validity_offset & 7)
    bits &= (1 << rows) - 1
    return b"" if bits == (1 << rows) - 1 else bits.to_bytes((rows + 7) // 8, "little")


def octets_of(column: Utf8Column, row: int, name: str) -> bytes | None:
    """The octets in a row; None for a null. Raises ``FieldError``, with ``name`` for the row, for invalid offsets."""
    bounds = column.bounds(row)
    if bounds is None:
        start, end = column.offsets[row], column.offsets[row + 1]
        where = f"from octet {start} to {end} of {len(column.data)}"
        raise FieldError("offsets", f"{name} runs backwards or past the data: {where}")
    return None if column.is_null(row) else bytes(column.data[slice(*bounds)])


def text_of(column: Utf8Column, row: int, name: str) -> str | None:
    """The message in a row; None for a null. Raises ``UndecodableError``, with ``name`` for the row."""
    message = octets_of(column, row, name)
    try:
        return None if message is None else message.decode()
    except UnicodeDecodeError as error:
        raise UndecodableError("utf-8", error.object, error.start, error.end, f"{name}: {error.reason}") from None


def segment_many(texts: Iterable[str], **options: Any) -> Iterator[SegmentedMessage]:
    """Cut every text, lazily, with the arguments of ``segment``.

    Raises what ``segment`` raises: for an argument at once, for a text when its turn comes, naming its index.

    >>> [len(message) for message in segment_many(["Hello", "ж" * 100], reference=7)]
    [1, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if "languages" in options:
        options["languages"] = permitted_languages(options["languages"])
    check(segment, options)
    return (named(index, segment, text, options) for index, text in enumerate(several(texts)))
