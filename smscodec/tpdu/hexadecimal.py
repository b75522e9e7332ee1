"""Octets as people paste them: hexadecimal digits with what stands between them in dumps of many kinds.

Reference: decision D44
"""

from __future__ import annotations

import re
from typing import Final

from smscodec.errors import DecodeError, FieldError

__all__ = ["ODD_DIGIT", "bare_digits", "octets_of"]

ODD_DIGIT: Final = "an odd digit at the end, dropped (D44)"
"""What lenient reading finds where the last octet lacks a digit."""

_BETWEEN: Final = re.compile(r"[\s:,]+|(?:^|(?<=[\s:,]))0[xX]")
_OTHER: Final = re.compile("[^0-9a-fA-F]")


def bare_digits(digits: str) -> str:
    """The digits alone, without what people put between them.

    >>> bare_digits("0x48 65:6")
    '48656'
    """
    return _BETWEEN.sub("", digits)


def octets_of(digits: str, *, strict: bool = False, field: str = "hex") -> bytes:
    """The octets of hexadecimal digits; blanks, line ends, colons, commas and 0x before each part are passed over.

    An odd digit at the end is dropped; ``strict`` raises ``DecodeError(field)`` there, and both do at a character of
    another kind. Its offset counts octets. Raises ``FieldError("digits")`` for anything but text.

    >>> octets_of("0x48 65:6C\\n6c6F")
    b'Hello'

    Reference: decision D44
    """
    if not isinstance(digits, str):
        raise FieldError("digits", f"expected text, got {digits!r}; decode what a serial line gives as ASCII first")
    digits = bare_digits(digits)
    if other := _OTHER.search(digits):
        raise DecodeError(field, other.start() // 2, f"expected a hexadecimal digit, found {other[0]!r}")
    if strict and len(digits) % 2:
        raise DecodeError(field, len(digits) // 2, f"{len(digits)} digits, where octets take two each")
    return bytes.fromhex(digits[: len(digits) & ~1])
