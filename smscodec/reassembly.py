"""Segments of concatenated messages put together again.

A pure state machine: it is told the time, draws nothing at random and reports everything it gives up. It knows user
data and its concatenation element; who the key stands for is the caller's affair.

What becomes of a part: *out of order*, it waits for the rest; *repeated*, it is ignored; *conflicting* (the same place
and other content), what was there is given up and a new message begins with it; *late* for a message that is finished,
it is ignored if identical and begins a new message if not. What becomes of a message that lacks parts: it *expires*, or
is *evicted* when a bound is reached, the oldest first; either way it is returned as ``Incomplete``.

Reference: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import groupby
from math import isnan
from typing import Final, Literal, NamedTuple

from smscodec import gsm7, ucs2
from smscodec._checks import check_whole
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.tables import ShiftTables
from smscodec.udh import Concatenation
from smscodec.userdata import UserData

__all__ = ["Incomplete", "Reason", "Reassembled", "Reassembler"]

Reason = Literal["expired", "evicted", "conflicting"]

_MOST_PARTS: Final = 255
_MOST_OCTETS: Final = 255 * 160  # of one message: as many septets as segments can hold, one to an octet


@dataclass(frozen=True, slots=True)
class Reassembled:
    """A whole message: the user data of its segments in order, and the ``origin`` that came with each."""

    key: Hashable
    parts: tuple[UserData, ...]
    origins: tuple[object, ...] = ()

    @property
    def payload(self) -> bytes:
        """The payloads joined, headers left out: what an 8-bit message carries."""
        return b"".join(part.payload for part in self.parts)

    def text(self, *, strict: bool = False) -> str:
        """The text of the whole message.

        Parts of one alphabet and one pair of shift tables are joined before they are decoded, so that a character which
        the sender cut in two reads right (decision D11). ``strict`` and the errors are those of ``UserData.text``.
        """
        return "".join(_text(list(run), strict=strict) for _, run in groupby(self.parts, key=_coding))


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A message that was given up, with the parts that did come, in order, and the ``origin`` of each."""

    key: Hashable
    concatenation: Concatenation
    """The element of the first of the parts that are there: the reference, its width and the total."""
    parts: tuple[UserData, ...]
    reason: Reason
    origins: tuple[object, ...] = ()

    @property
    def missing(self) -> tuple[int, ...]:
        """The sequence numbers that did not come."""
        elements = [part.header.concatenation for part in self.parts]
        there = {element.sequence for element in elements if element is not None}
        return tuple(number for number in range(1, self.concatenation.total + 1) if number not in there)


class _Identity(NamedTuple):
    """What tells messages apart. References of 8 and of 16 bits are counted apart by those who send them."""

    key: Hashable
    reference: int
    wide: bool
    total: int


class _Part(NamedTuple):
    user_data: UserData
    concatenation: Concatenation
    origin: object
    octets: int


@dataclass(slots=True)
class _Pending:
    since: float
    parts: dict[int, _Part] = field(default_factory=dict)
    octets: int = 0


class _Finished(NamedTuple):
    at: float
    fingerprints: tuple[int, ...]
    """A hash of each part: enough to know a repetition by, and it takes no room for the content."""


