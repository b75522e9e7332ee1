"""A running calculator, and plain HTTP to it: whole requests, and octets as a test says."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from smscodec._loopback import HOST, LoopbackServer
from smscodec.calculator import Calculator

JSON = {"Content-Type": "application/json"}


class Listening(Protocol):
    """A server that can be asked, in this process or another."""

    @property
    def port(self) -> int:
        """Its port on loopback."""


class Reply(NamedTuple):
    """An HTTP reply, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        assert self.headers["Content-Type"] == "application/json"
        return json.loads(self.body)


@contextlib.contextmanager
def calculator(**options: float) -> Iterator[LoopbackServer]:
    """A calculator on a free port; ``timeout`` is the time in which a request must have arrived."""
    server = LoopbackServer(0, Calculator(), name="tested-calculator", **options)
    server.start()
    try:
        yield server
    finally:
        server.close()


def call(
    server: Listening,
    method: str = "GET",
    target: str = "/",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One request, with the headers that http.client adds."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    try:
        connection.request(method, target, body, dict(headers or {}))
        reply = connection.getresponse()
        return Reply(reply.status, dict(reply.headers.items()), reply.read())
    finally:
        connection.close()


def ask(server: Listening, question: object, **headers: str) -> Reply:
    """Post a question as JSON; names with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(server, "POST", "/api/measure", json.dumps(question).encode(), {**JSON, **named})


def talk(server: LoopbackServer, octets: bytes) -> Reply:
    """Send octets as they are, and read what comes back until the end."""
    with socket.create_connection((HOST, server.port), timeout=10) as connection:
        connection.sendall(octets)
        received = b""
        while more := connection.recv(65_536):
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("ascii").split("\r\n")
    return Reply(int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body)


def head(server: LoopbackServer, *lines: str, request: str = "POST /api/measure HTTP/1.1") -> bytes:
    """The octets of a request's head, for this server's Host unless a line gives another."""
    host = [] if any(line.lower().startswith("host:") for line in lines) else [f"Host: {HOST}:{server.port}"]
    return "\r\n".join([request, *host, *lines, "", ""]).encode("latin-1")
