"""Mutation testing: ``python -m tests.mutation [MODULE ...]`` tries a sample of mutants that a seed draws.

A runner of our own, because the two that are well kept do not fit. mutmut 3 leaves decorated functions alone, which
here are every property and many constructors, and cannot draw a sample. cosmic-ray starts an interpreter for each
mutant, which costs more than most of these tests. This one loads pytest and Hypothesis once, and forks for each mutant.

A mutant is killed where a test fails, the import fails, or the tests take more of the processor's time than they may.
One that passes the first test file with few examples is tried with all files of its module, and then with as many
examples as CI draws, so that what survives is the same in each run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from textwrap import fill
from types import CodeType
from typing import Any

import hypothesis.strategies  # noqa: F401  (loaded once, for every fork)
import pytest

from tests.installed import PACKAGE
from tests.mutation.kernels import SOURCES, Workshop, kernel_mutants
from tests.mutation.modules import modules
from tests.mutation.mutants import Mutant, compiled, mutants, sample

HERE = Path(__file__).parent
REASONS = HERE / "survivors.json"
TABLE = HERE.parents[1] / "docs/why/mutation.md"
SEED = 23038
Item = tuple[str, Mutant]
OPTIONS = ("-x", "-q", "--assert=plain", "-n", "0", "-p", "no:cacheprovider")
LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # the plugins are here before pytest is

PAGE = """# How many faults the tests find

A mutant is a copy of the code with one operator, number, name, condition or statement changed, as a slip would change
it. It is killed where a test fails, or does not end. The score is the share of the killed among those that are not
equivalent: an equivalent mutant does what the original does. Every survivor is listed below with the reason why it
stands.

The sample of each module is drawn by the seeds {seeds}; modules that are not in the table were not tried.
The table is what `python -m tests.mutation --results FILE` and then `--report` wrote, from runs at

{commits}.

What got past at first led to new tests, or to less code, and was tried again. So a sample by another seed will score
lower than this one: {first}.

`.ci/run mutants` tries a small part of it again, and fails on a survivor that has no reason.

| code | mutants | killed | equivalent | score |
| --- | --- | --- | --- | --- |
{rows}
"""


class Mutated(SourceFileLoader):
    """Loads a module from the code of a mutant."""

    code: CodeType

    def get_code(self, fullname: str) -> CodeType:  # noqa: D102
        return self.code


class Finder:
    """Finds one module, and finds its mutant."""

    def __init__(self, module: str, path: Path, code: CodeType) -> None:
        self._module, self._path, self._code = module, path, code

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: D102
        if name != self._module:
            return None
        loader = Mutated(name, str(self._path))
        loader.code = self._code
        return spec_from_file_location(name, self._path, loader=loader)


def forked(item: Item | None, files: Sequence[str], profile: str, seconds: int) -> int:
    """Begin the tests on a mutant, or on the package as it is, in a process of their own; gives its number."""
    if pid := os.fork():
        return pid
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        signal.alarm(20 * seconds)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        os.environ["SMSCODEC_HYPOTHESIS_PROFILE"] = profile
        if item:
            name, mutant = item
            path = PACKAGE / f"{name}.py"
            module = f"smscodec.{name}".replace("/", ".").removesuffix(".__init__")
            sys.meta_path.insert(0, Finder(module, path, compiled(path.read_text(), mutant, str(path))))
        os._exit(int(pytest.main([*OPTIONS, *LOADED, *files])))
    finally:
        os._exit(70)


def tried(
    work: Sequence[Item], files: Sequence[str], profile: str, seconds: int, jobs: int
) -> Iterator[tuple[Item, str]]:
    """Each of these mutants of one module and what became of it: survived, killed, or slow."""
    running: dict[int, Item] = {}
    waiting = list(work)
    while waiting or running:
        while waiting and len(running) < jobs:
            item = waiting.pop(0)
            running[forked(item, files, profile, seconds)] = item
        pid, status = os.wait()
        slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM)
        yield running.pop(pid), "slow" if slow else "killed" if status else "survived"


def limit(module: str, files: Sequence[str], profile: str) -> int:
    """Seconds of the processor that tests may take on a mutant; they pass on the module as it is."""
    _, status, used = os.wait4(forked(None, files, profile, 900), 0)
    if status:
        raise SystemExit(f"{module}: the tests fail without a mutant: python -m pytest {' '.join(files)}")
    return 10 + int(10 * (used.ru_utime + used.ru_stime))


def name_of(item: Item) -> str:
    """A mutant's name in the records."""
    return f"{item[0]}: {item[1].name}"


