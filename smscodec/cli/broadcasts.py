"""``encode`` and ``decode`` with ``--cbs`` or ``--ussd``: cell broadcast pages and USSD strings.

Turns options into values of ``smscodec.cbs`` and its answers into words; moves no bits itself.

Reference: 3GPP TS 23.041, 9.4.1; 3GPP TS 23.038, 5
"""

from __future__ import annotations

import argparse

from smscodec import cbs
from smscodec.cli.reading import UsageError, text_given
from smscodec.cli.writing import table, write_json
from smscodec.dcs import Alphabet
from smscodec.display.terminal import visible
from smscodec.tpdu.hexadecimal import octets_of

__all__ = ["add_reading", "add_writing", "is_broadcast", "print_read", "print_written"]


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add what ``print_read`` needs to ``decode``."""
    group = parser.add_argument_group("cell broadcast and USSD")
    group.add_argument("--cbs", action="store_true", help="the octets are a cell broadcast page, as after +CBM")
    group.add_argument(
        "--ussd", type=_octet, metavar="DCS", help="the octets are a USSD string under this data coding, such as 0x0F"
    )


def add_writing(parser: argparse.ArgumentParser) -> None:
    """Add what ``print_written`` needs to ``encode``."""
    group = parser.add_argument_group("cell broadcast and USSD")
    group.add_argument("--cbs", action="store_true", help="write cell broadcast pages, up to 15 of them")
    group.add_argument("--ussd", type=_octet, metavar="DCS", help="write a USSD string under this data coding")
    group.add_argument(
        "--data-coding",
        type=_octet,
        metavar="DCS",
        help="with --cbs, the data coding of the pages (default: GSM 7-bit where it holds the text, else UCS-2, as "
        "--language asks)",
    )
    group.add_argument(
        "--language",
        metavar="CODE",
        help="the language of the text, as a name or two letters of ISO 639-1; the data coding says it, or the text",
    )
    group.add_argument(
        "--message-identifier",
        type=_number,
        default=0,
        metavar="N",
        help="with --cbs, the topic of the message, 0-65535 (default: %(default)s)",
    )
    group.add_argument(
        "--serial-number",
        type=_serial_number,
        default=cbs.FIRST_SERIAL_NUMBER,
        metavar="SCOPE,CODE,UPDATE",
        help="with --cbs, geographical scope 0-3, message code 0-1023 and update number 0-15 (default: 1,0,0)",
    )


def _number(digits: str) -> int:
    """A number in decimal, or in hexadecimal after 0x."""
    try:
        return int(digits, 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{digits!r} is not a number such as 15 or 0x0F") from None


def _octet(digits: str) -> int:
    number = _number(digits)
    if not 0 <= number <= 0xFF:
        raise argparse.ArgumentTypeError(f"{digits!r} is outside 0-255")
    return number


def _serial_number(numbers: str) -> cbs.SerialNumber:
    parts = [_number(part) for part in numbers.split(",")]
    if len(parts) != len(cbs.SerialNumber._fields) or not 0 <= parts[0] < len(cbs.GeographicalScope):
        raise argparse.ArgumentTypeError(f"{numbers!r} is not three numbers such as 1,17,0, the first of them 0-3")
    return cbs.SerialNumber(cbs.GeographicalScope(parts[0]), *parts[1:])


def is_broadcast(arguments: argparse.Namespace) -> bool:
    """Whether the arguments ask for these forms; ``UsageError`` if they ask for both."""
    if arguments.cbs and arguments.ussd is not None:
        raise UsageError("--cbs and --ussd are two forms: leave one out")
    return arguments.cbs or arguments.ussd is not None


def print_read(arguments: argparse.Namespace) -> int:
    """Read the page or the string that was given."""
    if arguments.udhi or arguments.unpacked or arguments.length is not None or arguments.alphabet is not None:
        raise UsageError("the data coding of --cbs and --ussd says all that: leave out the options about the alphabet")
    octets = octets_of(text_given(arguments), strict=arguments.strict)
    if arguments.ussd is not None:
        text = cbs.ussd_text(octets, arguments.ussd, strict=arguments.strict)
        if arguments.json:
            write_json({"data_coding": arguments.ussd, "text": text})
        else:
            print("\n".join(map(visible, text.split("\n"))))
        return 0
    page = cbs.Page.from_bytes(octets, strict=arguments.strict)
    if arguments.strict and page.data_coding.alphabet is not Alphabet.DATA_8BIT:
        page.text(strict=True)
    if arguments.json:
        write_json(page.as_dict())
        return 0
    scope, code, update = page.serial_number
    language = f", language {page.language}" if page.language else ""
    print(f"page {page.page}/{page.pages}, message identifier {page.message_identifier}{language}")
    print(f"serial number: scope {scope.name}, code {code}, update {update}")
    readable = page.as_dict()["text"]
    print(page.contents.hex().upper() if readable is None else "\n".join(map(visible, readable.split("\n"))))
    return 0


def print_written(arguments: argparse.Namespace) -> int:
    """Write the text that was given."""
    if arguments.unpacked or arguments.alphabet is not None or arguments.languages or arguments.reference is not None:
        raise UsageError("--cbs and --ussd take a --language or a data coding: leave out the options of short messages")
    text = text_given(arguments)
    if arguments.ussd is not None:
        octets = cbs.ussd_octets(text, arguments.ussd, language=arguments.language)
        if arguments.json:
            write_json({"data_coding": arguments.ussd, "octets": octets.hex()})
        else:
            print(octets.hex().upper())
        return 0
    pages = cbs.pages(
        text,
        serial_number=arguments.serial_number,
        message_identifier=arguments.message_identifier,
        data_coding=arguments.data_coding,
        language=arguments.language,
    )
    if arguments.json:
        write_json({"pages": [page.as_dict() | {"octets": page.to_bytes().hex()} for page in pages]})
    else:
        print(
            table(
                [("page", "octets"), *((f"{page.page}/{page.pages}", page.to_bytes().hex().upper()) for page in pages)]
            )
        )
    return 0
