"""What the tests of the commands share: the account, how a command ended, and how a simulator ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

KEY, SECRET, SIGNATURE_SECRET = "abcd1234", "abcdef0123456789", "s1gnature-secret"
NAMES = ("VONAGE_API_KEY", "VONAGE_API_SECRET", "VONAGE_SIGNATURE_SECRET", "VONAGE_SIGNATURE_METHOD")
TO = ("--to", "447700900000", "--from", "AcmeInc")


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, as the one JSON object that it must be."""
        (line,) = self.out.splitlines()
        assert line.isascii()
        return json.loads(line)


Run = Callable[..., Ran]
