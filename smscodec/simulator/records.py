"""What the simulator remembers for inspection: requests, accepted messages and callbacks.

Plain values, made by the other modules of this package. Numbers, texts and secrets can be read from the attributes and
are absent from the reprs, so that a failing test does not print them into a log.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

from smscodec._values import TypedValue, Value, plain

__all__ = [
    "MAX_RECORDED_OCTETS",
    "MAX_RECORDS",
    "Attempt",
    "CallbackKind",
    "CallbackMethod",
    "CallbackState",
    "RecordedCallback",
    "RecordedMessage",
    "RecordedRequest",
    "Records",
]

MAX_RECORDS = 10_000
"""How many requests, messages and callbacks are kept; older ones are forgotten."""
MAX_RECORDED_OCTETS = 64 << 20
"""How many octets of requests are kept, and how many of messages; the latest of each is kept whatever its size."""

T = TypeVar("T")


class Records(Generic[T]):
    """The latest records, bounded by their number and by the octets they count for. Not thread-safe."""

    def __init__(self) -> None:
        self._kept: deque[tuple[T, int]] = deque()
        self._octets = 0

    def append(self, record: T, octets: int) -> None:
        """Add a record, and forget the oldest while there are too many or they are too large."""
        self._kept.append((record, octets))
        self._octets += octets
        while len(self._kept) > 1 and (len(self._kept) > MAX_RECORDS or self._octets > MAX_RECORDED_OCTETS):
            self._octets -= self._kept.popleft()[1]

    def all(self) -> list[T]:
        """Every record that is kept, oldest first."""
        return [record for record, _ in self._kept]


def _without_secret(params: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if name != "api_secret"}


@dataclass(frozen=True, slots=True)
class RecordedRequest(TypedValue):
    """One HTTP request that came in, and how it was answered.

    ``at`` is the simulator's time in Unix seconds; header names are in lower case; ``params`` is empty where the
    request could not be read. ``http_status`` is None where the connection was dropped; ``statuses`` are those of the
    reply's parts.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> with Simulator() as simulator:
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     result = client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    >>> request = simulator.requests[0]
    >>> request.method, request.path, request.params["to"], request.statuses
    ('POST', '/sms/json', '447700900000', (0,))
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

    def as_dict(self) -> dict[str, Any]:
        """What was asked and answered, in types that ``json.dumps`` takes.

        The API secret is left out, and so are the query, headers and body, where it may stand too.
        """
        shown = {name: plain(getattr(self, name)) for name in ("at", "method", "path", "http_status", "statuses")}
        return {"type": type(self).__name__, **shown, "params": _without_secret(self.params)}


@dataclass(frozen=True, slots=True)
class RecordedMessage(TypedValue):
    """One message that the simulator accepted, at least in part; ``message_ids`` has one for each accepted part.

    ``text`` is what the handset shows: with ``type=text``, characters outside GSM 7-bit have become ``?``, as on the
    real service. ``segments`` is what the message costs, the refused part of a partial success included.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> with Simulator() as simulator:
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     result = client.send(TextMessage("447700900000", "AcmeInc", "a" * 161))
    >>> simulator.messages[0].segments, simulator.messages[0].to
    (2, '447700900000')
    """

    at: float
    type: str
    segments: int
    message_ids: tuple[str, ...]
    to: str = field(repr=False)
    sender: str = field(repr=False)
    text: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes, less the API secret; ``type`` is the class.

        ``message_type`` is the field ``type``.
        """
        fields = {**TypedValue.as_dict(self), "params": _without_secret(self.params)}
        return {**fields, "type": type(self).__name__, "message_type": self.type}


class CallbackKind(Enum):
    """What a callback tells.

    >>> from smscodec.simulator import Simulator
    >>> with Simulator(inbound_url="http://127.0.0.1:9/inbound") as simulator:
    ...     [callback] = simulator.inbound("Hello", repeat=False)
    >>> callback.kind
    <CallbackKind.INBOUND: 'inbound message'>
    """

    RECEIPT = "delivery receipt"
    INBOUND = "inbound message"


class CallbackMethod(Enum):
    """The three ways in which the service calls a webhook, named as in its account settings.

    >>> CallbackMethod("POST-JSON")
    <CallbackMethod.POST_JSON: 'POST-JSON'>
    """

    GET = "GET"
    POST = "POST"
    POST_JSON = "POST-JSON"


class CallbackState(Enum):
    """Where a callback is: PENDING until a 2xx reply came, it was repeated for too long, or its URL was refused.

    >>> from smscodec.simulator import Simulator
    >>> with Simulator(inbound_url="https://example.com/inbound") as simulator:
    ...     _ = simulator.inbound("Hello")
    ...     simulator.settle()
    >>> simulator.callbacks[0].state
    <CallbackState.REFUSED: 'refused'>
    """

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attempt(Value):
    """One try to deliver a callback: the simulator's time and the HTTP status, None when no reply came.

    >>> from smscodec.simulator import Simulator
    >>> with Simulator(inbound_url="http://127.0.0.1:9/inbound") as simulator:
    ...     _ = simulator.inbound("Hello")
    ...     simulator.settle()
    >>> simulator.callbacks[0].attempts[0].http_status is None
    True
    """

    at: float
    http_status: int | None


@dataclass(frozen=True, slots=True)
class RecordedCallback(TypedValue):
    """One callback as it stands: what is sent where, the attempts so far, and whether it arrived.

    >>> from smscodec.simulator import Simulator
    >>> with Simulator(inbound_url="http://127.0.0.1:9/inbound") as simulator:
    ...     [callback] = simulator.inbound("Hello", repeat=False)
    >>> callback.params["text"], callback.method.value, callback.attempts
    ('Hello', 'POST-JSON', ())
    """

    kind: CallbackKind
    method: CallbackMethod
    url: str = field(repr=False)
    params: Mapping[str, str] = field(repr=False)
    attempts: tuple[Attempt, ...] = ()
    state: CallbackState = CallbackState.PENDING
