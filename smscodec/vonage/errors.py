"""The errors of the SMS API façade, in one tree.

    VonageError
    ├ SignatureError(ValueError)     .reason: "missing" | "malformed" | "mismatch" | "stale"
    ├ RequestError(FieldError)       a field is wrong and nothing was sent; .field, .index, .character
    ├ TransportError
    │  ├ ConnectFailed               no connection was made, so nothing was sent
    │  └ OutcomeUnknown              the request went out and no usable answer came: never repeat it blindly
    ├ HttpError                      an HTTP status outside 2xx and 5xx; .status, .body
    ├ MalformedResponse(ValueError)  an answer that is not a reply of the service; .body
    ├ MalformedWebhook(ValueError)   a webhook request that cannot be read
    ├ SendError                      the service refused the message; .status, .name, .meaning, .resolution, .text,
    │  │                              .result
    │  └ Throttled                   status 1: sent too fast; .wait
    └ PartialFailure                 some segments were accepted and some were not; .accepted, .rejected, .result

The last three are raised for a reply and stand beside it in ``response``.

What an error prints, and its ``args``, never hold a secret, a telephone number or the text of a message; attributes
may. All survive pickle and deepcopy.
"""

# ruff: noqa: N818  # the contract names the errors; most of them say what happened and do not end in Error

from __future__ import annotations

import copyreg
from typing import Any, Literal

from smscodec.errors import FieldError, SmsCodecError

__all__ = [
    "ConnectFailed", "HttpError", "MalformedResponse", "MalformedWebhook", "OutcomeUnknown", "RequestError",
    "SignatureError", "SignatureReason", "TransportError", "VonageError",
]  # fmt: skip

SignatureReason = Literal["missing", "malformed", "mismatch", "stale"]


class VonageError(SmsCodecError):
    """The base of every error of the façade; ``message`` is what it prints.

    >>> from smscodec.vonage import parse_webhook
    >>> try:
    ...     parse_webhook("GET", "text=%zz", None, b"")
    ... except VonageError as error:
    ...     print(type(error).__name__, error.message, sep=" | ")
    MalformedWebhook | a percent escape is broken
    """

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # args hold the printed sentence alone, so rebuilding must not go through the constructors of the subclasses
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # not in typeshed


class SignatureError(VonageError, ValueError):
    """A signature cannot be computed or does not hold.

    ``reason``: "missing" (no ``sig`` or no ``timestamp``), "malformed" (a value that cannot be part of a signed
    request, or an empty secret), "mismatch" (signed with another secret or method, or altered), "stale" (outside the
    window of time, in either direction).

    >>> from smscodec.vonage import SignatureMethod, verify
    >>> try:
    ...     verify({"text": "Hello"}, "secret", SignatureMethod.SHA256_HMAC, now=1700000000)
    ... except SignatureError as error:
    ...     print(error.reason)
    missing
    """

    def __init__(self, reason: SignatureReason, message: str) -> None:
        super().__init__(message)
        self.reason: SignatureReason = reason


class RequestError(VonageError, FieldError):
    """A field of a request is wrong; nothing was sent.

    ``field`` is the name of the argument. Where a single character is wrong, ``index`` is its position and
    ``character`` its Unicode name.

    >>> from smscodec.vonage import TextMessage
    >>> try:
    ...     TextMessage("447700900000", "AcmeInc", "5 ₽", type="text")
    ... except RequestError as error:
    ...     print(error.field, error.index, error.character)
    text 2 RUBLE SIGN
    """

    def __init__(self, field: str, message: str, *, index: int | None = None, character: str | None = None) -> None:
        VonageError.__init__(self, f"{field}: {message}")
        self.field = field
        self.index = index
        self.character = character


class TransportError(VonageError):
    """The exchange with the service failed below HTTP.

    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url="http://127.0.0.1:9")
    >>> try:
    ...     client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    ... except TransportError as error:
    ...     print(type(error).__name__)
    ConnectFailed
    """


class ConnectFailed(TransportError):
    """No connection was made: nothing was sent, and it is safe to try again.

    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url="http://127.0.0.1:9")
    >>> try:
    ...     client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    ... except ConnectFailed:
    ...     print("nothing was sent")
    nothing was sent
    """


class OutcomeUnknown(TransportError):
    """The request may have been accepted, and there is no way to know. Sending it again may send the message twice.

    ``status`` is the HTTP status where an answer came (5xx), else None.

    >>> from smscodec.vonage import Client, Credentials, HttpResponse
    >>> try:
    ...     Client(Credentials("abcd1234", "abcdef0123456789")).parse(HttpResponse(502, {}, b""))
    ... except OutcomeUnknown as error:
    ...     print(error.status)
    502
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class HttpError(VonageError):
    """An answer with an HTTP status that is neither 2xx nor 5xx: a refusal (4xx), or a redirect, which is not followed.

    ``status`` is its number and ``body`` the octets. It may come from anything on the way to the service. Only 429
    states that the request was not taken, so that it may be repeated.

    >>> from smscodec.vonage import Client, Credentials, HttpResponse
    >>> try:
    ...     Client(Credentials("abcd1234", "abcdef0123456789")).parse(HttpResponse(403, {}, b"Forbidden"))
    ... except HttpError as error:
    ...     print(error.status, error.body)
    403 b'Forbidden'
    """

    def __init__(self, status: int, *, body: bytes = b"") -> None:
        super().__init__(f"the service answered with HTTP status {status}")
        self.status = status
        self.body = body


class MalformedResponse(VonageError, ValueError):
    """An answer that is not a reply of the service; ``body`` holds the octets. Whether it was accepted is not known.

    >>> from smscodec.vonage import parse_response
    >>> parse_response(b"Hello")
    Traceback (most recent call last):
        ...
    smscodec.vonage.errors.MalformedResponse: the response is not a reply of the SMS API: it is not valid JSON
    """

    def __init__(self, message: str, *, body: bytes = b"") -> None:
        super().__init__(message)
        self.body = body


class MalformedWebhook(VonageError, ValueError):
    """A request to a webhook that cannot be read as one set of parameters; the message says what to do about it.

    >>> from smscodec.vonage import parse_webhook
    >>> parse_webhook("PUT", "", None, b"")
    Traceback (most recent call last):
        ...
    smscodec.vonage.errors.MalformedWebhook: the method is neither GET nor POST
    """
