"""``smscodec bulk --report``: a page that stands on its own, shows what the summary says, and cannot be acted upon."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.cli.bulk.report import report
from smscodec.cli.bulk.summary import Summary
from smscodec.cli.bulk.tally import Tally
from smscodec.cli.bulk.words import REMEDIES
from smscodec.cli.files.blocks import TextBlock
from smscodec.testing import strategies
from smscodec.transliteration import RemedyKind
from tests.bulk_files import csv_of, written
from tests.command_line import FEWER, run

VOID = {"meta", "rect", "path"}


class Page(HTMLParser):
    """The elements and texts of a page; fails at one that is not closed, or that could act or fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "a", "form", "base"}
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"src", "href", "action", "data"}
            assert name == "xmlns" or "://" not in (value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is empty."""
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """A text."""
        if self.open[-1:] != ["style"]:
            self.texts.append(data)


def page_of(texts: list[str], groups: list[str]) -> Page:
    """The report on these messages, in these groups."""
    tally = Tally(by=["<group>"])
    tally.begin("a.csv")
    tally.add(TextBlock(list(texts), keys=[(group,) for group in groups]))
    return Page(report(Summary(tally), ["a<b>.csv"]))


@FEWER
@given(st.lists(st.tuples(strategies.texts(), st.text(max_size=9)), max_size=5))
def test_no_text_becomes_markup(rows: list[tuple[str, str]]) -> None:
    """Whatever messages and groups hold, the page is whole, and nothing in it can act or fetch."""
    long = [(f"{text} ’ {'a' * 80}", f"<script>{group}") for text, group in rows]
    page = page_of([text for text, _ in long], [group for _, group in long])
    assert "By <group>" in page.texts
    assert "a<b>.csv" in page.texts


def test_the_page_shows_what_the_summary_says(tmp_path: Path) -> None:
    """Figures, groups, files, changes and examples, in the currency of the prices."""
    rows = [["c", "t"], ["ES", "It’s " + "a" * 80], ["NL", "<b> hello"], ["PL", "x"]]
    paths = [written(tmp_path, name, csv_of(rows)) for name in ("a.csv", "b.csv")]
    prices = written(tmp_path, "prices.csv", b"ES;0,0500 EUR\nNL;0,0700 EUR\n")
    page = tmp_path / "page.html"
    options = ["--column", "t", "--by", "c", "--prices", prices, "--report", str(page)]
    outcome = run("bulk", *options, *paths)
    assert (outcome.status, outcome.err) == (0, "")
    html = page.read_text(encoding="utf-8")
    texts = Page(html).texts
    for shown in ("6", "8", "0,3400 EUR", "0,1000 EUR", "2 segments, 25.0%", "By c", "By file", "a.csv, b.csv", "ES"):
        assert shown in texts, shown
    assert "The cost leaves out 2 segments for which no price is known: PL." in "".join(texts)
    assert "Straight quotation marks, plain dashes and spaces: replaces ’ with '" in texts
    assert f">It<mark>’</mark>s {'a' * 80}</span>" in html
    assert f">It<mark>&#x27;</mark>s {'a' * 80}</span>" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_figures_and_bars_are_those_of_the_prices(tmp_path: Path) -> None:
    """The cards stand in their order with nothing between them, bars are of money, and what is not so is not said."""
    table = written(tmp_path, "a.csv", csv_of([["c", "t"], ["ES", "It’s " + "a" * 80], ["NL", "<b> hello"]]))
    prices = written(tmp_path, "prices.csv", b"ES;0,0500 EUR\nNL;0,0700 EUR\n")
    page = tmp_path / "page.html"
    options = ["--column", "t", "--by", "c", "--prices", prices, "--report", str(page)]
    assert run("bulk", *options, table).status == 0
    html = page.read_text(encoding="utf-8")
    texts = [text.strip() for text in Page(html).texts if text.strip()]
    first = texts.index("Messages")
    assert texts[first : first + 11] == [
        *("Messages", "2", "Segments", "3", "1.50 per message", "Cost", "0,1700 EUR", "at the prices of the groups"),
        *("Could be saved", "0,0500 EUR", "1 segment, 33.3%"),
    ]
    said = " ".join(texts)
    assert "not counted" not in said
    assert "are shown" not in said
    assert "Messages before and after Straight quotation marks" in said
    assert texts.count("Straight quotation marks, plain dashes and spaces") == 1
    others = [words for kind, words in REMEDIES.items() if kind is not RemedyKind.TYPOGRAPHY]
    assert [words for words in others if words[1:] in said] == []
    lengths = re.findall(r'class="length" width="([\d.]+)"', html)
    assert lengths[1:3] == ["100.00", "70.00"]


ROWS = [
    ("ES", "It’s " + "a" * 80),
    ("NL", "It’s " + "b" * 80),
    ("NL", ""),
    ("PL", "“" + "c" * 75 + "”"),
    ("ES", "Ş" + "d" * 100),
    ("DE", "ж" * 80),
]
QUOTES = "Straight quotation marks, plain dashes and spaces"
TABLES = "The same letters, sent with national tables"


def texts_of(folder: Path, files: int, *options: str, more: bytes = b"") -> list[str]:
    """The texts of the report on so many files of these rows, without those of its explanations."""
    for name in "abcde"[:files]:
        written(folder, f"{name}.csv", csv_of([["c", "t"], *ROWS]) + (more if name == "a" else b""))
    paths = [str(folder / f"{name}.csv") for name in "abcde"[:files]]
    page = folder / "page.html"
    outcome = run("bulk", "--column", "t", *options, "--report", str(page), *paths)
    assert (outcome.status, outcome.err) == (0, "")
    return [text.replace(f"{folder}{os.sep}", "") for text in Page(page.read_text("utf-8")).texts if text.strip()]


def after(texts: list[str], heading: str, number: int) -> list[str]:
    """So many texts after a heading."""
    place = texts.index(heading) + 1
    return texts[place : place + number]


def test_every_section_says_what_was_counted(tmp_path: Path) -> None:
    """With prices of groups: figures, what is left out, remedies, groups, files, changes and characters, in order."""
    prices = written(tmp_path, "prices.csv", b"ES;0,0500 EUR\nNL;0,0700 EUR\n")
    options = ["--by", "c", "--prices", prices, "--on-error", "count"]
    texts = texts_of(tmp_path, 2, *options, more=b"ES,\xff\n")
    assert texts[2:13] == [
        *("a.csv, b.csv", "Messages", "12", "Segments", "22", "1.83 per message"),
        *("Cost", "0,8200 EUR", "at the prices of the groups", "Could be saved", "0,3400 EUR"),
    ]
    assert after(texts, "0,3400 EUR", 2) == ["8 segments, 36.4%", "What is counted"]
    (said,) = after(texts, "What is counted", 1)
    assert said.partition(" only up to 70. ")[2] == (
        "Messages without text, which cost a segment each: 2. Rows that could not be read, which are not counted: 1. "
        "The cost leaves out 8 segments for which no price is known: DE, PL."
    )
    assert after(texts, "What would save money", 14)[1:] == [
        *("Change", "Messages", "Segments saved", "Saved"),
        *(TABLES, "2", "2", "0,1000 EUR"),
        *(QUOTES, "6", "6", "0,2400 EUR", "By c"),
    ]
    part = "The part of a bar in the second colour could be saved."
    head = ["Messages", "Segments", "Could be saved", "Cost", "Could be saved"]
    assert after(texts, "By c", 25) == [
        *(part, *head),
        *("NL", "4", "6", "2", "0,4200 EUR", "0,1400 EUR"),
        *("ES", "4", "8", "4", "0,4000 EUR", "0,2000 EUR"),
        *("DE", "2", "4", "0", "no price"),
        *("PL", "2"),
    ]
    assert after(texts, "By file", 19) == [
        *(part, *head),
        *("a.csv", "6", "11", "4", "0,4100 EUR", "0,1700 EUR"),
        *("b.csv", "6", "11", "4", "0,4100 EUR", "0,1700 EUR"),
        "Segments per message",
    ]
    assert after(texts, "Segments per message", 1) == [
        "Messages by the number of segments they take: 2 segments in the GSM alphabet, 20 segments with special "
        "characters."
    ]
    changes = after(texts, "Messages before and after", 12)
    assert changes[0] == f"{TABLES}: changes no character; uses the Turkish locking shift table"
    assert changes[1:6] == ["2 segments", ROWS[4][1], "1 segment", ROWS[4][1], f"{QUOTES}: replaces ’ with '"]
    assert changes[6:] == ["2 segments", "It", "’", f"s {'a' * 80}", "1 segment", "It"]
    assert after(texts, "Single characters", 13)[1:] == [
        *("Character", "Replaced with", "Messages", "Segments saved"),
        *("’  right single quotation mark", "'", "4", "4"),
        *("Ş  latin capital letter s with cedilla", "S", "2", "2"),
    ]


def test_what_was_done_before_the_count_is_said(tmp_path: Path) -> None:
    """Replaced characters, national tables, nulls; one price for all; and no section on what there is none of."""
    options = ["--price", "0.05", "--empty-as-null", "--languages", "tr", "--transliterate"]
    texts = texts_of(tmp_path, 1, *options)
    assert texts[2:14] == [
        *("a.csv", "Messages", "5", "Segments", "6", "1.20 per message", "Cost", "0.30", "0.05 per segment"),
        *("Could be saved", "0.00", "0 segments, 0.0%"),
    ]
    (said,) = after(texts, "What is counted", 1)
    assert said.partition(" only up to 70. ")[2] == (
        "4 messages had characters replaced before this was counted. National tables are used where they save a "
        "segment, which the phones of the recipients must know. Rows without a message, which are not counted: 1."
    )
    assert after(texts, "What would save money", 2) == ["No replacement would save a segment.", "Segments per message"]
    assert not {"By file", "Messages before and after", "Single characters"} & set(texts)


def test_without_a_price_segments_are_saved(tmp_path: Path) -> None:
    """A share and a number of them stand in the place of money, and no column has any."""
    texts = texts_of(tmp_path, 1)
    assert texts[2:10] == [
        *("a.csv", "Messages", "6", "Segments", "11", "1.83 per message", "Could be saved", "36.4%"),
    ]
    assert after(texts, "36.4%", 2) == ["4 segments", "What is counted"]
    head = ["Change", "Messages", "Segments saved"]
    assert after(texts, "What would save money", 11)[1:] == [
        *head,
        TABLES,
        "1",
        "1",
        QUOTES,
        "3",
        "3",
        "Segments per message",
    ]
    texts = texts_of(tmp_path, 1, "--languages", "tr")
    assert after(texts, "What would save money", 8)[1:] == [*head, QUOTES, "3", "3", "Segments per message"]


SEGMENTS = [("100.00", "50.00", "50.00"), ("75.00", "50.00", "25.00"), ("50.00", "50.00", "0.00")]
SEGMENTS += [("50.00", "25.00", "25.00")]
MONEY = [("100.00", "100.00", "0.00"), ("50.00", "25.00", "25.00"), ("37.50", "25.00", "12.50")]
MONEY += [("25.00", "12.50", "12.50")]


@pytest.mark.parametrize(
    ("prices", "bars"), [(b"", SEGMENTS), (b"ES;1\n", SEGMENTS), (b"ES;1\nNL;1\nDE;4\nPL;1\n", MONEY)]
)
def test_how_long_bars_are(prices: bytes, bars: list[tuple[str, ...]], tmp_path: Path) -> None:
    """As many segments as a group has; money in their place where each group has a price."""
    options = ["--prices", written(tmp_path, "prices.csv", prices)] if prices else []
    texts_of(tmp_path, 1, "--by", "c", *options)
    html = (tmp_path / "page.html").read_text("utf-8").partition("By c")[2].partition("</section>")[0]
    pattern = r'class="length" width="([\d.]+)"[^/]*/><rect class="part" x="([\d.]+)" width="([\d.]+)"'
    assert re.findall(pattern, html) == bars


@pytest.mark.parametrize(
    ("files", "named"),
    [
        (3, "a.csv, b.csv, c.csv"),
        (4, "a.csv, b.csv, c.csv and 1 more file"),
        (5, "a.csv, b.csv, c.csv and 2 more files"),
    ],
)
def test_three_files_are_named(files: int, named: str, tmp_path: Path) -> None:
    """The others are counted below the title, and each has its row, without what was not asked for."""
    texts = texts_of(tmp_path, files, "--no-savings")
    assert texts[2] == named
    assert after(texts, "By file", 5) == ["Messages", "Segments", "a.csv", "6", "11"]
    assert "Could be saved" not in texts


@pytest.mark.parametrize(("groups", "said"), [(40, ""), (41, " The first 40 of 41 are shown.")])
def test_many_groups_are_cut_and_the_page_says_so(groups: int, said: str, tmp_path: Path) -> None:
    """Of more than 40 groups the first are shown, and their number is said."""
    table = written(tmp_path, "a.csv", csv_of([["c", "t"], *([f"g{number}", "x"] for number in range(groups))]))
    page = tmp_path / "page.html"
    assert run("bulk", "--column", "t", "--by", "c", "--report", str(page), table).status == 0
    texts = Page(page.read_text(encoding="utf-8")).texts
    assert f"The part of a bar in the second colour could be saved.{said}" in texts
    assert sum(bool(re.fullmatch(r"g\d+", text)) for text in texts) == 40


def test_many_characters_are_cut(tmp_path: Path) -> None:
    """Of the characters whose replacement would save most, twelve have a row."""
    page = tmp_path / "page.html"
    lines = "".join(f"{character}{'a' * 90}\n" for character in "’“”–—…čšžŕďťňř")
    assert run("bulk", "--report", str(page), "-", stdin=lines.encode()).status == 0
    texts = Page(page.read_text(encoding="utf-8")).texts
    assert "".join(text[0] for text in texts if text[1:3] == "  ") == "čďňŕřšťž–—’“"


def test_a_report_of_nothing_is_a_page(tmp_path: Path) -> None:
    """No messages, or nothing to save, is said."""
    for content, options in ((b"", []), (b"hello\n", []), (b"hello\n", ["--no-savings"])):
        path = str(tmp_path / "page.html")
        assert run("bulk", "--report", path, *options, "-", stdin=content).status == 0
        page = Page(Path(path).read_text(encoding="utf-8"))
        saves = "Could be saved" in page.texts
        assert saves != bool(options)
        assert ("What would save money" in page.texts) == (saves and bool(content))


def test_a_report_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """A bad row leaves the old page as it was; an input is never replaced."""
    page = tmp_path / "page.html"
    page.write_text("old")
    assert run("bulk", "--report", str(page), "-", stdin=b"a\n\xff\n").status == 1
    assert page.read_text() == "old"
    outcome = run("bulk", "--format", "txt", "--report", str(page), str(page))
    assert outcome.err == f"smscodec: --report {page} is one of the files to read; write to another one\n"
    missing = run("bulk", "--report", str(tmp_path / "none" / "page.html"), "-")
    assert (missing.status, missing.err.count("\n")) == (1, 1)
    assert os.listdir(tmp_path) == ["page.html"]


@pytest.mark.parametrize("colour", re.findall(r"--\w+: (#[0-9a-f]+)", report(Summary(Tally()), [])))
def test_colours_are_colours(colour: str) -> None:
    """Three or six digits."""
    assert len(colour) in {4, 7}
