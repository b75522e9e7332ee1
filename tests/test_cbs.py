"""Cell broadcast pages and USSD strings: laws over all texts and octets, and what is refused."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smscodec import Alphabet, DecodeError, FieldError, SegmentationError, UnencodableError, cbs, gsm7, septets
from smscodec.dcs import CellBroadcastDataCoding, Language
from smscodec.testing import strategies
from tests.rows import each_row

octets_of_coding = st.integers(0, 255)
BELCONNEN = "011000320111c2327bfc76bbcbee" + "46a3d168341a8d" * 10 + "46a3d100"


Given = TypeVar("Given")
Error = DecodeError | FieldError | SegmentationError | UnencodableError


def outcome(call: Callable[[], Given]) -> Given | Error:
    """What a call gives, or the error that it raises."""
    try:
        return call()
    except (DecodeError, FieldError, SegmentationError, UnencodableError) as error:
        return error


def joined(pages: tuple[cbs.Page, ...]) -> str:
    """The text of a message."""
    return "".join(page.text(strict=True) for page in pages)


def test_a_page_that_was_broadcast() -> None:
    """The page of the report: scope 0, code 17, update 0, identifier 50, English, page 1 of 1, 'Belconnen'."""
    page = cbs.Page.from_bytes(bytes.fromhex(BELCONNEN), strict=True)
    assert page.serial_number == (0, 17, 0)
    assert page.serial_number.scope is cbs.GeographicalScope.CELL_IMMEDIATE
    assert (page.message_identifier, page.page, page.pages) == (50, 1, 1)
    assert (page.data_coding.octet, page.data_coding.language, page.language) == (1, Language.ENGLISH, "en")
    assert page.text(strict=True) == page.text() == "Belconnen"
    assert page.to_bytes().hex() == BELCONNEN


def test_d42_the_ussd_of_the_reports() -> None:
    """Data coding 7 is GSM 7-bit, Danish; 0x11 is UCS-2 behind a language."""
    packed = cbs.ussd_octets(" Du har 0,00 kr", 7)
    assert cbs.ussd_text(packed, CellBroadcastDataCoding(7)) == " Du har 0,00 kr"
    assert CellBroadcastDataCoding(7).language is Language.DANISH
    assert cbs.ussd_text(bytes.fromhex("653a") + "Kõne".encode("utf-16-be"), 0x11) == "Kõne"


@given(strategies.gsm_texts() | strategies.texts(), st.sampled_from([None, "en", "Russian", "et", "UK"]))
def test_pages_joined_give_the_text_back(text: str, language: str | None) -> None:
    """Whatever the text and its language: 88 octets a page, numbered, each strictly readable, joined to the text."""
    text = text.rstrip("\r")
    assume("\r" * 90 not in text)
    pages = outcome(lambda: cbs.pages(text, language=language))
    if isinstance(pages, SegmentationError):
        assert pages.segments is not None
        assert pages.segments > 15
        return
    assert not isinstance(pages, Exception)
    assert text == joined(pages)
    for number, page in enumerate(pages, start=1):
        octets = page.to_bytes()
        assert len(octets) == 88
        assert page == cbs.Page.from_bytes(octets, strict=True)
        assert (page.page, page.pages) == (number, len(pages))
        expected = None if language is None else {"Russian": "ru", "UK": "uk"}.get(language, language)
        assert expected == page.language
    assert gsm7.is_encodable(text) == (pages[0].data_coding.alphabet is Alphabet.GSM_7BIT)


@each_row(
    ("octet", "room", "front"),
    [*((0x0F, 93, front) for front in ("", "a", "€")), *((0x48, 41, front) for front in ("", "a", "😀"))],
)
def test_no_page_but_the_last_ends_in_cr(octet: int, room: int, front: str) -> None:
    """CRs go to the page on which text follows them; as many as fill one are refused, with that page for a reason."""
    for count in range(room - 3, room + 3):
        text = front + "\r" * count + "a"
        if count < room:
            pages = cbs.pages(text, data_coding=octet)
            assert text == joined(pages)
            units = gsm7.septet_length(text) if octet == 0x0F else len(text.encode("utf-16-be")) // 2
            assert [page.text() for page in pages] == ([text] if units <= room else [front, text[len(front) :]])
        else:
            with pytest.raises(SegmentationError, match="nothing but CR"):
                cbs.pages(text, data_coding=octet)


@given(strategies.gsm_texts())
def test_pages_are_as_full_as_can_be(text: str) -> None:
    """Without CRs, a page but the last has no room for the character that begins the next."""
    pages = cbs.pages(text.replace("\r", "")[:600], data_coding=0x0F)  # 15 pages hold any 600
    for page, following in pairwise(pages):
        assert gsm7.septet_length(page.text() + following.text()[0]) > 93


@given(st.text(min_size=0, max_size=60), st.sampled_from([0x48, 0x5B, 0x11]))
def test_ucs2_pages_hold_41_units(text: str, octet: int) -> None:
    """UCS-2 takes 41 code units a page, 40 behind a language, and no surrogate pair is cut."""
    assume("\r" not in text)
    language = "uk" if octet == 0x11 else None
    pages = cbs.pages(text, data_coding=octet, language=language)
    assert text == joined(pages)
    room = 40 if language else 41
    for page, following in pairwise(pages):
        assert len((page.text() + following.text()[0]).encode("utf-16-be")) > 2 * room


@given(strategies.texts() | strategies.gsm_texts(), octets_of_coding)
def test_ussd_comes_back(text: str, octet: int) -> None:
    """Under every data coding that a text can be written in, its octets give the text, D15's CR apart."""
    coding = CellBroadcastDataCoding(octet)
    language = "sv" if coding.language_in_text else None
    octets = outcome(lambda: cbs.ussd_octets(text, octet, language=language))
    if isinstance(octets, UnencodableError):
        assert not gsm7.is_encodable(text)
        return
    if isinstance(octets, FieldError):
        assert octets.field == "data_coding"
        readable = coding.alphabet is not Alphabet.DATA_8BIT and not coding.compressed
        assert coding.reserved or coding.has_header or not readable
        return
    assert isinstance(octets, bytes)
    found = cbs.ussd_text(octets, coding, strict=True)
    assert found in (text, text + "\r")
    assert found == text or text.endswith("\r")


