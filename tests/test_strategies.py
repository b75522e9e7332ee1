"""The Hypothesis strategies keep what they promise, and say what to install where Hypothesis is missing."""

from __future__ import annotations

import itertools
import sys
from typing import TypeVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smscodec import count_segments, measure, segment
from smscodec.dcs import Alphabet
from smscodec.errors import MissingExtraError
from smscodec.tables import DEFAULT_TABLES, LOCKING_SHIFT, NationalLanguage, ShiftTables
from smscodec.testing import strategies, tpdus
from smscodec.udh import (
    ApplicationPort,
    Concatenation,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    UserDataHeader,
)
from smscodec.userdata import UserData
from tests import reference
from tests.importing import anew

SURROGATES = range(0xD800, 0xE000)
T = TypeVar("T")


def test_every_public_strategy_is_listed_and_documented() -> None:
    """``__all__`` names functions with a docstring, in the plural, without a default that must be given."""
    assert sorted(strategies.__all__) == strategies.__all__
    for name in strategies.__all__:
        assert getattr(strategies, name).__doc__, name
        assert isinstance(getattr(strategies, name)(), st.SearchStrategy)


@pytest.mark.parametrize("module", ["smscodec.testing.strategies", "smscodec.testing.tpdus"])
def test_without_hypothesis_the_extra_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Hypothesis is not installed, importing strategies raises MissingExtraError for ``testing``."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(MissingExtraError, match=f"^{module} ") as caught:
        anew(module)
    assert caught.value.extra == "testing"


@given(strategies.texts())
def test_texts_have_no_surrogates(text: str) -> None:
    """Every text can be sent as UTF-16."""
    assert not any(ord(character) in SURROGATES for character in text)


@given(strategies.texts_with_surrogates())
def test_texts_with_surrogates_have_lone_ones_only(text: str) -> None:
    """There is a surrogate, and no two stand so that they would be one character."""
    assert any(ord(character) in SURROGATES for character in text)
    for first, second in itertools.pairwise(text):
        assert not ("\ud800" <= first <= "\udbff" and "\udc00" <= second <= "\udfff")


@given(strategies.shift_tables().flatmap(lambda tables: st.tuples(st.just(tables), strategies.gsm_texts(tables))))
def test_gsm_texts_fit_their_tables(drawn: tuple[ShiftTables, str]) -> None:
    """Every character is in one of the two tables."""
    tables, text = drawn
    assert None not in [reference.septet_cost(each, (tables.locking, tables.single)) for each in text]


@given(strategies.septets(max_size=20), strategies.octets(max_size=5))
def test_sizes_and_ranges(septets: bytes, octets: bytes) -> None:
    """Septets stay below 0x80, and both stay within their greatest size."""
    assert septets.isascii()
    assert len(septets) <= 20
    assert len(octets) <= 5


@given(strategies.headers(max_octets=30), strategies.caller_headers(), strategies.user_data())
def test_headers_leave_room(header: UserDataHeader, caller: UserDataHeader, user_data: UserData) -> None:
    """Headers keep their greatest size, the caller's have nothing that segmenting adds, user data fit a TP-UD."""
    assert header.octet_length <= 30
    assert caller.octet_length <= 100
    added = (Concatenation, NationalLanguageSingleShift, NationalLanguageLockingShift)
    assert not any(isinstance(element, added) for element in caller.elements)
    assert len(user_data.to_bytes()) <= 140


@given(st.integers(0, 12).flatmap(lambda most: st.tuples(st.just(most), strategies.headers(max_octets=most))))
def test_headers_of_any_greatest_size(drawn: tuple[int, UserDataHeader]) -> None:
    """Also a greatest size that few headers or none fit is kept, by those that could not be split too."""
    most, header = drawn
    assert header.octet_length <= most


@given(strategies.national_texts())
def test_national_texts_have_letters_of_their_language(drawn: tuple[str, NationalLanguage]) -> None:
    """Each holds a letter of its language that the default alphabet lacks, and nothing that its tables lack."""
    text, language = drawn
    assert None in [reference.septet_cost(each, reference.DEFAULT) for each in text]
    pairs = [(locking, single) for locking in {0, language} & set(reference.MAIN) for single in (0, language)]
    assert all(any(reference.septet_cost(each, pair) is not None for pair in pairs) for each in text)


def drawn_from(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """Some values: so many that what comes up as often as documented is among them."""
    values = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=True, database=None)
    @given(strategy)
    def collect(value: T) -> None:
        values.append(value)

    collect()
    return values


def test_every_national_language_comes_up() -> None:
    """Each of the thirteen is drawn, alone and in both places of a pair of tables; DEFAULT not as a language."""
    thirteen = set(NationalLanguage) - {NationalLanguage.DEFAULT}
    assert thirteen == set(drawn_from(strategies.national_languages(), 200))
    pairs = drawn_from(strategies.shift_tables(), 600)
    assert set(NationalLanguage) == {pair.single for pair in pairs}
    assert set(LOCKING_SHIFT) == {pair.locking for pair in pairs}


