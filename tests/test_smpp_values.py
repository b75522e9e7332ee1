"""What SMPP's values and readers take: the limits of a short message, wrong arguments, and text cut anywhere."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    Concatenation,
    FieldError,
    NationalLanguage,
    UnencodableError,
    UserData,
    UserDataHeader,
    gsm7,
    segment,
    segment_data,
    septets,
    ucs2,
)
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.smpp import (
    UDHI,
    MessageState,
    SarParameters,
    ShortMessage,
    decode_short_message,
    is_receipt,
    scheme_of,
    segment_coded,
    segment_latin1,
    short_messages,
    time,
)
from smscodec.testing import strategies
from tests.rows import each_row

WRONG: Any = "3"


@given(
    text=strategies.boundary_texts(max_segments=3),
    languages=st.sets(strategies.national_languages(), max_size=2),
    wide=st.booleans(),
    sar=st.booleans(),
    default=st.sampled_from(["gsm7", "gsm7-packed"]),
)
def test_short_messages_fit_and_are_segment_by_segment(
    text: str, languages: set[NationalLanguage], default: Any, *, wide: bool, sar: bool
) -> None:
    """Whatever the options, each segment is one short message of no more octets than a segment has septets."""
    message = segment(text, languages=languages, reference=200, wide_reference=wide)
    shorts = short_messages(message, default=default, sar=sar)
    assert len(message) == len(shorts)
    assert all(len(short.short_message) <= 160 for short in shorts)
    for part, short in zip(message, shorts, strict=True):
        header = part.user_data.header
        assert (short.sar is not None) == (sar and header.concatenation is not None and len(header.elements) == 1)
        assert bool(short.esm_class & UDHI) == (len(header.elements) > (short.sar is not None))


@each_row(
    ("field", "make"),
    [
        ("data_coding", lambda: ShortMessage(256, 0, b"")),
        ("data_coding", lambda: ShortMessage(WRONG, 0, b"")),
        ("esm_class", lambda: ShortMessage(0, -1, b"")),
        ("short_message", lambda: ShortMessage(0, 0, bytes(255))),
        ("sar", lambda: ShortMessage(0, 0, b"", (1, 2, 1))),  # type: ignore[arg-type]  # the test is about wrong types
        ("msg_ref_num", lambda: SarParameters(0x10000, 2, 1)),
        ("total_segments", lambda: SarParameters(1, WRONG, 1)),
        ("segment_seqnum", lambda: SarParameters(1, 2, 3)),
        ("esm_class", lambda: short_messages(segment("a"), esm_class=WRONG)),
        ("message", lambda: short_messages("abc")),  # type: ignore[arg-type]  # as above
        ("message", lambda: short_messages([segment("a")])),  # type: ignore[list-item]  # as above
        ("message", lambda: short_messages(None)),  # type: ignore[arg-type]  # as above
        ("message", lambda: short_messages([])),
        ("message", lambda: short_messages([UserData(Alphabet.GSM_7BIT, b"a", compressed=True)])),
        ("message_class", lambda: short_messages(segment("a"), message_class=4)),
        ("message_class", lambda: short_messages(segment("a"), message_class=1, data_coding=3)),
        ("indication", lambda: short_messages(segment("a"), indication=WRONG)),
        ("indication", lambda: short_messages(segment("a"), indication=WRONG, data_coding=3)),
        ("data_coding", lambda: short_messages(segment("a"), data_coding=256)),
        ("data_coding", lambda: short_messages(segment("a"), data_coding=4)),
        ("data_coding", lambda: short_messages(segment("ş" * 71, languages=[NationalLanguage.TURKISH]), data_coding=3)),
        ("data_coding", lambda: short_messages(segment("a" * 71), data_coding=8)),
        ("codings", lambda: short_messages(segment("a"), codings=WRONG)),
        ("codings", lambda: short_messages(segment("a"), codings={256: "gsm7"})),
        ("codings", lambda: short_messages(segment("a"), codings={0: "base64"})),
        ("codings", lambda: short_messages(segment("a"), codings={0: "idna"})),
        ("codings", lambda: short_messages(segment("a"), codings={0: "undefined"})),
        ("codings", lambda: short_messages(segment("a"), codings={0: "klingon"})),
        ("codings", lambda: short_messages(segment("a"), codings={0: "a\0b"})),
        ("codings", lambda: decode_short_message(0, 0, b"a", codings={0: None})),  # type: ignore[dict-item]  # as above
        ("codings", lambda: segment_coded("a", data_coding=0, codings={1: 2})),  # type: ignore[dict-item]  # as above
        ("data_coding", lambda: segment_coded("a", data_coding=4)),
        ("data_coding", lambda: segment_coded("a", data_coding=0x80)),
        ("data_coding", lambda: segment_coded("a", data_coding=-1)),
        ("data_coding", lambda: short_messages(segment_latin1("a"), data_coding=1)),
        ("message_class", lambda: short_messages(segment_latin1("a"), message_class=1)),
        ("message_payload", lambda: ShortMessage(0, 0, b"a", None, b"b")),
        ("message_payload", lambda: ShortMessage(0, 0, b"", None, bytes(0x10000))),
        ("esm_class", lambda: is_receipt(256)),
        ("data_coding", lambda: scheme_of(256)),
        ("status", lambda: MessageState.from_status(256)),
        ("time", lambda: time(WRONG)),
        ("default", lambda: short_messages(segment("a"), default=[])),  # type: ignore[arg-type]  # as above
        ("septet_count", lambda: decode_short_message(0, 0, b"a", septet_count=WRONG)),
        ("sar", lambda: decode_short_message(0, 0, b"a", sar=(1, 2, 1))),  # type: ignore[arg-type]  # as above
        ("data_coding", lambda: decode_short_message(WRONG, 0, b"")),
        ("esm_class", lambda: decode_short_message(0, WRONG, b"")),
    ],
)
def test_impossible_values_are_field_errors(field: str, make: Callable[[], object]) -> None:
    """A value that a field cannot hold, or of another kind, is the caller's mistake by name, also after pickling."""
    with pytest.raises(FieldError) as caught:
        make()
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value)), copy.deepcopy(caught.value)):
        assert (field, str(caught.value)) == (error.field, str(error))


