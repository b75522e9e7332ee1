"""Segments as SMPP carries them: data_coding, esm_class and short_message, and the sar_* parameters.

Knows the three fields that decide how a short message reads, and nothing of PDUs, sessions or delivery receipts: those
are an SMPP library's. What is read comes out as ``UserData``, so that ``text()`` and ``Reassembler`` work on it.

How a data_coding reads:

    0x00                    the SMSC's default: GSM 7-bit, a septet an octet, unless ``default`` says otherwise (D32)
    0x01 0x03 0x06 0x07     ASCII, ISO 8859-1, -5 and -8: text, held as UCS-2
    0x08                    UCS-2
    0x02 0x04               octets
    0x05 0x09 0x0A 0x0D 0x0E   East Asian codings, kept as octets
    0xC0–0xDF               message waiting: GSM 7-bit
    0xF0–0xFF               message class: bit 2 tells GSM 7-bit from octets
    all others              reserved: kept as octets; an error in strict reading; a TP-DCS with ``reserved_as_dcs``

Reference: SMPP 3.4, 5.2.12, 5.2.19 and 5.3.2.22 to 5.3.2.24; 3GPP TS 23.038, 4
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

from smscodec import gsm7, septets
from smscodec._checks import Octets, check_whole
from smscodec.dcs import Alphabet, DataCodingScheme
from smscodec.errors import DecodeError, FieldError, UnencodableError
from smscodec.segmentation import Segment, SegmentedMessage, check_message
from smscodec.tables import DEFAULT_TABLES
from smscodec.udh import EMPTY, Concatenation, UserDataHeader
from smscodec.userdata import UserData

__all__ = ["UDHI", "SarParameters", "ShortMessage", "decode_short_message", "short_messages"]

UDHI: Final = 0x40
"""The bit of esm_class that says that short_message begins with a user data header."""

Default = Literal["gsm7", "gsm7-packed", "latin-1"]
"""How an SMSC's default alphabet is carried: a septet an octet, packed septets, or ISO 8859-1."""

_MOST_OCTETS: Final = 254


@dataclass(frozen=True, slots=True)
class SarParameters:
    """The optional parameters that SMPP has for concatenation, each named without its ``sar_``.

    Raises ``FieldError`` for a reference outside 0–65535, a total outside 1–255 and a sequence number outside 1–total.

    Reference: SMPP 3.4, 5.3.2.22 to 5.3.2.24
    """

    msg_ref_num: int
    total_segments: int
    segment_seqnum: int

    def __post_init__(self) -> None:
        check_whole("msg_ref_num", self.msg_ref_num, 0, 0xFFFF)
        check_whole("total_segments", self.total_segments, 1, 255)
        check_whole("segment_seqnum", self.segment_seqnum, 1, self.total_segments)

    @classmethod
    def from_parameters(
        cls,
        *,
        sar_msg_ref_num: int | None = None,
        sar_total_segments: int | None = None,
        sar_segment_seqnum: int | None = None,
        strict: bool = False,
    ) -> Self | None:
        """Read what a PDU had, None for a parameter that it lacked: all three count, or none (decision D37).

        Lenient reading gives None where one of them is missing or out of range. ``strict`` raises ``DecodeError`` with
        the name of that parameter; its ``offset`` is 0, because the octets of the PDU are not known here.
        """
        given = {
            "msg_ref_num": sar_msg_ref_num,
            "total_segments": sar_total_segments,
            "segment_seqnum": sar_segment_seqnum,
        }
        there = {name: value for name, value in given.items() if value is not None}
        if not there:
            return None
        if len(there) < len(given):
            if strict:
                lacking = next(name for name in given if name not in there)
                raise DecodeError(f"sar_{lacking}", 0, "the three sar_* parameters go together")
            return None
        try:
            return cls(**there)
        except FieldError as error:
            if strict:
                raise DecodeError(f"sar_{error.field}", 0, error.message) from None
            return None

    def to_bytes(self) -> bytes:
        """The three parameters as TLVs: tag, length and value of each."""
        return (
            b"\x02\x0c\x00\x02"
            + self.msg_ref_num.to_bytes(2)
            + b"\x02\x0e\x00\x01"
            + self.total_segments.to_bytes()
            + b"\x02\x0f\x00\x01"
            + self.segment_seqnum.to_bytes()
        )


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """The fields of one submit_sm, or deliver_sm, that carry one segment; ``sar`` only where it was asked for.

    Raises ``FieldError`` for a data_coding or esm_class that is no octet, for a short_message of more than 254 octets,
    which sm_length cannot tell, and for a ``sar`` that is none.

    Reference: SMPP 3.4, 4.4.1 and 5.2.22
    """

    data_coding: int
    esm_class: int
    short_message: bytes
    sar: SarParameters | None = None

    def __post_init__(self) -> None:
        check_whole("data_coding", self.data_coding, 0, 0xFF)
        check_whole("esm_class", self.esm_class, 0, 0xFF)
        object.__setattr__(self, "short_message", memoryview(self.short_message).tobytes())
        if len(self.short_message) > _MOST_OCTETS:
            raise FieldError("short_message", f"{len(self.short_message)} octets; at most {_MOST_OCTETS} fit")
        _check_sar(self.sar)


