"""``decode --annotate``: a TPDU explained octet by octet, as a tree for reading or as JSON.

Sets the tree that ``smscodec.tpdu.annotate`` gives; knows no field.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator
from typing import Final

from smscodec.cli.reading import InputRefusedError, UsageError, octets_given
from smscodec.cli.writing import counted, width, write_json
from smscodec.display.terminal import visible
from smscodec.tpdu import Annotation, Direction, annotate, pdu_mode

__all__ = ["add_annotation", "print_annotation"]

_SHOWN_OCTETS: Final = 8
_FEWEST_COLUMNS: Final = 12
"""Room for words, however narrow the terminal and deep the field."""
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
    tree = _tree(octets, arguments, smsc=arguments.smsc)
    if arguments.json:
        findings = [{"offset": offset, "finding": finding} for offset, finding in tree.all_findings]
        write_json({"findings": findings, "annotation": tree.as_dict()})
    else:
        print("\n".join(_lines(tree)))
        print(counted(len(tree.all_findings), "finding") + _advice(tree, octets, arguments))
    return 0


def _tree(octets: bytes, arguments: argparse.Namespace, *, smsc: bool) -> Annotation:
    """The octets explained, with an SMSC address in front of the TPDU or without."""
    direction = _direction(octets, arguments.direction, smsc=smsc)
    rp_error = None if arguments.rp is None else arguments.rp == "error"
    if smsc:
        return pdu_mode.annotate(octets.hex(), direction=direction, length=arguments.length, rp_error=rp_error)
    return annotate(octets, direction=direction, rp_error=rp_error)


def _advice(tree: Annotation, octets: bytes, arguments: argparse.Namespace) -> str:
    """That the other reading finds nothing, where it does: no octet tells whether an SMSC address stands in front."""
    if not tree.all_findings or _tree(octets, arguments, smsc=not arguments.smsc).all_findings:
        return ""
    return f", and none {'without' if arguments.smsc else 'with'} --smsc"


def _direction(octets: bytes, given: str | None, *, smsc: bool) -> Direction:
    """The direction that was asked for, or that of the types which are seen most."""
    if given is not None:
        return Direction(given)
    first = 1 + octets[0] if smsc else 0
    submit = first < len(octets) and octets[first] & 0b11 == _SUBMIT
    return Direction.MS_TO_SC if submit else Direction.SC_TO_MS


def _lines(node: Annotation, depth: int = 0) -> Iterator[str]:
    value = "" if node.value is None else f": {visible(str(node.value))}"
    clause = f"  ({node.clause})" if node.clause else ""
    yield _line(f"{node.offset:4}", _raw(node), depth, f"{node.name}{value}{clause}")
    for finding in node.findings:
        yield _line("", "", depth, f"! {visible(finding)}")
    for child in node.children:
        yield from _lines(child, depth + 1)


def _line(offset: str, raw: str, depth: int, words: str) -> str:
    """One line; on a terminal that is too narrow for it, what is over goes on below, where the words begin."""
    head = f"{offset:4}  {raw:<{3 * _SHOWN_OCTETS}} {'  ' * depth}"
    if sys.stdout is None or not sys.stdout.isatty():
        return head + words
    columns = max(width(), len(head) + _FEWEST_COLUMNS)
    return textwrap.fill(
        words,
        columns,
        initial_indent=head,
        subsequent_indent=" " * (len(head) + 2),
        replace_whitespace=False,
        break_on_hyphens=False,
    )


def _raw(node: Annotation) -> str:
    """The first octets in hexadecimal, or the bits in their place."""
    if isinstance(node.raw, bytes):
        more = " …" if node.length > _SHOWN_OCTETS else ""
        return node.raw[: _SHOWN_OCTETS - bool(more)].hex(" ").upper() + more
    high, low = node.bits or (7, 0)
    digits = f"{node.raw:0{high - low + 1}b}"
    return f"{'.' * (7 - high)}{digits}{'.' * low}"
