"""``smscodec bulk``: what a row is in each format, what the summary says, and what stops the run where."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, NationalLanguage, count_segments, detect, explain
from smscodec.testing import strategies
from smscodec.transliteration import transliteration
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
    st.lists(st.one_of(strategies.texts(), st.text(st.sampled_from(TROUBLE), max_size=90)), max_size=8), st.booleans()
)
def test_what_forced_ucs2_and_what_mending_saves(texts: list[str], with_languages: bool) -> None:
    """For each character the messages it kept in UCS-2, most first; replacements and saving are what explain finds."""
    options = ["--languages", "all"] if with_languages else []
    found = bulk("--format", "jsonl", *options, "-", stdin="\n".join(map(json.dumps, texts)).encode())
    languages = list(NationalLanguage)[1:] if with_languages else []
    ucs2 = [text for text in texts if detect(text, languages=languages) is Alphabet.UCS2]
    explanations = [explain(text, languages=languages) for text in ucs2]
    forcing = Counter(character for one in explanations for character in {each.character for each in one.culprits})
    ranked = sorted(forcing.items(), key=lambda item: (-item[1], item[0]))[:20]
    assert ranked == [(one["character"], one["messages"]) for one in found["forced_ucs2"]]
    saved = sum(one.measurement.segments - one.suggested.segments for one in explanations)
    assert saved == found["saved_by_mending"]
    saved_by = Counter[str]()
    for text, one in zip(ucs2, explanations, strict=True):
        originals = {character for change in transliteration(text).replacements for character in change.original}
        characters = originals & {culprit.character for culprit in one.culprits}
        saved_by.update(dict.fromkeys(characters, one.measurement.segments - one.suggested.segments))
    assert [saved_by[one["character"]] for one in found["forced_ucs2"]] == [
        one["saved"] for one in found["forced_ucs2"]
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("❤\ufe0f 👩\u200d👩", {"\u200d": "", "\ufe0f": "", "❤": None, "👩": None}),
        ("hellо", {"о": "o"}),
        ("нет", {"н": None, "е": "e", "т": None}),
        ("e\u0301 5½", {"\u0301": "", "½": "1/2"}),
    ],
)
def test_a_replacement_is_what_explain_finds_among_latin_letters(content: str, expected: dict[str, str | None]) -> None:
    """Whatever the messages are, so that a character has one; what is saved is counted in the messages themselves."""
    found = bulk("-", stdin=content.encode())["forced_ucs2"]
    assert expected == {one["character"]: one["replacement"] for one in found}


def test_the_summary_in_words() -> None:
    """Totals, share of each alphabet, histogram, and the characters that forced UCS-2 with what would mend them."""
    long = "It’s " + "a" * 80
    content = f"hello\n\n{long}\nПривет 😀\n".encode()
    assert run("bulk", "-", stdin=content).out == (
        "4 messages, 5 segments (1.250 a message); 1 empty, each of which costs a segment\n"
        "\n"
        "alphabet   messages  share\n"
        "GSM 7-bit         2  50.0%  ####################\n"
        "UCS-2             2  50.0%  ####################\n"
        "\n"
        "segments a message  messages  share\n"
        "1                          3  75.0%  ##############################\n"
        "2                          1  25.0%  ##########\n"
        "\n"
        "what forced UCS-2 most often\n"
        "messages      code point  name                         replacement  saves\n"
        "       1  П   U+041F      CYRILLIC CAPITAL LETTER PE   (none)           0\n"
        "       1  в   U+0432      CYRILLIC SMALL LETTER VE     (none)           0\n"
        "       1  е   U+0435      CYRILLIC SMALL LETTER IE     e                0\n"
        "       1  и   U+0438      CYRILLIC SMALL LETTER I      (none)           0\n"
        "       1  р   U+0440      CYRILLIC SMALL LETTER ER     p                0\n"
        "       1  т   U+0442      CYRILLIC SMALL LETTER TE     (none)           0\n"
        "       1  ’   U+2019      RIGHT SINGLE QUOTATION MARK  '                1\n"
        "       1  😀  U+1F600     GRINNING FACE                (none)           0\n"
        "\n"
        "Mending would save 1 segment; smscodec explain shows how.\n"
    )


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
        ("m.txt", "a\nb".encode("utf-16-le"), [], "row 1: NUL at index 1: no file of text, or one of UTF-16"),
        ("m.txt", b"a\n" + "ж".encode()[:1], [], "row 2: not UTF-8"),
        ("m.txt", b"ok\n" + b"a" * 11, ["--max-message", "10"], "row 2: longer than 10 octets"),
        ("m.txt", b"a" * ((1 << 20) + 1), [], "row 1: longer than 1,048,576 octets"),
        ("m.txt.gz", b"a" * 11 + b"\n", ["--max-message", "10"], "row 1: longer than 10 octets"),
        ("m.jsonl", b'"a"\n"b\n', [], "row 2: not JSON: Unterminated string starting at column 1\n"),
        ("m.jsonl", b'"\\x"\n', [], "row 1: not JSON: Invalid \\escape"),
        ("m.jsonl", b'"a"\n\n"b" "c"\n', [], "row 3: not JSON: Extra data"),
        ("m.jsonl", b"hello\n", [], "row 1: not JSON"),
        ("m.jsonl", b'"a\tb"\n', [], "row 1: not JSON: Invalid control character at column 3\n"),
        ("m.jsonl", b"42\n", [], "row 1: a number, where a string should be"),
        ("m.jsonl", b"true\n", [], "row 1: a boolean"),
        ("m.jsonl", b'["a"]\n', [], "row 1: an array"),
        ("m.jsonl", b"[" * 100_000, [], "row 1: JSON nested too deep"),
        ("m.jsonl", b"9" * 5_000, [], "row 1: not JSON that can be read"),
        ("m.jsonl", b'"a\\ud800b"\n', [], "row 1: lone surrogate U+D800 at index 1"),
        ("m.jsonl", b'"\xff"', [], "row 1: not UTF-8"),
        ("m.jsonl", b'{"text": "a"}\n', [], "row 1: an object; name the member"),
        ("m.jsonl", b'{"text": "a"}\n', ["--column", "body"], "row 1: no member 'body'"),
        ("m.jsonl", b'{"text": {}}\n', ["--column", "text"], "row 1: an object, where a string should be"),
        ("m.jsonl", b'"a"\n', ["--column", "text"], "row 1: no object, and --column was given"),
        ("m.jsonl", b'"' + b"a" * 11 + b'"\n', ["--max-message", "10"], "row 1: longer than 10 octets"),
        (
            "m.jsonl",
            b'"' + b"a" * 80 + b'"\n',
            ["--max-message", "10"],
            "row 1: longer than 80 octets: a row of JSON may take 8 times --max-message\n",
        ),
        ("m.jsonl", '"жжжжжж"'.encode(), ["--max-message", "10"], "row 1: longer than 10 octets"),
    ],
)
def test_a_bad_row_is_named_by_file_and_number(
    name: str, content: bytes, options: list[str], said: str, tmp_path: Path
) -> None:
    """Status 1, no summary, and one line that names file, row and what is wrong with it."""
    path = written(tmp_path, name, content)
    outcome = run("bulk", *options, path)
    assert outcome[:2] == (1, "")
    assert outcome.err.startswith(f"smscodec: {path}, {said}")
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
        assert f"{path}, after row " in outcome.err
        assert "damaged gzip" in outcome.err
        assert outcome.err.count("\n") == 1
    missing = run("bulk", str(tmp_path / "none.txt"))
    assert (missing.status, missing.err) == (1, f"smscodec: {tmp_path / 'none.txt'}: No such file or directory\n")
    (tmp_path / "folder.txt").mkdir()
    assert run("bulk", str(tmp_path / "folder.txt")).status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: FILE"),
        (["messages.doc"], "messages.doc is neither .txt, .csv, .tsv nor .jsonl"),
        (["messages.gz"], "messages.gz is neither"),
        (["messages\x1b.doc"], "messages\\x1b.doc is neither"),
        (["--column", "text", "-"], "--column names a member of JSON objects"),
        (["--max-message", "0", "-"], "'0' is no number of octets"),
        (["--max-message", "1k", "-"], "'1k' is no number of octets"),
        (["--format", "xml", "-"], "invalid choice: 'xml'"),
        (["--max-message", "9" * 30, "-"], "is no number of octets"),
        (["--delimiter", ";", "-"], "--delimiter and --no-header are about CSV alone"),
        (["--prefix", "sms_", "-"], "there is no --output"),
        (["--format", "csv", "--delimiter", ";;", "-"], "';;' is no character that can part fields"),
        (["--format", "csv", "--delimiter", '"', "-"], "is no character that can part fields"),
        (["--encoding", "klingon", "-"], "no encoding is called 'klingon'"),
        (["--encoding", "hex", "-"], "no encoding is called 'hex'"),
        (["--price=-1", "-"], "'-1' is no price"),
        (["--price", "NaN", "-"], "'NaN' is no price"),
        (["--price", "1e9", "-"], "'1e9' is no price"),
        (["--price", "0,01", "-"], "'0,01' is no price"),
        (["--on-error", "ignore", "-"], "invalid choice: 'ignore'"),
        (["--languages", "klingon", "-"], "no language is called 'klingon'"),
        (["--output", "results.txt", "-"], "--output results.txt ends in none of .csv"),
        (["--output", "results.parquet.gz", "-"], "--output results.parquet.gz ends in none of .csv"),
        (["--output", "-", "-"], "--output - ends in none of .csv"),
        (["messages.parquet.gz"], "messages.parquet.gz is neither"),
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
