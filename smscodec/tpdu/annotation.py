"""Octets explained one by one: a tree that covers every octet of a TPDU and says what is wrong or unusual.

Walks as lenient reading does, with the same readers of fields, but goes on where that would raise. What each field says
of itself is in ``_annotated_fields`` and ``_annotated_user_data``; here is their order.

Reference: 3GPP TS 23.040, 9.2.2
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from smscodec._checks import Octets
from smscodec.dcs import DataCodingScheme
from smscodec.tpdu._annotated_fields import (
    NAMES,
    address,
    command_type,
    failure_cause,
    first_octet,
    indicator,
    number,
    protocol_identifier,
    scheme,
    status,
    time_stamp,
    validity,
)
from smscodec.tpdu._annotated_user_data import user_data
from smscodec.tpdu._notes import Annotation, Notes, NothingLeft
from smscodec.tpdu._reader import MOST_OCTETS
from smscodec.tpdu._received import DEFAULT_SCHEME, MOST_USER_DATA, USER_DATA_HEADER
from smscodec.tpdu.command import COMMAND_DATA, SmsCommand
from smscodec.tpdu.decoding import Direction, tpdu_type
from smscodec.tpdu.deliver import SmsDeliver
from smscodec.tpdu.parameters import Indicator
from smscodec.tpdu.report import RESERVED_BITS, SmsDeliverReport, SmsSubmitReport, has_failure_cause
from smscodec.tpdu.status_report import SmsStatusReport
from smscodec.tpdu.submit import SmsSubmit

__all__ = ["Annotation", "annotate_tpdu"]


def annotate_tpdu(octets: Octets, *, direction: Direction, rp_error: bool | None = None) -> Annotation:
    """Explain a TPDU octet by octet; never raises over octets, whatever they are.

    ``rp_error`` says of a report whether it came in RP-ERROR or in RP-ACK, which its octets do not (decision D34).
    Raises ``FieldError`` for an unknown direction.

    Reference: 3GPP TS 23.040, 9.2.2
    """
    notes = Notes(memoryview(octets).tobytes())
    found = tpdu_type(notes.octets, direction)
    if not notes.octets:
        notes.findings.append("the TPDU is empty")
        return notes.tree("TPDU", "9.2.2")
    if len(notes.octets) > MOST_OCTETS:
        notes.findings.append(f"{len(notes.octets)} octets, where a TPDU has at most {MOST_OCTETS}")
    if found is None:
        notes.take(1, "first octet", "9.2.3.1", findings=["message type 3 is not defined towards the service centre"])
        notes.rest("octets that cannot be read")
        return notes.tree("TPDU", "9.2.2")
    clause, fields = _TYPES[found]
    try:
        fields(notes, rp_error)
    except NothingLeft:
        notes.rest("octets that cannot be read")
    return notes.tree(NAMES[found], clause)


def _submit(notes: Notes, _: bool | None) -> None:
    first = first_octet(notes, SmsSubmit)
    number(notes, "TP-MR", "9.2.3.6")
    address(notes, "TP-DA", "9.2.3.8")
    protocol_identifier(notes)
    coding = scheme(notes)
    validity(notes, first >> 3 & 0b11)
    user_data(notes, coding, has_header=bool(first & USER_DATA_HEADER), most=MOST_USER_DATA)
    notes.superfluous()


def _deliver(notes: Notes, _: bool | None) -> None:
    first = first_octet(notes, SmsDeliver)
    address(notes, "TP-OA", "9.2.3.7")
    protocol_identifier(notes)
    coding = scheme(notes)
    time_stamp(notes, "TP-SCTS", "9.2.3.11")
    user_data(notes, coding, has_header=bool(first & USER_DATA_HEADER), most=MOST_USER_DATA)
    notes.superfluous()


def _status_report(notes: Notes, _: bool | None) -> None:
    first = first_octet(notes, SmsStatusReport)
    number(notes, "TP-MR", "9.2.3.6")
    address(notes, "TP-RA", "9.2.3.14")
    time_stamp(notes, "TP-SCTS", "9.2.3.11")
    time_stamp(notes, "TP-DT", "9.2.3.13")
    status(notes)
    if notes.left and not notes.peek(notes.left).strip(b"\xff"):
        notes.rest("padding in storage (D40)")
    _announced(notes, indicator(notes) if notes.left else Indicator(0, b""), first)


def _command(notes: Notes, _: bool | None) -> None:
    first = first_octet(notes, SmsCommand)
    number(notes, "TP-MR", "9.2.3.6")
    protocol_identifier(notes)
    command_type(notes)
    number(notes, "TP-MN", "9.2.3.18")
    address(notes, "TP-DA", "9.2.3.8")
    user_data(notes, COMMAND_DATA, has_header=bool(first & USER_DATA_HEADER), names=("TP-CDL", "TP-CD"))
    notes.superfluous()


def _deliver_report(notes: Notes, rp_error: bool | None) -> None:
    _report(notes, SmsDeliverReport, rp_error)


def _submit_report(notes: Notes, rp_error: bool | None) -> None:
    _report(notes, SmsSubmitReport, rp_error)


def _report(notes: Notes, kind: type[SmsDeliverReport | SmsSubmitReport], rp_error: bool | None) -> None:
    refused = has_failure_cause(notes.octets) if rp_error is None else rp_error
    first = first_octet(notes, kind)
    if refused:
        unread = bool(first & RESERVED_BITS)
        failure_cause(notes, taken_as_unspecified=unread)
        if unread:
            notes.rest("octets that a receiver does not examine")
            return
    announced = indicator(notes)
    if kind is SmsSubmitReport:
        time_stamp(notes, "TP-SCTS", "9.2.3.11")
    _announced(notes, announced, first)


def _announced(notes: Notes, announced: Indicator, first: int) -> None:
    if announced.has_protocol_identifier:
        protocol_identifier(notes)
    coding: DataCodingScheme = scheme(notes) if announced.has_scheme else DEFAULT_SCHEME
    if announced.has_user_data:
        user_data(notes, coding, has_header=bool(first & USER_DATA_HEADER))
    elif first & USER_DATA_HEADER:
        notes.findings.append("TP-UDHI is set without user data")
    if announced.reserved:
        notes.rest("octets that a reserved bit of TP-PI announces, to be dropped")
    else:
        notes.superfluous()


_Walk = Callable[[Notes, bool | None], None]

_TYPES: Final[dict[type, tuple[str, _Walk]]] = {
    SmsSubmit: ("9.2.2.2", _submit),
    SmsDeliver: ("9.2.2.1", _deliver),
    SmsStatusReport: ("9.2.2.3", _status_report),
    SmsCommand: ("9.2.2.4", _command),
    SmsSubmitReport: ("9.2.2.2a", _submit_report),
    SmsDeliverReport: ("9.2.2.1a", _deliver_report),
}
