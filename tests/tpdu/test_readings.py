"""Records of a (U)SIM, octets without a label, and messages to and from other forms of address."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import NationalLanguage, segment
from smscodec.dcs import Alphabet, DataCodingScheme, MessageClass
from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import (
    Address,
    Direction,
    Form,
    NumberingPlan,
    SmsDeliver,
    SmsStatusReport,
    TypeOfNumber,
    annotate,
    delivers,
    pdu_mode,
    readings,
    submits,
)
from smscodec.tpdu.pdu_mode import Record, RecordStatus, ReportRecord
from tests.command_line import FEWER
from tests.rows import each_row
from tests.tpdu.test_annotation import assert_covers
from tests.tpdu.test_rp import TRACE
from tests.tpdu.test_storage import NAMED, REPORT, REPORTS, STORED

MS_TO_SC, SC_TO_MS = Direction.MS_TO_SC, Direction.SC_TO_MS
MOMENT = datetime(2026, 11, 30, 12, tzinfo=UTC)
RECORD = bytes.fromhex("0107913366003051F5040B915155100000F000005180719120348004D4F29C0E").ljust(176, b"\xff")
NUMBERS = st.none() | tpdus.addresses().filter(lambda found: found.type_of_number is not TypeOfNumber.ALPHANUMERIC)
STORED_TPDUS = st.one_of(
    tpdus.delivers().filter(lambda found: len(found.to_bytes()) <= 160),
    tpdus.submits().filter(lambda found: len(found.to_bytes()) <= 160),
    REPORTS,
)


def front(smsc: Address | None, tpdu: Any) -> bytes:
    """Service centre and TPDU."""
    return bytes.fromhex(pdu_mode.encode(tpdu, smsc=smsc)[0])


# Records ------------------------------------------------------------------------------------------------------------


@given(STORED_TPDUS, NUMBERS, st.sampled_from(RecordStatus))
def test_a_record_gives_status_service_centre_and_tpdu(tpdu: Any, smsc: Address | None, status: RecordStatus) -> None:
    """Whatever the fill, which lenient and strict reading pass over; the annotation covers every octet."""
    unfilled = bytes([status]) + front(smsc, tpdu)
    octets = unfilled.ljust(176, b"\xff")
    if isinstance(tpdu, SmsStatusReport) and status.outgoing:
        return  # type 2 among outgoing messages is a command (D41)
    found = pdu_mode.record(octets)
    assert found == Record(status, smsc, tpdu)
    assert pdu_mode.record(unfilled + b"\xff") == found  # the TPDU itself may end in FF
    if status is RecordStatus.FREE:
        assert pdu_mode.record(octets, strict=True) == Record(status, None, None)
    tree = annotate(octets, form=Form.RECORD)
    assert_covers(tree, octets)
    assert tree.children[0].name == "status"


@given(REPORTS, st.integers(1, 255))
def test_a_record_of_a_status_report_gives_the_number_and_the_report(report: SmsStatusReport, number: int) -> None:
    """30 octets filled up, as EF_SMSR has them."""
    octets = (bytes([number]) + report.to_bytes()).ljust(30, b"\xff")
    if len(octets) == 30:
        assert pdu_mode.record(octets) == ReportRecord(number, report)
        assert_covers(annotate(octets, form=Form.RECORD), octets)
        assert pdu_mode.record(octets, strict=True) == ReportRecord(number, report)


def test_empty_records() -> None:
    """Free, with and without what was deleted, and a report record without a number."""
    assert pdu_mode.record(b"\0" + b"\xff" * 175) == Record(RecordStatus.FREE, None, None)
    assert pdu_mode.record(b"\0" * 176) == Record(RecordStatus.FREE, None, None)
    assert pdu_mode.record(b"\0" + RECORD[1:]).tpdu == pdu_mode.record(RECORD).tpdu
    assert pdu_mode.record(b"\0" + b"\xff" * 29) == ReportRecord(0, None)


def test_the_record_of_the_issue() -> None:
    """Received and read, from a service centre in France."""
    found = pdu_mode.record(RECORD, strict=True)
    assert isinstance(found, Record)
    assert isinstance(found.tpdu, SmsDeliver)
    assert (found.status, found.status.name, str(found.smsc)) == (1, "READ", "+33660003155")
    assert (str(found.tpdu.originator), found.tpdu.user_data.text()) == ("+15550100000", "Test")
    assert annotate(RECORD, form=Form.RECORD).all_findings == ()
    assert found.as_dict()["status"] == "READ"


@pytest.mark.parametrize(
    ("octets", "field", "offset"),
    [("", "record", 0), ("01", "smsc", 1), ("0100", "mti", 2), ("010191", "mti", 3), ("01000402", "oa", 4)],
)
def test_errors_say_where(octets: str, field: str, offset: int) -> None:
    """The offset counts from the status octet on."""
    with pytest.raises(DecodeError) as caught:
        pdu_mode.record(bytes.fromhex(octets))
    assert (caught.value.field, caught.value.offset) == (field, offset)


def test_strict_reading_of_records() -> None:
    """A reserved status, and something other than fill."""
    for octets, offset in ((b"\x81" + RECORD[1:], 0), (RECORD[:-1] + b"\0", 32)):
        assert pdu_mode.record(octets) == pdu_mode.record(RECORD)
        assert annotate(octets, form=Form.RECORD).all_findings
        with pytest.raises(DecodeError) as caught:
            pdu_mode.record(octets, strict=True)
        assert (caught.value.field, caught.value.offset) == ("record", offset)


@given(st.binary(max_size=200), st.booleans(), st.booleans())
def test_any_octets_are_a_record_or_a_decode_error(octets: bytes, strict: bool, cut: bool) -> None:
    """Random octets and records with some of theirs changed; annotating never raises."""
    octets = RECORD[: len(octets)] + octets if cut else octets
    assert_covers(annotate(octets, form=Form.RECORD), octets)
    with contextlib.suppress(DecodeError):
        assert pdu_mode.record(octets, strict=strict).as_dict()


STATUSES = {
    **{0x00: "free", 0x01: "received, read", 0x03: "received, to be read", 0x05: "sent", 0x07: "to be sent"},
    0x0D: "sent, status report requested and not yet received",
    0x15: "sent, status report received and not stored",
    0x1D: "sent, status report received and stored in EF_SMSR",
}
"""TS 31.102, 4.2.25"""


@each_row("octet", [*range(0x20), *(1 << bit | low for bit in (5, 6, 7) for low in (0, 1, 5, 0x1D))])
def test_the_status_of_a_record_is_that_of_the_table(octet: int) -> None:
    """Bit 1 free or not, bit 3 received or not, and bits 5 and 4 of what was sent; a reserved bit means nothing."""
    meant = octet & (0b11111 if octet & 0b111 == 0b101 else 0b111) if octet & 1 else 0
    octets = bytes([octet]) + RECORD[1:]
    found = pdu_mode.record(octets)
    assert isinstance(found, Record)
    assert (found.status, found.status.outgoing) == (meant, meant & 0b100 != 0)
    note = annotate(octets, form=Form.RECORD).children[0]
    reserved = () if octet == meant else (f"0x{octet:02X} is reserved",)
    assert (note.name, note.value, note.findings) == ("status", STATUSES[meant], reserved)
    if octet != meant:
        with pytest.raises(DecodeError, match="record at octet 0"):
            pdu_mode.record(octets, strict=True)


SMSC, FIRST = ("SMSC address", "24.011, 8.2.5.1"), ("status", "31.102, 4.2.25")
FILL, REPORT_FILL = ("fill", "31.102, 4.2.25"), ("fill", "31.102, 4.2.32")
NUMBER, UNREAD = ("record number in EF_SMS", "31.102, 4.2.32"), ("octets that cannot be read", "")


@each_row(
    ("octets", "form", "root", "fields"),
    [
        (RECORD.hex(), Form.RECORD, "EF_SMS", [FIRST, SMSC, ("SMS-DELIVER", "9.2.2.1"), FILL]),
        (f"05{REPORT}".ljust(60, "F"), Form.RECORD, "EF_SMSR", [NUMBER, ("SMS-STATUS-REPORT", "9.2.2.3"), REPORT_FILL]),
        ("00".ljust(60, "F"), Form.RECORD, "EF_SMSR", [NUMBER, REPORT_FILL]),
        ("00".ljust(352, "F"), Form.RECORD, "EF_SMS", [FIRST, FILL]),
        ("", Form.RECORD, "EF_SMS", [FIRST]),
        ("01", Form.RECORD, "EF_SMS", [FIRST, SMSC]),
        ("0105", Form.RECORD, "EF_SMS", [FIRST, SMSC]),
        ("010D", Form.RECORD, "EF_SMS", [FIRST, SMSC]),
        ("010D91", Form.RECORD, "EF_SMS", [FIRST, SMSC, UNREAD]),
        ("0100", Form.RECORD, "EF_SMS", [FIRST, SMSC, ("TPDU", "9.2.2")]),
        ("0100FF", Form.RECORD, "EF_SMS", [FIRST, SMSC, FILL]),
        ("07000100", Form.RECORD, "EF_SMS", [FIRST, SMSC, ("SMS-SUBMIT", "9.2.2.2")]),
        ("", Form.PDU_MODE, "PDU", [SMSC]),
        ("05", Form.PDU_MODE, "PDU", [SMSC]),
        ("0D91", Form.PDU_MODE, "PDU", [SMSC, UNREAD]),
        ("00", Form.PDU_MODE, "PDU", [SMSC, ("TPDU", "9.2.2")]),
        ("0001", Form.PDU_MODE, "PDU", [SMSC, ("SMS-SUBMIT", "9.2.2.2")]),
        ("", Form.TPDU, "TPDU", []),
        ("07", Form.RP, "RP message", [UNREAD]),
    ],
)
def test_the_parts_of_records_and_pdus(octets: str, form: Form, root: str, fields: list[tuple[str, str]]) -> None:
    """Each has its name and its clause; so has what is cut off, and what cannot be read has none."""
    clauses = {"EF_SMS": "31.102, 4.2.25", "EF_SMSR": "31.102, 4.2.32", "PDU": "27.005, 3.1"}
    clauses |= {"TPDU": "9.2.2", "RP message": "24.011, 7.3"}
    tree = annotate(bytes.fromhex(octets), form=form)
    assert (tree.name.removesuffix(" record"), tree.clause) == (root, clauses[root])
    assert [(node.name, node.clause) for node in tree.children] == fields


@each_row(
    ("octets", "direction", "form"),
    [("00" + REPORT, MS_TO_SC, Form.PDU_MODE), (REPORT, MS_TO_SC, Form.TPDU), (REPORT, SC_TO_MS, Form.TPDU)],
)
def test_a_direction_goes_before_what_storage_holds(octets: str, direction: Direction, form: Form) -> None:
    """Type 2 is a status report in storage, and a command where it goes to the service centre."""
    expected = "SMS-COMMAND" if direction is MS_TO_SC else "SMS-STATUS-REPORT"
    names = [node.name for node in annotate(bytes.fromhex(octets), form=form, direction=direction).walk()]
    assert expected in names
    assert "SMS-STATUS-REPORT" in [node.name for node in annotate(bytes.fromhex(octets), form=form).walk()]


@each_row("octet", [0x00, 0x01, 0x41, 0x58, 0x7F, 0x80, 0xFE, 0xFF])
def test_what_fills_a_record(octet: int) -> None:
    """0xFF after a message and in an empty report; a free record may be full of zeros too."""
    unfilled = RECORD.rstrip(b"\xff")
    filled = unfilled + bytes([octet]) * 3
    findings = [text for _, text in annotate(filled, form=Form.RECORD).all_findings]
    assert findings == ([] if octet == 0xFF else ["expected 0xFF up to the end of the record"])
    if octet == 0xFF:
        assert pdu_mode.record(filled, strict=True) == pdu_mode.record(RECORD)
    else:
        with pytest.raises(DecodeError, match=f"record at octet {len(unfilled)}"):
            pdu_mode.record(filled, strict=True)
    free = [node.name for node in annotate(b"\0" + bytes([octet]) * 40, form=Form.RECORD).children]
    assert (free == ["status", "fill"]) == (octet in {0x00, 0xFF})


@each_row("octet", [0x00, 0x58, 0xFE])
def test_a_message_that_is_cut_ends_where_the_fill_begins(octet: int) -> None:
    """What cannot be read to its end goes on to the last octet that is not 0xFF; of no octet else is it the fill."""
    cut = bytes([0x01, 0x00, 0x04, 0x02, 0x81, 0x21, octet, octet])
    message, fill = annotate(cut + b"\xff" * 3, form=Form.RECORD).children[-2:]
    assert (message.name, message.offset, message.length) == ("SMS-DELIVER", 2, 6)
    assert (fill.name, fill.offset, fill.length, fill.findings) == ("fill", 8, 3, ())
    report = b"\x05" + bytes([octet]) * 29
    assert annotate(report, form=Form.RECORD).name == "EF_SMS record"


@pytest.mark.parametrize("octet", [0x00, 0x58, 0xFF])
def test_a_free_record_keeps_what_was_deleted(octet: int) -> None:
    """If any octet is neither zero nor fill, such as the type of an address without digits."""
    deleted = bytes([0, 0, 0, octet]).ljust(20, b"\0")
    found = pdu_mode.record(b"\0" + deleted)
    assert isinstance(found, Record)
    assert (found.tpdu is None) == (octet in {0x00, 0xFF})


# Readings -----------------------------------------------------------------------------------------------------------


@FEWER
@given(st.binary(max_size=200))
def test_readings_stand_in_the_order_of_their_findings(octets: bytes) -> None:
    """Whatever the octets; each has its annotation, whose findings are the reading's."""
    found = readings(octets)
    assert [len(reading.findings) for reading in found] == sorted(len(reading.findings) for reading in found)
    for reading in found:
        assert_covers(reading.annotation, octets)
        assert tuple(finding for _, finding in reading.annotation.all_findings) == reading.findings
        assert reading.as_dict()["octets"] == octets.hex()