# Segments to short messages


def short_messages(
    message: SegmentedMessage, *, default: Default = "gsm7", sar: bool = False, esm_class: int = 0
) -> list[ShortMessage]:
    """The short message of each segment: data_coding 0x00 for GSM 7-bit, 0x08 for UCS-2, 0x04 for octets.

    The header stands first as it is and sets the UDHI bit; unpacked septets follow it without fill bits. ``default``
    says how the SMSC takes its default alphabet: ``"gsm7-packed"`` packs the septets, with fill bits, and ``"latin-1"``
    leaves the conversion to the SMSC. ``sar`` puts the concatenation into sar_* parameters instead of the header, never
    into both (decision D37). ``esm_class`` holds the caller's own bits, such as the mode.

    Raises ``FieldError("reference")`` for several segments without a reference, ``FieldError("default")`` for Latin-1
    with national tables, ``FieldError("esm_class")`` for what is no octet or has the UDHI bit,
    ``FieldError("message")`` for a text that is not segmented, and ``UnencodableError`` for a character that ISO 8859-1
    lacks.

    Reference: SMPP 3.4, 5.2.12, 5.2.19; 3GPP TS 23.040, 9.2.3.24
    """
    check_message(message)
    _check_default(default)
    check_whole("esm_class", esm_class, 0, 0xFF)
    if esm_class & UDHI:
        raise FieldError("esm_class", "the UDHI bit follows from the header, and is not the caller's")
    if default == "latin-1" and message.alphabet is Alphabet.GSM_7BIT:
        _check_latin_1(message)
    return [_short_message(segment, default, esm_class, sar=sar) for segment in message]


_DATA_CODINGS: Final = {Alphabet.GSM_7BIT: 0x00, Alphabet.DATA_8BIT: 0x04, Alphabet.UCS2: 0x08}


def _short_message(segment: Segment, default: Default, esm_class: int, *, sar: bool) -> ShortMessage:
    user_data = segment.user_data
    header, parameters = user_data.header, None
    if sar and header.concatenation is not None:
        found = header.concatenation
        parameters = SarParameters(found.reference, found.total, found.sequence)
        header = UserDataHeader(element for element in header.elements if not isinstance(element, Concatenation))
    payload = user_data.payload
    if user_data.alphabet is Alphabet.GSM_7BIT and default == "latin-1":
        payload = segment.text.encode("latin-1")
    elif user_data.alphabet is Alphabet.GSM_7BIT and default == "gsm7-packed":
        payload = septets.pack(payload, fill_bits=septets.fill_bits_after(header.octet_length))
    if header.octet_length:
        esm_class |= UDHI
    return ShortMessage(_DATA_CODINGS[user_data.alphabet], esm_class, header.to_bytes() + payload, parameters)


def _check_latin_1(message: SegmentedMessage) -> None:
    """Refuse what Latin-1 cannot carry before the text is cut, so that the error tells the place in all of it."""
    if message.tables != DEFAULT_TABLES:
        raise FieldError("default", "an SMSC that takes Latin-1 cannot be told of national tables")
    try:
        message.text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise UnencodableError.over_first(error, "latin-1", "character is not in ISO 8859-1") from None


# Short messages to user data


