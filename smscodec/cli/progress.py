"""The progress of a long run, on a terminal: a bar where the extra ``cli`` is installed, else plain lines.

Nothing is shown, nor imported, if standard error is not a terminal or the run takes less than a second.
"""

from __future__ import annotations

import contextlib
import sys
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from smscodec.display.terminal import visible

__all__ = ["Progress"]

_PATIENCE: Final = 1.0
"""Seconds before anything is shown."""

_BETWEEN_LINES: Final = 5.0
"""Seconds from one plain line to the next."""


class Progress:
    """Octets done out of ``total``, which is None if it is unknown."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._shows = sys.stderr is not None and sys.stderr.isatty()
        self._due = monotonic() + _PATIENCE
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bar, before anything else is printed."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def update(self, done: int, said: str) -> None:
        """Show the progress, in octets and in words."""
        if not self._shows or (now := monotonic()) < self._due:
            return
        if self._bar is None and self._task is None:
            self._begin()
        if self._bar is not None:
            self._bar.update(self._task, completed=done, said=visible(said))
            self._due = now
            return
        share = f"{min(done / self._total, 1):.0%}, " if self._total else ""
        print(f"smscodec: {share}{visible(said)}", file=sys.stderr)
        self._due = now + _BETWEEN_LINES

    def _begin(self) -> None:
        self._task = -1
        with contextlib.suppress(ImportError):
            from rich.console import Console  # noqa: PLC0415  # an extra, and it takes time to import
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
            from rich.progress import Progress as Bar  # noqa: PLC0415

            said = TextColumn("{task.fields[said]}", markup=False)
            columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), said)
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=self._total, said="")
            self._bar.start()
