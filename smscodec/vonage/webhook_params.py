"""The parameters of a webhook request, decoded once and strictly, whether they come as query, form or JSON.

It knows encodings, and of the parameters only their names. A request that is not one set of parameters, each there at
most once, is one error.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote_plus

from smscodec._strict_json import StrictJsonError, read_json
from smscodec.vonage.errors import MalformedWebhook

__all__ = ["MAX_WEBHOOK", "MESSAGES_API", "read_params"]

MAX_WEBHOOK: Final = 1 << 18
"""Octets of the longest query or body that is read."""

_MOST_PARAMETERS: Final = 100
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})", re.ASCII)
_CHARSET: Final = re.compile(r'charset\s*=\s*"?([^";\s]*)', re.ASCII | re.IGNORECASE)
_UTF8_NAMES: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_NAMES: Final = frozenset(
    {
        *("msisdn", "to", "messageId", "message-timestamp", "api-key", "timestamp", "nonce", "sig"),
        *("network-code", "price", "status", "scts", "err-code", "client-ref"),
        *("text", "type", "keyword", "concat", "concat-ref", "concat-total", "concat-part", "data", "udh"),
    }
)
MESSAGES_API: Final = "message_uuid"
"""A name that every webhook of the Messages API has and no webhook of the SMS API."""


def read_params(
    method: str, query: bytes, content_type: str, body: bytes, own: Collection[str]
) -> tuple[dict[str, str], bytes]:
    """The parameters of a request, of a GET without those in ``own``, and the octets they were read from.

    Raises ``MalformedWebhook``.
    """
    if max(len(query), len(body)) > MAX_WEBHOOK:
        raise MalformedWebhook(f"the request has more than {MAX_WEBHOOK} octets")
    try:
        return _read(method.upper(), query, content_type, body, own)
    except _UnreadableError as error:
        reason = str(error)
    # raised out here: the errors of decoding hold the text, even as the context of another error
    raise MalformedWebhook(reason)


class _UnreadableError(ValueError):
    """Why the request cannot be read; never quotes it."""


def _read(
    method: str, query: bytes, content_type: str, body: bytes, own: Collection[str]
) -> tuple[dict[str, str], bytes]:
    if method == "GET":
        if body:
            raise _UnreadableError("a GET request has a body")
        if not query.isascii():
            raise _UnreadableError("the query holds characters that are not ASCII")
        return _from_form(query.decode("ascii"), own), query
    if method != "POST":
        raise _UnreadableError("the method is neither GET nor POST")
    # With a body the query is the receiver's own.
    return _from_body(content_type, body) if body else {}, body


def _from_body(content_type: str, body: bytes) -> dict[str, str]:
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in _UTF8_NAMES:
        raise _UnreadableError("the body is in another encoding than UTF-8")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json":
        return _from_json(body)
    if media_type != "application/x-www-form-urlencoded":
        raise _UnreadableError("the content type is neither a form nor JSON")
    if body.lstrip().startswith((b"{", b"[")):
        raise _UnreadableError("the body is JSON under the content type of a form")
    try:
        return _from_form(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise _UnreadableError("the body is not UTF-8") from None


def _from_form(text: str, own: Collection[str] = ()) -> dict[str, str]:
    if _BROKEN_ESCAPE.search(text):
        raise _UnreadableError("a percent escape is broken")
    pieces = [piece for piece in text.split("&") if piece]
    _check_number(len(pieces))
    params: dict[str, str] = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name = _unescaped(name)
        if name in own:
            continue
        if not equals:
            raise _UnreadableError("a parameter has no value")
        if name in params:
            raise _UnreadableError("a parameter is there twice")
        params[name] = _unescaped(value)
    return params


def _unescaped(text: str) -> str:
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        raise _UnreadableError("a percent escape is not UTF-8") from None


def _from_json(body: bytes) -> dict[str, str]:
    try:
        document = read_json(body)
    except StrictJsonError as error:
        raise _UnreadableError(f"the body cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise _UnreadableError("the JSON is not an object")
    _check_number(len(document))
    params: dict[str, str] = {}
    for name, value in document.items():
        match value:
            case bool():
                params[name] = "true" if value else "false"
            case str():
                params[name] = value
            # A list or an object: what we do not know by its name is passed over, and stays in raw.
            case list() | dict() if name in _NAMES and MESSAGES_API not in document:
                raise _UnreadableError(f"{name} is a list or an object")
    return params


def _check_number(parameters: int) -> None:
    if parameters > _MOST_PARAMETERS:
        raise _UnreadableError(f"the request has more than {_MOST_PARAMETERS} parameters")
