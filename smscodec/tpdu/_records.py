"""Records of a (U)SIM: short messages (EF_SMS) and status reports (EF_SMSR), read and explained.

A record is of a fixed length and filled up with 0xFF, so its contents must tell where they end.

Reference: 3GPP TS 31.102, 4.2.25 and 4.2.32
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from smscodec._checks import Octets
from smscodec._values import TypedValue
from smscodec.errors import DecodeError
from smscodec.tpdu._notes import Annotation, Notes, NothingLeft
from smscodec.tpdu._reader import Reader
from smscodec.tpdu._service_centre import annotate_service_centre, read_service_centre
from smscodec.tpdu.address import Address
from smscodec.tpdu.annotation import annotate_tpdu
from smscodec.tpdu.decoding import Direction, Tpdu, stored_direction, tpdu_type
from smscodec.tpdu.status_report import SmsStatusReport

__all__ = ["RECORD_OCTETS", "Record", "RecordStatus", "ReportRecord", "annotate_record", "record"]

_REPORT_OCTETS: Final = 30
RECORD_OCTETS: Final = (176, _REPORT_OCTETS)
"""Octets of the records of EF_SMS and EF_SMSR."""


class RecordStatus(IntEnum):
    """What has become of the message in a record of EF_SMS.

    >>> RecordStatus.of(0x1D).name, RecordStatus.of(0x1D).outgoing
    ('SENT_REPORT_STORED', True)

    Reference: 3GPP TS 31.102, 4.2.25
    """

    FREE = 0x00
    READ = 0x01
    UNREAD = 0x03
    SENT = 0x05
    UNSENT = 0x07
    SENT_REPORT_AWAITED = 0x0D
    SENT_REPORT_NOT_STORED = 0x15
    SENT_REPORT_STORED = 0x1D

    @classmethod
    def of(cls, octet: int) -> RecordStatus:
        """What an octet says; reserved bits are ignored, and bits 4–3 mean something of sent messages alone."""
        if not octet & 1:
            return cls.FREE
        low = octet & 0b111
        return cls(octet & 0b1_1111 if low == cls.SENT else low)

    @property
    def outgoing(self) -> bool:
        """Whether the message is one to be sent, or sent."""
        return bool(self & 0b100)


@dataclass(frozen=True, slots=True)
class Record(TypedValue):
    """A record of EF_SMS: its ``status``, and the service centre and the TPDU, which a free record may lack.

    >>> record(b"\\0" + b"\\xff" * 175).as_dict()
    {'type': 'Record', 'status': 'FREE', 'smsc': None, 'tpdu': None}
    """

    status: RecordStatus
    smsc: Address | None
    tpdu: Tpdu | None


@dataclass(frozen=True, slots=True)
class ReportRecord(TypedValue):
    """A record of EF_SMSR: the ``number`` of a record in EF_SMS and the status report on it; 0 and None if empty.

    >>> record(b"\\0" + b"\\xff" * 29).as_dict()
    {'type': 'ReportRecord', 'number': 0, 'tpdu': None}
    """

    number: int
    tpdu: SmsStatusReport | None


def record(octets: Octets, *, strict: bool = False) -> Record | ReportRecord:
    """Read a record of EF_SMS (176 octets) or of EF_SMSR (30 octets); fill at the end may be missing.

    30 octets that hold a status report are a ``ReportRecord``, all others a ``Record``. Of a free record lenient
    reading gives the message that was deleted, if its octets are still there. ``strict`` refuses a reserved status, a
    TPDU that breaks the rules, and anything but 0xFF after it. Raises ``DecodeError`` with the field (``"record"``,
    ``"smsc"``, and those of the TPDU) and the offset in the record.

    >>> found = record(bytes.fromhex("01 00 04 0281 21 00 00 62110321436540 02 E834") + b"\\xff" * 158)
    >>> found.status.name, found.tpdu.user_data.text()
    ('READ', 'hi')

    Reference: 3GPP TS 31.102, 4.2.25 and 4.2.32
    """
    data = memoryview(octets).tobytes()
    if not data:
        raise DecodeError("record", 0, "the record is empty")
    return _report_record(data, strict=strict) if _holds_a_report(data) else _message_record(data, strict=strict)


def _holds_a_report(octets: bytes) -> bool:
    """Whether these are the octets of EF_SMSR: of its length, and empty or with a status report."""
    if len(octets) != _REPORT_OCTETS:
        return False
    if not octets[1:].strip(b"\xff"):
        return True
    if tpdu_type(octets[1:], Direction.SC_TO_MS) is not SmsStatusReport:
        return False
    try:
        _filled(octets, 1, Direction.SC_TO_MS, strict=False)
    except DecodeError:
        return False
    return True


def _report_record(octets: bytes, *, strict: bool) -> ReportRecord:
    number = octets[0]
    if not number or not octets[1:].strip(b"\xff"):
        return ReportRecord(number, None)
    tpdu = _filled(octets, 1, Direction.SC_TO_MS, strict=strict)
    assert isinstance(tpdu, SmsStatusReport)
    return ReportRecord(number, tpdu)


def _message_record(octets: bytes, *, strict: bool) -> Record:
    status = RecordStatus.of(octets[0])
    if strict and status != octets[0]:
        raise DecodeError("record", 0, f"status 0x{octets[0]:02X} is reserved")
    if status is RecordStatus.FREE and (strict or not octets[1:].strip(b"\xff\0")):
        return Record(status, None, None)
    try:
        reader = Reader(octets, strict=strict)
        reader.octet("record")
        smsc = read_service_centre(reader, "smsc")
        start = reader.offset
        direction = stored_direction(octets[start:], outgoing=status.outgoing)
        return Record(status, smsc, _filled(octets, start, direction, strict=strict))
    except DecodeError:
        if status is RecordStatus.FREE:
            return Record(status, None, None)
        raise


def _filled(octets: bytes, start: int, direction: Direction, *, strict: bool) -> Tpdu:
    """The TPDU that begins at ``start`` and is followed by fill."""
    if start == len(octets):
        raise DecodeError("mti", start, "the record ends before the TPDU")
    kind = tpdu_type(octets[start:], direction)
    assert kind is not None  # only type 3 towards the service centre is none, and stored, it goes to the mobile
    try:
        end = kind.extent(octets[start:])
        tpdu = kind.from_bytes(octets[start : start + end], strict=strict)
    except DecodeError as error:
        raise DecodeError(error.field, start + error.offset, error.message) from None
    fill = octets[start + end :]
    if strict and fill.strip(b"\xff"):
        raise DecodeError("record", start + end, "expected 0xFF up to the end of the record")
    return tpdu


# Explaining ---------------------------------------------------------------------------------------------------------

_IN_WORDS: Final = {
    RecordStatus.FREE: "free",
    RecordStatus.READ: "received, read",
    RecordStatus.UNREAD: "received, to be read",
    RecordStatus.SENT: "sent",
    RecordStatus.UNSENT: "to be sent",
    RecordStatus.SENT_REPORT_AWAITED: "sent, status report requested and not yet received",
    RecordStatus.SENT_REPORT_NOT_STORED: "sent, status report received and not stored",
    RecordStatus.SENT_REPORT_STORED: "sent, status report received and stored in EF_SMSR",
}


def annotate_record(octets: bytes) -> Annotation:
    """Explain a record; never raises over octets."""
    notes = Notes(octets)
    is_report = _holds_a_report(octets)
    name, clause = ("EF_SMSR record", "31.102, 4.2.32") if is_report else ("EF_SMS record", "31.102, 4.2.25")
    try:
        if is_report:
            (number,) = notes.need(1, "record number in EF_SMS", clause)
            notes.take(1, "record number in EF_SMS", clause, number)
            _annotate_filled(notes, Direction.SC_TO_MS, clause)
        else:
            _annotate_message(notes, clause)
    except NothingLeft:
        notes.rest("octets that cannot be read")
    return notes.tree(name, clause)


def _annotate_message(notes: Notes, clause: str) -> None:
    (octet,) = notes.need(1, "status", clause)
    status = RecordStatus.of(octet)
    findings = [f"0x{octet:02X} is reserved"] if status != octet else []
    notes.take(1, "status", clause, _IN_WORDS[status], findings=findings)
    if status is RecordStatus.FREE and not notes.peek(notes.left).strip(b"\xff\0"):
        _fill(notes, clause)
        return
    annotate_service_centre(notes, "SMSC address", "24.011, 8.2.5.1", "none")
    first = notes.need(1, "TPDU", "9.2.2")
    _annotate_filled(notes, stored_direction(first, outgoing=status.outgoing), clause)


def _annotate_filled(notes: Notes, direction: Direction, clause: str) -> None:
    octets = notes.peek(notes.left)
    kind = tpdu_type(octets, direction) if octets.strip(b"\xff") else None
    try:
        end = 0 if kind is None else kind.extent(octets)
    except DecodeError:
        end = len(octets.rstrip(b"\xff"))
    if end:
        tree = annotate_tpdu(octets[:end], direction=direction)
        notes.fields.append(tree.moved(notes.offset))
        notes.offset += end
    _fill(notes, clause)


def _fill(notes: Notes, clause: str) -> None:
    if notes.left:
        findings = ["expected 0xFF up to the end of the record"] if notes.peek(notes.left).strip(b"\xff") else []
        notes.take(notes.left, "fill", clause, findings=findings)
