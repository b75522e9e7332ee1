"""``python -m smscodec.testing``: the conformance vectors for other implementations.

``vectors DIR`` copies them out of the package; ``run -- COMMAND`` puts them to an adapter and counts right answers.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from smscodec.testing.questions import CHAPTERS
from smscodec.testing.runner import TIMEOUT, run, table

__all__ = ["main"]

_RUN_EPILOG: Final = """\
COMMAND is an adapter: it reads a question, a line of JSON, from its standard
input and writes the answer, a line of JSON, to its standard output. README.md
among the vectors describes both. Exit status: 0 if nothing failed, 1 if an
answer was wrong or the adapter ended early, 130 interrupted.

example:
  python -m smscodec.testing run -- node adapter.js
"""

_EPILOG: Final = """\
DIR is created if necessary. If a file in it has the name of a vector file but
other contents, nothing is written unless you give --force. README.md, which is
written with the vectors, describes their format.

example:
  python -m smscodec.testing vectors sms-vectors
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; ``argv`` are the arguments after the module. Exit status: 0 done, 1 refused, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m smscodec.testing", allow_abbrev=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    vectors = commands.add_parser(
        "vectors",
        help="write the conformance vectors out",
        description="Write the conformance vectors, JSON files and their README.md, to a directory.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    vectors.add_argument("directory", type=_directory, metavar="DIR", help="where to write them")
    vectors.add_argument("--force", action="store_true", help="write over files that differ")
    runner = commands.add_parser(
        "run",
        help="put the vectors to an implementation",
        description="Ask an adapter every question of the conformance suite, and print a table by chapter.",
        epilog=_RUN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    runner.add_argument(
        "--chapter", action="append", choices=CHAPTERS, metavar="NAME", help="only this; may be repeated"
    )
    runner.add_argument(
        "--timeout", type=_seconds, default=TIMEOUT, metavar="S", help="seconds for each answer (default %(default)g)"
    )
    runner.add_argument("--json", action="store_true", help="print the table as JSON")
    runner.add_argument("command", nargs="+", metavar="COMMAND", help="the adapter and its arguments, after --")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as end:  # argparse: help or usage
        return int(end.code or 0)
    if "command" in arguments:
        return _run(arguments)
    try:
        return _write(arguments.directory, force=arguments.force)
    except OSError as error:
        return _refused(f"{error.filename or arguments.directory}: {error.strerror}")


def _run(arguments: argparse.Namespace) -> int:
    try:
        report = run(arguments.command, chapters=arguments.chapter or CHAPTERS, timeout=arguments.timeout)
    except KeyboardInterrupt:
        return 130
    for line in [json.dumps(report.as_dict())] if arguments.json else table(report):
        _say(line)
    return 1 if report.failed or report.stopped else 0


def _seconds(number: str) -> float:
    if not 0 < (seconds := float(number)) <= 86_400:
        raise argparse.ArgumentTypeError("expected a number of seconds above 0, at most a day")
    return seconds


def _directory(name: str) -> Path:
    if not name:  # as of a variable that is not set: never the directory we happen to be in
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(name)


def _write(directory: Path, *, force: bool) -> int:
    contents = {file.name: file.read_bytes() for file in (files("smscodec.testing") / "vectors").iterdir()}
    directory.mkdir(parents=True, exist_ok=True)
    paths = {directory / name: content for name, content in sorted(contents.items())}
    differing = [path for path, content in paths.items() if path.exists() and path.read_bytes() != content]
    if differing and not force:
        return _refused(f"{differing[0]} is there and differs: give another directory, or --force")
    for path, content in paths.items():
        _replace(path, content)
    _say(f"{len(paths)} files written to {directory}")
    return 0


def _replace(path: Path, content: bytes) -> None:
    """Write the complete file or nothing: half a vector file would stop the next attempt."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _say(line: str) -> None:
    try:
        print(line.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding), flush=True)
    except OSError:  # the files are written; a closed output is not a failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refused(message: str) -> int:
    print(f"python -m smscodec.testing: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
