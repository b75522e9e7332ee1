"""Python's error handlers on encoding to septets and on decoding from them, the registered ones too."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import gsm7
from smscodec.errors import SmsCodecError, UndecodableError, UnencodableError
from smscodec.tables import ShiftTables
from smscodec.testing import strategies
from tests import reference

HANDLERS = ["ignore", "replace", "backslashreplace", "namereplace", "xmlcharrefreplace"]
OFFENDING = [
    (b"a\x1bab", (1, 3)),
    (b"a\x1b\x1bb", (1, 3)),
    (b"a\x1b\rb", (1, 3)),
    (b"ab\x1b", (2, 3)),
    (b"a\xe7b", (1, 2)),
    (b"a\x1b\xe7b", (1, 3)),
]
"""Septets that strict decoding refuses, and the range that it refuses."""

Handler = Callable[[UnicodeError], tuple[str | bytes, int]]
Register = Callable[[Handler], str]


@pytest.fixture
def handler() -> Iterator[Register]:
    """Register an error handler under a name of its own; afterwards the name refuses again."""
    name = "smscodec-test-handler"

    def register(function: Handler) -> str:
        codecs.register_error(name, function)
        return name

    yield register
    codecs.register_error(name, codecs.strict_errors)


def has(character: str, tables: reference.Tables = reference.DEFAULT) -> bool:
    """Whether one of the two tables holds the character, by the vector file."""
    return reference.septet_cost(character, tables) is not None


# Error handlers on encoding


def naive_encode(text: str, tables: reference.Tables, name: str) -> bytes:
    """Encode character by character, asking the handler for each offender alone; OffenderError if that fails."""
    septets = b""
    for index, character in enumerate(text):
        replacement: str | bytes = character
        if not has(character, tables):
            error = UnicodeEncodeError("gsm0338", text, index, index + 1, "")
            replacement = codecs.lookup_error(name)(error)[0]
        if isinstance(replacement, str):
            reference.septet_costs(replacement, tables)
            replacement = bytes(reference.encode(replacement, tables))
        septets += replacement
    return septets


@pytest.mark.parametrize("name", HANDLERS)
@given(tables=strategies.shift_tables(), text=st.one_of(strategies.texts(), strategies.texts_with_surrogates()))
def test_standard_handlers_replace_each_offender(name: str, tables: ShiftTables, text: str) -> None:
    """Each handler of the standard library does for each offender what it does elsewhere, under the same tables."""
    try:
        expected = naive_encode(text, (tables.locking, tables.single), name)
    except reference.OffenderError:
        with pytest.raises(UnencodableError):
            gsm7.encode(text, tables, errors=name)
    else:
        assert expected == gsm7.encode(text, tables, errors=name)


@pytest.mark.parametrize(
    ("name", "septets"),
    [
        ("ignore", b"ab"),
        ("replace", b"a?b"),
        ("backslashreplace", b"a\x1b/u0436b"),
        ("xmlcharrefreplace", b"a&#1078;b"),
        ("namereplace", b"a\x1b/N\x1b(CYRILLIC SMALL LETTER ZHE\x1b)b"),
    ],
)
def test_replacements_are_encoded_in_their_turn(name: str, septets: bytes) -> None:
    """A replacement is text and costs what it costs: backslash and braces are escaped."""
    assert septets == gsm7.encode("aжb", errors=name)


def test_surrogateescape_gives_back_the_octets_it_hid() -> None:
    """It alone may yield octets above 0x7F, those that decoding with it had put away."""
    assert gsm7.decode(b"a\xe7\x1be\xffb", errors="surrogateescape") == "a\udce7€\udcffb"
    assert gsm7.encode("a\udce7€\udcffb", errors="surrogateescape") == b"a\xe7\x1be\xffb"


@pytest.mark.parametrize("text", ["aж", "a" + chr(0xD800), "a" + chr(0xDC7F)], ids=ascii)
def test_surrogateescape_refuses_the_rest(text: str) -> None:
    """What hides no octet stays unencodable."""
    with pytest.raises(UnencodableError) as caught:
        gsm7.encode(text, errors="surrogateescape")
    assert (caught.value.start, caught.value.end) == (1, 2)


@pytest.mark.parametrize("text", ["ж", "aжb", "жж", "aжшb€ж"])
def test_a_registered_handler_is_asked(handler: Register, text: str) -> None:
    """A handler of the caller's own gets the text and the range, and its text is encoded."""

    def bracket(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        assert text == error.object
        return "".join(f"[{ord(character):x}]" for character in error.object[error.start : error.end]), error.end

    expected = "".join(character if has(character) else f"[{ord(character):x}]" for character in text)
    assert gsm7.encode(expected) == gsm7.encode(text, errors=handler(bracket))


def test_a_handler_may_return_septets(handler: Register) -> None:
    """Bytes from a handler are taken as septets, as they are."""

    def euro(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        return b"\x1be" * (error.end - error.start), error.end

    assert gsm7.encode("aжb", errors=handler(euro)) == b"a\x1beb"


def test_a_handler_may_not_return_octets_above_0x7f(handler: Register) -> None:
    """Only surrogateescape may produce anything but septets."""
    name = handler(lambda error: (b"\xe7", getattr(error, "end", 0)))
    with pytest.raises(SmsCodecError):
        gsm7.encode("aжb", errors=name)


def test_a_replacement_that_is_not_encodable_is_refused(handler: Register) -> None:
    """A handler that answers with another offender does not loop: the original offender is reported."""
    name = handler(lambda error: ("ш", getattr(error, "end", 0)))
    with pytest.raises(UnencodableError) as caught:
        gsm7.encode("aжb", errors=name)
    assert (caught.value.object, caught.value.start, caught.value.end) == ("aжb", 1, 2)


def test_a_handler_may_go_on_elsewhere(handler: Register) -> None:
    """The position that a handler returns is where encoding goes on, counted from the end if negative."""
    assert gsm7.encode("aжbc", errors=handler(lambda error: ("?", getattr(error, "end", 0) + 1))) == b"a?c"
    assert gsm7.encode("aжbc", errors=handler(lambda _: ("?", -1))) == b"a?c"


def test_a_handler_that_points_outside_the_text_is_refused(handler: Register) -> None:
    """As everywhere in Python a position outside the text is an IndexError."""
    with pytest.raises(IndexError):
        gsm7.encode("aжb", errors=handler(lambda _: ("?", 9)))


def test_a_handler_that_answers_nonsense_is_refused(handler: Register) -> None:
    """As everywhere in Python an answer of the wrong shape is a TypeError."""

    def nonsense(_: UnicodeError) -> tuple[str | bytes, int]:
        answer: list[tuple[str | bytes, int]] = []
        return answer  # type: ignore[return-value]  # a wrong answer is the point

    name = handler(nonsense)
    with pytest.raises(TypeError):
        gsm7.encode("aжb", errors=name)
    with pytest.raises(TypeError):
        gsm7.decode(b"a\xffb", errors=name)


def test_a_decode_handler_may_not_return_octets(handler: Register) -> None:
    """On decoding an answer is text; bytes are a TypeError as everywhere in Python."""
    with pytest.raises(TypeError):
        gsm7.decode(b"a\xffb", errors=handler(lambda _: (b"?", 2)))


def test_an_unknown_handler_is_a_lookup_error() -> None:
    """A name that nobody registered is refused, in both directions."""
    with pytest.raises(LookupError):
        gsm7.encode("ж", errors="smscodec-nobody")
    with pytest.raises(LookupError):
        gsm7.decode(b"\xff", errors="smscodec-nobody")


# Error handlers on decoding


@pytest.mark.parametrize(("septets", "offending"), OFFENDING, ids=str)
def test_strict_decoding_names_the_whole_offending_range(septets: bytes, offending: tuple[int, int]) -> None:
    """The error is over both octets of an escape that leads nowhere, the lone escape, or the octet above 0x7F."""
    with pytest.raises(UndecodableError) as caught:
        gsm7.decode(septets)
    assert offending == (caught.value.start, caught.value.end)
    assert septets == caught.value.object


@pytest.mark.parametrize(("septets", "offending"), OFFENDING, ids=str)
def test_other_handlers_get_the_whole_offending_range(
    handler: Register, septets: bytes, offending: tuple[int, int]
) -> None:
    """``ignore`` drops the range, ``backslashreplace`` and registered handlers show it."""
    start, end = offending
    before, behind = septets[:start].decode("ascii"), septets[end:].decode("ascii")
    assert before + behind == gsm7.decode(septets, errors="ignore")
    shown = "".join(f"\\x{octet:02x}" for octet in septets[start:end])
    assert before + shown + behind == gsm7.decode(septets, errors="backslashreplace")

    def bracket(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeDecodeError)
        return f"[{error.object[error.start : error.end].hex()}]", error.end

    assert f"{before}[{septets[start:end].hex()}]{behind}" == gsm7.decode(septets, errors=handler(bracket))


def test_an_octet_above_0x7f_reads_leniently_as_the_replacement_character() -> None:
    """It is one U+FFFD, and with an escape before it both are."""
    assert gsm7.decode(b"a\xe7b\x1b\xe7c", errors="replace") == "a\ufffdb\ufffdc"


def test_surrogateescape_cannot_hide_septets() -> None:
    """Octets below 0x80 have no surrogate, so an escape that leads nowhere stays an error."""
    with pytest.raises(UndecodableError):
        gsm7.decode(b"a\x1bab", errors="surrogateescape")


@given(strategies.shift_tables(), strategies.octets(), st.sampled_from(["ignore", "backslashreplace"]))
def test_decoding_with_a_handler_is_total(tables: ShiftTables, octets: bytes, name: str) -> None:
    """With a handler that answers everything any octets give a text, without the replacement character."""
    text = gsm7.decode(octets, tables, errors=name)
    assert "\ufffd" not in text
    assert name != "ignore" or len(text) <= len(octets)


def test_a_decode_handler_may_go_on_elsewhere(handler: Register) -> None:
    """The position that a handler returns is where decoding goes on."""
    assert gsm7.decode(b"a\xe7bc", errors=handler(lambda error: ("?", getattr(error, "end", 0) + 1))) == "a?c"
    assert gsm7.decode(b"a\x1b\xe7e", errors=handler(lambda _: ("?", -1))) == "a?e"
