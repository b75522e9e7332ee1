"""UrllibTransport: what was certainly not sent, what may have been, and what never leaves this machine."""

from __future__ import annotations

import socket
import ssl
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest

from smscodec.vonage.errors import ConnectFailed, OutcomeUnknown, RequestError, TransportError
from smscodec.vonage.http import HttpRequest
from smscodec.vonage.transport import UrllibTransport
from smscodec.vonage.wire import is_loopback, url_fault
from tests.rows import each_row
from tests.vonage.sockets import OK_REPLY, PEM, Served, closed_port, reply, serving

SECRET = "s3cr3t-of-the-test"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see no proxy but their own."""
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def request(url: str, body: bytes = b"text=hello") -> HttpRequest:
    """A POST with a secret in its query, its headers and its body."""
    headers = {"Authorization": f"Basic {SECRET}", "Content-Type": "application/x-www-form-urlencoded"}
    return HttpRequest("POST", f"{url}/sms/json?api_secret={SECRET}", headers, body + SECRET.encode())


def answer(octets: bytes) -> AbstractContextManager[Served]:
    """A server that reads one request and sends these octets."""

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(octets)

    return serving(talk)


def failing(transport: UrllibTransport, sent: HttpRequest) -> TransportError:
    """The TransportError of a call, after looking for the secret in everything that it would print."""
    with pytest.raises(TransportError) as caught:
        transport(sent)
    error = caught.value
    printed = "".join(traceback.format_exception(error)) + repr(error) + repr(error.args)
    assert SECRET not in printed
    assert error.__context__ is None
    return error


def test_request_goes_out_as_built() -> None:
    """Method, target, headers and body arrive as they were given, and the answer comes back whole."""
    with answer(reply(body=b"\x00\xff answer", X_Note="yes")) as served:
        response = UrllibTransport()(request(served.url))
    head, _, body = served.received[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /sms/json?api_secret={SECRET} HTTP/1.1\r\n".encode())
    assert f"authorization: basic {SECRET}".encode() in head.lower()
    assert b"text=hello" + SECRET.encode() == body
    assert (response.status, response.body, response.header("x-note")) == (200, b"\x00\xff answer", "yes")


def test_nothing_is_added_that_names_python() -> None:
    """The only headers beside ours are those that HTTP needs."""
    with answer(reply()) as served:
        UrllibTransport()(request(served.url))
    lines = served.received[0].partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    names = {line.split(b":")[0].decode().lower() for line in lines}
    assert {"host", "content-length", "content-type", "authorization", "accept-encoding", "connection"} == names


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_redirects_are_given_back_and_not_followed(status: str) -> None:
    """A redirect is an answer like any other: one request, and the secret goes nowhere else."""
    with answer(reply(status, b"", Location="/elsewhere")) as served:
        response = UrllibTransport()(request(served.url))
    assert (int(status[:3]), 1) == (response.status, len(served.received))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
def test_error_statuses_are_answers(status: int) -> None:
    """An HTTP error is no failure of the transport."""
    with answer(reply(f"{status} Status", b"why")) as served:
        response = UrllibTransport()(request(served.url))
    assert (status, b"why") == (response.status, response.body)


def test_refused_connection_is_connect_failed() -> None:
    """Where nothing listens, nothing was sent."""
    assert isinstance(failing(UrllibTransport(), request(f"http://127.0.0.1:{closed_port()}")), ConnectFailed)


def test_dropped_connection_is_outcome_unknown() -> None:
    """The server reads the request and closes without a word: the message may be on its way."""
    with answer(b"") as served:
        assert isinstance(failing(UrllibTransport(), request(served.url)), OutcomeUnknown)
    assert len(served.received) == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + OK_REPLY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
    ids=["truncated", "half a piece", "bad length", "no HTTP", "bad status", "long line", "many headers"],
)
def test_broken_answers_are_outcome_unknown(octets: bytes) -> None:
    """Whatever is wrong with the answer, the request had been sent."""
    with answer(octets) as served:
        error = failing(UrllibTransport(), request(served.url))
    assert isinstance(error, OutcomeUnknown)


def test_long_answers_are_cut_off() -> None:
    """One octet more than max_response is refused, and max_response itself is not."""
    with answer(reply(body=b"x" * 1001)) as served:
        assert isinstance(failing(UrllibTransport(max_response=1000), request(served.url)), OutcomeUnknown)
        assert UrllibTransport(max_response=1001)(request(served.url)).body == b"x" * 1001


def test_endless_answer_is_cut_off() -> None:
    """An answer without an end is read no further than the limit."""

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(talk) as served:
        assert isinstance(failing(UrllibTransport(), request(served.url)), OutcomeUnknown)


def test_silent_server_ends_at_the_timeout() -> None:
    """A server that reads and never answers is given up after the timeout, outcome unknown."""
    gone = threading.Event()

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        gone.wait(10)

    with serving(talk) as served:
        error = failing(UrllibTransport(timeout=0.1), request(served.url))
        gone.set()
    assert isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_dripping_server_ends_at_the_deadline(start: bytes) -> None:
    """A server that sends an octet just before each timeout is given up at the deadline, in the head or the body."""
    gone = threading.Event()

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(start)
        while not gone.wait(0.02):
            connection.sendall(b"H")

    with serving(talk) as served:
        error = failing(UrllibTransport(timeout=5, deadline=0.2), request(served.url))
        gone.set()
    assert isinstance(error, OutcomeUnknown)


def test_certificates_are_verified() -> None:
    """A certificate that nobody vouches for ends the call before anything is sent."""
    with serving(lambda served, connection: None, tls=True) as served:
        error = failing(UrllibTransport(), request(f"https://127.0.0.1:{served.port}"))
    assert isinstance(error, ConnectFailed)
    assert served.received == []


def test_https_with_a_context_of_the_callers() -> None:
    """The caller's TLS context is the one in force, host name and all."""

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(reply())

    with serving(talk, tls=True) as served:
        transport = UrllibTransport(context=ssl.create_default_context(cafile=PEM))
        assert transport(request(f"https://localhost:{served.port}")).status == 200


