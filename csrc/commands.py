"""How setuptools builds smscodec: what pyproject.toml cannot say about the two modules in C and the source archive.

``SMSCODEC_BUILD`` says which backend a wheel is for. ``auto``, the default, compiles where that works; ``c`` fails
where it does not, as a wheel that is to be published must; ``python`` compiles nothing. The tag follows what was built:
setuptools would name a wheel after a processor though every module in C had failed; here it is ``py3-none-any``.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from setuptools import Distribution, Extension
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

SOURCES: Final = (".ci", ".github", "benchmarks", "csrc", "docs", "tests")
"""Folders outside the package that the source archive holds, so that the README's commands work in it."""

MORE_FILES: Final = (".gitignore", ".readthedocs.yaml", "CHANGELOG.md")

LEAVINGS: Final = ("*.py[cod]", "*.so", "*.pyd")
"""What running and building leave beside the sources."""


PLAIN_C: Final = "[!_]*.c"
"""The kernels: all C in this folder but for what needs Python's headers, whose names begin with an underscore."""


def settle(distribution: Distribution) -> None:
    """Keep, require or drop the modules in C, as SMSCODEC_BUILD says, and give each the plain C beside its own."""
    wanted = os.environ.get("SMSCODEC_BUILD") or "auto"
    if wanted not in {"auto", "c", "python"}:
        raise SystemExit(f"SMSCODEC_BUILD={wanted!r}: use auto, c or python")
    if wanted == "python":
        distribution.ext_modules = []
    for module in distribution.ext_modules or []:
        module.optional = wanted == "auto"
        module.sources = sorted({*module.sources, *_found(PLAIN_C)})
        module.depends = _found("*.h")


def _found(pattern: str) -> list[str]:
    """The files of this folder that match, as setuptools wants them: relative to the project."""
    return sorted(path.as_posix() for path in Path("csrc").glob(pattern))


class BuildExt(build_ext):
    """Compiles the modules, and removes an older one, in the tree too, where that fails."""

    def finalize_options(self) -> None:
        """Read SMSCODEC_BUILD before the modules are listed."""
        settle(self.distribution)
        super().finalize_options()

    def build_extension(self, ext: Extension) -> None:
        """Build one module; where that fails, remove what an earlier build made of it."""
        try:
            super().build_extension(ext)
        except Exception:
            Path(self.get_ext_fullpath(ext.name)).unlink(missing_ok=True)
            raise


class BdistWheel(bdist_wheel):
    """Builds a wheel of what is there now, and names it after what is in it."""

    def finalize_options(self) -> None:
        """Read SMSCODEC_BUILD before the tag and the place of the build are chosen."""
        settle(self.distribution)
        super().finalize_options()

    def run(self) -> None:
        """Begin afresh, compile first, and forget the modules in C where none could be built.

        What an earlier build left would go into the wheel: a module since removed, or C compiled with other flags.
        """
        shutil.rmtree(self.get_finalized_command("build").build_lib, ignore_errors=True)
        if self.distribution.has_ext_modules():
            self.run_command("build_ext")
            if not any(map(os.path.exists, self.get_finalized_command("build_ext").get_outputs())):
                self.distribution.ext_modules = []
                self.root_is_pure = True
        super().run()


class Sdist(sdist):
    """Writes a source archive with the tests, the benchmarks and everything that the C is made of."""

    def make_distribution(self) -> None:
        """Add what setuptools does not find by itself."""
        for folder in SOURCES:
            self.filelist.graft(folder)
        self.filelist.extend(MORE_FILES)
        for pattern in LEAVINGS:
            self.filelist.global_exclude(pattern)
        self.filelist.sort()
        self.filelist.remove_duplicates()
        super().make_distribution()
