"""gammu, through python3-gammu: ``DecodePDU`` and ``SMSCounter``; runs on the Python that Debian built it for."""

from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, only, serve

_gammu = import_module("gammu")
_ALPHABETS = {"Default": "GSM_7BIT", "Unicode": "UCS2", "8bit": "DATA_8BIT"}
_CODINGS = {"GSM_7BIT": "00", "DATA_8BIT": "04", "UCS2": "08"}
_TYPES = {"Deliver": "SMS-DELIVER", "Submit": "SMS-SUBMIT", "Status_Report": "SMS-STATUS-REPORT"}


def _counted(text: str) -> Any:
    """Segments, and units left in the last. The caller names the coding, so it must be plain which one that is."""
    if not text.isascii() and max(text) < "\u0400":
        raise NotOfferedError
    coding = "Default_No_Compression" if text.isascii() else "Unicode_No_Compression"
    alone = _gammu.SMSCounter(text, "NoUDH", coding)
    return alone if alone[0] <= 1 else _gammu.SMSCounter(text, "ConcatenatedMessages", coding)


def count(text: str, languages: list[int] | None = None) -> Answer:
    """Segments of a text."""
    if languages:
        raise NotOfferedError
    return {"segments": _counted(text)[0]}


def segment(text: str | None = None, **options: Any) -> Answer:
    """Segments of a text, and what is left in the last."""
    if text is None or not options.keys() <= {"reference"}:
        raise NotOfferedError
    segments, remaining = _counted(text)
    return {"segments": segments, "remaining": remaining}


def tpdu(direction: str, octets: str, strict: bool) -> Answer:
    """A TPDU behind an empty service centre."""
    kind = int(octets[:2], 16) & 3
    only(default=(direction, kind) in {("sc-to-ms", 0), ("sc-to-ms", 2), ("ms-to-sc", 1)})
    return read_pdu("00" + octets, strict)


def read_pdu(digits: str, strict: bool) -> Answer:
    """A TPDU behind its service centre."""
    octets = bytes.fromhex(digits)
    kind = octets[1 + octets[0]] & 3
    only(default=not strict and kind < 3)
    read = _gammu.DecodePDU(octets, True)
    fields: Answer = {}
    if read["Coding"] in {"Default_No_Compression", "Unicode_No_Compression"} and kind != 2:
        fields["text"] = read["Text"]
    if kind:
        fields["TP-MR"] = read["MessageReference"]
    if kind == 2:
        fields["TP-ST"] = read["DeliveryStatus"]
    fields["TP-DA" if kind == 1 else "TP-RA" if kind else "TP-OA"] = {"digits": read["Number"].removeprefix("+")}
    return {"type": _TYPES[read["Type"]], "fields": fields}


def _delivered(coding: str, udl: int, ud: str, *, has_header: bool) -> Any:
    """User data in an SMS-DELIVER, for what the library reads only there."""
    octets = f"00 {0x44 if has_header else 0x04:02x} 028121 00 {coding} 20806291731480 {udl:02x} {ud}"
    return _gammu.DecodePDU(bytes.fromhex(octets), True)


def data_coding_scheme(octet: str, strict: bool) -> Answer:
    """Alphabet, class and, but for 8-bit data, compression of a message without user data."""
    only(default=not strict)
    read = _delivered(octet, 0, "", has_header=False)
    alphabet, _, compression = read["Coding"].partition("_")
    answer: Answer = {"alphabet": _ALPHABETS[alphabet], "class": None if read["Class"] < 0 else read["Class"]}
    return answer | ({"compressed": compression == "Compression"} if compression else {})


def header(octets: str, strict: bool) -> Answer:
    """The concatenation in front of nothing."""
    only(default=not strict)
    read = _delivered("04", len(octets) // 2, octets, has_header=True)["UDH"]
    if read["AllParts"] < 1:
        return {"concatenation": None}
    wide = read["ID16bit"] >= 0
    reference = read["ID16bit" if wide else "ID8bit"]
    return {
        "concatenation": {
            **{"reference": reference, "total": read["AllParts"], "sequence": read["PartNumber"], "wide": wide}
        }
    }


def user_data(*, udl: int, ud: str, alphabet: str, compressed: bool, has_header: bool, strict: bool) -> Answer:
    """The text."""
    only(default=not compressed and not strict and alphabet != "DATA_8BIT")
    return {"text": _delivered(_CODINGS[alphabet], udl, ud, has_header=has_header)["Text"]}


if __name__ == "__main__":
    serve({
        **{"count": count, "segment": segment, "tpdu": tpdu, "read_pdu": read_pdu},
        **{"data_coding_scheme": data_coding_scheme, "header": header, "user_data": user_data},
    })  # fmt: skip
