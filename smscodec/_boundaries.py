"""The boundary rule: a segment ends neither between an escape and its code nor within a surrogate pair.

It stands here once for Python, over the units of a text as the standard counts them, and once for C in
``csrc/internal.h``. Only characters of two units make a difference: a text without them is cut by division.

Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.1
"""

from __future__ import annotations

from typing import Final, NamedTuple

from smscodec import gsm7, ucs2
from smscodec.tables import DEFAULT_TABLES, ESC, ShiftTables

__all__ = ["Units", "code_units", "septets"]

_ESCAPE: Final = bytes([ESC])
_HIGH_SURROGATES: Final = bytes(range(0xD8, 0xDC))


class Units(NamedTuple):
    """The units of a text, an octet each: its septets, or the upper octets of its UTF-16 code units."""

    octets: bytes
    opening: bytes
    """The octets of a unit that belongs to the next one: the escape, or the high surrogates."""

    def ends(self, limit: int) -> list[int]:
        """Where each segment but the last ends when segments of ``limit`` units, at least 2, are filled greedily."""
        octets, opening = self
        ends = []
        end = limit
        while end < len(octets):
            if octets[end - 1] in opening:
                end -= 1
            ends.append(end)
            end += limit
        return ends

    def waste(self, limit: int) -> int:
        """How many units stay empty before the ends of segments."""
        ends = self.ends(limit)
        return len(ends) * limit - ends[-1] if ends else 0

    def characters(self, ends: list[int]) -> list[int]:
        """How many characters of the text stand before each of these places."""
        octets, opening = self
        counts = []
        start = pairs = 0
        for end in ends:
            pairs += end - start - len(octets[start:end].translate(None, opening))
            counts.append(end - pairs)
            start = end
        return counts


def septets(text: str, tables: ShiftTables = DEFAULT_TABLES) -> Units:
    """The units of a text in GSM 7-bit."""
    return Units(gsm7.encode(text, tables), _ESCAPE)


def code_units(text: str) -> Units:
    """The units of a text in UCS-2."""
    return Units(ucs2.encode(text)[::2], _HIGH_SURROGATES)
