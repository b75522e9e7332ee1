"""Writes the conformance vectors that the naive oracle makes: ``python -m tests.conformance.make [--check]``.

Knows ``tests.reference`` and the clauses that are cited, and must not know smscodec, so that the vectors can disagree
with it. With ``--check`` nothing is written, and the exit status is 1 where a file is not what would be.

Reference: 3GPP TS 23.038, 4, 6.1.2 and 6.2; 3GPP TS 23.040, 9.2.3.16, 9.2.3.24
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests import reference
from tests.conformance import broadcasts, segmentations
from tests.installed import VECTOR_FOLDER

ORACLE: Final = (
    "Computed by tests/reference.py of smscodec's repository, which works character by character and bit by bit from "
    "character_tables.json and shares no code with smscodec."
)
Case = dict[str, Any]
CR: Final = 0x0D


# Packing


def packed(text: str, header_octets: int = 0) -> bytes:
    """The octets of a text after a header of that many octets, the header left out."""
    elements = [(0x70, bytes(header_octets - 3))] if header_octets else []
    return reference.to_tp_ud(text, reference.GSM_7BIT, reference.DEFAULT, elements)[1][header_octets:]


def packing() -> Iterator[Case]:
    """Every length to three groups of eight, every number of fill bits, all septets, and USSD's rule."""
    letters = "".join(cell for septet, cell in sorted(reference.MAIN[0].items()))
    for length in range(25):
        yield packing_case(letters[5 : 5 + length], 0)
        yield packing_case(("@" * length), 0)
    for header_octets in range(3, 10):
        for text in ("", "a", "hellohello", "@@@@@@@", letters):
            yield packing_case(text, header_octets)
    yield packing_case(letters + "^{}\\[~]|€\f" + letters[::-1], 0)
    for length in (*range(18), 181, 182):
        for text in ((letters * 2)[2 : 2 + length], "@" * length, ("a" * length)[1:] + "\r" * bool(length)):
            yield ussd_case(text)
    for length in (*range(10), 89, 90, 91, 92, 93):
        for text in (letters[5 : 5 + length], "@" * length, ("a" * length)[1:] + "\r" * bool(length)):
            yield cbs_case(text)


def packing_case(text: str, header_octets: int) -> Case:
    """One packing, which reads back with the number of septets."""
    return {
        "operation": "pack",
        "clause": "23.038 6.1.2.1.1",
        "septets": bytes(reference.encode(text, reference.DEFAULT)).hex(),
        "fill_bits": reference.first_text_bit(header_octets) - 8 * header_octets,
        "octets": packed(text, header_octets).hex(),
    }


def ussd_case(text: str) -> Case:
    """One USSD packing: seven spare bits hold a CR, and a CR that fills the last octet is doubled."""
    filled = text
    if len(text) % 8 == 7 or (len(text) % 8 == 0 and text.endswith("\r")):
        filled += "\r"
    septets = bytes(reference.encode(text, reference.DEFAULT)).hex()
    comes_back = text + "\r" if len(text) % 8 == 0 and text.endswith("\r") else text
    return {
        "operation": "pack_ussd",
        "clause": "23.038 6.1.2.3.1",
        "decisions": ["D13", "D15"],
        "septets": septets,
        "octets": packed(filled).hex(),
        "read": bytes(reference.encode(comes_back, reference.DEFAULT)).hex(),
    }


def cbs_case(text: str) -> Case:
    """One page of cell broadcast: CRs up to 93 septets, which are not read."""
    septets = bytes(reference.encode(text, reference.DEFAULT))
    return {
        "operation": "pack_cbs",
        "clause": "23.038 6.1.2.2",
        "decisions": ["D13"],
        "septets": septets.hex(),
        "octets": packed(text + "\r" * (93 - len(septets))).hex(),
        "read": septets.rstrip(b"\r").hex(),
    }


# Text under every table


def tables_in_use() -> Iterator[reference.Tables]:
    """The default pair, each table alone, each language with both, and two languages mixed."""
    yield reference.DEFAULT
    for language in range(1, 14):
        if language in reference.MAIN:
            yield language, 0
        yield 0, language
        if language in reference.MAIN:
            yield language, language
    yield from ((1, 2), (3, 13), (6, 1))


