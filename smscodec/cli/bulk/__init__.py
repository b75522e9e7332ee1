"""``bulk``: what files of messages cost, as one summary, and message by message with ``--output``.

Arguments and the flow of blocks: ``files`` reads them, ``tally`` counts them and adds up, and ``output`` writes them;
``summary`` has the figures, which ``words`` and ``report`` show. Memory does not grow with the number of messages.
"""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from smscodec.cli.bulk.money import Price
from smscodec.cli.bulk.next_steps import STAGES, next_steps
from smscodec.cli.bulk.output import Octets, Output, writer_for
from smscodec.cli.bulk.prices import Prices, read_prices
from smscodec.cli.bulk.summary import Summary
from smscodec.cli.bulk.tally import Tally
from smscodec.cli.bulk.whole_file import WholeFile
from smscodec.cli.bulk.words import paragraphs
from smscodec.cli.files import ENDINGS, FORMATS, Format, blocks_of, format_of
from smscodec.cli.files.blocks import Block, Reading, ReadingOptions, TextBlock, where
from smscodec.cli.options import Subparsers, add_languages
from smscodec.cli.progress import Progress
from smscodec.cli.reading import UsageError, did_you_mean, suspected, warn
from smscodec.cli.writing import add_json, counted, write_json
from smscodec.tables import permitted_languages
from smscodec.transliteration import Stage, transliterate

__all__ = ["add_commands"]

_EPILOG: Final = """\
FILE is one of these, or - for standard input (lines of text unless you say
otherwise with --format); text formats may be gzipped (.gz):
  .txt            one message per line; only LF or CRLF ends a line, and an
                  empty line is an empty message, which costs a segment
  .csv .tsv       one message per row, in the column that --column names, or
                  with --no-header its number; an empty field is an empty
                  message unless you give --empty-as-null
  .jsonl .ndjson  one JSON string per line, or objects with --column; nulls are
                  counted apart
  .xlsx           one message per row of a sheet, as in CSV (extra 'excel')
  .parquet .arrow a column of text (extra 'arrow')

Text is read as UTF-8, as UTF-16 or UTF-32 after a byte order mark, otherwise as
what it looks like, UTF-16 or Windows-1252, and standard error says which.

A bad row stops the run, unless you give --on-error count. A row of CSV that is
not blank must have as many fields as the header, which is row 1.

--price takes a decimal number, with a currency before or after it. The last of
two different marks is the decimal point, and so is a single one: 0.0079,
$0.0079, 0,0079 EUR, 1.234,56. Only a comma before three zeros separates
thousands, as in 200,000, and one before three other digits is refused unless
the number begins with 0. Costs are exact, and written in the same style.

--prices names a file of CSV or Excel with a row for each group of --by: its
values, then the price per segment. Groups that it lacks cost what --price says.

--output replaces its file only once everything is written. It keeps the input's
columns and adds alphabet, units, segments and, with a price, cost; several
files must have the same columns.

What would save segments is listed from the least harmful change on. Each figure
is what replacing and counting again gives.

examples:
  smscodec bulk messages.txt
  smscodec bulk --column body --price '$0.0079' --report costs.html export.csv
  smscodec bulk --column text --by country --prices prices.csv campaign.xlsx
  smscodec bulk --column text --output costs.parquet outbox-*.jsonl.gz
  smscodec bulk --column text --transliterate typography --json outbox.parquet
  psql -Atc "select to_json(body) from outbox" | smscodec bulk --format jsonl -
"""

_MEBIOCTET: Final = 1 << 20
_MOST_OCTETS: Final = 1 << 30
_SUSPECTED: Final = 200
"""Messages of a file that are checked for a wrong encoding."""
_COLUMNS: Final = frozenset({"csv", "jsonl", "xlsx", "parquet", "arrow"})
"""The formats with columns."""


