"""What C reads is held by more than a local, which another thread may replace through ``f_locals`` (PEP 667)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from smscodec import segment
from smscodec._kernels import PLAIN_ROOMS, Counts
from smscodec.tables import DEFAULT_TABLES

in_place = pytest.importorskip("smscodec._kernels._in_place", reason="no kernels that read str in place are built")

LENT_LOADS = sys.version_info >= (3, 14)
"""From here on CPython itself keeps what it replaces in a frame, and counts no reference for an operand."""

CALLS: dict[str, tuple[Callable[..., object], tuple[object, ...]]] = {
    "_scan_str": (in_place.scan, ()),
    "_waste_str": (in_place.waste, (0, 153)),
    "_count_str": (in_place.count_segments, ()),
    "_cuts_str": (in_place.cuts, (0, 153, DEFAULT_TABLES)),
    "_encode_str": (in_place.encode, ((0, 1_000), segment("").style(False), 0)),
}


@pytest.mark.skipif(LENT_LOADS, reason="CPython 3.14 holds what f_locals replaces by itself")
@pytest.mark.parametrize("name", CALLS)
def test_a_text_is_held_while_c_reads_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the local there is a reference that no frame shows."""
    kept = ["".join(["a"] * 1_000)]
    found = []

    def read(address: int, *_: object) -> int:
        assert address == id(kept[0])
        found.append(sys.getrefcount(kept[0]))
        return 1

    monkeypatch.setattr(in_place, name, read)
    function, more = CALLS[name]
    function(kept[0], *more)
    # The list, the argument of getrefcount, the local of the kernel, and the stack.
    assert found[0] >= 4 + bool(more)  # what is unpacked is held by the call too


@pytest.mark.skipif(LENT_LOADS, reason="CPython 3.14 holds what f_locals replaces by itself")
def test_texts_are_held_while_c_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of the tuple that holds many."""
    kept = [("".join(["a"] * 1_000),)]
    found = []

    def read(_: int, address: int, *__: object) -> SimpleNamespace:
        assert address == id(kept[0])
        found.append(sys.getrefcount(kept[0]))
        return SimpleNamespace(row=1, code=0)

    monkeypatch.setattr(in_place, "lib", SimpleNamespace(smscodec_count_tuple=read))
    in_place.count_many(kept[0], 0, PLAIN_ROOMS, Counts.of(1))
    # The list, the argument of getrefcount, two locals of the kernel, and the stack.
    assert found == [5]
