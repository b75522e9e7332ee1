"""Every reader of octets from outside, as a fuzzer calls it, and the vectors as its corpus.

Whatever the octets, a reader gives a value or raises DecodeError within them, and nothing else; a value has plain
types, and what lenient reading gives is written and read back as the same value.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from smscodec import Alphabet, DecodeError, FieldError, UserData, UserDataHeader, cbs, gsm7, septets, smpp, ucs2
from smscodec.dcs import CellBroadcastDataCoding
from smscodec.tpdu import Direction, annotate, decode_rp, decode_tpdu, pdu_mode, readings
from smscodec.wap import parse_service_indication
from tests.installed import VECTOR_FOLDER

Reader = Callable[[bytes, bool], object]
"""Reads octets, strictly or not, and checks what it has read."""

MOST_OCTETS: Final = 400


def header(octets: bytes, strict: bool) -> object:
    """User data headers come back octet by octet."""
    read = UserDataHeader.from_bytes(octets, strict=strict)
    assert octets.startswith(read.to_bytes())
    return read.elements, read.concatenation, read.shift_tables


def user_data(octets: bytes, strict: bool) -> object:
    """User data is written again and read as the same, and has a text where it can have one."""
    if len(octets) < 2:
        return None
    length, kind = octets[0], octets[1]
    alphabet = Alphabet(kind % 3)
    options: dict[str, Any] = {"alphabet": alphabet, "has_header": bool(kind & 4), "compressed": bool(kind & 8)}
    read = UserData.from_bytes(octets[2:], length=length, strict=strict, **options)
    again = UserData.from_bytes(read.to_bytes(), length=read.length, **options)
    assert again == read
    return read.as_dict(), read.text(strict=strict)


def tpdu(octets: bytes, strict: bool) -> object:
    """A TPDU of either direction is written again and read as the same."""
    read = [decode_tpdu(octets, direction=direction, strict=strict) for direction in Direction]
    for direction, value in zip(Direction, read, strict=True):
        assert decode_tpdu(value.to_bytes(), direction=direction) == value
        json.dumps(value.as_dict())
    return read


def relay(octets: bytes, strict: bool) -> object:
    """An RP message is written again and read as the same."""
    read = decode_rp(octets, strict=strict)
    assert decode_rp(read.to_bytes()) == read
    return json.dumps(read.as_dict())


def modem(octets: bytes, strict: bool) -> object:
    """The digits of one message; and anything at all in the place of digits."""
    for digits in (octets.hex(), octets.decode("latin-1")):
        try:
            json.dumps(pdu_mode.decode(digits, strict=strict).as_dict())
        except DecodeError as error:
            check(error, len(digits))
    return None


HEADS: Final = ("+CMT: ,24", "+CMGL: 1,1,,24", "+CMGR: 3,,24", "+CDS: 24", "+CBM: 88", '+CUSD: 1,"', "+CMS ERROR: ", "")


def transcript(octets: bytes, _: bool) -> object:
    """Whatever a modem printed is entries, the same in one piece and in several."""
    if not octets:
        return None
    head = HEADS[octets[0] % len(HEADS)]
    for printed in (f"{head}\r\n{octets[1:].hex()}\r\nOK\r\n", head + octets[1:].decode("latin-1")):
        entries = pdu_mode.read(printed)
        reader = pdu_mode.Reader()
        cut = octets[0] * len(printed) // 256
        assert entries == reader.feed(printed[:cut]) + reader.feed(printed[cut:]) + reader.close()
        json.dumps([entry.as_dict() for entry in entries])
    return None


def spoken(octets: bytes, _: bool) -> object:
    """The text of +CUSD is text under any data coding, and one of SMPP's times is a time, none, or an error."""
    if not octets:
        return None
    pdu_mode.ussd(octets[1:].decode("latin-1"), octets[0])
    pdu_mode.ussd(octets[1:].hex(), octets[0])
    return smpp.parse_time(octets)


def record(octets: bytes, strict: bool) -> object:
    """A record of a SIM."""
    return json.dumps(pdu_mode.record(octets, strict=strict).as_dict())


def explained(octets: bytes, _: bool) -> object:
    """Every way to read the octets, and the explanation of the likeliest, which covers them all."""
    for direction in Direction:
        annotate(octets, direction=direction)
    return readings(octets)