@given(st.binary(max_size=100), st.booleans())
def test_octets_give_a_page_or_one_error(octets: bytes, strict: bool) -> None:
    """Any octets are a page whose octets come back, page parameter apart, or a DecodeError inside them."""
    page = outcome(lambda: cbs.Page.from_bytes(octets, strict=strict))
    if isinstance(page, DecodeError):
        assert strict or not 6 <= len(octets) <= 88
        assert page.field.startswith("cbs.")
        assert 0 <= page.offset <= len(octets)
        return
    assert isinstance(page, cbs.Page)
    assert octets[:5] + octets[6:] == page.to_bytes()[:5] + page.to_bytes()[6:]
    assert octets[5] == page.to_bytes()[5] or (page.page, page.pages) == (1, 1)
    json.dumps(page.as_dict())


@given(st.binary(min_size=82, max_size=82), octets_of_coding, st.booleans())
def test_any_contents_give_text_or_one_error(contents: bytes, octet: int, strict: bool) -> None:
    """A page's text is read, refused as 8-bit or compressed, or strictly refused with a place; lenient never fails."""
    page = cbs.Page.from_bytes(b"\x40\0\0\0" + bytes([octet, 0x11]) + contents)
    coding = page.data_coding
    text = outcome(lambda: page.text(strict=strict))
    if isinstance(text, DecodeError):
        assert strict
        assert 0 <= text.offset <= 93
    elif isinstance(text, FieldError):
        assert text.field == "alphabet"
        assert coding.compressed or coding.alphabet is Alphabet.DATA_8BIT
    else:
        assert isinstance(text, str)
    assert page.language is None or len(page.language) == 2
    json.dumps(page.as_dict())


@given(st.binary(max_size=200), octets_of_coding, st.booleans())
def test_any_ussd_octets_give_text_or_one_error(octets: bytes, octet: int, strict: bool) -> None:
    """A USSD string is read, refused as 8-bit or compressed, or strictly refused with a place."""
    text = outcome(lambda: cbs.ussd_text(octets, octet, strict=strict))
    if isinstance(text, DecodeError):
        assert strict
        assert text.offset >= 0
    elif isinstance(text, FieldError):
        assert text.field == "alphabet"
    else:
        assert isinstance(text, str)


@given(strategies.cell_broadcast_pages())
def test_every_page_is_read_as_it_was_written(page: cbs.Page) -> None:
    """Any page comes back from its octets, whole ones strictly unless their data coding is reserved."""
    octets = page.to_bytes()
    assert page == cbs.Page.from_bytes(octets)
    if len(octets) == cbs.PAGE_OCTETS and not page.data_coding.reserved:
        assert page == cbs.Page.from_bytes(octets, strict=True)


