"""What the independent judges are asked about, and how they are asked.

tshark (Debian package ``tshark``) dissects TPDUs that are wrapped in the relay layer, which tells it their direction.
python3-gammu (Debian package ``python3-gammu``) runs in a child process of the system's own Python, because it is built
for that one and can crash. A judge that is missing is a reason to skip, and with SMSCODEC_CI=full to fail.

Known limits: tshark 4.0 does not apply national tables, reads reserved codings as 8-bit data, shows control characters
as escapes, shows no text without a TP-DCS, goes astray after an enhanced period of the relative form, and knows no
message type 3, TP-PI extension or extended enhanced validity. gammu reads neither compressed data nor enhanced
validity, drops the time zone, applies no national tables, takes reserved codings and reserved bits for 8-bit data, sees
no class beside automatic deletion and no parts in a header that holds more than a concatenation, shows the bare septets
of a name, and reads past the end of a text with escapes. It writes message classes as 0xF0 to 0xF3, weeks of validity
as days, no flags, and no TP-PID but those that replace a message.

Reference: 3GPP TS 24.011, 7.3
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from smscodec.tpdu import Direction, SmsDeliverReport, SmsSubmitReport, Tpdu, decode_tpdu
from tests.judges import missing, tshark

DIRECTIONS: Final = {
    "SmsSubmit": Direction.MS_TO_SC,
    "SmsCommand": Direction.MS_TO_SC,
    "SmsDeliverReport": Direction.MS_TO_SC,
    "SmsDeliver": Direction.SC_TO_MS,
    "SmsStatusReport": Direction.SC_TO_MS,
    "SmsSubmitReport": Direction.SC_TO_MS,
}
_SMSC: Final = bytes.fromhex("0791449785788997")


def reread(tpdu: Tpdu) -> Any:
    """What we read in the octets that we wrote."""
    return decode_tpdu(tpdu.to_bytes(), direction=DIRECTIONS[type(tpdu).__name__])


# tshark -------------------------------------------------------------------------------------------------------------


def relayed(tpdu: Tpdu) -> bytes:
    """The TPDU in the relay layer: RP-DATA, or RP-ACK and RP-ERROR for reports."""
    octets = tpdu.to_bytes()
    up = DIRECTIONS[type(tpdu).__name__] is Direction.MS_TO_SC
    carried = bytes([len(octets)]) + octets
    if isinstance(tpdu, SmsDeliverReport | SmsSubmitReport):
        if tpdu.failure_cause is None:
            return bytes([0x02 if up else 0x03, 1, 0x41]) + carried
        return bytes([0x04 if up else 0x05, 1, 1, 0x16, 0x41]) + carried
    addresses = b"\x00" + _SMSC if up else _SMSC + b"\x00"
    return bytes([0x00 if up else 0x01, 1]) + addresses + carried


def _tshark(frames: Sequence[bytes], directory: Path, *options: str) -> str:
    # Without reassembly each segment is shown as it is, and not the message that they make.
    return tshark(frames, "gsm_a_rp", directory, "-o", "gsm_sms.reassemble:FALSE", *options)


def dissected(frames: Sequence[bytes], fields: Sequence[str], directory: Path) -> list[dict[str, list[str]]]:
    """The fields that tshark finds in each frame, all occurrences of each."""
    wanted = [argument for field in fields for argument in ("-e", field)]
    packets = json.loads(_tshark(frames, directory, "-T", "json", *wanted))
    assert len(packets) == len(frames)
    return [packet["_source"].get("layers", {}) for packet in packets]


def described(frames: Sequence[bytes], directory: Path) -> str:
    """What tshark says of the frames in words."""
    return _tshark(frames, directory, "-V")


# gammu --------------------------------------------------------------------------------------------------------------

_GAMMU: Final = """
import datetime, json, sys
import gammu
def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(value)
def answer(digits):
    fields = gammu.DecodePDU(bytes.fromhex(digits), True)
    written = None
    if fields["Type"] in ("Submit", "Deliver"):
        written = gammu.EncodePDU(fields, fields["Type"]).hex()
    return fields, written
json.dump([answer(digits) for digits in json.load(sys.stdin)], sys.stdout, default=plain)
"""
_PYTHON: Final = "/usr/bin/python3"


def gammu_answers(messages: Sequence[str]) -> list[tuple[dict[str, Any], str | None]]:
    """What gammu reads in each message of PDU mode, and what it writes of it (nothing for a status report)."""
    if not Path(_PYTHON).exists():
        missing("python3-gammu", f"there is no {_PYTHON}")
    if subprocess.run([_PYTHON, "-c", "import gammu"], capture_output=True, check=False).returncode:
        missing("python3-gammu", "apt-get install python3-gammu")
    ran = subprocess.run(
        [_PYTHON, "-c", _GAMMU], input=json.dumps(messages), capture_output=True, text=True, check=True, timeout=300
    )
    answers = json.loads(ran.stdout)
    assert len(answers) == len(messages)
    return [(fields, written) for fields, written in answers]