def short_message(octets: bytes, strict: bool) -> object:
    """short_message under any data_coding and esm_class."""
    if len(octets) < 2:
        return None
    read = smpp.decode_short_message(octets[0], octets[1], octets[2:], strict=strict)
    return read.as_dict(), read.text(strict=strict)


def receipt(octets: bytes, _: bool) -> object:
    """Anything is a receipt with as many fields as it has, and these are written and read as the same."""
    read = smpp.Receipt.parse(octets)
    json.dumps(read.as_dict())
    return read


def broadcast(octets: bytes, strict: bool) -> object:
    """A cell broadcast page comes back but for the page parameter."""
    page = cbs.Page.from_bytes(octets, strict=strict)
    written = page.to_bytes()
    assert (octets[:5], octets[6:]) == (written[:5], written[6:])
    json.dumps(page.as_dict())
    return page.text(strict=strict)


def ussd(octets: bytes, strict: bool) -> object:
    """A USSD string under any data coding."""
    if not octets:
        return None
    return cbs.ussd_text(octets[1:], CellBroadcastDataCoding(octets[0]), strict=strict)


def packed(octets: bytes, _: bool) -> object:
    """Packed septets come back as they were, whatever the rule for filling."""
    unpacked = bytes(octet & 0x7F for octet in octets[:93])
    assert septets.unpack(septets.pack(unpacked), len(unpacked)) == unpacked
    assert septets.unpack_cbs(septets.pack_cbs(unpacked)) == unpacked.rstrip(b"\r")
    assert septets.unpack_ussd(septets.pack_ussd(unpacked)).rstrip(b"\r") == unpacked.rstrip(b"\r")
    septets.unpack_ussd(octets)
    return gsm7.decode(octets, errors="replace"), ucs2.decode(octets, errors="replace")


def push(octets: bytes, strict: bool) -> object:
    """A Service Indication."""
    return parse_service_indication(octets, strict=strict)


READERS: Final[tuple[Reader, ...]] = (
    header, user_data, tpdu, relay, modem, record, explained, short_message, receipt, broadcast, ussd, packed, push,
    transcript, spoken,
)  # fmt: skip


def check(error: DecodeError, length: int) -> None:
    """An error names a field and a place within what was read, or its end."""
    assert error.field
    assert 0 <= error.offset <= length, f"offset {error.offset} of {length}: {error}"


def one(octets: bytes) -> None:
    """The first octet says which reader reads the rest, and how."""
    if not octets:
        return
    chosen, rest = octets[0], octets[1 : 1 + MOST_OCTETS]
    try:
        READERS[chosen // 2 % len(READERS)](rest, bool(chosen & 1))
    except DecodeError as error:
        check(error, max(len(rest), 8 * len(rest) // 7))
    except FieldError as error:
        if error.field != "alphabet":  # 8-bit and compressed data have no text
            raise


def corpus() -> Iterator[bytes]:
    """The octets of every vector, for every reader."""
    digits: set[str] = set()
    for path in sorted(Path(str(VECTOR_FOLDER)).glob("*.json")):
        if not path.name.startswith(("vonage_", "character_", "text")):
            found = re.findall(r'"((?:[0-9a-f]{2} ?)+)"', path.read_text(encoding="utf-8"))
            digits.update(found[:: 1 + len(found) // 50])
    for octets in map(bytes.fromhex, sorted(digits)):
        for chosen in range(2 * len(READERS)):
            yield bytes([chosen]) + octets[:MOST_OCTETS]


def mutated(draw: random.Random, seeds: list[bytes]) -> bytes:
    """A seed with a few octets changed, doubled, cut away or taken from another."""
    octets = bytearray(draw.choice(seeds))
    for _ in range(draw.randrange(4)):
        place = draw.randrange(1, len(octets) + 1)
        kind = draw.randrange(4)
        if kind == 0 and place < len(octets):
            octets[place] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
        elif kind == 1:
            octets[place:place] = octets[place : place + draw.randrange(8)]
        elif kind == 2:
            del octets[place : place + draw.randrange(1, 8)]
        else:
            other = draw.choice(seeds)
            octets[place:] = other[draw.randrange(len(other)) :]
    return bytes(octets)
