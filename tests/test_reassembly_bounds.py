"""Reassembler: time, bounds, what it refuses, and floods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smscodec import UserData
from smscodec.errors import FieldError
from smscodec.reassembly import Event, Incomplete, Reassembler, Repeated
from smscodec.udh import Concatenation
from tests.reassembling import given_up, part, parts, reassembler, whole


def test_message_expires_after_max_age() -> None:
    """A message is given up once its first part is older than max_age, however fresh the others are."""
    machine = reassembler()
    machine.add("key", part(1), now=0)
    machine.add("key", part(3), now=90)
    assert machine.expire(now=100) == ()
    assert given_up(machine.expire(now=100.1)) == [("expired", (2,))]
    assert machine.expire(now=100.1) == ()
    assert (machine.pending, machine.parts, machine.octets) == (0, 0, 0)


def test_adding_expires_too() -> None:
    """Adding a part reports what is too old, before what it finishes; a part that comes too late begins anew."""
    machine = reassembler()
    machine.add("a", part(1), now=0)
    machine.add("b", part(1, 2), now=50)
    expired, finished = machine.add("b", part(2, 2), now=101)
    assert (given_up((expired,)), whole((finished,)).key) == ([("expired", (2, 3))], "b")
    assert given_up(machine.add("a", part(2), now=102)) == []
    assert given_up(machine.expire(now=1000)) == [("expired", (1, 3))]


def test_time_never_runs_backwards() -> None:
    """A time before the last counts as the last, and one that is not a number is refused."""
    machine = reassembler()
    machine.add("key", part(1), now=1000)
    machine.add("key", part(2), now=0)
    assert machine.expire(now=50) == ()
    assert given_up(machine.expire(now=1101)) == [("expired", (3,))]
    with pytest.raises(FieldError):
        machine.add("key", part(1), now=float("nan"))


def test_infinite_age() -> None:
    """With an infinite max_age nothing expires."""
    machine = Reassembler(max_age=float("inf"), max_pending=1)
    machine.add("key", part(1), now=0)
    assert machine.expire(now=1e300) == ()


def test_oldest_is_evicted() -> None:
    """Above max_pending the message that began first is given up."""
    machine = reassembler(max_pending=2)
    for key in "abc":
        outcomes = machine.add(key, part(2), now=0)
        machine.add(key, part(3), now=0)
    (evicted,) = outcomes
    assert isinstance(evicted, Incomplete)
    assert (evicted.key, evicted.reason, evicted.missing) == ("a", "evicted", (1,))
    assert evicted.concatenation == Concatenation(1, 3, 2)
    assert machine.pending == 2


def test_parts_are_bounded() -> None:
    """Above max_parts the oldest message is given up with all its parts."""
    machine = reassembler(max_parts=4)
    for key, number in [("a", 1), ("a", 2), ("b", 1), ("b", 2)]:
        assert machine.add(key, part(number), now=0) == ()
    assert given_up(machine.add("c", part(1), now=0)) == [("evicted", (3,))]
    assert machine.parts == 3


def test_octets_are_bounded() -> None:
    """Above max_octets the oldest messages are given up, and a part that is larger than all room with its own."""
    machine = reassembler(max_octets=100)
    assert machine.add("a", part(1, payload=bytes(50)), now=0) == ()
    assert machine.add("b", part(1, payload=bytes(50)), now=0) == ()
    assert machine.octets == 100
    assert given_up(machine.add("c", part(1, payload=bytes(10)), now=0)) == [("evicted", (2, 3))]
    assert given_up(machine.add("d", part(1, payload=bytes(200)), now=0)) == [("evicted", (2, 3))] * 3
    assert (machine.pending, machine.octets) == (0, 0)


@pytest.mark.parametrize("octets", [0, 1, 101])
def test_octets_may_be_what_the_caller_counts(octets: int) -> None:
    """A part counts towards max_octets for as much as its caller says, whatever its payload."""
    machine = reassembler(max_octets=100)
    evicted = machine.add("a", part(1, payload=bytes(150)), now=0, octets=octets)
    assert (machine.octets, len(evicted)) == ((octets, 0) if octets <= 100 else (0, 1))


@pytest.mark.parametrize(
    ("bounds", "most_parts", "most_octets"),
    [
        ({"max_pending": 1}, 255, 255 * 160),
        ({"max_pending": 15}, 255, 255 * 160),
        ({"max_pending": 16}, 256, 256 * 160),
        ({"max_pending": 1, "max_parts": 300}, 300, 300 * 160),
        ({"max_pending": 1, "max_parts": 10}, 10, 255 * 160),
    ],
)
def test_default_bounds_have_room_for_one_whole_message(
    bounds: dict[str, int], most_parts: int, most_octets: int
) -> None:
    """By default there is room for 16 parts a message of 160 octets each, and for 255 such parts in any case."""
    machine = reassembler(**bounds)
    for number in range(most_parts):
        assert machine.add("key", part(1, payload=number.to_bytes(4)), now=0) == ()
    assert machine.add("key", part(1, payload=b"more"), now=0)
    assert machine.add("key", part(1), now=0, octets=most_octets) == ()
    assert machine.add("key", part(2), now=0, octets=1)


def test_least_bounds() -> None:
    """Each bound may be the least that holds one part; what is then older than nothing is given up."""
    machine = Reassembler(max_age=0, max_pending=1, repeat_age=0, sent_window=timedelta(), max_parts=1, max_octets=1)
    assert machine.add("key", part(1), now=0) == ()
    assert machine.expire(now=0) == ()
    assert given_up(machine.expire(now=0.5)) == [("expired", (2, 3))]


@pytest.mark.parametrize(
    "bounds",
    [
        {"max_age": -1},
        {"max_age": float("nan")},
        {"max_age": "1"},
        {"max_age": None},
        {"repeat_age": -1},
        {"repeat_age": "1"},
        {"sent_window": timedelta(seconds=-1)},
        {"sent_window": 600},
        {"max_pending": 0},
        {"max_pending": 1.5},
        {"max_pending": "1"},
        {"max_parts": 0},
        {"max_parts": 1.5},
        {"max_octets": 0},
        {"max_octets": float("inf")},
    ],
)
def test_impossible_bounds(bounds: dict[str, Any]) -> None:
    """Bounds that cannot hold one part, or are not numbers, are refused by their names."""
    with pytest.raises(FieldError) as caught:
        reassembler(**bounds)
    assert caught.value.field in bounds


@pytest.mark.parametrize("user_data", [parts()[1], parts("whole")[0]], ids=["part", "whole"])
def test_refused_call_changes_nothing(user_data: UserData) -> None:
    """A key that cannot be hashed and octets below 0 are refused before anything is given up."""
    machine = reassembler()
    machine.add("key", part(1), now=0)
    unhashable: Any = []
    with pytest.raises(TypeError):
        machine.add(unhashable, user_data, now=1000)
    with pytest.raises(FieldError) as caught:
        machine.add("key", user_data, now=1000, octets=-1)
    assert caught.value.field == "octets"
    assert given_up(machine.add("other", user_data, now=1000)) == [("expired", (2, 3))]


@pytest.mark.parametrize("now", [float("nan"), "1", None])
def test_time_that_is_none(now: Any) -> None:
    """A time that is not a number is refused by name, and nothing is taken."""
    machine = reassembler()
    with pytest.raises(FieldError, match="now"):
        machine.add("key", part(1), now=now)
    with pytest.raises(FieldError, match="now"):
        machine.expire(now=now)
    assert machine.pending == 0


def test_flood_of_hostile_keys() -> None:
    """A flood of first parts, each under a key of its own, stays within the bounds, and all given up is reported."""
    machine, flood, hostile = reassembler(max_pending=100), 20_000, part(1)
    evicted = most = 0
    for key in range(flood):
        evicted += len(machine.add(key, hostile, now=0))
        most = max(most, machine.pending)
    assert (most, machine.pending, evicted) == (100, 100, flood - 100)


def test_flood_of_finished_messages() -> None:
    """A flood of finished messages is forgotten as it goes."""
    machine, hostile = reassembler(max_pending=3), part(1, 1)
    finished = sum(len(machine.add(key, hostile, now=0)) for key in range(10_000))
    assert (finished, machine.pending) == (10_000, 0)
    repeated = [
        key for key in range(9_999, 9_990, -1) for event in machine.add(key, hostile, now=0) if is_repeated(event)
    ]
    assert repeated == [9_999, 9_998, 9_997]


def is_repeated(event: Event) -> bool:
    """Whether a part was known."""
    return isinstance(event, Repeated)


@pytest.mark.parametrize("apart", [timedelta(), timedelta(hours=1)])
def test_flood_under_one_reference(apart: timedelta) -> None:
    """Parts that all contest one place, or were all sent at other times, are bounded, and all of them are reported."""
    machine, flood, start = reassembler(max_pending=100), 5_000, datetime(2000, 1, 1, tzinfo=UTC)
    reported = 0
    for number in range(flood):
        hostile = part(1, payload=number.to_bytes(4))
        outcomes = machine.add("key", hostile, now=0, sent=start + number * apart)
        assert machine.parts <= 16 * 100
        reported += sum(len(outcome.parts) for outcome in outcomes if isinstance(outcome, Incomplete))
    assert reported + machine.parts == flood
