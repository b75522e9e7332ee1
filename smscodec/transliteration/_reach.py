"""How far fixes can shorten a text, as its characters tell before anything is replaced.

What a character allows in every text is found once and remembered; adding it up over the characters that the alphabet
lacks gives a bound for the text, and often the answer.

Reference: 3GPP TS 23.038, 6.2.1 (decision D35)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from smscodec.segmentation import measure
from smscodec.transliteration._best_fit import Fit, Stage, greek_as_latin, holds_emoji, outlook

__all__ = ["GSM_7BIT", "UCS2", "Reach", "fewest"]


def _room(character: str) -> tuple[int, int]:
    """Units in a message of one segment and in each segment of a longer one, in the alphabet of a character."""
    return measure(character).units_per_segment, measure(character * 161).units_per_segment


GSM_7BIT: Final = _room("a")
UCS2: Final = _room("ж")


def fewest(units: int, room: tuple[int, int]) -> int:
    """Segments that so many units need at least, in the room of one segment and of each of several."""
    return 1 if units <= room[0] else -(-units // room[1])


class Reach:
    """What the stages up to one can do for texts in UCS-2, as far as their characters tell.

    ``national`` are the characters of the permitted national tables.
    """

    def __init__(self, through: Stage, national: Collection[str]) -> None:
        self._through = through
        self._national = national
        self._seen: set[str] = set()
        self._moving: set[str] = set()
        self._staying: set[str] = set()
        self._clinging: set[str] = set()
        self._shrinking: dict[str, int] = {}
        self._alone: dict[str, Fit | None] = {}

    def fewest(self, text: str, units: int, lacking: set[str]) -> int:
        """The fewest segments that may come of a text of so many code units, with these that the alphabet lacks.

        A text with a character that nothing takes the place of, and no permitted table holds, stays in UCS-2, and has
        to become short enough there.
        """
        for character in lacking - self._seen:
            self._see(character)
        if self._staying.isdisjoint(lacking) or (not self._clinging.isdisjoint(lacking) and holds_emoji(text)):
            return 1
        removable = sum(text.count(one) * self._shrinking[one] for one in lacking if one in self._shrinking)
        return fewest(units - removable, UCS2)

    def shrinking(self, lacking: set[str]) -> set[str]:
        """Those of these characters, which ``fewest`` has seen, that may become shorter in UCS-2."""
        return lacking & self._shrinking.keys()

    def fits(self, text: str, lacking: set[str]) -> dict[str, Fit] | None:
        """What takes the place of each of these characters, which ``fewest`` has seen.

        None if that depends on what stands beside them.
        """
        if self._moving.isdisjoint(lacking):
            return {}
        if not lacking <= self._alone.keys() or greek_as_latin(text) != text:
            return None
        return {character: fit for character in lacking if (fit := self._alone[character])}

    def _see(self, character: str) -> None:
        self._seen.add(character)
        seen = outlook(character, self._through)
        if seen.changes:
            self._moving.add(character)
        else:
            if character not in self._national:
                self._staying.add(character)
            if seen.extends and self._through is Stage.EMOJI:
                self._clinging.add(character)
        if seen.shrinks:
            self._shrinking[character] = seen.shrinks
        if seen.alone:
            self._alone[character] = seen.fit
