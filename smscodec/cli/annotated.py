"""``decode --annotate``: octets explained one by one, as a tree for reading or as JSON.

Sets the trees that ``smscodec.tpdu`` gives; knows no field.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator
from typing import Final

from smscodec.cli.pasted import entries_given
from smscodec.cli.reading import InputRefusedError, UsageError, text_given
from smscodec.cli.writing import counted, width, write_json
from smscodec.display.terminal import visible
from smscodec.tpdu import Annotation, Direction, annotate, pdu_mode
from smscodec.tpdu.hexadecimal import octets_of

__all__ = ["add_annotation", "print_annotation"]

_SHOWN_OCTETS: Final = 8
_FEWEST_COLUMNS: Final = 12
"""Columns that are always left for words, however narrow the terminal and deep the field."""


def add_annotation(parser: argparse.ArgumentParser) -> None:
    """Add ``--annotate`` and the options that belong to it."""
    parser.add_argument("--annotate", action="store_true", help="explain every octet")
    parser.add_argument(
        "--direction",
        choices=[direction.value for direction in Direction],
        help="with --annotate, which way the TPDU goes: from the service centre (sc) to the mobile (ms), or back "
        "(default: as storage holds it)",
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
        raise UsageError("--annotate reads all that from the TPDU: leave out the options about user data")
    if arguments.length is not None and not arguments.smsc:
        raise UsageError(
            "--annotate reads the length from the TPDU; with --smsc it is the length argument of the modem"
        )
    trees = _trees(arguments)
    if arguments.json:
        write_json({"annotations": [tree.as_dict() for tree in trees]})
        return 0
    for tree in trees:
        print("\n".join(_lines(tree)))
        print(counted(len(tree.all_findings), "finding"))
    return 0


def _trees(arguments: argparse.Namespace) -> list[Annotation]:
    """Explain the octets as the options say, or else in the most likely way."""
    if not arguments.smsc and arguments.direction is None and arguments.rp is None:
        entries = entries_given(arguments, unreadable=True)
        return [entry.annotation or annotate(entry.octets) for entry in entries if entry.octets]
    octets = octets_of(text_given(arguments))
    if not octets:
        raise InputRefusedError("nothing to explain: there are no octets in it")
    direction = None if arguments.direction is None else Direction(arguments.direction)
    rp_error = None if arguments.rp is None else arguments.rp == "error"
    if arguments.smsc:
        return [pdu_mode.annotate(octets.hex(), direction=direction, length=arguments.length, rp_error=rp_error)]
    return [annotate(octets, direction=direction, rp_error=rp_error)]


def _lines(node: Annotation, depth: int = 0) -> Iterator[str]:
    value = "" if node.value is None else f": {visible(str(node.value))}"
    clause = f"  ({node.clause})" if node.clause else ""
    yield _line(f"{node.offset:4}", _raw(node), depth, f"{node.name}{value}{clause}")
    for finding in node.findings:
        yield _line("", "", depth, f"! {visible(finding)}")
    for child in node.children:
        yield from _lines(child, depth + 1)


def _line(offset: str, raw: str, depth: int, words: str) -> str:
    """One line; if the terminal is too narrow, the rest continues below the first word."""
    head = f"{offset:4}  {raw:<{3 * _SHOWN_OCTETS}} {'  ' * depth}"
    if sys.stdout is None or not sys.stdout.isatty():
        return head + words
    columns = max(width(), len(head) + _FEWEST_COLUMNS)
    return textwrap.fill(
        words,
        columns,
        initial_indent=head,
        subsequent_indent=" " * (len(head) + 2),
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
