"""How commands print results: JSON on one line, words for alphabets and counts, and whether to use colours.

Knows the environment of a terminal (NO_COLOR, TERM, its encoding) and the names of the domain; ``display`` lays text
out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Collection, Sequence
from typing import Any

from smscodec import Alphabet, ShiftTables
from smscodec.display import terminal as display

__all__ = [
    "ALPHABETS",
    "UNITS",
    "add_color",
    "add_json",
    "colour",
    "counted",
    "replacement_in_words",
    "table",
    "tables_in_words",
    "width",
    "writable",
    "write_json",
]

ALPHABETS = {Alphabet.GSM_7BIT: "GSM 7-bit", Alphabet.DATA_8BIT: "8-bit data", Alphabet.UCS2: "UCS-2"}
"""The name of an alphabet in a sentence."""

UNITS = {Alphabet.GSM_7BIT: "septet", Alphabet.DATA_8BIT: "octet", Alphabet.UCS2: "code unit"}
"""The units of an alphabet."""


def add_json(parser: argparse._ActionsContainer) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on one line, in ASCII")


def add_color(parser: argparse.ArgumentParser) -> None:
    """Add ``--color``."""
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="when to use colours; auto: on a terminal, unless NO_COLOR is set (default: %(default)s)",
    )


def colour(arguments: argparse.Namespace) -> bool:
    """Whether to use ANSI colours on standard output."""
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    if sys.stdout is None or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return False
    # A Windows console understands the sequences only where a newer terminal runs it.
    return os.environ.get("TERM") != "dumb" and (os.name != "nt" or "WT_SESSION" in os.environ)


def width() -> int:
    """Columns of the terminal; 80 if there is no terminal."""
    return shutil.get_terminal_size().columns


def writable(text: str) -> str:
    """The text with escapes for characters that the encoding of standard output lacks.

    Standard output would write the same ones, but only after lines and columns have been laid out.
    """
    encoding = sys.stdout.encoding or "utf-8"  # a stream of text in memory has none
    return text.encode(encoding, "backslashreplace").decode(encoding)


def table(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """The table of ``display``, with columns as wide as standard output shows the values."""
    return display.table([[writable(value) for value in row] for row in rows], right=right)


def write_json(value: dict[str, Any]) -> None:
    """Print a value as one line of ASCII, in which no character can act on a terminal."""
    print(json.dumps(value))


def counted(number: int, noun: str) -> str:
    """A number and its noun, in the plural where needed."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tables_in_words(tables: ShiftTables) -> str:
    """The shift tables in force, in a few words; empty for the default ones."""
    shifts = (("locking", tables.locking), ("single", tables.single))
    return ", ".join(f"{language.name.title()} {kind} shift" for kind, language in shifts if language)


def replacement_in_words(replacement: str | None) -> str:
    """The replacement of a character as shown: None without one, and empty if the character is left out."""
    return {None: "(none)", "": "(left out)", " ": "(space)"}.get(replacement, replacement or "")
