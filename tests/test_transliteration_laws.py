"""The laws of best fit: idempotent, faithful to its report, and by whole clusters only.

Clusters are judged by the ``regex`` package's ``\\X``, which the code under test does not use.

Reference: Unicode Standard Annex 29; decision D35
"""

from __future__ import annotations

import copy
import pickle
import unicodedata

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from smscodec import gsm7
from smscodec.testing import strategies
from smscodec.transliteration import Replacement, Transliteration, transliterate, transliteration

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

PIECES = [
    *"aZ @é€[1½²₂⁻①５\n\r",
    *"“’–…\u00a0\u2003\u200b\ufeff\u00ad\u200d\u200c\u200e\u200f\u2028\ufe0f",
    *"ｅ２ﬁ™№㎍µμgΩ",
    *"çőếǚłœßþéαώςѓ",
    *"\u0301\u0308\u0323\u0338\u20e3\u20e0\u093f\u094d\u0e33\uff9e",
    *"жСоשس\u0600क가漢¬`\x1b\x00©≠",
    "\U0001f44d",
    "\U0001f3fd",
    "\U0001f1e9",
    "\U0001f642",
    "\u2194\ufe0f",
    FAMILY,
]
"""Characters that each step replaces, that none can, and that extend, join or precede a character."""


def awkward_texts() -> st.SearchStrategy[str]:
    """Any text, and texts in which replaceable characters stand close to others."""
    return st.one_of(strategies.texts(), st.lists(st.sampled_from(PIECES)).map("".join))


def applied(text: str, replacements: tuple[Replacement, ...]) -> str:
    """The text after the replacements, made one by one from the last to the first."""
    for change in reversed(replacements):
        end = change.index + len(change.original)
        assert change.original == text[change.index : end]
        text = text[: change.index] + change.replacement + text[end:]
    return text


def changed_clusters(text: str, replacements: tuple[Replacement, ...]) -> list[str]:
    """What became of each run of clusters of Annex 29 that a replacement touches."""
    became = []
    clusters = [match.span() for match in regex.finditer(r"\X", text)]
    for change in replacements:
        first, last = change.index, change.index + len(change.original)
        touched = [(start, end) for start, end in clusters if start < last and end > first]
        start, end = touched[0][0], touched[-1][1]
        inside = tuple(
            Replacement(other.index - start, other.original, other.replacement, other.stage)
            for other in replacements
            if start <= other.index and other.index + len(other.original) <= end
        )
        became.append(applied(text[start:end], inside))
    return became


@given(strategies.gsm_texts())
def test_encodable_text_is_unchanged(text: str) -> None:
    """Without a map, text that the default alphabet holds comes back with no replacement."""
    assert Transliteration(text, ()) == transliteration(text)


@given(awkward_texts())
def test_transliterating_twice_changes_nothing_more(text: str) -> None:
    """Best fit is idempotent."""
    once = transliterate(text)
    assert Transliteration(once, ()) == transliteration(once)


@given(awkward_texts(), st.booleans())
def test_the_report_leads_from_the_text_to_the_result(text: str, with_map: bool) -> None:
    """The replacements lie in order, without overlap, each changes something, and together they give the result."""
    own = {"a": "b", "ж": "“zh", "€5": "", FAMILY: "family"} if with_map else None
    result = transliteration(text, replacements=own)
    ends = [change.index + len(change.original) for change in result.replacements]
    assert all(end <= change.index for end, change in zip(ends, result.replacements[1:], strict=False))
    assert all(change.original and change.original != change.replacement for change in result.replacements)
    assert result.text == applied(text, result.replacements)
    assert result.text == transliterate(text, replacements=own)


@given(awkward_texts())
def test_a_map_whose_keys_do_not_occur_changes_nothing(text: str) -> None:
    """Texts of a script that is left alone are told at a glance, which must say what looking closely says."""
    assert transliteration(text) == transliteration(text, replacements={f"{text}x": "y"})


