"""The XML form of a reply, read from the parser's own events.

It knows the elements of a reply and gives their fields under the names that the JSON form has; what the values mean is
the business of ``response``. No document type is accepted, in whatever encoding, so there are no entities to expand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

__all__ = ["read_reply_xml"]

_MESSAGE: Final = ["mt-submission-response", "messages", "message"]
_DEEPEST: Final = 16

# camel case to the hyphenated names; both are seen in XML
_NAMES: Final = {
    "messageId": "message-id",
    "remainingBalance": "remaining-balance",
    "messagePrice": "message-price",
    "errorText": "error-text",
    "clientRef": "client-ref",
    "accountRef": "account-ref",
}
_FIELDS: Final = frozenset(_NAMES.values()) | {"status", "to", "network"}


class _NotAReplyError(Exception):
    pass


class _Reader:
    """Follows the elements by their path and keeps the text of the fields."""

    def __init__(self) -> None:
        self.count: str | None = None
        self.messages: list[dict[str, str]] = []
        self._path: list[str] = []
        self._lists = 0
        self._texts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        depth = len(self._path)
        if depth > _DEEPEST or (depth == 1 and name != _MESSAGE[0]):
            raise _NotAReplyError
        if self._path == _MESSAGE[:2]:
            self._lists += 1
            self.count = attributes.get("count")
        elif self._path == _MESSAGE:
            self.messages.append({})
        if self._lists > 1 or self._is_inside_known_field():
            raise _NotAReplyError
        self._texts.clear()

    def end(self, name: str) -> None:
        if self._path[:-1] == _MESSAGE:
            self._keep(_NAMES.get(name, name), "".join(self._texts).strip())
        self._path.pop()
        self._texts.clear()

    def text(self, data: str) -> None:
        self._texts.append(data)

    def _is_inside_known_field(self) -> bool:
        field = self._path[len(_MESSAGE) : -1]
        return bool(field) and _NAMES.get(field[0], field[0]) in _FIELDS

    def _keep(self, name: str, text: str) -> None:
        fields = self.messages[-1]
        if name in fields:
            raise _NotAReplyError
        fields[name] = text


def _refuse(*_: object) -> None:
    raise _NotAReplyError


def read_reply_xml(octets: bytes) -> tuple[str | None, list[Mapping[str, str]]] | None:
    """The ``count`` of the messages, if stated, and the fields of each; None where it is not the XML of a reply."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(octets, True)
    except (_NotAReplyError, expat.ExpatError, LookupError, ValueError):
        # the last two are what an unknown or unusable encoding in the declaration raises
        return None
    return reader.count, list(reader.messages)
