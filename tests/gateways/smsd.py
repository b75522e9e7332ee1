"""smstools' smsd, run over a modem of ours: files that it is to send, and files of what it has received.

Debian package ``smstools``. One file is one message: lines of ``Name: value``, an empty line, the text.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import Popen
from typing import Final, NamedTuple

from tests.gateways.programs import eventually, program, running

_CONFIGURATION: Final = """
devices = GSM1
user = root
outgoing = {folder}/outgoing
checked = {folder}/checked
failed = {folder}/failed
incoming = {folder}/incoming
report = {folder}/report
sent = {folder}/sent
logfile = {folder}/smsd.log
infofile = {folder}/smsd.working
pidfile = {folder}/smsd.pid
loglevel = 7
delaytime = 1
delaytime_mainprocess = 1
executable_check = no
incoming_utf8 = yes
decode_unicode_text = yes
trust_outgoing = yes
receive_before_send = no

[GSM1]
device = {device}
incoming = yes
report = yes
baudrate = 115200
check_memory_method = 1
memory_start = 1
"""
_FOLDERS: Final = ("outgoing", "checked", "failed", "incoming", "report", "sent")


class Message(NamedTuple):
    """What a file says: its headers, and the octets of its text."""

    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The text, which smsd was told to write as UTF-8."""
        return self.content.decode()


class Smsd:
    """A running smsd and its folders."""

    def __init__(self, folder: Path, process: Popen[bytes]) -> None:
        self.folder = folder
        self.process = process
        self._sent = 0

    def send(self, text: str, **headers: object) -> None:
        """Put a message in the folder of those to be sent, whole at once."""
        self._sent += 1
        head = "".join(f"{name}: {value}\n" for name, value in headers.items())
        written = self.folder / f"message-{self._sent}"
        encoding = "utf-16-be" if headers.get("Alphabet") == "UCS" else "utf-8"
        written.write_bytes(f"{head}\n".encode() + text.encode(encoding))
        written.rename(self.folder / "outgoing" / written.name)

    def messages(self, folder: str, count: int) -> list[Message]:
        """The messages in one of its folders, as soon as there are so many."""
        return eventually(lambda: self._there(folder, count), self.process)

    def _there(self, folder: str, count: int) -> list[Message]:
        with contextlib.suppress(FileNotFoundError):  # smsd renames files while they are listed
            # Parts that wait for others lie in files of their own beside the messages.
            paths = [path for path in (self.folder / folder).iterdir() if not path.name.endswith("-concatenated")]
            found = [_parsed(file) for file in (path.read_bytes() for path in paths) if b"\n\n" in file]
            if len(found) >= count:
                return found
        return []


def _parsed(file: bytes) -> Message:
    head, _, content = file.partition(b"\n\n")
    lines = (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    return Message({name: value.strip() for name, _, value in lines}, content)


@contextlib.contextmanager
def smsd(folder: Path, device: str) -> Iterator[Smsd]:
    """smsd over a device, with everything of its own under ``folder``."""
    command = program("smsd", "smstools")
    for name in _FOLDERS:
        (folder / name).mkdir()
    configuration = folder / "smsd.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, device=device), encoding="utf-8")
    with running([command, f"-c{configuration}", "-t"], folder) as process:
        yield Smsd(folder, process)
