"""National languages: which pair of tables a text is sent with, and that it is the best of all that are permitted.

The oracle tries every permitted pair and counts real segments, so a plan that it does not know is a wrong one.

Reference: 3GPP TS 23.038, 6.2.1.2; 3GPP TS 23.040, 9.2.3.24.15 and 9.2.3.24.16
"""

from __future__ import annotations

import contextlib
from functools import cache
from itertools import permutations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    NationalLanguage,
    OpaqueElement,
    SegmentationError,
    ShiftTables,
    UnencodableError,
    UserDataHeader,
    detect,
    measure,
    segment,
)
from smscodec.tables import DEFAULT_TABLES
from smscodec.testing import strategies
from tests import agreement, reference
from tests.agreement import Options

TURKISH, SPANISH, PORTUGUESE = NationalLanguage.TURKISH, NationalLanguage.SPANISH, NationalLanguage.PORTUGUESE
HINDI, URDU = NationalLanguage.HINDI, NationalLanguage.URDU
ALL_LANGUAGES = list(NationalLanguage)
DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"


NATIONAL_TEXTS = st.builds(
    lambda piece, length: (piece * 200)[:length],
    st.one_of(strategies.shift_tables().flatmap(strategies.gsm_texts), strategies.texts()),
    st.integers(0, 200) | st.integers(60, 350),
)
"""Texts that some pair of tables holds, often of a length that makes tables worth their header."""

TEXTS = NATIONAL_TEXTS | strategies.boundary_texts()
LANGUAGES = st.lists(strategies.national_languages(), unique=True, max_size=4)
OPTIONS: st.SearchStrategy[Options] = st.fixed_dictionaries(
    {"languages": st.one_of(LANGUAGES, LANGUAGES, st.just(ALL_LANGUAGES))},
    optional={
        "alphabet": st.sampled_from([None, Alphabet.UCS2]),
        "wide_reference": st.booleans(),
        "header": strategies.caller_headers(),
    },
)


@given(TEXTS, OPTIONS)
def test_the_plan_is_the_one_of_the_oracle(text: str, options: Options) -> None:
    """The measurement under permitted languages is the best of all plans, with the ties broken as promised."""
    measured = measure(text, **options)
    assert agreement.measurement(agreement.plan(text, options)) == measured
    if options.get("alphabet") is None and "header" not in options:
        assert measured.alphabet == detect(text, languages=options["languages"])


@given(TEXTS, OPTIONS)
def test_no_pair_of_tables_beats_the_plan(text: str, options: Options) -> None:
    """No permitted pair of tables, nor UCS-2, would take fewer segments."""
    measured = measure(text, **{**options, "alphabet": None})
    caller = agreement.elements(options.get("header", UserDataHeader()))
    wide = options.get("wide_reference", False)
    others = [reference.fill(reference.utf16_costs(text), reference.UCS2, reference.DEFAULT, caller, wide=wide)]
    for pair in [reference.DEFAULT, *reference.pairs(options["languages"])]:
        with contextlib.suppress(reference.OffenderError):
            costs = reference.septet_costs(text, pair)
            others.append(reference.fill(costs, reference.GSM_7BIT, pair, caller, wide=wide))
    assert min(len(other.ends) for other in others) == measured.segments


@given(TEXTS, OPTIONS, st.integers(0, 255))
def test_octets_are_those_of_the_oracle_and_read_back(text: str, options: Options, number: int) -> None:
    """Segments carry shift elements and septets as the oracle writes them, and a naive receiver reads them."""
    message = segment(text, **options, reference=number)
    tp_uds = agreement.tp_uds(message)
    assert measure(text, **options) == message.measurement
    assert agreement.expected_tp_uds(text, options, number) == tp_uds
    has_header = bool(message[0].user_data.header.octet_length)
    assert text == reference.joined_text(tp_uds, int(message.alphabet), has_header=has_header)


@given(TEXTS, OPTIONS, st.data())
def test_a_prefix_never_costs_more(text: str, options: Options, data: st.DataObject) -> None:
    """Leaving the end of a text away never adds a segment, whichever tables either is sent with."""
    prefix = text[: data.draw(st.integers(0, len(text)))]
    assert measure(prefix, **options).segments <= measure(text, **options).segments


Case = tuple[str, list[NationalLanguage], NationalLanguage]


