"""What is wrong in a text that lenient reading accepts: the place, and words for it.

Walks by strict reading, which stops at each such place, and asks lenient reading what is shown for it. Knows septets
and UTF-16 octets, and nothing of user data or addresses.

Reference: 3GPP TS 23.038, 6.2.1 and 6.2.3 (decisions D3–D5, D8, D11, D12, D38)
"""

from __future__ import annotations

from codecs import BOM_UTF16_LE
from collections.abc import Iterator
from typing import NamedTuple

from smscodec import gsm7, ucs2
from smscodec.errors import UndecodableError
from smscodec.tables import DEFAULT_TABLES, ShiftTables

__all__ = ["Unreadable", "in_septets", "in_utf_16"]


class Unreadable(NamedTuple):
    """A place ``start`` to ``end`` (septets, or octets of UTF-16), and what is wrong there."""

    start: int
    end: int
    message: str


def in_septets(septets: bytes, tables: ShiftTables = DEFAULT_TABLES, *, more_follow: bool = False) -> list[Unreadable]:
    """The escapes and codes without a character; ``more_follow``: the text goes on in another segment."""

    def found(start: int, end: int) -> Unreadable:
        codes = septets[start:end]
        shown = gsm7.decode(codes, tables, errors="replace")
        if codes == b"\x1b":
            where = "its character in the next segment" if more_follow else "shown as a space"
            return Unreadable(start, end, f"a lone escape, {where} (D5)")
        if codes == b"\x1b\x1b":
            return Unreadable(start, end, "an escape after an escape, both shown as one space (D4)")
        code = f"0x{codes[-1]:02X}"
        if len(codes) == 1 or shown == "\ufffd":
            return Unreadable(start, end, f"no character has the code {code}, shown as U+FFFD")
        if shown == gsm7.decode(codes[1:], tables, errors="replace"):
            return Unreadable(start, end, f"an escape before {code}, which has no meaning: shown as {shown!r} (D3)")
        return Unreadable(start, end, f"an escape before {code}, shown as {shown!r} as phones do (D8)")

    def places() -> Iterator[Unreadable]:
        start = 0
        while (error := _first_error(septets[start:], tables)) is not None:
            yield found(start + error.start, start + error.end)
            start += error.end

    return list(places())


def _first_error(septets: bytes, tables: ShiftTables) -> UndecodableError | None:
    try:
        gsm7.decode(septets, tables)
    except UndecodableError as error:
        return error
    return None


def in_utf_16(octets: bytes, *, is_first: bool = True, more_follow: bool = False) -> list[Unreadable]:
    """A mark of the other byte order, halves of surrogate pairs, and an odd octet.

    ``is_first`` and ``more_follow`` say whether the text goes on in other segments: the other half may be there.
    """
    found = []
    start = 0
    if octets.startswith(BOM_UTF16_LE):
        found.append(Unreadable(0, 2, "a byte order mark FF FE: the text is little-endian UTF-16 (D38)"))
        start, octets = 2, _turned(octets)
    while True:
        try:
            ucs2.decode(octets[start:])
            break
        except UndecodableError as error:
            # Two octets at a time: a high surrogate before another unit spoils only itself.
            place = start + error.start
            start = place + min(2, len(octets) - place)
            found.append(Unreadable(place, start, _half(octets, place, is_first=is_first, more_follow=more_follow)))
    return found


def _turned(octets: bytes) -> bytes:
    """The two octets of each unit swapped; an odd octet at the end stays where it is."""
    turned, whole = bytearray(octets), len(octets) & ~1
    turned[:whole:2], turned[1:whole:2] = octets[1:whole:2], octets[:whole:2]
    return bytes(turned)


def _half(octets: bytes, place: int, *, is_first: bool, more_follow: bool) -> str:
    if place + 1 == len(octets):
        return "an odd octet at the end, dropped (D12)"
    is_low = octets[place] >= 0xDC
    if is_low and place == 0 and not is_first:
        return "half a surrogate pair, its other half in the segment before (D11)"
    if not is_low and place + 2 >= len(octets) - len(octets) % 2 and more_follow:
        return "half a surrogate pair, its other half in the next segment (D11)"
    return "half a surrogate pair, its other half missing: shown as U+FFFD (D11)"
