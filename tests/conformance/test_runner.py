"""``python -m smscodec.testing run``: right answers pass, wrong ones are counted, and no adapter can stop the count."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from importlib.resources import files
from pathlib import Path

import pytest

from smscodec.testing.__main__ import main
from smscodec.testing.questions import CHAPTERS, fault, questions, shown
from smscodec.testing.runner import TIMEOUT, Chapter, Report, run, table
from tests.command_line import interruptible

ROOT = Path(__file__).parents[2]
OURS = [sys.executable, "-m", "tests.conformance.adapter"]
NO_CASES = {"character_tables", "vonage_parameters"}
LOOP = "import json, os, sys, time\nfor line in sys.stdin:\n    request = json.loads(line); number = request['id']\n"


def adapter(body: str) -> list[str]:
    """An adapter that does ``body`` with each ``request``."""
    return [sys.executable, "-c", LOOP + "".join(f"    {line}\n" for line in body.splitlines())]


def answering(answer: str) -> list[str]:
    """An adapter that writes this expression as JSON."""
    return adapter(f"print(json.dumps({answer}), flush=True)")


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_every_vector_file_with_cases_is_a_chapter() -> None:
    """A vector file is asked about, unless it holds no cases."""
    names = {path.name.removesuffix(".json") for path in (files("smscodec.testing") / "vectors").iterdir()}
    assert names - {"README.md"} == CHAPTERS.keys() | NO_CASES


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_case_is_asked_about(chapter: str) -> None:
    """Each case of a chapter is at least one question, whose arguments never hold what is expected of it."""
    content = json.loads((files("smscodec.testing") / "vectors" / f"{chapter}.json").read_text("utf-8"))
    asked = list(questions(chapter))
    assert {question.case for question in asked} == {case.get("id") or case["name"] for case in content["cases"]}
    for question in asked:
        assert question.answer
        assert {"origin", "clause", "decisions", "lenient", "error", "id"}.isdisjoint(question.arguments)
        json.dumps(question.arguments)


def test_the_adapter_of_the_documentation_runs(tmp_path: Path) -> None:
    """The how-to's adapter answers the operation that it offers, rightly, and says that it offers no other."""
    page = (ROOT / "docs" / "how-to" / "testing.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^:caption: adapter\.py\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "adapter.py").write_text(program, encoding="utf-8")
    report = run([sys.executable, str(tmp_path / "adapter.py")], chapters=["text"])
    offered = sum(question.operation == "encode_ucs2" for question in questions("text"))
    assert (report.passed, report.failed, report.stopped) == (offered, 0, "")


def test_smscodec_answers_every_question() -> None:
    """Our own implementation behind the protocol passes every chapter, and offers all of it."""
    pytest.importorskip("regex", reason="the extra grapheme is not installed")
    report = run(OURS, timeout=60)
    assert (report.stopped, [chapter.first_failure for chapter in report.chapters if chapter.failed]) == ("", [])
    assert report.not_offered == 0
    assert report.passed > 2_500
    assert [chapter.name for chapter in report.chapters] == list(CHAPTERS)


def test_an_adapter_may_offer_nothing() -> None:
    """What is not offered is counted as that; so is an answer that has nothing to be judged."""
    expected = len(list(questions("text")))
    for answer in ("{'id': number, 'offered': False}", "{'id': number}"):
        assert run(answering(answer), chapters=["text"]).chapters == [Chapter("text", not_offered=expected)]


def test_an_answer_in_which_nothing_is_asked_for_is_none() -> None:
    """Keys that nobody asked about, and fields without one that is judged, pass nothing."""
    for more in ("'more': 1", "'fields': {}", "'fields': {'TP-OA': {}}", "'fields': {'more': 1}"):
        report = run(answering(f"{{'id': number, {more}}}"), chapters=["tpdu"])
        refusals = sum("refused" in question.answer for question in questions("tpdu"))
        assert (report.stopped, report.passed, report.failed) == ("", 0, refusals), more


def test_what_must_be_refused_and_is_answered_is_a_failure() -> None:
    """An answer to a question that has none is wrong, whatever is in it."""
    for chapter in ("text", "unpacking", "segmentation", "tpdu"):
        refusals = sum("refused" in question.answer for question in questions(chapter))
        report = run(answering("{'id': number, 'text': 1, 'octets': '', 'segments': -1}"), chapters=[chapter])
        assert refusals <= report.failed, chapter
        assert report.passed == 0


def test_wrong_answers_are_counted_and_the_first_is_shown() -> None:
    """A wrong text is a failure, so is a refusal of what can be done, and the first of them is told whole."""
    report = run(answering("{'id': number, 'septets': '00', 'text': 'x'}"), chapters=["text"])
    (chapter,) = report.chapters
    assert (report.stopped, chapter.passed) == ("", 0)
    assert "text, case " in chapter.first_failure
    assert "expected" in chapter.first_failure
    report = run(answering("{'id': number, 'refused': 'too hard'}"), chapters=["unpacking"])
    assert (report.passed, report.failed) == (3, 8)
    assert "got a refusal ('too hard')" in report.chapters[0].first_failure


REASONS = [r"'\x1b[31m\n\n' + 'x' * 100_000", r"[['\x1b\n'] * 9_000]", r"'\ud800\u202e'", "float('nan')"]
"""Expressions for what a terminal should not be given as it is."""


@pytest.mark.parametrize("reason", REASONS)
def test_what_an_adapter_says_is_shown_on_one_short_line(reason: str) -> None:
    """Whatever a refusal, a value or an identifier holds, the table has a short line of printable characters."""
    for answer in (
        f"{{'id': number, 'refused': {reason}}}",
        f"{{'id': number, 'septets': {reason}}}",
        f"{{'id': {reason}}}",
    ):
        report = run(answering(answer), chapters=["unpacking"])
        for line in table(report):
            assert line.isprintable()
            assert len(line) < 500


def is_too_deep(depth: int) -> bool:
    """Whether Python's reader of JSON refuses so many lists in each other."""
    try:
        json.loads("[" * depth + "]" * depth)
    except RecursionError:
        return True
    return False


def test_what_nests_as_deep_as_can_be_read_is_shown() -> None:
    """Whatever Python's reader of JSON bears is shown on a short line, though its writer may bear a little less."""
    limit = bisect_left(range(1_000_000), True, lo=1, key=is_too_deep)
    for depth in range(max(1, limit - 50), limit + 10):
        try:
            value = json.loads("[" * depth + "]" * depth)
        except RecursionError:
            break
        assert len(shown(value)) < 200


BAD = {
    "dies at once": ([sys.executable, "-c", "raise SystemExit(3)"], "it ended with status 3"),
    "dies later": (adapter("if number == 5: os._exit(4)\nprint(json.dumps({'id': number}), flush=True)"), "status 4"),
    "ends well but early": ([sys.executable, "-c", ""], "it ended with status 0"),
    "hangs": (adapter("time.sleep(600)"), "no answer within 1 s"),
    "reads nothing": ([sys.executable, "-c", "import time; time.sleep(600)"], "no answer within 1 s"),
    "drips": (adapter("while True: print('1', end='', flush=True); time.sleep(0.1)"), "no answer within 1 s"),
    "answers nonsense": (adapter("print('hello', flush=True)"), "expected a JSON object, got 'hello\\n'"),
    "answers octets": (adapter("sys.stdout.buffer.write(b'\\xff\\n'); sys.stdout.flush()"), "expected a JSON object"),
    "answers a number": (answering("7"), "expected a JSON object, got '7\\n'"),
    "nests": (adapter("print('[' * 100_000, flush=True)"), "expected a JSON object"),
    "answers another question": (answering("{'id': number + 1}"), "expected id 1, got 2"),
    "has no id": (answering("{}"), "expected id 1, got null"),
    "answers twice": (adapter("print(json.dumps({'id': number}) + '\\n{}', flush=True)"), "expected id 2, got null"),
    "answers too much": (adapter("sys.stdout.write('a' * 3_000_000); sys.stdout.flush()"), "more than 1048576 octets"),
    "floods": ([sys.executable, "-c", "import os\nwhile True: os.write(1, b'a' * 65536)"], "more than 1048576 octets"),
    "is not there": (["./no such program"], "it could not be started"),
    "is not a program": ([str(ROOT / "README.md")], "it could not be started"),
    "has a NUL": (["a\0b"], "it could not be started"),
}


@pytest.mark.parametrize(("command", "reason"), BAD.values(), ids=BAD)
def test_a_bad_adapter_is_one_clear_reason(command: list[str], reason: str) -> None:
    """Whatever an adapter does wrong ends its run soon, with a reason that names the question."""
    start = time.monotonic()
    report = run(command, timeout=1)
    assert time.monotonic() - start < 30
    assert reason in report.stopped
    assert "\n" not in report.stopped
    assert report.failed == 0
    assert list(table(report))[-1] == f"stopped: {report.stopped}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "sys.stdout.write(json.dumps({'id': number}) + '\\n')\nsys.stdout.flush()\nlast = number",
            "more output after",
        ),
        ("print(json.dumps({'id': number}), flush=True)", ""),
    ],
)
def test_an_adapter_has_nothing_more_to_say_at_the_end(body: str, reason: str) -> None:
    """Output after the last answer is nonsense too; an adapter that ends with its input is fine."""
    command = adapter(body)
    if reason:
        command[-1] += "print('bye')\n"
    report = run(command, chapters=["unpacking"])
    assert report.stopped.startswith(reason) if reason else report.stopped == ""
    assert report.not_offered == len(list(questions("unpacking")))


