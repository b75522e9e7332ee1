"""``smscodec bulk --output``: a row a message beside the input's columns, all of it or nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import measure, segment, transliterate
from smscodec.cli.bulk import writers as bulk_writers
from smscodec.testing import strategies
from tests.bulk_files import bulk, columns_of, csv_of, file_of, library, rows_of, written
from tests.command_line import FEWER, run

one_liners = strategies.texts().map(lambda text: text.translate({0: "0", 10: " ", 13: " "}))


def expected(texts: list[str]) -> list[tuple[str, int, int]]:
    """What ``measure`` says of each."""
    return [(m.alphabet.name, m.units, m.segments) for m in map(measure, texts)]


@FEWER
@given(st.lists(one_liners, min_size=1, max_size=8), st.data())
def test_rows_are_what_measure_says(texts: list[str], data: st.DataObject) -> None:
    """From any format of text to any other the input's columns are kept and the results stand beside them."""
    given_name = data.draw(st.sampled_from(["m.txt", "m.csv.gz", "m.tsv", "m.jsonl"]))
    name = data.draw(st.sampled_from(["out.csv", "out.tsv", "out.jsonl", "out.csv.gz", "out.jsonl.gz"]))
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / name)
        bulk("--output", output, *file_of(Path(folder), given_name, texts))
        rows = rows_of(output)
        assert texts == [row["text"] for row in rows]
        assert expected(texts) == [(row["alphabet"], int(row["units"]), int(row["segments"])) for row in rows]
        if given_name != "m.txt":
            assert [str(number) for number in range(len(texts))] == [str(row["id"]) for row in rows]
        assert len(os.listdir(folder)) == 2


TEXTS = ["Hello", "ж" * 80, "", "It’s", "€" * 100] * 300


@pytest.mark.parametrize("given_name", ["m.csv", "m.jsonl", "m.parquet", "m.arrow"])
@pytest.mark.parametrize("name", ["out.parquet", "out.arrow", "out.csv", "out.jsonl"])
def test_columns_in_and_out(given_name: str, name: str, tmp_path: Path) -> None:
    """From and to Parquet and Arrow, in many batches; columns that were numbers stay numbers."""
    library("pyarrow")
    output = str(tmp_path / name)
    bulk("--output", output, *file_of(tmp_path, given_name, TEXTS))
    rows = rows_of(output)
    assert [row["text"] for row in rows] == TEXTS
    assert expected(TEXTS) == [(row["alphabet"], int(row["units"]), int(row["segments"])) for row in rows]
    kind = str if "csv" in (given_name[2:], name[4:]) else int
    assert [kind(number) for number in range(len(TEXTS))] == [row["id"] for row in rows]


def test_nulls_and_refused_rows(tmp_path: Path) -> None:
    """A null has a row without results, a refused row none."""
    path = written(tmp_path, "m.jsonl", b'{"t": null}\n{"t": 1}\n{"t": "a", "more": [1, {"x": null}]}\n')
    output = str(tmp_path / "out.jsonl")
    bulk("--column", "t", "--on-error", "count", "--output", output, path)
    empty = {"alphabet": None, "units": None, "segments": None}
    costs = {"alphabet": "GSM_7BIT", "units": 1, "segments": 1}
    assert rows_of(output) == [{"t": None, **empty}, {"t": "a", "more": [1, {"x": None}], **costs}]


def test_mended_texts_stand_in_a_column(tmp_path: Path) -> None:
    """With --transliterate the results are those of the transliterated text, which has a column of its own."""
    texts = ["It’s", "hello", "ж"]
    output = str(tmp_path / "out.csv")
    bulk("--transliterate", "--output", output, *file_of(tmp_path, "m.csv", texts))
    replaced = [transliterate(text) for text in texts]
    assert replaced == [row["transliterated"] for row in rows_of(output)]
    assert texts == [row["text"] for row in rows_of(output)]
    assert [name for name, _, _ in expected(replaced)] == [row["alphabet"] for row in rows_of(output)]


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.jsonl.gz", "out.parquet", "out.arrow"])
def test_octets_of_every_segment(name: str, tmp_path: Path) -> None:
    """With --octets each row has the segments that ``segment`` makes, under references that count up."""
    if name.endswith((".parquet", ".arrow")):
        library("pyarrow")
    texts: list[str | None] = ["hello", "x" * 161, None, "ş" * 71, "", "a" * 153 * 256] + ["ж" * 71] * 260
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    path, output = written(tmp_path, "m.jsonl", lines.encode()), str(tmp_path / name)
    bulk("--column", "text", "--octets", "--languages", "tr", "--output", output, path)
    in_hexadecimal = not name.endswith((".parquet", ".arrow"))
    for row, (text, written_row) in enumerate(zip(texts, rows_of(output), strict=True)):
        found = written_row["octets"]
        if isinstance(found, str) and found:
            found = json.loads(found)
        if text is None or measure(text, languages="tr").segments > 255:
            assert not found
            continue
        parts = [part.user_data for part in segment(text, reference=row % 256, languages="tr")]
        octets = [part.to_bytes().hex() if in_hexadecimal else part.to_bytes() for part in parts]
        assert found == [{"tp_udl": p.length, "tp_ud": o} for p, o in zip(parts, octets, strict=True)]


