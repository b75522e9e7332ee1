"""A request as the service's stand-in reads it: octets to parameters, without the client's code.

It knows the forms that clients of the SMS API really send: a form, a query beside it (where specification 1.0.0 prints
the credentials), JSON (the vendor's Node client) and Basic authentication. It must not import what builds requests: a
mistake made twice, by writer and reader, would never be seen. Reference: SMS API 1.0.0 and 1.5.1, POST /sms/{format}.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

__all__ = ["Incoming", "Reading", "UnreadableRequestError", "read"]

FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
MAX_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP request as it arrived; header names are in lower case, and only the method and the path are shown."""

    method: str
    path: str
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """The parameters of a request, decoded, and the key and secret of its Authorization header where there is one."""

    params: dict[str, str] = field(repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)


class UnreadableRequestError(Exception):
    """The request is not a call of the SMS API at all; ``http_status`` is what the server answers."""

    def __init__(self, http_status: int, message: str) -> None:
        self.http_status = http_status
        self.message = message


def read(incoming: Incoming) -> Reading:
    """Decode query, body and Authorization header; every parameter may be given once, in either place.

    Raises ``UnreadableRequestError`` for anything that is neither a form nor a flat JSON object.
    """
    params: dict[str, str] = {}
    for name, value in [*_form_fields(incoming.query), *_body_fields(incoming)]:
        if name in params:
            raise UnreadableRequestError(400, f"the parameter {name!r} is given twice")
        params[name] = value
    return Reading(params, _basic(incoming.headers.get("authorization")))


def _body_fields(incoming: Incoming) -> list[tuple[str, str]]:
    if not incoming.body:
        return []
    media_type = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == JSON_TYPE:
        return _json_fields(incoming.body)
    if media_type != FORM_TYPE:
        raise UnreadableRequestError(415, f"the body must be {FORM_TYPE}")
    try:
        return _form_fields(incoming.body.decode("ascii"))
    except UnicodeDecodeError:
        raise UnreadableRequestError(400, "the form holds octets that are not escaped") from None


def _form_fields(text: str) -> list[tuple[str, str]]:
    if not text:
        return []
    try:
        return parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise UnreadableRequestError(400, "the form cannot be decoded") from None


def _json_fields(body: bytes) -> list[tuple[str, str]]:
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=list, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise UnreadableRequestError(400, "the JSON cannot be decoded") from None
    if not isinstance(document, list) or not all(isinstance(pair, tuple) for pair in document):
        raise UnreadableRequestError(400, "the JSON must be one object")
    return [(name, _json_text(name, value)) for name, value in document if value is not None]


def _json_text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise UnreadableRequestError(400, f"the parameter {name!r} must be a text, a number or a boolean")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise UnreadableRequestError(400, f"the parameter {name!r} holds half of a surrogate pair")
    return value


def _basic(header: str | None) -> tuple[str, str] | None:
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "basic":
        raise UnreadableRequestError(401, "only Basic authentication is known here")
    try:
        key, colon, secret = base64.b64decode(token.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        raise UnreadableRequestError(401, "the Authorization header cannot be decoded") from None
    if not colon:
        raise UnreadableRequestError(401, "the Authorization header holds no secret")
    return key, secret
