"""``smscodec bulk``: the same messages cost the same in every format, cut where they may be, and what each refuses."""

from __future__ import annotations

import gzip
import json
import random
import shlex
import tempfile
from itertools import chain
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.cli.files import octets
from smscodec.testing import strategies
from tests.bulk_files import (
    COLUMN_FORMATS,
    TEXT_FORMATS,
    bulk,
    columns_of,
    csv_of,
    dribbled,
    file_of,
    library,
    written,
)
from tests.command_line import FEWER, run

# Lines of text end at a line feed, and NUL stands in no file of text.
one_liners = strategies.texts().map(lambda text: text.translate({0: "0", 10: " ", 13: " "}))
lists = st.lists(one_liners, min_size=1, max_size=12)


@FEWER
@given(lists)
def test_every_format_gives_the_same_summary(texts: list[str]) -> None:
    """Whatever holds the messages, the summary is that of the messages."""
    with tempfile.TemporaryDirectory() as folder:
        found = [bulk(*file_of(Path(folder), name, texts)) for name in TEXT_FORMATS]
        assert [found[0]] * len(found) == found


@pytest.mark.parametrize("name", COLUMN_FORMATS)
def test_columns_give_the_same_summary(name: str, tmp_path: Path) -> None:
    """Parquet and Arrow too, in several row groups and batches."""
    library("pyarrow")
    texts = ["Hello", "ж" * 80, "", "It’s", "€" * 100, "👩\u200d👩 ok", "x" * 500] * 500
    assert bulk(*file_of(tmp_path, "m.jsonl", texts)) == bulk(*file_of(tmp_path, name, texts))


@FEWER
@given(lists, st.lists(st.integers(1, 9), min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]))
def test_pieces_may_end_anywhere(texts: list[str], sizes: list[int], end: str) -> None:
    """In a character, a line end, an escape or a quoted field: the summary is that of the whole file."""
    lines = f"{end.join(texts)}{end}".encode()
    quoted = csv_of([["a", "text"], *(["x\ny", text] for text in texts)], lineterminator=end)
    strings = end.join(map(json.dumps, texts)).encode()
    for form, content in (("txt", lines), ("csv", quoted), ("jsonl", strings)):
        options = ["--format", form, *(["--column", "text"] if form == "csv" else [])]
        whole = bulk(*options, "-", stdin=content)
        outcome = run("bulk", "--json", *options, "-", stdin=dribbled(content, sizes))
        assert whole == outcome.json
        assert whole["messages"] == len(texts)


