"""SMPP's short messages: what a segment becomes, how every data_coding reads, and what is refused."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    Concatenation,
    DecodeError,
    FieldError,
    NationalLanguage,
    UnencodableError,
    UserData,
    UserDataHeader,
    segment,
    segment_data,
    septets,
)
from smscodec.dcs import DataCodingScheme, IndicationType, MessageClass, MessageWaiting
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.smpp import (
    UDHI,
    Default,
    SarParameters,
    ShortMessage,
    decode_short_message,
    scheme_of,
    short_messages,
)
from smscodec.testing import strategies
from tests import reference
from tests.rows import each_row

LONG = "a" * 152 + "€ and so on"


def joined(parts: list[UserData]) -> str:
    """The text that a reassembler makes of all parts."""
    reassembler = Reassembler(max_age=1, max_pending=1)
    *early, last = [reassembler.add("key", part, now=0) for part in parts]
    assert not any(early)
    (whole,) = last
    assert isinstance(whole, Reassembled)
    return whole.text()


def read(short: ShortMessage, **options: Any) -> UserData:
    """Read a short message back, its parameters included."""
    return decode_short_message(
        short.data_coding, short.esm_class, short.short_message, sar=short.sar, strict=True, **options
    )


def test_septets_follow_the_header_without_fill_bits() -> None:
    """A full segment with a concatenation element is 6 + 153 octets under data_coding 0x00, and UDHI is set."""
    first, second = short_messages(segment("a" * 161, reference=7))
    assert ShortMessage(0x00, 0x40, bytes.fromhex("050003070201") + b"a" * 153) == first
    assert ShortMessage(0x00, 0x40, bytes.fromhex("050003070202") + b"a" * 8) == second


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {}@", ShortMessage(0x00, 0x00, b"Hi \x1b\x28\x1b\x29\x00")),
        ("Да", ShortMessage(0x08, 0x00, bytes.fromhex("04140430"))),
        ("\U0001f600", ShortMessage(0x08, 0x00, bytes.fromhex("d83dde00"))),
        ("", ShortMessage(0x00, 0x00, b"")),
    ],
)
def test_short_texts_have_no_header(text: str, expected: ShortMessage) -> None:
    """A text of one segment is one short message of bare septets or UTF-16BE, without UDHI."""
    assert [expected] == short_messages(segment(text))


def test_octets_go_out_under_0x04() -> None:
    """8-bit data has data_coding 0x04, and its ports stand in the header."""
    message = segment_data(b"\x01\x06", header=UserDataHeader([ApplicationPort(2948, 9200)]))
    assert [ShortMessage(0x04, 0x40, bytes.fromhex("0605040b8423f00106"))] == short_messages(message)


def test_packed_septets_have_fill_bits() -> None:
    """For an SMSC that takes packed septets, a short message is TP-UD as it goes over the air."""
    message = segment(LONG, reference=0)
    assert [part.user_data.to_bytes() for part in message] == [
        short.short_message for short in short_messages(message, default="gsm7-packed")
    ]
    assert bytes.fromhex("c8329bfd06") == short_messages(segment("Hello"), default="gsm7-packed")[0].short_message


def test_latin_1_leaves_the_conversion_to_the_smsc() -> None:
    """For an SMSC that takes Latin-1, GSM 7-bit text goes out as ISO 8859-1; characters outside it are refused."""
    assert [ShortMessage(0x00, 0x00, b"\xa7\xe9@")] == short_messages(segment("§é@"), default="latin-1")
    with pytest.raises(UnencodableError) as caught:
        short_messages(segment("aΔ"), default="latin-1")
    assert (caught.value.start, caught.value.end) == (1, 2)
    turkish = segment("ş" * 100, languages=[NationalLanguage.TURKISH])
    with pytest.raises(FieldError, match="national tables"):
        short_messages(turkish, default="latin-1")


def test_esm_class_keeps_the_callers_bits() -> None:
    """The caller's mode stays beside UDHI, which only the header decides."""
    message = segment(LONG, reference=1)
    assert [short.esm_class for short in short_messages(message, esm_class=0x03)] == [0x43, 0x43]
    assert [short.esm_class for short in short_messages(segment("a"), esm_class=0x03)] == [0x03]


@pytest.mark.parametrize("esm_class", [-1, 0x40, 0xC0, 0x100])
def test_esm_class_refuses_what_is_not_the_callers(esm_class: int) -> None:
    """The UDHI bit, and a value outside 0–255, are a FieldError."""
    with pytest.raises(FieldError) as caught:
        short_messages(segment("a"), esm_class=esm_class)
    assert caught.value.field == "esm_class"


