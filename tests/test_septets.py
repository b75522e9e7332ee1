"""Septets packed into octets and back, against arithmetic on one long number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import septets
from smscodec.errors import DecodeError, FieldError
from smscodec.testing import strategies

FILL_BITS = range(7)
LONGEST = 182
"""Septets in the 159 octets of the longest TP-UD, and one more."""

fill_bits_values = st.integers(0, 6)


def as_number(unpacked: bytes, fill_bits: int) -> int:
    """The septets as one number, the first in the lowest bits above the fill bits."""
    return sum(septet << (7 * index) for index, septet in enumerate(unpacked)) << fill_bits


def naive_pack(unpacked: bytes, fill_bits: int = 0) -> bytes:
    """Octets are the digits of that number, the lowest first."""
    octets = (7 * len(unpacked) + fill_bits + 7) // 8 if unpacked or fill_bits else 0
    return as_number(unpacked, fill_bits).to_bytes(octets, "little")


def sample(count: int) -> bytes:
    """Septets without a pattern that a shift by one place would repeat; the last is not zero."""
    return bytes((index * 37 + index // 128 + 1) % 128 or 0x7F for index in range(count))


@pytest.mark.parametrize(
    ("unpacked", "octets"),
    [
        (b"", ""),
        (b"a", "61"),
        (b"hello", "e8329bfd06"),
        (b"hellohello", "e8329bfd4697d9ec37"),
        (b"\x7f" * 8, "ffffffffffffff"),
        (b"\x00" * 8, "00000000000000"),
        (b"\x1b\x65", "9b32"),
    ],
)
def test_packing_of_well_known_texts(unpacked: bytes, octets: str) -> None:
    """Packed text that anyone can check against any other implementation or by hand."""
    assert octets == septets.pack(unpacked).hex()


@pytest.mark.parametrize("fill_bits", FILL_BITS)
def test_pack_and_unpack_at_every_length(fill_bits: int) -> None:
    """For every fill and every length up to the longest TP-UD, packing is the arithmetic and unpacking undoes it."""
    for count in range(LONGEST + 1):
        unpacked = sample(count)
        octets = septets.pack(unpacked, fill_bits=fill_bits)
        if count:
            assert naive_pack(unpacked, fill_bits) == octets
            assert len(octets) == septets.octet_length(count, fill_bits=fill_bits)
        assert unpacked == septets.unpack(octets, count, fill_bits=fill_bits)


@given(strategies.septets(), fill_bits_values)
def test_unpack_undoes_pack(unpacked: bytes, fill_bits: int) -> None:
    """Whatever the septets and the fill, unpacking as many gives them back."""
    octets = septets.pack(unpacked, fill_bits=fill_bits)
    assert unpacked == septets.unpack(octets, len(unpacked), fill_bits=fill_bits)


@given(st.integers(0, 2_000), fill_bits_values)
def test_octet_length_is_what_pack_needs(count: int, fill_bits: int) -> None:
    """The length is known without packing."""
    assert len(septets.pack(bytes(count), fill_bits=fill_bits)) == septets.octet_length(count, fill_bits=fill_bits)


def test_octet_length_rounds_up() -> None:
    """Seven bits a septet and the fill bits, rounded up to whole octets."""
    assert [septets.octet_length(count) for count in range(10)] == [0, 1, 2, 3, 4, 5, 6, 7, 7, 8]
    assert [septets.octet_length(8, fill_bits=fill_bits) for fill_bits in FILL_BITS] == [7, 8, 8, 8, 8, 8, 8]
    assert septets.octet_length(160) == 140
    assert septets.octet_length(153, fill_bits=1) == 134


def test_fill_bits_reach_the_next_septet() -> None:
    """Behind any header the fill bits end on a multiple of seven bits, and fewer would not do."""
    for header_octets in range(257):
        fill_bits = septets.fill_bits_after(header_octets)
        assert fill_bits in FILL_BITS
        assert (8 * header_octets + fill_bits) % 7 == 0


@pytest.mark.parametrize(
    ("header_octets", "fill_bits"),
    [(0, 0), (4, 3), (6, 1), (7, 0), (9, 5), (10, 4), (12, 2), (13, 1), (15, 6), (18, 3)],
)
def test_fill_bits_of_the_usual_headers(header_octets: int, fill_bits: int) -> None:
    """The column of the capacity table."""
    assert fill_bits == septets.fill_bits_after(header_octets)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_all_kinds_of_octets_are_taken(kind: type[bytes | bytearray | memoryview]) -> None:
    """Bytes, bytearray and memoryview are read alike, and bytes come back."""
    assert septets.pack(kind(b"hello")) == bytes.fromhex("e8329bfd06")
    unpacked = septets.unpack(kind(bytes.fromhex("e8329bfd06")), 5)
    assert (bytes, b"hello") == (type(unpacked), unpacked)


def test_a_view_with_gaps_is_read_as_its_elements() -> None:
    """A memoryview that skips octets stands for the octets that it shows."""
    assert septets.pack(memoryview(b"h-e-l-l-o-")[::2]) == bytes.fromhex("e8329bfd06")
    assert septets.unpack(memoryview(bytes.fromhex("e8ff32ff9bfffdff06ff"))[::2], 5) == b"hello"


def test_d14_unused_bits_are_zero_when_sent() -> None:
    """The bits that no septet uses are zero: before the first septet (fill) and behind the last."""
    for fill_bits in FILL_BITS:
        for count in range(1, 17):
            octets = septets.pack(b"\x7f" * count, fill_bits=fill_bits)
            assert as_number(b"\x7f" * count, fill_bits) == int.from_bytes(octets, "little")


@given(strategies.septets(), fill_bits_values, st.integers(0, 127), st.integers(0, 127))
def test_d14_unused_bits_are_ignored_when_read(unpacked: bytes, fill_bits: int, before: int, behind: int) -> None:
    """Whatever stands in the fill bits and behind the last septet, the septets are the same."""
    octets = bytearray(septets.pack(unpacked, fill_bits=fill_bits))
    if octets:
        octets[0] |= before & ((1 << fill_bits) - 1)
        used = (7 * len(unpacked) + fill_bits) % 8
        octets[-1] |= behind << used & 0xFF if used else 0
    assert unpacked == septets.unpack(octets, len(unpacked), fill_bits=fill_bits)


@given(strategies.septets(), fill_bits_values, st.binary(max_size=5))
def test_octets_behind_the_last_septet_are_ignored(unpacked: bytes, fill_bits: int, rest: bytes) -> None:
    """Unpacking stops at the septet count."""
    octets = septets.pack(unpacked, fill_bits=fill_bits) + rest
    assert unpacked == septets.unpack(octets, len(unpacked), fill_bits=fill_bits)


def test_d13_seven_spare_bits_are_read_by_the_septet_count() -> None:
    """Seven octets are seven septets or eight, the last ``@``, as the count says: no septet is lost or invented."""
    octets = septets.pack(b"abcdefg")
    assert len(octets) == 7
    assert septets.unpack(octets, 7) == b"abcdefg"
    assert septets.unpack(octets, 8) == b"abcdefg\x00"
    assert octets == septets.pack(b"abcdefg\x00")


@pytest.mark.parametrize("fill_bits", [-1, 7, 8])
def test_impossible_fill_bits_are_refused(fill_bits: int) -> None:
    """There are 0 to 6 fill bits; anything else is the caller's error."""
    for call in (
        lambda: septets.pack(b"a", fill_bits=fill_bits),
        lambda: septets.unpack(b"aa", 1, fill_bits=fill_bits),
        lambda: septets.octet_length(1, fill_bits=fill_bits),
    ):
        with pytest.raises(FieldError) as caught:
            call()
        assert caught.value.field == "fill_bits"


