"""What the conformance runner asks: everything that a case holds, by the names that the vectors' README gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from smscodec.testing.questions import CHAPTERS, fault, is_judged, questions, shown
from tests.conformance.vectors import FOLDER, read
from tests.rows import each_row

EXPLAINS = {"id", "name", "operation", "origin", "clause", "decisions", "source", "base_string"}
"""Keys of a case that say where it is from and why it is so."""

OTHER_NAMES = {
    "packing": {"read": "septets"},
    "text": {"lenient": "text"},
    "text_tables": {"lenient": "text"},
    "transliteration": {"result": "text"},
    "user_data": {"writes": "ud", "length": "udl", "strict_text": "text"},
    "modem": {"read": "text"},
    "vonage_signatures": {"signatures": "signature"},
}
"""Keys of cases that have another name in the questions of the chapter."""

NOT_ASKED = {"tpdu": {"writes"}, "smpp": {"octets", "formats"}, "wap": {"segments"}}
"""Keys of cases that only smscodec's own tests look at. In ``smpp`` the octets are those of the case of ``sar``."""

UNFOLDED = {"options", "measurement", "parameters"}
"""Objects whose keys stand beside those of the case."""

MORE = {
    "packing": {"septet_count"},
    "headers": {"concatenation", "ports", "tables", "ignored"},
    "user_data": {"compressed", "header", "text"},
    "segmentation": {"udl", "ud", "texts"},
    "reassembly": {"events"},
    "smpp": {"header", "text"},
    "vonage_signatures": {"method"},
}
"""Names in questions that stand deeper in a case, or nowhere where what is there by default is meant."""


def held(chapter: str, case: Mapping[str, Any]) -> set[str]:
    """The names by which all that a case holds must be asked about."""
    names = set[str]()
    for key, value in case.items():
        if key in UNFOLDED or (chapter, case.get("operation"), key) == ("wap", "write", "fields"):
            names |= value.keys()
        elif key in ("error", "strict") and isinstance(value, dict):
            names |= {"refused"} | value.get("error", value).keys() & {"start", "offset", "end", "segments"}
        elif key not in EXPLAINS and not (chapter == "rooms" and value is None):
            names.add(OTHER_NAMES.get(chapter, {}).get(key, key))
    return names


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_all_that_a_case_holds_is_asked_about(chapter: str) -> None:
    """Each key of a case, of its options and of its error is an argument or an answer of one of its questions."""
    for case in read(f"{chapter}.json")["cases"]:
        asked = list(CHAPTERS[chapter](case))
        names = set[str]().union(*(arguments.keys() | answer.keys() for _, arguments, answer in asked))
        assert held(chapter, case) - names <= NOT_ASKED.get(chapter, set()), case
        assert names - held(chapter, case) <= MORE.get(chapter, set()) | {"strict"}, case
        ways = [arguments["strict"] for _, arguments, _ in asked if "strict" in arguments]
        assert ways in ([], [False], [False, True]), case


BOTH_WAYS = {
    ("packing", "pack"): "pack septets fill_bits: octets; unpack octets septet_count fill_bits: septets",
    ("packing", "pack_ussd"): "pack_ussd septets: octets; unpack_ussd octets: septets",
    ("packing", "pack_cbs"): "pack_cbs septets: octets; unpack_cbs octets: septets",
    ("cell_broadcast", "ussd"): "write_ussd data_coding text language: octets; read_ussd data_coding octets: text",
}
"""Cases that are written and read: each operation with its arguments and its answer."""


@each_row(("kind", "both"), BOTH_WAYS.items())
def test_what_is_written_is_read_too(kind: tuple[str, str], both: str) -> None:
    """A case that holds what is written and what is read is two questions, of which each is the other's answer."""
    chapter, operation = kind
    for case in read(f"{chapter}.json")["cases"]:
        if case["operation"] == operation:
            asked = list(CHAPTERS[chapter](case))
            shapes = [f"{name} {' '.join(arguments)}: {' '.join(answer)}" for name, arguments, answer in asked]
            words = [[set(part.split()) for part in shape.split(":")] for shape in shapes]
            assert words == [[set(part.split()) for part in shape.split(":")] for shape in both.split(";")]
            if "septet_count" in asked[1][1]:
                assert asked[1][1]["septet_count"] == len(case["septets"]) // 2


