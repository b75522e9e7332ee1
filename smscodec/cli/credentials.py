"""Where commands get the account's secrets: the environment, or a file that its owner alone can read.

Never from an option, which every user of the machine could see in the list of processes; and nothing read here is ever
printed. It knows files; the names are those of ``smscodec.vonage.credentials``.
"""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from smscodec.cli.reading import InputRefusedError, UsageError
from smscodec.vonage.credentials import VARIABLES, Credentials, method_named
from smscodec.vonage.signature import SignatureMethod

__all__ = ["API_KEY", "API_SECRET", "ENVIRONMENT", "Settings", "add_credentials", "settings_given"]

NAMES: Final = tuple(VARIABLES.values())
API_KEY, API_SECRET, SIGNATURE_SECRET, SIGNATURE_METHOD = NAMES

ENVIRONMENT: Final = f"""\
The account comes from the environment: {API_KEY}, {API_SECRET},
{SIGNATURE_SECRET} (requests are then signed) and {SIGNATURE_METHOD}
(md5hash, md5, sha1, sha256 or sha512); or from lines of the form NAME=VALUE in
the FILE of --credentials, which must be readable by its owner alone. Values are
taken as they are: without quotes.
"""

LARGEST_FILE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Settings:
    """What is known of the account; anything may be missing."""

    api_key: str | None = field(default=None, repr=False)
    api_secret: str | None = field(default=None, repr=False)
    signature_secret: str | None = field(default=None, repr=False)
    signature_method: SignatureMethod | None = None

    def credentials(self) -> Credentials:
        """The credentials to send with; a ``UsageError`` names the variable that is missing."""
        if self.api_key is None:
            raise UsageError(f"{API_KEY} is not set, nor in a file of --credentials")
        if self.api_secret is None and self.signature_secret is None:
            raise UsageError(f"neither {API_SECRET} nor {SIGNATURE_SECRET} is set, nor in a file of --credentials")
        method = self.signature_method if self.signature_secret is not None else None
        return Credentials(
            self.api_key, self.api_secret, signature_secret=self.signature_secret, signature_method=method
        )

    def signature(self) -> tuple[str, SignatureMethod]:
        """The secret and the method to sign with; a ``UsageError`` names the variable that is missing."""
        if self.signature_secret is None:
            raise UsageError(f"{SIGNATURE_SECRET} is not set, nor in a file of --credentials")
        return self.signature_secret, self.signature_method or SignatureMethod.MD5_HASH


def add_credentials(parser: argparse.ArgumentParser) -> None:
    """Add ``--credentials``."""
    parser.add_argument("--credentials", metavar="FILE", help="read the account from FILE and not from the environment")


def settings_given(arguments: argparse.Namespace) -> Settings:
    """The account that the environment or the file of ``add_credentials`` names.

    Raises ``InputRefusedError`` for a file that others can read or that is not made of such lines, and for a value in
    quotes.
    """
    values: Mapping[str, str] = os.environ if arguments.credentials is None else _from_file(arguments.credentials)
    # An empty variable is how a shell unsets one for a single command.
    known = {name: values[name] for name in NAMES if values.get(name)}
    for name, value in known.items():
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            raise InputRefusedError(f"{name} is in quotes, which would count as part of it; write it without")
    return Settings(
        known.get(API_KEY),
        known.get(API_SECRET),
        known.get(SIGNATURE_SECRET),
        method_named(known.get(SIGNATURE_METHOD)),
    )


def _from_file(path: str) -> dict[str, str]:
    with open(path, "rb", opener=_open_at_once) as file:
        # Checked on the open file, so that nobody can exchange it between the check and the reading.
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise InputRefusedError(f"{path}: not a regular file")
        # Windows has no such bits; Python makes some up there.
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InputRefusedError(f"{path}: other users have access to it; run chmod 600 on it")
        octets = file.read(LARGEST_FILE + 1)
    if len(octets) > LARGEST_FILE:
        raise InputRefusedError(f"{path}: too long for a file of credentials")
    values: dict[str, str] = {}
    for number, line in enumerate(_text(path, octets).split("\n"), start=1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        # The line is not shown: a secret may stand where a name should.
        if name not in NAMES or not equals or name in values:
            raise InputRefusedError(f"{path}, line {number}: must be NAME=VALUE, each of {', '.join(NAMES)} once")
        values[name] = value
    return values


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a named pipe would keep the command waiting for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _text(path: str, octets: bytes) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The octet is not named: it may belong to a secret.
        raise InputRefusedError(f"{path}: not UTF-8") from None
