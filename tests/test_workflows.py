"""The workflows trust no more than they must: pinned actions, a token that only reads, an end to every job."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).parents[1] / ".github" / "workflows").glob("*.yml"))
CASES = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def jobs(text: str) -> dict[str, str]:
    """The text of each job by its name."""
    _, *parts = re.split(r"^  ([\w-]+):\n", text.partition("\njobs:\n")[2], flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_there_are_workflows() -> None:
    """Checking and building are automated, so that the other tests here say something."""
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "docs.yml", "fuzz.yml", "wheels.yml"]


@CASES
def test_actions_are_pinned(path: Path) -> None:
    """Every action is named by a whole commit hash, with the version beside it for those who read."""
    used = re.findall(r"uses: *(.*)", path.read_text("utf-8"))
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", name)] == []


@CASES
def test_one_version_of_each_action(path: Path) -> None:
    """An action is used at one and the same commit everywhere, so that one update reaches them all."""
    used = set(re.findall(r"uses: *(\S+)", "".join(other.read_text("utf-8") for other in WORKFLOWS)))
    assert len({name.partition("@")[0] for name in used}) == len(used)
    assert path.read_text("utf-8").count("actions/checkout@") == path.read_text("utf-8").count(
        "persist-credentials: false"
    )


@CASES
def test_the_token_only_reads(path: Path) -> None:
    """What a workflow may do by default is to read the repository; only publishing asks for more, by an identity."""
    text = path.read_text("utf-8")
    assert "\npermissions:\n  contents: read\n\n" in text
    granted = {name: re.findall(r"^      ([\w-]+): write\b", job, re.MULTILINE) for name, job in jobs(text).items()}
    asked = {"wheels": {"publish": ["id-token"]}, "docs": {"publish": ["pages", "id-token"]}}
    assert {name: rights for name, rights in granted.items() if rights} == asked.get(path.stem, {})
    assert "secrets." not in text


@CASES
def test_every_job_ends(path: Path) -> None:
    """Each job has a time limit, and a newer push ends what a pull request's older one began."""
    text = path.read_text("utf-8")
    assert [
        name for name, job in jobs(text).items() if not re.search(r"^    timeout-minutes: \d+$", job, re.MULTILINE)
    ] == []
    assert "\nconcurrency:\n" in text


@pytest.mark.parametrize(("stem", "needed"), [("wheels", "check"), ("docs", "build")])
def test_only_a_tag_publishes(stem: str, needed: str) -> None:
    """Publishing waits for what is published to be checked, and happens on a pushed version tag alone."""
    publish = jobs(next(path for path in WORKFLOWS if path.stem == stem).read_text("utf-8"))["publish"]
    assert "if: github.event_name == 'push' && startsWith(github.ref, 'refs/tags/v')\n" in publish
    assert f"needs: {needed}\n" in publish
    assert ("attestations: true" in publish) == (stem == "wheels")


@CASES
def test_nothing_from_outside_is_pasted_into_a_shell(path: Path) -> None:
    """No shell line holds an expression, so that a branch's or a tag's name can never be read as commands."""
    for line in path.read_text("utf-8").splitlines():
        if "${{" in line:
            assert re.match(r"\s*([\w-]+): ", line), line
            assert not re.match(r"\s*(- )?run:", line), line
