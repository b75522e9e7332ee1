"""Packing and unpacking at lengths where a block, an octet of length or a buffer might end, on every backend.

The oracle is arithmetic: packed septets are one number, the first septet at its lowest end.

Reference: 3GPP TS 23.038, 6.1.2.1.1
"""

from __future__ import annotations

import random

import pytest

from smscodec import septets
from tests.rows import each_row

LENGTHS = [*range(18), 63, 64, 65, *range(126, 131), 159, 160, 161, *range(253, 260), *range(510, 515), 600, 601, 4_097]


@each_row("length", LENGTHS)
@each_row("fill_bits", range(7))
def test_packing_at_awkward_lengths(length: int, fill_bits: int) -> None:
    """Any number of septets packs to the octets that the arithmetic gives, and comes back from them."""
    unpacked = bytes(random.Random(length).choices(range(0x80), k=length))
    number = sum(septet << fill_bits + 7 * index for index, septet in enumerate(unpacked))
    octets = number.to_bytes((fill_bits + 7 * length + 7) // 8, "little")
    assert octets == septets.pack(unpacked, fill_bits=fill_bits)
    assert unpacked == septets.unpack(octets, length, fill_bits=fill_bits)


@pytest.mark.parametrize("length", [255, 256, 257, 512, 600])
@pytest.mark.parametrize("septet", [0x01, 0x40, 0x7F])
def test_every_place_of_a_septet(length: int, septet: int) -> None:
    """A septet alone among zeros is written at its own seven bits and nowhere else, wherever it stands."""
    for place in range(length):
        unpacked = bytes(place) + bytes([septet]) + bytes(length - place - 1)
        octets = septets.pack(unpacked)
        assert int.from_bytes(octets, "little") == septet << 7 * place
        assert septets.unpack(octets, length) == unpacked
