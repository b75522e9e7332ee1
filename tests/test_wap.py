"""WAP push, vCard and vCalendar: the octets as the documents have them, both ways, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import (
    Alphabet,
    ApplicationPort,
    Concatenation,
    DecodeError,
    FieldError,
    SegmentedMessage,
    UnencodableError,
    UserDataHeader,
)
from smscodec.testing import strategies
from smscodec.wap import Action, ServiceIndication, parse_service_indication, service_indication, vcalendar, vcard
from tests.rows import each_row

PUSH = bytes.fromhex("01060403ae81ea")
"""Transaction 1, push, four octets of headers: application/vnd.wap.sic in UTF-8."""

PROLOGUE = bytes.fromhex("02056a00")
"""WBXML 1.2, Service Indication 1.0, UTF-8, no string table."""


def pdu(body: str, *, prologue: bytes = PROLOGUE, push: bytes = PUSH) -> bytes:
    """A push PDU around the hexadecimal digits of a document's elements."""
    return push + prologue + bytes.fromhex(body)


def of(attributes: str, text: str = "") -> bytes:
    """A push PDU of an indication with these attributes and this content, in hexadecimal digits."""
    return pdu(f"45c6 {attributes} 01 {text} 01 01")


def octets(message: SegmentedMessage) -> bytes:
    """What a receiver has once it has joined the segments."""
    return b"".join(part.user_data.payload for part in message)


# Writing


def test_an_indication_as_octets() -> None:
    """Header with ports 2948 and 9200, WSP push, WBXML with every attribute in its binary form."""
    message = service_indication(
        "Jöe",
        "http://www.example.com/a",
        action=Action.SIGNAL_HIGH,
        si_id="x1",
        created=datetime(2026, 11, 30, tzinfo=UTC),
        expires=datetime(2026, 12, 1, 10, 30, 5, tzinfo=UTC),
        information=[("k", "v")],
    )
    expected = of(
        "0d 03 6578616d706c65 00 85 03 61 00"  # http://www. example .com/ a
        "11 03 7831 00"  # si-id
        "0a c3 04 20261130"  # created, without its zero octets
        "10 c3 07 20261201103005"  # si-expires
        "08",  # signal-high
        "03 4ac3b665 00 01 47 c8 12 03 6b 00 01 03 76 00 01",  # the text; info with one item
    )
    assert bytes.fromhex("0605040b8423f0") + expected == message[0].user_data.to_bytes()
    assert (message.alphabet, len(message)) == (Alphabet.DATA_8BIT, 1)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://a", "0c 03 61 00"),
        ("http://www.a", "0d 03 61 00"),
        ("https://a", "0e 03 61 00"),
        ("https://www.a", "0f 03 61 00"),
        ("tel:1", "0b 03 74656c3a31 00"),
        ("", "0b"),
        ("http://", "0c"),
        ("HTTP://a", "0b 03 485454503a2f2f61 00"),
        ("http://a.edu/", "0c 03 61 00 86"),
        ("http://a.net/.org/b", "0c 03 61 00 87 88 03 62 00"),
        ("http://a.com.net/", "0c 03 612e636f6d 00 87"),
        ("http://a.com", "0c 03 612e636f6d 00"),
        ("http://a.com/b.com/", "0c 03 61 00 85 03 62 00 85"),
    ],
)
def test_href_in_tokens(href: str, expected: str) -> None:
    """The longest beginning and every .com/ .edu/ .net/ .org/ that does not overlap is one octet."""
    data = octets(service_indication("", href))
    assert of(expected) == data
    assert href == parse_service_indication(data, strict=True).href


@pytest.mark.parametrize("action", Action)
def test_actions(action: Action) -> None:
    """Each action is one octet, and the default one none."""
    data = octets(service_indication("", action=action))
    assert of("" if action is Action.SIGNAL_MEDIUM else f"{action:02x}") == data
    assert action is parse_service_indication(data, strict=True).action
    assert Action.SIGNAL_MEDIUM is parse_service_indication(of("07"), strict=True).action


