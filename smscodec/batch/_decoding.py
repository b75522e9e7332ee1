"""TP-UD of many messages to text, and to what their concatenation elements say.

The kernel reads as a lenient receiver does, and says of each row whether it had to make do: strict reading has another
look at those alone.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Literal, overload

from smscodec import _kernels, ucs2
from smscodec._checks import Octets, check_whole, octets
from smscodec._kernels.octets import LENIENTLY, NULL, UNREADABLE, Texts, UserDataColumn
from smscodec.batch._measuring import column_of, octets_of
from smscodec.dcs import Alphabet
from smscodec.errors import DecodeError, FieldError, UndecodableError
from smscodec.userdata import UserData

__all__ = ["DecodedBatch", "decode_many"]

_ROWS_A_BLOCK: Final = 16_384

EIGHT_BIT: Final = "8-bit data"
UNKNOWN: Final = "unknown alphabet"


class DecodedBatch(Sequence[str | None]):
    """The texts of many rows of TP-UD, as columns and as a sequence of str (None for a null).

    The text of row i is ``data[offsets[i]:offsets[i + 1]]``, in UTF-8. ``reference`` (16-bit unsigned integers),
    ``total``, ``sequence`` and ``wide`` (octets; 1 for a reference of 16 bits) are what the concatenation element in
    force says, all 0 without one. ``offsets`` are 32-bit signed integers unless there are 2 GiB of text or
    more, which take 64. All are read-only buffers that numpy and Arrow (string or large_string) take without a copy.
    ``unreadable`` counts the rows that became nulls by the reason: ``"8-bit data"`` and ``"unknown alphabet"``.

    >>> from array import array
    >>> tp_ud = bytes.fromhex("050003070201dd")
    >>> batch = decode_many(tp_ud, array("i", [0, 7]), tp_udl=[8], alphabets=0, has_header=True)
    >>> batch[0], batch.reference[0], batch.total[0], batch.sequence[0]
    ('n', 7, 2, 1)
    """

    __slots__ = ("_null", "data", "offsets", "reference", "sequence", "total", "unreadable", "wide")

    data: memoryview
    offsets: memoryview
    reference: memoryview
    total: memoryview
    sequence: memoryview
    wide: memoryview
    unreadable: dict[str, int]

    def __init__(self, texts: Texts, unreadable: dict[str, int]) -> None:
        self.data, self.offsets = memoryview(texts.data).toreadonly(), memoryview(texts.offsets).toreadonly()
        self.reference, self.total = memoryview(texts.references).toreadonly(), memoryview(texts.totals).toreadonly()
        self.sequence, self.wide = memoryview(texts.sequences).toreadonly(), memoryview(texts.wide).toreadonly()
        self.unreadable = unreadable
        self._null = texts.states.translate(_IS_NULL)

    @property
    def validity(self) -> bytes | None:
        """A bit per row, least significant first as in Arrow, clear for a null; None if there are no nulls."""
        if 1 not in self._null:
            return None
        eights = (self._null[i : i + 8] for i in range(0, len(self._null), 8))
        return bytes(sum(1 << bit for bit, null in enumerate(eight) if not null) for eight in eights)

    def __len__(self) -> int:
        return len(self.total)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...
    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return [self._text(row) for row in range(len(self))[index]]
        return self._text(range(len(self))[index])

    def __iter__(self) -> Iterator[str | None]:
        return map(self._text, range(len(self)))

    def _text(self, row: int) -> str | None:
        return None if self._null[row] else str(self.data[self.offsets[row] : self.offsets[row + 1]], "utf-8")

    def __repr__(self) -> str:
        return f"<DecodedBatch: {len(self)} rows, {sum(self.unreadable.values())} unreadable>"


_IS_NULL: Final = bytes(state in (NULL, UNREADABLE) for state in range(256))


def decode_many(
    data: Octets,
    offsets: Any,
    *,
    tp_udl: Octets | Iterable[int],
    alphabets: Alphabet | int | Octets | Iterable[int],
    has_header: bool | Octets | Iterable[int],
    offset_width: Literal[4, 8] = 4,
    validity: Octets | None = None,
    validity_offset: int = 0,
    strict: bool = False,
    first_index: int = 0,
) -> DecodedBatch:
    """Read rows of TP-UD that lie one after the other, as Arrow lays columns out: ``UserData.from_bytes(…).text()``
    of each.

    Data, offsets and validity are those of ``measure_utf8``, and a null stays a null. ``tp_udl`` is an octet a row,
    ``alphabets`` the number of an ``Alphabet`` and ``has_header`` TP-UDHI, an octet a row or one for all.

    Reading is lenient: octets that are missing or too many, headers and codes that are not in order are read as a
    receiver does, whatever the octets, a byte order mark among them (decision D38). A row whose alphabet holds no
    text becomes a null, counted in ``unreadable``. ``strict`` raises in place of both: ``DecodeError``,
    ``UndecodableError``, or ``FieldError("alphabets")``. Raises ``FieldError`` for offsets that lie and for columns
    of another length. An error over a row names its index, counted from ``first_index``.

    >>> from array import array
    >>> ends = array("i", [0, 1, 2])
    >>> decode_many(b"\\x61\\x00", ends, tp_udl=[1, 1], alphabets=Alphabet.GSM_7BIT, has_header=False)[:]
    ['a', '@']

    Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24
    """
    check_whole("first_index", first_index, 0)
    held = column_of(data, offsets, offset_width, validity, validity_offset)
    rows = held.rows
    column = UserDataColumn(
        held,
        _octet_a_row("tp_udl", tp_udl, rows),
        _octet_a_row("alphabets", alphabets, rows),
        _octet_a_row("has_header", has_header, rows),
        marks=not strict,
        read_one=partial(_read_one, marks=not strict),
    )
    texts, unreadable = Texts(), Counter[str]()
    for first in range(0, rows, _ROWS_A_BLOCK):
        wanted = min(_ROWS_A_BLOCK, rows - first)
        done = _kernels.active.decode(column, first, wanted, texts)
        if done < wanted:
            octets_of(held, first + done, f"message {first_index + first + done}")  # raises its error
        states = bytes(texts.states[first:])
        if strict:
            _read_strictly(column, first, states, first_index)
        for row in _places(states, UNREADABLE):
            unreadable[EIGHT_BIT if column.alphabets[first + row] == Alphabet.DATA_8BIT else UNKNOWN] += 1
    return DecodedBatch(texts, dict(unreadable))


def _octet_a_row(name: str, values: Any, rows: int) -> memoryview:
    """A column of octets, of a buffer, numbers, or one number for all."""
    if isinstance(values, int):
        check_whole(name, int(values), 0, 255)
        return memoryview(bytes([values]) * rows)
    try:
        column = octets(values, name)
    except TypeError:
        try:
            column = memoryview(bytes(values))
        except (TypeError, ValueError) as error:
            raise FieldError(name, f"expected an octet a row: {error}") from None
    if len(column) != rows:
        raise FieldError(name, f"expected {rows} octets, one a row, got {len(column)}")
    return column


def _places(states: bytes, state: int) -> Iterator[int]:
    place = states.find(state)
    while place >= 0:
        yield place
        place = states.find(state, place + 1)


def _read_one(
    data: bytes, tp_udl: int, alphabet: int, has_header: bool, *, marks: bool
) -> tuple[str | None, int, int, int, bool]:
    known = alphabet in _TEXTUAL
    user_data = UserData.from_bytes(
        data, length=tp_udl, alphabet=Alphabet(alphabet) if known else Alphabet.DATA_8BIT, has_header=has_header
    )
    if alphabet == Alphabet.UCS2 and not marks:
        text: str | None = ucs2.decode(user_data.payload, errors="replace")
    else:
        text = user_data.text() if known else None
    concatenation = user_data.header.concatenation
    if concatenation is None:
        return text, 0, 0, 0, False
    return text, concatenation.reference, concatenation.total, concatenation.sequence, concatenation.wide


_TEXTUAL: Final = (Alphabet.GSM_7BIT, Alphabet.UCS2)


def _read_strictly(column: UserDataColumn, first: int, states: bytes, first_index: int) -> None:
    """Raise for the first row that only lenient reading accepts."""
    for row, state in enumerate(states):
        if state not in (LENIENTLY, UNREADABLE):
            continue
        name = f"message {first_index + first + row}"
        data = octets_of(column.octets, first + row, name)
        alphabet = column.alphabets[first + row]
        if state == UNREADABLE:
            raise FieldError("alphabets", f"{name}: expected GSM_7BIT (0) or UCS2 (2), which hold text, got {alphabet}")
        try:
            UserData.from_bytes(
                data or b"",
                length=column.tp_udl[first + row],
                alphabet=Alphabet(alphabet),
                has_header=bool(column.headed[first + row]),
                strict=True,
            ).text(strict=True)
        except UndecodableError as error:
            reason = f"{name}: {error.reason}"
            raise UndecodableError(error.encoding, error.object, error.start, error.end, reason) from None
        except DecodeError as error:
            raise DecodeError(error.field, error.offset, f"{name}: {error.message}") from None
