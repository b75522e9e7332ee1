"""Messages: the type that a text needs, what it takes, and the exact parameters of each kind."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given

from smscodec import NationalLanguage, UserDataHeader, detect, measure, segment, segment_data
from smscodec.dcs import Alphabet, MessageClass
from smscodec.testing.strategies import texts
from smscodec.udh import ApplicationPort
from smscodec.vonage.errors import RequestError
from smscodec.vonage.request import BinaryMessage, TextMessage, VCalendarMessage, VCardMessage, WapPushMessage
from tests.rows import each_row

TO, SENDER = "447700900000", "AcmeInc"


def refused(field: str, make: Any, *arguments: Any, **options: Any) -> RequestError:
    """The RequestError that names the field."""
    with pytest.raises(RequestError) as caught:
        make(*arguments, **options)
    assert caught.value.field == field
    assert caught.value.__context__ is None
    return caught.value


# Texts ----------------------------------------------------------------------------------------------------------------


@given(texts().filter(lambda text: 0 < len(text) <= 3200))
def test_type_is_what_detect_says(text: str) -> None:
    """A text that GSM 7-bit holds is sent as text, any other as unicode, so that none arrives as question marks."""
    message = TextMessage(TO, SENDER, text)
    assert message.params()["type"] == {Alphabet.GSM_7BIT: "text", Alphabet.UCS2: "unicode"}[detect(text)]
    assert message.params()["text"] == text
    assert message.plan == measure(text)


@pytest.mark.parametrize(("text", "type_"), [("Ça, là", "text"), ("ça", "unicode"), ("[€]", "text"), ("`", "unicode")])
def test_traps_of_the_alphabet(text: str, type_: str) -> None:
    """Ç and à are GSM characters, ç and the grave accent are not."""
    assert TextMessage(TO, SENDER, text).params()["type"] == type_


def test_exact_parameters_of_a_text() -> None:
    """A plain text has four parameters, by their exact names."""
    assert TextMessage(TO, SENDER, "Hello").params() == {
        "from": "AcmeInc",
        "to": "447700900000",
        "text": "Hello",
        "type": "text",
    }


def test_type_may_be_chosen() -> None:
    """Plain text may be sent as unicode, and the plan says what that takes."""
    message = TextMessage(TO, SENDER, "a" * 100, type="unicode")
    assert message.params()["type"] == "unicode"
    assert message.plan == measure("a" * 100, alphabet=Alphabet.UCS2)


def test_type_text_refuses_what_gsm_cannot_hold() -> None:
    """As type=text the first character outside GSM 7-bit is refused, with its index and name and nothing else."""
    error = refused("text", TextMessage, TO, SENDER, "secret words ж", type="text")
    assert (error.index, error.character) == (13, "CYRILLIC SMALL LETTER ZHE")
    assert "secret" not in repr(error) + "".join(traceback.format_exception(error)).replace('"secret words', "")


@pytest.mark.parametrize("text", [5, None, b"a", ["a"], "a\ud83d", "a" * 3201], ids=lambda text: repr(text)[:10])
def test_a_text_is_refused_alike_whatever_is_asked_of_it(text: Any) -> None:
    """A value that cannot be sent as text is refused under its name, also where a limit of segments has it measured."""
    shown = str(refused("text", TextMessage, TO, SENDER, text))
    assert str(refused("text", TextMessage, TO, SENDER, text, max_segments=1)) == shown


def test_lone_surrogate_is_refused() -> None:
    """A lone surrogate is refused with its index and code point, in a text and in every other field."""
    error = refused("text", TextMessage, TO, SENDER, "ab\ud83d")
    assert (error.index, error.character) == (2, "U+D83D")
    refused("client_ref", TextMessage, TO, SENDER, "ab", client_ref="\ud83d")
    refused("extra", TextMessage, TO, SENDER, "ab", extra={"note": "\ud83d"})
    refused("extra", TextMessage, TO, SENDER, "ab", extra={"\ud83d": "note"})


def test_segmented_message_is_sent_whole() -> None:
    """What ``segment`` returned is sent as its text, with the alphabet and the plan it was divided by."""
    for text in ("a" * 200, "ж" * 100):
        divided = segment(text)
        message = TextMessage(TO, SENDER, divided)
        assert message.params() == TextMessage(TO, SENDER, text).params()
        assert message.plan == divided.measurement
    assert TextMessage(TO, SENDER, segment("a", alphabet=Alphabet.UCS2)).params()["type"] == "unicode"


@pytest.mark.parametrize(
    "divided",
    [
        segment("^" * 150, languages=[NationalLanguage.PORTUGUESE]),
        segment("a" * 200, wide_reference=True),
        segment("a" * 200, header=UserDataHeader([ApplicationPort(2948, 9200)])),
        segment("ж" * 66 + "e\u0301" + "ж" * 20, boundary="grapheme"),
        segment_data(b"abc"),
    ],
    ids=["national language", "16-bit reference", "header", "boundary", "data"],
)
def test_segmented_as_the_service_does_not_is_refused(divided: Any) -> None:
    """Text that was divided under tables, a reference, a header or a boundary of its own is refused."""
    refused("text", TextMessage, TO, SENDER, divided)


@each_row(
    ("text", "words"),
    [
        *((text, "is empty") for text in ("", segment(""))),
        *((text, "has 3201 characters; 3200 are allowed") for text in ("a" * 3201, segment("a" * 3201))),
        *((segment_data(data), "is binary data; send each segment as a BinaryMessage") for data in (b"", b"a")),
        (b"a", "must be a str, not bytes"),
        (5, "must be a str"),
    ],
)
def test_a_text_is_judged_before_what_it_takes(text: Any, words: str) -> None:
    """The error is the same whether the text was segmented before and whether its segments are limited."""
    for options in ({}, {"max_segments": 1}):
        assert str(refused("text", TextMessage, TO, SENDER, text, **options)) == f"text: {words}"


def test_unchecked_text_is_as_long_as_it_is() -> None:
    """Where you know better, a text of more characters than the service takes goes out, segmented before or not."""
    for text in ("a" * 3201, segment("a" * 3201)):
        message = TextMessage(TO, SENDER, text, unchecked="text")
        assert (message.params()["text"], message.plan.segments) == ("a" * 3201, 21)


def test_type_must_go_with_the_division() -> None:
    """A type that contradicts the alphabet of a SegmentedMessage is refused, and so is one that is none."""
    refused("type", TextMessage, TO, SENDER, segment("ж"), type="text")
    refused("type", TextMessage, TO, SENDER, segment("a"), type="unicode")
    for type_ in ("binary", "", 5, ["text"]):
        refused("type", TextMessage, TO, SENDER, "a", type=type_)


def test_max_segments() -> None:
    """``max_segments`` lets through what takes as many and refuses what takes more."""
    assert TextMessage(TO, SENDER, "a" * 306, max_segments=2).plan.segments == 2
    error = refused("text", TextMessage, TO, SENDER, "a" * 307, max_segments=2)
    assert "3 segments" in str(error)
    assert "max_segments" not in TextMessage(TO, SENDER, "a", max_segments=1).params()
    refused("max_segments", TextMessage, TO, SENDER, "a", max_segments=0)


def test_longest_texts_are_planned() -> None:
    """3,200 characters are the longest text, whatever they take."""
    assert TextMessage(TO, SENDER, "a" * 3200).plan.segments == 21
    assert TextMessage(TO, SENDER, "😀" * 3200).plan.segments == 97


# Other messages -------------------------------------------------------------------------------------------------------


def test_binary_message() -> None:
    """Body and header may be octets, hexadecimal digits or a UserDataHeader."""
    header = UserDataHeader([ApplicationPort(5505, 5505)])
    expected = {
        "from": SENDER,
        "to": TO,
        "type": "binary",
        "body": "0a0b",
        "udh": "06050415811581",
        "protocol-id": "127",
    }
    assert BinaryMessage(TO, SENDER, b"\x0a\x0b", "06050415811581", 127).params() == expected
    assert BinaryMessage(TO, SENDER, "0a0b", header, protocol_id=127).params() == expected
    for nothing in (None, "", b"", UserDataHeader()):
        assert "udh" not in BinaryMessage(TO, SENDER, b"\x0a", nothing).params()


@pytest.mark.parametrize("octets", [139, 140])
def test_binary_message_fits_one_segment(octets: int) -> None:
    """Body and header together have at most 140 octets, however they are given."""
    udh = bytes.fromhex("06050415811581")
    body = b"\x00" * (octets - len(udh))
    assert len(BinaryMessage(TO, SENDER, body, udh).params()["body"]) == 2 * len(body)
    beyond = b"\x00" * (141 - len(udh))
    refused("body", BinaryMessage, TO, SENDER, beyond, udh)
    refused("body", BinaryMessage, TO, SENDER, beyond.hex(), udh.hex())


def test_segments_of_data_go_as_binary_messages() -> None:
    """Each segment of ``segment_data`` makes a binary message of at most 140 octets."""
    divided = segment_data(b"x" * 300, reference=7)
    sent = [
        BinaryMessage(TO, SENDER, part.user_data.payload, part.user_data.header).params()["udh"] for part in divided
    ]
    assert sent == ["050003070301", "050003070302", "050003070303"]


def test_messages_of_the_first_version() -> None:
    """WAP push, vCard and vCalendar messages of specification 1.0.0 keep working."""
    common = {"from": SENDER, "to": TO}
    assert WapPushMessage(TO, SENDER, "Welcome", "https://example.com", 300_000).params() == {
        **common,
        "type": "wappush",
        "title": "Welcome",
        "url": "https://example.com",
        "validity": "300000",
    }
    assert VCardMessage(TO, SENDER, "BEGIN:VCARD").params() == {**common, "type": "vcard", "vcard": "BEGIN:VCARD"}
    assert VCalendarMessage(TO, SENDER, "BEGIN:VCALENDAR").params() == {
        **common,
        "type": "vcal",
        "vcal": "BEGIN:VCALENDAR",
    }


def test_options_that_are_none_or_blank_are_not_sent() -> None:
    """An option that is None or an empty text is left out; False and 0 are sent."""
    message = TextMessage(
        TO,
        SENDER,
        "a",
        callback="",
        client_ref=None,
        pool_id="",
        status_report_req=False,
        message_class=MessageClass.CLASS_0,
        extra={"none": None, "blank": "", "no": False, "zero": 0},
    )
    assert {name: text for name, text in message.params().items() if name not in {"from", "to", "text", "type"}} == {
        "status-report-req": "false",
        "message-class": "0",
        "no": "false",
        "zero": "0",
    }


@pytest.mark.parametrize(
    "extra",
    [
        {"to": "447700900001"},
        {"api_key": "k"},
        {"api_secret": "s"},
        {"sig": "s"},
        {"timestamp": 1},
        {"ttl": 5},
        {"a&b": "1"},
        {"a=b": "1"},
        {"": "1"},
        {5: "1"},
        {"price": 1.5},
        {"list": ["a"]},
        {"octets": b"a"},
        {"number": 2**70},
        [("a", "b")],
        "a=b",
        None,
    ],
    ids=str,
)
def test_extra_refuses(extra: Any) -> None:
    """``extra`` is no way around a check, and takes no name or value that could not be signed."""
    refused("extra", TextMessage, TO, SENDER, "a", extra=extra)


@pytest.mark.parametrize("max_segments", [0, -1, "3", 1.5, True])
def test_max_segments_is_a_number(max_segments: Any) -> None:
    """Anything but a whole number from 1 on is refused by name."""
    refused("max_segments", TextMessage, TO, SENDER, "a", max_segments=max_segments)


@pytest.mark.parametrize("sender", [" ", " " * 11])
def test_sender_of_blanks_is_none(sender: str) -> None:
    """A name of blanks alone is refused, as the service would."""
    refused("sender", TextMessage, TO, sender, "a")


@pytest.mark.parametrize("sender", ["A\nB", "A\r", "A\fB"])
def test_sender_with_a_control_character_is_told_so(sender: str) -> None:
    """The line ends and the page break are in the default alphabet, so the error names what is wrong with them."""
    with pytest.raises(RequestError, match=r"^sender: holds a control character"):
        TextMessage(TO, sender, "a")


def test_arguments_in_order() -> None:
    """The fields of the contract may be given by their order, in every kind of message."""
    assert TextMessage(TO, SENDER, "a", "unicode").params()["type"] == "unicode"
    assert BinaryMessage(TO, SENDER, b"a", b"\x00", 1).params()["protocol-id"] == "1"
    assert WapPushMessage(TO, SENDER, "a", "http://a/", 5).params()["validity"] == "5"
    assert VCardMessage(TO, SENDER, "a").params()["vcard"] == "a"
    assert VCalendarMessage(TO, SENDER, "a").params()["vcal"] == "a"


@pytest.mark.parametrize("kind", [bytearray, lambda octets: memoryview(bytearray(octets))])
def test_octets_are_copied(kind: Callable[[bytes], Any]) -> None:
    """Later changes to the caller's octets do not reach a message, which hashes and pickles by what it was given."""
    body, udh = kind(b"body"), kind(b"\x00")
    message = BinaryMessage(TO, SENDER, body, udh)
    body[0] = udh[0] = 0xFF
    assert message == BinaryMessage(TO, SENDER, b"body", b"\x00") == pickle.loads(pickle.dumps(message))
    assert hash(message) == hash(copy.deepcopy(message))


