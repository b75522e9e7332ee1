"""Prices as people write them, and groups of messages with prices of their own: exact, and added up by brute force."""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import measure
from smscodec.cli.bulk import tally
from smscodec.cli.bulk.money import Price
from smscodec.transliteration import savings
from tests.bulk_files import bulk, csv_of, library, rows_of, written
from tests.command_line import FEWER, run

WRITTEN = [
    ("0.0079", "0.0079", "2,345.6789"),
    ("$0.0079", "0.0079", "$2,345.6789"),
    ("0,0079", "0.0079", "2.345,6789"),
    ("0,0079 EUR", "0.0079", "2.345,6789 EUR"),
    ("€ 0,079", "0.079", "€ 2.345,6789"),
    ("R$0,05", "0.05", "R$2.345,6789"),
    ("Rs. 0.12", "0.12", "Rs. 2,345.6789"),
    ("0.79 ¢", "0.79", "2,345.6789 ¢"),
    ("200,000", "200000", "2,345.6789"),
    ("1,234,567", "1234567", "2,345.6789"),
    ("12,34,567.5", "1234567.5", "2,345.6789"),
    ("1.234.567", "1234567", "2.345,6789"),
    ("1.234,56 zł", "1234.56", "2.345,6789 zł"),
    ("1 234,56\u00a0kr", "1234.56", "2 345,6789\u00a0kr"),
    ("CHF 1'234.50", "1234.50", "CHF 2'345.6789"),
    ("1.250", "1.250", "2,345.6789"),
    ("0,250", "0.250", "2.345,6789"),
    (".5", "0.5", "2,345.6789"),
    ("R$.05", "0.05", "R$2,345.6789"),
    ("R 5", "5", "R 2,345.6789"),
    ("1234,567", "1234.567", "2.345,6789"),
    ("5 LX", "5", "2,345.6789 LX"),
    ("5 Pesos", "5", "2,345.6789 Pesos"),
    ("9" * 20 + "." + "9" * 20, "9" * 20 + "." + "9" * 20, "2,345.6789"),
    ("5", "5", "2,345.6789"),
]


@pytest.mark.parametrize(("words", "amount", "shown"), WRITTEN)
def test_prices_as_people_write_them(words: str, amount: str, shown: str) -> None:
    """A price is read exactly, and amounts are shown in its currency, with its decimal point."""
    price = Price.parse(words)
    assert Decimal(amount) == price.amount
    assert price.style.words(Decimal("2345.6789")) == shown


@pytest.mark.parametrize(
    "words",
    ["", "-1", "NaN", "1e9", "1k", "x", "$", "1,250", "12,345", "1,2,3", "1.2.3", "1,23,45", "1.2,3,4", "$5 USD", "5%",
     "EUR.5", "9" * 21, "٣", "0x1", "1 2", "5 x", "Dollars 5", "5 Rupees", "0." + "9" * 21, "1.234 567",
     "1,234'5", "1.234.567,8,9", "k.5", "€k.5", "1234,567,890",
     "1234.567,8", "1,234,56.7", ",234,567"],
)  # fmt: skip
def test_what_cannot_be_known_is_refused(words: str) -> None:
    """No price, or one that may be read in two ways, is an error that shows what was written."""
    with pytest.raises(ValueError, match=r"expected|may be|does not separate"):
        Price.parse(words)


@pytest.mark.parametrize("words", ["1,234.567'8", "1.234,567,8", "1,234.5,6", "1,234.5.6", "1x", "5 x"])
def test_what_is_no_number_is_told_apart_from_what_may_be_two(words: str) -> None:
    """The error shows a number as it may be written."""
    said = f"expected a decimal number such as 0.0079, got {words!r}; a currency may stand before or after it, as in "
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        Price.parse(words)


def test_a_price_that_was_not_written_is_shown_in_english() -> None:
    """Without a currency, with a comma between thousands, and a full stop before the places."""
    style = Price(Decimal("0.5")).style
    assert (style.words(Decimal("2345.5")), style.plain(Decimal("2345.5"))) == ("2,345.5", "2345.5")
    assert (style.words(Decimal(7), 2), style.words(Decimal("0.125"), 2)) == ("7.00", "0.125")


@given(st.decimals(0, 10**9, places=5), st.sampled_from([",.", ".,", " ,", "'."]), st.sampled_from(["", "€", "kr "]))
def test_what_is_shown_can_be_read_again(amount: Decimal, marks: str, currency: str) -> None:
    """An amount in any style is read as the same amount and shown as it was."""
    style = Price.parse(f"{currency}1{marks[0]}000{marks[1]}5").style
    words = style.words(amount)
    again = Price.parse(words)
    assert (amount, words) == (again.amount, again.style.words(again.amount))