@cache
def own_letters(language: NationalLanguage) -> st.SearchStrategy[list[str]]:
    """Some letters that a language has and the default alphabet has not."""
    cells = {**reference.SINGLE[language], **reference.MAIN.get(language, {})}
    own = sorted(set(cells.values()) - {*reference.MAIN_CODES[0], *reference.SINGLE_CODES[0]})
    return st.lists(st.sampled_from(own), min_size=1, max_size=8)


@st.composite
def rescued(draw: st.DrawFn) -> Case:
    """A text of one language's own letters, some languages, and the one that would help, in most draws."""
    more = draw(strategies.national_languages())
    letters = draw(own_letters(more))
    plain = draw(st.text("abc ", max_size=4))
    text = (("".join(letters) + plain) * 80)[: draw(st.integers(71, 320))]
    return text, draw(st.lists(strategies.national_languages().filter(more.__ne__), max_size=2)), more


@given(rescued() | st.tuples(TEXTS, LANGUAGES, strategies.national_languages()))
def test_another_language_never_costs_more(case: Case) -> None:
    """Permitting a further language never adds a segment, and without gain changes nothing of the base plan."""
    text, languages, more = case
    fewer, wider = measure(text, languages=languages), measure(text, languages=[*languages, more])
    assert wider.segments <= fewer.segments <= measure(text).segments
    if wider.segments == measure(text).segments:
        assert measure(text) == wider


@cache
def draws_of_rescued() -> list[Case]:
    """Two hundred draws, the same for every backend."""
    draws: list[Case] = []

    @settings(max_examples=200, phases=[Phase.generate], derandomize=True, database=None)
    @given(rescued())
    def collect(case: Case) -> None:
        draws.append(case)

    collect()
    return draws


def test_another_language_often_costs_less() -> None:
    """In at least a third of the draws of ``rescued`` the further language does save a segment."""
    saved = [
        measure(text, languages=[*languages, more]).segments < measure(text, languages=languages).segments
        for text, languages, more in draws_of_rescued()
    ]
    assert sum(saved) > len(saved) / 3


@given(TEXTS, OPTIONS)
def test_remaining_can_be_appended(text: str, options: Options) -> None:
    """As many units as remain can be appended to a text of the tables' own letters without another segment."""
    measured = measure(text, **options)
    assert measured.segments == measure(text + "a" * measured.remaining, **options).segments


@given(TEXTS, st.lists(strategies.national_languages(), max_size=4))
def test_languages_may_be_any_iterable_in_any_order(text: str, languages: list[NationalLanguage]) -> None:
    """Order and repetition of the permitted languages mean nothing, nor does DEFAULT, and an iterator will do."""
    expected = measure(text, languages=languages)
    for order in (languages[::-1], [*languages, *languages], [NationalLanguage.DEFAULT, *languages], set(languages)):
        assert expected == measure(text, languages=iter(order))
        assert expected == segment(text, languages=iter(order)).measurement
        assert expected.alphabet == detect(text, languages=iter(order))


@given(strategies.gsm_texts())
def test_text_of_one_default_segment_keeps_the_default_tables(text: str) -> None:
    """Where the default alphabet holds a text in one segment, permitting every language changes nothing."""
    short = text[:80]
    assert measure(short) == measure(short, languages=ALL_LANGUAGES)


def test_a_table_that_saves_a_segment_is_used() -> None:
    """150 circumflexes are two segments by default, and one of 155 septets under the Portuguese locking table."""
    text = "^" * 150
    expected = (Alphabet.GSM_7BIT, 150, 1, 155, 5, ShiftTables(locking=PORTUGUESE))
    assert expected == measure(text, languages=[PORTUGUESE])
    assert measure(text).segments == 2


def test_a_table_that_saves_nothing_is_not_used() -> None:
    """50 Turkish letters are one segment in UCS-2, which every handset shows, so no table is used."""
    text = "ş" * 50
    assert measure(text, languages=[TURKISH]) == (Alphabet.UCS2, 50, 1, 70, 20, DEFAULT_TABLES)
    assert Alphabet.UCS2 is detect(text, languages=[TURKISH])


