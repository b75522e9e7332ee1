"""What keeps messages in UCS-2: each character with the messages that hold it and the segments that mending saves.

A statistic of the summary and no part of the library: it answers for no single message. The kernels count characters
and weigh messages of several segments, the only ones that can save one; for most of these it is certain from the sums
what mending saves (``_best_fit.outlook``), and the few others are mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from heapq import nsmallest
from itertools import chain
from mmap import mmap
from typing import Final, NamedTuple

from smscodec import NationalLanguage, explain, gsm7, measure
from smscodec._best_fit import outlook
from smscodec._kernels import CODE_POINTS, PLAIN_ROOMS, Characters, Utf8Column, Weight, active
from smscodec.cli.files.blocks import Measured
from smscodec.transliteration import transliteration

__all__ = ["Culprits", "Forcing"]

_STAYS: Final = 1
"""A mark: it keeps the message in UCS-2."""
_PLAIN: Final = 2
"""A mark: what mending puts in its place always costs the same."""
_DEPENDS: Final = 4
"""A mark: what stands around it decides."""


class Forcing(NamedTuple):
    """A character that forced UCS-2 in so many messages, and what mending puts in its place among Latin letters.

    ``replacement`` is None where it stays. ``saved`` are the segments that mending would save in the messages in which
    it is replaced; a message with several such characters counts under each.
    """

    character: str
    name: str
    messages: int
    replacement: str | None
    saved: int


class Culprits:
    """The characters outside the default alphabet in messages that are sent in UCS-2."""

    def __init__(self, languages: Collection[NationalLanguage]) -> None:
        self._languages = languages
        self._found = _characters()
        self._saved = _characters()
        self._traits = memoryview(mmap(-1, 3 * CODE_POINTS))
        self.saved = 0
        """Segments that mending would save in all messages together."""

    def add(self, column: Utf8Column, measured: Measured) -> None:
        """Count messages of which those in UCS-2 are in a column of UTF-8, and what they cost."""
        known = self._found.different
        active.tally(column, measured.alphabets, None, self._found)
        for code_point in self._found.seen[known : self._found.different]:
            self._learn(code_point)
        savings: dict[int, int] = {}
        for weight in active.weigh(column, measured.alphabets, measured.segments, self._traits):
            segments = measured.segments[weight.row]
            saved = self._foreseen(weight, segments)
            if saved is None:
                self._mend(column.text(weight.row), segments)
            elif saved:
                savings[weight.row] = saved
        if savings:
            self._save(column, savings)

    def _learn(self, code_point: int) -> None:
        stays, septets, units = outlook(chr(code_point))
        marks = _STAYS if stays else _PLAIN if septets else _DEPENDS
        self._traits[3 * code_point : 3 * code_point + 3] = bytes((marks, septets, units))

    def _foreseen(self, weight: Weight, segments: int) -> int | None:
        """The segments that mending saves in a message, in all of its characters; None where that is not certain."""
        if self._languages:
            return 0 if weight.marks == _STAYS else None
        if weight.marks & _STAYS:
            return 0 if _fewest(weight.units) >= segments else None
        if weight.marks & _DEPENDS:
            return None
        mended = -(-weight.septets // PLAIN_ROOMS.gsm_limit) if weight.septets > PLAIN_ROOMS.gsm_single else 1
        # Each segment but the last may waste a septet before a character of two.
        certain = weight.septets + mended - 1 <= mended * PLAIN_ROOMS.gsm_limit
        return max(0, segments - mended) if certain else None

    def _save(self, column: Utf8Column, savings: dict[int, int]) -> None:
        """Note what is saved in rows all of whose characters are replaced."""
        chosen, saved = bytearray(len(column)), memoryview(bytearray(4 * len(column))).cast("I")
        for row, segments in savings.items():
            chosen[row], saved[row] = 1, segments
        active.tally(column, chosen, saved, self._saved)
        self.saved += sum(savings.values())

    def _mend(self, text: str, segments: int) -> None:
        fitted, changes = transliteration(text)
        saved = segments - measure(fitted, languages=self._languages).segments
        if saved > 0:
            self.saved += saved
            replaced = set(chain.from_iterable(change.original for change in changes))
            for character in replaced:
                if not gsm7.is_encodable(character):
                    self._saved.counts[2 * ord(character)] += saved

    def most_frequent(self, number: int) -> Iterator[Forcing]:
        """So many of the characters that forced UCS-2 most often."""
        seen = self._found.seen[: self._found.different]
        for negative, code_point in nsmallest(number, ((-self._found.total(each), each) for each in seen)):
            # Letters come before it, because what looks like a Latin letter is replaced among Latin ones only.
            (culprit,) = explain(f"in {chr(code_point)}").culprits
            saved = self._saved.total(code_point)
            yield Forcing(culprit.character, culprit.name, -negative, culprit.replacement, saved)


def _characters() -> Characters:
    """Room to count every code point; what is never touched takes no memory."""
    counts, seen = mmap(-1, 16 * CODE_POINTS), mmap(-1, 4 * CODE_POINTS)
    return Characters(memoryview(counts).cast("Q"), memoryview(seen).cast("I"))


def _fewest(units: int) -> int:
    """Segments of so many code units, or one less where surrogate pairs waste room."""
    return 1 if units <= PLAIN_ROOMS.ucs2_single else -(-units // PLAIN_ROOMS.ucs2_limit)
