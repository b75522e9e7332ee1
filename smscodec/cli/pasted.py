"""``decode`` without options: pasted PDUs and the output of a modem, read in the most likely way.

Sender, time and text first, then how it was read and why. Segments of one message are joined. Sets what
``pdu_mode.read`` and ``Reassembler`` give; knows no octet.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from smscodec import UserData
from smscodec._values import plain
from smscodec.cbs import Page
from smscodec.cli.reading import InputRefusedError, text_given
from smscodec.cli.writing import counted, write_json
from smscodec.display.terminal import visible
from smscodec.errors import DecodeError
from smscodec.reassembly import Reassembled, Reassembler
from smscodec.tpdu import (
    Address,
    Direction,
    Form,
    SmsCommand,
    SmsDeliver,
    SmsStatusReport,
    SmsSubmit,
    Tpdu,
    decode_rp,
    decode_tpdu,
    pdu_mode,
    readings,
)
from smscodec.tpdu.hexadecimal import ODD_DIGIT, octets_of
from smscodec.tpdu.pdu_mode import Decoded, Entry, ModemError, Record, TextMessage

__all__ = ["entries_given", "print_pasted"]

_STATES: Final = ("received, unread", "received, read", "stored, unsent", "stored, sent")
_USSD_STATES: Final = (
    "no further action needed",
    "an answer is expected",
    "ended by the network",
    "another client has answered",
    "not supported",
    "timed out",
)


def entries_given(arguments: argparse.Namespace, *, unreadable: bool = False) -> tuple[Entry, ...]:
    """The entries in the text that was given; raises an error that says where it is not hexadecimal.

    Raises one too if no entry can be read, unless ``unreadable`` permits that.
    """
    text = text_given(arguments)
    entries = pdu_mode.read(text)
    if not entries:
        octets_of(text)  # raises the error for what is not hexadecimal
        raise InputRefusedError("nothing to decode: there are no octets in it")
    if all(entry.value is None and entry.findings and not (unreadable and entry.octets) for entry in entries):
        raise _unreadable(entries[0])
    return entries


def _unreadable(entry: Entry) -> InputRefusedError:
    if entry.command:
        return InputRefusedError(f"{entry.command}: {entry.findings[0]}")
    cure = "give all the digits, or say with --alphabet, --cbs or --ussd what else they are"
    return InputRefusedError(f"the digits: {entry.findings[0]}; {cure}")


def print_pasted(arguments: argparse.Namespace) -> int:
    """Print what the entries say, joined messages joined."""
    entries = entries_given(arguments)
    if arguments.strict:
        for entry in entries:
            _check(entry)
    joined = _joined(entries)
    if arguments.json:
        texts = [{"entries": plain(message.origins), "text": _text_of(message)} for message in joined.values()]
        write_json({"entries": [entry.as_dict() for entry in entries], "joined": texts})
        return 0
    # The segments of a complete message are shown once, in the place of the last one.
    earlier = {place for last, message in joined.items() for place in message.origins if place != last}
    blocks = [_lines(entry, joined.get(place)) for place, entry in enumerate(entries) if place not in earlier]
    print("\n\n".join(map("\n".join, blocks)))
    return 0


def _check(entry: Entry) -> None:
    """Read the octets strictly; ``DecodeError`` says what is wrong, ``InputRefusedError`` that nothing can be read."""
    if ODD_DIGIT in entry.findings:
        raise DecodeError("hex", len(entry.octets), "an odd digit at the end, where octets take two each")
    if entry.value is None and entry.findings:
        raise _unreadable(entry)
    if entry.octets and isinstance(entry.value, Page):
        Page.from_bytes(entry.octets, strict=True)
    elif entry.command and entry.octets:
        direction = Direction.MS_TO_SC if isinstance(entry.value, Decoded) and _goes_up(entry.value.tpdu) else None
        pdu_mode.decode(entry.octets.hex(), direction=direction, length=entry.length, strict=True)
    elif entry.octets:
        best = readings(entry.octets)[0]
        match best.form:
            case Form.PDU_MODE:
                pdu_mode.decode(entry.octets.hex(), direction=best.direction, strict=True)
            case Form.RP:
                decode_rp(entry.octets, strict=True)
            case Form.RECORD:
                pdu_mode.record(entry.octets, strict=True)
            case Form.TPDU:
                decode_tpdu(entry.octets, direction=best.direction or Direction.SC_TO_MS, strict=True)


def _goes_up(tpdu: Tpdu) -> bool:
    return isinstance(tpdu, SmsSubmit | SmsCommand)


def _joined(entries: Sequence[Entry]) -> dict[int, Reassembled]:
    """The complete messages of several segments, by the position of the entry that completes each."""
    reassembler = Reassembler(max_age=len(entries) + 1, max_pending=len(entries) + 1)
    found: dict[int, Reassembled] = {}
    for place, entry in enumerate(entries):
        tpdu = entry.tpdu
        if not isinstance(tpdu, SmsDeliver | SmsSubmit) or tpdu.user_data.header.concatenation is None:
            continue
        other, sent = (tpdu.originator, tpdu.timestamp) if isinstance(tpdu, SmsDeliver) else (tpdu.destination, None)
        for event in reassembler.add((type(tpdu).__name__, other), tpdu.user_data, now=place, sent=sent, origin=place):
            if isinstance(event, Reassembled):
                found[place] = event
    return found


def _text_of(message: Reassembled) -> str | None:
    return message.text() if message.has_text else None


# In words -----------------------------------------------------------------------------------------------------------


def _lines(entry: Entry, joined: Reassembled | None) -> Iterator[str]:
    yield from _content(entry, joined)
    yield _row("Read as", _how(entry))
    yield from (f"  ! {visible(finding)}" for finding in entry.findings)


def _row(name: str, value: str) -> str:
    first, *more = value.split("\n")
    return "\n".join([f"{name:<8} {visible(first)}", *(f"{'':<8} {visible(line)}" for line in more)])


def _content(entry: Entry, joined: Reassembled | None) -> Iterator[str]:
    value = entry.value
    match value:
        case None:
            yield _row(entry.command or "Digits", "cannot be read" if entry.findings else _state(entry))
        case str():
            yield _row({"+CUSD": "USSD", "+CBM": "Page"}.get(entry.command, "Storage"), value)
        case ModemError():
            yield _row("Error", value.meaning if value.code is None else f"{value.code}: {value.meaning}")
        case TextMessage():
            yield _row("To" if entry.stat in (2, 3) else "From", value.number)
            yield from [] if value.time is None else [_row("Time", _time(value.time))]
            yield _row("Text", value.text)
        case Page():
            yield _row("Page", f"{value.page} of {value.pages} of message {value.message_identifier}")
            yield _row("Text", value.text() if value.user_data.alphabet.name != "DATA_8BIT" else value.contents.hex())
        case _:
            yield from _message(entry.tpdu, joined)


def _message(tpdu: Tpdu | None, joined: Reassembled | None) -> Iterator[str]:
    match tpdu:
        case SmsDeliver():
            yield _row("From", _address(tpdu.originator))
            yield _row("Time", _time(tpdu.timestamp))
            yield from _text(tpdu.user_data, joined)
        case SmsSubmit():
            yield _row("To", _address(tpdu.destination))
            yield from _text(tpdu.user_data, joined)
        case SmsStatusReport():
            yield _row(
                "Report", f"message {tpdu.message_reference} to {_address(tpdu.recipient)}: {tpdu.status.meaning}"
            )
            yield _row("Time", f"{_time(tpdu.discharge_time)} (sent {_time(tpdu.timestamp)})")
            if tpdu.user_data is not None:
                yield from _text(tpdu.user_data, None)
        case None:
            yield _row("Message", "without a TPDU")
        case _:
            yield _row("Fields", repr(tpdu))


def _text(data: UserData, joined: Reassembled | None) -> Iterator[str]:
    part = data.header.concatenation
    if joined is not None:
        total = len(joined.parts)
        yield _row("Text", _text_of(joined) or joined.payload.hex().upper())
        yield _row("Joined", f"{total} segments, reference {part.reference if part else '-'}")
        return
    text = data.as_dict()["text"]
    yield _row("Text" if text is not None else "Data", data.payload.hex().upper() if text is None else text)
    if part is not None:
        yield _row("Segment", f"{part.sequence} of {part.total}, reference {part.reference}")


def _address(address: Address) -> str:
    return str(address) or "(no number)"


def _time(moment: datetime | None) -> str:
    return "(no date)" if moment is None else moment.isoformat(sep=" ")


def _state(entry: Entry) -> str:
    """What the number in front of +CUSD says."""
    state = entry.stat
    return _USSD_STATES[state] if state is not None and state < len(_USSD_STATES) else f"state {state}"


def _how(entry: Entry) -> str:
    """How an entry was read, and why."""
    if entry.command == "+CUSD":
        return f"+CUSD, {_state(entry)}"
    if entry.command:
        form = "text mode" if isinstance(entry.value, TextMessage) else entry.command
        parts = [entry.command if form == entry.command else f"{entry.command} in text mode"]
        parts += [] if entry.index is None else [f"index {entry.index}"]
        parts += [] if entry.stat is None else list(_STATES[entry.stat : entry.stat + 1])
        parts += [_kind(entry)] if _kind(entry) else []
        return ", ".join(parts)
    found = readings(entry.octets) if entry.octets else ()
    if not found:
        return "digits"
    others = [len(reading.findings) for reading in found[1:]]
    number = len(found[0].findings)
    why = f"{counted(number, 'finding')}" if number else "no findings"
    if others:
        why += f", where the next likely reading has {min(others) or 'none too'}"
    return f"{found[0].form.value}{f': {_kind(entry)}' if _kind(entry) else ''} ({why})"


def _kind(entry: Entry) -> str:
    """The names of what was read, from the outside to the inside."""
    value = entry.value
    names = []
    if isinstance(value, Decoded) and value.smsc is not None:
        names.append(f"service centre {_address(value.smsc)}")
    if isinstance(value, Record):
        names.append(value.status.name.lower().replace("_", " "))
        names += [] if value.smsc is None else [f"service centre {_address(value.smsc)}"]
    tree = entry.annotation
    if tree is not None and tree.name.startswith("RP"):
        names.append(tree.name)
    named = (node.name for node in (() if tree is None else tree.walk()) if node.name.startswith("SMS-"))
    names += [next(named)] if entry.tpdu is not None and tree is not None else []
    return ", ".join(names)