def test_several_files_make_one_output(tmp_path: Path) -> None:
    """Where they have the same columns; where not it is refused, except as JSON lines."""
    one = written(tmp_path, "a.csv", csv_of([["id", "text"], [1, "a"]]))
    two = written(tmp_path, "b.csv", csv_of([["text", "id"], ["b", 2]]))
    other = written(tmp_path, "c.csv", csv_of([["text"], ["c"]]))
    output = str(tmp_path / "out.csv")
    bulk("--column", "text", "--output", output, one, two)
    assert [(row["id"], row["text"]) for row in rows_of(output)] == [("1", "a"), ("2", "b")]
    outcome = run("bulk", "--column", "text", "--output", output, one, other)
    assert (outcome.status, outcome.err.count("\n")) == (1, 1)
    assert "not all rows have the same columns, as 'id'" in outcome.err
    assert len(rows_of(output)) == 2
    bulk("--column", "text", "--output", str(tmp_path / "out.jsonl"), one, other)


def test_a_clash_of_names_is_refused(tmp_path: Path) -> None:
    """A column that is called as a result is; --prefix gives the results other names."""
    path = written(tmp_path, "m.csv", csv_of([["text", "segments"], ["a", "old"]]))
    output = str(tmp_path / "out.csv")
    outcome = run("bulk", "--column", "text", "--output", output, path)
    assert outcome[:2] == (1, "")
    assert outcome.err == "smscodec: the input already has a column 'segments'; rename the new ones with --prefix\n"
    assert not Path(output).exists()
    bulk("--column", "text", "--prefix", "sms_", "--output", output, path)
    assert [(row["segments"], row["sms_segments"]) for row in rows_of(output)] == [("old", "1")]


# All or nothing -----------------------------------------------------------------------------------------------------


def test_nothing_is_left_under_the_final_name(tmp_path: Path) -> None:
    """An error on the way leaves the old file as it was, or none, and nothing else in the folder."""
    path = written(tmp_path, "m.txt", b"good\n" * 9_999 + b"\xff\n")
    for old in (None, b"old"):
        for name in ("out.csv", "out.jsonl.gz"):
            output = tmp_path / name
            if old is not None:
                output.write_bytes(old)
            assert run("bulk", "--output", str(output), path).status == 1
            assert (output.read_bytes() if output.exists() else None) == old
            assert [part for part in os.listdir(tmp_path) if part.endswith(".part")] == []


