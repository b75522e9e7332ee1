"""What a modem prints, read into entries: PDU mode and text mode, whole and in pieces, with noise between."""

from __future__ import annotations

import tracemalloc
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import cbs
from smscodec.errors import FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import Address, RpData, SmsDeliver, SmsStatusReport, SmsSubmit, Status, pdu_mode
from smscodec.tpdu.pdu_mode import Decoded, Entry, ModemError, TextMessage, read, ussd
from tests.rows import each_row
from tests.tpdu.test_readings import RECORD
from tests.tpdu.test_rp import TRACE
from tests.tpdu.test_storage import NAMED, REPORT, STORED

RECEIVED = "07911326040000F0040B911346610089F60000208062917314800CC8F71D14969741F977FD07"
PAGE = "011000320111C2327BFC76BBCBEE46A3D168341A8D" + "46A3D168341A8D" * 9 + "46A3D100"
MOMENT = datetime(2026, 11, 30, 12, tzinfo=timezone(timedelta(hours=1)))

TRANSCRIPT = f"""AT+CMGF=0
OK
AT+CMGL=4
+CMGL: 1,2,,46
{STORED}
+CMGL: 2,1,"Bob",30
{RECEIVED[:48]}
{RECEIVED[48:]}

OK

+CMT: ,30
{RECEIVED}
+CMTI: "SM",3
+CDS: 24
00{REPORT}FF
+CDSI: "ME",12
+CUSD: 0,"002000440075002000680061007200200030002C003000300020006B0072",7
+CUSD: 1,"Choose:
1) XX",15
+CUSD: 2
+CBM: 88
{PAGE}
+CMS ERROR: 310
RING
"""


def summary(entry: Entry) -> tuple[Any, ...]:
    """What an entry is, briefly."""
    value = entry.value
    if isinstance(value, Decoded):
        return entry.command, entry.index, entry.stat, entry.length, type(value.tpdu).__name__
    if isinstance(value, cbs.Page):
        value = value.text()
    return entry.command, entry.index, entry.stat, entry.length, getattr(value, "meaning", value)


def test_a_transcript_of_pdu_mode() -> None:
    """Each command gives its entry; echoes, results and blank lines give none; digits on two lines are one message."""
    assert [summary(entry) for entry in read(TRANSCRIPT)] == [
        ("+CMGL", 1, 2, 46, "SmsSubmit"),
        ("+CMGL", 2, 1, 30, "SmsDeliver"),
        ("+CMT", None, None, 30, "SmsDeliver"),
        ("+CMTI", 3, None, None, "SM"),
        ("+CDS", None, None, 24, "SmsStatusReport"),
        ("+CDSI", 12, None, None, "ME"),
        ("+CUSD", None, 0, None, " Du har 0,00 kr"),
        ("+CUSD", None, 1, None, "Choose:\n1) XX"),
        ("+CUSD", None, 2, None, None),
        ("+CBM", None, None, 88, "Belconnen"),
        ("+CMS ERROR", None, None, None, "(U)SIM not inserted"),
    ]
    assert {entry.findings for entry in read(TRANSCRIPT)} == {(), ("padding in storage (D40)",)}
    assert all(entry.as_dict()["command"] == entry.command for entry in read(TRANSCRIPT))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.sampled_from(["\n", "\r\n", "\r\r\n", "\r"]))
def test_pieces_give_the_same_entries(lengths: list[int], end: str) -> None:
    """However the transcript is cut, and whatever ends its lines."""
    text = TRANSCRIPT.replace("\n", end)
    reader, place = pdu_mode.Reader(), 0
    found: list[Entry] = []
    while place < len(text):
        length = lengths[place % len(lengths)]
        found += reader.feed(text[place : place + length])
        place += length
    assert (*found, *reader.close()) == read(TRANSCRIPT)


def test_an_entry_comes_as_soon_as_it_is_whole() -> None:
    """A message that arrives is not kept until the next line."""
    reader = pdu_mode.Reader()
    assert reader.feed(f"+CMT: ,30\r\n{RECEIVED}") == ()
    (entry,) = reader.feed("\r\n")
    assert isinstance(entry.value, Decoded)
    (page,) = reader.feed(f"+CBM: 88\r\n{PAGE}\r\n")
    assert isinstance(page.value, cbs.Page)
    (short,) = reader.feed(f"+CMT: ,40\r\n{RECEIVED}\r\n")
    assert short.findings == ("the length argument is 40, and the TPDU has 30 octets",)
    assert reader.close() == ()


