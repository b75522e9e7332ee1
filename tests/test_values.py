"""Values in plain types: what ``as_dict()`` gives, and ``--json`` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec._values import TypedValue, Value, plain


class Colour(Enum):
    """An enumeration whose values say nothing."""

    RED = object()


class Number(IntEnum):
    """An enumeration that is also an integer."""

    ONE = 1


@dataclass(frozen=True, slots=True)
class Inner(TypedValue):
    """One of several classes that may stand in a field."""

    colour: Colour = Colour.RED
    octets: bytes = b"\x00\xff"


@dataclass(frozen=True, slots=True)
class Outer(Value):
    """Every kind of field."""

    number: Number = Number.ONE
    inner: tuple[Inner, ...] = (Inner(),)
    at: datetime | None = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    price: Decimal = Decimal("0.0100")
    counts: Mapping[Number, int] | None = None


class Named(NamedTuple):
    """A tuple that says its form itself."""

    number: Number

    def as_dict(self) -> dict[str, str]:
        """Its only field by name."""
        return {"number": self.number.name}


def test_a_value_gives_its_fields_in_plain_types() -> None:
    """Enumerations go by name, octets as hex, times in ISO 8601, decimals as text; nested values as their own dict."""
    assert Outer(counts={Number.ONE: 2}).as_dict() == {
        "number": "ONE",
        "inner": [{"type": "Inner", "colour": "RED", "octets": "00ff"}],
        "at": "2026-01-02T03:04:05+00:00",
        "price": "0.0100",
        "counts": {"ONE": 2},
    }
    assert plain([Named(Number.ONE), (1, None, True)]) == [{"number": "ONE"}, [1, None, True]]


@given(st.builds(Outer, number=st.just(Number.ONE), at=st.none() | st.datetimes(), price=st.decimals(allow_nan=False)))
def test_json_takes_what_as_dict_gives(value: Outer) -> None:
    """What ``as_dict()`` gives goes through JSON and comes back as it was."""
    assert json.loads(json.dumps(value.as_dict())) == value.as_dict()


@given(st.timedeltas(timedelta(days=-500), timedelta(days=500)).map(lambda t: timedelta(t.days, t.seconds)))
def test_durations_are_those_of_iso_8601(duration: timedelta) -> None:
    """A duration's days, hours, minutes and seconds add up to it."""
    text: str = plain(duration)
    found = re.fullmatch(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    assert found is not None
    days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert (-length if found[1] else length) == duration


def test_what_has_no_plain_form_is_refused() -> None:
    """An object of another kind is a ``TypeError`` that names its type."""
    with pytest.raises(TypeError, match="object has no form in plain types"):
        plain(object())
