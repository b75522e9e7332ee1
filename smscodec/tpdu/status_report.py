"""SMS-STATUS-REPORT: what became of a message that was submitted, or the answer to an SMS-COMMAND.

The order of its fields and the room for them; what a field holds is read and written by the class of the field.

Reference: 3GPP TS 23.040, 9.2.2.3
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import ClassVar, Self

from smscodec.errors import FieldError
from smscodec.tpdu import timestamp
from smscodec.tpdu._reader import Fault, Reader
from smscodec.tpdu._received import USER_DATA_HEADER, check_octet, first_octet, header_bit
from smscodec.tpdu.address import Address, read_address
from smscodec.tpdu.deliver import LOOP_PREVENTION, MORE_MESSAGES
from smscodec.tpdu.parameters import Announced, Indicator, Parameters, read_announced
from smscodec.tpdu.status import Status

__all__ = ["SmsStatusReport"]


@dataclass(frozen=True, slots=True, repr=False)
class SmsStatusReport(Parameters):
    """What became of the message with this ``message_reference`` that went to ``recipient``.

    ``timestamp`` (TP-SCTS) is when the service centre received it, ``discharge_time`` (TP-DT) when it was delivered or
    last tried; None where the octets name no date (decision D29). ``answers_command`` (TP-SRQ): the report is about an
    SMS-COMMAND. If only 0xFF follows where TP-PI would stand, lenient reading drops it as padding (decision D40).
    Raises ``FieldError`` for values that do not fit.

    >>> SmsStatusReport(7, Address("12"), None, None, Status(0)).status.delivered
    True

    Reference: 3GPP TS 23.040, 9.2.2.3
    """

    message_reference: int
    recipient: Address
    timestamp: datetime | None
    discharge_time: datetime | None
    status: Status
    _: KW_ONLY
    more_messages: bool = False
    loop_prevention: bool = False
    answers_command: bool = False
    message_type: ClassVar[int] = 2
    _flags: ClassVar[dict[str, int]] = {
        "more_messages": MORE_MESSAGES,
        "loop_prevention": LOOP_PREVENTION,
        "answers_command": 0x20,
    }
    _cleared: ClassVar[int] = MORE_MESSAGES

    def _check(self) -> None:
        check_octet("message_reference", self.message_reference)
        if not isinstance(self.recipient, Address):
            raise FieldError("recipient", f"expected an Address, got {self.recipient!r}")
        if not isinstance(self.status, Status):
            raise FieldError("status", f"expected a Status, got {self.status!r}")
        object.__setattr__(self, "timestamp", timestamp.checked(self.timestamp, "timestamp"))
        object.__setattr__(self, "discharge_time", timestamp.checked(self.discharge_time, "discharge_time"))
        self._check_parameters()

    def _written(self) -> bytes:
        first = self.message_type | self._flag_bits() | header_bit(self.user_data)
        indicator = self._written_indicator()
        return (
            bytes([first, self.message_reference])
            + self.recipient.to_bytes()
            + timestamp.encoded(self.timestamp)
            + timestamp.encoded(self.discharge_time)
            + bytes([self.status.octet])
            # Without parameters TP-PI may be left out, and older mobiles know none.
            + (indicator + self._written_parameters() if indicator != b"\0" else b"")
        )

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        first = first_octet(reader, cls.message_type)
        message_reference = reader.octet("mr")
        recipient = read_address(reader, "ra")
        received_at = timestamp.read_timestamp(reader, "scts")
        discharged_at = timestamp.read_timestamp(reader, "dt")
        status = Status(reader.octet("st"))
        announced = Announced()
        if reader.at_padding:  # as (U)SIM and modems keep reports: no TP-PI is 0xFF with nothing after it (D40)
            reader.refuse("pi", reader.offset, [Fault(0, "the octets from here on are padding")])
            reader.octets = reader.octets[: reader.offset]
        if reader.offset < len(reader.octets):
            announced = read_announced(reader, Indicator.read(reader), has_header=bool(first & USER_DATA_HEADER))
        return cls._of(
            message_reference=message_reference,
            recipient=recipient,
            timestamp=received_at,
            discharge_time=discharged_at,
            status=status,
            **announced._asdict(),
            **cls._read_flags(first),
        )
