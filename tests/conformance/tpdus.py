"""A TPDU in the words of the vectors: its fields by the names of TS 23.040.

Reference: 3GPP TS 23.040, 9.2.2
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from smscodec import Alphabet, UserData
from smscodec.tpdu import (
    AbsoluteValidity,
    Address,
    EnhancedValidity,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Tpdu,
    Validity,
)

Fields = dict[str, Any]


def described(tpdu: Tpdu) -> tuple[str, Fields]:
    """The name of a TPDU's type, and all of its fields that the vectors speak of."""
    match tpdu:
        case SmsDeliver():
            return "SMS-DELIVER", _deliver(tpdu)
        case SmsSubmit():
            return "SMS-SUBMIT", _submit(tpdu)
        case SmsStatusReport():
            return "SMS-STATUS-REPORT", _status_report(tpdu)
        case SmsCommand():
            return "SMS-COMMAND", _command(tpdu)
        case SmsDeliverReport():
            return "SMS-DELIVER-REPORT", _parameters(tpdu) | {"TP-FCS": tpdu.failure_cause}
        case SmsSubmitReport():
            moment = _moment(tpdu.timestamp)
            return "SMS-SUBMIT-REPORT", _parameters(tpdu) | {"TP-FCS": tpdu.failure_cause, "TP-SCTS": moment}


def _deliver(tpdu: SmsDeliver) -> Fields:
    return _user_data(tpdu.user_data) | {
        "TP-MMS": int(not tpdu.more_messages),
        "TP-LP": int(tpdu.loop_prevention),
        "TP-SRI": int(tpdu.status_report_indication),
        "TP-RP": int(tpdu.reply_path),
        "TP-OA": address(tpdu.originator),
        "TP-PID": tpdu.protocol_identifier,
        "TP-DCS": tpdu.data_coding_scheme.octet,
        "TP-SCTS": _moment(tpdu.timestamp),
    }


def _submit(tpdu: SmsSubmit) -> Fields:
    return _user_data(tpdu.user_data) | {
        "TP-RD": int(tpdu.reject_duplicates),
        "TP-VPF": tpdu.validity.format if tpdu.validity else 0,
        "TP-SRR": int(tpdu.status_report_request),
        "TP-RP": int(tpdu.reply_path),
        "TP-MR": tpdu.message_reference,
        "TP-DA": address(tpdu.destination),
        "TP-PID": tpdu.protocol_identifier,
        "TP-DCS": tpdu.data_coding_scheme.octet,
        "TP-VP": tpdu.validity and _validity(tpdu.validity),
    }


def _status_report(tpdu: SmsStatusReport) -> Fields:
    return _parameters(tpdu) | {
        "TP-MMS": int(not tpdu.more_messages),
        "TP-LP": int(tpdu.loop_prevention),
        "TP-SRQ": int(tpdu.answers_command),
        "TP-MR": tpdu.message_reference,
        "TP-RA": address(tpdu.recipient),
        "TP-SCTS": _moment(tpdu.timestamp),
        "TP-DT": _moment(tpdu.discharge_time),
        "TP-ST": tpdu.status.octet,
        "final": tpdu.status.final,
        "delivered": tpdu.status.delivered,
    }


def _command(tpdu: SmsCommand) -> Fields:
    return _user_data(tpdu.command_data) | {
        "TP-SRR": int(tpdu.status_report_request),
        "TP-MR": tpdu.message_reference,
        "TP-PID": tpdu.protocol_identifier,
        "TP-CT": tpdu.command_type,
        "TP-MN": tpdu.message_number,
        "TP-DA": address(tpdu.destination),
        "TP-CDL": tpdu.command_data.length,
    }


def _parameters(tpdu: SmsStatusReport | SmsDeliverReport | SmsSubmitReport) -> Fields:
    scheme = tpdu.data_coding_scheme
    return (_user_data(tpdu.user_data) if tpdu.user_data else {}) | {
        "TP-PID": tpdu.protocol_identifier,
        "TP-DCS": None if scheme is None else scheme.octet,
    }


def _user_data(user_data: UserData) -> Fields:
    fields: Fields = {
        "TP-UDHI": int(bool(user_data.header.octet_length)),
        "TP-UDL": user_data.length,
        "header": user_data.header.to_bytes().hex(),
        "payload": user_data.payload.hex(),
    }
    if user_data.alphabet is not Alphabet.DATA_8BIT and not user_data.compressed:
        fields["text"] = user_data.text()
    return fields


def address(given: Address) -> Fields:
    """An address in the words of the vectors."""
    return {"digits": given.number, "type": given.type_of_number.value, "plan": given.numbering_plan.value}


def _moment(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def _validity(validity: Validity) -> Fields:
    match validity:
        case AbsoluteValidity():
            return {"until": _moment(validity.moment)}
        case RelativeValidity():
            return {"seconds": validity.duration // timedelta(seconds=1)}
        case EnhancedValidity():
            duration = validity.duration
            found: Fields = {"seconds": None if duration is None else duration // timedelta(seconds=1)}
            return found | ({"single_shot": True} if validity.single_shot else {})
