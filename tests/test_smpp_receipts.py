"""Delivery receipts and times: read as they come, written so that they read back."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec.errors import DecodeError, FieldError
from smscodec.smpp import MessageState, Receipt, parse_time, time
from smscodec.tpdu import Status
from smscodec.tpdu.status import StatusState
from tests.rows import each_row

MOMENT = datetime(2026, 5, 1, 12, 30, 45, 100_000, tzinfo=timezone(timedelta(hours=1)))
WORDS = st.text("abcXYZ0123456789-.", min_size=1, max_size=20)
QUARTERS = st.integers(-48, 48).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
TENTHS = st.integers(0, 9).map(lambda tenths: 100_000 * tenths)


def moments(zone: Any = QUARTERS, *, microsecond: Any = TENTHS) -> st.SearchStrategy[datetime]:
    """Moments that SMPP can say."""
    plain = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59))
    return st.builds(lambda at, zone, fine: at.replace(tzinfo=zone, microsecond=fine), plain, zone, microsecond)


DATES = st.none() | moments(st.none(), microsecond=st.just(0)) | moments()
RECEIPTS = st.builds(
    Receipt,
    id=st.none() | WORDS,
    sub=st.none() | st.integers(0, 999),
    dlvrd=st.none() | st.integers(0, 999),
    submit_date=DATES,
    done_date=DATES,
    stat=st.none() | WORDS | st.sampled_from([state.stat for state in MessageState]),
    err=st.none() | WORDS,
    text=st.none() | st.text("ab \x1b\n", max_size=20).map(str.strip),
)


@given(receipt=RECEIPTS)
def test_receipts_come_back(receipt: Receipt) -> None:
    """What is written reads as the same receipt, in octets too."""
    written = receipt.format()
    assert receipt == Receipt.parse(written) == Receipt.parse(written.encode())


@given(receipt=RECEIPTS, data=st.data())
def test_order_and_case_do_not_matter(receipt: Receipt, data: st.DataObject) -> None:
    """The fields may stand in any order before the text, which is last, and their names in capitals."""
    names = data.draw(st.permutations(["id", "sub", "dlvrd", "submit_date", "done_date", "stat", "err"]))
    alone = [Receipt(**{name: getattr(receipt, name)}).format() for name in (*names, "text")]
    labelled = [written.partition(":") for written in alone if written]
    written = " ".join(
        f"{label.title() if data.draw(st.booleans()) else label}:{value}" for label, _, value in labelled
    )
    assert receipt == Receipt.parse(written)


@given(octets=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"id:{text} stat: err:".encode()))
def test_any_octets_are_a_receipt(octets: bytes) -> None:
    """There is a value, whatever comes; every part of it can be asked for."""
    found = Receipt.parse(octets, message_state=octets[0] if octets else None, network_error_code=octets)
    assert found.state is None or found.status in range(256)
    assert found.message_id == found.id
    assert found.as_dict()["network_error_code"] == octets.hex()


@given(text=st.text(max_size=100))
def test_any_text_is_a_receipt(text: str) -> None:
    """The same holds of text, with characters of any kind."""
    assert Receipt.parse(text) == Receipt.parse(text, message_state=None)
    assert Receipt.parse(f"id:{text}").id is not None


def test_a_receipt_is_ascii_whatever_data_coding_says() -> None:
    """Text that was cut in an escape pair or in two octets is kept as it came."""
    found = Receipt.parse(b"id:5 stat:DELIVRD err:000 text:10 \x1b\xd0")
    assert (found.id, found.text) == ("5", "10 \x1b\xd0")


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-16"])
@pytest.mark.parametrize("text", ["Hi", "Привет, мир", ""])
@pytest.mark.parametrize("before", ["", "\ufeff", "№ ", "Ā ", "中 "])
def test_a_receipt_in_utf_16_is_read_too(encoding: str, text: str, before: str) -> None:
    """What a centre, or a gateway in between, wrote as UCS-2 is the same receipt, whatever character it begins with."""
    written = f"{before}id:5 sub:001 done date:2605011230 stat:DELIVRD err:00A text:{text}"
    assert Receipt.parse(written.encode(encoding)) == Receipt.parse(written)


@given(receipt=RECEIPTS, data=st.data())
def test_of_a_field_that_comes_twice_the_first_counts(receipt: Receipt, data: st.DataObject) -> None:
    """A field that is there already and comes again, before the text, changes nothing."""
    written, label, text = receipt.format().partition("text:")
    labels = [
        name for name in ("id", "sub", "dlvrd", "submit date", "done date", "stat", "err") if f"{name}:" in written
    ]
    again = [f"{name}:{data.draw(WORDS)}" for name in labels]
    assert Receipt.parse(" ".join([written.strip(), *again, label + text])) == receipt


NAMES = ["sub", "dlvrd", "submit date", "done date", "err"]


@given(
    read=st.lists(st.sampled_from([*NAMES, "id"]), unique=True),
    quoted=st.data(),
    after=st.lists(st.sampled_from(NAMES), unique=True),
)
def test_labels_that_were_read_are_text_within_a_text(read: list[str], quoted: st.DataObject, after: list[str]) -> None:
    """Without a stat, a text goes on over every label that was read before it, and over its own, to the next other."""
    labels = quoted.draw(st.lists(st.sampled_from([*read, "text"]), max_size=3))
    text = " ".join(["hi", *(f"{label}:2" for label in labels)])
    after = [label for label in after if label not in read]
    written = " ".join([*(f"{label}:1" for label in read), f"text:{text}", *(f"{label}:3" for label in after)])
    assert Receipt.parse(written).text == text


@pytest.mark.parametrize("state", [-1, 256, 2.0, "DELIVRD", [2], True])
def test_a_message_state_that_no_pdu_holds_is_refused(state: Any) -> None:
    """An optional parameter of one octet is a whole number of 0–255."""
    for written in ("", "id:1"):
        with pytest.raises(FieldError) as caught:
            Receipt.parse(written, message_state=state)
        assert caught.value.field == "message_state"
    with pytest.raises(FieldError):
        Receipt(message_state=state)


def test_parameters_stand_beside_the_text() -> None:
    """message_state says the state and receipted_message_id the identifier, where they are there."""
    found = Receipt.parse(
        b"id:1 stat:DELIVRD", message_state=5, receipted_message_id="7f", network_error_code=bytearray(b"\x03\x00\x01")
    )
    assert (found.id, found.message_id, found.state) == ("1", "7f", MessageState.UNDELIVERABLE)
    assert found.network_error_code == b"\x03\x00\x01"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "a "}, "id"),
        ({"id": "a stat:b"}, "id"),
        ({"sub": -1}, "sub"),
        ({"sub": 1.5}, "sub"),
        ({"stat": ""}, None),
        ({"done_date": datetime(1999, 1, 1)}, "done_date"),
        ({"done_date": datetime(2026, 1, 1, microsecond=1)}, "done_date"),
        ({"text": "id:1 stat:2"}, "id"),
        ({"id": "1", "stat": "2", "text": "id:1 stat:2"}, None),
    ],
)
def test_what_would_not_read_back_is_not_written(fields: dict[str, Any], field: str | None) -> None:
    """A field that a reader would take for another is refused by name."""
    if field is None:
        assert Receipt.parse(Receipt(**fields).format()) == Receipt(**fields)
        return
    with pytest.raises(FieldError) as caught:
        Receipt(**fields).format()
    assert caught.value.field == field


@each_row(
    ("written", "field", "value"),
    [
        ("done date:2605011230", "done_date", datetime(2026, 5, 1, 12, 30)),
        ("Done_Date:260501123059", "done_date", datetime(2026, 5, 1, 12, 30, 59)),
        ("submitdate :9912312359", "submit_date", datetime(2099, 12, 31, 23, 59)),
        ("SUBMIT DATE:0001010000", "submit_date", datetime(2000, 1, 1)),
        ("done date:260501123045104+", "done_date", MOMENT),
        ("done date:000002000000000R", "done_date", None),
        *((f"done date:{digits}", "done_date", None) for digits in ("260501123", "26050112304", "2605011230450")),
        *((f"done date:{digits}", "done_date", None) for digits in ("2613011230", "2605012430", "٢605011230", "")),
        ("sub:999999999", "sub", 999_999_999),
        ("dlvrd:0", "dlvrd", 0),
        *((f"sub:{digits}", "sub", None) for digits in ("1000000000", "-1", "1.0", "٣", "")),
        ("id:1 stat:2 text:XX\0\0", "text", "XX"),
        ("text: XX, stat:2", "text", "XX"),
        ("id:XX\0", "id", "XX"),
        ("xid:1 id:2", "id", "2"),
    ],
)
def test_the_value_of_a_field(written: str, field: str, value: object) -> None:
    """A date of 10, 12 or 16 characters, a number of at most nine digits, and a text without what ends a string."""
    found = Receipt.parse(written)
    assert getattr(found, field) == value
    assert getattr(Receipt.parse(written.encode()), field) == value or not written.isascii()


def test_a_date_is_written_in_the_shortest_form_that_says_it() -> None:
    """10 characters, 12 with seconds, 16 with a zone; a count in three digits or as many as it has."""
    plain = datetime(2026, 5, 1, 12, 30)
    assert Receipt(sub=7, dlvrd=1000, done_date=plain).format() == "sub:007 dlvrd:1000 done date:2605011230"
    assert Receipt(submit_date=plain.replace(second=9)).format() == "submit date:260501123009"
    assert Receipt(done_date=MOMENT).format() == "done date:260501123045104+"


def test_an_identifier_beside_the_text_ends_where_its_octets_say() -> None:
    """The NUL at the end of a C-octet string is none of it, and nothing else is taken off."""
    for written in ("XX", b"XX\0", "XX\0\0"):
        assert Receipt.parse("", receipted_message_id=written).message_id == "XX"


@each_row(
    ("state", "stat", "status"),
    [
        (MessageState.ENROUTE, "ENROUTE", 0x20),
        (MessageState.DELIVERED, "DELIVRD", 0x00),
        (MessageState.EXPIRED, "EXPIRED", 0x46),
        (MessageState.DELETED, "DELETED", 0x47),
        (MessageState.UNDELIVERABLE, "UNDELIV", 0x40),
        (MessageState.ACCEPTED, "ACCEPTD", 0x01),
        (MessageState.UNKNOWN, "UNKNOWN", 0x49),
        (MessageState.REJECTED, "REJECTD", 0x63),
    ],
)
def test_the_letters_and_the_status_of_each_state(state: MessageState, stat: str, status: int) -> None:
    """As SMPP 3.4, appendix B, and TS 23.040, 9.2.3.15, write them; the values are 1 to 8."""
    assert list(MessageState) == list(range(1, 9))
    assert (state.stat, state.status) == (stat, status)


def test_the_state_of_each_status() -> None:
    """A status of its own, else that of its range: accepted, on its way, undeliverable, and above 0x7F rejected."""
    own = {state.status: state for state in MessageState}
    own |= {0x02: MessageState.DELETED, 0x42: MessageState.REJECTED, 0x48: MessageState.DELETED}
    for octet in range(256):
        kinds = (MessageState.ACCEPTED, MessageState.ENROUTE, *[MessageState.UNDELIVERABLE] * 2)
        expected = own.get(octet, kinds[octet >> 5] if octet < 0x80 else MessageState.REJECTED)
        assert MessageState.from_status(octet) is expected


@pytest.mark.parametrize("state", MessageState)
def test_states_come_back(state: MessageState) -> None:
    """A state is found again by its letters, its name, and its TP-ST, which is final where the state is."""
    assert state is MessageState.from_stat(state.stat) is MessageState.from_stat(state.name.lower())
    assert state is MessageState.from_status(state.status) is Receipt(stat=state.stat).state
    assert state.status == Receipt(message_state=state).status
    assert len(state.stat) <= 7
    if state is not MessageState.ACCEPTED:
        assert Status(state.status).final == state.final


def test_every_status_has_a_state() -> None:
    """All 256 TP-ST: delivered is 0x00 alone, and while the centre is trying the message is on its way."""
    for octet in range(256):
        status, state = Status(octet), MessageState.from_status(octet)
        assert (state is MessageState.DELIVERED) == status.delivered
        assert (state is MessageState.ENROUTE) == (status.state is StatusState.TEMPORARY_STILL_TRYING)
        if status.state is StatusState.RESERVED:
            assert state is MessageState.REJECTED


# Times


@given(moment=moments())
@example(moment=datetime(2000, 1, 1, tzinfo=UTC))
@example(moment=datetime(2099, 12, 31, 23, 59, 59, 900_000, tzinfo=UTC))
def test_moments_come_back(moment: datetime) -> None:
    """A moment reads as it was written, its zone included."""
    found = parse_time(time(moment))
    assert isinstance(found, datetime)
    assert (found, found.utcoffset()) == (moment, moment.utcoffset())
    assert found == parse_time(time(moment).encode())


@given(tenths=st.integers(0, 100 * 365 * 86400 * 10 - 1))
def test_durations_come_back(tenths: int) -> None:
    """A duration of up to 100 years of 365 days reads as it was written."""
    duration = timedelta(milliseconds=100 * tenths)
    assert duration == parse_time(time(duration))


@pytest.mark.parametrize("minutes", [7, 14 * 60, -13 * 60])
def test_offsets_that_smpp_cannot_say_become_utc(minutes: int) -> None:
    """The moment is the same."""
    moment = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(minutes=minutes)))
    assert time(moment).endswith("00+")
    assert moment == parse_time(time(moment))


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 1),
        datetime(1999, 12, 31, tzinfo=UTC),
        datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=13))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=13))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=13))),
        timedelta(days=36500),
        -timedelta.resolution,
    ],
)
def test_times_that_smpp_cannot_say_are_refused(value: datetime | timedelta) -> None:
    """Each by the name of the field."""
    with pytest.raises(FieldError) as caught:
        time(value)
    assert caught.value.field == "time"


@given(text=st.text("0123456789+-R٣", max_size=17) | st.from_regex(r"\d{12}[0-9]{3}[-+R]\n?", fullmatch=True))
def test_any_time_is_read_or_refused(text: str) -> None:
    """There is a value that is written as a time that reads as the same, or a DecodeError."""
    with suppress(DecodeError):
        found = parse_time(text)
        assert text == "" if found is None else parse_time(time(found)) == found
