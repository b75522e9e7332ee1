"""The summary of files of messages, as fields for JSON and as paragraphs for reading.

Knows what was counted and the price of a segment; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Any, Final

from smscodec import Alphabet
from smscodec.cli.bulk.tally import Tally
from smscodec.cli.writing import counted, replacement_in_words, table
from smscodec.display.terminal import visible
from smscodec.transliteration import RemedyKind, Savings

__all__ = ["Summary"]

_CHARACTERS_SHOWN: Final = 20
_BAR: Final = 40
_EXACT: Final = Context(prec=200, traps=[Inexact])
_ROWS_OF_HISTOGRAM: Final = 10

_ALPHABETS: Final = {Alphabet.GSM_7BIT: "GSM alphabet", Alphabet.UCS2: "with other characters"}

_REMEDIES: Final = {
    RemedyKind.NATIONAL_TABLES: "send with national tables: no character changes",
    RemedyKind.TYPOGRAPHY: "straight quotation marks, plain dashes and spaces",
    RemedyKind.COMPATIBILITY: "plain forms of ligatures, fractions, full-width letters",
    RemedyKind.LOOK_ALIKES: "letters without their accents, symbols that look alike",
    RemedyKind.EMOJI: "emoji left out",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What was counted, and how to say it."""

    tally: Tally
    refused: int = 0
    """Bad rows that were counted and left out."""
    first_refusal: str | None = None
    price: Decimal | None = None
    """Price per segment."""
    transliterated: bool = False
    """Whether characters were replaced before the messages were counted."""

    def as_dict(self) -> dict[str, Any]:
        """The summary in types that ``json.dumps`` takes; money is text, because a number of JSON need not be exact."""
        tally, savings = self.tally, self.tally.savings
        fields: dict[str, Any] = {
            "messages": tally.messages,
            "empty": tally.empty,
            "nulls": tally.nulls,
            "refused": self.refused,
            "segments": tally.segments,
            "alphabets": {alphabet.name: messages for alphabet, messages in tally.alphabets.items()},
            "segments_per_message": {str(segments): messages for segments, messages in tally.histogram.items()},
        }
        if savings:
            fields["savings"] = savings.as_dict()
        if self.transliterated:
            fields["transliterated"] = tally.changed
        if self.price is not None:
            fields["cost"] = self._money(tally.segments)
            if savings:
                fields["saved_cost"] = self._money(savings.total)
        return fields

    def _money(self, segments: int) -> str:
        """The exact price of so many segments."""
        return f"{_EXACT.multiply(self.price or Decimal(), segments):f}"

    def paragraphs(self) -> Iterator[str]:
        """For reading."""
        tally = self.tally
        yield self._totals()
        if not tally.messages:
            return
        alphabets = [(_ALPHABETS[alphabet], messages) for alphabet, messages in tally.alphabets.items()]
        yield _shares("messages by alphabet", alphabets, tally.messages)
        yield _shares("segments per message", _grouped(tally.histogram), tally.messages)
        if savings := tally.savings:
            yield from self._savings(savings)

    def _savings(self, savings: Savings) -> Iterator[str]:
        if not savings.total:
            yield "No replacement would save a segment."
            return
        yield f"what would save segments, the least harmful change first\n{_by_remedy(savings)}"
        if savings.by_character:
            yield f"what replacing one character alone would save\n{_by_character(savings)}"
        money = "" if self.price is None else f", {self._money(savings.total)} of {self._money(savings.segments)}"
        share = f"{savings.total / savings.segments:.1%}"
        yield (
            f"All of it together would save {counted(savings.total, 'segment')} ({share}){money}. "
            "smscodec explain shows it for one message."
        )

    def _totals(self) -> str:
        tally = self.tally
        parts = [f"{counted(tally.messages, 'message')}, {counted(tally.segments, 'segment')}"]
        if tally.messages:
            parts[0] += f" ({tally.segments / tally.messages:.3f} per message)"
        if self.price is not None:
            parts[0] += f", at {self.price:f} each {self._money(tally.segments)}"
        if tally.empty:
            parts.append(f"{tally.empty:,} empty, each of which costs a segment")
        if tally.nulls:
            parts.append(f"{counted(tally.nulls, 'null')} not counted")
        if self.transliterated:
            parts.append(f"{tally.changed:,} changed by --transliterate before they were counted")
        if self.refused:
            first = visible(self.first_refusal or "")
            parts.append(f"{counted(self.refused, 'bad row')} left out, the first being {first}")
        return "; ".join(parts)


def _by_remedy(savings: Savings) -> str:
    rows = [("change", "messages", "saves", "together")]
    rows += [
        (_REMEDIES[row.kind], f"{row.messages:,}", f"{row.saves:,}", f"{row.cumulated:,}") for row in savings.by_remedy
    ]
    return table(rows, right={1, 2, 3})


def _by_character(savings: Savings) -> str:
    rows = [("", "code point", "name", "replacement", "messages", "saves")]
    rows += [
        (
            row.character,
            f"U+{ord(row.character):04X}",
            row.name,
            replacement_in_words(row.replacement),
            f"{row.messages:,}",
            f"{row.saves:,}",
        )
        for row in savings.by_character[:_CHARACTERS_SHOWN]
    ]
    return table(rows, right={4, 5})


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
