"""The corpus of the kernels' fuzzer: ``python -m tests.fuzz.corpus FOLDER`` writes it out as libFuzzer has it.

With ``--pack``, the folder becomes the corpus: one that libFuzzer's ``-merge=1`` has made small.
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import sys
from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).parent / "corpus.txt"


def inputs() -> list[bytes]:
    """Every input, a line of base64 each in the file."""
    return [binascii.a2b_base64(line) for line in CORPUS.read_text(encoding="ascii").splitlines()]


def unpack(folder: Path) -> int:
    """Write a file for each input, by the name that libFuzzer would give it; gives how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    everything = inputs()
    for octets in everything:
        (folder / hashlib.sha1(octets, usedforsecurity=False).hexdigest()).write_bytes(octets)
    return len(everything)


def pack(folder: Path) -> int:
    """Make the corpus of the files in a folder; gives how many there are."""
    everything = sorted(path.read_bytes() for path in folder.iterdir())
    lines = [binascii.b2a_base64(octets).decode("ascii") for octets in everything]
    CORPUS.write_text("".join(lines), encoding="ascii")
    return len(everything)


def main() -> int:
    """Unpack, or pack."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", action="store_true", help="take the folder as the corpus")
    arguments = parser.parse_args()
    count = pack(arguments.folder) if arguments.pack else unpack(arguments.folder)
    print(f"{count} inputs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
