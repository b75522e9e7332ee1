"""The summary of files of messages in words, for people who have never heard of the GSM alphabet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from smscodec import Alphabet
from smscodec.cli.bulk.summary import Row, Summary
from smscodec.cli.bulk.tally import Example
from smscodec.cli.files.blocks import Key
from smscodec.cli.writing import counted, replacement_in_words, table, writable
from smscodec.display.terminal import visible
from smscodec.tables import DEFAULT_TABLES
from smscodec.transliteration import RemedyKind, Savings

__all__ = ["ALPHABETS", "REMEDIES", "best_example", "in_words", "paragraphs"]

_CHARACTERS_SHOWN: Final = 20
_GROUPS_SHOWN: Final = 20
_NAMES_SHOWN: Final = 5
_BAR: Final = 30
_ROWS_OF_HISTOGRAM: Final = 10

ALPHABETS: Final = {Alphabet.GSM_7BIT: "GSM alphabet", Alphabet.UCS2: "with special characters"}
"""What messages of an alphabet are called."""

REMEDIES: Final = {
    RemedyKind.NATIONAL_TABLES: "the same letters, sent with national tables",
    RemedyKind.TYPOGRAPHY: "straight quotation marks, plain dashes and spaces",
    RemedyKind.COMPATIBILITY: "plain forms of ligatures, fractions, full-width letters",
    RemedyKind.LOOK_ALIKES: "letters without their accents, symbols that look alike",
    RemedyKind.EMOJI: "emoji left out",
}
"""What the text becomes with each kind of change."""

_EXPLANATION: Final = """\
A segment is what is sent and billed: up to 160 characters, or only up to 70 if
the message holds one special character, such as a curly quotation mark."""

_NOTHING: Final = "(empty)"
"""What a group is called whose rows say nothing in its column."""
_EASY_TO_SEE: Final = (
    RemedyKind.TYPOGRAPHY,
    RemedyKind.LOOK_ALIKES,
    RemedyKind.COMPATIBILITY,
    RemedyKind.EMOJI,
    RemedyKind.NATIONAL_TABLES,
)


def in_words(name: Key) -> str:
    """What a group is called."""
    return " / ".join(value or _NOTHING for value in name)


def best_example(summary: Summary) -> Example | None:
    """The example that shows most plainly what a change saves; None without one."""

    def rank(example: Example) -> tuple[bool, int, int]:
        remedy = example.remedy
        in_tables = remedy.measurement.tables != DEFAULT_TABLES
        return in_tables, _EASY_TO_SEE.index(remedy.kind), len(example.text)

    return min((one for one in summary.tally.examples if one.text.isprintable()), key=rank, default=None)


def paragraphs(summary: Summary) -> Iterator[str]:
    """The summary for reading, what can be saved first."""
    tally = summary.tally
    yield _totals(summary)
    if not tally.messages:
        return
    savings = summary.savings
    if savings and summary.savable:
        yield _EXPLANATION + "\n" + "\n".join(_headline(summary))
        yield _by_remedy(summary, savings)
        if savings.by_character:
            yield _by_character(savings)
    elif savings:
        yield f"{_EXPLANATION}\nNo replacement would save a segment."
    if tally.by:
        yield _by_group(summary, ",".join(tally.by), list(summary.rows_by_group()))
        yield from _gaps(summary)
    if len(tally.files) > 1:
        yield _by_group(summary, "file", list(summary.rows_by_file()))
    yield _by_alphabet(summary)
    yield _shares("segments per message", _few(tally.histogram), tally.messages)


def _totals(summary: Summary) -> str:
    tally = summary.tally
    parts = [f"{counted(tally.messages, 'message')}, {counted(tally.segments, 'segment')}"]
    if tally.messages:
        parts[0] += f" ({tally.segments / tally.messages:.3f} per message)"
    if (cost := summary.cost) is not None:
        one = summary.prices.of_all if not summary.prices.of_groups else None
        at = f"at {summary.money(one.amount)} each" if one else "at the prices of their groups"
        parts[0] += f", {at} {summary.money(cost)}"
    if tally.empty:
        parts.append(f"{tally.empty:,} empty, each of which costs a segment")
    if tally.nulls:
        parts.append(f"{counted(tally.nulls, 'null')} not counted")
    if summary.transliterated is not None:
        parts.append(f"{tally.changed:,} changed by --transliterate before they were counted")
    if summary.first_refusal is not None:
        first = visible(summary.first_refusal)
        parts.append(f"{counted(summary.refused, 'bad row')} left out, the first being {first}")
    return "; ".join(parts)


def _headline(summary: Summary) -> Iterator[str]:
    """How much can be saved, and a message that shows how."""
    segments, savable = summary.tally.segments, summary.savable
    saved, cost = summary.saved_cost, summary.cost
    money = "" if saved is None or cost is None else f", {summary.money(saved)} of {summary.money(cost)}"
    yield f"Up to {counted(savable, 'segment')} of {segments:,} could be saved ({savable / segments:.1%}){money}."
    if example := best_example(summary):
        left = example.remedy.measurement.segments
        yield f"For example, this message takes {counted(example.segments, 'segment')}:"
        yield f"  {visible(writable(example.text))}"
        yield f"and {left} after a change that {visible(writable(example.remedy.changes))}:"
        yield f"  {visible(writable(example.remedy.text))}"


def _by_remedy(summary: Summary, savings: Savings) -> str:
    head = ["what would save segments, the least harmful change first", "messages", "saves", "together"]
    with_money = summary.saved_cost is not None
    rows = [[*head, *["saved"] * with_money]]
    for row in savings.by_remedy:
        if not row.saves:
            continue
        in_force = row.kind is RemedyKind.NATIONAL_TABLES and summary.tally.languages
        label = REMEDIES[row.kind] + (" (counted already)" if in_force else "")
        money = summary.saved_by(row.kind)
        counts = [f"{row.messages:,}", f"{row.saves:,}", f"{row.cumulated:,}"]
        rows.append([label, *counts, *([summary.money(money)] if money is not None else [])])
    return table(rows, right={1, 2, 3, 4})


def _by_character(savings: Savings) -> str:
    rows = [("replacing one character alone", "", "with", "messages", "saves")]
    rows += [
        (
            f"{row.character}  {row.name.lower()}",
            f"U+{ord(row.character):04X}",
            replacement_in_words(row.replacement),
            f"{row.messages:,}",
            f"{row.saves:,}",
        )
        for row in savings.by_character[:_CHARACTERS_SHOWN]
    ]
    return table(rows, right={3, 4})


def _by_group(summary: Summary, title: str, rows: Sequence[Row]) -> str:
    """A row for each of the first groups, and one for the others together."""
    saves, costs = summary.savings is not None, bool(summary.prices)
    lines = [[f"by {title}", "messages", "segments", *["could save"] * saves, *["cost"] * costs]]
    lines[0] += ["could save"] * (saves and costs)
    for row in rows[:_GROUPS_SHOWN]:
        line = [in_words(row.name), f"{row.group.messages:,}", f"{row.group.segments:,}"]
        line += [f"{row.group.savable:,}"] * saves
        line += ["no price" if row.cost is None else summary.money(row.cost)] * costs
        line += ["" if row.saved_cost is None else summary.money(row.saved_cost)] * (saves and costs)
        lines.append(line)
    shown = table(lines, right=range(1, 6))
    left_out = len(rows) - _GROUPS_SHOWN
    return f"{shown}\nand {left_out:,} more; --json has them all" if left_out > 0 else shown


def _gaps(summary: Summary) -> Iterator[str]:
    """Groups without a price, and prices without a group: one may be the other, spelt in another way."""
    if without := summary.unpriced:
        segments = sum(group.segments for _, group in without)
        yield (
            f"Without a price: {_listed([key for key, _ in without])}. The cost leaves out their "
            f"{counted(segments, 'segment')}; add them to the file of --prices, or give the price of all others with "
            "--price."
        )
    if unused := summary.unused_prices:
        yield f"Prices without a message: {_listed(unused)}."


def _listed(keys: Sequence[Key]) -> str:
    shown = ", ".join(visible(in_words(key)) for key in keys[:_NAMES_SHOWN])
    return shown + (f" and {len(keys) - _NAMES_SHOWN:,} more" if len(keys) > _NAMES_SHOWN else "")


def _by_alphabet(summary: Summary) -> str:
    tally = summary.tally
    segments = tally.segments_by_alphabet
    rows = [("by alphabet", "messages", "share", "segments", "share", "")]
    for alphabet, messages in tally.alphabets.items():
        share = segments[alphabet] / tally.segments
        counts = (f"{messages:,}", f"{messages / tally.messages:.1%}", f"{segments[alphabet]:,}", f"{share:.1%}")
        rows.append((ALPHABETS[alphabet], *counts, "#" * round(_BAR * share)))
    return table(rows, right={1, 2, 3, 4})


def _few(histogram: dict[int, int]) -> list[tuple[str, int]]:
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
