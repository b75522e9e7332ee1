"""Which column of a table holds the messages."""

from __future__ import annotations

from collections.abc import Sequence

from smscodec.cli.reading import InputRefusedError, did_you_mean

__all__ = ["chosen_column", "chosen_columns", "listed", "refuse_twins", "unknown_column"]


def chosen_column(names: Sequence[str], wanted: str | None) -> int:
    """The index of the column called so; without a name that of the only one."""
    if wanted is None:
        if len(names) != 1:
            raise InputRefusedError(
                f"there are {len(names)} columns; name the one that holds the message with --column: {listed(names)}"
            )
        return 0
    if wanted not in names:
        raise unknown_column("column", wanted, names)
    if names.count(wanted) > 1:
        raise InputRefusedError(f"expected one column {wanted!r}, got {names.count(wanted)}: {listed(names)}")
    return names.index(wanted)


def chosen_columns(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """The indices of the columns called so."""
    return [chosen_column(names, name) for name in wanted]


def unknown_column(kind: str, wanted: str, names: Sequence[str]) -> InputRefusedError:
    """The error for a column, or a member of an object, that is not there, with a guess at the one that was meant."""
    guess = did_you_mean(wanted, names)
    there = f"there {'is' if len(names) == 1 else 'are'} {listed(names)}" if names else "there are no columns"
    return InputRefusedError(f"no {kind} {wanted!r}; {f'{guess} ' if guess else ''}{there}")


def listed(names: Sequence[str]) -> str:
    """The names of all columns."""
    return ", ".join(map(repr, names))


def refuse_twins(names: Sequence[str]) -> None:
    """Refuse columns of one name, which rows by the names of columns cannot hold."""
    twins = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twins:
        raise InputRefusedError(f"{names.count(twins[0])} columns are called {twins[0]!r}, which --output cannot keep")
