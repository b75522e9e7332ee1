"""``smscodec bulk``: what a row is in each format, what the summary says, and what stops the run where."""

from __future__ import annotations

import gzip
import io
import json
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import count_segments, detect, measure
from smscodec.tables import permitted_languages
from smscodec.testing import strategies
from smscodec.transliteration import savings
from tests.bulk_files import csv_of
from tests.command_line import FEWER, Endless, run

TROUBLE = "ae2 ’…\u200b²½жохç😀❤™👩αβμKﬁ\u0301\u0338\u20e3\ufe0f\u200d\u200e\U0001f3fd\u0600שक\u093c\u0947ก\u0e33🇺"
"""Characters that stay, go, and depend on each other: letters, marks, joiners, signs of direction, digits."""


def bulk(*arguments: str, stdin: bytes = b"") -> Any:
    """The summary as JSON."""
    return run("bulk", "--json", *arguments, stdin=stdin).json


def written(folder: Path, name: str, content: bytes) -> str:
    """A file of that content, compressed if its name says so."""
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return str(path)


# Rows ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (b"", 0),
        (b"\xef\xbb\xbf", 0),
        (b"\xef\xbb\xbf\n", 1),
        (b"\n", 1),
        (b"a", 1),
        (b"a\n", 1),
        (b"a\nb", 2),
        (b"a\r\nb\r\n", 2),
        (b"a\n\nb\n\n", 4),
        (b"a\rb\x0bc\x0cd\x1ce\xc2\x85f\xe2\x80\xa8g\xe2\x80\xa9h\n", 1),
    ],
)
def test_only_lf_or_crlf_ends_a_text_line(content: bytes, messages: int) -> None:
    """An empty line is an empty message; the end of the file ends the last line; nothing else does."""
    assert messages == bulk("-", stdin=content)["messages"]


@pytest.mark.parametrize(
    ("content", "segments"),
    [
        (b"a" * 160 + b"\r\n", 1),
        (b"a" * 160 + b"\r", 2),
        (b"\xef\xbb\xbf" + b"a" * 160 + b"\n", 1),
        (b"a\n\xef\xbb\xbf" + b"a" * 70 + b"\n", 3),
    ],
)
def test_line_ends_and_the_mark_of_the_file_are_not_text(content: bytes, segments: int) -> None:
    """A lone CR is text, and a byte order mark is text where it does not begin the file."""
    assert segments == bulk("-", stdin=content)["segments"]


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (b'"a"\n"\\u0436"\n', [], (2, 0)),
        (b'\xef\xbb\xbf"a"\r\n\r\n   \n"b"', [], (2, 0)),
        (b'null\n"a"\nnull', [], (1, 2)),
        (b'{"text": "a", "id": 1}\n{"text": null}\n', ["--column", "text"], (1, 1)),
        (b'{"text": "a\\nb\\u2028c"}', ["--column", "text"], (1, 0)),
    ],
)
def test_rows_of_json_lines(content: bytes, options: list[str], expected: tuple[int, int], tmp_path: Path) -> None:
    """Strings, or objects with --column; nulls are counted apart; a blank row holds nothing."""
    for name in ("messages.jsonl", "messages.jsonl.gz", "capital.JSONL"):
        found = bulk(*options, written(tmp_path, name, content))
        assert expected == (found["messages"], found["nulls"])


def test_several_files_make_one_summary(tmp_path: Path) -> None:
    """Text, JSON and compressed files may be mixed, and standard input is one of them."""
    files = [
        written(tmp_path, "a.txt", b"one\ntwo\n"),
        written(tmp_path, "b.txt.gz", b"three\n"),
        written(tmp_path, "c.jsonl", b'{"body": "four"}\n'),
    ]
    assert bulk("--column", "body", *files, "-", stdin=b"five\nsix")["messages"] == 6


def test_format_says_what_a_name_does_not(tmp_path: Path) -> None:
    """Standard input and files of any name are read as --format says."""
    assert bulk("--format", "jsonl", "-", stdin=b'"a"\n\n"b"\n')["messages"] == 2
    assert bulk("--format", "txt", written(tmp_path, "export.log", b"a\n\nb\n"))["messages"] == 3


# The summary --------------------------------------------------------------------------------------------------------


