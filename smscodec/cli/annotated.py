"""``decode --annotate``: a TPDU explained octet by octet, as a tree for reading or as JSON.

Sets the tree that ``smscodec.tpdu.annotate`` gives; knows no field.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from smscodec.cli.reading import InputRefusedError, UsageError, octets_given
from smscodec.cli.writing import counted, write_json
from smscodec.display import visible
from smscodec.tpdu import Annotation, Direction, annotate, pdu_mode

__all__ = ["add_annotation", "print_annotation"]

_SHOWN_OCTETS: Final = 8
_SUBMIT: Final = 1


def add_annotation(parser: argparse.ArgumentParser) -> None:
    """Add ``--annotate`` and the options that belong to it."""
    parser.add_argument("--annotate", action="store_true", help="explain a whole TPDU, octet by octet")
    parser.add_argument(
        "--direction",
        choices=[direction.value for direction in Direction],
        help="with --annotate, which way the TPDU goes: from the service centre (sc) to the mobile (ms), or back "
        "(default: ms-to-sc for an SMS-SUBMIT, else sc-to-ms)",
    )
    parser.add_argument(
        "--smsc", action="store_true", help="with --annotate, an SMSC address stands in front, as in a modem's PDU mode"
    )
    parser.add_argument(
        "--rp",
        choices=["ack", "error"],
        help="with --annotate, whether a report came in RP-ACK or in RP-ERROR (default: as its second octet looks)",
    )


def print_annotation(arguments: argparse.Namespace) -> int:
    """Explain the octets that were given."""
    if arguments.unpacked or arguments.udhi or arguments.strict or arguments.alphabet is not None:
        raise UsageError("--annotate reads all that from the TPDU: leave the options about its user data away")
    if arguments.length is not None and not arguments.smsc:
        raise UsageError(
            "--annotate reads the length from the TPDU; with --smsc it is the length argument of the modem"
        )
    octets = octets_given(arguments)
    if not octets:
        raise InputRefusedError("there are no octets")
    direction = _direction(octets, arguments)
    rp_error = None if arguments.rp is None else arguments.rp == "error"
    if arguments.smsc:
        tree = pdu_mode.annotate(octets.hex(), direction=direction, length=arguments.length, rp_error=rp_error)
    else:
        tree = annotate(octets, direction=direction, rp_error=rp_error)
    if arguments.json:
        findings = [{"offset": offset, "finding": finding} for offset, finding in tree.all_findings]
        write_json({"findings": findings, "annotation": tree.as_dict()})
    else:
        print("\n".join(_lines(tree)))
        print(counted(len(tree.all_findings), "finding"))
    return 0


def _direction(octets: bytes, arguments: argparse.Namespace) -> Direction:
    """The direction that was asked for, or that of the types which are seen most."""
    if arguments.direction is not None:
        return Direction(arguments.direction)
    first = 1 + octets[0] if arguments.smsc else 0
    submit = first < len(octets) and octets[first] & 0b11 == _SUBMIT
    return Direction.MS_TO_SC if submit else Direction.SC_TO_MS


def _lines(node: Annotation, depth: int = 0) -> Iterator[str]:
    value = "" if node.value is None else f": {visible(str(node.value))}"
    clause = f"  ({node.clause})" if node.clause else ""
    yield f"{node.offset:4}  {_raw(node):<{3 * _SHOWN_OCTETS}} {'  ' * depth}{node.name}{value}{clause}"
    for finding in node.findings:
        yield f"{'':4}  {'':<{3 * _SHOWN_OCTETS}} {'  ' * depth}! {visible(finding)}"
    for child in node.children:
        yield from _lines(child, depth + 1)


def _raw(node: Annotation) -> str:
    """The first octets in hexadecimal, or the bits in their place."""
    if isinstance(node.raw, bytes):
        more = " …" if node.length > _SHOWN_OCTETS else ""
        return node.raw[: _SHOWN_OCTETS - bool(more)].hex(" ").upper() + more
    high, low = node.bits or (7, 0)
    digits = f"{node.raw:0{high - low + 1}b}"
    return f"{'.' * (7 - high)}{digits}{'.' * low}"
