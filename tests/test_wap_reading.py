"""Reading Service Indications: every form that the documents allow, and those that they do not (WAP-167, WAP-192)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smscodec import DecodeError
from smscodec.wap import ServiceIndication, parse_service_indication
from tests.rows import each_row
from tests.test_wap import PUSH, of, pdu


def refused(data: bytes) -> tuple[str, int]:
    """Field and offset of the error in strict reading."""
    with pytest.raises(DecodeError) as caught:
        parse_service_indication(data, strict=True)
    return caught.value.field, caught.value.offset


def refusal(data: bytes, *, strict: bool) -> tuple[str, int, str]:
    """Field, offset and first word of the error, if there is one."""
    try:
        parse_service_indication(data, strict=strict)
    except DecodeError as error:
        return error.field, error.offset, error.message.split()[0]
    return "", 0, ""


@pytest.mark.parametrize(
    "push",
    [
        "010601ae",  # the content type alone
        "ff070403ae81ea",  # confirmed push
        "01060603ae81eaaf82",  # X-Wap-Application-Id
        "0106051f03ae81ea",  # the length in its long form
        "010618" + b"application/vnd.wap.sic".hex() + "00",
        "01061c1b" + b"application/vnd.wap.SIC".hex() + "00" + "81ea" + "00",
    ],
)
def test_push_headers(push: str) -> None:
    """The content type stands alone, with a character set, in words, or before other headers."""
    assert parse_service_indication(pdu("45c60101 01", push=bytes.fromhex(push)), strict=True).text == ""


@pytest.mark.parametrize(
    ("prologue", "text"),
    [
        ("01056a00", "é"),
        ("03056a00", "é"),
        ("02050000", "é"),  # no character set told
        ("02056a0261", "é"),  # a string table of two octets
        ("02050400", "Ã©"),
        ("02000002 6a02 2d00".replace(" ", ""), None),
    ],
)
def test_prologues(prologue: str, text: str | None) -> None:
    """Versions 1.1 to 1.3, character sets, and a public identifier in the string table."""
    rest = "00" if prologue == "02056a0261" else ""
    head = bytes.fromhex(prologue + rest)
    if text is None:
        assert refused(pdu("45c601 03c3a900 0101", prologue=head)) == ("wbxml.charset", 10)
    else:
        found = parse_service_indication(pdu("45c601 03c3a900 0101", prologue=head), strict=True)
        assert text == found.text


def test_strings_of_every_kind() -> None:
    """Inline, from the string table, as entities and as opaque octets: they join to one text."""
    body = "45c6 0c8300 01 0361 00 8302 0281a0c2 00 c302c3a9 01 01".replace(" 0281a0c2 00", " 02a02c")
    found = parse_service_indication(pdu(body, prologue=bytes.fromhex("02056a05 6100 6263 00")), strict=True)
    assert (found.href, found.text) == ("http://a", "abc" + chr(0x102C) + "é")


def uintvar(number: int) -> str:
    """The number in groups of seven bits, all but the last with the high bit set."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.insert(0, number & 0x7F | 0x80)
    return bytes(groups).hex()


@pytest.mark.parametrize("number", [1, 0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0x10FFFF, 0x110000, 0xFFFFFFFF])
def test_entities_are_characters(number: int) -> None:
    """An entity is any character; a surrogate or a number beyond them is U+FFFD, and strict reading refuses it."""
    data = of("", "02" + uintvar(number))
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    assert parse_service_indication(data).text == (chr(number) if is_character else "\ufffd")
    if is_character:
        assert parse_service_indication(data, strict=True).text == chr(number)
    else:
        assert refused(data) == ("wbxml.entity", 14)


def test_latin_1_documents() -> None:
    """A document of character set 4 holds ISO 8859-1 and not what Windows makes of it: all octets but NUL are text."""
    octets = bytes(range(1, 256))
    data = pdu(f"45c601 03{octets.hex()}00 0101", prologue=bytes.fromhex("02050400"))
    assert parse_service_indication(data, strict=True).text == octets.decode("latin-1")


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("0ac30420260101", datetime(2026, 1, 1, tzinfo=UTC)),
        ("0ac30720261231235959", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0ac3052026013012", datetime(2026, 1, 30, 12, tzinfo=UTC)),
    ],
)
def test_times(attribute: str, expected: datetime) -> None:
    """Octets that are left out at the end are zero."""
    assert expected == parse_service_indication(of(attribute), strict=True).created


