"""Every reader of the façade gives a value or its one documented error on random, cut and flipped input."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec._strict_json import StrictJsonError, read_json
from smscodec.vonage import (
    MalformedResponse,
    MalformedWebhook,
    SignatureError,
    SignatureMethod,
    from_asgi,
    from_wsgi,
    parse_response,
    parse_webhook,
    signed,
    verify,
)
from tests.vonage.webhooks import FORM, INBOUND, JSON, RECEIPT

REPLY = {"message-count": "1", "messages": [{"status": "0", "message-id": "0A", "message-price": "0.03", "to": "1"}]}
XML_REPLY = (
    '<?xml version="1.0" encoding="UTF-8"?><mt-submission-response><messages count="1"><message><to>1</to>'
    "<messageId>0A</messageId><status>0</status></message></messages></mt-submission-response>"
)
SIGNED = signed(INBOUND, "secret", SignatureMethod.SHA256_HMAC, timestamp=1_577_880_000)


class Reader(NamedTuple):
    """A reader of octets, its one error, and samples that it reads."""

    read: Callable[[bytes], Any]
    error: type[Exception]
    samples: tuple[bytes, ...]


def wsgi(body: bytes) -> Any:
    """Read a form through a WSGI environment."""
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body))}
    return from_wsgi({**environ, "wsgi.input": io.BytesIO(body)})


def asgi(query: bytes) -> Any:
    """Read a query through an ASGI scope."""
    return from_asgi({"type": "http", "method": "GET", "query_string": query, "headers": []}, b"")


def verified(body: bytes) -> None:
    """Verify the parameters of a body."""
    params = parse_webhook("POST", None, JSON, body).params
    verify(params, "secret", SignatureMethod.SHA256_HMAC, now=1_577_880_000)


FORMS = (urlencode(RECEIPT).encode(), urlencode(INBOUND).encode())
DOCUMENTS = (json.dumps(RECEIPT).encode(), json.dumps({**INBOUND, "usage": {"a": [1, {"b": None}]}}).encode())
READERS = {
    "parse_response": Reader(parse_response, MalformedResponse, (json.dumps(REPLY).encode(), XML_REPLY.encode())),
    "parse_webhook, query": Reader(lambda query: parse_webhook("GET", query, None, b""), MalformedWebhook, FORMS),
    "parse_webhook, form": Reader(lambda body: parse_webhook("POST", b"a", FORM, body), MalformedWebhook, FORMS),
    "parse_webhook, JSON": Reader(lambda body: parse_webhook("POST", None, JSON, body), MalformedWebhook, DOCUMENTS),
    "from_wsgi": Reader(wsgi, MalformedWebhook, FORMS),
    "from_asgi": Reader(asgi, MalformedWebhook, FORMS),
    "read_json": Reader(read_json, StrictJsonError, DOCUMENTS),
    "verify": Reader(verified, SignatureError, (json.dumps(SIGNED).encode(),)),
}
readers = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


@st.composite
def damaged(draw: st.DrawFn, samples: tuple[bytes, ...]) -> bytes:
    """A sample that was cut, in which a bit was flipped, or into which octets were put."""
    octets = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(0, len(octets) - 1)))
        match draw(st.sampled_from(["cut", "flip", "insert"])):
            case "cut":
                octets = octets[:place]
            case "flip" if octets:
                flipped = octets[place] ^ 1 << draw(st.integers(0, 7))
                octets = octets[:place] + bytes([flipped]) + octets[place + 1 :]
            case _:
                octets = octets[:place] + draw(st.binary(max_size=4)) + octets[place:]
    return octets


@readers
@given(data=st.data())
def test_any_octets_give_a_value_or_the_error(reader: Reader, data: st.DataObject) -> None:
    """Random octets and damaged samples are read, or refused by the reader's own error."""
    octets = data.draw(st.binary(max_size=80) | damaged(reader.samples))
    try:
        value = reader.read(octets)
    except (reader.error, MalformedWebhook):
        return
    if hasattr(value, "as_dict"):
        json.dumps(value.as_dict())


@readers
def test_samples_are_read(reader: Reader) -> None:
    """The samples that are damaged above are read as they stand."""
    for sample in reader.samples:
        reader.read(sample)


@given(st.integers(1, 5), st.text('[]{}"\\a', max_size=12))
@example(60_000, '[\\"{')
@example(250_000, "[")
def test_brackets_in_a_text_take_no_memory(times: int, piece: str) -> None:
    """However many brackets, quotes and escapes a JSON string holds, it is read as the text it is, in a few times its
    own size.
    """
    import tracemalloc

    document = json.dumps([piece * times]).encode()
    tracemalloc.start()
    try:
        assert read_json(document) == [piece * times]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(document) + 100_000


@given(st.integers(0, 60), st.text("[]{}", max_size=40))
def test_depth_counts_brackets_outside_of_texts(depth: int, text: str) -> None:
    """Nesting is refused beyond 32 levels, whatever brackets the texts hold."""
    document = b"[" * depth + json.dumps(text).encode() + b"]" * depth
    try:
        read_json(document)
    except StrictJsonError:
        assert depth > 32
    else:
        assert depth <= 32
