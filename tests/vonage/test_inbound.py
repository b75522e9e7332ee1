"""InboundAssembler: parts of inbound messages put together, repeated, shuffled, in conflict, too old and too many."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import segment, segment_data
from smscodec.vonage.inbound import InboundAssembler, IncompleteInbound, _room
from smscodec.vonage.webhook import InboundMessage, parse_webhook
from tests.vonage.webhooks import JSON, inbound, post, post_json


def part(number: int, text: str, *, total: int = 3, reference: str = "08B5", **changes: str | None) -> InboundMessage:
    """One part of a longer message, by the concat fields."""
    return inbound(
        text=text,
        messageId=f"id-{number}",
        keyword=text[:4].upper(),
        concat="true",
        concat_ref=reference,
        concat_total=str(total),
        concat_part=str(number),
        **changes,
    )


def assembler(reports: list[IncompleteInbound] | None = None, *, max_pending: int = 10) -> InboundAssembler:
    """An assembler that gives a message 100 seconds, and appends what it gives up to ``reports``."""
    return InboundAssembler(
        max_age=100, max_pending=max_pending, on_incomplete=None if reports is None else reports.append
    )


def test_whole_message_goes_straight_through() -> None:
    """A message that is no part of another is returned as it is, each time it comes."""
    machine, message = assembler(), inbound()
    assert [machine.add(message, now=0), machine.add(message, now=0)] == [message, message]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_any_order(order: tuple[int, ...]) -> None:
    """Parts in any order, each twice, make one message: the text joined, the other fields those of the first part."""
    machine = assembler()
    parts = {number: part(number, f"<part {number}>") for number in order}
    results = [machine.add(parts[number], now=0) for number in order for _ in range(2)]
    (whole,) = [result for result in results if result is not None]
    assert whole.text == "<part 1><part 2><part 3>"
    assert whole.parts == (parts[1], parts[2], parts[3])
    assert (whole.message_id, whole.msisdn, whole.keyword) == ("id-1", "447700900001", "<PAR")
    assert whole.concatenation is None
    assert machine.add(whole, now=0) == whole


@pytest.mark.parametrize(("repeat_age", "pending"), [(None, 1), (80, 0), (10, 1)])
def test_d39_how_long_a_repetition_is_known(repeat_age: float | None, pending: int) -> None:
    """A part of a finished message that comes again is ignored for ``repeat_age``, 60 by default, and no longer."""
    machine = InboundAssembler(max_age=100, max_pending=10, repeat_age=repeat_age)
    for number in (1, 2, 3):
        whole = machine.add(part(number, str(number)), now=0)
    assert whole is not None
    assert machine.add(part(2, "2"), now=70) is None
    assert machine.pending == pending


def test_example_with_asgi_style_requests() -> None:
    """From requests to a message: parse each, add it, and use what comes out."""
    machine = assembler()
    received = []
    for number, text in [(2, "world"), (1, "Hello ")]:
        body = json.dumps(
            {
                "msisdn": "447700900001",
                "to": "447700900000",
                "messageId": f"{number}",
                "text": text,
                "concat": True,
                "concat-ref": 1,
                "concat-total": 2,
                "concat-part": number,
            }
        )
        webhook = parse_webhook("POST", "", JSON, body.encode())
        assert isinstance(webhook, InboundMessage)
        message = machine.add(webhook, now=0)
        if message is not None:
            received.append(message.text)
    assert received == ["Hello world"]


def test_cut_surrogate_pair_is_joined() -> None:
    """A pair of surrogates that was cut between two parts is its character again."""
    machine = assembler()
    for number, escaped in enumerate(["a\\ud83d", "\\ude00b"], 1):
        fields = f'"concat":"true","concat-ref":"1","concat-total":"2","concat-part":"{number}"'
        body = f'{{"messageId":"1","msisdn":"2","to":"3","text":"{escaped}",{fields}}}'
        webhook = parse_webhook("POST", "", JSON, body.encode())
        assert isinstance(webhook, InboundMessage)
        assert "\ufffd" in webhook.text
        whole = machine.add(webhook, now=0)
    assert whole is not None
    assert whole.text == "a😀b"


def test_header_places_a_binary_part() -> None:
    """Without concat fields the concatenation element of udh tells the place, and the data are joined."""
    machine = assembler()
    for segment_ in segment_data(b"0123456789" * 30, reference=9):
        user_data = segment_.user_data
        whole = machine.add(
            inbound(type="binary", text=None, data=user_data.payload.hex(), udh=user_data.header.to_bytes().hex()),
            now=0,
        )
    assert whole is not None
    assert whole.data == b"0123456789" * 30
    assert len(whole.parts) == 3


def test_text_and_data_together() -> None:
    """Parts that hold a text, data or both give what each of them held."""
    machine = assembler()
    parts = [part(1, "a", data=""), part(2, "", data="00ff"), part(3, "c", data="01")]
    (whole,) = [result for result in (machine.add(message, now=0) for message in parts) if result is not None]
    assert (whole.text, whole.data) == ("ac", b"\x00\xff\x01")


def test_blank_data_does_not_hide_the_text() -> None:
    """A part with a text and an empty data field is a text."""
    machine = assembler()
    parts = [part(number, str(number), data="") for number in (1, 2, 3)]
    (whole,) = [result for result in (machine.add(message, now=0) for message in parts) if result is not None]
    assert whole.text == "123"


def test_widths_of_header_references_are_told_apart() -> None:
    """References of 8 and 16 bits in udh, and those of the concat fields, do not meet."""
    machine = assembler()
    text = "x" * 300
    for wide in (False, True):
        first = segment(text, reference=1, wide_reference=wide)[0].user_data
        assert machine.add(inbound(udh=first.header.to_bytes().hex()), now=0) is None
    assert machine.add(part(1, "x", total=2, reference="1 of 8 bits"), now=0) is None
    assert machine.pending == 3


@pytest.mark.parametrize("change", [{"msisdn": "1"}, {"to": "1"}, {"concat_ref": "1"}, {"concat_total": "4"}], ids=str)
def test_messages_are_told_apart(change: dict[str, str]) -> None:
    """Number of the sender, your number, reference and total tell messages apart."""
    machine = assembler()
    fields = {"text": "b", "concat": "true", "concat_ref": "08B5", "concat_total": "3", "concat_part": "2"}
    machine.add(part(1, "a"), now=0)
    machine.add(part(3, "c"), now=0)
    assert machine.add(inbound(**{**fields, **change}), now=0) is None
    assert machine.pending == 2


def test_d39_conflicting_parts_are_reported_and_never_mixed() -> None:
    """Two texts for one part: no message is made of either, and every part is reported when its time is over."""
    reports: list[IncompleteInbound] = []
    machine = assembler(reports)
    for number, text in ((1, "old"), (2, "old"), (1, "new"), (2, "new"), (3, "new")):
        assert machine.add(part(number, text), now=0) is None
    (report,) = machine.expire(now=101)
    assert reports == [report]
    assert ([message.text for message in report.parts], report.missing, report.reason) == (
        ["old", "new", "old", "new", "new"],
        (),
        "conflicting",
    )


@given(st.permutations([(which, number) for which in (0, 1) for number in (1, 2, 3)]))
def test_d39_messages_under_one_reference_are_told_apart_by_their_time(order: list[tuple[int, int]]) -> None:
    """Parts of two messages under one reference, an hour apart by message-timestamp, make both, in whatever order."""
    machine = assembler()
    times = ("2020-01-01 12:00:00", "2020-01-01T13:00:00+00:00")
    results = [
        machine.add(part(number, f"<{which}{number}>", message_timestamp=times[which]), now=0)
        for which, number in order
    ]
    whole = {result.text for result in results if result is not None}
    assert whole == {"<01><02><03>", "<11><12><13>"}
    assert machine.pending == 0


def test_d39_parts_without_a_time_do_not_join_those_with_one() -> None:
    """A part whose message-timestamp is missing or no time is kept apart from those that have one."""
    machine = assembler()
    assert machine.add(part(1, "a", total=2), now=0) is None
    assert machine.add(part(2, "b", total=2, message_timestamp=None), now=0) is None
    assert machine.pending == 2
    whole = machine.add(part(1, "c", total=2, message_timestamp="yesterday"), now=0)
    assert whole is not None
    assert whole.text == "cb"


def test_old_messages_are_given_up() -> None:
    """What is older than max_age is reported and returned, whoever asks, and also when a whole message comes."""
    reports: list[IncompleteInbound] = []
    machine = assembler(reports)
    machine.add(part(2, "a"), now=0)
    machine.add(part(2, "b", reference="x"), now=50)
    assert machine.expire(now=100) == ()
    assert machine.add(inbound(), now=101) == inbound()
    assert [(report.missing, report.reason) for report in reports] == [((1, 3), "expired")]
    assert machine.expire(now=151) == (reports[1],)
    assert machine.pending == 0


def test_flood_stays_within_its_bounds() -> None:
    """Two thousand first parts of as many senders leave no more than max_pending, and all given up is reported."""
    reports: list[IncompleteInbound] = []
    machine = assembler(reports, max_pending=5)
    params = dict(part(1, "x").params)
    for number in range(2_000):
        machine.add(InboundMessage.from_params({**params, "msisdn": str(number)}), now=0)
    assert (machine.pending, len(reports)) == (5, 1_995)
    assert {report.reason for report in reports} == {"evicted"}


@pytest.mark.parametrize(
    "message",
    [
        part(1, "x" * 4_096),
        part(1, "x", client_ref="x" * 4_096),
        InboundMessage.from_params({**part(1, "x").params, "other": "x" * 4_096}),
        InboundMessage.from_params({**part(1, "x").params, **dict.fromkeys(map(str, range(32)), "")}),
        replace(part(1, ""), text="x" * 4_096, params={}, raw=b""),
        replace(part(1, ""), data=bytes(4_097), params={}, raw=b""),
    ],
    ids=["text", "other", "without raw", "many", "without params", "data"],
)
def test_oversized_part_is_not_held(message: InboundMessage) -> None:
    """A part that is far too large for a segment is returned as it is instead of taking room, however it was made."""
    machine = assembler()
    assert machine.add(message, now=0) is message
    assert machine.pending == 0


@pytest.mark.parametrize(("messages", "octets"), [(1, 1_044_480), (63, 1_044_480), (64, 1_048_576), (1000, 16_384_000)])
def test_the_room_for_messages(messages: int, octets: int) -> None:
    """There are 16,384 octets for each, and always 255 parts of 4,096."""
    assert _room(messages) == octets


def test_a_part_of_the_greatest_size_is_held() -> None:
    """4,096 octets are room enough for a part, and 32 parameters as well; one more of either is too many."""
    bare = part(1, "")
    for octets, held in ((4_096, 1), (4_097, 0)):
        machine = assembler()
        machine.add(replace(bare, data=bytes(octets), params={}, raw=b""), now=0)
        assert machine.pending == held
    for more, held in ((32, 1), (33, 0)):
        machine = assembler()
        names = [f"x{number}" for number in range(more - len(bare.params))]
        machine.add(InboundMessage.from_params({**bare.params, **dict.fromkeys(names, "")}), now=0)
        assert machine.pending == held


@pytest.mark.parametrize("text", ["a" * 153, "Ж" * 67, "[" * 76, "€" * 76, "😀" * 33, "Δ" * 153])
@pytest.mark.parametrize("form", [post, post_json])
def test_longest_message_under_the_narrowest_bounds(text: str, form: Any) -> None:
    """255 full segments are one message although no more than one may be pending, in every form of the request."""
    machine = assembler(max_pending=1)
    for number in range(1, 256):
        webhook = parse_webhook(*form({**part(number, text, total=255).params, "keyword": text}))
        assert isinstance(webhook, InboundMessage)
        whole = machine.add(webhook, now=0)
        assert (whole is None) == (number < 255)
    assert whole is not None
    assert whole.text == text * 255


def test_hostile_parts_stay_within_their_memory() -> None:
    """However large the parts of a flood, no more octets are held than the class says."""
    reports: list[IncompleteInbound] = []
    machine = assembler(reports, max_pending=100)
    for sender in range(100):
        for number in range(1, 19):
            params = {**part(number, "x" * 1_000, total=255).params, "msisdn": str(sender)}
            assert machine.add(InboundMessage.from_params(params), now=0) is None
            assert machine.octets <= 100 * 16_384
    assert machine.pending < 100
    assert len(reports) + machine.pending == 100


def raising(reports: list[IncompleteInbound], *, times: int) -> Callable[[IncompleteInbound], None]:
    """An on_incomplete that remembers what it is given, and fails as many times."""

    def on_incomplete(report: IncompleteInbound) -> None:
        reports.append(report)
        if len(reports) <= times:
            raise RuntimeError("the report could not be stored")

    return on_incomplete


def test_raising_callback_loses_no_message() -> None:
    """An on_incomplete that raises stops add before the part is taken: added again, it completes its message."""
    reports: list[IncompleteInbound] = []
    machine = InboundAssembler(max_age=100, max_pending=10, on_incomplete=raising(reports, times=2))
    for reference in "ab":
        machine.add(part(1, "old", reference=reference), now=0)
    machine.add(part(1, "new", total=2), now=50)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            machine.add(part(2, " message", total=2), now=101)
    whole = machine.add(part(2, " message", total=2), now=101)
    assert whole is not None
    assert whole.text == "new message"
    assert [report.reason for report in reports] == ["expired", "expired"]


def test_raising_callback_loses_no_report() -> None:
    """What was given up together with a report whose callback raised is handed over by the next call."""
    reports: list[IncompleteInbound] = []
    machine = InboundAssembler(max_age=100, max_pending=10, on_incomplete=raising(reports, times=1))
    for reference in "abc":
        machine.add(part(1, reference, reference=reference), now=0)
    with pytest.raises(RuntimeError):
        machine.expire(now=101)
    assert len(reports) == 1
    assert machine.expire(now=101) == ()
    assert [report.parts[0].text for report in reports] == ["a", "b", "c"]


def test_raising_callback_does_not_lose_the_part_that_displaced() -> None:
    """A part that displaces another message is taken although the report of that one raises."""
    reports: list[IncompleteInbound] = []
    machine = InboundAssembler(max_age=100, max_pending=1, on_incomplete=raising(reports, times=1))
    machine.add(part(1, "old", reference="a", total=2), now=0)
    with pytest.raises(RuntimeError):
        machine.add(part(1, "new", reference="b", total=2), now=0)
    assert machine.add(part(1, "new", reference="b", total=2), now=0) is None
    whole = machine.add(part(2, " message", reference="b", total=2), now=0)
    assert whole is not None
    assert whole.text == "new message"


def test_callback_may_use_the_assembler() -> None:
    """An on_incomplete that adds to the assembler and asks it finds it in order."""
    seen: list[int] = []

    def on_incomplete(report: IncompleteInbound) -> None:
        seen.append(machine.pending)
        assert machine.expire(now=101) == ()

    machine = InboundAssembler(max_age=100, max_pending=10, on_incomplete=on_incomplete)
    for reference in "ab":
        machine.add(part(1, "x", reference=reference), now=0)
    assert len(machine.expire(now=101)) == 2
    assert seen == [0, 0]


def test_header_places_a_part_whose_concat_fields_cannot_be() -> None:
    """Parts whose concat fields hold impossible numbers are put together by udh, apart from those of good fields."""
    machine = assembler()
    whole = None
    for segment_ in segment("x" * 300, reference=9):
        header = segment_.user_data.header.to_bytes().hex()
        message = part(0, segment_.text, total=0, reference="9 of 8 bits", udh=header)
        whole = machine.add(message, now=0) or whole
        machine.add(part(2, "another", total=2, reference="9 of 8 bits"), now=0)
    assert whole is not None
    assert whole.text == "x" * 300
    assert machine.pending == 1


def test_reports_are_optional() -> None:
    """Without a callback what is given up is dropped."""
    machine = assembler(max_pending=1)
    for reference in "ab":
        assert machine.add(part(1, "x", reference=reference), now=0) is None
    assert machine.pending == 1


@given(st.lists(st.text(max_size=5), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_text_comes_back(texts: list[str], random: Random) -> None:
    """Whatever the parts' texts and their order, the message is their texts joined."""
    machine = assembler()
    parts = [part(number, text, total=len(texts)) for number, text in enumerate(texts, 1)]
    random.shuffle(parts)
    results = [machine.add(message, now=0) for message in parts]
    assert [result.text for result in results if result is not None] == ["".join(texts)]


def test_reports_show_no_number_or_text() -> None:
    """Neither a report nor an assembled message shows a number or a text when printed."""
    reports: list[IncompleteInbound] = []
    machine = assembler(reports)
    machine.add(part(1, "never-shown"), now=0)
    machine.expire(now=1000)
    whole = None
    for number in (1, 2, 3):
        whole = machine.add(part(number, f"never-shown-{number}"), now=1000)
    shown = repr(reports) + repr(whole) + repr(machine)
    assert whole is not None
    assert "never-shown" not in shown.lower()
    assert "4477009" not in shown
