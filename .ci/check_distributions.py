"""Whether built distributions are what their names say: ``python .ci/check_distributions.py [--tracked LIST] FILE…``.

Wants one source archive and any wheels made of it. A wheel's compiled modules must suit its tag, and the rest of the
package must be that of the archive, file by file; with ``--tracked``, a list of the repository's files (``git
ls-files``), the archive must hold those and nothing else. Prints a line for each distribution and each fault, and exits
1 if there was one.

What others check better is left to them: auditwheel and abi3audit look into the modules, twine at the metadata.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import re
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

MODULES: Final = ("smscodec/_kernels/_ffi", "smscodec/_kernels/_inplace")
"""What a wheel for one version of CPython has compiled, both of them."""

COMPILED: Final = (".so", ".pyd")

SUFFIX: Final = re.compile(r"\.(?:cpython-(?P<posix>\d+t?)-[\w-]+\.so|cp(?P<windows>\d+t?)-\w+\.pyd)")
"""What follows a compiled module's name: the version that it is for, and the platform."""

GENERATED: Final = re.compile(r"PKG-INFO|setup\.cfg|smscodec\.egg-info/.*")
"""What a source archive holds beside the sources."""


class Tag(NamedTuple):
    """One compatibility tag of a wheel."""

    python: str
    abi: str
    platform: str


def own_abi(tag: Tag) -> bool:
    """Whether the tag is of one version of CPython with its own ABI, with the GIL or without."""
    return re.fullmatch(r"cp3\d+", tag.python) is not None and tag.abi in {tag.python, f"{tag.python}t"}


class WheelName(NamedTuple):
    """What a wheel's file name says."""

    stem: str
    tags: frozenset[Tag]


def wheel_name(name: str) -> WheelName:
    """Read ``distribution-version[-build]-python-abi-platform.whl``; raises ``ValueError`` for any other name."""
    parts = name.removesuffix(".whl").split("-")
    if not name.endswith(".whl") or len(parts) not in {5, 6} or not all(parts):
        raise ValueError(f"expected the name of a wheel, got {name}")
    tags = product(*(part.split(".") for part in parts[-3:]))
    return WheelName("-".join(parts[:2]), frozenset(Tag(*tag) for tag in tags))


def system(octets: bytes) -> tuple[str, ...]:
    """How platform tags begin for the kind of file that a compiled module is; nothing for no known kind."""
    kinds = {b"\x7fELF": ("linux", "manylinux", "musllinux"), b"\xcf\xfa\xed\xfe": ("macosx",), b"MZ": ("win",)}
    return next((begins for magic, begins in kinds.items() if octets.startswith(magic)), ())


def processor(octets: bytes) -> str:
    """The processor that a compiled module is for, as platform tags end."""
    if octets.startswith(b"\x7fELF"):
        (machine,) = struct.unpack_from("<H" if octets[5:6] == b"\x01" else ">H", octets, 18)
        return {3: "i686", 22: "s390x", 62: "x86_64", 183: "aarch64"}.get(machine, f"ELF machine {machine}")
    if octets.startswith(b"\xcf\xfa\xed\xfe"):
        (machine,) = struct.unpack_from("<I", octets, 4)
        return {0x0100_0007: "x86_64", 0x0100_000C: "arm64"}.get(machine, f"Mach-O machine {machine:#x}")
    if octets.startswith(b"MZ"):
        (header,) = struct.unpack_from("<I", octets, 0x3C)
        (machine,) = struct.unpack_from("<H", octets, header + 4)
        return {0x014C: "win32", 0x8664: "amd64", 0xAA64: "arm64"}.get(machine, f"PE machine {machine:#x}")
    return "no known processor"


def module_faults(tags: frozenset[Tag], modules: Mapping[str, bytes]) -> Iterator[str]:
    """Where the compiled modules, by path, are not those that the tags promise."""
    if tags == {Tag("py3", "none", "any")}:
        yield from (f"a pure wheel holds {path}" for path in modules)
        return
    builds = {(tag.python, tag.abi) for tag in tags}
    if len(builds) != 1 or not all(map(own_abi, tags)):
        yield "the tag is neither py3-none-any nor one version of CPython with its own ABI"
        return
    ((_, abi),) = builds
    found = []
    for path, octets in modules.items():
        name, dot, rest = path.partition(".")
        suffix = SUFFIX.fullmatch(dot + rest)
        found.append(name)
        if suffix is None or f"cp{suffix['posix'] or suffix['windows']}" != abi:
            yield f"{path} is not for {abi}"
        made_for = processor(octets)
        for platform in sorted(tag.platform for tag in tags):
            if not platform.endswith(made_for):
                yield f"{path} is for {made_for}, not {platform}"
            elif not platform.startswith(system(octets)):
                yield f"{path} is for {' or '.join(system(octets))}, not {platform}"
    if sorted(found) != sorted(MODULES):
        yield f"the compiled modules are {', '.join(sorted(found)) or 'missing'}, not {', '.join(MODULES)}"


