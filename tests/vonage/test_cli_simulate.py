"""The commands sign, verify and simulate: what they print, what they never print, and how they end."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from typing import Self

import pytest

from smscodec.cli import main, simulation
from smscodec.simulator import (
    Attempt,
    CallbackKind,
    CallbackMethod,
    CallbackState,
    RecordedCallback,
    RecordedRequest,
    Simulator,
    simulator,
)
from smscodec.vonage.client import Client
from smscodec.vonage.credentials import Credentials
from smscodec.vonage.request import TextMessage
from smscodec.vonage.signature import SignatureMethod, signed
from tests import command_line
from tests.command_line import piped
from tests.vonage.commands import KEY, NAMES, SECRET, SIGNATURE_SECRET, Run
from tests.vonage.hooks import hooked

# sign and verify ------------------------------------------------------------------------------------------------------


def test_sign_and_verify(run: Run, signing: None) -> None:
    """What sign gives verifies, from a form and from JSON, in the window and outside of it."""
    params = {"api_key": KEY, "to": "447700900000", "text": "a&b=c €"}
    expected = signed(params, SIGNATURE_SECRET, SignatureMethod.SHA256_HMAC, timestamp=1000)
    ran = run("sign", "--json", "--timestamp", "1000", json.dumps(params))
    assert (ran.status, ran.json["params"], ran.json["method"]) == (0, expected, "sha256")
    assert ran.json["base_string"] == "&api_key=abcd1234&text=a_b_c €&timestamp=1000&to=447700900000"
    words = f"timestamp  1000\nsig        {expected['sig']}\n"
    assert run("sign", "--timestamp", "1000", json.dumps(params)) == (0, words, "")
    assert run("verify", "--at", "1300", json.dumps(expected)) == (0, "the signature holds\n", "")
    found = run("verify", "--json", "--at", "700", json.dumps(expected))
    assert (found.status, found.json, found.err) == (0, {"valid": True, "reason": None, "message": None}, "")
    assert [run("verify", "--at", at, json.dumps(expected)).status for at in ("699", "1301")] == [1, 1]
    assert run("verify", "--at", "1301", "--tolerance", "301", json.dumps(expected)).status == 0
    assert run("verify", "--any-age", stdin=json.dumps(expected).encode()).status == 0


def test_sign_takes_the_timestamp_of_the_parameters(run: Run, signing: None) -> None:
    """A timestamp among the parameters is kept, and otherwise it is this moment's."""
    rows = dict(line.split() for line in run("sign", "to=1&timestamp=1000").out.splitlines())
    assert rows["timestamp"] == "1000"
    rows = dict(line.split() for line in run("sign", "to=1").out.splitlines())
    assert run("verify", f"to=1&timestamp={rows['timestamp']}&sig={rows['sig']}").status == 0


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ("to=1&timestamp=1000", "missing"),
        ("to=1&sig=00", "missing"),
        ("to=1&timestamp=soon&sig=00", "malformed"),
        ("to=1&timestamp=1000&sig=00", "mismatch"),
    ],
)
def test_verify_says_why(run: Run, signing: None, params: str, reason: str) -> None:
    """A signature that does not hold ends with status 1 and its reason."""
    ran = run("verify", "--json", params)
    assert (ran.status, ran.json["valid"], ran.json["reason"]) == (1, False, reason)
    assert run("verify", params).out == ""


@pytest.mark.parametrize("command", ["sign", "verify"])
@pytest.mark.parametrize(
    "params", ["", "to", "to=1&to=2", "to=%zz", "to=%ff", "to=\ud800", "{", "{}", '{"to": []}', '{"to": {}}']
)
def test_parameters_that_cannot_be_read(run: Run, signing: None, command: str, params: str) -> None:
    """Whatever is no set of parameters is refused in one line; with --json verify says so in its object too."""
    ran = run(command, params)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    if command == "verify":
        ran = run(command, "--json", params)
        assert (ran.status, ran.json["valid"], ran.json["reason"], ran.err.count("\n")) == (1, False, "malformed", 1)
        assert ran.json["message"] in ran.err


@pytest.mark.parametrize("command", ["sign", "verify"])
def test_a_signature_needs_its_secret(run: Run, command: str) -> None:
    """Without a signature secret the variable is named."""
    ran = run(command, "to=1")
    assert ran.status == 2
    assert "VONAGE_SIGNATURE_SECRET" in ran.err


