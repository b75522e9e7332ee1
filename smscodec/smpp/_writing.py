"""Segments to short messages, and texts cut for a service centre's own codings.

Reference: SMPP 3.4, 5.2.12, 5.2.19 and 5.3.2.32; 3GPP TS 23.040, 9.2.3.24
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from smscodec import gsm7, septets, ucs2
from smscodec._checks import as_text, check_whole
from smscodec.dcs import Alphabet, MessageClass, MessageWaiting
from smscodec.errors import FieldError, SegmentationError
from smscodec.message import SegmentedMessage, check_bounds
from smscodec.segmentation import segment, segment_data
from smscodec.smpp._codings import PACKED, Coding, Default, check_codings, check_default, coding_of, encoded
from smscodec.smpp._fields import UDHI, SarParameters, ShortMessage
from smscodec.tables import DEFAULT_TABLES
from smscodec.udh import EMPTY, Concatenation, UserDataHeader
from smscodec.userdata import UserData

__all__ = ["CodedMessage", "segment_coded", "segment_latin1", "short_messages"]

_SEGMENT_OCTETS: Final = 140
_UDHI: Final = int(UDHI)
_MOST_SEGMENTS: Final = 255

# The data_coding of each alphabet, by its number: GSM 7-bit, 8-bit data, UCS-2.
_PLAIN: Final = (0x00, 0x04, 0x08)
_CLASS_0: Final = (0xF0, 0xF4, 0x18)


# Texts cut for a coding


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedMessage(SegmentedMessage):
    """A message cut for one data_coding of a service centre, as ``segment_coded`` makes it.

    In a coding of octets the alphabet is DATA_8BIT and units are octets, and each segment has both ``text`` and
    ``data``. ``short_messages`` sends it under its ``data_coding``. Raises ``FieldError("text_bounds")`` unless these
    cut the text into as many parts as ``bounds`` cut the octets; in other codings the two are the same.

    >>> segment_coded("Ж", data_coding=6).as_dict()["segments"]
    [{'sequence': 1, 'text': 'Ж', 'units': 1, 'data': 'b6'}]
    """

    text_bounds: tuple[int, ...]
    data_coding: int
    coding: Coding

    def __post_init__(self) -> None:
        SegmentedMessage.__post_init__(self)
        check_bounds("text_bounds", self.text_bounds, len(self.text))
        if self.alphabet is not Alphabet.DATA_8BIT and self.text_bounds != self.bounds:
            raise FieldError("text_bounds", f"the text is cut at the bounds, {self.bounds}")
        if len(self.text_bounds) != len(self.bounds):
            raise FieldError("text_bounds", f"expected as many as bounds, {len(self.bounds)}")

    def text_of(self, sequence: int) -> str:
        """The part of the text in the segment of that number."""
        return self.text[self.text_bounds[sequence - 1] : self.text_bounds[sequence]]

    def as_dict(self) -> dict[str, Any]:
        """``data_coding`` and what every message gives."""
        return {"data_coding": self.data_coding, **SegmentedMessage.as_dict(self)}


def segment_coded(
    text: str,
    *,
    data_coding: int,
    codings: Mapping[int, str] | None = None,
    reference: int | None = None,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> CodedMessage:
    """Cut ``text`` as a ``data_coding`` counts it: an octet for each character in ASCII and ISO 8859.

    ``codings`` says what the service centre means by a data_coding, as in ``decode_short_message``. No character is
    cut, of however many octets. The other arguments are those of ``segment``. Raises ``UnencodableError`` over the
    first character that the coding lacks, ``SegmentationError`` above 255 segments or where the header leaves no room,
    and ``FieldError("data_coding")`` for a value that stands for octets or is reserved.

    >>> message = segment_coded("á" * 140, data_coding=3)
    >>> message.measurement.segments, message[0].data == b"\\xe1" * 140
    (1, True)

    Reference: SMPP 3.4, 5.2.19; 3GPP TS 23.040, 9.2.3.24.1
    """
    check_whole("data_coding", data_coding, 0, 0xFF)
    text = as_text(text)
    coding = coding_of(data_coding, "gsm7", check_codings(codings), strict=False)
    if coding is Alphabet.DATA_8BIT:
        raise FieldError(
            "data_coding", f"0x{data_coding:02X} stands for octets: use segment_data(), or name its coding"
        )
    if coding == PACKED or isinstance(coding, Alphabet):
        alphabet = Alphabet.UCS2 if coding is Alphabet.UCS2 else Alphabet.GSM_7BIT
        message = segment(text, alphabet=alphabet, reference=reference, wide_reference=wide_reference, header=header)
        return _coded(message, message.bounds, data_coding, coding)
    data = encoded(text, coding)
    message = segment_data(data, reference=reference, wide_reference=wide_reference, header=header)
    if len(data) == len(text):
        return _coded(replace(message, text=text), message.bounds, data_coding, coding)
    return _coded(*_cut_between_characters(replace(message, text=text), coding), data_coding, coding)


def segment_latin1(
    text: str, *, reference: int | None = None, wide_reference: bool = False, header: UserDataHeader = EMPTY
) -> CodedMessage:
    """Cut ``text`` as ISO 8859-1, which is data_coding 3; see ``segment_coded``.

    >>> len(segment_latin1("á" * 141, reference=7))
    2
    """
    return segment_coded(text, data_coding=3, reference=reference, wide_reference=wide_reference, header=header)


def _coded(message: SegmentedMessage, text_bounds: tuple[int, ...], data_coding: int, coding: Coding) -> CodedMessage:
    given = {field.name: getattr(message, field.name) for field in fields(message)}
    return CodedMessage(**given, text_bounds=text_bounds, data_coding=data_coding, coding=coding)


def _cut_between_characters(message: SegmentedMessage, codec: str) -> tuple[SegmentedMessage, tuple[int, ...]]:
    """A message of octets cut anew so that no character is, and where its text is cut."""
    text, room = message.text, message.measurement.units_per_segment
    text_bounds, bounds, data = [0], [0], b""
    while text_bounds[-1] < len(text) or not data:
        start = text_bounds[-1]
        end = len(text) if len(message) == 1 else _fill(text, start, codec, room)
        data += encoded(text[start:end], codec)
        text_bounds.append(end)
        bounds.append(len(data))
        if end == start and text:
            raise SegmentationError(f"{room} octets in a segment leave no room for {text[start]!r}")
    segments = len(bounds) - 1
    if segments > _MOST_SEGMENTS:
        raise SegmentationError(f"{segments} segments; a message has at most {_MOST_SEGMENTS}", segments)
    remaining = room - (bounds[-1] - bounds[-2])
    measurement = message.measurement._replace(units=len(data), segments=segments, remaining=remaining)
    return replace(message, measurement=measurement, bounds=tuple(bounds), data=data), tuple(text_bounds)


def _fill(text: str, start: int, codec: str, room: int) -> int:
    """How far text from ``start`` on fits into ``room`` octets, found by halving: a codec may add octets at an end."""
    fits, too_far = start, min(len(text), start + room) + 1
    while too_far - fits > 1:
        middle = (fits + too_far) // 2
        if len(encoded(text[start:middle], codec)) <= room:
            fits = middle
        else:
            too_far = middle
    return fits


# Segments to short messages


def short_messages(
    message: SegmentedMessage | Iterable[UserData],
    *,
    message_class: MessageClass | int | None = None,
    indication: MessageWaiting | None = None,
    data_coding: int | None = None,
    payload: bool = False,
    sar: bool = False,
    codings: Mapping[int, str] | None = None,
    default: Default = "gsm7",
    esm_class: int = 0,
) -> list[ShortMessage]:
    """Make the short message of each segment, or of each user data that came from another system.

    The data_coding is 0x00 for GSM 7-bit, 0x08 for UCS-2 and 0x04 for octets. To change that, give one of these:
    ``message_class`` adds the class to 0xF0, 0x18 and 0xF4 (decision D43); a message waiting ``indication`` gives
    0xC0–0xDF; ``data_coding`` is taken as it is, and text is converted to its coding. A message that ``segment_coded``
    made has its own. ``codings`` says what the service centre means by a data_coding, as in ``decode_short_message``;
    ``default`` says how it takes its default alphabet: ``"gsm7-packed"`` packs septets, with fill bits, and
    ``"latin-1"`` leaves the conversion to the centre.

    The header stands first as it is and sets the UDHI bit; unpacked septets follow it without fill bits. ``sar`` moves
    the concatenation into sar_* parameters, unless another element keeps a header in place (decision D37). ``payload``
    puts a whole message, without concatenation, into the message_payload of one short message; user data go into one
    each. ``esm_class`` holds your own bits, such as the mode.

    Raises ``FieldError("reference")`` for several segments without a reference, ``FieldError("message")`` for a text
    that is not segmented, ``FieldError`` by name for impossible arguments and combinations, for national tables under a
    coding that has none and for octets that do not fit, and ``UnencodableError`` for a character that the coding lacks.

    >>> from smscodec import segment
    >>> [hex(short.data_coding) for short in short_messages(segment("Hello"), message_class=0)]
    ['0xf0']
    >>> short_messages(segment("Grüße"), data_coding=3)[0].short_message
    b'Gr\\xfc\\xdfe'

    Reference: SMPP 3.4, 5.2.12, 5.2.19, 5.3.2.32; 3GPP TS 23.040, 9.2.3.24
    """
    check_default(default)
    codings = check_codings(codings)
    check_whole("esm_class", esm_class, 0, 0xFF)
    esm_class = int(esm_class)
    if esm_class & _UDHI:
        raise FieldError("esm_class", "leave out the UDHI bit, which follows from the header")
    choice = _Choice.of(message, message_class, indication, data_coding)
    if (
        isinstance(message, SegmentedMessage)
        and not (payload or sar)
        and choice.keeps(message.alphabet, codings, default)
    ):
        return choice.as_it_is(message, esm_class)
    parts = _user_data(message, payload=payload)
    if isinstance(message, SegmentedMessage) and len(parts) > 1:
        # The whole text first, so that an error says where in it.
        choice.convert(replace(parts[0], payload=b"".join(part.payload for part in parts)), codings, default)
    return [choice.short_message(part, codings, default, esm_class, sar=sar, payload=payload) for part in parts]


def _user_data(message: object, *, payload: bool) -> list[UserData]:
    """What each short message is to carry."""
    if isinstance(message, SegmentedMessage):
        return [_whole(message)] if payload else [part.user_data for part in message]
    parts = list(message) if isinstance(message, Iterable) else []
    if not parts or not all(isinstance(part, UserData) for part in parts):
        raise FieldError("message", f"expected a SegmentedMessage (see segment()) or UserData, got {message!r}")
    if any(part.compressed for part in parts):
        raise FieldError("message", "SMPP has no data_coding for compressed user data")
    return parts


def _whole(message: SegmentedMessage) -> UserData:
    """A message as if it were one segment, however long."""
    parts = [part.user_data for part in (message if len(message) == 1 else message.with_reference(0))]
    header = UserDataHeader(element for element in parts[0].header.elements if not isinstance(element, Concatenation))
    return UserData(message.alphabet, b"".join(part.payload for part in parts), header)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The data_coding of a message: one that was named, or by alphabet those of a class or an indication."""

    by_alphabet: tuple[int | None, ...]
    named: str
    """The argument that an error is about."""
    coding: Coding | None = None
    """What the data_coding means, where the message says it itself."""

    @classmethod
    def of(
        cls,
        message: object,
        message_class: MessageClass | int | None,
        indication: MessageWaiting | None,
        data_coding: int | None,
    ) -> _Choice:
        given = ("message_class", message_class), ("indication", indication), ("data_coding", data_coding)
        named = [name for name, value in given if value is not None]
        if not named and type(message) is SegmentedMessage:
            return _BY_ALPHABET
        if len(named) > 1:
            raise FieldError(named[0], f"give it or {named[1]}, not both")
        if isinstance(message, CodedMessage):
            if named and data_coding != message.data_coding:
                raise FieldError(named[0], f"the message was cut for data_coding 0x{message.data_coding:02X}")
            return cls((message.data_coding,) * 3, "message", message.coding)
        if message_class is not None:
            check_whole("message_class", message_class, 0, 3)
            return cls(tuple(first + message_class for first in _CLASS_0), "message_class")
        if indication is not None:
            return cls((_waiting(indication), None, None), "indication")
        if data_coding is not None:
            check_whole("data_coding", data_coding, 0, 0xFF)
            return cls((data_coding,) * 3, "data_coding")
        return _BY_ALPHABET

    def keeps(self, alphabet: Alphabet, codings: Mapping[int, str], default: Default) -> bool:
        """Whether text in this alphabet goes out as it is, its septets unpacked."""
        return self.coding_of(alphabet, codings, default) is alphabet

    def as_it_is(self, message: SegmentedMessage, esm_class: int) -> list[ShortMessage]:
        """The short messages of the octets that the message has, which are within every limit."""
        data_coding, style = self.data_coding(message.alphabet), message.style(True)
        _, segments = message.written(style)
        if style.headers[len(segments) > 1]:
            esm_class |= _UDHI
        return [ShortMessage.made(data_coding, esm_class, octets) for octets in segments]

    def data_coding(self, alphabet: Alphabet) -> int:
        data_coding = self.by_alphabet[alphabet]
        if data_coding is None:
            raise FieldError(
                self.named,
                f"SMPP has no data_coding for it with {alphabet.name}: put a SpecialMessageIndication into the header",
            )
        return data_coding

    def coding_of(self, alphabet: Alphabet, codings: Mapping[int, str], default: Default) -> Coding:
        """What the data_coding of text in this alphabet means."""
        if self.coding is not None:
            return self.coding
        return coding_of(self.data_coding(alphabet), default, codings, strict=False)

    def convert(self, user_data: UserData, codings: Mapping[int, str], default: Default) -> tuple[bytes, Coding]:
        """The payload in the coding of its data_coding, and that coding."""
        data_coding = self.data_coding(user_data.alphabet)
        coding = self.coding_of(user_data.alphabet, codings, default)
        alphabet = Alphabet.GSM_7BIT if coding == PACKED else coding
        if user_data.alphabet in (alphabet, Alphabet.DATA_8BIT):
            return user_data.payload, coding
        named = "codings" if data_coding in codings else self.named
        if alphabet is Alphabet.DATA_8BIT:
            raise FieldError(named, f"0x{data_coding:02X} stands for octets, and the message is text")
        if user_data.header.shift_tables != DEFAULT_TABLES:
            raise FieldError(named, "a coding other than GSM 7-bit has no national tables: segment without languages")
        text = user_data.text()
        if alphabet is Alphabet.GSM_7BIT:
            return gsm7.encode(text), coding
        return (ucs2.encode(text) if isinstance(alphabet, Alphabet) else encoded(text, alphabet)), coding

    def short_message(
        self,
        user_data: UserData,
        codings: Mapping[int, str],
        default: Default,
        esm_class: int,
        *,
        sar: bool,
        payload: bool,
    ) -> ShortMessage:
        octets, coding = self.convert(user_data, codings, default)
        header, parameters = user_data.header, None
        found = header.concatenation
        if sar and found is not None and len(header.elements) == 1:
            header, parameters = EMPTY, SarParameters(found.reference, found.total, found.sequence)
        if coding == PACKED:
            octets = septets.pack(octets, fill_bits=septets.fill_bits_after(header.octet_length))
        if header.octet_length:
            esm_class |= _UDHI
        octets = header.to_bytes() + octets
        data_coding = self.data_coding(user_data.alphabet)
        if payload:
            return ShortMessage(data_coding, esm_class, b"", parameters, octets)
        if coding is Alphabet.UCS2 and len(octets) > _SEGMENT_OCTETS:
            raise FieldError(
                self.named,
                f"{len(octets)} octets of UCS-2 in a segment of {_SEGMENT_OCTETS}: cut the text with segment_coded()",
            )
        return ShortMessage(data_coding, esm_class, octets, parameters)


_BY_ALPHABET: Final = _Choice(_PLAIN, "default")


def _waiting(indication: object) -> int:
    if not isinstance(indication, MessageWaiting):
        raise FieldError("indication", f"expected MessageWaiting, got {indication!r}")
    return (0xD0 if indication.store else 0xC0) | indication.active << 3 | indication.type
