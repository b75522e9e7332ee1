"""User data between text and octets: TP-UDL in its unit, fill bits, room, lenient and strict reading."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec.dcs import Alphabet
from smscodec.errors import DecodeError, FieldError, UndecodableError
from smscodec.tables import NationalLanguage
from smscodec.testing import strategies
from smscodec.udh import (
    EMPTY,
    ApplicationPort,
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    UserDataHeader,
)
from smscodec.userdata import UserData
from tests.rows import each_row

GSM, DATA, UCS2 = Alphabet.GSM_7BIT, Alphabet.DATA_8BIT, Alphabet.UCS2
TURKISH = NationalLanguage.TURKISH
TP_UD = 140

CONCAT_8, CONCAT_16 = Concatenation(1, 2, 1), Concatenation(1, 2, 1, wide=True)
PORT_16 = ApplicationPort(2948, 9200)
SINGLE, LOCKING = NationalLanguageSingleShift(TURKISH), NationalLanguageLockingShift(TURKISH)


def header_of(octets: int) -> UserDataHeader:
    """A header of that many octets, at least three, or the empty one."""
    return UserDataHeader((OpaqueElement(0x70, b"\xa5" * (octets - 3)),)) if octets else EMPTY


def naive_octets(header: bytes, septets: bytes) -> bytes:
    """Header, fill bits and septets as one long number, the first bits lowest."""
    first_bit = -(-8 * len(header) // 7) * 7
    number = int.from_bytes(header, "little")
    number |= sum(septet << (first_bit + 7 * index) for index, septet in enumerate(septets))
    return number.to_bytes(-(-(first_bit + 7 * len(septets)) // 8), "little")


def sample(count: int) -> bytes:
    """Septets without a pattern that a shift by one place would repeat."""
    return bytes((index * 37 + index // 128 + 1) % 128 for index in range(count))


def read_back(user_data: UserData, *, strict: bool = False) -> UserData:
    """Read what was written, with what the data coding scheme and TP-UDHI would say."""
    return UserData.from_bytes(
        user_data.to_bytes(),
        length=user_data.length,
        alphabet=user_data.alphabet,
        has_header=user_data.header.octet_length > 0,
        compressed=user_data.compressed,
        strict=strict,
    )


# Room, length and packing


@pytest.mark.parametrize(
    ("elements", "header_octets", "septets", "octets", "units"),
    [
        ([], 0, 160, 140, 70),
        ([CONCAT_8], 6, 153, 134, 67),
        ([CONCAT_16], 7, 152, 133, 66),
        ([SINGLE], 4, 155, 136, 68),
        ([LOCKING], 4, 155, 136, 68),
        ([SINGLE, LOCKING], 7, 152, 133, 66),
        ([CONCAT_8, SINGLE], 9, 149, 131, 65),
        ([CONCAT_16, LOCKING], 10, 148, 130, 65),
        ([CONCAT_8, SINGLE, LOCKING], 12, 146, 128, 64),
        ([CONCAT_16, SINGLE, LOCKING], 13, 145, 127, 63),
        ([PORT_16], 7, 152, 133, 66),
        ([CONCAT_8, PORT_16], 12, 146, 128, 64),
        ([CONCAT_16, PORT_16], 13, 145, 127, 63),
        ([CONCAT_8, PORT_16, SINGLE], 15, 142, 125, 62),
        ([CONCAT_8, PORT_16, SINGLE, LOCKING], 18, 139, 122, 61),
    ],
)
def test_room_in_one_segment(
    elements: Sequence[InformationElement], header_octets: int, septets: int, octets: int, units: int
) -> None:
    """So many units fit behind the usual headers into the 140 octets of a TP-UD, and one more does not."""
    header = UserDataHeader(tuple(elements))
    assert header_octets == header.octet_length
    for alphabet, room, width in [(GSM, septets, 1), (DATA, octets, 1), (UCS2, units, 2)]:
        full = UserData(alphabet, bytes(room * width), header)
        assert len(full.to_bytes()) <= TP_UD
        assert full.length <= (160 if alphabet is GSM else TP_UD)
        assert len(UserData(alphabet, bytes((room + 1) * width), header).to_bytes()) > TP_UD


@each_row("header_octets", [0, *range(3, 22), 139, 140])
def test_fill_bits_at_every_length(header_octets: int) -> None:
    """Behind headers of every length every number of septets is written as the arithmetic says, and read back."""
    header = header_of(header_octets)
    header_septets = -(-8 * header_octets // 7)
    for count in range(160 - header_septets + 1):
        user_data = UserData(GSM, sample(count), header)
        octets = user_data.to_bytes()
        assert naive_octets(header.to_bytes(), sample(count)) == octets
        assert header_septets + count == user_data.length
        assert len(octets) <= TP_UD
        assert user_data == read_back(user_data, strict=True)


def test_tp_udl_of_7_bit_data_counts_septets_with_header_and_fill_bits() -> None:
    """A concatenation element and its fill bit are seven septets of TP-UDL."""
    assert UserData(GSM, b"").length == 0
    assert UserData(GSM, bytes(160)).length == 160
    assert UserData(GSM, bytes(153), UserDataHeader((CONCAT_8,))).length == 160
    assert UserData(GSM, bytes(149), UserDataHeader((CONCAT_8, SINGLE))).length == 160
    assert UserData(GSM, b"", UserDataHeader((CONCAT_8,))).length == 7


@pytest.mark.parametrize(("alphabet", "compressed"), [(DATA, False), (UCS2, False), (GSM, True), (DATA, True)])
def test_tp_udl_of_everything_else_counts_octets(alphabet: Alphabet, compressed: bool) -> None:
    """8-bit data, UCS2 and any compressed data count octets, the header's included, and have no fill bits."""
    header = UserDataHeader((CONCAT_8,))
    user_data = UserData(alphabet, b"\x04\x36\xff\xfe", header, compressed=compressed)
    assert user_data.length == 10
    assert header.to_bytes() + b"\x04\x36\xff\xfe" == user_data.to_bytes()
    assert user_data == read_back(user_data, strict=True)


