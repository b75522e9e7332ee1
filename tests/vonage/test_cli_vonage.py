"""The command send: what it prints, what it never prints, and how it ends."""

from __future__ import annotations

import re

import pytest

from smscodec import __version__
from smscodec.simulator import Simulator
from tests.vonage.commands import SECRET, TO, Run


def test_send(run: Run, sim: Simulator) -> None:
    """A text is sent and a line for each part printed, with its message id."""
    ran = run("send", *TO, "--base-url", sim.url, "a" * 161)
    assert (ran.status, ran.err) == (0, "")
    assert all(message_id in ran.out for message_id in sim.messages[0].message_ids)
    assert ran.out.count("accepted") == 2


def test_the_parts_are_a_table(run: Run, sim: Simulator) -> None:
    """Message ids begin below their heading, and numbers and amounts end where theirs do."""
    heading, *rows = run("send", *TO, "--base-url", sim.url, "a" * 1530).out.splitlines()
    assert [row[: len("10")] for row in rows] == [f"{number:2}" for number in range(1, 11)]
    at = heading.index("message id")
    assert [row[at:].split()[0] for row in rows] == list(sim.messages[0].message_ids)
    amounts = heading.index("price") + len("price")
    assert {row[:amounts].split()[-1] for row in rows} == {"0.03330000"}
    assert {len(row) for row in rows} == {len(heading)}


def test_a_part_that_was_refused_has_its_status_in_the_table(run: Run, sim: Simulator) -> None:
    """Number and name of the status, and nothing where the service says nothing."""
    ran = run("send", "--to", "447700907006", "--from", "AcmeInc", "--base-url", sim.url, "Hello")
    (accepted,) = sim.messages[0].message_ids
    assert ran.out.splitlines() == [
        "   message id        status       network       price      balance",
        f"1  {accepted}  accepted     12345    0.03330000  99.96670000",
        "2                    1 Throttled",
    ]
    assert (ran.status, ran.err) == (1, "smscodec: 1 of 2 segments were accepted\n")


def test_send_as_json(run: Run, sim: Simulator) -> None:
    """With --json the reply is one object, prices as texts."""
    ran = run("send", *TO, "--base-url", sim.url, "--json", "--client-ref", "mine", "Hello")
    (part,) = ran.json["parts"]
    assert ran.status == 0
    assert part == {
        "status": 0,
        "message_id": sim.messages[0].message_ids[0],
        "to": "447700900000",
        "network": "12345",
        "error_text": "",
        "client_ref": "mine",
        "account_ref": "",
        "other": {},
        "remaining_balance": "99.96670000",
        "message_price": "0.03330000",
    }
    assert ran.json["total_price"] == "0.03330000"


@pytest.mark.parametrize(
    ("options", "stdin", "text"),
    [
        ((), "Grüße € 😀\n".encode(), "Grüße € 😀"),
        ((), b"line\r\n", "line"),
        ((), b"two\n\n", "two\n"),
        (("--raw",), b"kept\n", "kept\n"),
        (("-",), b"dash", "dash"),
    ],
)
def test_send_reads_standard_input(run: Run, sim: Simulator, options: tuple[str, ...], stdin: bytes, text: str) -> None:
    """Without an argument the text is standard input in UTF-8, less one final line end unless --raw."""
    assert run("send", *TO, "--base-url", sim.url, *options, stdin=stdin).status == 0
    assert sim.messages[0].text == text


def test_send_signs_when_there_is_a_signature_secret(run: Run, sim: Simulator, signing: None) -> None:
    """The signature secret of the environment signs the request, and the API secret stays at home."""
    assert run("send", *TO, "--base-url", sim.url, "Hello").status == 0
    assert "sig" in sim.requests[0].params
    assert "authorization" not in sim.requests[0].headers


@pytest.mark.parametrize("placement", ["header", "body", "query"])
@pytest.mark.parametrize("reply_format", ["json", "xml"])
def test_send_places_credentials(run: Run, sim: Simulator, placement: str, reply_format: str) -> None:
    """Key and secret go where the options say, in either format of the reply."""
    ran = run("send", *TO, "--base-url", sim.url, "--placement", placement, "--format", reply_format, "Hello")
    request = sim.requests[0]
    shown = ("authorization" in request.headers, b"api_secret" in request.body, "api_secret" in request.query)
    assert (ran.status, shown) == (0, tuple(placement == where for where in ("header", "body", "query")))
    assert request.path == f"/sms/{reply_format}"


