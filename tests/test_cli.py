"""``measure``, ``segment`` and ``explain`` on the command line, where their text comes from, and help."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, NationalLanguage, __version__, backend, explain, measure, segment
from smscodec.cli import main
from smscodec.testing import strategies
from tests.command_line import COMMANDS, FEWER, Outcome, run

TEXTS = st.one_of(strategies.texts(), strategies.boundary_texts()).filter(lambda text: text != "-")


# measure ------------------------------------------------------------------------------------------------------------


@FEWER
@given(TEXTS)
def test_measure_json_has_the_fields_of_measurement(text: str) -> None:
    """One object: alphabet and tables by name, numbers as numbers, as ``measure`` counts them."""
    assert measure(text).as_dict() == run("measure", "--json", "--", text).json


def test_measure_says_the_same_in_words() -> None:
    """Alphabet, units, segments and room, a line each."""
    expected = "alphabet  GSM 7-bit\nunits     2 septets\nsegments  1\nroom      160 septets in a segment, 158 left\n"
    assert Outcome(0, expected, "") == run("measure", "€")


def test_measure_names_the_shift_tables_that_paid_off() -> None:
    """A national table is reported by language and kind."""
    text = "^" * 150
    assert "tables    Portuguese locking shift" in run("measure", "--languages", "portuguese", text).out
    assert "tables" not in run("measure", text).out


@pytest.mark.parametrize(
    ("words", "languages"),
    [
        ("turkish", [NationalLanguage.TURKISH]),
        ("Spanish, PORTUGUESE", [NationalLanguage.SPANISH, NationalLanguage.PORTUGUESE]),
        ("tr,PT", [NationalLanguage.TURKISH, NationalLanguage.PORTUGUESE]),
        ("all", [language for language in NationalLanguage if language]),
    ],
)
def test_languages_are_given_by_name(words: str, languages: Sequence[NationalLanguage]) -> None:
    """By name or ISO 639-1 code in any case, with commas between them, or all of them at once."""
    for text in ("ş" * 80, "^" * 150, "[" * 90):
        expected = measure(text, languages=languages).as_dict()
        assert expected == run("measure", "--json", "--languages", words, text).json


@pytest.mark.parametrize("word", ["gsm7", "GSM_7BIT", "GSM-7", "Gsm7-Bit", "ucs2", "UCS-2", "ucs_2"])
def test_alphabets_are_given_by_name(word: str) -> None:
    """As people write them."""
    alphabet = Alphabet.UCS2 if "2" in word else Alphabet.GSM_7BIT
    assert alphabet.name == run("measure", "--json", "--alphabet", word, "abc").json["alphabet"]
    assert alphabet.name == run("decode", "--json", "--alphabet", word, "0041").json["alphabet"]


@pytest.mark.parametrize("word", ["8bit", "8-BIT", "data_8bit", "DATA-8bit"])
def test_8_bit_data_is_an_alphabet_of_octets_alone(word: str) -> None:
    """It is read and not written, and help offers it just there."""
    assert run("decode", "--json", "--alphabet", word, "00").json["alphabet"] == "DATA_8BIT"
    said = f"smscodec measure: argument --alphabet: unknown alphabet {word!r}; expected gsm7 or ucs2; see smscodec"
    assert run("measure", "--alphabet", word, "a") == (2, "", f"{said} measure --help\n")
    said = "smscodec decode: argument --alphabet: unknown alphabet 'x'; expected gsm7, 8bit or ucs2; see smscodec"
    assert run("decode", "--alphabet", "x", "00") == (2, "", f"{said} decode --help\n")
    places = [
        run(command, "--help").out.partition("--alphabet ")[2].split("]")[0]
        for command in ("measure", "segment", "decode")
    ]
    assert places == ["gsm7|ucs2", "gsm7|ucs2", "gsm7|ucs2|8bit"]


def test_wide_reference_is_passed_on() -> None:
    """A 16-bit reference leaves an octet less."""
    assert run("measure", "--json", "--wide-reference", "a" * 161).json["units_per_segment"] == 152


@pytest.mark.parametrize("options", [["0"], ["255"], ["0", "--wide-reference"], ["65535", "--wide-reference"]])
def test_references_that_can_be(options: list[str]) -> None:
    """The first and the last reference of either kind are taken."""
    message = run("segment", "--json", "--reference", *options, "a" * 161).json
    assert (message["reference"], message["measurement"]["segments"]) == (int(options[0]), 2)


# Where the text comes from ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stdin", "arguments", "units"),
    [
        (b"abc", [], 3),
        (b"abc\n", [], 3),
        (b"abc\r\n", [], 3),
        (b"abc\n\n", [], 4),
        (b"abc\r", [], 4),
        (b"abc\n", ["--raw"], 4),
        (b"abc\r\n", ["--raw"], 5),
        (b"", [], 0),
        (b"\n", [], 0),
        ("жж\n".encode(), [], 2),
        (b"abc\n", ["-"], 3),
        (b"abc\n", ["de"], 2),
        (b"abc\n", [""], 0),
        (b"abc\n", ["--", "--json"], 6),
    ],
)
def test_text_comes_from_the_argument_or_standard_input(stdin: bytes, arguments: list[str], units: int) -> None:
    """An argument wins, even an empty one; of standard input one final LF or CRLF is dropped unless --raw."""
    assert units == run("measure", "--json", *arguments, stdin=stdin).json["units"]


@pytest.mark.parametrize("command", ["measure", "segment", "explain"])
@pytest.mark.parametrize("raw", [[], ["--raw"]])
def test_d38_a_byte_order_mark_of_standard_input_is_dropped(command: str, raw: list[str]) -> None:
    """Every command drops it, and only at the very start; in an argument it is text."""
    found = run(command, "--json", *raw, stdin=b"\xef\xbb\xbfHello there").json
    assert found.get("measurement", found)["units"] == 11
    assert found.get("measurement", found)["alphabet"] == "GSM_7BIT"
    assert run("measure", "--json", stdin=b"a\xef\xbb\xbf").json["alphabet"] == "UCS2"
    assert run("measure", "--json", "\ufeffa").json["alphabet"] == "UCS2"


def test_the_name_of_a_file_as_text_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is measured, and standard error asks whether the file was meant, with commands that work."""
    (tmp_path / "m.txt").write_text("one\ntwo\n")
    monkeypatch.chdir(tmp_path)
    outcome = run("measure", "--json", "m.txt")
    assert (outcome.status, outcome.json["units"]) == (0, 5)
    assert "did you mean the file of that name?" in outcome.err
    assert "smscodec measure < m.txt" in outcome.err
    assert "smscodec bulk m.txt" in outcome.err
    assert run("bulk", "--json", "m.txt").json["messages"] == 2
    assert run("measure", "m.doc").err == ""


