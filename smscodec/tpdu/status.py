"""What TP-ST says of a message's fate.

All 256 octets have a reading and keep their value. Knows nothing of the status report around it.

Reference: 3GPP TS 23.040, 9.2.3.15
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Self

from smscodec._values import Value, plain
from smscodec.tpdu._received import check_octet

__all__ = ["Status", "StatusState"]


class StatusState(Enum):
    """What became of the transfer, by the range that the status lies in.

    >>> Status(0x00).state.name, Status(0x46).state.name
    ('COMPLETED', 'PERMANENT_ERROR')
    """

    COMPLETED = "completed"
    TEMPORARY_STILL_TRYING = "temporary error, the service centre is still trying"
    PERMANENT_ERROR = "permanent error"
    TEMPORARY_GIVEN_UP = "temporary error, the service centre has given up"
    RESERVED = "reserved"


_COMPLETED: Final = ("received by the SME", "forwarded, the service centre cannot confirm delivery", "replaced")
_TEMPORARY: Final = (
    "congestion",
    "SME busy",
    "no response from the SME",
    "service rejected",
    "quality of service not available",
    "error in the SME",
)
_PERMANENT: Final = (
    "remote procedure error",
    "incompatible destination",
    "connection rejected by the SME",
    "not obtainable",
    "quality of service not available",
    "no interworking available",
    "validity period expired",
    "deleted by the originating SME",
    "deleted by the service centre's administration",
    "the short message does not exist",
)
_RANGES: Final = (
    (StatusState.COMPLETED, _COMPLETED),
    (StatusState.TEMPORARY_STILL_TRYING, _TEMPORARY),
    (StatusState.PERMANENT_ERROR, _PERMANENT),
    (StatusState.TEMPORARY_GIVEN_UP, _TEMPORARY),
)
_SERVICE_REJECTED: Final = 0x63


@dataclass(frozen=True, slots=True, repr=False)
class Status(Value):
    """One octet of TP-ST; raises ``FieldError`` outside 0–255.

    >>> Status(0x41).meaning, Status(0x41).final
    ('incompatible destination', True)

    Reference: 3GPP TS 23.040, 9.2.3.15
    """

    octet: int

    def __post_init__(self) -> None:
        check_octet("octet", self.octet)

    @property
    def state(self) -> StatusState:
        """The range that the octet lies in."""
        return StatusState.RESERVED if self.octet >= 0x80 else _RANGES[self.octet >> 5][0]

    @property
    def final(self) -> bool:
        """Whether no other report will come: the service centre has done with the message."""
        return self.state is not StatusState.TEMPORARY_STILL_TRYING

    @property
    def delivered(self) -> bool:
        """Whether the recipient has the message for certain."""
        return self.octet == 0

    @property
    def specific(self) -> bool:
        """Whether the meaning is the service centre's own."""
        return self.octet & 0x90 == 0x10

    @property
    def reserved(self) -> bool:
        """Whether the specification gives the octet no meaning."""
        return not self.specific and (self.octet >= 0x80 or self.octet & 0x0F >= len(_RANGES[self.octet >> 5][1]))

    @property
    def meaning(self) -> str:
        """The meaning in words."""
        if self.reserved:
            return "reserved, to be taken as service rejected"
        return "specific to the service centre" if self.specific else _RANGES[self.octet >> 5][1][self.octet & 0x0F]

    def as_dict(self) -> dict[str, Any]:
        """``octet`` and what it says, in plain types."""
        names = ("octet", "state", "meaning", "final", "delivered")
        return {name: plain(getattr(self, name)) for name in names}

    @property
    def taken_as(self) -> Self:
        """The status that a receiver acts on: a reserved one is taken as 0x63, service rejected."""
        return type(self)(_SERVICE_REJECTED) if self.reserved else self
