"""Cell broadcast pages and USSD strings: octets under a data coding of TS 23.038, clause 5, to text and back.

A page stands alone: every one of a message repeats the serial number, the message identifier, the data coding and,
where the text begins with it, the language. Receiving them over time and in any order is the caller's business.

Reference: 3GPP TS 23.041, 9.4.1; 3GPP TS 23.038, 5, 6.1.2.2 and 6.1.2.3
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NamedTuple, Self

from smscodec import gsm7, septets, ucs2
from smscodec._checks import Octets, as_text, check_whole
from smscodec._values import Value, plain
from smscodec.dcs import Alphabet, CellBroadcastDataCoding, Language
from smscodec.errors import DecodeError, FieldError, SegmentationError
from smscodec.userdata import UserData

__all__ = [
    "CONTENT_OCTETS",
    "FIRST_SERIAL_NUMBER",
    "MAX_PAGES",
    "PAGE_OCTETS",
    "GeographicalScope",
    "Page",
    "SerialNumber",
    "pages",
    "ussd_octets",
    "ussd_text",
]

CONTENT_OCTETS: Final = 82
"""Octets of the contents of a page: 93 septets, or 41 UTF-16 code units."""

PAGE_OCTETS: Final = 88
"""Octets of a page: serial number 2, message identifier 2, data coding 1, page parameter 1, contents 82."""

MAX_PAGES: Final = 15
"""Pages of one message at most."""


class GeographicalScope(IntEnum):
    """Where a serial number is unique, and whether a message is shown at once.

    >>> pages("Snow", serial_number=SerialNumber(GeographicalScope.CELL, code=17))[0].to_bytes()[:2].hex()
    'c110'

    Reference: 3GPP TS 23.041, 9.4.1.2.1
    """

    CELL_IMMEDIATE = 0
    PLMN = 1
    LOCATION_AREA = 2
    CELL = 3


class SerialNumber(NamedTuple):
    """What tells messages of one identifier apart: the ``code`` (0–1023) in a scope, and the ``update`` (0–15) of it.

    >>> SerialNumber(GeographicalScope.PLMN, code=17).as_dict()
    {'scope': 'PLMN', 'code': 17, 'update': 0}

    Reference: 3GPP TS 23.041, 9.4.1.2.1
    """

    scope: GeographicalScope
    code: int
    update: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The three parts in types that ``json.dumps`` takes."""
        return {name: plain(value) for name, value in self._asdict().items()}