def test_well_known_octets() -> None:
    """A short text, and the second part of a concatenated one, as any other implementation writes them."""
    assert UserData(GSM, b"hellohello").to_bytes().hex() == "e8329bfd4697d9ec37"
    second = UserData(GSM, b"hello", UserDataHeader((Concatenation(0xCC, 2, 2),)))
    assert second.to_bytes().hex() == "050003cc0202" + "d06536fb0d"
    assert second.length == 12


@given(strategies.user_data())
def test_reading_undoes_writing(user_data: UserData) -> None:
    """Whatever alphabet, header and payload, the octets read back as the same user data."""
    assert user_data == read_back(user_data)


@given(strategies.user_data())
def test_strict_reading_is_lenient_reading_or_a_decode_error(user_data: UserData) -> None:
    """Of user data that was written, only the header can be wrong, and then strict reading names a place in it."""
    try:
        strictly = read_back(user_data, strict=True)
    except DecodeError as caught:
        error = caught
    else:
        assert user_data == strictly
        return
    assert error.field.startswith("ud.udh")
    assert 0 <= error.offset <= user_data.header.octet_length


readings = st.fixed_dictionaries(
    {
        "length": st.one_of(st.integers(0, 30), st.integers(0, 255)),
        "alphabet": st.sampled_from(Alphabet),
        "has_header": st.booleans(),
        "compressed": st.booleans(),
    }
)


@given(strategies.octets(max_size=160), readings)
@example(b"", {"length": 0, "alphabet": GSM, "has_header": True, "compressed": False})
@example(b"\x05\x00", {"length": 2, "alphabet": GSM, "has_header": True, "compressed": False})
@example(b"\x05\x24\x01\x01\x70\x00", {"length": 6, "alphabet": GSM, "has_header": True, "compressed": False})
def test_any_octets_have_a_lenient_reading(octets: bytes, reading: dict[str, object]) -> None:
    """Any octets, TP-UDL and alphabet give user data, which is read as itself when it is written again."""
    user_data = UserData.from_bytes(octets, **reading)  # type: ignore[arg-type]  # Hypothesis draws the keywords
    assert reading["alphabet"] is user_data.alphabet
    assert user_data == read_back(user_data)
    if user_data.alphabet is not DATA and not user_data.compressed:
        assert isinstance(user_data.text(), str)


