"""``encode`` and ``decode``: text to the octets of TP-UD, and back.

Turns hexadecimal digits and options into values of the core and its answers into words; moves no bits itself.

Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24
"""

from __future__ import annotations

import argparse
import re
from typing import Any, Final

from smscodec import Alphabet, SegmentedMessage, UserData, gsm7, segment, ucs2
from smscodec.cli import broadcasts
from smscodec.cli.annotated import add_annotation, print_annotation
from smscodec.cli.options import Subparsers, add_alphabet, add_cutting, cutting
from smscodec.cli.pasted import print_pasted
from smscodec.cli.reading import InputRefusedError, UsageError, add_input, text_given, warn
from smscodec.cli.writing import ALPHABETS, add_json, counted, tables_in_words, write_json
from smscodec.dcs import DataCodingScheme
from smscodec.display import terminal as display
from smscodec.tpdu import pdu_mode, submits
from smscodec.tpdu.hexadecimal import octets_of
from smscodec.udh import UserDataHeader

__all__ = ["add_commands"]

_ENCODE: Final = """\
Prints TP-DCS, and for each segment TP-UDHI, TP-UDL and TP-UD as they stand in
an SMS-SUBMIT or SMS-DELIVER. A message of several segments needs a
--reference. With --unpacked, prints the payload of each segment on a line of
its own: septets in an octet each, as SMPP has them, or UTF-16BE, without any
header. With --to, prints SMS-SUBMITs for a modem in PDU mode: the AT+CMGS
command with its length, and the digits to give at its prompt.

examples:
  smscodec encode "Hello"
  smscodec encode --reference 42 < long-message.txt
  smscodec encode --to +15550100 "Hello"
  smscodec encode --unpacked "Hello {name}"
  smscodec encode --alphabet gsm7 --errors replace "Привет, Anna"
  smscodec encode --cbs --language en --message-identifier 50 "Storm warning"
"""

_DECODE: Final = """\
Reads pasted PDUs and the output of a modem: a TPDU in either direction, with
or without a service centre in front, a SIM record or an RP message; one or
several, on one line or more. Prints sender, time and text, joins the segments
of a message, and says how it read them and why. Errors are read as far as
possible; --strict refuses them instead. With --annotate, explains every octet.

With --alphabet, --udhi, --length or --unpacked, reads bare user data (TP-UD)
instead. Without --length, as many septets are read as the octets hold. Where
the last seven of all the bits are zero, they are an @ or spare, and only
--length can tell. Line feeds of the text come out as line breaks.

examples:
  smscodec decode 000100028121000005C8329BFD06
  smscodec decode < transcript-of-a-modem.txt
  smscodec decode --alphabet gsm7 C8329BFD06
  smscodec decode --alphabet ucs2 "04 1F 04 40 04 38"
  smscodec decode --udhi --length 18 0500032A0202C2E170380CBABFE56C32
  smscodec decode --unpacked "48 69 1B 65"
  smscodec decode --annotate 010005812143F5000005C8329BFD06
  smscodec decode --cbs 011000320111C2327BFC76BBCBEE46A3D168341A8D46
  smscodec decode --ussd 0x0F AA180C3602
"""

_HANDLERS: Final = ("strict", "replace", "ignore", "backslashreplace", "namereplace", "xmlcharrefreplace")


def add_commands(subparsers: Subparsers) -> None:
    """Add ``encode`` and ``decode``."""
    parser = subparsers.add_parser(
        "encode", help="text to octets in hexadecimal", description="Encode a text as octets.", epilog=_ENCODE
    )
    add_input(parser, "TEXT", "the text")
    add_cutting(parser)
    parser.add_argument("--unpacked", action="store_true", help="the payload alone, each septet in an octet")
    parser.add_argument("--to", type=_number, metavar="NUMBER", help="print PDUs for AT+CMGS to this number")
    parser.add_argument(
        "--smsc", type=_number, metavar="NUMBER", help="with --to, the service centre (default: that of +CSCA)"
    )
    parser.add_argument(
        "--errors",
        choices=_HANDLERS,
        default="strict",
        metavar="HANDLER",
        help="with --alphabet gsm7, what to do with characters that the default alphabet lacks: "
        f"{', '.join(_HANDLERS)} (default: %(default)s)",
    )
    broadcasts.add_writing(parser)
    add_json(parser)
    parser.set_defaults(run=_encode)

    parser = subparsers.add_parser(
        "decode", help="octets in hexadecimal to text", description="Decode octets as text.", epilog=_DECODE
    )
    add_input(parser, "HEX", "hexadecimal digits, or the lines of a modem; blanks, colons and 0x are passed over")
    add_alphabet(parser, "read bare user data in this alphabet", data=True)
    parser.add_argument(
        "--length",
        type=_length,
        metavar="N",
        help="TP-UDL: septets, header included, for gsm7; otherwise octets. With --annotate --smsc, the length "
        "argument that the modem gave",
    )
    parser.add_argument("--udhi", action="store_true", help="the octets begin with a user data header")
    parser.add_argument("--unpacked", action="store_true", help="each octet holds one septet")
    parser.add_argument("--strict", action="store_true", help="refuse what breaks the rules, and say where")
    add_annotation(parser)
    broadcasts.add_reading(parser)
    add_json(parser)
    parser.set_defaults(run=_decode)


