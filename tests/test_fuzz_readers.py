"""The fuzzer of the readers of octets, for a moment: its seeds, and a few mutations of them."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import DecodeError, UserDataHeader
from smscodec.tpdu import pdu_mode
from tests.fuzz.decoders import READERS, corpus, mutated, one


def test_every_vector_goes_through_every_reader() -> None:
    """The octets of the vectors give a value or one error, from every reader in either mode, and so do mutations."""
    seeds = list(corpus())
    assert {seed[0] for seed in seeds} == set(range(2 * len(READERS)))
    draw = random.Random(16)
    for octets in draw.sample(seeds, 2000):
        one(octets)
        one(mutated(draw, seeds))


@given(st.binary(max_size=60))
def test_any_octets_go_through_every_reader(octets: bytes) -> None:
    """Any octets give a value or one error, from every reader in either mode."""
    for chosen in range(2 * len(READERS)):
        one(bytes([chosen]) + octets)


PARAMETERS = st.lists(
    st.sampled_from(["", "1", "24", '"a"', '"+4915550100"', '"24/05/06,07:08:09+08"', "x", '"']), max_size=9
)


@given(st.sampled_from(["CMT", "CMTI", "CMGR", "CMGL", "CDS", "CDSI", "CBM", "CUSD", "CMS ERROR"]), PARAMETERS)
def test_a_modem_may_print_any_parameters(command: str, parameters: list[str]) -> None:
    """Headers with too few parameters, too many or others give entries, whatever line follows."""
    for line in ("", "00", "Hello", "OK", "0011000A9194515510000000FF05C8329BFD06"):
        for entry in pdu_mode.read(f"+{command}: {','.join(parameters)}\r\n{line}\r\n"):
            json.dumps(entry.as_dict())


def test_the_fuzzer_sees_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of another kind, a place outside the octets and a header that is not written back are found."""

    def fails(octets: bytes, *, strict: bool = False) -> UserDataHeader:
        raise DecodeError("ud", 99, "far away") if octets else ValueError("no octets")

    monkeypatch.setattr(UserDataHeader, "from_bytes", fails)
    with pytest.raises(AssertionError, match="offset 99 of 2"):
        one(b"\0ab")
    with pytest.raises(ValueError, match="no octets"):
        one(b"\0")
    monkeypatch.setattr(UserDataHeader, "from_bytes", lambda octets, *, strict: UserDataHeader([]))
    monkeypatch.setattr(UserDataHeader, "to_bytes", lambda header: b"other")
    with pytest.raises(AssertionError):
        one(b"\0ab")
