"""The replies of the service's stand-in, in both of the API's formats.

It knows the names of the fields in JSON (hyphenated) and in XML (camel case) and that every value is a text; it must
not know how a reply is decided. Reference: SMS API 1.0.0 and 1.5.1, SMS, Message and MessageXmlWrapper.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree import ElementTree

__all__ = ["ReplyPart", "render"]

XML_NAMES: dict[str, str] = {
    "to": "to",
    "message-id": "messageId",
    "status": "status",
    "remaining-balance": "remainingBalance",
    "message-price": "messagePrice",
    "network": "network",
    "client-ref": "clientRef",
    "account-ref": "accountRef",
    "error-text": "errorText",
}


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """One entry of ``messages``: what became of one segment; a field that is None is left out."""

    status: int
    to: str | None = field(default=None, repr=False)
    message_id: str | None = None
    remaining_balance: Decimal | None = None
    message_price: Decimal | None = None
    network: str | None = None
    client_ref: str | None = field(default=None, repr=False)
    account_ref: str | None = field(default=None, repr=False)
    error_text: str | None = None

    def fields(self) -> dict[str, str]:
        """The part as the JSON reply spells it: hyphenated names, every value a text."""
        named: dict[str, object] = {
            "to": self.to,
            "message-id": self.message_id,
            "status": self.status,
            "remaining-balance": self.remaining_balance,
            "message-price": self.message_price,
            "network": self.network,
            "client-ref": self.client_ref,
            "account-ref": self.account_ref,
            "error-text": self.error_text,
        }
        return {name: str(value) for name, value in named.items() if value is not None}


def render(parts: Sequence[ReplyPart], reply_format: str) -> tuple[str, bytes]:
    """The media type and the body of the reply; ``reply_format`` is ``json`` or ``xml``, as in the request's path."""
    if reply_format == "xml":
        return "text/xml", _xml(parts)
    return "application/json", _json(parts)


def _json(parts: Sequence[ReplyPart]) -> bytes:
    document = {"message-count": str(len(parts)), "messages": [part.fields() for part in parts]}
    return json.dumps(document, indent=4).encode()


def _xml(parts: Sequence[ReplyPart]) -> bytes:
    response = ElementTree.Element("mt-submission-response")
    messages = ElementTree.SubElement(response, "messages", count=str(len(parts)))
    for part in parts:
        message = ElementTree.SubElement(messages, "message")
        for name, value in part.fields().items():
            ElementTree.SubElement(message, XML_NAMES[name]).text = value
    document: bytes = ElementTree.tostring(response, encoding="UTF-8", xml_declaration=True)
    return document
