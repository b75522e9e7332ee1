"""JSON lines: a string a line, or an object with the message in one of its members. A blank line holds nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.scanner import make_scanner
from typing import Any, Final, NamedTuple, cast

from smscodec.cli.files.blocks import TEXT, Block, Reading, ReadingOptions, TextBlock, check_text
from smscodec.cli.files.octets import Rows, octets_of, pieces, rows_of
from smscodec.cli.reading import InputRefusedError, decoded

__all__ = ["blocks"]

_ALLOWANCE: Final = 8
"""A row may be longer than its message: one octet may be an escape of six, and objects have other members."""

_LINE_END: Final = len(b"\r\n")
_OCTETS_A_CHARACTER: Final = 4
_JSON: Final = json.JSONDecoder()
_SCAN: Final = cast("Any", make_scanner)(_JSON)
_TEXT_OR_NULL: Final = {str, type(None)}
_NAMES: Final = {bool: "a boolean", int: "a number", float: "a number", list: "an array", dict: "an object"}


class _Found(NamedTuple):
    texts: list[str | None]
    values: list[Any]


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a file of JSON lines."""
    longest = _ALLOWANCE * reading.options.max_octets
    with octets_of(reading) as stream:
        for rows in rows_of(pieces(stream, reading, longest), longest + _LINE_END):
            yield _block(_at_once(rows, reading) or _one_by_one(rows, reading, longest), reading.options)


def _block(found: _Found, options: ReadingOptions) -> TextBlock:
    texts = [text or None for text in found.texts] if options.empty_as_null else found.texts
    if not options.keep:
        return TextBlock(texts)
    return TextBlock(texts, found.values if options.column is not None else [{TEXT: text} for text in texts])


def _at_once(rows: Rows, reading: Reading) -> _Found | None:
    """All messages, unless there is something to say about one of the rows, or one is blank."""
    try:
        text = (rows.octets or b"\xff").decode()
        lines = text.split("\n")
        if "\r" in text:
            lines = [line.removesuffix("\r") for line in lines]
        scanned = [_SCAN(line, 0) for line in lines]
        values = [value for value, _ in scanned]
        column = reading.options.column
        texts = values if column is None else [value[column] for value in values]
    except (ValueError, StopIteration, RecursionError, LookupError, TypeError):
        return None
    whole = [end for _, end in scanned] == [*map(len, lines)]
    if (
        not whole
        or not _TEXT_OR_NULL.issuperset(map(type, texts))
        or not _fit(texts, rows.octets or b"", reading.options.max_octets)
    ):
        return None
    if column is not None and not {dict}.issuperset(map(type, values)):
        return None
    reading.row += len(lines)
    return _Found(texts, values)


def _fit(texts: list[str | None], source: bytes, max_octets: int) -> bool:
    """Whether it is plain that all are short enough and hold no lone surrogate, which only an escape can spell."""
    if len(source) > max_octets and max(len(text or "") for text in texts) * _OCTETS_A_CHARACTER > max_octets:
        return False
    if b"\\ud" in source or b"\\uD" in source:
        try:
            "".join(text or "" for text in texts).encode()
        except UnicodeEncodeError:
            return False
    return True


def _one_by_one(rows: Rows, reading: Reading, longest: int) -> _Found:
    found = _Found([], [])
    for line in [None] if rows.octets is None else rows.octets.split(b"\n"):
        reading.row += 1
        if line is None or len(line.removesuffix(b"\r")) > longest:
            allowed = f"a row of JSON may take {_ALLOWANCE} times --max-message"
            reading.refuse(f"longer than {longest:,} octets: {allowed}")
            continue
        try:
            if line.strip():
                value = _value(decoded(line))
                found.texts.append(_message(value, reading.options))
                found.values.append(value)
        except InputRefusedError as error:
            reading.refuse(error)
    return found


def _value(line: str) -> object:
    try:
        return _JSON.decode(line)
    except json.JSONDecodeError as error:
        reason = error.msg.rstrip(": ").removesuffix(" at")
        raise InputRefusedError(f"not JSON: {reason} at column {error.colno}") from None
    except RecursionError:
        raise InputRefusedError("JSON nested too deep") from None
    except ValueError:
        raise InputRefusedError("not JSON that can be read: a number of too many digits") from None


def _message(value: object, options: ReadingOptions) -> str | None:
    if isinstance(value, dict):
        if options.column is None:
            raise InputRefusedError("an object; name the member that holds the message with --column")
        if options.column not in value:
            there = ", ".join(map(repr, value)) or "none"
            raise InputRefusedError(f"no member {options.column!r}; those there are: {there}")
        value = value[options.column]
    elif options.column is not None:
        raise InputRefusedError("no object, and --column was given")
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputRefusedError(f"{_NAMES[type(value)]}, where a string should be")
    check_text(value, options.max_octets)
    return value
