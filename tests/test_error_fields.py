"""Which field each error names, and which octet: what a caller shows to its own user, or acts on."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smscodec import (
    Alphabet,
    ApplicationPort,
    DecodeError,
    FieldError,
    NationalLanguage,
    NationalLanguageLockingShift,
    OpaqueElement,
    ReferenceCounter,
    UserData,
    UserDataHeader,
    gsm7,
    measure_many,
    segment,
    segment_data,
    septets,
    transliterate,
)
from smscodec.batch import measure_utf8
from smscodec.cbs import GeographicalScope, Page, SerialNumber, pages, ussd_octets, ussd_text
from smscodec.dcs import CellBroadcastDataCoding, DataCodingScheme, MessageWaiting
from smscodec.reassembly import Reassembler
from smscodec.smpp import (
    MessageState,
    Receipt,
    SarParameters,
    ShortMessage,
    decode_short_message,
    parse_time,
    segment_coded,
    short_messages,
    time,
)
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
    TypeOfNumber,
    annotate,
    decode_tpdu,
    pdu_mode,
)
from smscodec.udh import Concatenation
from smscodec.wap import parse_service_indication
from tests.rows import each_row


def eight_bits(error: UnicodeError) -> tuple[bytes, int]:
    """An error handler that answers with an octet that is not a septet."""
    assert isinstance(error, UnicodeEncodeError)
    return b"\xe7", error.end


codecs.register_error("tests.eight_bits", eight_bits)
NOBODY: Any = None
FIVE: Any = 5
ADDRESS = Address("+15550100")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
GSM, DATA = UserData(Alphabet.GSM_7BIT, b"hi"), UserData(Alphabet.DATA_8BIT, b"hi")
CUT_OFF = UserDataHeader(ignored=b"\x05\x00")
SERIAL, CODING = SerialNumber(GeographicalScope.PLMN, 0), CellBroadcastDataCoding(0x01)
SAR = SarParameters(1, 2, 1)


def page(**changes: Any) -> Page:
    """A page of cell broadcast with something else in it."""
    given: dict[str, Any] = {"serial_number": SERIAL, "message_identifier": 0, "data_coding": CODING, "contents": b""}
    return Page(**given | changes)


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("errors", lambda: gsm7.encode("aж", errors="tests.eight_bits")),
    ("septets", lambda: septets.pack(b"a\x80")),
    ("septets", lambda: septets.pack_ussd(b"\xff")),
    ("fill_bits", lambda: septets.pack(b"a", fill_bits=7)),
    ("fill_bits", lambda: septets.unpack(b"a", 1, fill_bits=-1)),
    ("septet_count", lambda: septets.unpack(b"a", -1)),
    ("header_octets", lambda: septets.fill_bits_after(-1)),
    ("alphabet", lambda: DataCodingScheme.general(NOBODY)),
    ("message_class", lambda: DataCodingScheme.general(Alphabet.UCS2, message_class=4)),  # type: ignore[arg-type]
    ("octet", lambda: DataCodingScheme(256)),
    ("octet", lambda: DataCodingScheme(-1)),
    ("elements", lambda: UserDataHeader([NOBODY])),
    ("elements", lambda: UserDataHeader([OpaqueElement(0xC0, bytes(254))])),
    ("elements", lambda: UserDataHeader([OpaqueElement(0xC0, bytes(125)), OpaqueElement(0xC1, bytes(127))])),
    ("ignored", lambda: UserDataHeader(ignored=b"\x03\xc0\x01\x00")),
    ("ignored", lambda: UserDataHeader([OpaqueElement(0xC0, b"")], ignored=b"\x05")),
    ("iei", lambda: OpaqueElement(256, b"")),
    ("iei", lambda: OpaqueElement(0x00, b"\x01\x02\x01")),
    ("reference", lambda: Concatenation(256, 2, 1)),
    ("reference", lambda: Concatenation(65_536, 2, 1, wide=True)),
    ("total", lambda: Concatenation(1, 256, 1)),
    ("total", lambda: Concatenation(1, 0, 1)),
    ("sequence", lambda: Concatenation(1, 2, 3)),
    ("sequence", lambda: Concatenation(1, 2, 0)),
    ("destination", lambda: ApplicationPort(destination=256, originator=0, wide=False)),
    ("originator", lambda: ApplicationPort(destination=0, originator=65_536)),
    ("language", lambda: NationalLanguageLockingShift(NationalLanguage.SPANISH)),
    ("alphabet", lambda: UserData(NOBODY, b"")),
    ("alphabet", lambda: UserData(3, b"")),  # type: ignore[arg-type]
    ("alphabet", DATA.text),
    ("alphabet", lambda: UserData(Alphabet.GSM_7BIT, b"", compressed=True).text()),
    ("payload", lambda: UserData(Alphabet.GSM_7BIT, b"\x80")),
    ("payload", lambda: UserData(Alphabet.GSM_7BIT, b"a", CUT_OFF)),
    ("payload", lambda: UserData(Alphabet.DATA_8BIT, b"a", CUT_OFF)),
    ("header", lambda: UserData(Alphabet.UCS2, b"", NOBODY)),
    ("length", lambda: UserData.from_bytes(b"", length=-1, alphabet=Alphabet.UCS2, has_header=False)),
    ("reference", lambda: segment("a", reference=256)),
    ("reference", lambda: segment("a", reference=65_536, wide_reference=True)),
    ("reference", lambda: segment_data(b"a", reference=-1)),
    ("reference", lambda: segment("a" * 161)[0].user_data),
    ("header", lambda: segment("a" * 161, header=NOBODY)),
    ("header", lambda: segment("a", header=CUT_OFF)),
    ("boundary", lambda: segment("a", boundary="word")),  # type: ignore[arg-type]
    ("replacements", lambda: transliterate("a", replacements={"": "b"})),
    ("replacements", lambda: transliterate("a", replacements={"ж": 1})),  # type: ignore[dict-item]
    ("through", lambda: transliterate("a", through=FIVE + 94)),
    ("max_destinations", lambda: ReferenceCounter(max_destinations=0)),
    ("max_age", lambda: Reassembler(max_age=-1, max_pending=1)),
    ("max_age", lambda: Reassembler(max_age=float("nan"), max_pending=1)),
    ("max_pending", lambda: Reassembler(max_age=1, max_pending=0)),
    ("now", lambda: Reassembler(max_age=1, max_pending=1).expire(now=float("nan"))),
    ("offset_width", lambda: measure_utf8(b"", b"", offset_width=5)),  # type: ignore[arg-type]
    ("validity", lambda: measure_utf8(b"", bytes(40), validity=b"\xff")),
    ("alphabet", lambda: measure_many(["a"], alphabet=Alphabet.DATA_8BIT)),
    ("direction", lambda: decode_tpdu(b"\x00", direction=NOBODY)),
    ("form", lambda: annotate(b"\x00", form=NOBODY)),
    ("length", lambda: pdu_mode.decode("00", length=-1)),
    ("number", lambda: Address(NOBODY)),
    ("number", lambda: Address("1" * 21)),
    ("type_of_number", lambda: Address("1", FIVE + 3)),
    ("type_of_number", lambda: Address("1", TypeOfNumber.RESERVED).to_smpp()),
    ("numbering_plan", lambda: Address("1", numbering_plan=FIVE + 11)),
    ("ton", lambda: Address.from_smpp(7, 1, "1")),
    ("npi", lambda: Address.from_smpp(1, 16, "1")),
    ("npi", lambda: Address.from_smpp(1, -1, "1")),
    ("destination", lambda: SmsSubmit(NOBODY, GSM)),
    ("validity", lambda: SmsSubmit(ADDRESS, GSM, validity=5)),  # type: ignore[arg-type]
    ("originator", lambda: SmsDeliver(NOBODY, NOON, GSM)),
    ("timestamp", lambda: SmsDeliver(ADDRESS, datetime(2026, 11, 30), GSM)),
    ("timestamp", lambda: SmsStatusReport(1, ADDRESS, datetime(2026, 11, 30), NOON, Status(0))),
    ("discharge_time", lambda: SmsStatusReport(1, ADDRESS, NOON, datetime(2026, 11, 30), Status(0))),
    ("message_reference", lambda: SmsStatusReport(256, ADDRESS, NOON, NOON, Status(0))),
    ("recipient", lambda: SmsStatusReport(1, NOBODY, NOON, NOON, Status(0))),
    ("status", lambda: SmsStatusReport(1, ADDRESS, NOON, NOON, NOBODY)),
    ("destination", lambda: SmsCommand(NOBODY, 0, 0)),
    ("command_type", lambda: SmsCommand(ADDRESS, 256, 0)),
    ("message_number", lambda: SmsCommand(ADDRESS, 0, -1)),
    ("command_data", lambda: SmsCommand(ADDRESS, 0, 0, GSM)),
    ("command_data", lambda: SmsCommand(ADDRESS, 0, 0, UserData(Alphabet.DATA_8BIT, bytes(165)))),
    ("status_report_request", lambda: SmsCommand(ADDRESS, 0, 0, status_report_request=NOBODY)),
    ("value", lambda: RelativeValidity(256)),
    ("duration", lambda: RelativeValidity.at_least(timedelta(weeks=63, seconds=1))),
    ("duration", lambda: RelativeValidity.at_least(NOBODY)),
    ("moment", lambda: AbsoluteValidity(datetime(2026, 11, 30))),
    ("octets", lambda: EnhancedValidity(bytes(6))),
    ("period", lambda: EnhancedValidity.relative(NOBODY)),
    ("number", lambda: EnhancedValidity.seconds(256)),
    ("number", lambda: EnhancedValidity.seconds(0)),
    ("duration", lambda: EnhancedValidity.clock(timedelta(hours=100))),
    ("duration", lambda: EnhancedValidity.clock(NOBODY)),
    ("timestamp", lambda: SmsSubmitReport(datetime(2026, 11, 30))),
    ("failure_cause", lambda: SmsSubmitReport(NOON, failure_cause=256)),
    ("failure_cause", lambda: SmsDeliverReport(failure_cause=-1)),
    # cell broadcast and USSD
    ("serial_number", lambda: page(serial_number=(0, 0))),
    ("serial_number.scope", lambda: page(serial_number=(4, 0, 0))),
    ("serial_number.code", lambda: page(serial_number=SERIAL._replace(code=0x400))),
    ("serial_number.update", lambda: page(serial_number=SERIAL._replace(update=16))),
    ("message_identifier", lambda: page(message_identifier=0x10000)),
    ("data_coding", lambda: page(data_coding=1)),
    ("contents", lambda: page(contents=bytes(83))),
    ("pages", lambda: page(pages=16)),
    ("pages", lambda: page(pages=0)),
    ("page", lambda: page(page=3, pages=2)),
    ("page", lambda: page(page=0)),
    ("data_coding", lambda: pages("a", data_coding=256)),
    ("data_coding", lambda: pages("a", data_coding=0x44)),
    ("data_coding", lambda: pages("a", data_coding=0x60)),
    ("data_coding", lambda: pages("a", data_coding=0x90)),
    ("data_coding", lambda: ussd_octets("a", 0x80)),
    ("language", lambda: pages("a", data_coding=0x10)),
    ("language", lambda: pages("a", data_coding=0x01, language="de")),
    ("language", lambda: pages("a", language="Klingon")),
    ("language", lambda: pages("a", language=FIVE)),
    ("alphabet", lambda: ussd_text(b"a", 0x44)),
    # SMPP
    ("data_coding", lambda: ShortMessage(256, 0, b"")),
    ("esm_class", lambda: ShortMessage(0, 256, b"")),
    ("short_message", lambda: ShortMessage(0, 0, bytes(256))),
    ("sar", lambda: ShortMessage(0, 0, b"", FIVE)),
    ("message_payload", lambda: ShortMessage(0, 0, b"", None, bytes(65_536))),
    ("message_payload", lambda: ShortMessage(0, 0, b"a", None, b"a")),
    ("msg_ref_num", lambda: SarParameters(65_536, 1, 1)),
    ("total_segments", lambda: SarParameters(1, 256, 1)),
    ("total_segments", lambda: SarParameters(1, 0, 1)),
    ("segment_seqnum", lambda: SarParameters(1, 2, 3)),
    ("segment_seqnum", lambda: SarParameters(1, 2, 0)),
    ("data_coding", lambda: decode_short_message(256, 0, b"")),
    ("esm_class", lambda: decode_short_message(0, 256, b"")),
    ("septet_count", lambda: decode_short_message(0, 0, b"", septet_count=-1)),
    ("sar", lambda: decode_short_message(0, 0, b"", sar=FIVE)),
    ("default", lambda: decode_short_message(0, 0, b"", default="ascii")),  # type: ignore[arg-type]
    ("codings", lambda: decode_short_message(0, 0, b"", codings=[])),  # type: ignore[arg-type]
    ("codings", lambda: decode_short_message(0, 0, b"", codings={256: "latin-1"})),
    ("codings", lambda: decode_short_message(0, 0, b"", codings={5: "no such"})),
    ("data_coding", lambda: segment_coded("a", data_coding=-1)),
    ("data_coding", lambda: segment_coded("a", data_coding=4)),
    ("default", lambda: short_messages(segment("a"), default="ascii")),  # type: ignore[arg-type]
    ("codings", lambda: short_messages(segment("a"), codings={-1: "latin-1"})),
    ("esm_class", lambda: short_messages(segment("a"), esm_class=0x40)),
    ("esm_class", lambda: short_messages(segment("a"), esm_class=256)),
    ("message", lambda: short_messages("a")),  # type: ignore[arg-type]
    ("message", lambda: short_messages([])),
    ("message", lambda: short_messages([UserData(Alphabet.GSM_7BIT, b"", compressed=True)])),
    ("message_class", lambda: short_messages(segment("a"), message_class=4)),
    ("message_class", lambda: short_messages(segment("a"), message_class=1, data_coding=0)),
    ("indication", lambda: short_messages(segment("a"), indication=FIVE)),
    ("indication", lambda: short_messages(segment("ж"), indication=MessageWaiting(0, True, True))),  # type: ignore[arg-type]
    ("indication", lambda: short_messages(segment("a"), indication=FIVE, data_coding=0)),
    ("data_coding", lambda: short_messages(segment("a"), data_coding=256)),
    ("data_coding", lambda: short_messages(segment("a"), data_coding=4)),
    ("data_coding", lambda: short_messages(segment_coded("é", data_coding=3), data_coding=1)),
    ("status", lambda: MessageState.from_status(256)),
    ("message_state", lambda: Receipt(message_state=256)),
    ("message_state", lambda: Receipt.parse("", message_state=-1)),
    ("id", lambda: Receipt(id="42 ").format()),
    ("sub", lambda: Receipt(sub=-1).format()),
    ("time", lambda: time(NOBODY)),
    ("time", lambda: time(datetime(2026, 11, 30))),
    ("time", lambda: time(NOON.replace(year=2100))),
    ("time", lambda: time(NOON.replace(year=1999))),
    ("time", lambda: time(timedelta(seconds=-1))),
]


@each_row(("field", "call"), REFUSED)
def test_an_impossible_value_is_named(field: str, call: Callable[[], object]) -> None:
    """A value that cannot be is a FieldError that names the argument it was given as."""
    with pytest.raises(FieldError) as caught:
        call()
    assert field == caught.value.field
    assert str(caught.value).startswith(field)


TPDUS: list[tuple[str, Direction, str, list[tuple[str, int]]]] = [
    # the octets, and for each field the number of octets that it takes
    (
        "SMS-DELIVER",
        Direction.SC_TO_MS,
        "04 0b 91 1346610089f6 00 00 20806291731480 02 e834",
        [("mti", 1), ("oa", 8), ("pid", 1), ("dcs", 1), ("scts", 7), ("udl", 1)],
    ),
    (
        "SMS-SUBMIT",
        Direction.MS_TO_SC,
        "11 07 0b 91 1346610089f6 00 00 a7 02 e834",
        [("mti", 1), ("mr", 1), ("da", 8), ("pid", 1), ("dcs", 1), ("vp", 1), ("udl", 1)],
    ),
    (
        "SMS-SUBMIT with an absolute period",
        Direction.MS_TO_SC,
        "19 07 0b 91 1346610089f6 00 00 20806291731480 02 e834",
        [("mti", 1), ("mr", 1), ("da", 8), ("pid", 1), ("dcs", 1), ("vp", 7), ("udl", 1)],
    ),
    (
        "SMS-STATUS-REPORT",
        Direction.SC_TO_MS,
        "06 07 0b 91 1346610089f6 20806291731480 20806291731480 00",
        [("mti", 1), ("mr", 1), ("ra", 8), ("scts", 7), ("dt", 7), ("st", 1)],
    ),
    (
        "SMS-COMMAND",
        Direction.MS_TO_SC,
        "02 07 00 00 01 0b 91 1346610089f6 00",
        [("mti", 1), ("mr", 1), ("pid", 1), ("ct", 1), ("mn", 1), ("da", 8), ("cdl", 1)],
    ),
    ("SMS-SUBMIT-REPORT", Direction.SC_TO_MS, "01 00 20806291731480", [("mti", 1), ("pi", 1), ("scts", 7)]),
    (
        "SMS-DELIVER-REPORT",
        Direction.MS_TO_SC,
        "00 07 00 00 02 e834",
        [("mti", 1), ("pi", 1), ("pid", 1), ("dcs", 1), ("udl", 1)],
    ),
    (
        "SMS-SUBMIT with an enhanced period",
        Direction.MS_TO_SC,
        "09 07 0b 91 1346610089f6 00 00 01a70000000000 02 e834",
        [("mti", 1), ("mr", 1), ("da", 8), ("pid", 1), ("dcs", 1), ("vp", 7), ("udl", 1)],
    ),
]


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize(("name", "direction", "octets", "fields"), TPDUS, ids=[row[0] for row in TPDUS])
def test_a_tpdu_cut_short_names_the_field_that_is_missing(
    name: str, direction: Direction, octets: str, fields: list[tuple[str, int]], strict: bool
) -> None:
    """Cut anywhere before its user data, a TPDU is a DecodeError at its end, over the field that was being read."""
    whole = bytes.fromhex(octets)
    decode_tpdu(whole, direction=direction, strict=strict)
    holding = [field for field, length in fields for _ in range(length)]
    assert len(whole) - len(holding) in (0, 2), name
    for length, field in enumerate(holding):
        with pytest.raises(DecodeError) as caught:
            decode_tpdu(whole[:length], direction=direction, strict=strict)
        assert (field, length) == (caught.value.field, caught.value.offset)


INDICATION = "07 06 01 ae 02 05 6a 00 45 c6 0c 03 31 00 01 03 68 69 00 01 01"
"""A push with a Service Indication: transaction, type, length of headers, content type, then WBXML."""

BROKEN = [
    (0, "wsp.transaction_id", 0),
    (1, "wsp.type", 1),
    (2, "wsp.headers_length", 2),
    (3, "wsp.headers", 3),
    (4, "wbxml.version", 4),
    (5, "wbxml.public_id", 5),
    (6, "wbxml.charset", 6),
    (7, "wbxml.string_table", 7),
]


@pytest.mark.parametrize(("length", "field", "offset"), BROKEN)
def test_an_indication_cut_short_names_the_field_that_is_missing(length: int, field: str, offset: int) -> None:
    """Cut in its headers, a Service Indication is a DecodeError at its end, over the field that was being read."""
    whole = bytes.fromhex(INDICATION)
    assert parse_service_indication(whole).text == "hi"
    with pytest.raises(DecodeError) as caught:
        parse_service_indication(whole[:length])
    assert (field, offset) == (caught.value.field, caught.value.offset)


PROLOGUE = "07 06 01 ae 02 05 6a 00"
"""A push up to the elements of the document, which begin at octet 8."""

WRONG = [
    # what follows the push, its prologue for the elements, and where strict reading finds fault
    ("07 05 01 ae 02 05 6a 00 05", "wsp.type", 1),
    ("07 06 01 83 02 05 6a 00 05", "wsp.content_type", 3),
    ("07 06 01 ae 04 05 6a 00 05", "wbxml.version", 4),
    ("07 06 01 ae 02 06 6a 00 05", "wbxml.public_id", 5),
    ("07 06 01 ae 02 00", "wbxml.public_id", 6),
    ("07 06 01 ae 02 80 80 80 80 80 01", "wbxml.public_id", 5),
    ("07 06 01 ae 02 05 6b 00 05", "wbxml.charset", 6),
    ("07 06 01 ae 02 05 6a 02 61", "wbxml.string_table", 9),
    (PROLOGUE, "wbxml.page", 8),
    (f"{PROLOGUE} 00 00", "wbxml.page", 10),
    (f"{PROLOGUE} 00 01 45", "wbxml.page", 9),
    (f"{PROLOGUE} 44", "wbxml.tag", 8),
    (f"{PROLOGUE} 04", "wbxml.tag", 8),
    (f"{PROLOGUE} {'45 ' * 9}", "wbxml.tag", 16),
    (f"{PROLOGUE} 46 01", "si", 8),
    (f"{PROLOGUE} 45 01", "si", 8),
    (f"{PROLOGUE} 45 86 01 01 00", "si", 12),
    (f"{PROLOGUE} 45", "wbxml.content", 9),
    (f"{PROLOGUE} 45 03 61", "wbxml.content", 11),
    (f"{PROLOGUE} 45 86 80 80 80 80 80", "wbxml.attribute", 10),
    (f"{PROLOGUE} 45 86", "wbxml.attribute", 10),
    (f"{PROLOGUE} 45 86 04", "wbxml.attribute", 10),
    (f"{PROLOGUE} 45 86 0b 84", "wbxml.attribute", 11),
    (f"{PROLOGUE} 45 86 0b 03 61", "wbxml.attribute", 13),
    (f"{PROLOGUE} 45 86 0b 03 ff 00", "wbxml.attribute", 12),
    (f"{PROLOGUE} 45 86 0a c3 07 20 26 11", "wbxml.attribute", 16),
    (f"{PROLOGUE} 45 c6 01 c3 05 61", "wbxml.content", 14),
    (f"{PROLOGUE} 45 c6 01 03 61 ff 00", "wbxml.content", 13),
    (f"{PROLOGUE} 45 c6 01 02 83 b0 00 01 01", "wbxml.entity", 11),
    (f"{PROLOGUE} 45 c6 01 83 00 01 01", "wbxml.string_table", 11),
]


@pytest.mark.parametrize(("octets", "field", "offset"), WRONG)
def test_a_fault_in_an_indication_is_placed(octets: str, field: str, offset: int) -> None:
    """Strict reading of a Service Indication names the part at fault, at the octet where that begins or is missing."""
    with pytest.raises(DecodeError) as caught:
        parse_service_indication(bytes.fromhex(octets), strict=True)
    assert (field, offset) == (caught.value.field, caught.value.offset)


MISREAD: list[tuple[str, int, Callable[[], object]]] = [
    *(("cbs.serial_number", length, lambda length=length: Page.from_bytes(bytes(length))) for length in range(2)),
    *(("cbs.message_identifier", length, lambda length=length: Page.from_bytes(bytes(length))) for length in (2, 3)),
    ("cbs.dcs", 4, lambda: Page.from_bytes(bytes(4))),
    ("cbs.page", 5, lambda: Page.from_bytes(bytes(5))),
    ("cbs.contents", 88, lambda: Page.from_bytes(bytes(89))),
    ("cbs.contents", 87, lambda: Page.from_bytes(bytes(87), strict=True)),
    ("cbs.dcs", 4, lambda: Page.from_bytes(b"\0\0\0\0\x80\x11" + bytes(82), strict=True)),
    ("cbs.page", 5, lambda: Page.from_bytes(b"\0\0\0\0\x01\x21" + bytes(82), strict=True)),
    ("dcs", 0, lambda: ussd_text(b"", 0x80, strict=True)),
    ("language", 0, lambda: ussd_text(b"", 0x11, strict=True)),
    ("data_coding", 0, lambda: decode_short_message(0x80, 0, b"", strict=True)),
    ("short_message", 1, lambda: decode_short_message(0, 0, b"a\x80", strict=True)),
    ("short_message", 6, lambda: decode_short_message(0, 0x40, b"\x05\0\x03\1\2\1\x80", strict=True)),
    ("short_message", 1, lambda: decode_short_message(1, 0, b"a\x80", strict=True)),
    ("short_message", 2, lambda: decode_short_message(0, 0, b"aa", default="gsm7-packed", septet_count=3)),
    (
        "sar_msg_ref_num",
        0,
        lambda: decode_short_message(0, 0x40, b"\x05\0\x03\1\2\1", sar=SAR, strict=True),
    ),
    ("ud.udhl", 0, lambda: decode_short_message(4, 0x40, b"\xff\x70\xfd" + bytes(253), sar=SAR)),
    ("sar_msg_ref_num", 0, lambda: SarParameters.from_parameters(sar_total_segments=1, strict=True)),
    ("sar_total_segments", 0, lambda: SarParameters.from_parameters(sar_msg_ref_num=1, strict=True)),
    (
        "sar_segment_seqnum",
        0,
        lambda: SarParameters.from_parameters(
            sar_msg_ref_num=1, sar_total_segments=1, sar_segment_seqnum=2, strict=True
        ),
    ),
    ("time", 0, lambda: parse_time(b"261130")),
    ("time", 0, lambda: parse_time("261332120000000+")),
    ("time", 13, lambda: parse_time("261130120000049+")),
]


@pytest.mark.parametrize(
    ("field", "offset", "call"), MISREAD, ids=[f"{n}-{field}" for n, (field, _, _) in enumerate(MISREAD)]
)
def test_a_fault_in_a_page_or_a_short_message_is_placed(field: str, offset: int, call: Callable[[], object]) -> None:
    """Reading cell broadcast, USSD and SMPP names the field at fault, at the octet where that begins or is missing."""
    with pytest.raises(DecodeError) as caught:
        call()
    assert (field, offset) == (caught.value.field, caught.value.offset)


RECORDS = [
    # octets of EF_SMS or EF_SMSR, how they are read, and where they are at fault
    ("", False, "record", 0),
    ("02 00 04 028121 00 00 62110321436540 02 e834", True, "record", 0),
    ("01", False, "smsc", 1),
    ("01 0c 91", False, "smsc", 1),
    ("01 00", False, "mti", 2),
    ("01 02 91 21", False, "mti", 4),
    ("01 00 04 028121 00", False, "dcs", 7),
    ("01 00 04 028121 00 00 62110321436540 02 e834 ff 00", True, "record", 18),
]


@each_row(("octets", "strict", "field", "offset"), RECORDS)
def test_a_fault_in_a_record_is_placed(octets: str, strict: bool, field: str, offset: int) -> None:
    """Reading a record of a (U)SIM names the record, or the field of what it holds, at its octet in the record."""
    with pytest.raises(DecodeError) as caught:
        pdu_mode.record(bytes.fromhex(octets), strict=strict)
    assert (field, offset) == (caught.value.field, caught.value.offset)


STRICT = [
    # octets of a header, and where it is at fault
    ("04 00 03 01 02 01", "ud.udhl", 5),
    ("06 00 03 01 02 01", "ud.udhl", 0),
    ("05 00 04 01 02 01", "ud.udh.ie", 1),
    ("05 00 03 01 00 01", "ud.udh.ie", 1),
    ("05 00 03 01 02 03", "ud.udh.ie", 1),
    ("08 00 03 01 02 01 24 01 0e", "ud.udh.ie", 6),
    ("08 00 03 01 02 01 25 01 02", "ud.udh.ie", 6),
    ("06 00 03 01 02 01 70", "ud.udh.ie", 6),
]


@pytest.mark.parametrize(("octets", "field", "offset"), STRICT)
def test_a_fault_in_a_header_is_placed(octets: str, field: str, offset: int) -> None:
    """Strict reading of a header names its length or the element at fault, at the octet where that begins."""
    with pytest.raises(DecodeError) as caught:
        UserDataHeader.from_bytes(bytes.fromhex(octets), strict=True)
    assert (field, offset) == (caught.value.field, caught.value.offset)


@pytest.mark.parametrize(
    ("octets", "length", "has_header", "field", "offset"),
    [
        ("e8", 2, False, "udl", 1),
        ("e8 34 00", 2, False, "ud", 2),
        ("05 00 03 01 02 01", 5, True, "ud", 5),
        ("05 00 03 01 02 01", 6, True, "udl", 0),
    ],
)
def test_a_fault_in_user_data_is_placed(octets: str, length: int, has_header: bool, field: str, offset: int) -> None:
    """Strict reading of TP-UD names TP-UDL if it is too long or too short, and TP-UD at an octet too many."""
    with pytest.raises(DecodeError) as caught:
        UserData.from_bytes(
            bytes.fromhex(octets), length=length, alphabet=Alphabet.GSM_7BIT, has_header=has_header, strict=True
        )
    assert (field, offset) == (caught.value.field, caught.value.offset)
