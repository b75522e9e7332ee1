"""Hypothesis strategies for everything that smscodec takes and gives: texts, septets, octets, headers, user data.

Uniform values alone miss the interesting ones, so every strategy mixes in the values at the edges: the escape, cells
that only one table has, surrogate pairs across a cut, fields at their limits. The strategies know the character tables
and the value classes; they never call the encoders and decoders that they are there to test. Needs the extra
``testing``.

Each strategy is made once and kept, for Hypothesis takes longer to look one over than to draw from it.

Reference: 3GPP TS 23.038, 6.2.1 and annex A; 3GPP TS 23.040, 9.2.3.24
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache
from typing import Final

from smscodec.cbs import CONTENT_OCTETS, MAX_PAGES, GeographicalScope, Page, SerialNumber
from smscodec.dcs import Alphabet, CellBroadcastDataCoding, DataCodingScheme, IndicationType
from smscodec.errors import MissingExtraError
from smscodec.tables import DEFAULT_TABLES, ESC, LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage, ShiftTables
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
from smscodec.userdata import UserData

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError("testing", "smscodec.testing.strategies") from error

__all__ = [
    "boundary_texts",
    "caller_headers",
    "cell_broadcast_data_codings",
    "cell_broadcast_pages",
    "data_coding_schemes",
    "gsm_texts",
    "headers",
    "information_elements",
    "national_languages",
    "national_texts",
    "octets",
    "septets",
    "shift_tables",
    "texts",
    "texts_with_surrogates",
    "user_data",
]

_TP_UD_OCTETS: Final = 140
_LONGEST: Final = 2000  # characters of a text: it fits 255 segments behind any of ``caller_headers``
_CALLER_HEADER_OCTETS: Final = 100


def _characters(table: str) -> list[str]:
    return sorted(set(table) - {UNDEFINED})


_GSM_CHARACTERS: Final = _characters(LOCKING_SHIFT[NationalLanguage.DEFAULT])
_EXTENSION_CHARACTERS: Final = _characters(SINGLE_SHIFT[NationalLanguage.DEFAULT])
_NATIONAL_CHARACTERS: Final = sorted(
    {character for tables in (LOCKING_SHIFT, SINGLE_SHIFT) for table in tables.values() for character in table}
    - {UNDEFINED, *_GSM_CHARACTERS, *_EXTENSION_CHARACTERS}
)

_GREEK: Final = "ΔΦΓΛΩΠΨΣΘΞΑΒΕΖαβγδέώς"
"""Greek capitals that the default alphabet has, Greek capitals that look like Latin ones, and small letters."""

_CLUSTERS: Final = [
    "\U0001f600",  # one surrogate pair
    "\U0001f44d\U0001f3fd",  # thumbs up with a skin tone
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",  # a family held together by joiners
    "\u2764\ufe0f",  # a heart with a variation selector
    "1\ufe0f\u20e3",  # a keycap
    "\U0001f1e9\U0001f1ea",  # a flag of two regional indicators
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # a flag of tags
    "e\u0301",  # a letter and a combining accent
    "a\u0308\u0323\u0301",
    "\u0915\u094d\u0937\u093f",  # a Devanagari conjunct
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian with a non-joiner
    "\u1112\u1161\u11ab",  # a Hangul syllable in pieces
    "\r\n",
]

_AWKWARD: Final = (
    "çÇ`\u2019\u201c\u201d\u2026\u2013\u00a0\u200b\ufeff\ufffe\uffff\ufffd"
    "\x00\x09\x0a\x0c\x0d\x1b\x7f\x80\u2028\ud7ff\ue000\U0010ffff"
)
"""Look-alikes, controls, the escape as a character, noncharacters, and the neighbours of the surrogates."""

_LONE_SURROGATES: Final = ["\ud800", "\udbff", "\udc00", "\udfff", "\udc80", "\ude00\ud83d"]


@cache
def national_languages() -> st.SearchStrategy[NationalLanguage]:
    """The thirteen national languages; DEFAULT, which names no national table, is not among them.

    >>> from hypothesis import find
    >>> find(national_languages(), lambda language: language > 2).name
    'PORTUGUESE'
    """
    return st.sampled_from([language for language in NationalLanguage if language is not NationalLanguage.DEFAULT])


@cache
def shift_tables() -> st.SearchStrategy[ShiftTables]:
    """Every pair of a main table and a single shift table, the default pair more often than the rest.

    >>> from hypothesis import find
    >>> find(shift_tables(), lambda tables: tables.locking != tables.single).as_dict()
    {'locking': 'DEFAULT', 'single': 'TURKISH'}

    Reference: 3GPP TS 23.038, 6.2.1.2
    """
    pairs = st.builds(ShiftTables, st.sampled_from(sorted(LOCKING_SHIFT)), st.sampled_from(sorted(SINGLE_SHIFT)))
    same = st.sampled_from(sorted(LOCKING_SHIFT)).map(lambda language: ShiftTables(language, language))
    return st.one_of(st.just(DEFAULT_TABLES), same, pairs)


@cache
def _pieces() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from("a@ \n"),
        st.sampled_from(_GSM_CHARACTERS),
        st.sampled_from(_EXTENSION_CHARACTERS),
        st.sampled_from(_GREEK),
        st.sampled_from(_AWKWARD),
        st.sampled_from(_CLUSTERS),
        st.sampled_from(_CLUSTERS),
        st.sampled_from(_NATIONAL_CHARACTERS),
        st.characters(exclude_categories=["Cs"]),
    )


def _joined(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # Lists are short on the average; joined twice they are long enough to hold several kinds of pieces.
    return st.lists(st.lists(pieces).map("".join)).map("".join)


@cache
def texts() -> st.SearchStrategy[str]:
    """Any text without surrogates: GSM 7-bit only, with national letters, or with anything that Unicode has.

    Emoji sequences, flags, combining marks, control characters and U+001B come up often, and so do pairs on cuts. None
    takes more than 255 segments.

    >>> from hypothesis import given, settings
    >>> from smscodec import segment
    >>> @settings(max_examples=5)
    ... @given(texts())
    ... def joined_segments_are_the_text(text):
    ...     assert "".join(part.text for part in segment(text, reference=1)) == text
    >>> joined_segments_are_the_text()
    """
    return st.one_of(
        gsm_texts(),
        _joined(st.sampled_from([*_GSM_CHARACTERS, *_EXTENSION_CHARACTERS, *_NATIONAL_CHARACTERS])),
        _joined(_pieces()),
        _joined(_pieces()),
        st.text(st.characters(exclude_categories=["Cs"])),
        boundary_texts(),
        national_texts().map(lambda drawn: drawn[0]),
        st.builds(
            lambda text, times: (text * times)[:_LONGEST],
            st.one_of(gsm_texts(), _joined(_pieces())),
            st.integers(2, 50),
        ),
    )


@cache
def texts_with_surrogates() -> st.SearchStrategy[str]:
    """Any text that holds at least one lone surrogate, at any place and also two in the wrong order.

    No two surrogates stand in the order high, low: as code points of a ``str`` both would be lone, yet as UTF-16 they
    are one character.

    >>> from hypothesis import find
    >>> from smscodec import UnencodableError, measure
    >>> try:
    ...     measure(find(texts_with_surrogates(), bool))
    ... except UnencodableError as error:
    ...     print(error.reason)
    surrogates not allowed
    """
    part = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.sampled_from(_CLUSTERS))
    lone = st.sampled_from(_LONE_SURROGATES)
    pieces = st.tuples(st.lists(st.one_of(part, lone)), lone, st.lists(st.one_of(part, lone)))
    joined = pieces.map(lambda drawn: "".join([*drawn[0], drawn[1], *drawn[2]]))
    return joined.map(_without_split_pairs)


def _without_split_pairs(text: str) -> str:
    high, low = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
    parts = [text[:1]]
    for before, character in itertools.pairwise(text):
        parts.append("-" + character if ord(before) in high and ord(character) in low else character)
    return "".join(parts)


@cache
def gsm_texts(tables: ShiftTables = DEFAULT_TABLES) -> st.SearchStrategy[str]:
    """Texts that GSM 7-bit holds under ``tables``, made of the cells of both tables; some are several segments long.

    Characters of the single shift table, which cost two septets, come up about as often as the others.

    >>> from hypothesis import find
    >>> from smscodec.gsm7 import is_encodable, septet_length
    >>> text = find(gsm_texts(), lambda text: septet_length(text) > len(text))
    >>> is_encodable(text)
    True

    Reference: 3GPP TS 23.038, 6.2.1 and annex A
    """
    main = st.sampled_from(_characters(LOCKING_SHIFT[tables.locking]))
    single = st.sampled_from(_characters(SINGLE_SHIFT[tables.single]))
    short = st.one_of(st.text(main), st.text(st.one_of(main, main, single)), st.text(single))
    return st.one_of(short, short, st.builds(lambda text, times: (text * times)[:700], short, st.integers(20, 300)))


@cache
@st.composite
def national_texts(draw: st.DrawFn) -> tuple[str, NationalLanguage]:
    """A text with letters of one national language and that language; its tables save segments more often than not.

    The text is of the default alphabet but for the letters of the language, and of any length up to three segments.

    >>> from hypothesis import find
    >>> from smscodec import measure
    >>> text, language = find(national_texts(), lambda drawn: measure(drawn[0]).segments > 1)
    >>> measure(text).alphabet.name, measure(text, languages=language).alphabet.name
    ('UCS2', 'GSM_7BIT')

    Reference: 3GPP TS 23.038, 6.2.1.2
    """
    language = draw(national_languages())
    tables = [table[language] for table in (LOCKING_SHIFT, SINGLE_SHIFT) if language in table]
    letters = sorted({character for table in tables for character in table} & set(_NATIONAL_CHARACTERS))
    pieces = st.text(st.sampled_from([*letters, *letters, *"abc ."]), min_size=1, max_size=12)
    times = draw(st.integers(1, 45))
    return (draw(st.sampled_from(letters)) + draw(pieces) * times)[:400], language


@cache
@st.composite
def boundary_texts(draw: st.DrawFn, *, max_segments: int = 4) -> str:
    """Texts that end or are cut within a few units of the end of segments 1 to ``max_segments``.

    Each is filled with a character of one unit; at every cut stands one of two units (an escape pair, a surrogate
    pair), before the cut, on it, or after it, and characters of any kind beside it. The rooms are those of 8- and
    16-bit references, with and without shift elements and ports; half the time, of 8-bit references and nothing else.

    >>> from hypothesis import find
    >>> from smscodec import measure
    >>> text = find(boundary_texts(), lambda text: measure(text).remaining == 0)
    >>> measure(text).units, measure(text).segments
    (160, 1)

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    narrow, wide, near, rooms = draw(st.sampled_from(_FILLINGS))
    whole, room = draw(st.one_of(st.just(rooms[0]), st.sampled_from(rooms)))
    segments = draw(st.integers(1, max_segments))
    if segments == 1:
        room = whole
    parts, used = [], 0
    for _ in range(segments - 1):
        left = draw(st.sampled_from([0, 1, 1, 1, 2, 3]))  # units left for the pair; one is too few
        parts += [narrow * (room - left - used), draw(st.sampled_from(wide))]
        used = 2 if left < 2 else 2 - left
    parts.append(narrow * (room - used - draw(st.integers(0, 6))))
    return "".join([*parts, *draw(st.lists(st.sampled_from([*near, *wide]), max_size=4))])


