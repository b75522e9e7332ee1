"""Many messages at once: the numbers of ``measure`` message by message, and errors that name the message.

Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from __future__ import annotations

import array
import copy
import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import corpora
from smscodec import (
    Alphabet,
    Concatenation,
    FieldError,
    Measurement,
    NationalLanguage,
    OpaqueElement,
    SegmentationError,
    UndecodableError,
    UnencodableError,
    UserDataHeader,
    count_segments,
    measure,
    measure_many,
    segment,
)
from smscodec.batch import BatchMeasurement, Count, measure_utf8, segment_many
from smscodec.testing import strategies
from tests.columns import every_way, taken
from tests.lying import Lying
from tests.rows import each_row

LONGEST_BLOCK = 1_024
ALL = tuple(NationalLanguage)[1:]
MESSAGES = st.lists(strategies.texts() | strategies.boundary_texts(), max_size=12)


def counts(texts: Sequence[str], **options: Any) -> list[tuple[int, int, int]]:
    """What ``measure`` says of each text."""
    return [measure(text, **options)[:3] for text in texts]


def column(messages: Sequence[bytes | None], width: Literal[4, 8] = 4, start: int = 0) -> tuple[bytes, bytes]:
    """Data and offsets of messages as Arrow lays them out, after ``start`` octets of something else."""
    offsets = [start]
    for message in messages:
        offsets.append(offsets[-1] + len(message or b""))
    data = b"\xff" * start + b"".join(message or b"" for message in messages)
    return data, array.array("i" if width == 4 else "q", offsets).tobytes()


def decoding_error(octets: bytes) -> UnicodeDecodeError | None:
    """What Python's decoder says against the octets."""
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        return error
    return None


@given(MESSAGES)
def test_numbers_are_those_of_measure(texts: list[str]) -> None:
    """Every message counts as ``measure`` counts it alone, in the elements and in the buffers."""
    batch = measure_many(texts)
    assert counts(texts) == list(batch)
    assert counts(texts) == list(zip(batch.alphabets, batch.units, batch.segments, strict=True))
    assert sum(map(count_segments, texts)) == batch.total_segments
    assert len(texts) == len(batch)


@given(
    MESSAGES,
    st.fixed_dictionaries(
        {},
        optional={
            "alphabet": st.sampled_from([None, Alphabet.UCS2]),
            "languages": st.sampled_from([(), ALL, (NationalLanguage.TURKISH,)]),
            "wide_reference": st.booleans(),
            "header": st.sampled_from([UserDataHeader(), UserDataHeader([OpaqueElement(0x70, b"1234567")])]),
        },
    ),
)
def test_options_are_those_of_measure(texts: list[str], options: dict[str, Any]) -> None:
    """Every option means what it means to ``measure``."""
    assert counts(texts, **options) == list(measure_many(iter(texts), **options))


def test_messages_cross_blocks() -> None:
    """Nothing is lost or doubled where one block ends and the next begins."""
    texts = [*corpora.boundary_cases(), "", "a\x00b"] * 3
    for count in (0, 1, LONGEST_BLOCK - 1, LONGEST_BLOCK, LONGEST_BLOCK + 1, len(texts)):
        assert counts(texts[:count]) == list(measure_many(texts[:count]))


def test_a_message_of_more_than_255_segments_is_counted() -> None:
    """What cannot be sent as one message is counted all the same."""
    assert Count(Alphabet.GSM_7BIT, 300_000, 1_974) == measure_many(["€" * 150_000])[0]


def test_subclasses_are_heeded() -> None:
    """A subclass of list or tuple is iterated in its own way, and a str subclass counts as the str that it is."""

    class Reversed(list[str]):
        def __iter__(self) -> Iterator[str]:
            return reversed(list(self[:]))

    assert counts(["жж", "abc"]) == list(measure_many(Reversed([Lying("abc"), "жж"])))


@each_row("before", [0, 1, LONGEST_BLOCK - 1, LONGEST_BLOCK, 3_000])
@each_row("wrong", [None, 7, b"octets", bytearray(b"x"), ["a"]])
def test_what_is_no_text_is_refused_by_its_index(before: int, wrong: Any) -> None:
    """An element that is not a str is a TypeError that names its index."""
    with pytest.raises(TypeError, match=f"message {before}: text must be str, not {type(wrong).__name__}"):
        measure_many(["a"] * before + [wrong, "b"])


