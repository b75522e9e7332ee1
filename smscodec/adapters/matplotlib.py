"""Matplotlib: what a batch of messages costs as a picture; extra ``plot``.

Knows axes and bars; the numbers come from ``batch``. Nothing is shown and no global setting is touched: who draws into
axes of their own needs no display, and no state of pyplot.
"""

from __future__ import annotations

from typing import Any, Final

from smscodec.batch import BatchMeasurement
from smscodec.dcs import Alphabet
from smscodec.errors import MissingExtraError

try:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch
    from matplotlib.ticker import FuncFormatter, MaxNLocator
except ImportError as error:
    raise MissingExtraError("plot", "smscodec.adapters.matplotlib") from error

__all__ = ["histogram"]

_COLOURS: Final = {Alphabet.GSM_7BIT: "#4a7fb5", Alphabet.UCS2: "#d9792b"}
_NAMES: Final = {Alphabet.GSM_7BIT: "GSM 7-bit", Alphabet.UCS2: "UCS-2"}
_FEW_BARS: Final = 12


def histogram(batch: BatchMeasurement, ax: Any = None) -> Any:
    """Bars of how many messages take how many segments, split by alphabet; returns the Axes that they are in.

    Nulls are left out; the legend says how many messages there are of each alphabet, and up to twelve bars have their
    share of all messages above them. Without ``ax`` pyplot makes a figure of its own. Raises ``TypeError`` for
    anything but a ``BatchMeasurement`` and Axes.

    >>> from matplotlib.figure import Figure
    >>> from smscodec import measure_many
    >>> axes = histogram(measure_many(["Hello", "ж" * 100]), Figure().subplots())
    >>> axes.get_title()
    '2 messages, 3 segments'

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if not isinstance(batch, BatchMeasurement):
        raise TypeError(f"expected a BatchMeasurement (see measure_many()), got {type(batch).__name__}")
    axes = _new_axes() if ax is None else ax
    if not isinstance(axes, Axes):
        raise TypeError(f"expected Axes for ax, got {type(axes).__name__}")
    below: dict[int, int] = {}
    keys = []
    for alphabet, counts in batch.histogram().items():
        colour = _COLOURS[alphabet]
        bottoms = [below.get(segments, 0) for segments in counts]
        axes.bar(list(counts), list(counts.values()), bottom=bottoms, color=colour, width=0.8)
        keys.append(Patch(color=colour, label=f"{_NAMES[alphabet]} ({sum(counts.values()):,})"))
        below |= {segments: below.get(segments, 0) + messages for segments, messages in counts.items()}
    axes.legend(handles=keys, loc="upper right", ncols=2, frameon=False)
    _dress(axes, below)
    return axes


def _new_axes() -> Any:
    from matplotlib import pyplot  # noqa: PLC0415  # it chooses a display, which the caller's axes do not need

    return pyplot.subplots(layout="constrained")[1]


def _dress(axes: Any, bars: dict[int, int]) -> None:
    """Add labels, whole numbers below, room above the bars, and the share of each if there are few."""
    messages = sum(bars.values())
    axes.set_xlabel("segments per message")
    axes.set_ylabel("messages")
    axes.set_title(f"{messages:,} messages, {sum(segments * count for segments, count in bars.items()):,} segments")
    axes.xaxis.set_major_locator(MaxNLocator(_FEW_BARS, integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlim(0.25, max(bars, default=1) + 0.75)
    axes.set_ylim(0, max(bars.values(), default=1) * 1.25)
    axes.spines[["top", "right"]].set_visible(False)
    for segments, count in bars.items() if len(bars) <= _FEW_BARS else ():
        share = count / messages
        label = f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"
        axes.annotate(label, (segments, count), (0, 3), textcoords="offset points", ha="center", fontsize="small")
