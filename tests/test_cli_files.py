"""The readers of text files by themselves: the blocks that they hand on, row by row, and how much they hold at once."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from smscodec.cli.files import FORMATS, Format, blocks_of, csv_rows, format_of, json_lines, octets, text_lines
from smscodec.cli.files.blocks import Reading, ReadingOptions, TextBlock, check_text
from smscodec.cli.files.columns import chosen_column, refuse_twins
from smscodec.cli.reading import InputRefusedError
from smscodec.tables import permitted_languages
from tests.bulk_files import Found, written


@pytest.fixture
def small() -> Iterator[None]:
    """Pieces of one octet, and little room beside a message."""
    with (
        mock.patch.multiple(octets, _PIECE=1, _SMALLEST_PIECE=1),
        mock.patch.multiple(csv_rows, _SHORTEST_LIMIT=4, _OTHER_FIELDS=30),
        mock.patch.object(json_lines, "_OTHER_MEMBERS", 20),
    ):
        yield


# Names, options, errors ---------------------------------------------------------------------------------------------


def test_the_ending_says_the_format() -> None:
    """Every ending in either case; .gz behind those of text only; lines of text from standard input."""
    text = {".txt": "txt", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
    others = {".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet"}
    others |= dict.fromkeys((".arrow", ".arrows", ".feather"), "arrow")
    for ending, form in (text | others).items():
        assert [format_of(f"a.b{ending}"), format_of(f"A{ending.upper()}")] == [form] * 2
        assert [format_of(f"m{ending}{gz}") for gz in (".gz", ".GZ")] == [text.get(ending)] * 2
    assert format_of("-") == "txt"
    assert [format_of(name) for name in ("m", "m.gz", "m.doc", "txt", "m.txt.bz2", "-.x")] == [None] * 6
    assert FORMATS == ("txt", "jsonl", "csv", "xlsx", "parquet", "arrow")


def test_what_holds_unless_something_else_is_said() -> None:
    """A mebioctet a message, a header, and nothing that is left out, kept, or taken already."""
    options = ReadingOptions()
    assert (options.max_octets, options.header, options.empty_as_null, options.keep) == (1 << 20, True, False, False)
    assert (options.skip, options.by, options.column) == (False, (), None)
    reading = Reading("m.txt", options)
    assert (reading.row, reading.position(), reading.refused, reading.marked, reading.notes) == (0, 0, 0, False, [])


def test_refusals_are_counted_and_the_first_is_kept() -> None:
    """Where they are skipped; else, as where a file cannot be read on, the error names file and row."""
    reading = Reading("-", ReadingOptions(skip=True), row=1_234)
    reading.refuse("bad")
    reading.refuse("worse", 7)
    assert (reading.refused, reading.first_refusal) == (2, "standard input, row 1,234: bad")
    assert str(reading.damaged("cut")) == "standard input, after row 1,234: cut"
    assert str(Reading("m.txt", ReadingOptions()).damaged("cut")) == "m.txt: cut"
    with pytest.raises(InputRefusedError, match=r"^m\.txt, row 0: bad$"):
        Reading("m.txt", ReadingOptions()).refuse("bad")
    reading.note("guessed")
    assert reading.notes == ["standard input: guessed"]


def test_the_limit_is_exact() -> None:
    """In octets of UTF-8, of ASCII and of other text; a lone surrogate is named however short the text."""
    for text in ("a" * 12, "é" * 6, "ж" * 6, "€" * 4, "😀" * 3):
        check_text(text, 12)
        with pytest.raises(InputRefusedError, match=r"^longer than 11 octets; see --max-message$"):
            check_text(text, 11)
    with pytest.raises(InputRefusedError, match=r"^lone surrogate U\+DC00 at index 2$"):
        check_text("ab\udc00", 1_000)


def test_a_block_of_texts_costs_what_they_cost() -> None:
    """A null costs nothing and is counted; an empty message costs a segment, and is still empty when it is shown."""
    texts = ["a", None, "ж" * 71, "", None]
    measured = TextBlock(texts).measured(permitted_languages(()))
    assert [number != 0 for number in measured.alphabets] == [False, False, True, False, False]
    assert (measured.units.tolist(), measured.segments.tolist()) == ([1, 0, 71, 0, 0], [1, 0, 2, 1, 0])
    assert measured.nulls == 2
    assert [TextBlock(texts).text(row) for row in (0, 2, 3)] == ["a", "ж" * 71, ""]
    assert TextBlock(["a", ""]).measured(permitted_languages(())).nulls == 0


def test_which_column() -> None:
    """The only one needs no name; one that is not there, or there twice, is refused with the names of all."""
    assert [chosen_column(["a"], None), chosen_column(["a", "b"], "b")] == [0, 1]
    for names, wanted, said in (
        ([], None, "there are 0 columns; name the one that holds the message with --column: "),
        (["a", "b"], None, "there are 2 columns; name the one that holds the message with --column: 'a', 'b'"),
        ([], "x", "no column 'x'; there are no columns"),
        (["a"], "x", "no column 'x'; there is 'a'"),
        (["text", "b"], "txt", "no column 'txt'; did you mean text? there are 'text', 'b'"),
        (["a", "a"], "a", "expected one column 'a', got 2: 'a', 'a'"),
    ):
        with pytest.raises(InputRefusedError) as refused:
            chosen_column(names, wanted)
        assert str(refused.value) == said
    refuse_twins(["a", "b"])
    with pytest.raises(InputRefusedError, match=r"^2 columns are called 'b', which --output cannot keep$"):
        refuse_twins(["a", "b", "b"])


# Lines of text and of JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", "\udcff\n"])
def test_line_ends_are_not_text(before: str, tmp_path: Path) -> None:
    """CRLF or LF, also beside a bad row, where each row is looked at alone; a CR that no LF follows is text."""
    for content, texts in (("ab\r\n", ["ab"]), ("ab\r", ["ab\r"]), ("X\r\n\r\ncd\n", ["X", "", "cd"]), ("", [])):
        path = written(tmp_path, "m.txt", (before + content).encode(errors="surrogateescape"))
        choices: list[dict[str, Any]] = [{}, {"keep": True}, {"empty_as_null": True}]
        for options in choices:
            found = Found(path, encoding="utf-8", skip=True, **options)
            assert found.texts == [text or (None if "empty_as_null" in options else "") for text in texts]
            assert found.records == ([{"text": text} for text in texts] if "keep" in options else [])
            assert (found.reading.row, found.reading.refused) == (len(texts) + bool(before), bool(before))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_row_may_be_just_as_long_as_the_limit(end: bytes, tmp_path: Path) -> None:
    """In pieces of one octet; one octet more is refused, under the number of its row, and the next row is read."""
    with pytest.raises(InputRefusedError, match="row 1: longer than 9 octets"):
        Found(written(tmp_path, "m.txt", b"a" * 11 + b"\xff" + end), max_octets=9, encoding="utf-8")
    for more in (0, 1):
        path = written(tmp_path, "m.txt", end.join([b"a" * (9 + more), b"X", b""]))
        found = Found(path, max_octets=9, skip=True)
        assert (found.texts[more - 1 :], found.reading.refused, found.reading.row) == (["X"], more, 2)
        for keep in (False, True):
            row = b'"a"'.ljust(26 + more)
            found = Found(
                written(tmp_path, "m.jsonl", end.join([row, b'"X"', b""])), max_octets=1, skip=True, keep=keep
            )
            assert (found.texts[more - 1 :], found.reading.refused, found.reading.row) == (["X"], more, 2)


def test_a_long_row_of_json_among_others(tmp_path: Path) -> None:
    """It is refused where it stands, to the octet, and the rows after it are read."""
    for end in (b"\n", b"\r\n"):
        rows = end.join([b'"a"', b'"b"'.ljust(26), b'"c"'.ljust(27), b" ", b'"d"', b""])
        with mock.patch.object(json_lines, "_OTHER_MEMBERS", 20):
            found = Found(written(tmp_path, "m.jsonl", rows), max_octets=1, skip=True, keep=True)
        assert (found.texts, found.reading.refused, found.reading.row) == (["a", "b", "d"], 1, 5)
        assert found.reading.first_refusal == f"{tmp_path / 'm.jsonl'}, row 3: longer than 26 octets; see --max-message"


def test_what_a_row_of_json_may_be(tmp_path: Path) -> None:
    """Each kind of value is named where a string, or an object with the member, is expected."""
    kinds = {"null": "null", "true": "a boolean", "1": "a number", "1.5": "a number", "[]": "an array"}
    for value, kind in kinds.items():
        path = written(tmp_path, "m.jsonl", f"{value}\n".encode())
        found = Found(path, column="t", skip=True)
        assert str(found.reading.first_refusal).endswith(f": expected an object with a member 't', got {kind}")
        if value != "null":
            path = written(tmp_path, "m.jsonl", f'{{"t": {value}}}\n'.encode())
            found = Found(path, column="t", skip=True)
            assert str(found.reading.first_refusal).endswith(f": expected a string, got {kind}")
    for escape in ("\\ud83d", "\\uD83D", "\\udfff", "\\uDFFF"):
        found = Found(written(tmp_path, "m.jsonl", f'"a"\n"b{escape}"\n'.encode()), skip=True)
        assert (found.texts, found.reading.refused) == (["a"], 1)
    found = Found(written(tmp_path, "m.jsonl", b'{"t": "a"}\n'), column="t", by=("c",), skip=True)
    assert str(found.reading.first_refusal).endswith("row 1: no member 'c'; there is 't'")


def test_how_many_brackets_a_row_may_have(tmp_path: Path) -> None:
    """Fifty thousand of both kinds together, in a row that is alone or beside a bad one."""
    for more in (0, 1):
        row = json.dumps({"x": [[]] * 25_000 + [{}] * (24_998 + more), "t": "a"}) + "\n"
        for content, bad in ((row, more), (f"{row}1\n", more + 1)):
            found = Found(written(tmp_path, "m.jsonl", content.encode()), column="t", skip=True)
            assert (found.texts, found.reading.refused) == (["a"] * (not more), bad)


@pytest.mark.parametrize(
    ("form", "content", "options", "texts"),
    [
        ("txt", b"a\nX\r\n\n\xc3\xa9", {}, ["a", "X", "", "é"]),
        ("txt", b"aaaa\nbb\n", {"max_octets": 4}, ["aaaa", "bb"]),
        ("txt", b"aaaa", {"max_octets": 4, "keep": True}, ["aaaa"]),
        ("jsonl", b'"a"\n"X"\nnull\n""\n', {}, ["a", "X", None, ""]),
        ("jsonl", b'"a"\r\n"\\u0041"\r\n', {}, ["a", "A"]),
        ("jsonl", b"null\n", {"max_octets": 3}, [None]),
        ("jsonl", b'"a"\n"b"\n', {"max_octets": 4}, ["a", "b"]),
        ("jsonl", b'"\\ud83d\\ude00"\n"\\uD83D\\uDE00"\n', {}, ["😀", "😀"]),
        ("jsonl", b'{"t": "a", "c": [1]}\n{"t": null, "c": 1}\n', {"column": "t"}, ["a", None]),
        ("jsonl", b'{"t": "a", "c": [1]}\n', {"column": "t", "by": ("c", "t"), "keep": True}, ["a"]),
        ("jsonl", b'{"t": "a", "x": [%s]}\n' % b",".join([b"{}"] * 49_998), {"column": "t"}, ["a"]),
        ("jsonl", b"%s\n" % b"\n".join([b'"[[[[{{{{"'] * 7_000), {}, ["[[[[{{{{"] * 7_000),
        ("csv", b'c,t\n1,X\n2,"a\nb"\n', {"column": "t"}, ["X", "a\nb"]),
        ("csv", b"c,t\n1,a\n2,b\n", {"column": "t", "max_octets": 4, "by": ("c",), "keep": True}, ["a", "b"]),
        ("csv", b"1,a\n2,\n", {"column": "2", "header": False}, ["a", ""]),
    ],
)
def test_good_rows_are_read_at_once(
    form: Format, content: bytes, options: dict[str, Any], texts: list[str], tmp_path: Path
) -> None:
    """No row is looked at alone where none can be bad, and it is the same row with its groups and its columns."""
    path = written(tmp_path, f"m.{form}", content)
    slow = mock.Mock(side_effect=AssertionError("one by one"))
    with (
        mock.patch.object(text_lines, "_one_by_one", slow),
        mock.patch.object(json_lines, "_one_by_one", slow),
        mock.patch.object(csv_rows._Table, "_one_by_one", slow),
    ):
        found = Found(path, **options)
    assert found.texts == texts
    assert found.reading.row == len(texts) + (form == "csv" and options.get("header", True))
    if form != "txt" and "by" in options:
        assert found.keys == [("1",), ("2",)] if form == "csv" else [("[1]", "a")]
    assert len(found.records) == (len(texts) if "keep" in options else 0)


# CSV ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "options", "expected"),
    [
        ("m.csv", b"X\na\n", {}, (["a"], 2)),
        ("m.csv", b"\n\r\n\nid;t\n1;a\n\n2;b\n", {"column": "t"}, (["a", "b"], 7)),
        ("m.csv", b"sep=;\na,b;t\n1;c\n", {"column": "t"}, (["c"], 3)),
        ("m.csv", b"\nsep=;\nt\na\n", {}, (["a"], 4)),
        ("m.csv", b"x,y,z;t\n1;a\n", {"column": "t"}, (["a"], 2)),
        ("m.csv", b"1;x,y\n", {"column": "1", "header": False}, (["1;x"], 1)),
        ("m.csv", b"x|y;t\n1|a\n", {"column": "y;t", "delimiter": "|"}, (["a"], 2)),
        ("m.csv", b"sep=;\nx;y|t\n1|a\n", {"column": "t", "delimiter": "|"}, (["a"], 3)),
        ("m.tsv", b"a,b\nc,d\n", {}, (["c,d"], 2)),
        ("m.TSV.gz", gzip.compress(b"a,b\nc,d\n", mtime=0), {}, (["c,d"], 2)),
        ("m.csv", b"".join(bytes([at]) for at in range(33, 127) if at not in b',;|"') + b"\na\n", {}, (["a"], 2)),
        ("m.csv", b"t\n\na\n\n", {"empty_as_null": True}, (["a"], 4)),
        ("m.csv", b'c,t\n1,\n2,"a"b\n3\n4,d\n', {"column": "t", "skip": True, "empty_as_null": True}, ([None, "d"], 5)),
    ],
)
def test_rows_of_csv_and_their_numbers(
    name: str, content: bytes, options: dict[str, Any], expected: tuple[list[str], int], tmp_path: Path
) -> None:
    """Every line counts as a row, also a blank one, a declaration, the header, and one that is refused."""
    (tmp_path / name).write_bytes(content)
    before = csv.field_size_limit()
    found = Found(str(tmp_path / name), **options)
    assert (found.texts, found.reading.row) == expected
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'id,"t\n1,a\n', ": a quotation mark is opened and not closed"),
        (b"sep=;\n", ", after row 2: no column 't'; there are no columns"),
        (b"\nid\n", ", after row 2: no column 't'; there is 'id'"),
        (b"identity\0,t\n", ", after row 1: NUL in field 1: not a text file, or one in UTF-16; see --encoding"),
    ],
)
def test_a_header_that_says_nothing_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    """In one line, with the row if there is one."""
    path = written(tmp_path, "m.csv", content)
    with pytest.raises(InputRefusedError) as refused:
        Found(path, column="t")
    assert str(refused.value) == path + said


def test_twins_are_refused_where_rows_are_kept(tmp_path: Path) -> None:
    """Two columns of a name are no matter to a count of a third one."""
    path = written(tmp_path, "m.csv", b"a,a,t\n1,2,x\n")
    assert Found(path, column="t").texts == ["x"]
    with pytest.raises(InputRefusedError, match="2 columns are called 'a', which --output cannot keep"):
        Found(path, column="t", keep=True)


def test_blocks_of_csv_are_bounded(tmp_path: Path) -> None:
    """By 1,024 rows, and by 4 MiB with what sixteen rows may add."""
    rows = b"".join(b"%d\n" % number for number in range(3_000))
    assert Found(written(tmp_path, "m.csv", b"t\n" + rows)).sizes == [1_024, 1_024, 952]
    long = b"a" * (300 << 10) + b"\n"
    assert Found(written(tmp_path, "m.csv", b"t\n" + long * 30)).sizes == [16, 14]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_how_long_a_row_of_csv_may_be(end: str, tmp_path: Path) -> None:
    """Twice the longest message and what may stand beside it, to the character, header and later rows alike."""
    for more in (0, 1):
        row = ",".join(["a" * 7] * 6) + "," + "b" * (2 + more - len(end))
        for rows in ([row, row], ["1,2,3,4,5,6,7", row, *["1,2,3,4,5,6,7"] * 30]):
            path = written(tmp_path, "m.csv", "".join(f"{row}{end}" for row in rows).encode())
            if more:
                with pytest.raises(InputRefusedError, match="a row of more than 50 octets"):
                    Found(path, column="1", header=False, max_octets=10)
            else:
                found = Found(path, column="1", header=False, max_octets=10)
                assert (len(found.texts), found.reading.row) == (len(rows), len(rows))
    bad = "".join(f'1,"a"x{number}{end}' for number in range(30))
    assert Found(written(tmp_path, "m.csv", f"a,b{end}{bad}".encode()), column="a", skip=True).reading.refused == 30
    for content, said in (
        (b"t\n" + b"a" * 50, "a field of more than 10 characters"),
        (b"t\n" + b"a" * 51, "a line of"),
    ):
        with pytest.raises(InputRefusedError, match=said):
            Found(written(tmp_path, "m.csv", content), max_octets=10)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", range(1, 12))
def test_a_lone_cr_ends_a_row_of_csv(size: int, tmp_path: Path) -> None:
    """In pieces that end anywhere, in a file that is longer than a row may be; before an LF it ends the row with it."""
    for end in (b"\r", b"\r\n"):
        content = b"a,b" + end + (b"1,234567" + end) * 30
        with mock.patch.object(octets, "_PIECE", size):
            found = Found(written(tmp_path, "m.csv", content), column="a", max_octets=10)
        assert found.texts == ["1"] * 30


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be"])
@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_row_of_csv_is_one_row_in_any_encoding(end: str, encoding: str, tmp_path: Path) -> None:
    """Also where an octet that came is not yet a character, after a CR as elsewhere."""
    found = Found(written(tmp_path, "m.csv", f"a{end}1{end}2{end}".encode(encoding)), column="a", encoding=encoding)
    assert (found.texts, found.reading.row) == (["1", "2"], 3)


def test_a_pipe_that_cannot_be_wound_back(tmp_path: Path) -> None:
    """A named pipe is read as it comes, without a position."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    path = str(tmp_path / "m.txt")
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    os.write(writer, b"aa\nbb\n")
    reading = Reading(path, ReadingOptions())
    blocks = blocks_of("txt", reading)
    with mock.patch.object(os, "lseek", side_effect=AssertionError("a pipe has no position")):
        assert next(blocks).texts() == ["aa", "bb"]
        assert reading.position() == 0
    os.close(writer)
