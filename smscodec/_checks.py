"""The checks of arguments that several modules share: whole numbers, texts, buffers, answers of error handlers.

A buffer with items of another kind is refused rather than read as something else.
"""

from __future__ import annotations

import codecs
import sys
from typing import Any, Final, Literal

from smscodec.errors import FieldError

__all__ = ["Octets", "as_text", "ask", "check_whole", "integers", "number", "octets"]

Octets = bytes | bytearray | memoryview
"""The types that this package accepts as octets."""


def check_whole(field: str, value: object, low: int = 0, high: int | None = None) -> None:
    """Raise ``FieldError(field)`` unless ``value`` is a whole number, not below ``low`` and not above ``high``.

    True and False do not count as numbers: passing one means that two arguments were mixed up.
    """
    if not isinstance(value, int) or type(value) is bool or value < low or (high is not None and value > high):
        limits = f"of at least {low}" if high is None else f"of {low}–{high}"
        raise FieldError(field, f"expected a whole number {limits}, got {value!r}{_cure(value)}")


def number(field: str, value: object, low: float = float("-inf")) -> float:
    """``value`` as it is; raise ``FieldError(field)`` unless it is an int or a float, at least ``low`` and not NaN."""
    if not isinstance(value, int | float) or not value >= low:
        limits = "" if low == float("-inf") else f" of at least {low}"
        raise FieldError(field, f"expected a number{limits}, got {value!r}")
    return value


def _cure(value: object) -> str:
    """What to do with a whole number of another library, which is refused because its arithmetic may wrap."""
    foreign = hasattr(value, "__index__") and not isinstance(value, int)
    return f"; convert this {type(value).__name__} with int()" if foreign else ""


def as_text(text: str) -> str:
    """``text`` as an exact str, or ``TypeError``.

    A subclass may override any method that the package relies on, so its characters are copied into a plain str. Below
    the public functions every text is a plain str.
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
    """The signed native integers of ``width`` octets in a contiguous buffer, which may also hold them as raw octets.

    Raises ``TypeError`` for anything but a buffer, ``FieldError(field)`` for items of another width, kind or order.
    """
    view = _view(buffer, field)
    kind, order = view.format[-1:], view.format[:-1]
    signed = kind in _SIGNED and view.itemsize == width and (not order or order in _NATIVE)
    if not signed and kind not in _OCTETS:
        found = f"items of format {view.format!r} and {view.itemsize} octets"
        raise FieldError(field, f"must hold signed native integers of {width} octets, not {found}")
    if view.nbytes % width:
        raise FieldError(field, f"expected integers of {width} octets each, got {view.nbytes} octets")
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
    return view.cast("B").cast(form)


def ask(errors: str, error: UnicodeEncodeError | UnicodeDecodeError) -> tuple[str | bytes, int]:
    """The handler's replacement for the range of ``error``, and the position where the codec continues.

    Raises ``LookupError`` for an unregistered handler, ``TypeError`` for an answer of another shape and ``IndexError``
    for a position outside the object, as Python's own codecs do, and any exception that the handler raises.
    """
    answer = codecs.lookup_error(errors)(error)
    match answer:
        case (str() | bytes() as replacement, int() as position):
            length = len(error.object)
            if not -length <= position <= length:
                raise IndexError(f"error handler {errors!r} continues at {position}, outside the object")
            return replacement, position + length if position < 0 else position
        case _:
            raise TypeError(f"error handler {errors!r} must give text and a position, not {answer!r}")
