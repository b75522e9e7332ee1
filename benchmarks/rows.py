"""What is measured: each function makes one table of rows, as ratios within one run.

Knows smscodec's surface, the corpora and the peers; printing is the business of ``__main__``.
"""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from statistics import fmean

from benchmarks import corpora
from benchmarks.peers import NodePeer, Peer, installed, missing, node_peers
from benchmarks.timing import WALL, each, paired
from smscodec import (
    Alphabet,
    ApplicationPort,
    NationalLanguage,
    ShiftTables,
    UserData,
    UserDataHeader,
    backend,
    count_segments,
    gsm7,
    measure,
    segment,
    septets,
)
from smscodec.smpp import short_messages
from smscodec.tables import LOCKING_SHIFT, UNDEFINED
from smscodec.tpdu import submits

__all__ = ["Row", "arguments", "core", "import_time", "languages", "linearity", "octets", "peers"]

LANGUAGES = tuple(NationalLanguage)[1:]
PEER_TARGETS = {"smpplib": "≥ 15", "pdusms": "≥ 8"}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: ``value`` in ``unit``, beside the ``target`` that it must meet where there is one."""

    name: str
    value: float | None
    unit: str
    target: str = ""
    note: str = ""


def _pure(target: str) -> str:
    """A target of the pure backend: where C is live, what it is compared with has become faster too."""
    return target if backend() == "python" else ""


def floor(texts: Sequence[str]) -> int:
    """The least that looking at each text can cost."""
    return sum(map(len, texts))


def core(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Counting, measuring, cutting and packing against the floor and each other."""
    short = corpora.short_ascii(len(texts))
    plain = [text for text in texts if count_segments(text) == 1 or not _two_unit(text)]
    for name, corpus, targets in (
        ("mix", texts, ("≤ 15", "")),
        ("mix without pairs at cuts", plain, ("", "≤ 2")),
        ("short ASCII", short, ("", "≤ 1.8")),
    ):
        result = paired(
            {
                "floor": partial(floor, corpus),
                "count": each(count_segments, corpus),
                "measure": each(measure, corpus),
            },
            rounds=rounds,
        )
        yield Row(f"count_segments, {name}", result.ratio("count", "floor"), "× floor", _pure(targets[0]))
        yield Row(f"count_segments, {name}", result.seconds("count") / len(corpus) * 1e6, "µs a message")
        yield Row(f"measure, {name}", result.ratio("measure", "count"), "× count_segments", _pure(targets[1]))
    long = [text.ljust(300, "a")[:300] for text in corpora.short_ascii(2_000)]
    result = paired({"count": each(count_segments, long), "segment": each(segment, long)}, rounds=rounds)
    yield Row("segment, 300 characters", result.ratio("segment", "count"), "× count_segments", _pure("≤ 15"))
    unpacked = [gsm7.encode(text)[:160].ljust(160, b"a") for text in long]
    packed = [septets.pack(text) for text in unpacked]
    result = paired(
        {"pack": each(septets.pack, unpacked), "unpack": each(partial(septets.unpack, septet_count=160), packed)},
        rounds=rounds,
    )
    yield Row("septets.pack, 160 septets", result.seconds("pack") / len(unpacked) * 1e6, "µs", "≤ 2.5")
    yield Row("septets.unpack, 160 septets", result.seconds("unpack") / len(packed) * 1e6, "µs")


def _two_unit(text: str) -> bool:
    """Whether a character takes two septets or two code units, so that ``measure`` must look where segments end."""
    return measure(text).units > len(text)


