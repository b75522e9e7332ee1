"""Writes what the C needs and nobody should write by hand: tables from smscodec.tables, and the two cffi modules.

``python csrc/generate.py`` writes the files anew, ``--check`` only fails where one differs. Run from anywhere; needs
cffi 2.1 or newer. The tables for vectors turn "is this octet, after that one, in the default alphabet" into look-ups by
half octets: every group of rows that behaves alike has a bit.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.1
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
os.environ["SMSCODEC_BACKEND"] = "python"  # the kernels that are built may lack what is written here

from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage  # noqa: E402 - needs the path

COST: Final = {
    **dict.fromkeys(map(ord, SINGLE_SHIFT[NationalLanguage.DEFAULT].replace(UNDEFINED, "")), 2),
    **dict.fromkeys(map(ord, LOCKING_SHIFT[NationalLanguage.DEFAULT].replace(UNDEFINED, "")), 1),
}
"""Septets of each code point of the default alphabet and its extension."""

OPENING: Final = """\
/* Written by csrc/generate.py from smscodec.tables: change those, not this.
 *
 * Reference: 3GPP TS 23.038, 6.2.1 and 6.2.1.1
 */
"""

HEADER_BEGINS: Final = """\
#ifndef SMSCODEC_TABLES_H
#define SMSCODEC_TABLES_H

#include <stdint.h>
"""

VECTOR: Final = """
/* For the vector scans, in a file of their own: constants that GCC sees it builds anew in every round of a loop, on the
 * port that look-ups need, where it had only to load them. */
