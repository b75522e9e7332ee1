"""What the simulator refuses to be made with, and what must not bring it to a halt."""

from __future__ import annotations

import errno
import socket
import threading
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from smscodec.simulator import (
    Accept,
    CallbackState,
    Outcome,
    RecordedCallback,
    RecordedRequest,
    Refuse,
    Simulator,
    delivery,
    records,
)
from smscodec.simulator.callbacks import Callback, CallbackForm, form_of
from tests.vonage.hooks import hooked
from tests.vonage.simulated import GOOD, answered, send

UNUSABLE_URLS = [
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:abc/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:1/é",
    "http://127.0.0.1:1/a b",
    "http://127.0.0.1:1/\r\nX: y",
    "ftp://127.0.0.1/",
    "//127.0.0.1/",
    "http:///path",
    "http://[",
    "http://:80/",
    "",
]


@pytest.mark.parametrize("url", UNUSABLE_URLS)
def test_urls_that_cannot_be_called(url: str) -> None:
    """A URL that no webhook can have is refused where it is given, and status 23 in a request."""
    for name in ("receipt_url", "inbound_url"):
        with pytest.raises(ValueError, match=f"^{name} must be "):
            Simulator(**{name: url})  # type: ignore[arg-type]  # the name is one of the two
    with Simulator() as sim, pytest.raises(ValueError, match=r"^url must be "):
        sim.inbound("Hello", url=url)
    assert sim.callbacks == []
    assert answered({**GOOD, "callback": url}) == [23]


@pytest.mark.parametrize(
    "url", ["http://[::1]:8080/x?y=z", "HTTP://LOCALHOST", "https://a.example/#b", "http://a:/", "http://a:1"]
)
def test_urls_that_can_be_called(url: str) -> None:
    """Anything with http or https, a host and a possible port is taken."""
    Simulator(receipt_url=url, inbound_url=url)
    assert answered({**GOOD, "callback": url}) == [0]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"api_key": ""}, ValueError),
        ({"api_key": None}, TypeError),
        ({"api_secret": b"secret"}, TypeError),
        ({"signature_secret": ""}, ValueError),
        ({"signature_secret": 1}, TypeError),
        ({"signature_method": "sha256"}, TypeError),
        ({"sign_callbacks": True}, ValueError),
        ({"port": "80"}, TypeError),
        ({"port": 65_536}, ValueError),
        ({"port": -1}, ValueError),
        ({"receipt_url": b"http://127.0.0.1/"}, TypeError),
        ({"callback_method": "GET"}, TypeError),
        ({"balance": 1.5}, TypeError),
        ({"balance": Decimal("NaN")}, ValueError),
        ({"price": "1"}, TypeError),
        ({"price": Decimal(-1)}, ValueError),
        ({"requests_per_second": 0}, ValueError),
        ({"requests_per_second": 1.5}, TypeError),
        *(({name: True}, TypeError) for name in ("port", "requests_per_second", "balance", "price")),
    ],
    ids=str,
)
def test_arguments_that_make_no_simulator(arguments: dict[str, Any], error: type[Exception]) -> None:
    """A wrong argument is refused when the simulator is made, by its name, and not by the first request."""
    with pytest.raises(error, match=f"^{next(iter(arguments))} "):
        Simulator(**arguments)


def test_arguments_at_their_limits_make_one() -> None:
    """The first and the last port, one request a second, and no money and no price are all taken."""
    for port in (0, 65_535):
        Simulator(port=port, requests_per_second=1, balance=Decimal(0), price=Decimal(0))


@pytest.mark.parametrize(
    ("outcomes", "error"),
    [(["x"], TypeError), ([0, None], TypeError), ([True], TypeError), ([1.0], TypeError), ([0, -1], ValueError)],
    ids=str,
)
def test_scripts_that_make_no_sense(outcomes: Any, error: type[Exception]) -> None:
    """A script is taken as a whole or not at all."""
    with Simulator() as sim:
        with pytest.raises(error):
            sim.script([Refuse(4), *outcomes])
        assert send(sim).statuses == [0]
        script: list[Outcome | int] = [Refuse(4), Accept()]
        sim.script(iter(script))
        assert [send(sim).statuses for _ in range(3)] == [[4], [0], [0]]


