"""smscodec behind the protocol of ``python -m smscodec.testing run``: ``python -m tests.conformance.adapter``.

The adapter of the suite's own implementation, as one of any other would be, and the proof that the questions can all be
answered. Each function answers one operation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from smscodec import (
    Alphabet,
    DecodeError,
    FieldError,
    SegmentationError,
    SegmentedMessage,
    ShiftTables,
    UndecodableError,
    UnencodableError,
    UserData,
    UserDataHeader,
    cbs,
    gsm7,
    measure,
    segment,
    segment_data,
    septets,
    smpp,
    transliterate,
    ucs2,
)
from smscodec.dcs import CellBroadcastDataCoding, DataCodingScheme
from smscodec.reassembly import Reassembler
from smscodec.tpdu import Direction, decode_rp, decode_tpdu, pdu_mode
from smscodec.tpdu.meanings import modem_error_meaning
from smscodec.udh import EMPTY
from smscodec.vonage.signature import SignatureMethod, sign
from smscodec.wap import parse_service_indication, service_indication, vcalendar, vcard
from tests.conformance import test_around, test_broadcasts, test_messages, test_modem, vectors
from tests.conformance.tpdus import address, described

Answer = dict[str, Any]


def tables_of(pair: dict[str, int] | None) -> ShiftTables:
    """A pair of tables as the vectors name it."""
    return vectors.tables(pair)


def errors_of(strict: bool) -> str:
    """The error handler of strict or of lenient reading."""
    return "strict" if strict else "replace"


def header_of(elements: str) -> UserDataHeader:
    """The header of a caller's elements, which are without UDHL."""
    octets = bytes.fromhex(elements)
    return UserDataHeader.from_bytes(bytes([len(octets)]) + octets) if octets else EMPTY


def text_of(user_data: UserData, *, strict: bool = False) -> str | None:
    """The text, or None where there is none to read."""
    readable = user_data.alphabet is not Alphabet.DATA_8BIT and not user_data.compressed
    return user_data.text(strict=strict) if readable else None


def pack(septets_: str, fill_bits: int) -> Answer:
    """Septets to octets."""
    return {"octets": septets.pack(bytes.fromhex(septets_), fill_bits=fill_bits).hex()}


def unpack(octets: str, septet_count: int, fill_bits: int) -> Answer:
    """Octets to septets."""
    return {"septets": septets.unpack(bytes.fromhex(octets), septet_count, fill_bits=fill_bits).hex()}


def encode(text: str, tables: dict[str, int] | None = None) -> Answer:
    """Text to septets."""
    return {"septets": gsm7.encode(text, tables_of(tables)).hex()}


def decode(septets_: str, strict: bool, tables: dict[str, int] | None = None) -> Answer:
    """Septets to text."""
    return {"text": gsm7.decode(bytes.fromhex(septets_), tables_of(tables), errors=errors_of(strict))}


def decode_ucs2(octets: str, strict: bool) -> Answer:
    """UTF-16BE to text."""
    return {"text": ucs2.decode(bytes.fromhex(octets), errors=errors_of(strict))}


def data_coding_scheme(octet: str, strict: bool) -> Answer:
    """What an octet of TP-DCS says."""
    scheme = DataCodingScheme.from_octet(int(octet, 16), strict=strict)
    waiting = scheme.indication
    return {
        **{name: getattr(scheme, name) for name in ("reserved", "compressed", "automatic_deletion")},
        **{"alphabet": scheme.alphabet.name, "class": scheme.message_class},
        "indication": waiting and {"type": waiting.type.name, "active": waiting.active, "store": waiting.store},
    }


def cell_broadcast_data_coding(octet: str, strict: bool) -> Answer:
    """What an octet of the data coding of cell broadcast says."""
    coding = CellBroadcastDataCoding.from_octet(int(octet, 16), strict=strict)
    named = {name: getattr(coding, name) for name in ("reserved", "language", "language_in_text", "compressed")}
    return named | {"alphabet": coding.alphabet.name, "class": coding.message_class, "header": coding.has_header}


