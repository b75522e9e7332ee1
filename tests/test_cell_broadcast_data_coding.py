"""All 256 data codings of cell broadcast and USSD against the table of clause 5, written out a second time (D42)."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any, NamedTuple

import pytest

from smscodec.dcs import Alphabet, CellBroadcastDataCoding, DataCodingScheme, Language, MessageClass
from smscodec.errors import DecodeError, FieldError
from tests.rows import each_row

GSM, DATA, UCS2 = Alphabet.GSM_7BIT, Alphabet.DATA_8BIT, Alphabet.UCS2


class Meaning(NamedTuple):
    """What an octet means."""

    alphabet: Alphabet = GSM
    language: str | None = None
    language_in_text: bool = False
    message_class: int | None = None
    compressed: bool = False
    has_header: bool = False
    reserved: bool = False


RESERVED = Meaning(reserved=True)
FIRST = (
    "GERMAN ENGLISH ITALIAN FRENCH SPANISH DUTCH SWEDISH DANISH PORTUGUESE FINNISH NORWEGIAN GREEK TURKISH HUNGARIAN"
)
CODES = {
    "GERMAN": "de", "ENGLISH": "en", "ITALIAN": "it", "FRENCH": "fr", "SPANISH": "es", "DUTCH": "nl", "SWEDISH": "sv",
    "DANISH": "da", "PORTUGUESE": "pt", "FINNISH": "fi", "NORWEGIAN": "no", "GREEK": "el", "TURKISH": "tr",
    "HUNGARIAN": "hu", "POLISH": "pl", "CZECH": "cs", "HEBREW": "he", "ARABIC": "ar", "RUSSIAN": "ru",
    "ICELANDIC": "is",
}  # fmt: skip


def table() -> dict[int, Meaning]:
    """The rows of the clause, the reserved ones last."""
    rows: dict[int, Meaning] = {}
    for octet, name in enumerate([*FIRST.split(), "POLISH"]):
        rows[octet] = Meaning(language=name)
    rows[0b0000_1111] = Meaning()
    rows[0b0001_0000] = Meaning(language_in_text=True)
    rows[0b0001_0001] = Meaning(UCS2, language_in_text=True)
    for octet, name in enumerate(["CZECH", "HEBREW", "ARABIC", "RUSSIAN", "ICELANDIC"], start=0b0010_0000):
        rows[octet] = Meaning(language=name)
    for bits, alphabet in ((0b00, GSM), (0b01, DATA), (0b10, UCS2)):
        for low in range(4):
            rows[0b0100_0000 | bits << 2 | low] = Meaning(alphabet)
            rows[0b0101_0000 | bits << 2 | low] = Meaning(alphabet, message_class=low)
            rows[0b0110_0000 | bits << 2 | low] = Meaning(alphabet, compressed=True)
            rows[0b0111_0000 | bits << 2 | low] = Meaning(alphabet, message_class=low, compressed=True)
            rows[0b1001_0000 | bits << 2 | low] = Meaning(alphabet, message_class=low, has_header=True)
    for octet in range(0b1101_0000, 0b1111_0000):
        rows[octet] = Meaning(DATA)
    for spare in (0b0000, 0b1000):
        for low, number in ((0, None), (1, 1), (2, 2), (3, 3)):
            rows[0b1111_0000 | spare | low] = Meaning(GSM, message_class=number)
            rows[0b1111_0100 | spare | low] = Meaning(DATA, message_class=number)
    return {octet: rows.get(octet, RESERVED) for octet in range(256)}


TABLE = table()


def meaning(coding: CellBroadcastDataCoding) -> Meaning:
    """What smscodec says."""
    return Meaning(
        coding.alphabet,
        coding.language and coding.language.name,
        coding.language_in_text,
        coding.message_class,
        coding.compressed,
        coding.has_header,
        coding.reserved,
    )


@each_row("octet", range(256))
def test_d42_every_octet_has_the_meaning_of_clause_5(octet: int) -> None:
    """Alphabet, language, class, compression and header of every octet, and the octet comes back."""
    coding = CellBroadcastDataCoding(octet)
    assert TABLE[octet] == meaning(coding)
    assert octet == coding.octet
    assert coding == CellBroadcastDataCoding.from_octet(octet)


@each_row("octet", range(256))
def test_d42_strict_refuses_reserved_codings_only(octet: int) -> None:
    """Strict reading raises on a reserved coding, which leniently reads as 0x0F."""
    if TABLE[octet].reserved:
        with pytest.raises(DecodeError) as caught:
            CellBroadcastDataCoding.from_octet(octet, strict=True)
        assert (caught.value.field, caught.value.offset) == ("dcs", 0)
        assert meaning(CellBroadcastDataCoding(0x0F)) == meaning(CellBroadcastDataCoding(octet))._replace(
            reserved=False
        )
    else:
        assert CellBroadcastDataCoding(octet) == CellBroadcastDataCoding.from_octet(octet, strict=True)


def test_d42_reserved_codings_are_those_of_the_clause() -> None:
    """The reserved octets, in ranges."""
    ranges = [(0x12, 0x1F), (0x25, 0x3F), (0x80, 0x8F), (0xA0, 0xCF)]
    ranges += [(high | 0x0C, high | 0x0F) for high in (0x40, 0x50, 0x60, 0x70, 0x90)]
    expected = {octet for first, last in ranges for octet in range(first, last + 1)}
    assert expected == {octet for octet in range(256) if CellBroadcastDataCoding(octet).reserved}


def test_d42_is_another_table_than_that_of_short_messages() -> None:
    """0x07 is Danish here and 8-bit data there; 0x11 is UCS-2 here and GSM 7-bit of class 1 there."""
    assert meaning(CellBroadcastDataCoding(0x07))[:2] == (GSM, "DANISH")
    assert DATA is DataCodingScheme(0x07).alphabet
    assert UCS2 is CellBroadcastDataCoding(0x11).alphabet
    assert GSM is DataCodingScheme(0x11).alphabet


def test_languages_are_iso_codes_with_names() -> None:
    """The value of a language is its ISO 639-1 code, and it is equal to that text."""
    assert {language.name: str(language) for language in Language} == CODES


@each_row("name", CODES)
def test_of_language_takes_name_code_and_value(name: str) -> None:
    """The octet for a language says that language, however it was named and in any case."""
    coding = CellBroadcastDataCoding.of_language(Language[name])
    assert TABLE[coding.octet] == Meaning(language=name)
    for spelling in (name, name.lower(), name.title(), CODES[name], CODES[name].upper()):
        assert coding == CellBroadcastDataCoding.of_language(spelling)


def test_of_no_language_is_unspecified() -> None:
    """None gives 0x0F."""
    assert CellBroadcastDataCoding.of_language(None).octet == 0x0F


@pytest.mark.parametrize("language", ["", "uk", "Klingon", "d", 7])
def test_a_language_without_an_octet_is_refused(language: Any) -> None:
    """The error names the field and lists what there is."""
    with pytest.raises(FieldError, match="de en it") as caught:
        CellBroadcastDataCoding.of_language(language)
    assert caught.value.field == "language"


def test_in_text_makes_0x10_and_0x11() -> None:
    """Text that begins with its language is GSM 7-bit or UCS-2, and nothing else."""
    assert CellBroadcastDataCoding.in_text(GSM).octet == 0x10
    assert CellBroadcastDataCoding.in_text(UCS2).octet == 0x11
    with pytest.raises(FieldError) as caught:
        CellBroadcastDataCoding.in_text(DATA)
    assert caught.value.field == "alphabet"


@each_row("alphabet", Alphabet)
@each_row("message_class", [None, *MessageClass])
@each_row("compressed", [False, True])
def test_general_makes_the_octet_with_that_meaning(
    alphabet: Alphabet, message_class: MessageClass | None, compressed: bool
) -> None:
    """``general`` gives an octet of that alphabet and class, and nothing else set."""
    coding = CellBroadcastDataCoding.general(alphabet, message_class=message_class, compressed=compressed)
    assert 0x40 <= coding.octet <= 0x7F
    assert Meaning(alphabet, message_class=message_class, compressed=compressed) == meaning(coding)


@pytest.mark.parametrize("arguments", [{"alphabet": 3}, {"alphabet": GSM, "message_class": 4}])
def test_general_refuses_what_does_not_exist(arguments: dict[str, Any]) -> None:
    """An alphabet or class that does not exist is named."""
    with pytest.raises(FieldError) as caught:
        CellBroadcastDataCoding.general(**arguments)
    assert caught.value.field == list(arguments)[-1]


@pytest.mark.parametrize("octet", [-1, 256, 1.0, True, None])
def test_what_is_no_octet_is_refused(octet: Any) -> None:
    """A value outside 0 to 255 is the caller's error."""
    for call in (CellBroadcastDataCoding, CellBroadcastDataCoding.from_octet):
        with pytest.raises(FieldError) as caught:
            call(octet)
        assert caught.value.field == "octet"


def test_data_codings_are_values() -> None:
    """They are hashable, equal to their pickled and copied selves, and say all they mean in plain types."""
    codings = [CellBroadcastDataCoding(octet) for octet in range(256)]
    assert len(set(codings)) == 256
    assert codings == pickle.loads(pickle.dumps(codings))
    assert codings == copy.deepcopy(codings)
    for coding in codings:
        expected = meaning(coding)._asdict() | {"octet": coding.octet, "alphabet": coding.alphabet.name}
        if coding.message_class is not None:
            expected["message_class"] = coding.message_class.name
        assert expected == json.loads(json.dumps(coding.as_dict()))
