"""The lines that a modem prints, read into entries: messages, reports, notices, cell broadcasts, USSD and errors.

The rules, before the code:

* A line ends with LF, or with any number of CR, before LF or not.
* A line that begins with one of the commands below is a *header*. Some headers say everything (+CMTI, +CDSI, +CUSD,
  +CMS ERROR, +CDS in text mode); after the others the message follows on the next line: digits in PDU mode, text in
  text mode. In PDU mode a header ends with the length of a TPDU and has whole numbers where text mode has texts.
* Digits that do not reach to the end of a message may go on in the next line. They are an entry as soon as they are as
  long as the header says or as they themselves say; what else follows ends them.
* Digits without a header are read in the most likely way (see ``readings``).
* A text of +CMGL and +CMGR goes on until the next header or result; of the other headers it is one line.
* Echoes, prompts, results such as OK, blank lines and anything else that these rules do not name are skipped.

Reference: 3GPP TS 27.005, 3 and 4; 3GPP TS 27.007, 7.15
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Final, Literal

from smscodec._values import Value
from smscodec.cbs import Page
from smscodec.errors import DecodeError, FieldError
from smscodec.tpdu._characters import Charset, check_charset, printed_text, ussd
from smscodec.tpdu._notes import TOO_SOON, Annotation
from smscodec.tpdu._pdu import Decoded, annotate_pdu, read_pdu
from smscodec.tpdu._readings import Form, ReadValue, readings
from smscodec.tpdu.address import Address
from smscodec.tpdu.decoding import Tpdu
from smscodec.tpdu.deliver import SmsDeliver
from smscodec.tpdu.hexadecimal import ODD_DIGIT, bare_digits, octets_of
from smscodec.tpdu.meanings import modem_error_meaning
from smscodec.tpdu.status import Status
from smscodec.tpdu.status_report import SmsStatusReport
from smscodec.tpdu.submit import SmsSubmit

__all__ = ["Entry", "ModemError", "Reader", "TextMessage", "read"]


@dataclass(frozen=True, slots=True)
class ModemError(Value):
    """What +CMS ERROR says: a ``code``, None where the modem prints words, and its ``meaning``.

    >>> read("+CMS ERROR: 322")[0].value
    ModemError(code=322, meaning='memory full')

    Reference: 3GPP TS 27.005, 3.2.5
    """

    code: int | None
    meaning: str


@dataclass(frozen=True, slots=True)
class TextMessage(Value):
    """A message that a modem printed in text mode: the other side's ``number``, the ``time`` if there is one, the text.

    >>> read('+CMGR: "REC READ","+15550100",,"26/11/30,12:00:00+04"\\nHi\\nOK\\n')[0].value.text
    'Hi'

    Reference: 3GPP TS 27.005, 3.4
    """

    number: str
    time: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Value):
    """One thing that a modem said.

    ``command`` is the line's, such as ``"+CMGL"``, and empty for digits without a header. ``index`` is the place in
    storage, ``stat`` what became of the message (0 received unread, 1 received read, 2 stored unsent, 3 stored sent; of
    +CUSD its first number), ``length`` the length argument. ``value`` is a ``Decoded`` TPDU; a ``TextMessage`` in text
    mode; a ``cbs.Page`` (in text mode its text) of +CBM; the text of +CUSD; the name of the storage of +CMTI and +CDSI;
    a ``ModemError``; what ``readings`` finds in digits without a header; or None where nothing can be read, for which a
    finding gives the reason. ``octets`` are those of the digits.

    >>> entry = read('+CMTI: "SM",3')[0]
    >>> entry.command, entry.index, entry.value
    ('+CMTI', 3, 'SM')
    """

    command: str
    index: int | None = None
    stat: int | None = None
    length: int | None = None
    value: ReadValue | Page | TextMessage | ModemError | str | None = None
    findings: tuple[str, ...] = ()
    octets: bytes = b""

    @property
    def tpdu(self) -> Tpdu | None:
        """The TPDU in the value; None if there is none, or it cannot be read."""
        try:
            tpdu: Tpdu | None = getattr(self.value, "tpdu", None)
        except DecodeError:  # a message of the relay layer reads its TPDU when it is asked for
            return None
        return tpdu

    @property
    def annotation(self) -> Annotation | None:
        """The octets explained; None where there are no octets of a TPDU."""
        if self.command and isinstance(self.value, Decoded) and self.octets:
            return annotate_pdu(self.octets, outgoing=self.stat in _OUTGOING, length=self.length)
        found = readings(self.octets) if self.octets and not self.command else ()
        return found[0].annotation if found else None


_OUTGOING: Final = (2, 3)
_STATES: Final = {"REC UNREAD": 0, "REC READ": 1, "STO UNSENT": 2, "STO SENT": 3}

_LONGEST_LINE: Final = 4096
_MOST_DIGITS: Final = 600
_MOST_TEXT: Final = 4096
"""More than any message takes: what goes on for longer is given up, so that memory stays bounded."""

_HEADER: Final = re.compile(r"(\+(?:CMTI|CMT|CMGR|CMGL|CDSI|CDS|CBM|CUSD|CMS ERROR))\s*:\s*(.*)", re.DOTALL)
# Blanks are taken possessively: they could else be shared out in so many ways that a line of them took hours.
_PARAMETER: Final = re.compile(r'\s*+(?:"([^"]*+)"\s*+(?=,|\Z)|([^,]*+))(?:,|\Z)')
_CUSD: Final = re.compile(r'([0-9]{1,9})\s*+(?:,\s*+(?:"(.*)"\s*+|([^",]*+))(?:,\s*+([0-9]*+)\s*+)?)?', re.DOTALL)
_TIME: Final = re.compile(r"(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)?")
_LINE_END: Final = re.compile(r"(?<!\r)(?:\r*+\n|\r++(?=[^\r\n]))")  # a run of CR is looked at once
_RESULT: Final = re.compile(r"(?i:OK|ERROR|AT.*|>.*|\+CME ERROR:.*|\+CMGS:.*|RING|NO CARRIER)", re.DOTALL)
_DIGIT_LINE: Final = re.compile(r"(?:0[xX])?[0-9a-fA-F][0-9a-fA-FxX\s:,]*")


_Kind = Literal["digits", "page", "text", "line", "ussd"]


@dataclass(slots=True)
class _Pending:
    """A header that waits for its message, or digits without a header, with the lines so far."""

    entry: Entry
    kind: _Kind
    """What is to come: digits of a TPDU or a page, text up to a result, one line of text, or the rest of +CUSD."""
    number: str = ""
    time: datetime | None = None
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def append(self, line: str) -> None:
        self.lines.append(line)
        self.size += len(line) + 1


def read(transcript: str, *, charset: Charset = "auto") -> tuple[Entry, ...]:
    """Read what a modem printed, echoes and all, into its entries.

    PDU mode and text mode are told apart line by line. ``charset`` is what +CSCS chose; ``auto`` looks at each text. A
    length argument that disagrees with the digits is a finding, as is everything that ``annotate`` finds. Never raises
    over the text; ``FieldError`` for an unknown ``charset``.

    >>> transcript = '''AT+CMGL=4
    ... +CMGL: 1,1,,29
    ... 07911326040000F0040B911346610089F60000208062917314800CC8F71D14969741F977FD07
    ... OK
    ... +CMTI: "SM",3
    ... +CMS ERROR: 310'''
    >>> for entry in read(transcript):
    ...     print(entry.command, entry.index, getattr(entry.value, "meaning", entry.findings))
    +CMGL 1 ('the length argument is 29, and the TPDU has 30 octets',)
    +CMTI 3 ()
    +CMS ERROR None (U)SIM not inserted

    Reference: 3GPP TS 27.005, 3 and 4; 3GPP TS 27.007, 7.15 (decisions D41, D44)
    """
    reader = Reader(charset=charset)
    return reader.feed(transcript) + reader.close()


class Reader:
    """Reads a modem's lines in pieces, as a serial line gives them, in bounded memory.

    ``feed`` gives the entries that a piece completes, and ``close`` those that were waiting for more.

    >>> reader = Reader()
    >>> reader.feed('+CMTI: "SM",')
    ()
    >>> reader.feed('7\\r\\n')[0].index
    7

    Reference: 3GPP TS 27.005, 3 and 4
    """

    def __init__(self, *, charset: Charset = "auto") -> None:
        check_charset(charset)
        self._charset = charset
        self._line = ""
        self._too_long = False
        self._pending: _Pending | None = None

    def feed(self, text: str) -> tuple[Entry, ...]:
        """Take a piece of any length; the entries that are complete now."""
        if not isinstance(text, str):
            raise FieldError("text", f"expected text, got {text!r}; decode what a serial line gives first")
        entries: list[Entry] = []
        start, seen = 0, len(self._line.rstrip("\r"))
        text = self._line + text
        for end in _LINE_END.finditer(text, seen):
            entries += self._line_ended(text[start : end.start()])
            start = end.end()
        rest = text[start:].rstrip("\r")
        self._line = rest + text[start + len(rest) :][:1]  # one CR at the end stands for all of them
        if len(self._line) > _LONGEST_LINE:
            # The end is kept, for a CR at it may belong to a line end; the rest of the line is lost in any case.
            self._line, self._too_long = self._line[-1], True
        return tuple(entries)

    def close(self) -> tuple[Entry, ...]:
        """The entries that were still waiting for more lines."""
        line, self._line = self._line.removesuffix("\r"), ""
        return (*self._line_ended(line), *self._flush())

    def _line_ended(self, line: str) -> Iterator[Entry]:
        too_long, self._too_long = self._too_long or len(line) > _LONGEST_LINE, False
        if too_long:
            yield from self._flush()
            yield Entry(command="", findings=(f"a line of more than {_LONGEST_LINE} characters, passed over",))
            return
        pending, bare = self._pending, line.strip(" \t\r\0\x1a")
        if pending is not None and pending.kind == "ussd":
            yield from self._more_ussd(pending, line)
        elif header := _HEADER.fullmatch(bare):
            yield from self._flush()
            yield from self._header(header[1], header[2])
        elif pending is not None and (
            pending.kind == "line" or (pending.kind == "text" and not _RESULT.fullmatch(bare))
        ):
            yield from self._text_line(pending, line)
        elif _DIGIT_LINE.fullmatch(bare) and bare_digits(bare):
            yield from self._digit_line(bare)
        elif bare:
            yield from self._flush()

    # Headers

    def _header(self, command: str, rest: str) -> Iterator[Entry]:
        entry = Entry(command=command)
        if command == "+CUSD":
            yield from self._more_ussd(_Pending(entry, "ussd"), rest)
            return
        if command == "+CMS ERROR":
            code = _number(rest)
            yield replace(entry, value=ModemError(code, rest if code is None else modem_error_meaning(code)))
            return
        given = _parameters(rest)
        if command in ("+CMTI", "+CDSI"):
            yield replace(entry, value=given[0], index=_number(given[1]) if len(given) > 1 else None)
            return
        if command == "+CMGL":
            entry = replace(entry, index=_number(given[0]))
            given = given[1:] or [""]
        if command in ("+CMGL", "+CMGR"):
            state = given[0]
            entry = replace(entry, stat=_STATES.get(printed_text(state, "auto").upper(), _number(state)))
            given = given[1:] or [""]
            is_text = _number(state) is None
        else:
            is_text = len(given) > 2 or (len(given) > 1 and _number(given[-1]) is None)
        if not is_text:
            length = _number(given[-1])
            self._pending = _Pending(replace(entry, length=length), "page" if command == "+CBM" else "digits")
        elif command == "+CDS" or (command in ("+CMGL", "+CMGR") and _is_report(given)):
            yield _report(entry, given)
        elif command == "+CBM":
            self._pending = _Pending(entry, "line", number=given[2] if len(given) > 2 else "")
        else:
            time = next((moment for text in given[1:] if (moment := _moment(text)) is not None), None)
            number = printed_text(given[0], "ira" if self._charset == "gsm" else self._charset)
            kind: _Kind = "text" if command in ("+CMGL", "+CMGR") else "line"
            self._pending = _Pending(entry, kind, number=number, time=time)

    def _more_ussd(self, pending: _Pending, line: str) -> Iterator[Entry]:
        """The text of +CUSD may have line ends in it: it ends with its quotation mark."""
        pending.append(line)
        whole = "\n".join(pending.lines)
        found = _CUSD.fullmatch(whole.strip())
        if found is None and whole.count('"') and pending.size < _MOST_TEXT:
            self._pending = pending
            return
        self._pending = None
        if found is None:
            yield replace(pending.entry, findings=(f"the line cannot be read: {whole[:40]!r}",))
            return
        text = found[2] if found[2] is not None else found[3]
        yield _ussd_entry(pending.entry, found[1], text, found[4], self._charset)

    # Lines after headers

    def _text_line(self, pending: _Pending, line: str) -> Iterator[Entry]:
        if pending.size < _MOST_TEXT:
            pending.append(line)
        if pending.kind == "line":
            yield from self._flush()

    def _digit_line(self, line: str) -> Iterator[Entry]:
        pending = self._pending
        if pending is None:
            pending = _Pending(Entry(command=""), "digits")
        elif not pending.entry.command and _holds_a_message(_entry(replace(pending, lines=[line]))):
            # The digits before were incomplete and these are complete, so they do not belong together.
            yield from self._flush()
            pending = _Pending(Entry(command=""), "digits")
        pending.append(line)
        self._pending = pending
        if _is_whole(_entry(pending)) or pending.size > _MOST_DIGITS:
            yield from self._flush()

    def _flush(self) -> Iterator[Entry]:
        """The waiting entry, with the lines that have come so far."""
        pending, self._pending = self._pending, None
        if pending is None:
            return
        if pending.kind in ("text", "line"):
            yield _text_entry(pending, self._charset)
        elif pending.kind == "ussd":
            yield replace(pending.entry, findings=("the text of +CUSD has no end",))
        elif not pending.entry.command and len(pending.lines) > 1 and _entry(pending).value is None:
            yield from (_entry(replace(pending, lines=[line])) for line in pending.lines)
        else:
            yield _entry(pending)


# What lines say


def _parameters(rest: str) -> list[str]:
    """The parameters of a header, of which there is at least one; quotation marks are taken off."""
    found: list[str] = []
    position = 0
    while parameter := _PARAMETER.match(rest, position):
        found.append(parameter[2].rstrip() if parameter[1] is None else parameter[1])
        position = parameter.end()
        if not parameter[0].endswith(","):
            break
    return found


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,9}", text.strip()) else None


def _moment(text: str) -> datetime | None:
    """A time of text mode, whose zone counts quarter hours; None for other text, and without a zone."""
    found = _TIME.fullmatch(text)
    if found is None or found[7] is None:
        return None
    year, month, day, hour, minute, second, quarters = map(int, found.groups())
    try:
        zone = timezone(timedelta(minutes=15 * quarters))
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _entry(pending: _Pending) -> Entry:
    """The entry of digits: what they are, and everything that annotating finds."""
    entry, digits = pending.entry, "\n".join(pending.lines)
    if not digits:
        return replace(entry, findings=("the digits are missing",))
    try:
        entry = replace(entry, octets=octets_of(digits))
        odd = (ODD_DIGIT,) if len(bare_digits(digits)) % 2 else ()
        read = _page if pending.kind == "page" else _pdu if entry.command else _unlabelled
        value, findings = read(entry)
    except DecodeError as error:
        return replace(entry, findings=(str(error),))
    return replace(entry, value=value, findings=(*odd, *findings))


def _pdu(entry: Entry) -> tuple[Decoded, tuple[str, ...]]:
    outgoing = entry.stat in _OUTGOING
    value = read_pdu(entry.octets, outgoing=outgoing)
    tree = annotate_pdu(entry.octets, outgoing=outgoing, length=entry.length)
    return value, tuple(finding for _, finding in tree.all_findings)


def _page(entry: Entry) -> tuple[Page, tuple[str, ...]]:
    found = len(entry.octets)
    disagrees = entry.length not in (None, found)
    findings = (f"the length argument is {entry.length}, and the page has {found} octets",) if disagrees else ()
    return Page.from_bytes(entry.octets), findings


def _unlabelled(entry: Entry) -> tuple[ReadValue, tuple[str, ...]]:
    found = readings(entry.octets)
    if not found:
        raise DecodeError("pdu", 0, "neither a TPDU, with or without a service centre, nor an RP message, nor a record")
    best = found[0]
    tpdu = best.tpdu
    value = Decoded(tpdu, None) if best.form is Form.TPDU and tpdu is not None else best.value
    return value, best.findings


def _is_whole(entry: Entry) -> bool:
    """Whether digits reach the end of the message that they begin, so that the next line does not continue them."""
    if entry.value is None or any(finding.startswith(TOO_SOON) for finding in entry.findings):
        return False
    if isinstance(entry.value, Page):
        return len(entry.octets) >= (88 if entry.length is None else entry.length)
    if not entry.command:
        return _holds_a_message(entry) or not entry.findings
    ends_itself = isinstance(entry.tpdu, SmsDeliver | SmsSubmit)
    return ends_itself or entry.length is None or len(entry.octets) > entry.octets[0] + entry.length


def _holds_a_message(entry: Entry) -> bool:
    """Whether digits are a message or a status report to its end, which a few digits cannot be by chance."""
    whole = not any(finding.startswith(TOO_SOON) for finding in entry.findings)
    return whole and isinstance(entry.tpdu, SmsDeliver | SmsSubmit | SmsStatusReport)


def _text_entry(pending: _Pending, charset: Charset) -> Entry:
    lines = pending.lines
    while lines and not lines[-1].strip():
        lines.pop()
    text = "\n".join(line.rstrip("\r") for line in lines)
    if pending.entry.command == "+CBM":
        entry = _ussd_entry(pending.entry, "0", text, pending.number, charset)
        return replace(entry, stat=None)
    return replace(pending.entry, value=TextMessage(pending.number, pending.time, printed_text(text, charset)))


def _ussd_entry(entry: Entry, state: str, text: str | None, dcs: str | None, charset: Charset) -> Entry:
    entry = replace(entry, stat=int(state))
    if text is None:
        return entry
    coding = _number(dcs or "")
    if coding is not None and coding > 0xFF:
        return replace(entry, value=text, findings=(f"the data coding {coding} is outside 0-255",))
    return replace(entry, value=ussd(text, coding, charset=charset))


def _is_report(given: list[str]) -> bool:
    """Whether parameters of text mode begin with a first octet and a reference, and no time stands third."""
    head = (*given, "", "")
    return _number(head[0]) is not None and _number(head[1]) is not None and _TIME.fullmatch(head[2]) is None


def _report(entry: Entry, given: list[str]) -> Entry:
    """A status report of text mode: first octet, reference, recipient, its type, two times, and the status."""
    reference, status = _number((*given, "")[1]), _number(given[-1])
    if reference is None or status is None or len(given) < 7:
        return replace(entry, findings=("the line has no reference or no status",))
    try:
        report = SmsStatusReport(reference, Address(given[2]), _moment(given[4]), _moment(given[5]), Status(status))
    except FieldError as error:
        return replace(entry, findings=(str(error),))
    return replace(entry, value=Decoded(report, None))
