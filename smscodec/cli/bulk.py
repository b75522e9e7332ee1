"""``bulk``: what files of messages cost, as one summary.

Reads nothing itself (``message_files``) and counts no units itself (the core); it adds up. Memory does not grow with
the number of messages.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from smscodec import Alphabet, count_segments, gsm7, measure
from smscodec.cli.message_files import Format, format_of, messages
from smscodec.cli.options import Subparsers
from smscodec.cli.reading import UsageError
from smscodec.cli.writing import ALPHABETS, add_json, counted, replacement_in_words, table, write_json
from smscodec.transliteration import explain, transliteration

__all__ = ["add_commands"]

_EPILOG: Final = """\
FILE is .txt (a message a line; only LF or CRLF ends a line, and an empty line
is an empty message, which costs a segment) or .jsonl (a JSON string a line, or
objects with --column; null is counted apart), or either as .gz; - is standard
input, text lines unless --format says otherwise. The first row that cannot be
read stops the run.

examples:
  smscodec bulk messages.txt
  smscodec bulk --column text outbox-*.jsonl.gz
  psql -Atc "select to_json(body) from outbox" | smscodec bulk --format jsonl -
"""

_MEBIOCTET: Final = 1 << 20
_CHARACTERS_SHOWN: Final = 20
_BAR: Final = 40
_ROWS_OF_HISTOGRAM: Final = 10


def add_commands(subparsers: Subparsers) -> None:
    """Add ``bulk``."""
    parser = subparsers.add_parser(
        "bulk",
        help="what files of messages cost",
        description="Print a summary of what the messages in files cost.",
        epilog=_EPILOG,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file of messages, or - for standard input")
    parser.add_argument("--column", metavar="NAME", help="the member of JSON objects that holds the message")
    parser.add_argument("--format", choices=("txt", "jsonl"), help="read every FILE as this, whatever its name")
    parser.add_argument(
        "--max-message",
        type=_octets,
        default=_MEBIOCTET,
        metavar="OCTETS",
        help="refuse a message of more octets in UTF-8 (default: %(default)s)",
    )
    add_json(parser)
    parser.set_defaults(run=_bulk)


def _octets(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and int(digits)):
        raise argparse.ArgumentTypeError(f"{digits!r} is no number of octets")
    return int(digits)


@dataclass
class _Tally:
    """What has been counted so far."""

    nulls: int = 0
    gsm: Counter[int] = field(default_factory=Counter)
    """Messages in GSM 7-bit by number of segments."""
    ucs2: Counter[int] = field(default_factory=Counter)
    """Messages in UCS-2 by number of segments."""
    forcing: Counter[str] = field(default_factory=Counter)
    """Messages that a character outside the default alphabet keeps in UCS-2, by character."""
    mended: Counter[str] = field(default_factory=Counter)
    """Messages in which mending replaces a character, by character."""
    saved: int = 0
    """Segments that mending would save."""

    def add(self, texts: Iterable[str | None]) -> None:
        """Count messages, None being a null."""
        for text in texts:
            if text is None:
                self.nulls += 1
                continue
            alphabet, _, segments, *_ = measure(text)
            if alphabet is Alphabet.GSM_7BIT:
                self.gsm[segments] += 1
                continue
            self.ucs2[segments] += 1
            different = "".join(set(text))
            self.forcing.update(different[index] for index in gsm7.unencodable(different))
            fitted, changes = transliteration(text)
            if changes:
                self.mended.update(set("".join([change.original for change in changes])))
                self.saved += max(0, segments - count_segments(fitted))

    @property
    def messages(self) -> int:
        return self.gsm.total() + self.ucs2.total()

    @property
    def segments(self) -> int:
        return sum(segments * messages for segments, messages in self.histogram.items())

    @property
    def histogram(self) -> dict[int, int]:
        """Messages by number of segments, in order."""
        return dict(sorted((self.gsm + self.ucs2).items()))

    @property
    def alphabets(self) -> dict[Alphabet, int]:
        """Messages by alphabet."""
        return {Alphabet.GSM_7BIT: self.gsm.total(), Alphabet.UCS2: self.ucs2.total()}


def _bulk(arguments: argparse.Namespace) -> int:
    sources = list(_sources(arguments))
    tally = _Tally()
    try:
        for name, form in sources:
            tally.add(messages(name, form=form, column=arguments.column, max_octets=arguments.max_message))
    except KeyboardInterrupt:
        print(f"smscodec: interrupted after {counted(tally.messages, 'message')}", file=sys.stderr)
        raise
    if arguments.json:
        write_json(_fields(tally))
    else:
        print("\n\n".join(_summary(tally)))
    return 0


def _sources(arguments: argparse.Namespace) -> Iterator[tuple[str, Format]]:
    forms: list[Format] = []
    for name in arguments.files:
        form: Format | None = arguments.format or format_of(name)
        if form is None:
            raise UsageError(f"{name} is neither .txt nor .jsonl, nor .gz of these: say what it is with --format")
        forms.append(form)
    if arguments.column is not None and "jsonl" not in forms:
        raise UsageError("--column names a member of JSON objects, and text lines have none")
    return zip(arguments.files, forms, strict=True)


# The summary --------------------------------------------------------------------------------------------------------


class _Forcing(NamedTuple):
    """A character that forced UCS-2 in so many messages, and what mending puts in its place in so many of them.

    ``replacement`` is None where it is mended in none: a joiner alone would go, and stays in an emoji.
    """

    character: str
    name: str
    messages: int
    mended: int
    replacement: str | None


def _forcing(tally: _Tally) -> Iterator[_Forcing]:
    """The characters that forced UCS-2 most often."""
    most = sorted(tally.forcing.items(), key=lambda item: (-item[1], item[0]))[:_CHARACTERS_SHOWN]
    for character, found_in in most:
        # Letters come before it, because what looks like a Latin letter is replaced among Latin ones only.
        (culprit,) = explain(f"in {character}").culprits
        mended = tally.mended[character]
        yield _Forcing(character, culprit.name, found_in, mended, culprit.replacement if mended else None)


def _fields(tally: _Tally) -> dict[str, Any]:
    return {
        "messages": tally.messages,
        "nulls": tally.nulls,
        "segments": tally.segments,
        "alphabets": {alphabet.name: messages for alphabet, messages in tally.alphabets.items()},
        "segments_per_message": {str(segments): messages for segments, messages in tally.histogram.items()},
        "forced_ucs2": [forcing._asdict() for forcing in _forcing(tally)],
        "saved_by_mending": tally.saved,
    }


def _summary(tally: _Tally) -> Iterator[str]:
    """Paragraphs of text."""
    totals = f"{counted(tally.messages, 'message')}, {counted(tally.segments, 'segment')}"
    mean = f" ({tally.segments / tally.messages:.3f} a message)" if tally.messages else ""
    nulls = f"; {counted(tally.nulls, 'null')} not counted" if tally.nulls else ""
    yield f"{totals}{mean}{nulls}"
    if not tally.messages:
        return
    alphabets = [(ALPHABETS[alphabet], messages) for alphabet, messages in tally.alphabets.items()]
    yield _shares("alphabet", alphabets, tally.messages)
    yield _shares("segments a message", _grouped(tally.histogram), tally.messages)
    if tally.forcing:
        rows = [("messages", "", "code point", "name", "mended", "replacement")]
        rows += [
            (f"{found_in:,}", character, f"U+{ord(character):04X}", name, f"{mended:,}", replacement_in_words(put_in))
            for character, name, found_in, mended, put_in in _forcing(tally)
        ]
        yield f"what forced UCS-2 most often\n{table(rows, right={0, 4})}"
        saving = f"{counted(tally.saved, 'segment')}; smscodec explain shows how" if tally.saved else "no segment"
        yield f"Mending would save {saving}."


def _grouped(histogram: dict[int, int]) -> list[tuple[str, int]]:
    """The rows of the histogram, those after the first few as one."""
    rows = [(str(segments), messages) for segments, messages in histogram.items()]
    if len(rows) <= _ROWS_OF_HISTOGRAM:
        return rows
    first, rest = rows[: _ROWS_OF_HISTOGRAM - 1], rows[_ROWS_OF_HISTOGRAM - 1 :]
    return [*first, (f"{rest[0][0]} or more", sum(messages for _, messages in rest))]


def _shares(title: str, counts: list[tuple[str, int]], total: int) -> str:
    rows = [(title, "messages", "share", "")]
    rows += [(name, f"{count:,}", f"{count / total:.1%}", "#" * round(_BAR * count / total)) for name, count in counts]
    return table(rows, right={1, 2})
