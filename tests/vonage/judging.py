"""What the tests with independent judges share: where a judge is found, what a missing one means, whom it judges."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from smscodec.simulator import Simulator
from smscodec.vonage import SignatureMethod

KEY, SECRET, SIGNATURE_SECRET = "abcd1234", "abcdef0123456789", "signature-secret-of-the-judges"


def missing(judge: str, why: str) -> NoReturn:
    """A judge cannot be had: a reason to skip on a developer's machine, and to fail where everything must run."""
    reason = f"{judge} does not judge: {why}"
    if os.environ.get("SMSCODEC_CI") == "full":
        pytest.fail(reason)
    pytest.skip(reason)


def without_proxies() -> dict[str, str]:
    """This environment, in which no proxy stands between a judge and loopback."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def node_directory(judge: str, package: str) -> Path:
    """The directory in which ``node_modules`` with the package lies."""
    if shutil.which("node") is None:
        missing(judge, "there is no node on the path")
    named = os.environ.get("SMSCODEC_NODE_MODULES")
    for directory in () if named is None else (Path(named), Path(named).parent):
        if (directory / "node_modules" / package).is_dir():
            return directory
    missing(judge, f"npm install {package} somewhere and name that directory in SMSCODEC_NODE_MODULES")


def simulator(method: SignatureMethod = SignatureMethod.MD5_HASH) -> Simulator:
    """The simulator that the judges send to."""
    return Simulator(signature_secret=SIGNATURE_SECRET, signature_method=method, requests_per_second=1000)
