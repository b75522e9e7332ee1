"""Wireshark's dissectors judge the vectors of TPDUs and cell broadcast: no code of smscodec takes part.

tshark (Debian package ``tshark``) gets each TPDU in the RP message that it belongs in, since bare TPDUs tell no
direction. With SMSCODEC_CI=full a judge that is missing is a failure.

Reference: 3GPP TS 23.040, 9.2.2; 3GPP TS 24.011, 7.3; 3GPP TS 23.041, 9.4.1
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tests.conformance.vectors import Case, octets, read
from tests.judges import tshark

SMSC: Final = bytes.fromhex("0791447700091032")
FLAGS: Final = ("TP-MMS", "TP-LP", "TP-SRI", "TP-SRR", "TP-SRQ", "TP-UDHI", "TP-RP", "TP-RD", "TP-VPF", "TP-MR")
NUMBERS: Final = {name: f"gsm_sms.{name.lower()}" for name in (*FLAGS, "TP-PID", "TP-DCS", "TP-FCS")} | {
    "TP-UDL": "gsm_sms.tp.user_data_length",
    "TP-CT": "gsm_sms.tp.command_type",
    "TP-MN": "gsm_sms.tp.message_number",
    "TP-CDL": "gsm_sms.tp.command_data_length",
}
UNSEEN: Final = {"header", "payload", "final", "delivered"}
"""What tshark shows in another form than octets, or not at all."""


def wrapped(case: Case) -> bytes:
    """A TPDU in RP-DATA, RP-ACK or RP-ERROR."""
    tpdu = octets(case["octets"])
    counted = bytes([len(tpdu)]) + tpdu
    up = case["direction"] == "ms-to-sc"
    if not case["type"].endswith("-REPORT") or case["type"] == "SMS-STATUS-REPORT":
        return (b"\x00\x01\x00" + SMSC if up else b"\x01\x01" + SMSC + b"\x00") + counted
    if case["fields"]["TP-FCS"] is None:
        return bytes([2 if up else 3, 1, 0x41]) + counted
    return bytes([4 if up else 5, 1, 1, 0x29, 0x41]) + counted


def dissected(cases: list[Case], folder: Path) -> list[list[Any]]:
    """What tshark finds in each: names of groups, and names with values, in their order."""
    # Vectors of one message that are not meant to be one would be put together.
    options = "-o", "gsm_sms.reassemble:FALSE", "-T", "json"
    frames = json.loads(tshark(map(wrapped, cases), "gsm_a_rp", folder, *options), object_pairs_hook=list)
    return [flattened(dict(dict(dict(frame)["_source"])["layers"])["gsm_sms"]) for frame in frames]


def flattened(pairs: list[Any]) -> list[Any]:
    """A tree of pairs as one list: the name of a group, then what is in it."""
    found: list[Any] = []
    for name, value in pairs:
        if isinstance(value, list):
            found += [name, *flattened(value)]
        else:
            found.append((name, value))
    return found


PARTS: Final = ("year", "month", "day", "hour", "minutes", "seconds")


def moment(found: list[Any], group: str) -> datetime:
    """The time in a group, its zone left out."""
    year, month, day, hour, minute, second = (stamp(found, group)[part] for part in PARTS)
    return datetime(2000 + year, month, day, hour, minute, second)


def stamp(found: list[Any], group: str) -> dict[str, int]:
    """The numbers of the time stamp in a group."""
    start = found.index(group) + 1
    return {name.removeprefix("gsm_sms.scts."): int(value) for name, value in found[start : start + 7]}


GROUPS: Final = {"TP-SCTS": "TP-Service-Centre-Time-Stamp", "TP-DT": "TP-Discharge-Time"}


def seen(found: list[Any], name: str, value: Any) -> Any:
    """What tshark says of a field, in the words of the vectors."""
    values: dict[str, str] = dict(pair for pair in found if isinstance(pair, tuple))
    if name in NUMBERS:
        number = values.get(NUMBERS[name])
        return None if number is None else int(number, 0)
    if name in GROUPS:
        expected = datetime.fromisoformat(value)
        offset = expected.utcoffset()
        assert offset is not None
        assert stamp(found, GROUPS[name])["timezone"] * 900 == abs(offset.total_seconds())  # the sign is not shown
        return moment(found, GROUPS[name]).replace(tzinfo=expected.tzinfo).isoformat()
    if name in ("TP-OA", "TP-DA", "TP-RA"):
        kind, plan = (int(values[f"gsm_sms.dis_field_addr.num_{part}"]) for part in ("type", "plan"))
        return {"digits": values[f"gsm_sms.{name.lower()}"], "type": kind, "plan": plan}
    if name == "TP-ST":
        error, reason = (int(values[key]) for key in ("gsm_sms.dis_field.st_error", "gsm_sms.dis.field_st_reason"))
        return error << 5 | reason
    if name == "TP-VP":
        return value if "seconds" in value else {"until": seen_until(found, value["until"])}
    assert name == "text"
    return values.get("gsm_sms.sms_text", "")


def seen_until(found: list[Any], value: str) -> str:
    """An absolute validity period as tshark shows it."""
    zone = datetime.fromisoformat(value).tzinfo
    return moment(found, "TP-Validity-Period: absolute").replace(tzinfo=zone).isoformat()


def test_tshark_reads_the_vectors(tmp_path: Path) -> None:
    """Every field of every vector that names tshark, and of those that others published, is what tshark reads."""
    cases = [case for case in read("tpdu.json")["cases"] if case["origin"] in {"tshark", "capture"}]
    assert len(cases) > 30
    for case, found in zip(cases, dissected(cases, tmp_path), strict=True):
        for name, value in case["fields"].items():
            if name not in UNSEEN:
                assert (case["id"], name, value) == (case["id"], name, seen(found, name, value))


SERIAL: Final = (
    "geographic_scope",
    "message_code",
    "update_number",
    "message-identifier",
    "current_page",
    "total_pages",
)
UNREAD: Final = {"11", "12", "4c", "80", "90", "92", "9c", "a0", "cf"}
"""Data codings whose text tshark shows otherwise: a language or header in front of it, and reserved ones."""


Judged = tuple[str, list[int], str | None]


def judged_pages() -> Iterator[Judged]:
    """Each page of 88 octets, its numbers, and its text where tshark shows it as it is."""
    for case in read("cell_broadcast.json")["cases"]:
        if case["operation"] == "write" and "pages" in case:
            text = "".join(string * count for string, count in case["text"]).rstrip("\r")
            plain = len(case["pages"]) == 1 and case["options"]["data_coding"] == "0f"
            for number, page in enumerate(case["pages"], start=1):
                yield page, [1, 0, 0, 0, number, len(case["pages"])], text if plain else None
        elif case["operation"] == "read" and "fields" in case and len(case["octets"]) == 176:
            fields = case["fields"]
            numbers = [fields[name] for name in ("scope", "code", "update", "message_identifier", "page", "pages")]
            if case["octets"][10:12] == f"{fields['page']:x}{fields['pages']:x}":  # it does not say 1 of 1 for 0
                prefix = f"{case['language']}\r" if fields["data_coding"] == "10" and case["language"] else ""
                shown = fields["data_coding"] not in UNREAD and case["text"]
                yield case["octets"], numbers, (prefix + case["text"]).rstrip("\r") if shown else None


def test_tshark_reads_the_pages(tmp_path: Path) -> None:
    """Every number and plain text of every page that is published, written, or unusual is what tshark reads."""
    pages = list(judged_pages())
    assert len(pages) > 60
    assert sum(text is not None for _, _, text in pages) > 15
    names = [part for name in (*SERIAL, "page_content") for part in ("-e", f"gsm_cbs.{name}")]
    options = "-T", "fields", "-E", "separator=/t", "-E", "occurrence=f", *names
    lines = tshark((octets(page) for page, _, _ in pages), "gsm_cbs", tmp_path, *options).split("\n")
    for (page, fields, text), line in zip(pages, lines[:-1], strict=True):
        *numbers, shown = line.split("\t")
        assert (page, fields) == (page, [int(number, 0) for number in numbers])
        if text is not None:
            assert (page, text) == (page, shown.replace("\\r", "\r").replace("\\n", "\n").rstrip("\r"))


RELAYED: Final = {
    "RP-DATA": (0x00, 0x01), "RP-ACK": (0x02, 0x03), "RP-ERROR": (0x04, 0x05), "RP-SMMA": (0x06, None)
}  # fmt: skip
RP_FIELDS: Final = (
    "gsm_a.rp.msg_type",
    "gsm_a.rp.rp_message_reference",
    "gsm_a.rp.cause",
    "gsm_a.dtap.cld_party_bcd_num",
)


def test_tshark_reads_the_relay_layer(tmp_path: Path) -> None:
    """Type, reference, cause, the service centre's digits and the text of each vector that names tshark."""
    cases = [case for case in read("modem.json")["cases"] if case["operation"] == "rp" and case["origin"] == "tshark"]
    assert len(cases) >= 6
    wanted = [argument for field in (*RP_FIELDS, "gsm_sms.sms_text") for argument in ("-e", field)]
    printed = tshark([octets(case["octets"]) for case in cases], "gsm_a_rp", tmp_path, "-T", "json", *wanted)
    for case, packet in zip(cases, json.loads(printed), strict=True):
        found = packet["_source"]["layers"]
        kind, reference, cause, digits = (found.get(field, [None])[0] for field in RP_FIELDS)
        assert RELAYED[case["message"]][case["direction"] == "sc-to-ms"] == int(kind, 0)
        assert case["reference"] == int(reference, 0)
        assert case.get("cause") == (cause and int(cause))
        centre = case.get("originator") or case.get("destination")
        assert digits == (centre and centre["digits"])
        assert case.get("fields", {}).get("text") == found.get("gsm_sms.sms_text", [None])[0]
