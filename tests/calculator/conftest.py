"""One browser and one calculator for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smscodec._loopback import LoopbackServer
from tests.calculator.asking import calculator
from tests.calculator.browsing import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    """One calculator for all tests."""
    with calculator() as running:
        yield running
