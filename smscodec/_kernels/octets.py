"""What octets of many messages look like at the seam: how they are to be written, where they go, what is to be read.

Plain values that the kernels in Python and in C share; nothing is encoded here.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from smscodec._checks import check_whole
from smscodec._kernels.columns import Utf8Column
from smscodec.tables import ShiftTables

__all__ = [
    "LENIENTLY", "MOST_SEGMENTS", "NO_REFERENCE", "NULL", "READ", "UNREADABLE", "Orders", "ReadOne", "Segments",
    "Style", "Texts", "UserDataColumn", "WriteOne", "Written",
]  # fmt: skip

MOST_SEGMENTS: Final = 255
"""Segments of a message: its concatenation element counts them in an octet."""

NO_REFERENCE: Final = -(1 << 31)
"""Stands where a message has no reference."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Style:
    """How a message is written: alphabet, shift tables, headers, and the units that fit behind them.

    Headers and rooms come in pairs: of a message of one segment, and of each segment of several. The second header
    begins with a concatenation element, in which reference, total and sequence are filled in.
    """

    alphabet: int
    tables: ShiftTables
    codes: Mapping[int, bytes]
    """Of each code point one septet, or ESC and one."""
    rooms: tuple[int, int]
    headers: tuple[bytes, bytes]
    wide: bool
    unpacked: bool
    """Septets are written an octet each, as SMPP has them."""
    compiled: Any = field(init=False)
    """The same as C takes it, made when first wanted."""

    def all_headers(self, segments: int, reference: int) -> list[bytes]:
        """The headers of all segments."""
        if segments == 1:
            return [self.headers[0]]
        before, after = self._numbered(segments, reference)
        return [before + sequence + after for sequence in _OCTETS[1 : segments + 1]]

    def _numbered(self, segments: int, reference: int) -> tuple[bytes, bytes]:
        """What stands before and after the number of a segment."""
        check_whole("total", segments, 0, MOST_SEGMENTS)
        width, header = 1 + self.wide, self.headers[1]
        return header[:3] + reference.to_bytes(width) + _OCTETS[segments], header[5 + width :]


_OCTETS: Final = tuple(bytes([number]) for number in range(MOST_SEGMENTS + 1))


Segments = tuple[tuple[int, ...], tuple[bytes, ...]]
"""TP-UDL of every segment of a message, and its octets."""


WriteOne = Callable[[str, int | None], Iterable[tuple[int, bytes]]]
"""How one message is written in Python: text and reference to TP-UDL and octets of each segment."""


class Orders(NamedTuple):
    """What is to be done with a block of messages that were counted, an element a message."""

    styles: Sequence[Style]
    style_of: memoryview
    """The number of the message's style, an octet."""
    segments: memoryview
    """32-bit unsigned integers; 0 for a null, of which nothing is written."""
    references: array[int]
    """32-bit integers, ``NO_REFERENCE`` for a message without one; a single one applies to all messages."""
    write_one: WriteOne

    def reference(self, row: int) -> int:
        """The reference of the message in a row."""
        return self.references[row if len(self.references) > 1 else 0]

    def can_write(self, row: int) -> bool:
        """Whether the message takes no more segments than it may, and has a reference that fits where it needs one."""
        if self.segments[row] < 2:
            return True
        highest = 0xFFFF if self.styles[self.style_of[row]].wide else 0xFF
        return self.segments[row] <= MOST_SEGMENTS and 0 <= self.reference(row) <= highest

    def of(self, row: int) -> Orders:
        """The orders for the message in a row alone."""
        one = slice(row, row + 1)
        reference = array("i", [self.reference(row)])
        return Orders(self.styles, self.style_of[one], self.segments[one], reference, self.write_one)


MOST_NARROW: Final = (1 << 31) - 1


class _Grown:
    """Data between offsets, which grow a block at a time.

    Offsets are integers of 4 octets for as long as these hold them, then of 8, as Arrow's binary and large_binary have
    them.
    """

    __slots__ = ("data", "offsets")

    def __init__(self) -> None:
        self.data = bytearray()
        self.offsets = array("i", [0])

    def widen(self, octets: int) -> None:
        """See to it that offsets hold the place after so many octets more."""
        if self.offsets.typecode == "i" and len(self.data) + octets > MOST_NARROW:
            self.offsets = array("q", self.offsets)


class Written(_Grown):
    """Where octets go: each segment between offsets, its TP-UDL, and the first segment of each message."""

    __slots__ = ("first", "tp_udl")

    def __init__(self) -> None:
        super().__init__()
        self.tp_udl = bytearray()
        self.first = array("i", [0])


ReadOne = Callable[[bytes, int, int, bool], tuple[str | None, int, int, int, bool]]
"""How one row is read in Python: octets, TP-UDL, alphabet, and whether a header comes first, to the text, None where
the alphabet holds none, and the reference, total, sequence and width of its concatenation element."""


class UserDataColumn(NamedTuple):
    """TP-UD to be read: octets as Arrow lays a column of them out, and what is known of each, an octet per row."""

    octets: Utf8Column
    """Octets, and nothing that need be UTF-8."""
    tp_udl: memoryview
    alphabets: memoryview
    headed: memoryview
    """Not 0 where a header comes first."""
    marks: bool
    """Whether UCS-2 that begins with FF FE is little-endian (decision D38)."""
    read_one: ReadOne


READ: Final = 0
LENIENTLY: Final = 1
"""Something was passed over or made do with, which strict reading may refuse."""
NULL: Final = 2
UNREADABLE: Final = 3
"""The alphabet holds no text."""


class Texts(_Grown):
    """Where texts go: UTF-8 between offsets, and the concatenation of each message, 0, 0, 0 without one."""

    __slots__ = ("references", "sequences", "states", "totals", "wide")

    def __init__(self) -> None:
        super().__init__()
        self.references = array("H")
        self.totals = bytearray()
        self.sequences = bytearray()
        self.wide = bytearray()
        self.states = bytearray()
