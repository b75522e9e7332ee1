"""Webhooks from WSGI environments and ASGI scopes: bodies that were read, chunked, late, or not there at all."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from smscodec.simulator import CallbackMethod, CallbackState, Simulator
from smscodec.vonage import (
    DeliveryReceipt,
    EmptyWebhook,
    InboundMessage,
    MalformedWebhook,
    SignatureMethod,
    from_asgi,
    from_wsgi,
    parse_webhook,
    verify,
)
from tests.vonage.applications import served
from tests.vonage.webhooks import FORM, INBOUND, every_form


def environ(method: str, query: str, content_type: str, body: bytes, **changes: Any) -> dict[str, Any]:
    """A WSGI environment."""
    return {
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": io.BytesIO(body),
        **changes,
    }


@pytest.mark.parametrize("request_", every_form(INBOUND))
def test_wsgi_and_asgi(request_: tuple[str, str, str, bytes]) -> None:
    """A WSGI environment and an ASGI scope give what their parts give."""
    method, query, content_type, body = request_
    expected = parse_webhook(*request_)
    scope = {
        "type": "http",
        "method": method,
        "query_string": query.encode(),
        "headers": [(b"host", b"example.com"), (b"content-type", content_type.encode())],
    }
    assert from_wsgi(environ(*request_)) == expected
    assert from_asgi(scope, body) == expected


def test_wsgi_needs_few_keys() -> None:
    """A GET without content type and length is read without touching the input."""
    assert from_wsgi({"REQUEST_METHOD": "GET", "QUERY_STRING": "a=b"}).params == {"a": "b"}
    assert from_asgi({"method": "GET", "query_string": b"a=b"}, b"").params == {"a": "b"}


def test_wsgi_reads_no_more_than_stated() -> None:
    """Of the input no more is read than the length says, because more would wait for the next request."""
    stream = io.BytesIO(b"a=bc=d")
    assert from_wsgi(environ("POST", "", FORM, b"a=b", **{"wsgi.input": stream})).params == {"a": "b"}
    assert stream.tell() == 3


@pytest.mark.parametrize("length", ["-1", "many", "1.5", str((1 << 18) + 1), "9" * 5000, "4"])
def test_wsgi_length_that_cannot_be(length: str) -> None:
    """A length that is none, is too much, or is more than what comes is malformed."""
    with pytest.raises(MalformedWebhook):
        from_wsgi(environ("POST", "", FORM, b"a=b", CONTENT_LENGTH=length))


def test_headers_of_asgi_are_any_pairs() -> None:
    """Headers may be an iterator, names in any case, and the first of two content types counts, as does none at all."""
    body = b"messageId=1&msisdn=2&text=a"
    pairs = [(b"Host", b"x"), (b"Content-Type", FORM.encode()), (b"content-type", b"text/plain")]
    webhook = from_asgi({"type": "http", "method": "POST", "headers": iter(pairs)}, body)
    assert isinstance(webhook, InboundMessage)
    query = {"method": "GET", "query_string": body, "headers": []}
    assert isinstance(from_asgi(query, b""), InboundMessage)


@pytest.mark.parametrize("scope", [{"type": "lifespan"}, {"type": "websocket", "method": "GET"}, {}])
def test_scopes_that_are_no_requests(scope: dict[str, Any]) -> None:
    """What an ASGI server asks besides requests is refused by the one error."""
    with pytest.raises(MalformedWebhook):
        from_asgi(scope, b"")


def test_query_and_content_type_may_be_none() -> None:
    """Servers and frameworks that have no query or content type say None, which is as good as an empty text."""
    body = b"messageId=1&msisdn=2&text=a"
    environ = {"REQUEST_METHOD": "GET", "QUERY_STRING": body.decode(), "CONTENT_TYPE": None, "CONTENT_LENGTH": None}
    assert isinstance(from_wsgi(environ), InboundMessage)
    assert isinstance(parse_webhook("GET", body.decode(), None, b""), InboundMessage)
    assert isinstance(parse_webhook("POST", None, FORM, body), InboundMessage)
    with pytest.raises(MalformedWebhook):
        parse_webhook("POST", None, None, body)
    post_environ = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": None,
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": f"{len(body)}",
    }
    assert isinstance(from_wsgi({**post_environ, "wsgi.input": io.BytesIO(body)}), InboundMessage)


# Bodies that were read, or come in another way ------------------------------------------------------------------------

BODY = b"messageId=1&status=delivered"


@contextmanager
def connection() -> Iterator[tuple[socket.socket, Any]]:
    """The two ends of a connection that stays open: what a client writes to, and the input that wsgiref hands over."""
    client, server = socket.socketpair()
    with client, server, server.makefile("rb") as stream:
        yield client, stream


@pytest.mark.parametrize("buffered", [True, False])
def test_a_body_that_was_read_is_not_waited_for(buffered: bool) -> None:
    """On a connection that stays open, a body that somebody has read already is an error soon, with a way out."""
    with connection() as (client, stream):
        source = stream if buffered else stream.raw
        client.sendall(BODY)
        assert source.read(len(BODY)) == BODY
        start = time.monotonic()
        with pytest.raises(MalformedWebhook, match=r"call parse_webhook\(.*request\.get_data\(\) in Flask") as caught:
            from_wsgi(environ("POST", "", FORM, BODY, **{"wsgi.input": source}))
        assert time.monotonic() - start < 3
        assert caught.value.__context__ is None


def test_half_a_body_is_not_waited_for() -> None:
    """What somebody has read a part of is an error as well."""
    with connection() as (client, stream):
        client.sendall(BODY)
        stream.read(5)
        with pytest.raises(MalformedWebhook, match="read already"):
            from_wsgi(environ("POST", "", FORM, BODY, **{"wsgi.input": stream}))


def test_a_late_body_is_read() -> None:
    """A body that comes a moment after its head is read whole, and the connection keeps its own patience."""
    with connection() as (client, stream):
        stream.raw._sock.settimeout(7)
        sending = threading.Timer(0.1, client.sendall, [BODY])
        sending.start()
        webhook = from_wsgi(environ("POST", "", FORM, BODY, **{"wsgi.input": stream}))
        sending.join()
        assert isinstance(webhook, DeliveryReceipt)
        assert stream.raw._sock.gettimeout() == 7


def test_a_body_in_memory_that_was_read() -> None:
    """Servers that hold the body give nothing the second time: the same error."""
    stream = io.BytesIO(BODY)
    stream.read()
    with pytest.raises(MalformedWebhook, match="read already"):
        from_wsgi(environ("POST", "", FORM, BODY, **{"wsgi.input": stream}))


def chunked(stream: Any, **changes: Any) -> dict[str, Any]:
    """A WSGI environment of a chunked request."""
    chunks = {"HTTP_TRANSFER_ENCODING": "Chunked", "wsgi.input": stream}
    return environ("POST", "", FORM, b"", **chunks, **changes)


def test_a_chunked_body_is_read_to_its_end() -> None:
    """A chunked body has no length; it is read where the server marks its end, and is bounded like any other."""
    assert isinstance(from_wsgi(chunked(io.BytesIO(BODY), **{"wsgi.input_terminated": True})), DeliveryReceipt)
    endless = io.BytesIO(b"text=" + b"a" * (1 << 19))
    with pytest.raises(MalformedWebhook, match="262144"):
        from_wsgi(chunked(endless, **{"wsgi.input_terminated": True}))
    assert endless.tell() == (1 << 18) + 1


def test_a_chunked_body_without_an_end() -> None:
    """Where the server does not mark the end, and where somebody has read it, the error says what to call instead."""
    with connection() as (_, stream), pytest.raises(MalformedWebhook, match=r"chunked.*call parse_webhook"):
        from_wsgi(chunked(stream))
    with pytest.raises(MalformedWebhook, match="read already"):
        from_wsgi(chunked(io.BytesIO(b""), **{"wsgi.input_terminated": True}))


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_environment_without_input(method: str) -> None:
    """Django under ASGI has the names of WSGI and no input: the error says what to call instead."""
    meta = {"REQUEST_METHOD": method, "QUERY_STRING": "", "CONTENT_TYPE": FORM, "CONTENT_LENGTH": "9"}
    with pytest.raises(MalformedWebhook, match=r"no wsgi\.input.*request\.body in Django"):
        from_wsgi(meta)
    without_length = {name: value for name, value in meta.items() if name != "CONTENT_LENGTH"}
    if method == "GET":
        assert isinstance(from_wsgi(without_length), EmptyWebhook)
    else:
        with pytest.raises(MalformedWebhook, match=r"no wsgi\.input"):
            from_wsgi(without_length)


def test_frameworks_that_hold_the_body_are_asked_for_it() -> None:
    """Where the environment holds werkzeug's request, that is asked, and its input is not touched."""

    class Held:
        def get_data(self) -> bytes:
            return BODY

    with connection() as (_, stream):
        held = environ("POST", "", FORM, BODY, **{"wsgi.input": stream, "werkzeug.request": Held()})
        assert isinstance(from_wsgi(held), DeliveryReceipt)


@pytest.mark.parametrize("method", CallbackMethod)
@pytest.mark.parametrize("query", ["key=abc", "key=abc&debug", "debug&key=a%20b&key=c"])
def test_signed_callbacks_to_a_url_with_its_own_query(method: CallbackMethod, query: str) -> None:
    """What the simulator sends to a URL with a query of its own is read and verifies, in every form."""
    taken: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        webhook = from_wsgi(environ, own=["key", "debug"])
        verify(webhook.params, "signing", SignatureMethod.SHA512_HMAC)
        taken.append(webhook)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with (
        served(application) as url,
        Simulator(
            signature_secret="signing",
            signature_method=SignatureMethod.SHA512_HMAC,
            inbound_url=f"{url}?{query}",
            callback_method=method,
        ) as sim,
    ):
        sim.inbound("ж" * 100)
        sim.inbound(data=b"\x00\xff" * 100)
        sim.settle()
        assert {callback.state for callback in sim.callbacks} == {CallbackState.DELIVERED}
    assert {type(webhook) for webhook in taken} == {InboundMessage}
    assert all("key" not in webhook.params and "debug" not in webhook.params for webhook in taken)
