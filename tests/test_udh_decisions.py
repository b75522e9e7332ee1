"""User data headers as they should not be, and what of a header is in force (decisions D17 to D20, D23, D24, D36)."""

from __future__ import annotations

import pytest

from smscodec.dcs import IndicationType
from smscodec.errors import DecodeError
from smscodec.tables import DEFAULT_TABLES, NationalLanguage, ShiftTables
from smscodec.udh import (
    ApplicationPort,
    Concatenation,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SpecialMessageIndication,
    UserDataHeader,
)

TURKISH, SPANISH, HINDI = NationalLanguage.TURKISH, NationalLanguage.SPANISH, NationalLanguage.HINDI
LENGTHS = {0x00: 3, 0x01: 2, 0x04: 2, 0x05: 4, 0x08: 4, 0x24: 1, 0x25: 1}
"""How many octets of content each element has that has a class."""


def read(*elements: tuple[int, bytes], strict: bool = False) -> UserDataHeader:
    """Read a header of these identifiers and contents."""
    octets = b"".join(bytes([iei, len(data)]) + data for iei, data in elements)
    return UserDataHeader.from_bytes(bytes([len(octets)]) + octets, strict=strict)


@pytest.mark.parametrize(
    ("octets", "offset"),
    [
        ("0400030102", 1),  # the only element wants one octet more than there is
        ("05240101000a", 4),  # the second element passes the end
        ("0424010125", 4),  # an octet is left over
        ("0124", 1),  # nothing but an identifier
        ("0500ffabcdef", 1),  # a length far beyond
    ],
)
def test_d17_a_header_whose_elements_do_not_fill_it_is_ignored_whole(octets: str, offset: int) -> None:
    """Lenient reading drops all its elements but keeps the octets; strict raises at the element that does not fit."""
    data = bytes.fromhex(octets)
    header = UserDataHeader.from_bytes(data)
    assert ((), data, len(data)) == (header.elements, header.to_bytes(), header.octet_length)
    assert (header.concatenation, header.shift_tables) == (None, DEFAULT_TABLES)
    with pytest.raises(DecodeError) as caught:
        UserDataHeader.from_bytes(data, strict=True)
    assert ("ud.udh.ie", offset) == (caught.value.field, caught.value.offset)


@pytest.mark.parametrize("octets", ["05", "050003", "0500030102", "ff", "03240e"])
def test_d17_a_header_longer_than_the_octets_is_no_header(octets: str) -> None:
    """UDHL past the end: no elements, the octets kept; strict raises about UDHL."""
    data = bytes.fromhex(octets)
    header = UserDataHeader.from_bytes(data)
    assert ((), data) == (header.elements, header.to_bytes())
    with pytest.raises(DecodeError) as caught:
        UserDataHeader.from_bytes(data, strict=True)
    assert (caught.value.field, caught.value.offset) == ("ud.udhl", 0)


def test_octets_behind_the_header_are_not_part_of_it() -> None:
    """Lenient reading leaves them out; strict raises at the first."""
    octets = bytes.fromhex("050003ab0302") + b"text"
    assert (Concatenation(0xAB, 3, 2),) == UserDataHeader.from_bytes(octets).elements
    with pytest.raises(DecodeError) as caught:
        UserDataHeader.from_bytes(octets, strict=True)
    assert (caught.value.field, caught.value.offset) == ("ud.udhl", 6)


def test_d18_of_the_concatenations_the_last_usable_one_wins() -> None:
    """8- and 16-bit concatenations exclude one another; what must be ignored is dropped first."""
    narrow, wide = (0x00, b"\x01\x02\x01"), (0x08, b"\x00\x02\x03\x02")
    assert Concatenation(2, 3, 2, wide=True) == read(narrow, wide).concatenation
    assert Concatenation(1, 2, 1) == read(wide, narrow).concatenation
    assert Concatenation(5, 2, 2) == read(narrow, (0x00, b"\x05\x02\x02")).concatenation
    for unusable in [(0x00, b"\x09\x02\x03"), (0x08, b"\x00\x09\x00\x01"), (0x00, b"\x09\x02"), (0x08, b"\x09\x02")]:
        assert Concatenation(1, 2, 1) == read(narrow, unusable).concatenation


def test_d18_of_the_shifts_the_last_usable_one_wins() -> None:
    """Each kind for itself, and an unknown or malformed one changes nothing."""
    tables = read((0x24, b"\x01"), (0x25, b"\x03"), (0x24, b"\x06"), (0x25, b"\x01")).shift_tables
    assert ShiftTables(TURKISH, HINDI) == tables
    tables = read((0x24, b"\x06"), (0x24, b"\x0e"), (0x24, b"\x00"), (0x24, b"\x01\x01"), (0x25, b"\x02")).shift_tables
    assert ShiftTables(single=HINDI) == tables


def test_d18_all_elements_are_kept_in_order() -> None:
    """Repeated and contradicting elements all stay, so that the header can be written as it was read."""
    octets = bytes.fromhex("1301020001000301020101028102080400020302")
    header = UserDataHeader.from_bytes(octets, strict=True)
    assert header.elements == (
        SpecialMessageIndication(IndicationType.VOICEMAIL, 1),
        Concatenation(1, 2, 1),
        SpecialMessageIndication(IndicationType.FAX, 2, store=True),
        Concatenation(2, 3, 2, wide=True),
    )
    assert octets == header.to_bytes()


