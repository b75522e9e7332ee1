"""From text to segments: detect, count, measure, segment.

Decides nothing about alphabets or tables (``planning``) and moves no bits (the kernels, ``userdata``); it checks what
the caller asks for and puts the parts together.

Reference: 3GPP TS 23.040, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal, Never, overload

from smscodec import _kernels, gsm7, ucs2
from smscodec._checks import Octets, as_text, check_whole
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, SegmentationError
from smscodec.graphemes import cluster_finder, whole_cluster_cuts
from smscodec.planning import (
    MINIMUM_ROOM,
    ONE_SEGMENT,
    PLAIN,
    Frame,
    Measurement,
    ValidLanguages,
    base_plan,
    doubles,
    national_plan,
    several_segments,
    ucs2_plan,
)
from smscodec.tables import DEFAULT_TABLES, NationalLanguage, ShiftTables
from smscodec.udh import (
    EMPTY,
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    UserDataHeader,
)
from smscodec.userdata import UserData

__all__ = [
    "Measurement",
    "Segment",
    "SegmentedMessage",
    "backend",
    "count_segments",
    "detect",
    "measure",
    "segment",
    "segment_data",
]

_MAX_SEGMENTS: Final = 255

_NONE: Final[tuple[NationalLanguage, ...]] = ()
"""No languages, as most callers permit: one and the same tuple, which is quicker to recognise than an equal one."""


def backend() -> Literal["c", "python"]:
    """Which kernels count and pack: ``"c"`` where the compiled module is live, else ``"python"``."""
    return _kernels.active.name


def detect(text: str, *, languages: Iterable[NationalLanguage] = ()) -> Alphabet:
    """The alphabet that ``text`` is sent in: the one that ``measure`` finds for it.

    Raises ``UnencodableError`` at a lone surrogate.

    Reference: 3GPP TS 23.038, 6.2
    """
    if languages == ():
        return Alphabet(_scan(as_text(text))[0])
    return measure(text, languages=languages).alphabet


# The kernel's function itself, which sees to the type: a call around it would take a fifth of the time. It is pickled
# under the public name, for the reader of the pickle may have another backend.
count_segments = _kernels.active.count_segments
count_segments.__module__ = __name__
count_segments.__name__ = count_segments.__qualname__ = "count_segments"
count_segments.__doc__ = """Segments of ``text`` in the default alphabet, or UCS-2 where it has to be; 8-bit reference.

    The fast answer to the commonest question, equal to ``measure(text).segments`` for a text of any length. Raises
    ``UnencodableError`` at a lone surrogate.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """


def measure(
    text: str,
    *,
    alphabet: Alphabet | None = None,
    languages: Iterable[NationalLanguage] = _NONE,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> Measurement:
    """Alphabet, units, segments and room of ``text``, of any length, without encoding it.

    ``alphabet`` forces GSM_7BIT (``UnencodableError`` over the first character outside it) or UCS2. ``languages`` are
    the national languages that the caller permits: a national table is used only where it saves a segment.
    ``wide_reference`` counts with 16-bit references, and ``header`` holds the caller's own elements, repeated in every
    segment. Raises ``UnencodableError`` at a lone surrogate, ``SegmentationError`` where the header leaves no room for
    a character, ``FieldError`` for an impossible argument.

    Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.2
    """
    if type(text) is not str:
        text = as_text(text)
    if languages is not _NONE and languages is not _valid.languages:
        languages = _valid.checked(languages)
    if alphabet is None and header is EMPTY and not wide_reference:
        number, units, doubled = _scan(text)
        most, plans = ONE_SEGMENT[number]
        if units <= most:
            return plans[units]
        plan = several_segments(text, number, units, doubled)
        return plan if languages is _NONE else _with_languages(text, languages, PLAIN, plan)
    frame = Frame(_header_octets(header), wide_reference)
    if alphabet is None:
        return _with_languages(text, languages, frame, base_plan(text, frame))
    return _measure_as(text, alphabet, languages, frame)


_scan = _kernels.active.scan
_valid = ValidLanguages()


def _with_languages(
    text: str, languages: Iterable[NationalLanguage], frame: Frame, plan: Measurement | None
) -> Measurement:
    """The base plan, or a national one that takes fewer segments."""
    if plan is None:
        return national_plan(text, languages, frame, below=None) or _no_room(frame)
    # One segment cannot be fewer, and a character above U+FFFF is in no table.
    if plan.segments == 1 or (plan.alphabet is Alphabet.UCS2 and plan.units != len(text)):
        return plan
    return national_plan(text, languages, frame, below=plan.segments) or plan


def _measure_as(text: str, alphabet: Alphabet, languages: Iterable[NationalLanguage], frame: Frame) -> Measurement:
    if alphabet == Alphabet.UCS2:
        return ucs2_plan(text, frame) or _no_room(frame)
    if alphabet != Alphabet.GSM_7BIT:
        raise FieldError("alphabet", f"{alphabet!r} holds no text: use GSM_7BIT or UCS2")
    if _scan(text)[0] == Alphabet.GSM_7BIT:
        return _with_languages(text, languages, frame, base_plan(text, frame))
    plan = national_plan(text, languages, frame, below=None)
    if plan is None:
        gsm7.septet_length(text)  # raises over the first offender
        _no_room(frame)
    return plan


def segment(
    text: str,
    *,
    alphabet: Alphabet | None = None,
    languages: Iterable[NationalLanguage] = (),
    reference: int | None = None,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
    boundary: Literal["character", "grapheme"] = "character",
) -> SegmentedMessage:
    """Cut ``text`` into the segments that ``measure`` counts, with the same arguments.

    An escape pair and a surrogate pair are never split. ``boundary="grapheme"`` (extra ``grapheme``) also keeps
    grapheme clusters whole where that costs no segment (decision D9). ``reference`` (0–255, or 0–65535 when wide) goes
    into the concatenation element; without one a message of several segments can be looked at but not sent. Raises
    what ``measure`` raises, ``SegmentationError`` above 255 segments and ``MissingExtraError``.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    if boundary not in ("character", "grapheme"):
        raise FieldError("boundary", f"{boundary!r} is neither 'character' nor 'grapheme'")
    clusters = cluster_finder() if boundary == "grapheme" else None
    _check_reference(reference, wide_reference)
    text = as_text(text)
    measurement = measure(text, alphabet=alphabet, languages=languages, wide_reference=wide_reference, header=header)
    _check_segments(measurement.segments)
    cuts: list[int] = []
    if measurement.segments > 1:
        doubled, limit = doubles(measurement.alphabet, measurement.tables), measurement.units_per_segment
        cuts = _kernels.active.cuts(text, doubled, limit)
        if clusters:
            cuts = _at_clusters(text, clusters(text), measurement, cuts)
    return SegmentedMessage(text, measurement, (0, *cuts, len(text)), reference, bool(wide_reference), header)


