"""TPDUs and their fields as values: plain types for JSON, a data coding scheme made from the user data, and repr."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, DecodeError, UserData, UserDataHeader
from smscodec._values import Unfolding
from smscodec.dcs import DataCodingScheme, IndicationType, MessageWaiting
from smscodec.testing import strategies, tpdus
from smscodec.tpdu import (
    Address,
    Direction,
    EnhancedValidity,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Status,
    Tpdu,
    Validity,
    annotate,
    decode_rp,
    decode_tpdu,
    pdu_mode,
)
from smscodec.tpdu._received import Received

TO = Address("+447700900000")
CLASSES: tuple[type[Any], ...] = (
    SmsSubmit, SmsDeliver, SmsStatusReport, SmsCommand, SmsSubmitReport, SmsDeliverReport, Address, UserData,
    UserDataHeader, RelativeValidity, EnhancedValidity, Status, DataCodingScheme,
)  # fmt: skip


@given(tpdus.tpdus())
def test_a_tpdu_in_plain_types_names_its_type_and_fields(tpdu: Tpdu) -> None:
    """JSON takes ``as_dict()`` and gives it back; it names the class; octets and texts are those of the TPDU."""
    found = json.loads(json.dumps(tpdu.as_dict()))
    assert found == tpdu.as_dict()
    assert found["type"] == type(tpdu).__name__
    if isinstance(tpdu, SmsSubmit | SmsDeliver):
        assert found["user_data"]["payload"] == tpdu.user_data.payload.hex()
        assert found["data_coding_scheme"]["octet"] == tpdu.data_coding_scheme.octet


@given(strategies.user_data())
def test_user_data_in_plain_types_has_its_text(data: UserData) -> None:
    """The text is that of lenient reading, and None where there is none to read."""
    found = json.loads(json.dumps(data.as_dict()))
    readable = data.alphabet is not Alphabet.DATA_8BIT and not data.compressed
    assert found["text"] == (data.text() if readable else None)
    assert found["header"] == data.header.as_dict()
    assert [element["type"] for element in found["header"]["elements"]] == [
        type(element).__name__ for element in data.header.elements
    ]


@given(tpdus.validities(), tpdus.addresses())
def test_fields_in_plain_types(validity: Validity, address: Address) -> None:
    """Validities name their class, addresses their type and plan."""
    assert json.loads(json.dumps(validity.as_dict()))["type"] == type(validity).__name__
    assert address.as_dict() == {
        "number": address.number,
        "type_of_number": address.type_of_number.name,
        "numbering_plan": address.numbering_plan.name,
    }


def test_what_octets_say_is_told_in_plain_types() -> None:
    """A data coding scheme, a status and a relative period give their meaning beside the octet."""
    assert DataCodingScheme(0xC9).as_dict() == {
        "octet": 0xC9,
        "alphabet": "GSM_7BIT",
        "message_class": None,
        "compressed": False,
        "automatic_deletion": False,
        "indication": {"type": "FAX", "active": True, "store": False},
        "reserved": False,
    }
    assert MessageWaiting(IndicationType.FAX, True, False).as_dict()["type"] == "FAX"
    assert Status(0x41).as_dict() == {
        "octet": 0x41,
        "state": "PERMANENT_ERROR",
        "meaning": "incompatible destination",
        "final": True,
        "delivered": False,
    }
    assert RelativeValidity(0).as_dict() == {"type": "RelativeValidity", "value": 0, "duration": "PT5M"}


@given(tpdus.broken_tpdus())
def test_annotations_and_decoded_digits_in_plain_types(octets: bytes) -> None:
    """A tree of annotations goes through JSON, as does what PDU mode reads."""
    tree = annotate(octets, direction=Direction.SC_TO_MS)
    assert json.loads(json.dumps(tree.as_dict())) == tree.as_dict()
    assert tree.as_dict()["raw"] == octets.hex()
    decoded = pdu_mode.decode("00" + SmsSubmit(TO).to_bytes().hex(), direction=Direction.MS_TO_SC)
    assert decoded.as_dict() == {"tpdu": SmsSubmit(TO).as_dict(), "smsc": None}


@given(strategies.user_data().filter(lambda data: len(data.to_bytes()) <= 140))
def test_the_data_coding_scheme_is_made_from_the_user_data(data: UserData) -> None:
    """Without one, a message takes the general scheme of its user data's alphabet."""
    expected = DataCodingScheme.general(data.alphabet, compressed=data.compressed)
    assert SmsSubmit(TO, data).data_coding_scheme == expected
    assert SmsDeliver(TO, None, data).data_coding_scheme == expected


@given(tpdus.broken_tpdus(), st.sampled_from(Direction), st.booleans())
def test_reading_makes_only_values_that_the_constructor_takes(octets: bytes, direction: Direction, relay: bool) -> None:
    """Reading does not check what it has made, and need not: the constructor takes it, and gives the same value."""
    with contextlib.suppress(DecodeError):
        value = decode_rp(octets) if relay else decode_tpdu(octets, direction=direction)
        assert replace(value) == value
        assert replace(value).to_bytes() == value.to_bytes()


@pytest.mark.parametrize("kind", CLASSES)
def test_repr_of_a_half_built_value_shows_the_fields_that_are_set(kind: type[Any]) -> None:
    """A crash report may show a value whose constructor failed half-way: fields that are not set are left out."""
    assert repr(object.__new__(kind)) == f"{kind.__name__}()"


def test_repr_shows_the_fields() -> None:
    """As dataclasses do, and without the octets that were received."""
    assert repr(Address("1")) == (
        "Address(number='1', type_of_number=<TypeOfNumber.UNKNOWN: 0>, numbering_plan=<NumberingPlan.ISDN: 1>)"
    )
    assert "received" not in repr(SmsSubmit(TO))


def test_a_class_of_messages_must_say_how_it_is_written_and_read() -> None:
    """The base of the messages has no octets of its own: each class checks, writes and reads its fields itself."""
    for use in (Received, lambda: Received._of().to_bytes(), lambda: Received.from_bytes(b"\0")):
        with pytest.raises(NotImplementedError):
            use()
    with pytest.raises(NotImplementedError):
        Unfolding()._unfold()
