"""A deliberately naive oracle: SMS text encoding done character by character and bit by bit.

It knows the character tables only through the vector file, which names every cell by its Unicode name, and must not
know smscodec at all, so that it can disagree with it. Clarity comes before speed: nothing is remembered, merged or
skipped, and where there is a choice every way is tried.

Reference: 3GPP TS 23.038, 6.1.2.1, 6.2.1, 6.2.3, A.2 and A.3; 3GPP TS 23.040, 9.2.3.16, 9.2.3.24
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

from tests.installed import VECTOR_FOLDER

Tables = tuple[int, int]
"""The identifiers of the main (locking shift) table and of the single shift table; 0 is the default alphabet's."""

Element = tuple[int, bytes]
"""An information element: its identifier and its content."""

GSM_7BIT: Final = 0
DATA_8BIT: Final = 1
UCS2: Final = 2

DEFAULT: Final[Tables] = (0, 0)
ESCAPE: Final = 0x1B
TP_UD_OCTETS: Final = 140
SINGLE_SHIFT_IEI: Final = 0x24
LOCKING_SHIFT_IEI: Final = 0x25

VECTORS: Final = json.loads((VECTOR_FOLDER / "character_tables.json").read_text("utf-8"))


class NoRoomError(Exception):
    """The header leaves under two units in every plan that the text could have."""


class OffenderError(Exception):
    """The character at the index that is the only argument cannot be encoded."""


def _cells(named: dict[str, str]) -> dict[int, str]:
    return {int(septet, 16): unicodedata.lookup(name) for septet, name in named.items()}


def _national(kind: str) -> dict[int, dict[int, str]]:
    return {table["identifier"]: _cells(table["cells"]) for table in VECTORS[kind].values()}


MAIN: Final = {0: _cells(VECTORS["default"])} | _national("locking_shift")
"""Every main table by language identifier: septet → character."""

SINGLE: Final = {0: _cells(VECTORS["extension"])} | _national("single_shift")
"""Every table of the codes that follow an escape."""


def _lowest_codes(cells: dict[int, str]) -> dict[str, int]:
    codes: dict[str, int] = {}
    for septet in sorted(cells):
        codes.setdefault(cells[septet], septet)
    return codes


MAIN_CODES: Final = {identifier: _lowest_codes(cells) for identifier, cells in MAIN.items()}
SINGLE_CODES: Final = {identifier: _lowest_codes(cells) for identifier, cells in SINGLE.items()}

COSTS: Final = {
    (locking, single): dict.fromkeys(escaped, 2) | dict.fromkeys(plain, 1)
    for locking, plain in MAIN_CODES.items()
    for single, escaped in SINGLE_CODES.items()
}
"""What each character costs under a pair of tables: a septet of the main table, or an escape and another."""


# Text to septets and back


def septet_cost(character: str, tables: Tables) -> int | None:
    """One septet from the main table, two with an escape, None where neither table has the character."""
    return COSTS[tables].get(character)


def utf16_costs(text: str) -> list[int]:
    """The code units of each character: one in the basic plane, two above it."""
    return [1 if ord(character) <= 0xFFFF else 2 for character in text]


def septet_costs(text: str, tables: Tables) -> list[int]:
    """The cost of each character; raises OffenderError at the first that the tables do not have."""
    known = COSTS[tables]
    try:
        return [known[character] for character in text]
    except KeyError as missing:
        raise OffenderError(text.index(*missing.args)) from None


def encode(text: str, tables: Tables) -> list[int]:
    """The septets of a text that the tables have."""
    locking, single = tables
    septets = []
    for character in text:
        if character in MAIN_CODES[locking]:
            septets.append(MAIN_CODES[locking][character])
        else:
            septets += [ESCAPE, SINGLE_CODES[single][character]]
    return septets


def decode_leniently(septets: Sequence[int], tables: Tables) -> str:
    """What a receiver shows: two escapes or an escape at the end are a space, unknown codes fall to the main table.

    The one cell that receivers add is the euro sign in the Telugu single shift table.
    """
    locking, single = tables
    escaped_cells = dict(SINGLE[single])
    if single == 12:
        escaped_cells.setdefault(0x65, "\u20ac")
    text = ""
    escaped = False
    for septet in septets:
        if escaped:
            text += " " if septet == ESCAPE else escaped_cells.get(septet, MAIN[locking].get(septet, "\ufffd"))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            text += MAIN[locking].get(septet, "\ufffd")
    return text + " " if escaped else text


# Headers and rooms


def shift_elements(tables: Tables) -> list[Element]:
    """The elements that tell a receiver which national tables to use, in their order on the wire."""
    locking, single = tables
    elements = []
    if single:
        elements.append((SINGLE_SHIFT_IEI, bytes([single])))
    if locking:
        elements.append((LOCKING_SHIFT_IEI, bytes([locking])))
    return elements


