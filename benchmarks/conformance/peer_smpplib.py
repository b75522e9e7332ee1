"""smpplib: ``gsm.make_parts``, which encodes a text and cuts it for submit_sm."""

import random
from importlib import import_module
from typing import Any
from unittest import mock

from benchmarks.conformance.lines import Answer, only, serve

_gsm = import_module("smpplib.gsm")
_ALPHABETS = {0: "GSM_7BIT", 8: "UCS2"}


def encode(text: str, tables: dict[str, int] | None = None) -> Answer:
    """Text to septets."""
    only(default=tables is None)
    return {"septets": _gsm.gsm_encode(text).hex()}


def count(text: str, languages: list[int] | None = None) -> Answer:
    """Segments and alphabet."""
    only(default=not languages)
    parts, coding, _ = _gsm.make_parts(text)
    return {"segments": len(parts), "alphabet": _ALPHABETS[coding]}


def segment(text: str | None = None, **options: Any) -> Answer:
    """Segments and alphabet of a text without options."""
    only(default=text is not None and options.keys() <= {"reference"})
    return count(text or "")


def write_short_messages(text: str | None = None, reference: int = 0, **options: Any) -> Answer:
    """The short messages of a text; the library draws the reference, which is the one that is asked for here."""
    only(default=text is not None and not options)
    with mock.patch.object(random, "randint", return_value=reference):
        parts, coding, esm_class = _gsm.make_parts(text)
    return {
        "messages": [{"data_coding": coding, "esm_class": esm_class, "short_message": part.hex()} for part in parts]
    }


if __name__ == "__main__":
    serve({"encode": encode, "count": count, "segment": segment, "write_short_messages": write_short_messages})