@pytest.mark.parametrize("name", ["out.csv.gz", "out.parquet", "out.arrow"])
def test_an_output_that_is_given_up_says_no_more(name: str, tmp_path: Path) -> None:
    """A bad row after rows that were written is one line, also where a library must let go of an open file."""
    library("pyarrow")
    path = written(tmp_path, "m.txt", b"good\n" * 90_000 + b"\xff\n")
    command = [sys.executable, "-m", "smscodec", "bulk", "--output", str(tmp_path / name), path]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    said = f"smscodec: {path}, row 90,001: not UTF-8: octet 0xFF at offset 0\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", said)
    assert os.listdir(tmp_path) == ["m.txt"]


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    """When the disk is full at whatever write, that is said once and nothing is left."""
    resource = pytest.importorskip("resource", reason="this system limits no sizes of files")
    path = written(tmp_path, "m.txt", b"".join(b"message %d\n" % number for number in range(70_000)))
    for name in ("out.csv", "out.csv.gz", "out.parquet", "out.arrow"):
        if not name.startswith("out.csv"):
            library("pyarrow")
        command = [sys.executable, "-m", "smscodec", "bulk", "--output", str(tmp_path / name), path]

        def small_files() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

        done = subprocess.run(command, capture_output=True, timeout=60, preexec_fn=small_files, check=False)
        said = f"smscodec: {tmp_path / name}: {os.strerror(errno.EFBIG)}\n"
        assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", said)
        assert os.listdir(tmp_path) == ["m.txt"]


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    """Interrupted while it writes: status 130, how far it got, no output."""
    path = written(tmp_path, "m.txt", (b"a" * 999 + b"\n") * 400)  # more than is read at once
    output = tmp_path / "out.csv"
    writes = 0
    write = bulk_writers.CsvWriter.write

    def interrupted(*arguments: Any) -> None:
        nonlocal writes
        writes += 1
        if writes == 2:
            raise KeyboardInterrupt
        write(*arguments)

    with mock.patch.object(bulk_writers.CsvWriter, "write", interrupted):
        outcome = run("bulk", "--output", str(output), path)
    assert outcome[:2] == (130, "")
    assert outcome.err.startswith("smscodec: interrupted after ")
    assert outcome.err.endswith(f" messages, in {path}\n")
    assert os.listdir(tmp_path) == ["m.txt"]


def test_an_output_may_not_be_an_input(tmp_path: Path) -> None:
    """Not by another name or a link either; nor a folder, nor where there is no folder."""
    path = written(tmp_path, "m.csv", b"text\na\n")
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    hard = tmp_path / "hard.csv"
    hard.hardlink_to(path)
    (tmp_path / "folder.csv").mkdir()
    for name, said in (
        (path, "is one of the files to read"),
        (str(link), "is one of the files to read"),
        (str(hard), "is one of the files to read"),
        (str(tmp_path / "folder.csv"), "is not a regular file"),
        (str(tmp_path / "none" / "out.csv"), "No such file or directory"),
    ):
        outcome = run("bulk", "--output", name, path)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert said in outcome.err
        assert name in outcome.err
    assert Path(path).read_bytes() == b"text\na\n"


def test_an_output_may_not_be_the_file_of_prices(tmp_path: Path) -> None:
    """Neither --output nor --report replaces a file that the same command reads prices from."""
    messages = written(tmp_path, "m.csv", b"country,text\nGB,a\n")
    for option, name in (("--output", "prices.csv"), ("--report", "prices.html")):
        prices = written(tmp_path, name, b"GB,0.05\n")
        outcome = run("bulk", "--column", "text", "--by", "country", "--prices", prices, option, prices, messages)
        assert (outcome.status, outcome.out) == (1, "")
        assert f"{option} {prices} is one of the files to read" in outcome.err
        assert Path(prices).read_bytes() == b"GB,0.05\n"


def test_a_replaced_output_keeps_its_place(tmp_path: Path) -> None:
    """A link stays a link and permissions stay; a new file has those of any new file."""
    path = written(tmp_path, "m.txt", b"a\n")
    target = tmp_path / "real.csv"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    bulk("--output", str(link), path)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert rows_of(str(target))[0]["text"] == "a"
    before = os.umask(0o027)
    try:
        bulk("--output", str(tmp_path / "new.csv"), path)
    finally:
        os.umask(before)
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o640


def test_what_a_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    """A lone surrogate beside the message fits JSON alone, a time late enough not Parquet, and names twice fit none."""
    path = written(tmp_path, "m.jsonl", b'{"t": "a", "x": "\\ud800"}\n')
    bulk("--column", "t", "--output", str(tmp_path / "out.jsonl"), path)
    assert rows_of(str(tmp_path / "out.jsonl"))[0]["x"] == "\ud800"
    outcome = run("bulk", "--column", "t", "--output", str(tmp_path / "out.csv"), path)
    assert (outcome.status, outcome.err.count("\n")) == (1, 1)
    pa = library("pyarrow")
    late = pa.table({"t": ["a", "b"], "x": pa.array([1, 1 << 62], pa.timestamp("s"))})
    with pa.ipc.new_file(tmp_path / "late.arrow", late.schema) as writer:
        writer.write_table(late)
    outcome = run("bulk", "--column", "t", "--output", str(tmp_path / "out.parquet"), str(tmp_path / "late.arrow"))
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    twice = written(tmp_path, "twice.csv", b"a,a,t\n1,2,x\n")
    outcome = run("bulk", "--column", "t", "--output", str(tmp_path / "out.csv"), twice)
    assert "2 columns are called 'a'" in outcome.err
    assert bulk("--column", "t", twice)["messages"] == 1


