"""The texts every benchmark and comparison runs on: our own thousand messages, and as many varied ones as asked for.

It knows how to read message files and how to make distinct messages of one composition; it must know nothing of
smscodec, so that the same texts can be fed to it and to its peers. The classes are those of the project's *mix*:
short notifications, European GSM texts, texts of the world's scripts, emoji, and long messages.
"""

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

Kind = Literal["short", "european", "multilingual", "emoji", "long"]

SAMPLE = Path(__file__).with_name("sample.txt")

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_GSM = frozenset(_BASIC + _EXTENSION)
_ACCENTED_OR_EXTENDED = re.compile(rf"[À-ÿ{re.escape(_EXTENSION)}]")
_EMOJI = re.compile("[\U00010000-\U0010ffff\u20e3\ufe0f]")
_DIGIT = re.compile("[0-9]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|\n")


def sample() -> list[str]:
    """The 1,000 messages of sample.txt, in the order of the file."""
    return read_corpus(SAMPLE)


def kind(text: str) -> Kind:
    """The class of the mix to which a message of the sample belongs."""
    if len(text) >= 1_000:
        return "long"
    if _EMOJI.search(text):
        return "emoji"
    if not _GSM.issuperset(text):
        return "multilingual"
    if len(text) >= 100 and _ACCENTED_OR_EXTENDED.search(text):
        return "european"
    return "short"


def mix(count: int = 48_000, *, seed: int = 1) -> list[str]:
    """Distinct messages in the sample's composition; a multiple of 1,000 keeps it exactly."""
    return _variations(sample(), count, seed)


def short_ascii(count: int, *, seed: int = 1) -> list[str]:
    """Distinct short notifications in ASCII alone."""
    return _variations([text for text in _of_kind("short") if text.isascii()], count, seed)


def european(count: int, *, seed: int = 1) -> list[str]:
    """Distinct European texts that fit GSM 7-bit, with accented letters or extension characters."""
    return _variations(_of_kind("european"), count, seed)


def multilingual(count: int, *, seed: int = 1) -> list[str]:
    """Distinct texts of the world's languages that need UCS-2 and hold no emoji."""
    return _variations(_of_kind("multilingual"), count, seed)


def emoji(count: int, *, seed: int = 1) -> list[str]:
    """Distinct texts with emoji: flags, skin tones, keycaps, families."""
    return _variations(_of_kind("emoji"), count, seed)


def long_texts(count: int, *, seed: int = 1) -> list[str]:
    """Distinct texts of 1,000 to 2,000 characters, GSM 7-bit and UCS-2."""
    return _variations(_of_kind("long"), count, seed)


def _of_kind(wanted: Kind) -> list[str]:
    return [text for text in sample() if kind(text) == wanted]


def _variations(originals: list[str], count: int, seed: int) -> list[str]:
    # Each variation starts from the one before it, so that a message of few digits and words never runs out of them.
    # None equals an original or another variation, so each is an object of its own: a benchmark over shared strings
    # would run from the processor's cache.
    rng = random.Random(seed)
    latest = list(originals)
    seen = set(originals)
    varied = []
    for index in range(count):
        text = latest[index % len(latest)]
        while text in seen:
            text = _vary(text, rng)
        seen.add(text)
        latest[index % len(latest)] = text
        varied.append(text)
    return varied


def _vary(text: str, rng: random.Random) -> str:
    # Both changes keep the length, and the characters but for digits: hence the class of the message.
    words = text.split(" ")
    if len(words) > 1:
        first, second = rng.sample(range(len(words)), 2)
        words[first], words[second] = words[second], words[first]
    return _DIGIT.sub(lambda _: rng.choice("0123456789"), " ".join(words))


