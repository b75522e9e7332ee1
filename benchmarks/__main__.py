"""Prints smscodec's speed as ratios against floors and peers, taken pairwise within this one run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable

from benchmarks import corpora, rows
from smscodec import backend

_EPILOG = """\
floor = sum(map(len, texts)) over as many distinct messages. A ratio to the floor or to our own calls is the median over
rounds of what ran side by side in the same round; a peer's is that of the two median times. Absolute times move with
the machine. The peers are those installed here (pip install --group
bench); split-sms and sms-segments-calculator are found through SMSCODEC_NODE_MODULES.
"""


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
    options = parser.parse_args(arguments)
    texts = corpora.read_corpus(options.corpus) if options.corpus else corpora.mix(options.count)
    source = options.corpus or "our mix"
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, backend {backend()}; {len(texts)} messages from {source}, {options.rounds} rounds"
    )
    _print("Core", rows.core(texts, options.rounds))
    _print("National languages", rows.languages(texts, min(options.rounds, 3)))
    _print("Cost against length", rows.linearity(options.rounds))
    _print("Import", rows.import_time(options.rounds))
    _print("Peers", rows.peers(texts[: options.peer_count], min(options.rounds, 3)))
    return 0


def _print(title: str, table: Iterable[rows.Row]) -> None:
    print(f"\n{title}")
    for row in table:
        value = " " * 10 if row.value is None else f"{row.value:10.2f}"
        must = f"(must be {row.target})" if row.target else ""
        print(f"  {row.name:42}{value} {row.unit:18}{must:18}{row.note}".rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
