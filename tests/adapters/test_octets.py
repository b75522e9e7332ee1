"""Octets in columns: each library's own types hold what ``segment`` makes of each text, and nothing is copied.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import corpora
from smscodec import Alphabet, FieldError, measure, segment
from smscodec.batch import EncodedBatch, decode_many, encode_utf8
from tests.adapters.needing import library

pa = library("pyarrow")
pl, pd, duckdb = library("polars"), library("pandas"), library("duckdb")

from smscodec.adapters import arrow  # noqa: E402 - only where pyarrow is
from smscodec.adapters import duckdb as in_duckdb  # noqa: E402
from smscodec.adapters import pandas as in_pandas  # noqa: E402
from smscodec.adapters import polars as in_polars  # noqa: E402

TEXTS = [*corpora.mix(200), None, "", "ş" * 71, "€" * 100, None, "😀" * 60]
REFERENCES = [row % 256 for row in range(len(TEXTS))]

Message = list[dict[str, Any]]


def expected(text: str | None, reference: int, **options: Any) -> Message | None:
    """What a library shows of one message."""
    if text is None:
        return None
    parts = [part.user_data for part in segment(text, reference=reference, **options)]
    return [{"tp_udl": part.length, "tp_ud": part.to_bytes()} for part in parts]


def all_expected(**options: Any) -> list[Message | None]:
    """The same of all messages."""
    return [expected(*pair, **options) for pair in zip(TEXTS, REFERENCES, strict=True)]


KINDS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int16(), pa.string())]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_arrow_columns_of_every_kind(kind: Any) -> None:
    """Strings of every layout, whole, sliced and in chunks, give the octets of each text."""
    plain = pa.array(TEXTS)
    column = plain.dictionary_encode() if pa.types.is_dictionary(kind) else plain.cast(kind)
    encoded = arrow.encode(column, REFERENCES)
    encoded.validate(full=True)
    assert encoded.type == arrow.ENCODED
    assert all_expected() == encoded.to_pylist()
    assert all_expected()[7:150] == arrow.encode(column.slice(7, 143), REFERENCES[7:150]).to_pylist()
    chunked = pa.chunked_array([column.slice(0, 100), column.slice(100, 0), column.slice(100)])
    references = pa.chunked_array([REFERENCES[:30], REFERENCES[30:]])
    assert all_expected() == arrow.encode(chunked, references).to_pylist()


def test_arrow_reads_what_it_wrote() -> None:
    """Segments of a list column read back, as structs or as binaries with TP-UDL beside them, give the texts again."""
    encoded = arrow.encode(pa.array(TEXTS), REFERENCES, languages="tr")
    segments = encoded.flatten()
    messages = [text for text in TEXTS if text is not None]
    counts = [measure(text, languages="tr") for text in messages]
    alphabets = [count.alphabet for count in counts for _ in range(count.segments)]
    headed = [count.segments > 1 or count.tables.locking > 0 for count in counts for _ in range(count.segments)]
    options = {"alphabets": pa.array(alphabets, pa.uint8()), "has_header": pa.array(headed), "strict": True}
    decoded = arrow.decode(segments, **options)
    decoded.validate(full=True)
    assert decoded.type == arrow.DECODED
    assert "".join(messages) == "".join(decoded.field("text").to_pylist())
    beside = arrow.decode(segments.field("tp_ud"), tp_udl=segments.field("tp_udl"), **options)
    assert decoded.equals(beside)
    first = next(row for row, count in enumerate(counts) if count.segments > 1)
    at = sum(count.segments for count in counts[:first])
    assert decoded[at].as_py()["sequence"] == 1
    assert decoded[at].as_py()["total"] == counts[first].segments


def test_a_column_without_text_is_read_as_nulls() -> None:
    """8-bit data, and nulls, have no text; anything but a column of binaries with TP-UDL is refused."""
    column = pa.array([b"a", None, b"b"])
    decoded = arrow.decode(column, tp_udl=[1, 0, 1], alphabets=[Alphabet.DATA_8BIT, 0, 0])
    assert [row["text"] for row in decoded.to_pylist()] == [None, None, "b"]
    for without in (column, pa.chunked_array([], pa.binary()), pa.array(["a"])):
        with pytest.raises(FieldError, match="tp_udl: expected one a row, or a column of structs of tp_udl and tp_ud"):
            arrow.decode(without)
    with pytest.raises(TypeError, match="expected a column of binaries"):
        arrow.decode(pa.array(["a"]), tp_udl=[1])


def test_text_beyond_the_offsets_of_arrow_is_refused() -> None:
    """What a batch has offsets of eight octets for is too much for one array, and the error says what to do."""
    wide: Any = SimpleNamespace(offsets=memoryview(bytes(16)).cast("q"))  # all that is looked at
    for work in (arrow._texts, arrow._lists):
        with pytest.raises(FieldError, match="2 GiB: pass a chunked array") as caught:
            work(wide)
        assert caught.value.field == "column"


@pytest.mark.parametrize("name", ["tp_udl", "alphabets"])
@pytest.mark.parametrize("wrong", [-1, 256])
def test_numbers_that_are_no_octets_are_named(name: str, wrong: int) -> None:
    """A column of numbers outside 0–255 is refused by the name of the argument."""
    numbers = {"tp_udl": pa.array([1]), "alphabets": pa.array([1])} | {name: pa.array([wrong])}
    with pytest.raises(FieldError, match="expected whole numbers of 0–255") as caught:
        arrow.decode(pa.array([b"a"]), **numbers)
    assert caught.value.field == name


@pytest.mark.parametrize(
    ("raised", "message"),
    [(pa.ArrowInvalid("too long\nas Arrow says"), "too long"), (MemoryError(), "not enough memory for it")],
    ids=["Arrow", "memory"],
)
def test_what_arrow_cannot_hold_is_said_of_the_column(raised: Exception, message: str) -> None:
    """An error of Arrow's, or that memory ends, is a FieldError about the column, on one line."""

    def work(_part: Any, _first: int) -> Any:
        raise raised

    for column in (pa.array(["a"]), pa.chunked_array([["a"]])):
        with pytest.raises(FieldError) as caught:
            arrow._by_chunks(column, work, pa.string())
        assert ("column", message) == (caught.value.field, caught.value.message)


