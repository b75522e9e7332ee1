"""What makes a text cheaper, the least harmful first, and what that adds up to over many texts (decision D35).

The oracle replaces, measures again and compares, with no thought for time.
"""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import FieldError, NationalLanguage, UnencodableError, count_segments, explain, measure
from smscodec.tables import permitted_languages
from smscodec.testing import strategies
from smscodec.transliteration import Remedy, RemedyKind, Stage, remedies, savings, transliterate
from smscodec.transliteration._character_names import character_name
from smscodec.transliteration._reach import GSM_7BIT, UCS2, fewest
from smscodec.transliteration._savings import SavingsTally, _Found
from smscodec.transliteration._transliterate import without_emoji

STAGES = {
    RemedyKind.NATIONAL_TABLES: (),
    RemedyKind.TYPOGRAPHY: (Stage.REPLACEMENTS, Stage.COMPOSITION, Stage.TYPOGRAPHY),
    RemedyKind.COMPATIBILITY: (Stage.COMPATIBILITY,),
    RemedyKind.LOOK_ALIKES: (Stage.LOOK_ALIKES,),
    RemedyKind.EMOJI: (Stage.EMOJI,),
}
PIECES = [
    *("It’s – “so” late… ", "\u00a0", "½ ™ № ", "ç ő ł ©", "😀 ", " ❤\ufe0f", "👨\u200d👩\u200d👧", "1\ufe0f\u20e3"),
    *("Şu çılgın öğün ", "हिन्दी में लिखा ", "Привет ", "hellо ", "สวัสดี ", "שלום\u200f ", "𝐛𝐨𝐥𝐝 ", "\x00\x92"),
    *("𝐛😀", "\u200b👍", "^{}€[]", "a" * 20, "The quick brown fox ", "e\u0301", "\u200b" * 5, "مرحبا ", "Ваy"),
]
MAPS: list[Mapping[str, str] | None] = [None, None, {"ж": "zh", "a": "aa", "😀": ":-)", "€": "EUR", "’": "“"}]


def long_texts() -> st.SearchStrategy[str]:
    """Texts of several segments, in which every kind of fix has something to do and something in its way."""
    return st.builds(
        lambda pieces, times, end: "".join(pieces) * times + end,
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=5),
        st.integers(1, 12),
        st.sampled_from(["", "’", "ж", "😀", "a" * 60, "^" * 40]),
    )


TEXTS = long_texts() | strategies.boundary_texts() | strategies.texts()


def cheapest(
    text: str, kind: RemedyKind, languages: object, own: Mapping[str, str] | None, *, wide: bool = False
) -> int:
    """The fewest segments that fixes up to a kind lead to."""
    permitted = permitted_languages(languages)  # type: ignore[arg-type]
    texts = [text]
    for one in RemedyKind:
        texts += [transliterate(text, replacements=own, through=stage) for stage in STAGES[one]]
        if one is RemedyKind.EMOJI:
            texts.append(without_emoji(text).text)
        if one is kind:
            break
    fewest = min(measure(each, languages=permitted, wide_reference=wide).segments for each in texts)
    return min(fewest, measure(text, wide_reference=wide).segments)


LANGUAGES = [(), "all", (NationalLanguage.TURKISH, NationalLanguage.HINDI)]


@example("^" * 170, "all", None, False)
@example("It’s " * 20, "all", None, True)
@example("ж" * 69 + "…😀", "all", None, False)
@given(TEXTS, st.sampled_from(LANGUAGES), st.sampled_from(MAPS), st.booleans())
def test_remedies_are_what_trying_everything_finds(
    text: str, languages: object, own: Mapping[str, str] | None, wide: bool
) -> None:
    """A kind is listed where it saves a segment more than every less harmful one, with a text that costs so much."""
    found = {
        one.kind: one
        for one in remedies(text, languages=languages, replacements=own, wide_reference=wide)  # type: ignore[arg-type]
    }
    assert list(found) == [kind for kind in RemedyKind if kind in found]
    as_it_is = before = measure(text, wide_reference=wide).segments
    for kind in RemedyKind:
        fewest = cheapest(text, kind, languages, own, wide=wide)
        assert (kind in found) == (fewest < before)
        if kind in found:
            one = found[kind]
            assert one.measurement == measure(
                one.text,
                languages=permitted_languages(languages),  # type: ignore[arg-type]
                wide_reference=wide,
            )
            assert (one.measurement.segments, one.saves) == (fewest, as_it_is - fewest)
            assert one.changes
        before = fewest


