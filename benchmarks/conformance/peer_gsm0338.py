"""gsm0338: a codec of the default alphabet, and of the Spanish single shift table."""

from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, NotOfferedError, serve

_library = import_module("gsm0338")
_codecs = {
    (0, 0): _library.Codec(),
    (0, 2): _library.Codec(single_shift_decode_map=_library.SINGLE_SHIFT_CHARACTER_SET_SPANISH),
}


def _codec(tables: dict[str, int] | None) -> Any:
    pair = (tables["locking"], tables["single"]) if tables else (0, 0)
    if pair not in _codecs:
        raise NotOfferedError
    return _codecs[pair]


def encode(text: str, tables: dict[str, int] | None = None) -> Answer:
    """Text to septets."""
    return {"septets": _codec(tables).encode(text)[0].hex()}


def decode(septets: str, strict: bool, tables: dict[str, int] | None = None) -> Answer:
    """Septets to text."""
    return {"text": _codec(tables).decode(bytes.fromhex(septets), "strict" if strict else "replace")[0]}


if __name__ == "__main__":
    serve({"encode": encode, "decode": decode})