@FEWER
@given(lists, st.integers(1, 40), st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-16-be"]))
def test_encodings_and_their_marks(texts: list[str], size: int, encoding: str) -> None:
    """A byte order mark says which UTF it is, --encoding where there is none; pieces may end anywhere."""
    options = ["--encoding", encoding] if encoding[-2:] in {"le", "be"} else []
    texts = ["first", *texts]  # UTF-32 without this would look like UTF-16 that begins with NUL
    content = "".join(f"{text}\n" for text in texts)
    found = run("bulk", "--json", *options, "-", stdin=dribbled(content.encode(encoding), [size]))
    assert bulk("-", stdin=content.encode()) == found.json


def test_other_encodings() -> None:
    """Latin-1 and the code pages of Windows are read as --encoding says."""
    content = csv_of([["text"], ["Caffè à la carte"], ["It’s"]]).decode()
    options = ["--format", "csv", "--encoding", "cp1252", "-"]
    assert bulk(*options, stdin=content.encode("cp1252"))["alphabets"] == {"GSM_7BIT": 1, "UCS2": 1}


@FEWER
@given(st.lists(st.lists(st.text(st.sampled_from('a",;\t|\n\r ж')), min_size=3, max_size=3), max_size=9), st.data())
def test_csv_is_read_as_it_was_written(rows: list[list[str]], data: st.DataObject) -> None:
    """Any delimiter, found by the header or named; line breaks and quotes in quoted fields; any column."""
    delimiter = data.draw(st.sampled_from(",;\t|"))
    column = data.draw(st.integers(0, 2))
    content = csv_of([["a", "b", "c"], *rows], delimiter=delimiter, quoting=1)
    texts = [row[column] for row in rows]
    expected = bulk("--format", "jsonl", "-", stdin="\n".join(map(json.dumps, texts)).encode())
    named = ["--delimiter", delimiter] if data.draw(st.booleans()) else []
    options = ["--format", "csv", "--column", "abc"[column], *named, "-"]
    assert expected == bulk(*options, stdin=content)


@pytest.mark.parametrize(
    ("content", "options", "messages", "empty", "nulls"),
    [
        (b"", ["--column", "text"], 0, 0, 0),
        (b"\xef\xbb\xbfid;text\r\n1;a\r\n", ["--column", "text"], 1, 0, 0),
        (b"text\n", [], 0, 0, 0),
        (b"text\n\n\na\n", [], 1, 0, 0),
        (b"id,text\n1,\n2,a\n", ["--column", "text"], 2, 1, 0),
        (b"id,text\n1,\n2,a\n", ["--column", "text", "--empty-as-null"], 1, 0, 1),
        (b"1,a\n2,b\n", ["--no-header", "--column", "2"], 2, 0, 0),
        (b"a\nb\n", ["--no-header"], 2, 0, 0),
        (b"\r\n\n", [], 0, 0, 0),
        (b"\n\nid;text\n1;a,b\n", ["--column", "text"], 1, 0, 0),
        (b"id,text\r1,a\r2,b\r", ["--column", "text"], 2, 0, 0),
        (b'id,text\n1,"a\n\nb"\n', ["--column", "text"], 1, 0, 0),
        (b"text\n12345\n", ["--max-message", "5"], 1, 0, 0),
    ],
)
def test_rows_of_csv(content: bytes, options: list[str], messages: int, empty: int, nulls: int) -> None:
    """A header, fields that are empty, blank rows that hold nothing, and files without a message."""
    found = bulk("--format", "csv", *options, "-", stdin=content)
    assert (messages, empty, nulls) == (found["messages"], found["empty"], found["nulls"])


def test_empty_and_null_apart() -> None:
    """An empty message costs a segment and a null nothing, in JSON as in CSV, unless both are nulls."""
    content = b'""\nnull\n"a"\n'
    found = bulk("--format", "jsonl", "-", stdin=content)
    assert [found[name] for name in ("messages", "empty", "nulls", "segments")] == [2, 1, 1, 2]
    found = bulk("--format", "jsonl", "--empty-as-null", "-", stdin=content)
    assert [found[name] for name in ("messages", "empty", "nulls", "segments")] == [1, 0, 2, 1]


def test_a_line_for_excel_is_no_header() -> None:
    """``sep=`` above the header names the delimiter and counts as a row; without a header it is a message."""
    content = b"sep=|\r\na;b|text\r\n1|x;,y\r\n2\r\n"
    options = ("--format", "csv", "--column", "text", "-")
    assert bulk("--on-error", "count", *options, stdin=content)["messages"] == 1
    assert run("bulk", *options, stdin=content).err.startswith("smscodec: standard input, row 4: expected 2 fields")
    assert bulk("--format", "csv", "--column", "1", "--no-header", "-", stdin=b"sep=;\na;b\n")["messages"] == 2
    assert "no column 'text'" in run("bulk", *options, stdin=b"sep=;\n").err


# What is refused ----------------------------------------------------------------------------------------------------

BAD: list[tuple[str, bytes, list[str], str]] = [
    ("m.csv", b"id,body\n1,a\n", ["--column", "text"], "row 0: no column 'text'; there are 'id', 'body'"),
    (
        "m.csv",
        b"id,body\n1,a\n",
        [],
        "there are 2 columns; name the one that holds the message with --column: 'id', 'body'",
    ),
    ("m.csv", b"text,text\n1,a\n", ["--column", "text"], "expected one column 'text', got 2"),
    ("m.csv", b"1,a\n", ["--no-header", "--column", "3"], "no column '3'; there are '1', '2'"),
    ("m.csv", b"id,text\n1,a\n2\n", ["--column", "text"], "row 3: expected 2 fields as in the first row, got 1"),
    ("m.csv", b"id,text\n1,a,b\n", ["--column", "text"], "row 2: expected 2 fields as in the first row, got 3"),
    ("m.csv", b'id,text\n1,"a\n2,b\n', ["--column", "text"], "row 2: a quotation mark is opened and not closed"),
    ("m.csv", b'id,text\n1,"a"b\n', ["--column", "text"], "row 2: not CSV: ',' expected after '\"'"),
    (
        "m.csv",
        b'id,text\n1,"' + b"a\n" * 3000,
        ["--column", "text", "--max-message", "9"],
        "row 2: a field of more than",
    ),
    ("m.csv", b"id,text\n1,a\0b\n", ["--column", "text"], "row 2: NUL in field 2"),
    ("m.csv", b"id,text\n\xff,a\n", ["--column", "text"], "row 2: not UTF-8: octet 0xFF at index 0 of field 1; see"),
    ("m.csv", b"id,text\n1,\xd0", ["--column", "text"], "row 2: not UTF-8: octet 0xD0 at index 0 of field 2; see"),
    ("m.csv", b"t\xff,text\n1,\n", ["--column", "text"], "not UTF-8: octet 0xFF at index 1 of field 1; see"),
    ("m.csv", "id,text\n1,жжж\n".encode(), ["--column", "text", "--max-message", "5"], "row 2: longer than 5 octets"),
    ("m.csv", b"text\n" + b"a" * 1_100_000, ["--max-message", "9"], "a line of more than 1,056,768 octets"),
    ("m.csv", b"text\n" + b'"\n",' * 300_000, ["--max-message", "9"], "a row of more than 1,056,768 octets"),
    ("m.txt", b"\xff\xfea\0\x0a", [], "m.txt: not utf-16: truncated data"),
    ("m.jsonl", b'"a"\n"\\ud83d"\n', [], "row 2: lone surrogate U+D83D at index 0"),
    ("m.jsonl", b'"\\ud83d"\n"\\ude00"\n', [], "row 1: lone surrogate U+D83D at index 0"),
    ("m.jsonl", b'{"a": 1, "b": 2}\n', ["--column", "text"], "row 1: no member 'text'; there are 'a', 'b'"),
    ("m.jsonl", b'"a"\n["b"\n"c"]\n"d","e"\n', [], "row 2: not JSON"),
]


@pytest.mark.parametrize(("name", "content", "options", "said"), BAD)
def test_a_bad_file_is_one_clear_line(name: str, content: bytes, options: list[str], said: str, tmp_path: Path) -> None:
    """Status 1, nothing on standard output, and a line that names file, row, if one was reached, and what is wrong."""
    path = written(tmp_path, name, content)
    outcome = run("bulk", *options, path)
    assert outcome[:2] == (1, "")
    assert outcome.err.startswith((f"smscodec: {path}, ", f"smscodec: {path}: "))
    assert said.removeprefix("row 0: ") in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("form", "content", "options", "good", "refused"),
    [
        ("txt", b"a\n\xff\nb\n" + b"x" * 40 + b"\nc", ["--max-message", "20"], 3, 2),
        ("jsonl", b'"a"\n1\n"b"\nnull\n{\n"' + b"x" * 99 + b'"\n"c"', ["--max-message", "9"], 3, 3),
        ("csv", b'id,text\n1,a\n2\n3,\xff\n4,"x"y\n5,b\n', ["--column", "text"], 2, 3),
        ("csv", b'id,text\n1,a\n2,"b\n', ["--column", "text"], 1, 1),
    ],
)
def test_bad_rows_may_be_counted(form: str, content: bytes, options: list[str], good: int, refused: int) -> None:
    """With --on-error count the good rows are counted and the bad ones too, the first being named."""
    arguments = ["--format", form, "--on-error", "count", *options, "-"]
    found = bulk(*arguments, stdin=content)
    assert (good, refused) == (found["messages"], found["refused"])
    said = run("bulk", *arguments, stdin=content).out.splitlines()[0]
    assert f"{refused} bad row" in said
    assert "left out, the first being standard input, row " in said


