"""What best fit tells at a glance holds when every cluster is looked at (decision D35)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7, ucs2
from smscodec.testing import strategies
from smscodec.transliteration import transliterate
from smscodec.transliteration._best_fit import (
    Allowance,
    Fit,
    Stage,
    _composed,
    best_fit,
    clusters_that_may_change,
    clusters_to_replace,
    greek_as_latin,
    is_emoji,
    outlook,
)

TROUBLE = (
    "ae2= ’…\u200b²½жохç😀❤™👩αβμKﬁ\u0301\u0338\u20e3\ufe0f\u200d\u200e\U0001f3fd\u0600שक\u093c\u0947ก\u0e33🇺🇦ᄀ가"
)
texts = st.one_of(st.text(st.sampled_from(TROUBLE), max_size=40), strategies.texts())
ALLOWANCES = [
    Allowance(stage, directions, strays) for stage in Stage for directions, strays in ((False, False), (True, True))
]
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
    every = [(start, end, best_fit(text[start:end], allowance)) for start, end in clusters_to_replace(text)]
    some = [
        (start, end, best_fit(text[start:end], allowance)) for start, end in clusters_that_may_change(text, allowance)
    ]
    assert [found for found in every if found[2]] == [found for found in some if found[2]]


def test_what_composes_with_a_fit_has_one_without_its_mark() -> None:
    """A letter that has no fit gets none by a mark: what a mark is on decides first."""
    every = Allowance(Stage.LOOK_ALIKES, True, True)
    for character in LACKING:
        apart = unicodedata.normalize("NFD", character)
        if apart != character and best_fit(character, every):
            assert gsm7.is_encodable(apart[0]) or best_fit(apart[0], every), f"U+{ord(character):04X}"


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("🇦🇿🇿🇦", [(0, 2), (2, 4)]),
        ("🇦🇿🇿", [(0, 2), (2, 3)]),
        ("\U0001f1e5🇦", [(0, 1), (1, 2)]),
        ("🇿\U0001f200", [(0, 1), (1, 2)]),
        ("e\u0301\u0323ж", [(0, 3), (3, 4)]),
        ("\u0600é1\u0301", [(0, 2), (2, 4)]),
    ],
)
def test_clusters(text: str, clusters: list[tuple[int, int]]) -> None:
    """Two regional indicators are one, from the first of 26 to the last; a sign belongs to what it is before."""
    assert list(clusters_to_replace(text)) == clusters


def test_so_many_characters_are_composed() -> None:
    """The 32nd character of a cluster composes with the one before it, and the 33rd does not."""
    for length, composed in ((32, "é"), (33, "e\u0301")):
        begin = "x" * (length - 2)
        assert _composed(f"{begin}e\u0301") == begin + composed


@pytest.mark.exhaustive
def test_outlooks_hold() -> None:
    """What is never replaced stays beside any letters; what is replaced leaves no fewer code units than foreseen."""
    for character in LACKING:
        seen = outlook(character, Stage.EMOJI)
        if seen.extends:
            continue
        text = f"中 {character} 中"
        left = transliterate(text, through=Stage.EMOJI)
        assert seen.changes or left == text, f"U+{ord(character):04X}"
        assert ucs2.unit_length(text) - seen.shrinks <= ucs2.unit_length(left), f"U+{ord(character):04X}"


def alone(characters: Iterable[str]) -> dict[str, Fit | None]:
    """Those of the characters that are said to stand alone, each with its fit."""
    outlooks = ((character, outlook(character, Stage.LOOK_ALIKES)) for character in characters)
    return {character: seen.fit for character, seen in outlooks if seen.alone}


def replaced_alone(text: str, through: Stage) -> str:
    """The text with what stands alone replaced character by character, in the stages up to one."""
    fits = alone(character for character in set(text) if not gsm7.is_encodable(character))
    chosen = ((character, fits.get(character)) for character in text)
    return "".join(fit.text if fit and fit.stage <= through else character for character, fit in chosen)


@pytest.mark.exhaustive
def test_what_stands_alone_becomes_the_same_everywhere() -> None:
    """A character that is said to stand alone has one replacement, beside digits, letters and itself."""
    for character in alone(LACKING):
        text = f"{character}{character}1{character}1{character} a{character}a{character}é"
        if greek_as_latin(text) == text:
            assert transliterate(text) == replaced_alone(text, Stage.LOOK_ALIKES), f"U+{ord(character):04X}"


@pytest.mark.parametrize("character", [*"\u0301\ufe0f\u200d\u200e\u0600", "\U0001f3fd"], ids=ascii)
def test_what_extends_another_stands_nowhere_alone(character: str) -> None:
    """What becomes of a mark, a joiner or a skin tone depends on what it is on."""
    seen = outlook(character, Stage.LOOK_ALIKES)
    assert (seen.extends, seen.alone, seen.fit) == (True, False, None)


SOME = [*alone(character for character in LACKING if character < "\u0260" or "\u2000" <= character < "\u2200")]


@given(st.text(st.sampled_from([*SOME, *"жσΣ中"]) | st.sampled_from("1 2a.é\nΣ")))
def test_what_stands_alone_is_replaced_one_by_one(text: str) -> None:
    """What each stage makes of a text of such characters is the text with those of the stages so far replaced."""
    if greek_as_latin(text) == text:
        for stage in Stage:
            if stage < Stage.EMOJI:
                assert transliterate(text, through=stage) == replaced_alone(text, stage)


EMOJI = regex.compile(r"[\p{Emoji}--[#*0-9©®]]", regex.V1)


def test_emoji_are_those_of_unicode() -> None:
    """What Unicode calls Emoji is one here, the digits and the signs of Latin-1 excepted, and nothing else assigned."""
    characters = [chr(point) for point in range(0x20000) if not 0xD800 <= point < 0xE000]
    ours = {character for character in characters if is_emoji(character)}
    assert {character for character in characters if EMOJI.match(character)} <= ours
    assert all(EMOJI.match(character) or "\U0001fa70" <= character <= "\U0001faff" for character in ours)
