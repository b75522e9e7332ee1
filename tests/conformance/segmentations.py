"""The segmentation vectors: which texts, and what the naive oracle says of them.

Knows ``tests.reference`` alone. Texts are lists of [string, repetitions], so that long ones can be read.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tests import reference

Case = dict[str, Any]
Pieces = list[tuple[str, int]]

ALPHABETS: Final = ("GSM_7BIT", "DATA_8BIT", "UCS2")
SMILE: Final = "\U0001f600"
FAMILY: Final = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
PORTS: Final = bytes.fromhex("05040b8423f0")
INDICATION: Final = bytes.fromhex("01028003")

COUNTS_TO_HOLD: Final[list[tuple[Pieces, Case]]] = [
    ([("a", 160)], {}),
    ([("a", 161)], {}),
    ([("a", 307)], {}),
    ([("€", 81)], {}),
    ([("]", 153)], {}),
    ([("a", 152), ("€", 1), ("a", 152)], {}),
    ([("a", 152), ("€", 1), ("a", 152), ("€", 1), ("a", 152), ("€", 1)], {}),
    ([("a", 151), ("€", 1), ("a", 153)], {}),
    ([("ж", 135)], {}),
    ([(SMILE, 35)], {}),
    ([(SMILE, 36)], {}),
    ([("ж", 66), (SMILE, 1), ("ж", 66)], {}),
    ([("e\u0301", 67)], {}),
    ([("a", 159), ("\f", 1)], {}),
    ([("`", 10)], {}),
    ([("^", 150)], {"languages": [3]}),
    ([("^", 150)], {}),
    ([("ş", 50)], {"languages": [1]}),
]


def cases() -> Iterator[Case]:
    """Counts to hold, then every boundary, national tables, headers, references, clusters, data, and refusals."""
    for pieces, options in COUNTS_TO_HOLD:
        yield case(pieces, options)
    yield from boundaries()
    yield from national()
    yield from headers()
    yield from clusters()
    yield from data()
    yield from refusals()


def boundaries() -> Iterator[Case]:
    """Empty text, and both sides of each limit in both alphabets and widths of the reference."""
    yield case([], {})
    yield case([("a", 1)], {"alphabet": "UCS2"})
    for wide in (False, True):
        options: Case = {"wide_reference": True} if wide else {}
        rooms = (160, 152 if wide else 153), (70, 66 if wide else 67)
        for (filling, double), (alone, several) in zip((("a", "€"), ("ж", SMILE)), rooms, strict=True):
            for length in (alone - 1, alone, alone + 1, 2 * several, 2 * several + 1, 3 * several):
                yield case([(filling, length)], options)
            for length in (alone - 2, alone - 1, several - 1, 2 * several - 1):
                yield case([(filling, length), (double, 1), (filling, 5 + alone - several)], options)
            yield case([(filling, 255 * several)], options, octets=False)
    yield case([("a", 153), ("\r\n", 80)], {}, decisions=["D33"])
    yield case([("\x1b", 1)], {}, decisions=["D6"])
    yield case([("ç", 1)], {}, decisions=["D1"])
    yield case([("`", 1), ("’", 1)], {}, decisions=["D16"])
    yield case([("a", 161)], {"reference": 0}, decisions=["D20"])
    yield case([("a", 160)], {"reference": 7}, decisions=["D21"])
    yield case([("a", 161)], {"reference": 255}, decisions=["D22"])
    yield case([("a", 161)], {"reference": 65535, "wide_reference": True}, decisions=["D22"])
    yield case([(SMILE, 1), ("\ud7ff\ue000\uffff", 40)], {}, decisions=["D10"])


def national() -> Iterator[Case]:
    """Each language alone, pairs of languages, and tables that save nothing."""
    for language in range(1, 14):
        for cells in (reference.MAIN.get(language, {}), reference.SINGLE[language]):
            own = [cell for cell in cells.values() if cell not in reference.MAIN_CODES[0]]
            foreign = [cell for cell in own if cell not in reference.SINGLE_CODES[0]]
            if foreign:
                yield case([("".join(foreign[:6]), 20)], {"languages": [language]})
                yield case([("".join(foreign[:3]), 60), ("€ and so on ", 4)], {"languages": [language]})
    yield case([("ş", 71)], {"languages": [1]})
    yield case([("ş", 50)], {"languages": [1], "alphabet": "GSM_7BIT"})
    yield case([("ş", 71)], {"languages": [1], "wide_reference": True})
    yield case([("ş", 71)], {"languages": [1], "alphabet": "UCS2"})
    yield case([("á", 100), ("ş", 30)], {"languages": [1, 2]})
    yield case([("ã", 100), ("ğ", 60)], {"languages": [1, 3]})
    yield case([("á", 80)], {"languages": [2]}, decisions=["D24"])
    yield case([("ä", 161)], {"languages": list(range(1, 14))})
    yield case([("ş", 71)], {"languages": [1], "header": bytes.fromhex("7080") + bytes(128)})


def headers() -> Iterator[Case]:
    """The caller's elements come last in every segment, and take room in each."""
    for header in (PORTS, INDICATION, PORTS + INDICATION, bytes.fromhex("0402f0f1")):
        for text in ([("a", 160)], [("ж", 70)], [("a", 300)], [("ж", 5)]):
            yield case(text, {"header": header})
    yield case([("ş", 200)], {"header": PORTS, "languages": [1]})
    yield case([("ş", 200)], {"header": PORTS, "languages": [1], "wide_reference": True})
    yield case([("ab", 1)], {"header": bytes.fromhex("7087") + bytes(135)})


