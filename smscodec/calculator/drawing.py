"""A segment as the page draws it: runs of characters that cost the same for the same reason, and the header in words.

It knows what is to be seen of a character, and nothing of pages.
Reference: 3GPP TS 23.038, 6.2.1; 3GPP TS 23.040, 9.2.3.24
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from smscodec import (
    Alphabet,
    Concatenation,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    UserDataHeader,
)
from smscodec.display import escapes
from smscodec.gsm7 import doubles
from smscodec.segmentation import Segment

__all__ = ["Marks", "segment_fields"]

_ALONE: Final = {Alphabet.GSM_7BIT: 160, Alphabet.UCS2: 70}
"""Units in a segment without a header."""


class Marks(NamedTuple):
    """What is to be marked in a text, by index: the culprits, and what the replacement of a number would change."""

    culprits: frozenset[int]
    changed: Mapping[int, int]


class _Mark(NamedTuple):
    """What the characters of a run have in common; an escape is shown for a single character."""

    kind: str
    units: int
    culprit: bool
    mend: int | None
    shown: str | None


def segment_fields(part: Segment, start: int, marks: Marks) -> dict[str, Any]:
    """A segment that begins at index ``start`` of its text: its units, its header and its runs."""
    header = part.user_data.header
    return {"units": part.units, "header": _header_fields(header, part), "runs": list(_runs(part, start, marks))}


def _header_fields(header: UserDataHeader, part: Segment) -> dict[str, Any] | None:
    if not header.elements:
        return None
    measurement = part.message.measurement
    return {
        "octets": header.to_bytes().hex(),
        "units": _ALONE[measurement.alphabet] - measurement.units_per_segment,
        "elements": [_in_words(element) for element in header.elements],
    }


def _in_words(element: object) -> str:
    match element:
        case Concatenation():
            width = 16 if element.wide else 8
            return f"part {element.sequence} of {element.total}, {width}-bit reference"
        case NationalLanguageSingleShift():
            return f"{element.language.name.title()} single shift"
        case NationalLanguageLockingShift():
            return f"{element.language.name.title()} locking shift"
    raise AssertionError(f"{element!r} is never put into a message without a header of the caller's")


def _runs(part: Segment, start: int, marks: Marks) -> Iterator[dict[str, Any]]:
    gsm = part.message.alphabet is Alphabet.GSM_7BIT
    doubled = frozenset(doubles(part.message.tables)) if gsm else frozenset()
    shown = escapes(part.text)
    before: _Mark | None = None
    begin = 0
    for offset, character in enumerate(part.text):
        index = start + offset
        escaped, astral = character in doubled, not gsm and character > "\uffff"
        mark = _Mark(
            "escape pair" if escaped else "surrogate pair" if astral else "basic",
            2 if escaped or astral else 1,
            index in marks.culprits,
            marks.changed.get(index),
            shown.get(offset),
        )
        if before and (mark != before or mark.shown is not None):
            yield _run(before, part.text[begin:offset])
            begin = offset
        before = mark
    if before:
        yield _run(before, part.text[begin:])


def _run(mark: _Mark, text: str) -> dict[str, Any]:
    run: dict[str, Any] = {"text": text, "kind": mark.kind, "units": mark.units * len(text)}
    if mark.culprit:
        run["culprit"] = True
    if mark.mend is not None:
        run["mend"] = mark.mend
    if mark.shown is not None:
        run["shown"] = mark.shown
    return run
