"""Reassembler: what becomes of each part and of each message."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import NationalLanguage, UserData, UserDataHeader, segment, segment_data, ucs2
from smscodec.dcs import Alphabet
from smscodec.errors import DecodeError, FieldError
from smscodec.reassembly import Incomplete, Reassembled
from smscodec.testing.strategies import texts
from smscodec.udh import ApplicationPort, Concatenation, NationalLanguageSingleShift
from tests.reassembling import LONG, OTHER, given_up, part, parts, reassembler, whole

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
    """A concatenated message of one segment is whole at once, and its repetition is ignored."""
    machine = reassembler()
    assert whole(machine.add("key", part(1, 1), now=0)).payload == b"\x01"
    assert machine.add("key", part(1, 1), now=1) == ()


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


def reassembler_outcomes(segments: list[UserData]) -> Iterator[tuple[Reassembled | Incomplete, ...]]:
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


def test_header_is_never_text() -> None:
    """The octets of the header, whatever is in it, are no part of the text or of the data."""
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
    assert whole(outcomes).text() == "aжşz"


@pytest.mark.parametrize("compressed", [False, True])
def test_data_has_no_text(compressed: bool) -> None:
    """8-bit and compressed messages have a payload and no text."""
    alphabet = Alphabet.GSM_7BIT if compressed else Alphabet.DATA_8BIT
    machine = reassembler()
    for number in (1, 2):
        header = UserDataHeader([Concatenation(1, 2, number)])
        outcomes = machine.add("key", UserData(alphabet, b"\xff", header, compressed=compressed), now=0)
    message = whole(outcomes)
    assert message.payload == b"\xff\xff"
    with pytest.raises(FieldError):
        message.text()


# What becomes of a part -----------------------------------------------------------------------------------------------


def test_repeated_part_is_ignored() -> None:
    """The same part again changes nothing."""
    machine, segments = reassembler(), parts()
    for segment_ in [segments[0], segments[0], segments[1], segments[0]]:
        assert machine.add("key", segment_, now=0) == ()
    assert machine.parts == 2
    assert whole(machine.add("key", segments[2], now=0)).text() == LONG


def test_late_repetition_of_a_finished_message_is_ignored() -> None:
    """Parts of a finished message that come again within max_age begin no new message, in whatever order."""
    machine, segments = reassembler(), parts()
    for segment_ in segments:
        machine.add("key", segment_, now=0)
    for segment_ in reversed(segments):
        assert machine.add("key", segment_, now=100) == ()
    assert machine.pending == 0


def test_finished_messages_are_forgotten_after_max_age() -> None:
    """Later than max_age after it was finished, the same part begins a new message."""
    machine, segments = reassembler(), parts()
    for segment_ in segments:
        machine.add("key", segment_, now=0)
    machine.add("key", segments[0], now=100.5)
    assert machine.pending == 1


def test_finished_messages_are_remembered_up_to_a_bound() -> None:
    """At most max_pending finished messages are remembered, the latest ones."""
    machine = reassembler(max_pending=2)
    for reference in (1, 2, 3):
        machine.add("key", part(1, 1, reference=reference), now=0)
    assert machine.add("key", part(1, 1, reference=3), now=0) == ()
    assert machine.add("key", part(1, 1, reference=2), now=0) == ()
    assert whole(machine.add("key", part(1, 1, reference=1), now=0)).payload == b"\x01"


def test_other_part_after_a_finished_message_begins_a_new_one() -> None:
    """A sender who uses the reference again with other content is heard."""
    machine = reassembler()
    for text in (LONG, OTHER):
        *_, outcomes = [machine.add("key", segment_, now=0) for segment_ in parts(text)]
        assert whole(outcomes).text() == text


def test_conflicting_part_gives_up_what_was_there() -> None:
    """Another content at the same place begins a new message; the earlier is reported and nothing of it is mixed in."""
    machine, old, new = reassembler(), parts(LONG), parts(OTHER)
    machine.add("key", old[0], now=0, origin="a")
    machine.add("key", old[1], now=0, origin="b")
    (incomplete,) = machine.add("key", new[1], now=0)
    assert isinstance(incomplete, Incomplete)
    assert (incomplete.reason, incomplete.missing) == ("conflicting", (3,))
    assert (incomplete.parts, incomplete.origins) == ((old[0], old[1]), ("a", "b"))
    machine.add("key", new[0], now=0)
    assert whole(machine.add("key", new[2], now=0)).text() == OTHER


def test_shared_part_is_taken_for_a_repetition() -> None:
    """A message that shares a part with a finished one of its reference stays incomplete rather than being mixed."""
    machine = reassembler()
    for number in (1, 2, 3):
        machine.add("key", part(number), now=0)
    for later in (part(1, payload=b"x"), part(2), part(3, payload=b"z")):
        assert machine.add("key", later, now=1) == ()
    assert given_up(machine.expire(now=200)) == [("expired", (2,))]


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
