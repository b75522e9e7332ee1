"""Dissectors by others read our TPDUs as we do, and we read theirs.

Each TPDU is written by us, read by the judge and read again by us: every field must say the same three times. What the
judges are asked is in ``judged``, how, and their known limits, in ``judging``.

Reference: 3GPP TS 23.040, 9.2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from smscodec import Alphabet, UserData
from smscodec.dcs import DataCodingScheme
from smscodec.tables import ESC
from smscodec.tpdu import (
    AbsoluteValidity,
    Address,
    EnhancedValidity,
    RelativeValidity,
    SmsDeliver,
    SmsStatusReport,
    SmsSubmit,
    Tpdu,
    TypeOfNumber,
    pdu_mode,
)
from tests.tpdu import judged
from tests.tpdu.judging import DIRECTIONS, described, dissected, gammu_answers, relayed, reread

Found = dict[str, list[str]]

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
    *("gsm_sms.dis_field.definition", "gsm_sms.dis_field.st_error"),
    *("gsm_sms.tp.user_data_length", "gsm_sms.tp.command_data_length", "gsm_sms.vp.validity_period"),
    *("gsm_sms.vp.single_shot_sm", "gsm_sms.vp.validity_period_format"),
    *(f"gsm_sms.vp.validity_period.{part}" for part in ("hour", "minutes", "seconds")),
    *("gsm_sms.udh.mm.msg_id", "gsm_sms.udh.mm.msg_parts", "gsm_sms.udh.mm.msg_part"),
    *("gsm_sms.destination_port", "gsm_sms.originator_port", "_ws.malformed"),
)
FIELDS: Final = (*ADDRESSES.values(), *NUMBERS.values(), *OTHERS)


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
        if validity.functionality == 3 and validity.duration is not None:
            minutes, second = divmod(int(validity.duration.total_seconds()), 60)
            yield "gsm_sms.vp.validity_period.hour", [str(minutes // 60)]
            yield "gsm_sms.vp.validity_period.minutes", [str(minutes % 60)]
            yield "gsm_sms.vp.validity_period.seconds", [str(second)]


def expected_data(tpdu: Any) -> Iterator[tuple[str, list[str]]]:
    """Length, text, concatenation and ports."""
    data: UserData | None = getattr(tpdu, "command_data", None)
    if data is not None:
        yield "gsm_sms.tp.command_data_length", [str(data.length)]
        return
    scheme: DataCodingScheme | None = tpdu.data_coding_scheme
    if scheme is not None:
        yield "gsm_sms.tp-dcs", [str(scheme.octet)]
    data = tpdu.user_data
    if data is None:
        return
    yield "gsm_sms.tp.user_data_length", [str(data.length)]
    yield "gsm_sms.tp-udhi", [str(int(data.header.octet_length > 0))]
    if scheme is not None and data.alphabet is not Alphabet.DATA_8BIT and data.payload:
        yield "gsm_sms.sms_text", [data.text()]
    if (element := data.header.concatenation) is not None:
        yield "gsm_sms.udh.mm.msg_id", [str(element.reference)]
        yield "gsm_sms.udh.mm.msg_parts", [str(element.total)]
        yield "gsm_sms.udh.mm.msg_part", [str(element.sequence)]
    if (port := data.header.application_port) is not None:
        yield "gsm_sms.destination_port", [str(port.destination)]
        yield "gsm_sms.originator_port", [str(port.originator)]


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


KINDS: Final = {
    "submits": judged.plain_submits,
    "delivers": judged.delivers,
    "status reports": judged.status_reports,
    "commands": judged.commands,
    "reports": judged.reports,
}


@pytest.mark.parametrize("kind", KINDS)
def test_tshark_reads_what_we_write(kind: str, tmp_path: Path) -> None:
    """tshark's fields are those we wrote, and we read the same ones."""
    tpdus: list[Any] = list(KINDS[kind]())
    answers = dissected([relayed(tpdu) for tpdu in tpdus], FIELDS, tmp_path)
    for tpdu, found in zip(tpdus, answers, strict=True):
        assert (tpdu.to_bytes().hex(), differences(tpdu, found)) == (tpdu.to_bytes().hex(), [])
        assert tpdu == reread(tpdu)
    print(f"tshark judged {len(tpdus)} {kind}")


