"""The parts of a page: bars as long as their numbers say, columns aligned, and nothing but what was given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.display.report import Bar, Figure, Piece, bars_html, change_html, figures_html, section_html

ROWS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 2 * 10**6)), max_size=6)


def texts_of(html: str) -> list[str]:
    """What a part of a page says, without its elements."""
    return re.findall(r">([^<>]+)<", html.replace("\n", ""))


@given(ROWS)
def test_bars_are_as_long_as_their_share_of_the_longest(rows: list[tuple[int, int]]) -> None:
    """The longest bar takes 100, none is too short to be seen, and what is marked ends where the bar does."""
    html = bars_html(("name", "saves"), [Bar("a", length, marked, ("1",)) for length, marked in rows])
    found = re.findall(r'class="length" width="([\d.]+)".*?x="([\d.]+)" width="([\d.]+)"', html)
    longest = max((length for length, _ in rows), default=0) or 1
    assert len(found) == len(rows)
    for (length, marked), (bar, at, part) in zip(rows, found, strict=True):
        assert float(bar) == pytest.approx(max(100 * length / longest, 0.4), abs=0.01)
        assert float(part) == pytest.approx(100 * min(marked, length) / longest, abs=0.01)
        assert float(at) + float(part) == pytest.approx(100 * length / longest, abs=0.02)


def test_columns_of_numbers_are_told_from_those_of_words() -> None:
    """Columns are those of numbers but where they are said to be of words, in the head as in each row."""
    html = bars_html(("name", "saves", "what"), [Bar("a", 1, 0, ("7", "words"))], left=(1,))
    cells = re.findall(r'<t[hd](?: scope="col")?( class="number")?(?: dir="auto")?>([^<]+)<', html)
    assert cells == [("", "name"), (' class="number"', "saves"), ("", "what"), (' class="number"', "7"), ("", "words")]


def test_parts_of_a_page_hold_what_they_are_given_and_no_more() -> None:
    """Nothing stands between the parts, and a line or a piece without text leaves no trace."""
    assert texts_of(figures_html([Figure("a", "1", "b"), Figure("c", "2")])) == ["a", "1", "b", "c", "2"]
    assert texts_of(section_html("heading", "words", "<p>x</p>", "<p>y</p>")) == ["heading", "words", "x", "y"]
    assert section_html("heading", "").count("<p") == 0
    assert texts_of(section_html("heading", "")) == ["heading"]
    pieces = [Piece("", True), Piece("a", False), Piece("b", True), Piece("", False)]
    html = change_html("words", ("was", pieces), ("is", [Piece("c", False)]))
    assert texts_of(html) == ["words", "was", "a", "b", "is", "c"]
    assert html.count("<mark>") == 1
