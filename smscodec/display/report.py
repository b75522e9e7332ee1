"""Plain values to a page of HTML that stands on its own: figures, bars, tables, and texts before and after a change.

This module knows headings, numbers and texts, not domain types. A page has no script and asks for nothing from outside;
it follows the reader's choice of light or dark, and can be printed. Every text is made visible, escaped and isolated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Final, NamedTuple

from smscodec.display.html import safe_html
from smscodec.display.svg import COLOURS

__all__ = ["Bar", "Figure", "Piece", "bars_html", "change_html", "figures_html", "page_html", "section_html"]


class Figure(NamedTuple):
    """A number that stands out, with its name above it and a few words below."""

    name: str
    value: str
    note: str = ""


class Bar(NamedTuple):
    """A row with a bar: its name, how long the bar is and how much of it is marked, and a text for each column."""

    name: str
    length: float
    marked: float
    columns: Sequence[str]


class Piece(NamedTuple):
    """A part of a text, and whether it is marked."""

    text: str
    marked: bool


_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_STYLE: Final = f"""\
:root {{
  color-scheme: light dark; --ink: #1c2430; --quiet: #5a6675; --page: #fff; --card: #f4f6f9; --line: #d7dde5;
  --bar: {COLOURS[0]}; --marked: {COLOURS[1]}; --strong: #b0530c; --was: #ffe0c7; --now: #d3ecd6;
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --ink: #e6eaf0; --quiet: #a3aebd; --page: #14181e; --card: #1e242c; --line: #353e4a;
    --strong: #f0964a; --was: #5c3413; --now: #1f4a2a;
  }}
}}
* {{ box-sizing: border-box }}
body {{
  margin: 0 auto; padding: 2.5rem 1.5rem 3rem; max-width: 60rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem }}
h2 {{ font-size: 1.2rem; margin: 0 0 .3rem }}
p {{ margin: 0 0 .8rem; max-width: 46rem }}
.quiet {{ color: var(--quiet) }}
section {{ margin-top: 2.4rem }}
h2, h2 + p {{ break-after: avoid }}
.figures {{
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .9rem; margin: 1.6rem 0 1rem;
}}
.figure {{ background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem }}
.figure dt, .figure .note {{ color: var(--quiet); font-size: .9rem }}
.figure dd {{ margin: 0 }}
.figure .value {{ font-size: 1.55rem; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere }}
.figure:last-child .value {{ color: var(--strong) }}
.scroll {{ overflow-x: auto }}
table {{ border-collapse: collapse; width: 100%; font-size: .95rem }}
th, td {{ padding: .35rem .6rem .35rem 0; text-align: start; border-bottom: 1px solid var(--line) }}
thead th {{ color: var(--quiet); font-weight: 500; font-size: .85rem; vertical-align: bottom }}
tbody th {{ font-weight: 400; overflow-wrap: break-word; min-width: 6rem; max-width: 24rem }}
.number {{ text-align: end; padding-inline-start: .8rem; font-variant-numeric: tabular-nums; white-space: nowrap }}
.bar {{ width: 30%; min-width: 7rem }}
.bar svg {{ display: block; width: 100%; height: .8rem }}
.length {{ fill: var(--bar) }}
.part {{ fill: var(--marked) }}
.change {{ border: 1px solid var(--line); border-radius: .6rem; margin: 0 0 1rem; overflow: hidden }}
.change, tr {{ break-inside: avoid }}
.change figcaption {{ background: var(--card); padding: .5rem 1rem; font-size: .9rem; color: var(--quiet) }}
.change div {{ display: grid; grid-template-columns: 7.5rem 1fr; gap: .2rem 1rem; padding: .6rem 1rem }}
.change b {{ font-weight: 500; color: var(--quiet); font-size: .9rem }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere }}
mark {{ background: var(--was); color: inherit; border-radius: .2rem; padding: 0 .08rem }}
.now mark {{ background: var(--now) }}
footer {{ margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: .9rem }}
@media (max-width: 34rem) {{ .change div {{ grid-template-columns: 1fr }} .bar {{ display: none }} }}
@media print {{
  :root {{
    color-scheme: light; --ink: #000; --quiet: #444; --page: #fff; --card: #fff; --line: #bbb;
    --was: #ffe0c7; --now: #d3ecd6;
  }}
  body {{ padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact }}
}}"""


def page_html(title: str, lead: str, blocks: Iterable[str], footer: str) -> str:
    """A whole page: the title, a line below it, blocks of HTML, and a line at the end."""
    body = "\n".join(blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{safe_html(title)}</h1>\n<p class="quiet" dir="auto">{safe_html(lead)}</p>\n'
        f"{body}\n</main>\n"
        f'<footer class="quiet">{safe_html(footer)}</footer>\n</body>\n</html>\n'
    )


def section_html(heading: str, words: str, *blocks: str) -> str:
    """Blocks under a heading, with a line that explains them."""
    explained = f'<p class="quiet" dir="auto">{safe_html(words)}</p>' if words else ""
    return f'<section>\n<h2 dir="auto">{safe_html(heading)}</h2>\n{explained}\n{"".join(blocks)}\n</section>'


def figures_html(figures: Iterable[Figure]) -> str:
    """Numbers that stand out, beside each other."""
    cards = "".join(
        f'<div class="figure"><dt>{safe_html(one.name)}</dt><dd><div class="value">{safe_html(one.value)}</div>'
        f'<div class="note">{safe_html(one.note)}</div></dd></div>'
        for one in figures
    )
    return f'<dl class="figures">{cards}</dl>'


def bars_html(headers: Sequence[str], rows: Sequence[Bar], *, left: Collection[int] = ()) -> str:
    """Rows with bars: the name, the bar, and the columns, aligned to the right but for those numbered in ``left``.

    ``headers`` has the name of the first column and of those behind the bar.
    """
    longest = max((row.length for row in rows), default=None) or 1
    first, *others = headers
    sides = ["" if at in left else ' class="number"' for at, _ in enumerate(others)]
    head = "".join(f'<th scope="col"{side}>{safe_html(name)}</th>' for name, side in zip(others, sides, strict=True))
    body = "".join(
        f'<tr><th scope="row" dir="auto">{safe_html(row.name)}</th><td class="bar">{_bar(row, longest)}</td>'
        + "".join(f'<td{side} dir="auto">{safe_html(text)}</td>' for text, side in zip(row.columns, sides, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr><th scope="col">{safe_html(first)}</th><td class="bar"></td>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _bar(row: Bar, longest: float) -> str:
    """The bar of a row, which has in it what the columns say in numbers."""
    length, part = 100 * row.length / longest, 100 * min(row.marked, row.length) / longest
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="length" width="{max(length, 0.4):.2f}" height="10"/>'
        f'<rect class="part" x="{length - part:.2f}" width="{part:.2f}" height="10"/></svg>'
    )


def change_html(words: str, before: tuple[str, Iterable[Piece]], after: tuple[str, Iterable[Piece]]) -> str:
    """A text before and after a change, each with its name, and what differs marked."""
    (was_name, was), (now_name, now) = before, after
    return (
        f'<figure class="change"><figcaption dir="auto">{safe_html(words)}</figcaption>'
        f'<div><b>{safe_html(was_name)}</b><span class="text" dir="auto">{"".join(map(_piece, was))}</span>'
        f'<b>{safe_html(now_name)}</b><span class="text now" dir="auto">{"".join(map(_piece, now))}</span></div>'
        "</figure>"
    )


def _piece(piece: Piece) -> str:
    if not piece.text:
        return ""
    return f"<mark>{safe_html(piece.text)}</mark>" if piece.marked else safe_html(piece.text)
