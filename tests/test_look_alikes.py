"""The data of best fit: in order, encodable, and nothing that an earlier step or Unicode itself already says.

Reference: 3GPP TS 23.038, 6.2.1; decision D35
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
import regex

from smscodec import gsm7
from smscodec.transliteration import _best_fit, _look_alikes
from smscodec.transliteration._best_fit import Allowance, Fit, Stage

ROWS = {
    "TYPOGRAPHY": _look_alikes.TYPOGRAPHY,
    "LOOK_ALIKES": _look_alikes.LOOK_ALIKES,
    "GREEK_AMONG_LATIN": _look_alikes.GREEK_AMONG_LATIN,
    "STRAYS": _look_alikes.STRAYS,
}
RANGES = {
    name: getattr(_look_alikes, name)
    for name in ("SPACES", "LINE_ENDS", "IGNORED", "DIRECTIONS", "ACCENTS", "EXTENDERS", "PREPENDED", "PICTOGRAPHS")
}

NOTHING = Allowance()


def code_points(ranges: str) -> list[int]:
    """The code points of a list of numbers and ranges in hexadecimal, in its order."""
    points: list[int] = []
    for item in ranges.split():
        first, _, last = item.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return points


def rows(block: str) -> list[tuple[str, list[int]]]:
    """The rows of a table: what is put in, and in place of which code points."""
    lines = (line.split(maxsplit=1) for line in block.strip().splitlines())
    return [(replacement, code_points(ranges)) for replacement, ranges in lines]


def replaced(name: str) -> dict[str, str]:
    """A table as a mapping of characters."""
    return {chr(point): replacement for replacement, points in rows(ROWS[name]) for point in points}


@pytest.mark.parametrize("name", RANGES)
def test_code_points_stand_in_order(name: str) -> None:
    """The code points of a list rise."""
    points = code_points(RANGES[name])
    assert all(before < after for before, after in pairwise(points))


@pytest.mark.parametrize("name", ROWS)
def test_rows_and_their_code_points_stand_in_order(name: str) -> None:
    """The rows of a table rise by their replacement, and the code points of a row rise."""
    table = rows(ROWS[name])
    assert all(before < after for (before, _), (after, _) in pairwise(table))
    assert all(before < after for _, points in table for before, after in pairwise(points))


def test_no_character_is_replaced_in_two_ways() -> None:
    """No code point stands twice in the tables and lists that act on every text."""
    acting = [
        point
        for name in ("SPACES", "LINE_ENDS", "IGNORED", "DIRECTIONS", "ACCENTS")
        for point in code_points(RANGES[name])
    ]
    acting += [
        point for name in ("TYPOGRAPHY", "LOOK_ALIKES", "STRAYS") for _, points in rows(ROWS[name]) for point in points
    ]
    assert sorted(set(acting)) == sorted(acting)


@pytest.mark.parametrize("name", ROWS)
def test_every_replacement_is_encodable(name: str) -> None:
    """What is put in, the default alphabet holds."""
    assert [replacement for replacement, _ in rows(ROWS[name]) if not gsm7.is_encodable(replacement)] == []


@pytest.mark.parametrize("name", [*ROWS, "SPACES", "LINE_ENDS", "IGNORED", "DIRECTIONS"])
def test_nothing_listed_is_encodable_or_composes(name: str) -> None:
    """What is replaced, the default alphabet lacks, and canonical composition leaves it as it is."""
    listed = map(ord, replaced(name)) if name in ROWS else code_points(RANGES[name])
    needless = [
        f"{point:04X}"
        for point in listed
        if gsm7.is_encodable(chr(point)) or unicodedata.normalize("NFC", chr(point)) != chr(point)
    ]
    assert needless == []


def test_no_look_alike_is_told_by_unicode_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its row, each character would give something else, or nothing: decompositions and names do not tell."""
    needless = []
    for character, replacement in replaced("LOOK_ALIKES").items():
        with monkeypatch.context() as patch:
            patch.delitem(_best_fit._LOOK_ALIKES, character)
            fit = _best_fit._fit(character, NOTHING)
        if fit is not None and fit.text == replacement:
            needless.append(character)
    assert needless == []


@pytest.mark.parametrize(("name", "stage"), [("TYPOGRAPHY", Stage.TYPOGRAPHY), ("LOOK_ALIKES", Stage.LOOK_ALIKES)])
def test_every_row_acts_at_its_step(name: str, stage: Stage) -> None:
    """A listed character alone gives its replacement, at the step that the table belongs to."""
    expected = {character: Fit(replacement, stage) for character, replacement in replaced(name).items()}
    assert {character: _best_fit.best_fit(character, NOTHING) for character in expected} == expected


def test_stray_letters_need_leave() -> None:
    """A Cyrillic letter gives its Latin double with leave, and nothing without; doubles are single letters."""
    strays = replaced("STRAYS")
    assert {_best_fit.best_fit(character, NOTHING) for character in strays} == {None}
    with_leave = Allowance(strays=True)
    expected = {character: Fit(latin, Stage.LOOK_ALIKES) for character, latin in strays.items()}
    assert {character: _best_fit.best_fit(character, with_leave) for character in strays} == expected
    assert {len(latin) for latin in strays.values()} == {1}


def test_greek_letters_keep_their_case_among_latin_ones() -> None:
    """Each Greek letter of the table gives its small Latin double beside a Latin letter, and the capital form alone."""
    for greek, latin in replaced("GREEK_AMONG_LATIN").items():
        assert f"{latin}g" == _best_fit.greek_as_latin(f"{greek}g")
        assert _best_fit.greek_as_latin(greek) == greek


def test_ignored_characters_extend_and_are_default_ignorable() -> None:
    """What is dropped as zero-width is what Unicode calls default ignorable."""
    dropped = [*code_points(RANGES["IGNORED"]), *code_points(RANGES["DIRECTIONS"])]
    assert [
        f"{point:04X}" for point in dropped if not regex.match(r"\p{Default_Ignorable_Code_Point}", chr(point))
    ] == []


def test_accents_are_marks_and_none_strikes_out() -> None:
    """What is dropped as an accent is a mark or unassigned, of another class than the overlays."""
    marks = [chr(point) for point in code_points(RANGES["ACCENTS"])]
    assert [mark for mark in marks if unicodedata.category(mark) not in {"Mn", "Me", "Cn"}] == []
    assert [mark for mark in marks if unicodedata.combining(mark) == 1] == []


def test_cluster_lists_are_complete() -> None:
    """For all code points that this Python knows, the lists and the categories cover the properties of Annex 29."""
    points = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)]
    known = "".join(character for character in map(chr, points) if unicodedata.category(character) not in {"Cn", "Co"})
    extending = regex.findall(r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]", known)
    assert [character for character in extending if not _best_fit._extends(character)] == []
    prepended = set(regex.findall(r"\p{GCB=Prepend}", known))
    assert prepended - set(map(chr, code_points(RANGES["PREPENDED"]))) == set()
    pictographs = regex.findall(r"\p{Extended_Pictographic}", known)
    assert [character for character in pictographs if not _best_fit._is_pictograph(character)] == []
