"""Programs under test: found or missed with a word, started with files of their own, ended by their own id.

Nothing sleeps for a fixed time: ``eventually`` asks again and again until a bound, which is generous because machines
are busy.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from tests.judges import missing

BOUND: Final = 180.0
"""Seconds that an answer may take before the test fails."""

Answer = TypeVar("Answer")


def program(name: str, package: str, *, folders: Sequence[str] = ("/usr/sbin", "/usr/local/sbin")) -> str:
    """The path of a program, also where administrators' programs lie; else the judge is missing."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *folders))
    found = shutil.which(name, path=path)
    if found is None:
        missing(name, f"apt-get install {package}")
    return found


@contextlib.contextmanager
def running(
    command: Sequence[str], folder: Path, *, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program with its output in ``folder``, ended by its own id: asked to, and killed where that does not help."""
    output = folder / f"{Path(command[0]).name}.output"
    with output.open("ab") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=environment,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def eventually(
    ask: Callable[[], Answer], process: subprocess.Popen[bytes] | None = None, *, bound: float = BOUND
) -> Answer:
    """The first answer that is true; fails after ``bound`` seconds, or when the process that is asked has ended."""
    deadline = time.monotonic() + bound
    while True:
        answer = ask()
        if answer:
            return answer
        assert process is None or process.poll() is None, f"{process.args!r} has ended with {process.returncode}"
        assert time.monotonic() < deadline, f"no answer within {bound:.0f} s"
        time.sleep(0.02)


def free_port() -> int:
    """A port of the loopback address that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether a program accepts connections at the port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Tally:
    """How many messages went through which gateway in which direction, printed when a module's tests are over."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, gateway: str, direction: str, count: int = 1) -> None:
        """Count messages."""
        self.counts[gateway, direction] += count

    def lines(self) -> Iterator[str]:
        """A line for each gateway, with a number for each direction."""
        for gateway in sorted({gateway for gateway, _ in self.counts}):
            counted = (f"{count} {what}" for (name, what), count in self.counts.items() if name == gateway)
            yield f"{gateway}: {', '.join(counted)}"


TALLY: Final = Tally()
