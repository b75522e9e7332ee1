"""Successive reference numbers for concatenated messages, one sequence for each destination.

The core draws no numbers of its own: two long messages to one handset with the same reference are mixed there, so a
sender keeps a counter such as this.

Reference: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final

from smscodec._checks import check_whole

__all__ = ["ReferenceCounter"]

_lock: Final = Lock()
"""One lock for all counters: it is held for a moment, and a fork must wait for it.

A child of a fork has only the thread that forked. If another one held the lock at that moment, nobody would ever
release it in the child, and its counter might be half-way between two references.
"""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


class ReferenceCounter:
    """Counts references up for each destination, and round again after 255 (65,535 when ``wide``).

    At most ``max_destinations`` are remembered; the one used least recently is dropped, and begins at 0 again if it
    comes back. Threads may share a counter: each call takes one number and no other call gets it before the count has
    gone round. It is safe to use after a fork. Processes that send to the same destinations need references from one
    place, such as a row in their database. Raises ``FieldError`` for a maximum below one.

    >>> references = ReferenceCounter()
    >>> [references.next("447700900000") for _ in range(3)]
    [0, 1, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    def __init__(self, *, wide: bool = False, max_destinations: int = 65536) -> None:
        check_whole("max_destinations", max_destinations, 1)
        self._modulus = 0x10000 if wide else 0x100
        self._max_destinations = max_destinations
        self._next: OrderedDict[Hashable, int] = OrderedDict()

    def next(self, destination: Hashable) -> int:
        """The next reference for a message to ``destination``; the first is 0, which is valid (decision D20).

        >>> ReferenceCounter(wide=True).next("447700900000")
        0
        """
        with _lock:
            reference = self._next.pop(destination, 0)
            if len(self._next) >= self._max_destinations:
                self._next.popitem(last=False)
            self._next[destination] = (reference + 1) % self._modulus
            return reference

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self._next)} destinations, modulo {self._modulus}>"
