"""HTTP on this machine alone: its limits, who may ask, and how a server ends, whatever it serves.

Reference: RFC 9112, 2.2 (line ends) and 9.6 (closing); RFC 6454 (origins)
"""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from smscodec import _loopback
from smscodec._loopback import LoopbackServer, Request, Response, foreign_header
from tests.rows import each_row


class Echo:
    """Answers with the target; ``entered`` is set when a request for ``/slow`` is being answered."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.answered: list[str] = []

    def screen(self, request: Request) -> Response | None:
        """Refuse one target for its head."""
        return Response(403, body=b"refused") if request.target == "/refused" else None

    def respond(self, request: Request) -> Response:
        """Say what was asked for."""
        if request.target == "/slow":
            self.entered.set()
            time.sleep(0.05)
        self.answered.append(request.target)
        return Response(200, body=request.target.encode())

    def refuse(self, status: int) -> Response:
        """The number alone."""
        return Response(status)


@contextmanager
def running(service: Echo, port: int = 0, **options: float) -> Iterator[LoopbackServer]:
    """A server of the service."""
    server = LoopbackServer(port, service, name="tested-loopback", **options)
    server.start()
    try:
        yield server
    finally:
        server.close()


def opened(server: LoopbackServer) -> socket.socket:
    """A connection to it."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def exchanged(server: LoopbackServer, octets: bytes) -> bytes:
    """All that comes back for octets."""
    with opened(server) as connection:
        connection.sendall(octets)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_the_limits() -> None:
    """They are those that the module promises."""
    assert (_loopback.HOST, _loopback.MAX_BODY, _loopback.MAX_THREADS) == ("127.0.0.1", 262_144, 16)
    assert (_loopback.TIMEOUT, _loopback._LINGER) == (10, 2)


def test_requests_and_responses_print_no_content() -> None:
    """Neither a target nor a header nor a body shows in a repr; what is not given is empty."""
    request = Request(80, "GET", "/private", {"x": "private"}, b"private")
    response = Response(200, body=b"private")
    assert "private" not in repr((request, response))
    assert Request(80, "GET", "/", {}).body == Response(200).body == b""
    assert (Response(200).content_type, Response(200).headers) == ("text/plain", {})


@each_row("port", [80, 81, 8080])
def test_a_port_need_not_be_named_where_it_is_80(port: int) -> None:
    """Both names of this machine are its own with their port, and on port 80 without it, as Host and as Origin."""
    for name in ("127.0.0.1", "localhost", "example.com"):
        for authority, named in ((f"{name}:{port}", True), (name, port == 80), (f"{name}:{port + 1}", False)):
            own = named and name != "example.com"
            asked = Request(port, "GET", "/", {"host": authority})
            assert foreign_header(asked) == (None if own else "Host")
            asked = Request(port, "GET", "/", {"host": f"localhost:{port}", "origin": f"http://{authority}"})
            assert foreign_header(asked) == (None if own else "Origin")


@each_row(
    ("line", "ended", "bare"),
    [
        (b"a\r\n", False, False),
        (b"a\n", False, False),
        (b"a", True, False),
        (b"", True, False),
        (b"a\r", True, False),
        (b"a\rb\r\n", False, True),
        (b"\ra\n", False, True),
        (b"a\r\r\n", False, True),
    ],
)
def test_a_line_is_judged_by_its_end(line: bytes, ended: bool, bare: bool) -> None:
    """A line ends in LF with or without CR before it; any other CR stands in it bare; neither is forgotten later."""
    for before in (b"", b"good\r\n"):
        lines = _loopback._Lines(io.BytesIO(before + line + b"good\n" * (not ended)))
        if before:
            assert lines.readline() == before
        assert (lines.ended, lines.bare_return) == (False, False)
        assert lines.readline() == line
        assert (lines.ended, lines.bare_return) == (ended, bare)
        lines.readline()
        assert lines.bare_return == bare


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    """One server for all that only ask."""
    with running(Echo()) as started:
        yield started


def test_a_request_line_of_64_kib_is_read(server: LoopbackServer) -> None:
    """One octet more, counted with its end, is too long."""
    for length, status in ((65_536, b"403"), (65_537, b"414")):
        line = f"GET /refused{' ' * (length - 23)} HTTP/1.1\r\n".encode()
        assert len(line) == length
        assert exchanged(server, line + b"\r\n").split()[1] == status


@each_row(
    ("length", "status"),
    [("0", 200), ("000000000", 200), ("0000000000", 413), ("262145", 413), ("999999999", 413), ("1 0", 400)],
)
def test_a_length_has_nine_digits_at_most(server: LoopbackServer, length: str, status: int) -> None:
    """What has more is too large, whatever it says."""
    head = f"POST /x HTTP/1.1\r\nContent-Length: {length}\r\n\r\n"
    assert int(exchanged(server, head.encode()).split()[1]) == status


def test_a_refusal_ends_for_a_client_that_has_nothing_more_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a refusal is its end at once; only the rest of a request is waited for."""
    monkeypatch.setattr(_loopback, "_LINGER", 60.0)
    with running(Echo()) as server:
        assert exchanged(server, b"GET /refused HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\nrefused")


def test_a_server_ends_what_is_open_and_waits_for_what_is_answered() -> None:
    """Closing cuts idle connections, lets the answers in work be made, and leaves no thread and no open port."""
    service = Echo()
    with ExitStack() as stack:
        with running(service, timeout=60.0) as server:
            assert {thread.daemon for thread in threading.enumerate() if thread.name == "tested-loopback"} == {True}
            idle, busy = (stack.enter_context(opened(server)) for _ in range(2))
            busy.sendall(b"GET /slow HTTP/1.1\r\n\r\n")
            assert service.entered.wait(10)
            assert {one.daemon for one in threading.enumerate() if "process_request_thread" in one.name} == {True}
            began = time.monotonic()
        assert time.monotonic() - began < 9
        assert service.answered == ["/slow"]
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        opened(server)
    with running(service, server.port) as again:
        assert exchanged(again, b"GET /again HTTP/1.1\r\n\r\n").endswith(b"/again")


def test_the_thread_of_a_server_ends_before_close_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late it comes out of its loop: what forks next, or counts threads, must find none."""
    others = set(threading.enumerate())
    serve = _loopback._Server.serve_forever

    def serve_and_linger(server: _loopback._Server, interval: float) -> None:
        serve(server, interval)
        time.sleep(0.02)

    monkeypatch.setattr(_loopback._Server, "serve_forever", serve_and_linger)
    with running(Echo()):
        pass
    assert set(threading.enumerate()) <= others


def test_an_error_that_has_no_number_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the system says of a port is put in other words."""

    def refuse(*_: object) -> None:
        raise OSError("no number")

    monkeypatch.setattr(_loopback, "_Server", refuse)
    with pytest.raises(OSError, match=r"^no number$"):
        LoopbackServer(80, Echo(), name="tested-loopback")
