"""The commands of the SMS API; ``send`` is defined here.

Turns words into a message and a result into words; what is sent is decided by ``smscodec.vonage``. No secret is ever
printed, and none is taken from an option. Reference: SMS API 1.0.0 and 1.5.1.
"""

from __future__ import annotations

import argparse
from typing import Any, Final

from smscodec._values import plain
from smscodec.cli.credentials import ENVIRONMENT, add_credentials, settings_given
from smscodec.cli.options import Subparsers
from smscodec.cli.reading import UsageError, add_input, text_given
from smscodec.cli.signatures import add_signature_commands
from smscodec.cli.simulation import add_simulate
from smscodec.cli.writing import ALPHABETS, UNITS, add_json, counted, write_json
from smscodec.display import terminal as display
from smscodec.tpdu.hexadecimal import octets_of
from smscodec.vonage.client import Client, Retry
from smscodec.vonage.credentials import AuthPlacement, Credentials
from smscodec.vonage.errors import VonageError
from smscodec.vonage.http import HttpRequest
from smscodec.vonage.request import (
    DEFAULT_BASE_URL,
    BinaryMessage,
    Message,
    TextMessage,
    VCalendarMessage,
    VCardMessage,
    WapPushMessage,
)
from smscodec.vonage.response import PartialFailure, SendError, SendResult
from smscodec.vonage.transport import UrllibTransport

__all__ = ["add_commands"]

_SEND: Final = f"""\
{ENVIRONMENT}
examples:
  smscodec send --to 447700900000 --from AcmeInc --dry-run "Hello"
  smscodec send --to 447700900000 --from AcmeInc --max-segments 2 < message.txt
  smscodec send --to 447700900000 --from AcmeInc --wappush https://example.com "Welcome"
  smscodec send --to 447700900000 --from AcmeInc --vcard < card.vcf
  smscodec send --to 447700900000 --from AcmeInc --base-url http://127.0.0.1:8082 "To smscodec simulate"
"""

_OPTIONS_OF: Final = {
    "text": ("type", "max_segments"),
    "binary": ("udh",),
    "wappush": ("validity",),
    "vcard": (),
    "vcal": (),
}
"""The options that only one kind of message takes."""
_SHARED: Final = (
    "ttl", "status_report_req", "callback", "message_class", "protocol_id", "client_ref", "account_ref", "entity_id",
    "content_id", "trusted_number", "pool_id", "unchecked", "strip_plus",
)  # fmt: skip


def add_commands(subparsers: Subparsers) -> None:
    """Add ``send``, ``sign``, ``verify`` and ``simulate``."""
    parser = subparsers.add_parser(
        "send",
        help="send a message through the SMS API of Vonage (formerly Nexmo)",
        description="Send a message, or show with --dry-run what would be sent and what it would cost.",
        epilog=_SEND,
    )
    add_input(
        parser,
        "TEXT",
        "the text; with --binary the octets in hexadecimal, with --wappush the title, with --vcard and --vcal the card "
        "or event",
    )
    _add_message(parser)
    _add_sending(parser)
    add_credentials(parser)
    add_json(parser)
    parser.set_defaults(run=_send)

    add_signature_commands(subparsers)
    add_simulate(subparsers)


def _add_message(parser: argparse.ArgumentParser) -> None:
    message = parser.add_argument_group("the message")
    message.add_argument("--to", required=True, metavar="NUMBER", help="the recipient: 7 to 15 digits")
    message.add_argument("--strip-plus", action="store_true", help="take a leading + off the recipient's number")
    message.add_argument("--from", dest="sender", required=True, metavar="SENDER", help="a number, or up to 11 letters")
    message.add_argument(
        "--type", choices=("text", "unicode"), help="how the text is sent (default: text where GSM 7-bit holds it)"
    )
    message.add_argument("--max-segments", type=int, metavar="N", help="refuse a text that takes more")
    kinds = message.add_mutually_exclusive_group()
    kinds.add_argument("--binary", action="store_true", help="send octets, given in hexadecimal")
    kinds.add_argument("--wappush", metavar="URL", help="send a link for the handset to open (API 1.0.0)")
    kinds.add_argument("--vcard", action="store_true", help="send a business card (API 1.0.0)")
    kinds.add_argument("--vcal", action="store_true", help="send a calendar event (API 1.0.0)")
    message.add_argument("--udh", metavar="HEX", help="the user data header of --binary")
    message.add_argument("--validity", metavar="MS", help="how many milliseconds the link of --wappush holds")
    message.add_argument("--protocol-id", type=int, metavar="N", help="the protocol identifier, 0-255")
    message.add_argument("--ttl", type=int, metavar="MS", help="give up after so many milliseconds")
    message.add_argument(
        "--receipt",
        dest="status_report_req",
        action=argparse.BooleanOptionalAction,
        help="whether a delivery receipt is wanted (default: as the account has it)",
    )
    message.add_argument("--callback", metavar="URL", help="where its delivery receipts go")
    message.add_argument("--message-class", type=int, metavar="N", help="0-3; 0 is shown at once")
    for name in ("client-ref", "account-ref", "entity-id", "content-id", "pool-id"):
        message.add_argument(f"--{name}", metavar="TEXT", help=f"the parameter {name} of the API")
    message.add_argument(
        "--trusted-number", action="store_true", default=None, help="pass over the account's protection against fraud"
    )
    message.add_argument(
        "--unchecked",
        action="append",
        default=[],
        metavar="NAME",
        help="send this parameter as it is, for example --unchecked from; may be repeated",
    )


