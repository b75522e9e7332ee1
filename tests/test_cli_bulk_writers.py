"""The parts of ``smscodec bulk`` that write results, by themselves: cells, rows, files; and what its options take."""

from __future__ import annotations

import argparse
import datetime
import gzip
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from smscodec.cli import bulk as command
from smscodec.cli import main
from smscodec.cli.bulk.output import writer_for
from smscodec.cli.bulk.whole_file import WholeFile
from smscodec.cli.bulk.writers import CsvWriter, JsonWriter, field
from smscodec.cli.files.blocks import SourceRow
from smscodec.cli.progress import Progress
from smscodec.cli.reading import InputRefusedError, UsageError
from tests.bulk_files import bulk, library, written
from tests.command_line import run

# Rows ---------------------------------------------------------------------------------------------------------------

CELLS = [
    *(
        (None, None),
        ("é", "é"),
        (True, "true"),
        (7, "7"),
        (1.5, "1.5"),
        ([1, "é"], '[1, "é"]'),
        ({"a": None}, '{"a": null}'),
    ),
    *((datetime.date(2026, 5, 4), "2026-05-04"), (datetime.time(1, 2), "01:02:00"), (b"\x01\xff", "01ff")),
    *((datetime.datetime(2026, 5, 4, 1), "2026-05-04T01:00:00"), (Decimal("1E-7"), "0.0000001"), (1j, "1j")),
    ([b"\x01", Decimal("0.10")], '["01", "0.10"]'),
]


@pytest.mark.parametrize(("value", "cell"), CELLS)
def test_values_in_a_cell(value: object, cell: object) -> None:
    """Text as it is, nothing for a null, all else in words; what JSON has a form for as JSON."""
    assert field(value) == cell


def csv_written(*blocks: list[dict[str, Any]], **options: Any) -> bytes:
    """These rows as CSV, each with one result."""
    file = io.BytesIO()
    writer = CsvWriter(file, **options)
    for rows in blocks:
        writer.write(rows, [{"n": 1}] * len(rows), None)
    writer.close()
    return file.getvalue()


def test_csv_to_the_octet() -> None:
    """A header once, from the first row; CRLF; quotation marks where they are needed."""
    assert csv_written([], [{"a": "x"}], [{"a": 'y"\n,'}]) == b'a,n\r\nx,1\r\n"y""\n,",1\r\n'
    assert csv_written([{"a": "x;y"}], delimiter=";") == b'a;n\r\n"x;y";1\r\n'
    assert csv_written([]) == b""
    assert [CsvWriter.takes_tables, JsonWriter.takes_tables] == [False, False]


def test_csv_is_written_as_the_first_file_was() -> None:
    """Its delimiter, unless one is given, and its mark; what follows a later file is too late."""
    for delimiter, follows, octets in (
        (None, [(";", True)], b"\xef\xbb\xbfa;n\r\n"),
        (None, [(None, False)], b"a,n\r\n"),
        (None, [(None, False), (";", True)], b"\xef\xbb\xbfa;n\r\n"),
        (None, [(";", True), ("|", False)], b"\xef\xbb\xbfa;n\r\n"),
        ("\t", [(";", False)], b"a\tn\r\n"),
    ):
        file = io.BytesIO()
        writer = CsvWriter(file, delimiter=delimiter)
        for other, marked in follows:
            writer.follow(other, marked=marked)
        writer.write([{"a": "x"}], [{"n": 1}], None)
        writer.follow("|", marked=True)
        writer.write([{"a": "y"}], [{"n": 1}], None)
        assert file.getvalue() == octets + octets[-4:-3].join([b"x", b"1\r\n"]) + octets[-4:-3].join([b"y", b"1\r\n"])


def test_cells_that_a_spreadsheet_would_run() -> None:
    """Each beginning, in the header too, gets an apostrophe where that is asked for; numbers get none."""
    for first in "=+-@\t\r":
        for safe, mark in ((True, b"'"), (False, b"")):
            found = csv_written([{f"{first}a": f"{first}1", "b": f"a{first}", "c": -1}], safe_cells=safe)
            assert found.count(b"'") == 2 * safe
            assert (mark + first.encode() + b"1") in found
            assert b",-1,1\r\n" in found
    assert csv_written([{"a": None, "b": [-1]}], safe_cells=True) == b"a,b,n\r\n,[-1],1\r\n"


