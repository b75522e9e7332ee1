"""Spark on this one machine: what counting and writing add to a query, and whether the workers' memory grows.

Knows PySpark, DuckDB, Parquet files of its own making, and the resident memory of processes as Linux tells it; what a
row is says ``rows``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any

from benchmarks import corpora
from benchmarks.rows import Row
from benchmarks.timing import WALL, paired

__all__ = ["spark"]

_ROW_GROUP = 100_000
_QUERIES = {"length": "sum(length(text))", "sms_segments": "sum(sms_segments(text))"}
_ENCODE = "sum(size(sms_encode(text, 7)))"


def spark(rounds: int, rows: int = 1_000_000) -> Iterator[Row]:
    """Segments and octets of so many messages and of ten times as many, on two threads, against the same query over
    ``length``.
    """
    try:
        session_type, adapter = import_module("pyspark.sql").SparkSession, import_module("smscodec.adapters.spark")
    except ImportError as error:
        yield Row("Spark", None, "", note=str(error))
        return
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as folder:
        session = session_type.builder.master("local[2]").config(map=_options(folder)).getOrCreate()
        try:
            adapter.register(session)
            few, many = (_file(Path(folder), size) for size in (rows, 10 * rows))
            yield from _against_length(session, {rows: few, 10 * rows: many}, rounds)
        finally:
            session.stop()
        yield from _without_spark(few, rows, rounds)


def _options(folder: str) -> dict[str, str]:
    return {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.log.level": "OFF",
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


def _file(folder: Path, rows: int) -> Path:
    """A Parquet file of so many messages of the mix, in row groups of 100,000."""
    pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    path = folder / f"{rows}.parquet"
    group = pa.table({"text": corpora.mix(min(rows, _ROW_GROUP))})
    with parquet.ParquetWriter(path, group.schema) as writer:
        for _ in range(max(1, rows // _ROW_GROUP)):
            writer.write_table(group)
    return path


def _against_length(session: Any, files: dict[int, Path], rounds: int) -> Iterator[Row]:
    peaks = []
    for rows, path in files.items():
        session.read.parquet(str(path)).createOrReplaceTempView("messages")
        asked = _QUERIES | {"sms_encode": _ENCODE}
        queries = {name: partial(_answer, session, query) for name, query in asked.items()}
        with _peak_of_workers() as peak:
            result = paired(queries, rounds=rounds, clock=WALL)
        peaks.append(peak())
        for name in ("sms_segments", "sms_encode"):
            speed = f"{rows / result.seconds(name) / 1e6:.1f} M messages a second"
            yield Row(f"{name}, {rows / 1e6:g} M rows", result.ratio(name, "length"), "× length(text)", note=speed)
    if all(peaks):
        note = " and ".join(f"{peak / 2**20:.0f} MiB" for peak in peaks)
        yield Row("a worker's peak memory, × 10 rows", peaks[1] / peaks[0], "× before", "≤ 1.2", note)


def _answer(session: Any, query: str) -> int:
    return int(session.sql(f"SELECT {query} FROM messages").first()[0])


def _without_spark(path: Path, rows: int, rounds: int) -> Iterator[Row]:
    """The same file on the same machine by DuckDB, for those who ask whether they need Spark."""
    try:
        duckdb, adapter = import_module("duckdb"), import_module("smscodec.adapters.duckdb")
    except ImportError as error:
        yield Row("DuckDB", None, "", note=str(error))
        return
    with duckdb.connect() as connection:
        adapter.register(connection)
        connection.execute(f"CREATE TABLE messages AS FROM '{path}'")
        for source, place in (("a Parquet file", f"'{path}'"), ("a table", "messages")):
            asked = {name: f"SELECT {query} FROM {place}" for name, query in _QUERIES.items()}
            queries = {name: partial(_fetched, connection, query) for name, query in asked.items()}
            result = paired(queries, rounds=rounds, clock=WALL)
            speed = f"{rows / result.seconds('sms_segments') / 1e6:.1f} M messages a second"
            name = f"DuckDB, {source}, {rows / 1e6:g} M rows"
            yield Row(name, result.ratio("sms_segments", "length"), "× length(text)", note=speed)


def _fetched(connection: Any, query: str) -> object:
    return connection.execute(query).fetchall()


@contextmanager
def _peak_of_workers() -> Iterator[Callable[[], int]]:
    """The largest resident memory in octets of any one of our Python workers meanwhile; 0 where Linux does not tell."""
    peak, done = [0], Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], *map(_resident, _workers()), 0)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield lambda: peak[0]
    finally:
        done.set()
        thread.join()


def _workers() -> Iterator[int]:
    """PySpark's Python processes below this one."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
    for process in parents:
        above = process
        while above not in {0, os.getpid()}:
            above = parents.get(above, 0)
        if above and b"pyspark" in _read(process, "cmdline") and b"daemon" in _read(process, "cmdline"):
            yield process


def _parent(process: Path) -> int:
    status = _read(int(process.name), "stat")
    return int(status.rpartition(b")")[2].split()[1]) if status else 0


def _resident(process: int) -> int:
    pages = _read(process, "statm").split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if pages else 0


def _read(process: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:  # it has just ended
        return b""
