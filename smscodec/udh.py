"""Information elements and the user data header that carries them.

Each element of known content has a class; any other is an ``OpaqueElement``, so that what was read is written back
unchanged. Knows octets and nothing of text or alphabets.

Reference: 3GPP TS 23.040, 9.2.3.24
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self, TypeVar

from smscodec._checks import Octets, check_whole
from smscodec._values import TypedValue, Value, keep, new
from smscodec.dcs import IndicationType
from smscodec.errors import DecodeError, FieldError
from smscodec.tables import DEFAULT_TABLES, LOCKING_SHIFT, SINGLE_SHIFT, NationalLanguage, ShiftTables

__all__ = [
    "EMPTY",
    "ApplicationPort",
    "Concatenation",
    "InformationElement",
    "NationalLanguageLockingShift",
    "NationalLanguageSingleShift",
    "OpaqueElement",
    "SpecialMessageIndication",
    "UserDataHeader",
]


@dataclass(frozen=True, slots=True, repr=False)
class Concatenation(TypedValue):
    """One segment of a concatenated message: ``sequence`` of ``total``, with an 8-bit or (``wide``) 16-bit reference.

    Raises ``FieldError`` for a reference that does not fit, a total outside 1–255 and a sequence outside 1–total.

    >>> Concatenation(42, total=3, sequence=1).data.hex()
    '2a0301'

    Reference: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
    """

    reference: int
    total: int
    sequence: int
    wide: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "wide", bool(self.wide))
        check_whole("reference", self.reference, 0, 0xFFFF if self.wide else 0xFF)
        check_whole("total", self.total, 1, 255)
        check_whole("sequence", self.sequence, 1, self.total)

    @property
    def iei(self) -> int:
        """The identifier: 0x00, or 0x08 for a 16-bit reference."""
        return 0x08 if self.wide else 0x00

    @property
    def data(self) -> bytes:
        """The element's content."""
        return self.reference.to_bytes(1 + self.wide) + bytes([self.total, self.sequence])

    @classmethod
    def _read(cls, iei: int, data: bytes) -> Self:
        return cls(int.from_bytes(data[:-2]), data[-2], data[-1], wide=iei == 0x08)


@dataclass(frozen=True, slots=True, repr=False)
class ApplicationPort(TypedValue):
    """The application ports that a message is sent to and from, of 16 bits or (``wide=False``) 8.

    Raises ``FieldError`` for a port that does not fit.

    >>> ApplicationPort(2948, 9200).data.hex()
    '0b8423f0'

    Reference: 3GPP TS 23.040, 9.2.3.24.3 and 9.2.3.24.4
    """

    destination: int
    originator: int
    wide: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "wide", bool(self.wide))
        for name in ("destination", "originator"):
            check_whole(name, getattr(self, name), 0, 0xFFFF if self.wide else 0xFF)

    @property
    def iei(self) -> int:
        """The identifier: 0x05, or 0x04 for 8-bit ports."""
        return 0x05 if self.wide else 0x04

    @property
    def data(self) -> bytes:
        """The element's content."""
        width = 1 + self.wide
        return self.destination.to_bytes(width) + self.originator.to_bytes(width)

    @property
    def reserved(self) -> bool:
        """Whether a port is reserved: from 49152 on of 16 bits, below 240 of 8 (decision D36)."""
        ports = (self.destination, self.originator)
        return max(ports) >= 49152 if self.wide else min(ports) < 240

    @classmethod
    def _read(cls, iei: int, data: bytes) -> Self:
        half = len(data) // 2
        return cls(int.from_bytes(data[:half]), int.from_bytes(data[half:]), wide=iei == 0x05)


@dataclass(frozen=True, slots=True, repr=False)
class _NationalLanguageShift(TypedValue):
    """What the two elements share that ask for a table of a language."""

    language: NationalLanguage
    iei: ClassVar[int]
    _tables: ClassVar[Mapping[NationalLanguage, str]]

    def __post_init__(self) -> None:
        if self.language not in self._tables or self.language == NationalLanguage.DEFAULT:
            raise FieldError("language", f"{self.language!r} has no national table of this kind")
        object.__setattr__(self, "language", NationalLanguage(self.language))

    @property
    def data(self) -> bytes:
        """The element's content."""
        return bytes([self.language])

    @classmethod
    def _read(cls, _iei: int, data: bytes) -> Self:
        return cls(data[0])  # type: ignore[arg-type]  # the constructor makes it a NationalLanguage or refuses it


