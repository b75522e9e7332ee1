"""The transport that carries a request with the standard library alone.

It knows connections, time limits and the one question that decides whether a send may be repeated: was the connection
ever made? Nothing is kept between two calls, so one transport may serve many threads.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import urllib.request
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from smscodec.vonage.errors import ConnectFailed, OutcomeUnknown, RequestError, TransportError
from smscodec.vonage.http import HttpRequest, HttpResponse
from smscodec.vonage.response import MAX_RESPONSE
from smscodec.vonage.wire import check_kind, check_seconds, check_whole, is_loopback, url_fault

__all__ = ["UrllibTransport"]


class UrllibTransport:
    """Sends one request over a fresh connection and gives back whatever HTTP answer came; no redirect is followed.

    ``timeout`` bounds each operation on the network and ``deadline`` the whole call, both in seconds and at most
    1,000,000. Looking up the name, connecting and the TLS handshake are operations that cannot be cut short; the
    deadline is looked at when they are done, before anything of the request leaves. ``context`` is the TLS context, by
    default one that verifies certificates and names. An answer of more than ``max_response`` octets is not read to its
    end.

    https is required; http is allowed for loopback alone. A proxy is taken from the environment (``https_proxy``,
    ``no_proxy``) as everywhere in ``urllib``, and only ever as a tunnel, so that it sees nothing of the request;
    loopback is always called directly.

    Raises ``ConnectFailed`` while nothing has been sent, ``OutcomeUnknown`` for every failure from then on, and
    ``RequestError`` for a request that cannot be put on the wire. None of them prints the URL.

    >>> from smscodec.vonage import Client, Credentials
    >>> client = Client(Credentials("abcd1234", "abcdef0123456789"), transport=UrllibTransport(timeout=5, deadline=10))
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        deadline: float = 30.0,
        context: ssl.SSLContext | None = None,
        max_response: int = MAX_RESPONSE,
    ) -> None:
        check_seconds("timeout", timeout, above_zero=True)
        check_seconds("deadline", deadline, above_zero=True)
        check_whole("max_response", max_response, 1, 1 << 30)
        check_kind("context", context, ssl.SSLContext | None)
        self._timeout = timeout
        self._deadline = deadline
        self._context = context
        self._max_response = max_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send the request and read the answer; see the class for the errors."""
        # The URL and the headers may hold secrets, so no frame that an error passes through has them in a variable.
        fault = url_fault(request.url)
        if fault is not None:
            raise RequestError("url", fault)
        _check_headers(request)
        exchange = _Exchange(self._timeout, self._deadline)
        try:
            return self._exchange(request, exchange)
        except TransportError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            failure = exchange.failure(error)
        # Raised outside the handler: the original error may quote the URL, and would stay in sight as the context.
        raise failure

    def _opener(self, request: HttpRequest, exchange: _Exchange) -> urllib.request.OpenerDirector:
        opener = urllib.request.OpenerDirector()
        opener.addheaders = []
        parts = urlsplit(request.url)
        if parts.scheme == "https" and self._context is None:
            self._context = ssl.create_default_context()  # two threads may both make one; either serves
        opener.add_handler(_Handler(exchange, self._context))
        if not is_loopback(parts.hostname or ""):
            opener.add_handler(urllib.request.ProxyHandler())
        return opener

    def _exchange(self, request: HttpRequest, exchange: _Exchange) -> HttpResponse:
        outgoing = urllib.request.Request(
            request.url, data=request.body, headers=dict(request.headers), method=request.method
        )
        with self._opener(request, exchange).open(outgoing, timeout=self._timeout) as reply:
            body: bytes = reply.read(self._max_response + 1)
            if len(body) > self._max_response:
                raise OutcomeUnknown(f"the answer has more than {self._max_response} octets")
            # http.client returns what there is when the connection ends early, and leaves what is missing here.
            if reply.length:
                raise OutcomeUnknown("the connection ended within the answer")
            return HttpResponse(reply.status, dict(reply.headers.items()), body)


def _check_headers(request: HttpRequest) -> None:
    if not request.method.isalpha() or not request.method.isascii():
        raise RequestError("method", "must be letters")
    if not all(_is_line(text) for header in request.headers.items() for text in header):
        raise RequestError("headers", "a header is not a str, or holds a line end or a character outside ASCII")
    if "" in request.headers:
        raise RequestError("headers", "a header has no name")
    check_kind("body", request.body, bytes)


def _is_line(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable()


class _Exchange:
    """One call: when it must end, and whether its connection was made."""

    def __init__(self, timeout: float, deadline: float) -> None:
        self.connected = False
        self._timeout = timeout
        self._end = time.monotonic() + deadline

    def patience(self) -> float:
        """Seconds that the next operation may take; raises TimeoutError when the deadline has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(self._timeout, left)

    def failure(self, error: Exception) -> TransportError:
        """The error of ours for an error of the network, by whether anything can have been sent."""
        reason = getattr(error, "reason", error)
        # The system's own words quote nothing of the request; those of other errors may.
        words = type(reason).__name__
        if isinstance(reason, OSError) and isinstance(reason.strerror, str):
            words = f"{words}: {reason.strerror}"
        if self.connected:
            return OutcomeUnknown(f"no usable answer came, and the request may have been accepted ({words})")
        return ConnectFailed(f"no connection was made ({words})")


