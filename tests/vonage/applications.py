"""Web applications served on loopback, so that the simulator can call them as the service would."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

Application = Callable[[dict[str, Any], Any], Any]


class QuietHandler(WSGIRequestHandler):
    """A handler that keeps the tests' output clean."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def served(application: Application) -> Iterator[str]:
    """Serve an application with wsgiref and give its URL."""
    with make_server("127.0.0.1", 0, application, handler_class=QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def as_wsgi(asgi_application: Any) -> Application:
    """An ASGI application behind a WSGI server, its body handed over in two pieces."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        pieces = iter([{"body": body[:7], "more_body": True}, {"body": body[7:]}])
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "query_string": environ["QUERY_STRING"].encode("latin-1"),
            "headers": [
                (b"host", environ["HTTP_HOST"].encode()),
                (b"content-type", environ.get("CONTENT_TYPE", "").encode("latin-1")),
            ],
        }

        async def receive() -> dict[str, Any]:
            piece = next(pieces, None)
            if piece is None:  # the connection stays open
                await asyncio.Event().wait()
            return {"type": "http.request", **(piece or {})}

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        asyncio.run(asgi_application(scope, receive, send))
        start_response(f"{sent[0]['status']} Status", [("Content-Length", "0")])
        return [sent[1].get("body", b"")]

    return application
