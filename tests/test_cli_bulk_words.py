"""All that ``smscodec bulk`` says of a few small files, to the letter; where lists are cut; and what to do next."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet
from smscodec.cli.bulk import tally, words
from smscodec.cli.bulk.next_steps import STAGES, _command, _without_results, next_steps
from smscodec.cli.bulk.summary import Row, Summary
from smscodec.cli.bulk.tally import Group, Tally
from smscodec.cli.files.blocks import Measured, TextBlock
from smscodec.cli.reading import InputRefusedError
from smscodec.tables import permitted_languages
from smscodec.transliteration import RemedyKind
from tests.bulk_files import bulk, csv_of
from tests.command_line import run

QUOTE, TURKISH = "It’s " + "a" * 80, "ş" * 80
SPRING = csv_of(
    [
        ["country", "text"],
        *(["ES", QUOTE], ["ES", "canción " + "b" * 80], ["PL", "ł" * 80], ["FR", "hello"], ["FR", ""]),
        *(["", "ok ✓ " + "c" * 70], ["ES"], ["TR", TURKISH], ["GR", "ﬁne " * 20]),
    ],
    delimiter=";",
)
MAY = csv_of([["country", "text"], ["FR", "x" * 160], ["FR", "😀 " + "d" * 80]])
PRICES = b"country;price\nES;0,05 EUR\nFR;0,07\nXX;1\nY;2\n;0,005\n"
GROUPS = "--column text --by country --prices p.csv --on-error count --empty-as-null"
OWN_PRICE = "--column text --price '$0.01' --languages tr --transliterate=compatibility --on-error count"
REFUSED = "1 bad row left out, the first being a.csv, row 8: expected 2 fields as in the first row, got 1"
EXPLAINED = """\
A segment is what is sent and billed: up to 160 characters, or only up to 70 if
the message holds one special character, such as a curly quotation mark."""

TWO_FILES = f"""\
9 messages, 16 segments (1.778 per message), at the prices of their groups 0,490 EUR; 1 null not counted; {REFUSED}

{EXPLAINED}
Up to 6 segments of 16 could be saved (37.5%), 0,170 EUR of 0,490 EUR.
For example, this message takes 2 segments:
  {QUOTE}
and 1 after a change that replaces ’ with ':
  It's {"a" * 80}

what would save segments, the least harmful change first  messages  saves  together      saved
the same letters, sent with national tables                      2      2         2  0,050 EUR
straight quotation marks, plain dashes and spaces                1      1         3  0,050 EUR
plain forms of ligatures, fractions, full-width letters          1      1         4  0,000 EUR
letters without their accents, symbols that look alike           1      1         5  0,000 EUR
emoji left out                                                   1      1         6  0,070 EUR

replacing one character alone                 with  messages  saves
ó  latin small letter o with acute    U+00F3  o            1      1
ł  latin small letter l with stroke   U+0142  l            1      1
ş  latin small letter s with cedilla  U+015F  s            1      1
’  right single quotation mark        U+2019  '            1      1
ﬁ  latin small ligature fi            U+FB01  fi           1      1

by country  messages  segments  could save       cost  could save
FR                 3         4           1  0,280 EUR   0,070 EUR
ES                 2         4           2  0,200 EUR   0,100 EUR
(empty)            1         2           0  0,010 EUR   0,000 EUR
GR                 1         2           1   no price
PL                 1         2           1   no price
TR                 1         2           1   no price

Without a price: GR, PL, TR. The cost leaves out their 6 segments; add them to the file of --prices, or give the price \
of all others with --price.

Prices without a message: XX, Y.

by file  messages  segments  could save       cost  could save
a.csv           7        13           5  0,280 EUR   0,100 EUR
b.csv           2         3           1  0,210 EUR   0,070 EUR

by alphabet              messages  share  segments  share
GSM alphabet                    2  22.2%         2  12.5%  ####
with special characters         7  77.8%        14  87.5%  ##########################

segments per message  messages  share
1                            2  22.2%  #######
2                            7  77.8%  #######################

What to do next:
  see why that message costs what it does:
    smscodec explain '{QUOTE}'
  count with national tables, if the phones of your recipients know them:
    smscodec bulk --languages portuguese,turkish {GROUPS} a.csv b.csv
  write the messages with the least harmful replacements, and what they cost then:
    smscodec bulk --transliterate typography --output a-costs.csv {GROUPS} a.csv b.csv
  make a page with charts to send to others:
    smscodec bulk --report a.html {GROUPS} a.csv b.csv
