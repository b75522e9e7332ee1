"""What is shown can neither act nor hide, and stands in the columns it is reckoned to take."""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.display.terminal import columns, escapes, runs, segments_text, table, underlined, visible
from smscodec.testing import strategies

JOINERS = "\u200c\u200d"
STYLES = "\ufe0e\ufe0f"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

ANY_TEXT = st.one_of(
    strategies.texts(),
    strategies.texts_with_surrogates(),
    st.text(st.sampled_from("a क्ر\u200c\u200d\ufe0f\u20e3❤👩\u0301\u202e\x1b\\\n漢\u2800\u061c\U000e0067\ud800")),
)


def acts_or_hides(character: str) -> bool:
    """By category alone: controls, format characters, surrogates, separators of lines, and what is not assigned."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


# visible ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", ["é", "中", "\u200d", "😀"], ids=ascii)
def test_printable_ascii_is_shown_as_it_is_beside_anything(beside: str) -> None:
    """A letter, digit or sign of ASCII takes a column and is itself, whatever stands beside it."""
    shown, taken = visible(beside), columns(beside)
    for character in map(chr, range(0x20, 0x7F)):
        assert visible(f"{character}{beside}{character}") == f"{character}{shown}{character}"
        assert columns(f"{character}{beside}{character}") == 2 + taken
        assert {0, 1 + len(beside)}.isdisjoint(escapes(f"{character}{beside}{character}"))


@pytest.mark.exhaustive
def test_every_code_point_that_acts_or_hides_is_shown_as_its_escape() -> None:
    """Alone, each control, format, surrogate, private and unassigned code point becomes ASCII that names it.

    All of planes 0 and 1 and of the tags in plane 14; of the ideographs, private and unassigned planes every hundredth.
    """
    for point in (*range(0x20000), *range(0xE0000, 0xE1000), *range(0x20000, sys.maxunicode + 1, 101)):
        character = chr(point)
        shown = visible(character)
        if acts_or_hides(character):
            assert shown.isascii()
            assert shown.encode().decode("unicode_escape") == character
        elif not unicodedata.category(character).startswith("M"):
            assert shown in {character, character.encode("unicode_escape").decode()}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("\u202eevil\u202c", "\\u202eevil\\u202c"),
        ("\u2066\u2069\u200e\u200f\u061c", "\\u2066\\u2069\\u200e\\u200f\\u061c"),
        ("\u2028\u2029\x85", "\\u2028\\u2029\\x85"),
        ("\u200b\ufeff\u00ad\u2060", "\\u200b\\ufeff\\xad\\u2060"),
        ("\u3164\u115f\u2800\u034f", "\\u3164\\u115f\\u2800\\u034f"),
        ("\ud800\udfff", "\\ud800\\udfff"),
        ("\ue000\uffff\U0010ffff", "\\ue000\\uffff\\U0010ffff"),
        ("\U000e0067", "\\U000e0067"),
        ("C:\\x", "C:\\x"),
        ("Grüße, 漢字, עברית", "Grüße, 漢字, עברית"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
    ],
)
def test_what_is_escaped_and_what_is_not(text: str, shown: str) -> None:
    """Escapes are those of Python; letters of every script, spaces of every width and backslashes stay."""
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क\u094d\u200dष",
        "ര\u0d4d\u200d",
        "র\u200d\u09cdয",
        FAMILY,
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "\U0001f44d\U0001f3fd\u200d\u2695\ufe0f",
        "e\u0301",
    ],
)
def test_joiners_and_variation_selectors_stay_where_a_script_needs_them(text: str) -> None:
    """Persian, Indic conjuncts and emoji keep their look."""
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200db", "a\\u200db"),
        ("é\u200cé", "é\\u200cé"),
        ("\u200dक", "\\u200dक"),
        ("ر\u200c", "ر\\u200c"),
        ("ر\u200c\u061c", "ر\\u200c\\u061c"),
        ("a\ufe0f", "a\\ufe0f"),
        ("\ufe00", "\\ufe00"),
        ("\u0301a", "\\u0301a"),
        ("\n\u0301a", "\\n\\u0301a"),
        ("👩\u200d\u2800", "👩\\u200d\\u2800"),
    ],
)
def test_joiners_and_marks_that_do_nothing_visible_are_escaped(text: str, shown: str) -> None:
    """A character that could hide, or a mark that would stand on an escape or on nothing, is shown."""
    assert visible(text) == shown


@given(ANY_TEXT)
def test_runs_are_the_visible_text_in_stretches(text: str) -> None:
    """Joined they are ``visible(text)``, and escapes and the rest take turns."""
    stretches = list(runs(text))
    assert visible(text) == "".join(shown for shown, _ in stretches)
    assert all(one is not other for (_, one), (_, other) in pairwise(stretches))
    assert all(shown.startswith("\\") for shown, escaped in stretches if escaped)


def test_without_joiners_each_of_them_is_escaped() -> None:
    """Where columns must be exact, a joined emoji is taken apart."""
    assert visible(FAMILY, joiners=False) == "👨\\u200d👩\\u200d👧"
    assert visible("❤\ufe0f", joiners=False) == "❤\\ufe0f"


@given(ANY_TEXT)
def test_nothing_visible_acts_or_hides(text: str) -> None:
    """Whatever the text, only joiners that join are left of what acts or hides, and what is shown stays as it is."""
    shown = visible(text)
    assert [character for character in shown if acts_or_hides(character) and character not in JOINERS] == []
    assert visible(shown) == shown
    assert not any(map(acts_or_hides, visible(text, joiners=False)))


@given(ANY_TEXT)
def test_escapes_are_those_of_visible(text: str) -> None:
    """With each escape in the place of its character, a text is what ``visible`` makes of it."""
    shown = escapes(text)
    assert "".join(shown.get(index, character) for index, character in enumerate(text)) == visible(text)


# Columns ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "taken"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("\x1b", 4), ("Ａ", 2), ("", 0), ("👩", 2), ("한", 2)]
)
def test_columns(text: str, taken: int) -> None:
    """Wide characters take two columns, marks none, escapes as many as they have characters."""
    assert columns(text) == taken


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=4))
def test_tables_align(rows: list[tuple[str, str]]) -> None:
    """The second column begins at the same column of the terminal in every row."""
    lines = table([(first, "|" + second) for first, second in rows]).split("\n")
    assert len(rows) == len(lines)
    widest = max(columns(first) for first, _ in rows)
    for line, (first, _) in zip(lines, rows, strict=True):
        assert line.startswith(visible(first))
        padding = line.removeprefix(visible(first)).split("|")[0]
        assert widest + 2 == columns(first) + len(padding)


def test_tables_set_numbers_to_the_right() -> None:
    """A column named in ``right`` is padded on its left."""
    assert table([("a", "1"), ("bb", "22")], right={1}) == "a    1\nbb  22"


# Segments on a terminal ---------------------------------------------------------------------------------------------


def test_segments_stand_between_bars_with_number_and_units() -> None:
    """A space at a cut is seen, and so is an empty segment."""
    shown = segments_text([("one ", 4), ("", 0), (" two", 4)], 153)
    assert shown == "1/3    4/153 |one |\n2/3    0/153 ||\n3/3    4/153 | two|"


def test_long_segments_are_wrapped_within_the_width() -> None:
    """Every line is at most as wide as asked, wide characters and escapes among them, and none of the text is lost."""
    text = "漢字\x1b" * 40
    lines = segments_text([(text, 120)], 153, width=50).split("\n")
    assert all(columns(line) <= 50 for line in lines)
    assert visible(text) == "".join(line.split("|")[1] for line in lines)


@given(st.text(st.sampled_from("a漢e\u0301\x1b\u202e\U000e0067\ud800 ")), st.integers(0, 60))
def test_lines_keep_within_the_width(text: str, width: int) -> None:
    """On narrow terminals too, as long as number, units, bars and ten columns of text have room."""
    lines = segments_text([(text, 120)], 153, width=width).split("\n")
    assert max(map(columns, lines)) <= max(width, len("1/1  120/153 ||") + 10)
    assert max(map(columns, underlined(text, range(99), width=width).split("\n"))) <= max(width, 10)


@given(st.lists(st.tuples(ANY_TEXT, st.integers(0, 160)), min_size=1, max_size=3), st.integers(1, 200))
def test_terminal_text_never_acts_without_colours(parts: list[tuple[str, int]], width: int) -> None:
    """Without colours, only line feeds and joiners that join are left of what acts or hides."""
    for shown in (segments_text(parts, 160, width=width), underlined(parts[0][0], range(0, 99, 3), width=width)):
        assert [char for char in shown if acts_or_hides(char) and char != "\n" and char not in JOINERS] == []


@given(ANY_TEXT)
def test_colours_add_nothing_but_their_sequences(text: str) -> None:
    """With the sequences taken out, the coloured text is the plain one, and each line ends reset."""
    coloured = segments_text([(text, 1)], 153, colour=True)
    assert segments_text([(text, 1)], 153) == re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert coloured.endswith("\x1b[0m")


# Underlining --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "indices", "expected"),
    [
        ("It’s", [2], "It’s\n  ^"),
        ("漢字x", [1, 2], "漢字x\n  ^^^"),
        ("e\u0301x", [1], "e\u0301x\n^"),
        ("a\u202eb", [1], "a\\u202eb\n ^^^^^^"),
        (FAMILY, [1, 3], "👨\\u200d👩\\u200d👧\n  ^^^^^^  ^^^^^^"),
        ("plain", [], "plain"),
        ("", [], ""),
    ],
)
def test_carets_stand_below_the_marked_characters(text: str, indices: list[int], expected: str) -> None:
    """Two below a wide character, one below the letter that a mark stands on, as many as an escape has characters."""
    assert underlined(text, indices) == expected


def test_underlining_by_the_terminal_needs_no_carets() -> None:
    """With colours, the marked characters themselves are underlined, on however many lines."""
    assert underlined("It’s", [2], colour=True) == "It\x1b[1;4;31m’\x1b[0ms"
    assert "^" not in underlined("ж" * 100, range(100), width=40, colour=True)


def test_carets_follow_the_text_over_lines() -> None:
    """Each wrapped line has its own carets, and a line without any has no line for them."""
    shown = underlined("a" * 20 + "b" * 19 + "ж" + "c" * 5, [39], width=20)
    assert shown == f"{'a' * 20}\n{'b' * 19}ж\n{' ' * 19}^\n{'c' * 5}"


@given(ANY_TEXT, st.sets(st.integers(0, 200)))
def test_as_many_carets_as_columns_are_marked(text: str, indices: set[int]) -> None:
    """The columns with carets are those of the characters marked, or that a marked mark stands on."""
    lines = underlined(text.replace("^", ""), indices, width=10**6).split("\n")
    carets = lines[1] if len(lines) > 1 else ""
    assert set(carets) <= {"^", " "}
    assert len(carets) <= columns(lines[0])
    assert bool(carets) == any(index < len(text.replace("^", "")) for index in indices)
