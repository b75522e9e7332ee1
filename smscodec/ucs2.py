"""Text ⇄ UTF-16BE code units, which every handset reads where TS 23.038 says UCS2 (decision D10).

This module knows nothing of headers or segments.

Reference: 3GPP TS 23.038, 6.2.3
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from smscodec._checks import Octets, as_text, ask
from smscodec.errors import UndecodableError, UnencodableError

__all__ = ["decode", "encode", "unit_length"]

_ENCODING = "utf-16-be"


def encode(text: str, *, errors: str = "strict") -> bytes:
    """Encode text to big-endian UTF-16 octets, two per code unit.

    ``errors`` is any error handler of Python; ``surrogatepass`` lets a lone surrogate through. By default a lone
    surrogate raises ``UnencodableError`` at its position (decision D11).

    >>> encode("й😀").hex(" ", 2)
    '0439 d83d de00'
    """
    text = as_text(text)
    try:
        return text.encode(_ENCODING)
    except UnicodeEncodeError:
        pass
    return b"".join(_asking(text, errors))


_LONE: Final = "surrogates not allowed"


def _asking(text: str, errors: str) -> Iterator[bytes]:
    """Encode around lone surrogates; a registered handler may return any text, where CPython accepts only ASCII."""
    position = 0
    surrogates = re.compile("[\ud800-\udfff]")
    while surrogate := surrogates.search(text, position):
        start = surrogate.start()
        yield text[position:start].encode(_ENCODING)
        error = UnencodableError(_ENCODING, text, start, start + 1, _LONE)
        replacement, position = ask(errors, error)
        if isinstance(replacement, str) and not surrogates.search(replacement):
            replacement = replacement.encode(_ENCODING)
        if isinstance(replacement, str) or len(replacement) % 2:
            raise error
        yield replacement
    yield text[position:].encode(_ENCODING)


def decode(octets: Octets, *, errors: str = "strict") -> str:
    """Decode big-endian UTF-16 octets to text.

    ``errors="strict"`` raises ``UndecodableError`` at a lone surrogate or an odd last octet. ``errors="replace"`` reads
    U+FFFD for a lone surrogate alone and drops an odd last octet (decisions D11, D12).

    >>> decode(bytes.fromhex("0439 d83d de00"))
    'й😀'
    >>> decode(bytes.fromhex("0439 d83d"), errors="replace")
    'й\ufffd'
    """
    data = memoryview(octets).tobytes()
    if errors == "replace":
        data = data[: len(data) & ~1]
    try:
        return data.decode(_ENCODING, errors)
    except UnicodeDecodeError as error:
        raise UndecodableError(_ENCODING, data, error.start, error.end, error.reason) from None


def unit_length(text: str) -> int:
    """UTF-16 code units of ``text``, two for a character above U+FFFF.

    Raises ``UnencodableError`` at a lone surrogate.

    >>> unit_length("й😀")
    3
    """
    # With a byte order mark: CPython encodes to its own byte order three times faster than to a named one.
    try:
        return len(as_text(text).encode("utf-16")) // 2 - 1
    except UnicodeEncodeError as error:
        raise UnencodableError.over_first(error, _ENCODING, _LONE) from None
