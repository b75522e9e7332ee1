"""Octets of many messages in pure Python, one after the other, as the values make them: csrc/encode.c and decode.c must
do the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from smscodec import gsm7, ucs2
from smscodec._checks import as_text
from smscodec._kernels._python_septets import pack
from smscodec._kernels.columns import UCS2, Utf8Column
from smscodec._kernels.octets import (
    LENIENTLY,
    NO_REFERENCE,
    NULL,
    UNREADABLE,
    Orders,
    Segments,
    Style,
    Texts,
    UserDataColumn,
    Written,
)

__all__ = ["decode", "encode", "encode_many", "encode_utf8"]


def encode(text: str, bounds: Sequence[int], style: Style, reference: int) -> Segments:
    """TP-UDL and octets of every segment of one message, which is cut at these bounds."""
    segments = len(bounds) - 1
    headers = style.all_headers(segments, reference)
    before = len(style.headers[segments > 1])
    fill_bits, septets_before = -8 * before % 7, -(-8 * before // 7)
    texts = [text] if segments == 1 else [text[start:end] for start, end in pairwise(bounds)]
    lengths, written = [], []
    for header, part in zip(headers, texts, strict=True):
        if style.alphabet == UCS2:
            payload = ucs2.encode(part)
            length = before + len(payload)
        else:
            payload = gsm7.encode(part, style.tables)
            length = septets_before + len(payload)
            if not style.unpacked:
                payload = pack(payload, fill_bits)
        lengths.append(length)
        written.append(header + payload)
    return tuple(lengths), tuple(written)


def encode_many(texts: Sequence[Any], orders: Orders, written: Written) -> int:
    """Write texts that were counted, and tell how many were before one that cannot be."""
    return _encode((as_text(text) if orders.segments[row] else "" for row, text in enumerate(texts)), orders, written)


def encode_utf8(column: Utf8Column, first: int, rows: int, orders: Orders, written: Written) -> int:
    """Write ``rows`` messages of a column from one on, and tell how many were before one that cannot be."""
    texts = (column.text(first + row) if orders.segments[row] else "" for row in range(rows))
    return _encode(texts, orders, written)


def _encode(texts: Iterable[str], orders: Orders, written: Written) -> int:
    done = 0
    for row, text in enumerate(texts):
        if not orders.can_write(row):
            break
        number = orders.reference(row) if orders.segments[row] > 1 else NO_REFERENCE
        reference = None if number == NO_REFERENCE else number
        for length, octets in orders.write_one(text, reference) if orders.segments[row] else ():
            written.widen(len(octets))
            written.data += octets
            written.tp_udl.append(length)
            written.offsets.append(len(written.data))
        written.first.append(len(written.tp_udl))
        done += 1
    return done


def decode(column: UserDataColumn, first: int, rows: int, texts: Texts) -> int:
    """Read ``rows`` rows from number ``first`` on, and tell how many were before one whose offsets lie."""
    octets = column.octets
    for row in range(first, first + rows):
        bounds = octets.bounds(row)
        if bounds is None:
            return row - first
        if octets.is_null(row):
            _put(texts, None, 0, 0, 0, wide=False)
            texts.states.append(NULL)
        else:
            arguments = column.tp_udl[row], column.alphabets[row], bool(column.headed[row])
            text, reference, total, sequence, wide = column.read_one(bytes(octets.data[slice(*bounds)]), *arguments)
            _put(texts, text, reference, total, sequence, wide=wide)
            texts.states.append(UNREADABLE if text is None else LENIENTLY)  # strictly too, for all that is known here
    return rows


def _put(texts: Texts, text: str | None, reference: int, total: int, sequence: int, *, wide: bool) -> None:
    octets = (text or "").encode()
    texts.widen(len(octets))
    texts.data += octets
    texts.offsets.append(len(texts.data))
    texts.references.append(reference)
    texts.totals.append(total)
    texts.sequences.append(sequence)
    texts.wide.append(wide)