def languages(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """What it costs to permit all thirteen national languages, against plain ``measure``."""
    offered = partial(measure, languages="all")
    several = [text for text in texts if measure(text).segments > 1]
    groups = {
        "base plan of one segment": ([text for text in texts if measure(text).segments == 1], "≤ 1.1"),
        "nothing to gain": ([text for text in several if measure(text) == offered(text)], "≤ 1.5"),
        "the mix": (texts, "≤ 30"),
    }
    for name, (group, target) in groups.items():
        yield Row(f"13 languages, {name}", _cost(group, offered, rounds), "× measure", _pure(target))
    costs = [_cost(_texts_in(language), offered, rounds) for language in LANGUAGES]
    worst = f"worst {max(costs):.1f}"
    yield Row("13 languages, ≤ 160 characters in each", fmean(costs), "× measure", _pure("≤ 30"), worst)


def _cost(texts: Sequence[str], offered: Callable[[str], object], rounds: int) -> float:
    plain = partial(measure, languages=())  # called in the same way, so that only what is permitted differs
    result = paired({"plain": each(plain, texts), "offered": each(offered, texts)}, rounds=rounds)
    return result.ratio("offered", "plain")


def _texts_in(language: NationalLanguage) -> list[str]:
    """Texts of up to 160 characters made of a language's letters, blanks and Latin letters, some escaped."""
    single_only = language not in LOCKING_SHIFT
    tables = ShiftTables(single=language) if single_only else ShiftTables(locking=language, single=language)
    own = gsm7.doubles(tables) if single_only else LOCKING_SHIFT[language].replace(UNDEFINED, "")
    letters = [character for character in own if character.isalpha() and not character.isascii()]
    mixture = [*letters, *"abcdefghij", " ", " ", " "]
    return ["".join(mixture[step * n % len(mixture)] for n in range(20 + step)) for step in range(1, 141)]


def arguments(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """What unusual arguments cost, against plain ``measure``."""
    header = UserDataHeader([ApplicationPort(2948, 9200)])
    ways: dict[str, Callable[[str], object]] = {
        "wide_reference": partial(measure, wide_reference=True),
        "header": partial(measure, header=header),
        "alphabet": partial(measure, alphabet=Alphabet.UCS2),
    }
    plain = partial(measure, languages=())  # called in the same way, so that only the argument differs
    timed = {name: each(way, texts) for name, way in ways.items()}
    result = paired({"plain": each(plain, texts), **timed}, rounds=rounds)
    for name in ways:
        yield Row(f"measure with {name}", result.ratio(name, "plain"), "× measure", "≤ 1.5")


def octets(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """From text to octets and back, against ``gsm.make_parts`` of smpplib, which those who use it would replace."""
    try:
        make_parts = import_module("smpplib.gsm").make_parts
    except ImportError:
        yield Row("smpplib", None, "", note="not installed")
        return
    numbered = partial(segment, reference=7)
    to = "+441632960100"
    ways: dict[str, tuple[Callable[[str], object], str, str]] = {
        "segment": (numbered, "", "≤ 0.12"),
        "segment, tp_ud": (lambda text: numbered(text).tp_ud, "≤ 0.5", "≤ 0.2"),
        "segment, user_data one by one": (
            lambda text: [part.user_data.to_bytes() for part in numbered(text)], "≤ 0.8", "≤ 0.45",
        ),
        "short_messages": (lambda text: short_messages(numbered(text)), "≤ 0.7", "≤ 0.4"),
        "submits": (lambda text: [pdu.to_bytes() for pdu in submits(numbered(text), destination=to)], "", "≤ 0.8"),
    }  # fmt: skip
    timed = {name: each(way, texts) for name, (way, *_) in ways.items()}
    result = paired({"make_parts": each(make_parts, texts), **timed}, rounds=rounds)
    for name, (_, pure, compiled) in ways.items():
        target = pure if backend() == "python" else compiled
        yield Row(name, result.ratio(name, "make_parts"), "× make_parts", target)
    parts = [
        (part.user_data.to_bytes(), part.user_data.length, part.user_data.alphabet, len(message) > 1)
        for message in map(numbered, texts)
        for part in message
    ]
    result = paired({"read": each(_read, parts), "least": each(_read_at_least, parts)}, rounds=rounds)
    yield Row("UserData.from_bytes(…).text()", result.ratio("read", "least"), "× unpacking and charmap", "≤ 2.5")


def _read(part: tuple[bytes, int, Alphabet, bool]) -> str:
    octets, length, alphabet, has_header = part
    return UserData.from_bytes(octets, length=length, alphabet=alphabet, has_header=has_header).text()


def _read_at_least(part: tuple[bytes, int, Alphabet, bool]) -> str:
    """The work that reading cannot do without: to unpack, and to look characters up."""
    octets, length, alphabet, has_header = part
    header = 1 + octets[0] if has_header else 0
    if alphabet is Alphabet.UCS2:
        return octets[header:].decode("utf-16-be")
    count = length - -(-8 * header // 7)
    unpacked = septets.unpack(octets[header:], count, fill_bits=septets.fill_bits_after(header))
    return codecs.charmap_decode(unpacked, "replace", _MAIN)[0]


_MAIN = LOCKING_SHIFT[NationalLanguage.DEFAULT]


def linearity(rounds: int) -> Iterator[Row]:
    """Time a character, of texts a hundred times as long: 1 is exactly linear, less is a fixed cost shared."""
    for name, unit in (("GSM 7-bit", "abcdefg€ij"), ("UCS-2", "жабвг😀дежз")):
        short, long = unit * 1_000, unit * 100_000
        for function in (count_segments, measure):
            result = paired({"short": each(function, [short] * 100), "long": each(function, [long])}, rounds=rounds)
            yield Row(f"{function.__name__}, {name} × 100", result.ratio("long", "short"), "× time a character")


def import_time(rounds: int) -> Iterator[Row]:
    """Milliseconds that ``import smscodec`` adds to starting a bare interpreter, once its bytecode is there."""
    # Where this forbids to write it, every start would compile what has changed since the package was installed.
    writing = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def start(statement: str) -> Callable[[], object]:
        return partial(subprocess.run, [sys.executable, "-c", statement], check=True, env=writing)

    result = paired({"bare": start("pass"), "import": start("import smscodec")}, rounds=2 * rounds, clock=WALL)
    yield Row("import smscodec", (result.seconds("import") - result.seconds("bare")) * 1e3, "ms over bare", "≤ 60")


def peers(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Speed of the peers that are installed, and how many of the boundary cases and of ``texts`` they count wrong."""
    judged = [*corpora.boundary_cases(), *texts]
    right = [count_segments(text) for text in judged]
    for peer in [*installed(), *node_peers()]:
        ours, theirs = _seconds(peer, texts, rounds)
        wrong = sum(answer != expected for answer, expected in zip(_answers(peer, judged), right, strict=True))
        yield Row(
            f"{peer.name} {peer.version}",
            theirs / ours,
            "× our time",
            _pure(PEER_TARGETS.get(peer.name, "")),
            note=f"{theirs / len(texts) * 1e6:.1f} µs a message; {wrong} of {len(judged)} counts differ",
        )
    for name, reason in missing():
        yield Row(name, None, "", note=reason)


def _seconds(peer: Peer, texts: Sequence[str], rounds: int) -> tuple[float, float]:
    """Our time and theirs over ``texts``; a peer in Node.js is timed inside its own process."""
    if isinstance(peer, NodePeer):
        return paired({"ours": each(count_segments, texts)}, rounds=rounds).seconds("ours"), peer.run(texts)[1]
    result = paired({"ours": each(count_segments, texts), "theirs": each(partial(_answer, peer), texts)}, rounds=rounds)
    return result.seconds("ours"), result.seconds("theirs")


def _answers(peer: Peer, texts: Sequence[str]) -> Sequence[int | None]:
    return peer.run(texts)[0] if isinstance(peer, NodePeer) else [_answer(peer, text) for text in texts]


def _answer(peer: Peer, text: str) -> int | None:
    try:
        return peer.count(text)
    except Exception:  # a peer may fail in any way, and then it has no answer
        return None