@pytest.mark.exhaustive
def test_interesting_text_comes_up() -> None:
    """What the documentation of ``texts`` promises is drawn, and text of several segments too."""
    texts = drawn_from(strategies.texts(), 500)
    national = {character for cells in reference.MAIN.values() for character in cells.values()}
    kinds = {
        "extension": set(reference.SINGLE_CODES[0]),
        "Greek": {*"ΔΦΓΛαβγδέώς"},
        "national": national - set(reference.MAIN_CODES[0]),
        "combining or joining": {"\u0301", "\u0308", "\u200d", "\ufe0f"},
        "surrogate pairs": {"\U0001f600", "\U0001f468", "\U0001f1e9", "\U0001f44d"},
        "controls": {*map(chr, range(0x20))},
        "look-alikes": {*"ç`\u2019\u201c\u2026\u2013\u00a0"},
    }
    assert "" in texts
    for kind, characters in kinds.items():
        assert any(characters.intersection(text) for text in texts), kind
    assert any(len(text) > 306 for text in texts)


@pytest.mark.exhaustive
def test_interesting_headers_come_up() -> None:
    """Ignored, unusable and repeated elements are drawn."""
    headers = drawn_from(strategies.headers(), 300)
    elements = [header.elements for header in headers]
    assert any(header.ignored for header in headers)
    assert any(isinstance(each, OpaqueElement) and each.iei == 0x24 for header in elements for each in header)
    assert any(sum(isinstance(each, Concatenation) for each in header) > 1 for header in elements)


def cuts(text: str) -> tuple[bool, bool, bool]:
    """Whether the text has several segments, and one of them ends early before an escape pair, or a surrogate pair."""
    message = segment(text)
    gsm = message.alphabet is Alphabet.GSM_7BIT
    early = any(part.units < message.measurement.units_per_segment for part in message[:-1])
    return len(message) > 1, early and gsm, early and not gsm


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("strategy", "least"),
    [
        (strategies.texts(), (0.22, 0.02, 0.02)),
        (strategies.boundary_texts(), (0.7, 0.05, 0.1)),
        (strategies.gsm_texts(), (0.12, 0.04, 0)),
    ],
    ids=["texts", "boundary_texts", "gsm_texts"],
)
def test_pairs_stand_on_cuts(strategy: st.SearchStrategy[str], least: tuple[float, float, float]) -> None:
    """So many of the texts have several segments, an escape pair on a cut, a surrogate pair on a cut."""
    drawn = [cuts(text) for text in drawn_from(strategy, 400) if count_segments(text) <= 255]
    shares = [sum(kind) / len(drawn) for kind in zip(*drawn, strict=True)]
    assert all(share >= wanted for share, wanted in zip(shares, least, strict=True)), shares


def test_boundary_texts_end_near_boundaries() -> None:
    """A third and more are within 6 units of filling their last segment, under one of the rooms they are for."""
    near = [
        any(
            measure(text, wide_reference=wide, header=header, languages=languages).remaining <= 6
            for wide in (False, True)
            for header in (UserDataHeader(), UserDataHeader([ApplicationPort(1, 1)]))
            for languages in ((), (NationalLanguage.TURKISH, NationalLanguage.HINDI))
        )
        for text in drawn_from(strategies.boundary_texts(), 200)
    ]
    assert sum(near) / len(near) >= 0.35


@pytest.mark.exhaustive
def test_national_tables_pay_for_national_texts() -> None:
    """For two in five a table of the language takes fewer segments than anything else; every language comes up."""
    drawn = drawn_from(strategies.national_texts(), 300)
    paid = [language for text, language in drawn if measure(text, languages=[language]).tables != DEFAULT_TABLES]
    assert len(paid) / len(drawn) >= 0.4
    assert set(NationalLanguage) - {NationalLanguage.DEFAULT} == set(paid)


@pytest.mark.exhaustive
def test_large_tpdus_come_up() -> None:
    """One in twelve has 160 octets or more, the largest 164; none has more."""
    sizes = [len(tpdu.to_bytes()) for tpdu in drawn_from(tpdus.tpdus(), 200)]
    assert sum(size >= 160 for size in sizes) / len(sizes) >= 0.08
    assert max(sizes) == 164


@pytest.mark.exhaustive
def test_full_user_data_come_up() -> None:
    """User data that fill the TP-UD are drawn for every alphabet, and compressed data."""
    drawn = drawn_from(strategies.user_data(), 150)
    assert set(Alphabet) == {each.alphabet for each in drawn if len(each.to_bytes()) == 140}
    assert any(each.compressed for each in drawn)
