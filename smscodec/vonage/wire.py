"""Values as they go on the wire and come from it: a caller's value to the text of a parameter, a text to a number.

What is sent is held against the table of parameters before an octet leaves. It knows kinds of values and nothing of
messages; no error it raises shows a value.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from types import UnionType
from typing import Any, Final, get_args
from urllib.parse import SplitResult, urlsplit

from smscodec import gsm7
from smscodec.udh import UserDataHeader
from smscodec.vonage.errors import RequestError
from smscodec.vonage.parameters import Kind, Parameter

__all__ = [
    "SURROGATE", "character_name", "check_kind", "check_seconds", "check_whole", "http_url", "is_loopback",
    "plain_decimal", "plain_text", "url_fault", "whole_number", "wire_text",
]  # fmt: skip

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_WHOLE: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_PLUS_NUMBER: Final = re.compile(r"\+[0-9 ]+", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_COUNT: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[Ee][+-]?[0-9]{1,2})?", re.ASCII)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Matches a lone surrogate, which UTF-8 cannot carry."""
_LONGEST_TIME: Final = 1_000_000
"""Seconds, some eleven days: what the sockets and clocks of every platform can count."""
_LONGEST_NAME: Final = 11
"""Septets of an alphanumeric sender: what an address of 20 semi-octets holds (TS 23.040, 9.1.2.5)."""


# What is sent ---------------------------------------------------------------------------------------------------------

_OCTETS: Final = (bytes, bytearray, memoryview, UserDataHeader)
_TEXT: Final = ((str,), "a str")
_ACCEPTED: Final[Mapping[Kind, tuple[tuple[type, ...], str]]] = {
    Kind.NUMBER: ((int,), "an int from {low} to {high}"),
    Kind.NUMERAL: ((int, str), "an int from {low} to {high}, or its digits"),
    Kind.FLAG: ((bool,), "True or False"),
    Kind.HEX: ((str, *_OCTETS), "octets or hexadecimal digits"),
}
"""The types that a kind of parameter takes, and their words; all others take a text."""


def wire_text(parameter: Parameter, value: object, *, unchecked: bool = False) -> str:
    """The text of a value on the wire; raises ``RequestError`` naming the field for one that the parameter refuses.

    With ``unchecked`` only what cannot be written at all is refused: a wrong type, a lone surrogate, an empty text.
    """
    types, words = _ACCEPTED.get(parameter.kind, _TEXT)
    words = words.format(low=parameter.minimum, high=parameter.maximum)
    is_accepted = isinstance(value, types) and isinstance(value, bool) == (parameter.kind is Kind.FLAG)
    text = plain_text(value) if is_accepted or unchecked else None
    if not isinstance(text, str):
        found = "" if type(value) is int else f", not {type(value).__name__}"
        raise _refused(parameter, f"must be {words}{found}")
    if not text:
        raise _refused(parameter, "is empty")
    surrogate = SURROGATE.search(text)
    if surrogate:
        index, name = surrogate.start(), character_name(surrogate.group())
        raise _refused(parameter, f"holds the lone surrogate {name} at {index}", index=index, character=name)
    fault = None if unchecked else _fault(parameter, text, words)
    if fault:
        raise _refused(parameter, fault)
    return text


def _fault(parameter: Parameter, text: str, words: str) -> str | None:  # noqa: PLR0911  # a line for each kind
    """What is wrong with a text, or None."""
    low, high = parameter.minimum or 0, parameter.maximum
    match parameter.kind:
        case Kind.TEXT | Kind.URL if high is not None and len(text) > high:
            return f"has {len(text)} characters; {high} are allowed"
        case Kind.URL if http_url(text) is None:
            return "must be an http or https URL of printable ASCII characters"
        case Kind.NUMBER | Kind.NUMERAL if not _WHOLE.fullmatch(text) or not low <= int(text) <= (high or 0):
            return f"must be {words}"
        case Kind.CHOICE if text not in parameter.choices:
            return f"must be one of {', '.join(parameter.choices)}"
        case Kind.HEX if not _HEX.fullmatch(text):
            return "must be pairs of hexadecimal digits"
        case Kind.HEX if high is not None and len(text) > 2 * high:
            return f"has {len(text) // 2} octets; {high} are allowed"
        case Kind.DESTINATION if not _DIGITS.fullmatch(text) or not low <= len(text) <= (high or 0):
            cure = "; strip_plus takes the + off" if _PLUS_NUMBER.fullmatch(text) else ""
            return f"must be {low} to {high} digits, without + or spaces{cure}"
        case Kind.SENDER:
            return _sender_fault(text, high or 0)
    return None


