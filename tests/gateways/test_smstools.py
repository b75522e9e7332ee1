"""smstools' smsd reads what we write and writes what we read, in every national language, over a modem of ours.

What smsd 3.1.21 does otherwise than the specification is a test with a fault in its name: it fails when smsd is fixed,
and what it leaves out then belongs among the messages.

Reference: 3GPP TS 23.040, 9.2.2; 3GPP TS 23.038, 6.2.1 and annex A; 3GPP TS 27.005, 3 and 4
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import pytest

from smscodec import Alphabet, NationalLanguage, UserData, segment, segment_data
from smscodec.dcs import DataCodingScheme, MessageClass
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT, UNDEFINED
from smscodec.tpdu import (
    Address,
    Direction,
    NumberingPlan,
    SmsDeliver,
    SmsStatusReport,
    SmsSubmit,
    Status,
    TypeOfNumber,
    pdu_mode,
)
from tests.gateways.modem import Modem, terminal_modem
from tests.gateways.programs import TALLY, eventually
from tests.gateways.smsd import Message, Smsd, smsd
from tests.gateways.texts import texts_of
from tests.judges import missing

SENT_AT: Final = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=2)))
DOCUMENTED_TABLES: Final = Path("/usr/share/doc/smstools/html/doc/national_language_shift_tables.html")
WIDE: Final = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x400, 0x460), *range(0x4E00, 0x4E40)]))
DATA: Final = bytes(range(256))


@dataclass
class Exchange:
    """What was put in, and what came of it, by the number of the other end."""

    offered: dict[str, str] = field(default_factory=dict)
    received: dict[str, Message] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    submitted: dict[str, list[SmsSubmit]] = field(default_factory=dict)
    joined: dict[str, Reassembled] = field(default_factory=dict)
    reports: list[Message] = field(default_factory=list)


LANGUAGES: Final = tuple(NationalLanguage)
CODINGS: Final = {0x10: "flash", 0xF0: "flash", 0x18: "жflash", 0xF2: "to the SIM"}
FAULTS: Final = {
    "15550901": "\u00a4",
    "15550902": "ж！",
    "15550903": "\U0001f600",
}
FAULTY_CODINGS: Final = {"15550904": (0x12, "Hello"), "15550905": (0xD0, "Hello"), "15550906": (0xE0, "Hello")}
NAMES: Final = ("ACME 24", "smscodec.io")
FAULTY_NAMES: Final = {"\u00c4rger": "[rger", "A{B}": "A\x1b(B\x1b)"}
STATUSES: Final = {0x00: "Ok", 0x30: "Temporary error", 0x46: "Error"}


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """All messages at once through one smsd: that is what takes the time."""
    found = Exchange()
    with terminal_modem() as (modem, device), smsd(tmp_path_factory.mktemp("smsd"), device) as gateway:
        count = offer(found, modem)
        ask(found, gateway)
        eventually(lambda: modem.stored == 0, gateway.process)
        for message in gateway.messages("incoming", count):
            found.received[message.headers["From"]] = message
        gateway.messages("sent", len(found.asked))
        collect(found, modem)
        TALLY.add("smstools", "messages to it", count)
        TALLY.add("smstools", "messages from it", len(found.asked))
        for reference, octet in enumerate(STATUSES):
            recipient = Address("15550001", TypeOfNumber.INTERNATIONAL, NumberingPlan.ISDN)
            modem.store(SmsStatusReport(reference + 1, recipient, SENT_AT, SENT_AT, Status(octet)))
        eventually(lambda: modem.stored == 0, gateway.process)
        found.reports = gateway.messages("report", len(STATUSES))
        TALLY.add("smstools", "status reports to it", len(STATUSES))
    return found


def offer(found: Exchange, modem: Modem) -> int:
    """Messages that the modem has received, and their number."""

    def put(sender: str, user_data: list[UserData], coding: int | None = None, *, name: bool = False) -> None:
        kind, plan = (
            (TypeOfNumber.ALPHANUMERIC, NumberingPlan.UNKNOWN) if name else (TypeOfNumber.UNKNOWN, NumberingPlan.ISDN)
        )
        for part in user_data:
            scheme = DataCodingScheme.general(part.alphabet) if coding is None else DataCodingScheme(coding)
            modem.store(SmsDeliver(Address(sender, kind, plan), SENT_AT, part, data_coding_scheme=scheme))

    for language in LANGUAGES:
        for number, text in enumerate(texts_of(language)):
            sender = f"155501{language:02}{number}"
            found.offered[sender] = text
            message = segment(text, reference=number, alphabet=Alphabet.GSM_7BIT, languages=[language])
            put(sender, [part.user_data for part in message])
    for sender, text in {"15550200": WIDE, "15550201": "ж", **FAULTS}.items():
        found.offered[sender] = text
        put(sender, [part.user_data for part in segment(text, reference=9)])
    for coding, text in CODINGS.items():
        found.offered[f"155503{coding:02x}".replace("f", "7")] = text
        put(f"155503{coding:02x}".replace("f", "7"), [part.user_data for part in segment(text)], coding)
    for sender, (coding, text) in FAULTY_CODINGS.items():
        alphabet = Alphabet.UCS2 if coding >= 0xE0 else Alphabet.GSM_7BIT
        found.offered[sender] = text
        put(sender, [part.user_data for part in segment(text, alphabet=alphabet)], coding)
    put("15550400", [part.user_data for part in segment_data(DATA, reference=4)])
    for sender in (*NAMES, *FAULTY_NAMES):
        put(sender, [part.user_data for part in segment("by name")], name=True)
    return len(found.offered) + 1 + len(NAMES) + len(FAULTY_NAMES)


def ask(found: Exchange, gateway: Smsd) -> None:
    """Files that smsd is to send."""
    for language in LANGUAGES:
        for number, text in enumerate(texts_of(language)):
            recipient = f"155511{language:02}{number}"
            found.asked[recipient] = text
            gateway.send(text, To=recipient, Language=int(language))
    others: list[tuple[str, dict[str, str]]] = [
        (WIDE, {"Alphabet": "UCS"}),
        ("\U0001f600" * 3, {"Alphabet": "UCS"}),
        ("Hello", {"Flash": "yes"}),
        ("Hello \u20ac", {"Report": "no"}),
        ("data", {"Alphabet": "binary", "UDH": "no"}),
        ("\u00a4", {}),
        ("a" * 152 + "\u20ac" + "b" * 20, {}),
    ]
    for number, (text, headers) in enumerate(others):
        recipient = f"1555120{number}"
        found.asked[recipient] = text
        gateway.send(text, To=recipient, **headers)


def collect(found: Exchange, modem: Modem) -> None:
    """What smsd gave to the modem, as parts and as messages."""
    reassembler = Reassembler(max_age=1, max_pending=100)
    for digits, length in modem.sent:
        decoded = pdu_mode.decode(digits, direction=Direction.MS_TO_SC, strict=True)
        assert isinstance(decoded.tpdu, SmsSubmit)
        assert length == len(decoded.tpdu.to_bytes())
        recipient = decoded.tpdu.destination.number
        found.submitted.setdefault(recipient, []).append(decoded.tpdu)
        for event in reassembler.add(recipient, decoded.tpdu.user_data, now=0):
            assert isinstance(event, Reassembled)
            found.joined[recipient] = event


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
@pytest.mark.parametrize("number", range(3))
def test_smsd_reads_every_language(exchange: Exchange, language: NationalLanguage, number: int) -> None:
    """Text under the tables of a language arrives in its file, from one segment and from several."""
    sender = f"155501{language:02}{number}"
    assert exchange.offered[sender] == exchange.received[sender].text


@pytest.mark.parametrize("sender", ["15550200", "15550201"])
def test_smsd_reads_ucs2(exchange: Exchange, sender: str) -> None:
    """UCS-2 of one and of several segments arrives."""
    assert exchange.offered[sender] == exchange.received[sender].text


@pytest.mark.parametrize("coding", CODINGS, ids=hex)
def test_smsd_reads_data_codings(exchange: Exchange, coding: int) -> None:
    """Messages of class 0 arrive as flash messages in either group of data codings."""
    sender = f"155503{coding:02x}".replace("f", "7")
    assert exchange.offered[sender] == exchange.received[sender].text
    assert exchange.received[sender].headers["Flash"] == "yes" or coding == 0xF2


def test_smsd_reads_data(exchange: Exchange) -> None:
    """8-bit data of two segments arrives octet by octet."""
    message = exchange.received["15550400"]
    assert (message.headers["Alphabet"], message.content) == ("binary", DATA)


def test_smsd_reads_addresses_and_times(exchange: Exchange) -> None:
    """Sender, type of number, service centre and the service centre's time are ours, the zone left out."""
    message = exchange.received["15550200"]
    assert message.headers["From_TOA"] == "81 unknown, ISDN/telephone"
    assert message.headers["From_SMSC"] == "31624000000"
    assert message.headers["Sent"] == "24-05-06 07:08:09"
    for name in NAMES:
        assert exchange.received[name].headers["From_TOA"] == "D0 alphanumeric, unknown"
        assert exchange.received[name].text == "by name"


