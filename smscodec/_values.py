"""Values as plain types, the ones that ``json.dumps`` takes: what every ``as_dict()`` gives and ``--json`` prints.

Enumerations go by their names, octets as hexadecimal digits, times in ISO 8601, decimal numbers as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["TypedValue", "Unfolding", "Value", "draft", "keep", "new", "plain"]


def plain(value: Any) -> Any:  # noqa: PLR0911  # a line for each kind of type
    """``value`` in plain types, whatever it is made of; raises ``TypeError`` for a type that has no such form."""
    if hasattr(value, "as_dict"):
        return value.as_dict()
    match value:
        case Enum():
            return value.name
        case None | bool() | int() | float() | str():
            return value
        case bytes() | bytearray() | memoryview():
            return value.hex()
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> str:
    """A time, a duration or a decimal number as text. A program that has none need not load their modules."""
    from datetime import datetime, timedelta  # noqa: PLC0415  # as the docstring says
    from decimal import Decimal  # noqa: PLC0415  # the same

    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return _duration(value)
        case Decimal():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no form in plain types")


def _duration(value: timedelta) -> str:
    """A duration in ISO 8601, such as ``P2DT5M``; whole seconds, as every field of a message has them."""
    sign = "-" if value.days < 0 else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    date = f"{value.days}D" if value.days else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    return f"{sign}P{date}{'T' if time or not date else ''}{time or ('' if date else '0S')}"


keep = object.__setattr__
"""``keep(value, slot, kept)`` puts into a frozen value what follows from it alone and is wanted time and again.

The slot belongs to a base class that is not a dataclass, so that comparisons, copies and pickles leave it out.
"""

new: Final = object.__new__


@cache
def draft(kind: Any) -> Any:
    """A subclass of a frozen dataclass whose fields can be set, for values that this package makes by the million.

    What ``new`` makes of it becomes the value when its ``__class__`` is set to ``kind``. The package does not check
    again what it made itself, and the constructor of a frozen dataclass takes five times as long to fill the fields.
    ``kind`` is a class of this package: it is held for ever, and one of the caller's may not want to be subclassed.
    """
    settable = {name: getattr(object, name) for name in ("__setattr__", "__delattr__")}  # one without the other is slow
    return type(kind)(f"{kind.__name__}Draft", (kind,), {"__slots__": (), "__module__": kind.__module__, **settable})


class Unfolding:
    """A frozen dataclass that may begin without some of its fields, which ``_unfold`` fills in when one is asked for.

    Most callers want nothing but the octets of what this package made for them.
    """

    __slots__ = ()

    def _unfold(self) -> None:
        """Fill in the fields; raises ``AttributeError`` for a value that was not made in this way."""
        raise NotImplementedError

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name in self.__dataclass_fields__:
                self._unfold()
            return object.__getattribute__(self, name)  # whose error says what is missing, and from which class


class Value:
    """A dataclass that has ``as_dict()``."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """The fields in types that ``json.dumps`` takes: enumerations by name, octets as hex, times in ISO 8601."""
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]  # subclasses are dataclasses
        return {name: plain(getattr(self, name)) for name in names}

    def __repr__(self) -> str:
        """As a dataclass shows itself, without fields that are not set yet: a crash report may show a half-built value.

        Dataclasses that want it pass ``repr=False``.
        """
        shown = [field.name for field in fields(self) if field.repr]  # type: ignore[arg-type]  # as above
        values = (f"{name}={getattr(self, name)!r}" for name in shown if hasattr(self, name))
        return f"{type(self).__qualname__}({', '.join(values)})"


class TypedValue(Value):
    """One of several classes that stand in one place, such as the TPDUs: its ``as_dict()`` begins with ``type``."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """``type``, the name of the class, and the fields as ``Value.as_dict`` gives them."""
        return {"type": type(self).__name__, **super().as_dict()}