def clusters() -> Iterator[Case]:
    """With the boundary at grapheme clusters: as many segments as without, and as few clusters broken as can be."""
    for spans in (
        ["a"] * 152 + ["\r\n"] + ["a"] * 50,
        ["ж"] * 65 + ["e\u0301"] + ["ж"] * 60,
        ["ж"] * 60 + [FAMILY] + ["ж"] * 40,
        [FAMILY] * 12,
        ["ж"] * 66 + ["e\u0301"] + ["ж"] * 66,
        ["\U0001f1e9\U0001f1ea"] * 40,
        ["e" + "\u0301" * 100],
    ):
        text = "".join(spans)
        places = [sum(map(len, spans[:index])) for index in range(len(spans) + 1)]
        plan = reference.plan(text)
        costs = (
            reference.septet_costs(text, plan.tables)
            if plan.alphabet == reference.GSM_7BIT
            else reference.utf16_costs(text)
        )
        pairs = list(itertools.pairwise(places))
        ends = reference.fewest_broken_ends(costs, plan.room, len(plan.ends), pairs)
        plan = plan._replace(ends=ends)
        found = described([(span, 1) for span in spans], {"boundary": "grapheme"}, plan, [], wide=False)
        last = sum(costs[ends[-2] if len(ends) > 1 else 0 :])
        assert last <= plan.room
        yield found | {"decisions": ["D9"], "segments": segments(text, plan, 42, [], wide=False)}


def data() -> Iterator[Case]:
    """8-bit data at its limits, with and without ports."""
    for header in (b"", PORTS):
        for wide in (False, True):
            elements = reference.elements_of(bytes([len(header)]) + header)
            alone = reference.room(reference.DATA_8BIT, reference.header_length(elements))
            several = reference.room(
                reference.DATA_8BIT,
                reference.header_length([reference.concatenation(0, 1, 1, wide=wide), *elements]),
            )
            for length in (0, alone, alone + 1, 2 * several, 2 * several + 1):
                content = bytes(index % 256 for index in range(length))
                each = alone if length <= alone else several
                parts = [content[start : start + each] for start in range(0, max(length, 1), each)]
                plan = reference.Plan(
                    reference.DATA_8BIT, (0, 0), length, each, len(parts) * each - length, tuple(range(len(parts)))
                )
                found = described([], {"header": header, "wide_reference": wide}, plan, elements, wide=wide)
                del found["text"]
                found["data"] = content.hex()
                found["segments"] = []
                for sequence, part in enumerate(parts, start=1):
                    own = reference.segment_elements(plan, 42, sequence, elements, wide=wide)
                    ud = reference.header_bytes(own) + part
                    found["segments"].append({"udl": len(ud), "ud": ud.hex()})
                yield found


