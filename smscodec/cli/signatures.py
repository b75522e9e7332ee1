"""``sign`` and ``verify``: the signature of the SMS API's requests and webhooks.

Reads parameters as a webhook's body is read, and leaves the signature to ``smscodec.vonage``. The secret comes from the
environment or a file and is never shown. Reference: SMS API 1.0.0 and 1.5.1, sig.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from typing import Final

from smscodec.cli.credentials import ENVIRONMENT, add_credentials, settings_given
from smscodec.cli.options import Subparsers
from smscodec.cli.reading import InputRefusedError, UsageError, add_input, text_given
from smscodec.cli.writing import add_json, write_json
from smscodec.display import terminal as display
from smscodec.vonage.errors import MalformedWebhook, SignatureError
from smscodec.vonage.signature import base_string, signed, verify
from smscodec.vonage.webhook import parse_webhook

__all__ = ["add_signature_commands"]

_SIGN: Final = f"""\
{ENVIRONMENT}
examples:
  smscodec sign "api_key=abcd1234&from=AcmeInc&to=447700900000&text=Hello"
  smscodec sign --json --timestamp 1700000000 < parameters.json
"""

_VERIFY: Final = f"""\
Exit status 0 when the signature holds, 1 when it does not; the reason is missing, malformed, mismatch or stale.

{ENVIRONMENT}
examples:
  smscodec verify "msisdn=447700900001&timestamp=1700000000&sig=..." --any-age
  smscodec verify --json < webhook.json
"""

_FORM: Final = "application/x-www-form-urlencoded"
_LARGEST_TIMESTAMP: Final = 10**12 - 1


def add_signature_commands(subparsers: Subparsers) -> None:
    """Add ``sign`` and ``verify``."""
    parser = subparsers.add_parser(
        "sign",
        help="sign the parameters of a request to the SMS API",
        description="Print the timestamp and the signature of a request's parameters.",
        epilog=_SIGN,
    )
    add_input(parser, "PARAMETERS", "the parameters as a form (name=value&...) or a JSON object")
    parser.add_argument(
        "--timestamp", type=int, metavar="S", help="Unix seconds (default: the one of the parameters, else now)"
    )
    add_credentials(parser)
    add_json(parser)
    parser.set_defaults(run=_sign)

    parser = subparsers.add_parser(
        "verify",
        help="verify the signature of a webhook of the SMS API",
        description="Say whether the signature of a webhook's parameters holds.",
        epilog=_VERIFY,
    )
    add_input(parser, "PARAMETERS", "the parameters as a query, a form (name=value&...) or a JSON object")
    parser.add_argument("--at", type=int, metavar="S", help="the time to compare with, in Unix seconds (default: now)")
    parser.add_argument(
        "--tolerance", type=int, default=300, metavar="S", help="seconds to allow either way (default: %(default)s)"
    )
    parser.add_argument("--any-age", action="store_true", help="do not look at the timestamp's age")
    add_credentials(parser)
    add_json(parser)
    parser.set_defaults(run=_verify)


def _sign(arguments: argparse.Namespace) -> int:
    secret, method = settings_given(arguments).signature()
    params = _parameters(arguments)
    wire = signed(params, secret, method, timestamp=_timestamp(arguments, params))
    if arguments.json:
        write_json({"method": method.value, "params": wire, "base_string": base_string(wire)})
    else:
        print(display.table([(name, wire[name]) for name in ("timestamp", "sig")]))
    return 0


def _timestamp(arguments: argparse.Namespace, params: Mapping[str, str]) -> int:
    if arguments.timestamp is not None:
        if not 0 <= arguments.timestamp <= _LARGEST_TIMESTAMP:
            raise UsageError(f"--timestamp is outside 0-{_LARGEST_TIMESTAMP}")
        return int(arguments.timestamp)
    given = params.get("timestamp")
    if not given:
        return int(time.time())
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(_LARGEST_TIMESTAMP))):
        raise InputRefusedError("the parameter timestamp is not a number of Unix seconds")
    return int(given)


def _verify(arguments: argparse.Namespace) -> int:
    secret, method = settings_given(arguments).signature()
    tolerance = None if arguments.any_age else arguments.tolerance
    try:
        verify(_parameters(arguments), secret, method, now=arguments.at, tolerance=tolerance)
    except (MalformedWebhook, SignatureError) as error:
        if arguments.json:
            reason = error.reason if isinstance(error, SignatureError) else "malformed"
            write_json({"valid": False, "reason": reason, "message": str(error)})
        raise
    if arguments.json:
        write_json({"valid": True, "reason": None, "message": None})
    else:
        print("the signature holds")
    return 0


def _parameters(arguments: argparse.Namespace) -> Mapping[str, str]:
    text = text_given(arguments).strip()
    content_type = "application/json" if text.startswith("{") else _FORM
    params = parse_webhook("POST", None, content_type, text.encode("utf-8", "surrogatepass")).params
    if not params:
        raise MalformedWebhook("there are no parameters")
    return params
