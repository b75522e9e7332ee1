"""``simulate``: the stand-in for the SMS API, served from the command line until Ctrl-C.

Says where it listens and what comes in. The secrets of the environment are never shown, numbers and texts only with
``--json``.
"""

from __future__ import annotations

import argparse
import threading
from typing import Final

from smscodec.cli.credentials import API_KEY, API_SECRET, Settings, add_credentials, settings_given
from smscodec.cli.options import Subparsers
from smscodec.cli.reading import UsageError
from smscodec.cli.writing import add_json, counted, write_json
from smscodec.display.terminal import visible
from smscodec.simulator import CallbackMethod, RecordedCallback, RecordedRequest, Simulator, simulator
from smscodec.simulator.checks import is_webhook

__all__ = ["Report", "add_simulate", "wait"]

_EPILOG: Final = """\
The last digits of the recipient choose what happens: 90NN is API status NN, 80NN a receipt with err-code NN, 7001
throttled twice, 7002 the connection dropped, 7004 HTTP 429, 7005 HTTP 502, 7006 partial success, 7007 the receipt
before the reply, 7008 receipts accepted and buffered first, 7009 mixed parts, 7010 a second receipt that contradicts
the first.

The account is the environment's (or that of --credentials) as far as it is set, and an invented one otherwise.

example:
  smscodec simulate --port 8082
"""


def add_simulate(subparsers: Subparsers) -> None:
    """Add ``simulate``."""
    parser = subparsers.add_parser(
        "simulate",
        help="serve the SMS API on this machine, for trying without an account",
        description="Serve a stand-in for the SMS API on this machine, for trying without an account, until Ctrl-C.",
        epilog=_EPILOG,
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="the port to listen on (default: a free one)")
    parser.add_argument("--receipt-url", metavar="URL", help="where delivery receipts go, unless a request says so")
    parser.add_argument(
        "--callback-method",
        choices=[method.value for method in CallbackMethod],
        default=CallbackMethod.POST_JSON.value,
        help="how delivery receipts are sent (default: %(default)s)",
    )
    parser.add_argument(
        "--external-callbacks", action="store_true", help="send delivery receipts to other machines too"
    )
    add_credentials(parser)
    add_json(parser)
    parser.set_defaults(run=_simulate)


class Report:
    """Prints what happens, one event at a time; ``ended`` is set once its output is closed."""

    def __init__(self, *, as_json: bool) -> None:
        self.ended = threading.Event()
        self._as_json = as_json
        self._printing = threading.Lock()

    def __call__(self, record: RecordedRequest | RecordedCallback) -> None:
        """Print one event; any thread may call it."""
        try:
            with self._printing:
                if self._as_json:
                    write_json(record.as_dict())
                else:
                    print(_words(record))
                print(end="", flush=True)
        except OSError:
            self.ended.set()


def wait(ended: threading.Event) -> None:
    """Wait until the output is closed, or for Ctrl-C, which ends the simulator as it ends every command."""
    ended.wait()


def _simulate(arguments: argparse.Namespace) -> int:
    if not 0 <= arguments.port <= 65_535:
        raise UsageError(f"--port {arguments.port} is outside 0-65535")
    if arguments.receipt_url is not None and not is_webhook(arguments.receipt_url):
        raise UsageError("--receipt-url must be an http or https URL of printable ASCII characters, with a host")
    settings = settings_given(arguments)
    report = Report(as_json=arguments.json)
    server = Simulator(
        api_key=settings.api_key or simulator.API_KEY,
        api_secret=settings.api_secret or simulator.API_SECRET,
        signature_secret=settings.signature_secret,
        signature_method=settings.signature_method,
        port=arguments.port,
        receipt_url=arguments.receipt_url,
        callback_method=CallbackMethod(arguments.callback_method),
        external_callbacks=arguments.external_callbacks,
        observe=report,
    )
    with server:
        _announce(server.url, settings, as_json=arguments.json)
        wait(report.ended)
    return 0


def _announce(url: str, settings: Settings, *, as_json: bool) -> None:
    # Shown because they are invented and guard nothing; what the environment holds is not.
    invented = {API_KEY: simulator.API_KEY} if settings.api_key is None else {}
    if settings.api_secret is None:
        invented[API_SECRET] = simulator.API_SECRET
    if as_json:
        write_json({"event": "listening", "url": url, "environment": invented})
        print(end="", flush=True)
        return
    shown = "".join(f"{name}={value} " for name, value in invented.items())
    print(f"simulating the SMS API at {url}; Ctrl-C ends it. In another terminal:")
    print(f"  {shown}smscodec send --base-url {url} --to 447700900000 --from AcmeInc Hello", flush=True)


def _words(record: RecordedRequest | RecordedCallback) -> str:
    if isinstance(record, RecordedRequest):
        outcome = "connection dropped" if record.http_status is None else f"HTTP {record.http_status}"
        statuses = f", status {', '.join(map(str, record.statuses))}" if record.statuses else ""
        return f"{visible(record.method)} {visible(record.path)}: {outcome}{statuses}"
    answer = record.attempts[-1].http_status
    tries = counted(len(record.attempts), "attempt")
    outcome = "no answer" if answer is None else f"HTTP {answer}"
    return f"{record.kind.value}: {record.state.value} after {tries}, {outcome}"