AT_THE_END = {
    "hangs": ("import time; time.sleep(600)", "it did not end within 0.2 s after its input"),
    "goes on": ("print('bye')", "more output after the last answer"),
    "ends": ("", ""),
}


@pytest.mark.parametrize(("program", "reason"), AT_THE_END.values(), ids=AT_THE_END)
def test_an_adapter_that_is_asked_nothing_just_ends(program: str, reason: str) -> None:
    """Without a chapter its input ends at once, and so must it, without a word."""
    report = run([sys.executable, "-c", program], chapters=[], timeout=0.2 if "0.2 s" in reason else 10)
    assert (report.chapters, report.stopped) == ([], reason)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals are of POSIX")
def test_the_end_of_an_adapter_is_told_apart() -> None:
    """An adapter that a signal has ended is told with its number, and one that closed its output alone is too."""
    killed = run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    assert killed.stopped.startswith("it ended by signal 9 at packing, case ")
    program = "import os, time; os.close(1); time.sleep(600)"
    assert run([sys.executable, "-c", program], timeout=0.5).stopped.startswith("it ended its output at packing, case ")


def test_the_longest_answer_that_is_read() -> None:
    """A line of 1,048,576 octets is an answer, and one of an octet more is not."""
    longest = "print(json.dumps({'id': number}).ljust((1 << 20) - 2 + number), flush=True)"
    report = run(adapter(longest), chapters=["rooms"])
    assert [chapter.not_offered for chapter in report.chapters] == [1]
    assert report.stopped.startswith("an answer of more than 1048576 octets at rooms, case ")


