"""What a command is given: text, in an argument or on standard input.

Knows UTF-8 and line ends, and nothing of alphabets. What cannot be read is an ``InputRefusedError``; a call that gives
nothing to read is a ``UsageError``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from smscodec.display.terminal import visible

__all__ = [
    "InputRefusedError",
    "UsageError",
    "add_input",
    "decoded",
    "did_you_mean",
    "standard_input",
    "suspected",
    "text_given",
    "warn",
]


_MOST_OCTETS: Final = 8 << 20
"""A message of 255 segments has some forty thousand octets: input without end is refused before memory runs out."""


class InputRefusedError(Exception):
    """The input cannot be what it should be; the message is one line that says where. Exit status 1."""


class UsageError(Exception):
    """The arguments do not make a command. Exit status 2."""


def warn(words: str) -> None:
    """Print a note on standard error; the command goes on."""
    print(f"smscodec: {visible(words)}", file=sys.stderr)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A guess at which of the known words was meant; empty if none comes close."""
    close = get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]}?" if close else ""


def add_input(parser: argparse.ArgumentParser, name: str, meaning: str) -> None:
    """Add the positional argument ``name``, which may be left out for standard input, and ``--raw``."""
    parser.add_argument(
        "given",
        nargs="?",
        metavar=name,
        help=f"{meaning}; without it, or as -, standard input is read (UTF-8). Put -- before one that begins with -",
    )
    parser.add_argument(
        "--raw", action="store_true", help="keep the final line end of standard input, which is dropped otherwise"
    )


def text_given(arguments: argparse.Namespace, most_octets: int = _MOST_OCTETS) -> str:
    """The text that the arguments of ``add_input`` ask for, at most so many octets of standard input."""
    argument: str | None = arguments.given
    if argument is not None and argument != "-":
        text = _as_typed(argument)
        _ask_about_file(text, arguments)
        return text
    if argument is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("nothing to read: give it as an argument or on standard input, and see --help")
    octets = standard_input().read(most_octets + 1)
    if len(octets) > most_octets:
        raise InputRefusedError(
            f"expected at most {most_octets:,} octets on standard input; for a file of messages use smscodec bulk"
        )
    text = decoded(octets).removeprefix("\ufeff")
    if arguments.raw:
        return text
    return text[:-1].removesuffix("\r") if text.endswith("\n") else text


def _ask_about_file(text: str, arguments: argparse.Namespace) -> None:
    """Note that the text is the name of a file, whose content may have been meant."""
    try:
        is_file, is_folder = Path(text).is_file(), bool(text) and Path(text).is_dir()
    except (OSError, ValueError):  # too long for a name, or with a NUL in it
        return
    if is_folder and os.sep in text:
        warn(f"this is about the text {text!r}, which is the name of a directory; smscodec bulk reads the files in it")
    if is_file:
        command = arguments.command
        warn(
            f"this is about the text {text!r}; did you mean the file of that name? "
            f"Then: smscodec {command} < {text}, or for a message on each line: smscodec bulk {text}"
        )


def decoded(octets: bytes) -> str:
    """UTF-8 as text; an ``InputRefusedError`` names the first octet that is not."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefusedError(f"not UTF-8: octet 0x{octets[error.start]:02X} at offset {error.start}") from None


_ENDS: Final = "\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
_TWICE_ENCODED: Final = re.compile(
    f"[\u00c2\u00c3][{_ENDS}]|(?:[\u00c2-\u00df][{_ENDS}]){{3}}|\u00e2[{_ENDS}]{{2}}|\u00f0[{_ENDS}]{{3}}"
)
"""How UTF-8 accents, Cyrillic, quotation marks and emoji look when they are read as Latin-1 or Windows-1252."""


def suspected(text: str) -> str:
    """A warning where the text looks like UTF-8 that was read as Latin-1; else empty."""
    found = _TWICE_ENCODED.search(text)
    if not found:
        return ""
    word = found[0]
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = word.encode(encoding).decode()
        except UnicodeError:
            continue
        return f"{word!r} looks like {meant!r} in UTF-8 that was read as Latin-1; check where the text comes from"
    return ""


def standard_input() -> BinaryIO:
    """Standard input as octets; a ``UsageError`` where the program was started without one."""
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    octets: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    # A program that calls main() may have put a text stream there, which has no octets.
    return BytesIO(sys.stdin.read().encode("utf-8", "surrogatepass")) if octets is None else octets


def _as_typed(argument: str) -> str:
    """The argument as it was typed, in UTF-8 also where the locale knows few characters.

    Octets that its locale cannot decode reach Python as surrogates U+DC80 to U+DCFF, one for each octet.
    """
    if not any("\udc80" <= character <= "\udcff" for character in argument):
        return argument
    try:
        octets = os.fsencode(argument)
    except UnicodeEncodeError:  # other lone surrogates too, from a program that calls main(): the core names them
        return argument
    return decoded(octets)
