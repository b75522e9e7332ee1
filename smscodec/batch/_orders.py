"""How messages of a batch are written: the styles of the kernel, by alphabet and tables, and the references.

Reference: 3GPP TS 23.040, 9.2.3.24 and 9.2.3.24.1
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sized
from itertools import islice
from typing import Any, Final

from smscodec import gsm7
from smscodec._checks import check_whole
from smscodec._kernels.octets import NO_REFERENCE, Style
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.message import TP_UD_OCTETS, frame_of
from smscodec.tables import DEFAULT_TABLES, ShiftTables
from smscodec.udh import (
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    UserDataHeader,
)

__all__ = ["References", "Styles"]


class Styles:
    """How messages are written under one header: the base plans by the numbers of their alphabets, then national
    ones.
    """

    def __init__(self, header: UserDataHeader, *, wide: bool, unpacked: bool) -> None:
        self.unpacked = unpacked
        self._header, self._wide = header, wide
        self.frame = frame_of(header, wide)
        self._numbers: dict[ShiftTables, int] = {}
        self.styles = [self._style(alphabet, DEFAULT_TABLES) for alphabet in Alphabet]

    @property
    def headed(self) -> bytes:
        """By number of the style, whether a message of one segment has a header."""
        return bytes(bool(style.headers[0]) for style in self.styles).ljust(256, b"\0")

    def number(self, tables: ShiftTables) -> int:
        """The number of the style of a national plan."""
        if tables not in self._numbers:
            self._numbers[tables] = len(self.styles)
            self.styles.append(self._style(Alphabet.GSM_7BIT, tables))
        return self._numbers[tables]

    def _style(self, alphabet: Alphabet, tables: ShiftTables) -> Style:
        shifts: list[InformationElement] = [NationalLanguageSingleShift(tables.single)] if tables.single else []
        shifts += [NationalLanguageLockingShift(tables.locking)] if tables.locking else []
        room = self.frame.shifted[len(shifts)] if shifts else self.frame.rooms[alphabet]
        rooms = room.single, room.limit
        elements = [*shifts, *self._header.elements]
        alone, each = UserDataHeader(elements), UserDataHeader([Concatenation(0, 1, 1, wide=self._wide), *elements])
        return Style(
            alphabet=alphabet,
            tables=tables,
            codes=gsm7.codes(tables),
            rooms=(max(0, rooms[0]), max(0, rooms[1])),
            headers=(
                alone.to_bytes()[:TP_UD_OCTETS],
                each.to_bytes()[:TP_UD_OCTETS],
            ),  # one without room is not written
            wide=self._wide,
            unpacked=self.unpacked,
        )


_NOTHING: Final = object()


class References:
    """The references of messages: one for all, or one a message in the order of the messages."""

    def __init__(self, references: Any, *, wide: bool) -> None:
        self._highest = 0xFFFF if wide else 0xFF
        self._length = len(references) if isinstance(references, Sized) else None
        self._all = self._left = None
        if references is None:
            self._all = array("i", [NO_REFERENCE])
        elif isinstance(references, int):
            check_whole("references", references, 0, self._highest)
            self._all = array("i", [references])
        elif isinstance(references, Iterable) and not isinstance(references, str):
            self._left = iter(references)
        else:
            kind = type(references).__name__
            raise FieldError("references", f"expected a whole number, or one a message, got {kind}")

    def expect(self, messages: int) -> None:
        if self._length is not None and self._length != messages:
            raise FieldError("references", f"expected {messages}, one a message, got {self._length}")

    def take(self, rows: int, index: int) -> array[int]:
        """The references of the next messages, of which the first has this index."""
        if self._left is None:
            assert self._all is not None
            return self._all
        block = tuple(islice(self._left, rows))
        if len(block) < rows:
            raise FieldError("references", f"message {index + len(block)} has none: expected one a message, or None")
        if set(map(type, block)) == {int} and min(block) >= 0 and max(block) <= self._highest:
            return array("i", block)
        return array("i", [self._whole(value, index + row) for row, value in enumerate(block)])

    def _whole(self, value: Any, index: int) -> int:
        if value is None:
            return NO_REFERENCE
        if hasattr(value, "__index__") and not isinstance(value, bool) and 0 <= int(value) <= self._highest:
            return int(value)
        limits = f"0–{self._highest}"
        raise FieldError("references", f"message {index}: expected a whole number of {limits} or None, got {value!r}")

    def finish(self) -> None:
        """Raise for references that are left over."""
        if self._left is not None and next(self._left, _NOTHING) is not _NOTHING:
            raise FieldError("references", "expected one a message, and there are more")
