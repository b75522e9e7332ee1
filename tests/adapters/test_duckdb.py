"""The SQL functions in DuckDB cost what their texts cost, wherever the column comes from.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import corpora
from smscodec.testing import strategies
from tests.adapters.needing import Row, costs, library

duckdb = library("duckdb")
pa = library("pyarrow")

from smscodec.adapters.duckdb import register  # noqa: E402 - only where DuckDB is

FUNCTIONS = ("sms_alphabet", "sms_encode", "sms_measure", "sms_segments")
ALL = "sms_alphabet(text), sms_measure(text).units, sms_segments(text), sms_measure(text)"


def connected(texts: Sequence[str | None] = ()) -> Any:
    """A registered connection with the texts in a table of their own type."""
    connection = duckdb.connect()
    register(connection)
    connection.register("given", pa.table({"row": range(len(texts)), "text": pa.array(texts, pa.string())}))
    connection.execute("CREATE TABLE messages AS SELECT * FROM given")
    return connection


def asked(connection: Any, query: str) -> list[Row | None]:
    """The rows of a query for ``ALL``, which must agree among themselves."""
    found: list[Row | None] = []
    for alphabet, units, segments, measurement in connection.execute(query).fetchall():
        row = (alphabet, units, segments)
        assert row == (tuple(measurement.values()) if measurement else (None, None, None))
        found.append(None if measurement is None else row)
    return found


@given(st.lists(st.none() | strategies.texts(), max_size=20))
def test_functions_cost_what_the_texts_cost(texts: list[str | None]) -> None:
    """Whatever the texts, each function gives its part of ``measure_many``, and NULL for NULL."""
    with connected(texts) as connection:
        assert costs(texts) == asked(connection, f"SELECT {ALL} FROM messages ORDER BY row")


def test_many_vectors_on_several_threads() -> None:
    """Over many vectors with nulls between, on several threads, every row is right."""
    texts = [None if row % 7 == 0 else text for row, text in enumerate(corpora.mix(30_000))]
    with connected(texts) as connection:
        connection.execute("SET threads = 4")
        assert costs(texts) == asked(connection, f"SELECT {ALL} FROM messages ORDER BY row")
        assert sum(row[2] for row in costs(texts) if row) == total(connection, "messages")


def total(connection: Any, source: str, text: str = "text") -> int:
    """The segments of a column in a source of rows."""
    return int(connection.execute(f"SELECT sum(sms_segments({text})) FROM {source}").fetchone()[0])


def test_constant_and_dictionary_vectors() -> None:
    """A literal, a constant beside a column, an ENUM, a filtered and a joined column cost what their texts cost."""
    with connected(["ж" * 100, None, "€"]) as connection:
        assert asked(connection, f"SELECT {ALL} FROM (SELECT repeat('a', 161) AS text)") == [("GSM_7BIT", 161, 2)]
        assert asked(connection, f"SELECT {ALL} FROM (SELECT NULL AS text)") == [None]
        assert connection.execute("SELECT sms_segments('a'), row FROM messages ORDER BY row").fetchall() == [
            (1, 0), (1, 1), (1, 2)
        ]  # fmt: skip
        enum = "(SELECT text::ENUM('a', 'ж', '€') AS text FROM (VALUES ('€'), (NULL), ('ж')) AS v (text))"
        assert asked(connection, f"SELECT {ALL} FROM {enum}") == [("GSM_7BIT", 2, 1), None, ("UCS2", 1, 1)]
        assert total(connection, "messages WHERE sms_alphabet(text) = 'UCS2'") == 2
        assert total(connection, "range(3000) AS many (n) JOIN messages ON n % 3 = row") == 3_000


def test_types_are_those_of_the_docstring() -> None:
    """BIGINT, VARCHAR and a struct of them; a difference of two counts may be negative."""
    with connected() as connection:
        types = connection.execute("SELECT typeof(sms_segments('')), typeof(sms_alphabet('')), typeof(sms_measure(''))")
        assert types.fetchone() == ("BIGINT", "VARCHAR", "STRUCT(alphabet VARCHAR, units BIGINT, segments BIGINT)")
        assert connection.execute("SELECT sms_segments('a') - sms_segments(repeat('a', 400))").fetchone() == (-2,)


def test_files(tmp_path: Path) -> None:
    """A Parquet file and a CSV file are counted as they lie; an empty field of the latter is NULL."""
    connection = connected(["Hello", "", "ж" * 100])
    connection.execute(f"COPY messages TO '{tmp_path / 'messages.parquet'}'")
    (tmp_path / "messages.csv").write_text(f"row,text\n0,Hello\n1,\n2,{'ж' * 100}\n", encoding="utf-8")
    assert total(connection, f"read_parquet('{tmp_path / 'messages.parquet'}')") == 4
    assert total(connection, f"read_csv('{tmp_path / 'messages.csv'}')") == 3
    assert total(connection, f"read_csv('{tmp_path / 'messages.csv'}')", "coalesce(text, '')") == 4


@pytest.mark.parametrize("wrong", ["3", "'a'::BLOB", "['a']", "DATE '2026-01-01'"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_other_types_are_refused_before_the_query_runs(function: str, wrong: str) -> None:
    """Anything but text is DuckDB's own BinderException, naming the function."""
    with connected() as connection, pytest.raises(duckdb.BinderException, match=function):
        connection.execute(f"SELECT {function}({wrong})")


