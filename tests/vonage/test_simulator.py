"""The simulator's checks, replies and segments, in plain HTTP: it must not need our client.

Reference: SMS API 1.0.0 and 1.5.1; 3GPP TS 23.040, 9.2.3.24.1 for the numbers of segments
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.simulator import (
    Simulator,
)
from smscodec.simulator.checks import Account
from smscodec.simulator.reading import Incoming
from smscodec.simulator.service import Service
from smscodec.vonage.signature import SignatureMethod
from tests.rows import each_row
from tests.vonage.simulated import FORM, GOOD, KEY, SECRET, SIGNATURE_SECRET, answered, call, send


def test_an_accepted_message_in_json() -> None:
    """One part a segment, with the fields that the specification names, all of them texts."""
    with Simulator() as sim:
        reply = send(sim, text="a" * 161, client_ref="mine", account_ref="customer")
    first, second = reply.parts
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert first == {
        "to": "447700900000",
        "message-id": "0A00000000000001",
        "status": "0",
        "remaining-balance": "99.96670000",
        "message-price": "0.03330000",
        "network": "12345",
        "client-ref": "mine",
        "account-ref": "customer",
    }
    assert second == {**first, "message-id": "0A00000000000002", "remaining-balance": "99.93340000"}


def test_an_accepted_message_in_xml() -> None:
    """The same reply in the other format has the same values under camel-case names."""
    with Simulator() as sim:
        reply = call(sim, {**GOOD, "client-ref": "<&>", "account-ref": "customer"}, target="/sms/xml")
    root = ElementTree.fromstring(reply.body)
    assert (reply.headers["Content-Type"], root.tag, root[0].attrib) == (
        "text/xml",
        "mt-submission-response",
        {"count": "1"},
    )
    assert {field.tag: field.text for field in root[0][0]} == {
        "to": "447700900000",
        "messageId": "0A00000000000001",
        "status": "0",
        "remainingBalance": "99.96670000",
        "messagePrice": "0.03330000",
        "network": "12345",
        "clientRef": "<&>",
        "accountRef": "customer",
    }


def test_a_refused_message_in_both_formats() -> None:
    """A refusal is HTTP 200 with one part that holds the status and the error text."""
    with Simulator() as sim:
        assert send(sim, to=None).parts == [{"status": "2", "error-text": "Missing to param"}]
        root = ElementTree.fromstring(call(sim, {**GOOD, "to": ""}, target="/sms/xml").body)
    assert {field.tag: field.text for field in root[0][0]} == {"status": "2", "errorText": "Missing to param"}


# Each line breaks one check more than the line below it, so the first to complain shows the order.
BROKEN_IN_ORDER: list[tuple[int, dict[str, str | None]]] = [
    (2, {"api_key": None}),
    (32, {"sig": "0" * 32}),
    (4, {"api_secret": "wrong-secret-0000"}),
    (2, {"from": ""}),
    (3, {"ttl": "19999"}),
    (6, {"to": "0477009000"}),
    (15, {"from": "MoreThanEleven"}),
    (12, {"text": "a" * 3201}),
    (23, {"callback": "ftp://127.0.0.1/"}),
]


def test_checks_run_in_the_services_order() -> None:
    """With several things wrong, the first check of the list gives the status."""
    params: dict[str, str | None] = dict(GOOD)
    for status, change in reversed(BROKEN_IN_ORDER):
        params.update(change)
        assert answered({name: value for name, value in params.items() if value is not None}) == [status]


@each_row(
    ("status", "change"),
    [
        (2, {"api_key": ""}),
        (2, {"api_secret": None}),
        (4, {"api_key": "abcd1235"}),
        (4, {"api_secret": "é"}),
        (14, {"api_secret": None, "sig": "0" * 32, "timestamp": "1000"}),
        (14, {"api_secret": None, "sig": "0" * 32}),
        (14, {"api_secret": None, "sig": "é", "timestamp": "1000"}),
        (2, {"to": None}),
        (2, {"text": None}),
        (2, {"text": ""}),
        (2, {"type": "binary"}),
        (2, {"type": "wappush", "title": "Title"}),
        (2, {"type": "wappush", "url": "http://a"}),
        (2, {"type": "binary", "body": "", "udh": ""}),
        (2, {"type": "vcard"}),
        (2, {"type": "vcal"}),
        (3, {"type": "flash"}),
        (3, {"to": "123456"}),
        (3, {"to": "1" * 16}),
        (3, {"to": "+447700900000"}),
        (3, {"to": "\u0664\u0664\u0667\u0667\u0660\u0660\u0669"}),
        (3, {"ttl": ""}),
        (3, {"ttl": "604800001"}),
        (3, {"ttl": "1" * 5000}),
        (3, {"ttl": "20000.5"}),
        (3, {"message-class": "4"}),
        (3, {"protocol-id": "256"}),
        (3, {"validity": "-1"}),
        (3, {"validity": str(2**63)}),
        (3, {"validity": "0" * 20}),
        (3, {"status-report-req": "perhaps"}),
        (3, {"trusted-number": "perhaps"}),
        (3, {"client-ref": "c" * 101}),
        (3, {"client-ref": "a\x00b"}),
        (3, {"account-ref": "a\x00b"}),
        (3, {"udh": "0"}),
        (3, {"type": "binary", "body": "0"}),
        (3, {"type": "binary", "body": "0g"}),
        (3, {"type": "binary", "body": "00" * 141}),
        (3, {"type": "binary", "body": "00" * 134, "udh": "00" * 7}),
        (6, {"to": "999000000000"}),
        (15, {"from": "1" * 16}),
        (15, {"from": " "}),
        (15, {"from": "a\nb"}),
        *((12, {name: "a" * 3201}) for name in ("title", "url", "vcard", "vcal")),
        (23, {"callback": "http://127.0.0.1/" + "a" * 84}),
        (23, {"callback": "http://127.0.0.1/a b"}),
        (23, {"callback": "http://"}),
    ],
)
def test_what_the_service_refuses(status: int, change: dict[str, str | None]) -> None:
    """Each value beyond its limit gives the status of its check."""
    params = {**GOOD, **change}
    assert answered({name: value for name, value in params.items() if value is not None}) == [status]


@each_row(
    "change",
    [
        {"to": "1234567"},
        {"to": "1" * 15},
        {"ttl": "20000"},
        {"ttl": "604800000"},
        {"message-class": "0"},
        {"message-class": "3"},
        {"protocol-id": "0"},
        {"protocol-id": "255"},
        *({name: flag} for name in ("status-report-req", "trusted-number") for flag in ("tRue", "False", "1", "0")),
        {"account-ref": "c" * 3201},
        {"validity": str(2**63 - 1)},
        {"validity": "0" * 19},
        {str(number): "" for number in range(195)},
        {"client-ref": "c" * 100},
        {"type": "binary", "body": "00" * 134, "udh": "0" * 12},
        {"type": "binary", "body": "AbCd"},
        {"type": "binary", "udh": "06050415811581"},
        {"protocol-id": "64"},
        {"from": "Delivery Man"},
        {"type": "wappush", "title": "Title", "url": "https://example.com", "validity": "0"},
        {"type": "vcal", "vcal": "BEGIN:VCALENDAR"},
        {"from": "1" * 15},
        {"from": "Acme Inc Ltd"},
        {"callback": "http://127.0.0.1/" + "a" * 83},
        {"callback": "HTTPS://127.0.0.1"},
        {"text": "a" * 3200, "type": "text"},
        {"something": "else"},
    ],
)
def test_what_the_service_takes(change: dict[str, str]) -> None:
    """Each value at its limit is accepted."""
    assert set(answered({**GOOD, **change})) == {0}


@pytest.mark.parametrize("method", SignatureMethod)
def test_signed_requests_are_checked_against_the_standard_library(method: SignatureMethod) -> None:
    """A signature computed here by hand is accepted for its method, in either case, and for 300 s."""
    params = {**GOOD, "timestamp": "1000", "text": "a&b=c"}
    del params["api_secret"]
    text = "".join(f"&{name}={params[name].replace('&', '_').replace('=', '_')}" for name in sorted(params))
    if method is SignatureMethod.MD5_HASH:
        sig = hashlib.md5((text + SIGNATURE_SECRET).encode()).hexdigest()
    else:
        sig = hmac.new(SIGNATURE_SECRET.encode(), text.encode(), method.value).hexdigest()
    account = Account(KEY, SECRET, SIGNATURE_SECRET, method)
    for given_sig, now, expected in [
        (sig, 1000, 0),
        (sig.upper(), 1300, 0),
        (sig, 700, 0),
        (sig, 1301, 14),
        (sig, 699, 14),
        (sig[:-1] + "x", 1000, 14),
    ]:
        assert [expected] == answered({**params, "sig": given_sig}, now=now, account=account)


def test_an_account_without_signature_secret_refuses_signatures() -> None:
    """Where no secret is set, no signature can hold."""
    params = {**GOOD, "sig": "0" * 32, "timestamp": "1000"}
    del params["api_secret"]
    assert answered(params, account=Account(KEY, SECRET)) == [14]


def basic(key: str, secret: str) -> dict[str, str]:
    """An Authorization header."""
    return {"Authorization": "Basic " + b64encode(f"{key}:{secret}".encode()).decode()}


def test_credentials_may_stand_in_header_query_or_body() -> None:
    """The three places that the two specifications know, and the contradictions between them."""
    bare = {name: value for name, value in GOOD.items() if not name.startswith("api_")}
    query = "/sms/json?" + urlencode({"api_key": KEY, "api_secret": SECRET})
    with Simulator() as sim:
        assert call(sim, bare, headers=basic(KEY, SECRET)).statuses == [0]
        assert call(sim, bare, target=query).statuses == [0]
        assert call(sim, GOOD).statuses == [0]
        assert call(sim, {**GOOD, "api_key": "other"}, headers=basic(KEY, SECRET)).statuses == [4]
        assert call(sim, bare, headers=basic(KEY, "wrong")).statuses == [4]
        assert call(sim, {**bare, "sig": "0"}, headers=basic(KEY, SECRET)).statuses == [32]


def test_json_requests_are_read() -> None:
    """A flat JSON object is read like a form, as the vendor's Node client sends it."""
    body = json.dumps({**GOOD, "ttl": 20000, "status-report-req": False, "client-ref": None, "text": "ж"})
    with Simulator() as sim:
        reply = call(sim, body.encode(), headers={"Content-Type": "application/json; charset=utf-8"})
    assert reply.statuses == [0]
    assert sim.messages[0].params["ttl"] == "20000"
    assert sim.messages[0].params["status-report-req"] == "false"
    assert "client-ref" not in sim.messages[0].params


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """One simulator for all that takes nothing."""
    with Simulator() as sim:
        yield sim


