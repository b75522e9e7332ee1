"""The house stands: imports go down the layers, the core touches nothing outside, and importing it loads no façade."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import smscodec

PACKAGE = Path(smscodec.__file__).parent

# A folder stands for all in it. Planning and graphemes are the two halves that segmentation outgrew.
# What several façades share stands right below them.
LAYERS = {
    "_version": 0,
    "errors": 0,
    "octets": 0,
    "tables": 1,
    "_buffers": 1,
    "_checks": 1,
    "_ffi": 1,
    "_inplace": 1,
    "_handlers": 1,
    "_look_alikes": 1,
    "_character_names": 1,
    "_kernels": 2,
    "septets": 3,
    "gsm7": 3,
    "ucs2": 3,
    "display": 3,
    "display_html": 3.5,
    "display_svg": 3,
    "indication": 3,
    "dcs": 4,
    "udh": 4,
    "codec": 4,
    "userdata": 5,
    "_best_fit": 5,
    "planning": 5.5,
    "graphemes": 5.5,
    "segmentation": 6,
    "references": 6,
    "reassembly": 6,
    "transliteration": 6.5,
    "batch": 7,
    "tpdu": 7,
    "_wbxml": 6,
    "_service_indication": 6.5,
    "smpp": 7,
    "wap": 7,
    "__init__": 7.5,
    "_loopback": 7.8,
    "_named_fields": 7.8,
    "_strict_json": 7.8,
    "adapters": 8,
    "vonage": 8,
    "calculator": 8,
    "testing": 8,
    "cli": 9,
    "__main__": 10,
}

# What the core may take from the standard library: nothing with a socket, a clock, randomness, files or environment.
ALLOWED = {
    "__future__", "_typeshed", "array", "bisect", "codecs", "collections", "contextlib", "dataclasses", "datetime",
    "enum", "functools", "html", "importlib", "itertools", "math", "operator", "re", "struct", "threading", "types",
    "typing", "unicodedata",
}  # fmt: skip
EXCEPTIONS = {
    ("_kernels/__init__.py", "os"): "SMSCODEC_BACKEND is read once",
    ("_buffers.py", "sys"): "the order of octets",
    ("_kernels/_in_place.py", "sys"): "only CPython's id() is an address",
    ("_kernels/_c.py", "sys"): "the order of octets",
    ("graphemes.py", "regex"): "the extra that knows grapheme clusters, imported when asked for",
}
CORE = 7.5


def layer(module: str) -> float:
    """The layer of a dotted module name within the package."""
    return LAYERS[module.split(".", maxsplit=1)[0]]


def sources() -> list[Path]:
    """Every source file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The module's name within the package; the package's own is ``__init__``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "__init__"


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, ``from package import name`` as ``package.name``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_imports_go_down(path: Path) -> None:
    """A file imports only from lower layers, or from its own subpackage."""
    own = module_of(path)
    for name in imported(path):
        package, _, inner = name.partition(".")
        if package == "smscodec":
            family = inner.split(".")[0]
            module = inner if family in LAYERS else "__init__"
            same_family = own.split(".")[0] == family
            assert same_family or layer(module) < layer(own), f"{own} imports {name}, which is not below it"


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_core_touches_nothing_outside(path: Path) -> None:
    """At L0 to L7 a file imports from the standard library only what cannot reach outside the process."""
    if layer(module_of(path)) <= CORE:
        relative = path.relative_to(PACKAGE).as_posix()
        foreign = {name.split(".")[0] for name in imported(path)} - ALLOWED - {"smscodec"}
        assert {name for name in foreign if (relative, name) not in EXCEPTIONS} == set()


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_core_asks_no_clock(path: Path) -> None:
    """At L0 to L7 nothing reads the time, which ``datetime`` would offer beside the calendar."""
    if layer(module_of(path)) <= CORE:
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert asked & {"now", "today", "utcnow", "fromtimestamp", "astimezone"} == set()


def test_every_module_has_a_layer() -> None:
    """No file of the package stands outside the layers."""
    assert {module_of(path).split(".")[0] for path in sources()} <= set(LAYERS)


def test_importing_loads_no_facade() -> None:
    """``import smscodec`` loads neither a façade nor the modules that only they need."""
    facades = ("smscodec.vonage", "smscodec.adapters", "smscodec.calculator", "smscodec.cli", "smscodec.testing")
    forbidden = (*facades, "urllib", "argparse", "json")
    code = f"import sys, smscodec; print([name for name in {forbidden!r} if name in sys.modules])"
    # -S: without site, whose path hooks of an editable installation load urllib themselves.
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


def test_files_stay_small() -> None:
    """No source file outside the tables has more than 400 lines, so that each does one thing."""
    folders = [PACKAGE, *(Path(__file__).parents[1] / name for name in (".ci", "benchmarks", "csrc", "tests"))]
    paths = [path for folder in folders for path in folder.rglob("*.py") if "tables" not in path.parts]
    assert [str(path) for path in paths if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []
