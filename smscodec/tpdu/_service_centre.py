"""The address of a service centre, as PDU mode, (U)SIM records and the relay layer carry it: its length counts octets.

The octets are type and number as in other addresses; the length counts the type octet too, and is 0 without an
address.

Reference: 3GPP TS 24.011, 8.2.5.1; 3GPP TS 24.008, 10.5.4.7 (decision D46)
"""

from __future__ import annotations

from typing import Final

from smscodec.errors import DecodeError
from smscodec.tpdu._annotated_fields import address_value
from smscodec.tpdu._notes import Notes, NothingLeft
from smscodec.tpdu._reader import Fault, Reader
from smscodec.tpdu.address import MOST_SEMI_OCTETS, Address, TypeOfNumber, interpreted

__all__ = ["annotate_service_centre", "read_service_centre", "service_centre_octets"]

_MOST_OCTETS: Final = 1 + MOST_SEMI_OCTETS // 2
_NAME: Final = "a service centre has a number, and this is a name (D46)"


def service_centre_octets(address: Address | None) -> bytes:
    """The address behind its length; 0 without one."""
    if address is None:
        return b"\0"
    content = bytes([address.type_octet]) + address.value_octets
    return bytes([len(content)]) + content


def read_service_centre(reader: Reader, field: str) -> Address | None:
    """Take the address; strict reading refuses a name (decision D46)."""
    start = reader.offset
    length = reader.octet(field)
    if not length:
        return None
    if length > _MOST_OCTETS:
        raise DecodeError(field, start, f"{length} octets, where an address has at most {_MOST_OCTETS}")
    content = reader.take(length, field)
    address, faults = interpreted(content[0], content[1:], _semi_octets(content))
    if address.type_of_number is TypeOfNumber.ALPHANUMERIC:
        faults = [Fault(0, _NAME), *faults]
    reader.refuse(field, start + 1, faults)
    return address


def _semi_octets(content: bytes) -> int:
    """Useful semi-octets: all of a name, and of digits one less where the filler ends them."""
    is_name = content[0] >> 4 & 0b111 == TypeOfNumber.ALPHANUMERIC
    filled = not is_name and len(content) > 1 and content[-1] >> 4 == 0xF
    return 2 * (len(content) - 1) - filled


def annotate_service_centre(notes: Notes, name: str, clause: str, without: str) -> None:
    """Note the address; ``without`` is what no address means."""
    (length,) = notes.need(1, name, clause)
    if length > _MOST_OCTETS:
        found = f"{length} octets, where an address has at most {_MOST_OCTETS}"
        notes.take(1, name, clause, length, findings=[found])
        raise NothingLeft
    octets = notes.need(1 + length, name, clause)
    part = notes.part(1 + length)
    part.take(1, "length in octets", clause, length)
    value = address_value(part, _semi_octets(octets[1:])) if length else without
    is_name = length > 0 and octets[1] >> 4 & 0b111 == TypeOfNumber.ALPHANUMERIC
    notes.group(part, name, clause, value, [_NAME] if is_name else [])
