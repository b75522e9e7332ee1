"""Reports and status reports: failure cause, parameter indicator, status; every value of each."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from smscodec import Alphabet, UserData
from smscodec.dcs import DataCodingScheme
from smscodec.errors import DecodeError
from smscodec.tpdu import (
    Address,
    Direction,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmitReport,
    Status,
    StatusState,
    decode_tpdu,
)
from smscodec.tpdu.meanings import command_type_meaning, failure_cause_meaning, protocol_identifier_meaning
from tests.rows import each_row

MOMENT = datetime(2026, 11, 30, 12, 34, 56, tzinfo=UTC)
STAMP = bytes.fromhex("62110321436500")
STATUS_REPORT = bytes.fromhex("0609028121") + STAMP + STAMP


# Status -------------------------------------------------------------------------------------------------------------

TEMPORARY = ["congestion", "busy", "no response", "service rejected", "quality of service", "error in the SME"]
MEANT = {
    **{0x00: "received by the SME", 0x01: "cannot confirm", 0x02: "replaced"},
    **{0x20 + number: words for number, words in enumerate(TEMPORARY)},
    **{0x40: "remote procedure error", 0x41: "incompatible destination", 0x42: "connection rejected"},
    **{0x43: "not obtainable", 0x44: "quality of service", 0x45: "no interworking", 0x46: "validity period expired"},
    **{0x47: "deleted by the originating SME", 0x48: "administration", 0x49: "does not exist"},
    **{0x60 + number: words for number, words in enumerate(TEMPORARY)},
}
"""TS 23.040, 9.2.3.15"""


@each_row("octet", range(256))
def test_every_status_has_a_state(octet: int) -> None:
    """By its range, and a meaning; only 0x20 to 0x3F are not final, and only 0x00 is a delivery for certain."""
    status = Status(octet)
    ranges = list(StatusState)[:4]
    assert status.state is (ranges[octet >> 5] if octet < 0x80 else StatusState.RESERVED)
    assert status.final is not (0x20 <= octet < 0x40)
    assert status.delivered is (octet == 0)
    assert status.specific is (octet < 0x80 and octet & 0x1F >= 0x10)
    assert status.reserved is not (status.specific or octet in MEANT)
    words = "specific to the service centre" if status.specific else MEANT.get(octet, "reserved")
    assert re.search(rf"(?<!\w){words}(?!\w)", status.meaning)
    assert Status(0x63 if status.reserved else octet) == status.taken_as


@each_row("octet", range(256))
def test_every_status_comes_back(octet: int) -> None:
    """A status report keeps the octet, whatever it means."""
    octets = STATUS_REPORT + bytes([octet])
    report = SmsStatusReport.from_bytes(octets, strict=True)
    assert SmsStatusReport(9, Address("12"), MOMENT, MOMENT, Status(octet)) == report
    assert octets == report.to_bytes()


# Parameter indicator ------------------------------------------------------------------------------------------------


@each_row("indicator", range(128))
def test_d34_every_indicator_announces_its_fields(indicator: int) -> None:
    """Bits 0 to 2 say which fields are there; with a reserved bit, what follows TP-UD is dropped and kept."""
    fields = b""
    fields += b"\x41" if indicator & 1 else b""
    fields += b"\x08" if indicator & 2 else b""
    text = b"\x02\x04\x36" if indicator & 2 else b"\x02\xc8\x1f"
    fields += text if indicator & 4 else b""
    octets = STATUS_REPORT + b"\x00" + bytes([indicator]) + fields
    for more in (b"", b"more"):
        dropped = bool(indicator & 0x78)
        report = SmsStatusReport.from_bytes(octets + more, strict=dropped or not more)
        assert (0x41 if indicator & 1 else None) == report.protocol_identifier
        assert (DataCodingScheme(8) if indicator & 2 else None) == report.data_coding_scheme
        assert ({2: "ж", 0: "H?"}[indicator & 2] if indicator & 4 else None) == (
            report.user_data and report.user_data.text()
        )
        assert octets + more == report.to_bytes()
    if not dropped:
        with pytest.raises(DecodeError) as caught:
            SmsStatusReport.from_bytes(octets + b"more", strict=True)
        assert ("ud", len(octets)) == (caught.value.field, caught.value.offset)


def test_d34_user_data_without_a_scheme_is_gsm_7_bit() -> None:
    """TP-UDL without TP-DCS means DCS 0x00, which other user data does not fit."""
    report = SmsDeliverReport.from_bytes(bytes.fromhex("000402c834"), strict=True)
    assert UserData(Alphabet.GSM_7BIT, b"Hi") == report.user_data
    assert report.data_coding_scheme is None


@pytest.mark.parametrize(
    ("extension", "dropped"), [(b"\x00", False), (b"\x80\x00", False), (b"\x80\x01", True), (b"\xc0\x00", True)]
)
def test_d34_extension_octets_follow_at_once(extension: bytes, dropped: bool) -> None:
    """Before TP-SCTS in a submit report; a bit in them is reserved as well, so that unknown octets follow."""
    octets = b"\x01\x84" + extension + STAMP + bytes.fromhex("02c834")
    report = SmsSubmitReport.from_bytes(octets, strict=True, rp_error=False)
    assert (
        SmsSubmitReport(MOMENT, user_data=UserData(Alphabet.GSM_7BIT, b"Hi"), indicator_extension=extension) == report
    )
    assert octets == report.to_bytes()
    longer = SmsSubmitReport.from_bytes(octets + b"x", rp_error=False)
    assert octets + b"x" == longer.to_bytes()
    if dropped:
        assert longer == SmsSubmitReport.from_bytes(octets + b"x", strict=True, rp_error=False)
    else:
        with pytest.raises(DecodeError, match="after the last field"):
            SmsSubmitReport.from_bytes(octets + b"x", strict=True, rp_error=False)


def test_an_indicator_that_never_ends_is_an_error() -> None:
    """The offset is where the octets end."""
    with pytest.raises(DecodeError) as caught:
        SmsDeliverReport.from_bytes(b"\x00" + b"\x80" * 9, rp_error=False)
    assert (caught.value.field, caught.value.offset) == ("pi", 10)


def test_an_indicator_that_announces_nothing_is_kept() -> None:
    """A status report may leave it out, and gives it back where it was."""
    without, with_it = STATUS_REPORT + b"\x00", STATUS_REPORT + b"\x00\x00"
    assert without == SmsStatusReport.from_bytes(without, strict=True).to_bytes()
    assert with_it == SmsStatusReport.from_bytes(with_it, strict=True).to_bytes()


# Failure cause ------------------------------------------------------------------------------------------------------


@each_row("second", range(256))
@each_row("kind", [SmsDeliverReport, SmsSubmitReport])
def test_d34_the_second_octet_tells_the_form(kind: Any, second: int) -> None:
    """From 0x80 on it is TP-FCS, below it is TP-PI; the caller may say otherwise."""
    stamp = STAMP if kind is SmsSubmitReport else b""
    head = bytes([kind.message_type, second])
    if second >= 0x80:
        octets = head + b"\x00" + stamp
        assert second == kind.from_bytes(octets, strict=True).failure_cause
    elif not second & 7:
        assert kind.from_bytes(head + stamp, strict=True).failure_cause is None
    refused = kind.from_bytes(head + b"\x00" + stamp, strict=True, rp_error=True)
    assert second == refused.failure_cause
    assert head + b"\x00" + stamp == refused.to_bytes()


@each_row("first", range(0, 256, 4))
def test_d34_reserved_bits_make_the_cause_unspecified(first: int) -> None:
    """In the RP-ERROR form with any of bits 7, 5–2 set nothing is examined, whatever follows; else it is."""
    octets = bytes([first, 0xD3, 0xFF, 0xFF])
    reserved = bool(first & 0b1011_1100)
    if reserved:
        report = decode_tpdu(octets, direction=Direction.MS_TO_SC, strict=True)
        assert isinstance(report, SmsDeliverReport)
        assert (report.failure_cause, report.user_data) == (0xFF, None)
        assert octets == report.to_bytes()
        # In RP-ACK the same bits are merely ignored.
        accepted = SmsDeliverReport.from_bytes(bytes([first, 0]))
        assert (None, bytes([first, 0])) == (accepted.failure_cause, accepted.to_bytes())
    else:
        with pytest.raises(DecodeError, match="pi at octet 4"):
            decode_tpdu(octets, direction=Direction.MS_TO_SC)


def test_d34_the_form_can_be_named_for_any_tpdu() -> None:
    """``decode_tpdu`` hands it on to reports, and other types do not mind."""
    octets = bytes.fromhex("008000")
    read = decode_tpdu(octets, direction=Direction.MS_TO_SC)
    assert isinstance(read, SmsDeliverReport)
    assert read.failure_cause == 0x80
    named = decode_tpdu(octets, direction=Direction.MS_TO_SC, rp_error=False)
    assert SmsDeliverReport(indicator_extension=b"\x00") == named
    other = decode_tpdu(STATUS_REPORT + b"\x00", direction=Direction.SC_TO_MS, rp_error=True)
    assert isinstance(other, SmsStatusReport)


# Meanings -----------------------------------------------------------------------------------------------------------


def test_failure_causes_have_the_meanings_of_9_2_3_22() -> None:
    """All 256: the table's values have one, and only those."""
    named = {
        *(0x80, 0x81, 0x82, 0x8F, 0x90, 0x91, 0x9F, 0xA0, 0xA1, 0xAF, 0xB0),
        *range(0xC0, 0xC8),
        *range(0xD0, 0xD6),
        *range(0xE0, 0x100),
    }
    assert named == {octet for octet in range(256) if failure_cause_meaning(octet) != "reserved"}
    assert failure_cause_meaning(0xD3) == "memory capacity exceeded"
    assert failure_cause_meaning(0xFE) == "specific to an application"


def test_protocol_identifiers_have_the_meanings_of_9_2_3_9() -> None:
    """All 256: reserved are the rest of the telematic devices, 0x49 to 0x7B but two, and 0x80 to 0xBF."""
    reserved = {0x2E, 0x2F, *range(0x33, 0x38), *range(0x49, 0x5E), *range(0x60, 0x7C), *range(0x80, 0xC0)}
    assert reserved == {octet for octet in range(256) if protocol_identifier_meaning(octet) == "reserved"}
    assert "type 0" in protocol_identifier_meaning(0x40)
    assert protocol_identifier_meaning(0x47) == "replace short message type 7"
    assert protocol_identifier_meaning(0x32).endswith("Internet electronic mail")


def test_command_types_have_the_meanings_of_9_2_3_19() -> None:
    """All 256: four commands, reserved, undefined, and the service centre's own."""
    words = [command_type_meaning(octet) for octet in range(256)]
    assert words[2] == "delete the message"
    assert words[4:32] == ["reserved"] * 28
    assert words[32:224] == ["undefined"] * 192
    assert words[224:] == ["specific to the service centre"] * 32
