"""The octets of a file of text: opened, decompressed, brought to UTF-8, and cut at the ends of rows.

Memory is that of one piece and one row, whatever the file holds or a few octets of gzip unpack to. Knows line ends and
byte order marks, and nothing of what rows mean.
"""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from smscodec.cli.files.blocks import Reading
from smscodec.cli.reading import standard_input

__all__ = ["Rows", "octets_of", "pieces", "rows_of"]

_PIECE: Final = 1 << 18
_SMALLEST_PIECE: Final = 1 << 12

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_MARK: Final = 4


class Rows(NamedTuple):
    """Whole rows as they follow each other, without the last line feed; None in place of a row that was too long."""

    octets: bytes | None
    ended: bool
    """Whether a line feed ended the last of them."""


@contextmanager
def octets_of(reading: Reading) -> Iterator[BinaryIO]:
    """The file as a stream, decompressed; standard input for ``-``."""
    if reading.name == "-":
        yield standard_input()
        return
    with Path(reading.name).open("rb") as file:
        if file.seekable():
            reading.position = lambda: 0 if file.closed else os.lseek(file.fileno(), 0, os.SEEK_CUR)
        if not reading.name.lower().endswith(".gz"):
            yield file
            return
        with gzip.GzipFile(fileobj=file) as stream:
            try:
                yield cast("BinaryIO", stream)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise reading.damaged(f"damaged gzip: {error}") from None


def pieces(stream: BinaryIO, reading: Reading, longest: int = _PIECE) -> Iterator[bytes]:
    """The text of a stream as octets of UTF-8 without a byte order mark, in pieces that may end anywhere."""
    size = min(_PIECE, max(_SMALLEST_PIECE, longest))
    read = stream.read1  # type: ignore[attr-defined]  # BinaryIO does not know it; files, pipes and gzip have it
    first = b""
    while len(first) < _LONGEST_MARK and (octets := read(size)):
        first += octets
    mark, marked = next(((mark, name) for mark, name in _MARKS if first.startswith(mark)), (b"", None))
    encoding = codecs.lookup(reading.options.encoding or marked or "utf-8").name
    if encoding in {"utf-8", "utf-8-sig"}:
        yield first.removeprefix(mark if marked == "utf-8" else b"")
        yield from iter(lambda: read(size), b"")
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    octets = first
    while True:
        try:
            text = decoder.decode(octets, final=not octets)
        except UnicodeError as error:
            reason = error.reason if isinstance(error, UnicodeDecodeError) else error
            raise reading.damaged(f"not {encoding}: {reason}") from None
        yield text.removeprefix("\ufeff" if octets is first else "").encode("utf-8", "surrogatepass")
        if not octets:
            return
        octets = read(size)


def rows_of(octets: Iterator[bytes], longest: int) -> Iterator[Rows]:
    """Pieces cut anew, at line feeds. What remains of a row above ``longest`` octets is passed over."""
    carried: list[bytes] = []  # joined at the end of the row: a long one may come in thousands of pieces
    size = 0
    passing_over = False
    for piece in octets:
        cut = piece.rfind(b"\n")
        if cut < 0:
            if not passing_over:
                carried.append(piece)
                size += len(piece)
            if size > longest:
                yield Rows(None, ended=True)
                carried, size, passing_over = [], 0, True
            continue
        first = piece.find(b"\n") + 1 if passing_over else 0
        if not passing_over or first <= cut:
            yield Rows(b"".join([*carried, piece[first:cut]]), ended=True)
        rest = piece[cut + 1 :]
        carried, size, passing_over = [rest] if rest else [], len(rest), False
    if size:
        yield Rows(b"".join(carried), ended=False)