@given(strategies.octets(max_size=160), readings)
def test_any_octets_read_strictly_are_a_value_or_a_decode_error(octets: bytes, reading: dict[str, object]) -> None:
    """Where strict reading gives user data, it is the lenient one; else it names a place."""
    leniently = UserData.from_bytes(octets, **reading)  # type: ignore[arg-type]  # Hypothesis draws the keywords
    try:
        strictly = UserData.from_bytes(octets, **reading, strict=True)  # type: ignore[arg-type]  # the same
    except DecodeError as caught:
        error = caught
    else:
        assert leniently == strictly
        return
    assert error.field in {"udl", "ud", "ud.udhl", "ud.udh.ie"}
    assert 0 <= error.offset <= len(octets)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_all_kinds_of_octets_are_taken(kind: type[bytes | bytearray | memoryview]) -> None:
    """Bytes, bytearray and memoryview are read alike."""
    octets = kind(bytes.fromhex("050003cc0202d06536fb0d"))
    user_data = UserData.from_bytes(octets, length=12, alphabet=GSM, has_header=True)
    assert ("hello", Concatenation(0xCC, 2, 2)) == (user_data.text(), user_data.header.concatenation)


# TP-UDL and the octets that are there


@pytest.mark.parametrize("alphabet", Alphabet)
def test_tp_udl_beyond_the_octets(alphabet: Alphabet) -> None:
    """Lenient reading takes what is there; strict raises about TP-UDL at the end of the octets."""
    octets = bytes.fromhex("00680009")
    user_data = UserData.from_bytes(octets, length=9, alphabet=alphabet, has_header=False)
    assert octets == user_data.to_bytes()
    with pytest.raises(DecodeError) as caught:
        UserData.from_bytes(octets, length=9, alphabet=alphabet, has_header=False, strict=True)
    assert (caught.value.field, caught.value.offset) == ("udl", 4)


def test_tp_udl_beyond_the_octets_reads_whole_septets() -> None:
    """Of septets that are cut off in the middle only the whole ones are read."""
    user_data = UserData.from_bytes(bytes.fromhex("e8329b"), length=5, alphabet=GSM, has_header=False)
    assert (user_data.payload, user_data.length) == (b"hel", 3)


@pytest.mark.parametrize(("alphabet", "length", "covered"), [(GSM, 3, 3), (GSM, 0, 0), (DATA, 2, 2), (UCS2, 2, 2)])
def test_octets_beyond_tp_udl(alphabet: Alphabet, length: int, covered: int) -> None:
    """Lenient reading leaves them out; strict raises at the first."""
    octets = b"abcd"
    user_data = UserData.from_bytes(octets, length=length, alphabet=alphabet, has_header=False)
    assert length == user_data.length
    with pytest.raises(DecodeError) as caught:
        UserData.from_bytes(octets, length=length, alphabet=alphabet, has_header=False, strict=True)
    assert ("ud", covered) == (caught.value.field, caught.value.offset)


def test_tp_udl_0_is_no_user_data_whatever_the_header_indicator() -> None:
    """With TP-UDL 0 there is no TP-UD, and TP-UDHI means nothing."""
    for alphabet in Alphabet:
        for strict in (False, True):
            user_data = UserData.from_bytes(b"", length=0, alphabet=alphabet, has_header=True, strict=strict)
            assert (user_data.payload, user_data.header, user_data.length) == (b"", EMPTY, 0)


def test_d13_tp_udl_tells_whether_the_last_septet_is_there() -> None:
    """Seven octets are seven characters or eight, the last ``@``, as TP-UDL says."""
    octets = UserData(GSM, b"abcdefg").to_bytes()
    assert UserData.from_bytes(octets, length=7, alphabet=GSM, has_header=False).text() == "abcdefg"
    assert UserData.from_bytes(octets, length=8, alphabet=GSM, has_header=False).text() == "abcdefg@"


