"""Reassembler: what becomes of each part and of each message."""

from __future__ import annotations

import contextlib
import itertools
import json
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import NationalLanguage, UserData, UserDataHeader, segment, segment_data, ucs2
from smscodec.dcs import Alphabet
from smscodec.errors import DecodeError, FieldError
from smscodec.reassembly import Event, Incomplete, Reassembled, Repeated
from smscodec.testing.strategies import texts
from smscodec.udh import ApplicationPort, Concatenation, NationalLanguageSingleShift
from tests.reassembling import LONG, OTHER, given_up, part, parts, reassembler, whole
from tests.rows import each_row

# Whole messages -------------------------------------------------------------------------------------------------------


def test_single_segment_is_whole() -> None:
    """User data without a concatenation element is a message by itself, also when it comes again."""
    machine, (single,) = reassembler(), parts("Hello")
    for _ in range(2):
        message = whole(machine.add("key", single, now=0, origin="id"))
        assert (message.key, message.parts, message.origins, message.text()) == ("key", (single,), ("id",), "Hello")
    assert machine.pending == 0


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order(order: tuple[int, ...]) -> None:
    """Parts may come in any order; the last to come brings the message, its parts in their own order."""
    machine, segments = reassembler(), parts()
    *early, last = order
    for number in early:
        assert machine.add("key", segments[number], now=number, origin=number) == ()
    message = whole(machine.add("key", segments[last], now=0, origin=last))
    assert (message.parts, message.origins, message.text()) == (tuple(segments), (0, 1, 2), LONG)
    assert (machine.pending, machine.parts, machine.octets) == (0, 0, 0)


def test_one_of_one() -> None:
    """A concatenated message of one segment is whole at once, and its repetition is an event."""
    machine = reassembler()
    assert whole(machine.add("key", part(1, 1), now=0)).payload == b"\x01"
    assert machine.add("key", part(1, 1), now=1) == (Repeated("key", part(1, 1)),)


def test_largest_message() -> None:
    """255 segments make a message under the narrowest default bounds."""
    machine = reassembler(max_pending=1)
    segments = parts("ж" * 67 * 255)
    outcomes = [machine.add("key", segment_, now=0) for segment_ in reversed(segments)]
    assert outcomes[:-1] == [()] * 254
    assert whole(outcomes[-1]).text() == "ж" * 67 * 255


@given(texts(), st.booleans(), st.randoms(use_true_random=False))
def test_text_comes_back(text: str, wide: bool, random: Random) -> None:
    """Whatever was segmented comes back as it was, in whatever order its segments come."""
    segments = parts(text, wide=wide)
    random.shuffle(segments)
    *_, last = reassembler_outcomes(segments)
    assert whole(last).text(strict=True) == text


def reassembler_outcomes(segments: list[UserData]) -> Iterator[tuple[Event, ...]]:
    """The outcomes of adding segments to a new reassembler."""
    machine = reassembler()
    return iter([machine.add("key", segment_, now=0) for segment_ in segments])


# What text is made of -------------------------------------------------------------------------------------------------


def test_d11_utf16_is_joined_before_it_is_decoded() -> None:
    """A surrogate pair that the sender cut between two segments reads as its character."""
    octets = ucs2.encode("ab😀cd")
    halves = [octets[:6], octets[6:]]
    machine = reassembler()
    for number, half in enumerate(halves, 1):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(Alphabet.UCS2, half, header), now=0)
    assert whole(outcomes).text(strict=True) == "ab😀cd"


def test_escape_pair_is_joined_before_it_is_decoded() -> None:
    """An escape that the sender left at the end of a segment escapes the first code of the next."""
    machine = reassembler()
    for number, septets in enumerate([b"a\x1b", b"e"], 1):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(Alphabet.GSM_7BIT, septets, header), now=0)
    assert whole(outcomes).text(strict=True) == "a€"


def test_d12_odd_octet_does_not_shift_what_follows() -> None:
    """An odd octet at the end of a UCS-2 segment is dropped there; strict reading refuses it."""
    machine = reassembler()
    for number, octets in enumerate([b"\x04\x36\x04", b"\x04\x37\x04"], 1):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(Alphabet.UCS2, octets, header), now=0)
    message = whole(outcomes)
    assert message.text() == "жз"
    with pytest.raises(DecodeError):
        message.text(strict=True)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=2), data=st.data(), repeat=st.booleans())
