"""What a service centre means by a data_coding: texts counted, cut, written and read in its own codings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    Concatenation,
    DecodeError,
    FieldError,
    SegmentationError,
    UnencodableError,
    UserData,
    UserDataHeader,
    segment,
    segment_data,
)
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.smpp import (
    CodedMessage,
    EsmClass,
    RegisteredDelivery,
    ShortMessage,
    decode_short_message,
    is_receipt,
    segment_coded,
    segment_latin1,
    short_messages,
)
from smscodec.testing import strategies
from tests.rows import each_row

SINGLE = {0x01: "ascii", 0x03: "latin-1", 0x06: "iso8859-5", 0x07: "iso8859-8"}
"""The codings of one octet a character that SMPP defines, by the names of Python's codecs."""
OWN = {0: "cp1252", 1: "gsm7", 2: "ucs2", 3: "iso8859-15", 4: "utf-8", 5: "shift_jis", 6: "euc_kr", 7: "gsm7-packed"}
"""A service centre that means something else by everything."""


def characters(codec: str) -> st.SearchStrategy[str]:
    """Texts that a codec of single octets has all characters of."""
    alphabet = sorted({bytes([octet]).decode(codec, "ignore") for octet in range(256)} - {""})
    return st.text(st.sampled_from(alphabet), max_size=300)


def came_back(shorts: list[ShortMessage], codings: Mapping[int, str] | None = None) -> str:
    """The text that a receiver makes of short messages."""
    reassembler = Reassembler(max_age=1, max_pending=1)
    for short in shorts:
        events = reassembler.add(
            "key", decode_short_message(short.data_coding, short.esm_class, short.short_message, codings=codings), now=0
        )
    (whole,) = events
    assert isinstance(whole, Reassembled)
    return whole.text()


# Single octets


@given(data=st.data(), data_coding=st.sampled_from(sorted(SINGLE)), wide=st.booleans(), ports=st.booleans())
def test_single_octets_are_counted_cut_written_and_read(
    data: st.DataObject, data_coding: int, *, wide: bool, ports: bool
) -> None:
    """A text costs as many octets as characters, is cut as octets are, and comes back as it was."""
    text = data.draw(characters(SINGLE[data_coding]))
    header = UserDataHeader([ApplicationPort(5000, 5001)] if ports else [])
    options: dict[str, Any] = {"reference": 9, "wide_reference": wide, "header": header}
    message = segment_coded(text, data_coding=data_coding, **options)
    octets = text.encode(SINGLE[data_coding])
    assert message.measurement == segment_data(octets, **options).measurement
    assert (message.text, "".join(part.text for part in message)) == (text, text)
    assert [part.text.encode(SINGLE[data_coding]) for part in message] == [part.data for part in message]
    shorts = short_messages(message)
    assert {short.data_coding for short in shorts} == {data_coding}
    assert came_back(shorts) == text


def test_140_characters_of_latin_1_are_one_segment() -> None:
    """A full segment is 140 octets E1, and each of several holds 134."""
    (short,) = short_messages(segment_coded("á" * 140, data_coding=3))
    assert short == ShortMessage(3, 0, b"\xe1" * 140)
    message = segment_latin1("á" * 269, reference=1)
    assert ([len(part.text) for part in message], message.measurement.units_per_segment) == ([134, 134, 1], 134)
    assert (message[-1].text, message[0:2][1].sequence, message.with_reference(2).reference) == ("á", 2, 2)
    assert [len(short.short_message) for short in short_messages(message, sar=True)] == [134, 134, 1]


@pytest.mark.parametrize(("data_coding", "text", "place"), [(1, "aé", 1), (3, "é€", 1), (6, "жא", 1), (7, "אж", 1)])
def test_a_character_that_the_coding_lacks_is_named(data_coding: int, text: str, place: int) -> None:
    """It is an UnencodableError over the first of them, whether the text is cut for the coding or converted to it."""
    for make in (
        lambda: segment_coded(text * 200, data_coding=data_coding),
        lambda: short_messages(segment(text * 70, reference=1), data_coding=data_coding),
    ):
        with pytest.raises(UnencodableError) as caught:
            make()
        assert (caught.value.start, caught.value.end) == (place, place + 1)


# A service centre's own codings