def test_extra_is_checked_whenever_it_is_sent() -> None:
    """A change to ``extra`` after the message was made is no way around its check."""
    message = TextMessage(TO, SENDER, "a", extra={"note": "private"})
    extra: Any = message.extra
    extra["from"] = "another"
    with pytest.raises(RequestError, match=r"^extra: holds a parameter that has a field of its own"):
        message.params()


def test_message_is_a_value() -> None:
    """Messages compare, hash, copy and pickle by their fields, and later changes to ``extra`` do not reach them."""
    extra: dict[str, str | int | bool | None] = {"note": "x"}
    message = TextMessage(TO, SENDER, "a", ttl=20_000, extra=extra)
    extra["note"] = "y"
    assert message.params()["note"] == "x"
    assert {message, copy.deepcopy(message), pickle.loads(pickle.dumps(message))} == {message}
    assert message != TextMessage(TO, SENDER, "b", ttl=20_000, extra={"note": "x"})


# What the service takes -----------------------------------------------------------------------------------------------

EVERY: dict[str, Callable[..., Any]] = {
    "text": lambda **options: TextMessage(TO, SENDER, "a", **options),
    "binary": lambda **options: BinaryMessage(TO, SENDER, b"a", **options),
    "wappush": lambda **options: WapPushMessage(TO, SENDER, "a", "https://a.example", **options),
    "vcard": lambda **options: VCardMessage(TO, SENDER, "a", **options),
    "vcal": lambda **options: VCalendarMessage(TO, SENDER, "a", **options),
}
every = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)


