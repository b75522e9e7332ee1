"""``smscodec serve``: where the page is, and one clear line for whatever keeps it from being served."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import pytest

from smscodec.cli import main, serving
from tests.calculator.asking import ask, calculator, call
from tests.command_line import Outcome, interruptible, piped, run


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the wait: Ctrl-C at once."""

    def wait() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving, "wait", wait)


@pytest.mark.usefixtures("interrupted")
def test_it_says_where_the_page_is() -> None:
    """The address is on standard output, and Ctrl-C ends with status 130 and one line."""
    ended = run("serve")
    assert (ended.status, ended.err.count("\n")) == (130, 1)
    assert ended.out.startswith("the segment calculator is at http://127.0.0.1:")
    ended = run("serve", "--json")
    event = json.loads(ended.out)
    assert event["event"] == "listening"
    assert event["url"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_address_does_not_wait_for_more(monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    """A program that reads it from a pipe has the address as soon as the page is served, which it is until the end."""
    arrived = piped(monkeypatch)
    seen: list[bytes] = []
    serves: list[threading.Thread] = []

    def wait() -> None:
        seen.append(arrived.getvalue())
        serves.extend(thread for thread in threading.enumerate() if thread.name == "smscodec-calculator")
        raise KeyboardInterrupt

    monkeypatch.setattr(serving, "wait", wait)
    assert main(["serve", *options]) == 130
    assert [octets[-1:] for octets in seen] == [b"\n"]
    assert [thread.is_alive() for thread in serves] == [False]


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.usefixtures("interrupted")
def test_open_asks_the_browser(monkeypatch: pytest.MonkeyPatch, found: bool) -> None:
    """The browser gets the page's address; where there is none, that is said and the page is served all the same."""
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return found

    monkeypatch.setattr(webbrowser, "open", browse)
    ended = run("serve", "--open")
    assert ended.status == 130
    assert [f"at {url};" in ended.out for url in opened] == [True]
    assert ("no browser could be opened" in ended.err) != found


@pytest.mark.parametrize("port", ["-1", "65536", "99999999999999999999"])
def test_ports_that_cannot_be(port: str) -> None:
    """A port out of range is a usage error in one line."""
    assert run("serve", f"--port={port}")[:2] == (2, "")


@pytest.mark.parametrize("command", ["serve", "simulate"])
@pytest.mark.parametrize("port", ["1", "65535"])
def test_ports_that_can_be(monkeypatch: pytest.MonkeyPatch, command: str, port: str) -> None:
    """The first and the last port are asked for; here the system is made to say that another program has them."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))

    monkeypatch.setattr("smscodec._loopback._Server", refuse)
    expected = f"smscodec: port {port} of 127.0.0.1 is in use: choose another\n"
    assert run(command, "--port", port) == Outcome(1, "", expected)


def test_a_port_in_use() -> None:
    """A port that someone else has is named in one line, with status 1."""
    with calculator() as server:
        ended = run("serve", "--port", str(server.port))
    expected = f"smscodec: port {server.port} of 127.0.0.1 is in use: choose another\n"
    assert ended == Outcome(1, "", expected)


@pytest.mark.parametrize(
    ("number", "line"),
    [(errno.EACCES, "port 80 of 127.0.0.1 is not for this user: choose one above 1023"), (errno.ENOBUFS, None)],
)
def test_other_reasons_not_to_listen(monkeypatch: pytest.MonkeyPatch, number: int, line: str | None) -> None:
    """A port that takes privileges, and whatever else the system says, is one line too."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("smscodec._loopback._Server", refuse)
    assert run("serve", "--port", "80") == Outcome(1, "", f"smscodec: {line or os.strerror(number)}\n")


@dataclass(frozen=True)
class Address:
    """A server in another process."""

    port: int


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_the_program_serves_until_a_signal() -> None:
    """Run as a program it answers, and ends on Ctrl-C with one line and no traceback."""
    command = interruptible("serve", "--json")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        server = Address(int(json.loads(process.stdout.readline())["url"].rpartition(":")[2]))
        assert call(server).status == 200
        assert ask(server, {"text": "€" * 81}).json["measurement"]["segments"] == 2
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (130, "", "smscodec: the page is no longer served\n")
    finally:
        process.kill()
        process.communicate()


def test_the_program_without_the_privilege_of_low_ports() -> None:
    """Who may not have port 80 is told so in one line by the real system."""
    lowest = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not lowest.exists() or int(lowest.read_text()) <= 80:
        pytest.skip("port 80 takes no privilege on this machine")
    dropped = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root can only give the privilege up with setpriv")
        dropped = ["setpriv", "--bounding-set=-net_bind_service"]
    command = [*dropped, sys.executable, "-m", "smscodec", "serve", "--port", "80"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    expected = "smscodec: port 80 of 127.0.0.1 is not for this user: choose one above 1023\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", expected)