def test_an_adapter_has_the_environment_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has this process's variables where none are given, and else those alone."""
    monkeypatch.setenv("SMSCODEC_ASKED", "here")
    found = "print(json.dumps([os.environ.get('SMSCODEC_ASKED'), os.environ.get('OTHER')]), flush=True)"
    assert "got '[\"here\", null]\\n'" in run(adapter(found)).stopped
    assert "got '[null, \"there\"]\\n'" in run(adapter(found), environment={"OTHER": "there"}).stopped


def test_the_table_has_a_row_for_each_chapter() -> None:
    """The table is columns of numbers, their sum, the first failure of each chapter, and what stopped the run."""
    chapters = [Chapter("text", 1, 2, 3, "text, case 'a'"), Chapter("packing", 4), Chapter("wap", failed=7)]
    assert list(table(Report(chapters, "it ended"))) == [
        "chapter                       passed  failed  not offered",
        "text                               1       2            3",
        "packing                            4       0            0",
        "wap                                0       7            0",
        "all                                5       9            3",
        "first failure in text, case 'a'",
        "stopped: it ended",
    ]
    assert len(list(table(Report(chapters[1:])))) == 4
    assert (Report().stopped, Chapter("text").first_failure, TIMEOUT) == ("", "", 10)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are of POSIX")