def test_send_passes_every_option(run: Run, sim: Simulator) -> None:
    """Each option of the command is the parameter of its name."""
    options = {
        "--type": "unicode",
        "--ttl": "20000",
        "--callback": "http://127.0.0.1:9/",
        "--message-class": "0",
        "--client-ref": "a",
        "--account-ref": "b",
        "--entity-id": "c",
        "--content-id": "d",
        "--pool-id": "e",
    }
    pairs = [word for pair in options.items() for word in pair]
    assert run("send", *TO, "--base-url", sim.url, *pairs, "--no-receipt", "--trusted-number", "Hello").status == 0
    params = sim.messages[0].params
    assert {f"--{name}": params[name] for name in params if f"--{name}" in options} == options
    assert (params["status-report-req"], params["trusted-number"]) == ("false", "true")


def test_send_binary(run: Run, sim: Simulator) -> None:
    """Octets are given in hexadecimal, with their header and protocol identifier."""
    ran = run("send", *TO, "--base-url", sim.url, "--binary", "--udh", "050003010201", "--protocol-id", "127", "00 fF")
    params = sim.messages[0].params
    assert ran.status == 0
    assert (params["type"], params["body"], params["udh"], params["protocol-id"]) == (
        "binary",
        "00ff",
        "050003010201",
        "127",
    )


def test_dry_run_shows_the_request_and_the_plan(run: Run) -> None:
    """Method, URL, headers and body as they would go out, the secret hidden, and the cost; nothing is sent."""
    whole = run("send", *TO, "--dry-run", "Hello")
    assert (whole.status, whole.out.splitlines(), whole.err) == (
        0,
        [
            "POST https://rest.nexmo.com/sms/json",
            "Accept: application/json",
            "Content-Type: application/x-www-form-urlencoded",
            f"User-Agent: smscodec/{__version__}",
            "Authorization: Basic HIDDEN",
            "",
            "from=AcmeInc&to=447700900000&text=Hello&type=text",
            "",
            "plan: 1 segment, GSM 7-bit, 5 septets",
        ],
        "",
    )
    ran = run("send", *TO, "--dry-run", "--base-url", "http://127.0.0.1:9", "a" * 159 + "€")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "POST http://127.0.0.1:9/sms/json"
    assert "Authorization: Basic HIDDEN\n" in ran.out
    assert f"from=AcmeInc&to=447700900000&text={'a' * 159}%E2%82%AC&type=text\n" in ran.out
    assert ran.out.splitlines()[-1] == "plan: 2 segments, GSM 7-bit, 161 septets"


@pytest.mark.parametrize("placement", ["header", "body", "query"])
def test_dry_run_as_json_hides_the_secret_everywhere(run: Run, sim: Simulator, placement: str) -> None:
    """With the placeholder exchanged for the secret, the request shown is the one that is sent."""
    options = ("send", *TO, "--base-url", sim.url, "--placement", placement, "--json", "ж")
    shown = run(*options, "--dry-run").json
    assert shown["plan"]["alphabet"] == "UCS2"
    assert run(*options).status == 0
    sent = sim.requests[0]
    assert (shown["request"]["body"].replace("HIDDEN", SECRET)) == sent.body.decode()
    assert shown["request"]["url"].removeprefix(sim.url).replace("HIDDEN", SECRET).partition("?") == (
        sent.path,
        "?" if sent.query else "",
        sent.query,
    )
    names = {name.lower() for name in shown["request"]["headers"]}
    assert names <= sent.headers.keys()
    assert len(sim.requests) == 1


def test_dry_run_of_a_signed_request_is_exact(run: Run, sim: Simulator, signing: None) -> None:
    """What is shown of a signed request holds as it stands: here it is verified."""
    shown = run("send", *TO, "--base-url", sim.url, "--dry-run", "--json", "Hello").json["request"]
    assert "Authorization" not in shown["headers"]
    assert run("verify", shown["body"]).status == 0


def test_dry_run_of_binary_content(run: Run) -> None:
    """Binary content is one segment."""
    ran = run("send", *TO, "--dry-run", "--binary", "00ff")
    assert ran.out.splitlines()[-1] == "plan: 1 segment of 8-bit data"
    shown = run("send", *TO, "--dry-run", "--json", "--binary", "00ff").json
    assert (list(shown), shown["plan"]) == (["request", "plan"], None)


