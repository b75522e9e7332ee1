"""Libraries that a test needs, what to do without one, and what a column of texts must cost."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from typing import Any, NoReturn

import pytest

from smscodec import measure_many

Row = tuple[str, int, int]


def library(name: str) -> Any:
    """The library; without it the module is skipped on a developer's machine, and fails where everything must run."""
    try:
        return importlib.import_module(name)
    except ImportError:
        missing(f"{name} is not installed")


def missing(reason: str) -> NoReturn:
    """Skip the module or test, or fail it with SMSCODEC_CI=full."""
    if os.environ.get("SMSCODEC_CI") == "full":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def costs(texts: Sequence[str | None]) -> list[Row | None]:
    """Name of the alphabet, units and segments of each text by ``measure_many``, and None for None."""
    found: list[Row | None] = []
    for text, count in zip(texts, measure_many(text or "" for text in texts), strict=True):
        assert count is not None
        found.append(None if text is None else (count.alphabet.name, count.units, count.segments))
    return found
