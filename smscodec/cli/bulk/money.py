"""Amounts of money as people write them: ``0.0079``, ``$0.0079``, ``0,0079 EUR``, ``200,000``.

Decimal arithmetic is exact, and amounts are printed in the currency and style in which the price was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from functools import reduce
from typing import Final, Self

__all__ = ["Price", "Style", "total"]

_EXACT: Final = Context(prec=200, traps=[Inexact])
_MOST_DIGITS: Final = 20
"""On either side of the decimal point."""
_LONGEST_CURRENCY: Final = 5

_AMOUNT: Final = re.compile(
    r"(?P<before>[^\d.,]*(?:\.[ \u00a0])?)(?P<digits>[\d.,'’ \u00a0\u202f]*\d[.,]?)(?P<after>\D*)", re.ASCII
)
_MARKS: Final = re.compile(r"[^\d]", re.ASCII)
_SPACES: Final = " \u00a0\u202f"


@dataclass(frozen=True, slots=True)
class Style:
    """How an amount is written: the currency before or after it, with its space, and the marks between digits."""

    before: str = ""
    after: str = ""
    point: str = "."
    thousands: str = ","

    @property
    def currency(self) -> str:
        """The currency as it was written; empty without one."""
        return self.before.strip() or self.after.strip()

    def plain(self, amount: Decimal) -> str:
        """The exact amount for the cell of a table: digits and the decimal point of this style."""
        return f"{amount:f}".replace(".", self.point)

    def words(self, amount: Decimal, places: int = 0) -> str:
        """The exact amount with thousands apart and its currency, and zeros up to so many decimal places."""
        whole, _, fraction = f"{amount:,f}".partition(".")
        fraction = fraction.ljust(places, "0")
        digits = whole.replace(",", self.thousands) + (self.point + fraction if fraction else "")
        return f"{self.before}{digits}{self.after}"


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a segment, and how it was written."""

    amount: Decimal
    style: Style = Style()  # frozen

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read an amount; ``ValueError`` says what is wrong with it, and what to write instead.

        The last of two different marks is the decimal point. A mark that occurs once is the decimal point too, with one
        exception: a comma before three zeros separates thousands, as in ``200,000``. A comma before three other digits
        may mean either, unless the number begins with 0, and is refused.

        >>> Price.parse("0,0079 €").amount
        Decimal('0.0079')
        """
        found = _AMOUNT.fullmatch(words.strip())
        if not found or not (_is_currency(found["before"]) and _is_currency(found["after"], least=2)):
            raise ValueError(_expected(words))
        if found["before"][-1:].isalpha() and found["digits"].startswith("."):
            raise ValueError(f"expected a space between currency and number, got {words!r}")
        if found["before"] and found["after"]:
            raise ValueError(f"expected one currency, got {words!r}")
        point, thousands = _marks(found["digits"], words)
        whole, _, places = found["digits"].rpartition(point) if point else (found["digits"], "", "")
        if thousands:
            _check_groups(whole, thousands, words)
            whole = whole.replace(thousands, "")
        if not (whole + places).isdigit() or max(len(whole), len(places)) > _MOST_DIGITS:
            raise ValueError(_expected(words))
        before, after = found["before"], found["after"]
        style = Style(before, after, *_written(point, thousands))
        return cls(Decimal(f"{whole or 0}.{places}" if places else whole), style)

    @property
    def places(self) -> int:
        """Decimal places of the exact price of any number of segments."""
        return -int(self.amount.as_tuple().exponent)

    def of(self, segments: int) -> Decimal:
        """The exact price of so many segments."""
        return _EXACT.multiply(self.amount, segments)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return reduce(_EXACT.add, amounts, Decimal())


def _expected(words: str) -> str:
    return (
        f"expected a decimal number such as 0.0079, got {words!r}; a currency may stand before or after it, "
        "as in $0.0079 and 0,0079 EUR"
    )


def _is_currency(word: str, least: int = 1) -> bool:
    """Whether a word may be a currency: a symbol, or letters and symbols, ``least`` of them."""
    name = word.strip(_SPACES)
    if any(unicodedata.category(character) == "Sc" for character in name):
        least = 1
    plain = all(unicodedata.category(character) == "Sc" or character.isalpha() for character in name.rstrip("."))
    return not name or (plain and least <= len(name.rstrip(".")) and len(name) <= _LONGEST_CURRENCY)


def _marks(digits: str, words: str) -> tuple[str, str]:
    """The decimal point and the mark between thousands, empty where there is none."""
    marks = _MARKS.findall(digits)
    different = list(dict.fromkeys(marks))
    if not marks:
        return "", ""
    if len(different) > 2:
        raise ValueError(_expected(words))
    if len(different) == 2:
        thousands, point = different
        if marks.count(point) > 1 or point not in ".,":
            raise ValueError(_expected(words))
        return point, thousands
    mark = marks[0]
    if len(marks) > 1 or mark not in ".,":
        return "", mark
    whole, _, places = digits.partition(mark)
    if mark == "," and len(places) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        if places == "000":
            return "", mark
        raise ValueError(f"{words!r} may be {whole}{places} or {whole}.{places}; write one of these")
    return mark, ""


def _check_groups(whole: str, thousands: str, words: str) -> None:
    """Refuse groups that are not of three digits; in India those before the last are of two."""
    first, *others = whole.split(thousands)
    if not (1 <= len(first) <= 3 and len(others[-1]) == 3 and {2, 3}.issuperset(map(len, others))):
        raise ValueError(f"{thousands!r} does not separate thousands in {words!r}; write the number without it")


def _written(point: str, thousands: str) -> tuple[str, str]:
    """Both marks, the one that was not written being the other of a comma and a full stop."""
    if not point:
        point = "," if thousands == "." else "."
    return point, thousands or ("." if point == "," else ",")