def test_help_names_what_is_taken_where_nothing_is_said(run: Run) -> None:
    """Address, format, placement, the seconds of a step and of an attempt, attempts, and the seconds between them."""
    found = re.findall(r"\(default:\s+(\S+)\)", run("send", "--help").out)
    assert found == ["https://rest.nexmo.com", "json", "header", "10.0", "30.0", "1", "10.0"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--to", "123", "--from", "A", "x"), "to: "),
        (("--to", "447700900000", "--from", "MoreThanEleven", "x"), "sender: "),
        ((*TO, ""), "text: "),
        ((*TO, "a" * 3201), "text: "),
        ((*TO, "--ttl", "1", "x"), "ttl: "),
        ((*TO, "--type", "text", "ж"), "text: "),
        ((*TO, "--max-segments", "1", "a" * 161), "text: "),
        ((*TO, "--message-class", "4", "x"), "message_class: "),
        ((*TO, "--binary", "0g"), "hexadecimal"),
        ((*TO, "--base-url", "http://rest.nexmo.com", "x"), "base_url: "),
        ((*TO, "--attempts", "0", "x"), "attempts: "),
        ((*TO, "--timeout", "0", "x"), "timeout: "),
        ((*TO, "--timeout", "inf", "--deadline", "inf", "x"), "timeout: "),
        ((*TO, "--deadline", "1e300", "x"), "deadline: "),
        ((*TO, "--max-wait", "nan", "x"), "max_wait: "),
    ],
)
def test_refused_input_is_one_line_that_names_the_field(run: Run, arguments: tuple[str, ...], says: str) -> None:
    """Exit status 1, one line on standard error, and nothing on standard output."""
    ran = run("send", *arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert says in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        (*TO,),
        ("--to", "447700900000", "x"),
        ("--from", "AcmeInc", "x"),
        (*TO, "--udh", "00", "x"),
        (*TO, "--binary", "--type", "text", "00"),
        (*TO, "--ttl", "soon", "x"),
        (*TO, "--placement", "cookie", "x"),
        (*TO, "--api-secret", "anything", "x"),
        (*TO, "x", "y"),
    ],
)
def test_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """Options that make no command end with status 2; a secret is no option, and a terminal is no text."""
    ran = run("send", *arguments, stdin=None)
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--udh", "00", "x"), "--udh goes with --binary"),
        (("--vcard", "--udh", "00", "x"), "--udh goes with --binary"),
        (("--validity", "1", "x"), "--validity goes with --wappush"),
        (("--binary", "--validity", "1", "00"), "--validity goes with --wappush"),
        (("--binary", "--type", "text", "00"), "--type goes with a text alone"),
        (("--vcal", "--max-segments", "1", "x"), "--max-segments goes with a text alone"),
    ],
)
def test_an_option_of_another_kind_of_message(run: Run, arguments: tuple[str, ...], says: str) -> None:
    """An option that the message does not take is refused, and the option it goes with is named."""
    ran = run("send", *TO, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


@pytest.mark.parametrize(
    ("ending", "type_", "parts"),
    [("9004", "SendError", [4]), ("7001", "Throttled", [1]), ("7006", "PartialFailure", [0, 1])],
)
def test_refusals_of_the_service(run: Run, sim: Simulator, ending: str, type_: str, parts: list[int]) -> None:
    """A refused message ends with status 1; with --json the parts and the error can be read."""
    to = ("--to", f"44770090{ending}", "--from", "AcmeInc")
    ran = run("send", *to, "--base-url", sim.url, "--json", "Hello")
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert ran.json["error"]["type"] == type_
    assert [part["status"] for part in ran.json["parts"]] == parts
    plain = run("send", *to, "--base-url", sim.url, "Hello")
    assert (plain.status, bool(plain.out)) == (1, ending == "7006")


def test_an_unknown_outcome_is_said_to_be_one(run: Run, sim: Simulator) -> None:
    """A dropped connection is reported as what it is, and not repeated whatever --attempts says."""
    to = ("--to", "447700907002", "--from", "AcmeInc")
    ran = run("send", *to, "--base-url", sim.url, "--attempts", "9", "--json", "Hello")
    assert (ran.status, ran.json["error"]["type"], len(sim.requests)) == (1, "OutcomeUnknown", 1)
    assert "may have been accepted" in ran.err


def test_send_repeats_what_was_throttled(run: Run, sim: Simulator) -> None:
    """--attempts repeats what was certainly not accepted, when the wait is short enough."""
    to = ("--to", "447700907001", "--from", "AcmeInc")
    refused = run("send", *to, "--base-url", sim.url, "--attempts", "3", "--max-wait", "0.1", "Hello")
    assert (refused.status, len(sim.requests)) == (1, 1)


# Messages of other types ----------------------------------------------------------------------------------------------

LINK = ("--wappush", "https://example.com/a?b=c")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((*LINK, "Welcome"), {"type": "wappush", "title": "Welcome", "url": LINK[1]}),
        ((*LINK, "--validity", "300000", "Welcome"), {"type": "wappush", "validity": "300000"}),
        (("--vcard", "BEGIN:VCARD\r\nEND:VCARD"), {"type": "vcard", "vcard": "BEGIN:VCARD\r\nEND:VCARD"}),
        (("--vcal", "BEGIN:VCALENDAR"), {"type": "vcal", "vcal": "BEGIN:VCALENDAR"}),
        (("--vcal", "--protocol-id", "64", "BEGIN:VCALENDAR"), {"type": "vcal", "protocol-id": "64"}),
        (("--protocol-id", "64", "Hello"), {"type": "text", "protocol-id": "64"}),
        (("--binary", "--udh", "06050415811581", ""), {"type": "binary", "udh": "06050415811581"}),
    ],
    ids=range(7),
)
def test_send_every_type(run: Run, sim: Simulator, options: tuple[str, ...], expected: dict[str, str]) -> None:
    """WAP push, cards, events and binary content are sent with the parameters of their type."""
    ran = run("send", *TO, "--base-url", sim.url, *options)
    assert (ran.status, ran.err) == (0, "")
    assert expected.items() <= sim.messages[0].params.items()


