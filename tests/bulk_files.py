"""The same messages as a file of every format, and ``smscodec bulk`` over them."""

from __future__ import annotations

import csv
import gzip
import importlib
import io
import json
import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest

from smscodec.cli.files import Format, blocks_of, format_of
from smscodec.cli.files.blocks import Reading, ReadingOptions
from tests.command_line import run

TEXT_FORMATS: Final = ("m.txt", "m.txt.gz", "m.csv", "m.csv.gz", "m.tsv", "m.jsonl", "m.jsonl.gz")
COLUMN_FORMATS: Final = ("m.parquet", "m.arrow", "stream.arrow")


def written(folder: Path, name: str, content: bytes) -> str:
    """A file of that content, compressed if its name says so."""
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return str(path)


def bulk(*arguments: str, stdin: bytes = b"") -> Any:
    """The summary as JSON."""
    return run("bulk", "--json", *arguments, stdin=stdin).json


def library(name: str) -> Any:
    """A library of an extra: without it a test is skipped, and fails where everything must run."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("SMSCODEC_CI") == "full":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed", allow_module_level=True)


def csv_of(rows: Sequence[Sequence[object]], **dialect: Any) -> bytes:
    """Rows as CSV in UTF-8."""
    lines = io.StringIO(newline="")
    csv.writer(lines, **dialect).writerows(rows)
    return lines.getvalue().encode()


def file_of(folder: Path, name: str, texts: Sequence[str]) -> list[str]:
    """The arguments that read these messages from a file of the format that the name says."""
    form = name.removesuffix(".gz").rpartition(".")[2]
    if form in {"parquet", "arrow"}:
        return ["--column", "text", columns_of(folder, name, texts)]
    if form == "txt":
        return [written(folder, name, "".join(f"{text}\n" for text in texts).encode())]
    if form == "jsonl":
        lines = (json.dumps({"id": number, "text": text}) for number, text in enumerate(texts))
        return ["--column", "text", written(folder, name, "\n".join(lines).encode())]
    delimiter = "\t" if form == "tsv" else ","
    rows = [["id", "text"], *enumerate(texts)]
    return ["--column", "text", written(folder, name, csv_of(rows, delimiter=delimiter))]


def columns_of(folder: Path, name: str, texts: Sequence[str | None], kind: Any = None) -> str:
    """A file of Parquet, or of Arrow IPC (a stream where the name says so)."""
    pa = library("pyarrow")
    table = pa.table({"id": range(len(texts)), "text": pa.array(texts, kind or pa.string())})
    path = str(folder / name)
    if name.endswith(".parquet"):
        library("pyarrow.parquet").write_table(table, path, row_group_size=1000)
        return path
    opened = pa.ipc.new_stream if name.startswith("stream") else pa.ipc.new_file
    with opened(path, table.schema) as writer:
        writer.write_table(table, max_chunksize=1000)
    return path


def rows_of(path: str) -> list[dict[str, Any]]:
    """The rows of an output, whatever its format; numbers of CSV are still text."""
    if path.endswith(".parquet"):
        return list(library("pyarrow.parquet").read_table(path).to_pylist())
    if path.endswith(".arrow"):
        with library("pyarrow").ipc.open_file(path) as reader:
            return list(reader.read_all().to_pylist())
    if path.endswith(".xlsx"):
        names, *rows = library("openpyxl").load_workbook(path).active.values
        return [dict(zip(names, row, strict=True)) for row in rows]
    octets = Path(path).read_bytes()
    text = (gzip.decompress(octets) if path.endswith(".gz") else octets).decode("utf-8-sig")
    if ".jsonl" in path:
        return [json.loads(line) for line in text.removesuffix("\n").split("\n") if line]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if ".tsv" in path else ","))


class Dribble(io.RawIOBase):
    """A pipe that gives its octets in pieces of these sizes, over and over."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content = io.BytesIO(content)
        self._sizes = sizes
        self._reads = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next piece."""
        self._reads += 1
        piece = self._content.read(min(len(buffer), self._sizes[self._reads % len(self._sizes)]))
        buffer[: len(piece)] = piece
        return len(piece)


def dribbled(content: bytes, sizes: list[int]) -> io.BufferedReader:
    """The content as standard input that comes in pieces."""
    return io.BufferedReader(Dribble(content, sizes))


class Found:
    """All that reading a file gives."""

    def __init__(self, path: str, form: Format | None = None, **options: Any) -> None:
        self.reading = Reading(path, ReadingOptions(**options))
        self.blocks = list(blocks_of(form or format_of(path) or "txt", self.reading))
        self.sizes = [len(block) for block in self.blocks]
        self.texts = [text for block in self.blocks for text in block.texts()]
        self.keys = [*chain.from_iterable(block.keys() for block in self.blocks)]
        self.records = [record for block in self.blocks for record in block.records()]
