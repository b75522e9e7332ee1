"""Signing and verifying the parameters of a request or webhook.

The functions take and give plain mappings of decoded parameters and never change what they are given. They know
nothing of HTTP, and read the clock only in ``verify`` and only when no time is given.

What is signed: every parameter but ``sig`` and ``api_secret``, sorted by name, each written ``&name=value``; inside a
value ``&`` and ``=`` count as ``_``, so values that differ in nothing but these three characters sign alike.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from smscodec.vonage.errors import RequestError, SignatureError

__all__ = ["SignatureMethod", "base_string", "sign", "signed", "verify"]

_UNSIGNED: Final = frozenset({"sig", "api_secret"})
_SEPARATORS: Final = str.maketrans("&=", "__")
# Twelve digits reach past the year 30000; an unbounded number would only cost time to convert.
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


class SignatureMethod(Enum):
    """How the signature is made; the value is the name that the service's dashboard and SDKs give it."""

    MD5_HASH = "md5hash"
    MD5_HMAC = "md5"
    SHA1_HMAC = "sha1"
    SHA256_HMAC = "sha256"
    SHA512_HMAC = "sha512"


# The digests are the protocol's; saying that they guard nothing keeps them working on hosts that forbid MD5.
_DIGESTS: Final[Mapping[SignatureMethod, Callable[..., Any]]] = MappingProxyType(
    {
        SignatureMethod.MD5_HASH: partial(hashlib.md5, usedforsecurity=False),
        SignatureMethod.MD5_HMAC: partial(hashlib.md5, usedforsecurity=False),
        SignatureMethod.SHA1_HMAC: partial(hashlib.sha1, usedforsecurity=False),
        SignatureMethod.SHA256_HMAC: partial(hashlib.sha256, usedforsecurity=False),
        SignatureMethod.SHA512_HMAC: partial(hashlib.sha512, usedforsecurity=False),
    }
)


def base_string(params: Mapping[str, object]) -> str:
    """The text that is hashed.

    ``params`` maps names to str, int or bool; a None is left out. A name with ``&`` or ``=`` in it, a float and any
    other type raise ``SignatureError`` with reason "malformed".
    """
    return "".join(f"&{name}={text.translate(_SEPARATORS)}" for name, text in sorted(_texts(params).items()))


def sign(params: Mapping[str, object], secret: str, method: SignatureMethod) -> str:
    """The signature of the parameters in lower-case hexadecimal digits.

    ``params`` as for ``base_string``, ``timestamp`` among them. An empty secret raises ``SignatureError``, and a method
    that is no ``SignatureMethod`` raises ``RequestError``, here as in ``signed`` and ``verify``.
    """
    _check_method(method)
    text, key = _octets(base_string(params)), _key(secret)
    digest = _DIGESTS[method]
    if method is SignatureMethod.MD5_HASH:
        return str(digest(text + key).hexdigest())
    return hmac.new(key, text, digest).hexdigest()


def signed(params: Mapping[str, object], secret: str, method: SignatureMethod, *, timestamp: int) -> dict[str, str]:
    """A new mapping ready to be sent: the texts of ``params`` with ``timestamp`` and ``sig``.

    ``timestamp`` is in whole Unix seconds. None and empty values are left out, as is ``api_secret``: a request must not
    carry both a signature and the secret. Raises ``SignatureError`` as ``sign`` does.
    """
    if not _TIMESTAMP.fullmatch(_text("timestamp", timestamp)):
        raise SignatureError("malformed", "the timestamp is not a whole number of Unix seconds")
    wire = {name: text for name, text in _texts(params).items() if text}
    wire["timestamp"] = str(timestamp)
    wire["sig"] = sign(wire, secret, method)
    return wire


def verify(
    params: Mapping[str, object],
    secret: str,
    method: SignatureMethod,
    *,
    now: float | None = None,
    tolerance: int | None = 300,
) -> None:
    """Return if the signature holds and the timestamp lies within the window, else raise ``SignatureError``.

    ``params`` is the raw decoded mapping, such as the ``params`` of a parsed webhook. ``now`` is in Unix seconds and
    read from the clock when None; ``tolerance`` is in seconds in both directions, None for any age. The checks run in
    the order of ``SignatureError.reason``, and the comparison takes the same time wherever a difference lies.

    A request can be repeated inside the window; a caller who must see each request once remembers the ``nonce``. The
    service repeats a webhook for up to 24 hours when it got no answer, and does not say whether it signs it again:
    with a narrow tolerance such a repetition may be refused.
    """
    # First, for it is a slip in the program and says nothing about the parameters.
    _check_method(method)
    given, timestamp = _signature_and_timestamp(params)
    expected = sign(params, secret, method)
    if not hmac.compare_digest(given.lower().encode("ascii"), expected.encode("ascii")):
        raise SignatureError("mismatch", "the signature does not match the parameters")
    if tolerance is not None:
        instant = time.time() if now is None else now
        # written so that a time that compares with nothing, as NaN, is refused
        if not abs(instant - timestamp) <= tolerance:
            raise SignatureError("stale", "the timestamp lies outside the window of time")


def _check_method(method: object) -> None:
    if not isinstance(method, SignatureMethod):
        raise RequestError("method", "must be a SignatureMethod")


def _signature_and_timestamp(params: object) -> tuple[str, int]:
    if not isinstance(params, Mapping):
        raise SignatureError("malformed", "the parameters are not a mapping")
    given, timestamp = params.get("sig"), params.get("timestamp")
    if given is None or given == "":
        raise SignatureError("missing", "there is no sig")
    if timestamp is None or timestamp == "":
        raise SignatureError("missing", "there is no timestamp")
    if not isinstance(given, str) or not given.isascii():
        raise SignatureError("malformed", "sig is not an ASCII text")
    digits = _text("timestamp", timestamp)
    if not _TIMESTAMP.fullmatch(digits):
        raise SignatureError("malformed", "timestamp is not a whole number of Unix seconds")
    return given, int(digits)


def _texts(params: Mapping[str, object]) -> dict[str, str]:
    return {
        _name(name): _text(name, value) for name, value in params.items() if value is not None and name not in _UNSIGNED
    }


def _name(name: object) -> str:
    if not isinstance(name, str) or "&" in name or "=" in name:
        raise SignatureError("malformed", "a parameter's name is not a text, or has & or = in it")
    return name


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _decimal(value)
    if isinstance(value, str):
        return value
    raise SignatureError(
        "malformed", f"a value is of type {type(value).__name__}; only str, int and bool can be signed"
    )


def _decimal(value: int) -> str:
    # beyond 64 bits nothing is a parameter, and Python refuses to write out the longest
    if value.bit_length() > 64:
        raise SignatureError("malformed", "a number is too long")
    return str(value)


def _octets(text: str) -> bytes:
    octets = _utf8(text)
    if octets is None:
        raise SignatureError("malformed", "a parameter holds a lone surrogate")
    return octets


def _key(secret: object) -> bytes:
    octets = _utf8(secret) if isinstance(secret, str) else None
    if not octets:
        raise SignatureError("malformed", "the signature secret is empty or no text")
    return octets


def _utf8(text: str) -> bytes | None:
    # None rather than an error: a UnicodeEncodeError carries the text, even as the context of another error
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return None
