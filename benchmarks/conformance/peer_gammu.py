"""gammu, through python3-gammu: ``DecodePDU`` and ``SMSCounter``; runs on the Python that Debian built it for."""

from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, serve

_gammu = import_module("gammu")
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
    if strict or (direction, kind) not in {("sc-to-ms", 0), ("sc-to-ms", 2), ("ms-to-sc", 1)}:
        raise NotOfferedError
    read = _gammu.DecodePDU(bytes.fromhex("00" + octets), True)
    fields: Answer = {}
    if read["Coding"] in {"Default_No_Compression", "Unicode_No_Compression"} and kind != 2:
        fields["text"] = read["Text"]
    if kind:
        fields["TP-MR"] = read["MessageReference"]
    if kind == 2:
        fields["TP-ST"] = read["DeliveryStatus"]
    return {"type": _TYPES[read["Type"]], "fields": fields}


if __name__ == "__main__":
    serve({"count": count, "segment": segment, "tpdu": tpdu})
