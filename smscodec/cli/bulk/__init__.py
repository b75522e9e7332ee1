"""``bulk``: what files of messages cost, as one summary, and message by message with ``--output``.

Arguments and the flow of blocks: ``files`` reads them, the kernels count them, ``bulk_tally`` adds up, ``bulk_output``
writes, ``bulk_summary`` says. Memory does not grow with the number of messages.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final

from smscodec.cli.bulk.output import Output, writer_for
from smscodec.cli.bulk.summary import Summary
from smscodec.cli.bulk.tally import Tally
from smscodec.cli.files import FORMATS, Format, blocks_of, format_of
from smscodec.cli.files.blocks import Block, Reading, ReadingOptions, TextBlock, where
from smscodec.cli.options import Subparsers, add_languages
from smscodec.cli.progress import Progress
from smscodec.cli.reading import UsageError
from smscodec.cli.writing import add_json, counted, write_json
from smscodec.transliteration import transliterate

__all__ = ["add_commands"]

_EPILOG: Final = """\
FILE is one of these, - is standard input (text lines unless --format says
otherwise), and text formats may be gzipped (.gz):
  .txt            a message a line; only LF or CRLF ends a line, and an empty
                  line is an empty message, which costs a segment
  .csv .tsv       a message a row in the column --column, under a header or with
                  --no-header by number; an empty field is an empty message
                  unless --empty-as-null
  .jsonl .ndjson  a JSON string a line, or objects with --column; null is
                  counted apart
  .parquet .arrow a column of text (extra 'arrow')

A bad row stops the run, or is counted with --on-error count. A row of CSV that
is not blank must have as many fields as the header, which is row 1.

--output takes its final name when all is written, and keeps the input's columns
beside alphabet, units and segments. Several files must have the same columns.

examples:
  smscodec bulk messages.txt
  smscodec bulk --column body --price 0.0079 export.csv
  smscodec bulk --column text --output costs.parquet outbox-*.jsonl.gz
  smscodec bulk --column text --transliterate --json outbox.parquet
  psql -Atc "select to_json(body) from outbox" | smscodec bulk --format jsonl -
