"""What detect, count_segments, measure and segment promise for the default alphabet and UCS-2.

The naive oracle in ``reference`` says what is right; Hypothesis and the strategies of ``smscodec.testing`` say on which
texts. National languages, grapheme clusters, exhaustive loops and the values themselves have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    FieldError,
    NationalLanguage,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SegmentationError,
    UnencodableError,
    UserDataHeader,
    count_segments,
    detect,
    measure,
    segment,
)
from smscodec.tables import DEFAULT_TABLES
from smscodec.testing import strategies
from smscodec.udh import Concatenation
from tests import agreement, reference
from tests.agreement import Options
from tests.rows import each_row

TEXTS = strategies.texts() | strategies.boundary_texts()
OPTIONS: st.SearchStrategy[Options] = st.fixed_dictionaries(
    {},
    optional={
        "alphabet": st.sampled_from([None, Alphabet.UCS2]),
        "wide_reference": st.booleans(),
        "header": strategies.caller_headers(),
    },
)
QUESTIONS: list[Callable[..., object]] = [measure, segment]


def sendable(text: str, options: Options) -> tuple[str, Options]:
    """As much of the text as 255 segments hold, which is what ``segment`` takes; nearly always all of it."""
    ends = agreement.plan(text, options).ends if len(text) > 255 else ()
    return text if len(ends) <= 255 else text[: ends[254]], options


CASES = st.tuples(TEXTS, OPTIONS).map(lambda drawn: sendable(*drawn))
PORTS = UserDataHeader((ApplicationPort(destination=2948, originator=9200),))

COUNTS = [
    ("", 1),
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 307, 3),
    ("€" * 81, 2),
    ("]" * 153, 3),
    ("a" * 152 + "€" + "a" * 152, 3),
    (("a" * 152 + "€") * 3, 4),
    ("a" * 151 + "€" + "a" * 153, 2),
    ("ж" * 135, 3),
    ("\U0001f600" * 35, 1),
    ("\U0001f600" * 36, 2),
    ("ж" * 66 + "\U0001f600" + "ж" * 66, 3),
    ("e\u0301" * 67, 2),
    ("a" * 159 + "\f", 2),
    ("`" * 10, 1),
]


@pytest.mark.parametrize(("text", "segments"), COUNTS, ids=[f"{len(text)} of {text[:1]!a}" for text, _ in COUNTS])
def test_counts_that_must_hold(text: str, segments: int) -> None:
    """The texts on which implementations disagree take as many segments as the specification makes of them."""
    expected = (segments, segments, segments)
    assert expected == (count_segments(text), measure(text).segments, len(segment(text)))


@given(TEXTS, OPTIONS)
def test_measure_agrees_with_the_oracle(text: str, options: Options) -> None:
    """Every field of a measurement is what filling segments character by character gives."""
    assert agreement.measurement(agreement.plan(text, options)) == measure(text, **options)


@given(TEXTS)
def test_count_segments_and_detect_are_fields_of_the_measurement(text: str) -> None:
    """The fast answers never differ from the full one."""
    measured = measure(text)
    assert (measured.segments, measured.alphabet) == (count_segments(text), detect(text))


@given(CASES)
def test_segment_carries_the_measurement(case: tuple[str, Options]) -> None:
    """A segmented message is measured as ``measure`` measures, and has as many segments as that says."""
    text, options = case
    message = segment(text, **options)
    measured = measure(text, **options)
    expected = (measured, measured.alphabet, measured.tables, measured.segments, text)
    assert expected == (message.measurement, message.alphabet, message.tables, len(message), message.text)


@given(CASES)
def test_segments_are_the_greedy_ones_and_join_to_the_text(case: tuple[str, Options]) -> None:
    """Each segment takes all that fits, no escape or surrogate pair is cut, and nothing is lost at the end."""
    text, options = case
    expected = reference.slices(text, agreement.plan(text, options).ends)
    assert expected == [part.text for part in segment(text, **options)]
    assert text == "".join(expected)


@given(CASES)
def test_no_segment_is_over_its_room(case: tuple[str, Options]) -> None:
    """No segment holds more units than units_per_segment, and none more than 140 octets."""
    text, options = case
    message = segment(text, **options, reference=7)
    for part in message:
        gsm = message.alphabet is Alphabet.GSM_7BIT
        costs = reference.septet_costs(part.text, reference.DEFAULT) if gsm else reference.utf16_costs(part.text)
        assert sum(costs) <= message.measurement.units_per_segment
        assert len(part.user_data.to_bytes()) <= reference.TP_UD_OCTETS


@given(CASES, st.integers(0, 255))
def test_octets_are_those_of_the_oracle(case: tuple[str, Options], number: int) -> None:
    """TP-UDL and TP-UD of every segment are what writing bit by bit gives: header, fill bits, septets or UTF-16."""
    text, options = case
    message = segment(text, **options, reference=number)
    assert agreement.expected_tp_uds(text, options, number) == agreement.tp_uds(message)


@given(CASES)
def test_octets_read_back_as_the_text(case: tuple[str, Options]) -> None:
    """A naive receiver that reads the segments bit by bit shows the text that was sent."""
    text, options = case
    message = segment(text, **options, reference=7)
    has_header = len(message) > 1 or ("header" in options and bool(options["header"].octet_length))
    shown = reference.joined_text(agreement.tp_uds(message), int(message.alphabet), has_header=has_header)
    assert text == shown


@given(TEXTS, OPTIONS)
def test_remaining_is_exactly_what_can_be_appended(text: str, options: Options) -> None:
    """Appending the remaining units keeps the number of segments, and one more adds one."""
    measured = measure(text, **options)
    full = text + "a" * measured.remaining
    assert (measured.segments, 0) == measure(full, **options)[2::2]
    assert measured.segments + 1 == measure(full + "a", **options).segments


@given(TEXTS, OPTIONS, st.data())
def test_a_prefix_never_costs_more(text: str, options: Options, data: st.DataObject) -> None:
    """Leaving the end of a text away never adds a segment."""
    prefix = text[: data.draw(st.integers(0, len(text)))]
    assert measure(prefix, **options).segments <= measure(text, **options).segments


@given(strategies.gsm_texts())
def test_gsm_text_is_detected_as_gsm(text: str) -> None:
    """Text of the default alphabet and its extension table never needs UCS-2, and may be asked for by name."""
    assert Alphabet.GSM_7BIT is detect(text)
    assert measure(text) == measure(text, alphabet=Alphabet.GSM_7BIT)


def test_empty_text_is_one_segment_of_nothing() -> None:
    """Empty text is one segment of 0 units with all the room left."""
    expected = (Alphabet.GSM_7BIT, 0, 1, 160, 160, DEFAULT_TABLES)
    assert expected == tuple(measure(""))
    assert [part.text for part in segment("")] == [""]
    assert agreement.tp_uds(segment("")) == [(0, b"")]
    assert (count_segments(""), detect("")) == (1, Alphabet.GSM_7BIT)


@each_row("length", range(300, 330))
def test_texts_of_about_two_segments_keep_their_end(length: int) -> None:
    """Texts of 307 to 319 characters do not lose what is behind the second segment."""
    text = "a" * (length - 1) + "z"
    assert text == "".join(part.text for part in segment(text))
    assert -(-length // 153) == len(segment(text))


def test_d01_small_c_cedilla_needs_ucs2() -> None:
    """Only the capital Ç is in the default alphabet."""
    assert (detect("ç"), detect("Ç")) == (Alphabet.UCS2, Alphabet.GSM_7BIT)


def test_d02_form_feed_is_an_extension_character() -> None:
    """U+000C costs two septets, so it does not fit behind 159 characters."""
    assert measure("a" * 159 + "\f")[:3] == (Alphabet.GSM_7BIT, 161, 2)


def test_d06_escape_forces_ucs2() -> None:
    """U+001B is a control code without a character, and nothing that GSM 7-bit could carry."""
    assert measure("a\x1b")[:3] == (Alphabet.UCS2, 2, 1)
    with pytest.raises(UnencodableError) as caught:
        measure("a\x1b", alphabet=Alphabet.GSM_7BIT)
    assert caught.value.start == 1


def test_d10_astral_characters_are_two_code_units() -> None:
    """Text above the basic plane is UTF-16 in big-endian order."""
    assert measure("\U0001f600")[:3] == (Alphabet.UCS2, 2, 1)
    assert agreement.tp_uds(segment("\U0001f600")) == [(4, b"\xd8\x3d\xde\x00")]


@given(strategies.texts_with_surrogates(), OPTIONS)
def test_d11_lone_surrogates_are_refused_where_they_stand(text: str, options: Options) -> None:
    """Every question about a text with a lone surrogate ends in UnencodableError over the first of them."""
    index = next(index for index, character in enumerate(text) if "\ud800" <= character <= "\udfff")
    questions: list[Callable[[], object]] = [
        lambda: detect(text),
        lambda: count_segments(text),
        lambda: measure(text, **options),
        lambda: segment(text, **options),
        lambda: measure(text, languages=NationalLanguage),
    ]
    for question in questions:
        with pytest.raises(UnencodableError) as caught:
            question()
        error = caught.value
        assert (text, index, index + 1) == (error.object, error.start, error.end)


def test_d21_a_text_of_one_segment_has_no_concatenation_element() -> None:
    """One segment has no header of its own, with or without a reference, only what the caller asked for."""
    assert [(1, b"a")] == agreement.tp_uds(segment("a")) == agreement.tp_uds(segment("a", reference=1))
    assert segment("a", header=PORTS, reference=1)[0].user_data.header == PORTS


def test_d22_a_wide_reference_takes_one_octet_more() -> None:
    """The room of several segments is 153 or 67 under an 8-bit reference, 152 or 66 under a 16-bit one."""
    for text, narrow, wide in (("a" * 200, 153, 152), ("ж" * 100, 67, 66)):
        expected = (narrow, wide)
        assert expected == (
            measure(text).units_per_segment,
            measure(text, wide_reference=True).units_per_segment,
        )
    assert (
        measure("a", wide_reference=True).units_per_segment,
        measure("ж", wide_reference=True).units_per_segment,
    ) == (160, 70)


def test_d33_cr_lf_are_two_characters() -> None:
    """A line end of two characters costs two septets and may be cut."""
    text = "a" * 152 + "\r\n" + "a" * 152
    assert measure(text)[:3] == (Alphabet.GSM_7BIT, 306, 2)
    assert segment(text)[0].text == "a" * 152 + "\r"


@given(TEXTS)
def test_gsm_7bit_on_request_names_the_first_offender(text: str) -> None:
    """Asking for GSM 7-bit never falls back to UCS-2: it works as detected, or names the first character to blame."""
    assume(detect(text) is Alphabet.UCS2)
    offenders = [
        index for index, character in enumerate(text) if reference.septet_cost(character, reference.DEFAULT) is None
    ]
    for question in QUESTIONS:
        with pytest.raises(UnencodableError) as caught:
            question(text, alphabet=Alphabet.GSM_7BIT)
        error = caught.value
        assert (text, offenders[0], offenders[0] + 1) == (error.object, error.start, error.end)


def test_ucs2_on_request_is_always_allowed() -> None:
    """GSM text is sent as UCS-2 where that is asked for."""
    assert measure("a" * 71, alphabet=Alphabet.UCS2)[:5] == (Alphabet.UCS2, 71, 2, 67, 63)
    assert agreement.tp_uds(segment("ab", alphabet=Alphabet.UCS2)) == [(4, b"\x00a\x00b")]


@pytest.mark.parametrize(("unit", "room"), [("a", 153), ("ж", 67)])
def test_segment_refuses_256_segments_and_counting_does_not(unit: str, room: int) -> None:
    """255 segments are the most a message may have; measuring goes on counting and wraps nowhere."""
    assert len(segment(unit * (255 * room))) == 255
    text = unit * (255 * room + 1)
    assert (measure(text).segments, count_segments(text)) == (256, 256)
    with pytest.raises(SegmentationError) as caught:
        segment(text)
    assert caught.value.segments == 256
    endless = unit * (100_000 * room)
    assert (measure(endless).segments, count_segments(endless)) == (100_000, 100_000)


def header_of(octets: int) -> UserDataHeader:
    """A header that takes that many octets."""
    return UserDataHeader((OpaqueElement(0xC0, bytes(octets - 3)),))


def test_header_without_room_is_refused_even_for_empty_text() -> None:
    """A header that leaves under two units is SegmentationError, whatever the text."""
    for text in ("", "a", "ж" * 5):
        for question in QUESTIONS:
            with pytest.raises(SegmentationError):
                question(text, header=header_of(139))


def test_header_that_leaves_two_units_is_enough() -> None:
    """Two septets or two code units behind the caller's header hold an escape pair or a surrogate pair."""
    assert measure("€", header=header_of(138))[1:5] == (2, 1, 2, 0)
    assert measure("\U0001f600", header=header_of(136))[1:5] == (2, 1, 2, 0)