def test_the_same_letters_in_a_longer_text_are_worth_a_table() -> None:
    """71 Turkish letters are two segments in UCS-2 and one under the locking table."""
    expected = (Alphabet.GSM_7BIT, 71, 1, 155, 84, ShiftTables(locking=TURKISH))
    assert expected == measure("ş" * 71, languages=[TURKISH])
    assert Alphabet.GSM_7BIT is detect("ş" * 71, languages=[TURKISH])


def test_tables_of_different_languages_may_be_paired() -> None:
    """A locking table of one language goes with a single shift table of another where only both hold the text."""
    text = DOTLESS_I * 80 + "Á" * 30
    expected = ShiftTables(locking=TURKISH, single=SPANISH)
    assert expected == measure(text, languages=[TURKISH, SPANISH]).tables
    assert DEFAULT_TABLES == measure(text, languages=[TURKISH]).tables == measure(text, languages=[SPANISH]).tables


def test_ties_go_to_the_lower_identifiers() -> None:
    """With segments, elements and units equal, the lower locking and then the lower single identifier is taken."""
    with_danda = [NationalLanguage(identifier) for identifier in range(5, 12)]
    for order in permutations(with_danda, 2):
        expected = ShiftTables(single=min(order))
        assert expected == measure("Ä\N{DEVANAGARI DANDA}" * 48, languages=order).tables
    for order in permutations([TURKISH, PORTUGUESE], 2):
        assert ShiftTables(locking=TURKISH) == measure("€" * 81, languages=order).tables


def test_fewer_elements_go_before_fewer_units() -> None:
    """Of plans with as many segments the one with one shift element is taken, though two would take fewer units."""
    text = "Φ" + "Á" * 70
    expected = (Alphabet.GSM_7BIT, 141, 1, 155, 14, ShiftTables(single=PORTUGUESE))
    assert sum(reference.septet_costs(text, (3, 3))) == 72
    assert expected == measure(text, languages=[PORTUGUESE])


def test_d24_no_locking_shift_to_spanish_is_ever_sent() -> None:
    """Spanish has only a single shift table."""
    text = "Á" * 100
    assert ShiftTables(single=SPANISH) == measure("Áa" * 50, languages=[SPANISH]).tables
    for text in ("á" * 71, "á" * 400, "áa" * 400):
        assert NationalLanguage.DEFAULT is measure(text, languages=[SPANISH]).tables.locking


def test_every_segment_repeats_the_shift_elements() -> None:
    """A header belongs to its own segment: concatenation, single shift, locking shift, then the caller's elements."""
    caller = UserDataHeader((OpaqueElement(0xC0, b"\x01"), ApplicationPort(destination=2948, originator=9200)))
    text = DOTLESS_I * 300 + "Á" * 60
    message = segment(text, languages=[TURKISH, SPANISH], reference=9, header=caller)
    assert ShiftTables(locking=TURKISH, single=SPANISH) == message.tables
    for sequence, part in enumerate(message, start=1):
        expected = [
            (0x00, bytes([9, len(message), sequence])),
            (0x24, b"\x02"),
            (0x25, b"\x01"),
            (0xC0, b"\x01"),
            (0x05, b"\x0b\x84\x23\xf0"),
        ]
        assert expected == reference.elements_of(part.user_data.to_bytes())
        assert message.tables == part.user_data.header.shift_tables


def test_d21_one_segment_carries_only_shift_elements() -> None:
    """A national text of one segment has its shift element, 24 or 25 hexadecimal, and no concatenation."""
    assert segment("^" * 150, languages=[PORTUGUESE])[0].user_data.to_bytes()[:4] == b"\x03\x25\x01\x03"
    assert segment("Áè" * 36, languages=[SPANISH])[0].user_data.to_bytes()[:4] == b"\x03\x24\x01\x02"


def test_ucs2_on_request_ignores_languages() -> None:
    """Asking for UCS-2 leaves no choice to make."""
    text = "ş" * 200
    expected = measure(text, alphabet=Alphabet.UCS2)
    assert expected == measure(text, alphabet=Alphabet.UCS2, languages=ALL_LANGUAGES)


def test_gsm_7bit_on_request_takes_the_best_tables() -> None:
    """Asking for GSM 7-bit uses a national table even where UCS-2 would take no more segments."""
    expected = (Alphabet.GSM_7BIT, 50, 1, 155, 105, ShiftTables(locking=TURKISH))
    assert expected == measure("ş" * 50, alphabet=Alphabet.GSM_7BIT, languages=[TURKISH])
    assert measure("a" * 50, alphabet=Alphabet.GSM_7BIT, languages=[TURKISH]).tables == DEFAULT_TABLES
    assert (
        ShiftTables(locking=PORTUGUESE)
        == measure("^" * 150, alphabet=Alphabet.GSM_7BIT, languages=ALL_LANGUAGES).tables
    )


