"""What TPDUs and the messages of the relay layer have in common: they give back the octets that they were read from.

A reserved bit, a filler in the wrong place or an octet too many has no meaning but is still part of what was received.
So a TPDU keeps the octets that it was read from in ``received`` if it would write others. Knows no field of any TPDU.

Reference: 3GPP TS 23.040, 9.2.3
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from itertools import compress
from typing import Any, ClassVar, Final, Self

from smscodec._checks import Octets, check_whole
from smscodec._values import TypedValue, keep
from smscodec.dcs import Alphabet, DataCodingScheme, MessageClass
from smscodec.errors import DecodeError, FieldError
from smscodec.message import SegmentedMessage
from smscodec.tpdu._reader import MOST_OCTETS, Reader
from smscodec.userdata import UserData

__all__ = [
    "DEFAULT_SCHEME",
    "MOST_USER_DATA",
    "NO_TEXT",
    "REPLY_PATH",
    "USER_DATA_HEADER",
    "Received",
    "check_coding",
    "check_octet",
    "check_room",
    "coded",
    "coding_of",
    "first_octet",
    "flag",
    "header_bit",
]

MOST_USER_DATA: Final = 140
"""Octets of TP-UD in SMS-SUBMIT and SMS-DELIVER, however short the rest is."""

# By the number of the alphabet: to hash a member of an enumeration takes longer than to find what it stands for.
_NOTHING_IN: Final = tuple(UserData(alphabet, b"") for alphabet in Alphabet)
NO_TEXT: Final = _NOTHING_IN[Alphabet.GSM_7BIT]
DEFAULT_SCHEME: Final = DataCodingScheme(0)
_GENERAL: Final = tuple(DataCodingScheme.general(alphabet) for alphabet in Alphabet)

USER_DATA_HEADER: Final = 0x40
REPLY_PATH: Final = 0x80


class _Kept:
    """What is kept on a message (see ``keep``): the octets that its fields make."""

    __slots__ = ("written",)

    written: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Received(_Kept, TypedValue):
    """The base of the messages; ``received`` are the octets as they came, where ``to_bytes`` would write others.

    They are kept only as long as they read as the value that holds them, so ``dataclasses.replace`` of another field
    drops them, and ``repr`` leaves them out. Raises ``FieldError`` for a TPDU of more than 164 octets.
    """

    received: bytes = field(default=b"", kw_only=True, repr=False)
    _most: ClassVar[int] = MOST_OCTETS
    """The most octets that a message of this type may have."""
    _flags: ClassVar[dict[str, int]] = {}
    """Fields that are one bit of the first octet, and that bit."""
    _cleared: ClassVar[int] = 0
    """The bits among them that are 0 where the field is true."""

    def __post_init__(self) -> None:
        for name in self._flags:
            keep(self, name, flag(name, getattr(self, name)))
        self._check()
        written = self._written()
        keep(self, "written", written)
        if len(written) > self._most:
            raise FieldError("user_data", f"the message would have {len(written)} octets; at most {self._most} fit")
        if self.received != b"":
            received = memoryview(self.received).tobytes()
            kept = received != written and self._reads(received, written)
            keep(self, "received", received if kept else b"")

    def _reads(self, received: bytes, written: bytes) -> bool:
        """Whether the octets read as this value."""
        try:
            return self._reread(Reader(received, strict=False, most=self._most))._written() == written
        except DecodeError:
            return False

    def _flag_bits(self) -> int:
        """The flags in the first octet."""
        return self._bits_of([getattr(self, name) for name in self._flags])

    @classmethod
    def _bits_of(cls, flags: Iterable[object]) -> int:
        """The bits of flags in the order of their fields."""
        return cls._cleared ^ sum(compress(cls._flags.values(), flags))

    @classmethod
    def _read_flags(cls, first: int) -> dict[str, Any]:
        """The flags of the first octet, by the names of their fields."""
        return {name: bool((first ^ cls._cleared) & bit) for name, bit in cls._flags.items()}

    def to_bytes(self) -> bytes:
        """The message as octets: those it was read from, or those that the specification asks for."""
        return self.received or self._octets()

    def _octets(self) -> bytes:
        """The octets of the fields, which the constructor has already made."""
        try:
            return self.written
        except AttributeError:  # a copy, or one that was pickled
            keep(self, "written", self._written())
            return self.written

    @classmethod
    def from_bytes(cls, octets: Octets, *, strict: bool = False) -> Self:
        """Read a message of this type.

        Lenient reading accepts what is wrong and keeps it, so that ``to_bytes`` gives the same octets back.
        Raises ``DecodeError`` with the field and the offset: always where a field is missing or the type is
        another, and with ``strict`` over everything that breaks the rules.
        """
        reader = Reader(memoryview(octets).tobytes(), strict=strict, most=cls._most)
        return cls._read(reader)._keeping(reader.octets)

    @classmethod
    def extent(cls, octets: bytes) -> int:
        """How many of the octets, at their beginning, a message of this type takes; raises ``DecodeError``."""
        reader = Reader(octets, strict=False, most=cls._most)
        cls._read(reader)
        return reader.offset

    @classmethod
    def _of(cls, **values: Any) -> Self:
        """The value of these fields, and of the defaults of the others.

        Reading makes values in this way: it has seen to all that the constructor checks, so they are not checked again.
        """
        made = object.__new__(cls)
        for each in fields(cls):
            object.__setattr__(made, each.name, values.get(each.name, each.default))
        return made

    def _keeping(self, octets: bytes) -> Self:
        """This value, which was read from these octets."""
        if octets != self._octets():
            object.__setattr__(self, "received", octets)
        return self

    def _check(self) -> None:
        """Refuse values that the fields cannot hold, with ``FieldError``."""
        raise NotImplementedError

    def _written(self) -> bytes:
        """The octets of the fields."""
        raise NotImplementedError

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        raise NotImplementedError

    def _reread(self, reader: Reader) -> Self:
        """Read octets in the form of this very value, where the type alone does not tell it."""
        return self._read(reader)


def flag(name: str, value: object) -> bool:
    """A field of one bit; raises ``FieldError`` for anything but True and False."""
    if value not in (False, True):  # 0 and 1 are equal to these, and a text that says no is not
        raise FieldError(name, f"expected True or False, got {value!r}")
    return bool(value)


def check_octet(name: str, value: object) -> None:
    """Raise ``FieldError`` unless ``value`` is a whole number of 0–255."""
    check_whole(name, value, 0, 0xFF)


def coded(user_data: UserData, scheme: DataCodingScheme | None) -> DataCodingScheme:
    """The scheme that is given, or the general one of the user data; ``FieldError`` where the two disagree."""
    check_user_data(user_data)
    if scheme is None:
        return DataCodingScheme.general(user_data.alphabet, compressed=user_data.compressed)
    check_coding(user_data, scheme)
    return scheme


def coding_of(
    message: SegmentedMessage, scheme: DataCodingScheme | None, message_class: MessageClass | None
) -> DataCodingScheme:
    """The scheme that is given, or the general one of a message's alphabet and a class; ``FieldError`` for both."""
    if scheme is None and message_class is None:
        return _GENERAL[message.alphabet]
    if scheme is None:
        return DataCodingScheme.general(message.alphabet, message_class=message_class)
    if message_class is not None:
        raise FieldError("message_class", "give it in data_coding_scheme, which holds the class too")
    check_coding(_NOTHING_IN[message.alphabet], scheme)
    return scheme


