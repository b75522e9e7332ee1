"""``remedies``: what makes a text cheaper, the least harmful fix first.

A national table changes no letter and typography hardly changes the meaning; emoji are removed last. A fix is offered
only if it saves a segment that nothing less harmful saves.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.2 (decision D35)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, islice
from typing import Final, NamedTuple

from smscodec._checks import as_text
from smscodec._values import Value
from smscodec.message import Measurement
from smscodec.segmentation import measure
from smscodec.tables import Languages, ShiftTables, permitted_languages
from smscodec.transliteration._best_fit import Stage, holds_emoji, is_emoji
from smscodec.transliteration._transliterate import (
    Replacement,
    Transliteration,
    stage_by_stage,
    transliteration,
    without_emoji,
)

__all__ = ["KIND_OF", "Candidate", "Remedy", "RemedyKind", "candidates", "remedies", "without_emoji_candidates"]


class RemedyKind(Enum):
    """The kinds of fixes, the least harmful first.

    >>> from smscodec.transliteration import RemedyKind
    >>> [kind.name for kind in RemedyKind]
    ['NATIONAL_TABLES', 'TYPOGRAPHY', 'COMPATIBILITY', 'LOOK_ALIKES', 'EMOJI']
    """

    NATIONAL_TABLES = auto()
    """A national shift table, which changes no character."""
    TYPOGRAPHY = auto()
    """The caller's own replacements, composed accents, quotation marks, dashes, spaces and controls."""
    COMPATIBILITY = auto()
    """Compatibility forms: full-width letters, ligatures, fractions, superscripts."""
    LOOK_ALIKES = auto()
    """Accents left out, and letters and symbols that look alike."""
    EMOJI = auto()
    """Emoji left out."""


KIND_OF: Final = {
    Stage.REPLACEMENTS: RemedyKind.TYPOGRAPHY,
    Stage.COMPOSITION: RemedyKind.TYPOGRAPHY,
    Stage.TYPOGRAPHY: RemedyKind.TYPOGRAPHY,
    Stage.COMPATIBILITY: RemedyKind.COMPATIBILITY,
    Stage.LOOK_ALIKES: RemedyKind.LOOK_ALIKES,
    Stage.EMOJI: RemedyKind.EMOJI,
}
"""The kind of fix that each stage of a transliteration belongs to."""

_MOST_CHANGES: Final = 6
"""Different changes that ``Remedy.changes`` lists."""


@dataclass(frozen=True, slots=True)
class Remedy(Value):
    """A fix that saves a segment or more: ``text`` is the text after it, and ``measurement`` what that costs.

    ``changes`` describes in words what happens to the text; ``saves`` is how many segments fewer it takes than the
    original.

    >>> from smscodec.transliteration import remedies
    >>> [remedy] = remedies("It’s late. " * 8)
    >>> remedy.kind.name, remedy.saves, remedy.changes
    ('TYPOGRAPHY', 1, "replaces ’ with '")
    """

    kind: RemedyKind
    changes: str
    text: str
    measurement: Measurement
    saves: int


class Candidate(NamedTuple):
    """A text that may be sent in place of another, and the kind of fix that leads to it."""

    kind: RemedyKind
    fitted: Transliteration


def remedies(
    text: str,
    *,
    languages: Languages = "all",
    replacements: Mapping[str, str] | None = None,
    wide_reference: bool = False,
) -> tuple[Remedy, ...]:
    """List the fixes that make a text cheaper, the least harmful first.

    A kind of fix is listed only if it saves a segment that nothing less harmful saves, with the cheapest text that it
    leads to. ``languages`` are the national languages whose tables may be used, ``replacements`` is your map for
    ``transliterate``, and ``wide_reference`` counts with 16-bit references.

    Raises ``UnencodableError`` at a lone surrogate, ``TypeError`` if ``text`` is not a str, and ``FieldError`` for an
    impossible language or map.

    >>> from smscodec.transliteration import remedies
    >>> for remedy in remedies("Şu çılgın ‘öğün’ " * 5, languages=()):
    ...     print(remedy.kind.name, remedy.saves, remedy.changes)
    LOOK_ALIKES 1 replaces Ş with S, ç with c, ı with i, ‘ with ', ğ with g, ’ with '

    Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.2 (decision D35)
    """
    text = as_text(text)
    permitted = permitted_languages(languages)
    as_it_is = measure(text, wide_reference=wide_reference).segments
    if as_it_is == 1:
        return ()
    found = []
    fewest = as_it_is
    for kind, of_kind in groupby(candidates(text, replacements), lambda candidate: candidate.kind):
        measured = [
            (measure(fitted.text, languages=permitted, wide_reference=wide_reference), fitted) for _, fitted in of_kind
        ]
        measurement, fitted = min(measured, key=lambda pair: pair[0].segments)
        if measurement.segments < fewest:
            fewest = measurement.segments
            changes = _in_words(fitted.replacements, measurement.tables)
            found.append(Remedy(kind, changes, fitted.text, measurement, as_it_is - fewest))
    return tuple(found)


def candidates(text: str, replacements: Mapping[str, str] | None = None) -> Iterator[Candidate]:
    """Every text that may be sent in place of ``text``, by kinds of fixes in their order."""
    yield Candidate(RemedyKind.NATIONAL_TABLES, Transliteration(text, ()))
    for stage, fitted in stage_by_stage(text, replacements):
        yield Candidate(KIND_OF[stage], fitted)
    yield from without_emoji_candidates(text, replacements)


def without_emoji_candidates(text: str, replacements: Mapping[str, str] | None = None) -> Iterator[Candidate]:
    """Those of ``candidates`` in which emoji are left out."""
    has_emoji = holds_emoji(text)
    if has_emoji:
        yield Candidate(RemedyKind.EMOJI, without_emoji(text))
    if has_emoji or replacements:
        fitted = transliteration(text, replacements=replacements, through=Stage.EMOJI)
        yield Candidate(RemedyKind.EMOJI, fitted)


def _in_words(changes: Iterable[Replacement], tables: ShiftTables) -> str:
    """What becomes of a text: characters replaced and left out, and the national tables that it is sent with."""
    different = dict.fromkeys((change.original.strip(" ") or change.original, change.replacement) for change in changes)
    replaced = [f"{_shown(original)} with {_shown(new)}" for original, new in different if new.strip(" ")]
    removed = [_shown(original) for original, new in different if not new.strip(" ")]
    parts = [f"{verb} {_listed(items)}" for verb, items in (("replaces", replaced), ("leaves out", removed)) if items]
    shifts = (("locking", tables.locking), ("single", tables.single))
    used = [f"{language.name.title()} {kind} shift" for kind, language in shifts if language]
    if used:
        parts.append(f"uses the {' and the '.join(used)} table{'s' * (len(used) > 1)}")
    return "; ".join(parts if changes else ["changes no character", *parts])


def _listed(items: list[str]) -> str:
    shown = ", ".join(islice(items, _MOST_CHANGES))
    return f"{shown} and {len(items) - _MOST_CHANGES:,} more" if len(items) > _MOST_CHANGES else shown


def _shown(text: str) -> str:
    """The characters, or their code points where one of them could not be seen by itself or in an emoji."""
    seen = text.strip() and (text.isprintable() or all(map(is_emoji, text.split())))
    return text if seen else " ".join(f"U+{ord(character):04X}" for character in text)
