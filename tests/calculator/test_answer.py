"""The calculator's answers are the core's, and every question that cannot be answered is refused in one clear error."""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import NationalLanguage, SegmentationError, explain, measure, segment, transliterate
from smscodec.calculator import Question, QuestionError, answer, read_question
from smscodec.display.terminal import visible
from smscodec.testing.strategies import boundary_texts, texts
from tests.rows import each_row

LANGUAGES = [language for language in NationalLanguage if language]
QUESTIONS = st.builds(
    Question,
    text=texts() | boundary_texts(),
    languages=st.lists(st.sampled_from(LANGUAGES), max_size=3, unique=True).map(tuple),
    wide_reference=st.booleans(),
    boundary=st.sampled_from(["character", "grapheme"]),
)


def planning(question: Question) -> dict[str, Any]:
    """The arguments of ``measure`` for a question."""
    return {"languages": question.languages, "wide_reference": question.wide_reference}


@given(QUESTIONS)
def test_measurement_is_that_of_measure(question: Question) -> None:
    """The measurement is ``measure``'s, under the names that ``measure --json`` has."""
    assert answer(question)["measurement"] == measure(question.text, **planning(question)).as_dict()


@example(Question("\uffff\U00010000"))
@given(QUESTIONS)
def test_segments_are_those_of_segment(question: Question) -> None:
    """Each segment's runs are its text, their units add up to its units, and its header is the one that goes out."""
    message = segment(question.text, **planning(question), boundary=question.boundary, reference=0)
    drawn = answer(question)["segments"]
    assert ["".join(run["text"] for run in part["runs"]) for part in drawn] == [part.text for part in message]
    assert [sum(run["units"] for run in part["runs"]) for part in drawn] == [part.units for part in message]
    assert [part["units"] for part in drawn] == [part.units for part in message]
    for part, expected in zip(drawn, message, strict=True):
        header = expected.user_data.header
        assert (part["header"] or {"octets": ""})["octets"] == (header.to_bytes().hex() if header.elements else "")
        alone = 160 if message.alphabet.name == "GSM_7BIT" else 70
        assert (part["header"] or {"units": 0})["units"] == alone - message.measurement.units_per_segment


@example(Question("\uffff\U00010000"))
@given(QUESTIONS)
def test_runs_say_what_each_character_costs(question: Question) -> None:
    """All characters of a run cost the same: two units in a pair, which every one of them is, and one otherwise."""
    found = answer(question)
    pair = {"GSM_7BIT": "escape pair", "UCS2": "surrogate pair"}[found["measurement"]["alphabet"]]
    for part in found["segments"]:
        for run in part["runs"]:
            assert run["kind"] in {"basic", pair}
            assert run["units"] == len(run["text"]) * (1 if run["kind"] == "basic" else 2)
            if pair == "surrogate pair":
                assert {character > "\uffff" for character in run["text"]} == {run["kind"] == pair}


@given(QUESTIONS)
def test_runs_are_as_long_as_they_can_be(question: Question) -> None:
    """Two runs side by side are marked differently, or one is an escape, which is of one character and stands alone."""
    for part in answer(question)["segments"]:
        runs = part["runs"]
        assert all(len(run["text"]) == 1 for run in runs if "shown" in run)
        marks = [{name: value for name, value in run.items() if name not in ("text", "units")} for run in runs]
        assert all(before != after or "shown" in before for before, after in pairwise(marks))


@each_row(
    ("options", "elements"),
    [
        ({"text": "a" * 161}, ["part 1 of 2, 8-bit reference"]),
        ({"text": "ж" * 71, "wide_reference": True}, ["part 1 of 2, 16-bit reference"]),
        ({"text": "ş" * 80, "languages": (NationalLanguage.TURKISH,)}, ["Turkish locking shift"]),
        (
            {"text": "ş" * 161, "languages": (NationalLanguage.TURKISH,), "wide_reference": True},
            ["part 1 of 2, 16-bit reference", "Turkish locking shift"],
        ),
        ({"text": "Ú" * 75, "languages": (NationalLanguage.SPANISH,)}, ["Spanish single shift"]),
    ],
)
def test_a_header_in_words(options: dict[str, Any], elements: list[str]) -> None:
    """Each element of a header is said in words, in the order in which they go out."""
    assert answer(Question(**options))["segments"][0]["header"]["elements"] == elements


@given(QUESTIONS)
def test_hidden_characters_are_shown(question: Question) -> None:
    """With each run's escape in its place, a segment reads as ``visible`` shows it."""
    for part in answer(question)["segments"]:
        text = "".join(run["text"] for run in part["runs"])
        assert "".join(run.get("shown", run["text"]) for run in part["runs"]) == visible(text)


