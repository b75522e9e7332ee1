"""Messages of the relay layer explained octet by octet, the TPDU in them among it.

Reference: 3GPP TS 24.011, 7.3 and 8.2
"""

from __future__ import annotations

from smscodec.errors import DecodeError
from smscodec.tpdu._annotated_fields import number
from smscodec.tpdu._notes import TOO_SOON, Annotation, Notes, NothingLeft, bits_of
from smscodec.tpdu._service_centre import annotate_service_centre
from smscodec.tpdu.annotation import annotate_tpdu
from smscodec.tpdu.decoding import Direction
from smscodec.tpdu.meanings import RESERVED, relay_cause_meaning
from smscodec.tpdu.rp import USER_DATA_ELEMENT, RpAck, RpData, RpError, RpSmma, rp_type

__all__ = ["annotate_rp"]

_NAMES = {RpData: "RP-DATA", RpAck: "RP-ACK", RpError: "RP-ERROR", RpSmma: "RP-SMMA"}
_CLAUSES = {RpData: "24.011, 7.3.1", RpAck: "24.011, 7.3.3", RpError: "24.011, 7.3.4", RpSmma: "24.011, 7.3.2"}
_USER_DATA = ("RP-User Data", "24.011, 8.2.5.3")


def annotate_rp(octets: bytes) -> Annotation:
    """Explain a message of the relay layer; never raises over octets."""
    notes = Notes(octets)
    try:
        kind, direction = rp_type(octets[:1])
    except DecodeError as error:
        notes.findings.append(error.message)
        notes.rest("octets that cannot be read")
        return notes.tree("RP message", "24.011, 7.3")
    try:
        _fields(notes, kind, direction)
    except NothingLeft:
        notes.rest("octets that cannot be read")
    return notes.tree(_NAMES[kind], _CLAUSES[kind])


def _fields(notes: Notes, kind: type, direction: Direction) -> None:
    clause = "24.011, 8.2.2"
    _, first = notes.place
    spare = "a spare bit is set" if first >> 3 else ""
    towards = "to the network" if direction is Direction.MS_TO_SC else "to the mobile"
    bits = [
        bits_of(notes.place, (7, 3), "spare", clause, finding=spare),
        bits_of(notes.place, (2, 0), "RP-MTI", clause, meanings=[f"{_NAMES[kind]} {towards}"] * 8),
    ]
    notes.take(1, "first octet", clause, children=bits)
    number(notes, "RP-Message Reference", "24.011, 8.2.3")
    if kind is RpData:
        _address(notes, "RP-Originator Address", "24.011, 8.2.5.1", expected=direction is Direction.SC_TO_MS)
        _address(notes, "RP-Destination Address", "24.011, 8.2.5.2", expected=direction is Direction.MS_TO_SC)
        _user_data(notes, notes.part(notes.left), direction, None)
    elif kind is not RpSmma:
        if kind is RpError:
            _cause(notes)
        if notes.left and notes.peek(1)[0] == USER_DATA_ELEMENT:
            part = notes.part(notes.left)
            part.take(1, "IEI", _USER_DATA[1], f"0x{USER_DATA_ELEMENT:02X}")
            _user_data(notes, part, direction, kind is RpError)
    notes.superfluous()


def _address(notes: Notes, name: str, clause: str, *, expected: bool) -> None:
    there = bool(notes.left and notes.peek(1)[0])
    annotate_service_centre(notes, name, clause, "no address")
    if notes.fields and there is not expected:
        notes.findings.append(f"{name}: expected {'an address' if expected else 'no address'} in this direction")


def _cause(notes: Notes) -> None:
    field = _, clause = "RP-Cause", "24.011, 8.2.5.4"
    (length,) = notes.need(1, *field)
    part = notes.part(len(notes.need(1 + length, *field)))
    part.take(1, "length", clause, length, findings=[] if 1 <= length <= 2 else ["a cause has 1 or 2 octets"])
    meaning = None
    if length:
        octet = part.peek(1)[0]
        meaning = relay_cause_meaning(octet & 0x7F)
        findings = ["the value is reserved"] if meaning == RESERVED else []
        findings += ["bit 7 is set"] if octet & 0x80 else []
        part.take(1, "cause value", clause, f"{octet & 0x7F}: {meaning}", findings=findings)
    if part.left:
        part.take(part.left, "diagnostic", clause)
    notes.group(part, *field, meaning)


def _user_data(notes: Notes, part: Notes, direction: Direction, rp_error: bool | None) -> None:
    """Note the length and the TPDU; ``part`` stands before the length, ``notes`` before the element."""
    if not part.left:
        notes.take(notes.left, *_USER_DATA, findings=[f"{TOO_SOON}: the length is missing"])
        raise NothingLeft
    (length,) = part.peek(1)
    there = min(length, part.left - 1)
    findings = [f"{TOO_SOON}: the length is {length}, {there} follow"] if there < length else []
    part.take(1, "length", _USER_DATA[1], length, findings=findings)
    tree = annotate_tpdu(part.peek(there), direction=direction, rp_error=rp_error)
    part.fields.append(tree.moved(part.base + part.offset))
    taken = part.offset + there
    whole = Notes(part.octets[:taken], part.base)
    whole.fields, whole.offset = part.fields, taken
    notes.group(whole, *_USER_DATA)
