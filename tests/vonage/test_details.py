"""Details of the SMS API's façade that a mutant once got past: each is pinned by example."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from smscodec.vonage import Client, Credentials, RequestError, Retry, SendError, TextMessage, UrllibTransport
from smscodec.vonage.http import HttpRequest, HttpResponse
from smscodec.vonage.webhook import InboundMessage, parse_webhook


@pytest.mark.parametrize("sender", ["+15550100", "+447700900000"])
def test_a_sender_that_is_a_number_with_a_plus_is_refused(sender: str) -> None:
    """A number is sent without its plus; a name may begin with one."""
    with pytest.raises(RequestError) as caught:
        TextMessage("447700900000", sender, "hi")
    assert caught.value.field == "sender"
    assert TextMessage("447700900000", "+Acme", "hi").params()["from"] == "+Acme"
    assert TextMessage("447700900000", sender[1:], "hi").params()["from"] == sender[1:]


@pytest.mark.parametrize("method", ["", "GET ", "GET\r\nX: y", "GÉT", "G-T", "1"])
def test_a_method_that_is_not_letters_never_reaches_a_socket(method: str) -> None:
    """A transport refuses such a request before it connects: the port is one where nothing listens."""
    with pytest.raises(RequestError) as caught:
        UrllibTransport()(HttpRequest(method, "http://127.0.0.1:9/", {}, b""))
    assert caught.value.field == "method"


@pytest.mark.parametrize(("value", "sent"), [(True, "true"), (False, "false"), (1, "1"), ("x", "x"), (None, None)])
def test_further_parameters_go_out_as_texts(value: str | int | bool | None, sent: str | None) -> None:
    """Truth is sent as true and false, numbers in digits; None is not sent."""
    message = TextMessage("447700900000", "AcmeInc", "hi", extra={"my-flag": value})
    assert message.params().get("my-flag") == sent


@pytest.mark.parametrize(("status", "attempts"), [(1, 3), (10, 3), (5, 1), (2, 1), (9, 1)])
def test_only_what_was_throttled_is_tried_again(status: int, attempts: int) -> None:
    """Status 1 and 10 say that nothing was accepted, so the message is sent again; after any other it is not."""
    calls: list[HttpRequest] = []

    def transport(request: HttpRequest) -> HttpResponse:
        calls.append(request)
        body = f'{{"message-count": "1", "messages": [{{"status": "{status}", "error-text": "no"}}]}}'
        return HttpResponse(200, {"Content-Type": "application/json"}, body.encode())

    client = Client(
        Credentials("key", api_secret="secret"), transport=transport, retry=Retry(3, max_wait=0), sleep=lambda _: None
    )
    with pytest.raises(SendError) as caught:
        client.send(TextMessage("447700900000", "AcmeInc", "hi"))
    assert (caught.value.status, len(calls)) == (status, attempts)


@pytest.mark.parametrize(
    ("total", "part", "place"),
    [(255, 255, (255, 255)), (255, 1, (255, 1)), (256, 1, None), (255, 256, None), (1, 1, (1, 1)), (2, 0, None)],
)
def test_an_inbound_message_has_a_place_among_at_most_255(total: int, part: int, place: tuple[int, int] | None) -> None:
    """Segment 255 of 255 is one; a total or a segment of 256 makes a message that stands alone."""
    fields = {"msisdn": "447700900000", "to": "15550100", "messageId": "0A", "text": "hi", "type": "text"}
    fields |= {"message-timestamp": "2026-11-30 12:00:00", "concat": "true", "concat-ref": "7"}
    fields |= {"concat-total": str(total), "concat-part": str(part)}
    found = parse_webhook("GET", urlencode(fields), None, b"")
    assert isinstance(found, InboundMessage)
    held = found.concatenation
    assert (None if held is None else (held.total, held.part)) == place
