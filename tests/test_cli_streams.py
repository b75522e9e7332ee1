"""What a command is given and how results are printed: the rules that all commands share, one by one."""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from smscodec import Alphabet, NationalLanguage, ShiftTables
from smscodec.cli import main, reading, writing
from smscodec.cli.reading import InputRefusedError, UsageError, suspected, text_given
from tests.command_line import Endless, Terminal, run


def given(stdin: Any, argument: str | None = None, *, raw: bool = False, most: int = 5) -> str:
    """The text of an argument or of this standard input."""
    with mock.patch.object(sys, "stdin", stdin):
        return text_given(argparse.Namespace(given=argument, raw=raw, command="measure"), most)


def stream(octets: bytes) -> io.TextIOWrapper:
    """Standard input that is not a terminal."""
    return io.TextIOWrapper(io.BytesIO(octets), encoding="ascii")


def test_how_much_standard_input_may_hold() -> None:
    """The limit counts octets, the line end and a mark among them; it is 8 MiB, and no more than that is read."""
    assert given(stream(b"abcd\n")) == given(stream(b"abcd"), "-") == "abcd"
    assert given(stream(b"ab\r\n"), raw=True) == "ab\r\n"
    assert given(stream("жж".encode())) == "жж"
    with pytest.raises(InputRefusedError, match=r"^expected at most 5 octets on standard input; for a file"):
        given(stream(b"abcd\r\n"))
    endless = Endless()
    outcome = run("measure", stdin=io.BufferedReader(endless))
    assert outcome.err.startswith("smscodec: expected at most 8,388,608 octets on standard input; ")
    assert endless.taken <= (8 << 20) + io.DEFAULT_BUFFER_SIZE


def test_without_standard_input_there_is_nothing_to_read() -> None:
    """No argument, and a terminal or none: usage; a dash asks for it all the same."""
    for closed in (None, Terminal()):
        with pytest.raises(UsageError, match=r"^nothing to read: give it as an argument or on standard input"):
            given(closed)
    with pytest.raises(UsageError, match=r"^standard input is closed$"):
        given(None, "-")
    assert given(Terminal("abc\n"), "-") == "abc"
    assert given(None, "abc") == "abc"


def test_a_stream_of_text_may_hold_what_is_no_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A lone surrogate is named as the octets it would be."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\ud800"))
    assert main(["measure"]) == 1
    assert capsys.readouterr().err == "smscodec: not UTF-8: octet 0xED at offset 1\n"


def test_octets_of_an_argument_that_are_not_utf8() -> None:
    """Each is named, the first and the last that a locale can leave over; other lone surrogates are the core's."""
    for octet in (0x80, 0xA0, 0xFF):
        outcome = run("measure", "a" + chr(0xDC00 + octet))
        assert outcome == (1, "", f"smscodec: not UTF-8: octet 0x{octet:02X} at offset 1\n")
    for surrogate in ("\ud800", "\udc7f", "\udd00", "\ud800\udc80"):
        assert f"U+{ord(surrogate[0]):04X}" in run("measure", surrogate).err


def test_names_of_files_are_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of any name, and a folder whose name is plainly a path; nothing else, however it looks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "m").write_text("")
    path = os.path.join("folder", "")
    assert run("measure", path).err == (
        f"smscodec: this is about the text {path!r}, which is the name of a directory; "
        "smscodec bulk reads the files in it\n"
    )
    path = os.path.join("folder", "m")
    assert run("explain", path).err == (
        f"smscodec: this is about the text {path!r}; did you mean the file of that name? "
        f"Then: smscodec explain < {path}, or for a message on each line: smscodec bulk {path}\n"
    )
    for text in ("folder", "no/such", "", ".", "a\0b", "a" * 5_000):
        assert run("measure", text).err == ""


