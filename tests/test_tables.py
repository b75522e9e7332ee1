"""The tables against the vector file, cell by cell and by Unicode name, and the traps that others fell into."""

from __future__ import annotations

import copy
import itertools
import pickle
import unicodedata
from collections import defaultdict
from collections.abc import MutableMapping
from dataclasses import FrozenInstanceError
from typing import Any, cast

import pytest

from smscodec.errors import FieldError
from smscodec.tables import (
    DEFAULT_TABLES,
    ERRATA,
    ESC,
    LOCKING_SHIFT,
    SINGLE_SHIFT,
    UNDEFINED,
    VARIANTS,
    Erratum,
    NationalLanguage,
    ShiftTables,
    check_languages,
    permitted_languages,
)
from tests.reference import MAIN, SINGLE, VECTORS
from tests.rows import each_row

IDENTIFIERS = {
    "default": 0,
    "turkish": 1,
    "spanish": 2,
    "portuguese": 3,
    "bengali": 4,
    "gujarati": 5,
    "hindi": 6,
    "kannada": 7,
    "malayalam": 8,
    "oriya": 9,
    "punjabi": 10,
    "tamil": 11,
    "telugu": 12,
    "urdu": 13,
}
INDIC_AND_URDU = range(4, 14)
TABLES = {
    **{f"locking_shift.{language.name.lower()}": table for language, table in LOCKING_SHIFT.items()},
    **{f"single_shift.{language.name.lower()}": table for language, table in SINGLE_SHIFT.items()},
}
VECTOR_CELLS = {
    **{f"locking_shift.{language}": MAIN[number] for language, number in IDENTIFIERS.items() if number in MAIN},
    **{f"single_shift.{language}": SINGLE[number] for language, number in IDENTIFIERS.items()},
}


def test_there_are_27_tables() -> None:
    """The default alphabet, its extension, 12 locking and 13 single shift tables: no more, no fewer."""
    assert len(LOCKING_SHIFT) == 13
    assert len(SINGLE_SHIFT) == 14
    assert set(VECTOR_CELLS) == set(TABLES)
    assert len(TABLES) == 27


def test_identifiers_are_those_of_the_specification() -> None:
    """Each national language has the identifier that 6.2.1.2.4 gives it."""
    assert {language.name.lower(): language.value for language in NationalLanguage} == IDENTIFIERS
    for kind in ("locking_shift", "single_shift"):
        for language, table in VECTORS[kind].items():
            assert IDENTIFIERS[language] == table["identifier"]


@each_row("name", VECTOR_CELLS)
def test_every_cell_holds_the_character_of_the_vector_file(name: str) -> None:
    """All 128 cells of a table agree with the vector file, the empty ones included."""
    expected = [VECTOR_CELLS[name].get(septet, UNDEFINED) for septet in range(128)]
    assert expected == list(TABLES[name])


@each_row("name", TABLES)
def test_every_character_has_the_name_in_the_vector_file(name: str) -> None:
    """Read the other way, the Unicode name of each of our characters is the name in the vector file."""
    kind, language = name.split(".")
    if language == "default":
        named = VECTORS["default" if kind == "locking_shift" else "extension"]
    else:
        named = VECTORS[kind][language]["cells"]
    controls = {"\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\f": "FORM FEED"}
    ours = {
        f"0x{septet:02X}": controls.get(character) or unicodedata.name(character)
        for septet, character in enumerate(TABLES[name])
        if character != UNDEFINED
    }
    assert named == ours


def test_the_escape_is_no_character_in_any_table() -> None:
    """Cell 0x1B is the escape of the main tables and kept for a further table in the single shift tables."""
    assert ESC == 0x1B
    for table in TABLES.values():
        assert table[0x1B] == UNDEFINED
        assert "\x1b" not in table


def test_control_cells_of_the_single_shift_tables() -> None:
    """In every single shift table 0x0A is the page break and 0x0D holds nothing (decisions D2 and D7)."""
    for table in SINGLE_SHIFT.values():
        assert table[0x0A] == "\f"
        assert table[0x0D] == UNDEFINED


def test_line_feed_and_carriage_return_are_in_every_main_table() -> None:
    """Line ends cost one septet whatever the language."""
    for table in LOCKING_SHIFT.values():
        assert (table[0x0A], table[0x0D]) == ("\n", "\r")


def test_no_cell_is_a_sequence() -> None:
    """A table has exactly 128 cells of one code point each."""
    for table in TABLES.values():
        assert len(table) == 128