@pytest.mark.parametrize("timestamp", ["-1", "1000000000000", "0000000000001", "soon", "٣"])
def test_timestamps_that_cannot_be(run: Run, signing: None, timestamp: str) -> None:
    """Among the parameters, one outside the range and one that is no number are refused in one line."""
    refused = (1, "", "smscodec: the parameter timestamp is not a number of Unix seconds\n")
    assert run("sign", f"to=1&timestamp={timestamp}") == refused


@pytest.mark.parametrize("timestamp", ["-1", "1000000000000"])
def test_timestamps_that_no_option_takes(run: Run, signing: None, timestamp: str) -> None:
    """The first before the range and the first after it are a usage error."""
    refused = (2, "", "smscodec: --timestamp is outside 0-999999999999\n")
    assert run("sign", f"--timestamp={timestamp}", "to=1") == refused


@pytest.mark.parametrize("timestamp", ["0", "999999999999"])
def test_timestamps_that_can_be(run: Run, signing: None, timestamp: str) -> None:
    """The first and the last are taken either way."""
    signed_at = [run("sign", f"--timestamp={timestamp}", "to=1"), run("sign", f"to=1&timestamp={timestamp}")]
    assert [ran.out.splitlines()[0].split() for ran in signed_at] == [["timestamp", timestamp]] * 2
    assert [ran.status for ran in signed_at] == [0, 0]


# simulate -----------------------------------------------------------------------------------------------------------


def interrupted(monkeypatch: pytest.MonkeyPatch, use: Callable[[], None]) -> None:
    """In place of the wait: use the simulator once, and then press Ctrl-C."""

    def wait(ended: threading.Event) -> None:
        assert not ended.is_set()
        use()
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation, "wait", wait)


