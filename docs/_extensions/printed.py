"""Sphinx directives for what a command prints, so that nothing on the site is copied by hand.

``{help} smscodec measure`` shows the command's ``--help``; ``{figures} speed.json`` shows the tables that ``python -m
benchmarks --json docs/figures/speed.json`` has written.
"""

from __future__ import annotations

import json
import os
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from smscodec.cli import main

FIGURES = Path(__file__).parents[1] / "figures"


class Help(SphinxDirective):
    """A command's ``--help``, as it prints it on a terminal 80 columns wide."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """The text of the help as a literal block."""
        program, *command = self.arguments[0].split()
        assert program == "smscodec", f"{program} has no help here"
        os.environ["COLUMNS"] = "80"
        with redirect_stdout(StringIO()) as printed, suppress(SystemExit):
            main([*command, "--help"])
        assert printed.getvalue().startswith(f"usage: {self.arguments[0]}"), f"{self.arguments[0]} has no help"
        block = nodes.literal_block(printed.getvalue(), printed.getvalue())
        block["language"] = "text"
        return [block]


class Figures(SphinxDirective):
    """The tables of a file that ``python -m benchmarks --json`` has written: names, figures, units and targets."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A table for each of the file's tables."""
        path = FIGURES / self.arguments[0]
        self.env.note_dependency(str(path))
        tables: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
        return [_table(title, rows) for title, rows in tables.items()]


def _table(title: str, rows: list[dict[str, Any]]) -> nodes.table:
    group = nodes.tgroup(cols=4)
    group += [nodes.colspec(colwidth=width) for width in (5, 2, 2, 3)]
    group += nodes.thead("", _row("what", "measured", "must be", ""))
    for row in rows:
        value = "" if row["value"] is None else f"{row['value']:.2f} {row['unit']}"
        group += nodes.tbody("", _row(row["name"], value, row["target"] or "", row["note"] or ""))
    return nodes.table("", nodes.title(text=title), group)


def _row(*cells: str) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph(text=cell)) for cell in cells))


def leave_aliases_out(_app: Sphinx, what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Drop what Python says of each field of a named tuple, its number; the class says what the fields mean."""
    if what in {"attribute", "property"} and lines and lines[0].startswith("Alias for field number "):
        lines.clear()


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives, and the filter of docstrings."""
    app.connect("autodoc-process-docstring", leave_aliases_out)
    app.add_directive("help", Help)
    app.add_directive("figures", Figures)
    return {"parallel_read_safe": True}
