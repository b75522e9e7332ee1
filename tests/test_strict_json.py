"""JSON from outside: what the strict reader takes, what it refuses, and what its errors say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec._strict_json import StrictJsonError, read_json

BRACKETS = '"[{]}\\,'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(st.sampled_from(BRACKETS + "aé\n")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.sampled_from(BRACKETS + "a")), inner),
    max_leaves=60,
)


def refused(octets: bytes) -> StrictJsonError:
    """The error about these octets."""
    with pytest.raises(StrictJsonError) as caught:
        read_json(octets)
    return caught.value


def nested(depth: int, *, within: str = "", member: bool = False) -> bytes:
    """A value so deep, of lists or of objects in lists."""
    begin, end = ('{"a":', "}") if member else ("[", "]")
    return (begin * depth + (within or "1") + end * depth).encode()


@given(VALUES, st.booleans())
def test_what_python_reads_is_read(value: object, mark: bool) -> None:
    """JSON that a program writes is read as it was, with or without a byte order mark, whatever its texts hold."""
    octets = b"\xef\xbb\xbf" * mark + json.dumps(value, ensure_ascii=False).encode()
    assert read_json(octets, number=int) == value


@pytest.mark.parametrize("text", ["0", "-12", "1.50", "1e400", "9" * 64, "0." + "1" * 62])
def test_a_number_keeps_its_text(text: str) -> None:
    """Numbers come as they are written, or as what the caller makes of that; 64 characters are the most."""
    assert read_json(text.encode()) == text
    assert read_json(f"[{text}]".encode(), number=len) == [len(text)]


@pytest.mark.parametrize("text", ["9" * 65, "-" + "9" * 64, "0." + "1" * 63, "1e" + "1" * 63])
def test_a_number_of_more_than_64_characters_is_refused(text: str) -> None:
    """An over-long number is refused, whole or not, wherever it stands."""
    assert str(refused(text.encode())) == str(refused(b'{"a": [' + text.encode() + b"]}"))
    assert (str(refused(text.encode())), refused(text.encode()).position) == ("it has a number that is too long", None)


@pytest.mark.parametrize("member", [False, True])
def test_depth_is_bounded(member: bool) -> None:
    """32 levels are read and 33 refused, of lists and of objects; brackets in strings and side by side are no depth."""
    strings = json.dumps(["[{" * 40, '"[\\', "]"] * 20)
    beside = ",".join(["[]", "{}"] * 40)
    read_json(nested(32, member=member))
    read_json(nested(31, within=strings, member=member))
    read_json(nested(30, within=f"[{beside}]", member=member))
    too_deep = [nested(depth, member=member) for depth in (33, 100_000)]
    too_deep.append(nested(32, within=strings, member=member))
    too_deep.append(f"[{beside},".encode() + nested(32, member=member) + b"]")
    for octets in too_deep:
        assert (str(refused(octets)), refused(octets).position) == ("it is nested too deeply", None)


@pytest.mark.parametrize(
    ("octets", "reason", "position"),
    [
        (b'{"a": 1, "a": 1}', "it has a name twice in one object", None),
        (b'[{"b": {"a": 1, "c": 2, "a": null}}]', "it has a name twice in one object", None),
        (b"[NaN]", "it has a number that JSON does not know", None),
        (b"[Infinity]", "it has a number that JSON does not know", None),
        (b"-Infinity", "it has a number that JSON does not know", None),
        (b'["caf\xe9"]', "it is not UTF-8", 5),
        (b'["secret", ]', "it is not valid JSON", 11),
        ('["é", ]'.encode(), "it is not valid JSON", 6),
        (b"", "it is not valid JSON", 0),
    ],
)
def test_what_is_refused_has_a_reason_and_a_place(octets: bytes, reason: str, position: int | None) -> None:
    """An error says what is wrong, and where if it is one place; neither it nor its context holds what was read."""
    error = refused(octets)
    assert (str(error), error.position) == (reason, position)
    assert error.__cause__ is error.__context__ is None