@given(QUESTIONS)
def test_expensive_characters_are_those_of_explain(question: Question) -> None:
    """The runs mark the characters of ``explain``, which stand in the rows or belong to a script that has a row."""
    found = answer(question)
    culprits = explain(question.text, **planning(question)).culprits
    marked = [run.get("expensive", False) for part in found["segments"] for run in part["runs"] for _ in run["text"]]
    assert [index for index, expensive in enumerate(marked) if expensive] == [one.index for one in culprits]
    if found["more_characters"]:
        return
    rows = found["characters"]
    listed = {start + at for row in rows for start in row["indices"] for at in range(len(row["text"]))}
    others = [one for one in culprits if one.index not in listed]
    scripts = {row["name"]: row["times"] for row in found["scripts"]}
    assert {one.replacement for one in others} <= {None}
    assert sum(scripts.values()) <= len(others)
    assert all(scripts.values())
    assert bool(scripts) == bool(others)


@given(QUESTIONS)
def test_rows_are_characters_as_people_see_them(question: Question) -> None:
    """A row has each place of its text, the units that it takes there, and what its changes make of it."""
    found = answer(question)
    text, changes = question.text, found["changes"]
    for row in found["characters"]:
        alone = row["text"]
        assert row["code_points"] == [f"U+{ord(character):04X}" for character in alone]
        assert all(text.startswith(alone, index) for index in row["indices"])
        utf16 = found["measurement"]["alphabet"] == "UCS2"
        assert row["units"] == (len(alone.encode("utf-16-le")) // 2 if utf16 else 2)
        assert (row["replacement"] is None) == (row["changes"] == [])
        for number in row["changes"]:
            original, replacement = changes[number]["original"], changes[number]["replacement"]
            assert alone.replace(original, replacement, 1) == row["replacement"]


EMOJI = ["😀", "👨‍👩‍👧‍👦", "👩🏽‍🚒", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪", "❤️"]


@given(st.lists(st.sampled_from(EMOJI), min_size=1))
def test_emoji_are_listed_whole(emoji: list[str]) -> None:
    """Each emoji has one row, joiners and skin tones and all, with every place where it stands."""
    text = " ".join(emoji)
    rows = answer(Question(text))["characters"]
    assert {row["text"]: len(row["indices"]) for row in rows} == {one: emoji.count(one) for one in emoji}
    assert not any("joiner" in row["name"] or "selector" in row["name"] for row in rows)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("🇩🇪👩🏽‍🚒", ["flag DE", "woman + skin tone + fire engine"]),
        ("🇦🇿🇿🇦", ["flag AZ", "flag ZA"]),
        ("👍🏻👍🏿", ["thumbs up sign + skin tone"] * 2),
        ("🐀🈀", ["rat", "square hiragana hoka"]),
        ("– — — …", ["em dash", "en dash", "horizontal ellipsis"]),
        ("\u200d\u200d", ["zero width joiner (2)"]),
        ("👨‍👩‍👧‍👦", ["man + woman + girl + boy"]),
        ("e\u0301—", ["combining acute accent", "em dash"]),
    ],
)
def test_names_of_what_people_see(text: str, names: list[str]) -> None:
    """A row is named after what is seen in it, and joiners only where there is nothing else."""
    assert [row["name"] for row in answer(Question(text))["characters"]] == names


@pytest.mark.parametrize(
    ("text", "scripts", "others"),
    [
        ("Ваш заказ — готов", {"Cyrillic": 13}, ["—"]),
        ("नमस्ते, दुकान।", {"Devanagari": 8}, []),
        ("مرحبا، بك", {"Arabic": 8}, []),
        ("你好。안녕", {"Chinese": 3, "Hangul": 2}, []),
        ("カーテン", {"Katakana": 4}, []),
        ("я", {"Cyrillic": 1}, []),
        ("ʒ", {}, ["ʒ"]),
        ("ǃƪ", {}, ["ǃ", "ƪ"]),
    ],
)
def test_another_script_is_one_row(text: str, scripts: dict[str, int], others: list[str]) -> None:
    """Letters and punctuation of another script share a row; Latin letters do not."""
    found = answer(Question(text))
    assert {row["name"]: row["times"] for row in found["scripts"]} == scripts
    assert all(row["sample"] in text for row in found["scripts"])
    assert not scripts or text.startswith(found["scripts"][0]["sample"])
    assert [row["text"] for row in found["characters"]] == others


@given(QUESTIONS)
def test_remedies_are_those_of_explain_that_still_save(question: Question) -> None:
    """Each remedy saves beyond the languages asked with, and its text and languages asked for take what it says."""
    found = answer(question)
    now = found["measurement"]["segments"]
    expected = [one for one in explain(question.text, **planning(question)).remedies if one.measurement.segments < now]
    assert [one["kind"] for one in found["remedies"]] == [one.kind.name for one in expected]
    for one in found["remedies"]:
        languages = tuple(NationalLanguage[name] for name in one["languages"])
        then = answer(replace(question, text=one["text"], languages=languages))["measurement"]
        assert then["segments"] == one["measurement"]["segments"] == now - one["saves"]


