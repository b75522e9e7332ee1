"""What a text costs and what it is cut into, as values; and how much room a header leaves in a segment for text.

Alphabets and tables are chosen in ``segmentation``, octets are made by ``userdata``. Every room is computed here: 160
septets or 70 code units, 153 or 67 in each of several segments, and fewer under a header of the caller's or shift
elements.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import add, gt
from typing import Any, Final, NamedTuple, overload

from smscodec import _kernels, gsm7, ucs2
from smscodec._checks import check_whole
from smscodec._kernels.octets import Segments, Style
from smscodec._values import draft, keep, new, plain
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
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
    "check_bounds",
    "check_message",
    "check_reference",
    "cut_message",
    "frame_of",
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

    ``rooms`` are what it leaves in each alphabet, by its number, ``answers`` theirs, and ``shifted`` what it leaves in
    GSM 7-bit beside none, one and two shift elements.
    """

    __slots__ = ("_styles", "_wide", "answers", "header_octets", "rooms", "shifted")

    def __init__(self, header_octets: int, *, wide: bool) -> None:
        self.header_octets = header_octets
        self._wide = wide
        self.rooms = tuple(map(self._beside, Alphabet))
        self.answers = tuple([room.answers for room in self.rooms])
        self.shifted = tuple(self._beside(Alphabet.GSM_7BIT, shift_elements) for shift_elements in range(3))
        self._styles: dict[int, Style] = {}

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

    def room(self, alphabet: Alphabet, tables: ShiftTables) -> Room:
        """The room in this alphabet, beside the shift elements that ask for these tables."""
        shift_elements = bool(tables.locking) + bool(tables.single)
        return self.shifted[shift_elements] if shift_elements else self.rooms[alphabet]

    def style(self, header: UserDataHeader, alphabet: Alphabet, tables: ShiftTables, unpacked: bool) -> Style:
        """How a message in this alphabet under these tables is written."""
        number = alphabet << 1 | unpacked  # which is quicker to look up than a tuple
        if tables is not DEFAULT_TABLES:
            number |= tables.locking << 8 | tables.single << 4
        found = self._styles.get(number)
        if found is None:
            found = self._styles[number] = self._style(header, alphabet, tables, unpacked)
        return found

    def _style(self, header: UserDataHeader, alphabet: Alphabet, tables: ShiftTables, unpacked: bool) -> Style:
        """Headers hold the concatenation, single shift, locking shift, then the caller's elements in their order."""
        shifts: list[InformationElement] = [NationalLanguageSingleShift(tables.single)] if tables.single else []
        shifts += [NationalLanguageLockingShift(tables.locking)] if tables.locking else []
        room = self.room(alphabet, tables)
        elements = [*shifts, *header.elements]
        alone, each = UserDataHeader(elements), UserDataHeader([Concatenation(0, 1, 1, wide=self._wide), *elements])
        return Style(
            alphabet=alphabet,
            tables=tables,
            codes=gsm7.codes(tables),
            rooms=(max(0, room.single), max(0, room.limit)),
            # One without room is not written.
            headers=(alone.to_bytes()[:TP_UD_OCTETS], each.to_bytes()[:TP_UD_OCTETS]),
            wide=self._wide,
            unpacked=unpacked,
        )


def frame_of(header: UserDataHeader, wide_reference: object) -> Frame:
    """The frame of a header, which is made once and kept on it: to look one up would take as long as to measure.

    Raises ``FieldError("header")`` for a header that cannot be the caller's.
    """
    try:
        frame: Frame = header.wide_frame if wide_reference else header.narrow_frame
    except AttributeError:
        octets = _checked_octets(header)
        frame = Frame(octets, wide=bool(wide_reference))
        keep(header, "wide_frame" if wide_reference else "narrow_frame", frame)
    return frame


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


# Names of their own: to find a member of an enumeration takes Python as long as to call a function.
_GSM_7BIT, _DATA_8BIT, _UCS2 = Alphabet


