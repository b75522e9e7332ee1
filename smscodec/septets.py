"""Unpacked septets ⇄ packed octets, with fill bits; and the packing of USSD and cell broadcast, with their own rules.

This module knows bits, not characters or headers. Packed data is always called octets; unpacked septets take an octet
each, 0x00–0x7F.

Reference: 3GPP TS 23.038, 6.1.2.1 (SMS), 6.1.2.2 (cell broadcast) and 6.1.2.3 (USSD)
"""

from __future__ import annotations

from typing import Final

from smscodec import _kernels
from smscodec._checks import Octets, check_whole
from smscodec.errors import DecodeError, FieldError

__all__ = [
    "CBS_SEPTETS",
    "fill_bits_after",
    "octet_length",
    "pack",
    "pack_cbs",
    "pack_ussd",
    "unpack",
    "unpack_cbs",
    "unpack_ussd",
]

CBS_SEPTETS: Final = 93
"""Septets in the 82 octets of a cell broadcast page; the last five bits are spare."""

_CR = b"\r"


def pack(septets: Octets, *, fill_bits: int = 0) -> bytes:
    """Pack septets into octets, least significant bit first, after ``fill_bits`` zero bits.

    Unused bits of the last octet are zero (decision D14). Raises ``FieldError`` for a septet above 0x7F, whose position
    it names, and for fill bits outside 0–6.

    >>> pack(b"hello").hex()
    'e8329bfd06'
    >>> pack(b"hello", fill_bits=1).hex()
    'd06536fb0d'

    Reference: 3GPP TS 23.038, 6.1.2.1.1; 3GPP TS 23.040, 9.2.3.24
    """
    _check_fill_bits(fill_bits)
    unpacked = memoryview(septets).tobytes()
    if not unpacked.isascii():
        position = next(index for index, septet in enumerate(unpacked) if septet > 0x7F)
        raise FieldError("septets", f"septet {position} is 0x{unpacked[position]:02X}; a septet is at most 0x7F")
    return _kernels.active.pack(unpacked, fill_bits)


def unpack(octets: Octets, septet_count: int, *, fill_bits: int = 0) -> bytes:
    """Take ``septet_count`` septets out of packed octets, after ``fill_bits`` bits.

    The count is required: seven spare bits and a final ``@`` look alike (decision D13). Fill bits and any bits after
    the last septet are ignored (D14). Raises ``DecodeError``, with the offset where the octets end, if there are fewer
    than the septets need, and ``FieldError`` for a negative count or fill bits outside 0–6.

    >>> unpack(bytes.fromhex("e8329bfd06"), 5)
    b'hello'

    Reference: 3GPP TS 23.038, 6.1.2.1.1
    """
    packed = memoryview(octets).tobytes()
    needed = octet_length(septet_count, fill_bits=fill_bits)
    if septet_count and len(packed) < needed:
        raise DecodeError("septets", len(packed), f"{septet_count} septets need {needed} octets")
    return _kernels.active.unpack(packed[:needed], septet_count, fill_bits)


def octet_length(septet_count: int, *, fill_bits: int = 0) -> int:
    """Octets that ``septet_count`` septets take after ``fill_bits`` fill bits.

    Raises ``FieldError`` for a negative count or fill bits outside 0–6.

    >>> octet_length(160), octet_length(153, fill_bits=1)
    (140, 134)
    """
    _check_fill_bits(fill_bits)
    check_whole("septet_count", septet_count, 0)
    return (fill_bits + 7 * septet_count + 7) // 8


def fill_bits_after(header_octets: int) -> int:
    """Fill bits, 0–6, between a header of that many octets (UDHL octet included) and the first septet of text.

    Raises ``FieldError`` for a negative number of octets.

    >>> fill_bits_after(6)
    1

    Reference: 3GPP TS 23.040, 9.2.3.24
    """
    check_whole("header_octets", header_octets, 0)
    return -8 * header_octets % 7


def pack_ussd(septets: Octets) -> bytes:
    """Pack septets for USSD, where a final octet with seven spare bits gets a CR in them.

    A text that ends in CR on an octet boundary gets one CR more, so that the receiver does not take the last one for
    the filler (decision D15). Raises ``FieldError`` for a septet above 0x7F.

    >>> pack_ussd(b"*100*1#").hex()
    'aa180ca68a8d1a'

    Reference: 3GPP TS 23.038, 6.1.2.3.1
    """
    unpacked = memoryview(septets).tobytes()
    spare_septet = len(unpacked) % 8 == 7
    ends_like_filler = len(unpacked) % 8 == 0 and unpacked.endswith(_CR)
    return pack(unpacked + _CR if spare_septet or ends_like_filler else unpacked)


def unpack_ussd(octets: Octets) -> bytes:
    """Unpack septets of USSD; a CR in the last seven bits of a full group of seven octets is the filler.

    >>> unpack_ussd(pack_ussd(b"*100*1#"))
    b'*100*1#'

    Reference: 3GPP TS 23.038, 6.1.2.3.1
    """
    packed = memoryview(octets).tobytes()
    septets = unpack(packed, 8 * len(packed) // 7)
    return septets[:-1] if len(packed) % 7 == 0 and septets.endswith(_CR) else septets


def pack_cbs(septets: Octets) -> bytes:
    """Pack septets into the 82 octets of a cell broadcast page, filled up to 93 septets with CR.

    Raises ``FieldError("septets")`` for more than 93 septets and for a septet above 0x7F.

    >>> len(pack_cbs(b"Belconnen")), pack_cbs(b"Belconnen")[:10].hex()
    (82, 'c2327bfc76bbcbee46a3')

    Reference: 3GPP TS 23.038, 6.1.2.2
    """
    unpacked = memoryview(septets).tobytes()
    if len(unpacked) > CBS_SEPTETS:
        raise FieldError("septets", f"a page holds {CBS_SEPTETS} septets, got {len(unpacked)}")
    return pack(unpacked.ljust(CBS_SEPTETS, _CR))


def unpack_cbs(octets: Octets) -> bytes:
    """Unpack the septets of a cell broadcast page, without the CRs at its end, which are filler.

    Fewer octets than 82, as some modems print them, are read as far as they go.

    >>> unpack_cbs(pack_cbs(b"Belconnen"))
    b'Belconnen'

    Reference: 3GPP TS 23.038, 6.1.2.2
    """
    packed = memoryview(octets).tobytes()
    return unpack(packed, min(8 * len(packed) // 7, CBS_SEPTETS)).rstrip(_CR)


def _check_fill_bits(fill_bits: int) -> None:
    check_whole("fill_bits", fill_bits, 0, 6)
