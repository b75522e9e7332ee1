"""A transport that answers from a list, for the client's rules, and the account that the tests send with."""

from __future__ import annotations

from collections.abc import Iterable

from smscodec.vonage.client import Client, Retry
from smscodec.vonage.credentials import Credentials
from smscodec.vonage.errors import ConnectFailed
from smscodec.vonage.http import HttpRequest, HttpResponse
from smscodec.vonage.request import TextMessage
from smscodec.vonage.signature import SignatureMethod

KEY, SECRET, SIGNATURE_SECRET = "abcd1234", "abcdef0123456789", "signature-s3cr3t"
CREDENTIALS = Credentials(KEY, SECRET)
SIGNING = Credentials(KEY, signature_secret=SIGNATURE_SECRET, signature_method=SignatureMethod.SHA256_HMAC)
MESSAGE = TextMessage("447700900000", "AcmeInc", "Hello")

Step = HttpResponse | Exception


class Line:
    """A transport that answers from a list, and remembers what it was asked; the clock and the sleep go with it."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = iter(steps)
        self.requests: list[HttpRequest] = []
        self.slept: list[float] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the next answer of the list, or raise it."""
        self.requests.append(request)
        step = next(self.steps)
        if isinstance(step, Exception):
            raise step
        return step

    def client(self, retry: Retry | None = None, credentials: Credentials = CREDENTIALS) -> Client:
        """A client on this line, whose clock stands at 1,000 and moves by what was slept."""
        return Client(
            credentials,
            transport=self,
            retry=retry,
            clock=lambda: 1000 + sum(self.slept),
            sleep=self.slept.append,
        )


def json_reply(*statuses: int, text: str = "why", http_status: int = 200, **headers: str) -> HttpResponse:
    """A reply with one part for each status."""
    parts = ", ".join(f'{{"status": "{status}", "error-text": "{text}"}}' for status in statuses)
    body = f'{{"message-count": "{len(statuses)}", "messages": [{parts}]}}'
    return HttpResponse(http_status, {"Content-Type": "application/json", **headers}, body.encode())


OK = json_reply(0)
NEVER_CONNECTED = ConnectFailed("no connection was made")
