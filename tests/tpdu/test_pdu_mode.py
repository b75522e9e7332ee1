"""PDU mode: hexadecimal digits, the SMSC address, the length argument."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smscodec import segment
from smscodec.errors import DecodeError, FieldError
from smscodec.testing import tpdus
from smscodec.tpdu import Address, Direction, NumberingPlan, SmsDeliver, Tpdu, TypeOfNumber, pdu_mode, submits
from tests.tpdu.test_annotation import assert_covers
from tests.tpdu.test_tpdus import DIRECTIONS

RECEIVED = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
NUMBERS = tpdus.addresses().filter(lambda address: address.type_of_number is not TypeOfNumber.ALPHANUMERIC)


def test_a_modem_takes_digits_and_a_length_without_the_smsc() -> None:
    """00 in front says that the modem is to take the service centre of +CSCA."""
    (tpdu,) = submits(segment("Hello"), destination="+447700900000")
    assert pdu_mode.encode(tpdu) == ("0001000C91447700090000000005C8329BFD06", 18)
    assert pdu_mode.encode(tpdu, smsc="+447958879879") == ("079144978578899701000C91447700090000000005C8329BFD06", 18)
    assert pdu_mode.encode(tpdu, smsc=Address("12345"))[0].startswith("04812143F501")


def test_what_a_modem_gives_has_the_smsc() -> None:
    """As the value says, and the TPDU after it; white space around the digits is ignored."""
    for digits in (RECEIVED, RECEIVED.lower(), f"\r\n{RECEIVED}\r\n"):
        tpdu, smsc = pdu_mode.decode(digits, direction=Direction.SC_TO_MS, strict=True)
        assert smsc == Address("+31624000000")
        assert isinstance(tpdu, SmsDeliver)
        assert (str(tpdu.originator), tpdu.user_data.text()) == ("+31641600986", "How are you?")
        assert pdu_mode.encode(tpdu, smsc=smsc) == (RECEIVED, 30)


def test_importing_the_tpdus_is_enough() -> None:
    """``smscodec.tpdu.pdu_mode`` is there without an import of its own, in a fresh interpreter."""
    code = "import smscodec.tpdu as tpdu; print(tpdu.pdu_mode.decode('000000', direction=tpdu.Direction.MS_TO_SC).smsc)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "None\n"


@given(tpdus.tpdus(), st.one_of(st.none(), NUMBERS))
def test_reading_undoes_writing(tpdu: Tpdu, smsc: Address | None) -> None:
    """TPDU and service centre come back, and the length argument counts the TPDU."""
    digits, length = pdu_mode.encode(tpdu, smsc=smsc)
    assert length == len(tpdu.to_bytes())
    assert digits == digits.upper()
    named = getattr(tpdu, "failure_cause", None) is not None
    assert (tpdu, smsc) == pdu_mode.decode(digits, direction=DIRECTIONS[type(tpdu)], rp_error=named)
    tree = pdu_mode.annotate(digits, direction=DIRECTIONS[type(tpdu)], length=length, rp_error=named)
    assert_covers(tree, bytes.fromhex(digits))
    assert tree.findings == ()


@given(tpdus.broken_tpdus(), st.binary(max_size=4), st.sampled_from(Direction), st.booleans())
@example(b"", b"", Direction.SC_TO_MS, False)
@example(b"", b"\x01", Direction.SC_TO_MS, False)
@example(b"\x00", b"\x00", Direction.SC_TO_MS, True)
def test_any_octets_are_a_value_or_a_decode_error(
    octets: bytes, front: bytes, direction: Direction, strict: bool
) -> None:
    """The offset counts from the first digit on, and the annotation covers everything."""
    digits = (front + octets).hex()
    assert_covers(pdu_mode.annotate(digits, direction=direction), front + octets)
    read = decoded(digits, direction, strict=strict)
    if isinstance(read, DecodeError):
        assert 0 <= read.offset <= len(front + octets)
    else:
        assert (front + octets).rstrip(b"\xff").endswith(read.to_bytes().rstrip(b"\xff"))


def decoded(digits: str, direction: Direction, *, strict: bool) -> Tpdu | DecodeError:
    """The TPDU, or the error in its place."""
    try:
        return pdu_mode.decode(digits, direction=direction, strict=strict).tpdu
    except DecodeError as error:
        return error


@pytest.mark.parametrize(
    ("digits", "field", "offset"),
    [
        ("", "smsc", 0),
        ("0", "smsc", 0),
        ("00zz", "hex", 1),
        ("0x0x04", "hex", 0),
        ("00٠١", "hex", 1),
        ("07911326", "smsc", 4),
        ("0C" + "91" * 13, "smsc", 0),
        ("00", "mti", 1),
        ("03911326" + "04", "oa", 5),
    ],
)
def test_errors_say_where(digits: str, field: str, offset: int) -> None:
    """What is not hexadecimal, an SMSC address that is cut or too long, and the TPDU after it."""
    with pytest.raises(DecodeError) as caught:
        pdu_mode.decode(digits, direction=Direction.SC_TO_MS)
    assert (caught.value.field, caught.value.offset) == (field, offset)


def test_strict_reading_refuses_a_filler_among_the_digits() -> None:
    """Of the service centre too."""
    digits = "0381F121" + RECEIVED[16:]
    assert pdu_mode.decode(digits, direction=Direction.SC_TO_MS).smsc == Address("112")
    with pytest.raises(DecodeError, match="smsc at octet 2"):
        pdu_mode.decode(digits, direction=Direction.SC_TO_MS, strict=True)


def test_a_service_centre_has_no_name() -> None:
    """A name is refused."""
    (tpdu,) = submits(segment("Hello"), destination="12")
    with pytest.raises(FieldError) as caught:
        pdu_mode.encode(tpdu, smsc="AcmeInc")
    assert caught.value.field == "smsc"


def test_types_that_do_not_belong_are_refused() -> None:
    """The octets of a serial line for its digits, a number for a TPDU or for a service centre."""
    wrong: Any = b"0001"
    (tpdu,) = submits(segment("Hello"), destination="12")
    for call, field in (
        (lambda: pdu_mode.decode(wrong, direction=Direction.SC_TO_MS), "digits"),
        (lambda: pdu_mode.annotate(wrong, direction=Direction.SC_TO_MS), "digits"),
        (lambda: pdu_mode.encode(wrong), "tpdu"),
        (lambda: pdu_mode.encode(tpdu, smsc=wrong), "smsc"),
    ):
        with pytest.raises(FieldError) as caught:
            call()
        assert field == caught.value.field


def test_a_length_argument_that_does_not_fit_is_a_finding() -> None:
    """And no error."""
    for length, findings in ((30, 0), (38, 1), (29, 1), (0, 1), (None, 0)):
        tree = pdu_mode.annotate(RECEIVED, direction=Direction.SC_TO_MS, length=length)
        assert len(tree.findings) == findings
        assert_covers(tree, bytes.fromhex(RECEIVED))
    assert [child.name for child in tree.children] == ["SMSC address", "SMS-DELIVER"]
    assert tree.children[0].value == "+31624000000"
    assert pdu_mode.annotate("00", direction=Direction.SC_TO_MS).children[0].value == "the one that +CSCA set"


def test_an_empty_number_is_a_service_centre() -> None:
    """A type octet alone, of whichever type, which is one octet long; its high bits are not taken for the filler."""
    (tpdu,) = submits(segment("Hello"), destination="12")
    for kind, plan in product(TypeOfNumber, NumberingPlan):
        if kind is TypeOfNumber.ALPHANUMERIC:
            continue
        smsc = Address("", kind, plan)
        digits, _ = pdu_mode.encode(tpdu, smsc=smsc)
        assert digits.startswith(f"01{0x80 | kind << 4 | plan:02X}")
        assert pdu_mode.decode(digits, direction=Direction.MS_TO_SC, strict=True).smsc == smsc
        assert pdu_mode.annotate(digits, direction=Direction.MS_TO_SC).children[0].value == str(smsc)
