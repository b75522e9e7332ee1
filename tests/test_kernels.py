"""The seam: every backend, and every path through the compiled one, gives the reference's answers, on every input.

The oracle is naive and knows nothing of smscodec; vectors are tried at each of their lanes, and buffers stand between
octets that must be neither read into a count nor written.

Reference: 3GPP TS 23.038, 6.1.2.1.1, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import corpora
from smscodec import segment
from smscodec._kernels import PLAIN_ROOMS, Counts, Kernels, Rooms
from smscodec._kernels.national import holders
from smscodec.errors import UnencodableError
from smscodec.tables import DEFAULT_TABLES, ShiftTables
from smscodec.testing import strategies
from tests import backends, reference
from tests.counting import COMPILED, NEEDS_C, Answer, counted_by, expected, scanned
from tests.rows import each_row

SHOWN = [*"a€[Δéç`ж߿ࠀ₭中😀", "\x00", "\x1b", "\x7f", "\x80", "\uffff", "\U0010ffff"]

SCRIPTS = "aé{€ΔêÿĂж’😀\ud800\x1b\x03"

every_backend = pytest.mark.parametrize("kernels", backends.AVAILABLE.values(), ids=backends.AVAILABLE)


def _paths() -> dict[str, int]:
    compiled: Any = COMPILED
    known = compiled.PATHS if compiled else ()
    return {name: path for path, name in enumerate(known) if compiled.lib.smscodec_has_path(path)}


PATHS = _paths()
"""The paths of the compiled kernels that this processor has, by name."""

every_path = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)


def answers(path: int, text: str) -> set[Answer]:
    """What one path says of a text: as UTF-8, and as code units of each width that holds it."""
    compiled: Any = COMPILED
    ffi, lib = compiled.ffi, compiled.lib
    octets = text.encode("utf-8", "surrogatepass")
    fenced = ffi.from_buffer("uint8_t[]", b"\xff" + octets + b"\xff" * 40)
    found = set()
    for readable in (len(octets), len(octets) + 40):
        load = lib.smscodec_scan_utf8(path, fenced + 1, len(octets), readable)
        found.add((-1, len(octets[: load.position].decode())) if load.code else answer_of(load))
    for run in RUNS:
        code, position, answer = row_answer(path, run, octets)
        found.add((-1, len(octets[:position].decode())) if code else (*answer, expected(text)[2]))
    widest = max(map(ord, text), default=0)
    for kind, ctype, limit in ((1, "uint8_t[]", 0x100), (2, "uint16_t[]", 0x10000), (4, "uint32_t[]", 0x110000)):
        if widest < limit:
            units = ffi.new(ctype, [limit - 1, *map(ord, text), limit - 1])
            load = lib.smscodec_scan(path, kind, units + 1, len(text))
            found.add((-1, load.position) if load.code else answer_of(load))
    if "\0" not in text:
        found.add(joined_answer(path, text))
    return found


RUNS = ("a", "ж")
"""A path looks for more rows of a kind after some of it: of short ASCII, and of UCS-2."""


def row_answer(path: int, kind: str, octets: bytes) -> tuple[int, int, Answer]:
    """The code and the position of the error in a row of a column that follows rows of a kind; alphabet and units."""
    compiled: Any = COMPILED
    ffi, column, before = compiled.ffi, kind.encode() * 3 + octets, len(kind.encode())
    ends = ffi.new("int32_t[]", [0, before, 2 * before, 3 * before, len(column)])
    rows = [ffi.new("uint8_t[]", 4), ffi.new("uint32_t[]", 4), ffi.new("uint32_t[]", 4)]
    columns, offsets = ffi.new("smscodec_columns *", rows), ffi.cast("uint8_t *", ends)
    result = compiled.lib.smscodec_count_utf8(
        path, column, len(column), offsets, 4, 4, ffi.NULL, 0, PLAIN_ROOMS, columns
    )
    assert result.row == (3 if result.code else 4)
    assert [(*row,) for row in zip(*rows, strict=True)][:3] == [(*expected(kind)[:2], 1)] * 3
    return result.code, result.position, (rows[0][3], rows[1][3])


def joined_answer(path: int, text: str) -> Answer:
    """The same of a text that stands between two others, joined with NULs."""
    compiled: Any = COMPILED
    ffi, three = compiled.ffi, f"x\0{text}\0"
    rows = [ffi.new("uint8_t[]", 4), ffi.new("uint32_t[]", 4), ffi.new("uint32_t[]", 4)]
    characters, columns = ffi.new("char32_t[]", three), ffi.new("smscodec_columns *", rows)
    result = compiled.lib.smscodec_count_joined(path, characters, len(three), 1, 3, PLAIN_ROOMS, columns)
    if result.code:
        assert (result.code, result.row) == (1, 2)
        return (-1, result.position)
    alphabet, units, _ = ([*row][2] for row in rows)
    assert [[*row][1::2] for row in rows] == [[0, 0], [1, 0], [1, 1]]
    return alphabet, units, expected(text)[2] if units else 0


def answer_of(load: Any) -> Answer:
    """Alphabet, units and two-unit characters out of what C returns."""
    return load.alphabet, load.units, load.doubles


@every_path
@each_row("shown", SHOWN)
def test_every_lane_of_every_path(path: int, shown: str) -> None:
    """A character counts alike at each of the lanes 0–63 of a vector, whatever stands around it."""
    for lane in range(64):
        for after in (0, 1, 31, 64 - lane):
            for filling in ("a", "é", "ж"):
                text = filling * lane + shown + filling * after
                assert answers(path, text) == {expected(text)}, (lane, after, filling)


@every_path
@given(text=strategies.texts_with_surrogates() | strategies.boundary_texts())
@example(text="a" * 8_161 + "€")
@example(text="€" * 9_000)
@example(text="😀é" * 5_000)
@example(text="{" * 8_200 + "ж")
def test_every_path_agrees_with_the_oracle(path: int, text: str) -> None:
    """Every path gives the oracle's numbers for any text in any form, also past what a lane of octets can count."""
    assert answers(path, text) == {expected(text)}


