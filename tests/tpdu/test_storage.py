"""Octets as modems, (U)SIMs and people hold them: byte order marks, padding, stored types, blanks, names."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from smscodec import Alphabet, Concatenation, UserData, UserDataHeader
from smscodec.errors import DecodeError, FieldError
from smscodec.testing import strategies, tpdus
from smscodec.tpdu import (
    Address,
    Direction,
    NumberingPlan,
    SmsCommand,
    SmsDeliver,
    SmsStatusReport,
    SmsSubmit,
    Status,
    TypeOfNumber,
    annotate,
    decode_tpdu,
    pdu_mode,
)
from smscodec.tpdu.hexadecimal import octets_of
from tests.rows import each_row
from tests.tpdu.test_annotation import assert_covers

REPORT = "067808A0250572184221802195004042218021950040" + "00"
STORED = "002100098151551000F00008224F60597D4F60597D4F60597D4F60597D4F60597D4F60597D4F60597D4F60597D4F60"
NAMED = "0BD0CDFCB43D1F3BDBE2B21C01000DD0CDBCB32D2ECB0100000BC8329BFD06DDDF723619"

# D38 ----------------------------------------------------------------------------------------------------------------


@given(strategies.texts())
@example("Проверка 😀")
def test_d38_a_text_behind_ff_fe_is_little_endian(text: str) -> None:
    """Lenient reading turns the octets of each unit round and drops the mark; strict reading is big-endian."""
    assume(text.encode("utf-16", "surrogatepass"))
    octets = b"\xff\xfe" + text.encode("utf-16-le")
    data = UserData(Alphabet.UCS2, octets)
    assert data.text() == text
    assert data.as_dict()["text"] == text
    assert UserData(Alphabet.UCS2, octets + b"\0").text() == text
    turned = b"".join(octets[place : place + 2][::-1] for place in range(0, len(octets), 2))
    assert UserData(Alphabet.UCS2, turned).text() == "\ufeff" + text


@given(strategies.texts())
def test_d38_strict_reading_takes_no_mark(text: str) -> None:
    """Text of ours that begins with U+FFFE comes back under strict reading alone; all other text under both."""
    for prefix in ("", "\ufffe", "\ufeff"):
        data = UserData(Alphabet.UCS2, (prefix + text).encode("utf-16-be"))
        assert data.text(strict=True) == prefix + text
        if not (prefix + text).startswith("\ufffe"):
            assert data.text() == prefix + text
    assert UserData(Alphabet.UCS2, "\ufffea".encode("utf-16-be")).text() == "\u6100"


def test_d38_a_header_stands_before_the_mark() -> None:
    """The mark counts where the user data begins, after its header; annotating finds it there."""
    header = UserDataHeader([Concatenation(1, 2, 1)])
    data = UserData(Alphabet.UCS2, b"\xff\xfe" + "Привет".encode("utf-16-le"), header)
    assert data.text() == "Привет"
    tree = annotate(SmsDeliver(Address("1"), None, data).to_bytes(), direction=Direction.SC_TO_MS)
    assert any(offset == 20 and "D38" in finding for offset, finding in tree.all_findings)


# D40 ----------------------------------------------------------------------------------------------------------------

REPORTS = st.builds(
    SmsStatusReport,
    st.integers(0, 255),
    tpdus.addresses(),
    tpdus.timestamps(),
    tpdus.timestamps(),
    st.integers(0, 255).map(Status),
    more_messages=st.booleans(),
)


@given(REPORTS, st.integers(1, 200), st.booleans())
def test_d40_a_status_report_padded_with_ff_reads_as_without(report: SmsStatusReport, fill: int, front: bool) -> None:
    """Any number of FF, also behind a service centre; they are not written back, and strict reading refuses them."""
    octets = report.to_bytes() + b"\xff" * fill
    assert SmsStatusReport.from_bytes(octets) == report
    assert SmsStatusReport.from_bytes(octets).to_bytes() == report.to_bytes()
    digits = ("0791448720003023" if front else "00") + octets.hex()
    assert pdu_mode.decode(digits).tpdu == report
    with pytest.raises(DecodeError) as caught:
        decode_tpdu(octets, direction=Direction.SC_TO_MS, strict=True)
    assert (caught.value.field, caught.value.offset) == ("pi", len(report.to_bytes()))
    tree = annotate(octets, direction=Direction.SC_TO_MS)
    if len(octets) <= 164:
        assert (len(report.to_bytes()), "padding in storage (D40)") in tree.all_findings
    assert_covers(tree, octets)


def test_d40_the_report_of_a_card() -> None:
    """The reference, both times and the status are there, and no parameters."""
    moment = datetime(2024, 12, 8, 12, 59, tzinfo=timezone(timedelta(hours=1)))
    found = decode_tpdu(bytes.fromhex(REPORT + "FF"), direction=Direction.SC_TO_MS)
    assert found == SmsStatusReport(
        120, Address("52502781", TypeOfNumber.NATIONAL, NumberingPlan.UNKNOWN), moment, moment, Status(0)
    )


def test_d40_other_octets_in_that_place_are_an_indicator() -> None:
    """FF and then something else is a TP-PI with extensions, as before."""
    assert SmsStatusReport.from_bytes(bytes.fromhex(REPORT + "FF00AA" + "00" + "00")).indicator_extension == b"\0"


# D41 ----------------------------------------------------------------------------------------------------------------


@given(st.one_of(tpdus.delivers(), tpdus.submits(), tpdus.status_reports()), st.booleans())
def test_d41_storage_holds_messages_and_status_reports(
    tpdu: SmsDeliver | SmsSubmit | SmsStatusReport, front: bool
) -> None:
    """Without a direction each reads as what it is, and annotating agrees."""
    digits, _ = pdu_mode.encode(tpdu, smsc="+447700900000" if front else None)
    assert pdu_mode.decode(digits).tpdu == tpdu
    expected = {SmsDeliver: "SMS-DELIVER", SmsSubmit: "SMS-SUBMIT", SmsStatusReport: "SMS-STATUS-REPORT"}
    assert pdu_mode.annotate(digits).children[1].name == expected[type(tpdu)]


@given(tpdus.tpdus())
def test_d41_a_direction_that_is_given_decides(tpdu: object) -> None:
    """A stored message that is read towards the mobile is what its type says there."""
    submit = pdu_mode.decode(STORED, direction=Direction.MS_TO_SC).tpdu
    assert isinstance(submit, SmsSubmit)
    assert submit == pdu_mode.decode(STORED).tpdu
    assert submit.user_data.text() == "你好" * 8 + "你"
    assert type(pdu_mode.decode(STORED, direction=Direction.SC_TO_MS).tpdu).__name__ == "SmsSubmitReport"
    assert isinstance(pdu_mode.decode("00020000020002812100", direction=Direction.MS_TO_SC).tpdu, SmsCommand)
    assert tpdu


# D44 ----------------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=60), st.integers(0, 2**32), st.booleans(), st.booleans())
def test_d44_what_people_put_between_octets_is_passed_over(octets: bytes, seed: int, prefix: bool, last: bool) -> None:
    """Blanks, line ends, colons, 0x, in either case; an odd digit at the end is dropped, or refused strictly."""
    chance = random.Random(seed)
    between = [" ", "\n", "\r\n", ":", "", " 0x", "\t", ",", ", 0X", " : "]
    digits = "0x" * prefix + "".join(f"{octet:02X}{chance.choice(between)}" for octet in octets).removesuffix("0x")
    digits = digits.removesuffix("0X")
    assert octets_of(digits, strict=True) == octets
    assert octets_of(digits.lower()) == octets
    if last:
        assert octets_of(digits + "F") == octets
        with pytest.raises(DecodeError) as caught:
            octets_of(digits + "F", strict=True)
        assert (caught.value.field, caught.value.offset) == ("hex", len(octets))


@given(st.binary(max_size=20), st.sampled_from("gGxX-é@\u0660"), st.sampled_from(["", "a"]), st.booleans())
def test_d44_another_character_is_refused_where_it_stands(octets: bytes, other: str, half: str, strict: bool) -> None:
    """Strictly and leniently; the offset is that of the octet which the character is in."""
    with pytest.raises(DecodeError, match="expected a hexadecimal digit") as caught:
        octets_of(f"{octets.hex(' ')} {half}{other}00", strict=strict, field="rp")
    assert (caught.value.field, caught.value.offset) == ("rp", len(octets))


@pytest.mark.parametrize("wrong", [b"00", None, 0])
def test_d44_digits_are_text(wrong: Any) -> None:
    """Anything else is refused by name, octets that hold digits too."""
    with pytest.raises(FieldError) as caught:
        octets_of(wrong)
    assert caught.value.field == "digits"


@pytest.mark.parametrize("between", [" ", "\n", ":", " 0x"])
def test_d44_digits_with_blanks_read_as_without(between: str) -> None:
    """Through every door of PDU mode."""
    spaced = between.join(NAMED[place : place + 2] for place in range(0, len(NAMED), 2))
    assert pdu_mode.decode(spaced) == pdu_mode.decode(NAMED) == pdu_mode.decode(NAMED + "0")
    assert pdu_mode.annotate(spaced) == pdu_mode.annotate(NAMED)
    assert pdu_mode.decode("0x" + NAMED) == pdu_mode.decode(NAMED)


# D46 ----------------------------------------------------------------------------------------------------------------


@given(st.text("abcXYZ @é_px", min_size=1, max_size=11), tpdus.submits())
def test_d46_a_service_centre_that_is_a_name_is_read_and_written_back(name: str, tpdu: SmsSubmit) -> None:
    """Octet by octet, with a finding; strict reading refuses it, and a text that is a name is not taken for one."""
    smsc = Address(name, TypeOfNumber.ALPHANUMERIC)
    digits, length = pdu_mode.encode(tpdu, smsc=smsc)
    found = pdu_mode.decode(digits)
    assert found.tpdu == tpdu
    assert found.smsc is not None
    # Seven octets hold seven septets or eight, of which the last may be an @, and the field counts octets.
    assert found.smsc.number == name + "@" * (len(name) == 7)
    assert pdu_mode.encode(found.tpdu, smsc=found.smsc) == (digits, length)
    assert any("(D46)" in finding for _, finding in pdu_mode.annotate(digits).all_findings)
    with pytest.raises(DecodeError, match="smsc at octet 1"):
        pdu_mode.decode(digits, strict=True)


def test_d46_a_name_as_text_is_refused() -> None:
    """A caller who names a service centre has mistaken something."""
    for smsc in ("AcmeInc", "Acme Inc"):
        with pytest.raises(FieldError, match=smsc):
            pdu_mode.encode(SmsSubmit(Address("1")), smsc=smsc)


# The length argument ------------------------------------------------------------------------------------------------


@given(tpdus.submits(), st.integers(0, 300))
def test_a_length_that_does_not_fit_is_refused_by_strict_reading_alone(tpdu: SmsSubmit, length: int) -> None:
    """Lenient reading gives the value, and annotating the finding."""
    digits, right = pdu_mode.encode(tpdu)
    assert pdu_mode.decode(digits, length=right, direction=Direction.MS_TO_SC).tpdu == tpdu
    assert pdu_mode.decode(digits, length=length).tpdu == tpdu
    assert bool(pdu_mode.annotate(digits, length=length).findings) == (length != right)
    if length != right:
        with pytest.raises(DecodeError) as caught:
            pdu_mode.decode(digits, length=length, strict=True)
        assert (caught.value.field, caught.value.offset) == ("length", 1)
    with pytest.raises(FieldError):
        pdu_mode.decode(digits, length=-1)


# Findings in the field's words --------------------------------------------------------------------------------------


def unreadable(data: UserData) -> list[tuple[int, str]]:
    """The findings in a text, by the offset in TP-UD."""
    octets = SmsSubmit(Address("12"), data).to_bytes()
    return [(offset - 8, text) for offset, text in annotate(octets, direction=Direction.MS_TO_SC).all_findings]


@pytest.mark.parametrize(
    ("payload", "sequence", "offset", "words"),
    [
        ("0041D83D", 1, 8, "its other half in the next segment"),
        ("DE000041", 2, 6, "its other half in the segment before"),
        ("0041D83D", 2, 8, "its other half missing"),
        ("DE000041", 1, 6, "its other half missing"),
        ("0041D83D0042", 1, 8, "its other half missing"),
        ("0041DE000042", 2, 8, "its other half missing"),
        ("004100", 1, 8, "odd octet"),
        ("FFFE4100", 1, 6, "byte order mark"),
    ],
)
def test_findings_in_ucs2_stand_at_the_octet(payload: str, sequence: int, offset: int, words: str) -> None:
    """Half a surrogate pair says where its other half is; no finding is a codec's own message."""
    header = UserDataHeader([Concatenation(1, 2, sequence)])
    ((place, finding),) = unreadable(UserData(Alphabet.UCS2, bytes.fromhex(payload), header))
    assert (place, words in finding, "codec" in finding) == (offset, True, False)


