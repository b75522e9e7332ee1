"""The recipe for several processes: two workers over one SQLite file lose no message and store none twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import IO, Any

import pytest

from smscodec import UserData, segment

ROOT = Path(__file__).parents[1]
WORKER = """
import sys
from recipe import connect, receive
from smscodec import Alphabet, UserData

database = connect(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    sender, now, alphabet, length, octets = line.split()
    kind = {"length": int(length), "alphabet": Alphabet(int(alphabet)), "has_header": True}
    part = UserData.from_bytes(bytes.fromhex(octets), **kind)
    receive(database, sender, part, float(now))
    print("taken", flush=True)
"""


def recipe() -> str:
    """The block of the page on SMPP that has ``put_together``."""
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "how-to" / "smpp.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (found,) = (block for block in blocks if "def put_together" in block)
    return str(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the recipe and the worker as modules."""
    (tmp_path / "recipe.py").write_text(recipe(), encoding="utf-8")
    (tmp_path / "worker.py").write_text(WORKER, encoding="utf-8")
    return tmp_path


def line(sender: str, now: float, part: UserData) -> str:
    """A part as the workers read it."""
    return f"{sender} {now} {int(part.alphabet)} {part.length} {part.to_bytes().hex()}\n"


def start(folder: Path) -> subprocess.Popen[str]:
    """A worker that is ready."""
    worker = subprocess.Popen(
        [sys.executable, str(folder / "worker.py"), str(folder / "parts.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])},
    )
    assert stdout(worker).readline() == "ready\n"
    return worker


def stdout(worker: subprocess.Popen[str]) -> IO[str]:
    """What the worker says."""
    assert worker.stdout is not None
    return worker.stdout


def feed(folder: Path, lines: list[str], deaths: set[int]) -> None:
    """Hand lines to a worker, each until it is acknowledged; some die after taking one, and another goes on."""
    worker = start(folder)
    for number, text in enumerate(lines):
        for attempt in range(2):
            assert worker.stdin is not None
            worker.stdin.write(text)
            worker.stdin.flush()
            if number in deaths and attempt == 0:
                worker.kill()
                worker.communicate()
                worker = start(folder)  # and the line, which may have been stored or not, comes again
                continue
            assert stdout(worker).readline() == "taken\n"
            break
    worker.communicate()
    assert worker.returncode == 0


def module(folder: Path) -> dict[str, Any]:
    """The recipe, to be called in this process."""
    names: dict[str, Any] = {}
    exec(compile((folder / "recipe.py").read_text(encoding="utf-8"), "smpp.md", "exec"), names)
    return names


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 6))])
def test_two_workers_lose_nothing(folder: Path, seed: int) -> None:
    """Parts of many messages, shuffled, repeated, and with workers that die, make each message once."""
    random = Random(seed)
    texts = [(f"sender{number % 3}", f"Message {number}: " + "Ж€"[number % 2] * 300) for number in range(24)]
    lines = [
        line(sender, 1000, part.user_data)
        for number, (sender, text) in enumerate(texts)
        for part in segment(text, reference=number)
    ]
    lines += random.sample(lines, 20)
    random.shuffle(lines)
    halves = [lines[0::2], lines[1::2]]
    deaths = [set(random.sample(range(len(half)), 2)) for half in halves]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(feed, [folder] * 2, halves, deaths))
    database = module(folder)["connect"](folder / "parts.db")
    assert Counter(database.execute("SELECT * FROM messages").fetchall()) == Counter(texts)
    assert database.execute("SELECT count(*) FROM given_up").fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM parts WHERE ended IS NULL").fetchone() == (0,)
    database.close()


def test_what_is_given_up_is_stored_and_forgotten(folder: Path) -> None:
    """A message that lacks a part is stored as given up, once; repetitions are known for a while; nothing piles up."""
    names = module(folder)
    database = names["connect"](folder / "parts.db")
    first, second = (part.user_data for part in segment("a" * 200, reference=7))
    for now, part in ((0, first), (1, first), (2, second), (3, second), (500, first), (700, second)):
        names["receive"](database, "sender", part, now)
    assert database.execute("SELECT * FROM messages").fetchall() == [("sender", "a" * 200)]
    for now in (700 + names["MAX_AGE"], 701 + names["MAX_AGE"], 702 + names["MAX_AGE"]):
        names["expire"](database, now)
    ((sender, event),) = database.execute("SELECT * FROM given_up").fetchall()
    shown = json.loads(event)
    assert (sender, shown["type"], shown["reason"], len(shown["parts"])) == ("sender", "Incomplete", "expired", 1)
    names["receive"](database, "other", first, 5000 + names["MAX_AGE"])
    assert database.execute("SELECT sender, ended FROM parts").fetchall() == [("other", None)]
    database.close()
