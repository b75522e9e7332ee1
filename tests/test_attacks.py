"""Input made to exhaust memory or time, to crash what reads it, or to reach the terminal raw."""

from __future__ import annotations

import array
import gzip
import io
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from smscodec.cli.files.octets import rows_of
from smscodec.display.terminal import columns, segments_text, table, underlined, visible
from smscodec.tpdu import pdu_mode
from tests.bulk_files import library
from tests.command_line import acting, interruptible, run
from tests.test_cli_bulk_program import peak, signalled

MEMORY = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system does not tell the peak of memory"
)
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs permissions and signals of POSIX")
ALLOWED = 200_000
"""Kibioctets that any input may take beyond what the libraries need."""


# Memory -------------------------------------------------------------------------------------------------------------


SCRIPT = """
import sys
from smscodec.cli import main
main(sys.argv[1:])
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print(line.split()[1], file=sys.stderr)
"""


def highest(*arguments: str, stdin: bytes = b"") -> tuple[int, bytes]:
    """The peak of a command in kibioctets, whatever its status, and what it printed."""
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=True)
    assert b"Traceback" not in done.stderr
    return int(done.stderr.split()[-1]), done.stdout


@cache
def least(folder: Path) -> int:
    """The peak of a command over a file of one message."""
    small = folder / "small.txt"
    small.write_bytes(b"a\n")
    return highest("bulk", "--json", str(small))[0]


