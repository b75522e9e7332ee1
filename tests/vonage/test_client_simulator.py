"""The client sending to the simulator: every type, option, way of authentication, status and outcome.

Reference: SMS API 1.0.0 and 1.5.1
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from smscodec import Alphabet
from smscodec.simulator import Accept, Drop, HttpFault, Outcome, PartlyRefuse, Refuse, Simulator
from smscodec.vonage.client import Client, Retry
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import HttpError, OutcomeUnknown, VonageError
from smscodec.vonage.request import BinaryMessage, Format, TextMessage, VCalendarMessage, VCardMessage, WapPushMessage
from smscodec.vonage.response import PartialFailure, SendError
from smscodec.vonage.signature import SignatureMethod
from smscodec.vonage.statuses import STATUSES
from tests.rows import each_row
from tests.vonage.line import (
    CREDENTIALS,
    KEY,
    MESSAGE,
    SIGNATURE_SECRET,
    SIGNING,
)


@pytest.mark.parametrize("format", ["json", "xml"])
@pytest.mark.parametrize("placement", AuthPlacement)
@pytest.mark.parametrize("credentials", [CREDENTIALS, SIGNING], ids=["secret", "signed"])
def test_simulator_accepts_every_way_of_authentication(
    format: Format, placement: AuthPlacement, credentials: Credentials
) -> None:
    """Key and secret in header, body or query, and signatures, in both formats of the reply."""
    with Simulator(signature_secret=SIGNATURE_SECRET, signature_method=SignatureMethod.SHA256_HMAC) as sim:
        client = Client(credentials, base_url=sim.url, format=format, placement=placement)
        result = client.send(MESSAGE)
    (message,) = sim.messages
    assert message.message_ids == tuple(part.message_id for part in result.parts)
    assert (message.to, message.sender, message.text) == ("447700900000", "AcmeInc", "Hello")
    request = sim.requests[0]
    assert ("api_secret=" in request.query) == (placement is AuthPlacement.QUERY and credentials is CREDENTIALS)
    assert ("authorization" in request.headers) == (placement is AuthPlacement.HEADER and credentials is CREDENTIALS)


@pytest.mark.parametrize("method", SignatureMethod)
def test_simulator_accepts_every_signature_method(method: SignatureMethod) -> None:
    """Each of the five methods, with values that hold the characters the signature treats alike."""
    with Simulator(signature_secret=SIGNATURE_SECRET, signature_method=method) as sim:
        client = Client(Credentials(KEY, signature_secret=SIGNATURE_SECRET, signature_method=method), base_url=sim.url)
        assert client.send(TextMessage("447700900000", "AcmeInc", "a&b=c_d € 😀", client_ref="=&_")).accepted


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (TextMessage("447700900000", "447700900001", "ç"), "unicode"),
        (TextMessage("447700900000", "447700900001", "Çà"), "text"),
        (BinaryMessage("447700900000", "AcmeInc", b"\x00\xff", udh="050003010201", protocol_id=127), "binary"),
        (WapPushMessage("447700900000", "AcmeInc", "Title", "https://example.com", validity=1000), "wappush"),
        (VCardMessage("447700900000", "AcmeInc", "BEGIN:VCARD\r\nEND:VCARD\r\n"), "vcard"),
        (VCalendarMessage("447700900000", "AcmeInc", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "vcal"),
    ],
)
def test_simulator_accepts_every_type(message: TextMessage, kind: str) -> None:
    """Each kind of message arrives with the parameters that it was given, and no others."""
    with Simulator() as sim:
        Client(CREDENTIALS, base_url=sim.url).send(message)
    (arrived,) = sim.messages
    assert (arrived.type, dict(arrived.params)) == (kind, message.params())


def test_all_options_arrive() -> None:
    """Every option of a message passes the service's checks as it was given."""
    message = TextMessage(
        "447700900000",
        "AcmeInc",
        "Hello",
        ttl=20_000,
        status_report_req=False,
        callback="http://127.0.0.1:1/receipts",
        message_class=0,
        client_ref="c" * 100,
        account_ref="customer1234",
        entity_id="1101456324675322134",
        content_id="1107457532145798767",
        trusted_number=True,
        pool_id="abc123",
        extra={"network-code": "23410"},
    )
    with Simulator() as sim:
        result = Client(CREDENTIALS, base_url=sim.url).send(message)
    assert dict(sim.messages[0].params) == message.params()
    assert (result.parts[0].client_ref, result.parts[0].account_ref) == ("c" * 100, "customer1234")


@pytest.mark.parametrize("text", ["a" * 160, "a" * 161, "€" * 81, "ж" * 71, "😀" * 36, "a" * 152 + "€" + "a" * 152])
def test_the_plan_is_what_is_charged(text: str) -> None:
    """The service's stand-in charges as many parts as the plan said before sending."""
    message = TextMessage("447700900000", "AcmeInc", text)
    with Simulator() as sim:
        result = Client(CREDENTIALS, base_url=sim.url).send(message)
    assert message.plan.segments == len(result.parts) == sim.messages[0].segments
    assert (message.plan.alphabet is Alphabet.UCS2) == (sim.messages[0].type == "unicode")
    assert text == sim.messages[0].text


