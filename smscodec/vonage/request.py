"""The messages that can be sent, and the HTTP request that sends one.

Values in, values out: each message checks itself when it is made, ``params`` are the exact names and texts that go on
the wire, and ``build_request`` is a function of its arguments. It touches no socket and no clock, and nothing here
prints a number, a text or a secret.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from typing import ClassVar, Final, Literal
from urllib.parse import urlencode

from smscodec._checks import Octets
from smscodec._version import __version__
from smscodec.dcs import Alphabet
from smscodec.errors import UnencodableError
from smscodec.segmentation import Measurement, SegmentedMessage, measure, segment
from smscodec.udh import UserDataHeader
from smscodec.vonage import signature
from smscodec.vonage.checks import SURROGATE, character_name, check_whole, checked_url, wire_text
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import RequestError
from smscodec.vonage.http import HttpRequest
from smscodec.vonage.parameters import PARAMETERS, Parameter, Place

__all__ = [
    "DEFAULT_BASE_URL",
    "BinaryMessage",
    "Format",
    "Message",
    "TextMessage",
    "VCalendarMessage",
    "VCardMessage",
    "WapPushMessage",
    "build_request",
    "check_options",
]

Format = Literal["json", "xml"]
"""The format of the reply."""

DEFAULT_BASE_URL: Final = "https://rest.nexmo.com"

_SEGMENT_OCTETS: Final = 140
_ALPHABETS: Final = {None: None, "text": Alphabet.GSM_7BIT, "unicode": Alphabet.UCS2}
_TYPES: Final = {Alphabet.GSM_7BIT: "text", Alphabet.UCS2: "unicode"}


@dataclass(frozen=True, slots=True, repr=False)
class _Message:
    """What every message has: to whom, from whom, and the options.

    ``to`` is 7 to 15 digits, ``sender`` a number of at most 15 digits or a name of at most 11 characters. ``ttl`` is in
    milliseconds. ``extra`` holds further parameters by their wire names (str, int or bool). An option that is None or
    an empty text is not sent.
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", _copied(self.extra))
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
        for parameter in PARAMETERS.values():
            text = self._wire_text(parameter)
            if text is not None:
                wire[parameter.name] = text
        return wire | _extra(self.extra)

    def _wire_text(self, parameter: Parameter) -> str | None:
        goes_with_type = not parameter.types or not set(parameter.types).isdisjoint(self.wire_types)
        if parameter.place is not Place.MESSAGE or not goes_with_type:
            return None
        value = self._value(parameter.field)
        if not parameter.required and (value is None or _is_blank(value)):
            return None
        return wire_text(parameter, value)

    def _value(self, name: str) -> object:
        """What to send for a field; ``type`` is none of most classes, which have but one."""
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
    """

    wire_types: ClassVar[tuple[str, ...]] = ("text", "unicode")

    text: str | SegmentedMessage
    type: Literal["text", "unicode"] | None = None
    _: KW_ONLY
    max_segments: int | None = None

    @property
    def plan(self) -> Measurement:
        """What the message takes: alphabet, units and segments; each segment is charged."""
        if self.type not in tuple(_ALPHABETS):  # a tuple also looks up what cannot be hashed
            raise RequestError("type", "must be 'text' or 'unicode', or None for the one that the text needs")
        if isinstance(self.text, SegmentedMessage):
            return _plan_as_divided(self.text, self.type)
        wire_text(PARAMETERS["text"], self.text)
        return _plan(self.text, _ALPHABETS[self.type])

    def _value(self, name: str) -> object:
        # not super(): dataclass with slots makes another class than the one super() would name
        if name == "type":
            return _TYPES[self.plan.alphabet]
        if name == "text" and isinstance(self.text, SegmentedMessage):
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
    """Octets for one segment: ``body`` and its header ``udh``, at most 140 octets together.

    Both are octets or hexadecimal digits, ``udh`` also a UserDataHeader; UDHL is its first octet. ``protocol_id`` is
    TP-PID. Raises ``RequestError``.
    """

    wire_types: ClassVar[tuple[str, ...]] = ("binary",)

    body: Octets | str
    udh: Octets | UserDataHeader | str | None = None
    protocol_id: int | None = None

    def _check_together(self) -> None:
        if self.udh is None or _is_blank(self.udh):
            return
        octets = sum(len(wire_text(PARAMETERS[part], getattr(self, part))) for part in ("body", "udh")) // 2
        if octets > _SEGMENT_OCTETS:
            raise RequestError("body", f"has {octets} octets together with udh; {_SEGMENT_OCTETS} are allowed")


@dataclass(frozen=True, slots=True, repr=False)
class WapPushMessage(_Message):
    """A link that the handset offers to open: ``title``, ``url``, and ``validity`` in milliseconds.

    Specification 1.0.0 only; 1.5.1 has dropped it. Raises ``RequestError``.
    """

    wire_types: ClassVar[tuple[str, ...]] = ("wappush",)

    title: str
    url: str
    validity: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class VCardMessage(_Message):
    """A business card. Specification 1.0.0 only; 1.5.1 has dropped it. Raises ``RequestError``."""

    wire_types: ClassVar[tuple[str, ...]] = ("vcard",)

    vcard: str


@dataclass(frozen=True, slots=True, repr=False)
class VCalendarMessage(_Message):
    """A calendar event. Specification 1.0.0 only; 1.5.1 has dropped it. Raises ``RequestError``."""

    wire_types: ClassVar[tuple[str, ...]] = ("vcal",)

    vcal: str


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
    form = message.params()
    account: dict[str, str] = {}
    if credentials.signature_secret is not None:
        form = _signed(form, credentials, timestamp)
        account = {name: form.pop(name) for name in ("api_key", "sig")}
    elif placement is AuthPlacement.HEADER:
        headers["Authorization"] = _basic(credentials)
    else:
        account = {"api_key": credentials.api_key, "api_secret": credentials.api_secret or ""}
    if placement is AuthPlacement.QUERY:
        url = f"{url}?{urlencode(account)}"
    else:
        form = account | form
    return HttpRequest("POST", url, headers, urlencode(form).encode("ascii"))


def check_options(base_url: object, format: object, placement: object) -> None:
    """Raise ``RequestError`` for options of ``build_request`` under which no request can be built."""
    checked_url(base_url, "base_url")
    if "?" in str(base_url):
        raise RequestError("base_url", "must not have a query")
    wire_text(PARAMETERS["format"], format)
    if not isinstance(placement, AuthPlacement):
        raise RequestError("placement", "must be an AuthPlacement")


def _signed(form: dict[str, str], credentials: Credentials, timestamp: int | None) -> dict[str, str]:
    if timestamp is None:
        raise RequestError("timestamp", "is needed for a signed request")
    wire_text(PARAMETERS["timestamp"], timestamp)
    params = {"api_key": credentials.api_key, **form}
    return signature.signed(params, credentials.signature_secret or "", credentials.method, timestamp=timestamp)


def _basic(credentials: Credentials) -> str:
    pair = f"{credentials.api_key}:{credentials.api_secret}"
    return f"Basic {b64encode(pair.encode()).decode('ascii')}"


def _plan(text: str, alphabet: Alphabet | None) -> Measurement:
    try:
        return measure(text, alphabet=alphabet)
    except UnencodableError as error:
        index, name = error.start, character_name(error.object[error.start])
    # raised out here, because an UnencodableError shows the whole text, even as the context of another error
    raise RequestError("text", f"{name} at {index} cannot be sent as this type", index=index, character=name)


def _plan_as_divided(message: SegmentedMessage, type: str | None) -> Measurement:
    if message.alphabet is Alphabet.DATA_8BIT:
        raise RequestError("text", "is binary data; send each segment as a BinaryMessage")
    wire_text(PARAMETERS["text"], message.text)
    if type is not None and _ALPHABETS[type] is not message.alphabet:
        raise RequestError("type", f"does not go with text that was segmented as {message.alphabet.name}")
    plan = _plan(message.text, message.alphabet)
    # The plan first: it is quick, and the same for a text that was cut elsewhere in as many segments.
    if plan != message.measurement or not _is_cut_alike(message):
        raise RequestError(
            "text", "was segmented with tables, a reference, a header or a boundary that the service does not use"
        )
    return plan


def _is_cut_alike(message: SegmentedMessage) -> bool:
    filled = segment(message.text, alphabet=message.alphabet)
    return [part.text for part in message] == [part.text for part in filled]


def _is_blank(value: object) -> bool:
    """Whether a value is there and holds nothing; such an option is not sent."""
    if isinstance(value, str | bytes | bytearray | memoryview):
        return not len(value)
    return isinstance(value, UserDataHeader) and not value.octet_length


class _ReadOnly(Mapping[object, object]):
    """A copy of a mapping that nobody can change; unlike a MappingProxyType it pickles, and prints nothing."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[object, object]) -> None:
        self._items = dict(items)

    def __getitem__(self, name: object) -> object:
        return self._items[name]

    def __iter__(self) -> Iterator[object]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def _copied(extra: object) -> _ReadOnly:
    if not isinstance(extra, Mapping):
        raise RequestError("extra", "must be a mapping")
    return _ReadOnly(extra)


def _extra(extra: Mapping[str, object]) -> dict[str, str]:
    """Further parameters as texts; those that have a field of their own must go through it, where they are checked."""
    wire = {}
    for name, value in extra.items():
        _check_extra_name(name)
        if name in PARAMETERS:
            raise RequestError("extra", "holds a parameter that has a field of its own")
        text = _extra_text(value)
        if text:
            wire[name] = text
    return wire


def _check_extra_name(name: object) -> None:
    if not isinstance(name, str) or not name or "&" in name or "=" in name:
        raise RequestError("extra", "a name must be a text that is not empty and has no & or = in it")
    if SURROGATE.search(name):
        raise RequestError("extra", "a name holds a lone surrogate")


def _extra_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() <= 64:
        return str(value)
    if value is not None and not isinstance(value, str):
        raise RequestError("extra", f"a value is of type {type(value).__name__}, or too long a number")
    if value and SURROGATE.search(value):
        raise RequestError("extra", "a value holds a lone surrogate")
    return value or ""
