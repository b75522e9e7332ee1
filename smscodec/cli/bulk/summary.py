"""What was counted in files of messages, with its costs: the figures that are printed, as JSON or in words.

Knows the sums and the prices, and how each group is called; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from smscodec.cli.bulk.money import total
from smscodec.cli.bulk.prices import NO_PRICES, Prices
from smscodec.cli.bulk.tally import Group, Tally
from smscodec.cli.files.blocks import Key
from smscodec.transliteration import RemedyKind, Savings, Stage

__all__ = ["Row", "Summary"]


class Row(NamedTuple):
    """What is said of a file or a group."""

    name: Key
    group: Group
    cost: Decimal | None
    saved_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What was counted, and what it costs."""

    tally: Tally
    refused: int = 0
    """Bad rows that were counted and left out."""
    first_refusal: str | None = None
    prices: Prices = NO_PRICES
    transliterated: Stage | None = None
    """The last stage of the replacements that were made before the messages were counted."""

    @property
    def savings(self) -> Savings | None:
        """What would save segments; None if that was not asked for."""
        return self.tally.savings

    @property
    def savable(self) -> int:
        """Segments fewer than are counted, if all changes are made."""
        savings = self.savings
        return self.tally.segments - savings.segments + savings.total if savings else 0

    @property
    def cost(self) -> Decimal | None:
        """What all messages cost, those left out whose group has no price; None without a price."""
        return self._cost({key: group.segments for key, group in self.groups})

    @property
    def saved_cost(self) -> Decimal | None:
        """How much of that all changes would save."""
        return self._cost({key: group.savable for key, group in self.groups})

    def saved_by(self, kind: RemedyKind) -> Decimal | None:
        """What a kind of change saves beyond less harmful ones, in money."""
        return self._cost({key: group.saved[kind] for key, group in self.groups})

    def _cost(self, segments: Mapping[Key, int]) -> Decimal | None:
        if not self.prices:
            return None
        return total(price.of(number) for key, number in segments.items() if (price := self.prices.of(key)))

    def money(self, amount: Decimal) -> str:
        """An amount in the style of the prices, with as many decimal places as the most exact of them."""
        return self.prices.style.words(amount, self.prices.places)

    @property
    def groups(self) -> list[tuple[Key, Group]]:
        """The groups, the most expensive first as far as prices are known, and then those of most segments."""

        def rank(named: tuple[Key, Group]) -> tuple[Decimal, int, Key]:
            key, group = named
            price = self.prices.of(key)
            return -price.of(group.segments) if price else Decimal(), -group.segments, key

        return sorted(self.tally.groups.items(), key=rank)

    @property
    def unpriced(self) -> list[tuple[Key, Group]]:
        """The groups that have no price, where others have one."""
        return [(key, group) for key, group in self.groups if self.prices and self.prices.of(key) is None]

    @property
    def unused_prices(self) -> list[Key]:
        """Groups that have a price and no message."""
        return [key for key in self.prices.of_groups if key not in self.tally.groups]

    def rows_by_file(self) -> Iterator[Row]:
        """What is said of each file."""
        for name, groups in self.tally.files:
            whole = Group()
            for group in groups.values():
                whole.add(group)
            yield Row(
                (name,),
                whole,
                self._cost({key: group.segments for key, group in groups.items()}),
                self._cost({key: group.savable for key, group in groups.items()}),
            )

    def rows_by_group(self) -> Iterator[Row]:
        """What is said of each group."""
        for key, group in self.groups:
            price = self.prices.of(key)
            cost, saved = (price.of(group.segments), price.of(group.savable)) if price else (None, None)
            yield Row(key, group, cost, saved)

    def as_dict(self) -> dict[str, Any]:
        """The summary in types that ``json.dumps`` takes; money is text, because a number of JSON need not be exact."""
        tally, savings = self.tally, self.savings
        fields: dict[str, Any] = {
            "messages": tally.messages,
            "empty": tally.empty,
            "nulls": tally.nulls,
            "refused": self.refused,
            "segments": tally.segments,
            "alphabets": _by_name(tally.alphabets),
            "segments_by_alphabet": _by_name(tally.segments_by_alphabet),
            "segments_per_message": {str(segments): messages for segments, messages in tally.histogram.items()},
        }
        if savings:
            fields["savings"] = savings.as_dict()
        if self.transliterated is not None:
            fields["transliterated"] = tally.changed
        fields |= self._costs(self.cost, self.saved_cost)
        if self.prices:
            fields["currency"] = self.prices.style.currency or None
        if len(tally.files) > 1:
            fields["by_file"] = [{"file": row.name[0], **self._row(row)} for row in self.rows_by_file()]
        if tally.by:
            rows = self.rows_by_group()
            fields["by"] = [{"group": dict(zip(tally.by, row.name, strict=True)), **self._row(row)} for row in rows]
            fields["without_price"] = [list(key) for key, _ in self.unpriced]
        return fields

    def _row(self, row: Row) -> dict[str, Any]:
        fields: dict[str, Any] = {"messages": row.group.messages, "segments": row.group.segments}
        if self.savings:
            fields["saves"] = row.group.savable
        return fields | self._costs(row.cost, row.saved_cost)

    def _costs(self, cost: Decimal | None, saved: Decimal | None) -> dict[str, Any]:
        if cost is None:
            return {}
        return {"cost": f"{cost:f}", **({"saved_cost": f"{saved:f}"} if self.savings else {})}


def _by_name(counts: Mapping[Any, int]) -> dict[str, int]:
    return {alphabet.name: count for alphabet, count in counts.items()}
