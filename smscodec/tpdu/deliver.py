"""SMS-DELIVER: what the service centre delivers to a mobile; and the SMS-DELIVERs of a whole message.

The order of its fields and the room for them; what a field holds is read and written by the class of the field.

Reference: 3GPP TS 23.040, 9.2.2.1
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import ClassVar, Final, Self

from smscodec.dcs import DataCodingScheme, MessageClass
from smscodec.errors import DecodeError, FieldError
from smscodec.message import SegmentedMessage, check_message
from smscodec.tpdu import timestamp
from smscodec.tpdu._reader import Reader
from smscodec.tpdu._received import (
    MOST_USER_DATA,
    NO_TEXT,
    REPLY_PATH,
    USER_DATA_HEADER,
    Received,
    check_octet,
    check_room,
    coded,
    coding_of,
    header_bit,
)
from smscodec.tpdu.address import Address, as_address, read_address
from smscodec.userdata import UserData

__all__ = ["SmsDeliver", "delivers"]

RESERVED_TYPE: Final = 3
"""The message type that a mobile reads as SMS-DELIVER (decision D31)."""

LOOP_PREVENTION: Final = 0x08
MORE_MESSAGES: Final = 0x04
"""The bit that is 0 where more messages wait."""


@dataclass(frozen=True, slots=True, repr=False)
class SmsDeliver(Received):
    """A short message on its way to a mobile.

    ``timestamp`` (TP-SCTS) is when the service centre received it, None where the octets name no date (decision D29);
    ``more_messages`` says that others wait for this mobile. ``data_coding_scheme`` is made from the alphabet of
    ``user_data`` unless it is given, and must agree with it. Raises ``FieldError`` for values that do not fit, and for
    more than 140 octets of user data.

    >>> SmsDeliver(Address("Acme"), None).to_bytes().hex()
    '0407d0c171bb0c00000000000000000000'


    Reference: 3GPP TS 23.040, 9.2.2.1
    """

    originator: Address
    timestamp: datetime | None
    user_data: UserData = NO_TEXT
    _: KW_ONLY
    data_coding_scheme: DataCodingScheme = None  # type: ignore[assignment]  # made from the user data
    protocol_identifier: int = 0
    more_messages: bool = False
    loop_prevention: bool = False
    status_report_indication: bool = False
    reply_path: bool = False
    message_type: ClassVar[int] = 0
    _flags: ClassVar[dict[str, int]] = {
        "more_messages": MORE_MESSAGES,
        "loop_prevention": LOOP_PREVENTION,
        "status_report_indication": 0x20,
        "reply_path": REPLY_PATH,
    }
    _cleared: ClassVar[int] = MORE_MESSAGES

    def _check(self) -> None:
        if not isinstance(self.originator, Address):
            raise FieldError("originator", f"expected an Address, got {self.originator!r}")
        object.__setattr__(self, "timestamp", timestamp.checked(self.timestamp, "timestamp"))
        check_octet("protocol_identifier", self.protocol_identifier)
        object.__setattr__(self, "data_coding_scheme", coded(self.user_data, self.data_coding_scheme))
        check_room(self.user_data.octet_length, MOST_USER_DATA)

    def _written(self) -> bytes:
        first = self.message_type | self._flag_bits() | header_bit(self.user_data)
        return (
            bytes([first])
            + self.originator.to_bytes()
            + bytes([self.protocol_identifier, self.data_coding_scheme.octet])
            + timestamp.encoded(self.timestamp)
            + bytes([self.user_data.length])
            + self.user_data.to_bytes()
        )

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        first = reader.octet("mti")
        message_type = first & 0b11
        if message_type != cls.message_type and (reader.strict or message_type != RESERVED_TYPE):
            raise DecodeError("mti", 0, f"expected message type {cls.message_type}, found {message_type}")
        originator = read_address(reader, "oa")
        protocol_identifier = reader.octet("pid")
        scheme = reader.scheme()
        received_at = timestamp.read_timestamp(reader, "scts")
        user_data = reader.user_data(scheme, has_header=bool(first & USER_DATA_HEADER), most=MOST_USER_DATA)
        reader.finish("ud")
        return cls._of(
            originator=originator,
            timestamp=received_at,
            user_data=user_data,
            data_coding_scheme=scheme,
            protocol_identifier=protocol_identifier,
            **cls._read_flags(first),
        )


def delivers(
    message: SegmentedMessage,
    *,
    originator: Address | str,
    timestamp: datetime | None,
    data_coding_scheme: DataCodingScheme | None = None,
    message_class: MessageClass | None = None,
    protocol_identifier: int = 0,
    more_messages: bool = False,
    loop_prevention: bool = False,
    status_report_indication: bool = False,
    reply_path: bool = False,
) -> list[SmsDeliver]:
    """The SMS-DELIVERs of a message, as a service centre hands them to a mobile one after another.

    All but the last say that more messages wait, and the last what ``more_messages`` says. ``timestamp`` is when the
    service centre received the message. ``data_coding_scheme`` is made from the alphabet and ``message_class`` unless
    it is given. Raises ``FieldError`` for the values that ``SmsDeliver`` and ``Address`` refuse, and for several
    segments without a reference.

    >>> from datetime import UTC
    >>> from smscodec import segment
    >>> [part] = delivers(segment("Hello"), originator="Acme", timestamp=datetime(2026, 11, 30, tzinfo=UTC))
    >>> part.user_data.text()
    'Hello'

    Reference: 3GPP TS 23.040, 9.2.2.1
    """
    check_message(message)
    address = as_address("originator", originator)
    scheme = coding_of(message, data_coding_scheme, message_class)
    return [
        SmsDeliver(
            address,
            timestamp,
            segment.user_data,
            data_coding_scheme=scheme,
            protocol_identifier=protocol_identifier,
            more_messages=more_messages if segment.sequence == len(message) else True,
            loop_prevention=loop_prevention,
            status_report_indication=status_report_indication,
            reply_path=reply_path,
        )
        for segment in message
    ]