@pytest.mark.exhaustive
@every_path
def test_every_code_point_on_every_path(path: int) -> None:
    """Every code point of the basic plane, and many above it, counts as the oracle says on every path."""
    for code_point in [*range(0x10000), *range(0x10000, 0x110000, 251)]:
        text = chr(code_point)
        assert answers(path, text) == {expected(text)}, hex(code_point)


def utf8_answer(octets: bytes) -> Answer:
    """What Python says of octets: where they stop being UTF-8, or what they cost."""
    try:
        return expected(octets.decode())
    except UnicodeDecodeError as error:
        return (-2, error.start)


_OCTETS = "61 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 ed ef f0 f4 f5 ff e282ac f09f9880 d0b6"
_BROKEN = st.lists(st.sampled_from([*map(bytes.fromhex, _OCTETS.split()), b"a" * 30]), max_size=12).map(b"".join)


@every_path
@given(octets=_BROKEN | st.binary(max_size=80))
def test_invalid_utf8_is_found_where_python_finds_it(path: int, octets: bytes) -> None:
    """Every path refuses what Python's decoder refuses, at the same octet, and nothing else, in any row."""
    compiled: Any = COMPILED
    load = compiled.lib.smscodec_scan_utf8(path, octets, len(octets), len(octets))
    answer = (-2, load.position) if load.code else answer_of(load)
    assert utf8_answer(octets) == answer
    for kind in RUNS:
        code, position, counted = row_answer(path, kind, octets)
        assert answer[:2] == ((-2, position) if code else counted)


@every_path
@pytest.mark.parametrize("whole", ["é", "Δ", "€", "中", "😀"])
def test_sequences_cut_short_at_every_lane(path: int, whole: str) -> None:
    """A sequence of which the end is missing is found at each of the lanes 0–63, whatever follows it or nothing."""
    compiled: Any = COMPILED
    sequence = whole.encode()
    for lane in range(64):
        for cut in range(1, len(sequence)):
            for after in ("", "a", "{" * 40, "é", "€" * 20, "ж" * 40):
                octets = b"a" * lane + sequence[:cut] + after.encode()
                load = compiled.lib.smscodec_scan_utf8(path, octets, len(octets), len(octets))
                assert (load.code, load.position) == (2, lane), octets
                assert {row_answer(path, kind, octets)[:2] for kind in RUNS} == {(2, lane)}, octets


@every_path
def test_every_pair_of_octets_in_utf8(path: int) -> None:
    """Any two octets, alone, before continuations and across the edge of a vector, are UTF-8 where Python says so."""
    compiled: Any = COMPILED
    for first in range(0x80, 0x100):
        for second in range(0x100):
            for before, after in ((b"", b""), (b"a" * 30, b"\x80\x80"), (b"a" * 31, b"\x80"), (b"a" * 14, b"\x80" * 2)):
                octets = before + bytes([first, second]) + after
                load = compiled.lib.smscodec_scan_utf8(path, octets, len(octets), len(octets))
                answer = (-2, load.position) if load.code else answer_of(load)
                assert utf8_answer(octets) == answer, octets.hex()