@FEWER
@given(st.binary(max_size=300), st.sampled_from(["txt", "csv", "jsonl"]), st.booleans())
def test_any_octets_are_read_or_refused(content: bytes, form: str, count: bool) -> None:
    """A summary or one clear line, for whatever octets; before it may stand a line for each thing that was guessed."""
    options = ["--format", form, "--max-message", "50", *["--on-error", "count"] * count]
    outcome = run("bulk", *options, "-", stdin=content)
    assert outcome.status in {0, 1}
    said = [line for line in outcome.err.splitlines() if " read as " not in line]
    assert len(said) == outcome.status


def test_a_bad_row_is_found_wherever_blocks_end(tmp_path: Path) -> None:
    """The number of the row is right after thousands of rows, whatever the size of the pieces."""
    rng = random.Random(1)
    for size in (1 << 12, 5_003, 1 << 18):
        bad = rng.randrange(2, 5_000)
        lines = [f"message {number}".encode() for number in range(1, 5_001)]
        lines[bad - 1] = b"\xff"
        path = written(tmp_path, "m.txt", b"\n".join(lines))
        with mock.patch.object(octets, "_PIECE", size), mock.patch.object(octets, "_SMALLEST_PIECE", size):
            assert run("bulk", path).err.startswith(f"smscodec: {path}, row {bad:,}: not UTF-8")
            rows = b"text\n" + b"\n".join(lines)
            assert run("bulk", "--format", "csv", "-", stdin=rows).err.startswith(
                f"smscodec: standard input, row {bad + 1:,}: not UTF-8"
            )


