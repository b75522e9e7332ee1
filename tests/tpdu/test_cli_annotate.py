"""``smscodec decode --annotate``: a tree for reading, JSON, and what it takes."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from hypothesis import given

from smscodec.cli import main
from smscodec.testing import tpdus
from smscodec.tpdu import annotate
from tests.command_line import FEWER, Terminal, acting, run

DELIVER = "040B911346610089F60000208062917314800CC8F71D14969741F977FD07"
SUBMIT = "010005812143F5000005C8329BFD06"
SMSC = "07911326040000F0"


def test_the_tree_is_printed_with_offsets_octets_and_clauses() -> None:
    """Each field on a line, the bits of an octet in their places, and the number of findings at the end."""
    outcome = run("decode", "--annotate", DELIVER)
    lines = outcome.out.splitlines()
    assert (outcome.status, outcome.err) == (0, "")
    assert lines[0].split() == ["0", "04", "0B", "91", "13", "46", "61", "00", "…", "SMS-DELIVER", "(9.2.2.1)"]
    assert any(line.split()[:3] == ["0", ".....1..", "TP-MMS:"] for line in lines)
    assert any(line.strip().endswith("TP-SCTS: 2002-08-26T19:37:41+02:00  (9.2.3.11)") for line in lines)
    assert lines[-1] == "0 findings"


WHOLE = """\
   0  14 00 05 81 21 43 F5 00  SMS-DELIVER-REPORT  (9.2.2.1a)
   0  14                         first octet  (9.2.2)
   0  0.......                     reserved: 0
   0  .0......                     TP-UDHI: no header  (9.2.3.23)
   0  ..0101..                     reserved: 5
                                   ! a reserved bit is set
   0  ......00                     TP-MTI: SMS-DELIVER-REPORT  (9.2.3.1)
   1  00                         TP-PI  (9.2.3.27)
   1  0.......                     extension: 0  (9.2.3.27)
   1  .0000...                     reserved: 0
   1  .....0..                     TP-UDL present: 0  (9.2.3.27)
   1  ......0.                     TP-DCS present: 0  (9.2.3.27)
   1  .......0                     TP-PID present: 0  (9.2.3.27)
   2  05 81 21 43 F5 00          octets after the last field
                                 ! octets after the last field
2 findings
"""
NARROW = """\
   0  06 03                    RP-SMMA
                                 (24.011,
                                 7.3.2)
   0  06                         first octet
                                   (24.011,
                                   8.2.2)
   0  00000...                     spare: 0
                                     (24.011,
                                     8.2.2)
   0  .....110                     RP-MTI:
                                     RP-SMMA to
                                     the
                                     network
                                     (24.011,
                                     8.2.2)
   1  03                         RP-Message
                                   Reference:
                                   3
                                   (24.011,
                                   8.2.3)
