"""Text files: a message a line. Only LF or CRLF ends a line, and an empty line is an empty message."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

from smscodec.batch import measure_utf8
from smscodec.cli.files.blocks import TEXT, Block, Key, Measured, Reading, TextBlock, check_text, too_long
from smscodec.cli.files.octets import Rows, octets_of, pieces, rows_of
from smscodec.cli.reading import InputRefusedError, decoded
from smscodec.tables import PermittedLanguages

__all__ = ["blocks"]

_LINE_END: Final = len(b"\r\n")


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a text file."""
    longest = reading.options.max_octets
    with octets_of(reading) as stream:
        for rows in rows_of(pieces(stream, reading, longest), longest + _LINE_END):
            yield _at_once(rows, reading) or _block(_one_by_one(rows, reading), reading)


def _block(texts: list[str | None], reading: Reading) -> TextBlock:
    if reading.options.empty_as_null:
        texts = [text or None for text in texts]
    return TextBlock(texts, [{TEXT: text} for text in texts] if reading.options.keep else ())


def _at_once(rows: Rows, reading: Reading) -> Block | None:
    """All messages; None where one of them may be bad."""
    if rows.octets is None or b"\0" in rows.octets:
        return None
    octets = rows.octets.replace(b"\r\n", b"\n")
    lines = (octets.removesuffix(b"\r") if rows.ended else octets).split(b"\n")
    most = reading.options.max_octets
    if len(octets) > most and max(map(len, lines)) > most:
        return None
    try:
        octets.decode()
    except UnicodeDecodeError:
        return None
    reading.row += len(lines)
    if reading.options.empty_as_null or reading.options.keep:
        return _block([line.decode() for line in lines], reading)
    return _LineBlock(lines)


class _LineBlock:
    """Lines of UTF-8, counted as they are; few of them are ever needed as text."""

    table = None

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def measured(self, languages: PermittedLanguages) -> Measured:
        """What each message costs; with languages, text by text."""
        if languages:
            return TextBlock(self.texts()).measured(languages)
        offsets = array("q", accumulate(map(len, self._lines), initial=0))
        batch = measure_utf8(b"".join(self._lines), offsets, offset_width=8)
        return Measured(batch.alphabets, batch.units, batch.segments, 0)

    def text(self, row: int) -> str:
        """The message in a row."""
        return self._lines[row].decode()

    def texts(self) -> list[str | None]:
        """All texts."""
        return [line.decode() for line in self._lines]

    def keys(self) -> Sequence[Key]:
        """None: lines have no columns."""
        return ()

    def records(self) -> Sequence[dict[str, Any]]:
        """None: a reading that keeps rows has blocks of texts."""
        return ()


def _one_by_one(rows: Rows, reading: Reading) -> list[str | None]:
    texts: list[str | None] = []
    for line in [None] if rows.octets is None else rows.octets.split(b"\n"):
        reading.row += 1
        try:
            texts.append(_message(line, rows.ended, reading.options.max_octets))
        except InputRefusedError as error:
            reading.refuse(error)
    return texts


def _message(line: bytes | None, ended: bool, max_octets: int) -> str:
    if line is None:
        raise too_long(max_octets)
    text = decoded(line)
    if "\0" in text:
        raise InputRefusedError(f"NUL at index {text.index(chr(0))}: not a text file, or one in UTF-16; see --encoding")
    text = text.removesuffix("\r") if ended else text
    check_text(text, max_octets)
    return text
