"""Time stamps: seven octets, a moment with a zone, and what stands there when it is none."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import Address, SmsDeliver
from tests.rows import each_row

HEAD = bytes.fromhex("040281210000")


def deliver(moment: datetime | None) -> SmsDeliver:
    """An SMS-DELIVER that came in at that moment."""
    return SmsDeliver(Address("12"), moment)


def stamped(stamp: bytes | bytearray) -> bytes:
    """The octets of such an SMS-DELIVER."""
    return HEAD + stamp + b"\x00"


def at(*fields: int, quarters: int = 0) -> datetime:
    """A moment in a zone of so many quarter hours."""
    numbers: Any = fields
    return datetime(*numbers).replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("99211321436500", at(2099, 12, 31, 12, 34, 56)),
        ("00101000000000", at(2000, 1, 1, 0, 0, 0)),
        ("20806291731480", at(2002, 8, 26, 19, 37, 41, quarters=8)),
        ("2080629173144a", at(2002, 8, 26, 19, 37, 41, quarters=-24)),
        ("20806291731497", at(2002, 8, 26, 19, 37, 41, quarters=79)),
        ("2080629173149f", at(2002, 8, 26, 19, 37, 41, quarters=-79)),
        ("20806291731432", at(2002, 8, 26, 19, 37, 41, quarters=23)),
        ("20806291731419", at(2002, 8, 26, 19, 37, 41, quarters=-11)),
    ],
)
def test_d29_a_stamp_reads_with_the_sign_of_its_zone(stamp: str, moment: datetime) -> None:
    """Swapped semi-octets, quarter hours, and bit 3 of the last octet for west of Greenwich."""
    octets = stamped(bytes.fromhex(stamp))
    read = SmsDeliver.from_bytes(octets, strict=True).timestamp
    assert moment == read
    assert read is not None
    assert moment.utcoffset() == read.utcoffset()
    assert octets == deliver(moment).to_bytes()


@each_row("octet", range(256))
def test_d29_every_zone_octet_reads(octet: int) -> None:
    """Bit 3 is the sign, bits 2–0 the tens, bits 7–4 the ones, above 9 taken for 0; the octet is kept."""
    octets = stamped(bytes.fromhex("208062917314") + bytes([octet]))
    tens, ones = octet & 7, octet >> 4
    quarters = 10 * tens + (ones if ones <= 9 else 0)
    tpdu = SmsDeliver.from_bytes(octets)
    assert tpdu.timestamp is not None
    assert timedelta(minutes=15 * (-quarters if octet & 8 else quarters)) == tpdu.timestamp.utcoffset()
    assert octets == tpdu.to_bytes()
    if ones > 9:
        with pytest.raises(DecodeError, match="scts at octet 12"):
            SmsDeliver.from_bytes(octets, strict=True)


@given(tpdus.timestamps())
def test_d29_every_moment_comes_back_with_its_zone(moment: datetime) -> None:
    """Years 2000 to 2099 and all quarter hours, strictly."""
    read = SmsDeliver.from_bytes(deliver(moment).to_bytes(), strict=True).timestamp
    assert moment == read
    assert read is not None
    assert moment.utcoffset() == read.utcoffset()


@given(st.binary(min_size=7, max_size=7))
@example(bytes(7))
@example(b"\xff" * 7)
@example(bytes.fromhex("20209200000000"))  # 29 February 2002
@example(bytes.fromhex("20104200000000"))
@example(bytes.fromhex("20101042000000"))
@example(bytes.fromhex("20101000000600"))
def test_d29_octets_of_no_date_are_kept(stamp: bytes) -> None:
    """Any seven octets are a moment or None, and come back; strict reading raises where a receiver makes do."""
    tpdu = SmsDeliver.from_bytes(stamped(stamp))
    assert stamped(stamp) == tpdu.to_bytes()
    digits = [nibble for octet in (*stamp[:6], stamp[6] & 0xF7) for nibble in (octet & 0xF, octet >> 4)]
    if tpdu.timestamp is None or max(digits) > 9:
        with pytest.raises(DecodeError) as caught:
            SmsDeliver.from_bytes(stamped(stamp), strict=True)
        assert caught.value.field == "scts"
        assert 6 <= caught.value.offset < 13
    else:
        assert tpdu == SmsDeliver.from_bytes(stamped(stamp), strict=True)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("octet", [0xA0, 0x0A, 0xFF])
def test_d29_a_semi_octet_above_9_counts_as_0(place: int, octet: int) -> None:
    """The other digit stays; where day or month become 0 there is no date. Strict reading says which octet it is."""
    stamp = bytearray.fromhex("11111111111100")
    stamp[place] = octet
    numbers = [11] * 6
    numbers[place] = 0
    expected = None if place in {1, 2} else at(2000 + numbers[0], *numbers[1:])
    assert expected == SmsDeliver.from_bytes(stamped(stamp)).timestamp
    with pytest.raises(DecodeError, match=f"scts at octet {6 + place}: .* above 9"):
        SmsDeliver.from_bytes(stamped(stamp), strict=True)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 1),
        at(1999, 12, 31),
        at(2100, 1, 1),
        at(2026, 1, 1, quarters=80),
        at(2026, 1, 1, quarters=-80),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(minutes=10))),
        "2026-01-01",
    ],
)
def test_impossible_moments_are_refused(moment: Any) -> None:
    """No zone, another century, a zone that is not in quarter hours: ``FieldError`` names the field."""
    with pytest.raises(FieldError) as caught:
        deliver(moment)
    assert caught.value.field == "timestamp"


def test_fractions_of_a_second_are_dropped() -> None:
    """They have no place on the wire, so a TPDU equals what is read from its octets."""
    moment = at(2026, 1, 1, 1, 2, 3, 999_999)
    assert moment.replace(microsecond=0) == deliver(moment).timestamp
    assert deliver(moment) == SmsDeliver.from_bytes(deliver(moment).to_bytes())


def test_no_date_is_written_as_zeros() -> None:
    """None has octets that read as None."""
    assert stamped(bytes(7)) == deliver(None).to_bytes()
    assert deliver(None) == SmsDeliver.from_bytes(stamped(bytes(7)))
