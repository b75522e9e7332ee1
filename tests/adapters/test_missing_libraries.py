"""An adapter whose library is not installed says which extra brings it."""

from __future__ import annotations

import re
import sys

import pytest

from smscodec.errors import MissingExtraError
from tests.importing import anew

LIBRARIES = [
    *(("arrow", "arrow", "pyarrow"), ("polars", "polars", "polars"), ("pandas", "pandas", "pandas")),
    *(("duckdb", "duckdb", "duckdb"), ("spark", "spark", "pyspark"), ("matplotlib", "plot", "matplotlib.axes")),
]


@pytest.mark.parametrize(("adapter", "extra", "library"), LIBRARIES)
def test_a_missing_library_names_its_extra(
    adapter: str, extra: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing an adapter without its library is a MissingExtraError that names the extra and the adapter."""
    monkeypatch.setitem(sys.modules, library, None)
    words = f"smscodec.adapters.{adapter} needs the extra '{extra}': pip install 'smscodec[{extra}]'"
    with pytest.raises(MissingExtraError, match=f"^{re.escape(words)}$") as caught:
        anew(f"smscodec.adapters.{adapter}")
    assert caught.value.extra == extra
