"""``smscodec decode`` without options, and ``encode --to``: PDUs as pasted, a modem's lines, and PDUs for a modem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import segment
from smscodec.testing import tpdus
from smscodec.tpdu import Direction, decode_tpdu, delivers, pdu_mode, submits
from tests.command_line import FEWER, acting, run
from tests.tpdu.test_readings import MOMENT, RECORD
from tests.tpdu.test_rp import TRACE
from tests.tpdu.test_transcript import RECEIVED, TRANSCRIPT

LONG = "A text of two segments, " * 10


def test_sender_time_and_text_come_first() -> None:
    """Then how it was read and why."""
    lines = run("decode", RECEIVED).out.splitlines()
    assert [line.split(maxsplit=1) for line in lines[:3]] == [
        ["From", "+31641600986"],
        ["Time", "2002-08-26 19:37:41+02:00"],
        ["Text", "How are you?"],
    ]
    assert lines[3].startswith("Read as  a service centre and a TPDU, as in a modem's PDU mode: service centre +31624")
    assert "no findings, where the next likely reading has" in lines[3]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (RECEIVED[16:], "a TPDU: SMS-DELIVER"),
        (RECORD.hex(), "a record of a (U)SIM: read, service centre +33660003155, SMS-DELIVER"),
        (
            f"0d{RECORD.hex()[2:]}",
            "a record of a (U)SIM: sent report awaited, service centre +33660003155, SMS-DELIVER",
        ),
        (TRACE.hex(), "a message of the relay layer: RP-DATA, SMS-STATUS-REPORT"),
        (" ".join(RECEIVED), "PDU mode"),
        ("0603", "RP-SMMA"),
        ("022A41020000", "RP-ACK, SMS-DELIVER-REPORT"),
    ],
)
def test_every_form_is_recognised(given: str, words: str) -> None:
    """With and without a service centre, as a record, as an RP message, with blanks between digits."""
    outcome = run("decode", given)
    assert (outcome.status, outcome.err) == (0, "")
    assert words in outcome.out


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (
            "+CUSD: 7",
            "+CUSD    state 7\nRead as  +CUSD, state 7\n",
        ),
        (
            '+CUSD: 1,"two\nlines"',
            "USSD     two\n         lines\nRead as  +CUSD, an answer is expected\n",
        ),
        (
            '+CMTI: "SM",3',
            "Storage  SM\nRead as  +CMTI, index 3\n",
        ),
        (
            "0603\n+CMS ERROR: 5000",
            "Message  without a TPDU\n"
            "Read as  a message of the relay layer: RP-SMMA (no findings)\n"
            "\n"
            "Error    5000: specific to the manufacturer\n"
            "Read as  +CMS ERROR\n",
        ),
        (
            '+CMGL: 3,"STO SENT","+1",\nHi\n',
            "To       +1\nText     Hi\nRead as  +CMGL in text mode, index 3, stored, sent\n",
        ),
        (
            '+CMGL: 1,"REC READ","+1",,"26/11/30,12:00:00+04"\nHi\n',
            "From     +1\n"
            "Time     2026-11-30 12:00:00+01:00\n"
            "Text     Hi\n"
            "Read as  +CMGL in text mode, index 1, received, read\n",
        ),
        (
            "+CMGL: 1,0,,19\n00040B911346610089F600002080629173148000",
            "From     +31641600986\n"
            "Time     2002-08-26 19:37:41+02:00\n"
            "Text     \n"
            "Read as  +CMGL, index 1, received, unread, SMS-DELIVER\n",
        ),
        (
            "+CMGL: 1,4,,19\n00040B911346610089F600002080629173148000",
            "From     +31641600986\n"
            "Time     2002-08-26 19:37:41+02:00\n"
            "Text     \n"
            "Read as  +CMGL, index 1, SMS-DELIVER\n",
        ),
        (
            "+CMGR: 3,,10\n00010005812143F5000000",
            "To       12345\nText     \nRead as  +CMGR, stored, sent, SMS-SUBMIT\n",
        ),
        (
            "+CBM: 10\n4000000044114142",
            "Page     1 of 1 of message 0\n"
            "Text     4142\n"
            "Read as  +CBM\n"
            "  ! the length argument is 10, and the page has 8 octets\n",
        ),
        (
            "+CBM: 11\n400000000011C8329BFD06",
            "Page     1 of 1 of message 0\nText     Hello\nRead as  +CBM\n",
        ),
        (
            "010005812143F5000405C8329BFD06",
            "To       12345\n"
            "Data     C8329BFD06\n"
            "Read as  a TPDU: SMS-SUBMIT (no findings, where the next likely reading has 3)\n",
        ),
        (
            "04008100040000000000000003414243",
            "From     (no number)\n"
            "Time     (no date)\n"
            "Data     414243\n"
            "Read as  a TPDU: SMS-DELIVER (1 finding, where the next likely reading has 2)\n"
            "  ! not a date: month must be in 1..12\n",
        ),
        (
            "0203",
            "Message  without a TPDU\nRead as  a message of the relay layer: RP-ACK (no findings)\n",
        ),
        (
            "02050005812143000000",
            "Message  without a TPDU\n"
            "Read as  a message of the relay layer: RP-ACK (1 finding, where the next likely reading has 4)\n"
            "  ! octets after the last field\n",
        ),
        (
            "+CMGR: 1,,30\nOK\n0603",
            "+CMGR    cannot be read\n"
            "Read as  +CMGR, received, read\n"
            "  ! the digits are missing\n"
            "\n"
            "Message  without a TPDU\n"
            "Read as  a message of the relay layer: RP-SMMA (no findings)\n",
        ),
        (
            "FFFF\n0603",
            "Digits   cannot be read\n"
            "Read as  digits\n"
            "  ! pdu at octet 0: neither a TPDU, with or without a service centre, nor an RP message, nor a record\n"
            "\n"
            "Message  without a TPDU\n"
            "Read as  a message of the relay layer: RP-SMMA (no findings)\n",
        ),
        (
            "+CBM: 1,50,0,1,1\nHello\n",
            "Page     Hello\nRead as  +CBM\n",
        ),
        (
            "+CDS: 32\n0006010B911346610089F62080629173148020806291731480000405C8329BFD06",
            "Report   message 1 to +31641600986: received by the SME\n"
            "Time     2002-08-26 19:37:41+02:00 (sent 2002-08-26 19:37:41+02:00)\n"
            "Text     Hello\n"
            "Read as  +CDS, SMS-STATUS-REPORT\n",
        ),
        (
            "+CDS: 25\n0006010B911346610089F6208062917314802080629173148000",
            "Report   message 1 to +31641600986: received by the SME\n"
            "Time     2002-08-26 19:37:41+02:00 (sent 2002-08-26 19:37:41+02:00)\n"
            "Read as  +CDS, SMS-STATUS-REPORT\n",
        ),
    ],
)
def test_what_is_shown_of_each_form(given: str, shown: str) -> None:
    """To the letter: who, when and what, what it was read as, and every finding."""
    assert run("decode", given) == (0, shown, "")


def test_a_report_is_shown_by_its_fields() -> None:
    """As Python shows the value, on one line."""
    value = decode_tpdu(bytes.fromhex("0000"), direction=Direction.MS_TO_SC)
    assert run("decode", "0000").out.splitlines()[0] == f"Fields   {value!r}"


def test_what_the_network_says_of_a_ussd_session() -> None:
    """The number in front of the string, as TS 27.007 names it; an unknown one stays a number."""
    named = ["no further action needed", "an answer is expected", "ended by the network"]
    named += ["another client has answered", "not supported", "timed out", "state 6"]
    for state, words in enumerate(named):
        assert run("decode", f"+CUSD: {state}") == (0, f"+CUSD    {words}\nRead as  +CUSD, {words}\n", "")


@pytest.mark.parametrize(
    "given",
    [
        RECEIVED,
        RECEIVED[16:],
        "010005812143F5000005C8329BFD06",
        "+CMGR: 1,,30\n" + RECEIVED,
        "+CMGR: 3,,15\n00010005812143F5000005C8329BFD06",
        "+CBM: 88\n4000000044110000" + "00" * 80,
        "+CUSD: 4",
        '+CUSD: 0,"Du har 0,00 kr",15',
        TRACE.hex(),
        RECORD.hex(),
    ],
)
def test_strict_takes_what_keeps_the_rules(given: str) -> None:
    """In every form, received and sent, and shows the same of it."""
    assert run("decode", "--strict", given) == run("decode", given)
    assert run("decode", given).status == 0


@pytest.mark.parametrize("up", [False, True])
def test_the_segments_of_a_message_are_joined(up: bool) -> None:
    """Pasted together in any order they are one message; one alone says which it is."""
    message = segment(LONG, reference=7)
    made = submits(message, destination="+1") if up else delivers(message, originator="+1", timestamp=MOMENT)
    digits = [pdu_mode.encode(tpdu)[0] for tpdu in made]
    out = run("decode", "\n".join(reversed(digits))).out
    assert out.count("Text ") == 1
    assert f"Text     {LONG}\nJoined   2 segments, reference 7\n" in out
    assert "Segment  2 of 2, reference 7\n" in run("decode", digits[1]).out
    later = run("decode", "\n".join(["0603", digits[0], "0603", digits[1]]))
    assert f"Text     {LONG}\nJoined   2 segments, reference 7\n" in later.out
    found = run("decode", "--json", "\n".join(digits)).json
    assert found["joined"] == [{"entries": [0, 1], "text": LONG}]
    assert found["entries"] == [entry.as_dict() for entry in pdu_mode.read("\n".join(digits))]


def test_a_transcript_is_read_whole() -> None:
    """Every entry has its block: messages, notices, cell broadcast, USSD, the error."""
    out = run("decode", TRANSCRIPT).out
    assert len(out.split("\n\n")) == len(pdu_mode.read(TRANSCRIPT))
    for words in (
        "To       155501000",
        "Read as  +CMGL, index 2, received, read, service centre +31624000000, SMS-DELIVER",
        "Report   message 120 to 52502781: received by the SME",
        "  ! padding in storage (D40)",
        "Storage  SM",
        "USSD      Du har 0,00 kr\nRead as  +CUSD, no further action needed",
        "Text     Belconnen",
        "Error    310: (U)SIM not inserted",
    ):
        assert words in out
    text = run("decode", '+CMT: "+15550100",,"26/11/30,12:00:00+04"\nHi\n').out
    assert text == "From     +15550100\nTime     2026-11-30 12:00:00+01:00\nText     Hi\nRead as  +CMT in text mode\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["hello"], "expected a hexadecimal digit, found 'h'"),
        ([""], "there are no octets in it"),
        (["FFFF"], "pdu at octet 0: neither a TPDU"),
        (["0791"], "; give all the digits, or say with --alphabet, --cbs or --ussd what else they are"),
        (["+CMGR: 1,,30\nOK"], "smscodec: +CMGR: the digits are missing"),
        (["--strict", RECEIVED[:-2]], "udl at octet 37"),
        (["--strict", "+CMGR: 1,,29\n" + RECEIVED], "length at octet 8"),
        (["--strict", RECEIVED + "F"], "hex at octet 38"),
        (["--strict", "+CMGR: 1,,30\n" + RECEIVED + "F"], "hex at octet 38"),
        (["--strict", RECEIVED[16:] + "00"], "ud at octet 30"),
        (["--strict", TRACE.hex() + "00"], "rp at octet 106"),
        (["--strict", RECORD.hex()[:-2] + "00"], "record at octet 32"),
        (["--strict", "+CBM: 8\n4000000044114142"], "cbs.contents at octet 8: expected 88 octets, got 8"),
        (["--strict", f"{RECEIVED}\n+CMGR: 1,,3\nzz\n"], "smscodec: +CMGR: "),
        (["--strict", f"{RECEIVED}\nFFFF\n"], "smscodec: the digits: pdu at octet 0: neither a TPDU"),
    ],
)
def test_what_cannot_be_read_is_refused(arguments: list[str], words: str) -> None:
    """Status 1 and one line; --strict refuses what breaks the rules."""
    outcome = run("decode", *arguments)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert words in outcome.err


@FEWER
@given(tpdus.broken_tpdus().filter(bool), st.booleans())
def test_any_octets_are_shown_or_refused(octets: bytes, strict: bool) -> None:
    """In characters that cannot act on a terminal, or in one line."""
    outcome = run("decode", *["--strict"] * strict, octets.hex())
    assert (outcome.status, outcome.err.count("\n")) in {(0, 0), (1, 1)}
    assert acting(outcome.out) == []
    assert run("decode", "--json", octets.hex()).status in {0, 1}


@FEWER
@given(st.text("abc €ж", max_size=200), st.booleans())
def test_encode_to_prints_what_at_cmgs_takes(text: str, centre: bool) -> None:
    """The length and the digits of each SMS-SUBMIT, which decode gives back as the text."""
    smsc = ["--smsc", "+15550199"] if centre else []
    lines = run("encode", "--to", "+15550100", "--reference", "9", *smsc, "--", text).out.splitlines()
    made = submits(segment(text, reference=9), destination="+15550100")
    expected = [pdu_mode.encode(tpdu, smsc="+15550199" if centre else None) for tpdu in made]
    assert list(zip(lines[::2], lines[1::2], strict=True)) == [
        (f"AT+CMGS={length}", digits) for digits, length in expected
    ]
    found = run("encode", "--json", "--to", "+15550100", "--reference", "9", *smsc, "--", text).json["pdus"]
    assert found == [
        {"length": length, "digits": digits, "tpdu": tpdu.as_dict()}
        for tpdu, (digits, length) in zip(made, expected, strict=True)
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--smsc", "+1", "a"], 2, "--smsc belongs to --to"),
        (["--to", "", "a"], 1, "destination"),
        (["--to", "1/2", "a"], 1, "number"),
        (["--to", "+1", "--smsc", "Acme", "a"], 1, "smsc"),
        (["--to", "+1", "a" * 161], 1, "--reference"),
    ],
)
def test_encode_to_refuses(arguments: list[str], status: int, words: str) -> None:
    """A number that is none, a name for a service centre, a long text without a reference."""
    outcome = run("encode", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert words in outcome.err
