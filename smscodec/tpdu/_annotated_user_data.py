"""How the user data is annotated: its length, the header element by element, and the payload.

Uses ``UserDataHeader`` and ``UserData`` for all values, and reports what their lenient reading ignores. Knows
nothing of the fields in front.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.23 and 9.2.3.24
"""

from __future__ import annotations

from typing import Final

from smscodec import septets
from smscodec.dcs import Alphabet, DataCodingScheme
from smscodec.tpdu._notes import TOO_SOON, Notes, NothingLeft
from smscodec.tpdu._reader import MOST_OCTETS, covered_octets
from smscodec.tpdu._unreadable import Unreadable, in_septets, in_utf_16
from smscodec.udh import (
    ApplicationPort,
    Concatenation,
    InformationElement,
    NationalLanguageLockingShift,
    NationalLanguageSingleShift,
    OpaqueElement,
    SpecialMessageIndication,
    UserDataHeader,
)
from smscodec.userdata import UserData

__all__ = ["user_data"]


def user_data(
    notes: Notes,
    scheme: DataCodingScheme,
    *,
    has_header: bool,
    most: int = MOST_OCTETS,
    names: tuple[str, str] = ("TP-UDL", "TP-UD"),
) -> None:
    """The length and what it covers."""
    length_name, name = names
    clause = "9.2.3.20" if length_name == "TP-CDL" else "9.2.3.16"
    (length,) = notes.need(1, length_name, clause)
    covered = covered_octets(length, scheme)
    there = min(covered, notes.left - 1)
    most = min(most, MOST_OCTETS - notes.offset - 1)
    in_septets = scheme.alphabet is Alphabet.GSM_7BIT and not scheme.compressed
    findings = []
    if there < covered:
        findings.append(f"{TOO_SOON}: the length covers {covered}, {there} follow")
    if covered > most:
        findings.append(f"the length covers {covered} octets, where at most {most} fit")
    if has_header and not length:
        findings.append("TP-UDHI is set without user data")
    notes.take(1, length_name, clause, f"{length} {'septets' if in_septets else 'octets'}", findings=findings)
    if there > most:
        raise NothingLeft
    if there:
        part = notes.part(there)
        clause = "9.2.3.21" if name == "TP-CD" else "9.2.3.24"
        notes.group(part, name, clause, *_content(part, scheme, length, has_header=has_header))


def _content(part: Notes, scheme: DataCodingScheme, length: int, *, has_header: bool) -> tuple[str | None, list[str]]:
    """Note header and payload; gives the text back, None for 8-bit data, and what is wrong with the whole."""
    read = UserData.from_bytes(
        part.octets,
        length=length,
        alphabet=scheme.alphabet,
        has_header=has_header,
        compressed=scheme.compressed,
    )
    findings = []
    if has_header:
        _header(part, read.header)
    header_octets = part.offset
    payload = part.peek(part.left)
    if scheme.alphabet is Alphabet.GSM_7BIT and not scheme.compressed:
        findings = _bit_findings(payload, header_octets, length, len(read.payload))
    if scheme.alphabet is Alphabet.DATA_8BIT or scheme.compressed:
        if payload:
            part.take(len(payload), "data", "9.2.3.24", payload.hex().upper(), findings=findings)
        return None, [] if payload else findings
    text = read.text()
    if payload:
        inner = part.part(len(payload))
        _characters(inner, _unreadable(read))
        part.take(len(payload), "text", "9.2.3.24", text, findings=findings, children=inner.fields)
    return text, [] if payload else findings


