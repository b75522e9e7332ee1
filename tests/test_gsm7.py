"""Text and unpacked septets, for every pair of tables and every cell; error handlers have a file of their own."""

from __future__ import annotations

import codecs
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7
from smscodec.errors import UndecodableError, UnencodableError
from smscodec.tables import DEFAULT_TABLES, NationalLanguage, ShiftTables
from smscodec.testing import strategies
from tests import reference

ALL_PAIRS = {
    NationalLanguage(locking).name: [
        ShiftTables(NationalLanguage(locking), NationalLanguage(single)) for single in reference.SINGLE
    ]
    for locking in reference.MAIN
}
"""The 182 pairs, by main table."""

TURKISH = ShiftTables(NationalLanguage.TURKISH, NationalLanguage.TURKISH)
HINDI = ShiftTables(NationalLanguage.HINDI, NationalLanguage.HINDI)
TELUGU = ShiftTables(NationalLanguage.TELUGU, NationalLanguage.TELUGU)
SPANISH = ShiftTables(single=NationalLanguage.SPANISH)

tables_and_texts = strategies.shift_tables().flatmap(
    lambda tables: st.tuples(st.just(tables), strategies.gsm_texts(tables))
)


def pair(tables: ShiftTables) -> reference.Tables:
    """The same tables as the reference names them."""
    return int(tables.locking), int(tables.single)


def has(character: str, tables: ShiftTables) -> bool:
    """Whether one of the two tables holds the character, by the vector file."""
    return reference.septet_cost(character, pair(tables)) is not None


# Every cell of every pair of tables


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_d25_every_character_of_a_pair_takes_its_cheapest_lowest_code(pairs: list[ShiftTables]) -> None:
    """The main table first, else the lowest code of the single shift table, for each of the characters of a pair."""
    for tables in pairs:
        main, single = reference.MAIN[tables.locking], reference.SINGLE[tables.single]
        for character in {*main.values(), *single.values()}:
            codes = [[septet] for septet in sorted(main) if main[septet] == character]
            codes += [[0x1B, septet] for septet in sorted(single) if single[septet] == character]
            septets = gsm7.encode(character, tables)
            assert bytes(codes[0]) == septets
            assert character == gsm7.decode(septets, tables)


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_no_character_of_latin_1_stands_for_another(pairs: list[ShiftTables]) -> None:
    """Alone and beside the euro, each character up to U+00FF, control characters too, has its own code or none."""
    for tables in pairs:
        codes = gsm7.codes(tables)
        for point in range(0x100):
            code = codes.get(point, b"")
            assert code == gsm7.encode(chr(point), tables, errors="ignore")
            assert code + codes.get(ord("€"), b"") == gsm7.encode(chr(point) + "€", tables, errors="ignore")


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_every_code_of_a_pair_is_decoded(pairs: list[ShiftTables]) -> None:
    """Every defined cell is read strictly, also those that encoding never uses (D25: decoding accepts all)."""
    for tables in pairs:
        main, single = reference.MAIN[tables.locking], reference.SINGLE[tables.single]
        for septet, character in main.items():
            assert character == gsm7.decode(bytes([septet]), tables)
        for septet, character in single.items():
            assert character == gsm7.decode(bytes([0x1B, septet]), tables)


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_every_undefined_code_of_a_pair_is_refused_strictly(pairs: list[ShiftTables]) -> None:
    """A cell without a character raises over the octets that name it: one of the main table, two with the escape."""
    for tables in pairs:
        for septet in {*range(128)} - {0x1B, *reference.MAIN[tables.locking]}:
            assert refused_range(b"  " + bytes([septet]) + b"  ", tables) == (2, 3)
        for septet in {*range(128)} - {*reference.SINGLE[tables.single]}:
            assert refused_range(b"  \x1b" + bytes([septet]) + b"  ", tables) == (2, 4)


