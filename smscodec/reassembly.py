"""Segments of concatenated messages put back together.

A pure state machine: the caller gives it the time, and it reports everything that it gives up. It knows user data and
its concatenation element; what the key stands for is up to the caller.

A sender has 256 references and uses them again, so parts of two messages can carry the same one. The rules, which are
decision D39, never mix what can be told apart:

* A part equal to one that is held: nothing happens.
* Equal to a part of a message that was finished a moment ago: ``Repeated``, for ``repeat_age``. Later it is a new part.
* Its place is free: it is held, or finishes the message, which is ``Reassembled``.
* Its place holds another part: the parts contest the reference. All are kept, no message is made of them, and they end
  as one ``Incomplete`` that says "conflicting".

With the time at which a part was sent (TP-SCTS, or a webhook's message-timestamp) messages under one reference are told
apart by it: a part belongs to parts sent within ``sent_window`` of it, and only such parts contest a place. A message
that lacks parts *expires*, or is *evicted* when a bound is reached, the oldest first. Every part that is added ends in
exactly one event, except one equal to a part that is held.

Reference: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
"""

from __future__ import annotations

from bisect import bisect_left, insort
from codecs import BOM_UTF16_LE
from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby
from typing import Final, Literal, NamedTuple

from smscodec import ucs2
from smscodec._checks import check_whole, number
from smscodec._values import TypedValue
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.tables import ShiftTables
from smscodec.udh import Concatenation
from smscodec.userdata import UserData

__all__ = ["Event", "Incomplete", "Reason", "Reassembled", "Reassembler", "Repeated"]

Reason = Literal["expired", "evicted", "conflicting"]

_MOST_PARTS: Final = 255
_MOST_OCTETS: Final = 255 * 160  # of one message: as many septets as segments can hold, one to an octet
_REPEAT_AGE: Final = 60
_SENT_WINDOW: Final = timedelta(minutes=10)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reassembled(TypedValue):
    """A whole message: the user data of its segments in order, and the ``origin`` that came with each.

    >>> Reassembled("key", (UserData(Alphabet.GSM_7BIT, b"Hello"),)).text()
    'Hello'
    """

    key: Hashable
    parts: tuple[UserData, ...]
    origins: tuple[object, ...] = ()

    @property
    def payload(self) -> bytes:
        """The payloads joined, without their headers: what an 8-bit message carries."""
        return b"".join(part.payload for part in self.parts)

    @property
    def has_text(self) -> bool:
        """Whether the message is text: no part of it is 8-bit or compressed, which are read by their ``payload``."""
        return not any(part.alphabet is Alphabet.DATA_8BIT or part.compressed for part in self.parts)

    def text(self, *, strict: bool = False) -> str:
        """The text of the whole message.

        Parts of one alphabet and one pair of shift tables are joined before they are decoded, so that a character which
        the sender cut in two reads right (decision D11), and a byte order mark counts for all of them (decision D38).
        ``strict`` and the errors are those of ``UserData.text``.
        """
        return "".join(_text(list(run), strict=strict) for _, run in groupby(self.parts, key=_coding))


@dataclass(frozen=True, slots=True)
class Incomplete(TypedValue):
    """A message that was given up, with the parts that did come and the ``origin`` of each.

    The parts are in order of their sequence numbers; where ``reason`` is "conflicting" there are several for a number,
    in the order in which they came.

    >>> from smscodec import segment
    >>> reassembler = Reassembler(max_age=60, max_pending=1000)
    >>> reassembler.add("447700900000", segment("a" * 161, reference=7)[0].user_data, now=0)
    ()
    >>> [event] = reassembler.expire(now=61)
    >>> event.reason, event.missing
    ('expired', (2,))
    """

    key: Hashable
    concatenation: Concatenation
    """The element of the first of the parts that are there: the reference, its width and the total."""
    parts: tuple[UserData, ...]
    reason: Reason
    origins: tuple[object, ...] = ()

    @property
    def missing(self) -> tuple[int, ...]:
        """The sequence numbers that did not come."""
        there = {_concatenation(part).sequence for part in self.parts}
        return tuple(number for number in range(1, self.concatenation.total + 1) if number not in there)


@dataclass(frozen=True, slots=True)
class Repeated(TypedValue):
    """A part that came again within ``repeat_age`` after its message was finished.

    >>> from smscodec import segment
    >>> first, second = (part.user_data for part in segment("a" * 161, reference=7))
    >>> reassembler = Reassembler(max_age=3600, max_pending=1000)
    >>> events = [reassembler.add("447700900000", part, now=0) for part in (first, second, second)]
    >>> [type(event).__name__ for [event] in events[1:]]
    ['Reassembled', 'Repeated']
    """

    key: Hashable
    part: UserData
    origin: object = None


