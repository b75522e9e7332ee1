"""What the page shows: one question measured, cut, explained and priced by the core, as plain values for JSON.

Places in the text are given as pieces of the text itself, because Python counts characters and JavaScript UTF-16 code
units. Nothing is counted or cut here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import localcontext
from typing import Any, Final

from smscodec import Measurement, MissingExtraError, SegmentationError, segment
from smscodec.calculator.characters import character_rows
from smscodec.calculator.drawing import Marks, segment_fields
from smscodec.calculator.question import Question, QuestionError
from smscodec.transliteration import Explanation, Replacement, transliteration
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
    * ``characters``: the special characters as people see them, an emoji whole: for each its ``text``, how it is
      ``shown``, its ``name`` and ``code_points``, ``units``, ``replacement``, ``indices`` in characters, and the
      numbers of its ``changes``; ``more_characters`` counts those left out.
    * ``scripts``: what stands for the letters of another script, which nothing replaces: its ``name``, a ``sample``,
      and how many ``times`` there is one.
    * ``changes``: the text up to the last replacement in pieces of ``kept``, ``original`` and ``replacement``.
    * ``remedies``: what would save a segment, the least harmful first: ``kind``, ``changes`` in words, the ``text`` and
      the ``languages`` to ask with then, its ``measurement``, how many segments it ``saves``, and its ``cost``.
    * ``cost``: exact decimals for a ``message`` and the ``total`` of all recipients; null without a price.

    Raises ``QuestionError`` where grapheme boundaries are asked for and their extra is not installed.

    >>> shown = answer(Question("It’s late. " * 8))
    >>> shown["measurement"]["segments"], [remedy["changes"] for remedy in shown["remedies"]]
    (2, ["replaces ’ with '"])
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
    rows, scripts = character_rows(text, explanation, fitted.replacements, changed)
    return {
        "measurement": explanation.measurement.as_dict(),
        "segments": segments,
        "refusal": refusal,
        "characters": rows[:_MOST_ROWS],
        "more_characters": len(rows[_MOST_ROWS:]),
        "scripts": scripts,
        "changes": _changes(text, fitted.replacements),
        "remedies": list(_remedies(question, explanation)),
        "cost": _cost(question, explanation.measurement),
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


def _remedies(question: Question, explanation: Explanation) -> Iterator[dict[str, Any]]:
    """Those that save beyond what the languages of the question save already."""
    for remedy in explanation.remedies:
        saves = explanation.measurement.segments - remedy.measurement.segments
        if saves > 0:
            tables = remedy.measurement.tables
            used = [*question.languages, *(one for one in (tables.locking, tables.single) if one)]
            yield {
                "kind": remedy.kind.name,
                "changes": remedy.changes,
                "text": remedy.text,
                "languages": [language.name for language in dict.fromkeys(used)],
                "measurement": remedy.measurement.as_dict(),
                "saves": saves,
                "cost": _cost(question, remedy.measurement),
            }


def _changes(text: str, changes: Sequence[Replacement]) -> list[dict[str, str]]:
    """The text up to the last replacement in pieces: the part kept, the original and its replacement."""
    pieces = []
    end = 0
    for change in changes:
        kept = text[end : change.index]
        pieces.append({"kept": kept, "original": change.original, "replacement": change.replacement})
        end = change.index + len(change.original)
    return pieces


def _cost(question: Question, measurement: Measurement) -> dict[str, str] | None:
    """What the message costs, exactly."""
    if question.price is None:
        return None
    with localcontext(prec=60):
        message = question.price * measurement.segments
        return {"message": format(message, "f"), "total": format(message * question.recipients, "f")}
