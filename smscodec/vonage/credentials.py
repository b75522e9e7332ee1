"""Who sends, and where a request shows it.

A value and an enumeration; what they print never shows a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from smscodec.vonage.errors import RequestError
from smscodec.vonage.signature import SignatureMethod

__all__ = ["AuthPlacement", "Credentials"]


class AuthPlacement(Enum):
    """Where api_key and api_secret stand in a request that is not signed."""

    HEADER = "header"
    """HTTP Basic authentication, as specification 1.5.1 asks."""
    BODY = "body"
    """Parameters of the form."""
    QUERY = "query"
    """Parameters of the query, as specification 1.0.0 prints it. Logs of servers and proxies often show a query."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The account: ``api_key`` with ``api_secret``, with ``signature_secret``, or with both.

    Requests are signed when there is a ``signature_secret``; the ``api_secret`` is then never sent, since the service
    refuses both together. ``signature_method`` is the one set for the account; None with a signature secret means
    ``md5hash``, which an account has until it is changed. Raises ``RequestError``.
    """

    api_key: str
    api_secret: str | None = field(default=None, repr=False)
    signature_secret: str | None = field(default=None, repr=False)
    signature_method: SignatureMethod | None = None

    def __post_init__(self) -> None:
        _check("api_key", self.api_key)
        if ":" in self.api_key:
            raise RequestError("api_key", "must not hold a colon, which Basic authentication cannot carry")
        for name, secret in (("api_secret", self.api_secret), ("signature_secret", self.signature_secret)):
            if secret is not None:
                _check(name, secret)
        if self.api_secret is None and self.signature_secret is None:
            raise RequestError("api_secret", "either api_secret or signature_secret is needed")
        if self.signature_method is not None and not isinstance(self.signature_method, SignatureMethod):
            raise RequestError("signature_method", "must be a SignatureMethod")
        if self.signature_method is not None and self.signature_secret is None:
            raise RequestError("signature_method", "is given without a signature_secret")

    @property
    def method(self) -> SignatureMethod:
        """The signature method in force."""
        return self.signature_method or _DEFAULT_METHOD


_DEFAULT_METHOD: Final = SignatureMethod.MD5_HASH


def _check(name: str, value: object) -> None:
    """A line end or a blank here is a slip in a file or variable, and would otherwise end in a refused signature."""
    if not isinstance(value, str) or not value:
        raise RequestError(name, "must be a text that is not empty")
    if not value.isprintable() or any(character.isspace() for character in value):
        raise RequestError(name, "holds a blank, a line end or a control character")