@MEMORY
@pytest.mark.parametrize("keeps", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize(
    ("name", "start", "endless"),
    [
        ("m.csv.gz", b'text\n"', (b'a\n","', 20_000_000)),
        ("m.csv.gz", b"text\n", (b",", 60_000_000)),
        ("m.jsonl.gz", b"[", (b"[],", 15_000_000)),
        ("m.jsonl.gz", b"[", (b"{},", 2_000_000)),
        ("m.jsonl.gz", b'{"text":"a","x":[', (b"1,", 3_000_000)),
        ("m.txt.gz", b"", (b"a", 100_000_000)),
    ],
    ids=["quotes without end", "fields without end", "lists without end", "objects", "numbers", "a line without end"],
)
def test_a_row_without_end_takes_bounded_memory(
    name: str, start: bytes, endless: tuple[bytes, int], keeps: bool, tmp_path: Path
) -> None:
    """A few kilooctets of gzip, in many members, that unpack to one endless row are refused in bounded memory."""
    path = tmp_path / name
    piece, pieces = endless
    path.write_bytes(gzip.compress(start) + gzip.compress(piece * 100_000) * (pieces // 100_000))
    options = ["--on-error", "count"] if name.startswith("m.txt") else ["--column", "text", "--on-error", "count"]
    keep = ["--output", str(tmp_path / "out.jsonl")] if keeps else []
    found, _ = highest("bulk", "--json", *options, *keep, str(path))
    assert found < least(tmp_path.parent) + ALLOWED


def dictionary_file(folder: Path, name: str, rows: int) -> Path:
    """A value of a mebioctet that stands there once, and is used in every row."""
    pa = library("pyarrow")
    path = folder / name
    values = pa.array(["x" * 1_000_000])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), values)
    table_ = pa.table({"text": column, "other": column})
    if name.endswith("parquet"):
        library("pyarrow.parquet").write_table(table_, path)
    else:
        with pa.ipc.new_file(str(path), table_.schema) as writer:
            writer.write_table(table_)
    return path


@MEMORY
@pytest.mark.parametrize("name", ["m.parquet", "m.arrow"])
@pytest.mark.parametrize("more", [[], ["--max-message", "1000", "--on-error", "count"], ["--output", "out.jsonl"]])
def test_a_value_used_many_times_is_not_written_out_at_once(name: str, more: list[str], tmp_path: Path) -> None:
    """A few hundred octets of Parquet or Arrow do not become gigabytes."""
    small = peak("--column", "text", str(dictionary_file(tmp_path, f"one.{name}", 1)))
    path = dictionary_file(tmp_path, name, 60 if more[:1] == ["--output"] else 600)
    more = [str(tmp_path / word) if word.startswith("out.") else word for word in more]
    assert peak("--column", "text", *more, str(path)) < small + ALLOWED


@MEMORY
def test_a_batch_of_many_rows_takes_little_beside_itself(tmp_path: Path) -> None:
    """Twenty million nulls or empty messages in one batch are counted a few at a time."""
    pa = library("pyarrow")
    for kind in (pa.null(), pa.string()):
        column = pa.nulls(20_000_000, kind)
        path = tmp_path / "m.arrow"
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_file(str(path), pa.schema([("text", kind)]), options=options) as writer:
            writer.write_batch(pa.RecordBatch.from_arrays([column], ["text"]))
        own = 2 * column.get_total_buffer_size() // 1024
        small = peak("--column", "text", str(dictionary_file(tmp_path, "one.arrow", 1)))
        assert peak("--column", "text", str(path)) < small + own + ALLOWED


@MEMORY
def test_explaining_takes_bounded_memory() -> None:
    """The longest text that explain reads, each character of which needs a row."""
    found, out = highest("explain", "--json", stdin=("ж’" * 50_000).encode())
    assert len(json.loads(out)["culprits"]) == 100_000
    assert found < ALLOWED


# Time ---------------------------------------------------------------------------------------------------------------


def linear(work: Any, small: int, times: int = 8) -> bool:
    """Whether so many times the input takes not much more than so many times the time, in the best of five."""
    taken = []
    for size in (small, small * times):
        best = float("inf")
        for _ in range(5):
            before = time.process_time()
            work(size)
            best = min(best, time.process_time() - before)
        taken.append(best)
    return taken[1] < 4 * times * taken[0]


@pytest.mark.parametrize(
    "work",
    [
        lambda size: visible("e" + "\u0301" * size),
        lambda size: columns("\u0301" * size),
        lambda size: underlined("e" + "\u0301" * size, [0]),
        lambda size: segments_text([("e" + "\u0301" * size, size)], 160),
        lambda size: table([["e" + "\u0301" * size]]),
        lambda size: list(rows_of(iter([b"a" * 64] * size), 1 << 40)),
    ],
    ids=["visible", "columns", "underlined", "segments", "table", "rows"],
)
def test_time_grows_with_length_alone(work: Any) -> None:
    """Combining marks without end on one letter, and a row in many pieces, take time in proportion."""
    assert linear(work, 5_000)


@pytest.mark.parametrize(
    "head", ["", "+CUSD: 0,", '+CUSD: 0,"a"', "+CUSD: 0,x,", "+CMT: a", '+CMT: "a"', "+CMGL: 1,1", "0"]
)
@pytest.mark.parametrize("run", [" ", "\r", '"', ",", '" ', "0 "])
def test_the_time_of_a_transcript_grows_with_its_length_alone(head: str, run: str) -> None:
    """Blanks, line ends and marks without end take time in proportion, in one line and one by one."""
    line = head + run * (4_000 // len(run))
    assert linear(lambda size: pdu_mode.read(f'{line[:size]}x"y\n'), 500, times=7)


@pytest.mark.parametrize("size", [1, 1_000_000])
@pytest.mark.parametrize("end", ["", "x", "\n"])
def test_a_run_of_carriage_returns_is_looked_at_once(size: int, end: str) -> None:
    """However many come, whole or one by one, none is looked at again for each of the others."""

    def work(count: int) -> None:
        reader, text = pdu_mode.Reader(), "\r" * count + end
        for place in range(0, len(text), size):
            reader.feed(text[place : place + size])

    assert linear(work, 1_000)


# Crashes ------------------------------------------------------------------------------------------------------------

READER = """
import random, sys
from pathlib import Path
from smscodec.cli import main
folder, seed, times = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
rng = random.Random(seed)
originals = [path.read_bytes() for path in sorted(folder.glob("o.*"))]
names = [path.name for path in sorted(folder.glob("o.*"))]
for number in range(times):
    which = rng.randrange(len(originals))
    octets = bytearray(originals[which])
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(octets))
        octets[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, octets[at] ^ 1 << rng.randrange(8), rng.randrange(256)])
    if rng.random() < 0.1:
        del octets[rng.randrange(len(octets)):]
    path = folder / f"mutant.{names[which].rpartition('.')[2]}"
    path.write_bytes(octets)
    more = rng.choice([[], ["--on-error", "count"], ["--output", str(folder / "out.jsonl")], ["--empty-as-null"],
                       ["--output", str(folder / "out.parquet"), "--on-error", "count"]])
    print(number, flush=True)
    assert main(["bulk", "--json", "--column", "text", *more, str(path)]) in (0, 1)
"""


def written_originals(folder: Path) -> None:
    """Small files of every layout of text: plain, large, views, dictionaries, nulls, several batches, other columns."""
    pa = library("pyarrow")
    texts = ["It’s", None, "", "a" * 20, "Привет 😀", "€" * 90]
    kinds = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
    for number, kind in enumerate(kinds):
        column = pa.array(texts).dictionary_encode().cast(kind) if number == 3 else pa.array(texts, kind)
        other = pa.array([[1], None, [], [2, 3], [4], [5]])
        data = pa.table({"text": column, "id": list(range(6)), "other": other})
        with pa.ipc.new_file(str(folder / f"o.{number}.arrow"), data.schema) as file:
            file.write_table(data, max_chunksize=4)
        with pa.ipc.new_stream(str(folder / f"o.{number}s.arrow"), data.schema) as stream:
            stream.write_table(data)
        if number != 2:
            library("pyarrow.parquet").write_table(data, folder / f"o.{number}.parquet")


@pytest.mark.parametrize(
    "times", [pytest.param(300, id="few"), pytest.param(10_000, id="many", marks=pytest.mark.exhaustive)]
)
def test_mutated_columns_end_in_a_summary_or_one_clear_line(times: int, tmp_path: Path) -> None:
    """Whatever octets of a Parquet or Arrow file are changed, nothing crashes and no traceback is seen."""
    written_originals(tmp_path)
    command = [sys.executable, "-c", READER, str(tmp_path), str(random.Random().randrange(1 << 30)), str(times)]
    done = subprocess.run(command, capture_output=True, timeout=1_200, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), (
        command[-2],
        done.stdout[-200:],
        done.stderr[-2_000:],
    )


def test_a_dictionary_of_offsets_that_run_backwards_is_refused(tmp_path: Path) -> None:
    """A stream that pyarrow reads unasked, whose values begin after they end, is one clear line."""
    pa = library("pyarrow")
    offsets = pa.py_buffer(array.array("i", [5, 0, 5]).tobytes())
    values = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"hello")])
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1], pa.int8()), values, safe=False)
    path = tmp_path / "m.arrow"
    with pa.ipc.new_stream(str(path), pa.schema([("text", column.type)])) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays([column], ["text"]))
    for more in ([], ["--on-error", "count"], ["--output", str(tmp_path / "out.csv")]):
        outcome = run("bulk", *more, str(path))
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)


