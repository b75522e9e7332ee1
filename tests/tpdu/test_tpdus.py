"""The six TPDUs: their octets, both ways, and any octets whatever."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import Alphabet, Concatenation, UserData, UserDataHeader
from smscodec.dcs import DataCodingScheme
from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import (
    Address,
    Direction,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Status,
    Tpdu,
    decode_tpdu,
)
from tests.rows import each_row

TO = Address("+447700900000")
HELLO = UserData(Alphabet.GSM_7BIT, b"Hello")
MOMENT = datetime(2026, 11, 30, 12, 34, 56, tzinfo=UTC)
UCS2 = DataCodingScheme(0x08)
DIRECTIONS = {
    SmsSubmit: Direction.MS_TO_SC,
    SmsCommand: Direction.MS_TO_SC,
    SmsDeliverReport: Direction.MS_TO_SC,
    SmsDeliver: Direction.SC_TO_MS,
    SmsStatusReport: Direction.SC_TO_MS,
    SmsSubmitReport: Direction.SC_TO_MS,
}
SAMPLES: list[tuple[Tpdu, str]] = [
    (SmsSubmit(TO, HELLO), "01000c91447700090000000005c8329bfd06"),
    (
        SmsSubmit(
            TO,
            UserData(Alphabet.UCS2, "ж".encode("utf-16-be"), UserDataHeader([Concatenation(7, 2, 1)])),
            data_coding_scheme=UCS2,
            message_reference=255,
            protocol_identifier=0x41,
            validity=RelativeValidity(167),
            reject_duplicates=True,
            status_report_request=True,
            reply_path=True,
        ),
        "f5ff0c914477000900004108a7080500030702010436",
    ),
    (SmsDeliver(TO, MOMENT, HELLO), "040c9144770009000000006211032143650005c8329bfd06"),
    (
        SmsDeliver(
            TO, MOMENT, more_messages=True, loop_prevention=True, status_report_indication=True, reply_path=True
        ),
        "a80c914477000900000000" + "62110321436500" + "00",
    ),
    (
        SmsStatusReport(9, TO, MOMENT, MOMENT, Status(0x46), answers_command=True),
        "26090c91447700090000" + "62110321436500" * 2 + "46",
    ),
    (
        SmsStatusReport(9, TO, MOMENT, MOMENT, Status(0), protocol_identifier=0, user_data=HELLO, more_messages=True),
        "02090c91447700090000" + "62110321436500" * 2 + "00" + "050005c8329bfd06",
    ),
    (SmsCommand(TO, 2, 9, message_reference=8, status_report_request=True), "2208000209" + "0c91447700090000" + "00"),
    (
        SmsCommand(TO, 0, 9, UserData(Alphabet.DATA_8BIT, b"\x01\x02", UserDataHeader([Concatenation(1, 1, 1)]))),
        "4200000009" + "0c91447700090000" + "08" + "0500030101010102",
    ),
    (SmsDeliverReport(), "0000"),
    (SmsDeliverReport(failure_cause=0xD3), "00d300"),
    (
        SmsDeliverReport(
            protocol_identifier=0x7F,
            data_coding_scheme=UCS2,
            user_data=UserData(Alphabet.UCS2, b"\x04\x36"),
            indicator_extension=b"\x80\x00",
            failure_cause=0x80,
        ),
        "008087" + "8000" + "7f08020436",
    ),
    (SmsSubmitReport(MOMENT), "0100" + "62110321436500"),
    (SmsSubmitReport(MOMENT, failure_cause=0xC0, user_data=HELLO), "01c004" + "62110321436500" + "05c8329bfd06"),
]


@pytest.mark.parametrize(("tpdu", "octets"), SAMPLES, ids=lambda value: type(value).__name__)
def test_a_tpdu_has_the_octets_of_its_clause(tpdu: Tpdu, octets: str) -> None:
    """Fields stand in the order of 9.2.2, and strict reading gives the TPDU back."""
    assert octets == tpdu.to_bytes().hex()
    assert tpdu == decode_tpdu(bytes.fromhex(octets), direction=DIRECTIONS[type(tpdu)], strict=True)


@given(tpdus.tpdus())
def test_reading_undoes_writing(tpdu: Tpdu) -> None:
    """Every TPDU comes back from its octets, of which there are at most 164, by class and by direction."""
    octets = tpdu.to_bytes()
    assert len(octets) <= 164
    form = {"rp_error": getattr(tpdu, "failure_cause", None) is not None}
    extended = getattr(tpdu, "indicator_extension", b"") and not form["rp_error"]
    assert tpdu == decode_tpdu(octets, direction=DIRECTIONS[type(tpdu)], **form)
    if not extended:
        assert tpdu == decode_tpdu(memoryview(octets), direction=DIRECTIONS[type(tpdu)])
        assert tpdu == type(tpdu).from_bytes(bytearray(octets))


def decoded(octets: bytes, **options: Any) -> Tpdu | DecodeError:
    """The TPDU, or the error in its place."""
    try:
        return decode_tpdu(octets, **options)
    except DecodeError as error:
        return error


@given(tpdus.broken_tpdus(), st.sampled_from(Direction), st.booleans(), st.sampled_from([None, False, True]))
@example(b"", Direction.SC_TO_MS, False, None)
@example(b"\xff" * 164, Direction.SC_TO_MS, False, None)
@example(b"\x00", Direction.MS_TO_SC, False, None)
@example(bytes.fromhex("4100028121000005ff"), Direction.MS_TO_SC, False, None)
@example(b"\x00" + b"\x80" * 200 + b"\x00", Direction.MS_TO_SC, False, False)
@example(b"\x01" + b"\x80" * 160 + bytes(9), Direction.SC_TO_MS, False, False)
def test_any_octets_are_a_value_or_a_decode_error(
    octets: bytes, direction: Direction, strict: bool, rp_error: bool | None
) -> None:
    """Octets read as a TPDU that gives them back, or as an error with field and offset; strict reading agrees."""
    read = decoded(octets, direction=direction, strict=strict, rp_error=rp_error)
    if isinstance(read, DecodeError):
        assert read.field.split(".")[0] in FIELDS
        assert 0 <= read.offset <= len(octets)
    else:
        assert octets == read.to_bytes()
        assert direction is DIRECTIONS[type(read)]
        assert not strict or read == decode_tpdu(octets, direction=direction, rp_error=rp_error)


FIELDS = {
    *("mti", "mr", "oa", "da", "ra", "pid", "dcs", "vp", "scts", "dt", "st", "pi", "fcs", "ct", "mn"),
    *("udl", "ud", "cdl", "cd"),
}


@pytest.mark.parametrize(
    ("octets", "rp_error"),
    [
        (bytes.fromhex("0008") + bytes(163), False),  # a reserved bit of TP-PI lets octets follow
        (bytes.fromhex("80d3") + bytes(163), True),  # nothing behind TP-FCS is examined
        (bytes.fromhex("000841") + bytes(162), None),
    ],
)
def test_octets_that_a_receiver_drops_end_with_the_tpdu(octets: bytes, rp_error: bool | None) -> None:
    """Strict reading passes over them up to the 164 octets of a TPDU and refuses the 165th, which is kept leniently."""
    options: dict[str, Any] = {"direction": Direction.MS_TO_SC, "rp_error": rp_error}
    assert octets[:164] == decode_tpdu(octets[:164], strict=True, **options).to_bytes()
    assert octets == decode_tpdu(octets, **options).to_bytes()
    with pytest.raises(DecodeError, match="ud at octet 164: "):
        decode_tpdu(octets, strict=True, **options)


def test_a_field_beyond_octet_164_is_no_value() -> None:
    """TP-PI that extends itself past the end of any TPDU is refused at that end, in both modes."""
    octets = b"\x00" + b"\x80" * 164 + b"\x00"
    for strict in (False, True):
        with pytest.raises(DecodeError, match="pi at octet 164: "):
            SmsDeliverReport.from_bytes(octets, strict=strict, rp_error=False)
    longest = b"\x00" + b"\x80" * 162 + b"\x00"
    assert longest == SmsDeliverReport.from_bytes(longest, strict=True, rp_error=False).to_bytes()


@pytest.mark.parametrize(("tpdu", "octets"), SAMPLES, ids=lambda value: type(value).__name__)
def test_every_cut_is_a_value_or_an_error_at_the_end(tpdu: Tpdu, octets: str) -> None:
    """Where a field is missing the offset is where the octets end; all else is kept as it came."""
    whole = bytes.fromhex(octets)
    for length in range(len(whole)):
        read = decoded(whole[:length], direction=DIRECTIONS[type(tpdu)])
        if isinstance(read, DecodeError):
            assert length == read.offset
        else:
            assert whole[:length] == read.to_bytes()


@each_row("kind", DIRECTIONS)
@each_row("first", range(256))
def test_every_first_octet_reads_or_names_another_type(kind: Any, first: int) -> None:
    """Of the six classes each reads its own message type, SMS-DELIVER also type 3, and keeps every bit."""
    sample = next(octets for tpdu, octets in SAMPLES if type(tpdu) is kind)
    # Neither a header nor a validity period comes in the way: all that follows is nothing, or zeros.
    octets = bytes([first]) + bytes.fromhex(sample)[1:] + bytes(10)
    own = {SmsDeliver: {0, 3}}.get(kind, {kind.message_type})
    if first & 0b11 in own:
        assert octets == kind.from_bytes(octets).to_bytes()
    else:
        with pytest.raises(DecodeError, match="mti at octet 0: expected message type"):
            kind.from_bytes(octets)


def test_flags_are_where_9_2_3_puts_them() -> None:
    """Each bit of the first octet sets its own field and no other; more messages wait where bit 2 is 0."""
    submit, deliver, report = (
        bytes.fromhex(SAMPLES[0][1])[1:],
        bytes.fromhex(SAMPLES[2][1])[1:],
        bytes.fromhex(SAMPLES[4][1])[1:],
    )
    for bit, name in ((2, "reject_duplicates"), (5, "status_report_request"), (7, "reply_path")):
        names = {"reject_duplicates", "status_report_request", "reply_path"}
        read: Any = SmsSubmit.from_bytes(bytes([0x01 | 1 << bit]) + submit, strict=True)
        assert {name} == {flag for flag in names if getattr(read, flag)}
    for bit, name in ((3, "loop_prevention"), (5, "status_report_indication"), (7, "reply_path")):
        names = {"more_messages", "loop_prevention", "status_report_indication", "reply_path"}
        read = SmsDeliver.from_bytes(bytes([0x04 | 1 << bit]) + deliver, strict=True)
        assert {name} == {flag for flag in names if getattr(read, flag)}
    for bit, name in ((3, "loop_prevention"), (5, "answers_command")):
        names = {"more_messages", "loop_prevention", "answers_command"}
        read = SmsStatusReport.from_bytes(bytes([0x06 | 1 << bit]) + report, strict=True)
        assert {name} == {flag for flag in names if getattr(read, flag)}
    assert SmsDeliver.from_bytes(b"\x00" + deliver, strict=True).more_messages
    assert SmsStatusReport.from_bytes(b"\x02" + report, strict=True).more_messages


def test_flags_may_be_0_and_1() -> None:
    """As databases give them, and they are false and true then; what only has a truth is refused, as "no" would be."""
    kinds: list[tuple[Any, tuple[Any, ...], str]] = [
        (SmsSubmit, (TO,), "reply_path"),
        (SmsDeliver, (TO, None), "more_messages"),
        (SmsStatusReport, (0, TO, None, None, Status(0)), "answers_command"),
        (SmsCommand, (TO, 0, 0), "status_report_request"),
    ]
    for kind, arguments, name in kinds:
        for number in (0, 1):
            tpdu = kind(*arguments, **{name: number})
            assert tpdu == kind(*arguments, **{name: bool(number)})
            assert getattr(tpdu, name) is bool(number)
        for wrong in (2, -1, "no", "", None, [1]):
            with pytest.raises(FieldError) as caught:
                kind(*arguments, **{name: wrong})
            assert caught.value.field == name


@pytest.mark.parametrize("strict", [False, True])
def test_d31_message_type_3(strict: bool) -> None:
    """A mobile reads it as SMS-DELIVER and keeps it, unless strict; a service centre has no reading for it."""
    octets = b"\x07" + bytes.fromhex(SAMPLES[2][1])[1:]
    with pytest.raises(DecodeError) as caught:
        decode_tpdu(octets, direction=Direction.MS_TO_SC, strict=strict)
    assert (caught.value.field, caught.value.offset) == ("mti", 0)
    if strict:
        with pytest.raises(DecodeError) as caught:
            decode_tpdu(octets, direction=Direction.SC_TO_MS, strict=True)
        assert (caught.value.field, caught.value.offset) == ("mti", 0)
    else:
        tpdu = decode_tpdu(octets, direction=Direction.SC_TO_MS)
        assert isinstance(tpdu, SmsDeliver)
        assert ("Hello", octets) == (tpdu.user_data.text(), tpdu.to_bytes())


def test_the_direction_can_be_its_value() -> None:
    """``"ms-to-sc"`` does for the member, and nothing else does."""
    octets, direction = bytes.fromhex(SAMPLES[0][1]), Direction("ms-to-sc")
    assert SAMPLES[0][0] == decode_tpdu(octets, direction=direction)
    with pytest.raises(FieldError) as caught:
        decode_tpdu(octets, direction="up")  # type: ignore[arg-type]  # that is the point
    assert caught.value.field == "direction"
