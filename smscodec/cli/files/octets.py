"""The octets of a file of text: opened, decompressed, brought to UTF-8, and cut at the ends of rows.

Memory is that of one piece and one row, whatever the file holds or a few octets of gzip unpack to. Knows line ends, and
nothing of what rows mean.
"""

from __future__ import annotations

import codecs
import gzip
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, Final, NamedTuple, cast

from smscodec.cli.files.blocks import Reading
from smscodec.cli.files.encodings import LONGEST_MARK, NAMES, guessed, marked
from smscodec.cli.reading import standard_input

__all__ = ["Rows", "octets_of", "pieces", "rows_of", "seekable"]

_PIECE: Final = 1 << 18
_SMALLEST_PIECE: Final = 1 << 12

_SAMPLE: Final = 1 << 14
"""Octets from the first that is not ASCII on, by which an encoding is guessed."""


class Rows(NamedTuple):
    """Whole rows as they follow each other, without the last line feed; None in place of a row that was too long."""

    octets: bytes | None
    ended: bool
    """Whether a line feed ended the last of them; where not, there is only that one."""


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


@contextmanager
def seekable(reading: Reading) -> Iterator[BinaryIO]:
    """The file; input from a pipe goes to a temporary file first, because these formats are read from their ends.

    One without an octet is refused: these formats have a header even where there are no rows.
    """
    with ExitStack() as opened:
        file = standard_input() if reading.name == "-" else opened.enter_context(Path(reading.name).open("rb"))
        if not file.seekable():
            copy = opened.enter_context(tempfile.TemporaryFile())
            copyfileobj(file, copy)
            file = cast("BinaryIO", copy)
        size = file.seek(0, os.SEEK_END)
        if not size:
            raise reading.damaged("the file is empty, without even a header; save or copy it again")
        file.seek(0)
        reading.position = lambda: 0 if file.closed else min(file.tell(), size)
        yield file


def pieces(stream: BinaryIO, reading: Reading, longest: int = _PIECE) -> Iterator[bytes]:
    """The text of a stream as octets of UTF-8 without a byte order mark, in pieces that may end anywhere."""
    size = min(_PIECE, max(_SMALLEST_PIECE, longest))
    read = stream.read1  # type: ignore[attr-defined]  # BinaryIO does not know it; files, pipes and gzip have it
    first = b""
    while len(first) < LONGEST_MARK and (octets := read(size)):
        first += octets
    found = marked(first)
    _refuse_archives(first, reading)
    reading.marked = found is not None
    if found is not None:
        first = first.removeprefix(found.mark) if found.encoding == "utf-8" else first
    octets_left = chain([first], iter(lambda: read(size), b""))
    name = reading.options.encoding or (found and found.encoding)
    if name is None:
        yield from _guessed_as_utf8(octets_left, reading)
        return
    encoding = codecs.lookup(name).name
    if reading.options.encoding is None and encoding != "utf-8":
        reading.note(f"read as {NAMES[encoding]}, as its byte order mark says")
    yield from octets_left if encoding in {"utf-8", "utf-8-sig"} else _as_utf8(octets_left, encoding, reading)


def _guessed_as_utf8(octets: Iterator[bytes], reading: Reading) -> Iterator[bytes]:
    """Octets without a byte order mark as UTF-8; ASCII needs no guess."""
    for piece in octets:
        if piece.isascii() and b"\0" not in piece:
            yield piece
            continue
        sample = [piece]
        while sum(map(len, sample)) < _SAMPLE and (more := next(octets, b"")):
            sample.append(more)
        joined = b"".join(sample)
        encoding = guessed(joined)
        if encoding == "utf-8":
            yield joined
            yield from octets
        else:
            reading.marked = True
            reading.note(f"not UTF-8; read as {NAMES[encoding]}. If that is wrong, name its encoding with --encoding")
            yield from _as_utf8(chain([joined], octets), encoding, reading)
        return


def _as_utf8(octets: Iterator[bytes], encoding: str, reading: Reading) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    mark = "\ufeff"
    for piece in chain(octets, [b""]):
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeError as error:
            reason = error.reason if isinstance(error, UnicodeDecodeError) else error
            raise reading.damaged(f"not {encoding}: {reason}") from None
        yield text.removeprefix(mark).encode("utf-8", "surrogatepass")
        mark = "" if text else mark


def _refuse_archives(first: bytes, reading: Reading) -> None:
    """Say so where a file of text is a workbook, whatever its name."""
    if first.startswith(b"PK\x03\x04"):
        raise reading.damaged("a zip archive, such as an .xlsx workbook; if it is one, add --format xlsx")
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        raise reading.damaged("an old .xls workbook; save it as .xlsx or as CSV")


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
