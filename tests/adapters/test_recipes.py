"""The README's recipes for columns, clusters and pictures do what they assert."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.needing import library, missing

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Many messages", 1)[1].split("\n## On the command line", 1)[0]
RECIPES = {
    re.findall(r"^(?:import|from) (\w+)", block)[0]: block
    for block in re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    if ">>>" not in block
}
CLUSTERS_OF_OTHERS = {"dask", "ray"}


def test_there_are_recipes() -> None:
    """One for each library that has an adapter, and for the two that need none."""
    assert set(RECIPES) == {"duckdb", "matplotlib", "pandas", "polars", "pyarrow", "pyspark"} | CLUSTERS_OF_OTHERS


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_run(name: str, tmp_path: Path) -> None:
    """Each runs as it stands in a process of its own, and what it asserts holds."""
    if name in CLUSTERS_OF_OTHERS:
        pytest.importorskip(name, reason=f"{name} is not installed, and no extra brings it")
    library(name)
    if name == "pyspark" and shutil.which("java") is None:
        missing("Spark needs Java, and there is none on the path")
    table = library("pyarrow").table({"text": ["Hello", None, "ж" * 100]})
    library("pyarrow.parquet").write_table(table, tmp_path / "messages.parquet")
    environment = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    ran = subprocess.run(
        [sys.executable, "-c", RECIPES[name]],
        cwd=tmp_path,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
