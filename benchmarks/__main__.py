"""Prints smscodec's speed as ratios against floors and peers, taken pairwise within this one run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks import compiled, corpora, files, octets, report, rows, spark
from smscodec import _kernels, backend

_EPILOG = """\
floor = sum(map(len, texts)) over as many distinct messages. A ratio to the floor or to our own calls is the median over
rounds of what ran side by side in the same round; a peer's is that of the two median times. Times are the processor's,
except where threads or other processes take part, and move with the machine. A missed target is marked, and counted at
the end. The peers are those installed here (pip install -U pip && pip install --group bench); split-sms, smpp and
sms-segments-calculator are found through SMSCODEC_NODE_MODULES, and gammu is Debian's python3-gammu. Targets of single
calls are those of the pure backend, SMSCODEC_BACKEND=python: where C is live, what they are compared with is faster.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that the command line asks for; 0 when done."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpus", metavar="PATH", help=".jsonl or .txt, gzipped or not, in place of the mix")
    parser.add_argument("--count", type=_some, default=48_000, help="messages of the mix (default %(default)s)")
    parser.add_argument("--peer-count", type=_some, default=1_000, help="messages given to each peer")
    parser.add_argument("--rounds", type=_some, default=7, help="counted rounds (default %(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write the figures to a file")
    parser.add_argument("--compare", metavar="FILE", help="show each figure beside that of an earlier --json")
    parser.add_argument("--plot", metavar="FILE", help="draw the ratios as PNG or SVG (needs matplotlib)")
    parser.add_argument("--spark", action="store_true", help="Spark at 1 and 10 million rows too (minutes, and 2 GB)")
    options = parser.parse_args(arguments)
    try:
        texts = corpora.read_corpus(options.corpus) if options.corpus else corpora.mix(options.count)
        earlier = report.read(options.compare) if options.compare else {}
        if options.plot:
            report.check_chart(options.plot)
        for path in filter(None, (options.json, options.plot)):
            Path(path).touch()  # what cannot be written is known before anything is measured
    except (OSError, ValueError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    _run(texts, earlier, options)
    return 0


def _run(texts: list[str], earlier: report.Earlier, options: argparse.Namespace) -> None:
    source = options.corpus or "our mix"
    detail = _kernels.active.detail or f"C is off: {_kernels.why_not_c}"
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, backend {backend()} ({detail}); {len(texts)} messages from {source}, "
        f"{options.rounds} rounds"
    )
    tables: report.Tables = {}
    for title, table in _tables(texts, options):
        tables[title] = report.printed(title, table, earlier)
    print(f"\n{report.verdict(tables)}")
    if options.json:
        report.write(tables, options.json)
    if options.plot:
        report.draw(tables, options.plot)


def _some(number: str) -> int:
    """A number of at least 1."""
    if (value := int(number)) < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def _tables(texts: list[str], options: argparse.Namespace) -> Iterable[tuple[str, Iterable[rows.Row]]]:
    few = min(options.rounds, 3)
    yield "Core", rows.core(texts, options.rounds)
    yield "One by one, both backends", compiled.one_by_one(texts, options.rounds)
    yield "Lists, both backends", compiled.lists(texts, options.rounds)
    yield "Columns", compiled.columns(texts, options.rounds)
    yield "Octets", octets.octets(texts, options.rounds)
    yield "Threads", compiled.two_threads(texts, few)
    yield "Files, beside reading them", files.files(texts, few)
    yield "National languages", rows.languages(texts, few)
    yield "Arguments of measure", rows.arguments(texts, options.rounds)
    yield "Octets of a message, beside smpplib", rows.octets(texts[: options.peer_count], few)
    yield "Cost against length", rows.linearity(options.rounds)
    yield "Import", rows.import_time(options.rounds)
    if options.spark:
        yield "Spark", spark.spark(few)
    yield "Octets, beside other libraries", octets.peers(texts[: options.peer_count], few)
    yield "Peers", rows.peers(texts[: options.peer_count], few)


if __name__ == "__main__":
    sys.exit(main())
