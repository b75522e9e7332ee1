"""Plain values to terminal text and HTML. Knows strings and numbers and no domain type."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["segments_html"]


def segments_html(segments: Sequence[str]) -> str:
    """The parts of a text, one a row."""
    return "".join(f"<pre>{escape(segment)}</pre>" for segment in segments)
