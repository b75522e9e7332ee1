"""Plain HTTP to a simulator, read with the standard library's parsers, and the service behind it without a socket."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from smscodec.simulator import (
    Simulator,
)
from smscodec.simulator.checks import Account
from smscodec.simulator.reading import Incoming
from smscodec.simulator.service import Service

KEY, SECRET, SIGNATURE_SECRET = "abcd1234", "abcdef0123456789", "s1gn"
GOOD = {"api_key": KEY, "api_secret": SECRET, "from": "AcmeInc", "to": "447700900000", "text": "Hello"}
FORM = "application/x-www-form-urlencoded"


class Reply(NamedTuple):
    """An HTTP reply, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def parts(self) -> list[dict[str, str]]:
        """The entries of ``messages`` of a JSON reply."""
        document = json.loads(self.body)
        assert document["message-count"] == str(len(document["messages"]))
        messages: list[dict[str, str]] = document["messages"]
        return messages

    @property
    def statuses(self) -> list[int]:
        """The status of each part of a JSON reply."""
        return [int(part["status"]) for part in self.parts]


def call(
    sim: Simulator,
    body: bytes | Mapping[str, str],
    *,
    target: str = "/sms/json",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One HTTP request, with a form unless the body is octets."""
    parts = urlsplit(sim.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    octets = body if isinstance(body, bytes) else urlencode(body).encode()
    try:
        connection.request(method, target, octets, {"Content-Type": FORM, **(headers or {})})
        reply = connection.getresponse()
        return Reply(reply.status, dict(reply.headers.items()), reply.read())
    finally:
        connection.close()


def send(sim: Simulator, **changes: str | None) -> Reply:
    """A good request with some parameters changed, or left out where None; names with underscores for hyphens."""
    names = {"from_": "from", "api_key": "api_key", "api_secret": "api_secret"}
    changed = {names.get(name, name.replace("_", "-")): value for name, value in changes.items()}
    params = {**GOOD, **changed}
    return call(sim, {name: value for name, value in params.items() if value is not None})


def answered(params: Mapping[str, str], *, now: float = 1000.0, account: Account | None = None) -> list[int]:
    """The statuses of the pure service's answer to a form."""
    service = Service(account or Account(KEY, SECRET, SIGNATURE_SECRET))
    incoming = Incoming("POST", "/sms/json", "", {"content-type": FORM}, urlencode(params).encode())
    return list(service.answer(incoming, now=now).statuses)
