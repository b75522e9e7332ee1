"""Information elements and the user data header, octet by octet; malformed ones have a file of their own."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec.dcs import IndicationType
from smscodec.errors import DecodeError, FieldError
from smscodec.tables import DEFAULT_TABLES, LOCKING_SHIFT, NationalLanguage
from smscodec.testing import strategies
from smscodec.udh import (
    EMPTY,
    ApplicationPort,
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SpecialMessageIndication,
    UserDataHeader,
)
from tests.rows import each_row

TURKISH, SPANISH = NationalLanguage.TURKISH, NationalLanguage.SPANISH
KNOWN = {
    0x00: Concatenation,
    0x01: SpecialMessageIndication,
    0x04: ApplicationPort,
    0x05: ApplicationPort,
    0x08: Concatenation,
    0x24: NationalLanguageSingleShift,
    0x25: NationalLanguageLockingShift,
}


def read(*elements: tuple[int, bytes], strict: bool = False) -> UserDataHeader:
    """Read a header of these identifiers and contents."""
    octets = b"".join(bytes([iei, len(data)]) + data for iei, data in elements)
    return UserDataHeader.from_bytes(bytes([len(octets)]) + octets, strict=strict)


def naive_elements(octets: bytes) -> list[tuple[int, bytes]] | None:
    """Split a header by hand; None if its elements do not exactly fill it."""
    if not octets or len(octets) < 1 + octets[0]:
        return None
    content = octets[1 : 1 + octets[0]]
    elements = []
    while content:
        if len(content) < 2 or len(content) < 2 + content[1]:
            return None
        elements.append((content[0], content[2 : 2 + content[1]]))
        content = content[2 + content[1] :]
    return elements


# Elements and their octets


@pytest.mark.parametrize(
    ("element", "octets"),
    [
        (Concatenation(0xAB, 3, 2), "050003ab0302"),
        (Concatenation(0xABCD, 255, 1, wide=True), "060804abcdff01"),
        (Concatenation(0, 1, 1), "050003000101"),
        (ApplicationPort(2948, 9200), "0605040b8423f0"),
        (ApplicationPort(2948, 9200, wide=True), "0605040b8423f0"),
        (ApplicationPort(240, 255, wide=False), "040402f0ff"),
        (NationalLanguageSingleShift(SPANISH), "03240102"),
        (NationalLanguageLockingShift(TURKISH), "03250101"),
        (NationalLanguageSingleShift(NationalLanguage.URDU), "0324010d"),
        (SpecialMessageIndication(IndicationType.VOICEMAIL, 3), "0401020003"),
        (SpecialMessageIndication(IndicationType.FAX, 1, store=True), "0401028101"),
        (SpecialMessageIndication(IndicationType.EMAIL, 255, store=True, profile=4), "040102e2ff"),
        (SpecialMessageIndication(IndicationType.OTHER, 0, extended_type=1), "0401020700"),
        (SpecialMessageIndication(IndicationType.OTHER, 2, profile=2, extended_type=7), "0401023f02"),
        (OpaqueElement(0x70, b""), "027000"),
        (OpaqueElement(0x0A, b"\x01\x02\x03"), "050a03010203"),
    ],
    ids=repr,
)
def test_an_element_has_the_octets_of_its_clause(element: InformationElement, octets: str) -> None:
    """A header of one element is written as UDHL, IEI, IEDL and content, and reads back as that element."""
    header = UserDataHeader((element,))
    assert octets == header.to_bytes().hex()
    assert (element,) == UserDataHeader.from_bytes(bytes.fromhex(octets), strict=True).elements
    assert header == UserDataHeader.from_bytes(bytes.fromhex(octets))


def test_national_elements_are_0x24_and_0x25_hexadecimal() -> None:
    """They are not the decimal 24 and 25 that released software has sent as 0x18 and 0x19."""
    for language in NationalLanguage:
        if language:
            assert bytes([3, 0x24, 1, language]) == UserDataHeader((NationalLanguageSingleShift(language),)).to_bytes()
        if language and language in LOCKING_SHIFT:
            assert bytes([3, 0x25, 1, language]) == UserDataHeader((NationalLanguageLockingShift(language),)).to_bytes()
    assert read((0x18, b"\x01"), (0x19, b"\x01")).shift_tables == DEFAULT_TABLES


@given(strategies.headers())
def test_reading_undoes_writing(header: UserDataHeader) -> None:
    """Every header comes back from its octets, which are as many as it says."""
    octets = header.to_bytes()
    assert len(octets) == header.octet_length
    assert header == UserDataHeader.from_bytes(octets)


@given(strategies.octets())
@example(b"")
@example(b"\x00")
@example(b"\x02\x24\x01")
@example(b"\x05\x00\x03\x01")
def test_lenient_reading_takes_any_octets_and_gives_them_back(octets: bytes) -> None:
    """Any octets are some header, and it is written as it was read; what follows it is not part of it."""
    header = UserDataHeader.from_bytes(octets)
    assert octets[: 1 + octets[0] if octets else 0] == header.to_bytes()
    split = naive_elements(octets)
    assert [element_parts(element) for element in header.elements] == (split or [])


def element_parts(element: InformationElement) -> tuple[int, bytes]:
    """The identifier and content of an element, out of the octets of a header that has it alone."""
    octets = UserDataHeader((element,)).to_bytes()
    return octets[1], octets[3:]


@given(strategies.octets())
def test_strict_reading_gives_the_lenient_value_or_a_decode_error(octets: bytes) -> None:
    """Where strict reading gives a header, it is the lenient one; else it says at which octet."""
    try:
        header = UserDataHeader.from_bytes(octets, strict=True)
    except DecodeError as caught:
        error = caught
    else:
        assert header == UserDataHeader.from_bytes(octets)
        return
    assert error.field in {"ud.udh.ie", "ud.udhl"}
    assert 0 <= error.offset <= len(octets)


@given(strategies.headers(), st.booleans())
def test_all_kinds_of_octets_are_taken(header: UserDataHeader, strict: bool) -> None:
    """Bytes, bytearray and memoryview are read alike, strictly or not."""

    def outcome(octets: bytes | bytearray | memoryview) -> UserDataHeader | tuple[str, int]:
        try:
            return UserDataHeader.from_bytes(octets, strict=strict)
        except DecodeError as error:
            return error.field, error.offset

    octets = header.to_bytes()
    assert outcome(octets) == outcome(bytearray(octets)) == outcome(memoryview(octets))


def test_the_empty_header() -> None:
    """No elements, no octets, no concatenation, the default tables."""
    assert UserDataHeader() == EMPTY
    assert UserDataHeader.from_bytes(b"") == UserDataHeader.from_bytes(b"", strict=True) == EMPTY
    assert (EMPTY.to_bytes(), EMPTY.octet_length, EMPTY.elements) == (b"", 0, ())
    assert (EMPTY.concatenation, EMPTY.shift_tables) == (None, DEFAULT_TABLES)


def test_a_header_of_udhl_0_keeps_its_octet() -> None:
    """UDHL 0 is a header without elements that still takes an octet."""
    header = UserDataHeader.from_bytes(b"\x00")
    assert (header.to_bytes(), header.octet_length, header.elements, header.concatenation) == (b"\x00", 1, (), None)
    assert header != EMPTY


def test_headers_and_elements_are_values() -> None:
    """They are hashable and equal to their pickled and copied selves; elements may be given as any sequence."""
    elements: list[InformationElement] = [Concatenation(1, 2, 1), NationalLanguageSingleShift(NationalLanguage.HINDI)]
    header = UserDataHeader(tuple(elements))
    assert header == pickle.loads(pickle.dumps(header)) == copy.deepcopy(header)
    assert len({header, copy.copy(header)}) == 1
    assert len({*elements, *copy.deepcopy(elements)}) == 2
    assert header == UserDataHeader(elements)
    assert isinstance(UserDataHeader(elements).elements, tuple)


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (Concatenation(1, 2, 1), "reference"),
        (ApplicationPort(1, 2), "destination"),
        (NationalLanguageSingleShift(TURKISH), "language"),
        (NationalLanguageLockingShift(TURKISH), "language"),
        (SpecialMessageIndication(IndicationType.FAX, 1), "count"),
        (OpaqueElement(0x70, b""), "data"),
        (EMPTY, "elements"),
    ],
    ids=repr,
)
def test_elements_and_headers_cannot_be_changed(value: object, attribute: str) -> None:
    """They are frozen, and have no room for attributes of another name."""
    for name in (attribute, "another"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, name, 0)
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("octets", [b"\x03\x24\x01\x01", b"\x02\x70\x00", b"\x00a", b"\x01\x24\x01"])
def test_only_what_cannot_be_split_is_an_ignored_header(octets: bytes) -> None:
    """Octets that read back as elements, or behind the header, are not an ignored header: the caller's error."""
    with pytest.raises(FieldError) as caught:
        UserDataHeader(ignored=octets)
    assert caught.value.field == "ignored"