@given(awkward_texts(), st.booleans())
def test_every_changed_cluster_is_wholly_encodable(text: str, with_map: bool) -> None:
    """No cluster of Annex 29 that a replacement touches keeps a character outside the default alphabet."""
    own = {"a": "b", "\U0001f44d": "+1", "ж": "zh“", "漢": "字"} if with_map else None
    # A code point that this Python does not know yet has no properties that could be looked up.
    text = "".join(character for character in text if unicodedata.category(character) != "Cn")
    result = transliteration(text, replacements=own)
    assert [became for became in changed_clusters(text, result.replacements) if not gsm7.is_encodable(became)] == []


@given(
    awkward_texts(),
    st.dictionaries(
        st.one_of(st.sampled_from(PIECES), st.characters(exclude_categories=["Cs"])).filter(
            lambda key: len(key) == 1 and not gsm7.is_encodable(key)
        ),
        st.one_of(strategies.gsm_texts(), st.lists(st.sampled_from(PIECES), max_size=3).map("".join)),
        max_size=5,
    ),
)
def test_a_map_of_single_foreign_characters_is_idempotent(text: str, own: dict[str, str]) -> None:
    """With keys of one character outside the alphabet, whatever they give, the second time changes nothing."""
    once = transliterate(text, replacements=own)
    assert Transliteration(once, ()) == transliteration(once, replacements=own)


@st.composite
def maps_over(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A text and a map whose keys are pieces of it, and whose values are of other pieces."""
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20))
    kept = draw(st.sets(st.sampled_from(PIECES), min_size=1, max_size=8))
    keys = st.sampled_from([piece for piece in pieces if piece not in kept] or ["ж"])
    values = st.lists(st.sampled_from(sorted(kept)), max_size=3).map("".join)
    return "".join(pieces), draw(st.dictionaries(keys, values, min_size=1, max_size=4))


@given(maps_over())
def test_a_map_none_of_whose_keys_is_left_is_idempotent(case: tuple[str, dict[str, str]]) -> None:
    """If no key occurs in the result, the second time changes nothing."""
    text, own = case
    once = transliterate(text, replacements=own)
    assume(not any(key in once for key in own))
    assert Transliteration(once, ()) == transliteration(once, replacements=own)


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(range(0x0000, 0x3400), id="alphabets and symbols"),
        pytest.param(range(0xA000, 0xAC00), id="extended Latin"),
        pytest.param(range(0xF900, 0x11000), id="presentation forms"),
        pytest.param(range(0x1D400, 0x1D800), id="mathematical alphabets"),
        pytest.param(range(0x1F000, 0x1FC00), id="enclosed letters and emoji"),
        pytest.param(range(0xE0000, 0xE0200), id="tags and selectors"),
    ],
)
def test_a_character_alone_is_mended_wholly_or_not_at_all(points: range) -> None:
    """Every character by itself gives itself or encodable text, which never has a code point of another kind."""
    wrong = []
    for character in map(chr, points):
        fitted = transliterate(character)
        if fitted != character and not gsm7.is_encodable(fitted):
            wrong.append(character)
    assert wrong == []


def test_every_letter_of_europe_has_a_fit() -> None:
    """No letter of Latin-1, Latin Extended-A, Romanian and modern Greek is left outside the alphabet."""
    letters = [chr(point) for point in [*range(0xC0, 0x180), *range(0x218, 0x21C), *range(0x386, 0x3CF)]]
    assigned = [letter for letter in letters if unicodedata.category(letter).startswith("L")]
    assert [letter for letter in assigned if not gsm7.is_encodable(transliterate(letter))] == []


@given(awkward_texts())
def test_a_transliteration_survives_pickle_and_copy(text: str) -> None:
    """The value and all that it holds come back equal, and ``as_dict()`` has its fields by their names."""
    result = transliteration(text)
    assert result.as_dict() == {"text": result.text, "replacements": [one.as_dict() for one in result.replacements]}
    assert result == pickle.loads(pickle.dumps(result))
    assert result == copy.deepcopy(result)