@pytest.mark.exhaustive
@every_backend
def test_every_code_point_alone(kernels: Kernels) -> None:
    """Every code point alone is scanned as the oracle says; surrogates are refused."""
    wrong = [cp for cp in range(0x110000) if expected(chr(cp)) != scanned(kernels, chr(cp))]
    assert wrong == []


@every_backend
def test_boundary_cases(kernels: Kernels) -> None:
    """Every backend counts every boundary case as the oracle does."""
    for text in corpora.boundary_cases():
        assert expected(text) == scanned(kernels, text)
        assert len(reference.plan(text).ends) == kernels.count_segments(text)


def random_texts(count: int) -> Iterator[str]:
    """Slices of long random texts of many compositions, with lengths about the edges of segments."""
    rng = random.Random(23038)
    pool = [*"aaaabcdefgh \n", "€", "{", "^", "\f", "é", "Δ", "ç", "`", "ж", "中", "😀", "\U00010000", "\x00", "ü"]
    mixtures = [pool[: rng.randint(5, len(pool))] + ["a"] * rng.choice([0, 300]) for _ in range(400)]
    long = ["".join(rng.choices(mixture, k=4_000)) for mixture in mixtures]
    for _ in range(count):
        text, start = rng.choice(long), rng.randrange(3_400)
        yield text[start : start + rng.choice([5, 30, 67, 71, 134, 154, 161, 306, 400])]


def weighed(text: str) -> Answer:
    """Alphabet, units and segments as the oracle finds them."""
    alphabet, units, _ = expected(text)
    costs = reference.utf16_costs(text) if alphabet else reference.septet_costs(text, reference.DEFAULT)
    single, limit = PLAIN_ROOMS[alphabet : alphabet + 2]
    return alphabet, units, 1 if units <= single else len(reference.greedy_ends(costs, limit))


@cache
def kinds() -> dict[str, Answer]:
    """The characters of the basic plane, and many above it, with what the oracle says of each alone."""
    code_points = [*range(0xD800), *range(0xE000, 0x10000), *range(0x10000, 0x110000, 97), 0x10FFFF]
    return {chr(code_point): expected(chr(code_point)) for code_point in code_points}


@pytest.mark.exhaustive
@every_backend
@pytest.mark.parametrize(("filling", "before"), [("a", 151), ("a", 152), ("a", 153), ("ж", 65), ("ж", 66), ("ж", 67)])
def test_every_code_point_at_the_edge_of_a_segment(kernels: Kernels, filling: str, before: int) -> None:
    """At units 152 and 153, or 66 and 67, every code point counts as the oracle counts one that costs the same."""
    oracle: dict[Answer, Answer] = {}
    characters = list(kinds().items())
    for start in range(0, len(characters), 4_096):
        block = characters[start : start + 4_096]
        texts = tuple(filling * before + character + filling * 9 for character, _ in block)
        for text, (_, kind) in zip(texts, block, strict=True):
            if kind not in oracle:
                oracle[kind] = weighed(text)
        assert [oracle[kind] for _, kind in block] == counted_by(kernels, texts, PLAIN_ROOMS), hex(ord(block[0][0]))


@every_backend
@pytest.mark.parametrize(
    "beside",
    [
        ("a", "{"),
        *(
            pytest.param(both, marks=pytest.mark.exhaustive)
            for both in [("", "a"), ("a", ""), ("a", "a"), ("é", "{"), ("€", "Δ"), ("Δ", "€")]
        ),
    ],
    ids=ascii,
)
def test_every_code_point_beside_the_default_alphabet(kernels: Kernels, beside: tuple[str, str]) -> None:
    """At the start, at the end and in the middle of GSM text every code point counts as one of its kind does."""
    before, after = (letter * 80 for letter in beside)
    oracle: dict[Answer, tuple[Answer, int]] = {}
    for character, kind in kinds().items():
        text = before + character + after
        if kind not in oracle:
            oracle[kind] = expected(text), weighed(text)[2]
        assert oracle[kind] == (kernels.scan(text), kernels.count_segments(text)), hex(ord(character))


