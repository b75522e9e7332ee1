"""The TPDUs that the judges are asked about: every alphabet, header, address, stamp, period, status and cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Final

from smscodec import (
    Alphabet,
    ApplicationPort,
    Concatenation,
    NationalLanguage,
    SegmentedMessage,
    SpecialMessageIndication,
    UserData,
    UserDataHeader,
    segment,
    segment_data,
)
from smscodec.dcs import DataCodingScheme, IndicationType, MessageClass
from smscodec.tpdu import (
    AbsoluteValidity,
    Address,
    EnhancedValidity,
    NumberingPlan,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Status,
    TypeOfNumber,
    Validity,
    submits,
)
from tests import reference

TO: Final = Address("+447700900000")
MOMENT: Final = datetime(2026, 11, 30, 12, 34, 56, tzinfo=timezone(timedelta(hours=1)))
PRINTABLE: Final = "".join(
    sorted(character for character in reference.MAIN_CODES[0] | reference.SINGLE_CODES[0] if character >= " ")
)
EIGHT_BIT: Final = DataCodingScheme(0x04)


def messages() -> Iterator[SegmentedMessage]:
    """Texts of every length about the ends of segments, every character, and data, with headers and without."""
    for length in (*range(18), *range(150, 164), 306, 307, 459, 460):
        yield segment((PRINTABLE * 4)[:length].replace("\\", "/").replace("€", "e"), reference=length % 256)
    for character in PRINTABLE:
        yield segment(f"a{character}b")
    for length in (1, 2, 35, 69, 70, 71, 134, 135):
        yield segment("жш漢字" * 34 if length == 135 else ("жш漢字й" * 30)[:length], reference=7)
        yield segment(("жш漢字й" * 30)[:length], reference=0xABCD, wide_reference=True)
    yield segment("😀 ж")
    for length in (200, 400):
        yield segment("a" * length, reference=0x1234, wide_reference=True)
    for languages in (["TURKISH"], ["PORTUGUESE"], ["HINDI"], ["SPANISH"], ["TURKISH", "URDU"]):
        for text in ("Önümüzdeki şubemizde " * 4, "ç" * 100 + "Á", "नमस्ते" * 30, "á" * 80 + "ñ"):
            yield segment(text, languages=[NationalLanguage[name] for name in languages], reference=5)
    for kind in IndicationType:
        waiting = SpecialMessageIndication(kind, 255 - kind, store=kind % 2 == 0, profile=kind + 1, extended_type=kind)
        yield segment("Hello", header=UserDataHeader([waiting]))
    ports = UserDataHeader([ApplicationPort(2948, 9200)])
    yield segment("Hello", header=ports)
    yield segment("ж" * 100, header=ports, reference=9)
    for length in (0, 1, 139, 140, 141, 300):
        yield segment_data(bytes(index % 256 for index in range(length)), reference=1)


def codings() -> Iterator[tuple[DataCodingScheme, UserData]]:
    """Every data coding scheme except reserved codings, which tshark reads otherwise, and data that it fits."""
    payloads = {Alphabet.GSM_7BIT: b"Hi", Alphabet.DATA_8BIT: b"\x80\x01", Alphabet.UCS2: b"\x04\x36"}
    for scheme in map(DataCodingScheme, range(256)):
        if not scheme.reserved:
            yield scheme, UserData(scheme.alphabet, payloads[scheme.alphabet], compressed=scheme.compressed)


def addresses() -> Iterator[Address]:
    """Every type with numbers of every length, every plan, every digit, and names of every length."""
    for length in range(1, 21):
        yield Address("12345678901234567890"[:length])
    for kind in TypeOfNumber:
        if kind is not TypeOfNumber.ALPHANUMERIC:
            yield Address("123456", kind)
    for plan in NumberingPlan:
        yield Address("123456", TypeOfNumber.NATIONAL, plan)
    yield Address("0*#abc", TypeOfNumber.NATIONAL)
    for length in range(1, 12):
        yield Address("ABCDEFGHIJK"[:length], TypeOfNumber.ALPHANUMERIC)
    for name in ("Ä_Ö-ü é", "$£¥", "a b", "[x]"):
        yield Address(name)


def moments() -> Iterator[datetime]:
    """Every zone that Python's own clock could have, the ends of the century, a leap day."""
    for quarters in range(-79, 80):
        yield MOMENT.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    for fields in ((2000, 1, 1, 0, 0, 0), (2028, 2, 29, 23, 59, 59), (2089, 12, 31, 10, 11, 12)):
        yield datetime(*fields[:3], *fields[3:]).replace(tzinfo=MOMENT.tzinfo)


