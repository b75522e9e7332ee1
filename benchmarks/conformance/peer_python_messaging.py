"""python-messaging: ``SmsSubmit.to_pdu``, ``SmsDeliver``, header, packing, and a codec of the default alphabet."""

from array import array
from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, only, serve

_library = import_module("messaging.sms")
_header = import_module("messaging.sms.udh").UserDataHeader
_utils = import_module("messaging.utils")
_NUMBER = "+441632960100"
_BEFORE_UDL = len("00 41 00 0c 91446123690010 00 00".replace(" ", ""))


def pack(septets: str, fill_bits: int) -> Answer:
    """Septets to octets, in front of which the library writes how many septets there are."""
    only(default=not fill_bits)
    count = f"{len(septets) // 2:02x}"
    return {"octets": _utils.pack_8bits_to_7bits(bytes.fromhex(septets)).removeprefix(count)}


def unpack(octets: str, septet_count: int, fill_bits: int) -> Answer:
    """Octets to septets, which the library's callers cut to their number."""
    only(default=not fill_bits)
    return {"septets": _utils.unpack_msg(array("B", bytes.fromhex(octets)))[:septet_count].hex()}


def header(octets: str, strict: bool) -> Answer:
    """The elements of a header, concatenation and ports; the library's callers take UDHL off."""
    only(default=not strict)
    read = _header.from_bytes(array("B", bytes.fromhex(octets))[1:])
    answer: Answer = {"elements": [[f"{iei:02x}", bytes(data).hex()] for iei, data in read.headers.items()]}
    concat, ports = read.concat, read.ports
    answer["concatenation"] = concat and {
        **{"reference": concat.ref, "total": concat.cnt, "sequence": concat.seq, "wide": not concat.eight_bits}
    }
    answer["ports"] = ports and {
        **{"destination": ports.dest_port, "originator": ports.orig_port, "wide": not ports.eight_bits}
    }
    return answer


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


def read_pdu(digits: str, strict: bool) -> Answer:
    """An SMS-DELIVER or SMS-STATUS-REPORT behind its service centre."""
    first = 2 + 2 * int(digits[:2], 16)
    kind = int(digits[first : first + 2], 16) & 3
    if kind not in (0, 2):
        raise NotOfferedError
    read = _library.SmsDeliver(digits, strict=strict)
    if kind == 2:
        return {"type": "SMS-STATUS-REPORT", "fields": {"TP-ST": read.sr["status"]}}
    fields = {"TP-OA": {"digits": read.number.removeprefix("+")}, "TP-PID": read.pid, "TP-DCS": read.dcs}
    if isinstance(read.text, str):
        fields["text"] = read.text
    return {"type": "SMS-DELIVER", "fields": fields}


def tpdu(direction: str, octets: str, strict: bool) -> Answer:
    """The same behind an empty service centre."""
    only(default=direction == "sc-to-ms")
    return read_pdu("00" + octets, strict)


if __name__ == "__main__":
    serve({
        **{"pack": pack, "unpack": unpack, "header": header, "encode": encode, "decode": decode},
        **{"segment": segment, "count": count, "tpdu": tpdu, "read_pdu": read_pdu},
    })  # fmt: skip
