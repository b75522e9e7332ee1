"""Loops over everything small enough to try whole: every code point, every header length, every text about a cut.

Rounding is right on nearly every real text and wrong on one in ten of these, so these are tried without exception.

Reference: 3GPP TS 23.038, 6.2.1; 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import pytest

from smscodec import (
    Alphabet,
    ApplicationPort,
    NationalLanguage,
    OpaqueElement,
    SegmentationError,
    ShiftTables,
    UnencodableError,
    UserDataHeader,
    count_segments,
    detect,
    measure,
    segment,
    segment_data,
)
from tests import agreement, reference
from tests.agreement import Options

GSM_CHARACTERS = sorted(reference.MAIN_CODES[0] | reference.SINGLE_CODES[0])
OTHER_CHARACTERS = [*"ç`\t\x1b\x00жΑ\u0300\u2019\ufffe\uffff\ud7ff\ue000", "\U00010000", "\U0001f600", "\U0010ffff"]
PORTUGUESE = NationalLanguage.PORTUGUESE
PORTS = UserDataHeader((ApplicationPort(destination=2948, originator=9200),))


def check(text: str, **options: object) -> None:
    """Counting, measuring and cutting a text agree with the oracle."""
    known: Options = dict(options)
    plan = agreement.plan(text, known)
    expected = agreement.measurement(plan)
    assert expected == measure(text, **known)
    assert reference.slices(text, plan.ends) == [part.text for part in segment(text, **known)]
    if not options:
        assert (expected.segments, expected.alphabet) == (count_segments(text), detect(text))


def kind_of(character: str) -> tuple[int | None, int]:
    """All that matters of a character: its cost in septets, if it has one, and in UTF-16 code units."""
    return reference.septet_cost(character, reference.DEFAULT), reference.utf16_costs(character)[0]


def disagreements(code_points: Iterable[int], before: str, after: str) -> list[int]:
    """The code points that are counted otherwise between two texts than the oracle counts their kind."""
    expected = {
        kind_of(example): agreement.measurement(agreement.plan(before + example + after, {}))
        for example in ("a", "€", "ж", "\U0001f600")
    }
    wrong = []
    for code_point in code_points:
        character = chr(code_point)
        text = before + character + after
        answers = expected[kind_of(character)]
        if answers != measure(text) or answers[2::-2] != (count_segments(text), detect(text)):
            wrong.append(code_point)
    return wrong


@pytest.mark.exhaustive
def test_every_code_point_alone() -> None:
    """Each of the 0x110000 code points but the surrogates is GSM 7-bit or UCS-2 as the tables say."""
    assert disagreements([*range(0xD800), *range(0xE000, 0x110000)], "", "") == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("filling", "before", "after"),
    [
        *[("a", before, 152) for before in (151, 152)],
        *[("a", before, 0) for before in (158, 159, 160, 306)],
        ("ж", 66, 66),
        *[("ж", before, 0) for before in (68, 69, 70)],
    ],
)
def test_every_code_point_at_a_cut(filling: str, before: int, after: int) -> None:
    """Each code point of the basic plane and many above it are counted by their kind at the end of a segment."""
    code_points = [*range(0xD800), *range(0xE000, 0x10000), *range(0x10000, 0x110000, 97)]
    assert disagreements(code_points, filling * before, filling * after) == []


def test_every_surrogate_alone_is_refused() -> None:
    """Each of the 2048 surrogates raises at its position, in front of text and behind it."""
    for code_point in range(0xD800, 0xE000):
        for text, index in ((chr(code_point), 0), ("a" + chr(code_point), 1), (chr(code_point) + "\U0001f600", 0)):
            for question in (detect, count_segments, measure):
                with pytest.raises(UnencodableError) as caught:
                    question(text)
                assert (index, index + 1) == (caught.value.start, caught.value.end)


@pytest.mark.exhaustive
@pytest.mark.parametrize("before", [150, 151, 152, 153, 159, 303, 304, 305, 306])
def test_every_gsm_character_at_every_cut(before: int) -> None:
    """Each character that GSM 7-bit has is whole in its segment wherever it stands near a cut."""
    for character in GSM_CHARACTERS:
        for after in (0, 1, 7, 8, 152, 153):
            check("a" * before + character + "a" * after)


@pytest.mark.exhaustive
@pytest.mark.parametrize("before", [64, 65, 66, 67, 68, 69, 70, 132, 133, 134])
def test_every_kind_of_character_at_every_cut_of_ucs2(before: int) -> None:
    """Characters of one and two code units are whole in their segment wherever they stand near a cut."""
    for character in [*GSM_CHARACTERS, *OTHER_CHARACTERS]:
        for after in (0, 1, 2, 3, 66, 67):
            check("ж" * before + character + "ж" * after)


def test_one_character_outside_gsm_changes_the_whole_text() -> None:
    """A character that GSM 7-bit lacks makes UCS-2 of the text before and behind it."""
    for character, before in product(OTHER_CHARACTERS, (0, 1, 66, 67, 69, 70, 159, 160)):
        check("a" * before + character)
        check(character + "a" * before)
        check("€" * before + character + "[" * 60)


@pytest.mark.exhaustive
@pytest.mark.parametrize("filling", ["a", "€", "ж", "\U0001f600", "a€", "€aa", "ж\U0001f600", "\U0001f600жж", "aж"])
@pytest.mark.parametrize("wide", [False, True], ids=["8-bit reference", "16-bit reference"])
def test_every_length_of_a_repeated_filling(filling: str, wide: bool) -> None:
    """Texts of every length to 500 characters take the segments that filling them one by one takes."""
    options = {"wide_reference": True} if wide else {}
    for length in range(500):
        check((filling * 500)[:length], **options)


@pytest.mark.parametrize(("filling", "wider", "room"), [("a", "€", 153), ("ж", "\U0001f600", 67)])
def test_every_pattern_of_wide_characters_about_two_cuts(filling: str, wider: str, room: int) -> None:
    """All ways to put characters of one and two units about the first and the second cut are counted right."""
    for first, second in product(product(filling + wider, repeat=4), product(filling + wider, repeat=4)):
        text = filling * (room - 4) + "".join(first) + filling * (room - 5) + "".join(second)
        for tail in ("", filling, wider):
            check(text + tail)


@pytest.mark.parametrize(("filling", "wider", "room"), [("a", "€", 153), ("ж", "\U0001f600", 67)])
@pytest.mark.parametrize("segments", [254, 255, 256, 257])
def test_counts_hold_where_a_message_may_end_and_beyond(filling: str, wider: str, room: int, segments: int) -> None:
    """About 255 full segments the count is exact, and segment refuses from 256 on and not before."""
    endings = ["", filling, wider, filling * room, filling * (room - 1) + wider]
    # A wide character on every cut wastes one unit a segment, which no rounding of the total sees.
    bodies = [filling * (room * (segments - 2)), (filling * (room - 1) + wider) * (segments - 2)]
    for text in (body + ending for body in bodies for ending in endings):
        plan = agreement.plan(text, {})
        assert agreement.measurement(plan) == measure(text)
        assert len(plan.ends) == count_segments(text)
        if len(plan.ends) <= 255:
            assert reference.slices(text, plan.ends) == [part.text for part in segment(text)]
        else:
            with pytest.raises(SegmentationError) as caught:
                segment(text)
            assert len(plan.ends) == caught.value.segments


@pytest.mark.exhaustive
@pytest.mark.parametrize(("filling", "room"), [("a", 153), ("ж", 67)])
def test_every_kind_of_character_at_the_cut_behind_segment_255(filling: str, room: int) -> None:
    """Segment 255 ends with a whole character, and what does not fit makes the 256th that is refused."""
    body = filling * (room * 255 - 1)
    for character in GSM_CHARACTERS if filling == "a" else [*GSM_CHARACTERS[::8], *OTHER_CHARACTERS]:
        plan = agreement.plan(body + character, {})
        assert agreement.measurement(plan) == measure(body + character)
        assert len(plan.ends) == count_segments(body + character)


def headers() -> Iterator[tuple[int, UserDataHeader]]:
    """A header of every length, with its octets: the empty one, then 3 octets and on to where nothing fits."""
    yield 0, UserDataHeader()
    for octets in range(3, 145):
        yield octets, UserDataHeader((OpaqueElement(0xC0, bytes(octets - 3)),))


@pytest.mark.parametrize("wide", [False, True], ids=["8-bit reference", "16-bit reference"])
def test_every_header_length_leaves_the_room_that_the_oracle_counts(wide: bool) -> None:
    """Under a caller's header of any length a text is measured as the oracle does, or both find no room."""
    for _, header in headers():
        for text in ("", "a", "€", "a" * 7, "€" * 80, "a" * 161, "ж", "\U0001f600", "ж" * 71):
            options: Options = {"header": header, "wide_reference": wide}
            try:
                expected = agreement.measurement(agreement.plan(text, options))
            except reference.NoRoomError:
                with pytest.raises(SegmentationError):
                    measure(text, **options)
                with pytest.raises(SegmentationError):
                    segment(text, **options)
            else:
                assert expected == measure(text, **options)


