"""Delivery receipts and inbound messages as the simulator sends them, taken by a webhook of the tests' own.

Reference: SMS API 1.0.0 and 1.5.1, DeliveryReceipt and InboundMessage
"""

from __future__ import annotations

import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any

import pytest

from smscodec.simulator import (
    Accept,
    CallbackKind,
    CallbackMethod,
    CallbackState,
    HttpFault,
    RecordedMessage,
    Refuse,
    Simulator,
)
from smscodec.simulator.callbacks import receipts
from smscodec.simulator.checks import Account
from smscodec.vonage.inbound import InboundAssembler
from smscodec.vonage.signature import SignatureMethod, verify
from smscodec.vonage.webhook import DeliveryReceipt, InboundMessage, parse_webhook
from tests.vonage.hooks import Hook, hooked
from tests.vonage.simulated import KEY, SECRET, SIGNATURE_SECRET, send
from tests.vonage.sockets import closed_port


def receipts_of(sim: Simulator, hook: Hook) -> list[dict[str, str]]:
    """The parameters of the calls of the webhook, once they have all come."""
    sim.settle()
    return [call.params() for call in hook.calls]


@pytest.mark.parametrize("method", CallbackMethod)
def test_delivery_receipts_in_every_form(method: CallbackMethod) -> None:
    """Each accepted part is reported, with the fields of the specification, by GET, by form and by JSON."""
    with hooked() as hook, Simulator(callback_method=method, clock=lambda: 1_600_000_000.0) as sim:
        send(sim, callback=hook.url + "/receipt?mine=1", client_ref="ж&=", text="a" * 161)
        first, second = receipts_of(sim, hook)
    expected = {
        "msisdn": "447700900000",
        "to": "AcmeInc",
        "network-code": "12345",
        "messageId": "0A00000000000001",
        "price": "0.03330000",
        "status": "delivered",
        "scts": "2009131226",
        "err-code": "0",
        "api-key": KEY,
        "message-timestamp": "2020-09-13 12:26:40",
        "client-ref": "ж&=",
    }
    if method is CallbackMethod.GET:
        assert (first.pop("mine"), second.pop("mine")) == ("1", "1")
    assert first == expected
    assert second == {**expected, "messageId": "0A00000000000002"}
    assert {call.path for call in hook.calls} == {"/receipt"}
    assert [callback.state for callback in sim.callbacks] == [CallbackState.DELIVERED] * 2
    assert {callback.kind for callback in sim.callbacks} == {CallbackKind.RECEIPT}


@pytest.mark.parametrize("method", SignatureMethod)
def test_signed_receipts(method: SignatureMethod) -> None:
    """With a signature secret receipts carry timestamp, nonce and sig, which hold by a computation of our own."""
    with (
        hooked() as hook,
        Simulator(signature_secret=SIGNATURE_SECRET, signature_method=method, receipt_url=hook.url) as sim,
    ):
        send(sim, from_="A&B=C")
        (params,) = receipts_of(sim, hook)
    sig = params.pop("sig")
    assert {"timestamp", "nonce"} <= params.keys()
    text = "".join(f"&{name}={params[name].replace('&', '_').replace('=', '_')}" for name in sorted(params))
    if method is SignatureMethod.MD5_HASH:
        assert sig == hashlib.md5((text + SIGNATURE_SECRET).encode()).hexdigest()
    else:
        assert sig == hmac.new(SIGNATURE_SECRET.encode(), text.encode(), method.value).hexdigest().upper()


def test_receipts_can_be_left_unsigned() -> None:
    """An account may sign requests and get webhooks without a signature."""
    with hooked() as hook:
        options = Simulator(signature_secret=SIGNATURE_SECRET, sign_callbacks=False, receipt_url=hook.url)
        with options as sim:
            send(sim)
            (params,) = receipts_of(sim, hook)
    assert not {"sig", "nonce", "timestamp"} & params.keys()


