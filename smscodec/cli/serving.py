"""``serve``: the segment calculator in the browser, served on this machine until Ctrl-C.

Finds the port, says where the page is, and waits; nothing that is asked there is shown or kept.
"""

from __future__ import annotations

import argparse
import sys
import threading
import webbrowser
from typing import Final

from smscodec.calculator import calculator_server
from smscodec.cli.options import Subparsers
from smscodec.cli.reading import UsageError
from smscodec.cli.writing import add_json, write_json

__all__ = ["add_commands", "wait"]

_EPILOG: Final = """\
Only this machine can open the page, and it loads nothing from elsewhere: what
you type stays here. Programs can use it too: POST /api/measure, in JSON.

examples:
  smscodec serve --open
  smscodec serve --port 8038 --json
"""


def add_commands(subparsers: Subparsers) -> None:
    """Add ``serve``."""
    parser = subparsers.add_parser(
        "serve",
        help="a page that shows what a text costs as it is typed",
        description="Serve the segment calculator, a page for the browser on this machine, until Ctrl-C.",
        epilog=_EPILOG,
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="the port to listen on (default: a free one)")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    add_json(parser)
    parser.set_defaults(run=_serve)


def wait() -> None:
    """Wait for Ctrl-C."""
    threading.Event().wait()


def _serve(arguments: argparse.Namespace) -> int:
    if not 0 <= arguments.port <= 65_535:
        raise UsageError(f"--port {arguments.port} is outside 0-65535")
    server = calculator_server(arguments.port)
    server.start()
    try:
        _announce(server.url, as_json=arguments.json)
        if arguments.open and not webbrowser.open(server.url):
            print(f"smscodec: no browser could be opened; the page is at {server.url}", file=sys.stderr)
        wait()
    except KeyboardInterrupt:
        print("smscodec: the page is no longer served", file=sys.stderr)
        raise
    finally:
        server.close()
    return 0


def _announce(url: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"event": "listening", "url": url})
    else:
        print(f"the segment calculator is at {url}; Ctrl-C ends it")
    print(end="", flush=True)
