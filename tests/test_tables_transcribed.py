r"""The character tables against a second source: written here once more, in another form than the vector file's.

The vector file and ``smscodec.tables`` could hold the same slip, since a change to one is copied to the other. Here the
tables of Latin letters and of Urdu are rows of text, and those of the nine Indic scripts follow from one rule: they all
take the order of ISCII, which Unicode's blocks take too, so a cell holds the same place of the script's own block.

Reference: 3GPP TS 23.038, 6.2.1 and annex A
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from hashlib import sha256

import pytest

from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED, NationalLanguage
from tests.reference import VECTORS

N = NationalLanguage
LOWER, UPPER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
NONE = UNDEFINED

LATIN = {
    N.DEFAULT: f"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ{NONE}ÆæßÉ !\"#¤%&'()*+,-./{DIGITS}:;<=>?¡{UPPER}ÄÖÑÜ§¿{LOWER}äöñüà",
    N.TURKISH: f"@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ{NONE}ŞşßÉ !\"#¤%&'()*+,-./{DIGITS}:;<=>?İ{UPPER}ÄÖÑÜ§ç{LOWER}äöñüà",
    N.PORTUGUESE: f"@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|{NONE}ÂâÊÉ !\"#º%&'()*+,-./{DIGITS}:;<=>?Í{UPPER}ÃÕÚÜ§~{LOWER}ãõ`üà",
}
URDU = (
    "\u0627\u0622\u0628\u067b\u0680\u067e\u06a6\u062a\u06c2\u067f\n\u0679\u067d\r\u067a\u067c"
    f"\u062b\u062c\u0681\u0684\u0683\u0685\u0686\u0687\u062d\u062e\u062f{NONE}\u068c\u0688\u0689\u068a"
    " !\u068f\u068d\u0630\u0631\u0691\u0693)(\u0699\u0632,\u0696.\u0698"
    f"{DIGITS}:;\u069a\u0633\u0634?"
    "\u0635\u0636\u0637\u0638\u0639\u0641\u0642\u06a9\u06aa\u06ab\u06af\u06b3\u06b1\u0644\u0645\u0646"
    "\u06ba\u06bb\u06bc\u0648\u06c4\u06d5\u06c1\u06be\u0621\u06cc\u06d0\u06d2\u064d\u0650\u064f\u0657"
    f"\u0654{LOWER}\u0655\u0651\u0653\u0656\u0670"
)

BRACKETS = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|"}
EURO = {0x65: "€"}
SINGLE_LATIN = {
    N.DEFAULT: {},
    N.TURKISH: {"G": "Ğ", "I": "İ", "S": "Ş", "c": "ç", "g": "ğ", "i": "ı", "s": "ş"},
    N.SPANISH: {"\t": "ç", "A": "Á", "I": "Í", "O": "Ó", "U": "Ú", "a": "á", "i": "í", "o": "ó", "u": "ú"},
    N.PORTUGUESE: {
        **{"\x05": "ê", "\t": "ç", "\x0b": "Ô", "\x0c": "ô", "\x0e": "Á", "\x0f": "á", "\x12": "Φ", "\x13": "Γ"},
        **{"\x15": "Ω", "\x16": "Π", "\x17": "Ψ", "\x18": "Σ", "\x19": "Θ", "\x1f": "Ê", "A": "À", "I": "Í", "O": "Ó"},
        **{"U": "Ú", "[": "Ã", "\\": "Õ", "a": "Â", "i": "í", "o": "ó", "u": "ú", "{": "ã", "|": "õ", "\x7f": "â"},
    },
}

BLOCKS = {
    **{N.HINDI: 0x0900, N.BENGALI: 0x0980, N.PUNJABI: 0x0A00, N.GUJARATI: 0x0A80, N.ORIYA: 0x0B00, N.TAMIL: 0x0B80},
    **{N.TELUGU: 0x0C00, N.KANNADA: 0x0C80, N.MALAYALAM: 0x0D00},
}
LATER = set("\u0c81\u0d01\u0d29\u0d3c\u0c34\u0c3c")
"""Letters that Unicode has had only since 6.0 or later, and the tables, which are of 2008, not at all."""

# The first 96 cells of a locking shift table: places of the block in order, and what stands between them.
ROW = [
    *(1, 2, 3, *range(5, 0x0C), "\n", 0x0C, 0x0D, "\r", *range(0x0E, 0x1B), NONE, *range(0x1B, 0x1F)),
    *(" ", "!", *range(0x1F, 0x25), ")", "(", 0x25, 0x26, ",", 0x27, ".", 0x28, *DIGITS, ":", ";", 0x29, 0x2A, 0x2B),
    *("?", *range(0x2C, 0x3A), 0x3C, *range(0x3D, 0x4E)),
]
ENDS = {
    N.HINDI: "50 72 7B 7C 7E 7F",
    N.BENGALI: "4E 57 5C 5D 70 71",
    N.PUNJABI: "51 70 71 72 73 74",
    N.GUJARATI: "50 60 61 62 63 71",
    N.ORIYA: "56 57 60 61 62 63",
    N.TAMIL: "50 57 70 71 72 79",
    N.TELUGU: "55 56 60 61 62 63",
    N.KANNADA: "55 56 60 61 62 63",
    N.MALAYALAM: "57 60 61 62 63 79",
}
"""Places of the block at 0x60 and at 0x7B–0x7F, around the Latin small letters."""

SINGLE_HEAD = f"@£$¥¿\"¤%&'\f*+{NONE}-/<=>¡^¡_#*"
FREE = [0x19, 0x1A, *range(0x1C, 0x28), *range(0x2A, 0x2F), *range(0x30, 0x3C)]
"""The cells of a single shift table that a script of its own fills, in order."""

DANDAS = "\u0964\u0965"
SINGLE_PLACES = {
    N.HINDI: "51-54 58-63 70-71",
    N.BENGALI: "5F-63 72-7A",
    N.PUNJABI: "59-5C 5E 75",
    N.GUJARATI: "",
    N.ORIYA: "5C-5D 5F 70-71",
    N.TAMIL: "73-78 7A",
    N.TELUGU: "58-59 78-7F",
    N.KANNADA: "5E 71-72",
    N.MALAYALAM: "70-75 7A-7F",
}
"""Places of the block behind the ten digits."""

URDU_SINGLE = (
    "\u0600\u0601\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9\u060c\u060d\u060e\u060f\u0610\u0611\u0612"
    "\u0613\u0614\u061b\u061f\u0640\u0652\u0658\u066b\u066c\u0672\u0673\u06cd"
)


def of_block(block: int, place: int) -> str:
    """The character there, if Unicode had one when the tables were made."""
    character = chr(block + place)
    return character if unicodedata.name(character, "") and character not in LATER else UNDEFINED


def indic_locking(language: NationalLanguage) -> Iterator[str]:
    """A locking shift table by the rule."""
    block = BLOCKS[language]
    for cell in ROW:
        yield cell if isinstance(cell, str) else of_block(block, cell)
    first, *others = (of_block(block, int(place, 16)) for place in ENDS[language].split())
    yield from [first, *LOWER, *others]


def places(ranges: str) -> list[int]:
    """The places that ranges of hexadecimal numbers name."""
    bounds = [[int(bound, 16) for bound in part.split("-")] for part in ranges.split()]
    return [place for bound in bounds for place in range(bound[0], bound[-1] + 1)]


def single(language: NationalLanguage) -> list[str]:
    """A single shift table: what all have, and then the language's own."""
    cells = dict(BRACKETS) | ({} if language is N.TELUGU else EURO)
    if language in SINGLE_LATIN:
        cells |= {ord(code): character for code, character in SINGLE_LATIN[language].items()}
        return [cells.get(septet, UNDEFINED) for septet in range(128)]
    cells = dict(enumerate(SINGLE_HEAD)) | cells | dict(enumerate(UPPER, 0x41))
    free = iter(FREE)
    if language is N.URDU:
        own = list(URDU_SINGLE)
        cells[0x3F] = "\u06d4"
    else:
        digits = [chr(BLOCKS[language] + place) for place in range(0x66, 0x70)]
        own = [*digits, *(chr(BLOCKS[language] + place) for place in places(SINGLE_PLACES[language]))]
        if language is N.TELUGU:  # the cells of the dandas stay empty there, and Bengali begins in them
            next(free), next(free)
        elif language is not N.BENGALI:
            own = [*DANDAS, *own]
    cells |= dict(zip(free, own, strict=False))
    return [cells.get(septet, UNDEFINED) for septet in range(128)]


