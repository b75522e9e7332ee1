"""The vector paths of the kernels: those that the processor has are live, and each keeps to the rows it was asked for.

A path that is reported absent would take its own tests with it, without a word, so what the processor has is asked of
the operating system.
"""

from __future__ import annotations

import platform
import re
from array import array
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec._kernels import PLAIN_ROOMS
from smscodec.testing import strategies
from tests.counting import COMPILED, NEEDS_C, Answer, expected
from tests.rows import each_row
from tests.test_kernels import answers, every_path, weighed

pytestmark = NEEDS_C

CPU_INFO = Path("/proc/cpuinfo")

NEEDED = {"SSE4.1": {"sse4_1", "popcnt"}, "AVX2": {"avx2", "popcnt"}}
"""What Linux must list of an x86 processor for a path to be used on it."""


def features() -> set[str]:
    """What Linux says that the first processor can do."""
    found = re.search(r"^flags\s*: (.+)$", CPU_INFO.read_text("ascii"), re.MULTILINE)
    return set(found[1].split()) if found else set()


@pytest.mark.skipif(not CPU_INFO.exists(), reason="this system does not list what its processor can do")
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="not an x86 processor")
@pytest.mark.parametrize("name", NEEDED)
def test_a_path_is_live_exactly_where_the_processor_has_it(name: str) -> None:
    """SSE4.1 and AVX2 are used where the processor has them, and never where it lacks them."""
    compiled: Any = COMPILED
    path = compiled.PATHS.index(name)
    assert bool(compiled.lib.smscodec_has_path(path)) is (NEEDED[name] <= features())


@pytest.mark.skipif(platform.machine() not in {"aarch64", "arm64"}, reason="not a 64-bit ARM processor")
def test_neon_is_live_on_every_64_bit_arm() -> None:
    """Every such processor has NEON."""
    compiled: Any = COMPILED
    assert compiled.lib.smscodec_has_path(compiled.PATHS.index("NEON"))


def test_the_best_path_is_the_widest_that_is_live() -> None:
    """Of the paths that are live the last one, which has the widest vectors, is used."""
    compiled: Any = COMPILED
    assert max(path for path in range(len(compiled.PATHS)) if compiled.lib.smscodec_has_path(path)) == compiled.PATH


@every_path
@each_row("rows", range(9))
@each_row(
    "texts",
    [["abc"] * 9, ["", "a" * 159] * 5, ["abc"] * 4 + ["€"] + ["abc"] * 4, ["ж"] * 9, ["ж"] * 4 + ["€"] + ["ж"] * 4],
)
def test_only_the_rows_asked_for_are_written(path: int, texts: list[str], rows: int) -> None:
    """A path counts as many rows of a column as it is asked for; the rows behind them stay as they are."""
    compiled: Any = COMPILED
    ffi, lib = compiled.ffi, compiled.lib
    octets = [text.encode() for text in texts]
    ends = array("i", [sum(map(len, octets[:count])) for count in range(len(octets) + 1)])
    canaries = b"\xa5" * 4 * len(texts)
    counts = [
        ffi.new("uint8_t[]", canaries[: len(texts)]),
        ffi.new("uint32_t[]", len(texts)),
        ffi.new("uint32_t[]", len(texts)),
    ]
    for column in counts[1:]:
        ffi.memmove(column, canaries, len(canaries))
    data, offsets = b"".join(octets), ffi.from_buffer(ends)
    columns = ffi.new("smscodec_columns *", counts)
    result = lib.smscodec_count_utf8(path, data, len(data), offsets, 4, rows, ffi.NULL, 0, PLAIN_ROOMS, columns)
    assert (result.code, result.row) == (0, rows)
    for alphabet, units, segments, text in zip(*counts, texts[:rows], strict=False):
        assert (alphabet, units, segments) == (*expected(text)[:2], 1)
    assert [set(column[rows : len(texts)]) - {0xA5, 0xA5A5A5A5} for column in counts] == [set(), set(), set()]


def counted(path: int, data: bytes, ends: list[int]) -> tuple[int, list[Answer]]:
    """The code of a column by a path, and alphabet, units and segments of the rows that were counted."""
    compiled: Any = COMPILED
    ffi, rows = compiled.ffi, len(ends) - 1
    offsets = ffi.new("int64_t[]", ends)
    counts = [ffi.new("uint8_t[]", rows), ffi.new("uint32_t[]", rows), ffi.new("uint32_t[]", rows)]
    columns, octets = ffi.new("smscodec_columns *", counts), ffi.cast("uint8_t *", offsets)
    result = compiled.lib.smscodec_count_utf8(path, data, len(data), octets, 8, rows, ffi.NULL, 0, PLAIN_ROOMS, columns)
    return result.code, list(zip(*counts, strict=True))[: result.row]


ALIKE = st.sampled_from(
    ["", "abc", "é", "5 €", "’", "ж", "ж" * 31, "a" * 30 + "😀", "😀" * 35, "a" * 161, "ж" * 66 + "😀ж"]
)


@every_path
@given(runs=st.lists(st.tuples(ALIKE | strategies.boundary_texts(), st.integers(1, 4)), max_size=12))
def test_a_row_counts_the_same_in_any_run(path: int, runs: list[tuple[str, int]]) -> None:
    """A row costs what the oracle says, whatever rows it stands between and however many there are of a kind."""
    texts = [text for text, times in runs for _ in range(times)]
    octets = [text.encode() for text in texts]
    ends = [*accumulate(map(len, octets), initial=0)]
    assert counted(path, b"".join(octets), ends) == (0, [weighed(text) for text in texts])


BAD_OFFSETS = 3
"""The code that smscodec.h has for them."""


@every_path
@each_row("text", ["abc", "ж"])
@each_row("row", range(1, 8))
@each_row("lie", ["below 0", "backwards", "past the data"])
def test_lying_offsets_end_any_run(path: int, text: str, row: int, lie: str) -> None:
    """In a run of rows of a kind, as elsewhere, an offset below 0, below the last or past the data ends the count."""
    octets = text.encode()
    ends = [len(octets) * row for row in range(9)]
    ends[row] = {"below 0": -1, "backwards": ends[row - 1] - 1, "past the data": ends[-1] + 1}[lie]
    code, rows = counted(path, octets * 8, ends)
    assert (code, rows) == (BAD_OFFSETS, [weighed(text)] * (row - 1))


@every_path
@each_row("code_point", [0xD7FF, 0xD800, 0xD801, 0xDBFF, 0xDC00, 0xDFFE, 0xDFFF, 0xE000])
def test_the_first_and_the_last_surrogates_at_every_lane(path: int, code_point: int) -> None:
    """Each end of the two ranges of surrogates is refused at each lane of a vector, and behind blocks of 64 units."""
    for lane in (*range(65), 127, 128, 200):
        for filling in ("a", "é", "ж", "\U00010000"):
            for after in (0, 1, max(0, 64 - lane)):
                text = filling * lane + chr(code_point) + filling * after
                assert answers(path, text) == {expected(text)}, (lane, filling, after)
