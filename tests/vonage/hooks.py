"""A webhook of the tests' own: it keeps what it is called with, and answers with the statuses it was given."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qsl


class Call(NamedTuple):
    """One call of the webhook."""

    method: str
    path: str
    query: str
    content_type: str
    body: bytes

    def params(self) -> dict[str, str]:
        """The parameters, read without the package's help."""
        if self.content_type == "application/json":
            return dict(json.loads(self.body))
        return dict(parse_qsl(self.body.decode() or self.query, keep_blank_values=True, strict_parsing=True))


@dataclass
class Hook:
    """A running webhook."""

    url: str
    calls: list[Call] = field(default_factory=list)


@contextlib.contextmanager
def hooked(statuses: Iterable[int] = ()) -> Iterator[Hook]:
    """Serve a webhook; it answers with each status in turn, and with 200 when there are no more."""
    left = iter(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            hook.calls.append(Call(self.command, path, query, self.headers.get("Content-Type", ""), body))
            self.send_response(next(left, 200))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815  # the name is http.server's

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hook = Hook(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
