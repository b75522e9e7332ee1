"""Plain values to HTML for a notebook: tables, texts, and blocks below each other.

This module knows tables, captions and characters, not domain types. The output is self-contained and short however long
the input is, has no script, style sheet, id or address, and takes its colours from the page, dark or light. Every text
is made visible, escaped and isolated, so that it can neither act as markup nor reverse the text beside it. Tables have
captions and headers for screen readers.

Reference: Unicode Standard Annex 9 (isolation of bidirectional text)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from smscodec.display.svg import histogram_svg
from smscodec.display.terminal import runs

__all__ = [
    "explanation_html",
    "histogram_html",
    "safe_html",
    "segments_html",
    "stacked_html",
    "table_html",
    "text_html",
]

_MOST_ROWS: Final = 100
_MOST_CHARACTERS: Final = 2_000

_EDGE: Final = "border:1px solid rgba(128,128,128,.4)"
_CELL: Final = f"{_EDGE};padding:.2em .6em;vertical-align:top"
_TEXT: Final = f"{_CELL};text-align:start;white-space:pre-wrap;overflow-wrap:anywhere"
_NUMBER: Final = f"{_CELL};text-align:end;font-variant-numeric:tabular-nums"
_TABLE: Final = "border-collapse:collapse;margin:.4em 0;font-size:.95em"
_CAPTION: Final = "caption-side:top;text-align:start;padding:.2em 0;color:inherit;font-weight:600"
_ESCAPE: Final = "opacity:.65;outline:1px dotted;margin:0 1px"


def segments_html(heading: str, parts: Iterable[tuple[str, int]], room: int) -> str:
    """The parts of a text as a table: number, units used of the ``room``, and text."""
    rows = [(str(number), f"{units}/{room}", text) for number, (text, units) in enumerate(parts, 1)]
    return table_html(heading, ("segment", "units", "text"), rows, right=(0, 1))


def histogram_html(messages: int, histogram: Mapping[str, Mapping[int, int]]) -> str:
    """How many messages of each alphabet take how many segments: a table of the sums, and bars.

    ``histogram`` has the messages by number of segments for each alphabet; of all ``messages`` the others are nulls.
    """
    known = sum(sum(counts.values()) for counts in histogram.values())
    total = 0
    rows = []
    for alphabet, counts in histogram.items():
        count, segments = sum(counts.values()), sum(number * times for number, times in counts.items())
        total += segments
        rows.append((alphabet, f"{count:,}", f"{count / max(known, 1):.1%}", f"{segments:,}"))
    rows += [("null", f"{messages - known:,}", "", "")] if known < messages else []
    heading = f"{messages:,} messages, {total:,} segments"
    return stacked_html(
        table_html(heading, ("alphabet", "messages", "share", "segments"), rows, right=(1, 2, 3)),
        histogram_svg("Messages by number of segments", "segments per message", histogram),
    )


def table_html(
    heading: str, headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> str:
    """A table with a text per header in each row, of which the first names the row; of many rows the first 100.

    The columns numbered in ``right`` are aligned to the right and not meant for long texts.
    """
    head = "".join(f'<th scope="col" dir="auto" style="{_CELL};text-align:{_side(at, right)}">{safe_html(name)}</th>'
                   for at, name in enumerate(headers))  # fmt: skip
    body = "".join(f"<tr>{_row(row, right)}</tr>" for row in rows[:_MOST_ROWS])
    if len(rows) > _MOST_ROWS:
        body += f'<tr><td colspan="{len(headers)}" style="{_CELL}">… and {len(rows) - _MOST_ROWS:,} more</td></tr>'
    caption = f'<caption dir="auto" style="{_CAPTION}">{safe_html(heading)}</caption>'
    return f'<table style="{_TABLE}">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def explanation_html(explanation: Mapping[str, Any]) -> str:
    """What a text costs, its expensive characters from the most to the least frequent, and what would be cheaper.

    ``explanation`` is what ``Explanation.as_dict()`` returns.
    """
    costs = [
        (name, cost["alphabet"], str(cost["units"]), str(cost["segments"]))
        for name, cost in (("as it is", explanation["measurement"]), ("as suggested", explanation["suggested"]))
    ]
    blocks = [table_html("Cost", ("text", "alphabet", "units", "segments"), costs, right=(2, 3))]
    alike = Counter(tuple(one[key] for key in _CHARACTER) for one in explanation["culprits"])
    rows = [
        (character, name, f"{times:,}", str(units), "none" if replacement is None else replacement or "(left out)")
        for (character, name, units, replacement), times in alike.most_common()
    ]
    headers = ("character", "name", "times", "units each", "replacement")
    blocks += [table_html("Expensive characters", headers, rows, right=(2, 3))] if rows else []
    blocks += [text_html("Suggestion", explanation["suggestion"])] if rows else []
    fixes = [(one["changes"], str(one["saves"])) for one in explanation["remedies"]]
    blocks += [table_html("What saves segments", ("change", "saves"), fixes, right=(1,))] if fixes else []
    return stacked_html(*blocks)


_CHARACTER: Final = ("character", "name", "units", "replacement")


def text_html(heading: str, text: str) -> str:
    """A text under its heading, in a box that scrolls; of a long text the first 2,000 characters."""
    box = f"{_EDGE};padding:.3em .6em;max-height:14em;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere"
    caption = f'<figcaption dir="auto" style="font-weight:600;padding:.2em 0">{safe_html(heading)}</figcaption>'
    return f'<figure style="margin:.4em 0">{caption}<div dir="auto" style="{box}">{safe_html(text)}</div></figure>'


def stacked_html(*blocks: str) -> str:
    """Blocks of HTML below each other."""
    return f"<div>{''.join(blocks)}</div>"


def _side(column: int, right: Collection[int]) -> str:
    return "end" if column in right else "start"


def _row(cells: Sequence[str], right: Collection[int]) -> str:
    shown = []
    for at, text in enumerate(cells):
        style = _NUMBER if at in right else _TEXT
        tag, scope = ("th", ' scope="row"') if at == 0 else ("td", "")
        shown.append(f'<{tag}{scope} dir="auto" style="{style};font-weight:inherit">{safe_html(text)}</{tag}>')
    return "".join(shown)


def safe_html(text: str) -> str:
    """A text made visible and escaped, for an element of its own that takes its direction from it and isolates it.

    An escape always runs from left to right and has no influence on the text's direction. The end of a long text is
    replaced by the number of characters left out.
    """
    left_out = len(text) - _MOST_CHARACTERS
    shown = "".join(
        f'<bdi dir="ltr" style="{_ESCAPE}">{escape(run)}</bdi>' if escaped else escape(run)
        for run, escaped in runs(text[:_MOST_CHARACTERS])
    )
    more = f' <i dir="ltr">… and {left_out:,} more characters</i>' if left_out > 0 else ""
    return shown + more
