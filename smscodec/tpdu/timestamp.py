"""Time stamps of seven octets: an aware ``datetime`` whose zone counts in quarter hours.

Knows the calendar and never asks a clock. A service centre stamp, a discharge time and an absolute validity period
share the format.

Reference: 3GPP TS 23.040, 9.2.3.11 (decision D29)
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

from smscodec.errors import FieldError
from smscodec.tpdu._reader import Fault, Reader

__all__ = ["OCTETS", "checked", "decoded", "digits", "encoded", "read_timestamp", "swapped"]

OCTETS: Final = 7
_QUARTER: Final = timedelta(minutes=15)
_MOST_QUARTERS: Final = 79
_WEST: Final = 0b1000
"""The sign: bit 3 of the last octet, set for zones behind Greenwich."""


def checked(moment: datetime | None, field: str) -> datetime | None:
    """The moment without its fraction of a second, which has no place on the wire; None stays None.

    Raises ``FieldError`` for a moment without a zone, a year outside 2000–2099, and a zone that is not a whole
    number of at most 79 quarter hours.
    """
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        raise FieldError(field, f"expected a datetime, got {moment!r}")
    offset = moment.utcoffset()
    if offset is None:
        raise FieldError(field, "the datetime has no time zone: give it a tzinfo")
    if not 2000 <= moment.year <= 2099:
        raise FieldError(field, f"year {moment.year} is outside 2000–2099")
    if offset % _QUARTER or abs(offset) > _MOST_QUARTERS * _QUARTER:
        raise FieldError(field, f"the zone must be at most {_MOST_QUARTERS} whole quarter hours, got {offset}")
    return moment.replace(microsecond=0)


def encoded(moment: datetime | None) -> bytes:
    """The seven octets of a checked moment; seven zeros for None."""
    if moment is None:
        return bytes(OCTETS)
    quarters = (moment.utcoffset() or timedelta(0)) // _QUARTER
    numbers = (moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second, abs(quarters))
    octets = bytearray(map(swapped, numbers))
    octets[-1] |= _WEST if quarters < 0 else 0
    return bytes(octets)


def decoded(octets: bytes) -> tuple[datetime | None, list[Fault]]:
    """The moment of seven octets, or None where they name no date, and what breaks the rules in them.

    A semi-octet above 9 counts as 0.
    """
    faults = []
    numbers = []
    for place, octet in enumerate(octets):
        plain = octet & ~_WEST if place == OCTETS - 1 else octet
        if plain & 0xF > 9 or plain >> 4 > 9:
            faults.append(Fault(place, f"0x{octet:02X} has a semi-octet above 9"))
        numbers.append(digits(plain))
    year, month, day, hour, minute, second, quarters = numbers
    zone = timezone((-quarters if octets[-1] & _WEST else quarters) * _QUARTER)
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone), faults
    except ValueError as error:
        return None, [*faults, Fault(0, f"not a date: {error}")]


def read_timestamp(reader: Reader, field: str) -> datetime | None:
    """Take a time stamp; ``field`` is what errors call it."""
    start = reader.offset
    moment, faults = decoded(reader.take(OCTETS, field))
    reader.refuse(field, start, faults)
    return moment


def swapped(number: int) -> int:
    """A number below 100 as two semi-octets, the tens in bits 3–0."""
    return number // 10 | number % 10 << 4


def digits(octet: int) -> int:
    """The number of two semi-octets; one above 9 counts as 0."""
    tens, ones = octet & 0xF, octet >> 4
    return (tens if tens <= 9 else 0) * 10 + (ones if ones <= 9 else 0)