def test_tshark_reads_the_sign_of_zones(tmp_path: Path) -> None:
    """East and west, which it says in words alone."""
    moments = list(judged.moments())
    frames = [relayed(SmsDeliver(judged.TO, moment)) for moment in moments]
    shown = ZONE.findall(described(frames, tmp_path))
    assert len(shown) == len(moments)
    for moment, (sign, hours, minutes) in zip(moments, shown, strict=True):
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        assert moment.utcoffset() == (-offset if sign == "-" else offset)


ZONE: Final = re.compile(r"Timezone: GMT ([+-]) (\d+) hours (\d+) minutes")

CODINGS: Final = {
    Alphabet.GSM_7BIT: "Default_No_Compression",
    Alphabet.UCS2: "Unicode_No_Compression",
    Alphabet.DATA_8BIT: "8bit",
}
PLAIN_TYPES: Final = (TypeOfNumber.UNKNOWN, TypeOfNumber.INTERNATIONAL, TypeOfNumber.ALPHANUMERIC)
SMSC: Final = Address("+447958879879")


def for_gammu() -> Iterator[Any]:
    """The TPDUs that gammu can read, as ``judging`` says."""
    tpdus: list[SmsSubmit | SmsDeliver] = [*judged.plain_submits(), *judged.delivers()]
    for tpdu in tpdus:
        address = tpdu.destination if isinstance(tpdu, SmsSubmit) else tpdu.originator
        letters = address.number.replace(" ", "")
        plain = address.type_of_number in PLAIN_TYPES and letters.isascii() and letters.isalnum()
        if plain and not isinstance(getattr(tpdu, "validity", None), EnhancedValidity):
            yield tpdu
    yield from judged.status_reports()


def read_by_gammu(tpdu: Any, fields: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """What we say and what gammu says, field by field."""
    address = next(getattr(tpdu, name) for name in ADDRESSES if hasattr(tpdu, name))
    yield "Number", str(address), fields["Number"]
    yield "SMSC", str(SMSC), fields["SMSC"]["Number"]
    if isinstance(tpdu, SmsStatusReport):
        yield "DeliveryStatus", tpdu.status.octet, fields["DeliveryStatus"]
    else:
        data: UserData = tpdu.user_data
        yield "Coding", CODINGS[data.alphabet], fields["Coding"]
        text = data.payload.hex() if data.alphabet is Alphabet.DATA_8BIT else data.text()
        escapes = data.alphabet is Alphabet.GSM_7BIT and ESC in data.payload
        yield "Text", text, fields["Text"][: len(text)] if escapes else fields["Text"]
        yield "UDH", data.header.to_bytes().hex(), fields["UDH"]["Text"]
    if hasattr(tpdu, "message_reference"):
        yield "MessageReference", tpdu.message_reference, fields["MessageReference"]
    if getattr(tpdu, "timestamp", None) is not None:
        name = "SMSCDateTime" if isinstance(tpdu, SmsStatusReport) else "DateTime"
        moment = tpdu.discharge_time if isinstance(tpdu, SmsStatusReport) else tpdu.timestamp
        assert moment is not None
        yield name, moment.replace(tzinfo=None).isoformat(), fields[name]


def test_gammu_reads_what_we_write_and_we_read_what_it_writes() -> None:
    """gammu finds our fields, and writes octets in which we find the same address, coding, header and payload."""
    tpdus = list(for_gammu())
    answers = gammu_answers([pdu_mode.encode(tpdu, smsc=SMSC)[0] for tpdu in tpdus])
    written = 0
    for tpdu, (fields, octets) in zip(tpdus, answers, strict=True):
        compared = list(read_by_gammu(tpdu, fields))
        assert [(name, ours) for name, ours, _ in compared] == [(name, theirs) for name, _, theirs in compared]
        if octets is not None:
            read: Any = pdu_mode.decode(octets, direction=DIRECTIONS[type(tpdu).__name__], strict=True)
            names = ("user_data", *(name for name in ADDRESSES if hasattr(tpdu, name)))
            assert [getattr(tpdu, name) for name in names] == [getattr(read.tpdu, name) for name in names]
            ours, theirs = tpdu.data_coding_scheme, read.tpdu.data_coding_scheme
            assert (ours.alphabet, ours.message_class) == (theirs.alphabet, theirs.message_class)
            assert read.smsc == SMSC
            written += 1
    print(f"gammu judged {len(tpdus)} TPDUs and wrote {written}")
