"""Octets without a label: every way to read them, and what speaks against each one.

Nothing in octets says whether a service centre stands in front, which way they go, or whether they are a message at
all. So each reading is tried and its findings are counted: the right one usually has none.

Reference: 3GPP TS 23.040, 9.2.2; 3GPP TS 24.011, 7.3; 3GPP TS 27.005, 3.1; 3GPP TS 31.102, 4.2.25 and 4.2.32
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from smscodec._checks import Octets
from smscodec._values import Value
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu._annotated_rp import annotate_rp
from smscodec.tpdu._notes import Annotation
from smscodec.tpdu._pdu import Decoded, annotate_pdu, read_pdu
from smscodec.tpdu._records import RECORD_OCTETS, Record, ReportRecord, annotate_record, record
from smscodec.tpdu.annotation import annotate_tpdu
from smscodec.tpdu.decoding import Direction, Tpdu, decode_tpdu, stored_direction
from smscodec.tpdu.deliver import SmsDeliver
from smscodec.tpdu.rp import RpMessage, decode_rp
from smscodec.tpdu.status_report import SmsStatusReport
from smscodec.tpdu.submit import SmsSubmit

__all__ = ["Form", "Reading", "annotate", "readings"]


ReadValue = Tpdu | Decoded | RpMessage | Record | ReportRecord
"""What a reading gives."""


class Form(Enum):
    """The form that octets are read as.

    >>> readings(bytes.fromhex("0011000891515501000000AA05C8329BFD06"))[0].form.name
    'PDU_MODE'
    """

    PDU_MODE = "a service centre and a TPDU, as in a modem's PDU mode"
    TPDU = "a TPDU"
    RP = "a message of the relay layer"
    RECORD = "a record of a (U)SIM"


@dataclass(frozen=True, slots=True)
class Reading(Value):
    """One way to read ``octets``: as a ``form``, in a ``direction``, which gives a ``value`` with these ``findings``.

    The value is a TPDU, ``pdu_mode.Decoded``, a message of the relay layer, or a record.

    >>> readings(bytes.fromhex("0603"))[0].value
    RpSmma(reference=3)
    """

    octets: bytes
    form: Form
    direction: Direction | None
    value: ReadValue
    findings: tuple[str, ...]

    @property
    def tpdu(self) -> Tpdu | None:
        """The TPDU in the value; None if there is none, or it cannot be read."""
        value = self.value
        if isinstance(value, Tpdu):
            return value
        try:
            return value.tpdu
        except DecodeError:
            return None

    @property
    def annotation(self) -> Annotation:
        """The octets explained in this reading."""
        return annotate(self.octets, form=self.form, direction=self.direction)


def annotate(
    octets: Octets,
    *,
    direction: Direction | None = None,
    form: Form = Form.TPDU,
    rp_error: bool | None = None,
) -> Annotation:
    """Explain octets one by one: a TPDU, or what ``form`` says; never raises over octets, whatever they are.

    Without a ``direction`` a TPDU is read as storage holds it (decision D41); the relay layer and records say it
    themselves. ``rp_error`` says of a report whether it came in RP-ERROR or in RP-ACK, which its octets do not
    (decision D34). Raises ``FieldError`` for an unknown direction or form.

    >>> tree = annotate(bytes.fromhex("0603"), form=Form.RP)
    >>> tree.name, [child.name for child in tree.children]
    ('RP-SMMA', ['first octet', 'RP-Message Reference'])

    Reference: 3GPP TS 23.040, 9.2.2
    """
    data = memoryview(octets).tobytes()
    match form:
        case Form.PDU_MODE:
            return annotate_pdu(data, direction=direction, rp_error=rp_error)
        case Form.RP:
            return annotate_rp(data)
        case Form.RECORD:
            return annotate_record(data)
        case Form.TPDU:
            stored = stored_direction(data)
            return annotate_tpdu(data, direction=stored if direction is None else direction, rp_error=rp_error)
    raise FieldError("form", f"expected a Form, got {form!r}")


def readings(octets: Octets) -> tuple[Reading, ...]:
    """Every way to read octets, the most likely first: that with the fewest findings.

    They are tried with a service centre in front and without, in both directions, as a message of the relay layer and
    as a record of a (U)SIM; what cannot be read in some way is left out. Among readings with equally many findings,
    messages and status reports, which people usually have, come before reports of the transfer and commands.

    >>> best = readings(bytes.fromhex("0011000891515501000000AA05C8329BFD06"))[0]
    >>> best.form.name, best.tpdu.user_data.text(), best.findings
    ('PDU_MODE', 'Hello', ())

    Reference: 3GPP TS 23.040, 9.2.2; 3GPP TS 24.011, 7.3; 3GPP TS 27.005, 3.1; 3GPP TS 31.102, 4.2.25 and 4.2.32
    """
    data = memoryview(octets).tobytes()
    found = [
        reading
        for form in Form
        for direction in (Direction if form in (Form.PDU_MODE, Form.TPDU) else (None,))
        if (reading := _reading(data, form, direction)) is not None
    ]
    return tuple(sorted(found, key=_unlikely))


def _reading(octets: bytes, form: Form, direction: Direction | None) -> Reading | None:
    try:
        value = _value(octets, form, direction)
    except DecodeError:
        return None
    if isinstance(value, Record) and value.tpdu is None and len(octets) not in RECORD_OCTETS:
        return None  # any even octet would be the status of a free record
    if isinstance(value, RpMessage):
        direction = value.direction
    tree = annotate(octets, form=form, direction=direction)
    return Reading(octets, form, direction, value, tuple(finding for _, finding in tree.all_findings))


def _value(octets: bytes, form: Form, direction: Direction | None) -> ReadValue:
    if form is Form.RP:
        return decode_rp(octets)
    if form is Form.RECORD:
        return record(octets)
    if form is Form.PDU_MODE:
        return read_pdu(octets, direction=direction)
    return decode_tpdu(octets, direction=direction or Direction.SC_TO_MS)


def _unlikely(reading: Reading) -> tuple[int, bool]:
    seen = isinstance(reading.tpdu, SmsDeliver | SmsSubmit | SmsStatusReport)
    return len(reading.findings), not seen
