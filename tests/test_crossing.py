"""How texts cross to the portable kernels: as code points or in UTF-8, joined, and in pieces that are bounded."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import SegmentationError, segment
from smscodec._kernels import PLAIN_ROOMS
from smscodec.batch import encode_many, encode_utf8
from smscodec.testing import strategies
from tests import backends
from tests.columns import column
from tests.counting import COMPILED, NEEDS_C, counted_by, expected, scanned
from tests.lying import Lying
from tests.rows import each_row


@NEEDS_C
@given(texts=st.lists(strategies.texts_with_surrogates() | strategies.boundary_texts() | st.just("a\0b"), max_size=40))
def test_texts_cross_in_utf8_as_in_code_points(texts: list[str]) -> None:
    """The portable kernels answer alike whether texts cross as code points, as in CPython, or in UTF-8, as in PyPy."""
    compiled: Any = COMPILED
    before, found = compiled.KEEPS_UTF_8, []
    for keeps, count in ((False, compiled.count_by_characters), (True, compiled.count_by_octets)):
        vars(compiled)["KEEPS_UTF_8"] = keeps
        try:
            several = counted_by(compiled, tuple(texts), PLAIN_ROOMS)
            good = [text for text in texts if expected(text)[0] != -1]
            found.append((several, [scanned(compiled, text) for text in texts], [*map(count, good)]))
        finally:
            vars(compiled)["KEEPS_UTF_8"] = before
    assert found[0] == found[1]


@NEEDS_C
@pytest.mark.parametrize(
    ("function", "keeps", "crossings"),
    [
        ("scan", False, ["", "octets", "", "octets", "characters"]),
        ("scan", True, ["octets"] * 5),
        ("count_by_characters", False, ["", "octets", "octets", "octets", "characters"]),
        ("count_by_octets", True, ["octets"] * 5),
    ],
)
def test_a_text_crosses_as_python_keeps_it(
    function: str, keeps: bool, crossings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One text goes to C in UTF-8 or as code points, whichever Python has; what Python counts sooner does not go."""
    compiled: Any = COMPILED
    crossed = list[str]()

    def noting(form: str, count: Any) -> Any:
        def noted(*arguments: object) -> object:
            crossed.append(form)
            return count(*arguments)

        return noted

    for form in ("octets", "characters"):
        for name in (f"_scan_{form}", f"_count_{form}"):
            monkeypatch.setattr(compiled, name, noting(form, getattr(compiled, name)))
    monkeypatch.setattr(compiled, "KEEPS_UTF_8", keeps)
    for text, form in zip(["a" * 160, "a" * 161, "{", "a" * 160 + "{", "ж"], crossings, strict=True):
        crossed.clear()
        getattr(compiled, function)(text)
        assert crossed == [form] * bool(form), text


