"""Two implementations by others judge our counts and cuts, since the oracle has the same authors as the code.

sms-toolkit (PyPI) and split-sms (npm) are the two peers known to count right. The first is judged by if it can be
imported; the second is looked up in the directory that SMSCODEC_NODE_MODULES names, which holds ``node_modules``, and
asked through one ``node`` process. With SMSCODEC_CI=full a judge that is missing is a failure.

Reference: 3GPP TS 23.040, 9.2.3.24.1
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from smscodec import Alphabet, count_segments, detect, segment
from tests import reference
from tests.judges import missing

GSM_CHARACTERS = sorted(reference.MAIN_CODES[0] | reference.SINGLE_CODES[0])
OTHER_CHARACTERS = [*"ç`\tжΑéшあ\u0300\u2019\u200d\ufffe\uffff\ud7ff\ue000", "\U00010000", "\U0001f600", "\U0010ffff"]
CLUSTERS = ["e\u0301", "\r\n", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", "\U0001f468\u200d\U0001f469"]

SPLIT_SMS = """
const { split } = require('split-sms');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const answers = texts.map(text => {
  const answer = split(text);
  return [answer.characterSet, answer.parts.map(part => part.content)];
});
process.stdout.write(JSON.stringify(answers).replace(/[^\\x00-\\x7f]/g,
  unit => '\\\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')));
"""


def around_cuts(filling: str, wider: str, rooms: tuple[int, int]) -> Iterator[str]:
    """Texts whose first two segments end in every pattern of narrow and wide characters, with every kind of end."""
    alone, several = rooms
    for pattern in product((filling, wider), repeat=4):
        near = "".join(pattern)
        for length in range(alone - 8, alone + 2):
            yield filling * (length - 4) + near
        for back, second in product(range(3, 7), product((filling, wider), repeat=3)):
            yield filling * (several - back) + near + filling * (several - 4) + "".join(second)
            yield filling * (2 * several - back) + near + "".join(second)


@cache
def judged_texts() -> tuple[str, ...]:
    """Every kind of character alone and at the cuts, patterns around the cuts, fillings of every length."""
    texts = [*GSM_CHARACTERS, *OTHER_CHARACTERS, *CLUSTERS]
    for character, before, after in product(tuple(texts), (151, 152, 153, 159, 160, 305, 306), (0, 1, 153)):
        texts.append("a" * before + character + "a" * after)
    for character, before, after in product(OTHER_CHARACTERS + CLUSTERS, (65, 66, 67, 69, 70, 133, 134), (0, 1, 67)):
        texts.append("ж" * before + character + "ж" * after)
    texts += around_cuts("a", "€", (160, 153))
    texts += around_cuts("ж", "\U0001f600", (70, 67))
    for filling in ("a", "€", "a€", "€aa", "ж", "\U0001f600", "ж\U0001f600", "\U0001f600жж", "a\U0001f600"):
        texts += [(filling * 480)[:length] for length in range(1, 480, 3)]
    for filling, room in (("a", 153), ("€", 76), ("ж", 67), ("\U0001f600", 33)):
        texts += [filling * (room * 255 + more) for more in (-1, 0, 1)]
    return tuple(texts)


def ours(text: str) -> tuple[str, list[str] | int]:
    """The alphabet and the segments of a text, or only their number where there are more than may be sent."""
    count = count_segments(text)
    alphabet = "GSM" if detect(text) is Alphabet.GSM_7BIT else "Unicode"
    return alphabet, [part.text for part in segment(text)] if count <= 255 else count


def theirs(alphabet: str, parts: list[str]) -> tuple[str, list[str] | int]:
    """The answer of a judge in the same form."""
    return alphabet, parts if len(parts) <= 255 else len(parts)


def test_sms_toolkit_agrees_on_boundary_texts() -> None:
    """sms-toolkit chooses the same alphabet and cuts at the same places."""
    try:
        messages: Any = importlib.import_module("sms_toolkit.messages.profiling")
        encoding: Any = importlib.import_module("sms_toolkit.utils")
    except ImportError as error:
        missing("sms-toolkit", f"pip install sms-toolkit six ({error})")
    for text in judged_texts():
        alphabet = {"gsm": "GSM", "ucs2": "Unicode"}[encoding.determine_encoding_for_string(text)]
        parts = [part["message"] for part in messages.profile_message(text)["segments"]]
        assert theirs(alphabet, parts) == ours(text)


def test_split_sms_agrees_on_boundary_texts() -> None:
    """split-sms chooses the same alphabet and cuts at the same places."""
    node = shutil.which("node")
    directory = os.environ.get("SMSCODEC_NODE_MODULES")
    if node is None:
        missing("split-sms", "there is no node on the path")
    if directory is None or not (Path(directory) / "node_modules" / "split-sms").is_dir():
        missing("split-sms", "npm install split-sms somewhere and name that directory in SMSCODEC_NODE_MODULES")
    texts = judged_texts()
    ran = subprocess.run(
        [node, "-e", SPLIT_SMS], input=json.dumps(texts), cwd=directory, capture_output=True, text=True, check=True
    )
    answers = json.loads(ran.stdout)
    assert len(texts) == len(answers)
    for text, (alphabet, parts) in zip(texts, answers, strict=True):
        assert theirs(alphabet, parts) == ours(text)
