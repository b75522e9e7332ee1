"""What becomes of the figures: printed beside earlier ones, written as JSON, drawn as a chart.

Knows rows and files, and nothing of what was measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Final

from benchmarks.rows import Row

__all__ = ["Earlier", "Tables", "check_chart", "draw", "missed", "printed", "read", "verdict", "write"]

Tables = dict[str, list[Row]]
Earlier = dict[str, dict[tuple[str, str], float]]
"""By table, and by name and unit of the row."""

CHARTS: Final = (".png", ".svg")

_LINEAR: Final = 50
"""How far apart the figures of a panel may lie: beyond that its scale is logarithmic, lest short bars vanish."""


def read(path: str) -> Earlier:
    """The figures that ``write`` wrote; ``ValueError`` for any other file."""
    try:
        tables = json.loads(Path(path).read_text("utf-8"))
        return {
            title: {(row["name"], row["unit"]): float(row["value"]) for row in rows if row["value"] is not None}
            for title, rows in tables.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(f"{path}: no figures as --json writes them") from None


def write(tables: Mapping[str, Iterable[Row]], path: str) -> None:
    """Write the figures of a run as JSON."""
    figures = {title: [asdict(row) for row in rows] for title, rows in tables.items()}
    Path(path).write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


def printed(title: str, table: Iterable[Row], earlier: Earlier) -> list[Row]:
    """Print each row as it comes, with what it was."""
    print(f"\n{title}")
    before = earlier.get(title, {})
    shown = []
    for row in table:
        value = " " * 10 if row.value is None else f"{row.value:10.2f}"
        must = f"({'MISSED, ' if missed(row) else ''}must be {row.target})" if row.target else ""
        was = before.get((row.name, row.unit))
        note = f"was {was:.2f}; {row.note}" if was is not None else row.note
        print(f"  {row.name:48}{value} {row.unit:18}{must:24}{note}".rstrip(" ;"), flush=True)
        shown.append(row)
    return shown


def missed(row: Row) -> bool:
    """Whether a figure was taken and is not what its target, such as ``≤ 15``, asks for."""
    if row.value is None or not row.target:
        return False
    sign, limit = row.target.split()
    return row.value > float(limit) if sign == "≤" else row.value < float(limit)


def verdict(tables: Tables) -> str:
    """How many targets were missed, and which, in a line each."""
    taken = [(title, row) for title, table in tables.items() for row in table if row.target and row.value is not None]
    lines = [
        f"  {title}: {row.name}, {row.value:.2f} {row.unit}, must be {row.target}"
        for title, row in taken
        if missed(row)
    ]
    return "\n".join([f"{len(lines)} of {len(taken)} targets missed", *lines])


def check_chart(path: str) -> None:
    """Refuse, before anything is measured, what could not be drawn afterwards."""
    if Path(path).suffix.lower() not in CHARTS:
        raise ValueError(f"{path}: a chart is a .png or an .svg")
    try:
        import_module("matplotlib.pyplot")
    except ImportError:
        raise ValueError("--plot needs matplotlib: pip install matplotlib") from None


def draw(tables: Tables, path: str) -> None:
    """Bars of every figure, a panel a table, each to its own scale, with a line where the target of a row is."""
    matplotlib = import_module("matplotlib")
    matplotlib.use("agg")
    pyplot = import_module("matplotlib.pyplot")
    figures = {title: [row for row in table if row.value is not None] for title, table in tables.items()}
    drawn = {title: table for title, table in figures.items() if table}
    heights = [len(table) for table in drawn.values()]
    figure, axes = pyplot.subplots(
        len(drawn), 1, figsize=(9, 0.3 * sum(heights) + 0.9 * len(drawn)), height_ratios=heights, squeeze=False
    )
    for axis, (title, table) in zip(axes[:, 0], drawn.items(), strict=True):
        bars = axis.barh([f"{row.name} ({row.unit})" for row in table], [row.value for row in table], color="#3a6ea5")
        axis.bar_label(bars, fmt="%.2f", padding=3, fontsize=7)
        axis.set_title(title, loc="left", fontsize=9)
        axis.tick_params(labelsize=7)
        if max(row.value or 0 for row in table) > _LINEAR * min(row.value or _LINEAR for row in table):
            axis.set_xscale("log")
        for bar, row in zip(bars, table, strict=True):
            if row.target:
                limit, middle = float(row.target.split()[1]), bar.get_y() + bar.get_height() / 2
                axis.plot([limit, limit], [middle - 0.4, middle + 0.4], color="#c0392b", linewidth=2)
        axis.margins(x=0.12)
        axis.set_ylim(len(table) - 0.4, -0.6)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