@pytest.mark.exhaustive
def test_every_header_length_fills_140_octets_and_no_more() -> None:
    """A full segment of each alphabet under a header of each length takes all the octets that it can use."""
    for octets, header in headers():
        if octets > 120:
            break
        for unit, alphabet in (("a", Alphabet.GSM_7BIT), ("ж", Alphabet.UCS2)):
            for text in (unit * measure(unit, header=header).units_per_segment, unit * 400):
                first = segment(text, header=header, reference=1)[0].user_data
                used = len(first.to_bytes())
                assert reference.TP_UD_OCTETS - used in ((0,) if alphabet is Alphabet.GSM_7BIT else (0, 1))
                assert agreement.expected_tp_uds(text, {"header": header}, 1)[0] == (first.length, first.to_bytes())


CAPACITIES = [
    # header, then room: GSM 7-bit, 8-bit, UCS-2; alone, then in each of several segments
    ("none", UserDataHeader(), False, (160, 140, 70)),
    ("concat 8", UserDataHeader(), False, (153, 134, 67)),
    ("concat 16", UserDataHeader(), True, (152, 133, 66)),
    ("port 16", PORTS, False, (152, 133, 66)),
    ("concat 8 + port 16", PORTS, False, (146, 128, 64)),
    ("concat 16 + port 16", PORTS, True, (145, 127, 63)),
]


