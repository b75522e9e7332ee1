"""Binary data in segments: every octet counts as itself, and the header laws are those of text.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    FieldError,
    NationalLanguage,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SegmentationError,
    UserDataHeader,
    segment_data,
)
from smscodec.tables import DEFAULT_TABLES
from smscodec.testing import strategies
from smscodec.udh import Concatenation
from tests import agreement, reference

PORTS = UserDataHeader((ApplicationPort(destination=2948, originator=9200),))


def expected_tp_uds(data: bytes, header: UserDataHeader, number: int, *, wide: bool) -> list[tuple[int, bytes]]:
    """TP-UDL and TP-UD of each segment as the oracle writes them."""
    caller = agreement.elements(header)
    plan = reference.fill([1] * len(data), reference.DATA_8BIT, reference.DEFAULT, caller, wide=wide)
    tp_uds = []
    for sequence, (start, end) in enumerate(zip((0, *plan.ends), plan.ends, strict=False), start=1):
        elements = reference.segment_elements(plan, number, sequence, caller, wide=wide)
        octets = reference.header_bytes(elements) + data[start:end]
        tp_uds.append((len(octets), octets))
    return tp_uds


@given(st.binary(max_size=700), strategies.caller_headers(), st.integers(0, 255), st.booleans())
def test_octets_and_measurement_are_those_of_the_oracle(
    data: bytes,
    header: UserDataHeader,
    number: int,
    wide: bool,
) -> None:
    """Header and data fill 140 octets after 140 octets, and the measurement counts the octets of data."""
    message = segment_data(data, reference=number, wide_reference=wide, header=header)
    tp_uds = expected_tp_uds(data, header, number, wide=wide)
    caller = agreement.elements(header)
    plan = reference.fill([1] * len(data), reference.DATA_8BIT, reference.DEFAULT, caller, wide=wide)
    assert tp_uds == agreement.tp_uds(message)
    assert agreement.measurement(plan) == message.measurement
    assert data == b"".join(part.user_data.payload for part in message)
    assert all(len(octets) <= reference.TP_UD_OCTETS for _, octets in tp_uds)


@pytest.mark.parametrize(
    ("length", "segments", "room", "remaining"),
    [(0, 1, 140, 140), (1, 1, 140, 139), (140, 1, 140, 0), (141, 2, 134, 127), (268, 2, 134, 0), (269, 3, 134, 133)],
)
def test_measurement_counts_octets(length: int, segments: int, room: int, remaining: int) -> None:
    """The units of data are octets, 140 alone and 134 in each of several segments."""
    expected = (Alphabet.DATA_8BIT, length, segments, room, remaining, DEFAULT_TABLES)
    message = segment_data(bytes(length))
    assert expected == tuple(message.measurement)
    assert (Alphabet.DATA_8BIT, DEFAULT_TABLES, segments) == (message.alphabet, message.tables, len(message))


def test_data_has_no_text() -> None:
    """Data is not text: the text of the message and of every segment is empty."""
    message = segment_data(b"a" * 300)
    assert [message.text, *(part.text for part in message)] == ["", "", "", ""]


def test_empty_data_is_one_segment() -> None:
    """No data at all still makes one segment, under the caller's header if there is one."""
    assert agreement.tp_uds(segment_data(b"")) == [(0, b"")]
    header = b"\x06\x05\x04\x0b\x84\x23\xf0"
    assert [(7, header)] == agreement.tp_uds(segment_data(b"", header=PORTS))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_kind_of_octets_is_taken(kind: type[bytes] | type[bytearray] | type[memoryview]) -> None:
    """bytes, bytearray and memoryview make equal messages."""
    data = bytes(range(256)) * 2
    assert segment_data(data, reference=1) == segment_data(kind(data), reference=1)


def test_later_changes_of_a_buffer_do_not_reach_the_message() -> None:
    """A message keeps the octets it was made of."""
    buffer = bytearray(b"\x01" * 200)
    message = segment_data(buffer, reference=1)
    buffer[:] = b"\x02" * 200
    assert b"".join(part.user_data.payload for part in message) == b"\x01" * 200


def test_segments_carry_reference_and_ports() -> None:
    """Concatenation comes first, then the caller's elements, in every segment."""
    message = segment_data(bytes(300), reference=0x1234, wide_reference=True, header=PORTS)
    for sequence, part in enumerate(message, start=1):
        expected = [(0x08, bytes([0x12, 0x34, len(message), sequence])), (0x05, b"\x0b\x84\x23\xf0")]
        assert expected == reference.elements_of(part.user_data.to_bytes())
        assert Alphabet.DATA_8BIT is part.user_data.alphabet
    assert [len(part.user_data.payload) for part in message] == [127, 127, 46]


def test_segment_data_refuses_256_segments() -> None:
    """255 segments are the most a message may have, of data as of text."""
    assert len(segment_data(bytes(255 * 134))) == 255
    with pytest.raises(SegmentationError) as caught:
        segment_data(bytes(255 * 134 + 1))
    assert caught.value.segments == 256


def test_header_without_room_is_refused() -> None:
    """A header that leaves under two octets is SegmentationError; two octets are enough for a lone segment."""
    assert len(segment_data(b"ab", header=UserDataHeader((OpaqueElement(0xC0, bytes(135)),)))) == 1
    for octets in (136, 137, 138):
        header = UserDataHeader((OpaqueElement(0xC0, bytes(octets)),))
        for data in (b"", b"abc"):
            with pytest.raises(SegmentationError):
                segment_data(data, header=header)
    with pytest.raises(SegmentationError):
        segment_data(b"abc", header=UserDataHeader((OpaqueElement(0xC0, bytes(135)),)))


@pytest.mark.parametrize(
    "element",
    [
        Concatenation(reference=1, total=2, sequence=1),
        Concatenation(reference=1, total=2, sequence=1, wide=True),
        NationalLanguageSingleShift(NationalLanguage.SPANISH),
        NationalLanguageLockingShift(NationalLanguage.TURKISH),
    ],
)
def test_elements_of_segmentation_are_refused_in_the_header(
    element: Concatenation | NationalLanguageSingleShift | NationalLanguageLockingShift,
) -> None:
    """Concatenation and shift elements are written by smscodec alone."""
    for data in (b"", bytes(300)):
        with pytest.raises(FieldError) as caught:
            segment_data(data, header=UserDataHeader((element,)))
        assert caught.value.field == "header"
