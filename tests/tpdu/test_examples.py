"""The examples in the docstrings of TPDUs, headers, user data and WAP messages give what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import smscodec.tpdu
import smscodec.wap

PACKAGES = (smscodec.tpdu, smscodec.wap)
MODULES = [
    *(f"{package.__name__}.{found.name}" for package in PACKAGES for found in pkgutil.iter_modules(package.__path__)),
    "smscodec.wap",
    "smscodec.dcs",
    "smscodec.udh",
    "smscodec.userdata",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name: str) -> None:
    """Each runs, and prints what stands under it."""
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_there_are_examples() -> None:
    """Most of the public names have one."""
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 60
