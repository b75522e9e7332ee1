"""The HTTP server of the simulator: octets in, the service's answer out.

It knows HTTP and its own limits (loopback only, bodies of 256 KiB, ten seconds of patience, sixteen threads); it must
not know what a request means.
"""

from __future__ import annotations

import io
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from smscodec.vonage.simulator.reading import Incoming
from smscodec.vonage.simulator.service import Answer

__all__ = ["LoopbackServer"]

HOST = "127.0.0.1"
MAX_BODY = 256 * 1024
MAX_THREADS = 16
TIMEOUT = 10.0
POLL = 0.02


class LoopbackServer:
    """Serves ``respond`` on loopback from ``start`` to ``close``; ``replied`` is called once an answer has gone out."""

    def __init__(self, port: int, *, respond: Callable[[Incoming], Answer], replied: Callable[[Answer], None]) -> None:
        self._server = _Server((HOST, port), respond, replied)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), name="smscodec-simulator", daemon=True
        )

    @property
    def url(self) -> str:
        """The base URL, without a final slash."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and end the connections that are open."""
        self._server.stopping = True
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Waiting for the threads is left to end_connections, which first closes what they wait for.
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], respond: Callable[[Incoming], Answer], replied: Callable[[Answer], None]
    ) -> None:
        self.respond = respond
        self.replied = replied
        self.stopping = False
        self._slots = threading.Semaphore(MAX_THREADS)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look up this machine's name here, which can take seconds and is not needed.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        while not self._slots.acquire(timeout=POLL):
            if self.stopping:
                self.shutdown_request(request)
                return
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.discard(request)
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about connections that break: a client may go away whenever it likes."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        """Close what is still open and wait for its threads."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for _ in range(MAX_THREADS):
            self._slots.acquire(timeout=TIMEOUT)


class _Lines(io.BufferedReader):
    """A request as it comes in, which knows whether it ended where another line was to come."""

    ended = False

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.ended = self.ended or not line.endswith(b"\n")
        return line


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "smscodec-simulator"
    sys_version = ""
    timeout = TIMEOUT

    def setup(self) -> None:
        """Read the request through a stream that knows where it ended."""
        super().setup()
        self._lines = _Lines(self.rfile.detach())
        self.rfile = self._lines

    def answer(self) -> None:
        """Read one request of any method, and send what the service says."""
        # One request a connection: an idle one would hold a thread.
        self.close_connection = True
        # A head that was cut off would look like a shorter one.
        if self._lines.ended:
            return
        body = self._body()
        if body is None:
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.respond(Incoming(self.command, path, query, headers, body))
        try:
            if reply.http_status is not None:
                self._reply(reply.http_status, reply)
        finally:
            self.server.replied(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815  # http.server's names

    def _body(self) -> bytes | None:
        if "Transfer-Encoding" in self.headers or (self.command == "POST" and "Content-Length" not in self.headers):
            self._reply(411, Answer(411, body=b"Length Required"))
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            self._reply(400, Answer(400, body=b"Bad Content-Length"))
            return None
        if len(length) > 9 or int(length) > MAX_BODY:
            self._reply(413, Answer(413, body=b"Content Too Large"))
            return None
        body = self.rfile.read(int(length))
        # Shorter when the client went away: nobody is left to answer.
        return body if len(body) == int(length) else None

    def _reply(self, http_status: int, answer: Answer) -> None:
        self.send_response(http_status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: a request line may hold a secret."""