def test_folders_and_files_that_may_not_be_read(tmp_path: Path) -> None:
    """Each is one line with the words of the system, for every format."""
    for ending in ("txt", "csv", "jsonl", "txt.gz"):
        folder = tmp_path / f"folder.{ending}"
        folder.mkdir()
        for path, status, reason in (
            (folder, 2, "is a directory; name the files in it"),
            (tmp_path / f"none.{ending}", 1, "No such file"),
        ):
            outcome = run("bulk", str(path))
            assert (outcome.status, outcome.out, outcome.err.count("\n")) == (status, "", 1)
            assert reason in outcome.err


def test_gzip_that_promises_much_is_read_in_pieces(tmp_path: Path) -> None:
    """Sixteen mebioctets of one line in a few kilooctets are refused at the limit, and not unpacked."""
    path = written(tmp_path, "bomb.txt.gz", b"a" * (16 << 20))
    taken: list[int] = []
    whole = gzip.GzipFile.read1

    def counting(self: gzip.GzipFile, size: int = -1) -> bytes:
        octets_read = whole(self, size)
        taken.append(len(octets_read))
        return octets_read

    with mock.patch.object(gzip.GzipFile, "read1", counting):
        assert "row 1: longer than 1,048,576 octets" in run("bulk", path).err
    assert sum(taken) < 3 << 20


# Options of counting ------------------------------------------------------------------------------------------------


@FEWER
@given(st.lists(one_liners, max_size=5), st.decimals(0, 10, places=5), st.integers(0, 3))
def test_price_is_reckoned_exactly(texts: list[str], price: object, more: int) -> None:
    """The cost is the segments times the price, digit by digit, and so is what could be saved."""
    from decimal import Decimal

    content = "\n".join(map(json.dumps, [*texts, *["’" + "a" * 99] * more])).encode()
    found = bulk("--format", "jsonl", "--price", f"{price:f}", "-", stdin=content)
    assert Decimal(found["cost"]) == found["segments"] * Decimal(str(price))
    assert Decimal(found["saved_cost"]) == found["savings"]["total"] * Decimal(str(price))