def validities() -> Iterator[Validity]:
    """All relative periods, and some of each other kind."""
    yield from map(RelativeValidity, range(256))
    yield from map(AbsoluteValidity, moments())
    yield EnhancedValidity.unlimited(single_shot=True)
    yield EnhancedValidity.seconds(200, single_shot=True)
    yield EnhancedValidity.clock(timedelta(hours=12, minutes=34, seconds=56))


def plain_submits() -> Iterator[SmsSubmit]:
    """The messages, and one short text to every address, of every validity, reference and flag."""
    for message in messages():
        yield from submits(message, destination=TO, message_reference=250)
    hello = segment("Hello")
    for address in addresses():
        yield from submits(hello, destination=address)
    for validity in validities():
        yield from submits(hello, destination=TO, validity=validity)
    for number in range(256):
        yield from submits(hello, destination=TO, message_reference=number, protocol_identifier=number)
    for message_class in MessageClass:
        yield from submits(hello, destination=TO, message_class=message_class)
    for scheme, data in codings():
        yield SmsSubmit(TO, data, data_coding_scheme=scheme)
    for bits in range(8):
        yield from submits(
            hello,
            destination=TO,
            reject_duplicates=bool(bits & 1),
            status_report_request=bool(bits & 2),
            reply_path=bool(bits & 4),
        )


def delivers() -> Iterator[SmsDeliver]:
    """The messages from every address and at every moment, with every flag."""
    for message in messages():
        for part in message:
            scheme = DataCodingScheme.general(message.alphabet)
            yield SmsDeliver(TO, MOMENT, part.user_data, data_coding_scheme=scheme)
    for address in addresses():
        yield SmsDeliver(address, MOMENT, segment("Hello")[0].user_data)
    for moment in moments():
        yield SmsDeliver(TO, moment, segment("Hello")[0].user_data)
    for scheme, data in codings():
        yield SmsDeliver(TO, MOMENT, data, data_coding_scheme=scheme)
    for bits in range(16):
        yield SmsDeliver(
            TO,
            MOMENT,
            more_messages=bool(bits & 1),
            loop_prevention=bool(bits & 2),
            status_report_indication=bool(bits & 4),
            reply_path=bool(bits & 8),
        )


def status_reports() -> Iterator[SmsStatusReport]:
    """Every status, every moment, every choice of parameters and flags."""
    for octet in range(256):
        yield SmsStatusReport(octet, TO, MOMENT, MOMENT + timedelta(seconds=octet), Status(octet))
    for moment in moments():
        yield SmsStatusReport(1, TO, MOMENT, moment, Status(0))
    for bits in range(8):
        yield SmsStatusReport(
            1,
            TO,
            MOMENT,
            MOMENT,
            Status(0),
            protocol_identifier=0x41 if bits & 1 else None,
            data_coding_scheme=EIGHT_BIT if bits & 2 else None,
            user_data=_data(bits) if bits & 4 else None,
            more_messages=bool(bits & 1),
            loop_prevention=bool(bits & 2),
            answers_command=bool(bits & 4),
        )


def _data(bits: int) -> UserData:
    return UserData(Alphabet.DATA_8BIT, b"\x01\x02") if bits & 2 else UserData(Alphabet.GSM_7BIT, b"Hi")


def commands() -> Iterator[SmsCommand]:
    """Every type and number, data with a header and without."""
    for octet in range(256):
        yield SmsCommand(TO, octet, octet, message_reference=octet, status_report_request=octet % 2 == 0)
    for address in addresses():
        yield SmsCommand(address, 2, 1)
    yield SmsCommand(TO, 0xE0, 1, UserData(Alphabet.DATA_8BIT, b"\x01\x02\x03"))
    yield SmsCommand(TO, 0xE0, 1, UserData(Alphabet.DATA_8BIT, b"x", UserDataHeader([Concatenation(1, 2, 1)])))


def reports() -> Iterator[SmsDeliverReport | SmsSubmitReport]:
    """Both types, both forms, every cause and every choice of parameters."""
    for cause in (None, *range(0x80, 0x100)):
        yield SmsDeliverReport(failure_cause=cause)
        yield SmsSubmitReport(MOMENT, failure_cause=cause)
    for bits in range(8):
        for cause in (None, 0xD3):
            identifier = 0x41 if bits & 1 else None
            scheme = EIGHT_BIT if bits & 2 else None
            data = _data(bits) if bits & 4 else None
            yield SmsDeliverReport(
                failure_cause=cause, protocol_identifier=identifier, data_coding_scheme=scheme, user_data=data
            )
            yield SmsSubmitReport(
                MOMENT,
                failure_cause=cause,
                protocol_identifier=identifier,
                data_coding_scheme=scheme,
                user_data=data,
            )
