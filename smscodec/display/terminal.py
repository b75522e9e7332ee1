"""Plain values to text that is safe to show, on a terminal and in columns; ``html`` builds on it.

Knows characters, columns and colours, and no domain type. Nothing that comes out can move the cursor, reverse a line or
hide, whatever goes in: such characters are shown as escapes (``\\x1b``, ``\\u202e``). A backslash of the text itself
stays as it is, so escapes are for reading and cannot be decoded again.

Reference: Unicode Standard Annex 9 (bidirectional controls) and Annex 11 (columns); RFC 5892, A.1 and A.2 (joiners)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

__all__ = ["columns", "escapes", "runs", "segments_text", "table", "underlined", "visible"]

_JOINERS: Final = "\u200c\u200d"
_EMOJI_STYLES: Final = "\ufe0e\ufe0f"
_KEYCAP: Final = "\u20e3"
_VIRAMA: Final = 9
"""The combining class of the signs that join Indic consonants."""

_BLANK: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Letters, marks and symbols by category that nevertheless show nothing."""

_WIDEST_CELL: Final = 10
"""Columns of the longest escape, ``\\U0010ffff``: no line can be narrower."""

_SYMBOLS: Final = frozenset({"So", "Sm"})
_MARKS: Final = frozenset({"Mn", "Me"})
"""The categories of marks that take no column of their own."""

_PLAIN: Final = ""
_ESCAPED: Final = "\x1b[2m"
_MARKED: Final = "\x1b[1;4;31m"
_BOLD: Final = "\x1b[1m"
_RESET: Final = "\x1b[0m"


def visible(text: str, *, joiners: bool = True) -> str:
    """Show every character that could act or hide as an escape.

    Those are controls, format characters (the bidirectional ones among them), line and paragraph separators, lone
    surrogates, private and unassigned code points, blank fillers, and combining marks without a base character.
    With ``joiners`` a zero-width joiner or non-joiner and an emoji variation selector stay where a script or an emoji
    needs them (Persian, Hindi, a family of four); anywhere else, and always without it, they are escapes too.

    >>> visible("a\\x1b[31m")
    'a\\\\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(cell.shown for cell in _cells(text, joiners=joiners))


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """``visible(text)`` in stretches, each with whether it consists of escapes."""
    for escaped, run in groupby(_cells(text), lambda cell: cell.escaped):
        yield "".join(cell.shown for cell in run), escaped


def escapes(text: str) -> dict[int, str]:
    """The index and the escape of each character that ``visible(text)`` shows as one."""
    if text.isprintable() and _BLANK.isdisjoint(text) and (not text or _width(text[0])):
        return {}
    return {cell.indices.start: cell.shown for cell in _cells(text) if cell.escaped}


def columns(text: str) -> int:
    """Columns of a terminal that ``visible(text)`` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(cell.columns for cell in _cells(text))


# Cells: what a terminal puts side by side ---------------------------------------------------------------------------


class _Cell(NamedTuple):
    """One character with its combining marks, or an escape; ``indices`` are their places in the text."""

    shown: str
    columns: int
    indices: range
    escaped: bool


def _cells(text: str, *, joiners: bool = True) -> Iterator[_Cell]:
    start = width = 0  # the cell being built, of characters shown as they are; empty while start equals index
    for index, character in enumerate(text):
        escaped = _acts_or_hides(text, index, joiners=joiners)
        taken = 0 if escaped else _width(character)
        if taken == 0 and not escaped and start < index:
            continue  # a mark on the character before it
        if start < index:
            yield _Cell(text[start:index], width, range(start, index), escaped=False)
        if escaped or taken == 0:  # a mark after an escape would combine with the last letter of the escape
            shown = character.encode("unicode_escape").decode("ascii")
            yield _Cell(shown, len(shown), range(index, index + 1), escaped=True)
            start = index + 1
        else:
            start, width = index, taken
    if start < len(text):
        yield _Cell(text[start:], width, range(start, len(text)), escaped=False)


def _acts_or_hides(text: str, index: int, *, joiners: bool) -> bool:
    character = text[index]
    if joiners and (character in _JOINERS or character in _EMOJI_STYLES):
        works = _styles if character in _EMOJI_STYLES else _joins
        return not works(text[index - 1 : index], text[index + 1 : index + 2])
    return _unseen(character)


def _unseen(character: str) -> bool:
    """Whether a character is invisible, or looks different from system to system; spaces of any width are visible."""
    return character in _BLANK or not (character.isprintable() or unicodedata.category(character) == "Zs")


