"""Values as they go on the wire and come from it: a caller's value to the text of a parameter, a text to a number.

What is sent is held against the table of parameters before an octet leaves. It knows kinds of values and nothing of
messages; no error it raises shows a value.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from decimal import Decimal
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
    "http_url",
    "is_loopback",
    "plain_decimal",
    "plain_text",
    "url_fault",
    "whole_number",
    "wire_text",
]

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_PLUS_NUMBER: Final = re.compile(r"\+[0-9 ]+", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[Ee][+-]?[0-9]{1,2})?", re.ASCII)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Matches a lone surrogate, which UTF-8 cannot carry."""
_LONGEST_TIME: Final = 1_000_000
"""Seconds, some eleven days: what the sockets and clocks of every platform can count."""
_LONGEST_NAME: Final = 11
"""Septets of an alphanumeric sender: what an address of 20 semi-octets holds (TS 23.040, 9.1.2.5)."""


# What is sent ---------------------------------------------------------------------------------------------------------


def wire_text(parameter: Parameter, value: object, *, unchecked: bool = False) -> str:
    """The text of a value on the wire; raises ``RequestError`` naming the field for one that the parameter refuses.

    With ``unchecked`` only what cannot be written at all is refused: a wrong type, a lone surrogate, an empty text.
    """
    if unchecked:
        return _text(parameter, plain_text(value), limited=False)
    match parameter.kind:
        case Kind.NUMBER:
            return _number(parameter, value)
        case Kind.NUMERAL:
            return _number(parameter, _as_number(value))
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


def _text(parameter: Parameter, value: object, *, limited: bool = True) -> str:
    if not isinstance(value, str):
        raise _refused(parameter, f"must be a str, not {type(value).__name__}")
    if not value:
        raise _refused(parameter, "is empty")
    counts_characters = limited and parameter.kind in {Kind.TEXT, Kind.URL}
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


def _as_number(value: object) -> object:
    # twenty digits are more than any maximum; an endless number would only take time
    return int(value) if isinstance(value, str) and len(value) <= 20 and _DIGITS.fullmatch(value) else value


def _flag(parameter: Parameter, value: object) -> str:
    if not isinstance(value, bool):
        raise _refused(parameter, f"must be True or False, not {type(value).__name__}")
    return "true" if value else "false"


def _hex(parameter: Parameter, value: object) -> str:
    text = value if isinstance(value, bool | int) else plain_text(value)
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
        cure = "; strip_plus takes the + off" if _PLUS_NUMBER.fullmatch(text) else ""
        raise _refused(parameter, f"must be {low} to {high} digits, without + or spaces{cure}")


def _check_sender(parameter: Parameter, text: str) -> None:
    """A number in digits, or a name in the GSM default alphabet, which is how a name travels.

    The service ignores the spaces in a name, so they do not count.
    """
    if _DIGITS.fullmatch(text):
        if len(text) > (parameter.maximum or 0):
            raise _refused(parameter, f"has {len(text)} digits; {parameter.maximum} are allowed")
        return
    name = text.replace(" ", "")
    if not name:
        raise _refused(parameter, "holds nothing but spaces")
    if _PLUS_NUMBER.fullmatch(text):
        raise _refused(parameter, "must be a number without + and spaces, or a name")
    if any(unicodedata.category(character) == "Cc" for character in name):
        raise _refused(parameter, "holds a control character")
    if not gsm7.is_encodable(name):
        raise _refused(parameter, "holds a character that is not in the GSM default alphabet")
    if gsm7.septet_length(name) > _LONGEST_NAME:
        raise _refused(parameter, f"is a name of more than {_LONGEST_NAME} septets, spaces not counted")


def _refused(
    parameter: Parameter, message: str, *, index: int | None = None, character: str | None = None
) -> RequestError:
    """The error that names the field, and the parameter where that has another name."""
    if parameter.name != parameter.field:
        message = f"{message} (it is sent as {parameter.name})"
    return RequestError(parameter.field, message, index=index, character=character)


# What comes -----------------------------------------------------------------------------------------------------------


def whole_number(text: str | None) -> int | None:
    """A number of one to twelve digits, or None."""
    stripped = (text or "").strip()
    return int(stripped) if _WHOLE.fullmatch(stripped) else None


def plain_decimal(text: str | None) -> Decimal | None:
    """A decimal number of at most twenty digits either side of the point, or None; never NaN."""
    stripped = (text or "").strip()
    return Decimal(stripped) if _DECIMAL.fullmatch(stripped) else None
