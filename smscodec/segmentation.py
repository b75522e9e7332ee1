"""From text to segments: detect, count, measure, segment.

Checks the arguments, chooses alphabet and tables, and cuts. The values and the room under a header are in ``message``,
the rule where a segment may end in ``_boundaries``, the choice of national tables in ``_national``, and the kernels
count text.

Reference: 3GPP TS 23.040, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final, Literal, Never

from smscodec import _kernels, gsm7
from smscodec._checks import Octets, as_text, check_whole
from smscodec._national import national_plan
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError, SegmentationError
from smscodec.graphemes import cluster_finder, whole_cluster_cuts
from smscodec.message import (
    MINIMUM_ROOM,
    Frame,
    Measurement,
    Room,
    SegmentedMessage,
    check_reference,
    cut_message,
    frame_of,
)
from smscodec.tables import NAMED_LANGUAGES, Languages, PermittedLanguages, check_languages, permitted_languages
from smscodec.udh import EMPTY, UserDataHeader

__all__ = ["backend", "count_segments", "detect", "measure", "segment", "segment_data", "shorten"]

_MAX_SEGMENTS: Final = 255

_NONE: Final[tuple[()]] = ()
"""No languages, the default: one object, so that a comparison by identity recognises it."""


def backend() -> Literal["c", "python"]:
    """The kernels that count and pack: ``"c"`` if the compiled module is in use, else ``"python"``.

    >>> backend() in ("c", "python")
    True
    """
    return _kernels.active.name


def detect(text: str, *, languages: Languages = _NONE) -> Alphabet:
    """The alphabet that ``text`` is sent in: the one that ``measure`` finds for it.

    Raises ``UnencodableError`` at a lone surrogate.

    >>> detect("5 €"), detect("5 ₽")
    (<Alphabet.GSM_7BIT: 0>, <Alphabet.UCS2: 2>)

    Reference: 3GPP TS 23.038, 6.2
    """
    return measure(text, languages=languages).alphabet


def count_segments(text: str) -> int:
    """Segments of ``text`` in the default alphabet, or UCS-2 where it has to be; 8-bit reference.

    The fast answer, of any length: ``measure(text).segments``. Raises ``UnencodableError`` at a lone surrogate.

    >>> count_segments("a" * 160), count_segments("a" * 161)
    (1, 2)

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    return _kernels.active.count_segments(text)


