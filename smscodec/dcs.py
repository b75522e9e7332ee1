"""The data coding octets: of short messages, and of cell broadcast and USSD, which have another table (decision D42).

All 256 octets of either have a reading and keep their value. Knows nothing of user data.

Reference: 3GPP TS 23.038, 4 and 5
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any, Final, Self

from smscodec._checks import check_whole
from smscodec._values import Value, plain
from smscodec.errors import DecodeError, FieldError

__all__ = [
    "Alphabet",
    "CellBroadcastDataCoding",
    "DataCodingScheme",
    "IndicationType",
    "Language",
    "MessageClass",
    "MessageWaiting",
]


class IndicationType(IntEnum):
    """The kind of message that waits. OTHER is the extended type in a special message indication.

    >>> DataCodingScheme(0xC9).indication.type.name
    'FAX'
    """

    VOICEMAIL = 0
    FAX = 1
    EMAIL = 2
    OTHER = 3


class Alphabet(IntEnum):
    """How the user data is to be read; the values are bits 3–2 of the general data coding group.

    >>> from smscodec import measure
    >>> [measure(text).alphabet.name for text in ("Hello", "Привет")]
    ['GSM_7BIT', 'UCS2']
    """

    GSM_7BIT = 0
    DATA_8BIT = 1
    UCS2 = 2


class MessageClass(IntEnum):
    """Where a message belongs: class 0 is shown at once (flash), 1 to the ME, 2 to the SIM, 3 to the TE.

    >>> DataCodingScheme.general(Alphabet.UCS2, message_class=MessageClass.CLASS_0).octet
    24
    """

    CLASS_0 = 0
    CLASS_1 = 1
    CLASS_2 = 2
    CLASS_3 = 3


@dataclass(frozen=True, slots=True, repr=False)
class MessageWaiting(Value):
    """A message waiting indication: of what ``type``, switched on or off, and whether the message is to be stored.

    >>> waiting = DataCodingScheme(0xD8).indication
    >>> waiting.type.name, waiting.active, waiting.store
    ('VOICEMAIL', True, True)
    """

    type: IndicationType
    active: bool
    store: bool


@dataclass(frozen=True, slots=True, repr=False)
class DataCodingScheme(Value):
    """One data coding scheme octet, read as the specification tells a receiver to.

    A reserved coding (alphabet bits 11 in 0x00–0x7F, and all of 0x80–0xBF) reads as 0x00; a reserved *bit* is ignored
    (decision D26). Raises ``FieldError`` outside 0–255.

    >>> DataCodingScheme(0xF5).alphabet.name, DataCodingScheme(0xF5).message_class.name
    ('DATA_8BIT', 'CLASS_1')
    >>> DataCodingScheme.general(Alphabet.UCS2).octet
    8

    Reference: 3GPP TS 23.038, 4
    """

    octet: int

    def __post_init__(self) -> None:
        check_whole("octet", self.octet, 0, 0xFF)

    @classmethod
    def from_octet(cls, octet: int, *, strict: bool = False) -> Self:
        """Read an octet; ``strict`` raises ``DecodeError("dcs", 0)`` on a reserved coding."""
        scheme = cls(octet)
        if strict and scheme.reserved:
            raise DecodeError("dcs", 0, f"0x{octet:02X} is a reserved coding")
        return scheme

    @classmethod
    def general(
        cls, alphabet: Alphabet, *, message_class: MessageClass | None = None, compressed: bool = False
    ) -> Self:
        """Make an octet of the general data coding group; bits 1–0 are the class and bit 4 says that they are.

        Raises ``FieldError`` for an alphabet or class that does not exist.
        """
        if alphabet not in tuple(Alphabet):
            raise FieldError("alphabet", f"expected an Alphabet, got {alphabet!r}")
        if message_class is not None and message_class not in tuple(MessageClass):
            raise FieldError("message_class", f"expected a MessageClass, got {message_class!r}")
        class_bits = 0 if message_class is None else 0x10 | message_class
        return cls(alphabet << 2 | class_bits | 0x20 * bool(compressed))

    def as_dict(self) -> dict[str, Any]:
        """``octet`` and everything it says, in plain types."""
        said = ("alphabet", "message_class", "compressed", "automatic_deletion", "indication", "reserved")
        return {name: plain(getattr(self, name)) for name in ("octet", *said)}

    @property
    def reserved(self) -> bool:
        """Whether the octet is a reserved coding."""
        return self.octet >> 6 == 0b10 or (self.octet < 0x80 and self.octet >> 2 & 0b11 == 0b11)

    @property
    def _general(self) -> bool:
        return self.octet < 0x80 and not self.reserved

    @property
    def _class_control(self) -> bool:
        return self.octet >> 4 == 0xF

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet of the user data (of the text before compression, where ``compressed``)."""
        return _alphabet_of(self.octet)

    @property
    def message_class(self) -> MessageClass | None:
        """The message class, or None where the octet gives none."""
        has_class = self._class_control or (self._general and self.octet & 0x10)
        return MessageClass(self.octet & 0b11) if has_class else None

    @property
    def compressed(self) -> bool:
        """Whether the user data is compressed (TS 23.042), and so counted in octets."""
        return bool(self.octet & 0x20) and self._general

    @property
    def automatic_deletion(self) -> bool:
        """Whether the message is marked for deletion once it has been read."""
        return self._general and bool(self.octet & 0x40)

    @property
    def indication(self) -> MessageWaiting | None:
        """The message waiting indication, or None outside 0xC0–0xEF."""
        if not 0xC0 <= self.octet <= 0xEF:
            return None
        return MessageWaiting(
            type=IndicationType(self.octet & 0b11), active=bool(self.octet & 0b1000), store=self.octet >= 0xD0
        )


