"""Which encoding a file of text has, by what its octets look like.

A byte order mark says it. Otherwise text is UTF-8; where it cannot be, UTF-16 without a mark and Windows-1252 are
recognised by their patterns, and nothing else is guessed: what a wrong guess makes of a text may cost more or less.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final, NamedTuple

__all__ = ["LONGEST_MARK", "NAMES", "Marked", "guessed", "marked"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LONGEST_MARK: Final = 4

NAMES: Final = {
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "utf-16-le": "UTF-16 without a byte order mark",
    "utf-16-be": "UTF-16 without a byte order mark",
    "cp1252": "Windows-1252",
}
"""The encodings that are found, but for UTF-8."""

_SHARE_OF_NULS: Final = 4
"""In UTF-16 that is mostly Latin letters, at least every fourth high octet is NUL."""

_NOT_IN_TEXT: Final = frozenset({"Cc", "Cn", "Co"})
"""Categories of control characters, and of code points that are no characters."""

_WESTERN: Final = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŠšŽž"
_SIGNS: Final = "€‚„…‘’“”•–—™‹›\u00a0¡£§©ª«®°²´·º»¿½"
_NOT_WESTERN: Final = re.compile(
    # a character of another alphabet's code page; three accented letters together; a sign inside a word
    f"[^\\x00-\\x7f{_WESTERN}{_SIGNS}]|[{_WESTERN}]{{3}}|(?<=[^\\W\\d_])[¡£§©ª«®°²´·º»¿½](?=[a-z])"
)


class Marked(NamedTuple):
    """A byte order mark, and the encoding that it announces."""

    mark: bytes
    encoding: str


def marked(first: bytes) -> Marked | None:
    """The byte order mark at the beginning of a file; None without one."""
    return next((Marked(mark, name) for mark, name in _MARKS if first.startswith(mark)), None)


def guessed(sample: bytes) -> str:
    """The encoding of octets without a byte order mark; ``utf-8`` where nothing else is likely.

    >>> guessed("Caffè".encode("cp1252")), guessed("Привет".encode("cp1251"))
    ('cp1252', 'utf-8')
    """
    if b"\0" in sample:
        return next((name for name, high in (("utf-16-le", 1), ("utf-16-be", 0)) if _is_utf16(sample, high)), "utf-8")
    if sample.isascii() or _holds_utf8(sample):
        return "utf-8"
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return "utf-8"
    return "utf-8" if _NOT_WESTERN.search(text) else "cp1252"


def _is_utf16(sample: bytes, high: int) -> bool:
    """Whether octets look like UTF-16 whose high octets stand first (0) or second (1) in each code unit."""
    sample = sample[: len(sample) // 2 * 2]
    nuls = sample[high::2].count(0)
    if sample[1 - high :: 2].count(0) or nuls * _SHARE_OF_NULS < len(sample) // 2:
        return False
    text = sample.decode("utf-16-le" if high else "utf-16-be", "replace")
    return all(character in "\r\n\t" or unicodedata.category(character) not in _NOT_IN_TEXT for character in text)


def _holds_utf8(sample: bytes) -> bool:
    """Whether some character outside ASCII is one of UTF-8: then octets that are not are errors in it."""
    return any(not character.isascii() for character in sample.decode("utf-8", "ignore"))
