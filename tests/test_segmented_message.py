"""A segmented message as a value: a sequence of segments, its reference, its notebook view, its way through pickle."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, dataclass, field, replace
from operator import attrgetter
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    FieldError,
    NationalLanguage,
    OpaqueElement,
    SegmentationError,
    UserData,
    UserDataHeader,
    measure,
    segment,
    segment_data,
)
from smscodec.message import Measurement, Segment, SegmentedMessage
from smscodec.smpp import segment_coded, short_messages
from smscodec.testing import strategies
from smscodec.udh import Concatenation
from tests import agreement, backends, reference
from tests.rows import each_row

LONG = "a" * 152 + "€" + "ö" * 200
PORTS = UserDataHeader((ApplicationPort(destination=2948, originator=9200),))

MESSAGES: dict[str, Callable[[], SegmentedMessage]] = {
    "empty": lambda: segment(""),
    "one segment": lambda: segment("hello"),
    "several segments": lambda: segment(LONG, reference=5),
    "no reference": lambda: segment(LONG),
    "wide reference": lambda: segment(LONG, reference=60_000, wide_reference=True),
    "caller's header": lambda: segment(LONG, reference=5, header=PORTS),
    "UCS-2": lambda: segment("ж\U0001f600" * 60, reference=0),
    "national": lambda: segment("^" * 200, reference=0, languages=[NationalLanguage.PORTUGUESE]),
    "data": lambda: segment_data(bytes(range(256)), reference=9),
}
EVERY_MESSAGE = pytest.mark.parametrize("make", MESSAGES.values(), ids=MESSAGES.keys())
ROUND_TRIPS: list[Callable[[object], object]] = [
    copy.copy,
    copy.deepcopy,
    *(
        lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    ),
]


@EVERY_MESSAGE
def test_a_message_is_a_sequence_of_its_segments(make: Callable[[], SegmentedMessage]) -> None:
    """Indexing from both ends, slicing, iterating, reversing and searching do what they do on a tuple."""
    message = make()
    segments = tuple(message)
    assert isinstance(message, Sequence)
    assert all(isinstance(part, Segment) for part in segments)
    assert len(segments) == len(message)
    assert list(segments) == [message[index] for index in range(len(message))]
    assert list(segments) == [message[index - len(message)] for index in range(len(message))]
    assert segments[::-1] == tuple(reversed(message))
    for cut in (slice(None), slice(1, None), slice(None, -1), slice(None, None, -1), slice(5, 2), slice(-1, None)):
        assert segments[cut] == tuple(message[cut])
    assert segments[-1] in message
    assert message.index(segments[0]) == 0


@EVERY_MESSAGE
def test_indices_beyond_the_segments_are_refused(make: Callable[[], SegmentedMessage]) -> None:
    """There is no segment behind the last one or before the first."""
    message = make()
    for index in (len(message), -len(message) - 1):
        with pytest.raises(IndexError):
            message[index]


@EVERY_MESSAGE
def test_messages_survive_copies_and_pickle(make: Callable[[], SegmentedMessage]) -> None:
    """A copy by any means is equal, has the same hash, and holds equal segments and measurement."""
    message = make()
    for round_trip in ROUND_TRIPS:
        other = round_trip(message)
        assert isinstance(other, SegmentedMessage)
        assert (message, hash(message)) == (other, hash(other))
        assert (message.text, message.measurement) == (other.text, other.measurement)
        assert list(message) == list(other)


@EVERY_MESSAGE
def test_segments_and_measurements_survive_copies_and_pickle(make: Callable[[], SegmentedMessage]) -> None:
    """What a message is made of can be sent between processes by itself."""
    message = make()
    for value in (message[0], message[-1], message.measurement):
        for round_trip in ROUND_TRIPS:
            other = round_trip(value)
            assert (type(value), value, hash(value)) == (type(other), other, hash(other))


@given(strategies.boundary_texts(), st.integers(0, 255))
def test_equal_arguments_give_equal_messages(text: str, number: int) -> None:
    """Messages made alike are equal and hash alike, segment by segment."""
    first, second = segment(text, reference=number), segment(text, reference=number)
    assert (first, hash(first), list(first)) == (second, hash(second), list(second))
    assert len({first, second}) == 1


def test_different_messages_are_unequal() -> None:
    """Text, alphabet, reference, its width, and the caller's header each make another message."""
    messages = [
        segment(LONG, reference=5),
        segment(LONG + "a", reference=5),
        segment(LONG, reference=6),
        segment(LONG, reference=5, wide_reference=True),
        segment(LONG, reference=5, header=PORTS),
        segment(LONG, reference=5, alphabet=Alphabet.UCS2),
        segment(LONG),
    ]
    assert len(messages) == len(set(messages))
    assert all(one != other for index, one in enumerate(messages) for other in messages[:index])


