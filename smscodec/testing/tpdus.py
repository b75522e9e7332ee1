"""Hypothesis strategies for TPDUs and their fields, and for octets that are nearly TPDUs.

Values at the edges come up often: names that fill their octets or nearly, zones on both sides of Greenwich, all formats
of validity, parameters present and absent. The user data is that of ``strategies``. Needs the extra ``testing``.

Reference: 3GPP TS 23.040, 9.2
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any, Final

from smscodec.dcs import Alphabet, DataCodingScheme
from smscodec.errors import MissingExtraError
from smscodec.septets import octet_length
from smscodec.testing import strategies
from smscodec.tpdu import (
    AbsoluteValidity,
    Address,
    EnhancedValidity,
    NumberingPlan,
    RelativeValidity,
    SmsCommand,
    SmsDeliver,
    SmsDeliverReport,
    SmsStatusReport,
    SmsSubmit,
    SmsSubmitReport,
    Status,
    Tpdu,
    TypeOfNumber,
    Validity,
)
from smscodec.udh import EMPTY
from smscodec.userdata import UserData

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError("testing", "smscodec.testing.tpdus") from error


__all__ = [
    "addresses",
    "broken_tpdus",
    "commands",
    "deliver_reports",
    "delivers",
    "reports",
    "status_reports",
    "submit_reports",
    "submits",
    "timestamps",
    "tpdus",
    "validities",
]

_QUARTER: Final = timedelta(minutes=15)
_OCTETS: Final = st.one_of(st.sampled_from([0x00, 0x7F, 0x80, 0xFF]), st.integers(0, 255))


@cache
def addresses() -> st.SearchStrategy[Address]:
    """Numbers of 0 to 20 digits of every type and plan, and names of at most 11 septets.

    Reference: 3GPP TS 23.040, 9.1.2.5
    """
    kinds = st.sampled_from([kind for kind in TypeOfNumber if kind is not TypeOfNumber.ALPHANUMERIC])
    digits = st.one_of(st.text("0123456789", max_size=20), st.text("0123456789*#abc", max_size=20))
    numbers = st.builds(Address, digits, kinds, st.sampled_from(NumberingPlan))
    names = st.one_of(
        st.text("abcXYZ @é_", max_size=11),
        st.text("a€^", max_size=5),
        strategies.gsm_texts().map(lambda text: text[:5]),
    )
    return st.one_of(numbers, names.map(lambda name: Address(name, TypeOfNumber.ALPHANUMERIC)))


@cache
def timestamps() -> st.SearchStrategy[datetime]:
    """Whole seconds of the years 2000 to 2099 in zones of up to 79 quarter hours east and west.

    Reference: 3GPP TS 23.040, 9.2.3.11
    """
    quarters = st.one_of(st.sampled_from([-79, -1, 0, 1, 79]), st.integers(-79, 79))
    first, last = datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59)
    moments = st.one_of(st.sampled_from([first, last]), st.datetimes(first, last))
    return st.builds(
        lambda moment, number: moment.replace(microsecond=0, tzinfo=timezone(number * _QUARTER)), moments, quarters
    )


@cache
def _dates() -> st.SearchStrategy[datetime | None]:
    return st.one_of(timestamps(), timestamps(), timestamps(), st.none())


@cache
def validities() -> st.SearchStrategy[Validity]:
    """Relative, absolute and enhanced periods; enhanced ones also of octets without a meaning.

    Reference: 3GPP TS 23.040, 9.2.3.12
    """
    relative = st.builds(RelativeValidity, _OCTETS)
    single = st.booleans()
    enhanced = st.one_of(
        st.builds(EnhancedValidity, st.binary(min_size=7, max_size=7)),
        single.map(lambda once: EnhancedValidity.unlimited(single_shot=once)),
        st.builds(lambda period, once: EnhancedValidity.relative(period, single_shot=once), relative, single),
        st.builds(lambda number, once: EnhancedValidity.seconds(number, single_shot=once), st.integers(1, 255), single),
        st.integers(0, 359_999).map(lambda number: EnhancedValidity.clock(timedelta(seconds=number))),
    )
    return st.one_of(relative, st.builds(AbsoluteValidity, _dates()), enhanced)


@cache
@st.composite
def _coded(draw: st.DrawFn, most: int = 140) -> dict[str, Any]:
    """User data of at most that many octets, and a data coding scheme that says how it is coded."""
    data = draw(strategies.user_data())
    if _size(data) > most:
        data = replace(data, payload=b"", header=EMPTY)
    return {"user_data": data, "data_coding_scheme": draw(st.sampled_from(_SCHEMES[data.alphabet, data.compressed]))}


def _schemes() -> dict[tuple[Alphabet, bool], list[DataCodingScheme]]:
    found: dict[tuple[Alphabet, bool], list[DataCodingScheme]] = {}
    for scheme in map(DataCodingScheme, range(256)):
        found.setdefault((scheme.alphabet, scheme.compressed), []).append(scheme)
    return found


_SCHEMES: Final = _schemes()


def _size(data: UserData) -> int:
    header = data.header.octet_length
    if data.alphabet is not Alphabet.GSM_7BIT or data.compressed:
        return header + len(data.payload)
    return header + octet_length(len(data.payload), fill_bits=-8 * header % 7)


@cache
def submits() -> st.SearchStrategy[SmsSubmit]:
    """Any SMS-SUBMIT.

    Reference: 3GPP TS 23.040, 9.2.2.2
    """
    flags = st.fixed_dictionaries(
        {name: st.booleans() for name in ("reject_duplicates", "status_report_request", "reply_path")}
    )
    return st.builds(
        lambda coded, flags, destination, reference, identifier, validity: SmsSubmit(
            destination,
            message_reference=reference,
            protocol_identifier=identifier,
            validity=validity,
            **coded,
            **flags,
        ),
        _coded(),
        flags,
        addresses(),
        _OCTETS,
        _OCTETS,
        st.one_of(st.none(), validities()),
    )


@cache
def delivers() -> st.SearchStrategy[SmsDeliver]:
    """Any SMS-DELIVER.

    Reference: 3GPP TS 23.040, 9.2.2.1
    """
    names = ("more_messages", "loop_prevention", "status_report_indication", "reply_path")
    flags = st.fixed_dictionaries({name: st.booleans() for name in names})
    return st.builds(
        lambda coded, flags, originator, moment, identifier: SmsDeliver(
            originator, moment, protocol_identifier=identifier, **coded, **flags
        ),
        _coded(),
        flags,
        addresses(),
        _dates(),
        _OCTETS,
    )


@cache
@st.composite
def _parameters(draw: st.DrawFn) -> dict[str, Any]:
    """Every choice of the optional fields behind TP-PI."""
    chosen: dict[str, Any] = {}
    if draw(st.booleans()):
        chosen["protocol_identifier"] = draw(_OCTETS)
    match draw(st.sampled_from(["nothing", "scheme", "data", "data alone"])):
        case "scheme":
            chosen["data_coding_scheme"] = draw(strategies.data_coding_schemes())
        case "data":
            chosen |= draw(_coded(most=120))
        case "data alone":
            chosen["user_data"] = UserData(Alphabet.GSM_7BIT, draw(strategies.septets(max_size=130)))
    extension = draw(st.sampled_from([b"", b"", b"", b"\x00", b"\x80\x00"]))
    return chosen | {"indicator_extension": extension}


@cache
def status_reports() -> st.SearchStrategy[SmsStatusReport]:
    """Any SMS-STATUS-REPORT, in which every choice of optional fields comes up.

    Reference: 3GPP TS 23.040, 9.2.2.3
    """
    flags = st.fixed_dictionaries(
        {name: st.booleans() for name in ("more_messages", "loop_prevention", "answers_command")}
    )
    return st.builds(
        lambda parameters, flags, reference, address, received, discharged, status: SmsStatusReport(
            reference, address, received, discharged, Status(status), **parameters, **flags
        ),
        _parameters(),
        flags,
        _OCTETS,
        addresses(),
        _dates(),
        _dates(),
        _OCTETS,
    )


@cache
def commands() -> st.SearchStrategy[SmsCommand]:
    """Any SMS-COMMAND.

    Reference: 3GPP TS 23.040, 9.2.2.4
    """
    payloads = st.one_of(st.binary(max_size=10), st.binary(max_size=46))
    data = st.builds(
        lambda *fields: UserData(Alphabet.DATA_8BIT, *fields), payloads, strategies.headers(max_octets=100)
    )
    return st.builds(
        lambda destination, kind, number, data, reference, identifier, requested: SmsCommand(
            destination,
            kind,
            number,
            data,
            message_reference=reference,
            protocol_identifier=identifier,
            status_report_request=requested,
        ),
        addresses(),
        _OCTETS,
        _OCTETS,
        data,
        _OCTETS,
        _OCTETS,
        st.booleans(),
    )


@cache
def _causes() -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.sampled_from([0x80, 0xFF]), st.integers(0x80, 0xFF))


@cache
def deliver_reports() -> st.SearchStrategy[SmsDeliverReport]:
    """Any SMS-DELIVER-REPORT, of both forms.

    Reference: 3GPP TS 23.040, 9.2.2.1a
    """
    return st.builds(
        lambda cause, parameters: SmsDeliverReport(failure_cause=cause, **parameters), _causes(), _parameters()
    )


@cache
def submit_reports() -> st.SearchStrategy[SmsSubmitReport]:
    """Any SMS-SUBMIT-REPORT, of both forms.

    Reference: 3GPP TS 23.040, 9.2.2.2a
    """
    return st.builds(
        lambda moment, cause, parameters: SmsSubmitReport(moment, failure_cause=cause, **parameters),
        _dates(),
        _causes(),
        _parameters(),
    )


@cache
def reports() -> st.SearchStrategy[SmsDeliverReport | SmsSubmitReport]:
    """Any report of either type."""
    return st.one_of(deliver_reports(), submit_reports())


@cache
def tpdus() -> st.SearchStrategy[Tpdu]:
    """A TPDU of any type; many are as large as they can be, up to 164 octets.

    Reference: 3GPP TS 23.040, 9.2.2
    """
    return st.one_of(submits(), delivers(), status_reports(), commands(), reports(), _largest())


@cache
@st.composite
def _largest(draw: st.DrawFn) -> SmsSubmit | SmsDeliver:
    """A message with full user data, an address of ten octets and the longest validity period."""
    data = draw(strategies.user_data(full=True))
    address = Address(draw(st.text("0123456789", min_size=19, max_size=20)), TypeOfNumber.INTERNATIONAL)
    scheme = draw(st.sampled_from(_SCHEMES[data.alphabet, data.compressed]))
    if draw(st.booleans()):
        return SmsDeliver(address, draw(_dates()), user_data=data, data_coding_scheme=scheme)
    return SmsSubmit(address, user_data=data, data_coding_scheme=scheme, validity=AbsoluteValidity(draw(_dates())))


@cache
def broken_tpdus() -> st.SearchStrategy[bytes]:
    """Octets that begin like a TPDU and are cut, lengthened, changed in a few bits, or repeat one octet over and over.

    Some are anything at all.

    Reference: 3GPP TS 23.040, 9.2.2
    """
    whole = tpdus().map(lambda tpdu: tpdu.to_bytes())
    changed = whole.flatmap(_changed)
    return st.one_of(
        changed,
        whole.flatmap(_cut),
        changed.flatmap(_cut),
        st.builds(lambda octets, more: octets + more, whole, st.binary(max_size=60)),
        whole.flatmap(_with_a_run),
        st.binary(max_size=200),
    )


def _cut(octets: bytes) -> st.SearchStrategy[bytes]:
    return st.integers(0, len(octets)).map(lambda end: octets[:end])


def _changed(octets: bytes) -> st.SearchStrategy[bytes]:
    """With one to four bits turned over."""
    bits = st.sets(st.integers(0, 8 * len(octets) - 1), min_size=1, max_size=4)
    return bits.map(lambda drawn: (int.from_bytes(octets) ^ sum(1 << bit for bit in drawn)).to_bytes(len(octets)))


def _with_a_run(octets: bytes) -> st.SearchStrategy[bytes]:
    return st.builds(
        lambda place, octet, times: octets[:place] + bytes([octet]) * times + octets[place:],
        st.integers(0, len(octets)),
        _OCTETS,
        st.integers(1, 200),
    )
