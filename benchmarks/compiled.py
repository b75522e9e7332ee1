"""The compiled kernels beside the pure ones: one by one, in lists, and in columns, against the floors.

Knows the kernels behind the seam, since both backends run in one process here; what a row is says ``rows``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from threading import Thread
from typing import Any

from benchmarks import corpora
from benchmarks.rows import Row, floor
from benchmarks.timing import each, paired
from smscodec import _kernels
from smscodec._kernels import PLAIN_ROOMS, Utf8Column
from smscodec._kernels.columns import Counts

__all__ = ["columns", "lists", "one_by_one", "two_threads"]

_MODULES = {"pure": "_python", "portable C": "_c", "C in place": "_in_place"}
_BLOCK = 1_024
_CORPORA = {
    "mix": None,
    "short ASCII": corpora.short_ascii,
    "European": corpora.european,
    "multilingual": corpora.multilingual,
    "emoji": corpora.emoji,
    "long": corpora.long_texts,
}


def _backends() -> dict[str, Any]:
    found = {}
    for name, module in _MODULES.items():
        try:
            found[name] = import_module(f"smscodec._kernels.{module}")
        except ImportError:
            continue
    return found


def _absent() -> Row | None:
    return None if len(_backends()) > 1 else Row("compiled kernels", None, "", note=_kernels.why_not_c or "not built")


def one_by_one(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """``count_segments`` of each backend in a plain loop, and packing."""
    kernels = _backends()
    for corpus, group, targets in (
        ("mix", texts, {}),
        ("short ASCII", corpora.short_ascii(len(texts)), {"portable C": "≤ 1", "C in place": "≤ 1"}),
    ):
        result = paired({name: each(kernel.count_segments, group) for name, kernel in kernels.items()}, rounds=rounds)
        for name in list(kernels)[1:]:
            yield Row(f"count_segments, {corpus}, {name}", result.ratio(name, "pure"), "× pure", targets.get(name, ""))
    unpacked = [bytes(range(96, 112)) * 10] * 2_000
    packs = {name: each(partial(_pack, kernel), unpacked) for name, kernel in kernels.items() if name != "C in place"}
    result = paired(packs, rounds=rounds)
    for name, target in (("pure", "≤ 2.5"), ("portable C", "≤ 1.7")):
        if name in kernels:
            yield Row(f"pack, 160 septets, {name}", result.seconds(name) / len(unpacked) * 1e6, "µs", target)
    if row := _absent():
        yield row


def _pack(kernel: Any, septets: bytes) -> object:
    return kernel.pack(septets, 0)


def lists(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """What ``measure_many`` does on each backend, and the same over a tenth of the messages."""
    kernels = _backends()
    candidates: dict[str, Callable[[], object]] = {"floor": partial(floor, texts)}
    candidates |= {name: partial(_count_many, kernel, texts) for name, kernel in kernels.items()}
    result = paired(candidates, rounds=rounds)
    targets = {"portable C": "≤ 7", "C in place": "≤ 2"}
    for name in kernels:
        yield Row(f"measure_many, mix, {name}", result.ratio(name, "floor"), "× floor", targets.get(name, ""))
    tenth = texts[: len(texts) // 10]
    for name, kernel in kernels.items():
        result = paired({"tenth": partial(_count_many, kernel, tenth), "all": candidates[name]}, rounds=rounds)
        grown = result.ratio("all", "tenth") * len(tenth) / len(texts)
        yield Row(f"ten times the messages, {name}", grown, "× time a message")


def _count_many(kernel: Any, texts: Sequence[str]) -> None:
    for start in range(0, len(texts), _BLOCK):
        kernel.count_many(tuple(texts[start : start + _BLOCK]), PLAIN_ROOMS)


def columns(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Columns of UTF-8 on each path, against ``pyarrow.compute.utf8_length`` and a memcpy of the buffer."""
    kernels = _backends()
    if row := _absent():
        yield row
        return
    try:
        pa, utf8_length = import_module("pyarrow"), import_module("pyarrow.compute").utf8_length
    except ImportError:
        yield Row("columns of UTF-8", None, "", note="pyarrow is not installed")
        return
    portable = kernels["portable C"]
    paths = {name: path for path, name in enumerate(portable.PATHS) if portable.lib.smscodec_has_path(path)}
    for corpus, make in _CORPORA.items():
        array = pa.array([*(make(len(texts)) if make else texts)] * 4)
        _, offsets, data = array.buffers()
        column = Utf8Column(memoryview(data).cast("B"), memoryview(offsets).cast("B").cast("i"), 4, None, 0)
        copy = partial(memoryview(bytearray(len(column.data))).__setitem__, slice(None), column.data)
        result = paired(
            {"utf8_length": partial(utf8_length, array), "memcpy": copy}
            | {name: partial(_count_column, portable, path, column, len(array)) for name, path in paths.items()},
            rounds=rounds,
        )
        for name in paths:
            must = {("mix", "AVX2"): "≥ 1.2", ("short ASCII", "AVX2"): "≥ 2", ("mix", "SSE4.1"): "≥ 0.8",
                    ("mix", "scalar"): "≥ 0.2"}.get((corpus, name), "")  # fmt: skip
            share = f"{100 * result.ratio('memcpy', name):.0f} % of memcpy, "
            share += f"{len(array) / result.seconds(name) / 1e6:.0f} M messages a second"
            yield Row(f"column, {corpus}, {name}", result.ratio("utf8_length", name), "× utf8_length", must, share)


def _count_column(portable: Any, path: int, column: Utf8Column, rows: int) -> None:
    before = portable.PATH
    portable.PATH = path
    try:
        portable.count_utf8(column, 0, rows, PLAIN_ROOMS, Counts.of(rows))
    finally:
        portable.PATH = before


def two_threads(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """A column of over 100 MB in one thread and in halves in two."""
    if row := _absent():
        yield row
        return
    portable = _backends()["portable C"]
    octets = [text.encode() for text in texts]
    times = -(-110_000_000 // sum(map(len, octets)))
    ends, end = [0], 0
    for text in octets * times:
        end += len(text)
        ends.append(end)
    offsets = memoryview(bytearray(8 * len(ends))).cast("q")
    for index, end in enumerate(ends):
        offsets[index] = end
    data = memoryview(b"".join(octets * times))
    half = len(ends) // 2
    whole = Utf8Column(data, offsets, 8, None, 0)
    halves = [Utf8Column(data, part, 8, None, 0) for part in (offsets[: half + 1], offsets[half:])]

    def together() -> None:
        threads = [Thread(target=_count_column, args=(portable, portable.PATH, part, len(part))) for part in halves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    alone = partial(_count_column, portable, portable.PATH, whole, len(whole))
    result = paired({"one": alone, "two": together}, rounds=rounds)
    yield Row(f"column of {len(data) // 10**6} MB, two threads", result.ratio("one", "two"), "× as fast")
