"""What a command is given: text or octets, in an argument or on standard input.

Knows UTF-8, line ends and hexadecimal digits, and nothing of alphabets. What cannot be read is an
``InputRefusedError``; a call that gives nothing to read is a ``UsageError``.
"""

from __future__ import annotations

import argparse
import os
import sys
from io import BytesIO
from typing import BinaryIO, Final

__all__ = ["InputRefusedError", "UsageError", "add_input", "decoded", "octets_given", "standard_input", "text_given"]


_MOST_OCTETS: Final = 64 << 20
"""A message of 255 segments has some forty kilooctets: what never ends is refused before memory does."""


class InputRefusedError(Exception):
    """The input cannot be what it should be; the message is one line that says where. Exit status 1."""


class UsageError(Exception):
    """The arguments do not make a command. Exit status 2."""


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


def text_given(arguments: argparse.Namespace) -> str:
    """The text that the arguments of ``add_input`` ask for."""
    argument: str | None = arguments.given
    if argument is not None and argument != "-":
        return _as_typed(argument)
    if argument is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("nothing to read: give it as an argument or on standard input, and see --help")
    octets = standard_input().read(_MOST_OCTETS + 1)
    if len(octets) > _MOST_OCTETS:
        raise InputRefusedError(f"more than {_MOST_OCTETS:,} octets; smscodec bulk reads files of messages of any size")
    text = decoded(octets)
    if arguments.raw:
        return text
    return text[:-1].removesuffix("\r") if text.endswith("\n") else text


def octets_given(arguments: argparse.Namespace) -> bytes:
    """The octets that the arguments of ``add_input`` spell in hexadecimal, as they stand in dumps of many kinds.

    White space, colons and commas may part them, and 0x may stand before each part.
    """
    parts = text_given(arguments).replace(":", " ").replace(",", " ").split()
    digits = "".join(part[2:] if part[:2] in {"0x", "0X"} else part for part in parts)
    for position, digit in enumerate(digits):
        if digit not in "0123456789abcdefABCDEF":
            raise InputRefusedError(f"'{digit}' at digit {position} is not hexadecimal")
    if len(digits) % 2:
        raise InputRefusedError(f"{len(digits)} hexadecimal digits make no whole octets")
    return bytes.fromhex(digits)


def decoded(octets: bytes) -> str:
    """UTF-8 as text; an ``InputRefusedError`` names the first octet that is not."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefusedError(f"not UTF-8: octet 0x{octets[error.start]:02X} at offset {error.start}") from None


def standard_input() -> BinaryIO:
    """Standard input as octets; a ``UsageError`` where the program was started without one."""
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    octets: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    # A program that calls main() may have put a stream of text there, which has no octets under it.
    return BytesIO(sys.stdin.read().encode("utf-8", "surrogatepass")) if octets is None else octets


def _as_typed(argument: str) -> str:
    """The argument as it was typed, in UTF-8 where the locale has few characters.

    What its locale cannot decode, Python smuggles into arguments as surrogates U+DC80 to U+DCFF, one for an octet.
    """
    if not any("\udc80" <= character <= "\udcff" for character in argument):
        return argument
    try:
        octets = os.fsencode(argument)
    except UnicodeEncodeError:  # other lone surrogates too, from a program that calls main(): the core names them
        return argument
    return decoded(octets)
