"""How the fields in front of the user data are annotated, octet by octet and bit by bit.

Uses the readers of the fields for their values and faults, so that annotation and decoding agree. Knows nothing of the
order of fields.

Reference: 3GPP TS 23.040, 9.2.3; 3GPP TS 23.038, 4
"""

from __future__ import annotations

from typing import Final

from smscodec.dcs import DataCodingScheme
from smscodec.tpdu import timestamp
from smscodec.tpdu._notes import Annotation, Notes, NothingLeft, Value, bits_of
from smscodec.tpdu.address import MOST_SEMI_OCTETS, NumberingPlan, TypeOfNumber, interpreted
from smscodec.tpdu.command import SmsCommand
from smscodec.tpdu.deliver import SmsDeliver
from smscodec.tpdu.meanings import (
    RESERVED,
    command_type_meaning,
    failure_cause_meaning,
    protocol_identifier_meaning,
)
from smscodec.tpdu.parameters import Indicator
from smscodec.tpdu.report import UNSPECIFIED_CAUSE, SmsDeliverReport, SmsSubmitReport
from smscodec.tpdu.status import Status
from smscodec.tpdu.status_report import SmsStatusReport
from smscodec.tpdu.submit import SmsSubmit
from smscodec.tpdu.validity import AbsoluteValidity, EnhancedValidity, RelativeValidity

__all__ = [
    "NAMES",
    "address",
    "command_type",
    "failure_cause",
    "first_octet",
    "indicator",
    "number",
    "protocol_identifier",
    "scheme",
    "status",
    "time_stamp",
    "validity",
]

_Bits = tuple[int, int, str, str]

_UDHI: Final[_Bits] = (6, 6, "TP-UDHI", "9.2.3.23")
_RP: Final[_Bits] = (7, 7, "TP-RP", "9.2.3.17")
_SRR: Final[_Bits] = (5, 5, "TP-SRR", "9.2.3.5")
_LP: Final[_Bits] = (3, 3, "TP-LP", "9.2.3.28")
_MMS: Final[_Bits] = (2, 2, "TP-MMS", "9.2.3.2")
_MTI: Final[_Bits] = (1, 0, "TP-MTI", "9.2.3.1")
_REPORT: Final = (_UDHI,)

_FIRST_OCTETS: Final[dict[type, tuple[_Bits, ...]]] = {
    SmsSubmit: (_RP, _UDHI, _SRR, (4, 3, "TP-VPF", "9.2.3.3"), (2, 2, "TP-RD", "9.2.3.25")),
    SmsDeliver: (_RP, _UDHI, (5, 5, "TP-SRI", "9.2.3.4"), _LP, _MMS),
    SmsStatusReport: (_UDHI, (5, 5, "TP-SRQ", "9.2.3.26"), _LP, _MMS),
    SmsCommand: (_UDHI, _SRR),
    SmsSubmitReport: _REPORT,
    SmsDeliverReport: _REPORT,
}

NAMES: Final[dict[type, str]] = {
    SmsSubmit: "SMS-SUBMIT",
    SmsDeliver: "SMS-DELIVER",
    SmsStatusReport: "SMS-STATUS-REPORT",
    SmsCommand: "SMS-COMMAND",
    SmsSubmitReport: "SMS-SUBMIT-REPORT",
    SmsDeliverReport: "SMS-DELIVER-REPORT",
}

_MEANINGS: Final[dict[str, tuple[str, ...]]] = {
    "TP-RP": ("no reply path", "reply path set"),
    "TP-UDHI": ("no header", "a header begins the user data"),
    "TP-SRR": ("no status report requested", "status report requested"),
    "TP-SRI": ("no status report will be returned", "a status report will be returned"),
    "TP-SRQ": ("answers an SMS-SUBMIT", "answers an SMS-COMMAND"),
    "TP-LP": ("may be forwarded", "must not be forwarded"),
    "TP-MMS": ("more messages are waiting", "no more messages are waiting"),
    "TP-RD": ("duplicates are accepted", "duplicates are to be rejected"),
    "single shot": ("attempts as usual", "one attempt only"),
    "TP-VPF": ("no validity period", "enhanced", "relative", "absolute"),
}


def _split(place: tuple[int, int], known: tuple[_Bits, ...]) -> list[Annotation]:
    """Notes on all eight bits of an octet: on the known ones, and on each run of reserved bits between them."""
    notes = []
    next_bit = 7
    for high, low, name, clause in (*known, (-1, -1, "", "")):
        if next_bit > high:
            used = place[1] & (1 << next_bit + 1) - (1 << high + 1)
            finding = "a reserved bit is set" if used else ""
            notes.append(bits_of(place, (next_bit, high + 1), RESERVED, "", finding=finding))
        if name:
            notes.append(bits_of(place, (high, low), name, clause, meanings=_MEANINGS.get(name, ())))
        next_bit = low - 1
    return notes


