"""What kept a text out of GSM 7-bit, and the nearest text that the default alphabet holds.

Best fit is never applied unless asked for: nothing that measures, segments or encodes calls it (decision D16). This
module finds what is to be mended, reports every replacement and says what it would save; what looks like what, and
what a cluster is, ``_best_fit`` knows.

Reference: 3GPP TS 23.038, 6.2.1 (decisions D6, D16 and D35)
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.gsm7 import doubles, is_encodable, unencodable
from smscodec.message import Measurement
from smscodec.segmentation import measure
from smscodec.tables import Languages, ShiftTables, permitted_languages
from smscodec.transliteration._best_fit import (
    ACCENTS,
    DIRECTIONS,
    STRAYS,
    Allowance,
    Fit,
    Stage,
    best_fit,
    clusters_that_may_change,
    clusters_to_mend,
    greek_as_latin,
    set_apart,
)
from smscodec.transliteration._character_names import character_name

__all__ = [
    "Culprit",
    "Explanation",
    "Replacement",
    "Stage",
    "Transliteration",
    "explain",
    "transliterate",
    "transliteration",
]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One change: ``original`` stood at ``index`` of the original text, and ``replacement`` stands in its place.

    ``stage`` is the last step that was needed. ``original`` is never empty; ``replacement`` may be.
    """

    index: int
    original: str
    replacement: str
    stage: Stage


class Transliteration(NamedTuple):
    """A text after best fit, and every replacement that was made, in order and without overlap."""

    text: str
    replacements: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class Culprit:
    """A character that kept the text out of GSM 7-bit, or that costs two septets.

    ``index`` is its place in the text and ``name`` its Unicode name (``character_name`` says what controls and
    unassigned code points are called). ``units`` is what it costs in the plan in force: septets in GSM 7-bit, UTF-16
    code units in UCS-2. ``replacement`` is what ``transliteration`` puts there, or None where it changes nothing; where
    several culprits make way for one replacement, the first has it and the others ``""``.
    """

    index: int
    character: str
    name: str
    units: int
    replacement: str | None


class Explanation(NamedTuple):
    """Why a text costs what it costs, and what mending it would give.

    ``suggestion`` is the text after ``transliteration`` and ``suggested`` what that costs: never more segments than
    ``measurement``, else the suggestion is the text itself.
    """

    measurement: Measurement
    culprits: tuple[Culprit, ...]
    suggestion: str
    suggested: Measurement

    def _repr_html_(self) -> str:
        """What the text costs and would cost, its culprits by their number, and the suggestion, for a notebook."""
        from smscodec.display import html as display_html  # noqa: PLC0415  # only notebooks need it

        costs = [
            (name, cost.alphabet.name, str(cost.units), str(cost.segments))
            for name, cost in (("as it is", self.measurement), ("as suggested", self.suggested))
        ]
        blocks = [display_html.table_html("Cost", ("text", "alphabet", "units", "segments"), costs, right=(2, 3))]
        alike = Counter((each.character, each.name, each.units, each.replacement) for each in self.culprits)
        rows = [
            (character, name, f"{times:,}", str(units), "none" if replacement is None else replacement or "(left out)")
            for (character, name, units, replacement), times in alike.most_common()
        ]
        headers = ("character", "name", "times", "units each", "replacement")
        blocks += [display_html.table_html("Culprits", headers, rows, right=(2, 3))] if rows else []
        blocks += [display_html.text_html("Suggestion", self.suggestion)] if self.culprits else []
        return display_html.stacked_html(*blocks)


def transliterate(text: str, *, replacements: Mapping[str, str] | None = None) -> str:
    """The text of ``transliteration``: the nearest that the GSM 7-bit default alphabet holds, as far as there is one.

    Reference: 3GPP TS 23.038, 6.2.1 (decision D35)
    """
    return transliteration(text, replacements=replacements).text


