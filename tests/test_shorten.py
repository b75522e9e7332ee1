"""Shortening: the longest start of a text that fits so many segments together with an ending.

The oracle tries every start, from the longest down.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import FieldError, NationalLanguage, SegmentationError, UnencodableError, measure, shorten
from smscodec.testing import strategies

ENDINGS = st.sampled_from(["", "…", "...", "€", " [more]", "\U0001f600", "ş"])
LANGUAGES = st.sampled_from([(), "all", "tr", ["es", NationalLanguage.PORTUGUESE]])


@given(
    text=strategies.boundary_texts() | strategies.texts() | st.text("aé€ş[", min_size=140, max_size=330),
    segments=st.integers(1, 3),
    ending=ENDINGS,
    languages=LANGUAGES,
)
def test_the_longest_start_that_fits_is_kept(text: str, segments: int, ending: str, languages: object) -> None:
    """A text that fits is itself; of another the result is the longest start that fits with the ending behind it."""
    shortened = shorten(text, segments=segments, ending=ending, languages=languages)  # type: ignore[arg-type]  # sampled
    if measure(text, languages=languages).segments <= segments:  # type: ignore[arg-type]  # sampled
        assert text == shortened
        return
    starts = (text[:end] + ending for end in range(min(len(text), 160 * segments), -1, -1))
    fitting = (start for start in starts if measure(start, languages=languages).segments <= segments)  # type: ignore[arg-type]  # sampled
    assert next(fitting) == shortened


@given(text=st.text("ae\u0301\U0001f468\u200d\U0001f469ж", min_size=70, max_size=200), segments=st.integers(1, 2))
def test_clusters_stay_whole(text: str, segments: int) -> None:
    """With the grapheme boundary the cut is before a cluster, the last of those that fit."""
    regex = pytest.importorskip("regex")
    shortened = shorten(text, segments=segments, ending="…", boundary="grapheme")
    places = [cluster.start() for cluster in regex.finditer(r"\X", text)]
    fitting = [text[:end] + "…" for end in places if measure(text[:end] + "…").segments <= segments]
    assert (text if measure(text).segments <= segments else fitting[-1]) == shortened


def test_an_ending_that_does_not_fit_is_refused() -> None:
    """An ending of more segments than are permitted is SegmentationError with the segments that it takes."""
    with pytest.raises(SegmentationError, match="the ending alone takes 2 segments") as caught:
        shorten("a" * 161, segments=1, ending="b" * 161)
    assert caught.value.segments == 2


def test_impossible_arguments_are_refused() -> None:
    """Segments below one, another boundary, an unknown language, a lone surrogate and what is not text are errors."""
    wrongs: list[dict[str, Any]] = [{"segments": 0}, {"boundary": "word"}, {"languages": "klingon"}]
    for wrong in wrongs:
        with pytest.raises(FieldError):
            shorten("a", **{"segments": 1, **wrong})
    with pytest.raises(UnencodableError):
        shorten("a" * 200 + "\ud800", segments=1)
    with pytest.raises(TypeError):
        shorten(b"a", segments=1)  # type: ignore[arg-type]  # as above
