"""User data in TPDUs: lengths that lie, headers past the end, the room there is, and what it must agree with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import Alphabet, Concatenation, OpaqueElement, UserData, UserDataHeader, tpdu
from smscodec.dcs import DataCodingScheme
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu import (
    Address,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Status,
)
from tests.rows import each_row

TO = Address("12")
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)
START = 7
"""Octets in front of TP-UD in the SMS-SUBMIT that ``submit`` makes."""


def submit(length: int, user_data: bytes, *, dcs: int = 0, header: bool = False) -> bytes:
    """The octets of an SMS-SUBMIT to 12."""
    return bytes([0x41 if header else 0x01, 0, 2, 0x81, 0x21, 0, dcs, length]) + user_data


@given(st.integers(0, 255), st.binary(max_size=150), st.integers(0, 255), st.booleans())
@example(141, bytes(141), 4, False)
@example(200, b"\x00" * 150, 0, True)
def test_a_length_that_lies_takes_what_is_there(length: int, octets: bytes, dcs: int, header: bool) -> None:
    """Leniently at most 140 octets are read and all are kept; strictly the length must fit the octets."""
    data = submit(length, octets, dcs=dcs, header=header)
    scheme = DataCodingScheme(dcs)
    septets = scheme.alphabet is Alphabet.GSM_7BIT and not scheme.compressed
    covered = -(-7 * length // 8) if septets else length
    if min(covered, len(octets)) > 140:
        with pytest.raises(DecodeError, match="udl at octet 7: "):
            SmsSubmit.from_bytes(data)
        return
    read = SmsSubmit.from_bytes(data)
    assert data == read.to_bytes()
    fill_bits = header and septets  # a length that ends inside the header leaves them out
    assert len(read.user_data.to_bytes()) <= min(covered, len(octets)) + fill_bits
    if covered != len(octets) and not scheme.reserved:
        with pytest.raises(DecodeError) as caught:
            SmsSubmit.from_bytes(data, strict=True)
        assert caught.value.field in {"udl", "ud", "ud.udhl", "ud.udh.ie"}


@pytest.mark.parametrize(
    ("octets", "field", "offset"),
    [
        (submit(5, b"\xc8\x32"), "udl", START + 3),
        (submit(2, b"\xc8\x32\x9b"), "ud", START + 3),
        (submit(4, b"\x09\x00\x03\x01", dcs=4, header=True), "ud.udhl", START + 1),
        (submit(6, b"\x05\x00\x03\x01\x00\x01", dcs=4, header=True), "ud.udh.ie", START + 2),
        (submit(6, b"\x05\x00\x04\x01\x00\x01", dcs=4, header=True), "ud.udh.ie", START + 2),
        (submit(6, b"\x05\x00\x03\x01\x01\x01", header=True), "udl", START + 1),
        (submit(0, b"", dcs=0x80), "dcs", 6),
        (submit(0, b"\x00"), "ud", START + 1),
    ],
)
def test_strict_reading_says_where(octets: bytes, field: str, offset: int) -> None:
    """Offsets count from the first octet of the TPDU, into the header too; lenient reading keeps the octets."""
    with pytest.raises(DecodeError) as caught:
        SmsSubmit.from_bytes(octets, strict=True)
    assert (field, offset) == (caught.value.field, caught.value.offset)
    assert octets == SmsSubmit.from_bytes(octets).to_bytes()


@pytest.mark.parametrize("dcs", [0x00, 0x04, 0x08])
def test_d17_udhl_past_the_end_leaves_no_text(dcs: int) -> None:
    """No header and no text, and the octets are kept."""
    octets = submit(7, b"\x50\x00\x03\x01\x02\x01\x41", dcs=dcs, header=True)
    read = SmsSubmit.from_bytes(octets)
    assert (read.user_data.payload, read.user_data.header.elements) == (b"", ())
    assert octets == read.to_bytes()


def test_d19_zero_parts_are_not_concatenated() -> None:
    """A total of 0 reads as a message of its own; nothing can be written so, nor 256 parts."""
    octets = submit(8, b"\x05\x00\x03\x07\x00\x01\x04\x36", dcs=8, header=True)
    read = SmsSubmit.from_bytes(octets)
    assert (read.user_data.text(), read.user_data.header.concatenation) == ("ж", None)
    for total in (0, 256):
        with pytest.raises(FieldError):
            Concatenation(7, total, 1)


@each_row("dcs", range(256))
def test_d26_every_data_coding_scheme_comes_back(dcs: int) -> None:
    """The alphabet follows from TP-DCS; reserved codings read as GSM 7-bit, and strict reading refuses them."""
    octets = submit(1, b"\x41", dcs=dcs)
    read = SmsSubmit.from_bytes(octets)
    scheme = DataCodingScheme(dcs)
    assert (scheme.alphabet, scheme.compressed) == (read.user_data.alphabet, read.user_data.compressed)
    assert octets == read.to_bytes()
    assert read.user_data.payload == b"\x41"
    if scheme.reserved:
        with pytest.raises(DecodeError, match="dcs at octet 6"):
            SmsSubmit.from_bytes(octets, strict=True)
    else:
        assert read == SmsSubmit.from_bytes(octets, strict=True)


@each_row("octet", range(256))
def test_d14_unused_bits_are_ignored_and_kept(octet: int) -> None:
    """The bit above a lone septet means nothing, is written as 0, and comes back where it was read."""
    octets = submit(1, bytes([octet]))
    read = SmsSubmit.from_bytes(octets, strict=True)
    assert bytes([octet & 0x7F]) == read.user_data.payload
    assert octets == read.to_bytes()
    assert submit(1, bytes([octet & 0x7F])) == replace(read, user_data=read.user_data, received=b"").to_bytes()


def test_d36_a_reserved_port_is_shown() -> None:
    """Leniently; strict reading refuses the element."""
    octets = submit(7, bytes.fromhex("060504c34fc002"), dcs=4, header=True)
    port = SmsSubmit.from_bytes(octets).user_data.header.application_port
    assert port is not None
    assert (port.destination, port.originator) == (49999, 49154)
    with pytest.raises(DecodeError, match=r"ud\.udh\.ie at octet 9"):
        SmsSubmit.from_bytes(octets, strict=True)


def test_a_header_without_user_data_means_nothing() -> None:
    """TP-UDHI with TP-UDL 0 is kept and nothing else."""
    octets = submit(0, b"", header=True)
    assert octets == SmsSubmit.from_bytes(octets, strict=True).to_bytes()
    assert octets[:1] != replace(SmsSubmit.from_bytes(octets), message_reference=1).to_bytes()[:1]


@pytest.mark.parametrize("strict", [False, True])
def test_a_header_without_room_for_its_fill_bits_is_refused(strict: bool) -> None:
    """A header up to the last octet of a TPDU, whose length leaves out the fill bits that would be one octet more."""
    user_data = b"\x9f\x70\x9d" + bytes(157)
    octets = bytes([0x40, 0x05, 0x00, 8 * len(user_data) // 7]) + user_data
    with pytest.raises(DecodeError) as caught:
        SmsDeliverReport.from_bytes(octets, strict=strict)
    assert caught.value.field == "udl"
    assert caught.value.offset in {3, 4}


def data(octets: int) -> UserData:
    """8-bit data of that many octets."""
    return UserData(Alphabet.DATA_8BIT, b"x" * octets)


EIGHT_BIT: dict[str, Any] = {"data_coding_scheme": DataCodingScheme(4)}
LONGEST = Address("1" * 20)


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda data: SmsSubmit(LONGEST, data, **EIGHT_BIT), 140),
        (lambda data: SmsDeliver(LONGEST, MOMENT, data, **EIGHT_BIT), 140),
        (lambda data: SmsStatusReport(0, TO, MOMENT, MOMENT, Status(0), user_data=data, **EIGHT_BIT), 143 - 1 - 1),
        (
            lambda data: SmsStatusReport(
                0, LONGEST, MOMENT, MOMENT, Status(0), protocol_identifier=0, user_data=data, **EIGHT_BIT
            ),
            131,
        ),
        (lambda data: SmsCommand(Address(""), 0, 0, data), 156),
        (lambda data: SmsCommand(LONGEST, 0, 0, data), 146),
        (lambda data: SmsDeliverReport(protocol_identifier=0, user_data=data, **EIGHT_BIT), 159),
        (lambda data: SmsDeliverReport(failure_cause=0xFF, protocol_identifier=0, user_data=data, **EIGHT_BIT), 158),
        (lambda data: SmsSubmitReport(MOMENT, protocol_identifier=0, user_data=data, **EIGHT_BIT), 152),
        (
            lambda data: SmsSubmitReport(
                MOMENT, failure_cause=0xFF, protocol_identifier=0, user_data=data, **EIGHT_BIT
            ),
            151,
        ),
        (
            lambda data: SmsDeliverReport(
                protocol_identifier=0, user_data=data, indicator_extension=b"\x80\x00", **EIGHT_BIT
            ),
            157,
        ),
    ],
)
def test_the_room_for_user_data(make: Any, most: int) -> None:
    """As many octets as 9.2.3.24 and the 164 of a TPDU leave; one more is refused, and so are very many."""
    assert len(make(data(most)).to_bytes()) <= 164
    form = {"rp_error": False} if most == 157 else {}  # octets of TP-PI that look like a failure cause
    assert make(data(most)) == type(make(data(0))).from_bytes(make(data(most)).to_bytes(), strict=True, **form)
    for octets in (most + 1, 255, 256, 1000):
        with pytest.raises(FieldError) as caught:
            make(data(octets))
        assert caught.value.field in {"user_data", "command_data"}


def test_septets_fill_all_octets() -> None:
    """160 septets fit the 140 octets of an SMS-SUBMIT, and 181 the 159 of an SMS-DELIVER-REPORT."""
    assert len(SmsSubmit(TO, UserData(Alphabet.GSM_7BIT, b"a" * 160)).to_bytes()) == 148
    full = SmsDeliverReport(
        protocol_identifier=0,
        data_coding_scheme=DataCodingScheme(0),
        user_data=UserData(Alphabet.GSM_7BIT, b"a" * 181),
    )
    assert len(full.to_bytes()) == 164
    assert full == SmsDeliverReport.from_bytes(full.to_bytes(), strict=True)


@each_row("length", range(20))
@each_row("scheme", [DataCodingScheme(0), DataCodingScheme(8), DataCodingScheme(0x20)])
def test_the_length_counts_what_the_scheme_is_in(length: int, scheme: DataCodingScheme) -> None:
    """Septets of GSM 7-bit, octets of all else and of compressed text; an octet behind them is behind TP-UD."""
    compressed = scheme.compressed
    if scheme.alphabet is Alphabet.UCS2:
        length &= ~1
    written = SmsSubmit(TO, UserData(scheme.alphabet, b"a" * length, compressed=compressed), data_coding_scheme=scheme)
    octets = written.to_bytes()
    in_septets = scheme.alphabet is Alphabet.GSM_7BIT and not compressed
    assert len(octets) == len(SmsSubmit(TO).to_bytes()) + ((7 * length + 7) // 8 if in_septets else length)
    assert written == SmsSubmit.from_bytes(octets, strict=True)
    with pytest.raises(DecodeError, match="1 octets after the last field") as caught:
        SmsSubmit.from_bytes(octets + b"x", strict=True)
    assert (caught.value.field, caught.value.offset) == ("ud", len(octets))


ANY: Any = tpdu
"""The package without its types, which would refuse some of these before they run."""


TPDUS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "SmsSubmit": (lambda **fields: SmsSubmit(TO, **fields), ("message_reference", "protocol_identifier")),
    "SmsDeliver": (lambda **fields: SmsDeliver(TO, MOMENT, **fields), ("protocol_identifier",)),
    "SmsStatusReport": (
        lambda **fields: SmsStatusReport(
            **{"message_reference": 0, **fields},
            recipient=TO,
            timestamp=MOMENT,
            discharge_time=MOMENT,
            status=Status(0),
        ),
        ("message_reference", "protocol_identifier"),
    ),
    "SmsCommand": (
        lambda **fields: SmsCommand(TO, **{"command_type": 0, "message_number": 0, **fields}),
        ("message_reference", "protocol_identifier", "command_type", "message_number"),
    ),
    "SmsDeliverReport": (SmsDeliverReport, ("failure_cause", "protocol_identifier")),
    "SmsSubmitReport": (
        lambda **fields: SmsSubmitReport(MOMENT, **fields),
        ("failure_cause", "protocol_identifier"),
    ),
}


@pytest.mark.parametrize("name", TPDUS)
def test_fields_of_one_octet(name: str) -> None:
    """Each takes 0 to 255, which come back from the octets, and nothing else."""
    make, fields = TPDUS[name]
    for field in fields:
        for octet in (0, 1, 128, 255):
            octets = make(**{field: octet}).to_bytes()
            form = {"rp_error": field == "failure_cause"} if name.endswith("Report") and "Status" not in name else {}
            assert getattr(getattr(tpdu, name).from_bytes(octets, **form), field) == octet
        for wrong in (-1, 256, 1.0, "1", True):
            with pytest.raises(FieldError) as caught:
                make(**{field: wrong})
            assert caught.value.field == field


@each_row(
    ("make", "field"),
    [
        (lambda: ANY.SmsSubmit(TO, data(1), data_coding_scheme=DataCodingScheme(0)), "user_data"),
        (lambda: ANY.SmsDeliver(TO, MOMENT, data(1), data_coding_scheme=DataCodingScheme(0x24)), "user_data"),
        (lambda: ANY.SmsSubmit(TO, b"a"), "user_data"),
        (lambda: ANY.SmsSubmit("12"), "destination"),
        (lambda: ANY.SmsSubmit(TO, message_reference=256), "message_reference"),
        (lambda: ANY.SmsSubmit(TO, message_reference=True), "message_reference"),
        (lambda: ANY.SmsSubmit(TO, message_reference=1.0), "message_reference"),
        (lambda: ANY.SmsSubmit(TO, reply_path="no"), "reply_path"),
        (lambda: ANY.SmsSubmit(TO, reject_duplicates=2), "reject_duplicates"),
        (lambda: ANY.SmsSubmit(TO, status_report_request=None), "status_report_request"),
        (lambda: ANY.SmsSubmit(TO, validity=60), "validity"),
        (lambda: ANY.SmsDeliver(TO, MOMENT, more_messages="yes"), "more_messages"),
        (lambda: ANY.SmsDeliver(TO, MOMENT, loop_prevention=2), "loop_prevention"),
        (lambda: ANY.SmsDeliver(TO, MOMENT, status_report_indication=2), "status_report_indication"),
        (lambda: ANY.SmsCommand(TO, 0, 0, status_report_request=2), "status_report_request"),
        (lambda: ANY.SmsStatusReport(0, TO, None, None, Status(0), answers_command=2), "answers_command"),
        (lambda: ANY.SmsStatusReport(True, TO, None, None, Status(0)), "message_reference"),
        (lambda: Status(True), "octet"),
        (lambda: ANY.SmsSubmit(TO, protocol_identifier=-1), "protocol_identifier"),
        (lambda: ANY.SmsSubmit(TO, data_coding_scheme=8), "data_coding_scheme"),
        (lambda: ANY.SmsDeliver("12", None), "originator"),
        (lambda: ANY.SmsCommand("12", 0, 0), "destination"),
        (lambda: ANY.SmsCommand(TO, 256, 0), "command_type"),
        (lambda: ANY.SmsCommand(TO, 0, 0, UserData(Alphabet.GSM_7BIT, b"a")), "command_data"),
        (lambda: ANY.SmsCommand(TO, 0, 0, UserData(Alphabet.DATA_8BIT, b"a", compressed=True)), "command_data"),
        (lambda: ANY.SmsStatusReport(0, TO, None, None, 0), "status"),
        (lambda: ANY.SmsStatusReport(0, "12", MOMENT, MOMENT, Status(0)), "recipient"),
        (lambda: ANY.SmsDeliverReport(user_data=data(1)), "user_data"),
        (lambda: ANY.SmsDeliverReport(data_coding_scheme=4), "data_coding_scheme"),
        (lambda: ANY.SmsDeliverReport(failure_cause=256), "failure_cause"),
        (lambda: ANY.SmsDeliverReport(indicator_extension=b"\x80"), "indicator_extension"),
        (lambda: ANY.SmsDeliverReport(indicator_extension=b"\x00\x00"), "indicator_extension"),
        (lambda: Status(256), "octet"),
    ],
)
def test_impossible_fields_are_refused(make: Any, field: str) -> None:
    """``FieldError`` names the field, and types that are none are refused too."""
    with pytest.raises(FieldError) as caught:
        make()
    assert field == caught.value.field


def test_received_octets_go_with_the_fields_they_say() -> None:
    """They stay while they read as the value, and go with ``replace``; they cannot be put where they do not belong."""
    odd = SmsSubmit.from_bytes(submit(1, b"\xc1"))
    assert submit(1, b"\xc1") == odd.received
    assert odd != replace(odd, received=b"") == SmsSubmit(TO, UserData(Alphabet.GSM_7BIT, b"A"))
    changed = replace(odd, message_reference=7)
    assert (changed.received, changed.to_bytes()[1]) == (b"", 7)
    assert SmsSubmit(TO, received=submit(1, b"\x41")).received == b""
    assert SmsSubmit(TO, received=b"\x01").received == b""
    assert submit(0, b"\x00") == SmsSubmit(TO, received=submit(0, b"\x00")).to_bytes()
    assert SmsSubmit(TO, received=SmsSubmit(TO).to_bytes()).received == b""


def test_command_data_may_have_a_header() -> None:
    """TP-UDHI of an SMS-COMMAND is about TP-CD, whose errors are called after it."""
    header = UserDataHeader([OpaqueElement(0x70, b"\x01")])
    octets = SmsCommand(TO, 0, 0, UserData(Alphabet.DATA_8BIT, b"x", header)).to_bytes()
    assert header == SmsCommand.from_bytes(octets, strict=True).command_data.header
    for changed, field, offset in (
        (octets[:-1], "cdl", len(octets) - 1),
        (octets + b"x", "cd", len(octets)),
        (octets[:9] + b"\x02" + octets[10:], "cd.udh.ie", 10),
    ):
        with pytest.raises(DecodeError) as caught:
            SmsCommand.from_bytes(changed, strict=True)
        assert "TP-UD" not in str(caught.value)
        assert (field, offset) == (caught.value.field, caught.value.offset)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_octets_of_every_kind_are_kept_as_bytes(kind: Any) -> None:
    """A value does not change with the buffer that it was made from, and is equal to one made from bytes."""
    plain = SmsDeliverReport(protocol_identifier=0, indicator_extension=b"\x80\x00")
    report = SmsDeliverReport(protocol_identifier=0, indicator_extension=kind(b"\x80\x00"))
    assert (report, hash(report), type(report.indicator_extension)) == (plain, hash(plain), bytes)