def test_the_limits_themselves_are_taken() -> None:
    """The largest octets, the longest short_message and payload, and every bit of esm_class but UDHI are values."""
    assert ShortMessage(0xFF, 0xFF, bytes(254)).short_message == bytes(254)
    assert ShortMessage(0, 0, b"", SarParameters(0xFFFF, 255, 255), bytes(0xFFFF)).message_payload == bytes(0xFFFF)
    assert [short.esm_class for short in short_messages(segment("a"), esm_class=0xBF)] == [0xBF]


SARS = st.builds(SarParameters, st.integers(0, 0xFFFF), st.just(255), st.integers(1, 255))


@given(octets=st.binary(max_size=254), sar=st.none() | SARS)
def test_values_are_frozen_and_hashable(octets: bytes, sar: SarParameters | None) -> None:
    """A short message of any kind of octets is one value: equal, hashed, copied, pickled and shown alike."""
    short = ShortMessage(4, 3, octets, sar)
    for other in (ShortMessage(4, 3, bytearray(octets), sar), ShortMessage(4, 3, memoryview(octets), sar)):  # type: ignore[arg-type]  # taken and made bytes
        assert (short, hash(short), repr(short)) == (other, hash(other), repr(other))
    assert short == pickle.loads(pickle.dumps(short)) == copy.deepcopy(short)
    with pytest.raises(AttributeError):
        short.data_coding = 0  # type: ignore[misc]  # the test is about that


