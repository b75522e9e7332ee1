"""Signing and verifying the parameters of a request or webhook.

The functions take and give plain mappings of decoded parameters and never change what they are given. They know
nothing of HTTP, and read the clock only in ``verify`` and only when no time is given.

What is signed: every parameter but ``sig`` and ``api_secret``, sorted by name, each written ``&name=value``; inside a
value ``&`` and ``=`` count as ``_``, so values that differ in nothing but these three characters sign alike.

Secrets are wrapped in ``_Key`` as soon as they come in, and so are absent from what a crash report shows of our frames.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import Any, Final

from smscodec.vonage.errors import SignatureError
from smscodec.vonage.wire import check_kind

__all__ = ["SignatureMethod", "base_string", "sign", "signed", "verify"]

_UNSIGNED: Final = frozenset({"sig", "api_secret"})
_SEPARATORS: Final = str.maketrans("&=", "__")
# Twelve digits reach past the year 30000; an unbounded number would only cost time to convert.
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


class SignatureMethod(Enum):
    """How the signature is made; the value is the name that the service's dashboard and SDKs give it.

    >>> SignatureMethod("sha256")
    <SignatureMethod.SHA256_HMAC: 'sha256'>
    """

    MD5_HASH = "md5hash"
    MD5_HMAC = "md5"
    SHA1_HMAC = "sha1"
    SHA256_HMAC = "sha256"
    SHA512_HMAC = "sha512"


def base_string(params: Mapping[str, object]) -> str:
    """The text that is hashed.

    ``params`` maps names to str, int or bool; a None is left out. A name with ``&`` or ``=`` in it, a float and any
    other type raise ``SignatureError`` with reason "malformed".

    >>> base_string({"to": "447700900000", "text": "a & b", "sig": "not signed"})
    '&text=a _ b&to=447700900000'
    """
    return "".join(f"&{name}={text.translate(_SEPARATORS)}" for name, text in sorted(_texts(params).items()))


def sign(params: Mapping[str, object], secret: str, method: SignatureMethod) -> str:
    """The signature of the parameters in lower-case hexadecimal digits.

    ``params`` as for ``base_string``, ``timestamp`` among them. An empty secret raises ``SignatureError``, and a method
    that is not a ``SignatureMethod`` raises ``RequestError``, here as in ``signed`` and ``verify``.

    >>> sign({"text": "Hello", "timestamp": 1700000000}, "secret", SignatureMethod.MD5_HASH)
    'e977eb401326c804b13add481f6202b4'
    """
    key = _Key(secret)
    del secret
    return _digest(params, key, method)


def signed(params: Mapping[str, object], secret: str, method: SignatureMethod, *, timestamp: int) -> dict[str, str]:
    """A new mapping ready to be sent: the texts of ``params`` with ``timestamp`` and ``sig``.

    ``timestamp`` is in whole Unix seconds. None and empty values are left out, as is ``api_secret``: a request must not
    carry both a signature and the secret. Raises ``SignatureError`` as ``sign`` does.

    >>> sorted(signed({"text": "Hello", "ttl": None}, "secret", SignatureMethod.SHA256_HMAC, timestamp=1700000000))
    ['sig', 'text', 'timestamp']
    """
    key = _Key(secret)
    del secret
    if not _TIMESTAMP.fullmatch(_text(timestamp)):
        raise SignatureError("malformed", "the timestamp is not a whole number of Unix seconds")
    wire = {name: text for name, text in _texts(params).items() if text}
    wire["timestamp"] = str(timestamp)
    wire["sig"] = _digest(wire, key, method)
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

    A request can be repeated inside the window; to see each request once, remember its ``nonce``. The service repeats
    a webhook for up to 24 hours when it got no answer, and does not say whether it signs it again: with a narrow
    tolerance such a repetition may be refused.

    >>> wire = signed({"text": "Hello"}, "secret", SignatureMethod.SHA256_HMAC, timestamp=1700000000)
    >>> verify(wire, "secret", SignatureMethod.SHA256_HMAC, now=1700000010)
    """
    key = _Key(secret)
    del secret
    check_kind(
        "method", method, SignatureMethod
    )  # first: it is a slip in the program and says nothing about the parameters
    given, timestamp = _signature_and_timestamp(params)
    # The right signature has no name here: with it, a crash report would teach how to forge this request.
    if not hmac.compare_digest(given.lower().encode("ascii"), _digest(params, key, method).encode("ascii")):
        raise SignatureError("mismatch", "the signature does not match the parameters")
    if tolerance is not None:
        instant = time.time() if now is None else now
        # written so that a time that compares with nothing, as NaN, is refused
        if not abs(instant - timestamp) <= tolerance:
            raise SignatureError("stale", "the timestamp lies outside the window of time")


class _Key:
    """A secret as octets, None for one that cannot be signed with; unlike a str or bytes it shows nothing."""

    __slots__ = ("octets",)

    def __init__(self, secret: object) -> None:
        self.octets = (_utf8(secret) if isinstance(secret, str) else None) or None


def _digest(params: Mapping[str, object], key: _Key, method: SignatureMethod) -> str:
    check_kind("method", method, SignatureMethod)
    text = _utf8(base_string(params))
    if text is None:
        raise SignatureError("malformed", "a parameter holds a lone surrogate")
    if key.octets is None:
        raise SignatureError("malformed", "the signature secret is empty or not a str")
    # The digests are the protocol's; saying that they guard nothing keeps them working on hosts that forbid MD5.
    algorithm: Any = partial(hashlib.new, method.value.removesuffix("hash"), usedforsecurity=False)
    if method is SignatureMethod.MD5_HASH:
        return str(algorithm(text + key.octets).hexdigest())
    return hmac.new(key.octets, text, algorithm).hexdigest()


def _signature_and_timestamp(params: Mapping[str, object]) -> tuple[str, int]:
    given, timestamp = _mapping(params).get("sig"), params.get("timestamp")
    if given is None or given == "":
        raise SignatureError("missing", "there is no sig")
    if timestamp is None or timestamp == "":
        raise SignatureError("missing", "there is no timestamp")
    if not isinstance(given, str) or not given.isascii():
        raise SignatureError("malformed", "sig is not an ASCII text")
    digits = _text(timestamp)
    if not _TIMESTAMP.fullmatch(digits):
        raise SignatureError("malformed", "timestamp is not a whole number of Unix seconds")
    return given, int(digits)


def _mapping(params: object) -> Mapping[Any, object]:
    if not isinstance(params, Mapping):
        found = type(params).__name__
        raise SignatureError("malformed", f"the parameters must be a mapping, such as webhook.params, not {found}")
    return params


def _texts(params: object) -> dict[str, str]:
    texts = {}
    for name, value in _mapping(params).items():
        if value is None or name in _UNSIGNED:
            continue
        if not isinstance(name, str) or "&" in name or "=" in name:
            raise SignatureError("malformed", "a parameter's name is not a str, or has & or = in it")
        texts[name] = _text(value)
    return texts


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # beyond 64 bits nothing is a parameter, and Python refuses to write out the longest
        if value.bit_length() > 64:
            raise SignatureError("malformed", "a number is too long")
        return str(value)
    if isinstance(value, str):
        return value
    raise SignatureError(
        "malformed", f"a value is of type {type(value).__name__}; only str, int and bool can be signed"
    )


def _utf8(text: str) -> bytes | None:
    # None rather than an error: a UnicodeEncodeError carries the text, even as the context of another error
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return None
