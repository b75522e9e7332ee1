"""The vectors as a whole: they say where they come from, cover every decision, are current, and can be written out."""

from __future__ import annotations

import errno
import os
import re
import runpy
import sys
from collections import Counter
from pathlib import Path

import pytest

from smscodec.testing.__main__ import main
from tests.conformance import make
from tests.conformance.vectors import FOLDER, read

ROOT = Path(__file__).parents[2]
FILES = sorted(file.name for file in FOLDER.iterdir())
CASES = [name for name in FILES if name.endswith(".json") and not name.startswith(("vonage_", "character_"))]


@pytest.mark.parametrize("name", CASES)
def test_every_case_names_its_origin(name: str) -> None:
    """Each case has an origin that the file explains, and each origin has cases."""
    content = read(name)
    assert set(content["origins"]) == {case["origin"] for case in content["cases"]}


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_a_name_of_its_own(name: str) -> None:
    """No two cases of one operation share an identifier."""
    names = Counter((case.get("operation"), case["id"]) for case in read(name)["cases"])
    assert [found for found, count in names.items() if count > 1] == []


def test_every_decision_has_a_vector() -> None:
    """Each of these decisions is cited by a case, and none that there is not."""
    cited = {number for name in CASES for case in read(name)["cases"] for number in case.get("decisions", ())}
    assert {f"D{number}" for number in (*range(1, 38), 39, 43)} <= cited <= {f"D{number}" for number in range(1, 47)}


def test_every_file_is_described() -> None:
    """The README of the vectors speaks of each file, and of no other."""
    spoken = set(re.findall(r"`([a-z_]+\.json)`", (FOLDER / "README.md").read_text(encoding="utf-8")))
    assert set(FILES) - {"README.md"} == spoken


def test_made_vectors_are_current() -> None:
    """The files that the oracle makes are what it makes today."""
    assert [name for name in make.FILES if not make.is_current(name)] == []


def test_makers_know_nothing_of_smscodec() -> None:
    """What makes vectors imports nothing of the code that they test."""
    for path in (make.__file__, ROOT / "tests/conformance/segmentations.py", ROOT / "tests/reference.py"):
        assert not re.search(r"^\s*(from|import) smscodec", Path(path).read_text(encoding="utf-8"), re.MULTILINE)


def test_vectors_can_be_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes every file to a new directory, and does so again without complaint."""
    target = tmp_path / "new" / "vectors"
    assert main(["vectors", str(target)]) == 0
    assert main(["vectors", str(target)]) == 0
    assert capsys.readouterr().out == 2 * f"{len(FILES)} files written to {target}\n"
    assert {name: (FOLDER / name).read_bytes() for name in FILES} == {
        path.name: path.read_bytes() for path in target.iterdir()
    }


def test_other_files_are_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of the same name and another content stays, and nothing else is written, unless it is forced."""
    mine = tmp_path / "README.md"
    mine.write_text("mine", encoding="utf-8")
    assert main(["vectors", str(tmp_path)]) == 1
    assert "is there and differs" in capsys.readouterr().err
    assert [mine] == list(tmp_path.iterdir())
    assert main(["vectors", str(tmp_path), "--force"]) == 0
    assert mine.read_bytes() == (FOLDER / "README.md").read_bytes()


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A directory that cannot be made is one clear line."""
    (tmp_path / "file").touch()
    assert main(["vectors", str(tmp_path / "file")]) == 1
    assert main(["vectors", str(tmp_path / "file" / "below")]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("python -m smscodec.testing: ") for line in lines)


def test_a_full_disk_leaves_whole_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails half-way leaves no half of a file, names the directory, and can be repeated."""

    def fill(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", fill)
        assert main(["vectors", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"python -m smscodec.testing: {tmp_path}: No space left on device\n"
    assert list(tmp_path.iterdir()) == []
    assert main(["vectors", str(tmp_path)]) == 0


def test_a_file_name_that_is_a_directory_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A directory where a file should go is one clear line, with --force too."""
    (tmp_path / "README.md").mkdir()
    for options in ([], ["--force"]):
        assert main(["vectors", str(tmp_path), *options]) == 1
        assert capsys.readouterr().err.count("\n") == 1


def test_nobody_has_to_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of the output that has gone causes neither a failure nor a traceback, and neither does an odd name."""
    target = tmp_path / os.fsdecode(b"odd\xff")
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as output:  # which raises where it is closed with words that are left
        monkeypatch.setattr(sys, "stdout", output)
        assert main(["vectors", str(target)]) == 0
        output.write("what others say later")
    assert set(FILES) == {path.name for path in target.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "status"), [([], 2), (["vectors"], 2), (["vectors", ""], 2), (["vectors", "--help"], 0)]
)
def test_usage(
    arguments: list[str], status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a program: no command is usage, help is help, and the status is the program's."""
    monkeypatch.setattr(sys, "argv", ["smscodec.testing", *arguments])
    monkeypatch.delitem(sys.modules, "smscodec.testing.__main__")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("smscodec.testing", run_name="__main__")
    assert ended.value.code == status
    shown = capsys.readouterr()
    assert "usage: python -m smscodec.testing" in (shown.err if status else shown.out)


def test_arguments_are_not_abbreviated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An option is written out, before and after the command."""
    for wrong in (["vectors", "--forc", str(tmp_path)], ["run", "--time", "1", "--", "x"], ["--hel"]):
        assert main(wrong) == 2
        assert "unrecognized arguments" in capsys.readouterr().err or wrong == ["--hel"]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "86401", "inf", "soon"])
def test_seconds_are_a_positive_number_up_to_a_day(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A time must be a number above 0 and at most a day; anything else is an error of usage."""
    assert main(["run", f"--timeout={seconds}", "--", "x"]) == 2
    assert "argument --timeout: " in capsys.readouterr().err
    assert main(["run", "--timeout=86400", "--chapter=rooms", "--", "./no such program"]) == 1
    assert "stopped: it could not be started" in capsys.readouterr().out