def measure(
    text: str,
    *,
    alphabet: Alphabet | str | None = None,
    languages: Languages = _NONE,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> Measurement:
    """Alphabet, units, segments and room of ``text``, of any length, without encoding it.

    ``alphabet`` forces GSM_7BIT or ``"gsm7"`` (``UnencodableError`` over the first character outside it) or UCS2 or
    ``"ucs2"``. ``languages`` are the national languages that you permit, by the enumeration, name or ISO 639-1 code,
    one or several, or ``"all"``: a national table is used only where it saves a segment. ``wide_reference`` counts with
    16-bit references, and ``header`` holds your own elements, repeated in every segment. Raises ``UnencodableError`` at
    a lone surrogate, ``SegmentationError`` where the header leaves no room for a character, ``FieldError`` for an
    impossible argument.

    >>> measure("5 €")[:5]
    (<Alphabet.GSM_7BIT: 0>, 4, 1, 160, 156)
    >>> measure("ş" * 71, languages="tr").tables
    ShiftTables(locking=<NationalLanguage.TURKISH: 1>, single=<NationalLanguage.DEFAULT: 0>)

    Reference: 3GPP TS 23.040, 9.2.3.24.1; 3GPP TS 23.038, 6.2.1.2
    """
    if type(text) is not str:
        text = as_text(text)
    try:
        frame: Frame = header.wide_frame if wide_reference else header.narrow_frame
    except AttributeError:
        frame = frame_of(header, wide_reference)
    number, units, doubled = _kernels.active.scan(text)
    if alphabet is not None:
        if alphabet is not _GSM_7BIT and alphabet is not _UCS2:
            alphabet = _forced(alphabet)
        if alphabet is _GSM_7BIT and number:
            return national_plan(text, permitted_languages(languages), frame) or _unencodable(text, frame)
        if alphabet is _UCS2 and not number:
            number, units, doubled = 2, len(text), 0  # a code unit for each character that GSM 7-bit holds
    if doubled and units > frame.rooms[number].single:
        plan = _plan_of_pairs(text, frame.rooms[number], units)
    else:
        try:
            plan = frame.answers[number][units]
        except IndexError:
            plan = None
    # Nothing takes fewer segments than one; a name of languages, or what was permitted before, needs no check.
    if plan is not None and (
        languages is _NONE
        or (
            plan.segments == 1
            and (languages in NAMED_LANGUAGES if type(languages) is str else type(languages) is PermittedLanguages)
        )
    ):
        return plan
    plan = plan or frame.rooms[number].measured(units)  # not asked before, or no room
    return _with_languages(text, languages, alphabet, frame, plan) or _no_room(frame)


def _plan_of_pairs(text: str, room: Room, units: int) -> Measurement | None:
    """The plan of several segments, where a character of two units may not fit behind the last one of a segment."""
    return room.plan(units, _kernels.active.waste(text, room.alphabet, max(room.limit, MINIMUM_ROOM)))


def _with_languages(
    text: str, languages: Languages, alphabet: object, frame: Frame, plan: Measurement | None
) -> Measurement | None:
    """A plan with a national table that takes fewer segments than ``plan``; else ``plan`` itself."""
    if languages is _NONE:
        return plan
    # Nothing takes fewer segments than one, and no table holds a character of two code units.
    final = plan is not None and (plan.segments == 1 or (plan.alphabet is _UCS2 and plan.units != len(text)))
    if final or alphabet is _UCS2:
        check_languages(languages)
        return plan
    permitted = permitted_languages(languages)
    return (permitted and national_plan(text, permitted, frame, below=plan and plan.segments)) or plan


_GSM_7BIT: Final = Alphabet.GSM_7BIT
_UCS2: Final = Alphabet.UCS2

_FORCED: Final[dict[object, Alphabet]] = {
    **dict.fromkeys((_GSM_7BIT, "gsm7", "gsm_7bit"), _GSM_7BIT),
    **dict.fromkeys((_UCS2, "ucs2"), _UCS2),
}


def _forced(alphabet: object) -> Alphabet:
    """The alphabet that a caller forces, by the enumeration or by name."""
    name = alphabet.lower() if isinstance(alphabet, str) else alphabet
    forced = _FORCED.get(name) if isinstance(name, (Alphabet, str)) else None  # an int may equal a member by chance
    if forced is None:
        raise FieldError("alphabet", f'expected GSM_7BIT ("gsm7") or UCS2 ("ucs2"), got {alphabet!r}')
    return forced


def _unencodable(text: str, frame: Frame) -> Never:
    """Raise at the first character outside the default alphabet, or because the header leaves no room."""
    gsm7.septet_length(text)
    _no_room(frame)


def _no_room(frame: Frame) -> Never:
    raise SegmentationError(f"a header of {frame.header_octets} octets leaves no room for a character")


def segment(
    text: str,
    *,
    alphabet: Alphabet | str | None = None,
    languages: Languages = _NONE,
    reference: int | None = None,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
    boundary: Literal["character", "grapheme"] = "character",
) -> SegmentedMessage:
    """Cut ``text`` into the segments that ``measure`` counts, with the same arguments.

    An escape pair and a surrogate pair are never split. ``boundary="grapheme"`` (extra ``grapheme``) also keeps
    grapheme clusters whole where that costs no segment (decision D9). ``reference`` (0–255, or 0–65535 when wide) goes
    into the concatenation element; without one you can look at a message of several segments but not send it. Raises
    what ``measure`` raises, ``SegmentationError`` above 255 segments and ``MissingExtraError``.

    >>> message = segment("a" * 152 + "€" + "b" * 7, reference=7)
    >>> [len(part.text) for part in message]
    [152, 8]
    >>> message.tp_ud[1].hex()
    '0500030702023665b1582c168bc5'

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    clusters = None if boundary == "character" else _finder_for(boundary)
    if reference is not None:
        check_whole("reference", reference, 0, 0xFFFF if wide_reference else 0xFF)
    if type(text) is not str:
        text = as_text(text)
    measurement = measure(text, alphabet=alphabet, languages=languages, wide_reference=wide_reference, header=header)
    if measurement.segments == 1:
        return cut_message(text, measurement, (0, len(text)), reference, bool(wide_reference), header)
    _check_segments(measurement.segments)
    cuts = _cuts(text, measurement)
    if clusters:
        cuts = _at_clusters(text, clusters(text), measurement, cuts)
    return cut_message(text, measurement, (0, *cuts, len(text)), reference, bool(wide_reference), header)


def _cuts(text: str, measurement: Measurement) -> Sequence[int]:
    """The indices of the characters that begin the second and later segments, each segment filled greedily."""
    limit = measurement.units_per_segment
    if measurement.units == len(text):
        return range(limit, len(text), limit)
    return _kernels.active.cuts(text, measurement.alphabet, limit, measurement.tables)


def _at_clusters(text: str, starts: list[int], measurement: Measurement, cuts: Sequence[int]) -> list[int]:
    doubled = frozenset(
        gsm7.doubles(measurement.tables)
        if measurement.alphabet is Alphabet.GSM_7BIT
        else (character for character in set(text) if character > "\uffff")
    )
    return whole_cluster_cuts(text, starts, doubled, measurement.units_per_segment, cuts)


def shorten(
    text: str,
    *,
    segments: int,
    ending: str = "",
    boundary: Literal["character", "grapheme"] = "character",
    languages: Languages = _NONE,
) -> str:
    """The longest start of ``text`` that fits ``segments`` together with the ``ending``; ``text`` itself if it fits.

    ``boundary="grapheme"`` (extra ``grapheme``) cuts between grapheme clusters only. ``languages`` are those of
    ``measure``. Raises ``SegmentationError`` where the ending alone takes more segments, ``FieldError`` for segments
    below 1 or another boundary, ``UnencodableError`` at a lone surrogate and ``MissingExtraError``.

    >>> short = shorten("a" * 200, segments=1, ending="...")
    >>> len(short), short[-4:]
    (160, 'a...')
    >>> shorten("Hello", segments=1, ending="...")
    'Hello'

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    clusters = _finder_for(boundary)
    check_whole("segments", segments, 1)
    text, ending, permitted = as_text(text), as_text(ending), permitted_languages(languages)

    def fits(shortened: str) -> bool:
        return measure(shortened, languages=permitted).segments <= segments

    if fits(text):
        return text
    if not fits(ending):
        needed = measure(ending, languages=permitted).segments
        raise SegmentationError(f"the ending alone takes {needed} segments, and {segments} are permitted", needed)
    # No character takes less than a septet, and a longer start never takes fewer segments: halving finds the longest.
    most = min(len(text), segments * frame_of(EMPTY, False).rooms[_GSM_7BIT].single)
    places = clusters(text) if clusters else range(most + 1)
    return text[: places[bisect_left(places, True, lo=1, key=lambda end: not fits(text[:end] + ending)) - 1]] + ending


def _finder_for(boundary: object) -> Callable[[str], list[int]] | None:
    """What finds the characters before which a text may be cut; None where that is any of them."""
    if boundary not in ("character", "grapheme"):
        raise FieldError("boundary", f"expected 'character' or 'grapheme', got {boundary!r}")
    return cluster_finder() if boundary == "grapheme" else None


def segment_data(
    data: Octets,
    *,
    reference: int | None = None,
    wide_reference: bool = False,
    header: UserDataHeader = EMPTY,
) -> SegmentedMessage:
    """Cut 8-bit data into segments; units are octets and every ``text`` is empty.

    Raises ``SegmentationError`` above 255 segments or where the header leaves no room, and ``FieldError`` for data that
    are not octets, a reference out of range, or a concatenation or shift element in ``header``.

    >>> [part.units for part in segment_data(bytes(200), reference=7)]
    [134, 66]

    Reference: 3GPP TS 23.040, 9.2.3.24.1
    """
    check_reference(reference, wide_reference)
    try:
        held = memoryview(data).tobytes()
    except TypeError:
        kind = type(data).__name__
        raise FieldError("data", f"expected octets, such as bytes, got {kind}; segment() takes text") from None
    frame = frame_of(header, wide_reference)
    measurement = frame.rooms[Alphabet.DATA_8BIT].plan(len(held))
    if measurement is None:
        _no_room(frame)
    _check_segments(measurement.segments)
    limit = measurement.units_per_segment
    bounds = (*range(0, measurement.segments * limit, limit), len(held))
    return SegmentedMessage("", measurement, bounds, reference, bool(wide_reference), header, held)


def _check_segments(segments: int) -> None:
    if segments > _MAX_SEGMENTS:
        raise SegmentationError(f"{segments} segments; a message has at most {_MAX_SEGMENTS}", segments)