@pytest.mark.parametrize(
    ("octets", "form", "kind"),
    [
        (STORED, Form.PDU_MODE, "SmsSubmit"),
        (STORED[2:], Form.TPDU, "SmsSubmit"),
        (NAMED, Form.PDU_MODE, "SmsSubmit"),
        (REPORT, Form.TPDU, "SmsStatusReport"),
        (REPORT + "FF" * 5, Form.TPDU, "SmsStatusReport"),
        ("0791448720003023" + REPORT, Form.PDU_MODE, "SmsStatusReport"),
        ("05" + REPORT + "FF" * 6, Form.RECORD, "SmsStatusReport"),
        (RECORD.hex(), Form.RECORD, "SmsDeliver"),
        (TRACE.hex(), Form.RP, "SmsStatusReport"),
        ("022A41020000", Form.RP, "SmsDeliverReport"),
        ("07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07", Form.PDU_MODE, "SmsDeliver"),
        ("040B911346610089F60000208062917314080CC8F71D14969741F977FD07", Form.TPDU, "SmsDeliver"),
        ("0603", Form.RP, "NoneType"),
    ],
)
def test_the_best_reading_is_what_was_meant(octets: str, form: Form, kind: str) -> None:
    """With a service centre and without, in either direction, as a record and as a message of the relay layer."""
    best = readings(bytes.fromhex(octets))[0]
    assert (best.form, type(best.tpdu).__name__) == (form, kind)


