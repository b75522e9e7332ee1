"""gammu's octets, through python3-gammu: texts as JSON in, octets in hexadecimal and seconds out.

``EncodeSMS`` chooses the alphabet and cuts, ``EncodePDU`` writes a TPDU, of which TP-UD is taken. It runs on the Python
that Debian built gammu for, and knows neither smscodec nor what is asked of its answers.
"""

import json
import sys
from importlib import import_module
from time import process_time
from typing import Any

_gammu = import_module("gammu")


def encoded(text: str) -> list[bytes]:
    """TP-UD of each segment."""
    parts = _gammu.EncodeSMS({"Class": -1, "Entries": [{"ID": "ConcatenatedAutoTextLong", "Buffer": text}]})
    return [tp_ud(part) for part in parts]


def tp_ud(part: dict[str, Any]) -> bytes:
    """What stands behind TP-UDL in the TPDU of a segment."""
    pdu = _gammu.EncodePDU({**part, "SMSC": {"Number": ""}, "Number": "+441632960100"}, "Submit")
    service_centre, before_address, address, protocol_to_length = 1 + pdu[0], 2, 2 + 6, 4
    return bytes(pdu[service_centre + before_address + address + protocol_to_length :])


def answers(texts: list[str]) -> list[list[bytes] | None]:
    """The octets of each text; None where gammu refuses it."""
    found: list[list[bytes] | None] = []
    for text in texts:
        try:
            found.append(encoded(text))
        except Exception:  # whatever it raises is its answer
            found.append(None)
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        print(json.dumps(_gammu.Version()[1]))
    else:
        asked = json.load(sys.stdin)
        start = process_time()
        given = answers(asked)
        seconds = process_time() - start
        print(json.dumps([[parts and [part.hex() for part in parts] for parts in given], seconds]))
