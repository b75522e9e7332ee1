"""Python's own ways to use a codec: names, incremental and stream classes, text files."""

from __future__ import annotations

import codecs
import io
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import codec, gsm7
from smscodec.errors import UndecodableError, UnencodableError
from smscodec.tables import DEFAULT_TABLES, LOCKING_SHIFT, NationalLanguage, ShiftTables
from smscodec.testing import strategies

TURKISH = ShiftTables(NationalLanguage.TURKISH, NationalLanguage.TURKISH)
INFO = codec.codec_info()
NAMES = {
    "gsm0338": DEFAULT_TABLES,
    "gsm03.38": DEFAULT_TABLES,
    **{
        f"gsm0338-{language.name.lower()}": ShiftTables(
            language if language in LOCKING_SHIFT else NationalLanguage.DEFAULT, language
        )
        for language in NationalLanguage
        if language is not NationalLanguage.DEFAULT
    },
}
"""The thirteen languages and the default alphabet under its two names."""

DECODE_ERRORS = ["strict", "replace", "ignore", "backslashreplace", "surrogateescape"]
ENCODE_ERRORS = ["strict", "replace", "ignore", "backslashreplace", "namereplace", "xmlcharrefreplace"]


@pytest.fixture
def registered() -> Iterator[None]:
    """Register the codecs for one test."""
    codec.register()
    yield
    codec.unregister()