@pytest.mark.parametrize("sar", [False, True])
def test_several_segments_need_a_reference(*, sar: bool) -> None:
    """Without a reference a long message is refused, in the header's form and in that of the parameters."""
    with pytest.raises(FieldError, match="ReferenceCounter") as caught:
        short_messages(segment(LONG), sar=sar)
    assert caught.value.field == "reference"


# sar_*


def test_d37_sar_parameters_stand_instead_of_the_element() -> None:
    """With sar_* a header of nothing but the concatenation element goes; one segment has no parameters."""
    first, second = short_messages(segment("ж" * 71, reference=300, wide_reference=True), sar=True)
    assert (SarParameters(300, 2, 1), SarParameters(300, 2, 2)) == (first.sar, second.sar)
    assert (first.esm_class, len(first.short_message), second.esm_class, len(second.short_message)) == (0, 132, 0, 10)
    assert [short.sar for short in short_messages(segment("a"), sar=True)] == [None]


def test_d37_concatenation_stays_beside_other_elements() -> None:
    """A header that is there for another element keeps the concatenation, for parameters beside it are refused."""
    ports = UserDataHeader([ApplicationPort(2948, 9200)])
    turkish = segment("ş" * 200, reference=1, languages=[NationalLanguage.TURKISH])
    for message in (segment("a" * 160, reference=1, header=ports), turkish):
        assert len(message) > 1
        assert short_messages(message) == short_messages(message, sar=True)


def test_d37_sar_parameters_become_an_element() -> None:
    """Parameters handed in with a short message are read as a 16-bit concatenation element."""
    found = decode_short_message(0, 0, b"abc", sar=SarParameters(7, 3, 2))
    assert UserData(Alphabet.GSM_7BIT, b"abc", UserDataHeader([Concatenation(7, 3, 2, wide=True)])) == found


def test_d37_sar_parameters_do_not_stand_beside_an_element() -> None:
    """A concatenation element in the header wins in lenient reading; strict reading refuses both together."""
    octets, sar = bytes.fromhex("050003070201") + b"abc", SarParameters(9, 3, 2)
    assert decode_short_message(0, UDHI, octets, sar=sar).header.concatenation == Concatenation(7, 2, 1)
    with pytest.raises(DecodeError) as caught:
        decode_short_message(0, UDHI, octets, sar=sar, strict=True)
    assert (caught.value.field, caught.value.offset) == ("sar_msg_ref_num", 0)


@pytest.mark.parametrize(
    ("given_parameters", "field"),
    [
        ({"sar_msg_ref_num": 1}, "sar_total_segments"),
        ({"sar_msg_ref_num": 1, "sar_total_segments": 2}, "sar_segment_seqnum"),
        ({"sar_total_segments": 2, "sar_segment_seqnum": 1}, "sar_msg_ref_num"),
        ({"sar_msg_ref_num": 0x10000, "sar_total_segments": 2, "sar_segment_seqnum": 1}, "sar_msg_ref_num"),
        ({"sar_msg_ref_num": 1, "sar_total_segments": 0, "sar_segment_seqnum": 1}, "sar_total_segments"),
        ({"sar_msg_ref_num": 1, "sar_total_segments": 2, "sar_segment_seqnum": 0}, "sar_segment_seqnum"),
        ({"sar_msg_ref_num": 1, "sar_total_segments": 2, "sar_segment_seqnum": 3}, "sar_segment_seqnum"),
    ],
)
def test_d37_sar_parameters_count_all_three_or_none(given_parameters: dict[str, Any], field: str) -> None:
    """One that is missing or out of range makes the others void; strict reading names it."""
    assert SarParameters.from_parameters(**given_parameters) is None
    with pytest.raises(DecodeError) as caught:
        SarParameters.from_parameters(**given_parameters, strict=True)
    assert field == caught.value.field


def test_d37_sar_parameters_as_read() -> None:
    """All three make a value, none makes None, and the TLVs have their tags."""
    found = SarParameters.from_parameters(sar_msg_ref_num=300, sar_total_segments=2, sar_segment_seqnum=1, strict=True)
    assert SarParameters(300, 2, 1) == found
    assert bytes.fromhex("020c0002012c020e000102020f000101") == SarParameters(300, 2, 1).to_bytes()
    assert SarParameters.from_parameters(strict=True) is None


