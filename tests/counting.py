"""What a text and many of them cost by a backend, written down as the tests of the kernels compare it.

The oracle is naive and knows nothing of smscodec.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import Any, Final

import pytest

from smscodec._kernels import Counts, Kernels, Rooms
from smscodec.errors import UnencodableError
from tests import backends, reference

Answer = tuple[int, ...]

COMPILED: Final = backends.AVAILABLE.get("portable")
NEEDS_C: Final = pytest.mark.skipif(COMPILED is None, reason="the compiled kernels are not here, or not asked for")


@lru_cache(maxsize=1 << 14)  # what test_kernels asks of one path after the other
def expected(text: str) -> Answer:
    """Alphabet, units and two-unit characters as the oracle finds them, or where the first lone surrogate is."""
    surrogate = next((index for index, character in enumerate(text) if "\ud800" <= character <= "\udfff"), None)
    if surrogate is not None:
        return (-1, surrogate)
    try:
        alphabet, costs = reference.GSM_7BIT, reference.septet_costs(text, reference.DEFAULT)
    except reference.OffenderError:
        alphabet, costs = reference.UCS2, reference.utf16_costs(text)
    return alphabet, sum(costs), costs.count(2)


def scanned(kernels: Kernels, text: str) -> Answer:
    """What a backend says of a text."""
    try:
        return kernels.scan(text)
    except UnencodableError as error:
        return (-1, error.start) if error.end == error.start + 1 else (-1, error.start, error.end)


def counted_by(kernels: Kernels, texts: tuple[Any, ...], rooms: Rooms) -> list[Answer]:
    """Alphabet, units and segments of texts by a backend, written between rows that must stay as they are."""
    canaries = b"\xa5" * (len(texts) + 2)
    counts = Counts(bytearray(canaries), array("I", 4 * canaries), array("I", 4 * canaries))
    counted = kernels.count_many(texts, 1, rooms, counts)
    rows: list[Answer] = list(zip(*counts, strict=True))
    assert rows[0] == rows[-1] == (0xA5, 0xA5A5A5A5, 0xA5A5A5A5)
    return rows[1 : counted + 1]
