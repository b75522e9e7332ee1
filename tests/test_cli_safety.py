"""What the command line refuses, with which status and words; and that nothing it prints acts on a terminal."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from smscodec.testing import strategies
from tests.command_line import COLOURS, COMMANDS, FEWER, Endless, acting, run
from tests.rows import each_row

# What is refused ----------------------------------------------------------------------------------------------------


@each_row(
    ("arguments", "stdin", "said"),
    [
        (["measure"], b"ab\xff", "not UTF-8: octet 0xFF at offset 2"),
        (["measure", "a\udcff"], b"", "not UTF-8: octet 0xFF at offset 1"),
        (["measure", "a\udcff\ud800"], b"", "U+DCFF at index 1"),
        (["measure", "a\ud800"], b"", "U+D800 at index 1"),
        (["segment", "\udfff"], b"", "U+DFFF at index 0"),
        (["explain", "x\udbff"], b"", "U+DBFF at index 1"),
        (["measure", "--alphabet", "gsm7", "abж"], b"", "U+0436 at index 2"),
        (["encode", "--alphabet", "gsm7", "\x1b"], b"", "U+001B at index 0"),
        (["segment", "a" * 153 * 255 + "a"], b"", "256 segments; a message has at most 255"),
        (["encode", "a" * 161], b"", "2 segments, which need a --reference"),
        (["decode", "4G"], b"", "expected a hexadecimal digit, found 'G'"),
        (["decode", "\x1b[31m"], b"", "expected a hexadecimal digit, found '\\x1b'"),
        (["decode", "٤٢"], b"", "expected a hexadecimal digit"),
        (["decode", "--strict", "--length", "2", "414"], b"", "3 digits, where octets take two each"),
        (["decode", "--strict", "--unpacked", "1B1B"], b"", "no character has this code"),
        (["decode", "--strict", "--alphabet", "ucs2", "041"], b"", "3 digits, where octets take two each"),
        (["decode", "--strict", "--alphabet", "ucs2", "0410 D8"], b"", "truncated"),
        (["decode", "--strict", "--length", "9", "41"], b"", "udl at octet 1"),
        (["decode", "--strict", "--udhi", "FF"], b"", "ud.udhl"),
        (["decode"], b"\xfe\xff", "not UTF-8: octet 0xFE at offset 0"),
    ],
)
def test_refused_input_is_one_clear_line(arguments: list[str], stdin: bytes, said: str) -> None:
    """Status 1, nothing on standard output, and one line on standard error that says what and where."""
    outcome = run(*arguments, stdin=stdin)
    assert outcome[:2] == (1, "")
    assert outcome.err.startswith("smscodec: ")
    assert outcome.err.count("\n") == 1
    assert said in outcome.err


def test_a_text_without_end_is_refused() -> None:
    """Standard input is read up to a quarter of a mebioctet, which no text of a message comes near."""
    endless = Endless()
    outcome = run("explain", stdin=io.BufferedReader(endless))
    assert outcome == (1, "", "smscodec: " + _TOO_MUCH)
    assert endless.taken < 1 << 20


_TOO_MUCH = "expected at most 262,144 octets on standard input; for a file of messages use smscodec bulk\n"


@each_row(
    ("arguments", "said"),
    [
        ([], "expected a command (measure, segment, "),
        (["frobnicate"], "unknown command 'frobnicate'; expected measure, segment, "),
        (["\x1b[31m"], "\\x1b[31m"),
        (["measure", "a", "\u202eb"], "unrecognized arguments: \\u202eb"),
        (["mesure"], "unknown command 'mesure'; did you mean measure?"),
        (["measure", "--frob"], "unrecognized arguments: --frob"),
        (["measure", "--langauges", "tr"], "unrecognized arguments: --langauges (did you mean --languages?)"),
        (["bulk", "--colum=text", "x.csv"], "unrecognized arguments: --colum=text (did you mean --column?)"),
        (["measure", "--languages", "turkisch", "x"], "got 'turkisch'; did you mean turkish? see smscodec measure"),
        (
            ["bulk", "--format", "cvs", "x"],
            "invalid choice: 'cvs' (choose from 'txt', 'jsonl', 'csv', 'xlsx', 'parquet', "
            "'arrow'); did you mean csv? see smscodec bulk --help",
        ),
        (["--verion"], "unknown option '--verion'; did you mean --version?"),
        (["--json", "measure", "x"], "unknown option '--json'; the options of a command stand after it"),
        (["measure", "two", "words"], "unrecognized arguments: words (put quotes around several words"),
        (["measure", "--lang", "all", "x"], "unrecognized arguments"),
        (["measure", "--languages", "tr,Spanish,turkisch", "x"], "got 'turkisch'; did you mean turkish? see smscodec"),
        (["measure", "--languages", "defualt", "x"], "got 'defualt'; see smscodec measure"),
        (["measure", "--languages", "klingon", "x"], "got 'klingon'; see smscodec measure"),
        (["measure", "--languages", "turkish,", "x"], "got ''"),
        (["measure", "--alphabet", "ebcdic", "x"], "unknown alphabet 'ebcdic'; expected gsm7 or ucs2"),
        (["measure", "--alphabet", "8bit", "x"], "unknown alphabet '8bit'"),
        (["segment", "--reference", "256", "x"], "--reference 256 is outside 0-255\n"),
        (["encode", "--reference", "-1", "x"], "--reference -1 is outside 0-255\n"),
        (["encode", "--reference", "65536", "--wide-reference", "x"], "outside 0-65535\n"),
        (["segment", "--reference", "x", "x"], "invalid int value"),
        (["segment", "--boundary", "word", "x"], "invalid choice: 'word'"),
        (["segment", "--color", "sometimes", "x"], "invalid choice: 'sometimes'"),
        (["encode", "--errors", "replace", "x"], "needs --alphabet gsm7"),
        (["encode", "--errors", "surrogatepass", "x"], "invalid choice"),
        (["decode", "--length", "-1", "41"], "'-1' is not a number"),
        (["decode", "--length", "x", "41"], "'x' is not a number"),
        (["decode", "--unpacked", "--udhi", "41"], "--unpacked is about septets alone"),
    ],
)
def test_usage_errors_say_what_was_not_understood(arguments: list[str], said: str) -> None:
    """Status 2, one line without the usage, no traceback, and the words in visible characters."""
    outcome = run(*arguments)
    assert outcome[:2] == (2, "")
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert "usage:" not in outcome.err
    assert "Traceback" not in outcome.err


# Nothing printed acts -----------------------------------------------------------------------------------------------


@FEWER
@given(st.one_of(strategies.texts(), strategies.texts_with_surrogates(), st.text("\x1b[31m\u202e\u2066\x9b\r\x07a€ж-")))
def test_no_command_prints_what_a_terminal_would_obey(text: str) -> None:
    """For any text, as argument, as option or on standard input, with and without --json, on both streams."""
    octets = text.encode("utf-8", "surrogatepass")
    for command in COMMANDS:
        for options in ([], ["--json"]):
            source = "-" if command == "bulk" else "--raw"
            outcomes = [run(command, *options, source, stdin=octets)]
            outcomes.append(run(command, *options, "--", text, stdin=octets))
            outcomes.append(run(command, *options, f"--{text}", stdin=octets))
            for status, out, err in outcomes:
                assert status in {0, 1, 2}
                assert acting(out + err) == []


@FEWER
@given(strategies.texts())
def test_colours_are_the_only_sequences_when_asked_for(text: str) -> None:
    """With --color always, taking the colour sequences out leaves nothing that acts."""
    for command in ("segment", "explain"):
        out = run(command, "--color", "always", "--", text).out
        assert acting(COLOURS.sub("", out)) == []