def test_nothing_of_a_simulator_that_has_ended() -> None:
    """After the block the records can be read; there is no address, and nothing more is sent."""
    with hooked() as hook:
        with Simulator(receipt_url=hook.url, inbound_url=hook.url) as sim:
            send(sim)
            sim.settle()
        for use in (lambda: sim.url, lambda: sim.inbound("Hello"), lambda: sim.advance(1), sim.settle):
            with pytest.raises(RuntimeError):
                use()
    assert (len(sim.requests), len(sim.messages), len(sim.callbacks), len(hook.calls)) == (1, 1, 1, 1)


def test_nothing_was_called_back_before() -> None:
    """A simulator that has not begun has no callbacks to show."""
    assert Simulator().callbacks == []


# What must not end it -------------------------------------------------------------------------------------------------


def test_a_call_that_fails_in_any_way_is_no_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in calling a webhook, that attempt had no reply, and the next callbacks go out."""

    def failing(callback: Callback) -> CallbackForm:
        if callback.params["text"] == "fails":
            raise UnicodeEncodeError("ascii", "é", 0, 1, "for the test")
        return form_of(callback)

    monkeypatch.setattr(delivery, "form_of", failing)
    with hooked() as hook, Simulator(inbound_url=hook.url) as sim:
        for text in ("fails", "passes"):
            sim.inbound(text, repeat=False)
            sim.settle(5)
        failed, passed = sim.callbacks
    assert [attempt.http_status for attempt in failed.attempts] == [None]
    assert (failed.state, passed.state) == (CallbackState.PENDING, CallbackState.DELIVERED)


def test_an_observer_that_raises_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an observer raises goes to threading.excepthook; the request is answered and the callbacks go on."""
    raised: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: raised.append(str(told.exc_value)))

    def observe(record: RecordedRequest | RecordedCallback) -> None:
        raise OSError(type(record).__name__)

    with hooked() as hook, Simulator(receipt_url=hook.url, observe=observe) as sim:
        for _ in range(2):
            assert send(sim).statuses == [0]
            sim.settle(5)
    assert len(hook.calls) == 2
    assert sorted(raised) == ["RecordedCallback"] * 2 + ["RecordedRequest"] * 2


# Requests that are cut ------------------------------------------------------------------------------------------------


