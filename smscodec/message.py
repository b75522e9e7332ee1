"""What a text costs and what it is cut into, as values; and how much room a header leaves in a segment for text.

Alphabets and tables are chosen in ``segmentation``, octets are made by ``userdata``. Every room is computed here: 160
septets or 70 code units, 153 or 67 in each of several segments, and fewer under a header of the caller's or shift
elements.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple, overload

from smscodec import _kernels, gsm7, ucs2
from smscodec._boundaries import Units, code_units, septets
from smscodec._checks import check_whole
from smscodec._values import keep, plain
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.septets import fill_bits_after
from smscodec.tables import DEFAULT_TABLES, ShiftTables
from smscodec.udh import (
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    UserDataHeader,
)
from smscodec.userdata import UserData

__all__ = [
    "MINIMUM_ROOM",
    "TP_UD_OCTETS",
    "Frame",
    "Measurement",
    "Room",
    "Segment",
    "SegmentedMessage",
    "check_message",
    "check_reference",
    "frame_of",
    "units_of",
]


class Measurement(NamedTuple):
    """What a text costs.

    ``units`` are septets (an escaped character is two) for GSM_7BIT, UTF-16 code units for UCS2 and octets for
    DATA_8BIT, headers not counted. ``units_per_segment`` is the room in each segment under the header in force and
    ``remaining`` the room left in the last one when segments are filled greedily. ``tables`` are the default ones
    unless national languages were permitted and a table of theirs saved a segment.

    >>> from smscodec import measure
    >>> measure("a" * 161).as_dict()["segments"]
    2

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """

    alphabet: Alphabet
    units: int
    segments: int
    units_per_segment: int
    remaining: int
    tables: ShiftTables

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes: the alphabet and the tables by name."""
        return {name: plain(value) for name, value in zip(self._fields, self, strict=True)}


# Rooms --------------------------------------------------------------------------------------------------------------

TP_UD_OCTETS: Final = 140
"""Octets of TP-UD in SMS-SUBMIT and SMS-DELIVER, header included."""

MINIMUM_ROOM: Final = 2
"""Units that each segment must have room for: an escape pair or a surrogate pair."""


_FEW_SEGMENTS: Final = 4


