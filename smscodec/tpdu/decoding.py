"""Which TPDU octets hold: the message type tells, once the direction is known.

Reference: 3GPP TS 23.040, 9.2.3.1
"""

from __future__ import annotations

from enum import Enum

from smscodec._checks import Octets
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu.command import SmsCommand
from smscodec.tpdu.deliver import RESERVED_TYPE, SmsDeliver
from smscodec.tpdu.report import SmsDeliverReport, SmsSubmitReport
from smscodec.tpdu.status_report import SmsStatusReport
from smscodec.tpdu.submit import SmsSubmit

__all__ = ["Direction", "Tpdu", "decode_tpdu", "stored_direction", "tpdu_type"]


class Direction(Enum):
    """Which way a TPDU goes: from the service centre (SC) to the mobile station (MS), or back.

    >>> octets = bytes.fromhex("010002812100000168")
    >>> [type(decode_tpdu(octets, direction=direction)).__name__ for direction in Direction]
    ['SmsSubmitReport', 'SmsSubmit']
    """

    SC_TO_MS = "sc-to-ms"
    MS_TO_SC = "ms-to-sc"


Tpdu = SmsSubmit | SmsDeliver | SmsStatusReport | SmsCommand | SmsSubmitReport | SmsDeliverReport
"""Any of the six."""

_Type = type[Tpdu]

_TYPES: dict[Direction, dict[int, _Type]] = {
    Direction.SC_TO_MS: {0: SmsDeliver, 1: SmsSubmitReport, 2: SmsStatusReport, RESERVED_TYPE: SmsDeliver},
    Direction.MS_TO_SC: {0: SmsDeliverReport, 1: SmsSubmit, 2: SmsCommand},
}


def _message_type(octets: bytes) -> int:
    """TP-MTI of a TPDU; 0 for no octets, which the readers refuse."""
    return int.from_bytes(octets[:1]) & 0b11


def tpdu_type(octets: bytes, direction: Direction) -> _Type | None:
    """The class of the TPDU that begins with these octets, or None for the type without a reading (decision D31).

    Raises ``FieldError`` for an unknown direction.
    """
    try:
        return _TYPES[Direction(direction)].get(_message_type(octets))
    except ValueError:
        raise FieldError("direction", f"expected a Direction (sc-to-ms or ms-to-sc), got {direction!r}") from None


def stored_direction(octets: bytes, *, outgoing: bool = False) -> Direction:
    """Which way a TPDU in a modem's or (U)SIM's storage goes (decision D41).

    Storage holds messages and status reports, and no reports of the transfer: type 1 is an SMS-SUBMIT. Type 2 is an
    SMS-STATUS-REPORT, and an SMS-COMMAND only among ``outgoing`` messages.
    """
    message_type = _message_type(octets)
    submitted = message_type == SmsSubmit.message_type or (outgoing and message_type == SmsCommand.message_type)
    return Direction.MS_TO_SC if submitted else Direction.SC_TO_MS


def decode_tpdu(octets: Octets, *, direction: Direction, strict: bool = False, rp_error: bool | None = None) -> Tpdu:
    """Read a TPDU of any type.

    Lenient reading accepts what is wrong and keeps the octets; ``strict`` refuses it. A mobile takes message
    type 3 for SMS-DELIVER, and a service centre has no reading for it (decision D31). ``rp_error`` says of a report
    whether it came in RP-ERROR or in RP-ACK, which its octets do not (decision D34). Raises ``DecodeError`` with the
    field and the offset, ``FieldError`` for an unknown direction.

    >>> octets = bytes.fromhex("040B911346610089F60000208062917314800CC8F71D14969741F977FD07")
    >>> decode_tpdu(octets, direction=Direction.SC_TO_MS).user_data.text()
    'How are you?'

    Reference: 3GPP TS 23.040, 9.2.2 and 9.2.3.1
    """
    data = memoryview(octets).tobytes()
    found = tpdu_type(data, direction)
    if not data:
        raise DecodeError("mti", 0, "the TPDU is empty")
    if found is None:
        raise DecodeError("mti", 0, "message type 3 is not defined towards the service centre")
    if found is SmsDeliverReport or found is SmsSubmitReport:
        return found.from_bytes(data, strict=strict, rp_error=rp_error)
    return found.from_bytes(data, strict=strict)