def test_proxy_is_a_tunnel_that_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """https goes through the proxy of the environment by CONNECT: it learns the host and no more."""

    def service(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(reply())

    with serving(service, tls=True) as target:

        def proxy(served: Served, connection: socket.socket) -> None:
            served.read_request(connection)
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            with socket.create_connection(("127.0.0.1", target.port)) as onward:
                back = threading.Thread(target=relay, args=(onward, connection))
                back.start()
                served.received.append(relay(connection, onward))
                back.join()

        with serving(proxy) as proxied:
            monkeypatch.setenv("https_proxy", proxied.url)
            transport = UrllibTransport(context=ssl.create_default_context(cafile=PEM))
            assert transport(request("https://sms.invalid")).status == 200
    assert proxied.received[0].startswith(b"CONNECT sms.invalid:443 HTTP/1.")
    assert SECRET.encode() not in b"".join(proxied.received)
    assert SECRET.encode() in target.received[0]


def relay(source: socket.socket, target: socket.socket) -> bytes:
    """Carry octets one way until the end, and give back what was carried."""
    carried = b""
    try:
        while octets := source.recv(65536):
            carried += octets
            target.sendall(octets)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    return carried


def test_proxy_that_refuses_is_connect_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel that is not granted is a connection that was never made."""
    with answer(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxied:
        monkeypatch.setenv("https_proxy", proxied.url)
        assert isinstance(failing(UrllibTransport(), request("https://sms.invalid")), ConnectFailed)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 Connected\r\nX: "])
def test_dripping_proxy_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    """A proxy that never ends its answer to CONNECT is given up at the deadline, and nothing was sent."""
    gone = threading.Event()

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        connection.sendall(start)
        while not gone.wait(0.02):
            connection.sendall(b"H" * 3000 + b"\r\n" if start else b"H")

    with serving(talk) as proxied:
        monkeypatch.setenv("https_proxy", proxied.url)
        impatience = threading.Timer(5, gone.set)
        impatience.start()
        error = failing(UrllibTransport(timeout=5, deadline=0.2), request("https://sms.invalid"))
        impatience.cancel()
        assert not gone.is_set()
        gone.set()
    assert isinstance(error, ConnectFailed)


def test_loopback_is_never_proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator is called directly, whatever proxies the environment names."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    with answer(reply()) as served:
        assert UrllibTransport()(request(served.url)).status == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://rest.nexmo.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://user:pass@rest.nexmo.com",
        "https://rest.nexmo.com/#part",
        "https://rest.nexmo.com:0",
        "https://rest.nexmo.com:99999",
        "https://[::1",
        "https://",
        "https://rest.nexmo.com/a b",
        "https://rest.nexmo.com/\r\nX: y",
        "https://rest.nexmo.com/é",
        "",
    ],
)
def test_urls_that_are_not_called(url: str) -> None:
    """Only https, and http to loopback, without a user, a fragment or a character that must be escaped."""
    with pytest.raises(RequestError) as caught:
        UrllibTransport()(HttpRequest("POST", url, {}, b""))
    assert caught.value.field == "url"


@pytest.mark.parametrize(
    "url", ["https://rest.nexmo.com", "http://localhost:1", "http://127.9.9.9", "http://[::1]:80/x"]
)
def test_urls_that_are_called(url: str) -> None:
    """https anywhere, http on loopback."""
    assert url_fault(url) is None


def test_loopback_is_told_without_looking_names_up() -> None:
    """Addresses of loopback and the name localhost, and nothing else."""
    assert [is_loopback(host) for host in ("localhost", "LOCALHOST", "127.0.0.2", "::1")] == [True] * 4
    assert [is_loopback(host) for host in ("", "127.0.0.1.nip.io", "0.0.0.0", "192.168.0.1")] == [False] * 4


@pytest.mark.parametrize("header", [{"X": "a\r\nY: b"}, {"X\n": "a"}, {"": "a"}, {"X": "é"}])
def test_headers_that_are_not_sent(header: dict[str, str]) -> None:
    """A header that could begin another one is refused before anything is sent."""
    with pytest.raises(RequestError) as caught:
        UrllibTransport()(HttpRequest("POST", f"http://127.0.0.1:{closed_port()}", header, b""))
    assert caught.value.field == "headers"


@each_row("method", ["", "GET /x HTTP/1.1\r\nX: y\r\n\r\nGET", "G T", "GET\n", "P0ST", "PÖST", "ПОСТ"])
def test_methods_that_are_not_sent(method: str) -> None:
    """A method that is not of ASCII letters alone, and so could begin a request of its own, is refused by name."""
    with pytest.raises(RequestError) as caught:
        UrllibTransport()(HttpRequest(method, f"http://127.0.0.1:{closed_port()}", {}, b""))
    assert caught.value.field == "method"


@each_row("limit", ["timeout", "deadline", "max_response"])
@each_row("value", [0, -1, float("nan"), float("inf"), 1e300, 10**400, None, "1", True])
def test_limits_that_cannot_be(limit: str, value: Any) -> None:
    """A limit of nothing, without an end or no number is refused by name."""
    with pytest.raises(RequestError) as caught:
        UrllibTransport(**{limit: value})
    assert limit == caught.value.field


def test_many_threads_share_one_transport() -> None:
    """Calls at the same time do not mix: each gets the answer to its own request."""

    def echo(served: Served, connection: socket.socket) -> None:
        body = served.read_request(connection).partition(b"\r\n\r\n")[2]
        connection.sendall(reply(body=body))

    transport = UrllibTransport()
    with serving(echo) as served, ThreadPoolExecutor(8) as pool:
        bodies = [b"text=%d&" % number for number in range(40)]
        answers = pool.map(lambda body: transport(request(served.url, body)).body, bodies)
        assert [body + SECRET.encode() for body in bodies] == list(answers)


def test_each_call_has_headers_of_its_own() -> None:
    """The caller's mapping is neither changed nor kept: what one call sends does not show in the next."""
    headers = {"Content-Type": "text/plain", "Authorization": "Basic first"}
    with answer(reply()) as served:
        transport = UrllibTransport()
        transport(HttpRequest("POST", served.url, headers, b"1"))
        transport(HttpRequest("POST", served.url, {"Content-Type": "text/plain"}, b"2"))
    assert headers == {"Content-Type": "text/plain", "Authorization": "Basic first"}
    assert b"Basic first" in served.received[0]
    assert b"uthorization" not in served.received[1]