"""

_MEBIOCTET: Final = 1 << 20
_MOST_OCTETS: Final = 1 << 30
_PRICE: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20}")
_COLUMNS: Final = frozenset({"csv", "jsonl", "parquet", "arrow"})
"""The formats with columns."""


def add_commands(subparsers: Subparsers) -> None:
    """Add ``bulk``."""
    parser = subparsers.add_parser(
        "bulk",
        help="what files of messages cost",
        description="Print a summary of what the messages in files cost.",
        epilog=_EPILOG,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file of messages, or - for standard input")
    _add_reading(parser)
    _add_counting(parser)
    _add_results(parser)
    parser.set_defaults(run=_bulk)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    reading = parser.add_argument_group("reading")
    reading.add_argument("--column", metavar="NAME", help="the column, or JSON member, that holds the message")
    reading.add_argument("--format", choices=FORMATS, help="read every FILE as this, whatever its name")
    reading.add_argument(
        "--encoding",
        type=_encoding,
        metavar="NAME",
        help="of text formats (default: UTF-8, or UTF-16 where a byte order mark says so)",
    )
    reading.add_argument(
        "--delimiter",
        type=_delimiter,
        metavar="CHARACTER",
        help="between fields of CSV, 'tab' for a tab (default: the one of , ; tab | under which the first row has the "
        "column, or the most fields)",
    )
    reading.add_argument("--no-header", action="store_true", help="CSV has no header: --column is a number from 1")
    reading.add_argument("--empty-as-null", action="store_true", help="count an empty message as a null")
    reading.add_argument(
        "--max-message",
        type=_octets,
        default=_MEBIOCTET,
        metavar="OCTETS",
        help="refuse a message of more octets in UTF-8 (default: %(default)s)",
    )
    reading.add_argument(
        "--on-error",
        choices=("stop", "count"),
        default="stop",
        help="what a bad row does: stop the run, or be left out and counted (default: %(default)s)",
    )


def _add_counting(parser: argparse.ArgumentParser) -> None:
    counting = parser.add_argument_group("counting")
    add_languages(counting)
    counting.add_argument(
        "--transliterate",
        action="store_true",
        help="count the messages as they are once mended: what GSM 7-bit lacks replaced by what comes nearest",
    )
    counting.add_argument(
        "--price", type=_price, metavar="MONEY", help="of a segment, a decimal number; reckoned exactly"
    )
    counting.add_argument(
        "--no-characters",
        action="store_true",
        help="leave out which characters forced UCS-2 and what mending them saves; files of mostly UCS-2 are counted "
        "faster then",
    )


def _add_results(parser: argparse.ArgumentParser) -> None:
    results = parser.add_argument_group("results")
    results.add_argument(
        "--output",
        metavar="FILE",
        help="write what each message costs, beside the input's columns, as its ending says: "
        ".csv, .tsv, .jsonl, .gz of these, .parquet, .arrow",
    )
    results.add_argument("--prefix", default="", metavar="TEXT", help="put before the names of the columns of --output")
    add_json(results)


# Words to values ----------------------------------------------------------------------------------------------------


def _octets(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20 and 0 < int(digits) <= _MOST_OCTETS):
        raise argparse.ArgumentTypeError(f"{digits!r} is no number of octets from 1 to {_MOST_OCTETS:,}")
    return int(digits)


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        raise argparse.ArgumentTypeError(f"no encoding is called {name!r}") from None
    return name


def _delimiter(word: str) -> str:
    delimiter = {"tab": "\t", "\\t": "\t"}.get(word.lower(), word)
    if len(delimiter) != 1 or delimiter in '"\r\n\0 ':
        raise argparse.ArgumentTypeError(f"{word!r} is no character that can part fields")
    return delimiter


def _price(digits: str) -> Decimal:
    if not _PRICE.fullmatch(digits):
        raise argparse.ArgumentTypeError(f"{digits!r} is no price: a decimal number such as 0.0079")
    return Decimal(digits)


# The run ------------------------------------------------------------------------------------------------------------


def _bulk(arguments: argparse.Namespace) -> int:
    sources = list(zip(arguments.files, _formats(arguments), strict=True))
    if arguments.prefix and arguments.output is None:
        raise UsageError("--prefix is about the columns of --output, and there is no --output")
    writer = None if arguments.output is None else writer_for(arguments.output)
    run = _Run(arguments)
    with _terminable(), ExitStack() as opened:
        if writer is not None:
            run.output = opened.enter_context(
                Output(
                    arguments.output,
                    writer,
                    inputs=arguments.files,
                    prefix=arguments.prefix,
                    mended=arguments.transliterate,
                )
            )
        run.progress = opened.enter_context(Progress(_octets_of(arguments.files)))
        try:
            for name, form in sources:
                run.count(name, form)
        except (KeyboardInterrupt, SystemExit):
            run.progress.close()
            print(f"smscodec: interrupted after {run.reached()}", file=sys.stderr)
            raise
    summary = run.summary()
    if arguments.json:
        write_json(summary.fields())
    else:
        print("\n\n".join(summary.paragraphs()))
    return 0


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the run as Ctrl-C does, so that nothing half-written stays, unless the program says otherwise."""
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminated(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _formats(arguments: argparse.Namespace) -> list[Format]:
    forms: list[Format] = []
    for name in arguments.files:
        form: Format | None = arguments.format or format_of(name)
        if form is None:
            kinds = ".txt, .csv, .tsv nor .jsonl, nor .gz of these, .parquet nor .arrow"
            raise UsageError(f"{name} is neither {kinds}: say what it is with --format")
        forms.append(form)
    if arguments.column is not None and _COLUMNS.isdisjoint(forms):
        raise UsageError("--column names a member of JSON objects or a column, and text lines have none")
    if (arguments.delimiter is not None or arguments.no_header) and "csv" not in forms:
        raise UsageError("--delimiter and --no-header are about CSV alone")
    return forms


def _octets_of(names: list[str]) -> int | None:
    """Octets of these files together; None where one is no regular file."""
    paths = [Path(name) for name in names]
    return sum(path.stat().st_size for path in paths) if all(path.is_file() for path in paths) else None


class _Run:
    """Blocks of one file after the other, on their way through."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._options = ReadingOptions(
            column=arguments.column,
            max_octets=arguments.max_message,
            encoding=arguments.encoding,
            delimiter=arguments.delimiter,
            header=not arguments.no_header,
            empty_as_null=arguments.empty_as_null,
            keep=arguments.output is not None,
            skip=arguments.on_error == "count",
        )
        self._languages = arguments.languages
        self._transliterate = arguments.transliterate
        self._price = arguments.price
        self._tally = Tally(self._languages, characters=not arguments.no_characters)
        self._readings: list[Reading] = []
        self._octets = 0
        self.output: Output | None = None
        self.progress = Progress(None)

    def count(self, name: str, form: Format) -> None:
        """Count the messages of a file."""
        reading = Reading(name, self._options)
        self._readings.append(reading)
        for block in blocks_of(form, reading):
            self._count(block)
            self.progress.update(self._octets + reading.position(), self.reached())
        self._octets += _octets_of([name]) or 0

    def _count(self, block: Block) -> None:
        if self._transliterate:
            self._count_mended(block)
            return
        measured = block.measured(self._languages)
        self._tally.add(block, measured)
        if self.output:
            self.output.write(block, measured)

    def _count_mended(self, block: Block) -> None:
        texts = block.texts()
        mended = [text if text is None else transliterate(text) for text in texts]
        self._tally.changed += sum(text != was for text, was in zip(mended, texts, strict=True))
        counted_block = TextBlock(mended)
        measured = counted_block.measured(self._languages)
        self._tally.add(counted_block, measured)
        if self.output:
            self.output.write(block, measured, mended)

    def reached(self) -> str:
        """How far the run has come, in words."""
        messages = counted(self._tally.messages, "message")
        return f"{messages}, in {where(self._readings[-1].name)}" if self._readings else messages

    def summary(self) -> Summary:
        """What was counted."""
        refused = (reading.first_refusal for reading in self._readings if reading.first_refusal)
        return Summary(
            self._tally,
            refused=sum(reading.refused for reading in self._readings),
            first_refusal=next(refused, None),
            price=self._price,
            transliterated=self._transliterate,
        )
