"""The histogram shows what the batch holds, in the axes that it is given, without a display."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import corpora
from smscodec import Alphabet, measure_many
from smscodec.batch import BatchMeasurement, measure_utf8
from smscodec.testing import strategies
from tests.adapters.needing import library

library("matplotlib").use("Agg")
Figure = library("matplotlib.figure").Figure

from smscodec.adapters.matplotlib import histogram  # noqa: E402 - only where Matplotlib is


def drawn(batch: BatchMeasurement) -> Any:
    """The axes of a figure of its own, rendered once so that ticks are set."""
    axes = histogram(batch, Figure().subplots())
    axes.figure.canvas.draw()
    return axes


def bars(axes: Any) -> list[dict[int, tuple[int, int]]]:
    """Of each alphabet, where the bar of each number of segments begins and how high it is."""
    return [{round(bar.get_center()[0]): (round(bar.get_y()), round(bar.get_height())) for bar in group.patches}
            for group in axes.containers]  # fmt: skip


@given(st.lists(strategies.texts(), max_size=10))
def test_bars_are_the_histogram_of_the_batch(texts: list[str]) -> None:
    """Every bar is as high as there are messages, UCS-2 stands on GSM 7-bit, and the legend has both totals."""
    batch = measure_many(texts)
    axes = histogram(batch, Figure().subplots())
    gsm, ucs2 = batch.histogram().values()
    assert bars(axes) == [
        {segments: (0, messages) for segments, messages in gsm.items()},
        {segments: (gsm.get(segments, 0), messages) for segments, messages in ucs2.items()},
    ]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == [f"GSM 7-bit ({sum(gsm.values())})", f"UCS-2 ({sum(ucs2.values())})"]


@pytest.mark.parametrize("texts", [[], ["a"], ["a", "ж" * 71], corpora.mix(1_000), ["a" * 10_000]], ids=len)
def test_labels_and_whole_ticks(texts: list[str]) -> None:
    """Axes and title have words, and every tick is a whole number; bars and their shares fit the frame."""
    batch = measure_many(texts)
    axes = drawn(batch)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("segments per message", "messages")
    assert axes.get_title() == f"{len(batch):,} messages, {batch.total_segments:,} segments"
    for axis in (axes.xaxis, axes.yaxis):
        low, high = axis.get_view_interval()
        ticks = [tick for tick in axis.get_ticklocs() if low <= tick <= high]
        assert ticks
        assert all(float(tick).is_integer() for tick in ticks)
    assert all(axes.get_ylim()[1] > y + height for group in bars(axes) for y, height in group.values())


@pytest.mark.parametrize("most", [9, 12])
def test_the_shares_of_many_bars_stand_apart(most: int) -> None:
    """In half of a wide figure the shares above bars of one height do not run into each other."""
    batch = measure_many(["a" * 153 * segments for segments in range(1, most + 1)])
    axes = histogram(batch, Figure(figsize=(12, 4), layout="constrained").subplots(1, 2)[0])
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == most
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_nulls_are_left_out() -> None:
    """A null is in no bar, no total and no share."""
    offsets = memoryview(bytes(4) + (1).to_bytes(4, "little") * 3).cast("i")
    axes = drawn(measure_utf8(b"a", offsets, validity=b"\x01"))
    assert bars(axes) == [{1: (0, 1)}, {}]
    assert axes.get_title() == "1 messages, 1 segments"
    assert [text.get_text() for text in axes.texts] == ["100%"]


def test_two_million_messages_are_drawn_from_their_histogram() -> None:
    """As many bars as numbers of segments, whatever the number of messages."""
    alphabets, one = bytes([Alphabet.GSM_7BIT, Alphabet.UCS2]) * 10**6, (1).to_bytes(4, sys.byteorder)
    batch = BatchMeasurement(alphabets, one * len(alphabets), one * len(alphabets))
    assert bars(drawn(batch)) == [{1: (0, 10**6)}, {1: (10**6, 10**6)}]


def test_pyplot_is_left_alone_where_axes_are_given() -> None:
    """With axes neither pyplot nor a display is loaded; without them there is one new figure, and nothing is shown."""
    code = """
import sys
from matplotlib.figure import Figure
from smscodec import measure_many
from smscodec.adapters.matplotlib import histogram
axes = Figure().subplots()
assert histogram(measure_many(["a"]), axes) is axes
assert "matplotlib.pyplot" not in sys.modules
from matplotlib import pyplot
pyplot.switch_backend("Agg")
pyplot.show = None
assert histogram(measure_many(["a"])).figure.number == 1
assert pyplot.get_fignums() == [1]
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, env={"MPLBACKEND": "Agg", "PATH": ""})


def test_other_values_are_refused() -> None:
    """A list of texts, and a figure in place of axes, are a TypeError that says what is wanted."""
    with pytest.raises(TypeError, match=r"expected a BatchMeasurement .*, got list"):
        histogram(["a"], Figure().subplots())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected Axes for ax, got Figure"):
        histogram(measure_many(["a"]), Figure())
