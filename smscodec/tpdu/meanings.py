"""What the values of TP-PID, TP-FCS and TP-CT mean, the causes of the relay layer and the errors of a modem, in words.

Tables and nothing else; TP-ST has a class of its own in ``status``.

Reference: 3GPP TS 23.040, 9.2.3.9, 9.2.3.19 and 9.2.3.22; 3GPP TS 24.011, 8.2.5.4; 3GPP TS 27.005, 3.2.5
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "RESERVED",
    "command_type_meaning",
    "failure_cause_meaning",
    "modem_error_meaning",
    "protocol_identifier_meaning",
    "relay_cause_meaning",
]

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

    >>> protocol_identifier_meaning(0x41)
    'replace short message type 1'

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

    >>> failure_cause_meaning(0xD3)
    'memory capacity exceeded'

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

    >>> command_type_meaning(2)
    'delete the message'

    Reference: 3GPP TS 23.040, 9.2.3.19
    """
    return _SPECIFIC if octet >= 0xE0 else _COMMANDS.get(octet, RESERVED if octet < 0x20 else "undefined")


_RELAY_CAUSES: Final = {
    1: "unassigned number",
    8: "operator determined barring",
    10: "call barred",
    21: "short message transfer rejected",
    22: "memory capacity exceeded",
    27: "destination out of order",
    28: "unidentified subscriber",
    29: "facility rejected",
    30: "unknown subscriber",
    38: "network out of order",
    41: "temporary failure",
    42: "congestion",
    47: "resources unavailable, unspecified",
    50: "requested facility not subscribed",
    69: "requested facility not implemented",
    81: "invalid short message transfer reference value",
    95: "semantically incorrect message",
    96: "invalid mandatory information",
    97: "message type non-existent or not implemented",
    98: "message not compatible with short message protocol state",
    99: "information element non-existent or not implemented",
    111: "protocol error, unspecified",
    127: "interworking, unspecified",
}


def relay_cause_meaning(cause: int) -> str:
    """The meaning of an RP-Cause.

    >>> relay_cause_meaning(22)
    'memory capacity exceeded'

    Reference: 3GPP TS 24.011, 8.2.5.4
    """
    return _RELAY_CAUSES.get(cause, RESERVED)


_MODEM_ERRORS: Final = {
    300: "ME failure",
    301: "SMS service of ME reserved",
    302: "operation not allowed",
    303: "operation not supported",
    304: "invalid PDU mode parameter",
    305: "invalid text mode parameter",
    310: "(U)SIM not inserted",
    311: "(U)SIM PIN required",
    312: "PH-(U)SIM PIN required",
    313: "(U)SIM failure",
    314: "(U)SIM busy",
    315: "(U)SIM wrong",
    316: "(U)SIM PUK required",
    317: "(U)SIM PIN2 required",
    318: "(U)SIM PUK2 required",
    320: "memory failure",
    321: "invalid memory index",
    322: "memory full",
    330: "service centre address unknown",
    331: "no network service",
    332: "network timeout",
    340: "no +CNMA acknowledgement expected",
    500: "unknown error",
}


def modem_error_meaning(code: int) -> str:
    """The meaning of the code of +CMS ERROR: an RP-Cause, a TP-FCS, or one of the modem's own.

    >>> modem_error_meaning(22), modem_error_meaning(0xD3), modem_error_meaning(310)
    ('memory capacity exceeded', 'memory capacity exceeded', '(U)SIM not inserted')

    Reference: 3GPP TS 27.005, 3.2.5
    """
    if code < 128:
        return relay_cause_meaning(code)
    if code < 256:
        return failure_cause_meaning(code)
    return "specific to the manufacturer" if code >= 512 else _MODEM_ERRORS.get(code, RESERVED)
