"""What became of a message of several parts, worked out from the receipts of the parts.

A pure state machine: you give it the time, and it reports everything that it gives up. Name a part as its receipts do:
by the message identifier of an SMPP centre or a web service, or by TP-MR with the destination.

    a receipt before its message was sent     kept, and counted once ``sent`` names the part
    a state that is not final                 kept, until another comes
    a final state                             kept for good: repeated, late and contradicting receipts change nothing
    a receipt for a message that is final     nothing happens
    a part that is used again                 its earlier message is given up, "replaced"

A message is final when each of its parts is. It is delivered if all of them are; if not, its state is that of the first
part that failed. A message that has waited too long *expires*; when a bound is reached, the oldest one is *evicted*.
Every message that was sent ends in exactly one ``Whole``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal, NamedTuple

from smscodec._checks import check_whole, number
from smscodec._values import Value
from smscodec.errors import FieldError

__all__ = ["DeliveryTracker", "Reason", "Whole", "is_delivered"]

Reason = Literal["final", "expired", "evicted", "replaced"]

_MOST_PARTS: Final = 255
_DELIVERED: Final = frozenset({"delivered", "delivrd"})


@dataclass(frozen=True, slots=True)
class Whole(Value):
    """A message as a whole: final, or given up before that.

    ``state`` is as the receipts had it: that of the first part that failed for good, else that of the first part that
    was not delivered (None where it never had a receipt), else that of the parts, which were all delivered.

    >>> Whole("key", "failed", (("0A01", "delivered"), ("0A02", "failed")), "final").missing
    (2,)
    """

    key: Hashable
    state: object
    parts: tuple[tuple[Hashable, object], ...]
    """Each part and its state, None without a receipt, in the order of the parts."""
    reason: Reason

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers, from 1 on, of the parts that were not delivered."""
        return tuple(index for index, (_, state) in enumerate(self.parts, 1) if not is_delivered(state))

    @property
    def delivered(self) -> bool:
        """Whether every part was delivered."""
        return not self.missing

    def as_dict(self) -> dict[str, Any]:
        """The fields and ``missing``, in types that ``json.dumps`` takes."""
        return {**Value.as_dict(self), "missing": list(self.missing)}


def is_delivered(state: object) -> bool:
    """Whether a state says that the recipient has the part.

    These do: ``"delivered"`` and ``"DELIVRD"`` in any case, an enumeration member of such a name
    (``MessageState.DELIVERED``), a value whose ``delivered`` is true (``tpdu.Status``), and 0, the TP-ST of a delivery.

    >>> [is_delivered(state) for state in ("delivered", "DELIVRD", 0, "accepted", 0x46, None)]
    [True, True, True, False, False, False]

    Reference: 3GPP TS 23.040, 9.2.3.15
    """
    if isinstance(state, Enum):
        state = state.name
    if isinstance(state, str):
        return state.lower() in _DELIVERED
    if isinstance(state, int) and not isinstance(state, bool):
        return state == 0
    return bool(getattr(state, "delivered", False))


class _State(NamedTuple):
    state: object
    final: bool


_NONE: Final = _State(None, final=False)


@dataclass(eq=False, slots=True)
class _Message:
    key: Hashable
    since: float
    states: dict[Hashable, _State] = field(default_factory=dict)

    @property
    def final(self) -> bool:
        return all(state.final for state in self.states.values())

    def whole(self, reason: Reason) -> Whole:
        states = self.states.values()
        failed = [found.state for found in states if found.final and not is_delivered(found.state)]
        waiting = [found.state for found in states if not is_delivered(found.state)]
        delivered = [found.state for found in states]
        parts = tuple((part, found.state) for part, found in self.states.items())
        return Whole(self.key, (failed or waiting or delivered)[0], parts, reason)