def _add_sending(parser: argparse.ArgumentParser) -> None:
    sending = parser.add_argument_group("sending")
    sending.add_argument(
        "--dry-run", action="store_true", help="send nothing; show the request, secret hidden, and plan"
    )
    sending.add_argument("--base-url", default=DEFAULT_BASE_URL, metavar="URL", help="(default: %(default)s)")
    sending.add_argument(
        "--format", choices=("json", "xml"), default="json", help="of the reply (default: %(default)s)"
    )
    sending.add_argument(
        "--placement",
        choices=[placement.value for placement in AuthPlacement],
        default=AuthPlacement.HEADER.value,
        help="where key and secret stand (default: %(default)s)",
    )
    sending.add_argument(
        "--timeout", type=float, default=10.0, metavar="S", help="for each step (default: %(default)s)"
    )
    sending.add_argument(
        "--deadline", type=float, default=30.0, metavar="S", help="for an attempt (default: %(default)s)"
    )
    sending.add_argument(
        "--attempts",
        type=int,
        default=1,
        metavar="N",
        help="try so often while it is certain that nothing was accepted (default: %(default)s)",
    )
    sending.add_argument(
        "--max-wait", type=float, default=10.0, metavar="S", help="longest wait between attempts (default: %(default)s)"
    )


# send ---------------------------------------------------------------------------------------------------------------


def _send(arguments: argparse.Namespace) -> int:
    message = _message(arguments)
    client = _client(arguments, settings_given(arguments).credentials())
    if arguments.dry_run:
        _show_plan(client.build(message), message, arguments)
        return 0
    try:
        result = client.send(message)
    except (SendError, PartialFailure) as error:
        if arguments.json:
            write_json({**error.result.as_dict(), "error": _error_fields(error)})
        elif isinstance(error, PartialFailure):
            print(_parts_table(error.result))
        raise
    except VonageError as error:
        if arguments.json:
            write_json({"error": _error_fields(error)})
        raise
    if arguments.json:
        write_json(result.as_dict())
    else:
        print(_parts_table(result))
    return 0


def _message(arguments: argparse.Namespace) -> Message:
    given = [name for name in _OPTIONS_OF if getattr(arguments, name, None) not in (None, False)]
    kind = given[0] if given else "text"
    for other, names in _OPTIONS_OF.items():
        for name in names:
            if other != kind and getattr(arguments, name) is not None:
                option = name.replace("_", "-")
                condition = "a text alone" if other == "text" else f"--{other}"
                raise UsageError(f"--{option} goes with {condition}")
    own = {name: getattr(arguments, name) for name in (*_OPTIONS_OF[kind], *_SHARED)}
    to, sender = arguments.to, arguments.sender
    match kind:
        case "binary":
            return BinaryMessage(to, sender, octets_of(text_given(arguments), strict=True), **own)
        case "wappush":
            return WapPushMessage(to, sender, text_given(arguments), arguments.wappush, **own)
        case "vcard":
            return VCardMessage(to, sender, text_given(arguments), **own)
        case "vcal":
            return VCalendarMessage(to, sender, text_given(arguments), **own)
    return TextMessage(to, sender, text_given(arguments), **own)


def _client(arguments: argparse.Namespace, credentials: Credentials) -> Client:
    return Client(
        credentials,
        transport=UrllibTransport(timeout=arguments.timeout, deadline=arguments.deadline),
        base_url=arguments.base_url,
        format=arguments.format,
        placement=AuthPlacement(arguments.placement),
        retry=Retry(arguments.attempts, arguments.max_wait),
    )


def _show_plan(request: HttpRequest, message: Message, arguments: argparse.Namespace) -> None:
    plan = message.plan if isinstance(message, TextMessage) else None
    shown = request.as_dict()
    if arguments.json:
        write_json({"request": shown, "plan": None if plan is None else plan.as_dict()})
        return
    headers = [f"{name}: {value}" for name, value in shown["headers"].items()]
    lines = [f"{shown['method']} {shown['url']}", *headers, "", shown["body"], ""]
    if plan is not None:
        units = counted(plan.units, UNITS[plan.alphabet])
        lines.append(f"plan: {counted(plan.segments, 'segment')}, {ALPHABETS[plan.alphabet]}, {units}")
    elif isinstance(message, BinaryMessage):
        lines.append("plan: 1 segment of 8-bit data")
    else:
        lines.append("plan: 8-bit data, which the service divides")
    print("\n".join(display.visible(line) for line in lines))


def _parts_table(result: SendResult) -> str:
    rows = [("", "message id", "status", "network", "price", "balance")]
    for number, part in enumerate(result.parts, start=1):
        status = "accepted" if part.status == 0 else f"{part.status} {part.info.name if part.info else ''}"
        price, balance = (_words(value) for value in (part.message_price, part.remaining_balance))
        rows.append((f"{number}", part.message_id, status, part.network, price, balance))
    return display.table(rows, right={0, 4, 5})


def _words(value: object) -> str:
    return "" if value is None else str(value)


def _error_fields(error: VonageError) -> dict[str, Any]:
    fields: dict[str, Any] = {"type": type(error).__name__, "message": str(error)}
    names = ("status", "name", "meaning", "resolution", "wait", "field")
    return fields | {name: plain(getattr(error, name)) for name in names if hasattr(error, name)}