def header(octets: str, strict: bool) -> Answer:
    """The elements of a header, and those in force."""
    read = UserDataHeader.from_bytes(bytes.fromhex(octets), strict=strict)
    joined, ports = read.concatenation, read.application_port
    names = ("reference", "total", "sequence", "wide"), ("destination", "originator", "wide")
    return {
        "elements": [[f"{element.iei:02x}", element.data.hex()] for element in read.elements],
        "ignored": read.ignored.hex(),
        "concatenation": joined and {name: getattr(joined, name) for name in names[0]},
        "ports": ports and {name: getattr(ports, name) for name in names[1]},
        "tables": {"locking": read.shift_tables.locking, "single": read.shift_tables.single},
    }


def user_data(*, strict: bool, **case: Any) -> Answer:
    """TP-UDL and TP-UD to header, payload and text."""
    read = vectors.user_data(case, strict=strict)
    return {
        "header": read.header.to_bytes().hex(),
        "payload": read.payload.hex(),
        "text": text_of(read, strict=strict),
    }


def write_user_data(alphabet: str, header: str, payload: str, compressed: bool) -> Answer:
    """Header and payload to TP-UDL and TP-UD."""
    read = UserDataHeader.from_bytes(bytes.fromhex(header))
    made = UserData(Alphabet[alphabet], bytes.fromhex(payload), read, compressed=compressed)
    return {"udl": made.length, "ud": made.to_bytes().hex()}