class NationalLanguageSingleShift(_NationalLanguageShift):
    """The text's escaped codes are those of this language's single shift table.

    Raises ``FieldError`` for a language without such a table (decision D23).

    >>> NationalLanguageSingleShift(NationalLanguage.SPANISH).data.hex()
    '02'

    Reference: 3GPP TS 23.040, 9.2.3.24.15
    """

    __slots__ = ()
    iei = 0x24
    _tables = SINGLE_SHIFT


class NationalLanguageLockingShift(_NationalLanguageShift):
    """The text's main table is this language's locking shift table.

    Raises ``FieldError`` for a language without such a table, Spanish among them (decisions D23, D24).

    >>> NationalLanguageLockingShift(NationalLanguage.TURKISH).data.hex()
    '01'

    Reference: 3GPP TS 23.040, 9.2.3.24.16
    """

    __slots__ = ()
    iei = 0x25
    _tables = LOCKING_SHIFT


@dataclass(frozen=True, slots=True, repr=False)
class SpecialMessageIndication(TypedValue):
    """``count`` messages of a ``type`` wait; ``store`` says whether this message is to be kept once shown.

    ``profile`` is the subscriber's, 1–4; ``extended_type`` 0–7 says more about ``IndicationType.OTHER``. Raises
    ``FieldError`` for values out of range.

    >>> SpecialMessageIndication(IndicationType.VOICEMAIL, count=2, store=True).data.hex()
    '8002'

    Reference: 3GPP TS 23.040, 9.2.3.24.2
    """

    type: IndicationType
    count: int
    store: bool = False
    profile: int = 1
    extended_type: int = 0
    iei: ClassVar[int] = 0x01

    def __post_init__(self) -> None:
        check_whole("type", self.type, 0, 3)
        check_whole("count", self.count, 0, 255)
        check_whole("profile", self.profile, 1, 4)
        check_whole("extended_type", self.extended_type, 0, 7)
        object.__setattr__(self, "type", IndicationType(self.type))
        object.__setattr__(self, "store", bool(self.store))

    def as_dict(self) -> dict[str, Any]:
        """``type``, the name of the class, and the fields; the field ``type`` goes by the name ``indication``."""
        rest = {name: getattr(self, name) for name in ("count", "store", "profile", "extended_type")}
        return {"type": "SpecialMessageIndication", "indication": self.type.name, **rest}

    @property
    def data(self) -> bytes:
        """The element's content."""
        return bytes([self.store << 7 | (self.profile - 1) << 5 | self.extended_type << 2 | self.type, self.count])

    @classmethod
    def _read(cls, _iei: int, data: bytes) -> Self:
        octet, count = data
        return cls(
            IndicationType(octet & 0b11),
            count,
            store=bool(octet & 0x80),
            profile=(octet >> 5 & 0b11) + 1,
            extended_type=octet >> 2 & 0b111,
        )


_Known = (
    Concatenation
    | ApplicationPort
    | NationalLanguageSingleShift
    | NationalLanguageLockingShift
    | SpecialMessageIndication
)

# Identifier to the class of its content and the length that content must have.
_KNOWN: Final[dict[int, tuple[type[_Known], int]]] = {
    0x00: (Concatenation, 3),
    0x01: (SpecialMessageIndication, 2),
    0x04: (ApplicationPort, 2),
    0x05: (ApplicationPort, 4),
    0x08: (Concatenation, 4),
    0x24: (NationalLanguageSingleShift, 1),
    0x25: (NationalLanguageLockingShift, 1),
}


@dataclass(frozen=True, slots=True, repr=False)
class OpaqueElement(TypedValue):
    """An element without a class of its own, or a known one whose content its class refuses.

    Raises ``FieldError`` for an identifier outside 0–255, for more than 255 octets of data, and for content that a
    known class would take: so each element on the wire has exactly one value here.

    >>> OpaqueElement(0x70, b"\\x01").as_dict()
    {'type': 'OpaqueElement', 'iei': 112, 'data': '01'}

    Reference: 3GPP TS 23.040, 9.2.3.24
    """

    iei: int
    data: bytes

    def __post_init__(self) -> None:
        check_whole("iei", self.iei, 0, 0xFF)
        object.__setattr__(self, "data", memoryview(self.data).tobytes())
        check_whole("data", len(self.data), 0, 0xFF)
        if _known(self.iei, self.data) is not None:
            raise FieldError("iei", f"content of element 0x{self.iei:02X} belongs in {_KNOWN[self.iei][0].__name__}")


