"""Which backend is live: chosen once by the environment, never silently slow where the compiled one was asked for."""

from __future__ import annotations

import inspect
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import smscodec
from smscodec import _kernels, count_segments, measure_many, septets
from smscodec.cli import main
from tests import backends
from tests.importing import anew
from tests.rows import each_row

ROOT = Path(smscodec.__file__).parent.parent


def run(code: str, backend: str, *, missing: str = "") -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter that cannot import the modules named."""
    hidden = f"import sys; sys.modules.update(dict.fromkeys({missing.split()!r}))"
    return subprocess.run(
        [sys.executable, "-c", f"{hidden}; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SMSCODEC_BACKEND": backend},
    )


NEEDS_C = pytest.mark.skipif("portable" not in backends.AVAILABLE, reason="the compiled kernels are not here")
COUNT = "import smscodec; print(smscodec.backend(), smscodec.count_segments('ж' * 135))"


def test_python_can_be_forced() -> None:
    """SMSCODEC_BACKEND=python takes the pure kernels wherever there are others."""
    assert run(COUNT, "python").stdout == "python 3\n"


def test_without_the_compiled_module_the_package_works() -> None:
    """``auto`` falls back to pure Python where the compiled module cannot be imported."""
    assert run(COUNT, "auto", missing="smscodec._kernels._ffi").stdout == "python 3\n"


def test_kernels_of_older_sources_are_not_used() -> None:
    """A compiled module that lacks a function counts as none, and the reason says how to build it again."""
    old = "import types; sys.modules['smscodec._kernels._ffi'] = types.SimpleNamespace(ffi=None, lib=object())"
    shown = run(f"{old}; from smscodec import _kernels; print(_kernels.why_not_c); {COUNT}", "auto").stdout.splitlines()
    assert "C compiler" in shown[0]
    assert shown[1] == "python 3"


@pytest.mark.parametrize("missing", ["smscodec._kernels._ffi", "smscodec._kernels._ffi smscodec._kernels._inplace"])
def test_forced_and_missing_is_an_error_that_says_how_to_get_it(missing: str) -> None:
    """SMSCODEC_BACKEND=c without the compiled module is an ImportError that names what compiles it."""
    result = run(COUNT, "c", missing=missing)
    assert result.returncode == 1
    assert "ImportError: SMSCODEC_BACKEND=c, but" in result.stderr
    assert f'pip install -e "{ROOT}[accel]"' in result.stderr or "install smscodec again" in result.stderr
    assert "C compiler" in result.stderr


@NEEDS_C
def test_c_is_used_where_it_is() -> None:
    """``auto`` and ``c`` take the compiled kernels, with and without the module that reads str in place."""
    assert run(COUNT, "auto").stdout == "c 3\n"
    assert run(COUNT, "c", missing="smscodec._kernels._inplace").stdout == "c 3\n"


@pytest.mark.parametrize("clone", [True, False])
@pytest.mark.parametrize("missing", ["_cffi_backend", "smscodec._kernels._ffi"])
def test_what_is_missing_is_fatal_only_where_it_was_asked_for(
    missing: str, clone: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each wish: ``auto`` gives Python and the reason, ``c`` raises it, ``python`` does not ask.

    The reason names cffi where that is missing, else the clone that kernels can be built in, if there is one.
    """

    def absent(name: str) -> Any:
        raise ImportError(name, name=missing)

    monkeypatch.setattr(_kernels, "import_module", absent)
    monkeypatch.setattr(_kernels, "__file__", str(tmp_path / "smscodec/_kernels/__init__.py"))
    if clone:
        (tmp_path / "pyproject.toml").touch()
    reason = "need cffi" if missing == "_cffi_backend" else str(tmp_path) if clone else "install smscodec again"
    kernels, why = _kernels._choose("auto")
    assert kernels.name == "python"
    assert reason in why
    with pytest.raises(ImportError) as caught:
        _kernels._choose("c")
    assert str(caught.value) == f"SMSCODEC_BACKEND=c, but {why}"
    assert _kernels._choose("python") == (kernels, "SMSCODEC_BACKEND=python")


