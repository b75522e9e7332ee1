"""The compiled kernels beside the pure ones: one by one, in lists, and in columns, against the floors.

Knows the kernels behind the seam, since both backends run in one process here; what a row is says ``rows``.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import pbkdf2_hmac
from importlib import import_module
from itertools import accumulate
from threading import Thread
from typing import Any

from benchmarks import corpora
from benchmarks.rows import Row, floor
from benchmarks.timing import WALL, each, paired
from smscodec import _kernels, measure_many
from smscodec.batch import measure_utf8

__all__ = ["columns", "lists", "one_by_one", "two_threads"]

_MODULES = {"pure": "_python", "portable C": "_c", "C in place": "_in_place"}
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
    """``measure_many`` of a list on each backend, and the same over a tenth of the messages."""
    calls = {name: partial(_on, kernel, measure_many) for name, kernel in _backends().items()}
    candidates: dict[str, Callable[[], object]] = {"floor": partial(floor, texts)}
    candidates |= {name: partial(call, texts) for name, call in calls.items()}
    result = paired(candidates, rounds=rounds)
    targets = {"portable C": "≤ 7", "C in place": "≤ 2"}
    for name in calls:
        note = f"{len(texts) / result.seconds(name) / 1e6:.1f} M messages a second"
        yield Row(f"measure_many, mix, {name}", result.ratio(name, "floor"), "× floor", targets.get(name, ""), note)
    tenth = texts[: len(texts) // 10]
    for name, call in calls.items():
        result = paired({"tenth": partial(call, tenth), "all": partial(call, texts)}, rounds=rounds)
        grown = result.ratio("all", "tenth") * len(tenth) / len(texts)
        yield Row(f"measure_many, ten times the list, {name}", grown, "× time a message")


def _on(kernel: Any, function: Callable[..., object], *arguments: Any, **options: Any) -> object:
    """What the public function answers while that kernel is in force."""
    before = _kernels.active
    vars(_kernels)["active"] = kernel
    try:
        return function(*arguments, **options)
    finally:
        vars(_kernels)["active"] = before


def columns(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """``measure_utf8`` on each path and ``arrow.measure``, against ``utf8_length`` and a memcpy of the buffer."""
    if row := _absent():
        yield row
        return
    try:
        pa, utf8_length = import_module("pyarrow"), import_module("pyarrow.compute").utf8_length
        arrow = import_module("smscodec.adapters.arrow")
    except ImportError:
        yield Row("columns of UTF-8", None, "", note="pyarrow is not installed")
        return
    portable = _backends()["portable C"]
    paths = {name: path for path, name in enumerate(portable.PATHS) if portable.lib.smscodec_has_path(path)}
    for corpus, make in _CORPORA.items():
        column = pa.array([*(make(len(texts)) if make else texts)] * 4)
        _, offsets, data = column.buffers()
        octets = memoryview(data).cast("B")
        copy = partial(memoryview(bytearray(len(octets))).__setitem__, slice(None), octets)
        result = paired(
            {"utf8_length": partial(utf8_length, column), "memcpy": copy}
            | {"arrow": partial(_on, portable, arrow.measure, column)}
            | {name: partial(_by_path, portable, path, data, offsets) for name, path in paths.items()},
            rounds=rounds,
        )
        for name in [*paths, "arrow"]:
            must = _COLUMN_TARGETS.get((corpus, name), "")
            share = f"{100 * result.ratio('memcpy', name):.0f} % of memcpy, "
            share += f"{len(column) / result.seconds(name) / 1e6:.0f} M messages a second"
            call = "arrow.measure" if name == "arrow" else f"measure_utf8, {name}"
            yield Row(f"{call}, {corpus}", result.ratio("utf8_length", name), "× utf8_length", must, share)


_COLUMN_TARGETS = {
    ("mix", "AVX2"): "≥ 1.2",
    ("short ASCII", "AVX2"): "≥ 2",
    ("European", "AVX2"): "≥ 0.8",
    ("emoji", "AVX2"): "≥ 1",
    ("mix", "SSE4.1"): "≥ 0.8",
    ("mix", "scalar"): "≥ 0.2",
}


def _by_path(portable: Any, path: int, data: Any, offsets: Any) -> object:
    """``measure_utf8`` through the kernels by one path of theirs."""
    before = portable.PATH
    portable.PATH = path
    try:
        return _on(portable, measure_utf8, data, memoryview(offsets).cast("B"))
    finally:
        portable.PATH = before


def two_threads(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """A column of over 100 MB and a list of its messages, over and over, by one thread, and by two with a half each."""
    if row := _absent():
        yield row
        return
    octets = [text.encode() for text in texts]
    times = -(-110_000_000 // sum(map(len, octets)))
    ends = array("q", accumulate(map(len, octets * times), initial=0))
    data, half = b"".join(octets * times), len(ends) // 2
    count = partial(measure_utf8, data, offset_width=8)
    name = f"measure_utf8, {len(data) // 10**6} MB"
    parts = [partial(count, ends[: half + 1]), partial(count, ends[half:])]
    yield _halved(name, partial(count, ends), parts, rounds)
    many = corpora.mix(4 * len(texts)) if len(texts) < 200_000 else list(texts)
    half = len(many) // 2
    parts = [partial(measure_many, many[:half]), partial(measure_many, many[half:])]
    yield _halved(f"measure_many, {len(many)} messages", partial(measure_many, many), parts, rounds)


def _halved(name: str, alone: Callable[[], object], parts: Sequence[Callable[[], object]], rounds: int) -> Row:
    one, two = _over_and_over(alone), partial(_together, [*map(_over_and_over, parts)])
    result = paired({"one": one, "two": two}, rounds=rounds, clock=WALL)
    note = f"these cores allow {2 * _cores_at_once(rounds):.2f}"
    return Row(f"{name}, two threads", result.ratio("one", "two"), "× as fast", note=note)


_TURNS = 8
"""To start a thread and to find it a core takes a millisecond or two, and half of such a column no more than ten."""


def _over_and_over(run: Callable[[], object]) -> Callable[[], None]:
    def turns() -> None:
        for _ in range(_TURNS):
            run()

    return turns


def _together(parts: Sequence[Callable[[], object]]) -> None:
    threads = [Thread(target=part) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _cores_at_once(rounds: int) -> float:
    """How much of its speed each of two threads keeps that only hash, without the GIL and without memory to share."""
    work = partial(pbkdf2_hmac, "sha256", b"smscodec", b"salt", 100_000)
    result = paired({"one": work, "two": partial(_together, [work, work])}, rounds=rounds, clock=WALL)
    return result.ratio("one", "two")
