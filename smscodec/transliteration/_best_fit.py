"""The nearest text in the GSM 7-bit default alphabet for a few characters that it lacks, and what clusters they form.

Works on one cluster at a time: ``_transliterate`` finds the clusters of a text and reports what was replaced, and
``_look_alikes`` lists which characters look alike. Knows nothing of segments.

Reference: 3GPP TS 23.038, 6.2.1; Unicode Standard Annexes 15 and 29 (decision D35)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import cache, lru_cache
from itertools import chain
from typing import Final, NamedTuple

from smscodec.gsm7 import is_encodable, unencodable
from smscodec.transliteration import _look_alikes as data

__all__ = [
    "ACCENTS",
    "DIRECTIONS",
    "STRAYS",
    "Allowance",
    "Fit",
    "Outlook",
    "Stage",
    "best_fit",
    "clusters_that_may_change",
    "clusters_to_replace",
    "greek_as_latin",
    "holds_emoji",
    "is_emoji",
    "outlook",
    "set_apart",
]


class Stage(IntEnum):
    """The steps of best fit, in their order: each keeps less of the original than the one before it.

    ``transliterate(text, through=stage)`` takes the steps up to that one.

    >>> [stage.name for stage in Stage if stage > Stage.COMPATIBILITY]
    ['LOOK_ALIKES', 'EMOJI']
    """

    REPLACEMENTS = 1
    """The caller's own map."""
    COMPOSITION = 2
    """Canonical composition: a letter and its accent become one character."""
    TYPOGRAPHY = 3
    """Quotation marks, dashes, ellipses, bullets, spaces and controls; zero-width characters are left out."""
    COMPATIBILITY = 4
    """Compatibility forms: full-width letters, ligatures, fractions, superscripts, the trade mark sign."""
    LOOK_ALIKES = 5
    """Accents are left out, and letters and symbols become what looks like them."""
    EMOJI = 6
    """Emoji are left out, and so is a blank beside them that would be left over."""


class Fit(NamedTuple):
    """A text that the default alphabet holds, and the last step that was needed for it."""

    text: str
    stage: Stage


class Outlook(NamedTuple):
    """What a character that the alphabet lacks says of every text that holds it, whatever stands around it."""

    changes: bool
    """Whether something may take its place, now or once the others are replaced."""
    shrinks: int
    """The most UTF-16 code units by which it may become shorter, in a text that stays in UCS-2."""
    extends: bool = False
    """Whether it changes with the character before it, as all that extends an emoji does."""
    alone: bool = False
    """Whether ``fit`` is all that becomes of it in a text of such characters and the alphabet's.

    Greek letters have to stand in no word of Latin ones.
    """
    fit: Fit | None = None
    """What takes its place where it stands alone; None if it stays."""


class Allowance(NamedTuple):
    """How far a cluster may be changed: the last step, and what depends on the text around it."""

    through: Stage = Stage.LOOK_ALIKES
    directions: bool = False
    """Whether direction marks may be left out."""
    strays: bool = False
    """Whether stray Cyrillic letters may become the Latin ones that look the same."""


def _characters(ranges: str) -> str:
    characters: list[str] = []
    for item in ranges.split():
        first, _, last = item.partition("-")
        characters += map(chr, range(int(first, 16), int(last or first, 16) + 1))
    return "".join(characters)


def _rows(block: str) -> dict[str, str]:
    rows = (line.split(maxsplit=1) for line in block.strip().splitlines())
    return {character: replacement for replacement, ranges in rows for character in _characters(ranges)}


DIRECTIONS: Final = frozenset(_characters(data.DIRECTIONS))
"""The characters that control the bidirectional algorithm."""

ACCENTS: Final = frozenset(_characters(data.ACCENTS))
"""The combining marks that may be dropped."""

STRAYS: Final = _rows(data.STRAYS)
"""Cyrillic letters, each with the Latin letter that looks the same."""

_LOOK_ALIKES: Final = _rows(data.LOOK_ALIKES)