# Messages -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Segment:
    """One segment: its part of the text, and the user data that carry it, built when asked for.

    Raises ``FieldError("sequence")`` for a number other than 1 to the segments of the message.

    >>> from smscodec import segment
    >>> segment("a" * 161, reference=7)[1].as_dict()["units"]
    8
    """

    sequence: int
    message: SegmentedMessage

    def __post_init__(self) -> None:
        check_message(self.message)
        check_whole("sequence", self.sequence, 1, len(self.message))

    @property
    def text(self) -> str:
        """Its part of the text; empty for 8-bit data."""
        return self.message.text_of(self.sequence)

    @property
    def data(self) -> bytes:
        """Its part of 8-bit data."""
        message = self.message
        return message.data[message.bounds[self.sequence - 1] : message.bounds[self.sequence]]

    @property
    def units(self) -> int:
        """Units used of the room in the segment: septets, UTF-16 code units, or octets of 8-bit data."""
        if self.message.alphabet is _GSM_7BIT:
            return gsm7.septet_length(self.text, self.message.tables)
        return ucs2.unit_length(self.text) if self.message.alphabet is _UCS2 else len(self.data)

    @property
    def user_data(self) -> UserData:
        """Alphabet, header and payload of this segment.

        Raises ``FieldError("reference")`` for one of several segments without a reference.
        """
        message, place = self.message, self.sequence - 1
        lengths, octets = message.packed()
        return UserData.of_octets(message.alphabet, lengths[place], octets[place], message.header_octets)

    def __repr__(self) -> str:
        return f"Segment({self.text or self.data!r}, sequence={self.sequence})"

    def as_dict(self) -> dict[str, Any]:
        """``sequence``, ``text``, ``units`` and, for 8-bit data, ``data`` as hexadecimal digits."""
        shown = {"sequence": self.sequence, "text": self.text, "units": self.units}
        return {**shown, "data": self.data.hex()} if self.message.alphabet is _DATA_8BIT else shown


class _Kept:
    """What is kept on a message (see ``keep``): TP-UDL and TP-UD of every segment, once they are made."""

    __slots__ = ("_kept",)

    _kept: Segments | None


