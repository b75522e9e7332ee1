"""What the tests of the reassembler share: texts, parts, a small machine and what came out of it."""

from __future__ import annotations

from typing import Any

from smscodec import UserData, UserDataHeader, segment
from smscodec.dcs import Alphabet
from smscodec.reassembly import Incomplete, Reassembled, Reassembler
from smscodec.udh import Concatenation

LONG = "The quick brown fox jumps over the lazy dog. " * 8
OTHER = "Pack my box with five dozen liquor jugs, please. " * 8


def parts(text: str = LONG, *, reference: int = 7, wide: bool = False) -> list[UserData]:
    """The user data of a text's segments."""
    return [part.user_data for part in segment(text, reference=reference, wide_reference=wide)]


def part(number: int, total: int = 3, *, payload: bytes = b"", reference: int = 1, wide: bool = False) -> UserData:
    """One part of 8-bit data; without a payload, one that tells its number."""
    header = UserDataHeader([Concatenation(reference, total, number, wide=wide)])
    return UserData(Alphabet.DATA_8BIT, payload or bytes([number]), header)


def reassembler(**bounds: Any) -> Reassembler:
    """A reassembler that gives a message 100 seconds and holds ten, unless told otherwise."""
    return Reassembler(**{"max_age": 100, "max_pending": 10, **bounds})


def whole(outcomes: tuple[Reassembled | Incomplete, ...]) -> Reassembled:
    """The one message that came out."""
    (outcome,) = outcomes
    assert isinstance(outcome, Reassembled)
    return outcome


def given_up(outcomes: tuple[Reassembled | Incomplete, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """Reason and missing numbers of what was given up."""
    return [(outcome.reason, outcome.missing) for outcome in outcomes if isinstance(outcome, Incomplete)]
