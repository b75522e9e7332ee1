"""What readers of files hand on: blocks of messages with the rows they stand in, and how a row is refused.

Knows nothing of formats. A block of texts is measured here as the kernels want it; one of a column measures itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, NamedTuple, Protocol

from smscodec import NationalLanguage, measure_many
from smscodec._kernels import Utf8Column
from smscodec.cli.reading import InputRefusedError

__all__ = [
    "TEXT",
    "Block",
    "Measured",
    "Reading",
    "ReadingOptions",
    "TextBlock",
    "check_text",
    "too_long",
    "utf8_column",
    "where",
]

TEXT: Final = "text"
"""The name of the only column of files that have no names for columns."""

_OCTETS_A_CHARACTER: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How files are to be read."""

    column: str | None = None
    """The column or member that holds the message."""
    max_octets: int = 1 << 20
    """The longest message, in UTF-8."""
    encoding: str | None = None
    """Of text formats; None for UTF-8, or what a byte order mark says."""
    delimiter: str | None = None
    """Between the fields of CSV; None for the one that the first row has."""
    header: bool = True
    """Whether the first row of CSV names the columns."""
    empty_as_null: bool = False
    """Whether an empty message counts as a null."""
    keep: bool = False
    """Whether the rows around the messages are wanted too."""
    skip: bool = False
    """Whether a bad row is counted, and not the end."""


@dataclass(slots=True)
class Reading:
    """One file while it is read: how far that is, and what was refused."""

    name: str
    options: ReadingOptions
    row: int = 0
    """The number of the last row that was read; of CSV the header is row 1."""
    position: Callable[[], int] = field(default=lambda: 0)
    """Octets of the file that have been taken."""
    refused: int = 0
    first_refusal: str | None = None

    def refuse(self, reason: object, row: int | None = None) -> None:
        """Stop at a bad row, or count it."""
        words = f"{where(self.name)}, row {self.row if row is None else row:,}: {reason}"
        if not self.options.skip:
            raise InputRefusedError(words)
        self.refused += 1
        self.first_refusal = self.first_refusal or words

    def damaged(self, reason: object) -> InputRefusedError:
        """The error for a file that cannot be read on."""
        return InputRefusedError(f"{where(self.name)}, after row {self.row:,}: {reason}")


def where(name: str) -> str:
    """What to call a file in a sentence."""
    return "standard input" if name == "-" else name


class Measured(NamedTuple):
    """What the messages of a block cost, a row each; a null is 0, 0, 0."""

    alphabets: bytes | memoryview
    """0 for GSM 7-bit, another number for UCS-2."""
    units: memoryview
    segments: memoryview
    nulls: int


class Block(Protocol):
    """Some messages of a file, None for a null, and the rows that they stand in."""

    def __len__(self) -> int: ...

    def measured(self, languages: Collection[NationalLanguage]) -> Measured:
        """What each message costs."""

    def column(self, rows: bytes) -> Utf8Column:
        """The messages in UTF-8, after they were measured; those of rows whose octet is 0 may be anything."""

    def texts(self) -> list[str | None]:
        """All of them."""

    def records(self) -> Sequence[dict[str, Any]]:
        """The rows by the names of their columns; only of a reading that keeps them."""

    @property
    def table(self) -> Any:
        """The rows as an Arrow batch, where they have been one; else None."""


class TextBlock:
    """A block of a file of text."""

    table = None

    def __init__(self, texts: list[str | None], records: Sequence[dict[str, Any]] = ()) -> None:
        self._texts = texts
        self._records = records

    def __len__(self) -> int:
        return len(self._texts)

    def measured(self, languages: Collection[NationalLanguage] = ()) -> Measured:
        """What each message costs, counted by the kernels."""
        nulls = self._texts.count(None)
        # Where there are no nulls, every element is a str, which no type can say.
        batch = measure_many([text or "" for text in self._texts] if nulls else self._texts, languages=languages)  # type: ignore[arg-type]
        segments = batch.segments
        if nulls:
            segments = memoryview(bytearray(segments)).cast("I")
            for row, text in enumerate(self._texts):
                if text is None:
                    segments[row] = 0
        return Measured(batch.alphabets, batch.units, segments, nulls)

    def column(self, rows: bytes) -> Utf8Column:
        """The messages of the rows whose octet is not 0, and nothing for the others."""
        chosen = zip(self._texts, rows, strict=True)
        return utf8_column([text.encode() if row and text else b"" for text, row in chosen])

    def texts(self) -> list[str | None]:
        """All texts."""
        return self._texts

    def records(self) -> Sequence[dict[str, Any]]:
        """The rows by the names of their columns."""
        return self._records


def utf8_column(messages: Sequence[bytes]) -> Utf8Column:
    """A column of these messages."""
    offsets = array("q", accumulate(map(len, messages), initial=0))
    return Utf8Column(memoryview(b"".join(messages)), memoryview(offsets), 8, None, 0)


def too_long(max_octets: int) -> InputRefusedError:
    """The error for a message above the limit."""
    return InputRefusedError(f"longer than {max_octets:,} octets; see --max-message")


def check_text(text: str, max_octets: int) -> None:
    """Refuse a lone surrogate, which JSON can spell and which is no text, and what is too long."""
    if len(text) * _OCTETS_A_CHARACTER <= max_octets and text.isascii():
        return
    try:
        octets = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        point = ord(text[error.start])
        raise InputRefusedError(f"lone surrogate U+{point:04X} at index {error.start}") from None
    if octets > max_octets:
        raise too_long(max_octets)
