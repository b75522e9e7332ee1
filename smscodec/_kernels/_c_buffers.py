"""What is lent to C: counts to be written, and texts of a list joined as code points.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.3
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any, Final, NamedTuple

from smscodec._checks import as_text
from smscodec._kernels._ffi import ffi
from smscodec._kernels.columns import Counts

__all__ = ["Piece", "fresh", "piece_of", "rows_of"]

fresh: Final = ffi.new_allocator(should_clear_after_alloc=False)


@contextmanager
def rows_of(counts: Counts, first: int) -> Iterator[list[Any]]:
    """Pointers for C into the counts, from row ``first`` on; meanwhile the counts cannot be resized."""
    held = [ffi.from_buffer(kind, buffer) for kind, buffer in zip(_COLUMNS, counts, strict=True)]
    try:
        yield [column + first for column in held]
    finally:
        for buffer in held:
            ffi.release(buffer)


_COLUMNS: Final = ("uint8_t[]", "uint32_t[]", "uint32_t[]")

TEXTS_A_CALL: Final = 512
CHARACTERS_A_CALL: Final = 1 << 16
"""Texts joined at a time, and their characters unless one has more: what is made of many does not fit the cache."""


class Piece(NamedTuple):
    """Some texts in one str, and where each ends in it."""

    text: str
    ends: array[int]
    rows: int

    def lent(self) -> tuple[Any, int, Any, int]:
        """Code points, how many, their offsets and the width of these, as C takes them."""
        return fresh("char32_t[]", self.text), len(self.text), ffi.from_buffer("uint8_t[]", self.ends), 8


def piece_of(texts: Sequence[Any], first: int) -> Piece:
    """As many texts from one on as are good to pass at a time, at least one."""
    piece = [as_text(text) for text in texts[first : first + TEXTS_A_CALL]]
    ends = array("q", accumulate(map(len, piece), initial=0))
    rows = max(1, bisect_right(ends, CHARACTERS_A_CALL) - 1)
    return Piece("".join(piece[:rows]), ends, rows)
