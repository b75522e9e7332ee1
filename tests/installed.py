"""Where the package that is tested lies, in the tree or where a wheel was installed; found without importing it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final


def _package() -> Path:
    package = find_spec("smscodec")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent


PACKAGE: Final = _package()
VECTOR_FOLDER: Final = PACKAGE / "testing" / "vectors"