_GSM_ROOMS: Final = [
    *((160, 153), (160, 152), (155, 149), (155, 148), (152, 146), (152, 145)),
    *((148, 142), (148, 141), (145, 139), (145, 138)),
]
_UCS2_ROOMS: Final = [(70, 67), (70, 66), (66, 64), (66, 63)]
_FILLINGS: Final[list[tuple[str, list[str], list[str], list[tuple[int, int]]]]] = [
    ("a", ["€", "^", "\x0c"], ["a", "@"], _GSM_ROOMS),
    ("@", ["€", "{", "]"], ["é", "@"], _GSM_ROOMS),
    ("a", ["€", "ş"], ["a", "ç"], _GSM_ROOMS),
    ("\u0915", ["*", "\u0966", "A"], ["\u0915"], _GSM_ROOMS),
    ("ж", ["\U0001f600"], ["ж", "a"], _UCS2_ROOMS),
    ("e", ["\U0001f44d\U0001f3fd", "e\u0301"], ["\u0301", "ж"], _UCS2_ROOMS),
    ("ж", ["\U0001f468\u200d\U0001f469", "\U0001f1e9\U0001f1ea"], ["\u200d", "ж"], _UCS2_ROOMS),
]
"""A character of one unit, pairs for the cuts, what else may stand beside them, and the rooms of a lone segment and of
each of several."""