def test_rows_that_differ_are_refused_by_the_column() -> None:
    """One that is there only now, or only before."""
    for other, odd in (({"a": "y", "c": 1}, "c"), ({}, "a"), ({"b": "y"}, "b")):
        with pytest.raises(InputRefusedError) as refused:
            csv_written([{"a": "x"}], [other])
        said = f"--output: not all rows have the same columns, as {odd!r}; .jsonl can hold such rows"
        assert str(refused.value) == said
    with pytest.raises(InputRefusedError, match=r"a lone surrogate in a column; CSV cannot hold it, \.jsonl can$"):
        csv_written([{"a": "\ud800"}])


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"a": "é", "b": None}, '{"a": "é", "b": null, "n": "ж"}'),
        ({"a": "é\ud800"}, '{"a": "\\u00e9\\ud800", "n": "\\u0436"}'),
        (
            {"a": [float("nan"), 1.5, "x"], "b": {"c": float("-inf")}},
            '{"a": [null, 1.5, "x"], "b": {"c": null}, "n": "ж"}',
        ),
        ({"a": datetime.date(2026, 5, 4), "b": float("inf")}, '{"a": "2026-05-04", "b": null, "n": "ж"}'),
        (SourceRow({"a": 1.1}, ' {"a" : 1.10 } '), '{"a" : 1.10, "n": "ж"}'),
        (SourceRow({"a": "\ud800"}, '{"a":"\\ud800"}'), '{"a":"\\ud800", "n": "ж"}'),
    ],
)
def test_json_lines_to_the_octet(row: dict[str, Any], line: str) -> None:
    """A row that was JSON as it was; what JSON lacks as a null, or as an escape."""
    file = io.BytesIO()
    writer = JsonWriter(file)
    writer.write([row, row], [{"n": "ж"}] * 2, None)
    writer.close()
    assert file.getvalue() == f"{line}\n{line}\n".encode()


def test_results_of_costs_and_clashes(tmp_path: Path) -> None:
    """A prefix begins every new name; the same row gives the same octets at any time."""
    path = written(tmp_path, "m.csv", b"t;p_cost\nhello;1\n")
    for name, options, header in (
        ("a.csv", ["--price", "0,05"], b"t;p_cost;alphabet;units;segments;cost"),
        ("b.csv", ["--prefix", "x_", "--transliterate"], b"t;p_cost;x_alphabet;x_units;x_segments;x_transliterated"),
        ("c.csv", ["--octets"], b"t;p_cost;alphabet;units;segments;octets"),
    ):
        bulk("--column", "t", *options, "--output", str(tmp_path / name), path)
        assert (tmp_path / name).read_bytes().splitlines()[0] == header
    clash = run("bulk", "--column", "t", "--price=1", "--prefix", "p_", "--output", str(tmp_path / "d.csv"), path)
    assert clash.err == "smscodec: the input already has a column 'p_cost'; rename the new ones with --prefix\n"
    bulk("--column", "t", "--output", str(tmp_path / "o.csv.gz"), path)
    octets = (tmp_path / "o.csv.gz").read_bytes()
    assert octets[4:8] == bytes(4)
    assert gzip.decompress(octets) == b"t;p_cost;alphabet;units;segments\r\nhello;1;GSM_7BIT;5;1\r\n"
    with pytest.raises(UsageError, match=r"^--output m\.txt must end in \.csv, \.tsv or \.jsonl"):
        writer_for("m.txt", safe_cells=False, places=0)


# Columns ------------------------------------------------------------------------------------------------------------


def test_how_large_a_row_group_is() -> None:
    """65,536 rows or 32 MiB, whichever comes first, to the row and to the octet."""
    writers = library("smscodec.cli.bulk.arrow_writers")
    for rows, octets in (((1 << 16) - 1, 0), (0, (1 << 25) - 1)):
        writer = writers.ParquetWriter(io.BytesIO(), 0)
        with mock.patch.object(writer, "_write_row_group") as done:
            for more in (0, 1):
                batch = mock.MagicMock(nbytes=octets if not more else int(octets > 0))
                batch.__len__.return_value = rows if not more else int(rows > 0)
                writer._write(batch)
                assert done.call_count == more


