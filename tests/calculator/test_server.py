"""Who may ask the calculator, and in which form: every refusal, over a real socket.

Reference: RFC 9110 and RFC 9112; Content Security Policy Level 3
"""

from __future__ import annotations

import json
import re
import resource
import socket
import threading
from base64 import b64encode
from contextlib import ExitStack, suppress
from hashlib import sha256
from itertools import chain, repeat
from time import monotonic

import pytest

from smscodec._loopback import HOST, MAX_BODY, MAX_THREADS, LoopbackServer
from smscodec.calculator import server as calculator_module
from tests.calculator.asking import JSON, ask, calculator, call, head, talk
from tests.rows import each_row

QUESTION = b'{"text": "a"}'


def refusal(message: str) -> dict[str, object]:
    """An error that is of no field."""
    return {"message": message, "field": None, "position": None}


def policy(headers: str) -> dict[str, str]:
    """The directives of a Content-Security-Policy."""
    return dict(directive.split(" ", 1) for directive in headers.split("; "))


def test_the_page_runs_its_own_script_and_style_and_nothing_else(server: LoopbackServer) -> None:
    """The policy starts from nothing and names the page's one script and one style by the hashes of what was sent."""
    reply = call(server)
    directives = policy(reply.headers["Content-Security-Policy"])
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    page = reply.body.decode()
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (content,) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)
        assert content
        assert directives.pop(directive) == f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
    assert directives == {
        **dict.fromkeys(("default-src", "base-uri", "form-action", "frame-ancestors", "trusted-types"), "'none'"),
        **{"connect-src": "'self'", "img-src": "data:", "require-trusted-types-for": "'script'"},
    }
    assert set(re.findall(r'\s(?:src|href)="([^"]*)"', page)) == {"data:,", "#segments-heading"}
    assert re.findall(r"\son[a-z]+=|\sstyle=|https?://", page) == []


def test_every_reply_carries_the_same_protection(server: LoopbackServer) -> None:
    """Pages, answers and refusals alike are not sniffed, not kept, not framed and close the connection."""
    replies = [
        call(server),
        ask(server, {"text": "a"}),
        ask(server, {"text": 1}),
        call(server, target="/other"),
        call(server, headers={"Host": "example.com"}),
        talk(server, b"nonsense\r\n\r\n"),
    ]
    for reply in replies:
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert reply.headers["Connection"] == "close"
        assert reply.headers["Server"] == "smscodec"
        assert "Access-Control-Allow-Origin" not in reply.headers


def test_head_is_get_without_the_page(server: LoopbackServer) -> None:
    """HEAD gives the headers of GET, with the length of what is left out."""
    reply = call(server, "HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) == len(call(server).body)


@each_row(
    "host", ["example.com", "example.com:{port}", "127.0.0.1", "localhost", "127.0.0.1:1", "[::1]:{port}", "", "{port}"]
)
@each_row("target", ["/", "/api/measure", "/other"])
def test_other_hosts_are_refused(server: LoopbackServer, host: str, target: str) -> None:
    """A name that leads here and is not this machine's gets nothing, whatever it asks for."""
    headers = {**JSON, "Host": host.format(port=server.port)}
    for method in ("GET", "POST"):
        reply = call(server, method, target, QUESTION, headers)
        assert (reply.status, reply.json["error"]) == (403, refusal("requests with another Host are not answered here"))


def test_a_request_without_a_host_is_refused(server: LoopbackServer) -> None:
    """HTTP/1.0 and older need no Host, and are not answered without one."""
    assert talk(server, b"GET / HTTP/1.0\r\n\r\n").status == 403
    assert talk(server, b"GET /\r\n\r\n").status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machines_names_are_served(server: LoopbackServer, name: str) -> None:
    """Both names of loopback are served, with and without their own Origin."""
    authority = f"{name}:{server.port}"
    assert call(server, headers={"Host": authority}).status == 200
    assert ask(server, {"text": "a"}, Host=authority, Origin=f"http://{authority}").status == 200


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://example.com", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://127.0.0.1:{port}/",
     "http://http://127.0.0.1:{port}", "file://", "http://127.0.0.1:{port}.example.com"],
)  # fmt: skip
def test_foreign_origins_are_refused(server: LoopbackServer, origin: str) -> None:
    """A page from anywhere else is not answered, nor one without an origin of its own."""
    reply = ask(server, {"text": "a"}, Origin=origin.format(port=server.port))
    assert (reply.status, reply.json["error"]) == (403, refusal("requests with another Origin are not answered here"))


@each_row("target", ["/index.html", "/api", "/api/measure/", "/?", "/page.js", "/../page.html", "*"])
@each_row("method", ["GET", "POST", "OPTIONS"])
def test_nothing_else_is_served(server: LoopbackServer, method: str, target: str) -> None:
    """There are two paths and no third, whatever the method."""
    assert call(server, method, target, b"", JSON).status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW"])
