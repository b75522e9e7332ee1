"""The benchmarks' own command line: arguments are checked before anything is measured, and figures survive files."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import benchmarks.__main__ as benchmarks
from benchmarks import compiled, corpora, octets, report, rows
from benchmarks.rows import Row
from smscodec import backend

ROOT = Path(corpora.__file__).parent.parent
FIGURES = ROOT / "docs" / "figures" / "speed.json"
TABLES = {
    "Lists": [Row("measure_many, mix", 1.25, "× floor", "≤ 2", "a note"), Row("kernels", None, "", note="not built")],
    "Nothing": [Row("peer", None, "", note="not installed")],
}

FILES = {
    "a.csv": (b"a", "--corpus", "expected a name in .jsonl"),
    "empty.txt": (b"\n\n", "--corpus", "no messages"),
    "bad.jsonl": (b'"a"\n{', "--corpus", "bad.jsonl:2: "),
    "number.jsonl": (b"7", "--corpus", "expected a JSON string, found int"),
    "surrogate.jsonl": (b'"\\ud800"', "--corpus", "surrogate.jsonl:1: a lone surrogate"),
    "latin.txt": (b"\xe9", "--corpus", "can't decode byte"),
    "cut.txt.gz": (gzip.compress(b"a", mtime=0)[:-3], "--corpus", "cut.txt.gz: "),
    "not.json": (b"{", "--compare", "no figures as --json writes them"),
    "list.json": (b"[1]", "--compare", "no figures as --json writes them"),
    "other.json": (b'{"Core": [{"name": 1}]}', "--compare", "no figures as --json writes them"),
}


Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """What the benchmarks say against their arguments: one line, and status 1."""

    def answer(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            benchmarks.main(["--count", "1", *arguments])
        out, err = capsys.readouterr()
        assert (ended.value.code, out, err.count("\n")) == (1, "", 1), err
        return err

    return answer


def test_the_benchmarks_run_as_a_program(tmp_path: Path) -> None:
    """``python -m benchmarks`` gives the exit status of its command, and nothing but its one line."""
    command = [sys.executable, "-m", "benchmarks", "--count", "1", "--compare", str(tmp_path / "none.json")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1), run.stderr
    assert run.stderr.startswith("python -m benchmarks: ")


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_one_line(tmp_path: Path, refused: Refused, name: str) -> None:
    """A corpus or earlier figures that are none are refused by file and reason, without a traceback."""
    content, option, reason = FILES[name]
    (tmp_path / name).write_bytes(content)
    assert reason in refused(option, str(tmp_path / name))


@pytest.mark.parametrize("option", ["--corpus", "--compare"])
def test_a_missing_file_is_one_line(tmp_path: Path, refused: Refused, option: str) -> None:
    """A file that is not there is named."""
    assert "No such file" in refused(option, str(tmp_path / "none.txt"))


def test_what_could_not_be_written_is_known_at_once(tmp_path: Path, refused: Refused) -> None:
    """A place that cannot be written, and a chart of an unknown kind, are refused before the first measurement."""
    assert "No such file" in refused("--json", str(tmp_path / "none" / "figures.json"))
    assert "a chart is a .png or an .svg" in refused("--plot", str(tmp_path / "chart.pdf"))


def test_figures_come_back_from_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is written is read again and stands beside the new figure; a row without one is not a figure."""
    path = str(tmp_path / "figures.json")
    report.write(TABLES, path)
    earlier = report.read(path)
    assert earlier == {"Lists": {("measure_many, mix", "× floor"): 1.25}, "Nothing": {}}
    report.printed("Lists", [Row("measure_many, mix", 2.5, "× floor")], earlier)
    assert "2.50 × floor" in (out := capsys.readouterr().out)
    assert "was 1.25" in out


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (2.0, "≤ 2", False),
        (2.01, "≤ 2", True),
        (8.0, "≥ 8", False),
        (7.9, "≥ 8", True),
        (9.0, "", False),
        (None, "≤ 2", False),
    ],
)
def test_a_missed_target_is_marked(
    value: float | None, target: str, expected: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A figure beyond its target is marked where it is printed, and named in the count at the end; no other is."""
    row = Row("a row", value, "× floor", target)
    assert report.missed(row) is expected
    report.printed("Core", [row], {})
    assert ("MISSED" in capsys.readouterr().out) is expected
    taken = int(bool(target) and value is not None)
    count, *named = report.verdict({"Core": [row]}).splitlines()
    assert count == f"{int(expected)} of {taken} targets missed"
    assert named == ([f"  Core: a row, {value:.2f} × floor, must be {target}"] if expected else [])


@pytest.mark.parametrize(("suffix", "beginning"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_charts(tmp_path: Path, suffix: str, beginning: bytes) -> None:
    """A chart is a PNG or an SVG that names the rows."""
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    path = tmp_path / f"chart{suffix}"
    report.check_chart(str(path))
    report.draw(TABLES, str(path))
    assert path.read_bytes().startswith(beginning)


def test_lists_time_the_public_call() -> None:
    """A row called measure_many is of measure_many: its figures come for every backend that there is."""
    names = [row.name for row in compiled.lists(corpora.mix(40), 1)]
    assert "measure_many, mix, pure" in names
    assert len(names) == 2 * len([name for name in names if name.startswith("measure_many, mix")])


def test_other_libraries_write_plain_messages_as_we_do() -> None:
    """The octets that each library's adapter takes out of it are ours, where nothing is open to choice."""
    texts = ["hello", "a" * 161, "{" * 5, "ж" * 10, "ж" * 71, "a" * 160]
    found = list(octets.peers(texts, 1))
    assert {"smpplib", "aiosmpplib", "pdusms", "smspdudecoder", "gsm0338", "gammu", "smpp"} <= {
        row.name.split()[0] for row in found
    }
    for row in found:
        assert row.value is not None or os.environ.get("SMSCODEC_CI") != "full", row
        assert row.value is None or "octets differ in 0 of " in row.note, row


def printed_rows(monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[str, str, str, str]], set[str]]:
    """Table, row, unit and target of each figure that is printed, and the tables whose rows this machine has."""
    monkeypatch.setattr(rows, "_texts_in", lambda _: ["a"])
    texts = corpora.mix(1_000)
    tables = {
        "Core": rows.core(texts, 1),
        "One by one, both backends": compiled.one_by_one(texts, 1),
        "Lists, both backends": compiled.lists(texts, 1),
        "Columns": compiled.columns(texts[:50], 1),
        "Octets": octets.octets(texts[:50], 1),
        "National languages": rows.languages(texts, 1),
        "Import": rows.import_time(1),
    }
    printed = [(title, row.name, row.unit, row.target) for title, table in tables.items() for row in table]
    here = {"Core", "National languages", "Import"}
    return printed, here | {title for title, name, *_ in printed if "C in place" in name or "AVX2" in name}


