"""The counts of files of messages so far: the sums of blocks, which do not grow with the number of blocks."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Final

from smscodec import Alphabet
from smscodec.cli.files.blocks import Block, Measured
from smscodec.tables import PermittedLanguages, permitted_languages
from smscodec.transliteration import Savings
from smscodec.transliteration._savings import SavingsTally

__all__ = ["Tally"]

_LOW, *_HIGHER = range(4) if sys.byteorder == "little" else range(3, -1, -1)
_NULL: Final = 0
"""Segments that stand for a null: a message has at least one."""
_NO_LANGUAGES: Final = permitted_languages(())


class Tally:
    """Messages, segments and alphabets, and what would save segments."""

    def __init__(self, languages: PermittedLanguages = _NO_LANGUAGES, *, savings: bool = True) -> None:
        self.nulls = 0
        self.empty = 0
        """Messages without a character, which cost a segment each."""
        self.changed = 0
        """Messages in which characters were replaced before they were counted."""
        self.languages = languages
        self._savings = SavingsTally(languages or "all") if savings else None
        self._histogram: Counter[int] = Counter()
        self._ucs2 = 0

    def add(self, block: Block) -> Measured:
        """Count a block of messages, and say what each of them costs."""
        plain = block.measured(_NO_LANGUAGES)
        measured = block.measured(self.languages) if self.languages else plain
        rows = bytes(measured.alphabets)
        self.nulls += measured.nulls
        self.empty += _zeros(measured.units) - measured.nulls
        self._histogram.update(_histogram(measured.segments))
        self._ucs2 += len(rows) - rows.count(Alphabet.GSM_7BIT)
        if self._savings:
            self._look_for_savings(self._savings, block, plain)
        return measured

    def _look_for_savings(self, savings: SavingsTally, block: Block, plain: Measured) -> None:
        segments = plain.segments.tolist()
        savings.count(len(segments) - plain.nulls, sum(segments))
        for row, number in enumerate(segments):
            if number > 1:
                savings.look_at(block.text(row))

    @property
    def savings(self) -> Savings | None:
        """What would save segments; None if that was not asked for."""
        return self._savings.savings() if self._savings else None

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
    """How often each number occurs: counted octet by octet, because nearly all numbers are small."""
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