def test_every_serial_number_comes_back() -> None:
    """The 65,536 values of the two octets are scope, code and update, and come back."""
    head, rest = b"", bytes.fromhex(BELCONNEN)[2:]
    for value in range(0, 0x10000, 7):
        head = value.to_bytes(2, "big")
        page = cbs.Page.from_bytes(head + rest)
        scope, code, update = page.serial_number
        assert value == scope * 0x4000 + code * 0x10 + update
        assert head == page.to_bytes()[:2]


def test_every_page_parameter() -> None:
    """A zero in either half is 1 of 1, as is a page above the number of pages, which strict reading refuses."""
    octets = bytearray.fromhex(BELCONNEN)
    for parameter in range(256):
        octets[5] = parameter
        number, total = parameter >> 4, parameter & 0xF
        page = cbs.Page.from_bytes(octets)
        assert (page.page, page.pages) == ((number, total) if 1 <= number <= total else (1, 1))
        if number > total > 0:
            with pytest.raises(DecodeError) as caught:
                cbs.Page.from_bytes(octets, strict=True)
            assert (caught.value.field, caught.value.offset) == ("cbs.page", 5)
        else:
            assert page == cbs.Page.from_bytes(octets, strict=True)


@each_row("length", range(95))
def test_pages_of_other_lengths(length: int) -> None:
    """Six octets to 88 are read leniently, only 88 strictly; what is missing, or too much, is named."""
    octets = (bytes.fromhex(BELCONNEN) + bytes(7))[:length]
    fields = ["serial_number", "serial_number", "message_identifier", "message_identifier", "dcs", "page"]
    if length != 88:
        with pytest.raises(DecodeError) as caught:
            cbs.Page.from_bytes(octets, strict=True)
        field = fields[length] if length < 6 else "contents"
        assert (caught.value.field, caught.value.offset) == (f"cbs.{field}", min(length, 88))
    if not 6 <= length <= 88:
        with pytest.raises(DecodeError):
            cbs.Page.from_bytes(octets)
        return
    page = cbs.Page.from_bytes(octets)
    assert octets == page.to_bytes()
    held = 8 * (length - 6) // 7
    assert "Belconnen"[:held] == page.text()


@each_row(
    ("octet", "contents", "language", "text"),
    [
        (0x10, gsm7.encode("en\rSnow"), "en", "Snow"),
        (0x10, gsm7.encode("EN\rSnow"), "en", "Snow"),
        (0x10, gsm7.encode("en"), "en", ""),
        (0x10, gsm7.encode("enSnow"), None, "enSnow"),
        (0x10, gsm7.encode("e1\rSnow"), None, "e1\rSnow"),
        (0x10, gsm7.encode("Snow"), None, "Snow"),
        (0x11, septets.pack(gsm7.encode("en")) + b"\0S", "en", "S"),
        (0x11, septets.pack(gsm7.encode("e1")) + b"\0S", None, "S"),
        (0x11, b"\x0d\x0a\0S", None, "S"),
        (0x11, b"\0", None, ""),
    ],
)
def test_a_language_in_front_of_the_text(octet: int, contents: bytes, language: str | None, text: str) -> None:
    """Two letters, in septets before CR, in UCS-2 in the first two octets; strictly an error at 0 where they lack."""
    in_septets = octet == 0x10
    page = cbs.Page.from_bytes(
        bytes([0, 0, 0, 0, octet, 0x11]) + (septets.pack_cbs(contents) if in_septets else contents)
    )
    ussd = septets.pack_ussd(contents) if in_septets else contents
    assert (page.language, page.text(), cbs.ussd_text(ussd, octet)) == (language, text, text)
    reads: list[Callable[[], str]] = [lambda: page.text(strict=True), lambda: cbs.ussd_text(ussd, octet, strict=True)]
    for read in reads:
        if language:
            assert read() == text
        else:
            with pytest.raises(DecodeError, match="two letters") as caught:
                read()
            assert (caught.value.field, caught.value.offset) == ("language", 0)


