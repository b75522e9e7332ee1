"""Octets of many messages, written and read, against counting them and against what users would replace."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import accumulate
from typing import Any

from benchmarks.rows import Row
from benchmarks.timing import each, paired
from smscodec.batch import decode_many, encode_many, encode_utf8, measure_utf8
from smscodec.tables import permitted_languages

__all__ = ["octets"]

_REFERENCE = 7
_PEER_MESSAGES = 1_000


def octets(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """``encode_utf8``, ``encode_many`` and ``decode_many`` over the mix, on the backend in force."""
    encoded = [text.encode() for text in texts]
    data, offsets = b"".join(encoded), array("i", accumulate(map(len, encoded), initial=0))
    batch = encode_utf8(data, offsets, references=_REFERENCE)
    counts = [end - start for start, end in zip(batch.first, batch.first[1:], strict=False)]
    alphabets = b"".join(bytes([alphabet]) * n for alphabet, n in zip(batch.measured.alphabets, counts, strict=True))
    headed = b"".join(bytes([header]) * n for header, n in zip(batch.has_header, counts, strict=True))
    read: dict[str, Any] = {"tp_udl": batch.tp_udl, "alphabets": alphabets, "has_header": headed}
    written = partial(encode_utf8, data, offsets, references=_REFERENCE)
    calls: dict[str, Callable[[], object]] = {
        "measure_utf8": partial(measure_utf8, data, offsets),
        "encode_utf8": written,
        "languages": partial(written, languages=permitted_languages("all")),
        "encode_many": partial(encode_many, texts, references=_REFERENCE),
        "decode_many": partial(decode_many, batch.data, batch.offsets, **read),
    }
    sample = texts[:_PEER_MESSAGES]
    make_parts = _make_parts()
    if make_parts:
        calls["make_parts"] = each(make_parts, sample)
    result = paired(calls, rounds=rounds)
    time = (
        f"{result.seconds('encode_utf8') / len(texts) * 1e9:.0f} ns a message of {len(batch.tp_udl) / len(texts):.1f}"
    )
    yield Row("encode_utf8", result.ratio("encode_utf8", "measure_utf8"), "× measure_utf8", "≤ 10", f"{time} segments")
    yield Row("encode_utf8, 13 languages", result.ratio("languages", "encode_utf8"), "× encode_utf8", "≤ 3")
    yield Row("encode_many", result.ratio("encode_many", "encode_utf8"), "× encode_utf8", "≤ 1.6")
    yield Row("decode_many", result.ratio("decode_many", "measure_utf8"), "× measure_utf8", "≤ 10")
    if not make_parts:
        yield Row("smpplib's make_parts", None, "", note="smpplib is not installed")
        return
    ours = encode_many(sample, references=_REFERENCE, form="smpp")
    different = sum(_parts(make_parts, text) != message for text, message in zip(sample, ours, strict=True))
    ratio = result.ratio("make_parts", "encode_utf8") * len(texts) / len(sample)
    note = f"octets differ in {different} of {len(sample)} messages"
    yield Row("smpplib's make_parts", ratio, "× encode_utf8", "≥ 60", note)


def _make_parts() -> Callable[[str], Any] | None:
    try:
        return import_module("smpplib.gsm").make_parts  # type: ignore[no-any-return]
    except ImportError:
        return None


def _parts(make_parts: Callable[[str], Any], text: str) -> tuple[bytes, ...] | None:
    """What the peer makes of a text, under our reference; None where it refuses it."""
    try:
        parts, _, _ = make_parts(text)
    except Exception:  # whatever a peer raises is its answer
        return None
    several = len(parts) > 1
    return tuple(part[:3] + bytes([_REFERENCE]) + part[4:] if several else bytes(part) for part in parts)
