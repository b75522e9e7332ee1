"""Text is what str holds: a subclass that answers otherwise is counted, cut and encoded by its content all the same.

C reads as far as it is told to, so that a false length would be read past the end of a buffer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from benchmarks import corpora
from smscodec import UnencodableError, count_segments, detect, measure, measure_many, segment, ucs2
from smscodec.batch import segment_many
from smscodec.tables import NationalLanguage
from smscodec.testing import strategies
from tests.lying import Endless, Lying
from tests.rows import each_row


def counted(text: str) -> int:
    """The segments of a text by the backend in force: its function is looked up at each call."""
    return count_segments(text)


FUNCTIONS: list[Callable[[str], Any]] = [
    *(counted, detect, measure, ucs2.unit_length),
    lambda text: measure(text, languages=[NationalLanguage.TURKISH]),
    lambda text: measure(text, wide_reference=True),
    lambda text: [(part.text, part.user_data.to_bytes()) for part in segment(text, reference=1)],
    lambda text: list(measure_many([text, "a", text])),
    lambda text: list(measure_many(iter([text]), languages=[NationalLanguage.TURKISH])),
    lambda text: [message.text for message in segment_many([text])],
]


def answer(function: Callable[[str], Any], text: str) -> Any:
    """What the function says of a text, or where it refuses it."""
    try:
        return function(text)
    except UnencodableError as error:
        return error.start, error.end


@given(strategies.texts_with_surrogates() | strategies.boundary_texts())
def test_a_lying_subclass_counts_as_what_it_holds(text: str) -> None:
    """Every function answers for a str subclass as for an exact str of the same content, whatever its methods say."""
    for function in FUNCTIONS:
        assert answer(function, text) == answer(function, Lying(text))


def test_boundary_cases_of_a_lying_subclass() -> None:
    """The same for every boundary case."""
    texts = corpora.boundary_cases()
    assert list(map(measure, texts)) == [measure(Lying(text)) for text in texts]
    assert list(measure_many(texts)) == list(measure_many(map(Lying, texts)))


@pytest.mark.parametrize("kind", [Lying, Endless])
def test_a_lying_text_beside_a_long_one(kind: type[str]) -> None:
    """Texts that are passed to C one by one, because one of them is long, are also as long as their characters say."""
    long = "a" * (1 << 21)
    for texts in ([kind("hello [world]"), long], [long, kind("hello [world]")], [kind(long)], [kind("ж" * 99), long]):
        assert list(measure_many(texts)) == list(measure_many(map(str.__str__, texts)))


class Pretender:
    """What says that it is a str, and is none."""

    __class__ = str  # type: ignore[assignment]


@each_row("wrong", [None, 7, b"octets", bytearray(b"x"), ["a"], Pretender()])
@each_row("function", FUNCTIONS[:7])
def test_what_is_no_text_is_refused(function: Callable[[Any], Any], wrong: Any) -> None:
    """Anything but a str is the same TypeError everywhere, even if it claims to be one."""
    with pytest.raises(TypeError, match=f"text must be str, not {type(wrong).__name__}"):
        function(wrong)
    with pytest.raises(TypeError, match=f"message 1: text must be str, not {type(wrong).__name__}"):
        measure_many(["a", wrong])
