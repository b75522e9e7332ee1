"""What keeps messages in UCS-2: each character with the messages that hold it and the segments that mending saves.

A statistic of the summary and no part of the library: it answers for no single message. The kernels count characters
and weigh messages of several segments, the only ones that can save one; for most of these it is certain from the sums
what mending saves (``_best_fit.outlook``), and the few others are mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from heapq import nsmallest
from itertools import chain, compress
from mmap import mmap
from typing import NamedTuple

from smscodec import NationalLanguage, _kernels, explain, gsm7, measure
from smscodec._kernels import CODE_POINTS, DEPENDS, PLAIN_ROOMS, STAYS, Characters, Utf8Column
from smscodec.cli.files.blocks import Measured
from smscodec.transliteration import transliteration
from smscodec.transliteration._best_fit import outlook

__all__ = ["Culprits", "Forcing"]


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
        _kernels.active.tally(column, measured.alphabets, None, self._found)
        for code_point in self._found.seen[known : self._found.different]:
            self._traits[3 * code_point : 3 * code_point + 3] = _trait(code_point)
        if self._languages:
            unsure = [row for row in compress(range(len(column)), measured.alphabets) if measured.segments[row] > 1]
        else:
            certain, unsure = _kernels.active.savings(
                column, measured.alphabets, measured.segments, self._traits, PLAIN_ROOMS
            )
            self.saved += sum(certain)
            _kernels.active.tally(column, measured.alphabets, certain, self._saved)
        for row in unsure:
            self._mend(column.text(row), measured.segments[row])

    def _mend(self, text: str, segments: int) -> None:
        fitted, changes = transliteration(text)
        saved = segments - measure(fitted, languages=self._languages).segments
        if saved > 0:
            self.saved += saved
            replaced = set(chain.from_iterable(change.original for change in changes))
            for character in replaced:
                if not gsm7.is_encodable(character):
                    self._saved.totals[ord(character)] += saved

    def most_frequent(self, number: int) -> Iterator[Forcing]:
        """So many of the characters that forced UCS-2 most often."""
        seen = self._found.seen[: self._found.different].tolist()
        messages = self._found.totals
        for code_point in nsmallest(number, seen, key=lambda each: (-messages[each], each)):
            # Letters come before it, because what looks like a Latin letter is replaced among Latin ones only.
            (culprit,) = explain(f"in {chr(code_point)}").culprits
            saved = self._saved.totals[code_point]
            yield Forcing(culprit.character, culprit.name, messages[code_point], culprit.replacement, saved)


def _characters() -> Characters:
    """Room to count every code point; what is never touched takes no memory."""
    counts, seen = mmap(-1, 16 * CODE_POINTS), mmap(-1, 4 * CODE_POINTS)
    return Characters(memoryview(counts).cast("Q"), memoryview(seen).cast("I"))


@lru_cache(maxsize=1 << 16)
def _trait(code_point: int) -> bytes:
    """What the kernels must know of a code point outside the default alphabet."""
    stays, septets, units = outlook(chr(code_point))
    return bytes((STAYS if stays else 0 if septets else DEPENDS, septets, units))
