"""Other libraries' segment counts, each behind a call of one shape, to be timed and judged beside ours.

It knows how each peer is called by those who use it, and says so where the peer has an encoder but no counter. It must
know nothing of smscodec. No peer is needed: those that cannot be imported are listed by `missing` with the reason.
"""

import atexit
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Peer:
    """A library and its segment count; `count` raises whatever the library raises for a text it cannot take."""

    name: str
    distribution: str
    count: Count
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePeer(Peer):
    """A library for Node.js; `count` crosses a pipe, so time it by `run`, which answers with counts and seconds."""

    run: Callable[[Sequence[str]], tuple[list[int], float]]


def known() -> list[str]:
    """The names of all peers, of which none is imported for it."""
    return [*_ADAPTERS, *_NODE_COUNTERS]


def installed() -> list[Peer]:
    """The Python peers that can be imported here."""
    return _python_peers()[0]


def missing() -> list[tuple[str, str]]:
    """The peers that cannot be used here, each with the reason."""
    node = [(name, _why_no_node_peer(name)) for name in _NODE_COUNTERS]
    return _python_peers()[1] + [(name, reason) for name, reason in node if reason]


def node_peers() -> list[NodePeer]:
    """The peers for Node.js found by SMSCODEC_NODE_MODULES, NODE_PATH or here, all run by one process.

    The first names the directory that holds ``node_modules``, or that one itself.
    """
    return [_node_peer(name) for name in _NODE_COUNTERS if not _why_no_node_peer(name)]


@cache
def _python_peers() -> tuple[list[Peer], list[tuple[str, str]]]:
    peers, absent = [], []
    for distribution, adapter in _ADAPTERS.items():
        try:
            release = version(distribution)
        except PackageNotFoundError:
            absent.append((distribution, "not installed"))
            continue
        try:
            peers.append(Peer(distribution, distribution, adapter(), release))
        except Exception as error:  # an old library may fail in any way on a new Python or beside a new dependency
            absent.append((distribution, f"cannot be imported: {type(error).__name__}: {error}"))
    return peers, absent


# The adapters: each imports its library and answers with the call a user of it makes.


def _smpplib() -> Count:
    """Call `gsm.make_parts`, which encodes and cuts a text for submit_sm."""
    make_parts = import_module("smpplib.gsm").make_parts
    return lambda text: len(make_parts(text)[0])


def _aiosmpplib() -> Count:
    """Call `utils.split_sms_udh`, which its ESME calls for a text to be sent in parts with a header."""
    split = import_module("aiosmpplib.utils").split_sms_udh
    return lambda text: len(split(text))


def _smsutil() -> Count:
    """Call `split`, its documented splitter."""
    split = import_module("smsutil").split
    return lambda text: len(split(text).parts)


def _sms_toolkit() -> Count:
    """Call `profile_message`, its documented profile of a text."""
    profile = import_module("sms_toolkit").profile_message
    return lambda text: int(profile(text)["num_segments"])


def _python_gsmmodem_new() -> Count:
    """Call `encodeSmsSubmitPdu`, which makes a PDU a segment."""
    encode = import_module("gsmmodem.pdu").encodeSmsSubmitPdu
    return lambda text: len(encode("+441632960100", text))


def _python_messaging() -> Count:
    """Call `SmsSubmit.to_pdu`, which makes a PDU a segment."""
    submit = import_module("messaging.sms").SmsSubmit
    return lambda text: len(submit("+441632960100", text).to_pdu())


def _py_smsify() -> Count:
    """Read `SmsMessage.segments` with twilio=True, which alone knows of 153; it transliterates all that is not GSM."""
    message = import_module("py_smsify").SmsMessage
    return lambda text: int(message(text, twilio=True).segments)


# Those below are encoders: a user divides the length of what they encode.


def _gsm0338() -> Count:
    """An encoder only: the codec "gsm03.38", else UTF-16, and a division."""
    import_module("gsm0338")
    return _dividing(lambda text: len(text.encode("gsm03.38")), _utf16_units)


