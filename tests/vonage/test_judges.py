"""The vendor's own clients judge the simulator, since it has the same authors as our client.

The vendor's Python clients, ``nexmo`` 2.5.2 and ``vonage`` (PyPI), and its Node client, ``@vonage/server-sdk`` (npm),
send to the simulator and check the signatures of its webhooks.

The Python clients are judged by if they can be imported, the Node client is looked up in the directory that
SMSCODEC_NODE_MODULES names. With SMSCODEC_CI=full a judge that is missing is a failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from smscodec.simulator import Simulator
from smscodec.vonage import Client, Credentials, SignatureMethod, TextMessage
from tests.vonage.hooks import hooked
from tests.vonage.judging import KEY, SECRET, SIGNATURE_SECRET, missing, node_directory, simulator, without_proxies

NEXMO = """
import json, sys
import nexmo, requests

class Redirected(requests.adapters.HTTPAdapter):
    def send(self, request, **options):
        request.url = request.url.replace("https://rest.nexmo.com", task["url"])
        return super().send(request, **options)

task = json.load(sys.stdin)
client = nexmo.Client(**task["account"])
client.session.mount("https://", Redirected())
sms = nexmo.Sms(client)
answers = []
for params in task["messages"]:
    answers.append(sms.send_message(dict(params)))
webhooks = [client.check_signature(dict(params)) for params in task["webhooks"]]
json.dump({"answers": answers, "webhooks": webhooks}, sys.stdout)
"""

VONAGE = """
import json, sys
import requests
from vonage import Auth, Vonage
from vonage_sms import SmsMessage
from vonage_sms.errors import PartialFailureError, SmsError

class Redirected(requests.adapters.HTTPAdapter):
    def send(self, request, **options):
        request.url = request.url.replace("https://rest.nexmo.com", task["url"])
        return super().send(request, **options)

task = json.load(sys.stdin)
client = Vonage(Auth(**task["account"]))
client.http_client._session.mount("https://", Redirected())
answers = []
for params in task["messages"]:
    try:
        answers.append(client.sms.send(SmsMessage(**params)).model_dump())
    except PartialFailureError as error:
        answers.append({"partial": error.response})
    except SmsError as error:
        answers.append({"error": str(error)})
