"""SMS-COMMAND: an order about a message that was submitted before.

Knows the order and the room of its fields. The command data has no data coding scheme: it is octets.

Reference: 3GPP TS 23.040, 9.2.2.4
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final, Self

from smscodec.dcs import Alphabet, DataCodingScheme
from smscodec.errors import FieldError
from smscodec.tpdu._reader import Reader
from smscodec.tpdu._received import (
    USER_DATA_HEADER,
    Received,
    check_coding,
    check_octet,
    check_room,
    first_octet,
    header_bit,
)
from smscodec.tpdu.address import Address, read_address
from smscodec.tpdu.submit import STATUS_REPORT_REQUEST
from smscodec.userdata import UserData

__all__ = ["SmsCommand"]

COMMAND_DATA: Final = DataCodingScheme.general(Alphabet.DATA_8BIT)
"""How TP-CD is read: no field says so, and TP-CDL counts octets."""

_NO_DATA: Final = UserData(Alphabet.DATA_8BIT, b"")


@dataclass(frozen=True, slots=True, repr=False)
class SmsCommand(Received):
    """An order of ``command_type`` (TP-CT) about the message ``message_number`` (TP-MN) that went to ``destination``.

    ``command_data`` is 8-bit data, with a header where there is one. Raises ``FieldError`` for values that do not fit.

    >>> SmsCommand(Address("12"), command_type=2, message_number=7).to_bytes().hex()
    '020000020702812100'

    Reference: 3GPP TS 23.040, 9.2.2.4
    """

    destination: Address
    command_type: int
    message_number: int
    command_data: UserData = _NO_DATA
    _: KW_ONLY
    message_reference: int = 0
    protocol_identifier: int = 0
    status_report_request: bool = False
    message_type: ClassVar[int] = 2
    _flags: ClassVar[dict[str, int]] = {"status_report_request": STATUS_REPORT_REQUEST}

    def _check(self) -> None:
        if not isinstance(self.destination, Address):
            raise FieldError("destination", f"expected an Address, got {self.destination!r}")
        for name in ("command_type", "message_number", "message_reference", "protocol_identifier"):
            check_octet(name, getattr(self, name))
        check_coding(self.command_data, COMMAND_DATA, "command_data")
        check_room(self.command_data.octet_length, name="command_data")

    def _written(self) -> bytes:
        first = self.message_type | self._flag_bits() | header_bit(self.command_data)
        return (
            bytes([first, self.message_reference, self.protocol_identifier, self.command_type, self.message_number])
            + self.destination.to_bytes()
            + bytes([self.command_data.length])
            + self.command_data.to_bytes()
        )

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        first = first_octet(reader, cls.message_type)
        message_reference, protocol_identifier = reader.octet("mr"), reader.octet("pid")
        command_type, message_number = reader.octet("ct"), reader.octet("mn")
        destination = read_address(reader, "da")
        command_data = reader.user_data(COMMAND_DATA, has_header=bool(first & USER_DATA_HEADER), name="cd")
        reader.finish("cd")
        return cls._of(
            destination=destination,
            command_type=command_type,
            message_number=message_number,
            command_data=command_data,
            message_reference=message_reference,
            protocol_identifier=protocol_identifier,
            **cls._read_flags(first),
        )
