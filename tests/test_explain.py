"""What ``explain`` says of a text: the characters that cost, in the plan in force, and what would be cheaper.

Reference: 3GPP TS 23.038, 6.2.1; decisions D6 and D35
"""

from __future__ import annotations

import copy
import json
import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, NationalLanguage, ShiftTables, UnencodableError, explain, gsm7, measure, transliterate
from smscodec.testing import strategies
from smscodec.transliteration import Culprit, Explanation, transliteration

NATIONAL = st.lists(strategies.national_languages(), max_size=3, unique=True)


def own_maps() -> st.SearchStrategy[dict[str, str] | None]:
    """No map, or one that replaces, prolongs or drops."""
    return st.sampled_from([None, {"a": "aaa"}, {"\U0001f600": ":-)", "€": "EUR"}, {"ж": "zh", " ": ""}])


def test_ucs2_culprits_are_what_the_default_alphabet_lacks() -> None:
    """Each has its place, name, cost in code units and replacement; what costs two septets costs one unit here."""
    text = "“Hi” [€] \U0001f600 e\u0301"
    expected = (
        Culprit(0, "“", "LEFT DOUBLE QUOTATION MARK", 1, '"'),
        Culprit(3, "”", "RIGHT DOUBLE QUOTATION MARK", 1, '"'),
        Culprit(9, "\U0001f600", "GRINNING FACE", 2, None),
        Culprit(12, "\u0301", "COMBINING ACUTE ACCENT", 1, "é"),
    )
    explanation = explain(text)
    assert expected == explanation.culprits
    assert explanation.measurement == measure(text)
    assert [one.units for one in explain("\uffff\U00010000ж").culprits] == [1, 2, 1]
    assert explanation.suggestion == '"Hi" [€] \U0001f600 é'


def test_gsm_culprits_are_what_costs_two_septets() -> None:
    """In a text that is GSM 7-bit, the escaped characters are named, and nothing is suggested."""
    text = "a[€\x0c"
    expected = (
        Culprit(1, "[", "LEFT SQUARE BRACKET", 2, None),
        Culprit(2, "€", "EURO SIGN", 2, None),
        Culprit(3, "\x0c", "FORM FEED", 2, None),
    )
    assert Explanation(measure(text), expected, text, measure(text)) == explain(text)


def test_plain_text_has_no_expensive_characters() -> None:
    """A text of one septet a character explains itself."""
    for text in ("", "Hello @ $5"):
        assert Explanation(measure(text), (), text, measure(text)) == explain(text)


def test_d6_the_escape_is_named() -> None:
    """U+001B forces UCS-2, is named, and is left out of the suggestion (decision D45)."""
    explanation = explain("a\x1b[1m")
    assert explanation.measurement.alphabet is Alphabet.UCS2
    assert explanation.culprits == (Culprit(1, "\x1b", "ESCAPE", 1, ""),)
    assert explanation.suggestion == "a[1m"


def test_the_suggestion_says_what_it_saves() -> None:
    """One apostrophe in a hundred characters costs a segment, and the suggestion gives it back."""
    explanation = explain("It’s " + "a" * 95)
    assert (explanation.measurement.alphabet, explanation.measurement.segments) == (Alphabet.UCS2, 2)
    assert (explanation.suggested.alphabet, explanation.suggested.segments) == (Alphabet.GSM_7BIT, 1)
    assert explanation.suggestion == "It's " + "a" * 95


def test_a_more_expensive_suggestion_is_not_made() -> None:
    """Where the replacements would cost a segment more, the suggestion is the text itself."""
    text = "€" * 80
    explanation = explain(text, replacements={"€": "EUR"})
    assert (explanation.suggestion, explanation.suggested) == (text, explanation.measurement)
    assert explanation.culprits[0] == Culprit(0, "€", "EURO SIGN", 2, "EUR")
    assert explain("€", replacements={"€": "EUR"}).suggestion == "EUR"


def test_several_culprits_of_one_replacement_share_it() -> None:
    """The first of the characters that make way has the replacement, and the others nothing."""
    expected = [("\u201c", '"'), ("\u200b", ""), ("\u0332", ""), ("ж", None)]
    assert expected == [(culprit.character, culprit.replacement) for culprit in explain("“\u200b\u0332ж").culprits]


def test_culprits_are_those_of_a_national_plan_where_it_is_in_force() -> None:
    """Under tables that hold the text, what costs two septets there is named, and no more."""
    text = "şı[" * 30
    explanation = explain(text, languages=iter([NationalLanguage.TURKISH]))
    assert explanation.measurement == measure(text, languages=[NationalLanguage.TURKISH])
    assert explanation.measurement.tables == ShiftTables(NationalLanguage.TURKISH)
    assert [culprit.index for culprit in explanation.culprits] == [*range(2, 90, 3)]
    assert explanation.suggestion == "si[" * 30
    assert explanation.suggested == measure("si[" * 30, languages=[NationalLanguage.TURKISH])


