"""The relay layer around a TPDU, which SMS over IMS and traces carry: RP-DATA, RP-ACK, RP-ERROR and RP-SMMA.

The octet of the type names the direction too. An answer carries a report; ``tpdu`` reads what is carried, knowing the
direction, and of a report the form (decision D34). Knows nothing of the transactions that the messages belong to.

Reference: 3GPP TS 24.011, 7.3 and 8.2
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar, Final, Self

from smscodec._checks import Octets, check_whole
from smscodec._values import TypedValue, plain
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu._reader import Fault, Reader
from smscodec.tpdu._received import Received, check_octet
from smscodec.tpdu._service_centre import read_service_centre, service_centre_octets
from smscodec.tpdu.address import Address
from smscodec.tpdu.decoding import Direction, Tpdu, decode_tpdu
from smscodec.tpdu.meanings import relay_cause_meaning

__all__ = ["USER_DATA_ELEMENT", "RpAck", "RpData", "RpError", "RpMessage", "RpSmma", "decode_rp", "rp_type"]

USER_DATA_ELEMENT: Final = 0x41
"""The identifier of user data in an answer, where it is optional."""

_MOST_USER_DATA: Final = 233
_MOST_IN_AN_ANSWER: Final = 232
_MOST_OCTETS: Final = 2 + 12 + 12 + 1 + 255


@dataclass(frozen=True, slots=True, repr=False)
class _Relayed(Received):
    """What RP-DATA, RP-ACK and RP-ERROR have in common: a direction, a reference, and perhaps a TPDU."""

    direction: Direction
    reference: int
    user_data: bytes | None = field(default=None, kw_only=True)
    _most: ClassVar[int] = _MOST_OCTETS
    _towards_network: ClassVar[int]
    """The type of the message towards the network; towards the mobile it is one more."""
    _rp_error: ClassVar[bool | None] = None

    def _check(self) -> None:
        if not isinstance(self.direction, Direction):
            raise FieldError("direction", f"expected a Direction, got {self.direction!r}")
        check_octet("reference", self.reference)
        if self.user_data is not None:
            object.__setattr__(self, "user_data", memoryview(self.user_data).tobytes())
            most = _MOST_USER_DATA if isinstance(self, RpData) else _MOST_IN_AN_ANSWER
            if len(self.user_data) > most:
                raise FieldError("user_data", f"{len(self.user_data)} octets, where at most {most} fit")

    @property
    def tpdu(self) -> Tpdu | None:
        """The TPDU in the user data, read leniently; None without user data. Raises ``DecodeError`` as reading does."""
        return None if self.user_data is None else self._carried(self.user_data, strict=False)

    def _carried(self, octets: bytes, *, strict: bool) -> Tpdu:
        return decode_tpdu(octets, direction=self.direction, strict=strict, rp_error=self._rp_error)

    def as_dict(self) -> dict[str, Any]:
        """``type``, the fields and ``tpdu`` in plain types; None for a TPDU that cannot be read."""
        try:
            tpdu = self.tpdu
        except DecodeError:
            tpdu = None
        return {**TypedValue.as_dict(self), "tpdu": plain(tpdu)}

    def _written_head(self) -> bytes:
        return bytes([self._towards_network + (self.direction is Direction.SC_TO_MS), self.reference])

    @classmethod
    def _read_head(cls, reader: Reader) -> tuple[Direction, int]:
        direction = rp_type(reader.octets[:1], cls)[1]
        reader.refuse("rp.mti", 0, [Fault(0, "a spare bit is set")] if reader.octet("rp.mti") >> 3 else [])
        return direction, reader.octet("rp.mr")

    @classmethod
    def _read_user_data(cls, reader: Reader) -> bytes:
        """Take the length and the user data; lenient reading takes what is there of it."""
        start = reader.offset
        length = reader.octet("rp.ud")
        there = min(length, len(reader.octets) - reader.offset)
        most = _MOST_USER_DATA if cls is RpData else _MOST_IN_AN_ANSWER
        if there > most:
            raise DecodeError("rp.ud", start, f"{length} octets, where at most {most} fit")
        if there < length:
            reader.refuse("rp.ud", start, [Fault(0, f"{length} octets, of which {there} are there")])
        return reader.take(there, "rp.ud")

    @classmethod
    def _read_optional(cls, reader: Reader) -> bytes | None:
        if reader.octets[reader.offset : reader.offset + 1] != bytes([USER_DATA_ELEMENT]):
            return None
        reader.octet("rp.ud")
        return cls._read_user_data(reader)

    def _finished(self, reader: Reader) -> Self:
        """This value, once strict reading has looked at the TPDU in it and for octets after it."""
        reader.finish("rp")
        if reader.strict and self.user_data is not None:
            start = reader.offset - len(self.user_data)
            try:
                self._carried(self.user_data, strict=True)
            except DecodeError as error:
                raise DecodeError(error.field, start + error.offset, error.message) from None
        return self

    def _written_optional(self) -> bytes:
        if self.user_data is None:
            return b""
        return bytes([USER_DATA_ELEMENT, len(self.user_data)]) + self.user_data


@dataclass(frozen=True, slots=True, repr=False)
class RpData(_Relayed):
    """RP-DATA: a TPDU on its way, as ``user_data``, with a ``reference`` that its answer repeats.

    Towards the network (``Direction.MS_TO_SC``) there is a ``destination``, towards the mobile an ``originator``: the
    service centre. ``tpdu`` is what the user data holds. Raises ``FieldError`` for values that do not fit.

    >>> from smscodec.tpdu import SmsSubmit
    >>> submit = SmsSubmit(Address("+15550100"))
    >>> up = RpData(Direction.MS_TO_SC, 7, user_data=submit.to_bytes(), destination=Address("+15550199"))
    >>> up.to_bytes().hex()
    '0007000591515510990b0100089151551000000000'
    >>> decode_rp(up.to_bytes()).tpdu == submit
    True

    Reference: 3GPP TS 24.011, 7.3.1
    """

    _: KW_ONLY
    user_data: bytes
    originator: Address | None = None
    destination: Address | None = None
    _towards_network: ClassVar[int] = 0

    def _check(self) -> None:
        _Relayed._check(self)
        for name in ("originator", "destination"):
            if not isinstance(getattr(self, name), Address | None):
                raise FieldError(name, f"expected an Address, got {getattr(self, name)!r}")

    def _written(self) -> bytes:
        addresses = service_centre_octets(self.originator) + service_centre_octets(self.destination)
        return self._written_head() + addresses + bytes([len(self.user_data)]) + self.user_data

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        direction, reference = cls._read_head(reader)
        addresses = []
        for name, towards in (("rp.oa", Direction.SC_TO_MS), ("rp.da", Direction.MS_TO_SC)):
            start = reader.offset
            addresses.append(address := read_service_centre(reader, name))
            if (address is None) is (direction is towards):
                expected = "an address" if direction is towards else "no address"
                reader.refuse(name, start, [Fault(0, f"expected {expected} in this direction")])
        user_data = cls._read_user_data(reader)
        originator, destination = addresses
        read = cls._of(
            direction=direction,
            reference=reference,
            user_data=user_data,
            originator=originator,
            destination=destination,
        )
        return read._finished(reader)


@dataclass(frozen=True, slots=True, repr=False)
class RpAck(_Relayed):
    """RP-ACK: the RP-DATA or RP-SMMA of this ``reference`` was taken; ``user_data`` may hold a report.

    >>> decode_rp(bytes.fromhex("022a41020000")).tpdu
    SmsDeliverReport(protocol_identifier=None, data_coding_scheme=None, user_data=None, indicator_extension=b'', \
failure_cause=None)

    Reference: 3GPP TS 24.011, 7.3.3
    """

    _towards_network: ClassVar[int] = 2
    _rp_error: ClassVar[bool | None] = False

    def _written(self) -> bytes:
        return self._written_head() + self._written_optional()

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        direction, reference = cls._read_head(reader)
        read = cls._of(direction=direction, reference=reference, user_data=cls._read_optional(reader))
        return read._finished(reader)


@dataclass(frozen=True, slots=True, repr=False)
class RpError(_Relayed):
    """RP-ERROR: the RP-DATA or RP-SMMA of this ``reference`` was refused, for a ``cause`` of 0–127.

    ``meaning`` says the cause in words, ``diagnostic`` is an octet that may follow it, and ``user_data`` may hold a
    report with TP-FCS. Raises ``FieldError`` for values that do not fit.

    >>> decode_rp(bytes.fromhex("050a0116")).meaning
    'memory capacity exceeded'

    Reference: 3GPP TS 24.011, 7.3.4 and 8.2.5.4
    """

    cause: int
    _: KW_ONLY
    diagnostic: int | None = None
    _towards_network: ClassVar[int] = 4
    _rp_error: ClassVar[bool | None] = True

    @property
    def meaning(self) -> str:
        """The cause in words."""
        return relay_cause_meaning(self.cause)

    def as_dict(self) -> dict[str, Any]:
        """``type``, the fields, ``tpdu`` and ``meaning`` in plain types."""
        return {**_Relayed.as_dict(self), "meaning": self.meaning}

    def _check(self) -> None:
        _Relayed._check(self)
        check_whole("cause", self.cause, 0, 127)
        if self.diagnostic is not None:
            check_octet("diagnostic", self.diagnostic)

    def _written(self) -> bytes:
        content = bytes([self.cause]) if self.diagnostic is None else bytes([self.cause, self.diagnostic])
        return self._written_head() + bytes([len(content)]) + content + self._written_optional()

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        direction, reference = cls._read_head(reader)
        start = reader.offset
        length = reader.octet("rp.cause")
        if not length:
            raise DecodeError("rp.cause", start, "the cause has no octet")
        content = reader.take(length, "rp.cause")
        faults = [Fault(0, f"{length} octets, where a cause has 1 or 2")] if length > 2 else []
        faults += [Fault(1, "bit 7 of the cause is set")] if content[0] & 0x80 else []
        reader.refuse("rp.cause", start, faults)
        diagnostic = content[1] if length > 1 else None
        user_data = cls._read_optional(reader)
        read = cls._of(
            direction=direction,
            reference=reference,
            cause=content[0] & 0x7F,
            user_data=user_data,
            diagnostic=diagnostic,
        )
        return read._finished(reader)


@dataclass(frozen=True, slots=True, repr=False)
class RpSmma(Received):
    """RP-SMMA: the mobile that sends it has memory for messages again.

    >>> RpSmma(3).to_bytes().hex()
    '0603'

    Reference: 3GPP TS 24.011, 7.3.2
    """

    reference: int
    direction: ClassVar[Direction] = Direction.MS_TO_SC
    tpdu: ClassVar[None] = None
    _most: ClassVar[int] = _MOST_OCTETS

    def _check(self) -> None:
        check_octet("reference", self.reference)

    def _written(self) -> bytes:
        return bytes([6, self.reference])

    @classmethod
    def _read(cls, reader: Reader) -> Self:
        rp_type(reader.octets[:1], cls)
        reader.refuse("rp.mti", 0, [Fault(0, "a spare bit is set")] if reader.octet("rp.mti") >> 3 else [])
        reference = reader.octet("rp.mr")
        reader.finish("rp")
        return cls._of(reference=reference)


RpMessage = RpData | RpAck | RpError | RpSmma
"""Any of the four."""

_TYPES: Final[dict[int, tuple[type[RpMessage], Direction]]] = {
    0: (RpData, Direction.MS_TO_SC),
    1: (RpData, Direction.SC_TO_MS),
    2: (RpAck, Direction.MS_TO_SC),
    3: (RpAck, Direction.SC_TO_MS),
    4: (RpError, Direction.MS_TO_SC),
    5: (RpError, Direction.SC_TO_MS),
    6: (RpSmma, Direction.MS_TO_SC),
}


def rp_type(first: bytes, expected: type | None = None) -> tuple[type[RpMessage], Direction]:
    """The class and the direction that the first octet names; ``DecodeError("rp.mti")`` for none or another class."""
    if not first:
        raise DecodeError("rp.mti", 0, "the message is empty")
    kind, direction = _TYPES.get(first[0] & 0b111, (None, None))
    if kind is None or direction is None:
        raise DecodeError("rp.mti", 0, "message type 7 is reserved")
    if expected is not None and kind is not expected:
        raise DecodeError("rp.mti", 0, f"expected {expected.__name__}, found the type of {kind.__name__}")
    return kind, direction


def decode_rp(octets: Octets, *, direction: Direction | None = None, strict: bool = False) -> RpMessage:
    """Read a message of the relay layer.

    The octets name the direction; one that is given must be the same, or ``DecodeError("rp.mti")`` is raised. Lenient
    reading keeps what breaks the rules, so that ``to_bytes`` gives the same octets back, and leaves the TPDU to
    ``tpdu``; ``strict`` refuses it, in the TPDU too. Raises ``DecodeError`` with the field (``rp.…``, or one of the
    TPDU) and the offset, ``FieldError`` for an unknown direction.

    >>> decode_rp(bytes.fromhex("0603"))
    RpSmma(reference=3)

    Reference: 3GPP TS 24.011, 7.3 and 8.2
    """
    data = memoryview(octets).tobytes()
    kind, found = rp_type(data[:1])
    if direction is not None and not isinstance(direction, Direction):
        raise FieldError("direction", f"expected a Direction, got {direction!r}")
    if direction not in (None, found):
        raise DecodeError("rp.mti", 0, f"message type {data[0] & 0b111} goes {found.value}, not {direction.value}")
    return kind.from_bytes(data, strict=strict)