@every
@pytest.mark.parametrize("protocol_id", [0, 64, 255])
def test_protocol_id_goes_with_every_type(make: Callable[..., Any], protocol_id: int) -> None:
    """The protocol identifier is sent with every type of message, and an octet with each."""
    assert make(protocol_id=protocol_id).params()["protocol-id"] == str(protocol_id)
    refused("protocol_id", make, protocol_id=256)


def test_validity_is_a_number_or_its_digits() -> None:
    """Specification 1.0.0 calls validity a string of milliseconds: both forms are sent alike."""
    sent = [WapPushMessage(TO, SENDER, "a", "https://a.example", given).params() for given in (300_000, "300000")]
    assert sent[0] == sent[1]


@pytest.mark.parametrize("udh", ["06050415811581", bytes.fromhex("06050415811581"), "00" * 140])
@pytest.mark.parametrize("body", [b"", "", None])
def test_a_header_alone_is_a_binary_message(udh: Any, body: Any) -> None:
    """A binary message may have a header and no body; it must have one of the two."""
    message = BinaryMessage(TO, SENDER, body, udh)
    assert "body" not in message.params()
    assert BinaryMessage(TO, SENDER, udh=udh) == replace(message, body=b"")
    refused("body", BinaryMessage, TO, SENDER, body)
    refused("body", BinaryMessage, TO, SENDER, body, UserDataHeader())


