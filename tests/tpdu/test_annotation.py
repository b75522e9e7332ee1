"""Annotations: every octet and every bit explained once, and everything wrong or unusual found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import Annotation, Direction, SmsStatusReport, Tpdu, annotate, decode_tpdu
from tests.rows import each_row
from tests.tpdu.test_tpdus import DIRECTIONS, SAMPLES

SC_TO_MS, MS_TO_SC = Direction.SC_TO_MS, Direction.MS_TO_SC
FORMS = st.sampled_from([None, False, True])


def leaves(node: Annotation) -> Iterator[tuple[int, int]]:
    """The first octet and the end of everything that has no parts but bits."""
    parts = [child for child in node.children if child.bits is None]
    if not parts:
        yield node.offset, node.offset + node.length
    for child in parts:
        yield from leaves(child)


def assert_covers(tree: Annotation, octets: bytes) -> None:
    """Leaves lie end to end over all octets, and the bits of an octet over all eight."""
    position = 0
    for start, end in leaves(tree):
        assert position == start
        position = end
    assert len(octets) == position
    for node in tree.walk():
        if node.bits is None:
            assert octets[node.offset : node.offset + node.length] == node.raw
        bits = [child.bits for child in node.children if child.bits is not None]
        if bits:
            assert len(bits) == len(node.children)
            assert list(range(7, -1, -1)) == [bit for high, low in bits for bit in range(high, low - 1, -1)]
            assert octets[node.offset] == sum(int(child.raw) << child.bits[1] for child in node.children if child.bits)


@given(tpdus.broken_tpdus(), st.sampled_from(Direction), FORMS)
@example(b"", SC_TO_MS, None)
@example(b"\x03", MS_TO_SC, None)
@example(b"\xff" * 200, SC_TO_MS, None)
def test_any_octets_are_covered(octets: bytes, direction: Direction, rp_error: bool | None) -> None:
    """Whatever the octets, the tree covers each once, keeps them, and goes into JSON."""
    tree = annotate(octets, direction=direction, rp_error=rp_error)
    assert_covers(tree, octets)
    assert json.loads(json.dumps(tree.as_dict()))["length"] == len(octets)
    assert tree.all_findings == tuple((node.offset, text) for node in tree.walk() for text in node.findings)


@given(tpdus.broken_tpdus(), st.sampled_from(Direction), FORMS)
@example(bytes.fromhex("040281218000208062917314080100"), SC_TO_MS, None)
def test_what_strict_reading_refuses_is_found(octets: bytes, direction: Direction, rp_error: bool | None) -> None:
    """There is a finding wherever strict reading raises, or keeps octets that it would write otherwise."""
    tree = annotate(octets, direction=direction, rp_error=rp_error)
    try:
        tpdu = decode_tpdu(octets, direction=direction, strict=True, rp_error=rp_error)
    except DecodeError:
        assert tree.all_findings
    else:
        # A TP-PI that announces nothing is right, though we would leave it out.
        plain = isinstance(tpdu, SmsStatusReport) and tpdu.received.endswith(b"\x00")
        assert not tpdu.received or plain or tree.all_findings


@given(tpdus.broken_tpdus(), st.sampled_from(Direction))
def test_octets_come_in_any_form(octets: bytes, direction: Direction) -> None:
    """As bytes, bytearray, or a view that steps over octets or goes backwards; decoding takes them alike."""
    twice = bytes(octet for octet in octets for _ in range(2))
    forms = (bytearray(octets), memoryview(octets), memoryview(twice)[::2], memoryview(octets[::-1])[::-1])
    tree = annotate(octets, direction=direction)
    try:
        read = decode_tpdu(octets, direction=direction)
    except DecodeError:
        read = None
    for form in forms:
        assert tree == annotate(form, direction=direction)
        assert read is None or read == decode_tpdu(form, direction=direction)


@pytest.mark.parametrize("octets", ["0100", None, 1, [1, 2]])
def test_what_is_no_octets_is_a_type_error(octets: Any) -> None:
    """A text of digits, say, for which ``bytes.fromhex`` is."""
    for call in (annotate, decode_tpdu):
        with pytest.raises(TypeError, match="bytes-like"):
            call(octets, direction=MS_TO_SC)


@given(tpdus.submits())
def test_the_tree_says_what_decoding_says(tpdu: Tpdu) -> None:
    """Address, coding and payload of an SMS-SUBMIT are the values of its fields."""
    assert not isinstance(tpdu, SmsStatusReport)
    tree = annotate(tpdu.to_bytes(), direction=MS_TO_SC)
    fields = {child.name: child for child in tree.children}
    read: Any = decode_tpdu(tpdu.to_bytes(), direction=MS_TO_SC)
    assert fields["TP-DA"].value == str(read.destination)
    assert fields["TP-MR"].value == read.message_reference
    assert str(read.user_data.length) in str(fields["TP-UDL"].value)
    assert ("TP-VP" in fields) is (read.validity is not None)
    if "TP-UD" in fields and fields["TP-UD"].value is not None:
        assert fields["TP-UD"].value == read.user_data.text()


@pytest.mark.parametrize(("tpdu", "octets"), SAMPLES, ids=lambda value: type(value).__name__)
def test_a_plain_tpdu_has_no_findings_but_its_extension(tpdu: Tpdu, octets: str) -> None:
    """Nothing is unusual in what we send, and every field has its clause."""
    tree = annotate(bytes.fromhex(octets), direction=DIRECTIONS[type(tpdu)])
    assert {text for _, text in tree.all_findings} <= {"no extension is defined"}
    assert type(tpdu).__name__.upper().removeprefix("SMS") == tree.name.removeprefix("SMS").replace("-", "")
    assert all(node.clause or node.name == "reserved" for node in tree.walk())


@pytest.mark.parametrize(("tpdu", "octets"), SAMPLES, ids=lambda value: type(value).__name__)
def test_every_reserved_bit_is_found(tpdu: Tpdu, octets: str) -> None:
    """Each bit that a tree calls reserved is a finding when it is set, in the first octet and after it."""
    plain = bytes.fromhex(octets)
    rp_error = getattr(tpdu, "failure_cause", None) is not None
    reserved = [
        (node.offset, bit)
        for node in annotate(plain, direction=DIRECTIONS[type(tpdu)], rp_error=rp_error).walk()
        if node.name == "reserved" and node.bits is not None
        for bit in range(node.bits[1], node.bits[0] + 1)
    ]
    for offset, bit in reserved:
        changed = bytearray(plain)
        changed[offset] |= 1 << bit
        tree = annotate(changed, direction=DIRECTIONS[type(tpdu)], rp_error=rp_error)
        assert (offset, "a reserved bit is set") in tree.all_findings


def test_reserved_bits_of_the_first_octet_are_those_of_the_table() -> None:
    """None in SMS-SUBMIT, bit 4 in SMS-DELIVER, 7 and 4, 7 and 4 to 2, 7 and 5 to 2 in the others."""
    found = {}
    for first, direction in ((0, SC_TO_MS), (1, MS_TO_SC), (2, SC_TO_MS), (2, MS_TO_SC), (1, SC_TO_MS), (0, MS_TO_SC)):
        tree = annotate(bytes([first]), direction=direction)
        bits = [child.bits for child in tree.children[0].children if child.name == "reserved" and child.bits]
        found[tree.name] = [bit for high, low in bits for bit in range(high, low - 1, -1)]
    assert found == {
        "SMS-SUBMIT": [],
        "SMS-DELIVER": [4],
        "SMS-STATUS-REPORT": [7, 4],
        "SMS-COMMAND": [7, 4, 3, 2],
        "SMS-SUBMIT-REPORT": [7, 5, 4, 3, 2],
        "SMS-DELIVER-REPORT": [7, 5, 4, 3, 2],
    }


FLAGS = {
    "TP-RP": ("9.2.3.17", "no reply path", "reply path"),
    "TP-UDHI": ("9.2.3.23", "no header", "a header"),
    "TP-SRR": ("9.2.3.5", "no status report", "status report"),
    "TP-SRI": ("9.2.3.4", "no status report", "a status report"),
    "TP-SRQ": ("9.2.3.26", "answers an SMS-SUBMIT", "answers an SMS-COMMAND"),
    "TP-LP": ("9.2.3.28", "may be", "must not be"),
    "TP-MMS": ("9.2.3.2", "more messages", "no more messages"),
    "TP-RD": ("9.2.3.25", "duplicates are accepted", "duplicates are to be rejected"),
    "TP-VPF": ("9.2.3.3", "no validity", "enhanced", "relative", "absolute"),
}


@pytest.mark.parametrize(
    ("message_type", "direction", "names"),
    [
        (0, SC_TO_MS, {7: "TP-RP", 6: "TP-UDHI", 5: "TP-SRI", 3: "TP-LP", 2: "TP-MMS"}),
        (1, MS_TO_SC, {7: "TP-RP", 6: "TP-UDHI", 5: "TP-SRR", 4: "TP-VPF", 2: "TP-RD"}),
        (2, SC_TO_MS, {6: "TP-UDHI", 5: "TP-SRQ", 3: "TP-LP", 2: "TP-MMS"}),
        (2, MS_TO_SC, {6: "TP-UDHI", 5: "TP-SRR"}),
        (0, MS_TO_SC, {6: "TP-UDHI"}),
        (1, SC_TO_MS, {6: "TP-UDHI"}),
    ],
)
def test_the_flags_of_the_first_octet_are_those_of_the_table(
    message_type: int, direction: Direction, names: dict[int, str]
) -> None:
    """Each stands at its bit, with its clause, and means what it is set to; TP-MTI is the type as 9.2.2 writes it."""
    for first in range(message_type, 256, 4):
        tree = annotate(bytes([first]), direction=direction)
        found = {bit.bits[0]: bit for bit in tree.children[0].children if bit.bits and bit.name != "reserved"}
        assert found[1].value == tree.name
        assert {**names, 1: "TP-MTI"} == {high: bit.name for high, bit in found.items()}
        for high, name in names.items():
            clause, *meanings = FLAGS[name]
            number = first >> 3 & 0b11 if name == "TP-VPF" else first >> high & 1
            assert (clause, number) == (found[high].clause, found[high].raw)
            assert str(found[high].value).startswith(meanings[number])


@each_row("octet", range(256))
def test_d29_a_zone_is_shown_in_hours_and_minutes(octet: int) -> None:
    """As the moment has it, but that minus zero keeps its sign."""
    tree = annotate(bytes.fromhex("04028121" + "0000" + "208062917314") + bytes([octet, 0]), direction=SC_TO_MS)
    stamp = next(child for child in tree.children if child.name == "TP-SCTS")
    shown = str(stamp.children[-1].value)
    assert "-+"[not octet & 8] + str(stamp.value)[-5:] == shown
    assert shown == "-00:00" or str(stamp.value).endswith(shown)


STAMP = "20806291731480"
SUBMIT = "0100028121"


@each_row(
    ("octets", "direction", "offset", "words"),
    [
        ("070281210000" + STAMP + "00", SC_TO_MS, 0, "D31"),
        ("07", MS_TO_SC, 0, "not defined towards the service centre"),
        ("0100" + "0ed041e19058341e00" + "0000" + "00", MS_TO_SC, 4, "D30"),
        (SUBMIT + "00" + "0c" + "0141", MS_TO_SC, 6, "reserved coding"),
        (SUBMIT + "00" + "f8" + "0141", MS_TO_SC, 6, "a reserved bit"),
        (SUBMIT + "00" + "c4" + "0141", MS_TO_SC, 6, "a reserved bit"),
        (SUBMIT + "00" + "03" + "0141", MS_TO_SC, 6, "a reserved bit"),
        (SUBMIT + "80" + "00" + "0141", MS_TO_SC, 5, "reserved"),
        (SUBMIT + "00" + "00" + "01c1", MS_TO_SC, 8, "unused bits"),
        (SUBMIT + "00" + "00" + "011b", MS_TO_SC, 8, "a lone escape"),
        (SUBMIT + "00" + "00" + "0541", MS_TO_SC, 7, "the length covers 5, 1 follow"),
        (SUBMIT + "00" + "04" + "c8" + "41" * 140, MS_TO_SC, 7, "where at most 140 fit"),
        (SUBMIT + "00" + "00" + "014199", MS_TO_SC, 9, "after the last field"),
        ("4100028121" + "0000" + "00", MS_TO_SC, 7, "TP-UDHI is set"),
        ("4100028121" + "0004" + "03" + "020041", MS_TO_SC, 8, "D17"),
        ("4100028121" + "0004" + "03" + "090041", MS_TO_SC, 8, "D17"),
        ("4100028121" + "0004" + "01" + "00", MS_TO_SC, 8, "the header is empty"),
        ("4100028121" + "0004" + "06" + "050003070001", MS_TO_SC, 9, "D19"),
        ("4100028121" + "0004" + "04" + "0324010f", MS_TO_SC, 9, "D23"),
        ("4100028121" + "0004" + "04" + "03250102", MS_TO_SC, 9, "D24"),
        ("4100028121" + "0004" + "05" + "0404020001", MS_TO_SC, 9, "D36"),
        ("4100028121" + "0004" + "07" + "060504c34fc34f", MS_TO_SC, 9, "D36"),
        ("4100028121" + "0004" + "0b" + "0a" + "0003010201" + "0003020201", MS_TO_SC, 9, "D18"),
        ("4100028121" + "0004" + "03" + "024000", MS_TO_SC, 9, "the identifier is reserved"),
        ("4100028121" + "0000" + "08" + "05000301020183", MS_TO_SC, 14, "fill bits"),
        ("04" + "028121" + "0000" + "20806291731408" + "00", SC_TO_MS, 12, "minus zero"),
        ("04" + "028121" + "0000" + "208062917314a0" + "00", SC_TO_MS, 12, "above 9"),
        ("04" + "028121" + "0000" + "00000000000000" + "00", SC_TO_MS, 6, "not a date"),
        ("0100" + "0281f1" + "000000", MS_TO_SC, 4, "filler"),
        ("0100" + "020121" + "000000", MS_TO_SC, 3, "bit 7"),
        ("0100" + "028221" + "000000", MS_TO_SC, 3, "the plan is reserved"),
        ("0100" + "02f121" + "000000", MS_TO_SC, 3, "the type is reserved"),
        ("0100" + "02d141" + "000000", MS_TO_SC, 3, "a name has no plan"),
        ("0100" + "15" + "91" + "11" * 20, MS_TO_SC, 2, "21 semi-octets"),
        ("0100" + "06" + "91" + "11", MS_TO_SC, 2, "5 needed, 3 left"),
        ("0900028121" + "0000" + "04000000000000" + "00", MS_TO_SC, 7, "functionality 4"),
        ("0900028121" + "0000" + "02010000000001" + "00", MS_TO_SC, 9, "unused octets"),
        ("0900028121" + "0000" + "82000100000000" + "00", MS_TO_SC, 8, "no extension"),
        ("00b000ff", MS_TO_SC, 3, "after the last field"),
        ("8080ff", MS_TO_SC, 1, "D34"),
        ("8080ff", MS_TO_SC, 2, "does not examine"),
        ("000841", MS_TO_SC, 2, "to be dropped"),
        ("00c900", MS_TO_SC, 1, "the value is reserved"),
        ("020000050002812100", MS_TO_SC, 3, "the value is reserved"),
        ("020000300002812100", MS_TO_SC, 3, "the value is undefined"),
        ("0609028121" + STAMP * 2 + "26", SC_TO_MS, 19, "the value is reserved"),
        ("4609028121" + STAMP * 2 + "00", SC_TO_MS, 0, "TP-UDHI is set"),
        ("4609028121" + STAMP * 2 + "0001" + "00", SC_TO_MS, 0, "TP-UDHI is set"),
        ("40d300", MS_TO_SC, 0, "TP-UDHI is set"),
        ("0008" + "00" * 163, MS_TO_SC, 0, "165 octets, where a TPDU has at most 164"),
        ("07" + "00" * 164, MS_TO_SC, 0, "165 octets, where a TPDU has at most 164"),
        (SUBMIT + "0000" + "08" + "41e19058341e00", MS_TO_SC, 8, "D13"),
        ("0900028121" + "0000" + "030a0000000000" + "00", MS_TO_SC, 8, "above 9"),
        ("0900028121" + "0000" + "03000600000000" + "00", MS_TO_SC, 8, "above 59"),
        ("0900028121" + "0000" + "08000000000000" + "00", MS_TO_SC, 7, "a reserved bit"),
        ("4100028121" + "0004" + "05" + "0407020101", MS_TO_SC, 9, "expected 1 octet of data, found 2"),
        ("4100028121" + "0004" + "03" + "020600", MS_TO_SC, 9, "expected 1 octet of data, found 0"),
        ("4100028121" + "0004" + "07" + "06060101060102", MS_TO_SC, 9, "D18"),
        ("4100028121" + "0004" + "07" + "06160101160102", MS_TO_SC, 9, "D18"),
        ("4100028121" + "0004" + "0c" + "0b" + "0003010201" + "080400010201", MS_TO_SC, 9, "D18"),
        ("4100028121" + "0004" + "0b" + "0a" + "0402f0f0" + "0504" + "0b8423f0", MS_TO_SC, 9, "D18"),
    ],
)
def test_findings_stand_where_they_belong(octets: str, direction: Direction, offset: int, words: str) -> None:
    """Each thing that is wrong or unusual is found at the octet that is wrong, with the decision if there is one."""
    tree = annotate(bytes.fromhex(octets), direction=direction)
    assert any(place == offset and words in text for place, text in tree.all_findings)


def test_a_tpdu_of_164_octets_is_none_too_long() -> None:
    """The longest SMS-DELIVER-REPORT has no finding, and one octet more has."""
    octets = bytes.fromhex("000700049f") + b"x" * 159
    assert annotate(octets, direction=MS_TO_SC).all_findings == ()
    assert annotate(octets + b"x", direction=MS_TO_SC).all_findings


def findings(octets: bytes, word: str, direction: Direction = MS_TO_SC) -> list[str]:
    """What is found and has the word in it."""
    return [text for _, text in annotate(octets, direction=direction).all_findings if word in text]


@pytest.mark.parametrize("size", range(1, 12))
def test_every_unused_bit_of_a_name_is_found(size: int) -> None:
    """Each bit above the last septet, and none of that septet, whatever is in it."""
    semi_octets, octets = -(-7 * size // 4), -(-7 * size // 8)
    for bit in range(7 * size - 7, 8 * octets):
        value = (1 << bit).to_bytes(octets, "little")
        tpdu = bytes([1, 0, semi_octets, 0xD0]) + value + bytes(3)
        assert len(findings(tpdu, "unused bits")) == (bit >= 7 * size)


@pytest.mark.parametrize("header_octets", range(3, 10))
def test_every_bit_around_the_septets_is_found(header_octets: int) -> None:
    """Fill bits in front of them and unused ones behind, each on its own, and none of theirs."""
    header = bytes([header_octets - 1, 0x70, header_octets - 3]) + bytes(header_octets - 3)
    fill_bits = -8 * header_octets % 7
    length = -(-8 * header_octets // 7) + 3
    octets = -(-(fill_bits + 21) // 8)
    for bit in range(8 * octets):
        payload = (1 << bit).to_bytes(octets, "little")
        tpdu = bytes.fromhex("41000281210000") + bytes([length]) + header + payload
        assert len(findings(tpdu, "fill bits")) == (bit < fill_bits)
        assert len(findings(tpdu, "unused bits are not")) == (bit >= fill_bits + 21)


@each_row("last", range(128))
def test_d13_a_last_septet_that_may_be_spare_bits_is_found(last: int) -> None:
    """An @ that fills the last octet, and no other character; nor where another septet follows."""
    packed = (last << 49 | 0x41).to_bytes(7, "little")
    octets = bytes.fromhex("0100028121000008") + packed
    assert bool(findings(octets, "D13")) == (last == 0)
    assert not findings(octets[:7] + b"\x09" + packed + b"\x41", "D13")


@each_row(
    ("front", "direction", "most"),
    [
        ("0100028121 0004", MS_TO_SC, 140),
        ("04028121 0004" + STAMP, SC_TO_MS, 140),
        ("000604", MS_TO_SC, 160),
        ("00d30604", MS_TO_SC, 159),
        ("000704 04", MS_TO_SC, 159),
        ("0106" + STAMP + "04", SC_TO_MS, 153),
        ("0609028121" + STAMP * 2 + "000604", SC_TO_MS, 141),
        ("0200000000 028121", MS_TO_SC, 155),
    ],
)
def test_as_much_user_data_as_fits_is_not_too_much(front: str, direction: Direction, most: int) -> None:
    """140 octets of messages, and what 164 octets leave in other TPDUs; one more is a finding, and is not read."""
    offset = len(bytes.fromhex(front))
    for length in (most, most + 1):
        octets = bytes.fromhex(front) + bytes([length]) + b"x" * length
        tree = annotate(octets, direction=direction)
        found = (offset, f"the length covers {length} octets, where at most {most} fit")
        assert (found in tree.all_findings) == (length > most)
        assert (tree.children[-1].name == "octets that cannot be read") == (length > most)


RESERVED_ELEMENTS = {0x02, 0x03, *range(0x1A, 0x20), *range(0x26, 0x70), *range(0xA0, 0xC0), *range(0xE0, 0x100)}
LENGTHS = {0x00: 3, 0x01: 2, 0x04: 2, 0x05: 4, 0x06: 1, 0x07: 1, 0x08: 4, 0x24: 1, 0x25: 1}
CLAUSES = {
    **{0x00: "1", 0x01: "2", 0x04: "3", 0x05: "4", 0x06: "5", 0x07: "6", 0x08: "8", 0x09: "9"},
    **{0x0A + number: f"10.1.{1 + number}" for number in range(9)},
    **{0x20 + number: f"{11 + number}" for number in range(6)},
}
CONTENTS = {0x00: "010201", 0x04: "f0f1", 0x08: "00010201"}


@each_row("iei", range(256))
def test_an_element_is_reserved_where_9_2_3_24_has_none(iei: int) -> None:
    """Of the 256 identifiers, and for no other element there is a finding; twice is one too many for some.

    The others stand in the clauses of their own, which the annotation names.
    """
    data = bytes.fromhex(CONTENTS.get(iei, "01" * LENGTHS.get(iei, 2)))
    element = bytes([iei, len(data)]) + data
    for times in (1, 2):
        header = bytes([times * len(element)]) + times * element
        octets = bytes.fromhex("41000281210004") + bytes([len(header)]) + header
        tree = annotate(octets, direction=MS_TO_SC)
        found = [text for _, text in tree.all_findings]
        assert [text for text in found if "identifier" in text] == ["the identifier is reserved"] * times * (
            iei in RESERVED_ELEMENTS
        )
        assert [text for text in found if "D18" in text] == (
            ["a later element of this kind replaces it (D18)"] * (times - 1) * (iei in EXCLUSIVE)
        )
        assert iei in RESERVED_ELEMENTS or times == 2 or not found
        clauses = {node.clause.removeprefix("9.2.3.24.") for node in tree.walk() if "9.2.3.24." in node.clause}
        assert clauses == ({CLAUSES[iei]} if iei in CLAUSES else set())


EXCLUSIVE = {0x00, 0x04, 0x05, 0x06, 0x08, 0x16, 0x24, 0x25}


def test_octets_that_cannot_be_read_are_left_over() -> None:
    """After a field that is cut or lies, the rest is one note."""
    tree = annotate(bytes.fromhex("0100") + b"\x20" + b"\x11" * 30, direction=MS_TO_SC)
    assert [child.name for child in tree.children][-1] == "octets that cannot be read"


def test_a_direction_is_needed() -> None:
    """What is none is refused, as in decoding."""
    with pytest.raises(FieldError) as caught:
        annotate(b"\x00", direction="up")  # type: ignore[arg-type]  # that is the point
    assert caught.value.field == "direction"