@each_row(
    ("octets", "is_record"),
    [
        (RECORD, True),
        (RECORD.rstrip(b"\xff"), True),
        (b"\0" + RECORD[1:], True),
        *((b"\0".ljust(length, b"\xff"), length in (30, 176)) for length in (1, 2, 29, 30, 31, 175, 176, 177)),
    ],
)
def test_a_record_without_a_message_has_the_length_of_a_record(octets: bytes, is_record: bool) -> None:
    """Of other lengths only what holds a message is read as one: any even octet would be the status of a free one."""
    found = [reading for reading in readings(octets) if reading.form is Form.RECORD]
    assert len(found) == is_record


@FEWER
@given(st.text("abc €ж", min_size=1, max_size=70), st.booleans(), st.booleans(), st.booleans())
def test_messages_are_found_with_a_service_centre_and_without(text: str, up: bool, centre: bool, front: bool) -> None:
    """The best reading of a message as people send it is that message, in either direction."""
    message, number = segment(text), "+447700900123"
    made = submits(message, destination=number) if up else delivers(message, originator=number, timestamp=MOMENT)
    tpdu = made[0]
    digits, _ = pdu_mode.encode(tpdu, smsc="+447700900000" if centre else None)
    octets = bytes.fromhex(digits) if front else tpdu.to_bytes()
    best = readings(octets)[0]
    assert (best.tpdu, best.form) == (tpdu, Form.PDU_MODE if front else Form.TPDU)
    assert best.findings == ()


