"""``python -m benchmarks.conformance``: a row for each library, and one that goes wrong keeps no other from its row."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.conformance import __main__ as conformance
from benchmarks.conformance.__main__ import AbsentError, Found
from benchmarks.conformance.lines import NotOfferedError, only
from smscodec.testing.questions import CHAPTERS
from smscodec.testing.runner import Chapter, Report

ROOT = Path(conformance.__file__).parents[2]
OURS = Found("1", [sys.executable, "-m", "tests.conformance.adapter"])


def absent() -> Found:
    """A library that is not here."""
    raise AbsentError("pip install nothing")


def within(seconds: float, found: Found) -> Found:
    """A library that has so many seconds for each answer, and so have those after it."""
    setattr(conformance, "TIMEOUT", seconds)  # noqa: B010  # a constant to the checker of types
    return found


PEERS: dict[str, Callable[[], Found]] = {
    "dying": lambda: Found("2", [sys.executable, "-c", "raise SystemExit(7)"]),
    "absent": absent,
    "babbling": lambda: Found("3", [sys.executable, "-c", "print('hello')"]),
    "hanging": lambda: within(1, Found("4", [sys.executable, "-c", "import time; time.sleep(600)"])),
    "ours": lambda: within(30, OURS),
}


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(conformance, "PEERS", PEERS)


def test_each_library_has_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Adapters that die, babble, hang or are not here are a clear row each, and the last library is judged whole."""
    pytest.importorskip("regex", reason="the extra grapheme is not installed")
    monkeypatch.setattr(conformance, "TIMEOUT", 30)
    monkeypatch.setattr(conformance, "CHAPTERS", {name: CHAPTERS[name] for name in ("rooms", "counts")})
    assert conformance.main(["--json", str(tmp_path / "figures.json")]) == 0
    header, _, *lines = capsys.readouterr().out.splitlines()
    assert header == "| library | rooms | counts | all |"
    rows, notes = lines[:5], lines[6:]
    assert [row.split(" | ")[0] for row in rows] == ["| dying 2", "| absent", "| babbling 3", "| hanging 4", "| ours 1"]
    assert rows[-1].startswith("| ours 1 | 14 of 14 | 29 of 29 | ")
    assert [note.split(" at ")[0] for note in notes] == [
        "* dying was stopped: it ended with status 7",
        "* absent is not here: pip install nothing",
        "* babbling was stopped: expected a JSON object, got 'hello\\n'",
        "* hanging was stopped: no answer within 1 s",
    ]
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert list(figures) == list(PEERS)
    assert figures["ours"]["stopped"] == ""


def test_all_must_be_there_where_that_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """With --all a library that is not here, or whose adapter stopped, is a failure; another name is one of usage."""
    assert conformance.main(["--all", "absent"]) == 1
    assert conformance.main(["--all", "dying"]) == 1
    assert conformance.main(["absent"]) == 0
    capsys.readouterr()
    with pytest.raises(SystemExit, match="2"):
        conformance.main(["nobody"])
    assert "unknown library: nobody" in capsys.readouterr().err


def test_figures_are_compared_with_those_published(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With --compare other figures of the same version are a failure, and so is it that none is of the same version."""
    monkeypatch.setattr(conformance, "CHAPTERS", {"rooms": CHAPTERS["rooms"]})
    monkeypatch.setattr(conformance, "judged", lambda name: ("1", Report([Chapter("rooms", passed=13, failed=1)])))
    published = tmp_path / "table.md"
    row = "| ours 1 | 13 of 14 | – | 13 of 14 |"
    for rows, words in (
        ([row], ""),
        ([row, "| absent 1 | – | 1 of 1 | 1 of 1 |"], ""),
        ([row.replace("13 of 14 | –", "12 of 14 | –")], "other figures were published of ours 1"),
        ([row.replace("–", "1 of 1")], "other figures were published of ours 1"),
        ([row.replace("ours 1", "ours 2")], "nothing was published of these versions"),
    ):
        published.write_text(
            "\n".join(["| library | rooms | counts | all |", "| - | - | - | - |", *rows, "", "* x"]), "utf-8"
        )
        assert conformance.main(["ours", "--compare", str(published)]) == (1 if words else 0)
        assert capsys.readouterr().err == (f"{published}: {words}\n" if words else "")


def test_every_library_has_an_adapter() -> None:
    """Each adapter for Python is a file of its own, and so is each for Node.js."""
    names = {path.name for path in Path(conformance.__file__).parent.glob("peer_*")}
    python = {f"{conformance.module(name)}.py" for name in ("smpplib", "smsutil", "sms-toolkit", "gsm0338")}
    python |= {"peer_smspdudecoder.py", "peer_python_messaging.py", "peer_gammu.py"}
    assert names == python | {"peer_twilio.js", "peer_split_sms.js", "peer_node_pdu.js"}


def test_what_a_library_cannot_do_is_not_offered() -> None:
    """``only`` lets through what a library can do, and nothing else."""
    only(default=True)
    with pytest.raises(NotOfferedError):
        only(default=False)
