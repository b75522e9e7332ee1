"""The numbers that choose an outcome, the limits of account and server, and what the simulator remembers.

Reference: SMS API 1.0.0 and 1.5.1, x-errors
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Mapping
from decimal import Decimal
from unittest import mock
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.simulator import (
    Accept,
    CallbackState,
    Drop,
    HttpFault,
    Outcome,
    PartlyRefuse,
    RecordedCallback,
    RecordedMessage,
    RecordedRequest,
    Refuse,
    Simulator,
    records,
)
from smscodec.simulator.checks import Account
from smscodec.simulator.outcomes import outcome_for
from smscodec.simulator.reading import Incoming, Reading
from smscodec.simulator.replies import ReplyPart, render
from smscodec.simulator.service import Answer, Service
from smscodec.simulator.simulator import _octets
from smscodec.vonage.statuses import STATUSES
from tests.rows import each_row
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


PAGE = b"<html><head><title>502 Bad Gateway</title></head><body></body></html>"
CHOSEN: dict[str, Outcome] = {
    "7000": Accept(),
    "7001": Accept(),
    "7002": Drop(),
    "7003": Accept(),
    "7004": HttpFault(429, "text/plain", b"Too Many Requests", retry_after=1),
    "7005": HttpFault(502, "text/html", PAGE),
    "7006": PartlyRefuse(1),
    "7007": Accept(receipt_first=True),
    "7008": Accept(earlier=("accepted", "buffered")),
    "7009": Accept(last_error=8),
    "7010": Accept(second_error=8),
    "7011": Accept(),
    **{f"80{code:02}": Accept(code) for code in range(100)},
    **{f"90{status:02}": Refuse(status) if status else Accept() for status in range(100)},
    "0907": Accept(),
    "9070": Refuse(70),
}


def test_what_a_number_chooses() -> None:
    """The last four digits alone choose, and any that are not listed mean delivery."""
    for ending, outcome in CHOSEN.items():
        assert [outcome_for(f"{begin}{ending}", earlier=2) for begin in ("4477009", "90", "80")] == [outcome] * 3
    assert [outcome_for("447700907001", earlier) for earlier in range(4)] == [
        Refuse(1, "Throughput Rate Exceeded - please wait [ 702 ] and retry"),
        Refuse(1, "Throughput Rate Exceeded. INTERVAL [ 1000 ] TIME_SINCE_LAST_INTERVAL_START [ 529 ]"),
        Accept(),
        Accept(),
    ]


def asked(service: Service, changes: Mapping[str, str] | None = None, *, now: float = 0.0) -> Answer:
    """The service's whole answer to a good form with some parameters changed."""
    form = urlencode({**GOOD, **(changes or {})}).encode()
    return service.answer(Incoming("POST", "/sms/json", "", {"content-type": FORM}, form), now=now)


def test_the_reply_to_the_last_octet() -> None:
    """In both formats, with all that a part can have and with as little as it may have."""
    whole = ReplyPart(0, "1", "2", Decimal("9.90"), Decimal("0.10"), network="3", client_ref="<", account_ref="4")
    parts = [whole, ReplyPart(9, error_text="5")]
    expected = (
        b'{\n    "message-count": "2",\n    "messages": [\n        {\n            "to": "1",'
        b'\n            "message-id": "2",\n            "status": "0",\n            "remaining-balance": "9.90",'
        b'\n            "message-price": "0.10",'
        b'\n            "network": "3",\n            "client-ref": "<",\n            "account-ref": "4"\n        },'
        b'\n        {\n            "status": "9",\n            "error-text": "5"\n        }\n    ]\n}'
    )
    assert render(parts, "json") == ("application/json", expected)
    expected = (
        b"<?xml version='1.0' encoding='UTF-8'?>\n<mt-submission-response><messages count=\"2\">"
        b"<message><to>1</to><messageId>2</messageId><status>0</status><remainingBalance>9.90</remainingBalance>"
        b"<messagePrice>0.10</messagePrice><network>3</network><clientRef>&lt;</clientRef><accountRef>4</accountRef>"
        b"</message><message><status>9</status><errorText>5</errorText></message></messages></mt-submission-response>"
    )
    assert render(parts, "xml") == ("text/xml", expected)


