"""Prints smscodec's speed as ratios against floors and peers, taken pairwise within this one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import compiled, corpora, files, rows
from smscodec import _kernels, backend

_EPILOG = """\
floor = sum(map(len, texts)) over as many distinct messages. A ratio to the floor or to our own calls is the median over
rounds of what ran side by side in the same round; a peer's is that of the two median times. Absolute times move with
the machine. The peers are those installed here (pip install --group bench); split-sms and sms-segments-calculator are
found through SMSCODEC_NODE_MODULES. The targets of the table Core are those of the pure backend:
SMSCODEC_BACKEND=python.
"""

Tables = dict[str, list[rows.Row]]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that the command line asks for; 0 when done."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpus", metavar="PATH", help=".jsonl or .txt, gzipped or not, in place of our own mix")
    parser.add_argument("--count", type=int, default=48_000, help="messages of the mix (default %(default)s)")
    parser.add_argument("--peer-count", type=int, default=1_000, help="messages given to each peer")
    parser.add_argument("--rounds", type=int, default=7, help="counted rounds (default %(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write the figures to a file")
    parser.add_argument("--compare", metavar="FILE", help="show each figure beside that of an earlier --json")
    parser.add_argument("--plot", metavar="FILE", help="draw the ratios as PNG or SVG (needs matplotlib)")
    options = parser.parse_args(arguments)
    texts = corpora.read_corpus(options.corpus) if options.corpus else corpora.mix(options.count)
    source = options.corpus or "our mix"
    detail = _kernels.active.detail or "pure"
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, backend {backend()} ({detail}); {len(texts)} messages from {source}, "
        f"{options.rounds} rounds"
    )
    earlier = json.loads(Path(options.compare).read_text("utf-8")) if options.compare else {}
    tables: Tables = {}
    for title, table in _tables(texts, options):
        tables[title] = _printed(title, table, earlier)
    if options.json:
        figures = {title: [asdict(row) for row in table] for title, table in tables.items()}
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.plot:
        _plot(tables, options.plot)
    return 0


def _tables(texts: list[str], options: argparse.Namespace) -> Iterable[tuple[str, Iterable[rows.Row]]]:
    few = min(options.rounds, 3)
    yield "Core", rows.core(texts, options.rounds)
    yield "One by one, both backends", compiled.one_by_one(texts, options.rounds)
    yield "Lists, both backends", compiled.lists(texts, options.rounds)
    yield "Columns", compiled.columns(texts, options.rounds)
    yield "Threads", compiled.two_threads(texts, few)
    yield "Files, beside reading them", files.files(texts, few)
    yield "National languages", rows.languages(texts, few)
    yield "Cost against length", rows.linearity(options.rounds)
    yield "Import", rows.import_time(options.rounds)
    yield "Peers", rows.peers(texts[: options.peer_count], few)


def _printed(title: str, table: Iterable[rows.Row], earlier: Mapping[str, Any]) -> list[rows.Row]:
    print(f"\n{title}")
    before = {row["name"] + row["unit"]: row["value"] for row in earlier.get(title, ())}
    shown = []
    for row in table:
        value = " " * 10 if row.value is None else f"{row.value:10.2f}"
        must = f"(must be {row.target})" if row.target else ""
        was = before.get(row.name + row.unit)
        note = f"was {was:.2f}; {row.note}" if was is not None else row.note
        print(f"  {row.name:42}{value} {row.unit:18}{must:18}{note}".rstrip(), flush=True)
        shown.append(row)
    return shown


def _plot(tables: Tables, path: str) -> None:
    """Bars of every figure, a panel a table, each to its own scale."""
    pyplot = import_module("matplotlib.pyplot")
    drawn = {title: [row for row in table if row.value is not None] for title, table in tables.items()}
    drawn = {title: table for title, table in drawn.items() if table}
    heights = [len(table) for table in drawn.values()]
    figure, axes = pyplot.subplots(
        len(drawn), 1, figsize=(9, 0.3 * sum(heights) + 0.9 * len(drawn)), height_ratios=heights, squeeze=False
    )
    for axis, (title, table) in zip(axes[:, 0], drawn.items(), strict=True):
        bars = axis.barh([f"{row.name} ({row.unit})" for row in table], [row.value for row in table], color="#3a6ea5")
        axis.bar_label(bars, fmt="%.2f", padding=3, fontsize=7)
        axis.set_title(title, loc="left", fontsize=9)
        axis.invert_yaxis()
        axis.tick_params(labelsize=7)
        axis.margins(x=0.12)
    figure.tight_layout()
    figure.savefig(path)


if __name__ == "__main__":
    sys.exit(main())
