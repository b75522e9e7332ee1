"""``smscodec bulk`` of Parquet and Arrow: every layout of text, and what is refused."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.bulk_files import bulk, columns_of, library
from tests.command_line import run

pa: Any = library("pyarrow")

TEXTS = ["Hello", None, "ж" * 80, "", "It’s longer than a view", None] * 50
KINDS = [
    *(pa.string(), pa.large_string(), pa.string_view()),
    *(pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int32(), pa.large_string())),
]


def written(path: Path, table: Any) -> str:
    """An Arrow file of a table."""
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table)
    return str(path)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("name", ["m.parquet", "m.arrow", "stream.arrow"])
def test_every_layout_of_text(name: str, kind: Any, tmp_path: Path) -> None:
    """Strings, large strings, views and dictionaries cost the same; nulls are counted apart."""
    path = columns_of(tmp_path, name, TEXTS, kind)
    found = bulk("--column", "text", path)
    assert [found[field] for field in ("messages", "empty", "nulls", "segments")] == [200, 50, 100, 250]
    found = bulk("--column", "text", "--empty-as-null", path)
    assert [found[field] for field in ("messages", "empty", "nulls", "segments")] == [150, 0, 150, 200]
    assert bulk(path) == bulk("--column", "text", path)  # the only column of text needs no name
    assert bulk("--languages", "all", "--transliterate", path)["messages"] == 200


@pytest.mark.parametrize("name", ["m.parquet", "m.arrow", "m.feather"])
def test_a_file_without_an_octet_is_called_empty(name: str, tmp_path: Path) -> None:
    """The error says that nothing was written to the file, rather than that its table has no rows, and what to do."""
    path = tmp_path / name
    path.write_bytes(b"")
    outcome = run("bulk", str(path))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == f"smscodec: {path}: the file is empty, without even a header; save or copy it again\n"


def test_pipes_are_put_down_first(tmp_path: Path) -> None:
    """From standard input, a pipe among them, where --format says what it is."""
    for name in ("m.parquet", "m.arrow", "stream.arrow"):
        path = columns_of(tmp_path, name, TEXTS)
        command = [sys.executable, "-m", "smscodec", "bulk", "--json", "--format", name.rpartition(".")[2], "-"]
        piped = subprocess.run(command, input=Path(path).read_bytes(), capture_output=True, timeout=60, check=True)
        with Path(path).open("rb") as file:
            redirected = subprocess.run(command, stdin=file, capture_output=True, timeout=60, check=True)
        assert piped.stdout == redirected.stdout
        assert b'"messages": 200' in piped.stdout


@pytest.mark.parametrize(
    ("table", "options", "said"),
    [
        ({"a": ["x"], "b": ["y"]}, ["--column", "text"], "no column 'text'; there are 'a', 'b'"),
        ({"a": ["x"], "b": ["y"]}, [], "2 columns; name the one that holds the message with --column"),
        ({"text": [1]}, [], "expected text in column 'text', got int64"),
        ({"text": [b"x"]}, ["--column", "text"], "expected text in column 'text', got binary"),
        ({"text": ["x" * 20]}, ["--max-message", "19"], "row 1: longer than 19 octets"),
    ],
)
def test_columns_that_are_no_messages_are_refused(table: Any, options: list[str], said: str, tmp_path: Path) -> None:
    """One line that names the file and says what there is."""
    outcome = run("bulk", *options, written(tmp_path / "m.arrow", pa.table(table)))
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert said in outcome.err


def test_names_twice_and_invalid_utf8(tmp_path: Path) -> None:
    """A name that two columns have is refused; a row that is no UTF-8 is named, or counted."""
    twins = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    assert (
        "expected one column 'text', got 2" in run("bulk", "--column", "text", written(tmp_path / "t.arrow", twins)).err
    )
    offsets = pa.array(["ab", "c"]).buffers()[1]
    bad = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"\xff\xfec")])
    path = written(tmp_path / "bad.arrow", pa.table({"text": bad}))
    assert f"{path}, row 1: not UTF-8: octet 0xFF at offset 0" in run("bulk", path).err
    found = bulk("--on-error", "count", path)
    assert (found["messages"], found["refused"]) == (1, 1)
    output = str(tmp_path / "out.parquet")
    assert bulk("--on-error", "count", "--output", output, path)["refused"] == 1
    assert library("pyarrow.parquet").read_table(output).num_rows == 1


@pytest.mark.parametrize("name", ["m.parquet", "m.arrow", "stream.arrow"])
def test_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
    """Cut anywhere, or with octets changed: a summary or one clear line, and never a crash or traceback."""
    whole = Path(columns_of(tmp_path, name, TEXTS)).read_bytes()
    rng = random.Random(7)
    damaged = tmp_path / f"damaged.{name.rpartition('.')[2]}"
    cuts = [b"", whole[:3], whole[:8], *(whole[: rng.randrange(len(whole))] for _ in range(30))]
    for content in cuts:
        damaged.write_bytes(content)
        outcome = run("bulk", "--column", "text", str(damaged))
        assert outcome.err.count("\n") == outcome.status
        assert outcome.status == 1 or name == "stream.arrow"
    for _ in range(200):
        changed = bytearray(whole)
        for _ in range(rng.randrange(1, 4)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        damaged.write_bytes(changed)
        for options in ([], ["--output", str(tmp_path / "out.jsonl")], ["--on-error", "count"]):
            outcome = run("bulk", "--column", "text", *options, str(damaged))
            assert outcome.err.count("\n") == outcome.status


def test_the_wrong_ending(tmp_path: Path) -> None:
    """A Parquet file called .csv or .txt, and text called .parquet, are one clear line."""
    whole = Path(columns_of(tmp_path, "m.parquet", TEXTS)).read_bytes()
    for name, content in (("m.csv", whole), ("m.txt", whole), ("t.parquet", b"text\na\n"), ("t.arrow", b"text\na\n")):
        (tmp_path / name).write_bytes(content)
        outcome = (
            run("bulk", "--column", "text", str(tmp_path / name))
            if name != "m.txt"
            else run("bulk", str(tmp_path / name))
        )
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert str(tmp_path / name) in outcome.err


@pytest.mark.parametrize("arguments", [["m.parquet"], ["--output", "o.arrow", "m.txt"]])
def test_a_missing_extra_is_named(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the extra that brings it is named, in one line."""
    (tmp_path / "m.txt").write_text("a\n")
    (tmp_path / "m.parquet").write_bytes(b"PAR1")
    monkeypatch.chdir(tmp_path)
    with mock.patch.dict(sys.modules, {"pyarrow": None}):
        for name in ("smscodec.cli.files.arrow_columns", "smscodec.cli.bulk.arrow_writers"):
            sys.modules.pop(name, None)
        outcome = run("bulk", *arguments)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "needs the extra 'arrow': pip install 'smscodec[arrow]'" in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.parquet", "m.txt"]
