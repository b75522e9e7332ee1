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
from smscodec.dcs import DataCodingScheme
from smscodec.reassembly import Reassembler
from smscodec.tpdu import (
    AbsoluteValidity,
    Address,
    Direction,
    EnhancedValidity,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsStatusReport,
    SmsSubmit,
    Status,
    decode_tpdu,
)
from smscodec.udh import Concatenation
from smscodec.wap import parse_service_indication


def eight_bits(error: UnicodeError) -> tuple[bytes, int]:
    """An error handler that answers with an octet that is not a septet."""
    assert isinstance(error, UnicodeEncodeError)
    return b"\xe7", error.end


codecs.register_error("tests.eight_bits", eight_bits)
NOBODY: Any = None
ADDRESS = Address("+15550100")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
GSM, DATA = UserData(Alphabet.GSM_7BIT, b"hi"), UserData(Alphabet.DATA_8BIT, b"hi")
CUT_OFF = UserDataHeader(ignored=b"\x05\x00")

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
    ("boundary", lambda: segment("a", boundary="word")),  # type: ignore[arg-type]
    ("replacements", lambda: transliterate("a", replacements={"": "b"})),
    ("replacements", lambda: transliterate("a", replacements={"ж": 1})),  # type: ignore[dict-item]
    ("max_destinations", lambda: ReferenceCounter(max_destinations=0)),
    ("max_age", lambda: Reassembler(max_age=-1, max_pending=1)),
    ("max_age", lambda: Reassembler(max_age=float("nan"), max_pending=1)),
    ("max_pending", lambda: Reassembler(max_age=1, max_pending=0)),
    ("now", lambda: Reassembler(max_age=1, max_pending=1).expire(now=float("nan"))),
    ("offset_width", lambda: measure_utf8(b"", b"", offset_width=5)),  # type: ignore[arg-type]
    ("alphabet", lambda: measure_many(["a"], alphabet=Alphabet.DATA_8BIT)),
    ("direction", lambda: decode_tpdu(b"\x00", direction=NOBODY)),
    ("number", lambda: Address(NOBODY)),
    ("number", lambda: Address("1" * 21)),
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
]


@pytest.mark.parametrize(
    ("field", "call"), REFUSED, ids=[f"{number}-{field}" for number, (field, _) in enumerate(REFUSED)]
)
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
