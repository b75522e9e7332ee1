"""What has been counted so far in files of messages: it adds up blocks, and does not grow with their number."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection
from typing import Final

from smscodec import Alphabet, NationalLanguage
from smscodec.cli.bulk.characters import Culprits
from smscodec.cli.files.blocks import Block, Measured

__all__ = ["Tally"]

_LOW, *_HIGHER = range(4) if sys.byteorder == "little" else range(3, -1, -1)
_NULL: Final = 0
"""Segments that stand for a null: a message has at least one."""


class Tally:
    """Messages, segments and alphabets, and what kept messages in UCS-2."""

    def __init__(self, languages: Collection[NationalLanguage] = (), *, characters: bool = True) -> None:
        self.nulls = 0
        self.empty = 0
        """Messages without a character, which cost a segment each."""
        self.changed = 0
        """Messages that were mended before they were counted."""
        self.culprits = Culprits(languages) if characters else None
        """None where nobody asks which characters forced UCS-2."""
        self._histogram: Counter[int] = Counter()
        self._ucs2 = 0

    def add(self, block: Block, measured: Measured) -> None:
        """Count a block of messages."""
        rows = bytes(measured.alphabets)
        self.nulls += measured.nulls
        self.empty += _zeros(measured.units) - measured.nulls
        self._histogram.update(_histogram(measured.segments))
        in_ucs2 = len(rows) - rows.count(Alphabet.GSM_7BIT)
        self._ucs2 += in_ucs2
        if in_ucs2 and self.culprits:
            self.culprits.add(block.column(rows), measured)

    @property
    def messages(self) -> int:
        """Messages, nulls left out."""
        return sum(self.histogram.values())

    @property
    def segments(self) -> int:
        """Segments of all messages together."""
        return sum(segments * messages for segments, messages in self.histogram.items())

    @property
    def histogram(self) -> dict[int, int]:
        """Messages by number of segments, in order."""
        return {segments: self._histogram[segments] for segments in sorted(self._histogram) if segments != _NULL}

    @property
    def alphabets(self) -> dict[Alphabet, int]:
        """Messages by alphabet."""
        return {Alphabet.GSM_7BIT: self.messages - self._ucs2, Alphabet.UCS2: self._ucs2}


def _histogram(segments: memoryview) -> dict[int, int]:
    """How often each number occurs: looked for one after the other, since nearly all are small."""
    octets = segments.tobytes()
    low = octets[_LOW::4]
    left = len(low)
    if any(octets[place::4].count(0) != left for place in _HIGHER):
        return Counter(segments)
    found = {}
    for number in range(256):
        if not left:
            break
        if count := low.count(number):
            found[number] = count
            left -= count
    return found


def _zeros(numbers: memoryview) -> int:
    """How many are 0: those in which no octet has a bit."""
    octets = numbers.tobytes()
    bits = 0
    for place in range(4):
        bits |= int.from_bytes(octets[place::4], "little")
    return bits.to_bytes(len(octets) // 4, "little").count(0)