def _typography() -> dict[int, str]:
    table = str.maketrans(
        _rows(data.TYPOGRAPHY)
        | dict.fromkeys(_characters(data.SPACES), " ")
        | dict.fromkeys(_characters(data.LINE_ENDS), "\n")
        | dict.fromkeys(_characters(data.IGNORED + " " + data.CONTROLS), "")
    )
    for control in _characters(data.OCTETS_OF_WINDOWS_1252):
        table[ord(control)] = control.encode("latin-1").decode("cp1252", "ignore").translate(table)
    return table


_TYPOGRAPHY: Final = _typography()
_AMONG_LATIN: Final = _rows(data.GREEK_AMONG_LATIN)

# A word of Latin letters (or the sign of the ohm) and of Greek ones that look like them, with at least one of each.
_LATIN_WITH_GREEK: Final = r"(?<![^\W\d_])(?=[{greek}]*+[{latin}])[{latin}{greek}]++(?![^\W\d_])".format(
    greek="".join(_AMONG_LATIN), latin="A-Za-zÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùü\u03a9\u2126"
)
_WITHOUT_SKIN_TONES: Final = dict.fromkeys(map(ord, _characters(data.SKIN_TONES)), "")
_WITHOUT_DIRECTIONS: Final = dict.fromkeys(map(ord, DIRECTIONS), "")

_EXTENDERS: Final = DIRECTIONS.union(ACCENTS, *map(_characters, (data.IGNORED, data.EXTENDERS)))
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})
_PREPENDED: Final = frozenset(_characters(data.PREPENDED))
_PREPENDED_CHARACTERS: Final = "".join(_PREPENDED)
_EMOJI: Final = frozenset(_characters(data.EMOJI))
_PICTOGRAPHS: Final = frozenset(_characters(data.PICTOGRAPHS))
_JOINER: Final = "\u200d"

# No text in use stacks more marks on a letter (Annex 15, stream-safe format), and sorting n marks takes n² steps.
_COMPOSED_AT_ONCE: Final = 32

# A language has a few thousand clusters, nearly all of them short, and a family of emoji 11 characters; the same ones
# come up again and again.
_REMEMBERED: Final = 12

_LETTER_IN_NAME: Final = re.compile(
    r"LATIN (SMALL LETTER|CAPITAL LETTER|LETTER SMALL CAPITAL) ([A-Z])( WITH .+)?"
).fullmatch


