"""Files of messages, read one message at a time in bounded memory: text lines, JSON lines, and gzip of both.

Knows rows and their limits and nothing of alphabets. What cannot be read is an ``InputRefusedError`` that names file
and row. Only LF or CRLF ends a row, and a byte order mark at the start of a file is not part of the first message.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

from smscodec.cli.reading import InputRefusedError, decoded, standard_input

__all__ = ["Format", "format_of", "messages"]

Format = Literal["txt", "jsonl"]

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

_AROUND: Final = len(_BYTE_ORDER_MARK + b"\r\n")
"""Octets that may stand around a row."""

_JSON_ALLOWANCE: Final = 8
"""A row of JSON may be longer than its message: one octet may be an escape of six, and objects have other members."""


def format_of(name: str) -> Format | None:
    """The format that the ending of a file's name promises, ``.gz`` apart; None where it promises none that we read.

    Standard input, ``-``, is text lines.
    """
    ending = Path(name.lower().removesuffix(".gz")).suffix
    if ending == ".jsonl":
        return "jsonl"
    return "txt" if ending == ".txt" or name == "-" else None


def messages(name: str, *, form: Format, column: str | None, max_octets: int) -> Iterator[str | None]:
    """The messages of a file, or of standard input for ``-``; None for a null.

    ``column`` is the member of JSON objects that holds the message; without it, rows are JSON strings. A message takes
    at most ``max_octets`` in UTF-8. A blank row of JSON lines holds no message, an empty text line an empty one.
    """
    longest = max_octets if form == "txt" else _JSON_ALLOWANCE * max_octets
    row = 0
    try:
        with _opened(name) as stream:
            for ended in _rows(stream, longest + _AROUND):
                row += 1
                line = ended[:-1].removesuffix(b"\r") if ended.endswith(b"\n") else ended
                if len(line) > longest:
                    raise _too_long(max_octets) if form == "txt" else _row_too_long(longest)
                if form == "txt":
                    yield decoded(line)
                elif line.strip():
                    yield _from_json(line, column, max_octets)
    except InputRefusedError as error:
        where = "standard input" if name == "-" else name
        raise InputRefusedError(f"{where}, row {row}: {error}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputRefusedError(f"{name}, after row {row}: damaged gzip: {error}") from None


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    if name == "-":
        return nullcontext(standard_input())
    if name.lower().endswith(".gz"):
        return cast("AbstractContextManager[BinaryIO]", gzip.open(name))
    return Path(name).open("rb")


def _rows(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """Rows with their ends, each up to ``most`` octets of it; a byte order mark alone is no row."""
    first = stream.readline(most).removeprefix(_BYTE_ORDER_MARK)
    if first:
        yield first
        yield from iter(lambda: stream.readline(most), b"")


def _row_too_long(longest: int) -> InputRefusedError:
    return InputRefusedError(
        f"longer than {longest:,} octets: a row of JSON may take {_JSON_ALLOWANCE} times --max-message"
    )


def _too_long(max_octets: int) -> InputRefusedError:
    return InputRefusedError(f"longer than {max_octets:,} octets; see --max-message")


def _from_json(line: bytes, column: str | None, max_octets: int) -> str | None:
    value = _json(decoded(line))
    if isinstance(value, dict):
        if column is None:
            raise InputRefusedError("an object; name the member that holds the message with --column")
        if column not in value:
            raise InputRefusedError(f"no member {column!r}")
        value = value[column]
    elif column is not None:
        raise InputRefusedError("no object, and --column was given")
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputRefusedError(f"{_JSON_NAMES[type(value)]}, where a string should be")
    _check_text(value, max_octets)
    return value


_JSON_NAMES: Final = {bool: "a boolean", int: "a number", float: "a number", list: "an array", dict: "an object"}


_JSON: Final = json.JSONDecoder()


def _json(text: str) -> object:
    try:
        return _JSON.decode(text)
    except json.JSONDecodeError as error:
        reason = error.msg.rstrip(": ").removesuffix(" at")
        raise InputRefusedError(f"not JSON: {reason} at column {error.colno}") from None
    except RecursionError:
        raise InputRefusedError("JSON nested too deep") from None
    except ValueError:
        raise InputRefusedError("not JSON that can be read: a number of too many digits") from None


def _check_text(text: str, max_octets: int) -> None:
    """JSON escapes can spell a lone surrogate, which is no text, and are longer than what they spell."""
    if text.isascii():
        octets = len(text)
    else:
        try:
            octets = len(text.encode("utf-8"))
        except UnicodeEncodeError as error:
            point = ord(text[error.start])
            raise InputRefusedError(f"lone surrogate U+{point:04X} at index {error.start}") from None
    if octets > max_octets:
        raise _too_long(max_octets)