def add_commands(subparsers: Subparsers) -> None:
    """Add ``bulk``."""
    parser = subparsers.add_parser(
        "bulk",
        help="count files of messages, and say what would save segments",
        description="Print what the messages in files cost, and what would save segments.",
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
    reading.add_argument("--format", choices=FORMATS, help="read every FILE in this format, whatever its name")
    reading.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first one)")
    reading.add_argument(
        "--encoding",
        type=_encoding,
        metavar="NAME",
        help="encoding of text formats (default: what the octets look like)",
    )
    reading.add_argument(
        "--delimiter",
        type=_delimiter,
        metavar="CHARACTER",
        help="character between fields of CSV, or 'tab' (default: the one of , ; tab | that gives the first row the "
        "column, or else the most fields)",
    )
    reading.add_argument(
        "--no-header", action="store_true", help="CSV or sheet without a header: --column is a number from 1"
    )
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
        help="stop the run at a bad row, or leave bad rows out and count them (default: %(default)s)",
    )


def _add_counting(parser: argparse.ArgumentParser) -> None:
    counting = parser.add_argument_group("counting")
    add_languages(counting)
    counting.add_argument(
        "--transliterate",
        nargs="?",
        type=_stage,
        const="look-alikes",
        metavar="STAGE",
        help="replace what the GSM alphabet lacks, and count the messages as they are then; STAGE is the last kind of "
        f"replacement to make: {', '.join(STAGES)} (default: %(const)s)",
    )
    counting.add_argument("--price", type=_price, metavar="MONEY", help="price per segment, such as $0.0079 or 0,0079")
    counting.add_argument("--prices", metavar="FILE", help="prices per segment of the groups of --by")
    counting.add_argument(
        "--by",
        type=_names,
        default=(),
        metavar="COLUMN,...",
        help="count for each value of these columns too, such as country or campaign",
    )
    counting.add_argument(
        "--no-savings",
        action="store_true",
        help="do not look for what would save segments; counting is faster then",
    )


def _add_results(parser: argparse.ArgumentParser) -> None:
    results = parser.add_argument_group("results")
    results.add_argument(
        "--output",
        metavar="FILE",
        help="write what each message costs, beside the input's columns, to a file in the format of its ending: "
        ".csv, .tsv, .jsonl, .gz of these, .xlsx, .parquet or .arrow",
    )
    results.add_argument(
        "--report", metavar="FILE.html", help="write the summary as a page with charts that stands on its own"
    )
    results.add_argument(
        "--octets",
        action="store_true",
        help="write the segments of each message to --output too, TP-UDL and TP-UD (hexadecimal in text formats); "
        "references count up from 0 to 255 and start again",
    )
    results.add_argument("--prefix", default="", metavar="TEXT", help="begin the names of the columns added with this")
    results.add_argument(
        "--safe-cells",
        action="store_true",
        help="put an apostrophe before values of CSV that a spreadsheet would run as a formula (= + - @ tab CR)",
    )
    add_json(results)


# Words to values ----------------------------------------------------------------------------------------------------


def _octets(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20 and 0 < int(digits) <= _MOST_OCTETS):
        raise argparse.ArgumentTypeError(f"expected a number of octets from 1 to {_MOST_OCTETS:,}, got {digits!r}")
    return int(digits)


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        raise argparse.ArgumentTypeError(f"unknown encoding {name!r}; expected one such as latin-1") from None
    return name


def _delimiter(word: str) -> str:
    delimiter = {"tab": "\t", "\\t": "\t"}.get(word.lower(), word)
    if len(delimiter) != 1 or delimiter in '"\r\n\0 ':
        raise argparse.ArgumentTypeError(f"expected one character that can stand between fields, got {word!r}")
    return delimiter


