"""``smscodec bulk`` beside reading the same files with the same readers and doing nothing with what they give.

Knows the readers of the command line and how to write a file of each format; what a row is says ``rows``.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import corpora
from benchmarks.rows import Row
from benchmarks.timing import WALL, paired
from smscodec.cli import main
from smscodec.cli.files import blocks_of, format_of
from smscodec.cli.files.blocks import Reading, ReadingOptions

__all__ = ["files"]


_WITH_SAVINGS: Final = {".txt": 0.12, ".gz": 0.12, ".csv": 0.2, ".jsonl": 0.2, ".parquet": 0.1}
"""The least share of reading's speed on the mix, by the ending of the file."""

_MESSAGES: Final = 100_000
"""The fewest messages of a file, shorter corpora being written several times: to start the command, a millisecond, is
not what is measured."""


def files(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Each format of the mix and of short ASCII messages, by the clock on the wall: reading may take several threads.

    Reading an Arrow file is copying memory, faster than anything can look at each character: its rows have no target.
    """
    groups = {"mix": texts, "short ASCII": corpora.short_ascii(len(texts))}
    with TemporaryDirectory() as folder:
        for corpus, group in groups.items():
            # A line of text ends at a line feed, so that no message may hold one.
            lines = [" ".join(text.splitlines()).replace("\0", " ") for text in group]
            lines *= -(-_MESSAGES // len(lines))
            for path in _written(lines, Path(folder)):
                runs = {"read": partial(_read, path), "bulk": partial(_bulk, path)}
                runs["counts"] = partial(_bulk, path, "--no-savings")
                result = paired(runs, rounds=rounds, clock=WALL)
                target = (
                    "" if path.suffix == ".arrow" else f"≥ {_WITH_SAVINGS[path.suffix] if corpus == 'mix' else 0.6}"
                )
                note = f"{len(lines) / result.seconds('bulk') / 1e6:.2f} M messages a second"
                ratio = result.ratio("read", "bulk")
                yield Row(f"bulk, {corpus}, {path.name}", ratio, "× reading's speed", target, note)
                ratio = result.ratio("read", "counts")
                plain = target and "≥ 0.6"
                yield Row(f"bulk --no-savings, {corpus}, {path.name}", ratio, "× reading's speed", plain)


def _written(texts: Sequence[str], folder: Path) -> Iterator[Path]:
    """The messages as a file of each format that can be written here, with an identifier where there are columns."""
    lines = "".join(f"{text}\n" for text in texts).encode()
    (folder / "m.txt").write_bytes(lines)
    (folder / "m.txt.gz").write_bytes(gzip.compress(lines))
    with (folder / "m.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(texts))
    objects = (json.dumps({"id": number, "text": text}, ensure_ascii=False) for number, text in enumerate(texts))
    (folder / "m.jsonl").write_text("".join(f"{line}\n" for line in objects), "utf-8")
    yield from (folder / name for name in ("m.txt", "m.txt.gz", "m.csv", "m.jsonl"))
    try:
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        return
    table = pa.table({"id": range(len(texts)), "text": list(texts)})
    # What is written several times would else stand there once, and be read in no time.
    parquet.write_table(table, folder / "m.parquet", use_dictionary=False)
    yield folder / "m.parquet"
    with pa.ipc.new_file(folder / "m.arrow", table.schema) as file:
        file.write_table(table)
    yield folder / "m.arrow"


def _options(path: Path) -> list[str]:
    return [] if ".txt" in path.name else ["--column", "text"]


def _read(path: Path) -> None:
    """Read the messages, in the form in which the format has them: text, and columns of Parquet and Arrow."""
    form = format_of(path.name)
    assert form is not None
    options = ReadingOptions(column="text" if _options(path) else None)
    for block in blocks_of(form, Reading(str(path), options)):
        if form == "txt":
            block.texts()  # lines are counted without, but who reads them has text


def _bulk(path: Path, *more: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        status = main(["bulk", "--json", *more, *_options(path), str(path)])
    assert status == 0