def refused_range(septets: bytes, tables: ShiftTables = DEFAULT_TABLES) -> tuple[int, int]:
    """The range of octets that strict decoding refuses."""
    with pytest.raises(UndecodableError) as caught:
        gsm7.decode(septets, tables)
    assert (septets, "text") == (caught.value.object, caught.value.field)
    assert caught.value.start == caught.value.offset
    return caught.value.start, caught.value.end


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_every_escaped_code_of_a_pair_reads_leniently_as_the_reference_says(pairs: list[ShiftTables]) -> None:
    """Leniently each of the 128 codes, bare and escaped, gives what the naive reference gives."""
    for tables in pairs:
        for septet in range(128):
            for septets in (bytes([septet, 0x61]), bytes([0x1B, septet, 0x61])):
                expected = reference.decode_leniently(septets, pair(tables))
                assert expected == gsm7.decode(septets, tables, errors="replace")


@pytest.mark.exhaustive
@pytest.mark.parametrize("tables", [DEFAULT_TABLES, TURKISH, SPANISH, HINDI, TELUGU], ids=str)
def test_only_characters_of_the_tables_are_encodable(tables: ShiftTables) -> None:
    """Of all 1,114,112 code points exactly those in the two tables are encodable."""
    everything = "".join(map(chr, range(0x110000)))
    expected = [index for index in range(0x110000) if not has(chr(index), tables)]
    assert expected == list(gsm7.unencodable(everything, tables))


# Round trips


@given(tables_and_texts)
def test_decoding_undoes_encoding(drawn: tuple[ShiftTables, str]) -> None:
    """Every encodable text comes back as it was given, for every pair of tables."""
    tables, text = drawn
    septets = gsm7.encode(text, tables)
    assert text == gsm7.decode(septets, tables)
    assert text == gsm7.decode(septets, tables, errors="replace")


@given(tables_and_texts)
def test_encoding_agrees_with_the_reference(drawn: tuple[ShiftTables, str]) -> None:
    """Every text encodes to the same septets as in the naive reference, none above 0x7F."""
    tables, text = drawn
    septets = gsm7.encode(text, tables)
    assert bytes(reference.encode(text, pair(tables))) == septets
    assert septets.isascii()


@given(strategies.shift_tables(), strategies.septets())
def test_lenient_decoding_agrees_with_the_reference(tables: ShiftTables, septets: bytes) -> None:
    """Any septets read leniently as in the naive reference."""
    assert reference.decode_leniently(septets, pair(tables)) == gsm7.decode(septets, tables, errors="replace")


@given(strategies.shift_tables(), strategies.septets())
def test_strict_decoding_is_lenient_decoding_up_to_an_error(tables: ShiftTables, septets: bytes) -> None:
    """Up to the first error, if there is one, strict decoding gives what lenient decoding gives."""
    try:
        text = gsm7.decode(septets, tables)
    except UndecodableError as error:
        septets = septets[: error.start]
        text = gsm7.decode(septets, tables)
    assert text == gsm7.decode(septets, tables, errors="replace")


@given(strategies.shift_tables(), strategies.octets())
def test_any_octets_are_read_leniently(tables: ShiftTables, octets: bytes) -> None:
    """Any octets have a lenient reading; one above 0x7F is U+FFFD, and so is an escape with one behind it."""
    assert reference.decode_leniently(octets, pair(tables)) == gsm7.decode(octets, tables, errors="replace")


@given(strategies.shift_tables(), strategies.septets())
def test_lenient_decoding_is_stable(tables: ShiftTables, septets: bytes) -> None:
    """What lenient decoding shows can be sent, and reads the same again."""
    text = gsm7.decode(septets, tables, errors="replace").replace("\ufffd", "")
    if gsm7.is_encodable(text, tables):
        assert text == gsm7.decode(gsm7.encode(text, tables), tables, errors="replace")
    else:
        assert tables.single is NationalLanguage.TELUGU, "only the Telugu euro sign is read but never sent (D8)"
        assert {"€"} == {text[index] for index in gsm7.unencodable(text, tables)}


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_all_kinds_of_octets_are_taken(kind: type[bytes | bytearray | memoryview]) -> None:
    """Bytes, bytearray and memoryview decode alike, leniently too."""
    assert gsm7.decode(kind(b"hi \x1be")) == "hi €"
    assert gsm7.decode(kind(b"hi \x1b"), errors="replace") == "hi  "
    with pytest.raises(UndecodableError):
        gsm7.decode(kind(b"hi \x1b"))