"""

WITH_LANGUAGES = f"""\
8 messages, 11 segments (1.375 per message), at $0.01 each $0.11; 1 empty, each of which costs a segment; \
2 changed by --transliterate before they were counted; {REFUSED}

{EXPLAINED}
Up to 2 segments of 11 could be saved (18.2%), $0.02 of $0.11.
For example, this message takes 2 segments:
  {"ł" * 80}
and 1 after a change that replaces ł with l:
  {"l" * 80}

what would save segments, the least harmful change first       messages  saves  together  saved
the same letters, sent with national tables (counted already)         1      1         1  $0.01
letters without their accents, symbols that look alike                2      2         3  $0.02

replacing one character alone                 with  messages  saves
ó  latin small letter o with acute    U+00F3  o            1      1
ł  latin small letter l with stroke   U+0142  l            1      1
ş  latin small letter s with cedilla  U+015F  s            1      1

by alphabet              messages  share  segments  share
GSM alphabet                    5  62.5%         5  45.5%  ##############
with special characters         3  37.5%         6  54.5%  ################

segments per message  messages  share
1                            5  62.5%  ###################
2                            3  37.5%  ###########

What to do next:
  see why that message costs what it does:
    smscodec explain '{"ł" * 80}'
  write what each message costs beside it:
    smscodec bulk --output a-costs.csv {OWN_PRICE} a.csv
  make a page with charts to send to others:
    smscodec bulk --report a.html {OWN_PRICE} a.csv
"""

WITHOUT_SAVINGS = f"""\
8 messages, 14 segments (1.750 per message), at $0.01 each $0.14; 1 empty, each of which costs a segment; {REFUSED}

by country  messages  segments   cost
ES                 2         4  $0.04
(empty)            1         2  $0.02
FR                 2         2  $0.02
GR                 1         2  $0.02
PL                 1         2  $0.02
TR                 1         2  $0.02

by alphabet              messages  share  segments  share
GSM alphabet                    2  25.0%         2  14.3%  ####
with special characters         6  75.0%        12  85.7%  ##########################

segments per message  messages  share
1                            2  25.0%  ########
2                            6  75.0%  ######################

What to do next:
  make a page with charts to send to others:
    smscodec bulk --report a.html --column text --price '$0.01' --no-savings --by country --on-error count a.csv
"""

MANY_GROUPS = f"""\
27 messages, 162 segments (6.000 per message), at the prices of their groups 0.0

{EXPLAINED}
No replacement would save a segment.

by g  messages  segments  could save      cost  could save
GROUPS
and 7 more; --json has them all

Without a price: g11, g23, g10, g22, g09 and 22 more. The cost leaves out their 162 segments; add them to the file of \
--prices, or give the price of all others with --price.

Prices without a message: h0, h1, h2, h3, h4 and 2 more.

by alphabet              messages   share  segments   share
GSM alphabet                   27  100.0%       162  100.0%  ##############################
with special characters         0    0.0%         0    0.0%

segments per message  messages  share
1                            5  18.5%  ######
3                            3  11.1%  ###
4                            3  11.1%  ###
5                            2   7.4%  ##
6                            2   7.4%  ##
7                            2   7.4%  ##
8                            2   7.4%  ##
9                            2   7.4%  ##
10                           2   7.4%  ##
11 or more                   4  14.8%  ####

What to do next:
  write what each message costs beside it:
    smscodec bulk --output many-costs.csv --column=t --by=g --prices q.csv many.csv
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files of messages with a bad row and an empty message, and prices, which stand in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name, content in (("a.csv", SPRING), ("b.csv", MAY), ("p.csv", PRICES)):
        Path(name).write_bytes(content)


def said(*arguments: str) -> str:
    """What is printed, nothing being said on standard error."""
    outcome = run("bulk", *arguments)
    assert (outcome.status, outcome.err) == (0, "")
    return outcome.out


@pytest.mark.usefixtures("files")
def test_a_summary_to_the_letter() -> None:
    """Totals, savings, groups, files, gaps in the prices, and commands: with all options, or with few."""
    assert said(*GROUPS.split(), "a.csv", "b.csv") == TWO_FILES
    assert said(*OWN_PRICE.replace("'", "").split(), "a.csv") == WITH_LANGUAGES
    options = "--column text --price $0.01 --no-savings --by country --on-error count --output o.csv"
    assert said(*options.split(), "a.csv") == WITHOUT_SAVINGS


