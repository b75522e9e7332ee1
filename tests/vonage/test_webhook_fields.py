"""The typed fields of webhooks: what they mean, and what is None because it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smscodec.vonage.statuses import DELIVERY_ERRORS
from smscodec.vonage.webhook import DeliveryReceipt, InboundConcatenation, InboundMessage, parse_webhook
from tests.rows import each_row
from tests.vonage.webhooks import JSON, inbound, post, receipt


@pytest.mark.parametrize(
    ("status", "is_final"),
    [
        ("accepted", False),
        ("buffered", False),
        ("delivered", True),
        ("expired", True),
        ("failed", True),
        ("rejected", True),
        ("unknown", None),
        ("teleported", None),
    ],
)
def test_finality(status: str, is_final: bool | None) -> None:
    """Accepted and buffered are not final; words that are not listed survive as text."""
    webhook = receipt(status=status)
    assert (webhook.status, webhook.is_final) == (status, is_final)


@each_row("query", ["messageId=1&status=delivered", "messageId=1&msisdn=2&text=a", "a=b", ""])
def test_webhooks_are_values(query: str) -> None:
    """Equal webhooks hash alike, so that a set knows one that came again."""
    first, second = (parse_webhook("GET", query, None, b"") for _ in range(2))
    assert first is not second
    assert {first, second} == {first}


@each_row("code", sorted(DELIVERY_ERRORS))
def test_delivery_errors(code: int) -> None:
    """Each err-code has its meaning."""
    assert receipt(err_code=str(code)).error == DELIVERY_ERRORS[code]


@pytest.mark.parametrize("code", ["", "x", "-1", "77", "1.0", "9" * 5000, None])
def test_err_code_without_meaning(code: str | None) -> None:
    """A code that is missing, no number or not listed has no meaning, and its text is kept."""
    webhook = receipt(err_code=code)
    assert webhook.error is None
    assert webhook.params.get("err-code") == code


@pytest.mark.parametrize("text", ["", "2002301400", "2001012460", "0000000000", "20010114", "200101140000", "x" * 10])
def test_impossible_scts(text: str) -> None:
    """A time of the network that cannot be is None, and its text is kept."""
    webhook = receipt(scts=text)
    assert webhook.scts is None
    assert webhook.params["scts"] == text


def test_scts_has_no_zone() -> None:
    """The time of the network is naive, because nobody states its zone."""
    scts = receipt(scts="9912312359").scts
    assert scts == datetime(2099, 12, 31, 23, 59)
    assert scts is not None
    assert scts.tzinfo is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-01-01 12:00:00", datetime(2020, 1, 1, 12, tzinfo=UTC)),
        ("2020-01-01T12:00:00Z", datetime(2020, 1, 1, 12, tzinfo=UTC)),
        ("2020-01-01T12:00:00.123456", datetime(2020, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2020-01-01T14:00:00+02:00", datetime(2020, 1, 1, 12, tzinfo=UTC)),
        ("2020-02-30 12:00:00", None),
        ("2020-01-01", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("2020-01-01 12:00:00 +0000", None),
        ("soon", None),
        ("", None),
        ("٢٠٢٠-٠١-٠١ ١٢:٠٠:٠٠", None),
    ],
)
def test_message_timestamp(text: str, instant: datetime | None) -> None:
    """The service's time is UTC unless it says otherwise; what cannot be is None."""
    assert receipt(message_timestamp=text).message_timestamp == instant
    assert inbound(message_timestamp=text).message_timestamp == instant


@pytest.mark.parametrize("price", ["", "free", "NaN", "1e999999", "1,5", "9" * 5000])
def test_price_that_is_none(price: str) -> None:
    """A price that is no number is None."""
    assert receipt(price=price).price is None


def test_missing_fields() -> None:
    """A text that did not come is empty, and any other field None."""
    webhook = parse_webhook(*post({"messageId": "1", "status": "failed"}))
    assert isinstance(webhook, DeliveryReceipt)
    assert (webhook.msisdn, webhook.client_ref, webhook.sig) == ("", "", "")
    assert (webhook.price, webhook.scts, webhook.err_code, webhook.timestamp) == (None, None, None, None)


@pytest.mark.parametrize(
    ("data", "octets"), [("", b""), ("00fF", b"\x00\xff"), ("0", None), ("zz", None), ("00 11", None), (None, None)]
)
def test_binary_data(data: str | None, octets: bytes | None) -> None:
    """The data and header of a binary message are octets; what is no hexadecimal is None."""
    message = inbound(type="binary", text=None, data=data, udh=data)
    assert (message.data, message.udh) == (octets, octets)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"concat": "true", "concat_ref": "08B5", "concat_total": "3", "concat_part": "2"}, ("08B5", 3, 2)),
        ({"concat": "True", "concat_ref": "1", "concat_total": "255", "concat_part": "255"}, ("1", 255, 255)),
        ({"concat": "false", "concat_ref": "1", "concat_total": "3", "concat_part": "2"}, None),
        ({"concat": "true"}, None),
        ({"concat": "true", "concat_ref": "1", "concat_total": "0", "concat_part": "0"}, None),
        ({"concat": "true", "concat_ref": "1", "concat_total": "3", "concat_part": "4"}, None),
        ({"concat": "true", "concat_ref": "1", "concat_total": "256", "concat_part": "1"}, None),
        ({"concat": "true", "concat_ref": "1", "concat_total": "three", "concat_part": "1"}, None),
        ({"udh": "0500030C0301"}, ("12 of 8 bits", 3, 1)),
        ({"concat": "true", "concat_total": "3", "concat_part": "x", "udh": "0500030C0301"}, ("12 of 8 bits", 3, 1)),
        ({"concat": "true", "concat_total": "0", "concat_part": "1", "udh": "0500030C0001"}, None),
        ({"udh": "050003070004"}, None),
        ({"udh": "060804000C0301"}, ("12 of 16 bits", 3, 1)),
        ({"udh": "05000300"}, None),
        ({"udh": "ff"}, None),
        ({"udh": "06050415811581"}, None),
    ],
    ids=str,
)
def test_concatenation(changes: dict[str, str], expected: tuple[str, int, int] | None) -> None:
    """The place in a longer message comes from the concat fields, else from the header; what cannot be is none."""
    place = inbound(**changes).concatenation
    assert place == (None if expected is None else InboundConcatenation(*expected))


def test_lone_surrogates_are_mended() -> None:
    """A typed text can always be stored: half of a surrogate pair reads as U+FFFD, and ``params`` keeps it."""
    message = parse_webhook("POST", "", JSON, b'{"messageId":"1","msisdn":"2","text":"a\\ud83d"}')
    assert isinstance(message, InboundMessage)
    assert message.text == "a\ufffd"
    assert message.params["text"] == "a\ud83d"
