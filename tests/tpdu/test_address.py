"""Addresses: semi-octets, names, types and plans, and what may be wrong in them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import Address, NumberingPlan, TypeOfNumber
from tests.rows import each_row


def naive_pack(letters: str) -> bytes:
    """Pack ASCII letters as one long number, seven bits each, least significant first."""
    number = sum(ord(letter) << 7 * place for place, letter in enumerate(letters))
    return number.to_bytes(-(-7 * len(letters) // 8), "little")


@pytest.mark.parametrize(
    ("address", "octets"),
    [
        (Address("+447700900000"), "0c91447700090000"),
        (Address("+31641600986"), "0b911346610089f6"),
        (Address("12345"), "05812143f5"),
        (Address(""), "0081"),
        (Address("*#0"), "0381baf0"),
        (Address("0*#abc", TypeOfNumber.NATIONAL, NumberingPlan.PRIVATE), "06a9a0cbed"),
        (Address("1" * 20, TypeOfNumber.ABBREVIATED, NumberingPlan.UNKNOWN), "14e0" + "11" * 10),
        (Address("Design@Home"), "14d0c4f23c7d760390ef7619"),
        (Address("Vodafone"), "0ed0d637396c7ebbcb"),
        (Address("A"), "02d041"),
    ],
    ids=str,
)
def test_an_address_has_the_octets_of_its_clause(address: Address, octets: str) -> None:
    """It is written as useful semi-octets, type octet and value, and reads back, strictly too."""
    assert octets == address.to_bytes().hex()
    assert address == Address.from_bytes(bytes.fromhex(octets), strict=True)


@given(tpdus.addresses())
@example(Address("abc", TypeOfNumber.UNKNOWN))
def test_reading_undoes_writing(address: Address) -> None:
    """Every address comes back from its octets, of which there are at most twelve."""
    octets = address.to_bytes()
    assert address == Address.from_bytes(octets, strict=True)
    assert len(octets) == 2 + (octets[0] + 1) // 2 <= 12


def test_every_type_and_plan_is_kept() -> None:
    """All 128 type octets come back, but for a name's plan, which is none."""
    for kind, plan in product(TypeOfNumber, NumberingPlan):
        octets = bytes([2, 0x80 | kind << 4 | plan, 0x21])
        address = Address.from_bytes(octets, strict=True)
        assert kind is address.type_of_number
        if kind is TypeOfNumber.ALPHANUMERIC:
            assert NumberingPlan.UNKNOWN is address.numbering_plan
        else:
            assert (plan, "12") == (address.numbering_plan, address.number)
            assert octets == address.to_bytes()


def test_reserved_plans_say_so() -> None:
    """The plans without a meaning are those that 9.1.2.5 leaves out."""
    assert {2, 7, 11, 12, 13, 14, 15} == {plan for plan in NumberingPlan if plan.reserved}


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("+447700900000", TypeOfNumber.INTERNATIONAL, "447700900000"),
        ("07700900000", TypeOfNumber.UNKNOWN, "07700900000"),
        ("*100#", TypeOfNumber.UNKNOWN, "*100#"),
        ("AcmeInc", TypeOfNumber.ALPHANUMERIC, "AcmeInc"),
        ("abc", TypeOfNumber.ALPHANUMERIC, "abc"),
        ("a-1", TypeOfNumber.ALPHANUMERIC, "a-1"),
        ("+", TypeOfNumber.INTERNATIONAL, ""),
        ("( )", TypeOfNumber.ALPHANUMERIC, "( )"),
    ],
)
def test_the_type_follows_from_the_text(text: str, kind: TypeOfNumber, number: str) -> None:
    """A plus makes an international number, digits an unknown one, all else a name; ``str`` gives the text back."""
    address = Address(text)
    assert (kind, number) == (address.type_of_number, address.number)
    assert text == str(address)
    assert address == Address(str(address))


