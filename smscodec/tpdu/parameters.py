"""TP-PI and the fields that it announces: TP-PID, TP-DCS, TP-UDL and TP-UD of reports and status reports.

Knows which of the four are there and what reserved bits do to what follows them; nothing of the fields in front.

Reference: 3GPP TS 23.040, 9.2.3.27
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, NamedTuple

from smscodec.dcs import DataCodingScheme
from smscodec.errors import FieldError
from smscodec.tpdu._reader import Reader
from smscodec.tpdu._received import DEFAULT_SCHEME, Received, check_coding, check_octet, check_room
from smscodec.userdata import UserData

__all__ = ["Indicator", "Parameters"]

_IDENTIFIER: Final = 0b001
_SCHEME: Final = 0b010
_USER_DATA: Final = 0b100
_RESERVED: Final = 0b0111_1000
_EXTENSION: Final = 0x80


class Indicator(NamedTuple):
    """TP-PI as it came: the octet that announces fields, and those that extend it."""

    octet: int
    extension: bytes

    @classmethod
    def read(cls, reader: Reader) -> Indicator:
        """Take TP-PI with the octets that its bit 7 announces."""
        octets = bytearray([reader.octet("pi")])
        while octets[-1] & _EXTENSION:
            octets.append(reader.octet("pi"))
        return cls(octets[0], bytes(octets[1:]))

    @property
    def has_protocol_identifier(self) -> bool:
        """Whether TP-PID is there."""
        return bool(self.octet & _IDENTIFIER)

    @property
    def has_scheme(self) -> bool:
        """Whether TP-DCS is there."""
        return bool(self.octet & _SCHEME)

    @property
    def has_user_data(self) -> bool:
        """Whether TP-UDL is there, and TP-UD with it."""
        return bool(self.octet & _USER_DATA)

    @property
    def reserved(self) -> bool:
        """Whether a reserved bit is set, so that unknown octets follow TP-UD."""
        return bool(self.octet & _RESERVED) or any(octet & ~_EXTENSION for octet in self.extension)


@dataclass(frozen=True, slots=True, repr=False)
class Parameters(Received):
    """The base of TPDUs with TP-PI; None is a field that is not there.

    User data without a data coding scheme is in that of 0x00. ``indicator_extension`` are further octets of TP-PI,
    of which all but the last have bit 7 set; none is defined yet (decision D34). Raises ``FieldError`` for values that
    do not fit.

    Reference: 3GPP TS 23.040, 9.2.3.27
    """

    protocol_identifier: int | None = field(default=None, kw_only=True)
    data_coding_scheme: DataCodingScheme | None = field(default=None, kw_only=True)
    user_data: UserData | None = field(default=None, kw_only=True)
    indicator_extension: bytes = field(default=b"", kw_only=True)

    def _check_parameters(self) -> None:
        if self.protocol_identifier is not None:
            check_octet("protocol_identifier", self.protocol_identifier)
        if not isinstance(self.data_coding_scheme, DataCodingScheme | None):
            raise FieldError("data_coding_scheme", f"expected a DataCodingScheme, got {self.data_coding_scheme!r}")
        if self.user_data is not None:
            check_coding(self.user_data, self.data_coding_scheme or DEFAULT_SCHEME)
            check_room(self.user_data.octet_length)
        extension = memoryview(self.indicator_extension).tobytes()
        object.__setattr__(self, "indicator_extension", extension)
        if extension and len(list(takewhile(_EXTENSION.__and__, extension))) != len(extension) - 1:
            raise FieldError("indicator_extension", "bit 7 must be set in every octet but the last")

    def _written_indicator(self) -> bytes:
        octet = (
            (0 if self.protocol_identifier is None else _IDENTIFIER)
            | (0 if self.data_coding_scheme is None else _SCHEME)
            | (0 if self.user_data is None else _USER_DATA)
            | (_EXTENSION if self.indicator_extension else 0)
        )
        return bytes([octet]) + self.indicator_extension

    def _written_parameters(self) -> bytes:
        return (
            (b"" if self.protocol_identifier is None else bytes([self.protocol_identifier]))
            + (b"" if self.data_coding_scheme is None else bytes([self.data_coding_scheme.octet]))
            + (b"" if self.user_data is None else bytes([self.user_data.length]) + self.user_data.to_bytes())
        )


class Announced(NamedTuple):
    """The fields that TP-PI announced."""

    protocol_identifier: int | None = None
    data_coding_scheme: DataCodingScheme | None = None
    user_data: UserData | None = None
    indicator_extension: bytes = b""


def read_announced(reader: Reader, indicator: Indicator, *, has_header: bool) -> Announced:
    """Take the fields that the indicator announces, and drop what a reserved bit says to follow them."""
    protocol_identifier = reader.octet("pid") if indicator.has_protocol_identifier else None
    scheme = reader.scheme() if indicator.has_scheme else None
    user_data = None
    if indicator.has_user_data:
        user_data = reader.user_data(scheme or DEFAULT_SCHEME, has_header=has_header)
    reader.finish("ud", dropped=indicator.reserved)
    return Announced(protocol_identifier, scheme, user_data, indicator.extension)
