"""The summary of files of messages as a page to send to others: what it costs, and what would save money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from smscodec.cli.bulk.summary import Row, Summary
from smscodec.cli.bulk.words import ALPHABETS, REMEDIES, in_words
from smscodec.cli.writing import counted, replacement_in_words
from smscodec.display.report import (
    Bar,
    Figure,
    Piece,
    bars_html,
    change_html,
    figures_html,
    page_html,
    section_html,
)
from smscodec.display.svg import histogram_svg
from smscodec.transliteration import RemedyKind, Savings

__all__ = ["report"]

_ROWS_SHOWN: Final = 40
_CHARACTERS_SHOWN: Final = 12
_FILES_NAMED: Final = 3

_SEGMENTS: Final = (
    "A text message is sent and billed in segments. A segment holds up to 160 characters of the GSM alphabet: the "
    "letters of English and of some other languages, digits, and common signs. If a message holds one character "
    "outside it, such as a curly quotation mark, a segment holds only up to 70."
)
_SAVINGS: Final = (
    "From the least harmful change on, each saving beyond those above it. Only messages that become cheaper would be "
    "changed."
)
_FOOTER: Final = "Made by smscodec bulk. Every figure is what making the change and counting again gives."


def report(summary: Summary, files: Sequence[str]) -> str:
    """The page, in HTML."""
    named = ", ".join(files[:_FILES_NAMED])
    more = f" and {counted(len(files) - _FILES_NAMED, 'more file')}" if len(files) > _FILES_NAMED else ""
    return page_html("What these text messages cost", f"{named}{more}", _blocks(summary), _FOOTER)


def _blocks(summary: Summary) -> Iterator[str]:
    tally, savings = summary.tally, summary.savings
    yield figures_html(_figures(summary))
    yield section_html("What is counted", " ".join([_SEGMENTS, *_left_out(summary)]))
    if savings and tally.messages:
        yield _savings(summary, savings)
    if tally.by:
        yield _groups(summary, f"By {' and '.join(tally.by)}", list(summary.rows_by_group()))
    if len(tally.files) > 1:
        yield _groups(summary, "By file", list(summary.rows_by_file()))
    if tally.messages:
        series = {ALPHABETS[alphabet]: counts for alphabet, counts in tally.histograms.items()}
        segments = ", ".join(
            f"{counted(number, 'segment')} {ALPHABETS[alphabet] if alphabet else 'in the GSM alphabet'}"
            for alphabet, number in tally.segments_by_alphabet.items()
        )
        chart = histogram_svg("Messages by number of segments", "segments per message", series)
        yield section_html("Segments per message", f"Messages by the number of segments they take: {segments}.", chart)
    if tally.examples:
        yield section_html("Messages before and after", "", *_changes(summary))
    if savings and savings.by_character:
        yield _characters(savings)


def _figures(summary: Summary) -> Iterator[Figure]:
    tally = summary.tally
    yield Figure("Messages", f"{tally.messages:,}")
    yield Figure("Segments", f"{tally.segments:,}", f"{tally.segments / max(tally.messages, 1):.2f} per message")
    cost, saved = summary.cost, summary.saved_cost
    if cost is not None:
        one = summary.prices.of_all if not summary.prices.of_groups else None
        note = f"{summary.money(one.amount)} per segment" if one else "at the prices of the groups"
        yield Figure("Cost", summary.money(cost), note)
    if summary.savings:
        share = f"{summary.savable / max(tally.segments, 1):.1%}"
        if saved is None:
            yield Figure("Could be saved", share, counted(summary.savable, "segment"))
        else:
            yield Figure("Could be saved", summary.money(saved), f"{counted(summary.savable, 'segment')}, {share}")


def _left_out(summary: Summary) -> Iterator[str]:
    """What a reader has to know to compare the figures with other ones."""
    tally = summary.tally
    if summary.transliterated is not None:
        yield f"{counted(tally.changed, 'message')} had characters replaced before this was counted."
    if tally.languages:
        yield "National tables are used where they save a segment, which the phones of the recipients must know."
    if tally.empty:
        yield f"Messages without text, which cost a segment each: {tally.empty:,}."
    if tally.nulls:
        yield f"Rows without a message, which are not counted: {tally.nulls:,}."
    if summary.refused:
        yield f"Rows that could not be read, which are not counted: {summary.refused:,}."
    if without := summary.unpriced:
        named = ", ".join(in_words(key) for key, _ in without[:_ROWS_SHOWN])
        segments = sum(group.segments for _, group in without)
        yield f"The cost leaves out {counted(segments, 'segment')} for which no price is known: {named}."


def _savings(summary: Summary, savings: Savings) -> str:
    if not summary.savable:
        return section_html("What would save money", "No replacement would save a segment.")
    with_money = summary.saved_cost is not None
    rows = []
    for row in savings.by_remedy:
        if row.saves and not (row.kind is RemedyKind.NATIONAL_TABLES and summary.tally.languages):
            money = summary.saved_by(row.kind)
            columns = [f"{row.messages:,}", f"{row.saves:,}"]
            columns += [summary.money(money)] if money is not None else []
            rows.append(Bar(_sentence(REMEDIES[row.kind]), row.saves, row.saves, columns))
    headers = ("Change", "Messages", "Segments saved", *["Saved"] * with_money)
    return section_html("What would save money", _SAVINGS, bars_html(headers, rows))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _groups(summary: Summary, heading: str, rows: Sequence[Row]) -> str:
    saves, costs = summary.savings is not None, bool(summary.prices)
    # Bars are of money where all have it, for a segment costs more in one group than in another.
    in_money = costs and not summary.unpriced
    bars = []
    for row in rows[:_ROWS_SHOWN]:
        group = row.group
        columns = [f"{group.messages:,}", f"{group.segments:,}", *[f"{group.savable:,}"] * saves]
        columns += ["no price" if row.cost is None else summary.money(row.cost)] * costs
        columns += ["" if row.saved_cost is None else summary.money(row.saved_cost)] * (saves and costs)
        length = float(row.cost or 0) if in_money else float(group.segments)
        marked = float(row.saved_cost or 0) if in_money else float(group.savable)
        bars.append(Bar(in_words(row.name), length, marked if saves else 0, columns))
    headers = ["", "Messages", "Segments", *["Could be saved"] * saves, *["Cost"] * costs]
    headers += ["Could be saved"] * (saves and costs)
    left_out = len(rows) - _ROWS_SHOWN
    words = ["The part of a bar in the second colour could be saved."] * saves
    words += [f"The first {_ROWS_SHOWN} of {len(rows):,} are shown."] if left_out > 0 else []
    return section_html(heading, " ".join(words), bars_html(headers, bars))


def _changes(summary: Summary) -> Iterator[str]:
    order = list(RemedyKind)
    for example in sorted(summary.tally.examples, key=lambda one: order.index(one.remedy.kind)):
        remedy = example.remedy
        was, now = _differences(example.text, remedy.text)
        yield change_html(
            f"{_sentence(REMEDIES[remedy.kind])}: {remedy.changes}",
            (counted(example.segments, "segment"), was),
            (counted(remedy.measurement.segments, "segment"), now),
        )


def _differences(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those marked that are not in the other one."""
    was, now = [], []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was.append(Piece(before[start:end], kind != "equal"))
        now.append(Piece(after[new_start:new_end], kind != "equal"))
    return was, now


def _characters(savings: Savings) -> str:
    rows = [
        Bar(
            f"{row.character}  {row.name.lower()}",
            row.saves,
            row.saves,
            [replacement_in_words(row.replacement), f"{row.messages:,}", f"{row.saves:,}"],
        )
        for row in savings.by_character[:_CHARACTERS_SHOWN]
    ]
    return section_html(
        "Single characters",
        "What replacing this character alone would save, everywhere.",
        bars_html(("Character", "Replaced with", "Messages", "Segments saved"), rows, left=(0,)),
    )
