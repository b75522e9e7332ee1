"""The conformance vectors as questions: what an adapter is asked, and what it must answer.

One case of a vector file may be several questions: a text that is written is read back too, and octets are read
leniently and strictly. Nothing here knows how smscodec answers any of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

__all__ = ["CHAPTERS", "REFUSED", "Question", "fault", "is_judged", "questions", "shown"]

Case = dict[str, Any]
Asked = tuple[str, Case, Case]
"""An operation, its arguments and the answer."""

REFUSED: Final = "refused"
"""The key of an answer that refuses; its value is True, or why."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request: ``operation`` with its ``arguments``, and the ``answer`` expected, of the case that is named."""

    chapter: str
    case: str
    operation: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]


def questions(chapter: str) -> Iterator[Question]:
    """All questions of a chapter, which is a vector file by its name without the suffix.

    >>> next(questions("unpacking")).operation
    'unpack'
    """
    content = json.loads((files("smscodec.testing") / "vectors" / f"{chapter}.json").read_text("utf-8"))
    for case in content["cases"]:
        for operation, arguments, answer in CHAPTERS[chapter](case):
            yield Question(chapter, case.get("id") or case["name"], operation, arguments, answer)


def is_judged(expected: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether an answer holds anything that is judged. What must be refused is answered by any key but ``id``.

    >>> is_judged({"text": "a", "octets": "61"}, {"id": 1, "octets": "62"})
    True
    >>> is_judged({"text": "a"}, {"id": 1, "fields": {}}), is_judged({"refused": True}, {"id": 1})
    (False, False)
    """
    if answer.get("offered") is False:
        return False
    if answer.get(REFUSED):
        return True
    if REFUSED in expected:
        return bool(answer.keys() - {"id", "offered", REFUSED})
    return any(True for _ in _compared(expected, answer))


def fault(expected: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """What is wrong in an answer, or an empty text. Fields that the answer leaves out are not judged.

    >>> fault({"text": "a", "octets": "61"}, {"text": "b"})
    "text: expected 'a', got 'b'"
    >>> fault({"text": "a", "octets": "61"}, {"octets": "61"})
    ''
    """
    if REFUSED in expected and not answer.get(REFUSED):
        return f"expected a refusal, got {shown({name: answer[name] for name in answer if name != 'id'})}"
    if answer.get(REFUSED) and REFUSED not in expected:
        return f"expected {shown(expected)}, got a refusal ({shown(answer[REFUSED])})"
    for place, wanted, found in _compared(expected, answer):
        if wanted != found or isinstance(wanted, bool) is not isinstance(found, bool):
            return f"{place}: expected {shown(wanted)}, got {shown(found)}"
    return ""


def shown(value: object) -> str:
    """A value from an answer, or one expected, in printable characters on one line, with a note where it is cut.

    >>> print(shown("ж"), shown("a" * 300)[-22:])
    '\\u0436' aaa … (302 characters)
    """
    try:
        whole = ascii(value) if isinstance(value, str) else json.dumps(value)
    except RecursionError:  # what could just be read may be too deep to be written
        return "a value that is nested too deep"
    return whole if len(whole) <= 200 else f"{whole[:120]} … ({len(whole)} characters)"


def _compared(
    expected: Mapping[str, Any], answer: Mapping[str, Any], place: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """What both hold, in the order of what is expected: where, what is wanted there, and what was found."""
    for key, wanted in expected.items():
        if key == REFUSED or key not in answer:
            continue
        found = answer[key]
        if isinstance(wanted, dict) and isinstance(found, dict) and (place or key == "fields"):
            yield from _compared(wanted, found, f"{place}{key}.")
        else:
            yield place + key, wanted, found


def _text(pieces: str | list[Any] | None) -> str | None:
    return "".join(string * count for string, count in pieces) if isinstance(pieces, list) else pieces


def _digits(octets: str) -> str:
    return octets.replace(" ", "")


def _taken(case: Case, *names: str) -> Case:
    """The keys of a case that it has, texts and octets in one piece."""
    plain: dict[str, Callable[[Any], Any]] = {"text": _text, "octets": _digits, "short_message": _digits}
    return {name: plain.get(name, lambda value: value)(case[name]) for name in names if name in case}


def _refusal(error: Case) -> Case:
    """An error without its name, which every implementation chooses for itself."""
    return {REFUSED: True} | {name: error[name] for name in ("start", "offset", "end", "segments") if name in error}


def _both_ways(operation: str, arguments: Case, case: Case, answer: Case) -> Iterator[Asked]:
    """Octets read leniently and strictly; ``strict`` and ``error`` are the case's."""
    error = case.get("error")
    strict = error or case.get("strict")
    yield operation, arguments | {"strict": False}, _refusal(error) if error else answer
    yield operation, arguments | {"strict": True}, _refusal(strict) if strict else answer


# The chapters ---------------------------------------------------------------------------------------------------------


def _packing(case: Case) -> Iterator[Asked]:
    septets, octets = case["septets"], _digits(case["octets"])
    if case["operation"] == "pack":
        fill = {"fill_bits": case["fill_bits"]}
        yield "pack", {"septets": septets} | fill, {"octets": octets}
        yield "unpack", {"octets": octets, "septet_count": len(septets) // 2} | fill, {"septets": septets}
    else:
        yield case["operation"], {"septets": septets}, {"octets": octets}
        yield f"un{case['operation']}", {"octets": octets}, {"septets": case["read"]}


def _unpacking(case: Case) -> Iterator[Asked]:
    answer = _refusal(case["error"]) if "error" in case else {"septets": case["septets"]}
    yield "unpack", _taken(case, "octets", "septet_count", "fill_bits"), answer


def _texts(case: Case) -> Iterator[Asked]:
    operation = case["operation"]
    written = "octets" if operation.endswith("ucs2") else "septets"
    if operation.startswith("encode"):
        answer = _refusal(case["error"]) if "error" in case else {written: case[written]}
        yield operation, _taken(case, "text", "tables"), answer
        return
    arguments = _taken(case, written, "tables")
    yield operation, arguments | {"strict": False}, {"text": case["lenient"]}
    if "strict" in case:
        strict = case["strict"]
        answer = {"text": strict} if isinstance(strict, str) else _refusal(strict["error"])
        yield operation, arguments | {"strict": True}, answer


def _transliteration(case: Case) -> Iterator[Asked]:
    yield "transliterate", _taken(case, "text", "replacements"), {"text": case["result"]}


def _coding_schemes(operation: str, *names: str) -> Callable[[Case], Iterator[Asked]]:
    def asked(case: Case) -> Iterator[Asked]:
        return _both_ways(operation, {"octet": case["octet"]}, case, _taken(case, "alphabet", "reserved", *names))

    return asked


def _headers(case: Case) -> Iterator[Asked]:
    in_force = {name: case.get(name) for name in ("concatenation", "ports")}
    in_force["tables"] = case.get("tables", {"locking": 0, "single": 0})
    answer = {"elements": case["elements"], "ignored": case.get("ignored", "")} | in_force
    return _both_ways("header", {"octets": _digits(case["octets"])}, case, answer)


def _user_data(case: Case) -> Iterator[Asked]:
    named = {"alphabet": case["alphabet"], "compressed": case.get("compressed", False)}
    answer = {"header": case.get("header", ""), "payload": case["payload"], "text": case.get("text")}
    arguments = named | _taken(case, "udl", "ud", "has_header")
    lenient, (_, again, strict) = _both_ways("user_data", arguments, case, answer)
    yield lenient
    yield "user_data", again, strict | ({"text": case["strict_text"]} if "strict_text" in case else {})
    written = {"udl": case.get("length", case["udl"]), "ud": case.get("writes", case["ud"])}
    yield "write_user_data", named | {"header": answer["header"], "payload": case["payload"]}, written


def _rooms(case: Case) -> Iterator[Asked]:
    names = ("octets", "septets", "fill_bits", "GSM_7BIT", "DATA_8BIT", "UCS2")
    answer = {name: case[name] for name in names if case[name] is not None}
    yield "room", {"elements": case["elements"]}, answer


def _counts(case: Case) -> Iterator[Asked]:
    yield "count", _taken(case, "text", "languages"), _taken(case, "segments", "alphabet")


def _segmentation(case: Case) -> Iterator[Asked]:
    answer = dict(case.get("measurement", {}))
    if "segments" in case:
        parts = case["segments"]
        answer |= {name: [part[name] for part in parts] for name in ("udl", "ud")}
        if "text" in case:
            answer["texts"] = [part["text"] for part in parts]
    yield (
        "segment",
        _taken(case, "text", "data") | case["options"],
        _refusal(case["error"]) if "error" in case else answer,
    )


def _reassembly(case: Case) -> Iterator[Asked]:
    steps = [{name: value for name, value in step.items() if name != "events"} for step in case["steps"]]
    arguments = _taken(case, "max_age", "max_pending", "repeat_age")
    yield "reassemble", arguments | {"steps": steps}, {"events": [step["events"] for step in case["steps"]]}


def _tpdus(case: Case) -> Iterator[Asked]:
    return _both_ways("tpdu", _taken(case, "direction", "octets"), case, _taken(case, "type", "fields"))


def _modem(case: Case) -> Iterator[Asked]:
    tpdu = ("type", "fields")
    match case["operation"]:
        case "decode":
            yield from _both_ways("read_pdu", _taken(case, "digits"), case, _taken(case, "smsc", "writes", *tpdu))
        case "record":
            yield "read_record", _taken(case, "octets"), _taken(case, "status", "number", "smsc", *tpdu)
        case "rp":
            held = (
                "message",
                "direction",
                "reference",
                "originator",
                "destination",
                "cause",
                "diagnostic",
                "user_data",
            )
            yield from _both_ways("read_rp", _taken(case, "octets"), case, _taken(case, *held, *tpdu))
        case "ussd":
            yield "printed_ussd", _taken(case, "text", "dcs"), {"text": case["read"]}
        case "cms-error":
            yield "modem_error", _taken(case, "code"), _taken(case, "meaning")
        case "read":
            yield "read_transcript", _taken(case, "text"), _taken(case, "entries")


def _smpp(case: Case) -> Iterator[Asked]:
    match case["operation"]:
        case "write":
            arguments = _taken(case, "text", "data", "cut", "reference", "wide_reference", "languages", "header")
            answer = _refusal(case["error"]) if "error" in case else _taken(case, "messages")
            yield "write_short_messages", arguments | case["options"], answer
        case "read":
            arguments = _taken(case, "data_coding", "esm_class", "short_message") | case["options"]
            answer = {"header": case.get("header", ""), "text": case.get("text")} | _taken(case, "alphabet", "payload")
            yield from _both_ways("read_short_message", arguments, case, answer)
        case "sar":
            yield from _both_ways("sar", dict(case["parameters"]), case, {"sar": case["sar"]})
        case "receipt":
            yield "receipt", _taken(case, "written", "message_state"), _taken(case, "fields")
        case "time":
            answer = _refusal(case["error"]) if "error" in case else _taken(case, "moment", "seconds")
            yield "smpp_time", _taken(case, "text"), answer


def _push(case: Case) -> Iterator[Asked]:
    if case["operation"] == "read":
        arguments = {"octets": _digits(case["octets"])}
        yield from _both_ways("read_indication", arguments, case, _taken(case, "fields"))
    elif case["operation"] == "write":
        arguments = case["fields"] | _taken(case, "transaction_id")
        answer = _refusal(case["error"]) if "error" in case else _taken(case, "octets", "ports")
        yield "write_indication", arguments, answer
    else:
        yield case["operation"], _taken(case, "text", "reference"), _taken(case, "octets", "ports")


def _cell_broadcast(case: Case) -> Iterator[Asked]:
    if case["operation"] == "read":
        answer = _taken(case, "fields", "language", "text")
        yield from _both_ways("read_page", {"octets": _digits(case["octets"])}, case, answer)
    elif case["operation"] == "write":
        answer = _refusal(case["error"]) if "error" in case else _taken(case, "pages")
        yield "write_pages", _taken(case, "text") | case["options"], answer
    else:
        named = _taken(case, "data_coding")
        yield "write_ussd", named | _taken(case, "text", "language"), _taken(case, "octets")
        yield "read_ussd", named | _taken(case, "octets"), _taken(case, "text")


def _signatures(case: Case) -> Iterator[Asked]:
    for method, signature in case["signatures"].items():
        yield "sign", {"method": method} | _taken(case, "params", "secret"), {"signature": signature}


CHAPTERS: Final[Mapping[str, Callable[[Case], Iterator[Asked]]]] = {
    "packing": _packing,
    "unpacking": _unpacking,
    "text": _texts,
    "text_tables": _texts,
    "transliteration": _transliteration,
    "data_coding_schemes": _coding_schemes(
        "data_coding_scheme", "class", "compressed", "automatic_deletion", "indication"
    ),
    "cell_broadcast_data_codings": _coding_schemes(
        "cell_broadcast_data_coding", "language", "language_in_text", "class", "compressed", "header"
    ),
    "cell_broadcast": _cell_broadcast,
    "headers": _headers,
    "user_data": _user_data,
    "rooms": _rooms,
    "counts": _counts,
    "segmentation": _segmentation,
    "reassembly": _reassembly,
    "tpdu": _tpdus,
    "modem": _modem,
    "smpp": _smpp,
    "wap": _push,
    "vonage_signatures": _signatures,
}
"""How each vector file is asked about, in the order of the table."""
