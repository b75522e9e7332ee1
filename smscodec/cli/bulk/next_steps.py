"""What to do after a summary: commands that work as they stand, made of the command that printed it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Final

from smscodec.cli.bulk.summary import Summary
from smscodec.cli.bulk.words import best_example
from smscodec.cli.files import format_of
from smscodec.cli.writing import writable
from smscodec.display.terminal import visible
from smscodec.transliteration import RemedyKind, Stage

__all__ = ["STAGES", "next_steps"]

STAGES: Final = {
    "typography": Stage.TYPOGRAPHY,
    "compatibility": Stage.COMPATIBILITY,
    "look-alikes": Stage.LOOK_ALIKES,
    "emoji": Stage.EMOJI,
}
"""The stages of replacements that ``--transliterate`` takes."""

_STAGES_OF_REMEDIES: Final = {
    RemedyKind.TYPOGRAPHY: "typography",
    RemedyKind.COMPATIBILITY: "compatibility",
    RemedyKind.LOOK_ALIKES: "look-alikes",
    RemedyKind.EMOJI: "emoji",
}


_RESULTS: Final = frozenset({"--output", "--report"})
"""The options that name a file to write."""


def next_steps(summary: Summary, words: Sequence[str], files: Sequence[str]) -> str:
    """Lines that say what to do next, each with the command for it; ``words`` are those of the command that ran.

    Empty where there is nothing to do, and without commands that would read standard input again.
    """
    steps = list(_steps(summary, words, files))
    return "\n".join(["What to do next:", *(f"  {title}:\n    {command}" for title, command in steps)] if steps else [])


def _steps(summary: Summary, words: Sequence[str], files: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not summary.tally.messages:
        return
    # A name that would act on the terminal is shown as escapes, with which no command would work.
    readable = all(Path(name).is_file() for name in files) and all(visible(word) == word for word in words)
    stem = Path(files[0]).name.split(".")[0] or "messages"
    if example := best_example(summary):
        text = ["--"] * example.text.startswith("-") + [example.text]
        if writable(example.text) == example.text:
            yield "see why that message costs what it does", _command(["explain", *text])
    if not readable:
        return
    given = {word.partition("=")[0] for word in words}
    rest = _without_results(words[words.index("bulk") + 1 :])
    saved = {row.kind for row in summary.savings.by_remedy if row.saves} if summary.savings else set()
    output = ["--output", _new(f"{stem}-costs", _ending(files[0]))]
    if RemedyKind.NATIONAL_TABLES in saved and not summary.tally.languages:
        languages = _languages(summary)
        if languages:
            yield (
                "count with national tables, if the phones of your recipients know them",
                _command(["bulk", "--languages", languages, *rest]),
            )
    stage = next((_STAGES_OF_REMEDIES[kind] for kind in _STAGES_OF_REMEDIES if kind in saved), None)
    if stage and summary.transliterated is None:
        yield (
            "write the messages with the least harmful replacements, and what they cost then",
            _command(["bulk", "--transliterate", stage, *output, *rest]),
        )
    elif "--output" not in given:
        yield "write what each message costs beside it", _command(["bulk", *output, *rest])
    if "--report" not in given:
        yield "make a page with charts to send to others", _command(["bulk", "--report", _new(stem, ".html"), *rest])


def _without_results(words: Sequence[str]) -> list[str]:
    """The words of a command without the files it wrote, which the next one must not write over."""
    kept = []
    rest = iter(words)
    for word in rest:
        if word in _RESULTS:
            next(rest, None)
        elif word.partition("=")[0] not in _RESULTS:
            kept.append(word)
    return kept


def _languages(summary: Summary) -> str:
    """The languages whose tables the examples use."""
    tables = [one.remedy.measurement.tables for one in summary.tally.examples]
    names = {language.name.lower() for pair in tables for language in (pair.locking, pair.single) if language}
    return ",".join(sorted(names))


def _new(stem: str, ending: str) -> str:
    """The name of a file that is not there yet, which cannot be taken for an option."""
    path = f"./{stem}" if stem.startswith("-") else stem
    names = chain([f"{path}{ending}"], (f"{path}-{number}{ending}" for number in count(2)))
    return next(name for name in names if not os.path.lexists(name))


def _ending(name: str) -> str:
    """The ending of a file of results that is like a file of messages."""
    return ".csv" if format_of(name) in {None, "txt"} else Path(name.removesuffix(".gz")).suffix.replace("xlsm", "xlsx")


def _command(words: Sequence[str]) -> str:
    return f"smscodec {' '.join(map(_in_double_quotes, words)) if os.name == 'nt' else shlex.join(words)}"


def _in_double_quotes(word: str) -> str:
    """A word for a shell of Windows, where names of files hold no double quotation marks."""
    plain = word and all(character.isalnum() or character in "-_.:,/\\=$" for character in word)
    return word if plain else '"' + word.replace('"', '""') + '"'
