"""``transliterate``: the nearest text that the default alphabet holds, and a report of every replacement.

Best fit is never applied unless you ask for it: nothing that measures, segments or encodes calls it (decision D16).
This module finds the clusters to replace in a whole text; ``_best_fit`` knows the replacement of each.

Reference: 3GPP TS 23.038, 6.2.1 (decisions D16, D35 and D45)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from smscodec._checks import as_text
from smscodec._values import Value, plain
from smscodec.errors import FieldError
from smscodec.gsm7 import is_encodable, unencodable
from smscodec.transliteration._best_fit import (
    ACCENTS,
    DIRECTIONS,
    STRAYS,
    Allowance,
    Fit,
    Stage,
    best_fit,
    clusters_that_may_change,
    clusters_to_replace,
    greek_as_latin,
    is_emoji,
    set_apart,
)

__all__ = ["Replacement", "Transliteration", "stage_by_stage", "transliterate", "transliteration", "without_emoji"]


@dataclass(frozen=True, slots=True)
class Replacement(Value):
    """One change: ``replacement`` takes the place of ``original``, which was at ``index`` of the original text.

    ``stage`` is the last step that was needed. ``original`` is never empty; ``replacement`` may be.

    >>> from smscodec.transliteration import transliteration
    >>> transliteration("It’s").replacements[0].as_dict()
    {'index': 2, 'original': '’', 'replacement': "'", 'stage': 'TYPOGRAPHY'}
    """

    index: int
    original: str
    replacement: str
    stage: Stage


class Transliteration(NamedTuple):
    """A text after best fit, and every replacement that was made, in order and without overlap.

    >>> from smscodec.transliteration import transliteration
    >>> fitted = transliteration("It’s – late")
    >>> fitted.text, [one.index for one in fitted.replacements]
    ("It's - late", [2, 5])
    """

    text: str
    replacements: tuple[Replacement, ...]

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes, each replacement as its own ``as_dict()``."""
        return {"text": self.text, "replacements": plain(self.replacements)}


def transliterate(
    text: str, *, replacements: Mapping[str, str] | None = None, through: Stage = Stage.LOOK_ALIKES
) -> str:
    """Return the text with characters outside the GSM 7-bit default alphabet replaced, as far as possible.

    ``transliteration`` says what is replaced by what, and reports each replacement. ``through`` is the last step to
    apply.

    >>> from smscodec import transliterate
    >>> from smscodec.transliteration import Stage
    >>> transliterate("“Straße” – garçon 😀")
    '"Straße" - garcon 😀'
    >>> transliterate("“Straße” – garçon 😀", through=Stage.TYPOGRAPHY)
    '"Straße" - garçon 😀'
    >>> transliterate("“Straße” – garçon 😀", through=Stage.EMOJI)
    '"Straße" - garcon'

    Reference: 3GPP TS 23.038, 6.2.1 (decision D35)
    """
    return transliteration(text, replacements=replacements, through=through).text


