"""``measure``, ``segment`` and ``explain``: what a text costs, where it is cut, and what makes it dear.

Asks the core and sets the answers in words; neither counts nor cuts anything itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from smscodec import Measurement, measure, segment
from smscodec.cli.options import (
    Subparsers,
    add_cutting,
    add_languages,
    add_planning,
    cutting,
    planning,
)
from smscodec.cli.reading import add_input, text_given
from smscodec.cli.writing import (
    ALPHABETS,
    UNITS,
    add_color,
    add_json,
    colour,
    counted,
    replacement_in_words,
    table,
    tables_in_words,
    width,
    writable,
    write_json,
)
from smscodec.display import terminal as display
from smscodec.transliteration import Culprit, Explanation, explain

__all__ = ["add_commands"]

_MEASURE: Final = """\
examples:
  smscodec measure "Meet you at 5 €"
  smscodec measure --json --languages turkish,spanish < message.txt
  smscodec measure --alphabet ucs2 --wide-reference -- "-5 degrees tonight"
"""

_SEGMENT: Final = """\
Shows the number of each segment, the units it holds of its room, and its text
between bars. Units are septets in GSM 7-bit, where some characters take two,
and UTF-16 code units in UCS-2.

examples:
  smscodec segment < long-message.txt
  smscodec segment --boundary grapheme "..."
  smscodec segment --json "..."
"""

_EXPLAIN: Final = """\
Underlines the characters that keep the text out of the GSM 7-bit default
alphabet, or that cost two septets in it, names them, and shows what they could
be replaced by and what that would save. Nothing is ever replaced unasked.

examples:
  smscodec explain "It’s 5 € – “deal”?"
  smscodec explain --languages all "Şu anda çok geç oldu"
"""

_INDICES_SHOWN: Final = 8
"""How many places of one character a row names before it only counts them."""


def add_commands(subparsers: Subparsers) -> None:
    """Add ``measure``, ``segment`` and ``explain``."""
    parser = subparsers.add_parser(
        "measure",
        help="alphabet, units and segments of a text",
        description="Print what a text costs: alphabet, units, segments and the room left.",
        epilog=_MEASURE,
    )
    add_input(parser, "TEXT", "the text")
    add_planning(parser)
    add_json(parser)
    parser.set_defaults(run=_measure)

    parser = subparsers.add_parser(
        "segment",
        help="show where a text is cut",
        description="Cut a text into segments and show what each of them holds.",
        epilog=_SEGMENT,
    )
    add_input(parser, "TEXT", "the text")
    add_cutting(parser)
    add_json(parser)
    add_color(parser)
    parser.set_defaults(run=_segment)

    parser = subparsers.add_parser(
        "explain",
        help="show which characters make a text dear",
        description="Show which characters make a text dear, and what mending them would save.",
        epilog=_EXPLAIN,
    )
    add_input(parser, "TEXT", "the text")
    add_languages(parser)
    add_json(parser)
    add_color(parser)
    parser.set_defaults(run=_explain)


# measure ------------------------------------------------------------------------------------------------------------


def _measure(arguments: argparse.Namespace) -> int:
    measurement = measure(text_given(arguments), **planning(arguments))
    if arguments.json:
        write_json(measurement.as_dict())
        return 0
    unit = UNITS[measurement.alphabet]
    rows = [
        ("alphabet", ALPHABETS[measurement.alphabet]),
        ("units", counted(measurement.units, unit)),
        ("segments", f"{measurement.segments:,}"),
        ("room", f"{counted(measurement.units_per_segment, unit)} in a segment, {_left(measurement)}"),
    ]
    tables = tables_in_words(measurement.tables)
    print(display.table([*rows, ("tables", tables)] if tables else rows))
    return 0


def _left(measurement: Measurement) -> str:
    where = " in the last" if measurement.segments > 1 else ""
    return f"{measurement.remaining:,} left{where}"


def _in_one_line(measurement: Measurement) -> str:
    tables = tables_in_words(measurement.tables)
    parts = [
        f"{ALPHABETS[measurement.alphabet]}{f' ({tables})' if tables else ''}",
        counted(measurement.segments, "segment"),
        counted(measurement.units, UNITS[measurement.alphabet]),
        _left(measurement),
    ]
    return ", ".join(parts)


# segment ------------------------------------------------------------------------------------------------------------


def _segment(arguments: argparse.Namespace) -> int:
    options = cutting(arguments)
    message = segment(text_given(arguments), **options)
    if arguments.json:
        write_json(message.as_dict())
        return 0
    parts = [(writable(part.text), part.units) for part in message]
    room = message.measurement.units_per_segment
    print(_in_one_line(message.measurement))
    print(display.segments_text(parts, room, width=width(), colour=colour(arguments)))
    return 0


# explain ------------------------------------------------------------------------------------------------------------


def _explain(arguments: argparse.Namespace) -> int:
    text = text_given(arguments)
    explanation = explain(text, languages=arguments.languages)
    if arguments.json:
        write_json(
            {
                "measurement": explanation.measurement.as_dict(),
                "culprits": [_culprit_fields(culprit) for culprit in explanation.culprits],
                "suggestion": explanation.suggestion,
                "suggested": explanation.suggested.as_dict(),
            }
        )
        return 0
    print(_in_one_line(explanation.measurement))
    if explanation.culprits:
        print(f"\n{_underlined(text, explanation.culprits, colour=colour(arguments))}\n")
        print(_culprits(explanation.culprits))
    print(f"\n{_mending(text, explanation)}")
    return 0


def _underlined(text: str, culprits: Iterable[Culprit], *, colour: bool) -> str:
    pieces = [writable(character) for character in text]
    ends = list(accumulate(map(len, pieces)))
    indices = [ends[culprit.index] - 1 - back for culprit in culprits for back in range(len(pieces[culprit.index]))]
    return display.underlined("".join(pieces), indices, width=width(), colour=colour)


def _culprit_fields(culprit: Culprit) -> dict[str, object]:
    names = ("index", "character", "name", "units", "replacement")
    return {name: getattr(culprit, name) for name in names}


def _culprits(culprits: Iterable[Culprit]) -> str:
    """A row for each character, with the places where it stands."""
    places: dict[tuple[str, str, int, str | None], list[int]] = {}
    for culprit in culprits:
        kind = (culprit.character, culprit.name, culprit.units, culprit.replacement)
        places.setdefault(kind, []).append(culprit.index)
    rows = [("", "code point", "name", "units", "replacement", "index")]
    rows += [
        (character, f"U+{ord(character):04X}", name, str(units), replacement_in_words(replacement), _indices(found))
        for (character, name, units, replacement), found in places.items()
    ]
    return table(rows, right={3})


def _indices(found: list[int]) -> str:
    shown = ", ".join(map(str, found[:_INDICES_SHOWN]))
    return f"{shown} and {len(found) - _INDICES_SHOWN:,} more" if len(found) > _INDICES_SHOWN else shown


def _mending(text: str, explanation: Explanation) -> str:
    measurement, suggested = explanation.measurement, explanation.suggested
    if explanation.suggestion == text:
        if not explanation.culprits:
            return "Every character costs one septet."
        return "Nothing to mend: no replacement would make it cheaper."
    saved = measurement.segments - suggested.segments
    saving = f"saves {counted(saved, 'segment')}" if saved else "saves no segment"
    return f"Mended, it {saving}: {_in_one_line(suggested)}\n{display.visible(explanation.suggestion)}"