def decode_short_message(
    data_coding: int,
    esm_class: int,
    short_message: Octets,
    *,
    default: Default = "gsm7",
    sar: SarParameters | None = None,
    septet_count: int | None = None,
    reserved_as_dcs: bool = False,
    strict: bool = False,
) -> UserData:
    """Read the three fields that say what a short message holds; message_payload may stand for short_message.

    ``default`` is how this SMSC carries its default alphabet (decision D32); ``"gsm7-packed"`` also holds for the GSM
    7-bit text of message waiting and message class. ISO 8859 text comes out as UCS-2, and so does unpacked text with an
    octet above 0x7F, which reads as U+FFFD. Packed septets are as many as the octets hold, so that a last ``@`` may be
    spare bits: ``septet_count`` settles it for who knows (decision D13). ``sar`` becomes a concatenation element unless
    the header has one (decision D37). ``reserved_as_dcs`` reads reserved values, such as 0x18, as a copied TP-DCS.

    ``strict`` raises ``DecodeError``: ``"data_coding"`` for a reserved value, ``"short_message"`` at an octet that is
    no septet or ASCII character, ``"sar_msg_ref_num"`` for parameters beside a concatenation element, and those of
    ``UserDataHeader.from_bytes``. Too few octets for ``septet_count``, and parameters that find no room in the header,
    raise it in any case. Raises ``FieldError`` for arguments that cannot be.

    Reference: SMPP 3.4, 5.2.12, 5.2.19 and 5.3.2.22 to 5.3.2.24
    """
    _check_default(default)
    check_whole("data_coding", data_coding, 0, 0xFF)
    check_whole("esm_class", esm_class, 0, 0xFF)
    if septet_count is not None:
        check_whole("septet_count", septet_count, 0)
    _check_sar(sar)
    coding = _coding(data_coding, default, reserved_as_dcs=reserved_as_dcs, strict=strict)
    data = memoryview(short_message).tobytes()
    has_header = bool(esm_class & UDHI and data)
    header = UserDataHeader.from_bytes(data[: 1 + data[0]], strict=strict) if has_header else EMPTY
    with_sar = _with_sar(header, sar, strict=strict)
    body = _Body(data[header.octet_length :], header, with_sar, septet_count, strict)
    return body.read(coding)


_Coding = Alphabet | DataCodingScheme | str
"""An alphabet as ``UserData`` has it, a compressed TP-DCS, ``"gsm7-packed"``, or a coding that Python reads."""

# The values that SMPP itself defines, apart from those of TS 23.038.
_CODINGS: Final[dict[int, _Coding]] = {
    0x01: "ascii",
    0x03: "latin-1",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: Alphabet.UCS2,
    **dict.fromkeys((0x02, 0x04, 0x05, 0x09, 0x0A, 0x0D, 0x0E), Alphabet.DATA_8BIT),
}


def _coding(data_coding: int, default: Default, *, reserved_as_dcs: bool, strict: bool) -> _Coding:
    """How the octets after the header read."""
    packed_or_not = "gsm7-packed" if default == "gsm7-packed" else Alphabet.GSM_7BIT
    if data_coding == 0x00:
        return default if default == "latin-1" else packed_or_not
    if data_coding in _CODINGS:
        return _CODINGS[data_coding]
    scheme = DataCodingScheme(data_coding)
    if not (reserved_as_dcs or 0xC0 <= data_coding <= 0xDF or data_coding >= 0xF0):
        if strict:
            raise DecodeError("data_coding", 0, f"0x{data_coding:02X} is reserved")
        return Alphabet.DATA_8BIT
    if strict and scheme.reserved:
        raise DecodeError("data_coding", 0, f"0x{data_coding:02X} is reserved, as a TP-DCS too")
    if scheme.compressed:
        return scheme
    return packed_or_not if scheme.alphabet is Alphabet.GSM_7BIT else scheme.alphabet


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

    def read(self, coding: _Coding) -> UserData:
        if isinstance(coding, DataCodingScheme):
            return UserData(coding.alphabet, self.octets, self.header, compressed=True)
        if coding == "gsm7-packed":
            return UserData(Alphabet.GSM_7BIT, self._unpacked(), self.header)
        if isinstance(coding, str):
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
            raise DecodeError("short_message", end, f"{count} septets were promised, and {held} are there")
        return septets.unpack(self.octets, count, fill_bits=fill_bits)

    def _text(self, coding: str) -> str:
        if coding == "ascii" and not self.octets.isascii():
            self._refuse_above_0x7f()
        try:
            return self.octets.decode(coding)
        except UnicodeDecodeError as error:
            if self.strict:
                offset = self.read_header.octet_length + error.start
                raise DecodeError("short_message", offset, f"{coding} has no such character") from None
            return self.octets.decode(coding, "replace")

    def _refuse_above_0x7f(self) -> None:
        if self.strict:
            index = next(index for index, octet in enumerate(self.octets) if octet > 0x7F)
            offset = self.read_header.octet_length + index
            raise DecodeError("short_message", offset, f"0x{self.octets[index]:02X} is above 0x7F")

    def _in_ucs2(self, text: str) -> UserData:
        return UserData(Alphabet.UCS2, text.encode("utf-16-be"), self.header)


def _check_default(default: object) -> None:
    if default not in get_args(Default):
        raise FieldError("default", f"{default!r} is none of {', '.join(get_args(Default))}")


def _check_sar(sar: object) -> None:
    if sar is not None and not isinstance(sar, SarParameters):
        raise FieldError("sar", f"{sar!r} is no SarParameters")