def test_d38_a_mark_counts_for_all_parts(text: str, data: st.DataObject, *, repeat: bool) -> None:
    """A message whose first part begins with FF FE is little-endian, whether the other parts repeat the mark or not."""
    octets = text.encode("utf-16-le")
    cut = 2 * data.draw(st.integers(0, len(octets) // 2))
    halves = [b"\xff\xfe" + octets[:cut], b"\xff\xfe" * repeat + octets[cut:].removeprefix(b"\xff\xfe")]
    machine = reassembler()
    for number, half in enumerate(halves, 1):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(Alphabet.UCS2, half, header), now=0)
    expected = octets[:cut] + octets[cut:].removeprefix(b"\xff\xfe")
    assert whole(outcomes).text() == expected.decode("utf-16-le", "replace")
    with contextlib.suppress(DecodeError):  # letters such as U+00D8 are half a pair in the other byte order
        assert whole(outcomes).text(strict=True).startswith("\ufffe")


def test_d38_a_mark_in_a_later_part_is_text() -> None:
    """A message that does not begin with the mark is big-endian throughout."""
    machine = reassembler()
    for number, half in enumerate([b"\x04\x16", b"\xff\xfe\x04\x16"], 1):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(Alphabet.UCS2, half, header), now=0)
    assert whole(outcomes).text() == "Ж\ufffeЖ"


def test_header_is_never_text() -> None:
    """The octets of the header, whatever is in it, are not part of the text or of the data."""
    header = UserDataHeader([ApplicationPort(0x4142, 0x4344)])
    machine = reassembler()
    for message, kind in (
        (segment(LONG, reference=1, header=header), str),
        (segment_data(b"x" * 300, reference=2), bytes),
    ):
        *_, outcomes = [machine.add("key", segment_.user_data, now=0) for segment_ in message]
        result = whole(outcomes)
        assert (result.text() == LONG) if kind is str else (result.payload == b"x" * 300)


def test_parts_of_different_coding() -> None:
    """Parts of different alphabets and shift tables are each read by their own."""
    turkish = NationalLanguageSingleShift(NationalLanguage.TURKISH)
    machine = reassembler()
    for number, (alphabet, payload, shift) in enumerate(
        [
            (Alphabet.GSM_7BIT, b"a", []),
            (Alphabet.UCS2, b"\x04\x36", []),
            (Alphabet.GSM_7BIT, b"\x1bs", [turkish]),
            (Alphabet.GSM_7BIT, b"z", []),
        ],
        1,
    ):
        header = UserDataHeader([Concatenation(1, 4, number), *shift])
        outcomes = machine.add("key", UserData(alphabet, payload, header), now=0)
    assert (whole(outcomes).text(), whole(outcomes).has_text) == ("aжşz", True)


@pytest.mark.parametrize("compressed", [False, True])
def test_data_has_no_text(compressed: bool) -> None:
    """8-bit and compressed messages have a payload and no text."""
    alphabet = Alphabet.GSM_7BIT if compressed else Alphabet.DATA_8BIT
    machine = reassembler()
    for number in (1, 2):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(alphabet, b"\xff", header, compressed=compressed), now=0)
    message = whole(outcomes)
    assert (message.payload, message.has_text) == (b"\xff\xff", False)
    with pytest.raises(FieldError):
        message.text()


# What becomes of a part -----------------------------------------------------------------------------------------------


def test_d39_part_equal_to_one_that_is_held_changes_nothing() -> None:
    """The same part again causes no event and takes no room."""
    machine, segments = reassembler(), parts()
    for segment_ in [segments[0], segments[0], segments[1], segments[0]]:
        assert machine.add("key", segment_, now=0) == ()
    assert machine.parts == 2
    assert whole(machine.add("key", segments[2], now=0)).text() == LONG


