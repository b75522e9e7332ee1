"""What many messages at once look like at the seam: rooms to count with, columns of UTF-8, and counts.

Plain values that the kernels in Python and in C share; nothing is counted here.
"""

from __future__ import annotations

from array import array
from typing import Final, Literal, NamedTuple

__all__ = ["GSM_7BIT", "PLAIN_ROOMS", "UCS2", "Counts", "Rooms", "Utf8Column"]

GSM_7BIT: Final = 0
UCS2: Final = 2
"""Alphabets, by their numbers in ``dcs.Alphabet``."""


class Rooms(NamedTuple):
    """Units that fit a message of one segment, and each segment of a longer one; each at least 2."""

    gsm_single: int
    gsm_limit: int
    ucs2_single: int
    ucs2_limit: int


PLAIN_ROOMS = Rooms(160, 153, 70, 67)
"""No header of the caller's, and the 8-bit reference."""


class Counts(NamedTuple):
    """Where counts go: an octet per message, and two columns of native unsigned 32-bit integers.

    Arrays, and no views of octets as integers: where no references are counted, a view lives on unseen, and while it
    does its octets cannot grow.
    """

    alphabets: bytearray
    units: array[int]
    segments: array[int]

    @classmethod
    def of(cls, rows: int) -> Counts:
        """Room for so many messages."""
        return cls(bytearray(rows), array("I", bytes(4 * rows)), array("I", bytes(4 * rows)))

    def grow(self, rows: int) -> None:
        """Make room for so many messages more."""
        self.alphabets.extend(bytes(rows))
        self.units.frombytes(bytes(4 * rows))
        self.segments.frombytes(bytes(4 * rows))

    def put(self, row: int, alphabet: int, units: int, segments: int) -> None:
        """Write the counts of one message; ``OverflowError`` where 32 bits do not hold them."""
        self.alphabets[row], self.units[row], self.segments[row] = alphabet, units, segments

    def several(self, first: int, end: int | None = None) -> list[int]:
        """The messages of more than one segment, from one on to another, or to the last."""
        return [row for row in range(first, len(self.segments) if end is None else end) if self.segments[row] > 1]


class Utf8Column(NamedTuple):
    """Messages in UTF-8 as Arrow lays them out: octets, and one offset more than there are messages.

    A clear bit in ``validity``, where bit ``validity_offset`` is that of the first message, is a null.
    """

    data: memoryview
    offsets: memoryview
    offset_width: Literal[4, 8]
    validity: memoryview | None
    validity_offset: int

    @property
    def rows(self) -> int:
        """How many messages there are."""
        return max(0, len(self.offsets) - 1)

    def is_null(self, row: int) -> bool:
        """Whether the message is a null."""
        bit = self.validity_offset + row
        return self.validity is not None and not self.validity[bit >> 3] >> (bit & 7) & 1

    def bounds(self, row: int) -> tuple[int, int] | None:
        """Where the message begins and ends in the data; None for offsets that run backwards or past it."""
        start, end = self.offsets[row], self.offsets[row + 1]
        return (start, end) if 0 <= start <= end <= len(self.data) else None

    def text(self, row: int) -> str:
        """The message in a row that is not a null and was counted, so that it has bounds and is UTF-8."""
        return str(self.data[self.offsets[row] : self.offsets[row + 1]], "utf-8")
