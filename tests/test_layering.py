"""The house stands: imports go down the layers, the core touches nothing outside, and importing it loads no façade."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import smscodec
from tests.rows import each_row

PACKAGE = Path(smscodec.__file__).parent

# From the ground up: each named layer, and the files and folders that make it. A file imports from lower layers only; a
# folder stands for all in it, and so does "__init__" for the face, `import smscodec`, up to which it is the core.
LAYERS = (
    ("errors", ("_version", "errors")),
    ("checks and plain values", ("_checks", "_values")),
    ("tables", ("tables",)),
    ("codecs of text", ("gsm7", "ucs2")),
    ("the boundary rule", ("_boundaries",)),
    ("kernels", ("_kernels",)),
    ("packing, named codecs and coding schemes", ("septets", "codec", "dcs")),
    ("headers", ("udh",)),
    ("user data", ("userdata",)),
    ("cell broadcast and USSD", ("cbs",)),
    ("display", ("display",)),
    ("messages", ("message", "graphemes")),
    ("national tables", ("_national",)),
    ("segmentation", ("segmentation",)),
    ("state machines", ("delivery", "references", "reassembly")),
    ("transliteration", ("transliteration",)),
    ("many messages", ("batch",)),
    ("around the text", ("tpdu", "smpp", "wap")),
    ("the face", ("__init__",)),
    ("shared by façades", ("_loopback", "_strict_json")),
    ("façades", ("adapters", "vonage", "calculator", "testing")),
    ("the service's stand-in", ("simulator",)),
    ("command line", ("cli",)),
    ("program", ("__main__",)),
)
RANK = {member: rank for rank, (_, members) in enumerate(LAYERS) for member in members}

# What the core may take from the standard library: nothing with a socket, a clock, randomness, files or environment.
ALLOWED = {
    "__future__", "_typeshed", "array", "bisect", "codecs", "collections", "contextlib", "dataclasses", "datetime",
    "decimal", "enum", "functools", "html", "importlib", "itertools", "math", "operator", "re", "struct", "threading",
    "types", "typing", "unicodedata",
}  # fmt: skip
EXCEPTIONS = {
    ("_kernels/__init__.py", "os"): "SMSCODEC_BACKEND is read once",
    ("_checks.py", "sys"): "the order of octets",
    ("_kernels/_in_place.py", "sys"): "only CPython's id() is an address",
    ("_kernels/_c.py", "sys"): "the order of octets",
    ("references.py", "os"): "a fork waits for the lock",
    ("graphemes.py", "regex"): "the extra that knows grapheme clusters, imported when asked for",
}
CORE = RANK["__init__"]


def layer(module: str) -> int:
    """The layer of a dotted module name within the package."""
    return RANK[module.split(".", maxsplit=1)[0]]


def sources() -> list[Path]:
    """Every source file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The module's name within the package; the package's own is ``__init__``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "__init__"


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The dotted names that a file imports, ``from package import name`` as ``package.name``."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@each_row("path", sources())
def test_imports_go_down(path: Path) -> None:
    """A file imports only from lower layers, or from its own subpackage."""
    own = module_of(path)
    for name in imported(path):
        package, _, inner = name.partition(".")
        if package == "smscodec":
            family = inner.split(".")[0]
            module = inner if family in RANK else "__init__"
            same_family = own.split(".")[0] == family
            assert same_family or layer(module) < layer(own), f"{own} imports {name}, which is not below it"


@each_row("path", sources())
def test_core_touches_nothing_outside(path: Path) -> None:
    """In the core a file imports from the standard library only what cannot reach outside the process."""
    if layer(module_of(path)) <= CORE:
        relative = path.relative_to(PACKAGE).as_posix()
        foreign = {name.split(".")[0] for name in imported(path)} - ALLOWED - {"smscodec"}
        assert {name for name in foreign if (relative, name) not in EXCEPTIONS} == set()


@each_row("path", sources())
def test_core_asks_no_clock(path: Path) -> None:
    """In the core nothing reads the time, which ``datetime`` would offer beside the calendar."""
    if layer(module_of(path)) <= CORE:
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        asked = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert asked & {"now", "today", "utcnow", "fromtimestamp", "astimezone"} == set()


def reached(start: str, imports: dict[str, set[str]]) -> set[str]:
    """The modules that a module imports, and those that they import in turn."""
    found: set[str] = set()
    ahead = set(imports[start])
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.add(module)
            ahead |= imports[module]
    return found


def test_no_file_imports_itself_through_others() -> None:
    """No file imports another that, by however many steps, imports it: within a folder either."""
    paths = {module_of(path): path for path in sources()}
    imports: dict[str, set[str]] = {}
    for module, path in paths.items():
        names = {name.removeprefix("smscodec.") for name in imported(path) if name.startswith("smscodec")}
        # ``from package import name`` is the module of that name, or else what the package's own file holds.
        imports[module] = {name if name in paths else name.rpartition(".")[0] or "__init__" for name in names}
        imports[module] = {name for name in imports[module] if name in paths} - {module}
    assert [module for module in sorted(paths) if module in reached(module, imports)] == []


def test_every_module_has_a_layer() -> None:
    """No file of the package stands outside the layers."""
    assert {module_of(path).split(".")[0] for path in sources()} <= set(RANK)


def test_importing_loads_no_facade() -> None:
    """``import smscodec`` loads neither a façade nor the modules that only they need."""
    facades = ("smscodec.vonage", "smscodec.adapters", "smscodec.calculator", "smscodec.cli", "smscodec.testing")
    forbidden = (*facades, "smscodec.simulator", "urllib", "argparse", "json")
    code = f"import sys, smscodec; print([name for name in {forbidden!r} if name in sys.modules])"
    # -S: without site, whose path hooks of an editable installation load urllib themselves.
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"
