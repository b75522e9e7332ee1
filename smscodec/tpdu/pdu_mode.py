"""A modem's PDU mode: one message in hexadecimal digits, records of a (U)SIM, and all the lines that a modem prints.

Reference: 3GPP TS 27.005, 3 and 4; 3GPP TS 27.007, 7.15; 3GPP TS 31.102, 4.2.25 and 4.2.32
"""

from smscodec.tpdu._characters import ussd
from smscodec.tpdu._pdu import Decoded, annotate, decode, encode
from smscodec.tpdu._records import Record, RecordStatus, ReportRecord, record
from smscodec.tpdu._transcript import Entry, ModemError, Reader, TextMessage, read

__all__ = [
    "Decoded",
    "Entry",
    "ModemError",
    "Reader",
    "Record",
    "RecordStatus",
    "ReportRecord",
    "TextMessage",
    "annotate",
    "decode",
    "encode",
    "read",
    "record",
    "ussd",
]