def locking(language: NationalLanguage) -> list[str]:
    """A locking shift table, or the default alphabet."""
    if language is N.URDU:
        return list(URDU)
    return list(LATIN[language] if language in LATIN else indic_locking(language))


@pytest.mark.parametrize("language", LOCKING_SHIFT, ids=lambda language: language.name)
def test_locking_shift_tables_are_those_of_the_second_source(language: NationalLanguage) -> None:
    """The default alphabet and each locking shift table hold, cell by cell, what stands or follows here."""
    assert locking(language) == list(LOCKING_SHIFT[language])


@pytest.mark.parametrize("language", SINGLE_SHIFT, ids=lambda language: language.name)
def test_single_shift_tables_are_those_of_the_second_source(language: NationalLanguage) -> None:
    """The extension table and each single shift table hold, cell by cell, what stands or follows here."""
    assert single(language) == list(SINGLE_SHIFT[language])


@pytest.mark.parametrize("language", BLOCKS, ids=lambda language: language.name)
def test_letters_of_an_indic_table_ascend(language: NationalLanguage) -> None:
    """Through a locking shift table the letters of the script stand in Unicode's order, but for the one at 0x60."""
    block = range(BLOCKS[language], BLOCKS[language] + 0x80)
    letters = [ord(cell) for cell in LOCKING_SHIFT[language] if ord(cell) in block]
    assert len(letters) >= 55
    assert sorted(set(letters)) == letters


def test_the_tables_are_the_ones_that_were_verified() -> None:
    """All 27 tables, ours and the vector file's, have the digests of those that were compared over 15 sources."""
    ours = "".join("".join(table) for table in (*LOCKING_SHIFT.values(), *SINGLE_SHIFT.values()))
    theirs = [VECTORS["default"], VECTORS["extension"]]
    theirs += [table["cells"] for kind in ("locking_shift", "single_shift") for table in VECTORS[kind].values()]
    listed = "".join(f"{septet} {name}\n" for table in theirs for septet, name in sorted(table.items()))
    assert sha256(ours.encode()).hexdigest() == "2b8d42a38cc0b24a5dbb083432403d2de39c9d6da66e300e5c1dbebb754122e3"
    assert sha256(listed.encode()).hexdigest() == "0568ef84c86dc05a9fc5c656eb67f9a265f4d75f27dc85a65cb75ea240814916"
