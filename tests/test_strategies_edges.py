"""The edges that the Hypothesis strategies are for come up, and what they are made of is what its comments say."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from smscodec import Alphabet, NationalLanguage, measure
from smscodec.cbs import CONTENT_OCTETS, MAX_PAGES
from smscodec.dcs import CellBroadcastDataCoding, DataCodingScheme, IndicationType
from smscodec.testing import strategies
from smscodec.udh import (
    ApplicationPort,
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SpecialMessageIndication,
    UserDataHeader,
)
from tests import reference
from tests.rows import each_row
from tests.test_strategies import drawn_from

N = NationalLanguage
T = TypeVar("T")


def limits(things: list[Any], *names: str) -> dict[str, tuple[int, int]]:
    """The least and the greatest value of each of these fields."""
    return {name: (min(found), max(found)) for name in names if (found := [getattr(each, name) for each in things])}


def by_width(drawn: list[T]) -> dict[int, list[T]]:
    """Elements by the greatest value of a field that is as wide as theirs."""
    return {most: [each for each in drawn if getattr(each, "wide") == (most > 255)] for most in (0xFF, 0xFFFF)}  # noqa: B009


def test_elements_come_up_with_every_field_at_its_limits() -> None:
    """Each class of elements is drawn with the least and the greatest value of each field, in both widths."""
    for most, concatenations in by_width(drawn_from(strategies._concatenations(), 120)).items():
        assert limits(concatenations, "reference", "total") == {"reference": (0, most), "total": (1, 255)}
        assert {1} < {each.sequence for each in concatenations}
        assert any(1 < each.sequence == each.total for each in concatenations)
        assert any(1 < each.sequence < each.total for each in concatenations)
    for most, ports in by_width(drawn_from(strategies._application_ports(), 80)).items():
        assert limits(ports, "destination", "originator") == {"destination": (0, most), "originator": (0, most)}
    found = limits(drawn_from(strategies._indications(), 80), "count", "profile", "extended_type")
    assert found == {"count": (0, 255), "profile": (1, 4), "extended_type": (0, 7)}
    shifts = drawn_from(strategies._shifts(), 40)
    assert all(shift.language for shift in shifts)
    assert {NationalLanguageSingleShift, NationalLanguageLockingShift} == set(map(type, shifts))


def test_opaque_elements_come_up() -> None:
    """Identifiers without a class, and contents that a class refuses, are drawn up to the size asked for."""
    unknown = drawn_from(strategies._unknown_elements(max_size=9), 60)
    assert max(each.iei for each in unknown) == 255
    assert not {each.iei for each in unknown} & strategies._KNOWN_LENGTHS.keys()
    assert {len(each.data) for each in unknown} >= {0, 9}
    for element in drawn_from(strategies._unusable_elements(max_size=9), 60):
        header = UserDataHeader([element])
        assert UserDataHeader.from_bytes(header.to_bytes()) == header
    kinds = set(map(type, drawn_from(strategies.information_elements(), 80)))
    assert len(kinds) == 6


@each_row(
    "element",
    [
        Concatenation(1, 2, 1),
        SpecialMessageIndication(IndicationType.FAX, 1),
        ApplicationPort(1, 1, wide=False),
        ApplicationPort(1, 1),
        Concatenation(1, 2, 1, wide=True),
        NationalLanguageSingleShift(N.TURKISH),
        NationalLanguageLockingShift(N.TURKISH),
    ],
)
def test_known_elements_have_their_length(element: InformationElement) -> None:
    """The elements that have a class are listed with the octets that each has."""
    known = strategies._KNOWN_LENGTHS
    assert known[element.iei] == len(element.data)
    assert len(known) == 7


@each_row(("iei", "data"), strategies._UNUSABLE)
def test_unusable_contents_are_refused_for_what_they_say(iei: int, data: bytes) -> None:
    """Each unusable content is listed once, has the right length, and is kept as an opaque element all the same."""
    octets = bytes([len(data) + 2, iei, len(data)]) + data
    assert UserDataHeader.from_bytes(octets).elements == (OpaqueElement(iei, data),)
    assert len(data) == strategies._KNOWN_LENGTHS[iei]
    assert strategies._UNUSABLE.count((iei, data)) == 1


@each_row("octets", strategies._IGNORED_HEADERS)
def test_headers_that_cannot_be_split_are_whole(octets: bytes) -> None:
    """Each is as long as its UDHL says, and has no element."""
    assert octets[0] == len(octets) - 1
    assert UserDataHeader.from_bytes(octets) == UserDataHeader(ignored=octets)


def test_elements_are_kept_while_they_fit() -> None:
    """Of elements those are kept that fit the room one after the other, up to the first that does not."""
    elements = [OpaqueElement(0x70, bytes(length)) for length in (1, 4, 0)]  # of 3, 6 and 2 octets
    kept = {room: len(strategies._fitting(elements, room)) for room in range(13)}
    assert kept == {room: (room >= 3) + (room >= 9) + (room >= 11) for room in range(13)}


@each_row(
    ("rooms", "units_of", "extras"),
    [
        (strategies._GSM_ROOMS, lambda octets: octets * 8 // 7, (0, 3, 6, 9, 12)),
        (strategies._UCS2_ROOMS, lambda octets: octets // 2, (0, 6)),
    ],
)
def test_boundary_texts_know_every_room(
    rooms: list[tuple[int, int]], units_of: Callable[[int], int], extras: tuple[int, ...]
) -> None:
    """The rooms are those that 9.2.3.24 leaves beside either reference, with up to two shift elements and with ports.

    A shift element has 3 octets, ports have 6, the reference has 5 or 6, and UDHL is one octet more.
    """
    expected = [
        (units_of(140 - (1 + extra if extra else 0)), units_of(140 - (1 + extra + reference)))
        for extra in extras
        for reference in (5, 6)
    ]
    assert rooms == expected


@each_row(
    ("filling", "tables"),
    zip(
        strategies._FILLINGS,
        [(0, 0), (0, 0), (0, N.TURKISH), (N.HINDI, N.HINDI), None, None, None],
        strict=True,
    ),
)
def test_fillings_cost_what_the_boundary_needs(
    filling: tuple[str, list[str], list[str], list[tuple[int, int]]], tables: reference.Tables | None
) -> None:
    """A filling letter takes one unit, a pair two or more, and what stands beside them is one letter."""
    narrow, wide, near, rooms = filling
    if tables:
        assert [reference.septet_cost(each, tables) for each in (narrow, *wide)] == [1] + [2] * len(wide)
        assert rooms is strategies._GSM_ROOMS
    else:
        assert len(narrow) == 1
        assert all(text in PARTS or unicodedata.category(text[0]) == "So" for text in wide)
        assert all(len(text.encode("utf-16-le")) >= 4 for text in wide)
        assert rooms is strategies._UCS2_ROOMS
    assert all(len(letter) == 1 for letter in near)


PARTS = {"e\u0301"}


def test_pieces_are_what_their_comments_say() -> None:
    """Clusters hold no letter of ASCII but those that a mark stands on; Greek is Greek; surrogates are alone."""
    assert {piece for piece in strategies._CLUSTERS if piece[-1].isascii()} == {"\r\n"}
    assert all(unicodedata.name(letter).startswith("GREEK ") for letter in strategies._GREEK)
    assert all(not letter.isalnum() or letter in "çÇ" for letter in strategies._AWKWARD)
    assert all("\ud800" <= half <= "\udfff" for text in strategies._LONE_SURROGATES for half in text)
    assert len(strategies._GSM_CHARACTERS) == 127
    assert set(strategies._EXTENSION_CHARACTERS) == set("\f^{}\\[~]|€")
    letters = {letter for cells in (*reference.MAIN.values(), *reference.SINGLE.values()) for letter in cells.values()}
    assert letters - {*strategies._GSM_CHARACTERS, *strategies._EXTENSION_CHARACTERS} == {
        *strategies._NATIONAL_CHARACTERS
    }


def test_split_pairs_are_kept_apart() -> None:
    """Between a high surrogate and a low one stands a hyphen, and nothing is put anywhere else."""
    edges = ["\ud7ff", "\ud800", "\udbff", "\udc00", "\udfff", "\ue000"]
    for first in edges:
        for second in edges:
            pair = first in edges[1:3] and second in edges[3:5]
            expected = first + ("-" if pair else "") + second
            assert strategies._without_split_pairs(first + second) == expected
    assert strategies._without_split_pairs("") == ""
    assert strategies._without_split_pairs("a\ud800\udc00\ud800\udc00b") == "a\ud800-\udc00\ud800-\udc00b"


def test_nothing_is_put_between_pieces() -> None:
    """Joined pieces are those pieces, and their number varies."""
    drawn = drawn_from(strategies._joined(st.just("é")), 30)
    assert set("".join(drawn)) == {"é"}
    assert {"", "é"} <= set(drawn)
    assert any(len(text) > 5 for text in drawn)


def test_texts_grow_to_their_limits_and_not_beyond() -> None:
    """What is repeated is cut at the length that is given for it, and some of it comes near."""
    gsm = [len(text) for text in drawn_from(strategies.gsm_texts(), 60)]
    assert 300 < max(gsm) <= 700
    national = [len(text) for text, _ in drawn_from(strategies.national_texts(), 50)]
    assert min(national) <= 3
    assert 200 < max(national) <= 400


def test_boundary_texts_of_so_many_segments() -> None:
    """Texts of one segment up to the number asked for come up, and hardly longer ones."""
    for most in (1, 2):
        found = {measure(text).segments for text in drawn_from(strategies.boundary_texts(max_segments=most), 30)}
        assert set(range(1, most + 1)) <= found
        assert max(found) <= 3 * most


def test_octets_begin_with_headers() -> None:
    """Octets up to the size asked for come up, and some begin as a header does whose first element is known."""
    drawn = drawn_from(strategies.octets(max_size=20), 80)
    assert {0, 20} <= set(map(len, drawn))
    assert max(map(len, drawn)) == 20
    begun = {octets[:2] for octets in drawn}
    assert {b"\x05\x00", b"\x06\x08", b"\x03\x24", b"\x06\x05"} <= begun


def test_telling_septets_are_drawn_often() -> None:
    """The escape is among the three septets that come up most; @, line ends, the euro's code and 0x7F all come up."""
    drawn = Counter(b"".join(drawn_from(strategies.septets(), 60)))
    assert {0x1B, 0x00, 0x0A, 0x0D, 0x65, 0x7F} <= drawn.keys()
    assert 0x1B in [septet for septet, _ in drawn.most_common(3)]
    assert len(drawn) > 30


