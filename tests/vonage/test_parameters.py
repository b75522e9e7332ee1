"""The table of parameters against both versions of the specification, and every limit at, below and above it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import pytest

from smscodec.vonage.errors import RequestError
from smscodec.vonage.parameters import BOTH_VERSIONS, MESSAGE_TYPES, PARAMETERS, Kind
from smscodec.vonage.request import (
    BinaryMessage,
    Message,
    TextMessage,
    VCalendarMessage,
    VCardMessage,
    WapPushMessage,
)
from smscodec.vonage.response import SentPart, parse_response
from smscodec.vonage.statuses import DELIVERY_ERRORS, STATUSES
from smscodec.vonage.webhook import DeliveryReceipt, InboundMessage
from tests.rows import each_row
from tests.vonage.vectors import SPECIFICATIONS

CLASSES: Final[dict[str, type[Any]]] = {
    "text": TextMessage,
    "unicode": TextMessage,
    "binary": BinaryMessage,
    "wappush": WapPushMessage,
    "vcard": VCardMessage,
    "vcal": VCalendarMessage,
}
CONTENT: Final[dict[type[Any], dict[str, Any]]] = {
    TextMessage: {"text": "Hello"},
    BinaryMessage: {"body": "00"},
    WapPushMessage: {"title": "Welcome", "url": "https://example.com"},
    VCardMessage: {"vcard": "BEGIN:VCARD"},
    VCalendarMessage: {"vcal": "BEGIN:VCALENDAR"},
}
# Limits that the specifications state and that are not in force; each has a note in the table.
OTHER_LIMITS: Final = {
    ("1.0.0", "api_key"),
    ("1.0.0", "api_secret"),
    ("1.0.0", "sig"),
    ("1.0.0", "client-ref"),
    ("1.5.1", "api_key"),
    ("1.5.1", "sig"),
}
STATED: Final = [
    pytest.param(version, name, stated, id=f"{version}-{name}")
    for version, specification in SPECIFICATIONS.items()
    for name, stated in specification["parameters"].items()
]
LONG_URL: Final = "https://example.com/"


def message(kind: type[Any] = TextMessage, **options: Any) -> Message:
    """A message with these options and, where not given, content that goes."""
    made: Message = kind(**{"to": "447700900000", "sender": "AcmeInc", **CONTENT[kind], **options})
    return made


def class_for(name: str) -> type[Any]:
    """A class of message that has the parameter."""
    types = PARAMETERS[name].types or MESSAGE_TYPES
    return CLASSES[types[0]]


@each_row(("version", "name", "stated"), STATED)
def test_every_parameter_is_covered(version: str, name: str, stated: dict[str, Any]) -> None:
    """Every parameter of either version is in the table, and the table says which versions have it."""
    assert name in PARAMETERS
    assert version in PARAMETERS[name].versions
    if PARAMETERS[name].of_message:
        kinds = {CLASSES[type_] for type_ in PARAMETERS[name].types or MESSAGE_TYPES}
        assert [kind for kind in kinds if PARAMETERS[name].field not in {field.name for field in fields(kind)}] == (
            [kind for kind in kinds if kind is not TextMessage] if name == "type" else []
        )


def test_table_invents_nothing() -> None:
    """The table has no parameter, and no version of one, that the specifications do not have."""
    stated = {(version, name) for version, names in SPECIFICATIONS.items() for name in names["parameters"]}
    assert {(version, name) for name, entry in PARAMETERS.items() for version in entry.versions} == stated
    assert tuple(SPECIFICATIONS) == BOTH_VERSIONS


@each_row(("version", "name", "stated"), STATED)
def test_limits_are_those_stated(version: str, name: str, stated: dict[str, Any]) -> None:
    """Limits and choices are the specification's, save those listed, which say why in the table."""
    entry = PARAMETERS[name]
    low, high = stated.get("shortest", stated.get("minimum")), stated.get("longest", stated.get("maximum"))
    if entry.kind is Kind.NUMBER and "choices" in stated:
        low, high = stated["choices"][0], stated["choices"][-1]
        assert stated["choices"] == list(range(low, high + 1))
    differs = (low is not None and low != entry.minimum) or (high is not None and high != entry.maximum)
    assert differs == ((version, name) in OTHER_LIMITS)
    assert not differs or entry.note
    if entry.kind is Kind.CHOICE:
        assert set(stated["choices"]) <= set(entry.choices)