@each_row(
    ("http_status", "request_"),
    [
        (404, {"body": b"", "target": "/"}),
        (404, {"body": b"", "target": "/sms/yaml"}),
        (405, {"body": b"", "method": "GET"}),
        (405, {"body": b"", "method": "DELETE"}),
        (415, {"body": b"text=x", "headers": {"Content-Type": "text/plain"}}),
        (415, {"body": b"text=x", "headers": {"Content-Type": ""}}),
        (400, {"body": b"text=%FF"}),
        (400, {"body": b"text"}),
        (400, {"body": "text=é".encode()}),
        (400, {"body": b"text=a&text=b"}),
        (400, {"body": b"to=1", "target": "/sms/json?to=1"}),
        (400, {"body": urlencode({str(n): "" for n in range(201)}).encode()}),
        (400, {"body": b"[1]", "headers": {"Content-Type": "application/json"}}),
        (400, {"body": b"{", "headers": {"Content-Type": "application/json"}}),
        (400, {"body": b"[" * 50_000, "headers": {"Content-Type": "application/json"}}),
        (400, {"body": b'{"a": {}}', "headers": {"Content-Type": "application/json"}}),
        (400, {"body": b'{"a": NaN}', "headers": {"Content-Type": "application/json"}}),
        *(
            (400, {"body": b'{"a": "\\u%s"}' % half, "headers": {"Content-Type": "application/json"}})
            for half in (b"d800", b"d83d", b"dfff")
        ),
        (400, {"body": b'{"a": "1", "a": "2"}', "headers": {"Content-Type": "application/json"}}),
        (401, {"body": b"", "headers": {"Authorization": "Bearer x"}}),
        (401, {"body": b"", "headers": {"Authorization": "Basic \xff"}}),
        (401, {"body": b"", "headers": {"Authorization": "Basic " + b64encode(b"abc").decode()}}),
        (401, {"body": b"", "headers": {"Authorization": "Basic " + b64encode(b"abc:d").decode().replace("j", "*j")}}),
        (413, {"body": b"a" * (256 * 1024 + 1)}),
        (411, {"body": b"a=1", "headers": {"Transfer-Encoding": "chunked"}}),
        (400, {"body": b"", "headers": {"Content-Length": "-1"}}),
    ],
)
def test_requests_that_are_no_calls_of_the_api(
    simulator: Simulator, http_status: int, request_: dict[str, Any]
) -> None:
    """What cannot be read is answered with an HTTP error, and nothing is accepted."""
    assert call(simulator, **request_).status == http_status
    assert simulator.messages == []


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from([*GOOD, "type", "ttl", "udh", "sig"]), st.text(max_size=8))
)
def test_any_form_gets_an_answer(changes: dict[str, str]) -> None:
    """Whatever the parameters are, the service answers with a status of its own, and accepts or refuses as a whole."""
    encodable = {
        name.encode(errors="replace").decode(): value.encode(errors="replace").decode()
        for name, value in {**GOOD, **changes}.items()
    }
    statuses = answered(encodable)
    assert statuses in ([0], [2], [3], [4], [6], [12], [14], [15], [23], [32])