Event = Reassembled | Incomplete | Repeated
"""What becomes of parts."""


class _Identity(NamedTuple):
    """What parts of one message have in common. References of 8 and of 16 bits are counted apart by senders."""

    key: Hashable
    reference: int
    wide: bool
    total: int
    timed: bool  # parts without a time of sending are never joined to parts with one


class _Part(NamedTuple):
    user_data: UserData
    sequence: int
    origin: object
    octets: int


@dataclass(eq=False, slots=True)
class _Pending:
    """The parts of one message, or of several that contest one reference."""

    number: int
    identity: _Identity
    since: float
    parts: dict[UserData, _Part] = field(default_factory=dict)
    """Every part by what it holds, the sequence number included, in the order in which they came."""
    places: dict[int, list[datetime]] = field(default_factory=dict)
    """When the parts at each place were sent, in order; no times where the identity is not timed."""
    times: list[datetime] = field(default_factory=list)
    """The same for all parts."""
    buckets: set[int] = field(default_factory=set)
    """The stretches of time that they were sent in, by which the message is found."""
    octets: int = 0

    @property
    def contested(self) -> bool:
        return len(self.parts) > len(self.places)

    def takes(self, user_data: UserData, sequence: int) -> bool:
        """Whether a part can be added without beginning a contest."""
        return self.contested or sequence not in self.places or user_data in self.parts

    def reaches(self, user_data: UserData, sequence: int, sent: datetime | None, window: timedelta) -> bool:
        """Whether a part was sent near enough to join: within the window of the nearest part, and where others hold
        its place, of one of those, as no other part is contested by it."""
        is_apart = sequence in self.places and user_data not in self.parts
        return _distance(sent, self.places[sequence] if is_apart else self.times) <= window

    def hold(self, part: _Part, sent: datetime | None) -> None:
        self.parts[part.user_data] = part
        at_place = self.places.setdefault(part.sequence, [])
        self.octets += part.octets
        if sent is not None:
            insort(at_place, sent)
            insort(self.times, sent)

    def in_order(self) -> list[_Part]:
        """The parts by sequence number, then by arrival."""
        return sorted(self.parts.values(), key=lambda part: part.sequence)


class _Finished(NamedTuple):
    at: float
    fingerprints: tuple[tuple[Hashable, int], ...]
    """The key and a hash of each part: enough to know a repetition, and it takes no room for the content."""


