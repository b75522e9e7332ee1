"""Webhooks from what web servers hand over: a WSGI environment, or an ASGI scope and its body.

It knows where servers keep the parts of a request, and when reading a body could wait for ever; what the parts mean is
left to ``webhook``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from smscodec._checks import Octets
from smscodec.vonage.errors import MalformedWebhook
from smscodec.vonage.webhook import Webhook, parse_webhook
from smscodec.vonage.webhook_params import MAX_WEBHOOK
from smscodec.vonage.wire import whole_number

__all__ = ["from_asgi", "from_wsgi"]

_PATIENCE: Final = 1.0
"""Seconds to wait for the rest of a body on a connection: one that has been read will never come."""
_HELD: Final = (
    "call parse_webhook(method, query, content_type, body) with the body that the framework holds: "
    "request.get_data() in Flask, request.body in Django, await request.body() in FastAPI"
)


def from_wsgi(environ: Mapping[str, Any], *, own: Iterable[str] = ()) -> Webhook:
    """Read a webhook from a WSGI environment, and no more of its input than it states.

    Inside a framework, which may have read the body, ``parse_webhook`` with the framework's body is the better choice.
    Raises ``MalformedWebhook`` as ``parse_webhook`` does, and also for a body that is shorter than stated or has been
    read already, for a chunked one whose end the server does not mark, and for an environment without an input, as
    Django makes it under ASGI; the message says what to call instead.

    >>> from_wsgi({"REQUEST_METHOD": "GET", "QUERY_STRING": "messageId=0A01&status=delivered"}).status
    'delivered'
    """
    body = _wsgi_body(environ)
    return parse_webhook(
        environ["REQUEST_METHOD"], environ.get("QUERY_STRING"), environ.get("CONTENT_TYPE"), body, own=own
    )


def from_asgi(scope: Mapping[str, Any], body: Octets, *, own: Iterable[str] = ()) -> Webhook:
    """Read a webhook from an ASGI scope and the body received. Errors as ``parse_webhook``, and for no HTTP scope.

    >>> from_asgi({"type": "http", "method": "GET", "query_string": b"messageId=0A01&status=delivered"}, b"").status
    'delivered'
    """
    if scope.get("type", "http") != "http" or "method" not in scope:
        raise MalformedWebhook("the ASGI scope is not one of HTTP")
    types = (value for name, value in scope.get("headers", ()) if bytes(name).lower() == b"content-type")
    content_type = bytes(next(types, b"")).decode("latin-1")
    return parse_webhook(scope["method"], scope.get("query_string"), content_type, body, own=own)


def _wsgi_body(environ: Mapping[str, Any]) -> bytes:
    if "REQUEST_METHOD" not in environ:
        raise MalformedWebhook(f"this is not a WSGI environment, for it has no REQUEST_METHOD: {_HELD}")
    length = whole_number(environ.get("CONTENT_LENGTH") or "0")
    if length is None or length > MAX_WEBHOOK:
        raise MalformedWebhook(f"the stated length of the body is not a number from 0 to {MAX_WEBHOOK}")
    chunked = "chunked" in str(environ.get("HTTP_TRANSFER_ENCODING", "")).lower()
    if "wsgi.input" not in environ and (length or environ["REQUEST_METHOD"] != "GET"):
        raise MalformedWebhook(f"this is not a WSGI environment, for it has no wsgi.input: {_HELD}")
    if not length and not chunked:
        return b""
    body = _read_input(environ, None if chunked else length)
    if not body if chunked else len(body) != length:
        raise MalformedWebhook(f"the body is shorter than stated, or has been read already: if it has, {_HELD}")
    return body


def _read_input(environ: Mapping[str, Any], length: int | None) -> bytes:
    """So many octets of the body, or all of a chunked one, as far as they come."""
    if "werkzeug.request" in environ:  # Flask's request, which keeps what was read
        return bytes(environ["werkzeug.request"].get_data())
    if length is None and not environ.get("wsgi.input_terminated"):
        raise MalformedWebhook(f"the body is chunked and the server does not mark its end: {_HELD}")
    stream = environ["wsgi.input"]
    # The servers of wsgiref and werkzeug hand over the connection itself, on which reading a body for the second time
    # would wait for the next request. Other servers know where the body ends.
    connection = getattr(getattr(stream, "raw", stream), "_sock", None)
    patience = None if connection is None else connection.gettimeout()
    try:
        if connection is not None:
            connection.settimeout(_PATIENCE)
        return bytes(stream.read(MAX_WEBHOOK + 1 if length is None else length))
    except TimeoutError:
        return b""
    finally:
        if connection is not None:
            connection.settimeout(patience)