@pytest.mark.parametrize("size", range(12))
def test_d30_a_name_counts_useful_semi_octets(size: int) -> None:
    """A name of n septets has ⌈7n/4⌉ semi-octets, 13 for seven and not 14, and comes back with n characters."""
    name = "ABCDEFGHIJK"[:size]
    octets = Address(name, TypeOfNumber.ALPHANUMERIC).to_bytes()
    assert -(-7 * size // 4) == octets[0]
    assert (0xD0, naive_pack(name)) == (octets[1], octets[2:])
    assert name == Address.from_bytes(octets, strict=True).number


def test_d30_seven_letters_with_the_common_wrong_length_read_with_an_at() -> None:
    """14 semi-octets are eight characters, as the rule says, even where a sender meant seven."""
    right = Address("AcmeInc").to_bytes()
    assert right[0] == 13
    assert Address.from_bytes(b"\x0e" + right[1:], strict=True).number == "AcmeInc@"


def test_d30_a_plan_with_a_name_is_ignored() -> None:
    """The plan bits of a name are reserved: 0xD1 reads as 0xD0."""
    assert Address("Vodafone") == Address.from_bytes(bytes.fromhex("0ed1d637396c7ebbcb"))


@pytest.mark.parametrize(
    ("octets", "number", "offset"),
    [
        ("02811f", "1", 2),  # the filler counted as a digit
        ("0381f1f2", "12", 2),
        ("03812153", "123", 3),  # no filler at the end
        ("021121", "12", 1),  # bit 7
        ("04d09b0d", " ", 2),
        ("10d041e19058341e371b", "ABCDEFG ", 8),  # the eighth septet begins in the seventh octet of the name
    ],
)
def test_lenient_reading_passes_over_what_strict_reading_refuses(octets: str, number: str, offset: int) -> None:
    """A filler among the digits, another nibble in its place, a missing bit 7, two escapes: strict says where."""
    data = bytes.fromhex(octets)
    assert number == Address.from_bytes(data).number
    with pytest.raises(DecodeError) as caught:
        Address.from_bytes(data, strict=True)
    assert ("address", offset) == (caught.value.field, caught.value.offset)


@each_row("length", range(21, 256))
@each_row("strict", [False, True])
def test_more_than_twenty_semi_octets_are_no_address(length: int, strict: bool) -> None:
    """Addresses of 21 digits and more are refused at their length, whatever follows."""
    with pytest.raises(DecodeError) as caught:
        Address.from_bytes(bytes([length, 0x91]) + b"\x11" * 130, strict=strict)
    assert (caught.value.field, caught.value.offset) == ("address", 0)


@given(st.integers(0, 20), st.binary(max_size=11))
def test_a_length_that_lies_is_said(length: int, rest: bytes) -> None:
    """An address reads if its octets are there; else the error stands where they end."""
    octets = bytes([length]) + rest
    if len(rest) >= 1 + (length + 1) // 2:
        assert len(Address.from_bytes(octets).number) <= 20
    else:
        with pytest.raises(DecodeError) as caught:
            Address.from_bytes(octets)
        assert len(octets) == caught.value.offset


def test_octets_after_the_address_are_refused_strictly() -> None:
    """Lenient reading leaves them alone."""
    assert Address("12") == Address.from_bytes(bytes.fromhex("02812199"))
    with pytest.raises(DecodeError, match="after the last field"):
        Address.from_bytes(bytes.fromhex("02812199"), strict=True)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("1" * 21,), "number"),
        (("+" + "1" * 21,), "number"),
        (("ABCDEFGHIJKL",), "number"),
        (("€€€€€€",), "number"),
        (("Приве",), "number"),
        (("12d", TypeOfNumber.NATIONAL), "number"),
        (("+1", TypeOfNumber.NATIONAL), "number"),
        (("1", 8), "type_of_number"),
        (("1", TypeOfNumber.NATIONAL, 16), "numbering_plan"),
        (("A", None, NumberingPlan.ISDN), "numbering_plan"),
        (("1", 1.0), "type_of_number"),
        (("1", True), "type_of_number"),
        (("1", TypeOfNumber.NATIONAL, "1"), "numbering_plan"),
        ((7,), "number"),
    ],
)
def test_impossible_addresses_are_refused(arguments: tuple[object, ...], field: str) -> None:
    """The constructor names the field that cannot be."""
    with pytest.raises(FieldError) as caught:
        Address(*arguments)  # type: ignore[arg-type]  # that is the point
    assert field == caught.value.field


@pytest.mark.parametrize(
    "text",
    ["07700 90000", "+44 7700", "0770-90000", "(0)7700", "+1.5", "1/2", "++1", "44+", "1\r\n", "1,2", "1;2", "1:2"],
)
def test_a_number_with_separators_is_no_name(text: str) -> None:
    """What looks like a number is never sent as a name, unless the caller says that it is one."""
    with pytest.raises(FieldError, match="ALPHANUMERIC") as caught:
        Address(text)
    assert caught.value.field == "number"
    assert text == str(Address(text, TypeOfNumber.ALPHANUMERIC))


def test_addresses_can_be_changed() -> None:
    """``dataclasses.replace`` takes the fields as they are."""
    assert Address("+12") == replace(Address("+1"), number="12")