def _number(written: str) -> str:
    """A number without the marks that people set its digits apart with; a name as it is."""
    bare = re.sub(r"[ ().-]", "", written)
    return bare if re.fullmatch(r"\+?[0-9]+", bare, re.ASCII) else written


def _length(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise argparse.ArgumentTypeError(f"{digits!r} is not a number of septets or octets")
    return int(digits)


# encode -------------------------------------------------------------------------------------------------------------


def _encode(arguments: argparse.Namespace) -> int:
    if broadcasts.is_broadcast(arguments):
        return broadcasts.print_written(arguments)
    if arguments.errors != "strict" and (arguments.alphabet is not Alphabet.GSM_7BIT or arguments.languages):
        raise UsageError("--errors is about the default alphabet: it needs --alphabet gsm7, without --languages")
    if arguments.smsc is not None and arguments.to is None:
        raise UsageError("--smsc belongs to --to")
    options, text = cutting(arguments), text_given(arguments)
    if arguments.errors != "strict":
        text = gsm7.decode(gsm7.encode(text, errors=arguments.errors))
    message = segment(text, **options)
    if arguments.unpacked:
        return _print_unpacked(message, as_json=arguments.json)
    if len(message) > 1 and message.reference is None:
        raise InputRefusedError(
            f"this text takes {len(message)} segments, which need a --reference, such as --reference 1; "
            "take a different one for each message"
        )
    if arguments.to is not None:
        return _print_pdus(message, arguments)
    dcs = DataCodingScheme.general(message.alphabet).octet
    parts = [(part.sequence, part.user_data) for part in message]
    if arguments.json:
        segments = [{"sequence": sequence, **_user_data_fields(user_data)} for sequence, user_data in parts]
        write_json({**_plan_fields(message), "dcs": dcs, "segments": segments})
        return 0
    tables = tables_in_words(message.tables)
    print(f"{ALPHABETS[message.alphabet]}{f' ({tables})' if tables else ''}, TP-DCS {dcs:02X}")
    rows = [("segment", "TP-UDHI", "TP-UDL", "TP-UD")]
    rows += [
        (f"{sequence}/{len(message)}", str(_udhi(user_data)), str(user_data.length), _hex(user_data.to_bytes()))
        for sequence, user_data in parts
    ]
    print(display.table(rows, right={0, 1, 2}))
    return 0


def _print_pdus(message: SegmentedMessage, arguments: argparse.Namespace) -> int:
    """The SMS-SUBMITs of a message as AT+CMGS takes them: its length argument, and the digits for the prompt."""
    made = submits(message, destination=arguments.to)
    pdus = [(tpdu, *pdu_mode.encode(tpdu, smsc=arguments.smsc)) for tpdu in made]
    if arguments.json:
        write_json(
            {"pdus": [{"length": length, "digits": digits, "tpdu": tpdu.as_dict()} for tpdu, digits, length in pdus]}
        )
    else:
        print("\n".join(f"AT+CMGS={length}\n{digits}" for _, digits, length in pdus))
    return 0


def _print_unpacked(message: SegmentedMessage, *, as_json: bool) -> int:
    payloads = [
        gsm7.encode(part.text, message.tables) if message.alphabet is Alphabet.GSM_7BIT else ucs2.encode(part.text)
        for part in message
    ]
    if as_json:
        segments = [{"sequence": sequence, "payload": _hex(payload)} for sequence, payload in enumerate(payloads, 1)]
        write_json({**_plan_fields(message), "segments": segments})
    else:
        print("\n".join(map(_hex, payloads)))
    return 0


def _plan_fields(message: SegmentedMessage) -> dict[str, Any]:
    return {"alphabet": message.alphabet.name, "tables": message.tables.as_dict()}


def _user_data_fields(user_data: UserData) -> dict[str, Any]:
    return {
        "udhi": _udhi(user_data),
        "udl": user_data.length,
        "ud": _hex(user_data.to_bytes()),
        "header": _hex(user_data.header.to_bytes()),
        "payload": _hex(user_data.payload),
    }


def _udhi(user_data: UserData) -> int:
    return 1 if user_data.header.octet_length else 0


def _hex(octets: bytes) -> str:
    return octets.hex().upper()


# decode -------------------------------------------------------------------------------------------------------------


def _decode(arguments: argparse.Namespace) -> int:
    if arguments.annotate:
        return print_annotation(arguments)
    if arguments.direction is not None or arguments.smsc or arguments.rp is not None:
        raise UsageError("--direction, --smsc and --rp belong to --annotate")
    if broadcasts.is_broadcast(arguments):
        return broadcasts.print_read(arguments)
    if not (arguments.alphabet is not None or arguments.udhi or arguments.unpacked or arguments.length is not None):
        return print_pasted(arguments)
    alphabet: Alphabet = arguments.alphabet or Alphabet.GSM_7BIT
    if arguments.unpacked:
        if alphabet is not Alphabet.GSM_7BIT or arguments.udhi or arguments.length is not None:
            raise UsageError("--unpacked is about septets alone: leave out --udhi, --length and other alphabets")
        found = UserData(Alphabet.GSM_7BIT, octets_of(text_given(arguments), strict=arguments.strict))
    else:
        found = _user_data(octets_of(text_given(arguments), strict=arguments.strict), alphabet, arguments)
    text = None if alphabet is Alphabet.DATA_8BIT else found.text(strict=arguments.strict)
    if arguments.json:
        write_json(found.as_dict())
        return 0
    for element in found.header.elements:
        print(f"header: {display.visible(repr(element))}")
    if found.header.ignored:
        print(f"header: {_ignored(found.header)}")
    print(_hex(found.payload) if text is None else _with_line_breaks(text))
    return 0


def _user_data(octets: bytes, alphabet: Alphabet, arguments: argparse.Namespace) -> UserData:
    length = arguments.length
    if length is None:
        length = _septets_held(octets) if alphabet is Alphabet.GSM_7BIT else len(octets)
    elif not arguments.strict:
        _check_length(length, octets, alphabet)
    return UserData.from_bytes(
        octets, length=length, alphabet=alphabet, has_header=arguments.udhi, strict=arguments.strict
    )


def _check_length(length: int, octets: bytes, alphabet: Alphabet) -> None:
    """Refuse a length that passes the end of the octets, and warn of one that leaves some of them out."""
    in_septets = alphabet is Alphabet.GSM_7BIT
    covered = (7 * length + 7) // 8 if in_septets else length
    if covered > len(octets):
        most = 8 * len(octets) // 7
        held = f", with room for {counted(most, 'septet')}" if in_septets else ""
        raise InputRefusedError(f"--length {length} takes {counted(covered, 'octet')}, found {len(octets)}{held}")
    if rest := len(octets) - covered:
        warn(f"--length {length} takes {counted(covered, 'octet')}; passed over: {counted(rest, 'octet')}")


def _septets_held(octets: bytes) -> int:
    """Septets in packed octets; refuses to guess whether the last is an @ or spare (decision D13)."""
    held = 8 * len(octets) // 7
    if octets and len(octets) % 7 == 0 and octets[-1] < 2:
        raise InputRefusedError(
            f"the last seven bits are zero, an @ or spare: give --length {held} for the @, or --length {held - 1}"
        )
    return held


def _ignored(header: UserDataHeader) -> str:
    """Why a header without elements was ignored, and its octets."""
    if header.ignored == b"\x00":
        return "empty, 00"
    what = "it passes the end of the octets" if header.truncated else "its elements do not fill it exactly"
    return f"ignored, {what}: {_hex(header.ignored)}"


def _with_line_breaks(text: str) -> str:
    return "\n".join(map(display.visible, text.split("\n")))
