"""smsutil: a codec of the default alphabet, and ``split``."""

from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, only, serve

_library = import_module("smsutil")
_ALPHABETS = {"gsm0338": "GSM_7BIT", "utf_16_be": "UCS2"}


def encode(text: str, tables: dict[str, int] | None = None) -> Answer:
    """Text to septets."""
    only(default=tables is None)
    return {"septets": text.encode("gsm0338").hex()}


def decode(septets: str, strict: bool, tables: dict[str, int] | None = None) -> Answer:
    """Septets to text; the library reads in one way, whatever the handler of errors."""
    only(default=tables is None and not strict)
    return {"text": _library.decode(bytes.fromhex(septets))}


def segment(text: str | None = None, **options: Any) -> Answer:
    """The texts of the segments, and what they take."""
    only(default=text is not None and options.keys() <= {"reference"})
    split = _library.split(text)
    unit = 2 if split.encoding == "utf_16_be" else 1
    return {
        **{"alphabet": _ALPHABETS[split.encoding], "segments": len(split.parts), "units": split.total_bytes // unit},
        "texts": [part.content for part in split.parts],
    }


def count(text: str, languages: list[int] | None = None) -> Answer:
    """Segments and alphabet."""
    only(default=not languages)
    return segment(text)


if __name__ == "__main__":
    serve({"encode": encode, "decode": decode, "segment": segment, "count": count})
