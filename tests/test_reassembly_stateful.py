"""Many senders at one Reassembler: nothing is lost, invented or mixed, whatever happens on the way."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from smscodec import SegmentedMessage, segment
from smscodec.reassembly import Incomplete, Reassembled, Reassembler


class ManySenders(RuleBasedStateMachine):
    """Senders whose segments are delayed, shuffled, repeated and lost on the way to one reassembler.

    Each segment that is delivered carries a number as its origin, so that at the end every single delivery can be
    accounted for: it is in a message, in a report of a message given up, or it repeats one that is.
    """

    in_flight = Bundle("in_flight")
    max_age = 100

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.messages: list[tuple[str, SegmentedMessage]] = []
        self.references: dict[tuple[str, bool], int] = {}
        self.delivered: list[tuple[int, int, int]] = []  # message, index of its segment, time; by origin
        self.finished: dict[int, int] = {}  # message and time
        self.reported: list[int] = []
        self.evictions = 0

    @initialize(max_pending=st.sampled_from([1, 2, 50]))
    def start(self, max_pending: int) -> None:
        """Begin with room for few or for many unfinished messages."""
        self.max_pending = max_pending
        self.machine = Reassembler(max_age=self.max_age, max_pending=max_pending)

    @rule(
        target=in_flight,
        sender=st.sampled_from("ABC"),
        filler=st.sampled_from(["a", "€", "ж", "😀"]),
        length=st.sampled_from([1, 80, 160, 200, 400]),
        wide=st.booleans(),
    )
    def send(self, sender: str, filler: str, length: int, wide: bool) -> object:
        """A sender sends a message, under the next of its references of either width."""
        number = len(self.messages)
        reference = self.references.get((sender, wide), 0)
        self.references[sender, wide] = (reference + 1) % 256
        text = f"{number}:{sender}:" + filler * length
        message = segment(text, reference=reference, wide_reference=wide)
        self.messages.append((sender, message))
        return multiple(*((number, index) for index in range(len(message))))

    @rule(segment_=in_flight)
    def deliver(self, segment_: tuple[int, int]) -> None:
        """Any segment that was sent arrives, for the first time or again; those never drawn are lost."""
        number, index = segment_
        sender, message = self.messages[number]
        origin = len(self.delivered)
        self.delivered.append((number, index, self.now))
        self.account(self.machine.add(sender, message[index].user_data, now=self.now, origin=origin))

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
            (number,) = {self.delivered[origin][0] for origin in origins}
            sender, message = self.messages[number]
            indices = [self.delivered[origin][1] for origin in origins]
            assert outcome.key == sender
            assert list(outcome.parts) == [message[index].user_data for index in indices]
            self.reported += origins
            if isinstance(outcome, Reassembled):
                assert outcome.text() == message.text
                self.account_finished(number, len(message))
            else:
                assert outcome.missing == tuple(n + 1 for n in range(len(message)) if n not in indices)
                self.evictions += outcome.reason == "evicted"
                assert outcome.reason != "conflicting"

    def account_finished(self, number: int, segments: int) -> None:
        """A message of several segments is not finished twice, as long as the reassembler can remember it."""
        before = self.finished.get(number)
        if before is not None and segments > 1 and self.max_pending >= 50:
            assert self.now - before > self.max_age
        self.finished[number] = self.now

    @invariant()
    def stays_within_bounds(self) -> None:
        """The bounds hold at every moment."""
        if hasattr(self, "machine"):
            assert self.machine.pending <= self.max_pending
            assert self.machine.parts <= 255 * self.max_pending

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
            assert in_time <= self.finished.keys()

    def is_repetition(self, origin: int) -> bool:
        """Whether the same segment was delivered before."""
        number, index, _ = self.delivered[origin]
        return any((number, index) == earlier[:2] for earlier in self.delivered[:origin])

    def came_in_time(self, number: int) -> bool:
        """Whether all segments came within max_age of the first of them."""
        _, message = self.messages[number]
        first: dict[int, int] = {}
        for message_number, index, time in self.delivered:
            if message_number == number:
                first.setdefault(index, time)
        return len(first) == len(message) and max(first.values()) - min(first.values()) <= self.max_age


TestManySenders = ManySenders.TestCase
TestManySenders.settings = settings(max_examples=60, stateful_step_count=60)
