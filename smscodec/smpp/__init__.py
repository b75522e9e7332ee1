"""SMPP's text side: the fields of short messages, delivery receipts, times, and the names of a few bits.

Knows nothing of PDUs and sessions, which are an SMPP library's. What is read comes out as ``UserData``, so that
``text()`` and ``Reassembler`` work on it.

>>> from smscodec import segment
>>> [short] = short_messages(segment("Hi {}"))
>>> short.data_coding, short.esm_class, short.short_message
(0, 0, b'Hi \\x1b(\\x1b)')
>>> decode_short_message(short.data_coding, short.esm_class, short.short_message).text()
'Hi {}'

Reference: SMPP 3.4; 3GPP TS 23.038, 4
"""

from smscodec.smpp._codings import Default, scheme_of
from smscodec.smpp._fields import (
    UDHI,
    EsmClass,
    RegisteredDelivery,
    SarParameters,
    ShortMessage,
    is_receipt,
)
from smscodec.smpp._reading import decode_short_message
from smscodec.smpp._receipts import MessageState, Receipt
from smscodec.smpp._times import parse_time, time
from smscodec.smpp._writing import CodedMessage, segment_coded, segment_latin1, short_messages

__all__ = [
    "UDHI",
    "CodedMessage",
    "Default",
    "EsmClass",
    "MessageState",
    "Receipt",
    "RegisteredDelivery",
    "SarParameters",
    "ShortMessage",
    "decode_short_message",
    "is_receipt",
    "parse_time",
    "scheme_of",
    "segment_coded",
    "segment_latin1",
    "short_messages",
    "time",
]