def is_registered(name: str) -> bool:
    """Whether Python finds a codec of that name."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


# Registration and names


@pytest.mark.parametrize("name", NAMES)
def test_names(registered: None, name: str) -> None:
    """Each name stands for its tables, however it is written, and Spanish for its single shift alone."""
    tables = NAMES[name]
    text = "".join(cell for cell in LOCKING_SHIFT[tables.locking] if cell != "\ufffe") + "\f" + "[]"
    for spelling in (name, name.upper(), name.replace("-", "_"), name.title()):
        assert gsm7.encode(text, tables) == text.encode(spelling)
        assert text == gsm7.encode(text, tables).decode(spelling)


def test_names_of_national_letters(registered: None) -> None:
    """A national codec uses both tables of its language, the Spanish one its only table."""
    assert "şç".encode("gsm0338-turkish") == b"\x1d\x60"
    assert "ç€".encode("gsm0338-spanish") == b"\x1b\x09\x1be"
    assert "Ω^".encode("gsm0338-portuguese") == b"\x1b\x15\x16"


def test_unregister_takes_every_name_back() -> None:
    """After ``unregister`` the names are unknown again; both calls may be repeated."""
    assert not any(map(is_registered, NAMES))
    codec.register()
    codec.register()
    assert all(map(is_registered, NAMES))
    codec.unregister()
    assert not any(map(is_registered, NAMES))
    codec.unregister()
    assert not any(map(is_registered, NAMES))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "gsm03.38"])
def test_a_codec_says_its_name(registered: None, name: str) -> None:
    """The name of a codec is one under which it can be found again."""
    assert name == codecs.lookup(name).name == codec.codec_info(NAMES[name]).name
    assert codecs.lookup("gsm03.38").name == "gsm0338"


def test_a_codec_of_two_languages_says_both() -> None:
    """A pair of tables without a name of its own is named after the locking table's and the single table's language."""
    for pair in (ShiftTables(locking, single) for locking in LOCKING_SHIFT for single in NationalLanguage):
        if pair not in NAMES.values():
            name = f"gsm0338-{pair.locking.name.lower()}-{pair.single.name.lower()}"
            assert name == codec.codec_info(pair).name


@pytest.mark.parametrize("name", ["gsm", "gsm0338-klingon", "gsm0338x", "gsm0339", "gsm03-38-turkish-x"])
def test_other_names_stay_unknown(registered: None, name: str) -> None:
    """Only the documented names are found."""
    assert not is_registered(name)


def test_nothing_is_registered_by_importing() -> None:
    """In a fresh interpreter the names are unknown after every module of the core is imported."""
    program = (
        "import codecs, smscodec, smscodec.codec, smscodec.gsm7, smscodec.userdata\n"
        "for name in ('gsm0338', 'gsm03.38', 'gsm0338-turkish'):\n"
        "    try:\n"
        "        codecs.lookup(name)\n"
        "    except LookupError:\n"
        "        continue\n"
        "    raise SystemExit(name)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_codec_needs_no_registration() -> None:
    """``codec_info`` gives a working codec for any pair of tables, known to Python or not."""
    info = codec.codec_info(ShiftTables(single=NationalLanguage.HINDI))
    assert isinstance(info, codecs.CodecInfo)
    assert info.encode("a\u0966") == (b"a\x1b\x1c", 2)
    assert info.decode(b"a\x1b\x1c") == ("a\u0966", 3)
    assert not is_registered("gsm0338")


# Stateless


@given(strategies.shift_tables(), strategies.texts(), st.sampled_from(ENCODE_ERRORS))
def test_encoding_is_that_of_gsm7(tables: ShiftTables, text: str, errors: str) -> None:
    """The stateless encoder gives what gsm7 gives, and says that it has consumed the text."""
    info = codec.codec_info(tables)
    try:
        expected = gsm7.encode(text, tables, errors=errors)
    except UnencodableError:
        with pytest.raises(UnencodableError):
            info.encode(text, errors)
    else:
        assert (expected, len(text)) == info.encode(text, errors)


@given(strategies.shift_tables(), strategies.octets(), st.sampled_from(DECODE_ERRORS))
def test_decoding_is_that_of_gsm7(tables: ShiftTables, octets: bytes, errors: str) -> None:
    """The stateless decoder gives what gsm7 gives, and says that it has consumed the octets."""
    info = codec.codec_info(tables)
    try:
        expected = gsm7.decode(octets, tables, errors=errors)
    except UndecodableError:
        with pytest.raises(UndecodableError):
            info.decode(octets, errors)
    else:
        assert (expected, len(octets)) == info.decode(octets, errors)


def test_errors_through_the_codec_machinery(registered: None) -> None:
    """``str.encode`` and ``bytes.decode`` raise our errors, with positions, and honour error handlers."""
    with pytest.raises(UnencodableError) as unencodable:
        "a\U0001f600".encode("gsm0338")
    assert (unencodable.value.start, unencodable.value.end) == (1, 2)
    with pytest.raises(UndecodableError) as undecodable:
        b"ab\x1ba".decode("gsm0338")
    assert (undecodable.value.start, undecodable.value.end) == (2, 4)
    assert "aж".encode("gsm0338", "replace") == b"a?"
    assert b"a\x1b\x1b\x1b".decode("gsm0338", "replace") == "a  "
    assert codecs.decode(bytearray(b"\x00"), "gsm0338") == "@"


# Incremental


Outcome = str | bytes | type[Exception]


def encoded_in_pieces(tables: ShiftTables, pieces: list[str], errors: str) -> Outcome:
    """What an incremental encoder makes of the pieces, or the error that it raises."""
    maker = codec.codec_info(tables).incrementalencoder
    assert maker is not None
    encoder = maker(errors)
    try:
        return b"".join(encoder.encode(piece, index == len(pieces) - 1) for index, piece in enumerate(pieces))
    except UnencodableError as error:
        return type(error)


def decoded_in_pieces(tables: ShiftTables, pieces: list[bytes], errors: str) -> Outcome:
    """What an incremental decoder makes of the pieces, or the error that it raises."""
    maker = codec.codec_info(tables).incrementaldecoder
    assert maker is not None
    decoder = maker(errors)
    try:
        return "".join(decoder.decode(piece, index == len(pieces) - 1) for index, piece in enumerate(pieces))
    except UndecodableError as error:
        return type(error)


@given(strategies.shift_tables(), strategies.texts(), st.sampled_from(ENCODE_ERRORS))
def test_incremental_encoding_equals_one_shot_at_every_split(tables: ShiftTables, text: str, errors: str) -> None:
    """Cut anywhere, and character by character, the pieces encode to what the whole text does."""
    whole = encoded_in_pieces(tables, [text], errors)
    for index in range(min(len(text), 200) + 1):
        assert whole == encoded_in_pieces(tables, [text[:index], text[index:]], errors)
    assert whole == encoded_in_pieces(tables, [*text, ""], errors)


@given(strategies.shift_tables(), st.one_of(strategies.septets(), strategies.octets()), st.sampled_from(DECODE_ERRORS))
@example(DEFAULT_TABLES, b"a\x1be\x1b\x1b\x1bz\x1b", "replace")
@example(DEFAULT_TABLES, b"a\x1b\xe7\xe7\x1b", "replace")
def test_incremental_decoding_equals_one_shot_at_every_split(tables: ShiftTables, octets: bytes, errors: str) -> None:
    """Cut anywhere, between an escape and its code too, and octet by octet, the pieces decode as the whole does."""
    try:
        whole: Outcome = gsm7.decode(octets, tables, errors=errors)
    except UndecodableError as error:
        whole = type(error)
    for index in range(min(len(octets), 200) + 1):
        assert whole == decoded_in_pieces(tables, [octets[:index], octets[index:]], errors)
    assert whole == decoded_in_pieces(tables, [*(bytes([octet]) for octet in octets), b""], errors)


def test_d5_an_escape_stays_pending_until_the_end() -> None:
    """An incremental decoder waits for the code behind an escape, and only at the final end shows a space."""
    assert INFO.incrementaldecoder is not None
    decoder = INFO.incrementaldecoder("replace")
    assert [decoder.decode(b"a\x1b"), decoder.decode(b""), decoder.decode(b"e")] == ["a", "", "€"]
    assert [decoder.decode(b"\x1b"), decoder.decode(b"", True)] == ["", " "]
    strict = INFO.incrementaldecoder("strict")
    assert strict.decode(b"a\x1b") == "a"
    with pytest.raises(UndecodableError):
        strict.decode(b"", True)


def test_a_decoder_can_be_reset_and_its_state_moved() -> None:
    """``reset`` forgets a pending escape; ``getstate`` and ``setstate`` carry it to another decoder."""
    assert INFO.incrementaldecoder is not None
    first, second = INFO.incrementaldecoder("strict"), INFO.incrementaldecoder("strict")
    fresh = first.getstate()
    assert first.decode(b"\x1b") == ""
    assert fresh != first.getstate()
    second.setstate(first.getstate())
    assert second.decode(b"e", True) == "€"
    first.reset()
    assert fresh == first.getstate()
    assert first.decode(b"e", True) == "e"
    second.setstate(fresh)
    assert second.decode(b"e", True) == "e"


def test_a_decoder_can_be_used_again_after_the_end() -> None:
    """After the final end nothing is left of the text before."""
    assert INFO.incrementaldecoder is not None
    decoder = INFO.incrementaldecoder("replace")
    assert decoder.decode(b"a\x1b", True) == "a "
    assert decoder.decode(b"e", True) == "e"


def test_iterencode_and_iterdecode(registered: None) -> None:
    """The standard library's iterators work with the registered names."""
    assert b"".join(codecs.iterencode(["a", "€", "ж"], "gsm0338", "replace")) == b"a\x1be?"
    assert "".join(codecs.iterdecode([b"a\x1b", b"e", b"\x1b"], "gsm0338", "replace")) == "a€ "


