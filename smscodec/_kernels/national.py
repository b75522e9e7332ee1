"""What permitted national tables look like at the seam: which tables hold a character, and which may be used.

Plain values that the kernels in Python and in C share; which pair is chosen is decided above, or, for many messages, in
csrc/national.c.

Reference: 3GPP TS 23.038, 6.2.1.2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple

from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED

__all__ = ["MAIN_TABLES", "SINGLE", "NationalTables", "PlanOne", "holders"]

# Sets of tables are written as bits. Of a character: bit ``language`` for each locking shift (main) table that holds
# it, bit ``SINGLE + language`` for each single shift table.
SINGLE: Final = 16
MAIN_TABLES: Final = sum(1 << language for language in LOCKING_SHIFT)


@cache
def holders() -> Mapping[str, int]:
    """Of each character of any table, the tables that hold it."""
    found: dict[str, int] = {}
    for first_bit, tables in ((0, LOCKING_SHIFT), (SINGLE, SINGLE_SHIFT)):
        for language, cells in tables.items():
            for character in set(cells) - {UNDEFINED}:
                found[character] = found.get(character, 0) | 1 << (first_bit + language)
    return found


PlanOne = Callable[[str, int], tuple[int, int, int] | None]
"""How one message is planned in Python: text and its segments without national tables to its units and segments with
them and the pair, 16 times the main table and the single one; None where no pair takes fewer segments."""


class NationalTables(NamedTuple):
    """The national tables that are permitted, and how much text fits behind the elements that ask for them."""

    mains: int
    """A bit for each main table, the default one among them."""
    singles: int
    rooms: tuple[tuple[int, int], ...]
    """By number of shift elements, septets of a message of one segment and of each of several."""
    plan_one: PlanOne