@pytest.mark.parametrize(
    ("code", "status"),
    [(1, "unknown"), (2, "expired"), (3, "failed"), (6, "rejected"), (54, "rejected"), (99, "failed")],
)
def test_numbers_that_choose_a_delivery_error(code: int, status: str) -> None:
    """A number that ends in 80NN is taken, and its receipt has err-code NN and a status that goes with it."""
    with hooked() as hook, Simulator(receipt_url=hook.url) as sim:
        assert send(sim, to=f"44770090{8000 + code}").statuses == [0]
        (params,) = receipts_of(sim, hook)
    assert (params["err-code"], params["status"]) == (str(code), status)


REJECTED = {4, 6, 7, 9, 10, 11, 13, 14, 15, 16, 50, 51, 52, 53, 54}
STATUS_OF = dict.fromkeys(REJECTED, "rejected") | {0: "delivered", 1: "unknown", 2: "expired", 12: "expired"}


def test_every_delivery_error_has_its_status() -> None:
    """An err-code goes with one status, and one that the specification does not name with failed."""
    message = RecordedMessage(0, "text", 1, ("0A",), "447700900000", "AcmeInc", "Hello", {})
    for code in range(100):
        [receipt] = receipts(
            message, Account(KEY, SECRET), now=0, price=Decimal(0), network="12345", outcome=Accept(code)
        )
        assert (receipt["err-code"], receipt["status"]) == (str(code), STATUS_OF.get(code, "failed"))


def test_no_receipt_where_none_is_wanted() -> None:
    """Neither without a URL, nor with status-report-req false, nor for what was refused."""
    with hooked() as hook, Simulator() as sim:
        send(sim)
        for no in ("false", "False", "0"):
            send(sim, callback=hook.url, status_report_req=no)
        send(sim, callback=hook.url, to="447700909009")
        assert receipts_of(sim, hook) == []
    assert len(sim.requests) == 5


def test_receipt_before_the_reply() -> None:
    """For the number 7007 the receipt has arrived when the reply comes."""
    with hooked() as hook, Simulator(receipt_url=hook.url) as sim:
        reply = send(sim, to="447700907007")
        assert [call.params()["messageId"] for call in hook.calls] == [reply.parts[0]["message-id"]]


def test_receipts_are_repeated_until_2xx() -> None:
    """After 5 s, then twice as long each time, octet for octet, until an answer is 2xx; then never again."""
    with hooked([500, 404, 300, 299]) as hook, Simulator(clock=lambda: 1000.0, receipt_url=hook.url) as sim:
        send(sim)
        for pause in (0, 4.5, 0.5, 9.5, 0.5, 20, 86_400):
            sim.advance(pause)
            sim.settle()
        (callback,) = sim.callbacks
        assert [(attempt.at, attempt.http_status) for attempt in callback.attempts] == [
            (1000, 500),
            (1005, 404),
            (1015, 300),
            (1035, 299),
        ]
    assert callback.state is CallbackState.DELIVERED
    assert len(set(hook.calls)) == 1


def test_receipts_are_given_up_after_a_day() -> None:
    """A webhook that is never there is tried for 24 hours, at most every 15 minutes in the end."""
    now = [0.0]
    with Simulator(clock=lambda: now[0], receipt_url=f"http://127.0.0.1:{closed_port()}") as sim:
        send(sim)
        for _ in range(120):
            sim.settle()
            sim.advance(900)
        sim.settle()
        (callback,) = sim.callbacks
    assert callback.state is CallbackState.GIVEN_UP
    assert {attempt.http_status for attempt in callback.attempts} == {None}
    assert 90 < len(callback.attempts) < 110