def exchanged(sim: Simulator, octets: bytes) -> bytes:
    """What comes back for octets after which the client says no more; PORT in them is the simulator's."""
    with socket.create_connection(("127.0.0.1", int(sim.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(octets.replace(b"PORT", sim.url.rpartition(":")[2].encode()))
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while some := connection.recv(4096):
            answer += some
        return answer


REQUEST_LINE = f"POST /sms/json?{urlencode(GOOD)} HTTP/1.1\r\n".encode()
HEAD = REQUEST_LINE + b"Host: localhost:PORT\r\nContent-Length: 0\r\nAccept: */*\r\n\r\n"


def test_a_request_that_is_cut_in_its_head_is_none() -> None:
    """However much of the head came, without its end nothing is taken, recorded or answered."""
    with Simulator(requests_per_second=1000) as sim:
        for length in range(1, len(HEAD)):
            answer = exchanged(sim, HEAD[:length])
            # Half a request line is no line of HTTP, which the server says of its own accord.
            assert answer == b"" or answer.startswith(b"HTTP/1.1 4") or b"<!DOCTYPE" in answer
        assert (sim.requests, sim.messages) == ([], [])
        assert exchanged(sim, HEAD).startswith(b"HTTP/1.1 200")


def test_a_post_says_how_long_it_is() -> None:
    """A POST without a Content-Length is answered with 411, and nothing is taken."""
    with Simulator() as sim:
        answer = exchanged(sim, HEAD.replace(b"Content-Length: 0\r\n", b""))
        assert answer.startswith(b"HTTP/1.1 411")
    assert (sim.requests, sim.messages) == ([], [])


@pytest.mark.parametrize("host", ["example.com", "example.com:PORT", "127.0.0.1", "localhost:1", "", "[::1]:PORT"])
@pytest.mark.parametrize("target", ["/sms/json", "/sms/xml", "/other"])
def test_other_hosts_are_refused(host: str, target: str) -> None:
    """A name that was made to lead here gets no answer of the service, and nothing is taken."""
    request = HEAD.replace(b"localhost:PORT", host.encode()).replace(b"/sms/json", target.encode())
    with Simulator() as sim:
        assert exchanged(sim, request).startswith(b"HTTP/1.1 403")
        assert exchanged(sim, request.replace(b"Host: ", b"X: ")).startswith(b"HTTP/1.1 403")
    assert (sim.requests, sim.messages) == ([], [])


@pytest.mark.parametrize(
    "origin", ["null", "", "http://example.com", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "file://"]
)
def test_pages_of_other_origins_are_refused(origin: str) -> None:
    """A page in the browser cannot make the simulator take a message, in whatever form it posts it."""
    with Simulator() as sim:
        for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            lines = f"Origin: {origin}\r\nContent-Type: {content_type}\r\nAccept:"
            answer = exchanged(sim, HEAD.replace(b"Accept:", lines.encode()))
            assert answer.startswith(b"HTTP/1.1 403")
            assert b"Origin" in answer
        assert (sim.requests, sim.messages) == ([], [])
        own = HEAD.replace(b"Accept:", b"Origin: http://localhost:PORT\r\nAccept:")
        assert exchanged(sim, own).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("place", [b"X: a\rY: b\r\nAccept:", b"X: \r\r\nAccept:", b"\rAccept:"])
def test_a_bare_return_ends_no_header(place: bytes) -> None:
    """A carriage return inside a line, which some readers take for a line end and others not, is refused."""
    with Simulator() as sim:
        assert exchanged(sim, HEAD.replace(b"Accept:", place)).startswith(b"HTTP/1.1 400")
        assert exchanged(sim, HEAD.replace(b" HTTP/1.1", b"\rHTTP/1.1")).startswith(b"HTTP/1.1 400")
    assert (sim.requests, sim.messages) == ([], [])


def test_a_port_in_use_is_named() -> None:
    """The error of a port that is taken says which port it is."""
    with Simulator() as sim:
        port = int(sim.url.rpartition(":")[2])
        with pytest.raises(OSError, match=f"port {port} of 127.0.0.1 is in use") as caught, Simulator(port=port):
            pass
    assert caught.value.errno == errno.EADDRINUSE


# What is remembered ---------------------------------------------------------------------------------------------------


def test_records_are_bounded_by_their_octets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large requests push out more of the older ones than small ones do; the latest is always there."""
    monkeypatch.setattr(records, "MAX_RECORDED_OCTETS", 40_000)
    with Simulator() as sim:
        send(sim)
        for _ in range(10):
            send(sim, something="z" * 10_000)
        assert [request.body.count(b"z") for request in sim.requests] == [10_000] * 3
        assert len(sim.messages) == 3
        send(sim, something="x" * 100_000)
        assert [len(request.params["something"]) for request in sim.requests] == [100_000]


def test_numbers_that_asked_before_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count of requests for a number, which 7001 needs, is kept for the latest numbers only."""
    monkeypatch.setattr(records, "MAX_RECORDS", 2)
    numbers = [f"44770090{number}7001" for number in range(3)]
    with Simulator() as sim:
        first = [send(sim, to=numbers[0]).statuses for _ in range(3)]
        others = [send(sim, to=number).statuses for number in numbers[1:]]
        assert (first, others, send(sim, to=numbers[0]).statuses) == ([[1], [1], [0]], [[1], [1]], [1])


def test_callbacks_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A callback is given up at once where as many as are remembered wait for their repeats."""
    monkeypatch.setattr(delivery, "MAX_RECORDS", 2)
    with hooked([500] * 3) as hook, Simulator(inbound_url=hook.url) as sim:
        for _ in range(3):
            sim.inbound("Hello", repeat=False)
            sim.settle()
        assert [callback.state for callback in sim.callbacks] == [CallbackState.PENDING, CallbackState.GIVEN_UP]
    assert len(hook.calls) == 2
