"""Details of TPDUs and their annotation that a mutant once got past: each is pinned by example.

Reference: 3GPP TS 23.040, 9.1.2.5, 9.2.3.16 and 9.2.3.24; 3GPP TS 24.011, 8.2.5.1
"""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from smscodec.errors import DecodeError
from smscodec.tpdu import (
    Address,
    Annotation,
    Direction,
    SmsDeliverReport,
    SmsSubmitReport,
    annotate,
    pdu_mode,
)

DELIVER = "{first} 0b911346610089f6 00 {dcs} 20806291731480 {udl} {ud}"


def annotated(*, dcs: str, udl: str, ud: str, first: str = "44") -> dict[str, list[Annotation]]:
    """The parts of an SMS-DELIVER with this user data by their names; with a header unless ``first`` says otherwise."""
    octets = bytes.fromhex(DELIVER.format(first=first, dcs=dcs, udl=udl, ud=ud))
    found: dict[str, list[Annotation]] = {}
    for part in annotate(octets, direction=Direction.SC_TO_MS).walk():
        found.setdefault(part.name, []).append(part)
    return found


def findings(parts: dict[str, list[Annotation]]) -> str:
    """All that is reported of user data."""
    return "; ".join(finding for group in parts.values() for part in group for finding in part.findings)


def test_the_value_of_user_data_is_its_text_or_its_octets() -> None:
    """8-bit data is shown as hexadecimal digits, and text as text: UCS-2 and GSM 7-bit alike."""
    assert [part.value for part in annotated(dcs="04", udl="03", ud="4a4b4c", first="04")["data"]] == ["4A4B4C"]
    assert [part.value for part in annotated(dcs="08", udl="06", ud="004a004b004c", first="04")["text"]] == ["JKL"]
    assert [part.value for part in annotated(dcs="00", udl="02", ud="e834", first="04")["text"]] == ["hi"]
    assert "text" not in annotated(dcs="04", udl="03", ud="4a4b4c", first="04")


def test_the_values_of_a_header_are_its_lengths_and_identifiers() -> None:
    """UDHL is its number of octets, and each element has its identifier, its length and its content."""
    parts = annotated(dcs="04", udl="0a", ud="09 00 03 01 02 01 c0 02 a1 b2")
    assert [part.value for part in parts["UDHL"]] == [9]
    assert [part.value for part in parts["IEI"]] == ["0x00", "0xC0"]
    assert [part.value for part in parts["IEDL"]] == [3, 2]
    assert [part.value for part in parts["specific to the service centre"]] == ["A1B2"]
    assert not findings(parts)


@pytest.mark.parametrize(
    ("elements", "replaced"),
    [
        ("00 03 01 02 01", 0),
        ("00 03 01 02 01 05 04 0b84 23f0", 0),
        ("00 03 01 02 01 00 03 01 02 02", 1),
        ("00 03 01 02 01 08 04 0001 02 02", 1),
        ("04 02 f0 f1 05 04 0b84 23f0", 1),
        ("24 01 01 25 01 01", 0),
        ("24 01 01 24 01 02 24 01 03", 2),
        ("01 02 00 01 01 02 01 01", 0),
        ("c0 01 01 c0 01 02", 0),
        ("00 03 01 02 01 00 03 01 02 03", 0),  # the later one is ignored, and replaces nothing
    ],
)
def test_d18_only_an_element_that_a_later_one_replaces_is_a_finding(elements: str, replaced: int) -> None:
    """Exclusive elements are reported but for the last usable one; repeatable and different ones never."""
    octets = bytes.fromhex(elements)
    ud = bytes([len(octets)]) + octets
    parts = annotated(dcs="04", udl=f"{len(ud):02x}", ud=ud.hex())
    assert findings(parts).count("(D18)") == replaced


@pytest.mark.parametrize(
    ("udl", "ud", "suspected"),
    [
        ("08", "61f1985c369f01", True),  # aaaaaaa@, or seven characters and seven unused bits
        ("07", "61f1985c369f01", False),
        ("08", "61f1985c369fc3", False),  # its last septet is another
        ("10", "61f1985c369fc361f1985c369f01", True),
    ],
)
def test_d13_a_last_commercial_at_in_the_place_of_unused_bits_is_a_finding(udl: str, ud: str, suspected: bool) -> None:
    """Eight septets of which the last is @ may be seven and a UDL that counts one too many."""
    assert ("(D13)" in findings(annotated(dcs="00", udl=udl, ud=ud, first="04"))) is suspected


def test_d13_one_commercial_at_after_a_header_is_no_finding() -> None:
    """After six octets of header one septet fills its octet, and a text of @ alone is only that."""
    parts = annotated(dcs="00", udl="08", ud="050003010201 00")
    assert [part.value for part in parts["text"]] == ["@"]
    assert "(D13)" not in findings(parts)


def test_d13_two_septets_that_fill_their_octets_are_enough_for_a_finding() -> None:
    """After five octets of header two septets fill two octets, so that the last, @, may be unused bits."""
    assert "(D13)" in findings(annotated(dcs="00", udl="08", ud="04c0020000 8401"))
    assert "(D13)" not in findings(annotated(dcs="00", udl="08", ud="04c0020000 84c3"))