@pytest.mark.parametrize(("late", "attempts"), [(0, 3), (0.5, 2)])
def test_the_last_attempt_is_no_later_than_a_day(late: float, attempts: int) -> None:
    """A repeat that falls due 24 hours after the first attempt is made, and a later one is not."""
    with hooked([500] * 3) as hook, Simulator(clock=lambda: 1000.0, receipt_url=hook.url) as sim:
        send(sim)
        for pause in (0, 86_390 + late, 10):
            sim.advance(pause)
            sim.settle()
        (callback,) = sim.callbacks
    assert len(callback.attempts) == attempts
    assert callback.state is CallbackState.GIVEN_UP


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/", "https://example.com/", "http://localhost.example.com/", "http://2130706433/"]
)
def test_callbacks_go_to_loopback_only(url: str) -> None:
    """Any other host is recorded as refused, and neither called nor looked up."""
    with Simulator() as sim:
        send(sim, callback=url)
        sim.settle()
        (callback,) = sim.callbacks
    assert (callback.state, callback.attempts) == (CallbackState.REFUSED, ())


def test_the_words_of_a_callback() -> None:
    """Kinds, methods and states are these words in as_dict() and where simulate prints them."""
    words = [[one.value for one in kind] for kind in (CallbackKind, CallbackMethod, CallbackState)]
    assert words == [
        ["delivery receipt", "inbound message"],
        ["GET", "POST", "POST-JSON"],
        ["pending", "delivered", "given up", "refused"],
    ]


def test_callbacks_elsewhere_are_tried_when_allowed() -> None:
    """Told to, the simulator calls other hosts too; here one whose name cannot be found."""
    with Simulator(external_callbacks=True) as sim:
        send(sim, callback="http://sms.invalid/")
        sim.settle()
        (callback,) = sim.callbacks
    assert [attempt.http_status for attempt in callback.attempts] == [None]


def test_inbound_parts_come_shuffled_and_repeated_and_can_be_assembled() -> None:
    """A long inbound message arrives in disorder and with repetitions, and holds together nevertheless."""
    text = "Ж" * 60 + "😀" * 100
    with hooked() as hook, Simulator(inbound_url=hook.url, seed=4) as sim:
        queued = sim.inbound(text)
        sim.settle()
    parts = [call.params() for call in hook.calls]
    numbers = [int(part["concat-part"]) for part in parts]
    total = int(parts[0]["concat-total"])
    assert len(queued) == len(parts) > total
    assert set(numbers) == set(range(1, total + 1))
    assert numbers != sorted(numbers)
    assert text == "".join({int(part["concat-part"]): part["text"] for part in parts}[n] for n in range(1, total + 1))
    assembler = InboundAssembler(max_age=60, max_pending=10)
    whole = [message for call in hook.calls if (message := assembler.add(inbound(call), now=0)) is not None]
    assert [message.text for message in whole] == [text]


def inbound(call: Any) -> InboundMessage:
    """The call of a webhook as the package reads it."""
    message = parse_webhook(call.method, call.query, call.content_type, call.body)
    assert isinstance(message, InboundMessage)
    return message


def test_inbound_fields() -> None:
    """A short inbound text has the fields of the specification, and none of a longer one."""
    with hooked() as hook, Simulator(inbound_url=hook.url, clock=lambda: 1_600_000_000.0) as sim:
        sim.inbound("Stop it", msisdn="447700900001", to="12345", repeat=False, method=CallbackMethod.GET)
        sim.settle()
    (call,) = hook.calls
    assert call.method == "GET"
    assert call.params() == {
        "msisdn": "447700900001",
        "to": "12345",
        "messageId": "0B00000000000001",
        "api-key": KEY,
        "message-timestamp": "2020-09-13 12:26:40",
        "type": "text",
        "keyword": "STOP",
        "text": "Stop it",
    }


def test_inbound_binary_is_told_by_its_header_alone() -> None:
    """Binary parts carry hexadecimal data and a concatenation element in udh, and no concat fields."""
    data = bytes(range(256)) * 2
    with hooked() as hook, Simulator(inbound_url=hook.url) as sim:
        sim.inbound(data=data)
        sim.settle()
    parts = {call.params()["udh"]: call.params() for call in hook.calls}
    assert [header[:6] for header in parts] == ["050003"] * 4
    assert data == b"".join(bytes.fromhex(parts[header]["data"]) for header in sorted(parts))
    assert all("concat" not in part for part in parts.values())
    assembler = InboundAssembler(max_age=60, max_pending=10)
    whole = [message for call in hook.calls if (message := assembler.add(inbound(call), now=0)) is not None]
    assert [message.data for message in whole] == [data]


