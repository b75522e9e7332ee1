"""Buffers that others hand over, looked at as what they say they are: octets, or integers of one width.

A buffer whose items are of another kind is refused rather than read as something else.
"""

from __future__ import annotations

import sys
from typing import Any, Final, Literal

from smscodec.errors import FieldError

__all__ = ["integers", "octets"]

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