def check_user_data(user_data: object, name: str = "user_data") -> None:
    """Raise ``FieldError`` unless it is user data."""
    if not isinstance(user_data, UserData):
        raise FieldError(name, f"expected a UserData, got {user_data!r}")


def check_coding(user_data: UserData, scheme: DataCodingScheme, name: str = "user_data") -> None:
    """Raise ``FieldError`` where the data coding scheme does not say how the user data is coded."""
    check_user_data(user_data, name)
    if not isinstance(scheme, DataCodingScheme):
        raise FieldError("data_coding_scheme", f"expected a DataCodingScheme, got {scheme!r}")
    if user_data.alphabet is not scheme.alphabet or user_data.compressed != scheme.compressed:
        expected = f"{scheme.alphabet.name}{', compressed' if scheme.compressed else ''}"
        found = f"{user_data.alphabet.name}{', compressed' if user_data.compressed else ''}"
        raise FieldError(name, f"data coding scheme 0x{scheme.octet:02X} says {expected}, the user data is {found}")


def check_room(octets: int, most: int = MOST_OCTETS, name: str = "user_data") -> None:
    """Raise ``FieldError`` for more octets of user data than ``most``."""
    if octets > most:
        raise FieldError(name, f"{octets} octets, where at most {most} fit")


def header_bit(user_data: UserData | None) -> int:
    """TP-UDHI in the first octet of a TPDU with this user data."""
    return USER_DATA_HEADER if user_data is not None and user_data.header.octet_length else 0


def first_octet(reader: Reader, message_type: int) -> int:
    """Take the first octet of a TPDU of this type; ``DecodeError`` where it names another."""
    first = reader.octet("mti")
    if first & 0b11 != message_type:
        raise DecodeError("mti", 0, f"expected message type {message_type}, found {first & 0b11}")
    return first