def _sender_fault(text: str, most_digits: int) -> str | None:  # noqa: PLR0911  # a line for each fault
    """What is wrong with a sender: a number in digits, or a name in the GSM default alphabet, as a name travels.

    The service ignores the spaces in a name, so they do not count.
    """
    name = text.replace(" ", "")
    if _DIGITS.fullmatch(text):
        return f"has {len(text)} digits; {most_digits} are allowed" if len(text) > most_digits else None
    if not name:
        return "holds nothing but spaces"
    if _PLUS_NUMBER.fullmatch(text):
        return "must be a number without + and spaces, or a name"
    if any(unicodedata.category(character) == "Cc" for character in name):
        return "holds a control character"
    if not gsm7.is_encodable(name):
        return "holds a character that is not in the GSM default alphabet"
    if gsm7.septet_length(name) > _LONGEST_NAME:
        return f"is a name of more than {_LONGEST_NAME} septets, spaces not counted"
    return None


def _refused(parameter: Parameter, message: str, **place: Any) -> RequestError:
    """The error that names the field, and the parameter where that has another name."""
    sent_as = f" (it is sent as {parameter.name})" if parameter.name != parameter.field else ""
    return RequestError(parameter.field, message + sent_as, **place)


def plain_text(value: object) -> object:
    """``value`` as the text that any parameter would have, or itself if it has none."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() <= 64:  # beyond that nothing is a parameter
            return str(int(value))
        case UserDataHeader():
            return value.to_bytes().hex()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
    return value


# What the client is set up with ---------------------------------------------------------------------------------------


def check_kind(field: str, value: object, kind: type | UnionType) -> None:
    """Raise ``RequestError`` that names the field unless the value is of the class, or of one of several."""
    if not isinstance(value, kind):
        names = " or ".join(each.__name__ for each in get_args(kind) or (kind,))
        raise RequestError(field, f"must be of type {names}, not {type(value).__name__}")


def check_whole(field: str, value: object, low: int, high: int | None = None) -> None:
    """Raise ``RequestError`` that names the field unless the value is a whole number within the limits."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
        raise RequestError(field, f"must be a whole number from {low} " + ("on" if high is None else f"to {high}"))


def check_seconds(field: str, value: object, *, above_zero: bool = False) -> None:
    """Raise ``RequestError`` that names the field unless the value is a number of seconds that can be waited for."""
    seconds = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    # written so that NaN is outside of them
    if not 0 <= seconds <= _LONGEST_TIME or (above_zero and seconds == 0):
        low = "more than 0" if above_zero else "0"
        raise RequestError(field, f"must be a number of seconds, {low} to {_LONGEST_TIME}")


def character_name(character: str) -> str:
    """The Unicode name of a character, or its code point where it has none."""
    return unicodedata.name(character, f"U+{ord(character):04X}")


def http_url(text: object) -> SplitResult | None:
    """The parts of an absolute http or https URL, or None for a text that cannot go into a request line as one."""
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def url_fault(url: object) -> str | None:
    """Why a secret must not be sent to a URL, or None: https is needed, or http on this machine, without a user.

    Returned and not raised: the URL may hold secrets, and a crash report shows what the frames of an error held.
    """
    parts = http_url(url)
    # looked for in the text, because a fragment may be empty
    if parts is None or "@" in parts.netloc or "#" in str(url):
        return "must be an http or https URL of printable ASCII characters, without user or fragment"
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        return "must begin with https://; http:// is for this machine alone"
    return None


def is_loopback(host: str) -> bool:
    """Whether a host's name or address means this machine; no name but localhost is looked up."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# What comes -----------------------------------------------------------------------------------------------------------


def whole_number(text: str | None) -> int | None:
    """A number of one to twelve digits, or None."""
    stripped = (text or "").strip()
    return int(stripped) if _COUNT.fullmatch(stripped) else None


def plain_decimal(text: str | None) -> Decimal | None:
    """A decimal number of at most twenty digits either side of the point, or None; never NaN."""
    stripped = (text or "").strip()
    return Decimal(stripped) if _DECIMAL.fullmatch(stripped) else None