def test_languages_and_transliteration() -> None:
    """National tables count where they save a segment; texts with replacements are counted as they are then."""
    turkish = "Önümüzdeki salı günü saat dokuzda şubemizde görüşmek üzere; şimdiden teşekkür ederiz."
    content = f"{turkish}\nHello\n".encode()
    assert bulk("-", stdin=content)["segments"] == 3
    assert bulk("--languages", "turkish", "-", stdin=content)["segments"] == 2
    changed = bulk("--transliterate", "-", stdin=content)
    assert (changed["segments"], changed["transliterated"], changed["savings"]["total"]) == (2, 1, 0)
    assert (
        "1 changed by --transliterate before they were counted"
        in run("bulk", "--transliterate", "-", stdin=content).out
    )


def test_savings_may_be_left_out() -> None:
    """With --no-savings the rest of the summary is the same."""
    content = "Привет\nIt’s\nHello\n".encode()
    found = bulk("-", stdin=content)
    assert found.pop("savings")["total"] == 0
    assert found == bulk("--no-savings", "-", stdin=content)
    assert "save" not in run("bulk", "--no-savings", "--price", "1", "-", stdin=content).out


def test_the_first_messages_show_a_wrong_encoding() -> None:
    """UTF-8 that was read as Latin-1 is counted, with a warning that shows what was meant."""
    outcome = run("bulk", "--json", "-", stdin="Hello\nCafé\n".encode().decode("latin-1").encode())
    assert outcome.json["messages"] == 2
    assert "standard input: 'Ã©' looks like 'é' in UTF-8 that was read as Latin-1" in outcome.err
    assert "see --encoding" in outcome.err


def test_a_misspelt_column_is_guessed() -> None:
    """The error lists the columns that there are, and guesses at the one that was meant."""
    outcome = run("bulk", "--format", "csv", "--column", "txet", "-", stdin=b"id,text\n1,a\n")
    assert "no column 'txet'; did you mean text? there are 'id', 'text'" in outcome.err


def test_columns_are_described(tmp_path: Path) -> None:
    """Several files add up whatever their formats, and the help shows how to read each."""
    files = [*chain(*(file_of(tmp_path, name, ["a", "b"]) for name in ("m.csv", "m.txt", "m.jsonl.gz")))]
    files = [name for name in files if name not in {"--column", "text"}]
    assert bulk("--column", "text", *files)["messages"] == 6
    assert all(word in run("bulk", "--help").out for word in (".parquet", "--on-error", "export.csv"))


PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "campaign.md"
RECIPES = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("smscodec bulk ")]


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_recipes_of_the_documentation_run(recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on files that are called as in it."""
    if ".parquet" in recipe:
        columns_of(tmp_path, "outbox.parquet", ["Hello", "It’s"])
    if ".xlsx" in recipe:
        book = library("openpyxl").Workbook()
        book.active.append(["message"])
        book.save(tmp_path / "outbox.xlsx")
    (tmp_path / "campaign.csv").write_bytes(csv_of([["country", "message"], ["ES", "Hello"]]))
    (tmp_path / "prices.csv").write_text("country;price\nES;0,05 EUR\n", encoding="utf-8")
    (tmp_path / "outbox.csv").write_bytes(csv_of([["id", "body"], [1, "Hello"]]))
    (tmp_path / "outbox.jsonl").write_text('{"text": "Hello"}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    outcome = run(*shlex.split(recipe)[1:])
    assert (outcome.status, outcome.err) == (0, "")
    assert "message" in outcome.out


def test_there_are_recipes() -> None:
    """One for each of CSV, JSON lines, Excel and Parquet."""
    assert all(any(name in recipe for recipe in RECIPES) for name in (".csv", ".jsonl", ".xlsx", ".parquet"))
