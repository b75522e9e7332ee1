"""WAP push of a Service Indication: the WSP push PDU around its binary XML, both ways.

Knows the PDU and its headers; the document is that of ``_service_indication``.

Reference: WAP-235-PushOTA; WAP-230-WSP, 8.2.4
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from smscodec._checks import Octets, check_whole
from smscodec.errors import DecodeError
from smscodec.message import SegmentedMessage
from smscodec.wap._ports import PUSH_PORT, WSP_PORT, to_port
from smscodec.wap._service_indication import Action, ServiceIndication, read_document
from smscodec.wap._wbxml import Reader

__all__ = ["parse_service_indication", "service_indication"]

_PUSH: Final = 0x06
_CONFIRMED_PUSH: Final = 0x07
_SIC: Final = 0xAE  # application/vnd.wap.sic
_SIC_IN_WORDS: Final = b"application/vnd.wap.sic"
_UTF_8_PARAMETER: Final = (0x81, 0xEA)


def service_indication(
    text: str,
    href: str | None = None,
    *,
    action: Action = Action.SIGNAL_MEDIUM,
    si_id: str | None = None,
    created: datetime | None = None,
    expires: datetime | None = None,
    information: Iterable[tuple[str, str]] = (),
    transaction_id: int = 1,
    reference: int | None = None,
    wide_reference: bool = False,
) -> SegmentedMessage:
    """A Service Indication as 8-bit segments to port 2948 from 9200; a long one needs a ``reference``.

    The arguments are the fields of ``ServiceIndication``, and the octet that names the transaction of the push. Raises
    what ``ServiceIndication`` and ``segment_data`` raise, and ``FieldError`` for a ``transaction_id`` outside 0–255.

    >>> message = service_indication("News", "http://a.example/")
    >>> message[0].user_data.header.application_port.destination
    2948

    Reference: WAP-230-WSP, 8.2.4.1; WAP-167-ServiceInd; WAP-235-PushOTA; 3GPP TS 23.040, 9.2.3.24.4
    """
    indication = ServiceIndication(
        text=text,
        href=href,
        action=action,
        si_id=si_id,
        created=created,
        expires=expires,
        information=tuple(information),
    )
    check_whole("transaction_id", transaction_id, 0, 0xFF)
    headers = bytes([0x03, _SIC, *_UTF_8_PARAMETER])
    octets = bytes([transaction_id, _PUSH, len(headers)]) + headers + indication.to_wbxml()
    return to_port(octets, PUSH_PORT, WSP_PORT, reference, wide=wide_reference)


def parse_service_indication(octets: Octets, *, strict: bool = False) -> ServiceIndication:
    """Read a WSP push PDU that carries a Service Indication in binary XML: the payloads of all segments, joined.

    Lenient reading passes over attributes and elements that it does not know or that repeat, takes a time that cannot
    be read for missing, shows U+FFFD for octets that are not text, and ignores what follows the document. ``strict``
    raises ``DecodeError`` for these and for a WBXML version above 1.3. Another PDU or content, and octets that end too
    soon, raise ``DecodeError`` in either reading: its field is ``"wsp.content_type"`` for Service Loading and for an
    indication in textual XML.

    >>> parse_service_indication(service_indication("News")[0].user_data.payload).text
    'News'

    Reference: WAP-230-WSP, 8.2.4.1; WAP-167-ServiceInd, 9
    """
    reader = Reader(memoryview(octets).tobytes(), strict=strict)
    _push_headers(reader)
    indication = read_document(reader)
    if strict and reader.position < len(reader.octets):
        raise DecodeError("si", reader.position, "octets follow the document")
    return indication


def _push_headers(reader: Reader) -> None:
    """Pass over the PDU's beginning, up to the body."""
    reader.octet("wsp.transaction_id")
    kind = reader.octet("wsp.type")
    if kind not in (_PUSH, _CONFIRMED_PUSH):
        raise DecodeError("wsp.type", 1, f"expected a push (0x06 or 0x07), found 0x{kind:02X}")
    length = reader.uintvar("wsp.headers_length")
    start = reader.position
    headers = Reader(reader.octets[: start + length], strict=reader.strict)
    headers.position = start
    reader.take(length, "wsp.headers")
    media = _media(headers)
    if media not in (_SIC, _SIC_IN_WORDS):
        raise DecodeError("wsp.content_type", start, "expected application/vnd.wap.sic (an indication in binary XML)")


def _media(headers: Reader) -> int | bytes:
    """The content type's media: a short integer with its high bit, or a name."""
    field = "wsp.content_type"
    first = headers.peek(field)
    if first <= 31:  # a length, and then the media with parameters
        headers.octet(field)
        length = headers.uintvar(field) if first == 31 else first
        general = Reader(headers.take(length, field), strict=headers.strict)
        if not general.octets:
            raise DecodeError(field, headers.position, "the octets end too soon")
        first = general.peek(field)
        return first if first >= 0x80 else general.octets.partition(b"\0")[0].lower()
    return headers.octet(field) if first >= 0x80 else headers.terminated(field).lower()