def _at_clusters(text: str, starts: list[int], measurement: Measurement, cuts: list[int]) -> list[int]:
    doubled = frozenset(
        gsm7.doubles(measurement.tables)
        if measurement.alphabet is Alphabet.GSM_7BIT
        else (character for character in set(text) if character > "\uffff")
    )
    return whole_cluster_cuts(text, starts, doubled, measurement.units_per_segment, cuts)


def segment_data(
    data: Octets,
    *,
    reference: int | None = None,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> SegmentedMessage:
    """Cut 8-bit data into segments; units are octets and every ``text`` is empty.

    Raises ``SegmentationError`` above 255 segments or where the header leaves no room, ``FieldError`` for a reference
    out of range or a concatenation or shift element in ``header``.

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    _check_reference(reference, wide_reference)
    octets = memoryview(data).tobytes()
    frame = Frame(_header_octets(header), wide_reference)
    single, limit = frame.rooms(Alphabet.DATA_8BIT)
    per_segment = single if len(octets) <= single else limit
    if per_segment < MINIMUM_ROOM:
        _no_room(frame)
    segments = max(1, -(-len(octets) // per_segment))
    _check_segments(segments)
    remaining = segments * per_segment - len(octets)
    measurement = Measurement(Alphabet.DATA_8BIT, len(octets), segments, per_segment, remaining, DEFAULT_TABLES)
    bounds = (*range(0, segments * per_segment, per_segment), len(octets))
    return SegmentedMessage("", measurement, bounds, reference, bool(wide_reference), header, octets)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its part of the text, and the user data that carry it, built when asked for."""

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
        alphabet, tables = self.message.alphabet, self.message.tables
        if alphabet is Alphabet.GSM_7BIT:
            payload = gsm7.encode(self.text, tables)
        else:
            payload = ucs2.encode(self.text) if alphabet is Alphabet.UCS2 else self.data
        return UserData(alphabet, payload, self._header())

    def _header(self) -> UserDataHeader:
        """Concatenation, single shift, locking shift, then the caller's elements in the caller's order."""
        message = self.message
        elements: list[InformationElement] = []
        if len(message) > 1:
            if message.reference is None:
                raise FieldError(
                    "reference",
                    f"a message of {len(message)} segments needs one: take it from a ReferenceCounter, "
                    "and pass it to segment() or with_reference()",
                )
            elements.append(Concatenation(message.reference, len(message), self.sequence, wide=message.wide_reference))
        if message.tables.single:
            elements.append(NationalLanguageSingleShift(message.tables.single))
        if message.tables.locking:
            elements.append(NationalLanguageLockingShift(message.tables.locking))
        return UserDataHeader([*elements, *message.header.elements]) if elements else message.header


@dataclass(frozen=True, slots=True)
class SegmentedMessage(Sequence[Segment]):
    """A message cut into segments, which are made as they are asked for.

    ``text`` is the whole text, ``measurement`` what it costs; ``bounds`` are the places where segments begin, and the
    end: indices into ``text``, or into ``data`` for 8-bit data.
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

    def with_reference(self, reference: int) -> SegmentedMessage:
        """The same message under another reference; raises ``FieldError`` for one that does not fit."""
        _check_reference(reference, self.wide_reference)
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

    def _repr_html_(self) -> str:
        """The segments as a notebook shows them: a table of number, units used of the room, and text or octets."""
        from smscodec.display import html as display_html  # noqa: PLC0415  # it brings HTML's entities along, which only notebooks need

        heading = f"{self.alphabet.name}, segments: {len(self)}"
        parts = [(part.text or part.data.hex(" "), part.units) for part in self]
        return display_html.segments_html(heading, parts, self.measurement.units_per_segment)


# Concatenation with 8- and 16-bit reference, single shift, locking shift.
_OWN_ELEMENTS: Final = frozenset({0x00, 0x08, 0x24, 0x25})


def _header_octets(header: UserDataHeader) -> int:
    if not isinstance(header, UserDataHeader):
        raise FieldError("header", f"{type(header).__name__} is no UserDataHeader")
    if header.ignored:
        raise FieldError("header", "it holds no elements that a receiver would read")
    for element in header.elements:
        if element.iei in _OWN_ELEMENTS:
            raise FieldError("header", f"element 0x{element.iei:02X} is added by the segmentation itself")
    return header.octet_length


def check_message(message: object) -> None:
    """Raise ``FieldError("message")`` for anything but a message, such as the text that one is made of."""
    if not isinstance(message, SegmentedMessage):
        raise FieldError("message", f"{message!r} is no SegmentedMessage, which segment makes of a text")


def _check_reference(reference: object, wide: bool) -> None:
    highest = 0xFFFF if wide else 0xFF
    if reference is not None:
        check_whole("reference", reference, 0, highest)


def _check_segments(segments: int) -> None:
    if segments > _MAX_SEGMENTS:
        raise SegmentationError(f"{segments} segments; a message has at most {_MAX_SEGMENTS}", segments)


def _no_room(frame: Frame) -> Never:
    raise SegmentationError(f"a header of {frame.header_octets} octets leaves no room for a character")