class Reassembler:
    """Puts segments together for many senders at once. Not thread-safe.

    A message whose first part came more than ``max_age`` ago is given up; ages are in the unit of ``now``. At most
    ``max_pending`` unfinished messages are held, with at most ``max_parts`` parts and ``max_octets`` octets of payload
    between them; above any of these the oldest message is given up. The defaults are 16 parts a message, of 160
    octets each, and never less than one message of 255 segments needs. Raises ``FieldError`` for bounds that are no
    numbers or cannot hold one part.
    """

    def __init__(
        self, *, max_age: float, max_pending: int, max_parts: int | None = None, max_octets: int | None = None
    ) -> None:
        if not _is_number(max_age) or not max_age >= 0:
            raise FieldError("max_age", "must be a number from 0 on")
        self._max_age = max_age
        self._max_pending = _bound("max_pending", max_pending, 1)
        self._max_parts = _bound("max_parts", max_parts, 1, default=max(_MOST_PARTS, 16 * max_pending))
        self._max_octets = _bound("max_octets", max_octets, 1, default=max(_MOST_OCTETS, 160 * self._max_parts))
        self._now = float("-inf")
        # both in the order of their times, so that what is due or to be evicted stands in front
        self._pending: OrderedDict[_Identity, _Pending] = OrderedDict()
        self._finished: OrderedDict[_Identity, _Finished] = OrderedDict()
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
        self, key: Hashable, user_data: UserData, *, now: float, origin: object = None, octets: int | None = None
    ) -> tuple[Reassembled | Incomplete, ...]:
        """Take one part; return what this call gave up and, last, the message that it finished.

        ``key`` tells apart who sends what to whom. User data without a concatenation element is a whole message.
        ``now`` may be any clock that does not run backwards; an earlier time than the last counts as the last, and NaN
        is a ``FieldError``. ``origin`` is kept with the part and returned with it; say with ``octets`` for how many the
        part counts where that is more than its payload. An error, also that of a key that cannot be hashed, leaves
        everything as it was.

        Two messages that one sender gives the same reference and total within ``max_age`` can only be told apart where
        their parts differ: a part identical to one of the finished message is taken for its repetition, so the later
        message then stays incomplete rather than being mixed with the earlier.
        """
        # all that can fail comes before anything is given up
        hash(key)
        counted = _bound("octets", octets, 0, default=len(user_data.payload))
        concatenation = user_data.header.concatenation
        given_up = self.expire(now=now)
        if concatenation is None:
            return *given_up, Reassembled(key, (user_data,), (origin,))
        identity = _Identity(key, concatenation.reference, concatenation.wide, concatenation.total)
        pending = self._pending.get(identity)
        held = pending.parts.get(concatenation.sequence) if pending else None
        if self._is_repetition(identity, concatenation.sequence, user_data, held):
            return given_up
        if held is not None:
            given_up += (self._give_up(identity, "conflicting"),)
        if pending is None or held is not None:
            pending = self._pending[identity] = _Pending(self._now)
        self._hold(pending, _Part(user_data, concatenation, origin, counted))
        if len(pending.parts) == concatenation.total:
            return *given_up, self._finish(identity)
        return given_up + self._evict()

    def expire(self, *, now: float) -> tuple[Incomplete, ...]:
        """Give up the messages whose first part came more than ``max_age`` before ``now``, and return them."""
        if not _is_number(now) or isnan(now):
            raise FieldError("now", "is not a number")
        self._now = max(self._now, now)
        while self._finished and self._is_due(next(iter(self._finished.values())).at):
            self._finished.popitem(last=False)
        due = []
        while self._pending and self._is_due(next(iter(self._pending.values())).since):
            due.append(self._give_up(next(iter(self._pending)), "expired"))
        return tuple(due)

    def _is_due(self, since: float) -> bool:
        return self._now - since > self._max_age

    def _is_repetition(self, identity: _Identity, sequence: int, user_data: UserData, held: _Part | None) -> bool:
        finished = self._finished.get(identity)
        if finished is not None and finished.fingerprints[sequence - 1] == hash(user_data):
            return True
        return held is not None and held.user_data == user_data

    def _hold(self, pending: _Pending, part: _Part) -> None:
        pending.parts[part.concatenation.sequence] = part
        pending.octets += part.octets
        self._parts += 1
        self._octets += part.octets

    def _release(self, identity: _Identity) -> list[_Part]:
        pending = self._pending.pop(identity)
        self._parts -= len(pending.parts)
        self._octets -= pending.octets
        return [pending.parts[sequence] for sequence in sorted(pending.parts)]

    def _give_up(self, identity: _Identity, reason: Reason) -> Incomplete:
        user_data, concatenations, origins, _ = zip(*self._release(identity), strict=True)
        return Incomplete(identity.key, concatenations[0], user_data, reason, origins)

    def _finish(self, identity: _Identity) -> Reassembled:
        user_data, _, origins, _ = zip(*self._release(identity), strict=True)
        self._finished.pop(identity, None)  # so that it moves to the end
        self._finished[identity] = _Finished(self._now, tuple(hash(part) for part in user_data))
        if len(self._finished) > self._max_pending:
            self._finished.popitem(last=False)
        return Reassembled(identity.key, user_data, origins)

    def _evict(self) -> tuple[Incomplete, ...]:
        evicted = []
        while (
            len(self._pending) > self._max_pending or self._parts > self._max_parts or self._octets > self._max_octets
        ):
            evicted.append(self._give_up(next(iter(self._pending)), "evicted"))
        return tuple(evicted)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.pending} pending, {self.parts} parts, {self.octets} octets>"


def _bound(name: str, value: int | None, least: int, *, default: int = 0) -> int:
    bound = default if value is None else value
    check_whole(name, bound, least)
    return bound


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _coding(user_data: UserData) -> tuple[Alphabet, bool, ShiftTables]:
    return user_data.alphabet, user_data.compressed, user_data.header.shift_tables


def _text(parts: list[UserData], *, strict: bool) -> str:
    """The text of parts that are coded alike."""
    first = parts[0]
    if len(parts) == 1 or first.compressed or first.alphabet is Alphabet.DATA_8BIT:
        return first.text(strict=strict)
    errors = "strict" if strict else "replace"
    if first.alphabet is Alphabet.UCS2:
        return ucs2.decode(b"".join(_whole_units(part, strict=strict) for part in parts), errors=errors)
    return gsm7.decode(b"".join(part.payload for part in parts), first.header.shift_tables, errors=errors)


def _whole_units(part: UserData, *, strict: bool) -> bytes:
    """A UCS-2 payload without an odd octet at its end (decision D12), which would shift all that follows."""
    odd = len(part.payload) % 2
    if odd and strict:
        ucs2.decode(part.payload)  # raises at the odd octet
    return part.payload[: len(part.payload) - odd]
