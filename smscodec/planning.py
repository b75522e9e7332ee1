"""How many segments a text takes: the room that headers leave, the base plan, and the search for a better pair of tables.

Everything here is arithmetic over counts that the kernels give; nothing is encoded. ``segmentation`` is its public
face.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.2
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from smscodec import _kernels, gsm7
from smscodec._kernels import ASTRAL, Rooms
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.tables import DEFAULT_TABLES, LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage, ShiftTables

__all__ = ["TP_UD_OCTETS", "Frame", "Measurement", "base_plan", "doubles", "national_plan", "room", "ucs2_plan"]

TP_UD_OCTETS: Final = 140
"""Octets of TP-UD in SMS-SUBMIT and SMS-DELIVER, header included."""


class Measurement(NamedTuple):
    """What a text costs.

    ``units`` are septets (an escaped character is two) for GSM_7BIT, UTF-16 code units for UCS2 and octets for
    DATA_8BIT, headers not counted. ``units_per_segment`` is the room in each segment under the header in force and
    ``remaining`` the room left in the last one when segments are filled greedily. ``tables`` are the default ones
    unless national languages were offered and one paid off.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    alphabet: Alphabet
    units: int
    segments: int
    units_per_segment: int
    remaining: int
    tables: ShiftTables


class Frame(NamedTuple):
    """What stands before the text in each segment: the caller's header in octets (UDHL included), and the reference."""

    header_octets: int
    wide: bool

    def octets(self, *, shift_elements: int, concatenated: bool) -> int:
        """Octets of the whole header of one segment."""
        elements = 3 * shift_elements + concatenated * (6 if self.wide else 5)
        return elements + (self.header_octets or bool(elements))

    def rooms(self, alphabet: Alphabet, shift_elements: int = 0) -> tuple[int, int]:
        """Units that fit a message of one segment, and each segment of a longer one."""
        return (
            room(alphabet, self.octets(shift_elements=shift_elements, concatenated=False)),
            room(alphabet, self.octets(shift_elements=shift_elements, concatenated=True)),
        )


def room(alphabet: Alphabet, header_octets: int) -> int:
    """Units that TP-UD holds beside a header of that many octets; at most 0 where the header fills it."""
    octets = TP_UD_OCTETS - header_octets
    if alphabet is Alphabet.GSM_7BIT:
        return 8 * octets // 7
    return octets // 2 if alphabet is Alphabet.UCS2 else octets


def doubles(alphabet: Alphabet, tables: ShiftTables) -> str:
    """The characters of two units, as the kernels take them."""
    return gsm7.doubles(tables) if alphabet is Alphabet.GSM_7BIT else ASTRAL


# The base plan: the default alphabet, else UCS-2 --------------------------------------------------------------------

_BASE_ALPHABETS: Final = (Alphabet.GSM_7BIT, None, Alphabet.UCS2)


@lru_cache(maxsize=256)
def _base_rooms(frame: Frame) -> Rooms:
    return Rooms(*frame.rooms(Alphabet.GSM_7BIT), *frame.rooms(Alphabet.UCS2))


_MINIMUM_ROOM: Final = 2  # a segment must hold an escape pair or a surrogate pair


def base_plan(text: str, frame: Frame) -> Measurement | None:
    """The default alphabet where it holds the text, else UCS-2; None where the header leaves no room.

    Raises ``UnencodableError`` at a lone surrogate.
    """
    rooms = _base_rooms(frame)
    if rooms.ucs2_multi < _MINIMUM_ROOM:
        return _cramped_base_plan(text, frame)
    number, units, segments, remaining = _kernels.active.count(text, rooms)
    return _measurement(
        (_BASE_ALPHABETS[number], units, segments, rooms[number + (segments > 1)], remaining, DEFAULT_TABLES)
    )


def _cramped_base_plan(text: str, frame: Frame) -> Measurement | None:
    number, units, doubled = _kernels.active.scan(text)
    alphabet = Alphabet(number)
    return _fit(text, _Load(alphabet, DEFAULT_TABLES, 0, units, doubled), frame)


def ucs2_plan(text: str, frame: Frame) -> Measurement | None:
    """The plan in UCS-2 whatever the text; None where the header leaves no room."""
    units = _kernels.active.utf16_length(text)
    return _fit(text, _Load(Alphabet.UCS2, DEFAULT_TABLES, 0, units, units - len(text)), frame)


def _measurement(fields: tuple[Alphabet | None, int, int, int, int, ShiftTables]) -> Measurement:
    # The constructor of a named tuple takes half as long again; measure() is called for single messages in a loop.
    return tuple.__new__(Measurement, fields)


class _Load(NamedTuple):
    """What a text weighs in an alphabet: units, and how many of its characters take two of them."""

    alphabet: Alphabet
    tables: ShiftTables
    shift_elements: int
    units: int
    doubled: int


