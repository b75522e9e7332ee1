"""What a terminal changes: when there are colours, and how the progress of a long run is shown."""

from __future__ import annotations

import argparse
import io
import sys
import threading

import pytest

from smscodec.cli import main, progress
from smscodec.cli.progress import Progress
from smscodec.cli.writing import colour
from tests.command_line import Terminal

# Colours --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO(), None])
@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, True),
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "TERM": "xterm"}, False),
    ],
)
def test_colours_are_for_terminals_that_show_them(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None, environment: dict[str, str], wanted: bool
) -> None:
    """Colours are used on a terminal that is not dumb, unless NO_COLOR says no; an option decides before all that."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"WT_SESSION": "1", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", stream)
    used = [colour(argparse.Namespace(color=option)) for option in ("auto", "always", "never")]
    assert used == [wanted and isinstance(stream, Terminal), True, False]


@pytest.mark.parametrize(
    ("stream", "environment", "option", "coloured"),
    [
        (Terminal, {"TERM": "xterm"}, "auto", True),
        (Terminal, {"TERM": "xterm", "NO_COLOR": ""}, "auto", True),
        (Terminal, {"TERM": "xterm", "NO_COLOR": "1"}, "auto", False),
        (Terminal, {"TERM": "dumb"}, "auto", False),
        (io.StringIO, {"TERM": "xterm"}, "auto", False),
        (io.StringIO, {"NO_COLOR": "1"}, "always", True),
    ],
)
def test_a_command_is_coloured_where_colours_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
    stream: type[io.StringIO],
    environment: dict[str, str],
    option: str,
    coloured: bool,
) -> None:
    """What explain writes holds colours just there."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"WT_SESSION": "1", **environment}.items():
        monkeypatch.setenv(name, value)
    written = stream()
    monkeypatch.setattr(sys, "stdout", written)
    assert main(["explain", "--color", option, "It’s"]) == 0
    assert ("\x1b[1;4;31m’\x1b[0m" in written.getvalue()) is coloured
    assert ("\x1b" in written.getvalue()) is coloured


# Progress -------------------------------------------------------------------------------------------------------------


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the progress."""
    standing = Clock()
    monkeypatch.setattr(progress, "monotonic", standing)
    return standing


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal, which standard error is from now on."""
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setenv("TERM", "xterm")
    return seen


def test_progress_without_the_extra_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """The first line comes after a second, and the next ones five seconds apart, each with the share that is done."""
    monkeypatch.setitem(sys.modules, "rich.console", None)
    seen = terminal(monkeypatch)
    with Progress(200) as running:
        for after, done in ((0.0, 0), (0.999, 50), (1.0, 100), (5.999, 150), (6.0, 199), (11.0, 300)):
            clock.now = 100 + after
            running.update(done, f"{done} rows\x1b")
    assert seen.getvalue().splitlines() == [
        "smscodec: 50%, 100 rows\\x1b",
        "smscodec: 100%, 199 rows\\x1b",
        "smscodec: 100%, 300 rows\\x1b",
    ]
    with Progress(None) as running:
        clock.now += 1
        running.update(5, "5 rows")
    assert seen.getvalue().splitlines()[3:] == ["smscodec: 5 rows"]


def test_progress_with_the_extra_is_a_bar_that_goes(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """The bar is shown after a second, and neither it nor its thread is left behind."""
    pytest.importorskip("rich", reason="the extra 'cli' is not installed")
    seen = terminal(monkeypatch)
    threads = set(threading.enumerate())
    with Progress(200) as running:
        running.update(50, "50 rows")
        assert seen.getvalue() == ""
        clock.now += 1
        running.update(100, "100 rows")
    assert "100 rows" in seen.getvalue()
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
        assert not thread.is_alive()
    running.close()


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch, clock: Clock, stream: io.StringIO | None) -> None:
    """Nothing is shown where nobody looks."""
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress(200) as running:
        clock.now += 9
        running.update(100, "100 rows")
    assert stream is None or stream.getvalue() == ""
