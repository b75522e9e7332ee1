"""python-messaging: ``SmsSubmit.to_pdu``, ``SmsDeliver``, and a codec of the default alphabet."""

from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, only, serve

_library = import_module("messaging.sms")
_NUMBER = "+441632960100"
_BEFORE_UDL = len("00 41 00 0c 91446123690010 00 00".replace(" ", ""))


def encode(text: str, tables: dict[str, int] | None = None) -> Answer:
    """Text to septets."""
    only(default=tables is None)
    return {"septets": text.encode("gsm0338").hex()}


def decode(septets: str, strict: bool, tables: dict[str, int] | None = None) -> Answer:
    """Septets to text; the library reads in one way."""
    only(default=tables is None and not strict)
    return {"text": bytes.fromhex(septets).decode("gsm0338")}


def segment(text: str | None = None, reference: int | None = None, **options: Any) -> Answer:
    """TP-UDL and TP-UD of the SMS-SUBMITs of a text."""
    only(default=text is not None and not options)
    submit = _library.SmsSubmit(_NUMBER, text)
    submit._get_rand_id = lambda: reference or 0  # the library draws the reference
    pdus = [part.pdu for part in submit.to_pdu()]
    cut = [pdu[_BEFORE_UDL:].lower() for pdu in pdus]
    return {
        "segments": len(pdus),
        "alphabet": {0: "GSM_7BIT", 8: "UCS2"}[int(pdus[0][_BEFORE_UDL - 2 : _BEFORE_UDL], 16) & 0x0C],
        "udl": [int(part[:2], 16) for part in cut],
        "ud": [part[2:] for part in cut],
    }


def count(text: str, languages: list[int] | None = None) -> Answer:
    """Segments and alphabet."""
    only(default=not languages)
    return segment(text)


def tpdu(direction: str, octets: str, strict: bool) -> Answer:
    """An SMS-DELIVER or SMS-STATUS-REPORT behind an empty service centre."""
    kind = int(octets[:2], 16) & 3
    if direction != "sc-to-ms" or kind not in (0, 2):
        raise NotOfferedError
    read = _library.SmsDeliver("00" + octets, strict=strict)
    if kind == 2:
        return {"type": "SMS-STATUS-REPORT", "fields": {"TP-ST": read.sr["status"]}}
    fields = {"TP-PID": read.pid, "TP-DCS": read.dcs}
    return {"type": "SMS-DELIVER", "fields": fields | ({"text": read.text} if isinstance(read.text, str) else {})}


if __name__ == "__main__":
    serve({"encode": encode, "decode": decode, "segment": segment, "count": count, "tpdu": tpdu})
