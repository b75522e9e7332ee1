"""Paired timing: every candidate runs once in each round, so that a ratio compares what ran side by side.

What runs in one thread is timed by the processor time of this process, which leaves out the turns of other programs.
Knows clocks and medians, and nothing of what is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import get_clock_info, perf_counter, process_time
from typing import Any

__all__ = ["WALL", "Paired", "each", "paired"]

WALL = perf_counter
"""For threads and for other processes."""

OWN = process_time if get_clock_info("process_time").resolution < 1e-4 else WALL
"""Where the system counts processor time too coarsely, as Windows does, the clock on the wall."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Seconds of each candidate, a value a round."""

    rounds: Mapping[str, Sequence[float]]

    def seconds(self, name: str) -> float:
        """The median time of one candidate."""
        return median(self.rounds[name])

    def ratio(self, name: str, base: str) -> float:
        """The median over rounds of one candidate's time over another's in the same round."""
        return median(own / other for own, other in zip(self.rounds[name], self.rounds[base], strict=True))


def paired(candidates: Mapping[str, Callable[[], object]], *, rounds: int, clock: Callable[[], float] = OWN) -> Paired:
    """Run the candidates in turn, ``rounds`` times after one round that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for counted in (False, *[True] * rounds):
        for name, run in candidates.items():
            start = clock()
            run()
            if counted:
                times[name].append(clock() - start)
    return Paired(times)


def each(function: Callable[[Any], object], values: Iterable[Any]) -> Callable[[], None]:
    """A run that calls ``function`` with every value in a plain loop, as a caller would."""

    def run() -> None:
        for value in values:
            function(value)

    return run
