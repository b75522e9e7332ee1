"""Octets of many messages, written and read, against counting them and against what users would replace."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, Final

from benchmarks.encoders import Absent, Encoder, Form, Octets, Outside, encoders
from benchmarks.rows import Row
from benchmarks.timing import each, paired
from smscodec import Alphabet, SegmentedMessage, segment
from smscodec.batch import decode_many, encode_many, encode_utf8, measure_utf8
from smscodec.septets import pack
from smscodec.smpp import short_messages
from smscodec.tables import permitted_languages

__all__ = ["octets", "peers"]

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
    make_parts = next((peer for peer in encoders() if peer.name == "smpplib" and isinstance(peer, Encoder)), None)
    if make_parts:
        calls["make_parts"] = each(make_parts.encode, sample)
    result = paired(calls, rounds=rounds)
    time = (
        f"{result.seconds('encode_utf8') / len(texts) * 1e9:.0f} ns a message of {len(batch.tp_udl) / len(texts):.1f}"
    )
    yield Row("encode_utf8", result.ratio("encode_utf8", "measure_utf8"), "× measure_utf8", "≤ 10", f"{time} segments")
    yield Row("encode_utf8, 13 languages", result.ratio("languages", "encode_utf8"), "× encode_utf8", "≤ 3")
    yield Row("encode_many", result.ratio("encode_many", "encode_utf8"), "× encode_utf8", "≤ 1.6")
    yield Row("decode_many", result.ratio("decode_many", "measure_utf8"), "× measure_utf8", "≤ 10")
    if make_parts:
        ratio = result.ratio("make_parts", "encode_utf8") * len(texts) / len(sample)
        yield Row("smpplib's make_parts", ratio, "× encode_utf8", "≥ 60")
    else:
        yield Row("smpplib's make_parts", None, "", note="smpplib is not installed")


def peers(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Time a message of other libraries over that of ``encode_many``, and in how many messages their octets differ.

    Some do less than we do, which the name of the row says: they neither cut a message nor write a header.
    """
    ours = partial(encode_many, texts, references=_REFERENCE)
    messages = [segment(text, reference=_REFERENCE) for text in texts]
    for peer in encoders():
        if isinstance(peer, Absent):
            yield Row(peer.name, None, "", note=peer.reason)
            continue
        if isinstance(peer, Outside):
            answers, theirs = peer.run(texts)
            ratio = theirs / paired({"ours": ours}, rounds=rounds).seconds("ours")
        else:
            answers = [_answer(peer, text) for text in texts]
            result = paired({"ours": ours, "theirs": each(partial(_answer, peer), texts)}, rounds=rounds)
            ratio, theirs = result.ratio("theirs", "ours"), result.seconds("theirs")
        given = [(message, answer) for message, answer in zip(messages, answers, strict=True) if answer is not None]
        different = sum(_renumbered(answer, peer.form) != _expected(message, peer.form) for message, answer in given)
        note = f"{theirs / len(texts) * 1e6:.1f} µs a message; octets differ in {different} of {len(given)} messages"
        refused = f", {len(texts) - len(given)} refused" if len(given) < len(texts) else ""
        yield Row(f"{peer.name} {peer.version}, {_FORMS[peer.form]}", ratio, "× encode_many", note=note + refused)


_FORMS: Final[dict[Form, str]] = {
    "smpp": "short_messages",
    "tp-ud": "TP-UD",
    "alone": "TP-UD of one segment",
    "units": "cut, without headers",
    "text": "not cut",
    "packed": "not cut, packed",
}


def _answer(peer: Encoder, text: str) -> Octets | None:
    try:
        return peer.encode(text)
    except Exception:  # whatever a library raises is its answer
        return None


def _renumbered(parts: Octets, form: Form) -> Octets:
    """The octets with our reference in place of the one that the library drew."""
    if form not in {"smpp", "tp-ud"} or len(parts) < 2:
        return parts
    return tuple(part[:3] + bytes([_REFERENCE]) + part[4:] for part in parts)


def _expected(message: SegmentedMessage, form: Form) -> Octets:
    """What a message is in that form."""
    units = tuple(part.user_data.payload for part in message)
    match form:
        case "smpp":
            return tuple(part.short_message for part in short_messages(message))
        case "tp-ud" | "alone":
            return message.tp_ud
        case "units":
            return units
    whole = b"".join(units)
    return (pack(whole) if form == "packed" and message.alphabet is Alphabet.GSM_7BIT else whole,)