@each_row("octet", range(256))
def test_d26_a_reserved_data_coding_is_refused_strictly(octet: int) -> None:
    """In a page at the fifth octet, and of a USSD string by its name alone."""
    page = bytes([0, 0, 0, 0, octet, 0x11]) + bytes(82)
    if not CellBroadcastDataCoding(octet).reserved:
        assert cbs.Page.from_bytes(page, strict=True) == cbs.Page.from_bytes(page)
        return
    with pytest.raises(DecodeError) as caught:
        cbs.Page.from_bytes(page, strict=True)
    assert (caught.value.field, caught.value.offset) == ("cbs.dcs", 4)
    with pytest.raises(DecodeError) as caught:
        cbs.ussd_text(b"", octet, strict=True)
    assert (caught.value.field, caught.value.offset) == ("dcs", 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"serial_number": (4, 0, 0)}, "serial_number.scope"),
        ({"serial_number": (0, 1024, 0)}, "serial_number.code"),
        ({"serial_number": (0, 0, 16)}, "serial_number.update"),
        ({"serial_number": (0, 0)}, "serial_number"),
        ({"serial_number": 272}, "serial_number"),
        ({"message_identifier": 0x10000}, "message_identifier"),
        ({"message_identifier": -1}, "message_identifier"),
        ({"data_coding": 1}, "data_coding"),
        ({"contents": bytes(83)}, "contents"),
        ({"pages": 16}, "pages"),
        ({"pages": 0}, "pages"),
        ({"page": 2}, "page"),
        ({"page": 0}, "page"),
    ],
)
def test_what_a_page_cannot_say_is_refused(changed: dict[str, Any], field: str) -> None:
    """Each impossible value is a FieldError that names its field."""
    good = {"serial_number": (0, 17, 0), "message_identifier": 50, "data_coding": CellBroadcastDataCoding(1)}
    page = cbs.Page(**good, contents=bytes(82))  # type: ignore[arg-type]
    assert (page.page, page.pages) == (1, 1)
    with pytest.raises(FieldError) as caught:
        cbs.Page(**(good | {"contents": bytes(82)} | changed))  # type: ignore[arg-type]
    assert field == caught.value.field


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"data_coding": 256}, "data_coding"),
        ({"data_coding": True}, "data_coding"),
        ({"data_coding": 0x44}, "data_coding"),
        ({"data_coding": 0x60}, "data_coding"),
        ({"data_coding": 0x90}, "data_coding"),
        ({"data_coding": 0x13}, "data_coding"),
        ({"data_coding": 0xE0}, "data_coding"),
        ({"data_coding": 0x10}, "language"),
        ({"data_coding": 0x0F, "language": "en"}, "language"),
        ({"language": "Klingon"}, "language"),
        ({"language": ""}, "language"),
        ({"language": 7}, "language"),
        ({"serial_number": (0, 0, 99)}, "serial_number.update"),
        ({"message_identifier": "50"}, "message_identifier"),
    ],
)
def test_what_cannot_be_written_is_refused(options: dict[str, Any], field: str) -> None:
    """Each impossible option is a FieldError that names it."""
    with pytest.raises(FieldError) as caught:
        cbs.pages("Snow", **options)
    assert field == caught.value.field


def test_text_that_is_no_text_is_refused() -> None:
    """Octets are not text."""
    for write in (lambda: cbs.pages(b"Snow"), lambda: cbs.ussd_octets(b"Snow", 0x0F)):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="str"):
            write()


def test_a_known_language_has_its_octet_and_another_its_letters() -> None:
    """GSM 7-bit in a language of the table takes its octet; UCS-2 and other languages stand in front of the text."""
    assert [cbs.pages("Snow", language=name)[0].data_coding.octet for name in ("German", "is", "et")] == [0, 0x24, 0x10]
    assert [cbs.pages("Снег", language=name)[0].data_coding.octet for name in ("ru", None)] == [0x11, 0x48]
    assert cbs.pages("Snow")[0].data_coding.octet == 0x0F
    assert cbs.pages("Снег", language="Russian")[0].language == "ru"


def test_a_page_is_a_value() -> None:
    """A page is equal to its pickled and copied self, and says its fields, language and text in plain types."""
    page = cbs.pages("Snow", serial_number=cbs.SerialNumber(cbs.GeographicalScope.CELL, 5, 2), language="et")[0]
    assert page == pickle.loads(pickle.dumps(page)) == copy.deepcopy(page)
    assert len({page, copy.deepcopy(page)}) == 1
    plain = page.as_dict()
    assert plain["serial_number"] == {"scope": "CELL", "code": 5, "update": 2}
    assert (plain["language"], plain["text"], plain["page"], plain["pages"]) == ("et", "Snow", 1, 1)
    assert plain["data_coding"]["octet"] == 0x10
    assert page.contents.hex() == plain["contents"]
    assert cbs.Page.from_bytes(bytes.fromhex("400000004411") + bytes(82)).as_dict()["text"] is None
