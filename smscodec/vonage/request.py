"""The messages that can be sent, and the HTTP request that sends one.

Values in, values out: each message checks itself when it is made, ``params`` are the exact names and texts that go on
the wire, and ``build_request`` is a function of its arguments. It touches no socket and no clock, and nothing here
prints a number, a text or a secret.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlencode

from smscodec._checks import Octets
from smscodec._values import Value, plain
from smscodec._version import __version__
from smscodec.dcs import Alphabet
from smscodec.errors import UnencodableError
from smscodec.message import Measurement, SegmentedMessage
from smscodec.segmentation import measure, segment
from smscodec.udh import UserDataHeader
from smscodec.vonage import signature
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import RequestError
from smscodec.vonage.http import HttpRequest
from smscodec.vonage.parameters import PARAMETERS
from smscodec.vonage.wire import SURROGATE, character_name, check_kind, check_whole, plain_text, url_fault, wire_text

__all__ = [
    "DEFAULT_BASE_URL", "BinaryMessage", "Format", "Message", "TextMessage", "VCalendarMessage", "VCardMessage",
    "WapPushMessage", "build_request", "check_options",
]  # fmt: skip

Format = Literal["json", "xml"]
"""The format of the reply."""

DEFAULT_BASE_URL: Final = "https://rest.nexmo.com"

_ALPHABETS: Final = {None: None, "text": Alphabet.GSM_7BIT, "unicode": Alphabet.UCS2}
_TYPES: Final = {Alphabet.GSM_7BIT: "text", Alphabet.UCS2: "unicode"}
_OF_MESSAGES: Final = [parameter for parameter in PARAMETERS.values() if parameter.of_message]


@dataclass(frozen=True, slots=True, repr=False)
class _Message(Value):
    """What every message has: the recipient, the sender and the options.

    ``to`` is 7 to 15 digits, without the leading + that ``strip_plus`` takes off; ``sender`` a number of at most 15
    digits or a name of at most 11 characters, spaces not counted. ``ttl`` is in milliseconds. ``protocol_id`` is
    TP-PID. ``extra`` holds further parameters by their wire names (str, int or bool). An option that is None or an
    empty text is not sent. ``unchecked`` names parameters that go out as they are given, where you know that the
    service takes what our check refuses.
    """

    wire_types: ClassVar[tuple[str, ...]] = ()

    to: str
    sender: str
    _: KW_ONLY
    ttl: int | None = None
    status_report_req: bool | None = None
    callback: str | None = None
    message_class: int | None = None
    client_ref: str | None = None
    account_ref: str | None = None
    entity_id: str | None = None
    content_id: str | None = None
    trusted_number: bool | None = None
    pool_id: str | None = None
    extra: Mapping[str, str | int | bool | None] = field(default_factory=dict, hash=False)
    unchecked: Collection[str] = ()
    strip_plus: bool = False

    def __post_init__(self) -> None:
        check_kind("extra", self.extra, Mapping)
        check_kind("strip_plus", self.strip_plus, bool)
        object.__setattr__(self, "extra", dict(self.extra))
        object.__setattr__(self, "unchecked", _names(self.unchecked))
        if self.strip_plus and isinstance(self.to, str):
            object.__setattr__(self, "to", self.to.removeprefix("+"))
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, bytearray | memoryview):
                object.__setattr__(self, each.name, bytes(value))
        self._check_together()
        self.params()

    def _check_together(self) -> None:
        """Refuse what no single field shows to be wrong."""

    def params(self) -> dict[str, str]:
        """The parameters by their wire names, as texts; those of the account are not among them."""
        wire: dict[str, str] = {}
        for parameter in _OF_MESSAGES:
            if parameter.types and set(parameter.types).isdisjoint(self.wire_types):
                continue
            value = self._value(parameter.field)
            if parameter.required or not _is_blank(value):
                wire[parameter.name] = wire_text(parameter, value, unchecked=parameter.name in self.unchecked)
        return wire | _extra(self.extra)

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes; ``type`` is the one on the wire."""
        return {"type": self._value("type"), **{each.name: plain(self._value(each.name)) for each in fields(self)}}

    def _value(self, name: str) -> object:
        """What to send for a field; most classes have one ``type`` and no field for it."""
        return self.wire_types[0] if name == "type" else getattr(self, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(self.params())}>"


