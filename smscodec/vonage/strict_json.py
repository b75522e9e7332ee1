"""JSON read without mercy: one reader for replies and webhooks.

Numbers keep their text, so that nothing is rounded or overflows; duplicate names, NaN, over-long numbers and absurd
nesting are refused. It knows JSON and neither replies nor webhooks.
"""

from __future__ import annotations

import json
import re
from typing import Final

__all__ = ["StrictJsonError", "read_json"]

_LONGEST_NUMBER: Final = 64
_DEEPEST: Final = 32
# The quote that ends a string is optional, so that nothing is looked at twice.
_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class StrictJsonError(ValueError):
    """The octets are no JSON that this reader takes; the message never quotes them."""


def read_json(octets: bytes) -> object:
    """Read one JSON value in UTF-8; numbers come as their text. Raises ``StrictJsonError``."""
    if _is_too_deep(octets):
        raise StrictJsonError("it is nested too deeply")
    reason = "it is not valid JSON"
    try:
        return json.loads(
            octets.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_constant,
        )
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except StrictJsonError as error:
        reason = str(error)
    except ValueError:
        pass
    # raised out here, because the errors of the standard library hold the text, even as the context of another error
    raise StrictJsonError(reason)


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


def _number(text: str) -> str:
    if len(text) > _LONGEST_NUMBER:
        raise StrictJsonError("it has a number that is too long")
    return text


def _constant(_: str) -> object:
    raise StrictJsonError("it has a number that JSON does not know")
