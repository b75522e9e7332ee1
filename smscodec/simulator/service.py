"""The decisions of the service's stand-in: a request and the time in, an answer out.

It knows the account, the balance, the limit of requests a second, and what each number has asked before; it opens no
socket and reads no clock. Segments are counted by smscodec's core, which the project's vectors check.
Reference: SMS API 1.0.0 and 1.5.1, POST /sms/{format}.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from smscodec import gsm7
from smscodec.dcs import Alphabet
from smscodec.segmentation import measure, segment_data
from smscodec.simulator import records
from smscodec.simulator.arguments import outcomes_of
from smscodec.simulator.checks import Account, Refusal, first_refusal
from smscodec.simulator.outcomes import DELIVERED, Accept, Drop, HttpFault, Outcome, PartlyRefuse, Refuse, outcome_for
from smscodec.simulator.reading import Incoming, UnreadableRequestError, read
from smscodec.simulator.replies import ReplyPart, render
from smscodec.udh import UserDataHeader

__all__ = ["Answer", "Service"]

PATHS = {"/sms/json": "json", "/sms/xml": "xml"}
REQUESTS_PER_SECOND = 30
NETWORK = "12345"
PRICE = Decimal("0.03330000")
BALANCE = Decimal("100.00000000")
# Business cards, calendar events and links go to a port of the handset; whichever it is, its element is as long.
TO_A_PORT = UserDataHeader.from_bytes(bytes.fromhex("06050423f40000"))

ERROR_TEXTS: dict[int, str] = {
    1: "Throughput Rate Exceeded",
    2: "Missing param",
    3: "Invalid value for param",
    4: "Bad Credentials",
    5: "Internal Error",
    6: "Un-routable message - rejected",
    7: "Number barred",
    8: "Partner account barred",
    9: "Quota Exceeded - rejected",
    10: "Too many existing binds",
    11: "Account not enabled for HTTP",
    12: "Message Too Long",
    14: "Invalid Signature",
    15: "Illegal Sender Address - rejected",
    17: "Message blocked by provider",
    22: "Invalid network code",
    23: "Invalid callback url",
    29: "Non White-listed Destination - rejected",
    32: "Signature And API Secret Disallowed",
    33: "Number de-activated",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server does with one request.

    ``http_status`` None drops the connection; ``message`` is what was accepted, if anything was, and ``outcome`` says
    what its delivery receipts are.
    """

    http_status: int | None
    content_type: str = "text/plain"
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    statuses: tuple[int, ...] = ()
    message: records.RecordedMessage | None = None
    outcome: Accept = DELIVERED


class _Delivery(NamedTuple):
    """A message as it leaves for the handset."""

    text: str
    segments: int


