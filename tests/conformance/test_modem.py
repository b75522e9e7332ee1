"""The vectors of what stands around a TPDU: PDU mode, records, the relay layer, a modem's lines."""

from __future__ import annotations

from typing import Any

import pytest

from smscodec import DecodeError, cbs
from smscodec.tpdu import Direction, RpMessage, Tpdu, decode_rp, pdu_mode
from smscodec.tpdu.meanings import modem_error_meaning
from tests.conformance.tpdus import address, described
from tests.conformance.vectors import Case, cases, octets

NAMES = {"RpData": "RP-DATA", "RpAck": "RP-ACK", "RpError": "RP-ERROR", "RpSmma": "RP-SMMA"}


def tpdu_fields(tpdu: Tpdu | None) -> Case:
    """Type and fields of a TPDU, in the words of the vectors."""
    name, fields = (None, {}) if tpdu is None else described(tpdu)
    return {"type": name, "fields": fields}


def record_fields(found: pdu_mode.Record | pdu_mode.ReportRecord) -> Case:
    """What a record holds."""
    if isinstance(found, pdu_mode.ReportRecord):
        return {"number": found.number, **tpdu_fields(found.tpdu)}
    smsc = found.smsc and address(found.smsc)
    return {"status": int(found.status), "smsc": smsc, **tpdu_fields(found.tpdu)}


def rp_fields(found: RpMessage) -> Case:
    """What a message of the relay layer holds."""
    fields: Case = {"message": NAMES[type(found).__name__], "direction": found.direction.value}
    for name in ("reference", "cause", "diagnostic", "originator", "destination", "user_data"):
        value: Any = getattr(found, name, None)
        fields[name] = value.hex() if isinstance(value, bytes) else value
    for name in ("originator", "destination"):
        fields[name] = fields[name] and address(fields[name])
    return fields | tpdu_fields(found.tpdu)


def entry_fields(entry: pdu_mode.Entry) -> Case:
    """What an entry of a transcript holds; None is left out."""
    value = entry.value
    found: Case = {"command": entry.command, "index": entry.index, "stat": entry.stat, "length": entry.length}
    found["type"] = tpdu_fields(entry.tpdu)["type"]
    match value:
        case pdu_mode.TextMessage():
            found |= value.as_dict()
        case pdu_mode.ModemError():
            found["code"] = value.code
        case cbs.Page():
            found["text"] = value.text()
        case str():
            found["text"] = value
    return {key: content for key, content in found.items() if content is not None}


def assert_has(expected: Case, found: Case) -> None:
    """The fields of a case, as far as it names them, are those found."""
    named = {key: expected[key] for key in found if key in expected}
    asked = {key: found[key] for key in named}
    if "fields" in asked:
        asked["fields"] = {key: asked["fields"][key] for key in named["fields"]}
    assert named == asked


def assert_refused(expected: Case, read: Any) -> None:
    """Reading raises the error."""
    with pytest.raises(DecodeError) as caught:
        read()
    assert expected == {"field": caught.value.field, "offset": caught.value.offset}


@pytest.mark.parametrize("case", cases("modem.json", "decode"))
def test_decode(case: Case) -> None:
    """The digits read as service centre and TPDU, and are written again; strict reading takes or refuses them."""
    found = pdu_mode.decode(case["digits"])
    assert_has(case, {"smsc": found.smsc and address(found.smsc), **tpdu_fields(found.tpdu)})
    assert case["writes"] == pdu_mode.encode(found.tpdu, smsc=found.smsc)[0]
    if "strict" in case:
        assert_refused(case["strict"], lambda: pdu_mode.decode(case["digits"], strict=True))
    else:
        assert found == pdu_mode.decode(case["digits"], strict=True)


@pytest.mark.parametrize("case", cases("modem.json", "record"))
def test_record(case: Case) -> None:
    """The octets of a record read as status, or number, and TPDU."""
    assert_has(case, record_fields(pdu_mode.record(octets(case["octets"]), strict=True)))


@pytest.mark.parametrize("case", cases("modem.json", "rp"))
def test_rp(case: Case) -> None:
    """The octets of the relay layer read as the message, and are written again."""
    data = octets(case["octets"])
    if "error" in case:
        assert_refused(case["error"], lambda: decode_rp(data))
        return
    found = decode_rp(data)
    assert_has(case, rp_fields(found))
    assert found.to_bytes() == data
    if "strict" in case:
        assert_refused(case["strict"], lambda: decode_rp(data, strict=True))
    else:
        assert found == decode_rp(data, direction=Direction(case["direction"]), strict=True)


@pytest.mark.parametrize("case", cases("modem.json", "ussd"))
def test_ussd(case: Case) -> None:
    """The text of +CUSD reads as the text."""
    assert case["read"] == pdu_mode.ussd(case["text"], case["dcs"])


@pytest.mark.parametrize("case", cases("modem.json", "cms-error"))
def test_cms_error(case: Case) -> None:
    """The code has the meaning."""
    assert case["meaning"] == modem_error_meaning(case["code"])


@pytest.mark.parametrize("case", cases("modem.json", "read"))
def test_read(case: Case) -> None:
    """The lines read as the entries."""
    assert case["entries"] == [entry_fields(entry) for entry in pdu_mode.read(case["text"])]
