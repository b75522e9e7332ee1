"""A modem's PDU mode: one message in hexadecimal digits, records of a (U)SIM, and all the lines that a modem prints.

Reference: 3GPP TS 27.005, 3 and 4; 3GPP TS 31.102, 4.2.25 and 4.2.32
"""

from smscodec.tpdu._pdu import Decoded, annotate, decode, encode
from smscodec.tpdu._records import Record, RecordStatus, ReportRecord, record

__all__ = [
    "Decoded",
    "Record",
    "RecordStatus",
    "ReportRecord",
    "annotate",
    "decode",
    "encode",
    "record",
]
