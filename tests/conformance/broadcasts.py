"""The vectors of cell broadcast pages and USSD strings: what others published, and what the naive oracle writes.

Knows ``tests.reference`` alone. Texts are lists of [string, repetitions], so that long ones can be read.

Reference: 3GPP TS 23.041, 9.4.1; 3GPP TS 23.038, 5, 6.1.2.2 and 6.1.2.3
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests import reference

Case = dict[str, Any]
Pieces = list[tuple[str, int]]

FIELDS: Final = {
    "scope": 1, "code": 0, "update": 0, "message_identifier": 0, "data_coding": "0f", "page": 1, "pages": 1,
}  # fmt: skip
ANDROID: Final = "Android's tests of cell broadcast (GsmSmsCbTest.java, SendTestMessages.java)"
FILLER: Final = "46a3d168341a8d"
"""Eight CRs as seven octets."""
MESSAGE: Final = (
    "41d071da0491cbe6709d4d0785d97074585ca683dae5f93c7c2e83ee693a1a340ecbe5e9f0b90c9297e975b91b040f93c969f7b9"
    f"d168341a8d{3 * FILLER}46a3d100"
)
FULL: Final = (
    "41d071da0491cbe6709d4d0785d97074585ca683dae5f93c7c2e83c4e5b4fb0c2ae3c3633a3b0fcacd406374581e1ed3cbf23988fd769f59"
    "a07639ec4ebbcf203aba2c2f83d27390fb0d8287c9e4b4fb1c02"
)
IN_TEXT: Final = (
    "737b23083a4e9b2072d91caeb3e9a0301b8e0e8bcb7450bb3c9f87cf65d03d4d4783c661b93c1d3e9741f232bd2e7783e0613239ed3e371a8d"
    f"{3 * FILLER}46a3d100"
)


def ucs2(text: str) -> str:
    """UTF-16BE in hexadecimal."""
    return text.encode("utf-16-be", "surrogatepass").hex()


def cases() -> Iterator[Case]:
    """Published pages, pages that break rules, pages that are written, what must be refused, and USSD."""
    yield from published()
    yield from unusual()
    yield from written()
    yield from refused()
    yield from ussd()


# Reading


def page(octets: str, text: str | None, **more: Any) -> Case:
    """A page, its fields and its text; what is not a field goes into the case as it is."""
    fields = {name: more.pop(name, usual) for name, usual in FIELDS.items()}
    case: Case = {"operation": "read", "clause": "23.041 9.4.1", "octets": octets, "fields": fields, "language": None}
    return case | {"text": text} | more


def published() -> Iterator[Case]:
    """Pages that others test with."""
    ofono: Case = {"origin": "published", "source": "ofono, unit/test-sms.c", "language": "en", "scope": 0, "code": 17}
    ofono |= {"message_identifier": 50, "data_coding": "01"}
    yield page(f"011000320111c2327bfc76bbcbee{10 * FILLER}46a3d100", "Belconnen", **ofono)
    yield page(f"0110003201114679785e96371a8d{10 * FILLER}46a3d100", "Fraser", **ofono)
    yield page(
        "001000dd001133daed46abd56ab5186cd668341a8d46",
        "347745555103",
        origin="published",
        source="freesmartphone.org, libfsogsm, test of 3rdparty/cb: as a modem printed it, without most of the filler",
        language="de",
        strict={"field": "cbs.contents", "offset": 22},
        **{"scope": 0, "code": 1, "message_identifier": 221, "data_coding": "00"},
    )
    android: Case = {"origin": "published", "source": ANDROID, "scope": 3, "message_identifier": 50}
    text = "A GSM default alphabet message with carriage return padding"
    yield page(f"c00000324011{MESSAGE}", text, **android, data_coding="40")
    yield page(f"c00000320411{MESSAGE}", text, **android, data_coding="04", language="es")
    yield page(f"c00000321011{IN_TEXT}", text, **android, data_coding="10", language="sv")
    text = "A GSM default alphabet message being exactly 93 characters long, meaning there is no padding!"
    yield page(f"c00000324011{FULL}", text, **android, data_coding="40")
    text = "A UCS2 message containing a \u0434 character"
    yield page(f"c00000324811{ucs2(text)}000d000d", text, **android, data_coding="48")
    yield page(f"c00000321111783c{ucs2(text)}000d", text, **android, data_coding="11", language="xx")
    yield page(f"c00000324411{11 * '41424344454647'}4142434445", None, **android, data_coding="44")
    text = "宮城県北部山沿い地方で地震発生。強い揺れに備えて下さい（気象庁）"
    strict = {"field": "cbs.contents", "offset": 86}
    japan: Case = android | {"scope": 0, "message_identifier": 0x1100, "data_coding": "11"}
    yield page(f"0000110011010d0a{ucs2(text)}{14 * '00'}", text, **japan, strict=strict)


def contents(text: str, septets: int = 93) -> str:
    """The octets of a text filled up with CR."""
    filled = text + "\r" * (septets - len(reference.encode(text, reference.DEFAULT)))
    return reference.to_tp_ud(filled, reference.GSM_7BIT, reference.DEFAULT, [])[1].hex()


def unusual() -> Iterator[Case]:
    """What breaks a rule, or says nothing, or may be taken for something else."""
    decision = {"origin": "decision"}
    snow = contents("Snow")
    yield page(f"400000000f00{snow}", "Snow", **decision)
    yield page(f"400000000f50{snow}", "Snow", **decision)
    yield page(f"400000000f05{snow}", "Snow", **decision)
    yield page(f"400000000f25{snow}", "Snow", **decision, page=2, pages=5)
    yield page(f"400000000fff{snow}", "Snow", **decision, page=15, pages=15)
    strict = {"field": "cbs.page", "offset": 5}
    yield page(f"400000000f52{snow}", "Snow", **decision, strict=strict)
    strict = {"field": "cbs.dcs", "offset": 4}
    for octet in ("12", "25", "3f", "4c", "80", "9c", "a0", "cf"):
        yield page(f"40000000{octet}11{snow}", "Snow", **decision, strict=strict, decisions=["D42"], data_coding=octet)
    yield page(f"ffffffff0f11{snow}", "Snow", **decision, scope=3, code=1023, update=15, message_identifier=0xFFFF)
    strict = {"field": "language", "offset": 0}
    yield page(f"400000001011{snow}", "Snow", **decision, strict=strict, decisions=["D42"], data_coding="10")
    yield page(f"400000001011{contents('EN' + chr(13))}", "", **decision, data_coding="10", language="en")
    yield page(f"400000001111{40 * '0416'}0416", 40 * "Ж", **decision, strict=strict, data_coding="11")
    yield page(f"400000009011{header()}", "\u20ac5", **decision, data_coding="90")
    yield page(f"400000009211{header(1)}", "Ş", **decision, data_coding="92")
    fields = {0: "serial_number", 1: "serial_number", 3: "message_identifier", 4: "dcs", 5: "page"}
    for length, field in fields.items():
        error = {"field": f"cbs.{field}", "offset": length}
        yield {"operation": "read", **decision, "octets": "400000000f11"[: 2 * length], "error": error}
    error = {"field": "cbs.contents", "offset": 88}
    yield {"operation": "read", **decision, "octets": f"400000000f11{snow}00", "error": error}
    yield page("400000000f11", "", **decision, strict={"field": "cbs.contents", "offset": 6})


def header(language: int = 0) -> str:
    """The contents of a page with a user data header: a single shift element, or one that nobody knows."""
    element = (reference.SINGLE_SHIFT_IEI, bytes([language])) if language else (0x70, b"\0")
    text = "Ş" if language else "€5"
    used = reference.first_text_bit(reference.header_length([element])) // 7
    used += len(reference.encode(text, (0, language)))
    filled = text + "\r" * (93 - used)
    return reference.to_tp_ud(filled, reference.GSM_7BIT, (0, language), [element])[1].hex()


# Writing


def write(pieces: Pieces, pages: Sequence[str], **options: Any) -> Case:
    """A text and the contents of its pages."""
    coding = options["data_coding"]
    head = f"40000000{coding}"
    octets = [f"{head}{number:x}{len(pages):x}{part}" for number, part in enumerate(pages, start=1)]
    return {
        "operation": "write",
        "origin": "oracle",
        "clause": "23.041 9.4.1",
        "text": [list(piece) for piece in pieces],
        "options": options,
        "pages": octets,
    }


def written() -> Iterator[Case]:
    """Both sides of each limit, pairs on a cut, CRs on a cut, the language in front, every number of pages."""
    gsm: list[Pieces] = [[("", 1)], [("a", 1)], [("a", 92)], [("a", 93)], [("a", 94)], [("a", 186)], [("a", 187)]]
    gsm += [[("a", 92), ("€", 1)], [("a", 91), ("€", 1)], [("€", 47)], [("a", 93 * 15)], [("a€", 60)]]
    gsm += [[("a", 92), ("\r", 1), ("b", 3)], [("a", 90), ("\r", 5), ("b", 3)], [("\r", 92), ("b", 3)], [("\r\n", 60)]]
    for pieces in gsm:
        text = joined(pieces)
        yield write(pieces, [contents(part) for part in gsm_cut(text, 93)], data_coding="0f")
        if len(text) < 1300 and 90 * "\r" not in text:
            parts = [contents(f"sv\r{part}") for part in gsm_cut(text, 90)]
            yield write(pieces, parts, data_coding="10", language="sv")
    yield write([("Snow", 1)], [contents("Snow")], data_coding="07")
    wide: list[Pieces] = [[("ж", 40)], [("ж", 41)], [("ж", 42)], [("ж", 40), ("\U0001f600", 1)], [("\U0001f600", 41)]]
    wide += [[("ж", 40), ("\r", 1), ("ж", 1)], [("ж", 38), ("\r\n", 3), ("ж", 1)], [("", 1)]]
    for pieces in wide:
        text = joined(pieces)
        yield write(pieces, [ucs2(part.ljust(units(part, 41), "\r")) for part in wide_cut(text, 41)], data_coding="48")
        parts = ["653a" + ucs2(part.ljust(units(part, 40), "\r")) for part in wide_cut(text, 40)]
        yield write(pieces, parts, data_coding="11", language="et")


def joined(pieces: Pieces) -> str:
    """The pieces as one text."""
    return "".join(string * count for string, count in pieces)


def units(part: str, room: int) -> int:
    """Characters that fill so many code units, the surrogate pairs of a part counted once."""
    return room - sum(reference.utf16_costs(part)) + len(part)


def gsm_cut(text: str, room: int) -> list[str]:
    """Pages of so many septets."""
    return cut(text, reference.septet_costs(text, reference.DEFAULT), room)


def wide_cut(text: str, room: int) -> list[str]:
    """Pages of so many code units."""
    return cut(text, reference.utf16_costs(text), room)


def cut(text: str, costs: Sequence[int], room: int) -> list[str]:
    """Character by character: a page takes what fits, and gives CRs at its end to the next unless it is the last."""
    end = reference.greedy_ends(costs, room)[0]
    if end == len(text):
        return [text]
    while text[end - 1] == "\r":
        end -= 1
    return [text[:end], *cut(text[end:], costs[end:], room)]


def refused() -> Iterator[Case]:
    """What no page can say."""
    for pieces, options, error in (
        ([("a", 93 * 15 + 1)], {"data_coding": "0f"}, {"kind": "segmentation", "segments": 16}),
        ([("\r", 94), ("a", 1)], {"data_coding": "0f"}, {"kind": "segmentation", "segments": None}),
        ([("ж", 1)], {"data_coding": "0f"}, {"kind": "unencodable", "start": 0}),
        ([("a", 3), ("\ud83d", 1)], {"data_coding": "48"}, {"kind": "unencodable", "start": 3}),
        ([("a", 1)], {"data_coding": "44"}, {"kind": "argument", "field": "data_coding"}),
        ([("a", 1)], {"data_coding": "60"}, {"kind": "argument", "field": "data_coding"}),
        ([("a", 1)], {"data_coding": "80"}, {"kind": "argument", "field": "data_coding"}),
        ([("a", 1)], {"data_coding": "90"}, {"kind": "argument", "field": "data_coding"}),
        ([("a", 1)], {"data_coding": "10"}, {"kind": "argument", "field": "language"}),
        ([("a", 1)], {"data_coding": "01", "language": "de"}, {"kind": "argument", "field": "language"}),
        ([("a", 1)], {"data_coding": "11", "language": "deu"}, {"kind": "argument", "field": "language"}),
    ):
        case: Case = {"operation": "write", "origin": "decision", "text": [list(piece) for piece in pieces]}
        yield case | {"options": options, "error": error}


# USSD


def ussd() -> Iterator[Case]:
    """A string under each kind of data coding; GSM 7-bit packed by the rule of 6.1.2.3.1."""
    kinds: list[tuple[str, str, str | None]]
    kinds = [("0f", "*100#", None), ("07", " Du har 0,00 kr", None), ("0f", "1234567", None), ("0f", "€ 12 {x}", None)]
    kinds += [("10", "Saldo", "sv"), ("40", "@" * 7, None), ("0f", "", None)]
    for coding, text, language in kinds:
        whole = f"{language}\r{text}" if language else text
        filled = whole + "\r" if len(reference.encode(whole, reference.DEFAULT)) % 8 == 7 else whole
        octets = reference.to_tp_ud(filled, reference.GSM_7BIT, reference.DEFAULT, [])[1].hex()
        yield ussd_case(coding, text, octets, language)
    yield ussd_case("48", "Баланс 10 ₽", ucs2("Баланс 10 ₽"), None)
    yield ussd_case("11", "Баланс", f"f23a{ucs2('Баланс')}", "ru")


def ussd_case(coding: str, text: str, octets: str, language: str | None) -> Case:
    """A string that is written and read."""
    case: Case = {"operation": "ussd", "origin": "oracle", "clause": "23.038 5, 6.1.2.3", "decisions": ["D42"]}
    return case | {"data_coding": coding, "language": language, "text": text, "octets": octets}
