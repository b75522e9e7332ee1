"""All 256 data coding schemes against the table of clause 4, written out a second time (decisions D26 and D27)."""

from __future__ import annotations

import copy
import itertools
import pickle
from dataclasses import FrozenInstanceError
from typing import NamedTuple

import pytest

from smscodec.dcs import Alphabet, DataCodingScheme, IndicationType, MessageClass
from smscodec.errors import DecodeError, FieldError
from tests.rows import each_row

GSM, DATA, UCS2 = Alphabet.GSM_7BIT, Alphabet.DATA_8BIT, Alphabet.UCS2


class Meaning(NamedTuple):
    """What an octet means."""

    alphabet: Alphabet = GSM
    compressed: bool = False
    message_class: int | None = None
    automatic_deletion: bool = False
    indication: tuple[int, bool, bool] | None = None  # type, active, store
    reserved: bool = False


RESERVED = Meaning(reserved=True)


def general(alphabet: Alphabet, first: int, *, deletion: bool) -> dict[int, Meaning]:
    """The 16 octets with one alphabet in bits 3 and 2 of a general group, written as they stand in the table."""
    table = {}
    for low, compressed, classed in itertools.product(range(4), (False, True), (False, True)):
        octet = first + low + 0x20 * compressed + 0x10 * classed
        table[octet] = Meaning(alphabet, compressed, low if classed else None, deletion)
    return table


TABLE: dict[int, Meaning] = {
    **general(GSM, 0x00, deletion=False),
    **general(DATA, 0x04, deletion=False),
    **general(UCS2, 0x08, deletion=False),
    **general(GSM, 0x40, deletion=True),
    **general(DATA, 0x44, deletion=True),
    **general(UCS2, 0x48, deletion=True),
    **{octet: RESERVED for row in range(0x00, 0x80, 0x10) for octet in range(row + 0x0C, row + 0x10)},
    **dict.fromkeys(range(0x80, 0xC0), RESERVED),
}
for kind, active, spare in itertools.product(range(4), (False, True), (False, True)):
    low_bits = kind + 0x08 * active + 0x04 * spare
    TABLE[0xC0 + low_bits] = Meaning(GSM, indication=(kind, active, False))
    TABLE[0xD0 + low_bits] = Meaning(GSM, indication=(kind, active, True))
    TABLE[0xE0 + low_bits] = Meaning(UCS2, indication=(kind, active, True))
for number, spare in itertools.product(range(4), (False, True)):
    TABLE[0xF0 + number + 0x08 * spare] = Meaning(GSM, message_class=number)
    TABLE[0xF4 + number + 0x08 * spare] = Meaning(DATA, message_class=number)


def meaning(scheme: DataCodingScheme) -> Meaning:
    """What smscodec says."""
    indication = scheme.indication
    return Meaning(
        scheme.alphabet,
        scheme.compressed,
        scheme.message_class,
        scheme.automatic_deletion,
        None if indication is None else (indication.type, indication.active, indication.store),
        scheme.reserved,
    )


def test_the_table_of_this_test_is_whole() -> None:
    """The table has each of the 256 octets once."""
    assert list(range(256)) == sorted(TABLE)


@each_row("octet", range(256))
def test_d27_every_octet_has_the_meaning_of_clause_4(octet: int) -> None:
    """Alphabet, compression, class, automatic deletion and message waiting of every octet, and the octet comes back."""
    scheme = DataCodingScheme(octet)
    assert TABLE[octet] == meaning(scheme)
    assert octet == scheme.octet
    assert scheme == DataCodingScheme.from_octet(octet)


@each_row("octet", range(256))
def test_d26_strict_refuses_reserved_codings_only(octet: int) -> None:
    """Strict reading raises on a reserved coding; a reserved bit makes no coding reserved."""
    if TABLE[octet].reserved:
        with pytest.raises(DecodeError) as caught:
            DataCodingScheme.from_octet(octet, strict=True)
        assert (caught.value.field, caught.value.offset) == ("dcs", 0)
    else:
        assert DataCodingScheme(octet) == DataCodingScheme.from_octet(octet, strict=True)


@pytest.mark.parametrize("octet", [0x0C, 0x3F, 0x4C, 0x7F, 0x80, 0x84, 0xBF])
def test_d26_a_reserved_coding_reads_as_0x00(octet: int) -> None:
    """Seven bits, not compressed, no class, no indication, no deletion; only the octet is its own."""
    assert meaning(DataCodingScheme(0x00)) == meaning(DataCodingScheme(octet))._replace(reserved=False)


@pytest.mark.parametrize(("octet", "alphabet"), [(0xF8, GSM), (0xFB, GSM), (0xFC, DATA), (0xFF, DATA)])
def test_d26_a_reserved_bit_is_ignored(octet: int, alphabet: Alphabet) -> None:
    """Bit 3 of 0xF0 to 0xFF changes nothing."""
    assert alphabet is DataCodingScheme(octet).alphabet
    assert meaning(DataCodingScheme(octet & 0xF7)) == meaning(DataCodingScheme(octet))


def test_d27_message_waiting_in_ucs2_is_stored() -> None:
    """0xE8 is UCS2, voicemail waiting, store; 0xC8 and 0xD8 are GSM 7-bit."""
    indication = DataCodingScheme(0xE8).indication
    assert indication is not None
    assert (indication.type, indication.active, indication.store) == (IndicationType.VOICEMAIL, True, True)
    assert UCS2 is DataCodingScheme(0xE8).alphabet
    assert DataCodingScheme(0xC8).alphabet is DataCodingScheme(0xD8).alphabet is GSM


def test_values_are_those_of_the_wire() -> None:
    """Alphabets and classes have the numbers that they have in the octet."""
    assert {each.name: each.value for each in Alphabet} == {"GSM_7BIT": 0, "DATA_8BIT": 1, "UCS2": 2}
    assert {f"CLASS_{number}": number for number in range(4)} == {each.name: each.value for each in MessageClass}
    assert [each.name for each in sorted(IndicationType)] == ["VOICEMAIL", "FAX", "EMAIL", "OTHER"]


@pytest.mark.parametrize("alphabet", Alphabet)
@pytest.mark.parametrize("message_class", [None, *MessageClass])
def test_general_makes_the_octet_with_that_meaning(alphabet: Alphabet, message_class: MessageClass | None) -> None:
    """``general`` gives a general data coding group octet of that alphabet and class, and nothing else set."""
    scheme = DataCodingScheme.general(alphabet, message_class=message_class)
    assert Meaning(alphabet, message_class=message_class) == meaning(scheme)
    expected = alphabet << 2 | (0 if message_class is None else 0x10 | message_class)
    assert expected == scheme.octet


@pytest.mark.parametrize("octet", [-1, 256, 1000])
def test_what_is_no_octet_is_refused(octet: int) -> None:
    """A value outside 0 to 255 is the caller's error."""
    for call in (DataCodingScheme, DataCodingScheme.from_octet):
        with pytest.raises(FieldError):
            call(octet)


def test_data_coding_schemes_are_values() -> None:
    """They are hashable and equal to their pickled and copied selves, and differ by the octet."""
    schemes = [DataCodingScheme(octet) for octet in range(256)]
    assert len(set(schemes)) == 256
    assert schemes == pickle.loads(pickle.dumps(schemes))
    assert schemes == copy.deepcopy(schemes)
    with pytest.raises(FrozenInstanceError):
        schemes[0].octet = 1  # type: ignore[misc]  # that assignment fails is the point
