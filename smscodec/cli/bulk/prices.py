"""The price of a segment: one for all messages, or one for each group, out of a small file of CSV or Excel.

The last column of the file is the price, and the others name the group as the columns of ``--by`` do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from itertools import repeat
from typing import Final

from smscodec.cli.bulk.money import Price, Style
from smscodec.cli.files import format_of
from smscodec.cli.files.blocks import Key, Reading, ReadingOptions, key_of
from smscodec.cli.files.octets import octets_of, pieces
from smscodec.cli.reading import InputRefusedError, decoded

__all__ = ["NO_PRICES", "Prices", "read_prices"]

_DELIMITERS: Final = ";\t|,"
"""A comma comes last: it may be the decimal point of the price."""
_MOST_OCTETS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Prices:
    """What a segment costs; false where nothing is known."""

    of_all: Price | None = None
    """The price of a segment in groups that have none of their own."""
    of_groups: Mapping[Key, Price] = field(default_factory=dict)
    style: Style = field(default_factory=Style)

    def __bool__(self) -> bool:
        return self.of_all is not None or bool(self.of_groups)

    @property
    def places(self) -> int:
        """Decimal places of exact costs."""
        prices = [*self.of_groups.values(), *([self.of_all] if self.of_all else [])]
        return max((price.places for price in prices), default=0)

    def of(self, key: Key = ()) -> Price | None:
        """The price of a segment in a group."""
        return self.of_groups.get(key, self.of_all)

    def costs(self, keys: Sequence[Key], segments: Iterable[int]) -> list[Decimal | None]:
        """What each of these messages costs; None for a null, and for a group without a price."""
        prices = map(self.of, keys) if keys else repeat(self.of_all)
        return [price.of(number) if price and number else None for price, number in zip(prices, segments, strict=False)]


NO_PRICES: Final = Prices()


def read_prices(name: str | None, by: Sequence[str], of_all: Price | None) -> Prices:
    """The prices in a file, beside that of all others; ``InputRefusedError`` names a row that cannot be read."""
    found: dict[Key, Price] = {}
    if name is not None:
        reading = Reading(name, ReadingOptions())
        order: Sequence[int] = range(len(by))
        for number, row in enumerate(_rows(reading, len(by) + 1)):
            if number == 0 and not any(character.isdigit() for character in row[-1]):
                order = _order(row[:-1], by)
                continue
            key = key_of(row[column] for column in order)
            if key in found:
                raise _refused(reading, f"a second price for {_named(key)}")
            found[key] = _price(row[-1], reading)
        if not found:
            raise InputRefusedError(f"{name}: there are no prices in it")
    return Prices(of_all, found, _common_style([*found.values(), *([of_all] if of_all else [])]))


def _order(header: Sequence[str], by: Sequence[str]) -> list[int]:
    """Which column of the file names which of ``by``: those of the same names, or else as they stand."""
    names = [name.strip() for name in header]
    return [names.index(name) for name in by] if sorted(names) == sorted(by) else list(range(len(by)))


def _rows(reading: Reading, width: int) -> Iterator[Sequence[str]]:
    """The rows of the file that are not blank, each while ``reading`` has its number."""
    for row in _excel_rows(reading) if format_of(reading.name) == "xlsx" else _csv_rows(reading, width):
        if any(row):
            if len(row) != width:
                hint = "; put quotation marks around a price with a comma" if len(row) > width else ""
                raise _refused(reading, f"expected {width} fields, the last being the price, got {len(row)}{hint}")
            yield row


def _excel_rows(reading: Reading) -> Iterator[Sequence[str]]:
    from smscodec.cli.files.excel_rows import rows_of_first_sheet  # noqa: PLC0415  # an extra

    for row in rows_of_first_sheet(reading):
        yield key_of(f"{Decimal(str(value)):f}" if isinstance(value, float) else value for value in row)


def _csv_rows(reading: Reading, width: int) -> Iterator[Sequence[str]]:
    with octets_of(reading) as stream:
        octets = b""
        for piece in pieces(stream, reading):
            octets += piece
            if len(octets) > _MOST_OCTETS:
                raise InputRefusedError(f"{reading.name}: expected at most {_MOST_OCTETS:,} octets of prices, got more")
    text = decoded(octets)
    first = next((line for line in text.splitlines() if line.strip()), "")
    fields = {mark: len(next(csv.reader([first], delimiter=mark))) for mark in _DELIMITERS}
    delimiter = next((mark for mark in _DELIMITERS if fields[mark] == width), ",")
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            reading.row += 1
            yield row
    except csv.Error as error:
        raise InputRefusedError(f"{reading.name}: not CSV: {error}") from None


def _price(words: str, reading: Reading) -> Price:
    try:
        return Price.parse(words)
    except ValueError as error:
        raise _refused(reading, error) from None


def _refused(reading: Reading, reason: object) -> InputRefusedError:
    return InputRefusedError(f"{reading.name}, row {reading.row:,}: {reason}")


def _named(key: Key) -> str:
    return ", ".join(map(repr, key))


def _common_style(prices: Sequence[Price]) -> Style:
    """How all amounts are written: in the one currency that there is, and as its first price is."""
    styles = {price.style.currency: price.style for price in reversed(prices)}
    without = styles.pop("", Style())
    if len(styles) > 1:
        other, one = list(styles)[-2:]
        raise InputRefusedError(f"prices in {one} and in {other} cannot be added; bring them to one currency")
    return next(iter(styles.values()), without)
