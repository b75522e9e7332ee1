"""Every parameter of a request to the SMS API, with its limits, as data.

The checks before sending are driven by this table, and a test holds it against both versions of the specification. It
knows names, kinds and limits; ``wire`` knows how a value is held against them.

A limit here is the one in force. Where a specification states another, ``note`` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

__all__ = ["BOTH_VERSIONS", "MESSAGE_TYPES", "PARAMETERS", "Kind", "Parameter"]

BOTH_VERSIONS: Final = ("1.0.0", "1.5.1")
"""The versions of the specification that are covered, the earlier first."""

MESSAGE_TYPES: Final = ("text", "binary", "wappush", "unicode", "vcal", "vcard")
"""The values of ``type``; 1.5.1 lists text, binary and unicode only."""


class Kind(Enum):
    """What a value is, and what its ``minimum`` and ``maximum`` count."""

    TEXT = auto()
    """Characters."""
    NUMBER = auto()
    """The value itself."""
    NUMERAL = auto()
    """The value of a number that may also be given as a text of digits."""
    FLAG = auto()
    """``true`` or ``false``."""
    CHOICE = auto()
    """One of a few words."""
    DESTINATION = auto()
    """Digits."""
    SENDER = auto()
    """Digits of a number; a name has a limit of its own, see ``wire``."""
    URL = auto()
    """Characters of an http or https address."""
    HEX = auto()
    """Octets, written as two hexadecimal digits each."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    ``name`` goes on the wire and ``field`` is the argument of our own classes. ``types`` are the values of ``type`` it
    goes with, empty for all of them. ``of_message`` is False for what the client adds.
    """

    name: str
    field: str
    kind: Kind
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    types: tuple[str, ...] = ()
    versions: tuple[str, ...] = BOTH_VERSIONS
    of_message: bool = True
    note: str = ""


_FIRST: Final = ("1.0.0",)
_LATEST: Final = ("1.5.1",)

_TABLE: Final = (
    Parameter("format", "format", Kind.CHOICE, choices=("json", "xml"), required=True, of_message=False),
    Parameter("api_key", "api_key", Kind.TEXT, 1, required=True, of_message=False,
        note="The specifications say 8 characters; the service judges keys, by status 4."),
    Parameter("api_secret", "api_secret", Kind.TEXT, 1, versions=_FIRST, of_message=False,
        note="1.0.0 says 16 characters, and accounts have had other lengths since; 1.5.1 sends it in the header."),
    Parameter("sig", "sig", Kind.TEXT, 32, 128, of_message=False,
        note="The specifications say 16, and 16 to 60; the five methods give 32, 40, 64 and 128 digits."),
    Parameter("timestamp", "timestamp", Kind.NUMBER, 0, 10**12 - 1, versions=_LATEST, of_message=False),
    Parameter("from", "sender", Kind.SENDER, 1, 15, required=True),
    Parameter("to", "to", Kind.DESTINATION, 7, 15, required=True),
    Parameter("text", "text", Kind.TEXT, 1, 3200, required=True, types=("text", "unicode")),
    Parameter("type", "type", Kind.CHOICE, choices=MESSAGE_TYPES),
    Parameter("ttl", "ttl", Kind.NUMBER, 20_000, 604_800_000),
    Parameter("status-report-req", "status_report_req", Kind.FLAG),
    Parameter("callback", "callback", Kind.URL, 1, 100),
    Parameter("message-class", "message_class", Kind.NUMBER, 0, 3),
    Parameter("vcard", "vcard", Kind.TEXT, 1, required=True, types=("vcard",), versions=_FIRST),
    Parameter("vcal", "vcal", Kind.TEXT, 1, required=True, types=("vcal",), versions=_FIRST),
    Parameter("body", "body", Kind.HEX, 1, 140, types=("binary",),
        note="No specification states it: with udh it must fit the 140 octets of one segment."),
    Parameter("udh", "udh", Kind.HEX, 1, 140, types=("binary",), note="As body."),
    Parameter("protocol-id", "protocol_id", Kind.NUMBER, 0, 255, note="One octet of the SMS."),
    Parameter("title", "title", Kind.TEXT, 1, required=True, types=("wappush",), versions=_FIRST),
    Parameter("url", "url", Kind.URL, 1, required=True, types=("wappush",), versions=_FIRST),
    Parameter("validity", "validity", Kind.NUMERAL, 0, 2**63 - 1, types=("wappush",), versions=_FIRST),
    Parameter("client-ref", "client_ref", Kind.TEXT, 1, 100, note="1.0.0 says 40."),
    Parameter("account-ref", "account_ref", Kind.TEXT, 1, versions=_LATEST),
    Parameter("entity-id", "entity_id", Kind.TEXT, 1, versions=_LATEST),
    Parameter("content-id", "content_id", Kind.TEXT, 1, versions=_LATEST),
    Parameter("trusted-number", "trusted_number", Kind.FLAG, versions=_LATEST),
    Parameter("pool-id", "pool_id", Kind.TEXT, 1, versions=_LATEST),
)  # fmt: skip

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType({parameter.name: parameter for parameter in _TABLE})
"""Every parameter by the name it has on the wire."""
