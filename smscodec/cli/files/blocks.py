"""What readers of files hand on: blocks of messages with the rows they stand in, and how a row is refused.

Knows nothing of formats. A block of texts is measured here; one of lines or of a column measures itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from smscodec import measure_many
from smscodec.cli.reading import InputRefusedError
from smscodec.tables import PermittedLanguages

__all__ = [
    "TEXT",
    "Block",
    "Key",
    "Measured",
    "Reading",
    "ReadingOptions",
    "SourceRow",
    "TextBlock",
    "check_text",
    "key_of",
    "too_long",
    "where",
]

TEXT: Final = "text"
"""The name of the only column of files that have no names for columns."""

Key: TypeAlias = tuple[str, ...]
"""What a group of messages is called: its value in each column of ``by``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How files are to be read."""

    column: str | None = None
    """The column or member that holds the message."""
    max_octets: int = 1 << 20
    """The longest message, in UTF-8."""
    sheet: str | None = None
    """Of a workbook; None for the first one."""
    encoding: str | None = None
    """Of text formats; None for what the octets look like."""
    delimiter: str | None = None
    """Between the fields of CSV; None for the one that the first row has."""
    header: bool = True
    """Whether the first row of CSV names the columns."""
    empty_as_null: bool = False
    """Whether an empty message counts as a null."""
    keep: bool = False
    """Whether the other columns are kept too."""
    by: tuple[str, ...] = ()
    """The columns whose values say which group a message is of."""
    skip: bool = False
    """Whether a bad row is left out and counted, rather than ending the run."""


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
    delimiter: str | None = None
    """Between the fields of CSV, once that is known."""
    marked: bool = False
    """Whether a spreadsheet wrote it, and reads CSV in UTF-8 only after a byte order mark."""
    notes: list[str] = field(default_factory=list)
    """What had to be guessed, to be said aloud."""

    def note(self, words: str) -> None:
        """Keep what had to be guessed."""
        self.notes.append(f"{where(self.name)}: {words}")

    def refuse(self, reason: object, row: int | None = None) -> None:
        """Stop at a bad row, or count it."""
        words = f"{where(self.name)}, row {self.row if row is None else row:,}: {reason}"
        if not self.options.skip:
            raise InputRefusedError(words)
        self.refused += 1
        self.first_refusal = self.first_refusal or words

    def damaged(self, reason: object) -> InputRefusedError:
        """The error for a file that cannot be read on."""
        after = f", after row {self.row:,}" if self.row else ""
        return InputRefusedError(f"{where(self.name)}{after}: {reason}")


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


class SourceRow(dict[str, Any]):
    """A row that was an object of JSON, with the text it was: what is written as JSON again loses no digit."""

    __slots__ = ("source",)

    def __init__(self, members: dict[str, Any], source: str) -> None:
        super().__init__(members)
        self.source = source


class Block(Protocol):
    """Some messages of a file, None for a null, and the rows that they stand in."""

    def __len__(self) -> int: ...

    def measured(self, languages: PermittedLanguages) -> Measured:
        """What each message costs."""

    def text(self, row: int) -> str:
        """The message in a row that holds one, after the block was measured."""

    def texts(self) -> list[str | None]:
        """All of them."""

    def keys(self) -> Sequence[Key]:
        """The group of each message; only of a reading that has columns for it."""

    def records(self) -> Sequence[dict[str, Any]]:
        """The rows by the names of their columns; only of a reading that keeps them."""

    @property
    def table(self) -> Any:
        """The rows as an Arrow batch, where they have been one; else None."""


class TextBlock:
    """A block of a file of text."""

    table = None

    def __init__(
        self, texts: list[str | None], records: Sequence[dict[str, Any]] = (), keys: Sequence[Key] = ()
    ) -> None:
        self._texts = texts
        self._records = records
        self._keys = keys

    def __len__(self) -> int:
        return len(self._texts)

    def measured(self, languages: PermittedLanguages) -> Measured:
        """What each message costs, counted by the kernels."""
        nulls = self._texts.count(None)
        # Without nulls every element is a str, which the type cannot express.
        batch = measure_many([text or "" for text in self._texts] if nulls else self._texts, languages=languages)  # type: ignore[arg-type]
        segments = batch.segments
        if nulls:
            segments = memoryview(bytearray(segments)).cast("I")
            for row, text in enumerate(self._texts):
                if text is None:
                    segments[row] = 0
        return Measured(batch.alphabets, batch.units, segments, nulls)

    def text(self, row: int) -> str:
        """The message in a row that holds one."""
        return self._texts[row] or ""

    def texts(self) -> list[str | None]:
        """All texts."""
        return self._texts

    def keys(self) -> Sequence[Key]:
        """The group of each message."""
        return self._keys

    def records(self) -> Sequence[dict[str, Any]]:
        """The rows by the names of their columns."""
        return self._records


def key_of(values: Iterable[object]) -> Key:
    """The name of a group, of values of any kind; an empty word stands for none."""
    return tuple("" if value is None else str(_day(value)).strip() for value in values)


def _day(value: object) -> object:
    """Midnight as its date, because a workbook keeps a date so; all else as it is."""
    if isinstance(value, datetime.datetime) and value.timetz() == datetime.time():
        return value.date()
    return value


def too_long(max_octets: int) -> InputRefusedError:
    """The error for a message above the limit."""
    return InputRefusedError(f"longer than {max_octets:,} octets; see --max-message")


def check_text(text: str, max_octets: int) -> None:
    """Refuse a lone surrogate, which JSON can escape although it is not a character, and a text that is too long."""
    try:
        octets = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError as error:
        point = ord(text[error.start])
        raise InputRefusedError(f"lone surrogate U+{point:04X} at index {error.start}") from None
    if octets > max_octets:
        raise too_long(max_octets)