@given(QUESTIONS)
def test_all_changes_together_are_the_transliteration(question: Question) -> None:
    """The pieces put together with their originals are the text, and with their replacements the transliteration."""
    text, changes = question.text, answer(question)["changes"]
    before = "".join(change["kept"] + change["original"] for change in changes)
    after = "".join(change["kept"] + change["replacement"] for change in changes)
    assert text.startswith(before)
    assert after + text[len(before) :] == transliterate(text)


def test_a_change_covers_all_that_it_changes() -> None:
    """A letter and its accent, which make way for one letter together, are marked together."""
    (change,) = answer(Question("cafe\u0301 → 1"))["changes"][:1]
    assert change == {"kept": "caf", "original": "e\u0301", "replacement": "é"}
    runs = answer(Question("cafe\u0301"))["segments"][0]["runs"]
    assert "".join(run["text"] for run in runs if run.get("change") == 0) == "e\u0301"


def test_more_than_255_segments_are_measured_but_not_drawn() -> None:
    """A text that no message holds is measured and explained all the same, because replacing may make it fit."""
    found = answer(Question("’" * 17_086))
    assert found["segments"] is None
    with pytest.raises(SegmentationError, match=found["refusal"]):
        segment("’" * 17_086)
    assert found["measurement"]["segments"] == 256
    assert found["remedies"][0]["measurement"]["segments"] == 112


def test_many_characters_are_counted() -> None:
    """A hundred kinds are listed, those that can be replaced first, and the others counted."""
    found = answer(Question("".join(map(chr, range(0x1F300, 0x1F300 + 200))) + "—"))
    assert (len(found["characters"]), found["more_characters"]) == (100, 101)
    assert answer(Question("—"))["more_characters"] == 0
    assert found["characters"][0]["name"] == "em dash"


@given(
    st.decimals(min_value=0, max_value=10**9 - 1, places=9, allow_nan=False),
    st.integers(1, 10**9),
    st.sampled_from(["a", "a" * 161, "ж" * 200, "’" * 71]),
)
def test_cost_is_exact(price: Decimal, recipients: int, text: str) -> None:
    """The cost is the price of a segment times segments times recipients to the last place, now and with each fix."""
    found = answer(Question(text, price=price, recipients=recipients))
    units = int(price.scaleb(9))
    for one in (found, *found["remedies"]):
        segments, cost = one["measurement"]["segments"], one["cost"]
        assert int(Decimal(cost["message"]).scaleb(9)) == units * segments
        whole, _, places = cost["total"].partition(".")
        assert int(whole) * 10**9 + int(places.ljust(9, "0")) == units * segments * recipients


