"""How independent judges are asked, and what it means that one is not there.

tshark (Debian package ``tshark``) is given a capture file of a link type that users define, and told which dissector
reads its frames.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

import pytest

_USER_LINK_TYPE: Final = 147


def missing(judge: str, why: str) -> NoReturn:
    """A judge cannot be had: a reason to skip on a developer's machine, and to fail where everything must run."""
    reason = f"{judge} does not judge: {why}"
    if os.environ.get("SMSCODEC_CI") == "full":
        pytest.fail(reason)
    pytest.skip(reason)


def capture(frames: Iterable[bytes]) -> bytes:
    """A capture file of frames, each a second after the one before."""
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, _USER_LINK_TYPE)
    records = (struct.pack("<IIII", second, 0, len(frame), len(frame)) + frame for second, frame in enumerate(frames))
    return header + b"".join(records)


def tshark(frames: Iterable[bytes], dissector: str, directory: Path, *options: str) -> str:
    """What tshark prints of frames that a dissector reads."""
    program = shutil.which("tshark")
    if program is None:
        missing("tshark", "apt-get install tshark")
    path = directory / "judged.pcap"
    path.write_bytes(capture(frames))
    link = f'uat:user_dlts:"User 0 (DLT={_USER_LINK_TYPE})","{dissector}","0","","0",""'
    command = [program, "-n", "-r", str(path), "-o", link, *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=300).stdout