def test_columns_of_results() -> None:
    """Costs are exact numbers of as many places as are needed; nulls alone are text; a prefix changes no type."""
    writers, pa = library("smscodec.cli.bulk.arrow_writers"), library("pyarrow")
    for make in (writers.ArrowWriter, writers.ParquetWriter):
        for places in (0, 4, 38, 39):
            file = io.BytesIO()
            writer = make(file, places)
            writer.write([], [], None)
            writer.write([{"a": None}], [{"p_alphabet": None, "p_units": 1, "p_cost": Decimal(0)}], None)
            writer.close()
            file.seek(0)
            parquet = make is writers.ParquetWriter
            table = library("pyarrow.parquet").read_table(file) if parquet else pa.ipc.open_file(file).read_all()
            assert table.schema.names == ["a", "p_alphabet", "p_units", "p_cost"]
            assert table.schema.types == [pa.string(), pa.string(), pa.uint32(), pa.decimal128(38, min(places, 38))]
            assert table.num_rows == 1


def test_tables_that_differ_are_refused() -> None:
    """By name where rows do not fit the first ones, or as files where tables do not."""
    writers, pa = library("smscodec.cli.bulk.arrow_writers"), library("pyarrow")
    writer = writers.ArrowWriter(io.BytesIO(), 0)
    one = pa.RecordBatch.from_pydict({"a": [1]}, metadata={"k": "v"})
    writer.write((), [{"alphabet": "UCS2"}], one)
    assert writer._schema.metadata == {b"k": b"v"}
    with pytest.raises(InputRefusedError, match=r"^--output: not all files have the same columns$"):
        writer.write((), [{"alphabet": "UCS2"}], pa.RecordBatch.from_pydict({"b": [1]}))
    writer = writers.ParquetWriter(io.BytesIO(), 0)
    writer.write([{"a": 1}], [{"alphabet": "UCS2"}], None)
    for row, said in (({"a": 1, "z": 2}, "not all rows have the column 'z'"), ({}, "not all rows have the column 'a'")):
        with pytest.raises(InputRefusedError, match=f"a row does not fit the columns of the first ones: {said}$"):
            writer.write([row], [{"alphabet": "UCS2"}], None)
    assert writer._writer.is_open
    writer.abandon()
    assert not writer._writer.is_open
    writers.ParquetWriter(io.BytesIO(), 0).abandon()


# Files --------------------------------------------------------------------------------------------------------------


def replaced(path: Path) -> None:
    """Write another file in place of this one."""
    whole = WholeFile("--output", str(path), [])
    whole.open()
    whole.file.write(b"new")
    (part,) = path.parent.glob(".smscodec-*.part")
    assert part.stat().st_mode & 0o777 == 0o600
    assert not path.exists() or path.read_bytes() == b"old"
    rename = Path.replace

    def closed_first(source: Path, target: Path) -> None:
        assert whole.file.closed
        rename(source, target)

    sizes: list[int] = []
    with (
        mock.patch.object(Path, "replace", closed_first),
        mock.patch.object(os, "fsync", side_effect=lambda number: sizes.append(os.fstat(number).st_size)),
    ):
        whole.__exit__(None, None, None)
    assert (sizes, path.read_bytes(), list(path.parent.glob(".*"))) == ([3], b"new", [])


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_who_may_read_what_was_written(umask: int, tmp_path: Path) -> None:
    """The permissions are those of our own file that it replaces, or of any new file; half a file is private."""
    path = tmp_path / "m.csv"
    before = os.umask(umask)
    try:
        replaced(path)
        assert path.stat().st_mode & 0o777 == 0o666 & ~umask
        for mode in (0o604, 0o640):
            path.write_bytes(b"old")
            path.chmod(mode)
            replaced(path)
            assert path.stat().st_mode & 0o777 == mode
        path.write_bytes(b"old")
        with mock.patch.object(os, "geteuid", return_value=os.geteuid() + 1):
            replaced(path)
        assert path.stat().st_mode & 0o777 == 0o666 & ~umask
        assert os.umask(umask) == umask
    finally:
        os.umask(before)