def record_faults(name: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """Where the list of files by that name, which installing goes by, is not that of the files and their digests."""
    listed = {}
    for path, digest, _ in csv.reader(files.get(name, b"").decode().splitlines()):
        listed[path] = digest
    digests = {path: base64.urlsafe_b64encode(hashlib.sha256(octets).digest()) for path, octets in files.items()}
    wanted = {path: f"sha256={digest.decode().rstrip('=')}" for path, digest in digests.items()} | {name: ""}
    yield from (f"{path} is not as RECORD has it" for path in sorted(wanted) if listed.get(path) != wanted[path])
    yield from (f"{path} is in RECORD alone" for path in sorted(listed.keys() - wanted.keys()))


def wheel_faults(path: Path, stem: str, package: Mapping[str, bytes], licence: bytes | None) -> Iterator[str]:
    """Everything that is wrong with a wheel, whose name, Python, data and licence must be those of the sources."""
    name = wheel_name(path.name)
    if name.stem != stem:
        yield f"the sources are {stem}"
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        files = {info.filename: archive.read(info) for info in members}
    if len(members) != len(files):
        yield "a file is in it twice"
    metadata = f"{name.stem}.dist-info"
    yield from record_faults(f"{metadata}/RECORD", files)
    modules = {file: octets for file, octets in files.items() if PurePosixPath(file).suffix in COMPILED}
    yield from module_faults(name.tags, modules)
    written = re.findall(r"^Tag: (.+?)\r?$", files.get(f"{metadata}/WHEEL", b"").decode(), re.MULTILINE)
    if frozenset(Tag(*tag.split("-")) for tag in written) != name.tags:
        yield f"the file WHEEL is tagged {', '.join(written) or 'not at all'}"
    if licence is None or files.get(f"{metadata}/licenses/LICENSE") != licence:
        yield "the licence is missing, or not that of the sources"
    inside = {file: octets for file, octets in files.items() if file.startswith("smscodec/") and file not in modules}
    yield from (f"{file} is missing" for file in sorted(package.keys() - inside.keys()))
    yield from (f"{file} is not in the sources" for file in sorted(inside.keys() - package.keys()))
    same = sorted(package.keys() & inside.keys())
    yield from (f"{file} differs from the sources" for file in same if package[file] != inside[file])
    foreign = sorted(file for file in files if not file.startswith(("smscodec/", f"{metadata}/")))
    yield from (f"{file} does not belong into a wheel" for file in foreign)


def sources(path: Path) -> dict[str, bytes]:
    """The files of a source archive by their paths below its one folder, which is called as the archive is."""
    folder = path.name.removesuffix(".tar.gz") + "/"
    files = {}
    with tarfile.open(path) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None and member.name.startswith(folder):
                files[member.name.removeprefix(folder)] = content.read()
            elif not member.isdir():
                raise ValueError(f"expected a file below {folder}, got {member.name}")
    return files


def archive_faults(files: Mapping[str, bytes], tracked: frozenset[str]) -> Iterator[str]:
    """Where a source archive does not hold just what the repository does."""
    held = {file for file in files if not GENERATED.fullmatch(file)}
    yield from (f"{file} is missing" for file in sorted(tracked - held))
    yield from (f"{file} is not in the repository" for file in sorted(held - tracked))


UNREADABLE: Final = (ValueError, EOFError, OSError, struct.error, tarfile.TarError, zipfile.BadZipFile, zlib.error)
"""What reading a broken archive, or a broken module in it, may raise."""


def faults(archive: Path, wheels: list[Path], tracked: frozenset[str] | None) -> Iterator[tuple[Path, list[str]]]:
    """Each distribution with all that is wrong with it; nothing can be said of wheels whose sources cannot be read."""
    try:
        files = sources(archive)
    except UNREADABLE as error:
        yield archive, [f"cannot be read: {error}"]
        return
    yield archive, [] if tracked is None else list(archive_faults(files, tracked))
    package = {file: octets for file, octets in files.items() if file.startswith("smscodec/")}
    for wheel in wheels:
        try:
            found = list(wheel_faults(wheel, archive.name.removesuffix(".tar.gz"), package, files.get("LICENSE")))
        except UNREADABLE as error:
            found = [f"cannot be read: {error}"]
        yield wheel, found


def main(arguments: list[str]) -> int:
    """Check the distributions named; 1 where one has a fault."""
    parser = argparse.ArgumentParser(description="Check that built distributions are what their names say.")
    parser.add_argument("--tracked", type=Path, metavar="LIST", help="a file with the repository's files, one a line")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="one source archive, and wheels made of it")
    options = parser.parse_args(arguments)
    archives = [path for path in options.files if path.name.endswith(".tar.gz")]
    if len(archives) != 1:
        parser.error(f"one source archive is wanted, and {len(archives)} are named")
    tracked = None if options.tracked is None else frozenset(options.tracked.read_text("utf-8").split("\n")) - {""}
    sound = True
    for path, found in faults(archives[0], [path for path in options.files if path not in archives], tracked):
        print(path.name, "is sound" if not found else "is not what it should be:")
        print(*(f"    {fault}\n" for fault in found), sep="", end="")
        sound = sound and not found
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
