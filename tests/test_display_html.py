"""What notebooks show is well-formed, says what it is, stays short, and can neither act nor turn its neighbours.

Reference: Unicode Standard Annex 9
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, explain, measure_many, segment, segment_data
from smscodec.display.html import segments_html, stacked_html, table_html, text_html
from smscodec.display.svg import histogram_svg
from smscodec.display.terminal import visible
from smscodec.testing import strategies
from tests.test_display import ANY_TEXT, JOINERS, acts_or_hides

VOID = {"path", "rect"}


class Page(HTMLParser):
    """The elements of a fragment, every one of which must be closed, and the text of each cell."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.inside: list[str] = []
        self.directions: list[str | None] = []
        self.feed(html)
        self.close()
        assert self.inside == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a cell or stand in one."""
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        self.inside.append(tag)
        self.directions.append(dict(attrs).get("dir"))
        if tag in {"td", "th", "caption", "figcaption", "title", "desc"} or (tag == "div" and "figure" in self.inside):
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Only rectangles and lines have nothing in them."""
        assert tag in VOID
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """What was opened last is closed first."""
        assert self.inside.pop() == tag
        self.directions.pop()

    def handle_data(self, data: str) -> None:
        """Texts are isolated, but for numbers and words of ours."""
        assert "auto" in self.directions or "svg" in self.inside or data.startswith("…")
        assert "svg" not in self.inside or self.inside[-1] in {"title", "desc", "text"}
        if not {"svg"} & set(self.inside) or {"title", "desc"} & set(self.inside):
            self.cells[-1] += data

    @property
    def tags(self) -> set[str]:
        """The names of the elements."""
        return {tag for tag, _ in self.elements}


def assert_safe(html: str) -> None:
    """Nothing that acts, fetches, names or styles from outside; only known elements and attributes."""
    page = Page(html)
    table = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert page.tags <= table | {"div", "figure", "figcaption", "bdi", "i"} | {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "text",
    }
    attributes = {name for _, attrs in page.elements for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name in {"id", "href", "src", "class"}}
    styles = " ".join(attrs.get("style") or "" for _, attrs in page.elements)
    assert re.findall(r"url\(|expression|import|background|position|(?<![-\w])color:(?!inherit)", styles) == []


def shown(text: str) -> str:
    """A text as a cell shows it: visible, and cut after two thousand characters."""
    left_out = len(text) - 2_000
    return visible(text[:2_000]) + (f" … and {left_out:,} more characters" if left_out > 0 else "")


# Tables and texts ---------------------------------------------------------------------------------------------------


@given(ANY_TEXT, st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=4))
def test_tables_hold_isolated_visible_text(heading: str, rows: list[tuple[str, str]]) -> None:
    """Whatever the texts, caption, headers and cells read as the visible texts, and nothing else is there."""
    html = table_html(heading, ("first", "second"), rows, right=(1,))
    assert_safe(html)
    texts = [heading, "first", "second", *(text for row in rows for text in row)]
    assert [shown(text) for text in texts] == Page(html).cells
    assert [character for character in html if acts_or_hides(character) and character not in JOINERS] == []


@given(ANY_TEXT, ANY_TEXT)
def test_texts_under_their_headings(heading: str, text: str) -> None:
    """A text reads as the visible text, in whatever direction it runs, and blocks stand one after the other."""
    html = stacked_html(text_html(heading, text), text_html(text, heading))
    assert_safe(html)
    assert [shown(heading), shown(text), shown(text), shown(heading)] == Page(html).cells
    assert {attrs.get("dir") for tag, attrs in Page(html).elements if tag == "div"} == {None, "auto"}


@given(ANY_TEXT)
def test_texts_choose_their_direction(text: str) -> None:
    """Only escapes stand in an element of their own, so a cell's direction is its text's; and they run to the right."""
    page = Page(table_html(text, ("head",), [(text,)]))
    assert {attrs["dir"] for tag, attrs in page.elements if tag in {"caption", "th", "td"}} == {"auto"}
    assert {attrs["dir"] for tag, attrs in page.elements if tag in {"bdi", "i"}} <= {"ltr"}


def test_tables_say_what_heads_what() -> None:
    """Every header has a scope: the first row heads columns, the first cell of each row its row."""
    page = Page(table_html("caption", ("a", "b"), [("c", "d"), ("e", "f")]))
    assert [attrs["scope"] for tag, attrs in page.elements if tag == "th"] == ["col", "col", "row", "row"]
    assert [tag for tag, _ in page.elements if tag in {"caption", "thead", "tbody"}] == ["caption", "thead", "tbody"]


def test_numbers_stand_at_the_end_of_their_column_and_texts_at_the_start() -> None:
    """A number is aligned to the end, and so is what heads it; everything else is aligned to the start."""
    views = (explain("It’s late. " * 8), measure_many(["a"]))
    cells = [
        found
        for view in views
        for found in re.findall(r"<t[hd][^>]*text-align:(\w+)[^>]*>([^<]*)<", view._repr_html_())
    ]
    numbers = {"times", "units", "units each", "segments", "saves", "messages", "share"}
    assert {("end", "saves"), ("end", "100.0%"), ("start", "change")} <= set(cells)
    for side, text in cells:
        assert side == ("end" if text in numbers or re.fullmatch(r"[\d,.]+%?", text) else "start"), text