@pytest.mark.parametrize("to", ["+447700900000", "447700900000"])
@every
def test_a_leading_plus_is_taken_off_on_request(make: Callable[..., Any], to: str) -> None:
    """``strip_plus`` takes one leading + off the recipient; without it a + is refused, and the error names the way."""
    assert replace(make(), to=to, strip_plus=True).params()["to"] == "447700900000"
    refused("to", replace, make(), to="++447700900000", strip_plus=True)
    refused("to", replace, make(), to="+44 7700900000", strip_plus=True)
    assert "strip_plus" in str(refused("to", replace, make(), to="+447700900000"))


UNCHECKED: list[tuple[str, str, Any, str]] = [
    ("from", "sender", "MoreThanElevenLetters", "MoreThanElevenLetters"),
    ("from", "sender", "Кофейня", "Кофейня"),
    ("to", "to", "12", "12"),
    ("to", "to", "+447700900000", "+447700900000"),
    ("text", "text", "a" * 4000, "a" * 4000),
    ("ttl", "ttl", 1, "1"),
    ("callback", "callback", "app:hook", "app:hook"),
    ("message-class", "message_class", 9, "9"),
    ("protocol-id", "protocol_id", 999, "999"),
    ("client-ref", "client_ref", "x" * 200, "x" * 200),
    ("status-report-req", "status_report_req", "1", "1"),
    ("trusted-number", "trusted_number", 1, "1"),
]