@given(st.one_of(tpdus.delivers(), tpdus.submits()), st.integers(0, 255), st.integers(0, 3), st.integers(16, 60))
def test_messages_come_back_from_a_list(tpdu: SmsDeliver | SmsSubmit, index: int, stat: int, width: int) -> None:
    """Whatever the message, also with its digits on lines of 16 and more; the length fits, and annotating agrees."""
    digits, length = pdu_mode.encode(tpdu)
    wrapped = "\n".join(digits[place : place + width] for place in range(0, len(digits), width))
    (entry,) = read(f"+CMGL: {index},{stat},,{length}\n{wrapped}\nOK\n")
    assert (entry.index, entry.stat, entry.length, entry.value) == (index, stat, length, Decoded(tpdu, None))
    assert not any("length argument" in finding for finding in entry.findings)
    assert entry.octets.hex().upper() == digits
    assert entry.annotation is not None
    assert tuple(finding for _, finding in entry.annotation.all_findings) == entry.findings


def test_d41_only_outgoing_messages_are_commands() -> None:
    """Type 2 is a status report, but among unsent and sent messages an SMS-COMMAND; type 1 is always an SMS-SUBMIT."""
    for stat, kind in ((0, "SmsStatusReport"), (1, "SmsStatusReport")):
        assert summary(read(f"+CMGR: {stat},,23\n00{REPORT}")[0])[-1] == kind
    for stat in (2, 3):
        assert summary(read(f"+CMGR: {stat},,9\n00020000020002812100")[0])[-1] == "SmsCommand"
    assert {summary(read(f"+CMGL: 1,{stat},,46\n{STORED}")[0])[-1] for stat in range(4)} == {"SmsSubmit"}


def test_d44_lines_are_joined_only_where_they_do_not_read_by_themselves() -> None:
    """Two whole messages on two lines are two entries, one message on several lines is one; an odd digit is dropped."""
    text = f"{RECEIVED}\n{NAMED}\n{RECEIVED[:30]}\n{RECEIVED[30:51]}\n{RECEIVED[51:]}\n{RECORD.hex()}\n{TRACE.hex()}\n"
    values = [entry.value for entry in read(text)]
    assert [type(value).__name__ for value in values] == ["Decoded", "Decoded", "Decoded", "Record", "RpData"]
    assert values[0] == values[2] == pdu_mode.decode(RECEIVED)
    spaced = " ".join(RECEIVED[place : place + 2] for place in range(0, len(RECEIVED), 2))
    assert read(f"0x{spaced}\n")[0].value == values[0]
    (odd,) = read(RECEIVED + "F")
    assert (odd.value, odd.findings) == (values[0], ("an odd digit at the end, dropped (D44)",))
    cut, whole = read(f"{RECEIVED[:40]}\n{NAMED}\n")
    assert (cut.command, whole.value) == ("", pdu_mode.decode(NAMED))


def test_text_mode_is_told_apart() -> None:
    """The status in words, a number and a time instead of a length; a text may have several lines."""
    head = '"REC READ","+15550100",,"26/11/30,12:00:00+04"'
    message = TextMessage("+15550100", MOMENT, "Hello there\nsecond line")
    body = "Hello there\nsecond line\n"
    for command, index in (("+CMGR: ", None), ("+CMGL: 7,", 7)):
        (entry,) = read(f"{command}{head}\n{body}\nOK\n")
        assert (entry.index, entry.stat, entry.value) == (index, 1, message)
    listed = read(f'+CMGL: 1,{head}\n{body}+CMGL: 2,"STO UNSENT","+1",,\nx\nOK')
    assert [entry.stat for entry in listed] == [1, 2]
    assert listed[1].value == TextMessage("+1", None, "x")
    (arrived,) = read('+CMT: "+15550100",,"26/11/30,12:00:00+04",145,4,0,0,"+1555",145,2\nHi\n')
    assert arrived.value == TextMessage("+15550100", MOMENT, "Hi")
    (report,) = read('+CDS: 6,120,"15550100",129,"26/11/30,12:00:00+04","26/11/30,12:00:00+04",0\n')
    assert isinstance(report.value, Decoded)
    assert isinstance(report.value.tpdu, SmsStatusReport)
    assert (report.value.tpdu.message_reference, report.value.tpdu.recipient) == (120, Address("15550100"))
    assert report.value.tpdu.status.delivered
    times = '"26/11/30,12:00:00+04","26/11/30,12:00:00+04"'
    (stored,) = read(f'+CMGL: 3,"REC READ",6,120,"15550100",129,{times},0\nOK\n')
    assert (stored.index, stored.value) == (3, report.value)
    (short,) = read('+CMGR: "REC READ","12345",,"26/11/30,12:00:00+04",129,4,0,0,"+1",145,2\nOK\nOK\n')
    assert short.value == TextMessage("12345", MOMENT, "")
    (ok,) = read('+CMT: "12345",,"26/11/30,12:00:00+04"\nOK\n')
    assert ok.value == TextMessage("12345", MOMENT, "OK")
    (page,) = read("+CBM: 1,50,1,1,1\nBelconnen\n")
    assert page.value == "Belconnen"


