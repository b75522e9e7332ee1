"""The numbers that choose an outcome, the limits of account and server, and what the simulator remembers.

Reference: SMS API 1.0.0 and 1.5.1, x-errors
"""

from __future__ import annotations

import http.client
import json
import socket
import time
from decimal import Decimal
from unittest import mock
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.simulator import (
    RecordedCallback,
    RecordedRequest,
    Simulator,
    records,
)
from smscodec.simulator.checks import Account
from smscodec.simulator.reading import Incoming
from smscodec.simulator.service import Service
from smscodec.vonage.statuses import STATUSES
from tests.vonage.hooks import hooked
from tests.vonage.simulated import FORM, GOOD, KEY, SECRET, SIGNATURE_SECRET, answered, send
from tests.vonage.sockets import Served, closed_port, serving


@pytest.mark.parametrize("status", [1, 2, 5, 9, 17, 33, 77, 99])
def test_numbers_that_choose_an_api_status(status: int) -> None:
    """A number that ends in 90NN is refused with status NN."""
    assert answered({**GOOD, "to": f"44770090{9000 + status}"}) == [status]


def test_every_status_has_its_words() -> None:
    """A status of the specification has an error text of its own, and any other says that it was made up."""
    service = Service(Account(KEY, SECRET), requests_per_second=100)
    named = []
    for status in range(1, 100):
        form = urlencode({**GOOD, "to": f"44770090{9000 + status}"}).encode()
        answer = service.answer(Incoming("POST", "/sms/json", "", {"content-type": FORM}, form), now=0)
        [part] = json.loads(answer.body)["messages"]
        if part["error-text"] != f"Simulated status {status}":
            named.append(status)
    assert named == [status for status in STATUSES if status]


def test_number_of_9000_is_accepted() -> None:
    """Status 0 is acceptance."""
    assert answered({**GOOD, "to": "447700909000"}) == [0]


def test_number_that_is_throttled_twice() -> None:
    """The first two requests for the number are refused, each in one of the service's wordings, and the third taken."""
    with Simulator() as sim:
        first, second, third = (send(sim, to="447700907001").parts[0] for _ in range(3))
    assert "please wait [ 702 ] and retry" in first["error-text"]
    assert "INTERVAL [ 1000 ]" in second["error-text"]
    assert "TIME_SINCE_LAST_INTERVAL_START [ 529 ]" in second["error-text"]
    assert [part["status"] for part in (first, second, third)] == ["1", "1", "0"]


def test_number_that_drops_the_connection() -> None:
    """The request is read, recorded and taken, and nothing comes back."""
    with Simulator() as sim, pytest.raises(http.client.RemoteDisconnected):
        send(sim, to="447700907002")
    assert [request.http_status for request in sim.requests] == [None]
    assert len(sim.messages) == 1


def test_numbers_that_fault() -> None:
    """429 says when to come back, 502 is a page, and neither takes the message."""
    with Simulator() as sim:
        busy, page = send(sim, to="447700907004"), send(sim, to="447700907005")
    assert (busy.status, busy.headers["Retry-After"]) == (429, "1")
    assert (page.status, page.headers["Content-Type"]) == (502, "text/html")
    assert page.body.startswith(b"<html>")
    assert sim.messages == []


@pytest.mark.parametrize(("text", "statuses"), [("Hello", [0, 1]), ("a" * 400, [0, 0, 1])])
def test_number_of_partial_success(text: str, statuses: list[int]) -> None:
    """The last part is refused and those before it are charged; there are two parts at least."""
    with Simulator() as sim:
        reply = send(sim, to="447700907006", text=text)
        after = send(sim).parts[0]
    assert reply.statuses == statuses
    assert len(sim.messages[0].message_ids) == statuses.count(0)
    assert Decimal(after["remaining-balance"]) == 100 - Decimal("0.0333") * (statuses.count(0) + 1)


def test_thirty_requests_a_second() -> None:
    """The thirty-first request of a second is throttled, its text says for how long, and the next second is free."""
    with Simulator(clock=lambda: 5000.0) as sim:
        assert [send(sim).statuses for _ in range(30)] == [[0]] * 30
        sim.advance(0.25)
        assert send(sim).parts == [
            {"status": "1", "error-text": "Throughput Rate Exceeded - please wait [ 750 ] and retry"}
        ]
        sim.advance(0.75)
        assert send(sim).statuses == [0]


