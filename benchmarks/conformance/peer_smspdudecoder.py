"""smspdudecoder: SMS-DELIVER and SMS-SUBMIT in PDU mode, their fields, and UCS-2."""

from importlib import import_module
from io import StringIO
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, only, serve

_fields = import_module("smspdudecoder.fields")
_UCS2 = import_module("smspdudecoder.codecs").UCS2
_ENCODINGS = {"GSM_7BIT": "gsm", "DATA_8BIT": "binary", "UCS2": "ucs2"}


def _address(read: dict[str, Any]) -> Answer:
    return {"digits": read["number"]}


def _parts(read: dict[str, Any]) -> Answer:
    header, data = read["header"], read["user_data"]["data"]
    found: Answer = {"TP-RP": int(header["rp"]), "TP-UDHI": int(header["udhi"]), "TP-PID": read["pid"]}
    return found | {"text": data} if read["dcs"]["encoding"] != "binary" else found


def tpdu(direction: str, octets: str, strict: bool) -> Answer:
    """A TPDU behind an empty service centre."""
    only(default=int(octets[:2], 16) & 3 == {"sc-to-ms": 0, "ms-to-sc": 1}[direction])
    return read_pdu("00" + octets, strict)


def read_pdu(digits: str, strict: bool) -> Answer:
    """A TPDU behind its service centre."""
    first = 2 + 2 * int(digits[:2], 16)
    kind = int(digits[first : first + 2], 16) & 3
    if strict or kind > 1:
        raise NotOfferedError
    source = StringIO(digits)
    if kind:
        read = _fields.SMSSubmit.decode(source)
        own = {"TP-MR": read["message-ref"], "TP-VPF": read["header"]["vpf"], "TP-SRR": int(read["header"]["srr"])}
        own["TP-DA"] = _address(read["recipient"])
        own["TP-RD"] = int(read["header"]["rd"])
        return {"type": "SMS-SUBMIT", "fields": _parts(read) | own}
    read = _fields.SMSDeliver.decode(source)
    own = {"TP-MMS": int(read["header"]["mms"]), "TP-SRI": int(read["header"]["sri"])}
    own["TP-OA"] = _address(read["sender"])
    own["TP-LP"] = int(read["header"]["lp"])
    return {"type": "SMS-DELIVER", "fields": _parts(read) | own}


def header(octets: str, strict: bool) -> Answer:
    """The elements of a header; of a concatenation the library gives the meaning alone."""
    only(default=not strict)
    elements = _fields.UserDataHeader.decode(StringIO(octets))["elements"]
    joined = {each["iei"]: each["data"] for each in elements if isinstance(each["data"], dict)}
    if not joined:
        return {"elements": [[f"{each['iei']:02x}", each["data"].lower()] for each in elements], "concatenation": None}
    iei, read = joined.popitem()
    names = {"reference": "reference", "total": "parts_count", "sequence": "part_number"}
    return {"concatenation": {name: read[theirs] for name, theirs in names.items()} | {"wide": iei == 8}}


def user_data(*, udl: int, ud: str, alphabet: str, compressed: bool, has_header: bool, strict: bool) -> Answer:
    """The text in TP-UD, or the octets."""
    only(default=not compressed and not strict)
    context = {"header": {"udhi": has_header}, "dcs": {"encoding": _ENCODINGS[alphabet]}}
    data = _fields.UserData.decode(StringIO(f"{udl:02x}{ud}"), context)["data"]
    return {"payload": data.hex()} if alphabet == "DATA_8BIT" else {"text": data}


def data_coding_scheme(octet: str, strict: bool) -> Answer:
    """The alphabet alone."""
    only(default=not strict)
    encoding = _fields.DCS.decode(StringIO(octet))["encoding"]
    return {"alphabet": next(name for name, theirs in _ENCODINGS.items() if theirs == encoding)}


def decode_ucs2(octets: str, strict: bool) -> Answer:
    """UTF-16BE to text; the library reads in one way."""
    only(default=not strict)
    return {"text": _UCS2.decode(octets)}


if __name__ == "__main__":
    serve({
        **{"tpdu": tpdu, "read_pdu": read_pdu, "header": header, "user_data": user_data},
        "data_coding_scheme": data_coding_scheme,
        "encode_ucs2": lambda text: {"octets": _UCS2.encode(text).lower()},
        "decode_ucs2": decode_ucs2,
    })  # fmt: skip