@pytest.mark.usefixtures("files")
def test_many_groups_to_the_letter() -> None:
    """Twenty of them, and five names of those without a price, or of those without a message, are shown."""
    rows = [[f"g{number:02}", "a" * (153 * (number % 12) + 7)] for number in range(1, 28)]
    Path("many.csv").write_bytes(csv_of([["g", "t"], *rows]))
    Path("q.csv").write_text("".join(f"h{number},0.1\n" for number in range(7)))
    ranked = sorted(rows, key=lambda row: (-len(row[1]), row[0]))[:20]
    lines = [f"{name:4}         1  {len(text) // 153 + 1:8}           0  no price" for name, text in ranked]
    found = said("--column=t", "--by=g", "--prices", "q.csv", "--report", "r.html", "many.csv")
    assert found == MANY_GROUPS.replace("GROUPS", "\n".join(lines))


@pytest.mark.usefixtures("files")
def test_a_summary_as_json_to_the_letter() -> None:
    """Every field: those of money are there with a price only, and those of savings unless they are left out."""
    found = bulk(*GROUPS.split(), "a.csv", "b.csv")
    assert found.pop("savings")["total"] == 6
    group = {"country": "FR"}
    one = {"messages": 1, "segments": 2, "saves": 1}
    assert found == {
        **{"messages": 9, "empty": 0, "nulls": 1, "refused": 1, "segments": 16},
        "alphabets": {"GSM_7BIT": 2, "UCS2": 7},
        "segments_by_alphabet": {"GSM_7BIT": 2, "UCS2": 14},
        "segments_per_message": {"1": 2, "2": 7},
        **{"cost": "0.490", "saved_cost": "0.170", "currency": "EUR"},
        "by_file": [
            {"file": "a.csv", "messages": 7, "segments": 13, "saves": 5, "cost": "0.280", "saved_cost": "0.100"},
            {"file": "b.csv", "messages": 2, "segments": 3, "saves": 1, "cost": "0.21", "saved_cost": "0.07"},
        ],
        "by": [
            {"group": group, "messages": 3, "segments": 4, "saves": 1, "cost": "0.28", "saved_cost": "0.07"},
            {"group": {"country": "ES"}, **one, "messages": 2, "segments": 4, "saves": 2}
            | {"cost": "0.20", "saved_cost": "0.10"},
            {"group": {"country": ""}, **one, "saves": 0, "cost": "0.010", "saved_cost": "0.000"},
            *({"group": {"country": name}, **one} for name in ("GR", "PL", "TR")),
        ],
        "without_price": [["GR"], ["PL"], ["TR"]],
    }
    plain = ["messages", "empty", "nulls", "refused", "segments"]
    plain += ["alphabets", "segments_by_alphabet", "segments_per_message"]
    assert list(bulk("--column", "text", "--no-savings", "b.csv")) == plain
    found = bulk("--column", "text", "--no-savings", "--price", "1", "--transliterate", "--by", "country", "b.csv")
    assert list(found) == [*plain, "transliterated", "cost", "currency", "by", "without_price"]
    assert (found["currency"], list(found["by"][0])) == (None, ["group", "messages", "segments", "cost"])


# Where lists are cut ------------------------------------------------------------------------------------------------


def test_what_is_shown_of_long_lists() -> None:
    """Ten rows of the histogram, five names, twenty characters: one more, and the rest is summed up or left out."""
    assert words._few({number: number for number in range(1, 11)})[-1] == ("10", 10)
    assert words._few({number: number for number in range(1, 13)})[8:] == [("9", 9), ("10 or more", 33)]
    assert words._listed([(name,) for name in "abcde"]) == "a, b, c, d, e"
    assert words._listed([("a", ""), *[(name,) for name in "bcdef"]]) == "a / (empty), b, c, d, e and 1 more"
    letters = "áâãçêëíîïóôõúûăąćčďđęě"[:21]
    out = said_of([letter + "a" * 80 for letter in letters])
    shown = [line[0] for line in out.partition("replacing one character alone")[2].splitlines() if "U+" in line]
    assert shown == sorted(letters)[:20]
    for count, more in ((20, ""), (21, "and 1 more; --json has them all")):
        rows = [Row(("x",), Group(1, 1, 1), None, None)] * count
        lines = words._by_group(Summary(tallied([], savings=False)), "g", rows).splitlines()
        assert lines[21:] == [more] * bool(more)


def said_of(texts: Sequence[str]) -> str:
    """The summary of these texts."""
    return run("bulk", "-", stdin="".join(f"{text}\n" for text in texts).encode()).out