def transliteration(
    text: str, *, replacements: Mapping[str, str] | None = None, through: Stage = Stage.LOOK_ALIKES
) -> Transliteration:
    """Replace what the GSM 7-bit default alphabet lacks with what comes nearest, and report every replacement.

    The steps, each applied to the result of the one before it, up to ``through``:

    1. ``replacements``, the caller's own map. Keys are compared by code points, may have several characters, the
       longest wins, and they replace characters of the default alphabet too. No key ends between a letter and its
       combining accent.
    2. Canonical composition (NFC).
    3. Typography, spaces and controls: curly and angle quotation marks become straight, every dash a hyphen, the
       ellipsis three full stops, tabs and spaces of any width a space, line and paragraph separators a line feed.
       Zero-width characters, the soft hyphen, variation selectors and the byte order mark are left out. U+0080 to
       U+009F are read as the octets of Windows-1252 that they nearly always were; all other controls but line feed,
       carriage return and form feed are left out. So are direction marks in a text where no letter runs from right to
       left.
    4. Compatibility forms (NFKC): full-width letters, ligatures, superscripts, fractions, the trade mark sign. After a
       digit, 2½ becomes ``2 1/2`` and 10² ``10^2``; before one, ½5 becomes ``1/2 5``.
    5. Accents and look-alikes: a letter loses its outermost accents until the alphabet has it (ç gives c, ế e, but ǚ
       ü), never trading an accent for another, except that the double acute is read as the diaeresis (ő gives ö);
       letters with a stroke or hook become plain (ł gives l), œ and þ are spelled out; Greek letters become the capital
       of the alphabet or the Latin capital of the same shape, but μ among Latin letters u; symbols become what they
       look like or are written as (© gives ``(c)``, ₺ ``TL``). Marks that strike out are not accents.
    6. Emoji, only if ``through`` is ``Stage.EMOJI``: whole clusters are left out, and with them a blank that would
       otherwise be doubled, end a line or precede a punctuation mark.

    Cyrillic and every other script are left alone, with one exception: if all that keeps a text out of the default
    alphabet is a few Cyrillic letters that look exactly like Latin ones, and there are fewer of them than of Latin
    letters, they become Latin. An emoji that is also a text symbol is written as that symbol (keycaps give the digit).

    Whatever the step, a cluster (a base with all that extends it, a joined emoji, a flag; also what a key of several
    clusters spans) changes only if all of it becomes encodable; a replacement of your map that does not achieve this is
    ignored. Hence texts that stay UCS-2 anyway keep their marks and joiners.

    Laws: without a map, encodable text is unchanged and a second transliteration changes nothing. With a map the second
    changes nothing either if each key is one character outside the default alphabet, and in general if no key occurs
    in what the first gave. Lone surrogates are passed through.

    Raises ``TypeError`` if ``text`` is not a str, and ``FieldError`` for an empty key, for a key or replacement that is
    not a str and for a ``through`` that is not a ``Stage``.

    >>> from smscodec.transliteration import transliteration
    >>> [(one.index, one.original, one.replacement) for one in transliteration("5 € – œuf").replacements]
    [(4, '–', '-'), (6, 'œ', 'oe')]

    Reference: 3GPP TS 23.038, 6.2.1 (decisions D16, D35 and D45)
    """
    text = as_text(text)
    allowance = Allowance(_stage(through))
    own = replacements or {}
    keys = _keys(own)
    if not own and is_encodable(text):
        return Transliteration(text, ())
    while True:
        clusters = list(clusters_to_replace(text) if own else clusters_that_may_change(text, allowance))
        changes: tuple[Replacement, ...] = ()
        if own or clusters:
            changes = tuple(_with_blanks(text, _Pass(text, clusters, keys, own, allowance).changes()))
        result = _with_changes(text, changes)
        wider = _widened(allowance, result)
        if wider == allowance:
            return Transliteration(result, changes)
        allowance = wider


def stage_by_stage(text: str, replacements: Mapping[str, str] | None = None) -> Iterator[tuple[Stage, Transliteration]]:
    """``transliteration(text, through=stage)`` for each stage that changes more than the one before it, but for EMOJI.

    Without a map, each cluster is settled by one stage whatever comes after it, so one transliteration gives them all.
    """
    if replacements:
        before = text
        for stage in (stage for stage in Stage if stage < Stage.EMOJI):
            fitted = transliteration(text, replacements=replacements, through=stage)
            if fitted.text != before:
                yield stage, fitted
                before = fitted.text
        return
    changes = transliteration(text).replacements
    for stage in sorted({change.stage for change in changes}):
        some = tuple(change for change in changes if change.stage <= stage)
        yield stage, Transliteration(_with_changes(text, some), some)


def without_emoji(text: str) -> Transliteration:
    """The text with its emoji left out, and the blank beside them, and nothing else changed."""
    removed = (
        Replacement(start, text[start:end], "", Stage.EMOJI)
        for start, end in clusters_to_replace(text)
        if is_emoji(text[start:end]) and not best_fit(text[start:end], _ALL_BUT_EMOJI)
    )
    changes = tuple(_with_blanks(text, removed))
    return Transliteration(_with_changes(text, changes), changes)


_ALL_BUT_EMOJI: Final = Allowance(directions=True)


