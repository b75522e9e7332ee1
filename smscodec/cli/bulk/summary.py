"""The summary of files of messages, as fields for JSON and as paragraphs for reading.

Knows what was counted and the price of a segment; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Any, Final

from smscodec.cli.bulk.characters import Culprits, Forcing
from smscodec.cli.bulk.tally import Tally
from smscodec.cli.writing import ALPHABETS, counted, replacement_in_words, table

__all__ = ["Summary"]

_CHARACTERS_SHOWN: Final = 20
_BAR: Final = 40
_EXACT: Final = Context(prec=200, traps=[Inexact])
_ROWS_OF_HISTOGRAM: Final = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """What was counted, and how to say it."""

    tally: Tally
    refused: int = 0
    """Bad rows that were counted and left out."""
    first_refusal: str | None = None
    price: Decimal | None = None
    """Money for a segment."""
    transliterated: bool = False
    """Whether messages were mended before they were counted."""

    def fields(self) -> dict[str, Any]:
        """For JSON; money is text, because a number of JSON need not be exact."""
        tally = self.tally
        fields: dict[str, Any] = {
            "messages": tally.messages,
            "empty": tally.empty,
            "nulls": tally.nulls,
            "refused": self.refused,
            "segments": tally.segments,
            "alphabets": {alphabet.name: messages for alphabet, messages in tally.alphabets.items()},
            "segments_per_message": {str(segments): messages for segments, messages in tally.histogram.items()},
        }
        if tally.culprits:
            most = tally.culprits.most_frequent(_CHARACTERS_SHOWN)
            fields["forced_ucs2"] = [self._forcing_fields(each) for each in most]
            fields["saved_by_mending"] = tally.culprits.saved
        if self.transliterated:
            fields["transliterated"] = tally.changed
        if self.price is not None:
            fields["cost"] = self._money(tally.segments)
            if tally.culprits:
                fields["saved_cost"] = self._money(tally.culprits.saved)
        return fields

    def _forcing_fields(self, forcing: Forcing) -> dict[str, Any]:
        fields = forcing._asdict()
        if self.price is not None:
            fields["saved_cost"] = self._money(forcing.saved)
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
        alphabets = [(ALPHABETS[alphabet], messages) for alphabet, messages in tally.alphabets.items()]
        yield _shares("alphabet", alphabets, tally.messages)
        yield _shares("segments a message", _grouped(tally.histogram), tally.messages)
        if tally.culprits:
            yield from self._forcing(tally.culprits)

    def _forcing(self, culprits: Culprits) -> Iterator[str]:
        forcing = list(culprits.most_frequent(_CHARACTERS_SHOWN))
        if forcing:
            yield f"what forced UCS-2 most often\n{_culprits(forcing)}"
            saved = culprits.saved
            money = "" if self.price is None or not saved else f", {self._money(saved)}"
            saving = f"{counted(saved, 'segment')}{money}; smscodec explain shows how" if saved else "no segment"
            yield f"Mending would save {saving}."

    def _totals(self) -> str:
        tally = self.tally
        parts = [f"{counted(tally.messages, 'message')}, {counted(tally.segments, 'segment')}"]
        if tally.messages:
            parts[0] += f" ({tally.segments / tally.messages:.3f} a message)"
        if self.price is not None:
            parts[0] += f", at {self.price:f} each {self._money(tally.segments)}"
        if tally.empty:
            parts.append(f"{tally.empty:,} empty, each of which costs a segment")
        if tally.nulls:
            parts.append(f"{counted(tally.nulls, 'null')} not counted")
        if self.transliterated:
            parts.append(f"{tally.changed:,} mended before they were counted")
        if self.refused:
            parts.append(f"{counted(self.refused, 'bad row')} left out, the first being {self.first_refusal}")
        return "; ".join(parts)


def _culprits(forcing: list[Forcing]) -> str:
    rows = [("messages", "", "code point", "name", "replacement", "saves")]
    rows += [
        (
            f"{each.messages:,}",
            each.character,
            f"U+{ord(each.character):04X}",
            each.name,
            replacement_in_words(each.replacement),
            f"{each.saved:,}",
        )
        for each in forcing
    ]
    return table(rows, right={0, 5})


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
