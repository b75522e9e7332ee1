"""The backends that there are here, and how a test runs on each of them in one and the same process.

The package looks up ``_kernels.active`` at each call, so ``used`` sets that and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final, cast

from smscodec import _kernels
from smscodec._kernels import Kernels

_MODULES: Final = {"python": "_python", "portable": "_c", "in-place": "_in_place"}


def _available() -> dict[str, Kernels]:
    if os.environ.get("SMSCODEC_BACKEND") == "python":
        return {"python": _kernels.active}
    found = {}
    for name, module in _MODULES.items():
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
    before, _kernels.active = _kernels.active, kernels
    try:
        yield
    finally:
        _kernels.active = before