FIRST_SERIAL_NUMBER: Final = SerialNumber(GeographicalScope.PLMN, code=0)
"""What ``pages`` writes unless told otherwise; a sender counts the code up from message to message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Value):
    """One page of a cell broadcast message: ``page`` of ``pages``.

    ``contents`` are the octets of the text as they are sent, 82 of them; fewer where they were read so, from a modem
    that leaves out filler. Raises ``FieldError`` for what cannot be sent, naming the field.

    >>> page = Page.from_bytes(bytes.fromhex("011000320111" "c2327bfc76bbcbee46a3d168341a8d46"))
    >>> page.text(), page.language, page.serial_number.code
    ('Belconnen', 'en', 17)

    Reference: 3GPP TS 23.041, 9.4.1
    """

    serial_number: SerialNumber
    message_identifier: int
    data_coding: CellBroadcastDataCoding
    contents: bytes
    page: int = 1
    pages: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "serial_number", _checked_serial_number(self.serial_number))
        check_whole("message_identifier", self.message_identifier, 0, 0xFFFF)
        if not isinstance(self.data_coding, CellBroadcastDataCoding):
            raise FieldError("data_coding", f"expected a CellBroadcastDataCoding, got {self.data_coding!r}")
        object.__setattr__(self, "contents", memoryview(self.contents).tobytes())
        if len(self.contents) > CONTENT_OCTETS:
            raise FieldError("contents", f"a page holds {CONTENT_OCTETS} octets, got {len(self.contents)}")
        check_whole("pages", self.pages, 1, MAX_PAGES)
        check_whole("page", self.page, 1, self.pages)

    @classmethod
    def from_bytes(cls, octets: Octets, *, strict: bool = False) -> Self:
        """Read a page of 88 octets.

        Lenient reading takes shorter ones, from the header's six octets on, as modems print them that leave out filler
        (``+CBM`` with a smaller length), and reads a page number above the number of pages as page 1 of 1. A zero in
        either half of the page parameter is 1 of 1 as the specification has it. More than 88 octets are refused: that
        is not a page but perhaps a message in UMTS's form (9.4.2). ``strict`` refuses any length but 88, a reserved
        data coding and a page number above the number of pages. Raises ``DecodeError`` with the field and the offset.

        >>> Page.from_bytes(b"\\x01\\x10\\x00")
        Traceback (most recent call last):
        smscodec.errors.DecodeError: cbs.message_identifier at octet 3: expected 88 octets, got 3

        Reference: 3GPP TS 23.041, 9.4.1
        """
        data = memoryview(octets).tobytes()
        count = len(data)
        if count < len(_HEADER) or count > PAGE_OCTETS or (strict and count != PAGE_OCTETS):
            field = _HEADER[count] if count < len(_HEADER) else "cbs.contents"
            raise DecodeError(field, min(count, PAGE_OCTETS), f"expected {PAGE_OCTETS} octets, got {count}")
        serial = int.from_bytes(data[:2], "big")
        coding = CellBroadcastDataCoding(data[4])
        if strict and coding.reserved:
            raise DecodeError("cbs.dcs", 4, f"0x{data[4]:02X} is a reserved coding of cell broadcast and USSD")
        page, pages = divmod(data[5], 16)
        if strict and page > pages > 0:
            raise DecodeError("cbs.page", 5, f"page {page} of {pages}")
        if not 0 < page <= pages:
            page = pages = 1
        return cls(
            serial_number=SerialNumber(GeographicalScope(serial >> 14), serial >> 4 & 0x3FF, serial & 0xF),
            message_identifier=int.from_bytes(data[2:4], "big"),
            data_coding=coding,
            contents=data[len(_HEADER) :],
            page=page,
            pages=pages,
        )

    def to_bytes(self) -> bytes:
        """The page as octets: 88, or fewer where the contents are shorter than 82.

        >>> pages("Belconnen", message_identifier=50, language="en")[0].to_bytes()[:10].hex()
        '400000320111c2327bfc'
        """
        scope, code, update = self.serial_number
        serial = scope << 14 | code << 4 | update
        head = serial.to_bytes(2, "big") + self.message_identifier.to_bytes(2, "big")
        return head + bytes([self.data_coding.octet, self.page << 4 | self.pages]) + self.contents

    @property
    def user_data(self) -> UserData:
        """The contents as user data: the header, where the data coding says that there is one, and the payload.

        The payload is whole, filler and language among it. A malformed header is ignored (decision D17).
        """
        return self._user_data(strict=False)

    @property
    def language(self) -> str | None:
        """The ISO 639-1 code that the data coding names or that stands in front of the text, or None."""
        coding = self.data_coding
        if coding.language_in_text:
            return _read(self.user_data, coding)[0]
        return coding.language and coding.language.value

    def text(self, *, strict: bool = False) -> str:
        """The text of this page, without the language in front of it and the CRs behind it, which are filler.

        Lenient reading takes zeros, and CRs of one octet, for filler too, as some networks fill up UCS-2.
        ``strict`` raises ``DecodeError`` where lenient reading makes do (see ``UserData.text``), and where the language
        that the data coding promises is not there; its offset counts from the start of the contents. Raises
        ``FieldError("alphabet")`` for 8-bit and compressed contents, which hold no text that this package can read.

        >>> "".join(page.text() for page in pages("Snow " * 40, language="en")) == "Snow " * 40
        True
        """
        filler = "\r" if strict else _LENIENT_FILLER
        return _read(self._user_data(strict=strict), self.data_coding, strict=strict)[1].rstrip(filler)

    def as_dict(self) -> dict[str, Any]:
        """The fields, the language and the text (None where it cannot be read) in types that ``json.dumps`` takes.

        >>> pages("Snow")[0].as_dict()["text"]
        'Snow'
        """
        readable = self.data_coding.alphabet is not Alphabet.DATA_8BIT and not self.data_coding.compressed
        return Value.as_dict(self) | {"language": self.language, "text": self.text() if readable else None}

    def _user_data(self, *, strict: bool) -> UserData:
        coding = self.data_coding
        count = len(self.contents)
        in_septets = coding.alphabet is Alphabet.GSM_7BIT and not coding.compressed
        return UserData.from_bytes(
            self.contents,
            length=8 * count // 7 if in_septets else count,
            alphabet=coding.alphabet,
            has_header=coding.has_header,
            compressed=coding.compressed,
            strict=strict,
        )


_LENIENT_FILLER: Final = "\r\0\u0d0d"
_HEADER: Final = ("cbs.serial_number",) * 2 + ("cbs.message_identifier",) * 2 + ("cbs.dcs", "cbs.page")
"""The field that each octet in front of the contents belongs to."""


def _checked_serial_number(value: object) -> SerialNumber:
    if not isinstance(value, tuple) or len(value) != len(SerialNumber._fields):
        raise FieldError("serial_number", f"expected a SerialNumber(scope, code, update), got {value!r}")
    for name, part, highest in zip(SerialNumber._fields, value, (3, 0x3FF, 0xF), strict=True):
        check_whole(f"serial_number.{name}", part, 0, highest)
    return SerialNumber(GeographicalScope(value[0]), *value[1:])


# Writing ------------------------------------------------------------------------------------------------------------


def pages(
    text: str,
    *,
    serial_number: SerialNumber = FIRST_SERIAL_NUMBER,
    message_identifier: int = 0,
    data_coding: CellBroadcastDataCoding | int | None = None,
    language: str | None = None,
) -> tuple[Page, ...]:
    """Write a text on as many pages as it takes, up to 15, each of which reads by itself.

    ``language`` is a name or ISO 639-1 code. Without a ``data_coding`` the text goes in the GSM default alphabet if
    that holds it, else in UCS-2, under the octet that names the language, or with the language in front of each page
    where none does. Escape and surrogate pairs stay whole. CR is the filler: no page ends in one but the last, so the
    pages joined give the text back but for CRs at its very end.

    Raises ``UnencodableError`` for a character that the data coding's alphabet lacks, ``SegmentationError`` for a text
    that takes more pages, and ``FieldError`` for a value that cannot be sent: a data coding that is reserved, 8-bit,
    compressed or with a user data header, a language that the data coding does not name.

    >>> [len(page.to_bytes()) for page in pages("Storm warning. " * 10, language="English")]
    [88, 88]
    >>> pages("Буря", language="ru")[0].data_coding.octet == 0x11
    True

    Reference: 3GPP TS 23.041, 9.4.1; 3GPP TS 23.038, 5 and 6.1.2.2
    """
    coding, letters = _coding(as_text(text), data_coding, language)
    prefix = _prefix(coding, letters)
    encoded = _encoded(text, coding)
    contents = [_filled(prefix + part, coding) for part in _cut(encoded, coding, room=_room(coding, len(prefix)))]
    if len(contents) > MAX_PAGES:
        raise SegmentationError(f"{len(contents)} pages; a message has at most {MAX_PAGES}", len(contents))
    return tuple(
        Page(
            serial_number=serial_number,
            message_identifier=message_identifier,
            data_coding=coding,
            contents=octets,
            page=number,
            pages=len(contents),
        )
        for number, octets in enumerate(contents, start=1)
    )


def ussd_octets(text: str, data_coding: CellBroadcastDataCoding | int, *, language: str | None = None) -> bytes:
    """Write a text as the octets of a USSD string; ``language`` is what a text begins with under 0x10 and 0x11.

    Raises ``UnencodableError`` and ``FieldError`` as ``pages`` does. The network sets the greatest length.

    >>> ussd_octets("*100#", 0x0F).hex()
    'aa180c3602'

    Reference: 3GPP TS 23.038, 5 and 6.1.2.3
    """
    coding, letters = _coding(as_text(text), data_coding, language)
    encoded = _prefix(coding, letters) + _encoded(text, coding)
    return septets.pack_ussd(encoded) if coding.alphabet is Alphabet.GSM_7BIT else encoded


def _coding(
    text: str, data_coding: CellBroadcastDataCoding | int | None, language: str | None
) -> tuple[CellBroadcastDataCoding, str | None]:
    """The data coding of a text, and the two letters of its language; chosen where the caller leaves the choice."""
    letters = None if language is None else _letters(language)
    if data_coding is None:
        return _chosen(text, letters), letters
    coding = data_coding
    if not isinstance(coding, CellBroadcastDataCoding):
        check_whole("data_coding", coding, 0, 0xFF)
        coding = CellBroadcastDataCoding(coding)
    if coding.reserved or coding.compressed or coding.has_header or coding.alphabet is Alphabet.DATA_8BIT:
        raise FieldError("data_coding", f"no text can be written under 0x{coding.octet:02X}")
    if coding.language_in_text and letters is None:
        raise FieldError("language", f"data coding 0x{coding.octet:02X} puts it in front of the text")
    if not coding.language_in_text and letters not in (None, coding.language):
        raise FieldError("language", f"data coding 0x{coding.octet:02X} does not name {language!r}")
    return coding, letters


def _letters(language: object) -> str:
    if isinstance(language, str):
        known = Language.named(language)
        if known is not None:
            return known.value
        if re.fullmatch("[A-Za-z]{2}", language):
            return language.lower()
    raise FieldError("language", f"expected a name or two letters of ISO 639-1, got {language!r}")


def _chosen(text: str, letters: str | None) -> CellBroadcastDataCoding:
    alphabet = Alphabet.GSM_7BIT if gsm7.is_encodable(text) else Alphabet.UCS2
    if letters is None and alphabet is Alphabet.UCS2:
        return CellBroadcastDataCoding.general(alphabet)
    if letters is None or (alphabet is Alphabet.GSM_7BIT and Language.named(letters)):
        return CellBroadcastDataCoding.of_language(letters)
    return CellBroadcastDataCoding.in_text(alphabet)


def _prefix(coding: CellBroadcastDataCoding, letters: str | None) -> bytes:
    """The language in front of a text: two letters and CR as septets, or two letters packed in front of UTF-16."""
    if not coding.language_in_text or letters is None:
        return b""
    if coding.alphabet is Alphabet.UCS2:
        return septets.pack(gsm7.encode(letters))
    return gsm7.encode(f"{letters}\r")


def _encoded(text: str, coding: CellBroadcastDataCoding) -> bytes:
    return ucs2.encode(text) if coding.alphabet is Alphabet.UCS2 else gsm7.encode(text)


def _room(coding: CellBroadcastDataCoding, prefix: int) -> int:
    """Septets, or octets of UTF-16, beside a prefix of so many."""
    return (CONTENT_OCTETS if coding.alphabet is Alphabet.UCS2 else septets.CBS_SEPTETS) - prefix


def _cut(encoded: bytes, coding: CellBroadcastDataCoding, *, room: int) -> Iterator[bytes]:
    """Septets or UTF-16 cut into pages: one step back from an escape or a high surrogate, and back before CRs."""
    width, leads, filler = (2, _HIGH_SURROGATES, b"\0\r") if coding.alphabet is Alphabet.UCS2 else (1, _ESCAPE, b"\r")
    start = 0
    while len(encoded) - start > room:
        end = start + room
        if encoded[end - width] in leads:
            end -= width
        while encoded[end - width : end] == filler:  # stops at the start: the page before does not end in one
            end -= width
        if end == start:
            raise SegmentationError("a page of nothing but CR would read as empty: CR is the filler")
        yield encoded[start:end]
        start = end
    yield encoded[start:]


_ESCAPE: Final = range(0x1B, 0x1C)
_HIGH_SURROGATES: Final = range(0xD8, 0xDC)
"""First octets of the units that are never last on a page."""


def _filled(encoded: bytes, coding: CellBroadcastDataCoding) -> bytes:
    if coding.alphabet is Alphabet.GSM_7BIT:
        return septets.pack_cbs(encoded)
    return encoded + b"\0\r" * ((CONTENT_OCTETS - len(encoded)) // 2)


# Reading ------------------------------------------------------------------------------------------------------------


def ussd_text(octets: Octets, data_coding: CellBroadcastDataCoding | int, *, strict: bool = False) -> str:
    """Read the octets of a USSD string as text, without the language in front of it.

    ``strict`` raises ``DecodeError`` where lenient reading makes do (see ``UserData.text``), on a reserved data coding
    (``"dcs"``), and where the language that the data coding promises is not there. Raises ``FieldError("alphabet")``
    for 8-bit and compressed strings, and for a data coding outside 0–255.

    >>> ussd_text(bytes.fromhex("aa180c3602"), 0x0F)
    '*100#'

    Reference: 3GPP TS 23.038, 5 and 6.1.2.3
    """
    octet = data_coding.octet if isinstance(data_coding, CellBroadcastDataCoding) else data_coding
    coding = CellBroadcastDataCoding.from_octet(octet, strict=strict)
    data = memoryview(octets).tobytes()
    if coding.has_header:
        length = 8 * len(data) // 7 if coding.alphabet is Alphabet.GSM_7BIT else len(data)
        user_data = UserData.from_bytes(data, length=length, alphabet=coding.alphabet, has_header=True, strict=strict)
    elif coding.alphabet is Alphabet.GSM_7BIT and not coding.compressed:
        user_data = UserData(Alphabet.GSM_7BIT, septets.unpack_ussd(data))
    else:
        user_data = UserData(coding.alphabet, data, compressed=coding.compressed)
    return _read(user_data, coding, strict=strict)[1]


def _read(user_data: UserData, coding: CellBroadcastDataCoding, *, strict: bool = False) -> tuple[str | None, str]:
    """The language in front of a text, or None, and the text.

    In front of UCS-2 stand two octets in any case: earthquake warnings are sent with CR LF there.
    """
    if not coding.language_in_text:
        return None, user_data.text(strict=strict)
    if coding.alphabet is Alphabet.UCS2:
        letters, rest = user_data.payload[:2], user_data.payload[2:]
        text = UserData(Alphabet.UCS2, rest).text(strict=strict)
        found = _TWO_LETTERS.fullmatch(gsm7.decode(septets.unpack(letters, len(letters)), errors="replace"))
    else:
        whole = user_data.text(strict=strict)
        found = _TWO_LETTERS_CR.match(whole)
        text = whole[found.end() :] if found else whole
    if strict and not found:
        raise DecodeError("language", 0, "expected two letters of ISO 639-1 in front of the text")
    return found and found[0][:2].lower(), text


_TWO_LETTERS: Final = re.compile("[A-Za-z]{2}")
_TWO_LETTERS_CR: Final = re.compile(r"[A-Za-z]{2}(?:\r|\Z)")
