"""Segmenting beside grapheme clusters: never a segment more, the fewest clusters broken, the earliest segments fullest.

Clusters are what the ``regex`` package matches with ``\\X``; the oracle is handed their spans and tries every cut.

Reference: Unicode Standard Annex 29; 3GPP TS 23.040, 9.2.3.24.1; decision D9
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from itertools import accumulate, combinations, pairwise

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    NationalLanguage,
    OpaqueElement,
    SegmentationError,
    UnencodableError,
    UserDataHeader,
    measure,
    segment,
)
from smscodec.testing import strategies
from tests import agreement, reference
from tests.agreement import Options

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ACCENTED = ["e\u0301", "e" + "\u0301" * 4, "e" + "\u0301" * 13]
CLUSTERS = ["a", "ж", "\r\n", "\U0001f600", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", FAMILY, "€", *ACCENTED]


def header_of(octets: int) -> UserDataHeader:
    """A header that takes that many octets, or none at all."""
    return UserDataHeader((OpaqueElement(0xC0, bytes(octets - 3)),)) if octets else UserDataHeader()


TIGHT_HEADERS = (st.integers(95, 128) | st.integers(118, 128)).map(header_of)
TIGHT_OPTIONS: st.SearchStrategy[Options] = st.fixed_dictionaries(
    {"header": TIGHT_HEADERS}, optional={"wide_reference": st.booleans()}
)
"""Headers that leave rooms of 3 to 20 code units, so that short texts have many cuts."""


@st.composite
def clustered_texts(draw: st.DrawFn) -> str:
    """Texts of clusters of many sizes, in GSM 7-bit or UCS-2."""
    pieces = draw(st.sampled_from([CLUSTERS, ["ж", *ACCENTED], ["a", "\r\n", "€", "\r\n"]]))
    return "".join(draw(st.lists(st.sampled_from(pieces), max_size=40)))


def spans(text: str) -> list[tuple[int, int]]:
    """The grapheme clusters of a text as (start, end)."""
    return [match.span() for match in regex.finditer(r"\X", text)]


def ends_of(texts: Sequence[str]) -> tuple[int, ...]:
    """Where segments of these texts end."""
    return tuple(sum(map(len, texts[: index + 1])) for index in range(len(texts)))


def expected_ends(text: str, options: Options) -> tuple[int, ...]:
    """The cuts of the oracle."""
    plan = agreement.plan(text, options)
    gsm = plan.alphabet == reference.GSM_7BIT
    costs = reference.septet_costs(text, plan.tables) if gsm else reference.utf16_costs(text)
    return reference.fewest_broken_ends(costs, plan.room, len(plan.ends), spans(text))


def broken(ends: Sequence[int], clusters: Sequence[tuple[int, int]]) -> int:
    """How many clusters have a cut inside."""
    return sum(any(start < end < stop for end in ends) for start, stop in clusters)


@given(clustered_texts(), TIGHT_OPTIONS)
def test_d09_cuts_are_the_best_of_all_in_small_segments(text: str, options: Options) -> None:
    """Among all cuts into the least number of segments: fewest broken clusters, then fullest earliest segments."""
    message = segment(text, **options, boundary="grapheme")
    assert expected_ends(text, options) == ends_of([part.text for part in message])


@given(strategies.boundary_texts() | strategies.texts())
def test_d09_cuts_are_the_best_of_all_in_real_segments(text: str) -> None:
    """The same for segments without any other header, with clusters of every kind near the cuts."""
    message = segment(text, boundary="grapheme")
    assert expected_ends(text, {}) == ends_of([part.text for part in message])


@given(st.lists(st.sampled_from(CLUSTERS), min_size=2, max_size=5).map("".join), st.integers(2, 9))
def test_the_oracle_finds_what_trying_every_combination_finds(text: str, room: int) -> None:
    """The oracle's own search agrees with listing every set of cuts into the least number of segments."""
    costs, clusters = reference.utf16_costs(text), spans(text)
    segments = len(reference.greedy_ends(costs, room))
    assume(segments <= 4)  # listing them takes too long beyond that; most draws have two to four
    units = [0, *accumulate(costs)]
    ways = []
    for cuts in combinations(range(1, len(text)), segments - 1):
        ends = (*cuts, len(text))
        if all(units[end] - units[start] <= room for start, end in pairwise((0, *ends))):
            ways.append((broken(ends, clusters), tuple(-end for end in ends)))
    assert tuple(-end for end in min(ways)[1]) == reference.fewest_broken_ends(costs, room, segments, clusters)


@given(clustered_texts() | strategies.boundary_texts(), TIGHT_OPTIONS | st.just({}))
def test_d09_a_cluster_boundary_never_costs_a_segment(text: str, options: Options) -> None:
    """The measurement is the one of ``measure``, the segments join to the text, and none is over its room."""
    message = segment(text, **options, boundary="grapheme", reference=1)
    measured = measure(text, **options)
    assert (measured, measured.segments) == (message.measurement, len(message))
    assert text == "".join(part.text for part in message)
    assert all(len(part.user_data.to_bytes()) <= reference.TP_UD_OCTETS for part in message)


