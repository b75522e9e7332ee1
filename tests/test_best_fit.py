"""What best fit tells at a glance holds when every cluster is looked at (decision D35)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7
from smscodec._best_fit import (
    Allowance,
    Outlook,
    as_costly,
    best_fit,
    clusters_that_may_change,
    clusters_to_mend,
    outlook,
)
from smscodec.testing import strategies
from smscodec.transliteration import transliterate

TROUBLE = (
    "ae2= ’…\u200b²½жохç😀❤™👩αβμKﬁ\u0301\u0338\u20e3\ufe0f\u200d\u200e\U0001f3fd\u0600שक\u093c\u0947ก\u0e33🇺🇦ᄀ가"
)
texts = st.one_of(st.text(st.sampled_from(TROUBLE), max_size=40), strategies.texts())
ALLOWANCES = [Allowance(directions, strays) for directions in (False, True) for strays in (False, True)]
# Of the Chinese and Korean letters, which are all alike, a few.
POINTS = (
    *range(0x3500),
    *range(0xAB00, 0xAC99),
    *range(0xF900, 0x10A00),
    *range(0x1D100, 0x1D200),
    *range(0x1F000, 0x1FB00),
)
LACKING = [chr(point) for point in POINTS if not gsm7.is_encodable(chr(point))]


@pytest.mark.parametrize("allowance", ALLOWANCES)
@given(texts)
def test_no_cluster_that_changes_is_overlooked(allowance: Allowance, text: str) -> None:
    """The clusters with a fit are the same, whether all are looked at or those that may change."""
    every = [(start, end, best_fit(text[start:end], allowance)) for start, end in clusters_to_mend(text)]
    some = [
        (start, end, best_fit(text[start:end], allowance)) for start, end in clusters_that_may_change(text, allowance)
    ]
    assert [found for found in every if found[2]] == [found for found in some if found[2]]


def test_what_composes_with_a_fit_has_one_without_its_mark() -> None:
    """A letter that has no fit gets none by a mark: what a mark is on decides first."""
    every = Allowance(True, True)
    for character in LACKING:
        apart = unicodedata.normalize("NFD", character)
        if apart != character and best_fit(character, every):
            assert gsm7.is_encodable(apart[0]) or best_fit(apart[0], every), f"U+{ord(character):04X}"


def test_outlooks_hold() -> None:
    """Beside a letter that stays, what is replaced goes for no fewer code units, and what stays is left alone."""
    for character in LACKING:
        mended = transliterate(f"中 {character} 中")
        foreseen = outlook(character)
        if foreseen is Outlook.REPLACED:
            put_in = mended[2:-2]
            assert gsm7.is_encodable(put_in), f"U+{ord(character):04X}"
            assert len(put_in) >= len(character.encode("utf-16-le")) // 2
        elif foreseen in {Outlook.STAYS, Outlook.STAYS_ON_ITS_BASE, Outlook.STRAY}:
            assert character in mended, f"U+{ord(character):04X}"


REPLACED = [one for one in LACKING[:8_000] if outlook(one) is Outlook.REPLACED and as_costly(one) is not None]


@given(st.lists(st.sampled_from([*"aBé9 €", *REPLACED]), max_size=40))
def test_what_stands_for_a_replacement_costs_as_much(characters: list[str]) -> None:
    """A text of nothing but such characters costs the same, mended or with what stands for them."""
    text = "".join(characters)
    assert gsm7.septet_length(transliterate(text)) == gsm7.septet_length("".join(as_costly(one) or one for one in text))