def transliteration(text: str, *, replacements: Mapping[str, str] | None = None) -> Transliteration:
    """Replace what the GSM 7-bit default alphabet lacks by what comes nearest, and report every replacement.

    The steps, each applied to what the one before it left:

    1. ``replacements``, the caller's own map. Keys are compared by code points, may have several characters, the
       longest wins, and they replace characters of the default alphabet too. No key ends between a letter and its
       combining accent.
    2. Canonical composition (NFC).
    3. Typography and spaces: curly and angle quotation marks become straight, every dash a hyphen, the ellipsis three
       stops, tabs and spaces of any width a space, line and paragraph separators a line feed; zero-width characters,
       the soft hyphen, variation selectors and the byte order mark go. Direction marks go from a text in which no
       letter runs from right to left.
    4. Compatibility forms (NFKC): full-width letters, ligatures, superscripts, fractions, the trade mark sign. After a
       digit, 2½ becomes ``2 1/2`` and 10² ``10^2``; before one, ½5 becomes ``1/2 5``.
    5. Accents and look-alikes: a letter loses its outermost accents until the alphabet has it (ç gives c, ế e, but ǚ
       ü), never trading an accent for another, except that the double acute is read as the diaeresis (ő gives ö);
       letters with a stroke or hook become plain (ł gives l), œ and þ are spelled out; Greek letters become the capital
       of the alphabet or the Latin capital of the same shape, but μ among Latin letters u; symbols become what they
       look like or are written as (© gives ``(c)``, ₺ ``TL``). Marks that strike out are not accents.

    Cyrillic and every other script are left alone, with one exception: where nothing else keeps a text out of the
    default alphabet than a few Cyrillic letters, fewer than the Latin ones, that look exactly like Latin letters, they
    become those. Emoji are left to the caller's map, unless they are text symbols too (keycaps give the digit), and so
    are U+001B and the other controls.

    Whatever the step, a cluster (a base with all that extends it, a joined emoji, a flag; also what a key of several
    clusters spans) changes only if it becomes wholly encodable; a caller's replacement that leads elsewhere is passed
    over. Hence texts that stay UCS-2 anyway keep their marks and joiners.

    Laws: without a map, encodable text is unchanged and a second transliteration changes nothing. With a map the second
    changes nothing either if each key is one character outside the default alphabet, and in general if no key occurs
    in what the first gave. Lone surrogates are passed through. A key that is empty, and a key or replacement that is no
    ``str``, is a ``FieldError``.

    Reference: 3GPP TS 23.038, 6.2.1 (decisions D16 and D35)
    """
    if not replacements and is_encodable(text):
        return Transliteration(text, ())
    own = replacements or {}
    keys = _keys(own)
    allowance = Allowance()
    while True:
        clusters = list(clusters_to_mend(text) if own else clusters_that_may_change(text, allowance))
        changes: tuple[Replacement, ...] = ()
        if own or clusters:
            changes = tuple(_Pass(text, clusters, keys, own, allowance).changes())
        result = _with_changes(text, changes)
        wider = _widened(allowance, result)
        if wider == allowance:
            return Transliteration(result, changes)
        allowance = wider


def explain(
    text: str,
    *,
    languages: Languages = (),
    replacements: Mapping[str, str] | None = None,
    wide_reference: bool = False,
) -> Explanation:
    """Name what makes a text dear, and measure what best fit would make of it.

    The culprits are those of the plan in force, which is that of ``measure``: in GSM 7-bit the characters of two
    septets, in UCS-2 all that the default alphabet lacks. ``languages`` are the national languages that the caller
    permits, for the text and for the suggestion, ``replacements`` is the caller's map for ``transliteration``, and with
    ``wide_reference`` both are measured under 16-bit references.
    Raises ``UnencodableError`` at a lone surrogate.

    Reference: 3GPP TS 23.038, 6.2.1 (decision D6)
    """
    fitted = transliteration(text, replacements=replacements)
    return explained(text, fitted, languages=permitted_languages(languages), wide_reference=wide_reference)


def explained(text: str, fitted: Transliteration, *, languages: Languages, wide_reference: bool) -> Explanation:
    """``explain`` for callers who have the transliteration of the text already, and need its replacements too."""
    measurement = measure(text, languages=languages, wide_reference=wide_reference)
    culprits = tuple(_culprits(text, measurement, fitted.replacements))
    if fitted.replacements:
        suggested = measure(fitted.text, languages=languages, wide_reference=wide_reference)
        if suggested.segments <= measurement.segments:
            return Explanation(measurement, culprits, fitted.text, suggested)
    return Explanation(measurement, culprits, text, measurement)


_NO_KEYS: Final = re.compile("(?!)")
_NO_ACCENT_AHEAD: Final = f"(?![{''.join(sorted(ACCENTS))}])"


def _keys(replacements: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern of the caller's keys, the longest first."""
    if not all(isinstance(word, str) for pair in replacements.items() for word in pair):
        raise FieldError("replacements", "a key or a replacement is no str")
    if "" in replacements:
        raise FieldError("replacements", "an empty key replaces nothing")
    if not replacements:
        return _NO_KEYS
    longest_first = sorted(replacements, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))}){_NO_ACCENT_AHEAD}")


