"""Octets of many messages: those of ``segment`` message by message and of the oracle, whatever the way and the shape.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.1.2.1, 6.2
"""

from __future__ import annotations

import itertools
import random
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import corpora
from smscodec import (
    Alphabet,
    FieldError,
    NationalLanguage,
    SegmentationError,
    ShiftTables,
    UndecodableError,
    UnencodableError,
    UserDataHeader,
    measure,
    measure_many,
    segment,
)
from smscodec.batch import EncodedBatch, _encoding, encode_many, encode_utf8, measure_utf8
from smscodec.smpp import short_messages
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT
from smscodec.testing import strategies
from smscodec.udh import OpaqueElement
from tests import agreement
from tests.columns import WAYS, column, every_way, taken
from tests.lying import Lying
from tests.rows import each_row

ALL = tuple(NationalLanguage)[1:]
HEADERS = [UserDataHeader(), *(UserDataHeader([OpaqueElement(0x70, bytes(size))]) for size in range(0, 12))]
MESSAGES = st.lists(strategies.texts() | strategies.boundary_texts(), max_size=8)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "alphabet": st.sampled_from([None, Alphabet.UCS2]),
        "languages": st.sampled_from([(), ALL, (NationalLanguage.TURKISH,)]),
        "wide_reference": st.booleans(),
        "header": st.sampled_from(HEADERS) | strategies.caller_headers(),
    },
)

Expected = list[list[tuple[int, bytes]]]


def one_by_one(texts: Sequence[str], references: Sequence[int], **options: Any) -> Expected:
    """TP-UDL and TP-UD of every segment of each text, made alone."""
    pairs = zip(texts, references, strict=True)
    return [agreement.tp_uds(list(segment(text, reference=reference, **options))) for text, reference in pairs]


def found(batch: EncodedBatch) -> Expected:
    """The same of a batch, taken from its columns and compared with its elements."""
    ends, lengths = batch.offsets.tolist(), batch.tp_udl.tolist()
    octets = [bytes(batch.data[start:end]) for start, end in itertools.pairwise(ends)]
    first = batch.first.tolist()
    rows = [list(zip(lengths[a:b], octets[a:b], strict=True)) for a, b in itertools.pairwise(first)]
    assert [None if not row else tuple(part for _, part in row) for row in rows] == list(batch)
    assert ends[-1] == len(batch.data)
    assert first[-1] == len(lengths) == batch.measured.total_segments
    return rows


def with_room(texts: Sequence[str], options: dict[str, Any]) -> list[str]:
    """The texts that can be sent under these options."""
    kept = []
    for text in texts:
        try:
            segment(text, **options)
        except (SegmentationError, UnencodableError):
            continue
        kept.append(text)
    return kept


@every_way
@given(MESSAGES, OPTIONS, st.integers(0, 0xFF))
def test_octets_are_those_of_each_message_alone(way: str, texts: list[str], options: dict[str, Any], seed: int) -> None:
    """A list or a column gives the octets of ``segment``, which the oracle has too, on every way."""
    try:
        measure("", **options)
    except SegmentationError:
        return
    texts = with_room(texts, options)
    references = [(seed + row) % 0x100 for row in range(len(texts))]
    expected = one_by_one(texts, references, **options)
    assert expected == [agreement.expected_tp_uds(text, options, n) for text, n in zip(texts, references, strict=True)]
    shape = column([text.encode() for text in texts], start=seed % 5)
    with taken(way):
        listed = encode_many(texts, references=references, **options)
        columns = encode_utf8(shape.data, shape.offsets, references=references, **options)
    assert expected == found(listed) == found(columns)
    assert list(measure_many(texts, **options)) == list(listed.measured) == list(columns.measured)
    headed = [any(part.user_data.header.elements for part in segment(text, reference=0, **options)) for text in texts]
    assert headed == list(map(bool, listed.has_header)) == list(map(bool, columns.has_header))


@every_way
@given(MESSAGES, OPTIONS)
def test_the_form_of_smpp_is_that_of_short_messages(way: str, texts: list[str], options: dict[str, Any]) -> None:
    """With ``form="smpp"`` the octets are those of ``short_messages``, and TP-UDL stays what it is."""
    try:
        measure("", **options)
    except SegmentationError:
        return
    texts = with_room(texts, options)
    messages = [segment(text, reference=5, **options) for text in texts]
    with taken(way):
        batch = encode_many(texts, references=5, form="smpp", **options)
    assert [tuple(part.short_message for part in short_messages(message)) for message in messages] == list(batch)
    assert [part.user_data.length for message in messages for part in message] == batch.tp_udl.tolist()


def pairs() -> Iterator[ShiftTables]:
    """Every pair of tables that a header can ask for."""
    for locking, single in itertools.product(LOCKING_SHIFT, SINGLE_SHIFT):
        yield ShiftTables(locking, single)