def _fit(text: str, load: _Load, frame: Frame) -> Measurement | None:
    """Spread a load over segments; None where the header leaves no room."""
    single, limit = frame.rooms(load.alphabet, load.shift_elements)
    if single < _MINIMUM_ROOM:
        return None
    if load.units <= single:
        segments, per_segment, remaining = 1, single, single - load.units
    elif limit < _MINIMUM_ROOM:
        return None
    else:
        per_segment = limit
        segments, remaining = _spread(text, load, limit)
    return Measurement(load.alphabet, load.units, segments, per_segment, remaining, load.tables)


def _spread(text: str, load: _Load, limit: int) -> tuple[int, int]:
    if load.doubled:
        return _kernels.active.fill(text, doubles(load.alphabet, load.tables), limit)
    segments = -(-load.units // limit)
    return segments, segments * limit - load.units


# National plans -----------------------------------------------------------------------------------------------------

# Which tables hold a character: bit ``language`` for the locking shift (main) table, bit ``_SINGLE + language`` for the
# single shift table.
_SINGLE: Final = 16


@cache
def _holders() -> dict[str, int]:
    holders: dict[str, int] = {}
    for first_bit, tables in ((0, LOCKING_SHIFT), (_SINGLE, SINGLE_SHIFT)):
        for language, cells in tables.items():
            for character in set(cells) - {UNDEFINED}:
                holders[character] = holders.get(character, 0) | 1 << (first_bit + language)
    return holders


@cache
def _unheld() -> re.Pattern[str]:
    """Matches a character that no table at all holds, so that no pair of tables need be tried."""
    return re.compile(f"[^{re.escape(''.join(_holders()))}]")


def national_plan(
    text: str, languages: Iterable[NationalLanguage], frame: Frame, *, below: int | None
) -> Measurement | None:
    """The best plan with a national table in it that takes fewer than ``below`` segments, or None.

    Best is: fewest segments, fewer shift elements, fewer units, lower locking, lower single identifier. Pairs are any
    permitted or default locking table with any permitted or default single one. Raises ``FieldError`` for a language
    that does not exist.

    Reference: 3GPP TS 23.038, 6.2.1.2
    """
    if below is not None and _fewest(len(text), frame) >= below:
        return None
    if _unheld().search(text):
        return None
    best: Measurement | None = None
    for load in sorted(_loads(text, _permitted(languages)), key=_preference):
        if best is not None and load.units > best.units and load.shift_elements >= _elements(best.tables):
            continue  # as much header and more to carry cannot take fewer segments
        plan = _fit(text, load, frame)
        if plan and (below is None or plan.segments < below):
            best, below = plan, plan.segments
    return best


def _fewest(characters: int, frame: Frame) -> int:
    """A bound from below: every character one septet, and one shift element in each header."""
    single, limit = frame.rooms(Alphabet.GSM_7BIT, 1)
    return 1 if characters <= single or limit < _MINIMUM_ROOM else -(-characters // limit)


def _permitted(languages: Iterable[NationalLanguage]) -> list[NationalLanguage]:
    permitted = {NationalLanguage.DEFAULT}
    for language in languages:
        if language not in SINGLE_SHIFT:
            raise FieldError("languages", f"{language!r} is no national language")
        permitted.add(NationalLanguage(language))
    return sorted(permitted)


def _preference(load: _Load) -> tuple[int, int, int, int]:
    return load.shift_elements, load.units, load.tables.locking, load.tables.single


def _elements(tables: ShiftTables) -> int:
    return bool(tables.locking) + bool(tables.single)


def _loads(text: str, permitted: list[NationalLanguage]) -> Iterator[_Load]:
    """The loads worth comparing: for each main table the cheapest single table that holds what it lacks.

    What a text weighs depends on the main table only, since each character that it lacks is escaped whatever the other.
    """
    holders = _holders()
    kinds: Counter[int] = Counter()
    for character, occurrences in Counter(text).items():
        kinds[holders[character]] += occurrences
    for locking in permitted:
        if locking in LOCKING_SHIFT:
            lacking = [(mask, occurrences) for mask, occurrences in kinds.items() if not mask >> locking & 1]
            doubled = sum(occurrences for _, occurrences in lacking)
            single = _first_holding([mask >> _SINGLE for mask, _ in lacking], permitted)
            if single is not None and (locking or single):
                tables = ShiftTables(locking, single)
                yield _Load(Alphabet.GSM_7BIT, tables, _elements(tables), len(text) + doubled, doubled)


def _first_holding(masks: list[int], permitted: list[NationalLanguage]) -> NationalLanguage | None:
    """The first permitted single table, the default before all, that holds every kind of character."""
    return next((single for single in permitted if all(mask >> single & 1 for mask in masks)), None)
