"""The webhook applications of the documentation, served by wsgiref and called by the simulator as the service would."""

from __future__ import annotations

import asyncio
import doctest
import itertools
import re
import shlex
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from smscodec.cli import main, simulation
from smscodec.simulator import CallbackMethod, CallbackState, Simulator
from smscodec.vonage.signature import SignatureMethod, signed
from smscodec.vonage.webhook import parse_webhook
from tests.vonage.applications import Application, as_wsgi, served
from tests.vonage.sockets import closed_port

PAGES = [Path(__file__).parents[2] / "docs" / "how-to" / name for name in ("sms-api.md", "webhooks.md")]
PORT = "8082"

SENDERS = itertools.count(10)


def section() -> str:
    """The pages on the SMS API, one after the other."""
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """The names that the pages on the SMS API define, its examples run once in order."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for example in doctest.DocTestParser().get_examples(section()):
        # Examples that end in an error are the business of the test that runs every page.
        if example.exc_msg is None:
            exec(compile(example.source, "docs", "single"), names)
    return names


@pytest.fixture(params=["application", "asgi_application"])
def application(request: pytest.FixtureRequest, examples: dict[str, Any]) -> Application:
    """Each of the two applications in turn, having received nothing yet."""
    examples["received"].clear()
    examples["given_up"].clear()
    example: Any = examples[request.param]
    return as_wsgi(example) if request.param == "asgi_application" else example


def signing_simulator(url: str, method: CallbackMethod = CallbackMethod.POST_JSON) -> Simulator:
    """A simulator that signs as the examples expect, with both webhooks at ``url``."""
    return Simulator(
        signature_secret="signature secret",
        signature_method=SignatureMethod.SHA256_HMAC,
        receipt_url=url,
        inbound_url=url,
        callback_method=method,
    )


@pytest.mark.parametrize("method", CallbackMethod)
def test_examples_take_inbound_messages_and_receipts(
    application: Application, examples: dict[str, Any], method: CallbackMethod
) -> None:
    """A long message in shuffled and repeated parts is put together once, and a receipt is taken, in every form."""
    text = "Ж😀" * 100
    # Another sender each time: the examples' assembler remembers for an hour what it has put together.
    msisdn = f"4477009000{next(SENDERS):02}"
    with served(application) as url, signing_simulator(url, method) as sim:
        sim.inbound(text, msisdn=msisdn)
        sim.settle()
        client = examples["Client"](examples["Credentials"]("abcd1234", "abcdef0123456789"), base_url=sim.url)
        message_id = client.send(examples["TextMessage"]("447700908006", "AcmeInc", "Hello")).parts[0].message_id
        sim.settle()
        assert {callback.state for callback in sim.callbacks} == {CallbackState.DELIVERED}
    assert examples["received"] == [(msisdn, text), (message_id, "rejected")]


def test_examples_refuse_what_is_not_signed(application: Application, examples: dict[str, Any]) -> None:
    """Another secret is answered with 400, which the service takes for a reason to try again."""
    with (
        served(application) as url,
        Simulator(signature_secret="another secret", signature_method=SignatureMethod.SHA256_HMAC) as sim,
    ):
        sim.inbound("Hello", url=url)
        sim.settle()
        assert {attempt.http_status for callback in sim.callbacks for attempt in callback.attempts} == {400}
    assert examples["received"] == []


def test_examples_notice_a_replay(application: Application, examples: dict[str, Any]) -> None:
    """The same request once more, nonce and all, is answered with 200 and believed once."""
    calls: list[tuple[str, bytes]] = []

    def overheard(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        calls.append((environ["CONTENT_TYPE"], body))
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with served(overheard) as url, signing_simulator(url) as sim:
        sim.inbound("Hello", repeat=False)
        sim.settle()
    ((content_type, body),) = calls
    with served(application) as url:
        for _ in range(2):
            with urlopen(Request(url, data=body, headers={"Content-Type": content_type}), timeout=10) as answer:
                assert answer.status == 200
    assert examples["received"] == [("447700900001", "Hello")]


def test_examples_take_again_what_failed(examples: dict[str, Any]) -> None:
    """A webhook whose work failed is believed when it comes again, nonce and all."""
    params = {"messageId": "1", "msisdn": "447700900002", "to": "1", "text": "Hello", "nonce": "taken-again"}
    wire = signed(params, "signature secret", SignatureMethod.SHA256_HMAC, timestamp=int(time.time()))
    webhook = parse_webhook("GET", urlencode(wire), "", b"")
    names = examples["take"].__globals__
    assembler = names["assembler"]
    try:
        names["assembler"] = None
        with pytest.raises(AttributeError):
            examples["take"](webhook)
    finally:
        names["assembler"] = assembler
    examples["received"].clear()
    for _ in range(2):
        examples["take"](webhook)
    assert examples["received"] == [("447700900002", "Hello")]


def test_asgi_example_knows_what_is_no_request(examples: dict[str, Any]) -> None:
    """A server that asks for lifespan is told that there is none, and a client that goes away gets no answer."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    with pytest.raises(NotImplementedError):
        asyncio.run(examples["asgi_application"]({"type": "lifespan"}, receive, send))
    asyncio.run(examples["asgi_application"]({"type": "http", "method": "POST"}, receive, send))
    assert sent == []


def test_commands_of_the_readme(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The two commands of the shell example do together what it says: one simulates, the other sends."""
    ((serve, sending),) = re.findall(r"```sh\n(smscodec simulate .*)\n((?:.*\\\n)*.*send.*)\n```", section())
    account, command = sending.replace("\\\n", " ").split(" smscodec ")
    for variable in account.split():
        monkeypatch.setenv(*variable.split("=", 1))
    port = str(closed_port())
    statuses: list[int] = []

    def wait(_: threading.Event) -> None:
        statuses.append(main(shlex.split(command.replace(PORT, port))))
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation, "wait", wait)
    assert serve.count(PORT) == command.count(PORT) == 1
    assert main(shlex.split(serve.replace(PORT, port))[1:]) == 130
    assert statuses == [0]
    assert "POST /sms/json: HTTP 200, status 0" in capsys.readouterr().out
