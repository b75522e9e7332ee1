"""Texts that are sent through gateways: every character, and all lengths around the limits of a segment."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage

GSM: Final = LOCKING_SHIFT[NationalLanguage.DEFAULT].replace(UNDEFINED, "")
EXTENSION: Final = SINGLE_SHIFT[NationalLanguage.DEFAULT].replace(UNDEFINED, "")
WIDE: Final = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x200), 0x4E2D, 0xE000, 0xFF01, 0x1F600]))
DATA: Final = bytes(range(256))


def texts() -> Iterator[str]:
    """Every character of the default alphabet, texts of one segment and of several, UCS-2 likewise."""
    yield GSM + EXTENSION
    yield WIDE
    yield "\U0001f600"
    yield "a" * 152 + "\u20ac" + "b" * 152
    yield "ж" * 70
    draw = random.Random(16)
    letters = GSM.replace("\r", "").replace("\n", "") + EXTENSION.replace("\f", "")
    for count in (1, 7, 8, 153, 159, 400):
        yield "".join(draw.choices(letters, k=count)) + "."
    wide = WIDE.replace("\U0001f600", "")  # a pair on a cut is a test of its own
    for count in (1, 66, 200):
        yield "Ж" + "".join(draw.choices(wide, k=count)) + "."


TEXTS: Final = tuple(texts())


def main_table(language: NationalLanguage) -> str:
    """The characters of the main table of a language; of the default alphabet without the currency sign."""
    table = LOCKING_SHIFT.get(language) if language else None
    if table is None:
        table = LOCKING_SHIFT[NationalLanguage.DEFAULT].replace("\u00a4", "")
    return table.replace(UNDEFINED, "")


def texts_of(language: NationalLanguage) -> Iterator[str]:
    """Every character of both tables; a message of one segment; a long one, in which no escape stands at a cut."""
    main = main_table(language)
    escaped = SINGLE_SHIFT[language].replace(UNDEFINED, "")
    yield "".join(dict.fromkeys(main + escaped))
    draw = random.Random(language)
    letters = main.replace("\r", "").replace("\n", "")
    yield "".join(draw.choices(letters + escaped, k=60))
    yield "".join(draw.choices(letters, k=250))


def in_gsm(text: str) -> bool:
    """Whether the default alphabet and its extension hold a text."""
    return set(text) <= set(GSM + EXTENSION)
