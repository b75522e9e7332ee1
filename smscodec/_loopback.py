"""HTTP on this machine alone, for the simulator and for the calculator: a request in, its service's answer out.

It knows HTTP and its own limits: loopback only, bodies of 256 KiB, ten seconds in which a request must arrive, sixteen
threads, one request a connection. It does not know what a request means.
"""

from __future__ import annotations

import errno
import io
import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from time import monotonic
from typing import Any, Final, Protocol

__all__ = [
    "HOST",
    "MAX_BODY",
    "MAX_THREADS",
    "TIMEOUT",
    "LoopbackServer",
    "Request",
    "Response",
    "Service",
    "foreign_header",
]

HOST: Final = "127.0.0.1"
MAX_BODY: Final = 256 * 1024
MAX_THREADS: Final = 16
TIMEOUT: Final = 10.0
_POLL: Final = 0.02
_LINGER: Final = 2.0
_REASONS: Final[Mapping[int | None, str]] = {
    errno.EADDRINUSE: "is in use: choose another",
    errno.EACCES: "is not for this user: choose one above 1023",
    errno.EPERM: "is not for this user: choose one above 1023",
}
"""What the system's errors mean for a port."""
_SINGLE: Final = ("Content-Length", "Content-Type", "Host", "Origin", "Transfer-Encoding")
"""Headers that mean two things if they come twice."""
_BROKEN: Final = (
    FirstHeaderLineIsContinuationDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
"""What the parser found where a header was to stand; its other complaints are about mail."""


def _nothing() -> None:
    """What is done after most responses."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it arrived on ``port``; header names are in lower case, and no content is shown."""

    port: int
    method: str
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back: ``status`` None drops the connection; ``sent`` is called once the rest is out or cannot be."""

    status: int | None
    content_type: str = "text/plain"
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: Callable[[], None] = _nothing


def foreign_header(request: Request) -> str | None:
    """The name of the header that shows a request to come from elsewhere, Host or Origin, or None.

    Any page in a browser can post to loopback, and any name can be made to lead here: such a page has another Origin,
    and such a name is another Host.
    """
    authorities = {f"{name}:{request.port}" for name in (HOST, "localhost")}
    if request.port == 80:
        authorities |= {HOST, "localhost"}
    if request.headers.get("host") not in authorities:
        return "Host"
    origin = request.headers.get("origin")
    return "Origin" if origin is not None and origin.removeprefix("http://") not in authorities else None


class Service(Protocol):
    """What a server serves; called from many threads at once."""

    def screen(self, request: Request) -> Response | None:
        """The refusal of a request for its head alone, before its body is read, or None."""

    def respond(self, request: Request) -> Response:
        """The answer to a whole request."""

    def refuse(self, status: int) -> Response:
        """The answer to what HTTP or the limits forbid."""


class LoopbackServer:
    """Serves ``service`` on loopback from ``start`` to ``close``.

    Port 0 is a free one; ``OSError`` that names the port where it is in use or not for this user.
    """

    def __init__(self, port: int, service: Service, *, name: str, timeout: float = TIMEOUT) -> None:
        try:
            self._server = _Server((HOST, port), service, timeout)
        except OSError as error:
            reason = _REASONS.get(error.errno)
            if reason is None:
                raise
            raise OSError(error.errno, f"port {port} of {HOST} {reason}") from None
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), name=name, daemon=True)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """The base URL, without a final slash."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and end the connections that are open."""
        self._server.stopping = True
        self._server.shutdown()
        self._thread.join()  # its loop has ended, but it may not have
        self._server.end_connections()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    # server_close() does not wait for such threads; end_connections does, once it has closed what they wait for.
    daemon_threads = True
    request_queue_size = 64
    # On Windows the option would let two servers share a port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, address: tuple[str, int], service: Service, timeout: float) -> None:
        self.service = service
        self.patience = timeout
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
        while not self._slots.acquire(timeout=_POLL):
            if self.stopping:
                self.shutdown_request(request)
                return
        with self._lock:
            self._open.add(request)
        try:
            super().process_request(request, client_address)
        except RuntimeError as error:  # the system has no thread left
            self._forget(request)
            raise OSError("no thread for a connection") from error

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._forget(request)

    def _forget(self, request: Any) -> None:
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


class _Arriving(io.RawIOBase):
    """What a connection sends until a moment: a limit for each read would let a slow client stay for hours."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection = connection
        self.until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Lines(io.BufferedReader):
    """A request as it comes in, which knows whether it ended where another line was to come.

    It also knows whether a line held a carriage return of its own: the parser of headers would end a header there, and
    so see other headers than a proxy before it.
    """

    ended = False
    bare_return = False

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.ended = self.ended or not line.endswith(b"\n")
        self.bare_return = self.bare_return or b"\r" in line.removesuffix(b"\n").removesuffix(b"\r")
        return line


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = request_version = "HTTP/1.1"
    command = requestline = ""  # those of a request line which is too long to be read
    # A request line without a version is answered like any other.
    default_request_version = "HTTP/1.0"

    def setup(self) -> None:
        """Read the request through a stream that knows when it must have ended, and where it did."""
        super().setup()
        self.rfile.close()
        self._arriving = _Arriving(self.connection, monotonic() + self.server.patience)
        self._lines = _Lines(self._arriving)
        self.rfile = self._lines

    def handle(self) -> None:
        """Read one request of any method, and send what the service says; an idle connection would hold a thread."""
        self.close_connection = True
        self.raw_requestline = self._lines.readline(65_537)
        if len(self.raw_requestline) > 65_536:
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
        # A head that was cut off would look like a shorter one.
        elif self.raw_requestline and self.parse_request() and not self._lines.ended:
            self._answer()

    def version_string(self) -> str:
        """The name alone: the version of Python is not for a client to know."""
        return "smscodec"

    def handle_expect_100(self) -> bool:
        """Say nothing yet: a body that will be refused need not be sent at all."""
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse in the service's words, where the standard library would show what it was sent."""
        self._refuse(code)

    def _answer(self) -> None:
        service = self.server.service
        repeated = any(len(self.headers.get_all(name, [])) > 1 for name in _SINGLE)
        broken = any(isinstance(defect, _BROKEN) for defect in self.headers.defects)
        if repeated or broken or self._lines.bare_return:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.server.server_port, self.command, self.path, headers)
        refusal = service.screen(request)
        if refusal is not None:
            self._refuse_with(refusal)
            return
        body = self._body()
        if body is None:
            return
        try:
            response = service.respond(Request(request.port, request.method, request.target, headers, body))
        except Exception:
            self._reply(service.refuse(HTTPStatus.INTERNAL_SERVER_ERROR))
            raise
        try:
            self._reply(response)
        finally:
            response.sent()

    def _body(self) -> bytes | None:
        if "Transfer-Encoding" in self.headers or (self.command == "POST" and "Content-Length" not in self.headers):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            self._refuse(HTTPStatus.BAD_REQUEST)
            return None
        if len(length) > 9 or int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(HTTPStatus.CONTINUE)
            self.end_headers()
        body = self._lines.read(int(length))
        # Shorter if the client went away: nobody is left to answer.
        return body if len(body) == int(length) else None

    def _refuse(self, status: int) -> None:
        self._refuse_with(self.server.service.refuse(status))

    def _refuse_with(self, refusal: Response) -> None:
        """Send a refusal, and let what is still on its way run out: closing at once would take the refusal along."""
        self._reply(refusal)
        self._arriving.until = min(self._arriving.until, monotonic() + _LINGER)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while self._arriving.readinto(bytearray(65_536)):
                pass

    def _reply(self, response: Response) -> None:
        if response.status is None:
            return
        self.connection.settimeout(self.server.patience)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing, whatever the standard library wants to say: a request line may hold a secret."""