def test_long_tables_and_texts_are_cut_and_say_so() -> None:
    """Of rows a hundred, of characters two thousand; what is left out is counted."""
    html = table_html("many", ("a",), [("x",)] * 1_234)
    assert Page(html).cells[-2:] == ["x", "… and 1,134 more"]
    assert len(Page(html).cells) == 2 + 100 + 1
    assert Page(text_html("long", "x" * 3_500)).cells[1] == "x" * 2_000 + " … and 1,500 more characters"


def test_segments_show_number_room_and_text() -> None:
    """One row a segment."""
    page = Page(segments_html("heading", [("one", 3), ("two", 4)], 153))
    assert page.cells == ["heading", "segment", "units", "text", "1", "3/153", "one", "2", "4/153", "two"]


# Histograms ---------------------------------------------------------------------------------------------------------


def bars(html: str) -> dict[str, tuple[str, ...]]:
    """What the description says of each bar, by the label below it."""
    words = Page(html).cells[1].split(". ", 1)[1]
    return {bar.split(": ")[0]: tuple(bar.split(": ")[1].split(", ")) for bar in words.split("; ")} if words else {}


def test_histograms_say_in_words_what_they_show() -> None:
    """Title and description name the bars, which stand from 1 on without a gap."""
    html = histogram_svg("Title & <more>", "segments", {"A": {1: 10, 3: 2}, "B": {3: 5}})
    assert_safe(html)
    assert Page(html).cells[0] == "Title & <more>"
    assert bars(html) == {"1": ("10 A", "0 B"), "2": ("0 A", "0 B"), "3": ("2 A", "5 B")}
    picture = next(attrs for tag, attrs in Page(html).elements if tag == "svg")
    assert (picture["role"], picture["aria-label"]) == ("img", "Title & <more>")


COUNTS = st.dictionaries(st.integers(1, 2_000), st.integers(1, 10**7), max_size=30)


@given(COUNTS, COUNTS)
def test_histograms_have_twelve_bars_at_most(first: dict[int, int], second: dict[int, int]) -> None:
    """The last stands for all larger numbers, nothing is lost, and each that is not 0 is seen within the frame."""
    html = histogram_svg("title", "axis", {"A": first, "B": second})
    assert_safe(html)
    shown = bars(html.replace(",0", "0"))
    assert len(shown) <= 12
    rects = [attrs for tag, attrs in Page(html).elements if tag == "rect"][2:]
    assert all(float(rect["height"] or 0) >= 1 and float(rect["y"] or 0) >= 40 for rect in rects)
    totals = (
        [sum(int(re.sub(r"\D", "", values[at])) for values in bars(html).values()) for at in (0, 1)]
        if shown
        else [0, 0]
    )
    assert totals == [sum(first.values()), sum(second.values())]


@given(COUNTS, COUNTS.map(lambda counts: dict.fromkeys(counts, 2)))
def test_bars_stand_side_by_side_and_reach_as_high_as_their_share(
    first: dict[int, int], second: dict[int, int]
) -> None:
    """Bars of 34 have 12 between them, the highest reaches 120, and the legend stands in the frame beside itself."""
    elements = Page(histogram_svg("title", "axis", {"A": first, "B": second})).elements
    width = float(next(attrs["width"] or 0 for tag, attrs in elements if tag == "svg"))
    rects = [{name: attrs[name] or "" for name in attrs} for tag, attrs in elements if tag == "rect"]
    legend, drawn = rects[:2], rects[2:]
    assert [float(rect["x"]) for rect in legend] == [8, 118]
    columns: dict[float, list[tuple[float, float]]] = {}
    for rect in drawn:
        assert float(rect["width"]) == 34
        columns.setdefault(float(rect["x"]), []).append((float(rect["y"]), float(rect["height"])))
    assert all((left - 8) % 46 == 0 and 8 <= left <= width - 8 - 34 for left in columns)
    for parts in columns.values():
        floors = [164.0, *(top for top, _ in parts)]
        assert all(abs(top + height - floor) < 0.15 for (top, height), floor in zip(parts, floors, strict=False))
    labels = [float(attrs["x"] or 0) for tag, attrs in elements if tag == "text" and "text-anchor" in attrs]
    assert labels == [8 + 46 * place + 17 for place in range(len(labels) // 2) for _ in "ab"]
    if drawn:
        highest = max(sum(height for _, height in parts) for parts in columns.values())
        assert 119.8 <= highest <= 121.2


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1, "1"), (9_999, "9,999"), (10_000, "10.0k"), (12_345, "12.3k"), (10**6 - 60, "999.9k"), (10**6, "1.0M")],
)
def test_sums_above_bars_are_short(value: int, shown: str) -> None:
    """Up to 9,999 a sum stands as it is, then in thousands, and from a million on in millions."""
    assert f">{shown}</text>" in histogram_svg("title", "axis", {"A": {1: value}})