def test_what_an_adapter_has_started_ends_with_it(tmp_path: Path) -> None:
    """A shell that waits for a program is ended together with that program."""
    mark = tmp_path / "pid"
    command = ["/bin/sh", "-c", f"sleep 600 & echo $! > '{mark}'; wait"]
    assert "no answer" in run(command, timeout=1).stopped
    child, limit = int(mark.read_text()), time.monotonic() + 10
    while time.monotonic() < limit:
        stat = Path(f"/proc/{child}/stat")
        if not stat.exists() or stat.read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the program is still running")


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="sessions are of POSIX")
def test_what_has_left_the_session_is_not_waited_for(tmp_path: Path) -> None:
    """A process that leaves the adapter's session and keeps its pipes open costs the time for one answer, no more, and
    no thread that waits for it keeps Python from ending.
    """
    mark = tmp_path / "pid"
    leaving = (
        f"import os, time\nif not os.fork():\n    os.setsid()\n    open({str(mark)!r}, 'w').write(str(os.getpid()))\n"
    )
    start = time.monotonic()
    before = set(threading.enumerate())
    report = run([sys.executable, "-c", leaving + "    time.sleep(60)"], timeout=1)
    left = set(threading.enumerate()) - before
    assert left
    assert all(thread.daemon for thread in left)
    os.kill(int(mark.read_text()), signal.SIGKILL)
    assert "no answer within 1 s" in report.stopped
    assert time.monotonic() - start < 20


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals are of POSIX")
def test_an_interrupted_run_ends_without_a_traceback() -> None:
    """Ctrl-C ends the run, and the adapter with it, with status 130 and no more words."""
    adapter = ["/bin/sh", "-c", "read question; echo started >&2; exec sleep 60"]
    command = interruptible("run", "--timeout", "60", "--", *adapter, module="smscodec.testing")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 130


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        ({"text": "a", "septets": "61"}, {"text": "a"}, True),
        ({"text": "a", "septets": "61"}, {"text": "a", "septets": "62"}, False),
        ({"text": None}, {"text": None}, True),
        ({"text": None}, {"text": ""}, False),
        ({"wide": False}, {"wide": 0}, False),
        ({"refused": True, "start": 1}, {"refused": True}, True),
        ({"refused": True, "start": 1}, {"refused": "no", "start": 1}, True),
        ({"refused": True, "start": 1}, {"refused": True, "start": 2}, False),
        ({"refused": True}, {"text": "a"}, False),
        ({"text": "a"}, {"refused": True}, False),
        ({"fields": {"TP-PID": 0, "TP-DCS": 4}}, {"fields": {"TP-PID": 0}}, True),
        ({"fields": {"TP-PID": 0, "TP-DCS": 4}}, {"fields": {"TP-DCS": 0}}, False),
        ({"tables": {"locking": 0, "single": 1}}, {"tables": {"locking": 0}}, False),
    ],
)
def test_answers_are_judged_by_what_they_hold(
    expected: dict[str, object], answer: dict[str, object], right: bool
) -> None:
    """What an answer leaves out is not judged; what it holds is, a refusal by whether there is one."""
    assert (fault(expected, answer) == "") is right


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a row for each chapter and the sum, as text or JSON; 1 where anything failed."""
    assert main(["run", "--chapter", "rooms", "--chapter", "packing", "--", *OURS]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["chapter", "rooms", "packing", "all"]
    assert lines[1].split()[1:] == ["14", "0", "0"]
    assert main(["run", "--json", "--chapter", "rooms", "--", *answering("{'id': number, 'septets': -1}")]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["chapters"][0]["failed"] == 14
    assert "septets: expected 0, got -1" in report["chapters"][0]["first_failure"]
    assert main(["run", "--chapter", "rooms", "--", sys.executable, "-c", ""]) == 1
    assert "stopped: it ended" in capsys.readouterr().out


def test_help_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Help names the commands, what each argument is, and how long an adapter may take."""
    for arguments, words in (
        (["--help"], ["usage: python -m smscodec.testing [-h] COMMAND ...", "commands:", "vectors", "run"]),
        (["vectors", "--help"], ["[--force] DIR", "example:\n  python -m smscodec.testing vectors sms-vectors\n"]),
        (
            ["run", "--help"],
            ["--chapter NAME", "--timeout S ", "(default 10)", "COMMAND [COMMAND ...]", "\nexample:\n"],
        ),
    ):
        assert main(arguments) == 0
        shown = capsys.readouterr().out
        assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize("wrong", [[], ["--"], ["--timeout", "0", "--", "x"], ["--chapter", "none", "--", "x"]])
def test_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A missing command, a time of 0 and an unknown chapter are errors of usage."""
    assert main(["run", *wrong]) == 2
    assert "usage: python -m smscodec.testing run" in capsys.readouterr().err


def test_a_report_is_plain() -> None:
    """``as_dict`` holds the chapters and the reason in types that JSON takes."""
    report = Report([Chapter("text", 1, 2, 3, "wrong")], "it ended")
    assert json.loads(json.dumps(report.as_dict())) == {
        "chapters": [{"name": "text", "passed": 1, "failed": 2, "not_offered": 3, "first_failure": "wrong"}],
        "stopped": "it ended",
    }