@cache
def septets(*, max_size: int | None = None) -> st.SearchStrategy[bytes]:
    """Unpacked septets, each 0x00 to 0x7F, with the escape, ``@`` (0x00), CR and the euro code (0x65) often among them.

    >>> from hypothesis import find
    >>> find(septets(), lambda data: 0x1B in data)
    b'\\x1b'

    Reference: 3GPP TS 23.038, 6.2.1
    """
    telling = st.sampled_from([ESC, ESC, 0x00, 0x0A, 0x0D, 0x65, 0x7F])
    return st.lists(st.one_of(telling, st.integers(0, 0x7F)), max_size=max_size).map(bytes)


@cache
def octets(*, max_size: int = 300) -> st.SearchStrategy[bytes]:
    """Any octets, for readers that must cope with all of them; some short, some with a plausible header in front.

    >>> from hypothesis import find
    >>> find(octets(), lambda data: len(data) == 2)
    b'\\x00\\x00'
    """
    likely = st.builds(
        lambda header, rest: (header + rest)[:max_size],
        st.sampled_from([b"\x05\x00\x03", b"\x06\x08\x04", b"\x03\x24\x01", b"\x06\x05\x04", b"\x00", b"\xff"]),
        st.binary(max_size=max_size),
    )
    return st.one_of(st.binary(max_size=min(8, max_size)), st.binary(max_size=max_size), likely)