def test_standard_input_may_not_be_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Although it has no name; input that does not come from a file cannot be the file to write."""
    path = tmp_path / "m.csv"
    path.write_bytes(b"t\na\n")
    with path.open(encoding="utf-8") as stdin, mock.patch.object(sys, "stdin", stdin):
        assert main(["bulk", "--format", "csv", "--output", str(path), "-"]) == 1
    said = f"smscodec: --output {path} is one of the files to read; write to another one\n"
    assert capsys.readouterr() == ("", said)
    assert path.read_bytes() == b"t\na\n"
    bulk("--format", "csv", "--output", str(path), "-", stdin=b"t\nb\n")
    assert path.read_bytes().startswith(b"t,alphabet,units,segments\r\nb,")


# Options and the run ------------------------------------------------------------------------------------------------


USAGE = """
    smscodec bulk -h --column NAME --format {txt,jsonl,csv,xlsx,parquet,arrow} --sheet NAME --encoding NAME
    --delimiter CHARACTER --no-header --empty-as-null --max-message OCTETS --on-error {stop,count}
    --languages NAME,... --transliterate STAGE --price MONEY --prices FILE --by COLUMN,... --no-savings
    --output FILE --report FILE.html --octets --prefix TEXT --safe-cells --json FILE FILE ...
"""


def test_usage_to_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option with what it takes, under three headings."""
    monkeypatch.setenv("COLUMNS", "1000")
    lines = run("bulk", "--help").out.splitlines()
    assert lines[0].replace("[", "").replace("]", "").split()[1:] == USAGE.split()
    assert [line for line in lines if line.endswith("ing:") or line == "results:"] == [
        "reading:",
        "counting:",
        "results:",
    ]
    words = " ".join(" ".join(lines).split())
    assert "typography, compatibility, look-alikes, emoji (default: look-alikes)" in words
    assert "(default: 1048576)" in words
    assert "count them (default: stop)" in words


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (command._octets, {"1": 1, "0010": 10, "1073741824": 1 << 30}, ["0", "1073741825", "-1", "", "1.0", "²", "٣"]),
        (command._encoding, {"latin-1": "latin-1", "UTF8": "UTF8"}, ["", "hex", "klingon", "a\0b"]),
        (
            command._delimiter,
            {"tab": "\t", "TAB": "\t", "\\t": "\t", "\t": "\t", ";": ";", "t": "t"},
            ["", ";;", '"', "\r", "\n", "\0", " "],
        ),
        (command._names, {"a": ("a",), " a ,b,a": ("a", "b"), "X,b": ("X", "b")}, ["", "a,", ",a", "a, ,b"]),
    ],
)
def test_words_of_options(read: Callable[[str], object], good: dict[str, object], bad: list[str]) -> None:
    """The bounds of each, from both sides."""
    assert {word: read(word) for word in good} == good
    for word in bad:
        with pytest.raises(argparse.ArgumentTypeError, match=r"^(expected|unknown encoding) "):
            read(word)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--column", "x", "a.txt"], "--column names a column, and lines of text have none; if a.txt has columns, add"),
        (["--by", "x", "-", "a.txt"], "--by names a column, and lines of text have none; if a.txt has columns, add"),
        (["--column", "x", "-"], "--column names a column, and lines of text have none; if standard input has columns"),
        (["--column", "x", "--by", "y", "a.csv", "b.txt"], "--by names columns, which all files must have, and lines"),
        (["--sheet", "x", "a.csv"], "--sheet is for .xlsx files"),
        (["--no-header", "a.jsonl"], "--delimiter and --no-header are for CSV"),
        (["--report", "a.html", "--output", "a.html", "-"], "--report and --output are both a.html; name two files"),
        (["--report", "a.htmX", "-"], "--report a.htmX must end in .html"),
        (["--safe-cells", "--output", "a.xlsx", "-"], "--safe-cells is for --output to a .csv or .tsv file"),
        (["a.ODS"], "a.ODS is a spreadsheet of another kind"),
        (["a.numbers"], "a.numbers is a spreadsheet of another kind"),
        (["a.xlsb"], "a.xlsb is a spreadsheet of another kind"),
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], said: str) -> None:
    """Status 2, before any file is looked for."""
    outcome = run("bulk", *arguments)
    assert outcome[:2] == (2, "")
    assert outcome.err.startswith(f"smscodec: {said}")