class Room:
    """Units that fit a message of one segment, and each segment of a longer one, in one alphabet.

    ``answers`` holds, by units, the measurements of texts of a few segments that waste no unit before a cut, made when
    first asked for; to make one anew takes longer than to scan such a text.
    """

    __slots__ = ("alphabet", "answers", "limit", "single")

    def __init__(self, alphabet: Alphabet, single: int, limit: int) -> None:
        self.alphabet = alphabet
        self.single = single
        self.limit = limit
        self.answers: list[Measurement | None] = [None] * (1 + _FEW_SEGMENTS * max(limit, 0))

    def measured(self, units: int) -> Measurement | None:
        """What so many units cost in the default tables if none is wasted; None where no character has room."""
        plan = self.plan(units)
        if units < len(self.answers):
            self.answers[units] = plan
        return plan

    def plan(self, units: int, waste: int = 0, tables: ShiftTables = DEFAULT_TABLES) -> Measurement | None:
        """What so many units cost; None where no character has room.

        ``waste`` is how many units stay empty before cuts, where a character of two did not fit any more.
        """
        if units <= self.single and self.single >= MINIMUM_ROOM:
            return Measurement(self.alphabet, units, 1, self.single, self.single - units, tables)
        if self.limit < MINIMUM_ROOM:
            return None
        used = units + waste
        segments = -(-used // self.limit)
        return Measurement(self.alphabet, units, segments, self.limit, segments * self.limit - used, tables)


class Frame:
    """What stands before the text in each segment, whatever the text: the caller's header and the reference.

    ``rooms`` are what it leaves in each alphabet, by its number, and ``shifted`` what it leaves in GSM 7-bit beside
    none, one and two shift elements.
    """

    __slots__ = ("_openings", "_wide", "header_octets", "rooms", "shifted")

    def __init__(self, header_octets: int, *, wide: bool) -> None:
        self.header_octets = header_octets
        self._wide = wide
        self.rooms = tuple(map(self._beside, Alphabet))
        self.shifted = tuple(self._beside(Alphabet.GSM_7BIT, shift_elements) for shift_elements in range(3))
        self._openings: dict[int, Opening] = {}

    def _beside(self, alphabet: Alphabet, shift_elements: int = 0) -> Room:
        """The room beside the header, so many shift elements and, in several segments, the concatenation element."""
        shifts, concatenation = 3 * shift_elements, 6 if self._wide else 5
        return Room(alphabet, self._units(alphabet, shifts), self._units(alphabet, shifts + concatenation))

    def _units(self, alphabet: Alphabet, elements: int) -> int:
        udhl = not self.header_octets and elements > 0
        octets = TP_UD_OCTETS - self.header_octets - elements - udhl
        if alphabet is Alphabet.GSM_7BIT:
            return 8 * octets // 7
        return octets // 2 if alphabet is Alphabet.UCS2 else octets

    def opening(self, header: UserDataHeader, tables: ShiftTables) -> Opening:
        """What every segment of a message under these tables opens with."""
        pair = tables.locking << 4 | tables.single  # a number is quicker to look up than the pair of tables
        found = self._openings.get(pair)
        if found is None:
            found = self._openings[pair] = Opening(header, tables, wide=self._wide)
        return found


class Opening:
    """The headers of a message: concatenation, single shift, locking shift, then the caller's elements in their order.

    ``alone`` is that of a message of one segment. Those of several differ in reference, total and sequence number only,
    whose octets ``of`` fills in.
    """

    __slots__ = ("_octets", "_wide", "alone")

    def __init__(self, header: UserDataHeader, tables: ShiftTables, *, wide: bool) -> None:
        elements: list[InformationElement] = []
        if tables.single:
            elements.append(NationalLanguageSingleShift(tables.single))
        if tables.locking:
            elements.append(NationalLanguageLockingShift(tables.locking))
        self.alone = UserDataHeader([*elements, *header.elements]) if elements else header
        self._octets = UserDataHeader([Concatenation(0, 1, 1, wide=wide), *self.alone.elements]).to_bytes()
        self._wide = wide

    def of(self, reference: int, total: int) -> tuple[bytes, bytes]:
        """What stands before and after the sequence number in the header of each of several segments."""
        check_whole("total", total, 1, 255)
        number = reference.to_bytes(1 + self._wide)
        return self._octets[:3] + number + bytes([total]), self._octets[5 + len(number) :]


def encoded(text: str, alphabet: Alphabet, tables: ShiftTables) -> bytes:
    """Septets, an octet each, or UTF-16BE."""
    return gsm7.encode(text, tables) if alphabet is Alphabet.GSM_7BIT else ucs2.encode(text)


def units_of(text: str, alphabet: Alphabet, tables: ShiftTables) -> Units:
    """The units of a text, which its cuts depend on."""
    return septets(text, tables) if alphabet is Alphabet.GSM_7BIT else code_units(text)


def frame_of(header: UserDataHeader, wide_reference: object) -> Frame:
    """The frame of a header, which is made once and kept on it: to look one up would take as long as to measure.

    Raises ``FieldError("header")`` for a header that cannot be the caller's.
    """
    frames: tuple[Frame, Frame] | None = getattr(header, "frames", None)
    if frames is None:
        octets = _checked_octets(header)
        frames = Frame(octets, wide=False), Frame(octets, wide=True)
        keep(header, "frames", frames)
    return frames[1 if wide_reference else 0]


# Concatenation with 8- and 16-bit reference, single shift, locking shift.
_OWN_ELEMENTS: Final = frozenset({0x00, 0x08, 0x24, 0x25})


def _checked_octets(header: UserDataHeader) -> int:
    if not isinstance(header, UserDataHeader):
        raise FieldError("header", f"expected a UserDataHeader, got {type(header).__name__}")
    if header.ignored:
        raise FieldError("header", "it holds no elements that a receiver would read")
    for element in header.elements:
        if element.iei in _OWN_ELEMENTS:
            raise FieldError("header", f"element 0x{element.iei:02X} is added by the segmentation itself; leave it out")
    return header.octet_length


# Messages -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its part of the text, and the user data that carry it, built when asked for.

    >>> from smscodec import segment
    >>> segment("a" * 161, reference=7)[1].as_dict()["units"]
    8
    """

    text: str
    data: bytes
    sequence: int
    message: SegmentedMessage = field(repr=False)

    @property
    def units(self) -> int:
        """Units used of the room in the segment: septets, UTF-16 code units, or octets of 8-bit data."""
        if self.message.alphabet is Alphabet.GSM_7BIT:
            return gsm7.septet_length(self.text, self.message.tables)
        return ucs2.unit_length(self.text) if self.message.alphabet is Alphabet.UCS2 else len(self.data)

    @property
    def user_data(self) -> UserData:
        """Alphabet, header and payload of this segment.

        Raises ``FieldError("reference")`` for one of several segments without a reference.
        """
        message = self.message
        alphabet, tables = message.alphabet, message.tables
        payload = self.data if alphabet is Alphabet.DATA_8BIT else encoded(self.text, alphabet, tables)
        if len(message.bounds) == 2:
            return UserData.made(alphabet, payload, message.opening.alone)
        before, after = message.opening.of(message.needed_reference, len(message))
        header = UserDataHeader.of_octets(before + bytes([self.sequence]) + after)
        return UserData.made(alphabet, payload, header)

    def as_dict(self) -> dict[str, Any]:
        """``sequence``, ``text``, ``units`` and, for 8-bit data, ``data`` as hexadecimal digits."""
        shown = {"sequence": self.sequence, "text": self.text, "units": self.units}
        return {**shown, "data": self.data.hex()} if self.message.alphabet is Alphabet.DATA_8BIT else shown


@dataclass(frozen=True, slots=True)
class SegmentedMessage(Sequence[Segment]):
    """A message cut into segments, which are made as they are asked for.

    ``text`` is the whole text, ``measurement`` what it costs; ``bounds`` are the places where segments begin, and the
    end: indices into ``text``, or into ``data`` for 8-bit data.

    >>> from smscodec import segment
    >>> [part.text for part in segment("hello")]
    ['hello']
    """

    text: str
    measurement: Measurement
    bounds: tuple[int, ...]
    reference: int | None
    wide_reference: bool
    header: UserDataHeader
    data: bytes = b""

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet of every segment."""
        return self.measurement.alphabet

    @property
    def tables(self) -> ShiftTables:
        """The shift tables of every segment."""
        return self.measurement.tables

    @property
    def tp_ud(self) -> tuple[bytes, ...]:
        """TP-UD of every segment, equal to ``user_data.to_bytes()`` of each and made at once.

        Raises ``FieldError("reference")`` for several segments without a reference.

        >>> from smscodec import segment
        >>> [octets.hex() for octets in segment("hello").tp_ud]
        ['e8329bfd06']

        Reference: 3GPP TS 23.040, 9.2.3.24
        """
        parts = self.parts()
        if self.measurement.alphabet is not Alphabet.GSM_7BIT:
            return tuple([header + payload for header, payload in parts])
        pack, fill_bits = _kernels.active.pack, fill_bits_after(len(parts[0][0]))
        return tuple([header + pack(payload, fill_bits) for header, payload in parts])

    @property
    def tp_udl(self) -> tuple[int, ...]:
        """TP-UDL of every segment, equal to ``user_data.length`` of each and counted at once.

        Raises what ``tp_ud`` raises.

        >>> from smscodec import segment
        >>> segment("a" * 161, reference=7).tp_udl
        (160, 15)

        Reference: 3GPP TS 23.040, 9.2.3.16
        """
        parts = self.parts()
        header = len(parts[0][0])
        if self.alphabet is Alphabet.GSM_7BIT:
            header = -(-8 * header // 7)
        return tuple([header + len(payload) for _, payload in parts])

    def parts(self) -> list[tuple[bytes, bytes]]:
        """Header and payload of every segment as octets: septets are unpacked. Raises what ``tp_ud`` raises."""
        payloads = self._payloads()
        if len(payloads) == 1:
            return [(self.opening.alone.to_bytes(), payloads[0])]
        before, after = self.opening.of(self.needed_reference, len(payloads))
        return [(before + bytes([number]) + after, payload) for number, payload in enumerate(payloads, 1)]

    def _payloads(self) -> list[bytes]:
        text, bounds = self.text, self.bounds
        alphabet, units, *_, tables = self.measurement
        if alphabet is Alphabet.DATA_8BIT:
            whole = self.data
        elif len(bounds) == 2:
            return [encoded(text, alphabet, tables)]
        elif units == len(text):
            whole = encoded(text, alphabet, tables)
        else:
            return [encoded(text[start:end], alphabet, tables) for start, end in pairwise(bounds)]
        width = 2 if alphabet is Alphabet.UCS2 else 1
        return [whole[width * start : width * end] for start, end in pairwise(bounds)]

    @property
    def opening(self) -> Opening:
        """What the segments open with."""
        return frame_of(self.header, self.wide_reference).opening(self.header, self.tables)

    @property
    def needed_reference(self) -> int:
        """The reference; raises ``FieldError("reference")`` where there is none."""
        if self.reference is None:
            raise FieldError(
                "reference",
                f"a message of {len(self)} segments needs one: take it from a ReferenceCounter, "
                "and pass it to segment() or with_reference()",
            )
        return self.reference

    def with_reference(self, reference: int) -> SegmentedMessage:
        """The same message under another reference; raises ``FieldError`` for one that does not fit."""
        check_reference(reference, self.wide_reference)
        return replace(self, reference=reference)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Segment, ...]: ...
    def __getitem__(self, index: int | slice) -> Segment | tuple[Segment, ...]:
        if isinstance(index, slice):
            return tuple(self[position] for position in range(len(self))[index])
        position = range(len(self))[index]
        start, end = self.bounds[position], self.bounds[position + 1]
        return Segment(self.text[start:end], self.data[start:end], position + 1, self)

    def __iter__(self) -> Iterator[Segment]:
        for sequence, (start, end) in enumerate(pairwise(self.bounds), 1):
            yield Segment(self.text[start:end], self.data[start:end], sequence, self)

    def as_dict(self) -> dict[str, Any]:
        """``measurement``, ``reference`` and ``segments``, each as its own ``as_dict`` gives it."""
        segments = [segment.as_dict() for segment in self]
        return {"measurement": self.measurement.as_dict(), "reference": self.reference, "segments": segments}

    def _repr_html_(self) -> str:
        """The segments as a notebook shows them: a table of number, units used of the room, and text or octets."""
        from smscodec.display import html as display_html  # noqa: PLC0415  # it brings HTML's entities along, which only notebooks need

        heading = f"{self.alphabet.name}, segments: {len(self)}"
        parts = [(part.text or part.data.hex(" "), part.units) for part in self]
        return display_html.segments_html(heading, parts, self.measurement.units_per_segment)


def check_message(message: object) -> None:
    """Raise ``FieldError("message")`` for anything but a message, such as the text that one is made of."""
    if not isinstance(message, SegmentedMessage):
        raise FieldError("message", f"expected a SegmentedMessage (see segment()), got {type(message).__name__}")


def check_reference(reference: object, wide: object) -> None:
    """Raise ``FieldError("reference")`` for one that its octets cannot hold."""
    if reference is not None:
        check_whole("reference", reference, 0, 0xFFFF if wide else 0xFF)