def test_simulate_invents_an_account(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an account the simulator shows an invented one, and what it shows can be sent with."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    seen: list[str] = []

    def use() -> None:
        seen.append(capsys.readouterr().out)
        hello = json.loads(seen[0])
        credentials = Credentials(hello["environment"]["VONAGE_API_KEY"], hello["environment"]["VONAGE_API_SECRET"])
        assert Client(credentials, base_url=hello["url"]).send(TextMessage("447700900000", "AcmeInc", "Hello")).accepted

    interrupted(monkeypatch, use)
    assert main(["simulate", "--json"]) == 130
    event = json.loads(capsys.readouterr().out)
    assert (event["type"], event["http_status"], event["statuses"]) == ("RecordedRequest", 200, [0])


def test_simulate_keeps_the_account_of_the_environment_to_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an account in the environment that one is simulated, and not shown."""
    interrupted(monkeypatch, lambda: None)
    ran = run("simulate")
    assert (ran.status, ran.err) == (130, "")
    assert ran.out.startswith("simulating the SMS API at http://127.0.0.1:")
    assert KEY not in ran.out


@pytest.mark.usefixtures("account")
def test_simulate_reports_requests_and_receipts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each request and each attempt at a receipt is a line, without numbers and texts."""
    running: list[Simulator] = []

    class Watched(Simulator):
        def __enter__(self) -> Self:
            entered = super().__enter__()
            running.append(entered)
            return entered

    def use() -> None:
        client = Client(Credentials(KEY, SECRET), base_url=running[0].url)
        client.send(TextMessage("447700900321", "AcmeInc", "private text"))
        running[0].settle()

    monkeypatch.setattr(simulation, "Simulator", Watched)
    interrupted(monkeypatch, use)
    with hooked([500]) as hook:
        assert main(["simulate", "--receipt-url", hook.url, "--callback-method", "POST"]) == 130
    out = capsys.readouterr().out
    assert "POST /sms/json: HTTP 200, status 0\n" in out
    assert "delivery receipt: pending after 1 attempt, HTTP 500\n" in out
    assert "private" not in out
    assert "900321" not in out


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_simulate_keeps_nothing_back(monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    """A program that reads from a pipe has the address and each event as soon as there is one."""
    arrived = piped(monkeypatch)
    record = RecordedRequest(0, "GET", "/", "", {}, b"", {}, 404, ())
    lines: list[int] = []

    def use() -> None:
        lines.append(arrived.getvalue().count(b"\n"))
        simulation.Report(as_json=bool(options))(record)
        lines.append(arrived.getvalue().count(b"\n"))

    interrupted(monkeypatch, use)
    assert main(["simulate", *options]) == 130
    assert lines == ([1, 2] if options else [2, 3])


REQUESTS = [
    (RecordedRequest(0, "GET", "/a\x1b", "", {}, b"", {}, 404, ()), "GET /a\\x1b: HTTP 404"),
    (RecordedRequest(0, "POST", "/sms/json", "", {}, b"", {}, 200, (0,)), "POST /sms/json: HTTP 200, status 0"),
    (RecordedRequest(0, "POST", "/sms/xml", "", {}, b"", {}, 200, (0, 1)), "POST /sms/xml: HTTP 200, status 0, 1"),
    (RecordedRequest(0, "POST", "/sms/json", "", {}, b"", {}, None, ()), "POST /sms/json: connection dropped"),
]
CALLBACKS: list[tuple[str, tuple[int | None, ...], str]] = [
    ("pending", (500,), "delivery receipt: pending after 1 attempt, HTTP 500"),
    ("delivered", (None, 204), "delivery receipt: delivered after 2 attempts, HTTP 204"),
    ("refused", (500, None), "delivery receipt: refused after 2 attempts, no answer"),
]


@pytest.mark.parametrize(
    ("record", "line"),
    [
        *REQUESTS,
        *(
            (
                RecordedCallback(
                    CallbackKind.RECEIPT,
                    CallbackMethod.GET,
                    "http://127.0.0.1:9/",
                    {},
                    tuple(Attempt(0, answer) for answer in answers),
                    CallbackState(state),
                ),
                line,
            )
            for state, answers, line in CALLBACKS
        ),
    ],
)
def test_what_happened_is_a_line(
    capsys: pytest.CaptureFixture[str], record: RecordedRequest | RecordedCallback, line: str
) -> None:
    """How a request was answered, and what became of a receipt with its latest attempt; all of it in JSON."""
    simulation.Report(as_json=False)(record)
    simulation.Report(as_json=True)(record)
    words, _, fields = capsys.readouterr().out.partition("\n")
    assert words == line
    assert json.loads(fields) == json.loads(json.dumps(record.as_dict()))


@pytest.mark.parametrize("missing", [(), ("VONAGE_API_KEY",), ("VONAGE_API_SECRET",), NAMES[:2]])
@pytest.mark.usefixtures("account")
def test_simulate_shows_just_what_it_invented(monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]) -> None:
    """The command that sends to it has the invented part of the account before it; in JSON that is an object."""
    for name in missing:
        monkeypatch.delenv(name)
    interrupted(monkeypatch, lambda: None)
    invented = {"VONAGE_API_KEY": simulator.API_KEY, "VONAGE_API_SECRET": simulator.API_SECRET}
    shown = "".join(f"{name}={invented[name]} " for name in missing)
    first, second = command_line.run("simulate").out.splitlines()
    url = first.removeprefix("simulating the SMS API at ").removesuffix("; Ctrl-C ends it. In another terminal:")
    assert second == f"  {shown}smscodec send --base-url {url} --to 447700900000 --from AcmeInc Hello"
    found = json.loads(command_line.run("simulate", "--json").out)
    assert found == {
        "event": "listening",
        "url": found["url"],
        "environment": {name: invented[name] for name in missing},
    }


class Gone(io.StringIO):
    """A standard output that nobody reads any more."""

    def write(self, text: str) -> int:
        """Fail as a closed pipe does."""
        raise BrokenPipeError


def test_simulate_ends_when_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first event that finds its reader gone ends the simulator quietly."""
    report = simulation.Report(as_json=True)
    monkeypatch.setattr("sys.stdout", Gone())
    report(RecordedRequest(0, "GET", "/", "", {}, b"", {}, 404, ()))
    assert report.ended.is_set()


def test_simulate_refuses_ports_that_cannot_be(run: Run) -> None:
    """A port out of range is a usage error, and one that is taken is refused in one line."""
    assert run("simulate", "--port", "65536").status == 2
    with Simulator() as sim:
        ran = run("simulate", "--port", sim.url.rpartition(":")[2])
    assert (ran.status, ran.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("url", ["http://[", "ftp://127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1/é", ""])
def test_simulate_refuses_urls_that_cannot_be_called(run: Run, url: str) -> None:
    """A URL for receipts that no webhook can have is a usage error."""
    ran = run("simulate", "--receipt-url", url)
    assert ran.status == 2
    assert "--receipt-url" in ran.err