@given(clustered_texts() | strategies.boundary_texts(), TIGHT_OPTIONS | st.just({}))
def test_d09_never_more_clusters_are_broken_than_by_greedy_cuts(text: str, options: Options) -> None:
    """Cutting beside clusters breaks at most as many of them as not caring."""
    clusters = spans(text)
    careful = ends_of([part.text for part in segment(text, **options, boundary="grapheme")])
    careless = ends_of([part.text for part in segment(text, **options)])
    assert broken(careful, clusters) <= broken(careless, clusters)


def test_d09_a_combining_mark_stays_with_its_letter() -> None:
    """67 letters with an accent each have an odd cut in the middle of the 34th; there is no slack to save it."""
    tight, loose = "e\u0301" * 67, "e\u0301" * 60
    assert [len(part.text) for part in segment(tight, boundary="grapheme")] == [67, 67]
    assert [len(part.text) for part in segment(loose, boundary="grapheme")] == [66, 54]
    assert [len(part.text) for part in segment(loose)] == [67, 53]


def test_d09_earlier_segments_give_way_so_that_later_ones_break_less() -> None:
    """One cluster on each of two cuts is saved where the slack at the end suffices for both."""
    text = "ж" * 66 + "e\u0301" + "ж" * 65 + "e\u0301" + "ж" * 20
    assert [len(part.text) for part in segment(text, boundary="grapheme")] == [66, 67, 22]


def test_d33_line_ends_stay_together() -> None:
    """CR LF on a cut goes to the next segment as a whole, in GSM 7-bit as in UCS-2."""
    text = "a" * 152 + "\r\n" + "a" * 20
    assert [part.text for part in segment(text, boundary="grapheme")] == ["a" * 152, "\r\n" + "a" * 20]
    text = "ж" * 66 + "\r\n" + "ж" * 20
    assert [part.text for part in segment(text, boundary="grapheme")] == ["ж" * 66, "\r\n" + "ж" * 20]


def test_d09_a_cluster_larger_than_a_segment_is_cut_between_characters() -> None:
    """A letter with 100 accents is broken, once, and no surrogate pair with it."""
    text = "ж" * 10 + "e" + "\u0301" * 100 + "\U0001f600"
    message = segment(text, boundary="grapheme", reference=1)
    assert len(message) == 2
    assert text == "".join(part.text for part in message)
    assert expected_ends(text, {}) == ends_of([part.text for part in message])
    giant = "e" + "\u0301" * 1000
    assert expected_ends(giant, {}) == ends_of([part.text for part in segment(giant, boundary="grapheme")])


def test_d09_a_cluster_cut_twice_counts_once() -> None:
    """Of a cluster that must be cut anyhow a second cut costs nothing, so the earlier segments stay full."""
    text = "жж" + "e" + "\u0301" * 4
    parts = [part.text for part in segment(text, boundary="grapheme", header=header_of(128))]
    assert parts == ["жжe", "\u0301" * 3, "\u0301"]


def test_d09_conjuncts_stay_whole_under_national_tables() -> None:
    """Clusters count under national tables too, where a letter may cost two septets."""
    options: Options = {"languages": [NationalLanguage.HINDI]}
    for filling in range(140, 150):
        text = "\u0928" * filling + "\u0915\u094d\u0937\u093f" * 8
        message = segment(text, boundary="grapheme", **options)
        assert Alphabet.GSM_7BIT is message.alphabet
        assert expected_ends(text, options) == ends_of([part.text for part in message])


def test_grapheme_boundaries_refuse_what_any_boundary_refuses() -> None:
    """256 segments, a lone surrogate and a header without room are the same errors."""
    with pytest.raises(SegmentationError) as caught:
        segment("e\u0301" * 67 * 128, boundary="grapheme")
    assert caught.value.segments == 256
    with pytest.raises(UnencodableError):
        segment("e\u0301\ud800", boundary="grapheme")
    with pytest.raises(SegmentationError):
        segment("e\u0301", boundary="grapheme", header=header_of(138))


def test_255_full_segments_can_be_cut_beside_clusters() -> None:
    """The longest message of all is cut without a segment too many, and in reasonable time."""
    text = ("e\u0301" * 33 + "ж") * 255
    assert len(segment(text, boundary="grapheme")) == 255
    loose = "e\u0301" * (33 * 255)
    lengths = [len(part.text) for part in segment(loose, boundary="grapheme")]
    assert measure(loose).segments == len(lengths)


def test_short_text_is_one_segment_under_any_boundary() -> None:
    """There is nothing to cut in a text of one segment, or in none at all."""
    for text in ("", "e\u0301", FAMILY, "\r\n" * 80):
        assert [text] == [part.text for part in segment(text, boundary="grapheme")]


def test_without_regex_the_extra_is_named() -> None:
    """Where the regex package is missing, only boundary="grapheme" fails, and says which extra to install."""
    program = """
import sys
sys.modules["regex"] = None
import smscodec
assert 2 == len(smscodec.segment("a" * 200))
try:
    smscodec.segment("e\\u0301" * 60, boundary="grapheme")
except ImportError as error:
    print(type(error).__name__, error.extra)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "MissingExtraError grapheme"