@pytest.mark.parametrize(
    ("price", "cost", "saved"), [("$0.0079", "$0.0158", "$0.0079"), ("0,079 EUR", "0,158 EUR", "0,079 EUR")]
)
def test_costs_are_shown_as_the_price_is(price: str, cost: str, saved: str, tmp_path: Path) -> None:
    """In the summary with its currency, in CSV as a number with its decimal point, in JSON in plain digits."""
    text = "It’s " + "a" * 80
    out = run("bulk", "--price", price, "-", stdin=text.encode()).out
    assert f"at {price} each {cost}" in out
    assert f"{saved} of {cost}" in out
    found = bulk("--price", price, "--output", str(tmp_path / "out.csv"), "-", stdin=text.encode())
    digits = cost.strip("$ EUR")
    assert [row["cost"] for row in rows_of(str(tmp_path / "out.csv"))] == [digits]
    assert found["cost"] == digits.replace(",", ".")


# Groups -------------------------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(["hello", "It’s " + "a" * 80, "ж" * 150, "x" * 200, "Ş" + "a" * 100, "😀 " + "b" * 90, ""])
ROWS = st.lists(st.tuples(st.sampled_from(["ES", "NL", "", "PL "]), TEXTS), max_size=8)
PRICES = {"ES": Decimal("0.05"), "NL": Decimal("0.07")}


def costs(rows: Sequence[tuple[str, str]], other: Decimal | None, languages: str) -> dict[str, Any]:
    """What these messages cost, and what could be saved, found message by message."""
    total: dict[str, Any] = {
        "messages": len(rows),
        "segments": 0,
        "saves": 0,
        "cost": Decimal(),
        "saved_cost": Decimal(),
    }
    for country, text in rows:
        segments = measure(text, languages=languages or ()).segments
        found = savings([text], languages=languages or "all")
        saves = segments - found.segments + found.total
        price = PRICES.get(country.strip(), other) or Decimal()
        total["segments"] += segments
        total["saves"] += saves
        total["cost"] += segments * price
        total["saved_cost"] += saves * price
    return total


def said(row: dict[str, Any]) -> dict[str, Any]:
    """The same of a row of the summary; nothing without a price."""
    names = ("messages", "segments", "saves", "cost", "saved_cost")
    return {name: Decimal(row.get(name, 0)) if "cost" in name else row[name] for name in names}


