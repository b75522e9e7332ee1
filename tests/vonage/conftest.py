"""Fixtures for the commands of the SMS API: an account in the environment, a runner, a simulator."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from smscodec.cli import main
from smscodec.simulator import Simulator
from smscodec.vonage.signature import SignatureMethod
from tests.vonage.commands import KEY, NAMES, SECRET, SIGNATURE_SECRET, Ran, Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, account: None) -> Run:
    """Runs a command with octets, or None for a terminal, on standard input; it must never print a secret."""

    def run(*arguments: str, stdin: bytes | None = b"") -> Ran:
        stream = io.TextIOWrapper(io.BytesIO(stdin or b""), encoding="utf-8")
        if stdin is None:
            monkeypatch.setattr(stream, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", stream)
        status = main(arguments)
        ran = Ran(status, *capsys.readouterr())
        for secret in (SECRET, SIGNATURE_SECRET):
            assert secret not in ran.out + ran.err
        return ran

    return run


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account in the environment, with a secret and without a signature."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VONAGE_API_KEY", KEY)
    monkeypatch.setenv("VONAGE_API_SECRET", SECRET)


@pytest.fixture
def signing(monkeypatch: pytest.MonkeyPatch, account: None) -> None:
    """The same account with signed requests."""
    monkeypatch.setenv("VONAGE_SIGNATURE_SECRET", SIGNATURE_SECRET)
    monkeypatch.setenv("VONAGE_SIGNATURE_METHOD", "SHA256")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator with the account of the tests."""
    with Simulator(
        api_key=KEY,
        api_secret=SECRET,
        signature_secret=SIGNATURE_SECRET,
        signature_method=SignatureMethod.SHA256_HMAC,
    ) as running:
        yield running
