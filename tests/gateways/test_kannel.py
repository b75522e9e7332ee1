"""Kannel reads what we write and writes what we read, over SMPP with a centre of ours.

What Kannel 1.4.5 does otherwise is a test with a fault in its name: it fails when Kannel is fixed.

Reference: SMPP 3.4, 4.4, 4.6, 5.2.12 and 5.2.19
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pytest

from smscodec import Alphabet, ApplicationPort, SegmentedMessage, UserDataHeader, segment, segment_data
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.smpp import EsmClass, Receipt, RegisteredDelivery, decode_short_message, short_messages
from tests.gateways.kannel import Query, kannel
from tests.gateways.programs import TALLY, eventually
from tests.gateways.smpp_session import Centre, Short, centre
from tests.gateways.texts import DATA, TEXTS, in_gsm

PORTS: Final = UserDataHeader([ApplicationPort(destination=0x23F4, originator=0x23F4)])


CODINGS: Final = {
    "4915551910": (0xF0, "ascii", "flash"),
    "4915551911": (0x10, "ascii", "flash"),
    "4915551912": (0x03, "latin-1", "Grüße"),
    "4915551913": (0x01, "ascii", "IA5 @"),
    "4915551914": (0x18, "utf-16-be", "жflash"),
}
"""data_coding and text by sender."""
SUBMITTED: Final = datetime(2024, 5, 6, 7, 8)
STATES: Final = {"DELIVRD": b"1", "UNDELIV": b"2", "EXPIRED": b"2", "ACCEPTD": b"4"}


@dataclass
class Exchange:
    """What was put in, and what came of it, by the number of the other end."""

    told: dict[str, Query] = field(default_factory=dict)
    shorts: dict[str, list[Short]] = field(default_factory=dict)
    joined: dict[str, Reassembled] = field(default_factory=dict)
    receipts: dict[str, list[Query]] = field(default_factory=dict)


def deliver(to: Centre, sender: str, message: SegmentedMessage) -> None:
    """Send a message of ours to Kannel."""
    for short in short_messages(message):
        to.deliver(Short(sender, "4913013", short.data_coding, short.esm_class, short.short_message))


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """All messages at once through one Kannel."""
    found = Exchange()
    with centre() as ours, kannel(tmp_path_factory.mktemp("kannel"), ours) as gateway:
        for number, text in enumerate(TEXTS):
            deliver(ours, f"4915551{number:02}", segment(text, reference=number))
            gateway.send(f"4915552{number:02}", text.encode(), coding="0" if in_gsm(text) else "2")
        deliver(ours, "4915551900", segment_data(DATA, reference=90))
        deliver(ours, "4915551901", segment_data(b"to a port", header=PORTS))
        for sender, (coding, codec, text) in CODINGS.items():
            ours.deliver(Short(sender, "4913013", coding, 0, text.encode(codec)))
        gateway.send("4915552900", DATA[:140], coding="1")
        gateway.send("4915552901", b"to a port", coding="1", udh=PORTS.to_bytes())
        gateway.send("4915552902", b"flash", coding="0", mclass="0")
        gateway.send("4915552903", "flж".encode(), coding="2", mclass="0")
        gateway.send("4915552904", ("\U0001f600" * 50).encode(), coding="2")
        for number in range(len(STATES)):
            gateway.send(f"49155529{number + 10}", b"with a receipt", coding="0", receipt=True)
        offered, asked = len(TEXTS) + 2 + len(CODINGS), len(TEXTS) + 5 + len(STATES)
        eventually(lambda: len(gateway.arrived) >= offered, gateway.process)
        found.told = {query["from"].decode().lstrip("+"): query for query in gateway.arrived}
        eventually(lambda: joined(found, ours) >= asked, gateway.process)
        send_receipts(ours)
        eventually(lambda: len(gateway.receipts) >= 2 * len(STATES), gateway.process)
        for query in gateway.receipts:
            found.receipts.setdefault(query["to"].decode(), []).append(query)
        TALLY.add("Kannel", "messages to it", offered)
        TALLY.add("Kannel", "messages from it", asked)
        TALLY.add("Kannel", "receipts to it", len(STATES))
    return found


def joined(found: Exchange, ours: Centre) -> int:
    """Put together what has arrived; the number of whole messages."""
    reassembler = Reassembler(max_age=1, max_pending=100)
    found.shorts.clear()
    for short, _ in list(ours.arrived):
        found.shorts.setdefault(short.destination, []).append(short)
        user_data = decode_short_message(short.data_coding, short.esm_class, short.short_message)
        for event in reassembler.add(short.destination, user_data, now=0):
            assert isinstance(event, Reassembled)
            found.joined[short.destination] = event
    return len(found.joined)


def send_receipts(ours: Centre) -> None:
    """A receipt for each message that one was asked for, each with another state."""
    waiting = [
        (short, identifier)
        for short, identifier in ours.arrived
        if short.registered_delivery & RegisteredDelivery.RECEIPT
    ]
    for (short, identifier), state in zip(waiting, STATES, strict=True):
        receipt = Receipt(
            id=identifier, sub=1, dlvrd=1, submit_date=SUBMITTED, done_date=SUBMITTED, stat=state, err="000"
        )
        ours.deliver(Short(short.destination, short.source, 0, EsmClass.DELIVERY_RECEIPT, receipt.format().encode()))


def text_of(query: Query) -> str:
    """What Kannel says that a message says."""
    return query["text"].decode(query["charset"].decode())


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_kannel_reads_texts(exchange: Exchange, number: int) -> None:
    """A text of ours, of one short message or several, is what Kannel hands on, in the alphabet that we chose."""
    query = exchange.told[f"4915551{number:02}"]
    assert TEXTS[number] == text_of(query)
    alphabet = Alphabet.GSM_7BIT if in_gsm(TEXTS[number]) else Alphabet.UCS2
    assert str(alphabet.value).encode() == query["coding"]


def test_kannel_reads_data(exchange: Exchange) -> None:
    """8-bit data arrives octet by octet, with its header where it is not the concatenation's."""
    plain, ported = exchange.told["4915551900"], exchange.told["4915551901"]
    assert (plain["coding"], plain["text"], plain["udh"]) == (b"1", DATA, b"")
    assert (ported["text"], ported["udh"]) == (b"to a port", PORTS.to_bytes())


