"""TP-UD of many messages read at once: row by row what ``UserData.from_bytes(…).text()`` reads, whatever the octets.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import Alphabet, DecodeError, FieldError, NationalLanguage, UndecodableError, UserData, segment
from smscodec.batch import DecodedBatch, _decoding, decode_many, encode_many
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT
from smscodec.testing import strategies
from smscodec.udh import NationalLanguageLockingShift, NationalLanguageSingleShift, UserDataHeader
from tests.columns import WAYS, column, every_way, taken

ALL = tuple(NationalLanguage)[1:]


class Row(NamedTuple):
    """What decode_many is told of a row."""

    octets: bytes
    tp_udl: int
    alphabet: int
    has_header: bool


class Found(NamedTuple):
    """What it tells of it."""

    text: str | None
    reference: int
    total: int
    sequence: int
    wide: bool


def alone(row: Row) -> Found:
    """What the values read."""
    known = row.alphabet in tuple(Alphabet)
    alphabet = Alphabet(row.alphabet) if known else Alphabet.DATA_8BIT
    data = UserData.from_bytes(row.octets, length=row.tp_udl, alphabet=alphabet, has_header=row.has_header)
    text = None if alphabet is Alphabet.DATA_8BIT else data.text()
    element = data.header.concatenation
    if element is None:
        return Found(text, 0, 0, 0, False)
    return Found(text, element.reference, element.total, element.sequence, element.wide)


def decoded(rows: Sequence[Row], *, width: Literal[4, 8] = 4, start: int = 0, **options: Any) -> DecodedBatch:
    """The rows as one column."""
    shape = column([row.octets for row in rows], width=width, start=start)
    return decode_many(
        shape.data,
        shape.offsets,
        tp_udl=bytes(row.tp_udl for row in rows),
        alphabets=bytes(row.alphabet for row in rows),
        has_header=bytes(row.has_header for row in rows),
        offset_width=width,
        **options,
    )


def found(batch: DecodedBatch) -> list[Found]:
    """The rows of a batch, taken from its columns and compared with its elements."""
    octets = [bytes(batch.data[a:b]) for a, b in itertools.pairwise(batch.offsets.tolist())]
    texts = [None if text is None else octets[row].decode() for row, text in enumerate(batch)]
    assert texts == list(batch)
    columns = (batch.reference.tolist(), batch.total.tolist(), batch.sequence.tolist(), map(bool, batch.wide.tolist()))
    return [Found(*row) for row in zip(texts, *columns, strict=True)]


def rows_of(user_data: UserData, *, cut: int, longer: int, more: bytes) -> Row:
    """A row of proper user data, of which octets are missing or too many, or TP-UDL says so."""
    octets = user_data.to_bytes()
    octets = octets[: len(octets) - cut] + more
    return Row(
        octets, min(255, max(0, user_data.length + longer)), user_data.alphabet, bool(user_data.header.octet_length)
    )


NEARLY_RIGHT = st.builds(
    rows_of,
    strategies.user_data().filter(lambda data: not data.compressed),
    cut=st.sampled_from([0, 0, 0, 1, 5]),
    longer=st.sampled_from([0, 0, 0, 1, -1, 7, 200]),
    more=st.sampled_from([b"", b"", b"\x00", b"\xff\xff"]),
)
SPECIAL = st.sampled_from(
    [0x1B, 0x1B, 0x0D, 0x65, 0x61, 0x00, 0xFF, 0xFE, 0xD8, 0xDC, 0x24, 0x25, 0x08, 0x03, 0x01, 0x05]
)
ANYTHING = st.builds(
    Row,
    st.binary(max_size=200) | st.lists(SPECIAL, max_size=40).map(bytes),
    st.integers(0, 255),
    st.sampled_from([0, 0, 0, 1, 2, 2, 3, 255]),
    st.booleans(),
)


@every_way
@given(st.lists(NEARLY_RIGHT | ANYTHING, max_size=10), st.sampled_from([4, 8]), st.integers(0, 9))
@example([Row(b"", 0, 0, True), Row(b"\x00", 0, 0, True), Row(b"\x00", 1, 0, True)], 4, 0)
@example([Row(b"\x05\x00\x03\x07\x02\x01", 7, 0, True), Row(b"\xff" * 255, 255, 2, True)], 4, 0)
@example([Row(b"\xff\xfe\x16\x04", 4, 2, False), Row(b"\xfe\xff\x04\x16", 4, 2, False)], 4, 0)
@example([Row(b"\xff\xfe\x16\x04\x3d", 5, 2, False), Row(b"\xff\xfe\x3d\xd8\x00\xde\x3d\xd8", 8, 2, False)], 4, 0)
def test_rows_are_read_as_the_values_read_them(way: str, rows: list[Row], width: Literal[4, 8], start: int) -> None:
    """Any octets under any TP-UDL give the text and the concatenation that ``UserData`` reads, on every way."""
    with taken(way):
        batch = decoded(rows, width=width, start=start)
    assert [alone(row) for row in rows] == found(batch)
    eight_bit = sum(row.alphabet == Alphabet.DATA_8BIT for row in rows)
    unknown = sum(row.alphabet > 2 for row in rows)
    assert {"8-bit data": eight_bit, "unknown alphabet": unknown} == {
        "8-bit data": 0,
        "unknown alphabet": 0,
    } | batch.unreadable
    assert all(batch.unreadable.values())


@every_way
@given(
    st.lists(strategies.texts() | strategies.boundary_texts(), max_size=6), st.sampled_from([(), ALL]), st.booleans()
)
def test_what_was_written_is_read_back(way: str, texts: list[str], languages: Any, wide: bool) -> None:
    """Reading what was written gives the texts again, and says which segments belong together, strictly too."""
    with taken(way):
        written = encode_many(texts, references=77, languages=languages, wide_reference=wide)
        counts = [b - a for a, b in itertools.pairwise(written.first.tolist())]
        alphabets = [
            alphabet for alphabet, count in zip(written.measured.alphabets, counts, strict=True) for _ in range(count)
        ]
        headed = [header for header, count in zip(written.has_header, counts, strict=True) for _ in range(count)]
        batch = decode_many(
            written.data,
            written.offsets,
            tp_udl=written.tp_udl,
            alphabets=alphabets,
            has_header=headed,
            offset_width=written.offsets.itemsize,  # type: ignore[arg-type]
            strict=True,
        )
    parts = list(batch)
    joined = ["".join(part or "" for part in parts[a:b]) for a, b in itertools.pairwise(written.first.tolist())]
    assert texts == joined
    expected = [(77, count, number + 1) if count > 1 else (0, 0, 0) for count in counts for number in range(count)]
    assert expected == list(zip(batch.reference, batch.total, batch.sequence, strict=True))
    assert [wide and total > 1 for total in batch.total] == list(map(bool, batch.wide))


def test_every_code_of_every_pair_of_tables() -> None:
    """Each septet and each escaped one is read under each pair of tables as the values read it."""
    rows = []
    for locking, single in itertools.product(LOCKING_SHIFT, SINGLE_SHIFT):
        elements: list[Any] = [NationalLanguageSingleShift(single)] if single else []
        elements += [NationalLanguageLockingShift(locking)] if locking else []
        for septets in (bytes(range(0x1B)) + bytes(range(0x1C, 0x80)), b"", *_escaped()):
            data = UserData(Alphabet.GSM_7BIT, septets, UserDataHeader(elements))
            rows.append(Row(data.to_bytes(), data.length, 0, bool(elements)))
    expected = [alone(row) for row in rows]
    for way in WAYS:
        with taken(way):
            assert expected == found(decoded(rows)), way


def _escaped() -> list[bytes]:
    pairs = [bytes([0x1B, code]) for code in range(0x80)]
    return [b"".join(pairs[:64]), b"".join(pairs[64:]), b"a\x1b"]


@every_way
@given(st.lists(NEARLY_RIGHT | ANYTHING, max_size=4))
@example([Row(b"\xff\xfe\x16\x04", 4, 2, False)])
def test_strict_reading_refuses_what_the_values_refuse(way: str, rows: list[Row]) -> None:
    """With ``strict`` the first row that strict reading refuses is the error that it is alone, under its index."""
    first = next(((row, error) for row, error in enumerate(map(refusal, rows)) if error), None)
    with taken(way):
        if first is None:
            assert [strictly(row) for row in rows] == list(decoded(rows, strict=True))
            return
        index, error = first
        with pytest.raises(type(error)) as caught:
            decoded(rows, strict=True, first_index=100)
    assert f"message {100 + index}: " in str(caught.value)
    if isinstance(error, DecodeError):
        assert isinstance(caught.value, DecodeError)
        assert (error.field, error.offset) == (caught.value.field, caught.value.offset)


def strictly(row: Row) -> str:
    """The text of a row as strict reading has it."""
    alphabet = Alphabet(row.alphabet)
    data = UserData.from_bytes(row.octets, length=row.tp_udl, alphabet=alphabet, has_header=row.has_header, strict=True)
    return data.text(strict=True)


def refusal(row: Row) -> DecodeError | FieldError | None:
    """What strict reading says against a row."""
    if row.alphabet not in (0, 2):
        return FieldError("alphabets", "")
    try:
        strictly(row)
    except DecodeError as error:
        return error
    return None


@every_way
def test_nulls_and_blocks(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nulls stay nulls wherever their bits are, and nothing is lost where a block ends or C's buffer is full."""
    texts = ["€" * 80, None, "abc", "ж" * 70, None, ""] * 40
    data = [None if text is None else segment(text)[0].user_data for text in texts]
    shape = column([None if each is None else each.to_bytes() for each in data], bit=5)
    monkeypatch.setattr(_decoding, "_ROWS_A_BLOCK", 50)
    monkeypatch.setattr("smscodec._kernels.octets.MOST_NARROW", 5_000)
    if way != "python":
        monkeypatch.setattr("smscodec._kernels._c_octets.OCTETS_A_CALL", 2_000)
    with taken(way):
        batch = decode_many(
            shape.data,
            shape.offsets,
            tp_udl=[0 if each is None else each.length for each in data],
            alphabets=[0 if each is None else each.alphabet for each in data],
            has_header=False,
            **shape.options,
        )
    assert texts == list(batch)
    assert batch.offsets.itemsize == 8
    assert batch.validity is not None
    assert [text is not None for text in texts] == [bool(batch.validity[row // 8] >> row % 8 & 1) for row in range(240)]
    assert batch.unreadable == {}


@every_way
def test_a_null_says_nothing(way: str) -> None:
    """A null has no text, reference, total, sequence or width, whatever octets are there; the first bit is of row 0."""
    part = segment("a" * 161, reference=600, wide_reference=True)[0]
    octets, length = part.user_data.to_bytes(), part.user_data.length
    places = array("i", range(0, 4 * len(octets), len(octets)))
    with taken(way):
        batch = decode_many(
            3 * octets, places, tp_udl=[length] * 3, alphabets=0, has_header=True, validity=bytes([0b101])
        )
    assert list(batch) == [part.text, None, part.text]
    fields = batch.reference, batch.total, batch.sequence, batch.wide
    assert [*map(list, fields)] == [[600, 0, 600], [2, 0, 2], [1, 0, 1], [1, 0, 1]]


@every_way
def test_columns_that_cannot_be_are_refused(way: str) -> None:
    """Offsets that lie and columns of another length are a FieldError that names the argument, and the row if there
    is one.
    """
    one: dict[str, Any] = {"tp_udl": [1], "alphabets": 0, "has_header": False}
    with taken(way):
        with pytest.raises(FieldError, match="message 7 runs backwards or past the data") as caught:
            decode_many(b"a", array("i", [0, 2]), first_index=7, **one)
        assert caught.value.field == "offsets"
        for field, wrong in (
            ("tp_udl", [1, 2]),
            ("tp_udl", [256]),
            ("tp_udl", b""),
            ("alphabets", b"\0\0"),
            ("has_header", []),
            ("first_index", -1),
        ):
            with pytest.raises(FieldError) as caught:
                decode_many(b"a", array("i", [0, 1]), **{**one, field: wrong})
            assert caught.value.field == field
        assert list(decode_many(b"", b"", tp_udl=b"", alphabets=b"", has_header=b"")) == []


def test_tp_udl_longer_than_the_octets_names_the_row() -> None:
    """Strictly, TP-UDL that promises more than is there is the DecodeError of the row; leniently what is there is
    read.
    """
    rows = [Row(b"a", 1, 0, False), Row(b"a", 3, 0, False)]
    assert list(decoded(rows)) == ["a", "a"]
    with pytest.raises(DecodeError, match="udl at octet 1: message 1: TP-UDL 3 covers 3 octets, found 1"):
        decoded(rows, strict=True)
    with pytest.raises(UndecodableError, match="message 0: "):
        decoded([Row(b"\x1b", 1, 0, False)], strict=True)
