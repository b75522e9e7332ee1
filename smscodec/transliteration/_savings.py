"""``savings``: what fixes would save over many texts, by kind of fix and by character.

Every figure is what replacing and counting again gives. Most texts need no look: one segment cannot become fewer, and a
text that keeps a character of another script stays in UCS-2 whatever is replaced around it. What was found for a text
is remembered for the next one like it.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.2 (decision D35)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final, NamedTuple

from smscodec._checks import as_text
from smscodec._values import Value
from smscodec.dcs import Alphabet
from smscodec.message import Measurement
from smscodec.segmentation import count_segments, measure
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, Languages, NationalLanguage, permitted_languages
from smscodec.transliteration._best_fit import holds_emoji, outlook
from smscodec.transliteration._character_names import character_name
from smscodec.transliteration._remedies import RemedyKind, candidates
from smscodec.transliteration._transliterate import transliterate, transliteration
from smscodec.ucs2 import unit_length

__all__ = ["CharacterSavings", "RemedySavings", "Savings", "SavingsTally", "savings"]


@dataclass(frozen=True, slots=True)
class RemedySavings(Value):
    """What one kind of fix saves.

    ``messages`` are those that it makes shorter than every less harmful fix does, and ``saves`` the segments by which
    it does so; ``cumulated`` is what it saves together with all less harmful ones.
    """

    kind: RemedyKind
    messages: int
    saves: int
    cumulated: int


@dataclass(frozen=True, slots=True)
class CharacterSavings(Value):
    """What replacing one character alone saves: ``saves`` segments in ``messages`` messages."""

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


_DEFAULT: Final = f"{LOCKING_SHIFT[NationalLanguage.DEFAULT]}{SINGLE_SHIFT[NationalLanguage.DEFAULT]}"
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
        self._fitted: dict[str, str] = {}
        self._classified: set[str] = set()
        self._staying: set[str] = set()
        self._clinging: set[str] = set()
        self._shrinking: dict[str, int] = {}
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
        """Add what fixes save in a message of several segments, and say what each kind saves above less harmful ones."""
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
        lacking = set(text).difference(_DEFAULT)
        if not self._replacements and self._is_settled(text, measured, lacking):
            return _NOTHING
        return _Found(
            tuple(self._by_kinds(text, measured.segments)), tuple(self._by_characters(text, measured, lacking))
        )

    def _is_settled(self, text: str, measured: Measurement, lacking: set[str]) -> bool:
        """Whether it is plain that nothing saves a segment in a text of several.

        In GSM 7-bit only a national table can, one that holds escaped characters as plain ones. A text with a character
        that nothing takes the place of, and no permitted table holds, stays in UCS-2, and has to become short enough
        there.
        """
        if measured.alphabet is Alphabet.GSM_7BIT:
            return _fewest(len(text), _GSM_7BIT) >= measured.segments
        for character in lacking - self._classified:
            self._classify(character)
        if self._staying.isdisjoint(lacking) or (not self._clinging.isdisjoint(lacking) and holds_emoji(text)):
            return False
        removable = sum(text.count(one) * self._shrinking[one] for one in lacking if one in self._shrinking)
        return _fewest(measured.units - removable, _UCS2) >= measured.segments

    def _classify(self, character: str) -> None:
        """Remember what a character that the alphabet lacks says of the texts that hold it."""
        self._classified.add(character)
        changes, shrinks, extends = outlook(character)
        if not changes and character not in self._national:
            self._staying.add(character)
        if not changes and extends:
            self._clinging.add(character)
        if shrinks:
            self._shrinking[character] = shrinks

    def _by_kinds(self, text: str, fewest: int) -> Iterator[tuple[RemedyKind, int]]:
        for kind, of_kind in groupby(candidates(text, self._replacements), lambda candidate: candidate.kind):
            best = min(measure(fitted.text, languages=self._languages).segments for _, fitted in of_kind)
            if best < fewest:
                yield kind, fewest - best
                fewest = best
                if best == 1:
                    return

    def _by_characters(self, text: str, measured: Measurement, lacking: Collection[str]) -> Iterator[tuple[str, int]]:
        for character in set(text) if self._replacements else lacking:
            replacement = self._replacement(character)
            if replacement == character:
                continue
            if len(lacking) > 1 and not self._replacements:
                # The others keep the text in UCS-2, and it has to become short enough there.
                removable = text.count(character) * (unit_length(character) - unit_length(replacement))
                if _fewest(measured.units - removable, _UCS2) >= measured.segments:
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


def _room(character: str) -> tuple[int, int]:
    """Units in a message of one segment and in each segment of a longer one, in the alphabet of a character."""
    return measure(character).units_per_segment, measure(character * 161).units_per_segment


_GSM_7BIT: Final = _room("a")
_UCS2: Final = _room("ж")


def _fewest(units: int, room: tuple[int, int]) -> int:
    """Segments that so many units need at least, in the room of one segment and of each of several."""
    return 1 if units <= room[0] else -(-units // room[1])