def text() -> Iterator[Case]:
    """All septets and all escaped septets read leniently; every character of both tables written."""
    for locking, single in tables_in_use():
        tables = {"locking": locking, "single": single}
        plain = [septet for septet in range(128) if septet != reference.ESCAPE]
        escaped = [part for septet in range(128) for part in (reference.ESCAPE, septet)]
        for septets in (plain, escaped):
            yield {
                "operation": "decode",
                "clause": "23.038 6.2.1",
                "tables": tables,
                "septets": bytes(septets).hex(),
                "lenient": reference.decode_leniently(septets, (locking, single)),
            }
        characters = "".join(dict.fromkeys([*reference.MAIN_CODES[locking], *reference.SINGLE_CODES[single]]))
        yield {
            "operation": "encode",
            "clause": "23.038 6.2.1",
            "decisions": ["D25"],
            "tables": tables,
            "text": characters,
            "septets": bytes(reference.encode(characters, (locking, single))).hex(),
        }


# Data coding schemes


def data_coding_schemes() -> Iterator[Case]:
    """All 256 octets by the table of clause 4, row by row."""
    for octet in range(256):
        high, low = octet >> 4, octet & 0b1111
        case: Case = {"clause": "23.038 4", "octet": f"{octet:02x}", "reserved": False, "alphabet": "GSM_7BIT"}
        case |= {"class": None, "compressed": False, "automatic_deletion": False, "indication": None}
        if high <= 0b0111:
            general_group(case, high, low)
        elif high <= 0b1011:
            case["reserved"] = True
        elif high <= 0b1110:
            case["alphabet"] = "UCS2" if high == 0b1110 else "GSM_7BIT"
            kind = ("VOICEMAIL", "FAX", "EMAIL", "OTHER")[low & 0b11]
            case["indication"] = {"type": kind, "active": low >= 8, "store": high != 0b1100}
        else:
            case["alphabet"] = "DATA_8BIT" if low & 0b0100 else "GSM_7BIT"
            case["class"] = low & 0b0011
        if case["reserved"]:
            case |= {"decisions": ["D26"], "strict": {"field": "dcs", "offset": 0}}
        elif high == 0b1111 and low & 0b1000:
            case["decisions"] = ["D26"]
        elif high == 0b1110:
            case["decisions"] = ["D27"]
        yield case


def general_group(case: Case, high: int, low: int) -> None:
    """Bits 7 to 4 00xx, and 01xx, which is the same with automatic deletion."""
    coding = low >> 2
    if coding == 0b11:
        case["reserved"] = True
        return
    case["alphabet"] = ("GSM_7BIT", "DATA_8BIT", "UCS2")[coding]
    case["automatic_deletion"] = high >= 0b0100
    case["compressed"] = bool(high & 0b0010)
    if high & 0b0001:
        case["class"] = low & 0b0011


# Data coding of cell broadcast and USSD

CBS_LANGUAGES: Final = (
    dict(enumerate(["de", "en", "it", "fr", "es", "nl", "sv", "da", "pt", "fi", "no", "el", "tr", "hu", "pl"]))
    | {0x20: "cs", 0x21: "he", 0x22: "ar", 0x23: "ru", 0x24: "is"}
)  # fmt: skip


def cell_broadcast_data_codings() -> Iterator[Case]:
    """All 256 octets by the table of clause 5, group by group."""
    for octet in range(256):
        high, low = octet >> 4, octet & 0b1111
        alphabet = ("GSM_7BIT", "DATA_8BIT", "UCS2", None)[low >> 2]
        meaning: Case = {"alphabet": "GSM_7BIT", "language": CBS_LANGUAGES.get(octet), "language_in_text": False}
        meaning |= {"class": None, "compressed": False, "header": False}
        reserved = False
        if octet in (0x10, 0x11):
            meaning |= {"alphabet": ("GSM_7BIT", "UCS2")[low], "language_in_text": True}
        elif high <= 0b0011:
            reserved = octet not in CBS_LANGUAGES and octet != 0x0F
        elif 0b0100 <= high <= 0b0111 and alphabet:
            meaning |= {"alphabet": alphabet, "compressed": bool(high & 0b0010)}
            meaning["class"] = low & 0b11 if high & 0b0001 else None
        elif high == 0b1001 and alphabet:
            meaning |= {"alphabet": alphabet, "header": True, "class": low & 0b11}
        elif high in (0b1101, 0b1110):
            meaning["alphabet"] = "DATA_8BIT"
        elif high == 0b1111:
            meaning |= {"alphabet": "DATA_8BIT" if low & 0b0100 else "GSM_7BIT", "class": low & 0b11 or None}
        else:
            reserved = True
        case: Case = {
            "clause": "23.038 5",
            "decisions": ["D42"],
            "octet": f"{octet:02x}",
            "reserved": reserved,
        } | meaning
        if reserved:
            case["strict"] = {"field": "dcs", "offset": 0}
        yield case