# Length, encodability, positions


@given(tables_and_texts)
def test_septet_length_is_the_number_of_septets(drawn: tuple[ShiftTables, str]) -> None:
    """Counting agrees with encoding, an escaped character being two."""
    tables, text = drawn
    assert len(gsm7.encode(text, tables)) == gsm7.septet_length(text, tables)


@given(strategies.shift_tables(), st.one_of(strategies.texts(), strategies.texts_with_surrogates()))
def test_unencodable_characters_are_found_where_they_are(tables: ShiftTables, text: str) -> None:
    """The indices are those of the characters that are in neither table, and without any the text is encodable."""
    expected = [index for index, character in enumerate(text) if not has(character, tables)]
    assert expected == list(gsm7.unencodable(text, tables))
    assert (not expected) == gsm7.is_encodable(text, tables)


@given(strategies.shift_tables(), st.one_of(strategies.texts(), strategies.texts_with_surrogates()))
def test_the_first_offender_is_reported(tables: ShiftTables, text: str) -> None:
    """Encoding and counting raise over the first character that is in neither table, and over it alone."""
    first = next((index for index, character in enumerate(text) if not has(character, tables)), None)
    for call in (gsm7.encode, gsm7.septet_length):
        if first is None:
            call(text, tables)
            continue
        with pytest.raises(UnencodableError) as caught:
            call(text, tables)
        assert (text, first, first + 1) == (caught.value.object, caught.value.start, caught.value.end)
        assert caught.value.reason


# The decisions, one by one


def test_d1_0x09_is_the_capital() -> None:
    """Ç is 0x09 and back; ç is not encodable in the default alphabet, but with Turkish or Spanish."""
    assert gsm7.encode("Ç") == b"\x09"
    assert gsm7.decode(b"\x09") == "Ç"
    assert not gsm7.is_encodable("ç")
    assert gsm7.encode("ç", SPANISH) == b"\x1b\x09"
    assert gsm7.encode("ç", ShiftTables(single=NationalLanguage.TURKISH)) == b"\x1b\x63"
    assert gsm7.encode("ç", ShiftTables(NationalLanguage.PORTUGUESE)) == b"\x09"
    assert gsm7.encode("ç", TURKISH) == b"\x60"


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_d2_the_page_break_is_form_feed(pairs: list[ShiftTables]) -> None:
    """U+000C is 1B 0A and back, whatever the tables, and costs two."""
    for tables in pairs:
        assert gsm7.encode("\f", tables) == b"\x1b\x0a"
        assert gsm7.decode(b"\x1b\x0a", tables) == "\f"
        assert gsm7.septet_length("\f", tables) == 2


def test_d3_an_undefined_extension_code_shows_the_main_table_character() -> None:
    """Leniently 1B 61 is the character at 0x61 of the main or locking table; strict raises over both octets."""
    assert gsm7.decode(b"x\x1bay", errors="replace") == "xay"
    assert gsm7.decode(b"\x1b\x60", TURKISH, errors="replace") == "ç"
    assert gsm7.decode(b"\x1b\x60", SPANISH, errors="replace") == "¿"
    assert refused_range(b"x\x1bay") == (1, 3)


def test_d4_a_double_escape_is_one_space() -> None:
    """Leniently 1B 1B is one space, both are consumed and the next code is not escaped; strict raises over both."""
    assert gsm7.decode(b"\x1b\x1be", errors="replace") == " e"
    assert gsm7.decode(b"\x1b\x1b\x1be", errors="replace") == " €"
    assert gsm7.decode(b"\x1b" * 4, errors="replace") == "  "
    assert refused_range(b"x\x1b\x1be") == (1, 3)


