"""The account that commands read from the environment or from a file: what is taken, and what is refused unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smscodec.simulator import Simulator
from tests.vonage.commands import KEY, NAMES, SECRET, SIGNATURE_SECRET, TO, Run


def written(path: Path, text: str, mode: int = 0o600) -> str:
    """A file of credentials."""
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def test_credentials_file_replaces_the_environment(
    run: Run, sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --credentials the environment is not looked at; comments and blank lines may stand in the file."""
    monkeypatch.setenv("VONAGE_API_SECRET", "another")
    path = written(tmp_path / "account", f"# mine\n\nVONAGE_API_KEY = {KEY}\r\nVONAGE_API_SECRET={SECRET}\n")
    assert run("send", *TO, "--base-url", sim.url, "--credentials", path, "Hello").status == 0
    assert run("send", *TO, "--base-url", sim.url, "Hello").status == 1


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has permission bits that say who may read a file")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_credentials_that_others_can_read_are_refused(run: Run, tmp_path: Path, mode: int) -> None:
    """A file to which anybody but its owner has access is not read."""
    path = written(tmp_path / "account", f"VONAGE_API_KEY={KEY}\nVONAGE_API_SECRET={SECRET}\n", mode)
    ran = run("send", *TO, "--credentials", path, "Hello")
    assert ran.status == 1
    assert "chmod 600" in ran.err


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SECRET, 1),
        (f"API_SECRET={SECRET}", 1),
        ("VONAGE_API_KEY", 1),
        (f"# mine\n\n  # mine\nVONAGE_API_KEY: {KEY}", 4),
        (f"VONAGE_API_KEY={KEY}\nVONAGE_API_KEY={KEY}", 2),
    ],
)
def test_credentials_files_that_are_not_understood(run: Run, tmp_path: Path, text: str, line: int) -> None:
    """A line that is no setting, or a second one of its name, is refused by its number, and never shown."""
    path = written(tmp_path / "account", text)
    said = f"smscodec: {path}, line {line}: must be NAME=VALUE, each of {', '.join(NAMES)} once\n"
    assert run("send", *TO, "--credentials", path, "Hello") == (1, "", said)


def test_a_method_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    """In one line that names the variable and the methods that there are."""
    path = written(tmp_path / "account", "VONAGE_SIGNATURE_METHOD=rot13")
    said = "signature_method: VONAGE_SIGNATURE_METHOD must be one of md5hash, md5, sha1, sha256, sha512"
    assert run("send", *TO, "--credentials", path, "Hello") == (1, "", f"smscodec: {said}\n")


@pytest.mark.parametrize("more", [0, 1])
def test_how_long_a_file_of_credentials_may_be(run: Run, tmp_path: Path, more: int) -> None:
    """Up to 65,536 octets, so that a file named by mistake is not read through."""
    text = f"VONAGE_API_KEY={KEY}\nVONAGE_API_SECRET={SECRET}\n"
    path = written(tmp_path / "account", text + "#" * (65_536 + more - len(text)))
    ran = run("send", *TO, "--dry-run", "--credentials", path, "Hello")
    assert (ran.status, ran.err) == (more, f"smscodec: {path}: too long for a file of credentials\n" * more)


def test_a_signature_is_an_md5_hash_unless_something_else_is_said(run: Run, tmp_path: Path) -> None:
    """The method may be left out, and so may the API secret where there is one to sign with."""
    path = written(tmp_path / "account", f"VONAGE_API_KEY={KEY}\nVONAGE_SIGNATURE_SECRET={SIGNATURE_SECRET}\n")
    assert run("sign", "--json", "--credentials", path, "to=1").json["method"] == "md5hash"
    assert "&sig=" in run("send", *TO, "--dry-run", "--credentials", path, "Hello").out


def test_credentials_that_are_no_text_are_named_and_not_shown(run: Run, tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused by its name, and none of its octets is shown."""
    path = Path(written(tmp_path / "account", ""))
    path.write_bytes(b"VONAGE_API_SECRET=\xe9\n")
    ran = run("send", *TO, "--credentials", str(path), "Hello")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert str(path) in ran.err
    assert "0xE9" not in ran.err


def test_credentials_may_begin_with_a_mark(run: Run, sim: Simulator, tmp_path: Path) -> None:
    """The mark that some editors put before UTF-8 is no part of the first name."""
    path = written(tmp_path / "account", f"\ufeffVONAGE_API_KEY={KEY}\nVONAGE_API_SECRET={SECRET}\n")
    assert run("send", *TO, "--base-url", sim.url, "--credentials", path, "Hello").status == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has named pipes")
def test_credentials_come_from_a_file(run: Run, tmp_path: Path) -> None:
    """A named pipe, which nobody may ever write to, and a directory are refused at once."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path / "pipe", tmp_path):
        ran = run("send", *TO, "--credentials", str(path), "Hello")
        assert (ran.status, ran.out) == (1, "")
        assert ran.err in {f"smscodec: {path}: not a regular file\n", f"smscodec: {path}: Is a directory\n"}


def test_credentials_are_read_where_no_file_can_be_opened_at_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system without the flag for it, as Windows is, opens the file as any other."""
    monkeypatch.delattr(os, "O_NONBLOCK", raising=False)
    path = written(tmp_path / "account", f"VONAGE_API_KEY={KEY}\nVONAGE_API_SECRET={SECRET}\n")
    assert run("send", *TO, "--dry-run", "--credentials", path, "Hello").status == 0


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_are_no_part_of_a_value(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quote: str) -> None:
    """A value in quotes, which a shell would take away, is refused by its name wherever it comes from."""
    quoted = f"{quote}{SECRET}{quote}"
    path = written(tmp_path / "account", f"VONAGE_API_KEY={KEY}\nVONAGE_API_SECRET={quoted}\n")
    monkeypatch.setenv("VONAGE_API_SECRET", quoted)
    for options in (("--credentials", path), ()):
        ran = run("send", *TO, *options, "Hello")
        assert (ran.status, ran.err.count("\n")) == (1, 1)
        assert "VONAGE_API_SECRET" in ran.err
        assert SECRET not in ran.err


def test_credentials_files_that_are_not_there(run: Run, tmp_path: Path) -> None:
    """A missing file is one line, as for any other file."""
    ran = run("send", *TO, "--credentials", str(tmp_path / "none"), "Hello")
    assert (ran.status, ran.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("missing", ["VONAGE_API_KEY", "VONAGE_API_SECRET"])
def test_an_account_that_is_not_whole(run: Run, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """A variable that is missing, or set to nothing, is named, and nothing is sent."""
    monkeypatch.setenv(missing, "")
    ran = run("send", *TO, "Hello")
    assert ran.status == 2
    assert missing in ran.err


def test_secrets_with_a_stray_line_end_are_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that was pasted with its line end is refused by name, and not shown."""
    monkeypatch.setenv("VONAGE_API_SECRET", SECRET + "\n")
    ran = run("send", *TO, "Hello")
    assert ran.status == 1
    assert "api_secret" in ran.err