def test_the_interface_takes_post_only(server: LoopbackServer, method: str) -> None:
    """Any other method is named as not allowed, and POST as allowed; CORS preflights are not an exception."""
    reply = call(server, method, "/api/measure", headers={"Access-Control-Request-Method": "POST"})
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_the_page_takes_get_and_head_only(server: LoopbackServer, method: str) -> None:
    """The page is there to be read."""
    reply = call(server, method, "/", b"")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {},
     {"Content-Type": "application/jsonp"}, {"Content-Type": "application/json; charset=utf-16"},
     {"Content-Type": "multipart/form-data; boundary=x"}, {**JSON, "Content-Encoding": "gzip"}],
)  # fmt: skip
def test_only_json_is_taken(server: LoopbackServer, headers: dict[str, str]) -> None:
    """What a form of a foreign page could send is no JSON, and is refused by its type."""
    assert call(server, "POST", "/api/measure", QUESTION, headers).status == 415


@pytest.mark.parametrize("kind", ["Application/JSON ; Charset=UTF-8", 'application/json;charset="utf-8"'])
def test_json_is_taken_under_all_its_names(server: LoopbackServer, kind: str) -> None:
    """Case, blanks and quotation marks in the type of JSON mean nothing."""
    assert call(server, "POST", "/api/measure", QUESTION, {"Content-Type": kind}).status == 200


def test_the_largest_body(server: LoopbackServer) -> None:
    """A body of 256 KiB is read, and one octet more is not."""
    padded = QUESTION.ljust(MAX_BODY)
    assert call(server, "POST", "/api/measure", padded, JSON).status == 200
    assert call(server, "POST", "/api/measure", padded + b" ", JSON).status == 413


def test_fifty_megabytes_are_refused_without_being_kept(server: LoopbackServer) -> None:
    """The client that sends them all gets its refusal, and this process grows by less than a fifth of them."""
    body = b" " * 50_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reply = call(server, "POST", "/api/measure", body, JSON)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (reply.status, reply.json["error"]["message"]) == (413, "the body is larger than 256 KiB")
    assert grown < 10_000  # kilobytes


def test_a_body_that_will_be_refused_is_not_asked_for(server: LoopbackServer) -> None:
    """Who waits to be told to send hears the refusal instead, and who may send is told so."""
    lines = ("Content-Type: application/json", "Expect: 100-continue")
    assert talk(server, head(server, *lines, "Content-Length: 50000000")).status == 413
    with socket.create_connection((HOST, server.port), timeout=10) as connection:
        connection.sendall(head(server, *lines, f"Content-Length: {len(QUESTION)}"))
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(QUESTION)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")


