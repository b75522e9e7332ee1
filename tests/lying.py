"""A str subclass none of whose methods says the truth: what it holds is only what str itself finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Endless", "Lying"]


class Buffer(bytes):
    """Octets that claim to be more than they are."""

    __slots__ = ()

    def __len__(self) -> int:
        return 1 << 20


class Lying(str):
    """A text that misleads about its length, its characters, its octets and its own value."""

    __slots__ = ()

    def __len__(self) -> int:
        return 3

    def __iter__(self) -> Iterator[str]:
        return iter("€€€")

    def __getitem__(self, key: Any) -> str:
        return "😀"

    def __str__(self) -> str:
        return "another text"

    def __eq__(self, other: object) -> bool:
        return True

    def __contains__(self, key: object) -> bool:
        return False

    __hash__ = str.__hash__

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Answer octets of no text, with a length of no octets."""
        return Buffer(b"\xff")

    def isascii(self) -> bool:
        """Answer as only some texts should."""
        return True

    def count(self, *arguments: Any) -> int:
        """Answer with too many."""
        return 1 << 40

    def replace(self, *arguments: Any, **options: Any) -> str:
        """Answer with nothing."""
        return ""

    def translate(self, table: Any) -> str:
        """Answer with nothing."""
        return ""


class Endless(Lying):
    """One that says it goes on far beyond its end."""

    __slots__ = ()

    def __len__(self) -> int:
        return 1 << 40