@FEWER
@given(st.lists(st.one_of(strategies.texts(), strategies.boundary_texts()), max_size=12))
def test_the_summary_is_the_sum_of_its_messages(texts: list[str]) -> None:
    """Messages, segments, alphabets and histogram as the core tells them one by one."""
    content = "\n".join(map(json.dumps, texts)).encode()
    found = bulk("--format", "jsonl", "-", stdin=content)
    assert len(texts) == found["messages"]
    assert sum(map(count_segments, texts)) == found["segments"]
    alphabets = Counter(detect(text).name for text in texts)
    assert {name: alphabets[name] for name in ("GSM_7BIT", "UCS2")} == found["alphabets"]
    histogram = Counter(str(count_segments(text)) for text in texts)
    assert dict(histogram) == found["segments_per_message"]


@FEWER
@given(
    st.lists(st.one_of(strategies.texts(), st.text(st.sampled_from(TROUBLE), max_size=90)), max_size=8),
    st.sampled_from(["", "tr,hi", "all"]),
)
def test_the_summary_says_what_savings_says(texts: list[str], languages: str) -> None:
    """By remedy and by character, with the languages that are permitted, or all of them."""
    options = ["--languages", languages] if languages else []
    found = bulk("--format", "jsonl", *options, "-", stdin="\n".join(map(json.dumps, texts)).encode())
    expected = savings(texts, languages=languages.split(",") if languages else "all")
    assert expected.as_dict() == found["savings"]
    permitted = permitted_languages(languages.split(",") if languages else ())
    assert found["segments"] == sum(measure(text, languages=permitted).segments for text in texts)


def test_savings_are_left_out_on_request() -> None:
    """With --no-savings nothing is looked for."""
    assert "savings" not in bulk("--no-savings", "-", stdin="’".encode() * 100)


def test_the_summary_in_words(tmp_path: Path) -> None:
    """Totals, what could be saved with an example of it, sums by alphabet and length, and what to do next."""
    long = "It’s " + "a" * 80
    content = f"hello\n\n{long}\nПривет 😀\n{'x' * 90} 😀\n".encode()
    assert run("bulk", "-", stdin=content).out == (
        "5 messages, 7 segments (1.400 per message); 1 empty, each of which costs a segment\n"
        "\n"
        "A segment is what is sent and billed: up to 160 characters, or only up to 70 if\n"
        "the message holds one special character, such as a curly quotation mark.\n"
        "Up to 2 segments of 7 could be saved (28.6%).\n"
        "For example, this message takes 2 segments:\n"
        f"  It’s {'a' * 80}\n"
        "and 1 after a change that replaces ’ with ':\n"
        f"  It's {'a' * 80}\n"
        "\n"
        "what would save segments, the least harmful change first  messages  saves  together\n"
        "straight quotation marks, plain dashes and spaces                1      1         1\n"
        "emoji left out                                                   1      1         2\n"
        "\n"
        "replacing one character alone           with  messages  saves\n"
        "’  right single quotation mark  U+2019  '            1      1\n"
        "\n"
        "by alphabet              messages  share  segments  share\n"
        "GSM alphabet                    2  40.0%         2  28.6%  #########\n"
        "with special characters         3  60.0%         5  71.4%  #####################\n"
        "\n"
        "segments per message  messages  share\n"
        "1                            3  60.0%  ##################\n"
        "2                            2  40.0%  ############\n"
        "\n"
        "What to do next:\n"
        "  see why that message costs what it does:\n"
        f"    smscodec explain 'It’s {'a' * 80}'\n"
    )


def test_the_sample_shows_a_saving_at_once() -> None:
    """The first ten lines about the sample show a message that becomes a segment shorter, before and after."""
    sample = Path(__file__).parent.parent / "benchmarks" / "sample.txt"
    first = run("bulk", str(sample)).out.splitlines()[:10]
    takes = next(number for number, line in enumerate(first) if line.endswith("this message takes 2 segments:"))
    before, words, after = first[takes + 1 : takes + 4]
    assert words.startswith("and 1 after a change that replaces ’ with '")
    assert (count_segments(before.strip()), count_segments(after.strip())) == (2, 1)
    assert any("segments of 1,693 could be saved" in line for line in first)


def steps(out: str) -> list[str]:
    """The commands that a summary ends with."""
    return [line.strip() for line in out.splitlines() if line.startswith("    smscodec ")]


