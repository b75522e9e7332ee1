"""Replies in both formats, everything that is no reply, and the error of each status."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec.vonage.errors import MalformedResponse, VonageError
from smscodec.vonage.response import (
    MAX_RESPONSE,
    PartialFailure,
    SendError,
    SendResult,
    SentPart,
    Throttled,
    parse_response,
    throttle_wait,
)
from smscodec.vonage.statuses import STATUSES
from tests.rows import each_row

ACCEPTED = {
    "to": "447700900000",
    "message-id": "0A0000000123ABCD1",
    "status": "0",
    "remaining-balance": "3.14159265",
    "message-price": "0.03330000",
    "network": "12345",
}
PART = SentPart(
    0,
    message_id="0A0000000123ABCD1",
    to="447700900000",
    network="12345",
    remaining_balance=Decimal("3.14159265"),
    message_price=Decimal("0.03330000"),
)
CAMEL = {
    "message-id": "messageId",
    "remaining-balance": "remainingBalance",
    "message-price": "messagePrice",
    "error-text": "errorText",
    "client-ref": "clientRef",
    "account-ref": "accountRef",
}


def json_reply(*parts: Mapping[str, object], count: object = None) -> bytes:
    """A reply in JSON."""
    return json.dumps({"message-count": str(len(parts)) if count is None else count, "messages": parts}).encode()


def xml_reply(*parts: Mapping[str, object], camel: bool = True, declaration: str = "") -> str:
    """A reply in XML."""
    names = CAMEL if camel else {}
    messages = "".join(
        "<message>"
        + "".join(f"<{names.get(key, key)}>{escape(str(text))}</{names.get(key, key)}>" for key, text in part.items())
        + "</message>"
        for part in parts
    )
    return (
        f'{declaration}<mt-submission-response><messages count="{len(parts)}">{messages}'
        "</messages></mt-submission-response>"
    )


def failing(result: SendResult) -> VonageError:
    """The error that the result raises."""
    with pytest.raises(VonageError) as caught:
        result.raise_for_status()
    return caught.value


# Replies --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        json_reply(ACCEPTED),
        b"\xef\xbb\xbf" + json_reply(ACCEPTED),
        b" \r\n\t" + json_reply(ACCEPTED),
        json_reply({**ACCEPTED, "status": 0}, count=1),
        json.dumps({"messages": [ACCEPTED]}).encode(),
        json.dumps({"message-count": None, "messages": [ACCEPTED], "more": [1, {"a": None}]}).encode(),
        json_reply({**ACCEPTED, "client-ref": None, "error-text": ""}),
        xml_reply(ACCEPTED).encode(),
        xml_reply(ACCEPTED, camel=False).encode(),
        xml_reply(ACCEPTED, declaration="<?xml version='1.0' encoding='UTF-8' ?>\n").encode(),
        xml_reply(ACCEPTED, declaration="<?xml version='1.0' encoding='UTF-16'?>").encode("utf-16"),
        xml_reply(ACCEPTED).encode("utf-16"),
        b"\xef\xbb\xbf" + xml_reply(ACCEPTED).encode(),
        xml_reply(ACCEPTED).replace("</message>", "<clientRef/><errorText></errorText></message>").encode(),
        xml_reply(ACCEPTED).replace("<messages", "<!-- a --><new><b>1</b></new><messages").encode(),
        xml_reply(ACCEPTED).replace(' count="1"', "").encode(),
    ],
)
def test_one_segment(body: bytes) -> None:
    """A reply of one segment reads the same in JSON and in XML, however its values are written."""
    assert parse_response(body) == SendResult((PART,))


@pytest.mark.parametrize("content_type", [None, "", "application/json", "text/xml", "text/html", "nonsense"])
def test_format_is_told_by_the_content(content_type: str | None) -> None:
    """JSON and XML are told apart by what is there, not by the header."""
    for body in (json_reply(ACCEPTED), xml_reply(ACCEPTED).encode()):
        assert parse_response(body, content_type=content_type).parts == (PART,)


def test_several_segments() -> None:
    """A reply has a part for each segment, and their prices add up exactly."""
    parts = [{**ACCEPTED, "message-id": str(number), "message-price": "0.1"} for number in range(3)]
    for body in (json_reply(*parts), xml_reply(*parts).encode()):
        result = parse_response(body)
        assert [part.message_id for part in result.parts] == ["0", "1", "2"]
        assert result.total_price == Decimal("0.3")
        assert (result.accepted, result.rejected) == (result.parts, ())
        result.raise_for_status()


def test_numbers_keep_their_text() -> None:
    """A price that comes as a number of JSON is not rounded."""
    body = (
        b'{"messages":[{"status":0,"message-price":0.10000000000000000001,"remaining-balance":12345678901234567890}]}'
    )
    (part,) = parse_response(body).parts
    assert (part.message_price, part.remaining_balance) == (
        Decimal("0.10000000000000000001"),
        Decimal("12345678901234567890"),
    )


def test_error_part_may_be_bare() -> None:
    """A refused part may hold its status and nothing else; prices that nobody states are None."""
    for body in (json_reply({"status": "2"}), xml_reply({"status": 2}).encode()):
        result = parse_response(body)
        assert result.parts == (SentPart(2),)
        assert result.total_price is None
        assert result.parts[0].info is STATUSES[2]
        stated = {name: value for name, value in result.parts[0].as_dict().items() if value not in ("", None, {})}
        assert stated == {"status": 2}


@pytest.mark.parametrize("price", ["NaN", "9" * 50, "1e999999", "three", "٣", "1,5"])
def test_price_that_is_none_hides_no_message(price: str) -> None:
    """A price or balance that is no number is None, and its text kept; the message was accepted all the same."""
    fields = {**ACCEPTED, "message-price": price, "remaining-balance": price}
    for body in (json_reply(fields), xml_reply(fields).encode()):
        (part,) = parse_response(body).parts
        assert (part.status, part.message_id) == (0, ACCEPTED["message-id"])
        assert (part.message_price, part.remaining_balance) == (None, None)
        assert part.other == {"message-price": price, "remaining-balance": price}


def test_unknown_status_is_read() -> None:
    """A status that nobody has listed is read, and raises the plain SendError."""
    result = parse_response(json_reply({"status": "777", "error-text": "new"}))
    assert result.parts == (SentPart(777, error_text="new"),)
    assert result.parts[0].info is None
    error = failing(result)
    assert type(error) is SendError
    assert (error.status, error.name, error.text, error.result) == (777, "", "new", result)


def test_further_fields_are_kept() -> None:
    """Fields that are not known are kept by their names."""
    (part,) = parse_response(json_reply({"status": "0", "campaign": "x", "nested": [1]})).parts
    assert part.other == {"campaign": "x"}


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(sorted({*ACCEPTED, "error-text", "client-ref"} - {"status"})),
            st.sampled_from(["", "1", "0.5"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_json_and_xml_agree(parts: list[dict[str, str]], camel: bool) -> None:
    """The same reply reads the same in either format."""
    whole = [{"status": "1", **part} for part in parts]
    assert parse_response(json_reply(*whole)) == parse_response(xml_reply(*whole, camel=camel).encode())


# What is no reply -----------------------------------------------------------------------------------------------------

DOCTYPE = '<!DOCTYPE a [<!ENTITY b "447700900000">]>'
MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n",
    "mark alone": b"\xef\xbb\xbf",
    "HTML": b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
    "HTML without doctype": b"<html><body><h1>502</h1></body></html>",
    "text": b"Service unavailable",
    "truncated JSON": json_reply(ACCEPTED)[:-9],
    "truncated XML": xml_reply(ACCEPTED).encode()[:-9],
    "text after JSON": json_reply(ACCEPTED) + b"x",
    "text after XML": xml_reply(ACCEPTED).encode() + b"x",
    "two documents": xml_reply(ACCEPTED).encode() * 2,
    "array": b"[]",
    "string": b'"messages"',
    "number": b"5",
    "null": b"null",
    "duplicate name": b'{"messages":[{"status":"0","status":"1"}]}',
    "duplicate name elsewhere": b'{"a":{"b":1,"b":2},"messages":[{"status":"0"}]}',
    "duplicate element": xml_reply(ACCEPTED).replace("</message>", "<status>1</status></message>").encode(),
    "duplicate element in both spellings": xml_reply(ACCEPTED)
    .replace("</message>", "<message-id/></message>")
    .encode(),
    "two lists": xml_reply(ACCEPTED).replace("</messages>", "</messages><messages/>").encode(),
    "deep array": b"[" * 100_000,
    "deep object": b'{"messages":' * 50_000,
    "deep value": b'{"a":' + b"[" * 33 + b"]" * 33 + b',"messages":[{"status":"0"}]}',
    "deep element": ("<mt-submission-response>" + "<a>" * 100_000).encode(),
    "NaN": b'{"messages":[{"status":"0","message-price":NaN}]}',
    "infinity": b'{"messages":[{"status":"0","message-price":-Infinity}]}',
    "huge integer": b'{"messages":[{"status":"0","x":' + b"9" * 4301 + b"}]}",
    "huge status": json_reply({"status": "9" * 4301}),
    "no messages": b'{"message-count":"0"}',
    "empty messages": b'{"message-count":"0","messages":[]}',
    "messages null": b'{"messages":null}',
    "messages object": b'{"messages":{"status":"0"}}',
    "message string": b'{"messages":["0"]}',
    "message null": b'{"messages":[null]}',
    "no status": json_reply({"to": "447700900000"}),
    "status null": b'{"messages":[{"status":null}]}',
    "status empty": json_reply({"status": ""}),
    "status true": b'{"messages":[{"status":true}]}',
    "status list": b'{"messages":[{"status":["0"]}]}',
    "status in words": json_reply({"status": "ok"}),
    "status negative": json_reply({"status": "-1"}),
    "status fraction": b'{"messages":[{"status":0.0}]}',
    "status in other digits": json_reply({"status": "٠"}),
    "to object": b'{"messages":[{"status":"0","to":{}}]}',
    "count too high": json_reply(ACCEPTED, count="2"),
    "count in words": json_reply(ACCEPTED, count="one"),
    "count true": json_reply(ACCEPTED, count=True),
    "count of XML too high": xml_reply(ACCEPTED).replace('count="1"', 'count="2"').encode(),
    "problem document": b'{"type":"about:blank","title":"Unauthorized","status":401}',
    "error code": b'{"error-code":"420","error-code-label":"method failed"}',
    "not UTF-8": b'{"messages":[{"status":"0","to":"\xff"}]}',
    "JSON in UTF-16": json_reply(ACCEPTED).decode().encode("utf-16"),
    "raw control character": b'{"messages":[{"status":"0","to":"\x00"}]}',
    "other root": b"<response><messages count='1'><message><status>0</status></message></messages></response>",
    "messages too deep": f"<mt-submission-response><a>{xml_reply(ACCEPTED)}</a></mt-submission-response>".encode(),
    "element in a field": xml_reply(ACCEPTED).replace("<to>44", "<to>44<b/>").encode(),
    "XML without messages": b"<mt-submission-response/>",
    "XML with no message": b"<mt-submission-response><messages count='0'/></mt-submission-response>",
    "XML that is not well-formed": b"<mt-submission-response><messages></mt-submission-response>",
    "unknown entity": xml_reply(ACCEPTED).replace("<to>44", "<to>&b;").encode(),
    "unknown encoding": xml_reply(ACCEPTED, declaration="<?xml version='1.0' encoding='x-none'?>").encode(),
    "unusable encoding": xml_reply(ACCEPTED, declaration="<?xml version='1.0' encoding='utf-7'?>").encode(),
    "not the encoding declared": xml_reply(ACCEPTED, declaration="<?xml version='1.0' encoding='UTF-16'?>").encode(),
    "doctype": xml_reply(ACCEPTED, declaration=DOCTYPE).encode(),
    "doctype alone": xml_reply(ACCEPTED, declaration="<!DOCTYPE mt-submission-response>").encode(),
    "doctype in UTF-16": xml_reply(ACCEPTED, declaration=DOCTYPE).encode("utf-16"),
    "doctype in UTF-16 without mark": xml_reply(
        ACCEPTED, declaration="<?xml version='1.0' encoding='UTF-16BE'?>" + DOCTYPE
    ).encode("utf-16-be"),
    "doctype in Latin-1": xml_reply(
        ACCEPTED, declaration="<?xml version='1.0' encoding='ISO-8859-1'?>" + DOCTYPE
    ).encode("latin-1"),
    "five megabytes": b" " * (5 << 20),
    "five megabytes of reply": json_reply(*[ACCEPTED] * 30_000),
    "quotes that never end": b'{"a":"' + b'\\"' * 300_000 + b"[" * 40,
}


@each_row("body", MALFORMED.values())
def test_malformed(body: bytes) -> None:
    """Whatever is not one complete reply is one error, which holds the octets and does not show them."""
    with pytest.raises(MalformedResponse) as caught:
        parse_response(body)
    error = caught.value
    assert error.body == body
    assert error.__context__ is None
    assert "447700900000" not in repr(error) + repr(error.args) + "".join(traceback.format_exception_only(error))


def test_page_of_a_proxy_is_named() -> None:
    """With the header of an HTML page the error says so."""
    with pytest.raises(MalformedResponse, match="HTML"):
        parse_response(b"<html></html>", content_type="text/html; charset=utf-8")


def test_longest_reply() -> None:
    """A reply of exactly the largest size is read, and one octet more is refused."""
    body = json_reply(ACCEPTED).ljust(MAX_RESPONSE)
    assert parse_response(body).parts == (PART,)
    with pytest.raises(MalformedResponse):
        parse_response(body + b" ")


@given(st.binary(max_size=80) | st.sampled_from([json_reply(ACCEPTED), xml_reply(ACCEPTED).encode()]), st.data())
def test_any_octets_give_a_result_or_the_error(body: bytes, data: st.DataObject) -> None:
    """Any octets, and any reply with an octet changed, give a SendResult or MalformedResponse and nothing else."""
    if body:
        place = data.draw(st.integers(0, len(body) - 1))
        body = body[:place] + data.draw(st.binary(max_size=3)) + body[place + 1 :]
    try:
        parts = len(parse_response(body).parts)
    except MalformedResponse:
        return
    assert parts > 0


# Statuses -------------------------------------------------------------------------------------------------------------


@each_row("status", sorted(set(STATUSES) - {0}))
def test_each_status_is_explained(status: int) -> None:
    """The error of each status has its number, name, meaning and resolution, the service's text and the result."""
    result = parse_response(json_reply({"status": str(status), "error-text": "the number 447700900000"}))
    error = failing(result)
    assert type(error) is (Throttled if status == 1 else SendError)
    assert isinstance(error, SendError)
    info = STATUSES[status]
    assert (error.status, error.text) == (status, "the number 447700900000")
    assert (error.name, error.meaning, error.resolution) == (info.name, info.description, info.resolution)
    assert error.result is result
    assert STATUSES[status].name in str(error)
    assert STATUSES[status].resolution in str(error)
    assert "447700900000" not in str(error) + repr(error) + repr(error.args)


