"""The command line as a program: exit statuses, pipes, signals, terminals, and what it loads."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import COLOURS, acting, interruptible, shown_on

LOREM = "Lorem ipsum dolor sit amet [consectetur] adipiscing elit. " * 6

PROGRAM = [sys.executable, "-m", "smscodec"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs pipes, signals and terminals of POSIX")


def program(*arguments: str | bytes, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own."""
    return subprocess.run(
        [*PROGRAM, *arguments], input=stdin, capture_output=True, timeout=60, env=os.environ | environment, check=False
    )


def test_the_module_runs_as_a_program() -> None:
    """``python -m smscodec`` reads standard input and gives the exit status of the command."""
    done = program("measure", "--json", stdin="жabc\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["units"] == 4
    assert program("decode", "xyz").returncode == 1
    assert program("measure", "--frob").returncode == 2


@POSIX
def test_an_argument_that_is_no_utf8_is_refused() -> None:
    """The octet is named, and no traceback is printed."""
    done = program("measure", b"ab\xff")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"smscodec: not UTF-8: octet 0xFF at offset 2\n"


@POSIX
def test_an_argument_in_utf8_is_read_in_any_locale() -> None:
    """Where the locale knows ASCII only, the octets of the argument still are the text."""
    done = program("measure", "--json", "жé".encode(), LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["units"] == 2


def test_an_output_of_few_characters_is_no_reason_to_fail() -> None:
    """What the encoding of standard output lacks is escaped."""
    done = program("segment", "жé", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"|\u0436\xe9|" in done.stdout


@pytest.mark.parametrize("command", ["segment", "explain"])
def test_lines_are_laid_out_with_the_escapes_in_them(command: str) -> None:
    """Where the output lacks characters, their escapes are wrapped, underlined and set in columns like any text."""
    done = program(command, "ж’é " * 15, PYTHONIOENCODING="ascii", PYTHONUTF8="0", COLUMNS="60")
    lines = done.stdout.decode("ascii").splitlines()
    shown = [line for line in lines if "|" in line or "^" in line or line.startswith("\\u0436\\u2019")]
    assert max(map(len, shown[:-1])) <= 60
    if command == "explain":
        assert lines[2].startswith(r"\u0436\u2019\xe9 ")
        assert lines[3].startswith("^" * 12 + " " * 5)
        rows = [line for line in lines if "  U+" in line]
        assert len({row.index("  U+") for row in rows}) == 1


@POSIX
def test_a_broken_pipe_ends_quietly() -> None:
    """The reader may go when it has seen enough, before or after the first line."""
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen([*PROGRAM, "segment", LOREM], stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        assert (process.communicate(timeout=60)[1], process.returncode) == (b"", 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_one_clear_line() -> None:
    """What cannot be written is an error, once."""
    buffered, unbuffered = {"PYTHONUNBUFFERED": ""}, {"PYTHONUNBUFFERED": "1"}
    for arguments, buffering in (
        (["measure", "x"], buffered),
        (["measure", "x"], unbuffered),
        (["--version"], buffered),
        (["--help"], unbuffered),
        (["bulk", "--help"], buffered),
    ):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*PROGRAM, *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=60,
                env=os.environ | buffering,
                check=False,
            )
        assert (1, f"smscodec: {os.strerror(errno.ENOSPC)}\n") == (done.returncode, done.stderr.decode())


@POSIX
def test_a_closed_standard_output_is_one_clear_line() -> None:
    """What cannot be told is an error, also of help."""
    for argument in ("measure x", "--help"):
        command = ["sh", "-c", f'"$0" -m smscodec {argument} >&-', sys.executable]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (1, b"smscodec: standard output is closed\n")


@POSIX
def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    """Without a traceback; bulk says how far it got."""
    fifo = tmp_path / "endless.txt"
    os.mkfifo(fifo)
    command = interruptible("bulk", str(fifo))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        opened = os.open(fifo, os.O_WRONLY)  # waits until the program has opened the other end
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        os.close(opened)
    assert (process.returncode, out, err) == (130, b"", f"smscodec: interrupted after 0 messages, in {fifo}\n".encode())


def on_terminal(*arguments: str, stdin_too: bool = False, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Run the program with its output, and its input if so wished, on a pseudo-terminal."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    given = theirs if stdin_too else subprocess.DEVNULL
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    clean = inherited | {"TERM": "xterm"} | (environment or {})
    process = subprocess.Popen([*PROGRAM, *arguments], stdin=given, stdout=theirs, stderr=theirs, env=clean)
    os.close(theirs)
    shown = shown_on(ours)
    return process.wait(timeout=60), shown.decode().replace("\r\n", "\n")


@POSIX
def test_colours_appear_on_a_terminal_only() -> None:
    """Not in a pipe; in which else they do not, test_cli_terminal tells."""
    status, shown = on_terminal("explain", "It’s \x1b]0;evil\x07")
    assert status == 0
    assert "\x1b[1;4;31m’\x1b[0m" in shown
    assert acting(COLOURS.sub("", shown)) == []
    assert b"\x1b" not in program("explain", "It’s").stdout


@POSIX
def test_annotations_fit_a_terminal() -> None:
    """On a terminal long lines go on under their own beginning; elsewhere a field has one line, whatever its length."""
    octets = "070B911346610089F60000208062917314800CC8F71D14969741F977FD07"
    piped = program("decode", "--annotate", octets).stdout.decode()
    for columns in (80, 60):
        status, shown = on_terminal("decode", "--annotate", octets, environment={"COLUMNS": str(columns)})
        assert status == 0
        assert max(map(len, shown.splitlines())) <= columns < max(map(len, piped.splitlines()))
        assert piped.split() == shown.split()


@POSIX
def test_nothing_given_on_a_terminal_is_usage() -> None:
    """The program does not sit there waiting for text."""
    status, shown = on_terminal("measure", stdin_too=True)
    assert status == 2
    assert shown == "smscodec: nothing to read: give it as an argument or on standard input, and see --help\n"


def test_a_command_loads_only_what_it_needs() -> None:
    """Measuring a text loads neither bulk with its compression nor the façade with its network."""
    code = "import sys; from smscodec.cli import main; main(['measure', 'x']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    loaded = set(done.stderr.decode().split())
    assert "smscodec.cli.text" in loaded
    assert loaded.isdisjoint({"smscodec.cli.bulk", "smscodec.vonage", "gzip", "http.client", "urllib.request"})
