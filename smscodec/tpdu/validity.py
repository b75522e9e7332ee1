"""Validity periods: relative, absolute and enhanced.

Knows how long a service centre is asked to try, and nothing of the TPDU that asks. Which of the three formats is on the
wire, TP-VPF says; here the class does.

Reference: 3GPP TS 23.040, 9.2.3.3 and 9.2.3.12
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Self

from smscodec._checks import check_whole
from smscodec._values import TypedValue, plain
from smscodec.errors import FieldError
from smscodec.tpdu import timestamp
from smscodec.tpdu._reader import Fault, Reader
from smscodec.tpdu._received import check_octet

__all__ = ["AbsoluteValidity", "EnhancedValidity", "RelativeValidity", "Validity"]


def _duration(value: int) -> timedelta:
    if value <= 143:
        return (value + 1) * timedelta(minutes=5)
    if value <= 167:
        return timedelta(hours=12) + (value - 143) * timedelta(minutes=30)
    return timedelta(days=value - 166) if value <= 196 else timedelta(weeks=value - 192)


_DURATIONS: Final = tuple(map(_duration, range(256)))


@dataclass(frozen=True, slots=True, repr=False)
class RelativeValidity(TypedValue):
    """A period from 5 minutes to 63 weeks after the service centre has received the message (decision D28).

    ``value`` is the octet; raises ``FieldError`` outside 0–255.

    >>> RelativeValidity.at_least(timedelta(hours=1)).value
    11

    Reference: 3GPP TS 23.040, 9.2.3.12.1
    """

    value: int
    format: ClassVar[int] = 2

    def __post_init__(self) -> None:
        check_octet("value", self.value)

    @property
    def duration(self) -> timedelta:
        """How long the message is valid."""
        return _DURATIONS[self.value]

    @classmethod
    def at_least(cls, duration: timedelta) -> Self:
        """The shortest period that is not shorter than ``duration``.

        Raises ``FieldError`` for a negative duration and one above 63 weeks.
        """
        if not isinstance(duration, timedelta):
            raise FieldError("duration", f"expected a timedelta, got {duration!r}")
        if not timedelta(0) <= duration <= _DURATIONS[-1]:
            raise FieldError("duration", f"{duration} is outside 0 to 63 weeks")
        return cls(bisect_left(_DURATIONS, duration))

    def as_dict(self) -> dict[str, Any]:
        """``type``, ``value`` and ``duration`` in plain types."""
        return {**TypedValue.as_dict(self), "duration": plain(self.duration)}

    def to_bytes(self) -> bytes:
        """TP-VP, one octet."""
        return bytes([self.value])


@dataclass(frozen=True, slots=True, repr=False)
class AbsoluteValidity(TypedValue):
    """The ``moment`` at which the message ends; None was read from octets that name no date (decision D29).

    Raises ``FieldError`` for a moment that a time stamp cannot hold; a fraction of a second is dropped.

    >>> from datetime import UTC
    >>> AbsoluteValidity(datetime(2026, 11, 30, 12, tzinfo=UTC)).to_bytes().hex()
    '62110321000000'

    Reference: 3GPP TS 23.040, 9.2.3.12.2
    """

    moment: datetime | None
    format: ClassVar[int] = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "moment", timestamp.checked(self.moment, "moment"))

    def to_bytes(self) -> bytes:
        """TP-VP, seven octets."""
        return timestamp.encoded(self.moment)


_SINGLE_SHOT: Final = 0x40
_EXTENSION: Final = 0x80
_RELATIVE, _SECONDS, _CLOCK = 1, 2, 3


@dataclass(frozen=True, slots=True, repr=False)
class EnhancedValidity(TypedValue):
    """A period of finer grain, and whether the service centre is to try only once: all seven ``octets`` of TP-VP.

    ``relative``, ``seconds``, ``clock`` and ``unlimited`` make them. Raises ``FieldError`` unless there are seven.

    >>> EnhancedValidity.seconds(90, single_shot=True).duration
    datetime.timedelta(seconds=90)

    Reference: 3GPP TS 23.040, 9.2.3.12.3
    """

    octets: bytes
    format: ClassVar[int] = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "octets", memoryview(self.octets).tobytes())
        if len(self.octets) != timestamp.OCTETS:
            raise FieldError("octets", f"expected {timestamp.OCTETS} octets, got {len(self.octets)}")

    @classmethod
    def unlimited(cls, *, single_shot: bool = False) -> Self:
        """No period: the service centre's own."""
        return cls(_indicator(0, single_shot) + bytes(6))

    @classmethod
    def relative(cls, period: RelativeValidity, *, single_shot: bool = False) -> Self:
        """The period of a ``RelativeValidity``; raises ``FieldError`` for anything else."""
        if not isinstance(period, RelativeValidity):
            raise FieldError("period", f"expected a RelativeValidity, got {period!r}")
        return cls(_indicator(_RELATIVE, single_shot) + period.to_bytes() + bytes(5))

    @classmethod
    def seconds(cls, number: int, *, single_shot: bool = False) -> Self:
        """A period of 1 to 255 seconds; raises ``FieldError`` for another."""
        check_whole("number", number, 1, 255)
        return cls(_indicator(_SECONDS, single_shot) + bytes([number]) + bytes(5))

    @classmethod
    def clock(cls, duration: timedelta, *, single_shot: bool = False) -> Self:
        """A period in hours, minutes and whole seconds, below 100 hours; raises ``FieldError`` for another."""
        if not isinstance(duration, timedelta):
            raise FieldError("duration", f"expected a timedelta, got {duration!r}")
        if not timedelta(0) <= duration < timedelta(hours=100) or duration.microseconds:
            raise FieldError("duration", f"{duration} is not a whole number of seconds below 100 hours")
        minutes, second = divmod(duration // timedelta(seconds=1), 60)
        numbers = map(timestamp.swapped, (minutes // 60, minutes % 60, second))
        return cls(_indicator(_CLOCK, single_shot) + bytes(numbers) + bytes(3))

    @property
    def single_shot(self) -> bool:
        """Whether the service centre is to try only once."""
        return bool(self.octets[0] & _SINGLE_SHOT)

    @property
    def extension(self) -> bytes:
        """The further indicator octets, which have no meaning yet; they stand before the period."""
        end = next((place for place, octet in enumerate(self.octets) if not octet & _EXTENSION), len(self.octets) - 1)
        return self.octets[1 : end + 1]

    @property
    def functionality(self) -> int:
        """Bits 2–0 of the indicator: 0 no period, 1 relative, 2 seconds, 3 hours, minutes, seconds, 4–7 reserved."""
        return self.octets[0] & 0b111

    @property
    def period(self) -> bytes:
        """The octets of the period; empty without a period, or if the extension leaves no room for it."""
        start = 1 + len(self.extension)
        period = self.octets[start : start + self._period_octets]
        return period if len(period) == self._period_octets else b""

    @property
    def _period_octets(self) -> int:
        return {_RELATIVE: 1, _SECONDS: 1, _CLOCK: 3}.get(self.functionality, 0)

    @property
    def duration(self) -> timedelta | None:
        """How long the message is valid; None without a period and for reserved values."""
        period = self.period
        if self.functionality == _CLOCK and period:
            hours, minutes, seconds = map(timestamp.digits, period)
            return timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if self.functionality == _SECONDS and period:
            return timedelta(seconds=period[0]) or None
        return RelativeValidity(period[0]).duration if period else None

    @property
    def faults(self) -> list[Fault]:
        """What breaks the rules in the octets, in a form that only reading needs."""
        start = 1 + len(self.extension)
        found = []
        if self.functionality > _CLOCK:
            found.append(Fault(0, f"functionality {self.functionality} is reserved"))
        elif len(self.period) != self._period_octets:
            found.append(Fault(start, "the extension leaves no room for the period"))
        elif self.functionality == _SECONDS and self.period == b"\0":
            found.append(Fault(start, "0 seconds is reserved"))
        elif self.functionality == _CLOCK:
            for place, octet in enumerate(self.period):
                if octet & 0xF > 9 or octet >> 4 > 9:
                    found.append(Fault(start + place, "a semi-octet is above 9"))
                elif place and timestamp.digits(octet) > 59:
                    found.append(Fault(start + place, f"{timestamp.digits(octet)} is above 59"))
        return found

    def as_dict(self) -> dict[str, Any]:
        """``type``, ``octets``, ``single_shot`` and ``duration`` in plain types."""
        return {**TypedValue.as_dict(self), "single_shot": self.single_shot, "duration": plain(self.duration)}

    def to_bytes(self) -> bytes:
        """TP-VP, seven octets."""
        return self.octets


def _indicator(functionality: int, single_shot: bool) -> bytes:
    return bytes([functionality | (_SINGLE_SHOT if single_shot else 0)])


Validity = RelativeValidity | AbsoluteValidity | EnhancedValidity


def read_validity(reader: Reader, validity_format: int) -> Validity | None:
    """Take TP-VP of the format that TP-VPF names; None where it names none."""
    start = reader.offset
    if validity_format == RelativeValidity.format:
        return RelativeValidity(reader.octet("vp"))
    if validity_format == AbsoluteValidity.format:
        return AbsoluteValidity(timestamp.read_timestamp(reader, "vp"))
    if validity_format == EnhancedValidity.format:
        validity = EnhancedValidity(reader.take(timestamp.OCTETS, "vp"))
        reader.refuse("vp", start, validity.faults)
        return validity
    return None
