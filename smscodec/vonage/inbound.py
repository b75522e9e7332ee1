"""Inbound messages put together from their parts.

The service hands over the parts of a long message one by one, out of order and more than once. The rules are those of
``Reassembler``; this file knows which fields tell messages apart, and makes one InboundMessage of the parts. It reads
no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from smscodec import ucs2
from smscodec.dcs import Alphabet
from smscodec.reassembly import Incomplete, Reason, Reassembled, Reassembler
from smscodec.udh import Concatenation, UserDataHeader
from smscodec.userdata import UserData
from smscodec.vonage.webhook import InboundConcatenation, InboundMessage

__all__ = ["InboundAssembler", "IncompleteInbound"]

_LONGEST_PART: Final = 1 << 14
"""Octets of the request that brought a part; one segment needs some 3,000, and more is no segment of an SMS."""


@dataclass(frozen=True, slots=True)
class IncompleteInbound:
    """A message that was given up: the ``parts`` that came, in order, the ``missing`` numbers, and the reason."""

    parts: tuple[InboundMessage, ...] = field(repr=False)
    missing: tuple[int, ...]
    reason: Reason


class InboundAssembler:
    """Puts inbound messages together; a whole one goes straight through. Not thread-safe.

    Parts belong together that have the same msisdn, to, reference and total. ``max_age`` is in the unit of ``now`` and
    ``max_pending`` the number of unfinished messages held, the oldest of which are given up first; further bounds are
    those of ``Reassembler``. Whatever is given up, by ``add`` or by ``expire``, is handed to ``on_incomplete``.

    Verify the signature of a part before adding it: whoever can write parts can spoil messages.
    """

    def __init__(
        self,
        *,
        max_age: float,
        max_pending: int,
        on_incomplete: Callable[[IncompleteInbound], object] | None = None,
    ) -> None:
        self._reassembler = Reassembler(max_age=max_age, max_pending=max_pending)
        self._on_incomplete = on_incomplete

    @property
    def pending(self) -> int:
        """Unfinished messages held."""
        return self._reassembler.pending

    def add(self, message: InboundMessage, *, now: float) -> InboundMessage | None:
        """Take a message; return it if it is whole, the long message it completes, or None.

        A repetition is ignored. A part with the number of another and other content begins a new message, and the
        earlier one is given up. A part of more than 16,384 octets is no segment of an SMS and is returned as it is.
        """
        concatenation = message.concatenation
        if concatenation is None or len(message.raw) > _LONGEST_PART:
            self.expire(now=now)
            return message
        key = (message.msisdn, message.to, concatenation.reference, message.concat)
        outcomes = self._reassembler.add(key, _user_data(message, concatenation), now=now, origin=message)
        self._report(outcome for outcome in outcomes if isinstance(outcome, Incomplete))
        return next((_joined(outcome) for outcome in outcomes if isinstance(outcome, Reassembled)), None)

    def expire(self, *, now: float) -> tuple[IncompleteInbound, ...]:
        """Give up the messages that are too old, report them and return them."""
        return self._report(self._reassembler.expire(now=now))

    def _report(self, given_up: Iterable[Incomplete]) -> tuple[IncompleteInbound, ...]:
        reports = tuple(
            IncompleteInbound(_messages(incomplete), incomplete.missing, incomplete.reason) for incomplete in given_up
        )
        if self._on_incomplete is not None:
            for report in reports:
                self._on_incomplete(report)
        return reports


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