def _styles(before: str, after: str) -> bool:
    """Whether a variation selector between these neighbours chooses how an emoji looks."""
    return bool(before) and (unicodedata.category(before) in _SYMBOLS or after == _KEYCAP)


def _joins(before: str, after: str) -> bool:
    """Whether a joiner or non-joiner between these neighbours changes how they look."""
    if not before:
        return False
    after_virama = unicodedata.combining(before) == _VIRAMA
    if after_virama or not after or _unseen(after):
        return after_virama
    if unicodedata.combining(after) == _VIRAMA:
        return before.isalpha()
    if unicodedata.bidirectional(before) == "AL":
        return unicodedata.bidirectional(after) == "AL"
    on_emoji = unicodedata.category(before) in {"So", "Sk"} or before == _EMOJI_STYLES[1]
    return on_emoji and unicodedata.category(after) in _SYMBOLS


def _width(character: str) -> int:
    if unicodedata.category(character) in _MARKS or character in _JOINERS or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrapped(cells: Iterable[_Cell], width: int) -> Iterator[list[_Cell]]:
    """At least one line, none wider than ``width`` columns or, if that is less, than the widest possible cell."""
    width = max(_WIDEST_CELL, width)
    line: list[_Cell] = []
    used = 0
    for cell in cells:
        if line and used + cell.columns > width:
            yield line
            line, used = [], 0
        line.append(cell)
        used += cell.columns
    yield line


# Terminal text ------------------------------------------------------------------------------------------------------


def _painted(text: str, style: str, *, colour: bool) -> str:
    return f"{style}{text}{_RESET}" if colour and style else text


def _line(cells: Iterable[_Cell], marked: Collection[int] = (), *, colour: bool) -> str:
    def style(cell: _Cell) -> str:
        if any(index in marked for index in cell.indices):
            return _MARKED
        return _ESCAPED if cell.escaped else _PLAIN

    runs = groupby(cells, style)
    return "".join(_painted("".join(cell.shown for cell in run), kind, colour=colour) for kind, run in runs)


def segments_text(parts: Sequence[tuple[str, int]], room: int, *, width: int = 80, colour: bool = False) -> str:
    """The parts of a text, one below the other, each with its number and how many units of its ``room`` it uses.

    A part is a text and its units. Lines are at most ``width`` columns wide, but always leave ten columns for text.
    Each is enclosed in ``|``, so that a space at a cut can be seen. ANSI colours only with ``colour``.
    """
    of = str(len(parts))
    heads = [f"{number:>{len(of)}}/{of}  {units:>{len(str(room))}}/{room} " for number, (_, units) in _numbered(parts)]
    inner = width - len(heads[0]) - 2
    bar = _painted("|", _ESCAPED, colour=colour)
    lines = []
    for head, (text, _) in zip(heads, parts, strict=True):
        margin = _painted(head, _BOLD, colour=colour)
        for cells in _wrapped(_cells(text), inner):
            lines.append(f"{margin}{bar}{_line(cells, colour=colour)}{bar}")
            margin = " " * len(head)
    return "\n".join(lines)


def _numbered(parts: Sequence[tuple[str, int]]) -> Iterable[tuple[int, tuple[str, int]]]:
    return enumerate(parts, 1)


def underlined(text: str, indices: Collection[int], *, width: int = 80, colour: bool = False) -> str:
    """The text with the characters at ``indices`` underlined: by the terminal with ``colour``, else by carets below.

    Joiners and variation selectors are shown as escapes, so that every character has columns of its own for a caret to
    point at. A mark shares the caret of its base character. Lines are at most ``width`` columns wide, but at least ten.
    """
    marked = frozenset(indices)
    lines = []
    for cells in _wrapped(_cells(text, joiners=False), width):
        lines.append(_line(cells, marked, colour=colour))
        if not colour:
            carets = "".join(("^" if marked.intersection(cell.indices) else " ") * cell.columns for cell in cells)
            lines.extend([carets.rstrip()] if carets.strip() else [])
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """Rows of equal length as columns of visible text; those numbered in ``right`` are aligned to the right."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]

    def cell(column: int, value: str) -> str:
        padding = " " * (widths[column] - columns(value))
        return padding + visible(value) if column in right else visible(value) + padding

    return "\n".join("  ".join(cell(*value) for value in enumerate(row)).rstrip() for row in rows)
