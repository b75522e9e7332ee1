"""The README's recipes for columns do what they assert."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Many messages", 1)[1].split("\n## ", 1)[0]
RECIPES = [block for block in re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL) if ">>>" not in block]


def test_there_are_recipes() -> None:
    """One for each of Arrow, Polars and pandas."""
    assert len(RECIPES) == 3


@pytest.mark.parametrize("recipe", RECIPES, ids=["arrow", "polars", "pandas"])
def test_recipes_run(recipe: str) -> None:
    """Each runs as it stands, and what it asserts holds."""
    library = re.findall(r"^import (\w+)", recipe)[0]
    pytest.importorskip(library, reason=f"the extra of {library} is not installed")
    exec(compile(recipe, "README.md", "exec"), {})
