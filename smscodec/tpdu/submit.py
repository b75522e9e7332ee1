"""SMS-SUBMIT: what a mobile hands to the service centre; and the SMS-SUBMITs of a whole message.

The order of its fields and the room for them; what a field holds is read and written by the class of the field.

Reference: 3GPP TS 23.040, 9.2.2.2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final, Self

from smscodec._values import Unfolding, draft, keep, new
from smscodec.dcs import DataCodingScheme, MessageClass
from smscodec.errors import FieldError
from smscodec.message import SegmentedMessage, check_message
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
    first_octet,
    flag,
    header_bit,
)
from smscodec.tpdu.address import Address, as_address, read_address
from smscodec.tpdu.validity import Validity, read_validity
from smscodec.userdata import UserData

__all__ = ["SmsSubmit", "submits"]

STATUS_REPORT_REQUEST: Final = 0x20


class _OfSegment(Unfolding, Received):
    """An SMS-SUBMIT that was made for a segment: it has its octets at first, and its fields when one is asked for.

    ``_origin`` holds the message, the place of the segment, and the fields that all segments have in common.
    """

    __slots__ = ("_origin",)

    _origin: tuple[SegmentedMessage, int, Mapping[str, object]]

    def _unfold(self) -> None:
        message, place, alike = self._origin
        for name, value in alike.items():
            keep(self, name, value)
        keep(self, "user_data", message[place].user_data)


@dataclass(frozen=True, slots=True, repr=False)
class SmsSubmit(_OfSegment):
    """A short message on its way to the service centre.

    ``data_coding_scheme`` is made from the alphabet of ``user_data`` unless it is given, and must agree with it.
    ``message_reference`` (TP-MR) is the number by which reports refer to the message. Raises ``FieldError`` for values
    that do not fit, and for more than 140 octets of user data.

    >>> SmsSubmit(Address("+15550100")).to_bytes().hex()
    '0100089151551000000000'

    Reference: 3GPP TS 23.040, 9.2.2.2
    """

    destination: Address
    user_data: UserData = NO_TEXT
    _: KW_ONLY
    data_coding_scheme: DataCodingScheme = None  # type: ignore[assignment]  # made from the user data
    message_reference: int = 0
    protocol_identifier: int = 0
    validity: Validity | None = None
    reject_duplicates: bool = False
    status_report_request: bool = False
    reply_path: bool = False
    message_type: ClassVar[int] = 1
    _flags: ClassVar[dict[str, int]] = {
        "reject_duplicates": 0x04,
        "status_report_request": STATUS_REPORT_REQUEST,
        "reply_path": REPLY_PATH,
    }

    def _check(self) -> None:
        check_octet("message_reference", self.message_reference)
        _check_envelope(self.destination, self.protocol_identifier, self.validity)
        keep(self, "data_coding_scheme", coded(self.user_data, self.data_coding_scheme))
        check_room(self.user_data.octet_length, MOST_USER_DATA)

    def _written(self) -> bytes:
        first = self.message_type | self._flag_bits() | _format(self.validity) | header_bit(self.user_data)
        return (
            bytes((first, self.message_reference))
            + _envelope(self.destination, self.protocol_identifier, self.data_coding_scheme, self.validity)
            + bytes((self.user_data.length,))
            + self.user_data.to_bytes()
        )

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        first = first_octet(reader, cls.message_type)
        message_reference = reader.octet("mr")
        destination = read_address(reader, "da")
        protocol_identifier = reader.octet("pid")
        scheme = reader.scheme()
        validity = read_validity(reader, first >> 3 & 0b11)
        user_data = reader.user_data(scheme, has_header=bool(first & USER_DATA_HEADER), most=MOST_USER_DATA)
        reader.finish("ud")
        return cls._of(
            destination=destination,
            user_data=user_data,
            data_coding_scheme=scheme,
            message_reference=message_reference,
            protocol_identifier=protocol_identifier,
            validity=validity,
            **cls._read_flags(first),
        )


def _check_envelope(destination: object, protocol_identifier: object, validity: object) -> None:
    if not isinstance(destination, Address):
        raise FieldError("destination", f"expected an Address, got {destination!r}")
    if validity is not None and not isinstance(validity, Validity):
        raise FieldError("validity", f"expected a period (see RelativeValidity.at_least()), got {validity!r}")
    check_octet("protocol_identifier", protocol_identifier)


def _format(validity: Validity | None) -> int:
    """TP-VPF in the first octet."""
    return validity.format << 3 if validity else 0


def _envelope(
    destination: Address, protocol_identifier: int, scheme: DataCodingScheme, validity: Validity | None
) -> bytes:
    """The fields between TP-MR and TP-UDL, which all parts of a message have in common."""
    octets = b"%b%c%c" % (destination.to_bytes(), protocol_identifier, scheme.octet)
    return octets + validity.to_bytes() if validity else octets


def submits(
    message: SegmentedMessage,
    *,
    destination: Address | str,
    message_reference: int = 0,
    data_coding_scheme: DataCodingScheme | None = None,
    message_class: MessageClass | None = None,
    protocol_identifier: int = 0,
    validity: Validity | None = None,
    reject_duplicates: bool = False,
    status_report_request: bool = False,
    reply_path: bool = False,
) -> list[SmsSubmit]:
    """The SMS-SUBMITs of a message, ready to be sent one after another.

    ``message_reference`` is the TP-MR of the first, which goes up by one for each, modulo 256; the reference that joins
    the segments is the message's own, and ``FieldError("reference")`` is raised where several segments have none.
    ``data_coding_scheme`` is made from the alphabet and ``message_class`` unless it is given. Raises ``FieldError`` for
    the values that ``SmsSubmit`` and ``Address`` refuse, and for a destination without digits.

    >>> from smscodec import segment
    >>> [part.message_reference for part in submits(segment("a" * 200, reference=1), destination="+15550100")]
    [0, 1]

    Reference: 3GPP TS 23.040, 9.2.2.2 and 9.2.3.6
    """
    check_message(message)
    check_octet("message_reference", message_reference)
    address = as_address("destination", destination)
    if not address.number:
        raise FieldError("destination", "an address without digits reaches no one")
    scheme = coding_of(message, data_coding_scheme, message_class)
    flags = {
        "reject_duplicates": flag("reject_duplicates", reject_duplicates),
        "status_report_request": flag("status_report_request", status_report_request),
        "reply_path": flag("reply_path", reply_path),
    }
    _check_envelope(address, protocol_identifier, validity)
    first = SmsSubmit.message_type | SmsSubmit._bits_of(flags.values()) | _format(validity)
    lengths, octets = message.packed()
    check_room(max(map(len, octets)), MOST_USER_DATA)
    if message.header_octets:
        first |= USER_DATA_HEADER
    envelope = _envelope(address, protocol_identifier, scheme, validity)
    alike = {
        "destination": address,
        "data_coding_scheme": scheme,
        "protocol_identifier": protocol_identifier,
        "validity": validity,
        **flags,
    }
    blank, tpdus = draft(SmsSubmit), []
    for place, length in enumerate(lengths):
        tpdu = new(blank)
        tpdu.message_reference = (message_reference + place) % 256
        tpdu.received = b""
        tpdu._origin = message, place, alike
        tpdu.written = b"%c%c%b%c%b" % (first, tpdu.message_reference, envelope, length, octets[place])
        tpdu.__class__ = SmsSubmit
        tpdus.append(tpdu)
    return tpdus
