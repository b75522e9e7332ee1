"""Flags and numbers of the wrong kind: a flag is true or false, and anything but a whole number is refused by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

import smscodec
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
    explain,
    gsm7,
    measure,
    measure_many,
    segment,
    segment_data,
    septets,
    ucs2,
)
from smscodec.batch import segment_many
from smscodec.dcs import DataCodingScheme, IndicationType
from smscodec.tables import SINGLE_SHIFT, UNDEFINED, permitted_languages


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


@pytest.mark.parametrize("call", [ucs2.encode, ucs2.unit_length, count_segments, measure, segment, detect, gsm7.encode])
def test_text_is_str(call: Callable[[Any], object]) -> None:
    """Anything but a str is a TypeError in every function that takes text."""
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
    """A whole number of another type is refused with the cure, int(); members of enumerations are ints."""
    for call in (lambda number: segment("a" * 161, reference=number), lambda number: Concatenation(number, 2, 1)):
        with pytest.raises(FieldError, match=r"expected a whole number .*; convert this Index with int\(\)"):
            call(Index())
        assert call(5) == call(NationalLanguage(5))


@pytest.mark.parametrize("language", NationalLanguage)
def test_a_language_goes_by_its_names_too(language: NationalLanguage) -> None:
    """The enumeration, the name and the ISO 639-1 code in any case, alone or among others, permit the same language."""
    codes = ["-", "tr", "es", "pt", "bn", "gu", "hi", "kn", "ml", "or", "pa", "ta", "te", "ur"]
    names = [language.name, language.name.title(), language.name.lower()]
    names += [codes[language], codes[language].upper()] if language else []
    text = "".join(sorted(set(SINGLE_SHIFT[language]) - {UNDEFINED}))[:30] * 9
    expected = measure(text, languages=[language])
    spellings: list[Any] = [language, *names]
    for name in spellings:
        for languages in (name, [name], (name, name), iter([name]), {name}, permitted_languages(name)):
            assert expected == measure(text, languages=languages)
    assert expected == segment(text, languages=names[0]).measurement
    assert expected == explain(text, languages=names[-1]).measurement
    assert expected[:3] == measure_many([text], languages=names[-1])[0]
    assert [expected] == [message.measurement for message in segment_many([text], languages=iter(names))]
    assert expected.alphabet == detect(text, languages=names[0])


def test_all_languages_are_permitted_by_one_word() -> None:
    """ "all" in any case permits what the whole enumeration permits, alone or in a list."""
    for text in ("ş" * 71, "Á" * 100, "\N{DEVANAGARI LETTER A}" * 150):
        expected = measure(text, languages=list(NationalLanguage))
        assert expected == measure(text, languages="all") == measure(text, languages=["ALL"])


@pytest.mark.parametrize(
    "wrong",
    ["", "klingon", "xx", 14, -1, True, 1.0, None, ["tr", "xx"], [None], [b"tr"], [["tr"]], 5, 0, [5], {0}, b"tr"],
)
def test_a_language_without_tables_is_refused(wrong: Any) -> None:
    """What names no language is FieldError that lists those that there are, whatever the text and the alphabet."""
    for text, alphabet in (("a", None), ("ж" * 100, None), ("a", "gsm7"), ("a", "ucs2"), ("ж", "ucs2")):
        with pytest.raises(FieldError, match=r"languages among turkish, .*got") as caught:
            measure(text, languages=wrong, alphabet=alphabet)
        assert caught.value.field == "languages"


def test_an_alphabet_goes_by_its_name_too() -> None:
    """ "gsm7" and "ucs2" in any case force what the enumeration forces, and other words are refused."""
    for text in ("hello", "ж", "€" * 100):
        for name in ("ucs2", "UCS2"):
            assert measure(text, alphabet=Alphabet.UCS2) == measure(text, alphabet=name)
            assert measure_many([text], alphabet=Alphabet.UCS2) == measure_many([text], alphabet=name)
    for name in ("gsm7", "GSM7", "GSM_7BIT"):
        assert segment("€" * 100, alphabet=Alphabet.GSM_7BIT) == segment("€" * 100, alphabet=name)
    wrongs: list[Any] = ["8bit", "DATA_8BIT", Alphabet.DATA_8BIT, "", 7, 0, 2, 2.0, True, [], "latin-1"]
    for wrong in wrongs:
        with pytest.raises(FieldError, match="GSM_7BIT"):
            measure("a", alphabet=wrong)


def test_text_is_no_data() -> None:
    """``segment_data`` refuses text with a word on what takes it."""
    for wrong in ("abc", 7, None):
        with pytest.raises(FieldError, match=r"expected octets, such as bytes, got \w+; segment\(\) takes text"):
            segment_data(wrong)  # type: ignore[arg-type]  # the wrong value is the point


def test_dir_lists_the_public_names() -> None:
    """Completion shows what ``__all__`` has, what is loaded later among it, and each can be had."""
    assert sorted(smscodec.__all__) == dir(smscodec)
    assert all(hasattr(smscodec, name) for name in smscodec.__all__)


def test_permitted_languages_may_come_in_any_iterable() -> None:
    """A tuple, a list, a set, the enumeration itself and an iterator permit the same languages, time after time."""
    text = "ş" * 100
    expected = measure(text, languages=(NationalLanguage.TURKISH,))
    for _ in range(2):
        turkish = [NationalLanguage.TURKISH]
        for languages in (turkish, set(turkish), iter(turkish)):
            assert expected == measure(text, languages=languages)
        assert expected == measure(text, languages=NationalLanguage)


def test_a_missing_extra_shows_with_the_first_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for clusters without the package that knows them fails for short texts too, not first in production."""
    monkeypatch.setitem(sys.modules, "regex", None)
    with pytest.raises(MissingExtraError) as caught:
        segment("a", boundary="grapheme")
    assert caught.value.extra == "grapheme"
