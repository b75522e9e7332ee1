"""Many rows as one test: it reports every row that fails, and not the first alone.

To run a row costs as much as to call a function. A test for each, which ``pytest.mark.parametrize`` makes, costs
several milliseconds more; so that is for rows that take longer than this, need a fixture of their own or may be
skipped.
"""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest

_Test = Callable[..., None]


def each_row(arguments: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[_Test], _Test]:
    """A decorator that calls a test once for each row, with the row as these arguments."""
    names = (arguments,) if isinstance(arguments, str) else arguments
    params = [_param(row, len(names)) for row in rows]
    assert params, "no rows"

    def over_all(test: _Test) -> _Test:
        @wraps(test)
        def run(**fixtures: Any) -> None:
            failures: list[tuple[str, BaseException]] = []
            for number, param in enumerate(params):
                row = dict(zip(names, param.values, strict=True))
                try:
                    test(**fixtures, **row)
                except (Exception, pytest.fail.Exception) as failure:
                    name = str(param.id or f"{number}: {reprlib.repr(row)}")
                    failure.add_note(f"in row {name}")
                    failures.append((name, failure))
            if failures:
                failed, errors = zip(*failures, strict=True)
                raise BaseExceptionGroup(f"{len(failed)} of {len(params)} rows: {'; '.join(failed)}", errors)

        own = inspect.signature(test)
        fixtures = [parameter for name, parameter in own.parameters.items() if name not in names]
        run.__signature__ = own.replace(parameters=fixtures)  # type: ignore[attr-defined]  # for pytest
        return run

    return over_all


def _param(row: Any, arguments: int) -> Any:
    """A row as pytest has it; one that is so already may have a name, but cannot be skipped."""
    if isinstance(row, type(pytest.param())):
        assert not row.marks
        return row
    return pytest.param(*row) if arguments > 1 else pytest.param(row)