def tallied(texts: Sequence[str], **options: Any) -> Tally:
    """The counts of these texts."""
    found = Tally(**options)
    found.begin("m.txt")
    found.add(TextBlock([*texts]))
    return found


def test_examples_are_few_and_short() -> None:
    """Two of each kind of change, each text once, up to 320 characters; the plainest one is shown."""
    quotes = [f"’{'a' * 80}{number}" for number in range(3)]
    emoji = [f"😀{'b' * 80}"] * 2
    found = tallied([*emoji, *quotes])
    assert [example.text for example in found.examples] == [emoji[0], *quotes[:2]]
    assert [example.segments for example in found.examples] == [2, 2, 2]
    assert words.best_example(Summary(found)) == found.examples[1]
    assert words.best_example(Summary(tallied([*emoji, f"’{'a' * 80}\u200b"]))).text == emoji[0]  # type: ignore[union-attr]
    assert words.best_example(Summary(tallied([TURKISH, emoji[0]]))).text == emoji[0]  # type: ignore[union-attr]
    assert words.best_example(Summary(tallied([quotes[0] + "a", quotes[1]]))).text == quotes[1]  # type: ignore[union-attr]
    assert [len(tallied(["’" + "a" * length]).examples) for length in (319, 320)] == [1, 0]


# Counting -----------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0, 1, 2, 127, 128, 255, 256, 1 << 16, 1 << 31])), max_size=9)
)
def test_histograms_count_each_message(rows: list[tuple[int, int]]) -> None:
    """By alphabet and by segments, however many; 0 segments are a null, and those are counted by themselves."""
    segments = memoryview(bytearray(4 * len(rows))).cast("I")
    for row, (_, number) in enumerate(rows):
        segments[row] = number
    alphabets = bytes(alphabet if number else 0 for alphabet, number in rows)
    found = tally._histograms(Measured(alphabets, segments, segments, 0))
    for alphabet, wanted in ((Alphabet.GSM_7BIT, False), (Alphabet.UCS2, True)):
        numbers = [number for kind, number in rows if number and (kind != 0) == wanted]
        assert dict(found[alphabet]) == {number: numbers.count(number) for number in numbers}
    assert tally._zeros(segments) == sum(number == 0 for _, number in rows)


def test_groups_add_up() -> None:
    """Of several files, with languages and without: messages, segments, and what each kind of change saves."""
    found = Tally(permitted_languages(("tr",)), by=("c",))
    for name, rows in (("a", [("x", TURKISH), ("y", QUOTE), ("x", None)]), ("b", [("x", "a" * 161), ("x", QUOTE)])):
        found.begin(name)
        found.add(TextBlock([text for _, text in rows], keys=[(group,) for group, _ in rows]))
    assert found.groups == {
        ("x",): Group(3, 5, 6, {RemedyKind.NATIONAL_TABLES: 1, RemedyKind.TYPOGRAPHY: 1}),  # type: ignore[arg-type]
        ("y",): Group(1, 2, 2, {RemedyKind.TYPOGRAPHY: 1}),  # type: ignore[arg-type]
    }
    assert [group.savable for group in found.groups.values()] == [1, 1]
    assert (found.messages, found.segments, found.nulls, found.empty) == (4, 7, 1, 0)
    assert found.histogram == {1: 1, 2: 3}
    assert found.histograms == {Alphabet.GSM_7BIT: {1: 1, 2: 1}, Alphabet.UCS2: {2: 2}}
    assert found.segments_by_alphabet == {Alphabet.GSM_7BIT: 3, Alphabet.UCS2: 4}
    assert [(row.name, row.group.messages, row.cost) for row in Summary(found).rows_by_file()] == [
        (("a",), 2, None),
        (("b",), 2, None),
    ]


@pytest.mark.parametrize(("languages", "segments"), [((), 8), (("tr",), 6)])
def test_a_file_without_groups_is_one(languages: tuple[str, ...], segments: int) -> None:
    """Its blocks add up, nulls left out; what changes would save is counted from the segments without languages."""
    found = Tally(permitted_languages(languages))
    found.begin("m.txt")
    for texts in ([TURKISH, None, QUOTE], ["a" * 161, None, TURKISH]):
        found.add(TextBlock([*texts]))
    saved = {RemedyKind.NATIONAL_TABLES: 2, RemedyKind.TYPOGRAPHY: 1}
    assert found.files == [("m.txt", {(): Group(4, segments, 8, saved)})]  # type: ignore[arg-type]
    assert (found.groups[()].savable, found.nulls, found.segments) == (segments - 5, 2, segments)


