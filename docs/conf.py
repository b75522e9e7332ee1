"""How Sphinx builds the documentation: ``python -m sphinx -W -n docs docs/_build``."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from unittest.mock import MagicMock

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "smscodec"
author = "The smscodec developers"
copyright = "2026, the smscodec developers"  # the name that Sphinx reads
release = metadata.version("smscodec")
version = ".".join(release.split(".")[:2])

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton", "printed"]
exclude_patterns = ["_build", "_extensions", "figures"]
nitpicky = True
nitpick_ignore_regex = [
    # Names of other people's libraries and of the standard library: no inventory is fetched, so that the site builds
    # without a network.
    ("py:.*", r"(?!smscodec\b).*"),
    ("py:.*", r"smscodec\.(.*\.)?_.*"),  # what is not public has no page
    ("py:.*", r"smscodec\.vonage\.webhook\.InboundConcatenation"),
]

myst_enable_extensions = ["colon_fence", "deflist", "attrs_block"]
myst_heading_anchors = 3

autodoc_mock_imports = ["duckdb", "hypothesis", "matplotlib", "numpy", "openpyxl", "pyarrow", "pyspark"]
# The decorators of these two must give back the classes that they register, for those have the documentation.
sys.modules["pandas"], sys.modules["polars"] = pandas, polars = MagicMock(), MagicMock()
pandas.api.extensions.register_series_accessor = lambda name: lambda registered: registered
polars.api.register_expr_namespace = polars.api.register_series_namespace = lambda name: lambda registered: registered
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_type_aliases = {"Octets": "Octets"}
autodoc_preserve_defaults = True

# Only the links inside the repository are followed: the site builds without a network.
linkcheck_ignore = [r"https?://.*"]

html_theme = "furo"
html_title = f"smscodec {release}"
html_static_path = ["pictures"]
html_theme_options = {
    # Nothing is loaded from another place while somebody reads.
    "light_css_variables": {"font-stack": "system-ui, sans-serif", "font-stack--monospace": "ui-monospace, monospace"},
}

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
