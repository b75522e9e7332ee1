"""TCP servers on loopback that do to a connection exactly what a test says, for the ways in which HTTP can go wrong."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PEM = Path(__file__).with_name("loopback.pem")
"""A self-signed certificate and its key, for sms.invalid, localhost and 127.0.0.1."""

OK_REPLY = b'{"message-count": "1", "messages": [{"status": "0"}]}'


@dataclass
class Served:
    """A running server: its address, and what was read by ``read_request`` so far."""

    port: int
    received: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The base URL for plain HTTP."""
        return f"http://127.0.0.1:{self.port}"

    def read_request(self, connection: socket.socket) -> bytes:
        """Read one request with a Content-Length to its end, and remember it."""
        octets = b""
        while b"\r\n\r\n" not in octets:
            octets += _some(connection)
        head, _, body = octets.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        missing = int(lengths[0]) - len(body) if lengths else 0
        while missing > 0:
            more = _some(connection)
            octets += more
            missing -= len(more)
        self.received.append(octets)
        return octets


@contextlib.contextmanager
def serving(talk: Callable[[Served, socket.socket], None], *, tls: bool = False) -> Iterator[Served]:
    """Call ``talk`` in a thread with each connection, which is closed afterwards; ends what is open at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    served = Served(listener.getsockname()[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    threads: list[threading.Thread] = []
    open_connections: set[socket.socket] = set()

    def handle(connection: socket.socket) -> None:
        # A client that goes away, and the end of the test, are no errors of the server.
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(open_connections.discard, connection)
            stack.enter_context(connection)
            connection.settimeout(10)
            talk(served, stack.enter_context(context.wrap_socket(connection, server_side=True)) if tls else connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_connections.add(connection)
                thread = threading.Thread(target=handle, args=(connection,))
                threads.append(thread)
                thread.start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield served
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for connection in list(open_connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def reply(status: str = "200 OK", body: bytes = OK_REPLY, **headers: str) -> bytes:
    """The octets of an HTTP response that closes the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def closed_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _some(connection: socket.socket) -> bytes:
    octets = connection.recv(65536)
    if not octets:
        raise ConnectionError("the client went away")
    return octets
