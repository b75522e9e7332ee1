"""The data coding scheme octet: alphabet, message class, compression, message waiting.

All 256 octets have a reading and keep their value. Knows nothing of user data.

Reference: 3GPP TS 23.038, 4
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from smscodec._checks import check_whole
from smscodec.errors import DecodeError, FieldError

__all__ = ["Alphabet", "DataCodingScheme", "IndicationType", "MessageClass", "MessageWaiting"]


class IndicationType(IntEnum):
    """The kind of message that waits. OTHER is the extended type in a special message indication."""

    VOICEMAIL = 0
    FAX = 1
    EMAIL = 2
    OTHER = 3


class Alphabet(IntEnum):
    """How the user data is to be read; the values are bits 3–2 of the general data coding group."""

    GSM_7BIT = 0
    DATA_8BIT = 1
    UCS2 = 2


class MessageClass(IntEnum):
    """Where a message belongs: class 0 is shown at once (flash), 1 to the ME, 2 to the SIM, 3 to the TE."""

    CLASS_0 = 0
    CLASS_1 = 1
    CLASS_2 = 2
    CLASS_3 = 3


@dataclass(frozen=True, slots=True)
class MessageWaiting:
    """A message waiting indication: of what ``type``, switched on or off, and whether the message is to be stored."""

    type: IndicationType
    active: bool
    store: bool


@dataclass(frozen=True, slots=True)
class DataCodingScheme:
    """One data coding scheme octet, read as the specification tells a receiver to.

    A reserved coding (alphabet bits 11 in 0x00–0x7F, and all of 0x80–0xBF) reads as 0x00; a reserved *bit* is ignored
    (decision D26). Raises ``FieldError`` for a value that is no octet.

    Reference: 3GPP TS 23.038, 4
    """

    octet: int

    def __post_init__(self) -> None:
        check_whole("octet", self.octet, 0, 0xFF)

    @classmethod
    def from_octet(cls, octet: int, *, strict: bool = False) -> Self:
        """Read an octet; ``strict`` raises ``DecodeError("dcs", 0)`` on a reserved coding."""
        scheme = cls(octet)
        if strict and scheme.reserved:
            raise DecodeError("dcs", 0, f"0x{octet:02X} is a reserved coding")
        return scheme

    @classmethod
    def general(
        cls, alphabet: Alphabet, *, message_class: MessageClass | None = None, compressed: bool = False
    ) -> Self:
        """Make an octet of the general data coding group; bits 1–0 are the class and bit 4 says that they are.

        Raises ``FieldError`` for an alphabet or class that does not exist.
        """
        if alphabet not in tuple(Alphabet):
            raise FieldError("alphabet", f"{alphabet!r} is no alphabet")
        if message_class is not None and message_class not in tuple(MessageClass):
            raise FieldError("message_class", f"{message_class!r} is no message class")
        class_bits = 0 if message_class is None else 0x10 | message_class
        return cls(alphabet << 2 | class_bits | 0x20 * bool(compressed))

    @property
    def reserved(self) -> bool:
        """Whether the octet is a reserved coding."""
        return self.octet >> 6 == 0b10 or (self.octet < 0x80 and self.octet >> 2 & 0b11 == 0b11)

    @property
    def _general(self) -> bool:
        return self.octet < 0x80 and not self.reserved

    @property
    def _class_control(self) -> bool:
        return self.octet >> 4 == 0xF

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet of the user data (of the text before compression, where ``compressed``)."""
        if self._general:
            return Alphabet(self.octet >> 2 & 0b11)
        if self._class_control:
            return Alphabet.DATA_8BIT if self.octet & 0b100 else Alphabet.GSM_7BIT
        return Alphabet.UCS2 if self.octet >> 4 == 0xE else Alphabet.GSM_7BIT

    @property
    def message_class(self) -> MessageClass | None:
        """The message class, or None where the octet gives none."""
        has_class = self._class_control or (self._general and self.octet & 0x10)
        return MessageClass(self.octet & 0b11) if has_class else None

    @property
    def compressed(self) -> bool:
        """Whether the user data is compressed (TS 23.042), and so counted in octets."""
        return self._general and bool(self.octet & 0x20)

    @property
    def automatic_deletion(self) -> bool:
        """Whether the message is marked for deletion once it has been read."""
        return self._general and bool(self.octet & 0x40)

    @property
    def indication(self) -> MessageWaiting | None:
        """The message waiting indication, or None outside 0xC0–0xEF."""
        if not 0xC0 <= self.octet <= 0xEF:
            return None
        return MessageWaiting(
            type=IndicationType(self.octet & 0b11), active=bool(self.octet & 0b1000), store=self.octet >= 0xD0
        )
