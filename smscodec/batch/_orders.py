"""How messages of a batch are written: the styles of the kernel, by alphabet and tables, and the references.

Reference: 3GPP TS 23.040, 9.2.3.24 and 9.2.3.24.1
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sized
from itertools import islice
from typing import Any, Final

from smscodec._checks import check_whole
from smscodec._kernels.octets import NO_REFERENCE
from smscodec.dcs import Alphabet
from smscodec.errors import FieldError
from smscodec.message import frame_of
from smscodec.tables import DEFAULT_TABLES, ShiftTables
from smscodec.udh import UserDataHeader

__all__ = ["References", "Styles"]


class Styles:
    """How messages are written under one header: the base plans by the numbers of their alphabets, then national
    ones.
    """

    def __init__(self, header: UserDataHeader, *, wide: bool, unpacked: bool) -> None:
        self.unpacked = unpacked
        self._header = header
        self.frame = frame_of(header, wide)
        self._numbers: dict[ShiftTables, int] = {}
        self.styles = [self.frame.style(header, alphabet, DEFAULT_TABLES, unpacked) for alphabet in Alphabet]

    @property
    def headed(self) -> bytes:
        """By number of the style, whether a message of one segment has a header."""
        return bytes(bool(style.headers[0]) for style in self.styles).ljust(256, b"\0")

    def number(self, tables: ShiftTables) -> int:
        """The number of the style of a national plan."""
        if tables not in self._numbers:
            self._numbers[tables] = len(self.styles)
            style = self.frame.style(self._header, Alphabet.GSM_7BIT, tables, self.unpacked)
            self.styles.append(style)
        return self._numbers[tables]


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
