"""How many segments a text takes: the room that headers leave, the base plan, the search for better tables.

Everything here is arithmetic over counts that the kernels give; nothing is encoded. ``segmentation`` is its public
face.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from smscodec import _kernels, gsm7
from smscodec._kernels import ASTRAL
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.tables import DEFAULT_TABLES, LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage, ShiftTables

__all__ = [
    "MINIMUM_ROOM",
    "ONE_SEGMENT",
    "PLAIN",
    "TP_UD_OCTETS",
    "Frame",
    "Measurement",
    "ValidLanguages",
    "base_plan",
    "doubles",
    "national_plan",
    "room",
    "several_segments",
    "ucs2_plan",
]

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

MINIMUM_ROOM: Final = 2
"""Units that each segment must have room for: an escape pair or a surrogate pair."""

PLAIN: Final = Frame(0, wide=False)
"""Nothing of the caller's in the header, and the 8-bit reference."""


def base_plan(text: str, frame: Frame) -> Measurement | None:
    """The default alphabet where it holds the text, else UCS-2; None where the header leaves no room.

    Raises ``UnencodableError`` at a lone surrogate.
    """
    number, units, doubled = _kernels.active.scan(text)
    return _fit(text, _Load(Alphabet(number), DEFAULT_TABLES, 0, units, doubled), frame)


def ucs2_plan(text: str, frame: Frame) -> Measurement | None:
    """The plan in UCS-2 whatever the text; None where the header leaves no room."""
    units = _kernels.active.utf16_length(text)
    return _fit(text, _Load(Alphabet.UCS2, DEFAULT_TABLES, 0, units, units - len(text)), frame)


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
    if single < MINIMUM_ROOM:
        return None
    if load.units <= single:
        segments, per_segment, remaining = 1, single, single - load.units
    elif limit < MINIMUM_ROOM:
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


# Most messages are one plain segment, and then their units say all: what measure() answers for them is made beforehand.


def _one_segment(alphabet: Alphabet) -> tuple[int, tuple[Measurement, ...]]:
    most = room(alphabet, 0)
    plans = (Measurement(alphabet, units, 1, most, most - units, DEFAULT_TABLES) for units in range(most + 1))
    return most, tuple(plans)


_NO_TEXT: Final[tuple[int, tuple[Measurement, ...]]] = (-1, ())

ONE_SEGMENT: Final = (_one_segment(Alphabet.GSM_7BIT), _NO_TEXT, _one_segment(Alphabet.UCS2))
"""By alphabet, the most units of one segment without a header, and the measurement of a text of so many or fewer."""