def test_header_without_room_for_several_segments_is_refused_with_the_text_that_needs_them() -> None:
    """Where a lone segment has room and concatenated ones have not, only the longer text is refused."""
    header = header_of(135)
    assert measure("aaaaa", header=header).segments == 1
    with pytest.raises(SegmentationError):
        measure("aaaaaa", header=header)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("alphabet", {"alphabet": Alphabet.DATA_8BIT}),
        ("header", {"header": UserDataHeader((Concatenation(reference=1, total=2, sequence=1),))}),
        ("header", {"header": UserDataHeader((Concatenation(reference=1, total=2, sequence=1, wide=True),))}),
        ("header", {"header": UserDataHeader((NationalLanguageSingleShift(NationalLanguage.TURKISH),))}),
        ("header", {"header": UserDataHeader((NationalLanguageLockingShift(NationalLanguage.URDU),))}),
        ("languages", {"languages": [14]}),
        ("languages", {"languages": [-1]}),
        ("languages", {"languages": ["klingon"]}),
    ],
)
def test_impossible_options_name_their_field(field: str, wrong: dict[str, Any]) -> None:
    """A value that no message can have is FieldError with the name of the argument, for every kind of text."""
    for text in ("", "a", "a" * 200, "ж", "ж" * 100):
        for question in QUESTIONS:
            with pytest.raises(FieldError) as caught:
                question(text, **wrong)
            assert field == caught.value.field