class _Pass:
    """One pass over a text by fixed rules."""

    def __init__(
        self,
        text: str,
        clusters: Iterable[tuple[int, int]],
        keys: re.Pattern[str],
        replacements: Mapping[str, str],
        allowance: Allowance,
    ) -> None:
        self._text = text
        self._clusters = clusters
        self._view = greek_as_latin(text)
        self._keys = keys
        self._replacements = replacements
        self._allowance = allowance

    def changes(self) -> Iterator[Replacement]:
        """The replacements, in order."""
        for start, end, has_key in self._spans():
            if not has_key:
                yield from self._own_fit(start, end)
                continue
            original = self._text[start:end]
            fit = self._by_keys(original)
            if fit is None:
                # The caller's words do not lead into the alphabet: the clusters have their own chance without them.
                for first, last in clusters_to_mend(original):
                    yield from self._own_fit(start + first, start + last)
            elif fit.text != original:
                yield Replacement(start, original, *fit)

    def _spans(self) -> Iterator[tuple[int, int, bool]]:
        """Where to look: each cluster to mend and each key, those that overlap joined, and whether there is a key."""
        spans = [(start, end, False) for start, end in self._clusters]
        spans += [(*key.span(), True) for key in self._keys.finditer(self._text)]
        spans.sort()
        start, end, has_key = 0, 0, False
        for first, last, is_key in spans:
            if first < end:
                end, has_key = max(end, last), has_key or is_key
                continue
            if end:
                yield start, end, has_key
            start, end, has_key = first, last, is_key
        if end:
            yield start, end, has_key

    def _by_keys(self, span: str) -> Fit | None:
        """The caller's replacements, and the later steps on what they leave."""
        replaced = self._keys.sub(lambda key: self._replacements[key[0]], span)
        if is_encodable(replaced):
            return Fit(replaced, Stage.REPLACEMENTS)
        return best_fit(replaced, self._allowance)

    def _own_fit(self, start: int, end: int) -> Iterator[Replacement]:
        """The replacement of a cluster by the steps after the caller's map, if there is one."""
        # The view is as long as the text, and differs only where Greek letters among Latin ones became Latin.
        original, cluster = self._text[start:end], self._view[start:end]
        fit = best_fit(cluster, self._allowance)
        if fit is None:
            return
        stage = fit.stage if cluster == original else Stage.LOOK_ALIKES
        fitted = set_apart(fit.text, original[0], self._text[start - 1 : start], self._text[end : end + 1])
        if fitted[:1] == original[0]:
            # The base stays, and what extended it is all that changes.
            start, original, fitted = start + 1, original[1:], fitted[1:]
        yield Replacement(start, original, fitted, stage)


def _with_changes(text: str, changes: Iterable[Replacement]) -> str:
    parts: list[str] = []
    at = 0
    for change in changes:
        parts += text[at : change.index], change.replacement
        at = change.index + len(change.original)
    return "".join([*parts, text[at:]])


def _widened(allowance: Allowance, result: str) -> Allowance:
    """What may be done besides, seeing what a pass has left; the same allowance where that is nothing.

    One thing at a time, so that the outcome does not depend on what was there before the pass.
    """
    if not (allowance.directions or DIRECTIONS.isdisjoint(result) or any(map(_runs_left, result))):
        return allowance._replace(directions=True)
    if not allowance.strays and _has_only_strays(result):
        return allowance._replace(strays=True)
    return allowance


def _runs_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL"} and character not in DIRECTIONS


def _has_only_strays(text: str) -> bool:
    strays = 0
    for index in unencodable(text):
        if text[index] not in STRAYS:
            return False
        strays += 1
    return 0 < strays < sum(character.isascii() and character.isalpha() for character in text)


def _culprits(text: str, measurement: Measurement, changes: Iterable[Replacement]) -> Iterator[Culprit]:
    covering = {change.index + offset: change for change in changes for offset in range(len(change.original))}
    named: Replacement | None = None
    for index in _dear(text, measurement.alphabet, measurement.tables):
        character = text[index]
        change = covering.get(index)
        replacement = None if change is None else "" if change is named else change.replacement
        named = change
        units = 1 if measurement.alphabet is Alphabet.UCS2 and character <= "\uffff" else 2
        yield Culprit(index, character, character_name(character), units, replacement)


def _dear(text: str, alphabet: Alphabet, tables: ShiftTables) -> Iterator[int]:
    if alphabet is Alphabet.UCS2:
        return unencodable(text)
    return (place.start() for place in re.finditer(f"[{re.escape(doubles(tables))}]", text))
