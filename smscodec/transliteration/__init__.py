"""What makes a text expensive, and what would make it cheaper: the least harmful fix first.

``explain`` names the characters that cost a segment, ``transliterate`` replaces them with the nearest in the GSM 7-bit
default alphabet, ``remedies`` lists the fixes that save a segment, and ``savings`` adds them up over many texts.
Nothing is applied unless you ask for it (decision D16).

Reference: 3GPP TS 23.038, 6.2.1 (decisions D6, D16, D35 and D45)
"""

from __future__ import annotations

from smscodec.transliteration._best_fit import Stage
from smscodec.transliteration._explain import Culprit, Explanation, explain
from smscodec.transliteration._remedies import Remedy, RemedyKind, remedies
from smscodec.transliteration._savings import CharacterSavings, RemedySavings, Savings, savings
from smscodec.transliteration._transliterate import Replacement, Transliteration, transliterate, transliteration

__all__ = [
    "CharacterSavings",
    "Culprit",
    "Explanation",
    "Remedy",
    "RemedyKind",
    "RemedySavings",
    "Replacement",
    "Savings",
    "Stage",
    "Transliteration",
    "explain",
    "remedies",
    "savings",
    "transliterate",
    "transliteration",
]
