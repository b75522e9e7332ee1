"""SMPP 3.4 over a socket, as little of it as gateways need: binding, short messages both ways, receipts.

A session is the same at either end; a centre is one that listens. What stands in short_message is the business of
``smscodec.smpp``.

Reference: SMPP 3.4, 3.2, 4 and 5.3
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.gateways.programs import BOUND

BIND_TRANSCEIVER: Final = 0x9
SUBMIT_SM: Final = 0x4
DELIVER_SM: Final = 0x5
RESPONSE: Final = 0x8000_0000
BINDS: Final = (0x1, 0x2, BIND_TRANSCEIVER)
_MOST_OCTETS: Final = 100_000


@dataclass(frozen=True)
class Short:
    """The fields of submit_sm and deliver_sm that matter here."""

    source: str
    destination: str
    data_coding: int
    esm_class: int
    short_message: bytes
    registered_delivery: int = 0
    source_ton: int = 1
    parameters: dict[int, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The body of the PDU."""
        source = bytes([self.source_ton, self.source_ton == 1]) + self.source.encode("ascii") + b"\0"
        destination = b"\x01\x01" + self.destination.encode("ascii") + b"\0"
        flags = bytes([self.esm_class, 0, 0]) + b"\0\0" + bytes([self.registered_delivery, 0, self.data_coding, 0])
        body = b"\0" + source + destination + flags + bytes([len(self.short_message)]) + self.short_message
        for tag, value in self.parameters.items():
            body += struct.pack(">HH", tag, len(value)) + value
        return body

    @classmethod
    def from_bytes(cls, body: bytes) -> Short:
        """Read the body of a PDU."""
        _, rest = _text(body)
        source_ton, (source, rest) = rest[0], _text(rest[2:])
        destination, rest = _text(rest[2:])
        esm_class, rest = rest[0], rest[3:]
        _, rest = _text(rest)
        _, rest = _text(rest)
        registered_delivery, _, data_coding, _, length = rest[:5]
        message, rest = rest[5 : 5 + length], rest[5 + length :]
        parameters = {}
        while rest:
            tag, count = struct.unpack(">HH", rest[:4])
            parameters[tag], rest = rest[4 : 4 + count], rest[4 + count :]
        return cls(source, destination, data_coding, esm_class, message, registered_delivery, source_ton, parameters)


def _text(octets: bytes) -> tuple[str, bytes]:
    text, _, rest = octets.partition(b"\0")
    return text.decode("latin-1"), rest


class Session:
    """One connection; short messages that come in are answered, and handed to ``arrived`` with their identifier."""

    def __init__(self, connection: socket.socket, arrived: Callable[[Short, str], None]) -> None:
        self.bound = threading.Event()
        self._connection = connection
        self._arrived = arrived
        self._numbers = itertools.count(1)
        self._identifiers = itertools.count(1)
        self._answers: dict[int, queue.Queue[tuple[int, bytes]]] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def bind(self, name: str = "tests", password: str = "secret") -> None:
        """Ask for a transceiver's session."""
        body = f"{name}\0{password}\0\0".encode() + b"\x34\0\0\0"
        assert self.request(BIND_TRANSCEIVER, body)[0] == 0

    def send(self, command: int, short: Short) -> str:
        """Send a short message; gives the identifier that the other end made."""
        status, body = self.request(command, short.to_bytes())
        assert status == 0, f"refused with status {status}"
        return _text(body)[0]

    def request(self, command: int, body: bytes = b"") -> tuple[int, bytes]:
        """Send a PDU and wait for its answer: status and body."""
        answers: queue.Queue[tuple[int, bytes]] = queue.Queue()
        with self._lock:
            number = next(self._numbers)
            self._answers[number] = answers
        self._write(command, 0, number, body)
        return answers.get(timeout=BOUND)

    def close(self) -> None:
        """End the connection."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._connection.close()

    def _write(self, command: int, status: int, number: int, body: bytes) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._connection.sendall(struct.pack(">IIII", 16 + len(body), command, status, number) + body)

    def _serve(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                length, command, status, number = struct.unpack(">IIII", self._read(16))
                assert 16 <= length <= _MOST_OCTETS, f"a PDU of {length} octets"
                self._take(command, status, number, self._read(length - 16))

    def _read(self, count: int) -> bytes:
        octets = b""
        while len(octets) < count:
            more = self._connection.recv(count - len(octets))
            if not more:
                raise EOFError
            octets += more
        return octets

    def _take(self, command: int, status: int, number: int, body: bytes) -> None:
        if command & RESPONSE:
            answers = self._answers.pop(number, None)
            if answers is not None:
                answers.put((status, body))
            return
        identifier = str(next(self._identifiers))
        if command in BINDS:
            self._write(command | RESPONSE, 0, number, b"tests\0")
            self.bound.set()
        elif command in (SUBMIT_SM, DELIVER_SM):
            self._write(command | RESPONSE, 0, number, (identifier if command == SUBMIT_SM else "").encode() + b"\0")
            self._arrived(Short.from_bytes(body), identifier)
        else:
            self._write(command | RESPONSE, 0, number, b"")


class Centre:
    """Listens for one client after another; ``arrived`` are the short messages with their identifiers, in order."""

    def __init__(self) -> None:
        self.arrived: list[tuple[Short, str]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sessions: list[Session] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def session(self) -> Session | None:
        """The session that was bound last, if any."""
        bound = [session for session in self._sessions if session.bound.is_set()]
        return bound[-1] if bound else None

    def deliver(self, short: Short) -> None:
        """Send a short message to the client that is bound."""
        session = self.session
        assert session is not None, "no client is bound"
        session.send(DELIVER_SM, short)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._sessions.append(Session(connection, lambda *arrival: self.arrived.append(arrival)))

    def close(self) -> None:
        """End everything."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for session in self._sessions:
            session.close()


@contextlib.contextmanager
def centre() -> Iterator[Centre]:
    """An SMPP centre on a free port."""
    listening = Centre()
    try:
        yield listening
    finally:
        listening.close()


@contextlib.contextmanager
def client(port: int, arrived: Callable[[Short, str], None]) -> Iterator[Session]:
    """A transceiver's session with a centre."""
    session = Session(socket.create_connection(("127.0.0.1", port), timeout=BOUND), arrived)
    try:
        session.bind()
        yield session
    finally:
        session.close()