@dataclass(frozen=True, slots=True)
class SegmentedMessage(_Kept, Sequence[Segment]):
    """A message cut into segments, which are made as they are asked for.

    ``text`` is the whole text, ``measurement`` what it costs; ``bounds`` are the places where segments begin, and the
    end: indices into ``text``, or into ``data`` for 8-bit data, ascending from 0 to its length. Raises
    ``FieldError`` for other bounds, a reference that its octets cannot hold, and a header beside which no character
    has room.

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

    def __post_init__(self) -> None:
        check_reference(self.reference, self.wide_reference)
        check_bounds("bounds", self.bounds, len(self.data if self.alphabet is _DATA_8BIT else self.text))
        room = frame_of(self.header, self.wide_reference).room(self.alphabet, self.tables)
        if (room.limit if len(self.bounds) > 2 else room.single) < MINIMUM_ROOM:
            raise FieldError("header", "it leaves no room for a character in a segment")
        keep(self, "_kept", None)

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
        return self.packed()[1]

    @property
    def tp_udl(self) -> tuple[int, ...]:
        """TP-UDL of every segment, equal to ``user_data.length`` of each and counted at once.

        Raises what ``tp_ud`` raises.

        >>> from smscodec import segment
        >>> segment("a" * 161, reference=7).tp_udl
        (160, 15)

        Reference: 3GPP TS 23.040, 9.2.3.16
        """
        return self.packed()[0]

    def packed(self) -> Segments:
        """TP-UDL and TP-UD of every segment; raises what ``tp_ud`` raises."""
        try:
            kept = self._kept
        except AttributeError:  # a copy, or one that was pickled
            kept = None
        if kept is None:
            kept = self.written(self.style(False))
            keep(self, "_kept", kept)
        return kept

    @property
    def header_octets(self) -> int:
        """Octets of the header in each segment."""
        return len(self.style(False).headers[len(self.bounds) > 2])

    def style(self, unpacked: bool) -> Style:
        """How the segments are written: ``unpacked`` septets take an octet each, as SMPP has them."""
        header, measurement = self.header, self.measurement
        try:
            frame: Frame = header.wide_frame if self.wide_reference else header.narrow_frame
        except AttributeError:  # a copy, or one that was pickled
            frame = frame_of(header, self.wide_reference)
        return frame.style(header, measurement.alphabet, measurement.tables, unpacked)

    def written(self, style: Style) -> Segments:
        """TP-UDL and octets of every segment in a style of this message; raises what ``tp_ud`` raises."""
        reference = self.reference
        if reference is None:
            reference = self.needed_reference
        if self.measurement.alphabet is not _DATA_8BIT:
            return _kernels.active.encode(self.text, self.bounds, style, reference)
        payloads = [self.data[start:end] for start, end in pairwise(self.bounds)]
        octets = tuple(map(add, style.all_headers(len(payloads), reference), payloads))
        return tuple(map(len, octets)), octets

    def text_of(self, sequence: int) -> str:
        """The part of the text in the segment of that number."""
        return self.text[self.bounds[sequence - 1] : self.bounds[sequence]]

    @property
    def needed_reference(self) -> int:
        """The reference, 0 for one segment; raises ``FieldError("reference")`` where several have none."""
        if self.reference is None:
            if len(self.bounds) == 2:
                return 0
            raise FieldError(
                "reference",
                f"a message of {len(self)} segments needs one: take it from a ReferenceCounter, "
                "and pass it to segment() or with_reference()",
            )
        return self.reference

    def with_reference(self, reference: int) -> SegmentedMessage:
        """The same message under another reference; raises ``FieldError`` for one that does not fit."""
        return replace(self, reference=reference)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Segment, ...]: ...
    def __getitem__(self, index: int | slice) -> Segment | tuple[Segment, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        return Segment(range(1, len(self.bounds))[index], self)

    def __iter__(self) -> Iterator[Segment]:
        for sequence in range(1, len(self.bounds)):
            segment: Any = new(_SegmentDraft)
            segment.sequence = sequence
            segment.message = self
            segment.__class__ = Segment
            yield segment

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


def cut_message(  # noqa: PLR0917  # the fields, which take their time by name
    text: str,
    measurement: Measurement,
    bounds: tuple[int, ...],
    reference: int | None,
    wide_reference: bool,
    header: UserDataHeader,
) -> SegmentedMessage:
    """A message of text that ``segmentation`` has cut."""
    message: Any = new(_MessageDraft)
    message.text = text
    message.measurement = measurement
    message.bounds = bounds
    message.reference = reference
    message.wide_reference = wide_reference
    message.header = header
    message.data = b""
    message._kept = None
    message.__class__ = SegmentedMessage
    return message  # type: ignore[no-any-return]  # it has become one


_SegmentDraft: Final = draft(Segment)
_MessageDraft: Final = draft(SegmentedMessage)


def check_bounds(name: str, bounds: object, end: int) -> None:
    """Raise ``FieldError(name)`` for other than whole numbers that ascend from 0 to the end."""
    given: tuple[Any, ...] = bounds if isinstance(bounds, tuple) else ()
    whole = len(given) > 1 and all(type(bound) is int for bound in given)
    if not whole or (given[0], given[-1]) != (0, end) or any(map(gt, given, given[1:])):
        raise FieldError(name, f"expected ascending whole numbers in a tuple, the first 0 and the last {end}")


def check_message(message: object) -> None:
    """Raise ``FieldError("message")`` for anything but a message, such as the text that one is made of."""
    if not isinstance(message, SegmentedMessage):
        raise FieldError("message", f"expected a SegmentedMessage (see segment()), got {type(message).__name__}")


def check_reference(reference: object, wide: object) -> None:
    """Raise ``FieldError("reference")`` for one that its octets cannot hold."""
    if reference is not None:
        check_whole("reference", reference, 0, 0xFFFF if wide else 0xFF)