def _unreadable(read: UserData) -> list[Unreadable]:
    """What cannot be read as it stands in the text; starts and ends count octets of the payload on the wire."""
    joined = read.header.concatenation or Concatenation(0, 1, 1)
    more_follow = joined.sequence < joined.total
    if read.alphabet is Alphabet.UCS2:
        return in_utf_16(read.payload, is_first=joined.sequence == 1, more_follow=more_follow)
    fill_bits = septets.fill_bits_after(read.header.octet_length)
    return [
        Unreadable((fill_bits + 7 * start) // 8, -(-(fill_bits + 7 * end) // 8), message)
        for start, end, message in in_septets(read.payload, read.header.shift_tables, more_follow=more_follow)
    ]


def _characters(notes: Notes, places: list[Unreadable]) -> None:
    """Note the octets of a text in pieces: those that cannot be read as they stand, and those between them.

    Two septets may share an octet, so places that meet in one are noted together. Without any, nothing is noted.
    """
    while places:
        start, end, message = places.pop(0)
        messages = [message]
        while places and places[0].start < end:
            end, message = max(end, places[0].end), places.pop(0).message
            messages.append(message)
        if start > notes.offset:
            notes.take(start - notes.offset, "characters", "9.2.3.24")
        notes.take(end - notes.offset, "unreadable", "9.2.3.24", findings=messages)
    if notes.fields and notes.left:
        notes.take(notes.left, "characters", "9.2.3.24")


def _bit_findings(payload: bytes, header_octets: int, length: int, count: int) -> list[str]:
    """What is wrong with the bits around the septets."""
    findings = []
    fill_bits = septets.fill_bits_after(header_octets)
    if length < -(-8 * header_octets // 7):
        findings.append("TP-UDL ends inside the header")
    if payload and payload[0] & (1 << fill_bits) - 1:
        findings.append("the fill bits are not zero")
    spare = 8 * len(payload) - fill_bits - 7 * count
    if payload and 0 < spare < 8 and payload[-1] >> 8 - spare:
        findings.append("the unused bits are not zero")
    if count > 1 and not spare and not payload[-1] >> 1:
        findings.append("the last septet is @: perhaps TP-UDL counts seven unused bits as a character (D13)")
    return findings


def _header(part: Notes, header: UserDataHeader) -> None:
    """Note the user data header with all its elements."""
    octets = part.peek(header.octet_length)
    inner = Notes(octets, part.base + part.offset)
    findings = []
    if header.truncated:
        findings.append("UDHL runs past the end of the user data, so there is neither header nor text (D17)")
    elif header.ignored:
        findings.append(
            "the elements do not fill the header exactly, so a receiver ignores it (D17)"
            if header.ignored[0]
            else "the header is empty"
        )
    inner.take(1, "UDHL", "9.2.3.24", octets[0])
    for index, element in enumerate(header.elements):
        _element(inner, element, header.elements[index + 1 :])
    if inner.left:
        inner.take(inner.left, "octets of the header", "9.2.3.24")
    part.group(inner, "user data header", "9.2.3.24", None, findings)


def _element(notes: Notes, element: InformationElement, later: tuple[InformationElement, ...]) -> None:
    name, clause = _ELEMENTS.get(element.iei, (_other(element.iei), "9.2.3.24"))
    part = notes.part(2 + len(element.data))
    part.take(1, "IEI", "9.2.3.24", f"0x{element.iei:02X}")
    part.take(1, "IEDL", "9.2.3.24", len(element.data))
    if element.data:
        part.take(len(element.data), "IED", clause)
    notes.group(part, name, clause, _in_words(element), _element_findings(element, later))


def _in_words(element: InformationElement) -> str:
    match element:
        case Concatenation(reference, total, sequence):
            return f"reference {reference}, segment {sequence} of {total}"
        case ApplicationPort(destination, originator):
            return f"to port {destination} from port {originator}"
        case NationalLanguageSingleShift(language) | NationalLanguageLockingShift(language):
            return language.name
        case SpecialMessageIndication():
            kept = "store" if element.store else "discard"
            extended = f" (extended type {element.extended_type})" if element.extended_type else ""
            return f"{element.count} {element.type.name}{extended} waiting, profile {element.profile}, {kept}"
        case _:
            return element.data.hex().upper()


_EXCLUSIVE: Final = ({0x00, 0x08}, {0x04, 0x05}, {0x06}, {0x16}, {0x24}, {0x25})
"""Identifiers of which a header holds one element in force, the last that a receiver does not ignore."""

_ONE_OCTET: Final = {0x06, 0x07}
"""Identifiers of elements of one octet, which have no class to refuse another length."""


def _is_ignored(element: InformationElement) -> bool:
    return isinstance(element, OpaqueElement) and element.iei in _KNOWN_CONTENT


def _element_findings(element: InformationElement, later: tuple[InformationElement, ...]) -> list[str]:
    iei = element.iei
    if _is_ignored(element):
        return [f"a receiver ignores this content ({_KNOWN_CONTENT[iei]})"]
    findings = []
    if iei not in _ELEMENTS and _other(iei) == _RESERVED:
        findings.append("the identifier is reserved")
    if iei in _ONE_OCTET and len(element.data) != 1:
        findings.append(f"expected 1 octet of data, found {len(element.data)}")
    if isinstance(element, ApplicationPort) and element.reserved:
        findings.append("a port is reserved (D36)")
    after = {other.iei for other in later if not _is_ignored(other)}
    if any(iei in kind and kind & after for kind in _EXCLUSIVE):
        findings.append("a later element of this kind replaces it (D18)")
    return findings


_KNOWN_CONTENT: Final = {
    0x00: "D19",
    0x01: "9.2.3.24.2",
    0x04: "9.2.3.24.3",
    0x05: "9.2.3.24.4",
    0x08: "D19",
    0x24: "D23",
    0x25: "D23, D24",
}

_ELEMENTS: Final = {
    0x00: ("concatenation, 8-bit reference", "9.2.3.24.1"),
    0x01: ("special message indication", "9.2.3.24.2"),
    0x04: ("application ports, 8 bits", "9.2.3.24.3"),
    0x05: ("application ports, 16 bits", "9.2.3.24.4"),
    0x06: ("service centre control parameters", "9.2.3.24.5"),
    0x07: ("user data header source indicator", "9.2.3.24.6"),
    0x08: ("concatenation, 16-bit reference", "9.2.3.24.8"),
    0x09: ("wireless control message protocol", "9.2.3.24.9"),
    0x0A: ("text formatting", "9.2.3.24.10.1.1"),
    0x0B: ("predefined sound", "9.2.3.24.10.1.2"),
    0x0C: ("user-defined sound", "9.2.3.24.10.1.3"),
    0x0D: ("predefined animation", "9.2.3.24.10.1.4"),
    0x0E: ("large animation", "9.2.3.24.10.1.5"),
    0x0F: ("small animation", "9.2.3.24.10.1.6"),
    0x10: ("large picture", "9.2.3.24.10.1.7"),
    0x11: ("small picture", "9.2.3.24.10.1.8"),
    0x12: ("variable picture", "9.2.3.24.10.1.9"),
    0x20: ("RFC 822 e-mail header", "9.2.3.24.11"),
    0x21: ("hyperlink format", "9.2.3.24.12"),
    0x22: ("reply address", "9.2.3.24.13"),
    0x23: ("enhanced voice mail information", "9.2.3.24.14"),
    0x24: ("national language single shift", "9.2.3.24.15"),
    0x25: ("national language locking shift", "9.2.3.24.16"),
}
"""Names and clauses of the elements that are named by their identifier alone."""

_RESERVED: Final = "reserved element"
_RANGES: Final = (
    (range(0x13, 0x1A), "enhanced message service"),
    (range(0x70, 0x80), "(U)SIM toolkit security"),
    (range(0x80, 0xA0), "SME to SME"),
    (range(0xC0, 0xE0), "specific to the service centre"),
)


def _other(iei: int) -> str:
    return next((name for identifiers, name in _RANGES if iei in identifiers), _RESERVED)