@given(st.integers(0, 127), st.integers(0, 1))
def test_d14_fill_bits_and_spare_bits_are_ignored_when_read(spare: int, fill: int) -> None:
    """Whatever stands in the unused bits, text and header are the same, also strictly."""
    octets = bytearray.fromhex("050003cc0202d06536fb0d")
    octets[6] |= fill
    octets[10] |= spare << 4 & 0xFF
    user_data = UserData.from_bytes(octets, length=12, alphabet=GSM, has_header=True, strict=True)
    assert user_data.text() == "hello"


# Text


@pytest.mark.parametrize(
    ("elements", "septets", "text"),
    [
        ([], b"\x04x\x1be", "èx€"),
        ([SINGLE], b"\x04\x1bs\x1be", "èş€"),
        ([LOCKING], b"\x04\x60\x1be", "€ç€"),
        ([LOCKING, SINGLE], b"\x04\x1bs\x1c", "€şŞ"),
        ([SINGLE, CONCAT_8, LOCKING], b"\x04\x1bs\x1c", "€şŞ"),
        ([NationalLanguageSingleShift(NationalLanguage.TELUGU)], b"\x04\x1b\x22\x1be", "è\u0c6c€"),
    ],
    ids=repr,
)
def test_text_is_read_with_the_tables_of_the_header(
    elements: Sequence[InformationElement], septets: bytes, text: str
) -> None:
    """Septets mean what the shift elements say; without them they are the default alphabet and its extension."""
    assert text == read_back(UserData(GSM, septets, UserDataHeader(tuple(elements)))).text()


@pytest.mark.parametrize(("alphabet", "payload"), [(GSM, b"hello"), (UCS2, b"\x00h\x00e\x00l\x00l\x00o")])
def test_header_octets_are_never_read_as_text(alphabet: Alphabet, payload: bytes) -> None:
    """A header whose octets could be text is none: only what stands behind it is."""
    header = UserDataHeader((OpaqueElement(0x41, b"\x00B\x00C"),))
    for strict in (False, True):
        user_data = read_back(UserData(alphabet, payload, header), strict=strict)
        assert user_data.text(strict=strict) == "hello"


def test_lenient_and_strict_text_of_septets() -> None:
    """An undefined escape shows the main table's character leniently and raises strictly."""
    user_data = UserData(GSM, b"a\x1bab\x1b")
    assert user_data.text() == "aab "
    with pytest.raises(UndecodableError) as caught:
        user_data.text(strict=True)
    assert (caught.value.start, caught.value.end) == (1, 3)


def test_lenient_and_strict_text_of_utf_16() -> None:
    """A lone surrogate is U+FFFD and an odd octet is dropped leniently; both raise strictly."""
    assert UserData(UCS2, b"\x00a\xd8\x3d\x00b\x00").text() == "a\ufffdb"
    for payload in (b"\xd8\x3d\x00b", b"\x00a\x00"):
        with pytest.raises(UndecodableError):
            UserData(UCS2, payload).text(strict=True)
    assert UserData(UCS2, b"\xd8\x3d\xde\x00").text(strict=True) == "\U0001f600"


@pytest.mark.parametrize(("alphabet", "compressed"), [(DATA, False), (DATA, True), (GSM, True), (UCS2, True)])
@pytest.mark.parametrize("strict", [False, True])
def test_what_is_no_text_has_no_text(alphabet: Alphabet, compressed: bool, strict: bool) -> None:
    """8-bit data and compressed data have no text: asking for it is the caller's error."""
    with pytest.raises(FieldError):
        UserData(alphabet, b"abc", compressed=compressed).text(strict=strict)


# Malformed headers


