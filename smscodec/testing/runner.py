"""Puts the conformance vectors to an implementation in any language, through an adapter that speaks lines of JSON.

The adapter is a program: it reads a question from its standard input and writes the answer to its standard output, a
line each, until its input ends. The protocol is in the vectors' README. What an adapter may do wrong (end early, hang,
answer nonsense or too much) ends its run with one reason, and what it answered until then stays counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from smscodec.testing.questions import CHAPTERS, Question, fault, is_judged, questions, shown

__all__ = ["LONGEST_ANSWER", "TIMEOUT", "Chapter", "Report", "run", "table"]

LONGEST_ANSWER: Final = 1 << 20
"""The most octets in the line of an answer; the longest that is expected has a tenth of them."""

TIMEOUT: Final = 10.0
"""Seconds that an adapter has for each answer, and for its start."""


@dataclass(slots=True)
class Chapter:
    """How an implementation did in one chapter, and the first answer that was wrong."""

    name: str
    passed: int = 0
    failed: int = 0
    not_offered: int = 0
    first_failure: str = ""


@dataclass(slots=True)
class Report:
    """The chapters in order, and why the adapter stopped before the end; an empty text where it did not."""

    chapters: list[Chapter] = field(default_factory=list)
    stopped: str = ""

    @property
    def passed(self) -> int:
        """Answers that were right."""
        return sum(chapter.passed for chapter in self.chapters)

    @property
    def failed(self) -> int:
        """Answers that were wrong."""
        return sum(chapter.failed for chapter in self.chapters)

    @property
    def not_offered(self) -> int:
        """Questions about what the implementation does not do."""
        return sum(chapter.not_offered for chapter in self.chapters)

    def as_dict(self) -> dict[str, Any]:
        """The report in types that ``json.dumps`` takes."""
        names = ("name", "passed", "failed", "not_offered", "first_failure")
        chapters = [{name: getattr(chapter, name) for name in names} for chapter in self.chapters]
        return {"chapters": chapters, "stopped": self.stopped}


def run(
    command: Sequence[str],
    *,
    chapters: Iterable[str] = tuple(CHAPTERS),
    timeout: float = TIMEOUT,
    environment: Mapping[str, str] | None = None,
    stderr: int | None = None,
) -> Report:
    """Ask an adapter every question of the chapters.

    ``command`` is the program and its arguments, started without a shell in an ``environment`` if one is given;
    ``stderr`` is as for ``subprocess.Popen``, and ``timeout`` seconds bound each answer. Never raises over what the
    adapter does: ``Report.stopped`` says what that was.
    """
    report = Report()
    try:
        with _Adapter(command, timeout, environment, stderr) as adapter:
            for name in chapters:
                chapter = Chapter(name)
                report.chapters.append(chapter)
                for question in questions(name):
                    _ask(adapter, question, chapter)
            adapter.finish()
    except _StoppedError as stopped:
        report.stopped = str(stopped)
    return report


def table(report: Report) -> Iterator[str]:
    """Lines for a terminal: a row for each chapter, the sum, the first failure of each, and what stopped it."""
    yield f"{'chapter':28} {'passed':>7} {'failed':>7} {'not offered':>12}"
    for chapter in report.chapters:
        yield f"{chapter.name:28} {chapter.passed:7} {chapter.failed:7} {chapter.not_offered:12}"
    yield f"{'all':28} {report.passed:7} {report.failed:7} {report.not_offered:12}"
    for chapter in report.chapters:
        if chapter.first_failure:
            yield f"first failure in {chapter.first_failure}"
    if report.stopped:
        yield f"stopped: {report.stopped}"


class _StoppedError(Exception):
    """The adapter did something other than answer."""


def _ask(adapter: _Adapter, question: Question, chapter: Chapter) -> None:
    answer = adapter.answer(question)
    if not is_judged(question.answer, answer):
        chapter.not_offered += 1
    elif wrong := fault(question.answer, answer):
        chapter.failed += 1
        place = f"{question.chapter}, case {question.case!r}, {question.operation}"
        chapter.first_failure = chapter.first_failure or f"{place}: {wrong}"
    else:
        chapter.passed += 1


class _Adapter:
    """The process, asked one question after the other."""

    def __init__(
        self, command: Sequence[str], timeout: float, environment: Mapping[str, str] | None, stderr: int | None
    ) -> None:
        self._timeout = timeout
        self._hung = False
        self._asked = 0
        self._waiting: threading.Thread | None = None
        try:
            # In a session of its own, so that what it started ends with it.
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=None if environment is None else dict(environment),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise _StoppedError(f"it could not be started ({error})") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._kill()
        self._process.wait()
        closing = threading.Thread(target=self._close, daemon=True)
        closing.start()
        closing.join(1)  # or it is left behind as well

    def _close(self) -> None:
        if self._waiting is not None:
            self._waiting.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what could not be written to an adapter that has ended
                    pipe.close()

    def answer(self, question: Question) -> dict[str, Any]:
        """Its answer; raises where there is none."""
        self._asked += 1
        request = {"id": self._asked, "operation": question.operation, **question.arguments}
        place = f"at {question.chapter}, case {question.case!r}, {question.operation}"
        line = self._exchange(json.dumps(request).encode("ascii") + b"\n")
        if self._hung:
            raise _StoppedError(f"no answer within {self._timeout:g} s {place}")
        if not line:
            raise _StoppedError(f"it ended{self._status()} {place}")
        if len(line) > LONGEST_ANSWER:
            raise _StoppedError(f"an answer of more than {LONGEST_ANSWER} octets {place}")
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise _StoppedError(f"expected a JSON object, got {line[:80].decode('utf-8', 'replace')!a} {place}")
        if answer.get("id") != self._asked:
            raise _StoppedError(f"expected id {self._asked}, got {shown(answer.get('id'))} {place}")
        return answer

    def finish(self) -> None:
        """End its input; raises if it writes more, or does not end."""
        if self._exchange(b"", last=True):
            raise _StoppedError("more output after the last answer")
        if self._hung:
            raise _StoppedError(f"it did not end within {self._timeout:g} s after its input")

    def _exchange(self, line: bytes, *, last: bool = False) -> bytes:
        """Write a line and read one; nothing, and ``_hung``, if that takes too long.

        The thread that waits is left behind then: a process that has left the adapter's session outlives it, and may
        hold its pipes for ever.
        """
        lines: list[bytes] = []
        waiting = threading.Thread(target=lambda: lines.append(self._write_and_read(line, last=last)), daemon=True)
        self._waiting = waiting
        waiting.start()
        waiting.join(self._timeout)
        self._hung = waiting.is_alive()
        return b"" if self._hung else lines[0]

    def _write_and_read(self, line: bytes, *, last: bool) -> bytes:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # it has ended; reading tells, and may still find an answer
            if last:
                self._process.stdin.close()
            else:
                self._process.stdin.write(line)
                self._process.stdin.flush()
        return self._process.stdout.readline(LONGEST_ANSWER + 1)

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):  # none of them is left
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _status(self) -> str:
        try:
            status = self._process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            return " its output"
        return f" by signal {-status}" if status < 0 else f" with status {status}"