def _price(words: str) -> Price:
    try:
        return Price.parse(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _stage(word: str) -> Stage:
    name = word.lower().replace("_", "-")
    if name not in STAGES:
        guess = did_you_mean(name, STAGES)
        raise argparse.ArgumentTypeError(f"expected {', '.join(STAGES)}, got {word!r}{f'; {guess}' if guess else ''}")
    return STAGES[name]


def _names(words: str) -> tuple[str, ...]:
    names = [name.strip() for name in words.split(",")]
    if "" in names:
        raise argparse.ArgumentTypeError(f"expected names of columns with commas between them, got {words!r}")
    return tuple(dict.fromkeys(names))


# The run ------------------------------------------------------------------------------------------------------------


def _bulk(arguments: argparse.Namespace) -> int:
    sources = list(zip(arguments.files, _formats(arguments), strict=True))
    _check(arguments)
    prices = read_prices(arguments.prices, arguments.by, arguments.price)
    writer = None
    if arguments.output is not None:
        writer = writer_for(arguments.output, safe_cells=arguments.safe_cells, places=prices.places)
    inputs = [*arguments.files, *([arguments.prices] if arguments.prices is not None else [])]
    run = _Run(arguments, prices)
    with _terminable(), ExitStack() as opened:
        run.progress = opened.enter_context(Progress(_octets_of(arguments.files)))
        try:
            page = None
            if arguments.report is not None:
                page = WholeFile("--report", arguments.report, inputs)
                opened.push(page.__exit__)
                page.open()
            if writer is not None:
                whole = WholeFile("--output", arguments.output, inputs)
                opened.push(whole.__exit__)
                whole.open()
                run.output = opened.enter_context(
                    Output(
                        whole,
                        writer,
                        prefix=arguments.prefix,
                        transliterated=arguments.transliterate is not None,
                        prices=prices,
                        octets=Octets(permitted_languages(arguments.languages)) if arguments.octets else None,
                    )
                )
            for name, form in sources:
                run.count(name, form)
        except (KeyboardInterrupt, SystemExit):
            run.progress.close()
            warn(f"interrupted after {run.reached()}")
            raise
        summary = run.summary()
        if page is not None:
            from smscodec.cli.bulk.report import report  # noqa: PLC0415  # only here, and it takes time to import

            with page.named_errors():
                page.file.write(report(summary, [Path(name).name for name in arguments.files]).encode())
    if arguments.json:
        write_json(summary.as_dict())
    else:
        steps = next_steps(summary, arguments.words, arguments.files)
        print("\n\n".join([*paragraphs(summary), *([steps] if steps else [])]))
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse options that say nothing without another one."""
    output = arguments.output
    if arguments.prefix and output is None:
        raise UsageError("--prefix names the columns of --output, and there is no --output")
    if arguments.octets and output is None:
        raise UsageError("--octets adds a column to --output, and there is no --output")
    if arguments.safe_cells and (output is None or format_of(output) != "csv"):
        raise UsageError("--safe-cells is for --output to a .csv or .tsv file")
    if arguments.prices is not None and not arguments.by:
        raise UsageError("--prices has a price for each group; say with --by which column names the group")
    if arguments.report is not None and not arguments.report.lower().endswith((".html", ".htm")):
        raise UsageError(f"--report {arguments.report} must end in .html")
    if arguments.report is not None and arguments.report == output:
        raise UsageError(f"--report and --output are both {output}; name two files")


_ENDS: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the run as Ctrl-C does, so that no half-written file stays.

    Signals that the calling program handles or ignores are left alone.
    """
    ours = []
    if threading.current_thread() is threading.main_thread():
        ours = [number for number in _ENDS if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _terminated)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _terminated(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _formats(arguments: argparse.Namespace) -> list[Format]:
    forms = [_format(name, arguments.format) for name in arguments.files]
    if (arguments.column is not None or arguments.by) and _COLUMNS.isdisjoint(forms):
        name = next((name for name in arguments.files if name != "-"), "-")
        raise UsageError(
            f"--{'column' if arguments.column else 'by'} names a column, and lines of text have none; "
            f"if {where(name)} has columns, add --format csv (or jsonl)"
        )
    if arguments.by and "txt" in forms:
        raise UsageError("--by names columns, which all files must have, and lines of text have none")
    if arguments.by and arguments.column is None and "jsonl" in forms:
        raise UsageError("--by names members of objects; name the one that holds the message with --column")
    if arguments.sheet is not None and "xlsx" not in forms:
        raise UsageError("--sheet is for .xlsx files; add --format xlsx if the files are workbooks of another name")
    if (arguments.delimiter is not None or arguments.no_header) and {"csv", "xlsx"}.isdisjoint(forms):
        raise UsageError("--delimiter and --no-header are for CSV; add --format csv if the files are CSV")
    return forms


def _format(name: str, given: Format | None) -> Format:
    if name != "-" and Path(name).is_dir():
        raise UsageError(f"{name} is a directory; name the files in it, such as {Path(name) / '*.csv'}")
    form = given or format_of(name)
    if form is None and not Path(name).exists() and (guess := did_you_mean(name, STAGES)):
        raise UsageError(f"there is no file {name}; {guess.replace('mean ', 'mean --transliterate ')}")
    if form is None and not Path(name).suffix and not Path(name).exists():
        raise UsageError(f"there is no file {name}")
    if form is None and name.lower().endswith((".xls", ".xlsb", ".ods", ".numbers")):
        raise UsageError(f"{name} is a spreadsheet of another kind; save it as .xlsx or as CSV")
    if form is None:
        raise UsageError(
            f"cannot tell the format of {name}; expected {', '.join(sorted(ENDINGS))} (text formats also with .gz), "
            "or say it with --format"
        )
    return form


def _octets_of(names: list[str]) -> int | None:
    """Octets of these files together; None if one of them is not a regular file."""
    paths = [Path(name) for name in names]
    return sum(path.stat().st_size for path in paths) if all(path.is_file() for path in paths) else None


class _Run:
    """The blocks of all files in turn, on their way through."""

    def __init__(self, arguments: argparse.Namespace, prices: Prices) -> None:
        self._options = ReadingOptions(
            column=arguments.column,
            by=arguments.by,
            sheet=arguments.sheet,
            max_octets=arguments.max_message,
            encoding=arguments.encoding,
            delimiter=arguments.delimiter,
            header=not arguments.no_header,
            empty_as_null=arguments.empty_as_null,
            keep=arguments.output is not None,
            skip=arguments.on_error == "count",
        )
        self._transliterate = arguments.transliterate
        self._prices = prices
        languages = permitted_languages(arguments.languages)
        self._tally = Tally(languages, savings=not arguments.no_savings, by=arguments.by)
        self._readings: list[Reading] = []
        self._octets = 0
        self.output: Output | None = None
        self.progress = Progress(None)

    def count(self, name: str, form: Format) -> None:
        """Count the messages of a file."""
        reading = Reading(name, self._options)
        self._readings.append(reading)
        self._tally.begin(where(name))
        for number, block in enumerate(blocks_of(form, reading)):
            if number == 0 and self.output:
                self.output.follow(reading)
            self._count(block)
            if number == 0:
                self._suspect(name, block)
            self._say(reading.notes)
            self.progress.update(self._octets + reading.position(), self.reached())
        self._say(reading.notes)
        self._octets += _octets_of([name]) or 0

    def _say(self, notes: list[str]) -> None:
        """Say aloud what had to be guessed."""
        if notes:
            self.progress.close()
        while notes:
            warn(notes.pop(0))

    def _count(self, block: Block) -> None:
        if self._transliterate is not None:
            self._count_transliterated(block)
            return
        measured = self._tally.add(block)
        if self.output:
            self.output.write(block, measured)

    def _count_transliterated(self, block: Block) -> None:
        texts = block.texts()
        changed = [text if text is None else transliterate(text, through=self._transliterate) for text in texts]
        self._tally.changed += sum(text != was for text, was in zip(changed, texts, strict=True))
        measured = self._tally.add(TextBlock(changed, keys=block.keys() if self._options.by else ()))
        if self.output:
            self.output.write(block, measured, changed)

    def _suspect(self, name: str, block: Block) -> None:
        """Warn if the first messages look as if they had been read in the wrong encoding."""
        for text in block.texts()[:_SUSPECTED]:
            if text and not text.isascii() and (warning := suspected(text)):
                self.progress.close()
                warn(f"{where(name)}: {warning}, and see --encoding")
                return

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
            prices=self._prices,
            transliterated=self._transliterate,
        )