0 findings
"""


@pytest.mark.parametrize(
    ("stream", "digits", "shown"),
    [(io.StringIO, "140005812143F500", WHOLE), (Terminal, "140005812143F500", WHOLE), (Terminal, "0603", NARROW)],
)
def test_a_line_is_as_long_as_the_terminal_is_wide(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], digits: str, shown: str
) -> None:
    """Words go on below the first one, a little to its right, in at least twelve columns; elsewhere no line is cut."""
    wide = stream is Terminal and shown is WHOLE
    monkeypatch.setenv("COLUMNS", str(max(map(len, WHOLE.splitlines()))) if wide else "20")
    written = stream()
    monkeypatch.setattr(sys, "stdout", written)
    assert main(["decode", "--annotate", digits]) == 0
    assert written.getvalue() == shown


def test_findings_stand_under_their_fields() -> None:
    """Marked with an exclamation mark, and counted."""
    lines = run("decode", "--annotate", "14" + DELIVER[2:]).out.splitlines()
    place = next(index for index, line in enumerate(lines) if line.strip() == "! a reserved bit is set")
    assert "reserved" in lines[place - 1]
    assert lines[-1] == "1 finding"


def test_the_most_likely_reading_is_explained() -> None:
    """With a service centre in front or without, an RP message, a record; --smsc and --direction decide instead."""
    for digits, name in (
        (SMSC + DELIVER, "PDU"),
        ("00" + SUBMIT, "PDU"),
        (DELIVER, "SMS-DELIVER"),
        ("022A41020000", "RP-ACK"),
        (("01" + SMSC + DELIVER).ljust(352, "F"), "EF_SMS record"),
    ):
        outcome = run("decode", "--annotate", digits)
        assert outcome.out.splitlines()[-1] == "0 findings"
        assert run("decode", "--annotate", "--json", digits).json["annotations"][0]["name"] == name
    assert run("decode", "--annotate", "--direction", "sc-to-ms", SMSC + DELIVER).out.splitlines()[-1] != "0 findings"


def test_several_are_explained_one_after_another() -> None:
    """The lines of a modem, each with its tree."""
    trees = run("decode", "--annotate", "--json", f"+CMGR: 1,,30\n{SMSC}{DELIVER}\nOK\n00{SUBMIT}\n").json[
        "annotations"
    ]
    assert [tree["children"][1]["name"] for tree in trees] == ["SMS-DELIVER", "SMS-SUBMIT"]


def findings(tree: dict[str, Any]) -> list[tuple[int, str]]:
    """All findings of a tree in JSON."""
    own = [(tree["offset"], finding) for finding in tree["findings"]]
    return own + [finding for child in tree["children"] for finding in findings(child)]


def test_json_is_one_object_with_the_trees() -> None:
    """Each as ``Annotation.as_dict`` gives it, with its findings."""
    (tree,) = run("decode", "--annotate", "--json", DELIVER + "00").json["annotations"]
    assert tree == annotate(bytes.fromhex(DELIVER + "00")).as_dict()
    assert findings(tree) == [(30, "octets after the last field")]
    assert (tree["name"], tree["length"]) == ("SMS-DELIVER", 31)
    assert tree["children"][1]["value"] == "+31641600986"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ([DELIVER], "SMS-DELIVER"),
        ([SUBMIT], "SMS-SUBMIT"),
        (["--direction", "sc-to-ms", SUBMIT], "SMS-SUBMIT-REPORT"),
        (["--direction", "ms-to-sc", DELIVER], "SMS-DELIVER-REPORT"),
        (["02"], "SMS-STATUS-REPORT"),
    ],
)
def test_the_direction_is_that_of_the_usual_types(arguments: list[str], name: str) -> None:
    """Unless it is given."""
    assert run("decode", "--annotate", "--json", *arguments).json["annotations"][0]["name"] == name


def test_d34_the_form_of_a_report_can_be_said() -> None:
    """The same octets are a failure cause in RP-ERROR, and in RP-ACK a TP-PI with an extension."""
    for form, name in (("error", "TP-FCS"), ("ack", "TP-PI")):
        for more in ([], ["--smsc"]):
            digits = "00" * len(more) + "008000"
            found = run("decode", "--annotate", "--json", "--direction", "ms-to-sc", "--rp", form, *more, digits).json
            (whole,) = found["annotations"]
            tree = whole["children"][-1] if more else whole
            assert tree["children"][1]["name"] == name


@pytest.mark.parametrize(("length", "number"), [("30", 0), ("38", 1)])
def test_a_modem_s_digits_have_the_smsc_and_a_length(length: str, number: int) -> None:
    """A length argument that does not fit is a finding."""
    (tree,) = run("decode", "--annotate", "--json", "--smsc", "--length", length, SMSC + DELIVER).json["annotations"]
    assert len(findings(tree)) == number
    assert [child["name"] for child in tree["children"]] == ["SMSC address", "SMS-DELIVER"]
    (tree,) = run("decode", "--annotate", "--json", "--smsc", "00" + SUBMIT).json["annotations"]
    assert tree["children"][1]["name"] == "SMS-SUBMIT"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--annotate", "--udhi", DELIVER],
        ["--annotate", "--unpacked", DELIVER],
        ["--annotate", "--strict", DELIVER],
        ["--annotate", "--alphabet", "ucs2", DELIVER],
        ["--annotate", "--length", "3", DELIVER],
        ["--annotate", "--direction", "up", DELIVER],
        ["--direction", "ms-to-sc", "C8329BFD06"],
        ["--smsc", "C8329BFD06"],
        ["--rp", "ack", "C8329BFD06"],
        ["--annotate", "--rp", "nack", DELIVER],
    ],
)
def test_options_that_do_not_belong_together_are_usage(arguments: list[str]) -> None:
    """Status 2 and a line that says so."""
    outcome = run("decode", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert "--" in outcome.err


@pytest.mark.parametrize("part", [" ", ":", "\n", " 0x", ", 0x", ",0X"])
def test_dumps_of_other_tools_are_read(part: str) -> None:
    """In either case, with white space, colons or commas between octets, and 0x before all or each of them."""
    octets = bytes.fromhex(DELIVER)
    expected = run("decode", "--annotate", DELIVER).out
    spelt = (part.strip(" ,") if "0" in part else "") + part.join(f"{octet:02x}" for octet in octets)
    assert expected == run("decode", "--annotate", spelt).out
    assert expected == run("decode", "--annotate", "0x" + DELIVER).out


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("", "there are no octets in it"),
        ("0x", "there are no octets in it"),
        ("0x0x04", "found 'x'"),
        ("04z", "found 'z'"),
    ],
)
def test_what_is_no_octets_is_refused(digits: str, words: str) -> None:
    """Status 1 and one line."""
    outcome = run("decode", "--annotate", digits)
    assert (outcome.status, outcome.err.count("\n")) == (1, 1)
    assert words in outcome.err


@FEWER
@given(tpdus.broken_tpdus().filter(bool))
def test_any_octets_are_explained(octets: bytes) -> None:
    """With status 0, in characters that cannot act, and the same in JSON."""
    outcome = run("decode", "--annotate", octets.hex())
    assert (outcome.status, outcome.err) == (0, "")
    assert acting(outcome.out) == []
    found = json.loads(run("decode", "--annotate", "--json", octets.hex()).out)
    (tree,) = found["annotations"]
    assert outcome.out.splitlines()[-1].split()[0] == str(len(findings(tree)))
    assert run("decode", "--annotate", "--smsc", octets.hex()).status == 0
