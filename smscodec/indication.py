"""What a message waiting indication may announce, in the data coding scheme and in the header alike.

Reference: 3GPP TS 23.038, 4; 3GPP TS 23.040, 9.2.3.24.2
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["IndicationType"]


class IndicationType(IntEnum):
    """The kind of message that waits. OTHER is the extended type in a special message indication."""

    VOICEMAIL = 0
    FAX = 1
    EMAIL = 2
    OTHER = 3