def test_inbound_needs_a_url() -> None:
    """Without a webhook there is nowhere to send an inbound message."""
    with Simulator() as sim, pytest.raises(ValueError, match=r"^no inbound_url "):
        sim.inbound("Hello")


# Receipts of many kinds -----------------------------------------------------------------------------------------------


def told(to: str, text: str = "a" * 400, outcome: Accept | None = None) -> list[tuple[int, str, str]]:
    """The receipts of a message to that number, in their order: the number of the part, the status and the err-code."""
    with hooked() as hook, Simulator(receipt_url=hook.url) as sim:
        if outcome is not None:
            sim.script([outcome])
        send(sim, to=to, text=text)
        sim.settle()
        ids = sim.messages[0].message_ids
        params = [call.params() for call in hook.calls]
    return [(ids.index(each["messageId"]) + 1, each["status"], each["err-code"]) for each in params]


def test_receipts_that_are_not_final_come_first() -> None:
    """A number that ends in 7008 is told accepted and buffered, each for every part, before it is delivered."""
    assert told("447700907008") == [
        (part, status, "0") for status in ("accepted", "buffered", "delivered") for part in (1, 2, 3)
    ]


@pytest.mark.parametrize(("text", "parts"), [("Hello", 2), ("a" * 400, 3)])
def test_parts_that_end_differently(text: str, parts: int) -> None:
    """Of a number that ends in 7009 the last part fails and the others are delivered; there are two at least."""
    assert told("447700907009", text) == [
        *((part, "delivered", "0") for part in range(1, parts)),
        (parts, "failed", "8"),
    ]


def test_two_receipts_for_one_part() -> None:
    """Of a number that ends in 7010 the first part is delivered, and then failed."""
    delivered = [(part, "delivered", "0") for part in (1, 2, 3)]
    assert told("447700907010") == [*delivered, (1, "failed", "8")]


def test_a_script_chooses_receipts() -> None:
    """All of it may come together, in place of what the number says."""
    outcome = Accept(delivery_error=2, earlier=("buffered",), last_error=0, second_error=2)
    assert told("447700900000", "Hello", outcome) == [
        (1, "buffered", "0"),
        (2, "buffered", "0"),
        (1, "expired", "2"),
        (2, "delivered", "0"),
        (1, "expired", "2"),
    ]


def test_every_receipt_is_read_and_verifies() -> None:
    """Whatever the receipts, signed ones are read, in every form, each with a nonce of its own."""
    for method in CallbackMethod:
        with (
            hooked() as hook,
            Simulator(receipt_url=hook.url, signature_secret="s", callback_method=method) as sim,
        ):
            for ending in (7008, 7009, 7010, 8006):
                send(sim, to=f"44770090{ending}")
            sim.settle()
            receipts = [parse_webhook(call.method, call.query, call.content_type, call.body) for call in hook.calls]
        assert {type(each) for each in receipts} == {DeliveryReceipt}
        assert len({each.params["nonce"] for each in receipts}) == len(receipts) == 3 + 2 + 2 + 1
        for each in receipts:
            verify(each.params, "s", SignatureMethod.MD5_HASH, tolerance=None)


def test_records_as_plain_types() -> None:
    """What the simulator remembers has ``as_dict``, which JSON takes and in which the account's secret never is."""
    with hooked() as hook, Simulator(receipt_url=hook.url) as sim:
        send(sim, api_secret=SECRET)
        sim.settle()
        remembered: list[Any] = [*sim.requests, *sim.messages, *sim.callbacks, Accept(), Refuse(4), HttpFault(502)]
    for record in remembered:
        plain = record.as_dict()
        assert json.loads(json.dumps(plain)) == plain
        assert plain["type"] == type(record).__name__
        assert SECRET not in repr(plain)
    assert remembered[0].as_dict()["params"]["text"] == remembered[1].as_dict()["text"] == "Hello"
    assert remembered[1].as_dict()["message_type"] == "text"
