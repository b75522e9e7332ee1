"""sms-toolkit: ``profile_message``, and ``normalize_optimistic_gsm_characters``."""

from importlib import import_module
from typing import Any

from benchmarks.conformance.lines import Answer, only, serve

_library = import_module("sms_toolkit")
_ALPHABETS = {"GSM": "GSM_7BIT", "UTF-16": "UCS2"}


def segment(text: str | None = None, **options: Any) -> Answer:
    """The texts of the segments."""
    only(default=text is not None and options.keys() <= {"reference"})
    profile = _library.profile_message(text)
    answer = {"segments": profile["num_segments"], "texts": [part["message"] for part in profile["segments"]]}
    if alphabet := _ALPHABETS.get(profile.get("message_encoding", "")):
        answer["alphabet"] = alphabet
    return answer


def count(text: str, languages: list[int] | None = None) -> Answer:
    """Segments of a text."""
    only(default=not languages)
    return segment(text)


def transliterate(text: str, replacements: dict[str, str] | None = None) -> Answer:
    """Characters outside the default alphabet replaced."""
    only(default=replacements is None)
    return {"text": _library.normalize_optimistic_gsm_characters(text)}


if __name__ == "__main__":
    serve({"segment": segment, "count": count, "transliterate": transliterate})