@pytest.mark.parametrize(("name", "field", "value", "text"), UNCHECKED, ids=range(len(UNCHECKED)))
def test_unchecked_parameters_go_out_as_they_are(name: str, field: str, value: Any, text: str) -> None:
    """What a check of ours refuses is sent where its name, or that of its field, stands in ``unchecked``."""
    options = {"to": TO, "sender": SENDER, "text": "a", field: value}
    refused(field, TextMessage, **options)
    for unchecked in ([name], (field,), name, {name, "ttl"}):
        assert TextMessage(**options, unchecked=unchecked).params()[name] == text
    other = "pool-id" if name == "ttl" else "ttl"
    refused(field, TextMessage, **options, unchecked=[other])


def test_unchecked_binary_content() -> None:
    """Neither the digits nor the number of octets of an unchecked body are looked at; octets are written as digits."""
    assert BinaryMessage(TO, SENDER, b"\x00" * 150, unchecked=["body"]).params()["body"] == "00" * 150
    assert BinaryMessage(TO, SENDER, "xyz", "0g", unchecked=["body", "udh"]).params()["udh"] == "0g"
    assert BinaryMessage(TO, SENDER, b"a", "0g", unchecked=["udh"]).params()["udh"] == "0g"
    refused("udh", BinaryMessage, TO, SENDER, "xyz", "0g", unchecked=["body"])
    link = WapPushMessage(TO, SENDER, "a", "tel:1", "an hour", unchecked=["url", "validity"])
    assert (link.params()["url"], link.params()["validity"]) == ("tel:1", "an hour")


@pytest.mark.parametrize("value", ["", "\ud800", 5.0, None, ["a"]])
def test_unchecked_still_refuses_what_cannot_be_written(value: Any) -> None:
    """Nothing, half a surrogate pair and values without a text are refused even so."""
    refused("sender", TextMessage, TO, value, "a", unchecked=["from"])


@pytest.mark.parametrize("unchecked", ["nonsense", ["from", "nonsense"], ["api_key"], [5], 5, [["from"]], None])
def test_unchecked_names_parameters(unchecked: Any) -> None:
    """A name that no parameter of a message has is refused, so that a slip does not pass for a way out."""
    refused("unchecked", TextMessage, TO, SENDER, "a", unchecked=unchecked)


@every
def test_messages_as_plain_types(make: Callable[..., Any]) -> None:
    """``as_dict`` has every field, the type of the wire among them, and JSON takes it."""
    message = make(ttl=20_000, extra={"a": True}, unchecked=["ttl"])
    plain = message.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert {field.name for field in fields(message)} | {"type"} == plain.keys()
    assert plain["type"] == message.params()["type"]
    assert plain["type"] in message.wire_types
    assert (plain["ttl"], plain["extra"], plain["unchecked"]) == (20_000, {"a": True}, ["ttl"])


def test_segmented_text_as_plain_types() -> None:
    """A text that came as segments is a text in ``as_dict`` too."""
    assert TextMessage(TO, SENDER, segment("ж" * 100)).as_dict()["text"] == "ж" * 100
