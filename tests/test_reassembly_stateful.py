"""Many senders at one Reassembler: nothing is lost, invented or mixed, whatever happens on the way."""

from __future__ import annotations

from collections import Counter
from string import ascii_letters
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from smscodec import SegmentedMessage, segment
from smscodec.reassembly import Incomplete, Reassembled, Reassembler


class Identity(NamedTuple):
    """What a receiver can tell messages apart by."""

    sender: str
    reference: int
    wide: bool
    total: int


ALPHABETS = {
    "GSM 7-bit": ascii_letters,
    "escaped": [f"{letter}€" for letter in ascii_letters],
    "UCS-2": [chr(0x410 + number) for number in range(52)],
    "surrogates": [chr(0x1F600 + number) for number in range(52)],
}
"""A filler for each message, so that no segment of one is like any of another."""


class ManySenders(RuleBasedStateMachine):
    """Senders whose segments are delayed, shuffled, repeated and lost on the way to one reassembler.

    Each segment that is delivered carries a number as its origin, so that at the end every single delivery can be
    accounted for: it is in a message, in a report of a message given up, or it repeats one that is. Senders count their
    references from 254 on, so that these begin again at 0, and may use the last one again at once, as they should not:
    messages of one identity cannot always be told apart, and nothing else is ever mixed.
    """

    in_flight = Bundle("in_flight")
    max_age = 100

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.messages: list[SegmentedMessage] = []
        self.identities: list[Identity] = []
        self.references: dict[tuple[str, bool], int] = {}
        self.delivered: list[tuple[int, int, int]] = []  # message, index of its segment, time; by origin
        self.finished: dict[int, int] = {}  # message and time
        self.reported: list[int] = []
        self.evictions = 0

    @initialize(
        max_pending=st.sampled_from([1, 2, 50]),
        max_parts=st.sampled_from([None, 4]),
        max_octets=st.sampled_from([None, 400]),
    )
    def start(self, max_pending: int, max_parts: int | None, max_octets: int | None) -> None:
        """Begin with room for few or for many unfinished messages, parts and octets."""
        self.max_pending = max_pending
        self.max_parts = max_parts or max(255, 16 * max_pending)
        self.max_octets = max_octets or 160 * self.max_parts
        self.machine = Reassembler(
            max_age=self.max_age, max_pending=max_pending, max_parts=max_parts, max_octets=max_octets
        )

    @precondition(lambda self: len(self.messages) < len(ascii_letters))
    @rule(
        target=in_flight,
        sender=st.sampled_from("ABC"),
        alphabet=st.sampled_from(sorted(ALPHABETS)),
        length=st.sampled_from([1, 80, 160, 200, 400]),
        wide=st.booleans(),
        again=st.booleans(),
    )
    def send(self, sender: str, alphabet: str, length: int, wide: bool, again: bool) -> object:
        """A sender sends a message, under the next of its references of either width or under the last one again."""
        number = len(self.messages)
        reference = (self.references.get((sender, wide), 253) + (not again)) % 256
        self.references[sender, wide] = reference
        message = segment(ALPHABETS[alphabet][number] * length, reference=reference, wide_reference=wide)
        self.messages.append(message)
        self.identities.append(Identity(sender, reference, wide, len(message)))
        return multiple(*((number, index) for index in range(len(message))))

    @rule(segment_=in_flight)
    def deliver(self, segment_: tuple[int, int]) -> None:
        """Any segment that was sent arrives, for the first time or again; those never drawn are lost."""
        number, index = segment_
        origin = len(self.delivered)
        self.delivered.append((number, index, self.now))
        user_data = self.messages[number][index].user_data
        outcomes = self.machine.add(self.identities[number].sender, user_data, now=self.now, origin=origin)
        self.account(outcomes)
        for outcome in outcomes:
            if isinstance(outcome, Incomplete) and outcome.reason == "conflicting":
                self.account_conflict(number, index, outcome)

    @rule(seconds=st.sampled_from([1, 40, 101]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds

    @precondition(lambda self: self.delivered)
    @rule()
    def expire(self) -> None:
        """The owner asks for what is too old."""
        self.account(self.machine.expire(now=self.now))

    def account(self, outcomes: tuple[Reassembled | Incomplete, ...]) -> None:
        """Hold each outcome against what was sent."""
        for outcome in outcomes:
            origins = [origin for origin in outcome.origins if isinstance(origin, int)]
            numbers = {self.delivered[origin][0] for origin in origins}
            (identity,) = {self.identities[number] for number in numbers}
            places = [self.delivered[origin][:2] for origin in origins]
            indices = [index for _, index in places]
            assert outcome.key == identity.sender
            assert list(outcome.parts) == [self.messages[number][index].user_data for number, index in places]
            self.reported += origins
            if isinstance(outcome, Reassembled):
                assert indices == list(range(identity.total))
                if len(numbers) == 1:
                    self.account_finished(numbers.pop(), outcome)
            else:
                assert outcome.missing == tuple(n + 1 for n in range(identity.total) if n not in indices)
                self.evictions += outcome.reason == "evicted"

    def account_finished(self, number: int, whole: Reassembled) -> None:
        """The text is the one that was sent, and comes once, as long as the reassembler can remember it."""
        assert whole.text(strict=True) == self.messages[number].text
        before = self.finished.get(number)
        if before is not None and self.max_pending >= 50 and self.is_told_apart(number):
            assert self.now - before > self.max_age
        self.finished[number] = self.now

    def account_conflict(self, number: int, index: int, outcome: Incomplete) -> None:
        """What was given up held another message's segment at the place of the one that came."""
        places = [self.delivered[origin][:2] for origin in outcome.origins if isinstance(origin, int)]
        assert [other != number for other, place in places if place == index] == [True]

    def is_told_apart(self, number: int) -> bool:
        """Whether the message is one of several segments whose identity no other has."""
        identity = self.identities[number]
        return identity.total > 1 and Counter(self.identities)[identity] == 1

    @invariant()
    def stays_within_bounds(self) -> None:
        """The bounds hold at every moment."""
        if hasattr(self, "machine"):
            assert self.machine.pending <= self.max_pending
            assert self.machine.parts <= self.max_parts
            assert self.machine.octets <= self.max_octets

    def teardown(self) -> None:
        """Every delivery is accounted for, once; and a message that could be finished was."""
        if not hasattr(self, "machine"):
            return
        self.account(self.machine.expire(now=self.now + self.max_age + 1))
        assert (self.machine.pending, self.machine.parts, self.machine.octets) == (0, 0, 0)
        assert len(set(self.reported)) == len(self.reported)
        for origin in set(range(len(self.delivered))) - set(self.reported):
            assert self.is_repetition(origin)
        if not self.evictions:
            in_time = {number for number in range(len(self.messages)) if self.came_in_time(number)}
            assert {number for number in in_time if self.is_told_apart(number)} <= self.finished.keys()

    def is_repetition(self, origin: int) -> bool:
        """Whether the same segment was delivered before."""
        number, index, _ = self.delivered[origin]
        return any((number, index) == earlier[:2] for earlier in self.delivered[:origin])

    def came_in_time(self, number: int) -> bool:
        """Whether all segments came within max_age of the first of them."""
        message = self.messages[number]
        first: dict[int, int] = {}
        for message_number, index, time in self.delivered:
            if message_number == number:
                first.setdefault(index, time)
        return len(first) == len(message) and max(first.values()) - min(first.values()) <= self.max_age


TestManySenders = ManySenders.TestCase
TestManySenders.settings = settings(max_examples=60, stateful_step_count=60)