@pytest.mark.parametrize("sender", CODINGS)
def test_kannel_reads_data_codings(exchange: Exchange, sender: str) -> None:
    """Flash messages in both alphabets, Latin-1 and IA5 are read as we mean them."""
    _, _, text = CODINGS[sender]
    assert text == text_of(exchange.told[sender])
    assert exchange.told[sender]["class"] == (b"0" if "flash" in text else b"-1")


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_we_read_texts(exchange: Exchange, number: int) -> None:
    """A text that Kannel was asked to send is what we read, strictly."""
    assert TEXTS[number] == exchange.joined[f"4915552{number:02}"].text(strict=True)


def test_we_read_data_and_flash(exchange: Exchange) -> None:
    """8-bit data, application ports and a flash message of Kannel's are what it was asked for."""
    assert exchange.joined["4915552900"].payload == DATA[:140]
    ported = exchange.joined["4915552901"]
    assert (ported.payload, ported.parts[0].header) == (b"to a port", PORTS)
    (flash,) = exchange.shorts["4915552902"]
    assert (flash.data_coding, exchange.joined["4915552902"].text()) == (0xF0, "flash")


def test_d43_we_read_a_flash_message_in_ucs2(exchange: Exchange) -> None:
    """Kannel writes data_coding 0x18 for UCS-2 of class 0, which is reserved in SMPP and reads as that DCS."""
    (flash,) = exchange.shorts["4915552903"]
    assert (flash.data_coding, exchange.joined["4915552903"].text()) == (0x18, "flж")


def test_kannel_reads_receipts(exchange: Exchange) -> None:
    """Each receipt arrives as the state that it says, beside the acknowledgement of the short message.

    Kannel makes an HTTP request for each, both at once, so either may come first.
    """
    for number, (state, kind) in enumerate(STATES.items()):
        told = {receipt["kind"]: receipt for receipt in exchange.receipts[f"49155529{number + 10}"]}
        assert told.keys() == {b"8", kind}
        assert Receipt.parse(told[kind]["text"]).stat == state


def test_fault_surrogate_pair_cut(exchange: Exchange) -> None:
    """Kannel cuts between two surrogates; joined before they are decoded, the parts read right all the same."""
    first, _ = exchange.joined["4915552904"].parts
    assert first.payload[-2:] == b"\xd8\x3d"
    assert exchange.joined["4915552904"].text(strict=True) == "\U0001f600" * 50
