"""What the documentation shows is what happens: every Python and console example runs, with the output below it."""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import shutil
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import smscodec
from smscodec import codec
from smscodec.cli import main
from tests.rows import each_row

ROOT = Path(__file__).parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
CAPTION = re.compile(r"^:caption: (?P<name>[\w.-]+)\n", re.MULTILINE)


def page_name(path: Path) -> str:
    """A page by its path below the top of the repository."""
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page: what follows the fence, and what is inside."""
    text = path.read_text(encoding="utf-8")
    return [(match["info"].strip(), match["body"]) for match in FENCE.finditer(text)]


def commands(path: Path) -> list[tuple[str, str]]:
    """The ``console`` examples of a page: each command, and the lines that follow it up to the next one."""
    found: list[tuple[str, str]] = []
    for info, body in blocks(path):
        if info == "console":
            for chunk in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, output = chunk.partition("\n")
                while command.endswith("\\"):
                    more, _, output = output.partition("\n")
                    command = command[:-1] + more.removeprefix(">").strip()
                found.append((command, output.rstrip("\n")))
    return found


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own to work in, with the sample beside it as in a clone, and a terminal 80 columns wide."""
    (tmp_path / "benchmarks").mkdir()
    shutil.copy(ROOT / "benchmarks" / "sample.txt", tmp_path / "benchmarks")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.parametrize("path", PAGES, ids=page_name)
@pytest.mark.usefixtures("_folder")
def test_python_examples_print_what_they_show(path: Path) -> None:
    """Every interactive Python example of a page prints what stands below it."""
    if os.name != "posix" and "os.openpty" in path.read_text(encoding="utf-8"):
        pytest.skip("the modem of this page is a pseudo-terminal of POSIX")
    try:
        results = doctest.testfile(str(path), module_relative=False, encoding="utf-8", optionflags=doctest.REPORT_NDIFF)
    finally:
        codec.unregister()
    assert results.failed == 0


@pytest.mark.parametrize("path", [path for path in PAGES if commands(path)], ids=page_name)
@pytest.mark.usefixtures("_folder")
def test_commands_print_what_they_show(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ``console`` example of a page prints what stands below it; files that the page shows lie in the folder."""
    for info, body in blocks(path):
        if info.startswith("{code-block}") and (caption := CAPTION.search(body)):
            Path(caption["name"]).write_text(body[caption.end() :].lstrip("\n"), encoding="utf-8")
    for command, expected in commands(path):
        given, _, file = command.partition(" < ")
        program, *arguments = shlex.split(given)
        assert program == "smscodec", f"{command}: only commands of smscodec are tried here"
        monkeypatch.setattr(sys, "stdin", io.StringIO(Path(file).read_text(encoding="utf-8") if file else ""))
        with redirect_stdout(io.StringIO()) as printed, redirect_stderr(printed):
            main(arguments)
        assert printed.getvalue().rstrip("\n") == expected, command


def test_every_page_is_reached() -> None:
    """No page of the site is an orphan that no table of contents names."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = {line for info, body in blocks(ROOT / "docs" / "index.md") if info == "{toctree}" for line in body.split()}
    pages = {
        page_name(path).removeprefix("docs/").removesuffix(".md")
        for path in PAGES
        if path.parent not in {ROOT, ROOT / "docs" / "figures"}
    }
    assert pages - listed - {"index"} == {page for page in pages if page.startswith("reference/api/")}
    assert index


def decisions() -> list[str]:
    """The numbers of the decisions that the documentation lists."""
    page = (ROOT / "docs" / "why" / "decisions.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (D\d+) \|", page, re.MULTILINE)


@each_row("number", decisions())
def test_every_decision_has_a_test(number: str) -> None:
    """Each decision has a test named after it."""
    name = re.compile(rf"def test_(d\d+_)*d0?{number[1:]}_")
    assert any(name.search(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))


def test_cited_decisions_are_listed() -> None:
    """Each decision that the package's source cites is listed, once."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in Path(smscodec.__file__).parent.rglob("*.py"))
    cited = set(re.findall(r"\bD\d+\b", " ".join(re.findall(r"decisions? (D\d+(?:(?:, |–| and )D\d+)*)", sources))))
    assert cited
    assert cited <= set(decisions())
    assert len(decisions()) == len(set(decisions()))


def test_every_extra_is_listed() -> None:
    """The table of extras names those that there are, and no other."""
    page = (ROOT / "docs" / "start" / "install.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == sorted(project["optional-dependencies"])


def test_the_picture_of_a_pdu_shows_the_one_beside_it() -> None:
    """Its boxes hold the octets of the message that the page annotates."""
    boxes = re.findall(r'class="octet"[^>]*>([^<]+)<', (ROOT / "docs" / "pictures" / "pdu.svg").read_text("utf-8"))
    page = (ROOT / "docs" / "how-to" / "modem.md").read_text("utf-8")
    assert f"decode --annotate {''.join(boxes).replace(' ', '')}\n" in page