def test_smsd_reads_status_reports(exchange: Exchange) -> None:
    """Each report arrives with its reference, its time and what its status means."""
    told = {}
    for message in exchange.reports:
        fields = dict(line.split(": ", 1) for line in message.text.splitlines() if ": " in line)
        assert fields["Discharge_timestamp"] == "24-05-06 07:08:09"
        told[int(fields["Message_id"])] = fields["Status"].split(",")[:2]
    expected = {number: [str(octet), word] for number, (octet, word) in enumerate(STATUSES.items(), start=1)}
    assert expected == told


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
@pytest.mark.parametrize("number", range(3))
def test_we_read_every_language(exchange: Exchange, language: NationalLanguage, number: int) -> None:
    """What smsd writes in a language we read, strictly, with the tables that it was asked for."""
    recipient = f"155511{language:02}{number}"
    assert exchange.asked[recipient] == exchange.joined[recipient].text(strict=True)
    assert {part.user_data.alphabet for part in exchange.submitted[recipient]} == {Alphabet.GSM_7BIT}


def test_we_read_ucs2_flash_and_data(exchange: Exchange) -> None:
    """UCS-2, a flash message, a plain message and 8-bit data of smsd's are what it was asked for."""
    for recipient in ("15551200", "15551201", "15551202", "15551203"):
        assert exchange.asked[recipient] == exchange.joined[recipient].text(strict=True)
    (flash,) = exchange.submitted["15551202"]
    assert flash.data_coding_scheme.message_class is MessageClass.CLASS_0
    assert exchange.joined["15551204"].payload == b"data"