#ifdef __GNUC__
#define SMSCODEC_TABLE __attribute__((visibility("hidden"))) extern const uint8_t
#else
#define SMSCODEC_TABLE extern const uint8_t
#endif
SMSCODEC_TABLE SMSCODEC_SPLATS[256][16];
SMSCODEC_TABLE SMSCODEC_UNITS_KEPT[256][16];
"""

HEADER_ENDS: Final = "\n#endif\n"

SPLATS: Final = """
/* Each octet, sixteen times. */
#define FOUR(octet) octet, octet, octet, octet
#define ROW(octet) {{FOUR(octet), FOUR(octet), FOUR(octet), FOUR(octet)}}
const uint8_t SMSCODEC_SPLATS[256][16] = {{
    {rows},
}};
"""


class Table(NamedTuple):
    """A table of sixteen octets for the vector scans."""

    name: str
    comment: str
    values: Iterable[int]


def array(name: str, comment: str, values: Iterable[int], kind: str = "static const") -> str:
    """A constant table of octets, sixteen a row."""
    numbers = list(values)
    rows = [", ".join(f"0x{value:02X}" for value in numbers[i : i + 16]) for i in range(0, len(numbers), 16)]
    body = ",\n    ".join(rows)
    return f"\n/* {comment} */\n{kind} uint8_t {name}[{len(numbers)}] = {{\n    {body},\n}};\n"


def rows_by_halves(holds: Mapping[int, frozenset[int]], first_bit: int = 0) -> tuple[list[int], list[int], int]:
    """Two tables of sixteen, by low and by high half, whose AND is not zero where ``holds[high]`` has the low half.

    Rows with the same members share a bit. Also tells the first bit that is left.
    """
    low, high, bits = [0] * 16, [0] * 16, {}
    for row, members in sorted(holds.items()):
        if members:
            bit = bits.setdefault(members, first_bit + len(bits))
            high[row] |= 1 << bit
            for half in members:
                low[half] |= 1 << bit
    assert first_bit + len(bits) <= 8, "more kinds of rows than an octet has bits"
    return low, high, first_bit + len(bits)


def members(rows: Iterable[int], belongs: Callable[[int], bool]) -> dict[int, frozenset[int]]:
    """For each high half the low halves whose octet belongs."""
    return {row: frozenset(half for half in range(16) if belongs(row << 4 | half)) for row in rows}


def scalar_tables() -> Iterator[str]:
    """Septets of a code point, a table a page of 256, and the switch between pages."""
    pages = sorted({code_point >> 8 for code_point in COST})
    for page in pages:
        costs = [COST.get(page << 8 | low, 0) for low in range(256)]
        comment = f"Septets of U+{page:02X}00 to U+{page:02X}FF in the default alphabet; 0: none."
        yield array(f"SMSCODEC_SEPTETS_{page:02X}", comment, costs)
    cases = "".join(
        f"    case 0x{page:02X}:\n        return SMSCODEC_SEPTETS_{page:02X}[c & 0xFF];\n" for page in pages
    )
    yield (
        "\nstatic inline unsigned smscodec_septets(uint32_t c)\n{\n    switch (c >> 8) {\n"
        f"{cases}    default:\n        return 0;\n    }}\n}}\n"
    )


def octet_tables() -> Iterator[str]:
    """What an octet of UTF-8 adds to its text: a lead all that its character takes, a continuation nothing."""
    leads = {lead: [c for c in COST if chr(c).encode()[0] == lead] for lead in range(0xC2, 0xF5)}
    assert all(len({COST[c] for c in letters}) <= 1 for letters in leads.values())
    septets = [COST.get(octet, 0) for octet in range(0x80)] + [0] * 0x80
    units = [1] * 0x80 + [0] * 0x40 + [1] * 0x30 + [2] * 0x10
    for lead, letters in leads.items():
        septets[lead] = COST[letters[0]] if letters else 0
    yield array("SMSCODEC_OCTET_SEPTETS", "Septets by octets of UTF-8, of a text in the default alphabet.", septets)
    yield array("SMSCODEC_OCTET_UNITS", "UTF-16 code units by octets of UTF-8.", units)
    kinds = [{0: 16, 1: 0, 2: 1}[cost] for cost in septets[:0x80]]
    comment = "ASCII of two septets, 1, and out of the alphabet, 16: eight of them add up in an octet."
    yield array("SMSCODEC_ASCII_KINDS", comment, kinds)


def ascii_tables() -> Iterator[Table | str]:
    """Classes of ASCII: bits below SMSCODEC_ESCAPED say "not in the alphabet", those from it on "two septets"."""
    low, high, escaped = rows_by_halves(members(range(8), lambda octet: octet not in COST))
    low2, high2, _ = rows_by_halves(members(range(8), lambda octet: COST.get(octet) == 2), escaped)
    yield Table("SMSCODEC_ASCII_LOW", "Classes of ASCII by low half octet.", [*map(int.__or__, low, low2)])
    yield Table("SMSCODEC_ASCII_HIGH", "Classes of ASCII by high half octet.", [*map(int.__or__, high, high2)])
    yield "\n/* Classes below are not in the alphabet, from here on of two septets. */\n"
    yield f"#define SMSCODEC_ESCAPED 0x{1 << escaped:02X}\n"


def latin1_tables() -> Iterator[Table | str]:
    """Whether an octet above 0x7F, read as Latin-1, is out of the alphabet; none of those takes two septets."""
    assert all(COST.get(octet, 1) == 1 for octet in range(0x80, 0x100))
    low, high, _ = rows_by_halves(members(range(8, 16), lambda octet: octet not in COST))
    yield Table("SMSCODEC_LATIN1_LOW", "Latin-1 above 0x7F out of the alphabet, by low half octet.", low)
    yield Table("SMSCODEC_LATIN1_HIGH", "Latin-1 above 0x7F out of the alphabet, by high half octet.", high)


def letter_tables() -> Iterator[Table | str]:
    """Whether a second octet, after the lead before it, makes a letter of the alphabet in two octets of UTF-8."""
    letters = [chr(c).encode() for c in sorted(COST) if 0x80 <= c < 0x800]
    assert all(COST[ord(letter.decode())] == 1 and letter[0] >> 4 == 0xC for letter in letters)
    rows = sorted({(letter[0], letter[1] >> 4) for letter in letters})
    assert len(rows) <= 8, "more rows of letters than an octet has bits"
    low, high, lead = [0] * 16, [0] * 16, [0] * 16
    for bit, (first, row) in enumerate(rows):
        high[row] |= 1 << bit
        lead[first & 0xF] |= 1 << bit
        for letter in letters:
            if (letter[0], letter[1] >> 4) == (first, row):
                low[letter[1] & 0xF] |= 1 << bit
    yield Table("SMSCODEC_LETTER_LOW", "Letters in two octets: the second by its low half.", low)
    yield Table("SMSCODEC_LETTER_HIGH", "Letters in two octets: the second by its high half.", high)
    yield Table("SMSCODEC_LETTER_LEAD", "Letters in two octets: the lead 0xC_ by its low half.", lead)
    leads = {chr(c).encode()[0] for c in COST}
    low, high, _ = rows_by_halves(members(range(12, 16), lambda octet: octet not in leads))
    yield Table("SMSCODEC_FOREIGN_LOW", "Leads of no letter of the alphabet, by low half octet.", low)
    yield Table("SMSCODEC_FOREIGN_HIGH", "Leads of no letter of the alphabet, by high half octet.", high)
    (euro,) = [chr(c).encode() for c in COST if c >= 0x800]
    assert len(euro) == 3
    assert COST[ord(euro.decode())] == 2
    octets = ", ".join(f"SMSCODEC_EURO_{index} = 0x{octet:02X}" for index, octet in enumerate(euro))
    yield f"\n/* The one character of three octets, which takes two septets. */\nenum {{ {octets} }};\n"


def page_tables() -> Iterator[Table | str]:
    """The pages above Latin-1: one of letters, by half octets of the low octet, and one that holds the euro alone."""
    letters, euro = sorted({code_point >> 8 for code_point in COST} - {0})
    assert all(cost == 1 for code_point, cost in COST.items() if code_point >> 8 == letters)
    low, high, _ = rows_by_halves(members(range(16), lambda octet: letters << 8 | octet in COST))
    yield Table("SMSCODEC_PAGE_LOW", "Letters of the page above Latin-1, by low half octet.", low)
    yield Table("SMSCODEC_PAGE_HIGH", "Letters of the page above Latin-1, by high half octet.", high)
    ((code_point, cost),) = [(code_point, cost) for code_point, cost in COST.items() if code_point >> 8 == euro]
    assert cost == 2
    numbers = {"LETTER_PAGE": letters, "EURO_PAGE": euro, "EURO_LOW": code_point & 0xFF}
    yield f"\nenum {{ {', '.join(f'SMSCODEC_{name} = 0x{number:02X}' for name, number in numbers.items())} }};\n"


CONTINUATION: Final = range(0x80, 0xC0)


def breaks(first: int, second: int) -> dict[str, bool]:
    """What is wrong with two neighbouring octets of UTF-8, by kinds whose rules look at one or both halves of each."""
    follows = second in CONTINUATION
    return {
        "lead or ASCII after a lead": first >= 0xC0 and not follows,
        "continuation after ASCII": first < 0x80 and follows,
        "two octets for ASCII": first in (0xC0, 0xC1) and follows,
        "three octets for two": first == 0xE0 and second in range(0x80, 0xA0),
        "a surrogate": first == 0xED and second in range(0xA0, 0xC0),
        "four octets for three, or a lead past 0xF4": (first == 0xF0 or first >= 0xF5) and second in range(0x80, 0x90),
        "past U+10FFFF": first >= 0xF4 and second in range(0x90, 0xC0),
    }


def utf8_tables() -> Iterator[Table | str]:
    """Three tables whose AND has a bit for each kind of break between two octets.

    The highest bit says that a continuation follows another: right after the second octet of a longer sequence only,
    which the kernel decides by looking two and three octets back.
    """
    by_first_high, by_first_low, by_second_high = [0] * 16, [0] * 16, [0] * 16
    for bit, kind in enumerate(breaks(0, 0)):
        pairs = [(a, b) for a in range(256) for b in range(0, 256, 16) if breaks(a, b)[kind]]
        assert all(breaks(a, b | low)[kind] for a, b in pairs for low in range(16))
        for first, second in pairs:
            by_first_high[first >> 4] |= 1 << bit
            by_first_low[first & 0xF] |= 1 << bit
            by_second_high[second >> 4] |= 1 << bit
    for high in range(8, 12):
        by_first_high[high] |= 0x80
        by_second_high[high] |= 0x80
    by_first_low = [bits | 0x80 for bits in by_first_low]
    for first in range(256):
        for second in range(0, 256, 16):
            found = by_first_high[first >> 4] & by_first_low[first & 0xF] & by_second_high[second >> 4]
            assert bool(found & 0x7F) == any(breaks(first, second).values()), (first, second)
    yield Table("SMSCODEC_FIRST_HIGH", "Breaks of UTF-8: the first of two octets by its high half.", by_first_high)
    yield Table("SMSCODEC_FIRST_LOW", "Breaks of UTF-8: the first of two octets by its low half.", by_first_low)
    yield Table("SMSCODEC_SECOND_HIGH", "Breaks of UTF-8: the second of two octets by its high half.", by_second_high)


def units_kept() -> str:
    """For each mask of eight code units the octets of those that are kept, high octet first, for a shuffle."""
    rows = []
    for mask in range(256):
        kept = [octet for unit in range(8) if mask >> unit & 1 for octet in (2 * unit + 1, 2 * unit)]
        rows.append("{" + ", ".join(f"0x{octet:02X}" for octet in [*kept, *[0x80] * (16 - len(kept))]) + "}")
    comment = "Code units that are kept, by a bit for each of eight: where their octets stand, the high one first."
    return (
        f"\n/* {comment} */\nconst uint8_t SMSCODEC_UNITS_KEPT[256][16] = {{\n    " + ",\n    ".join(rows) + ",\n};\n"
    )


def vector_tables() -> list[Table | str]:
    """Sixteen octets each, and what the scans must know besides."""
    return [*ascii_tables(), *latin1_tables(), *page_tables(), *letter_tables(), *utf8_tables()]


def header() -> str:
    """The text of tables.h: the scalar tables, and the names of the vector ones."""
    scalar, vector = [*scalar_tables(), *octet_tables()], vector_tables()
    names = [f"SMSCODEC_TABLE {part.name}[16];\n" for part in vector if isinstance(part, Table)]
    others = [part for part in vector if isinstance(part, str)]
    return "".join([OPENING, HEADER_BEGINS, *scalar, VECTOR, *names, *others, HEADER_ENDS])


def definitions() -> str:
    """The text of tables.c: the vector tables."""
    parts = [array(*part, kind="const") for part in vector_tables() if isinstance(part, Table)]
    rows = [", ".join(f"ROW({octet})" for octet in range(first, first + 8)) for first in range(0, 256, 8)]
    return "".join([OPENING, '#include "tables.h"\n', *parts, SPLATS.format(rows=",\n    ".join(rows)), units_kept()])


def cffi_module(name: str) -> str:
    """The C of a cffi module, from its definitions and prelude."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "module.c")
        sources = [str(FOLDER / f"{name}.cdef"), str(FOLDER / f"{name}.prelude")]
        command = [
            sys.executable,
            "-m",
            "cffi.gen_src",
            "read-sources",
            f"smscodec._kernels.{name}",
            *sources,
            str(output),
        ]
        subprocess.run(command, check=True, capture_output=True)
        return output.read_text("utf-8")


def main(arguments: list[str]) -> int:
    """Write or check every generated file; 1 where one differs."""
    contents = {"tables.h": header(), "tables.c": definitions()}
    contents |= {"_ffi.c": cffi_module("_ffi"), "_inplace.c": cffi_module("_inplace")}
    different = [name for name, text in contents.items() if not same(FOLDER / name, text)]
    if arguments == ["--check"]:
        print(*(f"csrc/{name} is not what csrc/generate.py writes" for name in different), "csrc compared", sep="\n")
        return 1 if different else 0
    for name in different:
        (FOLDER / name).write_text(contents[name], "utf-8")
        print(f"csrc/{name} written")
    return 0


def same(path: Path, text: str) -> bool:
    """Whether the file is there with that text."""
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
