"""Hypothesis profiles: ``dev`` by default, ``quick``, ``ci`` and ``deep`` through SMSCODEC_HYPOTHESIS_PROFILE.

Hypothesis switches to a derandomised profile of its own where it sees ``CI`` in the environment. Ours build on its
plain default and one is always loaded by name, so that a run draws the same kind of examples everywhere.

The tests of what stands on the kernels run on every backend that there is, one backend after the other in each module.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import backends

# A busy machine is not a reason to fail: neither the deadline nor the speed of drawing says anything about the code.
_BASE = settings(
    settings.get_profile("default"),
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)

settings.register_profile("dev", _BASE, max_examples=20)
# The check command judges a change and not the luck of the draw; what chance finds, the other two are for.
settings.register_profile("ci", _BASE, max_examples=100, derandomize=True)
# Whether a wheel holds what was tested in the tree shows after a few examples.
settings.register_profile("quick", _BASE, max_examples=10, derandomize=True)
settings.register_profile("deep", _BASE, max_examples=5_000)
settings.load_profile(os.environ.get("SMSCODEC_HYPOTHESIS_PROFILE", "dev"))

ON_EVERY_BACKEND = {
    *("test_batch", "test_boundaries", "test_lying_texts", "test_planning", "test_segment_data", "test_segmentation"),
    *("test_segmented_message", "test_septets", "test_ussd", "test_utf8_buffers", "test_packing_lengths"),
}
"""Tests of what calls the kernels. Named codecs of text and transliteration do not, so theirs are not among these."""

CONFORMANCE = {"tests.conformance.test_messages", "tests.conformance.test_text"}
"""Thousands of vectors: on the backend in force always, on the others among the exhaustive tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test named after an object's address: pytest-xdist runs nothing where two processes do not agree."""
    if addressed := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        raise pytest.UsageError(f"{addressed[0]}: name its parameters by something that is the same in every process")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what was collected: thousands of tests, all of which live to the end."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat the tests of these modules for every backend."""
    module, names = metafunc.module.__name__, list(backends.AVAILABLE)
    if module.rpartition(".")[2] in ON_EVERY_BACKEND:
        metafunc.parametrize("_backend_in_use", names, indirect=True, scope="module")
    elif module in CONFORMANCE:
        *others, in_force = names  # the last, which is the fastest, is the one that the package chooses
        rows = [*(pytest.param(name, marks=pytest.mark.exhaustive) for name in others), in_force]
        metafunc.parametrize("_backend_in_use", rows, indirect=True, scope="module")


@pytest.fixture(scope="module", autouse=True)
def _backend_in_use(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the package count with the backend that the parameter names; with its own without a parameter."""
    if hasattr(request, "param"):
        with backends.used(backends.AVAILABLE[request.param]):
            yield
    else:
        yield