@cache
def _edged(smallest: int, largest: int) -> st.SearchStrategy[int]:
    return st.one_of(st.sampled_from([smallest, smallest + 1, largest - 1, largest]), st.integers(smallest, largest))


@cache
@st.composite
def _concatenations(draw: st.DrawFn) -> Concatenation:
    wide = draw(st.booleans())
    total = draw(_edged(1, 255))
    return Concatenation(
        reference=draw(_edged(0, 0xFFFF if wide else 0xFF)),
        total=total,
        sequence=draw(st.one_of(st.sampled_from([1, total]), st.integers(1, total))),
        wide=wide,
    )


@cache
@st.composite
def _application_ports(draw: st.DrawFn) -> ApplicationPort:
    wide = draw(st.booleans())
    ports = _edged(0, 0xFFFF if wide else 0xFF)
    return ApplicationPort(destination=draw(ports), originator=draw(ports), wide=wide)


@cache
@st.composite
def _indications(draw: st.DrawFn) -> SpecialMessageIndication:
    return SpecialMessageIndication(
        type=draw(st.sampled_from(IndicationType)),
        count=draw(_edged(0, 255)),
        store=draw(st.booleans()),
        profile=draw(st.integers(1, 4)),
        extended_type=draw(st.integers(0, 7)),
    )


@cache
def _shifts() -> st.SearchStrategy[NationalLanguageSingleShift | NationalLanguageLockingShift]:
    locking = st.sampled_from([language for language in LOCKING_SHIFT if language is not NationalLanguage.DEFAULT])
    return st.one_of(national_languages().map(NationalLanguageSingleShift), locking.map(NationalLanguageLockingShift))


_KNOWN_LENGTHS: Final = {0x00: 3, 0x01: 2, 0x04: 2, 0x05: 4, 0x08: 4, 0x24: 1, 0x25: 1}
"""The elements that have a class of their own, and how many octets of content each has."""

