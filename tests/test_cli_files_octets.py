"""The octets of text files: how much is read at once, which encoding they have, and where rows end."""

from __future__ import annotations

import codecs
import gzip
import io
from itertools import combinations, pairwise
from pathlib import Path
from unittest import mock

import pytest

from smscodec.cli.files import blocks_of, octets
from smscodec.cli.files.blocks import Reading, ReadingOptions
from smscodec.cli.files.encodings import guessed, marked
from tests.bulk_files import Found, written
from tests.command_line import run


def test_what_is_read_at_once() -> None:
    """A quarter of a mebioctet, less for short messages, never below 4 KiB; a guess sees 16 KiB of what is not ASCII.

    From there on pieces are those of the stream.
    """
    reading = Reading("m.txt", ReadingOptions())

    def sizes(content: bytes, *longest: int) -> list[int]:
        return [len(piece) for piece in octets.pieces(io.BytesIO(content), reading, *longest)]

    assert sizes(b"a" * (1 << 19)) == sizes(b"a" * (1 << 19), 1 << 20) == [1 << 18] * 2
    assert sizes(b"a" * 10_000, 1) == [4_096, 4_096, 1_808]
    assert sizes(b"a" * 10_000, 5_000) == [5_000, 5_000]
    assert sizes("ж".encode() * 14_336, 1) == [16_384, 4_096, 4_096, 4_096]
    assert sizes(b"a" * 4_096 + "ж".encode() * 4_096, 1) == [4_096, 8_192]


def test_how_far_a_file_has_been_read(tmp_path: Path) -> None:
    """Octets of the file as it lies there, packed or not; 0 once it is closed."""
    lines = b"".join(b"line %d\n" % number for number in range(2_000))
    for name in ("m.txt", "m.txt.gz", "m.TXT.GZ"):
        path = Path(written(tmp_path, name, gzip.compress(lines) if name == "m.TXT.GZ" else lines))
        reading = Reading(str(path), ReadingOptions(max_octets=4_096))
        positions = [reading.position() for _ in blocks_of("txt", reading)]
        assert positions == sorted(positions)
        assert positions[-1] == path.stat().st_size
        assert positions[0] == (4_096 if name == "m.txt" else path.stat().st_size)
        assert reading.position() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_every_mark_says_its_encoding(encoding: str, tmp_path: Path) -> None:
    """In pieces of any size; the first mark is dropped, a later one is text, and any encoding but UTF-8 is reported."""
    mark = "\ufeff".encode(encoding)
    family = encoding[:6].removesuffix("-")
    assert marked(mark + "a".encode(encoding)) == (mark, family)
    path = written(tmp_path, "m.txt", mark + "aXX\n\ufeffXé\n".encode(encoding))
    said = [] if family == "utf-8" else [f"{path}: read as {family.upper()}, as its byte order mark says"]
    for size in (1, 3, 4, 99):
        with mock.patch.multiple(octets, _PIECE=size, _SMALLEST_PIECE=size):
            found = Found(path)
        assert (found.texts, found.reading.notes, found.reading.marked) == (["aXX", "\ufeffXé"], said, True)
    assert marked(b"ab") is None


