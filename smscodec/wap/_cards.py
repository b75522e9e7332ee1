"""vCard and vCalendar: bare text, sent to a port.

Reference: 3GPP TS 23.040, 9.2.3.24.4
"""

from __future__ import annotations

from smscodec._checks import Octets
from smscodec.message import SegmentedMessage
from smscodec.wap._ports import VCALENDAR_PORT, VCARD_PORT, to_port
from smscodec.wap._service_indication import utf_8

__all__ = ["vcalendar", "vcard"]


def vcard(
    card: str | Octets, *, originator: int = 0, reference: int | None = None, wide_reference: bool = False
) -> SegmentedMessage:
    """A vCard as 8-bit segments to port 9204: text in UTF-8, or octets as they are, with nothing put around them.

    The message does not say its encoding: a version 2.1 card with more than ASCII should say ``CHARSET=UTF-8`` in
    its properties, and what must be in another encoding comes as octets. A long card needs a ``reference``.

    Raises what ``segment_data`` raises, ``FieldError`` for an originator outside 0–65535 and ``UnencodableError`` at a
    lone surrogate.

    >>> vcard("BEGIN:VCARD\\r\\nEND:VCARD\\r\\n")[0].user_data.header.application_port.destination
    9204

    Reference: 3GPP TS 23.040, 9.2.3.24.4
    """
    return to_port(_octets(card), VCARD_PORT, originator, reference, wide=wide_reference)


def vcalendar(
    calendar: str | Octets, *, originator: int = 0, reference: int | None = None, wide_reference: bool = False
) -> SegmentedMessage:
    """A vCalendar as 8-bit segments to port 9205, as ``vcard`` makes them.

    >>> vcalendar("BEGIN:VCALENDAR\\r\\nEND:VCALENDAR\\r\\n")[0].user_data.header.application_port.destination
    9205

    Reference: 3GPP TS 23.040, 9.2.3.24.4
    """
    return to_port(_octets(calendar), VCALENDAR_PORT, originator, reference, wide=wide_reference)


def _octets(content: str | Octets) -> bytes:
    return utf_8(content) if isinstance(content, str) else memoryview(content).tobytes()
