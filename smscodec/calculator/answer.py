"""What the page shows: one question measured, cut, explained and priced by the core, as plain values for JSON.

Places in the text are given as pieces of the text itself, because Python counts characters and JavaScript UTF-16 code
units. Nothing is counted or cut here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any, Final

from smscodec import Measurement, MissingExtraError, SegmentationError, segment
from smscodec.calculator.drawing import Marks, segment_fields
from smscodec.calculator.question import Question, QuestionError
from smscodec.display.terminal import visible
from smscodec.transliteration import Culprit, Explanation, Replacement, transliteration
from smscodec.transliteration._explain import explained

__all__ = ["answer"]

_MOST_ROWS: Final = 100
"""Different characters that are listed; a text in another script can have thousands."""


def answer(question: Question) -> dict[str, Any]:
    """Everything that the page shows about a text, ready for JSON.

    * ``measurement``: as ``measure --json`` has it.
    * ``segments``: for each its ``units``, its ``header`` (``octets`` in hexadecimal under reference 0, the ``units``
      it takes, its ``elements`` in words) or null, and ``runs`` of characters that are alike: ``text``, ``kind``
      (basic, escape pair or surrogate pair), ``units``, and where it applies ``expensive``, the number of its
      ``change`` and the escape by which it is ``shown``. Null where ``refusal`` says why the text cannot be cut.
    * ``characters``: for each expensive one ``character``, ``shown``, ``code_point``, ``name``, ``units``,
      ``replacement``, ``indices`` in characters, and the numbers of their ``changes``; ``more_characters`` counts those
      left out.
    * ``changes``: the text up to the last replacement in pieces of ``kept``, ``original`` and ``replacement``.
    * ``suggestion`` and ``suggested``: the text with all replacements, and its measurement.
    * ``cost``: exact decimals for a ``message`` and the ``total`` of all recipients, now and ``suggested_``; null
      without a price.

    Raises ``QuestionError`` where grapheme boundaries are asked for and their extra is not installed.
    """
    text = question.text
    fitted = transliteration(text)
    explanation = explained(text, fitted, languages=question.languages, wide_reference=question.wide_reference)
    changed = {
        change.index + offset: number
        for number, change in enumerate(fitted.replacements)
        for offset in range(len(change.original))
    }
    marks = Marks(frozenset(one.index for one in explanation.culprits), changed)
    segments, refusal = _segments(question, marks)
    rows = _rows(explanation.culprits, changed)
    return {
        "measurement": explanation.measurement.as_dict(),
        "segments": segments,
        "refusal": refusal,
        "characters": rows[:_MOST_ROWS],
        "more_characters": max(0, len(rows) - _MOST_ROWS),
        "changes": _changes(text, fitted.replacements),
        "suggestion": explanation.suggestion,
        "suggested": explanation.suggested.as_dict(),
        "cost": _cost(question, explanation),
    }


def _segments(question: Question, marks: Marks) -> tuple[list[dict[str, Any]] | None, str | None]:
    try:
        message = segment(
            question.text,
            languages=question.languages,
            wide_reference=question.wide_reference,
            boundary=question.boundary,
            reference=0,
        )
    except MissingExtraError as error:
        raise QuestionError(str(error), "boundary") from None
    except SegmentationError as error:
        return None, str(error)
    starts = message.bounds[:-1]
    return [segment_fields(part, start, marks) for part, start in zip(message, starts, strict=True)], None


def _rows(culprits: Sequence[Culprit], changed: Mapping[int, int]) -> list[dict[str, Any]]:
    """A row for each expensive character, those that can be replaced first, then by number."""
    kinds: dict[tuple[str, str, int, str | None], list[int]] = {}
    for one in culprits:
        kind = (one.character, one.name, one.units, one.replacement)
        kinds.setdefault(kind, []).append(one.index)
    ordered = sorted(kinds.items(), key=lambda row: (row[0][3] is None, -len(row[1])))
    return [
        {
            "character": character,
            "shown": visible(character, joiners=False),
            "code_point": f"U+{ord(character):04X}",
            "name": name,
            "units": units,
            "replacement": replacement,
            "indices": indices,
            "changes": list(dict.fromkeys(changed[index] for index in indices if index in changed)),
        }
        for (character, name, units, replacement), indices in ordered
    ]


def _changes(text: str, changes: Sequence[Replacement]) -> list[dict[str, str]]:
    """The text up to the last replacement in pieces: the part kept, the original and its replacement."""
    pieces = []
    end = 0
    for change in changes:
        kept = text[end : change.index]
        pieces.append({"kept": kept, "original": change.original, "replacement": change.replacement})
        end = change.index + len(change.original)
    return pieces


def _cost(question: Question, explanation: Explanation) -> dict[str, str] | None:
    """What the message and the suggestion cost, exactly."""
    if question.price is None:
        return None
    price = question.price

    def costs(measurement: Measurement, recipients: int) -> str:
        with localcontext(prec=60):
            return _plain(price * measurement.segments * recipients)

    return {
        "message": costs(explanation.measurement, 1),
        "total": costs(explanation.measurement, question.recipients),
        "suggested_message": costs(explanation.suggested, 1),
        "suggested_total": costs(explanation.suggested, question.recipients),
    }


def _plain(amount: Decimal) -> str:
    return format(amount, "f")
