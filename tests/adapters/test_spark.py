"""On Spark every row costs what its text costs, on PySpark's Arrow functions and on those before them.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import doctest
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpora
from smscodec import segment
from tests.adapters.needing import Row, costs, library, missing

pyspark = library("pyspark")
pa, parquet = library("pyarrow"), library("pyarrow.parquet")
if shutil.which("java") is None:
    missing("Spark needs Java, and there is none on the path")

from pyspark.sql import functions  # noqa: E402 - only where PySpark is

from smscodec.adapters import spark as adapter  # noqa: E402

# PySpark 4.3 says so of itself; the one type that we hand over is text.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")

TEXTS = ["Hello", None, "", "ж" * 100, "€" * 81, "😀" * 36, "a" * 152 + "€" + "a" * 152]
ALL = ("row", "sms_alphabet(text) AS alphabet", "sms_segments(text) AS segments", "sms_measure(text) AS m")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A local Spark on two threads that reaches nothing outside this machine, and says nothing."""
    folder = tmp_path_factory.mktemp("spark")
    options = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder / "local"),
        "spark.log.level": "OFF",
        "spark.sql.files.maxPartitionBytes": "4m",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        environment.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        started = pyspark.sql.SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
        yield started
        started.stop()


@pytest.fixture(params=["Arrow", "pandas"])
def session(request: pytest.FixtureRequest, spark: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session with our functions in its SQL: made by PySpark's Arrow functions, then by its pandas functions."""
    if request.param == "Arrow" and not hasattr(functions, "arrow_udf"):
        pytest.skip("PySpark before 4.1 has no Arrow functions")
    monkeypatch.setattr(adapter, "_ON_ARROW", request.param == "Arrow")
    session = spark.newSession()
    adapter.register(session)
    return session


def found(frame: Any) -> list[Row | None]:
    """The rows of a frame that ``ALL`` was selected from, in the order of their numbers."""
    table = frame.toArrow().sort_by("row")
    rows: list[Row | None] = []
    for row in table.to_pylist():
        measured = row["m"] or dict.fromkeys(("alphabet", "units", "segments"))
        assert (row["alphabet"], row["segments"]) == (measured["alphabet"], measured["segments"])
        rows.append(row["m"] and tuple(row["m"].values()))
    return rows


def small(session: Any, texts: list[str | None] = TEXTS) -> Any:
    """A frame of a few texts."""
    return session.createDataFrame(list(enumerate(texts)), "row INT, text STRING")


@pytest.mark.usefixtures("spark")
def test_examples_give_what_they_show() -> None:
    """Each example in the adapter's docstrings runs in the session that is there, and prints what stands under it."""
    assert doctest.testmod(adapter).failed == 0


def test_every_row_of_a_parquet_file(session: Any, tmp_path: Path) -> None:
    """200,000 messages in ten row groups on two workers, nulls and empty ones among them, cost what they cost here."""
    texts: list[str | None] = [*corpora.mix(49_000), *[None] * 500, *[""] * 500] * 4
    file = tmp_path / "messages.parquet"
    parquet.write_table(pa.table({"row": range(len(texts)), "text": texts}), file, row_group_size=20_000)
    frame = session.read.parquet(str(file))
    assert frame.rdd.getNumPartitions() > 2
    assert costs(texts) == found(frame.selectExpr(*ALL))


def test_functions_in_sql(session: Any) -> None:
    """The functions mean the same in a query, and registering them again changes nothing."""
    small(session).createOrReplaceTempView("messages")
    adapter.register(session)
    assert costs(TEXTS) == found(session.sql(f"SELECT {', '.join(ALL)} FROM messages"))
    total = session.sql("SELECT sum(sms_segments(text)), sum(sms_measure(text).segments) FROM messages").first()
    assert tuple(total) == (sum(row[2] for row in costs(TEXTS) if row),) * 2


def test_measure_as_a_column(session: Any) -> None:
    """``measure`` of a name and of a Column is a struct of the type of the result, null for null."""
    frame = small(session)
    for column in ("text", functions.col("text"), frame.text):
        measured = frame.select("row", adapter.measure(column).alias("m"))
        assert measured.schema["m"].dataType == adapter.RESULT
        assert costs(TEXTS) == [measurement and tuple(measurement) for _, measurement in sorted(measured.collect())]
    assert small(session, []).select(adapter.measure("text")).collect() == []


def octets(texts: list[str | None], **options: Any) -> list[Any]:
    """TP-UDL and TP-UD of each segment of each text, under the number of its row as reference; None for a null."""
    messages = [text if text is None else segment(text, reference=row, **options) for row, text in enumerate(texts)]
    return [message and list(zip(message.tp_udl, message.tp_ud, strict=True)) for message in messages]


def shown(rows: list[Any]) -> list[Any]:
    """The same out of rows of a number and the segments."""
    return [parts and [(part.tp_udl, bytes(part.tp_ud)) for part in parts] for _, parts in sorted(rows)]


def test_octets_as_a_column(session: Any) -> None:
    """``encode`` of names and of Columns is an array of structs of the type of the result, null for null."""
    frame = small(session, [*TEXTS, "ş" * 100])
    for columns in (("text", "row"), (frame.text, functions.col("row"))):
        encoded = frame.select("row", adapter.encode(*columns, languages="tr").alias("e"))
        assert encoded.schema["e"].dataType == adapter.ENCODED
        assert octets([*TEXTS, "ş" * 100], languages="tr") == shown(encoded.collect())
    assert small(session, []).select(adapter.encode("text", "row")).collect() == []


def test_octets_in_sql(session: Any) -> None:
    """``sms_encode`` gives the same in a query, whose rows Spark hands over in batches, and needs no reference for one
    segment.
    """
    texts = corpora.mix(3_000)
    session.createDataFrame(list(enumerate(texts)), "row INT, text STRING").createOrReplaceTempView("messages")
    found = session.sql("SELECT row, sms_encode(text, row % 256) FROM messages").collect()
    expected = [segment(text, reference=row % 256) for row, text in enumerate(texts)]
    assert [list(zip(message.tp_udl, message.tp_ud, strict=True)) for message in expected] == shown(found)
    (alone,) = session.sql("SELECT sms_encode('Hello', CAST(NULL AS INT))").first()
    assert shown([(0, alone)]) == octets(["Hello"])


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "SELECT sms_encode(repeat('a', 161), CAST(NULL AS INT))",
            "references: message 0 takes 2 segments and needs one",
        ),
        ("SELECT sms_encode(repeat('a', 161), 256)", "message 0: expected a whole number of 0–255"),
        ("SELECT sms_encode(repeat('a', 39016), 1)", "message 0: 256 segments; a message has at most 255"),
    ],
)
def test_what_cannot_be_sent_is_named(session: Any, query: str, reason: str) -> None:
    """A missing or impossible reference and too many segments are our error, with the row of the batch."""
    with pytest.raises(pyspark.errors.PythonException, match=reason):
        session.sql(query).collect()


def test_what_is_wrong_in_the_data_is_named(session: Any) -> None:
    """A number is our TypeError, octets that are no UTF-8 an error that says so, and the session goes on."""
    with pytest.raises(pyspark.errors.PythonException, match="TypeError: expected a column of text, got int32"):
        session.sql("SELECT sms_segments(3)").collect()
    with pytest.raises(pyspark.errors.PythonException, match="'utf-8' codec can't decode byte 0xff in position 2"):
        session.sql("SELECT sms_segments(CAST(x'6161FF' AS STRING))").collect()
    assert session.sql("SELECT sms_segments('goes on')").first()[0] == 1


def test_what_is_no_session_is_refused() -> None:
    """A name in place of a session is a TypeError."""
    with pytest.raises(TypeError, match="expected a Spark session, got str"):
        adapter.register("local[2]")
