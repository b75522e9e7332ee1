"""The examples in the docstrings of the whole package give what they show, and the reference has one for every name."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from hypothesis import Phase, settings

import smscodec
from smscodec.errors import MissingExtraError

PACKAGE = Path(smscodec.__file__).parent
MODULES = [
    ".".join(part for part in path.relative_to(PACKAGE.parent).with_suffix("").parts if part != "__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]
MODULES.remove("smscodec.adapters.spark")  # tests/adapters/test_spark.py, which has a session, runs its examples
PAGES = Path(__file__).parents[1] / "docs" / "reference" / "api"

FIND: Final = partial(hypothesis.find, settings=settings(max_examples=2_000, phases=set(Phase) - {Phase.explain}))
"""``find`` with all that it does but one: it would also try which parts of what it found matter, and keep that."""


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each runs, and prints what stands under it."""
    try:
        module = importlib.import_module(name)
    except MissingExtraError as error:
        pytest.skip(str(error))
    monkeypatch.setattr(hypothesis, "find", FIND)
    assert doctest.testmod(module).failed == 0


def test_everything_in_the_reference_has_an_example() -> None:
    """Each function and class that a page of the API reference lists shows in its docstring how it is used."""
    pages = [page.read_text(encoding="utf-8") for page in PAGES.glob("*.md")]
    listed, without = 0, []
    for page in pages:
        [module] = directive("automodule", page)
        names, left_out = set(ast.literal_eval(contents(module)["__all__"])), set(directive("exclude-members", page))
        assert left_out < names, f"the page of {module} leaves out what is not there"
        for name in names - left_out:
            found = definition(module, name)
            listed += found is not None
            if found and ">>>" not in (ast.get_docstring(found, clean=False) or ""):
                without.append(f"{module}.{name}")
    assert not without
    assert listed > 250


def directive(name: str, page: str) -> list[str]:
    """What stands behind a directive or an option of one."""
    return [word for words in re.findall(rf"{name}:+ (.+)", page) for word in words.split(", ")]


@cache
def contents(module: str) -> dict[str, ast.AST]:
    """What each name of a module is. The source is read, so that no extra has to be installed."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    body = ast.parse(file.read_text(encoding="utf-8")).body
    found: dict[str, ast.AST] = {}
    for node in chain(body, *(node.body for node in body if isinstance(node, ast.If))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found[name] = node
            case ast.ImportFrom(names=imported):
                found |= {one.name: node for one in imported}
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
    return found


def definition(module: str, name: str) -> ast.ClassDef | ast.FunctionDef | None:
    """The class or function of that name, in the module that defines it; None if it is a value or a module."""
    match contents(module).get(name):
        case ast.ClassDef() | ast.FunctionDef() as found:
            return found
        case ast.ImportFrom(module=str(source)) if source != module:
            return definition(source, name)
    return None
