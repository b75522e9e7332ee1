"""User data: an alphabet, a header and a payload, to and from TP-UDL and TP-UD.

The one place that knows that TP-UDL counts septets for uncompressed 7-bit data and octets for all else, and where the
fill bits stand. Knows nothing of the fields around TP-UD.

Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Self

from smscodec import _kernels, gsm7, ucs2
from smscodec._checks import Octets, check_whole
from smscodec._values import Unfolding, Value, draft, keep, new
from smscodec.dcs import Alphabet
from smscodec.errors import DecodeError, FieldError
from smscodec.udh import EMPTY, UserDataHeader

__all__ = ["UserData"]


# Names of their own: to find a member of an enumeration takes Python as long as to call a function.
_GSM_7BIT, _DATA_8BIT, _UCS2 = Alphabet


class _Kept:
    """What is kept on user data (see ``keep``): TP-UDL and TP-UD, once they are written.

    User data of a segment begin with these and the length of their header, and have no header and payload yet.
    """

    __slots__ = ("_header_octets", "_kept")

    _header_octets: int
    _kept: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True, repr=False)
class UserData(_Kept, Unfolding, Value):
    """What one TPDU carries: ``payload`` in an ``alphabet``, after a ``header``.

    The payload is unpacked septets for GSM_7BIT, UTF-16BE octets for UCS2, raw octets for DATA_8BIT and for everything
    ``compressed`` (TS 23.042, which is carried and not read). Raises ``FieldError`` for an unknown alphabet, septets
    above 0x7F and a payload behind a header that was cut off.

    >>> data = UserData(Alphabet.GSM_7BIT, b"Hello")
    >>> data.length, data.to_bytes().hex()
    (5, 'c8329bfd06')
    >>> UserData.from_bytes(data.to_bytes(), length=5, alphabet=Alphabet.GSM_7BIT, has_header=False).text()
    'Hello'

    Reference: 3GPP TS 23.040, 9.2.3.24
    """

    alphabet: Alphabet
    payload: bytes
    header: UserDataHeader = EMPTY
    compressed: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "alphabet", _alphabet(self.alphabet))
        if not isinstance(self.header, UserDataHeader):
            raise FieldError("header", f"expected a UserDataHeader, got {self.header!r}")
        object.__setattr__(self, "payload", memoryview(self.payload).tobytes())
        if self._in_septets and not self.payload.isascii():
            raise FieldError("payload", "septets are at most 0x7F")
        if self.payload and self.header.truncated:
            raise FieldError("payload", "must be empty after a header that was cut off")
        keep(self, "_kept", None)

    @property
    def _in_septets(self) -> bool:
        return self.alphabet is _GSM_7BIT and not self.compressed

    @property
    def length(self) -> int:
        """TP-UDL: septets, header and fill bits among them, for uncompressed 7-bit data; otherwise octets.

        Reference: 3GPP TS 23.040, 9.2.3.16
        """
        return self._written()[0]

    @property
    def octet_length(self) -> int:
        """Octets of TP-UD, header and fill bits among them."""
        return len(self._written()[1])

    def to_bytes(self) -> bytes:
        """TP-UD as octets; unused bits are zero (decision D14)."""
        return self._written()[1]

    def _written(self) -> tuple[int, bytes]:
        """TP-UDL and TP-UD."""
        try:
            written = self._kept
        except AttributeError:  # a copy, or one that was pickled
            written = None
        if written is None:
            written = self._length_and_octets()
            keep(self, "_kept", written)
        return written

    def _length_and_octets(self) -> tuple[int, bytes]:
        header, payload = self.header.to_bytes(), self.payload
        if not self._in_septets:
            return len(header) + len(payload), header + payload
        if not payload and self.header.truncated:
            return 8 * len(header) // 7, header
        septets = -(-8 * len(header) // 7) + len(payload)
        return septets, header + _kernels.active.pack(payload, -8 * len(header) % 7)

    @classmethod
    def from_bytes(
        cls,
        octets: Octets,
        *,
        length: int,
        alphabet: Alphabet,
        has_header: bool,
        compressed: bool = False,
        strict: bool = False,
    ) -> Self:
        """Read TP-UD, of which ``length`` is the TP-UDL and ``has_header`` the TP-UDHI.

        Lenient reading takes what is there when TP-UDL promises more, ignores octets after what it covers, and ignores
        a malformed header (decision D17). ``strict`` raises ``DecodeError``: ``"udl"`` where the octets end too soon,
        ``"ud"`` at the first octet too many, and those of ``UserDataHeader.from_bytes``. Raises ``FieldError`` for a
        negative length or an unknown alphabet.
        """
        check_whole("length", length, 0)
        alphabet = _alphabet(alphabet)
        data = octets if type(octets) is bytes else memoryview(octets).tobytes()
        in_septets = alphabet is _GSM_7BIT and not compressed
        covered = (7 * length + 7) // 8 if in_septets else length
        if strict and len(data) != covered:
            missing = len(data) < covered
            field_name, offset = ("udl", len(data)) if missing else ("ud", covered)
            raise DecodeError(field_name, offset, f"TP-UDL {length} covers {covered} octets, found {len(data)}")
        data = data[:covered]
        # Without user data, TP-UDHI means nothing.
        header = UserDataHeader.from_bytes(data[: 1 + data[0]], strict=strict) if has_header and data else EMPTY
        header_octets = len(header.to_bytes())
        payload = data[header_octets:]
        if in_septets:
            payload = _septets(payload, header_octets, length, strict=strict)
        return cls.made(alphabet, payload, header, compressed=compressed)

    @classmethod
    def made(cls, alphabet: Alphabet, payload: bytes, header: UserDataHeader, *, compressed: bool = False) -> Self:
        """User data of values that this package made or read itself, which are not checked again."""
        if cls is not UserData:  # a subclass may have fields and a constructor of its own
            return cls(alphabet, payload, header, compressed=compressed)
        made: Any = new(draft(cls))  # type: ignore[arg-type]  # a class; mypy takes classes for unhashable
        made.alphabet = alphabet
        made.payload = payload
        made.header = header
        made.compressed = compressed
        made._kept = None
        made.__class__ = cls
        return made  # type: ignore[no-any-return]  # it has become one

    @classmethod
    def of_octets(cls, alphabet: Alphabet, length: int, octets: bytes, header_octets: int) -> Self:
        """User data that this package wrote itself; header and payload are read when they are first asked for."""
        made: Any = new(draft(cls))  # type: ignore[arg-type]  # a class; mypy takes classes for unhashable
        made.alphabet = alphabet
        made.compressed = False
        made._kept = length, octets
        made._header_octets = header_octets
        made.__class__ = cls
        return made  # type: ignore[no-any-return]  # it has become one

    def _unfold(self) -> None:
        header_octets, (length, octets) = self._header_octets, self._written()
        header, payload = octets[:header_octets], octets[header_octets:]
        if self._in_septets:
            payload = _septets(payload, header_octets, length, strict=False)
        keep(self, "header", UserDataHeader.of_octets(header) if header else EMPTY)
        keep(self, "payload", payload)

    def as_dict(self) -> dict[str, Any]:
        """The fields in plain types, and ``text`` as lenient reading has it; None for 8-bit and compressed data."""
        readable = self.alphabet is not _DATA_8BIT and not self.compressed
        return {**Value.as_dict(self), "text": self.text() if readable else None}

    def text(self, *, strict: bool = False) -> str:
        """The payload as text, under the shift tables that the header asks for.

        ``strict`` raises ``UndecodableError`` where lenient reading makes do (decisions D3–D5, D8, D11, D12). Only
        lenient reading takes UCS-2 that begins with FF FE for little-endian, and drops that mark (decision D38). Raises
        ``FieldError`` for 8-bit and compressed data, which hold no text that this package can read.
        """
        if self.compressed or self.alphabet is _DATA_8BIT:
            raise FieldError("alphabet", "8-bit and compressed user data have no text; use payload")
        errors = "strict" if strict else "replace"
        if self.alphabet is _UCS2:
            marked = not strict and self.payload.startswith(_LITTLE_ENDIAN)
            return ucs2.decode(_swapped(self.payload[2:]) if marked else self.payload, errors=errors)
        return gsm7.decode(self.payload, self.header.shift_tables, errors=errors)


def _alphabet(alphabet: object) -> Alphabet:
    if type(alphabet) is Alphabet:
        return alphabet
    for known in Alphabet:
        if known == alphabet:
            return known
    raise FieldError("alphabet", f"expected an Alphabet, got {alphabet!r}")


_LITTLE_ENDIAN: Final = b"\xff\xfe"
"""The byte order mark of UTF-16, as senders of the other order write it."""


def _swapped(octets: bytes) -> bytes:
    """The octets of each pair changed round; an odd octet at the end is dropped."""
    units = bytearray(octets[: len(octets) & ~1])
    units[::2], units[1::2] = units[1::2], units[::2]
    return bytes(units)


def _septets(packed: bytes, header_octets: int, length: int, *, strict: bool) -> bytes:
    """The septets after a header, as many as TP-UDL counts and the octets hold."""
    fill_bits = -8 * header_octets % 7
    counted = length - -(-8 * header_octets // 7)
    if strict and counted < 0:
        raise DecodeError("udl", 0, f"TP-UDL {length} ends inside the header")
    held = (8 * len(packed) - fill_bits) // 7
    count = max(0, min(counted, held))
    return _kernels.active.unpack(packed, count, fill_bits) if count else b""