@cache
def _alphabet_of(octet: int) -> Alphabet:
    if octet < 0x80 and octet >> 2 & 0b11 != 0b11:
        return Alphabet(octet >> 2 & 0b11)
    if octet >> 4 == 0xF:
        return Alphabet.DATA_8BIT if octet & 0b100 else Alphabet.GSM_7BIT
    return Alphabet.UCS2 if octet >> 4 == 0xE else Alphabet.GSM_7BIT


# Cell broadcast and USSD --------------------------------------------------------------------------------------------


class Language(StrEnum):
    """A language that a data coding octet of cell broadcast and USSD can name; the values are ISO 639-1 codes.

    >>> Language.DANISH == "da"
    True

    Reference: 3GPP TS 23.038, 5
    """

    GERMAN = "de"
    ENGLISH = "en"
    ITALIAN = "it"
    FRENCH = "fr"
    SPANISH = "es"
    DUTCH = "nl"
    SWEDISH = "sv"
    DANISH = "da"
    PORTUGUESE = "pt"
    FINNISH = "fi"
    NORWEGIAN = "no"
    GREEK = "el"
    TURKISH = "tr"
    HUNGARIAN = "hu"
    POLISH = "pl"
    CZECH = "cs"
    HEBREW = "he"
    ARABIC = "ar"
    RUSSIAN = "ru"
    ICELANDIC = "is"

    @classmethod
    def named(cls, spelling: str) -> Self | None:
        """The language of that name or ISO 639-1 code, in any case, or None.

        >>> Language.named("Danish") is Language.named("da") is Language.DANISH
        True
        """
        found = (known for known in cls if known.name == spelling.upper() or known == spelling.lower())
        return next(found, None)


_UNSPECIFIED: Final = 0x0F
"""GSM 7-bit in a language that is not said: what a receiver takes a reserved coding for."""

_LANGUAGES: Final = {
    **dict(enumerate(tuple(Language)[:15])),
    **dict(enumerate(tuple(Language)[15:], start=0x20)),
}
"""Language by data coding octet."""

_LANGUAGE_IN_TEXT: Final = {0x10: Alphabet.GSM_7BIT, 0x11: Alphabet.UCS2}


