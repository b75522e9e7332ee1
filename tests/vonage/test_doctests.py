"""The examples in the façade's docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import smscodec.vonage

MODULES = [f"smscodec.vonage.{module.name}" for module in pkgutil.iter_modules(smscodec.vonage.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    """Every example gives what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_everything_public_has_an_example() -> None:
    """Every public class and function but errors has an example in its docstring."""
    public = {name: getattr(smscodec.vonage, name) for name in smscodec.vonage.__all__}
    without = {name for name, value in public.items() if callable(value) and ">>>" not in (value.__doc__ or "")}
    errors = {name for name, value in public.items() if isinstance(value, type) and issubclass(value, Exception)}
    assert without - errors == {"Transport"}
