"""The checks of a simulator's arguments: a wrong one is refused by its name at once.

A wrong type is a ``TypeError`` and a wrong value a ``ValueError``. It knows kinds of values, and not what they are for.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import get_args

from smscodec.simulator.checks import is_webhook
from smscodec.simulator.outcomes import Accept, Outcome, Refuse

__all__ = ["check_amount", "check_kind", "check_text", "check_webhook", "check_whole", "outcomes_of"]


def check_kind(name: str, value: object, kind: type) -> None:
    """Raise unless ``value`` is of the kind; a boolean does not count as a number."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise TypeError(f"{name} must be of type {kind.__name__}, not {type(value).__name__}")


def check_text(name: str, value: object) -> None:
    """Raise unless ``value`` is a text that is not empty."""
    check_kind(name, value, str)
    if not value:
        raise ValueError(f"{name} is empty")


def check_whole(name: str, value: int, low: int, high: int | None = None) -> None:
    """Raise unless ``value`` is a whole number between the limits."""
    check_kind(name, value, int)
    if value < low or (high is not None and value > high):
        raise ValueError(f"{name} must be {low} to {high}" if high is not None else f"{name} must be at least {low}")


def check_amount(name: str, value: Decimal) -> None:
    """Raise unless ``value`` is an amount of money from 0 on."""
    check_kind(name, value, Decimal)
    if not value.is_finite() or value < 0:
        raise ValueError(f"{name} must be an amount from 0 on")


def check_webhook(name: str, value: object) -> None:
    """Raise unless ``value`` is a URL that can be called."""
    check_kind(name, value, str)
    if not is_webhook(value):
        raise ValueError(f"{name} must be an http or https URL of printable ASCII characters, with a host")


def outcomes_of(script: Iterable[Outcome | int]) -> list[Outcome]:
    """The outcomes of a script, in which a number is an API status and 0 acceptance."""
    return [_outcome(entry) for entry in script]


def _outcome(entry: object) -> Outcome:
    if isinstance(entry, get_args(Outcome)):
        outcome: Outcome = entry
        return outcome
    if isinstance(entry, bool) or not isinstance(entry, int):
        raise TypeError(f"a script holds outcomes and API statuses, not {type(entry).__name__}")
    if entry < 0:
        raise ValueError("an API status is not below 0")
    return Refuse(entry) if entry else Accept()
