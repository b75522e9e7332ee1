"""What the page asks: the octets of a request's body to a checked value, or one refusal that names field and position.

It knows JSON's types and the limits of what may be asked; it must not know HTTP, nor what the answer will be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from smscodec import NationalLanguage
from smscodec._strict_json import StrictJsonError, read_json
from smscodec.display.terminal import visible

__all__ = ["LONGEST_TEXT", "Question", "QuestionError", "read_question"]

LONGEST_TEXT: Final = 255 * 153
"""Characters that 255 segments hold at most, one septet each under the shortest header."""

_MOST_RECIPIENTS: Final = 10**9
_INFINITY: Final = Decimal("Infinity")
_PRICE: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LANGUAGES: Final = {language.name: language for language in NationalLanguage if language}


@dataclass(frozen=True, slots=True)
class Question:
    """A text to measure, as one message to each of ``recipients``; ``price`` is that of a segment, if one was given.

    >>> from smscodec.calculator import answer
    >>> answer(Question("Hello", price=Decimal("0.05"), recipients=1000))["cost"]["total"]
    '50.00'
    """

    text: str
    _: KW_ONLY
    languages: tuple[NationalLanguage, ...] = ()
    wide_reference: bool = False
    boundary: Literal["character", "grapheme"] = "character"
    price: Decimal | None = None
    recipients: int = 1


class QuestionError(Exception):
    """A question that cannot be answered.

    ``malformed`` means that it is not a JSON object at all. ``field`` and ``position`` say where, as far as that can be
    said: a position in a text counts characters, and one in a list its entries.

    >>> try:
    ...     read_question(b'{"text": "Hello", "recipients": 0}')
    ... except QuestionError as error:
    ...     print(error.field, error, sep=" | ")
    recipients | recipients must be a whole number from 1 to 1,000,000,000
    """

    def __init__(
        self, message: str, field: str | None = None, position: int | None = None, malformed: bool = False
    ) -> None:
        super().__init__(message, field, position, malformed)
        self.message = message
        self.field = field
        self.position = position
        self.malformed = malformed

    def __str__(self) -> str:
        return self.message

    def fields(self) -> dict[str, Any]:
        """The error as the reply has it."""
        return {"message": self.message, "field": self.field, "position": self.position}


def read_question(octets: bytes) -> Question:
    """Read a JSON object with ``text`` and, if wanted, other fields of ``Question``; raises ``QuestionError``.

    >>> read_question(b'{"text": "Hello", "price": 0.05}').price
    Decimal('0.05')
    """
    try:
        document = read_json(octets, number=_decimal)
    except StrictJsonError as error:
        raise QuestionError(f"the body cannot be read: {error}", position=error.position, malformed=True) from None
    if not isinstance(document, dict):
        raise QuestionError("the body must be a JSON object", malformed=True)
    unknown = next((name for name in document if name not in Question.__slots__), None)
    if unknown is not None:
        name = visible(unknown[:40])
        raise QuestionError(f"unknown field {name!r}; expected {', '.join(Question.__slots__)}", name)
    return Question(
        text=_text(document),
        languages=_languages(document),
        wide_reference=_wide_reference(document),
        boundary=_boundary(document),
        price=_price(document),
        recipients=_recipients(document),
    )


def _decimal(text: str) -> Decimal:
    """The number as it is written, or infinity, which is wanted nowhere, for an exponent that no Decimal holds."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return _INFINITY


def _text(document: Mapping[str, object]) -> str:
    text = document.get("text")
    if not isinstance(text, str):
        raise QuestionError("expected a string in text", "text")
    surrogate = _SURROGATE.search(text)
    if surrogate:
        point, position = f"U+{ord(surrogate[0]):04X}", surrogate.start()
        raise QuestionError(f"{point} at character {position} is half a surrogate pair", "text", position)
    if len(text) > LONGEST_TEXT:
        message = f"{len(text):,} characters; a message of 255 segments has at most {LONGEST_TEXT:,}"
        raise QuestionError(message, "text", LONGEST_TEXT)
    return text


def _languages(document: Mapping[str, object]) -> tuple[NationalLanguage, ...]:
    names = document.get("languages", [])
    if not isinstance(names, list):
        raise QuestionError("languages must be a list of names", "languages")
    return tuple(_language(name, position) for position, name in enumerate(names))


def _language(name: object, position: int) -> NationalLanguage:
    language = _LANGUAGES.get(name.upper()) if isinstance(name, str) else None
    if language is None:
        raise QuestionError(
            f"expected one of {', '.join(_LANGUAGES)} at entry {position} of languages", "languages", position
        )
    return language


def _wide_reference(document: Mapping[str, object]) -> bool:
    wide = document.get("wide_reference", False)
    if not isinstance(wide, bool):
        raise QuestionError("wide_reference must be true or false", "wide_reference")
    return wide


def _boundary(document: Mapping[str, object]) -> Literal["character", "grapheme"]:
    match document.get("boundary", "character"):
        case "character":
            return "character"
        case "grapheme":
            return "grapheme"
    raise QuestionError("boundary must be 'character' or 'grapheme'", "boundary")


def _price(document: Mapping[str, object]) -> Decimal | None:
    price = document.get("price")
    if price is None:
        return None
    if isinstance(price, str) and _PRICE.fullmatch(price):
        return Decimal(price)
    # A Decimal within bounds is finite, and its exponent then a number.
    if isinstance(price, Decimal) and 0 <= price < 10**9 and price.as_tuple().exponent >= -9:  # type: ignore[operator]
        return price.copy_abs()  # JSON has a zero below zero, which no sum of money is
    raise QuestionError("price must be a decimal number from 0 on, such as 0.0075, of at most nine places", "price")


def _recipients(document: Mapping[str, object]) -> int:
    number = document.get("recipients", Decimal(1))
    if isinstance(number, Decimal) and 1 <= number <= _MOST_RECIPIENTS and number == number.to_integral_value():
        return int(number)
    raise QuestionError(f"recipients must be a whole number from 1 to {_MOST_RECIPIENTS:,}", "recipients")
