"""Runs these tests where they are named, since they take minutes, and prints how many messages went which way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.gateways.programs import TALLY

FOLDER = Path(__file__).parent
collect_ignore_glob = ["test_*.py"] if os.name == "nt" else []  # no pseudo-terminals there, and none of the gateways


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Gateways judge where the command line names their tests, as .ci/run does, and not in every run of the suite."""
    named = any(Path(argument.split("::")[0]).resolve().is_relative_to(FOLDER) for argument in config.args)
    for item in items:
        if not named and item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.skip(reason="takes minutes: python -m pytest tests/gateways"))


def pytest_unconfigure() -> None:
    """The last word: a line for each gateway."""
    for line in TALLY.lines():
        print(line)