def room(elements: str) -> Answer:
    """What a header takes, and what it leaves."""
    octets = header_of(elements).octet_length
    fill_bits = septets.fill_bits_after(octets)
    left = 140 - octets
    return {
        **{"octets": octets, "septets": (8 * octets + fill_bits) // 7, "fill_bits": fill_bits},
        **{"GSM_7BIT": (8 * left - fill_bits) // 7, "DATA_8BIT": left, "UCS2": left // 2},
    }


def count(text: str, languages: list[int] | None = None) -> Answer:
    """Segments and alphabet of a text."""
    measured = measure(text, **vectors.named({"languages": languages or ()}, "languages"))
    return {"segments": measured.segments, "alphabet": measured.alphabet.name}


def segment_(**case: Any) -> Answer:
    """A measurement, and the segments."""
    options = {name: value for name, value in case.items() if name not in ("text", "data")}
    asked = {"options": options} | ({"data": case["data"]} if "data" in case else {"text": [[case["text"], 1]]})
    message = test_messages.message(asked)
    measured = message.measurement._asdict()
    pair = measured["tables"]
    return {
        **{**measured, "alphabet": message.alphabet.name, "tables": {"locking": pair.locking, "single": pair.single}},
        **{"texts": [part.text for part in message], "udl": [part.user_data.length for part in message]},
        "ud": [part.user_data.to_bytes().hex() for part in message],
    }


def reassemble(steps: list[Any], **bounds: Any) -> Answer:
    """The events of each step of a script."""
    reassembler = Reassembler(**bounds)
    events = []
    for step in steps:
        if step.get("expire"):
            found: tuple[Any, ...] = reassembler.expire(now=step["now"])
        else:
            sent = datetime.fromisoformat(step["sent"]) if "sent" in step else None
            found = reassembler.add(step["key"], vectors.user_data(step), now=step["now"], sent=sent)
        events.append([test_messages.event(one) for one in found])
    return {"events": events}


def tpdu(direction: str, octets: str, strict: bool) -> Answer:
    """The type and the fields of a TPDU."""
    kind, fields = described(decode_tpdu(bytes.fromhex(octets), direction=Direction(direction), strict=strict))
    return {"type": kind, "fields": fields}


def read_pdu(digits: str, strict: bool) -> Answer:
    """Service centre and TPDU of PDU mode."""
    found = pdu_mode.decode(digits, strict=strict)
    writes = pdu_mode.encode(found.tpdu, smsc=found.smsc)[0]
    return {"smsc": found.smsc and address(found.smsc), "writes": writes, **test_modem.tpdu_fields(found.tpdu)}


def read_page(octets: str, strict: bool) -> Answer:
    """A page of cell broadcast."""
    page = cbs.Page.from_bytes(bytes.fromhex(octets), strict=strict)
    return {
        "fields": test_broadcasts.fields(page),
        "language": page.language,
        "text": test_broadcasts.text_of(page, strict=strict),
    }


def write_pages(text: str, data_coding: str, **options: Any) -> Answer:
    """The pages of a text."""
    return {"pages": [page.to_bytes().hex() for page in cbs.pages(text, data_coding=int(data_coding, 16), **options)]}


def write_ussd(data_coding: str, text: str, language: str | None) -> Answer:
    """A USSD string."""
    return {"octets": cbs.ussd_octets(text, int(data_coding, 16), language=language).hex()}


def read_indication(octets: str, strict: bool) -> Answer:
    """A Service Indication."""
    read = parse_service_indication(bytes.fromhex(octets), strict=strict)
    fields = read.as_dict()
    for name in ("created", "expires"):
        moment = getattr(read, name)
        fields[name] = moment and moment.isoformat()
    fields["action"] = read.action and read.action.name.lower().replace("_", "-")
    return {"fields": fields}


def write_indication(**case: Any) -> Answer:
    """The octets of a Service Indication and its ports."""
    transaction = {name: case.pop(name) for name in ("transaction_id",) if name in case}
    return pushed(service_indication(**test_around.fields({"fields": case}), **transaction))


def pushed(message: SegmentedMessage) -> Answer:
    """The octets that go to a port."""
    port = message[0].user_data.header.application_port
    assert port is not None
    octets = b"".join(part.user_data.payload for part in message)
    return {"octets": octets.hex(), "ports": [port.destination, port.originator]}


def write_short_messages(**case: Any) -> Answer:
    """The short messages of a text or of data."""
    about = {name: case.pop(name) for name in ("text", "data", "header", "cut") if name in case}
    named = vectors.named(case, "reference", "wide_reference", "languages")
    case = {name: value for name, value in case.items() if name not in named}
    if "data" in about:
        message = segment_data(bytes.fromhex(about["data"]), header=header_of(about.get("header", "")), **named)
    elif "cut" in about:
        message = smpp.segment_coded(about["text"], **test_around.smpp_options(about["cut"]), **named)
    else:
        message = segment(about["text"], **named)
    return {"messages": list(map(short_message, smpp.short_messages(message, **test_around.smpp_options(case))))}


def short_message(short: smpp.ShortMessage) -> Answer:
    """One of them in the words of the vectors."""
    found: Answer = {"data_coding": short.data_coding, "esm_class": short.esm_class}
    found["short_message"] = short.short_message.hex()
    if short.sar is not None:
        found["sar"] = sar_of(short.sar)
    if short.message_payload is not None:
        found["message_payload"] = short.message_payload.hex()
    return found


def sar_of(found: smpp.SarParameters | None) -> list[int] | None:
    """Reference, total and sequence."""
    return None if found is None else [found.msg_ref_num, found.total_segments, found.segment_seqnum]


def read_short_message(data_coding: int, esm_class: int, short_message: str, strict: bool, **case: Any) -> Answer:
    """A short message read."""
    options = test_around.smpp_options(case) | {"sar": smpp.SarParameters(*case["sar"]) if case.get("sar") else None}
    read = smpp.decode_short_message(data_coding, esm_class, bytes.fromhex(short_message), **options, strict=strict)
    return {
        **{"alphabet": read.alphabet.name, "header": read.header.to_bytes().hex(), "payload": read.payload.hex()},
        "text": text_of(read),
    }


def receipt(written: str, message_state: int | None = None) -> Answer:
    """A delivery receipt read."""
    found = smpp.Receipt.parse(written, message_state=message_state)
    return {"fields": found.as_dict() | {"state": found.state and found.state.name, "status": found.status}}


def smpp_time(text: str) -> Answer:
    """A time of SMPP read."""
    found = smpp.parse_time(text)
    return (
        {"moment": found.isoformat()} if isinstance(found, datetime) else {"seconds": found and found.total_seconds()}
    )


def sign_(method: str, params: dict[str, str], secret: str) -> Answer:
    """A signature."""
    return {"signature": sign(params, secret, SignatureMethod(method))}


OPERATIONS: Final[dict[str, Callable[..., Answer]]] = {
    "pack": pack,
    "unpack": unpack,
    "pack_ussd": lambda septets_: {"octets": septets.pack_ussd(bytes.fromhex(septets_)).hex()},
    "unpack_ussd": lambda octets: {"septets": septets.unpack_ussd(bytes.fromhex(octets)).hex()},
    "pack_cbs": lambda septets_: {"octets": septets.pack_cbs(bytes.fromhex(septets_)).hex()},
    "unpack_cbs": lambda octets: {"septets": septets.unpack_cbs(bytes.fromhex(octets)).hex()},
    "encode": encode,
    "decode": decode,
    "encode_ucs2": lambda text: {"octets": ucs2.encode(text).hex()},
    "decode_ucs2": decode_ucs2,
    "transliterate": lambda text, replacements=None: {"text": transliterate(text, replacements=replacements)},
    "data_coding_scheme": data_coding_scheme,
    "cell_broadcast_data_coding": cell_broadcast_data_coding,
    "header": header,
    "user_data": user_data,
    "write_user_data": write_user_data,
    "room": room,
    "count": count,
    "segment": segment_,
    "reassemble": reassemble,
    "tpdu": tpdu,
    "read_pdu": read_pdu,
    "read_record": lambda octets: test_modem.record_fields(pdu_mode.record(bytes.fromhex(octets))),
    "read_rp": lambda octets, strict: test_modem.rp_fields(decode_rp(bytes.fromhex(octets), strict=strict)),
    "printed_ussd": lambda text, dcs: {"text": pdu_mode.ussd(text, dcs)},
    "modem_error": lambda code: {"meaning": modem_error_meaning(code)},
    "read_transcript": lambda text: {"entries": [test_modem.entry_fields(entry) for entry in pdu_mode.read(text)]},
    "read_page": read_page,
    "write_pages": write_pages,
    "write_ussd": write_ussd,
    "read_ussd": lambda data_coding, octets: {"text": cbs.ussd_text(bytes.fromhex(octets), int(data_coding, 16))},
    "read_indication": read_indication,
    "write_indication": write_indication,
    "vcard": lambda text, reference=None: pushed(vcard(text, reference=reference)),
    "vcalendar": lambda text, reference=None: pushed(vcalendar(text, reference=reference)),
    "write_short_messages": write_short_messages,
    "read_short_message": read_short_message,
    "sar": lambda strict, **named: {"sar": sar_of(smpp.SarParameters.from_parameters(**named, strict=strict))},
    "receipt": receipt,
    "smpp_time": smpp_time,
    "sign": sign_,
}


def refusal(error: Exception) -> Answer:
    """Why an error refuses, and where."""
    found: Answer = {"refused": f"{type(error).__name__}: {error}"}
    match error:
        case UndecodableError():
            found |= {"offset": error.offset, "end": error.end}
        case DecodeError():
            found["offset"] = error.offset
        case UnencodableError():
            found["start"] = error.start
        case SegmentationError():
            found["segments"] = error.segments
    return found


def answer(request: Answer) -> Answer:
    """The answer to one request."""
    arguments = {("septets_" if name == "septets" else name): value for name, value in request.items()}
    number, operation = arguments.pop("id"), OPERATIONS.get(arguments.pop("operation"))
    if operation is None:
        return {"id": number, "offered": False}
    try:
        found = operation(**arguments)
    except (DecodeError, FieldError, SegmentationError, UnencodableError) as error:
        found = refusal(error)
    return {"id": number} | found


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
