"""The reader of Parquet and Arrow by itself: blocks, the rows that are refused, and what it calls each fault."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from smscodec.cli.files import blocks_of
from smscodec.cli.files.blocks import Reading, ReadingOptions
from smscodec.cli.reading import InputRefusedError
from smscodec.tables import permitted_languages
from tests.bulk_files import library

pa: Any = library("pyarrow")
pq: Any = library("pyarrow.parquet")
arrow_columns: Any = library("smscodec.cli.files.arrow_columns")

KINDS = [
    *(pa.string(), pa.large_string(), pa.string_view()),
    *(pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int32(), pa.large_string())),
]
NAMES = ["m.parquet", "m.arrow", "stream.arrow"]


class Found:
    """All that reading a table gives, with each row that was refused."""

    def __init__(self, folder: Path, table: Any, name: str = "m.arrow", **options: Any) -> None:
        path = str(folder / name)
        if name.endswith(".parquet"):
            pq.write_table(table, path)
        else:
            with (pa.ipc.new_stream if name.startswith("stream") else pa.ipc.new_file)(path, table.schema) as writer:
                writer.write_table(table)
        self.reading = Reading(path, ReadingOptions(skip=True, **options))
        self.positions: list[int] = []
        with mock.patch.object(Reading, "refuse", autospec=True) as refuse:
            self.blocks: list[Any] = []
            self.texts: list[str | None] = []
            for block in blocks_of("parquet" if name.endswith(".parquet") else "arrow", self.reading):
                self.positions.append(self.reading.position())
                self.texts += block.texts()
                self.blocks.append(block)
        self.refused = [(row, str(error)) for _, error, row in (call.args for call in refuse.call_args_list)]
        self.sizes = list(map(len, self.blocks))


def damage(folder: Path, table: Any, name: str = "m.arrow", **options: Any) -> str:
    """What is said of a table that is refused, behind the name of its file."""
    with pytest.raises(InputRefusedError) as refused:
        Found(folder, table, name, **options)
    return str(refused.value).removeprefix(str(folder / name))


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_long_rows_are_refused_by_number(name: str, kind: Any, tmp_path: Path) -> None:
    """Each above the limit, to the octet, in whatever layout and block; those beside it stay, and so do nulls."""
    texts = ["a" * 20, None, "ж" * 10, "ж" * 10 + "a", "", "a" * 21, "a" * 19, "a" * 22, "b", "a" * 23, "a" * 24, "c"]
    with mock.patch.object(arrow_columns, "_ROWS_A_BLOCK", 5):
        found = Found(tmp_path, pa.table({"t": pa.array(texts, kind)}), name, max_octets=20)
    long = [number for number, text in enumerate(texts, 1) if text and len(text.encode()) > 20]
    assert found.refused == [(number, "longer than 20 octets; see --max-message") for number in long]
    assert found.texts == [text for number, text in enumerate(texts, 1) if number not in long]
    assert (found.sizes, found.reading.row) == ([4, 2, 1], 12)
    with mock.patch.object(arrow_columns, "_ROWS_A_BLOCK", 1):
        found = Found(tmp_path, pa.table({"t": pa.array(texts[3:5], kind)}), name, max_octets=20)
    assert (found.texts, found.sizes) == ([""], [0, 1])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize("languages", [(), ("tr",)])
def test_rows_that_are_not_utf8_are_refused_by_number(kind: Any, languages: tuple[str, ...], tmp_path: Path) -> None:
    """Counted in place or as texts, behind rows that are too long; nulls stay."""
    octets = [b"a", None, b"\xff", b"x" * 9, b"b", b"c\xfe", None, b"d"]
    column = pa.array(octets, pa.binary() if kind == pa.string() else pa.large_binary()).view(kind)
    found = Found(tmp_path, pa.table({"t": column, "n": range(8)}), max_octets=8, keep=True, column="t")
    assert found.texts == ["a", None, "b", None, "d"]
    said = ["longer than 8 octets; see --max-message", *(f"not UTF-8: octet 0x{o} at offset 0" for o in ("FF", "FE"))]
    assert found.refused == [(4, said[0]), (3, said[1]), (6, said[2].replace("offset 0", "offset 1"))]
    (block,) = found.blocks
    assert [row["n"] for row in block.records()] == [0, 1, 4, 6, 7]
    for block in blocks_of("arrow", Reading(found.reading.name, ReadingOptions(skip=True, max_octets=8, column="t"))):
        measured = block.measured(permitted_languages(languages))
        assert (measured.units.tolist(), measured.segments.tolist()) == ([1, 0, 1, 0, 1], [1, 0, 1, 0, 1])
        assert (measured.nulls, [number != 0 for number in measured.alphabets]) == (2, [False] * 5)
        assert (block.text(2), len(block)) == ("b", 5)


def test_blocks_are_bounded(tmp_path: Path) -> None:
    """By 16,384 rows, and by 8 MiB of what the rows take written out, however often a value is used in them."""
    for name in NAMES:
        found = Found(tmp_path, pa.table({"t": ["a"] * 40_000}), name)
        assert (sum(found.sizes), set(found.sizes[:2])) == (40_000, {1 << 14})
    value = pa.array(["a" * (1 << 20)])
    for rows, sizes in ((8, [8]), (9, [4, 5])):
        column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int8()), value)
        for name in NAMES:
            assert Found(tmp_path, pa.table({"t": column}), name).sizes == sizes


def test_a_row_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """A row may be as large as a block and a message together, to the octet, and the others are kept."""
    rows = [("a" * 10, b"x" * 100), ("b", b"x" * 109), ("c", b"x" * 110), ("d", b"")]
    table = pa.table({"t": [text for text, _ in rows], "x": [octets for _, octets in rows]})
    with mock.patch.object(arrow_columns, "_OCTETS_A_BLOCK", 100):
        found = Found(tmp_path, table, keep=True, max_octets=10)
        assert (found.texts, found.refused) == (["a" * 10, "b", "d"], [(3, "a row of 111 octets")])
        found = Found(tmp_path, table.slice(0, 0), keep=True)
        assert (found.texts, found.refused) == ([], [])
        doubled = pa.table({"t": pa.array(["a" * 50] * 3).dictionary_encode(), "n": pa.array([1] * 3, pa.int32())})
        assert Found(tmp_path, doubled, keep=True, column="t").sizes == [1, 1, 1]


def test_what_parquet_holds_once_is_held_once(tmp_path: Path) -> None:
    """Columns of text and of octets stay dictionaries, from which each block writes out its own rows."""
    found = Found(tmp_path, pa.table({"t": ["a"], "o": [b"o"], "n": [1]}), "m.parquet", column="t", keep=True)
    kinds = found.blocks[0].table.schema.types
    assert [pa.types.is_dictionary(kind) for kind in kinds] == [True, True, False]
    assert found.blocks[0].records() == [{"t": "a", "o": b"o", "n": 1}]


@pytest.mark.parametrize("name", NAMES)
def test_columns_that_are_not_asked_for_are_left(name: str, tmp_path: Path) -> None:
    """Of a table there are the messages and the columns of --by, or with --output all of them, in their order."""
    table = pa.table({"n": [1, 2], "t": ["a", None], "day": [datetime.date(2026, 1, 2)] * 2})
    found = Found(tmp_path, table, name, by=("day", "t"))
    assert (found.texts, found.blocks[0].keys()) == (["a", None], [("2026-01-02", "a"), ("2026-01-02", "")])
    found = Found(tmp_path, table, name, by=("n",), keep=True)
    assert (found.texts, found.blocks[0].keys()) == (["a", None], [("1",), ("2",)])
    assert found.blocks[0].table.schema.names == ["n", "t", "day"]
    assert found.blocks[0].records() == table.to_pylist()
    assert 0 < found.positions[0] <= Path(found.reading.name).stat().st_size
    assert found.reading.position() == 0


@pytest.mark.parametrize(
    ("table", "options", "said"),
    [
        ({"t": ["a"]}, {"column": "x"}, ": no column 'x'; there is 't'"),
        ({"t": ["a"]}, {"by": ("x",)}, ": no column 'x'; there is 't'"),
        (
            {"n": [1], "m": [2]},
            {},
            ": there are 2 columns; name the one that holds the message with --column: 'n', 'm'",
        ),
        ({"t": pa.array([1, 1]).dictionary_encode()}, {}, ": expected text in column 't', got "),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_columns_that_are_not_there(table: Any, options: Any, said: str, name: str, tmp_path: Path) -> None:
    """Neither for messages nor for groups, nor of a kind that can be messages: one line with what there is."""
    assert damage(tmp_path, pa.table(table), name, **options).startswith(said)


def test_twins_are_refused_where_rows_are_kept(tmp_path: Path) -> None:
    """Two columns of a name are no matter to a count of a third one."""
    twins = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"]), pa.array(["x"])], names=["a", "a", "t"])
    assert Found(tmp_path, twins, column="t").texts == ["x"]
    assert damage(tmp_path, twins, column="t", keep=True) == ": 2 columns are called 'a', which --output cannot keep"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.list_(pa.dictionary(pa.int8(), pa.string())), [["a"]]),
        (pa.struct([("s", pa.string_view())]), [{"s": "a"}]),
        (pa.list_(pa.list_(pa.binary_view())), [[[b"a"]]]),
        (pa.struct([("r", pa.run_end_encoded(pa.int16(), pa.string()))]), None),
    ],
    ids=str,
)
def test_values_that_share_octets_inside_others_are_not_kept(kind: Any, values: Any, tmp_path: Path) -> None:
    """How much room they take written out cannot be bounded; they may stand beside messages that are counted only."""
    if values is None:
        runs = pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int16()), pa.array(["a"]))
        column = pa.StructArray.from_arrays([runs], ["r"])
    else:
        column = pa.array(values, kind)
    table = pa.table({"t": ["a"], "x": column})
    assert Found(tmp_path, table, column="t").texts == ["a"]
    for options in ({"keep": True}, {"by": ("x",)}):
        said = damage(tmp_path, table, column="t", **options)
        assert said.startswith(": not a readable Arrow file: ")
        assert said.endswith(f"column: {kind} cannot be kept by --output; leave the column out")


def test_values_that_may_be_kept(tmp_path: Path) -> None:
    """Lists and structures of plain values, and views and dictionaries that stand in a column of their own."""
    columns = {"t": ["a"], "l": [[1]], "s": [{"a": "b"}], "e": pa.array(["x"], pa.string_view())}
    columns |= {"d": pa.array(["y"]).dictionary_encode(), "o": pa.array([b"z"], pa.binary_view())}
    found = Found(tmp_path, pa.table(columns), column="t", keep=True, by=("d", "e"))
    assert found.blocks[0].records() == [{"t": "a", "l": [1], "s": {"a": "b"}, "e": "x", "d": "y", "o": b"z"}]
    assert found.blocks[0].keys() == [("y", "x")]


@pytest.mark.parametrize("name", ["m.arrow", "m.parquet"])
def test_values_that_python_lacks_are_named(name: str, tmp_path: Path) -> None:
    """A time before the year 1 cannot name a group, and the error is one line."""
    table = pa.table({"t": ["a"], "when": pa.array([-(1 << 40)], pa.timestamp("s"))})
    (block,) = Found(tmp_path, table, name, by=("when",)).blocks
    with pytest.raises(InputRefusedError, match=r"^.*: a value that Python cannot represent: .*$"):
        block.keys()


@pytest.mark.parametrize(
    ("opened", "name", "form"),
    [
        ((pq, "ParquetFile"), "m.parquet", "Parquet"),
        ((pa.ipc, "open_file"), "m.arrow", "Arrow"),
        ((pa.ipc, "open_stream"), "stream.arrow", "Parquet or Arrow"),
    ],
)
def test_damage_is_named_in_one_line(opened: tuple[Any, str], name: str, form: str, tmp_path: Path) -> None:
    """By the first line of what the library says, or by the kind of an error that says nothing."""
    errors: Sequence[Exception] = (pa.ArrowInvalid("one\ntwo"), OSError("one"), MemoryError(), OverflowError("one"))
    for error in errors:
        said = type(error).__name__ if isinstance(error, MemoryError) else "one"
        with mock.patch.object(*opened, side_effect=error):
            assert damage(tmp_path, pa.table({"t": ["a"]}), name) == f": not a readable {form} file: {said}"


@pytest.mark.parametrize("options", [{}, {"keep": True}, {"by": ("x",)}])
def test_columns_of_which_arrow_would_read_too_far(options: Any, tmp_path: Path) -> None:
    """Offsets beyond the buffer, in the messages or in a column beside them that is needed, are refused."""
    offsets = pa.array([0, 99, 2], pa.int32()).buffers()[1]
    bad = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"ab")])
    good = pa.array(["a", "b"])
    for column, beside in ((bad, good), (good, bad)) if options else ((bad, good),):
        said = damage(tmp_path, pa.table({"t": column, "x": beside}), column="t", **options)
        assert said.startswith(": not a readable Arrow file: ")
