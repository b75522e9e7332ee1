"""The vectors of septets, text, data coding schemes, headers and user data, run against smscodec."""

from __future__ import annotations

import pytest

from smscodec import (
    Alphabet,
    DecodeError,
    FieldError,
    UndecodableError,
    UnencodableError,
    UserData,
    UserDataHeader,
    gsm7,
    septets,
    transliterate,
    ucs2,
)
from smscodec.dcs import CellBroadcastDataCoding, DataCodingScheme
from smscodec.udh import ApplicationPort, Concatenation
from tests.conformance.vectors import Case, cases, octets, tables, user_data
from tests.rows import each_row


@each_row("case", cases("packing.json", "pack"))
def test_packing(case: Case) -> None:
    """Septets pack into the octets, and the octets unpack into the septets."""
    unpacked, packed, fill_bits = octets(case["septets"]), octets(case["octets"]), case["fill_bits"]
    assert packed == septets.pack(unpacked, fill_bits=fill_bits)
    assert unpacked == septets.unpack(packed, len(unpacked), fill_bits=fill_bits)


@each_row("case", cases("packing.json", "pack_ussd"))
def test_d15_ussd_packing(case: Case) -> None:
    """Septets of USSD pack into the octets, and these read as the vector says."""
    assert octets(case["octets"]) == septets.pack_ussd(octets(case["septets"]))
    assert octets(case["read"]) == septets.unpack_ussd(octets(case["octets"]))


@each_row("case", cases("packing.json", "pack_cbs"))
def test_cell_broadcast_packing(case: Case) -> None:
    """Septets fill the octets of a page, and these read as the vector says."""
    assert octets(case["octets"]) == septets.pack_cbs(octets(case["septets"]))
    assert octets(case["read"]) == septets.unpack_cbs(octets(case["octets"]))


@pytest.mark.parametrize("case", cases("unpacking.json"))
def test_unpacking(case: Case) -> None:
    """Octets and a septet count give the septets, or an error with field and offset."""
    packed, count, fill_bits = octets(case["octets"]), case["septet_count"], case["fill_bits"]
    if "error" not in case:
        assert octets(case["septets"]) == septets.unpack(packed, count, fill_bits=fill_bits)
        return
    with pytest.raises(DecodeError) as caught:
        septets.unpack(packed, count, fill_bits=fill_bits)
    assert case["error"] == {"field": caught.value.field, "offset": caught.value.offset}


@each_row("case", [*cases("text.json", "encode"), *cases("text_tables.json", "encode")])
def test_text_to_septets(case: Case) -> None:
    """Text becomes the septets, or the error says where it cannot."""
    if "error" not in case:
        assert octets(case["septets"]) == gsm7.encode(case["text"], tables(case.get("tables")))
    elif case["error"]["kind"] == "argument":
        with pytest.raises(FieldError) as refused:
            tables(case["tables"])
        assert case["error"]["field"] == refused.value.field
    else:
        with pytest.raises(UnencodableError) as caught:
            gsm7.encode(case["text"], tables(case.get("tables")))
        assert case["error"]["start"] == caught.value.start


@each_row("case", [*cases("text.json", "decode"), *cases("text_tables.json", "decode")])
def test_septets_to_text(case: Case) -> None:
    """Septets read leniently as the text, and strictly as the text or the error."""
    unpacked, pair = octets(case["septets"]), tables(case.get("tables"))
    assert case["lenient"] == gsm7.decode(unpacked, pair, errors="replace")
    if isinstance(case.get("strict"), str):
        assert case["strict"] == gsm7.decode(unpacked, pair)
    elif "strict" in case:
        with pytest.raises(UndecodableError) as caught:
            gsm7.decode(unpacked, pair)
        found = {"field": caught.value.field, "offset": caught.value.offset, "end": caught.value.end}
        assert case["strict"]["error"] == found


@pytest.mark.parametrize("case", cases("text.json", "encode_ucs2"))
def test_text_to_ucs2(case: Case) -> None:
    """Text becomes the UTF-16BE octets, or the error says where it cannot."""
    if "error" not in case:
        assert octets(case["octets"]) == ucs2.encode(case["text"])
        return
    with pytest.raises(UnencodableError) as caught:
        ucs2.encode(case["text"])
    assert case["error"]["start"] == caught.value.start


@pytest.mark.parametrize("case", cases("text.json", "decode_ucs2"))
def test_ucs2_to_text(case: Case) -> None:
    """UTF-16BE octets read leniently as the text, and strictly as the text or the error."""
    data = octets(case["octets"])
    assert case["lenient"] == ucs2.decode(data, errors="replace")
    if isinstance(case["strict"], str):
        assert case["strict"] == ucs2.decode(data)
        return
    with pytest.raises(UndecodableError) as caught:
        ucs2.decode(data)
    found = {"field": caught.value.field, "offset": caught.value.offset, "end": caught.value.end}
    assert case["strict"]["error"] == found


@pytest.mark.parametrize("case", cases("transliteration.json"))
def test_d35_transliteration(case: Case) -> None:
    """A text becomes its best fit, which is its own best fit unless a map was given."""
    assert case["result"] == transliterate(case["text"], replacements=case.get("replacements"))
    if "replacements" not in case:
        assert case["result"] == transliterate(case["result"])


