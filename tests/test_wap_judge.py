"""Wireshark's dissectors judge the WAP push: tshark reads our segments as SMS-DELIVER down to the text.

tshark (Debian package ``tshark``) gets a capture file whose frames are bare TPDUs, written by hand around our user
data, and puts long messages together itself. With SMSCODEC_CI=full a judge that is missing is a failure.

Reference: WAP-167-ServiceInd, 9; 3GPP TS 23.040, 9.2.2.1
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from smscodec import SegmentedMessage
from smscodec.wap import Action, service_indication, vcalendar, vcard
from tests.conformance.vectors import read
from tests.judges import tshark

DELIVER: Final = bytes.fromhex("4404912143000462113011000000")
"""SMS-DELIVER with a header, from +1234, 8-bit data, 2026-11-03: all before TP-UDL."""


def frames(*messages: SegmentedMessage) -> list[bytes]:
    """A TPDU for each segment."""
    uds = [part.user_data.to_bytes() for message in messages for part in message]
    return [DELIVER + bytes([len(ud)]) + ud for ud in uds]


def dissected(tpdus: list[bytes], folder: Path) -> list[str]:
    """What tshark says of each TPDU, in words."""
    return re.split(r"(?m)^Frame \d+: ", tshark(tpdus, "gsm_sms", folder, "-V"))[1:]


def rendered(frame: str) -> str:
    """The document as tshark writes it out: the last column of its table, joined."""
    cells = re.findall(r"^.* \d \| +(?:Tag|Attr) +\|[^|]*\|[^|]*\| +(\S.*)$", frame, re.MULTILINE)
    return " ".join(cell.strip() for cell in cells)


def test_tshark_reads_every_part_of_an_indication(tmp_path: Path) -> None:
    """Ports, push, content type, href in its pieces, si-id, both times, action, text and items."""
    message = service_indication(
        "Jöe's mail",
        "https://www.example.com/inbox",
        action=Action.SIGNAL_HIGH,
        si_id="x1",
        created=datetime(2026, 11, 30, tzinfo=UTC),
        expires=datetime(2026, 12, 1, 10, 30, tzinfo=UTC),
        information=[("kind", "value")],
    )
    (frame,) = dissected(frames(message), tmp_path)
    assert "(2948)" in frame
    assert "(9200)" in frame
    assert "Content-Type: application/vnd.wap.sic; charset=UTF-8" in frame
    assert rendered(frame) == (
        "<si> <indication href='https://www.' 'example' '.com/' 'inbox' si-id= 'x1' "
        "created= %DateTime: 2026-11-30T00:00:00Z si-expires= %DateTime: 2026-12-01T10:30:00Z action='signal-high' > "
        "'Jöe's mail' </indication> <info> <item class= 'kind' > 'value' </item> </info> </si>"
    )


def test_tshark_reads_actions_and_beginnings(tmp_path: Path) -> None:
    """Every action and every beginning of an address has the name that we give it."""
    beginnings = ["http://", "http://www.", "https://", "https://www."]
    messages = [service_indication("", action=action) for action in Action]
    messages += [service_indication("", beginning + "a.org/") for beginning in beginnings]
    said = [rendered(frame) for frame in dissected(frames(*messages), tmp_path)]
    names = [action.name.lower().replace("_", "-") for action in Action]
    expected = [f"action='{name}' " if name != "signal-medium" else "" for name in names]
    expected += [f"href='{beginning}' 'a' '.org/' " for beginning in beginnings]
    assert [f"<si> <indication {attributes}> </indication> </si>" for attributes in expected] == said


def fields_in(document: str) -> dict[str, Any]:
    """The fields of a document that tshark has written out, in the words of the vectors."""
    start = document[: document.index("</indication>")]
    found = dict(re.findall(r"([a-z-]+)=((?: *(?:'[^']*'|%DateTime: \S+))*)", start))
    fields: dict[str, Any] = {"text": "".join(re.findall(r"> *'(.*)' *$", start))}
    for ours, theirs in (("href", "href"), ("si_id", "si-id"), ("action", "action")):
        fields[ours] = "".join(re.findall(r"'([^']*)'", found[theirs])) if theirs in found else None
    for ours, theirs in (("created", "created"), ("expires", "si-expires")):
        time = found.get(theirs, "").replace("%DateTime:", "").strip()
        fields[ours] = datetime.fromisoformat(time) if time else None
    return fields | {"information": [list(item) for item in re.findall(r"class= '(.*?)' > '(.*?)' </item>", document)]}


def test_tshark_reads_the_vectors(tmp_path: Path) -> None:
    """The octets of every vector that is written, sent to its ports, are the fields that tshark reads."""
    cases = [case for case in read("wap.json")["cases"] if case["operation"] == "write" and "octets" in case]
    assert len(cases) > 15
    header = bytes.fromhex("0605040b8423f0")
    uds = [header + bytes.fromhex(case["octets"]) for case in cases]
    frames_of = dissected([DELIVER + bytes([len(ud)]) + ud for ud in uds], tmp_path)
    for case, frame in zip(cases, frames_of, strict=True):
        said = fields_in(rendered(frame))
        expected = dict.fromkeys(said) | {"information": []} | case["fields"]
        for name in ("created", "expires"):
            expected[name] = expected[name] and datetime.fromisoformat(expected[name])
        if expected["action"] == "signal-medium":
            expected["action"] = None  # the default, which is not written
        assert (case["id"], expected) == (case["id"], said)


def test_tshark_puts_long_messages_together(tmp_path: Path) -> None:
    """The last segment of a long indication shows the whole; cards and calendars show their ports and octets."""
    long = service_indication("long " * 60, "http://a.com/" + "x" * 90, reference=5)
    card = vcard("BEGIN:VCARD\r\nEND:VCARD\r\n")
    calendar = vcalendar("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    *_, last, shown_card, shown_calendar = dissected(frames(long, card, calendar), tmp_path)
    assert f"[Short Message fragment count: {len(long)}]" in last
    assert "'long long long" in last
    assert rendered(last).endswith("</indication> </si>")
    assert "(9204)" in shown_card
    assert "(9205)" in shown_calendar
    assert f"SMS body: {card.data.hex()}" in shown_card
