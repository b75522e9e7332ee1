"""What is checked of arguments in many places: whole numbers and texts."""

from __future__ import annotations

from smscodec.errors import FieldError

__all__ = ["as_text", "check_whole"]


def check_whole(field: str, value: object, low: int = 0, high: int | None = None) -> None:
    """Raise ``FieldError(field)`` unless ``value`` is a whole number, not below ``low`` and not above ``high``.

    True and False are none: who passes one has mixed up two arguments.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
        limits = f"from {low} on" if high is None else f"of {low}–{high}"
        raise FieldError(field, f"{value!r} is no whole number {limits}{_way_out(value)}")


def _way_out(value: object) -> str:
    """What to do with a number of another library, which is whole and still no int: its arithmetic wraps."""
    foreign = hasattr(value, "__index__") and not isinstance(value, int)
    return f": {type(value).__name__} is not int, which int() makes of it" if foreign else ""


def as_text(text: str) -> str:
    """``text`` as an exact str, or ``TypeError``.

    A subclass may override any method that we go by, so what it holds is copied out of it: below the public functions a
    text is what its length and its characters say.
    """
    if type(text) is str:
        return text
    if not issubclass(type(text), str):  # its __class__ could be anything
        raise TypeError(f"text must be str, not {type(text).__name__}")
    return str.__str__(text)