@every_backend
@given(text=strategies.texts_with_surrogates() | strategies.boundary_texts() | st.text(SCRIPTS, max_size=200))
@example(text="Δ" * 161)
@example(text="€" + "Δ" * 152 + "ă")
@example(text="a\ud800Δ")
def test_one_text_is_counted_as_the_oracle_counts_it(kernels: Kernels, text: str) -> None:
    """Alphabet, units and segments of any one text are the oracle's, or its first lone surrogate is refused."""
    answer = expected(text)
    assert answer == scanned(kernels, text)
    if answer[0] >= 0:
        assert weighed(text)[2] == kernels.count_segments(text)
    else:
        with pytest.raises(UnencodableError) as refused:
            kernels.count_segments(text)
        assert (answer[1], answer[1] + 1) == (refused.value.start, refused.value.end)


@pytest.mark.exhaustive
def test_random_messages_on_every_backend() -> None:
    """Every backend and the oracle agree on alphabet, units and segments of 200,000 random messages."""
    texts = tuple(random_texts(200_000))
    oracle = list(map(weighed, texts))
    for name, kernels in backends.AVAILABLE.items():
        assert oracle == counted_by(kernels, texts, PLAIN_ROOMS), name


@every_backend
@given(text=strategies.texts() | strategies.boundary_texts() | st.text("a€[Δ", max_size=400), limit=st.integers(2, 160))
@example(text="a" * 152 + "€" + "Δ" * 153, limit=153)
@example(text="€" * 20_000, limit=153)
@example(text="😀" * 20_000, limit=67)
def test_waste_is_what_greedy_cuts_leave_empty(kernels: Kernels, text: str, limit: int) -> None:
    """Waste is the room that the oracle leaves in all segments but the last, in the alphabet that the text takes."""
    alphabet, _, _ = expected(text)
    costs = reference.utf16_costs(text) if alphabet else reference.septet_costs(text, reference.DEFAULT)
    starts = [0, *reference.greedy_ends(costs, limit)[:-1]]
    empty = sum(limit - sum(costs[start:end]) for start, end in pairwise(starts))
    assert empty == kernels.waste(text, alphabet, limit)


@every_backend
@given(text=strategies.texts() | strategies.boundary_texts(), limit=st.integers(80, 160))
@example(text="a" * 152 + "€" + "Δ" * 153, limit=153)
@example(text="😀" * 5_000, limit=67)
def test_cuts_are_those_of_the_oracle(kernels: Kernels, text: str, limit: int) -> None:
    """Second and later segments begin where the oracle cuts the text in its alphabet, up to 254 times."""
    alphabet, _, _ = expected(text)
    costs = reference.utf16_costs(text) if alphabet else reference.septet_costs(text, reference.DEFAULT)
    cuts = reference.greedy_ends(costs, limit)[:-1]
    assert list(cuts[:254]) == list(kernels.cuts(text, alphabet, limit, DEFAULT_TABLES))[:254]


@every_backend
@given(
    strategies.shift_tables().flatmap(lambda tables: st.tuples(st.just(tables), strategies.gsm_texts(tables))),
    st.integers(80, 160),
)
def test_cuts_by_national_tables_are_those_of_the_oracle(
    kernels: Kernels, drawn: tuple[ShiftTables, str], limit: int
) -> None:
    """The same where national tables say what a character costs."""
    tables, text = drawn
    costs = reference.septet_costs(text, (tables.locking, tables.single))
    cuts = reference.greedy_ends(costs, limit)[:-1]
    assert list(cuts[:254]) == list(kernels.cuts(text, reference.GSM_7BIT, limit, tables))[:254]


@every_backend
@given(text=strategies.texts(), rooms=st.tuples(*[st.integers(2, 170)] * 4))
def test_rooms_are_heeded(kernels: Kernels, text: str, rooms: tuple[int, int, int, int]) -> None:
    """Segments are counted with the rooms that are given, whatever they are."""
    alphabet, units, _ = expected(text)
    costs = reference.utf16_costs(text) if alphabet else reference.septet_costs(text, reference.DEFAULT)
    single, limit = rooms[alphabet : alphabet + 2]
    segments = 1 if units <= single else len(reference.greedy_ends(costs, limit))
    assert [(alphabet, units, segments)] == counted_by(kernels, (text,), Rooms(*rooms))