def test_sar_parameters_that_find_no_room() -> None:
    """A header so long that no element fits beside it is an error, not a crash."""
    header = UserDataHeader.from_bytes(b"\xfc\x70\xfa" + bytes(250))
    with pytest.raises(DecodeError) as caught:
        decode_short_message(4, UDHI, header.to_bytes(), sar=SarParameters(1, 2, 1))
    assert caught.value.field == "ud.udhl"


# data_coding


def test_d32_data_coding_0_is_the_smscs_default() -> None:
    """Unpacked septets unless the caller names packed ones or Latin-1."""
    assert decode_short_message(0, 0, b"\x00\x05").text() == "@é"
    assert decode_short_message(0, 0, bytes.fromhex("c8329bfd06"), default="gsm7-packed").text() == "Hello"
    assert decode_short_message(0, 0, b"\x40\xe9", default="latin-1").text() == "@é"
    with pytest.raises(FieldError) as caught:
        decode_short_message(0, 0, b"", default="ucs2")  # type: ignore[arg-type]  # a caller without a type checker
    assert caught.value.field == "default"


@each_row(
    ("data_coding", "octets", "text"),
    [
        (0x01, b"@$", "@$"),
        (0x03, b"@\xe9\xa4", "@é¤"),
        (0x06, b"\xb0\xd0", "Аа"),
        (0x07, b"\xe0\xf9", "אש"),
        (0x08, b"\x04\x10\x26\x03", "А☃"),
        (0xC8, b"\x00\x02", "@$"),
        (0xD0, b"\x00\x02", "@$"),
        (0xF0, b"\x00\x02", "@$"),
        (0xF3, b"\x00\x02", "@$"),
        (0xF8, b"\x00\x02", "@$"),
    ],
)
@each_row("default", ["gsm7", "latin-1"])
def test_text_codings(data_coding: int, octets: bytes, text: str, default: Default) -> None:
    """A data_coding that names an alphabet reads so, whatever the SMSC's default is."""
    assert text == decode_short_message(data_coding, 0, octets, default=default, strict=True).text(strict=True)


OCTETS = {0x02, 0x04, 0x05, 0x09, 0x0A, 0x0D, 0x0E, *range(0xF4, 0xF8), *range(0xFC, 0x100)}
AS_SCHEMES = set(range(0x10, 0x20))
RESERVED = {0x0B, 0x0C, 0x0F, *range(0x20, 0xC0), *range(0xE0, 0xF0)}


def test_octets_and_reserved_codings() -> None:
    """What holds no text that can be read is kept as octets; strict reading refuses the reserved values alone."""
    for data_coding in set(range(256)) - AS_SCHEMES:
        found = decode_short_message(data_coding, 0, b"\x00\x41")
        assert (data_coding in OCTETS | RESERVED) == (found.alphabet is Alphabet.DATA_8BIT)
        if data_coding not in RESERVED:
            assert found == decode_short_message(data_coding, 0, b"\x00\x41", strict=True)


@each_row("data_coding", sorted(AS_SCHEMES | RESERVED))
def test_strict_reading_refuses_what_is_reserved(data_coding: int) -> None:
    """Each reserved value is a DecodeError that names the field."""
    with pytest.raises(DecodeError) as caught:
        decode_short_message(data_coding, 0, b"", strict=True)
    assert (caught.value.field, caught.value.offset) == ("data_coding", 0)


@pytest.mark.parametrize("data_coding", range(0x10, 0x20))
def test_d43_reserved_values_are_read_as_the_scheme_they_are(data_coding: int) -> None:
    """0x10–0x1F are read leniently as that data coding scheme, alphabet and class, packed where the centre packs."""
    scheme = scheme_of(data_coding)
    assert scheme == DataCodingScheme(data_coding)
    found = decode_short_message(data_coding, 0, b"\x00\x41")
    assert (found.alphabet, found.payload, found.compressed) == (scheme.alphabet, b"\x00\x41", False)
    if scheme.alphabet is Alphabet.GSM_7BIT:
        assert decode_short_message(data_coding, 0, septets.pack(b"Hello"), default="gsm7-packed").text() == "Hello"


def test_d43_schemes_are_named() -> None:
    """scheme_of knows the values that are a data coding scheme, and no others."""
    named = {data_coding for data_coding in range(256) if scheme_of(data_coding)}
    assert named == AS_SCHEMES | set(range(0xC0, 0xE0)) | set(range(0xF0, 0x100))
    assert decode_short_message(0x11, 0, b"Hello").text() == "Hello"
    assert [scheme_of(0x11 + bits).message_class for bits in (0, 4, 8)] == [MessageClass.CLASS_1] * 3  # type: ignore[union-attr]  # they are schemes


