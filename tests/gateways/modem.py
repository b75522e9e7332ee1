"""A modem in PDU mode: what is put in is there to be listed, or told of at once; what is sent is kept.

It answers what gateways ask of a modem, and OK to whatever it does not know.

Reference: 3GPP TS 27.005, 3 and 4
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import socket
import threading
import tty
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from smscodec.tpdu import SmsDeliver, SmsStatusReport, pdu_mode
from tests.gateways.programs import BOUND

__all__ = ["Modem", "modem_of", "terminal_modem"]

_SMSC: Final = "07911326040000F0"
_CAPACITY: Final = 255

_ANSWERS: Final = {
    "AT+CPIN?": "+CPIN: READY",
    "AT+CSQ": "+CSQ: 20,99",
    "AT+CREG?": "+CREG: 0,1",
    "AT+CGSN": "490154203237518",
    "AT+CIMI": "262011234567890",
    "AT+CGMI": "smscodec",
    "AT+CGMM": "tests",
    "AT+CSCA?": '+CSCA: "+31624000000",145',
    "AT+COPS?": '+COPS: 0,0,"tests"',
    "AT+CMGF?": "+CMGF: 0",
}


class Modem:
    """A modem behind a file descriptor; ``sent`` are the digits that gateways gave to AT+CMGS, in order.

    ``answers`` are those of a particular modem, by command.
    """

    def __init__(self, channel: int, answers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.sent: list[tuple[str, int]] = []
        self.acknowledged = 0
        self._channel = channel
        self._answers = {**_ANSWERS, **answers}
        self._stored: dict[int, tuple[str, int]] = {}
        self._lock = threading.Lock()
        self._awaited: int | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._over.set()
        self._thread.join()

    def tell(self, tpdu: SmsDeliver | SmsStatusReport) -> None:
        """Print what a service centre sent; who reads it acknowledges it by AT+CNMA."""
        digits, length = pdu_mode.encode(tpdu)
        head = f"+CMT: ,{length}" if isinstance(tpdu, SmsDeliver) else f"+CDS: {length}"
        self._write(f"\r\n{head}\r\n{_SMSC}{digits[2:]}\r\n")

    def store(self, tpdu: SmsDeliver | SmsStatusReport) -> None:
        """Put in what a service centre sent, at the first place that is free."""
        digits, length = pdu_mode.encode(tpdu)
        with self._lock:
            index = next(index for index in range(1, _CAPACITY + 1) if index not in self._stored)
            self._stored[index] = _SMSC + digits[2:], length

    @property
    def stored(self) -> int:
        """Messages that no gateway has deleted yet."""
        with self._lock:
            return len(self._stored)

    def _serve(self) -> None:
        buffer = ""
        while not self._over.is_set():
            if not select.select([self._channel], [], [], 0.1)[0]:
                continue
            try:
                octets = os.read(self._channel, 4096)
            except OSError:
                octets = b""
            if not octets:  # nobody has the other end open
                self._over.wait(0.05)
            buffer += octets.decode("latin-1")
            buffer = self._take(buffer)

    def _take(self, buffer: str) -> str:
        """Answer every whole command in the buffer; what is left over is the beginning of the next."""
        while True:
            end = re.search("\x1a" if self._awaited is not None else "[\r\n]", buffer)
            if end is None:
                return buffer
            command, buffer = buffer[: end.start()].strip(), buffer[end.end() :]
            if self._awaited is not None:
                self._sent(command.strip("\x1b"))
            elif command:
                self._write(self._answer(command))

    def _sent(self, digits: str) -> None:
        length, self._awaited = self._awaited, None
        assert length is not None
        with self._lock:
            self.sent.append((digits, length))
            reference = len(self.sent) % 256
        self._write(f"\r\n+CMGS: {reference}\r\n\r\nOK\r\n")

    def _answer(self, command: str) -> str:
        number = int(re.sub(r".*?(\d*)$", r"\1", command) or 0)
        name = command.upper().split("=")[0]
        with self._lock:
            if name == "AT+CMGS":
                self._awaited = number
                return "\r\n> "
            if name == "AT+CMGR":
                return f"{self._listed('+CMGR: 0,,', number)}\r\nOK\r\n"
            if name == "AT+CMGD":
                self._stored.pop(number, None)
            lines = ""
            if command.upper() in self._answers:
                lines = f"\r\n{self._answers[command.upper()]}"
            elif name == "AT+CMGL":
                lines = "".join(self._listed(f"+CMGL: {index},0,,", index) for index in sorted(self._stored))
            elif name in ("AT+CPMS?", "AT+CPMS"):
                used = f"{min(len(self._stored), _CAPACITY)},{_CAPACITY}"
                names = '"SM",' if command.endswith("?") else ""
                lines = "\r\n+CPMS: " + ",".join([names + used] * 3)
            elif name == "AT+CNMA":
                self.acknowledged += 1
        return "\r\nERROR\r\n" if name == "AT+CRSM" else f"{lines}\r\nOK\r\n"  # no files of a SIM here

    def _listed(self, head: str, index: int) -> str:
        if index not in self._stored:
            return ""
        digits, length = self._stored[index]
        return f"\r\n{head}{length}\r\n{digits}\r\n"

    def _write(self, answer: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._channel, answer.encode("latin-1"))


@contextlib.contextmanager
def terminal_modem() -> Iterator[tuple[Modem, str]]:
    """A modem on a pseudo-terminal, and the device at whose other end it is."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    modem = Modem(master)
    try:
        yield modem, os.ttyname(slave)
    finally:
        modem.close()
        os.close(master)
        os.close(slave)


@contextlib.contextmanager
def modem_of(listener: socket.socket, answers: Mapping[str, str]) -> Iterator[Modem]:
    """A modem for the program that connects to a listening socket."""
    listener.settimeout(BOUND)
    connection, _ = listener.accept()
    connection.setblocking(True)
    modem = Modem(connection.fileno(), answers)
    try:
        yield modem
    finally:
        modem.close()
        connection.close()