def test_a_form_that_is_none_is_refused() -> None:
    """``annotate`` names the field."""
    wrong: Any = "rp"
    with pytest.raises(FieldError, match="form: expected a Form"):
        annotate(b"", form=wrong)


# Whole messages, and SMPP's addresses -------------------------------------------------------------------------------


@given(st.text("abc €ж", max_size=500), st.booleans())
def test_delivers_are_the_segments_of_a_message(text: str, more: bool) -> None:
    """Each carries its segment; all but the last say that more messages wait."""
    message = segment(text, reference=7, languages=[NationalLanguage.TURKISH])
    made = delivers(message, originator="Acme", timestamp=MOMENT, more_messages=more)
    assert [part.user_data for part in made] == [part.user_data for part in message]
    assert [part.more_messages for part in made] == [True] * (len(made) - 1) + [more]
    assert {part.timestamp for part in made} == {MOMENT}
    assert {part.data_coding_scheme for part in made} == {DataCodingScheme.general(message.alphabet)}
    assert [part.user_data for part in submits(message, destination="1")] == [part.user_data for part in made]


def test_delivers_refuse_what_does_not_fit() -> None:
    """Both a scheme and a class, no reference for several segments, and no message."""
    both = {"data_coding_scheme": DataCodingScheme(0), "message_class": MessageClass.CLASS_0}
    wrong: Any = "text"
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: delivers(segment("a"), originator="1", timestamp=MOMENT, **both), "message_class"),  # type: ignore[arg-type]
        (lambda: delivers(segment("a" * 200), originator="1", timestamp=MOMENT), "reference"),
        (lambda: delivers(segment("a"), originator="1", timestamp=datetime(2026, 1, 1)), "timestamp"),
    ]
    for make, field in calls:
        with pytest.raises(FieldError) as caught:
            make()
        assert caught.value.field == field
    with pytest.raises(FieldError):
        delivers(wrong, originator="1", timestamp=MOMENT)
    flash = delivers(segment("a"), originator="1", timestamp=None, message_class=MessageClass.CLASS_0)
    assert flash[0].data_coding_scheme == DataCodingScheme.general(
        Alphabet.GSM_7BIT, message_class=MessageClass.CLASS_0
    )


