"""Dissectors by others read our TPDUs as we do, and we read theirs.

Each TPDU is written by us, read by the judge and read again by us: every field must say the same three times. What the
judges are asked is in ``judged``, how, and their known limits, in ``judging``.

Reference: 3GPP TS 23.040, 9.2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from smscodec import Alphabet, UserData
from smscodec.tables import DEFAULT_TABLES, ESC
from smscodec.tpdu import (
    Address,
    EnhancedValidity,
    RelativeValidity,
    SmsDeliver,
    SmsStatusReport,
    SmsSubmit,
    TypeOfNumber,
    pdu_mode,
)
from tests.tpdu import judged
from tests.tpdu.expected import ADDRESSES, FIELDS, differences
from tests.tpdu.judging import DIRECTIONS, described, dissected, gammu_answers, relayed, reread

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
MISREAD_BY_GAMMU: Final = {
    *range(0x50, 0x60),
    *(octet for octet in range(0xC0, 0xF0) if octet & 0b100),
    *range(0xF8, 0xFC),
}
"""Data coding schemes with a class and automatic deletion, and with a reserved bit (decision D26)."""
SMSC: Final = Address("+447958879879")


def for_gammu() -> Iterator[Any]:
    """The TPDUs that gammu can read, as ``judging`` says."""
    tpdus: list[SmsSubmit | SmsDeliver] = [*judged.plain_submits(), *judged.delivers()]
    for tpdu in tpdus:
        address = tpdu.destination if isinstance(tpdu, SmsSubmit) else tpdu.originator
        letters = address.number.replace(" ", "")
        plain = address.type_of_number in PLAIN_TYPES and letters.isascii() and letters.isalnum()
        readable = not tpdu.user_data.compressed and tpdu.data_coding_scheme.octet not in MISREAD_BY_GAMMU
        if plain and readable and not isinstance(getattr(tpdu, "validity", None), EnhancedValidity):
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
        if data.header.shift_tables == DEFAULT_TABLES:
            yield "Text", text, fields["Text"][: len(text)] if escapes else fields["Text"]
        yield "UDH", data.header.to_bytes().hex(), fields["UDH"]["Text"]
        yield "Class", -1 if (found := tpdu.data_coding_scheme.message_class) is None else found, fields["Class"]
        if (part := data.header.concatenation) is not None and len(data.header.elements) == 1:
            name = "ID16bit" if part.wide else "ID8bit"
            yield "parts", (part.reference, part.total, part.sequence), parts_of(fields["UDH"], name)
    yield "Type", GAMMU_TYPES[type(tpdu)], fields["Type"]
    if hasattr(tpdu, "message_reference"):
        yield "MessageReference", tpdu.message_reference, fields["MessageReference"]
    if getattr(tpdu, "timestamp", None) is not None:
        yield "DateTime", naive(tpdu.timestamp), fields["DateTime"]
    if getattr(tpdu, "discharge_time", None) is not None:
        yield "SMSCDateTime", naive(tpdu.discharge_time), fields["SMSCDateTime"]


GAMMU_TYPES: Final = {SmsSubmit: "Submit", SmsDeliver: "Deliver", SmsStatusReport: "Status_Report"}


def parts_of(header: dict[str, int], name: str) -> tuple[int, int, int]:
    """Reference, total and sequence as gammu names them."""
    return header[name], header["AllParts"], header["PartNumber"]


def naive(moment: datetime) -> str:
    """The moment as gammu has it, without its zone."""
    return moment.replace(tzinfo=None).isoformat()


def written_by_gammu(ours: Any, theirs: Any) -> Iterator[tuple[str, object, object]]:
    """What we wrote and what we read in gammu's octets, field by field; gammu keeps no flags and few identifiers."""
    for name in ("user_data", "message_reference", *ADDRESSES):
        if hasattr(ours, name):
            yield name, getattr(ours, name), getattr(theirs, name)
    for name in ("alphabet", "message_class"):
        yield name, getattr(ours.data_coding_scheme, name), getattr(theirs.data_coding_scheme, name)
    if ours.protocol_identifier in {0, *range(0x41, 0x48)}:
        yield "protocol_identifier", ours.protocol_identifier, theirs.protocol_identifier
    if isinstance(ours, SmsDeliver) and ours.timestamp is not None:
        yield "timestamp", naive(ours.timestamp), naive(theirs.timestamp)
    validity = getattr(ours, "validity", None)
    if isinstance(validity, RelativeValidity) and validity.duration <= timedelta(days=30):
        yield "validity", ours.validity, theirs.validity


def test_gammu_reads_what_we_write_and_we_read_what_it_writes() -> None:
    """gammu finds our fields, and writes octets in which we find the same again, as far as it keeps them."""
    tpdus = list(for_gammu())
    answers = gammu_answers([pdu_mode.encode(tpdu, smsc=SMSC)[0] for tpdu in tpdus])
    written = 0
    for tpdu, (fields, octets) in zip(tpdus, answers, strict=True):
        compared = list(read_by_gammu(tpdu, fields))
        assert [(name, ours) for name, ours, _ in compared] == [(name, theirs) for name, _, theirs in compared]
        # A national text is read by the default table, and written as what that shows.
        if octets is not None and tpdu.user_data.header.shift_tables == DEFAULT_TABLES:
            read: Any = pdu_mode.decode(octets, direction=DIRECTIONS[type(tpdu).__name__], strict=True)
            compared = list(written_by_gammu(tpdu, read.tpdu))
            assert [(name, ours) for name, ours, _ in compared] == [(name, theirs) for name, _, theirs in compared]
            assert read.smsc == SMSC
            written += 1
    print(f"gammu judged {len(tpdus)} TPDUs and wrote {written}")
