"""Plain numbers to a small histogram in SVG, to be embedded in HTML.

This module knows bars, labels and colours, not domain types. The picture has no script, style sheet, id or address,
lines and letters take the colour of the page, and title and description say in words what the bars show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

__all__ = ["COLOURS", "histogram_svg"]

COLOURS: Final = ("#4a7fb5", "#d9792b", "#8b8b8b")
"""One for each series: visible on white and on black, and distinct to people who are red-green colour-blind."""

_HEIGHT: Final = 120
_TOP: Final = 44
_STEP: Final = 46
_WIDTH: Final = 34
_MOST_BARS: Final = 12


class _Bar(NamedTuple):
    label: str
    values: tuple[int, ...]


def histogram_svg(title: str, axis: str, series: Mapping[str, Mapping[int, int]]) -> str:
    """How often each number from 1 on occurs in each series: stacked bars with their sums above, and a legend.

    ``axis`` says what the numbers are. There are at most twelve bars, of which the last then stands for all larger
    numbers, and at most three series. A bar that is not 0 has at least a line.
    """
    bars = _bars(list(series.values()))
    most = max([1, *(sum(bar.values) for bar in bars)])
    drawn = "".join(_drawn(bar, 8 + _STEP * at, most) for at, bar in enumerate(bars))
    keys = zip(series, COLOURS, strict=False)
    legend = "".join(_legend(name, colour, 8 + 110 * at) for at, (name, colour) in enumerate(keys))
    base, width = _TOP + _HEIGHT, max(16 + _STEP * len(bars), 260)
    words = "; ".join(f"{bar.label}: {', '.join(map(_counted, bar.values, series))}" for bar in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" width="{width}" '
        f'height="{base + 36}" viewBox="0 0 {width} {base + 36}" fill="currentColor" font-size="11" '
        f'font-family="sans-serif" style="max-width:100%;height:auto">'
        f"<title>{escape(title)}</title><desc>{escape(f'{axis}. {words}')}</desc>{legend}{drawn}"
        f'<path d="M4 {base}.5H{width - 4}" stroke="currentColor" stroke-opacity=".6"/>'
        f'<text x="8" y="{base + 31}">{escape(axis)}</text></svg>'
    )


def _bars(series: Sequence[Mapping[int, int]]) -> list[_Bar]:
    largest = max((number for counts in series for number in counts), default=0)
    if largest <= _MOST_BARS:
        numbers = range(1, largest + 1)
        return [_Bar(str(number), tuple(counts.get(number, 0) for counts in series)) for number in numbers]
    several = _bars([{number: counts.get(number, 0) for number in range(1, _MOST_BARS)} for counts in series])
    rest = tuple(sum(count for number, count in counts.items() if number >= _MOST_BARS) for counts in series)
    return [*several, _Bar(f"≥ {_MOST_BARS}", rest)]


def _counted(value: int, name: str) -> str:
    return f"{value:,} {name}"


def _legend(name: str, colour: str, left: int) -> str:
    square = f'<rect x="{left}" y="6" width="10" height="10" fill="{colour}"/>'
    return f'{square}<text x="{left + 15}" y="15">{escape(name)}</text>'


def _drawn(bar: _Bar, left: int, most: int) -> str:
    middle = left + _WIDTH / 2
    bottom = float(_TOP + _HEIGHT)
    parts = []
    for value, colour in zip(bar.values, COLOURS, strict=False):
        height = max(value * _HEIGHT / most, 1) if value else 0
        bottom -= height
        if value:
            parts.append(f'<rect x="{left}" y="{bottom:.1f}" width="{_WIDTH}" height="{height:.1f}" fill="{colour}"/>')
    above = f'<text x="{middle}" y="{bottom - 4:.1f}" text-anchor="middle">{_short(sum(bar.values))}</text>'
    below = f'<text x="{middle}" y="{_TOP + _HEIGHT + 14}" text-anchor="middle">{escape(bar.label)}</text>'
    return "".join(parts) + above + below


def _short(value: int) -> str:
    """A number that fits above a bar: up to 9,999 as it is, 12,345 as ``12.3k``."""
    if value < 10_000:
        return f"{value:,}"
    power = 2 if value >= 10**6 else 1
    return f"{value / 1_000**power:,.1f}{'kM'[power - 1]}"
