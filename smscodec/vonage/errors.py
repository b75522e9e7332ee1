"""Every error of the SMS API façade, in one tree.

    VonageError
    ├ SignatureError(ValueError)     .reason: "missing" | "malformed" | "mismatch" | "stale"
    ├ RequestError(FieldError)       a field is wrong and nothing was sent; .field, .index, .character
    ├ TransportError
    │  ├ ConnectFailed               no connection was made, so nothing was sent
    │  └ OutcomeUnknown              octets went out and no usable answer came back: never repeat it blindly
    ├ HttpError                      an HTTP status outside 2xx and 5xx; .status, .body
    ├ MalformedResponse(ValueError)  an answer that is no reply of the service; .body
    ├ MalformedWebhook(ValueError)   a webhook request that cannot be read
    ├ SendError                      the service refused the message; .status, .name, .text, .result
    │  └ one class for each status: Throttled(.wait), InvalidCredentials …
    └ PartialFailure                 some segments were accepted and some were not; .accepted, .rejected, .result

What an error prints, and its ``args``, never hold a secret, a telephone number or the text of a message; attributes
may. All survive pickle and deepcopy. This module knows no wire format.
"""

# ruff: noqa: N818  # the contract names the errors; most of them say what happened and do not end in Error

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from smscodec.errors import FieldError, SmsCodecError

if TYPE_CHECKING:
    from smscodec.vonage.response import SendResult, SentPart

__all__ = [
    "SEND_ERRORS",
    "AccountBarred",
    "BlockedByProvider",
    "ConnectFailed",
    "DestinationNotPermitted",
    "HttpError",
    "HttpNotEnabled",
    "InternalError",
    "InvalidCallback",
    "InvalidCredentials",
    "InvalidMessage",
    "InvalidNetworkCode",
    "InvalidParameters",
    "InvalidSender",
    "InvalidSignature",
    "MalformedResponse",
    "MalformedWebhook",
    "MessageTooLong",
    "MissingParameters",
    "NumberBarred",
    "NumberDeactivated",
    "OutcomeUnknown",
    "PartialFailure",
    "QuotaExceeded",
    "RequestError",
    "SendError",
    "SignatureAndSecret",
    "SignatureError",
    "SignatureReason",
    "Throttled",
    "TooManyBinds",
    "TransportError",
    "VonageError",
]

SignatureReason = Literal["missing", "malformed", "mismatch", "stale"]


class VonageError(SmsCodecError):
    """The base of every error of the façade; ``message`` is what it prints."""

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
    """

    def __init__(self, reason: SignatureReason, message: str) -> None:
        super().__init__(message)
        self.reason: SignatureReason = reason


class RequestError(VonageError, FieldError):
    """A field of a request is wrong; nothing was sent.

    ``field`` is the name of the argument. Where one character is at fault, ``index`` is its place and ``character``
    its Unicode name.
    """

    def __init__(self, field: str, message: str, *, index: int | None = None, character: str | None = None) -> None:
        VonageError.__init__(self, f"{field}: {message}")
        self.field = field
        self.index = index
        self.character = character


class TransportError(VonageError):
    """The exchange with the service failed below HTTP."""


class ConnectFailed(TransportError):
    """No connection was made: nothing was sent, and it is safe to try again."""


class OutcomeUnknown(TransportError):
    """The request may have been accepted, and nothing tells. Sending it again may send the message twice.

    ``status`` is the HTTP status where an answer came (5xx), else None.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class HttpError(VonageError):
    """An answer with an HTTP status that is neither 2xx nor 5xx: a refusal (4xx), or a redirect, which is not followed.

    ``status`` is its number and ``body`` the octets. It may come from anything on the way to the service. Only 429
    states that the request was not taken, so that it may be repeated.
    """

    def __init__(self, status: int, *, body: bytes = b"") -> None:
        super().__init__(f"the service answered with HTTP status {status}")
        self.status = status
        self.body = body


class MalformedResponse(VonageError, ValueError):
    """An answer that is no reply of the service; ``body`` holds the octets. Whether it was accepted is not known."""

    def __init__(self, message: str, *, body: bytes = b"") -> None:
        super().__init__(message)
        self.body = body


class MalformedWebhook(VonageError, ValueError):
    """A request to a webhook that cannot be read as one set of parameters."""


class SendError(VonageError):
    """The service refused the message.

    ``status`` is its number, ``name`` the name of that status, ``text`` the service's own words (which may quote the
    request, so they are not printed), ``result`` the whole SendResult.
    """

    def __init__(self, message: str, *, status: int, name: str, text: str, result: SendResult) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.text = text
        self.result = result


class Throttled(SendError):
    """Status 1: sent faster than the account may. ``wait`` is the time to wait in seconds, 1 where none was stated."""

    def __init__(self, message: str, *, status: int, name: str, text: str, result: SendResult, wait: float) -> None:
        super().__init__(message, status=status, name=name, text=text, result=result)
        self.wait = wait


class MissingParameters(SendError):
    """Status 2."""


class InvalidParameters(SendError):
    """Status 3."""


class InvalidCredentials(SendError):
    """Status 4."""


class InternalError(SendError):
    """Status 5."""


class InvalidMessage(SendError):
    """Status 6."""


class NumberBarred(SendError):
    """Status 7."""


class AccountBarred(SendError):
    """Status 8."""


class QuotaExceeded(SendError):
    """Status 9."""


class TooManyBinds(SendError):
    """Status 10."""


class HttpNotEnabled(SendError):
    """Status 11."""


class MessageTooLong(SendError):
    """Status 12."""


class InvalidSignature(SendError):
    """Status 14."""


class InvalidSender(SendError):
    """Status 15."""


class BlockedByProvider(SendError):
    """Status 17."""


class InvalidNetworkCode(SendError):
    """Status 22."""


class InvalidCallback(SendError):
    """Status 23."""


class DestinationNotPermitted(SendError):
    """Status 29."""


class SignatureAndSecret(SendError):
    """Status 32."""


class NumberDeactivated(SendError):
    """Status 33."""


class PartialFailure(VonageError):
    """Some segments of one message were accepted and others were not; never repeated by the client.

    ``accepted`` and ``rejected`` are the parts of the reply, ``result`` the whole SendResult.
    """

    def __init__(self, result: SendResult) -> None:
        super().__init__(f"{len(result.accepted)} of {len(result.parts)} segments were accepted")
        self.result = result

    @property
    def accepted(self) -> tuple[SentPart, ...]:
        """The parts with status 0."""
        return self.result.accepted

    @property
    def rejected(self) -> tuple[SentPart, ...]:
        """The parts with any other status."""
        return self.result.rejected


SEND_ERRORS: Final[Mapping[int, type[SendError]]] = MappingProxyType(
    {
        1: Throttled,
        2: MissingParameters,
        3: InvalidParameters,
        4: InvalidCredentials,
        5: InternalError,
        6: InvalidMessage,
        7: NumberBarred,
        8: AccountBarred,
        9: QuotaExceeded,
        10: TooManyBinds,
        11: HttpNotEnabled,
        12: MessageTooLong,
        14: InvalidSignature,
        15: InvalidSender,
        17: BlockedByProvider,
        22: InvalidNetworkCode,
        23: InvalidCallback,
        29: DestinationNotPermitted,
        32: SignatureAndSecret,
        33: NumberDeactivated,
    }
)
"""The error class of each status that the specifications list."""