def test_partial_failure() -> None:
    """Where some segments were accepted and some were not, the error holds both."""
    result = parse_response(json_reply(ACCEPTED, {"status": "1"}, ACCEPTED))
    error = failing(result)
    assert isinstance(error, PartialFailure)
    assert (error.accepted, error.rejected) == ((PART, PART), (SentPart(1),))
    assert error.result is result


def test_first_part_decides() -> None:
    """Where every segment was refused, the first one's status makes the error."""
    for statuses, kind in (("41", SendError), ("14", Throttled)):
        error = failing(parse_response(json_reply(*({"status": status} for status in statuses))))
        assert (type(error), getattr(error, "status", None)) == (kind, int(statuses[0]))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Throughput Rate Exceeded - please wait [ 702 ] and retry", 0.702),
        ("please WAIT [5000] and retry", 5.0),
        ("Throttled INTERVAL [ 1000 ] x TIME_SINCE_LAST_INTERVAL_START [ 529 ]", 0.471),
        ("INTERVAL [ 1000 ]\nTIME_SINCE_LAST_INTERVAL_START [ 1500 ]", 0.0),
        ("please wait [ 0 ]", 0.0),
        ("", None),
        ("wait a moment", None),
        ("please wait [ many ] and retry", None),
        ("please wait [ " + "9" * 5000 + " ] and retry", None),
        ("INTERVAL [ 1000 ]", None),
    ],
    ids=range(10),
)
def test_wait_after_throttling(text: str, seconds: float | None) -> None:
    """The wait is read from the service's words in seconds; one second where they hold no number."""
    error = failing(parse_response(json_reply({"status": "1", "error-text": text})))
    assert isinstance(error, Throttled)
    assert throttle_wait(text) == seconds
    assert error.wait == (1.0 if seconds is None else seconds)