@pytest.mark.parametrize(
    ("charset", "printed", "text"),
    [
        ("auto", "Hello", "Hello"),
        ("auto", "XX", "XX"),
        ("auto", "041F04400438", "При"),
        ("auto", "1234", "1234"),
        ("auto", "00310032", "12"),
        ("auto", "DEADBEEF", "DEADBEEF"),
        ("ucs2", "041F04400438", "При"),
        ("ira", "041F04400438", "041F04400438"),
        ("hex", "48656C6C6F", "Hello"),
        ("gsm", "\x00a\x1be", "@a€"),
    ],
)
def test_the_text_of_text_mode_under_each_character_set(charset: Any, printed: str, text: str) -> None:
    """As +CSCS chose; ``auto`` takes digits for UTF-16 where that gives text."""
    (entry,) = read(f'+CMT: "+1",,"26/11/30,12:00:00+04"\n{printed}\n', charset=charset)
    assert isinstance(entry.value, TextMessage)
    assert entry.value.text == text


TIME = "26/11/30,12:00:00+04"


@each_row(
    ("header", "found"),
    [
        ('+CMT: "Bob",30', (None, None, 30, None)),
        ("+CMT: 30", (None, None, 30, None)),
        ('+CMT: "+1",', (None, None, None, ("+1", None, "A"))),
        ('+CMT: "+1",,5', (None, None, None, ("+1", None, "A"))),
        (f'+CMT: "+1","{TIME}"', (None, None, None, ("+1", MOMENT, "A"))),
        ("+CMGR: 1", (None, 1, None, None)),
        ("+CMGR: 3,,30", (None, 3, 30, None)),
        ("+CMGR: 1,,30,5", (None, 1, 5, None)),
        ("+CMGL: 7,0", (7, 0, None, None)),
        ("+CMGL: 7,0,,30", (7, 0, 30, None)),
        ("+CMGL: 7", (7, None, None, ("", None, "A"))),
        ('+CMGL: 7,"STO SENT"', (7, 3, None, ("", None, "A"))),
        ('+CMGL: 7,"rec unread","+1"', (7, 0, None, ("+1", None, "A"))),
        (f'+CMGR: "REC READ","6","120","{TIME}"', (None, 1, None, ("6", MOMENT, "A"))),
        ('+CMGR: "REC READ","6","x","y"', (None, 1, None, ("6", None, "A"))),
        ("+CDS: 30", (None, None, 30, None)),
        ("+CDS: 6,120", (None, None, 120, None)),
        ("+CBM: 88", (None, None, 88, None)),
        ("+CBM: 1,2", (None, None, 2, None)),
        ("+CBM: 1,x", (None, None, None, "A")),
        ("+CBM: 1,50,1", (None, None, None, "A")),
        ("+CBM: 1,50,68", (None, None, None, "0041")),
        ('+CMTI: "SM"', (None, None, None, "SM")),
        ('+CDSI: "SM",4,5', (4, None, None, "SM")),
    ],
)
def test_what_a_header_announces(header: str, found: tuple[Any, ...]) -> None:
    """A length announces digits, and anything else a text; index, status and length are the numbers of the header."""
    entry = read(f"{header}\n0041\n")[0]
    value = entry.value
    shown = (value.number, value.time, value.text) if isinstance(value, TextMessage) else value
    assert (entry.index, entry.stat, entry.length, shown) == found


