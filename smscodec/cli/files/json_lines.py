"""JSON lines: a string a line, or an object with the message in one of its members. A blank line holds nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.scanner import make_scanner
from typing import Any, Final, NamedTuple, cast

from smscodec.cli.files.blocks import TEXT, Block, Reading, ReadingOptions, SourceRow, TextBlock, check_text, key_of
from smscodec.cli.files.columns import unknown_column
from smscodec.cli.files.octets import Rows, octets_of, pieces, rows_of
from smscodec.cli.reading import InputRefusedError, decoded

__all__ = ["blocks"]

_ESCAPED: Final = 6
"""Octets of JSON that one octet of a message may take, as an escape."""
_OTHER_MEMBERS: Final = 1 << 16
"""Octets that a row may hold beside its message."""
_MOST_BRACKETS: Final = 50_000
"""In a row: each pair becomes a list or dict, which takes twenty times as many octets."""

_LINE_END: Final = len(b"\r\n")
_OCTETS_A_CHARACTER: Final = 4


class _NoNumberError(ValueError):
    """NaN or an infinity, which Python's parser would accept as a JSON number."""


def _no_number(name: str) -> float:
    raise _NoNumberError(f"{name} is not JSON")


_JSON: Final = json.JSONDecoder(parse_constant=_no_number)
_SCAN: Final = cast("Any", make_scanner)(_JSON)
_TEXT_OR_NULL: Final = {str, type(None)}
_NAMES: Final = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


class _Found(NamedTuple):
    texts: list[str | None]
    values: list[Any]
    lines: list[str]


def blocks(reading: Reading) -> Iterator[Block]:
    """The messages of a file of JSON lines."""
    longest = _ESCAPED * reading.options.max_octets + _OTHER_MEMBERS
    with octets_of(reading) as stream:
        for rows in rows_of(pieces(stream, reading, longest), longest + _LINE_END):
            yield _block(_at_once(rows, reading) or _one_by_one(rows, reading, longest), reading.options)


def _block(found: _Found, options: ReadingOptions) -> TextBlock:
    texts = [text or None for text in found.texts] if options.empty_as_null else found.texts
    keys = [key_of(value[name] for name in options.by) for value in found.values] if options.by else ()
    if not options.keep:
        return TextBlock(texts, keys=keys)
    if options.column is None:
        return TextBlock(texts, [{TEXT: text} for text in texts])
    rows = [SourceRow(value, line) for value, line in zip(found.values, found.lines, strict=True)]
    return TextBlock(texts, rows, keys)


def _at_once(rows: Rows, reading: Reading) -> _Found | None:
    """All messages; None where a row may be bad, or is blank."""
    try:
        text = (rows.octets or b"\xff").decode()
        lines = text.split("\n")
        if "\r" in text:
            lines = [line.removesuffix("\r") for line in lines]
        if len(text) > _MOST_BRACKETS and max(map(_brackets, lines)) > _MOST_BRACKETS:
            return None
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
    if any(name not in value for name in reading.options.by for value in values):
        return None
    reading.row += len(lines)
    return _Found(texts, values, lines)


def _brackets(line: str) -> int:
    return line.count("[") + line.count("{")


def _fit(texts: list[str | None], source: bytes, max_octets: int) -> bool:
    """Whether all are certain to be short enough and free of lone surrogates, which need an escape in JSON."""
    if len(source) > max_octets and max(len(text or "") for text in texts) * _OCTETS_A_CHARACTER > max_octets:
        return False
    if b"\\ud" in source or b"\\uD" in source:
        try:
            "".join(text or "" for text in texts).encode()
        except UnicodeEncodeError:
            return False
    return True


def _one_by_one(rows: Rows, reading: Reading, longest: int) -> _Found:
    found = _Found([], [], [])
    for line in [None] if rows.octets is None else rows.octets.split(b"\n"):
        reading.row += 1
        if line is None or len(line.removesuffix(b"\r")) > longest:
            reading.refuse(f"longer than {longest:,} octets; see --max-message")
            continue
        try:
            if line.strip():
                source = decoded(line)
                value = _value(source)
                found.texts.append(_message(value, reading.options))
                found.values.append(value)
                found.lines.append(source)
        except InputRefusedError as error:
            reading.refuse(error)
    return found


def _value(line: str) -> object:
    if _brackets(line) > _MOST_BRACKETS:
        raise InputRefusedError(f"JSON with more than {_MOST_BRACKETS:,} brackets")
    try:
        return _JSON.decode(line)
    except json.JSONDecodeError as error:
        reason = error.msg.rstrip(": ").removesuffix(" at")
        raise InputRefusedError(f"not JSON: {reason} at column {error.colno}") from None
    except RecursionError:
        raise InputRefusedError("JSON nested too deep") from None
    except _NoNumberError as error:
        raise InputRefusedError(str(error)) from None
    except ValueError:
        raise InputRefusedError("not JSON: a number has too many digits") from None


def _message(value: object, options: ReadingOptions) -> str | None:
    if isinstance(value, dict):
        if options.column is None:
            raise InputRefusedError("an object; name the member that holds the message with --column")
        for name in (options.column, *options.by):
            if name not in value:
                raise unknown_column("member", name, list(value))
        value = value[options.column]
    elif options.column is not None:
        raise InputRefusedError(f"expected an object with a member {options.column!r}, got {_NAMES[type(value)]}")
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputRefusedError(f"expected a string, got {_NAMES[type(value)]}")
    check_text(value, options.max_octets)
    return value