def test_detect_refuses_unknown_languages() -> None:
    """A language that is none is FieldError("languages") for ``detect`` too."""
    for text in ("a", "ş"):
        with pytest.raises(FieldError) as caught:
            detect(text, languages=[99])  # type: ignore[list-item]  # the wrong value is the point
        assert caught.value.field == "languages"


def test_unknown_boundary_is_refused() -> None:
    """Only characters and grapheme clusters are boundaries."""
    for text in ("a", "a" * 200):
        with pytest.raises(FieldError) as caught:
            segment(text, boundary="word")  # type: ignore[arg-type]  # the wrong value is the point
        assert caught.value.field == "boundary"


@pytest.mark.parametrize(
    "header",
    [
        UserDataHeader((OpaqueElement(0x00, b"\x01\x00\x00"),)),
        UserDataHeader((OpaqueElement(0x25, b"\x02"),)),
        UserDataHeader.from_bytes(b"\x04\x24\x05\x01\x01"),
        UserDataHeader.from_bytes(b"\x00"),
    ],
)
def test_a_header_that_receivers_ignore_is_refused(header: UserDataHeader) -> None:
    """Elements that the segmentation adds itself, and headers that could not be read, cannot be the caller's."""
    for call in (measure, segment):
        with pytest.raises(FieldError) as caught:
            call("a", header=header)
        assert caught.value.field == "header"


@pytest.mark.parametrize("reference", [1.0, "7", b"1"])
def test_a_reference_is_a_whole_number(reference: Any) -> None:
    """Anything but an int is FieldError("reference"), for one segment too."""
    with pytest.raises(FieldError) as caught:
        segment("a", reference=reference)
    assert caught.value.field == "reference"