def test_grapheme_boundaries_without_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is missing its name is said, at the field that asks for it."""
    monkeypatch.setitem(sys.modules, "regex", None)
    with pytest.raises(QuestionError, match=r"grapheme") as caught:
        answer(Question("a" * 200, boundary="grapheme"))
    assert caught.value.field == "boundary"


def test_a_whole_question_is_read() -> None:
    """Every field has its place, languages go by name in either case, and numbers may be numbers or text."""
    body = {"text": "ş", "languages": ["TURKISH", "spanish"], "wide_reference": True, "boundary": "grapheme",
            "price": "0.0075", "recipients": 12}  # fmt: skip
    languages = (NationalLanguage.TURKISH, NationalLanguage.SPANISH)
    expected = Question(
        "ş", languages=languages, wide_reference=True, boundary="grapheme", price=Decimal("0.0075"), recipients=12
    )
    assert read_question(json.dumps(body).encode()) == expected
    assert read_question(b'{"text": "", "price": 0.1}').price == Decimal("0.1")
    assert len(read_question(json.dumps({"text": "a" * 39_015}).encode()).text) == 39_015
    assert read_question(b'{"text": "", "price": null, "recipients": 1e3}') == Question("", recipients=1000)
    assert read_question(b'{"text": "", "recipients": 1000000000}') == Question("", recipients=10**9)
    for price in ("0", "0.000000001", "999999999", "999999999.999999999"):
        for written in (price, f'"{price}"'):
            assert read_question(f'{{"text": "", "price": {written}}}'.encode()).price == Decimal(price)


@pytest.mark.parametrize("number", ["-0", "-0.0", "0", "0e5"])
def test_no_cost_is_below_zero(number: str) -> None:
    """A price of nothing costs nothing, whatever the sign that JSON gives its zero."""
    cost = answer(read_question(f'{{"text": "a", "price": {number}}}'.encode()))["cost"]
    assert all(amount.strip("0.") == "" for amount in cost.values())


@pytest.mark.parametrize("field", ["text", "languages", "price", "recipients"])
@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e99999999999999999999", "1e-99999999999999999999"])
def test_numbers_beyond_all_bounds(field: str, number: str) -> None:
    """An exponent that no number type holds is refused at its field like any other number that is out of range."""
    with pytest.raises(QuestionError) as caught:
        read_question(f'{{"text": "a", "{field}": {number}}}'.replace('"text": "a", "text"', '"text"').encode())
    assert (caught.value.malformed, caught.value.field) == (False, field)


@pytest.mark.parametrize(
    ("body", "position"),
    [
        (b"", 0),
        (b'{"text": "a"', 12),
        (b'{"text": "a"} x', 14),
        (b'{"text": \xff}', 9),
        (b'{"text": "\x01"}', 10),
        (b"[]", None),
        (b'"text"', None),
        (b"null", None),
        (b"12", None),
        (b"[" * 100_000, None),
        (b'{"text": "a", "text": "b"}', None),
        (b'{"text": "a", "price": NaN}', None),
        (b'{"text": "a", "price": ' + b"1" * 100_000 + b"}", None),
    ],
)
def test_bodies_that_are_no_question(body: bytes, position: int | None) -> None:
    """What is no JSON object is malformed, and the place is said where there is one."""
    with pytest.raises(QuestionError) as caught:
        read_question(body)
    assert (caught.value.malformed, caught.value.position) == (True, position)


@each_row(
    ("change", "field", "position"),
    [
        ({"text": None}, "text", None),
        ({"text": 5}, "text", None),
        ({"text": ["a"]}, "text", None),
        ({"text": "😀a\ud83d"}, "text", 2),
        ({"text": "\udc00"}, "text", 0),
        ({"text": "a" * 39_016}, "text", 39_015),
        ({"languages": "TURKISH"}, "languages", None),
        ({"languages": ["TURKISH", "KLINGON"]}, "languages", 1),
        ({"languages": [1]}, "languages", 0),
        ({"languages": ["DEFAULT"]}, "languages", 0),
        ({"wide_reference": 1}, "wide_reference", None),
        ({"wide_reference": "false"}, "wide_reference", None),
        ({"boundary": "word"}, "boundary", None),
        ({"boundary": None}, "boundary", None),
        ({"boundary": []}, "boundary", None),
        ({"price": "-1"}, "price", None),
        ({"price": -1}, "price", None),
        ({"price": "1,5"}, "price", None),
        ({"price": "1e3"}, "price", None),
        ({"price": "NaN"}, "price", None),
        ({"price": "٣"}, "price", None),
        ({"price": True}, "price", None),
        ({"price": "0.0000000001"}, "price", None),
        ({"price": 1e-10}, "price", None),
        ({"price": 1e300}, "price", None),
        ({"price": 10**9}, "price", None),
        ({"price": "1" + "0" * 9}, "price", None),
        ({"recipients": 0}, "recipients", None),
        ({"recipients": 1.5}, "recipients", None),
        ({"recipients": 10**9 + 1}, "recipients", None),
        ({"recipients": 1e300}, "recipients", None),
        ({"recipients": "1"}, "recipients", None),
        ({"recipients": True}, "recipients", None),
        ({"recipients": None}, "recipients", None),
        ({"sender": "me"}, "sender", None),
        ({"x" * 41: "me"}, "x" * 40, None),
        ({"\ud800\u202e<b>": 1}, "\\ud800\\u202e<b>", None),
    ],
)
def test_questions_that_cannot_be_answered(change: dict[str, object], field: str | None, position: int | None) -> None:
    """A wrong type, value or name is refused by its field, and where it has places by the place too."""
    with pytest.raises(QuestionError) as caught:
        read_question(json.dumps({"text": "a", **change}).encode())
    error = caught.value
    assert (error.malformed, error.field, error.position) == (False, field, position)
    assert error.message.isprintable()
    assert error.args == pickle.loads(pickle.dumps(error)).args == (error.message, field, position, False)
    assert error.fields() == {"message": error.message, "field": field, "position": position}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["text", *Question.__slots__]) | st.text(max_size=5), JSON_VALUES))
def test_any_json_is_answered_or_refused(document: dict[str, object]) -> None:
    """Whatever JSON says, there is an answer or a refusal, and either can be said in JSON."""
    try:
        said = answer(read_question(json.dumps(document).encode()))
    except QuestionError as error:
        said = error.fields()
    assert json.loads(json.dumps(said, allow_nan=False)) == said


@given(st.binary(max_size=80))
def test_any_octets_are_refused_or_read(octets: bytes) -> None:
    """Octets that are not a question are refused as such."""
    with pytest.raises(QuestionError) as caught:
        read_question(octets)
    assert caught.value.message.isprintable()
