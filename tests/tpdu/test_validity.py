"""Validity periods in their three formats."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import AbsoluteValidity, Address, EnhancedValidity, RelativeValidity, SmsSubmit, Validity
from tests.rows import each_row

DURATIONS = {
    0: timedelta(minutes=5),
    1: timedelta(minutes=10),
    143: timedelta(hours=12),
    144: timedelta(hours=12, minutes=30),
    167: timedelta(hours=24),
    168: timedelta(days=2),
    196: timedelta(days=30),
    197: timedelta(weeks=5),
    255: timedelta(weeks=63),
}
MOST = timedelta(weeks=63)


def submit(validity: Validity | None) -> SmsSubmit:
    """An SMS-SUBMIT of this validity."""
    return SmsSubmit(Address("12"), validity=validity)


def by_hand(value: int) -> timedelta:
    """The period of an octet, counted step by step as 9.2.3.12.1 lists them."""
    period = timedelta(0)
    for step in range(value + 1):
        if step <= 143:
            period += timedelta(minutes=5)
        elif step <= 167:
            period += timedelta(minutes=30)
        elif step <= 196:
            period = timedelta(days=step - 166)
        else:
            period = timedelta(weeks=step - 192)
    return period


@each_row("value", range(256))
def test_d28_all_relative_values(value: int) -> None:
    """Each octet has its period, comes back from the wire, and is the least that is long enough for its period."""
    relative = RelativeValidity(value)
    assert DURATIONS.get(value, by_hand(value)) == relative.duration == by_hand(value)
    assert relative == SmsSubmit.from_bytes(submit(relative).to_bytes(), strict=True).validity
    assert relative == RelativeValidity.at_least(relative.duration)
    if value < 255:
        assert RelativeValidity(value + 1) == RelativeValidity.at_least(relative.duration + timedelta(microseconds=1))


@given(st.timedeltas(timedelta(0), MOST))
def test_d28_at_least_rounds_up(duration: timedelta) -> None:
    """The period is not shorter than what was asked for, and the one below it would be."""
    found = RelativeValidity.at_least(duration)
    assert found.duration >= duration
    assert found.value == 0 or RelativeValidity(found.value - 1).duration < duration


def test_d28_ends_of_the_range() -> None:
    """Under five minutes is 0; above 63 weeks and below nothing is refused."""
    assert RelativeValidity(0) == RelativeValidity.at_least(timedelta(0))
    assert RelativeValidity(0) == RelativeValidity.at_least(timedelta(seconds=1))
    assert RelativeValidity(255) == RelativeValidity.at_least(MOST)
    for duration in (MOST + timedelta(microseconds=1), timedelta(microseconds=-1)):
        with pytest.raises(FieldError) as caught:
            RelativeValidity.at_least(duration)
        assert caught.value.field == "duration"


@given(tpdus.validities())
def test_reading_undoes_writing(validity: Validity) -> None:
    """Every validity comes back in its format, which bits 4–3 of the first octet name."""
    octets = submit(validity).to_bytes()
    assert {RelativeValidity: 2, AbsoluteValidity: 3, EnhancedValidity: 1}[type(validity)] == octets[0] >> 3 & 0b11
    assert validity == SmsSubmit.from_bytes(octets).validity
    assert len(octets) - len(submit(None).to_bytes()) == (1 if isinstance(validity, RelativeValidity) else 7)


@pytest.mark.parametrize(
    ("validity", "octets", "duration"),
    [
        (EnhancedValidity.unlimited(), "00000000000000", None),
        (EnhancedValidity.unlimited(single_shot=True), "40000000000000", None),
        (EnhancedValidity.relative(RelativeValidity(143)), "018f0000000000", timedelta(hours=12)),
        (EnhancedValidity.seconds(255, single_shot=True), "42ff0000000000", timedelta(seconds=255)),
        (EnhancedValidity.clock(timedelta(hours=12, minutes=34, seconds=56)), "03214365000000", None),
        (EnhancedValidity.clock(timedelta(0)), "03000000000000", timedelta(0)),
        (EnhancedValidity(bytes.fromhex("82000f00000000")), "82000f00000000", timedelta(seconds=15)),
        (EnhancedValidity(bytes.fromhex("8180000f000000")), "8180000f000000", RelativeValidity(15).duration),
        (EnhancedValidity(bytes.fromhex("83808080800000")), "83808080800000", None),
    ],
    ids=repr,
)
def test_enhanced_periods(validity: EnhancedValidity, octets: str, duration: timedelta | None) -> None:
    """Indicator, extension octets, period and zeros stand where 9.2.3.12.3 puts them."""
    assert octets == validity.to_bytes().hex()
    if octets.startswith("0321"):
        duration = timedelta(hours=12, minutes=34, seconds=56)
    assert duration == validity.duration
    assert bool(validity.octets[0] & 0x40) == validity.single_shot


@pytest.mark.parametrize("functionality", range(8))
def test_every_functionality_has_a_reading(functionality: int) -> None:
    """1 to 3 are periods; 0 and the reserved ones are none, and strict reading refuses the reserved ones."""
    octets = submit(EnhancedValidity(bytes([functionality, 1, 0, 0, 0, 0, 0]))).to_bytes()
    read = SmsSubmit.from_bytes(octets).validity
    assert isinstance(read, EnhancedValidity)
    assert (functionality in {1, 2, 3}) == (read.duration is not None)
    if functionality > 3:
        with pytest.raises(DecodeError, match="vp at octet 7"):
            SmsSubmit.from_bytes(octets, strict=True)
    else:
        assert read == SmsSubmit.from_bytes(octets, strict=True).validity


@pytest.mark.parametrize(
    ("octets", "offset"),
    [
        ("02000000000000", 1),
        ("030a0000000000", 1),
        ("030000a0000000", 3),
        ("03000600000000", 2),
        ("03000006000000", 3),
        ("83808080808080", 7),
        ("81808080808001", 7),
    ],
)
def test_strict_reading_refuses_impossible_periods(octets: str, offset: int) -> None:
    """Zero seconds, semi-octets that are not digits, minutes and seconds above 59, an extension that leaves no room."""
    data = submit(EnhancedValidity(bytes.fromhex(octets))).to_bytes()
    assert data == SmsSubmit.from_bytes(data).to_bytes()
    with pytest.raises(DecodeError) as caught:
        SmsSubmit.from_bytes(data, strict=True)
    assert caught.value.field == "vp"
    assert 7 + offset == caught.value.offset


@pytest.mark.parametrize("octets", ["03990000000000", "03009500000000", "03000095000000"])
def test_99_hours_and_59_minutes_and_seconds_are_the_most(octets: str) -> None:
    """Hours have both digits, as they count days too; minutes and seconds are those of a clock."""
    data = submit(EnhancedValidity(bytes.fromhex(octets))).to_bytes()
    assert data == SmsSubmit.from_bytes(data, strict=True).to_bytes()


def test_d29_an_absolute_validity_of_no_date_is_kept() -> None:
    """It reads as None and goes back as it came; strict reading refuses it."""
    data = bytes.fromhex("1900028121000020209200000000") + b"\x00"
    tpdu = SmsSubmit.from_bytes(data)
    assert AbsoluteValidity(None) == tpdu.validity
    assert data == tpdu.to_bytes()
    with pytest.raises(DecodeError, match="vp at octet 7"):
        SmsSubmit.from_bytes(data, strict=True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: RelativeValidity(256),
        lambda: RelativeValidity(-1),
        lambda: RelativeValidity(True),
        lambda: RelativeValidity(1.0),  # type: ignore[arg-type]  # that is the point, here and below
        lambda: RelativeValidity.at_least(300),  # type: ignore[arg-type]
        lambda: AbsoluteValidity("2026"),  # type: ignore[arg-type]
        lambda: AbsoluteValidity(datetime(2026, 1, 1)),
        lambda: EnhancedValidity.relative(5),  # type: ignore[arg-type]
        lambda: EnhancedValidity.seconds(1.5),  # type: ignore[arg-type]
        lambda: EnhancedValidity.clock(60),  # type: ignore[arg-type]
        lambda: EnhancedValidity(b"\x00"),
        lambda: EnhancedValidity.seconds(0),
        lambda: EnhancedValidity.seconds(256),
        lambda: EnhancedValidity.clock(timedelta(hours=100)),
        lambda: EnhancedValidity.clock(timedelta(seconds=-1)),
        lambda: EnhancedValidity.clock(timedelta(microseconds=1)),
        lambda: submit(7),  # type: ignore[arg-type]  # that is the point
    ],
)
def test_impossible_periods_are_refused(make: Any) -> None:
    """``FieldError``, wherever a period would not fit its octets."""
    with pytest.raises(FieldError):
        make()