@pytest.mark.parametrize(("total", "sequence"), [(0, 1), (2, 0), (2, 3), (0, 0), (0, 255), (254, 255)])
@pytest.mark.parametrize("wide", [False, True])
def test_d19_an_impossible_concatenation_is_ignored(total: int, sequence: int, wide: bool) -> None:
    """Total 0, sequence 0 or sequence above total: not concatenated, the element kept; strict raises at the element."""
    part = (0x08, bytes([1, 7, total, sequence])) if wide else (0x00, bytes([7, total, sequence]))
    header = read((0x70, b"a"), part)
    assert header.concatenation is None
    assert OpaqueElement(*part) == header.elements[1]
    with pytest.raises(DecodeError) as caught:
        read((0x70, b"a"), part, strict=True)
    assert (caught.value.field, caught.value.offset) == ("ud.udh.ie", 4)


@pytest.mark.parametrize("wide", [False, True])
def test_d20_reference_0_is_valid(wide: bool) -> None:
    """A reference of 0 is a reference like any other."""
    header = UserDataHeader((Concatenation(0, 2, 1, wide=wide),))
    assert Concatenation(0, 2, 1, wide=wide) == UserDataHeader.from_bytes(header.to_bytes(), strict=True).concatenation


@pytest.mark.parametrize("iei", [0x24, 0x25])
@pytest.mark.parametrize("language", [0, 14, 15, 127, 255])
def test_d23_an_unknown_language_is_ignored(iei: int, language: int) -> None:
    """The default tables stay in force and the element is kept as read; strict raises at the element."""
    header = read((iei, bytes([language])))
    assert header.shift_tables == DEFAULT_TABLES
    assert bytes([3, iei, 1, language]) == header.to_bytes()
    with pytest.raises(DecodeError) as caught:
        read((0x70, b"abc"), (iei, bytes([language])), strict=True)
    assert (caught.value.field, caught.value.offset) == ("ud.udh.ie", 6)


def test_d24_a_locking_shift_to_spanish_is_ignored() -> None:
    """There is no such table: it is read as an unknown language is."""
    header = read((0x25, b"\x02"))
    assert (DEFAULT_TABLES, (OpaqueElement(0x25, b"\x02"),)) == (header.shift_tables, header.elements)
    with pytest.raises(DecodeError) as caught:
        read((0x25, b"\x02"), strict=True)
    assert (caught.value.field, caught.value.offset) == ("ud.udh.ie", 1)
    assert ShiftTables(single=SPANISH) == read((0x24, b"\x02")).shift_tables


@pytest.mark.parametrize("iei", sorted(LENGTHS), ids=lambda iei: f"0x{iei:02X}")
def test_a_known_element_of_the_wrong_length_is_ignored(iei: int) -> None:
    """It is kept as opaque; strict raises at the element."""
    for length in {*range(6)} - {LENGTHS[iei]}:
        data = b"\x01" * length
        header = read((iei, data))
        assert (OpaqueElement(iei, data),) == header.elements
        assert (header.concatenation, header.shift_tables) == (None, DEFAULT_TABLES)
        with pytest.raises(DecodeError) as caught:
            read((iei, data), strict=True)
        assert (caught.value.field, caught.value.offset) == ("ud.udh.ie", 1)


@pytest.mark.parametrize(
    ("port", "reserved"),
    [
        (ApplicationPort(49151, 0), False),
        (ApplicationPort(49152, 0), True),
        (ApplicationPort(49999, 9200), True),
        (ApplicationPort(0, 49152), True),
        (ApplicationPort(65535, 65535), True),
        (ApplicationPort(240, 255, wide=False), False),
        (ApplicationPort(239, 240, wide=False), True),
        (ApplicationPort(240, 239, wide=False), True),
        (ApplicationPort(0, 0, wide=False), True),
    ],
    ids=repr,
)
def test_d36_reserved_ports_are_shown_leniently_and_refused_strictly(port: ApplicationPort, reserved: bool) -> None:
    """Lenient reading shows every port; strict raises at an element with a reserved one."""
    octets = UserDataHeader((port,)).to_bytes()
    assert (port,) == UserDataHeader.from_bytes(octets).elements
    if reserved:
        with pytest.raises(DecodeError) as caught:
            UserDataHeader.from_bytes(octets, strict=True)
        assert (caught.value.field, caught.value.offset) == ("ud.udh.ie", 1)
    else:
        assert (port,) == UserDataHeader.from_bytes(octets, strict=True).elements


def test_shift_tables_name_both_kinds() -> None:
    """The tables in force are those of the shift elements, the default without one."""
    header = UserDataHeader((NationalLanguageSingleShift(SPANISH), NationalLanguageLockingShift(TURKISH)))
    assert ShiftTables(TURKISH, SPANISH) == header.shift_tables
    assert ShiftTables(single=SPANISH) == UserDataHeader((NationalLanguageSingleShift(SPANISH),)).shift_tables
    assert ShiftTables(TURKISH) == UserDataHeader((NationalLanguageLockingShift(TURKISH),)).shift_tables
