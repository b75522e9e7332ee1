"""What a data_coding means, to a service centre and by the specification.

    0x00                       the service centre's default: unpacked GSM 7-bit unless the caller names another (D32)
    0x01 0x03 0x06 0x07        ASCII, ISO 8859-1, -5 and -8
    0x08                       UCS-2
    0x02 0x04                  octets
    0x05 0x09 0x0A 0x0D 0x0E   East Asian codings, kept as octets
    0x10–0x1F                  reserved, and read as the data coding scheme that the sender meant (D43)
    0xC0–0xDF                  message waiting: GSM 7-bit
    0xF0–0xFF                  message class: bit 2 tells GSM 7-bit from octets
    all others                 reserved: kept as octets

Strict reading refuses what is reserved. Service centres differ: ``codings`` says what one of them means by any value.

Reference: SMPP 3.4, 5.2.19; 3GPP TS 23.038, 4
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from smscodec._checks import check_whole
from smscodec.dcs import Alphabet, DataCodingScheme
from smscodec.errors import DecodeError, FieldError, UnencodableError

__all__ = ["PACKED", "Coding", "Default", "check_codings", "check_default", "coding_of", "encoded", "scheme_of"]

Default = Literal["gsm7", "gsm7-packed", "latin-1"]
"""How a service centre carries its default alphabet: a septet an octet, packed septets, or ISO 8859-1."""

_DEFAULTS: Final = get_args(Default)

PACKED: Final = "gsm7-packed"

Coding = Alphabet | str
"""An alphabet as ``UserData`` has it, ``PACKED``, or the name of one of Python's codecs."""

# The values that SMPP itself defines, apart from 0x00.
_CODINGS: Final[dict[int, Coding]] = {
    0x01: "ascii",
    0x03: "latin-1",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: Alphabet.UCS2,
    **dict.fromkeys((0x02, 0x04, 0x05, 0x09, 0x0A, 0x0D, 0x0E), Alphabet.DATA_8BIT),
}
_NAMES: Final[dict[str, Coding]] = {"gsm7": Alphabet.GSM_7BIT, "ucs2": Alphabet.UCS2}


def scheme_of(data_coding: int) -> DataCodingScheme | None:
    """The GSM data coding scheme that a data_coding is: its alphabet, message class and message waiting indication.

    0xC0–0xDF and 0xF0–0xFF are schemes by the specification, and 0x10–0x1F in practice (decision D43). None for the
    values that SMPP defines by itself and for all others that it reserves. Raises ``FieldError`` outside 0–255.

    >>> scheme_of(0x11).message_class
    <MessageClass.CLASS_1: 1>
    >>> scheme_of(0x03) is None
    True

    Reference: SMPP 3.4, 5.2.19; 3GPP TS 23.038, 4
    """
    check_whole("data_coding", data_coding, 0, 0xFF)
    is_scheme = 0x10 <= data_coding <= 0x1F or 0xC0 <= data_coding <= 0xDF or data_coding >= 0xF0
    return DataCodingScheme(data_coding) if is_scheme else None


def coding_of(data_coding: int, default: Default, codings: Mapping[int, str], *, strict: bool) -> Coding:
    """How the octets after the header read; ``strict`` raises ``DecodeError`` for a reserved value."""
    if data_coding in codings:
        return _NAMES.get(codings[data_coding], codings[data_coding])
    if data_coding == 0x00:
        return _NAMES.get(default, default)
    if data_coding in _CODINGS:
        return _CODINGS[data_coding]
    scheme = scheme_of(data_coding)
    if strict and (scheme is None or 0x10 <= data_coding <= 0x1F):
        raise DecodeError("data_coding", 0, f"0x{data_coding:02X} is reserved")
    if scheme is None:
        return Alphabet.DATA_8BIT
    return PACKED if scheme.alphabet is Alphabet.GSM_7BIT and default == PACKED else scheme.alphabet


def encoded(text: str, codec: str) -> bytes:
    """``text`` under one of Python's codecs; ``UnencodableError`` over the first character that it lacks."""
    try:
        return text.encode(codec)
    except UnicodeEncodeError as error:
        raise UnencodableError.over_first(error, codec, f"character is not in {codec}") from None


def check_default(default: object) -> None:
    """Raise ``FieldError("default")`` for anything but the three ways."""
    if default not in _DEFAULTS:
        raise FieldError("default", f"expected one of {', '.join(_DEFAULTS)}, got {default!r}")


def check_codings(codings: Mapping[int, str] | None) -> Mapping[int, str]:
    """The table of a service centre, empty for None; ``FieldError("codings")`` for one that cannot be."""
    if codings is None:
        return {}
    if not isinstance(codings, Mapping):
        raise FieldError("codings", f"expected a mapping of data_coding to a name, got {type(codings).__name__}")
    for data_coding, name in codings.items():
        check_whole("codings", data_coding, 0, 0xFF)
        if name not in _NAMES and name != PACKED and not _is_text_codec(name):
            raise FieldError(
                "codings", f"0x{data_coding:02X}: expected gsm7, gsm7-packed, ucs2 or a Python codec, got {name!r}"
            )
    return codings


def _is_text_codec(name: object) -> bool:
    if not isinstance(name, str):
        return False
    try:
        b"\xff".decode(name, "replace")
    except (LookupError, ValueError):  # unknown or not of text; a name that cannot be, or no lenient reading (idna)
        return False
    return True
