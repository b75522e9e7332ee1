"""smspdudecoder: SMS-DELIVER and SMS-SUBMIT in PDU mode, and UCS-2."""

from importlib import import_module
from io import StringIO
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, serve

_fields = import_module("smspdudecoder.fields")
_UCS2 = import_module("smspdudecoder.codecs").UCS2


def _address(read: dict[str, Any]) -> Answer:
    return {"digits": read["number"]}


def _parts(read: dict[str, Any]) -> Answer:
    header, data = read["header"], read["user_data"]["data"]
    found: Answer = {"TP-RP": int(header["rp"]), "TP-UDHI": int(header["udhi"]), "TP-PID": read["pid"]}
    return found | {"text": data} if read["dcs"]["encoding"] != "binary" else found


def tpdu(direction: str, octets: str, strict: bool) -> Answer:
    """A TPDU behind an empty service centre."""
    kind = int(octets[:2], 16) & 3
    if strict or kind != {"sc-to-ms": 0, "ms-to-sc": 1}[direction]:
        raise NotOfferedError
    source = StringIO("00" + octets)
    if kind:
        read = _fields.SMSSubmit.decode(source)
        own = {"TP-MR": read["message-ref"], "TP-VPF": read["header"]["vpf"], "TP-SRR": int(read["header"]["srr"])}
        own["TP-DA"] = _address(read["recipient"])
        return {"type": "SMS-SUBMIT", "fields": _parts(read) | own | {"TP-RD": int(read["header"]["rd"])}}
    read = _fields.SMSDeliver.decode(source)
    own = {"TP-MMS": int(read["header"]["mms"]), "TP-SRI": int(read["header"]["sri"])}
    own["TP-OA"] = _address(read["sender"])
    return {"type": "SMS-DELIVER", "fields": _parts(read) | own | {"TP-LP": int(read["header"]["lp"])}}


def decode_ucs2(octets: str, strict: bool) -> Answer:
    """UTF-16BE to text; the library reads in one way."""
    if strict:
        raise NotOfferedError
    return {"text": _UCS2.decode(octets)}


if __name__ == "__main__":
    serve({
        "tpdu": tpdu,
        "encode_ucs2": lambda text: {"octets": _UCS2.encode(text).lower()},
        "decode_ucs2": decode_ucs2,
    })  # fmt: skip
