"""What the values of TP-PID, TP-FCS and TP-CT mean, in words.

Tables and nothing else; TP-ST has a class of its own in ``status``.

Reference: 3GPP TS 23.040, 9.2.3.9, 9.2.3.19 and 9.2.3.22
"""

from __future__ import annotations

from typing import Final

__all__ = ["RESERVED", "command_type_meaning", "failure_cause_meaning", "protocol_identifier_meaning"]

RESERVED: Final = "reserved"
"""The meaning of every value that the specification gives none."""

_SPECIFIC: Final = "specific to the service centre"

_TELEMATIC: Final = {
    0: "implicit device type",
    1: "telex",
    2: "group 3 telefax",
    3: "group 4 telefax",
    4: "voice telephone",
    5: "ERMES paging",
    6: "national paging system",
    7: "videotex",
    8: "teletex, carrier unspecified",
    9: "teletex in PSPDN",
    10: "teletex in CSPDN",
    11: "teletex in analogue PSTN",
    12: "teletex in digital ISDN",
    13: "UCI",
    16: "message handling facility",
    17: "X.400 message handling",
    18: "Internet electronic mail",
    **dict.fromkeys(range(24, 31), _SPECIFIC),
    31: "a mobile station",
}
_IDENTIFIERS: Final = {
    0x40: "short message type 0: acknowledged, not shown, not stored",
    **{0x40 + number: f"replace short message type {number}" for number in range(1, 8)},
    0x48: "device triggering short message",
    0x5E: "enhanced message service (obsolete)",
    0x5F: "return call message",
    0x7C: "ANSI-136 R-DATA",
    0x7D: "ME data download",
    0x7E: "ME depersonalisation short message",
    0x7F: "(U)SIM data download",
}


def protocol_identifier_meaning(octet: int) -> str:
    """The meaning of a TP-PID; a receiver takes a reserved one for 0x00.

    Reference: 3GPP TS 23.040, 9.2.3.9
    """
    if octet < 0x20:
        return f"no interworking, SME-to-SME protocol {octet}"
    if octet < 0x40:
        meaning = _TELEMATIC.get(octet & 0x1F, RESERVED)
        return meaning if meaning == RESERVED else f"telematic interworking: {meaning}"
    return _SPECIFIC if octet >= 0xC0 else _IDENTIFIERS.get(octet, RESERVED)


_CAUSES: Final = {
    0x80: "telematic interworking not supported",
    0x81: "short message type 0 not supported",
    0x82: "cannot replace short message",
    0x8F: "unspecified TP-PID error",
    0x90: "alphabet not supported",
    0x91: "message class not supported",
    0x9F: "unspecified TP-DCS error",
    0xA0: "command cannot be actioned",
    0xA1: "command unsupported",
    0xAF: "unspecified TP-Command error",
    0xB0: "TPDU not supported",
    0xC0: "service centre busy",
    0xC1: "no service centre subscription",
    0xC2: "service centre system failure",
    0xC3: "invalid SME address",
    0xC4: "destination SME barred",
    0xC5: "duplicate rejected",
    0xC6: "validity period format not supported",
    0xC7: "validity period not supported",
    0xD0: "(U)SIM storage full",
    0xD1: "no storage capability in (U)SIM",
    0xD2: "error in the mobile",
    0xD3: "memory capacity exceeded",
    0xD4: "(U)SIM application toolkit busy",
    0xD5: "(U)SIM data download error",
    **dict.fromkeys(range(0xE0, 0xFF), "specific to an application"),
    0xFF: "unspecified error cause",
}


def failure_cause_meaning(octet: int) -> str:
    """The meaning of a TP-FCS.

    Reference: 3GPP TS 23.040, 9.2.3.22
    """
    return _CAUSES.get(octet, RESERVED)


_COMMANDS: Final = {
    0x00: "enquiry about a message submitted before",
    0x01: "cancel the status report request",
    0x02: "delete the message",
    0x03: "enable the status report request",
}


def command_type_meaning(octet: int) -> str:
    """The meaning of a TP-CT.

    Reference: 3GPP TS 23.040, 9.2.3.19
    """
    return _SPECIFIC if octet >= 0xE0 else _COMMANDS.get(octet, RESERVED if octet < 0x20 else "undefined")
