"""8-bit segments to an application port, which is how all of these messages travel.

Reference: 3GPP TS 23.040, 9.2.3.24.4
"""

from __future__ import annotations

from typing import Final

from smscodec.message import SegmentedMessage
from smscodec.segmentation import segment_data
from smscodec.udh import ApplicationPort, UserDataHeader

__all__ = ["PUSH_PORT", "VCALENDAR_PORT", "VCARD_PORT", "WSP_PORT", "to_port"]

PUSH_PORT: Final = 2948
"""Where handsets listen for connectionless push."""
WSP_PORT: Final = 9200
"""Where push comes from: the connectionless session service."""
VCARD_PORT: Final = 9204
VCALENDAR_PORT: Final = 9205


def to_port(octets: bytes, destination: int, originator: int, reference: int | None, *, wide: bool) -> SegmentedMessage:
    """Octets as 8-bit segments to an application port, from another."""
    header = UserDataHeader([ApplicationPort(destination, originator)])
    return segment_data(octets, reference=reference, wide_reference=wide, header=header)