@pytest.mark.exhaustive
def test_every_character_of_every_pair_of_tables() -> None:
    """Each pair of tables writes each of its characters with the same septets as ``segment`` does."""
    for tables in pairs():
        languages = [language for language in (tables.locking, tables.single) if language]
        characters = [*LOCKING_SHIFT[tables.locking], *SINGLE_SHIFT[tables.single]]
        texts = [
            "".join(character for character in characters if character not in "\ufffe\x1b") * times for times in (1, 3)
        ]
        texts = [text for text in texts if measure(text, languages=languages).alphabet is Alphabet.GSM_7BIT]
        expected = one_by_one(texts, [9] * len(texts), languages=languages)
        for way in WAYS:
            with taken(way):
                assert expected == found(encode_many(texts, references=9, languages=languages)), way


@pytest.mark.exhaustive
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("wide", [False, True])
def test_every_length_behind_every_header(header: UserDataHeader, wide: bool) -> None:
    """Text of every length up to three segments is packed alike behind headers of every number of octets."""
    letters = "".join(random.Random(23040).choices("abc@$_é€{Δ xyz", k=500))
    texts = [letters[start : start + length] for length in range(0, 330, 1 + wide) for start in (0, length % 7)]
    texts += ["ж" * (length // 4) + letters[:length] for length in range(1, 100)]
    expected = one_by_one(texts, [0x55] * len(texts), header=header, wide_reference=wide)
    for way in WAYS:
        with taken(way):
            assert expected == found(encode_many(texts, references=0x55, header=header, wide_reference=wide)), way


@given(
    st.lists(st.none() | strategies.texts(), max_size=20),
    st.sampled_from([4, 8]),
    st.integers(0, 9),
    st.integers(0, 9),
    st.data(),
)
def test_columns_of_every_shape(
    rows: list[str | None], width: Literal[4, 8], start: int, bit: int, data: st.DataObject
) -> None:
    """Widths, starts, nulls and places of their bits change nothing; nulls stay nulls, and have references of their
    own.
    """
    shape = column([None if row is None else row.encode() for row in rows], width=width, start=start, bit=bit)
    references = data.draw(st.lists(st.integers(0, 255), min_size=len(rows), max_size=len(rows)))
    batch = encode_utf8(shape.data, shape.offsets, references=references, **shape.options)
    known = [(row, reference) for row, reference in zip(rows, references, strict=True) if row is not None]
    expected = iter(one_by_one([row for row, _ in known], [reference for _, reference in known]))
    assert [[] if row is None else next(expected) for row in rows] == found(batch)
    assert measure_utf8(shape.data, shape.offsets, **shape.options) == batch.measured


def test_columns_by_default() -> None:
    """Offsets have 4 octets, the first bit of validity is that of message 0, and errors count from it."""
    shape = column([b"a", None, b"b"])
    batch = encode_utf8(shape.data, shape.offsets, validity=shape.validity)
    assert list(batch) == [(b"a",), None, (b"b",)]
    assert measure_utf8(shape.data, shape.offsets, validity=shape.validity) == batch.measured
    for function in (encode_utf8, measure_utf8):
        with pytest.raises(UndecodableError, match="message 2: "):
            function(b"ab\xff", array("i", [0, 1, 1, 3]), validity=shape.validity)


@every_way
def test_national_tables_in_every_block(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which tables a message takes does not depend on the block that it is in."""
    monkeypatch.setattr(_encoding, "_ROWS_A_BLOCK", 2)
    two_languages = "ँ" * 70 + "।" * 5  # the main table of Hindi, the single one of Gujarati
    texts = ["a", "ş" * 80, "ж" * 71, "ş" * 100 + "a", "ş", "ã" * 75, two_languages]
    shape = column([text.encode() for text in texts])
    with taken(way):
        expected = one_by_one(texts, [7] * len(texts), languages="all")
        assert expected == found(encode_many(texts, references=7, languages="all"))
        assert expected == found(encode_utf8(shape.data, shape.offsets, references=7, languages="all"))


def kinds_of_references(numbers: list[int]) -> Iterator[Any]:
    """The same references in each kind of thing that they may come in."""
    yield numbers
    yield tuple(numbers)
    yield iter(numbers)
    yield bytes(numbers)
    yield array("H", numbers)
    yield memoryview(array("q", numbers))
    yield (number for number in numbers)


def test_references_of_every_kind() -> None:
    """A list, an iterator, octets or integers of any width are the same references; one number stands for all."""
    texts = ["a" * 200, "b", "ж" * 100]
    for references in kinds_of_references([1, 2, 255]):
        assert one_by_one(texts, [1, 2, 255]) == found(encode_many(texts, references=references))
    assert one_by_one(texts, [3, 3, 3]) == found(encode_many(iter(texts), references=3))
    assert one_by_one(texts, [1, 0, 2]) == found(encode_many(texts, references=[1, None, 2]))
    assert one_by_one(texts, [0, 0, 255]) == found(encode_many(texts, references=[0, None, 255]))
    assert one_by_one(["b"], [0]) == found(encode_many(["b"]))


@every_way
def test_messages_cross_blocks_and_buffers(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost or doubled where a block ends, where C's buffer is full, or where offsets need eight octets."""
    texts = corpora.mix(60) + ["a" * 39_000, "ж" * 17_000, ""] * 3
    references = [row % 256 for row in range(len(texts))]
    expected = one_by_one(texts, references)
    shape = column([text.encode() for text in texts])
    monkeypatch.setattr(_encoding, "_ROWS_A_BLOCK", 7)
    monkeypatch.setattr("smscodec._kernels.octets.MOST_NARROW", 50_000)
    if "python" not in way:
        monkeypatch.setattr(
            "smscodec._kernels._c_octets.OCTETS_A_CALL", 100_000
        )  # above what C reserves for 255 segments
        monkeypatch.setattr("smscodec._kernels._c_octets.SEGMENTS_A_CALL", 300)
        monkeypatch.setattr("smscodec._kernels._c_buffers.CHARACTERS_A_CALL", 500)
    with taken(way):
        batches = [
            encode_many(texts, references=references),
            encode_many(iter(texts), references=iter(references)),
            encode_utf8(shape.data, shape.offsets, references=references),
        ]
    for batch in batches:
        assert expected == found(batch)
        assert batch.offsets.itemsize == 8
        assert batch.first.itemsize == 4


@every_way
@pytest.mark.parametrize("options", [{}, {"languages": "all"}, {"alphabet": "ucs2"}, {"errors": "null"}], ids=str)
@pytest.mark.parametrize("other", [None, b"a"], ids=repr)
def test_only_text_is_written(way: str, other: Any, options: dict[str, Any]) -> None:
    """Anything else among texts is a TypeError that names it, and None is no null."""
    with taken(way), pytest.raises(TypeError, match=rf"^message 1: text must be str, not {type(other).__name__}$"):
        encode_many(["a", other, "b" * 200], references=1, **options)


@every_way
def test_subclasses_of_str_are_read_as_the_str_that_they_are(way: str) -> None:
    """A str subclass that lies about itself is written as what it holds, wherever it stands."""
    texts = ["abc", Lying("жж"), "x" * 200, Lying("ß€" * 100), "y"]
    plain = ["abc", "жж", "x" * 200, "ß€" * 100, "y"]
    with taken(way):
        batch = encode_many(texts, references=1)
    assert one_by_one(plain, [1] * 5) == found(batch)


WRONG: list[tuple[str, Any, str]] = [
    ("missing", None, "message 1 takes 2 segments and needs one"),
    ("missing among others", [1, None, 3], "message 1 takes 2 segments and needs one"),
    ("too few", [1, 2], "expected 3, one a message, got 2"),
    ("too many", [1, 2, 3, 4], "expected 3, one a message, got 4"),
    ("too few to come", lambda: iter([1, 2]), "message 2 has none"),
    ("too many to come", lambda: iter([1, 2, 3, 4]), "there are more"),
    ("too large", [1, 256, 3], "message 1: expected a whole number of 0–255 or None, got 256"),
    ("negative", [-1, 2, 3], "message 0: expected a whole number of 0–255 or None, got -1"),
    ("of another kind", [1, "2", 3], "message 1: expected a whole number"),
    ("a truth", [1, True, 3], "message 1: expected a whole number"),
    ("a fraction", [1, 2, 3.0], "message 2: expected a whole number"),
    ("one too large", 256, "256"),
    ("one truth", True, "True"),
    ("text", "123", "expected a whole number, or one a message, got str"),
]


@every_way
@each_row("wrong", WRONG)
def test_references_that_cannot_be_are_refused(way: str, wrong: tuple[str, Any, str]) -> None:
    """A missing or wrong reference, and references of another number, are one FieldError that names the message."""
    _, references, words = wrong
    shape = column([b"a", b"b" * 161, b"c"])
    with taken(way), pytest.raises(FieldError, match=words) as caught:
        encode_many(["a", "b" * 161, "c"], references=references() if callable(references) else references)
    assert caught.value.field == "references"
    with taken(way), pytest.raises(FieldError, match=words) as caught:
        encode_utf8(shape.data, shape.offsets, references=references() if callable(references) else references)
    assert caught.value.field == "references"


@every_way
@pytest.mark.parametrize("before", [0, 3])
def test_messages_that_cannot_be_written_are_refused_by_index_and_position(
    way: str, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Surrogates, too many segments, invalid offsets and octets that are not text name the message, from its index
    on, whatever block it is in.
    """
    monkeypatch.setattr(_encoding, "_ROWS_A_BLOCK", 2)
    good = [b"a"] * before
    with taken(way):
        with pytest.raises(UnencodableError, match=f"message {before}: ") as surrogate:
            encode_many(["a"] * before + ["ж\ud83d"], references=1)
        assert (surrogate.value.start, surrogate.value.end) == (1, 2)
        with pytest.raises(UnencodableError, match=f"message {before}: ") as foreign:
            encode_many(["a"] * before + ["abж"], references=1, alphabet=Alphabet.GSM_7BIT)
        assert foreign.value.start == 2
        with pytest.raises(SegmentationError, match=f"message {before}: 256 segments") as long:
            encode_many(["a"] * before + ["a" * 153 * 256], references=1)
        assert long.value.segments == 256
        with pytest.raises(TypeError, match=f"message {before}: text must be str, not bytes"):
            encode_many(["a"] * before + [b"a"], references=1)  # type: ignore[list-item]
        shape = column([*good, b"ab\xff"])
        with pytest.raises(UndecodableError, match=f"message {100 + before}: invalid start byte") as invalid:
            encode_utf8(shape.data, shape.offsets, first_index=100)
        assert invalid.value.start == 2
        shape = column([*good, "abж".encode()])
        with pytest.raises(UnencodableError, match=f"message {100 + before}: ") as foreign:
            encode_utf8(shape.data, shape.offsets, first_index=100, alphabet=Alphabet.GSM_7BIT)
        assert foreign.value.start == 2
        lying = array("i", [*range(before + 1), 0 if before else -1])
        with pytest.raises(FieldError, match=f"message {before} runs backwards or past the data") as caught:
            encode_utf8(b"abc", lying)
        assert caught.value.field == "offsets"
        with pytest.raises(FieldError) as caught:
            encode_utf8(b"", b"", first_index=-1)
        assert caught.value.field == "first_index"


@every_way
def test_what_cannot_be_written_becomes_a_null_where_that_is_asked_for(way: str) -> None:
    """With ``errors="null"`` messages that cannot be written are nulls, counted by their reason, and the others are
    there.
    """
    texts = ["a", "\ud800", "b" * 161, "c" * 153 * 256, "ж" * 71, "d"]
    with taken(way):
        batch = encode_many(texts, references=[1, 2, None, 4, 5, 6], errors="null")
        assert batch.refused == {"unencodable": 1, "references": 1, "segments": 1}
        assert [row for row, message in enumerate(batch) if message is None] == [1, 2, 3]
        assert [row for row, count in enumerate(batch.measured) if count is None] == [1, 2, 3]
        kept = ["a", "ж" * 71, "d"]
        assert [row for row in found(batch) if row] == one_by_one(kept, [1, 5, 6])
        columns = encode_utf8(b"ab\xffc", array("i", [0, 1, 3, 0, 1, 9]), errors="null")
        assert columns.refused == {"invalid UTF-8": 1, "offsets": 2}
        assert list(columns) == [(b"a",), None, None, (b"a",), None]
        forced = encode_many(["a", "ж"], alphabet=Alphabet.GSM_7BIT, errors="null")
        assert [message is None for message in forced] == [False, True]
        assert forced.refused == {"unencodable": 1}
    assert encode_many(["a"]).refused == {}


def test_other_forms_and_handlers_are_refused() -> None:
    """A form or a way of handling errors that there is not is a FieldError that says which there are."""
    with pytest.raises(FieldError, match="form: expected 'tp-ud' or 'smpp', got 'pdu'"):
        encode_many([], form="pdu")  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="errors: expected 'strict' or 'null', got 'ignore'"):
        encode_many([], errors="ignore")  # type: ignore[arg-type]


def test_a_batch_is_a_sequence() -> None:
    """Elements are there by index from either end, in slices and one by one; all buffers can only be read."""
    batch = encode_many(["hi", "x" * 161], references=1)
    assert batch[-1] == batch[1] == batch[1:][0]
    assert len(batch) == 2
    with pytest.raises(IndexError):
        batch[2]
    assert all(view.readonly for view in (batch.first, batch.tp_udl, batch.offsets, batch.data))
    assert repr(batch) == f"<EncodedBatch: 2 messages, 3 segments, {len(batch.data)} octets>"


def test_no_messages() -> None:
    """Nothing to write gives empty columns, with the one offset that Arrow wants."""
    for batch in (encode_many([]), encode_utf8(b"", b""), encode_utf8(b"", bytes(4))):
        assert (batch.first.tolist(), batch.offsets.tolist(), len(batch.data)) == ([0], [0], 0)