# Streams


@given(strategies.shift_tables().flatmap(lambda tables: st.tuples(st.just(tables), strategies.gsm_texts(tables))))
def test_what_a_stream_writer_writes_a_stream_reader_reads(drawn: tuple[ShiftTables, str]) -> None:
    """Text written in pieces to a stream is read from it, whole or in pieces of any size."""
    tables, text = drawn
    info = codec.codec_info(tables)
    stream = io.BytesIO()
    writer = info.streamwriter(stream)
    writer.write(text[:3])
    writer.writelines([text[3:5], text[5:]])
    assert gsm7.encode(text, tables) == stream.getvalue()
    for size in (-1, 1, 2, 7):
        stream.seek(0)
        reader = info.streamreader(stream)
        assert text == "".join(iter(lambda: reader.read(size), ""))  # noqa: B023  # the lambda is used up at once


@pytest.mark.parametrize("octets", [b"\x1b", b"a\x1b", b"ab\x1be\x1b", b"\x1b\x1b\x1b", b"a\n\x1b", b"a\x1b\n\x1b"])
def test_a_lone_escape_at_the_end_of_a_stream_is_not_lost(octets: bytes) -> None:
    """However a stream is read, an escape at its end is one space leniently, and an error strictly."""
    expected = gsm7.decode(octets, errors="replace")
    for size in (-1, 1, 2, 3):
        reader = INFO.streamreader(io.BytesIO(octets), "replace")
        pieces = []
        while piece := reader.read(size):
            pieces.append(piece)
        assert expected == "".join(pieces)
    assert expected == "".join(INFO.streamreader(io.BytesIO(octets), "replace"))
    assert expected == "".join(INFO.streamreader(io.BytesIO(octets), "replace").readlines())
    with pytest.raises(UndecodableError):
        INFO.streamreader(io.BytesIO(octets)).read()


