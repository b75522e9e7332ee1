"""What the service's stand-in may do with a request that passed its checks, and how a number chooses it.

The last digits of ``to`` choose an outcome, so that a program meets every error without a change to its code; a script
(``Simulator.script``) chooses in their place. Pure data and one pure function: no request, no socket.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smscodec._values import TypedValue

__all__ = ["DELIVERED", "Accept", "Drop", "HttpFault", "Outcome", "PartlyRefuse", "Refuse", "outcome_for"]


@dataclass(frozen=True, slots=True)
class Accept(TypedValue):
    """The message is taken; the delivery receipt of each part carries ``delivery_error`` (0 is delivered).

    ``receipt_first`` sends the delivery receipts before the reply, as the service sometimes does. ``earlier`` are the
    statuses of receipts that come before the final one. With ``last_error`` the last part has this err-code in place of
    ``delivery_error``, and there are two parts at least. With ``second_error`` the first part gets a second final
    receipt, with this err-code.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> with Simulator(receipt_url="http://127.0.0.1:9/receipts") as simulator:
    ...     simulator.script([Accept(delivery_error=6)])
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     result = client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    ...     simulator.settle()
    >>> simulator.callbacks[0].params["err-code"]
    '6'
    """

    delivery_error: int = 0
    receipt_first: bool = False
    earlier: tuple[str, ...] = ()
    last_error: int | None = None
    second_error: int | None = None


DELIVERED: Final = Accept()
"""What becomes of a message if nothing else was asked for."""


@dataclass(frozen=True, slots=True)
class Refuse(TypedValue):
    """No part is taken: API ``status`` with HTTP 200; ``text`` replaces the usual error text.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, SendError, TextMessage
    >>> with Simulator() as simulator:
    ...     simulator.script([Refuse(9)])
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     try:
    ...         client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    ...     except SendError as error:
    ...         print(error.status, error.name)
    9 Partner Quota Violation
    """

    status: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PartlyRefuse(TypedValue):
    """The last part is refused with API ``status``, those before it are taken; the reply has two parts at least.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> with Simulator() as simulator:
    ...     simulator.script([PartlyRefuse()])
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    Traceback (most recent call last):
        ...
    smscodec.vonage.response.PartialFailure: 1 of 2 segments were accepted
    """

    status: int = 1


@dataclass(frozen=True, slots=True)
class Drop(TypedValue):
    """The message is taken, and the connection closed without a reply: the client cannot know.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, OutcomeUnknown, TextMessage
    >>> with Simulator() as simulator:
    ...     simulator.script([Drop()])
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     try:
    ...         client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    ...     except OutcomeUnknown:
    ...         print(len(simulator.messages), "message was accepted all the same")
    1 message was accepted all the same
    """


@dataclass(frozen=True, slots=True)
class HttpFault(TypedValue):
    """An HTTP reply that does not come from the SMS API; the message is not taken.

    >>> from smscodec.simulator import Simulator
    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> with Simulator() as simulator:
    ...     simulator.script([HttpFault(403)])
    ...     client = Client(Credentials("abcd1234", "abcdef0123456789"), base_url=simulator.url)
    ...     client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    Traceback (most recent call last):
        ...
    smscodec.vonage.errors.HttpError: the service answered with HTTP status 403
    """

    http_status: int
    content_type: str = "text/html"
    body: bytes = field(default=b"<html><body>Simulated fault</body></html>", repr=False)
    retry_after: int | None = None


Outcome: TypeAlias = Accept | Refuse | PartlyRefuse | Drop | HttpFault

WAIT_TEXT = "Throughput Rate Exceeded - please wait [ 702 ] and retry"
INTERVAL_TEXT = "Throughput Rate Exceeded. INTERVAL [ 1000 ] TIME_SINCE_LAST_INTERVAL_START [ 529 ]"
THROTTLE_TEXTS = (WAIT_TEXT, INTERVAL_TEXT)

FOUR_DIGIT_OUTCOMES: dict[str, Outcome] = {
    "7002": Drop(),
    "7004": HttpFault(429, "text/plain", b"Too Many Requests", retry_after=1),
    "7005": HttpFault(502, body=b"<html><head><title>502 Bad Gateway</title></head><body></body></html>"),
    "7006": PartlyRefuse(),
    "7007": Accept(receipt_first=True),
    "7008": Accept(earlier=("accepted", "buffered")),
    "7009": Accept(last_error=8),
    "7010": Accept(second_error=8),
}


def outcome_for(to: str, earlier: int) -> Outcome:
    """The outcome that the last digits of ``to`` choose; ``earlier`` counts the requests for this number before.

    90NN is API status NN, 80NN a receipt with err-code NN, 7001 is throttled twice and then taken, 7002 dropped, 7004
    HTTP 429, 7005 an HTML page with HTTP 502, 7006 a partial success, 7007 a receipt before the reply, 7008 receipts
    that say accepted and buffered before the final one, 7009 a last part that fails, 7010 a second
    receipt for the first part that contradicts the first. Any other number is taken and delivered.
    """
    ending = to[-4:]
    if ending == "7001" and earlier < len(THROTTLE_TEXTS):
        return Refuse(1, THROTTLE_TEXTS[earlier])
    if ending.startswith("90") and ending != "9000":
        return Refuse(int(ending[2:]))
    if ending.startswith("80"):
        return Accept(delivery_error=int(ending[2:]))
    return FOUR_DIGIT_OUTCOMES.get(ending, DELIVERED)
