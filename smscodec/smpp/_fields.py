"""The fields of short messages: values, and names for their bits.

Reference: SMPP 3.4, 4.4.1, 5.2.12, 5.2.17, 5.2.22, 5.3.2.22 to 5.3.2.24 and 5.3.2.32
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Any, Final, Self

from smscodec._checks import check_whole
from smscodec._values import Value, draft, new
from smscodec.errors import DecodeError, FieldError

__all__ = ["UDHI", "EsmClass", "RegisteredDelivery", "SarParameters", "ShortMessage", "check_sar", "is_receipt"]

_MOST_OCTETS: Final = 254
_MOST_PAYLOAD: Final = 0xFFFF


class EsmClass(IntFlag):
    """The bits of esm_class: a mode (bits 1–0), a message type (bits 5–2) and two features.

    >>> EsmClass.DELIVERY_RECEIPT in EsmClass(0x44)
    True

    Reference: SMPP 3.4, 5.2.12
    """

    DATAGRAM = 0x01
    FORWARD = 0x02
    STORE_AND_FORWARD = 0x03
    DELIVERY_RECEIPT = 0x04
    DELIVERY_ACKNOWLEDGEMENT = 0x08
    USER_ACKNOWLEDGEMENT = 0x10
    CONVERSATION_ABORT = 0x18
    INTERMEDIATE_NOTIFICATION = 0x20
    UDHI = 0x40
    REPLY_PATH = 0x80


UDHI: Final = EsmClass.UDHI
"""The bit of esm_class that says that short_message begins with a user data header."""


class RegisteredDelivery(IntFlag):
    """The bits of registered_delivery: which receipts the service centre, and acknowledgements the recipient, sends.

    >>> RegisteredDelivery.RECEIPT | RegisteredDelivery.INTERMEDIATE_NOTIFICATION
    <RegisteredDelivery.RECEIPT|INTERMEDIATE_NOTIFICATION: 17>

    Reference: SMPP 3.4, 5.2.17
    """

    RECEIPT = 0x01
    FAILURE_RECEIPT = 0x02
    DELIVERY_ACKNOWLEDGEMENT = 0x04
    USER_ACKNOWLEDGEMENT = 0x08
    INTERMEDIATE_NOTIFICATION = 0x10


def is_receipt(esm_class: int) -> bool:
    """Whether a deliver_sm holds the service centre's report on a message rather than a message.

    That is a delivery receipt or an intermediate notification, whatever other bits are set beside: read it with
    ``Receipt.parse``. Raises ``FieldError`` outside 0–255.

    >>> is_receipt(0x04), is_receipt(0x44), is_receipt(0x40)
    (True, True, False)

    Reference: SMPP 3.4, 5.2.12
    """
    check_whole("esm_class", esm_class, 0, 0xFF)
    return bool(esm_class & (EsmClass.DELIVERY_RECEIPT | EsmClass.INTERMEDIATE_NOTIFICATION))


@dataclass(frozen=True, slots=True)
class SarParameters(Value):
    """The optional parameters that SMPP has for concatenation, each named without its ``sar_``.

    Raises ``FieldError`` for a reference outside 0–65535, a total outside 1–255 and a sequence number outside 1–total.

    >>> SarParameters(300, 2, 1).to_bytes().hex(" ", 1)
    '02 0c 00 02 01 2c 02 0e 00 01 02 02 0f 00 01 01'

    Reference: SMPP 3.4, 5.3.2.22 to 5.3.2.24
    """

    msg_ref_num: int
    total_segments: int
    segment_seqnum: int

    def __post_init__(self) -> None:
        check_whole("msg_ref_num", self.msg_ref_num, 0, 0xFFFF)
        check_whole("total_segments", self.total_segments, 1, 255)
        check_whole("segment_seqnum", self.segment_seqnum, 1, self.total_segments)

    @classmethod
    def from_parameters(
        cls,
        *,
        sar_msg_ref_num: int | None = None,
        sar_total_segments: int | None = None,
        sar_segment_seqnum: int | None = None,
        strict: bool = False,
    ) -> Self | None:
        """Read what a PDU had, None for a parameter that it lacked: all three count, or none (decision D37).

        Lenient reading gives None where one of them is missing or out of range. ``strict`` raises ``DecodeError`` with
        the name of that parameter; its ``offset`` is 0, because the octets of the PDU are not known here.

        >>> SarParameters.from_parameters(sar_msg_ref_num=1, sar_total_segments=2) is None
        True
        """
        given = {
            "msg_ref_num": sar_msg_ref_num,
            "total_segments": sar_total_segments,
            "segment_seqnum": sar_segment_seqnum,
        }
        there = {name: value for name, value in given.items() if value is not None}
        if not there:
            return None
        if len(there) < len(given):
            if strict:
                lacking = next(name for name in given if name not in there)
                raise DecodeError(f"sar_{lacking}", 0, "the three sar_* parameters go together")
            return None
        try:
            return cls(**there)
        except FieldError as error:
            if strict:
                raise DecodeError(f"sar_{error.field}", 0, error.message) from None
            return None

    def to_bytes(self) -> bytes:
        """The three parameters as TLVs: tag, length and value of each."""
        return (
            b"\x02\x0c\x00\x02"
            + self.msg_ref_num.to_bytes(2)
            + b"\x02\x0e\x00\x01"
            + self.total_segments.to_bytes()
            + b"\x02\x0f\x00\x01"
            + self.segment_seqnum.to_bytes()
        )


@dataclass(frozen=True, slots=True)
class ShortMessage(Value):
    """The fields of one submit_sm, or deliver_sm, that carry text or data.

    ``sar`` and ``message_payload`` are there only if they were asked for; the payload stands for short_message, which
    is then empty. Raises ``FieldError`` for a data_coding or esm_class outside 0–255, a short_message of more than 254
    octets, a payload of more than 65,535 or beside a short_message, and a ``sar`` of another type.

    >>> ShortMessage(0, 0, b"Hello").as_dict()["short_message"]
    '48656c6c6f'

    Reference: SMPP 3.4, 4.4.1, 5.2.22 and 5.3.2.32
    """

    data_coding: int
    esm_class: int
    short_message: bytes
    sar: SarParameters | None = None
    message_payload: bytes | None = None

    def __post_init__(self) -> None:
        check_whole("data_coding", self.data_coding, 0, 0xFF)
        check_whole("esm_class", self.esm_class, 0, 0xFF)
        object.__setattr__(self, "esm_class", int(self.esm_class))
        object.__setattr__(self, "short_message", memoryview(self.short_message).tobytes())
        _check_length("short_message", self.short_message, _MOST_OCTETS)
        check_sar(self.sar)
        if self.message_payload is not None:
            object.__setattr__(self, "message_payload", memoryview(self.message_payload).tobytes())
            _check_length("message_payload", self.message_payload, _MOST_PAYLOAD)
            if self.short_message:
                raise FieldError("message_payload", "it stands for short_message, which must then be empty")

    @classmethod
    def made(cls, data_coding: int, esm_class: int, short_message: bytes) -> Self:
        """The short message of a segment that this package has made, which is not checked again."""
        made: Any = new(draft(cls))  # type: ignore[arg-type]  # a class; mypy takes classes for unhashable
        made.data_coding = data_coding
        made.esm_class = esm_class
        made.short_message = short_message
        made.sar = made.message_payload = None
        made.__class__ = cls
        return made  # type: ignore[no-any-return]  # it has become one


def _check_length(name: str, octets: bytes, most: int) -> None:
    if len(octets) > most:
        raise FieldError(name, f"{len(octets)} octets; at most {most} fit")


def check_sar(sar: object) -> None:
    """Raise ``FieldError("sar")`` for anything but parameters or None."""
    if sar is not None and not isinstance(sar, SarParameters):
        raise FieldError("sar", f"expected SarParameters or None, got {sar!r}")
