"""What tshark must find in a TPDU, field by field, and where what it shows differs.

Knows the names of tshark's fields, and takes the values from the TPDU's fields alone, never from octets that we wrote.
The known limits of tshark stand in ``judging``.

Reference: 3GPP TS 23.040, 9.2
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from smscodec import (
    Alphabet,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    SpecialMessageIndication,
    UserData,
    UserDataHeader,
)
from smscodec.dcs import DataCodingScheme
from smscodec.tables import DEFAULT_TABLES
from smscodec.tpdu import (
    AbsoluteValidity,
    EnhancedValidity,
    RelativeValidity,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Tpdu,
)

ADDRESSES: Final = {"destination": "gsm_sms.tp-da", "originator": "gsm_sms.tp-oa", "recipient": "gsm_sms.tp-ra"}
NUMBERS: Final = {
    "message_type": "gsm_sms.tp-mti",
    "message_reference": "gsm_sms.tp-mr",
    "message_number": "gsm_sms.tp.message_number",
    "command_type": "gsm_sms.tp.command_type",
    "protocol_identifier": "gsm_sms.tp-pid",
    "failure_cause": "gsm_sms.tp-fcs",
    "reject_duplicates": "gsm_sms.tp-rd",
    "status_report_request": "gsm_sms.tp-srr",
    "reply_path": "gsm_sms.tp-rp",
    "loop_prevention": "gsm_sms.tp-lp",
    "status_report_indication": "gsm_sms.tp-sri",
    "answers_command": "gsm_sms.tp-srq",
}
STAMP: Final = ("year", "month", "day", "hour", "minutes", "seconds")
OTHERS: Final = (
    *("gsm_sms.tp-mms", "gsm_sms.tp-udhi", "gsm_sms.tp-vpf", "gsm_sms.tp-dcs", "gsm_sms.sms_text"),
    *(f"gsm_sms.scts.{part}" for part in (*STAMP, "timezone")),
    *(f"gsm_sms.dis_field_addr.{part}" for part in ("length", "num_type", "num_plan")),
    *("gsm_sms.dis_field.definition", "gsm_sms.dis_field.st_error", "gsm_sms.dis.field_st_reason"),
    *("gsm_sms.tp.parameter_indicator", "gsm_sms.sms_body", "gsm_sms.compressed_data"),
    *(f"gsm_sms.dcs.{part}" for part in ("text_compressed", "message_class_defined", "message_class")),
    *(f"gsm_sms.dcs.{part}" for part in ("character_set", "message_coding", "indication_sense", "message_waiting")),
    *("gsm_sms.dis_field_udh.user_data_header_length", "gsm_sms.ie_identifier", "gsm_sms.dis_field_ud_iei.length"),
    *("gsm_sms.dis_iei_lang.single_shift", "gsm_sms.dis_iei_lang.locking_shift"),
    *(
        f"gsm_sms.{part}"
        for part in ("msg_ind_type_and_stor", "profile_id", "ext_msg_ind_type", "msg_ind_type", "msg_count")
    ),
    *("gsm_sms.tp.user_data_length", "gsm_sms.tp.command_data_length", "gsm_sms.vp.validity_period"),
    *("gsm_sms.vp.single_shot_sm", "gsm_sms.vp.validity_period_format"),
    *(f"gsm_sms.vp.validity_period.{part}" for part in ("hour", "minutes", "seconds")),
    *("gsm_sms.udh.mm.msg_id", "gsm_sms.udh.mm.msg_parts", "gsm_sms.udh.mm.msg_part"),
    *("gsm_sms.destination_port", "gsm_sms.originator_port", "_ws.malformed"),
)
FIELDS: Final = (*ADDRESSES.values(), *NUMBERS.values(), *OTHERS)


Found = dict[str, list[str]]


def expected(tpdu: Any) -> Iterator[tuple[str, list[str]]]:
    """What tshark must find in a TPDU, field by field."""
    for name, field in NUMBERS.items():
        value = getattr(tpdu, name, None)
        if value is not None:
            yield field, [str(int(value))]
    for name, field in ADDRESSES.items():
        if (address := getattr(tpdu, name, None)) is not None:
            yield field, [address.number]
            yield "gsm_sms.dis_field_addr.length", [str(address.semi_octets)]
            yield "gsm_sms.dis_field_addr.num_type", [str(int(address.type_of_number))]
            yield "gsm_sms.dis_field_addr.num_plan", [str(int(address.numbering_plan))]
    if hasattr(tpdu, "more_messages"):
        yield "gsm_sms.tp-mms", [str(int(not tpdu.more_messages))]
    yield from expected_moments(tpdu)
    yield from expected_validity(getattr(tpdu, "validity", None))
    yield from expected_data(tpdu)
    if isinstance(tpdu, SmsStatusReport):
        yield "gsm_sms.dis_field.definition", [str(tpdu.status.octet >> 7)]
        yield "gsm_sms.dis_field.st_error", [str(tpdu.status.octet >> 5 & 0b11)]
        yield "gsm_sms.dis.field_st_reason", [str(tpdu.status.octet & 0b1_1111)]
    if isinstance(tpdu, SmsStatusReport | SmsDeliverReport | SmsSubmitReport):
        there = [tpdu.protocol_identifier, tpdu.data_coding_scheme, tpdu.user_data]
        indicator = sum(1 << bit for bit, field in enumerate(there) if field is not None)
        left_out = isinstance(tpdu, SmsStatusReport) and not indicator
        yield "gsm_sms.tp.parameter_indicator", [] if left_out else [str(indicator)]
    if isinstance(tpdu, SmsSubmit):
        kinds = {EnhancedValidity: 1, RelativeValidity: 2, AbsoluteValidity: 3}
        yield "gsm_sms.tp-vpf", [str(0 if tpdu.validity is None else kinds[type(tpdu.validity)])]


def expected_moments(tpdu: Any) -> Iterator[tuple[str, list[str]]]:
    """The time stamps in the order of the wire, part by part."""
    validity = getattr(tpdu, "validity", None)
    moments = [getattr(tpdu, "timestamp", None), getattr(tpdu, "discharge_time", None)]
    moments += [validity.moment] if isinstance(validity, AbsoluteValidity) else []
    there = [moment for moment in moments if moment is not None]
    if there:
        attributes = ("year", "month", "day", "hour", "minute", "second")
        for part, attribute in zip(STAMP, attributes, strict=True):
            yield f"gsm_sms.scts.{part}", [str(getattr(moment, attribute) % 2000) for moment in there]
        quarters = [(moment.utcoffset() or timedelta(0)) // timedelta(minutes=15) for moment in there]
        # tshark stores the number without its sign, which it shows in words only.
        yield "gsm_sms.scts.timezone", [str(abs(number)) for number in quarters]


def expected_validity(validity: Any) -> Iterator[tuple[str, list[str]]]:
    """TP-VP of each format."""
    if isinstance(validity, RelativeValidity):
        yield "gsm_sms.vp.validity_period", [str(validity.value)]
    elif isinstance(validity, EnhancedValidity):
        yield "gsm_sms.vp.single_shot_sm", [str(int(validity.single_shot))]
        yield "gsm_sms.vp.validity_period_format", [str(validity.functionality)]
        if validity.functionality == 2 and validity.duration is not None:
            yield "gsm_sms.vp.validity_period", [str(int(validity.duration.total_seconds()))]
        if validity.functionality == 3 and validity.duration is not None:
            minutes, second = divmod(int(validity.duration.total_seconds()), 60)
            yield "gsm_sms.vp.validity_period.hour", [str(minutes // 60)]
            yield "gsm_sms.vp.validity_period.minutes", [str(minutes % 60)]
            yield "gsm_sms.vp.validity_period.seconds", [str(second)]


def expected_data(tpdu: Any) -> Iterator[tuple[str, list[str]]]:
    """Length, coding, header, and the text or the data."""
    data: UserData | None = getattr(tpdu, "command_data", None)
    if data is not None:
        yield "gsm_sms.tp.command_data_length", [str(data.length)]
        return
    scheme: DataCodingScheme | None = tpdu.data_coding_scheme
    if scheme is not None:
        yield "gsm_sms.tp-dcs", [str(scheme.octet)]
        yield from expected_coding(scheme)
    data = tpdu.user_data
    if data is None:
        return
    yield "gsm_sms.tp.user_data_length", [str(data.length)]
    yield "gsm_sms.tp-udhi", [str(int(data.header.octet_length > 0))]
    if scheme is not None and data.payload:
        yield from expected_payload(data)
    if data.header.elements:
        yield from expected_header(data)


def expected_coding(scheme: DataCodingScheme) -> Iterator[tuple[str, list[str]]]:
    """What TP-DCS says: alphabet, class, compression, message waiting; 0x00 is said in a word."""
    waiting, message_class = scheme.indication, scheme.message_class
    if waiting is not None:
        yield "gsm_sms.dcs.indication_sense", [str(int(waiting.active))]
        yield "gsm_sms.dcs.message_waiting", [str(int(waiting.type))]
    elif scheme.octet >= 0xF0:
        yield "gsm_sms.dcs.message_coding", [str(int(scheme.alphabet))]
    elif scheme.octet:
        yield "gsm_sms.dcs.character_set", [str(int(scheme.alphabet))]
        yield "gsm_sms.dcs.text_compressed", [str(int(scheme.compressed))]
        yield "gsm_sms.dcs.message_class_defined", [str(int(message_class is not None))]
    if message_class is not None:
        yield "gsm_sms.dcs.message_class", [str(int(message_class))]


def expected_payload(data: UserData) -> Iterator[tuple[str, list[str]]]:
    """Text, 8-bit data or compressed data; text of national tables is beyond tshark."""
    if data.compressed:
        yield "gsm_sms.compressed_data", [data.payload.hex()]
    elif data.alphabet is Alphabet.DATA_8BIT:
        yield "gsm_sms.sms_body", [data.payload.hex()]
    elif data.header.shift_tables == DEFAULT_TABLES:
        yield "gsm_sms.sms_text", [data.text()]


def expected_header(data: UserData) -> Iterator[tuple[str, list[str]]]:
    """The length of the header, each element's identifier and length, what it holds, and the fill bits."""
    header: UserDataHeader = data.header
    yield "gsm_sms.dis_field_udh.user_data_header_length", [str(header.octet_length - 1)]
    yield "gsm_sms.ie_identifier", [str(element.iei) for element in header.elements]
    yield "gsm_sms.dis_field_ud_iei.length", [str(len(element.data)) for element in header.elements]
    if (element := data.header.concatenation) is not None:
        yield "gsm_sms.udh.mm.msg_id", [str(element.reference)]
        yield "gsm_sms.udh.mm.msg_parts", [str(element.total)]
        yield "gsm_sms.udh.mm.msg_part", [str(element.sequence)]
    if (port := data.header.application_port) is not None:
        yield "gsm_sms.destination_port", [str(port.destination)]
        yield "gsm_sms.originator_port", [str(port.originator)]
    for other in header.elements:
        if isinstance(other, NationalLanguageSingleShift):
            yield "gsm_sms.dis_iei_lang.single_shift", [str(int(other.language))]
        elif isinstance(other, NationalLanguageLockingShift):
            yield "gsm_sms.dis_iei_lang.locking_shift", [str(int(other.language))]
        elif isinstance(other, SpecialMessageIndication):
            yield "gsm_sms.msg_ind_type_and_stor", [str(int(other.store))]
            yield "gsm_sms.profile_id", [str(other.profile - 1)]
            yield "gsm_sms.ext_msg_ind_type", [str(other.extended_type)]
            yield "gsm_sms.msg_ind_type", [str(int(other.type))]
            yield "gsm_sms.msg_count", [str(other.count)]


def number(shown: str) -> str:
    """A value as tshark shows it, decimal where it is a number."""
    return str(int(shown, 0)) if shown[:2] == "0x" else shown


def differences(tpdu: Tpdu, found: Found) -> list[str]:
    """Where tshark and we differ about a TPDU."""
    wrong = ["_ws.malformed"] if "_ws.malformed" in found else []
    for field, values in expected(tpdu):
        shown = [*map(number, found.get(field, []))]
        if shown != values:
            wrong.append(f"{field}: ours {values}, tshark's {shown}")
    return wrong