def test_times_are_told_in_utc() -> None:
    """A time of any zone goes out in UTC and whole seconds; without a zone it is refused."""
    zone = timezone(timedelta(hours=-3, minutes=-30))
    data = octets(service_indication("", created=datetime(1999, 12, 31, 22, 45, 9, 999_999, tzinfo=zone)))
    assert of("0a c3 07 20000101021509") == data
    with pytest.raises(FieldError) as caught:
        service_indication("", expires=datetime(2026, 1, 1))
    assert caught.value.field == "expires"
    with pytest.raises(FieldError, match="1–9999"):
        service_indication("", created=datetime.max.replace(tzinfo=zone))


@each_row(
    ("time", "digits"),
    [
        ((2026, 11, 30, 0, 0, 0), "20261130"),
        ((2026, 11, 30, 10, 0, 0), "2026113010"),
        ((2026, 11, 30, 0, 20, 0), "202611300020"),
        ((2026, 11, 30, 12, 34, 58), "20261130123458"),
        ((1, 1, 1, 0, 0, 1), "00010101000001"),
    ],
)
def test_zeros_at_the_end_of_a_time_are_left_out(time: tuple[int, int, int, int, int, int], digits: str) -> None:
    """Octet by octet, and nothing else."""
    data = octets(service_indication("", created=datetime(*time, tzinfo=UTC)))
    assert of(f"0a c3 {len(digits) // 2:02x} {digits}") == data


def test_long_messages_are_segmented() -> None:
    """Every segment has the concatenation element before the ports and at most 140 octets."""
    message = service_indication("long " * 100, "https://a.com/", reference=5)
    first = message[0].user_data
    assert UserDataHeader([Concatenation(5, 5, 1), ApplicationPort(2948, 9200)]) == first.header
    assert [len(part.user_data.to_bytes()) for part in message[:4]] == [140] * 4
    assert parse_service_indication(octets(message), strict=True).text == "long " * 100
    with pytest.raises(FieldError, match="ReferenceCounter"):
        _ = service_indication("long " * 100)[0].user_data


@pytest.mark.parametrize(("function", "port"), [(vcard, 9204), (vcalendar, 9205)])
def test_cards_and_calendars_are_bare_text(function: Any, port: int) -> None:
    """The text in UTF-8, or the octets as they are, go to the port with nothing around them."""
    text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Jöe\r\nEND:VCARD\r\n"
    (part,) = function(text)
    assert (UserDataHeader([ApplicationPort(port, 0)]), text.encode()) == (
        part.user_data.header,
        part.user_data.payload,
    )
    (part,) = function(memoryview(b"\xff\x00"), originator=9200)
    assert (ApplicationPort(port, 9200), b"\xff\x00") == (
        part.user_data.header.application_port,
        part.user_data.payload,
    )
    long = function(text * 9, reference=300, wide_reference=True)
    assert (text * 9).encode() == octets(long)
    assert [Concatenation(300, 4, sequence, wide=True) for sequence in (1, 2, 3, 4)] == [
        part.user_data.header.concatenation for part in long
    ]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"text": "a\0"}, "text"),
        ({"text": "", "href": "\0"}, "href"),
        ({"text": "", "si_id": "\0"}, "si_id"),
        ({"text": "", "information": [("a", "\0")]}, "information"),
        ({"text": "", "action": 4}, "action"),
        ({"text": "", "created": "2026-11-30"}, "created"),
        ({"text": "", "action": []}, "action"),
        ({"text": "", "information": [("a",)]}, "information"),
        ({"text": "", "information": ["ab"]}, "information"),
        ({"text": "", "transaction_id": 256}, "transaction_id"),
        ({"text": "", "transaction_id": "1"}, "transaction_id"),
        ({"text": "", "reference": 256}, "reference"),
    ],
)
def test_impossible_fields(arguments: dict[str, Any], field: str) -> None:
    """What cannot be told in binary XML is the caller's mistake, by name."""
    with pytest.raises(FieldError) as caught:
        service_indication(**arguments)
    assert field == caught.value.field


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (service_indication, {"text": None}),
        (service_indication, {"text": b"bytes"}),
        (service_indication, {"text": "", "href": 5}),
        (service_indication, {"text": "", "si_id": b"1"}),
        (service_indication, {"text": "", "information": [("kind", None)]}),
        (vcard, {"card": None}),
        (vcalendar, {"calendar": [1]}),
        (parse_service_indication, {"octets": "text"}),
    ],
)
def test_what_is_no_text_and_no_octets(make: Any, arguments: dict[str, Any]) -> None:
    """Anything but a str for text, or but octets for octets, is TypeError and never sent as nothing."""
    with pytest.raises(TypeError):
        make(**arguments)