def refusals() -> Iterator[Case]:
    """What cannot be sent: characters without a code, headers without room, more than 255 segments, wrong arguments."""
    unencodable: list[tuple[Pieces, Case, int, list[str]]] = [
        ([("a\ud800b", 1)], {}, 1, ["D11"]),
        ([("\udc00", 1)], {"languages": [1]}, 0, ["D11"]),
        ([("ж", 100), ("\udbff", 1)], {"alphabet": "UCS2"}, 100, ["D11"]),
        ([("a", 3), ("ж", 1)], {"alphabet": "GSM_7BIT"}, 3, []),
        ([("\x1b", 1)], {"alphabet": "GSM_7BIT"}, 0, ["D6"]),
        ([("aç", 1)], {"alphabet": "GSM_7BIT"}, 1, ["D1"]),
        ([("aع", 1)], {"alphabet": "GSM_7BIT", "languages": [1]}, 1, []),
    ]
    for pieces, options, start, decisions in unencodable:
        yield refusal(pieces, options, {"kind": "unencodable", "start": start}, decisions)
    for pieces, count in (([("a", 255 * 153 + 1)], 256), ([("ж", 255 * 67 + 1)], 256), ([("€", 76 * 300)], 300)):
        yield refusal(pieces, {}, {"kind": "segmentation", "segments": count}, [])
    full = {"header": bytes.fromhex("7089") + bytes(137)}
    yield refusal([("a", 1)], full, {"kind": "segmentation", "segments": None}, [])
    for options, field in (
        ({"reference": 256}, "reference"),
        ({"reference": -1}, "reference"),
        ({"reference": 65536, "wide_reference": True}, "reference"),
        ({"alphabet": "DATA_8BIT"}, "alphabet"),
        ({"header": bytes.fromhex("0003010101")}, "header"),
        ({"header": bytes.fromhex("080400010101")}, "header"),
        ({"header": bytes.fromhex("240101")}, "header"),
        ({"header": bytes.fromhex("250101")}, "header"),
    ):
        yield refusal([("a", 200)], options, {"kind": "argument", "field": field}, [])
    yield refusal([("a", 161)], {"reference": None}, {"kind": "argument", "field": "reference"}, [])


def refusal(pieces: Pieces, options: Case, error: Case, decisions: Sequence[str]) -> Case:
    """A case that is refused; what the error is follows from the contract and not from the oracle."""
    found: Case = {"origin": "contract", "text": pieces, "options": plain(options), "error": error}
    return ({"decisions": list(decisions)} if decisions else {}) | found


def case(pieces: Pieces, options: Case, *, octets: bool = True, decisions: Sequence[str] = ()) -> Case:
    """A text under options as the oracle plans it, with the octets of each segment."""
    text = "".join(string * count for string, count in pieces)
    wide = options.get("wide_reference", False)
    header = options.get("header", b"")
    caller = reference.elements_of(bytes([len(header)]) + header)
    alphabet = ALPHABETS.index(options["alphabet"]) if "alphabet" in options else None
    plan = reference.plan(text, alphabet=alphabet, languages=options.get("languages", ()), wide=wide, caller=caller)
    found = described(pieces, options, plan, caller, wide=wide)
    if octets:
        found["segments"] = segments(text, plan, options.get("reference", 42), caller, wide=wide)
    return ({"decisions": list(decisions)} if decisions else {}) | found


def described(
    pieces: Pieces, options: Case, plan: reference.Plan, caller: Sequence[reference.Element], *, wide: bool
) -> Case:
    """What a message costs."""
    reference_number = options.get("reference", 42)
    return {
        "clause": "23.040 9.2.3.24.1",
        "text": pieces,
        "options": plain(options) | {"reference": reference_number},
        "measurement": {
            "alphabet": ALPHABETS[plan.alphabet],
            "units": plan.units,
            "segments": len(plan.ends),
            "units_per_segment": plan.room,
            "remaining": plan.remaining,
            "tables": {"locking": plan.tables[0], "single": plan.tables[1]},
        },
    }


def segments(
    text: str, plan: reference.Plan, number: int, caller: Sequence[reference.Element], *, wide: bool
) -> list[Case]:
    """Text, TP-UDL and TP-UD of each segment."""
    found = []
    for sequence, part in enumerate(reference.slices(text, plan.ends), start=1):
        elements = reference.segment_elements(plan, number, sequence, caller, wide=wide)
        length, octets = reference.to_tp_ud(part, plan.alphabet, plan.tables, elements)
        found.append({"text": part, "udl": length, "ud": octets.hex()})
    return found


def plain(options: Case) -> Case:
    """The options as JSON can hold them; the header as the octets of its elements, without UDHL, if there are any."""
    given = {name: value for name, value in options.items() if value != b""}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in given.items()}
