"""Fuzzes the readers of octets: ``python -m tests.fuzz [SECONDS]``.

With atheris (PyPI), libFuzzer looks for new paths through the readers; without it, the vectors are mutated at random.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any


def at_random(decoders: Any, seconds: int, seed: int) -> int:
    """Try every seed and then mutations for so long; gives how many."""
    draw, seeds, count = random.Random(seed), list(decoders.corpus()), 0
    for octets in seeds:
        decoders.one(octets)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(1000):
            octets = decoders.mutated(draw, seeds)
            try:
                decoders.one(octets)
            except Exception:
                print(f"input: {octets.hex()}", file=sys.stderr)
                raise
        count += 1000
    return len(seeds) + count


def with_atheris(atheris: Any, seconds: int, seed: int) -> None:
    """Let libFuzzer try; it ends the process by itself."""
    with atheris.instrument_imports(include=["smscodec"]):
        decoders = imported()
    with tempfile.TemporaryDirectory() as folder:
        for number, octets in enumerate(decoders.corpus()):
            Path(folder, str(number)).write_bytes(octets)
        options = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=401", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, folder], decoders.one)
        atheris.Fuzz()


def imported() -> ModuleType:
    """The readers, imported when it is known whether they are to be instrumented."""
    return importlib.import_module("tests.fuzz.decoders")


def main() -> int:
    """Fuzz for so many seconds, with atheris if it is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("seconds", type=int, nargs="?", default=20)
    parser.add_argument("--seed", type=int, default=23038)
    arguments = parser.parse_args()
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        inputs = at_random(imported(), arguments.seconds, arguments.seed)
        print(f"{inputs} inputs, mutations of the vectors among them")
    else:
        with_atheris(atheris, arguments.seconds, arguments.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