@pytest.mark.parametrize("message_class", [None, *MessageClass])
@pytest.mark.parametrize("alphabet", Alphabet)
def test_d43_message_classes_come_back(alphabet: Alphabet, message_class: MessageClass | None) -> None:
    """What is written for a message class, of each alphabet, is read with that alphabet and class."""
    texts = {Alphabet.GSM_7BIT: segment("Hi"), Alphabet.UCS2: segment("Ж"), Alphabet.DATA_8BIT: segment_data(b"\xff")}
    (short,) = short_messages(texts[alphabet], message_class=message_class)
    scheme = scheme_of(short.data_coding)
    assert (scheme and scheme.message_class) == message_class
    assert decode_short_message(short.data_coding, 0, short.short_message) == texts[alphabet][0].user_data


@pytest.mark.parametrize(
    "indication",
    [
        MessageWaiting(kind, active, store)
        for kind in IndicationType
        for active in (False, True)
        for store in (False, True)
    ],
)
def test_message_waiting_comes_back(indication: MessageWaiting) -> None:
    """A message waiting indication is the data_coding that says it; SMPP has none for other alphabets."""
    (short,) = short_messages(segment("Hi"), indication=indication)
    scheme = scheme_of(short.data_coding)
    assert scheme is not None
    assert (scheme.indication, short.short_message) == (indication, b"Hi")
    with pytest.raises(FieldError) as caught:
        short_messages(segment("Ж"), indication=indication)
    assert caught.value.field == "indication"


@pytest.mark.parametrize(("data_coding", "text"), [(0, "a\ufffdb"), (0xF0, "a\ufffdb"), (1, "a\ufffdb")])
def test_octets_above_0x7f(data_coding: int, text: str) -> None:
    """They are neither septets nor ASCII: U+FFFD in lenient reading, and strict reading says where."""
    octets = bytes.fromhex("03240101") + b"a\x80b"
    assert text == decode_short_message(data_coding, UDHI, octets).text()
    with pytest.raises(DecodeError) as caught:
        decode_short_message(data_coding, UDHI, octets, strict=True)
    assert (caught.value.field, caught.value.offset) == ("short_message", 5)


def test_hebrew_octets_without_a_character() -> None:
    """ISO 8859-8 has gaps: U+FFFD in lenient reading, and strict reading says where."""
    assert decode_short_message(7, 0, b"\xbf\xe0").text() == "\ufffdא"
    with pytest.raises(DecodeError) as caught:
        decode_short_message(7, 0, b"\xe0\xbf", strict=True)
    assert (caught.value.field, caught.value.offset) == ("short_message", 1)


def test_packed_septets_and_their_count() -> None:
    """Packed septets are as many as fit; a count that the caller knows settles whether the last is an @."""
    octets = septets.pack(b"1234567")
    for count in (None, *range(9)):
        found = decode_short_message(0, 0, octets, default="gsm7-packed", septet_count=count)
        assert found.text() == "1234567@"[:count]
    with pytest.raises(DecodeError) as caught:
        decode_short_message(0, 0, octets, default="gsm7-packed", septet_count=9)
    assert (caught.value.field, caught.value.offset) == ("short_message", 7)
    with pytest.raises(FieldError, match="septet_count"):
        decode_short_message(0, 0, octets, default="gsm7-packed", septet_count=-1)


def test_udhi_is_one_bit_of_several() -> None:
    """A header is read wherever the bit is set: beside a receipt's type, reply path and modes."""
    octets = bytes.fromhex("0403240101")
    assert Alphabet.GSM_7BIT is decode_short_message(0, 0x04, b"id:1").alphabet
    for other in (0x00, 0x03, 0x04, 0x20, 0x80, 0xBF):
        assert decode_short_message(4, other, octets).payload == octets
        header = decode_short_message(4, other | UDHI, bytes.fromhex("03240101") + b"x").header
        assert NationalLanguage.TURKISH is header.shift_tables.single


@pytest.mark.parametrize(
    ("octets", "field", "offset"), [("0500030702", "ud.udhl", 0), ("0400030702", "ud.udh.ie", 1), ("", "", 0)]
)
def test_headers_that_lie(octets: str, field: str, offset: int) -> None:
    """A header past the end or badly filled is ignored in lenient reading and refused in strict; none is none."""
    found = decode_short_message(0, UDHI, bytes.fromhex(octets))
    assert (found.header.elements, found.payload) == ((), b"")
    if field:
        with pytest.raises(DecodeError) as caught:
            decode_short_message(0, UDHI, bytes.fromhex(octets), strict=True)
        assert (field, offset) == (caught.value.field, caught.value.offset)