def test_credit_runs_out() -> None:
    """A message that costs more than what is left is refused whole with status 9."""
    with Simulator(balance=Decimal("0.05"), price=Decimal("0.02")) as sim:
        assert send(sim, text="a" * 400).statuses == [9]
        assert send(sim, text="a" * 200).statuses == [0, 0]
        assert send(sim).statuses == [9]


def test_records_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest requests and messages are forgotten when there are too many."""
    monkeypatch.setattr(records, "MAX_RECORDS", 3)
    with Simulator() as sim:
        for number in range(5):
            send(sim, to=f"44770090000{number}")
    assert [request.params["to"] for request in sim.requests] == [f"44770090000{number}" for number in (2, 3, 4)]
    assert [message.to for message in sim.messages] == [f"44770090000{number}" for number in (2, 3, 4)]


@given(st.lists(st.integers(0, 9), max_size=9))
def test_the_latest_records_are_kept(sizes: list[int]) -> None:
    """As many of the latest as neither number nor octets forbid, and the last one whatever its size."""
    with mock.patch.multiple(records, MAX_RECORDS=4, MAX_RECORDED_OCTETS=12):
        kept = records.Records[int]()
        for number, octets in enumerate(sizes):
            kept.append(number, octets)
    latest = [sizes[-count:] for count in range(1, min(len(sizes), 4) + 1)]
    fitting = [len(some) for some in latest if len(some) == 1 or sum(some) <= 12]
    assert kept.all() == list(range(len(sizes)))[-max(fitting, default=1) :]


def test_records_print_nothing_that_is_private() -> None:
    """Neither a secret nor a number nor a text nor a webhook's address shows in the repr of a record."""
    with hooked() as hook, Simulator(receipt_url=hook.url) as sim:
        send(sim, text="private text", client_ref="private reference", type="unicode")
        sim.settle()
        shown = repr((sim, sim.requests, sim.messages, sim.callbacks, Account(KEY, SECRET, SIGNATURE_SECRET)))
    for hidden in (SECRET, SIGNATURE_SECRET, GOOD["to"], GOOD["from"], "private", hook.url):
        assert hidden not in shown


def test_observer_sees_requests_and_attempts() -> None:
    """Whoever asked is told of each request and each attempt at a callback."""
    seen: list[RecordedRequest | RecordedCallback] = []
    with hooked() as hook, Simulator(receipt_url=hook.url, observe=seen.append) as sim:
        send(sim)
        sim.settle()
    assert [type(record) for record in seen] == [RecordedRequest, RecordedCallback]


def test_sixteen_connections_at_a_time() -> None:
    """Idle connections take their threads and no more; the next request waits until one of them goes."""
    with Simulator() as sim:
        address = ("127.0.0.1", urlsplit(sim.url).port)
        idle = [socket.create_connection(address) for _ in range(16)]
        waiting = socket.create_connection(address)
        waiting.settimeout(0.2)
        waiting.sendall(f"GET / HTTP/1.1\r\nHost: localhost:{address[1]}\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        for connection in idle:
            connection.close()
        waiting.settimeout(10)
        assert waiting.recv(12) == b"HTTP/1.1 404"
        waiting.close()


def test_a_webhook_that_never_answers_does_not_hold_up_the_end() -> None:
    """Leaving the block ends the call of a webhook that is still waited for."""

    def talk(served: Served, connection: socket.socket) -> None:
        served.read_request(connection)
        # Waits for the other side to go away.
        connection.recv(1)

    with serving(talk) as served:
        with Simulator(receipt_url=served.url) as sim:
            send(sim)
            while not served.received:
                time.sleep(0.005)
            with pytest.raises(TimeoutError):
                sim.settle(0.01)
        assert len(served.received) == 1


def test_the_simulator_runs_inside_a_with_block() -> None:
    """Before the block there is no address to give."""
    with pytest.raises(RuntimeError):
        _ = Simulator().url


def test_the_port_can_be_chosen() -> None:
    """A fixed port, for a program that is configured with one."""
    port = closed_port()
    with Simulator(port=port) as sim:
        assert sim.url == f"http://127.0.0.1:{port}"