@given(st.binary(max_size=60), st.sampled_from([FORM, "application/json", "text/xml", ""]), st.text(max_size=20))
def test_any_octets_get_an_answer(body: bytes, content_type: str, authorization: str) -> None:
    """Octets that are no request at all get an HTTP error or a refusal."""
    headers = {"content-type": content_type, "authorization": authorization}
    answer = Service(Account(KEY, SECRET)).answer(Incoming("POST", "/sms/json", "", headers, body), now=0)
    assert answer.message is None
    assert answer.http_status in (200, 400, 401, 415)


# The counts that the project's decisions fix, and a few around them; UCS-2 where GSM 7-bit lacks a character.
KNOWN_SEGMENTS = [
    ("a", 1),
    ("a" * 160, 1),
    ("a" * 161, 2),
    ("a" * 306, 2),
    ("a" * 307, 3),
    ("€" * 80, 1),
    ("€" * 81, 2),
    ("]" * 153, 3),
    ("a" * 152 + "€" + "a" * 152, 3),
    (("a" * 152 + "€") * 3, 4),
    ("a" * 151 + "€" + "a" * 153, 2),
    ("a" * 159 + "\f", 2),
    ("ж" * 70, 1),
    ("ж" * 71, 2),
    ("ж" * 134, 2),
    ("ж" * 135, 3),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    ("ж" * 66 + "😀" + "ж" * 66, 3),
    ("e\u0301" * 67, 2),
    ("`" * 10, 1),
    ("ç" * 71, 2),
    ("Ç" * 160, 1),
]


@each_row(("text", "segments"), KNOWN_SEGMENTS)
def test_segments_against_known_numbers(text: str, segments: int) -> None:
    """The stand-in charges the known number of segments in the type that the text needs."""
    lacking = set(text) & set("жç`😀\u0301")
    assert [0] * segments == answered({**GOOD, "text": text, "type": "unicode" if lacking else "text"})


def test_text_outside_gsm_7bit_arrives_as_question_marks() -> None:
    """With type=text the service does not look for another alphabet; the trap is there to be seen."""
    with Simulator() as sim:
        assert send(sim, text="ça va €", type="text").statuses == [0]
        assert send(sim, text="ça va €", type="unicode").statuses == [0]
    assert [message.text for message in sim.messages] == ["?a va €", "ça va €"]