def test_a_header_longer_than_udhl_can_say_is_refused() -> None:
    """UDHL is one octet: 255 octets of elements fit, 256 do not."""
    assert UserDataHeader((OpaqueElement(0x70, bytes(253)),)).octet_length == 256
    for elements in [(OpaqueElement(0x70, bytes(254)),), (OpaqueElement(0x70, bytes(250)), OpaqueElement(0x71, b"ab"))]:
        with pytest.raises(FieldError):
            UserDataHeader(elements)


# The bijection between elements and what is kept as opaque


def check_bijection(iei: int, data: bytes) -> None:
    """Content is either read by its class or kept as opaque, and an opaque element can hold only the latter."""
    element = read((iei, data)).elements[0]
    assert (iei, data) == element_parts(element)
    if isinstance(element, OpaqueElement):
        assert element == OpaqueElement(iei, data)
    else:
        assert isinstance(element, KNOWN[iei])
        with pytest.raises(FieldError):
            OpaqueElement(iei, data)


@each_row("iei", range(256))
def test_each_identifier_with_short_contents(iei: int) -> None:
    """No content and every content of one octet, for every identifier, has one element and only one."""
    for data in [b"", *(bytes([octet]) for octet in range(256))]:
        check_bijection(iei, data)


@pytest.mark.parametrize("iei", [0x01, 0x04])
def test_each_content_of_two_octets(iei: int) -> None:
    """Message indications and 8-bit ports take every first octet, and the second at its limits."""
    for first, second in itertools.product(range(256), [0, 1, 127, 128, 239, 240, 255]):
        check_bijection(iei, bytes([first, second]))


