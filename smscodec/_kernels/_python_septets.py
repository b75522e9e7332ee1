"""Packing in pure Python: all septets of a block at once, as one long integer.

Reference: 3GPP TS 23.038, 6.1.2.1.1
"""

from __future__ import annotations

import struct
from typing import Final

__all__ = ["pack", "unpack"]

# Septets of one block: eight septets are seven octets, so that blocks can be packed one by one and joined.
_BLOCK: Final = 256
_BLOCK_PACKED: Final = _BLOCK // 8 * 7

_AHEAD: Final = tuple((bytes(-bits % 8), 7 * (-bits % 8) // 8) for bits in range(7))
"""For each number of fill bits, zero septets that end so many bits after a whole number of octets, and that number."""


def pack(septets: bytes, fill_bits: int) -> bytes:
    """Pack septets, each at most 0x7F, into octets after ``fill_bits`` zero bits."""
    zeros, start = _AHEAD[fill_bits]
    end = start + (fill_bits + 7 * len(septets) + 7) // 8
    septets = zeros + septets
    if len(septets) <= _BLOCK:
        return _packed(septets)[start:end]
    return b"".join([_packed(septets[at : at + _BLOCK]) for at in range(0, len(septets), _BLOCK)])[start:end]


def unpack(octets: bytes, septet_count: int, fill_bits: int) -> bytes:
    """Take ``septet_count`` septets out of as many octets as they need, after ``fill_bits`` bits."""
    zeros, ahead = _AHEAD[fill_bits]
    start, octets = len(zeros), bytes(ahead) + octets
    if len(octets) <= _BLOCK_PACKED:
        return _unpacked(octets)[start : start + septet_count]
    blocks = [_unpacked(octets[at : at + _BLOCK_PACKED]) for at in range(0, len(octets), _BLOCK_PACKED)]
    return b"".join(blocks)[start : start + septet_count]


def _lanes(pattern: str) -> int:
    """The 64-bit lane given in hexadecimal, repeated over a block."""
    return int(pattern * (_BLOCK // 8), 16)


# A block is one integer in which neighbouring lanes are pushed together: eight septets of 8 bits, four pairs of 14,
# two quadruples of 28, one lane of 56 whose eighth octet is then empty.
_LOW_8, _HIGH_8 = _lanes("007f007f007f007f"), _lanes("7f007f007f007f00")
_LOW_16, _HIGH_16 = _lanes("00003fff00003fff"), _lanes("3fff00003fff0000")
_LOW_32, _HIGH_32 = _lanes("000000000fffffff"), _lanes("0fffffff00000000")


def _packed(septets: bytes) -> bytes:
    bits = int.from_bytes(septets, "little")
    bits = bits & _LOW_8 | (bits & _HIGH_8) >> 1
    bits = bits & _LOW_16 | (bits & _HIGH_16) >> 2
    bits = bits & _LOW_32 | (bits & _HIGH_32) >> 4
    octets = bytearray(bits.to_bytes((len(septets) + 7) // 8 * 8, "little"))
    del octets[7::8]
    return bytes(octets)


def _unpacked(octets: bytes) -> bytes:
    lanes = -(-len(octets) // 7)
    bits = int.from_bytes(b"\0".join(struct.unpack("7s" * lanes, octets.ljust(7 * lanes, b"\0"))), "little")
    bits = bits & _LOW_32 | (bits << 4) & _HIGH_32
    bits = bits & _LOW_16 | (bits << 2) & _HIGH_16
    bits = bits & _LOW_8 | (bits << 1) & _HIGH_8
    return bits.to_bytes(8 * lanes, "little")
