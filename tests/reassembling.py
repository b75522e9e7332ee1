"""What the tests of the reassembler share: texts, parts, a small machine, what came out of it, and a naive model."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from smscodec import UserData, UserDataHeader, segment
from smscodec.dcs import Alphabet
from smscodec.reassembly import Event, Incomplete, Reassembled, Reassembler, Repeated
from smscodec.udh import Concatenation

LONG = "The quick brown fox jumps over the lazy dog. " * 8
OTHER = "Pack my box with five dozen liquor jugs, please. " * 8


def parts(text: str = LONG, *, reference: int = 7, wide: bool = False) -> list[UserData]:
    """The user data of a text's segments."""
    return [part.user_data for part in segment(text, reference=reference, wide_reference=wide)]


def part(number: int, total: int = 3, *, payload: bytes = b"", reference: int = 1, wide: bool = False) -> UserData:
    """One part of 8-bit data; without a payload, one that tells its number."""
    header = UserDataHeader([Concatenation(reference, total, number, wide=wide)])
    return UserData(Alphabet.DATA_8BIT, payload or bytes([number]), header)


def reassembler(**bounds: Any) -> Reassembler:
    """A reassembler that gives a message 100 seconds and holds ten, unless told otherwise."""
    return Reassembler(**{"max_age": 100, "max_pending": 10, **bounds})


def whole(outcomes: tuple[Event, ...]) -> Reassembled:
    """The one message that came out."""
    (outcome,) = outcomes
    assert isinstance(outcome, Reassembled)
    return outcome


def given_up(outcomes: tuple[Event, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """Reason and missing numbers of what was given up."""
    return [(outcome.reason, outcome.missing) for outcome in outcomes if isinstance(outcome, Incomplete)]


class Model:
    """Decision D39 as it is written, without a thought for speed: lists, and every question asked of every part."""

    def __init__(
        self, *, max_age: float, repeat_age: float, window: timedelta, max_pending: int, max_parts: int, max_octets: int
    ) -> None:
        self.max_age, self.repeat_age, self.window = max_age, repeat_age, window
        self.max_pending, self.max_parts, self.max_octets = max_pending, max_parts, max_octets
        self.now = float("-inf")
        self.pending: list[tuple[float, tuple[object, ...], list[Arrival]]] = []
        self.finished: list[tuple[float, list[Arrival]]] = []

    def add(self, part: Arrival, now: float) -> list[Event]:
        """What becomes of a part."""
        events: list[Event] = [*self.expire(now)]
        identity = part.identity
        near = [
            (distance(part, parts), parts)
            for _, other, parts in self.pending
            if other == identity and (part.sent is None or distance(part, parts) <= self.window)
        ]
        near = [(gap, parts) for gap, parts in near if not self.is_apart(part, parts)]
        joinable = [
            (gap, parts)
            for gap, parts in near
            if contested(parts) or not [one for one in parts if one.place == part.place and one.data != part.data]
        ]
        chosen = min(joinable or near, key=lambda found: found[0])[1] if near else None
        if chosen is not None and [one for one in chosen if one.data == part.data]:
            return events
        if [one for _, parts in self.finished for one in parts if (one.key, one.data) == (part.key, part.data)]:
            return [*events, Repeated(part.key, part.data, part.origin)]
        if chosen is None:
            chosen = []
            self.pending.append((self.now, identity, chosen))
        chosen.append(part)
        if len(chosen) == part.total and not contested(chosen):
            self.pending = [message for message in self.pending if message[2] is not chosen]
            self.finished = [*self.finished, (self.now, chosen)][-self.max_pending :]
            parts = sorted(chosen, key=lambda one: one.place)
            origins = tuple(one.origin for one in parts)
            return [*events, Reassembled(part.key, tuple(one.data for one in parts), origins)]
        while self.is_full():
            events.append(incomplete(self.pending.pop(0)[2], "evicted"))
        return events

    def is_apart(self, part: Arrival, parts: list[Arrival]) -> bool:
        """Whether a part finds its place taken, and only by parts that were sent at another time."""
        there = [one for one in parts if one.place == part.place]
        is_held = part.data in [one.data for one in there]
        return bool(there) and not is_held and distance(part, there) > self.window

    def is_full(self) -> bool:
        """Whether a bound is passed."""
        parts = [one for _, _, parts in self.pending for one in parts]
        octets = sum(len(one.data.payload) for one in parts)
        return len(self.pending) > self.max_pending or len(parts) > self.max_parts or octets > self.max_octets

    def expire(self, now: float) -> list[Incomplete]:
        """What is too old."""
        self.now = max(self.now, now)
        due = [parts for since, _, parts in self.pending if self.now - since > self.max_age]
        self.pending = [message for message in self.pending if message[2] not in due]
        self.finished = [message for message in self.finished if self.now - message[0] <= self.repeat_age]
        return [incomplete(parts, "expired") for parts in due]


class Arrival(NamedTuple):
    """One part that arrived."""

    key: object
    data: UserData
    sent: datetime | None
    origin: int

    @property
    def place(self) -> int:
        """Its sequence number."""
        return concatenation(self.data).sequence

    @property
    def total(self) -> int:
        """The number of parts of its message."""
        return concatenation(self.data).total

    @property
    def identity(self) -> tuple[object, ...]:
        """What decides whether two parts may be of one message."""
        element = concatenation(self.data)
        return self.key, element.reference, element.wide, element.total, self.sent is None


def concatenation(data: UserData) -> Concatenation:
    """The element of a part."""
    element = data.header.concatenation
    assert element is not None
    return element


def contested(parts: list[Arrival]) -> bool:
    """Whether two parts stand at one place."""
    return len({one.place for one in parts}) < len(parts)


def distance(part: Arrival, parts: list[Arrival]) -> timedelta:
    """How far from the nearest of the parts this one was sent."""
    gaps = [abs(part.sent - one.sent) for one in parts if part.sent and one.sent]
    return min(gaps, default=timedelta())


def incomplete(arrived: list[Arrival], reason: Literal["expired", "evicted"]) -> Incomplete:
    """The event of a message that is given up."""
    parts = sorted(arrived, key=lambda one: one.place)
    return Incomplete(
        parts[0].key,
        concatenation(parts[0].data),
        tuple(one.data for one in parts),
        "conflicting" if contested(parts) else reason,
        tuple(one.origin for one in parts),
    )
