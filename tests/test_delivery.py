"""DeliveryTracker: what becomes of receipts, of parts and of messages, and what stays within bounds."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from smscodec.delivery import DeliveryTracker, Reason, Whole, is_delivered
from smscodec.errors import FieldError
from smscodec.smpp import MessageState, Receipt
from smscodec.tpdu import Status


def tracker(max_age: float = 100, max_pending: int = 10) -> DeliveryTracker:
    """A small tracker."""
    return DeliveryTracker(max_age=max_age, max_pending=max_pending)


def test_one_part_that_failed_fails_the_message() -> None:
    """Two of three parts are delivered and the last failed: the whole is failed, and part 3 is missing."""
    machine = tracker()
    assert machine.sent("key", ["0A01", "0A02", "0A03"], now=0) == ()
    assert machine.receipt("0A01", "delivered", final=True, now=1) == ()
    assert machine.receipt("0A02", "delivered", final=True, now=2) == ()
    (whole,) = machine.receipt("0A03", "failed", final=True, now=3)
    assert whole == Whole("key", "failed", (("0A01", "delivered"), ("0A02", "delivered"), ("0A03", "failed")), "final")
    assert (whole.missing, whole.delivered, machine.pending) == ((3,), False, 0)
    assert json.loads(json.dumps(whole.as_dict())) == whole.as_dict()
    assert (whole.as_dict()["missing"], pickle.loads(pickle.dumps(whole))) == ([3], whole)


@given(order=st.permutations(range(3)), early=st.integers(0, 3))
def test_receipts_may_come_in_any_order_and_before_the_parts(order: list[int], early: int) -> None:
    """Whenever the last of the receipts and the parts is known, the message is delivered."""
    machine = tracker()
    outcomes = [machine.receipt(part, "delivered", final=True, now=0) for part in order[:early]]
    outcomes.append(machine.sent("key", range(3), now=0))
    outcomes += [machine.receipt(part, "delivered", final=True, now=0) for part in order[early:]]
    *before, (whole,) = outcomes
    assert not any(before)
    assert (whole.state, whole.delivered) == ("delivered", True)


def test_states_that_are_not_final_give_way() -> None:
    """The latest of them stands until a final one comes; after that nothing changes a part."""
    machine = tracker()
    machine.sent("key", ["ab", "c"], now=0)
    for state, final in (("accepted", False), ("buffered", False), ("delivered", True), ("buffered", False)):
        assert machine.receipt("ab", state, final=final, now=0) == ()
    assert machine.receipt("ab", "expired", final=True, now=0) == ()
    (whole,) = machine.receipt("c", "delivered", final=True, now=0)
    assert whole.state == "delivered"


def test_contradicting_receipts_change_nothing() -> None:
    """The first final state of a part stays, whichever it is, and counts once."""
    for first, second in (("failed", "delivered"), ("delivered", "failed")):
        machine = tracker()
        machine.sent("key", [1, 2], now=0)
        for state in (first, first, second):
            assert machine.receipt(1, state, final=True, now=0) == ()
        (whole,) = machine.receipt(2, "delivered", final=True, now=0)
        assert whole.parts == ((1, first), (2, "delivered"))


def test_late_receipts_are_passed_over() -> None:
    """What comes for a message that is over is not kept for another one that uses the part again."""
    machine = tracker()
    machine.sent("first", [1], now=0)
    assert len(machine.receipt(1, "failed", final=True, now=0)) == 1
    assert machine.receipt(1, "delivered", final=True, now=0) == ()
    assert machine.sent("second", [1], now=0) == ()
    (whole,) = machine.receipt(1, "delivered", final=True, now=0)
    assert (whole.key, whole.state) == ("second", "delivered")


def test_a_part_that_is_used_again_ends_its_message() -> None:
    """A TP-MR that wraps belongs to the message that used it last, and the earlier one is reported."""
    machine = tracker()
    machine.sent("first", [1, 2], now=0)
    machine.receipt(1, "delivered", final=True, now=0)
    (replaced,) = machine.sent("second", [2, 3], now=1)
    assert replaced == Whole("first", None, ((1, "delivered"), (2, None)), "replaced")
    assert machine.receipt(2, "delivered", final=True, now=1) == ()
    (whole,) = machine.receipt(3, "delivered", final=True, now=1)
    assert (whole.key, whole.delivered) == ("second", True)


def test_messages_expire_with_what_is_known() -> None:
    """A message is given up max_age after it was sent; the state is that of a part that failed, if one did."""
    machine = tracker()
    machine.sent("waiting", [1, 2], now=0)
    machine.sent("failed", [3, 4], now=1)
    machine.receipt(1, "delivered", final=True, now=90)
    machine.receipt(2, "buffered", final=False, now=90)
    machine.receipt(4, "rejected", final=True, now=90)
    assert machine.expire(now=100) == ()
    assert machine.expire(now=102) == (
        Whole("waiting", "buffered", ((1, "delivered"), (2, "buffered")), "expired"),
        Whole("failed", "rejected", ((3, None), (4, "rejected")), "expired"),
    )
    assert [whole.missing for whole in (machine.sent("x", [5], now=0), machine.expire(now=300))[1]] == [(1,)]


@pytest.mark.parametrize(("max_pending", "remembered"), [(5, 255), (15, 255), (16, 256), (20, 320)])
def test_floods_stay_within_bounds(max_pending: int, remembered: int) -> None:
    """Messages without receipts, receipts without messages and messages that are over are bounded, none unreported."""
    machine = tracker(max_pending=max_pending)
    ended: list[Whole] = []
    for number in range(1_000):
        ended += machine.sent(number, [number], now=0)
        ended += machine.receipt(("unknown", number), "delivered", final=True, now=0)
    assert (machine.pending, len(ended)) == (max_pending, 1_000 - max_pending)
    assert {whole.reason for whole in ended} == {"evicted"}
    assert len(machine._early) == len(machine._over) == remembered
    first, last = 1_000 - remembered, 999
    assert is_kept(machine, ("unknown", first))
    assert is_kept(machine, ("unknown", last))
    assert not is_kept(machine, ("unknown", first - 1))


def is_kept(machine: DeliveryTracker, part: object) -> bool:
    """Whether the receipt of a part that was not sent yet is remembered."""
    (*_, whole) = machine.sent("key", [part], now=0)
    return whole.key == "key"


def finished(machine: DeliveryTracker, part: str, now: float) -> None:
    """Send a message of one part and take its receipt."""
    machine.sent("key", [part], now=now)
    machine.receipt(part, "delivered", final=True, now=now)


def test_early_receipts_are_forgotten_by_their_age() -> None:
    """Each is kept for max_age from its first state on, and no longer."""
    machine = tracker()
    for now, part in ((0, "old"), (60, "new"), (90, "old")):
        machine.receipt(part, "failed", final=True, now=now)
    assert machine.sent("key", ["old"], now=101) == ()
    assert [whole.state for whole in machine.sent("key", ["new"], now=101)] == ["failed"]


@pytest.mark.parametrize(("now", "forgotten"), [(100, ""), (101, "a"), (161, "ab"), (191, "abc")])
def test_parts_that_are_over_are_forgotten_by_their_age(now: float, forgotten: str) -> None:
    """A late receipt is passed over for max_age after the part was over, the last time if it was used again."""
    machine = tracker()
    for then, part in ((0, "c"), (0, "a"), (60, "b"), (90, "c")):
        finished(machine, part, then)
    for part in "abc":
        machine.receipt(part, "failed", final=True, now=now)
        assert bool(machine.sent("key", [part], now=now)) == (part in forgotten)


def test_least_and_largest_values() -> None:
    """A message may have one part or 255; ages may be 0, so that all that is older than now is given up."""
    machine = tracker(max_age=0, max_pending=1)
    assert machine.sent("one", ["part"], now=0) == ()
    assert machine.expire(now=0) == ()
    (whole,) = machine.sent("most", range(255), now=1)
    assert (whole.key, whole.reason) == ("one", "expired")
    (whole,) = machine.expire(now=1.5)
    assert whole.missing == tuple(range(1, 256))


@pytest.mark.parametrize(
    ("state", "delivered"),
    [
        ("Delivered", True),
        ("DELIVRD", True),
        ("undelivered", False),
        (MessageState.DELIVERED, True),
        (MessageState.DELETED, False),
        (MessageState.ENROUTE, False),
        (Status(0), True),
        (Status(2), False),
        (0, True),
        (1, False),
        (False, False),
        (None, False),
    ],
)
def test_what_counts_as_delivered(state: object, delivered: bool) -> None:
    """Words, enumerations and TP-ST each say it in their way; a state of SMPP is not mistaken for a TP-ST."""
    assert is_delivered(state) == delivered


def test_receipts_of_a_service_centre() -> None:
    """What a Receipt says goes in as it is."""
    machine = tracker()
    machine.sent("key", ["7f"], now=0)
    for text in ("id:7f stat:ENROUTE", "id:7f stat:ACCEPTD", "id:7f stat:UNDELIV"):
        receipt = Receipt.parse(text)
        assert receipt.state is not None
        outcomes = machine.receipt(receipt.message_id, receipt.state, final=receipt.state.final, now=0)
    (whole,) = outcomes
    assert whole.state is MessageState.UNDELIVERABLE


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("max_age", lambda machine: tracker(max_age=-1)),
        ("max_age", lambda machine: tracker(max_age=float("nan"))),
        ("max_pending", lambda machine: tracker(max_pending=0)),
        ("parts", lambda machine: machine.sent("key", [], now=200)),
        ("parts", lambda machine: machine.sent("key", 1, now=200)),
        ("parts", lambda machine: machine.sent("key", None, now=200)),
        ("parts", lambda machine: machine.sent("key", "0A01", now=200)),
        ("parts", lambda machine: machine.sent("key", [1, 1], now=200)),
        ("parts", lambda machine: machine.sent("key", range(256), now=200)),
        ("now", lambda machine: machine.sent("key", [1], now="200")),
        ("now", lambda machine: machine.receipt(1, "failed", final=True, now=None)),
    ],
)
def test_refused_calls_change_nothing(field: str, call: Any) -> None:
    """Impossible arguments are refused by name before anything is given up."""
    machine = tracker()
    machine.sent("held", [1], now=0)
    with pytest.raises(FieldError) as caught:
        call(machine)
    assert caught.value.field == field
    assert [whole.reason for whole in machine.expire(now=101)] == ["expired"]


def test_keys_that_cannot_be_hashed_change_nothing() -> None:
    """They are a TypeError, before anything is given up."""
    machine = tracker()
    machine.sent("held", [1], now=0)
    unhashable: Any = []
    with pytest.raises(TypeError):
        machine.sent(unhashable, [2], now=200)
    with pytest.raises(TypeError):
        machine.sent("key", [unhashable], now=200)
    with pytest.raises(TypeError):
        machine.receipt(unhashable, "x", final=True, now=200)
    assert machine.pending == 1


class Naive:
    """The rules as they stand in the module's docstring, over lists."""

    def __init__(self, max_age: int, max_pending: int) -> None:
        self.max_age, self.max_pending, self.now = max_age, max_pending, float("-inf")
        self.messages: list[tuple[float, str, list[list[Any]]]] = []  # when, key, and part, state, final of each part
        self.early: list[list[Any]] = []  # when, part, state, final
        self.over: list[tuple[float, object]] = []  # when and part

    def end(self, message: tuple[float, str, list[list[Any]]], reason: Reason) -> Whole:
        """Report a message and remember its parts."""
        self.messages.remove(message)
        self.over += [(self.now, part) for part, _, _ in message[2]]
        states = [(state, final) for _, state, final in message[2]]
        failed = [state for state, final in states if final and state != "delivered"]
        waiting = [state for state, _ in states if state != "delivered"]
        parts = tuple((part, state) for part, state, _ in message[2])
        return Whole(message[1], [*failed, *waiting, "delivered"][0], parts, reason)

    def expire(self, now: int) -> list[Whole]:
        """What is too old."""
        self.now = max(self.now, now)
        self.early = [one for one in self.early if self.now - one[0] <= self.max_age]
        self.over = [one for one in self.over if self.now - one[0] <= self.max_age]
        return [self.end(one, "expired") for one in list(self.messages) if self.now - one[0] > self.max_age]

    def sent(self, key: str, parts: list[int], now: int) -> list[Whole]:
        """A message."""
        ended = self.expire(now)
        shared = [one for part in parts for one in self.messages if part in [known for known, _, _ in one[2]]]
        shared = [one for index, one in enumerate(shared) if one not in shared[:index]]
        ended += [self.end(one, "replaced") for one in shared]
        self.over = [one for one in self.over if one[1] not in parts]
        known = {one[1]: one[2:] for one in self.early}
        self.early = [one for one in self.early if one[1] not in parts]
        message = (self.now, key, [[part, *known.get(part, [None, False])] for part in parts])
        self.messages.append(message)
        if all(final for _, _, final in message[2]):
            return [*ended, self.end(message, "final")]
        return [*ended, *([self.end(self.messages[0], "evicted")] if len(self.messages) > self.max_pending else [])]

    def receipt(self, part: int, state: str, final: bool, now: int) -> list[Whole]:
        """A receipt."""
        ended = self.expire(now)
        for message in self.messages:
            for one in message[2]:
                if one[0] == part:
                    one[1:] = one[1:] if one[2] else [state, final]
                    done = all(known for _, _, known in message[2])
                    return [*ended, *([self.end(message, "final")] if done else [])]
        early = [one for one in self.early if one[1] == part]
        if early:
            early[0][2:] = early[0][2:] if early[0][3] else [state, final]
        elif part not in [one[1] for one in self.over]:
            self.early.append([self.now, part, state, final])
        return ended