@pytest.mark.parametrize(
    "options", [[], ["--price", "€ 0,05", "--by", "country"], ["--transliterate", "typography"], ["--no-savings"]]
)
def test_what_to_do_next_works(options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command that a summary ends with runs as it stands, and none changes a file that is there."""
    monkeypatch.chdir(tmp_path)
    rows = [["country", "message"], ["GB", "It’s " + "a" * 80], ["ES", "- canción: " + "b" * 80], ["PL", "ł" * 80]]
    content = csv_of(rows, delimiter=";")
    Path("my spring.csv").write_bytes(content)
    outcome = run("bulk", "--column", "message", *options, "my spring.csv")
    found = steps(outcome.out)
    assert len(found) >= 2
    for command in found:
        again = run(*shlex.split(command)[1:])
        assert (again.status, again.err) == (0, ""), command
    assert Path("my spring.csv").read_bytes() == content
    written_names = {path.name for path in tmp_path.iterdir()}
    assert written_names <= {"my spring.csv", "my spring-costs.csv", "my spring.html"}
    assert "my spring.html" in written_names


@pytest.mark.parametrize("name", ["-m.csv", "./-m.csv"])
def test_what_to_do_next_takes_no_name_that_is_in_use(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands name new files only, and a name that begins with - is not taken for an option."""
    monkeypatch.chdir(tmp_path)
    content = csv_of([["message"], ["It’s " + "a" * 80]])
    for there in ("-m.csv", "-m-costs.csv", "-m.html", "-m-2.html"):
        Path(there).write_bytes(content)
    for command in steps(run("bulk", "--", name, "./-m-costs.csv").out):
        assert run(*shlex.split(command)[1:]).status == 0, command
    new = {path.name for path in tmp_path.iterdir() if path.read_bytes() != content}
    assert new == {"-m-costs-2.csv", "-m-3.html"}


def test_what_to_do_next_leaves_results_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command writes over the files that the command before it wrote."""
    monkeypatch.chdir(tmp_path)
    Path("m.txt").write_text("It’s " + "a" * 80 + "\n- canción: " + "b" * 80 + "\n", encoding="utf-8")
    found = steps(run("bulk", "--output", "mine.csv", "--report=mine.html", "m.txt").out)
    before = [Path(name).read_bytes() for name in ("mine.csv", "mine.html")]
    assert len(found) >= 2
    for command in found:
        assert run(*shlex.split(command)[1:]).status == 0, command
    assert before == [Path(name).read_bytes() for name in ("mine.csv", "mine.html")]


def test_a_summary_of_nothing() -> None:
    """No messages is an answer, not an error, and divides nothing by zero; nulls alone are named."""
    assert run("bulk", "-").out == "0 messages, 0 segments\n"
    assert run("bulk", "--format", "jsonl", "-", stdin=b"null").out == "0 messages, 0 segments; 1 null not counted\n"


def test_a_long_histogram_ends_in_one_row() -> None:
    """The first nine rows as they are, the rest together; JSON has them all."""
    content = "\n".join("a" * 153 * segments for segments in range(2, 15)).encode()
    assert "11 or more" in run("bulk", "-", stdin=content).out
    assert len(bulk("-", stdin=content)["segments_per_message"]) == 13


# What stops the run -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "options", "said"),
    [
        ("m.txt", b"a\nb\xff\n", [], "row 2: not UTF-8: octet 0xFF at offset 1"),
        ("m.txt", b"\x89PNG\r\n\x1a\n\0\0", [], "row 1: not UTF-8: octet 0x89 at offset 0"),
        ("m.txt", b"a\0\0b\n", [], "row 1: NUL at index 1: not a text file, or one in UTF-16"),
        ("m.txt", b"PK\x03\x04...", [], "a zip archive, such as an .xlsx workbook; if it is one, add"),
        ("m.csv", b"\xd0\xcf\x11\xe0\xa1\xb1", [], "an old .xls workbook; save it as .xlsx or as CSV"),
        ("m.txt", b"a\n" + "ж".encode()[:1], [], "row 2: not UTF-8"),
        ("m.txt", b"ok\n" + b"a" * 11, ["--max-message", "10"], "row 2: longer than 10 octets"),
        ("m.txt", b"a" * ((1 << 20) + 1), [], "row 1: longer than 1,048,576 octets"),
        ("m.txt.gz", b"a" * 11 + b"\n", ["--max-message", "10"], "row 1: longer than 10 octets"),
        ("m.jsonl", b'"a"\n"b\n', [], "row 2: not JSON: Unterminated string starting at column 1\n"),
        ("m.jsonl", b'"\\x"\n', [], "row 1: not JSON: Invalid \\escape"),
        ("m.jsonl", b'"a"\n\n"b" "c"\n', [], "row 3: not JSON: Extra data"),
        ("m.jsonl", b"hello\n", [], "row 1: not JSON"),
        ("m.jsonl", b'"a\tb"\n', [], "row 1: not JSON: Invalid control character at column 3\n"),
        ("m.jsonl", b"42\n", [], "row 1: expected a string, got a number"),
        ("m.jsonl", b"true\n", [], "row 1: expected a string, got a boolean"),
        ("m.jsonl", b'["a"]\n', [], "row 1: expected a string, got an array"),
        ("m.jsonl", b"[" * 40_000, [], "row 1: JSON nested too deep"),
        ("m.jsonl", b"[" * 100_000, [], "row 1: JSON with more than 50,000 brackets"),
        ("m.jsonl", b"[NaN]", [], "row 1: NaN is not JSON"),
        ("m.jsonl", b"9" * 5_000, [], "row 1: not JSON: a number has too many digits"),
        ("m.jsonl", b'"a\\ud800b"\n', [], "row 1: lone surrogate U+D800 at index 1"),
        ("m.jsonl", b'"\xff"', [], "row 1: not UTF-8"),
        ("m.jsonl", b'{"text": "a"}\n', [], "row 1: an object; name the member"),
        ("m.jsonl", b'{"text": "a"}\n', ["--column", "body"], "row 1: no member 'body'"),
        ("m.jsonl", b'{"text": {}}\n', ["--column", "text"], "row 1: expected a string, got an object"),
        ("m.jsonl", b'"a"\n', ["--column", "text"], "row 1: expected an object with a member 'text', got a string"),
        ("m.jsonl", b'"' + b"a" * 11 + b'"\n', ["--max-message", "10"], "row 1: longer than 10 octets"),
        (
            "m.jsonl",
            b'"' + b"a" * 70_000 + b'"\n',
            ["--max-message", "10"],
            "row 1: longer than 65,596 octets; see --max-message\n",
        ),
        ("m.jsonl", '"жжжжжж"'.encode(), ["--max-message", "10"], "row 1: longer than 10 octets"),
    ],
)
def test_a_bad_row_is_named_by_file_and_number(
    name: str, content: bytes, options: list[str], said: str, tmp_path: Path
) -> None:
    """Status 1, no summary, and one line that names file, row, if one was reached, and what is wrong with it."""
    path = written(tmp_path, name, content)
    outcome = run("bulk", *options, path)
    assert outcome[:2] == (1, "")
    assert outcome.err.startswith((f"smscodec: {path}, {said}", f"smscodec: {path}: {said}"))
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("name", ["m.txt", "m.txt.gz", "m.jsonl"])
def test_a_message_may_be_as_long_as_the_limit(name: str, tmp_path: Path) -> None:
    """A mebioctet of text, whatever stands around it in the file."""
    content = b"\xef\xbb\xbf" + (b"a" * (1 << 20)).join([b'"', b'"'] if name == "m.jsonl" else [b"", b""]) + b"\r\n"
    assert bulk(written(tmp_path, name, content))["segments"] == -(-(1 << 20) // 153)


def test_escapes_of_json_do_not_count_against_the_limit(tmp_path: Path) -> None:
    """Ten octets of text may be written in sixty of JSON."""
    path = written(tmp_path, "m.jsonl", b'"' + b"\\u0041" * 10 + b'"')
    assert bulk("--max-message", "10", path)["messages"] == 1


def test_a_damaged_or_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    """Cut short, not gzip at all, garbled inside, not there, or a folder."""
    whole = gzip.compress(b"".join(f"message {number}\n".encode() for number in range(2_000)))
    for content in (whole[:-9], whole[: len(whole) // 2], b"plain text", whole[:400] + b"\xff" * 99 + whole[499:]):
        path = tmp_path / "m.txt.gz"
        path.write_bytes(content)
        outcome = run("bulk", str(path))
        assert outcome[:2] == (1, "")
        assert outcome.err.startswith((f"smscodec: {path}, after row ", f"smscodec: {path}: "))
        assert "damaged gzip" in outcome.err
        assert outcome.err.count("\n") == 1
    missing = run("bulk", str(tmp_path / "none.txt"))
    assert (missing.status, missing.err) == (1, f"smscodec: {tmp_path / 'none.txt'}: No such file or directory\n")
    (tmp_path / "folder.txt").mkdir()
    folder = run("bulk", str(tmp_path / "folder.txt"))
    assert (folder.status, folder.err.count("\n")) == (2, 1)
    assert "folder.txt is a directory; name the files in it" in folder.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: FILE"),
        (["messages.doc"], "cannot tell the format of messages.doc; expected .arrow, .arrows, .csv"),
        (["messages.gz"], "cannot tell the format of messages.gz"),
        (["messages\x1b.doc"], "cannot tell the format of messages\\x1b.doc"),
        (["--column", "text", "-"], "lines of text have none; if standard input has columns, add --format csv"),
        (["--max-message", "0", "-"], "expected a number of octets from 1"),
        (["--max-message", "1k", "-"], "got '1k'"),
        (["--format", "xml", "-"], "invalid choice: 'xml'"),
        (["--max-message", "9" * 30, "-"], "expected a number of octets"),
        (["--delimiter", ";", "-"], "--delimiter and --no-header are for CSV; add --format csv"),
        (["--prefix", "sms_", "-"], "there is no --output"),
        (["--octets", "-"], "--octets adds a column to --output, and there is no --output"),
        (["--safe-cells", "-"], "--safe-cells is for --output to a .csv or .tsv file"),
        (["--safe-cells", "--output", "out.jsonl", "-"], "--safe-cells is for --output to a .csv or .tsv file"),
        (
            ["--format", "csv", "--delimiter", ";;", "-"],
            "expected one character that can stand between fields, got ';;'",
        ),
        (["--format", "csv", "--delimiter", '"', "-"], "expected one character that can stand between fields"),
        (["--encoding", "klingon", "-"], "unknown encoding 'klingon'"),
        (["--encoding", "hex", "-"], "unknown encoding 'hex'"),
        (["--price=-1", "-"], "expected a decimal number such as 0.0079, got '-1'"),
        (["--price", "NaN", "-"], "got 'NaN'"),
        (["--price", "1e9", "-"], "got '1e9'"),
        (["--price", "1,250", "-"], "'1,250' may be 1250 or 1.250; write one of these"),
        (["--price", "EUR.5", "-"], "expected a space between currency and number"),
        (["--prices", "p.csv", "-"], "--prices has a price for each group; say with --by which column names the group"),
        (["--by", "country", "-"], "--by names a column, and lines of text have none"),
        (["--by", "a,,b", "--format", "csv", "-"], "expected names of columns with commas between them, got 'a,,b'"),
        (["--by", "c", "--format", "jsonl", "-"], "--by names members of objects; name the one that holds the message"),
        (["--sheet", "May", "-"], "--sheet is for .xlsx files"),
        (["--report", "page.pdf", "-"], "--report page.pdf must end in .html"),
        (
            ["--transliterate=typografy", "-"],
            "expected typography, compatibility, look-alikes, emoji, got 'typografy'; did",
        ),
        (["--transliterate", "typografy", "m.txt"], "no file typografy; did you mean --transliterate typography?"),
        (["campaign"], "there is no file campaign"),
        (["campaign.xls"], "campaign.xls is a spreadsheet of another kind; save it as .xlsx or as CSV"),
        (["--on-error", "ignore", "-"], "invalid choice: 'ignore'"),
        (["--languages", "klingon", "-"], "got 'klingon'"),
        (["--output", "results.txt", "-"], "--output results.txt must end in .csv"),
        (["--output", "results.parquet.gz", "-"], "--output results.parquet.gz must end in .csv"),
        (["--output", "-", "-"], "--output - must end in .csv"),
        (["messages.parquet.gz"], "cannot tell the format of messages.parquet.gz"),
    ],
)
def test_usage_of_bulk(arguments: list[str], said: str) -> None:
    """What cannot be meant is status 2, before any file is opened."""
    outcome = run("bulk", *arguments)
    assert outcome[:2] == (2, "")
    assert said in outcome.err


def test_an_endless_line_is_refused_in_bounded_memory() -> None:
    """No more is read than a message may take, but for what the buffer of the stream holds."""
    endless = Endless()
    outcome = run("bulk", "--max-message", "1000", "-", stdin=io.BufferedReader(endless, 4096))
    assert outcome[:2] == (1, "")
    assert "standard input, row 1: longer than 1,000 octets" in outcome.err
    assert endless.taken <= 3 * 4096