@every_backend
@given(before=st.text(max_size=17), half=st.characters(categories=["Cs"]), after=st.text(max_size=17))
@example(before="", half="\ud800", after="")
@example(before="😀", half="\udfff", after="a")
def test_half_a_pair_is_never_written(kernels: Kernels, before: str, half: str, after: str) -> None:
    """A text in UCS-2 is refused at its first lone surrogate, even if nobody counted it."""
    text = before + half + after
    with pytest.raises(UnencodableError) as refused:
        kernels.encode(text, (0, len(text)), segment("ж").style(unpacked=False), 0)
    assert refused.value.start == len(before)


@every_backend
@given(septets=strategies.septets(), fill_bits=st.integers(0, 6))
def test_packing(kernels: Kernels, septets: bytes, fill_bits: int) -> None:
    """Packing is the arithmetic of the specification and unpacking undoes it, on every backend."""
    number = sum(septet << fill_bits + 7 * index for index, septet in enumerate(septets))
    octets = number.to_bytes((fill_bits + 7 * len(septets) + 7) // 8, "little")
    assert octets == kernels.pack(septets, fill_bits)
    assert septets == kernels.unpack(octets, len(septets), fill_bits)


@NEEDS_C
@pytest.mark.parametrize("fill_bits", range(7))
def test_packing_writes_and_reads_only_its_own(fill_bits: int) -> None:
    """The octets around what packing and unpacking write stay as they were, and those around what they read unread."""
    compiled: Any = COMPILED
    ffi, lib = compiled.ffi, compiled.lib
    for count in range(40):
        septets = bytes(range(40, 40 + count))
        length = (fill_bits + 7 * count + 7) // 8
        packed = ffi.new("uint8_t[]", b"\xa5" * (length + 16))
        lib.smscodec_pack(septets, count, fill_bits, packed + 8)
        octets = ffi.buffer(packed)[: length + 16]
        assert (octets[:8], octets[8 + length :]) == (b"\xa5" * 8, b"\xa5" * 8)
        unpacked = ffi.new("uint8_t[]", b"\xa5" * (count + 16))
        lib.smscodec_unpack(ffi.new("uint8_t[]", octets[8 : 8 + length]), count, fill_bits, unpacked + 8)
        assert b"\xa5" * 8 + septets + b"\xa5" * 8 == ffi.buffer(unpacked)[: count + 16]


@NEEDS_C
def test_the_best_path_is_one_that_is_there() -> None:
    """The path that is used is one that the processor has, and scalar is always there."""
    compiled: Any = COMPILED
    assert compiled.lib.smscodec_has_path(compiled.PATH)
    assert compiled.lib.smscodec_has_path(0)
    assert not compiled.lib.smscodec_has_path(99)


@every_backend
def test_long_texts_count_in_their_rows(kernels: Kernels) -> None:
    """Texts too long for one call into C count in their own rows, and one among them that is refused ends the count."""
    long = "a" * (1 << 23)
    texts = ("ж", long, long, long, "€", "\ud800", "b")
    rows = [(2, 1, 1), *[(0, 1 << 23, -(-(1 << 23) // 153))] * 3, (0, 2, 1)]
    assert rows == counted_by(kernels, texts, PLAIN_ROOMS)


@pytest.mark.skipif("in-place" not in backends.AVAILABLE, reason="no str is read in place here")
def test_c_comes_back_between_long_texts() -> None:
    """C counts some sixteen million characters and no whole block of such texts, so that Ctrl-C is heard in between."""
    in_place: Any = backends.AVAILABLE["in-place"]
    texts, counts = ("a" * (1 << 23),) * 5, Counts.of(5)
    with in_place.rows_of(counts, 0) as rows:
        columns = in_place.ffi.new("smscodec_columns *", rows)
        count = in_place.lib.smscodec_count_tuple
        reached = [count(0, id(texts), row, PLAIN_ROOMS, columns).row for row in (0, 2, 4)]
    assert reached == [2, 4, 5]


@NEEDS_C
def test_every_character_has_the_class_of_the_tables_that_hold_it() -> None:
    """By its page and its place there, C finds for each character of the basic plane which national tables hold it."""
    pages, classes, tables = import_module("smscodec._kernels._c_national").classes_of_characters()
    found = {point: tables[classes[256 * pages[point >> 8] + (point & 0xFF)]] for point in range(0x10000)}
    assert {chr(point): held for point, held in found.items() if held} == holders()
    assert (tables[0], len(pages), len(classes)) == (0, 256, 256 * (max(pages) + 1))