def test_lone_surrogates() -> None:
    """A lone surrogate is refused, with its place."""
    for make in (service_indication, vcard, vcalendar):
        with pytest.raises(UnencodableError) as caught:
            make("a\ud800")
        assert caught.value.start == 1


def test_identity_of_an_indication() -> None:
    """The si-id tells indications apart, also an empty one, and href in its stead."""
    assert ServiceIndication(text="", href="a", si_id="b").identity == "b"
    assert ServiceIndication(text="", href="a").identity == "a"
    assert ServiceIndication(text="", href="a", si_id="").identity == ""
    assert ServiceIndication(text="").identity is None


# Properties

TEXTS = strategies.texts().map(lambda text: text.replace("\0", ""))
MOMENTS = st.datetimes(timezones=st.timezones(), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1))
HREFS = st.from_regex(r"(https?://(www\.)?)?[a-z]{0,3}(\.(com|edu|net|org)/[a-z.]*)*", fullmatch=True)


@given(
    st.builds(
        ServiceIndication,
        text=TEXTS,
        href=st.none()
        | TEXTS
        | st.from_regex(r"(https?://(www\.)?)?[a-z]{0,3}(\.(com|edu|net|org)/[a-z.]*)*", fullmatch=True),
        action=st.sampled_from(Action),
        si_id=st.none() | TEXTS,
        created=st.none() | MOMENTS,
        expires=st.none() | MOMENTS,
        information=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple),
    )
)
def test_indications_come_back(indication: ServiceIndication) -> None:
    """Every indication is read back as it was, strictly."""
    assert indication == parse_service_indication(PUSH + indication.to_wbxml(), strict=True)


TOKENS = st.sampled_from([0x45, 0xC6, 0x47, 0xC8, 0x83, 0x85, 0xC3, *range(0x14)]).map(lambda token: bytes([token]))


def outcome(data: bytes, *, strict: bool) -> ServiceIndication | int:
    """What is read, or the offset of the DecodeError."""
    try:
        return parse_service_indication(data, strict=strict)
    except DecodeError as error:
        return error.offset


@given(
    body=st.binary(max_size=60) | st.lists(TOKENS | st.just(b"\x03a\0"), max_size=40).map(b"".join),
    start=st.sampled_from([b"", PUSH, PUSH + PROLOGUE, PUSH + PROLOGUE + b"\x45\xc6"]),
)
def test_any_octets_give_a_value_or_a_decode_error(body: bytes, start: bytes) -> None:
    """Nothing else comes out; what strict reading takes, lenient reading takes alike; offsets lie inside."""
    data = start + body
    lenient, strict = outcome(data, strict=False), outcome(data, strict=True)
    assert lenient == strict or isinstance(strict, int)
    assert all(0 <= found <= len(data) for found in (lenient, strict) if isinstance(found, int))


@given(place=st.integers(0, 200), bit=st.integers(0, 7), cut=st.integers(0, 120))
def test_damaged_indications(place: int, bit: int, cut: int) -> None:
    """A flipped bit or a cut end gives a value or a DecodeError."""
    data = bytearray(
        octets(service_indication("Jöe", "http://a.com/b", si_id="1", created=datetime(2026, 1, 2, tzinfo=UTC)))
    )
    data[place % len(data)] ^= 1 << bit
    for damaged in (bytes(data), bytes(data[:cut])):
        assert isinstance(outcome(damaged, strict=False), ServiceIndication | int)
        assert isinstance(outcome(damaged, strict=True), ServiceIndication | int)


@pytest.mark.parametrize("make", [vcard, vcalendar])
def test_a_card_has_the_narrow_reference_by_default(make: Any) -> None:
    """Neither the card nor the calendar entry takes 16 bits for its reference unless it is asked to."""
    text = "BEGIN:VCARD\r\n" + "N:a\r\n" * 60 + "END:VCARD\r\n"
    assert make(text, reference=7) == make(text, reference=7, wide_reference=False)
    assert make(text, reference=7) != make(text, reference=7, wide_reference=True)