def drawn(arguments: argparse.Namespace) -> Iterator[tuple[str, list[Item]]]:
    """Each module that is to be tried, with all its mutants."""
    wanted = [
        name
        for name in modules()
        if not arguments.only or any(name == one or name.startswith(f"{one}/") for one in arguments.only)
    ]
    for name in sorted(sample(wanted, arguments.seed, arguments.modules, str)):
        yield name, [(name, mutant) for mutant in mutants((PACKAGE / f"{name}.py").read_text())]


class Records:
    """What became of each mutant, kept from run to run in a file; and the survivors that no reason excuses."""

    def __init__(self, path: Path | None, seed: int) -> None:
        self._path, self._seed = path, seed
        self.reasons: dict[str, str] = json.loads(REASONS.read_text())
        self.results: dict[str, Any] = json.loads(path.read_text()) if path and path.exists() else {}
        self.bad: list[str] = []
        command = ["git", "rev-parse", "--short", "HEAD"]
        self._commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def add(self, module: str, name: str, outcome: str) -> None:
        """One mutant: killed, survived, equivalent (for certain, by its object code), or none (it does not compile)."""
        if outcome != "none":
            known = self.results.get(name, {"seed": self._seed, "first": outcome})
            self.results[name] = known | {"module": module, "outcome": outcome, "commit": self._commit}
        if outcome == "survived" and name not in self.reasons:
            self.bad.append(name)
            print(f"survived  {name}", flush=True)
        if self._path:
            self._path.write_text(json.dumps(self.results, ensure_ascii=False, indent=0))

    def keep(self, module: str, names: set[str]) -> None:
        """Drop what is on record of mutants that the module no longer has, unless they survived before they went."""
        gone = [name for name, result in self.results.items() if result["module"] == module and name not in names]
        for name in gone:
            result = self.results.pop(name)
            if result.get("first") == "survived":
                self.results[name] = result | {"outcome": "gone"}

    def settled(self, name: str, new: bool) -> bool:
        """Whether it need not be tried: it was killed, or is known and new ones are wanted, or has a reason."""
        if self._path is None:
            return name in self.reasons
        return name in self.results and (new or self.results[name]["outcome"] != "survived")


def run_modules(arguments: argparse.Namespace, records: Records) -> None:
    """Try mutants of the package."""
    tests = modules()
    for name, everything in drawn(arguments):
        records.keep(name, set(map(name_of, everything)))
        chosen = sample(everything, arguments.seed, arguments.count, name_of)
        work = [item for item in chosen if not records.settled(name_of(item), arguments.new)]
        first, every = tests[name][:1], tests[name]
        for files, profile in ((first, "quick"), (every, "quick"), (every, "ci")):
            if not work:
                break
            hasty = 0 if files is first else arguments.hasty
            if hasty and profile == "ci":
                break
            survivors = []
            for item, outcome in tried(work, files, profile, hasty or limit(name, files, profile), arguments.jobs):
                if outcome == "survived" or (outcome == "slow" and hasty):
                    survivors.append(item)
                else:
                    records.add(name, name_of(item), "killed")
            work = survivors
        for item in work:
            records.add(name, name_of(item), "survived")
        print(f"{name}: done", flush=True)


