"""``measure``, ``segment`` and ``explain``: what a text costs, where it is cut, and what makes it expensive.

Asks the core and puts the answers in words; neither counts nor cuts anything itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from smscodec import Alphabet, Measurement, measure, segment
from smscodec.cli.options import (
    Subparsers,
    add_cutting,
    add_languages,
    add_planning,
    cutting,
    planning,
)
from smscodec.cli.reading import add_input, suspected, text_given, warn
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
from smscodec.transliteration import Culprit, Explanation, Remedy, RemedyKind, explain

__all__ = ["add_commands"]

_MEASURE: Final = """\
examples:
  smscodec measure "Meet you at 5 €"
  smscodec measure --json --languages turkish,es < message.txt
  smscodec measure --alphabet ucs2 --wide-reference -- "-5 degrees tonight"
"""

_SEGMENT: Final = """\
Shows the number of each segment, the units used of its room, and its text
between bars. Units are septets in GSM 7-bit, where some characters take two,
and UTF-16 code units in UCS-2.

examples:
  smscodec segment < long-message.txt
  smscodec segment --boundary grapheme "..."
  smscodec segment --json "..."
"""

_EXPLAIN: Final = """\
Underlines the characters outside the GSM alphabet, or those that count as two
characters in it, names them, and lists what would save a segment, the least
harmful change first. Nothing is replaced unless you ask for it.

examples:
  smscodec explain "It’s 5 € – “deal”?"
  smscodec explain --languages tr "Şu anda çok geç oldu"
"""

_MOST_OCTETS: Final = 1 << 18
"""The longest text to explain: each character may need a row, and a message has at most 39,015."""

_INDICES_SHOWN: Final = 8
"""Places of one character that a row names before it only counts them."""

_LETTERS_LISTED: Final = 3
"""Different letters of a script without a replacement; more of them share one row."""


def add_commands(subparsers: Subparsers) -> None:
    """Add ``measure``, ``segment`` and ``explain``."""
    parser = subparsers.add_parser(
        "measure",
        help="count the segments of a text",
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
        help="show what makes a text expensive, and what would save a segment",
        description="Show which characters make a text expensive, and what would save a segment.",
        epilog=_EXPLAIN,
    )
    add_input(parser, "TEXT", "the text")
    add_languages(parser)
    add_json(parser)
    add_color(parser)
    parser.set_defaults(run=_explain)


def _text(arguments: argparse.Namespace, *most_octets: int) -> str:
    text = text_given(arguments, *most_octets)
    if warning := suspected(text):
        warn(warning)
    return text


# measure ------------------------------------------------------------------------------------------------------------


def _measure(arguments: argparse.Namespace) -> int:
    measurement = measure(_text(arguments), **planning(arguments))
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
    return f"{measurement.remaining:,} left{' in the last segment' if measurement.segments > 1 else ''}"


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
    message = segment(_text(arguments), **options)
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
    text = _text(arguments, _MOST_OCTETS)
    explanation = explain(text, languages=arguments.languages)
    if arguments.json:
        write_json(explanation.as_dict())
        return 0
    print(_cost(text, explanation.measurement))
    if explanation.culprits:
        print(f"\n{_underlined(text, explanation.culprits, colour=colour(arguments))}\n")
        print(_characters(explanation.culprits))
    print("\n" + "\n".join(_fixes(explanation)))
    return 0


def _cost(text: str, measurement: Measurement) -> str:
    """What the text costs, for people who have never heard of septets."""
    holds = f"{counted(len(text), 'character')}, {counted(measurement.segments, 'segment')}"
    if measurement.alphabet is Alphabet.UCS2:
        room = f"so a segment holds up to {measurement.units_per_segment} characters"
        return f"{holds}: there are characters outside the GSM alphabet, {room}."
    tables = tables_in_words(measurement.tables)
    alphabet = f"the GSM alphabet with the {tables} table" if tables else "the GSM alphabet"
    return f"{holds} of up to {measurement.units_per_segment} characters in {alphabet}."


def _underlined(text: str, culprits: Iterable[Culprit], *, colour: bool) -> str:
    pieces = [writable(character) for character in text]
    ends = list(accumulate(map(len, pieces)))
    indices = [ends[one.index] - 1 - back for one in culprits for back in range(len(pieces[one.index]))]
    return display.underlined("".join(pieces), indices, width=width(), colour=colour)


def _characters(culprits: Iterable[Culprit]) -> str:
    """A row for each character, with its places in the text; many letters of a script share one."""
    places: dict[tuple[str, str, int, str | None], list[int]] = {}
    for one in culprits:
        kind = (one.character, one.name, one.units, one.replacement)
        places.setdefault(kind, []).append(one.index)
    scripts: dict[str, list[tuple[str, int]]] = {}
    for (character, name, _, replacement), found in places.items():
        if replacement is None and character.isalpha():
            scripts.setdefault(name.partition(" ")[0], []).append((character, len(found)))
    together = {script for script, letters in scripts.items() if len(letters) > _LETTERS_LISTED}
    rows = [("", "code point", "name", "counts as", "replacement", "index")]
    rows += [
        (character, f"U+{ord(character):04X}", name, str(units), replacement_in_words(replacement), _indices(found))
        for (character, name, units, replacement), found in places.items()
        if replacement is not None or not character.isalpha() or name.partition(" ")[0] not in together
    ]
    lines = [table(rows, right={3})] if len(rows) > 1 else []
    lines += [_script(script, scripts[script]) for script in scripts if script in together]
    return "\n".join(lines)


def _script(script: str, letters: list[tuple[str, int]]) -> str:
    """All letters of a script in one line."""
    times = sum(number for _, number in letters)
    return f"{counted(times, f'{script.title()} letter')}, which the GSM alphabet does not have"


def _indices(found: list[int]) -> str:
    shown = ", ".join(map(str, found[:_INDICES_SHOWN]))
    return f"{shown} and {len(found) - _INDICES_SHOWN:,} more" if len(found) > _INDICES_SHOWN else shown


def _fixes(explanation: Explanation) -> Iterator[str]:
    """What would save a segment, the least harmful change first, each with the resulting text."""
    if explanation.remedies:
        yield "What would save a segment, the least harmful change first:"
        for remedy in explanation.remedies:
            yield from _fix(remedy)
    elif explanation.measurement.segments == 1:
        yield "It is a single segment already."
    else:
        yield "No replacement would save a segment."


def _fix(remedy: Remedy) -> Iterator[str]:
    left = counted(remedy.measurement.segments, "segment")
    yield f"- saves {counted(remedy.saves, 'segment')}, {left} left: {display.visible(writable(remedy.changes))}"
    if remedy.kind is RemedyKind.NATIONAL_TABLES:
        tables = remedy.measurement.tables
        names = dict.fromkeys(language.name.lower() for language in (tables.locking, tables.single) if language)
        yield f"  smscodec segment --languages {','.join(names)} shows it"
    else:
        yield f"  {display.visible(writable(remedy.text))}"
