"""``encode`` and ``decode`` of cell broadcast pages and USSD strings on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given

from smscodec import cbs
from smscodec.testing import strategies
from tests.command_line import FEWER, run

PAGE = "011000320111C2327BFC76BBCBEE46A3D168341A8D46"


def test_decode_prints_a_page() -> None:
    """Page, identifier, language and serial number, then the text."""
    expected = "page 1/1, message identifier 50, language en\nserial number: scope CELL_IMMEDIATE, code 17, update 0\n"
    assert run("decode", "--cbs", PAGE) == (0, f"{expected}Belconnen\n", "")


@pytest.mark.parametrize("options", [["--cbs"], ["--ussd", "0x0F"], ["--ussd", "0x48"]])
def test_decode_prints_the_lines_of_a_text(options: list[str]) -> None:
    """Each line of a page or of a USSD string is a line, and no other control character acts."""
    octets = run("encode", *options, "1 Saldo\n2 Hilfe\r\nEnde").out.split()[-1]
    assert run("decode", *options, octets).out.splitlines()[-3:] == ["1 Saldo", "2 Hilfe\\r", "Ende"]


def test_decode_json_is_the_page_as_a_dictionary() -> None:
    """--json prints as_dict() and nothing else."""
    assert cbs.Page.from_bytes(bytes.fromhex(PAGE)).as_dict() == run("decode", "--cbs", "--json", PAGE).json


def test_decode_shows_the_octets_of_data() -> None:
    """A page of 8-bit data has no text, in either reading, and its contents are printed."""
    head = "page 1/1, message identifier 0\nserial number: scope PLMN, code 0, update 0\n"
    assert run("decode", "--cbs", "400000004411" + "4142") == (0, f"{head}4142\n", "")
    assert run("decode", "--cbs", "--strict", "400000004411" + "4a" * 82) == (0, f"{head}{'4A' * 82}\n", "")


def test_decode_strict_refuses_and_says_where() -> None:
    """A page of another length than 88 octets is one clear line and exit status 1."""
    found = run("decode", "--cbs", "--strict", PAGE)
    assert (found.status, found.out) == (1, "")
    assert found.err == "smscodec: cbs.contents at octet 22: expected 88 octets, got 22\n"
    lone = "400000004811" + "0041" * 40 + "d83d"
    assert run("decode", "--cbs", lone).out.endswith("A\ufffd\n")
    found = run("decode", "--cbs", "--strict", lone)
    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)


@FEWER
@given(strategies.texts().filter(lambda text: text != "-"))  # which is standard input
def test_pages_written_are_read_back(text: str) -> None:
    """Encode writes the pages that hold a text, and decode shows of each what the library reads in it."""
    try:
        expected = cbs.pages(text, language="et", message_identifier=7)
    except ValueError:
        assert run("encode", "--cbs", "--language", "et", "--", text).status == 1
        return
    options = ["--cbs", "--language", "et", "--message-identifier", "7"]
    found = run("encode", *options, "--json", "--", text).json["pages"]
    assert [page.to_bytes().hex() for page in expected] == [page["octets"] for page in found]
    rows = run("encode", *options, "--", text).out.splitlines()[1:]
    assert [page["octets"].upper() for page in found] == [row.split()[-1] for row in rows]
    read = [run("decode", "--cbs", "--strict", "--json", page["octets"]).json for page in found]
    assert [page.text() for page in expected] == [page["text"] for page in read]
    assert {page["language"] for page in read} == {"et"}


def test_serial_number_and_data_coding_go_into_the_page() -> None:
    """All numbers are where they belong."""
    options = ["--serial-number", "3,0x11,2", "--message-identifier", "0x32", "--data-coding", "0x48"]
    (page,) = run("encode", "--cbs", "--json", *options, "Snow").json["pages"]
    assert page["octets"].startswith("c11200324811" + "Snow".encode("utf-16-be").hex())


@pytest.mark.parametrize(
    ("options", "head"),
    [
        ([], "40000000"),
        (["--serial-number", "0,0,0", "--message-identifier", "0"], "00000000"),
        (["--serial-number", "3,1023,15", "--message-identifier", "65535"], "ffffffff"),
    ],
)
def test_every_number_is_taken_from_its_first_to_its_last(options: list[str], head: str) -> None:
    """Left out, the page is the first of its kind in this network, about topic 0."""
    (page,) = run("encode", "--cbs", "--json", *options, "Snow").json["pages"]
    assert page["octets"].startswith(f"{head}0f11")
    assert run("encode", "--cbs", *options, "Snow") == (0, f"page  octets\n1/1   {page['octets'].upper()}\n", "")


def test_ussd_goes_both_ways() -> None:
    """A USSD string is octets under its data coding, and these are the text."""
    assert run("encode", "--ussd", "0x0F", "*100#") == (0, "AA180C3602\n", "")
    assert run("decode", "--ussd", "15", "AA180C3602") == (0, "*100#\n", "")
    assert run("encode", "--ussd", "0x11", "--language", "ru", "--json", "Да").json == {
        "data_coding": 0x11,
        "octets": "f23a04140430",
    }
    assert run("decode", "--ussd", "0x11", "--json", "f23a04140430").json == {"data_coding": 0x11, "text": "Да"}


@pytest.mark.parametrize("octet", ["0", "0xff"])
def test_any_octet_may_be_a_data_coding(octet: str) -> None:
    """From the first to the last, read as text or refused as data."""
    found = run("decode", "--ussd", octet, "41")
    assert found == ((1, "", found.err) if octet == "0xff" else (0, "A\n", ""))
    assert found.err.startswith("smscodec: alphabet: " if octet == "0xff" else "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["decode", "--cbs", "--ussd", "0", "00"], "--cbs and --ussd are two forms"),
        (["decode", "--cbs", "--alphabet", "ucs2", PAGE], "leave out the options about the alphabet"),
        (["decode", "--cbs", "--length", "5", PAGE], "leave out the options about the alphabet"),
        (["decode", "--cbs", "--udhi", PAGE], "leave out the options about the alphabet"),
        (["decode", "--ussd", "0", "--unpacked", PAGE], "leave out the options about the alphabet"),
        (["decode", "--ussd", "256", "00"], "argument --ussd: '256' is outside 0-255; see"),
        (["decode", "--ussd=-1", "00"], "argument --ussd: '-1' is outside 0-255; see"),
        (["decode", "--ussd", "x", "00"], "argument --ussd: 'x' is not a number such as 15 or 0x0F; see"),
        (["encode", "--cbs", "--reference", "5", "Snow"], "leave out the options of short messages"),
        (["encode", "--cbs", "--languages", "tr", "Snow"], "leave out the options of short messages"),
        (["encode", "--cbs", "--alphabet", "gsm7", "Snow"], "leave out the options of short messages"),
        (["encode", "--ussd", "0", "--unpacked", "Snow"], "leave out the options of short messages"),
        (["encode", "--cbs", "--serial-number", "1,2", "Snow"], "'1,2' is not three numbers such as 1,17,0, the first"),
        (["encode", "--cbs", "--serial-number", "4,0,0", "Snow"], "'4,0,0' is not three numbers such as 1,17,0"),
        (["encode", "--cbs", "--serial-number=-1,0,0", "Snow"], "'-1,0,0' is not three numbers such as 1,17,0"),
        (["encode", "--cbs", "--message-identifier", "fifty", "Snow"], "'fifty' is not a number such as 15 or 0x0F"),
    ],
)
def test_what_makes_no_command_is_usage(arguments: list[str], said: str) -> None:
    """Options that contradict each other, and numbers that are none, are exit status 2 and a line that names them."""
    found = run(*arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (["--data-coding", "0x44"], "data_coding"),
        (["--language", "Klingon"], "language"),
        (["--message-identifier", "65536"], "message_identifier"),
        (["--serial-number", "1,1024,0"], "serial_number.code"),
    ],
)
def test_what_no_page_can_say_is_refused(options: list[str], field: str) -> None:
    """A value that cannot be sent is one clear line that names its field."""
    found = run("encode", "--cbs", *options, "Snow")
    assert (found.status, found.out) == (1, "")
    assert found.err.startswith(f"smscodec: {field}: ")
    assert found.err.count("\n") == 1
