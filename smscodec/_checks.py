"""What is checked of arguments in many places: whole numbers, texts, buffers, answers of error handlers.

A buffer whose items are of another kind is refused rather than read as something else.
"""

from __future__ import annotations

import codecs
import sys
from typing import Any, Final, Literal

from smscodec.errors import FieldError

__all__ = ["Octets", "as_text", "ask", "check_whole", "integers", "number", "octets"]

Octets = bytes | bytearray | memoryview
"""What counts as octets wherever this package takes them."""


def check_whole(field: str, value: object, low: int = 0, high: int | None = None) -> None:
    """Raise ``FieldError(field)`` unless ``value`` is a whole number, not below ``low`` and not above ``high``.

    True and False are none: who passes one has mixed up two arguments.
    """
    if type(value) is int and value >= low and (high is None or value <= high):
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
        limits = f"from {low} on" if high is None else f"of {low}–{high}"
        raise FieldError(field, f"{value!r} is no whole number {limits}{_way_out(value)}")


def number(field: str, value: object, low: float = float("-inf")) -> float:
    """``value`` as it is; raise ``FieldError(field)`` unless it is an int or a float, at least ``low`` and not NaN."""
    if not isinstance(value, int | float) or not value >= low:
        limits = "" if low == float("-inf") else f" from {low} on"
        raise FieldError(field, f"expected a number{limits}, got {value!r}")
    return value


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


_OCTETS: Final = frozenset("Bbc")
_SIGNED: Final = frozenset("ilq")
_NATIVE: Final = ("@", "=", "<" if sys.byteorder == "little" else ">")


def octets(buffer: Any, field: str) -> memoryview:
    """The octets of a contiguous buffer whose items are octets; raises ``TypeError`` and ``FieldError(field)``."""
    view = _view(buffer, field)
    if view.format[-1:] not in _OCTETS:
        raise FieldError(field, f"must hold octets, not items of format {view.format!r}")
    return _cast(view, "B")


def integers(buffer: Any, field: str, width: int) -> memoryview:
    """The signed native integers of so many octets in a contiguous buffer, which may also hold them as raw octets.

    Raises ``TypeError`` for what is no buffer, ``FieldError(field)`` for items of another width, kind or order.
    """
    view = _view(buffer, field)
    kind, order = view.format[-1:], view.format[:-1]
    signed = kind in _SIGNED and view.itemsize == width and (not order or order in _NATIVE)
    if not signed and kind not in _OCTETS:
        found = f"items of format {view.format!r} and {view.itemsize} octets"
        raise FieldError(field, f"must hold signed native integers of {width} octets, not {found}")
    if view.nbytes % width:
        raise FieldError(field, f"{view.nbytes} octets are no integers of {width}")
    return _cast(view, "i" if width == 4 else "q")


def _view(buffer: Any, field: str) -> memoryview:
    try:
        view = memoryview(buffer)
    except TypeError:
        raise TypeError(f"{field} must be a buffer, not {type(buffer).__name__}") from None
    except (ValueError, BufferError) as error:  # a view that was released, or an exporter that refuses
        raise FieldError(field, str(error)) from None
    if not view.c_contiguous:
        raise FieldError(field, "must be contiguous")
    return view


def _cast(view: memoryview, form: Literal["B", "i", "q"]) -> memoryview:
    if not view.nbytes:
        return memoryview(b"").cast(form)  # an empty view of several dimensions casts to nothing
    if view.format[0] in "<>=!":
        view = memoryview(view.tobytes())  # ctypes names an order of octets, and such a view cannot be cast
    return view.cast("B").cast(form)


def ask(errors: str, error: UnicodeEncodeError | UnicodeDecodeError) -> tuple[str | bytes, int]:
    """What the handler puts in for the range of ``error``, and the position where work goes on.

    Raises ``LookupError`` for a handler that nobody registered, ``TypeError`` for an answer of another shape and
    ``IndexError`` for a position outside the object, as Python's own codecs do; and whatever the handler raises.
    """
    answer = codecs.lookup_error(errors)(error)
    match answer:
        case (str() | bytes() as replacement, int() as position):
            length = len(error.object)
            if not -length <= position <= length:
                raise IndexError(f"error handler {errors!r} goes on at {position}, outside what it was given")
            return replacement, position % length if position < 0 else position
        case _:
            raise TypeError(f"error handler {errors!r} must give text and a position, not {answer!r}")