@dataclass(frozen=True, slots=True, repr=False)
class CellBroadcastDataCoding(Value):
    """One data coding octet of a cell broadcast page or a USSD string, which is not that of a short message.

    A reserved coding reads as 0x0F, GSM 7-bit in no particular language; a reserved *bit* is ignored. Raises
    ``FieldError("octet")`` for a value outside 0–255.

    >>> danish = CellBroadcastDataCoding(0x07)
    >>> danish.alphabet.name, danish.language.name
    ('GSM_7BIT', 'DANISH')
    >>> CellBroadcastDataCoding.general(Alphabet.UCS2).octet == 0x48
    True

    Reference: 3GPP TS 23.038, 5 (decision D42)
    """

    octet: int

    def __post_init__(self) -> None:
        check_whole("octet", self.octet, 0, 0xFF)

    @classmethod
    def from_octet(cls, octet: int, *, strict: bool = False) -> Self:
        """Read an octet; ``strict`` raises ``DecodeError("dcs", 0)`` on a reserved coding.

        >>> CellBroadcastDataCoding.from_octet(0x80).alphabet.name
        'GSM_7BIT'
        """
        coding = cls(octet)
        if strict and coding.reserved:
            raise DecodeError("dcs", 0, f"0x{octet:02X} is a reserved coding of cell broadcast and USSD")
        return coding

    @classmethod
    def general(
        cls, alphabet: Alphabet, *, message_class: MessageClass | None = None, compressed: bool = False
    ) -> Self:
        """Make an octet of the general data coding group (0x40–0x7F), which says no language.

        Raises ``FieldError`` for an alphabet or class that does not exist.

        >>> CellBroadcastDataCoding.general(Alphabet.UCS2, message_class=MessageClass.CLASS_0).octet == 0x58
        True
        """
        return cls(0x40 | DataCodingScheme.general(alphabet, message_class=message_class, compressed=compressed).octet)

    @classmethod
    def of_language(cls, language: Language | str | None) -> Self:
        """Make the octet of GSM 7-bit text in a language, given by name or ISO 639-1 code in any case, or None.

        Raises ``FieldError("language")`` for a language without an octet of its own; ``in_text`` takes any language.

        >>> CellBroadcastDataCoding.of_language("Danish") == CellBroadcastDataCoding.of_language("da")
        True
        """
        if language is None:
            return cls(_UNSPECIFIED)
        known = Language.named(str(language))
        if known is None:
            codes = " ".join(Language)
            raise FieldError("language", f"no data coding names {language!r}; expected one of {codes}, or see in_text")
        return cls(next(octet for octet, named in _LANGUAGES.items() if named is known))

    @classmethod
    def in_text(cls, alphabet: Alphabet) -> Self:
        """Make the octet that says that the text begins with its language: 0x10 for GSM 7-bit, 0x11 for UCS-2.

        Raises ``FieldError("alphabet")`` for another alphabet.

        >>> CellBroadcastDataCoding.in_text(Alphabet.UCS2).octet == 0x11
        True
        """
        for octet, known in _LANGUAGE_IN_TEXT.items():
            if alphabet == known:
                return cls(octet)
        raise FieldError(
            "alphabet", f"expected GSM_7BIT or UCS2 for a text that begins with its language, got {alphabet!r}"
        )

    @property
    def reserved(self) -> bool:
        """Whether the octet is a reserved coding."""
        match self.octet >> 4:
            case 0x0 | 0xD | 0xE | 0xF:
                return False
            case 0x1 | 0x2 | 0x3:
                return self.octet not in _LANGUAGES and not self.language_in_text
            case 0x4 | 0x5 | 0x6 | 0x7 | 0x9:
                return self.octet >> 2 & 0b11 == 0b11
        return True

    @property
    def _general(self) -> bool:
        return 0x40 <= self.octet < 0x80 and not self.reserved

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet of the text (before compression, where ``compressed``).

        What the I1 protocol (0xD0–0xDF, TS 24.294) and the WAP Forum (0xE0–0xEF) define is DATA_8BIT here: octets that
        only their own rules can read.
        """
        if self._general or self.has_header:
            return Alphabet(self.octet >> 2 & 0b11)
        if self.octet >= 0xF0:
            return Alphabet.DATA_8BIT if self.octet & 0b100 else Alphabet.GSM_7BIT
        if self.octet >= 0xD0:
            return Alphabet.DATA_8BIT
        return _LANGUAGE_IN_TEXT.get(self.octet, Alphabet.GSM_7BIT)

    @property
    def language(self) -> Language | None:
        """The language that the octet names, or None: unspecified, in the text, or not said at all."""
        return _LANGUAGES.get(self.octet)

    @property
    def language_in_text(self) -> bool:
        """Whether two letters of ISO 639 stand in front of the text: 0x10 and 0x11."""
        return self.octet in _LANGUAGE_IN_TEXT

    @property
    def message_class(self) -> MessageClass | None:
        """The message class, or None where the octet gives none."""
        low = self.octet & 0b11
        if self.has_header or (self._general and self.octet & 0x10) or (self.octet >= 0xF0 and low):
            return MessageClass(low)
        return None

    @property
    def compressed(self) -> bool:
        """Whether the text is compressed (TS 23.042), which this package does not read."""
        return self._general and bool(self.octet & 0x20)

    @property
    def has_header(self) -> bool:
        """Whether a user data header stands in front of the text: 0x90–0x9B."""
        return self.octet >> 4 == 0x9 and not self.reserved

    def as_dict(self) -> dict[str, Any]:
        """The octet and what it says, in types that ``json.dumps`` takes.

        >>> CellBroadcastDataCoding(0x07).as_dict()["language"]
        'DANISH'
        """
        names = ("octet", "reserved", "alphabet", "language", "language_in_text", "message_class", "compressed")
        return {name: plain(getattr(self, name)) for name in (*names, "has_header")}
