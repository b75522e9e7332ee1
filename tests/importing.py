"""A module of the package imported again, beside the one in use, as a process that begins now would have it."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from typing import Any


def anew(name: str) -> Any:
    """The module with globals of its own; what it imports is what this process has."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