class Reassembler:
    """Puts segments together for many senders at once. Not thread-safe.

    Ages are in the unit of ``now``. A message whose first part came more than ``max_age`` ago is given up. A part that
    comes again within ``repeat_age`` after its message was finished is a repetition (by default the smaller of 60 and
    ``max_age``): long enough for what a network or a webhook sends twice, and shorter than a sender needs to come back
    to the same reference. ``sent_window`` is how far apart in time the parts of one message may have been sent.

    At most ``max_pending`` unfinished messages are held, and as many finished ones remembered, with at most
    ``max_parts`` parts and ``max_octets`` octets of payload between the unfinished; above any of these the oldest
    message is given up. The defaults are 16 parts a message, of 160 octets each, and never less than one message of 255
    segments needs. Raises ``FieldError`` for bounds that are not numbers or cannot hold one part.

    >>> from smscodec import segment
    >>> first, second = (part.user_data for part in segment("Hello " * 30, reference=7))
    >>> reassembler = Reassembler(max_age=3600, max_pending=1000)
    >>> reassembler.add("447700900000", second, now=0)
    ()
    >>> [event] = reassembler.add("447700900000", first, now=1)
    >>> event.text() == "Hello " * 30
    True
    """

    def __init__(
        self,
        *,
        max_age: float,
        max_pending: int,
        repeat_age: float | None = None,
        sent_window: timedelta = _SENT_WINDOW,
        max_parts: int | None = None,
        max_octets: int | None = None,
    ) -> None:
        self._max_age = number("max_age", max_age, 0)
        self._repeat_age = number("repeat_age", min(_REPEAT_AGE, max_age) if repeat_age is None else repeat_age, 0)
        self._sent_window = _window(sent_window)
        self._max_pending = _bound("max_pending", max_pending, 1)
        self._max_parts = _bound("max_parts", max_parts, 1, default=max(_MOST_PARTS, 16 * max_pending))
        self._max_octets = _bound("max_octets", max_octets, 1, default=max(_MOST_OCTETS, 160 * self._max_parts))
        self._now = float("-inf")
        # The oldest stands in front, so that it is found at once when it is due or to be evicted.
        self._pending: OrderedDict[_Pending, None] = OrderedDict()
        self._began = 0
        self._found_by: dict[tuple[_Identity, int], list[_Pending]] = {}
        self._finished: deque[_Finished] = deque()
        self._recent: Counter[tuple[Hashable, int]] = Counter()
        self._parts = 0
        self._octets = 0

    @property
    def pending(self) -> int:
        """Unfinished messages held."""
        return len(self._pending)

    @property
    def parts(self) -> int:
        """Parts held for them."""
        return self._parts

    @property
    def octets(self) -> int:
        """Octets that they count for: those of their payloads, a septet as one, unless ``add`` was told otherwise."""
        return self._octets

    def add(
        self,
        key: Hashable,
        user_data: UserData,
        *,
        now: float,
        sent: datetime | None = None,
        origin: object = None,
        octets: int | None = None,
    ) -> tuple[Event, ...]:
        """Take one part; return what this call gave up and, last, what became of the part or the message.

        ``key`` is sender and recipient. User data without a concatenation element is a whole message. ``now``
        may be any clock that does not run backwards; an earlier time than the last counts as the last. ``sent`` is when
        the part was sent, by the clock of the service centre (a time without a zone counts as UTC); give it wherever it
        is known, so that two messages under one reference are told apart. ``origin`` is kept with the part and returned
        with it; ``octets`` is how many the part counts for where that is more than its payload.

        Raises ``FieldError`` for a ``now`` that is not a number, a ``sent`` that is not a datetime and negative
        ``octets``, and ``TypeError`` for a key that cannot be hashed. An error leaves everything as it was.

        Reference: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
        """
        # Everything that can fail comes before anything is given up.
        fingerprint = key, hash(user_data)
        hash(fingerprint)
        sent = _in_utc(sent)
        counted = _bound("octets", octets, 0, default=len(user_data.payload))
        concatenation = user_data.header.concatenation
        given_up = self.expire(now=now)
        if concatenation is None:
            return *given_up, Reassembled(key, (user_data,), (origin,))
        identity = _Identity(key, concatenation.reference, concatenation.wide, concatenation.total, sent is not None)
        bucket = self._bucket(sent)
        pending = self._where_it_belongs(identity, user_data, concatenation.sequence, sent, bucket)
        if pending is not None and user_data in pending.parts:
            return given_up
        if fingerprint in self._recent:
            return *given_up, Repeated(key, user_data, origin)
        if pending is None:
            pending = self._begin(identity)
        self._hold(pending, _Part(user_data, concatenation.sequence, origin, counted), sent, bucket)
        if len(pending.places) == concatenation.total and not pending.contested:
            return *given_up, self._finish(pending)
        return given_up + self._evict()

    def expire(self, *, now: float) -> tuple[Incomplete, ...]:
        """Give up the messages whose first part came more than ``max_age`` before ``now``, and return them.

        >>> Reassembler(max_age=3600, max_pending=1000).expire(now=0)
        ()
        """
        self._now = max(self._now, number("now", now))
        while self._finished and self._now - self._finished[0].at > self._repeat_age:
            self._forget()
        due = []
        while self._pending and self._now - next(iter(self._pending)).since > self._max_age:
            due.append(self._give_up("expired"))
        return tuple(due)

    def _bucket(self, sent: datetime | None) -> int:
        """The stretch of time, as long as the window, that a part was sent in.

        Parts within the window of each other lie in one stretch or in neighbours, so that messages of other times need
        not be looked at.
        """
        return 0 if sent is None else (sent - _EPOCH) // max(self._sent_window, timedelta.resolution)

    def _where_it_belongs(
        self, identity: _Identity, user_data: UserData, sequence: int, sent: datetime | None, bucket: int
    ) -> _Pending | None:
        """The pending message that a part joins, or contests; None where it begins one.

        Of several that were sent within the window, the nearest whose place is free or holds the same part; where there
        is none, the nearest, whose place the part then contests.
        """
        around = (self._found_by.get((identity, near), ()) for near in (bucket - 1, bucket, bucket + 1))
        ranked = [
            (not pending.takes(user_data, sequence), _distance(sent, pending.times), pending.number, pending)
            for pending in dict.fromkeys(chain.from_iterable(around))
            if pending.reaches(user_data, sequence, sent, self._sent_window)
        ]
        return min(ranked)[-1] if ranked else None

    def _begin(self, identity: _Identity) -> _Pending:
        self._began += 1
        pending = _Pending(self._began, identity, self._now)
        self._pending[pending] = None
        return pending

    def _hold(self, pending: _Pending, part: _Part, sent: datetime | None, bucket: int) -> None:
        pending.hold(part, sent)
        if bucket not in pending.buckets:
            pending.buckets.add(bucket)
            self._found_by.setdefault((pending.identity, bucket), []).append(pending)
        self._parts += 1
        self._octets += part.octets

    def _release(self, pending: _Pending) -> list[_Part]:
        """The parts of a message that is held no longer."""
        del self._pending[pending]
        for bucket in pending.buckets:
            same = self._found_by[pending.identity, bucket]
            same.remove(pending)
            if not same:
                del self._found_by[pending.identity, bucket]
        self._parts -= len(pending.parts)
        self._octets -= pending.octets
        return pending.in_order()

    def _give_up(self, reason: Reason) -> Incomplete:
        """Give up the oldest message."""
        pending = next(iter(self._pending))
        parts = self._release(pending)
        return Incomplete(
            pending.identity.key,
            _concatenation(parts[0].user_data),
            tuple(part.user_data for part in parts),
            "conflicting" if pending.contested else reason,
            tuple(part.origin for part in parts),
        )

    def _finish(self, pending: _Pending) -> Reassembled:
        parts = self._release(pending)
        key, user_data = pending.identity.key, tuple(part.user_data for part in parts)
        fingerprints = tuple((key, hash(part)) for part in user_data)
        self._finished.append(_Finished(self._now, fingerprints))
        self._recent.update(fingerprints)
        if len(self._finished) > self._max_pending:
            self._forget()
        return Reassembled(key, user_data, tuple(part.origin for part in parts))

    def _forget(self) -> None:
        """Forget the message that was finished first."""
        for fingerprint in self._finished.popleft().fingerprints:
            self._recent[fingerprint] -= 1
            if not self._recent[fingerprint]:
                del self._recent[fingerprint]

    def _evict(self) -> tuple[Incomplete, ...]:
        evicted = []
        while (
            len(self._pending) > self._max_pending or self._parts > self._max_parts or self._octets > self._max_octets
        ):
            evicted.append(self._give_up("evicted"))
        return tuple(evicted)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.pending} pending, {self.parts} parts, {self.octets} octets>"


