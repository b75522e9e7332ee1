"""Many senders at one Reassembler: nothing is lost, invented or mixed, whatever happens on the way."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from smscodec import SegmentedMessage, segment
from smscodec.reassembly import Event, Incomplete, Reassembled, Reassembler, Repeated
from tests.reassembling import Arrival, Model

FILLERS = [
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"{letter}€" for letter in "ABCDEFGH"),
    *(chr(0x410 + number) for number in range(16)),
    *(chr(0x1F600 + number) for number in range(8)),
]
"""What each message is filled with, in either alphabet, with escape pairs and with surrogate pairs."""
ALERT = "ALERT! Do not use the tap water. " * 6
"""The beginning of many messages, longer than a segment of GSM 7-bit."""
START = datetime(2026, 1, 1, tzinfo=UTC)


class ManySenders(RuleBasedStateMachine):
    """Senders whose segments are delayed, shuffled, repeated and lost on the way to one reassembler.

    Each has two references, so that the third message comes under the first one's, and may begin every message with the
    same segment. Some service centres say when a part was sent. Each part that arrives carries a number as its origin,
    so that at the end every arrival is accounted for. A naive model of decision D39 says what each step must give.
    """

    in_flight = Bundle("in_flight")
    max_age = 100
    repeat_age = 30
    window = timedelta(seconds=10)

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.messages: list[tuple[str, SegmentedMessage, datetime | None]] = []  # with sender and time of sending
        self.references: Counter[tuple[str, bool]] = Counter()
        self.arrivals: list[Arrival] = []
        self.came_from: list[int] = []  # the message of each arrival
        self.ended: Counter[int] = Counter()

    @initialize(
        max_pending=st.sampled_from([1, 2, 50]),
        max_parts=st.sampled_from([4, 1000]),
        max_octets=st.sampled_from([400, 100_000]),
    )
    def start(self, max_pending: int, max_parts: int, max_octets: int) -> None:
        """Begin with room for few or for many unfinished messages, parts and octets."""
        self.bounds = max_pending, max_parts, max_octets
        self.machine = Reassembler(
            max_age=self.max_age,
            max_pending=max_pending,
            repeat_age=self.repeat_age,
            sent_window=self.window,
            max_parts=max_parts,
            max_octets=max_octets,
        )
        self.model = Model(
            max_age=self.max_age,
            repeat_age=self.repeat_age,
            window=self.window,
            max_pending=max_pending,
            max_parts=max_parts,
            max_octets=max_octets,
        )

    @precondition(lambda self: len(self.messages) < len(FILLERS))
    @rule(
        target=in_flight,
        sender=st.sampled_from("AAB"),
        length=st.sampled_from([1, 100, 160, 300]),
        alert=st.booleans(),
        wide=st.sampled_from([False, False, True]),
        again=st.sampled_from([False, False, True]),
        timed=st.booleans(),
    )
    def send(self, *, sender: str, length: int, alert: bool, wide: bool, again: bool, timed: bool) -> object:
        """A sender sends a message under the next of its references, or under the last one again."""
        number = len(self.messages)
        self.references[sender, wide] += not again
        text = ALERT * alert + FILLERS[number] * length
        message = segment(text, reference=self.references[sender, wide] % 2, wide_reference=wide)
        self.messages.append((sender, message, START + timedelta(seconds=self.now) if timed else None))
        return multiple(*((number, index) for index in range(len(message))))

    @rule(
        segment_=in_flight,
        late=st.sampled_from([0, 0, 1, 9, 11]),
        clock=st.sampled_from([0, 0, 0, -50]),
    )
    def deliver(self, segment_: tuple[int, int], late: int, clock: int) -> None:
        """Any segment that was sent arrives, for the first time or again; those never drawn are lost.

        The service centre may stamp the segments of one message some seconds apart, and the receiver's clock may err.
        """
        number, index = segment_
        sender, message, sent = self.messages[number]
        origin = len(self.arrivals)
        stamp = None if sent is None else sent + timedelta(seconds=late)
        user_data = message[index].user_data
        now = self.now + clock
        outcomes = self.machine.add(sender, user_data, now=now, sent=stamp, origin=origin)
        self.came_from.append(number)
        self.arrivals.append(Arrival(sender, user_data, stamp, origin))
        if len(message) == 1:
            *given_up, whole = outcomes
            assert whole == Reassembled(sender, (user_data,), (origin,))
            assert given_up == self.model.expire(now)
        else:
            assert list(outcomes) == self.model.add(self.arrivals[-1], now)
        self.account(outcomes)

    @rule(seconds=st.sampled_from([1, 9, 31, 101]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds

    @precondition(lambda self: self.arrivals)
    @rule()
    def expire(self) -> None:
        """The owner asks for what is too old."""
        outcomes = self.machine.expire(now=self.now)
        assert list(outcomes) == self.model.expire(self.now)
        self.account(outcomes)

    def account(self, outcomes: tuple[Event, ...]) -> None:
        """Count the event of each arrival, and hold a message against what was sent."""
        for outcome in outcomes:
            origins = (outcome.origin,) if isinstance(outcome, Repeated) else outcome.origins
            self.ended.update(origin for origin in origins if isinstance(origin, int))
            if isinstance(outcome, Reassembled):
                self.account_whole(outcome)
            if isinstance(outcome, Incomplete) and outcome.reason == "conflicting":
                assert len({self.came_from[origin] for origin in origins if isinstance(origin, int)}) > 1

    def account_whole(self, whole: Reassembled) -> None:
        """Its text is one that was sent; a mixture is of messages that had no parts at one place, sent together."""
        arrivals = [self.arrivals[origin] for origin in whole.origins if isinstance(origin, int)]
        texts = {self.messages[self.came_from[arrival.origin]][1].text for arrival in arrivals}
        if whole.text(strict=True) not in texts:
            stamps = sorted(arrival.sent for arrival in arrivals if arrival.sent is not None)
            assert len(stamps) in (0, len(arrivals))
            assert all(later - earlier <= self.window for earlier, later in pairwise(stamps))

    @invariant()
    def stays_within_bounds(self) -> None:
        """The bounds hold at every moment."""
        if hasattr(self, "machine"):
            held = self.machine.pending, self.machine.parts, self.machine.octets
            assert all(number <= bound for number, bound in zip(held, self.bounds, strict=True))

    def teardown(self) -> None:
        """Every arrival ended in one event, but for those equal to one that was held when they came."""
        if not hasattr(self, "machine"):
            return
        self.account(self.machine.expire(now=self.now + self.max_age + 1))
        assert (self.machine.pending, self.machine.parts, self.machine.octets) == (0, 0, 0)
        assert set(self.ended.values()) <= {1}
        for arrival in self.arrivals:
            if not self.ended[arrival.origin]:
                earlier = self.arrivals[: arrival.origin]
                assert (arrival.key, arrival.data) in [(one.key, one.data) for one in earlier]


TestManySenders = ManySenders.TestCase
TestManySenders.settings = settings(stateful_step_count=60)
