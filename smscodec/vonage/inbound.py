"""Inbound messages put together from their parts.

The service hands over the parts of a long message one by one, out of order and more than once. The rules are those of
``Reassembler``; this file knows which fields tell messages apart, and makes one InboundMessage of the parts. It reads
no clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from smscodec import ucs2
from smscodec._values import Value
from smscodec.dcs import Alphabet
from smscodec.reassembly import Incomplete, Reason, Reassembled, Reassembler
from smscodec.udh import Concatenation, UserDataHeader
from smscodec.userdata import UserData
from smscodec.vonage.webhook import InboundConcatenation, InboundMessage, concat_fields

__all__ = ["InboundAssembler", "IncompleteInbound"]

_LONGEST_PART: Final = 4096
"""Octets that one part may count for; a segment of an SMS needs some 3,000 at most."""
_MOST_PARAMETERS: Final = 32
"""Parameters of the request that brought a part; the service has some 20."""
_OCTETS_PER_MESSAGE: Final = 16 * 1024
"""Room for each message that may be pending: 16 parts of 1,024 octets, where some 500 are usual."""


@dataclass(frozen=True, slots=True)
class IncompleteInbound(Value):
    """A message that was given up: the ``parts`` that came, in order, the ``missing`` numbers, and the reason.

    >>> IncompleteInbound((), missing=(2, 3), reason="expired").as_dict()["missing"]
    [2, 3]
    """

    parts: tuple[InboundMessage, ...] = field(repr=False)
    missing: tuple[int, ...]
    reason: Reason


class InboundAssembler:
    """Puts inbound messages together; a whole one goes straight through. Not thread-safe.

    Parts belong together that have the same msisdn, to, reference and total. ``max_age`` is in the unit of ``now`` and
    ``max_pending`` the number of unfinished messages held. Between them they have room for 16 parts and 16,384 octets
    a message, and always for one message of 255 parts of 4,096 octets; above a bound the oldest are given up. With
    ``max_pending=1000`` the worst parts that a sender of webhooks can make up take some 100 MB of memory.

    A part of a message that was finished within ``repeat_age`` (60, or ``max_age`` where that is less) is a repetition;
    one that comes later begins a message. Where the service may repeat a webhook after that, notice it by its nonce or
    messageId before adding it.

    Each message that is given up, by ``add`` or by ``expire``, is handed to ``on_incomplete`` once. That function may
    use the assembler, and it may raise: the error comes out of ``add`` or ``expire``, and the messages that were still
    to be handed over come with the next call. No message is lost by that: add the part again.

    Verify the signature of a part before adding it, because forged parts can spoil messages.

    >>> from smscodec.vonage import parse_webhook
    >>> assembler = InboundAssembler(max_age=3600, max_pending=1000)
    >>> for number, text in [(2, "world"), (1, "Hello ")]:
    ...     query = f"messageId=1&msisdn=447700900001&to=447700900000&text={text}"
    ...     place = f"concat=true&concat-ref=7&concat-total=2&concat-part={number}"
    ...     whole = assembler.add(parse_webhook("GET", f"{query}&{place}", None, b""), now=0)
    >>> whole.text
    'Hello world'
    """

    def __init__(
        self,
        *,
        max_age: float,
        max_pending: int,
        repeat_age: float | None = None,
        on_incomplete: Callable[[IncompleteInbound], object] | None = None,
    ) -> None:
        self._reassembler = Reassembler(
            max_age=max_age, max_pending=max_pending, repeat_age=repeat_age, max_octets=_room(max_pending)
        )
        self._on_incomplete = on_incomplete
        self._unreported: deque[IncompleteInbound] = deque()

    @property
    def pending(self) -> int:
        """Unfinished messages held."""
        return self._reassembler.pending

    @property
    def octets(self) -> int:
        """Octets that their parts count for."""
        return self._reassembler.octets

    def add(self, message: InboundMessage, *, now: float) -> InboundMessage | None:
        """Take a message; return it if it is whole, the long message it completes, or None.

        A repetition is ignored. Messages under one reference are told apart by their message-timestamp. Parts of one
        time, with one number and different content, contest their reference: no message is made of them, and they are
        reported together as "conflicting" (decision D39). A part that counts for more than 4,096 octets or has more
        than 32 parameters cannot be a segment of an SMS and is returned as it is.
        """
        if not isinstance(message, InboundMessage):
            raise TypeError(f"message must be an InboundMessage, not {type(message).__name__}")
        # Calls out before the part is taken: if that raises, the part can be added again.
        self.expire(now=now)
        concatenation = message.concatenation
        if concatenation is None:
            return message
        user_data = _user_data(message, concatenation)
        octets = _octets(message, user_data)
        if octets > _LONGEST_PART or len(message.params) > _MOST_PARAMETERS:
            return message
        key = (message.msisdn, message.to, concatenation.reference, concat_fields(message) is None)
        sent = message.message_timestamp
        outcomes = self._reassembler.add(key, user_data, now=now, sent=sent, origin=message, octets=octets)
        # What was too old is gone by now, so a call that finishes a message has nothing to report.
        for outcome in outcomes:
            if isinstance(outcome, Reassembled):
                return _joined(outcome)
        self._report(outcome for outcome in outcomes if isinstance(outcome, Incomplete))
        return None

    def expire(self, *, now: float) -> tuple[IncompleteInbound, ...]:
        """Give up the messages that are too old, report them and return them."""
        return self._report(self._reassembler.expire(now=now))

    def _report(self, given_up: Iterable[Incomplete]) -> tuple[IncompleteInbound, ...]:
        reports = tuple(
            IncompleteInbound(_messages(incomplete), incomplete.missing, incomplete.reason) for incomplete in given_up
        )
        if self._on_incomplete is not None:
            self._unreported += reports
            while self._unreported:
                self._on_incomplete(self._unreported.popleft())
        return reports


def _room(max_pending: object) -> int:
    """Octets for as many messages; a value that is not a number is left to ``Reassembler`` to refuse."""
    wanted = _OCTETS_PER_MESSAGE * max_pending if isinstance(max_pending, int) else 0
    return max(255 * _LONGEST_PART, wanted)


def _octets(message: InboundMessage, user_data: UserData) -> int:
    """For how many octets a part counts: the request that brought it, or its parameters, and its text or data."""
    characters = sum(len(name) + len(value) for name, value in message.params.items())
    return max(len(message.raw), characters) + len(user_data.payload)


def _user_data(message: InboundMessage, concatenation: InboundConcatenation) -> UserData:
    """The part as the segment of an SMS. The service's reference may be any text, so it is in the key instead."""
    header = UserDataHeader([Concatenation(0, concatenation.total, concatenation.part)])
    if message.data is not None and not message.text:
        return UserData(Alphabet.DATA_8BIT, message.data, header)
    # params, because the text of a part may begin or end with half of a surrogate pair
    text = message.params.get("text", message.text)
    return UserData(Alphabet.UCS2, ucs2.encode(text, errors="surrogatepass"), header)


def _messages(outcome: Reassembled | Incomplete) -> tuple[InboundMessage, ...]:
    return tuple(origin for origin in outcome.origins if isinstance(origin, InboundMessage))


def _joined(whole: Reassembled) -> InboundMessage:
    messages = _messages(whole)
    all_text = all(part.alphabet is Alphabet.UCS2 for part in whole.parts)
    text = whole.text() if all_text else "".join(message.text for message in messages)
    has_data = any(message.data is not None for message in messages)
    data = b"".join(message.data or b"" for message in messages) if has_data else None
    return replace(messages[0], text=text, data=data, parts=messages)