def _stage(through: Stage) -> Stage:
    try:
        return Stage(through)
    except ValueError:
        names = ", ".join(stage.name for stage in Stage)
        raise FieldError("through", f"expected a Stage ({names}), got {through!r}") from None


_NO_KEYS: Final = re.compile("(?!)")
_NO_ACCENT_AHEAD: Final = f"(?![{''.join(sorted(ACCENTS))}])"


def _keys(replacements: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern of the caller's keys, the longest first."""
    if not all(isinstance(word, str) for pair in replacements.items() for word in pair):
        raise FieldError("replacements", "expected a str for every key and replacement")
    if "" in replacements:
        raise FieldError("replacements", "a key is empty, and would replace nothing; leave it out")
    if not replacements:
        return _NO_KEYS
    longest_first = sorted(replacements, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))}){_NO_ACCENT_AHEAD}")


class _Pass:
    """One pass over a text under fixed rules."""

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
        self._view = greek_as_latin(text) if allowance.through >= Stage.LOOK_ALIKES else text
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
                # The caller's replacement is not encodable: the clusters may still become so without it.
                for first, last in clusters_to_replace(original):
                    yield from self._own_fit(start + first, start + last)
            elif fit.text != original:
                yield Replacement(start, original, *fit)

    def _spans(self) -> Iterator[tuple[int, int, bool]]:
        """Where to look: clusters to replace and keys, those that overlap joined, and whether there is a key."""
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


_BLANK: Final = " "
_LINE_ENDS: Final = ("", "\n", "\r")
_PUNCTUATION: Final = frozenset(".,!?;:)")


def _with_blanks(text: str, changes: Iterable[Replacement]) -> Iterator[Replacement]:
    """The changes; each run of removed emoji takes the surplus blank beside it along."""
    done, before = 0, ""  # where the last change ended, and the character that the result ends in there
    waiting = list(reversed(list(changes)))
    while waiting:
        change = waiting.pop()
        if change.stage is Stage.EMOJI:
            start, end = change.index, change.index + len(change.original)
            while waiting and waiting[-1].stage is Stage.EMOJI and not text[end : waiting[-1].index].strip(_BLANK):
                end = waiting[-1].index + len(waiting.pop().original)
            left = text[start - 1] if start > done else before
            right, blank = _beside(text, end, waiting)
            kept = ""
            if blank and (left == _BLANK or left in _LINE_ENDS):
                if waiting and waiting[-1].index == end:
                    waiting.pop()  # a space of another kind has a change of its own
                end += 1
            elif left == _BLANK and start > done and (right in _LINE_ENDS or right in _PUNCTUATION):
                start -= 1
            elif _BLANK in text[start:end] and _BLANK not in (left, right):
                kept = _BLANK
            change = Replacement(start, text[start:end], kept, Stage.EMOJI)
        if change.index > done:
            before = text[change.index - 1]
        before = change.replacement[-1:] or before
        done = change.index + len(change.original)
        yield change


def _beside(text: str, end: int, waiting: Sequence[Replacement]) -> tuple[str, bool]:
    """The character that the result has after index ``end`` of the text, and whether it is a blank of one character.

    ``waiting`` are the changes from there on, the next one last.
    """
    at = end
    for change in reversed(waiting):
        if change.index != at:
            break
        if change.replacement:
            return change.replacement[0], at == end and change.replacement == _BLANK and len(change.original) == 1
        at += len(change.original)
    return text[at : at + 1], at == end and text[at : at + 1] == _BLANK


def _with_changes(text: str, changes: Iterable[Replacement]) -> str:
    parts: list[str] = []
    at = 0
    for change in changes:
        parts += text[at : change.index], change.replacement
        at = change.index + len(change.original)
    return "".join([*parts, text[at:]])


def _widened(allowance: Allowance, result: str) -> Allowance:
    """What else is allowed after a pass left this result; the same allowance if nothing is.

    One thing is added at a time, so that the outcome does not depend on the text before the pass.
    """
    if not (allowance.directions or DIRECTIONS.isdisjoint(result) or any(map(_runs_left, result))):
        return allowance._replace(directions=True)
    if allowance.through >= Stage.LOOK_ALIKES and not allowance.strays and _has_only_strays(result):
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