def test_options_that_go_together(tmp_path: Path) -> None:
    """Of files of several formats, each takes what it can take."""
    lines, table = written(tmp_path, "m.txt", b"a\n"), written(tmp_path, "m.csv", b"c|t\n1|b\n2|\n")
    assert bulk("--column", "t", lines, table)["messages"] == 3
    report = tmp_path / "r.HTM"
    output = tmp_path / "o.TSV"
    arguments = ("--column", "t", "--by", "c", "--report", str(report), "--output", str(output), "--safe-cells")
    assert bulk(*arguments, table)["messages"] == 2
    assert report.read_text(encoding="utf-8").startswith("<!")
    assert output.read_bytes().splitlines()[0] == b"c\tt\talphabet\tunits\tsegments"
    assert bulk("--delimiter", "|", "--column", "t", "--empty-as-null", table, lines)["nulls"] == 1


def test_how_far_a_run_has_come(tmp_path: Path) -> None:
    """Octets of all files so far, of so many in all, or of an unknown number; and messages, in words."""
    names = [written(tmp_path, f"{name}.txt", b"line\n" * 3) for name in "ab"]
    for files, total in ((names, 30), ([names[0], "-"], None)):
        with (
            mock.patch.object(Progress, "update", autospec=True) as update,
            mock.patch.object(Progress, "__init__", autospec=True, side_effect=Progress.__init__) as made,
        ):
            bulk(*files, stdin=b"x")
        assert made.call_args_list[-1].args[1:] == (total,)
        said = [call.args[1:] for call in update.call_args_list]
        assert said[0] == (15, f"3 messages, in {names[0]}")
        assert said[-1] == ((30, f"6 messages, in {names[1]}") if total else (15, "4 messages, in standard input"))


def test_two_hundred_messages_are_looked_at_for_a_wrong_encoding() -> None:
    """The first of each file; one warning is enough."""
    for before, warnings in ((199, 1), (200, 0)):
        text = "a\n" * before + "Ã©\n" * 2
        assert run("bulk", "-", stdin=text.encode()).err.count("looks like 'é'") == warnings


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_signals_end_a_run_as_ctrl_c_does(name: str, status: int) -> None:
    """Unless the calling program handles or ignores them, or runs it in a thread; afterwards all is as before."""
    number = getattr(signal, name, None)
    if number is None:
        pytest.skip("this system has no such signal")
    before = signal.getsignal(number)
    try:
        signal.signal(number, signal.SIG_DFL)
        with pytest.raises(SystemExit) as ended, command._terminable():
            signal.raise_signal(number)
        assert ended.value.code == status
        assert signal.getsignal(number) == signal.SIG_DFL
        found: list[object] = []

        def handler() -> None:
            with command._terminable():
                found.append(signal.getsignal(number))

        thread = threading.Thread(target=handler)
        thread.start()
        thread.join()
        signal.signal(number, signal.SIG_IGN)
        handler()
        found.append(signal.getsignal(number))
        assert found == [signal.SIG_DFL, signal.SIG_IGN, signal.SIG_IGN]
    finally:
        signal.signal(number, before)


def test_the_first_refusal_of_all_files_is_told(tmp_path: Path) -> None:
    """Also where the first file has none."""
    names = [written(tmp_path, f"{name}.csv", content) for name, content in (("a", b"t\nx\n"), ("b", b"t\nx,y\nz,z\n"))]
    said = run("bulk", "--on-error", "count", *names, names[1]).out.splitlines()[0]
    assert said.endswith(
        f"4 bad rows left out, the first being {names[1]}, row 2: expected 1 fields as in the first row, got 2"
    )
