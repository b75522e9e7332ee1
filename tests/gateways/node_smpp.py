"""node-smpp (npm ``smpp``), as client and as server, in a process of its own that is spoken to in lines of JSON.

The directory that SMSCODEC_NODE_MODULES names holds its ``node_modules``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.gateways.programs import eventually
from tests.judges import missing

_SCRIPT: Final = Path(__file__).with_name("node_smpp.js")


class NodeSmpp:
    """A running session; ``arrived`` are the short messages that it has read, in order."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.arrived: list[dict[str, Any]] = []
        self.port = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, command: str, **fields: Any) -> None:
        """Have it send a short message: ``text`` or ``octets``, behind a ``udh``, and other fields by their names."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"command": command} | fields).encode() + b"\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            if "ready" in told:
                self.port = told["ready"]
            else:
                self.arrived.append(told)


@contextlib.contextmanager
def node_smpp(port: int = 0) -> Iterator[NodeSmpp]:
    """node-smpp as the client of a port, or by default as a server at a port of its own."""
    node = shutil.which("node")
    if node is None:
        missing("node-smpp", "there is no node on the path")
    modules = Path(os.environ.get("SMSCODEC_NODE_MODULES", "")) / "node_modules"
    if not (modules / "smpp").is_dir():
        missing("node-smpp", "npm install smpp somewhere and name that directory in SMSCODEC_NODE_MODULES")
    environment = os.environ | {"NODE_PATH": str(modules)}
    command = [node, str(_SCRIPT), str(port)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        session = NodeSmpp(process)
        try:
            eventually(lambda: session.port, process)
            yield session
        finally:
            process.kill()
