"""The vector files of the SMS API façade, read once."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

_FOLDER: Final = files("smscodec.testing") / "vectors"


def _read(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


SIGNATURES: Final[list[dict[str, Any]]] = _read("vonage_signatures.json")["cases"]
SPECIFICATIONS: Final[dict[str, dict[str, Any]]] = _read("vonage_parameters.json")["versions"]
