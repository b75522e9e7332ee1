"""What keeps messages in UCS-2: each character with the messages it is found in, mended in, and what that would save.

Counts of every character are exact. Most messages are settled by the different characters in them: what best fit does
with those, and that none of it saves a segment, is certain without doing it (``_best_fit.outlook``). The others are
mended. This is a statistic of the summary and no part of the library: it answers for no single message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from smscodec import NationalLanguage, explain, gsm7, measure
from smscodec._best_fit import Outlook, as_costly, outlook
from smscodec._kernels import PLAIN_ROOMS
from smscodec.tables import LOCKING_SHIFT
from smscodec.transliteration import transliteration

__all__ = ["Culprits", "Forcing"]

_DEFAULT_ALPHABET: Final = frozenset(
    filter(gsm7.is_encodable, (*LOCKING_SHIFT[NationalLanguage.DEFAULT], *gsm7.doubles()))
)

_DOUBLES: Final = frozenset(gsm7.doubles())
_ASCII: Final = "".join(filter(str.isascii, _DEFAULT_ALPHABET)).encode()
"""The ASCII characters of the default alphabet, NUL not being one."""


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
        self._by_outlook: dict[Outlook, set[str]] = {each: set() for each in Outlook}
        self._stays = self._by_outlook[Outlook.STAYS]
        self._marks = self._by_outlook[Outlook.STAYS_ON_ITS_BASE]
        self._strays = self._by_outlook[Outlook.STRAY]
        self._replaced = self._by_outlook[Outlook.REPLACED]
        self._hanging = self._by_outlook[Outlook.AS_ITS_BASE]
        self._depends = self._by_outlook[Outlook.DEPENDS]
        self._plain: set[str] = set()
        self._one_for_one: set[str] = set()  # those of them that a single septet replaces
        self._plainly: dict[int, str] = {}  # what stands for these, where only the cost matters
        self.saved = 0
        """Segments that mending would save in all messages together."""

    def add(self, texts: Sequence[str], segments: Iterable[int]) -> None:
        """Count messages in UCS-2 and the segments that they take."""
        different = _different_characters(texts)
        before = len(self._found)
        self._found.update(chain.from_iterable(different))
        if len(self._found) > before:
            self._learn(set().union(*different))
        sure: list[set[str]] = []
        for text, characters, several in zip(texts, different, segments, strict=True):
            others = characters - self._stays
            if not others:
                continue
            if self._is_settled(text, others, several, stays=len(others) < len(characters)):
                sure.append(others & self._replaced)
            else:
                self._mend(text, characters - _DEFAULT_ALPHABET, several)
        self._mended.update(chain.from_iterable(sure))

    def _learn(self, characters: set[str]) -> None:
        known = (self._stays, self._marks, self._strays, self._replaced, self._hanging, self._depends)
        for character in characters.difference(_DEFAULT_ALPHABET, *known):
            self._by_outlook[outlook(character)].add(character)
            if character in self._replaced and (replacement := as_costly(character)) is not None:
                self._plainly[ord(character)] = replacement
                self._plain.add(character)
                if len(replacement) == 1 and replacement not in _DOUBLES:
                    self._one_for_one.add(character)

    def _is_settled(self, text: str, characters: set[str], segments: int, *, stays: bool) -> bool:
        """Whether it is certain that each character that may be replaced is, and that this saves nothing.

        ``stays`` says whether the text holds characters that stay beside these.
        """
        if not self._depends.isdisjoint(characters):
            return False
        if not (stays or self._strays.isdisjoint(characters)):
            return False
        if not self._hanging.isdisjoint(characters) and not (stays and self._hang_on_what_stays(text, characters)):
            return False
        if self._replaced.isdisjoint(characters):
            return True
        # A letter that stays keeps the text in UCS-2, where no replacement of as many code units saves a segment.
        return self._marks.isdisjoint(characters) and (segments == 1 or (stays and not self._languages))

    def _hang_on_what_stays(self, text: str, characters: set[str]) -> bool:
        """Whether each mark stands on a character that stays, and joins none that may be replaced."""
        for mark in characters & self._hanging:
            at = text.find(mark)
            while at >= 0:
                base = at - 1
                while base > 0 and (text[base] in self._hanging or text[base] in self._marks):
                    base -= 1
                if base < 0 or text[base] not in self._stays or text[at + 1 : at + 2] in self._replaced:
                    return False
                at = text.find(mark, at + 1)
        return True

    def _mend(self, text: str, characters: set[str], segments: int) -> None:
        if characters <= self._plain:
            mended = characters
            saved = segments - self._segments_plainly(text, characters)
        else:
            fitted, changes = transliteration(text)
            mended = characters.intersection(chain.from_iterable(change.original for change in changes))
            saved = segments - self._segments(fitted) if mended and segments > 1 else 0
        self._mended.update(mended)
        if saved > 0:
            self.saved += saved
            self._saved.update(dict.fromkeys(mended, saved))

    def _segments_plainly(self, text: str, characters: set[str]) -> int:
        """Segments of a text all of which can be mended character by character."""
        plain = characters <= self._one_for_one and not any(map(text.__contains__, _DOUBLES))
        if plain and not self._languages:
            return 1 if len(text) <= PLAIN_ROOMS.gsm_single else -(-len(text) // PLAIN_ROOMS.gsm_limit)
        return self._segments(text.translate(self._plainly))

    def _segments(self, text: str) -> int:
        return measure(text, languages=self._languages).segments

    def most_frequent(self, number: int) -> Iterator[Forcing]:
        """So many of the characters that forced UCS-2 most often."""
        found = [item for item in self._found.items() if item[0] not in _DEFAULT_ALPHABET]
        for character, found_in in sorted(found, key=lambda item: (-item[1], item[0]))[:number]:
            # Letters come before it, because what looks like a Latin letter is replaced among Latin ones only.
            (culprit,) = explain(f"in {character}").culprits
            mended = self._mended[character]
            replacement = culprit.replacement if mended else None
            yield Forcing(character, culprit.name, found_in, mended, replacement, self._saved[character])


def _different_characters(texts: Sequence[str]) -> list[set[str]]:
    """Of each text the characters that the default alphabet lacks; letters of it that are not ASCII may be among them.

    What is ASCII is taken out of all texts at once, where no NUL in one of them confuses them.
    """
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:
        return [set(text) - _DEFAULT_ALPHABET for text in texts]
    return [*map(set, joined.encode().translate(None, _ASCII).decode().split("\0"))]