_UNUSABLE: Final = [
    (0x00, b"\x01\x00\x00"),
    (0x00, b"\x01\x02\x00"),
    (0x00, b"\x01\x02\x03"),
    (0x08, b"\x01\x02\x00\x01"),
    (0x08, b"\x01\x02\x01\x02"),
    (0x24, b"\x00"),
    (0x24, b"\x0e"),
    (0x24, b"\xff"),
    (0x25, b"\x00"),
    (0x25, b"\x02"),
    (0x25, b"\x0e"),
]
"""Content of the right length that the class of that identifier refuses (decisions D19, D23 and D24)."""


@cache
def _unknown_elements(*, max_size: int) -> st.SearchStrategy[OpaqueElement]:
    identifiers = _edged(0, 255).filter(lambda iei: iei not in _KNOWN_LENGTHS)
    return st.builds(OpaqueElement, identifiers, _contents(max_size))


@cache
def _unusable_elements(*, max_size: int) -> st.SearchStrategy[OpaqueElement]:
    odd_lengths = st.tuples(st.sampled_from(sorted(_KNOWN_LENGTHS)), _contents(max_size)).filter(
        lambda element: len(element[1]) != _KNOWN_LENGTHS[element[0]]
    )
    return st.one_of(st.sampled_from(_UNUSABLE), odd_lengths).map(lambda element: OpaqueElement(*element))


@cache
def _contents(max_size: int) -> st.SearchStrategy[bytes]:
    return st.one_of(st.binary(max_size=min(6, max_size)), st.binary(max_size=max_size))


@cache
def information_elements(*, max_size: int = 253) -> st.SearchStrategy[InformationElement]:
    """Any information element: each class with its fields at their limits, and opaque ones of at most ``max_size``.

    Opaque elements have an identifier without a class, or content that the class refuses.

    >>> from hypothesis import find
    >>> find(information_elements(), lambda element: isinstance(element, Concatenation)).data.hex()
    '000101'

    Reference: 3GPP TS 23.040, 9.2.3.24
    """
    return st.one_of(
        _concatenations(),
        _application_ports(),
        _indications(),
        _shifts(),
        _unknown_elements(max_size=max_size),
        _unusable_elements(max_size=max_size),
    )


def _fitting(elements: Sequence[InformationElement], room: int) -> tuple[InformationElement, ...]:
    kept: list[InformationElement] = []
    for element in elements:
        room -= UserDataHeader((element,)).octet_length - 1
        if room < 0:
            break
        kept.append(element)
    return tuple(kept)


@cache
def headers(*, max_octets: int = 256) -> st.SearchStrategy[UserDataHeader]:
    """Any user data header of at most ``max_octets``, the octet of UDHL included.

    Mostly elements, also repeated and contradicting ones; now and then one that is empty (UDHL 0) or that could not be
    split, which keeps its octets in ``ignored``.

    >>> from hypothesis import find
    >>> header = find(headers(), lambda header: header.application_port)
    >>> UserDataHeader.from_bytes(header.to_bytes()) == header
    True

    Reference: 3GPP TS 23.040, 9.2.3.24
    """
    elements = st.lists(information_elements(max_size=max(0, max_octets - 3)), max_size=8)
    split = elements.map(lambda drawn: UserDataHeader(_fitting(drawn, max_octets - 1)))
    fitting = [header for header in _IGNORED_HEADERS if len(header) <= max_octets]
    ignored = [UserDataHeader(ignored=header) for header in fitting]
    return st.one_of(split, split, split, st.sampled_from(ignored)) if ignored else split


_IGNORED_HEADERS: Final = [
    b"\x00",  # empty
    b"\x01\x24",  # an octet left over
    b"\x04\x24\x01\x01\x25",
    b"\x04\x00\x03\x01\x02",  # an element that runs past the end
    b"\x05\x24\x01\x01\x70\x01",
]