def test_the_encoding_that_was_named_is_taken(tmp_path: Path) -> None:
    """Whatever the octets look like; a mark at the start is dropped and not reported as a guess."""
    for encoding in ("utf-16-le", "cp1252", "utf-16-be", "utf-8", "utf-8-sig"):
        path = written(tmp_path, "m.txt", "XXé\nX".encode(encoding))
        for size in (1, 99):
            with mock.patch.multiple(octets, _PIECE=size, _SMALLEST_PIECE=size):
                found = Found(path, encoding=encoding)
            assert (found.texts, found.reading.notes) == (["XXé", "X"], [])
    assert Found(written(tmp_path, "m.txt", codecs.BOM_UTF8 + b"\xe9"), encoding="latin-1").texts == ["é"]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"ok\n\xff\n", ["--encoding", "utf-8"], "row 2: not UTF-8: octet 0xFF at offset 0"),
        (b"ok\n\xff\n", ["--encoding", "utf-8-sig"], "row 2: not UTF-8: octet 0xFF at offset 0"),
        (codecs.BOM_UTF8 + b"ok\n\xff\n", [], "row 2: not UTF-8: octet 0xFF at offset 0"),
        (b"a\0b\0", ["--encoding", "utf-16"], "not utf-16: "),
        (b"\\ud800", ["--encoding", "unicode_escape"], "row 1: not UTF-8: octet 0xED at offset 0"),
    ],
)
def test_octets_that_are_not_of_their_encoding(content: bytes, options: list[str], said: str) -> None:
    """One line, which names the row where the file is UTF-8, and the reason where it is another encoding."""
    outcome = run("bulk", *options, "-", stdin=content)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert outcome.err.startswith((f"smscodec: standard input, {said}", f"smscodec: standard input: {said}"))


def test_what_looks_like_windows_1252() -> None:
    """Each letter and sign of Western Europe; no other octet, no three accents together, no sign inside a word."""
    western = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŠšŽž")
    western |= set("€‚„…‘’“”•–—™‹›\u00a0¡£§©ª«®°²´·º»¿½")
    taken = {bytes([octet]) for octet in range(0x80, 0x100) if guessed(b"ab " + bytes([octet]) + b" c") == "cp1252"}
    assert taken == {character.encode("cp1252") for character in western}
    for text, encoding in (("éXé", "cp1252"), ("éé", "cp1252"), ("ééé", "utf-8"), ("a £5", "cp1252"), ("a£b", "utf-8")):
        assert guessed(text.encode("cp1252")) == encoding
    assert guessed("a ж".encode() + b"\xe9") == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_looks_like_utf16(encoding: str) -> None:
    """Where every fourth high octet is NUL, no low one, and all are characters; wherever the sample was cut."""
    assert guessed("aжжж\r\n\t".encode(encoding)) == encoding
    assert guessed(("aжжж" * 4).encode(encoding)) == encoding
    assert guessed(("aжжж" * 4 + "ж").encode(encoding)) == "utf-8"
    for odd in ("\x07", "\u0378", "\ue123", "\u0100"):
        assert guessed(f"abcdefgh{odd}".encode(encoding)) == "utf-8"
        assert guessed(f"{odd}abcdefgh".encode(encoding)) == "utf-8"
    assert guessed("abc😀".encode(encoding)[:-2]) == encoding
    assert guessed("abc".encode(encoding) + b"\0"[: encoding == "utf-16-le"]) == encoding
    assert guessed(b"binary\0\0\x01\x02") == "utf-8"


@pytest.mark.parametrize("content", [b"aa\nbbb\n\nc", b"bbbb\nX\n", b"a\nbbbbbb", b"bbbb"])
def test_rows_are_the_same_however_they_come(content: bytes) -> None:
    """Rows within the limit are there, each once and in order; a longer one is there, or one None in its place."""
    lines = content.split(b"\n")
    ended = content.endswith(b"\n")
    for count in range(len(content)):
        for cuts in combinations(range(1, len(content)), count):
            pieces = [content[first:end] for first, end in pairwise([0, *cuts, len(content)])]
            rows = list(octets.rows_of(iter(pieces), 3))
            found = [line for row in rows for line in ([None] if row.octets is None else row.octets.split(b"\n"))]
            wanted = lines[:-1] if ended else lines
            assert len(found) == len(wanted)
            assert all(line == was or (line is None and len(was) > 3) for line, was in zip(found, wanted, strict=True))
            assert [row.ended for row in rows] == [True] * (len(rows) - 1) + [ended or rows[-1].octets is None]
            assert all(row.octets is None or len(row.octets) <= 3 + max(map(len, pieces)) for row in rows)