@pytest.mark.parametrize(
    ("payload", "sequence", "offset", "words"),
    [
        ("FFFE41003DD8", 1, 10, "its other half in the next segment"),
        ("FFFE41003DD84200", 1, 10, "its other half missing"),
        ("FFFE00DE4100", 2, 8, "its other half missing"),
        ("FFFE410042", 1, 10, "odd octet"),
    ],
)
def test_d38_findings_in_little_endian_text_stand_at_the_octet(
    payload: str, sequence: int, offset: int, words: str
) -> None:
    """Behind the mark FF FE too, half a surrogate pair and an odd octet are findings where they stand."""
    header = UserDataHeader([Concatenation(1, 2, sequence)])
    (mark, _), (place, finding) = unreadable(UserData(Alphabet.UCS2, bytes.fromhex(payload), header))
    assert (mark, place, words in finding) == (6, offset, True)


@pytest.mark.parametrize(
    ("septets", "sequence", "at", "words"),
    [
        ("611B", 1, 1, "a lone escape, its character in the next segment (D5)"),
        ("611B", 2, 1, "a lone escape, shown as a space (D5)"),
        ("611B1B61", 1, 1, "one space (D4)"),
        ("61621B61", 1, 2, "an escape before 0x61, which has no meaning: shown as 'a' (D3)"),
    ],
)
def test_findings_in_gsm_7bit_stand_at_the_octet(septets: str, sequence: int, at: int, words: str) -> None:
    """A lone escape, a doubled one, one before a code without meaning: at the octet in which the septet begins."""
    header = UserDataHeader([Concatenation(1, 2, sequence)])
    ((place, finding),) = unreadable(UserData(Alphabet.GSM_7BIT, bytes.fromhex(septets), header))
    assert (place, words in finding) == (6 + (1 + 7 * at) // 8, True)


@given(strategies.user_data().filter(lambda data: len(data.to_bytes()) <= 140))
def test_every_place_that_strict_reading_refuses_is_a_finding(data: UserData) -> None:
    """A text has findings where and only where strict reading of it stops, besides the mark of D38."""
    assume(data.alphabet is not Alphabet.DATA_8BIT and not data.compressed)
    octets = SmsSubmit(Address("12"), data).to_bytes()
    tree = annotate(octets, direction=Direction.MS_TO_SC)
    assert_covers(tree, octets)
    found = [finding for node in tree.walk() if node.name == "unreadable" for finding in node.findings]
    try:
        strict = data.text(strict=True)
    except DecodeError:
        assert found
    else:
        assert bool(found) == (data.text() != strict)


@each_row("place", range(1, 30))
def test_a_free_record_of_the_length_of_a_report_is_no_report(place: int) -> None:
    """Where any octet is not the filler and no status report is there, a record of 30 octets is that of a message."""
    octets = b"\x00" + bytes(0x41 if index == place else 0xFF for index in range(1, 30))
    assert type(pdu_mode.record(octets, strict=True)).__name__ == "Record"
    assert type(pdu_mode.record(b"\x00" + b"\xff" * 29, strict=True)).__name__ == "ReportRecord"


@each_row("digits", range(1, 21))
def test_a_service_centre_of_any_length_is_read_strictly(digits: int) -> None:
    """The filler after an odd number of digits is not shown as a digit, not even after a single one."""
    smsc = Address("12345678901234567890"[:digits])
    written, _ = pdu_mode.encode(SmsSubmit(Address("12")), smsc=smsc)
    assert pdu_mode.decode(written, strict=True).smsc == smsc
    assert pdu_mode.annotate(written).all_findings == ()