class DeliveryTracker:
    """Follows messages from the receipts of their parts to the state of the whole. Not thread-safe.

    A message that was sent more than ``max_age`` ago is given up, whatever is known about it; ages are in the unit of
    ``now``. At most ``max_pending`` messages are held; above that the oldest is given up. Receipts that came before
    their parts, and parts of messages that have ended, are remembered for ``max_age``: up to 16 times ``max_pending``
    of each, and at least 255. Raises ``FieldError`` for bounds that are not numbers or cannot hold one message.

    >>> tracker = DeliveryTracker(max_age=72 * 3600, max_pending=10_000)
    >>> tracker.sent("invoice 5", ["0A01", "0A02", "0A03"], now=0)
    ()
    >>> tracker.receipt("0A01", "delivered", final=True, now=5)
    ()
    >>> tracker.receipt("0A03", "failed", final=True, now=6)
    ()
    >>> [whole] = tracker.receipt("0A02", "delivered", final=True, now=7)
    >>> whole.key, whole.state, whole.missing
    ('invoice 5', 'failed', (3,))
    """

    def __init__(self, *, max_age: float, max_pending: int) -> None:
        self._max_age = number("max_age", max_age, 0)
        check_whole("max_pending", max_pending, 1)
        self._max_pending = max_pending
        self._max_remembered = max(_MOST_PARTS, 16 * max_pending)
        self._now = float("-inf")
        # The oldest comes first in each, so that it is found quickly when it is due or must be evicted.
        self._messages: OrderedDict[_Message, None] = OrderedDict()
        self._by_part: dict[Hashable, _Message] = {}
        self._early: OrderedDict[Hashable, tuple[float, _State]] = OrderedDict()
        self._over: OrderedDict[Hashable, float] = OrderedDict()

    @property
    def pending(self) -> int:
        """Messages held that are not final."""
        return len(self._messages)

    def sent(self, key: Hashable, parts: Sequence[Hashable], *, now: float) -> tuple[Whole, ...]:
        """Begin to follow a message; return those that this call gave up, or made final by receipts that came first.

        ``parts`` are in the order of the message, 1–255 of them, all different; a part of another message that is still
        followed ends that message as ``"replaced"``. ``key`` identifies the message in the results and need not be
        unique. A ``now`` earlier than the last counts as the last. Raises ``FieldError("parts")``,
        ``FieldError("now")``, and ``TypeError`` for a key or part that cannot be hashed; nothing changes then.

        >>> DeliveryTracker(max_age=3600, max_pending=1).sent("key", ["0A01"], now=0)
        ()
        """
        parts = _checked(parts)
        hash(key)
        ended = list(self.expire(now=now))
        reused = dict.fromkeys(self._by_part[part] for part in parts if part in self._by_part)
        ended += [self._end(earlier, "replaced") for earlier in reused]
        message = _Message(key, self._now, dict.fromkeys(parts, _NONE))
        self._messages[message] = None
        for part in parts:
            self._by_part[part] = message
            self._over.pop(part, None)
            if part in self._early:
                message.states[part] = self._early.pop(part)[1]
        if message.final:
            ended.append(self._end(message, "final"))
        elif len(self._messages) > self._max_pending:
            ended.append(self._end(next(iter(self._messages)), "evicted"))
        return tuple(ended)

    def receipt(self, part: Hashable, state: object, *, final: bool, now: float) -> tuple[Whole, ...]:
        """Take the receipt of a part; return the messages that this call gave up and, last, the one that it made final.

        ``state`` is kept as it is: a word, a ``MessageState``, a TP-ST. ``final`` says that no other state will follow.
        Raises ``FieldError("now")``, and ``TypeError`` for a part that cannot be hashed.

        >>> tracker = DeliveryTracker(max_age=3600, max_pending=1)
        >>> tracker.receipt("0A01", "delivered", final=True, now=0)
        ()
        >>> [whole] = tracker.sent("key", ["0A01"], now=1)
        >>> whole.state
        'delivered'
        """
        hash(part)
        ended = self.expire(now=now)
        found = _State(state, bool(final))
        message = self._by_part.get(part)
        if message is not None:
            message.states[part] = _latest(message.states[part], found)
            return (*ended, self._end(message, "final")) if message.final else ended
        if part not in self._over:
            since, before = self._early.get(part, (self._now, _NONE))
            self._early[part] = since, _latest(before, found)
            _bound(self._early, self._max_remembered)
        return ended

    def expire(self, *, now: float) -> tuple[Whole, ...]:
        """Give up the messages that were sent more than ``max_age`` before ``now``, and return them.

        >>> DeliveryTracker(max_age=3600, max_pending=1).expire(now=0)
        ()
        """
        self._now = max(self._now, number("now", now))
        while self._early and self._is_due(next(iter(self._early.values()))[0]):
            self._early.popitem(last=False)
        while self._over and self._is_due(next(iter(self._over.values()))):
            self._over.popitem(last=False)
        due = []
        while self._messages and self._is_due(next(iter(self._messages)).since):
            due.append(self._end(next(iter(self._messages)), "expired"))
        return tuple(due)

    def _is_due(self, since: float) -> bool:
        return self._now - since > self._max_age

    def _end(self, message: _Message, reason: Reason) -> Whole:
        del self._messages[message]
        for part in message.states:
            del self._by_part[part]
            self._over[part] = self._now
        _bound(self._over, self._max_remembered)
        return message.whole(reason)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.pending} pending>"


def _checked(parts: Sequence[Hashable]) -> tuple[Hashable, ...]:
    if isinstance(parts, str | bytes) or not isinstance(parts, Iterable):
        raise FieldError("parts", f"expected a sequence of parts, got {parts!r}; put a single part into a list")
    checked = tuple(parts)
    if not 1 <= len(checked) <= _MOST_PARTS:
        raise FieldError("parts", f"expected 1–{_MOST_PARTS} parts, got {len(checked)}")
    if len(set(checked)) < len(checked):
        raise FieldError("parts", "expected parts that all differ")
    return checked


def _latest(before: _State, found: _State) -> _State:
    """The state that counts of two for one part: a final one stays."""
    return before if before.final else found


def _bound(remembered: OrderedDict[Hashable, Any], most: int) -> None:
    while len(remembered) > most:
        remembered.popitem(last=False)
