"""The account that sends, and where a request carries its key and secret.

A value and an enumeration; what they print never shows a secret. No method keeps a secret in a local variable while it
may raise, because crash reports show those.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Self

from smscodec._values import Value
from smscodec.vonage.errors import RequestError
from smscodec.vonage.signature import SignatureMethod
from smscodec.vonage.wire import check_kind

__all__ = ["VARIABLES", "AuthPlacement", "Credentials", "method_named"]

VARIABLES: Final = {
    "api_key": "VONAGE_API_KEY",
    "api_secret": "VONAGE_API_SECRET",
    "signature_secret": "VONAGE_SIGNATURE_SECRET",
    "signature_method": "VONAGE_SIGNATURE_METHOD",
}
"""The environment variable of each field."""


class AuthPlacement(Enum):
    """Where api_key and api_secret stand in a request that is not signed.

    >>> AuthPlacement("query")
    <AuthPlacement.QUERY: 'query'>
    """

    HEADER = "header"
    """HTTP Basic authentication, as specification 1.5.1 asks."""
    BODY = "body"
    """Parameters of the form."""
    QUERY = "query"
    """Parameters of the query, as specification 1.0.0 prints it. Logs of servers and proxies often show a query."""


@dataclass(frozen=True, slots=True, init=False)
class Credentials(Value):
    """The account: ``api_key`` with ``api_secret``, with ``signature_secret``, or with both.

    Requests are signed when there is a ``signature_secret``; the ``api_secret`` is then never sent, since the service
    refuses both together. ``signature_method`` is the one set for the account; None with a signature secret means
    ``md5hash``, which an account has until it is changed. Raises ``RequestError``.

    >>> Credentials("abcd1234", signature_secret="secret", signature_method=SignatureMethod.SHA256_HMAC)
    Credentials(api_key='abcd1234', signature_method=<SignatureMethod.SHA256_HMAC: 'sha256'>)
    """

    api_key: str
    api_secret: str | None = field(default=None, repr=False)
    signature_secret: str | None = field(default=None, repr=False)
    signature_method: SignatureMethod | None = None

    def __init__(
        self,
        api_key: str,
        api_secret: str | None = None,
        signature_secret: str | None = None,
        signature_method: SignatureMethod | None = None,
    ) -> None:
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "api_secret", api_secret)
        object.__setattr__(self, "signature_secret", signature_secret)
        object.__setattr__(self, "signature_method", signature_method)
        del api_key, api_secret, signature_secret  # so that the frame of a refusal does not hold them
        self._check()

    @classmethod
    def from_environment(cls) -> Self:
        """The account of ``VONAGE_API_KEY`` with ``VONAGE_API_SECRET``, ``VONAGE_SIGNATURE_SECRET`` or both.

        ``VONAGE_SIGNATURE_METHOD`` is md5hash, md5, sha1, sha256 or sha512. A variable that is empty counts as not set.
        Raises ``RequestError`` that names the variable.
        """
        unset = [field for field, variable in VARIABLES.items() if not os.environ.get(variable)]
        if "api_key" in unset:
            raise RequestError("api_key", f"{VARIABLES['api_key']} is not set")
        if {"api_secret", "signature_secret"} <= {*unset}:
            names = f"{VARIABLES['api_secret']} nor {VARIABLES['signature_secret']}"
            raise RequestError("api_secret", f"neither {names} is set")
        return cls(
            os.environ[VARIABLES["api_key"]],
            os.environ.get(VARIABLES["api_secret"]) or None,
            os.environ.get(VARIABLES["signature_secret"]) or None,
            None if "signature_secret" in unset else method_named(os.environ.get(VARIABLES["signature_method"])),
        )

    @property
    def method(self) -> SignatureMethod:
        """The signature method in force."""
        return self.signature_method or SignatureMethod.MD5_HASH

    def as_dict(self) -> dict[str, Any]:
        """The key and the method by name; of the secrets only whether they are there."""
        return {
            "api_key": self.api_key,
            "has_api_secret": self.api_secret is not None,
            "has_signature_secret": self.signature_secret is not None,
            "signature_method": self.signature_method.name if self.signature_method else None,
        }

    def _check(self) -> None:
        for name in ("api_key", "api_secret", "signature_secret"):
            fault = _fault(getattr(self, name)) if name == "api_key" or getattr(self, name) is not None else None
            if fault is not None:
                raise RequestError(name, fault)
        if ":" in self.api_key:
            raise RequestError("api_key", "must not hold a colon, which Basic authentication cannot carry")
        if self.api_secret is None and self.signature_secret is None:
            raise RequestError("api_secret", "either api_secret or signature_secret is needed")
        check_kind("signature_method", self.signature_method, SignatureMethod | None)
        if self.signature_method is not None and self.signature_secret is None:
            raise RequestError("signature_method", "is given without a signature_secret")


def method_named(name: str | None) -> SignatureMethod | None:
    """The method that the service's settings call so, None for no name. Raises ``RequestError``."""
    named = {method.value: method for method in SignatureMethod}
    if name and name.lower() not in named:
        raise RequestError("signature_method", f"{VARIABLES['signature_method']} must be one of {', '.join(named)}")
    return named[name.lower()] if name else None


def _fault(value: object) -> str | None:
    """What is wrong with a key or secret: a line end or a space would only show as a refused signature."""
    if not isinstance(value, str) or not value:
        return "must be a str that is not empty"
    if not value.isprintable() or any(character.isspace() for character in value):
        return "holds a space, a line end or a control character"
    return None
