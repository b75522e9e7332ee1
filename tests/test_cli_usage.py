"""Which command is meant, what is said where nobody can know, and what becomes of output that cannot be written."""

from __future__ import annotations

import errno
import io
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from smscodec import __version__, _kernels, cli
from smscodec.cli import main
from tests.command_line import run

COMMANDS = "measure, segment, explain, encode, decode, bulk, serve, send, sign, verify, simulate"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], f"expected a command ({COMMANDS}); see smscodec --help"),
        (["mesure", "a"], "unknown command 'mesure'; did you mean measure?"),
        (["zzz"], f"unknown command 'zzz'; expected {COMMANDS}"),
        (["--hlep"], "unknown option '--hlep'; did you mean --help?"),
        (["-x"], "unknown option '-x'; the options of a command stand after it"),
        (["--jsn", "measure", "a"], "unknown option '--jsn'; the options of a command stand after it"),
        (["--version1", "measure"], "unknown option '--version1'; the options of a command stand after it"),
        (["measure", "--jso", "a"], "unrecognized arguments: --jso (did you mean --json?); see smscodec --help"),
        (
            ["measure", "--alphabt=ucs2", "a"],
            "unrecognized arguments: --alphabt=ucs2 (did you mean --alphabet?); see smscodec --help",
        ),
        (
            ["measure", "a", "b c"],
            "unrecognized arguments: b c (put quotes around several words, and -- before a text that begins with -); "
            "see smscodec --help",
        ),
        (
            ["measure", "a", " "],
            "unrecognized arguments:   (put quotes around several words, and -- before a text that begins with -); "
            "see smscodec --help",
        ),
        (
            ["bulk", "--format", "cvs", "-"],
            "argument --format: invalid choice: 'cvs' (choose from 'txt', 'jsonl', 'csv', 'xlsx', 'parquet', 'arrow'); "
            "did you mean csv? see smscodec bulk --help",
        ),
        (
            ["bulk", "--on-error", "zzz", "-"],
            "argument --on-error: invalid choice: 'zzz' (choose from 'stop', 'count'); see smscodec bulk --help",
        ),
        (["bulk"], "the following arguments are required: FILE; see smscodec bulk --help"),
    ],
)
def test_what_is_not_understood_is_one_line(arguments: list[str], said: str) -> None:
    """Status 2 and what was probably meant, after the name of the program or of the command."""
    outcome = run(*arguments)
    name = "smscodec bulk: " if "see smscodec bulk" in said else "smscodec: "
    assert outcome == (2, "", f"{name}{said}\n")


def test_only_what_a_command_needs_is_loaded() -> None:
    """Only the family of the command is loaded, or all families where no command is given."""
    for arguments, families in (
        (["measure", "a"], ["text"]),
        (["decode", "00"], ["octets"]),
        (["--json", "bulk", "-"], ["bulk"]),
        (["verify", "--help"], ["vonage"]),
        (["--version"], ["text", "octets", "bulk", "serving", "vonage"]),
    ):
        with mock.patch.object(cli, "import_module", side_effect=import_module) as loaded:
            run(*arguments)
        assert [call.args[0] for call in loaded.call_args_list] == [f"smscodec.cli.{name}" for name in families]


def test_help_and_version_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each ends with status 0; the words of a command are those of the process if none are given."""
    monkeypatch.setenv("COLUMNS", "80")
    for option in ("-h", "--help"):
        outcome = run(option)
        assert outcome[::2] == (0, "")
        assert outcome.out.startswith("usage: smscodec [-h] [--version] COMMAND ...\n\nCount, cut and encode")
        assert "\ncommands:\n  COMMAND\n    measure " in outcome.out
        assert outcome.out.endswith("129 hung up, 130 interrupted, 143 terminated.\n")
    monkeypatch.setattr(sys, "argv", ["smscodec", "--version"])
    monkeypatch.setattr(sys, "stdout", out := io.StringIO())
    with (
        mock.patch.object(_kernels, "active", mock.Mock(detail="")),
        mock.patch.object(_kernels, "why_not_c", "left out"),
    ):
        assert main() == 0
    assert out.getvalue().startswith(f"smscodec {__version__}, ")
    assert " backend (C is off: left out), " in out.getvalue()


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (["--transliterate", "typography", "-"], [1, "segments"]),
        (["--json", "--transliterate", "look_alikes", "-"], [2]),
        (["--json", "--transliterate", "-"], [2]),
        (["-", "--json", "--transliterate"], [2]),
        (["--transliterate", "--json", "--transliterate", "-"], [2]),
        (["--transliterate=typography", "--json", "-"], [1]),
        (["--transliterate=typography", "--transliterate", "look-alikes", "--json", "-"], [2]),
    ],
)
def test_a_value_may_be_left_out(words: list[str], changed: list[Any]) -> None:
    """The next word is the value only if it can be one."""
    outcome = run("bulk", *["--json"] * ("--json" not in words), *words, stdin="It’s\nč\nHello\n".encode())
    assert outcome.json["transliterated"] == changed[0]


# Output that cannot be written --------------------------------------------------------------------------------------


class Broken(io.RawIOBase):
    """A stream that takes nothing."""

    def __init__(self, error: OSError) -> None:
        self._error = error

    def writable(self) -> bool:
        """It says so."""
        return True

    def write(self, octets: object) -> int:
        """Fails."""
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "smscodec: No space left on device\n"),
    ],
)
def test_output_that_nobody_takes(
    error: OSError, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader that has gone has seen enough; a full disk is an error, also where it shows at the very end."""
    stream = io.TextIOWrapper(io.BufferedWriter(Broken(error)), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    with mock.patch.object(cli, "_abandon_output") as abandoned:
        assert main(["measure", "a"]) == status
    abandoned.assert_called_once_with()
    assert capsys.readouterr().err == said
    with pytest.raises(type(error)):  # or it would be raised where the stream is forgotten
        stream.detach()


def test_output_that_is_given_up_goes_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still held back is written to no file, and no file stays open; a stream without a file is let be."""
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        stream.write("held back")
        free = os.open(os.devnull, os.O_RDONLY)
        os.close(free)
        cli._abandon_output()
        assert os.open(os.devnull, os.O_RDONLY) == free
        os.close(free)
    assert (tmp_path / "out").read_text(encoding="utf-8") == ""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    cli._abandon_output()


def test_output_that_is_closed_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line, before anything is done; a terminal that lacks a character shows its escape."""
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["measure", "a"]) == 1
    assert capsys.readouterr().err == "smscodec: standard output is closed\n"
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))
    assert main(["segment", "ж"]) == 0
    assert b"|\\u0436|" in octets.getvalue()


def test_errors_of_the_system_name_their_file() -> None:
    """As it was given, if it was; in the words of the system, if it has any."""
    for error, said in (
        (FileNotFoundError(2, "No such file", "a b"), "a b: No such file"),
        (FileNotFoundError(2, "No such file", b"a"), "a: No such file"),
        (OSError(28, "No space", 3), "No space"),
        (OSError("odd"), "odd"),
    ):
        assert cli._outside(error) == said
    with mock.patch.object(cli, "_run", side_effect=KeyboardInterrupt):
        assert run("measure", "a") == (130, "", "")
