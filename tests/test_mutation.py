"""The mutants that judge the tests: each is one change that compiles, and every module has tests that judge it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from tests.installed import PACKAGE
from tests.mutation.__main__ import Records, first_tries, table
from tests.mutation.kernels import SOURCES, kernel_mutants
from tests.mutation.modules import LEFT_OUT, TESTS, TESTS_OF, modules
from tests.mutation.mutants import compiled, mutants, sample

SOURCE = '''
"""A docstring."""
LIMIT: int = 3
Name = Literal["typed"]

def within(numbers, low, name="x"):
    """Another."""
    if not numbers:
        raise ValueError(f"{name}: expected some numbers")
    for number in numbers:
        if number < low or number == LIMIT:
            continue
        yield number + 1
'''


def test_every_change_is_named_once_and_compiles() -> None:
    """A mutant is one change of an operator, a constant, a condition or a statement; prose and annotations stay."""
    found = mutants(SOURCE)
    names = [mutant.name for mutant in found]
    assert names == list(dict.fromkeys(names))
    changes = "\n".join(names)
    for change in ("number < low → number <= low", "'x' → 'xX'", "3 → 4", "continue → break", "or number == LIMIT → "):
        assert change in changes
    assert not any(prose in changes for prose in ("docstring", "Another", "numbersX", "intX", "typedX"))
    codes = {compiled(SOURCE, mutant, "mutant") for mutant in found}
    assert len(codes) == len(found) > 10


def test_a_mutant_behaves_differently() -> None:
    """The change is in the code that is compiled."""
    [mutant] = [mutant for mutant in mutants(SOURCE) if "number < low → number <= low" in mutant.name]
    space: dict[str, object] = {"Literal": Literal}
    exec(compiled(SOURCE, mutant, "mutant"), space)
    assert list(space["within"]([1, 2, 4], 2)) == [5]  # type: ignore[operator]


def test_a_sample_keeps_what_it_has() -> None:
    """A larger sample holds the smaller one, and what is added elsewhere does not change who is drawn first."""
    names = [f"name {number}" for number in range(50)]
    few, many = sample(names, 7, 5, str), sample(names, 7, 20, str)
    assert many[:5] == few
    assert [name for name in sample([*names, "other"], 7, 21, str) if name != "other"][:5] == few
    assert sample(names, 8, 5, str) != few


def test_the_first_try_stays_on_record(tmp_path: Path) -> None:
    """The table shows what tests kill today; beside it stands what they killed at first, code that went included."""
    records = Records(tmp_path / "results.json", 1)
    for name, outcomes in {"a": ["killed"], "b": ["survived", "killed"], "c": ["survived"], "d": ["killed"]}.items():
        for outcome in outcomes:
            records.add("gsm7", name, outcome)
    records.add("gsm7", "e", "none")
    records.keep("gsm7", {"a", "b"})
    assert {name: result["outcome"] for name, result in records.results.items()} == {
        "a": "killed", "b": "killed", "c": "gone"
    }  # fmt: skip
    assert "1 of 3 mutants" in first_tries(records)
    assert "| `gsm7` | 2 | 2 | 0 | 100.0 % |" in table(records)
    assert sorted(records.bad) == ["b", "c"]


def test_every_module_has_tests_that_exist() -> None:
    """Each module is tried against test files that exist, and no line of the list is left over."""
    found = modules()
    assert {file for files in found.values() for file in files if not (TESTS.parent / file).exists()} == set()
    folders = {name.removesuffix("/__init__") for name in found}
    for key in TESTS_OF:
        assert any(name == key or name.startswith(f"{key}/") for name in folders), key
    for name in LEFT_OUT:
        assert (PACKAGE / f"{name}.py").exists(), name


def test_survivors_with_a_reason_are_there() -> None:
    """A recorded survivor names a mutant that still exists, and says why no test sees it."""
    reasons = json.loads((TESTS / "mutation/survivors.json").read_text(encoding="utf-8"))
    assert all(len(reason) > 20 for reason in reasons.values())
    for name in {key.partition(": ")[0] for key in reasons}:
        if name.startswith("csrc/"):
            there = {f"{name}: {mutant.name}" for mutant in kernel_mutants(name.removeprefix("csrc/"))}
        else:
            source = (PACKAGE / f"{name}.py").read_text(encoding="utf-8")
            there = {f"{name}: {mutant.name}" for mutant in mutants(source)}
        assert {key for key in reasons if key.startswith(f"{name}: ")} <= there


def test_kernels_have_mutants() -> None:
    """Each file of the kernels that is written by hand has changes, none of them in a comment or a directive."""
    written = {path.name for path in (TESTS.parent / "csrc").glob("*.[ch]")}
    generated = {"_ffi.c", "_inplace.c", "tables.c", "tables.h"}
    assert written == {*SOURCES, *generated, "smscodec.h", "vector_neon.c"}
    for file in SOURCES:
        found = list(kernel_mutants(file))
        assert found, file
        assert len({mutant.name for mutant in found}) == len(found)
        assert not any("#" in mutant.name.split()[0] for mutant in found)
