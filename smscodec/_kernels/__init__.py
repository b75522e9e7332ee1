"""The one seam between Python and C: a table of a few pure functions, chosen once when the package is imported.

``SMSCODEC_BACKEND`` is ``auto`` (the default), ``python`` or ``c``. The compiled kernels are used where they were built
and cffi is installed; those that read str in place come before the portable ones. Policy, errors and values
live above this seam, once, in Python, which also says what tables a kernel may use; a kernel only counts and moves
bits.

There is one way to a kernel: ``_kernels.active.name_of_it(...)``, looked up at each call, so that setting ``active``
changes the backend of the whole package.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, Literal, Protocol, cast

from smscodec._kernels import _python
from smscodec._kernels.columns import (
    PLAIN_ROOMS,
    Counts,
    Rooms,
    Utf8Column,
)
from smscodec._kernels.national import NationalTables
from smscodec._kernels.octets import Orders, Segments, Style, Texts, UserDataColumn, Written
from smscodec.tables import ShiftTables

__all__ = [
    "PLAIN_ROOMS", "Counts", "Kernels", "NationalTables", "Rooms", "Utf8Column", "active", "why_not_c",
]  # fmt: skip


class Kernels(Protocol):
    """What a backend provides. Units are septets in GSM 7-bit and UTF-16 code units in UCS-2.

    A ``text`` is an exact str: the public functions make sure of it, except that ``count_segments`` does so itself.
    Alphabets are their numbers in ``dcs.Alphabet``. A lone surrogate is an ``UnencodableError``.
    """

    @property
    def name(self) -> Literal["python", "c"]:
        """The backend's name."""

    @property
    def detail(self) -> str:
        """The vector unit and how text is read; nothing in Python."""

    def scan(self, text: str) -> tuple[int, int, int]:
        """Alphabet, units and number of two-unit characters."""

    def waste(self, text: str, alphabet: int, limit: int) -> int:
        """Units that stay empty before cuts where segments of ``limit`` units, at least 2, hold a scanned text."""

    def cuts(self, text: str, alphabet: int, limit: int, tables: ShiftTables) -> Sequence[int]:
        """The characters that begin the second and later segments, filled greedily with ``limit`` units, at least 2.

        There are at most 254, in a text that these tables hold.
        """

    def encode(self, text: str, bounds: Sequence[int], style: Style, reference: int) -> Segments:
        """TP-UDL and octets of every segment of one message, cut at these bounds; one alone needs no reference."""

    def count_segments(self, text: str) -> int:
        """Segments in the default alphabet or UCS-2, with the 8-bit reference; ``TypeError`` for anything but text."""

    def pack(self, septets: bytes, fill_bits: int) -> bytes:
        """Septets (each at most 0x7F) to octets."""

    def unpack(self, octets: bytes, septet_count: int, fill_bits: int) -> bytes:
        """Octets (as many as needed) to septets."""

    def count_many(self, texts: Sequence[Any], first: int, rooms: Rooms, counts: Counts) -> int:
        """Count texts into the rows from number ``first`` on; returns how many came before one that cannot be counted.

        They come unchecked from outside: they may be subclasses of str, or not text at all.
        """

    def count_utf8(self, column: Utf8Column, first: int, rows: int, rooms: Rooms, counts: Counts) -> int:
        """Count ``rows`` messages of a column from number ``first`` on, nulls as 0, 0, 0; returns how many."""

    def choose_utf8(self, column: Utf8Column, first: int, rows: int, national: NationalTables, counts: Counts) -> bytes:
        """Put national tables in force where they take fewer segments than were counted, for ``rows`` messages of a
        column from number ``first`` on; returns the pair of each (16 times the main table and the single one), or 0.
        """

    def choose_many(self, texts: Sequence[Any], first: int, national: NationalTables, counts: Counts) -> bytes:
        """The same for texts that were counted into the rows from number ``first`` on."""

    def encode_many(self, texts: Sequence[Any], orders: Orders, written: Written) -> int:
        """Write counted texts; returns how many came before one that it cannot write: see ``Orders.can_write``."""

    def encode_utf8(self, column: Utf8Column, first: int, rows: int, orders: Orders, written: Written) -> int:
        """The same for ``rows`` messages of a column from number ``first`` on."""

    def decode(self, column: UserDataColumn, first: int, rows: int, texts: Texts) -> int:
        """Read ``rows`` rows from number ``first`` on; returns how many came before one with invalid offsets."""


def _compiled() -> Kernels:
    """The compiled kernels; raises ``ImportError`` where there are none."""
    portable = import_module("smscodec._kernels._c")
    try:
        return cast(Kernels, import_module("smscodec._kernels._in_place"))
    except ImportError:  # PyPy, or a build for another version of CPython
        return cast(Kernels, portable)


def _missing(error: ImportError | AttributeError) -> str:
    """Why the compiled kernels cannot be used, and what to do about it here: a clone builds them in its own folder."""
    if error.name == "_cffi_backend":
        return 'the compiled kernels need cffi: pip install "cffi>=2"'
    clone = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if os.path.exists(os.path.join(clone, "pyproject.toml")):
        return (
            "no kernels are compiled for this Python here; with a C compiler and Python's headers, build them with "
            f'pip install -e "{clone}[accel]"'
        )
    return (
        "this installation has no compiled kernels for this Python; install smscodec again from its sources with a C "
        "compiler and Python's headers (SMSCODEC_BUILD=c shows what fails)"
    )


def _choose(wanted: str) -> tuple[Kernels, str]:
    """The kernels, and why they are not the compiled ones."""
    if wanted not in {"auto", "python", "c"}:
        raise ImportError(f"SMSCODEC_BACKEND: expected auto, python or c, got {wanted!r}")
    if wanted == "python":
        return _python, "SMSCODEC_BACKEND=python"
    try:
        return _compiled(), ""
    except (ImportError, AttributeError) as error:  # AttributeError: they were built from older sources
        reason = _missing(error)
        if wanted == "c":
            raise ImportError(f"SMSCODEC_BACKEND=c, but {reason} ({error})") from error
        return _python, f"{reason} ({error})"


_chosen: Final = _choose(os.environ.get("SMSCODEC_BACKEND") or "auto")

active: Kernels = _chosen[0]
"""The backend in force, read from the environment once; only tests set another."""

why_not_c: Final = _chosen[1]
"""Why the backend in force is not the compiled one; empty where it is."""