def test_user_data_are_full_where_that_is_asked() -> None:
    """Full user data leave no room for another unit; of the others some do; compressed data are rare and come up."""
    for user_data in drawn_from(strategies.user_data(full=True), 15):
        bits = 7 if user_data.alphabet is Alphabet.GSM_7BIT and not user_data.compressed else 8
        assert len(user_data.to_bytes()) * 8 + bits > 140 * 8
    drawn = drawn_from(strategies.user_data(), 40)
    assert any(len(user_data.to_bytes()) < 100 for user_data in drawn)
    compressed = [user_data.compressed for user_data in drawn]
    assert 0.1 < sum(compressed) / len(drawn) < 0.5
    odd = [user_data for user_data in drawn if user_data.alphabet is Alphabet.UCS2 and len(user_data.payload) % 2]
    assert odd


def test_pages_come_up_with_every_number_at_its_limits() -> None:
    """Codes, updates, identifiers and numbers of pages are all drawn, and contents that are full and that are not."""
    drawn = drawn_from(strategies.cell_broadcast_pages(), 70)
    serial = [page.serial_number for page in drawn]
    assert limits(serial, "code", "update") == {"code": (0, 1023), "update": (0, 15)}
    assert limits(drawn, "message_identifier", "pages") == {"message_identifier": (0, 0xFFFF), "pages": (1, MAX_PAGES)}
    assert {page.page == page.pages for page in drawn if page.pages > 1} == {True, False}
    assert {page.page == 1 for page in drawn if page.pages > 1} == {True, False}
    lengths = [len(page.contents) for page in drawn]
    assert max(lengths) == CONTENT_OCTETS
    assert 0.3 < sum(length < CONTENT_OCTETS for length in lengths) / len(lengths) < 0.8
    filled = [page.contents for page in drawn if page.contents.endswith(bytes.fromhex("46a3d168341a8d46a3d1"))]
    assert filled


@each_row(
    ("strategy", "kind"),
    [
        (strategies.data_coding_schemes(), DataCodingScheme),
        (strategies.cell_broadcast_data_codings(), CellBroadcastDataCoding),
    ],
)
def test_every_octet_is_a_coding(strategy: st.SearchStrategy[Any], kind: type[Any]) -> None:
    """Codings of both ends of the octet come up."""
    octets = {coding.octet for coding in drawn_from(strategy, 80)}
    assert {0, 255} <= octets
