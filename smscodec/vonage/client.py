"""The client: a message in, the service's reply out, over any transport.

What it adds to the pure modules beside it is when a send may be repeated. Transport, clock and sleep are handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from http import HTTPStatus
from typing import Final

from smscodec._values import Value
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import ConnectFailed, HttpError, OutcomeUnknown, RequestError
from smscodec.vonage.http import HttpRequest, HttpResponse, Transport
from smscodec.vonage.request import DEFAULT_BASE_URL, Format, Message, build_request, check_options
from smscodec.vonage.response import SendError, SendResult, parse_response, throttle_wait
from smscodec.vonage.transport import UrllibTransport
from smscodec.vonage.wire import check_kind, check_seconds, check_whole, whole_number

__all__ = ["Client", "Retry"]

_FIRST_WAIT: Final = 1.0


@dataclass(frozen=True, slots=True)
class Retry(Value):
    """How often to try, and how long to wait at most between two attempts, in seconds.

    ``attempts`` counts the first one. A send is repeated only if it was certainly not accepted: a connection that was
    never made, status 1 or 10 with no part accepted, and HTTP 429. ``internal_errors`` adds status 5, of which the
    service does not say that nothing was sent. The wait is the one that the service states, else 1 s and twice as long
    each time; a stated wait longer than ``max_wait`` ends the attempts. Raises ``RequestError``.

    >>> Retry(3, max_wait=5).attempts
    3
    """

    attempts: int
    max_wait: float
    _: KW_ONLY
    internal_errors: bool = False

    def __post_init__(self) -> None:
        check_whole("attempts", self.attempts, 1)
        check_seconds("max_wait", self.max_wait)
        check_kind("internal_errors", self.internal_errors, bool)


class Client:
    """Sends messages for one account; it keeps nothing between two sends, so many threads may share it.

    ``transport`` is any function from ``HttpRequest`` to ``HttpResponse``, by default a ``UrllibTransport``; it should
    raise ``ConnectFailed`` and ``OutcomeUnknown`` as that one does, and any other error it raises is passed on and the
    send never repeated. ``placement`` says where key and secret stand in a request that is not signed. Without
    ``retry`` nothing is ever sent twice. ``clock`` gives Unix seconds for signatures, ``sleep`` waits between attempts.
    Raises ``RequestError`` for a base URL, a format or a placement under which nothing could be sent.

    >>> from smscodec.vonage import TextMessage
    >>> client = Client(Credentials("abcd1234", "abcdef0123456789"))
    >>> client.build(TextMessage("447700900000", "AcmeInc", "Hello"))
    HttpRequest(POST https://rest.nexmo.com/sms/json, 49 octets)
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        transport: Transport | None = None,
        base_url: str = DEFAULT_BASE_URL,
        format: Format = "json",
        placement: AuthPlacement = AuthPlacement.HEADER,
        retry: Retry | None = None,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        check_kind("credentials", credentials, Credentials)
        check_options(base_url, format, placement)
        self._credentials = credentials
        self._transport = transport or UrllibTransport()
        self._base_url = base_url
        self._format: Format = format
        self._placement = placement
        self._retry = retry or Retry(1, 0)
        self._clock = clock or time.time
        self._sleep = sleep or time.sleep
        check_kind("retry", self._retry, Retry)
        if not callable(self._transport):
            raise RequestError("transport", "must be a function from HttpRequest to HttpResponse")

    def build(self, message: Message) -> HttpRequest:
        """The request that sends ``message``, signed at this moment where the credentials have a signature secret.

        Raises ``RequestError`` that names the field.
        """
        check_kind("message", message, Message)
        return build_request(
            message,
            self._credentials,
            base_url=self._base_url,
            format=self._format,
            placement=self._placement,
            timestamp=None if self._credentials.signature_secret is None else self._timestamp(),
        )

    def _timestamp(self) -> int:
        try:
            return int(self._clock())
        except (TypeError, ValueError, OverflowError):
            pass
        raise RequestError("timestamp", "the clock does not give a number")

    def parse(self, response: HttpResponse) -> SendResult:
        """Read the service's response; a refused message is a result too, see ``SendResult.raise_for_status``.

        Raises ``OutcomeUnknown`` for HTTP 5xx, ``HttpError`` for every other status that is not 2xx (redirects are not
        followed), and ``MalformedResponse`` for a body that is not a reply of the service.
        """
        if response.status >= 500:
            raise OutcomeUnknown(f"the service answered with HTTP status {response.status}", status=response.status)
        if not 200 <= response.status < 300:
            raise HttpError(response.status, body=response.body)
        return parse_response(response.body, content_type=response.header("Content-Type"))

    def send(self, message: Message) -> SendResult:
        """Send a message and return the reply, in which every part was accepted.

        Raises ``RequestError`` before anything is sent; ``ConnectFailed`` when nothing was; ``OutcomeUnknown`` and
        ``MalformedResponse`` when it may have been, and sending again may send twice; ``HttpError``; ``SendError`` or
        ``Throttled`` when no part was accepted; ``PartialFailure`` when some were.
        """
        attempt = 1
        while True:
            # Built anew each time: a signature holds for its timestamp.
            request = self.build(message)
            response: HttpResponse | None = None
            try:
                response = self._transport(request)
                result = self.parse(response)
                result.raise_for_status()
            except (ConnectFailed, HttpError, SendError) as error:
                wait = self._wait(error, response, attempt)
                if wait is None:
                    raise
            else:
                return result
            self._sleep(wait)
            attempt += 1

    async def asend(self, message: Message) -> SendResult:
        """Send as ``send`` does, in a thread, for a program that runs an event loop.

        Cancelling the task stops the waiting, not the sending: the message may still go out.
        """
        import asyncio  # noqa: PLC0415  # takes longer than importing all the rest, and most programs never need it

        return await asyncio.to_thread(self.send, message)

    def _wait(
        self, error: ConnectFailed | HttpError | SendError, response: HttpResponse | None, attempt: int
    ) -> float | None:
        """Seconds until the next attempt, or None when there must not be one."""
        if attempt >= self._retry.attempts or not self._was_not_accepted(error):
            return None
        stated = throttle_wait(error.text) if isinstance(error, SendError) else None
        if stated is None and response is not None:
            stated = whole_number(response.header("Retry-After"))  # its other form, a date, counts as none
        if stated is None:
            return min(_FIRST_WAIT * 2.0 ** min(attempt - 1, 32), self._retry.max_wait)
        return stated if stated <= self._retry.max_wait else None

    def _was_not_accepted(self, error: ConnectFailed | HttpError | SendError) -> bool:
        if isinstance(error, SendError):
            repeatable = {1, 5, 10} if self._retry.internal_errors else {1, 10}
            return {part.status for part in error.result.parts} <= repeatable
        return isinstance(error, ConnectFailed) or error.status == HTTPStatus.TOO_MANY_REQUESTS
