"""UTF-16BE under the name of UCS2, surrogates and odd octets included (decisions D10 to D12)."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import ucs2
from smscodec.errors import UndecodableError, UnencodableError
from smscodec.testing import strategies

HIGH, LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
HANDLERS = ["ignore", "replace", "backslashreplace", "namereplace", "xmlcharrefreplace", "surrogatepass"]


def naive_units(text: str) -> list[int]:
    """The code units of a text, surrogates as they are."""
    units = []
    for character in text:
        point = ord(character)
        units += [point] if point < 0x10000 else [0xD7C0 + (point >> 10), 0xDC00 + (point & 0x3FF)]
    return units


def naive_decode(octets: bytes) -> str:
    """The lenient reading: unit by unit, one U+FFFD for a lone surrogate, the last octet dropped if odd."""
    units = [octets[index] * 256 + octets[index + 1] for index in range(0, len(octets) - 1, 2)]
    text = ""
    while units:
        unit = units.pop(0)
        if unit in HIGH and units and units[0] in LOW:
            text += chr(0x10000 + ((unit - 0xD800) << 10) + (units.pop(0) - 0xDC00))
        else:
            text += "\ufffd" if unit in HIGH or unit in LOW else chr(unit)
    return text


def first_surrogate(text: str) -> int | None:
    """The index of the first surrogate code point."""
    return next((index for index, character in enumerate(text) if ord(character) in range(0xD800, 0xE000)), None)


utf16_octets = st.one_of(
    strategies.octets(max_size=40),
    st.lists(st.sampled_from([b"\xd8\x3d", b"\xde\x00", b"\x00a", b"\xdb\xff", b"\xdf\xff"])).map(b"".join),
    st.tuples(strategies.texts_with_surrogates(), st.sampled_from([b"", b"\x00", b"\xd8"])).map(
        lambda drawn: drawn[0].encode("utf-16-be", "surrogatepass") + drawn[1]
    ),
)


@given(strategies.texts())
def test_d10_text_is_sent_as_utf_16_big_endian(text: str) -> None:
    """Two octets a code unit, most significant first, no byte order mark; a character above U+FFFF is a pair."""
    octets = ucs2.encode(text)
    assert b"".join(unit.to_bytes(2, "big") for unit in naive_units(text)) == octets
    assert text == ucs2.decode(octets)
    assert text == ucs2.decode(octets, errors="replace")


def test_d10_well_known_octets() -> None:
    """A Cyrillic letter, an emoji, and a byte order mark that stays a character."""
    assert ucs2.encode("ж") == b"\x04\x36"
    assert ucs2.encode("\U0001f600") == b"\xd8\x3d\xde\x00"
    assert ucs2.encode("\ufeffa") == b"\xfe\xff\x00a"
    assert ucs2.decode(b"\xfe\xff\x00a") == "\ufeffa"
    assert ucs2.decode(b"\xff\xfe\x61\x00") == "\ufffe\u6100"
    assert ucs2.decode(b"") == ucs2.decode(b"", errors="replace") == ""


@given(strategies.texts())
def test_unit_length_counts_code_units(text: str) -> None:
    """A character above U+FFFF is two units, any other one."""
    assert len(naive_units(text)) == ucs2.unit_length(text)
    assert len(ucs2.encode(text)) == 2 * ucs2.unit_length(text)


@given(strategies.texts_with_surrogates())
def test_d11_a_lone_surrogate_is_refused_where_it_stands(text: str) -> None:
    """Strict encoding raises over the first surrogate, and over it alone; so does counting."""
    first = first_surrogate(text)
    assert first is not None
    for refused in (ucs2.encode, ucs2.unit_length):
        with pytest.raises(UnencodableError) as caught:
            refused(text)
        assert (text, first, first + 1) == (caught.value.object, caught.value.start, caught.value.end)
        assert str(caught.value).endswith("surrogates not allowed")


@given(strategies.texts_with_surrogates())
def test_d11_surrogatepass_is_honoured(text: str) -> None:
    """The caller may let surrogates through, and then they are code units like others."""
    octets = ucs2.encode(text, errors="surrogatepass")
    assert b"".join(unit.to_bytes(2, "big") for unit in naive_units(text)) == octets


@pytest.mark.parametrize("name", HANDLERS)
@given(text=strategies.texts_with_surrogates())
def test_other_handlers_do_what_they_do_for_utf_16(name: str, text: str) -> None:
    """Each handler of the standard library gives what Python's own UTF-16 gives."""
    assert text.encode("utf-16-be", name) == ucs2.encode(text, errors=name)


@pytest.mark.parametrize("replacement", ["[]", "ж", "\ufffd", "\U0001f600"])
def test_a_registered_handler_is_asked(replacement: str) -> None:
    """A handler of the caller's own is asked, and its text, whatever it is, is encoded in its turn."""
    name = "smscodec-test-ucs2"
    codecs.register_error(name, lambda _: (replacement, 2))
    try:
        expected = f"a{replacement}b".encode("utf-16-be")
        assert expected == ucs2.encode("a\ud800b", errors=name)
    finally:
        codecs.register_error(name, codecs.strict_errors)


