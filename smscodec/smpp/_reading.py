"""Short messages to user data.

Reference: SMPP 3.4, 5.2.12, 5.2.19 and 5.3.2.22 to 5.3.2.24
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smscodec import gsm7, septets, ucs2
from smscodec._checks import Octets, check_whole
from smscodec.dcs import Alphabet
from smscodec.errors import DecodeError, FieldError
from smscodec.smpp._codings import PACKED, Coding, Default, check_codings, check_default, coding_of
from smscodec.smpp._fields import UDHI, SarParameters, check_sar
from smscodec.udh import EMPTY, Concatenation, UserDataHeader
from smscodec.userdata import UserData

__all__ = ["decode_short_message"]


def decode_short_message(
    data_coding: int,
    esm_class: int,
    short_message: Octets,
    *,
    default: Default = "gsm7",
    codings: Mapping[int, str] | None = None,
    sar: SarParameters | None = None,
    septet_count: int | None = None,
    strict: bool = False,
) -> UserData:
    """Read the fields that say what a short message holds; message_payload may stand for short_message.

    ``default`` is how this service centre carries its default alphabet (decision D32); ``"gsm7-packed"`` also holds for
    the GSM 7-bit text of message waiting and message class. ``codings`` says what the centre means by any data_coding:
    "gsm7", "gsm7-packed", "ucs2", or the name of a Python codec. Text in such a codec, and in one of ISO 8859, comes
    out as UCS-2, and so does unpacked text with an octet above 0x7F, which reads as U+FFFD. 0x10–0x1F read as the data
    coding scheme that the sender meant (decision D43). Packed septets are as many as the octets hold, so that a last
    ``@`` may be spare bits: ``septet_count`` settles it if you know (decision D13). ``sar`` becomes a concatenation
    element unless the header has one (decision D37).

    ``strict`` raises ``DecodeError``: ``"data_coding"`` for a reserved value, ``"short_message"`` at an octet that the
    coding does not have, ``"sar_msg_ref_num"`` for parameters beside a concatenation element, and those of
    ``UserDataHeader.from_bytes``. Too few octets for ``septet_count``, and parameters that find no room in the header,
    raise it in any case. Raises ``FieldError`` for impossible arguments.

    >>> decode_short_message(3, 0, b"Caf\\xe9").text()
    'Café'
    >>> decode_short_message(0, 0, b"10 \\x80", codings={0: "cp1252"}).text()
    '10 €'

    Reference: SMPP 3.4, 5.2.12, 5.2.19 and 5.3.2.22 to 5.3.2.24
    """
    check_default(default)
    codings = check_codings(codings)
    check_whole("data_coding", data_coding, 0, 0xFF)
    check_whole("esm_class", esm_class, 0, 0xFF)
    if septet_count is not None:
        check_whole("septet_count", septet_count, 0)
    check_sar(sar)
    coding = coding_of(data_coding, default, codings, strict=strict)
    data = memoryview(short_message).tobytes()
    has_header = bool(esm_class & UDHI and data)
    header = UserDataHeader.from_bytes(data[: 1 + data[0]], strict=strict) if has_header else EMPTY
    with_sar = _with_sar(header, sar, strict=strict)
    return _Body(data[header.octet_length :], header, with_sar, septet_count, strict).read(coding)


def _with_sar(header: UserDataHeader, sar: SarParameters | None, *, strict: bool) -> UserDataHeader:
    """The header as a receiver takes it, with the parameters as one more element if they are in force."""
    if sar is None:
        return header
    if header.concatenation is not None:
        if strict:
            raise DecodeError("sar_msg_ref_num", 0, "the header has a concatenation element of its own")
        return header
    element = Concatenation(sar.msg_ref_num, sar.total_segments, sar.segment_seqnum, wide=True)
    try:
        return UserDataHeader([element, *header.elements])
    except FieldError:
        raise DecodeError("ud.udhl", 0, "a header of this length has no room for sar_* parameters") from None


@dataclass(frozen=True, slots=True)
class _Body:
    """What follows a header, and what is to become of it."""

    octets: bytes
    read_header: UserDataHeader
    header: UserDataHeader
    septet_count: int | None
    strict: bool

    def read(self, coding: Coding) -> UserData:
        if coding == PACKED:
            return UserData(Alphabet.GSM_7BIT, self._unpacked(), self.header)
        if not isinstance(coding, Alphabet):
            return self._in_ucs2(self._text(coding))
        if coding is Alphabet.GSM_7BIT and not self.octets.isascii():
            self._refuse_above_0x7f()
            return self._in_ucs2(gsm7.decode(self.octets, self.read_header.shift_tables, errors="replace"))
        return UserData(coding, self.octets, self.header)

    def _unpacked(self) -> bytes:
        fill_bits = septets.fill_bits_after(self.read_header.octet_length)
        held = max(0, 8 * len(self.octets) - fill_bits) // 7
        count = held if self.septet_count is None else self.septet_count
        if count > held:
            end = self.read_header.octet_length + len(self.octets)
            raise DecodeError("short_message", end, f"expected {count} septets, found {held}")
        return septets.unpack(self.octets, count, fill_bits=fill_bits)

    def _text(self, codec: str) -> str:
        try:
            return self.octets.decode(codec)
        except UnicodeDecodeError as error:
            if self.strict:
                offset = self.read_header.octet_length + error.start
                raise DecodeError("short_message", offset, f"{codec} has no such character") from None
        return self.octets.decode(codec, "replace")

    def _refuse_above_0x7f(self) -> None:
        if self.strict:
            index = next(index for index, octet in enumerate(self.octets) if octet > 0x7F)
            offset = self.read_header.octet_length + index
            raise DecodeError("short_message", offset, f"0x{self.octets[index]:02X} is above 0x7F")

    def _in_ucs2(self, text: str) -> UserData:
        # Some codecs, such as utf-7, give lone surrogates; UserData reads them as it reads all others.
        return UserData(Alphabet.UCS2, ucs2.encode(text, errors="surrogatepass"), self.header)
