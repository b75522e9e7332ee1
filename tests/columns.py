"""Columns as Arrow lays them out, made of plain lists, and the ways there are through the kernels in C."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal, NamedTuple

import pytest

from smscodec._kernels import Kernels
from tests import backends
from tests.counting import COMPILED

DEFAULTS: Final = {"offset_width": 4, "validity": None, "validity_offset": 0}


class Column(NamedTuple):
    """Octets, offsets, and validity with the place of its first bit."""

    data: bytes
    offsets: bytes
    width: Literal[4, 8]
    validity: bytes | None
    validity_offset: int

    @property
    def options(self) -> dict[str, Any]:
        """What goes to a function beside data and offsets; what is there by default is left out."""
        given = {"offset_width": self.width, "validity": self.validity, "validity_offset": self.validity_offset}
        return {name: value for name, value in given.items() if value != DEFAULTS[name]}


def column(rows: Sequence[bytes | None], *, width: Literal[4, 8] = 4, start: int = 0, bit: int = 0) -> Column:
    """Rows after ``start`` octets of something else, with the validity from ``bit`` on where one is a null."""
    offsets = [start]
    for row in rows:
        offsets.append(offsets[-1] + len(row or b""))
    validity = None
    if None in rows:
        bits = sum(1 << (bit + number) for number, row in enumerate(rows) if row is not None)
        validity = bits.to_bytes((bit + len(rows) + 7) // 8 + 1, "little")
    data = b"\xff" * start + b"".join(row or b"" for row in rows)
    return Column(data, array("i" if width == 4 else "q", offsets).tobytes(), width, validity, bit)


def _ways() -> dict[str, tuple[Kernels, int | None]]:
    compiled: Any = COMPILED
    known = compiled.PATHS if compiled else ()
    paths = {name: path for path, name in enumerate(known) if compiled.lib.smscodec_has_path(path)}
    ways: dict[str, tuple[Kernels, int | None]] = {
        name: (kernels, None) for name, kernels in backends.AVAILABLE.items()
    }
    return ways | {f"portable, {name}": (compiled, path) for name, path in paths.items()}


WAYS: Final = _ways()
"""Every backend, and the portable one by each path that this processor has."""

every_way = pytest.mark.parametrize("way", WAYS)


@contextmanager
def taken(way: str) -> Iterator[None]:
    """Let the whole package go one of the ways."""
    kernels, path = WAYS[way]
    with pytest.MonkeyPatch.context() as patch, backends.used(kernels):
        if path is not None:
            patch.setattr("smscodec._kernels._c_octets.PATH", path)
        yield
