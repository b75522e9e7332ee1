"""The options that commands share: alphabet, permitted languages, reference, boundary.

Turns words of the command line into values of the core. A word that names nothing is a usage error.
"""

from __future__ import annotations

import argparse
from typing import Any, TypeAlias

from smscodec import Alphabet, NationalLanguage
from smscodec.cli.reading import UsageError

__all__ = ["Subparsers", "add_alphabet", "add_cutting", "add_languages", "add_planning", "cutting", "planning"]

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What ``add_commands`` of a family gets."""

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
            raise argparse.ArgumentTypeError(f"no alphabet is called {word!r}: use gsm7{', 8bit' * data} or ucs2")
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
        help="national languages whose tables the receivers' phones know, or all; "
        "a table is used only where it saves a segment",
    )


def _languages(words: str) -> tuple[NationalLanguage, ...]:
    named = {language.name.lower(): (language,) for language in NationalLanguage if language}
    every = tuple(language for (language,) in named.values())
    languages: list[NationalLanguage] = []
    for word in words.lower().split(","):
        found = every if word.strip() == "all" else named.get(word.strip())
        if found is None:
            raise argparse.ArgumentTypeError(f"no language is called {word.strip()!r}: use {', '.join(named)}, or all")
        languages.extend(found)
    return tuple(languages)


def add_planning(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planning``: ``--alphabet``, ``--languages`` and ``--wide-reference``."""
    add_alphabet(parser, "the alphabet to use (default: GSM 7-bit where it holds the text, else UCS-2)")
    add_languages(parser)
    parser.add_argument(
        "--wide-reference",
        action="store_true",
        help="reckon with a 16-bit reference in concatenated messages: one octet less room",
    )


def add_cutting(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``cutting``: those of ``planning``, ``--reference`` and ``--boundary``."""
    add_planning(parser)
    parser.add_argument(
        "--reference",
        type=int,
        metavar="N",
        help="reference of the concatenated message, 0-255 (0-65535 with --wide-reference); another for each message",
    )
    parser.add_argument(
        "--boundary",
        choices=("character", "grapheme"),
        default="character",
        help="grapheme: keep what a reader takes for one character whole, where that costs no segment "
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
