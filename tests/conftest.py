"""Hypothesis profiles: ``dev`` by default, ``ci`` and ``deep`` through SMSCODEC_HYPOTHESIS_PROFILE.

Hypothesis switches to a derandomised profile of its own where it sees ``CI`` in the environment. Ours build on its
plain default and one is always loaded by name, so that a run draws the same kind of examples everywhere.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: neither the deadline nor the speed of drawing says anything about the code.
_BASE = settings(
    settings.get_profile("default"),
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)

settings.register_profile("dev", _BASE, max_examples=100)
settings.register_profile("ci", _BASE, max_examples=300)
settings.register_profile("deep", _BASE, max_examples=5_000)
settings.load_profile(os.environ.get("SMSCODEC_HYPOTHESIS_PROFILE", "dev"))
