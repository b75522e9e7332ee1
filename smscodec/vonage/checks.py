"""Holding a value of the caller's against the table of parameters, and writing it as the text that goes on the wire.

Everything here is decided before an octet is sent. It knows kinds of values and nothing of messages; no error it raises
shows a value.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, urlsplit

from smscodec import gsm7
from smscodec.udh import UserDataHeader
from smscodec.vonage.errors import RequestError
from smscodec.vonage.parameters import Kind, Parameter

__all__ = [
    "SURROGATE",
    "character_name",
    "check_seconds",
    "check_whole",
    "checked_url",
    "http_url",
    "is_loopback",
    "wire_text",
]

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_PLUS_NUMBER: Final = re.compile(r"\+[0-9 ]+", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Matches a lone surrogate, which UTF-8 cannot carry."""
_LONGEST_TIME: Final = 1_000_000
"""Seconds, some eleven days: what the sockets and clocks of every platform can count."""
_LONGEST_NAME: Final = 11
"""Septets of an alphanumeric sender: what an address of 20 semi-octets holds (TS 23.040, 9.1.2.5)."""


def wire_text(parameter: Parameter, value: object) -> str:
    """The text of a value on the wire; raises ``RequestError`` naming the field for one that the parameter refuses."""
    match parameter.kind:
        case Kind.NUMBER:
            return _number(parameter, value)
        case Kind.FLAG:
            return _flag(parameter, value)
        case Kind.HEX:
            return _hex(parameter, value)
    text = _text(parameter, value)
    match parameter.kind:
        case Kind.CHOICE if text not in parameter.choices:
            raise _refused(parameter, f"must be one of {', '.join(parameter.choices)}")
        case Kind.DESTINATION:
            _check_destination(parameter, text)
        case Kind.SENDER:
            _check_sender(parameter, text)
        case Kind.URL if http_url(text) is None:
            raise _refused(parameter, "must be an http or https URL of printable ASCII characters")
    return text


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
    """The parts of an absolute http or https URL, or None if the text is none that may go into a request line."""
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def checked_url(url: object, field: str) -> SplitResult:
    """The parts of a URL that a secret may be sent to: https, or http on this machine, without a user or a fragment.

    Raises ``RequestError`` that names ``field`` and does not show the URL, which may hold secrets.
    """
    parts = http_url(url)
    # looked for in the text, because a fragment may be empty
    if parts is None or "@" in parts.netloc or "#" in str(url):
        raise RequestError(
            field, "must be an http or https URL of printable ASCII characters, without user or fragment"
        )
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise RequestError(field, "must begin with https://; http:// is for this machine alone")
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host's name or address means this machine; no name but localhost is looked up."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _text(parameter: Parameter, value: object) -> str:
    if not isinstance(value, str):
        raise _refused(parameter, f"must be a text, not {type(value).__name__}")
    if not value:
        raise _refused(parameter, "is empty")
    counts_characters = parameter.kind in {Kind.TEXT, Kind.URL}
    if counts_characters and parameter.maximum is not None and len(value) > parameter.maximum:
        raise _refused(parameter, f"has {len(value)} characters; {parameter.maximum} are allowed")
    surrogate = SURROGATE.search(value)
    if surrogate:
        index, name = surrogate.start(), character_name(surrogate.group())
        raise _refused(parameter, f"holds the lone surrogate {name} at {index}", index=index, character=name)
    return value


def _number(parameter: Parameter, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused(parameter, f"must be an int, not {type(value).__name__}")
    low, high = parameter.minimum or 0, parameter.maximum
    if value < low or (high is not None and value > high):
        raise _refused(parameter, f"is outside {low}–{high}")
    return str(int(value))


def _flag(parameter: Parameter, value: object) -> str:
    if not isinstance(value, bool):
        raise _refused(parameter, f"must be True or False, not {type(value).__name__}")
    return "true" if value else "false"


def _hex(parameter: Parameter, value: object) -> str:
    if isinstance(value, UserDataHeader):
        value = value.to_bytes()
    text = bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else value
    if not isinstance(text, str):
        raise _refused(parameter, f"must be octets or hexadecimal digits, not {type(value).__name__}")
    if not text:
        raise _refused(parameter, "is empty")
    if not _HEX.fullmatch(text):
        raise _refused(parameter, "must be pairs of hexadecimal digits")
    if parameter.maximum is not None and len(text) > 2 * parameter.maximum:
        raise _refused(parameter, f"has {len(text) // 2} octets; {parameter.maximum} are allowed")
    return text


def _check_destination(parameter: Parameter, text: str) -> None:
    low, high = parameter.minimum or 0, parameter.maximum or 0
    if not _DIGITS.fullmatch(text) or not low <= len(text) <= high:
        raise _refused(parameter, f"must be {low} to {high} digits and nothing else, also no +")


def _check_sender(parameter: Parameter, text: str) -> None:
    """A number in digits, or a name in the GSM default alphabet, which is how a name travels."""
    if _DIGITS.fullmatch(text):
        if len(text) > (parameter.maximum or 0):
            raise _refused(parameter, f"has {len(text)} digits; {parameter.maximum} are allowed")
        return
    if _PLUS_NUMBER.fullmatch(text):
        raise _refused(parameter, "must be a number without + and blanks, or a name")
    if not text.strip(" "):
        raise _refused(parameter, "holds nothing but blanks")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise _refused(parameter, "holds a control character")
    if not gsm7.is_encodable(text):
        raise _refused(parameter, "holds a character that is not in the GSM default alphabet")
    if gsm7.septet_length(text) > _LONGEST_NAME:
        raise _refused(parameter, f"is a name of more than {_LONGEST_NAME} septets")


def _refused(
    parameter: Parameter, message: str, *, index: int | None = None, character: str | None = None
) -> RequestError:
    """The error that names the field, and the parameter where that has another name."""
    if parameter.name != parameter.field:
        message = f"{message} (it is sent as {parameter.name})"
    return RequestError(parameter.field, message, index=index, character=character)
