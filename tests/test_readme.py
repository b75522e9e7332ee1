"""What the README shows is what happens, and every decision it lists has its tests."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from importlib.metadata import metadata
from pathlib import Path

import pytest

import smscodec
from smscodec import codec
from smscodec.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ smscodec (.+)$", README, re.MULTILINE)


@pytest.mark.skipif(os.name != "posix", reason="the modem of the README is a pseudo-terminal of POSIX")
def test_examples_give_what_they_show() -> None:
    """Every interactive example in the README prints what stands below it."""
    try:
        results = doctest.testfile("../README.md", encoding="utf-8", optionflags=doctest.REPORT_NDIFF)
    finally:
        codec.unregister()
    assert results.attempted > 0
    assert results.failed == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every smscodec command in the README succeeds and says something."""
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out.strip()


def decisions() -> list[str]:
    """The numbers of the README's table of decisions."""
    return re.findall(r"^\| (D\d+) \|", README, re.MULTILINE)


@pytest.mark.parametrize("number", decisions())
def test_every_decision_has_a_test(number: str) -> None:
    """Each decision in the README has a test called after it."""
    name = re.compile(rf"def test_(d\d+_)*d0?{number[1:]}_")
    assert any(name.search(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))


def test_cited_decisions_are_listed() -> None:
    """Each decision that the package's source cites stands in the README."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in Path(smscodec.__file__).parent.rglob("*.py"))
    cited = set(re.findall(r"\bD\d+\b", " ".join(re.findall(r"decisions? (D\d+(?:(?:, |–| and )D\d+)*)", sources))))
    assert cited
    assert cited <= set(decisions())


def test_every_extra_is_listed() -> None:
    """The README's table of extras names those that there are, and no other."""
    section = README.partition("\n## Install\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(metadata("smscodec").get_all("Provides-Extra") or ())


def test_no_placeholder_is_left() -> None:
    """Nothing in the README waits to be filled in."""
    assert "BENCHMARK_" not in README
