"""A segment as the page draws it: runs of characters that cost the same for the same reason, and the header in words.

Knows what is shown of a character, and nothing of pages.
Reference: 3GPP TS 23.038, 6.2.1; 3GPP TS 23.040, 9.2.3.24
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias

from smscodec import (
    Alphabet,
    Concatenation,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    UserDataHeader,
)
from smscodec.display.terminal import escapes
from smscodec.gsm7 import doubles
from smscodec.message import Segment

__all__ = ["Marks", "segment_fields"]

_Mark: TypeAlias = tuple[bool, bool, int | None, str | None]
"""What the characters of a run share: two units, expensive, the number of their change, and an escape for one."""

_ALONE: Final = {Alphabet.GSM_7BIT: 160, Alphabet.UCS2: 70}
"""Units in a segment without a header."""


class Marks(NamedTuple):
    """What is marked in a text, by index: the expensive characters, and the number of the change that replaces each."""

    expensive: frozenset[int]
    changed: Mapping[int, int]


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
    """The longest runs of characters that are marked alike; one that is shown as an escape stands alone."""
    text = part.text
    pair, doubled = _pairs(part)
    shown = escapes(text)
    expensive, changed = marks

    def mark(offset: int) -> tuple[_Mark, int | None]:
        index = start + offset
        alike = text[offset] in doubled, index in expensive, changed.get(index), shown.get(offset)
        return alike, offset if offset in shown else None

    for (alike, _), offsets in groupby(range(len(text)), mark):
        yield _run("".join(text[offset] for offset in offsets), pair, alike)


def _pairs(part: Segment) -> tuple[str, Collection[str]]:
    """What two units of one character are called, and the characters that take them."""
    if part.message.alphabet is Alphabet.GSM_7BIT:
        return "escape pair", frozenset(doubles(part.message.tables))
    return "surrogate pair", {character for character in set(part.text) if character > "\uffff"}


def _run(text: str, pair: str, mark: _Mark) -> dict[str, Any]:
    doubled, expensive, change, shown = mark
    run: dict[str, Any] = {"text": text, "kind": pair if doubled else "basic", "units": len(text) * (1 + doubled)}
    if expensive:
        run["expensive"] = True
    if change is not None:
        run["change"] = change
    if shown is not None:
        run["shown"] = shown
    return run