@pytest.mark.parametrize("repeat_age", [None, 0, 60, 100])
def test_d39_repetition_after_the_end_is_an_event(repeat_age: float | None) -> None:
    """A part that comes again within repeat_age after its message was finished is Repeated, and begins nothing."""
    machine, segments = reassembler(repeat_age=repeat_age), parts()
    for segment_ in segments:
        machine.add("key", segment_, now=5)
    for number, segment_ in enumerate(reversed(segments)):
        now = 5 + (60 if repeat_age is None else repeat_age)
        assert machine.add("key", segment_, now=now, origin=number) == (Repeated("key", segment_, number),)
    assert machine.pending == 0


@pytest.mark.parametrize(("bounds", "age"), [({}, 60), ({"max_age": 7}, 7), ({"repeat_age": 99}, 99)])
def test_d39_repetition_is_forgotten_after_repeat_age(bounds: dict[str, float], age: float) -> None:
    """Later the same part begins a new message; by default after 60, and after max_age where that is less."""
    machine, segments = reassembler(**bounds), parts()
    for segment_ in segments:
        machine.add("key", segment_, now=0)
    assert machine.add("key", segments[0], now=age + 0.5) == ()
    assert machine.pending == 1


def test_finished_messages_are_remembered_up_to_a_bound() -> None:
    """At most max_pending finished messages are remembered, the latest ones."""
    machine = reassembler(max_pending=2)
    for reference in (1, 2, 3):
        machine.add("key", part(1, 1, reference=reference), now=0)
    for reference in (3, 2):
        (repeated,) = machine.add("key", part(1, 1, reference=reference), now=0)
        assert isinstance(repeated, Repeated)
    assert whole(machine.add("key", part(1, 1, reference=1), now=0)).payload == b"\x01"


def test_other_part_after_a_finished_message_begins_a_new_one() -> None:
    """A sender who uses the reference again with other content gets both messages through."""
    machine = reassembler()
    for text in (LONG, OTHER):
        *_, outcomes = [machine.add("key", segment_, now=0) for segment_ in parts(text)]
        assert whole(outcomes).text() == text


def test_d39_alerts_with_one_fixed_first_segment_are_all_delivered() -> None:
    """260 alerts a day to one number, all beginning alike, wrap the reference, and none is lost."""
    machine = reassembler(max_age=24 * 3600, max_pending=10_000)
    texts_ = [f"{LONG[:153]}Alert number {number}" for number in range(260)]
    found: list[str] = []
    for number, text in enumerate(texts_):
        for segment_ in parts(text, reference=number % 256):
            outcomes = machine.add("key", segment_, now=330 * number)
            found += [outcome.text() for outcome in outcomes if isinstance(outcome, Reassembled)]
    assert found == texts_


def test_d39_identical_message_later_is_an_event() -> None:
    """The same text under the same reference is delivered again after repeat_age, and Repeated part by part before."""
    machine, segments = reassembler(), parts()
    kinds = []
    for now in (0, 30, 61):
        kinds.append([type(event) for segment_ in segments for event in machine.add("key", segment_, now=now)])
    assert kinds == [[Reassembled], [Repeated] * 3, [Reassembled]]


def test_d39_contested_reference_is_given_up_whole() -> None:
    """A1 B1 A2 B2 under one reference make no message: all four end in one event, by place, then arrival."""
    machine, first, second = reassembler(), parts("Monday " * 40), parts("Friday " * 40)
    arrivals = [first[0], second[0], first[1], second[1]]
    for number, arrival in enumerate(arrivals):
        assert machine.add("key", arrival, now=number, origin=number) == ()
    assert machine.add("key", arrivals[2], now=50, origin="again") == ()
    assert machine.expire(now=100) == ()
    (incomplete,) = machine.expire(now=100.5)
    assert incomplete == Incomplete(
        "key", Concatenation(7, 2, 1), (first[0], second[0], first[1], second[1]), "conflicting", (0, 1, 2, 3)
    )
    assert incomplete.missing == ()
    *_, outcomes = [machine.add("key", segment_, now=101) for segment_ in first]
    assert whole(outcomes).text() == "Monday " * 40


def test_d39_contested_reference_may_be_evicted() -> None:
    """Its parts count towards the bounds like all others, and its event says conflicting all the same."""
    machine = reassembler(max_parts=3)
    for payload in (b"a", b"b", b"c"):
        assert machine.add("key", part(2, payload=payload), now=0) == ()
    (incomplete,) = machine.add("key", part(3), now=0)
    assert isinstance(incomplete, Incomplete)
    assert (incomplete.reason, incomplete.missing, len(incomplete.parts)) == ("conflicting", (1,), 4)
    assert (machine.pending, machine.parts, machine.octets) == (0, 0, 0)


NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@each_row("order", list(itertools.permutations([(0, 0), (0, 1), (1, 0), (1, 1)])))
def test_d39_time_of_sending_tells_messages_apart(order: list[tuple[int, int]]) -> None:
    """Two messages under one reference, sent an hour apart, are both found in whatever order their parts come."""
    machine, both = reassembler(), [parts("Monday " * 40), parts("Friday " * 40)]
    found = []
    for message, index in order:
        sent = NOON + timedelta(hours=message)
        outcomes = machine.add("key", both[message][index], now=0, sent=sent)
        found += [outcome.text() for outcome in outcomes if isinstance(outcome, Reassembled)]
    assert sorted(found) == ["Friday " * 40, "Monday " * 40]


def test_d39_lost_part_does_not_cost_the_next_message() -> None:
    """A1, B2, B1 with times an hour apart: B is whole, and A is given up when it expires."""
    machine, first, second = reassembler(), parts("Monday " * 40), parts("Friday " * 40)
    machine.add("key", first[0], now=0, sent=NOON)
    machine.add("key", second[1], now=1, sent=NOON + timedelta(hours=1))
    assert whole(machine.add("key", second[0], now=2, sent=NOON + timedelta(hours=1))).text() == "Friday " * 40
    assert given_up(machine.expire(now=101)) == [("expired", (2,))]


def test_d39_fixed_first_segments_sent_apart_are_two_parts() -> None:
    """A part equal to one that is held, but sent an hour later, begins another message."""
    machine = reassembler()
    for hour in (0, 1):
        assert machine.add("key", part(1, 2), now=0, sent=NOON + timedelta(hours=hour)) == ()
    for hour, payload in ((1, b"x"), (0, b"y")):
        outcomes = machine.add("key", part(2, 2, payload=payload), now=0, sent=NOON + timedelta(hours=hour))
        assert whole(outcomes).payload == b"\x01" + payload


@pytest.mark.parametrize(
    ("seconds", "window", "reasons"),
    [(600, None, ["conflicting"]), (601, None, ["expired"] * 2), (1, timedelta(), ["expired"] * 2)],
)
def test_d39_only_parts_within_one_window_contest(seconds: int, window: timedelta | None, reasons: list[str]) -> None:
    """Two parts at one place contest it if they were sent within the window, which is 10 minutes unless set."""
    machine = reassembler() if window is None else reassembler(sent_window=window)
    machine.add("key", part(1, payload=b"a"), now=0, sent=NOON)
    machine.add("key", part(1, payload=b"b"), now=0, sent=NOON + timedelta(seconds=seconds))
    assert [reason for reason, _ in given_up(machine.expire(now=200))] == reasons


@pytest.mark.parametrize("contested", [False, True])
def test_d39_part_sent_near_another_place_contests_nothing(*, contested: bool) -> None:
    """A part near one of a message, whose place there is held from more than a window before, begins another."""
    machine = reassembler()
    earlier = [(1, b"a", 0), *([(1, b"x", 1)] if contested else []), (2, b"b", 9)]
    for sequence, payload, minutes in [*earlier, (1, b"c", 18), (2, b"d", 19)]:
        sent = NOON + timedelta(minutes=minutes)
        assert machine.add("key", part(sequence, payload=payload), now=0, sent=sent) == ()
    last = machine.add("key", part(3, payload=b"e"), now=0, sent=NOON + timedelta(minutes=20))
    assert whole(last).payload == b"cde"
    first = "conflicting" if contested else "expired"
    assert given_up(machine.expire(now=200)) == [(first, (3,))]


