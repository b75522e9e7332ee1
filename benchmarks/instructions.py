"""Instructions that the C kernels take over sample.txt, counted by valgrind: a gate that no busy machine can move.

``python -m benchmarks.instructions`` fails where a path takes 3 % more than instructions.json says for the compiler at
hand; ``--write`` puts the counts of this one there. Another compiler's counts are only shown.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from array import array
from pathlib import Path
from typing import Final

from smscodec import gsm7
from smscodec._kernels._c_national import classes_of_characters
from smscodec._kernels._c_octets import cells, pages_of
from smscodec.tables import DEFAULT_TABLES

FOLDER: Final = Path(__file__).parent
KERNELS: Final = sorted((FOLDER.parent / "csrc").glob("[!_]*.c"))
RECORD: Final = FOLDER / "instructions.json"
PATHS: Final = ("scalar", "SSE4.1", "AVX2", "NEON")
TOLERANCE: Final = 1.03
NO_SUCH_PATH: Final = 3


def compiler() -> str:
    """The compiler's own name and version."""
    return subprocess.run(["cc", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def counted() -> dict[str, int]:
    """Instructions a round of each path that this processor, as valgrind shows it, has."""
    with tempfile.TemporaryDirectory() as folder:
        driver = Path(folder, "instructions")
        command = ["cc", "-std=c11", "-O3", f"-I{FOLDER.parent / 'csrc'}"]
        subprocess.run([*command, FOLDER / "instructions.c", *KERNELS, "-o", driver], check=True)
        tables = Path(folder, "tables")
        tables.write_bytes(_tables())
        counts = {name: _instructions(driver, tables, path) for path, name in enumerate(PATHS)}
    return {name: count for name, count in counts.items() if count}


def _tables() -> bytes:
    """Tables of the default alphabet to write with, and of all languages to read with and to choose from, as the driver
    has them.
    """
    pages = pages_of(DEFAULT_TABLES, gsm7.codes())
    main, single, field, plain = cells()
    codes = pages.codes + array("H", bytes(2 * (256 * 4 - len(pages.codes))))
    units = b"".join(array("H", points).tobytes() for points in (main, single, field))
    page_of, classes, tables = classes_of_characters()
    national = [page_of, classes.ljust(256 * 16, b"\0"), tables.tobytes().ljust(4 * 64, b"\0")]
    return b"".join([pages.plain, pages.page_of, codes, units, plain, *national])


def _instructions(driver: Path, tables: Path, path: int) -> int:
    """Instructions of ten rounds over those of none, by ten; 0 if the processor lacks the path."""
    totals = []
    for rounds in (0, 10):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(driver)]
        command += [str(FOLDER / "sample.txt"), str(tables), str(path), str(rounds)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode == NO_SUCH_PATH:
            return 0
        found = re.search(r"Collected : (\d+)", run.stderr)
        if not found:
            raise RuntimeError(run.stderr)
        totals.append(int(found[1]))
    return (totals[1] - totals[0]) // 10


def main(arguments: list[str]) -> int:
    """Compare or write; 1 where a path takes more than it did."""
    record = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    here, counts = compiler(), counted()
    if arguments == ["--write"]:
        RECORD.write_text(json.dumps(record | {here: counts}, indent=4) + "\n", "utf-8")
    expected = record.get(here, {})
    slower = False
    for name, count in counts.items():
        ratio = count / expected[name] if name in expected else None
        slower |= ratio is not None and ratio > TOLERANCE
        print(f"{name:8}{count:12,}  {f'{ratio:.3f} × what it was' if ratio else f'not on record for {here}'}")
    return 1 if slower and arguments != ["--write"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