def concatenation(reference: int, total: int, sequence: int, *, wide: bool) -> Element:
    """The element that says which segment of which message this is."""
    if wide:
        return 0x08, bytes([reference // 256, reference % 256, total, sequence])
    return 0x00, bytes([reference, total, sequence])


def header_length(elements: Sequence[Element]) -> int:
    """The octets that a user data header takes, its own length octet included; none at all without elements."""
    return 1 + sum(2 + len(content) for _, content in elements) if elements else 0


def header_bytes(elements: Sequence[Element]) -> bytes:
    """The octets of a user data header."""
    octets = bytes([header_length(elements) - 1]) if elements else b""
    for identifier, content in elements:
        octets += bytes([identifier, len(content)]) + content
    return octets


def elements_of(octets: bytes) -> list[Element]:
    """The elements of a user data header that starts these octets and is in order."""
    elements = []
    position = 1
    while position < 1 + octets[0]:
        length = octets[position + 1]
        elements.append((octets[position], octets[position + 2 : position + 2 + length]))
        position += 2 + length
    assert position == 1 + octets[0], "the elements do not fill the header"
    return elements


def room(alphabet: int, header_octets: int) -> int:
    """How many septets, octets or UTF-16 code units there is room for behind a header."""
    if alphabet == GSM_7BIT:
        return (8 * TP_UD_OCTETS - first_text_bit(header_octets)) // 7
    return (TP_UD_OCTETS - header_octets) // (2 if alphabet == UCS2 else 1)


def first_text_bit(header_octets: int) -> int:
    """Where the first septet starts: the first multiple of seven bits at or behind the end of the header."""
    bit = 8 * header_octets
    while bit % 7:
        bit += 1
    return bit


# Plans: which alphabet, which tables, where the cuts fall


class Plan(NamedTuple):
    """One way to send a text; ``ends`` are the indices of characters (or octets of data) where segments end."""

    alphabet: int
    tables: Tables
    units: int
    room: int
    remaining: int
    ends: tuple[int, ...]


def greedy_ends(costs: Sequence[int], room: int) -> tuple[int, ...]:
    """Where segments end when each takes whatever still fits."""
    ends = []
    filled = 0
    for index, cost in enumerate(costs):
        if filled + cost > room:
            ends.append(index)
            filled = 0
        filled += cost
    return (*ends, len(costs))


def fill(costs: Sequence[int], alphabet: int, tables: Tables, caller: Sequence[Element], *, wide: bool) -> Plan:
    """The plan of a text of these costs; raises NoRoomError where a header leaves under two units."""
    elements = [*shift_elements(tables), *caller]
    alone = room(alphabet, header_length(elements))
    if alone < 2:
        raise NoRoomError
    units = sum(costs)
    if units <= alone:
        return Plan(alphabet, tables, units, alone, alone - units, (len(costs),))
    each = room(alphabet, header_length([concatenation(0, 1, 1, wide=wide), *elements]))
    if each < 2:
        raise NoRoomError
    ends = greedy_ends(costs, each)
    last = sum(costs[ends[-2] :])
    return Plan(alphabet, tables, units, each, each - last, ends)


def pairs(languages: Iterable[int]) -> list[Tables]:
    """Every pair of permitted or default tables but the default one; not every language has both."""
    permitted = {0, *languages}
    return [
        (locking, single)
        for locking in permitted
        for single in permitted
        if locking in MAIN and single in SINGLE and (locking, single) != DEFAULT
    ]


def best_national_plan(text: str, languages: Iterable[int], caller: Sequence[Element], *, wide: bool) -> Plan | None:
    """Fewest segments, fewest shift elements, fewest units, lowest locking identifier, lowest single identifier."""
    plans = []
    for tables in pairs(languages):
        try:
            plan = fill(septet_costs(text, tables), GSM_7BIT, tables, caller, wide=wide)
        except (OffenderError, NoRoomError):
            continue
        plans.append(plan)
    order = [(len(plan.ends), len(shift_elements(plan.tables)), plan.units, plan.tables) for plan in plans]
    return plans[order.index(min(order))] if plans else None


def base_plan(text: str, alphabet: int | None, caller: Sequence[Element], *, wide: bool) -> Plan:
    """The default alphabet where it has the text, else UCS-2, unless one of them is asked for."""
    try:
        costs = septet_costs(text, DEFAULT)
    except OffenderError:
        if alphabet == GSM_7BIT:
            raise
        alphabet = UCS2
    if alphabet == UCS2:
        return fill(utf16_costs(text), UCS2, DEFAULT, caller, wide=wide)
    return fill(costs, GSM_7BIT, DEFAULT, caller, wide=wide)


def plan(
    text: str,
    *,
    alphabet: int | None = None,
    languages: Iterable[int] = (),
    wide: bool = False,
    caller: Sequence[Element] = (),
) -> Plan:
    """The plan that the contract asks for: a national table replaces the base plan only if it saves a segment.

    A base plan without room counts as one of endlessly many segments. Raises OffenderError and NoRoomError.
    """
    for index, character in enumerate(text):
        if 0xD800 <= ord(character) <= 0xDFFF:
            raise OffenderError(index)
    error: NoRoomError | OffenderError
    try:
        base = base_plan(text, alphabet, caller, wide=wide)
    except (NoRoomError, OffenderError) as raised:
        base, error = None, raised
    national = None if alphabet == UCS2 else best_national_plan(text, languages, caller, wide=wide)
    if national is not None and (base is None or len(national.ends) < len(base.ends)):
        return national
    if base is None:
        raise error
    return base


# Cuts beside clusters


def fewest_broken_ends(
    costs: Sequence[int], room: int, segments: int, clusters: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    """Of all the ways to cut into that many segments: fewest clusters broken, then the earliest segments fullest.

    ``clusters`` are (start, end) spans that cover the text. A cluster that is cut twice counts once.
    """
    units = [0, *accumulate(costs)]  # before each character, and after the last
    cluster_at = {index: start for start, end in clusters for index in range(start, end)}

    def breaks(index: int) -> bool:
        return index < len(costs) and cluster_at[index] != index

    @cache
    def best(start: int, left: int) -> tuple[int, tuple[int, ...]] | None:
        """The fewest broken clusters behind ``start``, and the ends negated so that fuller segments compare lower."""
        if units[-1] - units[start] > left * room:
            return None  # too much for so many segments, wherever they end
        if left == 1:
            return 0, (-len(costs),)
        ways = []
        for end in range(start, len(costs) + 1):
            if units[end] - units[start] > room:
                break
            rest = best(end, left - 1)
            if rest is not None:
                counted = breaks(start) and cluster_at[start] == cluster_at.get(end)
                ways.append((rest[0] + (breaks(end) and not counted), (-end, *rest[1])))
        return min(ways, default=None)

    found = best(0, segments)
    return tuple(-end for end in found[1]) if found else ()


# Segments to octets and back


def slices(text: str, ends: Sequence[int]) -> list[str]:
    """The text of each segment."""
    return [text[start:end] for start, end in zip((0, *ends), ends, strict=False)]


def segment_elements(
    plan: Plan, reference: int, sequence: int, caller: Sequence[Element], *, wide: bool
) -> list[Element]:
    """The elements of one segment in their order on the wire; a message of one segment is not concatenated."""
    elements = [*shift_elements(plan.tables), *caller]
    if len(plan.ends) > 1:
        elements.insert(0, concatenation(reference, len(plan.ends), sequence, wide=wide))
    return elements


def to_tp_ud(text: str, alphabet: int, tables: Tables, elements: Sequence[Element]) -> tuple[int, bytes]:
    """TP-UDL and TP-UD of one segment."""
    header = header_bytes(elements)
    if alphabet == UCS2:
        octets = header + b"".join(character.encode("utf-16-be") for character in text)
        return len(octets), octets
    bits = [octet >> shift & 1 for octet in header for shift in range(8)]
    bits += [0] * (first_text_bit(len(header)) - len(bits))
    for septet in encode(text, tables):
        bits += [septet >> shift & 1 for shift in range(7)]
    length = len(bits) // 7
    bits += [0] * (-len(bits) % 8)
    return length, bytes(_number(bits[start : start + 8]) for start in range(0, len(bits), 8))


def septets_of(length: int, octets: bytes, header_octets: int) -> list[int]:
    """The septets of text in a TP-UD of which TP-UDL, header included, is ``length``."""
    bits = [octet >> shift & 1 for octet in octets for shift in range(8)]
    return [_number(bits[start : start + 7]) for start in range(first_text_bit(header_octets), 7 * length, 7)]


def _number(bits: Sequence[int]) -> int:
    return sum(bit << place for place, bit in enumerate(bits))


def joined_text(tp_uds: Sequence[tuple[int, bytes]], alphabet: int, *, has_header: bool) -> str:
    """What a handset shows of all segments: each segment under its own header, UTF-16 joined before it is read."""
    text = ""
    utf16 = b""
    for length, octets in tp_uds:
        elements = elements_of(octets) if has_header else []
        header_octets = header_length(elements)
        if alphabet == UCS2:
            utf16 += octets[header_octets:length]
        else:
            shifts = {identifier: content[0] for identifier, content in elements if content}
            tables = shifts.get(LOCKING_SHIFT_IEI, 0), shifts.get(SINGLE_SHIFT_IEI, 0)
            text += decode_leniently(septets_of(length, octets, header_octets), tables)
    return text + utf16.decode("utf-16-be")