def test_send_a_card_from_standard_input(run: Run, sim: Simulator) -> None:
    """A card is read from standard input as a text is."""
    assert run("send", *TO, "--base-url", sim.url, "--vcard", stdin=b"BEGIN:VCARD\nEND:VCARD\n").status == 0
    assert sim.messages[0].params["vcard"] == "BEGIN:VCARD\nEND:VCARD"


@pytest.mark.parametrize("options", [(*LINK, "Welcome"), ("--vcard", "x"), ("--vcal", "x")])
def test_dry_run_of_other_types(run: Run, options: tuple[str, ...]) -> None:
    """The plan of what the service cuts itself says so."""
    ran = run("send", *TO, "--dry-run", *options)
    assert ran.out.splitlines()[-1] == "plan: 8-bit data, which the service divides"


@pytest.mark.parametrize(
    "options",
    [
        ("--vcard", "--vcal", "x"),
        ("--binary", *LINK, "00"),
        ("--vcard", "--max-segments", "1", "x"),
        (*LINK, "--type", "text", "x"),
        ("--vcal", "--udh", "00", "x"),
        ("--validity", "1", "x"),
        ("--binary", "--validity", "1", "00"),
    ],
    ids=range(7),
)
def test_options_of_another_type(run: Run, sim: Simulator, options: tuple[str, ...]) -> None:
    """One type at a time, and only with the options that go with it."""
    assert run("send", *TO, "--base-url", sim.url, *options).status == 2
    assert sim.requests == []


def test_send_to_a_number_with_a_plus(run: Run, sim: Simulator) -> None:
    """A leading + is taken off on request, and refused with a word about it otherwise."""
    options = ("--to", "+447700900000", "--from", "Delivery Man", "--base-url", sim.url, "Hello")
    refused = run("send", *options)
    assert (refused.status, "+" in refused.err) == (1, True)
    assert run("send", "--strip-plus", *options).status == 0
    assert (sim.messages[0].to, sim.messages[0].sender) == ("447700900000", "Delivery Man")


def test_send_past_a_check(run: Run, sim: Simulator) -> None:
    """--unchecked sends what our check refuses, and leaves it to the service to refuse it."""
    options = ("--to", "447700900000", "--from", "MoreThanElevenLetters", "--base-url", sim.url, "Hello")
    assert run("send", *options).status == 1
    assert sim.requests == []
    ran = run("send", "--unchecked", "from", "--unchecked", "ttl", "--json", *options)
    assert (ran.status, ran.json["error"]["status"]) == (1, 15)
    assert run("send", "--unchecked", "nonsense", *options).status == 1


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("9004", {"type": "SendError", "status": 4, "name": "Invalid Credentials"}),
        ("7001", {"type": "Throttled", "status": 1, "wait": 0.702}),
        ("7004", {"type": "HttpError", "status": 429}),
    ],
)
def test_errors_as_json(run: Run, sim: Simulator, ending: str, expected: dict[str, object]) -> None:
    """The error in JSON has its class, its message and what else can be said of it."""
    ran = run("send", "--to", f"44770090{ending}", "--from", "A", "--base-url", sim.url, "--json", "Hello")
    assert expected.items() <= ran.json["error"].items()
    said = {"type", "message", "status", *({"name", "meaning", "resolution"} if "parts" in ran.json else ())}
    assert set(ran.json["error"]) == said | expected.keys()
    assert ran.json["error"]["message"] in ran.err
