"""What best fit tells at a glance holds when every cluster is looked at (decision D35)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7
from smscodec.testing import strategies
from smscodec.transliteration import transliterate
from smscodec.transliteration._best_fit import (
    Allowance,
    best_fit,
    clusters_that_may_change,
    clusters_to_mend,
    outlook,
)

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


@pytest.mark.exhaustive
def test_outlooks_hold() -> None:
    """Beside a letter that stays, no fewer code units are left than was foreseen, and what stays is left alone."""
    for character in LACKING:
        stays, septets, units = outlook(character)
        put_in = transliterate(f"中 {character} 中")[2:-2]
        assert units <= len(put_in.encode("utf-16-le")) // 2, f"U+{ord(character):04X}"
        assert not (stays and septets)
        if stays:
            assert character in put_in, f"U+{ord(character):04X}"
        if septets:
            assert septets == gsm7.septet_length(put_in), f"U+{ord(character):04X}"


OUTLOOKS = {character: outlook(character) for character in LACKING}
PLAIN = [character for character in LACKING if OUTLOOKS[character].septets]
UNSURE = [character for character in LACKING if not (OUTLOOKS[character].stays or OUTLOOKS[character].septets)]


@given(st.lists(st.sampled_from([*"aBé9 €", *PLAIN]), max_size=40))
def test_what_is_always_replaced_costs_what_is_foreseen(characters: list[str]) -> None:
    """A text of the alphabet and such characters costs the sum, once it is mended."""
    foreseen = sum(OUTLOOKS[one].septets if one in OUTLOOKS else gsm7.septet_length(one) for one in characters)
    assert foreseen == gsm7.septet_length(transliterate("".join(characters)))


@given(
    st.lists(st.sampled_from([*"aBé9 €e=", *TROUBLE, *UNSURE]) | st.sampled_from(LACKING), max_size=30), st.text("中ж")
)
def test_a_text_that_stays_keeps_the_code_units_that_are_foreseen(characters: list[str], end: str) -> None:
    """With one character that stays the text is in UCS-2 once it is mended, and as long as the sum or longer."""
    text = "".join([*characters, end, "中"])
    fewest = sum(outlook(one).units if not gsm7.is_encodable(one) else 1 for one in text)
    mended = transliterate(text)
    assert not gsm7.is_encodable(mended)
    assert fewest <= len(mended.encode("utf-16-le")) // 2
