"""The examples in the docstrings of the whole package give what they show."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import smscodec
from smscodec.errors import MissingExtraError

PACKAGE = Path(smscodec.__file__).parent
MODULES = [
    ".".join(part for part in path.relative_to(PACKAGE.parent).with_suffix("").parts if part != "__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name: str) -> None:
    """Each runs, and prints what stands under it."""
    try:
        module = importlib.import_module(name)
    except MissingExtraError as error:
        pytest.skip(str(error))
    assert doctest.testmod(module).failed == 0
