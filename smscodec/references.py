"""Successive reference numbers for concatenated messages, one sequence for each destination.

The core draws no numbers of its own: two long messages to one handset with the same reference are mixed there, so
whoever sends keeps a counter such as this.

Reference: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from smscodec._checks import check_whole

__all__ = ["ReferenceCounter"]


class ReferenceCounter:
    """Counts references up for each destination, and round again after 255 (65,535 when ``wide``).

    At most ``max_destinations`` are remembered; the one used least recently is dropped, and begins at 0 again should it
    come back. Safe to share between threads. Raises ``FieldError`` for a maximum below one.
    """

    def __init__(self, *, wide: bool = False, max_destinations: int = 65536) -> None:
        check_whole("max_destinations", max_destinations, 1)
        self._modulus = 0x10000 if wide else 0x100
        self._max_destinations = max_destinations
        self._next: OrderedDict[Hashable, int] = OrderedDict()
        self._lock = Lock()

    def next(self, destination: Hashable) -> int:
        """The next reference for a message to ``destination``; the first is 0, which is a valid one (decision D20)."""
        with self._lock:
            reference = self._next.pop(destination, 0)
            if len(self._next) >= self._max_destinations:
                self._next.popitem(last=False)
            self._next[destination] = (reference + 1) % self._modulus
            return reference

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self._next)} destinations, modulo {self._modulus}>"
