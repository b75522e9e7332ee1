"""Spark: a column of texts to a column of what they cost, for data that outgrows one machine; extra ``spark``.

    register(session)
    session.sql("SELECT sum(sms_segments(text)) FROM messages")

Knows PySpark's functions and types; ``adapters.arrow`` does the rest, a record batch at a time. PySpark 4.1 and later
hand Arrow arrays to Python; earlier ones pandas Series, which takes longer. The workers need smscodec too.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from smscodec.errors import MissingExtraError
from smscodec.tables import Languages

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyspark.sql import functions
    from pyspark.sql.types import ArrayType, BinaryType, IntegerType, StringType, StructField, StructType

    from smscodec.adapters import arrow
except ImportError as error:
    raise MissingExtraError("spark", "smscodec.adapters.spark") from error

__all__ = ["ENCODED", "RESULT", "encode", "measure", "register"]

RESULT: Final = StructType(
    [StructField("alphabet", StringType()), StructField("units", IntegerType()), StructField("segments", IntegerType())]
)
"""The type of the result: the fields of ``batch.Count``, the alphabet as text; Spark has no unsigned integers."""

ENCODED: Final = ArrayType(StructType([StructField("tp_udl", IntegerType()), StructField("tp_ud", BinaryType())]))
"""The type of encoded messages: their segments, with TP-UDL and the octets of TP-UD."""

_ON_ARROW: Final = hasattr(functions, "arrow_udf")


def measure(column: Any, *, languages: Languages = ()) -> Any:
    """Alphabet (``GSM_7BIT`` or ``UCS2``), units and segments of every text, as a Column of structs; null gives null.

    ``column`` is a Column of strings or the name of one. The numbers are those of ``smscodec.measure`` with the same
    ``languages``.

    What is wrong in the data shows when Spark runs the query, as Spark's ``PythonException`` with our error in its
    text: ``TypeError`` for a column of another type, ``UndecodableError`` for a string that is not UTF-8, which Spark
    itself does not check.

    >>> from pyspark.sql import SparkSession
    >>> from smscodec.adapters.spark import measure
    >>> frame = SparkSession.builder.getOrCreate().createDataFrame([("hi",), ("x" * 161,)], "text STRING")
    >>> [row.segments for row in frame.select(measure("text").segments.alias("segments")).collect()]
    [1, 2]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if _ON_ARROW:
        return _on_arrow(None, languages)(column)
    measured = _on_pandas(None, languages)(column)  # first, because it checks that this is a column
    texts = functions.col(column) if isinstance(column, str) else column
    return functions.when(texts.isNotNull(), measured)  # a pandas struct cannot itself be null


def encode(column: Any, references: Any, **options: Any) -> Any:
    """Segments of every text, as a Column of arrays of structs of TP-UDL and octets; null gives null.

    ``column`` is a Column of strings or the name of one, ``references`` a Column of whole numbers of 0–255 or
    the name of one, null where a message of one segment needs none. The options are those of ``adapters.arrow.encode``.

    >>> from pyspark.sql import SparkSession
    >>> from smscodec.adapters.spark import encode
    >>> frame = SparkSession.builder.getOrCreate().createDataFrame([("hi", None)], "text STRING, reference INT")
    >>> [[segment]] = frame.select(encode("text", "reference")).first()
    >>> segment.tp_udl, segment.tp_ud.hex()
    (2, 'e834')

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
    """
    return _encoding(options)(column, references)


def register(session: Any, *, languages: Languages = (), form: Literal["tp-ud", "smpp"] = "tp-ud") -> None:
    """Add ``sms_measure``, ``sms_segments``, ``sms_alphabet`` and ``sms_encode`` to the SQL of a session.

    They are what ``measure`` gives, the struct and two of its fields as INT and as STRING, and ``sms_encode(text,
    reference)``, what ``encode`` gives, all with the same ``languages`` permitted. Once more replaces them. Raises
    ``TypeError`` for anything but a session.

    >>> from pyspark.sql import SparkSession
    >>> session = SparkSession.builder.getOrCreate()
    >>> register(session)
    >>> session.sql("SELECT sms_alphabet('привет') AS alphabet, sms_segments(repeat('a', 161)) AS segments").first()
    Row(alphabet='UCS2', segments=2)

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if not hasattr(session, "udf"):
        raise TypeError(f"expected a Spark session, got {type(session).__name__}")
    of = _on_arrow if _ON_ARROW else _on_pandas
    session.udf.register("sms_segments", of("segments", languages))
    session.udf.register("sms_alphabet", of("alphabet", languages))
    session.udf.register("sms_encode", _encoding({"languages": languages, "form": form}))
    if _ON_ARROW:
        session.udf.register("sms_measure", of(None, languages))
    else:
        session.udf.register("sms_measure_texts", of(None, languages))
        session.sql(
            f"CREATE OR REPLACE TEMPORARY FUNCTION sms_measure(text STRING) RETURNS {RESULT.simpleString()} "
            "RETURN CASE WHEN text IS NOT NULL THEN sms_measure_texts(text) END"
        )


# A field's name chooses that field of the result, None all of it. The functions are lambdas because PySpark guesses the
# kind of a function from its annotations, and takes one without any for what these are: column in, column out.


def _on_arrow(field: str | None, languages: Languages) -> Any:
    function = _named(field or "measure", lambda texts: _arrays(field, texts, languages))
    return functions.arrow_udf(function, _type(field))


def _on_pandas(field: str | None, languages: Languages) -> Any:
    function = _named(field or "measure", lambda texts: _series(field, texts, languages))
    return functions.pandas_udf(function, _type(field))


def _encoding(options: dict[str, Any]) -> Any:
    if _ON_ARROW:
        function = _named("encode", lambda texts, references: _segments(texts, references, options))
        return functions.arrow_udf(function, ENCODED)
    # Before PySpark 4.1 no function of pandas' gives arrays of structs.
    row = _named("encode", lambda text, reference: _segments(pa.array([text]), [reference], options)[0].as_py())
    return functions.udf(row, ENCODED)


def _named(name: str, function: Any) -> Any:
    function.__name__ = function.__qualname__ = f"sms_{name}"
    return function


def _type(field: str | None) -> Any:
    return RESULT if field is None else RESULT[field].dataType


_SIGNED: Final = pa.struct([("alphabet", pa.string()), ("units", pa.int32()), ("segments", pa.int32())])


_SIGNED_SEGMENTS: Final = pa.list_(pa.struct([("tp_udl", pa.int32()), ("tp_ud", pa.binary())]))


def _segments(texts: Any, references: Any, options: dict[str, Any]) -> Any:
    return arrow.encode(texts.cast(pa.string()), references, **options).cast(_SIGNED_SEGMENTS)


def _arrays(field: str | None, texts: Any, languages: Languages) -> Any:
    measured = arrow.measure(texts, languages=languages)
    if field is None:
        return measured.cast(_SIGNED)
    return pc.struct_field(measured, field).cast(_SIGNED.field(field).type)


def _series(field: str | None, texts: Any, languages: Languages) -> Any:
    from smscodec.adapters import pandas  # noqa: PLC0415  # slow to import, and PySpark 4.1 does without

    measured = pandas.measure(texts, languages=languages).astype(
        {"alphabet": object, "units": "Int32", "segments": "Int32"}
    )
    return measured if field is None else measured[field]