def test_the_mark_of_an_empty_cell_is_no_character_of_any_table() -> None:
    """The mark is a noncharacter, so it cannot be mistaken for the content of a cell."""
    assert unicodedata.category(UNDEFINED) == "Cn"
    assert all(UNDEFINED not in cells.values() for cells in VECTOR_CELLS.values())


def test_d1_cell_0x09_of_the_default_alphabet_is_the_capital() -> None:
    """0x09 is the capital Ç, and the small ç is nowhere in the default alphabet or its extension."""
    assert LOCKING_SHIFT[NationalLanguage.DEFAULT][0x09] == "Ç"
    assert "ç" not in LOCKING_SHIFT[NationalLanguage.DEFAULT] + SINGLE_SHIFT[NationalLanguage.DEFAULT]
    assert all("ç" in TABLES[f"single_shift.{name}"] for name in ("turkish", "spanish", "portuguese"))


@pytest.mark.parametrize("number", INDIC_AND_URDU)
def test_parentheses_of_the_indic_and_urdu_locking_tables_are_crossed(number: int) -> None:
    """Locking tables 4 to 13 put the closing parenthesis at 0x28 and the opening one at 0x29."""
    table = LOCKING_SHIFT[NationalLanguage(number)]
    assert table[0x28:0x2A] == ")("


def test_the_comma_is_at_0x2c_in_every_main_table() -> None:
    """A separator taken for a cell is a slip seen in released tables; 0x2C is the comma in all thirteen."""
    for table in LOCKING_SHIFT.values():
        assert table[0x2C] == ","


@pytest.mark.parametrize("number", INDIC_AND_URDU)
def test_single_tables_of_scripts_without_case_hold_the_latin_capitals(number: int) -> None:
    """Single shift tables 4 to 13 hold A to Z at 0x41 to 0x5A."""
    table = SINGLE_SHIFT[NationalLanguage(number)]
    assert table[0x41:0x5B] == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_turkish_locking_table_has_the_euro_sign_at_0x04() -> None:
    """Turkish puts the euro sign where the default alphabet has è."""
    assert LOCKING_SHIFT[NationalLanguage.TURKISH][0x04] == "€"


def test_urdu_has_no_arabic_letter_ghain() -> None:
    """U+063A is in neither of the Urdu tables."""
    assert "\u063a" not in LOCKING_SHIFT[NationalLanguage.URDU] + SINGLE_SHIFT[NationalLanguage.URDU]


def test_d24_spanish_has_only_a_single_shift_table() -> None:
    """There is no locking shift table for Spanish (A.3.2)."""
    assert NationalLanguage.SPANISH not in LOCKING_SHIFT
    assert NationalLanguage.SPANISH in SINGLE_SHIFT


def test_duplicates_are_those_of_the_vector_file() -> None:
    """No character stands twice in a table, except for the asterisk and ¡ in the single shift tables 4 to 13."""
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, table in TABLES.items():
        for character in set(table) - {UNDEFINED}:
            septets = [f"0x{septet:02X}" for septet in range(128) if table[septet] == character]
            if len(septets) > 1:
                found[name][unicodedata.name(character)] = septets
    assert VECTORS["duplicates"] == found
    assert {f"single_shift.{NationalLanguage(number).name.lower()}" for number in INDIC_AND_URDU} == set(found)


