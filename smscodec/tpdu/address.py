"""Addresses of senders and recipients: numbers in semi-octets, and names in packed GSM 7-bit.

Knows how an address field is written and read, and nothing of the TPDU around it. The SMSC address of PDU mode, whose
length counts octets, is in ``_service_centre``.

Reference: 3GPP TS 23.040, 9.1.2.3 and 9.1.2.5
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self, TypeVar

from smscodec import gsm7, septets
from smscodec._checks import Octets, check_whole
from smscodec._values import Value, keep
from smscodec.errors import DecodeError, FieldError, UnencodableError
from smscodec.tpdu._reader import Fault, Reader
from smscodec.tpdu._unreadable import in_septets

__all__ = ["Address", "NumberingPlan", "TypeOfNumber"]

MOST_SEMI_OCTETS: Final = 20
_MOST_SEPTETS: Final = 11
_DIGITS: Final = "0123456789*#abc"
_FILLER: Final = 0xF
_HEXADECIMAL: Final = bytes.maketrans(_DIGITS.encode(), b"0123456789abcde")
_SWAPPED: Final = bytes(octet >> 4 | (octet & 0xF) << 4 for octet in range(0x100))
"""Each octet with its semi-octets swapped: the first digit is the lower one."""

_DIALLED: Final = "0123456789*#"
_SEPARATORS: Final = "+ -./(),;:\r\n"
"""Characters that people write around and between digits."""

_Kind = TypeVar("_Kind", bound=IntEnum)


class TypeOfNumber(IntEnum):
    """How the number is to be understood: bits 6–4 of the type octet.

    >>> [Address(number).type_of_number.name for number in ("+447700900000", "85075", "Acme")]
    ['INTERNATIONAL', 'UNKNOWN', 'ALPHANUMERIC']

    Reference: 3GPP TS 23.040, 9.1.2.5
    """

    UNKNOWN = 0
    INTERNATIONAL = 1
    NATIONAL = 2
    NETWORK_SPECIFIC = 3
    SUBSCRIBER = 4
    ALPHANUMERIC = 5
    ABBREVIATED = 6
    RESERVED = 7


class NumberingPlan(IntEnum):
    """The plan that the number belongs to: bits 3–0 of the type octet. The reserved values are kept as they come.

    >>> Address("+447700900000").numbering_plan.name
    'ISDN'

    Reference: 3GPP TS 23.040, 9.1.2.5
    """

    UNKNOWN = 0
    ISDN = 1
    RESERVED_2 = 2
    DATA = 3
    TELEX = 4
    SERVICE_CENTRE_5 = 5
    SERVICE_CENTRE_6 = 6
    RESERVED_7 = 7
    NATIONAL = 8
    PRIVATE = 9
    ERMES = 10
    RESERVED_11 = 11
    RESERVED_12 = 12
    RESERVED_13 = 13
    RESERVED_14 = 14
    RESERVED_15 = 15

    @property
    def reserved(self) -> bool:
        """Whether the specification gives the value no meaning."""
        return self.name.startswith("RESERVED")


# Names of their own: to find a member of an enumeration takes Python as long as to call a function.
_UNKNOWN, _INTERNATIONAL, _NAME = TypeOfNumber.UNKNOWN, TypeOfNumber.INTERNATIONAL, TypeOfNumber.ALPHANUMERIC
_NO_PLAN, _ISDN = NumberingPlan.UNKNOWN, NumberingPlan.ISDN


@dataclass(frozen=True, slots=True, repr=False)
class Address(Value):
    """A number of the digits ``0–9 * # a b c``, or a name in the default alphabet.

    Without a type, ``+`` in front makes an international number, digits with ``*`` and ``#`` an unknown one, and
    anything else a name; digits with separators between them are refused, because they are not a likely name.
    ``number`` never keeps the ``+``. Without a plan it is ISDN (E.164), and none for a name. Raises ``FieldError`` for
    more than 20 digits, a name of more than 11 septets, and characters that have no place.

    >>> str(Address("+447700900000")), Address("Acme").type_of_number.name
    ('+447700900000', 'ALPHANUMERIC')

    Reference: 3GPP TS 23.040, 9.1.2.5
    """

    number: str
    type_of_number: TypeOfNumber
    numbering_plan: NumberingPlan

    def __init__(
        self, number: str, type_of_number: TypeOfNumber | None = None, numbering_plan: NumberingPlan | None = None
    ) -> None:
        if not isinstance(number, str):
            raise FieldError("number", f"expected text, got {number!r}")
        kind = _type_of(number) if type_of_number is None else _member(TypeOfNumber, "type_of_number", type_of_number)
        name = kind is _NAME
        if numbering_plan is None:
            plan = _NO_PLAN if name else _ISDN
        else:
            plan = _member(NumberingPlan, "numbering_plan", numbering_plan)
        if name and plan:
            raise FieldError("numbering_plan", "a name has no numbering plan: leave it out")
        if kind is _INTERNATIONAL:
            number = number.removeprefix("+")
        _check_name(number) if name else _check_digits(number)
        keep(self, "number", number)
        keep(self, "type_of_number", kind)
        keep(self, "numbering_plan", plan)

    @classmethod
    def from_smpp(cls, ton: int, npi: int, digits: str) -> Self:
        """The address of SMPP's three fields, such as ``source_addr_ton``, ``source_addr_npi`` and ``source_addr``.

        The types of number are the same, and so are the numbering plans that both know; the plan of a name is ignored.
        Raises ``FieldError``: ``"ton"`` above 6, ``"npi"`` for a plan that TPDUs do not know (18, a WAP client), and
        ``"number"`` for digits that ``Address`` refuses.

        >>> Address.from_smpp(1, 1, "447700900000") == Address("+447700900000")
        True

        Reference: SMPP 3.4, 5.2.5 and 5.2.6
        """
        check_whole("ton", ton, 0, TypeOfNumber.ABBREVIATED)
        check_whole("npi", npi, 0)
        if npi > max(NumberingPlan) and ton != _NAME:
            raise FieldError("npi", f"{npi} has no counterpart among the numbering plans, which end at 15")
        kind = TypeOfNumber(ton)
        return cls(digits, kind) if kind is _NAME else cls(digits, kind, NumberingPlan(npi))

    def to_smpp(self) -> tuple[int, int, str]:
        """SMPP's type of number, numbering plan and digits, or name; the ``+`` is left to the type.

        Raises ``FieldError("type_of_number")`` for the reserved type, which SMPP does not have.

        >>> Address("+447700900000").to_smpp()
        (1, 1, '447700900000')

        Reference: SMPP 3.4, 5.2.5 and 5.2.6
        """
        if self.type_of_number is TypeOfNumber.RESERVED:
            raise FieldError("type_of_number", "RESERVED has no counterpart in SMPP")
        return int(self.type_of_number), int(self.numbering_plan), self.number

    def __str__(self) -> str:
        return f"+{self.number}" if self.type_of_number is _INTERNATIONAL else self.number

    @property
    def semi_octets(self) -> int:
        """Useful semi-octets of the value: what the length field of an address counts (decision D30)."""
        if self.type_of_number is _NAME:
            return -(-7 * gsm7.septet_length(self.number) // 4)
        return len(self.number)

    @property
    def type_octet(self) -> int:
        """The octet that holds type and plan."""
        return 0x80 | self.type_of_number << 4 | self.numbering_plan

    @property
    def value_octets(self) -> bytes:
        """The number or the name itself."""
        if self.type_of_number is _NAME:
            return septets.pack(gsm7.encode(self.number))
        digits = self.number.encode().translate(_HEXADECIMAL) + b"f" * (len(self.number) % 2)
        return bytes.fromhex(digits.decode()).translate(_SWAPPED)

    def to_bytes(self) -> bytes:
        """The address field: length in useful semi-octets, type octet, value."""
        return b"%c%c%b" % (self.semi_octets, self.type_octet, self.value_octets)

    @classmethod
    def from_bytes(cls, octets: Octets, *, strict: bool = False) -> Self:
        """Read an address field, and nothing after it.

        Lenient reading drops fillers among the digits, and ignores what stands in the place of the filler and a missing
        bit 7. ``strict`` raises ``DecodeError("address")`` there. Both refuse more than 20 semi-octets.
        """
        reader = Reader(memoryview(octets).tobytes(), strict=strict)
        address = read_address(reader, "address")
        reader.finish("address")
        return cls(address.number, address.type_of_number, address.numbering_plan)


def _type_of(number: str) -> TypeOfNumber:
    if _holds_only(_DIALLED, number.removeprefix("+")):
        return _INTERNATIONAL if number.startswith("+") else _UNKNOWN
    if _holds_only(_DIALLED + _SEPARATORS, number) and not _holds_only(_SEPARATORS, number):
        raise FieldError(
            "number",
            f"{number!r}: leave only digits; for a name say TypeOfNumber.ALPHANUMERIC",
        )
    return _NAME


def _holds_only(characters: str, text: str) -> bool:
    return not text.strip(characters)  # much faster than to compare sets


def _member(kind: type[_Kind], field: str, value: int) -> _Kind:
    try:
        check_whole(field, value)
        return kind(value)
    except ValueError:
        raise FieldError(field, f"expected a {kind.__name__}, got {value!r}") from None


def _check_name(name: str) -> None:
    try:
        length = gsm7.septet_length(name)
    except UnencodableError as error:
        raise FieldError("number", f"{error.object[error.start]!r} is not in the default alphabet") from None
    if length > _MOST_SEPTETS:
        raise FieldError("number", f"the name takes {length} septets, where at most {_MOST_SEPTETS} fit")


def _check_digits(number: str) -> None:
    if not _holds_only(_DIGITS, number):
        wrong = next(digit for digit in number if digit not in _DIGITS)
        raise FieldError("number", f"{wrong!r} cannot be written; the digits are {_DIGITS}")
    if len(number) > MOST_SEMI_OCTETS:
        raise FieldError("number", f"{len(number)} digits, where at most {MOST_SEMI_OCTETS} fit")


def as_address(field: str, address: Address | str) -> Address:
    """The address, or that of a text; ``FieldError(field)`` for anything else."""
    if isinstance(address, str):
        return Address(address)
    if not isinstance(address, Address):
        raise FieldError(field, f"expected an Address or text, got {address!r}")
    return address


def read_address(reader: Reader, field: str) -> Address:
    """Take an address field; ``field`` is what errors call it."""
    start = reader.offset
    length = reader.octet(field)
    if length > MOST_SEMI_OCTETS:
        raise DecodeError(field, start, f"{length} semi-octets, where an address has at most {MOST_SEMI_OCTETS}")
    kind = reader.octet(field)
    address, faults = interpreted(kind, reader.take((length + 1) // 2, field), length)
    reader.refuse(field, start + 1, faults)
    return address


def interpreted(type_octet: int, value: bytes, length: int) -> tuple[Address, list[Fault]]:
    """The address of a type octet and a value of ``length`` semi-octets, and what breaks the rules in them.

    The faults' offsets count from the type octet.
    """
    faults = [] if type_octet & 0x80 else [Fault(0, "bit 7 of the type octet is 0, and should be 1")]
    kind = TypeOfNumber(type_octet >> 4 & 0b111)
    if kind is _NAME:
        name, wrong = _name(value, length)
        return Address(name, kind), faults + wrong
    number, wrong = _number(value, length)
    return Address(number, kind, NumberingPlan(type_octet & 0xF)), faults + wrong


def _name(value: bytes, length: int) -> tuple[str, list[Fault]]:
    unpacked = septets.unpack(value, length * 4 // 7)
    faults = [Fault(1 + start * 7 // 8, f"in the name, {message}") for start, _, message in in_septets(unpacked)]
    return gsm7.decode(unpacked, errors="replace"), faults


def _number(value: bytes, length: int) -> tuple[str, list[Fault]]:
    nibbles = [nibble for octet in value for nibble in (octet & 0xF, octet >> 4)]
    places = [place for place, nibble in enumerate(nibbles[:length]) if nibble == _FILLER]
    faults = [Fault(1 + place // 2, "a filler (0xF) among the digits") for place in places]
    if length % 2 and nibbles[length] != _FILLER:
        faults.append(Fault(1 + length // 2, f"0x{nibbles[length]:X} where the filler 0xF is expected"))
    return "".join(_DIGITS[nibble] for nibble in nibbles[:length] if nibble != _FILLER), faults