def test_d39_part_joins_the_nearest_message() -> None:
    """Of two messages that were sent within the window of a part, it joins the nearer one with room at its place."""
    machine = reassembler(sent_window=timedelta(seconds=10))
    for payload, seconds in ((b"a", 0), (b"b", 11)):
        machine.add("key", part(1, 2, payload=payload), now=0, sent=NOON + timedelta(seconds=seconds))
    near = machine.add("key", part(2, 2, payload=b"c"), now=0, sent=NOON + timedelta(seconds=6))
    assert whole(near).payload == b"bc"
    rest = machine.add("key", part(2, 2, payload=b"d"), now=0, sent=NOON + timedelta(seconds=9))
    assert whole(rest).payload == b"ad"


def test_d39_equal_part_is_known_before_a_place_is_contested() -> None:
    """A part equal to one of the farther message causes no event, though the nearer one holds another part there."""
    machine = reassembler(sent_window=timedelta(seconds=10))
    for payload, seconds in ((b"a", 0), (b"b", 11), (b"a", 6)):
        machine.add("key", part(1, 2, payload=payload), now=0, sent=NOON + timedelta(seconds=seconds))
    assert given_up(machine.expire(now=200)) == [("expired", (2,))] * 2


def test_d39_contest_draws_no_other_message_into_it() -> None:
    """A third part for a place that is contested joins that contest, though a message nearby holds the place too."""
    machine = reassembler(sent_window=timedelta(seconds=10))
    for payload, seconds in ((b"a", 0), (b"c", 1), (b"b", 12), (b"d", 7)):
        machine.add("key", part(1, 2, payload=payload), now=0, sent=NOON + timedelta(seconds=seconds))
    first, second = machine.expire(now=200)
    assert ([len(first.parts), len(second.parts)], first.reason, second.reason) == ([3, 1], "conflicting", "expired")


def test_d39_parts_with_and_without_a_time_are_never_joined() -> None:
    """What was sent at a known time waits for parts that say theirs."""
    machine = reassembler()
    machine.add("key", part(1, 2), now=0, sent=NOON)
    assert machine.add("key", part(2, 2), now=0) == ()
    assert machine.pending == 2


def test_time_of_sending_without_a_zone_is_utc() -> None:
    """Times with and without a zone can stand beside each other; what is not a time is refused by name."""
    machine = reassembler()
    machine.add("key", part(1, 2), now=0, sent=NOON.replace(tzinfo=None))
    with pytest.raises(FieldError) as caught:
        machine.add("key", part(2, 2), now=0, sent=12.0)  # type: ignore[arg-type]  # a caller without a type checker
    assert caught.value.field == "sent"
    cairo = timezone(timedelta(hours=3))
    assert whole(machine.add("key", part(2, 2), now=0, sent=NOON.astimezone(cairo))).payload == b"\x01\x02"


@pytest.mark.parametrize(
    ("key", "reference", "wide", "total"),
    [("other", 1, False, 3), ("key", 2, False, 3), ("key", 1, True, 3), ("key", 1, False, 4)],
)
def test_messages_are_told_apart(key: str, reference: int, wide: bool, total: int) -> None:
    """Key, reference, its width (8 and 16 bits are counted apart) and total tell messages apart."""
    machine = reassembler()
    for number in (1, 2):
        machine.add("key", part(number), now=0)
    assert machine.add(key, part(3, total, reference=reference, wide=wide), now=0) == ()
    assert machine.pending == 2
    assert whole(machine.add("key", part(3), now=0)).payload == b"\x01\x02\x03"


def test_values() -> None:
    """Outcomes compare and pickle by their fields, and the reassembler shows how much it holds."""
    machine = reassembler()
    machine.add("key", part(1), now=0)
    assert repr(machine) == "<Reassembler: 1 pending, 1 parts, 1 octets>"
    (incomplete,) = machine.expire(now=101)
    assert pickle.loads(pickle.dumps(incomplete)) == incomplete
    message = whole(machine.add("key", part(1, 1), now=101))
    assert pickle.loads(pickle.dumps(message)) == message
    (repeated,) = machine.add("key", part(1, 1), now=101, origin=7)
    assert pickle.loads(pickle.dumps(repeated)) == repeated
    shown = [event.as_dict() for event in (incomplete, message, repeated)]
    assert json.loads(json.dumps(shown)) == shown
    assert [event["type"] for event in shown] == ["Incomplete", "Reassembled", "Repeated"]
    assert (shown[0]["reason"], shown[2]["part"]["payload"]) == ("expired", "01")
