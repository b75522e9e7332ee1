"""Text as a modem prints it: USSD in each of its forms, and what tells digits of UTF-16 from other digits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7, septets
from smscodec.dcs import CellBroadcastDataCoding
from smscodec.tpdu.pdu_mode import TextMessage, read, ussd


@given(st.text("abcdefg XYZ*#0123,.:åøæÅØ€", min_size=1, max_size=80), st.sampled_from([0x0F, 0x07, 0x01, 0x44 & 0x40]))
def test_ussd_text_in_each_form(text: str, dcs: int) -> None:
    """Text, UTF-16 digits and packed digits read alike."""
    assert ussd(text.encode("utf-16-be").hex().upper(), dcs) == text
    assert ussd(text, dcs, charset="ira") == text
    packed = septets.pack_ussd(gsm7.encode(text)).hex().upper()
    if not packed.isdecimal():
        assert ussd(packed, dcs, charset="hex").removesuffix("\r") == text
    assert ussd(text.encode("utf-16-be").hex(), dcs, charset="ucs2") == text


@pytest.mark.parametrize(
    ("text", "dcs", "expected"),
    [
        ("002000440075002000680061007200200030002C003000300020006B0072", 7, " Du har 0,00 kr"),
        ("041F04400438", 0x48, "При"),
        (septets.pack(b"ru").hex() + "041F04400438", 0x11, "При"),
        ("AA180C3602", 15, "*100#"),
        ("1234", 15, "1234"),
        ("*100#", None, "*100#"),
        ("C8329BFD06", 0x44, "C8329BFD06"),
        ("C8329BFD06", CellBroadcastDataCoding(15), "Hello"),
        ("00690073000D00610062", 0x10, "ab"),
        ("00690073000D00610062", None, "is\rab"),
    ],
)
def test_d42_ussd_reads_its_own_data_coding(text: str, dcs: Any, expected: str) -> None:
    """GSM 7-bit of a language, UCS-2, and a language in front of the text, which is dropped."""
    assert ussd(text, dcs) == expected


ALPHABETS = {0x00, 0x01, 0x03, 0x04, 0x05, 0x06}
"""The upper octets of Latin, Greek, Cyrillic, Hebrew and Arabic."""


def letter_of(upper: int, lower: Iterable[int] = range(256)) -> str:
    """The first letter, if there is one, of those with this upper octet that is not in the default alphabet."""
    letters = (chr(upper << 8 | octet) for octet in lower)
    return next((letter for letter in letters if letter.isalpha() and not gsm7.is_encodable(letter)), "")


def test_d42_letters_of_a_few_alphabets_are_those_of_utf_16() -> None:
    """Under GSM 7-bit, where they stand in up to two of six rows of 256; digits of other rows are packed septets."""
    for upper in range(256):
        text = letter_of(upper) * 2
        if text:
            found = ussd(text.encode("utf-16-be").hex(), 0x0F)
            assert (found == text) == (upper in ALPHABETS), hex(upper)
    for uppers, is_text in (((0x01, 0x04), True), ((0x01, 0x04, 0x05), False), ((0x04, 0x21), False)):
        text = "".join(map(letter_of, uppers))
        assert (ussd(text.encode("utf-16-be").hex(), 0x0F) == text) is is_text
    for text in ("ж\0", "ж\ufffe", "ж\ue000"):
        assert ussd(text.encode("utf-16-be").hex(), 0x0F) != text
    for text in ("ж\n", "ж\r\n", "ж\t", "ж 1,", "ж+"):
        assert ussd(text.encode("utf-16-be").hex(), 0x0F) == text
    assert ussd("0436043", 0x0F) == "0436043"
    assert ussd("043604", 0x0F) != "ж"


def test_decimal_digits_are_utf_16_of_a_few_alphabets_alone() -> None:
    """In text mode a number stays one, unless its octets are letters of one of the six rows; other digits may be."""
    decimal = [10 * tens + ones + 6 * tens for tens in range(10) for ones in range(10)]
    for upper in decimal:
        text = letter_of(upper, decimal)
        if text:
            (entry,) = read(f'+CMT: "+1",,\n{text.encode("utf-16-be").hex()}\n')
            assert isinstance(entry.value, TextMessage)
            assert (entry.value.text == text) == (upper in ALPHABETS), hex(upper)
    for text in ("中文字", "ᚠᚡ", "ﭏ"):
        (entry,) = read(f'+CMT: "+1",,\n{text.encode("utf-16-be").hex()}\n')
        assert isinstance(entry.value, TextMessage)
        assert (entry.value.text == text) == (not text.encode("utf-16-be").hex().isdecimal())