def test_groups_are_few_and_their_names_short() -> None:
    """Fifty thousand, and up to 200 characters in each column."""
    found = Tally(by=("a", "b"))
    found.begin("m.txt")
    found.add(TextBlock(["x"], keys=[("", "y" * 200)]))
    said = "--by b: a value has 1,201 characters, and the name of a group at most 200; name a column that says country"
    with pytest.raises(InputRefusedError, match=said):
        found.add(TextBlock(["x"], keys=[("", "y" * 1_201)]))
    found.files[0][1].update(dict.fromkeys(((f"{number}", "") for number in range(49_998)), Group()))
    found.add(TextBlock(["x"], keys=[("last", "")]))
    with pytest.raises(InputRefusedError, match="--by a,b: more than 50,000 groups; name a column with fewer values"):
        found.add(TextBlock(["x"], keys=[("one more", "")]))


# What to do next ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "costs"),
    [
        ("m.txt", "m-costs.csv"),
        ("m.log", "m-costs.csv"),
        ("m.tsv.gz", "m-costs.tsv"),
        ("m.b.jsonl.gz", "m-costs.jsonl"),
        ("m.xlsm", "m-costs.xlsx"),
        ("m.parquet", "m-costs.parquet"),
        (".csv", "messages-costs.csv"),
        ("-x.csv", "./-x-costs.csv"),
    ],
)
def test_new_files_are_called_like_the_old_ones(
    name: str, costs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their ending is one that can be written; a name that is taken gets a number."""
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("")
    summary = Summary(tallied(["a"]))
    plain = ["bulk", "--output=o", "--report", "r", "--report=x", "--prefix", "p", "--output"]
    assert next_steps(summary, ["bulk", "--report", "r", "--prefix", "p", name], [name]) == (
        "What to do next:\n  write what each message costs beside it:\n"
        f"    smscodec bulk --output {costs} --prefix p {name}"
    )
    assert _without_results(plain[1:]) == ["--prefix", "p"]
    for number in (2, 3):
        Path(costs if number == 2 else f"{costs.partition('-costs')[0]}-costs-2{Path(costs).suffix}").write_text("")
        assert f"-costs-{number}{Path(costs).suffix} " in next_steps(summary, ["bulk", name], [name])


def test_there_are_no_steps_that_cannot_be_taken(tmp_path: Path) -> None:
    """Without messages none; standard input is not read again, nor files whose name no command can spell."""
    path = tmp_path / "m.txt"
    path.write_text("")
    summary = Summary(tallied([QUOTE]))
    only = f"What to do next:\n  see why that message costs what it does:\n    smscodec explain '{QUOTE}'"
    for names in (["-"], [str(path), "-"], [f"{path}\x1b"]):
        assert next_steps(summary, ["bulk", *names], names) == only
    assert next_steps(summary, ["bulk", "--column", "\u202e", str(path)], [str(path)]) == only
    assert next_steps(Summary(tallied([])), ["bulk", str(path)], [str(path)]) == ""
    assert next_steps(Summary(tallied(["a"])), ["bulk", "-"], ["-"]) == ""
    dashed = Summary(tallied([f"-{QUOTE}"]))
    assert next_steps(dashed, ["bulk", "-"], ["-"]).endswith(f"smscodec explain -- '-{QUOTE}'")


def test_the_least_harmful_change_is_the_next_step(tmp_path: Path) -> None:
    """Of those that save something, unless one was made already."""
    path = tmp_path / "m.txt"
    path.write_text("")
    texts = [f"😀{'b' * 80}", f"č{'a' * 80}", "ﬁne " * 20, QUOTE]
    for count, stage in enumerate(("emoji", "look-alikes", "compatibility", "typography"), 1):
        steps = next_steps(Summary(tallied(texts[:count])), ["bulk", str(path)], [str(path)])
        assert f"bulk --transliterate {stage} --output" in steps
        assert STAGES[stage].name == stage.replace("-", "_").upper()


def test_commands_for_windows() -> None:
    """Words in double quotes, where they need it."""
    with mock.patch.object(os, "name", "nt"):
        assert _command(["bulk", "a-b_c.d:e,f/g\\h=$1", "a b", 'x"y', "", "é"]) == (
            'smscodec bulk a-b_c.d:e,f/g\\h=$1 "a b" "x""y" "" é'
        )