@each_row("case", cases("data_coding_schemes.json"))
def test_data_coding_schemes(case: Case) -> None:
    """Each octet has the alphabet, class, flags and indication of the table; strict reading refuses reserved ones."""
    octet = int(case["octet"], 16)
    scheme = DataCodingScheme(octet)
    waiting = scheme.indication
    assert {
        "octet": f"{scheme.octet:02x}",
        "reserved": scheme.reserved,
        "alphabet": scheme.alphabet.name,
        "class": scheme.message_class,
        "compressed": scheme.compressed,
        "automatic_deletion": scheme.automatic_deletion,
        "indication": waiting and {"type": waiting.type.name, "active": waiting.active, "store": waiting.store},
    }.items() <= case.items()
    if "strict" in case:
        with pytest.raises(DecodeError) as caught:
            DataCodingScheme.from_octet(octet, strict=True)
        assert case["strict"] == {"field": caught.value.field, "offset": caught.value.offset}
    else:
        assert scheme == DataCodingScheme.from_octet(octet, strict=True)


@each_row("case", cases("cell_broadcast_data_codings.json"))
def test_d42_cell_broadcast_data_codings(case: Case) -> None:
    """Each octet has the meaning of the table; strict reading refuses reserved ones."""
    octet = int(case["octet"], 16)
    coding = CellBroadcastDataCoding(octet)
    assert {
        "octet": f"{coding.octet:02x}",
        "reserved": coding.reserved,
        "alphabet": coding.alphabet.name,
        "language": coding.language,
        "language_in_text": coding.language_in_text,
        "class": coding.message_class,
        "compressed": coding.compressed,
        "header": coding.has_header,
    }.items() <= case.items()
    if "strict" in case:
        with pytest.raises(DecodeError) as caught:
            CellBroadcastDataCoding.from_octet(octet, strict=True)
        assert case["strict"] == {"field": caught.value.field, "offset": caught.value.offset}
    else:
        assert coding == CellBroadcastDataCoding.from_octet(octet, strict=True)


@each_row("case", cases("headers.json"))
def test_headers(case: Case) -> None:
    """A header has these elements, these of them are in force, and strict reading takes or refuses it."""
    data = octets(case["octets"])
    header = UserDataHeader.from_bytes(data)
    assert [tuple(element) for element in case["elements"]] == [
        (f"{element.iei:02x}", element.data.hex()) for element in header.elements
    ]
    expected = case.get("concatenation") and Concatenation(**case["concatenation"])
    assert expected == header.concatenation
    expected_ports = case.get("ports") and ApplicationPort(**case["ports"])
    assert expected_ports == header.application_port
    assert tables(case.get("tables")) == header.shift_tables
    assert octets(case.get("ignored", "")) == header.ignored
    assert header.to_bytes() == data[: header.octet_length]
    if "strict" not in case:
        assert header == UserDataHeader.from_bytes(data, strict=True)
        return
    with pytest.raises(DecodeError) as caught:
        UserDataHeader.from_bytes(data, strict=True)
    assert case["strict"] == {"field": caught.value.field, "offset": caught.value.offset}


@each_row("case", cases("user_data.json"))
def test_user_data(case: Case) -> None:
    """TP-UDL and TP-UD give header, payload and text, are written again, and strict reading takes or refuses them."""
    found = user_data(case)
    assert octets(case.get("header", "")) == found.header.to_bytes()
    assert octets(case["payload"]) == found.payload
    assert case.get("length", case["udl"]) == found.length
    assert octets(case["writes"] if "writes" in case else case["ud"]) == found.to_bytes()
    readable = found.alphabet is not Alphabet.DATA_8BIT and not found.compressed
    assert case.get("text") == (found.text() if readable else None)
    if "strict" in case:
        with pytest.raises(DecodeError) as caught:
            user_data(case, strict=True).text(strict=True)
        assert case["strict"] == {"field": caught.value.field, "offset": caught.value.offset}
    else:
        assert found == user_data(case, strict=True)
        assert case.get("strict_text", case.get("text")) == (found.text(strict=True) if readable else None)


@pytest.mark.parametrize("case", cases("rooms.json"))
def test_rooms(case: Case) -> None:
    """As much as the vector says fills 140 octets behind the header, and one unit more does not fit."""
    elements = octets(case["elements"])
    header = UserDataHeader.from_bytes(bytes([len(elements)]) + elements) if elements else UserDataHeader()
    assert case["octets"] == header.octet_length
    assert case["fill_bits"] == septets.fill_bits_after(header.octet_length)
    assert case["septets"] == UserData(Alphabet.GSM_7BIT, b"", header).length
    for alphabet, unit in ((Alphabet.GSM_7BIT, b"a"), (Alphabet.DATA_8BIT, b"a"), (Alphabet.UCS2, b"\x04\x16")):
        room = case[alphabet.name]
        if room is not None:
            assert len(UserData(alphabet, unit * room, header).to_bytes()) <= 140
            assert len(UserData(alphabet, unit * (room + 1), header).to_bytes()) > 140