# The terminal -------------------------------------------------------------------------------------------------------


@POSIX
def test_the_name_of_a_file_reaches_no_terminal_raw(tmp_path: Path) -> None:
    """In the summary, in errors and where a run is interrupted, a name that acts is shown as escapes."""
    path = tmp_path / "\x1b[31m\u202e.txt"
    path.write_bytes(b"good\n\xff\n")
    for options in ([], ["--on-error", "count"]):
        outcome = run("bulk", *options, str(path))
        assert acting(outcome.out + outcome.err) == []
        assert "\\x1b[31m\\u202e.txt" in outcome.out + outcome.err
    with mock.patch("smscodec.cli.bulk.tally.Tally.add", side_effect=KeyboardInterrupt):
        outcome = run("bulk", str(path), "--on-error", "count")
    assert outcome.status == 130
    assert acting(outcome.err) == []
    assert "\\x1b[31m\\u202e.txt" in outcome.err


# --output -----------------------------------------------------------------------------------------------------------


@POSIX
def test_the_file_behind_standard_input_is_not_overwritten(tmp_path: Path) -> None:
    """A redirected file is one of the files to read."""
    path = tmp_path / "m.csv"
    path.write_bytes(b"text\na\n")
    command = [sys.executable, "-m", "smscodec", "bulk", "--format", "csv", "--output", str(path), "-"]
    with path.open("rb") as given:
        done = subprocess.run(command, stdin=given, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert b"is one of the files to read" in done.stderr
    assert path.read_bytes() == b"text\na\n"


@POSIX
def test_no_special_permission_is_taken_over(tmp_path: Path) -> None:
    """Of a file that is replaced, permissions to read, write and run stay, and only if it is one's own."""
    source, target = tmp_path / "m.txt", tmp_path / "out.csv"
    source.write_bytes(b"a\n")
    target.write_bytes(b"old")
    target.chmod(0o4750)
    assert run("bulk", "--output", str(target), str(source)).status == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o750
    target.chmod(0o777)
    with mock.patch("os.geteuid", return_value=os.geteuid() + 1):
        assert run("bulk", "--output", str(target), str(source)).status == 0
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask


@POSIX
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=["SIGHUP", "SIGTERM"])
def test_a_signal_leaves_no_half_written_file(number: signal.Signals, tmp_path: Path) -> None:
    """The status says which signal it was, and the folder is as it was."""
    reading, writing = os.pipe()
    first = f"signal.signal({int(number)}, signal.SIG_DFL)"
    command = interruptible("bulk", "--output", str(tmp_path / "out.csv"), "-", first=first)
    with subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.close(reading)
        os.write(writing, b"message\n" * 1_000)
        while not any(name.endswith(".part") for name in os.listdir(tmp_path)):
            time.sleep(0.01)
        signalled(process, number, writing)
        _, err = process.communicate(timeout=60)
        os.close(writing)
    assert (process.returncode, os.listdir(tmp_path)) == (128 + number, [])
    assert err.startswith(b"smscodec: interrupted after ")


