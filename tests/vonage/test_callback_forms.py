"""What the stand-in tells webhooks: the parameters of receipts and inbound messages, and their octets, to the last.

Reference: SMS API 1.0.0 and 1.5.1, DeliveryReceipt and InboundMessage
"""

from __future__ import annotations

import json
from decimal import Decimal
from http.client import HTTPConnection, HTTPSConnection

from smscodec.simulator import Accept, CallbackKind, CallbackMethod, RecordedMessage
from smscodec.simulator.callbacks import (
    Callback,
    CallbackForm,
    Signer,
    form_of,
    inbound_data,
    inbound_fields,
    inbound_text,
    receipts,
)
from smscodec.simulator.checks import Account
from smscodec.simulator.delivery import _connection, _Job
from smscodec.simulator.records import Attempt
from smscodec.vonage.signature import SignatureMethod
from tests.rows import each_row
from tests.vonage.simulated import KEY, SECRET

NOW = 1_600_000_000.0
ACCOUNT = Account(KEY, SECRET)


RECEIPT = {
    **{"msisdn": "447700900000", "to": "AcmeInc", "network-code": "12345", "price": "0.0333", "api-key": KEY},
    **{"scts": "2009131226", "message-timestamp": "2020-09-13 12:26:40"},
}


@each_row(
    ("outcome", "told"),
    [
        (Accept(), [("1", "delivered", 0), ("2", "delivered", 0), ("3", "delivered", 0)]),
        (Accept(last_error=6), [("1", "delivered", 0), ("2", "delivered", 0), ("3", "rejected", 6)]),
        (Accept(2, second_error=12), [*((one, "expired", 2) for one in "123"), ("1", "expired", 12)]),
        (
            Accept(1, earlier=("accepted",)),
            [(one, status, error) for status, error in (("accepted", 0), ("unknown", 1)) for one in "123"],
        ),
    ],
)  # fmt: skip
@each_row("params", [{}, {"client-ref": "mine"}])
def test_receipts(outcome: Accept, told: list[tuple[str, str, int]], params: dict[str, str]) -> None:
    """A receipt for each accepted part, as the outcome wants them, with the client-ref of the message if it has one."""
    message = RecordedMessage(NOW, "text", 3, ("1", "2", "3"), "447700900000", "AcmeInc", "Hello", params)
    found = receipts(message, ACCOUNT, now=NOW, price=Decimal("0.0333"), network="12345", outcome=outcome)
    assert found == [
        {**RECEIPT, "messageId": message_id, "status": status, "err-code": str(error), **params}
        for message_id, status, error in told
    ]


def test_inbound_text() -> None:
    """A text is one part without concat fields, or several that say their places; the first word is the keyword."""
    fields = inbound_fields(ACCOUNT, msisdn="447700900001", to="12345", now=NOW)
    shared = {"msisdn": "447700900001", "to": "12345", "api-key": KEY, "message-timestamp": "2020-09-13 12:26:40"}
    assert fields == shared
    rows = [("Stop it", "text", "STOP"), ("", "text", ""), (" ж 1", "unicode", "Ж")]
    for text, kind, keyword in rows:
        assert inbound_text(text, fields, reference=7) == [{**shared, "type": kind, "keyword": keyword, "text": text}]
    place = {"type": "text", "keyword": "A" * 161, "concat": "true", "concat-ref": "7", "concat-total": "2"}
    assert inbound_text("a" * 161, fields, reference=7) == [
        {**shared, **place, "text": "a" * 153, "concat-part": "1"},
        {**shared, **place, "text": "a" * 8, "concat-part": "2"},
    ]


def test_inbound_data() -> None:
    """Octets are hexadecimal in capitals, with a header where there are several parts, and without any text."""
    shared = {"to": "12345", "type": "binary", "text": "", "keyword": ""}
    assert inbound_data(b"\xab", {"to": "12345"}, reference=7) == [{**shared, "data": "AB"}]
    assert inbound_data(b"\xab" * 141, {"to": "12345"}, reference=7) == [
        {**shared, "data": "AB" * 134, "udh": "050003070201"},
        {**shared, "data": "AB" * 7, "udh": "050003070202"},
    ]


@each_row(
    ("url", "target", "asked"),
    [
        ("http://127.0.0.1:1", "/", "/?a=b+c&d=%26"),
        ("http://127.0.0.1:1/x/", "/x/", "/x/?a=b+c&d=%26"),
        ("http://127.0.0.1:1/x?mine=1#part", "/x?mine=1", "/x?mine=1&a=b+c&d=%26"),
    ],
)
def test_the_octets_of_a_callback(url: str, target: str, asked: str) -> None:
    """GET has the parameters behind those of the URL, POST in a form or as JSON; a fragment is never sent."""
    params = {"a": "b c", "d": "&"}
    expected = {
        CallbackMethod.GET: CallbackForm("GET", asked, None, b""),
        CallbackMethod.POST: CallbackForm("POST", target, "application/x-www-form-urlencoded", b"a=b+c&d=%26"),
        CallbackMethod.POST_JSON: CallbackForm("POST", target, "application/json", json.dumps(params).encode()),
    }
    for method in CallbackMethod:
        assert form_of(Callback(CallbackKind.INBOUND, method, url, params)) == expected[method]


def test_what_is_sent_shows_nowhere() -> None:
    """Neither an address nor a parameter nor a secret is in the repr of what sends them."""
    callback = Callback(CallbackKind.RECEIPT, CallbackMethod.GET, "http://private/", {"private": "private"})
    assert "private" not in repr((callback, Signer("private", SignatureMethod.MD5_HASH)))


def test_a_signature_in_the_case_of_its_method() -> None:
    """The signer adds timestamp, nonce and sig: digits of md5hash in lower case, those of an HMAC in upper case."""
    for method in SignatureMethod:
        signed = Signer("s", method, nonce=lambda: "n").sign({"a": "b"}, now=NOW + 0.9)
        assert signed.keys() == {"a", "timestamp", "nonce", "sig"}
        assert (signed["timestamp"], signed["nonce"]) == ("1600000000", "n")
        in_case = signed["sig"].lower() if method is SignatureMethod.MD5_HASH else signed["sig"].upper()
        assert signed["sig"] == in_case


@each_row(
    ("url", "kind", "port"),
    [
        ("http://127.0.0.1", HTTPConnection, 80),
        ("http://127.0.0.1:81/x", HTTPConnection, 81),
        ("https://127.0.0.1", HTTPSConnection, 443),
        ("HTTPS://127.0.0.1:444", HTTPSConnection, 444),
    ],
)
def test_the_connection_to_a_webhook(url: str, kind: type[HTTPConnection], port: int) -> None:
    """It is that of the URL's scheme, host and port, and an answer is waited for ten seconds."""
    connection = _connection(url)
    assert (type(connection), connection.host, connection.port) == (kind, "127.0.0.1", port)
    assert connection.timeout == 10


def test_the_waits_between_attempts() -> None:
    """They double from 5 s up to 15 minutes, and end with the last that is due within a day of the first."""
    callback = Callback(CallbackKind.RECEIPT, CallbackMethod.GET, "http://127.0.0.1/", {})
    job, due, waits = _Job(callback, 1000.0), 1000.0, []
    while True:
        job.attempts.append(Attempt(due, 500))
        following = job.next_due()
        if following is None:
            break
        waits.append(following - due)
        due = following
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, *[900] * 94]
    for late, expected in ((86_395.0, 87_400.0), (86_395.5, None)):
        job = _Job(callback, 1000.0, [Attempt(1000.0 + late, None)])
        assert job.next_due() == expected
