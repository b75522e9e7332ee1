"""``smscodec bulk`` as a program: progress on a terminal, Ctrl-C, pipes, memory, and what it loads."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.bulk_files import csv_of, library
from tests.command_line import interruptible, shown_on

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs pipes, signals and terminals of POSIX")

PROGRAM = [sys.executable, "-m", "smscodec", "bulk"]


def on_terminal(arguments: list[str], stdin: Any, hidden: str = "") -> tuple[int, str, str]:
    """Run the program with standard error on a pseudo-terminal: status, standard output, and what the terminal got."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen(
        interruptible("bulk", *arguments, first=hidden),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
    )
    os.close(theirs)
    shown = shown_on(ours)
    out = process.communicate(timeout=60)[0]
    return process.returncode, out.decode(), shown.decode()


def slowly(seconds: float) -> tuple[int, threading.Thread]:
    """The reading end of a pipe into which messages drip, for some time from the first reading on, and the writer."""
    reading, writing = os.pipe()

    def write() -> None:
        os.write(writing, b"a message\n" * 10_000)  # more than a pipe holds: this waits for the reader
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            os.write(writing, b"a message\n" * 500)
            time.sleep(0.05)
        os.close(writing)

    thread = threading.Thread(target=write)
    thread.start()
    return reading, thread


def test_long_work_shows_a_bar_on_a_terminal() -> None:
    """With rich a bar that is gone at the end; the summary goes to standard output alone."""
    if importlib.util.find_spec("rich") is None:
        if os.environ.get("SMSCODEC_CI") == "full":
            pytest.fail("rich is not installed")
        pytest.skip("the extra cli is not installed")
    reading, thread = slowly(3)
    status, out, shown = on_terminal(["--json", "-"], reading)
    thread.join()
    os.close(reading)
    assert status == 0
    assert json.loads(out)["messages"] > 1_000
    assert "messages, in standard input" in shown
    assert "\x1b[" in shown


def test_long_work_shows_lines_without_rich() -> None:
    """Where rich is not installed, plain lines."""
    reading, thread = slowly(3)
    status, out, shown = on_terminal(["--json", "-"], reading, "sys.modules['rich'] = None")
    thread.join()
    os.close(reading)
    assert status == 0
    assert json.loads(out)["messages"] > 1_000
    assert shown.startswith("smscodec: ")
    assert shown.endswith(" messages, in standard input\r\n")
    assert "\x1b" not in shown


def test_short_work_and_pipes_show_nothing(tmp_path: Path) -> None:
    """Nothing on a terminal within a second, and nothing ever where standard error is none; rich is not loaded."""
    path = tmp_path / "m.txt"
    path.write_text("a\n")
    assert on_terminal([str(path)], subprocess.DEVNULL)[2] == ""
    code = (
        "import sys; from smscodec.cli import main; main(['bulk', sys.argv[1]]); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, timeout=60, check=True)
    loaded = set(done.stderr.decode().split())
    assert loaded.isdisjoint({"rich", "rich.progress", "pyarrow", "smscodec.vonage"})
    reading, thread = slowly(2)
    done = subprocess.run([*PROGRAM, "-"], stdin=reading, capture_output=True, timeout=60, check=True)
    thread.join()
    os.close(reading)
    assert done.stderr == b""


def signalled(process: subprocess.Popen[bytes], number: signal.Signals, writing: int) -> None:
    """Send a signal and then input: Python sleeps through a signal that comes just before it begins to read."""
    process.send_signal(number)
    with contextlib.suppress(BrokenPipeError):
        os.write(writing, b"a\n")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_says_how_far_it_got(tmp_path: Path, number: signal.Signals, status: int) -> None:
    """Ctrl-C and SIGTERM end with a status of their own, the messages that were counted, and no output of them."""
    reading, writing = os.pipe()
    command = interruptible("bulk", "--output", str(tmp_path / "o.csv"), "-")
    with subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.close(reading)
        os.write(writing, b"a\n" * 20_000)
        limit = time.monotonic() + 60
        while not any(part.stat().st_size > 10_000 for part in tmp_path.iterdir()) and time.monotonic() < limit:
            time.sleep(0.05)
        signalled(process, number, writing)
        out, err = process.communicate(timeout=60)
        os.close(writing)
    assert (process.returncode, out) == (status, b"")
    assert err.startswith(b"smscodec: interrupted after ")
    assert err.endswith(b" messages, in standard input\n")
    assert int(err.split()[3].replace(b",", b"")) > 0
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_ends_it_quietly() -> None:
    """A summary that nobody reads is not an error."""
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen([*PROGRAM, "-"], stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        assert (process.communicate(b"a\n", timeout=60)[1], process.returncode) == (b"", 0)


# The peak of memory of this very program, which the one that started it does not count into.
PEAK = """
import sys
from smscodec.cli import main
status = main(["bulk", "--json", *sys.argv[1:]])
with open("/proc/self/status") as lines:
    print(*[line.split()[1] for line in lines if line.startswith("VmHWM")], file=sys.stderr)
sys.exit(status)
"""


def peak(*arguments: str) -> int:
    """Kibioctets of memory at most."""
    done = subprocess.run([sys.executable, "-c", PEAK, *arguments], capture_output=True, timeout=300, check=True)
    return int(done.stderr.split()[-1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell the peak of memory")
@pytest.mark.parametrize(
    "name",
    [
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("m.txt", "m.jsonl")),
        "m.csv",
        "m.parquet",
        "m.arrow",
    ],
)
def test_memory_does_not_grow_with_the_file(name: str, tmp_path: Path) -> None:
    """A hundred mebioctets take as much as two, but for what allocators leave lying about."""
    texts = [
        f"{number} is the number of this message: {'words ' * 90}{'—' * (number % 50 == 0)}" for number in range(4_000)
    ]
    peaks = []
    for times in (1, 50):
        path = tmp_path / f"{times}{name}"
        options = [] if name == "m.txt" else ["--column", "text"]
        if name.endswith(("parquet", "arrow")):
            pa = library("pyarrow")
            table = pa.table({"text": texts})
            if name.endswith("parquet"):
                # One row group of all the rows, as some tools write them.
                library("pyarrow.parquet").write_table(
                    pa.table({"text": texts * times}), path, row_group_size=10**9, use_dictionary=False
                )
            else:
                with pa.ipc.new_file(str(path), table.schema) as writer:
                    for _ in range(times):
                        writer.write_table(table)
        else:
            form = name.rpartition(".")[2]
            header = b"text\n" if form == "csv" else b""
            rows = {
                "txt": lambda: "".join(f"{text}\n" for text in texts).encode(),
                "jsonl": lambda: "".join(json.dumps({"text": text}) + "\n" for text in texts).encode(),
                "csv": lambda: csv_of([[text] for text in texts]),
            }[form]()
            path.write_bytes(header + rows * times)
        peaks.append(peak(*options, str(path)))
    assert peaks[1] < peaks[0] + 64_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell the peak of memory")
def test_memory_does_not_grow_with_long_rows(tmp_path: Path) -> None:
    """A hundred rows of CSV of a mebioctet each take as much as ten: a block is not so many rows of any length."""
    peaks = []
    for times in (10, 100):
        path = tmp_path / f"{times}.csv"
        with path.open("wb") as file:
            file.write(b"id,text\n")
            for number in range(times):
                file.write(b"%d,%s\n" % (number, b"a" * (1 << 20)))
        peaks.append(peak("--column", "text", str(path)))
    assert peaks[1] < peaks[0] + 64_000