@each_row("name", [name for name, entry in PARAMETERS.items() if entry.of_message])
def test_every_parameter_reaches_the_wire(name: str) -> None:
    """Every parameter of a message is sent under its own name and with its own text."""
    examples: dict[str, tuple[Any, str]] = {
        "from": ("AcmeInc", "AcmeInc"),
        "to": ("447700900000", "447700900000"),
        "text": ("Hello World!", "Hello World!"),
        "type": ("unicode", "unicode"),
        "ttl": (900_000, "900000"),
        "status-report-req": (False, "false"),
        "callback": ("https://example.com/sms-dlr", "https://example.com/sms-dlr"),
        "message-class": (0, "0"),
        "vcard": ("BEGIN:VCARD", "BEGIN:VCARD"),
        "vcal": ("BEGIN:VCALENDAR", "BEGIN:VCALENDAR"),
        "body": ("0011223344556677", "0011223344556677"),
        "udh": (bytes.fromhex("06050415811581"), "06050415811581"),
        "protocol-id": (127, "127"),
        "title": ("Welcome", "Welcome"),
        "url": ("https://example.com", "https://example.com"),
        "validity": (300_000, "300000"),
        "client-ref": ("my-personal-reference", "my-personal-reference"),
        "account-ref": ("customer1234", "customer1234"),
        "entity-id": ("1101456324675322134", "1101456324675322134"),
        "content-id": ("1107457532145798767", "1107457532145798767"),
        "trusted-number": (True, "true"),
        "pool-id": ("abc123", "abc123"),
    }
    value, text = examples[name]
    assert message(class_for(name), **{PARAMETERS[name].field: value}).params()[name] == text


LIMITS: Final = [
    (
        "to",
        ["4" * 7, "4" * 15],
        ["", "4" * 6, "4" * 16, "+" + "4" * 9, "4" * 9 + "\n", "٤" * 9, "44 7700", 447700900000],
    ),
    (
        "from",
        ["1", "1" * 15, "A", "A" * 11, "Delivery Man", " A" * 11, "€" * 5, "€ " * 5, "Grüße", "1A"],
        ["", "1" * 16, "A" * 12, "A B" * 6, "€" * 6, "+447700900000", "ж", "A\nB", "1\n", 5, None],
    ),
    ("text", ["a", "a" * 3200, "😀" * 3200], ["", "a" * 3201, "a\ud800", b"octets", None]),
    ("type", ["text", "unicode", None], ["TEXT", "binary", "", 5]),
    ("ttl", [20_000, 604_800_000], [19_999, 604_800_001, 0, -1, True, "20000", 20_000.0, 10**5000]),
    ("status-report-req", [True, False], ["true", 1, 0]),
    (
        "callback",
        [LONG_URL + "a" * 80, "http://127.0.0.1:8080/?a=b", "HTTPS://EXAMPLE.COM"],
        [
            LONG_URL + "a" * 81,
            "ftp://example.com",
            "example.com",
            "https://",
            "https://ж.example",
            "https://a b",
            "/",
            5,
            "https://example.com/\n",
            "http://[::1",
            "https://example.com:99999/",
        ],
    ),
    ("message-class", [0, 1, 2, 3], [-1, 4, "0", False]),
    ("vcard", ["x"], ["", None, 5, "\udfff"]),
    ("vcal", ["x"], ["", None, 5, "\udfff"]),
    (
        "body",
        ["00", "fF" * 140, b"\x00" * 140, bytearray(b"a"), memoryview(b"a")],
        ["", "0", "0g", "00 00", "00" * 141, b"", b"\x00" * 141, 5, None, "٠٠", True],
    ),
    ("udh", ["00", "00" * 139, b"\x06\x05"], ["0", "zz", "00" * 140, "00" * 141, 5]),
    ("protocol-id", [0, 127, 255], [-1, 256, "0", True]),
    ("title", ["x"], ["", None, 5]),
    ("url", ["https://example.com", "http://a/" + "b" * 500], ["", "example", "javascript:alert(1)", None, 5]),
    (
        "validity",
        [0, 300_000, 2**63 - 1, "0", "300000", str(2**63 - 1)],
        [-1, 2**63, str(2**63), "1.5", "+1", "٣", "9" * 5000],
    ),
    ("client-ref", ["x", "x" * 100], ["x" * 101, 5, "\ud800"]),
    ("account-ref", ["x"], [5, "\ud800"]),
    ("entity-id", ["x"], [5, "\ud800"]),
    ("content-id", ["x"], [5, "\ud800"]),
    ("trusted-number", [True, False], ["true", 1]),
    ("pool-id", ["x"], [5, "\ud800"]),
]