def test_segments_are_asked_about_one_by_one() -> None:
    """Where a case shows its segments, TP-UDL and TP-UD of each are asked for, and the text of each of a text."""
    for case in read("segmentation.json")["cases"]:
        [(_, _, answer)] = CHAPTERS["segmentation"](case)
        parts = case.get("segments", ())
        for name in ("udl", "ud") if parts else ():
            assert answer[name] == [part[name] for part in parts]
        assert answer.get("texts", []) == ([part["text"] for part in parts] if "text" in case else [])


def test_each_operation_is_in_the_table_of_the_readme() -> None:
    """The README's table has a row for each operation that is asked for, and for no other."""
    table = (FOLDER / "README.md").read_text("utf-8").partition("| operation | arguments | answer |")[2]
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {
        question.operation for chapter in CHAPTERS for question in questions(chapter)
    }


@each_row(
    ("expected", "answer", "judged"),
    [
        ({"text": "a"}, {"id": 1, "offered": False, "text": "a"}, False),
        ({"text": "a"}, {"id": 1, "offered": True, "text": "a"}, True),
        ({"text": "a"}, {"id": 1, "refused": "no"}, True),
        ({"text": "a"}, {"id": 1, "refused": False}, False),
        ({"refused": True}, {"id": 1, "refused": True}, True),
        ({"refused": True}, {"id": 1, "offered": True, "refused": False}, False),
        ({"refused": True}, {"id": 1, "anything": None}, True),
        ({"refused": True, "start": 1}, {"id": 1}, False),
        ({"fields": {"TP-DA": {"digits": "1"}}}, {"id": 1, "fields": {"TP-DA": {"plan": 1}}}, False),
        ({"fields": {"TP-DA": {"digits": "1"}}}, {"id": 1, "fields": {"TP-DA": {"digits": "2"}}}, True),
        ({"fields": {"TP-DA": {"digits": "1"}}}, {"id": 1, "fields": {"TP-DA": None}}, True),
    ],
)
def test_what_is_judged(expected: dict[str, Any], answer: dict[str, Any], judged: bool) -> None:
    """An answer is judged if it refuses, or holds something that was asked for, and does not say "offered": false."""
    assert is_judged(expected, answer) is judged


@each_row(
    ("expected", "answer", "wrong"),
    [
        ({"refused": True}, {"id": 1, "text": "a"}, 'expected a refusal, got {"text": "a"}'),
        ({"text": "a"}, {"id": 1, "refused": "no"}, 'expected {"text": "a"}, got a refusal (\'no\')'),
        ({"refused": True, "end": 2}, {"id": 1, "refused": True, "end": 3}, "end: expected 2, got 3"),
        ({"wide": True}, {"id": 1, "wide": 1}, "wide: expected true, got 1"),
        ({"count": 1}, {"id": 1, "count": True}, "count: expected 1, got true"),
        ({"tables": {"single": 1}}, {"id": 1, "tables": {}}, 'tables: expected {"single": 1}, got {}'),
        ({"fields": {"a": {"b": 1}}}, {"fields": {"a": {"b": 2}}}, "fields.a.b: expected 1, got 2"),
        ({"fields": {"a": {"b": 1}}}, {"fields": {"a": 3}}, 'fields.a: expected {"b": 1}, got 3'),
        ({"a": 1, "b": 2}, {"b": 3, "a": 3}, "a: expected 1, got 3"),
    ],
)
def test_what_is_wrong_is_said(expected: dict[str, Any], answer: dict[str, Any], wrong: str) -> None:
    """The first thing that is wrong is told with its place, what is expected there and what was found."""
    assert fault(expected, answer) == wrong


@each_row("length", [0, 1, 197, 198, 199, 5_000])
def test_long_values_are_cut(length: int) -> None:
    """A value of up to 200 characters is shown whole; of a longer one its first 120, and how many it has."""
    whole = "'" + "a" * length + "'"
    assert shown("a" * length) == (whole if len(whole) <= 200 else f"{whole[:120]} … ({len(whole)} characters)")
    assert shown([0] * 66) == str([0] * 66)
    assert shown([0] * 67).endswith("0, … (201 characters)")
