"""USSD packing, where the octets alone must tell how many septets there are (decisions D13 to D15)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import septets
from smscodec.testing import strategies

CR = 0x0D
LONGEST = 182


@pytest.mark.parametrize(("text", "octets"), [(b"*100#", "aa180c3602"), (b"*#06#", "aa11cc3602"), (b"", "")])
def test_packing_of_well_known_codes(text: bytes, octets: str) -> None:
    """Codes that every network knows."""
    assert octets == septets.pack_ussd(text).hex()
    assert text == septets.unpack_ussd(bytes.fromhex(octets))


def ends_in_cr_on_an_octet_boundary(unpacked: bytes) -> bool:
    """The one case in which a carriage return more comes back."""
    return bool(unpacked) and len(unpacked) % 8 == 0 and unpacked[-1] == CR


def test_d13_sms_packing_knows_no_filler() -> None:
    """The carriage return as filler belongs to USSD alone: SMS packing leaves seven zero bits."""
    assert septets.pack(b"abcdefg") == septets.pack(b"abcdefg\x00")
    assert septets.pack_ussd(b"abcdefg") == septets.pack(b"abcdefg\r")


@pytest.mark.parametrize("last", [0x00, 0x0A, CR, 0x23, 0x61])
def test_d15_round_trip_at_every_length(last: int) -> None:
    """Texts of 0 to 182 characters come back, but for one CR more after 8n characters that end in CR."""
    for count in range(LONGEST + 1):
        unpacked = (b"a" * count)[:-1] + bytes([last]) if count else b""
        expected = unpacked + b"\r" if ends_in_cr_on_an_octet_boundary(unpacked) else unpacked
        assert expected == septets.unpack_ussd(septets.pack_ussd(unpacked))


def test_d15_seven_spare_bits_hold_a_carriage_return() -> None:
    """A text of 8n-1 characters is filled up with CR, so that its end is not read as ``@``."""
    for count in range(7, LONGEST, 8):
        octets = septets.pack_ussd(b"a" * count)
        assert (count + 1) * 7 // 8 == len(octets)
        assert septets.pack(b"a" * count + b"\r") == octets
        assert b"a" * count == septets.unpack_ussd(octets)


def test_d15_a_wanted_carriage_return_on_the_boundary_is_doubled() -> None:
    """A text of 8n characters that ends in CR gets another CR, and comes back with it (CR CR is the same as CR)."""
    for count in range(8, LONGEST, 8):
        unpacked = b"a" * (count - 1) + b"\r"
        octets = septets.pack_ussd(unpacked)
        assert septets.pack(unpacked + b"\r") == octets
        assert unpacked + b"\r" == septets.unpack_ussd(octets)


def test_d15_only_one_carriage_return_is_taken_for_filler() -> None:
    """Of several CR on the octet boundary the receiver removes the last only; elsewhere none."""
    assert septets.unpack_ussd(septets.pack(b"abcdef\r\r")) == b"abcdef\r"
    assert septets.unpack_ussd(septets.pack(b"abcde\r")) == b"abcde\r"


def test_d15_a_last_commercial_at_stays() -> None:
    """Eight characters of which the last is ``@`` come back as eight."""
    assert septets.unpack_ussd(septets.pack_ussd(b"abcdefg\x00")) == b"abcdefg\x00"


@given(strategies.septets())
@example(b"aaaaaaa\r")
@example(b"aaaaaa\r")
def test_d15_round_trip(unpacked: bytes) -> None:
    """The same for any septets."""
    expected = unpacked + b"\r" if ends_in_cr_on_an_octet_boundary(unpacked) else unpacked
    assert expected == septets.unpack_ussd(septets.pack_ussd(unpacked))


@given(st.binary(max_size=200))
def test_any_octets_are_some_text(octets: bytes) -> None:
    """Reading USSD octets never fails, and gives as many septets as fit but for the filler."""
    unpacked = septets.unpack_ussd(octets)
    everything = septets.unpack(octets, len(octets) * 8 // 7)
    filled = len(octets) % 7 == 0 and everything.endswith(b"\r")
    assert unpacked == (everything[:-1] if filled else everything)