def test_we_read_what_smsd_asks_for(exchange: Exchange) -> None:
    """Type of number and the request for a status report are what smsd was told."""
    (plain,) = exchange.submitted["15551203"]
    assert (plain.destination.type_of_number, plain.status_report_request) == (TypeOfNumber.INTERNATIONAL, False)
    (flash,) = exchange.submitted["15551202"]
    assert flash.status_report_request


def test_fault_currency_sign(exchange: Exchange) -> None:
    """smsd takes 0x24 of the default alphabet for the euro sign, both ways."""
    assert exchange.received["15550901"].text == "\u20ac"
    assert exchange.joined["15551205"].text() == "\u20ac"


def test_fault_high_characters(exchange: Exchange) -> None:
    """smsd ends a UCS-2 text at a fullwidth letter, and makes no UTF-8 of a character beyond U+FFFF."""
    assert exchange.received["15550902"].text == "ж"
    assert exchange.received["15550903"].content.decode("utf-8", "replace") != exchange.offered["15550903"]


def test_fault_escape_pair_cut(exchange: Exchange) -> None:
    """smsd cuts between an escape and its code; joined before they are decoded, the parts read right all the same."""
    first, second = exchange.submitted["15551206"]
    assert first.user_data.payload.endswith(b"\x1b")
    assert second.user_data.payload.startswith(b"e")
    assert exchange.asked["15551206"] == exchange.joined["15551206"].text(strict=True)


def test_fault_data_codings(exchange: Exchange) -> None:
    """smsd takes class 2 and a waiting indication for a flash message, and UCS-2 under 0xE0 for GSM 7-bit."""
    assert exchange.received["15550904"].headers["Flash"] == "yes"
    assert exchange.received["15550905"].headers["Flash"] == "yes"
    assert exchange.received["15550906"].content.decode("utf-8", "replace") != "Hello"


def test_fault_names(exchange: Exchange) -> None:
    """smsd takes no account of the alphabet in the sender's name."""
    assert set(FAULTY_NAMES.values()) <= set(exchange.received)


CELL: Final = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
NAMED: Final = {"SP": " ", "LF": "\n", "CR": "\r", "FF": "\f", "NBSP": "\u00a0"}


def documented() -> Iterator[tuple[NationalLanguage, list[str], list[str]]]:
    """The cells of each language's two tables in the documentation, each as it is printed."""
    if not DOCUMENTED_TABLES.exists():
        missing(
            "smstools' documentation",
            f"apt-get install smstools brings {DOCUMENTED_TABLES}, unless dpkg leaves out docs",
        )
    page = DOCUMENTED_TABLES.read_text(encoding="utf-8")
    for number, block in enumerate(page.split("<table class='nlst")[1:]):
        main, single = [""] * 128, [""] * 128
        rows = [CELL.findall(row) for row in block.split("</table>")[0].split("<tr")[2:]]
        assert len(rows) == 16
        for low, cells in enumerate(rows):
            for high in range(8):
                main[high * 16 + low] = cells[1 + high]
                single[high * 16 + low] = cells[10 + high]
        yield NationalLanguage(number), main, single


def character(cell: str) -> str:
    """The character of a cell, which is printed over its code; UNDEFINED where there is none."""
    shown, _, code = cell.partition("<br>")
    code = html.unescape(re.sub("<[^>]*>", "", code)).strip()
    shown = html.unescape(re.sub("<[^>]*>", "", shown))
    if re.fullmatch("[0-9A-F]{4}", code):
        return chr(int(code, 16))
    return NAMED.get(shown, shown or UNDEFINED)


def test_the_documented_tables() -> None:
    """Each cell of the 27 tables that smstools documents is ours, but for the one of decision D8."""
    different = []
    compared = 0
    for language, main, single in documented():
        ours = (LOCKING_SHIFT.get(language), SINGLE_SHIFT[language])
        for table, (printed, cells) in enumerate(zip((main, single), ours, strict=True)):
            for septet, cell in enumerate(printed if cells else ()):
                assert cells is not None
                compared += 1
                if character(cell) != cells[septet]:
                    different.append((language, table, septet, character(cell)))
    assert compared == 27 * 128
    assert different == [(NationalLanguage.TELUGU, 1, 0x65, "\u20ac")]
    TALLY.add("smstools", "documented cells compared", compared)
