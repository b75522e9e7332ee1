"""The documentation's recipes for columns, clusters and pictures do what they assert."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.adapters.needing import library, missing

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "docs" / "how-to" / "columns.md").read_text(encoding="utf-8")
RECIPES: dict[str, str] = {}
for block in re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL):
    if ">>>" not in block:
        library_used = re.findall(r"^(?:import|from) (\w+)", block)[0]
        RECIPES[library_used] = RECIPES.get(library_used, "") + block
CLUSTERS_OF_OTHERS = {"dask", "ray"}
EXTRAS = {"duckdb": "duckdb", "matplotlib": "plot", "pandas": "pandas", "polars": "polars", "pyarrow": "arrow"}
EXTRAS |= {"pyspark": "spark"}

HIDING = """
import sys

class Hiding:
    def __init__(self, finder):
        self.finder = finder

    def __getattr__(self, name):
        return getattr(self.finder, name)

    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in {names} else self.finder.find_spec(name, path, target)

sys.meta_path[:] = map(Hiding, sys.meta_path)
"""
"""A program's first lines that leave it without those modules: they are neither imported nor found."""


def brought_by(extra: str) -> set[str]:
    """The distributions that installing the package with that extra brings, as far as they are here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found, pending = {"smscodec"}, [Requirement(line) for line in project["optional-dependencies"][extra]]
    while pending:
        requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found.add(name)
            pending += [Requirement(line) for line in metadata.requires(name) or []]
    return found


def hiding_all_but(extra: str) -> str:
    """The lines that hide every installed module which the extra does not bring."""
    brought = brought_by(extra)
    modules = metadata.packages_distributions().items()
    return HIDING.format(names={name for name, by in modules if not brought & {canonicalize_name(one) for one in by}})


def test_there_are_recipes() -> None:
    """One for each library that has an adapter, and for the two that need none."""
    assert set(RECIPES) == {"duckdb", "matplotlib", "pandas", "polars", "pyarrow", "pyspark"} | CLUSTERS_OF_OTHERS


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_run(name: str, tmp_path: Path) -> None:
    """Each runs as it stands with nothing but what its extra brings, and what it asserts holds."""
    if name in CLUSTERS_OF_OTHERS:
        pytest.importorskip(name, reason=f"{name} is not installed, and no extra brings it")
    library(name)
    if name == "pyspark" and shutil.which("java") is None:
        missing("Spark needs Java, and there is none on the path")
    table = library("pyarrow").table({"text": ["Hello", None, "ж" * 100]})
    library("pyarrow.parquet").write_table(table, tmp_path / "messages.parquet")
    environment = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    ran = subprocess.run(
        [sys.executable, "-c", (hiding_all_but(EXTRAS[name]) if name in EXTRAS else "") + RECIPES[name]],
        cwd=tmp_path,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
