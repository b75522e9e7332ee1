"""DuckDB: functions in SQL over a column of text, there once a connection is registered; extra ``duckdb``.

    register(connection)
    connection.sql("SELECT sum(sms_segments(text)) FROM 'messages.parquet'")

Knows DuckDB's names and types; ``adapters.arrow`` does the rest, a vector of texts at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final, Literal, NamedTuple

from smscodec.errors import MissingExtraError
from smscodec.tables import Languages, permitted_languages

try:
    import duckdb
    import numpy as np  # noqa: F401  # DuckDB needs it for functions in Python
    import pyarrow as pa
    import pyarrow.compute as pc

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("duckdb", "smscodec.adapters.duckdb") from error

__all__ = ["register"]


def register(connection: Any, *, languages: Languages = (), form: Literal["tp-ud", "smpp"] = "tp-ud") -> None:
    """Add ``sms_segments``, ``sms_alphabet``, ``sms_measure`` and ``sms_encode`` to the database of a connection.

    * ``sms_segments(text)`` is a BIGINT, as ``length`` is, so that a difference of two cannot overflow;
    * ``sms_alphabet(text)`` is a VARCHAR, ``GSM_7BIT`` or ``UCS2``;
    * ``sms_measure(text)`` is a ``STRUCT(alphabet VARCHAR, units BIGINT, segments BIGINT)``;
    * ``sms_encode(text, reference)`` are the segments, ``STRUCT(tp_udl UTINYINT, tp_ud BLOB)[]``; the reference is a
      BIGINT of 0–255, and may be NULL for a message of one segment.

    ``languages`` are the national languages that you permit, as in ``smscodec.measure``, in all four, from the first
    registration on;
    ``form`` is that of ``batch.encode_many``.

    NULL gives NULL, and a column other than VARCHAR or ENUM is refused as DuckDB's own functions refuse it, before
    the query runs. The numbers are those of ``measure``. DuckDB reads an empty field of a CSV file as NULL,
    which costs nothing, where an empty message costs a segment: wrap the column in ``coalesce(text, '')`` if that
    is meant.

    The functions belong to the database, so cursors and other connections to it have them too; registering again
    changes nothing. Read a connection's result to its end first: adding a function is work of its own to DuckDB, which
    refuses it over an unfinished result from version 2 on, and drops the result before that. Raises ``TypeError`` for
    anything but a connection, and DuckDB's own error if the database has another function of one of the names.

    >>> import duckdb
    >>> connection = duckdb.connect()
    >>> register(connection)
    >>> connection.sql("SELECT sms_alphabet('привет'), sms_segments(repeat('a', 161))").fetchall()
    [('UCS2', 2)]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        raise TypeError(f"expected a DuckDB connection, got {type(connection).__name__}")
    for function in _functions(permitted_languages(languages), form):
        with connection.cursor() as cursor:  # a cursor, so that an unread result of the connection stays
            there = _is_there(cursor, function)
        if not there:  # asked first, since a refusal would abort a transaction that is under way
            _add(connection, function)


class _Function(NamedTuple):
    name: str
    parameters: list[str]
    type: str
    compute: Callable[..., Any]


def _types(connection: Any, name: str) -> list[tuple[str, list[str]]]:
    """The result and the parameters of each function of that name, as the database sees it now."""
    query = "SELECT return_type, parameters FROM duckdb_functions() WHERE function_name = ?"
    return list(connection.execute(query, [name]).fetchall())


def _is_there(connection: Any, function: _Function) -> bool:
    names = [f"col{number}" for number in range(len(function.parameters))]
    return (function.type, names) in _types(connection, function.name)


def _add(connection: Any, function: _Function) -> None:
    try:
        _create(connection, function)
    except (duckdb.NotImplementedException, duckdb.CatalogException):
        if _is_there(connection, function):  # this transaction or another thread has just added it
            return
        if _types(connection, function.name):
            raise
        with connection.cursor() as cursor:  # a connection remembers what it added though a rollback took it away
            _create(cursor, function)


def _create(connection: Any, function: _Function) -> None:
    connection.create_function(
        function.name, function.compute, function.parameters, function.type, type="arrow", null_handling="special"
    )


_MEASUREMENT: Final = pa.struct([("alphabet", pa.string()), ("units", pa.int64()), ("segments", pa.int64())])


def _measurement(languages: Languages, texts: Any) -> Any:
    return arrow.measure(texts, languages=languages).cast(_MEASUREMENT)


def _field(name: str, languages: Languages, texts: Any) -> Any:
    return pc.struct_field(arrow.measure(texts, languages=languages), name).cast(_MEASUREMENT.field(name).type)


def _encoded(languages: Languages, form: Any, texts: Any, references: Any) -> Any:
    return arrow.encode(texts, references, languages=languages, form=form)


@cache  # DuckDB may call a function of a registration that was rolled back, and does not keep it alive
def _functions(languages: Languages, form: str) -> tuple[_Function, ...]:
    text, measurement = ["VARCHAR"], "STRUCT(alphabet VARCHAR, units BIGINT, segments BIGINT)"
    return (
        _Function("sms_segments", text, "BIGINT", partial(_field, "segments", languages)),
        _Function("sms_alphabet", text, "VARCHAR", partial(_field, "alphabet", languages)),
        _Function("sms_measure", text, measurement, partial(_measurement, languages)),
        _Function(
            "sms_encode",
            ["VARCHAR", "BIGINT"],
            "STRUCT(tp_udl UTINYINT, tp_ud BLOB)[]",
            partial(_encoded, languages, form),
        ),
    )
