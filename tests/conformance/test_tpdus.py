"""The vectors of TPDUs, run against smscodec."""

from __future__ import annotations

import pytest

from smscodec import DecodeError
from smscodec.tpdu import Direction, Tpdu, decode_tpdu
from tests.conformance.tpdus import described
from tests.conformance.vectors import Case, cases, octets
from tests.rows import each_row


def decoded(case: Case, *, strict: bool) -> Tpdu:
    """The TPDU of a case."""
    return decode_tpdu(octets(case["octets"]), direction=Direction(case["direction"]), strict=strict)


def error_of(case: Case, *, strict: bool) -> Case:
    """Field and offset of the error over a case's octets."""
    with pytest.raises(DecodeError) as caught:
        decoded(case, strict=strict)
    return {"field": caught.value.field, "offset": caught.value.offset}


@each_row("case", cases("tpdu.json"))
def test_tpdus(case: Case) -> None:
    """The octets read as the fields and are written back, and strict reading takes or refuses them."""
    if "error" in case:
        assert case["error"] == error_of(case, strict=False)
        assert case["error"] == error_of(case, strict=True)
        return
    tpdu = decoded(case, strict=False)
    name, fields = described(tpdu)
    assert case["type"] == name
    assert case["fields"] == {field: fields[field] for field in case["fields"]}
    assert octets(case["writes"] if "writes" in case else case["octets"]) == tpdu.to_bytes()
    if "strict" in case:
        assert case["strict"] == error_of(case, strict=True)
    else:
        assert tpdu == decoded(case, strict=True)
