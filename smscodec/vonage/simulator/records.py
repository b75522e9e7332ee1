"""What the simulator remembers for inspection: requests, accepted messages and callbacks.

Plain values, made by the other modules of this package. Numbers, texts and secrets can be read from the attributes and
are absent from the reprs, so that a failing test does not print them into a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

__all__ = [
    "MAX_RECORDS",
    "Attempt",
    "CallbackKind",
    "CallbackMethod",
    "CallbackState",
    "RecordedCallback",
    "RecordedMessage",
    "RecordedRequest",
]

MAX_RECORDS = 10_000
"""How many requests, messages and callbacks are kept; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One HTTP request that came in, and how it was answered.

    ``at`` is the simulator's time in Unix seconds; header names are in lower case; ``params`` is empty where the
    request could not be read. ``http_status`` is None where the connection was dropped; ``statuses`` are those of the
    reply's parts.
    """

    at: float
    method: str
    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    params: Mapping[str, str] = field(repr=False)
    http_status: int | None
    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """One message that the simulator accepted, at least in part; ``message_ids`` has one for each accepted part.

    ``text`` is what the handset shows: with ``type=text``, characters outside GSM 7-bit have become ``?``, as on the
    real service. ``segments`` is what the message costs, the refused part of a partial success included.
    """

    at: float
    type: str
    segments: int
    message_ids: tuple[str, ...]
    to: str = field(repr=False)
    sender: str = field(repr=False)
    text: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)


class CallbackKind(Enum):
    """What a callback tells."""

    RECEIPT = "delivery receipt"
    INBOUND = "inbound message"


class CallbackMethod(Enum):
    """The three ways in which the service calls a webhook, named as in its account settings."""

    GET = "GET"
    POST = "POST"
    POST_JSON = "POST-JSON"


class CallbackState(Enum):
    """Where a callback is: PENDING until a 2xx reply came, it was repeated for too long, or its URL was refused."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver a callback: the simulator's time and the HTTP status, None when no reply came."""

    at: float
    http_status: int | None


@dataclass(frozen=True, slots=True)
class RecordedCallback:
    """One callback as it stands: what is sent where, the attempts so far, and whether it arrived."""

    kind: CallbackKind
    method: CallbackMethod
    url: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)
    attempts: tuple[Attempt, ...] = ()
    state: CallbackState = CallbackState.PENDING
