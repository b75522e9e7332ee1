"""A file that is there whole or not at all.

Everything goes to a file of another name in the same folder, which takes the final name once all is written: under that
name there is the old file or the whole new one, and never half of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from smscodec.cli.reading import InputRefusedError, standard_input

__all__ = ["WholeFile"]


class WholeFile:
    """A file while it is written; leaving the context with an error leaves nothing behind.

    ``option`` is the one that names the file, and ``inputs`` are files that it may not be.
    """

    def __init__(self, option: str, name: str, inputs: Sequence[str]) -> None:
        self._given = f"{option} {name}"
        self.name = name
        self._path = Path(os.path.realpath(name))  # a link stays a link
        self._refuse_target(inputs)
        self._mode = _mode(self._path)
        self._part = self._path.parent / f".smscodec-{secrets.token_hex(8)}.part"
        self.file: BinaryIO = io.BytesIO()
        """What is written; nothing before ``open``."""

    def open(self) -> None:
        """Begin to write, once leaving the context is sure to clean up: a signal may end the run at any moment."""
        with self.named_errors():
            self.file = open(self._part, "xb", opener=_private)  # noqa: SIM115  # leaving the context closes it

    def _refuse_target(self, inputs: Sequence[str]) -> None:
        if not self._path.exists():
            return
        if not self._path.is_file():
            raise InputRefusedError(f"{self._given} is not a regular file")
        target = self._path.stat()
        for given in inputs:
            read = _status(given)
            if read and os.path.samestat(read, target):
                raise InputRefusedError(f"{self._given} is one of the files to read; write to another one")

    @contextmanager
    def named_errors(self) -> Iterator[None]:
        """Make system errors name the file as the user gave it."""
        try:
            yield
        except OSError as error:
            error.filename = self.name
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with self.named_errors():
                    self._finish()
        finally:
            with contextlib.suppress(OSError, ValueError):  # a full disk, reported already
                self.file.close()
            self._part.unlink(missing_ok=True)

    def _finish(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self._part.chmod(self._mode)
        self._part.replace(self._path)


def _status(name: str) -> os.stat_result | None:
    """The status of a file to read, standard input included; None if there is no such file."""
    try:
        return os.fstat(standard_input().fileno()) if name == "-" else Path(name).stat()
    except OSError:  # also io.UnsupportedOperation: input that is not a system file
        return None


def _private(path: str, flags: int) -> int:
    """Open a file that nobody else can read, whatever it becomes once it is whole."""
    return os.open(path, flags, 0o600)


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, if it is our own, or else those of any new one."""
    if path.exists():
        status = path.stat()
        if not hasattr(os, "geteuid") or status.st_uid == os.geteuid():
            return status.st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