@NEEDS_C
def test_the_module_that_reads_in_place_refuses_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another Python loads it, it raises ``ImportError``, and the portable kernels are taken."""
    monkeypatch.setattr(sys.implementation, "name", "pypy")
    monkeypatch.delitem(sys.modules, "smscodec._kernels._in_place", raising=False)
    with pytest.raises(ImportError, match="pypy has no str to read in place"):
        import_module("smscodec._kernels._in_place")
    assert _kernels._choose("c") == (backends.AVAILABLE["portable"], "")


@NEEDS_C
def test_only_cpython_reads_in_place() -> None:
    """A Python whose ``id()`` is not an address takes the portable kernels, though the other module may be there."""
    other = "sys.implementation.name = 'pypy'; from smscodec import _kernels; print(_kernels.active.__name__)"
    assert run(other, "c").stdout == "smscodec._kernels._c\n"


@NEEDS_C
@pytest.mark.skipif(sys.implementation.name != "cpython", reason="this Python brings cffi along")
def test_missing_cffi_is_named() -> None:
    """Where only cffi is missing, that is what the reason says."""
    result = run("from smscodec import _kernels; print(_kernels.why_not_c)", "auto", missing="_cffi_backend")
    assert 'need cffi: pip install "cffi>=2"' in result.stdout


@each_row(
    ("wanted", "backend"),
    [(None, "c"), ("", "c"), ("auto", "c"), ("c", "c"), ("python", "python"), ("C", None), ("fast", None)],
)
def test_the_environment_chooses(wanted: str | None, backend: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """SMSCODEC_BACKEND is read when the package is imported, and nothing in it is ``auto``."""
    monkeypatch.delenv("SMSCODEC_BACKEND", raising=False)
    if wanted is not None:
        monkeypatch.setenv("SMSCODEC_BACKEND", wanted)
    if backend is None:
        with pytest.raises(ImportError, match=f"^SMSCODEC_BACKEND: expected auto, python or c, got '{wanted}'$"):
            anew("smscodec._kernels")
    elif backend == "python" or "portable" in backends.AVAILABLE:
        kernels = anew("smscodec._kernels")
        assert kernels.active.name == backend
        assert kernels.why_not_c == ("SMSCODEC_BACKEND=python" if backend == "python" else "")


@NEEDS_C
@each_row(("implementation", "keeps"), [("cpython", False), ("pypy", True), ("graalpy", False)])
def test_pypy_alone_keeps_text_in_utf8(implementation: str, keeps: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portable kernels take text in UTF-8 in PyPy, and as code points in every other Python."""
    monkeypatch.setattr(sys.implementation, "name", implementation)
    kernels = anew("smscodec._kernels._c")
    assert kernels.KEEPS_UTF_8 is keeps
    assert kernels.count_segments is (kernels.count_by_octets if keeps else kernels.count_by_characters)


@NEEDS_C
def test_the_detail_names_the_path_in_use() -> None:
    """The backend's detail is the name of the vector unit, by its number in csrc/smscodec.h, and how str is read."""
    portable: Any = backends.AVAILABLE["portable"]
    assert portable.PATHS == ("scalar", "SSE4.1", "AVX2", "NEON")
    path = portable.PATHS[portable.PATH]
    details = {"python": "", "portable": path, "in-place": f"{path}, str read in place"}
    for name, kernels in backends.AVAILABLE.items():
        assert kernels.detail == details[name]


def test_version_tells_the_backend(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` says the backend and its vector unit, or why C is off."""
    version = "import runpy; sys.argv = ['smscodec', '--version']; runpy.run_module('smscodec', run_name='__main__')"
    assert "python backend (C is off: SMSCODEC_BACKEND=python)" in run(version, "python").stdout
    if _kernels.active.name == "c":
        assert main(["--version"]) == 0
        assert f"c backend ({_kernels.active.detail})" in capsys.readouterr().out


@pytest.mark.parametrize("name", backends.AVAILABLE)
def test_a_backend_that_is_set_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one way to a kernel: setting the backend makes every public function count with it."""
    kernels = backends.AVAILABLE[name]
    calls: list[str] = []

    def noting(function: str) -> Callable[..., object]:
        def noted(*arguments: object) -> object:
            calls.append(function)
            return getattr(kernels, function)(*arguments)

        return noted

    noted = {name: noting(name) for name in ("scan", "count_segments", "count_many", "pack", "unpack")}
    monkeypatch.setattr(_kernels, "active", SimpleNamespace(**noted, name=kernels.name))
    assert smscodec.backend() == kernels.name
    assert count_segments("a" * 161) == smscodec.measure("a" * 161).segments == measure_many(["a" * 161]).total_segments
    assert septets.unpack(septets.pack(b"abc"), 3) == b"abc"
    assert calls == ["count_segments", "scan", "scan", "count_many", "pack", "unpack"]


def test_public_functions_show_their_source() -> None:
    """``inspect`` finds a plain ``def`` under each public function, which is pickled under its public name."""
    for name in (
        "backend",
        "count_segments",
        "detect",
        "measure",
        "segment",
        "segment_data",
        "measure_many",
        "explain",
    ):
        function = getattr(smscodec, name)
        assert inspect.getsource(function).startswith(f"def {name}(")
        assert pickle.loads(pickle.dumps(function)) is function