def test_registering_again_changes_nothing() -> None:
    """On the connection, on a cursor, inside a transaction of either, and on another connection to the database."""
    connection = duckdb.connect(":memory:registered")
    connection.begin()
    register(connection)
    register(connection)
    connection.commit()
    cursor = connection.cursor()
    cursor.begin()
    cursor.execute("CREATE TABLE made (text VARCHAR)")
    register(cursor)
    cursor.commit()
    other = duckdb.connect(":memory:registered")
    register(other)
    for one in (connection, cursor, other):
        assert one.execute("SELECT sms_segments('a') FROM (SELECT 1) LEFT JOIN made ON true").fetchall() == [(1,)]
        names = one.execute("SELECT function_name FROM duckdb_functions() WHERE function_name LIKE 'sms%'").fetchall()
        assert sorted(names) == [(name,) for name in FUNCTIONS]


def test_a_registration_that_was_rolled_back_can_be_repeated() -> None:
    """A rollback takes the functions away, and registering then adds them again, for every later transaction."""
    with duckdb.connect() as connection:
        connection.begin()
        register(connection)
        connection.rollback()
        with pytest.raises(duckdb.CatalogException, match="sms_segments"):
            connection.execute("SELECT sms_segments('a')")
        register(connection)
        assert connection.execute("SELECT sms_segments('a'), sms_alphabet('ж')").fetchall() == [(1, "UCS2")]
        connection.begin()
        register(connection)
        connection.rollback()
        assert connection.execute("SELECT sms_segments('a')").fetchall() == [(1,)]


def test_registering_again_leaves_a_result_to_be_read() -> None:
    """Where the functions are there already, a result that was not read to its end is not lost."""
    with connected(["a", "b"]) as connection:
        rows = connection.execute("SELECT text FROM messages ORDER BY row")
        register(connection)
        assert rows.fetchall() == [("a",), ("b",)]


def test_threads_register_and_count_side_by_side() -> None:
    """Cursors on threads of their own may all register and count at the same time."""
    texts = corpora.mix(5_000)
    connection = duckdb.connect()
    connection.register("given", pa.table({"text": texts}))
    connection.execute("CREATE TABLE messages AS SELECT * FROM given")
    totals = []

    def counted(cursor: Any) -> None:
        register(cursor)
        totals.append(total(cursor, "messages"))

    threads = [Thread(target=counted, args=(connection.cursor(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [sum(row[2] for row in costs(texts) if row)] * 4


def test_a_function_of_that_name_is_not_replaced() -> None:
    """Where the database has another function of the name, DuckDB's error comes through, and that function stays."""
    with duckdb.connect() as connection:
        connection.create_function("sms_segments", lambda text: 7, ["VARCHAR"], "INTEGER")
        with pytest.raises(duckdb.Error, match="sms_segments"):
            register(connection)
        assert connection.execute("SELECT sms_segments('a')").fetchall() == [(7,)]


def test_what_is_no_connection_is_refused() -> None:
    """A path, the module and None are a TypeError; a closed connection is DuckDB's own error."""
    for wrong in ("messages.db", duckdb, None):
        with pytest.raises(TypeError, match="expected a DuckDB connection"):
            register(wrong)
    connection = duckdb.connect()
    connection.close()
    with pytest.raises(duckdb.ConnectionException):
        register(connection)
