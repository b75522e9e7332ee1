"""Best fit by example: what comes nearest in the GSM 7-bit default alphabet, what stays, and what the report says.

Reference: 3GPP TS 23.038, 6.2.1; decisions D6, D16 and D35
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from smscodec import Alphabet, FieldError, UnencodableError, detect, gsm7, segment
from smscodec.transliteration import (
    Replacement,
    Stage,
    Transliteration,
    explain,
    transliterate,
    transliteration,
)
from tests.rows import each_row

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Καλημέρα, πώς είσαι; Όλα ΚΑΛΆ!", "KAΛHMEPA, ΠΩΣ EIΣAI; OΛA KAΛA!"),
        ("İstanbul'da ığdır, şu çılgın öğün", "Istanbul'da igdir, su cilgin ögün"),
        ("Zażółć gęślą jaźń, ŁÓDŹ", "Zazolc gesla jazn, LODZ"),
        ("Où est le cœur du garçon ? À Noël, bien sûr…", "Où est le coeur du garcon ? A Noel, bien sur..."),
        ("Tiếng Việt rất đẹp, người ơi", "Tieng Viet rat dep, nguoi oi"),
        ("Árvíztűrő tükörfúrógép", "Arviztürö tükörfurogép"),
        ("Příliš žluťoučký kůň", "Prilis zlutoucky kun"),
        ("Þetta er ágætt, Guðrún", "Thetta er agætt, Gudrun"),
        ("Mañana está ¡lejos!", "Mañana esta ¡lejos!"),
        ("Coração não é informação", "Coracao nao é informacao"),
        ("Bună ziua, mulțumesc și la revedere", "Buna ziua, multumesc si la revedere"),
        ("Dəyər ödənildi: 5₼", "Deyer ödenildi: 5AZN"),
        ("col·lecció", "col.leccio"),
        ("lǚ xíng, nǐ hǎo", "lü xing, ni hao"),
        ("GROẞ und groß", "GROSS und groß"),
    ],
)
def test_d35_sentences_of_many_languages_become_encodable(text: str, expected: str) -> None:
    """A sentence in Latin or Greek letters becomes one that the default alphabet holds."""
    assert expected == transliterate(text)
    assert gsm7.is_encodable(expected)


@each_row(
    ("text", "expected", "stage"),
    [
        ("e\u0301", "é", Stage.COMPOSITION),
        ("\u2126", "Ω", Stage.COMPOSITION),
        ("\u037e", ";", Stage.COMPOSITION),
        ("“", '"', Stage.TYPOGRAPHY),
        ("’", "'", Stage.TYPOGRAPHY),
        ("«", '"', Stage.TYPOGRAPHY),
        ("–", "-", Stage.TYPOGRAPHY),
        ("—", "-", Stage.TYPOGRAPHY),
        ("−", "-", Stage.TYPOGRAPHY),
        ("…", "...", Stage.TYPOGRAPHY),
        ("•", "*", Stage.TYPOGRAPHY),
        ("`", "'", Stage.TYPOGRAPHY),
        ("\u00a0", " ", Stage.TYPOGRAPHY),
        ("\u2000", " ", Stage.TYPOGRAPHY),
        ("\u202f", " ", Stage.TYPOGRAPHY),
        ("\u3000", " ", Stage.TYPOGRAPHY),
        ("\t", " ", Stage.TYPOGRAPHY),
        ("\u2028", "\n", Stage.TYPOGRAPHY),
        ("\u0085", "...", Stage.TYPOGRAPHY),
        ("\u00ad", "", Stage.TYPOGRAPHY),
        ("\u200b", "", Stage.TYPOGRAPHY),
        ("\u200d", "", Stage.TYPOGRAPHY),
        ("\u2060", "", Stage.TYPOGRAPHY),
        ("\ufeff", "", Stage.TYPOGRAPHY),
        ("Ａ", "A", Stage.COMPATIBILITY),
        ("，", ",", Stage.COMPATIBILITY),
        ("\ufb03", "ffi", Stage.COMPATIBILITY),
        ("™", "TM", Stage.COMPATIBILITY),
        ("№", "No", Stage.COMPATIBILITY),
        ("½", "1/2", Stage.COMPATIBILITY),
        ("\U0001d400", "A", Stage.COMPATIBILITY),
        ("ｅ\u0301", "é", Stage.COMPATIBILITY),
        ("ç", "c", Stage.LOOK_ALIKES),
        ("á", "a", Stage.LOOK_ALIKES),
        ("ő", "ö", Stage.LOOK_ALIKES),
        ("ế", "e", Stage.LOOK_ALIKES),
        ("ǚ", "ü", Stage.LOOK_ALIKES),
        ("ł", "l", Stage.LOOK_ALIKES),
        ("ı", "i", Stage.LOOK_ALIKES),
        ("İ", "I", Stage.LOOK_ALIKES),
        ("œ", "oe", Stage.LOOK_ALIKES),
        ("ǆ", "dz", Stage.LOOK_ALIKES),
        ("λ", "Λ", Stage.LOOK_ALIKES),
        ("ς", "Σ", Stage.LOOK_ALIKES),
        ("ΐ", "I", Stage.LOOK_ALIKES),
        ("µ", "u", Stage.LOOK_ALIKES),
        ("©", "(c)", Stage.LOOK_ALIKES),
        ("≠", "!=", Stage.LOOK_ALIKES),
        ("₺", "TL", Stage.LOOK_ALIKES),
        ("℃", "oC", Stage.LOOK_ALIKES),
        ("❷", "2", Stage.LOOK_ALIKES),
        ("ᴀ", "A", Stage.LOOK_ALIKES),
    ],
)
def test_d35_each_replacement_names_the_last_step_that_was_needed(text: str, expected: str, stage: Stage) -> None:
    """A lone cluster is replaced as a whole, and the report says where it stood, by what and at which step."""
    assert Transliteration(expected, (Replacement(0, text, expected, stage),)) == transliteration(text)


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "کتاب\u200cها را می\u200cخوانم",
        "क्\u200dष और र्\u200dक",
        "हिन्दी में लिखा",
        "ภาษาไทย น้ำ",
        "בְּרֵאשִׁית",
        "한국어 \u1112\u1161\u11ab",
        "Привет, как дела? Ёжик",
        "Ёлка",
        "日本語です",
        FAMILY,
        "\u2764\ufe0f",
        "\U0001f44d\U0001f3fd",
        "\U0001f1ec\U0001f1e7",
        "\U0001f642\u200d\u2194\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "¬ \ue000 \uffff",
    ],
)
def test_d35_what_stays_ucs2_anyway_keeps_its_joiners_and_marks(text: str) -> None:
    """A text of clusters that no step can replace is unchanged, joiners, selectors and marks included."""
    assert Transliteration(text, ()) == transliteration(text)


@pytest.mark.parametrize(
    "text",
    [
        "“\u093f",
        "\u0915\u1adb",
        "\u0915\u1aff",
        "e\u0488",
        "½\U0001f3fd",
        "\u0600“",
        "ё\u200b",
        "a\u200d\u0338",
        "\U0001f642\u200d©",
        "1\u20e3\u0e33",
    ],
)
def test_d35_a_cluster_never_changes_by_half(text: str) -> None:
    """A replaceable character stays as it is in a cluster with one that is not."""
    assert text == transliterate(text)


def test_d35_clusters_are_mended_one_by_one() -> None:
    """Every replaceable character is replaced, also in a text that stays UCS-2."""
    expected = Transliteration(
        '"жук" -',
        (
            Replacement(0, "“", '"', Stage.TYPOGRAPHY),
            Replacement(4, "”", '"', Stage.TYPOGRAPHY),
            Replacement(6, "—", "-", Stage.TYPOGRAPHY),
        ),
    )
    assert expected == transliteration("“жук” —")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello\u200b wor\u00adld\ufeff", "Hello world"),
        ("\ufeffHi", "Hi"),
        ("\u0301abc", "abc"),
        ("\ufeff\u0301\u200dж", "ж"),
        ("e\u200b\u0301", "é"),
        ("a\u0332b\u0332", "ab"),
        ("1\ufe0f\u20e3", "1"),
        ("©\ufe0f", "(c)"),
        ("\n\u0301", "\n"),
        ("a" + "\u0301\u0323" * 20_000, "a"),
        ("é" + "\u200b" * 20_000, "é"),
    ],
)
def test_what_extends_a_base_goes_with_what_it_says_nothing_about(text: str, expected: str) -> None:
    """Zero-width characters and accents go, wherever they stand and however many there are."""
    assert expected == transliterate(text)


@pytest.mark.parametrize("text", ["a\u0336b\u0336", "P\u20e0", "=\u0338\u0338", "1\u0337"])
def test_what_strikes_out_is_no_accent(text: str) -> None:
    """An overlay or prohibition sign says that what it covers is not meant, so it is never dropped."""
    assert text == transliterate(text)


@each_row(
    ("text", "expected"),
    [
        ("2½ kg", "2 1/2 kg"),
        ("½ kg", "1/2 kg"),
        ("１½", "1 1/2"),
        ("5①", "5 1"),
        ("①②", "1 2"),
        ("5❷", "5 2"),
        ("10² m²", "10^2 m2"),
        ("10⁻⁶", "10^-6"),
        ("10²³", "10^23"),
        ("H₂O, C₆H₁₂O₆", "H2O, C6H12O6"),
        ("5ᵗʰ, 1ª, 2º", "5th, 1a, 2o"),
        ("5⑴", "5(1)"),
        ("½5", "1/2 5"),
        ("⅓0", "1/3 0"),
        ("2²5", "2^2 5"),
        ("①0", "1 0"),
        ("❷５", "2 5"),
        ("½½", "1/2 1/2"),
        ("²½", "2 1/2"),
        ("①²", "1^2"),
        ("①₂", "1 2"),
        ("log₁₀5", "log10 5"),
        ("３㎡4", "3m2 4"),
        ("½\ufe0f5", "1/2 5"),
        ("⅟5", "1/5"),
        ("1\ufe0f\u20e32\ufe0f\u20e3", "12"),
        ("７8９", "789"),
    ],
)
def test_digits_do_not_run_together(text: str, expected: str) -> None:
    """A fraction, a circled number or a power stays apart from a digit on either side."""
    assert expected == transliterate(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 μg, 5 µg, 5 ㎍", "5 ug, 5 ug, 5 ug"),
        ("μΩ kΩ", "uΩ kΩ"),
        ("μου", "MOY"),
        ("hellο", "hello"),
        ("ΔT λx", "ΔT Λx"),
    ],
)
def test_greek_among_latin_letters_is_read_as_latin(text: str, expected: str) -> None:
    """Micro never becomes mega: a Greek small letter in a word of Latin ones gives the one that it looks like."""
    assert expected == transliterate(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сall Apple", "Call Apple"),
        ("“Сall” łódź", '"Call" lodz'),
        ("Сall \U0001f642", "Сall \U0001f642"),
        ("СССР", "СССР"),
        ("ОТВЕТ: OK", "ОТВЕТ: OK"),
        ("Сall Юлю", "Сall Юлю"),
        ("Ёlka", "Ёlka"),
        ("Сo", "Сo"),
        ("Сok", "Cok"),
        ("Сс ok", "Сс ok"),
        ("Сс oka", "Cc oka"),
    ],
)
def test_stray_cyrillic_letters_become_latin_only_where_nothing_else_is_in_the_way(text: str, expected: str) -> None:
    """Cyrillic stays, unless all of it are a few letters that look Latin in a text that is otherwise encodable."""
    assert expected == transliterate(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc\u200f (x)\u202a", "abc (x)"),
        ("ł\u200e", "l"),
        ("שלום \u200fabc\u200f(x)", "שלום \u200fabc\u200f(x)"),
        ("سلام (\u200e123)", "سلام (\u200e123)"),
        ("ж\u200e \u200e1", "ж\u200e 1"),
        ("Сall\u200f", "Call"),
    ],
)
def test_direction_marks_go_only_from_texts_that_run_one_way(text: str, expected: str) -> None:
    """Direction marks stay where a letter runs from right to left, since they still steer it."""
    assert expected == transliterate(text)


def test_d16_nothing_is_replaced_unasked() -> None:
    """Detecting, segmenting and encoding never replace a character, and a grave accent never becomes a section sign."""
    assert detect("`") == Alphabet.UCS2
    assert "".join(part.text for part in segment("`")) == "`"
    assert transliterate("`") == "'"
    with pytest.raises(UnencodableError):
        gsm7.encode("`")


def test_d1_a_small_c_with_cedilla_does_not_become_a_capital() -> None:
    """ç gives c, never the Ç that the alphabet has."""
    assert transliterate("çÇ") == "cÇ"


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("€5", {"€": "EUR "}, "EUR 5"),
        ("\U0001f600!", {"\U0001f600": ":-)"}, ":-)!"),
        ("ab abc", {"ab": "1", "abc": "2"}, "1 2"),
        ("Жук", {"Ж": "Zh", "у": "u", "к": "k"}, "Zhuk"),
        ("привет, мир", {"привет": "privet"}, "privet, мир"),
        ("x", {"x": "“x”"}, '"x"'),
        ("\u2764\ufe0f \u2764", {"\u2764": "<3"}, "<3 <3"),
        ("a.b*c", {".": "-", "*": "+"}, "a-b+c"),
        ("a\U0001f600b", {"\U0001f600": ""}, "ab"),
        ("é“", {}, 'é"'),
    ],
)
def test_d35_the_callers_map_comes_first(text: str, own: Mapping[str, str], expected: str) -> None:
    """Keys of any length replace any character, the longest first, and the later steps replace what they leave."""
    assert expected == transliterate(text, replacements=own)


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("x", {"x": "ж"}, "x"),
        ("ç", {"ç": "ҫ"}, "c"),
        ("“x”", {"x”": "ж"}, '"x"'),
        (FAMILY, {"\U0001f468": "man"}, FAMILY),
        ("\U0001f44d\U0001f3fd", {"\U0001f44d": "+1"}, "\U0001f44d\U0001f3fd"),
        ("e\u0301", {"e": "3"}, "é"),
        ("ж\u0301", {"ж": "zh"}, "ж\u0301"),
        ("x", {"x": "\ud800"}, "x"),
    ],
)
def test_d35_a_callers_replacement_that_leads_elsewhere_is_passed_over(
    text: str, own: Mapping[str, str], expected: str
) -> None:
    """Where the caller's words leave the alphabet, or a key would split a letter from its accent, steps 2-5 act."""
    assert expected == transliterate(text, replacements=own)


