"""A validating proxy by others stands between our client and the simulator and holds both against the specifications.

Stoplight Prism (``@stoplight/prism-cli`` 5.14.2, npm) is looked up in the directory that SMSCODEC_NODE_MODULES names,
and the specifications, sms-api-1.0.0-checkable.yml and sms-api-1.5.1-checkable.yml, in the one of SMSCODEC_SPECS.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from smscodec.simulator import HttpFault, Simulator
from smscodec.vonage import (
    AuthPlacement,
    BinaryMessage,
    Client,
    Credentials,
    HttpRequest,
    OutcomeUnknown,
    PartialFailure,
    SendError,
    SignatureMethod,
    TextMessage,
    UrllibTransport,
    VCalendarMessage,
    VCardMessage,
    WapPushMessage,
)
from smscodec.vonage.request import Message
from tests.vonage.judging import KEY, SECRET, SIGNATURE_SECRET, missing, node_directory, simulator, without_proxies
from tests.vonage.sockets import closed_port


def specification(version: str) -> Path:
    """The specification to hold requests and replies against."""
    named = os.environ.get("SMSCODEC_SPECS")
    if not named:
        # The specifications are the vendor's and no part of this project, so even CI may lack them.
        pytest.skip("Prism does not judge: SMSCODEC_SPECS names no directory with the specifications")
    path = Path(named) / f"sms-api-{version}-checkable.yml"
    if not path.is_file():
        missing("Prism", f"there is no {path.name} in the directory of SMSCODEC_SPECS")
    return path


@contextmanager
def prism(version: str, upstream: str) -> Iterator[str]:
    """A validating proxy before ``upstream`` that answers violations of the specification with an error."""
    path = specification(version)
    directory = node_directory("Prism", "@stoplight/prism-cli")
    port = closed_port()
    command = ["node", str(directory / "node_modules" / ".bin" / "prism"), "proxy", str(path), upstream]
    with subprocess.Popen(
        [*command, "--errors", "--host", "127.0.0.1", "--port", str(port)],
        env=without_proxies(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        output = process.stdout
        assert output is not None
        # A proxy that never says that it listens must not hold up the tests.
        impatience = threading.Timer(60, process.kill)
        impatience.start()
        lines: list[str] = []
        try:
            while not any("listening" in line for line in lines):
                lines.append(output.readline())
                assert lines[-1], "".join(lines)
            # Its log would block it once the pipe is full.
            reader = threading.Thread(target=output.read)
            reader.start()
            yield f"http://127.0.0.1:{port}"
        finally:
            impatience.cancel()
            process.terminate()
        reader.join()


OPTIONS: dict[str, Any] = {
    "ttl": 900_000,
    "status_report_req": False,
    "callback": "https://example.com/sms-dlr",
    "message_class": 3,
    "client_ref": "my-personal-reference",
    "account_ref": "customer1234",
    "entity_id": "1101456324675322134",
    "content_id": "1107457532145798767",
}
IN_BOTH: list[Message] = [
    TextMessage("447700900000", "AcmeInc", "Hello World!"),
    TextMessage("447700900000", "447700900001", "Grüße & = € 😀" * 20),
    TextMessage("1234567", "A", "a" * 400, **OPTIONS),
    BinaryMessage("447700900000", "AcmeInc", "638265253311", udh="06050415811581", protocol_id=127),
]
ONLY_IN: dict[str, list[Message]] = {
    "1.0.0": [
        WapPushMessage("447700900000", "AcmeInc", "Welcome", "https://example.com", validity=300_000),
        VCardMessage("447700900000", "AcmeInc", "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Doe;J.\r\nEND:VCARD\r\n"),
        VCalendarMessage("447700900000", "AcmeInc", "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nEND:VCALENDAR\r\n"),
    ],
    "1.5.1": [TextMessage("447700900000", "AcmeInc", "Hello", trusted_number=True, pool_id="abc123")],
}
PLACEMENTS = {
    "1.0.0": [AuthPlacement.QUERY, AuthPlacement.HEADER, AuthPlacement.BODY],
    # Without the secret in the body, which this version no longer knows.
    "1.5.1": [AuthPlacement.HEADER],
}


@pytest.mark.parametrize("version", ["1.0.0", "1.5.1"])
def test_prism_finds_no_violation(version: str) -> None:
    """Between our client and the simulator, for every kind of message and authentication, success and refusal."""
    specification(version)
    with simulator(SignatureMethod.SHA512_HMAC) as sim, prism(version, sim.url) as url:
        clients = [
            Client(Credentials(KEY, SECRET), base_url=url, placement=placement) for placement in PLACEMENTS[version]
        ]
        clients.append(
            Client(
                Credentials(KEY, signature_secret=SIGNATURE_SECRET, signature_method=SignatureMethod.SHA512_HMAC),
                base_url=url,
                placement=PLACEMENTS[version][0],
            )
        )
        for client in clients:
            for message in [*IN_BOTH, *ONLY_IN[version]]:
                assert client.send(message).accepted
        with pytest.raises(SendError):
            clients[0].send(TextMessage("447700909006", "AcmeInc", "refused"))
        with pytest.raises(PartialFailure):
            clients[0].send(TextMessage("447700907006", "AcmeInc", "partial"))
        assert len(sim.messages) == len(clients) * len([*IN_BOTH, *ONLY_IN[version]]) + 1
        assert_prism_is_awake(url, clients[0], sim)


def assert_prism_is_awake(url: str, client: Client, sim: Simulator) -> None:
    """Requests and a reply that break the specification are caught, so silence on the others says something.

    Fields that the specification does not know are no violation to Prism, which reads the others only.
    """
    message = TextMessage("447700900000", "AcmeInc", "Hello")
    request = client.build(message)
    before = len(sim.requests)
    for body in (b"from=AcmeInc&text=Hello", request.body + b"&ttl=1", request.body + b"&message-class=9"):
        answer = UrllibTransport()(HttpRequest(request.method, request.url, request.headers, body))
        assert answer.status == 422
    assert len(sim.requests) == before
    sim.script([HttpFault(200, "application/json", b'{"messages": [{"status": 0}]}')])
    with pytest.raises(OutcomeUnknown) as caught:
        client.send(message)
    assert caught.value.status == 500