@each_row(
    ("status", "lines"),
    [
        (411, ["Transfer-Encoding: chunked"]),
        (411, ["Transfer-Encoding: chunked", "Content-Length: 13"]),
        (411, []),
        (400, ["Content-Length: 13", "Content-Length: 13"]),
        (400, ["Content-Length: 13", "Content-Length: 14"]),
        (400, ["Content-Length: -1"]),
        (400, ["Content-Length: 13, 13"]),
        (400, ["Content-Length: +13"]),
        (400, ["Content-Length: 0x0d"]),
        (400, ["Content-Length: \xb2"]),
        (413, ["Content-Length: 99999999999999999999"]),
        (400, ["Content-Length: 13", "no header at all"]),
        (400, ["Content-Length: 13", "Content-Type: text/plain"]),
        (400, ["Content-Length: 13", "Host: 127.0.0.1:{port}", "Host: example.com"]),
        (400, ["Content-Length: 13", "Origin: http://127.0.0.1:{port}", "Origin: null"]),
        (400, ["Content-Length: 13", "X: a\rOrigin: null"]),
        (400, ["Content-Length: 13", "X: a\r"]),
        (400, ["X: a\rContent-Length: 13"]),
        (400, ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"]),
        (400, ["Content-Type: application/json", "Content-Length: 13"]),
        (431, ["Content-Length: 13", *(f"X-{number}: a" for number in range(200))]),
        (431, ["Content-Length: 13", f"X: {'a' * 70_000}"]),
    ],
)
def test_heads_that_mean_two_things_or_nothing(server: LoopbackServer, status: int, lines: list[str]) -> None:
    """What frames a body in no one clear way is refused before the body is read."""
    lines = [line.format(port=server.port) for line in lines]
    reply = talk(server, head(server, "Content-Type: application/json", *lines) + QUESTION)
    assert reply.status == status
    assert set(reply.json) == {"error"}


@pytest.mark.parametrize(
    ("status", "octets"),
    [
        (400, b"<script>alert(1)</script>\r\n\r\n"),
        (400, b"GET / HTTP/1.1 <script>\r\n\r\n"),
        (505, b"GET / HTTP/9.9\r\n\r\n"),
        (414, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"),
        (403, b"GET /<script> HTTP/1.1\r\nHost: <script>\r\n\r\n"),
        (404, None),
    ],
)
def test_nothing_sent_comes_back(server: LoopbackServer, status: int, octets: bytes | None) -> None:
    """A refusal is JSON in the calculator's own words, and quotes nothing of the request line or its headers."""
    sent = octets or head(server, request="GET /<script> HTTP/1.1")
    reply = talk(server, sent)
    assert reply.status == status
    assert set(reply.json["error"]) == {"message", "field", "position"}
    assert b"script" not in reply.body


def test_a_slow_client_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    """One octet now and then keeps a connection no longer than the time for the whole request, and nothing is said."""
    with calculator(timeout=0.5) as server, socket.create_connection((HOST, server.port), timeout=10) as connection:
        began = monotonic()
        connection.sendall(head(server, *(f"{name}: {value}" for name, value in JSON.items()), "Content-Length: 1000"))
        connection.settimeout(0.1)
        while True:
            try:
                connection.sendall(b" ")
                if connection.recv(100) == b"":
                    break
            except TimeoutError:
                assert monotonic() - began < 8
            except ConnectionError:
                break
    assert capsys.readouterr() == ("", "")


@each_row(("seconds", "answer"), [(9.5, b"H"), (10.0, b"")])
def test_ten_seconds_by_default(seconds: float, answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that has not arrived after ten seconds is dropped, and one that has is served."""
    times = chain([0.0], repeat(seconds))
    monkeypatch.setattr("smscodec._loopback.monotonic", lambda: next(times))
    with calculator() as server, socket.create_connection((HOST, server.port), timeout=10) as connection:
        connection.sendall(head(server, request="GET / HTTP/1.1"))
        received = b""
        with suppress(ConnectionError):
            received = connection.recv(1)
        assert received == answer


def test_who_waits_for_a_thread_is_sent_away_at_the_end() -> None:
    """A server that closes ends every connection, also one that no thread has taken yet."""
    with ExitStack() as stack:
        with calculator() as server:
            address = HOST, server.port
            opened = [stack.enter_context(socket.create_connection(address, 10)) for _ in range(MAX_THREADS + 1)]
            while sum("process_request_thread" in thread.name for thread in threading.enumerate()) < MAX_THREADS:
                pass
        for connection in opened:
            with suppress(ConnectionError):  # the system drops one that was not even accepted
                assert connection.recv(1) == b""


def test_sixteen_threads_at_most() -> None:
    """Idle connections take sixteen threads and no more; when one of them goes, the next in line is served."""
    with calculator() as server:
        idle = [socket.create_connection((HOST, server.port), timeout=10) for _ in range(MAX_THREADS + 4)]
        while threading.active_count() < MAX_THREADS:
            pass
        waiting = socket.create_connection((HOST, server.port), timeout=10)
        waiting.sendall(head(server, request="HEAD / HTTP/1.1"))
        serving = [thread for thread in threading.enumerate() if "process_request_thread" in thread.name]
        assert len(serving) <= MAX_THREADS
        waiting.settimeout(0.2)
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        for connection in idle:
            connection.close()
        waiting.settimeout(10)
        assert waiting.recv(15) == b"HTTP/1.1 200 OK"
        waiting.close()


def test_a_thread_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the system has no thread left a connection is closed, and its place among the sixteen is free again."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with calculator() as server:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            for _ in range(MAX_THREADS + 1):
                with socket.create_connection((HOST, server.port), timeout=10) as connection:
                    assert connection.recv(1) == b""
        assert call(server).status == 200
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_ours_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake in the calculator is told as such: the traceback stays here, and the server goes on."""
    with calculator() as server:
        with monkeypatch.context() as patch:
            patch.setattr(calculator_module, "answer", lambda question: 1 / 0)
            reply = ask(server, {"text": "a"})
        assert (reply.status, reply.json["error"]["message"]) == (500, "Internal Server Error")
        assert b"ZeroDivisionError" not in reply.body
        assert ask(server, {"text": "a"}).status == 200
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_text_is_utf8_and_reply_too(server: LoopbackServer) -> None:
    """Text comes as UTF-8 or as escapes, and goes back as UTF-8."""
    for body in ('{"text": "ж😀"}'.encode(), json.dumps({"text": "ж😀"}).encode()):
        reply = call(server, "POST", "/api/measure", body, JSON)
        assert "".join(run["text"] for run in reply.json["segments"][0]["runs"]) == "ж😀"
        assert "ж".encode() in reply.body