@each_row(
    ("time", "moment"),
    [
        (TIME, MOMENT),
        ("99/01/02,03:04:05-48", datetime(2099, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-12)))),
        ("26/11/30,12:00:00+79", datetime(2026, 11, 30, 12, tzinfo=timezone(timedelta(hours=19, minutes=45)))),
        ("26/11/30,12:00:00+96", None),
        ("26/13/30,12:00:00+04", None),
        ("26/11/30,24:00:00+04", None),
        ("26/11/30,12:00:00", None),
        ("26-11-30,12:00:00+04", None),
    ],
)
def test_the_time_of_text_mode(time: str, moment: datetime | None) -> None:
    """Its zone counts quarters of an hour; without a valid zone there is no time."""
    (entry,) = read(f'+CMGR: "REC READ","+1",,"{time}"\nx\n')
    assert entry.value == TextMessage("+1", moment, "x")
    (report,) = read(f'+CDS: 6,120,"1",129,"{time}","{TIME}",0\n')
    assert isinstance(report.value, Decoded)
    assert isinstance(report.value.tpdu, SmsStatusReport)
    assert (report.value.tpdu.timestamp, report.value.tpdu.discharge_time) == (moment, MOMENT)


@each_row(
    ("command", "lines"),
    [
        ("+CDS: 22", ["00{base}", "0105"]),
        ("+CDS: 21", ["00{base}", "00"]),
        ("+CDS: 20", ["00{base}"]),
        ("+CDS:", ["00{base}"]),
        ("+CDS: 22", ["03912143{base}", "0105"]),
        ("+CDS: 20", ["03912143{base}"]),
        ("+CMGR: 2,,9", ["00020000020002812100"]),
        ("+CBM: 88", [PAGE[:12], PAGE[12:174], PAGE[174:]]),
        ("+CBM: 87", [PAGE[:172], PAGE[172:174]]),
        ("+CBM:", [PAGE[:174], PAGE[174:]]),
    ],
)
def test_digits_go_on_to_the_end_of_their_length(command: str, lines: list[str]) -> None:
    """What may follow a field belongs to the message where the length says so, and the entry comes with its last octet.

    A report could be read without what may follow its status, and a page without its filler.
    """
    base = SmsStatusReport(1, Address("1"), MOMENT, MOMENT, Status(0)).to_bytes().hex()
    reader = pdu_mode.Reader()
    assert reader.feed(f"{command}\n") == ()
    digits = [line.replace("{base}", base) for line in lines]
    for line in digits[:-1]:
        assert reader.feed(f"{line}\n") == ()
    (entry,) = reader.feed(f"{digits[-1]}\n")
    assert entry.octets == bytes.fromhex("".join(digits))
    assert isinstance(entry.value, Decoded | cbs.Page)
    assert reader.close() == ()


def fed(*lines: str) -> list[int]:
    """How many entries each line gives, and closing after them."""
    reader = pdu_mode.Reader()
    return [*(len(reader.feed(f"{line}\n")) for line in lines), len(reader.close())]


@each_row("piece", [1, 1000, 10_000])
@each_row("length", [4096, 4097])
def test_a_line_of_4096_characters_is_the_longest(length: int, piece: int) -> None:
    """One more and it is passed over, in whichever pieces it comes."""
    text = '+CMT: "+1",,\n' + "X" * length + "\n"
    reader = pdu_mode.Reader()
    entries = [entry for place in range(0, len(text), piece) for entry in reader.feed(text[place : place + piece])]
    last = entries[-1]
    if length == 4096:
        assert entries == [Entry(command="+CMT", value=TextMessage("+1", None, "X" * length))]
    else:
        assert (last.command, last.value) == ("", None)
        assert last.findings == ("a line of more than 4096 characters, passed over",)


def test_more_than_any_message_takes_is_given_up() -> None:
    """Digits end above 600 characters and texts at 4096, line ends among them, also of +CUSD without an end."""
    most = ["+CMT: ,200", *["F" * 59] * 9]
    assert fed(*most, "F" * 59, "F") == [*[0] * 11, 1, 0]
    assert fed(*most, "F" * 60, "F") == [*[0] * 10, 1, 0, 1]
    (entry,) = read('+CMGL: 1,"REC READ","+1",,\n' + "a\n" * 2_100)
    assert entry.value == TextMessage("+1", None, "\n".join("a" * 2048))
    assert fed('+CUSD: 0,"' + "a" * 60, *["a" * 63] * 63) == [*[0] * 63, 1, 0]
    assert fed('+CUSD: 0,"' + "a" * 59, *["a" * 63] * 63) == [*[0] * 64, 1]


@each_row(("coding", "value", "finding"), [(255, "x", ()), (256, "x", ("the data coding 256 is outside 0-255",))])
def test_a_data_coding_is_an_octet(coding: int, value: str, finding: tuple[str, ...]) -> None:
    """Of +CUSD in text mode; the text is given in any case."""
    (entry,) = read(f'+CUSD: 0,"x",{coding}\n')
    assert (entry.stat, entry.value, entry.findings) == (0, value, finding)