def _pygsm7() -> Count:
    """An encoder only: packed hexadecimal, so a length that is seven over a multiple of eight reads as one more."""
    module = import_module("pygsm7")
    return _dividing(lambda text: _septets(module.encode_gsm7(text)), lambda text: len(module.encodeMessage(text)) // 4)


def _smspdudecoder() -> Count:
    """An encoder only: packed hexadecimal, with the same uncertainty of one septet as pygsm7."""
    codecs = import_module("smspdudecoder.codecs")
    return _dividing(lambda text: _septets(codecs.GSM.encode(text)), lambda text: len(codecs.UCS2.encode(text)) // 4)


def _pdusms() -> Count:
    """An encoder only: `SMS_SUBMIT.create` takes one segment and refuses more, so its codec, and a division."""
    encode = import_module("smspdu.gsm0338").Codec().encode
    return _dividing(lambda text: len(encode(text)), _utf16_units)


def _naz() -> Count:
    """An encoder only: its two codecs and a division, as its client sends one submit_sm whatever the length."""
    codec = import_module("naz.codec")
    return _dividing(
        lambda text: len(codec.GSM7BitCodec.encode(text)[0]), lambda text: len(codec.UCS2Codec.encode(text)[0]) // 2
    )


def _dividing(septets: Count, units: Count) -> Count:
    def count(text: str) -> int:
        try:
            return _divided(septets(text), 160, 153)
        except ValueError:  # UnicodeEncodeError is one
            return _divided(units(text), 70, 67)

    return count


def _divided(length: int, single: int, each: int) -> int:
    return 1 if length <= single else -(-length // each)


def _septets(packed_hexadecimal: str) -> int:
    return len(packed_hexadecimal) // 2 * 8 // 7


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-be")) // 2


_ADAPTERS: dict[str, Callable[[], Count]] = {
    # python-messaging stands before smsutil, as both register a codec "gsm0338" and the first to register is used:
    # smsutil counts without its own.
    "python-messaging": _python_messaging,
    "smpplib": _smpplib,
    "aiosmpplib": _aiosmpplib,
    "smsutil": _smsutil,
    "sms-toolkit": _sms_toolkit,
    "python-gsmmodem-new": _python_gsmmodem_new,
    "py-smsify": _py_smsify,
    "gsm0338": _gsm0338,
    "pygsm7": _pygsm7,
    "smspdudecoder": _smspdudecoder,
    "pdusms": _pdusms,
    "naz": _naz,
}


# Node.js: one process for all its peers, a line of JSON each way for a batch of texts.

_NODE_COUNTERS = {
    "split-sms": "library => text => library.split(text).parts.length",
    "sms-segments-calculator": "library => text => new library.SegmentedMessage(text).segmentsCount",
}

_NODE_PROGRAM = """
const counters = {%s}, loaded = {};
require('readline').createInterface({input: process.stdin}).on('line', line => {
  let answer;
  try {
    const {name, folder, texts} = JSON.parse(line);
    const count = loaded[name] ??= counters[name](require(folder));
    const start = process.cpuUsage();
    const counts = texts.map(text => count(text));
    const {user, system} = process.cpuUsage(start);
    answer = {counts, seconds: (user + system) / 1e6};
  } catch (error) {
    answer = {error: String(error)};
  }
  console.log(JSON.stringify(answer));
});
"""


def _node_peer(name: str) -> NodePeer:
    folder = _node_folder(name)
    run = partial(_run_in_node, name, str(folder))
    release = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    return NodePeer(f"{name} (npm)", name, lambda text: run([text])[0][0], release, run=run)


def _run_in_node(name: str, folder: str, texts: Sequence[str]) -> tuple[list[int], float]:
    process = _node()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"name": name, "folder": folder, "texts": list(texts)}) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    if "error" in answer:
        raise RuntimeError(f"{name}: {answer['error']}")
    return answer["counts"], answer["seconds"]


@cache
def _node() -> subprocess.Popen[str]:
    program = _NODE_PROGRAM % ", ".join(f"'{name}': {counter}" for name, counter in _NODE_COUNTERS.items())
    process = subprocess.Popen(["node", "-e", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    atexit.register(process.communicate)  # the end of its input ends it
    return process


def _why_no_node_peer(name: str) -> str:
    if shutil.which("node") is None:
        return "no node on the path"
    return "" if node_folders(name) else "not in SMSCODEC_NODE_MODULES, NODE_PATH or ./node_modules"


def _node_folder(name: str) -> Path:
    return node_folders(name)[0]


def node_folders(name: str) -> list[Path]:
    """Where a library for Node.js lies, best first; see ``node_peers``."""
    places = [os.environ.get("SMSCODEC_NODE_MODULES", ""), *os.environ.get("NODE_PATH", "").split(os.pathsep)]
    named = [Path(place).resolve() for place in (*places, ".") if place]
    folders = [folder / name for place in named for folder in (place, place / "node_modules")]
    return [folder for folder in folders if (folder / "package.json").is_file()]
