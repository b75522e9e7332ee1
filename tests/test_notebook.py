"""A real notebook, run by a real kernel, shows messages, explanations and batches as HTML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.needing import library
from tests.test_display_html import assert_safe

nbformat, nbclient = library("nbformat"), library("nbclient")
library("ipykernel")

# Of the kernel's own sockets and event loop, which it leaves to the end of the process.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::FutureWarning"
)

CELLS = {
    "from smscodec import explain, measure_many, segment\nsegment('<script>alert(1)</script>' * 9, reference=1)": (
        "<table", "GSM_7BIT, segments: 2", "&lt;script&gt;"
    ),
    "explain('Don’t miss it')": ("Culprits", "RIGHT SINGLE QUOTATION MARK", "Suggestion"),
    "measure_many(['a' * n for n in range(1_000)])": ("1,000 messages", "<svg", "GSM_7BIT"),
}  # fmt: skip


def test_a_notebook_shows_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value that ends a cell is shown as safe HTML of its own, with its plain repr beside it."""
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for variable in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS])
    run(notebook, tmp_path)
    for cell, parts in zip(notebook.cells, CELLS.values(), strict=True):
        (output,) = cell.outputs
        assert output.output_type == "execute_result"
        html = output.data["text/html"]
        assert_safe(html)
        assert [part for part in parts if part not in html] == []
        assert output.data["text/plain"]


def run(notebook: Any, folder: Path) -> None:
    """Run the cells in a kernel of this very Python."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec

    manager = AsyncKernelManager(kernel_name="")
    manager._kernel_spec = KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    manager.cache_ports = False
    nbclient.NotebookClient(notebook, km=manager, timeout=120, resources={"metadata": {"path": folder}}).execute()