def test_permitted_languages_that_save_nothing_leave_the_default_culprits() -> None:
    """A text that stays UCS-2 is explained against the default alphabet, whatever was permitted."""
    explanation = explain("ş" * 50, languages=[NationalLanguage.TURKISH])
    assert explanation.measurement.alphabet is Alphabet.UCS2
    assert {culprit.name for culprit in explanation.culprits} == {"LATIN SMALL LETTER S WITH CEDILLA"}
    assert len(explanation.culprits) == 50


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\t", "CHARACTER TABULATION"),
        ("\x00", "NULL"),
        ("\x7f", "DELETE"),
        ("\x85", "NEXT LINE"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\u00a0", "NO-BREAK SPACE"),
        ("漢", "CJK UNIFIED IDEOGRAPH-6F22"),
        ("가", "HANGUL SYLLABLE GA"),
        ("\ue000", "<private-use-E000>"),
        ("\ufffe", "<noncharacter-FFFE>"),
        ("\ufdd0", "<noncharacter-FDD0>"),
        ("\ufdef", "<noncharacter-FDEF>"),
        ("\U0010ffff", "<noncharacter-10FFFF>"),
        ("\U000e1000", "<reserved-E1000>"),
    ],
)
def test_every_character_has_a_name(character: str, name: str) -> None:
    """Controls have their alias, and code points without a name the label of the Unicode Standard."""
    assert [name] == [culprit.name for culprit in explain(character).culprits]


def test_aliases_of_controls_are_those_of_unicode() -> None:
    """Looking a control's name up gives the control back."""
    controls = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))]
    culprits = [culprit for control in controls for culprit in explain(control).culprits]
    assert set(controls) - {"\n", "\r"} == {culprit.character for culprit in culprits}
    assert {unicodedata.lookup(culprit.name): culprit.name for culprit in culprits} == {
        culprit.character: culprit.name for culprit in culprits
    }


@given(strategies.texts_with_surrogates(), NATIONAL)
def test_a_lone_surrogate_is_refused_at_its_place(text: str, languages: list[NationalLanguage]) -> None:
    """``explain`` raises over the first lone surrogate, as ``measure`` does."""
    with pytest.raises(UnencodableError) as expected:
        measure(text, languages=languages)
    with pytest.raises(UnencodableError) as raised:
        explain(text, languages=languages)
    assert (expected.value.start, expected.value.end) == (raised.value.start, raised.value.end)


@given(strategies.texts(), NATIONAL, own_maps())
def test_the_suggestion_never_costs_a_segment(
    text: str, languages: list[NationalLanguage], own: dict[str, str] | None
) -> None:
    """The suggestion is the transliteration or the text, measured under the same languages, and no more expensive."""
    explanation = explain(text, languages=languages, replacements=own)
    fitted = transliterate(text, replacements=own)
    worse = measure(fitted, languages=languages).segments > measure(text, languages=languages).segments
    assert explanation.measurement == measure(text, languages=languages)
    assert explanation.suggestion == (text if worse else fitted)
    assert explanation.suggested == measure(explanation.suggestion, languages=languages)


@given(strategies.texts(), NATIONAL)
def test_the_characters_account_for_the_cost(text: str, languages: list[NationalLanguage]) -> None:
    """No character too many or too few: in UCS-2 all that the default alphabet lacks, else all of two septets."""
    explanation = explain(text, languages=languages)
    measurement, culprits = explanation.measurement, explanation.culprits
    assert [text[culprit.index] for culprit in culprits] == [culprit.character for culprit in culprits]
    if measurement.alphabet is Alphabet.GSM_7BIT:
        assert [culprit.index for culprit in culprits] == [
            index for index, character in enumerate(text) if gsm7.septet_length(character, measurement.tables) == 2
        ]
    else:
        assert [culprit.index for culprit in culprits] == list(gsm7.unencodable(text))
    assert measurement.units == len(text) + sum(culprit.units - 1 for culprit in culprits)


@given(strategies.texts(), own_maps())
def test_culprits_tell_of_replacements_what_the_report_tells(text: str, own: dict[str, str] | None) -> None:
    """A culprit has a replacement exactly where ``transliteration`` changes its place."""
    report = transliteration(text, replacements=own).replacements
    changed = {place for change in report for place in range(change.index, change.index + len(change.original))}
    culprits = explain(text, replacements=own).culprits
    assert {culprit.index for culprit in culprits if culprit.replacement is not None} == {
        culprit.index for culprit in culprits if culprit.index in changed
    }


@given(strategies.texts())
def test_an_explanation_survives_pickle_and_copy(text: str) -> None:
    """The value and all that it holds come back equal."""
    explanation = explain(text)
    assert explanation == pickle.loads(pickle.dumps(explanation))
    assert explanation == copy.deepcopy(explanation)


@given(strategies.texts() | strategies.boundary_texts(), NATIONAL, st.booleans())
def test_an_explanation_measures_under_the_reference_asked_for(
    text: str, languages: list[NationalLanguage], wide: bool
) -> None:
    """Both measurements are those of ``measure`` under an 8- or a 16-bit reference, and never grow."""
    explanation = explain(text, languages=languages, wide_reference=wide)
    assert explanation.measurement == measure(text, languages=languages, wide_reference=wide)
    assert explanation.suggested == measure(explanation.suggestion, languages=languages, wide_reference=wide)
    assert explanation.suggested.segments <= explanation.measurement.segments


@given(strategies.texts(), NATIONAL)
def test_an_explanation_is_plain(text: str, languages: list[NationalLanguage]) -> None:
    """``json.dumps`` takes the ``as_dict()`` of an explanation, which names alphabets and kinds of fixes."""
    explanation = explain(text, languages=languages)
    found = json.loads(json.dumps(explanation.as_dict()))
    assert found["measurement"]["alphabet"] == explanation.measurement.alphabet.name
    assert [one["character"] for one in found["culprits"]] == [one.character for one in explanation.culprits]
    assert [one["kind"] for one in found["remedies"]] == [one.kind.name for one in explanation.remedies]
    assert found["suggestion"] == explanation.suggestion
