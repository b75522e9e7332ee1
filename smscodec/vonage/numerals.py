"""Numbers that the service writes as text, read without surprises: bounded, ASCII, never NaN.

It knows how a number looks and not what it stands for; a text that is none gives None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

__all__ = ["plain_decimal", "whole_number"]

_WHOLE: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[Ee][+-]?[0-9]{1,2})?", re.ASCII)


def whole_number(text: str) -> int | None:
    """A number of one to twelve digits, or None."""
    stripped = text.strip()
    return int(stripped) if _WHOLE.fullmatch(stripped) else None


def plain_decimal(text: str) -> Decimal | None:
    """A decimal number of at most twenty digits either side of the point, or None."""
    stripped = text.strip()
    return Decimal(stripped) if _DECIMAL.fullmatch(stripped) else None