@pytest.mark.parametrize(
    ("attribute", "offset", "expected"),
    [
        ("0ac30420261301", 13, None),  # month 13
        ("0ac3022026", 13, None),  # no month
        ("0ac300", 16, None),
        ("0ac304202b0f0f", 16, None),  # digits that are none count as zero: month 20
        ("0ac304202a011f", 16, datetime(2020, 1, 10, tzinfo=UTC)),
        ("0ac3082026010100000000", 16, datetime(2026, 1, 1, tzinfo=UTC)),
        ("0a", 13, None),
        ("0a85", 13, None),
        ("0a03323032362d30312d30325430333a30343a30355a00", 13, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("0a03323032362d30312d303200", 13, datetime(2026, 1, 2, tzinfo=UTC)),
        ("0a03736f6f6e00", 13, None),
    ],
)
def test_times_that_are_none(attribute: str, offset: int, expected: datetime | None) -> None:
    """Lenient reading makes the best of it, or takes the time for missing; strict reading says where."""
    assert expected == parse_service_indication(of(attribute)).created
    assert refused(of(attribute)) == ("si.created", offset)


@each_row(
    ("data", "field", "offset"),
    [
        (of("20 03 61 00"), "si.attribute", 13),
        (of("08 0b 05"), "si.attribute", 15),  # a second action
        (of("0c 03 6100 0b"), "si.attribute", 17),  # a second href
        (of("0a c3042026 0101 0ac3042026 0102"), "si.attribute", 20),
        (of("08 03 61 00"), "si.action", 13),
        (pdu("c5 0b 01 c6 01 01 01"), "si.attribute", 12),
        (pdu("45 06 c7 0b 01 01 01"), "si.attribute", 14),
        (pdu("45 06 47 88 12 03 61 00 0b 01 01 01"), "si.attribute", 19),
        (pdu("45 06 47 88 12 12 01 01 01"), "si.attribute", 16),
        (pdu("45 03 61 00 06 01"), "si.text", 11),
        (pdu("45 06 47 03 61 00 01 01"), "si.text", 13),
        (of("12 03 61 00"), "si.attribute", 13),
        (of("0b a0"), "si.href", 13),
        (of("11 02 00"), "si.si_id", 13),
        (of("11 02 83 80 00"), None, 0),  # U+C000 is a character
        (of("11 02 83 b0 00"), "wbxml.entity", 14),
        (of("", "03 ff 00"), "wbxml.content", 15),
        (of("", "c3 01 00"), "si.text", 12),
        (of("", "06"), "si.element", 14),
        (pdu("45 c6 01 01 49 01 01"), "si.element", 15),
        (pdu("45 c6 01 01 47 48 01 01 01"), "si.class", 16),
        (of("") + b"\0", "si", 16),
        (pdu("45 06 06 01"), "si.element", 13),
        (pdu("45 06 47 01 07 01"), "si.element", 15),
        (pdu("45c60101 01", prologue=bytes.fromhex("04056a00")), "wbxml.version", 7),
    ],
)
def test_strict_reading_refuses_what_lenient_passes_over(data: bytes, field: str | None, offset: int) -> None:
    """An unknown attribute, element or piece, octets that are not text, and excess octets."""
    assert isinstance(parse_service_indication(data), ServiceIndication)
    if field is None:
        assert parse_service_indication(data, strict=True).si_id == "\uc000"
    else:
        assert refused(data) == (field, offset)


@each_row(
    ("data", "field", "offset"),
    [
        (b"", "wsp.transaction_id", 0),
        (b"\x01", "wsp.type", 1),
        (b"\x01\x04", "wsp.type", 1),
        (b"\x01\x06", "wsp.headers_length", 2),
        (b"\x01\x06\x80\x80\x80\x80\x80\x00", "wsp.headers_length", 2),
        (b"\x01\x06\x04\x03\xae", "wsp.headers", 5),
        (b"\x01\x06\x00", "wsp.content_type", 3),
        (b"\x01\x06\x01\x00", "wsp.content_type", 4),
        (b"\x01\x06\x02\x03\xae", "wsp.content_type", 5),
        (b"\x01\x06\x01\x61", "wsp.content_type", 4),
        (b"\x01\x06\x01\xad", "wsp.content_type", 3),
        (b"\x01\x06\x01\xb0", "wsp.content_type", 3),
        (PUSH, "wbxml.version", 7),
        (PUSH + b"\x02", "wbxml.public_id", 8),
        (pdu("", prologue=bytes.fromhex("02066a00")) + bytes.fromhex("85"), "wbxml.public_id", 8),
        (pdu("", prologue=bytes.fromhex("02058777")), "wbxml.charset", 9),
        (pdu("", prologue=bytes.fromhex("02056a0561")), "wbxml.string_table", 12),
        (pdu(""), "wbxml.page", 11),
        (pdu("0001 45"), "wbxml.page", 12),
        (pdu("44"), "wbxml.tag", 11),
        (pdu("05"), "si", 11),
        (pdu("0000 07"), "si", 13),
        (pdu("45"), "wbxml.content", 12),
        (pdu("45" * 9), "wbxml.tag", 19),
        (pdu("45c6"), "wbxml.attribute", 13),
        (pdu("45c685"), "wbxml.attribute", 13),
        (pdu("45c60b c3 05 61"), "wbxml.attribute", 17),
        (pdu("45c60b 82 00"), "wbxml.attribute", 14),
        (pdu("45c60b 83 00"), "wbxml.string_table", 14),
        (pdu("45c601 03 61"), "wbxml.content", 16),
        (pdu("45c601 03 61 00 01"), "wbxml.content", 18),
    ],
)
@each_row("strict", [False, True])
def test_what_is_no_indication(data: bytes, field: str, offset: int, *, strict: bool) -> None:
    """Another PDU, another document, or one that ends too soon is refused in either reading, with field and offset."""
    with pytest.raises(DecodeError) as caught:
        parse_service_indication(data, strict=strict)
    assert (field, offset) == (caught.value.field, caught.value.offset)


@each_row("strict", [False, True])
@each_row(
    ("before", "field", "offset", "passed"),
    [
        ("45", "wbxml.tag", 12, {0x00, 0x01, 0x02, 0x03, 0x83, 0xC3}),
        ("45c6", "wbxml.attribute", 13, {0x00, 0x01}),
        ("45c60b", "wbxml.attribute", 14, {*range(0x80), 0x83, 0xC3}),
    ],
)
def test_tokens_that_begin_nothing_are_refused_in_place(
    before: str, field: str, offset: int, passed: set[int], *, strict: bool
) -> None:
    """Of all octets where a tag, an attribute or a part of its value may stand, those that begin none are refused.

    The six low bits of a token are 5 or more, and the start of an attribute is below 0x80. In the place of either may
    stand an end, another page, and in that of a tag or a part of a value a string, a character or opaque octets.
    """
    for token in set(range(0x100)) - passed:
        found = refusal(pdu(before + f"{token:02x}010101"), strict=strict)
        begins_none = token & 0x3F < 0x05 or (offset == 13 and token >= 0x80)
        assert (found == (field, offset, "expected")) == begins_none, hex(token)


@each_row("strict", [False, True])
def test_other_contents_are_refused_by_their_numbers(*, strict: bool) -> None:
    """Of all content types that have a number, alone or with parameters, one is read; others are refused in place."""
    for number in range(0x80, 0x100):
        for headers in (bytes([1, number]), bytes([4, 3, number, 0x81, 0xEA])):
            data = pdu("45c60101 01", push=b"\x01\x06" + headers)
            if number == 0xAE:
                assert parse_service_indication(data, strict=strict).text == ""
                continue
            with pytest.raises(DecodeError, match="expected application/vnd") as caught:
                parse_service_indication(data, strict=strict)
            assert (caught.value.field, caught.value.offset) == ("wsp.content_type", 3)


def test_space_between_elements_is_no_text() -> None:
    """White space that an encoder left between the elements disturbs no reader."""
    data = pdu("45 03 0a2000 06 03 0a00 47 03 2000 88 1203 6b00 01 01 01")
    assert parse_service_indication(data, strict=True).information == (("k", ""),)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("room", [1024, 8192])
def test_a_string_table_is_no_bomb(room: int, *, strict: bool) -> None:
    """References, two octets each, draw 65,536 octets from the string table and no more."""
    prologue = bytes.fromhex("02056a") + bytes([0x80 | room >> 7, 0]) + b"a" * room
    fitting, drawn = 0x10000 // room, "8300"
    found = parse_service_indication(pdu("45c601" + drawn * fitting + "0101", prologue=prologue), strict=strict)
    assert len(found.text) == 0x10000
    with pytest.raises(DecodeError) as caught:
        parse_service_indication(pdu("45c601" + drawn * (fitting + 1) + "0101", prologue=prologue), strict=strict)
    assert (caught.value.field, caught.value.offset) == ("wbxml.string_table", 7 + 5 + room + 3 + 2 * fitting)


def test_the_first_of_several_counts() -> None:
    """Of two indications, or two attributes, the first is read, and unknown elements between them are passed over."""
    found = parse_service_indication(of("0b 03 6100 0c 11 03 6200 11 07 08 0a 0ac30420260101"))
    assert ServiceIndication(text="", href="a", si_id="b") == found
    found = parse_service_indication(pdu("45 49 01 46 03 61 00 01 46 03 62 00 01 01"))
    assert found.text == "a"