@pytest.mark.parametrize("octets", ["0400030102", "0424010125", "0124"])
def test_d17_text_starts_behind_a_header_that_is_ignored(octets: str) -> None:
    """If its elements do not fill the header they are ignored, but the text still starts after UDHL."""
    header = bytes.fromhex(octets)
    for alphabet, payload in [(GSM, b"hello"), (UCS2, "héllo".encode("utf-16-be"))]:
        written = naive_octets(header, payload) if alphabet is GSM else header + payload
        length = -(-8 * len(header) // 7) + len(payload) if alphabet is GSM else len(written)
        user_data = UserData.from_bytes(written, length=length, alphabet=alphabet, has_header=True)
        assert (payload, ()) == (user_data.payload, user_data.header.elements)
        assert (written, length) == (user_data.to_bytes(), user_data.length)
        with pytest.raises(DecodeError) as caught:
            UserData.from_bytes(written, length=length, alphabet=alphabet, has_header=True, strict=True)
        assert caught.value.field == "ud.udh.ie"


@pytest.mark.parametrize("alphabet", Alphabet)
def test_d17_a_header_past_the_end_leaves_no_text(alphabet: Alphabet) -> None:
    """UDHL past the end of TP-UD: no header, no text, the octets kept; strict raises about UDHL."""
    octets = b"\x20abcdefgh"
    length = len(octets) * 8 // 7 if alphabet is GSM else len(octets)
    user_data = UserData.from_bytes(octets, length=length, alphabet=alphabet, has_header=True)
    assert (user_data.payload, user_data.header.elements) == (b"", ())
    assert (octets, length) == (user_data.to_bytes(), user_data.length)
    with pytest.raises(DecodeError) as caught:
        UserData.from_bytes(octets, length=length, alphabet=alphabet, has_header=True, strict=True)
    assert caught.value.field == "ud.udhl"


def test_nothing_can_follow_a_header_past_the_end() -> None:
    """Payload behind a header that says it is longer would be read as header: the caller's error."""
    with pytest.raises(FieldError):
        UserData(GSM, b"hello", UserDataHeader(ignored=b"\x05\x00"))


def test_tp_udl_that_ends_inside_the_header() -> None:
    """Six septets do not hold a header of six octets: lenient reads the header and no text, strict raises."""
    octets = UserDataHeader((CONCAT_8,)).to_bytes()
    user_data = UserData.from_bytes(octets, length=6, alphabet=GSM, has_header=True)
    assert (user_data.payload, user_data.header.concatenation) == (b"", CONCAT_8)
    with pytest.raises(DecodeError):
        UserData.from_bytes(octets, length=6, alphabet=GSM, has_header=True, strict=True)


def test_a_header_of_udhl_0_takes_an_octet() -> None:
    """UDHL 0 means no elements, one octet and six fill bits."""
    octets = naive_octets(b"\x00", b"hello")
    user_data = UserData.from_bytes(octets, length=7, alphabet=GSM, has_header=True)
    assert ("hello", 7, octets) == (user_data.text(), user_data.length, user_data.to_bytes())


def test_without_the_header_indicator_a_header_is_text() -> None:
    """Whether there is a header only TP-UDHI can say."""
    octets = UserData(UCS2, b"\x00a", UserDataHeader((PORT_16,))).to_bytes()
    user_data = UserData.from_bytes(octets, length=len(octets), alphabet=UCS2, has_header=False)
    assert (octets, EMPTY) == (user_data.payload, user_data.header)


def test_septets_above_0x7f_are_refused() -> None:
    """The payload of 7-bit text is septets: an octet above 0x7F is the caller's error."""
    with pytest.raises(FieldError):
        UserData(GSM, b"a\x80")
    assert UserData(GSM, b"a\x80", compressed=True).payload == b"a\x80"


@given(strategies.user_data())
def test_user_data_are_values(user_data: UserData) -> None:
    """They are hashable and equal to their pickled and copied selves."""
    assert user_data == pickle.loads(pickle.dumps(user_data)) == copy.deepcopy(user_data)
    assert len({user_data, copy.copy(user_data)}) == 1
    with pytest.raises(FrozenInstanceError):
        user_data.payload = b""  # type: ignore[misc]  # that assignment fails is the point
    assert not hasattr(user_data, "__dict__")
