"""oFono reads what we write, in every national language and time zone, and writes what we read.

What oFono 1.31 does otherwise is a test with a fault in its name: it fails when oFono is fixed.

Reference: 3GPP TS 23.040, 9.2.2.1 and 9.2.3.11; 3GPP TS 23.038, 6.2.1 and annex A
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import pytest

from smscodec import Alphabet, NationalLanguage, segment
from smscodec.dcs import DataCodingScheme
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.tables import LOCKING_SHIFT, SINGLE_SHIFT
from smscodec.tpdu import Address, Direction, NumberingPlan, SmsDeliver, SmsSubmit, TypeOfNumber, pdu_mode
from tests.gateways.ofono import Ofono, ofono
from tests.gateways.programs import TALLY, eventually
from tests.gateways.texts import EXTENSION, GSM, in_gsm, texts_of

UTC_PLUS_2: Final = timezone(timedelta(hours=2))
SENT_AT: Final = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC_PLUS_2)
FAULTY: Final = {
    (NationalLanguage.KANNADA, "\u0ca1"): "\u0caa",  # as annex A.3.7 misprints it
    (NationalLanguage.KANNADA, "["): "]",
    (NationalLanguage.MALAYALAM, "."): ",",
}
"""What oFono reads for characters of a language."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ofono]:
    """oFono with a modem in the network."""
    with ofono(tmp_path_factory.mktemp("ofono")) as running:
        yield running


def received(
    gateway: Ofono, text: str, sender: Address | None = None, sent_at: datetime = SENT_AT, **options: Any
) -> tuple[str, dict[str, Any]]:
    """What oFono tells of a message of ours."""
    coding = options.pop("coding", None)
    for part in segment(text, reference=len(text) % 256, **options):
        scheme = DataCodingScheme.general(part.user_data.alphabet) if coding is None else DataCodingScheme(coding)
        before = gateway.modem.acknowledged
        origin = sender or Address("15550100", TypeOfNumber.UNKNOWN, NumberingPlan.ISDN)
        gateway.modem.tell(SmsDeliver(origin, sent_at, part.user_data, data_coding_scheme=scheme))
        eventually(lambda: gateway.modem.acknowledged > before, gateway.process)  # noqa: B023  # called at once
    TALLY.add("oFono", "messages to it")
    return gateway.incoming()


@pytest.mark.parametrize("language", NationalLanguage, ids=lambda language: language.name)
@pytest.mark.parametrize("number", range(3))
def test_ofono_reads_every_language(gateway: Ofono, language: NationalLanguage, number: int) -> None:
    """Text under the tables of a language arrives, from one segment and from several."""
    faulty = {character for wrong, character in FAULTY if wrong is language}
    text = "".join(character for character in list(texts_of(language))[number] if character not in faulty)
    found, _ = received(gateway, text, alphabet=Alphabet.GSM_7BIT, languages=[language])
    assert text == found


@pytest.mark.parametrize("quarters", [*range(-48, 57, 7), -15, -1, 1, 56])
def test_ofono_reads_time_zones(gateway: Ofono, quarters: int) -> None:
    """The time at the service centre arrives with its zone."""
    sent_at = SENT_AT.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    _, told = received(gateway, "zone", sent_at=sent_at)
    assert sent_at.strftime("%Y-%m-%dT%H:%M:%S%z") == told["SentTime"]


@pytest.mark.parametrize(
    ("number", "kind", "shown"),
    [
        ("15550100", TypeOfNumber.UNKNOWN, "15550100"),
        ("4915550100", TypeOfNumber.INTERNATIONAL, "+4915550100"),
        ("ACME 24", TypeOfNumber.ALPHANUMERIC, "ACME 24"),
        ("Ärger{}", TypeOfNumber.ALPHANUMERIC, "Ärger{}"),
        ("*100#", TypeOfNumber.UNKNOWN, "*100#"),
    ],
)
def test_ofono_reads_addresses(gateway: Ofono, number: str, kind: TypeOfNumber, shown: str) -> None:
    """Numbers and names of senders arrive as they are."""
    plan = NumberingPlan.UNKNOWN if kind is TypeOfNumber.ALPHANUMERIC else NumberingPlan.ISDN
    _, told = received(gateway, "from", sender=Address(number, kind, plan))
    assert shown == told["Sender"]


def test_ofono_reads_ucs2_and_flash(gateway: Ofono) -> None:
    """UCS-2 of one segment and of several arrives, and a flash message."""
    for text in ("ж", "ж" * 70, "ж" * 150):
        assert received(gateway, text)[0] == text
    assert received(gateway, "flash", coding=0x10)[0] == "flash"


def test_we_read_what_ofono_sends(gateway: Ofono) -> None:
    """Both alphabets, of one segment and of several, are what oFono was asked to send."""
    texts = [GSM.replace("\r", "") + EXTENSION, "a", "a" * 160, "a" * 161, "\u20ac" * 81, "ж", "ж" * 71, "ж" * 200]
    reassembler = Reassembler(max_age=1, max_pending=10)
    for text in texts:
        already = len(gateway.modem.sent)
        gateway.call("MessageManager", "SendMessage", "ss", "+4915550100", text)
        events: list[object] = []
        while not events:
            eventually(lambda: len(gateway.modem.sent) > already, gateway.process)  # noqa: B023  # called at once
            submit = pdu_mode.decode(gateway.modem.sent[already][0], direction=Direction.MS_TO_SC, strict=True).tpdu
            assert isinstance(submit, SmsSubmit)
            assert submit.user_data.alphabet is (Alphabet.GSM_7BIT if in_gsm(text) else Alphabet.UCS2)
            events += reassembler.add(text, submit.user_data, now=0)
            already += 1
        (whole,) = events
        assert isinstance(whole, Reassembled)
        assert text == whole.text(strict=True)
        TALLY.add("oFono", "messages from it")


@pytest.mark.parametrize(("language", "character"), FAULTY)
def test_fault_tables(gateway: Ofono, language: NationalLanguage, character: str) -> None:
    """oFono has other characters in three cells, of which smstools and the specification say the same as we."""
    both = LOCKING_SHIFT[language][3] + SINGLE_SHIFT[language][0x1E]  # so that both tables of the language are in force
    found, _ = received(gateway, both + character, alphabet=Alphabet.GSM_7BIT, languages=[language])
    assert found == both + FAULTY[language, character]


def test_fault_beyond_the_basic_plane(gateway: Ofono) -> None:
    """oFono takes UCS-2 at its word and shows nothing of a text with a surrogate pair in it."""
    assert received(gateway, "a\U0001f600b")[0] != "a\U0001f600b"