@given(rescued() | st.tuples(TEXTS, LANGUAGES, strategies.national_languages()))
def test_gsm_7bit_on_request_agrees_with_the_oracle(
    case: tuple[str, list[NationalLanguage], NationalLanguage],
) -> None:
    """The best table plan is taken, else the first character outside the default alphabet is named."""
    text, languages = case[0], [*case[1], case[2]]
    options: Options = {"alphabet": Alphabet.GSM_7BIT, "languages": languages}
    try:
        expected = agreement.measurement(agreement.plan(text, options))
    except reference.OffenderError as offender:
        index = offender.args[0]
        with pytest.raises(UnencodableError) as caught:
            measure(text, **options)
        assert (text, index, index + 1) == (caught.value.object, caught.value.start, caught.value.end)
    else:
        assert expected == measure(text, **options)


@pytest.mark.parametrize("kind", ["locking_shift", "single_shift"])
def test_every_national_character_is_planned_as_the_oracle_says(kind: str) -> None:
    """Each cell of each table alone, and 71 times over, is sent with the tables that the oracle chooses."""
    for language in reference.MAIN if kind == "locking_shift" else reference.SINGLE:
        cells = (reference.MAIN if kind == "locking_shift" else reference.SINGLE)[language]
        for character in sorted(set(cells.values())):
            for text in (character, character * 71):
                options: Options = {"languages": [NationalLanguage(language)]}
                assert agreement.measurement(agreement.plan(text, options)) == measure(text, **options)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("filling", "languages"),
    [
        ("^", [PORTUGUESE]),
        ("^a", [PORTUGUESE]),
        ("á", [SPANISH]),
        ("áa", [SPANISH]),
        ("áaa€", [SPANISH, PORTUGUESE]),
        ("ş", [TURKISH]),
        ("şa^", [TURKISH]),
        (DOTLESS_I + "á", [TURKISH, SPANISH]),
        ("Φã", [PORTUGUESE]),
        ("\N{DEVANAGARI LETTER KA}A", [HINDI]),
    ],
)
def test_every_length_of_a_repeated_national_filling(filling: str, languages: list[NationalLanguage]) -> None:
    """At every length a table is used exactly where it saves a segment, counted with what escape pairs waste."""
    for length in range(60, 470):
        text = (filling * 470)[:length]
        for wide in (False, True):
            options: Options = {"languages": languages, "wide_reference": wide}
            assert agreement.measurement(agreement.plan(text, options)) == measure(text, **options)


def test_escape_pairs_may_eat_what_a_table_seems_to_save() -> None:
    """149 letters of two septets are 298 septets, yet no two segments of 149 hold them, so UCS-2 stays."""
    text = "á" * 149
    assert 3 == measure(text).segments == -(-149 // 74)
    assert measure(text) == measure(text, languages=[SPANISH])


def test_national_plans_without_room_are_skipped() -> None:
    """Where the caller's header leaves no room for a shift element, the base plan goes without an error."""
    for octets in range(100, 139):
        header = UserDataHeader((OpaqueElement(0xC0, bytes(octets - 3)),))
        for text in ("", "€€", "ab", "[]" * 3, "ş", "ş" * 5):
            options: Options = {"header": header, "languages": ALL_LANGUAGES}
            try:
                expected = agreement.measurement(agreement.plan(text, options))
            except reference.NoRoomError:
                with pytest.raises(SegmentationError):
                    measure(text, **options)
            else:
                assert expected == measure(text, **options)


def test_persian_and_hindi_letters_outside_the_tables_stay_ucs2() -> None:
    """One character that no table holds keeps the whole text in UCS-2, with every language permitted."""
    for text in ("\u0915" * 100 + "ж", "\u0627" * 100 + "\u200c", "ş" * 100 + "\U0001f600"):
        assert Alphabet.UCS2 is detect(text, languages=ALL_LANGUAGES)
        assert measure(text) == measure(text, languages=[HINDI, URDU, TURKISH])
