"""The steps of best fit up to one of them, and the last step, which leaves emoji out (decisions D35 and D45)."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from smscodec import FieldError, gsm7
from smscodec.testing import strategies
from smscodec.transliteration import Stage, transliterate, transliteration
from smscodec.transliteration._transliterate import stage_by_stage, without_emoji
from tests.rows import each_row
from tests.test_transliteration_laws import awkward_texts

EMOJI_AND_BLANKS = st.text(st.sampled_from("ab .!\n\u00a0\x00😀❤\ufe0f👍🏽\u200d🇫🇷жо½é"), max_size=12)
TEXTS = awkward_texts() | EMOJI_AND_BLANKS


@given(TEXTS, st.sampled_from(Stage), st.sampled_from([None, {"a": "“", "ж": "zh", "é": "e"}]))
def test_each_stage_is_idempotent_and_faithful_to_its_report(
    text: str, stage: Stage, own: dict[str, str] | None
) -> None:
    """A second time changes nothing, no change is of a later stage, and the changes lead to the result."""
    once = transliteration(text, replacements=own, through=stage)
    assert all(change.stage <= stage for change in once.replacements)
    parts: list[str] = []
    at = 0
    for change in once.replacements:
        assert at <= change.index
        assert text[change.index : change.index + len(change.original)] == change.original
        parts += text[at : change.index], change.replacement
        at = change.index + len(change.original)
    assert "".join([*parts, text[at:]]) == once.text
    if own is None:
        assert transliterate(once.text, through=stage) == once.text


@given(TEXTS, st.none() | st.sampled_from([{"a": "“", "ж": "zh", "é": "e"}]))
def test_stage_by_stage_gives_what_each_stage_gives(text: str, own: dict[str, str] | None) -> None:
    """Every text that some stage leads to is there once, with its report, and no other."""
    found = dict(stage_by_stage(text, own))
    before = text
    assert Stage.EMOJI not in found
    for stage in [stage for stage in Stage if stage < Stage.EMOJI]:
        expected = transliteration(text, replacements=own, through=stage)
        if stage in found:
            assert found[stage] == expected
        assert stage in found or expected.text == before
        before = expected.text


def test_stages_count_from_one_in_their_order() -> None:
    """Each stage has a number of its own, by which those up to it are asked for."""
    names = ("REPLACEMENTS", "COMPOSITION", "TYPOGRAPHY", "COMPATIBILITY", "LOOK_ALIKES", "EMOJI")
    assert {stage.name: int(stage) for stage in Stage} == {name: place for place, name in enumerate(names, 1)}


@given(TEXTS)
def test_the_last_stage_leaves_no_emoji(text: str) -> None:
    """Nothing that Unicode shows as an emoji is left, but for a skin tone on a letter of another script."""
    result = transliterate(text, through=Stage.EMOJI)
    assert not regex.search(r"[\p{Emoji_Presentation}--\p{Emoji_Modifier}]", result, regex.V1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See you 😀 soon", "See you soon"),
        ("See you soon 😀", "See you soon"),
        ("😀 See you soon", "See you soon"),
        ("See you soon 😀!", "See you soon!"),
        ("See you 😀😀 soon 👍🏽 👍🏽.", "See you soon."),
        ("See you\n😀 soon ❤\ufe0f\nAnn", "See you\nsoon\nAnn"),
        ("See😀you", "Seeyou"),
        ("See😀 😀you", "See you"),
        ("See you 😀\u00a0soon", "See you soon"),
        ("See you 😀\x00soon", "See you soon"),
        ("👨\u200d👩\u200d👧 and 🇫🇷", "and"),
        ("© 1\ufe0f\u20e3 ↔\ufe0f ™", "(c) 1 <-> TM"),
        ("Привет 😀 мир", "Привет мир"),
        ("", ""),
        ("😀", ""),
    ],
)
def test_emoji_go_whole_with_the_blank_left_over(text: str, expected: str) -> None:
    """No blank stands twice, at the end of a line or before a full stop because an emoji went; symbols are written."""
    assert expected == transliterate(text, through=Stage.EMOJI)


def test_an_emoji_takes_no_blank_that_was_put_in_for_another_character() -> None:
    """Changes do not overlap: the blank before the full stop is the no-break space's, and stays."""
    text, changes = transliteration("a\u00a0😀.", through=Stage.EMOJI)
    assert (text, [(one.index, one.original) for one in changes]) == ("a .", [(1, "\u00a0"), (2, "😀")])


def test_emoji_alone_are_left_out_of_a_text_that_keeps_all_else() -> None:
    """Only emoji go: quotation marks, accents and the copyright sign stay."""
    assert without_emoji("“Ça va” 😀 © ™\u200e ❤\u200e").text == "“Ça va” © ™\u200e"


def test_nothing_is_removed_unless_asked_for() -> None:
    """Without ``through``, emoji stay."""
    assert transliterate("“😀”") == '"😀"'


@pytest.mark.parametrize("through", [0, 7, "EMOJI", None])
def test_a_stage_that_is_none_is_refused(through: object) -> None:
    """``through`` is a stage, and the error lists them."""
    with pytest.raises(FieldError, match=r"expected a Stage .*LOOK_ALIKES, EMOJI") as raised:
        transliterate("a", through=through)  # type: ignore[arg-type]
    assert raised.value.field == "through"


@each_row("point", [*range(0x20), *range(0x7F, 0xA0)])
def test_d45_controls_go_or_are_read_as_windows_1252(point: int) -> None:
    """C1 controls that Windows-1252 gives a character become it; others go, but LF, CR and FF; a tab is a space."""
    control = chr(point)
    expected = {"\n": "\n", "\r": "\r", "\f": "\f", "\t": " "}.get(control, "")
    if point >= 0x80:
        expected = transliterate(bytes([point]).decode("cp1252", "ignore"))
    result = transliteration(f"a{control}b")
    assert result.text == f"a{expected}b"
    assert gsm7.is_encodable(result.text)
    assert [change.original for change in result.replacements] == [control] * (control != expected)


def test_d45_by_example() -> None:
    """A NUL goes, and an apostrophe that was read as Latin-1 becomes one."""
    assert transliterate("Hello\x00world") == "Helloworld"
    assert transliterate("It\x92s ready") == "It's ready"


class Liar(str):
    """A text whose own methods say something else."""

    __slots__ = ()

    def __iter__(self) -> object:  # type: ignore[override]
        return iter("lies")

    def __len__(self) -> int:
        return 1


@given(strategies.texts())
def test_a_subclass_is_read_as_the_text_that_it_holds(text: str) -> None:
    """What a subclass of str overrides changes no answer."""
    assert transliterate(Liar(text)) == transliterate(text)
    if gsm7.is_encodable(text):
        assert gsm7.septet_length(Liar(text)) == gsm7.septet_length(text)