@given(
    text=strategies.boundary_texts() | strategies.texts() | st.text("aş€Á^ж\U0001f600", max_size=500),
    number=st.integers(0, 0xFFFF),
    options=st.fixed_dictionaries(
        {
            "languages": st.sampled_from([(), "all"]),
            "header": st.sampled_from([UserDataHeader(), PORTS]),
            "wide_reference": st.booleans(),
            "boundary": st.sampled_from(["character", "grapheme"]),
        }
    ),
)
def test_octets_of_the_whole_message_are_those_of_its_segments(text: str, number: int, options: dict[str, Any]) -> None:
    """``tp_ud`` and ``tp_udl`` equal what the user data of the segments give one by one, which read back equal."""
    pytest.importorskip("regex")
    message = segment(text, reference=number if options["wide_reference"] else number & 0xFF, **options)
    every = [part.user_data for part in message]
    for kernels in backends.AVAILABLE.values():
        fresh = replace(message)  # which has no octets yet
        with backends.used(kernels):
            assert list(zip(fresh.tp_udl, fresh.tp_ud, strict=True)) == agreement.tp_uds(message)
            headed = [data.header.to_bytes() + data.payload for data in every]
            assert headed == [short.short_message for short in short_messages(message)]
            assert segment(text, reference=message.reference, **options) == message
    for data, octets, length in zip(every, message.tp_ud, message.tp_udl, strict=True):
        has_header = bool(data.header.octet_length)
        again = UserData.from_bytes(
            octets, length=length, alphabet=message.alphabet, has_header=has_header, strict=True
        )
        # The header of either was not split before it is compared, and a rebuilt one has the same elements.
        assert (data, hash(data)) == (again, hash(again))
        assert UserDataHeader(data.header.elements) == data.header
    assert text == "".join(data.text(strict=True) for data in every)


@EVERY_MESSAGE
def test_octets_of_every_kind_of_message(make: Callable[[], SegmentedMessage]) -> None:
    """Octets at once equal those one by one for data, ports, wide references and national tables alike."""
    message = make()
    if len(message) > 1 and message.reference is None:
        for wanted in ("tp_ud", "tp_udl"):
            with pytest.raises(FieldError, match="ReferenceCounter") as caught:
                getattr(message, wanted)
            assert caught.value.field == "reference"
        message = message.with_reference(3)
    assert agreement.tp_uds(message) == list(zip(message.tp_udl, message.tp_ud, strict=True))


