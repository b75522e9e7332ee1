"""Limits of an octet, at 255 and beyond, and other small things that a mutant once got past."""

from __future__ import annotations

from typing import Any

import pytest

from smscodec import FieldError, NationalLanguage, OpaqueElement, ShiftTables, UserDataHeader
from smscodec.codec import codec_info
from smscodec.smpp import ShortMessage, decode_short_message


def test_an_element_holds_255_octets_at_most() -> None:
    """An element of 255 octets can be made, though no header has room for it; one of 256 cannot."""
    assert len(OpaqueElement(0xC0, bytes(255)).data) == 255
    with pytest.raises(FieldError) as caught:
        OpaqueElement(0xC0, bytes(256))
    assert caught.value.field == "data"
    assert UserDataHeader([OpaqueElement(0xC0, bytes(253))]).octet_length == 256


@pytest.mark.parametrize("value", [0, 255])
def test_the_fields_of_a_short_message_are_octets(value: int) -> None:
    """data_coding and esm_class may be any octet."""
    message = ShortMessage(data_coding=value, esm_class=value, short_message=b"\x00")
    assert (message.data_coding, message.esm_class) == (value, value)


@pytest.mark.parametrize("field", ["data_coding", "esm_class"])
@pytest.mark.parametrize("value", [-1, 256])
def test_the_fields_of_a_short_message_are_no_more_than_octets(field: str, value: int) -> None:
    """What is not an octet is refused by its name, when written and when read."""
    values: dict[str, Any] = {"data_coding": 0, "esm_class": 0, field: value}
    with pytest.raises(FieldError) as caught:
        ShortMessage(**values, short_message=b"")
    assert caught.value.field == field
    with pytest.raises(FieldError) as caught:
        decode_short_message(**values, short_message=b"")
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("locking", "single", "name"),
    [
        (NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, "gsm0338"),
        (NationalLanguage.TURKISH, NationalLanguage.TURKISH, "gsm0338-turkish"),
        (NationalLanguage.DEFAULT, NationalLanguage.SPANISH, "gsm0338-spanish"),
        (NationalLanguage.TURKISH, NationalLanguage.SPANISH, "gsm0338-turkish-spanish"),
        (NationalLanguage.TURKISH, NationalLanguage.DEFAULT, "gsm0338-turkish-default"),
        (NationalLanguage.DEFAULT, NationalLanguage.TURKISH, "gsm0338-default-turkish"),
    ],
)
def test_a_codec_is_named_after_its_tables(locking: NationalLanguage, single: NationalLanguage, name: str) -> None:
    """One language names a pair that is its own; any other pair is named by both, locking first."""
    assert codec_info(ShiftTables(locking=locking, single=single)).name == name
