"""The backends that there are here, and how a test runs on each of them in one and the same process.

The package chooses its kernels once and binds their functions where speed matters; ``used`` puts another backend's in
every such place. What is counted right is no business of this file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final, cast

from smscodec import _kernels
from smscodec._kernels import Kernels

FUNCTIONS: Final = (
    *("scan", "count_segments", "utf16_length", "fill", "cuts", "pack", "unpack", "count_many", "count_utf8"),
    *("tally", "savings"),
)

NAMES: Final = {"python": "_python", "portable": "_c", "in-place": "_in_place"}


def _available() -> dict[str, Kernels]:
    if os.environ.get("SMSCODEC_BACKEND") == "python":
        return {"python": _kernels.active}
    found = {}
    for name, module in NAMES.items():
        try:
            found[name] = cast(Kernels, import_module(f"smscodec._kernels.{module}"))
        except ImportError:
            continue
    return found


AVAILABLE: Final = _available()
"""Kernels by the name that tests show; Python's alone where the environment asks for them."""


@contextmanager
def used(kernels: Kernels) -> Iterator[None]:
    """Let the whole package count with these kernels."""
    before = _kernels.active
    _put(before, kernels)
    try:
        yield
    finally:
        _put(kernels, before)


def _put(old: Kernels, new: Kernels) -> None:
    replaced = {id(old): new} | {id(getattr(old, name)): getattr(new, name) for name in FUNCTIONS}
    modules = list(sys.modules.values())
    for module in [module for module in modules if module.__name__.startswith("smscodec")]:
        if module.__name__ not in {f"smscodec._kernels.{name}" for name in NAMES.values()}:
            for name, value in list(vars(module).items()):
                if id(value) in replaced and name not in NAMES.values():
                    setattr(module, name, replaced[id(value)])
    for module in [module for module in modules if module.__name__.startswith("tests")]:
        if vars(module).get("count_segments") is old.count_segments:  # the one public function that is the kernel's own
            vars(module)["count_segments"] = new.count_segments
