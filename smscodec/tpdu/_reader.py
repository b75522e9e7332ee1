"""A cursor over the octets of a TPDU, which reads field after field and reports where the octets end too soon.

Knows the order of octets and the length of user data, and nothing of the fields' meaning. Every ``DecodeError`` that it
raises counts its offset from the first octet of the TPDU.

Reference: 3GPP TS 23.040, 9.2.2 and 9.2.3.16
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from smscodec import septets
from smscodec.dcs import Alphabet, DataCodingScheme
from smscodec.errors import DecodeError
from smscodec.userdata import UserData

__all__ = ["MOST_OCTETS", "Fault", "Reader", "covered_octets"]

MOST_OCTETS: Final = 164
"""The most octets in a TPDU."""


class Fault(NamedTuple):
    """What is wrong in a field that still has a lenient reading; ``offset`` counts from the field's first octet."""

    offset: int
    message: str


def covered_octets(length: int, scheme: DataCodingScheme) -> int:
    """Octets of TP-UD that a TP-UDL of this value covers.

    Reference: 3GPP TS 23.040, 9.2.3.16
    """
    in_septets = scheme.alphabet is Alphabet.GSM_7BIT and not scheme.compressed
    return septets.octet_length(length) if in_septets else length


class Reader:
    """Takes fields from ``octets`` one after another; ``strict`` refuses what lenient reading accepts."""

    __slots__ = ("most", "octets", "offset", "strict")

    def __init__(self, octets: bytes, *, strict: bool, most: int = MOST_OCTETS) -> None:
        self.octets = octets
        self.most = most
        self.offset = 0
        self.strict = strict

    def take(self, count: int, field: str) -> bytes:
        """The next ``count`` octets; ``DecodeError`` where there are fewer, or where no TPDU has octets."""
        start, end = self.offset, self.offset + count
        if end > len(self.octets):
            there = len(self.octets) - start
            raise DecodeError(field, len(self.octets), f"the octets end too soon: {count} needed, {there} left")
        if end > self.most:
            raise DecodeError(field, self.most, f"the message has more than {self.most} octets")
        self.offset = end
        return self.octets[start:end]

    def octet(self, field: str) -> int:
        """The next octet."""
        return self.take(1, field)[0]

    def refuse(self, field: str, start: int, faults: Iterable[Fault]) -> None:
        """Raise ``DecodeError`` over the first fault of the field that began at ``start``, if reading is strict."""
        if self.strict:
            for fault in faults:
                raise DecodeError(field, start + fault.offset, fault.message)

    def finish(self, field: str, *, dropped: bool = False) -> None:
        """Refuse octets after the last field, if reading is strict; ``dropped`` ones may fill the TPDU to its end."""
        end, last = (MOST_OCTETS, "octet of a TPDU") if dropped else (self.offset, "field")
        if self.strict and end < len(self.octets):
            raise DecodeError(field, end, f"{len(self.octets) - end} octets after the last {last}")

    @property
    def at_padding(self) -> bool:
        """Whether octets are left, and all of them are 0xFF."""
        left = self.octets[self.offset :]
        return bool(left) and not left.strip(b"\xff")

    def scheme(self) -> DataCodingScheme:
        """TP-DCS; ``strict`` refuses a reserved coding (decision D26)."""
        start = self.offset
        scheme = DataCodingScheme(self.octet("dcs"))
        self.refuse("dcs", start, [Fault(0, f"0x{scheme.octet:02X} is a reserved coding")] if scheme.reserved else [])
        return scheme

    def user_data(
        self, scheme: DataCodingScheme, *, has_header: bool, most: int = MOST_OCTETS, name: str = "ud"
    ) -> UserData:
        """The length and the user data that it covers, of which at most ``most`` octets may be there.

        ``name`` is the field's, from which the length's is made: ``ud`` and ``udl``.
        """
        length = self.octet(name + "l")
        start = self.offset
        there = self.octets[start : start + covered_octets(length, scheme)]
        most = min(most, MOST_OCTETS - start)
        if len(there) > most:
            raise DecodeError(name + "l", start - 1, f"{len(there)} octets of data, where at most {most} fit")
        self.offset += len(there)
        try:
            read = UserData.from_bytes(
                there,
                length=length,
                alphabet=scheme.alphabet,
                has_header=has_header,
                compressed=scheme.compressed,
                strict=self.strict,
            )
        except DecodeError as error:
            message = error.message.replace("TP-UD", f"TP-{name.upper()}")
            raise DecodeError(name + error.field.removeprefix("ud"), start + error.offset, message) from None
        if len(read.to_bytes()) > most:
            raise DecodeError(name + "l", start - 1, "it ends inside the header and leaves no room for fill bits")
        return read