@each_row(
    ("changes", "text", "segments"),
    [
        ({"text": "Hi"}, "Hi", 1),
        ({"type": "unicode", "text": "жж"}, "жж", 1),
        ({"type": "unicode", "text": "a" * 71}, "a" * 71, 2),
        ({"type": "binary", "body": "00" * 140}, "", 1),
        ({"type": "wappush", "title": "a" * 100, "url": "b" * 33}, "", 1),
        ({"type": "wappush", "title": "a" * 100, "url": "b" * 34}, "", 2),
        *(({"type": kind, kind: "a" * 133}, "", 1) for kind in ("vcard", "vcal")),
        *(({"type": kind, kind: "a" * 256}, "", 2) for kind in ("vcard", "vcal")),
        *(({"type": kind, kind: "a" * 257}, "", 3) for kind in ("vcard", "vcal")),
    ],
)
def test_what_becomes_of_each_type(changes: dict[str, str], text: str, segments: int) -> None:
    """A text is shown as it arrives; anything else shows nothing, and takes the room of a port in each segment."""
    message = asked(Service(Account(KEY, SECRET)), changes).message
    assert message is not None
    assert (message.type, message.text, message.segments) == (changes.get("type", "text"), text, segments)
    assert (message.to, message.sender, len(message.message_ids)) == (GOOD["to"], GOOD["from"], segments)


def test_http_of_an_answer() -> None:
    """What was accepted or refused comes with 200, a fault as it was asked for, and the wrong method with Allow."""
    service = Service(Account(KEY, SECRET))
    service.script([0, 9, HttpFault(503), HttpFault(429, retry_after=7), Drop()])
    found = [(answer.http_status, answer.headers) for answer in (asked(service) for _ in range(5))]
    assert found == [(200, {}), (200, {}), (503, {}), (429, {"Retry-After": "7"}), (None, {})]
    answer = service.answer(Incoming("GET", "/sms/json"), now=0)
    assert (answer.http_status, answer.content_type, answer.headers) == (405, "text/plain", {"Allow": "POST"})
    assert service.answer(Incoming("POST", "/sms/json/"), now=0).http_status == 404


def test_the_last_cent_is_spent() -> None:
    """What is left may be spent to nothing, and a price of nothing is always left."""
    service = Service(Account(KEY, SECRET), balance=Decimal("0.04"), price=Decimal("0.02"))
    assert [asked(service, {"text": "a" * 161}).statuses for _ in range(2)] == [(0, 0), (9,)]
    service = Service(Account(KEY, SECRET), balance=Decimal(0), price=Decimal(0))
    assert asked(service).statuses == (0,)


def test_as_many_numbers_as_records_are_remembered() -> None:
    """The number that asked longest ago is forgotten when there is one too many, and no sooner."""
    service = Service(Account(KEY, SECRET))
    with mock.patch.object(records, "MAX_RECORDS", 2):
        statuses = [asked(service, {"to": f"4477{one}07001"}).statuses for one in (1, 2, 1, 1, 3, 1, 2)]
    assert statuses == [(1,), (1,), (1,), (0,), (1,), (0,), (1,)]


def test_nothing_private_in_what_the_service_handles() -> None:
    """Requests, their readings, replies and answers show neither a parameter nor a secret nor a body."""
    private = {"private": "private"}
    incoming = Incoming("POST", "/", "private", private, b"private")
    part = ReplyPart(0, to="private", client_ref="private", account_ref="private")
    answer = Answer(200, body=b"private", params=private)
    seen = (incoming, Reading(private, ("private", "private")), part, answer, HttpFault(500, body=b"private"))
    assert "private" not in repr((*seen, Account(KEY, "private", "private")))
    assert Answer(None).body == Incoming("GET", "/").body == b""
    assert Incoming("GET", "/").query == ""


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