@example(["It’s late. " * 8, "ж" * 69 + "…😀", "Şu çılgın öğün " * 8, "𝐛😀" * 36, "^" * 150], "all", None)
# Marks that nothing changes, and that no national table has, go with their emoji.
@example(["ж" * 65 + "😀" + "\u0489" * 10, "a" * 65 + "😀" + "\u0489" * 10], "all", None)
@given(st.lists(TEXTS, max_size=6), st.sampled_from(LANGUAGES), st.sampled_from(MAPS))
def test_savings_are_what_replacing_and_counting_again_finds(
    texts: list[str], languages: object, own: Mapping[str, str] | None
) -> None:
    """Every figure, by remedy and by character, is the brute-force one; the last cumulated row is the total."""
    texts = texts + texts[:1]
    found = savings(iter(texts), languages=languages, replacements=own)  # type: ignore[arg-type]
    assert (found.messages, found.segments) == (len(texts), sum(map(count_segments, texts)))
    assert [row.kind for row in found.by_remedy] == list(RemedyKind)
    before = [count_segments(text) for text in texts]
    cumulated = 0
    for row in found.by_remedy:
        fewest = [cheapest(text, row.kind, languages, own) for text in texts]
        saved = [more - less for more, less in zip(before, fewest, strict=True)]
        cumulated += sum(saved)
        assert (row.messages, row.saves, row.cumulated) == (sum(map(bool, saved)), sum(saved), cumulated)
        before = fewest
    assert found.total == cumulated
    expected = {}
    for character in set("".join(texts)):
        put_in = transliterate(character, replacements=own)
        counts = [count_segments(text) - count_segments(text.replace(character, put_in)) for text in texts]
        saves = [max(count, 0) for count in counts]
        if any(saves):
            expected[character] = (character_name(character), put_in, sum(map(bool, saves)), sum(saves))
    assert expected == {
        row.character: (row.name, row.replacement, row.messages, row.saves) for row in found.by_character
    }
    ranks = [(-row.saves, -row.messages, row.character) for row in found.by_character]
    assert ranks == sorted(ranks)


def test_fewest_segments_are_those_that_whole_units_fill() -> None:
    """So many units take at least as many segments as a text of characters of one unit does."""
    for units in range(1, 620):
        assert fewest(units, GSM_7BIT) == count_segments("a" * units)
        assert fewest(units, UCS2) == count_segments("ж" * units)


def test_a_bounded_number_of_characters_is_remembered() -> None:
    """Four million characters of texts are remembered at most, the last text among them if it alone is not longer."""
    most = 1 << 22
    tally = SavingsTally()
    for place, length in enumerate([most // 2, most // 2, 5, most - 5, most, most + 1, 7]):
        text = chr(97 + place) * length
        tally._remember(text, _Found())
        assert sum(map(len, tally._known)) <= most
        assert (text in tally._known) == (length <= most)


def test_free_comes_before_lossy() -> None:
    """A national table comes first, typography next, accents then and emoji last; what saves nothing is not there."""
    portuguese = remedies("^" * 150)
    assert [(one.kind, one.saves, one.text) for one in portuguese] == [(RemedyKind.NATIONAL_TABLES, 1, "^" * 150)]
    assert portuguese[0].changes == "changes no character; uses the Portuguese locking shift table"
    for text, language, tables in (
        ("Ú" * 75, "es", "the Spanish single shift table"),
        ("Á" * 100 + "Φ" * 20, "pt", "the Portuguese locking shift and the Portuguese single shift tables"),
    ):
        (one,) = remedies(text, languages=(language,))
        assert one.changes == f"changes no character; uses {tables}"
    (quotes,) = remedies("It’s " * 20)
    assert (quotes.kind, quotes.changes) == (RemedyKind.TYPOGRAPHY, "replaces ’ with '")
    kinds = [one.kind for one in remedies("“" + "a" * 200 + "ł😀")]
    assert kinds == [RemedyKind.EMOJI]
    assert remedies("Привет, мир! " * 10) == ()
    assert remedies("It’s late") == ()


def test_an_explanation_has_the_remedies() -> None:
    """``explain`` says what ``remedies`` says, with the languages that the caller permits, or all."""
    text = "Şu çılgın öğün " * 8
    assert explain(text).remedies == remedies(text)
    assert explain(text, languages="tr").remedies == remedies(text, languages="tr")
    assert explain(text).remedies[0].kind is RemedyKind.NATIONAL_TABLES


@given(TEXTS)
def test_values_are_plain_and_survive_pickle_and_copy(text: str) -> None:
    """Remedies and savings come back equal, and ``json.dumps`` takes their ``as_dict()``."""
    found = remedies(text)
    total = savings([text])
    assert found == pickle.loads(pickle.dumps(found)) == copy.deepcopy(found)
    assert total == pickle.loads(pickle.dumps(total)) == copy.deepcopy(total)
    for one in found:
        assert json.loads(json.dumps(one.as_dict()))["kind"] == one.kind.name
    assert json.loads(json.dumps(total.as_dict()))["by_remedy"][-1]["cumulated"] == total.total


def test_bad_arguments_are_refused() -> None:
    """A lone surrogate, a str in place of many, what is not text, and a map that cannot be."""
    with pytest.raises(UnencodableError):
        remedies("\ud800")
    with pytest.raises(UnencodableError):
        savings(["a", "\ud800"])
    with pytest.raises(TypeError, match="put it into a list"):
        savings("abc")
    with pytest.raises(TypeError, match="text must be str"):
        savings([b"abc"])  # type: ignore[list-item]
    with pytest.raises(FieldError):
        savings([], replacements={"": "a"})
    with pytest.raises(FieldError):
        remedies("a", languages="Klingon")


def test_a_remedy_names_what_cannot_be_seen() -> None:
    """Characters that show nothing are named by their code points, and long lists are cut."""
    (one,) = remedies("\u200b" + "a" * 100)
    assert isinstance(one, Remedy)
    assert one.changes == "leaves out U+200B"
    (one,) = remedies("“”‘’–…" + "a" * 100)
    assert one.changes == "replaces “ with \", ” with \", ‘ with ', ’ with ', – with -, … with ..."
    (one,) = remedies("“”‘’–…•" + "a" * 100)
    assert one.changes.endswith("– with -, … with ... and 1 more")