def test_nfc_takes_19_cells_apart() -> None:
    """Nineteen cells are letters that NFC would take apart: nothing may normalise text behind the caller's back."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, table in TABLES.items():
        for septet, character in enumerate(table):
            if character != UNDEFINED and unicodedata.normalize("NFC", character) != character:
                found[name].append(f"0x{septet:02X}")
    assert VECTORS["nfc_unstable"] == found
    assert sum(len(septets) for septets in found.values()) == 19


def test_the_vector_file_tells_the_code_point_of_every_name() -> None:
    """Every name in the tables, and no other, has its code point by the Unicode database, for who has no names."""
    cells = [*VECTORS["default"].values(), *VECTORS["extension"].values()]
    for kind in ("locking_shift", "single_shift"):
        cells += [name for table in VECTORS[kind].values() for name in table["cells"].values()]
    told = {*cells, *(erratum["used"] for erratum in VECTORS["errata"])}
    told |= {variant[key] for variant in VECTORS["variants"] for key in ("text", "in_the_field")} - {None}
    assert {name: f"U+{ord(unicodedata.lookup(name)):04X}" for name in told} == VECTORS["code_points"]


def test_errata_are_those_of_the_vector_file() -> None:
    """The list of misprints names the same cells, printed and used characters as the vector file."""
    expected = {
        (
            erratum["table"],
            IDENTIFIERS[erratum["language"]],
            int(erratum["septet"], 16),
            chr(int(erratum["printed"][2:], 16)),
            unicodedata.lookup(erratum["used"]),
        )
        for erratum in VECTORS["errata"]
    }
    ours = {(each.table, int(each.language), each.septet, each.printed, each.used) for each in ERRATA}
    assert expected == ours
    assert len(ERRATA) == 4


@pytest.mark.parametrize("erratum", ERRATA, ids=lambda erratum: f"{erratum.language.name} 0x{erratum.septet:02X}")
def test_an_erratum_is_followed_as_corrected(erratum: Erratum) -> None:
    """The cell holds the corrected character, not the misprinted one."""
    table = (LOCKING_SHIFT if erratum.table == "locking" else SINGLE_SHIFT)[erratum.language]
    assert erratum.used == table[erratum.septet]
    assert erratum.printed != erratum.used


def test_variants_are_those_of_the_vector_file() -> None:
    """What software in the field reads otherwise is listed, with what the tables themselves hold."""
    expected = {
        (
            IDENTIFIERS[variant["language"]],
            int(variant["septet"], 16),
            variant["text"] and unicodedata.lookup(variant["text"]),
            unicodedata.lookup(variant["in_the_field"]),
        )
        for variant in VECTORS["variants"]
    }
    assert expected == {(int(each.language), each.septet, each.used, each.in_the_field) for each in VARIANTS}
    for each in VARIANTS:
        table = (LOCKING_SHIFT if each.table == "locking" else SINGLE_SHIFT)[each.language]
        assert (each.used or UNDEFINED) == table[each.septet]


def test_d8_only_the_telugu_euro_sign_is_read_leniently() -> None:
    """Of the variants, lenient decoding follows the field only where our table holds nothing."""
    lenient = [each for each in VARIANTS if each.lenient]
    assert [(each.language, each.septet, each.in_the_field, each.used) for each in lenient] == [
        (NationalLanguage.TELUGU, 0x65, "€", None)
    ]


def test_the_tables_cannot_be_changed() -> None:
    """The tables are shared by everything, so nobody can put another table in."""
    for tables in (LOCKING_SHIFT, SINGLE_SHIFT):
        with pytest.raises(TypeError):
            cast("MutableMapping[NationalLanguage, str]", tables)[NationalLanguage.DEFAULT] = ""


def test_shift_tables_pair_any_two_languages() -> None:
    """Every main table goes with every single shift table, by name or by number."""
    for locking, single in itertools.product(MAIN, SINGLE):
        tables = ShiftTables(NationalLanguage(locking), NationalLanguage(single))
        assert (locking, single) == (tables.locking, tables.single)
        assert tables == ShiftTables(cast("NationalLanguage", locking), cast("NationalLanguage", single))
        assert isinstance(tables.locking, NationalLanguage)
        assert isinstance(tables.single, NationalLanguage)


def test_default_tables_are_the_default_alphabet_and_its_extension() -> None:
    """``ShiftTables()`` is what every handset knows."""
    assert ShiftTables(NationalLanguage.DEFAULT, NationalLanguage.DEFAULT) == DEFAULT_TABLES == ShiftTables()


@pytest.mark.parametrize(
    ("field", "language"),
    [("locking", NationalLanguage.SPANISH), ("locking", 14), ("locking", -1), ("single", 14), ("single", -1)],
)
def test_shift_tables_refuse_a_language_without_a_table(field: str, language: int) -> None:
    """A language that has no such table is the caller's error and names the field."""
    with pytest.raises(FieldError) as caught:
        ShiftTables(**{field: cast("NationalLanguage", language)})
    assert field == caught.value.field


def test_shift_tables_are_values() -> None:
    """They are immutable, hashable, and equal to their pickled and copied selves."""
    tables = ShiftTables(NationalLanguage.HINDI, NationalLanguage.SPANISH)
    assert tables == pickle.loads(pickle.dumps(tables))
    assert tables == copy.deepcopy(tables)
    assert hash(tables) == hash(copy.copy(tables))
    with pytest.raises(FrozenInstanceError):
        tables.locking = NationalLanguage.DEFAULT  # type: ignore[misc]  # that assignment fails is the point


@each_row("languages", ["tr", ["tr"], ("tr", "Klingon"), "Klingon", ["Klingon"], ("Klingon",), [1], 1, None, "all", ()])
def test_languages_are_checked_as_they_are_read(languages: Any) -> None:
    """What cannot be permitted is refused with the same error by the check alone, and nothing else is."""

    def error(function: Any) -> str | None:
        try:
            function(languages)
        except FieldError as caught:
            return str(caught)
        return None

    assert error(check_languages) == error(permitted_languages)