@given(strategies.septets(), st.integers(1, 9), st.integers(-1, 4))
def test_stream_reading_equals_one_shot(septets: bytes, size: int, chars: int) -> None:
    """Reading a stream by octets, by characters, by lines or whole gives what decoding the whole gives."""
    expected = gsm7.decode(septets, errors="replace")
    assert expected == INFO.streamreader(io.BytesIO(septets), "replace").read()
    reader = INFO.streamreader(io.BytesIO(septets), "replace")
    pieces = []
    while piece := reader.read(size, chars if chars else -1):
        pieces.append(piece)
    assert expected == "".join(pieces)
    reader = INFO.streamreader(io.BytesIO(septets), "replace")
    assert expected.splitlines(keepends=True) == list(reader)


@pytest.mark.parametrize("octets", [b"\x1b", b"ab\x1b", b"ab\x1be"])
@pytest.mark.parametrize(("size", "chars"), [(0, -1), (0, 0), (-1, 0), (2, 0)])
def test_asking_a_stream_for_nothing_gives_and_takes_nothing(octets: bytes, size: int, chars: int) -> None:
    """A read of no octets or of no characters is empty, at the end and before an escape too, and loses nothing."""
    reader = INFO.streamreader(io.BytesIO(octets), "replace")
    text = ""
    for _ in range(6):
        assert reader.read(size, chars) == ""
        text += reader.read(3, 1)
    assert gsm7.decode(octets, errors="replace") == text


def test_a_strict_stream_reader_raises_behind_whole_lines_too() -> None:
    """``read`` raises where decoding at once would, though as much text as was asked for stands before the error."""
    with pytest.raises(UndecodableError):
        INFO.streamreader(io.BytesIO(b"a\nb\n\x1ba")).read(6, 2)


def test_errors_are_strict_where_nothing_else_is_said() -> None:
    """Each way to encode or decode raises on what it cannot, unless it is given another treatment of errors."""
    reader, writer = INFO.streamreader(io.BytesIO()), INFO.streamwriter(io.BytesIO())
    for encode in (INFO.encode, writer.encode):
        with pytest.raises(UnencodableError):
            encode("ж")
    for decode in (INFO.decode, reader.decode):
        with pytest.raises(UndecodableError):
            decode(b"\x1ba")


def test_a_stream_reader_can_be_reset() -> None:
    """After ``seek`` to the start the stream is read afresh, without a pending escape."""
    reader = INFO.streamreader(io.BytesIO(b"a\x1be"), "strict")
    assert reader.read(2, 1) == "a"
    reader.seek(0)
    assert reader.read() == "a€"


@given(strategies.septets(), st.integers(1, 9))
def test_a_text_file_is_read_as_one_shot(septets: bytes, size: int) -> None:
    """``io.TextIOWrapper`` gives the same text, whole or in small pieces, the lone escape at the end included."""
    codec.register()
    try:
        expected = gsm7.decode(septets, errors="replace")
        whole = io.TextIOWrapper(io.BytesIO(septets), encoding="gsm0338", errors="replace", newline="")
        assert expected == whole.read()
        pieces = io.TextIOWrapper(io.BytesIO(septets), encoding="gsm0338", errors="replace", newline="")
        assert expected == "".join(iter(lambda: pieces.read(size), ""))
        lines = io.TextIOWrapper(io.BytesIO(septets), encoding="gsm0338", errors="replace", newline="\n")
        assert expected == "".join(lines)
    finally:
        codec.unregister()


def test_a_text_file_is_written_and_read(registered: None) -> None:
    """A text file under a national codec holds septets, with the caller's line ends, and can be searched."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="gsm0338-turkish", newline="\r\n") as file:
        file.write("şeker €\n")
        file.write("[ç]\n")
        file.flush()
        octets = raw.getvalue()
    assert gsm7.encode("şeker €\r\n[ç]\r\n", TURKISH) == octets
    with io.TextIOWrapper(io.BytesIO(octets), encoding="gsm0338-turkish") as file:
        assert file.readline() == "şeker €\n"
        position = file.tell()
        assert file.read() == "[ç]\n"
        file.seek(position)
        assert file.readline() == "[ç]\n"


def test_a_strict_text_file_raises_on_a_lone_escape(registered: None) -> None:
    """An escape at the end of a text file is an error where errors are strict."""
    with pytest.raises(UndecodableError):
        io.TextIOWrapper(io.BytesIO(b"a\x1b"), encoding="gsm0338").read()
