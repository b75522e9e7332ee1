"""Which column of a table holds the messages."""

from __future__ import annotations

from collections.abc import Sequence

from smscodec.cli.reading import InputRefusedError

__all__ = ["chosen_column", "refuse_twins"]


def chosen_column(names: Sequence[str], wanted: str | None) -> int:
    """The index of the column called so; without a name that of the only one."""
    there = f"those there are: {', '.join(map(repr, names))}"
    if wanted is None:
        if len(names) != 1:
            raise InputRefusedError(f"{len(names)} columns; name the one that holds the message with --column, {there}")
        return 0
    if wanted not in names:
        raise InputRefusedError(f"no column {wanted!r}; {there}")
    if names.count(wanted) > 1:
        raise InputRefusedError(f"{names.count(wanted)} columns are called {wanted!r}; {there}")
    return names.index(wanted)


def refuse_twins(names: Sequence[str]) -> None:
    """Refuse columns of one name, which rows by the names of columns cannot hold."""
    twins = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twins:
        raise InputRefusedError(f"{names.count(twins[0])} columns are called {twins[0]!r}, which --output cannot keep")
