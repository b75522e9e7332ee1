"""National tables for many messages in pure Python, one after the other: csrc/national.c must choose the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from smscodec._checks import as_text
from smscodec._kernels.columns import GSM_7BIT, Counts, Utf8Column
from smscodec._kernels.national import NationalTables

__all__ = ["choose_many", "choose_utf8"]


def choose_many(texts: Sequence[Any], first: int, national: NationalTables, counts: Counts) -> bytes:
    """Choose tables for texts that were counted into the rows from number ``first`` on; returns the pair of each."""
    return _choose(lambda row: as_text(texts[row - first]), first, len(texts), national, counts)


def choose_utf8(column: Utf8Column, first: int, rows: int, national: NationalTables, counts: Counts) -> bytes:
    """The same for ``rows`` messages of a column from number ``first`` on."""
    return _choose(column.text, first, rows, national, counts)


def _choose(text_of: Callable[[int], str], first: int, rows: int, national: NationalTables, counts: Counts) -> bytes:
    pairs = bytearray(rows)
    for row in counts.several(first, first + rows):
        plan = national.plan_one(text_of(row), counts.segments[row])
        if plan:
            units, segments, pairs[row - first] = plan
            counts.put(row, GSM_7BIT, units, segments)
    return bytes(pairs)
