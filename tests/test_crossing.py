"""How texts cross to the portable kernels: as code points or in UTF-8, joined, and in pieces that are bounded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec._kernels import PLAIN_ROOMS
from smscodec.testing import strategies
from tests import backends
from tests.counting import COMPILED, NEEDS_C, counted_by, expected, scanned
from tests.lying import Lying


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


@NEEDS_C
def test_empty_texts_after_a_long_one_cross_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long text makes those after it cross alone only for as long as they are long, be they empty."""
    compiled: Any = COMPILED
    pieces, joined = list[int](), compiled._joined

    def noted(texts: tuple[str, ...]) -> object:
        pieces.append(len(texts))
        return joined(texts)

    monkeypatch.setattr(compiled, "_joined", noted)
    assert counted_by(compiled, ("a" * (1 << 18),) * 40 + ("",) * 600, PLAIN_ROOMS)[-1] == (0, 0, 1)
    assert len(pieces) < 20


@pytest.mark.skipif("in-place" not in backends.AVAILABLE, reason="no kernels for this CPython are here, or asked for")
@pytest.mark.parametrize("place", [0, 5_000])
def test_what_is_not_read_in_place_takes_few_along(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """A text that cannot be read where it lies sends a bounded number of those after it the longer way."""
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
    assert sum(crossed) <= 1_024
