"""The kernels that count characters and foresee savings give the same answers on every backend, and the right ones.

The oracle goes through every message character by character, and through every outcome that traits leave open.

Reference: 3GPP TS 23.038, 6.2.1; 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import struct
from collections import Counter
from functools import cache
from itertools import accumulate
from mmap import mmap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec._kernels import CODE_POINTS, DEPENDS, PLAIN_ROOMS, STAYS, Characters, Kernels, Rooms, Utf8Column
from smscodec.testing import strategies
from tests import backends, reference
from tests.counting import COMPILED, NEEDS_C
from tests.test_kernels import every_backend, weighed

TRAITS = {
    "ж": (STAYS, 0, 1),
    "中": (STAYS, 0, 1),
    "😀": (STAYS, 0, 2),
    "’": (0, 1, 1),
    "…": (0, 3, 1),
    "【": (0, 2, 1),
    "🆎": (0, 2, 2),
    "\u0301": (DEPENDS, 0, 0),
    "𝐀": (DEPENDS, 0, 1),
    "`": (0, 1, 1),
    "\x00": (STAYS, 0, 1),
}
"""Traits of a few characters, with whatever could be true of them."""

messages = st.lists(
    st.one_of(
        st.text(st.sampled_from("ae€[ \né" + "".join(TRAITS)), max_size=8),
        st.builds(
            lambda part, times, end: part * times + end,
            st.text(st.sampled_from("ae€Δ" + "".join(TRAITS)), min_size=1, max_size=4),
            st.sampled_from([22, 35, 40, 67, 76, 77, 80, 134, 154]),
            st.text(st.sampled_from("a€’ж"), max_size=4),
        ),
    ),
    max_size=6,
)


def column_of(texts: list[str], width: Any = 8, before: int = 0) -> Utf8Column:
    """The texts as a column that is a part of a longer one."""
    octets = [text.encode() for text in texts]
    ends = list(accumulate(map(len, octets), initial=before))
    offsets = memoryview(struct.pack(f"={len(ends)}{'q' if width == 8 else 'i'}", *ends)).cast(
        "q" if width == 8 else "i"
    )
    return Utf8Column(memoryview(b"\xff" * before + b"".join(octets) + b"\xff"), offsets, width, None, 0)


def empty() -> Characters:
    """Nothing counted yet."""
    counts, seen = mmap(-1, 16 * CODE_POINTS), mmap(-1, 4 * CODE_POINTS)
    return Characters(memoryview(counts).cast("Q"), memoryview(seen).cast("I"))


def traits_of(of: dict[str, tuple[int, int, int]]) -> memoryview:
    """A table that knows these."""
    table = memoryview(bytearray(3 * CODE_POINTS))
    for character, trait in of.items():
        table[3 * ord(character) : 3 * ord(character) + 3] = bytes(trait)
    return table


KNOWN = traits_of(TRAITS)


@cache
def is_lacking(character: str) -> bool:
    """Whether the default alphabet has no such character."""
    try:
        reference.septet_costs(character, reference.DEFAULT)
    except reference.OffenderError:
        return True
    return False


def lacking(text: str) -> list[str]:
    """What the default alphabet lacks, in the order in which it first occurs."""
    return [character for character in dict.fromkeys(text) if is_lacking(character)]


@every_backend
@given(
    blocks=st.lists(st.tuples(messages | st.lists(strategies.texts(), max_size=5), st.integers(0, 3)), max_size=3),
    weigh=st.booleans(),
    width=st.sampled_from([4, 8]),
)
def test_characters_are_counted_once_a_message(
    kernels: Kernels, blocks: list[tuple[list[str], int]], weigh: bool, width: int
) -> None:
    """Each character outside the alphabet has the weights of the chosen messages that hold it, over several columns."""
    characters, expected, seen = empty(), Counter[str](), dict[str, None]()
    for texts, salt in blocks:
        chosen = bytes((row + salt) % 3 for row in range(len(texts)))
        weights = [(row * salt) % 4 for row in range(len(texts))]
        given_weights = memoryview(struct.pack(f"={len(weights)}I", *weights)).cast("I") if weigh else None
        kernels.tally(column_of(texts, width, salt), chosen, given_weights, characters)
        for text, choice, weight in zip(texts, chosen, weights, strict=True):
            amount = weight if weigh else 1
            if choice and amount:
                seen.update(dict.fromkeys(lacking(text)))
                for character in lacking(text):
                    expected[character] += amount
    assert [ord(character) for character in seen] == characters.seen[: characters.different].tolist()
    assert [expected[character] for character in seen] == [characters.totals[ord(character)] for character in seen]
    assert sum(len(texts) for texts, _ in blocks) == characters.messages


@every_backend
def test_every_code_point_is_counted_under_its_number(kernels: Kernels) -> None:
    """A message of each code point alone: 1 for those outside the alphabet, in order, and nothing for the others."""
    points = [*range(0xD800), *range(0xE000, 0x10000), *range(0x10000, CODE_POINTS, 251), CODE_POINTS - 1]
    characters = empty()
    kernels.tally(column_of(list(map(chr, points))), b"\x02" * len(points), None, characters)
    expected = [point for point in points if lacking(chr(point))]
    assert expected == characters.seen[: characters.different].tolist()
    assert {characters.totals[point] for point in expected} == {1}


def foreseen(text: str, segments: int, rooms: Rooms) -> int | None:
    """What the traits leave: the saving that is the same whichever characters take two septets, or None."""
    traits = {character: TRAITS[character] for character in lacking(text)}
    marks = {trait[0] for trait in traits.values()}
    if STAYS in marks:
        units = sum(traits[c][2] if c in traits else 1 for c in text)
        least = 1 if units <= rooms.ucs2_single else -(-units // rooms.ucs2_limit)
        return 0 if least >= segments else None
    if DEPENDS in marks:
        return None
    answers = set()
    for pairs in (False, True):
        septets = [cost for c in text for cost in costs(c, traits, pairs=pairs)]
        fits = sum(septets) <= rooms.gsm_single
        answers.add(1 if fits else len(reference.greedy_ends(septets, rooms.gsm_limit)))
    return max(0, segments - answers.pop()) if len(answers) == 1 else None


def costs(character: str, traits: dict[str, tuple[int, int, int]], *, pairs: bool) -> list[int]:
    """Septets of a character, those of a replacement as pairs or one by one."""
    if character not in traits:
        return list(reference.septet_costs(character, reference.DEFAULT))
    septets = traits[character][1]
    return [2] * (septets // 2) + [1] * (septets % 2) if pairs else [1] * septets


@every_backend
@given(texts=messages, width=st.sampled_from([4, 8]), rooms=st.sampled_from([PLAIN_ROOMS, Rooms(20, 17, 9, 7)]))
def test_savings_that_sums_tell_are_right(kernels: Kernels, texts: list[str], width: int, rooms: Rooms) -> None:
    """What is certain is what the oracle finds, and a message of which the oracle is unsure is named."""
    alphabets, segments = [], []
    for text in texts:
        alphabet, units, _ = weighed(text)
        costs = reference.utf16_costs(text) if alphabet else reference.septet_costs(text, reference.DEFAULT)
        single, limit = rooms[alphabet : alphabet + 2]
        alphabets.append(alphabet)
        segments.append(1 if units <= single else len(reference.greedy_ends(costs, limit)))
    given_segments = memoryview(struct.pack(f"={len(segments)}I", *segments)).cast("I")
    found = kernels.savings(column_of(texts, width, 3), bytes(alphabets), given_segments, KNOWN, rooms)
    assert len(texts) == len(found.certain)
    for row, text in enumerate(texts):
        several = alphabets[row] and segments[row] > 1
        expected = foreseen(text, segments[row], rooms) if several else 0
        if row in found.unsure:
            assert several
            assert found.certain[row] == 0
            continue
        assert expected == found.certain[row], text
    reference_answer = backends.AVAILABLE["python"].savings(
        column_of(texts, width), bytes(alphabets), given_segments, KNOWN, rooms
    )
    assert reference_answer.unsure == found.unsure


@every_backend
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("’" + "a" * 70, 1),
        ("’" + "a" * 159, 2),
        ("’" + "a" * 160, 1),
        ("…" * 54, 0),
        ("…" * 101, 0),
        ("…" * 102, None),
        ("’" * 153 + "a" * 152 + "€", 2),
        ("ж" + "’" * 70, 0),
        ("ж" + "a" * 69 + "\u0301", None),
        ("ж" + "a" * 70 + "\u0301", 0),
        ("a" * 70 + "\u0301", None),
        ("’" + "a" * 151 + "€" + "a" * 152, None),
    ],
)
def test_known_savings(kernels: Kernels, text: str, expected: int | None) -> None:
    """Savings that anyone can check by hand."""
    segments = weighed(text)[2]
    found = kernels.savings(
        column_of([text]), b"\x02", memoryview(struct.pack("=I", segments)).cast("I"), KNOWN, PLAIN_ROOMS
    )
    assert (found.unsure, found.certain.tolist()) == (([0], [0]) if expected is None else ([], [expected]))


@NEEDS_C
@pytest.mark.parametrize("octets", [b"\xc3", b"\xe4\xb8", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xff\xbf\xbf\xbf"])
def test_octets_that_are_no_text_touch_nothing(octets: bytes) -> None:
    """A sequence cut short or above U+10FFFF is refused, though octets that would go on with it follow."""
    compiled: Any = COMPILED
    column = Utf8Column(
        memoryview(octets + b"\x80" * 3), memoryview(struct.pack("=2q", 0, len(octets))).cast("q"), 8, None, 0
    )
    with pytest.raises(ValueError, match="row 0 was not counted before: code 2"):
        compiled.tally(column, b"\x02", None, empty())
    with pytest.raises(ValueError, match="row 0 was not counted before: code 2"):
        compiled.savings(column, b"\x02", memoryview(struct.pack("=I", 2)).cast("I"), KNOWN, PLAIN_ROOMS)


@NEEDS_C
@pytest.mark.parametrize("ends", [(0, 9), (-1, 1), (2, 1)])
def test_offsets_beyond_the_data_touch_nothing(ends: tuple[int, int]) -> None:
    """A row that runs backwards or past the data is refused."""
    compiled: Any = COMPILED
    column = Utf8Column(memoryview(b"abc"), memoryview(struct.pack("=2q", *ends)).cast("q"), 8, None, 0)
    with pytest.raises(ValueError, match="row 0 was not counted before: code 3"):
        compiled.tally(column, b"\x02", None, empty())
    with pytest.raises(ValueError, match="row 0 was not counted before: code 3"):
        compiled.savings(column, b"\x02", memoryview(struct.pack("=I", 2)).cast("I"), KNOWN, PLAIN_ROOMS)
