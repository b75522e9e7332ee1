"""The simulator as its users hold it: a context manager around the service, the server and the callbacks.

It knows how the parts belong together and keeps the records; what is decided, served and delivered is decided, served
and delivered elsewhere in this package.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from types import TracebackType
from typing import Self

from smscodec._loopback import LoopbackServer
from smscodec.references import ReferenceCounter
from smscodec.simulator.arguments import check_amount, check_kind, check_text, check_webhook, check_whole
from smscodec.simulator.callbacks import (
    Callback,
    Signer,
    inbound_data,
    inbound_fields,
    inbound_text,
    receipts,
)
from smscodec.simulator.checks import Account
from smscodec.simulator.delivery import CallbackQueue
from smscodec.simulator.outcomes import Outcome
from smscodec.simulator.reading import Incoming
from smscodec.simulator.records import (
    CallbackKind,
    CallbackMethod,
    RecordedCallback,
    RecordedMessage,
    RecordedRequest,
    Records,
)
from smscodec.simulator.server import HttpService
from smscodec.simulator.service import BALANCE, NETWORK, PRICE, REQUESTS_PER_SECOND, Answer, Service
from smscodec.vonage.signature import SignatureMethod

__all__ = ["API_KEY", "API_SECRET", "Observer", "Simulator"]

API_KEY = "abcd1234"
"""The key of the account that the simulator makes up."""
API_SECRET = "abcdef0123456789"
"""The secret of that account: it guards nothing and may be printed."""

RECEIPT_FIRST_PATIENCE = 5.0

Observer = Callable[[RecordedRequest | RecordedCallback], None]


class Simulator:
    """Serves the SMS API on loopback while the ``with`` block runs.

    ``api_key`` and ``api_secret`` are the account's, invented ones by default; ``signature_secret`` lets it check
    signed requests by ``signature_method`` (md5hash by default). ``port`` 0 takes a free one.

    ``receipt_url`` and ``inbound_url`` are the account's webhooks (a request's ``callback`` goes before the first);
    they are called by ``callback_method``, signed when ``sign_callbacks`` is true, which it is by default where there
    is a ``signature_secret``. Callbacks go to loopback only, unless ``external_callbacks`` is true. A callback without
    a 2xx answer is repeated, octet for octet, after 5 s, then after twice as long each time up to 15 minutes, for a
    day.

    ``balance`` falls by ``price`` for each accepted part. ``clock`` gives the time in Unix seconds, which ``advance``
    moves on; ``seed`` chooses the order of inbound parts. ``observe`` is called, from other threads, with the record of
    each request and of each attempt at a callback; what it raises goes to ``threading.excepthook``.

    Raises ``TypeError`` and ``ValueError`` that name the argument. A URL must have http or https, a host and a port
    that can be.

    >>> from smscodec.vonage import Client, Credentials, TextMessage
    >>> with Simulator() as simulator:
    ...     client = Client(Credentials(API_KEY, API_SECRET), base_url=simulator.url)
    ...     result = client.send(TextMessage("447700900000", "AcmeInc", "Hello"))
    >>> result.accepted[0].message_id == simulator.messages[0].message_ids[0]
    True
    """

    def __init__(
        self,
        *,
        api_key: str = API_KEY,
        api_secret: str = API_SECRET,
        signature_secret: str | None = None,
        signature_method: SignatureMethod | None = None,
        port: int = 0,
        receipt_url: str | None = None,
        inbound_url: str | None = None,
        callback_method: CallbackMethod = CallbackMethod.POST_JSON,
        sign_callbacks: bool | None = None,
        external_callbacks: bool = False,
        balance: Decimal = BALANCE,
        price: Decimal = PRICE,
        requests_per_second: int = REQUESTS_PER_SECOND,
        clock: Callable[[], float] = time.time,
        seed: int = 0,
        observe: Observer | None = None,
    ) -> None:
        check_text("api_key", api_key)
        check_text("api_secret", api_secret)
        if signature_secret is not None:
            check_text("signature_secret", signature_secret)
        elif sign_callbacks:
            raise ValueError("sign_callbacks needs a signature_secret")
        if signature_method is not None:
            check_kind("signature_method", signature_method, SignatureMethod)
        check_whole("port", port, 0, 65_535)
        for name, url in (("receipt_url", receipt_url), ("inbound_url", inbound_url)):
            if url is not None:
                check_webhook(name, url)
        check_kind("callback_method", callback_method, CallbackMethod)
        check_amount("balance", balance)
        check_amount("price", price)
        check_whole("requests_per_second", requests_per_second, 1)
        method = signature_method or SignatureMethod.MD5_HASH
        self._account = Account(api_key, api_secret, signature_secret, method)
        self._service = Service(self._account, balance=balance, price=price, requests_per_second=requests_per_second)
        self._price = price
        self._port = port
        self._receipt_url = receipt_url
        self._inbound_url = inbound_url
        self._callback_method = callback_method
        wants_signature = signature_secret is not None if sign_callbacks is None else sign_callbacks
        self._signer = Signer(signature_secret, method) if wants_signature and signature_secret else None
        self._external = external_callbacks
        self._clock = clock
        self._moved = 0.0
        self._random = random.Random(seed)
        self._references = ReferenceCounter()
        self._inbound_number = 0
        self._observe = observe
        self._lock = threading.Lock()
        self._requests: Records[RecordedRequest] = Records()
        self._messages: Records[RecordedMessage] = Records()
        self._callbacks: CallbackQueue | None = None
        self._running: tuple[LoopbackServer, CallbackQueue] | None = None

    def __enter__(self) -> Self:
        queue = CallbackQueue(clock=self._now, external=self._external, observe=self._tell)
        server = LoopbackServer(
            self._port, HttpService(respond=self._respond, replied=self._replied), name="smscodec-simulator"
        )
        self._callbacks = queue
        self._running = (server, queue)
        queue.start()
        server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        server, queue = self._parts()
        # Callbacks first: a request may be waiting for its receipt to go out.
        queue.close()
        server.close()
        self._running = None

    @property
    def url(self) -> str:
        """The base URL to give to a client, such as ``http://127.0.0.1:40001``."""
        return self._parts()[0].url

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests that came in, oldest first, refused and dropped ones among them.

        At most the last 10,000 are kept, and of long ones at most 64 MiB.
        """
        with self._lock:
            return self._requests.all()

    @property
    def messages(self) -> list[RecordedMessage]:
        """The messages that were accepted, oldest first; as many as of the requests."""
        with self._lock:
            return self._messages.all()

    @property
    def callbacks(self) -> list[RecordedCallback]:
        """The callbacks as they stand, oldest first; at most the last 10,000."""
        return [] if self._callbacks is None else self._callbacks.records()

    def script(self, outcomes: Iterable[Outcome | int]) -> None:
        """Choose what becomes of the next requests that pass the checks, in place of the digits of their numbers.

        An outcome is one of the classes of this package, or an API status, 0 for acceptance. Raises ``TypeError`` and
        ``ValueError`` for anything else, and then takes none of them.
        """
        with self._lock:
            self._service.script(outcomes)

    def inbound(
        self,
        text: str = "",
        *,
        data: bytes | None = None,
        msisdn: str = "447700900001",
        to: str = "447700900000",
        url: str | None = None,
        method: CallbackMethod | None = None,
        shuffle: bool = True,
        repeat: bool = True,
    ) -> list[RecordedCallback]:
        """Send an inbound message to the webhook and give back its callbacks as they stand before the first attempt.

        ``data`` sends binary content in place of ``text``; only ``udh`` says which part is which. The parts of a long
        message go out in an order of chance (``shuffle``), some of them twice (``repeat``, also for a single part), as
        on the real service. ``url`` and ``method`` replace ``inbound_url`` and ``callback_method``.
        Raises ``ValueError`` without a URL that can be called, and what ``segment`` raises for the text.
        """
        queue = self._parts()[1]
        target = self._inbound_url if url is None else url
        if target is None:
            raise ValueError("no inbound_url was given to the simulator, and no url here")
        check_webhook("url", target)
        now = self._now()
        with self._lock:
            reference = self._references.next((msisdn, to))
            fields = inbound_fields(self._account, msisdn=msisdn, to=to, now=now)
            if data is None:
                parts = inbound_text(text, fields, reference=reference)
            else:
                parts = inbound_data(data, fields, reference=reference)
            parts = [{**part, "messageId": self._inbound_id()} for part in parts]
            if repeat:
                parts += self._random.sample(parts, (len(parts) + 1) // 2)
            if shuffle:
                self._random.shuffle(parts)
        how = method or self._callback_method
        calls = [Callback(CallbackKind.INBOUND, how, target, self._sign(part, now)) for part in parts]
        return queue.add(calls)

    def advance(self, seconds: float) -> None:
        """Move the simulator's time forward, so that repeats fall due and the running second of requests ends."""
        queue = self._parts()[1]
        self._moved += seconds
        queue.wake()

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until every callback that is due has been tried; raises ``TimeoutError`` after ``timeout`` seconds."""
        if not self._parts()[1].settle(timeout):
            raise TimeoutError("callbacks are still being sent")

    def _parts(self) -> tuple[LoopbackServer, CallbackQueue]:
        if self._running is None:
            raise RuntimeError("the simulator runs inside a with block only")
        return self._running

    def _now(self) -> float:
        return self._clock() + self._moved

    def _respond(self, incoming: Incoming) -> Answer:
        now = self._now()
        with self._lock:
            answer = self._service.answer(incoming, now=now)
            record = RecordedRequest(
                at=now,
                method=incoming.method,
                path=incoming.path,
                query=incoming.query,
                headers=incoming.headers,
                body=incoming.body,
                params=answer.params,
                http_status=answer.http_status,
                statuses=answer.statuses,
            )
            octets = _octets(incoming)
            self._requests.append(record, octets)
            if answer.message is not None:
                self._messages.append(answer.message, octets)
        self._tell(record)
        if answer.outcome.receipt_first:
            self._send_receipts(answer)
            # A webhook that waits for the reply in its turn must not hold it up for ever.
            self._parts()[1].settle(RECEIPT_FIRST_PATIENCE)
        # The client may ask to settle as soon as it has the reply, before the receipts are queued.
        self._parts()[1].hold()
        return answer

    def _tell(self, record: RecordedRequest | RecordedCallback) -> None:
        """Tell the observer; an error that it raises is shown as that of a thread would be, and stops nothing here."""
        if self._observe is None:
            return
        try:
            self._observe(record)
        except Exception:
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))

    def _replied(self, answer: Answer) -> None:
        if not answer.outcome.receipt_first:
            self._send_receipts(answer)
        self._parts()[1].release()

    def _send_receipts(self, answer: Answer) -> None:
        message = answer.message
        if message is None or message.params.get("status-report-req", "true").lower() in ("false", "0"):
            return
        url = message.params.get("callback") or self._receipt_url
        if url is None:
            return
        now = self._now()
        params_of_all = receipts(
            message,
            self._account,
            now=now,
            price=self._price,
            network=NETWORK,
            outcome=answer.outcome,
        )
        self._parts()[1].add(
            Callback(CallbackKind.RECEIPT, self._callback_method, url, self._sign(params, now))
            for params in params_of_all
        )

    def _sign(self, params: dict[str, str], now: float) -> dict[str, str]:
        return params if self._signer is None else self._signer.sign(params, now=now)

    def _inbound_id(self) -> str:
        self._inbound_number += 1
        return f"0B{self._inbound_number:014X}"


def _octets(incoming: Incoming) -> int:
    """For how many octets the record of a request counts."""
    headers = sum(len(name) + len(value) for name, value in incoming.headers.items())
    return len(incoming.path) + len(incoming.query) + headers + len(incoming.body)