def several_segments(text: str, number: int, units: int, doubled: int) -> Measurement:
    """The base plan under ``PLAIN`` of a text, scanned already, that takes more than one segment."""
    alphabet, limit, kernel_doubles = _SEVERAL[number]
    if doubled:
        segments, remaining = _fill(text, kernel_doubles, limit)
    else:
        segments = -(-units // limit)
        remaining = segments * limit - units
    return Measurement(alphabet, units, segments, limit, remaining, DEFAULT_TABLES)


_fill = _kernels.active.fill
_SEVERAL: Final = {
    alphabet.value: (alphabet, PLAIN.rooms(alphabet)[1], doubles(alphabet, DEFAULT_TABLES))
    for alphabet in (Alphabet.GSM_7BIT, Alphabet.UCS2)
}


# National plans -----------------------------------------------------------------------------------------------------

# Sets of tables are written as bits. Of a character: bit ``language`` for each locking shift (main) table that holds
# it, bit ``_SINGLE + language`` for each single shift table.
_SINGLE: Final = 16
_MAIN_TABLES: Final = sum(1 << language for language in LOCKING_SHIFT)


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


class ValidLanguages:
    """Checks that permitted languages exist, and remembers the last ones that do.

    Looking at thirteen languages takes longer than measuring a short text, and callers permit the same ones for text
    after text. What is remembered changes no answer, and one reference is all that a thread may find replaced.
    """

    __slots__ = ("languages",)

    def __init__(self) -> None:
        self.languages: tuple[NationalLanguage, ...] = ()

    def checked(self, languages: Iterable[NationalLanguage]) -> tuple[NationalLanguage, ...]:
        """``languages`` as a tuple; raises ``FieldError`` for one that does not exist."""
        collection = tuple(languages)
        for language in collection:
            if type(language) is not NationalLanguage and not _exists(language):
                raise FieldError("languages", f"{language!r} is no national language")
        self.languages = collection
        return collection


def _exists(language: object) -> bool:
    return isinstance(language, int) and 0 <= language < len(NationalLanguage)


class _Candidate(NamedTuple):
    """A pair of tables that holds the text, in the order of preference among pairs of as many segments."""

    shift_elements: int
    units: int
    locking: int
    single: int


def national_plan(
    text: str, languages: Iterable[NationalLanguage], frame: Frame, *, below: int | None
) -> Measurement | None:
    """The best plan with a national table in it that takes fewer than ``below`` segments, or None.

    Best is: fewest segments, fewer shift elements, fewer units, lower locking, lower single identifier. Pairs are any
    permitted or default locking table with any permitted or default single one. ``languages`` have been checked.

    Reference: 3GPP TS 23.038, 6.2.1.2
    """
    if below is not None and _fewest(len(text), frame) >= below:
        return None
    if _unheld().search(text):
        return None
    best: Measurement | None = None
    for candidate in sorted(_candidates(text, languages)):
        if below is None or _fewest(candidate.units, frame, candidate.shift_elements) < below:
            plan = _fit(text, _load(text, candidate), frame)
            if plan and (below is None or plan.segments < below):
                best, below = plan, plan.segments
    return best


def _fewest(units: int, frame: Frame, shift_elements: int = 1) -> int:
    """Segments that so many septets need at least: cuts before escape pairs may ask for more."""
    single, limit = _national_rooms(frame)[shift_elements - 1]
    return 1 if units <= single or limit < MINIMUM_ROOM else -(-units // limit)


@lru_cache(maxsize=256)
def _national_rooms(frame: Frame) -> tuple[tuple[int, int], tuple[int, int]]:
    """Room under one shift element and under two."""
    return frame.rooms(Alphabet.GSM_7BIT, 1), frame.rooms(Alphabet.GSM_7BIT, 2)


def _candidates(text: str, languages: Iterable[NationalLanguage]) -> Iterator[_Candidate]:
    """For each main table the first single table, the default before all, that holds whatever the main one lacks.

    What a text weighs depends on the main table only, since each character that it lacks is escaped whatever the other.
    """
    permitted = 1 << NationalLanguage.DEFAULT
    for language in languages:
        permitted |= 1 << language
    held_by = _holders()
    characters = set(text)
    masks = {held_by[character] for character in characters}
    mains = permitted & _MAIN_TABLES
    for mask in masks:
        if not mask >> _SINGLE & permitted:
            mains &= mask
    for locking in _bits(mains):
        singles = permitted
        for mask in masks:
            if not mask >> locking & 1:
                singles &= mask >> _SINGLE
        if singles and (locking or not singles & 1):
            doubled = sum(text.count(character) for character in characters if not held_by[character] >> locking & 1)
            single = _lowest_bit(singles)
            yield _Candidate(bool(locking) + bool(single), len(text) + doubled, locking, single)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield _lowest_bit(mask)
        mask &= mask - 1


def _lowest_bit(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _load(text: str, candidate: _Candidate) -> _Load:
    tables = _pair(candidate.locking, candidate.single)
    doubled = candidate.units - len(text)
    return _Load(Alphabet.GSM_7BIT, tables, candidate.shift_elements, candidate.units, doubled)


@cache
def _pair(locking: int, single: int) -> ShiftTables:
    return ShiftTables(NationalLanguage(locking), NationalLanguage(single))