InformationElement = _Known | OpaqueElement


def _known(iei: int, data: bytes) -> _Known | None:
    element, length = _KNOWN.get(iei, (None, 0))
    if element is None or len(data) != length:
        return None
    try:
        return element._read(iei, data)
    except FieldError:
        return None


_Element = TypeVar("_Element")


class _Kept:
    """What is kept on a header (see ``keep``): its octets, and the frames that ``message`` makes of it."""

    __slots__ = ("narrow_frame", "octets", "wide_frame")

    narrow_frame: Any
    octets: bytes
    wide_frame: Any


class _SplitWhenAsked:
    """A field of a header that was read, or made for a segment, which has only its octets at first.

    Most callers want the octets or the text behind them and nothing else. It stands before the slot of the field, where
    ``__getattr__`` would make every other attribute slower, and with them ``measure``.
    """

    def __init__(self, slot: Any) -> None:
        self._slot = slot

    def __get__(self, header: UserDataHeader | None, owner: type) -> Any:
        if header is None:
            return self
        try:
            return self._slot.__get__(header)
        except AttributeError:
            header._split()
            return self._slot.__get__(header)

    def __set__(self, header: UserDataHeader, value: Any) -> None:
        self._slot.__set__(header, value)


@dataclass(frozen=True, slots=True, repr=False, init=False)
class UserDataHeader(_Kept, Value):
    """The elements of a header, in the order of the wire.

    ``ignored`` holds the octets, UDHL octet included, of a header that has no elements to show: one that could not be
    split, or an empty one (decision D17). Raises ``FieldError`` when the elements take more than the 255 octets that
    UDHL can count, and for ``ignored`` octets that would be read otherwise.

    >>> header = UserDataHeader([Concatenation(42, total=3, sequence=1)])
    >>> header.to_bytes().hex()
    '0500032a0301'
    >>> UserDataHeader.from_bytes(header.to_bytes()).concatenation.sequence
    1

    Reference: 3GPP TS 23.040, 9.2.3.24
    """

    elements: tuple[InformationElement, ...] = ()
    ignored: bytes = field(default=b"", kw_only=True)

    def __init__(self, elements: Iterable[InformationElement] = (), *, ignored: bytes = b"") -> None:
        object.__setattr__(self, "elements", tuple(elements))
        object.__setattr__(self, "ignored", memoryview(ignored).tobytes())
        for element in self.elements:
            if not isinstance(element, InformationElement):
                raise FieldError("elements", f"expected information elements, got {element!r}")
        if self.ignored and (self.elements or not _is_ignored(self.ignored)):
            raise FieldError("ignored", "must be octets in which no element is found, and stand alone")
        keep(self, "octets", _written(self.elements) if self.elements else self.ignored)

    @property
    def octet_length(self) -> int:
        """Octets on the wire, UDHL octet included; 0 without elements."""
        return len(self.to_bytes())

    @property
    def truncated(self) -> bool:
        """Whether UDHL passed the end of what was read, so that nothing can follow the header (decision D17)."""
        octets = self.to_bytes()
        return bool(octets) and len(octets) <= octets[0]

    def to_bytes(self) -> bytes:
        """The header as octets, beginning with UDHL; ``b""`` without elements."""
        try:
            return self.octets
        except AttributeError:  # a copy, or one that was pickled
            keep(self, "octets", _written(self.elements) if self.elements else self.ignored)
            return self.octets

    @classmethod
    def of_octets(cls, octets: bytes) -> Self:
        """The header in these octets, UDHL included, which are parsed when its elements are first asked for."""
        header = new(cls)
        _set_octets(header, octets)
        return header

    def _split(self) -> None:
        try:
            elements = tuple(_elements(self.octets, 1 + self.octets[0], strict=False))
        except DecodeError:
            elements = ()
        keep(self, "elements", elements)
        keep(self, "ignored", b"" if elements else self.octets)

    @classmethod
    def from_bytes(cls, octets: Octets, *, strict: bool = False) -> Self:
        """Read a header from octets that begin with UDHL; what follows the header is left alone.

        Lenient reading ignores the whole header when its elements do not fill it exactly or UDHL passes the end of the
        octets, and keeps those octets in ``ignored`` (decision D17). ``strict`` raises ``DecodeError``:
        ``"ud.udhl"`` for a length that does not fit the octets, ``"ud.udh.ie"`` at the identifier of an element that
        does not fit the header or whose content a receiver must ignore (decisions D19, D23, D24, D36).
        """
        data = octets if type(octets) is bytes else memoryview(octets).tobytes()
        if not data:
            return cls()
        end = 1 + data[0]
        if strict:
            if len(data) != end:
                offset = 0 if len(data) < end else end
                raise DecodeError("ud.udhl", offset, f"UDHL counts {data[0]} octets, {len(data) - 1} follow")
            for _ in _elements(data, end, strict=True):
                pass  # each is looked at as it is split off
        return cls.of_octets(data[:end])

    @property
    def concatenation(self) -> Concatenation | None:
        """The concatenation in force: the last of 8- and 16-bit reference alike, or None (decision D18)."""
        return self._last(Concatenation)

    @property
    def application_port(self) -> ApplicationPort | None:
        """The application ports in force: the last of either width, or None (decision D18)."""
        return self._last(ApplicationPort)

    @property
    def shift_tables(self) -> ShiftTables:
        """The tables that the header asks for: of each kind the last usable element (decisions D18, D23)."""
        octets = self.to_bytes()
        if 0x24 not in octets and 0x25 not in octets:  # as in most headers, and so there is nothing to split
            return DEFAULT_TABLES
        single = locking = NationalLanguage.DEFAULT
        for element in self.elements:
            if isinstance(element, NationalLanguageSingleShift):
                single = element.language
            elif isinstance(element, NationalLanguageLockingShift):
                locking = element.language
        return ShiftTables(locking, single) if single or locking else DEFAULT_TABLES

    def _last(self, kind: type[_Element]) -> _Element | None:
        return next((element for element in reversed(self.elements) if isinstance(element, kind)), None)