@FEWER
@given(ROWS, ROWS, st.sampled_from([None, Decimal("0.013")]), st.sampled_from(["", "tr"]))
def test_groups_and_files_add_up(
    first: list[tuple[str, str]], second: list[tuple[str, str]], other: Decimal | None, languages: str
) -> None:
    """Messages, segments, cost and savings of each group, of each file and of all are those of its messages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = [written(folder, f"{at}.csv", csv_of([["c", "t"], *rows])) for at, rows in enumerate((first, second))]
        table = written(folder, "prices.csv", b"c;price\nES;0,05 EUR\nNL;0,07\n")
        options = [*(["--price", str(other)] if other else []), *(["--languages", languages] if languages else [])]
        found = bulk("--column", "t", "--by", "c", "--prices", table, *options, *names)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for country, text in (*first, *second):
        groups[country.strip()].append((country, text))
    expected = {key: costs(rows, other, languages) for key, rows in groups.items()}
    assert expected == {row["group"]["c"]: said(row) for row in found["by"]}
    assert [costs(rows, other, languages) for rows in (first, second)] == [said(row) for row in found["by_file"]]
    everything = costs([*first, *second], other, languages)
    assert [everything[name] for name in ("cost", "saved_cost")] == [
        Decimal(found[name]) for name in ("cost", "saved_cost")
    ]
    without = {key for key in groups if key not in PRICES and other is None}
    assert without == {key for (key,) in found["without_price"]}
    assert found["currency"] == "EUR"


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl", "m.parquet", "m.arrow"])
def test_groups_in_every_format(name: str, tmp_path: Path) -> None:
    """Columns of any type name the groups, with nothing, blanks and null being one, and several columns together."""
    rows = [("ES", 1, "a"), ("ES", 2, "ж" * 71), (None, 1, "b"), ("", 1, "c")]
    if name.endswith(("parquet", "arrow")):
        pa = library("pyarrow")
        table = pa.table({"c": [row[0] for row in rows], "n": [row[1] for row in rows], "t": [row[2] for row in rows]})
        path = str(tmp_path / name)
        if name == "m.parquet":
            library("pyarrow.parquet").write_table(table, path)
        else:
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table)
    elif name == "m.csv":
        path = written(tmp_path, name, csv_of([["c", "n", "t"], *rows]))
    else:
        lines = (json.dumps(dict(zip("cnt", row, strict=True))) + "\n" for row in rows)
        path = written(tmp_path, name, "".join(lines).encode())
    for options in ([], ["--transliterate"], ["--output", str(tmp_path / "out.csv")]):
        found = bulk("--column", "t", "--by", "c,n", *options, path)["by"]
        assert [(*row["group"].values(), row["messages"], row["segments"]) for row in found] == [
            ("", "1", 2, 2),
            ("ES", "2", 1, 2),
            ("ES", "1", 1, 1),
        ]


def test_groups_are_few() -> None:
    """More groups than the limit, or a value that is a text, is one clear line that names the column."""
    arguments = ["bulk", "--format", "csv", "--column", "t", "--by", "id", "-"]
    with mock.patch.object(tally, "_MOST_GROUPS", 20):
        outcome = run(*arguments, stdin=csv_of([["id", "t"], *([number, "a"] for number in range(30))]))
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "--by id: more than 20 groups" in outcome.err
    long = run(*arguments, stdin=csv_of([["id", "t"], ["x" * 201, "a"]]))
    assert "--by id: a value has 201 characters" in long.err


def test_groups_in_words(tmp_path: Path) -> None:
    """A table of groups with those of no price named, and prices that no message has, which may be misspelt."""
    path = written(tmp_path, "m.csv", csv_of([["c", "t"], ["ES", "It’s " + "a" * 80], ["es", "b"]]))
    prices = written(tmp_path, "p.csv", b"ES,$0.05\nEs,$0.06\n")
    out = run("bulk", "--column", "t", "--by", "c", "--prices", prices, path).out
    assert "at the prices of their groups $0.10" in out
    assert "ES           1         2           1     $0.10       $0.05" in out
    assert "es           1         1           0  no price" in out
    assert "Without a price: es. The cost leaves out their 1 segment" in out
    assert "Prices without a message: Es." in out


@pytest.mark.parametrize(
    ("content", "said_of_it"),
    [
        (b"", "there are no prices in it"),
        (b"c,price\n", "there are no prices in it"),
        (b"c,price\nES,1x\n", "row 2: expected a decimal number such as 0.0079, got '1x'"),
        (b"c,price\nES,0.1\nES,0.2\n", "row 3: a second price for 'ES'"),
        (b"ES,1,2\n", "got 3; put quotation marks around a price with a comma"),
        (b"ES,$1\nNL,2 EUR\n", "prices in $ and in EUR cannot be added"),
        ("ES,$1\nNL,2 EUR\nPL,3 zł\n".encode(), "prices in $ and in EUR cannot be added"),
        (b"ES,1\nNL\n", "row 2: expected 2 fields, the last being the price, got 1"),
        (b'ES,"1\n', "not CSV"),
        (b"x" * (1 << 21), "expected at most 1,048,576 octets of prices"),
        (b"\xff\xfe\xff", "not utf-16"),
    ],
)
def test_a_bad_file_of_prices_is_one_clear_line(content: bytes, said_of_it: str, tmp_path: Path) -> None:
    """Status 1 and one line that names the file, and the row where there is one."""
    path = written(tmp_path, "m.csv", b"c,t\nES,a\n")
    prices = written(tmp_path, "p.csv", content)
    outcome = run("bulk", "--column", "t", "--by", "c", "--prices", prices, path)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert said_of_it in outcome.err
    missing = run("bulk", "--column", "t", "--by", "c", "--prices", str(tmp_path / "none.csv"), path)
    assert (missing.status, missing.err) == (1, f"smscodec: {tmp_path / 'none.csv'}: No such file or directory\n")
    wrong = run("bulk", "--column", "t", "--by", "country", "--price", "1", path)
    assert "no column 'country'" in wrong.err


@pytest.mark.parametrize(
    "content", ["c,x,price\nES,a,0.05\n", "x;c;price\na;ES;0,05\n", "ES\ta\t0.05\n", "ES|a|0,05\n"]
)
def test_prices_of_several_columns(content: str, tmp_path: Path) -> None:
    """The header may name the columns in any order; without one they stand as in --by; any usual delimiter."""
    path = written(tmp_path, "m.csv", b"x,c,t\na,ES,hello\n")
    prices = written(tmp_path, "p.csv", content.encode())
    assert bulk("--column", "t", "--by", "c,x", "--prices", prices, path)["cost"] == "0.05"


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet", "out.arrow"])
def test_a_column_of_costs(name: str, tmp_path: Path) -> None:
    """Each row has its exact cost at the price of its group; nothing where there is none."""
    if name.endswith(("parquet", "arrow")):
        library("pyarrow")
    path = written(tmp_path, "m.csv", csv_of([["c", "t"], ["ES", "ж" * 71], ["NL", "a"], ["PL", "b"]]))
    prices = written(tmp_path, "p.csv", b"ES,0.0079\nNL,0.05\n")
    output = str(tmp_path / name)
    bulk("--column", "t", "--by", "c", "--prices", prices, "--output", output, path)
    found = [row["cost"] for row in rows_of(output)]
    assert [Decimal("0.0158"), Decimal("0.05"), None] == [Decimal(cost) if cost else None for cost in found]