def clusters_to_replace(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each cluster that holds a character outside the default alphabet.

    A cluster is what a reader takes for one character: a base with all that follows and extends it (marks, variation
    selectors, joiners and other zero-width characters, skin tones, tags), two regional indicators, pictographs held
    together by joiners, a sign that belongs to the character after it. Close to an extended grapheme cluster of Annex
    29, but zero-width characters always belong to what they follow, and syllables are not gathered, because nothing in
    them has a replacement.
    """
    end = 0
    for index in unencodable(text):
        if index >= end:
            start = max(index - 1, end) if _extends(text[index]) else index
            end = _cluster_end(text, start)
            yield start, end


def _extends(character: str) -> bool:
    return character in _EXTENDERS or unicodedata.category(character) in _MARKS


def _cluster_end(text: str, start: int) -> int:
    last = len(text) - 1
    at = start
    while at < last and text[at] in _PREPENDED:
        at += 1
    base = text[at]
    at += 1
    if at <= last and _is_regional_indicator(base) and _is_regional_indicator(text[at]):
        at += 1
    while at <= last:
        if not _extends(text[at]):
            if not (text[at - 1] == _JOINER and _is_pictograph(base) and _is_pictograph(text[at])):
                break
            base = text[at]
        at += 1
    return at


def _is_regional_indicator(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_pictograph(character: str) -> bool:
    # Unassigned code points count, because the next emoji come from there.
    return character in _PICTOGRAPHS or unicodedata.category(character) in {"So", "Cn"}


def greek_as_latin(text: str) -> str:
    """The text with Greek small letters in words of Latin ones replaced by those that they look like, one by one.

    Else μg would become Mg.
    """
    if _AMONG_LATIN.keys().isdisjoint(text):
        return text
    return re.sub(_LATIN_WITH_GREEK, lambda word: "".join([_AMONG_LATIN.get(c, c) for c in word[0]]), text)


def best_fit(text: str, allowance: Allowance) -> Fit | None:
    """The nearest text that the default alphabet holds wholly, by the steps after the caller's map; None if none does.

    The first step whose outcome is encodable settles it.
    """
    return _remembered_fit(text, allowance) if len(text) <= _REMEMBERED else _fit(text, allowance)


def clusters_that_may_change(text: str, allowance: Allowance) -> Iterator[tuple[int, int]]:
    """Those of ``clusters_to_replace`` that ``best_fit`` may change.

    They are found by the few different characters that can change, so that a text of another script, however long, is
    not gone through letter by letter.
    """
    different = "".join(set(text))
    lacking = (different[index] for index in unencodable(different))
    changing = [character for character in lacking if _may_change(character, allowance)]
    end = 0
    for index in sorted(chain.from_iterable(_places(text, character) for character in changing)):
        if index >= end:
            start = max(index - 1, end) if _extends(text[index]) else index
            while start > end and text[start - 1] in _PREPENDED:
                start -= 1
            end = _cluster_end(text, start)
            yield start, end


def _places(text: str, character: str) -> Iterator[int]:
    at = text.find(character)
    while at >= 0:
        yield at
        at = text.find(character, at + 1)


@lru_cache(maxsize=1 << 14)
def _may_change(character: str, allowance: Allowance) -> bool:
    """Whether a cluster may change that holds this character, which the alphabet lacks."""
    if _extends(character):
        return (
            character in _composing()
            or character in _EMOJI  # a skin tone
            or best_fit(f"e{character}", Allowance(allowance.through, directions=True)) is not None
        )
    return character in _AMONG_LATIN or best_fit(character, allowance) is not None


@cache
def _composing() -> frozenset[str]:
    """The marks that become one character with their base, where that has a fit.

    Above these code points only Hangul and Indian letters compose, which have none.
    """
    return frozenset(
        chr(int(points.split()[-1], 16))
        for character in map(chr, range(0xC0, 0x3100))
        if (points := unicodedata.decomposition(character)) and points[0] != "<"
        if _fit(character, Allowance(strays=True))
    )


@lru_cache(maxsize=1 << 14)
def outlook(character: str, through: Stage) -> Outlook:
    """What this character, which the alphabet lacks, says of every text that holds it, in the steps up to a stage."""
    units = 1 + (character > "\uffff")
    if _extends(character) or character in _PREPENDED:
        changes = character in _PREPENDED or _may_change(character, Allowance(through))
        return Outlook(changes, units * changes, extends=True)
    fit = best_fit(character, Allowance(through))
    alone = character not in STRAYS and not _is_regional_indicator(character)
    if fit is None:
        return Outlook(character in STRAYS or character in _AMONG_LATIN, 0, alone=alone)
    blank = fit.stage is Stage.EMOJI
    alone &= not blank and set_apart(fit.text, character, "1", "1") == fit.text
    return Outlook(True, max(0, units + blank - len(fit.text)), alone=alone, fit=fit)


def _fit(text: str, allowance: Allowance) -> Fit | None:
    fitted = text
    for stage, step in _STEPS:
        if stage > allowance.through:
            return None
        fitted = step(fitted, allowance)
        if is_encodable(fitted):
            return Fit(fitted, stage)
    if allowance.through < Stage.EMOJI:
        return None
    fitted = "" if is_emoji(text) else fitted.translate(_WITHOUT_SKIN_TONES)
    return Fit(fitted, Stage.EMOJI) if is_encodable(fitted) else None


_remembered_fit = lru_cache(maxsize=1 << 14)(_fit)


def is_emoji(cluster: str) -> bool:
    """Whether a text is one emoji, with all that extends it or is joined to it."""
    return cluster.lstrip(_PREPENDED_CHARACTERS)[:1] in _EMOJI and _cluster_end(cluster, 0) == len(cluster)


def holds_emoji(text: str) -> bool:
    """Whether a character of a text may begin an emoji."""
    return not _EMOJI.isdisjoint(text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text[:_COMPOSED_AT_ONCE]) + text[_COMPOSED_AT_ONCE:]


def _typeset(text: str, allowance: Allowance) -> str:
    typeset = text.translate(_TYPOGRAPHY)
    return _composed(typeset.translate(_WITHOUT_DIRECTIONS) if allowance.directions else typeset)


def _in_compatible_forms(text: str, _: Allowance) -> str:
    return _composed("".join([_compatible(character) for character in text]))


def _alike(text: str, allowance: Allowance) -> str:
    return "".join([_look_alike(character, allowance) for character in text])


_STEPS: Final = (
    (Stage.COMPOSITION, lambda text, _: _composed(text)),
    (Stage.TYPOGRAPHY, _typeset),
    (Stage.COMPATIBILITY, _in_compatible_forms),
    (Stage.LOOK_ALIKES, _alike),
)
"""Each step works on the result of the one before it."""


def _compatible(character: str) -> str:
    # A micro sign is compatible with the Greek letter, and a spacing accent with a space and a mark: both look better
    # taken as themselves.
    if character in _LOOK_ALIKES or is_encodable(character):
        return character
    compatible = greek_as_latin(unicodedata.normalize("NFKC", character).translate(_TYPOGRAPHY))
    return character if compatible.startswith(" ") else compatible


def _look_alike(character: str, allowance: Allowance) -> str:
    """What looks like the character, or else the character itself."""
    if is_encodable(character):
        return character
    if character in ACCENTS:
        return ""
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    if allowance.strays and character in STRAYS:
        return STRAYS[character]
    return _without_accents(character, allowance) or _letter_in_name(character) or character


def _without_accents(character: str, allowance: Allowance) -> str | None:
    """The letter with the outermost accents taken off, one after another, until something looks like it."""
    apart = unicodedata.normalize("NFD", character)
    for end in range(len(apart) - 1, 0, -1):
        if apart[end] not in ACCENTS:
            return None
        inner = unicodedata.normalize("NFC", apart[:end])
        fitted = _look_alike(inner, allowance)
        if is_encodable(fitted):
            return fitted
    return None


def _letter_in_name(character: str) -> str | None:
    """The letter that a variant is named after: l for LATIN SMALL LETTER L WITH STROKE."""
    named = _LETTER_IN_NAME(unicodedata.name(character, ""))
    if named is None:
        return None
    return named[2].lower() if named[1] == "SMALL LETTER" else named[2]


def set_apart(fitted: str, original: str, before: str, after: str) -> str:
    """The replacement of ``original`` with what keeps its digits from running together with those on either side.

    2½ is ``2 1/2``, ½5 ``1/2 5``, 10² ``10^2`` and 2²5 ``2^2 5``; m² stays ``m2``. ``before`` and ``after`` are the
    neighbours, each a character or empty.
    """
    return _joint_before(fitted, original, before) + fitted + _joint_after(fitted, original, after)


def _joint_before(fitted: str, original: str, before: str) -> str:
    if not before.isnumeric():
        return ""
    kind = _kind(original)
    if kind == "<super>":
        return "" if _kind(before) == "<super>" or fitted.isalpha() else "^"
    apart = unicodedata.category(original) == "No" and kind != "<sub>" and fitted[:1].isdigit()
    return " " if apart else ""


def _joint_after(fitted: str, original: str, after: str) -> str:
    """A space before a digit that puts none before itself: a plain one, or a lowered one where this is not lowered."""
    if original.isdecimal() or not fitted[-1:].isdigit():
        return ""
    lowered = after.isdigit() and _kind(after) == "<sub>" != _kind(original)
    return " " if after.isdecimal() or lowered else ""


def _kind(character: str) -> str:
    """What kind of compatibility form the character is, such as ``<super>``; empty for most."""
    return unicodedata.decomposition(character).partition(" ")[0]
