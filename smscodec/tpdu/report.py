"""SMS-DELIVER-REPORT and SMS-SUBMIT-REPORT: how the far end took a short message.

Each has a form for acceptance (in RP-ACK) and one for refusal (in RP-ERROR), which has TP-FCS in front; nothing in the
octets names the form (decision D34). Knows the order and the room of the fields.

Reference: 3GPP TS 23.040, 9.2.2.1a and 9.2.2.2a
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final, Self

from smscodec._checks import Octets
from smscodec.tpdu import timestamp
from smscodec.tpdu._reader import Reader
from smscodec.tpdu._received import USER_DATA_HEADER, check_octet, first_octet, header_bit
from smscodec.tpdu.parameters import Indicator, Parameters, read_announced

__all__ = ["UNSPECIFIED_CAUSE", "SmsDeliverReport", "SmsSubmitReport", "has_failure_cause"]

UNSPECIFIED_CAUSE: Final = 0xFF

RESERVED_BITS: Final = 0b1011_1100
"""Bits 7 and 5–2 of the first octet."""


def has_failure_cause(octets: bytes) -> bool:
    """Whether the second octet looks like TP-FCS, so that the report is of the RP-ERROR form.

    Wrong only for an RP-ACK report whose TP-PI has extension octets, which is not known to be sent (decision D34).
    """
    return len(octets) > 1 and octets[1] >= 0x80


@dataclass(frozen=True, slots=True, repr=False)
class _Report(Parameters):
    failure_cause: int | None = field(default=None, kw_only=True)
    message_type: ClassVar[int]

    @classmethod
    def from_bytes(cls, octets: Octets, *, strict: bool = False, rp_error: bool | None = None) -> Self:
        """Read a report of this type.

        ``rp_error`` says whether it came in RP-ERROR or in RP-ACK; without it a second octet of 0x80 and above is
        TP-FCS, else it is TP-PI (decision D34). The rest is as for the other TPDUs: lenient reading keeps the octets,
        and ``DecodeError`` names field and offset.
        """
        data = memoryview(octets).tobytes()
        refused = has_failure_cause(data) if rp_error is None else rp_error
        return cls._read_form(Reader(data, strict=strict), refused)._keeping(data)

    def _reread(self, reader: Reader) -> Self:
        return self._read_form(reader, self.failure_cause is not None)

    @classmethod
    def _read_form(cls, reader: Reader, refused: bool) -> Self:
        first = first_octet(reader, cls.message_type)
        cause = reader.octet("fcs") if refused else None
        if refused and first & RESERVED_BITS:
            # 9.2.2.1a and 9.2.2.2a: the receiver looks at nothing else.
            reader.finish("ud", dropped=True)
            return cls._of(failure_cause=UNSPECIFIED_CAUSE, timestamp=None)
        indicator = Indicator.read(reader)
        moment = cls._read_moment(reader)
        announced = read_announced(reader, indicator, has_header=bool(first & USER_DATA_HEADER))
        return cls._of(failure_cause=cause, timestamp=moment, **announced._asdict())

    @classmethod
    def _read_moment(cls, reader: Reader) -> datetime | None:
        """Take TP-SCTS, in the report that has it; None for the other."""
        return None

    def _check_report(self) -> None:
        if self.failure_cause is not None:
            check_octet("failure_cause", self.failure_cause)
        self._check_parameters()

    def _written_head(self) -> bytes:
        """The octets up to TP-PI."""
        cause = b"" if self.failure_cause is None else bytes([self.failure_cause])
        return bytes([self.message_type | header_bit(self.user_data)]) + cause + self._written_indicator()


@dataclass(frozen=True, slots=True, repr=False)
class SmsDeliverReport(_Report):
    """A mobile's answer to an SMS-DELIVER or SMS-STATUS-REPORT.

    ``failure_cause`` (TP-FCS) is there only where it was refused, from 0x80 on. Raises ``FieldError`` for values that
    do not fit.

    >>> SmsDeliverReport(failure_cause=0xD3).to_bytes().hex()
    '00d300'

    Reference: 3GPP TS 23.040, 9.2.2.1a
    """

    message_type: ClassVar[int] = 0

    def _check(self) -> None:
        self._check_report()

    def _written(self) -> bytes:
        return self._written_head() + self._written_parameters()


@dataclass(frozen=True, slots=True, repr=False)
class SmsSubmitReport(_Report):
    """The service centre's answer to an SMS-SUBMIT or SMS-COMMAND, which came in at ``timestamp`` (TP-SCTS).

    ``failure_cause`` (TP-FCS) is there only where it was refused, from 0x80 on. The timestamp is None where the octets
    name no date (decision D29). Raises ``FieldError`` for values that do not fit.

    >>> SmsSubmitReport(None, failure_cause=0xC0).to_bytes().hex()
    '01c00000000000000000'

    Reference: 3GPP TS 23.040, 9.2.2.2a
    """

    timestamp: datetime | None
    message_type: ClassVar[int] = 1

    def _check(self) -> None:
        object.__setattr__(self, "timestamp", timestamp.checked(self.timestamp, "timestamp"))
        self._check_report()

    def _written(self) -> bytes:
        return self._written_head() + timestamp.encoded(self.timestamp) + self._written_parameters()

    @classmethod
    def _read_moment(cls, reader: Reader) -> datetime | None:
        return timestamp.read_timestamp(reader, "scts")