def test_a_handler_gets_the_lone_surrogate_alone() -> None:
    """Object, range and answer are as everywhere in Python, also for a second surrogate and for octets as answer."""
    name = "smscodec-test-ucs2"
    asked = set()

    def answer(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        asked.add((error.object, error.start, error.end))
        return b"\x04\x36", error.end

    codecs.register_error(name, answer)
    try:
        assert ucs2.encode("a\ud800b\udc00", errors=name) == b"\x00a\x04\x36\x00b\x04\x36"
    finally:
        codecs.register_error(name, codecs.strict_errors)
    assert asked == {("a\ud800b\udc00", 1, 2), ("a\ud800b\udc00", 3, 4)}


@pytest.mark.parametrize("answer", ["\ud800", b"\x00", b"\x04\x36\x00"], ids=ascii)
def test_a_handler_whose_answer_is_no_utf_16_is_refused(answer: str | bytes) -> None:
    """Another lone surrogate or an odd number of octets would break the text: the original offender is reported."""
    name = "smscodec-test-ucs2"
    codecs.register_error(name, lambda _: (answer, 2))
    try:
        with pytest.raises(UnencodableError) as caught:
            ucs2.encode("a\ud800b", errors=name)
    finally:
        codecs.register_error(name, codecs.strict_errors)
    assert (caught.value.object, caught.value.start, caught.value.end) == ("a\ud800b", 1, 2)


def test_an_unknown_handler_is_a_lookup_error() -> None:
    """A name that nobody registered is refused, in both directions."""
    with pytest.raises(LookupError):
        ucs2.encode("\ud800", errors="smscodec-nobody")
    with pytest.raises(LookupError):
        ucs2.decode(b"\xd8\x00", errors="smscodec-nobody")


@given(utf16_octets)
@example(b"\xd8\x3d\x00a")
@example(b"\xd8\x3d\xd8\x3d\xde\x00")
@example(b"\xde\x00\xd8\x3d")
@example(b"\xd8\x3d\xde")
def test_d11_d12_any_octets_have_a_lenient_reading(octets: bytes) -> None:
    """A lone surrogate is one U+FFFD and eats no neighbour; an odd octet at the end is dropped."""
    assert naive_decode(octets) == ucs2.decode(octets, errors="replace")


def test_d11_a_lone_surrogate_spares_its_neighbours() -> None:
    """The unit after a high surrogate is read by itself unless it is a low surrogate."""
    assert ucs2.decode(b"\x00a\xd8\x3d\x00b", errors="replace") == "a\ufffdb"
    assert ucs2.decode(b"\xd8\x3d\xd8\x3d\xde\x00", errors="replace") == "\ufffd\U0001f600"
    assert ucs2.decode(b"\xde\x00\xd8\x3d", errors="replace") == "\ufffd\ufffd"


@given(utf16_octets)
def test_strict_reading_is_the_lenient_one_or_an_error(octets: bytes) -> None:
    """Where strict decoding raises, something is wrong with the octets; else both readings agree."""
    wrong = len(octets) % 2 == 1 or "\ufffd" in naive_decode(octets.replace(b"\xff\xfd", b"\xff\xfc"))
    if not wrong:
        assert naive_decode(octets) == ucs2.decode(octets)
        return
    with pytest.raises(UndecodableError) as caught:
        ucs2.decode(octets)
    assert octets == caught.value.object
    assert 0 <= caught.value.start < caught.value.end <= len(octets)
    assert ("text", caught.value.start) == (caught.value.field, caught.value.offset)


@pytest.mark.parametrize(
    ("octets", "start"),
    [
        (b"\x00a\xd8\x3d\x00b", 2),  # a high surrogate before a letter
        (b"\x00a\xde\x00\x00b", 2),  # a low surrogate
        (b"\x00a\x00b\xd8\x3d", 4),  # a high surrogate at the end
        (b"\x00a\xd8\x3d\xd8\x3d\xde\x00", 2),  # a high surrogate before a pair
    ],
)
def test_d11_strict_names_the_lone_surrogate(octets: bytes, start: int) -> None:
    """Strict decoding raises at the two octets of the lone surrogate."""
    with pytest.raises(UndecodableError) as caught:
        ucs2.decode(octets)
    assert (start, start + 2) == (caught.value.start, caught.value.end)


@pytest.mark.parametrize("octets", [b"\x00", b"\x00a\x00", b"\x00a\xd8", b"\xd8\x3d\xde\x00\x00"])
def test_d12_an_odd_octet_is_refused_or_dropped(octets: bytes) -> None:
    """Strict raises at the last octet; lenient drops it."""
    with pytest.raises(UndecodableError) as caught:
        ucs2.decode(octets)
    assert (len(octets) - 1, len(octets)) == (caught.value.start, caught.value.end)
    assert octets[:-1].decode("utf-16-be") == ucs2.decode(octets, errors="replace")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_all_kinds_of_octets_are_taken(kind: type[bytes | bytearray | memoryview]) -> None:
    """Bytes, bytearray and memoryview decode alike, leniently too."""
    assert ucs2.decode(kind(b"\x04\x36")) == "ж"
    assert ucs2.decode(kind(b"\x04\x36\xd8\x3d\x00"), errors="replace") == "ж\ufffd"
    with pytest.raises(UndecodableError):
        ucs2.decode(kind(b"\xd8\x3d"))