def test_nothing_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is read where it lies, and the result's octets and offsets are the kernel's own buffers."""
    batches: list[EncodedBatch] = []
    read: list[int] = []

    def watching(data: Any, *arguments: Any, **options: Any) -> EncodedBatch:
        read.append(pa.py_buffer(data).address)
        batches.append(encode_utf8(data, *arguments, **options))
        return batches[-1]

    monkeypatch.setattr(arrow, "encode_utf8", watching)
    column = pa.array(TEXTS)
    encoded = arrow.encode(column, 7)
    assert read == [column.buffers()[2].address]
    (batch,) = batches
    tp_ud = encoded.values.field("tp_ud")
    kept = [pa.py_buffer(view).address for view in (batch.first, batch.offsets, batch.data, batch.tp_udl)]
    buffers = [encoded.buffers()[1], *tp_ud.buffers()[1:], encoded.values.field("tp_udl").buffers()[1]]
    assert kept == [buffer.address for buffer in buffers]
    texts = decode_many(batch.data, batch.offsets, tp_udl=batch.tp_udl, alphabets=0, has_header=False)
    monkeypatch.setattr(arrow, "decode_many", lambda *_, **__: texts)
    decoded = arrow.decode(encoded.values)
    assert pa.py_buffer(texts.data).address == decoded.field("text").buffers()[2].address


def test_errors_name_the_row_of_the_whole_column() -> None:
    """A missing reference is named by its row, whatever the chunks, and becomes a null where that is asked for."""
    column = pa.chunked_array([["a"], ["b", "x" * 161]])
    with pytest.raises(FieldError, match="message 2 takes 2 segments and needs one"):
        arrow.encode(column)
    with pytest.raises(FieldError, match="expected 3, one a row, got 2"):
        arrow.encode(column, [1, 2])
    assert arrow.encode(column, errors="null").is_valid().to_pylist() == [True, True, False]


def test_polars() -> None:
    """Expressions and Series hold the octets of each text, under references in another column or one for all."""
    frame = pl.DataFrame({"text": TEXTS, "reference": REFERENCES})
    for references in ("reference", pl.col("reference")):
        encoded = frame.lazy().select(pl.col("text").sms.encode(references)).collect()["text"]
        assert encoded.dtype == in_polars.ENCODED
        assert all_expected() == encoded.to_list()
    assert all_expected(languages="tr") == frame["text"].sms.encode(frame["reference"], languages="tr").to_list()
    alone = frame.select(pl.col("text").sms.encode(9))["text"]
    assert [expected(text, 9) for text in TEXTS] == alone.to_list()
    counts = frame.select(pl.col("text").sms.segments(languages="tr"))["text"].to_list()
    assert [None if text is None else measure(text, languages="tr").segments for text in TEXTS] == counts
    assert frame["text"].sms.alphabet(languages="tr").to_list()[-4:-2] == ["GSM_7BIT", "GSM_7BIT"]


def test_pandas() -> None:
    """The accessor ``sms`` has the counts of ``measure`` and the octets of each text, under the index of the Series."""
    series = pd.Series(TEXTS, index=range(10, 10 + len(TEXTS)))
    encoded = series.sms.encode(REFERENCES)
    assert list(series.index) == list(encoded.index)
    assert all_expected() == [None if value is pd.NA or value is None else list(value) for value in encoded]
    chunks = pa.chunked_array([TEXTS[:90], TEXTS[90:]], pa.string())
    in_chunks = pd.Series(pd.arrays.ArrowExtensionArray(chunks)).sms.encode(REFERENCES)
    assert list(encoded) == list(in_chunks)
    missing = pd.Series([1, None])
    assert pd.Series(["x" * 161, "a"]).sms.encode(missing).map(len).tolist() == [2, 1]
    with pytest.raises(FieldError, match="references: expected whole numbers"):
        in_pandas.encode(pd.Series(["a"]), pd.Series([1.5]))
    counts = series.sms.segments(languages="tr")
    assert in_pandas.measure(series, languages="tr")["segments"].equals(counts)
    assert list(series.sms.units().dropna()) == [measure(text).units for text in TEXTS if text is not None]
    assert series.sms.alphabet().dropna().iloc[-1] == "UCS2"


def test_duckdb() -> None:
    """``sms_encode`` gives the octets of each text under the reference beside it, with the languages registered."""
    connection = duckdb.connect()
    in_duckdb.register(connection, languages="tr")
    messages = pa.table({"text": pa.array(TEXTS, pa.string()), "reference": REFERENCES})
    rows = connection.sql("SELECT sms_encode(text, reference), sms_segments(text) FROM messages").fetchall()
    shown = [None if row[0] is None else [dict(part) for part in row[0]] for row in rows]
    assert all_expected(languages="tr") == shown
    assert messages.num_rows == len(rows)
    assert [None if text is None else measure(text, languages="tr").segments for text in TEXTS] == [r[1] for r in rows]
