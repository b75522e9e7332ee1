"""What is unreadable in a text: each place that lenient reading smooths over, against a walk code by code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import NationalLanguage, ShiftTables, gsm7, ucs2
from smscodec.tpdu._unreadable import in_septets, in_utf_16

TELUGU = ShiftTables(single=NationalLanguage.TELUGU)
UNITS = [b"\x00a", b"\xd8\x3d", b"\xdb\xff", b"\xdc\x00", b"\xde\x00", b"\xff\xfe", b"\xfe\xff"]


@pytest.mark.parametrize(
    ("septets", "place", "words"),
    [
        (b"ab\x1b", (2, 3), "a lone escape, shown as a space (D5)"),
        (b"a\x1b\x1be", (1, 3), "an escape after an escape, both shown as one space (D4)"),
        (b"a\x1bab", (1, 3), "an escape before 0x61, which has no meaning: shown as 'a' (D3)"),
        (b"ab\xffc", (2, 3), "no character has the code 0xFF, shown as U+FFFD"),
        (b"a\x1b\xffc", (1, 3), "no character has the code 0xFF, shown as U+FFFD"),
    ],
)
def test_each_kind_of_septets_has_its_words(septets: bytes, place: tuple[int, int], words: str) -> None:
    """An escape without a character and a code without one are told apart, with what is shown for them."""
    assert in_septets(septets) == [(*place, words)]


def test_the_euro_of_phones_under_telugu() -> None:
    """A code that phones read otherwise than the main table is said to be so."""
    assert in_septets(b"a\x1be", TELUGU) == [(1, 3, "an escape before 0x65, shown as '€' as phones do (D8)")]


def test_a_lone_escape_before_another_segment() -> None:
    """The character may follow there, and then nothing is lost."""
    assert in_septets(b"a\x1b", more_follow=True) == [(1, 2, "a lone escape, its character in the next segment (D5)")]


@given(st.lists(st.sampled_from([b"a", b"\x1be", b"\x1ba", b"\x1b\x1b", b"\xff"])))
def test_every_place_in_septets_is_found(pieces: list[bytes]) -> None:
    """In order, each once, and what stands between is read strictly."""
    wrong, position = [], 0
    for piece in pieces:
        if piece in {b"\x1ba", b"\x1b\x1b", b"\xff"}:
            wrong.append((position, position + len(piece)))
        position += len(piece)
    assert [(start, end) for start, end, _ in in_septets(b"".join(pieces))] == wrong


@given(st.lists(st.sampled_from(UNITS)), st.sampled_from([b"", b"\x00", b"\xd8"]), st.booleans(), st.booleans())
def test_every_place_in_utf_16_is_found(units: list[bytes], odd: bytes, is_first: bool, more_follow: bool) -> None:
    """A mark at the beginning, each half of a pair by what it lacks and where, and an odd octet at the end."""
    expected = []
    shown = list(units)
    if units and units[0] == b"\xff\xfe":
        expected.append((0, 2, "mark"))
        shown = [unit[::-1] for unit in units]
    place = 1 if expected else 0
    while place < len(shown):
        high, low = (0xD8 <= shown[place][0] < 0xDC), (0xDC <= shown[place][0] < 0xE0)
        if high and place + 1 < len(shown) and 0xDC <= shown[place + 1][0] < 0xE0:
            place += 2
            continue
        if high or low:
            before = low and place == 0 and not is_first
            after = high and place + 1 == len(shown) and more_follow
            words = "before" if before else "next" if after else "missing"
            expected.append((2 * place, 2 * place + 2, words))
        place += 1
    if odd:
        expected.append((2 * len(units), 2 * len(units) + 1, "odd octet"))
    found = in_utf_16(b"".join(units) + odd, is_first=is_first, more_follow=more_follow)
    assert [(start, end) for start, end, _ in found] == [(start, end) for start, end, _ in expected]
    assert all(words in message for (_, _, words), (_, _, message) in zip(expected, found, strict=True))


def test_where_nothing_is_found_all_is_read() -> None:
    """Texts that encode have no such place."""
    assert in_septets(gsm7.encode("5 € [a]")) == []
    assert in_utf_16(ucs2.encode("ж😀")) == []