def _bound(name: str, value: int | None, least: int, *, default: int = 0) -> int:
    bound = default if value is None else value
    check_whole(name, bound, least)
    return bound


def _window(value: object) -> timedelta:
    if not isinstance(value, timedelta) or value < timedelta():
        raise FieldError("sent_window", f"expected a timedelta that is not negative, got {value!r}")
    return value


def _in_utc(sent: datetime | None) -> datetime | None:
    """A time that can be compared with every other."""
    if sent is None:
        return None
    if not isinstance(sent, datetime):
        raise FieldError("sent", f"expected a datetime, got {sent!r}")
    return sent if sent.utcoffset() is not None else sent.replace(tzinfo=UTC)


def _distance(sent: datetime | None, times: list[datetime]) -> timedelta:
    """The time between ``sent`` and the nearest of some times, which are in order."""
    if sent is None:
        return timedelta()
    index = bisect_left(times, sent)
    return min(abs(sent - near) for near in times[max(0, index - 1) : index + 1])


def _concatenation(user_data: UserData) -> Concatenation:
    """The element that every part has."""
    element = user_data.header.concatenation
    assert element is not None
    return element


def _coding(user_data: UserData) -> tuple[Alphabet, bool, ShiftTables]:
    return user_data.alphabet, user_data.compressed, user_data.header.shift_tables


def _text(parts: list[UserData], *, strict: bool) -> str:
    """The text of parts that are coded alike."""
    first = parts[0]
    if len(parts) == 1 or first.compressed or first.alphabet is Alphabet.DATA_8BIT:
        return first.text(strict=strict)
    payloads = [part.payload for part in parts]
    if first.alphabet is Alphabet.UCS2:
        payloads = [_whole_units(payload, strict=strict) for payload in payloads]
        if not strict and payloads[0].startswith(BOM_UTF16_LE):  # the first mark counts, and some senders repeat it
            payloads[1:] = [payload.removeprefix(BOM_UTF16_LE) for payload in payloads[1:]]
    return replace(first, payload=b"".join(payloads)).text(strict=strict)


def _whole_units(payload: bytes, *, strict: bool) -> bytes:
    """A UCS-2 payload without an odd octet at its end (decision D12), which would shift all that follows."""
    odd = len(payload) % 2
    if odd and strict:
        ucs2.decode(payload)  # raises at the odd octet
    return payload[: len(payload) - odd]
