"""Flags and numbers of the wrong kind: a flag is true or false, and what is no whole number is refused by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from smscodec import (
    Alphabet,
    ApplicationPort,
    Concatenation,
    FieldError,
    MissingExtraError,
    NationalLanguage,
    ShiftTables,
    SpecialMessageIndication,
    UserDataHeader,
    count_segments,
    detect,
    gsm7,
    measure,
    segment,
    septets,
    ucs2,
)
from smscodec.dcs import DataCodingScheme, IndicationType


@pytest.mark.parametrize("truthy", [2, "yes", 0.5])
def test_flags_are_read_for_their_truth(truthy: Any) -> None:
    """Any true value is the flag set, and nothing more: no arithmetic reaches the octets."""
    expected = segment("a" * 400, wide_reference=True, reference=1)
    assert expected == segment("a" * 400, wide_reference=truthy, reference=1)
    assert measure("a" * 400, wide_reference=True) == measure("a" * 400, wide_reference=truthy)
    for element in (Concatenation(1, 2, 1, wide=truthy), ApplicationPort(1, 2, wide=truthy)):
        header = UserDataHeader([element])
        assert header == UserDataHeader.from_bytes(header.to_bytes(), strict=True)
    assert SpecialMessageIndication(IndicationType.FAX, 1, store=truthy).data == b"\x81\x01"
    assert DataCodingScheme.general(Alphabet.UCS2, compressed=truthy).octet == 0x28


def counted(text: str) -> int:
    """The segments of a text by the backend in force: its function is looked up at each call."""
    return count_segments(text)


@pytest.mark.parametrize("call", [ucs2.encode, ucs2.unit_length, counted, measure, segment, detect, gsm7.encode])
def test_text_is_str(call: Callable[[Any], object]) -> None:
    """What is no str is TypeError in all that take text."""
    for wrong in (None, b"abc", 7):
        with pytest.raises(TypeError):
            call(wrong)


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("octet", lambda: DataCodingScheme(1.5)),  # type: ignore[arg-type]  # the test is about wrong types
    ("octet", lambda: DataCodingScheme("1")),  # type: ignore[arg-type]  # the test is about wrong types
    ("languages", lambda: measure("a", languages=[1.0])),  # type: ignore[list-item]  # the test is about wrong types
    ("languages", lambda: measure("a", languages=[[1]])),  # type: ignore[list-item]  # the test is about wrong types
    ("boundary", lambda: segment("a", boundary=[])),  # type: ignore[arg-type]  # the test is about wrong types
    ("locking", lambda: ShiftTables([])),  # type: ignore[arg-type]  # the test is about wrong types
    ("septet_count", lambda: septets.octet_length(1.5)),  # type: ignore[arg-type]  # the test is about wrong types
    ("septet_count", lambda: septets.unpack(b"abc", 1.5)),  # type: ignore[arg-type]  # the test is about wrong types
    ("fill_bits", lambda: septets.unpack(b"abc", 0, fill_bits=7)),
    ("header_octets", lambda: septets.fill_bits_after(-1)),
    ("sequence", lambda: Concatenation(1, 2, 1.0)),  # type: ignore[arg-type]  # the test is about wrong types
]


@pytest.mark.parametrize(("field", "call"), REFUSED)
def test_impossible_values_are_field_errors(field: str, call: Callable[[], object]) -> None:
    """A value of the wrong kind is FieldError with the field's name, not an accident further on."""
    with pytest.raises(FieldError) as caught:
        call()
    assert caught.value.field == field


class Index:
    """A whole number of another library, as numpy has them."""

    def __index__(self) -> int:
        """Five."""
        return 5


def test_numbers_of_other_libraries_are_told_what_to_do() -> None:
    """A number that is no int is refused, but not for being no whole number; members of enumerations are ints."""
    for call in (lambda number: segment("a" * 161, reference=number), lambda number: Concatenation(number, 2, 1)):
        with pytest.raises(FieldError, match=r"Index is not int, which int\(\) makes of it"):
            call(Index())
        assert call(5) == call(NationalLanguage(5))


def test_permitted_languages_may_come_in_any_iterable() -> None:
    """A tuple, a list, a set, the enumeration itself and an iterator permit the same languages, time after time."""
    text = "ş" * 100
    expected = measure(text, languages=(NationalLanguage.TURKISH,))
    for _ in range(2):
        turkish = [NationalLanguage.TURKISH]
        for languages in (turkish, set(turkish), iter(turkish), (1,)):
            assert expected == measure(text, languages=languages)  # type: ignore[arg-type]  # plain numbers do too
        assert expected == measure(text, languages=NationalLanguage)


def test_a_missing_extra_shows_with_the_first_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for clusters without the package that knows them fails for short texts too, not first in production."""
    monkeypatch.setitem(sys.modules, "regex", None)
    with pytest.raises(MissingExtraError) as caught:
        segment("a", boundary="grapheme")
    assert caught.value.extra == "grapheme"