def test_latin_1_names_the_place_in_the_whole_text() -> None:
    """The error for a character that ISO 8859-1 lacks tells its place in the message, not in its segment."""
    text = "a" * 200 + "Δ"
    with pytest.raises(UnencodableError) as caught:
        short_messages(segment(text, reference=1), default="latin-1")
    assert (text, 200, 201) == (caught.value.object, caught.value.start, caught.value.end)


def test_the_smscs_default_is_not_of_ucs2_and_octets() -> None:
    """``default`` says nothing of texts in UCS-2 and of octets, which go out the same under each."""
    for message in (segment("Δж" * 60, reference=1), segment_data(bytes(300), reference=1)):
        assert short_messages(message) == short_messages(message, default="latin-1")
        assert short_messages(message) == short_messages(message, default="gsm7-packed")


def test_data_coding_0_with_a_header_under_every_default() -> None:
    """The header's octets stand first under each default, and a national shift element reaches the text."""
    header = bytes.fromhex("03240101")
    assert decode_short_message(0, UDHI, header + b"\x1b\x67").text() == "ğ"
    packed = septets.pack(b"\x1b\x67", fill_bits=3)
    assert decode_short_message(0, UDHI, header + packed, default="gsm7-packed", septet_count=2).text() == "ğ"
    assert decode_short_message(0, UDHI, header + b"\xe9", default="latin-1").text() == "é"


@given(
    text=strategies.texts().filter(lambda text: ucs2.unit_length(text) > 1),
    data=st.data(),
    in_header=st.booleans(),
)
def test_d11_ucs2_that_the_sender_cut_anywhere_joins(text: str, data: st.DataObject, *, in_header: bool) -> None:
    """Parts that were cut between any two code units, in a surrogate pair too, read as the text once joined."""
    octets = ucs2.encode(text)
    cut = 2 * data.draw(st.integers(1, len(octets) // 2 - 1))
    assert text == joined(0x08, octets[:cut], octets[cut:], in_header=in_header)


@given(
    text=strategies.gsm_texts().filter(lambda text: gsm7.septet_length(text) > 1),
    data=st.data(),
    in_header=st.booleans(),
)
def test_septets_that_the_sender_cut_anywhere_join(text: str, data: st.DataObject, *, in_header: bool) -> None:
    """Parts that were cut between any two septets, in an escape pair too, read as the text once joined."""
    octets = gsm7.encode(text)
    cut = data.draw(st.integers(1, len(octets) - 1))
    assert text == joined(0x00, octets[:cut], octets[cut:], in_header=in_header)


def joined(data_coding: int, *pieces: bytes, in_header: bool) -> str:
    """The text of two short messages whose concatenation stands in the header or in sar_* parameters."""
    reassembler = Reassembler(max_age=1, max_pending=1)
    for sequence, piece in enumerate(pieces, start=1):
        header = UserDataHeader([Concatenation(7, 2, sequence)]).to_bytes() if in_header else b""
        sar = None if in_header else SarParameters(7, 2, sequence)
        part = decode_short_message(data_coding, UDHI if header else 0, header + piece, sar=sar, strict=True)
        events = reassembler.add("key", part, now=0)
    (whole,) = events
    assert isinstance(whole, Reassembled)
    return whole.text(strict=True)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_octets_is_read_alike(kind: Callable[[bytes], Any]) -> None:
    """bytes, bytearray and memoryview give the same value, and a value does not follow its buffer."""
    octets = kind(bytes.fromhex("050003070201") + b"ab")
    expected = UserData(Alphabet.GSM_7BIT, b"ab", UserDataHeader([Concatenation(7, 2, 1)]))
    found = decode_short_message(0, UDHI, octets)
    if isinstance(octets, bytearray):
        octets[:] = bytes(8)
    assert expected == found
    with pytest.raises(TypeError):
        decode_short_message(0, 0, "text")  # type: ignore[arg-type]  # the test is about wrong types
