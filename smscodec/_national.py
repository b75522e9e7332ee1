"""Which pair of shift tables takes fewest segments, among the languages that the caller permits.

Everything here is arithmetic over sets of tables; a text is encoded only for a pair whose cuts may waste room.

Reference: 3GPP TS 23.038, 6.2.1.2; 3GPP TS 23.040, 9.2.3.24.15 and 9.2.3.24.16
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from smscodec._boundaries import septets
from smscodec._kernels import NationalTables
from smscodec._kernels.national import MAIN_TABLES, SINGLE, holders
from smscodec.message import MINIMUM_ROOM, Frame, Measurement, Room
from smscodec.tables import NationalLanguage, ShiftTables

__all__ = ["national_plan", "national_tables", "pair_of"]


@cache
def _unheld() -> re.Pattern[str]:
    """Matches a character that is in none of the tables, so that no pair needs to be tried."""
    return re.compile(f"[^{re.escape(''.join(holders()))}]")


class _Candidate(NamedTuple):
    """A pair of tables that holds the text, in the order of preference among pairs of as many segments."""

    shift_elements: int
    units: int
    locking: int
    single: int


def national_plan(
    text: str, languages: Iterable[NationalLanguage], frame: Frame, *, below: int | None = None
) -> Measurement | None:
    """The best plan with a national table in it that takes fewer than ``below`` segments, or None.

    Best is: fewest segments, fewer shift elements, fewer units, lower locking, lower single identifier. Pairs are any
    permitted or default locking table with any permitted or default single one.

    Reference: 3GPP TS 23.038, 6.2.1.2
    """
    if below is not None and _fewest(len(text), frame.shifted[1]) >= below:
        return None
    if _unheld().search(text):
        return None
    best: Measurement | None = None
    for candidate in sorted(_candidates(text, languages)):
        room = frame.shifted[candidate.shift_elements]
        if below is None or _fewest(candidate.units, room) < below:
            plan = _filled(text, candidate, room)
            if plan and (below is None or plan.segments < below):
                best, below = plan, plan.segments
    return best


def _fewest(units: int, room: Room) -> int:
    """The fewest segments for that many septets: cuts before escape pairs may take more."""
    return 1 if units <= room.single or room.limit < MINIMUM_ROOM else -(-units // room.limit)


def _candidates(text: str, languages: Iterable[NationalLanguage]) -> Iterator[_Candidate]:
    """For each main table, the first single table (the default first) that holds everything the main one lacks.

    The units of a text depend on the main table only, because each character that it lacks costs two septets in any
    single table.
    """
    permitted = _permitted(languages)
    held_by = holders()
    characters = set(text)
    masks = {held_by[character] for character in characters}
    mains = permitted & MAIN_TABLES
    for mask in masks:
        if not mask >> SINGLE & permitted:
            mains &= mask
    for locking in _bits(mains):
        singles = permitted
        for mask in masks:
            if not mask >> locking & 1:
                singles &= mask >> SINGLE
        if singles and (locking or not singles & 1):
            doubled = sum(text.count(character) for character in characters if not held_by[character] >> locking & 1)
            single = _lowest_bit(singles)
            yield _Candidate(bool(locking) + bool(single), len(text) + doubled, locking, single)


def _permitted(languages: Iterable[NationalLanguage]) -> int:
    """A bit for each language, and for the default one."""
    permitted = 1 << NationalLanguage.DEFAULT
    for language in languages:
        permitted |= 1 << language
    return permitted


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield _lowest_bit(mask)
        mask &= mask - 1


def _lowest_bit(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _filled(text: str, candidate: _Candidate, room: Room) -> Measurement | None:
    tables, units = pair_of(candidate.locking << 4 | candidate.single), candidate.units
    may_waste = units > len(text) and units > room.limit >= MINIMUM_ROOM
    waste = septets(text, tables).waste(room.limit) if may_waste else 0
    return room.plan(units, waste, tables)


@cache
def pair_of(number: int) -> ShiftTables:
    """The pair of tables of a number: 16 times the main table and the single one."""
    return ShiftTables(NationalLanguage(number >> 4), NationalLanguage(number & 0xF))


def national_tables(languages: Iterable[NationalLanguage], frame: Frame) -> NationalTables:
    """The same choice for many messages at once, as the kernels take it."""
    permitted = _permitted(languages)
    rooms = tuple((max(0, room.single), max(0, room.limit)) for room in frame.shifted)

    def plan_one(text: str, segments: int) -> tuple[int, int, int] | None:
        plan = national_plan(text, languages, frame, below=segments)
        return plan and (plan.units, plan.segments, plan.tables.locking << 4 | plan.tables.single)

    return NationalTables(permitted & MAIN_TABLES, permitted, rooms, plan_one)
