"""Where the values of smscodec meet those of the oracle: each is put into words the other can be compared with.

Nothing here decides anything about the encoding; what is right stands in ``reference``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from smscodec import Alphabet, NationalLanguage, ShiftTables, UserData, UserDataHeader, gsm7, ucs2
from smscodec.message import Measurement, Segment
from tests import reference

Options = dict[str, Any]
"""Keyword arguments of ``measure``."""


def elements(header: UserDataHeader) -> list[reference.Element]:
    """The elements of a header as the oracle reads them from its octets."""
    return reference.elements_of(header.to_bytes()) if header.octet_length else []


def tables(pair: reference.Tables) -> ShiftTables:
    """The oracle's pair of identifiers as smscodec names it."""
    return ShiftTables(NationalLanguage(pair[0]), NationalLanguage(pair[1]))


def measurement(plan: reference.Plan) -> Measurement:
    """The oracle's plan as ``measure`` would tell it."""
    return Measurement(
        alphabet=Alphabet(plan.alphabet),
        units=plan.units,
        segments=len(plan.ends),
        units_per_segment=plan.room,
        remaining=plan.remaining,
        tables=tables(plan.tables),
    )


def plan(text: str, options: Options) -> reference.Plan:
    """The oracle's plan under the options of ``measure``."""
    return _plan(text, **{**options, "languages": tuple(options.get("languages", ()))})


@lru_cache(maxsize=1 << 14)  # the same texts are tried on one backend after the other
def _plan(
    text: str,
    *,
    languages: tuple[int, ...],
    alphabet: int | None = None,
    header: UserDataHeader | None = None,
    wide_reference: bool = False,
) -> reference.Plan:
    caller = [] if header is None else elements(header)
    return reference.plan(text, alphabet=alphabet, languages=languages, wide=wide_reference, caller=caller)


def tp_uds(segments: Sequence[Segment]) -> list[tuple[int, bytes]]:
    """TP-UDL and TP-UD of each segment, which are the same whether written at once or one by one from its text."""
    one_by_one = [
        UserData(s.message.alphabet, _payload(s), UserDataHeader(s.user_data.header.elements)) for s in segments
    ]
    expected = [(data.length, data.to_bytes()) for data in one_by_one]
    assert expected == [(segment.user_data.length, segment.user_data.to_bytes()) for segment in segments]
    assert one_by_one == [segment.user_data for segment in segments]
    return expected


def _payload(segment: Segment) -> bytes:
    message = segment.message
    if message.alphabet is Alphabet.GSM_7BIT:
        return gsm7.encode(segment.text, message.tables)
    return ucs2.encode(segment.text) if message.alphabet is Alphabet.UCS2 else segment.data


def expected_tp_uds(text: str, options: Options, number: int) -> list[tuple[int, bytes]]:
    """TP-UDL and TP-UD of each segment as the oracle writes them, with that reference number."""
    chosen = plan(text, options)
    caller = elements(options.get("header", UserDataHeader()))
    wide = options.get("wide_reference", False)
    return [
        reference.to_tp_ud(
            part,
            chosen.alphabet,
            chosen.tables,
            reference.segment_elements(chosen, number, sequence, caller, wide=wide),
        )
        for sequence, part in enumerate(reference.slices(text, chosen.ends), start=1)
    ]
