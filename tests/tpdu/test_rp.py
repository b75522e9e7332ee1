"""The relay layer: RP-DATA, RP-ACK, RP-ERROR and RP-SMMA, both ways, and what annotating says of them."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import segment
from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import (
    Address,
    Direction,
    Form,
    RpAck,
    RpData,
    RpError,
    RpMessage,
    RpSmma,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Tpdu,
    TypeOfNumber,
    annotate,
    decode_rp,
)
from smscodec.tpdu.meanings import RESERVED, modem_error_meaning, relay_cause_meaning
from tests.rows import each_row
from tests.tpdu.test_annotation import assert_covers
from tests.tpdu.test_tpdus import DIRECTIONS

MO, MT = Direction.MS_TO_SC, Direction.SC_TO_MS
TRACE = bytes.fromhex(
    "0108099164000309572500F0005C06080D91685155010000F071104141240523711041412405230007000046547419D42ECFE7E17319947FD7"
    "41F3B29B0EA2BF41385BAC56ABC16230180C0603A1C37390B85C7683C86576DA5E9697C9A0797D3C2ECFE7E63A9B9D7701"
)
REFERENCES = st.integers(0, 255)


@st.composite
def messages(draw: st.DrawFn) -> tuple[RpMessage, Tpdu | None]:
    """A message of the relay layer, and the TPDU that it carries."""
    tpdu = draw(tpdus.tpdus())
    direction, octets, reference = DIRECTIONS[type(tpdu)], tpdu.to_bytes(), draw(REFERENCES)
    if isinstance(tpdu, SmsDeliverReport | SmsSubmitReport):
        if tpdu.failure_cause is None:
            return RpAck(direction, reference, user_data=octets), tpdu
        cause, diagnostic = draw(st.integers(0, 127)), draw(st.none() | st.integers(0, 255))
        return RpError(direction, reference, cause, diagnostic=diagnostic, user_data=octets), tpdu
    match draw(st.sampled_from(["data", "data", "data", "ack", "error", "smma"])):
        case "ack":
            return RpAck(direction, reference), None
        case "error":
            return RpError(direction, reference, draw(st.integers(0, 127))), None
        case "smma":
            return RpSmma(reference), None
    address = draw(tpdus.addresses())
    if address.type_of_number is TypeOfNumber.ALPHANUMERIC:
        address = Address("+460030907552000")
    originator, destination = (None, address) if direction is MO else (address, None)
    data = RpData(direction, reference, user_data=octets, originator=originator, destination=destination)
    return data, tpdu


@given(messages())
def test_reading_undoes_writing(made: tuple[RpMessage, Tpdu | None]) -> None:
    """Each message comes back with the TPDU in it, whose form the message says; the annotation covers every octet."""
    message, tpdu = made
    octets = message.to_bytes()
    assert decode_rp(octets) == message
    assert decode_rp(octets, direction=message.direction) == message
    assert message.tpdu == tpdu
    assert type(message).from_bytes(octets) == message
    tree = annotate(octets, form=Form.RP)
    assert_covers(tree, octets)
    assert tree.name == {RpData: "RP-DATA", RpAck: "RP-ACK", RpError: "RP-ERROR", RpSmma: "RP-SMMA"}[type(message)]
    assert message.as_dict()["type"] == type(message).__name__


@given(messages())
def test_a_direction_that_is_given_must_be_the_octets_own(made: tuple[RpMessage, Tpdu | None]) -> None:
    """The other one is an error at the first octet."""
    message, _ = made
    other = MT if message.direction is MO else MO
    with pytest.raises(DecodeError) as caught:
        decode_rp(message.to_bytes(), direction=other)
    assert (caught.value.field, caught.value.offset) == ("rp.mti", 0)


@given(messages(), st.data(), st.booleans())
def test_any_octets_are_a_value_or_a_decode_error(
    made: tuple[RpMessage, Tpdu | None], data: st.DataObject, strict: bool
) -> None:
    """Cut, flipped, lengthened or random octets; a value gives the same octets back, and annotating never raises."""
    octets = bytearray(made[0].to_bytes())
    match data.draw(st.sampled_from(["cut", "flip", "longer", "random"])):
        case "cut":
            del octets[data.draw(st.integers(0, len(octets))) :]
        case "flip":
            octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
        case "longer":
            octets += data.draw(st.binary(max_size=300))
        case "random":
            octets = bytearray(data.draw(st.binary(max_size=300)))
    assert_covers(annotate(octets, form=Form.RP), bytes(octets))
    with contextlib.suppress(DecodeError):
        found = decode_rp(octets, strict=strict)
        assert found.to_bytes() == octets
        assert found.as_dict()["type"] == type(found).__name__


def test_a_trace_with_a_status_report() -> None:
    """What it holds, by name; the report of the issue that asked for this layer."""
    found = decode_rp(TRACE, strict=True)
    assert isinstance(found, RpData)
    assert (found.direction, found.reference, found.destination) == (MT, 8, None)
    assert str(found.originator) == "+460030907552000"
    assert len(found.user_data) == 92
    report = found.tpdu
    assert isinstance(report, SmsStatusReport)
    assert report.user_data is not None
    assert report.user_data.text() == "The message you sent to 8615550100000 has been delivered successfully."
    tree = annotate(TRACE, form=Form.RP)
    assert tree.all_findings == ()
    assert [node.value for node in tree.walk() if node.name == "TP-PI"] == [None]


@pytest.mark.parametrize(
    ("octets", "field", "offset"),
    [
        ("", "rp.mti", 0),
        ("07", "rp.mti", 0),
        ("06", "rp.mr", 1),
        ("0105", "rp.oa", 2),
        ("01050C" + "91" * 12, "rp.oa", 2),
        ("0105019100", "rp.ud", 5),
        ("010501910" + "0", "rp.ud", 5),
        ("0405", "rp.cause", 2),
        ("040500", "rp.cause", 2),
        ("04050216", "rp.cause", 4),
        ("02054102", None, 0),
        ("010501 9100 EA" + "00" * 234, "rp.ud", 5),
        ("020541 E9" + "00" * 233, "rp.ud", 3),
    ],
)
def test_errors_say_where(octets: str, field: str | None, offset: int) -> None:
    """Octets that cannot be read even leniently; user data that is cut is read as far as it is there."""
    data = bytes.fromhex(octets)
    if field is None:
        assert decode_rp(data).to_bytes() == data
        return
    with pytest.raises(DecodeError) as caught:
        decode_rp(data)
    assert (caught.value.field, caught.value.offset) == (field, offset)


@pytest.mark.parametrize(
    ("octets", "field", "offset"),
    [
        ("0E05", "rp.mti", 0),
        ("060500", "rp", 2),
        ("02054003", "rp", 2),
        ("02054102000000", "rp", 6),
        ("020541030000", "rp.ud", 3),
        ("0405030101 01", "rp.cause", 2),
        ("040501 96", "rp.cause", 3),
        ("0105 00 00 00", "rp.oa", 2),
        ("0005 00 00 00", "rp.da", 3),
        ("0005 0191 0191 00", "rp.oa", 2),
        ("0105 03 D0 41 42 00 00", "rp.oa", 3),
        ("0105 0191 00 02 FF04", "mti", 6),
    ],
)
def test_strict_reading_refuses_what_lenient_reading_finds(octets: str, field: str, offset: int) -> None:
    """Spare bits, octets too many, a cause of more octets, addresses in the wrong place, and what the TPDU has."""
    data = bytes.fromhex(octets)
    assert decode_rp(data).to_bytes() == data
    assert annotate(data, form=Form.RP).all_findings
    with pytest.raises(DecodeError) as caught:
        decode_rp(data, strict=True)
    assert (caught.value.field, caught.value.offset) == (field, offset)


@given(cause=st.integers(0, 255), diagnostic=st.binary(max_size=3))
def test_a_cause_is_annotated_octet_by_octet(cause: int, diagnostic: bytes) -> None:
    """A length, the octet of the cause, and what else the length covers: the diagnostic."""
    tree = annotate(bytes([0x05, 7, 1 + len(diagnostic), cause]) + diagnostic, form=Form.RP)
    (group,) = (node for node in tree.walk() if node.name == "RP-Cause")
    parts = {"length": bytes([1 + len(diagnostic)]), "cause value": bytes([cause]), "diagnostic": diagnostic}
    assert {node.name: node.raw for node in group.children} == {name: raw for name, raw in parts.items() if raw}


@each_row("cause", range(256))
def test_a_cause_is_read_without_its_bit_7(cause: int) -> None:
    """Which strict reading refuses; annotating finds it, and a cause that the table does not have."""
    octets = bytes([0x05, 7, 1, cause])
    found = decode_rp(octets)
    assert isinstance(found, RpError)
    assert (found.cause, found.diagnostic, found.to_bytes()) == (cause & 0x7F, None, octets)
    meaning = relay_cause_meaning(cause & 0x7F)
    (value,) = (node for node in annotate(octets, form=Form.RP).walk() if node.name == "cause value")
    assert value.value == f"{cause & 0x7F}: {meaning}"
    assert value.findings == (*["the value is reserved"] * (meaning == RESERVED), *["bit 7 is set"] * (cause >= 0x80))
    if cause < 0x80:
        assert decode_rp(octets, strict=True) == RpError(MT, 7, cause)
    else:
        with pytest.raises(DecodeError, match=r"rp\.cause at octet 3"):
            decode_rp(octets, strict=True)


@each_row("length", [1, 2, 3, 4])
def test_a_cause_has_one_octet_or_two(length: int) -> None:
    """The second is the diagnostic; strict reading refuses more, and annotating finds them."""
    octets = bytes([0x04, 7, length, 22, *range(1, length)])
    found = decode_rp(octets)
    assert isinstance(found, RpError)
    assert (found.cause, found.diagnostic) == (22, 1 if length > 1 else None)
    (note,) = (node for node in annotate(octets, form=Form.RP).walk() if node.name == "length")
    assert note.findings == (("a cause has 1 or 2 octets",) if length > 2 else ())
    if length > 2:
        with pytest.raises(DecodeError, match=r"rp\.cause at octet 2"):
            decode_rp(octets, strict=True)
    else:
        assert decode_rp(octets, strict=True) == RpError(MO, 7, 22, diagnostic=found.diagnostic)


FIELDS = {
    "RP-DATA": ("7.3.1", "RP-Originator Address", "RP-Destination Address", "RP-User Data"),
    "RP-ACK": ("7.3.3", "RP-User Data"),
    "RP-ERROR": ("7.3.4", "RP-Cause", "RP-User Data"),
    "RP-SMMA": ("7.3.2",),
}
CLAUSES = {
    **{"first octet": "8.2.2", "RP-Message Reference": "8.2.3", "RP-Originator Address": "8.2.5.1"},
    **{"RP-Destination Address": "8.2.5.2", "RP-User Data": "8.2.5.3", "RP-Cause": "8.2.5.4"},
}
PARTS = {
    "first octet": ["spare", "RP-MTI"],
    "RP-Message Reference": [],
    "RP-Originator Address": ["length in octets", "type of address", "address value"],
    "RP-Destination Address": ["length in octets"],
    "RP-Cause": ["length", "cause value", "diagnostic"],
}


@each_row(
    ("octets", "name", "user_data"),
    [
        ("0105 0391 21F3 00 02 0007", "RP-DATA", ["length", "SMS-DELIVER"]),
        ("0305 4102 0100", "RP-ACK", ["IEI", "length", "SMS-SUBMIT-REPORT"]),
        ("0505 021600 4103 01FF00", "RP-ERROR", ["IEI", "length", "SMS-SUBMIT-REPORT"]),
        ("0605", "RP-SMMA", []),
    ],
)
def test_the_fields_of_a_message_and_their_clauses(octets: str, name: str, user_data: list[str]) -> None:
    """Fields stand in the order of 24.011, 7.3, their parts under the clause of the field; so they do where cut."""
    data = bytes.fromhex(octets)
    tree = annotate(data, form=Form.RP)
    clause, *fields = FIELDS[name]
    assert (tree.name, tree.clause) == (name, f"24.011, {clause}")
    assert [node.name for node in tree.children] == ["first octet", "RP-Message Reference", *fields]
    for node in tree.children:
        assert node.clause == f"24.011, {CLAUSES[node.name]}"
        assert [part.name for part in node.children] == {**PARTS, "RP-User Data": user_data}[node.name]
        own = node.children[:1] if "Address" in node.name else node.children
        assert {part.clause for part in own if "SMS" not in part.name} <= {node.clause}
    for end in range(1, len(data)):
        cut = annotate(data[:end], form=Form.RP)
        found = [(node.name, node.clause) for node in cut.children]
        assert found == [(node.name, node.clause) for node in tree.children][: len(found)]
        assert cut.children[-1].offset + cut.children[-1].length == end
        assert cut.all_findings or cut.children == tree.children[: len(found)]


ANY: Any = None


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: RpData(MO, 256, user_data=b""), "reference"),
        (lambda: RpData(ANY, 1, user_data=b""), "direction"),
        (lambda: RpData(MO, 1, user_data=bytes(234)), "user_data"),
        (lambda: RpAck(MO, 1, user_data=bytes(233)), "user_data"),
        (lambda: RpError(MO, 1, 128), "cause"),
        (lambda: RpError(MO, 1, 1, diagnostic=256), "diagnostic"),
        (lambda: RpError(MO, 1, 1, user_data=bytes(233)), "user_data"),
        (lambda: RpData(MO, 1, user_data=b"", destination=b"12"), "destination"),  # type: ignore[arg-type]
        (lambda: RpSmma(True), "reference"),
        (lambda: decode_rp(b"\x06\x01", direction="sc-to-ms"), "direction"),  # type: ignore[arg-type]
    ],
)
def test_impossible_fields_are_refused(make: Any, field: str) -> None:
    """``FieldError`` names the field."""
    with pytest.raises(FieldError) as caught:
        make()
    assert caught.value.field == field


def test_another_type_is_refused() -> None:
    """``from_bytes`` of one class does not read the octets of another."""
    examples: dict[Any, bytes] = {
        RpData: b"\x00\x01\x00\x00\x00",
        RpAck: b"\x02\x01",
        RpError: b"\x04\x01\x01\x16",
        RpSmma: b"\x06\x01",
    }
    for kind in examples:
        for other, octets in examples.items():
            if other is kind:
                assert isinstance(kind.from_bytes(octets), kind)
                continue
            with pytest.raises(
                DecodeError, match=f"expected {kind.__name__}, found the type of {other.__name__}"
            ) as caught:
                kind.from_bytes(octets)
            assert (caught.value.field, caught.value.offset) == ("rp.mti", 0)


def test_causes_and_errors_have_meanings() -> None:
    """RP-Cause is +CMS ERROR below 128, TP-FCS below 256; the rest of the modem's own are those of its table."""
    assert all(modem_error_meaning(code) == relay_cause_meaning(code) for code in range(128))
    assert relay_cause_meaning(41) == "temporary failure"
    assert relay_cause_meaning(2) == modem_error_meaning(299) == RESERVED
    assert modem_error_meaning(0xD0) == "(U)SIM storage full"
    assert modem_error_meaning(512) == modem_error_meaning(10**6) == "specific to the manufacturer"
    assert RpError(MO, 1, 22).meaning == "memory capacity exceeded"


def test_a_submit_in_rp_data() -> None:
    """As a mobile sends it over IMS."""
    submit = SmsSubmit(Address("+15550100"), segment("Hello")[0].user_data)
    up = RpData(MO, 1, user_data=submit.to_bytes(), destination=Address("+15550199"))
    assert up.to_bytes().hex() == "00010005915155109910" + "01000891515510000000" + "05c8329bfd06"
    assert decode_rp(up.to_bytes(), strict=True).tpdu == submit


def test_the_largest_message_is_written() -> None:
    """RP-DATA with two addresses of 20 digits and 233 octets of user data is written, and read back as the same."""
    number = Address("+" + "1" * 20)
    for direction in Direction:
        message = RpData(direction, 0, user_data=bytes(233), originator=number, destination=number)
        octets = message.to_bytes()
        assert len(octets) == 2 + 12 + 12 + 1 + 233
        assert decode_rp(octets) == message