@each_row(("name", "good", "bad"), LIMITS)
def test_at_below_and_above_every_limit(name: str, good: list[Any], bad: list[Any]) -> None:
    """At its limits a field is taken; below and above them, or of another type, it is refused by its name."""
    kind, field = class_for(name), PARAMETERS[name].field
    for value in good:
        assert message(kind, **{field: value}).params()[name]
    for value in bad:
        with pytest.raises(RequestError) as caught:
            message(kind, **{field: value})
        named = "body" if name == "udh" and value == "00" * 140 else field
        assert caught.value.field == named
        assert named in str(caught.value)
        assert caught.value.__context__ is None


def test_every_limit_is_tried() -> None:
    """The test above leaves out no parameter of a message."""
    assert {name for name, _, _ in LIMITS} == {name for name, entry in PARAMETERS.items() if entry.of_message}


@pytest.mark.parametrize("version", SPECIFICATIONS)
def test_reply_fields_are_covered(version: str) -> None:
    """Every field of a reply is read, by its JSON name and by its XML name."""
    names: dict[str, str] = SPECIFICATIONS[version]["reply"]
    texts = dict.fromkeys(names, "7")
    members = ", ".join(f'"{name}": "{text}"' for name, text in texts.items())
    elements = "".join(f"<{names[name]}>{text}</{names[name]}>" for name, text in texts.items())
    replies = (
        f'{{"message-count": "1", "messages": [{{{members}}}]}}',
        "<mt-submission-response><messages count='1'><message>"
        f"{elements}</message></messages></mt-submission-response>",
    )
    for reply in replies:
        (part,) = parse_response(reply.encode()).parts
        assert {str(getattr(part, name.replace("-", "_"))) for name in names} == {"7"}
        assert part.other == {}
        assert isinstance(part, SentPart)


@pytest.mark.parametrize("version", SPECIFICATIONS)
def test_statuses_are_covered(version: str) -> None:
    """Every status of the specification has a name, a description and a resolution."""
    for status in SPECIFICATIONS[version]["statuses"]:
        info = STATUSES[status]
        assert info.name
        assert info.description
        assert info.resolution


def test_statuses_are_those_of_the_latest_version() -> None:
    """The table of statuses is 0 and what the latest version lists; 1 and 10 alone are worth sending again."""
    assert set(STATUSES) == {0, *SPECIFICATIONS["1.5.1"]["statuses"]}
    assert {status for status, info in STATUSES.items() if info.retryable} == {1, 10}
    assert (STATUSES[0].name, STATUSES[1].name) == ("Success", "Throttled")


def test_delivery_errors_are_listed() -> None:
    """The codes of a delivery receipt are 0 to 16, 50 to 54 and 99, each with a name and a description."""
    assert set(DELIVERY_ERRORS) == {*range(17), *range(50, 55), 99}
    assert all(info.name and info.description for info in DELIVERY_ERRORS.values())
    assert [DELIVERY_ERRORS[code].name for code in (0, 1, 11)] == ["Delivered", "Unknown", "Unroutable"]


@pytest.mark.parametrize("version", SPECIFICATIONS)
def test_webhook_fields_are_covered(version: str) -> None:
    """Every field of a delivery receipt and of an inbound message has an attribute."""

    def attribute(name: str) -> str:
        return {"messageId": "message_id"}.get(name, name.replace("-", "_"))

    for kind, key in ((DeliveryReceipt, "delivery_receipt"), (InboundMessage, "inbound_message")):
        attributes = {field.name for field in fields(kind)}
        assert {attribute(name) for name in SPECIFICATIONS[version][key]} <= attributes
