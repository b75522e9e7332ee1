"""The special characters of a text as people see them: an emoji whole, and all letters of another script in one row.

Knows what replaces a character, and nothing of pages.
Reference: 3GPP TS 23.038, 6.2.1 (decision D6)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from smscodec import Alphabet
from smscodec.display.terminal import visible
from smscodec.transliteration import Culprit, Explanation, Replacement
from smscodec.transliteration._best_fit import clusters_to_replace

__all__ = ["character_rows"]

_JOINING: Final = "\u200d\ufe0f"
"""What holds an emoji together, and is not a part of its name."""

_FIRST_FLAG_LETTER: Final = ord("\U0001f1e6")
_FLAG_LETTERS: Final = frozenset(map(chr, range(_FIRST_FLAG_LETTER, _FIRST_FLAG_LETTER + 26)))
_SKIN_TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


_SCRIPTS: Final = {"CJK": "Chinese", "IDEOGRAPHIC": "Chinese", "KATAKANA-HIRAGANA": "Katakana", "LATIN": ""}
"""The scripts that are not called as the names of their characters begin."""


class _Cluster(NamedTuple):
    """What is seen as one character: its text, the expensive ones in it, what becomes of it, and the changes for it.

    ``script`` is how its name begins, where nothing replaces it: a script, if it is a letter.
    """

    start: int
    text: str
    culprits: tuple[Culprit, ...]
    becomes: str | None
    changes: tuple[int, ...]
    script: str


def character_rows(
    text: str, explanation: Explanation, changes: Sequence[Replacement], changed: Mapping[int, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two lists: the special characters one by one, those with a replacement first, and the other scripts.

    ``changed`` has the number of the change at each index that one of ``changes`` covers.
    """
    clusters = list(_clusters(text, explanation, changes, changed))
    letters = (cluster.script for cluster in clusters if cluster.script and cluster.culprits[0].character.isalpha())
    written: dict[str, list[_Cluster]] = {script: [] for script in dict.fromkeys(letters)}
    alike: dict[tuple[str, str | None], list[_Cluster]] = {}
    for cluster in clusters:
        if cluster.script in written:
            written[cluster.script].append(cluster)
        else:
            alike.setdefault((cluster.text, cluster.becomes), []).append(cluster)
    rows = sorted(alike.values(), key=lambda same: (same[0].becomes is None, -len(same)))
    return [_row(same) for same in rows], [_script_row(script, same) for script, same in written.items()]


def _clusters(
    text: str, explanation: Explanation, changes: Sequence[Replacement], changed: Mapping[int, int]
) -> Iterator[_Cluster]:
    """Each cluster that holds an expensive character; in GSM 7-bit each of these by itself."""
    culprits = explanation.culprits
    spans: Iterable[tuple[int, int]] = ((one.index, one.index + 1) for one in culprits)
    if explanation.measurement.alphabet is Alphabet.UCS2:
        spans = clusters_to_replace(text)
    waiting = iter(culprits)
    one = next(waiting, None)
    for start, end in spans:
        inside = []
        while one is not None and one.index < end:
            inside.append(one)
            one = next(waiting, None)
        numbers = tuple(dict.fromkeys(changed[index] for index in range(start, end) if index in changed))
        becomes = _changed(text, start, end, [changes[number] for number in numbers]) if numbers else None
        word = "" if numbers else inside[0].name.partition(" ")[0]
        script = _SCRIPTS.get(word, word.title())
        yield _Cluster(start, text[start:end], tuple(inside), becomes, numbers, script)


def _changed(text: str, start: int, end: int, changes: Iterable[Replacement]) -> str:
    parts = []
    for change in changes:
        parts += [text[start : change.index], change.replacement]
        start = change.index + len(change.original)
    return "".join([*parts, text[start:end]])


def _row(same: Sequence[_Cluster]) -> dict[str, Any]:
    first = same[0]
    doubled = sum(one.units - 1 for one in first.culprits)
    return {
        "text": first.text,
        "shown": visible(first.text),
        "name": _name(first),
        "code_points": [f"U+{ord(character):04X}" for character in first.text],
        "units": len(first.text) + doubled,
        "replacement": first.becomes,
        "indices": [cluster.start for cluster in same],
        "changes": [number for cluster in same for number in cluster.changes],
    }


def _name(cluster: _Cluster) -> str:
    """What the special characters in it are called, as far as a reader sees them."""
    if _FLAG_LETTERS.issuperset(cluster.text):
        return f"flag {''.join(chr(ord(letter) - _FIRST_FLAG_LETTER + ord('A')) for letter in cluster.text)}"
    seen = [one for one in cluster.culprits if one.character not in _JOINING] or cluster.culprits
    names = ("skin tone" if one.character in _SKIN_TONES else one.name.lower() for one in seen)
    counted = ((name, len(list(same))) for name, same in groupby(names))
    return " + ".join(name if times == 1 else f"{name} ({times})" for name, times in counted)


def _script_row(script: str, same: Sequence[_Cluster]) -> dict[str, Any]:
    return {"name": script, "sample": same[0].text, "times": len(same)}
