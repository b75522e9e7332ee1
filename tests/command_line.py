"""The command line run in this process, with what it read and wrote in hand."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import unicodedata
from typing import Any, BinaryIO, Final, NamedTuple
from unittest import mock

import pytest
from hypothesis import settings

from smscodec.cli import main

COMMANDS: Final = ("measure", "segment", "explain", "encode", "decode", "bulk")

FEWER: Final = settings(max_examples=settings().max_examples // 3)
"""For properties of whole commands, each of which costs as much as a hundred calls of what it calls."""

COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
"""The ANSI sequences of colours, which appear only when they are asked for."""


class Outcome(NamedTuple):
    """What one command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one line of JSON that was printed."""
        assert self.status == 0, self.err
        assert self.out.count("\n") == 1
        return json.loads(self.out)


def run(*arguments: str, stdin: bytes | BinaryIO = b"") -> Outcome:
    """Run a command with standard input that is not a terminal."""
    source = io.BytesIO(stdin) if isinstance(stdin, bytes) else stdin
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(source, encoding="utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = main(arguments)
    return Outcome(status, out.getvalue(), err.getvalue())


def piped(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """What has arrived at the other end of a pipe that takes the place of standard output, and keeps octets back."""
    arrived = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(arrived, encoding="utf-8"))
    return arrived


def interruptible(*arguments: str, first: str = "", module: str = "smscodec") -> list[str]:
    """A command in a process of its own that Ctrl-C ends; ``first`` is Python that runs there before the module.

    A shell starts what it runs in the background with Ctrl-C ignored, and so may be whatever runs the tests.
    """
    code = f"""
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
{first}
runpy.run_module("{module}", run_name="__main__")
"""
    return [sys.executable, "-c", code, *arguments]


class Terminal(io.StringIO):
    """A stream that a person sees."""

    def isatty(self) -> bool:
        """It is one."""
        return True


class Endless(io.RawIOBase):
    """A line without an end, which counts the octets that are taken from it."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill whatever is offered."""
        buffer[:] = b"a" * len(buffer)
        self.taken += len(buffer)
        return len(buffer)


def acting(text: str) -> list[str]:
    """The characters that a terminal or the bidirectional algorithm would obey, or that hide.

    Line feeds are ours, and a joiner that joins is seen; ``test_display`` says where those may stand.
    """
    risky = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return [char for char in text if unicodedata.category(char) in risky and char not in "\n\u200c\u200d"]


def shown_on(terminal: int) -> bytes:
    """What a program writes to the other end of a pseudo-terminal, until it lets go of it; our end is closed then."""
    shown = b""
    while True:
        try:
            octets = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other side has gone
            octets = b""
        if not octets:
            os.close(terminal)
            return shown
        shown += octets