def read_corpus(path: str | Path) -> list[str]:
    """The messages of a file: .jsonl (a JSON string a line) or .txt (a message a line), either one gzipped or not.

    Only LF, CR or CRLF ends a line, so a form feed or U+2028 stays inside its message. Empty lines are skipped.
    Raises ValueError, naming the file and the line, for anything that is not such a file.
    """
    path = Path(path)
    compressed = path.suffix == ".gz"
    form = (path.with_suffix("") if compressed else path).suffix
    if form not in {".jsonl", ".txt"}:
        raise ValueError(f"{path}: expected a name in .jsonl, .jsonl.gz, .txt or .txt.gz")
    content = path.read_bytes()
    try:
        text = (gzip.decompress(content) if compressed else content).decode()
    except (UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path}: {error}") from error
    lines = _LINE_END.split(text)
    if form == ".txt":
        messages = [line for line in lines if line]
    else:
        messages = [_json_string(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line]
    if not messages:
        raise ValueError(f"{path}: no messages")
    return messages


def _json_string(line: str, where: str) -> str:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"{where}: {error}") from error
    if not isinstance(value, str):
        found = type(value).__name__
        raise ValueError(f"{where}: expected a JSON string, found {found}")  # noqa: TRY004  # the file's fault
    if _SURROGATE.search(value):
        raise ValueError(f"{where}: a lone surrogate, which cannot be sent")
    return value


def boundary_cases() -> list[str]:
    """Distinct texts at the edges where counters go wrong: pairs that a cut would split, full segments, odd letters."""
    return list(dict.fromkeys([*_full_segments(), *_pairs_at_cuts(), *_clusters(), *_odd_letters()]))


def _full_segments() -> Iterator[str]:
    for unit, single, each in (("a", 160, 153), ("@", 160, 153), ("Δ", 160, 153), ("ж", 70, 67), ("ç", 70, 67)):
        for edge in (single, *(each * segments for segments in (2, 3, 4, 5))):
            yield from (unit * (edge + off) for off in (-1, 0, 1))
    for pair, single, each in (("€", 160, 153), ("]", 160, 153), ("\f", 160, 153), ("😀", 70, 67)):
        for edge in (single, each, 2 * each, 3 * each, 4 * each):
            yield from (pair * (edge // 2 + off) for off in (-1, 0, 1))
        yield pair * each


def _pairs_at_cuts() -> Iterator[str]:
    gsm = ("a", "€", (150, 151, 152, 153, 158, 159, 160, 304, 305, 306), 153)
    ucs2 = ("ж", "😀", (65, 66, 67, 68, 69, 70, 132, 133, 134, 200), 67)
    for letter, pair, befores, each in (gsm, ucs2):
        for before, after in product(befores, (0, 1, 7, each - 1, each, each + 1)):
            yield letter * before + pair + letter * after
        for wasted in range(1, 7):
            yield (letter * (each - 1) + pair) * wasted
            yield (letter * (each - 1) + pair) * wasted + letter * (each - wasted)
            yield from (letter + pair * (each // 2 * wasted + off) for off in (0, 1))


def _clusters() -> Iterator[str]:
    # None of these may change the count: a segment is cut between characters, not between what a reader sees as one.
    family = "👨\u200d👩\u200d👧\u200d👦"
    clusters = ("e\u0301", "1\ufe0f\u20e3", "❤\ufe0f", "👍🏽", "🇺🇦", family, "क्षि", "กำ", "\u1112\u1161\u11ab")
    for cluster, before in product(clusters, (0, 1)):
        yield from ("ж" * before + cluster * repeats for repeats in (1, 9, 14, 17, 18, 23, 24, 34, 35, 36, 67))


def _odd_letters() -> Iterator[str]:
    # Letters taken for others: composed and not, capital and small, Greek capitals and signs, breaks, blanks, quotes.
    letters = "çÇáÁàÀéÉÈñÑåÅΔδωßẞ€¤¢`'’“´–-…·¡¿§¶°~˜^ˆ|¦\\_ＡА"
    letters += "\0\x1b\x7f\u03a9\u2126\u212b\u00b5\u03bc\u0301\n\r\f\t\u00a0\u200b\u2028\ufeff"
    for letter in letters:
        yield letter
        yield from (fill * (single - 1) + letter for fill, single in (("a", 160), ("ж", 70)))
        yield "a" * 152 + letter + "a" * 8
    yield from ("a" * before + "\r\n" + "a" * after for before in (152, 158, 159) for after in (0, 152))
    yield from ("\r\n" * 80, "\r\n" * 81, "\n" * 161, "\r" * 161)
