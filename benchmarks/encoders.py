"""Other libraries' octets, each behind a call of one shape, to be timed and judged beside ours.

It knows how those who use a library write a text with it, and what it leaves to them: some cut a message into segments
and add the headers, some only write the text. It must know nothing of smscodec. No library is needed: what is not here
is listed with the reason.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.peers import node_folders

__all__ = ["Absent", "Encoder", "Form", "Octets", "Outside", "encoders"]

Octets = tuple[bytes, ...]

Form = Literal["smpp", "tp-ud", "alone", "units", "text", "packed"]
"""What a library gives: ``short_message`` of each segment; TP-UD of each segment; TP-UD of a message of one segment,
which it does not go beyond; septets or code units of each segment without a header; those of the whole text, not cut;
the same packed."""

FOLDER: Final = Path(__file__).parent
DEBIAN: Final = "/usr/bin/python3"


@dataclass(frozen=True, slots=True)
class Encoder:
    """A library and its octets of a text; ``encode`` raises whatever the library raises for one that it refuses."""

    name: str
    version: str
    form: Form
    encode: Callable[[str], Octets]


@dataclass(frozen=True, slots=True)
class Outside:
    """A library that runs in a process of its own, which times itself: octets of each text, None where it refuses one,
    and seconds of its processor time.
    """

    name: str
    version: str
    form: Form
    run: Callable[[Sequence[str]], tuple[list[Octets | None], float]]


@dataclass(frozen=True, slots=True)
class Absent:
    """A library that cannot be used here, and why."""

    name: str
    reason: str


def encoders() -> Iterator[Encoder | Outside | Absent]:
    """All libraries, those that are here and those that are not."""
    for distribution, (form, adapter) in _PYTHON.items():
        try:
            yield Encoder(distribution, version(distribution), form, adapter())
        except PackageNotFoundError:
            yield Absent(distribution, "not installed")
        except Exception as error:  # an old library may fail in any way on a new Python or beside a new dependency
            yield Absent(distribution, f"cannot be imported: {type(error).__name__}: {error}")
    yield _gammu()
    for package, form in _NODE.items():
        yield _node(package, form)


def _smpplib() -> Callable[[str], Octets]:
    """Call `gsm.make_parts`, which its users call before `submit_sm`."""
    make_parts = import_module("smpplib.gsm").make_parts
    return lambda text: tuple(map(bytes, make_parts(text)[0]))


def _aiosmpplib() -> Callable[[str], Octets]:
    """Call `utils.split_sms_udh`, as its ESME does; one segment comes with sm_length before it, which is taken off."""
    split = import_module("aiosmpplib.utils").split_sms_udh

    def encode(text: str) -> Octets:
        parts = tuple(split(text, csms_ref=1))
        return parts if len(parts) > 1 else (parts[0][1:],)

    return encode


def _pdusms() -> Callable[[str], Octets]:
    """Call `SMS_SUBMIT.create`, which refuses what takes more than one segment."""
    submit = import_module("smspdu.pdu").SMS_SUBMIT
    return lambda text: (submit.create("", "+441632960100", text).tp_ud,)


def _smspdudecoder() -> Callable[[str], Octets]:
    """Its two codecs, as packed septets or UTF-16BE in hexadecimal."""
    codecs = import_module("smspdudecoder.codecs")

    def encode(text: str) -> Octets:
        try:
            return (bytes.fromhex(codecs.GSM.encode(text)),)
        except ValueError:
            return (bytes.fromhex(codecs.UCS2.encode(text)),)

    return encode


def _gsm0338() -> Callable[[str], Octets]:
    """Its codec, and UTF-16BE for what that refuses."""
    import_module("gsm0338")

    def encode(text: str) -> Octets:
        try:
            return (text.encode("gsm03.38"),)
        except UnicodeEncodeError:
            return (text.encode("utf-16-be"),)

    return encode


_PYTHON: Final[dict[str, tuple[Form, Callable[[], Callable[[str], Octets]]]]] = {
    "smpplib": ("smpp", _smpplib),
    "aiosmpplib": ("smpp", _aiosmpplib),
    "pdusms": ("alone", _pdusms),
    "smspdudecoder": ("packed", _smspdudecoder),
    "gsm0338": ("text", _gsm0338),
}

_NODE: Final[dict[str, Form]] = {"sms-segments-calculator": "units", "smpp": "text"}
"""Twilio's, and node-smpp."""


def _gammu() -> Outside | Absent:
    """python3-gammu, on the Python that Debian built it for."""
    command = [DEBIAN, str(FOLDER / "encoder_gammu.py")]
    try:
        release = _answer([*command, "--version"])
    except (OSError, subprocess.CalledProcessError):
        return Absent("gammu", "not installed: apt-get install python3-gammu")
    return Outside("gammu", str(release), "tp-ud", partial(_run, command))


def _node(package: str, form: Form) -> Outside | Absent:
    name = f"{package} (npm)"
    try:
        folder = next(iter(node_folders(package)), None)
        if folder is None:
            return Absent(name, "not in SMSCODEC_NODE_MODULES, NODE_PATH or ./node_modules")
        release = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        command = ["node", str(FOLDER / "encoders.js"), package, str(folder)]
        _answer(command, "[]")
    except (OSError, subprocess.CalledProcessError) as error:
        return Absent(name, f"cannot be run: {error}")
    return Outside(name, release, form, partial(_run, command))


def _run(command: Sequence[str], texts: Sequence[str]) -> tuple[list[Octets | None], float]:
    answers, seconds = _answer(command, json.dumps(texts))
    return [None if parts is None else tuple(map(bytes.fromhex, parts)) for parts in answers], seconds


def _answer(command: Sequence[str], question: str = "") -> Any:
    run = subprocess.run(command, input=question, capture_output=True, text=True, check=True, encoding="utf-8")
    return json.loads(run.stdout)
