"""One message of PDU mode: the service centre and a TPDU in hexadecimal, as AT+CMGS takes them and +CMT gives them.

Knows what stands in front of a TPDU, and which types storage holds; nothing of the lines around the digits.

Reference: 3GPP TS 27.005, 3.1 and 4; 3GPP TS 24.011, 8.2.5.1
"""

from __future__ import annotations

from typing import Any, NamedTuple

from smscodec._checks import check_whole
from smscodec._values import plain
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu._notes import Annotation, Notes, NothingLeft
from smscodec.tpdu._reader import Reader
from smscodec.tpdu._service_centre import annotate_service_centre, read_service_centre, service_centre_octets
from smscodec.tpdu.address import Address, TypeOfNumber, as_address
from smscodec.tpdu.annotation import annotate_tpdu
from smscodec.tpdu.decoding import Direction, Tpdu, decode_tpdu, stored_direction
from smscodec.tpdu.hexadecimal import octets_of

__all__ = ["Decoded", "annotate", "annotate_pdu", "decode", "encode", "read_pdu"]


class Decoded(NamedTuple):
    """A TPDU, and the service centre that stands in front of it; None where the field is empty.

    >>> tpdu, smsc = decode("000100028121000005C8329BFD06")
    >>> str(tpdu.destination), smsc
    ('12', None)
    """

    tpdu: Tpdu
    smsc: Address | None

    def as_dict(self) -> dict[str, Any]:
        """Both fields in plain types."""
        return {"tpdu": self.tpdu.as_dict(), "smsc": plain(self.smsc)}


def encode(tpdu: Tpdu, *, smsc: Address | str | None = None) -> tuple[str, int]:
    """The hexadecimal digits for AT+CMGS, and its length argument, which does not count the service centre.

    Without ``smsc`` the modem takes the service centre that +CSCA set. Raises ``FieldError`` for a text that is not a
    number; an ``Address`` that is a name was read somewhere, and is written back (decision D46).

    >>> from smscodec.tpdu import Address, SmsSubmit
    >>> encode(SmsSubmit(Address("+15550100")), smsc="+15550199")
    ('0591515510990100089151551000000000', 11)

    Reference: 3GPP TS 27.005, 3.5.1
    """
    if not isinstance(tpdu, Tpdu):
        raise FieldError("tpdu", f"expected a TPDU such as SmsSubmit, got {tpdu!r}")
    address = None if smsc is None else as_address("smsc", smsc)
    if isinstance(smsc, str) and address is not None and address.type_of_number is TypeOfNumber.ALPHANUMERIC:
        raise FieldError("smsc", f"a service centre has a number, and {smsc!r} is a name")
    octets = tpdu.to_bytes()
    return (service_centre_octets(address) + octets).hex().upper(), len(octets)


def decode(
    digits: str,
    *,
    direction: Direction | None = None,
    length: int | None = None,
    strict: bool = False,
    rp_error: bool | None = None,
) -> Decoded:
    """Read the digits of one message, written as people paste them (decision D44).

    Without a ``direction`` it is read as storage holds it: message type 1 is an SMS-SUBMIT and 2 an SMS-STATUS-REPORT
    (decision D41). ``length`` is the length argument that came with the digits; only ``strict`` refuses one that does
    not fit, and ``annotate`` finds it. ``strict`` and ``rp_error`` are those of ``decode_tpdu``. Raises ``DecodeError``
    whose offset counts octets from the first digit on: ``"hex"``, ``"smsc"``, ``"length"``, and those of the TPDU.

    >>> decode("0011000891515501000000AA05C8329BFD06").tpdu.user_data.text()
    'Hello'

    Reference: 3GPP TS 27.005, 3.1
    """
    octets = octets_of(digits, strict=strict)
    if length is not None:
        check_whole("length", length, 0)
    return read_pdu(octets, direction=direction, length=length, strict=strict, rp_error=rp_error)


def read_pdu(
    octets: bytes,
    *,
    direction: Direction | None = None,
    outgoing: bool = False,
    length: int | None = None,
    strict: bool = False,
    rp_error: bool | None = None,
) -> Decoded:
    """Read a service centre and a TPDU; ``outgoing`` says of storage that the message is one to be sent or sent."""
    reader = Reader(octets, strict=strict)
    smsc = read_service_centre(reader, "smsc")
    start = reader.offset
    if strict and length is not None and length != len(octets) - start:
        raise DecodeError("length", start, f"the length argument is {length}, and {len(octets) - start} octets follow")
    if direction is None:
        direction = stored_direction(octets[start:], outgoing=outgoing)
    try:
        tpdu = decode_tpdu(octets[start:], direction=direction, strict=strict, rp_error=rp_error)
    except DecodeError as error:
        raise DecodeError(error.field, start + error.offset, error.message) from None
    return Decoded(tpdu, smsc)


def annotate(
    digits: str,
    *,
    direction: Direction | None = None,
    length: int | None = None,
    rp_error: bool | None = None,
) -> Annotation:
    """Explain the digits of one message octet by octet, the service centre among them.

    The arguments are those of ``decode``; a length argument that does not fit is a finding. Raises
    ``DecodeError("hex")`` for characters that are not hexadecimal, and never over octets.

    >>> annotate("00010008915155010000000568656C6C6F", length=9).findings
    ('the length argument is 9, and the TPDU has 16 octets',)

    Reference: 3GPP TS 27.005, 3.1
    """
    return annotate_pdu(octets_of(digits), direction=direction, length=length, rp_error=rp_error)


def annotate_pdu(
    octets: bytes,
    *,
    direction: Direction | None = None,
    outgoing: bool = False,
    length: int | None = None,
    rp_error: bool | None = None,
) -> Annotation:
    """Explain a service centre and a TPDU; the arguments are those of ``read_pdu``."""
    notes = Notes(octets)
    try:
        annotate_service_centre(notes, "SMSC address", "24.011, 8.2.5.1", "the one that +CSCA set")
    except NothingLeft:
        notes.rest("octets that cannot be read")
        return notes.tree("PDU", "27.005, 3.1")
    if direction is None:
        direction = stored_direction(notes.peek(1), outgoing=outgoing)
    tree = annotate_tpdu(octets[notes.offset :], direction=direction, rp_error=rp_error)
    if length is not None and length != tree.length:
        notes.findings.append(f"the length argument is {length}, and the TPDU has {tree.length} octets")
    notes.fields.append(tree.moved(notes.offset))
    return notes.tree("PDU", "27.005, 3.1")
