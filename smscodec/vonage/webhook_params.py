"""The parameters of a webhook request, decoded once and strictly, whether they come as query, form or JSON.

It knows encodings and nothing of what the parameters mean. Every request that is not one set of parameters, each there
once, is one error.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus

from smscodec._strict_json import StrictJsonError, read_json
from smscodec.vonage.errors import MalformedWebhook

__all__ = ["MAX_WEBHOOK", "read_params"]

MAX_WEBHOOK: Final = 1 << 18
"""Octets of the longest query or body that is read."""

_MOST_PARAMETERS: Final = 100
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})", re.ASCII)
_CHARSET: Final = re.compile(r'charset\s*=\s*"?([^";\s]*)', re.ASCII | re.IGNORECASE)
_UTF8_NAMES: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def read_params(method: str, query: str, content_type: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """The decoded parameters and the octets they were read from. Raises ``MalformedWebhook``."""
    if query and body:
        raise MalformedWebhook("the request has both a query and a body")
    if max(len(query), len(body)) > MAX_WEBHOOK:
        raise MalformedWebhook(f"the request has more than {MAX_WEBHOOK} octets")
    try:
        params, raw = _read(method.upper(), query, content_type, body)
    except _UnreadableError as error:
        reason = str(error)
    else:
        return params, raw
    # raised out here: the errors of decoding hold the text, even as the context of another error
    raise MalformedWebhook(reason)


class _UnreadableError(ValueError):
    """Why the request cannot be read; never quotes it."""


def _read(method: str, query: str, content_type: str, body: bytes) -> tuple[dict[str, str], bytes]:
    if method == "GET":
        if body:
            raise _UnreadableError("a GET request has a body")
        if not query.isascii():
            raise _UnreadableError("the query holds characters that are not ASCII")
        return _from_form(query), query.encode("ascii")
    if method != "POST":
        raise _UnreadableError("the method is neither GET nor POST")
    return _from_body(content_type, body), body


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
    return _from_form(_utf8(body))


def _utf8(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise _UnreadableError("the body is not UTF-8") from None


def _from_form(text: str) -> dict[str, str]:
    if _BROKEN_ESCAPE.search(text):
        raise _UnreadableError("a percent escape is broken")
    pieces = [piece for piece in text.split("&") if piece]
    pairs = [_pair(piece) for piece in pieces[: _MOST_PARAMETERS + 1]]
    return _checked(dict(pairs), len(pairs))


def _pair(piece: str) -> tuple[str, str]:
    name, equals, value = piece.partition("=")
    if not equals:
        raise _UnreadableError("a parameter has no value")
    try:
        return unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")
    except UnicodeDecodeError:
        raise _UnreadableError("a percent escape is not UTF-8") from None


def _from_json(body: bytes) -> dict[str, str]:
    try:
        document = read_json(body)
    except StrictJsonError as error:
        raise _UnreadableError(f"the body cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise _UnreadableError("the JSON is no object")
    members = {name: _json_text(value) for name, value in document.items() if value is not None}
    return _checked(members, len(members))


def _json_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise _UnreadableError("a value is a list or an object")
    return value


def _checked(params: dict[str, str], pairs: int) -> dict[str, str]:
    if not params:
        raise _UnreadableError("the request has no parameters")
    if pairs > _MOST_PARAMETERS:
        raise _UnreadableError(f"the request has more than {_MOST_PARAMETERS} parameters")
    if len(params) != pairs:
        raise _UnreadableError("a parameter is there twice")
    return params