class Service:
    """The stand-in's state: balance, message ids, the second that is running, and the script.

    Not thread-safe: the caller serialises the calls of ``answer``.
    """

    def __init__(
        self,
        account: Account,
        *,
        balance: Decimal = BALANCE,
        price: Decimal = PRICE,
        requests_per_second: int = REQUESTS_PER_SECOND,
    ) -> None:
        self._account = account
        self._balance = balance
        self._price = price
        self._throughput = _Throughput(requests_per_second)
        self._message_number = 0
        # In the order of their latest requests, so that the number that is to be forgotten stands in front.
        self._asked: dict[str, int] = {}
        self._script: deque[Outcome] = deque()

    def script(self, outcomes: Iterable[Outcome | int]) -> None:
        """Queue outcomes for the next requests that pass the checks; a number is an API status, 0 is acceptance."""
        self._script += outcomes_of(outcomes)

    def answer(self, incoming: Incoming, *, now: float) -> Answer:
        """Decide one request at the service's time ``now``, in Unix seconds."""
        reply_format = PATHS.get(incoming.path)
        if reply_format is None:
            return _plain(404, "Not Found")
        if incoming.method != "POST":
            return _plain(405, "Method Not Allowed", {"Allow": "POST"})
        try:
            reading = read(incoming)
        except UnreadableRequestError as error:
            return _plain(error.http_status, error.message)
        params = reading.params
        refusal = first_refusal(reading, self._account, now=now) or self._throughput.refusal(now)
        if refusal is not None:
            return _refused(refusal, reply_format, params)
        earlier = self._count(params["to"])
        outcome = self._script.popleft() if self._script else outcome_for(params["to"], earlier)
        return self._carry_out(outcome, reply_format, params, now)

    def _count(self, to: str) -> int:
        """Count a request for a number and say how many came before; the least recent numbers are forgotten."""
        earlier = self._asked.pop(to, 0)
        self._asked[to] = earlier + 1
        if len(self._asked) > records.MAX_RECORDS:
            del self._asked[next(iter(self._asked))]
        return earlier

    def _carry_out(self, outcome: Outcome, reply_format: str, params: Mapping[str, str], now: float) -> Answer:
        match outcome:
            case Refuse(status, text):
                return _refused(Refusal(status, text or _error_text(status)), reply_format, params)
            case HttpFault():
                headers = {} if outcome.retry_after is None else {"Retry-After": str(outcome.retry_after)}
                return Answer(outcome.http_status, outcome.content_type, outcome.body, headers, params)
            case Accept() | PartlyRefuse() | Drop():
                return self._accepted(outcome, reply_format, params, now)

    def _accepted(
        self, outcome: Accept | PartlyRefuse | Drop, reply_format: str, params: Mapping[str, str], now: float
    ) -> Answer:
        delivery = _delivery(params)
        refused = 1 if isinstance(outcome, PartlyRefuse) else 0
        receipt = outcome if isinstance(outcome, Accept) else DELIVERED
        segments = max(delivery.segments, 2 if refused or receipt.last_error is not None else 1)
        if self._price * (segments - refused) > self._balance:
            return _refused(Refusal(9, ERROR_TEXTS[9]), reply_format, params)
        parts = [self._accepted_part(params) for _ in range(segments - refused)]
        message = records.RecordedMessage(
            at=now,
            type=params.get("type", "text"),
            segments=segments,
            message_ids=tuple(part.message_id for part in parts if part.message_id),
            to=params["to"],
            sender=params["from"],
            text=delivery.text,
            params=params,
        )
        if isinstance(outcome, PartlyRefuse):
            parts.append(ReplyPart(outcome.status, to=params["to"], error_text=_error_text(outcome.status)))
        statuses = tuple(part.status for part in parts)
        if isinstance(outcome, Drop):
            return Answer(None, params=params, statuses=statuses, message=message)
        content_type, body = render(parts, reply_format)
        return Answer(200, content_type, body, params=params, statuses=statuses, message=message, outcome=receipt)

    def _accepted_part(self, params: Mapping[str, str]) -> ReplyPart:
        self._message_number += 1
        self._balance -= self._price
        return ReplyPart(
            0,
            to=params["to"],
            message_id=f"0A{self._message_number:014X}",
            remaining_balance=self._balance,
            message_price=self._price,
            network=NETWORK,
            client_ref=params.get("client-ref"),
            account_ref=params.get("account-ref"),
        )


class _Throughput:
    """Counts the requests of the running interval of one second."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._start = float("-inf")
        self._count = 0

    def refusal(self, now: float) -> Refusal | None:
        """Count one request, and refuse it when the interval is full; the text says how many milliseconds are left."""
        if not self._start <= now < self._start + 1:
            self._start, self._count = now, 0
        self._count += 1
        if self._count <= self._limit:
            return None
        left = max(1, round((self._start + 1 - now) * 1000))
        return Refusal(1, f"{ERROR_TEXTS[1]} - please wait [ {left} ] and retry")


def _delivery(params: Mapping[str, str]) -> _Delivery:
    """How the service cuts the message, by its ``type``."""
    kind = params.get("type", "text")
    if kind == "text":
        # The service does not look for another alphabet: what GSM 7-bit lacks arrives as a question mark.
        text = gsm7.decode(gsm7.encode(params["text"], errors="replace"))
        return _Delivery(text, measure(text, alphabet=Alphabet.GSM_7BIT).segments)
    if kind == "unicode":
        return _Delivery(params["text"], measure(params["text"], alphabet=Alphabet.UCS2).segments)
    if kind == "binary":
        return _Delivery("", 1)
    content = params["title"] + params["url"] if kind == "wappush" else params[kind]
    return _Delivery("", segment_data(content.encode(), header=TO_A_PORT).measurement.segments)


def _error_text(status: int) -> str:
    return ERROR_TEXTS.get(status, f"Simulated status {status}")


def _refused(refusal: Refusal, reply_format: str, params: Mapping[str, str]) -> Answer:
    content_type, body = render([ReplyPart(refusal.status, error_text=refusal.text)], reply_format)
    return Answer(200, content_type, body, params=params, statuses=(refusal.status,))


def _plain(http_status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(http_status, body=message.encode(), headers=headers or {})