@dataclass(frozen=True, slots=True, repr=False)
class TextMessage(_Message):
    """A text, sent as ``type=text`` or ``type=unicode``.

    The service does not look at the alphabet: it sends ``?`` for what GSM 7-bit cannot hold, so the type is chosen as
    ``detect`` does unless given. ``text`` may also be what ``segment`` returned, if it was divided as the service
    divides: default tables, 8-bit reference, no header of one's own, and every segment filled. More than
    ``max_segments`` segments are refused. Raises ``RequestError``; for a character that cannot be sent, with its index
    and name.

    >>> message = TextMessage("+447700900000", "Acme Inc", "Добрый день", strip_plus=True)
    >>> message.params()["type"], message.plan.segments
    ('unicode', 1)
    """

    wire_types: ClassVar[tuple[str, ...]] = ("text", "unicode")

    text: str | SegmentedMessage
    type: Literal["text", "unicode"] | None = None
    _: KW_ONLY
    protocol_id: int | None = None
    max_segments: int | None = None

    @property
    def plan(self) -> Measurement:
        """What the message takes: alphabet, units and segments; each segment is charged."""
        if self.type not in tuple(_ALPHABETS):  # a tuple also looks up what cannot be hashed
            raise RequestError("type", "must be 'text' or 'unicode', or None for the one that the text needs")
        text = wire_text(PARAMETERS["text"], self._value("text"), unchecked="text" in self.unchecked)
        if isinstance(self.text, SegmentedMessage):
            return _plan_as_divided(self.text, self.type)
        return _plan(text, _ALPHABETS[self.type])

    def _value(self, name: str) -> object:
        if name == "type":
            return _TYPES[self.plan.alphabet]
        if name == "text" and isinstance(self.text, SegmentedMessage):
            if self.text.alphabet is Alphabet.DATA_8BIT:
                raise RequestError("text", "is binary data; send each segment as a BinaryMessage")
            return self.text.text
        return getattr(self, name)

    def _check_together(self) -> None:
        if self.max_segments is None:
            return
        check_whole("max_segments", self.max_segments, 1)
        segments = self.plan.segments
        if segments > self.max_segments:
            raise RequestError("text", f"takes {segments} segments; max_segments is {self.max_segments}")


@dataclass(frozen=True, slots=True, repr=False)
class BinaryMessage(_Message):
    """Octets for one segment: ``body`` and its header ``udh``, at most 140 octets together; a header alone will do.

    Both are octets or hexadecimal digits, ``udh`` also a UserDataHeader; UDHL is its first octet. Raises
    ``RequestError``.

    >>> BinaryMessage("447700900000", "AcmeInc", b"Hi", "06050415811581").params()["body"]
    '4869'
    """

    wire_types: ClassVar[tuple[str, ...]] = ("binary",)

    body: Octets | str = b""
    udh: Octets | UserDataHeader | str | None = None
    protocol_id: int | None = None

    def _check_together(self) -> None:
        parts = [name for name in ("body", "udh") if not _is_blank(getattr(self, name))]
        if not parts:
            raise RequestError("body", "is empty, and there is no udh")
        if {"body", "udh"} & set(self.unchecked):
            return
        octets = sum(len(wire_text(PARAMETERS[part], getattr(self, part))) for part in parts) // 2
        if octets > 140:
            raise RequestError("body", f"has {octets} octets together with udh; 140 are allowed")


@dataclass(frozen=True, slots=True, repr=False)
class WapPushMessage(_Message):
    """A link that the handset offers to open: ``title``, ``url``, and ``validity`` in milliseconds, an int or digits.

    Specification 1.0.0 only; 1.5.1 has dropped it. Raises ``RequestError``.

    >>> WapPushMessage("447700900000", "AcmeInc", "Welcome", "https://example.com", "300000").params()["validity"]
    '300000'
    """

    wire_types: ClassVar[tuple[str, ...]] = ("wappush",)

    title: str
    url: str
    validity: int | str | None = None
    _: KW_ONLY
    protocol_id: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class VCardMessage(_Message):
    r"""A business card. Specification 1.0.0 only; 1.5.1 has dropped it. Raises ``RequestError``.

    >>> VCardMessage("447700900000", "AcmeInc", "BEGIN:VCARD\r\nEND:VCARD").params()["type"]
    'vcard'
    """

    wire_types: ClassVar[tuple[str, ...]] = ("vcard",)

    vcard: str
    _: KW_ONLY
    protocol_id: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class VCalendarMessage(_Message):
    r"""A calendar event. Specification 1.0.0 only; 1.5.1 has dropped it. Raises ``RequestError``.

    >>> VCalendarMessage("447700900000", "AcmeInc", "BEGIN:VCALENDAR\r\nEND:VCALENDAR").params()["type"]
    'vcal'
    """

    wire_types: ClassVar[tuple[str, ...]] = ("vcal",)

    vcal: str
    _: KW_ONLY
    protocol_id: int | None = None


Message = TextMessage | BinaryMessage | WapPushMessage | VCardMessage | VCalendarMessage
"""Any message that can be sent."""


