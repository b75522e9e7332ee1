"""The meanings of codes, by their telling words, against tables that were copied from the specifications for this."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from smscodec.tpdu.meanings import (
    command_type_meaning,
    failure_cause_meaning,
    modem_error_meaning,
    protocol_identifier_meaning,
    relay_cause_meaning,
)

SPECIFIC = "specific to the service centre"
COMMANDS = {
    **{0: "enquiry", 1: "cancel", 2: "delete", 3: "enable"},
    **dict.fromkeys(range(0x20, 0xE0), "undefined"),
    **dict.fromkeys(range(0xE0, 0x100), SPECIFIC),
}
"""TS 23.040, 9.2.3.19"""

RELAY_CAUSES = {
    **{1: "unassigned", 8: "operator determined barring", 10: "call barred", 21: "transfer rejected"},
    **{22: "memory capacity", 27: "destination out of order", 28: "unidentified", 29: "facility rejected"},
    **{30: "unknown subscriber", 38: "network out of order", 41: "temporary", 42: "congestion", 47: "resources"},
    **{50: "not subscribed", 69: "not implemented", 81: "reference", 95: "semantically", 96: "mandatory"},
    **{97: "type non-existent", 98: "state", 99: "element", 111: "protocol error", 127: "interworking"},
}
"""TS 24.011, 8.2.5.4; 11 is reserved."""

FAILURE_CAUSES = {
    **{0x80: "telematic", 0x81: "type 0", 0x82: "replace", 0x8F: "TP-PID", 0x90: "alphabet", 0x91: "class"},
    **{0x9F: "TP-DCS", 0xA0: "actioned", 0xA1: "command unsupported", 0xAF: "TP-Command", 0xB0: "TPDU"},
    **{0xC0: "busy", 0xC1: "no service centre subscription", 0xC2: "system failure", 0xC3: "SME address"},
    **{0xC4: "SME barred", 0xC5: "duplicate", 0xC6: "format", 0xC7: "period not supported", 0xD0: "storage full"},
    **{0xD1: "no storage", 0xD2: "error in the mobile", 0xD3: "memory capacity", 0xD4: "toolkit busy"},
    **{0xD5: "download", **dict.fromkeys(range(0xE0, 0xFF), "application"), 0xFF: "unspecified error cause"},
}
"""TS 23.040, 9.2.3.22"""

MODEM_ERRORS = {
    **RELAY_CAUSES,
    **FAILURE_CAUSES,
    **{300: "ME failure", 301: "service of ME reserved", 302: "not allowed", 303: "operation not supported"},
    **{
        304: "PDU mode",
        305: "text mode",
        310: "not inserted",
        311: "(U)SIM PIN required",
        312: "PH-(U)SIM PIN required",
    },
    **{313: "failure", 314: "busy", 315: "wrong", 316: "PUK required", 317: "PIN2 required", 318: "PUK2 required"},
    **{320: "memory failure", 321: "invalid memory index", 322: "memory full", 330: "service centre address"},
    **{331: "no network service", 332: "timeout", 340: "+CNMA", 500: "unknown error"},
    **dict.fromkeys(range(512, 600), "manufacturer"),
}
"""TS 27.005, 3.2.5"""

DEVICES = {
    **{0: "implicit", 1: "telex", 2: "group 3", 3: "group 4", 4: "voice", 5: "ERMES", 6: "national paging"},
    **{7: "videotex", 8: "unspecified", 9: "PSPDN", 10: "CSPDN", 11: "PSTN", 12: "ISDN", 13: "UCI"},
    **{16: "message handling facility", 17: "X.400", 18: "electronic mail", 31: "a mobile station"},
    **dict.fromkeys(range(24, 31), SPECIFIC),
}
IDENTIFIERS = {
    **{octet: f"SME-to-SME protocol {octet}" for octet in range(0x20)},
    **{0x20 + device: words for device, words in DEVICES.items()},
    **{0x40 + number: f"type {number}" for number in range(8)},
    **{0x48: "triggering", 0x5E: "enhanced message service", 0x5F: "return call", 0x7C: "ANSI-136"},
    **{0x7D: "ME data download", 0x7E: "depersonalisation", 0x7F: "(U)SIM data download"},
    **dict.fromkeys(range(0xC0, 0x100), SPECIFIC),
}
"""TS 23.040, 9.2.3.9"""


@pytest.mark.parametrize(
    ("meaning", "words", "codes"),
    [
        (command_type_meaning, COMMANDS, range(256)),
        (relay_cause_meaning, RELAY_CAUSES, range(128)),
        (failure_cause_meaning, FAILURE_CAUSES, range(256)),
        (modem_error_meaning, MODEM_ERRORS, range(600)),
        (protocol_identifier_meaning, IDENTIFIERS, range(256)),
    ],
)
def test_meanings_are_those_of_the_tables(meaning: Callable[[int], str], words: dict[int, str], codes: range) -> None:
    """A code that the table names has its meaning, and every other code is reserved."""
    for code in codes:
        assert re.search(rf"(?<!\w){re.escape(words.get(code, 'reserved'))}(?!\w)", meaning(code)), code
        assert code in words or meaning(code) == "reserved"
