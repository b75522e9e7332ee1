"""The counts of files of messages so far: sums that do not grow with the number of messages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from smscodec import Alphabet
from smscodec.cli.files.blocks import Block, Key, Measured
from smscodec.cli.reading import InputRefusedError
from smscodec.tables import PermittedLanguages, permitted_languages
from smscodec.transliteration import Remedy, RemedyKind, Savings, remedies
from smscodec.transliteration._savings import SavingsTally

__all__ = ["Example", "Group", "Tally"]

_LOW, *_HIGHER = range(4) if sys.byteorder == "little" else range(3, -1, -1)
_NULL: Final = 0
"""Segments that stand for a null: a message has at least one."""
_NO_LANGUAGES: Final = permitted_languages(())
_UCS2_BIT: Final = 0x80
_UCS2_BITS: Final = bytes([0, *[_UCS2_BIT] * 255])
"""For ``bytes.translate``: the alphabet of a message as the highest bit of an octet."""

_MOST_GROUPS: Final = 50_000
"""Those of one file and of another counted apart."""
_LONGEST_VALUE: Final = 200
_EXAMPLES: Final = 2
"""Of each kind of change."""
_LONGEST_EXAMPLE: Final = 320


@dataclass(slots=True)
class Group:
    """Some of the messages: those of a file with the same values in the columns of ``--by``, or sums of such groups."""

    messages: int = 0
    segments: int = 0
    unchanged: int = 0
    """Segments without national tables, from which savings are counted."""
    saved: Counter[RemedyKind] = field(default_factory=Counter)

    @property
    def savable(self) -> int:
        """Segments fewer than are counted, if all changes are made."""
        return self.segments - self.unchanged + self.saved.total()

    def add(self, other: Group) -> None:
        """Add another group to this one."""
        self.messages += other.messages
        self.segments += other.segments
        self.unchanged += other.unchanged
        self.saved.update(other.saved)


class Example(NamedTuple):
    """A message that a change makes shorter, and the change."""

    text: str
    remedy: Remedy

    @property
    def segments(self) -> int:
        """Segments before the change."""
        return self.remedy.measurement.segments + self.remedy.saves


class Tally:
    """Messages, segments and alphabets, and what would save segments: of all, of each file, and of each group."""

    def __init__(
        self, languages: PermittedLanguages = _NO_LANGUAGES, *, savings: bool = True, by: Sequence[str] = ()
    ) -> None:
        self.nulls = 0
        self.empty = 0
        """Messages without a character, which cost a segment each."""
        self.changed = 0
        """Messages in which characters were replaced before they were counted."""
        self.languages = languages
        self.by = tuple(by)
        self.files: list[tuple[str, dict[Key, Group]]] = []
        """Each file with the groups in it; without ``by`` that is one, called ()."""
        self.examples: list[Example] = []
        """Few of each kind of change, the first ones found."""
        self._savings = SavingsTally(languages or "all") if savings else None
        self._wanted = dict.fromkeys(RemedyKind, _EXAMPLES)
        self._histograms: dict[Alphabet, Counter[int]] = {Alphabet.GSM_7BIT: Counter(), Alphabet.UCS2: Counter()}

    def begin(self, name: str) -> None:
        """Count what follows as of a file."""
        self.files.append((name, {} if self.by else {(): Group()}))

    def add(self, block: Block) -> Measured:
        """Count a block of messages, and say what each of them costs."""
        plain = block.measured(_NO_LANGUAGES)
        measured = block.measured(self.languages) if self.languages else plain
        self.nulls += measured.nulls
        self.empty += _zeros(measured.units) - measured.nulls
        found = _histograms(measured)
        for alphabet, counts in found.items():
            self._histograms[alphabet].update(counts)
        groups = self._groups_of(block)
        if self.by:
            _add_rows(groups, measured, plain)
        else:
            group = self.files[-1][1][()]
            group.messages += len(measured.segments) - measured.nulls
            group.segments += sum(number * times for counts in found.values() for number, times in counts.items())
            group.unchanged = group.segments if plain is measured else group.unchanged + sum(plain.segments)
        if self._savings:
            self._look_for_savings(self._savings, block, plain, groups)
        return measured

    def _groups_of(self, block: Block) -> Sequence[Group]:
        """The group of each row."""
        known = self.files[-1][1]
        if not self.by:
            return [known[()]] * len(block)
        keys = block.keys()
        for key in set(keys).difference(known):
            self._check_new(key)
            known[key] = Group()
        return [known[key] for key in keys]

    def _check_new(self, key: Key) -> None:
        """Keep groups few, and their names short, whatever column was named."""
        for name, value in zip(self.by, key, strict=True):
            if len(value) > _LONGEST_VALUE:
                raise InputRefusedError(
                    f"--by {name}: a value has {len(value):,} characters, and the name of a group at most "
                    f"{_LONGEST_VALUE}; name a column that says country, campaign or the like"
                )
        if sum(len(groups) for _, groups in self.files) == _MOST_GROUPS:
            raise InputRefusedError(
                f"--by {','.join(self.by)}: more than {_MOST_GROUPS:,} groups; name a column with fewer values"
            )

    def _look_for_savings(self, savings: SavingsTally, block: Block, plain: Measured, groups: Sequence[Group]) -> None:
        segments = plain.segments.tolist()
        savings.count(len(segments) - plain.nulls, sum(segments))
        for row, number in enumerate(segments):
            if number > 1 and (found := savings.look_at(block.text(row))):
                for kind, saved in found:
                    groups[row].saved[kind] += saved
                    if self._wanted[kind]:
                        self._show(kind, block.text(row))

    def _show(self, kind: RemedyKind, text: str) -> None:
        """Keep a message as an example of a change, if it is short enough and not one of them."""
        if len(text) > _LONGEST_EXAMPLE or any(example.text == text for example in self.examples):
            return
        for remedy in remedies(text, languages=self.languages or "all"):
            if remedy.kind is kind:
                self.examples.append(Example(text, remedy))
                self._wanted[kind] -= 1

    @property
    def groups(self) -> dict[Key, Group]:
        """The groups of all files."""
        merged: dict[Key, Group] = {}
        for _, groups in self.files:
            for key, group in groups.items():
                merged.setdefault(key, Group()).add(group)
        return merged

    @property
    def savings(self) -> Savings | None:
        """What would save segments; None if that was not asked for."""
        return self._savings.savings() if self._savings else None

    @property
    def messages(self) -> int:
        """Messages, nulls left out."""
        return sum(counts.total() for counts in self._histograms.values())

    @property
    def segments(self) -> int:
        """Segments of all messages together."""
        return sum(self.segments_by_alphabet.values())

    @property
    def histogram(self) -> dict[int, int]:
        """Messages by number of segments, in order."""
        return dict(sorted(sum(self._histograms.values(), Counter()).items()))

    @property
    def histograms(self) -> dict[Alphabet, dict[int, int]]:
        """The same for each alphabet."""
        return {alphabet: dict(sorted(counts.items())) for alphabet, counts in self._histograms.items()}

    @property
    def alphabets(self) -> dict[Alphabet, int]:
        """Messages by alphabet."""
        return {alphabet: counts.total() for alphabet, counts in self._histograms.items()}

    @property
    def segments_by_alphabet(self) -> dict[Alphabet, int]:
        """Segments by the alphabet of their message."""
        return {
            alphabet: sum(number * messages for number, messages in counts.items())
            for alphabet, counts in self._histograms.items()
        }


def _add_rows(groups: Sequence[Group], measured: Measured, plain: Measured) -> None:
    for group, number, unchanged in zip(groups, measured.segments, plain.segments, strict=True):
        if number:
            group.messages += 1
            group.segments += number
            group.unchanged += unchanged


def _histograms(measured: Measured) -> dict[Alphabet, Counter[int]]:
    """How many messages of each alphabet take how many segments; a null is not counted.

    Nearly all messages take few segments. Then number and alphabet are put into one octet, and octets are counted.
    """
    ucs2 = bytes(measured.alphabets).translate(_UCS2_BITS)
    octets = measured.segments.tobytes()
    low = octets[_LOW::4]
    found: dict[Alphabet, Counter[int]] = {Alphabet.GSM_7BIT: Counter(), Alphabet.UCS2: Counter()}
    left = len(low)
    if low.isascii() and all(octets[place::4].count(0) == left for place in _HIGHER):
        both = (int.from_bytes(low, "little") | int.from_bytes(ucs2, "little")).to_bytes(left, "little")
        for number in range(_UCS2_BIT):
            if not left:
                break
            for alphabet, bit in ((Alphabet.GSM_7BIT, 0), (Alphabet.UCS2, _UCS2_BIT)):
                if times := both.count(number | bit):
                    found[alphabet][number] = times
                    left -= times
    else:
        for (bit, number), times in Counter(zip(ucs2, measured.segments, strict=True)).items():
            found[Alphabet.UCS2 if bit else Alphabet.GSM_7BIT][number] = times
    found[Alphabet.GSM_7BIT].pop(_NULL, None)
    return found


def _zeros(numbers: memoryview) -> int:
    """How many are 0: those in which no octet has a bit."""
    octets = numbers.tobytes()
    bits = 0
    for place in range(4):
        bits |= int.from_bytes(octets[place::4], "little")
    return bits.to_bytes(len(octets) // 4, "little").count(0)
