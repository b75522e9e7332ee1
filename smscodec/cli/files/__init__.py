"""Files of messages, read a block at a time in bounded memory: one module a format.

``blocks_of`` reads any of them; the format is known by the ending of the name. Knows rows, columns and their limits and
nothing of alphabets. What cannot be read is an ``InputRefusedError`` that names file and row.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, Literal, get_args

from smscodec.cli.files.blocks import Block, Reading

__all__ = ["ENDINGS", "FORMATS", "Format", "blocks_of", "format_of"]

Format = Literal["txt", "jsonl", "csv", "xlsx", "parquet", "arrow"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

ENDINGS: Final[dict[str, Format]] = {
    ".txt": "txt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
}
"""The format of a file, by the ending of its name."""

_READERS: Final[dict[Format, str]] = {
    "txt": "text_lines",
    "jsonl": "json_lines",
    "csv": "csv_rows",
    "xlsx": "excel_rows",
    "parquet": "arrow_columns",
    "arrow": "arrow_columns",
}


def format_of(name: str) -> Format | None:
    """The format that the ending of a file's name stands for; None for an unknown ending.

    Text formats may be gzipped. Standard input, ``-``, is text lines.
    """
    if name == "-":
        return "txt"
    plain = name.lower().removesuffix(".gz")
    form = ENDINGS.get(Path(plain).suffix)
    return None if form in {"xlsx", "parquet", "arrow"} and plain != name.lower() else form


def blocks_of(form: Format, reading: Reading) -> Iterator[Block]:
    """The messages of a file in blocks. Only the reader of its format is loaded."""
    blocks: Iterator[Block] = import_module(f"{__name__}.{_READERS[form]}").blocks(reading)
    return blocks
