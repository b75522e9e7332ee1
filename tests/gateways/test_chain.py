"""The whole way: Kannel → SMPP → smscodec → a modem → smsd, and back, with nothing of ours but the bridge between.

Reference: SMPP 3.4, 4.4 and 4.6; 3GPP TS 23.040, 9.2.2.1 and 9.2.2.2
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from smscodec.smpp import decode_short_message, short_messages
from smscodec.tpdu import Address, Direction, NumberingPlan, SmsDeliver, SmsSubmit, TypeOfNumber, pdu_mode
from tests.gateways.kannel import Kannel, kannel
from tests.gateways.modem import Modem, terminal_modem
from tests.gateways.programs import TALLY, eventually
from tests.gateways.smpp_session import Centre, Short, centre
from tests.gateways.smsd import Smsd, smsd
from tests.gateways.texts import EXTENSION, GSM, in_gsm

SENT_AT: Final = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
WIDE: Final = "".join(map(chr, [*range(0xA1, 0x250), *range(0x400, 0x460), *range(0x4E00, 0x4E40)]))


def texts() -> Iterator[str]:
    """Both alphabets, of one segment and of several, without what test_smstools and test_kannel leave out by name."""
    plain = GSM.replace("\u00a4", "")
    yield plain + EXTENSION
    yield WIDE
    draw = random.Random(3)
    letters = plain.replace("\r", "").replace("\n", "")
    for count in (1, 160, 161, 400):
        yield "".join(draw.choices(letters, k=count - 1)) + "."
    for count in (1, 70, 71, 150):
        yield "Ж" + "".join(draw.choices(WIDE, k=count - 1))


TEXTS: Final = tuple(texts())


class Bridge:
    """The code of a user who passes a centre's short messages to a modem, and a modem's to a client."""

    def __init__(self, ours: Centre, modem: Modem) -> None:
        self.centre = ours
        self.modem = modem
        self.down = 0
        self.up = 0

    def carry(self) -> bool:
        """Hand on whatever has come since the last time, either way."""
        for short, _ in self.centre.arrived[self.down :]:
            user_data = decode_short_message(short.data_coding, short.esm_class, short.short_message, strict=True)
            sender = Address(short.source, TypeOfNumber.UNKNOWN, NumberingPlan.ISDN)
            self.modem.store(SmsDeliver(sender, SENT_AT, user_data))
            self.down += 1
        for digits, _ in self.modem.sent[self.up :]:
            submit = pdu_mode.decode(digits, direction=Direction.MS_TO_SC, strict=True).tpdu
            assert isinstance(submit, SmsSubmit)
            (made,) = short_messages([submit.user_data])
            number = submit.destination.number
            self.centre.deliver(Short(number, "4913013", made.data_coding, made.esm_class, made.short_message))
            self.up += 1
        return True


def from_kannel(gateway: Kannel, end: Smsd, bridge: Bridge) -> None:
    """Every text that Kannel is asked to send is a file of smsd's."""
    for text in TEXTS:
        gateway.send("4915550100", text.encode(), coding="0" if in_gsm(text) else "2")
    eventually(lambda: bridge.carry() and len(bridge.centre.arrived) >= PARTS, gateway.process)
    eventually(lambda: bridge.carry() and bridge.modem.stored == 0, end.process)
    assert sorted(TEXTS) == sorted(message.text for message in end.messages("incoming", len(TEXTS)))


PARTS: Final = 2 + 6 + 1 + 1 + 2 + 3 + 1 + 1 + 2 + 3
"""Short messages that the texts take."""


def from_smsd(gateway: Kannel, end: Smsd, bridge: Bridge) -> None:
    """Every text that smsd is asked to send is a message that Kannel tells of."""
    for number, text in enumerate(TEXTS):
        headers = {} if in_gsm(text) else {"Alphabet": "UCS"}
        end.send(text, To=f"49155502{number:02}", **headers)
    eventually(lambda: bridge.carry() and len(gateway.arrived) >= len(TEXTS), gateway.process)
    told = {query["from"].decode().lstrip("+"): query for query in gateway.arrived}
    for number, text in enumerate(TEXTS):
        query = told[f"49155502{number:02}"]
        assert text == query["text"].decode(query["charset"].decode())


def test_texts_come_through_the_whole_chain(tmp_path: Path) -> None:
    """Texts of both alphabets, of one segment and of several, come out as they went in, in either direction."""
    (tmp_path / "kannel").mkdir()
    (tmp_path / "smsd").mkdir()
    with (
        terminal_modem() as (modem, device),
        centre() as ours,
        kannel(tmp_path / "kannel", ours) as gateway,
        smsd(tmp_path / "smsd", device) as end,
    ):
        bridge = Bridge(ours, modem)
        from_kannel(gateway, end, bridge)
        from_smsd(gateway, end, bridge)
    TALLY.add("Kannel and smstools", "messages from Kannel to smsd", len(TEXTS))
    TALLY.add("Kannel and smstools", "messages from smsd to Kannel", len(TEXTS))