def first_octet(notes: Notes, kind: type) -> int:
    """The octet of the message type and the flags; gives it back."""
    field = "first octet", "9.2.2"
    (octet,) = notes.need(1, *field)
    reserved = kind is SmsDeliver and octet & 0b11
    finding = "message type 3 is reserved; a mobile reads it as SMS-DELIVER (D31)" if reserved else ""
    message_type = bits_of(notes.place, (1, 0), "TP-MTI", "9.2.3.1", meanings=[NAMES[kind]] * 4, finding=finding)
    flags = _split(notes.place, (*_FIRST_OCTETS[kind], _MTI))[:-1]
    notes.take(1, *field, children=[*flags, message_type])
    return octet


def number(notes: Notes, name: str, clause: str) -> None:
    """An octet that is a number and nothing else."""
    (octet,) = notes.need(1, name, clause)
    notes.take(1, name, clause, octet)


def _meaning(notes: Notes, field: tuple[str, str], meaning: str, *findings: str) -> None:
    found = [f"the value is {meaning}"] if meaning in {RESERVED, "undefined"} else []
    notes.take(1, *field, meaning, findings=[*found, *findings])


def protocol_identifier(notes: Notes) -> None:
    """TP-PID."""
    field = "TP-PID", "9.2.3.9"
    (octet,) = notes.need(1, *field)
    _meaning(notes, field, protocol_identifier_meaning(octet))


def command_type(notes: Notes) -> None:
    """TP-CT."""
    field = "TP-CT", "9.2.3.19"
    (octet,) = notes.need(1, *field)
    _meaning(notes, field, command_type_meaning(octet))


def failure_cause(notes: Notes, *, taken_as_unspecified: bool) -> None:
    """TP-FCS, which reserved bits of the first octet make 0xFF (decision D34)."""
    field = "TP-FCS", "9.2.3.22"
    (octet,) = notes.need(1, *field)
    found = ["a reserved bit of the first octet makes a receiver take 0xFF (D34)"] if taken_as_unspecified else []
    meaning = failure_cause_meaning(UNSPECIFIED_CAUSE if taken_as_unspecified else octet)
    _meaning(notes, field, meaning, *found)


def status(notes: Notes) -> None:
    """TP-ST."""
    field = "TP-ST", "9.2.3.15"
    (octet,) = notes.need(1, *field)
    read = Status(octet)
    taken = read.taken_as
    value = f"{read.meaning} ({taken.state.value}; {'final' if taken.final else 'not final'})"
    notes.take(1, *field, value, findings=["the value is reserved"] if read.reserved else [])


def indicator(notes: Notes) -> Indicator:
    """TP-PI with its extension octets; gives it back."""
    clause = "9.2.3.27"
    (octet,) = notes.need(1, "TP-PI", clause)
    extended = (7, 7, "extension", clause)
    announced = ((2, 2, "TP-UDL present", clause), (1, 1, "TP-DCS present", clause), (0, 0, "TP-PID present", clause))
    notes.take(1, "TP-PI", clause, children=_split(notes.place, (extended, *announced)))
    field = "TP-PI extension", clause
    extension = bytearray()
    last = octet
    while last & 0x80:
        (last,) = notes.need(1, *field)
        extension.append(last)
        notes.take(1, *field, findings=["no extension is defined"], children=_split(notes.place, (extended,)))
    return Indicator(octet, bytes(extension))