@pytest.mark.parametrize(
    ("meant", "encoding"),
    [("café", "latin-1"), ("it’s", "cp1252"), ("it’s", "latin-1"), ("Привет", "latin-1"), ("😀", "latin-1")],
)
def test_text_in_the_wrong_encoding_is_suspected_aloud(meant: str, encoding: str) -> None:
    """UTF-8 that was read as Latin-1 or Windows-1252 is counted as it is, with a warning."""
    text = meant.encode().decode(encoding)
    outcome = run("explain", "--json", text)
    assert outcome.json["suggestion"]
    assert "in UTF-8 that was read as Latin-1" in outcome.err
    assert run("explain", "--json", meant).err == ""


def test_standard_input_replaced_by_a_stream_of_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that calls main() may have put a stream there that has no octets."""
    monkeypatch.setattr("sys.stdin", io.StringIO("жabc\n"))
    assert main(["measure", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["units"] == 4


# segment ------------------------------------------------------------------------------------------------------------


@FEWER
@given(TEXTS, st.booleans())
def test_segment_json_has_every_segment(text: str, wide: bool) -> None:
    """Number, text and units of each, under the measurement of the whole."""
    message = segment(text, wide_reference=wide)
    found = run("segment", "--json", *["--wide-reference"] * wide, "--", text).json
    assert message.measurement.as_dict() == found["measurement"]
    assert [part.text for part in message] == [part["text"] for part in found["segments"]]
    assert list(range(1, len(message) + 1)) == [part["sequence"] for part in found["segments"]]
    assert message.measurement.units == sum(part["units"] for part in found["segments"])


def test_segment_shows_each_segment_between_bars() -> None:
    """The first line sums up; then an escape pair that does not fit is seen to move to the next segment."""
    status, out, err = run("segment", "a" * 152 + "€ bbbbbbb")
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert lines[0] == "GSM 7-bit, 2 segments, 162 septets, 143 left in the last segment"
    assert lines[1].startswith("1/2  152/153 |aaa")
    assert lines[-1] == "2/2   10/153 |€ bbbbbbb|"


def test_segment_keeps_clusters_whole_when_asked() -> None:
    """With --boundary grapheme the cut falls before the family, without it inside."""
    pytest.importorskip("regex", reason="the extra grapheme is not installed")
    text = "ж" * 65 + "\U0001f468\u200d\U0001f469\u200d\U0001f467" + "ж"
    plain = run("segment", "--json", text).json["segments"]
    assert plain == run("segment", "--json", "--boundary", "character", text).json["segments"]
    whole = run("segment", "--json", "--boundary", "grapheme", text).json["segments"]
    assert (plain[0]["units"], whole[0]["units"]) == (67, 65)


# explain ------------------------------------------------------------------------------------------------------------


@FEWER
@given(TEXTS)
def test_explain_json_has_the_explanation(text: str) -> None:
    """``--json`` prints exactly what ``as_dict()`` returns."""
    assert explain(text).as_dict() == run("explain", "--json", "--", text).json


def test_explain_underlines_and_names_the_expensive_characters() -> None:
    """Carets below them, a row for each character with all its places, and what saves segments."""
    text = "It’s “ok”, it’s fine. " * 7
    lines = run("explain", text.strip()).out.splitlines()
    outside = "there are characters outside the GSM alphabet, so a segment holds up to 67 characters."
    assert lines[0] == f"153 characters, 3 segments: {outside}"
    assert lines[2].startswith("It’s “ok”, it’s fine.")
    assert lines[3].startswith("  ^  ^  ^    ^")
    (row,) = [line.split() for line in lines if "U+2019" in line]
    assert row[:8] == ["’", "U+2019", "RIGHT", "SINGLE", "QUOTATION", "MARK", "1", "'"]
    assert row[8:] == [*["2,", "13,", "24,", "35,", "46,", "57,", "68,", "79", "and", "6", "more"]]
    assert lines[-3:] == [
        "What would save a segment, the least harmful change first:",
        '- saves 2 segments, 1 segment left: replaces ’ with \', “ with ", ” with "',
        "  " + text.strip().translate(str.maketrans("’“”", "'" + '"' * 2)),
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("hello", "It is a single segment already."),
        ("[x]", "It is a single segment already."),
        ("Привет, как дела? " * 8, "No replacement would save a segment."),
        ("^" * 150, "  smscodec segment --languages portuguese shows it"),
    ],
)
def test_explain_ends_with_what_can_be_done(text: str, last: str) -> None:
    """Nothing, where nothing costs or nothing helps; else the text after it, or the command that shows it."""
    status, out, err = run("explain", text)
    assert (status, out.splitlines()[-1], err) == (0, last, "")


def test_explain_gathers_the_letters_of_another_script() -> None:
    """Cyrillic text is one line, not a list of faults."""
    out = run("explain", "Привет, как дела? " * 8).out
    assert "Cyrillic letters, which the GSM alphabet does not have" in out
    assert "CYRILLIC SMALL LETTER" not in out


@pytest.mark.parametrize(
    ("options", "text", "first"),
    [
        ([], "a[", "2 characters, 1 segment of up to 160 characters in the GSM alphabet."),
        (
            ["--languages", "pt"],
            "^" * 156,
            "156 characters, 2 segments of up to 149 characters in the GSM alphabet with the Portuguese locking shift "
            "table.",
        ),
    ],
)
def test_explain_begins_with_the_cost(options: list[str], text: str, first: str) -> None:
    """How many segments, how much each holds, and the national table that is used."""
    assert run("explain", *options, text).out.splitlines()[0] == first


def test_explain_has_a_row_for_each_character() -> None:
    """Its columns are as wide as they need be, and its places are all named up to eight."""
    out = run("explain", "’[’’’’’’’").out
    assert out.splitlines()[5:-2] == [
        "   code point  name                         counts as  replacement  index",
        "’  U+2019      RIGHT SINGLE QUOTATION MARK          1  '            0, 2, 3, 4, 5, 6, 7, 8",
    ]
    assert run("explain", "’" * 9).out.splitlines()[-3].endswith("  0, 1, 2, 3, 4, 5, 6, 7 and 1 more")


def test_explain_lists_up_to_three_letters_of_a_script() -> None:
    """Three different ones have a row each; with a fourth they share a line that counts them all, script by script.

    A character that has a replacement, or is not a letter, always has a row.
    """
    rows = run("explain", "абва աբգ 中").out.splitlines()[6:-2]
    assert [row.split()[0] for row in rows] == [*"абвաբգ中"]
    rows = run("explain", "абвга աբգդ ’ 中").out.splitlines()[6:-2]
    assert [row.split()[0] for row in rows[:-2]] == [*"’中"]
    assert rows[-2:] == [
        f"{letters}, which the GSM alphabet does not have" for letters in ("5 Cyrillic letters", "4 Armenian letters")
    ]
    rows = run("explain", "čšžŕ♔♕♖♗").out.splitlines()[6:-2]
    assert [row.split()[0] for row in rows] == [*"čšžŕ♔♕♖♗"]
    rows = run("explain", "абвга").out.splitlines()[5:-2]
    assert rows == ["5 Cyrillic letters, which the GSM alphabet does not have"]


def test_explain_underlines_all_of_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    """A character that standard output lacks has carets below its whole escape, and moves those of the next ones."""
    arrived = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(arrived, encoding="ascii"))
    assert main(["explain", "a’b€ ”c"]) == 0
    lines = arrived.getvalue().decode("ascii").splitlines()
    assert lines[2:4] == ["a\\u2019b\\u20ac \\u201dc", " ^^^^^^        ^^^^^^"]


def test_explain_takes_less_of_standard_input() -> None:
    """Up to 262,144 octets, for each character may need a row; what only counts takes more."""
    assert run("explain", "--json", stdin=b"a" * (1 << 18)).status == 0
    assert [run(command, stdin=b"a" * ((1 << 18) + 1)).status for command in ("explain", "measure")] == [1, 0]


# Help and version ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_teaches_with_examples(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """--help shows usage, options and examples within 80 columns, and ends with status 0."""
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run(command, "--help")
    assert [line for line in outcome.out.splitlines() if len(line) > 80] == []
    assert outcome.status == 0
    assert f"usage: smscodec {command}" in outcome.out
    assert f"\nexamples:\n  smscodec {command} " in outcome.out
    assert "--json" in outcome.out


PLACES = (
    "TEXT HEX FILE FILE.html PARAMETERS NAME NAME,... COLUMN,... NUMBER SENDER URL N S MS DCS CODE SCOPE,CODE,UPDATE "
    "HANDLER CHARACTER OCTETS STAGE MONEY gsm7|ucs2 gsm7|ucs2|8bit"
)


@pytest.mark.parametrize("command", [*COMMANDS, "serve", "send", "sign", "verify", "simulate"])
def test_help_names_values_alike(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """What a command is given stands in its help as one of a few words, which mean the same in every command."""
    monkeypatch.setenv("COLUMNS", "1000")
    usage = run(command, "--help").out.splitlines()[0].partition(command)[2]
    words = usage.replace("[", "").replace("]", "").split()
    assert {word for word in words if not word.startswith(("-", "{", "|", "."))} <= set(PLACES.split())


def test_help_lists_every_command() -> None:
    """And the exit statuses."""
    outcome = run("--help")
    assert outcome.status == 0
    assert all(f"\n    {command} " in outcome.out for command in COMMANDS)
    assert "Exit status: 0 done" in outcome.out


def test_version_names_the_backend_and_python() -> None:
    """One line."""
    found = run("--version")
    assert found.status == 0
    assert found.out.startswith(f"smscodec {__version__}, {backend()} backend (")
    assert found.out.endswith(f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}\n")
