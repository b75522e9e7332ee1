"""The conformance suite put to other libraries: a table of how each does, as Markdown.

A cell is the number of right answers and that of questions that the library offers an answer to. Below stands the
first vector that each library fails, as an example; the file and the case lead to its source.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from benchmarks.peers import node_folders
from smscodec.testing.questions import CHAPTERS
from smscodec.testing.runner import Report, run

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[1]
DEBIAN: Final = "/usr/bin/python3"
TIMEOUT: Final = 30.0


class AbsentError(Exception):
    """A library that is not here, and what would bring it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A library that is here: its version, and the command of its adapter."""

    version: str
    command: list[str]


def python(distribution: str) -> Found:
    """A library for Python, in this environment."""
    try:
        return Found(version(distribution), [sys.executable, "-m", f"benchmarks.conformance.{module(distribution)}"])
    except PackageNotFoundError:
        raise AbsentError(f"pip install {distribution}") from None


def node(package: str, adapter: str) -> Found:
    """A library for Node.js, where ``benchmarks.peers`` looks for them."""
    folders = node_folders(package)
    if not folders:
        raise AbsentError(f"npm install {package}, and name the folder in SMSCODEC_NODE_MODULES")
    release = json.loads((folders[0] / "package.json").read_text("utf-8"))["version"]
    return Found(release, ["node", str(FOLDER / f"peer_{adapter}.js")])


def debian(package: str) -> Found:
    """python3-gammu, for the Python of the system."""
    code = "import gammu; print(gammu.Version()[1])"
    try:
        ran = subprocess.run([DEBIAN, "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise AbsentError(f"apt-get install {package}") from None
    return Found(ran.stdout.strip(), [DEBIAN, "-m", "benchmarks.conformance.peer_gammu"])


def module(distribution: str) -> str:
    """The adapter's module."""
    return f"peer_{distribution.replace('-', '_')}"


PEERS: Final[Mapping[str, Callable[[], Found]]] = {
    **{
        name: partial(python, name)
        for name in ("smpplib", "smsutil", "sms-toolkit", "gsm0338", "smspdudecoder", "python-messaging")
    },
    "sms-segments-calculator (Twilio)": partial(node, "sms-segments-calculator", "twilio"),
    "split-sms": partial(node, "split-sms", "split_sms"),
    "node-pdu": partial(node, "node-pdu", "node_pdu"),
    "gammu": partial(debian, "python3-gammu"),
}


def environment() -> dict[str, str]:
    """Where adapters find this folder, and Node.js its modules."""
    names = ("split-sms", "sms-segments-calculator", "node-pdu")
    places = {str(folder.parent) for name in names for folder in node_folders(name)}
    return os.environ | {"PYTHONPATH": str(ROOT), "NODE_PATH": os.pathsep.join(sorted(places))}


def judged(name: str) -> tuple[str, Report]:
    """A library's version, and how it does; what is not here is stopped before it began."""
    try:
        found = PEERS[name]()
    except AbsentError as absent:
        return "", Report(stopped=f"not here: {absent}")
    return found.version, run(
        found.command, chapters=CHAPTERS, timeout=TIMEOUT, environment=environment(), stderr=subprocess.DEVNULL
    )


def markdown(reports: Mapping[str, tuple[str, Report]]) -> Iterator[str]:
    """A row for each library, a column for each chapter that one of them offers, and a list of examples."""
    offered = [
        chapter
        for chapter in CHAPTERS
        if any(
            row.name == chapter and row.passed + row.failed for _, report in reports.values() for row in report.chapters
        )
    ]
    yield f"| library | {' | '.join([*offered, 'all'])} |"
    yield f"| --- |{' --- |' * (len(offered) + 1)}"
    for name, (release, report) in reports.items():
        rows = {row.name: row for row in report.chapters}
        cells = [
            f"{rows[chapter].passed} of {rows[chapter].passed + rows[chapter].failed}"
            if chapter in rows and rows[chapter].passed + rows[chapter].failed
            else "–"
            for chapter in offered
        ]
        total = f"{report.passed} of {report.passed + report.failed}" if report.chapters else "–"
        yield f"| {f'{name} {release}'.strip()} | {' | '.join([*cells, total])} |"
    yield ""
    for name, (_, report) in reports.items():
        if report.stopped:
            yield f"* {name} {'is ' if not report.chapters else 'was stopped: '}{report.stopped}"
        for failure in [row.first_failure for row in report.chapters if row.first_failure][:1]:
            yield f"* {name}: {failure}"


def figures(table: str) -> dict[str, dict[str, str]]:
    """The cells of a table by the library with its version, and then by the chapter; empty ones left out."""
    names, _, *rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line[:1] == "|"
    ]
    return {row[0]: {name: cell for name, cell in zip(names, row, strict=True) if cell != "–"} for row in rows}


def compared(printed: str, published: str) -> Iterator[str]:
    """What differs from the published table; a library published in another version is passed over."""
    rows, before = figures(printed), figures(published)
    known = [name for name in rows if name in before]
    for name in known:
        if rows[name] != before[name]:
            yield f"other figures were published of {name}"
    if not known:
        yield "nothing was published of these versions"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where ``--all`` or ``--compare`` finds that something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conformance", description=__doc__)
    parser.add_argument("peers", nargs="*", metavar="LIBRARY", help=f"of {', '.join(PEERS)} (default: all)")
    parser.add_argument("--json", metavar="FILE", help="write the figures and the first failure of each chapter")
    parser.add_argument("--all", action="store_true", help="fail where a library is not here, or its adapter stopped")
    parser.add_argument("--compare", metavar="FILE", type=Path, help="fail where this table has other figures")
    options = parser.parse_args(arguments)
    if unknown := set(options.peers) - PEERS.keys():
        parser.error(f"unknown library: {', '.join(sorted(unknown))}")
    reports = {name: judged(name) for name in options.peers or PEERS}
    table = "\n".join(markdown(reports))
    print(table)
    if options.json:
        plain = {name: {"version": release, **report.as_dict()} for name, (release, report) in reports.items()}
        Path(options.json).write_text(json.dumps(plain, indent=1) + "\n", "utf-8")
    stopped = options.all and any(report.stopped for _, report in reports.values())
    faults = list(compared(table, options.compare.read_text("utf-8"))) if options.compare else []
    for fault in faults:
        print(f"{options.compare}: {fault}", file=sys.stderr)
    return 1 if stopped or faults else 0


if __name__ == "__main__":
    sys.exit(main())