_set_octets: Final[Callable[[UserDataHeader, bytes], None]] = vars(_Kept)["octets"].__set__

for _field in ("elements", "ignored"):
    setattr(UserDataHeader, _field, _SplitWhenAsked(getattr(UserDataHeader, _field)))


def _written(elements: tuple[InformationElement, ...]) -> bytes:
    content = b"".join(bytes([element.iei, len(element.data)]) + element.data for element in elements)
    if len(content) > 0xFF:
        raise FieldError("elements", f"they take {len(content)} octets, where UDHL can count at most 255")
    return bytes([len(content)]) + content


def _elements(data: bytes, end: int, *, strict: bool) -> Iterator[InformationElement]:
    """Split ``data[1:end]``; raises ``DecodeError`` where the elements do not fill it exactly."""
    position = 1
    while position < end:
        content = position + 2
        after = content + data[position + 1] if content <= min(end, len(data)) else end + 1
        if after > min(end, len(data)):
            raise DecodeError("ud.udh.ie", position, "the element runs past the end of the header")
        iei, octets = data[position], data[content:after]
        element = _known(iei, octets)
        if strict and _to_be_ignored(iei, element):
            raise DecodeError("ud.udh.ie", position, f"element 0x{iei:02X} cannot hold {octets.hex(' ') or 'nothing'}")
        yield element or OpaqueElement(iei, octets)
        position = after


def _is_ignored(octets: bytes) -> bool:
    """Whether the octets are all of one header that lenient reading finds no elements in."""
    end = 1 + octets[0]
    try:
        return len(octets) <= end and not tuple(_elements(octets, end, strict=False))
    except DecodeError:
        return True


def _to_be_ignored(iei: int, element: _Known | None) -> bool:
    """Whether the element is a known one that a receiver must ignore for its content."""
    if isinstance(element, ApplicationPort):
        return element.reserved
    return element is None and iei in _KNOWN


EMPTY: Final = UserDataHeader()
"""The header without elements, which takes no octets."""