def test_json_is_written_as_it_was_read(tmp_path: Path) -> None:
    """No number is rounded; NaN is no JSON on the way in, and null on the way out."""
    rows = [
        '{"text": "a", "x": 0.10000000000000000555, "y": 1e400}',
        '{"text":"b","x":12345678901234567890.5,"y":[1.10]}',
    ]
    path, output = tmp_path / "m.jsonl", tmp_path / "out.jsonl"
    path.write_text("\n".join(rows) + "\n")
    assert run("bulk", "--column", "text", "--output", str(output), str(path)).status == 0
    written = output.read_text().splitlines()
    assert [line.startswith(row[:-1]) for line, row in zip(written, rows, strict=True)] == [True, True]
    assert [json.loads(line)["segments"] for line in written] == [1, 1]
    path.write_text('{"text": "a", "x": NaN}\n')
    assert "NaN is not JSON" in run("bulk", "--column", "text", str(path)).err
    pa = library("pyarrow")
    data = pa.table({"text": ["a", "b"], "x": [float("nan"), float("inf")], "y": [[1.5], [float("-inf")]]})
    library("pyarrow.parquet").write_table(data, tmp_path / "m.parquet")
    assert run("bulk", "--column", "text", "--output", str(output), str(tmp_path / "m.parquet")).status == 0
    assert [json.loads(line, parse_constant=pytest.fail)["x"] for line in output.read_text().splitlines()] == [
        None,
        None,
    ]


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    """A name as long as the file system allows."""
    name = "o" * 251 + ".csv"
    source = tmp_path / "m.txt"
    source.write_bytes(b"a\n")
    assert run("bulk", "--output", str(tmp_path / name), str(source)).status == 0
    assert (tmp_path / name).read_bytes().startswith(b"text,alphabet")


def test_cells_that_a_spreadsheet_would_run_are_neutralised_on_request(tmp_path: Path) -> None:
    """With --safe-cells an apostrophe stands before them, in headers too; without it the text stays as it was."""
    cells = ["=1+1", "+49", "-5", "@a", "\ttab", "plain", "1=1"]
    source, output = tmp_path / "m.csv", tmp_path / "out.csv"
    source.write_text("=text\n" + "\n".join(cells) + "\n")
    assert run("bulk", "--safe-cells", "--output", str(output), str(source)).status == 0
    first = [line.partition(",")[0] for line in output.read_text().splitlines()]
    assert first == ["'=text", *(f"'{cell}" for cell in cells[:5]), *cells[5:]]
    assert run("bulk", "--output", str(output), str(source)).status == 0
    assert [line.partition(",")[0] for line in output.read_text().splitlines()] == ["=text", *cells]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_names_the_file(tmp_path: Path) -> None:
    """The line says which file could not be written."""
    source = tmp_path / "m.txt"
    source.write_bytes(b"a\n")
    with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
        outcome = run("bulk", "--output", str(tmp_path / "out.csv"), str(source))
    assert outcome.err == f"smscodec: {tmp_path / 'out.csv'}: No space left on device\n"


def test_a_byte_order_mark_of_a_file_or_standard_input_is_dropped(tmp_path: Path) -> None:
    """Every command and format drops it alike (decision D38)."""
    mark = b"\xef\xbb\xbf"
    assert run("measure", "--json", stdin=mark + b"Hello there").json["units"] == 11
    for name, content in (
        ("m.txt", b"Hello there\n"),
        ("m.csv", b"text\nHello there\n"),
        ("m.jsonl", b'"Hello there"\n'),
    ):
        path = tmp_path / name
        path.write_bytes(mark + content)
        assert run("bulk", "--json", str(path)).json["alphabets"] == {"GSM_7BIT": 1, "UCS2": 0}
        form = name.partition(".")[2]
        found = run("bulk", "--json", "--format", form, "-", stdin=io.BufferedReader(io.BytesIO(mark + content)))
        assert found.json["alphabets"] == {"GSM_7BIT": 1, "UCS2": 0}
