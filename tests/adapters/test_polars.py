"""The namespaces in Polars cost what their texts cost, in every context and engine that their users know.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import corpora
from smscodec.testing import strategies
from tests.adapters.needing import Row, costs, library

pl = library("polars")

from smscodec.adapters import polars as adapter  # noqa: E402 - only where Polars is

TEXTS = ["abc", None, "ж" * 80, "€", "", "x" * 200, "a longer text than fits a view", None, "😀" * 36]
TYPES = {"alphabet": pl.Enum(["GSM_7BIT", "UCS2"]), "units": pl.UInt32(), "segments": pl.UInt32()}
FIELDS = {"a": ("alphabet", 0), "u": ("units", 1), "s": ("segments", 2)}


def wanted(text: Any) -> dict[str, Any]:
    """Every expression of the namespace under a name of its own."""
    return {"m": text.sms.measure()} | {name: getattr(text.sms, field)() for name, (field, _) in FIELDS.items()}


def rows(frame: Any) -> list[Row | None]:
    """The rows of a frame of ``wanted``, whose columns must agree among themselves."""
    found: list[Row | None] = []
    for measurement, *fields in frame.select("m", *FIELDS).rows():
        assert fields == (list(measurement.values()) if measurement else [None] * 3)
        found.append(tuple(fields) if measurement else None)
    return found


@given(st.lists(st.none() | strategies.texts(), max_size=20), st.integers(0, 5), st.integers(0, 20))
def test_frames_slices_and_series(texts: list[str | None], start: int, length: int) -> None:
    """Expressions and the namespace of a Series give their parts of ``measure_many``, of a slice too."""
    series = pl.Series("text", texts, pl.String)
    part = series.slice(start, length)
    for column, given_texts in ((series, texts), (part, texts[start : start + length])):
        assert costs(given_texts) == rows(column.to_frame().select(**wanted(pl.col("text"))))
        assert costs(given_texts) == rows(pl.DataFrame(wanted(column)))


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_engines(engine: Any) -> None:
    """Lazily and in the streaming engine, over many morsels, every row is right and in its place."""
    texts = [None if row % 7 == 0 else text for row, text in enumerate(corpora.mix(30_000))]
    lazy = pl.LazyFrame({"text": texts}).with_columns(**wanted(pl.col("text")))
    assert costs(texts) == rows(lazy.collect(engine=engine))
    total = lazy.select(pl.col("s").sum()).collect(engine=engine).item()
    assert total == sum(row[2] for row in costs(texts) if row)


def test_schema_without_running() -> None:
    """The types are known without collecting, are those of the result, and the column keeps its name."""
    frame = pl.DataFrame({"text": TEXTS})
    lazy = frame.lazy().select(**wanted(pl.col("text")))
    assert lazy.collect_schema() == lazy.collect().schema
    assert pl.Struct(TYPES) == adapter.RESULT == lazy.collect_schema()["m"]
    assert all(lazy.collect_schema()[name] == TYPES[field] for name, (field, _) in FIELDS.items())
    for field in ("measure", *TYPES):
        assert frame.lazy().select(getattr(pl.col("text").sms, field)()).collect_schema().names() == ["text"]
        assert getattr(frame["text"].sms, field)().name == "text"
        assert getattr(frame["text"].sms, field)().dtype == (TYPES.get(field) or adapter.RESULT)


def test_filters_are_pushed_past_every_expression() -> None:
    """A filter on another column runs before texts are counted or encoded, as behind any elementwise expression."""
    lazy, text = pl.LazyFrame({"text": TEXTS, "row": range(len(TEXTS))}), pl.col("text").sms
    for expression in (text.measure(), text.segments(), text.encode(), text.encode(7), text.encode("row")):
        plan = lazy.with_columns(found=expression).filter(pl.col("row") > 1).explain()
        assert plan.index("FILTER") > plan.index("WITH_COLUMNS"), plan


def test_contexts() -> None:
    """In group_by, over, filter, list.eval and as a literal the expression means what the text costs."""
    frame = pl.DataFrame({"text": TEXTS, "group": [1, 1, 1, 2, 2, 2, 2, 3, 3]})
    segments = pl.col("text").sms.segments()
    for engine in ("in-memory", "streaming"):
        grouped = frame.lazy().group_by("group").agg(segments.sum().alias("n")).sort("group").collect(engine=engine)
        assert grouped["n"].to_list() == [3, 5, 2]
        long = frame.lazy().filter(segments > 1).collect(engine=engine)["text"].to_list()
        assert long == [TEXTS[2], TEXTS[5], TEXTS[8]]
    assert frame.select(segments.sum().over("group"))["text"].to_list() == [3, 3, 3, 5, 5, 5, 5, 2, 2]
    lists = frame.group_by("group", maintain_order=True).agg("text")
    assert lists.select(pl.col("text").list.eval(pl.element().sms.segments()))["text"].to_list() == [
        [1, None, 2], [1, 1, 2, 1], [None, 2]
    ]  # fmt: skip
    assert pl.select(pl.lit("ж" * 71).sms.segments()).item() == 2
    two = pl.DataFrame({"a": ["x"], "b": ["ж" * 71]}).select(pl.all().sms.segments().name.suffix("_segments"))
    assert two.to_dicts() == [{"a_segments": 1, "b_segments": 2}]


@pytest.mark.parametrize("kind", ["Categorical", "Enum"])
def test_categories(kind: str) -> None:
    """Columns of categories cost what the texts of the categories cost."""
    texts = [text for text in TEXTS if text is not None]
    dtype = pl.Categorical if kind == "Categorical" else pl.Enum(texts)
    frame = pl.DataFrame({"text": pl.Series([*TEXTS, *TEXTS], dtype=dtype)})
    assert costs([*TEXTS, *TEXTS]) == rows(frame.select(**wanted(pl.col("text"))))


@pytest.mark.parametrize("texts", [[], [None, None]])
@pytest.mark.parametrize("dtype", [pl.String, pl.Null, pl.Categorical])
def test_nothing_and_nulls_alone(texts: Sequence[None], dtype: Any) -> None:
    """Empty frames and columns of nulls give the same types."""
    frame = pl.DataFrame({"text": pl.Series(texts, dtype=dtype)}).select(**wanted(pl.col("text")))
    assert rows(frame) == list(texts)
    assert frame.schema["m"] == adapter.RESULT


@pytest.mark.parametrize("values", [[1, 2], [b"a"], [["a"]], [1.5], [True]], ids=repr)
def test_other_types_are_refused(values: list[Any]) -> None:
    """A column that holds no text is a TypeError that says what it holds; Polars shows the expression beside it."""
    frame = pl.DataFrame({"text": values})
    with pytest.raises(TypeError, match="expected a column of text, got"):
        frame.select(pl.col("text").sms.segments())
    with pytest.raises(Exception, match=r"(?s)expected a column of text, got.*col\(\"text\"\)"):
        frame.lazy().select(pl.col("text").sms.segments()).collect()
    with pytest.raises(TypeError, match="expected a column of text, got"):
        frame["text"].sms.measure()


@pytest.mark.parametrize("wrong", [["a"], "a", None, pl.col("text"), pl.DataFrame({"text": ["a"]})])
def test_what_is_no_series_is_refused(wrong: Any) -> None:
    """A list, an expression and a frame in place of a Series are a TypeError that names them."""
    with pytest.raises(TypeError, match=f"expected a Polars Series, got {type(wrong).__name__}"):
        adapter.measure(wrong)


def test_sinking_into_parquet(tmp_path: Path) -> None:
    """A lazy query streams its results into a Parquet file without collecting them."""
    texts = corpora.mix(5_000)
    path = tmp_path / "measured.parquet"
    pl.LazyFrame({"text": texts}).with_columns(**wanted(pl.col("text"))).sink_parquet(path)
    assert costs(texts) == rows(pl.read_parquet(path))
    assert pl.read_parquet_schema(path)["s"] == pl.UInt32


def test_an_empty_csv_field_is_null_to_polars(tmp_path: Path) -> None:
    """Polars reads an empty field as null, which costs nothing, where an empty message costs a segment."""
    path = tmp_path / "messages.csv"
    path.write_text("row,text\n0,Hello\n1,\n", encoding="utf-8")
    segments = pl.col("text").sms.segments()
    assert pl.scan_csv(path).select(segments).collect()["text"].to_list() == [1, None]
    filled = pl.col("text").fill_null("").sms.segments()
    assert pl.scan_csv(path).select(filled).collect()["text"].to_list() == [1, 1]
