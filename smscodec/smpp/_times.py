"""SMPP's times, for validity_period and schedule_delivery_time: ``YYMMDDhhmmsstnnp``.

The last character is the sign of the offset from UTC, or R for a time that is relative to the service centre's now.

Reference: SMPP 3.4, 7.1.1
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from smscodec._checks import Octets
from smscodec.errors import DecodeError, FieldError

__all__ = ["parse_time", "time"]

_TIME: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9])([0-9]{2})([-+R])")
_QUARTER: Final = timedelta(minutes=15)
_MOST_QUARTERS: Final = 48
_YEAR: Final = timedelta(days=365)
_MONTH: Final = timedelta(days=30)
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 100 * _YEAR


def time(value: datetime | timedelta) -> str:
    """A time as SMPP writes it: absolute for a datetime with a zone, relative for a timedelta.

    Tenths of a second are kept, and what is finer is dropped. An offset that SMPP cannot say, of more than 12 hours or
    not in quarters of an hour, becomes UTC. A year of a relative time is written for 365 days and a month for 30;
    service centres may read them by their calendar, so prefer an absolute time for more than a month. Raises
    ``FieldError("time")`` for a datetime without a zone or outside 2000–2099 and for a timedelta that is negative or of
    100 years and more.

    >>> time(datetime(2026, 5, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))))
    '260501123000008+'
    >>> time(timedelta(hours=36))
    '000001120000000R'

    Reference: SMPP 3.4, 7.1.1
    """
    if isinstance(value, timedelta):
        return _relative(value)
    if not isinstance(value, datetime):
        raise FieldError("time", f"expected a datetime or a timedelta, got {value!r}")
    offset = value.utcoffset()
    if offset is None:
        raise FieldError("time", "expected a datetime with a zone, got one without")
    _check_year(value)
    if offset % _QUARTER or abs(offset) > _MOST_QUARTERS * _QUARTER:
        value, offset = value.replace(tzinfo=UTC) - offset, timedelta()
        _check_year(value)
    sign = "-" if offset < timedelta() else "+"
    tenths = value.microsecond // 100_000
    return f"{value:%y%m%d%H%M%S}{tenths}{abs(offset) // _QUARTER:02}{sign}"


def _check_year(value: datetime) -> None:
    if not 2000 <= value.year <= 2099:
        raise FieldError("time", f"expected a year of 2000–2099, got {value.year}")


def _relative(value: timedelta) -> str:
    if not timedelta() <= value < _LONGEST:
        raise FieldError("time", f"expected a timedelta of 0 to 100 years, got {value!r}")
    years, rest = divmod(value, _YEAR)
    months, rest = divmod(rest, _MONTH)
    days, rest = divmod(rest, _DAY)
    hours, seconds = divmod(rest.seconds, 3600)
    tenths = rest.microseconds // 100_000
    return f"{years:02}{months:02}{days:02}{hours:02}{seconds // 60:02}{seconds % 60:02}{tenths}00R"


def parse_time(text: Octets | str) -> datetime | timedelta | None:
    """The time that a validity_period or schedule_delivery_time says; None for an empty one, the centre's default.

    An absolute time has a zone and lies in 2000–2099; of a relative time a year is 365 days and a month 30, as
    ``time`` writes them. Raises ``DecodeError("time")`` for anything else.

    >>> parse_time("260501123000008+").isoformat()
    '2026-05-01T12:30:00+02:00'
    >>> parse_time("000001120000000R")
    datetime.timedelta(days=1, seconds=43200)

    Reference: SMPP 3.4, 7.1.1
    """
    if not isinstance(text, str):
        text = memoryview(text).tobytes().decode("latin-1")
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise DecodeError("time", 0, f"expected YYMMDDhhmmsstnnp, got {text!r}")
    year, month, day, hour, minute, second, tenths, quarters = (int(digits) for digits in found.groups()[:-1])
    sign = found[9]
    if sign == "R":
        clock = timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=100 * tenths)
        return year * _YEAR + month * _MONTH + day * _DAY + clock
    if quarters > _MOST_QUARTERS:
        raise DecodeError("time", 13, f"expected an offset of 00–{_MOST_QUARTERS} quarters of an hour, got {quarters}")
    zone = timezone(-quarters * _QUARTER if sign == "-" else quarters * _QUARTER)
    try:
        return datetime(2000 + year, month, day, hour, minute, second, 100_000 * tenths, zone)
    except ValueError as error:
        raise DecodeError("time", 0, f"{text!r}: {error}") from None
