"""A modem's PDU mode: the SMSC address and a TPDU in hexadecimal, as AT+CMGS takes them and +CMT gives them.

Knows the SMSC address, whose length counts octets, and hexadecimal digits; nothing of the commands around them.

Reference: 3GPP TS 27.005, 3.1 and 4; 3GPP TS 24.011, 8.2.5.1
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from smscodec._values import plain
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu._annotated_fields import address_value
from smscodec.tpdu._notes import Annotation, Notes, NothingLeft
from smscodec.tpdu._reader import Reader
from smscodec.tpdu.address import MOST_SEMI_OCTETS, Address, TypeOfNumber, as_address, interpreted
from smscodec.tpdu.annotation import annotate as annotate_tpdu
from smscodec.tpdu.decoding import Direction, Tpdu, decode_tpdu

__all__ = ["Decoded", "annotate", "decode", "encode"]

_MOST_OCTETS: Final = 1 + MOST_SEMI_OCTETS // 2
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")
_CLAUSE: Final = "24.011, 8.2.5.1"


class Decoded(NamedTuple):
    """A TPDU, and the service centre that stands in front of it; None where the field is empty."""

    tpdu: Tpdu
    smsc: Address | None

    def as_dict(self) -> dict[str, Any]:
        """Both fields in plain types."""
        return {"tpdu": self.tpdu.as_dict(), "smsc": plain(self.smsc)}


def encode(tpdu: Tpdu, *, smsc: Address | str | None = None) -> tuple[str, int]:
    """The hexadecimal digits for AT+CMGS, and its length argument, which does not count the SMSC address.

    Without ``smsc`` the modem takes the service centre that +CSCA set. Raises ``FieldError`` for an address that is a
    name.

    Reference: 3GPP TS 27.005, 3.5.1
    """
    if not isinstance(tpdu, Tpdu):
        raise FieldError("tpdu", f"{tpdu!r} is no TPDU")
    octets = tpdu.to_bytes()
    return (_service_centre(smsc) + octets).hex().upper(), len(octets)


def _service_centre(smsc: Address | str | None) -> bytes:
    if smsc is None:
        return b"\0"
    address = as_address("smsc", smsc)
    if address.type_of_number is TypeOfNumber.ALPHANUMERIC:
        raise FieldError("smsc", "a service centre has a number, and no name")
    content = bytes([address.type_octet]) + address.value_octets
    return bytes([len(content)]) + content


def decode(
    hex: str,  # the contract's name
    *,
    direction: Direction,
    strict: bool = False,
    rp_error: bool | None = None,
) -> Decoded:
    """Read the digits of one message, white space around them ignored.

    ``direction``, ``strict`` and ``rp_error`` are those of ``decode_tpdu``. Raises ``DecodeError`` whose offset counts
    octets from the first digit on: ``"hex"`` for what is not hexadecimal, ``"smsc"``, and those of the TPDU.

    Reference: 3GPP TS 27.005, 3.1
    """
    octets = _octets(hex)
    smsc, start = _read_service_centre(octets, strict=strict)
    try:
        tpdu = decode_tpdu(octets[start:], direction=direction, strict=strict, rp_error=rp_error)
    except DecodeError as error:
        raise DecodeError(error.field, start + error.offset, error.message) from None
    return Decoded(tpdu, smsc)


def _octets(digits: str) -> bytes:
    if not isinstance(digits, str):
        raise FieldError("hex", f"{digits!r} is no text; what a serial line gives is to be decoded as ASCII first")
    digits = digits.strip()
    for place, digit in enumerate(digits):
        if digit not in _HEXADECIMAL:
            raise DecodeError("hex", place // 2, f"{digit!r} is no hexadecimal digit")
    if len(digits) % 2:
        raise DecodeError("hex", len(digits) // 2, f"{len(digits)} digits make no whole octets")
    return bytes.fromhex(digits)


def _read_service_centre(octets: bytes, *, strict: bool) -> tuple[Address | None, int]:
    """The SMSC address, and the offset of the TPDU."""
    reader = Reader(octets, strict=strict)
    length = reader.octet("smsc")
    if not length:
        return None, reader.offset
    if length > _MOST_OCTETS:
        raise DecodeError("smsc", 0, f"{length} octets; an address has {_MOST_OCTETS} at most")
    content = reader.take(length, "smsc")
    address, faults = interpreted(content[0], content[1:], _semi_octets(content))
    reader.refuse("smsc", 1, faults)
    return address, reader.offset


def _semi_octets(content: bytes) -> int:
    """Useful semi-octets in an address whose length counts octets: one less where the filler ends it."""
    return 2 * (len(content) - 1) - (len(content) > 1 and content[-1] >> 4 == 0xF)


def annotate(
    hex: str,  # as in decode
    *,
    direction: Direction,
    length: int | None = None,
    rp_error: bool | None = None,
) -> Annotation:
    """Explain the digits of one message octet by octet, the SMSC address among them.

    ``length`` is the length argument that came with the digits; one that does not fit is a finding. Raises
    ``DecodeError("hex")`` for what is not hexadecimal, and nothing over octets.
    """
    notes = Notes(_octets(hex))
    try:
        _annotated_service_centre(notes)
    except NothingLeft:
        notes.rest("octets that cannot be read")
        return notes.tree("PDU", "27.005, 3.1")
    tree = annotate_tpdu(notes.octets[notes.offset :], direction=direction, rp_error=rp_error)
    if length is not None and length != tree.length:
        notes.findings.append(f"the length argument is {length}, and the TPDU has {tree.length} octets")
    notes.fields.append(tree.moved(notes.offset))
    return notes.tree("PDU", "27.005, 3.1")


def _annotated_service_centre(notes: Notes) -> None:
    (length,) = notes.need(1, "SMSC address", _CLAUSE)
    if length > _MOST_OCTETS:
        notes.take(1, "SMSC address", _CLAUSE, length, findings=[f"{length} octets; {_MOST_OCTETS} is the most"])
        raise NothingLeft
    octets = notes.need(1 + length, "SMSC address", _CLAUSE)
    part = notes.part(1 + length)
    part.take(1, "length in octets", _CLAUSE, length)
    value = address_value(part, _semi_octets(octets[1:])) if length else "the one that +CSCA set"
    notes.group(part, "SMSC address", _CLAUSE, value)
