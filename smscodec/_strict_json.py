"""JSON read strictly: one reader for replies, webhooks and questions.

Numbers keep their text, so that nothing is rounded or overflows; duplicate names, NaN, over-long numbers and absurd
nesting are refused. It knows JSON and nothing of its meaning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

__all__ = ["StrictJsonError", "read_json"]

_LONGEST_NUMBER: Final = 64
_DEEPEST: Final = 32
# The quote that ends a string is optional, and the repetitions keep no way back: nothing is looked at twice, and a long
# string takes no memory.
_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


class StrictJsonError(ValueError):
    """The octets are not JSON that this reader takes; the message never quotes them.

    ``position`` is where, in characters, or in octets of what is not UTF-8; None where it is no single place.
    """

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.position = position


def read_json(octets: bytes, *, number: Callable[[str], object] = str) -> object:
    """Read one JSON value in UTF-8; numbers come as ``number`` of their text. Raises ``StrictJsonError``."""
    if _is_too_deep(octets):
        raise StrictJsonError("it is nested too deeply")
    try:
        return json.loads(
            octets.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=lambda text: number(_short(text)),
            parse_float=lambda text: number(_short(text)),
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        refusal = StrictJsonError("it is not UTF-8", error.start)
    except json.JSONDecodeError as error:
        refusal = StrictJsonError("it is not valid JSON", error.pos)
    except StrictJsonError as error:
        refusal = StrictJsonError(str(error))
    # raised out here, because the errors of the standard library hold the text, even as the context of another error
    raise refusal


def _is_too_deep(octets: bytes) -> bool:
    """Whether brackets nest deeper than any document of the service; told without recursion, on any interpreter."""
    if octets.count(b"[") + octets.count(b"{") <= _DEEPEST:
        return False
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(octets):
        depth += _STEP.get(match.group(), 0)
        if depth > _DEEPEST:
            return True
    return False


_STEP: Final = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJsonError("it has a name twice in one object")
    return members


def _short(text: str) -> str:
    if len(text) > _LONGEST_NUMBER:
        raise StrictJsonError("it has a number that is too long")
    return text


def _constant(_: str) -> object:
    raise StrictJsonError("it has a number that JSON does not know")
