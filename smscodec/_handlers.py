"""Asking an error handler of Python, by the protocol of ``codecs.register_error``.

Only for the two places where CPython's own encoders and decoders cannot ask for us. Knows no alphabet.
"""

from __future__ import annotations

import codecs

__all__ = ["ask"]


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