@given(st.text("aé€ж\U0001f600", max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_bounds_by_hand_are_written_alike_by_every_backend(text: str, bounds: list[int]) -> None:
    """A message whose bounds nobody cut gives the same octets, or the same error, whatever writes it."""
    bounds = [0, *sorted(min(bound, len(text)) for bound in bounds), len(text)]
    message = replace(segment(text, reference=1), bounds=tuple(bounds))
    answers = []
    for kernels in backends.AVAILABLE.values():
        with backends.used(kernels):
            try:
                answers.append(replace(message).tp_ud)  # a fresh one, which has no octets yet
            except FieldError as error:
                answers.append((error.field.encode(),))
    assert len(set(answers)) == 1


WRONG_BOUNDS: list[Any] = [
    *((), (0,), (1, 200), (0, 199), (0, 201), (0, 150, 50, 200), (0, -5, 200), (-200, 200), (200, 0), (0, 10**30, 200)),
    *((0, 2**32, 200), (0, 2**32 + 200), (0, 1.5, 200), (0, "x", 200), (0, None, 200), (False, 200), [0, 200], None, 5),
]


@each_row("bounds", WRONG_BOUNDS)
def test_bounds_are_places_from_the_start_to_the_end(bounds: Any) -> None:
    """Other than whole numbers that ascend from 0 to the end of the text, or of 8-bit data, they are a FieldError."""
    for message in (segment("a" * 200, reference=1), segment_data(bytes(200), reference=1)):
        with pytest.raises(FieldError, match="the last 200") as caught:
            replace(message, bounds=bounds)
        assert caught.value.field == "bounds"


def test_threads_that_write_at_once_get_the_octets_of_their_own_messages() -> None:
    """As many threads as write at a time, each has its own place to write in."""
    messages = [segment(chr(0x61 + row % 26) * (1 + 37 * row % 900), reference=row) for row in range(200)]
    expected = [agreement.tp_uds(message) for message in messages]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            fresh = [replace(message) for message in messages]
            found = pool.map(lambda message: list(zip(message.tp_udl, message.tp_ud, strict=True)), fresh)
            assert list(found) == expected


@EVERY_MESSAGE
def test_user_data_of_a_segment_are_a_value_like_any_other(make: Callable[[], SegmentedMessage]) -> None:
    """Equal to those that the constructor makes, whichever field is asked for first, also after a copy or a pickle."""
    message = make() if len(make()) == 1 else replace(make(), reference=5)
    looks: list[Callable[[UserData], object]] = [repr, hash, *map(attrgetter, UserData.__slots__), *ROUND_TRIPS]
    for part in message:
        data = part.user_data
        made = UserData(data.alphabet, data.payload, data.header)
        assert (made.to_bytes(), made.length) == (data.to_bytes(), data.length)
        for look in looks:
            fresh = part.user_data
            assert look(fresh) == look(made)
            assert fresh == made
            assert replace(fresh) == made
        with pytest.raises(AttributeError, match="'UserData' object has no attribute 'no_such_field'"):
            part.user_data.no_such_field  # type: ignore[attr-defined]  # noqa: B018  # that is the point


class Plain(UserData):
    """User data of somebody's own, with what its class adds by itself: a dictionary and weak references."""

    @property
    def wrong(self) -> object:
        """A property with a mistake in it."""
        return self.misspelt  # type: ignore[attr-defined]  # that is the point


class Slotted(UserData):
    """User data with a slot of their own."""

    __slots__ = ("note",)


@dataclass(frozen=True, slots=True)
class WithFields(UserData):
    """User data with fields of their own."""

    note: str = "none"
    seen: list[str] = field(default_factory=list, compare=False)


class Registered(UserData):
    """User data whose subclasses register themselves, each with a code."""

    kinds: ClassVar[dict[int, type]] = {}

    def __init_subclass__(cls, *, code: int) -> None:
        cls.kinds[code] = cls


class Numbered(Registered, code=3):
    """One that is registered."""


@pytest.mark.parametrize("kind", [Plain, Slotted, WithFields, Registered, Numbered])
@given(st.binary(max_size=20), st.integers(0, 30), st.sampled_from(Alphabet), st.booleans())
def test_subclasses_of_user_data_read_as_themselves(
    kind: type[UserData], octets: bytes, length: int, alphabet: Alphabet, has_header: bool
) -> None:
    """``from_bytes`` of a subclass reads the same into it, equal to what its constructor makes, and frozen."""
    options: Any = {"length": length, "alphabet": alphabet, "has_header": has_header}
    data, plain = kind.from_bytes(octets, **options), UserData.from_bytes(octets, **options)
    assert type(data) is kind
    assert (data.payload, data.header, data.to_bytes()) == (plain.payload, plain.header, plain.to_bytes())
    made = kind(data.alphabet, data.payload, data.header)
    for look in (lambda value: value, repr, hash, *ROUND_TRIPS):
        assert look(data) == look(made)
    with pytest.raises(FrozenInstanceError):
        data.payload = b""  # type: ignore[misc]  # that is the point
    assert Registered.kinds == {3: Numbered}


def test_subclasses_of_user_data_are_not_held() -> None:
    """A class of the caller's that has read something goes when the caller drops it."""

    def read() -> weakref.ref[type[UserData]]:
        class Own(UserData):
            """User data of somebody's own."""

        Own.from_bytes(b"a", length=1, alphabet=Alphabet.UCS2, has_header=False)
        return weakref.ref(Own)

    own = read()
    gc.collect()
    assert own() is None


def test_a_mistake_in_a_property_of_a_subclass_is_named() -> None:
    """``AttributeError`` from within a property names what is missing there and not the property."""
    with pytest.raises(AttributeError, match="'Plain' object has no attribute 'misspelt'") as caught:
        Plain(Alphabet.UCS2, b"").wrong  # noqa: B018  # that is the point
    assert caught.value.name == "misspelt"


@each_row("sequence", [0, -1, 3, 256, True, 1.0, "1", None])
def test_a_segment_has_a_number_that_its_message_has(sequence: Any) -> None:
    """A segment by hand has a number from 1 to the segments of its message; anything else is a FieldError."""
    for message in (segment("a" * 161, reference=1), segment_data(bytes(200), reference=1)):
        with pytest.raises(FieldError, match="1–2") as caught:
            Segment(sequence, message)
        assert caught.value.field == "sequence"
        assert Segment(2, message) == message[1]


@EVERY_MESSAGE
def test_messages_have_plain_forms(make: Callable[[], SegmentedMessage]) -> None:
    """``as_dict`` gives what JSON takes: the measurement, the reference, and a part a segment."""
    message = make()
    shown = json.loads(json.dumps(message.as_dict()))
    assert shown["measurement"] == message.measurement.as_dict()
    assert shown["reference"] == message.reference
    assert [part.as_dict() for part in message] == shown["segments"]
    assert list(shown["measurement"]) == list(Measurement._fields)
    assert set(shown["measurement"]["tables"]) == {"locking", "single"}
    assert shown["measurement"]["alphabet"] == message.alphabet.name
    assert [part.get("data", "") for part in shown["segments"]] == [part.data.hex() for part in message]


def test_a_measurement_is_a_named_tuple() -> None:
    """A measurement unpacks into the six fields of the contract, in their order."""
    measured = measure("€" * 81)
    assert Measurement._fields == ("alphabet", "units", "segments", "units_per_segment", "remaining", "tables")
    assert (Alphabet.GSM_7BIT, 162, 2, 153, 143, measured.tables) == tuple(measured)


@given(strategies.boundary_texts(), st.integers(0, 255), st.integers(0, 0xFFFF))
def test_with_reference_is_segmenting_with_that_reference(text: str, narrow: int, wide: int) -> None:
    """A reference given later makes the same message as one given at once, and leaves the first message alone."""
    without = segment(text)
    assert segment(text, reference=narrow) == without.with_reference(narrow)
    assert segment(text) == without
    assert segment(text, reference=narrow) == segment(text, reference=narrow ^ 1).with_reference(narrow)
    expected = segment(text, reference=wide, wide_reference=True)
    assert expected == segment(text, wide_reference=True).with_reference(wide)
    options = {"wide_reference": True}
    assert agreement.expected_tp_uds(text, options, wide) == agreement.tp_uds(expected)


def test_with_reference_keeps_caller_header_and_grapheme_cuts() -> None:
    """A reference given later moves no cut and drops no element."""
    text = "ж" * 66 + "e\u0301" + "ж" * 40
    message = segment(text, header=PORTS, boundary="grapheme").with_reference(3)
    assert segment(text, header=PORTS, boundary="grapheme", reference=3) == message
    assert agreement.elements(PORTS) == reference.elements_of(message[0].user_data.to_bytes())[1:]


def test_d20_reference_zero_is_valid() -> None:
    """0 is a reference like any other, at both widths."""
    assert segment(LONG, reference=0)[0].user_data.to_bytes()[:6] == b"\x05\x00\x03\x00\x03\x01"
    wide = segment(LONG, reference=0, wide_reference=True)
    assert wide[0].user_data.to_bytes()[:7] == b"\x06\x08\x04\x00\x00\x03\x01"


def test_concatenation_counts_from_one_to_the_total() -> None:
    """Every segment carries the same reference and total, and its own sequence number."""
    message = segment("a" * (153 * 255), reference=200)
    expected = [Concatenation(reference=200, total=255, sequence=sequence) for sequence in range(1, 256)]
    assert expected == [part.user_data.header.concatenation for part in message]


@pytest.mark.parametrize(
    ("number", "wide"), [(-1, False), (256, False), (-1, True), (0x10000, True), (10**9, False), (10**9, True)]
)
def test_references_out_of_range_are_refused(number: int, wide: bool) -> None:
    """A reference that its octets cannot hold is FieldError("reference"), also where one segment would not send it."""
    attempts: list[Callable[[], object]] = [
        lambda: segment("a", reference=number, wide_reference=wide),
        lambda: segment(LONG, reference=number, wide_reference=wide),
        lambda: segment_data(b"a", reference=number, wide_reference=wide),
        lambda: segment_data(bytes(200), reference=number, wide_reference=wide),
        lambda: segment("a", wide_reference=wide).with_reference(number),
        lambda: segment(LONG, wide_reference=wide).with_reference(number),
        lambda: replace(segment("a", wide_reference=wide), reference=number),
        lambda: replace(segment_coded("a" * 300, data_coding=1, wide_reference=wide), reference=number),
        lambda: replace(segment(LONG, reference=0xFFFF, wide_reference=True), wide_reference=False),
    ]
    for attempt in attempts:
        with pytest.raises(FieldError) as caught:
            attempt()
        assert caught.value.field == "reference"


@pytest.mark.parametrize(("text", "most"), [("", 138), ("a" * 200, 133), ("ж" * 100, 131)], ids=["one", "GSM", "UCS-2"])
def test_a_header_put_in_later_leaves_room(text: str, most: int) -> None:
    """A message is not given a header that segments of two units do not fit behind, and none is written cut off."""
    message = segment(text, reference=1)
    for octets in (most - 2, most + 1, 200, 253):
        header = UserDataHeader([OpaqueElement(0x70, bytes(octets - 3))])
        try:
            segment(text, reference=1, header=header)
        except SegmentationError:
            with pytest.raises(FieldError) as caught:
                replace(message, header=header)
            assert caught.value.field == "header"
        else:
            assert replace(message, header=header).header == header


def test_a_missing_reference_is_told_when_octets_are_wanted() -> None:
    """Several segments without a reference can be looked at; their user data names ReferenceCounter instead."""
    for message in (segment(LONG), segment_data(bytes(200))):
        assert (message.text, len(message)) == ("".join(part.text for part in message), message.measurement.segments)
        for part in message:
            with pytest.raises(FieldError, match="ReferenceCounter") as caught:
                _ = part.user_data
            assert caught.value.field == "reference"


def test_one_segment_needs_no_reference() -> None:
    """A message of one segment has user data whether or not anybody numbered it."""
    for message in (segment("a"), segment_data(b"a")):
        assert message[0].user_data == message.with_reference(77)[0].user_data
        assert None is message[0].user_data.header.concatenation


@EVERY_MESSAGE
def test_messages_and_segments_are_immutable(make: Callable[[], SegmentedMessage]) -> None:
    """Nothing of a message can be set anew."""
    message = make()
    for value, name in ((message, "text"), (message, "measurement"), (message, "alphabet"), (message[0], "text")):
        # For a property, a frozen dataclass with slots fails with TypeError in CPython: a refusal just the same.
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, name, None)


@EVERY_MESSAGE
def test_repr_of_message_and_segment_work_without_a_reference(make: Callable[[], SegmentedMessage]) -> None:
    """A message can always be printed and shown in a notebook."""
    message = make()
    assert type(message).__name__ in repr(message)
    assert "Segment" in repr(message[0])
    assert "<" in message._repr_html_()


def test_notebook_view_escapes_what_could_do_harm() -> None:
    """Markup, control characters and characters that reverse a line are shown, never obeyed."""
    html = segment("<script>alert(1)</script> & \u202e\u2066\x1b[31m\x00")._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not [character for character in "\u202e\u2066\x1b\x00" if character in html]


@given(strategies.boundary_texts())
def test_units_of_the_segments_add_up(text: str) -> None:
    """Each segment's units fit its room, and together they are the units of the measurement."""
    message = segment(text)
    used = [part.units for part in message]
    assert max(used) <= message.measurement.units_per_segment
    assert sum(used) == message.measurement.units
    assert message.measurement.units_per_segment - used[-1] == message.measurement.remaining


def test_units_of_data_are_octets() -> None:
    """The segments of 8-bit data count octets."""
    assert [part.units for part in segment_data(b"x" * 200)] == [134, 66]
