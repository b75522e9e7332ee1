"""The check of built distributions finds each fault that it exists for, and none in a sound one."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import check_distributions
import pytest
from check_distributions import processor, wheel_name

PACKAGE: Final = {
    "smscodec/__init__.py": b"__version__ = '1.0'\n",
    "smscodec/py.typed": b"",
    "smscodec/testing/vectors/text.json": b"{}",
}
SOURCES: Final = PACKAGE | {
    "LICENSE": b"MIT",
    "PKG-INFO": b"Name: smscodec\n",
    "csrc/count.c": b"int count;\n",
    "tests/test_it.py": b"",
}
TRACKED: Final = sorted(SOURCES.keys() - {"PKG-INFO"})

PURE: Final = "py3-none-any"
LINUX: Final = "cp313-cp313-manylinux_2_17_x86_64"

ELF = b"\x7fELF\x02\x01" + bytes(12)
MACH_O = b"\xcf\xfa\xed\xfe"
PE = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0"

X86_64: Final = ELF + struct.pack("<H", 62)

SOUND: Final = {
    PURE: {},
    LINUX: dict.fromkeys(
        ("_kernels/_ffi.cpython-313-x86_64-linux-gnu.so", "_kernels/_inplace.cpython-313-x86_64-linux-gnu.so"), X86_64
    ),
    "cp312-cp312-musllinux_1_2_aarch64": dict.fromkeys(
        ("_kernels/_ffi.cpython-312-aarch64-linux-musl.so", "_kernels/_inplace.cpython-312-aarch64-linux-musl.so"),
        ELF + struct.pack("<H", 183),
    ),
    "cp314-cp314t-macosx_11_0_arm64": dict.fromkeys(
        ("_kernels/_ffi.cpython-314t-darwin.so", "_kernels/_inplace.cpython-314t-darwin.so"),
        MACH_O + struct.pack("<I", 0x0100_000C),
    ),
    "cp311-cp311-win_amd64": dict.fromkeys(
        ("_kernels/_ffi.cp311-win_amd64.pyd", "_kernels/_inplace.cp311-win_amd64.pyd"), PE + struct.pack("<H", 0x8664)
    ),
}
"""The compiled modules of a sound wheel of each kind, by its tag."""


def source_archive(folder: Path, files: Mapping[str, bytes] = SOURCES, *, top: str = "smscodec-1.0") -> Path:
    """Write a source archive of these files."""
    path = folder / "smscodec-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, octets in files.items():
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = len(octets)
            archive.addfile(member, io.BytesIO(octets))
    return path


def wheel(
    folder: Path,
    tag: str,
    modules: Mapping[str, bytes],
    *,
    package: Mapping[str, bytes] = PACKAGE,
    written: str | None = None,
    foreign: Mapping[str, bytes] | None = None,
    licence: tuple[str, bytes] = ("licenses/LICENSE", b"MIT"),
    stem: str = "smscodec-1.0",
    record: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a wheel of that tag with these compiled modules; the rest is sound unless it is given."""
    path = folder / f"{stem}-{tag}.whl"
    metadata = f"{stem}.dist-info"
    files = {**package, **{f"smscodec/{name}": octets for name, octets in modules.items()}, **(foreign or {})}
    files |= {f"{metadata}/WHEEL": f"Tag: {written or tag}\n".encode(), f"{metadata}/{licence[0]}": licence[1]}
    listed = files if record is None else {**files, **record}
    digests = {name: urlsafe_b64encode(sha256(octets).digest()).decode().rstrip("=") for name, octets in listed.items()}
    lines = [f"{name},sha256={digest},{len(listed[name])}\n" for name, digest in digests.items()]
    files[f"{metadata}/RECORD"] = "".join([*lines, f"{metadata}/RECORD,,\n"]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, octets in files.items():
            archive.writestr(name, octets)
    return path


def verdict(capsys: pytest.CaptureFixture[str], *arguments: Path | str) -> tuple[int, str]:
    """The exit status of the check and what it prints."""
    status = check_distributions.main([str(argument) for argument in arguments])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("tag", SOUND)
def test_sound_distributions_pass(tag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wheel with what its tag promises passes on every platform, with the archive that it was made of."""
    tracked = tmp_path / "tracked"
    tracked.write_text("\n".join(TRACKED), "utf-8")
    made = wheel(tmp_path, tag, SOUND[tag])
    assert verdict(capsys, "--tracked", tracked, source_archive(tmp_path), made) == (
        0,
        f"smscodec-1.0.tar.gz is sound\n{made.name} is sound\n",
    )


@pytest.mark.parametrize("tag", sorted(SOUND.keys() - {PURE}))
@pytest.mark.parametrize("contents", sorted(SOUND))
def test_modules_must_suit_the_tag(tag: str, contents: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The modules of one tag under the name of any other are refused, and so are none at all."""
    status, printed = verdict(capsys, source_archive(tmp_path), wheel(tmp_path, tag, SOUND[contents]))
    assert status == (0 if tag == contents else 1)
    assert ("the compiled modules are missing" in printed) == (contents == PURE)


@pytest.mark.parametrize(
    ("tag", "modules", "fault"),
    [
        (PURE, SOUND[LINUX], "a pure wheel holds smscodec/_kernels/_ffi.cpython-313-x86_64-linux-gnu.so"),
        ("cp311-abi3-manylinux_2_17_x86_64", SOUND[LINUX], "with its own ABI"),
        ("cp313-none-manylinux_2_17_x86_64", SOUND[LINUX], "with its own ABI"),
        ("cp312.cp313-cp313-manylinux_2_17_x86_64", SOUND[LINUX], "with its own ABI"),
        ("py3-none-manylinux_2_17_x86_64", {}, "with its own ABI"),
        (
            LINUX,
            {"_kernels/_ffi.cpython-313-x86_64-linux-gnu.so": X86_64},
            "the compiled modules are smscodec/_kernels/_ffi, not",
        ),
        (LINUX, SOUND[LINUX] | {"_more.cpython-313-x86_64-linux-gnu.so": X86_64}, "smscodec/_more, not"),
        (
            LINUX,
            {"_kernels/_ffi.abi3.so": X86_64, "_kernels/_inplace.abi3.so": X86_64},
            "smscodec/_kernels/_ffi.abi3.so is not for cp313",
        ),
        (LINUX, dict.fromkeys(SOUND[LINUX], b""), "is for no known processor, not manylinux_2_17_x86_64"),
        (LINUX, dict.fromkeys(SOUND[LINUX], ELF + bytes(2)), "is for ELF machine 0, not manylinux_2_17_x86_64"),
        (LINUX, dict.fromkeys(SOUND[LINUX], ELF[:4]), "cannot be read"),
        (LINUX, dict.fromkeys(SOUND[LINUX], PE[:-1]), "cannot be read"),
    ],
)
def test_faults_of_modules_are_named(
    tag: str, modules: Mapping[str, bytes], fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tag for several versions, a module too few or too many, or for something else is refused with the reason."""
    status, printed = verdict(capsys, source_archive(tmp_path), wheel(tmp_path, tag, modules))
    assert status == 1
    assert fault in printed


def test_a_second_tag_is_held_to_the_same_modules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a wheel's several platforms each must be that of the modules."""
    tag = "cp313-cp313-manylinux_2_17_x86_64.manylinux_2_17_aarch64"
    status, printed = verdict(capsys, source_archive(tmp_path), wheel(tmp_path, tag, SOUND[LINUX]))
    assert status == 1
    assert "_kernels/_ffi.cpython-313-x86_64-linux-gnu.so is for x86_64, not manylinux_2_17_aarch64" in printed
    assert "is for x86_64, not manylinux_2_17_x86_64" not in printed


def test_every_file_is_that_of_the_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Data left out, a module from an older build, changed Python and files outside the package are each named."""
    package = {"smscodec/__init__.py": b"__version__ = '0.9'\n", "smscodec/gone.py": b"", "smscodec/py.typed": b""}
    made = wheel(tmp_path, PURE, {}, package=package, foreign={"tests/test_it.py": b""}, licence=("COPYING", b"MIT"))
    status, printed = verdict(capsys, source_archive(tmp_path), made)
    assert status == 1
    assert printed.splitlines()[2:] == [
        "    the licence is missing, or not that of the sources",
        "    smscodec/testing/vectors/text.json is missing",
        "    smscodec/gone.py is not in the sources",
        "    smscodec/__init__.py differs from the sources",
        "    tests/test_it.py does not belong into a wheel",
    ]


def test_a_module_of_another_system_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The right processor does not make up for the wrong system, in either direction."""
    for tag, contents, fault in (
        ("cp313-cp313-macosx_11_0_x86_64", SOUND[LINUX], "for linux or manylinux or musllinux, not macosx_11_0_x86_64"),
        ("cp314-cp314t-linux_arm64", SOUND["cp314-cp314t-macosx_11_0_arm64"], "is for macosx, not linux_arm64"),
        ("cp311-cp311-linux_amd64", SOUND["cp311-cp311-win_amd64"], "is for win, not linux_amd64"),
    ):
        status, printed = verdict(capsys, source_archive(tmp_path), wheel(tmp_path, tag, contents))
        assert status == 1
        assert fault in printed


def test_another_name_or_licence_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wheel has the name, the version and the very licence of the sources."""
    archive = source_archive(tmp_path)
    for stem in ("smscodec-0.9", "smscodek-1.0"):
        assert "    the sources are smscodec-1.0\n" in verdict(capsys, archive, wheel(tmp_path, PURE, {}, stem=stem))[1]
    made = wheel(tmp_path, PURE, {}, licence=("licenses/LICENSE", b"all rights reserved"))
    assert "the licence is missing, or not that of the sources" in verdict(capsys, archive, made)[1]


def test_the_list_of_files_is_that_of_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A digest of other octets, a file that is only listed and a file that is there twice are refused."""
    made = wheel(tmp_path, PURE, {}, record={"smscodec/py.typed": b"other", "smscodec/gone.py": b""})
    status, printed = verdict(capsys, source_archive(tmp_path), made)
    assert status == 1
    assert printed.splitlines()[2:] == [
        "    smscodec/py.typed is not as RECORD has it",
        "    smscodec/gone.py is in RECORD alone",
    ]
    made = wheel(tmp_path, PURE, {})
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("smscodec/py.typed", b"")
    assert "    a file is in it twice\n" in verdict(capsys, source_archive(tmp_path), made)[1]


def test_a_spoilt_member_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wheel whose octets were changed on the way cannot be read."""
    made = wheel(tmp_path, PURE, {})
    octets = bytearray(made.read_bytes())
    octets[octets.index(PACKAGE["smscodec/__init__.py"])] ^= 1
    made.write_bytes(octets)
    status, printed = verdict(capsys, source_archive(tmp_path), made)
    assert status == 1
    assert "cannot be read: Bad CRC-32" in printed


def test_the_tag_inside_is_the_tag_outside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wheel that was only renamed is refused."""
    status, printed = verdict(capsys, source_archive(tmp_path), wheel(tmp_path, PURE, {}, written=LINUX))
    assert status == 1
    assert f"the file WHEEL is tagged {LINUX}" in printed


def test_the_archive_holds_the_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tracked file that the archive lacks and a file that nobody tracks are both named."""
    tracked = tmp_path / "tracked"
    tracked.write_text("\n".join(["csrc/tables.h", *TRACKED[1:]]) + "\n", "utf-8")
    status, printed = verdict(capsys, "--tracked", tracked, source_archive(tmp_path))
    assert status == 1
    assert "    csrc/tables.h is missing\n" in printed
    assert f"    {TRACKED[0]} is not in the repository\n" in printed


@pytest.mark.parametrize("octets", [b"", b"\x1f\x8b", b"PK\x03\x04", b"nothing of the kind"])
def test_what_cannot_be_read_is_a_fault(octets: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken archive, a broken wheel and a file of another name are faults, and no traceback."""
    archive = source_archive(tmp_path)
    for name in (f"smscodec-1.0-{PURE}.whl", "smscodec-1.0.whl", "notes.txt"):
        (tmp_path / name).write_bytes(octets)
        status, printed = verdict(capsys, archive, tmp_path / name)
        assert status == 1
        assert "cannot be read: " in printed
    archive.write_bytes(octets)
    status, printed = verdict(capsys, archive)
    assert status == 1
    assert "cannot be read: " in printed


def test_files_beside_the_folder_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A source archive unpacks into the one folder that it is named after."""
    status, printed = verdict(capsys, source_archive(tmp_path, top="."))
    assert status == 1
    assert "expected a file below smscodec-1.0/, got" in printed


def test_one_source_archive_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the sources nothing can be said of a wheel."""
    made = wheel(tmp_path, PURE, {})
    with pytest.raises(SystemExit, match="2"):
        check_distributions.main([str(made)])
    assert "one source archive is wanted, and 0 are named" in capsys.readouterr().err


def test_names_of_wheels_are_read() -> None:
    """Compressed tags stand for every combination, and a build number is not a tag."""
    name = wheel_name("smscodec-1.0-7-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    assert name.stem == "smscodec-1.0"
    assert name.tags == {
        ("cp311", "cp311", "manylinux_2_17_x86_64"),
        ("cp311", "cp311", "manylinux2014_x86_64"),
    }


def test_processors_are_told_apart() -> None:
    """The headers of ELF in either order of octets, Mach-O and PE say which processor a module is for."""
    big_endian = b"\x7fELF\x02\x02" + bytes(12) + struct.pack(">H", 22)
    windows = [PE + struct.pack("<H", machine) for machine in (0x014C, 0xAA64)]
    macs = [MACH_O + struct.pack("<I", machine) for machine in (0x0100_0007, 0x0100_000C)]
    assert list(map(processor, [big_endian, *windows, *macs])) == ["s390x", "win32", "arm64", "x86_64", "arm64"]