def test_d5_a_lone_escape_at_the_end_is_a_space() -> None:
    """Leniently it is one space; strict raises over it."""
    assert gsm7.decode(b"x\x1b", errors="replace") == "x "
    assert gsm7.decode(b"\x1b", errors="replace") == " "
    assert gsm7.decode(b"\x1b\x1b\x1b", errors="replace") == "  "
    assert refused_range(b"x\x1b") == (1, 2)


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_d6_the_escape_is_no_character(pairs: list[ShiftTables]) -> None:
    """U+001B is not encodable under any tables."""
    for tables in pairs:
        assert list(gsm7.unencodable("a\x1ba", tables)) == [1]
        with pytest.raises(UnencodableError):
            gsm7.encode("\x1b", tables)


@pytest.mark.parametrize("pairs", ALL_PAIRS.values(), ids=ALL_PAIRS)
def test_d7_escaped_carriage_return_falls_through(pairs: list[ShiftTables]) -> None:
    """Leniently 1B 0D is CR; strict raises; CR is encoded bare."""
    for tables in pairs:
        assert gsm7.decode(b"\x1b\r", tables, errors="replace") == "\r"
        assert refused_range(b"\x1b\r", tables) == (0, 2)
        assert gsm7.encode("\r", tables) == b"\r"


def test_d8_the_telugu_euro_sign_is_read_but_not_sent() -> None:
    """Telugu 1B 65 is € leniently, an error strictly, and € is not encodable with the two Telugu tables."""
    assert gsm7.decode(b"\x1be", TELUGU, errors="replace") == "€"
    assert refused_range(b"\x1be", TELUGU) == (0, 2)
    assert not gsm7.is_encodable("€", TELUGU)
    assert gsm7.encode("€", ShiftTables(NationalLanguage.TURKISH, NationalLanguage.TELUGU)) == b"\x04"


def test_d16_look_alikes_are_never_substituted() -> None:
    """A grave accent, an acute accent, smart quotes and a no-break space are refused, not replaced."""
    for text in "`´‘’“”–—…\u00a0ªº×÷ā":
        assert list(gsm7.unencodable(text)) == [0]
        with pytest.raises(UnencodableError):
            gsm7.encode(text)


def test_d25_a_character_in_both_tables_is_not_escaped() -> None:
    """€ is in the Turkish main table, so no escape; the doubled asterisk takes the lower code."""
    assert gsm7.encode("€", TURKISH) == b"\x04"
    assert gsm7.decode(b"\x04\x1be", TURKISH) == "€€"
    assert gsm7.encode("*¡", HINDI) == b"\x1b\x0b\x1b\x13"
    assert gsm7.decode(b"\x1b\x0b\x1b\x18\x1b\x13\x1b\x15", HINDI) == "**¡¡"


def test_letters_with_a_nukta_come_back_as_they_were_given() -> None:
    """A composed letter and letter plus nukta are different texts, and each comes back as it was."""
    composed, apart = "\u0958", "\u0915\u093c"
    for text in (composed, apart):
        assert text == gsm7.decode(gsm7.encode(text, HINDI), HINDI)
    assert gsm7.encode(composed, HINDI) != gsm7.encode(apart, HINDI)


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\ufffd", "\x00", "\x7f", chr(0xD800)], ids=ascii)
def test_characters_that_no_table_has_are_refused(character: str) -> None:
    """Noncharacters, the replacement character, NUL, DEL and surrogates are refused and counted as offenders."""
    for tables in itertools.chain.from_iterable(ALL_PAIRS.values()):
        assert not gsm7.is_encodable(character, tables)
        assert list(gsm7.unencodable(character + "\n" + character, tables)) == [0, 2]
        with pytest.raises(UnencodableError):
            gsm7.encode(character, tables)


def test_an_empty_cell_is_not_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    """U+FFFE, which marks empty cells, is refused too where ``charmap_build`` gives a dict of all, as PyPy's does."""

    def dict_of_all(cells: str) -> dict[int, int]:
        return {ord(character): place for place, character in enumerate(cells)}

    monkeypatch.setattr("codecs.charmap_build", dict_of_all)
    octets = gsm7._octet_map({ord("a"): b"a", ord("€"): b"\x1be"})
    assert codecs.charmap_encode("a€", "strict", octets)[0] == b"a\xe5"
    with pytest.raises(UnicodeEncodeError):
        codecs.charmap_encode("\ufffe", "strict", octets)
