"""``encode`` and ``decode`` on the command line: hexadecimal digits out, hexadecimal digits in, the text back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, UserData, segment
from smscodec.dcs import DataCodingScheme
from smscodec.testing import strategies
from tests.command_line import FEWER, Outcome, acting, run

LOREM = "Lorem ipsum dolor sit amet [consectetur] adipiscing elit. " * 6
TEXTS = st.one_of(strategies.texts(), strategies.boundary_texts()).filter(lambda text: text != "-")


@FEWER
@given(TEXTS, st.booleans())
def test_decode_gives_back_what_encode_gave(text: str, national: bool) -> None:
    """Each segment, decoded with its TP-UDHI and TP-UDL, is its part of the text, under every table that paid off."""
    languages = ["--languages", "all"] if national else []
    found = run("encode", "--json", "--reference", "7", *languages, "--", text).json
    alphabet = "gsm7" if found["alphabet"] == "GSM_7BIT" else "ucs2"
    texts = []
    for part in found["segments"]:
        options = ["--alphabet", alphabet, "--length", str(part["udl"]), "--strict", *["--udhi"] * part["udhi"]]
        texts.append(run("decode", "--json", *options, part["ud"]).json["text"])
    assert text == "".join(texts)
    assert DataCodingScheme(found["dcs"]).alphabet.name == found["alphabet"]


def test_encode_prints_a_row_for_each_segment() -> None:
    """TP-DCS, then TP-UDHI, TP-UDL and TP-UD as hexadecimal digits."""
    expected = "GSM 7-bit, TP-DCS 00\nsegment  TP-UDHI  TP-UDL  TP-UD\n    1/1        0       5  C8329BFD06\n"
    assert expected == run("encode", "Hello").out
    rows = run("encode", "--reference", "42", LOREM).out.splitlines()[2:]
    message = segment(LOREM, reference=42)
    assert [part.user_data.to_bytes().hex().upper() for part in message] == [row.split()[-1] for row in rows]


@pytest.mark.parametrize("text", ["Hello", "ş" * 160, "ж" * 71])
def test_encode_says_all_of_a_message(text: str) -> None:
    """Alphabet, tables and TP-DCS, and of each segment its number, header, length and octets, in words and in JSON."""
    message = segment(text, reference=7, languages="tr")
    whole = {"alphabet": message.alphabet.name, "tables": message.tables.as_dict()}
    options = ["--reference", "7", "--languages", "tr", text]
    parts = [
        {
            "sequence": number,
            "udhi": int(len(message) > 1),
            "udl": part.user_data.length,
            "ud": part.user_data.to_bytes().hex().upper(),
            "header": part.user_data.header.to_bytes().hex().upper(),
            "payload": part.user_data.payload.hex().upper(),
        }
        for number, part in enumerate(message, start=1)
    ]
    dcs = 0 if message.alphabet is Alphabet.GSM_7BIT else 8
    assert run("encode", "--json", *options).json == {**whole, "dcs": dcs, "segments": parts}
    payloads = [{name: part[name] for name in ("sequence", "payload")} for part in parts]
    assert run("encode", "--json", "--unpacked", *options).json == {**whole, "segments": payloads}
    lines = "".join(f"{part['payload']}\n" for part in parts)
    assert run("encode", "--unpacked", *options) == (0, lines, "")
    status, out, err = run("encode", *options)
    named = {"H": "GSM 7-bit", "ş": "GSM 7-bit (Turkish locking shift)", "ж": "UCS-2"}[text[0]]
    assert (status, out.splitlines()[0], err) == (0, f"{named}, TP-DCS {dcs:02X}", "")
    rows = [
        [f"{part['sequence']}/{len(parts)}", *(str(part[name]) for name in ("udhi", "udl", "ud"))] for part in parts
    ]
    assert [row.split() for row in out.splitlines()[2:]] == rows


@pytest.mark.parametrize("written", ["+1 555 0100", "+1 (555) 0100", "+1.555.0100", "+1-555-0100"])
def test_encode_takes_numbers_as_people_write_them(written: str) -> None:
    """What sets the digits of a number apart is passed over, and a name keeps its blanks."""
    assert run("encode", "--to", written, "Hello") == run("encode", "--to", "+15550100", "Hello")
    assert run("encode", "--to", "My Shop", "Hello").out != run("encode", "--to", "MyShop", "Hello").out


def test_encode_unpacked_gives_the_payload_alone() -> None:
    """Septets of an octet each, or UTF-16BE, a line a segment, without a header and so without a reference."""
    assert run("encode", "--unpacked", "a€@").out == "611B6500\n"
    assert run("encode", "--unpacked", "ж").out == "0436\n"
    assert len(run("encode", "--unpacked", LOREM).out.splitlines()) == len(segment(LOREM))
    payloads = [part["payload"] for part in run("encode", "--unpacked", "--json", LOREM).json["segments"]]
    assert [part.user_data.payload.hex().upper() for part in segment(LOREM, reference=0)] == payloads


@pytest.mark.parametrize(
    ("handler", "text"),
    [
        ("replace", "??? a"),
        ("ignore", " a"),
        ("backslashreplace", "\\u0436\\u0436\\u0436 a"),
        ("namereplace", "\\N{CYRILLIC SMALL LETTER ZHE}" * 3 + " a"),
        ("xmlcharrefreplace", "&#1078;&#1078;&#1078; a"),
    ],
)
def test_encode_takes_the_error_handlers_of_python(handler: str, text: str) -> None:
    """With --alphabet gsm7, what the default alphabet lacks is replaced as the handler says."""
    unpacked = run("encode", "--unpacked", "--alphabet", "gsm7", "--errors", handler, "жжж a").out
    assert text == run("decode", "--unpacked", unpacked).out.removesuffix("\n")
    assert run("encode", "--alphabet", "gsm7", "--errors", "strict", "жжж a")[:2] == (1, "")


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        (["--alphabet", "gsm7", "C8329BFD06"], "Hello\n"),
        (["--alphabet", "gsm7", "c8 32:9b\nFD 06 0"], "Hello\n"),
        (["--alphabet", "gsm7", ""], "\n"),
        (["--alphabet", "ucs2", "04 1F 04 40"], "Пр\n"),
        (["--alphabet", "ucs2", "04 1F 04"], "П\n"),
        (["--alphabet", "8bit", "00ff"], "00FF\n"),
        (["--unpacked", "48 69 1B 65"], "Hi€\n"),
        (["--unpacked", "1B 61 1B"], "a \n"),
        (["--unpacked", "61 0A 62 0D"], "a\nb\\r\n"),
        (["--length", "7", "31D98C56B3DD00"], "1234567\n"),
        (["--length", "8", "31D98C56B3DD00"], "1234567@\n"),
        (["--alphabet", "gsm7", "31D98C56B3DD70"], "12345678\n"),
        (
            ["--udhi", "--length", "18", "0500032A0202C2E170380CBABFE56C32"],
            "header: Concatenation(reference=42, total=2, sequence=2, wide=False)\naaaaa world\n",
        ),
        (
            ["--udhi", "--alphabet", "ucs2", "04 0003070204 36"],
            "header: ignored, its elements do not fill it exactly: 0400030702\nж\n",
        ),
        (
            ["--udhi", "--alphabet", "ucs2", "0500030702"],
            "header: ignored, it passes the end of the octets: 0500030702\n\n",
        ),
        (["--udhi", "--alphabet", "ucs2", "000436"], "header: empty, 00\nж\n"),
    ],
)
def test_decode(arguments: list[str], out: str) -> None:
    """Lenient by default; white space and colons are ignored; line feeds break lines and the rest is escaped."""
    assert Outcome(0, out, "") == run("decode", *arguments)


def test_the_length_is_checked() -> None:
    """A length that passes the end of the octets is refused with the most they hold, and a short one is spoken of."""
    refused = run("decode", "--length", "99", "C8329BFD06")
    assert refused == (1, "", "smscodec: --length 99 takes 87 octets, found 5, with room for 5 septets\n")
    refused = run("decode", "--length", "2", "41")
    assert refused == (1, "", "smscodec: --length 2 takes 2 octets, found 1, with room for 1 septet\n")
    short = run("decode", "--length", "3", "C8329BFD06")
    assert short == (0, "Hel\n", "smscodec: --length 3 takes 3 octets; passed over: 2 octets\n")
    short = run("decode", "--alphabet", "ucs2", "--length", "2", "041604")
    assert short == (0, "Ж\n", "smscodec: --length 2 takes 2 octets; passed over: 1 octet\n")
    refused = run("decode", "--alphabet", "ucs2", "--length", "5", "04160416")
    assert refused == (1, "", "smscodec: --length 5 takes 5 octets, found 4\n")


def test_d13_decode_asks_rather_than_guess_a_last_at_sign() -> None:
    """Seven spare zero bits and a final @ look alike: without --length, that is refused, naming both readings."""
    outcome = run("decode", "--alphabet", "gsm7", "31D98C56B3DD00")
    assert outcome[:2] == (1, "")
    assert "--length 8" in outcome.err
    assert "--length 7" in outcome.err


def test_decode_json_is_what_the_user_data_gives() -> None:
    """``--json`` prints ``UserData.as_dict()``: elements by class with their fields, octets as hexadecimal."""
    header = "0B" + "0003070201" + "240101" + "7001AB"
    found = run("decode", "--json", "--udhi", "--alphabet", "ucs2", header + "0436").json
    read = UserData.from_bytes(bytes.fromhex(header + "0436"), length=14, alphabet=Alphabet.UCS2, has_header=True)
    assert found == read.as_dict()
    assert (found["text"], found["payload"], found["alphabet"]) == ("ж", "0436", "UCS2")
    assert found["header"]["elements"] == [
        {"type": "Concatenation", "reference": 7, "total": 2, "sequence": 1, "wide": False},
        {"type": "NationalLanguageSingleShift", "language": "TURKISH"},
        {"type": "OpaqueElement", "iei": 0x70, "data": "ab"},
    ]
    cut = run("decode", "--json", "--udhi", "--alphabet", "8bit", "0400030702FF").json
    assert (cut["text"], cut["header"]["ignored"]) == (None, "0400030702")


@FEWER
@given(strategies.octets(max_size=60), st.sampled_from(["gsm7", "ucs2", "8bit"]), st.booleans(), st.booleans())
def test_decode_takes_any_octets(octets: bytes, alphabet: str, udhi: bool, strict: bool) -> None:
    """Whatever the octets, there is a text or one clear line."""
    options = ["--alphabet", alphabet, *["--udhi"] * udhi, *["--strict"] * strict]
    outcome = run("decode", *options, octets.hex())
    assert outcome.status in {0, 1}
    assert (outcome.status, outcome.err.count("\n")) in {(0, 0), (1, 1)}
    assert acting(outcome.out) == []


def test_user_data_of_the_example_in_the_help() -> None:
    """The octets that decode --help shows are what they claim to be."""
    octets = bytes.fromhex("0500032A0202C2E170380CBABFE56C32")
    read = UserData.from_bytes(octets, length=18, alphabet=Alphabet.GSM_7BIT, has_header=True, strict=True)
    assert read.text(strict=True) == "aaaaa world"
    assert octets.hex().upper() in run("decode", "--help").out
