"""The vectors of cell broadcast pages and USSD strings, run against smscodec."""

from __future__ import annotations

from typing import Any

import pytest

from smscodec import Alphabet, DecodeError, FieldError, SegmentationError, UnencodableError, cbs
from tests.conformance.vectors import Case, cases, octets
from tests.rows import each_row


def fields(page: cbs.Page) -> Case:
    """The fields of a page in the words of the vectors."""
    scope, code, update = page.serial_number
    named = {"scope": scope, "code": code, "update": update, "message_identifier": page.message_identifier}
    return named | {"data_coding": f"{page.data_coding.octet:02x}", "page": page.page, "pages": page.pages}


def text_of(page: cbs.Page, *, strict: bool = False) -> str | None:
    """The text, or None where the page holds none."""
    return None if page.data_coding.alphabet is Alphabet.DATA_8BIT else page.text(strict=strict)


@each_row("case", cases("cell_broadcast.json", "read"))
def test_reading_pages(case: Case) -> None:
    """The octets give fields, language and text, are written again, and strict reading takes or refuses them."""
    data = octets(case["octets"])
    if "error" in case:
        with pytest.raises(DecodeError) as caught:
            cbs.Page.from_bytes(data)
        assert case["error"] == {"field": caught.value.field, "offset": caught.value.offset}
        return
    page = cbs.Page.from_bytes(data)
    assert (case["fields"], case["language"], case["text"]) == (fields(page), page.language, text_of(page))
    parameter = bytes([case["fields"]["page"] << 4 | case["fields"]["pages"]])
    assert data[:5] + parameter + data[6:] == page.to_bytes()
    if "strict" in case:
        with pytest.raises(DecodeError) as caught:
            cbs.Page.from_bytes(data, strict=True).text(strict=True)
        assert case["strict"] == {"field": caught.value.field, "offset": caught.value.offset}
    else:
        assert page == cbs.Page.from_bytes(data, strict=True)
        assert case["text"] == text_of(page, strict=True)


def options(case: Case) -> dict[str, Any]:
    """Keyword arguments of the writers."""
    given: dict[str, Any] = dict(case["options"])
    return given | {"data_coding": int(given["data_coding"], 16)}


@each_row("case", cases("cell_broadcast.json", "write"))
def test_writing_pages(case: Case) -> None:
    """A text goes on these pages and reads back but for CRs at its end, or is refused."""
    text = "".join(string * count for string, count in case["text"])
    if "error" in case:
        expected: Any = {"segmentation": SegmentationError, "unencodable": UnencodableError, "argument": FieldError}
        with pytest.raises(expected[case["error"]["kind"]]) as caught:
            cbs.pages(text, **options(case))
        told = {name: value for name, value in case["error"].items() if name != "kind"}
        assert told == {name: getattr(caught.value, name) for name in told}
        return
    written = cbs.pages(text, **options(case))
    assert case["pages"] == [page.to_bytes().hex() for page in written]
    assert text.rstrip("\r") == "".join(page.text(strict=True) for page in written)


@pytest.mark.parametrize("case", cases("cell_broadcast.json", "ussd"))
def test_d42_ussd_strings(case: Case) -> None:
    """A text becomes the octets under its data coding, and these read as the text."""
    coding = int(case["data_coding"], 16)
    assert octets(case["octets"]) == cbs.ussd_octets(case["text"], coding, language=case["language"])
    assert case["text"] == cbs.ussd_text(octets(case["octets"]), coding)
    assert case["text"] == cbs.ussd_text(octets(case["octets"]), coding, strict=True)
