"""What keeps messages in UCS-2: each character with the messages it is found in, mended in, and what that would save.

Counts of every character are exact. Most messages are settled by the different characters in them: what best fit does
with those, and that none of it saves a segment, is certain without doing it (``_best_fit.outlook``). The others are
mended. This is a statistic of the summary and no part of the library: it answers for no single message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from smscodec import NationalLanguage, explain, gsm7, measure
from smscodec._best_fit import Outlook, outlook
from smscodec.tables import LOCKING_SHIFT
from smscodec.transliteration import transliteration

__all__ = ["Culprits", "Forcing"]

_DEFAULT_ALPHABET: Final = frozenset(
    filter(gsm7.is_encodable, (*LOCKING_SHIFT[NationalLanguage.DEFAULT], *gsm7.doubles()))
)


class Forcing(NamedTuple):
    """A character that forced UCS-2 in so many messages, and what mending puts in its place in so many of them.

    ``replacement`` is None where it is mended in none: a joiner alone would go, and stays in an emoji. ``saved`` are
    the segments that mending would save in the messages in which it is replaced; a message with several such characters
    counts under each.
    """

    character: str
    name: str
    messages: int
    mended: int
    replacement: str | None
    saved: int


class Culprits:
    """The characters outside the default alphabet in messages that are sent in UCS-2."""

    def __init__(self, languages: Collection[NationalLanguage]) -> None:
        self._languages = languages
        self._found: Counter[str] = Counter()
        self._mended: Counter[str] = Counter()
        self._saved: Counter[str] = Counter()
        self._outlooks: dict[Outlook, set[str]] = {each: set() for each in Outlook}
        self.saved = 0
        """Segments that mending would save in all messages together."""

    def add(self, texts: Iterable[str], segments: Iterable[int]) -> None:
        """Count messages in UCS-2 and the segments that they take."""
        lacking = [set(text) - _DEFAULT_ALPHABET for text in texts]
        self._found.update(chain.from_iterable(lacking))
        self._learn(set().union(*lacking))
        stay, stray = self._outlooks[Outlook.STAYS], self._outlooks[Outlook.STRAY]
        depend, replaced = self._outlooks[Outlook.DEPENDS], self._outlooks[Outlook.REPLACED]
        marks = self._outlooks[Outlook.STAYS_ON_ITS_BASE]
        sure: list[set[str]] = []
        for text, characters, several in zip(texts, lacking, segments, strict=True):
            if not depend.isdisjoint(characters):
                self._mend(text, characters, several)
                continue
            # A letter that stays keeps the text in UCS-2, where no replacement saves anything.
            stays = not stay.isdisjoint(characters)
            saves_nothing = several == 1 or (stays and not self._languages)
            if not (stays or stray.isdisjoint(characters)):
                self._mend(text, characters, several)
            elif not replaced.isdisjoint(characters):
                if saves_nothing and marks.isdisjoint(characters):
                    sure.append(characters & replaced)
                else:
                    self._mend(text, characters, several)
        self._mended.update(chain.from_iterable(sure))

    def _learn(self, characters: set[str]) -> None:
        for character in characters.difference(*self._outlooks.values()):
            self._outlooks[outlook(character)].add(character)

    def _mend(self, text: str, characters: set[str], segments: int) -> None:
        fitted, changes = transliteration(text)
        if not changes:
            return
        mended = characters.intersection(chain.from_iterable(change.original for change in changes))
        self._mended.update(mended)
        saved = segments - measure(fitted, languages=self._languages).segments if segments > 1 else 0
        if saved > 0:
            self.saved += saved
            self._saved.update(dict.fromkeys(mended, saved))

    def most_frequent(self, number: int) -> Iterator[Forcing]:
        """So many of the characters that forced UCS-2 most often."""
        for character, found_in in sorted(self._found.items(), key=lambda item: (-item[1], item[0]))[:number]:
            # Letters come before it, because what looks like a Latin letter is replaced among Latin ones only.
            (culprit,) = explain(f"in {character}").culprits
            mended = self._mended[character]
            replacement = culprit.replacement if mended else None
            yield Forcing(character, culprit.name, found_in, mended, replacement, self._saved[character])
