"""The options that commands share: alphabet, permitted languages, reference, boundary.

Turns words of the command line into values of the core. An unknown word is a usage error.
"""

from __future__ import annotations

import argparse
from typing import Any, TypeAlias

from smscodec import Alphabet, FieldError, NationalLanguage
from smscodec.cli.reading import UsageError, did_you_mean
from smscodec.tables import NAMED_LANGUAGES, PermittedLanguages, permitted_languages

__all__ = ["Subparsers", "add_alphabet", "add_cutting", "add_languages", "add_planning", "cutting", "planning"]

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What a family's ``add_commands`` takes."""

_ALPHABETS = {
    "gsm7": Alphabet.GSM_7BIT,
    "gsm7bit": Alphabet.GSM_7BIT,
    "ucs2": Alphabet.UCS2,
    "8bit": Alphabet.DATA_8BIT,
    "data8bit": Alphabet.DATA_8BIT,
}


def add_alphabet(parser: argparse.ArgumentParser, meaning: str, *, data: bool = False) -> None:
    """Add ``--alphabet``; ``data`` permits 8-bit data besides text."""

    def alphabet(word: str) -> Alphabet:
        known = _ALPHABETS.get(word.lower().replace("-", "").replace("_", ""))
        if known is None or (known is Alphabet.DATA_8BIT and not data):
            raise argparse.ArgumentTypeError(f"unknown alphabet {word!r}; expected gsm7{', 8bit' * data} or ucs2")
        return known

    choices = "gsm7|ucs2|8bit" if data else "gsm7|ucs2"
    parser.add_argument("--alphabet", type=alphabet, metavar=choices, help=meaning)


def add_languages(parser: argparse._ActionsContainer) -> None:
    """Add ``--languages``."""
    parser.add_argument(
        "--languages",
        type=_languages,
        default=(),
        metavar="NAME,...",
        help="national languages whose tables the receivers' phones know, by name or ISO 639-1 code (turkish, tr), "
        "or all; a table is used only where it saves a segment",
    )


def _languages(words: str) -> PermittedLanguages:
    names = [word.strip() for word in words.split(",")]
    try:
        return permitted_languages(names)
    except FieldError as error:
        known = [name for language in NationalLanguage if language for name in (language.name.lower(),)]
        unknown = next(name for name in names if name.lower() not in NAMED_LANGUAGES)
        guess = did_you_mean(unknown.lower(), known)
        raise argparse.ArgumentTypeError(f"{error.message}{f'; {guess}' if guess else ''}") from None


def add_planning(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planning``: ``--alphabet``, ``--languages`` and ``--wide-reference``."""
    add_alphabet(parser, "the alphabet to use (default: GSM 7-bit where it holds the text, else UCS-2)")
    add_languages(parser)
    parser.add_argument(
        "--wide-reference",
        action="store_true",
        help="count with 16-bit references in messages of several segments, which leave one octet less room",
    )


def add_cutting(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``cutting``: those of ``planning``, ``--reference`` and ``--boundary``."""
    add_planning(parser)
    parser.add_argument(
        "--reference",
        type=int,
        metavar="N",
        help="reference that ties the segments together, 0-255 (0-65535 with --wide-reference); "
        "use a different one for each message",
    )
    parser.add_argument(
        "--boundary",
        choices=("character", "grapheme"),
        default="character",
        help="grapheme: do not cut what people see as one character, where that costs no segment "
        "(needs the extra 'grapheme'; default: %(default)s)",
    )


def planning(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``measure`` from the options of ``add_planning``."""
    return {
        "alphabet": arguments.alphabet,
        "languages": arguments.languages,
        "wide_reference": arguments.wide_reference,
    }


def cutting(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments of ``segment`` from the options of ``add_cutting``; ``UsageError`` for a reference out of range."""
    highest = 0xFFFF if arguments.wide_reference else 0xFF
    if arguments.reference is not None and not 0 <= arguments.reference <= highest:
        raise UsageError(f"--reference {arguments.reference} is outside 0-{highest}")
    return {**planning(arguments), "reference": arguments.reference, "boundary": arguments.boundary}
