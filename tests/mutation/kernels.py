"""Mutants of the C kernels: one operator or number changed, built, and given to the fuzz harness and the tests.

No ready tool runs Python's tests on a shared library: Mull wants a program of its own. A mutant that does not compile
is none, and one whose object code is the same is equivalent for certain. The fuzz harness sees it first, for a moment,
under AddressSanitizer and UndefinedBehaviorSanitizer, as in a leg of .ci/run; what passes there is given to the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = (
    "_str.c", "count.c", "decode.c", "encode.c", "internal.h", "national.c", "paths.c", "septets.c", "single.c",
    "single.h", "utf8.c", "vector_avx2.c", "vector_octets.h", "vector_scan.h", "vector_sse41.c", "vector_units.h",
    "vector_utf8.h",
)  # fmt: skip
"""What is written by hand and runs here: neither tables nor NEON, nor what cffi has written."""

SWAPS: Final = {
    " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ", " + ": " - ",
    " - ": " + ", " * ": " + ", " / ": " * ", " % ": " / ", " && ": " || ", " || ": " && ", " << ": " >> ",
    " >> ": " << ", " & ": " | ", " | ": " & ", " += ": " -= ", " -= ": " += ", "++": "--", "continue;": "break;",
    "break;": "continue;", "!": "",
}  # fmt: skip
TOKEN: Final = re.compile(
    "|".join(re.escape(token) for token in sorted(SWAPS, key=len, reverse=True) if token != "!")
    + r"|!(?!=)|(?<![\w.])(?:0x[0-9A-Fa-f]+|\d+)(?=[uUlL]*\b)"
)
TESTS: Final = [
    f"tests/test_{name}.py"
    for name in (
        "utf8_buffers", "kernels", "crossing", "vector_paths", "packing_lengths", "septets", "encoded_batches",
        "decoded_batches", "batch", "segmented_message", "lying_texts",
    )
]  # fmt: skip
FIRST: Final = {
    "_str.c": ["crossing", "segmented_message"], "decode.c": ["decoded_batches"], "encode.c": ["encoded_batches"],
    "septets.c": ["septets"], "paths.c": ["vector_paths"], "single.c": ["crossing"], "single.h": ["crossing"],
    "vector_octets.h": ["encoded_batches"],
}  # fmt: skip
PLAIN: Final = ("-O1", "-fPIC", "-fvisibility=hidden")
SANITIZED: Final = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-DWITHOUT_LIBFUZZER")


@dataclass(frozen=True)
class KernelMutant:
    """A change of some characters of one file."""

    file: str
    name: str
    start: int
    end: int
    text: str


def _bare(source: str) -> str:
    """The same text with blanks for comments, strings and directives."""
    pattern = r'/\*[\s\S]*?\*/|"(?:\\.|[^"\\\n])*"|(?m:^#(?:.*\\\n)*.*$)'
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), source)


def kernel_mutants(file: str) -> Iterator[KernelMutant]:
    """Every change of the lines within functions."""
    source = (ROOT / "csrc" / file).read_text()
    bare, seen = _bare(source), Counter[str]()
    for match in TOKEN.finditer(bare):
        begin, end = bare.rfind("\n", 0, match.start()) + 1, bare.find("\n", match.end())
        if bare[begin : begin + 1] != " ":
            continue  # a declaration, whose numbers are sizes and names
        token = match[0]
        text = SWAPS[token] if token in SWAPS else str(int(token, 0) + 1)
        name = f"{' '.join(source[begin:end].split())[:90]}: {token.strip()} → {text.strip()}"
        seen[name] += 1
        name += f" ({seen[name]})" if seen[name] > 1 else ""
        yield KernelMutant(file, name, match.start(), match.end(), text)


class Workshop:
    """A copy of the tree in which mutants are built, for the harness and for Python, and tested."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for part in ("csrc", "smscodec", "tests", ".ci", "benchmarks"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        self._plain = sorted(path.name for path in (folder / "csrc").glob("[!_]*.c"))
        for name in (*self._plain, "_ffi.c", "_inplace.c", "_str.c"):
            self._compile(PLAIN, f"csrc/{name}")
        for source in (*(f"csrc/{name}" for name in self._plain), "tests/fuzz/kernels.c"):
            self._compile(SANITIZED, source)
        self._before = {path: path.read_bytes() for path in self._folder.glob("*.o")}

    def _object(self, flags: Sequence[str], source: str) -> Path:
        return self._folder / f"{'sanitized' if flags is SANITIZED else 'plain'}-{Path(source).name}.o"

    def _compile(self, flags: Sequence[str], source: str) -> bool:
        include = [f"-I{sysconfig.get_path('include')}", "-Icsrc"]
        return self._runs(["gcc", "-w", *flags, *include, "-c", source, "-o", str(self._object(flags, source))], 300)

    def _runs(self, command: Sequence[str], seconds: int) -> bool:
        """Whether a command ends well within so much of the processor's time."""
        environment = {**os.environ, "PYTHONPATH": str(self._folder), "ASAN_OPTIONS": "detect_leaks=0"}
        environment |= {"SMSCODEC_BACKEND": "c", "SMSCODEC_HYPOTHESIS_PROFILE": "quick"}
        limited = ["prlimit", f"--cpu={seconds}", *command]
        return not subprocess.run(
            limited, cwd=self._folder, env=environment, capture_output=True, check=False
        ).returncode

    def _objects(self, flags: Sequence[str], sources: Sequence[str]) -> list[str]:
        return [str(self._object(flags, source)) for source in sources]

    def tests_pass(self, file: str) -> bool:
        """Whether the kernel tests pass on what is built, those first that are about the file."""
        suffix = sysconfig.get_config_var("EXT_SUFFIX")
        for module, own in (("_ffi", ["_ffi.c"]), ("_inplace", ["_inplace.c", "_str.c"])):
            objects = self._objects(PLAIN, [*own, *self._plain])
            if not self._runs(["gcc", "-shared", *objects, "-o", f"smscodec/_kernels/{module}{suffix}"], 60):
                return False
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--assert=plain", "-p", "no:cacheprovider"]
        first = [f"tests/test_{name}.py" for name in FIRST.get(file, ())]
        return self._runs([*command, *dict.fromkeys([*first, *TESTS])], 300)

    def harness_passes(self) -> bool:
        """Whether the fuzz harness passes under the sanitizers, for a moment."""
        objects = self._objects(SANITIZED, ["tests/fuzz/kernels.c", *self._plain])
        return self._runs(["gcc", *SANITIZED, *objects, "-o", "harness"], 60) and self._runs(["./harness", "1500"], 10)

    def outcome(self, mutant: KernelMutant) -> str:
        """killed, survived, equivalent (the same object code), or none (it does not compile)."""
        path = self._folder / "csrc" / mutant.file
        source = path.read_text()
        path.write_text(source[: mutant.start] + mutant.text + source[mutant.end :])
        changed = [f"csrc/{name}" for name in ([mutant.file] if mutant.file.endswith(".c") else self._plain)]
        try:
            if not all(self._compile(PLAIN, name) for name in changed):
                return "none"
            objects = [self._object(PLAIN, name) for name in changed]
            if all(path.read_bytes() == self._before[path] for path in objects):
                return "equivalent"
            if not all(self._compile(SANITIZED, name) for name in changed) or not self.harness_passes():
                return "killed"
            return "survived" if self.tests_pass(mutant.file) else "killed"
        finally:
            path.write_text(source)
            for kept, octets in self._before.items():
                kept.write_bytes(octets)
