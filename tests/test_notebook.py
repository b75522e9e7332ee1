"""A real notebook, run by a real kernel, shows messages, explanations and batches as HTML."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.adapters.needing import library
from tests.test_display_html import assert_safe

nbformat = library("nbformat")
library("nbclient")
library("ipykernel")

CELLS = {
    "from smscodec import explain, measure_many, segment\nsegment('<script>alert(1)</script>' * 9, reference=1)": (
        "<table", "GSM_7BIT, segments: 2", "&lt;script&gt;"
    ),
    "explain('Don’t miss it')": ("Expensive characters", "RIGHT SINGLE QUOTATION MARK", "Suggestion"),
    "measure_many(['a' * n for n in range(1_000)])": ("1,000 messages", "<svg", "GSM_7BIT"),
}  # fmt: skip


# In a process of its own, which takes the client's sockets and event loop with it.
RUN = """
import sys
import nbclient, nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec

manager = AsyncKernelManager(kernel_name="")
manager._kernel_spec = KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"])
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, km=manager, timeout=120).execute()
nbformat.write(notebook, sys.argv[1])
"""


def test_a_notebook_shows_html(tmp_path: Path) -> None:
    """Each value that ends a cell is shown as safe HTML of its own, with its plain repr beside it."""
    file = tmp_path / "messages.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS]), file)
    folders = {name: str(tmp_path / name) for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    environment = {**os.environ, **folders, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    subprocess.run([sys.executable, "-W", "ignore", "-c", RUN, file], check=True, env=environment, timeout=300)
    for cell, parts in zip(nbformat.read(file, as_version=4).cells, CELLS.values(), strict=True):
        (output,) = cell.outputs
        assert output.output_type == "execute_result"
        html = output.data["text/html"]
        assert_safe(html)
        assert [part for part in parts if part not in html] == []
        assert output.data["text/plain"]