class _PatientReader(io.RawIOBase):
    """Reads from a socket with what is left of the exchange's time before each operation."""

    def __init__(self, sock: socket.socket, exchange: _Exchange) -> None:
        self._sock = sock
        self._exchange = exchange
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int | None:  # type: ignore[override]  # BufferedReader hands a memoryview
        self._sock.settimeout(self._exchange.patience())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PatientSocket:
    """The part of a socket that http.client uses once connected, held to the exchange's deadline."""

    def __init__(self, sock: socket.socket, exchange: _Exchange) -> None:
        self._sock = sock
        self._exchange = exchange

    def sendall(self, octets: bytes) -> None:
        self._sock.settimeout(self._exchange.patience())
        self._sock.sendall(octets)

    def makefile(self, mode: str) -> io.BufferedReader:
        del mode  # http.client asks for "rb" and nothing else
        return io.BufferedReader(_PatientReader(self._sock, self._exchange))

    def close(self) -> None:
        self._sock.close()


class _Connection(http.client.HTTPConnection):
    """A connection that notes in the exchange when it has been made."""

    def __init__(self, host: str, *, exchange: _Exchange, **options: Any) -> None:
        super().__init__(host, **options)
        self._exchange = exchange

    def connect(self) -> None:
        self.timeout = self._exchange.patience()
        super().connect()
        # Asked once more while nothing has been sent: a slow connection must not become an unknown outcome.
        self._exchange.patience()
        self.sock = _PatientSocket(self.sock, self._exchange)
        self._exchange.connected = True


class _TlsConnection(_Connection, http.client.HTTPSConnection):
    """The same with TLS: made means that tunnel and handshake are done."""

    def _tunnel(self) -> None:
        # A proxy's answer is held to the deadline like the service's; the handshake after it needs the socket itself.
        sock = self.sock
        self.sock = _PatientSocket(sock, self._exchange)
        super()._tunnel()  # type: ignore[misc]  # not in typeshed; where http.client has connect() ask for the tunnel
        sock.settimeout(self._exchange.patience())
        self.sock = sock


class _Handler(urllib.request.AbstractHTTPHandler):
    """Opens http and https URLs with the connections above."""

    def __init__(self, exchange: _Exchange, context: ssl.SSLContext | None) -> None:
        super().__init__()
        self._exchange = exchange
        self._context = context

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Connection, exchange=self._exchange), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_TlsConnection, exchange=self._exchange), request, context=self._context)

    http_request = urllib.request.AbstractHTTPHandler.do_request_
    https_request = urllib.request.AbstractHTTPHandler.do_request_