class ManyMessages(RuleBasedStateMachine):
    """Messages over few identifiers, which come again, with receipts early, late, repeated and contradicting."""

    @initialize(max_pending=st.sampled_from([1, 3, 50]))
    def start(self, max_pending: int) -> None:
        """Begin with room for few or for many messages."""
        self.now = 0
        self.max_pending = max_pending
        self.machine = DeliveryTracker(max_age=100, max_pending=max_pending)
        self.naive = Naive(100, max_pending)
        self.keys: list[str] = []
        self.ended: list[object] = []

    @rule(parts=st.lists(st.integers(0, 8), min_size=1, max_size=3, unique=True), clock=st.sampled_from([0, -60]))
    def send(self, parts: list[int], clock: int) -> None:
        """A message is sent in one to three parts."""
        key = f"message {len(self.keys)}"
        self.keys.append(key)
        self.hold(self.machine.sent(key, parts, now=self.now + clock), self.naive.sent(key, parts, self.now + clock))

    @rule(
        part=st.integers(0, 8),
        state=st.sampled_from(["buffered", "delivered", "failed"]),
        clock=st.sampled_from([0, -60]),
    )
    def report(self, part: int, state: str, clock: int) -> None:
        """A receipt comes, of a part that may be known or not."""
        now, final = self.now + clock, state != "buffered"
        self.hold(self.machine.receipt(part, state, final=final, now=now), self.naive.receipt(part, state, final, now))

    @rule(seconds=st.sampled_from([1, 40, 101]))
    def wait(self, seconds: int) -> None:
        """Time passes, and the owner asks for what is too old."""
        self.now += seconds
        self.hold(self.machine.expire(now=self.now), self.naive.expire(self.now))

    def hold(self, found: tuple[Whole, ...], expected: list[Whole]) -> None:
        """Hold what came out against the naive rules."""
        assert list(found) == expected
        self.ended += [whole.key for whole in found]

    @invariant()
    def every_message_ends_once(self) -> None:
        """Each message is still followed or was reported, once; and no more are followed than may be."""
        if hasattr(self, "machine"):
            assert len(set(self.ended)) == len(self.ended)
            assert self.machine.pending == len(self.keys) - len(self.ended) <= self.max_pending


TestManyMessages = ManyMessages.TestCase
TestManyMessages.settings = settings(stateful_step_count=60)
