"""The histogram shows what the batch holds, in the axes that it is given, without a display."""

from __future__ import annotations

import subprocess
import sys
from array import array
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
to_hex = library("matplotlib.colors").to_hex

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


def of_segments(counts: dict[int, int], alphabet: Alphabet = Alphabet.GSM_7BIT) -> BatchMeasurement:
    """A batch with so many messages of each number of segments."""
    segments = array("I", [number for number, messages in counts.items() for _ in range(messages)])
    return BatchMeasurement(bytes([alphabet]) * len(segments), segments.tobytes(), segments.tobytes())


def ticks(axis: Any) -> tuple[list[float], list[str]]:
    """The ticks of an axis that are in view, and their words."""
    low, high = axis.get_view_interval()
    places = [place for place in axis.get_ticklocs() if low <= place <= high]
    return places, [axis.get_major_formatter()(place) for place in places]


@pytest.mark.parametrize(
    ("segments", "places"),
    [
        (1, [1]),
        (7, [1, 2, 3, 4, 5, 6, 7]),
        (12, [2, 4, 6, 8, 10, 12]),
        (30, [5, 10, 15, 20, 25, 30]),
        (90, [10, 20, 30, 40, 50, 60, 70, 80, 90]),
    ],
)
def test_ticks_below_are_round_numbers_of_segments(segments: int, places: list[int]) -> None:
    """Below the bars stand at most 13 numbers, ones, twos, fives or tens apart, and the outer bars have half a bar's
    room beside them.
    """
    axes = drawn(of_segments({1: 1, segments: 1}))
    assert ticks(axes.xaxis)[0] == places
    assert axes.get_xlim() == (0.25, segments + 0.75)
    assert {bar.get_width() for group in axes.containers for bar in group.patches} == {0.8}


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (1, ["0", "1"]),
        (6, ["0", "2", "4", "6"]),
        (16, ["0", "5", "10", "15", "20"]),
        (24, ["0", "10", "20", "30"]),
        (3_200, ["0", "1,000", "2,000", "3,000", "4,000"]),
    ],
)
def test_ticks_beside_are_round_numbers_of_messages(messages: int, words: list[str]) -> None:
    """Beside the bars stand at most six numbers, with commas at thousands; a quarter of the height is left above."""
    axes = drawn(of_segments({1: messages}))
    assert ticks(axes.yaxis)[1] == words
    assert axes.get_ylim() == (0, messages * 1.25)


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ({1: 9, 2: 1}, ["90%", "10%"]),
        ({1: 902, 2: 98}, ["90%", "9.8%"]),
        (dict.fromkeys(range(1, 13), 1), ["8.3%"] * 12),
        (dict.fromkeys(range(1, 14), 1), []),
    ],
    ids=["a tenth", "less than a tenth", "twelve bars", "thirteen bars"],
)
def test_shares_stand_above_up_to_twelve_bars(counts: dict[int, int], shares: list[str]) -> None:
    """Up to twelve bars have their share above their middle, in small letters, with a decimal below a tenth."""
    axes = drawn(of_segments(counts))
    assert [label.get_text() for label in axes.texts] == shares
    for label, (segments, messages) in zip(axes.texts, counts.items(), strict=False):
        assert (label.xy, label.get_position(), label.anncoords) == ((segments, messages), (0, 3), "offset points")
        assert label.get_ha() == "center"
        assert label.get_fontsize() < axes.xaxis.label.get_fontsize()


def test_the_alphabets_have_their_colours() -> None:
    """GSM 7-bit is blue and UCS-2 orange, in the bars and in the legend; frames are only at left and below."""
    axes = drawn(measure_many(["a", "ж"]))
    colours = [to_hex(patch.get_facecolor()) for group in axes.containers for patch in group.patches]
    legend = axes.get_legend()
    assert colours == [to_hex(patch.get_facecolor()) for patch in legend.get_patches()] == ["#4a7fb5", "#d9792b"]
    assert not legend.get_frame_on()
    assert {name: spine.get_visible() for name, spine in axes.spines.items()} == {
        **{"left": True, "bottom": True},
        **{"top": False, "right": False},
    }


def test_a_figure_of_its_own_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without axes pyplot makes one figure whose layout keeps labels from being cut off, and shows nothing."""
    pyplot = library("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    monkeypatch.setattr(pyplot, "show", None)
    before = pyplot.get_fignums()
    axes = histogram(measure_many(["a"]))
    assert pyplot.get_fignums() == [*before, axes.figure.number]
    assert axes.figure.axes == [axes]
    assert isinstance(axes.figure.get_layout_engine(), library("matplotlib.layout_engine").ConstrainedLayoutEngine)
    pyplot.close(axes.figure)


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
    """With axes neither pyplot nor a display is loaded."""
    code = """
import sys
from matplotlib.figure import Figure
from smscodec import measure_many
from smscodec.adapters.matplotlib import histogram
axes = Figure().subplots()
assert histogram(measure_many(["a"]), axes) is axes
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, env={"MPLBACKEND": "Agg", "PATH": ""})


def test_other_values_are_refused() -> None:
    """A list of texts, and a figure in place of axes, are a TypeError that says what is wanted."""
    with pytest.raises(TypeError, match=r"expected a BatchMeasurement .*, got list"):
        histogram(["a"], Figure().subplots())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected Axes for ax, got Figure"):
        histogram(measure_many(["a"]), Figure())
