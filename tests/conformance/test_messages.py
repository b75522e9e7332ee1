"""The vectors of segmentation and reassembly, run against smscodec."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from smscodec import (
    Alphabet,
    FieldError,
    SegmentationError,
    SegmentedMessage,
    UnencodableError,
    UserDataHeader,
    count_segments,
    measure,
    segment,
    segment_data,
)
from smscodec.reassembly import Event, Reassembled, Reassembler, Repeated
from tests.conformance.vectors import Case, cases, named, octets, user_data
from tests.rows import each_row


def options(case: Case) -> dict[str, Any]:
    """The options of a case as ``segment`` takes them."""
    found = named(case["options"], *case["options"])
    if "alphabet" in found:
        found["alphabet"] = Alphabet[found["alphabet"]]
    if "header" in found:
        elements = octets(found["header"])
        found["header"] = UserDataHeader.from_bytes(bytes([len(elements)]) + elements)
    return found


def text(case: Case) -> str:
    """The text of a case."""
    return "".join(string * count for string, count in case["text"])


def message(case: Case) -> SegmentedMessage:
    """The message of a case."""
    if "data" in case:
        return segment_data(octets(case["data"]), **options(case))
    return segment(text(case), **options(case))


def error_of(case: Case) -> Case:
    """What is raised on the way to the octets of a case, in the words of the vectors."""
    with pytest.raises((UnencodableError, SegmentationError, FieldError)) as caught:
        [part.user_data for part in message(case)]
    error = caught.value
    if isinstance(error, UnencodableError):
        return {"kind": "unencodable", "start": error.start}
    if isinstance(error, SegmentationError):
        return {"kind": "segmentation", "segments": error.segments}
    assert isinstance(error, FieldError)
    return {"kind": "argument", "field": error.field}


@pytest.mark.parametrize("case", cases("segmentation.json"))
def test_segmentation(case: Case) -> None:
    """A text costs what the vector says and is cut into its segments, or refused as it says."""
    if case["options"].get("boundary") == "grapheme":
        pytest.importorskip("regex", reason="the extra grapheme is not installed")
    if "error" in case:
        assert case["error"] == error_of(case)
        return
    cut = message(case)
    found = cut.measurement
    assert case["measurement"] == {
        **found._asdict(),
        "alphabet": found.alphabet.name,
        "tables": {"locking": found.tables.locking, "single": found.tables.single},
    }
    if "segments" in case:
        assert [(part.get("text", ""), part["udl"], octets(part["ud"])) for part in case["segments"]] == [
            (part.text, part.user_data.length, part.user_data.to_bytes()) for part in cut
        ]


@each_row("case", cases("counts.json"))
def test_counts(case: Case) -> None:
    """A text takes as many segments as the vector says, by every way to count."""
    measured = measure(text(case), **named(case, "languages"))
    assert (case["segments"], case["alphabet"]) == (measured.segments, measured.alphabet.name)
    if not case.get("languages"):
        assert case["segments"] == count_segments(text(case))


def event(found: Event) -> Case:
    """An event in the words of the vectors."""
    if isinstance(found, Repeated):
        return {"event": "repeated", "key": found.key, "text": found.part.text()}
    if isinstance(found, Reassembled):
        return {"event": "reassembled", "key": found.key, "text": found.text()}
    return {
        "event": "incomplete",
        "key": found.key,
        "reason": found.reason,
        "reference": found.concatenation.reference,
        "total": found.concatenation.total,
        "missing": list(found.missing),
    }


@each_row("case", cases("reassembly.json"))
def test_reassembly(case: Case) -> None:
    """Each step of the script gives its events."""
    bounds = {name: case[name] for name in ("max_age", "max_pending", "repeat_age") if name in case}
    reassembler = Reassembler(**bounds)
    for step in case["steps"]:
        if step.get("expire"):
            found: tuple[Event, ...] = reassembler.expire(now=step["now"])
        else:
            sent = datetime.fromisoformat(step["sent"]) if "sent" in step else None
            found = reassembler.add(step["key"], user_data(step), now=step["now"], sent=sent)
        assert step["events"] == [event(one) for one in found]