def run_kernels(arguments: argparse.Namespace, records: Records) -> None:
    """Try mutants of the kernels in C."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Path(folder))
        for file in SOURCES:
            everything = list(kernel_mutants(file))
            records.keep(f"csrc/{file}", {f"csrc/{file}: {mutant.name}" for mutant in everything})
            for mutant in sample(everything, arguments.seed, arguments.count, lambda mutant: mutant.name):
                name = f"csrc/{file}: {mutant.name}"
                if not records.settled(name, arguments.new):
                    records.add(f"csrc/{file}", name, shop.outcome(mutant))
            print(f"csrc/{file}: done", flush=True)


def first_tries(records: Records) -> str:
    """How many of the mutants were killed when they were first tried, which later records hold too.

    Those that survived then, and are gone with their code, count as well.
    """
    tried = [
        result["first"]
        for name, result in records.results.items()
        if "first" in result
        and result["outcome"] != "equivalent"
        and not records.reasons.get(name, "").startswith("equivalent")
    ]
    killed = tried.count("killed")
    share = 100 * killed / max(len(tried), 1)
    return f"{killed} of {len(tried)} mutants that are not equivalent, {share:.1f} %, were killed when first tried"


def table(records: Records) -> str:
    """The page that shows the results, by module."""
    rows: dict[str, Counter[str]] = {}
    for name, result in records.results.items():
        if result["outcome"] == "gone":
            continue
        reason = records.reasons.get(name, "")
        survived = "equivalent" if reason.startswith("equivalent") else "survived"
        outcome = survived if result["outcome"] == "survived" else result["outcome"]
        rows.setdefault(result["module"], Counter())[outcome] += 1

    def row(title: str, counts: Counter[str]) -> str:
        judged = counts["killed"] + counts["survived"]
        score = f"{100 * counts['killed'] / judged:.1f} %" if judged else "–"
        return f"| {title} | {counts.total()} | {counts['killed']} | {counts['equivalent']} | {score} |"

    kernels = sum((counts for module, counts in rows.items() if module.startswith("csrc/")), Counter[str]())
    package = sum((counts for module, counts in rows.items() if not module.startswith("csrc/")), Counter[str]())
    commits = sorted({result["commit"] for result in records.results.values()})
    seeds = sorted({result["seed"] for result in records.results.values()})
    lines = [row("the package", package), row("the kernels in C", kernels), row("all", package + kernels)]
    lines += [row(f"`{module}`", counts) for module, counts in sorted(rows.items())]
    stands = [f"* `{name}`: {reason}" for name, reason in sorted(records.reasons.items()) if name in records.results]
    return PAGE.format(
        seeds=" and ".join(map(str, seeds)),
        first=first_tries(records),
        commits=fill(", ".join(commits), 119),
        rows="\n".join(lines),
    ) + ("\n## What survives, and why\n\n" + "\n".join(stands) + "\n" if stands else "")


def main() -> int:
    """Try mutants, and record what became of each; a survivor without a reason is a failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("only", nargs="*", help="modules by their paths in the package, such as gsm7 or tpdu; or csrc")
    parser.add_argument("--count", type=int, default=30, help="mutants of each module")
    parser.add_argument("--modules", type=int, help="of so many modules, which the seed draws; of all if left out")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=Path, help="a file that keeps them")
    parser.add_argument("--new", action="store_true", help="do not try again what survived")
    parser.add_argument("--hasty", type=int, default=0, help="seconds for a mutant, after which it survives")
    parser.add_argument("--report", action="store_true", help="write the table of the results")
    arguments = parser.parse_args()
    records = Records(arguments.results, arguments.seed)
    if arguments.report:
        TABLE.write_text(table(records))
        return 0
    if arguments.only != ["csrc"]:
        run_modules(arguments, records)
    if not arguments.only or "csrc" in arguments.only:
        run_kernels(arguments, records)
    print(f"{len(records.results)} mutants on record, {len(records.bad)} survived without a reason")
    return 1 if records.bad else 0


if __name__ == "__main__":
    sys.exit(main())
