"""TPDUs: the short messages, reports and commands that a mobile and a service centre exchange, as values and octets.

One class for each of the six types; ``decode_tpdu`` finds the right one, ``submits`` makes SMS-SUBMITs of a message,
``annotate`` explains octets one by one, and ``pdu_mode`` speaks to modems.

Reference: 3GPP TS 23.040, 9.2
"""

from smscodec.tpdu import pdu_mode
from smscodec.tpdu._readings import Form, Reading, annotate, readings
from smscodec.tpdu.address import Address, NumberingPlan, TypeOfNumber
from smscodec.tpdu.annotation import Annotation
from smscodec.tpdu.command import SmsCommand
from smscodec.tpdu.decoding import Direction, Tpdu, decode_tpdu
from smscodec.tpdu.deliver import SmsDeliver, delivers
from smscodec.tpdu.report import SmsDeliverReport, SmsSubmitReport
from smscodec.tpdu.rp import RpAck, RpData, RpError, RpMessage, RpSmma, decode_rp
from smscodec.tpdu.status import Status, StatusState
from smscodec.tpdu.status_report import SmsStatusReport
from smscodec.tpdu.submit import SmsSubmit, submits
from smscodec.tpdu.validity import AbsoluteValidity, EnhancedValidity, RelativeValidity, Validity

__all__ = [
    "AbsoluteValidity",
    "Address",
    "Annotation",
    "Direction",
    "EnhancedValidity",
    "Form",
    "NumberingPlan",
    "Reading",
    "RelativeValidity",
    "RpAck",
    "RpData",
    "RpError",
    "RpMessage",
    "RpSmma",
    "SmsCommand",
    "SmsDeliver",
    "SmsDeliverReport",
    "SmsStatusReport",
    "SmsSubmit",
    "SmsSubmitReport",
    "Status",
    "StatusState",
    "Tpdu",
    "TypeOfNumber",
    "Validity",
    "annotate",
    "decode_rp",
    "decode_tpdu",
    "delivers",
    "pdu_mode",
    "readings",
    "submits",
]
