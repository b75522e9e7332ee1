"""Delivery receipts: the text that a service centre reports in, read as centres really write it.

    id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:…

Centres put the fields in other orders, in capitals, leave some out, write dates of 12 or 16 characters, and letters
where the specification has digits. Whatever data_coding says, a receipt is ASCII, or by mistake UTF-16.

Reference: SMPP 3.4, appendix B, 5.2.28, 5.3.2.12, 5.3.2.31 and 5.3.2.35; 3GPP TS 23.040, 9.2.3.15
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, Self

from smscodec._checks import Octets, check_whole
from smscodec._values import Value, plain
from smscodec.errors import DecodeError, FieldError
from smscodec.smpp._times import parse_time, time

__all__ = ["MessageState", "Receipt"]


class MessageState(IntEnum):
    """What became of a message; the values are those of message_state.

    >>> Receipt.parse("id:42 stat:UNDELIV err:069").state
    <MessageState.UNDELIVERABLE: 5>

    Reference: SMPP 3.4, 5.2.28
    """

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8

    @property
    def stat(self) -> str:
        """The seven letters, or fewer, that stand for it in the text of a receipt.

        >>> MessageState.UNDELIVERABLE.stat
        'UNDELIV'
        """
        return _SHORTENED.get(self, self.name)

    @property
    def status(self) -> int:
        """The TP-ST that says the same; of several the least specific.

        >>> hex(MessageState.EXPIRED.status)
        '0x46'

        Reference: 3GPP TS 23.040, 9.2.3.15
        """
        return _STATUSES[self]

    @property
    def final(self) -> bool:
        """Whether no other state follows.

        ENROUTE is not final, and neither is ACCEPTED here: the specification means a message that was read on behalf of
        the recipient, and most centres a message that is on its way.
        """
        return self not in (MessageState.ENROUTE, MessageState.ACCEPTED)

    @classmethod
    def from_stat(cls, stat: str) -> Self | None:
        """The state that the letters in a receipt stand for, in capitals or not, shortened or not; None if unknown.

        >>> MessageState.from_stat("Delivrd")
        <MessageState.DELIVERED: 2>
        """
        return next((state for state in cls if stat.upper() in (state.stat, state.name)), None)

    @classmethod
    def from_status(cls, status: int) -> Self:
        """The state that a TP-ST says; ``FieldError("status")`` outside 0–255.

        0x00 alone is DELIVERED: after the other completed transactions the centre cannot tell, which is ACCEPTED, or
        the message was replaced, which is DELETED. While the centre is still trying it is ENROUTE. Reserved values are
        taken as service rejected.

        >>> MessageState.from_status(0x46)
        <MessageState.EXPIRED: 3>

        Reference: 3GPP TS 23.040, 9.2.3.15
        """
        check_whole("status", status, 0, 0xFF)
        if status in _STATES:
            return cls(_STATES[status])
        if status < 0x20:
            return cls(MessageState.ACCEPTED)
        if status < 0x40:
            return cls(MessageState.ENROUTE)
        return cls(MessageState.UNDELIVERABLE if status < 0x80 else MessageState.REJECTED)


_SHORTENED: Final = {
    MessageState.DELIVERED: "DELIVRD",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.REJECTED: "REJECTD",
}
_STATUSES: Final = {
    MessageState.ENROUTE: 0x20,
    MessageState.DELIVERED: 0x00,
    MessageState.EXPIRED: 0x46,
    MessageState.DELETED: 0x47,
    MessageState.UNDELIVERABLE: 0x40,
    MessageState.ACCEPTED: 0x01,
    MessageState.UNKNOWN: 0x49,
    MessageState.REJECTED: 0x63,
}
_STATES: Final = {
    **{status: state for state, status in _STATUSES.items()},
    0x02: MessageState.DELETED,  # replaced by the service centre
    0x42: MessageState.REJECTED,  # connection rejected by the SME
    0x48: MessageState.DELETED,  # by the service centre's administration
}


@dataclass(frozen=True, slots=True)
class Receipt(Value):
    """One delivery receipt, or intermediate notification.

    ``id``, ``stat`` and ``err`` are as they were written, ``sub`` and ``dlvrd`` numbers, dates with a zone only where
    one was written; a field that was missing, or that made no sense, is None. ``message_state``,
    ``receipted_message_id`` and ``network_error_code`` are the optional parameters beside the text. Centres are known
    to write the same identifier in hexadecimal in one place and in decimal in the other: compare as your centre does.

    >>> Receipt(id="42", stat="DELIVRD", err="000").format()
    'id:42 stat:DELIVRD err:000'

    Reference: SMPP 3.4, appendix B
    """

    id: str | None = None
    sub: int | None = None
    dlvrd: int | None = None
    submit_date: datetime | None = None
    done_date: datetime | None = None
    stat: str | None = None
    err: str | None = None
    text: str | None = None
    message_state: int | None = None
    receipted_message_id: str | None = None
    network_error_code: bytes | None = None

    def __post_init__(self) -> None:
        if self.message_state is not None:
            check_whole("message_state", self.message_state, 0, 0xFF)

    @property
    def state(self) -> MessageState | None:
        """What became of the message: as message_state says if it is there, else ``stat``; None if neither is known."""
        if self.message_state in _VALUES:
            return MessageState(self.message_state)
        return None if self.stat is None else MessageState.from_stat(self.stat)

    @property
    def status(self) -> int | None:
        """The TP-ST that says the same as ``state``."""
        return None if self.state is None else self.state.status

    @property
    def message_id(self) -> str | None:
        """The identifier of the message: receipted_message_id if it is there, else ``id``."""
        return self.id if self.receipted_message_id is None else self.receipted_message_id

    def as_dict(self) -> dict[str, Any]:
        """The fields and ``state``, which goes by its name, in types that ``json.dumps`` takes.

        >>> Receipt.parse("id:42 stat:DELIVRD").as_dict()["state"]
        'DELIVERED'
        """
        return {**Value.as_dict(self), "state": plain(self.state)}

    @classmethod
    def parse(
        cls,
        short_message: Octets | str,
        *,
        message_state: int | None = None,
        receipted_message_id: Octets | str | None = None,
        network_error_code: Octets | None = None,
    ) -> Self:
        """Read a receipt; whatever it holds, there is a value, with None for what cannot be found.

        Fields may stand in any order and case; of one that comes twice the first counts. ``text`` runs to the end once
        id and stat have been read, and before that to the next field that is still missing. Raises ``FieldError`` for
        a ``message_state`` outside 0–255.

        >>> receipt = Receipt.parse(b"id:7f3A sub:001 done date:2605011230 stat:DELIVRD err:00A text:Hi")
        >>> receipt.id, receipt.done_date.isoformat(), receipt.state.name, receipt.err
        ('7f3A', '2026-05-01T12:30:00', 'DELIVERED', '00A')

        Reference: SMPP 3.4, appendix B
        """
        found = _split(_as_text(short_message))
        return cls(
            id=found.get("id"),
            sub=_number(found.get("sub")),
            dlvrd=_number(found.get("dlvrd")),
            submit_date=_date(found.get("submit_date")),
            done_date=_date(found.get("done_date")),
            stat=found.get("stat"),
            err=found.get("err"),
            text=found.get("text"),
            message_state=message_state,
            receipted_message_id=None if receipted_message_id is None else _as_text(receipted_message_id).rstrip("\0"),
            network_error_code=None if network_error_code is None else memoryview(network_error_code).tobytes(),
        )

    def format(self) -> str:
        """The text of the receipt, without the fields that are None.

        A date is written in 10 characters if that says it, else in 12 with seconds, or in 16 with its zone. Raises
        ``FieldError`` with the name of a field that would not be read again as it is, such as an ``id`` with a blank
        at its end.

        >>> Receipt(id="42", sub=1, dlvrd=1, done_date=datetime(2026, 5, 1, 12, 30), stat="DELIVRD").format()
        'id:42 sub:001 dlvrd:001 done date:2605011230 stat:DELIVRD'

        Reference: SMPP 3.4, appendix B
        """
        given = {name: getattr(self, name) for name in _FIELDS}
        written = " ".join(
            f"{_LABELS.get(name, name)}:{_written(name, v)}" for name, v in given.items() if v is not None
        )
        again = self.parse(written)
        for name, value in given.items():
            if getattr(again, name) != value:
                raise FieldError(name, f"{value!r} would be read as {getattr(again, name)!r}")
        return written


_FIELDS: Final = ("id", "sub", "dlvrd", "submit_date", "done_date", "stat", "err", "text")
_LABELS: Final = {"submit_date": "submit date", "done_date": "done date"}
_VALUES: Final = frozenset(MessageState)
_LABEL: Final = re.compile(
    r"(?<![0-9A-Za-z])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)[ \t]*:", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_SPACE: Final = " \t\r\n\0,;"


def _as_text(written: Octets | str) -> str:
    """What was written, an octet a character whatever data_coding says, but where it reads in UTF-16 alone."""
    if isinstance(written, str):
        return written
    octets = memoryview(written).tobytes()
    text = octets.decode("latin-1")
    if "\0" not in text or _LABEL.search(text):
        return text
    wide = octets.decode("utf-16-be" if octets[::2].count(0) > octets[1::2].count(0) else "utf-16-le", "replace")
    return wide if _LABEL.search(wide) else text


def _split(written: str) -> dict[str, str]:
    """Each field that is there, as it is written."""
    found: dict[str, str] = {}
    labels = [(_name(match[1]), match.start(), match.end()) for match in _LABEL.finditer(written)]
    position = 0
    while position < len(labels):
        name, _, start = labels[position]
        position += 1
        if name in found:
            continue
        if name == "text" and {"id", "stat"} <= found.keys():
            found[name] = written[start:].rstrip("\0")
            break
        # In a text, a label that was read already is what somebody wrote; elsewhere it is a field that comes again.
        while (
            name == "text" and position < len(labels) and (labels[position][0] in found or labels[position][0] == name)
        ):
            position += 1
        end = labels[position][1] if position < len(labels) else len(written)
        found[name] = written[start:end].strip(_SPACE)
    return found


def _name(label: str) -> str:
    lowered = label.lower()
    return f"{lowered[:-4].rstrip(' _')}_date" if lowered.endswith("date") else lowered


def _number(digits: str | None) -> int | None:
    return int(digits) if digits is not None and _DIGITS.fullmatch(digits) else None


def _date(digits: str | None) -> datetime | None:
    """A date of 10, 12 or 16 characters; None for one that makes no sense."""
    if digits is None:
        return None
    try:
        if len(digits) in (10, 12) and digits.isascii() and digits.isdigit():
            year, month, day, hour, minute, second = (
                int(f"{digits}00"[index : index + 2]) for index in range(0, 12, 2)
            )
            return datetime(2000 + year, month, day, hour, minute, second)
        value = parse_time(digits)
    except (DecodeError, ValueError):
        return None
    return value if isinstance(value, datetime) else None


def _written(name: str, value: Any) -> str:
    if name in ("sub", "dlvrd"):
        check_whole(name, value, 0)
        return f"{value:03}"
    if isinstance(value, datetime):
        if value.utcoffset() is not None:
            return time(value)
        return f"{value:%y%m%d%H%M%S}" if value.second else f"{value:%y%m%d%H%M}"
    return str(value)
