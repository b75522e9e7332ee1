"""``savings``: what fixes would save over many texts, by kind of fix and by character.

Every figure is what replacing and counting again gives. Most texts need no look: one segment cannot become fewer, and
``_reach`` knows of others that nothing shortens them. What was found for a text is remembered for the next one like it.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.2 (decision D35)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final, NamedTuple

from smscodec._checks import as_text
from smscodec._values import Value
from smscodec.dcs import Alphabet
from smscodec.message import Measurement
from smscodec.segmentation import count_segments, measure
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, Languages, NationalLanguage, permitted_languages
from smscodec.transliteration._best_fit import Stage
from smscodec.transliteration._character_names import character_name
from smscodec.transliteration._reach import GSM_7BIT, UCS2, Reach, fewest
from smscodec.transliteration._remedies import KIND_OF, Candidate, RemedyKind, candidates, without_emoji_candidates
from smscodec.transliteration._transliterate import transliterate, transliteration
from smscodec.ucs2 import unit_length

__all__ = ["CharacterSavings", "RemedySavings", "Savings", "SavingsTally", "savings"]


@dataclass(frozen=True, slots=True)
class RemedySavings(Value):
    """What one kind of fix saves.

    ``messages`` are those that it makes shorter than every less harmful fix does, and ``saves`` the segments by which
    it does so; ``cumulated`` is what it saves together with all less harmful ones.

    >>> from smscodec.transliteration import savings
    >>> [(row.kind.name, row.messages, row.saves) for row in savings(["It’s late. " * 8]).by_remedy if row.saves]
    [('TYPOGRAPHY', 1, 1)]
    """

    kind: RemedyKind
    messages: int
    saves: int
    cumulated: int


@dataclass(frozen=True, slots=True)
class CharacterSavings(Value):
    """What replacing one character alone saves: ``saves`` segments in ``messages`` messages.

    >>> from smscodec.transliteration import savings
    >>> [row] = savings(["It’s late. " * 8, "Hello"]).by_character
    >>> row.character, row.replacement, row.messages, row.saves
    ('’', "'", 1, 1)
    """

    character: str
    name: str
    replacement: str
    messages: int
    saves: int


@dataclass(frozen=True, slots=True)
class Savings(Value):
    """What fixes would save over many messages.

    ``segments`` are those of the messages as they are, and ``total`` those that all fixes together save. ``by_remedy``
    has a row for each kind of fix, the least harmful first; its ``saves`` add up to ``total``. ``by_character`` has a
    row for each character that saves a segment when nothing else is replaced, most first.

    >>> from smscodec.transliteration import savings
    >>> found = savings(["It’s late. " * 8, "Hello"])
    >>> found.messages, found.segments, found.total
    (2, 3, 1)
    """

    messages: int
    segments: int
    total: int
    by_remedy: tuple[RemedySavings, ...]
    by_character: tuple[CharacterSavings, ...]


def savings(
    texts: Iterable[str], *, languages: Languages = "all", replacements: Mapping[str, str] | None = None
) -> Savings:
    """Add up what ``remedies`` would save over many texts, and what each character alone would.

    ``languages`` and ``replacements`` are those of ``remedies``. Memory is bounded, whatever the number of texts.

    Raises ``UnencodableError`` at a lone surrogate, ``TypeError`` for an element that is not a str and for one str in
    place of many, and ``FieldError`` for an impossible language or map.

    >>> from smscodec.transliteration import savings
    >>> found = savings(["It’s late. " * 8, "Hello"])
    >>> found.segments, found.total
    (3, 1)
    >>> [(row.character, row.replacement, row.saves) for row in found.by_character]
    [('’', "'", 1)]

    Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.2 (decision D35)
    """
    if isinstance(texts, str):
        raise TypeError("expected several texts, got one str: put it into a list")
    tally = SavingsTally(languages, replacements)
    for text in texts:
        tally.add(as_text(text))
    return tally.savings()


class _Found(NamedTuple):
    """What fixes save in one text: by kind, in segments above what less harmful ones save, and by character."""

    by_kind: tuple[tuple[RemedyKind, int], ...] = ()
    by_character: tuple[tuple[str, int], ...] = ()


_DEFAULT: Final = frozenset(LOCKING_SHIFT[NationalLanguage.DEFAULT] + SINGLE_SHIFT[NationalLanguage.DEFAULT])
"""The default alphabet, and what stands for its empty cells."""
_NOTHING: Final = _Found()
_REMEMBERED: Final = 1 << 22
"""Characters of texts that are remembered."""


class SavingsTally:
    """Savings while they are added up, a message at a time."""

    def __init__(self, languages: Languages = "all", replacements: Mapping[str, str] | None = None) -> None:
        self._languages = permitted_languages(languages)
        self._replacements = replacements
        tables = [LOCKING_SHIFT.get(one, "") + SINGLE_SHIFT[one] for one in self._languages]
        self._national = frozenset(chain.from_iterable(tables))
        self._changing = Reach(Stage.LOOK_ALIKES, self._national)
        self._removing = Reach(Stage.EMOJI, self._national)
        self._fitted: dict[str, str] = {}
        self._known: dict[str, _Found] = {}
        self._remembered = 0
        self._messages = self._segments = 0
        self._by_kind = {kind: [0, 0] for kind in RemedyKind}
        self._by_character: dict[str, list[int]] = {}
        transliteration("", replacements=replacements)  # refuses a map that cannot be

    def add(self, text: str) -> None:
        """Add a message."""
        segments = count_segments(text)
        self.count(1, segments)
        if segments > 1:
            self.look_at(text)

    def count(self, messages: int, segments: int) -> None:
        """Add to the messages and segments; a message of several segments must be looked at too."""
        self._messages += messages
        self._segments += segments

    def look_at(self, text: str) -> tuple[tuple[RemedyKind, int], ...]:
        """Add what fixes save in a message of several segments; say what each kind saves beyond less harmful ones."""
        found = self._known.get(text)
        if found is None:
            found = self._found(text)
            self._remember(text, found)
        for kind, saved in found.by_kind:
            row = self._by_kind[kind]
            row[0] += 1
            row[1] += saved
        for character, saved in found.by_character:
            row = self._by_character.setdefault(character, [0, 0])
            row[0] += 1
            row[1] += saved
        return found.by_kind

    def _remember(self, text: str, found: _Found) -> None:
        self._remembered += len(text)
        if self._remembered > _REMEMBERED:
            self._known.clear()
            self._remembered = len(text)
        if len(text) <= _REMEMBERED:
            self._known[text] = found

    def _found(self, text: str) -> _Found:
        measured = measure(text)
        if self._replacements:
            characters = set(text)
        elif measured.alphabet is Alphabet.UCS2:
            characters = set(text) - _DEFAULT
        elif fewest(len(text), GSM_7BIT) < measured.segments:
            characters = set()  # only a national table can save, one that holds escaped characters as plain ones
        else:
            return _NOTHING
        by_kind = tuple(self._by_kinds(measured.segments, self._texts(text, measured, characters)))
        return _Found(by_kind, tuple(self._by_characters(text, measured, characters)))

    def _by_kinds(self, segments: int, texts: Iterable[tuple[RemedyKind, str]]) -> Iterator[tuple[RemedyKind, int]]:
        for kind, of_kind in groupby(texts, lambda pair: pair[0]):
            best = segments
            for _, text in of_kind:
                best = min(best, measure(text, languages=self._languages).segments)
                if best == 1:
                    break
            if best < segments:
                yield kind, segments - best
                segments = best
            if best == 1:
                return

    def _texts(self, text: str, measured: Measurement, lacking: set[str]) -> Iterator[tuple[RemedyKind, str]]:
        """The texts of ``candidates``, as far as their number of characters leaves room for a saving.

        A cluster of several characters is looked at in its text; where every character that the alphabet lacks stands
        alone, what each stage gives is the text with some of them replaced.
        """
        if self._replacements or not lacking:
            yield from _plain(candidates(text, self._replacements))
        elif self._removing.fewest(text, measured.units, lacking) >= measured.segments:
            return
        elif self._changing.fewest(text, measured.units, lacking) >= measured.segments:
            yield from _plain(without_emoji_candidates(text))
        elif (fits := self._changing.fits(text, lacking)) is None:
            yield from _plain(candidates(text))
        else:
            if lacking <= self._national:
                yield RemedyKind.NATIONAL_TABLES, text
            fitted = text
            for stage in sorted({fit.stage for fit in fits.values()}):
                for character, fit in fits.items():
                    if fit.stage is stage:
                        fitted = fitted.replace(character, fit.text)
                yield KIND_OF[stage], fitted
            yield from _plain(without_emoji_candidates(text))

    def _by_characters(self, text: str, measured: Measurement, characters: set[str]) -> Iterator[tuple[str, int]]:
        alone = self._replacements or len(characters) == 1
        # The others keep the text in UCS-2, and it has to become short enough there.
        for character in characters if alone else self._changing.shrinking(characters):
            replacement = self._replacement(character)
            if replacement == character:
                continue
            if not alone:
                shorter = text.count(character) * (unit_length(character) - unit_length(replacement))
                if fewest(measured.units - shorter, UCS2) >= measured.segments:
                    continue
            saved = measured.segments - count_segments(text.replace(character, replacement))
            if saved > 0:
                yield character, saved

    def _replacement(self, character: str) -> str:
        known = self._fitted.get(character)
        if known is None:
            known = self._fitted[character] = transliterate(character, replacements=self._replacements)
        return known

    def savings(self) -> Savings:
        """What was added up."""
        rows = []
        cumulated = 0
        for kind, (messages, saves) in self._by_kind.items():
            cumulated += saves
            rows.append(RemedySavings(kind, messages, saves, cumulated))
        characters = [
            CharacterSavings(character, character_name(character), self._replacement(character), messages, saves)
            for character, (messages, saves) in self._by_character.items()
        ]
        characters.sort(key=lambda row: (-row.saves, -row.messages, row.character))
        return Savings(self._messages, self._segments, cumulated, tuple(rows), tuple(characters))


def _plain(found: Iterable[Candidate]) -> Iterator[tuple[RemedyKind, str]]:
    return ((kind, fitted.text) for kind, fitted in found)