@given(data=st.data(), data_coding=st.sampled_from(sorted(OWN)), wide=st.booleans())
def test_own_codings_come_back(data: st.DataObject, data_coding: int, *, wide: bool) -> None:
    """Whatever a centre means by a data_coding, text is cut between characters, fits, and is read as it was."""
    alphabet = {
        "cp1252": "aé€Žœ@\x00",
        "iso8859-15": "aé€Žœ@\x00",
        "utf-8": "aéЖ€\U0001f600",
        "shift_jis": "aｱ日本",
        "euc_kr": "a한글",
        "ucs2": "aЖ\U0001f600",
        "gsm7": "a€@é",
        "gsm7-packed": "a€éb",
    }[OWN[data_coding]]
    text = data.draw(st.text(st.sampled_from(alphabet), max_size=400))
    message = segment_coded(text, data_coding=data_coding, codings=OWN, reference=7, wide_reference=wide)
    assert isinstance(message, CodedMessage)
    shorts = short_messages(message)
    assert {short.data_coding for short in shorts} == {data_coding}
    assert "".join(part.text for part in message) == text
    assert sum(part.units for part in message) == message.measurement.units
    assert message.measurement.remaining == message.measurement.units_per_segment - message[-1].units
    assert all(part.units <= message.measurement.units_per_segment for part in message)
    found = came_back(shorts, OWN)
    # Packed septets have no count, so that spare bits may read as an @.
    assert found.replace("@", "") == text if OWN[data_coding] == "gsm7-packed" else found == text