@pytest.mark.parametrize("before", [0, 5, LONGEST_BLOCK, 3_000])
@pytest.mark.parametrize("options", [{}, {"languages": ALL}, {"alphabet": Alphabet.UCS2}])
def test_a_lone_surrogate_is_refused_by_index_and_position(before: int, options: dict[str, Any]) -> None:
    """A lone surrogate is an error that names the message and the position in it, and survives pickling."""
    with pytest.raises(UnencodableError, match=f"message {before}: ") as caught:
        measure_many(["a"] * before + ["ж😀\ud83d"], **options)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (copied.object, copied.start, copied.end) == ("ж😀\ud83d", 2, 3)


def test_impossible_arguments_are_refused_whatever_the_texts() -> None:
    """An impossible option is an error even without a text, and does not name a message."""
    with pytest.raises(FieldError, match="alphabet"):
        measure_many([], alphabet=Alphabet.DATA_8BIT)
    with pytest.raises(FieldError, match="header"):
        measure_many([], header=UserDataHeader([Concatenation(1, 2, 1)]))
    with pytest.raises(UnencodableError, match="message 1: "):
        measure_many(["a", "ж"], alphabet=Alphabet.GSM_7BIT)
    with pytest.raises(SegmentationError, match="message 1: "):
        measure_many(["", "ж" * 9], header=UserDataHeader([OpaqueElement(0x70, bytes(134))]))


def test_one_text_is_not_several() -> None:
    """A str in place of the texts is refused: its characters are not messages."""
    for one in ("abc", "", Lying("abc")):
        with pytest.raises(TypeError, match="expected several texts, got one str"):
            measure_many(one)
        with pytest.raises(TypeError, match="expected several texts, got one str"):
            next(segment_many(one))


def test_what_32_bits_do_not_hold_names_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts that do not fit the columns are an error over the message, not a number cut short."""
    monkeypatch.setattr("smscodec.batch._measuring.measure", lambda text, **_: (Alphabet.UCS2, len(text) << 32, 1, 0))
    with pytest.raises(SegmentationError, match="message 1: more units than 32 bits hold"):
        measure_many(["", "a"], alphabet=Alphabet.UCS2)


def test_what_raises_while_texts_are_taken_is_raised() -> None:
    """An error of the caller's own iterator comes through as it is."""

    def texts() -> Iterator[str]:
        yield "a"
        raise LookupError("the caller's own")

    with pytest.raises(LookupError, match="the caller's own"):
        measure_many(texts())


def test_a_list_may_change_meanwhile() -> None:
    """A list that another thread changes while it is counted gives counts of texts that were in it, and no crash."""
    texts = ["ж" * 80] * 30_000
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            texts[:] = ["€" * 90] * 20_000
            texts.clear()
            texts.extend(["ж" * 80] * 30_000)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        found = {count for _ in range(20) for count in measure_many(texts)}
    finally:
        done.set()
        thread.join()
    assert found <= {Count(Alphabet.UCS2, 80, 2), Count(Alphabet.GSM_7BIT, 180, 2)}


def test_texts_are_taken_as_they_come() -> None:
    """A generator is read a block at a time, no further than the message that is refused."""
    taken = []

    def texts() -> Iterator[Any]:
        for index in range(10 * LONGEST_BLOCK):
            taken.append(index)
            yield "a" if index < LONGEST_BLOCK else None

    with pytest.raises(TypeError):
        measure_many(texts())
    assert len(taken) == 2 * LONGEST_BLOCK


@given(MESSAGES, st.sampled_from([4, 8]), st.integers(0, 40))
def test_columns_count_as_their_texts(texts: list[str], width: Literal[4, 8], start: int) -> None:
    """A column of UTF-8 counts as its texts do, with offsets of either width that begin anywhere."""
    data, offsets = column([text.encode() for text in texts], width, start)
    assert counts(texts) == list(measure_utf8(data, offsets, offset_width=width))