@pytest.mark.parametrize(
    ("ud", "words"),
    [
        ("ff 00 03", "UDHL runs past the end of the user data, so there is neither header nor text (D17)"),
        ("02 00 03 41", "the elements do not fill the header exactly, so a receiver ignores it (D17)"),
        ("00 41", "the header is empty"),
    ],
)
def test_d17_a_header_that_is_not_one_is_a_finding_of_its_kind(ud: str, words: str) -> None:
    """A header that runs past the end, does not come out even or has nothing in it, each in words of its own."""
    octets = bytes.fromhex(ud)
    parts = annotated(dcs="04", udl=f"{len(octets):02x}", ud=ud)
    assert [part.findings for part in parts["user data header"]] == [(words,)]
    assert [part.value for part in parts["UDHL"]] == [octets[0]]


def test_an_annotation_as_a_dict_has_every_field_by_its_name() -> None:
    """``as_dict`` names the fields of an annotation, its findings and its parts among them, all the way down."""
    octets = bytes.fromhex(DELIVER.format(first="44", dcs="04", udl="03", ud="020001"))
    tree = annotate(octets, direction=Direction.SC_TO_MS)
    names = [field.name for field in dataclasses.fields(Annotation)]
    assert "findings" in names

    def check(part: Annotation, shown: dict[str, object]) -> int:
        assert list(shown) == names
        assert shown["findings"] == list(part.findings)
        children = shown["children"]
        assert isinstance(children, list)
        return len(part.findings) + sum(map(check, part.children, children))

    assert check(tree, tree.as_dict()) > 0


FORMS = [
    # lenient octets that the specification would write in another way, and the form that they came in
    (SmsDeliverReport, "002200ff", True),
    (SmsDeliverReport, "00c000ff", None),
    (SmsDeliverReport, "0000ff", False),
    (SmsSubmitReport, "01220020806291731480ff", True),
    (SmsSubmitReport, "010020806291731480ff", False),
]


@pytest.mark.parametrize(("kind", "octets", "rp_error"), FORMS, ids=[octets for _, octets, _ in FORMS])
def test_d34_a_report_keeps_its_octets_in_whichever_form_it_came(
    kind: type[SmsDeliverReport | SmsSubmitReport], octets: str, rp_error: bool | None
) -> None:
    """A report that was read in the RP-ERROR form is checked in that form when it is copied or replaced."""
    report = kind.from_bytes(bytes.fromhex(octets), rp_error=rp_error)
    assert (report.failure_cause is not None) is (rp_error is not False)
    copies = [dataclasses.replace(report), copy.deepcopy(report), pickle.loads(pickle.dumps(report))]
    assert [other.to_bytes().hex() for other in copies] == [octets] * 3
    assert [report] * 3 == copies


@pytest.mark.parametrize("digits", [19, 20])
def test_addresses_have_twenty_digits_at_most(digits: int) -> None:
    """An address of 20 semi-octets is read and written; one of 21 is refused at its length."""
    address = Address("1" * digits)
    assert Address.from_bytes(address.to_bytes()).number == "1" * digits
    longer = bytes([digits + 2, 0x81]) + b"\x11" * 11
    if digits == 20:
        with pytest.raises(DecodeError) as caught:
            Address.from_bytes(longer)
        assert (caught.value.field, caught.value.offset) == ("address", 0)


TPDU = "01000b911346610089f6 0000 02 e834"


def test_a_service_centre_of_eleven_octets_is_the_longest() -> None:
    """A type octet and 20 digits are read; a length of 12 is refused where it stands, and is a finding."""
    longest = "0b 91" + " 21" * 10
    assert pdu_mode.decode(f"{longest} {TPDU}").smsc == Address("+" + "12" * 10)
    with pytest.raises(DecodeError) as caught:
        pdu_mode.decode(f"0c 91 {' 21' * 11} {TPDU}")
    assert (caught.value.field, caught.value.offset) == ("smsc", 0)
    annotation = pdu_mode.annotate(f"0c 91 {' 21' * 11} {TPDU}")
    assert any("12 octets" in finding for part in annotation.walk() for finding in part.findings)


@pytest.mark.parametrize(("length", "wrong"), [(15, False), (14, True), (16, True), (0, True)])
def test_a_length_argument_that_does_not_fit_is_a_finding(length: int, wrong: bool) -> None:
    """The length argument of AT+CMGS counts the TPDU; another number is reported by both numbers."""
    found = pdu_mode.annotate(f"00 {TPDU}", length=length).findings
    assert bool(found) is wrong
    assert all(f" {length}," in finding and "15 octets" in finding for finding in found)


@pytest.mark.parametrize(
    ("digits", "offset"), [("00X1", 1), ("00x1", 1), ("0 0g", 1), ("XX", 0), ("0011000x", 3), ("00é0", 1)]
)
def test_d44_x_is_not_a_hexadecimal_digit(digits: str, offset: int) -> None:
    """0x is passed over only in front of digits; anywhere else x is refused like any other letter, at its octet."""
    with pytest.raises(DecodeError) as caught:
        pdu_mode.decode(digits)
    assert (caught.value.field, caught.value.offset) == ("hex", offset)
