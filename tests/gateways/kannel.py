"""Kannel's bearerbox and smsbox between HTTP and an SMPP centre of ours.

Debian package ``kannel``. We ask it to send by an HTTP request, and it tells us of messages and receipts by others.
"""

from __future__ import annotations

import contextlib
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import Popen
from typing import Final

from tests.gateways.programs import BOUND, eventually, free_port, listens, program, running
from tests.gateways.smpp_session import Centre

_CONFIGURATION: Final = """
group = core
admin-port = {admin}
admin-password = secret
smsbox-port = {smsbox}
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-file = "{folder}/bearerbox.log"
log-level = 1
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {centre}
smsc-username = kannel
smsc-password = secret
system-type = ""
transceiver-mode = true
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
global-sender = 13013
log-file = "{folder}/smsbox.log"
log-level = 1

group = sendsms-user
username = tester
password = secret
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{http}/arrived?from=%p&to=%P&text=%b&coding=%c&charset=%C&udh=%u&class=%m"
"""

Query = Mapping[str, bytes]


class Kannel:
    """A running Kannel: ``arrived`` and ``receipts`` are what it told us, in order, parameters as octets."""

    def __init__(self, sendsms: int) -> None:
        self.arrived: list[Query] = []
        self.receipts: list[Query] = []
        self.process: Popen[bytes] | None = None
        self._sendsms = sendsms
        kannel = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                kannel.take(path, _parsed(query))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]

    def take(self, path: str, query: Query) -> None:
        """Keep what Kannel tells us."""
        (self.receipts if path == "/receipt" else self.arrived).append(query)

    def send(self, to: str, text: bytes, *, receipt: bool = False, **options: str | bytes) -> None:
        """Have Kannel send a message."""
        named = {"username": "tester", "password": "secret", "to": to, "charset": "UTF-8", "text": text} | options
        if receipt:
            url = f"http://127.0.0.1:{self.port}/receipt?kind=%d&text=%A&to={to}"
            named |= {"dlr-mask": "31", "dlr-url": url}
        query = urllib.parse.urlencode(named)
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self._sendsms}/cgi-bin/sendsms?{query}", timeout=BOUND
        ) as answer:
            assert answer.status == 202, answer.read()


def _boxes(port: int) -> str:
    """What bearerbox says of the boxes that are connected to it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/status.txt?password=secret", timeout=BOUND) as answer:
        status: str = answer.read().decode("latin-1")
    return status.partition("Box connections:")[2].partition("SMSC connections:")[0]


def _parsed(query: str) -> Query:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return {name: urllib.parse.unquote_to_bytes(value.replace("+", " ")) for name, _, value in pairs}


@contextlib.contextmanager
def kannel(folder: Path, centre: Centre) -> Iterator[Kannel]:
    """Kannel, bound to a centre, with everything of its own under ``folder``."""
    bearerbox, smsbox = program("bearerbox", "kannel"), program("smsbox", "kannel")
    ports = {name: free_port() for name in ("admin", "smsbox", "sendsms")}
    gateway = Kannel(ports["sendsms"])
    configuration = folder / "kannel.conf"
    text = _CONFIGURATION.format(folder=folder, centre=centre.port, http=gateway.port, **ports)
    configuration.write_text(text, encoding="utf-8")
    serving = threading.Thread(target=gateway.server.serve_forever, daemon=True)
    serving.start()
    try:
        with running([bearerbox, "-v", "4", str(configuration)], folder) as first:
            eventually(lambda: listens(ports["smsbox"]), first)
            with running([smsbox, "-v", "4", str(configuration)], folder) as gateway.process:
                eventually(lambda: listens(ports["sendsms"]), gateway.process)
                eventually(lambda: centre.session, first)
                eventually(lambda: "on-line" in _boxes(ports["admin"]), first)
                yield gateway
    finally:
        gateway.server.shutdown()
        serving.join()
        gateway.server.server_close()
