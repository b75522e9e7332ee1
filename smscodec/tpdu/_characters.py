"""Text as a modem prints it: plain, or as hexadecimal digits of several kinds.

A modem prints in the character set that +CSCS chose, and other message data as hexadecimal digits; nothing in the lines
says which. The rules that ``"auto"`` follows are documented where it applies them.

Reference: 3GPP TS 27.005, 3.1; 3GPP TS 27.007, 5.5 and 7.15
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, get_args

from smscodec import cbs, gsm7
from smscodec.dcs import Alphabet, CellBroadcastDataCoding
from smscodec.errors import DecodeError, FieldError
from smscodec.userdata import UserData

__all__ = ["Charset", "check_charset", "printed_text", "ussd"]

Charset = Literal["auto", "gsm", "ira", "ucs2", "hex"]
"""The character set of the lines, as +CSCS names it; ``auto`` looks at each text."""

_UNSPECIFIED: Final = 0x0F
_DIGITS: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")
_ALPHABETIC: Final = frozenset({0x00, 0x01, 0x03, 0x04, 0x05, 0x06})
"""High octets of the UTF-16 units in which Latin, Greek, Cyrillic, Hebrew and Arabic stand."""


def check_charset(charset: object) -> None:
    """Raise ``FieldError`` for an unknown character set."""
    if charset not in get_args(Charset):
        raise FieldError("charset", f"expected one of {', '.join(get_args(Charset))}, got {charset!r}")


def printed_text(text: str, charset: Charset) -> str:
    """What a text of text mode says.

    ``auto`` takes hexadecimal digits for UTF-16 where that gives text, and anything else as it is.
    """
    if charset == "gsm":
        return _septets_as_characters(text)
    octets = _octets(text)
    if octets is None or charset == "ira":
        return text
    if charset == "hex":
        return UserData(Alphabet.GSM_7BIT, octets).text() if octets.isascii() else text
    if charset == "ucs2" or _is_utf_16(octets, text):
        return UserData(Alphabet.UCS2, octets).text()
    return text


def ussd(text: str, dcs: CellBroadcastDataCoding | int | None, *, charset: Charset = "auto") -> str:
    """What the text of +CUSD says, whose third parameter is ``dcs``; None where the modem left it out.

    The text may be text, hexadecimal digits of UTF-16 (after ``+CSCS="UCS2"``), or hexadecimal digits of the octets as
    the network sent them, packed where the data coding says GSM 7-bit. ``auto`` tells them apart: under a UCS-2 data
    coding digits are those of UTF-16; under GSM 7-bit they are, if the characters are in that alphabet; else digits
    with a letter A–F among them are packed septets, and decimal digits are text. A language in front of the text is
    dropped. 8-bit strings stay as they are. Raises ``FieldError`` for a data coding outside 0–255 and for an unknown
    ``charset``.

    >>> ussd("002000440075002000680061007200200030002C003000300020006B0072", 7)
    ' Du har 0,00 kr'
    >>> ussd("AA180C3602", 15), ussd("*100#", 15)
    ('*100#', '*100#')

    Reference: 3GPP TS 27.007, 7.15; 3GPP TS 23.038, 5 and 6.1.2.3 (decision D42)
    """
    check_charset(charset)
    if not isinstance(text, str):
        raise FieldError("text", f"expected text, got {text!r}")
    if dcs is None:
        dcs = _UNSPECIFIED
    coding = dcs if isinstance(dcs, CellBroadcastDataCoding) else CellBroadcastDataCoding(dcs)
    octets = _octets(text)
    if coding.alphabet is Alphabet.DATA_8BIT or coding.compressed:
        return text
    if octets is None:
        return _septets_as_characters(text) if charset == "gsm" else text
    if coding.alphabet is Alphabet.UCS2:
        return cbs.ussd_text(octets, coding)
    return _ussd_of_gsm(text, octets, coding, charset)


def _ussd_of_gsm(text: str, octets: bytes, coding: CellBroadcastDataCoding, charset: Charset) -> str:
    characters = UserData(Alphabet.UCS2, octets).text()
    in_alphabet = len(octets) % 2 == 0 and gsm7.is_encodable(characters)
    if charset == "ucs2" or (charset == "auto" and (in_alphabet or _is_national(octets))):
        return _without_language(characters, coding)
    if charset == "hex" or (charset == "auto" and not text.isdecimal() and _is_packed(octets, coding)):
        return cbs.ussd_text(octets, coding)
    return _septets_as_characters(text) if charset == "gsm" else text


def _octets(text: str) -> bytes | None:
    """The octets of hexadecimal digits; None for other text."""
    return bytes.fromhex(text) if _DIGITS.fullmatch(text) else None


def _septets_as_characters(text: str) -> str:
    """Text of which each character is a code of the default alphabet; characters above stand for themselves."""
    return "".join(
        gsm7.decode(run.encode("ascii"), errors="replace") if run.isascii() else run
        for run in re.findall(r"[\x00-\x7f]+|[^\x00-\x7f]+", text)
    )


def _is_utf_16(octets: bytes, text: str) -> bool:
    """Whether octets look like UTF-16: whole units, of characters that are shown, and not just a number in digits."""
    if len(octets) % 2:
        return False
    characters = UserData(Alphabet.UCS2, octets).text()
    if text.isdecimal() and not set(octets[::2]) <= _ALPHABETIC:
        return False
    return all(
        character in "\n\r\t" or unicodedata.category(character)[0] in "LMNPSZ" for character in characters
    ) and ("\ufffd" not in characters)


def _is_national(octets: bytes) -> bool:
    """Whether octets look like UTF-16 of letters beyond the default alphabet, as phones print them all the same."""
    high = set(octets[::2])
    return len(high) <= 2 and high <= _ALPHABETIC and _is_utf_16(octets, "")


def _is_packed(octets: bytes, coding: CellBroadcastDataCoding) -> bool:
    try:
        cbs.ussd_text(octets, coding, strict=True)
    except DecodeError:
        return False
    return True


def _without_language(characters: str, coding: CellBroadcastDataCoding) -> str:
    """The text after two letters and CR, if the coding says that a language stands in front."""
    return re.sub(r"\A[A-Za-z]{2}\r", "", characters) if coding.language_in_text else characters