def test_a_dropped_connection_is_one_request_and_an_unknown_outcome() -> None:
    """The simulator reads the request and drops the connection; however many attempts are allowed, it counts one."""
    with Simulator() as sim:
        client = Client(CREDENTIALS, base_url=sim.url, retry=Retry(10, 60), sleep=no_sleep)
        with pytest.raises(OutcomeUnknown) as caught:
            client.send(TextMessage("447700907002", "AcmeInc", "Hello"))
    assert caught.value.status is None
    assert len(sim.requests) == 1
    # The message did go out, which is why it must not be sent again.
    assert len(sim.messages) == 1


def no_sleep(seconds: float) -> None:
    """A sleep for sends that must not be repeated."""
    raise AssertionError(f"a wait of {seconds} s before an attempt that must not be made")


@pytest.mark.parametrize(
    ("ending", "error"),
    [("7004", HttpError), ("7005", OutcomeUnknown), ("7006", PartialFailure), ("9004", SendError)],
)
def test_magic_numbers_lead_to_the_errors(ending: str, error: type[VonageError]) -> None:
    """The numbers of the simulator lead a client into each error."""
    with Simulator() as sim, pytest.raises(error):
        Client(CREDENTIALS, base_url=sim.url).send(TextMessage(f"44770090{ending}", "AcmeInc", "Hello"))


@each_row("status", sorted(set(STATUSES) - {0}))
@each_row("format", ["json", "xml"])
def test_every_status_reaches_its_error(status: int, format: Format) -> None:
    """A number that ends in 90NN raises the error of status NN, which knows the whole result."""
    message = TextMessage(f"44770090{9000 + status}", "AcmeInc", "Hello")
    with Simulator() as sim, pytest.raises(SendError) as caught:
        Client(CREDENTIALS, base_url=sim.url, format=format).send(message)
    assert (status, caught.value.result.parts[0].status) == (caught.value.status, status)


def test_throttled_twice_and_then_accepted() -> None:
    """The number that is throttled twice arrives at the third attempt, after the two waits that were stated."""
    slept: list[float] = []
    with Simulator() as sim:
        client = Client(CREDENTIALS, base_url=sim.url, retry=Retry(3, 10), sleep=slept.append)
        assert client.send(TextMessage("447700907001", "AcmeInc", "Hello")).accepted
    assert slept == pytest.approx([0.702, 0.471])
    assert (len(sim.requests), len(sim.messages)) == (3, 1)


def test_partial_failure_tells_both_sides() -> None:
    """What was accepted and what was not can be read from the error, and nothing was repeated."""
    message, retry = TextMessage("447700907006", "AcmeInc", "a" * 400), Retry(5, 60)
    with Simulator() as sim, pytest.raises(PartialFailure) as caught:
        Client(CREDENTIALS, base_url=sim.url, retry=retry, sleep=no_sleep).send(message)
    assert (len(caught.value.accepted), len(caught.value.rejected), len(sim.requests)) == (2, 1, 1)


def test_one_client_serves_many_threads() -> None:
    """Sends at the same time are each answered with their own message."""
    with Simulator(requests_per_second=1000) as sim, ThreadPoolExecutor(8) as pool:
        client = Client(CREDENTIALS, base_url=sim.url)
        numbers = [f"4477009{number:05}" for number in range(40)]
        results = pool.map(lambda to: client.send(TextMessage(to, "AcmeInc", "Hello")), numbers)
        assert numbers == [result.parts[0].to for result in results]
    assert sorted(numbers) == sorted(message.to for message in sim.messages)


def test_asend_sends_in_a_thread() -> None:
    """asend gives the same result and the same errors, several at a time."""

    async def main(client: Client) -> list[object]:
        messages = [TextMessage(to, "AcmeInc", "Hello") for to in ("447700900000", "447700909004")]
        return await asyncio.gather(*(client.asend(message) for message in messages), return_exceptions=True)

    with Simulator() as sim:
        accepted, refused = asyncio.run(main(Client(CREDENTIALS, base_url=sim.url)))
    assert getattr(accepted, "accepted", None)
    assert isinstance(refused, SendError)


def test_scripts_lead_to_outcomes_in_order() -> None:
    """A script takes the place of the number's digits, one outcome a request, and then the digits rule again."""
    outcomes: list[Outcome | int] = [
        Refuse(1, "please wait [ 1 ]"),
        PartlyRefuse(9),
        HttpFault(503),
        Drop(),
        Accept(),
        4,
        0,
    ]
    seen: list[str] = []
    with Simulator() as sim:
        sim.script(outcomes)
        client = Client(CREDENTIALS, base_url=sim.url)
        for _ in range(len(outcomes) + 1):
            try:
                client.send(TextMessage("447700909002", "AcmeInc", "Hello"))
                seen.append("accepted")
            except VonageError as error:
                seen.append(getattr(error, "name", type(error).__name__))
    expected = "Throttled PartialFailure OutcomeUnknown OutcomeUnknown accepted"
    assert seen == [*expected.split(), "Invalid Credentials", "accepted", "Missing Parameters"]