webhooks = [client.http_client.auth.check_signature(dict(params)) for params in task["webhooks"]]
json.dump({"answers": answers, "webhooks": webhooks}, sys.stdout)
"""

NODE = """
const { Vonage } = require('@vonage/server-sdk');
const task = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const client = new Vonage({ apiKey: task.account.key, apiSecret: task.account.secret }, { restHost: task.url });
const algorithms = { md5hash: 'MD5HASH', md5: 'MD5HMAC', sha1: 'SHA1HMAC', sha256: 'SHA256HMAC', sha512: 'SHA512HMAC' };
(async () => {
  const answers = [];
  for (const message of task.messages) {
    try { answers.push(await client.sms.send(message)); }
    catch (error) { answers.push({ error: error.message, messages: error.response && error.response.messages }); }
  }
  const webhooks = task.webhooks.map(params => client.sms.verifySignature(
    params.sig, params, task.signatureSecret, algorithms[task.signatureMethod]));
  process.stdout.write(JSON.stringify({ answers, webhooks }));
})();
"""


def asked(command: Sequence[str], task: Mapping[str, Any], *, directory: Path | None = None) -> Any:
    """What a judge answers to a task, both as JSON."""
    ran = subprocess.run(
        command,
        input=json.dumps(task),
        cwd=directory,
        env=without_proxies(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def python_client(name: str) -> None:
    """Skip unless this Python has the client."""
    spec = find_spec(name)
    # A directory of that name on the path counts as a package too, one without an origin.
    if spec is None or spec.origin is None:
        missing(name, f"pip install {name}{'==2.5.2' * (name == 'nexmo')}")


def signed_webhooks(method: SignatureMethod) -> list[dict[str, str]]:
    """What the simulator sends to a webhook: two receipts and an inbound text, signed; and the first one altered."""
    with (
        hooked() as hook,
        Simulator(
            signature_secret=SIGNATURE_SECRET, signature_method=method, receipt_url=hook.url, inbound_url=hook.url
        ) as sim,
    ):
        Client(Credentials(KEY, SECRET), base_url=sim.url).send(
            TextMessage("447700900000", "A&B=C_D", "a" * 161, client_ref="ж & =")
        )
        sim.inbound("Grüße & = € 😀", repeat=False)
        sim.settle()
    webhooks = [call.params() for call in hook.calls]
    return [*webhooks, {**webhooks[0], "status": "failed"}]


TEXTS = {
    "a": ("text", 1),
    "a" * 161: ("text", 2),
    "€ [x] & = _ +": ("text", 1),
    "Grüße 😀 & =": ("unicode", 1),
    "ж" * 71: ("unicode", 2),
}


@pytest.mark.parametrize("method", [None, *SignatureMethod], ids=lambda method: method.value if method else "secret")
def test_nexmo_python_client(method: SignatureMethod | None) -> None:
    """nexmo 2.5.2 sends with its secret and signed by every method, and accepts the signatures of our webhooks."""
    python_client("nexmo")
    account = {"key": KEY, "secret": SECRET}
    if method is not None:
        account |= {"signature_secret": SIGNATURE_SECRET}
        if method is not SignatureMethod.MD5_HASH:  # which this client does where no method is named
            account |= {"signature_method": method.value}
    messages: list[dict[str, Any]] = [
        {"from": "AcmeInc", "to": "447700900000", "text": text, "type": kind, "ttl": 20000, "status-report-req": True}
        for text, (kind, _) in TEXTS.items()
    ]
    messages.append({"from": "AcmeInc", "to": "447700900000", "type": "binary", "body": "00ff", "udh": "050003010201"})
    messages.append({"from": "AcmeInc", "to": "447700909006", "text": "refused"})
    webhooks = [] if method is None else signed_webhooks(method)
    with simulator(method or SignatureMethod.MD5_HASH) as sim:
        task = {"url": sim.url, "account": account, "messages": messages, "webhooks": webhooks}
        told = asked([sys.executable, "-c", NEXMO], task)
    *accepted, binary, refused = told["answers"]
    assert [int(answer["message-count"]) for answer in accepted] == [segments for _, segments in TEXTS.values()]
    assert {part["status"] for answer in [*accepted, binary] for part in answer["messages"]} == {"0"}
    assert refused["messages"][0]["status"] == "6"
    assert [message.text for message in sim.messages] == [*TEXTS, ""]
    assert all(("sig" in request.params) == (method is not None) for request in sim.requests)
    assert told["webhooks"] == ([True] * (len(webhooks) - 1) + [False] if webhooks else [])


def test_vonage_python_client() -> None:
    """vonage sends with its secret, and reads success, refusal and partial success as we mean them."""
    python_client("vonage")
    messages: list[dict[str, Any]] = [
        {"from_": "AcmeInc", "to": "447700900000", "text": text, "type": kind, "ttl": 20000, "client_ref": "mine"}
        for text, (kind, _) in TEXTS.items()
    ]
    messages.append({"from_": "AcmeInc", "to": "447700909004", "text": "refused"})
    messages.append({"from_": "AcmeInc", "to": "447700907006", "text": "a" * 161, "trusted_number": True})
    with simulator() as sim:
        account = {"api_key": KEY, "api_secret": SECRET}
        told = asked(
            [sys.executable, "-c", VONAGE], {"url": sim.url, "account": account, "messages": messages, "webhooks": []}
        )
    *accepted, refused, partial = told["answers"]
    assert [int(answer["message_count"]) for answer in accepted] == [segments for _, segments in TEXTS.values()]
    assert {part["client_ref"] for answer in accepted for part in answer["messages"]} == {"mine"}
    assert "error code 4" in refused["error"]
    assert [part["status"] for part in partial["partial"]["messages"]] == ["0", "1"]
    assert [message.text for message in sim.messages] == [*TEXTS, "a" * 161]
    assert sim.messages[-1].params["trusted-number"].lower() == "true"


@pytest.mark.parametrize("method", [method for method in SignatureMethod if method is not SignatureMethod.MD5_HASH])
def test_vonage_python_client_verifies_our_webhooks(method: SignatureMethod) -> None:
    """vonage accepts the HMAC signatures of our webhooks (it has no md5hash), and refuses one that was altered."""
    python_client("vonage")
    webhooks = signed_webhooks(method)
    account = {"api_key": KEY, "signature_secret": SIGNATURE_SECRET, "signature_method": method.value}
    task = {"url": "", "account": account, "messages": [], "webhooks": webhooks}
    assert asked([sys.executable, "-c", VONAGE], task)["webhooks"] == [True] * (len(webhooks) - 1) + [False]


@pytest.mark.parametrize("method", SignatureMethod, ids=lambda method: method.value)
def test_vonage_node_client(method: SignatureMethod) -> None:
    """The Node client sends JSON with Basic authentication, reads our replies, and accepts our webhooks' signatures."""
    directory = node_directory("the vendor's Node client", "@vonage/server-sdk")
    messages: list[dict[str, Any]] = [
        {"from": "AcmeInc", "to": "447700900000", "text": text, "type": kind, "ttl": 20000, "statusReportReq": False}
        for text, (kind, _) in TEXTS.items()
    ]
    messages.append({"from": "AcmeInc", "to": "447700900000", "type": "binary", "body": "00ff", "udh": "050003010201"})
    messages.append({"from": "AcmeInc", "to": "447700909004", "text": "refused"})
    messages.append({"from": "AcmeInc", "to": "447700907006", "text": "partial"})
    webhooks = signed_webhooks(method)
    with simulator() as sim:
        task = {
            "url": sim.url,
            "account": {"key": KEY, "secret": SECRET},
            "messages": messages,
            "webhooks": webhooks,
            "signatureSecret": SIGNATURE_SECRET,
            "signatureMethod": method.value,
        }
        told = asked(["node", "-e", NODE], task, directory=directory)
    *accepted, binary, refused, partial = told["answers"]
    assert [int(answer["messageCount"]) for answer in accepted] == [segments for _, segments in TEXTS.values()]
    assert {part["status"] for answer in [*accepted, binary] for part in answer["messages"]} == {"0"}
    # This client compares the count, a text, with a number, and so takes a whole failure for a partial one.
    assert refused["error"].endswith("SMS messages failed to send")
    assert [part["status"] for part in refused["messages"]] == ["4"]
    assert partial["error"] == "Some SMS messages failed to send"
    assert [part["status"] for part in partial["messages"]] == ["0", "1"]
    assert [message.text for message in sim.messages] == [*TEXTS, "", "partial"]
    assert told["webhooks"] == [True] * (len(webhooks) - 1) + [False]