def test_text_that_was_decoded_twice_is_suspected() -> None:
    """Each letter of Latin-1, whichever of the two code pages it was read in; not what only begins like one."""
    for meant in map(chr, range(0xA0, 0x100)):
        for encoding in ("cp1252", "latin-1"):
            twice = meant.encode().decode(encoding, "ignore")
            if len(twice) == 2:
                assert suspected(f"a{twice}b") == (
                    f"{twice!r} looks like {meant!r} in UTF-8 that was read as Latin-1; check where the text comes from"
                )
    for plain in ("ÃX", "Ã", "Âb", "Ã\u2603", "ð€€€", "é€", "Müller", ""):
        assert suspected(plain) == ""


def test_guesses() -> None:
    """The closest word, or nothing."""
    assert reading.did_you_mean("mesure", ["measures", "measure"]) == "did you mean measure?"
    assert reading.did_you_mean("zzz", ["measure"]) == ""


# Printing -----------------------------------------------------------------------------------------------------------


def test_names_of_alphabets_and_their_units() -> None:
    """As they stand in a sentence."""
    alphabets = (Alphabet.GSM_7BIT, Alphabet.DATA_8BIT, Alphabet.UCS2)
    assert [writing.ALPHABETS[one] for one in alphabets] == ["GSM 7-bit", "8-bit data", "UCS-2"]
    assert [writing.UNITS[one] for one in alphabets] == ["septet", "octet", "code unit"]


def test_options_of_printing() -> None:
    """JSON on request; colours where a terminal shows them, unless told otherwise."""
    parser = argparse.ArgumentParser()
    writing.add_json(parser)
    writing.add_color(parser)
    assert vars(parser.parse_args([])) == {"json": False, "color": "auto"}
    for choice in ("auto", "always", "never"):
        assert vars(parser.parse_args(["--json", "--color", choice])) == {"json": True, "color": choice}
    with pytest.raises(SystemExit), mock.patch.object(sys, "stderr", io.StringIO()):
        parser.parse_args(["--color", "sometimes"])


def test_colours_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal that says so; an old console would show the sequences."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    for session, wanted in (("1", True), (None, False)):
        if session is None:
            monkeypatch.delenv("WT_SESSION", raising=False)
        else:
            monkeypatch.setenv("WT_SESSION", session)
        with mock.patch.object(os, "name", "nt"):
            assert writing.colour(argparse.Namespace(color="auto")) == wanted
        with mock.patch.object(os, "name", "posix"):
            assert writing.colour(argparse.Namespace(color="auto"))


def test_what_the_encoding_lacks_is_escaped_before_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that columns are as wide as what is shown; a stream of text in memory lacks nothing."""
    for encoding, shown in (("ascii", "\\xe9\\u0436"), ("latin-1", "é\\u0436"), ("utf-8", "éж"), (None, "éж")):
        out = io.StringIO() if encoding is None else io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", out)
        assert writing.writable("éж") == shown
        assert writing.table([["éж", "1"], ["a", "10"]], right={1}).splitlines()[0] == f"{shown}   1"


def test_numbers_tables_and_replacements_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plurals, the shift tables in force, and replacements that would not be seen."""
    assert [writing.counted(number, "row") for number in (0, 1, 2, 1_000)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,000 rows",
    ]
    turkish, none = NationalLanguage.TURKISH, NationalLanguage.DEFAULT
    assert writing.tables_in_words(ShiftTables(turkish, turkish)) == "Turkish locking shift, Turkish single shift"
    assert writing.tables_in_words(ShiftTables(none, turkish)) == "Turkish single shift"
    assert writing.tables_in_words(ShiftTables(none, none)) == ""
    shown = [writing.replacement_in_words(one) for one in (None, "", " ", "ab")]
    assert shown == ["(none)", "(left out)", "(space)", "ab"]
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    writing.write_json({"a": "é\x1b"})
    assert out.getvalue() == '{"a": "\\u00e9\\u001b"}\n'
    monkeypatch.setenv("COLUMNS", "123")
    assert writing.width() == 123