def test_the_figures_of_the_documentation_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure of the documentation bears the table, name, unit and target with which it is printed.

    Columns are compared where this machine has all their rows.
    """
    tables = json.loads(FIGURES.read_text("utf-8"))
    printed, here = printed_rows(monkeypatch)
    written = [(title, row["name"], row["unit"], row["target"]) for title in here for row in tables.get(title, ())]
    kinds = {row[:3] for row in printed}
    if backend() == "python":  # it prints no rows of C, and has targets of its own
        assert any(row[:3] in kinds for row in written)
    else:
        assert written
        assert [row for row in written if row not in printed] == []


def test_the_figures_of_the_readme_are_those_of_the_documentation() -> None:
    """Each of the README's figures is one of those that the command has written."""
    tables = json.loads(FIGURES.read_text("utf-8"))
    written = {
        (title, row["name"], f"{row['value']:.2f} {row['unit']}")
        for title in tables
        for row in tables[title]
        if row["value"]
    }
    section = (ROOT / "README.md").read_text("utf-8").split("\n## Speed\n", 1)[1].split("\n## ", 1)[0]
    cells = [
        tuple(map(str.strip, line.strip("|").split("|"))) for line in section.splitlines() if line.startswith("| ")
    ]
    assert len(cells) == 2 + 4
    assert set(cells[2:]) <= written
