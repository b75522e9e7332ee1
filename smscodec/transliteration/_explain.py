"""``explain``: which characters make a text expensive, what they cost, and what would make it cheaper.

Reference: 3GPP TS 23.038, 6.2.1 (decisions D6 and D45)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from smscodec._checks import as_text
from smscodec._values import Value, plain
from smscodec.dcs import Alphabet
from smscodec.gsm7 import doubles, unencodable
from smscodec.message import Measurement
from smscodec.segmentation import measure
from smscodec.tables import Languages, ShiftTables, permitted_languages
from smscodec.transliteration._character_names import character_name
from smscodec.transliteration._remedies import Remedy, remedies
from smscodec.transliteration._transliterate import Replacement, Transliteration, transliteration

__all__ = ["Culprit", "Explanation", "explain", "explained"]


@dataclass(frozen=True, slots=True)
class Culprit(Value):
    """A character that kept the text out of GSM 7-bit, or that costs two septets.

    ``index`` is its place in the text and ``name`` its Unicode name (``character_name`` says what controls and
    unassigned code points are called). ``units`` is what it costs in the plan in force: septets in GSM 7-bit, UTF-16
    code units in UCS-2. ``replacement`` is what ``transliteration`` puts there, or None if it changes nothing; if one
    replacement stands for several characters, the first has it and the others have ``""``.

    >>> from smscodec import explain
    >>> [culprit] = explain("5 €").culprits
    >>> culprit.index, culprit.name, culprit.units, culprit.replacement
    (2, 'EURO SIGN', 2, None)
    """

    index: int
    character: str
    name: str
    units: int
    replacement: str | None


class Explanation(NamedTuple):
    """Why a text costs what it costs, and what would make it cheaper.

    ``culprits`` are the expensive characters. ``suggestion`` is the text after ``transliteration`` and ``suggested``
    what that costs: never more segments than ``measurement``, else the suggestion is the text itself. ``remedies`` are
    the fixes that save a segment, the least harmful first.

    >>> from smscodec import explain
    >>> explanation = explain("It’s late. " * 8)
    >>> explanation.measurement.segments, explanation.suggested.segments
    (2, 1)
    """

    measurement: Measurement
    culprits: tuple[Culprit, ...]
    suggestion: str
    suggested: Measurement
    remedies: tuple[Remedy, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes, each as its own ``as_dict()``."""
        return {name: plain(value) for name, value in self._asdict().items()}

    def _repr_html_(self) -> str:
        """What the text costs, its expensive characters, and what would be cheaper, for a notebook."""
        from smscodec.display import html as display_html  # noqa: PLC0415  # only notebooks need it

        return display_html.explanation_html(self.as_dict())


def explain(
    text: str,
    *,
    languages: Languages = (),
    replacements: Mapping[str, str] | None = None,
    wide_reference: bool = False,
) -> Explanation:
    """Name the characters that make a text expensive, and measure what best fit would make of it.

    The plan is that of ``measure``: in GSM 7-bit the expensive characters are those of two septets, in UCS-2 those
    outside the default alphabet. ``languages`` are the national languages that you permit, for the text and for the
    suggestion; ``remedies`` tries them, or all of them if you give none. ``replacements`` is your map for
    ``transliteration``, and with ``wide_reference`` everything is measured under 16-bit references.

    Raises ``UnencodableError`` at a lone surrogate, ``TypeError`` if ``text`` is not a str, and ``FieldError`` for an
    impossible language or map.

    >>> from smscodec import explain
    >>> explanation = explain("It’s late")
    >>> [(one.index, one.name, one.replacement) for one in explanation.culprits]
    [(2, 'RIGHT SINGLE QUOTATION MARK', "'")]
    >>> explanation.suggestion
    "It's late"

    Reference: 3GPP TS 23.038, 6.2.1 (decision D6)
    """
    text = as_text(text)
    fitted = transliteration(text, replacements=replacements)
    return explained(text, fitted, languages=languages, replacements=replacements, wide_reference=wide_reference)


def explained(
    text: str,
    fitted: Transliteration,
    *,
    languages: Languages = (),
    replacements: Mapping[str, str] | None = None,
    wide_reference: bool = False,
) -> Explanation:
    """``explain`` for callers who have the transliteration of the text already, and need its replacements too."""
    permitted = permitted_languages(languages)
    measurement = measure(text, languages=permitted, wide_reference=wide_reference)
    culprits = tuple(_culprits(text, measurement, fitted.replacements))
    cheaper = remedies(text, languages=permitted or "all", replacements=replacements, wide_reference=wide_reference)
    if fitted.replacements:
        suggested = measure(fitted.text, languages=permitted, wide_reference=wide_reference)
        if suggested.segments <= measurement.segments:
            return Explanation(measurement, culprits, fitted.text, suggested, cheaper)
    return Explanation(measurement, culprits, text, measurement, cheaper)


def _culprits(text: str, measurement: Measurement, changes: Iterable[Replacement]) -> Iterator[Culprit]:
    waiting = iter(changes)
    change = next(waiting, None)
    named: Replacement | None = None
    for index in _expensive(text, measurement.alphabet, measurement.tables):
        while change is not None and change.index + len(change.original) <= index:
            change = next(waiting, None)
        replacement = None
        if change is not None and change.index <= index:
            replacement = "" if change is named else change.replacement
            named = change
        character = text[index]
        units = 1 if measurement.alphabet is Alphabet.UCS2 and character <= "\uffff" else 2
        yield Culprit(index, character, character_name(character), units, replacement)


def _expensive(text: str, alphabet: Alphabet, tables: ShiftTables) -> Iterator[int]:
    if alphabet is Alphabet.UCS2:
        return unencodable(text)
    return (place.start() for place in re.finditer(f"[{re.escape(doubles(tables))}]", text))