@given(tpdus.addresses().filter(lambda found: found.type_of_number is not TypeOfNumber.RESERVED))
def test_addresses_go_to_smpp_and_back(address: Address) -> None:
    """Type and plan are the same numbers; the + is left to the type, and the plan of a name is ignored."""
    ton, npi, digits = address.to_smpp()
    assert (ton, npi, digits) == (address.type_of_number, address.numbering_plan, address.number)
    assert Address.from_smpp(ton, npi, digits) == address
    if address.type_of_number is TypeOfNumber.ALPHANUMERIC:
        assert Address.from_smpp(ton, 18, digits) == address
    if address.type_of_number is TypeOfNumber.INTERNATIONAL:
        assert Address.from_smpp(ton, npi, "+" + digits) == address


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ((7, 1, "1"), "ton"),
        ((1, 18, "1"), "npi"),
        ((-1, 1, "1"), "ton"),
        ((1, -1, "1"), "npi"),
        ((1, 1, "x"), "number"),
    ],
)
def test_smpp_fields_without_a_counterpart_are_refused(fields: tuple[int, int, str], field: str) -> None:
    """By the name of the field."""
    with pytest.raises(FieldError) as caught:
        Address.from_smpp(*fields)
    assert caught.value.field == field
    with pytest.raises(FieldError):
        Address("1", TypeOfNumber.RESERVED, NumberingPlan.ISDN).to_smpp()
