"""Text files: a message a line. Only LF or CRLF ends a line, and an empty line is an empty message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from smscodec.cli.files.blocks import TEXT, Block, Reading, TextBlock, check_text, too_long
from smscodec.cli.files.octets import Rows, octets_of, pieces, rows_of
from smscodec.cli.reading import InputRefusedError, decoded

__all__ = ["blocks"]

_LINE_END: Final = len(b"\r\n")
_OCTETS_A_CHARACTER: Final = 4


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a text file."""
    longest = reading.options.max_octets
    with octets_of(reading) as stream:
        for rows in rows_of(pieces(stream, reading, longest), longest + _LINE_END):
            yield _block(_at_once(rows, reading) or _one_by_one(rows, reading), reading)


def _block(texts: list[str | None], reading: Reading) -> TextBlock:
    if reading.options.empty_as_null:
        texts = [text or None for text in texts]
    return TextBlock(texts, [{TEXT: text} for text in texts] if reading.options.keep else ())


def _at_once(rows: Rows, reading: Reading) -> list[str | None] | None:
    """All messages, unless there is something to say about one of them."""
    if rows.octets is None or b"\0" in rows.octets:
        return None
    try:
        text = rows.octets.decode()
    except UnicodeDecodeError:
        return None
    texts: list[str | None] = [*text.split("\n")]
    if "\r" in text:
        texts = [line if last and not rows.ended else line.removesuffix("\r") for line, last in _with_last(texts)]
    most = reading.options.max_octets
    if len(rows.octets) > most and max(map(len, texts)) * _OCTETS_A_CHARACTER > most:  # type: ignore[arg-type]
        return None
    reading.row += len(texts)
    return texts


def _with_last(lines: list[str | None]) -> Iterator[tuple[str, bool]]:
    last = len(lines) - 1
    return ((line or "", index == last) for index, line in enumerate(lines))


def _one_by_one(rows: Rows, reading: Reading) -> list[str | None]:
    texts: list[str | None] = []
    lines = [None] if rows.octets is None else rows.octets.split(b"\n")
    for line, number in zip(lines, range(len(lines), 0, -1), strict=True):
        reading.row += 1
        try:
            texts.append(_message(line, rows.ended or number > 1, reading.options.max_octets))
        except InputRefusedError as error:
            reading.refuse(error)
    return texts


def _message(line: bytes | None, ended: bool, max_octets: int) -> str:
    if line is None:
        raise too_long(max_octets)
    text = decoded(line)
    if "\0" in text:
        raise InputRefusedError(f"NUL at index {text.index(chr(0))}: no file of text, or one of UTF-16; see --encoding")
    text = text.removesuffix("\r") if ended else text
    check_text(text, max_octets)
    return text
