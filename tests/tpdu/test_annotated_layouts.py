"""The fields of each annotated TPDU: their names, their order and their clauses, as TS 23.040, 9.2.2 has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from smscodec import Alphabet, Concatenation, UserData, UserDataHeader
from smscodec.dcs import DataCodingScheme
from smscodec.tpdu import (
    AbsoluteValidity,
    Address,
    Direction,
    EnhancedValidity,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Status,
    Tpdu,
    Validity,
)
from smscodec.tpdu.annotation import annotate_tpdu
from tests.rows import each_row
from tests.tpdu.test_tpdus import DIRECTIONS, SAMPLES

TO, MOMENT = Address("+447700900000"), datetime(2026, 11, 30, 12, 34, 56, tzinfo=UTC)
DATA = UserData(Alphabet.DATA_8BIT, b"x", UserDataHeader([Concatenation(1, 2, 1)]))
SCHEME = DataCodingScheme(0x04)
SENT, RECEIVED = Direction.MS_TO_SC, Direction.SC_TO_MS

CLAUSES = {
    **{"TP-MTI": "9.2.3.1", "TP-MMS": "9.2.3.2", "TP-VPF": "9.2.3.3", "TP-SRI": "9.2.3.4", "TP-SRR": "9.2.3.5"},
    **{"TP-MR": "9.2.3.6", "TP-OA": "9.2.3.7", "TP-DA": "9.2.3.8", "TP-PID": "9.2.3.9"},
    **{"TP-DCS": "9.2.3.10; 23.038, 4", "TP-SCTS": "9.2.3.11", "TP-DT": "9.2.3.13", "TP-RA": "9.2.3.14"},
    **{"TP-ST": "9.2.3.15", "TP-UDL": "9.2.3.16", "TP-RP": "9.2.3.17", "TP-MN": "9.2.3.18", "TP-CT": "9.2.3.19"},
    **{"TP-CDL": "9.2.3.20", "TP-CD": "9.2.3.21", "TP-FCS": "9.2.3.22", "TP-UDHI": "9.2.3.23"},
    **{"TP-UD": "9.2.3.24", "TP-RD": "9.2.3.25", "TP-SRQ": "9.2.3.26", "TP-PI": "9.2.3.27", "TP-LP": "9.2.3.28"},
    **{"first octet": "9.2.2", "SMS-DELIVER": "9.2.2.1", "SMS-DELIVER-REPORT": "9.2.2.1a", "SMS-SUBMIT": "9.2.2.2"},
    **{"SMS-SUBMIT-REPORT": "9.2.2.2a", "SMS-STATUS-REPORT": "9.2.2.3", "SMS-COMMAND": "9.2.2.4"},
}


@pytest.mark.parametrize(
    ("tpdu", "direction", "fields"),
    [
        (SmsSubmit(TO, DATA, data_coding_scheme=SCHEME), SENT, "MR DA PID DCS UDL UD"),
        (SmsDeliver(TO, MOMENT, DATA, data_coding_scheme=SCHEME), RECEIVED, "OA PID DCS SCTS UDL UD"),
        (SmsCommand(TO, 0, 0, DATA), SENT, "MR PID CT MN DA CDL CD"),
        (SmsStatusReport(1, TO, MOMENT, MOMENT, Status(0)), RECEIVED, "MR RA SCTS DT ST"),
        (
            SmsStatusReport(
                *(1, TO, MOMENT, MOMENT, Status(0)),
                protocol_identifier=0,
                user_data=DATA,
                data_coding_scheme=SCHEME,
            ),
            RECEIVED,
            "MR RA SCTS DT ST PI PID DCS UDL UD",
        ),
        (
            SmsDeliverReport(failure_cause=0xD3, protocol_identifier=0, user_data=DATA, data_coding_scheme=SCHEME),
            SENT,
            "FCS PI PID DCS UDL UD",
        ),
        (SmsSubmitReport(MOMENT, protocol_identifier=0), RECEIVED, "PI SCTS PID"),
    ],
)
def test_the_fields_of_a_tpdu(tpdu: Tpdu, direction: Direction, fields: str) -> None:
    """Every field that is there stands in the order of 9.2.2 under its name and clause; so do the bits of the first."""
    tree = annotate_tpdu(tpdu.to_bytes(), direction=direction)
    first, *others = tree.children
    assert [node.name for node in others] == [f"TP-{name}" for name in fields.split()]
    assert first.name == "first octet"
    assert first.children[-1].name == "TP-MTI"
    for node in (tree, first, *others, *first.children):
        assert node.clause == CLAUSES.get(node.name, ""), node.name
    assert {node.name for node in first.children} <= {*CLAUSES, "reserved"}


@pytest.mark.parametrize(
    ("validity", "clause"),
    [
        (RelativeValidity(3), "9.2.3.12.1"),
        (AbsoluteValidity(MOMENT), "9.2.3.12.2"),
        (EnhancedValidity.seconds(200), "9.2.3.12.3"),
    ],
)
def test_the_clause_of_a_validity_is_that_of_its_format(validity: Validity, clause: str) -> None:
    """Each format has a clause of its own."""
    tree = annotate_tpdu(SmsSubmit(TO, validity=validity).to_bytes(), direction=SENT)
    assert [node.clause for node in tree.children if node.name == "TP-VP"] == [clause]


@each_row(("tpdu", "octets"), SAMPLES)
def test_a_field_that_is_cut_keeps_its_name(tpdu: Tpdu, octets: str) -> None:
    """Wherever the octets end, the fields are those of the whole up to the one that is cut, with names and clauses."""
    whole = bytes.fromhex(octets)
    form: dict[str, Any] = {
        "direction": DIRECTIONS[type(tpdu)],
        "rp_error": getattr(tpdu, "failure_cause", None) is not None,
    }
    fields = annotate_tpdu(whole, **form).children
    for end in range(1, len(whole)):
        cut = annotate_tpdu(whole[:end], **form)
        last = cut.children[-1]
        assert [(node.name, node.clause) for node in cut.children] == [
            (node.name, node.clause) for node in fields[: len(cut.children)]
        ]
        assert last.offset + last.length == end
        # TP-ST may be the last field, and the length of the user data says itself that nothing follows it
        is_whole = last.length and last == fields[len(cut.children) - 1]
        assert is_whole == (not cut.all_findings)


@each_row(("tpdu", "octets"), SAMPLES)
def test_octets_after_the_last_field_are_noted(tpdu: Tpdu, octets: str) -> None:
    """In every type, though the first of them may be the TP-PI of a status report that had none."""
    longer = bytes.fromhex(octets) + b"\x00\x99"
    rp_error = getattr(tpdu, "failure_cause", None) is not None
    last = annotate_tpdu(longer, direction=DIRECTIONS[type(tpdu)], rp_error=rp_error).children[-1]
    assert (last.name, last.clause, last.findings) == ("octets after the last field", "", (last.name,))
    assert last.offset + last.length == len(longer)


TYPE = [("type of address", "9.1.2.5"), ("extension", "9.1.2.5"), ("type of number", "9.1.2.5")]
ADDRESS = [("length in semi-octets", "9.1.2.5"), *TYPE, ("numbering plan", "9.1.2.5"), ("address value", "9.1.2.5")]
STAMP = [(part, "9.2.3.11") for part in ("year", "month", "day", "hour", "minute", "second", "time zone")]
BITS = [(bit, "9.2.3.27") for bit in ("TP-UDL present", "TP-DCS present", "TP-PID present")]
INDICATOR = [("extension", "9.2.3.27"), ("reserved", ""), *BITS]
FUNCTIONALITY = [("functionality indicator", "9.2.3.12.3"), ("extension", "9.2.3.12.3"), ("single shot", "9.2.3.12.3")]
ENHANCED = [*FUNCTIONALITY, ("reserved", ""), ("functionality", "9.2.3.12.3")]
FURTHER, PERIOD, UNUSED = ((part, "9.2.3.12.3") for part in ("functionality indicator extension", "period", "unused"))


@each_row(
    ("tpdu", "direction", "field", "parts"),
    [
        (SmsSubmit(TO).to_bytes(), SENT, "TP-DA", ADDRESS),
        (SmsDeliver(TO, MOMENT).to_bytes(), RECEIVED, "TP-SCTS", STAMP),
        (SmsSubmit(TO, validity=AbsoluteValidity(MOMENT)).to_bytes(), SENT, "TP-VP", STAMP),
        (SmsSubmit(TO, validity=RelativeValidity(1)).to_bytes(), SENT, "TP-VP", []),
        (SmsSubmit(TO, validity=EnhancedValidity.unlimited()).to_bytes(), SENT, "TP-VP", [*ENHANCED, UNUSED]),
        (SmsSubmit(TO, validity=EnhancedValidity.seconds(9)).to_bytes(), SENT, "TP-VP", [*ENHANCED, PERIOD, UNUSED]),
        (
            SmsSubmit(TO, validity=EnhancedValidity(bytes.fromhex("82000900000000"))).to_bytes(),
            SENT,
            "TP-VP",
            [*ENHANCED, FURTHER, PERIOD, UNUSED],
        ),
        (
            SmsSubmit(TO, validity=EnhancedValidity(bytes.fromhex("83808000123456"))).to_bytes(),
            SENT,
            "TP-VP",
            [*ENHANCED, FURTHER, FURTHER, FURTHER, PERIOD],
        ),
        (SmsDeliverReport(protocol_identifier=0).to_bytes(), SENT, "TP-PI", INDICATOR),
        (bytes.fromhex("008000"), SENT, "TP-PI extension", [("extension", "9.2.3.27"), ("reserved", "")]),
    ],
)
def test_the_parts_of_a_field(tpdu: bytes, direction: Direction, field: str, parts: list[tuple[str, str]]) -> None:
    """Each octet of a field, and each bit where they differ in meaning, has its name and its clause, in order."""
    tree = annotate_tpdu(tpdu, direction=direction, rp_error=False)
    (node,) = (node for node in tree.children if node.name == field)
    assert [(part.name, part.clause) for part in node.walk()][1:] == parts


@pytest.mark.parametrize("octets", [b"", b"\x03", b"\x03\x00"])
def test_what_is_no_known_tpdu(octets: bytes) -> None:
    """Nothing, and a reserved message type, are a TPDU of no kind."""
    tree = annotate_tpdu(octets, direction=SENT)
    assert (tree.name, tree.clause) == ("TPDU", "9.2.2")
    assert tree.findings or tree.all_findings


HEADER = ("user data header", "")
IEI, IEDL, PAYLOAD = ("IEI", ""), ("IEDL", ""), ("data", "")


@each_row(
    ("octets", "parts"),
    [
        ("4100028121 0004 02 0100", [HEADER, ("UDHL", ""), ("octets of the header", "")]),
        (
            "4100028121 0004 08 05 0003010201 aabb",
            [
                *(HEADER, ("UDHL", ""), ("concatenation, 8-bit reference", ".1"), IEI, IEDL, ("IED", ".1")),
                PAYLOAD,
            ],
        ),
        ("4100028121 0004 03 02 7000", [HEADER, ("UDHL", ""), ("(U)SIM toolkit security", ""), IEI, IEDL]),
        (
            "4100028121 0004 04 03 01 01 05",
            [HEADER, ("UDHL", ""), ("special message indication", ".2"), IEI, IEDL, ("IED", ".2")],
        ),
        ("0100028121 0004 02 aabb", [PAYLOAD]),
        ("0100028121 0020 02 aabb", [PAYLOAD]),
        ("0100028121 0000 02 e934", [("text", "")]),
        ("0100028121 0008 02 0041", [("text", "")]),
        ("0100028121 0008 02 d800", [("text", ""), ("unreadable", "")]),
        (
            "0100028121 0008 06 0041 d800 0042",
            [("text", ""), ("characters", ""), ("unreadable", ""), ("characters", "")],
        ),
        ("0100028121 0000 00", []),
    ],
)
def test_the_parts_of_user_data(octets: str, parts: list[tuple[str, str]]) -> None:
    """Header, elements and payload have the names and the clauses, below 9.2.3.24, of what they are; so TP-CD has."""
    front, length, data = bytes.fromhex(octets)[:7], bytes.fromhex(octets)[7:8], bytes.fromhex(octets)[8:]
    tree = annotate_tpdu(front + length + data, direction=SENT)
    fields = [node for node in tree.children if node.name == "TP-UD"]
    assert [(node.name, node.clause) for field in fields for node in field.walk()] == [
        (name, f"9.2.3.24{clause}") for name, clause in [("TP-UD", "")] * bool(data) + parts
    ]
    if front[-1] == 0x04:
        command = bytes([front[0] & 0x40 | 0x02]) + bytes.fromhex("00000009 0281 21") + length + data
        tree = annotate_tpdu(command, direction=SENT)
        names = [(node.name, node.clause) for node in tree.children[-1].walk()]
        assert names == [("TP-CD", "9.2.3.21"), *((name, f"9.2.3.24{clause}") for name, clause in parts)]


@each_row("octet", range(256))
def test_d40_padding_of_a_status_report_is_0xff_alone(octet: int) -> None:
    """As storage fills up a report without TP-PI; any other octet there is a TP-PI."""
    report = SmsStatusReport(1, TO, MOMENT, MOMENT, Status(0)).to_bytes()
    tree = annotate_tpdu(report + bytes([octet]) * 2, direction=RECEIVED)
    names = [node.name for node in tree.children[6:]]
    assert (names == ["padding in storage (D40)"]) == (octet == 0xFF)
    assert (names[0] == "TP-PI") == (octet != 0xFF)


@each_row("second", range(256))
def test_d34_the_second_octet_tells_the_form_of_a_report(second: int) -> None:
    """From 0x80 on it is TP-FCS, though nothing follows it, and else TP-PI; unless the form is said."""
    for direction, type_of_message in ((SENT, 0), (RECEIVED, 1)):
        for rp_error in (None, False, True):
            octets = bytes([type_of_message, second])
            tree = annotate_tpdu(octets, direction=direction, rp_error=rp_error)
            is_cause = second >= 0x80 if rp_error is None else rp_error
            assert tree.children[1].name == ("TP-FCS" if is_cause else "TP-PI")


@each_row(
    ("element", "clause"),
    [
        ("0003000001", "D19"),
        ("010105", "9.2.3.24.2"),
        ("040101", "9.2.3.24.3"),
        ("05020101", "9.2.3.24.4"),
        ("080400000001", "D19"),
        ("240110", "D23"),
        ("250102", "D23, D24"),
    ],
)
def test_content_that_a_receiver_ignores(element: str, clause: str) -> None:
    """Each element whose content is refused by its class is kept, and said to be ignored, with the reason."""
    data = bytes.fromhex(element)
    octets = bytes.fromhex("41000281210004") + bytes([1 + len(data), len(data)]) + data
    tree = annotate_tpdu(octets, direction=SENT)
    assert (9, f"a receiver ignores this content ({clause})") in tree.all_findings