def build_request(
    message: Message,
    credentials: Credentials,
    *,
    base_url: str = DEFAULT_BASE_URL,
    format: Format = "json",
    placement: AuthPlacement = AuthPlacement.HEADER,
    timestamp: int | None = None,
) -> HttpRequest:
    """The HTTP request that sends a message; every call makes its own headers.

    With a signature secret the request is signed, for which ``timestamp`` in Unix seconds is needed, and carries
    neither an Authorization header nor the api_secret. ``placement`` QUERY puts what specification 1.0.0 puts into the
    query there. ``base_url`` must be https unless its host is this machine. Raises ``RequestError``.
    """
    check_options(base_url, format, placement)
    url = f"{base_url.rstrip('/')}/sms/{format}"
    headers = {
        "Accept": "application/json" if format == "json" else "text/xml",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": f"smscodec/{__version__}",
    }
    # From here on nothing raises but signing, which comes before any secret is in a local variable.
    form = message.params()
    account: dict[str, str] = {}
    if credentials.signature_secret is not None:
        form = _signed(form, credentials, timestamp)
        account = {name: form.pop(name) for name in ("api_key", "sig")}
    elif placement is AuthPlacement.HEADER:
        pair = f"{credentials.api_key}:{credentials.api_secret}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode('ascii')}"
    else:
        account = {"api_key": credentials.api_key, "api_secret": credentials.api_secret or ""}
    if placement is AuthPlacement.QUERY:
        url = f"{url}?{urlencode(account)}"
    else:
        form = account | form
    return HttpRequest("POST", url, headers, urlencode(form).encode("ascii"))


def check_options(base_url: object, format: object, placement: object) -> None:
    """Raise ``RequestError`` for options of ``build_request`` under which no request can be built."""
    fault = url_fault(base_url) or ("must not have a query" if "?" in str(base_url) else None)
    if fault is not None:
        raise RequestError("base_url", fault)
    wire_text(PARAMETERS["format"], format)
    check_kind("placement", placement, AuthPlacement)


def _signed(form: dict[str, str], credentials: Credentials, timestamp: int | None) -> dict[str, str]:
    if timestamp is None:
        raise RequestError("timestamp", "is needed for a signed request")
    wire_text(PARAMETERS["timestamp"], timestamp)
    params = {"api_key": credentials.api_key, **form}
    return signature.signed(params, credentials.signature_secret or "", credentials.method, timestamp=timestamp)


def _plan(text: str, alphabet: Alphabet | None) -> Measurement:
    try:
        return measure(text, alphabet=alphabet)
    except UnencodableError as error:
        index, name = error.start, character_name(error.object[error.start])
    # raised out here, because an UnencodableError shows the whole text, even as the context of another error
    raise RequestError("text", f"{name} at {index} cannot be sent as this type", index=index, character=name)


def _plan_as_divided(message: SegmentedMessage, type: str | None) -> Measurement:
    if type is not None and _ALPHABETS[type] is not message.alphabet:
        raise RequestError("type", f"does not go with text that was segmented as {message.alphabet.name}")
    plan = _plan(message.text, message.alphabet)
    # The plan first: it is quick, and the same for a text that was cut elsewhere in as many segments.
    filled = segment(message.text, alphabet=message.alphabet)
    if plan != message.measurement or [part.text for part in message] != [part.text for part in filled]:
        raise RequestError(
            "text", "was segmented with tables, a reference, a header or a boundary that the service does not use"
        )
    return plan


def _is_blank(value: object) -> bool:
    """Whether a value is None or holds nothing; such an option is not sent."""
    if isinstance(value, str | bytes | bytearray | memoryview):
        return not len(value)
    return value is None or (isinstance(value, UserDataHeader) and not value.octet_length)


def _names(unchecked: object) -> tuple[str, ...]:
    """The wire names of the parameters that are not to be checked, which may be called by their fields too."""
    given = (unchecked,) if isinstance(unchecked, str) else unchecked
    named = {name: each.name for each in _OF_MESSAGES for name in (each.name, each.field)}
    try:
        return tuple(sorted({named[name] for name in given}))  # type: ignore[attr-defined]  # others are refused
    except (KeyError, TypeError):
        pass
    raise RequestError("unchecked", 'must name parameters of a message, such as ("from",)')


def _extra(extra: Mapping[Any, object]) -> dict[str, str]:
    """Further parameters as texts; those that have a field of their own must go through it, where they are checked."""
    wire = {}
    for name, value in extra.items():
        if not isinstance(name, str) or not name or "&" in name or "=" in name:
            raise RequestError("extra", "a name must be a str that is not empty and has no & or = in it")
        if name in PARAMETERS:
            raise RequestError("extra", "holds a parameter that has a field of its own")
        text = plain_text("" if value is None else value)
        if not isinstance(text, str) or isinstance(value, bytes | bytearray | memoryview | UserDataHeader):
            raise RequestError("extra", f"a value is of type {type(value).__name__}, or too long a number")
        if SURROGATE.search(name + text):
            raise RequestError("extra", "a name or a value holds a lone surrogate")
        if text:
            wire[name] = text
    return wire