def test_a_wait_is_a_millisecond_at_least() -> None:
    """Half a millisecond before its end a second is still full, and the wait that is stated is not nothing."""
    service = Service(Account(KEY, SECRET), requests_per_second=1)
    texts = [json.loads(asked(service, now=now).body)["messages"][0].get("error-text") for now in (5, 5.9996, 5.75)]
    assert texts == [None, *(f"Throughput Rate Exceeded - please wait [ {left} ] and retry" for left in (1, 250))]


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


def test_records_in_plain_types() -> None:
    """The API secret is left out, and with it all that was sent as it came."""
    params = {"to": "1", "api_secret": "private"}
    request = RecordedRequest(1.5, "POST", "/x", "private", {"a": "private"}, b"private", params, None, (0, 1))
    assert request.as_dict() == {
        **{"type": "RecordedRequest", "at": 1.5, "params": {"to": "1"}},
        **{"method": "POST", "path": "/x", "http_status": None, "statuses": [0, 1]},
    }
    message = RecordedMessage(1.5, "text", 2, ("0A",), "1", "Acme", "Hi", params)
    assert message.as_dict() == {
        **{"type": "RecordedMessage", "at": 1.5, "params": {"to": "1"}, "message_type": "text"},
        **{"segments": 2, "message_ids": ["0A"], "to": "1", "sender": "Acme", "text": "Hi"},
    }


def test_what_is_remembered_and_for_how_many_octets_it_counts() -> None:
    """Ten thousand records or 64 MiB of them; a request counts with its path, query, headers and body."""
    assert (records.MAX_RECORDS, records.MAX_RECORDED_OCTETS) == (10_000, 67_108_864)
    assert _octets(Incoming("POST", "/ab", "c", {"de": "fgh", "i": ""}, b"jklm")) == 3 + 1 + 5 + 1 + 4


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


def test_threads_of_a_simulator_end_with_the_program() -> None:
    """A program that never leaves the block is not kept alive by it; the threads have names for a debugger."""
    with Simulator() as sim:
        address = ("127.0.0.1", urlsplit(sim.url).port)
        found = {one.name: one.daemon for one in threading.enumerate() if one.name.startswith("smscodec-simulator")}
    assert found == {"smscodec-simulator": True, "smscodec-simulator-callbacks": True}
    assert "smscodec-simulator-callbacks" not in {one.name for one in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_the_seed_chooses_the_order_of_inbound_parts() -> None:
    """Parts come in an order of chance, half of them twice, and the same for the same seed, which is 0 by default."""
    orders = []
    url = "http://192.0.2.1/"
    seeded = [Simulator(inbound_url=url), *(Simulator(inbound_url=url, seed=seed) for seed in range(3))]
    for simulator in seeded:
        with simulator as sim:
            calls = sim.inbound("a" * 153 * 9 + "b" * 100)
            assert {call.state for call in calls} == {CallbackState.REFUSED}
            orders.append([call.params["concat-part"] for call in calls])
            once = sim.inbound("a" * 153 * 9 + "b" * 100, repeat=False)
            orders[-1] += [call.params["concat-part"] for call in once]
            assert orders[-1][-10:] != sorted(orders[-1][-10:], key=int)
            in_order = sim.inbound("a" * 153 * 9 + "b" * 100, shuffle=False)
            assert [call.params["concat-part"] for call in in_order[:10]] == [str(number) for number in range(1, 11)]
            assert len(in_order) == len(set(orders[-1])) + 5 == 15
            assert [call.params["text"] for call in sim.inbound()] == ["", ""]
            assert [call.params["text"] for call in sim.inbound("x", repeat=False)] == ["x"]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders[1:]}) == 3


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
            began = time.monotonic()
        assert time.monotonic() - began < 9
        [call] = served.received
    assert b"\r\nUser-Agent: smscodec-simulator\r\nContent-Type: application/json\r\n" in call


def test_the_simulator_runs_inside_a_with_block() -> None:
    """Before the block there is no address to give."""
    with pytest.raises(RuntimeError):
        _ = Simulator().url


def test_the_port_can_be_chosen() -> None:
    """A fixed port, for a program that is configured with one."""
    port = closed_port()
    with Simulator(port=port) as sim:
        assert sim.url == f"http://127.0.0.1:{port}"