def test_rows_that_make_no_columns_are_refused(tmp_path: Path) -> None:
    """Later rows of JSON that do not fit the columns of the first are one clear line, and nothing is written."""
    library("pyarrow")
    for rows in (
        b'{"t": "a", "x": 1}\n' * 9_000 + b'{"t": "b", "x": "y"}\n' * 9_000,
        b'{"t": "a", "x": 1}\n{"t": "b", "x": "y"}\n',
        b'{"t": "a", "x": 1}\n{"t": "b"}\n',
        b'{"t": "a", "x": "\\ud800"}\n',
        b'{"t": "a", "x": 99999999999999999999999}\n',
    ):
        path = written(tmp_path, "m.jsonl", rows)
        outcome = run("bulk", "--column", "t", "--output", str(tmp_path / "out.parquet"), path)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "--output: " in outcome.err
        assert os.listdir(tmp_path) == ["m.jsonl"]


def test_outputs_without_a_row_can_be_read(tmp_path: Path) -> None:
    """Nothing to write is a whole file too."""
    path = written(tmp_path, "m.txt", b"")
    bulk("--output", str(tmp_path / "out.jsonl.gz"), path)
    assert rows_of(str(tmp_path / "out.jsonl.gz")) == []
    library("pyarrow")
    for name in ("out.parquet", "out.arrow"):
        bulk("--output", str(tmp_path / name), path)
        assert rows_of(str(tmp_path / name)) == []


def test_types_of_columns_are_kept(tmp_path: Path) -> None:
    """Times, decimals, lists and octets stay what they are from Parquet to Arrow, and are written out in text."""
    pa = library("pyarrow")
    import datetime
    from decimal import Decimal

    table = pa.table(
        {
            "text": pa.array(["a", None], pa.dictionary(pa.int8(), pa.string())),
            "when": [datetime.datetime(2026, 1, 2, 3, 4), None],
            "cost": [Decimal("1.50"), None],
            "list": [[1, 2], None],
            "octets": [b"\x01\xff", None],
        }
    )
    path = str(tmp_path / "m.parquet")
    library("pyarrow.parquet").write_table(table, path)
    bulk("--column", "text", "--output", str(tmp_path / "out.arrow"), path)
    with pa.ipc.open_file(tmp_path / "out.arrow") as reader:
        assert reader.schema.types[1:5] == table.schema.types[1:]
    bulk("--column", "text", "--output", str(tmp_path / "out.csv"), path)
    first = rows_of(str(tmp_path / "out.csv"))[0]
    assert [first[name] for name in table.column_names] == ["a", "2026-01-02T03:04:00", "1.50", "[1, 2]", "01ff"]
    assert columns_of(tmp_path, "m.arrow", ["a"])


def test_dictionaries_may_change_on_the_way(tmp_path: Path) -> None:
    """Row groups of Parquet each have dictionaries of their own, and their rows fit any output."""
    pa = library("pyarrow")
    columns = [pa.array([f"{name}{row}" for row in range(20_000)]).dictionary_encode() for name in "ab"]
    text = pa.chunked_array(columns)
    path = str(tmp_path / "m.parquet")
    library("pyarrow.parquet").write_table(pa.table({"text": text, "n": range(40_000)}), path, row_group_size=20_000)
    for name in ("out.parquet", "out.arrow", "out.csv"):
        bulk("--column", "text", "--output", str(tmp_path / name), path)
        assert [row["text"] for row in rows_of(str(tmp_path / name))] == text.to_pylist()


def test_row_groups_of_parquet_are_large(tmp_path: Path) -> None:
    """Rows of Parquet stand in groups of tens of thousands, whatever the blocks of the input."""
    pq = library("pyarrow.parquet")
    path = written(tmp_path, "m.csv", csv_of([["text"], *[[f"message {number}"] for number in range(70_000)]]))
    output = str(tmp_path / "out.parquet")
    bulk("--output", output, path)
    metadata = pq.read_metadata(output)
    assert (metadata.num_rows, metadata.num_row_groups) == (70_000, 2)
    assert [row["units"] for row in rows_of(output)[-2:]] == [13, 13]