@cache
def caller_headers() -> st.SearchStrategy[UserDataHeader]:
    """Headers that you may pass to ``segment``: no concatenation, no shift element, and room left for text.

    At most 100 octets, so that some characters fit behind a concatenation element and both shift elements.

    >>> from hypothesis import find
    >>> from smscodec import segment
    >>> header = find(caller_headers(), lambda header: header.application_port)
    >>> segment("Hello", header=header)[0].user_data.header == header
    True
    """
    elements = st.one_of(_application_ports(), _indications(), _unknown_elements(max_size=_CALLER_HEADER_OCTETS - 3))
    return st.lists(elements, max_size=4).map(lambda drawn: UserDataHeader(_fitting(drawn, _CALLER_HEADER_OCTETS - 1)))


@cache
@st.composite
def user_data(draw: st.DrawFn, *, full: bool = False) -> UserData:
    """User data of any alphabet, compressed or not, with any header, that fits the 140 octets of a TP-UD or fills them.

    The payload need not be text: septets with undefined escapes, UTF-16 with lone surrogates or an odd octet.

    >>> from hypothesis import find
    >>> find(user_data(full=True), lambda data: data.alphabet is Alphabet.GSM_7BIT).length
    160

    Reference: 3GPP TS 23.040, 9.2.3.24
    """
    alphabet = draw(st.sampled_from(Alphabet))
    header = draw(headers(max_octets=_TP_UD_OCTETS))
    compressed = draw(st.sampled_from([False, False, False, True]))
    room = _TP_UD_OCTETS - header.octet_length
    in_septets = alphabet is Alphabet.GSM_7BIT and not compressed
    payload, room = (draw(septets()), room * 8 // 7) if in_septets else (draw(_payloads()), room)
    if full or draw(st.booleans()):
        payload = (payload or b" ") * room
    return UserData(alphabet, payload[:room], header, compressed=compressed)


@cache
def _payloads() -> st.SearchStrategy[bytes]:
    utf16 = st.text(st.characters()).map(lambda text: text.encode("utf-16-be", "surrogatepass"))
    return st.one_of(utf16, st.binary())


@cache
def data_coding_schemes() -> st.SearchStrategy[DataCodingScheme]:
    """Every data coding scheme, reserved codings among them.

    >>> from hypothesis import find
    >>> find(data_coding_schemes(), lambda scheme: scheme.reserved).octet
    12

    Reference: 3GPP TS 23.038, 4
    """
    return st.integers(0, 255).map(DataCodingScheme)


@cache
def cell_broadcast_data_codings() -> st.SearchStrategy[CellBroadcastDataCoding]:
    """Every data coding of cell broadcast and USSD, reserved ones among them.

    >>> from hypothesis import find
    >>> find(cell_broadcast_data_codings(), lambda coding: coding.language_in_text).octet
    16

    Reference: 3GPP TS 23.038, 5
    """
    return st.integers(0, 255).map(CellBroadcastDataCoding)


@cache
@st.composite
def cell_broadcast_pages(draw: st.DrawFn) -> Page:
    """Pages with any contents under any data coding; some are shorter than 88 octets, as modems print them.

    >>> from hypothesis import find
    >>> page = find(cell_broadcast_pages(), lambda page: page.data_coding.alphabet is Alphabet.UCS2)
    >>> Page.from_bytes(page.to_bytes()) == page
    True

    Reference: 3GPP TS 23.041, 9.4.1
    """
    total = draw(st.integers(1, MAX_PAGES))
    scope, code, update = st.sampled_from(GeographicalScope), _edged(0, 1023), _edged(0, 15)
    filler = bytes.fromhex("46a3d168341a8d") * 12
    whole = st.binary(max_size=CONTENT_OCTETS).map(lambda octets: (octets + filler)[:CONTENT_OCTETS])
    return Page(
        serial_number=SerialNumber(draw(scope), draw(code), draw(update)),
        message_identifier=draw(_edged(0, 0xFFFF)),
        data_coding=draw(cell_broadcast_data_codings()),
        contents=draw(whole | st.binary(max_size=CONTENT_OCTETS)),
        page=draw(st.integers(1, total)),
        pages=total,
    )
