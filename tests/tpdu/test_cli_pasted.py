"""``smscodec decode`` without options, and ``encode --to``: PDUs as pasted, a modem's lines, and PDUs for a modem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import segment
from smscodec.testing import tpdus
from smscodec.tpdu import delivers, pdu_mode, submits
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
