"""The vectors of SMPP and of WAP push, vCard and vCalendar, run against smscodec."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from smscodec import (
    Alphabet,
    ApplicationPort,
    DecodeError,
    FieldError,
    SegmentedMessage,
    UnencodableError,
    UserDataHeader,
    segment,
    segment_data,
)
from smscodec.smpp import (
    Receipt,
    SarParameters,
    ShortMessage,
    decode_short_message,
    parse_time,
    segment_coded,
    short_messages,
    time,
)
from smscodec.udh import EMPTY
from smscodec.wap import Action, parse_service_indication, service_indication, vcalendar, vcard
from tests.conformance.vectors import Case, cases, named, octets
from tests.rows import each_row


def found_error(error: DecodeError) -> Case:
    """Field and offset in the words of the vectors."""
    return {"field": error.field, "offset": error.offset}


def refusal(error: Exception) -> Case:
    """What the caller did wrong in the words of the vectors."""
    if isinstance(error, UnencodableError):
        return {"kind": "unencodable", "start": error.start}
    assert isinstance(error, FieldError)
    return {"kind": "argument", "field": error.field}


def parameters(case: Case) -> SarParameters | None:
    """The parameters in a case."""
    return SarParameters(*case["sar"]) if case.get("sar") else None


def smpp_options(given: Case) -> dict[str, Any]:
    """The options of a case as smscodec takes them: JSON has no numbers for keys."""
    codings = {int(number): name for number, name in given.get("codings", {}).items()}
    return {**given, "codings": codings} if codings else given


@each_row("case", cases("smpp.json", "write"))
def test_writing_short_messages(case: Case) -> None:
    """A text has these fields, or is refused."""
    asked = named(case, "reference", "wide_reference", "languages")
    if "data" in case:
        elements = octets(case.get("header", ""))
        header = UserDataHeader.from_bytes(bytes([len(elements)]) + elements) if elements else EMPTY
        message = segment_data(octets(case["data"]), header=header, **asked)
    else:
        text = joined(case["text"])
        message = segment_coded(text, **smpp_options(case["cut"]), **asked) if "cut" in case else segment(text, **asked)
    options = smpp_options(case["options"])
    if "error" in case:
        with pytest.raises((FieldError, UnencodableError)) as caught:
            short_messages(message, **options)
        assert case["error"] == refusal(caught.value)
        return
    assert [
        ShortMessage(
            short["data_coding"],
            short["esm_class"],
            octets(short["short_message"]),
            parameters(short),
            octets(short["message_payload"]) if "message_payload" in short else None,
        )
        for short in case["messages"]
    ] == short_messages(message, **options)


@each_row("case", cases("smpp.json", "read"))
def test_reading_short_messages(case: Case) -> None:
    """The fields give alphabet, header, payload and text, and strict reading takes or refuses them."""
    options = smpp_options(case["options"]) | {"sar": parameters(case["options"])}
    fields = case["data_coding"], case["esm_class"], octets(case["short_message"])
    refused = case.get("error") or case.get("strict")
    if refused:
        with pytest.raises(DecodeError) as caught:
            decode_short_message(*fields, **options, strict=True)
        assert refused == found_error(caught.value)
    if "error" in case:
        with pytest.raises(DecodeError) as caught:
            decode_short_message(*fields, **options)
        assert refused == found_error(caught.value)
        return
    found = decode_short_message(*fields, **options)
    header = case.get("header", "")
    assert (case["alphabet"], octets(header)) == (found.alphabet.name, found.header.to_bytes())
    assert octets(case["payload"]) == found.payload
    assert case.get("text") == (None if found.alphabet is Alphabet.DATA_8BIT else found.text())
    if not refused:
        assert found == decode_short_message(*fields, **options, strict=True)


@pytest.mark.parametrize("case", cases("smpp.json", "sar"))
def test_d37_sar_parameters(case: Case) -> None:
    """The parameters are in force or void, and strict reading takes or refuses them."""
    found = SarParameters.from_parameters(**case["parameters"])
    assert parameters(case) == found
    if found:
        assert octets(case["octets"]) == found.to_bytes()
    if "strict" in case:
        with pytest.raises(DecodeError) as caught:
            SarParameters.from_parameters(**case["parameters"], strict=True)
        assert case["strict"] == found_error(caught.value)
    else:
        assert found == SarParameters.from_parameters(**case["parameters"], strict=True)


@pytest.mark.parametrize("case", cases("smpp.json", "receipt"))
def test_receipts(case: Case) -> None:
    """What a service centre wrote has these fields, and is written so where it is as we write it."""
    found = Receipt.parse(case["written"], message_state=case.get("message_state"))
    assert found == Receipt.parse(case["written"].encode(), message_state=case.get("message_state"))
    shown = found.as_dict() | {"status": found.status}
    assert case["fields"] == {name: shown[name] for name in case["fields"]}
    if case.get("formats"):
        assert case["written"] == found.format()


@pytest.mark.parametrize("case", cases("smpp.json", "time"))
def test_times(case: Case) -> None:
    """The characters are this moment or this long, both ways, or are refused."""
    if "error" in case:
        with pytest.raises(DecodeError) as caught:
            parse_time(case["text"])
        assert case["error"] == found_error(caught.value)
        return
    seconds = case.get("seconds")
    moment = datetime.fromisoformat(case["moment"]) if "moment" in case else None
    expected = moment or (None if seconds is None else timedelta(seconds=seconds))
    assert expected == parse_time(case["text"])
    if expected is not None:
        assert case["text"] == time(expected)


def joined(pieces: list[Any]) -> str:
    """Text that is told in pieces and their repetitions."""
    return "".join(string * count for string, count in pieces)


def fields(case: Case) -> dict[str, Any]:
    """The fields of an indication as smscodec has them."""
    found: dict[str, Any] = dict(case["fields"])
    for name in ("created", "expires"):
        if found.get(name):
            found[name] = datetime.fromisoformat(found[name])
    if "action" in found:
        found["action"] = Action[found["action"].upper().replace("-", "_")]
    if "information" in found:
        found["information"] = tuple(map(tuple, found["information"]))
    return found


def check_segments(case: Case, message: SegmentedMessage) -> None:
    """The segments carry the octets to the ports."""
    assert all(part.user_data.header.application_port == ApplicationPort(*case["ports"]) for part in message)
    assert octets(case["octets"]) == b"".join(part.user_data.payload for part in message)
    alone = UserDataHeader([ApplicationPort(*case["ports"])]).to_bytes() + octets(case["octets"])
    segments = [octets(segment) for segment in case["segments"]] if "segments" in case else [alone]
    assert segments == [part.user_data.to_bytes() for part in message]


@each_row("case", cases("wap.json", "write"))
def test_writing_indications(case: Case) -> None:
    """An indication becomes the octets to the ports and reads back, or is refused."""
    if "error" in case:
        with pytest.raises((FieldError, UnencodableError)) as caught:
            service_indication(**fields(case))
        assert case["error"] == refusal(caught.value)
        return
    asked = {"transaction_id": case["transaction_id"]} if "transaction_id" in case else {}
    check_segments(case, service_indication(**fields(case), **asked))
    found = parse_service_indication(octets(case["octets"]), strict=True)
    assert fields(case) == {name: getattr(found, name) for name in case["fields"]}


@pytest.mark.parametrize("case", cases("wap.json", "vcard") + cases("wap.json", "vcalendar"))
def test_writing_cards_and_calendars(case: Case) -> None:
    """A card or a calendar becomes the octets to its port."""
    make = {"vcard": vcard, "vcalendar": vcalendar}[case["operation"]]
    check_segments(case, make(joined(case["text"]), reference=case.get("reference")))


@each_row("case", cases("wap.json", "read"))
def test_reading_indications(case: Case) -> None:
    """The octets give the fields, and strict reading takes or refuses them."""
    data = octets(case["octets"])
    refused = case.get("error") or case.get("strict")
    if refused:
        with pytest.raises(DecodeError) as caught:
            parse_service_indication(data, strict=True)
        assert refused == found_error(caught.value)
    if "error" in case:
        with pytest.raises(DecodeError) as caught:
            parse_service_indication(data)
        assert refused == found_error(caught.value)
        return
    found = parse_service_indication(data)
    assert fields(case) == {name: getattr(found, name) for name in case["fields"]}
    if not refused:
        assert found == parse_service_indication(data, strict=True)