# Files

FILES: Final = {
    "packing.json": (packing, "Septets, one an octet, and the octets that they are packed into."),
    "text_tables.json": (text, "Text and septets under every table."),
    "data_coding_schemes.json": (data_coding_schemes, "What each of the 256 data coding schemes means."),
    "cell_broadcast_data_codings.json": (
        cell_broadcast_data_codings,
        "What each of the 256 data codings of cell broadcast and USSD means.",
    ),
    "cell_broadcast.json": (broadcasts.cases, "Cell broadcast pages and USSD strings, read and written."),
    "segmentation.json": (segmentations.cases, "Texts, what they cost, and the octets of their segments."),
}
ORIGINS: Final = {
    "data_coding_schemes.json": {
        "oracle": "Written out row by row from the table of TS 23.038, clause 4, by tests/conformance/make.py of "
        "smscodec's repository, which shares no code with smscodec."
    },
    "cell_broadcast_data_codings.json": {
        "oracle": "Written out group by group from the table of TS 23.038, clause 5, by tests/conformance/make.py of "
        "smscodec's repository, which shares no code with smscodec. Checked against Wireshark 4.0's gsm_cbs: groups, "
        "languages, alphabets, compression and classes agree; it reads 0x12-0x1F as UCS2, other reserved codings, "
        "0xD0-0xDF and 0xE0-0xEF not at all, and names the classes of 0xF0-0xFF by its table of alphabets."
    },
    "cell_broadcast.json": {
        "published": "Published by others with its meaning, as the case's 'source' says. tshark 4.0's gsm_cbs reads "
        "the same fields and texts, but for the language in front of a text, which it shows as text.",
        "decision": "Written by hand in tests/conformance/broadcasts.py from the clauses, and from what smscodec "
        "documents where they are silent.",
        "oracle": f"{ORACLE} tshark 4.0's gsm_cbs reads the same pages, but for the language in front of a text.",
    },
    "segmentation.json": {
        "oracle": ORACLE,
        "contract": "What must be refused, by smscodec's documentation; written by hand in tests/conformance/"
        "segmentations.py.",
    },
}


def written(name: str) -> str:
    """The content of a file: one case a line, lone surrogates as escapes."""
    make, about = FILES[name]
    cases: Iterable[Case] = make()
    origins = ORIGINS.get(name, {"oracle": ORACLE})
    lines = [json.dumps({"id": f"{number}", "origin": "oracle"} | case, ensure_ascii=False)
             for number, case in enumerate(cases, start=1)]  # fmt: skip
    head = json.dumps({"about": about, "origins": origins}, ensure_ascii=False, indent=1)[:-2]
    content = f'{head},\n "cases": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"
    return re.sub("[\ud800-\udfff]", lambda lone: f"\\u{ord(lone[0]):04x}", content)


def main(arguments: list[str]) -> int:
    """Write the files, or say which of them are not as they should be."""
    stale = [name for name in FILES if not is_current(name)]
    if arguments == ["--check"]:
        print("\n".join(f"{name} is not what make.py writes" for name in stale) or "all vectors are as make.py writes")
        return bool(stale)
    for name in stale:
        (VECTOR_FOLDER / name).write_text(written(name), encoding="utf-8")
        print(f"wrote {name}")
    return 0


def is_current(name: str) -> bool:
    """Whether a file is there and holds what would be written."""
    path = VECTOR_FOLDER / name
    return path.exists() and path.read_text(encoding="utf-8") == written(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