@given(st.lists(st.none() | strategies.texts(), max_size=40), st.integers(0, 20))
def test_nulls_are_none(texts: list[str | None], shift: int) -> None:
    """A null is None as an element and 0, 0, 0 in the buffers, wherever its bit stands in the bitmap."""
    data, offsets = column([None if text is None else text.encode() for text in texts])
    bits = sum((text is not None) << shift + index for index, text in enumerate(texts))
    validity = bits.to_bytes((shift + len(texts) + 7) // 8, "little")
    batch = measure_utf8(data, offsets, validity=validity, validity_offset=shift)
    assert [None if text is None else measure(text)[:3] for text in texts] == list(batch)
    nulls = [index for index, text in enumerate(texts) if text is None]
    assert all((batch.alphabets[row], batch.units[row], batch.segments[row]) == (0, 0, 0) for row in nulls)


def test_a_null_may_lie_over_anything() -> None:
    """What the data hold under a null is not looked at."""
    batch = measure_utf8(b"\xff\xfea", column([b"12", b"3"])[1], validity=b"\x02")
    assert [None, Count(Alphabet.GSM_7BIT, 1, 1)] == list(batch)


def test_columns_cross_blocks() -> None:
    """A column longer than a block counts throughout, nulls and errors beyond the first block included."""
    texts = ["a€", "ж😀", ""] * 24_000
    messages = [text.encode() for text in texts]
    data, offsets = column(messages)
    assert counts(texts[:3]) * 24_000 == list(measure_utf8(data, offsets))
    validity = (((1 << len(texts)) - 1) ^ (1 << 70_001)).to_bytes(9_000, "little")
    batch = measure_utf8(data, offsets, validity=validity)
    assert [row for row, count in enumerate(batch) if count is None] == [70_001]
    assert [row for row, segments in enumerate(batch.segments) if segments == 0] == [70_001]
    data, offsets = column([*messages, b"ab\xc3"])
    with pytest.raises(UndecodableError, match="message 72000: ") as caught:
        measure_utf8(data, offsets)
    assert (caught.value.object, caught.value.start) == (b"ab\xc3", 2)


def test_lists_cross_blocks_with_national_languages() -> None:
    """A text of any block, of two segments or more, takes the national plan that saves it one."""
    kinds = ["ğ" * 100, "a", "ğ" * 250]
    plans = [measure(text, languages=ALL)[:3] for text in kinds]
    assert [plan[2] for plan in plans] == [1, 1, 2]
    assert plans * 3_000 == list(measure_many(kinds * 3_000, languages=ALL))


RUNS = st.lists(st.tuples(st.sampled_from("aé€[^ğşıĞçşÉÊअகاЖ中😀"), st.integers(0, 160)), max_size=5)
"""Runs of letters of the default alphabet, of its extension, of national tables, of two of these, and of none."""


@every_way
@given(
    st.lists(RUNS.map(lambda runs: "".join(letter * times for letter, times in runs)), max_size=3),
    st.sets(st.sampled_from(ALL), min_size=1) | st.just(set(ALL)),
    st.booleans(),
    st.integers(0, 140),
)
def test_national_tables_are_chosen_as_one_by_one(
    way: str, texts: list[str], languages: set[NationalLanguage], wide: bool, header: int
) -> None:
    """Lists and columns take the national plans of ``measure``, whatever is permitted, on every way and behind every
    header.
    """
    options: dict[str, Any] = {"languages": languages, "wide_reference": wide}
    if header:
        options["header"] = UserDataHeader([OpaqueElement(0x70, bytes(header - 1))])
    data, offsets = column([text.encode() for text in texts])
    with taken(way):
        assert counts(texts, languages=languages) == list(measure_utf8(data, offsets, languages=languages))
        try:
            expected = counts(["", *texts], **options)[1:]
        except SegmentationError:
            return
        assert expected == list(measure_many(texts, **options))


@given(st.binary(max_size=60), st.integers(0, 60))
def test_invalid_utf8_is_refused_where_python_refuses_it(octets: bytes, before: int) -> None:
    """Octets that are no UTF-8 are refused with the range and reason of Python's decoder, and only those."""
    data, offsets = column([b"a" * before, octets, b"b"])
    wrong = decoding_error(octets)
    if wrong:
        with pytest.raises(UndecodableError, match="message 1: ") as caught:
            measure_utf8(data, offsets)
        assert (wrong.start, wrong.end, octets) == (caught.value.start, caught.value.end, caught.value.object)
    else:
        assert measure(octets.decode())[:3] == measure_utf8(data, offsets)[1]


def test_a_character_may_not_cross_messages() -> None:
    """A sequence that one message begins is not ended by the next."""
    with pytest.raises(UndecodableError, match="message 0: unexpected end"):
        measure_utf8("é".encode(), array.array("i", [0, 1, 2]))


@pytest.mark.parametrize("offsets", [[0, 2, 1], [0, 1, 4], [-1, 2], [0, -1], [3, 2], [2**31 - 1, 2**31 - 1]])
@pytest.mark.parametrize("width", [4, 8])
def test_offsets_must_run_forward_within_the_data(offsets: list[int], width: Literal[4, 8]) -> None:
    """Offsets that run backwards or past the data are refused by the message, also where it is a null."""
    octets = array.array("i" if width == 4 else "q", offsets)
    for validity in (None, b"\x00"):
        with pytest.raises(FieldError, match="offsets: message"):
            measure_utf8(b"abc", octets, offset_width=width, validity=validity)


def test_no_offsets_and_one_are_no_messages() -> None:
    """An empty column may have one offset, or none as some writers leave it."""
    assert [] == list(measure_utf8(b"", b"")) == list(measure_utf8(b"", bytes(4))) == list(measure_many([]))


@given(MESSAGES)
def test_segment_many_is_segment(texts: list[str]) -> None:
    """``segment_many`` gives what ``segment`` gives for each text."""
    assert [segment(text, languages=ALL) for text in texts] == list(segment_many(texts, languages=iter(ALL)))


def test_segment_many_refuses_impossible_arguments_at_once() -> None:
    """An impossible option is an error where ``segment_many`` is called, whatever the texts, and not over one."""
    with pytest.raises(FieldError, match=r"^reference: "):
        segment_many([], reference=256)
    with pytest.raises(TypeError, match=r"^segment\(\) got an unexpected keyword argument 'colour'"):
        segment_many(["a"], colour="red")


def test_segment_many_goes_on_as_asked_and_names_the_message() -> None:
    """Messages are cut as they are asked for; a message that is refused is named."""
    messages = segment_many(["a", "b" * 40_000], reference=1)
    assert next(messages).text == "a"
    with pytest.raises(SegmentationError, match="message 1: 262 segments") as caught:
        next(messages)
    assert caught.value.segments == 262


def test_a_batch_is_a_sequence_and_a_value() -> None:
    """Indexing, slicing, equality, pickling and copying work, and it tells what it is in text and in a notebook."""
    batch = measure_many(["a", "ж" * 80, "€"])
    assert list(batch)[-1] == batch[-1] == batch[2]
    assert list(batch)[::2] == batch[::2]
    with pytest.raises(IndexError):
        batch[3]
    assert batch == pickle.loads(pickle.dumps(batch)) == copy.deepcopy(batch) != measure_many(["a"])
    assert hash(batch) == hash(copy.copy(batch))
    assert "3 messages, 4 segments" in repr(batch)
    assert "UCS2" in batch._repr_html_()
    assert (batch.alphabets.format, batch.units.format, batch.segments.format) == ("B", "I", "I")
    with pytest.raises(TypeError):
        batch.units[0] = 1


def test_threads_may_count_the_same_texts() -> None:
    """Threads that count the same list and the same column at the same time all get the right numbers."""
    texts = corpora.boundary_cases()
    expected = measure_many(texts)
    data, offsets = column([text.encode() for text in texts])
    found: list[BatchMeasurement] = []

    def count() -> None:
        found.extend([measure_many(texts), measure_utf8(data, offsets)])

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [expected] * 16 == found


@pytest.mark.skipif(not hasattr(sys, "getrefcount"), reason="this Python counts no references")
def test_texts_keep_their_references() -> None:
    """Counting takes and leaves no reference to a text."""
    texts = ["a text of its own " + str(number) for number in range(3)]
    before = [sys.getrefcount(text) for text in texts]
    measure_many(texts)
    assert before == [sys.getrefcount(text) for text in texts]


def test_headers_that_leave_hardly_any_room_count_alike() -> None:
    """Beside a header of any length, down to no room at all, a batch chooses the national tables that measure does."""

    def counted(count: Callable[..., Any], *arguments: object, **options: object) -> object:
        try:
            found = count(*arguments, **options)
        except SegmentationError:
            return None
        only = found if isinstance(found, Measurement) else found[0]
        return only.alphabet, only.units, only.segments

    for octets in range(110, 138):
        header = UserDataHeader([OpaqueElement(0x70, bytes(octets - 3))])
        for text in ("ğ" * characters for characters in range(1, 9)):
            expected = counted(measure, text, header=header, languages=["Turkish"])
            assert expected == counted(measure_many, [text], header=header, languages=["Turkish"])
