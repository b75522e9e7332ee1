"""What counts as octets wherever this package takes them."""

from __future__ import annotations

__all__ = ["Octets"]

Octets = bytes | bytearray | memoryview
