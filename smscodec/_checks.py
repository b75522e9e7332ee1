"""The one check that every constructor of numbers needs."""

from __future__ import annotations

from smscodec.errors import FieldError

__all__ = ["check_whole"]


def check_whole(field: str, value: object, low: int = 0, high: int | None = None) -> None:
    """Raise ``FieldError(field)`` unless ``value`` is a whole number, not below ``low`` and not above ``high``.

    True and False are none: who passes one has mixed up two arguments.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
        limits = f"from {low} on" if high is None else f"of {low}–{high}"
        raise FieldError(field, f"{value!r} is no whole number {limits}")
