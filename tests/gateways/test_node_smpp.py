"""node-smpp reads what we write and writes what we read, as client of a centre of ours and as server of a client.

Its one fault is a test with that name, which fails when it is fixed.

Reference: SMPP 3.4, 4.4, 4.6 and 5.2.19
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from smscodec import SegmentedMessage, segment, segment_data
from smscodec.dcs import MessageClass
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.smpp import decode_short_message, short_messages
from tests.gateways.node_smpp import NodeSmpp, node_smpp
from tests.gateways.programs import TALLY, eventually
from tests.gateways.smpp_session import SUBMIT_SM, Short, centre, client
from tests.gateways.texts import DATA, TEXTS


class Link(NamedTuple):
    """node-smpp at one end, and at ours: what it calls its own short messages, how we send, and what has arrived."""

    theirs: NodeSmpp
    command: str
    send: Callable[[Short], object]
    arrived: Callable[[], list[Short]]


@pytest.fixture(scope="module", params=["client", "server"])
def link(request: pytest.FixtureRequest) -> Iterator[Link]:
    """node-smpp as a client of a centre of ours, and as a server of ours."""
    if request.param == "client":
        with centre() as ours, node_smpp(ours.port) as theirs:
            yield Link(theirs, "submit_sm", ours.deliver, lambda: [short for short, _ in ours.arrived])
    else:
        arrived: list[Short] = []
        with node_smpp() as theirs, client(theirs.port, lambda short, _: arrived.append(short)) as session:
            yield Link(theirs, "deliver_sm", lambda short: session.send(SUBMIT_SM, short), lambda: arrived)


def received(link: Link, message: SegmentedMessage, **options: Any) -> list[dict[str, Any]]:
    """What node-smpp says of a message of ours, a short message each."""
    already = len(link.theirs.arrived)
    made = short_messages(message, **options)
    for short in made:
        link.send(Short("4915550100", "4913013", short.data_coding, short.esm_class, short.short_message))
    eventually(lambda: len(link.theirs.arrived) == already + len(made), link.theirs.process)
    TALLY.add("node-smpp", "short messages to it", len(made))
    return link.theirs.arrived[already:]


def sent(link: Link, *messages: dict[str, Any]) -> list[Short]:
    """What arrives of messages that node-smpp was asked to send."""
    already = len(link.arrived())
    for fields in messages:
        link.theirs.send(link.command, source_addr="4915550100", destination_addr="4913013", **fields)
    eventually(lambda: len(link.arrived()) == already + len(messages), link.theirs.process)
    TALLY.add("node-smpp", "short messages from it", len(messages))
    return link.arrived()[already:]


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_node_smpp_reads_texts(link: Link, number: int) -> None:
    """Each segment's text and header is what node-smpp reads."""
    message = segment(TEXTS[number], reference=number)
    told = received(link, message)
    assert [part.text for part in message] == [short["text"] for short in told]
    assert [part.user_data.header.to_bytes()[1:].hex() for part in message] == [short["udh"] for short in told]


def test_node_smpp_reads_data_and_flash(link: Link) -> None:
    """8-bit data arrives octet by octet, and a flash message as text under its data coding."""
    assert DATA.hex() == "".join(short["octets"] for short in received(link, segment_data(DATA, reference=1)))
    (flash,) = received(link, segment("flash {}"), message_class=MessageClass.CLASS_0)
    assert (flash["text"], flash["data_coding"]) == ("flash {}", 0xF0)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_we_read_texts(link: Link, number: int) -> None:
    """Text that node-smpp has encoded, behind headers of ours, is what we read, strictly, and joins to the text."""
    message = segment(TEXTS[number], reference=number)
    shorts = short_messages(message)
    parts = [
        {"text": part.text, "data_coding": short.data_coding, "esm_class": short.esm_class}
        | ({"udh": part.user_data.header.to_bytes().hex()} if short.esm_class else {})
        for part, short in zip(message, shorts, strict=True)
    ]
    reassembler = Reassembler(max_age=1, max_pending=1)
    events: list[object] = []
    for short in sent(link, *parts):
        user_data = decode_short_message(short.data_coding, short.esm_class, short.short_message, strict=True)
        events += reassembler.add("node", user_data, now=0)
    (whole,) = events
    assert isinstance(whole, Reassembled)
    assert TEXTS[number] == whole.text(strict=True)


def test_we_read_latin_1_and_data(link: Link) -> None:
    """Latin-1 under data_coding 3 and octets under 4 are what node-smpp was given."""
    latin, data = sent(link, {"text": "Grüße", "data_coding": 3}, {"octets": DATA[:140].hex(), "data_coding": 4})
    assert decode_short_message(latin.data_coding, latin.esm_class, latin.short_message).text() == "Grüße"
    assert decode_short_message(data.data_coding, data.esm_class, data.short_message).payload == DATA[:140]


def test_fault_gsm_under_ia5(link: Link) -> None:
    """Without a data_coding node-smpp says IA5 and writes GSM 7-bit."""
    (short,) = sent(link, {"text": "@{"})
    assert (short.data_coding, short.short_message) == (1, b"\0\x1b(")