@given(text=st.text("aéЖ€\U0001f600", min_size=1, max_size=400), codec=st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_characters_of_several_octets_are_filled_greedily(text: str, codec: str) -> None:
    """No character of the next segment would have fitted into the one before."""
    message = segment_coded(text, data_coding=0, codings={0: codec}, reference=7)
    room = message.measurement.units_per_segment
    assert b"".join(part.text.encode(codec) for part in message) == message.data
    for part, following in pairwise(message):
        assert len((part.text + following.text[0]).encode(codec)) > room


def test_own_codings_have_limits_too() -> None:
    """More than 255 segments, and a header that leaves no room for a character, are refused."""
    with pytest.raises(SegmentationError) as caught:
        segment_coded("€" * 44 * 256, data_coding=0, codings={0: "utf-8"})
    assert caught.value.segments == 256
    tight = UserDataHeader.from_bytes(b"\x84\x70\x82" + bytes(130))
    with pytest.raises(SegmentationError, match="leave no room"):
        segment_coded("€€€", data_coding=0, codings={0: "utf-8"}, header=tight)


@given(text=strategies.texts(), data_coding=st.sampled_from([0, 1, 3, 6, 7, 8]))
def test_converting_gives_what_cutting_gives(text: str, data_coding: int) -> None:
    """A message of one segment is the same, or refused alike, whether it was cut for a coding or is converted to it."""
    message = segment(text)
    assume(len(message) == 1)
    cut = None
    with suppress(UnencodableError):
        cut = segment_coded(text, data_coding=data_coding)
    if cut is None:
        with pytest.raises(UnencodableError) as caught:
            segment_coded(text, data_coding=data_coding)
        with pytest.raises(UnencodableError) as converted:
            short_messages(message, data_coding=data_coding)
        assert caught.value.start == converted.value.start
    elif len(cut) == 1:
        assert short_messages(cut) == short_messages(message, data_coding=data_coding)


@given(octets=strategies.octets(), data_coding=st.integers(0, 7), esm_class=st.sampled_from([0, 0x40]))
@pytest.mark.parametrize("codec", ["utf-7", "unicode_escape", "utf-16", "iso2022_jp", "big5hkscs"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_any_octets_under_any_codec_are_read(codec: str, octets: bytes, data_coding: int, esm_class: int) -> None:
    """There is a value with a text, however odd the codec; strict reading gives the same or a DecodeError."""
    codings = dict.fromkeys(range(8), codec)
    found = decode_short_message(data_coding, esm_class, octets, codings=codings)
    assert isinstance(found.text(), str)
    with suppress(DecodeError):
        assert found == decode_short_message(data_coding, esm_class, octets, codings=codings, strict=True)


# User data of others, payloads, and names


@given(user_data=strategies.user_data())
def test_user_data_is_handed_on(user_data: UserData) -> None:
    """What one carrier delivered goes to the next with its alphabet, header and payload."""
    if user_data.compressed:
        with pytest.raises(FieldError, match="compressed"):
            short_messages([user_data])
        return
    (short,) = short_messages(iter([user_data]))
    found = decode_short_message(short.data_coding, short.esm_class, short.short_message)
    assert (found.alphabet, found.payload, found.header) == (user_data.alphabet, user_data.payload, user_data.header)


def test_user_data_is_converted_part_by_part() -> None:
    """Parts of a message go into another coding, each with its header, or its parameters."""
    parts = [part.user_data for part in segment("Ё" * 80, reference=7)]
    in_header = short_messages(parts, data_coding=6)
    assert [short.short_message for short in in_header] == [
        bytes.fromhex(f"05000307020{number}") + b"\xa1" * length for number, length in ((1, 67), (2, 13))
    ]
    assert [short.short_message for short in short_messages(parts, data_coding=6, sar=True)] == [
        b"\xa1" * 67,
        b"\xa1" * 13,
    ]


@pytest.mark.parametrize("text", ["a" * 400, "Ж" * 200, "short"])
def test_a_payload_is_the_whole_message(text: str) -> None:
    """message_payload holds a message of any length at once, without reference and concatenation, and reads back."""
    header = UserDataHeader([ApplicationPort(5000, 5001)])
    (short,) = short_messages(segment(text, header=header), payload=True)
    assert (short.short_message, short.esm_class) == (b"", EsmClass.UDHI)
    assert short.message_payload is not None
    found = decode_short_message(short.data_coding, short.esm_class, short.message_payload)
    assert (found.text(), found.header) == (text, header)


def test_payloads_of_user_data_are_one_each() -> None:
    """Parts that came from elsewhere stay parts, with their concatenation."""
    parts = [part.user_data for part in segment("a" * 200, reference=7)]
    found = [short.message_payload for short in short_messages(parts, payload=True)]
    assert found == [short.short_message for short in short_messages(parts)]
    assert Concatenation(7, 2, 1) == decode_short_message(0, 0x40, found[0] or b"").header.concatenation


def test_bits_have_names() -> None:
    """The names of esm_class and registered_delivery are the bits of the specification."""
    assert [int(bit) for bit in EsmClass] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert (EsmClass.STORE_AND_FORWARD, EsmClass.CONVERSATION_ABORT) == (3, 0x18)
    assert [int(bit) for bit in RegisteredDelivery] == [1, 2, 4, 8, 16]
    assert [esm_class for esm_class in range(0, 0x40, 4) if is_receipt(esm_class)] == [
        esm_class for esm_class in range(0, 0x40, 4) if esm_class & 0x04 or esm_class & 0x20
    ]
    for other in (0x00, 0x03, 0x40, 0x80, 0xC3):
        assert is_receipt(0x04 | other)
        assert not is_receipt(other)
        assert not is_receipt(EsmClass.USER_ACKNOWLEDGEMENT | other)


def test_alphabets_of_coded_messages() -> None:
    """A coding of octets has units of octets; GSM 7-bit and UCS-2 under another number keep theirs."""
    assert segment_latin1("a").alphabet is Alphabet.DATA_8BIT
    assert segment_coded("a", data_coding=1, codings={1: "gsm7"}).measurement == segment("a").measurement
    assert segment_coded("a", data_coding=8).measurement == segment("a", alphabet=Alphabet.UCS2).measurement


@each_row("bounds", [(), (0, 9), (1, 100, 200), (0, 100, 201), (0, 150, 100, 200), [0, 100, 200], (0, 50, 100, 200)])
def test_text_bounds_cut_the_text_where_its_octets_are_cut(bounds: Any) -> None:
    """Those of a message by hand cut its text into as many parts as its octets; anything else is a FieldError."""
    for data_coding in (0, 1, 3, 8):
        message = segment_coded("a" * 200, data_coding=data_coding, reference=1)
        with pytest.raises(FieldError) as caught:
            replace(message, text_bounds=bounds)
        assert caught.value.field == "text_bounds"


def test_text_is_cut_where_it_is_written() -> None:
    """In GSM 7-bit and UCS-2 no segment has another text than its octets: other text bounds are a FieldError."""
    for data_coding, alphabet in ((0, Alphabet.GSM_7BIT), (8, Alphabet.UCS2)):
        message = segment_coded("a" * 200, data_coding=data_coding, reference=1)
        moved = (0, *(bound - 1 for bound in message.bounds[1:-1]), 200)
        with pytest.raises(FieldError, match="text_bounds: the text is cut at the bounds"):
            replace(message, text_bounds=moved)
        fresh = replace(message, text_bounds=moved, bounds=moved)
        assert fresh.alphabet is alphabet
        assert [part.user_data.text() for part in fresh] == [part.text for part in fresh]