def test_errors_of_a_modem_in_numbers_and_in_words() -> None:
    """The code with its meaning, or the words alone."""
    assert [entry.value for entry in read("+CMS ERROR: 500\n+CMS ERROR: SIM busy\n")] == [
        ModemError(500, "unknown error"),
        ModemError(None, "SIM busy"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+CMGR: 1,,30\nOK\n", "the digits are missing"),
        ("+CMGR: 1,,30\n0791\nOK\n", "smsc at octet 2"),
        ("0791zz\n", None),
        ("+CBM: 88\n0110\n", "cbs"),
        ("+CBM: 87\n" + PAGE, "the length argument is 87"),
        ('+CUSD: 0,"x",999\n', "999 is outside"),
        ('+CUSD: 0,"x\n', "has no end"),
        ("+CUSD: x\n", "cannot be read"),
        ('+CDS: 6,999,"1",129,"","",0\n', "message_reference"),
        ('+CDS: 6,,"1",129,"","",0\n', "no reference"),
        ("+CDS: 6,1,2\n", "no reference"),
        ("FFFFFFFFFF\n", None),
    ],
)
def test_what_cannot_be_read_is_a_finding(text: str, words: str | None) -> None:
    """An entry without a value says why; a line that is neither is none."""
    found = read(text)
    if words is None:
        assert all(entry.value is None and entry.findings for entry in found)
    else:
        assert any(words in finding for finding in found[0].findings)


@given(st.text(), st.booleans())
def test_any_text_is_read(text: str, headed: bool) -> None:
    """Nothing raises, whatever a serial line gives."""
    for entry in read(("+CMGL: " if headed else "") + text):
        assert entry.as_dict()["command"] == entry.command


LINES = st.sampled_from(
    [
        "0105019100 02 FF04", "0101",
        "+CMGL: ", "+CMT: ", "+CDS: ", "+CBM: ", "+CUSD: ", "+CMTI: ", "+CMS ERROR: ", "1,1,,30", ',"', '"', ",", "\n",
        "\r", "REC READ", RECEIVED, RECEIVED[:20], PAGE, "00", "F", "x", "OK", " ", "9" * 30, "é",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=25).map("".join), st.integers(1, 50))
def test_any_lines_are_read_whole_and_in_pieces(text: str, width: int) -> None:
    """Pieces of transcripts in any order: the same entries both ways, and nothing raises."""
    reader = pdu_mode.Reader()
    found = [entry for place in range(0, len(text), width) for entry in reader.feed(text[place : place + width])]
    assert (*found, *reader.close()) == read(text)


@pytest.mark.parametrize("piece", ["0", "0791\n", "x", '+CUSD: 0,"', "a\n", "\r"])
def test_memory_is_bounded(piece: str) -> None:
    """A line, digits or a text without end is given up."""
    reader = pdu_mode.Reader()
    reader.feed('+CMGL: 1,"REC READ","+1",,\n' if piece == "a\n" else "")
    reader.feed('+CUSD: 0,"\n' if piece == "x" else "")
    tracemalloc.start()
    for _ in range(30):
        reader.feed(piece * 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000
    reader.close()
    assert reader.feed(f"\n+CMT: ,30\n{RECEIVED}\n")[-1].value == pdu_mode.decode(RECEIVED)


def test_types_that_do_not_belong_are_refused() -> None:
    """``FieldError`` names the field."""
    wrong: Any = b"x"
    for call, field in (
        (lambda: pdu_mode.Reader().feed(wrong), "text"),
        (lambda: read("", charset=wrong), "charset"),
        (lambda: ussd(wrong, 15), "text"),
        (lambda: ussd("x", 256), "octet"),
        (lambda: ussd("x", 15, charset=wrong), "charset"),
    ):
        with pytest.raises(FieldError) as caught:
            call()
        assert caught.value.field == field


def test_other_entries_have_no_annotation() -> None:
    """A notice and a page are explained by their value; digits without a header by their best reading."""
    notice, page, rp = read(f'+CMTI: "SM",1\n+CBM: 88\n{PAGE}\n{TRACE.hex()}\n')
    assert notice.annotation is None
    assert page.annotation is None
    assert isinstance(rp.value, RpData)
    assert rp.annotation is not None
    assert rp.annotation.name == "RP-DATA"