def test_d35_a_callers_replacement_is_reported_with_its_place() -> None:
    """A key of several characters is one replacement; the step is the last that its words needed."""
    expected = Transliteration(
        "1 PLN - <3",
        (
            Replacement(2, "zł", "PLN", Stage.REPLACEMENTS),
            Replacement(5, "–", "-", Stage.TYPOGRAPHY),
            Replacement(7, "\u2764\ufe0f", "<3", Stage.TYPOGRAPHY),
        ),
    )
    assert expected == transliteration("1 zł – \u2764\ufe0f", replacements={"zł": "PLN", "\u2764": "<3", "1": "1"})


@pytest.mark.parametrize("own", [{"a": "b", "": "c"}, {"ж": None}, {"ж": 5}, {5: "x"}, {b"a": "x"}, {None: None}])
def test_a_map_of_anything_but_words_is_refused(own: Any) -> None:
    """An empty key, and a key or replacement that is not a str, is a ``FieldError`` that names the argument."""
    for call in (transliterate, explain):
        with pytest.raises(FieldError) as caught:
            call("aж", replacements=own)
        assert caught.value.field == "replacements"


def test_what_a_map_makes_of_its_own_words_is_not_idempotent() -> None:
    """The law needs its condition: a map whose words hold a key does more at the second time."""
    own = {"a": "aa"}
    assert transliterate("a", replacements=own) == "aa"
    assert transliterate("aa", replacements=own) == "aaaa"


def test_lone_surrogates_are_passed_through() -> None:
    """A lone surrogate is not a character, and its neighbours are replaced all the same."""
    assert transliterate("\ud800“\udc00") == '\ud800"\udc00'