def address(notes: Notes, name: str, clause: str) -> None:
    """An address field: length, type octet, value."""
    (length,) = notes.need(1, name, clause)
    if length > MOST_SEMI_OCTETS:
        notes.take(
            1, name, clause, length, findings=[f"{length} semi-octets, where an address has at most {MOST_SEMI_OCTETS}"]
        )
        raise NothingLeft
    octets = notes.need(2 + (length + 1) // 2, name, clause)
    part = notes.part(len(octets))
    part.take(1, "length in semi-octets", "9.1.2.5", length)
    value = address_value(part, length)
    notes.group(part, name, clause, value)


_TYPES_OF_NUMBER: Final = [kind.name for kind in TypeOfNumber]
_PLANS: Final = [plan.name for plan in NumberingPlan]


def address_value(part: Notes, length: int) -> str:
    """The type octet and the value of an address, which are all that is left; gives its text back."""
    kind, *_ = octets = part.peek(part.left)
    read, faults = interpreted(kind, octets[1:], length)
    plan = NumberingPlan(kind & 0xF)
    missing = next((fault.message for fault in faults if fault.offset == 0), "")
    type_finding = "the type is reserved" if read.type_of_number is TypeOfNumber.RESERVED else ""
    children = [
        bits_of(part.place, (7, 7), "extension", "9.1.2.5", finding=missing),
        bits_of(part.place, (6, 4), "type of number", "9.1.2.5", meanings=_TYPES_OF_NUMBER, finding=type_finding),
        bits_of(
            part.place,
            (3, 0),
            "numbering plan",
            "9.1.2.5",
            meanings=_PLANS,
            finding=_plan_finding(read.type_of_number, plan),
        ),
    ]
    part.take(1, "type of address", "9.1.2.5", children=children)
    findings = [fault.message for fault in faults if fault.offset]
    if read.type_of_number is TypeOfNumber.ALPHANUMERIC:
        findings += _name_findings(read.number, length, read.semi_octets, octets[1:])
    part.take(part.left, "address value", "9.1.2.5", str(read), findings=findings)
    return str(read)


def _plan_finding(kind: TypeOfNumber, plan: NumberingPlan) -> str:
    if kind is TypeOfNumber.ALPHANUMERIC:
        return "a reserved bit is set: a name has no plan" if plan else ""
    return "the plan is reserved" if plan.reserved else ""


def _name_findings(name: str, length: int, semi_octets: int, value: bytes) -> list[str]:
    if name.endswith("@") and length == 14:
        return ["eight characters of which the last is @: probably seven, whose length is 13 and not 14 (D30)"]
    if length != semi_octets:
        return [f"{length} semi-octets, where this name has {semi_octets}"]
    spare = 8 * len(value) - 7 * (length * 4 // 7)
    return ["the unused bits are not zero"] if value and value[-1] >> 8 - spare else []


_STAMP_PARTS: Final = ("year", "month", "day", "hour", "minute", "second", "time zone")


def time_stamp(notes: Notes, name: str, clause: str) -> None:
    """A time stamp of seven octets."""
    octets = notes.need(timestamp.OCTETS, name, clause)
    moment, faults = timestamp.decoded(octets)
    part = notes.part(timestamp.OCTETS)
    for place, what in enumerate(_STAMP_PARTS):
        digits = [fault.message for fault in faults if fault.offset == place and "semi-octet" in fault.message]
        value: Value = timestamp.digits(octets[place])
        if what == "time zone":
            quarters = timestamp.digits(octets[place] & 0xF7)
            value = f"{'-' if octets[place] & 8 else '+'}{quarters // 4:02}:{quarters % 4 * 15:02}"
            digits += ["the zone is minus zero"] if not quarters and octets[place] & 8 else []
        part.take(1, what, "9.2.3.11", value, findings=digits)
    whole = [fault.message for fault in faults if "semi-octet" not in fault.message]
    notes.group(part, name, clause, None if moment is None else moment.isoformat(), whole)


def validity(notes: Notes, validity_format: int) -> None:
    """TP-VP in the format that TP-VPF names, if it names one."""
    if validity_format == RelativeValidity.format:
        field = "TP-VP", "9.2.3.12.1"
        (octet,) = notes.need(1, *field)
        notes.take(1, *field, str(RelativeValidity(octet).duration))
    elif validity_format == AbsoluteValidity.format:
        time_stamp(notes, "TP-VP", "9.2.3.12.2")
    elif validity_format == EnhancedValidity.format:
        _enhanced(notes)


def _enhanced(notes: Notes) -> None:
    clause = "9.2.3.12.3"
    period = EnhancedValidity(notes.need(timestamp.OCTETS, "TP-VP", clause))
    part = notes.part(timestamp.OCTETS)
    faults = [fault.message for fault in period.faults]
    known = ((7, 7, "extension", clause), (6, 6, "single shot", clause), (2, 0, "functionality", clause))
    part.take(1, "functionality indicator", clause, children=_split(part.place, known))
    for _ in period.extension:
        part.take(1, "functionality indicator extension", clause, findings=["no extension is defined"])
    duration = None if period.duration is None else str(period.duration)
    if period.period:
        part.take(len(period.period), "period", clause, duration, findings=faults)
        faults = []
    unused = part.peek(part.left)
    found = ["unused octets are not zero"] if any(unused) else []
    if unused:
        part.take(len(unused), "unused", clause, findings=found)
    notes.group(part, "TP-VP", clause, duration, faults)


def scheme(notes: Notes) -> DataCodingScheme:
    """TP-DCS; gives it back."""
    field = "TP-DCS", "9.2.3.10; 23.038, 4"
    (octet,) = notes.need(1, *field)
    read = DataCodingScheme(octet)
    found = []
    if read.reserved:
        found.append(f"0x{octet:02X} is a reserved coding, read as 0x00 (D26)")
    elif _has_reserved_bit(octet):
        found.append("a reserved bit is set (D26)")
    notes.take(1, *field, in_words(read), findings=found)
    return read


def _has_reserved_bit(octet: int) -> bool:
    if octet < 0x80:
        return not octet & 0x10 and bool(octet & 0b11)
    return bool(octet & 0b1000) if octet >= 0xF0 else bool(octet & 0b100)


def in_words(scheme: DataCodingScheme) -> str:
    """What a data coding scheme says."""
    words = [scheme.alphabet.name]
    words += ["compressed"] if scheme.compressed else []
    words += [scheme.message_class.name] if scheme.message_class is not None else []
    words += ["automatic deletion"] if scheme.automatic_deletion else []
    if (waiting := scheme.indication) is not None:
        switched = "active" if waiting.active else "inactive"
        words.append(f"{waiting.type.name} indication {switched}, {'store' if waiting.store else 'discard'}")
    return ", ".join(words)