@pytest.mark.parametrize("name", ["data_coding", "esm_class"])
@pytest.mark.parametrize("value", [-1, 256])
def test_fields_are_octets(name: str, value: int) -> None:
    """A data_coding or esm_class outside 0–255 is the caller's mistake."""
    fields: dict[str, Any] = {"data_coding": 0, "esm_class": 0, name: value}
    with pytest.raises(FieldError) as caught:
        decode_short_message(**fields, short_message=b"")
    assert name == caught.value.field


# Round trips


@given(
    text=strategies.boundary_texts(max_segments=3),
    languages=st.sets(strategies.national_languages(), max_size=2),
    wide=st.booleans(),
    sar=st.booleans(),
)
def test_texts_come_back(text: str, languages: set[NationalLanguage], *, wide: bool, sar: bool) -> None:
    """A text of either alphabet, with or without national tables, header or parameters, is read back as it was."""
    message = segment(text, languages=languages, reference=200, wide_reference=wide)
    assert text == joined([read(short) for short in short_messages(message, sar=sar)])


@given(text=strategies.boundary_texts(max_segments=3), sar=st.booleans())
def test_packed_texts_come_back(text: str, *, sar: bool) -> None:
    """Packed septets are read back with their count as they were, and without it at most an @ is added."""
    message = segment(text, reference=200)
    for part, short in zip(message, short_messages(message, default="gsm7-packed", sar=sar), strict=True):
        count = len(part.user_data.payload) if message.alphabet is Alphabet.GSM_7BIT else None
        counted = read(short, default="gsm7-packed", septet_count=count)
        assert part.text == counted.text()
        assert read(short, default="gsm7-packed").payload.rstrip(b"\x00") == counted.payload.rstrip(b"\x00")


@given(data=st.binary(max_size=400), sar=st.booleans())
def test_octets_come_back(data: bytes, *, sar: bool) -> None:
    """8-bit data is read back as it was."""
    message = segment_data(data, reference=3)
    assert data == b"".join(read(short).payload for short in short_messages(message, sar=sar))


@given(text=strategies.gsm_texts())
def test_septets_are_the_oracles(text: str) -> None:
    """A short message under data_coding 0x00 holds the septets that the naive oracle finds."""
    message = segment(text, reference=1)
    sent = b"".join(short.short_message[6 if short.esm_class else 0 :] for short in short_messages(message))
    assert reference.encode(text, reference.DEFAULT) == list(sent)


# Bad input

DEFAULTS: tuple[Default, ...] = ("gsm7", "gsm7-packed", "latin-1")


@given(octets=strategies.octets(max_size=300), default=st.sampled_from(DEFAULTS))
def test_any_octets_are_read_leniently(octets: bytes, default: Default) -> None:
    """Under every data_coding and with or without a header there is a value, and text wherever there is an alphabet."""
    for data_coding, esm_class in itertools.product(range(256), (0, UDHI)):
        found = decode_short_message(data_coding, esm_class, octets, default=default)
        if found.alphabet is not Alphabet.DATA_8BIT and not found.compressed:
            assert isinstance(found.text(), str)


@pytest.mark.exhaustive
def test_every_data_coding_with_every_esm_class() -> None:
    """All 65,536 pairs give a value in lenient reading, and the header is read where UDHI says so."""
    octets = bytes.fromhex("050003070201") + b"ab"
    for data_coding, esm_class in itertools.product(range(256), repeat=2):
        found = decode_short_message(data_coding, esm_class, octets)
        assert bool(esm_class & UDHI) == (found.header.concatenation is not None)


@given(
    data_coding=st.integers(0, 255),
    esm_class=st.integers(0, 255),
    octets=strategies.octets(max_size=300),
    default=st.sampled_from(DEFAULTS),
)
def test_strict_reading_gives_the_same_or_a_decode_error(
    data_coding: int, esm_class: int, octets: bytes, default: Default
) -> None:
    """What strict reading takes, lenient reading takes alike; what it refuses is named with an offset inside."""
    lenient = decode_short_message(data_coding, esm_class, octets, default=default)
    offset = 0
    try:
        assert lenient == decode_short_message(data_coding, esm_class, octets, default=default, strict=True)
    except DecodeError as error:
        offset = error.offset
    assert 0 <= offset <= len(octets)