@pytest.mark.parametrize(("name", "header", "wide", "rooms"), CAPACITIES, ids=[row[0] for row in CAPACITIES])
def test_room_under_each_header_without_shift_elements(
    name: str,
    header: UserDataHeader,
    wide: bool,
    rooms: tuple[int, int, int],
) -> None:
    """The capacity table holds, row by row, in the measurement and in the octets of a full segment."""
    several = name.startswith("concat")
    gsm, data, ucs2 = rooms
    options: Options = {"header": header, "wide_reference": wide}
    for unit, room in (("a", gsm), ("ж", ucs2)):
        message = segment(unit * (room * 2 if several else room), **options, reference=1)
        assert (room, 0, 2 if several else 1) == (*message.measurement[3:5], len(message))
        assert [room] * len(message) == [len(part.text) for part in message]
        assert all(139 <= len(part.user_data.to_bytes()) <= 140 for part in message)
    message = segment_data(bytes(data * 2 if several else data), **options, reference=1)
    assert (data, 0, 2 if several else 1) == (*message.measurement[3:5], len(message))
    assert all(len(part.user_data.to_bytes()) == 140 for part in message)


SHIFTED = [
    ("one shift", UserDataHeader(), False, "Á", 155),
    ("both shifts", UserDataHeader(), False, "ΦÁ", 152),
    ("concat 8 + one shift", UserDataHeader(), False, "Á", 149),
    ("concat 16 + one shift", UserDataHeader(), True, "Á", 148),
    ("concat 8 + both shifts", UserDataHeader(), False, "ΦÁ", 146),
    ("concat 16 + both shifts", UserDataHeader(), True, "ΦÁ", 145),
    ("concat 8 + port 16 + one shift", PORTS, False, "Á", 142),
    ("concat 8 + port 16 + both shifts", PORTS, False, "ΦÁ", 139),
]


@pytest.mark.parametrize(("name", "header", "wide", "letters", "room"), SHIFTED, ids=[row[0] for row in SHIFTED])
def test_room_under_each_header_with_shift_elements(
    name: str,
    header: UserDataHeader,
    wide: bool,
    letters: str,
    room: int,
) -> None:
    """The rows with national tables hold: Á is in the Portuguese locking table, and Φ then in the single shift one."""
    segments = 3 if name.startswith("concat") else 1
    text = letters[:-1] + letters[-1] * (room * segments - 2 * len(letters[:-1]))
    options: Options = {"header": header, "wide_reference": wide, "languages": [PORTUGUESE]}
    message = segment(text, **options, reference=1)
    assert (Alphabet.GSM_7BIT, room * segments, segments, room, 0) == message.measurement[:5]
    assert ShiftTables(PORTUGUESE, PORTUGUESE if "Φ" in letters else NationalLanguage.DEFAULT) == message.tables
    assert all(len(part.user_data.to_bytes()) == 140 for part in message)
    check(text, **options)