@NEEDS_C
@pytest.mark.parametrize("short", [0, 700], ids=["long", "short, then long"])
def test_long_texts_cross_alone(monkeypatch: pytest.MonkeyPatch, short: int) -> None:
    """What crosses to the portable kernels at a time is bounded, however many long texts there are and after what."""
    compiled: Any = COMPILED
    crossed, count = list[int](), compiled._count_joined

    def noted(joined: str, *rest: Any) -> object:
        crossed.append(len(joined))
        return count(joined, *rest)

    monkeypatch.setattr(compiled, "_count_joined", noted)
    long = (1 << 18) - 1
    answers = [(0, 1, 1)] * short + [(0, long, -(-long // 153))] * 600
    assert counted_by(compiled, ("a",) * short + ("a" * long,) * 600, PLAIN_ROOMS) == answers
    assert max(crossed) <= 1 << 20
    assert sum(crossed) <= 2 * short + 600 * long


def pieces_joined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that will say how many texts the portable kernels join at a time."""
    compiled: Any = COMPILED
    pieces, joined = list[int](), compiled._joined

    def noted(texts: tuple[str, ...]) -> object:
        pieces.append(len(texts))
        return joined(texts)

    monkeypatch.setattr(compiled, "_joined", noted)
    return pieces


@NEEDS_C
def test_empty_texts_after_a_long_one_cross_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long text makes those after it cross alone only for as long as they are long, be they empty."""
    compiled: Any = COMPILED
    pieces = pieces_joined(monkeypatch)
    assert counted_by(compiled, ("a" * (1 << 18),) * 40 + ("",) * 600, PLAIN_ROOMS)[-1] == (0, 0, 1)
    assert len(pieces) < 20


@NEEDS_C
@pytest.mark.parametrize(
    ("texts", "pieces"),
    [
        (("a",) * 1_200, [32, 512, 512, 144]),
        (("a" * 2_047,) * 100, [32, 32, 32, 4]),
        (("a" * 2_048,) * 100, [32, 31, 31, 6]),
        (("a" * 70_000,) * 36, [32, 1, 1, 1, 1]),
    ],
    ids=["short", "just as many", "one fewer", "long"],
)
def test_as_many_texts_are_joined_as_suit_the_cache(
    texts: tuple[str, ...], pieces: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After 32 texts as many are joined as make 65,536 characters if they are as long, from one to 512."""
    compiled: Any = COMPILED
    found = pieces_joined(monkeypatch)
    counted_by(compiled, texts, PLAIN_ROOMS)
    assert found == pieces


@NEEDS_C
@pytest.mark.parametrize(("more", "calls"), [(0, [2]), (1, [1, 1])])
def test_more_than_a_million_characters_are_not_joined(
    more: int, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts cross together up to 1,048,576 characters with what joins them, and one by one from one more on."""
    compiled: Any = COMPILED
    found, count = list[int](), compiled._count_joined

    def noted(joined: str, row: int, rows: int, *rest: Any) -> object:
        found.append(rows)
        return count(joined, row, rows, *rest)

    monkeypatch.setattr(compiled, "_count_joined", noted)
    counted_by(compiled, ("a" * ((1 << 20) - 1 + more), ""), PLAIN_ROOMS)
    assert found == calls


@NEEDS_C
@each_row(
    ("lengths", "rows"),
    [
        ([1] * 600, 512),
        ([0] * 600, 512),
        ([1] * 3, 3),
        ([1 << 15, 1 << 15, 0, 1], 3),
        ([1 << 15, (1 << 15) + 1], 1),
        ([(1 << 16) + 1, 0], 1),
    ],
)
def test_a_piece_holds_what_suits_the_cache(lengths: list[int], rows: int) -> None:
    """A piece is the next 512 texts, or those that have 65,536 characters together, or one, and where each ends."""
    buffers: Any = import_module("smscodec._kernels._c_buffers")
    texts = ["before", *("abc"[number % 3] * length for number, length in enumerate(lengths))]
    piece = buffers.piece_of(texts, 1)
    assert (piece.rows, piece.text) == (rows, "".join(texts[1 : rows + 1]))
    assert [*piece.ends[: rows + 1]] == [*accumulate(lengths[:rows], initial=0)]


@NEEDS_C
@pytest.mark.parametrize(
    ("messages", "pieces"),
    [([b"a" * 39_015] * 70, [28, 28, 14]), ([b"a"] * 20_000, [16_384, 3_616])],
    ids=["long", "short"],
)
def test_c_writes_a_megabyte_at_a_time(
    messages: list[bytes], pieces: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Octets come back from C whenever 2**20 of them or 2**14 segments are there, and not sooner."""
    octets: Any = import_module("smscodec._kernels._c_octets")
    written, take = list[int](), octets.Writer._take

    def noted(self: Any, rows: int) -> None:
        written.append(rows)
        take(self, rows)

    monkeypatch.setattr(octets.Writer, "_take", noted)
    given = column(messages)
    encoded = encode_utf8(given.data, given.offsets, references=1)
    assert written == pieces
    assert len(encoded) == len(messages)


@NEEDS_C
def test_a_message_of_too_many_segments_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no reference could number is refused before its text, which may be of any length, is copied for C."""
    octets: Any = import_module("smscodec._kernels._c_octets")
    crossed, step = list[int](), octets._step

    def noted(piece: Any) -> object:
        crossed.append(piece.rows)
        return step(piece)

    monkeypatch.setattr(octets, "_step", noted)
    with backends.used(backends.AVAILABLE["portable"]):
        encode_many(["a" * 153 * 255], references=1)
        assert crossed == [1]
        with pytest.raises(SegmentationError):
            encode_many(["a" * 153 * 256], references=1)
        assert crossed == [1]


@NEEDS_C
@pytest.mark.parametrize("name", [name for name in backends.AVAILABLE if name != "python"])
def test_slots_are_used_again(name: str) -> None:
    """What C writes one message into is taken again for the next, for to make it anew takes as long as to fill it."""
    octets: Any = import_module("smscodec._kernels._c_octets")
    with backends.used(backends.AVAILABLE[name]):
        first = segment("a", reference=1).tp_ud
        slots, several = octets._free[-1], len(octets._free)
        second = segment("ж" * 200, reference=1).tp_ud
    assert (len(first), len(second)) == (1, 3)
    assert octets._free[-1] is slots
    assert len(octets._free) == several


@NEEDS_C
def test_where_join_takes_anything_the_types_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python's join takes other objects, only exact strs are joined; octets are joined nowhere."""
    compiled: Any = COMPILED
    assert compiled._JOINS_ANYTHING is (sys.implementation.name == "pypy")
    for anything in (False, True):
        monkeypatch.setattr(compiled, "_JOINS_ANYTHING", anything)
        assert compiled._joined(("a", "ж")) == "a\0ж"
        assert compiled._joined(("a", b"b")) is None
        assert compiled._joined(("a", Lying("b"))) == (None if anything else "a\0b")


@pytest.mark.skipif("in-place" not in backends.AVAILABLE, reason="no kernels for this CPython are here, or asked for")
@pytest.mark.parametrize("place", [0, 5_000])
def test_what_is_not_read_in_place_takes_few_along(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """A text that cannot be read where it lies takes 511 of those after it the longer way, and no more."""
    compiled: Any = COMPILED
    crossed, count = list[int](), compiled.count_many

    def noted(texts: tuple[str, ...], *rest: Any) -> object:
        crossed.append(len(texts))
        return count(texts, *rest)

    monkeypatch.setattr(compiled, "count_many", noted)
    texts = ["a"] * 20_000
    texts[place] = Lying("hello")
    answers = counted_by(backends.AVAILABLE["in-place"], tuple(texts), PLAIN_ROOMS)
    assert answers == [(0, 5 if row == place else 1, 1) for row in range(20_000)]
    assert crossed == [512]
