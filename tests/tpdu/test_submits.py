"""A segmented message as SMS-SUBMITs, ready to be sent."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smscodec import Alphabet, NationalLanguage, segment, segment_data
from smscodec.dcs import DataCodingScheme, MessageClass
from smscodec.errors import FieldError, SegmentationError
from smscodec.testing import strategies
from smscodec.tpdu import Address, EnhancedValidity, RelativeValidity, SmsSubmit, submits
from tests import backends

TO = Address("+447700900000")


@given(strategies.texts(), st.integers(0, 255), st.integers(0, 255))
def test_the_text_arrives(text: str, reference: int, message_reference: int) -> None:
    """One SMS-SUBMIT a segment, strictly read again: the whole text (D38), one reference, TP-MR one more for each."""
    message = segment(text, reference=reference)
    octets = [tpdu.to_bytes() for tpdu in submits(message, destination=TO, message_reference=message_reference)]
    read = [SmsSubmit.from_bytes(part, strict=True) for part in octets]
    assert [part.text for part in message] == [tpdu.user_data.text(strict=True) for tpdu in read]
    assert [(message_reference + index) % 256 for index in range(len(message))] == [t.message_reference for t in read]
    if len(message) > 1:
        elements = [tpdu.user_data.header.concatenation for tpdu in read]
        assert [(reference, len(message), place + 1) for place in range(len(message))] == [
            (element.reference, element.total, element.sequence) for element in elements if element
        ]


def test_references_wrap_at_256() -> None:
    """255 is followed by 0."""
    message = segment("a" * 400, reference=1)
    assert [tpdu.message_reference for tpdu in submits(message, destination=TO, message_reference=255)] == [255, 0, 1]


def test_every_segment_has_the_same_fields() -> None:
    """All but TP-MR, TP-UDL and TP-UD."""
    options: dict[str, Any] = {
        "protocol_identifier": 0x41,
        "validity": RelativeValidity.at_least(timedelta(hours=1)),
        "reject_duplicates": True,
        "status_report_request": True,
        "reply_path": True,
    }
    parts = submits(segment("ж" * 200, reference=1), destination=TO, message_class=MessageClass.CLASS_0, **options)
    assert len(parts) == 3
    for part in parts:
        assert (TO, DataCodingScheme(0x18)) == (part.destination, part.data_coding_scheme)
        assert options == {name: getattr(part, name) for name in options}


def test_a_destination_can_be_a_text() -> None:
    """It is read as ``Address`` reads it."""
    assert [tpdu.destination for tpdu in submits(segment("Hi"), destination="+447700900000")] == [TO]


def test_national_tables_and_data_go_the_same_way() -> None:
    """The alphabet of the message makes TP-DCS; shift elements are in the header."""
    text = "Önümüzdeki salı günü saat dokuzda şubemizde görüşmek üzere; şimdiden teşekkür ederiz."
    (turkish,) = submits(segment(text, languages=[NationalLanguage.TURKISH]), destination=TO)
    assert (0x00, text) == (turkish.data_coding_scheme.octet, turkish.user_data.text())
    parts = submits(segment_data(bytes(200), reference=1), destination=TO)
    assert [part.data_coding_scheme.octet for part in parts] == [0x04, 0x04]
    assert bytes(200) == b"".join(part.user_data.payload for part in parts)


def test_a_scheme_of_ones_own() -> None:
    """A message waiting indication, say; it must hold the alphabet, and it holds the class."""
    wrong: list[Any] = [{"data_coding_scheme": DataCodingScheme(8)}, {"data_coding_scheme": 8}]
    (part,) = submits(segment("Hi"), destination=TO, data_coding_scheme=DataCodingScheme(0xC8))
    assert part.data_coding_scheme.octet == 0xC8
    for options in wrong:
        with pytest.raises(FieldError):
            submits(segment("Hi"), destination=TO, **options)
    with pytest.raises(FieldError) as caught:
        submits(
            segment("Hi"),
            destination=TO,
            data_coding_scheme=DataCodingScheme(0x11),
            message_class=MessageClass.CLASS_1,
        )
    assert caught.value.field == "message_class"


def test_several_segments_need_a_reference() -> None:
    """Without one they would be mixed on the handset; one segment needs none."""
    with pytest.raises(FieldError, match="ReferenceCounter") as caught:
        submits(segment("a" * 161), destination=TO)
    assert caught.value.field == "reference"
    assert len(submits(segment("a" * 160), destination=TO)) == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"destination": TO, "message_reference": 256}, "message_reference"),
        ({"destination": TO, "message_reference": -1}, "message_reference"),
        ({"destination": "1" * 21}, "number"),
        ({"destination": None}, "destination"),
        ({"destination": 447700900000}, "destination"),
        ({"destination": "+44 7700"}, "number"),
        ({"destination": ""}, "destination"),
        ({"destination": Address("+")}, "destination"),
        ({"destination": TO, "message_reference": True}, "message_reference"),
        ({"destination": TO, "protocol_identifier": 1.0}, "protocol_identifier"),
        ({"destination": TO, "validity": timedelta(days=1)}, "validity"),
        ({"destination": TO, "status_report_request": "yes"}, "status_report_request"),
        ({"destination": TO, "message_class": 4}, "message_class"),
    ],
)
def test_impossible_arguments_are_refused(options: Any, field: str) -> None:
    """``FieldError`` names the argument or the field."""
    with pytest.raises(FieldError) as caught:
        submits(segment("Hi"), **options)
    assert field == caught.value.field


@pytest.mark.parametrize("message", ["Hi", b"Hi", None, [segment("Hi")]])
def test_a_message_is_segmented_first(message: Any) -> None:
    """A bare text is refused with a word on what makes a message of it."""
    with pytest.raises(FieldError, match=r"expected a SegmentedMessage \(see segment\(\)\)") as caught:
        submits(message, destination=TO)
    assert caught.value.field == "message"


def test_a_submit_of_a_segment_is_a_value_like_any_other() -> None:
    """Equal to the one that the constructor makes, whichever field is asked for first, after a copy or a pickle too."""
    ways: list[Callable[[SmsSubmit], object]] = [
        repr, hash, copy.copy, copy.deepcopy, SmsSubmit.as_dict, SmsSubmit.to_bytes,
        lambda value: pickle.loads(pickle.dumps(value)), *(attrgetter(field.name) for field in fields(SmsSubmit)),
    ]  # fmt: skip
    message = segment("ж" * 71, reference=7)
    for look in ways:
        for part, data in zip(submits(message, destination=TO, reject_duplicates=True), message, strict=True):
            made = SmsSubmit(TO, data.user_data, message_reference=data.sequence - 1, reject_duplicates=True)
            assert look(part) == look(made)
            assert part == made
            with pytest.raises(AttributeError, match="'SmsSubmit' object has no attribute 'no_such_field'"):
                part.no_such_field  # type: ignore[attr-defined]  # noqa: B018  # that is the point


def test_0_and_256_parts() -> None:
    """A message has 1 to 255 segments: none cannot be made by hand, and 256 cannot be made nor numbered."""
    message = segment("a" * 161, reference=1)
    with pytest.raises(FieldError, match="bounds"):
        replace(message, bounds=(0,))
    with pytest.raises(SegmentationError):
        segment("a" * (153 * 255 + 1), reference=1)
    with pytest.raises(FieldError) as caught:
        submits(replace(message, text="a" * 256, bounds=tuple(range(257))), destination=TO)
    assert caught.value.field == "total"
    assert len(submits(segment("a" * (153 * 255), reference=1), destination=TO)) == 255


def test_empty_text_is_one_tpdu() -> None:
    """Of no user data."""
    (part,) = submits(segment(""), destination=TO)
    assert (part.to_bytes()[-1], part.user_data.alphabet, part.user_data.text()) == (0, Alphabet.GSM_7BIT, "")


OPTIONS = st.fixed_dictionaries(
    {
        "protocol_identifier": st.integers(0, 255),
        "validity": st.sampled_from([None, RelativeValidity(7), EnhancedValidity.seconds(90)]),
        "reject_duplicates": st.booleans(),
        "status_report_request": st.sampled_from([False, True, 0, 1]),
        "reply_path": st.booleans(),
    }
)


@given(strategies.boundary_texts(), st.integers(0, 255), OPTIONS, st.sampled_from(["", "all"]), st.booleans())
def test_each_is_the_value_that_its_constructor_makes(
    text: str, number: int, options: dict[str, Any], languages: str, wide: bool
) -> None:
    """Equal in every field, type, hash, repr and octet, on every backend, and through copies and pickle."""
    message = segment(text, reference=number, languages=languages or (), wide_reference=wide)
    expected = [
        SmsSubmit(TO, part.user_data, message_reference=(number + place) % 256, **options)
        for place, part in enumerate(message)
    ]
    for kernels in backends.AVAILABLE.values():
        with backends.used(kernels):
            made = submits(message, destination=TO, message_reference=number, **options)
            assert [tpdu.to_bytes() for tpdu in expected] == [tpdu.to_bytes() for tpdu in made]
            copies = [pickle.loads(pickle.dumps(tpdu)) for tpdu in made]
            assert expected == copies == [copy.deepcopy(tpdu) for tpdu in made] == made
            assert list(map(hash, expected)) == list(map(hash, made))
            assert list(map(repr, expected)) == list(map(repr, made))
            assert [type(tpdu.status_report_request) for tpdu in made] == [bool] * len(made)
            assert [tpdu.to_bytes() for tpdu in expected] == [tpdu.to_bytes() for tpdu in copies]


def test_what_one_by_one_refuses_is_refused_for_a_message() -> None:
    """The same error for every argument that ``SmsSubmit`` refuses, and for octets beyond the room."""
    message = segment("Hi")
    values: list[Any] = ["no", -1, 256, 1.5, [], DataCodingScheme(8)]
    names = ("protocol_identifier", "validity", "reject_duplicates", "reply_path", "data_coding_scheme")
    wrong: list[dict[str, Any]] = [{name: value} for name in names for value in values]
    for options in wrong:
        with pytest.raises(FieldError) as one:
            SmsSubmit(TO, message[0].user_data, **options)
        with pytest.raises(FieldError) as whole:
            submits(message, destination=TO, **options)
        assert (one.value.field, str(one.value)) == (whole.value.field, str(whole.value))
    data = segment_data(bytes(200), reference=1)
    with pytest.raises(FieldError) as caught:
        submits(replace(data, bounds=(0, 200)), destination=TO)
    assert caught.value.field == "user_data"