# Messages, explanations and batches ---------------------------------------------------------------------------------


def test_a_message_shows_its_segments() -> None:
    """Alphabet, number of segments, and for each its units of the room and its text; octets for 8-bit data."""
    page = Page(segment("ж" * 68 + "\u202e" * 3)._repr_html_())
    assert page.cells[0] == "UCS2, segments: 2"
    assert page.cells[4:] == ["1", "67/67", "ж" * 67, "2", "4/67", "ж" + "\\u202e" * 3]
    assert Page(segment("[]")._repr_html_()).cells[4:] == ["1", "4/160", "[]"]
    assert Page(segment_data(b"\x00\xff")._repr_html_()).cells[4:] == ["1", "2/140", "00 ff"]


def test_an_explanation_shows_cost_characters_and_suggestion() -> None:
    """What it costs and would cost, each character once with its number, the most frequent first, and the text."""
    cells = Page(explain("“It’s” ‘it’s’ – \u202e" + "a" * 60)._repr_html_()).cells
    assert cells[5:13] == ["as it is", "UCS2", "77", "2", "as suggested", "GSM_7BIT", "76", "1"]
    assert cells[14:24] == [
        "character",
        "name",
        "times",
        "units each",
        "replacement",
        "’",
        "RIGHT SINGLE QUOTATION MARK",
        "3",
        "1",
        "'",
    ]
    end = cells.index("Suggestion")
    assert cells[end - 5 : end] == ["\\u202e", "RIGHT-TO-LEFT OVERRIDE", "1", "1", "(left out)"]
    assert cells[end + 1] == "\"It's\" 'it's' - " + "a" * 60
    assert cells[end + 2 : end + 5] == ["What saves segments", "change", "saves"]
    assert cells[-1] == "1"
    assert Page(explain("plain")._repr_html_()).cells[5:] == [
        "as it is", "GSM_7BIT", "5", "1", "as suggested", "GSM_7BIT", "5", "1"
    ]  # fmt: skip
    assert "none" in Page(explain("ж")._repr_html_()).cells


def test_a_batch_shows_its_alphabets_and_a_histogram() -> None:
    """Messages, share and segments of each alphabet, nulls apart, and bars of segments per message in each."""
    batch = measure_many(["a", "b" * 161, "ж", "c"])
    html = batch._repr_html_()
    cells = Page(html).cells
    assert cells[0] == "4 messages, 5 segments"
    assert cells[5:13] == ["GSM_7BIT", "3", "75.0%", "4", "UCS2", "1", "25.0%", "1"]
    assert html.count("<svg") == 1
    assert cells[-1] == "segments per message. 1: 2 GSM_7BIT, 1 UCS2; 2: 1 GSM_7BIT, 0 UCS2"
    assert Page(measure_many([])._repr_html_()).cells[5:9] == ["GSM_7BIT", "0", "0.0%", "0"]


@given(strategies.texts())
def test_whatever_the_text_the_views_are_safe(text: str) -> None:
    """A message, an explanation and a batch of any text are well-formed HTML that cannot act."""
    assert_safe(segment(text, reference=1)._repr_html_())
    assert_safe(explain(text)._repr_html_())
    assert_safe(measure_many([text])._repr_html_())


@pytest.mark.parametrize("text", ["a" * 10_000, "\u202e" * 10_000, "<&>" * 3_333, "a\u202e" * 5_000])
def test_views_of_long_texts_stay_short(text: str) -> None:
    """10,000 characters of any kind make at most half a megabyte of HTML."""
    assert len(segment(text, reference=1)._repr_html_()) < 500_000
    assert len(explain(text)._repr_html_()) < 200_000


# The histogram of a batch -------------------------------------------------------------------------------------------


@given(st.lists(strategies.texts(), max_size=10))
def test_the_histogram_counts_every_message_once(texts: list[str]) -> None:
    """Each alphabet's numbers of segments, ascending, are those of its messages."""
    batch = measure_many(texts)
    histogram = batch.histogram()
    assert list(histogram) == [Alphabet.GSM_7BIT, Alphabet.UCS2]
    for alphabet, counts in histogram.items():
        segments = [count.segments for count in batch if count and count.alphabet is alphabet]
        assert list(counts) == sorted(set(segments))
        assert all(segments.count(number) == messages for number, messages in counts.items())


def test_nulls_are_in_no_bar() -> None:
    """A null has no segment, and is counted apart in the table."""
    from smscodec.batch import measure_utf8

    offsets = memoryview(bytes(4) + (1).to_bytes(4, "little") * 2).cast("i")
    batch = measure_utf8(b"a", offsets, validity=b"\x01")
    assert batch.histogram() == {Alphabet.GSM_7BIT: {1: 1}, Alphabet.UCS2: {}}
    assert Page(batch._repr_html_()).cells[13:16] == ["null", "1", ""]