@pytest.mark.parametrize("wide", [False, True])
def test_each_total_and_sequence(wide: bool) -> None:
    """Of total and sequence exactly those with 1 <= sequence <= total are a concatenation (D19)."""
    numbers = [0, 1, 2, 3, 127, 128, 254, 255]
    for total, sequence in itertools.product(numbers, numbers):
        data = bytes([*([0x12] if wide else []), 0x34, total, sequence])
        check_bijection(0x08 if wide else 0x00, data)
        concatenation = read((0x08 if wide else 0x00, data)).concatenation
        usable = Concatenation(0x1234 if wide else 0x34, total, sequence, wide=wide) if 1 <= sequence <= total else None
        assert usable == concatenation


@given(st.sampled_from(sorted(KNOWN)), st.binary(max_size=6))
def test_each_known_identifier_with_any_content(iei: int, data: bytes) -> None:
    """The same for any content of the identifiers that have a class."""
    check_bijection(iei, data)


@given(strategies.information_elements())
def test_an_element_is_itself_again(element: InformationElement) -> None:
    """Every element, alone in a header, is read as the element that it is."""
    assert (element,) == UserDataHeader.from_bytes(UserDataHeader((element,)).to_bytes()).elements


# What constructors refuse


@each_row(
    ("make", "field"),
    [
        (lambda: Concatenation(-1, 1, 1), "reference"),
        (lambda: Concatenation(256, 1, 1), "reference"),
        (lambda: Concatenation(65536, 1, 1, wide=True), "reference"),
        (lambda: Concatenation(0, 0, 1), "total"),
        (lambda: Concatenation(0, 256, 1), "total"),
        (lambda: Concatenation(0, 2, 0), "sequence"),
        (lambda: Concatenation(0, 2, 3), "sequence"),
        (lambda: ApplicationPort(-1, 0), "destination"),
        (lambda: ApplicationPort(65536, 0), "destination"),
        (lambda: ApplicationPort(256, 0, wide=False), "destination"),
        (lambda: ApplicationPort(0, -1), "originator"),
        (lambda: ApplicationPort(0, 65536), "originator"),
        (lambda: ApplicationPort(0, 256, wide=False), "originator"),
        (lambda: NationalLanguageSingleShift(NationalLanguage.DEFAULT), "language"),
        (lambda: NationalLanguageLockingShift(NationalLanguage.DEFAULT), "language"),
        (lambda: NationalLanguageLockingShift(SPANISH), "language"),
        (lambda: SpecialMessageIndication(IndicationType.FAX, -1), "count"),
        (lambda: SpecialMessageIndication(IndicationType.FAX, 256), "count"),
        (lambda: SpecialMessageIndication(IndicationType.FAX, 0, profile=0), "profile"),
        (lambda: SpecialMessageIndication(IndicationType.FAX, 0, profile=5), "profile"),
        (lambda: SpecialMessageIndication(IndicationType.OTHER, 0, extended_type=-1), "extended_type"),
        (lambda: SpecialMessageIndication(IndicationType.OTHER, 0, extended_type=8), "extended_type"),
        (lambda: OpaqueElement(-1, b""), "iei"),
        (lambda: OpaqueElement(256, b""), "iei"),
        (lambda: OpaqueElement(0x70, bytes(256)), "data"),
        (lambda: OpaqueElement(0x24, b"\x01"), "iei"),
        (lambda: OpaqueElement(0x00, b"\x01\x02\x01"), "iei"),
    ],
)
def test_impossible_fields_are_refused(make: Callable[[], InformationElement], field: str) -> None:
    """A field outside its limits is the caller's error and names the field."""
    with pytest.raises(FieldError) as caught:
        make()
    assert field == caught.value.field


@pytest.mark.parametrize("identifier", [14, 15, 255, 256, -1])
def test_d23_unknown_languages_are_refused(identifier: int) -> None:
    """There is no element for a language without an identifier."""
    for make in (NationalLanguageSingleShift, NationalLanguageLockingShift):
        with pytest.raises(FieldError) as caught:
            make(identifier)  # type: ignore[arg-type]  # a plain number is what a careless caller passes
        assert caught.value.field == "language"
