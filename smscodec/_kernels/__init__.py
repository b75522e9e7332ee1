"""The one seam between Python and C: a table of a few pure functions, chosen once when the package is imported.

``SMSCODEC_BACKEND`` is ``auto`` (the default), ``python`` or ``c``. Policy, errors, choice of tables and values live
above this seam, once, in Python; a kernel only counts, cuts and moves bits. The boundary rule (an escape pair and a
surrogate pair are never split) lives only in ``count_segments``, ``fill`` and ``cuts``.
"""

from __future__ import annotations

import os
from typing import Final, Literal, Protocol

from smscodec._kernels import _python
from smscodec._kernels._python import ASTRAL

__all__ = ["ASTRAL", "Kernels", "active"]


class Kernels(Protocol):
    """What a backend provides. Units are septets in GSM 7-bit and UTF-16 code units in UCS-2.

    ``doubles`` lists the characters that take two units, or is ``ASTRAL``. Alphabets are their numbers in
    ``dcs.Alphabet``. A lone surrogate is an ``UnencodableError`` in all that look at text for the first time.
    """

    @property
    def name(self) -> Literal["python", "c"]:
        """The backend's name."""

    def scan(self, text: str) -> tuple[int, int, int]:
        """Alphabet, units and number of two-unit characters."""

    def count_segments(self, text: str) -> int:
        """Segments in the default alphabet or UCS-2, with the 8-bit reference."""

    def utf16_length(self, text: str) -> int:
        """UTF-16 code units."""

    def fill(self, text: str, doubles: str, limit: int) -> tuple[int, int]:
        """Segments of ``limit`` units that a scanned text fills greedily, and the room left in the last."""

    def cuts(self, text: str, doubles: str, limit: int) -> list[int]:
        """Index of the first character of each segment but the first."""

    def pack(self, septets: bytes, fill_bits: int) -> bytes:
        """Septets (each at most 0x7F) to octets."""

    def unpack(self, octets: bytes, septet_count: int, fill_bits: int) -> bytes:
        """Octets (as many as needed) to septets."""


def _choose(wanted: str) -> Kernels:
    if wanted in {"auto", "python"}:
        return _python
    if wanted == "c":
        raise ImportError("SMSCODEC_BACKEND=c, but this version has no compiled kernels: use auto or python")
    raise ImportError(f"SMSCODEC_BACKEND={wanted!r}: use auto, python or c")


active: Final[Kernels] = _choose(os.environ.get("SMSCODEC_BACKEND", "auto"))
"""The backend in force, read from the environment once."""