def test_a_negative_count_is_refused() -> None:
    """A count below zero is the caller's error."""
    for call in (lambda: septets.unpack(b"a", -1), lambda: septets.octet_length(-1)):
        with pytest.raises(FieldError) as caught:
            call()
        assert caught.value.field == "septet_count"


@pytest.mark.parametrize(("unpacked", "position"), [(b"\x80", 0), (b"abc\xffd", 3), (b"a" * 200 + b"\x80", 200)])
def test_an_octet_above_0x7f_is_no_septet(unpacked: bytes, position: int) -> None:
    """Packing refuses what does not fit seven bits and names its position."""
    with pytest.raises(FieldError) as caught:
        septets.pack(unpacked)
    assert caught.value.field == "septets"
    assert str(position) in str(caught.value)


@given(st.binary(max_size=20), st.integers(0, 40), fill_bits_values)
def test_unpack_gives_septets_or_says_that_octets_are_missing(octets: bytes, count: int, fill_bits: int) -> None:
    """With enough octets every result is ``count`` septets; with too few it is a DecodeError at their end."""
    if count == 0 or len(octets) * 8 >= 7 * count + fill_bits:
        unpacked = septets.unpack(octets, count, fill_bits=fill_bits)
        expected = int.from_bytes(octets, "little") >> fill_bits & ((1 << 7 * count) - 1)
        assert (count, expected) == (len(unpacked), as_number(unpacked, 0))
    else:
        with pytest.raises(DecodeError) as caught:
            septets.unpack(octets, count, fill_bits=fill_bits)
        assert ("septets", len(octets)) == (caught.value.field, caught.value.offset)


PAGE = 82
"""Octets of the contents of a cell broadcast page."""


@given(strategies.septets())
def test_cbs_packing_fills_93_septets_with_cr(unpacked: bytes) -> None:
    """A page is 82 octets whose first 93 septets are the text and CRs, and whose last five bits are zero."""
    unpacked = unpacked[:93]
    octets = septets.pack_cbs(unpacked)
    assert len(octets) == PAGE
    assert as_number(unpacked + b"\r" * (93 - len(unpacked)), 0) == int.from_bytes(octets, "little")
    assert unpacked.rstrip(b"\r") == septets.unpack_cbs(octets)


def test_cbs_packing_at_every_length() -> None:
    """Every length that a page holds comes back, and one septet more is refused."""
    for count in range(94):
        assert sample(count).rstrip(b"\r") == septets.unpack_cbs(septets.pack_cbs(sample(count)))
    with pytest.raises(FieldError, match="93") as caught:
        septets.pack_cbs(bytes(94))
    assert caught.value.field == "septets"


@given(st.binary(max_size=100))
def test_cbs_unpacking_reads_what_is_there(octets: bytes) -> None:
    """Fewer octets than a page give the septets that they hold, octets past a page none, and spare bits none."""
    found = septets.unpack_cbs(octets)
    count = min(8 * len(octets) // 7, 93)
    assert septets.unpack(octets, count).rstrip(b"\r") == found


def test_cbs_packing_refuses_octets_that_are_not_septets() -> None:
    """A value above 0x7F is named by its position."""
    with pytest.raises(FieldError, match="septet 1 is 0x80"):
        septets.pack_cbs(b"a\x80")
