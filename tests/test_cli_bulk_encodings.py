"""Files of spreadsheets: which encoding they have, what is said of a guess, and that Excel opens what is written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import count_segments
from smscodec.cli.files.encodings import guessed
from tests.bulk_files import bulk, csv_of, rows_of, written
from tests.command_line import FEWER, run

WESTERN = [
    "Caffè à la carte",
    "¡Hola! ¿Qué tal, señor?",
    "Straße – 5 € „so“",
    "L’été à Nîmes : 20 % de réduction…",
    "Blåbærgrød",
]
OTHERS = [
    ("Привет, мир", "cp1251"),
    ("Γεια σου κόσμε", "cp1253"),
    ("Paweł, paczka czeka do piątku", "cp1250"),
    ("Şubat ayında açığız", "cp1254"),
    ("こんにちは世界", "shift_jis"),
    ("你好，世界", "gb18030"),
    ("안녕하세요", "euc-kr"),
    ("שלום עולם", "cp1255"),
    ("مرحبا بالعالم", "cp1256"),
]


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_is_recognised(text: str) -> None:
    """What Excel saves as CSV in Western Europe is read as Windows-1252, which is said, and counted as it should be."""
    outcome = run("bulk", "--json", "--format", "csv", "-", stdin=csv_of([["t"], [text]]).decode().encode("cp1252"))
    assert outcome.json["segments"] == count_segments(text)
    assert outcome.json["alphabets"] == bulk("-", stdin=text.encode())["alphabets"]
    assert "standard input: not UTF-8; read as Windows-1252. If that is wrong, name its encoding" in outcome.err


@pytest.mark.parametrize(("text", "encoding"), OTHERS)
def test_other_code_pages_are_not_guessed(text: str, encoding: str) -> None:
    """Text of other code pages is refused with the option that names one, and is read with it."""
    stdin = csv_of([["id", "t"], [1, text]]).decode().encode(encoding)
    options = ["--format", "csv", "--column", "t", "-"]
    refused = run("bulk", *options, stdin=stdin)
    assert (refused.status, refused.out) == (1, "")
    assert "see --encoding" in refused.err
    assert bulk("--encoding", encoding, *options, stdin=stdin)["segments"] == 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_utf8_is_never_taken_for_another(text: str) -> None:
    """Whatever is UTF-8 is read as UTF-8."""
    assert guessed(text.encode()) == "utf-8"


@FEWER
@given(
    st.lists(st.text(st.sampled_from("abc éñ’\u00a0\u00ad\u200d\u200f👩"), min_size=8), min_size=1),
    st.sampled_from(["utf-16-le", "utf-16-be"]),
)
def test_utf16_without_a_mark(texts: list[str], encoding: str) -> None:
    """UTF-16 of Latin letters, special spaces and emoji is recognised without its mark, and that is said."""
    content = "".join(f"first line: {text}\n" for text in texts)
    outcome = run("bulk", "--json", "-", stdin=content.encode(encoding))
    assert outcome.json == bulk("-", stdin=content.encode())
    assert "read as UTF-16 without a byte order mark" in outcome.err


def test_bad_octets_among_utf8_are_errors() -> None:
    """One octet that is not UTF-8 does not make a file one of another encoding."""
    outcome = run("bulk", "-", stdin="ж\n".encode() + b"caf\xe9\n")
    assert (outcome.status, outcome.err) == (1, "smscodec: standard input, row 2: not UTF-8: octet 0xE9 at offset 3\n")


def test_the_guess_may_come_late() -> None:
    """ASCII says nothing; the first octet beyond it decides, however far into the file."""
    content = b"plain text\n" * 60_000 + "señor\n".encode("cp1252") * 10
    outcome = run("bulk", "--json", "-", stdin=content)
    assert outcome.json["messages"] == 60_010
    assert outcome.err.count("read as Windows-1252") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_output_is_written_as_the_input_was(encoding: str, delimiter: str, tmp_path: Path) -> None:
    """The delimiter stays, and a mark is written where the input had one or was no UTF-8, so that Excel opens it."""
    path = written(
        tmp_path,
        "m.csv",
        csv_of([["name", "t"], ["Zoë", "señor; a, b"]], delimiter=delimiter).decode().encode(encoding),
    )
    output = tmp_path / "out.csv"
    bulk("--column", "t", "--output", str(output), path)
    octets = output.read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf") == (encoding != "utf-8")
    kept = "," if delimiter == "\t" else delimiter
    (row,) = csv.DictReader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=kept)
    assert (row["name"], row["t"], row["segments"]) == ("Zoë", "señor; a, b", "1")
    bulk("--column", "t", "--output", str(tmp_path / "out.tsv"), path)
    assert rows_of(str(tmp_path / "out.tsv"))[0]["t"] == "señor; a, b"


def test_twice_encoded_text_is_suspected() -> None:
    """UTF-8 that was read as Windows-1252 on its way is shown as what was probably meant."""
    text = "don’t".encode().decode("cp1252")
    outcome = run("bulk", "--json", "-", stdin=text.encode())
    assert "looks like '’' in UTF-8 that was read as Latin-1" in outcome.err
